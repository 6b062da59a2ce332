/* ctx.c - answering, writing, reading: what every page does. */
#include "web/ctx.h"

#include <assert.h>
#include <string.h>

#include "office/document.h"
#include "office/item.h"
#include "pages.h"
#include "store/blob.h"
#include "web/assets.h"
#include "web/ctx_int.h"
#include "web/live.h"
#include "web/nav.h"
#include "web/once.h"
#include "web/route.h"

enum { FLASH_MAX = 300 };

const char *asset(const char *name)
{
    for (unsigned long i = 0; i < n_assets; i++)
        if (strcmp(assets[i].name, name) == 0)
            return assets[i].url;
    assert(!"no such asset");
    return "";
}

struct url_part url(struct str s)
{
    return (struct url_part){s};
}

struct iso_day iso_day(struct str s)
{
    return (struct iso_day){s};
}

/* ---- the shell ---- */
static bool of_an_item(const struct ctx *c)
{
    struct str p = c->r->head.path;
    return str_starts(p, S("/o/")) ||
           (c->id && (str_starts(p, S("/items/")) || str_starts(p, S("/asks/"))));
}

void ctx_level(struct ctx *c, int level)
{
    c->level_told = true;
    c->shell.closed_words = level >= LEVEL_WORK_SECRET;
}

void ctx_secret(struct ctx *c, enum code code)
{
    c->secret = c->secret || code == E_SECRET;
}

/* What the browser says of itself; one that keeps it to itself gets what every browser gets. */
static bool from_phone(struct ctx *c)
{
    struct str says = req_header(c->r, "sec-ch-ua-mobile");
    if (says.n)
        return str_eq(says, S("?1"));
    return str_has(req_header(c->r, "user-agent"), S("Mobile"));
}

/* A page that somebody looks at, not one of the pieces that our scripts ask for. */
static bool for_eyes(struct ctx *c)
{
    return str_starts(req_header(c->r, "accept"), S("text/html,"));
}

const struct shell *ctx_shell(struct ctx *c)
{
    if (c->shell.version)
        return &c->shell;
    c->shell.version = QIANSHAO_VERSION;
    c->shell.demo = c->app->demo;
    c->shell.practice = c->app->office->practice;
    c->shell.light = c->route && c->route->fn == page_portal;
    c->shell.phone = from_phone(c);
    c->shell.signed_in = c->signed_in && !c->session.must_change;
    if (!c->signed_in)
        return &c->shell;
    c->shell.person = c->v->person;
    c->shell.closed_words = c->shell.closed_words || c->secret || (!c->level_told && of_an_item(c));
    c->shell.user = c->session.name;
    c->shell.login = c->session.login;
    c->shell.may_search = access_may(c->v, ACT_READ);
    c->shell.csrf = str_z(c->session.csrf);
    if (!c->flash_taken && for_eyes(c))
        c->shell.said = ctx_flash_take(c);
    nav_fill(c);
    return &c->shell;
}

const struct actor *ctx_actor(struct ctx *c)
{
    struct actor *by = ARENA_NEW(c->a, struct actor);
    const struct office *o = c->app->office;

    *by = (struct actor){.v = c->v,
        .kinds = o->kinds,
        .calendar = o->calendar,
        .hours = &o->hours,
        .now_ms = c->app->now(),
        .kept = c->seats ? c->seats : (c->seats = seats_room(c->a))};
    return by;
}

/* ---- answering ---- */
struct buf *ctx_html(struct ctx *c)
{
    c->r->res.kind = BODY_BUF;
    buf_clear(&c->r->res.body);
    return &c->r->res.body;
}

bool ctx_json_begin(struct ctx *c, struct jw *j, const char *page)
{
    if (!c->json)
        return false;
    c->r->res.type = S("application/json; charset=utf-8");
    jw_init(j, ctx_html(c));
    jw_obj(j);
    jw_kstr(j, "page", str_z(page));
    if (c->signed_in)
        jw_kstr(j, "csrf", str_z(c->session.csrf));
    jw_key(j, S("data"));
    return true;
}

void ctx_json_end(struct ctx *c, struct jw *j)
{
    (void)c;
    jw_end(j);
}

void ctx_redirect(struct ctx *c, struct str to)
{
    struct jw j;
    if (once_by_script(c)) { /* it goes there itself, once it has cleared away what it kept */
        res_header(&c->r->res, "X-Go", arena_str(c->a, to));
        c->r->res.status = 204;
        return;
    }
    if (!c->json) {
        res_redirect(c->r, to);
        return;
    }
    c->r->res.type = S("application/json; charset=utf-8");
    jw_init(&j, ctx_html(c));
    jw_obj(&j);
    jw_kbool(&j, "ok", true);
    jw_kstr(&j, "location", to);
    jw_end(&j);
}

static const struct {
    int status;
    const char *title, *hint;
} error_pages[] = {
    {400, "请求有误", "请返回上一页核对后重试"},
    {401, "需要登录", "请重新登录"},
    {403, "没有权限", "确有需要的，请与科长或系统管理员联系"},
    {404, "没有这一页", "可能已被删除，或者您看不到它"},
    {405, "不能这样操作", "请从页面上的按钮操作"},
    {409, "已有变化", "请刷新后核对再办理"},
    {413, "内容太大", "请减少文件或分几次提交"},
    {500, "系统出错", "问题已记录，请稍后再试；多次出现请告诉系统管理员"},
    {503, "系统正忙", "请稍后再试"},
    {507, "磁盘已满", "请先把写好的留在本机，告诉系统管理员腾出空间，再办一次"},
};

