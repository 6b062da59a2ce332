/* page_portal.c - the portal, the parts to come, help, the schema and the static files. */
#include <string.h>

#include "base/clock.h"
#include "office/edition.h"
#include "office/held.h"
#include "office/index.h"
#include "office/remark.h"
#include "office/subscription.h"
#include "web/assets.h"
#include "web/item_rows.h"
#include "web/live.h"
#include "web/part_rows.h"
#include "web/route.h"
#include "web/rows.h"
#include "web/shift_rows.h"

enum {
    NEWS_SHOWN = 8,
    JOBS_SHOWN = 6,
    OFFERS_SHOWN = 8,
    STUCK_SHOWN = 6,
    SOON_SHOWN = 6,
    STRIP_DAYS = 14
};

static enum code portal_news(struct ctx *c, struct page_portal *p, struct err *e)
{
    struct news *news;
    size_t n;
    TRY(subscription_news(c->app->office, c->a, c->v, NEWS_SHOWN, &news, &n, &p->news_total, e));
    p->news = ARENA_ARRAY(c->a, struct doc_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        p->news[i] = row_doc(c, &news[i].doc);
        p->news[i].because = news[i].because;
    }
    p->n_news = n;
    return OK;
}

static enum code portal_coverage(struct ctx *c, struct page_portal *p, struct err *e)
{
    struct coverage_row *rows;
    size_t n;
    TRY(library_coverage(c->app->office, c->a, c->v, &rows, &n, &p->documents, e));
    p->coverage = ARENA_ARRAY(c->a, struct coverage, n + 1);
    for (size_t i = 0; i < n; i++)
        p->coverage[i] = (struct coverage){rows[i].name, rows[i].documents, {rows[i].latest},
            p->documents ? (rows[i].documents * 100 + p->documents - 1) / p->documents : 0};
    p->n_coverage = n;
    return OK;
}

/* How many of the documents this person may read and correct wait for somebody to proofread them. */
static enum code portal_unproofed(struct ctx *c, struct page_portal *p, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page;
    f.unproofed_only = true;
    TRY(library_search(c->app->office, c->a, c->v, S(""), &f, LIBRARY_NEWEST, 0, 0, &page, e));
    p->unproofed = page.total;
    return OK;
}

