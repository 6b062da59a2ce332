/* page_access.c - signing in and out, the own password and account. */
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/id.h"
#include "office/person.h"
#include "office/phrase.h"
#include "pages.h"
#include "web/route.h"

static const char *cookie_name(const struct ctx *c)
{
    return c->r->secure ? "__Host-qianshao" : "qianshao";
}

static void set_cookie(struct ctx *c, const char *name, struct str value, const char *more)
{
    res_header(&c->r->res, "Set-Cookie",
        arena_printf(c->a, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", name, SF(value),
            c->r->secure ? "; Secure" : "", more));
}

/* Browsers say where a POST comes from. What says nothing is no browser and has no cookies of others; the
 * CSRF secret is asked of it all the same. */
bool access_origin(const struct ctx *c)
{
    struct str o = req_header(c->r, "origin"), site = req_header(c->r, "sec-fetch-site");
    if (site.n > 0 && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
        return false;
    if (o.n == 0)
        return true;
    if (!str_eat(&o, S("http://")) && !str_eat(&o, S("https://")))
        return false;
    return str_eq_nocase(o, c->r->head.host);
}

/* The sign-in form has no session yet: its secret is in a cookie of its own, compared with the field. */
static struct str door_secret(struct ctx *c)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz012345";
    struct str have = req_cookie(c->r, "door");
    unsigned char raw[32];
    char *z;
    if (have.n == sizeof(raw))
        return have;
    z = arena_alloc(c->a, sizeof(raw) + 1);
    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        memset(raw, 0, sizeof(raw)); /* no secret: the comparison below refuses zeros */
    for (size_t i = 0; i < sizeof(raw); i++)
        z[i] = digits[raw[i] & 31];
    set_cookie(c, "door", (struct str){z, sizeof(raw)}, "");
    return (struct str){z, sizeof(raw)};
}

