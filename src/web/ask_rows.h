/* web/ask_rows.h - asks as rows of pages, and lists of ids out of forms: for page_ask.c, page_asks.c and page_matrix.c. */
#ifndef WEB_ASK_ROWS_H
#define WEB_ASK_ROWS_H

#include "office/ask_tree.h"
#include "office/item_file.h"
#include "office/kind.h"
#include "pages.h"
#include "web/ctx.h"

/* 8分钟, 5小时, 4天: how long a step took, in one unit. Under a minute: 1分钟内. */
struct str span_text(struct ctx *c, int64_t ms);
/* A limit that ends with its day reads as that day. */
struct str due_text(struct ctx *c, int64_t due_ms);
/* The state in a word, with the name of its style. */
struct str ask_state_text(const struct ask *a, int64_t now_ms, const char **mark);
/* What somebody is asked for behind 请某人: 批示 of 请批示. */
struct str ask_asked(struct str purpose);
struct ask_row row_ask(struct ctx *c, const struct ask_node *n, int64_t now_ms, bool may_chase);
/* The files of an item, to name those that came with an answer. */
struct evidence {
    int64_t item;
    struct item_file *v;
    size_t n;
};
MUST_USE enum code evidence_load(struct ctx *c, struct db *db, const struct actor *by, int64_t item,
    struct evidence *out, struct err *e);
void evidence_fill(
    struct ctx *c, const struct evidence *all, const struct ask *a, struct ask_row *row);
struct ask_counts row_counts(const struct ask_count *n);

/* Ids sent as `name`, once for each or parted by commas. E_INPUT for what is none, E_LIMIT. */
MUST_USE enum code ids_sent(
    struct ctx *c, const char *name, size_t most, int64_t **out, size_t *n, struct err *e);
/* Values sent as `name`, one a line. */
struct str lines_sent(struct ctx *c, const char *name);
/* The end of the day in the form's `due`; 0: none given. */
MUST_USE enum code due_sent(struct ctx *c, int64_t *out, struct err *e);

/* The words a sender chooses from, as they were chosen; nothing sent: 已收、已反馈. */
void words_offered(struct ctx *c, bool sent, struct ask_word **out, size_t *n);
/* Those that can be answered now: behind the last one. */
void words_open(struct ctx *c, const struct ask *a, struct ask_word **out, size_t *n);

#endif
