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
/* Rows, first of each day marked; the link to a log for whom that page is open. */
MUST_USE enum code duty_rows(const struct duty_showing *s, struct db *db,
    const struct duty_shift *v, size_t n, struct duty_shift_row **out, struct err *e);
/* The shift that the address names, the one that is on, or the last one; none: *there false. */
MUST_USE enum code duty_log_shift(
    struct ctx *c, struct db *db, int64_t id, struct duty_shift *s, bool *there, struct err *e);
/* Where the log is that is kept now; empty for whom that page is not open. */
MUST_USE enum code duty_log_link(struct ctx *c, struct db *db, struct str *out, struct err *e);
/* The shift that is on, as a list of one row or none. */
MUST_USE enum code duty_now_rows(
    struct ctx *c, struct db *db, struct duty_shift_row **out, size_t *n, struct err *e);
/* What calls now and concerns the viewer, as far as he may see the items. */
MUST_USE enum code climb_rows(
    struct ctx *c, struct db *db, struct climb_row **out, size_t *n, struct err *e);
/* 制表：7月13日 09:30 张三 */
struct str duty_printed(struct ctx *c);

#endif
