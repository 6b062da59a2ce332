/* web/names.h - ids to names: wanted first, one after the other, and then looked up together. */
#ifndef WEB_NAMES_H
#define WEB_NAMES_H

#include "office/kind.h"
#include "office/person.h"
#include "pages.h"
#include "web/ctx.h"

struct names {
    struct ctx *c;
    int64_t *want;
    size_t n_want, cap_want;
    struct person_name *people;
    size_t n_people;
    struct unit *units; /* all of them, once any is wanted: there are few */
    size_t n_units;
    bool want_units;
};
void names_want(struct names *n, int64_t person);
/* Whoever stands in these fields: {"id": value} as item.h has them. */
void names_want_fields(struct names *n, const struct kind *k, const json_t *fields);
MUST_USE enum code names_load(struct names *n, struct db *db, struct err *e);

/* What is not known any more is named so, never left empty. */
struct str names_person(const struct names *n, int64_t id);
struct item_picked names_pick_person(const struct names *n, int64_t id);
struct item_picked names_pick_unit(const struct names *n, int64_t id);

#endif
