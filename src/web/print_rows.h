/* web/print_rows.h - between the pages of what an item issues. */
#ifndef WEB_PRINT_ROWS_H
#define WEB_PRINT_ROWS_H

#include "office/item_view.h"
#include "office/manuscript_edit.h"
#include "pages.h"
#include "web/ctx.h"

/* page_print.c: the final copy, printing, seals and packages on the page. */
MUST_USE enum code print_fill(struct ctx *c, struct db *db, const struct item_view *v,
    struct page_item_text *p, struct err *e);
/* page_item_text.c: the kinds of items that carry a manuscript and are switched on. */
MUST_USE enum code text_kinds(
    struct ctx *c, struct db *db, struct choice **out, size_t *n, struct err *e);
/* page_item_text.c: the page again, with what went wrong. */
MUST_USE enum code text_show(struct ctx *c, struct str problem, struct err *e);

#endif
