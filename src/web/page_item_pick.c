/* page_item_pick.c - people, units, items and documents, by a few letters: what the pickers of a form ask for. */
#include "office/library.h"
#include "web/item_page.h"
#include "web/route.h"

enum { CHOICES_SHOWN = 10, PICK_BYTES_MAX = 200 };

static enum code people(
    struct ctx *c, struct db *db, struct str q, struct page_choose *p, struct err *e)
{
    struct person *v;
    size_t n;
    TRY(person_match(db, c->a, q, CHOICES_SHOWN, &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct chosen_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct chosen_row){.id = v[i].id,
            .text = v[i].name,
            .note = v[i].title.n && v[i].unit_name.n
                        ? arena_printf(c->a, "%.*s　%.*s", SF(v[i].unit_name), SF(v[i].title))
                        : arena_cat(c->a, v[i].unit_name, v[i].title)};
    return OK;
}

static enum code units(
    struct ctx *c, struct db *db, struct str q, struct page_choose *p, struct err *e)
{
    struct unit *v;
    size_t n;
    TRY(unit_match(db, c->a, q, CHOICES_SHOWN, &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct chosen_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct chosen_row){.id = v[i].id,
            .text = v[i].short_name,
            .note = str_eq(v[i].name, v[i].short_name) ? S("") : v[i].name};
    return OK;
}

static enum code items(
    struct ctx *c, struct db *db, struct str q, struct page_choose *p, struct err *e)
{
    struct item_filter f = {.text = q, .descending = true};
    struct item_page page;
    TRY(item_list(db, c->a, ctx_actor(c), &f, CHOICES_SHOWN, &page, e));
    p->rows = ARENA_ARRAY(c->a, struct chosen_row, page.n + 1);
    for (size_t i = 0; i < page.n; i++)
        p->rows[p->n_rows++] = (struct chosen_row){.id = page.items[i].id,
            .text = page.items[i].title,
            .note = page.items[i].number,
            .link = item_link(c->a, page.items[i].id, S(""), 0)};
    return OK;
}

static enum code documents(struct ctx *c, struct str q, struct page_choose *p, struct err *e)
{
    struct library_page page = {0};
    TRY(library_titled(c->app->office, c->a, c->v, q, CHOICES_SHOWN, &page, e));
    p->rows = ARENA_ARRAY(c->a, struct chosen_row, page.n + 1);
    for (size_t i = 0; i < page.n; i++)
        p->rows[p->n_rows++] = (struct chosen_row){.id = page.hits[i].doc.id,
            .text = page.hits[i].doc.title,
            .note = page.hits[i].doc.docno,
            .link = arena_printf(c->a, "/library/%lld", (long long)page.hits[i].doc.id)};
    return OK;
}

enum code page_choose(struct ctx *c, struct err *e)
{
    struct page_choose p = {0};
    struct str q = ctx_words(c, req_query(c->r, "q")), what = c->r->head.path;
    struct db *db;
    enum code code;
    (void)str_eat(&what, S("/items/pick/"));
    if (q.n > PICK_BYTES_MAX)
        return FAIL(e, E_LIMIT, "填写的名称太长");
    if (q.n == 0) {
        show_choose(c, &p);
        return OK;
    }
    if (str_eq(what, S("documents"))) { /* opens what it reads itself */
        TRY(documents(c, q, &p, e));
        show_choose(c, &p);
        return OK;
    }
    TRY(store_read(c->app->office->store, &db, e));
    if (str_eq(what, S("people")))
        code = people(c, db, q, &p, e);
    else if (str_eq(what, S("units")))
        code = units(c, db, q, &p, e);
    else if (str_eq(what, S("items")))
        code = items(c, db, q, &p, e);
    else
        code = FAIL(e, E_NOTFOUND, "没有这样的选项");
    store_read_end(db);
    if (code == OK)
        show_choose(c, &p);
    return code;
}
