/* office/many.h - placeholders for up to MANY values in one statement: db_sql(db, "... IN (" MANY_IDS ")"). A place that is
 * not used is bound to 0, which nothing has as its id. */
#ifndef OFFICE_MANY_H
#define OFFICE_MANY_H

#include "store/store.h"

enum { MANY = 100 };
#define MANY_TEN(a, b, c, d, e, f, g, h, i, j) \
    "?" #a ",?" #b ",?" #c ",?" #d ",?" #e ",?" #f ",?" #g ",?" #h ",?" #i ",?" #j
/* clang-format off */
#define MANY_FROM_21 \
    MANY_TEN(21, 22, 23, 24, 25, 26, 27, 28, 29, 30) "," MANY_TEN(31, 32, 33, 34, 35, 36, 37, 38, 39, 40) "," \
    MANY_TEN(41, 42, 43, 44, 45, 46, 47, 48, 49, 50) "," MANY_TEN(51, 52, 53, 54, 55, 56, 57, 58, 59, 60) "," \
    MANY_TEN(61, 62, 63, 64, 65, 66, 67, 68, 69, 70) "," MANY_TEN(71, 72, 73, 74, 75, 76, 77, 78, 79, 80) "," \
    MANY_TEN(81, 82, 83, 84, 85, 86, 87, 88, 89, 90) "," MANY_TEN(91, 92, 93, 94, 95, 96, 97, 98, 99, 100) "," \
    MANY_TEN(101, 102, 103, 104, 105, 106, 107, 108, 109, 110) "," \
    MANY_TEN(111, 112, 113, 114, 115, 116, 117, 118, 119, 120)
#define MANY_IDS \
    MANY_TEN(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) "," MANY_TEN(11, 12, 13, 14, 15, 16, 17, 18, 19, 20) "," \
    MANY_TEN(21, 22, 23, 24, 25, 26, 27, 28, 29, 30) "," MANY_TEN(31, 32, 33, 34, 35, 36, 37, 38, 39, 40) "," \
    MANY_TEN(41, 42, 43, 44, 45, 46, 47, 48, 49, 50) "," MANY_TEN(51, 52, 53, 54, 55, 56, 57, 58, 59, 60) "," \
    MANY_TEN(61, 62, 63, 64, 65, 66, 67, 68, 69, 70) "," MANY_TEN(71, 72, 73, 74, 75, 76, 77, 78, 79, 80) "," \
    MANY_TEN(81, 82, 83, 84, 85, 86, 87, 88, 89, 90) "," MANY_TEN(91, 92, 93, 94, 95, 96, 97, 98, 99, 100)
/* clang-format on */

/* At ?first and the places behind it. */
static inline void many_bind(struct stmt *q, int first, const int64_t *ids, size_t n)
{
    for (size_t i = 0; i < MANY; i++)
        stmt_bind_int(q, first + (int)i, i < n ? ids[i] : 0);
}

#endif