void ctx_error(struct ctx *c, int status, const char *why)
{
    struct page_error p = {.status = status, .title = S("请求不能受理"), .text = str_z(why)};
    for (size_t i = 0; i < sizeof(error_pages) / sizeof(error_pages[0]); i++)
        if (error_pages[i].status == status) {
            p.title = str_z(error_pages[i].title);
            p.hint = str_z(error_pages[i].hint);
        }
    p.text = arena_str(c->a, p.text);
    c->r->res.status = status;
    show_error(c, &p);
}

void ctx_flash(struct ctx *c, struct str text)
{
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "flash=");
    html_url(&b, url(str_sub(text, 0, FLASH_MAX)));
    buf_z(&b, "; Path=/; HttpOnly; SameSite=Strict; Max-Age=60");
    res_header(&c->r->res, "Set-Cookie", arena_str(c->a, buf_view(&b)));
    buf_release(&b);
}

struct str ctx_flash_take(struct ctx *c)
{
    struct str raw = req_cookie(c->r, "flash"), text;
    c->flash_taken = true;
    if (raw.n == 0 || !head_decode(c->a, raw, false, false, &text))
        return S("");
    res_header(&c->r->res, "Set-Cookie", S("flash=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
    return text;
}

/* ---- writing ---- */
static void write_done(void *arg, enum code code, const struct err *e)
{
    struct ctx *c = arg;
    c->then_code = code;
    if (code == OK)
        live_touch(c->app->live);
    else
        c->then_err = *e;
    http_wake(c->r);
}

enum code ctx_write(struct ctx *c, store_fn fn, void *arg, ctx_then then)
{
    c->then = then;
    c->write = fn;
    seats_forget(c->seats); /* what is shown afterwards is judged by what was written */
    http_later(c->r, ctx_resume);
    store_submit(c->app->office->store, c->once.n ? once_write : fn, arg, write_done);
    return OK;
}

/* ---- reading ---- */
int64_t ctx_int(struct str s, int64_t lo, int64_t hi, int64_t otherwise)
{
    struct err e;
    int64_t v;
    if (s.n == 0 || str_int(s, &v, &e) != OK || v < lo || v > hi)
        return otherwise;
    return v;
}

int64_t ctx_page(struct ctx *c)
{
    return ctx_int(req_query(c->r, "page"), 1, 1000000, 1);
}

struct str ctx_words(struct ctx *c, struct str s)
{
    char *z = arena_z(c->a, str_trim(s));
    size_t n = str_trim(s).n;
    for (size_t i = 0; i < n; i++)
        if (z[i] == '\n' || z[i] == '\t')
            z[i] = ' ';
    return (struct str){z, n};
}

struct str ctx_size(struct ctx *c, int64_t bytes)
{
    if (bytes < 1024)
        return arena_printf(c->a, "%lld 字节", (long long)bytes);
    if (bytes < INT64_C(1024) * 1024)
        return arena_printf(c->a, "%lld KB", (long long)((bytes + 512) / 1024));
    return arena_printf(c->a, "%.1f MB", (double)bytes / (1024.0 * 1024.0));
}

struct str ctx_local(struct str to)
{
    if (to.n == 0 || to.p[0] != '/' || to.n > 1000 || str_starts(to, S("//")) ||
        memchr(to.p, '\\', to.n))
        return S("/");
    for (size_t i = 0; i < to.n; i++)
        if ((unsigned char)to.p[i] < 0x21 || to.p[i] == 0x7f)
            return S("/");
    return to;
}

void choice_add(struct ctx *c, struct choices *l, struct str value, struct str name, bool chosen)
{
    ARENA_PUSH(c->a, l->v, l->n, l->cap) = (struct choice){value, name, -1, chosen};
}

/* RFC 6266: the real name in UTF-8; a plain one for what does not know the form. */
static void disposition(struct ctx *c, const char *how, struct str name)
{
    struct buf b;
    struct str head, ext = S("");
    bool plain = str_cut_last(name, S("."), &head, &ext) && ext.n <= 8;
    for (size_t i = 0; i < ext.n; i++)
        plain =
            plain && ((ext.p[i] >= 'a' && ext.p[i] <= 'z') || (ext.p[i] >= '0' && ext.p[i] <= '9'));
    if (!plain)
        ext = S("bin");
    buf_init(&b, 0);
    buf_printf(&b, "%s; filename=\"document.%.*s\"; filename*=UTF-8''", how, SF(ext));
    if (c->app->office->practice) /* the mark of the page is not in the file */
        html_url(&b, url(S("练习-")));
    html_url(&b, url(name));
    res_header(&c->r->res, "Content-Disposition", arena_str(c->a, buf_view(&b)));
    buf_release(&b);
}

void ctx_attachment(struct ctx *c, struct str name)
{
    disposition(c, "attachment", name);
}

void ctx_shown(struct ctx *c, struct str name)
{
    disposition(c, "inline", name);
}

enum code ctx_picture(struct ctx *c, struct db *db, struct str blob, size_t most, struct err *e)
{
    struct buf b;
    buf_init(&b, most + 1);
    enum code code = blob_read(db, blob, &b, e);
    if (code == OK) {
        res_text(&c->r->res, 200, S("image/png"), arena_str(c->a, buf_view(&b)));
        res_header(&c->r->res, "Cache-Control", S("private, max-age=86400"));
    }
    buf_release(&b);
    return code;
}
