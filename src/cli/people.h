/* cli/people.h - what init and the user commands share. The acting person is 0: the owner of the data directory. */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli/command.h"
#include "office/person.h"
#include "office/session.h"

/* Known to everybody who reads this: that is why only init --demo gives it. */
#define DEMO_PASSWORD "Qianshao2026"

enum { PEOPLE_FILE_MAX = 16 << 20 };

/* Where a new person belongs. */
struct people_place {
    struct str unit_code; /* empty: the first unit of the tree */
    struct str office;    /* the name of the first unit, where there is none yet; or empty */
};
/* A new person with a one-time password. p->id is set. E_CONFLICT for a login that stands. */
MUST_USE enum code people_add(struct office *o, struct person *p, const struct people_place *at,
    char password[ONE_TIME_SIZE], struct err *e);
MUST_USE enum code people_reset(
    struct office *o, int64_t person, char password[ONE_TIME_SIZE], struct err *e);
/* Tables of units and people (either text may be empty; names are for messages), all or nothing. */
struct people_tables {
    struct str units, people;
    const char *units_file, *people_file;
    struct import_tally unit_tally, person_tally; /* out */
};
MUST_USE enum code people_import(struct office *o, struct people_tables *t, struct err *e);
/* The same known password for everyone who has none: for a demonstration only. *n: how many. */
MUST_USE enum code people_demo_passwords(
    struct office *o, struct str password, int64_t *n, struct err *e);
/* One login of each role, for the line that a demonstration prints: "admin（系统管理员）、…". */
MUST_USE enum code people_demo_logins(struct office *o, struct buf *out, struct err *e);
MUST_USE enum code people_count(struct office *o, int64_t *n, struct err *e);

#endif
