/* office/responsibility.h - 岗位职责: the duties of a section, each with the person who has it (A) and the one who takes over (B, 补位).
 *
 * The section's chief keeps them; everybody in matters reads them. Each saving is a version that stays, so that it can be told who had
 * what when. Covering for somebody who is away follows from the B of his duties (absence.h). Tables `responsibility`,
 * `responsibility_past`. */
#ifndef OFFICE_RESPONSIBILITY_H
#define OFFICE_RESPONSIBILITY_H

#include "office/item.h"

enum {
    RESPONSIBILITY_MAX = 200, /* of one unit */
    RESPONSIBILITY_NAME_CP_MAX = 60,
    RESPONSIBILITY_TEXT_CP_MAX = 1000,
    RESPONSIBILITY_PAST_MAX = 200 /* versions shown */
};

struct responsibility {
    int64_t id, unit;
    struct str name;            /* 督查督办 */
    struct str what, how, when; /* what belongs to it; how it is done; when it comes back */
    int64_t recurring;          /* a rule of recurring.h that opens it; 0: none */
    int64_t a, b;               /* persons; b 0: nobody yet */
    struct str a_name, b_name;  /* read only */
    struct str since;           /* day from which A has it */
    int64_t rank;               /* order in the table */
    int64_t revision;           /* of the version; 0 for a new one */
    bool gone;                  /* taken off the list; read only */
    int64_t changed_ms;         /* read only, as the next */
    int64_t changed_by;
    struct str changed_name;
};

/* Of one unit by rank; unit 0: of all, by unit. */
MUST_USE enum code responsibility_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t unit, struct responsibility **out, size_t *n, struct err *e);
/* Those that a person has as A, and as B. */
MUST_USE enum code responsibility_of(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, struct responsibility **out, size_t *n, struct err *e);
MUST_USE enum code responsibility_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct responsibility *out, struct err *e);
/* Its versions, or for id 0 those of the unit, the newest first. */
MUST_USE enum code responsibility_past(struct db *db, struct arena *a, const struct actor *by,
    int64_t unit, int64_t id, struct responsibility **out, size_t *n, struct err *e);

/* May he change the duties of that unit? Its chief; the owner of the data directory. */
bool responsibility_may(const struct viewer *v, int64_t unit);
/* Inside a write: new (r->id 0, set then; a function that may run again sets it back to 0 first) or a new version of it. E_INPUT, E_LIMIT, E_DENIED; E_CONFLICT:
 * somebody saved it since r->revision. Who covers for whoever is away follows at once. */
MUST_USE enum code responsibility_save(
    struct db *db, const struct actor *by, struct responsibility *r, struct err *e);
MUST_USE enum code responsibility_remove(
    struct db *db, const struct actor *by, int64_t id, int64_t revision, struct err *e);

/* Who takes over from whom, for absence.h: pairs of A and B, by rank of the duty. */
struct backup {
    int64_t a, b;
};
MUST_USE enum code responsibility_backups(
    struct db *db, struct arena *a, struct backup **out, size_t *n, struct err *e);

#endif
