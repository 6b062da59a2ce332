/* app.c - the application behind the HTTP layer: from a request to its handler, through the checks that
 * hold for every page: session, one-time password, origin, CSRF, right to act. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "office/audit.h"
#include "office/kind.h"
#include "office/manuscript.h"
#include "office/notice.h"
#include "pages.h"
#include "paper/face_pool.h"
#include "web/ctx_int.h"
#include "web/live.h"
#include "web/once.h"
#include "web/presence.h"
#include "web/route.h"
#include "web/web.h"

enum {
    FORM_BYTES = 256 << 10,
    TEXT_BYTES = 2 << 20, /* MANUSCRIPT_CP_MAX characters, each %E4%B8%80 */
    FORM_FIELDS = 2400, /* a box for each of a thousand units, or for the open cells of a matrix */
    UPLOAD_FILES = 50,
};
#define UPLOAD_BYTES ((int64_t)2 << 30)

static void plan(void *arg, const struct request *r, struct plan *out)
{
    int64_t ids[2];
    bool other;
    const struct route *route = route_find(r->method, r->head.path, ids, &other);
    (void)arg;
    out->lane = route ? route->lane : LANE_PAGE;
    if (!route || route->body == BODY_NONE)
        return;
    out->body = (struct form_limits){FORM_BYTES, FORM_BYTES - 1024, FORM_FIELDS, 1};
    if (route->body == BODY_TEXT)
        out->body = (struct form_limits){TEXT_BYTES, TEXT_BYTES - 1024, FORM_FIELDS, 1};
    if (route->body == BODY_FILES) {
        out->body = (struct form_limits){UPLOAD_BYTES, FORM_BYTES, FORM_FIELDS, UPLOAD_FILES};
        out->admit = true; /* nobody fills the disk before it is known who it is */
    }
}

static bool wants_json(const struct request *r)
{
    struct str accept = req_header(r, "accept");
    size_t json = str_find(accept, S("application/json"), 0);
    return json != SIZE_MAX && json < str_find(accept, S("text/html"), 0);
}

static struct ctx *ctx_new(struct app *app, struct request *r)
{
    struct ctx *c = ARENA_NEW(&r->arena, struct ctx);
    c->app = app;
    c->r = r;
    c->a = &r->arena;
    c->json = wants_json(r);
    r->app = c;
    return c;
}

static const char *cookie_name(const struct ctx *c)
{
    return c->r->secure ? "__Host-qianshao" : "qianshao";
}

static void find_session(struct ctx *c)
{
    struct err e;
    struct str token = req_cookie(c->r, cookie_name(c));
    if (token.n == 0)
        return;
    if (c->route && c->route->need == NEED_WATCH)
        c->signed_in =
            session_peek(&c->app->door, c->a, token, clock_now_ms(), &c->session, &e) == OK;
    else
        c->signed_in =
            session_find(&c->app->door, c->a, token, clock_now_ms(), &c->session, &e) == OK;
    c->v = &c->session.viewer;
}

/* Before the handler, which may hold a connection while it answers: the kinds, without which the ledgers are no tabs, and how many notices
 * wait. */
static void find_head(struct ctx *c)
{
    struct kind_on *v;
    size_t n = 0;
    struct db *db;
    struct err e;
    if (c->json || !c->signed_in || !access_may(c->v, ACT_ITEMS) ||
        store_read(c->app->office->store, &db, &e) != OK)
        return;
    if (kinds_on(c->app->office->kinds, db, c->a, &v, &n, &e) == OK) {
        c->kinds = v;
        c->n_kinds = n;
    }
    c->shell.may_items = notice_unread(db, c->v->person, &c->shell.notices, &e) == OK;
    store_read_end(db);
}

static int status_of(enum code code)
{
    switch (code) {
    case E_INPUT:
    case E_SECRET:
        return 400;
    case E_NOTFOUND:
        return 404;
    case E_CONFLICT:
        return 409;
    case E_DENIED:
        return 403;
    case E_LIMIT:
        return 413;
    case E_BUSY:
        return 503;
    case E_FULL:
        return 507;
    case OK:
    case E_IO:
    case E_BUG:
        break;
    }
    return 500;
}

/* A page asks for something behind itself, and shows no answer at its own address. Browsers say so of themselves where the line is encrypted. */
static bool by_script(const struct ctx *c)
{
    struct str mode = req_header(c->r, "sec-fetch-mode");
    return req_header(c->r, "x-line").n > 0 || (mode.n > 0 && !str_eq(mode, S("navigate")));
}

