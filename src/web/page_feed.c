/* page_feed.c - a person's calendar for telephones: its addresses, and what is fetched by one of them without signing in. */
#include "office/agenda.h"
#include "office/person.h"
#include "web/route.h"
#include "web/rows.h"

static enum code fill(struct ctx *c, struct page_calendar_feeds *p, struct err *e)
{
    struct calendar_feed *v;
    struct db *db;
    size_t n;

    TRY(store_read(c->app->office->store, &db, e));
    enum code code = feed_list(db, c->a, c->v->person, &v, &n, e);
    store_read_end(db);
    TRY(code);
    p->rows = ARENA_ARRAY(c->a, struct feed_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct feed_row){.id = v[i].id,
            .name = v[i].name,
            .made = minute_text(c, v[i].made_ms),
            .used = v[i].used_ms ? minute_text(c, v[i].used_ms) : S("")};
    p->may_add = n < FEEDS_MAX;
    return OK;
}

static enum code show(struct ctx *c, struct page_calendar_feeds *p, struct err *e)
{
    if (!p->problem.n)
        p->done = ctx_flash_take(c);
    TRY(fill(c, p, e));
    show_calendar_feeds(c, p);
    return OK;
}

enum code page_calendar_feeds(struct ctx *c, struct err *e)
{
    struct page_calendar_feeds p = {.problem = S("")};
    return show(c, &p, e);
}

static enum code write_make(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct str *token = c->job;
    return feed_make(db, c->a, ctx_actor(c), req_field(c->r, "name"), token, e);
}

/* How a telephone reaches us: by what the office set; else as this browser did. */
static struct str address_of(struct ctx *c, struct str token)
{
    if (c->app->site && *c->app->site)
        return arena_printf(c->a, "%s/calendar/feed/%.*s.ics", c->app->site, SF(token));
    return arena_printf(c->a, "%s://%.*s/calendar/feed/%.*s.ics", c->r->secure ? "https" : "http",
        SF(req_header(c->r, "host")), SF(token));
}

static enum code after_make(struct ctx *c, enum code code, struct err *e)
{
    const struct str *token = c->job;
    struct page_calendar_feeds p = {.problem = S("")};

    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        p.problem = arena_str(c->a, str_z(e->msg));
    } else if (code != OK) {
        return code;
    } else {
        p.address = address_of(c, *token);
        p.local = !(c->app->site && *c->app->site);
    }
    return show(c, &p, e);
}

enum code do_calendar_feed(struct ctx *c, struct err *e)
{
    (void)e;
    c->job = ARENA_NEW(c->a, struct str);
    return ctx_write(c, write_make, c, after_make);
}

static enum code write_revoke(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return feed_revoke(db, ctx_actor(c), c->id, e);
}

static enum code after_revoke(struct ctx *c, enum code code, struct err *e)
{
    (void)e; /* holds the failure already */
    if (code != OK && code != E_NOTFOUND)
        return code;
    ctx_flash(c, S("已停用，手机上不再更新；手机里旧的日程请在手机上删除"));
    ctx_redirect(c, S("/calendar/feeds"));
    return OK;
}

enum code do_calendar_feed_revoke(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_revoke, c, after_revoke);
}

/* ---- what the telephone fetches ---- */

struct fetch {
    struct calendar_feed f;
    struct viewer v;
    struct actor by;
    struct agenda_entry *entries;
    size_t n;
};

static enum code gather(
    struct ctx *c, struct db *db, struct str token, struct fetch *x, struct err *e)
{
    struct person p;
    int32_t today;

    TRY(feed_find(db, c->a, token, &x->f, e));
    TRY(person_get(db, c->a, x->f.person, &p, e));
    x->v = person_viewer(&p);
    x->by = *ctx_actor(c);
    x->by.v = &x->v;
    x->by.for_person = 0;
    today = clock_day(x->by.now_ms, ZONE_CHINA);
    return agenda_mine(db, c->a, &x->by, today - AGENDA_BACK_DAYS, today + AGENDA_AHEAD_DAYS,
        &x->entries, &x->n, e);
}

static enum code write_used(struct db *db, void *arg, struct err *e)
{
    const struct fetch *x = arg;
    return feed_used(db, x->f.id, x->by.now_ms, e);
}

enum code page_calendar_feed(struct ctx *c, struct err *e)
{
    struct str token = c->r->head.path;
    struct agenda_calendar cal = {.site = str_z(c->app->site ? c->app->site : "")};
    struct fetch x = {.n = 0};
    struct buf out;
    struct db *db;

    (void)str_eat(&token, S("/calendar/feed/"));
    if (!str_eat_end(&token, S(".ics")))
        return FAIL(e, E_NOTFOUND, "这个日历地址不存在，或者已经停用");
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = gather(c, db, token, &x, e);
    store_read_end(db);
    TRY(code);
    if (x.by.now_ms - x.f.used_ms > FEED_USED_MS)
        TRY(store_write(c->app->office->store, write_used, &x, e));
    cal.name = c->app->office->practice ? S("前哨（练习）") : S("前哨");
    cal.now_ms = x.by.now_ms;
    buf_init(&out, 0);
    code = agenda_write(&out, &cal, x.entries, x.n, e);
    if (code == OK)
        res_text(&c->r->res, 200, S("text/calendar; charset=utf-8"), buf_view(&out));
    buf_release(&out);
    return code;
}
