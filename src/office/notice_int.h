/* office/notice_int.h - between the files that find out who is told. */
#ifndef OFFICE_NOTICE_INT_H
#define OFFICE_NOTICE_INT_H

#include "office/notice.h"

/* Every place in which somebody has a role: his own unit, and his further posts. */
#define NOTICE_POSTS                                                                   \
    "(SELECT id, unit, roles, active, rank FROM person UNION ALL SELECT h.id, x.unit," \
    " x.roles, h.active, h.rank FROM person_post x JOIN person h ON h.id = x.person)"

enum { NOTICE_NEAR_MAX = 50 };
/* Persons with one of these roles in the unit, or in the nearest one above it that has any. */
MUST_USE enum code notice_near(struct db *db, uint32_t roles, int64_t unit,
    int64_t out[NOTICE_NEAR_MAX], size_t *n, struct err *e);
/* The same, or all of the office where there is nobody so. */
MUST_USE enum code notice_with_role(struct db *db, uint32_t roles, int64_t unit,
    int64_t out[NOTICE_NEAR_MAX], size_t *n, struct err *e);

#endif
