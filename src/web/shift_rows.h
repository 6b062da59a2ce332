/* web/shift_rows.h - shifts and calls to rows of pages. */
#ifndef WEB_SHIFT_ROWS_H
#define WEB_SHIFT_ROWS_H

#include "office/climb.h"
#include "pages.h"
#include "web/ctx.h"

/* `phones`: they may be seen. Warnings may be NULL. */
struct duty_showing {
    struct ctx *c;
    const struct actor *by;
    bool phones;
    const struct duty_warning *warnings;
    size_t n_warnings;
};
struct duty_shift_row duty_row(const struct duty_showing *s, const struct duty_shift *x);
/* Rows of several, first of each day marked. */
struct duty_shift_row *duty_rows(
    const struct duty_showing *s, const struct duty_shift *v, size_t n);
/* The shift that is on, as a list of one row or none. */
MUST_USE enum code duty_now_rows(
    struct ctx *c, struct db *db, struct duty_shift_row **out, size_t *n, struct err *e);
/* What calls now and concerns the viewer, as far as he may see the items. */
MUST_USE enum code climb_rows(
    struct ctx *c, struct db *db, struct climb_row **out, size_t *n, struct err *e);
/* 制表：7月13日 09:30 张三 */
struct str duty_printed(struct ctx *c);

#endif
