/* web/duty_rows.h - duties and what is in hand, to rows: pages of duties, of arrival, and the pack of a hand-over. */
#ifndef WEB_DUTY_ROWS_H
#define WEB_DUTY_ROWS_H

#include "office/item.h"
#include "office/responsibility.h"
#include "pages.h"
#include "web/ctx.h"

struct str day_words(struct ctx *c, int32_t num); /* 2026-07-13 */
int32_t today_num(struct ctx *c);
struct duty_row duty_line(struct ctx *c, const struct responsibility *r);

/* What a person has in hand, for a list that is printed (page_cover.c). `back`: where the links of its rows lead back to. */
struct pack {
    struct pack_row *rows;
    size_t n;
    int64_t late;
    bool more;
};
MUST_USE enum code pack_of(
    struct ctx *c, struct db *db, int64_t person, struct str back, struct pack *out, struct err *e);

/* Rules that open in his name or belong to a duty of his (page_arrival.c). */
MUST_USE enum code calendar_of(
    struct ctx *c, struct db *db, int64_t person, struct duty_row **out, size_t *n, struct err *e);

#endif