static bool door_is_ours(const struct ctx *c)
{
    struct str have = req_cookie(c->r, "door");
    return have.n == 32 && memchr(have.p, 'a', 32) != have.p + 32 &&
           !str_eq(have, S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")) &&
           str_eq(have, req_field(c->r, "csrf"));
}

static void show_door(struct ctx *c, struct str name, struct str problem, struct str next)
{
    struct page_login p = {name, problem, next};
    c->shell.csrf = door_secret(c);
    c->shell.version = QIANSHAO_VERSION;
    c->shell.demo = c->app->demo;
    c->shell.practice = c->app->office->practice;
    show_login(c, &p);
}

enum code page_login(struct ctx *c, struct err *e)
{
    struct str next = ctx_local(req_query(c->r, "next"));
    (void)e;
    if (c->signed_in)
        ctx_redirect(c, next);
    else
        show_door(c, S(""), S(""), next);
    return OK;
}

static bool kept_name(struct str *name)
{
    return str_eat(name, S("kept.")) && name->n > 0;
}

/* A POST came after its session had ended: ask for the password, keep what was typed. Files cannot be kept. */
void access_relogin(struct ctx *c)
{
    struct page_relogin p = {0};
    size_t cap = 0;
    p.action = c->r->head.path;
    for (size_t i = 0; c->r->form && i < c->r->form->n_fields; i++) {
        const struct pair *f = &c->r->form->fields[i];
        if (!str_eq(f->name, S("csrf")) && !str_eq(f->name, S("password")) &&
            !str_has(f->name, S("old")) && !str_eq(f->name, S("new")))
            ARENA_PUSH(c->a, p.fields, p.n_fields, cap) = (struct kept_field){f->name, f->value};
    }
    c->shell.csrf = door_secret(c);
    c->shell.version = QIANSHAO_VERSION;
    c->shell.demo = c->app->demo;
    c->shell.practice = c->app->office->practice;
    c->r->res.status = 401;
    show_relogin(c, &p);
}

/* Signed in again: offer to send what was kept. */
static void show_what_was_kept(struct ctx *c, struct str action)
{
    struct page_kept p = {0};
    size_t cap = 0;
    p.action = ctx_local(action);
    for (size_t i = 0; i < c->r->form->n_fields; i++) {
        struct str name = c->r->form->fields[i].name;
        if (kept_name(&name))
            ARENA_PUSH(c->a, p.fields, p.n_fields, cap) =
                (struct kept_field){name, c->r->form->fields[i].value};
    }
    show_kept(c, &p);
}

enum code do_login(struct ctx *c, struct err *e)
{
    struct sign_in in = {.login = str_trim(req_field(c->r, "login")),
        .password = req_field(c->r, "password"),
        .address = c->r->peer,
        .agent = req_header(c->r, "user-agent"),
        .now_ms = clock_now_ms()};
    struct str next = ctx_local(req_field(c->r, "next")), kept = req_field(c->r, "kept_action");
    char token[TOKEN_SIZE];
    enum code code;
    if (!door_is_ours(c)) {
        show_door(c, in.login, S("页面已过期，请再登录一次"), next);
        return OK;
    }
    code = session_sign_in(&c->app->door, c->a, &in, token, &c->session, e);
    if (code == E_DENIED || code == E_INPUT) {
        c->r->res.status = 403;
        show_door(c, in.login, arena_str(c->a, str_z(e->msg)), next);
        return OK;
    }
    if (code != OK)
        return code;
    c->signed_in = true;
    c->v = &c->session.viewer;
    set_cookie(c, cookie_name(c), str_z(token), "");
    set_cookie(c, "door", S(""), "; Max-Age=0");
    if (c->session.must_change)
        ctx_redirect(c, S("/password"));
    else if (kept.n > 0)
        show_what_was_kept(c, kept);
    else
        ctx_redirect(c, next);
    return OK;
}

enum code do_logout(struct ctx *c, struct err *e)
{
    TRY(session_sign_out(&c->app->door, req_cookie(c->r, cookie_name(c)), e));
    set_cookie(c, cookie_name(c), S(""), "; Max-Age=0");
    ctx_redirect(c, S("/login"));
    return OK;
}

static void show_password_page(struct ctx *c, struct str problem)
{
    struct page_password p = {c->session.must_change, problem};
    show_password(c, &p);
}

enum code page_password(struct ctx *c, struct err *e)
{
    (void)e;
    show_password_page(c, S(""));
    return OK;
}

enum code do_password(struct ctx *c, struct err *e)
{
    struct str fresh = req_field(c->r, "new");
    bool first = c->session.must_change;
    enum code code;
    if (!str_eq(fresh, req_field(c->r, "again"))) {
        c->r->res.status = 400;
        show_password_page(c, S("两遍新密码不一样"));
        return OK;
    }
    code = person_change_password(
        &c->app->door, &c->session, req_field(c->r, "old"), fresh, clock_now_ms(), e);
    if (code == E_DENIED || code == E_INPUT) {
        c->r->res.status = 400;
        show_password_page(c, arena_str(c->a, str_z(e->msg)));
        return OK;
    }
    if (code != OK)
        return code;
    ctx_flash(c, S("密码已修改，其他地方的登录已退出"));
    /* the first password of one's own: somebody new; he is shown what his post is */
    ctx_redirect(c, first && access_may(c->v, ACT_ITEMS) ? S("/arrival/me?first=1") : S("/"));
    return OK;
}

/* "Chrome 浏览器 · Windows": enough to tell one's own machines apart. The first that fits: many a browser also
 * calls itself Chrome, and every one of them Mozilla. */
static struct str agent_name(struct ctx *c, struct str ua)
{
    static const char *const browsers[][2] = {{"MicroMessenger/", "微信"}, {"DingTalk/", "钉钉"},
        {"QQBrowser/", "QQ 浏览器"}, {"360SE", "360 浏览器"}, {"360EE", "360 浏览器"},
        {"Qaxbrowser", "奇安信浏览器"}, {"UOS", "统信浏览器"}, {"Edg/", "Edge 浏览器"},
        {"OPR/", "Opera 浏览器"}, {"Firefox/", "Firefox 浏览器"}, {"Chrome/", "Chrome 浏览器"},
        {"Version/", "Safari 浏览器"}, {"Trident/", "IE 浏览器"}};
    static const char *const systems[][2] = {{"HarmonyOS", "鸿蒙"}, {"OpenHarmony", "鸿蒙"},
        {"Android", "安卓"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
        {"Macintosh", "macOS"}, {"Linux", "Linux"}};
    struct str name = S("其他程序"), system = S("");
    for (size_t i = sizeof(browsers) / sizeof(browsers[0]); i-- > 0;)
        if (str_has(ua, str_z(browsers[i][0])))
            name = str_z(browsers[i][1]);
    for (size_t i = sizeof(systems) / sizeof(systems[0]); i-- > 0;)
        if (str_has(ua, str_z(systems[i][0])))
            system = str_z(systems[i][1]);
    return system.n ? arena_printf(c->a, "%.*s · %.*s", SF(name), SF(system)) : name;
}

static enum code fill_phrases(struct ctx *c, struct db *db, struct page_account *p, struct err *e)
{
    struct own_phrase *v;
    size_t n;
    TRY(phrase_list(db, c->a, c->v->person, &v, &n, e));
    p->phrases = ARENA_ARRAY(c->a, struct own_phrase_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->phrases[p->n_phrases++] =
            (struct own_phrase_row){v[i].id, v[i].text, i == 0, i + 1 == n};
    return OK;
}

static enum code account(struct ctx *c, struct str problem, struct err *e)
{
    struct page_account p = {.login = c->session.login,
        .name = c->session.name,
        .last_login = {c->session.last_ms},
        .last_where = c->session.last_address,
        .problem = problem,
        .typed = problem.n ? req_field(c->r, "text") : S("")};
    struct session *list;
    struct person who;
    struct db *db;
    struct buf roles;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = person_get(db, c->a, c->v->person, &who, e);
    if (code == OK)
        code = fill_phrases(c, db, &p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    p.unit = who.unit_name;
    buf_init(&roles, 0);
    roles_write(&roles, who.roles);
    p.roles = arena_str(c->a, buf_view(&roles));
    buf_release(&roles);
    TRY(session_list(&c->app->door, c->a, c->v->person, clock_now_ms(), &list, &p.n_sessions, e));
    p.sessions = ARENA_ARRAY(c->a, struct session_row, p.n_sessions);
    for (size_t i = 0; i < p.n_sessions; i++)
        p.sessions[i] = (struct session_row){arena_printf(c->a, "%lld", (long long)list[i].id),
            list[i].address, agent_name(c, list[i].agent), {list[i].created_ms}, {list[i].seen_ms},
            list[i].id == c->session.id};
    show_account(c, &p);
    return OK;
}

enum code page_account(struct ctx *c, struct err *e)
{
    return account(c, S(""), e);
}

struct phrase_job {
    struct str act, text;
    int64_t id;
};

static enum code write_phrase(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct phrase_job *j = c->job;
    if (str_eq(j->act, S("add")))
        return phrase_add(db, c->v->person, j->text, e);
    if (str_eq(j->act, S("drop")))
        return phrase_drop(db, c->v->person, j->id, e);
    return phrase_move(db, c->v->person, j->id, str_eq(j->act, S("up")), e);
}

static enum code after_phrase(struct ctx *c, enum code code, struct err *e)
{
    const struct phrase_job *j = c->job;
    struct str back = req_field(c->r, "back");
    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        return account(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    if (str_eq(j->act, S("add")))
        ctx_flash(c, S("已存为常用语"));
    ctx_redirect(c, back.n ? ctx_local(back) : S("/account#phrases"));
    return OK;
}

enum code do_phrase(struct ctx *c, struct err *e)
{
    struct phrase_job *j = ARENA_NEW(c->a, struct phrase_job);
    *j = (struct phrase_job){.act = req_field(c->r, "act"),
        .text = req_field(c->r, "text"),
        .id = ctx_int(req_field(c->r, "id"), 1, INT64_MAX, 0)};
    if (!str_eq(j->act, S("add")) && !str_eq(j->act, S("up")) && !str_eq(j->act, S("down")) &&
        !str_eq(j->act, S("drop")))
        return FAIL(e, E_INPUT, "没有这种办理");
    c->job = j;
    return ctx_write(c, write_phrase, c, after_phrase);
}

enum code do_session_end(struct ctx *c, struct err *e)
{
    int64_t id;
    TRY(id_parse(req_field(c->r, "session"), &id, e));
    TRY(session_revoke(&c->app->door, c->v->person, id, e));
    ctx_redirect(c, S("/account"));
    return OK;
}
