/* page_climb.c - an urgent matter: raising it, watching whom it calls, saying that one has it. */
#include "base/id.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"
#include "web/shift_rows.h"

#define KIND "urgent"

/* ---- raising ---- */

struct raising {
    struct str subject, class, place, reporter, phone;
    int64_t item, whose;
    bool again;
};

static enum code fill_urgent(
    struct ctx *c, struct db *db, struct str class, struct page_duty_urgent *p, struct err *e)
{
    const struct kind *k;
    struct duty_rule r;
    struct choices l = {0};
    TRY(kinds_get(c->app->office->kinds, db, S(KIND), 0, &k, e));
    TRY(duty_rule_get(db, c->a, &r, e));
    p->minutes = k->climb && k->climb->minutes ? k->climb->minutes : r.climb_minutes;
    size_t f = kind_field_of(k, S("class"));
    choice_add(c, &l, S(""), S("（先不分）"), !class.n);
    for (size_t i = 0; f != SIZE_MAX && i < k->fields[f].n_choices; i++)
        choice_add(c, &l, k->fields[f].choices[i], k->fields[f].choices[i],
            str_eq(class, k->fields[f].choices[i]));
    p->classes = l.v;
    p->n_classes = l.n;
    return duty_now_rows(c, db, &p->now, &p->n_now, e);
}

static enum code show_urgent(
    struct ctx *c, struct str class, struct page_duty_urgent *p, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_urgent(c, db, class, p, e);
    store_read_end(db);
    if (code == OK)
        show_duty_urgent(c, p);
    return code;
}

enum code page_duty_urgent(struct ctx *c, struct err *e)
{
    struct page_duty_urgent p = {.problem = S("")};
    return show_urgent(c, S(""), &p, e);
}

static void put(json_t *o, const char *key, struct str s)
{
    if (s.n)
        (void)json_object_set_new(o, key, json_stringn(s.p, s.n));
}

static enum code write_urgent(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct raising *r = c->job;
    json_t *o = json_object();
    put(o, "subject", r->subject);
    put(o, "class", r->class);
    put(o, "place", r->place);
    put(o, "reporter", r->reporter);
    put(o, "phone", r->phone);
    struct item_open open = {.kind = S(KIND), .fields = o, .urgency = URGENCY_URGENT};
    enum code code = item_open(db, ctx_actor(c), &open, &r->item, e);
    json_decref(o);
    return code;
}

static struct str climb_link(struct ctx *c, int64_t item)
{
    return arena_printf(c->a, "/duty/climbs/%lld", (long long)item);
}

static enum code after_urgent(struct ctx *c, enum code code, struct err *e)
{
    const struct raising *r = c->job;
    if (code == E_INPUT || code == E_LIMIT) {
        struct page_duty_urgent p = {.problem = arena_str(c->a, str_z(e->msg)),
            .subject = r->subject,
            .place = r->place,
            .reporter = r->reporter,
            .phone = r->phone};
        c->r->res.status = 400;
        return show_urgent(c, r->class, &p, e);
    }
    if (code == OK) {
        ctx_flash(c, S("已登记，正在呼叫值班人员"));
        ctx_redirect(c, climb_link(c, r->item));
    }
    return code;
}

enum code do_duty_urgent(struct ctx *c, struct err *e)
{
    struct raising *r = ARENA_NEW(c->a, struct raising);
    (void)e;
    r->subject = req_field(c->r, "subject");
    r->class = req_field(c->r, "class");
    r->place = ctx_words(c, req_field(c->r, "place"));
    r->reporter = ctx_words(c, req_field(c->r, "reporter"));
    r->phone = ctx_words(c, req_field(c->r, "phone"));
    c->job = r;
    return ctx_write(c, write_urgent, c, after_urgent);
}

/* ---- watching ---- */

static struct str next_text(struct ctx *c, const struct climb *k)
{
    int64_t left = k->next_ms - ctx_actor(c)->now_ms;
    if (left < MS_MINUTE)
        return arena_printf(c->a, "马上通知%s", duty_seat_name(k->seat));
    return arena_printf(c->a, "%lld分钟内没有人接，就通知%s",
        (long long)((left + MS_MINUTE - 1) / MS_MINUTE), duty_seat_name(k->seat));
}

