#include "web/once.h"

#include "office/sent.h"
#include "web/route.h"

enum { COOKIE_S = 600 };

enum code once_begin(struct ctx *c, struct err *e)
{
    struct str key = req_field(c->r, "once");
    struct db *db;
    if (c->r->method != METHOD_POST || !c->signed_in || !sent_key_ok(key))
        return OK;
    c->once = key;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = sent_is_taken(db, c->v->person, key, &c->once_again, e);
    store_read_end(db);
    return code;
}

/* A request may write twice, a file and then what it belongs to: the key is taken with the first, and was not taken before. */
enum code once_write(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    bool fresh = true;
    if (c->once_mine)
        return c->write(db, arg, e);
    TRY(sent_take(db, c->v->person, c->once, clock_now_ms(), &fresh, e));
    c->once_again = !fresh;
    return fresh ? c->write(db, arg, e) : OK;
}

void once_taken(struct ctx *c)
{
    if (c->once_mine)
        return;
    c->once_mine = true;
    res_header(&c->r->res, "Set-Cookie",
        arena_printf(
            c->a, "sent=%.*s; Path=/; SameSite=Strict; Max-Age=%d", SF(c->once), COOKIE_S));
}

/* The page that shows what was done: where the form was to lead back to, or the nearest page above where it was sent. */
static struct str where(struct ctx *c)
{
    struct str back = req_field(c->r, "back"), path = c->r->head.path;
    int64_t ids[2];
    bool other;
    if (back.n)
        return ctx_local(back);
    while (path.n > 1 && !route_find(METHOD_GET, path, ids, &other)) {
        while (path.n > 1 && path.p[path.n - 1] != '/')
            path.n--;
        if (path.n > 1)
            path.n--;
    }
    return ctx_local(path);
}

void once_answer(struct ctx *c)
{
    once_taken(c);
    ctx_flash(c, S("刚才已经送到，没有重复登记"));
    ctx_redirect(c, where(c));
}

bool once_by_script(struct ctx *c)
{
    return c->r->method == METHOD_POST && req_header(c->r, "x-line").n > 0;
}
