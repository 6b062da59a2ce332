/* page_notice.c - what came for me, and how I want to get it. */
#include "base/id.h"
#include "office/notice_post.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { ROWS = 50 };

/* ---- the list ---- */

/* "1-1783904400000-42": unread, instant, id of the row before. */
static enum code read_key(struct ctx *c, struct notice_key *out, struct err *e)
{
    struct str rest = req_query(c->r, "after"), part;
    int64_t v[3] = {0};
    int n = 0;
    *out = (struct notice_key){0};
    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("after")))
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(c->r->head.query[i].name));
    if (!rest.n)
        return OK;
    while (n < 3 && str_next(&rest, S("-"), &part))
        TRY(str_int(part, &v[n++], e));
    if (n != 3 || rest.n)
        return FAIL(e, E_INPUT, "这一页的网址不完整，请从通知首页重新打开");
    *out = (struct notice_key){v[0], v[1], v[2]};
    return OK;
}

static struct notice_row row_of(struct ctx *c, const struct notice *v)
{
    return (struct notice_row){.id = v->id,
        .item = v->item,
        .kind = str_z(notice_kind_name(v->kind)),
        .title = v->title,
        .number = v->number,
        .by = v->by_name,
        .text = v->text,
        .times = v->n,
        .at = {v->at_ms},
        .unread = v->unread,
        .urgent =
            v->kind == NOTICE_REMINDED || v->kind == NOTICE_ESCALATED || v->kind == NOTICE_CLIMB,
        .failed = v->failed,
        .link = arena_printf(c->a, "/notices/%lld", (long long)v->id)};
}

