/* office/kind_draft.h - a kind being changed: the copy of one person, from the version he began with until he publishes it or gives it
 * up. Table kind_draft. */
#ifndef OFFICE_KIND_DRAFT_H
#define OFFICE_KIND_DRAFT_H

#include "office/kind.h"

struct kind_copy {
    struct str kind, yaml;
    int64_t seen; /* the version it was begun from */
    int64_t saved_ms;
};
/* *there: false where the person has none; out is left alone then. */
MUST_USE enum code kind_copy_get(struct db *db, struct arena *a, struct str kind, int64_t person,
    struct kind_copy *out, bool *there, struct err *e);
/* Inside a write. What is saved may still be wrong: it is judged when it is tried or published. */
MUST_USE enum code kind_copy_save(
    struct db *db, const struct kind_copy *c, int64_t person, struct err *e);
MUST_USE enum code kind_copy_drop(struct db *db, struct str kind, int64_t person, struct err *e);

#endif
