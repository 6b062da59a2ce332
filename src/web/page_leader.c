/* page_leader.c - leaders: through whom they are reached, who is away, what they catch up on. */
#include "office/absence.h"
#include "office/leader.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

/* ---- who is here ---- */

static enum code fill_leaders(struct ctx *c, struct db *db, struct page_leaders *p, struct err *e)
{
    struct leader *v;
    struct person *all;
    size_t n, n_all;
    TRY(leader_list(db, c->a, ctx_actor(c), &v, &n, e));
    TRY(person_list(db, c->a, 0, false, &all, &n_all, e));
    p->may = remark_may_enter(ctx_actor(c));
    p->rows = ARENA_ARRAY(c->a, struct leader_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct choices l = {0};
        choice_add(c, &l, S(""), S("不设"), v[i].contact == 0);
        for (size_t k = 0; k < n_all; k++)
            if (all[k].roles & (ROLE_SECRETARY | ROLE_CHIEF | ROLE_LIAISON))
                choice_add(c, &l, arena_printf(c->a, "%lld", (long long)all[k].id),
                    arena_printf(c->a, "%.*s　%.*s", SF(all[k].name), SF(all[k].unit_name)),
                    all[k].id == v[i].contact);
        p->rows[p->n_rows++] = (struct leader_row){.id = v[i].id,
            .name = v[i].name,
            .title = v[i].title,
            .contacts = l.v,
            .n_contacts = l.n,
            .contact = v[i].contact_name,
            .away = v[i].away,
            .away_id = v[i].away_id,
            .waiting = v[i].waiting,
            .link = arena_printf(c->a, "/leaders/%lld/catch-up", (long long)v[i].id)};
    }
    return OK;
}

static enum code show_all(struct ctx *c, struct str problem, struct err *e)
{
    struct page_leaders p = {.problem = problem};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_leaders(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_leaders(c, &p);
    return OK;
}

enum code page_leaders(struct ctx *c, struct err *e)
{
    return show_all(c, S(""), e);
}

static enum code end_absence(struct db *db, struct ctx *c, struct err *e)
{
    struct leader *v;
    size_t n;
    TRY(leader_list(db, c->a, ctx_actor(c), &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == c->id && v[i].away_id)
            return absence_end(db, ctx_actor(c), v[i].away_id, e);
    return FAIL(e, E_CONFLICT, "没有登记外出，请刷新后再看");
}

static enum code write_leader(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct str act = req_field(c->r, "act");
    if (str_eq(act, S("back")))
        return end_absence(db, c, e);
    if (str_eq(act, S("contact")))
        return leader_contact_save(
            db, ctx_actor(c), c->id, ctx_int(req_field(c->r, "contact"), 1, INT64_MAX, 0), e);
    struct absence x = {.person = c->id,
        .from_day = str_trim(req_field(c->r, "from_day")),
        .to_day = str_trim(req_field(c->r, "to_day")),
        .why = ctx_words(c, req_field(c->r, "why"))};
    return absence_save(db, ctx_actor(c), &x, e);
}

static bool is_fault(enum code code)
{
    return code == E_INPUT || code == E_LIMIT || code == E_CONFLICT || code == E_DENIED;
}

static enum code after_leader(struct ctx *c, enum code code, struct err *e)
{
    if (is_fault(code)) {
        c->r->res.status = code == E_DENIED ? 403 : code == E_CONFLICT ? 409 : 400;
        return show_all(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    struct str act = req_field(c->r, "act");
    ctx_flash(c, str_eq(act, S("back"))      ? S("已登记回来，补阅单可以打印")
                 : str_eq(act, S("contact")) ? S("联系人已设定")
                                             : S("已登记外出，轮到他的文件会跳过，回后补阅"));
    ctx_redirect(c, S("/leaders"));
    return OK;
}

enum code do_leader(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_leader, c, after_leader);
}

/* ---- back ---- */

static struct str today(struct ctx *c)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(clock_day(ctx_actor(c)->now_ms, ZONE_CHINA)), iso));
}

static enum code fill_catch_up(struct ctx *c, struct db *db, struct page_catch_up *p, struct err *e)
{
    struct catch_up *v;
    struct leader *l;
    size_t n, n_l;
    p->id = c->id;
    TRY(leader_list(db, c->a, ctx_actor(c), &l, &n_l, e));
    for (size_t i = 0; i < n_l; i++)
        if (l[i].id == c->id) {
            p->name = l[i].name;
            p->title = l[i].title;
            p->away = l[i].away;
        }
    if (!p->name.n)
        return FAIL(e, E_NOTFOUND, "没有这位领导");
    p->may = remark_may_enter(ctx_actor(c));
    p->today = today(c);
    p->day = p->today;
    TRY(catch_up_list(db, c->a, ctx_actor(c), c->id, &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct catch_up_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = (struct catch_up_row){.ask = v[i].ask,
            .no = (int64_t)i + 1,
            .number = v[i].item_number,
            .title = v[i].item_title,
            .purpose = v[i].purpose,
            .skipped = minute_text(c, v[i].at_ms),
            .why = v[i].why,
            .since = v[i].since,
            .state = v[i].state,
            .closed = v[i].closed,
            .link = item_link(c->a, v[i].item, S(""), 0)};
    return OK;
}

static enum code show_sheet(struct ctx *c, struct str problem, struct err *e)
{
    struct page_catch_up p = {.problem = problem};
    struct db *db;
    if (!problem.n)
        p.done = ctx_flash_take(c);
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_catch_up(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    show_catch_up(c, &p);
    return OK;
}

enum code page_catch_up(struct ctx *c, struct err *e)
{
    return show_sheet(c, S(""), e);
}

static enum code write_catch_up(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct form *f = c->r->form;
    size_t done = 0;
    for (size_t i = 0; i < f->n_fields; i++) {
        int64_t ask = ctx_int(f->fields[i].value, 1, INT64_MAX, 0);
        if (!str_eq(f->fields[i].name, S("ask")) || !ask)
            continue;
        struct str words = req_field(c->r, arena_printf(c->a, "words.%lld", (long long)ask).p);
        TRY(catch_up_answer(db, ctx_actor(c), ask, words, req_field(c->r, "day"), e));
        done++;
    }
    return done ? OK : FAIL(e, E_INPUT, "没有勾选补阅了哪几件");
}

static enum code after_catch_up(struct ctx *c, enum code code, struct err *e)
{
    if (is_fault(code)) {
        c->r->res.status = code == E_DENIED ? 403 : code == E_CONFLICT ? 409 : 400;
        return show_sheet(c, arena_str(c->a, str_z(e->msg)), e);
    }
    TRY(code);
    ctx_flash(c, S("补阅已登记，已经定下的不变"));
    ctx_redirect(c, arena_printf(c->a, "/leaders/%lld/catch-up", (long long)c->id));
    return OK;
}

enum code do_catch_up(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_catch_up, c, after_catch_up);
}