/* To the door, and back here afterwards. A script is only told: the door's secret, given to an answer that nobody sees, would take the place of the
 * one in the form where somebody is typing a password. */
static void to_login(struct ctx *c)
{
    struct buf b;
    if (str_has(req_header(c->r, "accept"), S("text/event-stream"))) {
        c->r->res.status = 204; /* a stream, which wants no page: the browser asks no more */
        return;
    }
    if (c->json || by_script(c)) {
        ctx_error(c, 401, "登录已超时或尚未登录");
        return;
    }
    if (c->r->method == METHOD_POST) {
        access_relogin(c);
        return;
    }
    buf_init(&b, 0);
    buf_z(&b, "/login?next=");
    html_url(&b, url(c->r->head.target));
    res_redirect(c->r, buf_view(&b));
    buf_release(&b);
}

/* A link followed from another site (a mail, a chat) comes without the strict cookie. A page that loads the
 * same address once more makes it a step within this site. */
static bool from_elsewhere(struct ctx *c)
{
    struct buf *o;
    if (c->signed_in || c->r->method != METHOD_GET ||
        !str_eq(req_header(c->r, "sec-fetch-site"), S("cross-site")) ||
        !str_eq(req_header(c->r, "sec-fetch-mode"), S("navigate")))
        return false;
    o = ctx_html(c);
    buf_z(o, "<!doctype html><meta charset=\"utf-8\"><title>前哨</title>"
             "<meta http-equiv=\"refresh\" content=\"0;url=");
    html_str(o, c->r->head.target);
    buf_z(o, "\">");
    return true;
}

/* The checks that need no body. False: answered. */
static bool checks(struct ctx *c)
{
    struct err e;
    int64_t ids[2] = {0, 0};
    bool other;
    c->route = route_find(c->r->method, c->r->head.path, ids, &other);
    c->id = ids[0];
    c->id2 = ids[1];
    find_session(c);
    if (!c->route) {
        ctx_error(
            c, other ? 405 : 404, other ? "这个网址不能这样使用" : "网址不对，或者内容不在了");
        return false;
    }
    if (c->route->need == NEED_NOTHING)
        return true;
    if (!c->signed_in) {
        if (!from_elsewhere(c))
            to_login(c);
        return false;
    }
    if (c->session.must_change && c->route->need > NEED_SESSION) {
        ctx_redirect(c, S("/password"));
        return false;
    }
    if (c->route->need == NEED_ACTION && access_require(c->v, c->route->action, &e) != OK) {
        ctx_error(c, 403, e.msg);
        return false;
    }
    if (c->route->need != NEED_WATCH)
        find_head(c);
    return true;
}

static bool admit(void *arg, struct request *r)
{
    struct ctx *c = ctx_new(arg, r);
    if (!checks(c))
        return false;
    if (!access_origin(c)) {
        ctx_error(c, 403, "请求来自别的网站");
        return false;
    }
    return true;
}

/* The page asked for came from us, and the person in front of it sent it. */
static bool post_is_ours(struct ctx *c)
{
    struct str given = req_header(c->r, "x-csrf-token");
    if (c->r->method != METHOD_POST)
        return true;
    if (!access_origin(c)) {
        ctx_error(c, 403, "请求来自别的网站");
        return false;
    }
    if (c->route->need == NEED_NOTHING) /* the sign-in form has its own */
        return true;
    if (given.n == 0)
        given = req_field(c->r, "csrf");
    if (!session_csrf(&c->session, given)) {
        ctx_error(c, 403, "页面已过期，请返回刷新后再提交");
        return false;
    }
    return true;
}

/* What is ours to mend is said in general on the page, and in full in the log. Nothing that was written or asked for is logged. */
static const char *told(const struct ctx *c, enum code code, const struct err *e)
{
    static const struct log log = {2, LOG_INFO, ZONE_CHINA};
    struct log_line l;
    if (code != E_BUG && code != E_IO && code != E_FULL)
        return e->msg;
    log_begin(&l, &log, LOG_ERROR, "request.fail");
    log_str(&l, "address", str_z(c->route ? c->route->pattern : ""));
    log_str(&l, "method", str_z(c->r->method == METHOD_POST ? "POST" : "GET"));
    log_str(&l, "why", str_z(e->msg));
    log_str(&l, "file", str_z(e->file ? e->file : ""));
    log_int(&l, "line", e->line);
    log_end(&l);
    return code == E_FULL ? "服务器的磁盘已满，没有保存" : "系统内部出错";
}