static enum code fill_list(struct ctx *c, struct db *db, struct page_notices *p, struct err *e)
{
    struct notice_key key;
    struct notice *v;
    size_t n;
    bool more;
    TRY(read_key(c, &key, e));
    TRY(notice_list(db, c->a, ctx_actor(c), key, ROWS, &v, &n, &more, e));
    TRY(notice_unread(db, c->v->person, &p->unread, e));
    p->rows = ARENA_ARRAY(c->a, struct notice_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = row_of(c, &v[i]);
    if (more)
        p->next = arena_printf(c->a, "/notices?after=%d-%lld-%lld", v[n - 1].unread ? 1 : 0,
            (long long)v[n - 1].at_ms, (long long)v[n - 1].id);
    if (key.id)
        p->first = S("/notices");
    return OK;
}

enum code page_notices(struct ctx *c, struct err *e)
{
    struct page_notices p = {.done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_list(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_notices(c, &p);
    return code;
}

/* ---- reading ---- */

struct reading {
    int64_t id, item, manuscript;
};

static enum code write_read(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct reading *r = c->job;
    if (r->id)
        TRY(notice_item(db, c->v->person, r->id, &r->item, &r->manuscript, e));
    return notice_read(db, c->v->person, r->id, ctx_actor(c)->now_ms, e);
}

static enum code to_list(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    if (code == OK)
        ctx_redirect(c, S("/notices"));
    return code;
}

enum code do_notices_read(struct ctx *c, struct err *e)
{
    struct reading *r = ARENA_NEW(c->a, struct reading);
    struct str id = req_field(c->r, "id");
    if (id.n)
        TRY(id_parse(id, &r->id, e));
    c->job = r;
    return ctx_write(c, write_read, c, to_list);
}

static enum code to_item(struct ctx *c, enum code code, struct err *e)
{
    const struct reading *r = c->job;
    (void)e;
    if (code == OK)
        ctx_redirect(c, r->manuscript
                            ? arena_printf(c->a, "/manuscripts/%lld", (long long)r->manuscript)
                            : item_link(c->a, r->item, S("/notices"), 0));
    return code;
}

/* Whoever opens the item from here has read the notice. */
enum code page_notice(struct ctx *c, struct err *e)
{
    struct reading *r = ARENA_NEW(c->a, struct reading);
    (void)e;
    r->id = c->id;
    c->job = r;
    return ctx_write(c, write_read, c, to_item);
}

/* ---- settings ---- */

static const char *const hints[N_NOTICE] = {[NOTICE_ASKED] = "有人请我或本单位办理",
    [NOTICE_WAITING] = "事项到了我该办的一步",
    [NOTICE_ANSWERED] = "我请办的有了回复",
    [NOTICE_RETURNED] = "我经办的被退回",
    [NOTICE_HANDED] = "事项移交给我",
    [NOTICE_REMINDED] = "被催办，或期限快到",
    [NOTICE_ESCALATED] = "下面的单位逾期没有回复",
    [NOTICE_TOLD] = "留言里告知我",
    [NOTICE_EXTEND] = "申请延期、准予延期",
    [NOTICE_CLOSED] = "我经办的已办结",
    [NOTICE_CLIMB] = "特急事项叫到我",
    [NOTICE_BRIEF] = "领导和秘书科：每个工作日早上的一页纸"};

static struct str clock_text(struct ctx *c, int minutes)
{
    return arena_printf(c->a, "%02d:%02d", minutes / 60, minutes % 60);
}

static void fill_choices(
    struct ctx *c, const struct notice_setting *s, struct page_notice_settings *p)
{
    struct choices rhythms = {0};
    p->mail = s->mail;
    p->kinds = ARENA_ARRAY(c->a, struct notice_choice, N_NOTICE);
    for (int k = 1; k < N_NOTICE; k++) {
        if (k == NOTICE_CLIMB) /* comes to everybody it calls, chosen or not */
            continue;
        p->kinds[p->n_kinds++] = (struct notice_choice){.kind = k,
            .name = str_z(notice_kind_name((enum notice_kind)k)),
            .hint = str_z(hints[k]),
            .only_mail = k == NOTICE_BRIEF,
            .mail = (s->mail_kinds >> k & 1) != 0,
            .hook = (s->hook_kinds >> k & 1) != 0};
    }
    if (s->quiet_from != s->quiet_to) {
        p->quiet_from = clock_text(c, s->quiet_from);
        p->quiet_to = clock_text(c, s->quiet_to);
    }
    for (int r = 0; r < N_RHYTHM; r++)
        choice_add(c, &rhythms, arena_printf(c->a, "%d", r),
            str_z(notice_rhythm_name((enum notice_rhythm)r)), r == (int)s->rhythm);
    p->rhythms = rhythms.v;
    p->n_rhythms = rhythms.n;
}

static enum code fill_hooks(
    struct ctx *c, struct db *db, struct page_notice_settings *p, struct err *e)
{
    struct notice_hook *v;
    struct unit *units;
    struct choices us = {0};
    size_t n, n_units;
    TRY(hook_list(db, c->a, &v, &n, e));
    p->hooks = ARENA_ARRAY(c->a, struct hook_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->hooks[p->n_hooks++] =
            (struct hook_row){v[i].id, v[i].name, v[i].unit_name, v[i].host, v[i].error};
    p->may_hook = (c->v->roles & ROLE_CHIEF) != 0;
    if (!p->may_hook)
        return OK;
    TRY(unit_list(db, c->a, false, &units, &n_units, e));
    for (size_t i = 0; i < n_units; i++)
        choice_add(c, &us, arena_printf(c->a, "%lld", (long long)units[i].id), units[i].short_name,
            str_eq(req_field(c->r, "unit"), arena_printf(c->a, "%lld", (long long)units[i].id)));
    p->units = us.v;
    p->n_units = us.n;
    return OK;
}

/* `typed`: what could not be saved; NULL: as it is kept. */
static enum code show_mine(
    struct ctx *c, const struct notice_setting *typed, struct str problem, struct err *e)
{
    struct page_notice_settings p = {.problem = problem, .name = req_field(c->r, "name")};
    struct notice_setting kept;
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = notice_setting_get(db, c->a, c->v->person, &kept, e);
    if (code == OK)
        code = fill_hooks(c, db, &p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    fill_choices(c, typed ? typed : &kept, &p);
    show_notice_settings(c, &p);
    return OK;
}

enum code page_notice_settings(struct ctx *c, struct err *e)
{
    return show_mine(c, NULL, S(""), e);
}

/* "21:00" to minutes; empty: 0. -1: no time. */
static int minutes_of(struct str s)
{
    int h, m;
    if (!s.n)
        return 0;
    if (!str_eat_digits(&s, 1, 2, &h) || !str_eat(&s, S(":")) || !str_eat_digits(&s, 2, 2, &m) ||
        h > 23 || m > 59)
        return -1;
    return h * 60 + m;
}

static uint32_t kinds_sent(const struct ctx *c, const char *name)
{
    const struct form *f = c->r->form;
    uint32_t set = 0;
    for (size_t i = 0; f && i < f->n_fields; i++)
        if (str_eq(f->fields[i].name, str_z(name)))
            set |= 1U << ctx_int(f->fields[i].value, 0, N_NOTICE - 1, 0);
    return set & ~1U;
}

static struct notice_setting *read_form(struct ctx *c)
{
    struct notice_setting *s = ARENA_NEW(c->a, struct notice_setting);
    *s = (struct notice_setting){.mail = ctx_words(c, req_field(c->r, "mail")),
        .quiet_from = minutes_of(req_field(c->r, "quiet_from")),
        .quiet_to = minutes_of(req_field(c->r, "quiet_to")),
        .rhythm = (enum notice_rhythm)ctx_int(req_field(c->r, "rhythm"), 0, N_RHYTHM, N_RHYTHM)};
    s->mail_kinds = kinds_sent(c, "mail_kind");
    s->hook_kinds = kinds_sent(c, "hook_kind");
    return s;
}

static enum code write_setting(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    return notice_setting_put(db, c->v->person, c->job, e);
}

static enum code after_setting(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT) {
        c->r->res.status = 400;
        return show_mine(c, c->job, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, S("已保存，从下一条通知起照此发送"));
        ctx_redirect(c, S("/account/notices"));
    }
    return code;
}

enum code do_notice_settings(struct ctx *c, struct err *e)
{
    (void)e;
    c->job = read_form(c);
    return ctx_write(c, write_setting, c, after_setting);
}

/* A robot's address goes into a file beside the database: this one waits with its worker. */
enum code do_hook_add(struct ctx *c, struct err *e)
{
    int64_t id, unit = ctx_int(req_field(c->r, "unit"), 1, INT64_MAX, 0);
    enum code code = hook_add(c->app->office, c->v, unit, ctx_words(c, req_field(c->r, "name")),
        req_field(c->r, "url"), &id, e);
    if (code == E_INPUT) {
        c->r->res.status = 400;
        return show_mine(c, NULL, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, S("已添加群机器人，地址不再显示"));
    ctx_redirect(c, S("/account/notices"));
    return OK;
}

enum code do_hook_remove(struct ctx *c, struct err *e)
{
    TRY(hook_remove(c->app->office, c->v, c->id, e));
    ctx_flash(c, S("已删除群机器人"));
    ctx_redirect(c, S("/account/notices"));
    return OK;
}
