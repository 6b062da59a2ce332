/* office/category.h - categories (类别) of the library: a small tree, edited by the chief. */
#ifndef OFFICE_CATEGORY_H
#define OFFICE_CATEGORY_H

#include "base/arena.h"
#include "store/store.h"

struct category {
    int64_t id, parent; /* parent 0: top */
    struct str name;
    int depth;         /* 0 top */
    int64_t documents; /* directly in it */
};
/* In tree order. */
MUST_USE enum code category_list(
    struct db *db, struct arena *a, struct category **out, size_t *n, struct err *e);
/* E_CONFLICT for a name that stands under the same parent; E_INPUT for an empty or long one. */
MUST_USE enum code category_add(
    struct db *db, int64_t parent, struct str name, int64_t by, int64_t *id, struct err *e);
MUST_USE enum code category_rename(
    struct db *db, int64_t id, struct str name, int64_t by, struct err *e);
/* E_CONFLICT while documents or sub-categories are in it. */
MUST_USE enum code category_remove(struct db *db, int64_t id, int64_t by, struct err *e);

#endif
