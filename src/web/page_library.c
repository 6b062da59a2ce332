/* page_library.c - the list of the library, searching, suggestions. */
#include "pages.h"
#include "web/route.h"
#include "web/rows.h"

enum { SUGGESTIONS = 8, PREFIX_MAX = 60 };

static struct doc_row *rows_of(struct ctx *c, const struct library_page *page, struct str q)
{
    struct doc_row *rows = ARENA_ARRAY(c->a, struct doc_row, page->n + 1);
    for (size_t i = 0; i < page->n; i++)
        rows[i] = row_hit(c, &page->hits[i], q);
    return rows;
}

enum code page_library(struct ctx *c, struct err *e)
{
    struct page_library p = {0};
    struct library_page page = {0};
    struct list_query q;
    TRY(list_query(c, LIBRARY_NEWEST, &q, e));
    TRY(list_find(c, &q, &page, e));
    TRY(list_filters(c, &q, &p.filters, e));
    p.filters.any |= q.q.n > 0;
    p.rows = rows_of(c, &page, q.q);
    p.n_rows = page.n;
    p.pager = list_pager(c, &q, &page);
    p.documents = page.documents;
    p.behind = page.behind;
    p.may_import = access_may(c->v, ACT_IMPORT);
    show_library(c, &p);
    return OK;
}

enum code page_search(struct ctx *c, struct err *e)
{
    struct page_search p = {0};
    struct library_page page = {0};
    struct list_query q;
    enum code code = OK;
    TRY(list_query(c, LIBRARY_RANK, &q, e));
    c->shell.q = q.q;
    TRY(list_filters(c, &q, &p.filters, e));
    code = list_find(c, &q, &page, e);
    if (code == E_INPUT ||
        code == E_LIMIT) { /* what was typed cannot be read: say where, keep it */
        p.problem = arena_str(c->a, str_z(e->msg));
        c->r->res.status = 400;
    } else if (code != OK) {
        return code;
    }
    p.rows = rows_of(c, &page, q.q);
    p.n_rows = page.n;
    p.pager = list_pager(c, &q, &page);
    p.occurrences = page.occurrences;
    p.ms = arena_printf(c->a, "%.2f", (double)page.us / 1000.0);
    p.documents = page.documents;
    p.behind = page.behind;
    show_search(c, &p);
    return OK;
}

enum code page_suggest(struct ctx *c, struct err *e)
{
    struct page_suggest p = {0};
    struct suggestion *list = NULL;
    struct str prefix = ctx_words(c, req_query(c->r, "q"));
    size_t n = 0;
    if (prefix.n > 0 && prefix.n <= PREFIX_MAX)
        TRY(library_suggest(c->app->office, c->a, c->v, prefix, SUGGESTIONS, &list, &n, e));
    p.rows = ARENA_ARRAY(c->a, struct suggestion_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct buf b;
        buf_init(&b, 0);
        buf_z(&b, "/search?q=");
        html_url(&b, url(list[i].text));
        p.rows[i] =
            (struct suggestion_row){list[i].text, list[i].documents, arena_str(c->a, buf_view(&b))};
        buf_release(&b);
    }
    p.n_rows = n;
    show_suggest(c, &p);
    return OK;
}
