/* web/item_rows.h - items of the office to rows of lists. */
#ifndef WEB_ITEM_ROWS_H
#define WEB_ITEM_ROWS_H

#include "office/item_desk.h"
#include "pages.h"
#include "web/ctx.h"

/* `back`: where one comes back to; each row's link names the row behind it there, so that one goes on with that. NULL: the link
 * says nothing of coming back. */
MUST_USE enum code item_lines(struct arena *a, struct db *db, const struct actor *by,
    const struct item *v, size_t n, struct str back, struct item_row **out, struct err *e);
struct item_row item_line(struct arena *a, const struct kind *k, const struct item *it,
    const struct item_hand *hand, int64_t now_ms);

/* Red first, and what is due first. */
void items_by_light(struct item *v, size_t n);

struct desk_rows {
    struct item_row *todo, *stuck, *soon; /* as many as the desk has */
};
MUST_USE enum code desk_lines(struct arena *a, struct db *db, const struct actor *by,
    const struct desk *d, struct str back, struct desk_rows *out, struct err *e);
/* The first rows of the portal's 待办. */
enum { TODO_SHOWN = 8 };
MUST_USE enum code item_todo_lines(struct arena *a, struct db *db, const struct actor *by,
    struct item_row **out, size_t *n, struct err *e);
/* A day of the calendar without what is due on it; `view`: month, week, day. */
struct calendar_day calendar_day_line(
    struct arena *a, const struct actor *by, int32_t num, const char *view);

const char *light_class(enum light_colour c);                              /* red ..., "" */
struct str due_day(struct arena *a, int64_t due_ms);                       /* '' where none */
struct str due_words(struct arena *a, int64_t due_ms, int64_t now_ms);     /* 还有2天 */
struct str since_words(struct arena *a, int64_t since_ms, int64_t now_ms); /* 3天 */
struct str count_words(struct arena *a, int64_t n); /* 10000件以上 as 10000+ */
/* path?back=…; path alone where there is nothing to go back to. */
struct str link_back(struct arena *a, struct str path, struct str back);
/* /items/ID?back=... */
struct str item_link(struct arena *a, int64_t id, struct str back, int64_t next);

#endif
