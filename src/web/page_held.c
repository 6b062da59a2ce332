/* page_held.c - scanned files: the first page beside the form, confirmed or refused, one after the other. */
#include "base/utf8.h"
#include "office/held.h"
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

enum { QUEUE_SHOWN = 30, PAGE_MAX = 200, WIDTH = 1100 };

static enum code fill_queue(
    struct ctx *c, struct db *db, int64_t *current, struct page_held *p, struct err *e)
{
    struct held *list, one;
    size_t n;
    TRY(held_list(db, c->a, QUEUE_SHOWN, &list, &n, &p->total, e));
    if (*current) {
        TRY(held_get(db, c->a, *current, &one, e));
        if (one.state != HELD_WAITING)
            *current = 0;
    }
    if (!*current && n > 0)
        *current = list[0].id;
    p->rows = ARENA_ARRAY(c->a, struct held_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct held_row){list[i].id, list[i].file_name,
            ctx_size(c, list[i].size), {list[i].created_ms},
            arena_printf(c->a, "/held/%lld", (long long)list[i].id), list[i].id == *current};
    if (*current) {
        TRY(held_get(db, c->a, *current, &one, e));
        p->name = one.file_name;
    }
    return OK;
}

static void fill_form(struct ctx *c, const struct document_edit *ed, struct page_held *p)
{
    struct choices genres = {0}, levels = {0};
    p->title = ed->title;
    p->docno = ed->docno;
    p->issuer = ed->issuer_name;
    p->day = ed->day;
    p->addressee = ed->addressee;
    choices_genre(c, &genres, ed->genre, "（无）");
    choices_level(c, &levels, (int)ed->level, NULL);
    p->genres = genres.v;
    p->n_genres = genres.n;
    p->levels = levels.v;
    p->n_levels = levels.n;
}

static void propose(struct ctx *c, int64_t id, struct document_edit *ed, struct page_held *p)
{
    struct str text;
    struct err e;
    *ed = (struct document_edit){.level = LEVEL_INTERNAL};
    if (held_propose(c->app->office, c->a, id, ed, &text, &e) == OK)
        p->proposal = arena_printf(
            c->a, "下面各项由识别的文字填出（%zu 字），请对照图像核对。", utf8_len_cp(text));
    else
        p->proposal = arena_printf(c->a, "没有识别文字：%s。请对照图像填写。", e.msg);
}

/* Without script the pages are turned by links; whether there is a next one is known when it is asked for. */
static void fill_pages(struct ctx *c, int64_t current, struct page_held *p)
{
    p->page = ctx_page(c);
    if (p->page > PAGE_MAX)
        p->page = PAGE_MAX;
    p->image = arena_printf(c->a, "/held/%lld/page/%lld", (long long)current, (long long)p->page);
    if (p->page > 1)
        p->prev =
            arena_printf(c->a, "/held/%lld?page=%lld", (long long)current, (long long)p->page - 1);
    p->next =
        arena_printf(c->a, "/held/%lld?page=%lld", (long long)current, (long long)p->page + 1);
    for (size_t i = 0; i + 1 < p->n_rows; i++)
        if (p->rows[i].id == current)
            p->after = p->rows[i + 1].id;
}

static enum code show_one(struct ctx *c, int64_t current, const struct document_edit *typed,
    struct page_held *p, struct err *e)
{
    struct document_edit ed;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_queue(c, db, &current, p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->current = current;
    if (current) {
        fill_pages(c, current, p);
        if (typed)
            ed = *typed;
        else
            propose(c, current, &ed, p);
        fill_form(c, &ed, p);
    }
    show_held(c, p);
    return OK;
}

enum code page_held(struct ctx *c, struct err *e)
{
    struct page_held p = {0};
    p.done = ctx_flash_take(c);
    return show_one(c, c->id, NULL, &p, e);
}

enum code page_held_image(struct ctx *c, struct err *e)
{
    struct str png;
    if (c->id2 > PAGE_MAX)
        return FAIL(e, E_NOTFOUND, "只能看前%d页", (int)PAGE_MAX);
    TRY(held_page_png(c->app->office, c->a, c->id, (int)c->id2, WIDTH, &png, e));
    res_text(&c->r->res, 200, S("image/png"), png);
    res_header(&c->r->res, "Cache-Control", S("private, max-age=300"));
    return OK;
}

static void read_form(struct ctx *c, struct document_edit *ed)
{
    *ed = (struct document_edit){.title = ctx_words(c, req_field(c->r, "title")),
        .docno = ctx_words(c, req_field(c->r, "docno")),
        .issuer_name = ctx_words(c, req_field(c->r, "issuer")),
        .day = str_trim(req_field(c->r, "day")),
        .addressee = ctx_words(c, req_field(c->r, "addressee")),
        .genre = (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0),
        .level = (enum doc_level)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL)};
}

static enum code again(
    struct ctx *c, const struct document_edit *ed, struct str problem, struct err *e)
{
    struct page_held p = {.problem = problem};
    c->r->res.status = 400;
    return show_one(c, c->id, ed, &p, e);
}

enum code do_held(struct ctx *c, struct err *e)
{
    struct document_edit ed;
    int64_t doc;
    enum code code;
    read_form(c, &ed);
    if (str_eq(req_field(c->r, "act"), S("refuse"))) {
        TRY(held_refuse(c->app->office, c->id, c->v->person, e));
        ctx_flash(c, S("已拒收，内容已删除"));
        ctx_redirect(c, S("/held"));
        return OK;
    }
    if (req_field(c->r, "clean").n == 0)
        return again(c, &ed, S("请先看首页，勾选“没有密级标志”后再登记"), e);
    code = held_confirm(c->app->office, c->id, &ed, c->v->person, &doc, e);
    if (code == E_INPUT || code == E_LIMIT)
        return again(c, &ed, arena_str(c->a, str_z(e->msg)), e);
    if (code != OK)
        return code;
    ctx_flash(c, arena_printf(c->a, "已登记“%.*s”，标为待核", SF(ed.title)));
    ctx_redirect(c, S("/held"));
    return OK;
}