static enum code portal_rest(struct ctx *c, struct db *db, struct page_portal *p, struct err *e)
{
    struct import_job *jobs;
    struct subscription *subs;
    struct held *held;
    struct edition_group *groups;
    size_t n, n_held, n_groups;
    TRY(subscription_list(db, c->a, c->v->person, &subs, &n, e));
    p->subscribed = n > 0;
    if (p->may_confirm) {
        TRY(held_list(db, c->a, 1, &held, &n_held, &p->held, e));
        TRY(edition_list(db, c->a, EDITION_PROPOSED, 1, &groups, &n_groups, &p->editions, e));
    }
    if (!p->may_import)
        return OK;
    TRY(import_jobs(db, c->a, JOBS_SHOWN, &jobs, &n, e));
    p->imports = ARENA_ARRAY(c->a, struct import_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->imports[i] = row_job(c->a, db, &jobs[i]);
    p->n_imports = n;
    return OK;
}

/* What only who may read sees. */
static enum code portal_library(struct ctx *c, struct page_portal *p, struct err *e)
{
    TRY(portal_news(c, p, e));
    TRY(portal_coverage(c, p, e));
    return p->may_edit ? portal_unproofed(c, p, e) : OK;
}

static enum code portal_offers(struct ctx *c, struct page_portal *p, struct err *e)
{
    struct choices offers = {0};
    TRY(choices_offer(c, &offers, OFFERS_SHOWN, e));
    p->offers = offers.v;
    p->n_offers = offers.n;
    return OK;
}

/* ---- items ---- */

static void put_boxes(struct ctx *c, const struct item_counts *n, struct page_portal *p)
{
    const struct {
        const char *key, *name;
        int64_t n;
    } rows[] = {{"todo", "待办", n->todo}, {"read", "待阅", n->read}, {"doing", "在办", n->doing},
        {"done", "已办", n->done}, {"sent", "我发出的", n->sent}, {"watch", "监控", n->watch}};
    p->n_boxes = sizeof(rows) / sizeof(*rows);
    p->boxes = ARENA_ARRAY(c->a, struct box_tab, p->n_boxes);
    for (size_t i = 0; i < p->n_boxes; i++)
        p->boxes[i] = (struct box_tab){.box = str_z(rows[i].key),
            .name = str_z(rows[i].name),
            .link = arena_printf(c->a, "/items?box=%s", rows[i].key),
            .count = rows[i].n,
            .count_text = count_words(c->a, rows[i].n)};
    p->red = n->red;
    p->yellow = n->yellow;
}

/* This week and the next, day by day. */
static void put_days(struct ctx *c, const struct actor *by, const struct desk *d, int32_t first,
    struct page_portal *p)
{
    int32_t today = clock_day(by->now_ms, ZONE_CHINA);
    p->days = ARENA_ARRAY(c->a, struct calendar_day, STRIP_DAYS);
    p->n_days = STRIP_DAYS;
    for (int32_t i = 0; i < STRIP_DAYS; i++)
        p->days[i] = calendar_day_line(c->a, by, first + i, "month");
    for (size_t i = 0; i < d->n_due; i++) {
        int32_t day = clock_day(d->due[i] - 1, ZONE_CHINA);
        p->days[day - first].count++;
        p->days[day - first].red += d->due[i] <= by->now_ms;
        p->due_today += day == today;
    }
    p->due_week = (int64_t)d->n_due_soon;
}

/* The first of 待办, what is stuck, and what falls due from today to Sunday. A limit ends with a day, at the instant at which the next one begins. */
static enum code portal_desk(
    struct ctx *c, struct db *db, const struct actor *by, struct page_portal *p, struct err *e)
{
    int32_t today = clock_day(by->now_ms, ZONE_CHINA), first = today - day_weekday(today) + 1;
    const struct desk_ask ask = {.todo = TODO_SHOWN,
        .stuck = STUCK_SHOWN,
        .soon = SOON_SHOWN,
        .due_from_ms = clock_day_ms(first, ZONE_CHINA) + 1,
        .due_to_ms = clock_day_ms(first + STRIP_DAYS, ZONE_CHINA) + 1,
        .soon_from_ms = clock_day_ms(today, ZONE_CHINA) + 1,
        .soon_to_ms = clock_day_ms(first + 7, ZONE_CHINA) + 1};
    struct desk desk;
    struct desk_rows rows;
    TRY(desk_read(db, c->a, by, &ask, &desk, e));
    TRY(desk_lines(c->a, db, by, &desk, S("/"), &rows, e));
    p->todo = rows.todo;
    p->n_todo = desk.n_todo;
    p->stuck = rows.stuck;
    p->n_stuck = desk.n_stuck;
    p->soon = rows.soon;
    p->n_soon = desk.n_soon;
    put_days(c, by, &desk, first, p);
    return OK;
}

static enum code portal_verify(
    struct ctx *c, struct db *db, const struct actor *by, struct page_portal *p, struct err *e)
{
    struct item_proxy *v;
    size_t n;
    TRY(item_proxy_list(db, c->a, by, 0, &v, &n, e));
    p->verify = (int64_t)n;
    return OK;
}

static enum code portal_items(struct ctx *c, struct db *db, struct page_portal *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item_counts counts;
    TRY(item_counts(db, by, &counts, e));
    put_boxes(c, &counts, p);
    p->may_oral = remark_may_enter(by);
    if (p->may_oral)
        TRY(portal_verify(c, db, by, p, e));
    TRY(speech_mine_rows(c, db, &p->speeches, &p->n_speeches, e));
    TRY(part_mine_rows(c, db, &p->parts, &p->n_parts, e));
    return portal_desk(c, db, by, p, e);
}

/* Who is on, what calls, who wants to swap. */
static enum code portal_duty(struct ctx *c, struct db *db, struct page_portal *p, struct err *e)
{
    struct duty_shift_row *on;
    struct climb_row *calls;
    struct duty_swap *swaps;
    size_t n_on, n_calls, n_swaps;
    TRY(duty_now_rows(c, db, &on, &n_on, e));
    TRY(duty_log_link(c, db, &p->duty_log, e));
    TRY(climb_rows(c, db, &calls, &n_calls, e));
    TRY(duty_swap_list(db, c->a, c->v->person, true, &swaps, &n_swaps, e));
    p->duty_swaps = (int64_t)n_swaps;
    p->calls = ARENA_ARRAY(c->a, struct portal_call, n_calls + 1);
    for (size_t i = 0; i < n_calls; i++)
        p->calls[p->n_calls++] = (struct portal_call){
            calls[i].item, calls[i].title, calls[i].now, calls[i].link, calls[i].may_ack};
    p->duty = ARENA_ARRAY(c->a, struct portal_duty, N_DUTY_SEAT);
    for (size_t i = 0; n_on && i < on->n_seats; i++)
        if (on->seats[i].name.n)
            p->duty[p->n_duty++] =
                (struct portal_duty){on->seats[i].seat, on->seats[i].name, on->seats[i].phone};
    if (n_on)
        p->duty_time = arena_printf(c->a, "%.*s %.*s", SF(on->day), SF(on->time));
    return OK;
}

static enum code portal_parts(struct ctx *c, struct db *db, struct page_portal *p, struct err *e)
{
    if (p->may_read)
        TRY(portal_library(c, p, e));
    TRY(portal_rest(c, db, p, e));
    if (p->may_items) {
        TRY(portal_items(c, db, p, e));
        TRY(portal_duty(c, db, p, e));
    }
    return p->may_read && !p->subscribed ? portal_offers(c, p, e) : OK;
}

enum code page_portal(struct ctx *c, struct err *e)
{
    struct page_portal p = {0};
    struct db *db;
    enum code code;
    p.may_import = access_may(c->v, ACT_IMPORT);
    p.may_confirm = access_may(c->v, ACT_CONFIRM);
    p.may_edit = access_may(c->v, ACT_EDIT);
    p.done = ctx_flash_take(c);
    p.last_login.ms = c->session.last_ms;
    p.last_where = c->session.last_address;
    p.failures = c->session.failures;
    p.password_old = c->session.password_old;
    p.may_read = access_may(c->v, ACT_READ);
    p.may_items = access_may(c->v, ACT_ITEMS);
    if (p.may_read)
        TRY(index_catch_up(c->app->office, NULL, e));
    TRY(store_read(c->app->office->store, &db, e));
    store_read_share(db);
    code = portal_parts(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_portal(c, &p);
    return OK;
}

/* ---- addresses of entrances before they had pages of their own ---- */

enum code page_supervision(struct ctx *c, struct err *e)
{
    (void)e;
    ctx_redirect(c, S("/ledgers/supervision"));
    return OK;
}

enum code page_meetings(struct ctx *c, struct err *e)
{
    (void)e;
    ctx_redirect(c, S("/ledgers/meeting"));
    return OK;
}

enum code page_help(struct ctx *c, struct err *e)
{
    struct page_help p = {access_may(c->v, ACT_PEOPLE)};
    (void)e;
    show_help(c, &p);
    return OK;
}

enum code page_live(struct ctx *c, struct err *e)
{
    (void)e;
    live_watch_item(c->app->live, c->v, ctx_int(req_query(c->r, "item"), 1, INT64_MAX, 0),
        http_stream_open(c->r));
    return OK;
}

enum code page_schema(struct ctx *c, struct err *e)
{
    (void)e;
    res_text(&c->r->res, 200, S("application/json; charset=utf-8"), str_z(pages_schema));
    return OK;
}

/* ---- static files ---- */
enum code page_static(struct ctx *c, struct err *e)
{
    struct str name = str_sub(c->r->head.path, strlen("/static/"), c->r->head.path.n);
    struct response *s = &c->r->res;
    bool gz = req_accepts_gzip(c->r);
    for (unsigned long i = 0; i < n_assets; i++) {
        const struct asset *a = &assets[i];
        if (!str_eq(name, str_z(a->name)))
            continue;
        s->type = str_z(a->type);
        res_header(s, "ETag", str_z(a->etag));
        res_header(s, "Vary", S("Accept-Encoding"));
        /* An address that names these very bytes may be kept; any other is asked again. */
        res_header(s, "Cache-Control",
            str_eq(str_z(a->url), c->r->head.target) ? S("public, max-age=31536000, immutable")
                                                     : S("no-cache"));
        if (str_eq(req_header(c->r, "if-none-match"), str_z(a->etag))) {
            s->status = 304;
            return OK;
        }
        s->kind = BODY_STATIC;
        s->bytes = gz ? (struct str){a->gz, (size_t)(a->gz_end - a->gz)}
                      : (struct str){a->begin, (size_t)(a->end - a->begin)};
        if (gz)
            res_header(s, "Content-Encoding", S("gzip"));
        return OK;
    }
    return FAIL(e, E_NOTFOUND, "没有这个文件");
}
