/* web/rows.h - office values to rows of pages; the filters of lists. */
#ifndef WEB_ROWS_H
#define WEB_ROWS_H

#include "office/import.h"
#include "office/library.h"
#include "office/subscription.h"
#include "office/term.h"
#include "pages.h"
#include "web/ctx.h"

const char *status_class(enum doc_status s); /* the style of the tag */
struct doc_row row_doc(struct ctx *c, const struct document *d);
struct doc_row row_hit(struct ctx *c, const struct library_hit *h, struct str q);
struct import_row row_job(struct arena *a, struct db *db, const struct import_job *j);
/* Where a file lay on the server is no business of a page: its path below `top`, the folder that was taken in,
 * or its name. What came without such a path stays as it is. */
struct str shown_path(struct str path, struct str top);
struct outcome_row row_outcome(struct ctx *c, enum import_outcome o, struct str name,
    struct str reason, int64_t doc, struct str title);

const char *term_state_class(enum term_state s);
struct touch_row row_touch(struct ctx *c, const struct term_touch *t);
struct str minute_text(struct ctx *c, int64_t at_ms); /* 2026-07-13 09:30 */
struct str changed_text(
    struct ctx *c, struct str who, int64_t at_ms); /* 张三于2026-07-13 09:30修改 */

/* The selects; `chosen` is a value of the enum, -1 or 0: "任何" where `any`. */
void choices_state(struct ctx *c, struct choices *l, enum term_state chosen, const char *any);
void choices_genre(struct ctx *c, struct choices *l, int chosen, const char *any);
void choices_level(struct ctx *c, struct choices *l, int chosen, const char *any);
void choices_status(struct ctx *c, struct choices *l, int chosen, const char *any);
MUST_USE enum code choices_category(struct ctx *c, struct db *db, struct choices *l, int64_t chosen,
    const char *any, struct err *e);
/* Issuers of the library that are none of the person's subscriptions, most documents first: what a page
 * offers to subscribe to. */
MUST_USE enum code choices_offer(struct ctx *c, struct choices *l, size_t limit, struct err *e);
void choices_issuer(
    struct ctx *c, struct choices *l, const struct issuer_count *v, size_t n, struct str chosen);

/* What the query of a list says: the filter for the office, and the same for the form. */
struct list_query {
    struct library_filter filter;
    enum library_order order;
    struct str q;
    int64_t page;
};
enum {
    ROWS_PER_PAGE = 30,
    LIST_PAGES_MAX = 3333, /* by number; a page by key goes on behind it */
};
/* E_INPUT for a condition that cannot be read: what does not hold must not look as if it did. */
MUST_USE enum code list_query(
    struct ctx *c, enum library_order usual, struct list_query *out, struct err *e);
/* The page asked for; the last one when there are not so many: q->page says which it is. */
MUST_USE enum code list_find(
    struct ctx *c, struct list_query *q, struct library_page *page, struct err *e);
MUST_USE enum code list_filters(
    struct ctx *c, const struct list_query *q, struct filters *out, struct err *e);
struct pager list_pager(struct ctx *c, const struct list_query *q, const struct library_page *page);

/* Of a table kept in the database, by offset. */
struct pager table_pager(struct ctx *c, int64_t total, int64_t page);

struct str field_label(struct str field); /* "docno": 文号 */
/* An id out of a number or an address of ours that holds one (/library/123); 0 otherwise. */
int64_t id_in_text(struct str s);

#endif