static void fill_state(struct ctx *c, const struct climb *k, bool there, struct page_climb *p)
{
    static const char *const names[] = {"没有呼叫过", "正在呼叫", "已有人接到", "不再呼叫"};
    static const char *const classes[] = {"ended", "calling", "acked", "ended"};
    p->state = str_z(names[there ? k->state : 0]);
    p->state_class = str_z(classes[there ? k->state : 0]);
    if (!there)
        return;
    p->since = minute_text(c, k->started_ms);
    p->raised = k->raised_name;
    if (k->state == CLIMB_CALLING)
        p->next = next_text(c, k);
    if (k->state == CLIMB_ACKED)
        p->acked = k->for_person
                       ? arena_printf(c->a, "%.*s %.*s电话接到（%.*s代记）",
                             SF(minute_text(c, k->acked_ms)), SF(k->for_name), SF(k->acked_name))
                       : arena_printf(c->a, "%.*s %.*s接到", SF(minute_text(c, k->acked_ms)),
                             SF(k->acked_name));
    p->may_ack = k->state == CLIMB_CALLING && k->raised_by != c->v->person;
}

/* Those on duty who may be noted as reached by phone. */
static enum code fill_reached(
    struct ctx *c, struct db *db, const struct climb *k, struct page_climb *p, struct err *e)
{
    struct duty_shift s;
    struct choices l = {0};
    bool on = false;
    TRY(duty_at(db, c->a, ctx_actor(c)->now_ms, &s, &on, e));
    for (int i = 0; on && i < N_DUTY_SEAT; i++)
        if (s.who[i] && s.who[i] != c->v->person && s.who[i] != k->raised_by)
            choice_add(c, &l, arena_printf(c->a, "%lld", (long long)s.who[i]),
                arena_printf(c->a, "%s %.*s", duty_seat_name((enum duty_seat)i), SF(s.name[i])),
                false);
    p->reached = l.v;
    p->n_reached = l.n;
    return OK;
}

static enum code fill_steps(
    struct ctx *c, struct db *db, const struct climb *k, struct page_climb *p, struct err *e)
{
    struct climb_step *v;
    size_t n;
    TRY(climb_steps(db, c->a, ctx_actor(c), k, &v, &n, e));
    p->steps = ARENA_ARRAY(c->a, struct climb_step_row, n + 1);
    for (size_t i = n; i-- > 0;)
        p->steps[p->n_steps++] = (struct climb_step_row){.at = minute_text(c, v[i].at_ms),
            .round = v[i].round,
            .seat = str_z(duty_seat_name(v[i].seat)),
            .name = v[i].name,
            .phone = v[i].phone,
            .skipped = v[i].skipped};
    return OK;
}

static enum code fill_climb(struct ctx *c, struct db *db, struct page_climb *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct item it;
    struct climb k = {0};
    const struct kind *kind;
    bool there = false;
    TRY(item_get(db, c->a, by, c->id, &it, e));
    TRY(climb_get(db, c->a, by, c->id, &k, &there, e));
    p->item = it.id;
    p->title = it.title;
    p->number = it.number;
    p->revision = it.revision;
    fill_state(c, &k, there, p);
    TRY(kinds_get(c->app->office->kinds, db, it.kind, it.kind_version, &kind, e));
    p->may_again = kind->climb && there && k.state == CLIMB_ACKED && !it.closed_ms;
    if (!there)
        return OK;
    if (k.state == CLIMB_CALLING)
        TRY(fill_reached(c, db, &k, p, e));
    return fill_steps(c, db, &k, p, e);
}

static enum code show_call(struct ctx *c, struct str problem, struct err *e)
{
    struct page_climb p = {.problem = problem, .done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_climb(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_climb(c, &p);
    return code;
}

enum code page_climb(struct ctx *c, struct err *e)
{
    return show_call(c, S(""), e);
}

/* ---- acknowledging ---- */

static enum code write_climb(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct raising *r = c->job;
    return r->again ? climb_again(db, ctx_actor(c), c->id, e)
                    : climb_ack(db, ctx_actor(c), c->id, r->whose, e);
}

static enum code after_climb(struct ctx *c, enum code code, struct err *e)
{
    const struct raising *r = c->job;
    if (code == E_INPUT || code == E_CONFLICT || code == E_DENIED) {
        c->r->res.status = code == E_INPUT ? 400 : code == E_DENIED ? 403 : 409;
        return show_call(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(
            c, r->again ? S("正在再次呼叫值班人员") : S("已记下，不再呼叫别人；登记人已收到通知"));
        ctx_redirect(c, climb_link(c, c->id));
    }
    return code;
}

enum code do_climb(struct ctx *c, struct err *e)
{
    struct raising *r = ARENA_NEW(c->a, struct raising);
    (void)e;
    r->again = str_eq(req_field(c->r, "act"), S("again"));
    r->whose = ctx_int(req_field(c->r, "whose"), 1, INT64_MAX, 0);
    c->job = r;
    return ctx_write(c, write_climb, c, after_climb);
}
