/* page_follow.c - subscriptions, what is new, categories. */
#include "base/clock.h"
#include "office/category.h"
#include "office/subscription.h"
#include "web/route.h"
#include "web/rows.h"

enum { NEWS_SHOWN = 100, ISSUERS_SHOWN = 200, OFFERS_SHOWN = 8 };

static enum code fill_mine(
    struct ctx *c, struct db *db, struct page_subscriptions *p, struct err *e)
{
    struct subscription *list;
    struct choices cats = {0};
    size_t n;
    TRY(subscription_list(db, c->a, c->v->person, &list, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct subscription_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct subscription_row){list[i].id,
            str_z(subscription_kind_name(list[i].kind)), list[i].value, {list[i].created_ms}};
    TRY(choices_category(c, db, &cats, 0, "（选一个）", e));
    p->categories = cats.v;
    p->n_categories = cats.n;
    return OK;
}

static enum code show_mine(struct ctx *c, struct str problem, struct err *e)
{
    struct page_subscriptions p = {.problem = problem};
    struct choices issuers = {0}, offers = {0};
    struct issuer_count *v;
    struct news *news;
    size_t n;
    struct db *db;
    enum code code;
    TRY(subscription_news(c->app->office, c->a, c->v, NEWS_SHOWN, &news, &n, &p.news_total, e));
    p.news = ARENA_ARRAY(c->a, struct doc_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        p.news[i] = row_doc(c, &news[i].doc);
        p.news[i].because = news[i].because;
    }
    p.n_news = n;
    TRY(library_issuers(c->app->office, c->a, c->v, ISSUERS_SHOWN, &v, &n, e));
    choices_issuer(c, &issuers, v, n, S(""));
    p.issuers = issuers.v;
    p.n_issuers = issuers.n;
    TRY(choices_offer(c, &offers, OFFERS_SHOWN, e));
    p.offers = offers.v;
    p.n_offers = offers.n;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill_mine(c, db, &p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    show_subscriptions(c, &p);
    return OK;
}

enum code page_subscriptions(struct ctx *c, struct err *e)
{
    return show_mine(c, S(""), e);
}

static enum code write_subscribe(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct str kind = req_field(c->r, "kind"), value = ctx_words(c, req_field(c->r, "value"));
    enum subscription_kind k = SUBSCRIBE_ISSUER;
    int64_t id;
    if (str_eq(kind, S("word")))
        k = SUBSCRIBE_WORD;
    if (str_eq(kind, S("category"))) {
        k = SUBSCRIBE_CATEGORY;
        value = req_field(c->r, "category");
    }
    if (value.n == 0)
        return FAIL(e, E_INPUT, "请填写要订阅的内容");
    return subscription_add(db, c->v->person, k, value, &id, e);
}

static enum code after_subscribe(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_CONFLICT || code == E_LIMIT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_mine(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, str_eq(req_field(c->r, "back"), S("/")) ? S("/") : S("/subscriptions"));
    return code;
}

enum code do_subscribe(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_subscribe, c, after_subscribe);
}

static enum code write_unsubscribe(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return subscription_remove(db, c->v->person, c->id, e);
}

static enum code to_subscriptions(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    if (code == OK)
        ctx_redirect(c, S("/subscriptions"));
    return code;
}

enum code do_unsubscribe(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_unsubscribe, c, to_subscriptions);
}

static enum code write_seen(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return subscription_seen(db, c->v->person, clock_now_ms(), e);
}

enum code do_news_seen(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_seen, c, to_subscriptions);
}

/* ---- categories ---- */
static enum code show_tree(struct ctx *c, struct str problem, struct err *e)
{
    struct page_categories p = {.problem = problem};
    struct choices parents = {0};
    struct category *v;
    size_t n = 0;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = category_list(db, c->a, &v, &n, e);
    if (code == OK)
        code = choices_category(c, db, &parents, 0, "（最上级）", e);
    store_read_end(db);
    if (code != OK)
        return code;
    p.rows = ARENA_ARRAY(c->a, struct category_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = (struct category_row){v[i].id, v[i].name, v[i].depth, v[i].documents,
            arena_printf(c->a, "/library?category=%lld", (long long)v[i].id)};
    p.parents = parents.v;
    p.n_parents = parents.n;
    show_categories(c, &p);
    return OK;
}

enum code page_categories(struct ctx *c, struct err *e)
{
    return show_tree(c, S(""), e);
}

static enum code after_category(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_tree(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, S("/categories"));
    return code;
}

static enum code write_category_add(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    int64_t id;
    return category_add(db, ctx_int(req_field(c->r, "parent"), 1, INT64_MAX, 0),
        ctx_words(c, req_field(c->r, "name")), c->v->person, &id, e);
}

enum code do_category_add(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_category_add, c, after_category);
}

static enum code write_category(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    if (str_eq(req_field(c->r, "act"), S("remove")))
        return category_remove(db, c->id, c->v->person, e);
    return category_rename(db, c->id, ctx_words(c, req_field(c->r, "name")), c->v->person, e);
}

enum code do_category(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_category, c, after_category);
}