static void settle(struct ctx *c, enum code code, const struct err *e)
{
    struct err full;
    if (code == OK)
        return;
    if (c->r->res.fd >= 0 || c->r->res.kind != BODY_BUF)
        c->r->res.kind = BODY_BUF;
    c->r->res.n_headers = 0;
    ctx_secret(c, code);
    ctx_error(c, status_of(code), told(c, code, e));
    if (buf_check(&c->r->res.body, "网页", &full) != OK)
        c->r->res.status = 500;
}

static void note_reading(struct ctx *c)
{
    const struct read_note *n = route_note(c->route);

    if (n)
        audit_access_to(c->app->office->store,
            &(struct access_entry){.person = c->v->person,
                .kind = (enum access_kind)n->kind,
                .item = c->id,
                .what = c->id     ? str_z(n->what ? n->what : "")
                        : n->what ? arena_printf(c->a, "%s %.*s", n->what, SF(c->r->head.path))
                                  : c->r->head.path});
}

static void handle(void *arg, struct request *r)
{
    struct ctx *c = r->app;
    struct err e;
    enum code code;
    if (!c) {
        c = ctx_new(arg, r);
        if (!checks(c))
            return;
    }
    if (!post_is_ours(c))
        return;
    code = once_begin(c, &e);
    if (code == OK && c->once_again) {
        once_answer(c);
        return;
    }
    if (code == OK)
        code = c->route->fn(c, &e);
    if (code == OK && r->res.status == 200)
        note_reading(c);
    settle(c, code, &e);
}

void ctx_resume(void *arg, struct request *r)
{
    struct ctx *c = r->app;
    struct err e = c->then_err;
    (void)arg;
    if (c->then_code == OK && c->once_again) {
        once_answer(c);
        return;
    }
    if (c->then_code == OK && c->once.n)
        once_taken(c);
    settle(c, c->then(c, c->then_code, &e), &e);
}

/* In the epoll thread: no session is looked up, so the page bears no name. */
static void refuse(void *arg, struct request *r, int status, const char *why)
{
    struct ctx *c = ctx_new(arg, r);
    const struct route *route;
    int64_t ids[2];
    bool other;
    c->signed_in = false;
    route = status == 413 ? route_find(r->method, r->head.path, ids, &other) : NULL;
    if (route && route->body == BODY_TEXT) /* who writes counts characters */
        why = arena_printf(c->a, "一份文稿最多%d个字，请分成几份", MANUSCRIPT_CP_MAX).p;
    ctx_error(c, status, why);
}

static void app_free(struct app *app)
{
    if (app->live)
        live_free(app->live);
    if (app->presence)
        presence_free(app->presence);
    if (app->hasher)
        hasher_free(app->hasher);
    face_pool_free(app->faces);
    free(app->address);
    free(app->site);
    free(app);
}

static enum code start_http(struct app *app, struct str listen, struct err *e)
{
    struct http_options o;
    struct arena a;
    struct str host, port;
    enum code code;
    memset(&o, 0, sizeof(o));
    arena_init(&a);
    o.listen = listen;
    o.tmp_dir = arena_printf(&a, "%s/tmp", app->office->dir);
    o.proxied = true; /* believed of a peer on this machine only */
    o.limits = http_limits_default();
    o.app = (struct http_app){app, plan, admit, handle, refuse};
    code = http_open(&o, &app->http, e);
    if (code == OK && str_cut_last(listen, S(":"), &host, &port)) {
        struct str s = arena_printf(&a, "http://%.*s:%d/", SF(host), http_port(app->http));
        app->address = mem_dup(s.p, s.n);
    }
    arena_release(&a);
    return code;
}

enum code web_start(
    struct office *o, const struct web_options *w, void **web, struct str *address, struct err *e)
{
    struct app *app = mem_alloc(sizeof(*app));
    enum code code;
    app->office = o;
    app->demo = w->demo;
    app->site = w->site.n ? mem_dup(w->site.p, w->site.n) : NULL;
    app->now = w->now ? w->now : clock_now_ms;
    app->faces = face_pool_new();
    code = hasher_new(NULL, &app->hasher, e);
    if (code == OK) {
        app->door = door_default(o->store, app->hasher);
        app->live = live_new(o);
        app->presence = presence_new(o);
        code = start_http(app, w->listen, e);
    }
    if (code != OK) {
        if (app->live)
            live_stop(app->live);
        if (app->presence)
            presence_stop(app->presence);
        app_free(app);
        return code;
    }
    *web = app;
    *address = str_z(app->address);
    return OK;
}

void web_stop(void *web)
{
    struct app *app = web;
    live_stop(app->live);
    presence_stop(app->presence);
    http_close(app->http);
    app_free(app);
}
