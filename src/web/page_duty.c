/* page_duty.c - the roster: a month, one shift, swaps, the rule, the workbook, people to be reached. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "office/audit.h"
#include "web/people_rows.h"
#include "web/route.h"
#include "web/rows.h"
#include "web/shift_rows.h"

enum { MINE_SHOWN = 6, OTHERS_SHOWN = 120, OTHERS_DAYS = 62 };

/* ---- the month ---- */

struct month {
    int y, m;
    struct str text; /* 2026-07 */
};

/* Empty: the present one. */
static enum code month_of(struct ctx *c, struct str s, struct month *out, struct err *e)
{
    struct civil now = clock_civil(ctx_actor(c)->now_ms, ZONE_CHINA);
    int y = now.day.y, m = now.day.m;
    struct str rest = s;
    if (s.n && (!str_eat_digits(&rest, 4, 4, &y) || !str_eat(&rest, S("-")) ||
                   !str_eat_digits(&rest, 2, 2, &m) || rest.n || m < 1 || m > 12 || y < 2000))
        return FAIL(e, E_INPUT, "月份“%.*s”应写成 2026-07", SF(s));
    *out = (struct month){y, m, arena_printf(c->a, "%04d-%02d", y, m)};
    return OK;
}

static struct str month_link(struct ctx *c, const struct month *m, int by)
{
    int n = m->y * 12 + m->m - 1 + by;
    return arena_printf(c->a, "/duty?month=%04d-%02d", n / 12, n % 12 + 1);
}

static struct duty_swap_row swap_row(struct ctx *c, const struct duty_swap *w, bool keep)
{
    static const char *const states[] = {"等对方答复", "已换", "对方不同意", "已收回"};
    struct str mine = w->s.id ? duty_text(c->a, &w->s, ZONE_CHINA) : S("（已删去的一班）");
    struct str text = arena_printf(c->a, "%.*s的%s %.*s 请%.*s代班", SF(w->person_name),
        duty_seat_name(w->seat), SF(mine), SF(w->to_name));
    if (w->other && w->o.id)
        text = arena_printf(c->a, "%.*s的%s %.*s，和%.*s的%s %.*s 对换", SF(w->person_name),
            duty_seat_name(w->seat), SF(mine), SF(w->to_name), duty_seat_name(w->other_seat),
            SF(duty_text(c->a, &w->o, ZONE_CHINA)));
    return (struct duty_swap_row){.id = w->id,
        .text = text,
        .why = w->why,
        .state = str_z(states[w->state]),
        .asked = minute_text(c, w->asked_ms),
        .noted = w->noted_ms ? arena_printf(c->a, "%.*s %.*s阅", SF(w->noted_name),
                                   SF(minute_text(c, w->noted_ms)))
                             : S(""),
        .may_answer = w->state == SWAP_ASKED && w->to == c->v->person,
        .may_withdraw = w->state == SWAP_ASKED && w->person == c->v->person,
        .may_note = w->state == SWAP_ACCEPTED && !w->noted_ms && keep};
}

static enum code fill_swaps(struct ctx *c, struct db *db, struct page_roster *p, struct err *e)
{
    struct duty_swap *v;
    size_t n;
    TRY(duty_swap_list(db, c->a, p->may_keep ? 0 : c->v->person, false, &v, &n, e));
    p->swaps = ARENA_ARRAY(c->a, struct duty_swap_row, n + 1);
    for (int waiting = 1; waiting >= 0; waiting--)
        for (size_t i = 0; i < n; i++) {
            struct duty_swap_row r = swap_row(c, &v[i], p->may_keep);
            if ((r.may_answer || r.may_note) == (waiting != 0))
                p->swaps[p->n_swaps++] = r;
        }
    return OK;
}

static enum code fill_month(
    struct ctx *c, struct db *db, const struct month *m, struct page_roster *p, struct err *e)
{
    struct duty_showing s = {.c = c, .by = ctx_actor(c)};
    struct duty_shift *v;
    struct duty_warning *w = NULL;
    size_t n, n_w = 0;
    int32_t first = day_num((struct day){m->y, m->m, 1});
    TRY(duty_sees_phones(db, s.by, &s.phones, e));
    TRY(duty_list(db, c->a, clock_day_ms(first, ZONE_CHINA),
        clock_day_ms(first + day_month_len(m->y, m->m), ZONE_CHINA), &v, &n, e));
    TRY(duty_warnings(db, c->a, s.by, v, n, &w, &n_w, e));
    s.warnings = w;
    s.n_warnings = n_w;
    p->warnings = (int64_t)n_w;
    TRY(duty_rows(&s, db, v, n, &p->shifts, e));
    p->n_shifts = n;
    s.n_warnings = 0;
    TRY(duty_mine(db, c->a, c->v->person, s.by->now_ms, MINE_SHOWN, &v, &n, e));
    TRY(duty_rows(&s, db, v, n, &p->mine, e));
    p->n_mine = n;
    return OK;
}

static enum code fill_duty(
    struct ctx *c, struct db *db, const struct month *m, struct page_roster *p, struct err *e)
{
    struct duty_rule r;
    TRY(duty_may_keep(db, ctx_actor(c), &p->may_keep, e));
    TRY(duty_rule_get(db, c->a, &r, e));
    p->ruled = r.n_people[DUTY_A] > 0;
    p->month = m->text;
    p->title = arena_printf(c->a, "%d年%d月", m->y, m->m);
    p->prev = month_link(c, m, -1);
    p->next = month_link(c, m, 1);
    p->printed = duty_printed(c);
    TRY(duty_log_link(c, db, &p->log_link, e));
    TRY(duty_now_rows(c, db, &p->now, &p->n_now, e));
    TRY(climb_rows(c, db, &p->climbs, &p->n_climbs, e));
    TRY(fill_swaps(c, db, p, e));
    return fill_month(c, db, m, p, e);
}

static enum code show_month(struct ctx *c, struct str month, struct str problem, struct err *e)
{
    struct page_roster p = {.problem = problem, .done = ctx_flash_take(c)};
    struct month m = {0};
    struct db *db;
    TRY(month_of(c, month, &m, e));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_duty(c, db, &m, &p, e);
    store_read_end(db);
    if (code == OK)
        show_roster(c, &p);
    return code;
}

enum code page_roster(struct ctx *c, struct err *e)
{
    return show_month(c, req_query(c->r, "month"), S(""), e);
}

/* ---- what is done on the month's page ---- */

struct duty_job {
    struct month month;
    struct str act, why, to, with;
    size_t made;
    struct duty_shift shift;
    struct str who[N_DUTY_SEAT];
    int64_t id;
    struct duty_swap swap;
    struct duty_rule rule;
    struct str people[N_DUTY_SEAT], keeper, spans[N_DUTY_SORT];
    struct str phone, mobile;
};

/* What was wrong is said on the page it came from. */
static enum code then_month(struct ctx *c, enum code code, struct err *e)
{
    struct duty_job *j = c->job;
    if (code == E_INPUT || code == E_CONFLICT) {
        c->r->res.status = code == E_INPUT ? 400 : 409;
        return show_month(c, j->month.text, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK)
        ctx_redirect(c, arena_printf(c->a, "/duty?month=%.*s", SF(j->month.text)));
    return code;
}

static enum code write_month(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct duty_job *j = c->job;
    return duty_generate(db, ctx_actor(c), j->month.y, j->month.m, &j->made, e);
}

static enum code after_generate(struct ctx *c, enum code code, struct err *e)
{
    const struct duty_job *j = c->job;
    if (code == OK)
        ctx_flash(c, j->made ? arena_printf(c->a, "排好%zu班；已有的没有动", j->made)
                             : S("这个月从今天起每天都已排好，没有再排"));
    return then_month(c, code, e);
}

enum code do_duty_generate(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    TRY(month_of(c, req_field(c->r, "month"), &j->month, e));
    c->job = j;
    return ctx_write(c, write_month, c, after_generate);
}

static enum code write_swap(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct duty_job *j = c->job;
    const struct actor *by = ctx_actor(c);
    if (str_eq(j->act, S("withdraw")))
        return duty_swap_withdraw(db, by, c->id, e);
    if (str_eq(j->act, S("note")))
        return duty_swap_note(db, by, c->id, e);
    if (str_eq(j->act, S("accept")) || str_eq(j->act, S("refuse")))
        return duty_swap_answer(db, by, c->id, str_eq(j->act, S("accept")), e);
    return FAIL(e, E_INPUT, "没有这种办理");
}

static enum code after_swap(struct ctx *c, enum code code, struct err *e)
{
    const struct duty_job *j = c->job;
    if (code == OK)
        ctx_flash(c, str_eq(j->act, S("accept"))   ? S("已换班，值班表已经改好")
                     : str_eq(j->act, S("refuse")) ? S("已答复不同意")
                     : str_eq(j->act, S("note"))   ? S("已阅知")
                                                   : S("已收回"));
    return then_month(c, code, e);
}

enum code do_duty_swap(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    j->act = req_field(c->r, "act");
    TRY(month_of(c, S(""), &j->month, e));
    c->job = j;
    return ctx_write(c, write_swap, c, after_swap);
}

/* ---- one shift ---- */

static struct str local_time(struct ctx *c, int64_t ms)
{
    struct civil x = clock_civil(ms, ZONE_CHINA);
    return arena_printf(
        c->a, "%04d-%02d-%02dT%02d:%02d", x.day.y, x.day.m, x.day.d, x.hour, x.minute);
}

static enum code fill_changes(
    struct ctx *c, struct db *db, struct page_duty_shift *p, struct err *e)
{
    struct duty_change *v;
    size_t n;
    TRY(duty_changes(db, c->a, c->id, &v, &n, e));
    p->changes = ARENA_ARRAY(c->a, struct duty_change_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->changes[p->n_changes++] = (struct duty_change_row){.at = minute_text(c, v[i].at_ms),
            .who = v[i].by_name,
            .what = arena_printf(c->a, "%s：%.*s换为%.*s%s", duty_seat_name(v[i].seat),
                SF(v[i].old_name.n ? v[i].old_name : S("（无）")),
                SF(v[i].now_name.n ? v[i].now_name : S("（无）")), v[i].swap ? "（换班）" : ""),
            .why = v[i].why};
    return OK;
}

/* Everybody else's duties that have not begun, as "SHIFT:PERSON". */
static enum code fill_others(struct ctx *c, struct db *db, const struct duty_shift *mine,
    struct page_duty_shift *p, struct err *e)
{
    struct choices l = {0};
    struct duty_shift *v;
    size_t n;
    int64_t now = ctx_actor(c)->now_ms;
    choice_add(c, &l, S(""), S("不换，只请人代班"), true);
    TRY(duty_list(db, c->a, now, now + OTHERS_DAYS * MS_DAY, &v, &n, e));
    for (size_t i = 0; i < n && l.n < OTHERS_SHOWN; i++)
        for (int k = 0; k < N_DUTY_SEAT; k++) {
            if (!v[i].who[k] || duty_has(&v[i], c->v->person) || duty_has(mine, v[i].who[k]))
                continue;
            choice_add(c, &l,
                arena_printf(c->a, "%lld:%lld", (long long)v[i].id, (long long)v[i].who[k]),
                arena_printf(c->a, "%.*s %.*s（%s）", SF(duty_text(c->a, &v[i], ZONE_CHINA)),
                    SF(v[i].name[k]), duty_seat_name((enum duty_seat)k)),
                false);
        }
    p->others = l.v;
    p->n_others = l.n;
    return OK;
}

static enum code fill_shift(struct ctx *c, struct db *db, struct page_duty_shift *p, struct err *e)
{
    struct duty_showing s = {.c = c, .by = ctx_actor(c)};
    struct duty_shift x;
    struct duty_warning *w;
    TRY(duty_may_keep(db, s.by, &p->may_keep, e));
    if (!c->id)
        return p->may_keep ? OK : FAIL(e, E_DENIED, "值班表由科长和值班管理员安排");
    TRY(duty_get(db, c->a, c->id, &x, e));
    TRY(duty_sees_phones(db, s.by, &s.phones, e));
    TRY(duty_warnings(db, c->a, s.by, &x, 1, &w, &s.n_warnings, e));
    s.warnings = w;
    TRY(duty_rows(&s, db, &x, 1, &p->shifts, e));
    p->n_shifts = 1;
    p->id = x.id;
    if (!p->problem.n) {
        p->a = x.name[DUTY_A];
        p->b = x.name[DUTY_B];
        p->leader = x.name[DUTY_LEADER];
        p->from = local_time(c, x.from_ms);
        p->to = local_time(c, x.to_ms);
        p->note = x.note;
    }
    p->may_swap = duty_has(&x, c->v->person) && x.from_ms > s.by->now_ms;
    if (p->may_swap)
        TRY(fill_others(c, db, &x, p, e));
    return fill_changes(c, db, p, e);
}

static enum code show_shift(struct ctx *c, struct page_duty_shift *p, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_shift(c, db, p, e);
    store_read_end(db);
    if (code == OK)
        show_duty_shift(c, p);
    return code;
}

enum code page_duty_shift(struct ctx *c, struct err *e)
{
    struct page_duty_shift p = {.done = ctx_flash_take(c)};
    return show_shift(c, &p, e);
}

static enum code write_shift(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct duty_job *j = c->job;
    struct duty_shift s = j->shift;
    if (str_eq(j->act, S("remove")))
        return duty_remove(db, ctx_actor(c), c->id, j->why, e);
    for (int i = 0; i < N_DUTY_SEAT; i++)
        if (j->who[i].n)
            TRY(person_typed(db, c->a, j->who[i], &s.who[i], e));
    TRY(duty_save(db, ctx_actor(c), &s, j->why, e));
    j->id = s.id;
    return OK;
}

static enum code after_shift(struct ctx *c, enum code code, struct err *e)
{
    const struct duty_job *j = c->job;
    bool removed = str_eq(j->act, S("remove"));
    if (code == E_INPUT || code == E_CONFLICT || code == E_LIMIT) {
        struct page_duty_shift p = {.problem = arena_str(c->a, str_z(e->msg)),
            .a = j->who[DUTY_A],
            .b = j->who[DUTY_B],
            .leader = j->who[DUTY_LEADER],
            .from = req_field(c->r, "from"),
            .to = req_field(c->r, "to"),
            .note = j->shift.note};
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_shift(c, &p, e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, removed ? S("已删去这一班") : S("已保存"));
    ctx_redirect(
        c, removed ? S("/duty") : arena_printf(c->a, "/duty/shifts/%lld", (long long)j->id));
    return OK;
}

enum code do_duty_shift(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    struct err bad;
    (void)e;
    j->act = req_field(c->r, "act");
    j->why = ctx_words(c, req_field(c->r, "why"));
    j->who[DUTY_A] = ctx_words(c, req_field(c->r, "a"));
    j->who[DUTY_B] = ctx_words(c, req_field(c->r, "b"));
    j->who[DUTY_LEADER] = ctx_words(c, req_field(c->r, "leader"));
    j->shift = (struct duty_shift){.id = c->id, .note = ctx_words(c, req_field(c->r, "note"))};
    if (clock_parse(req_field(c->r, "from"), ZONE_CHINA, &j->shift.from_ms, &bad) != OK ||
        clock_parse(req_field(c->r, "to"), ZONE_CHINA, &j->shift.to_ms, &bad) != OK)
        j->shift.from_ms = j->shift.to_ms = 0; /* refused with what is typed kept */
    c->job = j;
    return ctx_write(c, write_shift, c, after_shift);
}

static enum code write_ask(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct duty_job *j = c->job;
    struct duty_swap w = j->swap;
    struct str shift, person;
    w.why = j->why;
    if (str_cut(j->with, S(":"), &shift, &person)) {
        TRY(id_parse(shift, &w.other, e));
        TRY(id_parse(person, &w.to, e));
    } else {
        TRY(person_typed(db, c->a, j->to, &w.to, e));
    }
    return duty_swap_ask(db, ctx_actor(c), &w, &j->id, e);
}

static enum code after_ask(struct ctx *c, enum code code, struct err *e)
{
    struct duty_job *j = c->job;
    if (code == E_INPUT || code == E_CONFLICT) {
        struct page_duty_shift p = {.done = S("")};
        c->id = j->swap.shift;
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        struct str why = arena_str(c->a, str_z(e->msg));
        struct db *db;
        TRY(store_read(c->app->office->store, &db, e));
        enum code again = fill_shift(c, db, &p, e);
        store_read_end(db);
        p.problem = why;
        if (again == OK)
            show_duty_shift(c, &p);
        return again;
    }
    if (code == OK)
        ctx_flash(c, S("已请对方换班，对方在值班页和门户上看得到；同意后值班表自动改好"));
    return then_month(c, code, e);
}

enum code do_duty_swap_ask(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    TRY(id_parse(req_field(c->r, "shift"), &j->swap.shift, e));
    j->with = req_field(c->r, "with");
    j->to = ctx_words(c, req_field(c->r, "to"));
    j->why = ctx_words(c, req_field(c->r, "why"));
    TRY(month_of(c, S(""), &j->month, e));
    c->job = j;
    return ctx_write(c, write_ask, c, after_ask);
}

/* ---- the rule ---- */

static enum code names_text(struct ctx *c, struct db *db, const int64_t *ids, size_t n,
    const char *between, struct str *out, struct err *e)
{
    struct person_name *v;
    size_t k;
    struct str s = S("");
    TRY(person_names(db, c->a, ids, n, &v, &k, e));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++)
            if (v[j].id == ids[i])
                s = arena_printf(c->a, "%.*s%s%.*s", SF(s), s.n ? between : "", SF(v[j].name));
    *out = s;
    return OK;
}

static enum code fill_setup(struct ctx *c, struct db *db, struct page_duty_setup *p, struct err *e)
{
    struct duty_rule r;
    struct str who = S("");
    bool keep = false;
    TRY(duty_may_keep(db, ctx_actor(c), &keep, e));
    if (!keep)
        return FAIL(e, E_DENIED, "排班规则由科长和值班管理员设置");
    TRY(duty_rule_get(db, c->a, &r, e));
    p->workday = duty_spans_text(c->a, r.span[DUTY_WORKDAY], r.n_spans[DUTY_WORKDAY]);
    p->weekend = duty_spans_text(c->a, r.span[DUTY_WEEKEND], r.n_spans[DUTY_WEEKEND]);
    p->holiday = duty_spans_text(c->a, r.span[DUTY_HOLIDAY], r.n_spans[DUTY_HOLIDAY]);
    TRY(names_text(c, db, r.people[DUTY_A], r.n_people[DUTY_A], "\n", &p->a, e));
    TRY(names_text(c, db, r.people[DUTY_B], r.n_people[DUTY_B], "\n", &p->b, e));
    TRY(names_text(c, db, r.people[DUTY_LEADER], r.n_people[DUTY_LEADER], "\n", &p->leader, e));
    if (r.keeper)
        TRY(names_text(c, db, &r.keeper, 1, "", &p->keeper, e));
    p->minutes = r.climb_minutes;
    p->mail = r.climb_mail;
    p->hook = r.climb_hook;
    if (!r.made_ms)
        return OK;
    TRY(names_text(c, db, &r.made_by, 1, "", &who, e));
    p->changed = changed_text(c, who, r.made_ms);
    return OK;
}

enum code page_duty_setup(struct ctx *c, struct err *e)
{
    struct page_duty_setup p = {.done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_setup(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_duty_setup(c, &p);
    return code;
}

/* A name on each line, or with 、 or a comma between. */
static enum code people_typed(
    struct ctx *c, struct db *db, struct str s, int64_t **out, size_t *n, struct err *e)
{
    int64_t *v = NULL;
    size_t k = 0, cap = 0;
    while (s.n) {
        size_t i = 0, skip = 0;
        static const struct str marks[] = {SC("\n"), SC("、"), SC(","), SC("，"), SC("；")};
        for (; i < s.n && !skip; i += skip ? 0 : 1)
            for (size_t m = 0; m < sizeof(marks) / sizeof(*marks) && !skip; m++)
                if (str_starts(str_sub(s, i, s.n), marks[m]))
                    skip = marks[m].n;
        struct str name = str_trim(str_sub(s, 0, i));
        s = str_sub(s, i + skip, s.n);
        if (!name.n)
            continue;
        if (k == DUTY_PEOPLE_MAX)
            return FAIL(e, E_LIMIT, "轮流的人最多%d个", DUTY_PEOPLE_MAX);
        ARENA_PUSH(c->a, v, k, cap) = 0;
        TRY(person_typed(db, c->a, name, &v[k - 1], e));
    }
    *out = v;
    *n = k;
    return OK;
}

static enum code write_setup(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct duty_job *j = c->job;
    struct duty_rule r = j->rule;
    for (int i = 0; i < N_DUTY_SORT; i++)
        TRY(duty_spans_parse(j->spans[i], r.span[i], &r.n_spans[i], e));
    for (int i = 0; i < N_DUTY_SEAT; i++)
        TRY(people_typed(c, db, j->people[i], &r.people[i], &r.n_people[i], e));
    if (j->keeper.n)
        TRY(person_typed(db, c->a, j->keeper, &r.keeper, e));
    return duty_rule_put(db, ctx_actor(c), &r, e);
}

static enum code after_setup(struct ctx *c, enum code code, struct err *e)
{
    const struct duty_job *j = c->job;
    if (code == E_INPUT || code == E_LIMIT) {
        struct page_duty_setup p = {.problem = arena_str(c->a, str_z(e->msg)),
            .workday = j->spans[DUTY_WORKDAY],
            .weekend = j->spans[DUTY_WEEKEND],
            .holiday = j->spans[DUTY_HOLIDAY],
            .a = j->people[DUTY_A],
            .b = j->people[DUTY_B],
            .leader = j->people[DUTY_LEADER],
            .keeper = j->keeper,
            .minutes = j->rule.climb_minutes,
            .mail = j->rule.climb_mail,
            .hook = j->rule.climb_hook};
        c->r->res.status = 400;
        show_duty_setup(c, &p);
        return OK;
    }
    if (code == OK) {
        ctx_flash(c, S("已保存；已经排好的班不变，新排的按这个规则"));
        ctx_redirect(c, S("/duty/setup"));
    }
    return code;
}

enum code do_duty_setup(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    (void)e;
    j->spans[DUTY_WORKDAY] = ctx_words(c, req_field(c->r, "workday"));
    j->spans[DUTY_WEEKEND] = ctx_words(c, req_field(c->r, "weekend"));
    j->spans[DUTY_HOLIDAY] = ctx_words(c, req_field(c->r, "holiday"));
    j->people[DUTY_A] = req_field(c->r, "a");
    j->people[DUTY_B] = req_field(c->r, "b");
    j->people[DUTY_LEADER] = req_field(c->r, "leader");
    j->keeper = ctx_words(c, req_field(c->r, "keeper"));
    j->rule = (struct duty_rule){
        .climb_minutes = (int)ctx_int(req_field(c->r, "minutes"), 0, CLIMB_MINUTES_MAX, 0),
        .climb_mail = req_field(c->r, "mail").n > 0,
        .climb_hook = req_field(c->r, "hook").n > 0};
    c->job = j;
    return ctx_write(c, write_setup, c, after_setup);
}

/* ---- the workbook ---- */

static void close_fd(void *arg)
{
    const int *fd = arg;
    if (*fd >= 0)
        close(*fd);
}

static enum code write_book(struct ctx *c, const struct month *m, const char *path, struct err *e)
{
    struct db *db;
    char *tmp = arena_z(c->a, arena_printf(c->a, "%s/tmp", c->app->office->dir));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = duty_export(db, c->a, ctx_actor(c), m->y, m->m, path, tmp, e);
    store_read_end(db);
    return code;
}

enum code page_duty_export(struct ctx *c, struct err *e)
{
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/duty-XXXXXX", c->app->office->dir));
    int *fd = ARENA_NEW(c->a, int);
    struct month m = {0};
    struct stat st;
    TRY(month_of(c, req_query(c->r, "month"), &m, e));
    *fd = mkstemp(path);
    if (*fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存导出的文件");
    (void)fcntl(*fd, F_SETFD, FD_CLOEXEC);
    arena_defer(c->a, close_fd, fd);
    enum code code = write_book(c, &m, path, e);
    unlink(path);
    if (code != OK)
        return code;
    if (fstat(*fd, &st) != 0)
        return FAIL(e, E_IO, "暂存的文件读不出大小");
    struct access_entry x = {.person = c->v->person,
        .kind = ACCESS_EXPORT,
        .what = arena_printf(c->a, "%d年%d月值班表", m.y, m.m)};
    audit_access_to(c->app->office->store, &x);
    c->r->res.kind = BODY_FD;
    c->r->res.fd = *fd;
    c->r->res.fd_size = st.st_size;
    c->r->res.type = S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    *fd = -1;
    ctx_attachment(c, arena_printf(c->a, "%d年%d月值班表.xlsx", m.y, m.m));
    return OK;
}

/* ---- people to be reached ---- */

static bool in_tree(const struct person *p)
{
    return (p->roles & (ROLE_LEADER | ROLE_CHIEF | ROLE_SECRETARY | ROLE_LIAISON)) != 0;
}

/* Leaders, the section, then the liaisons of the units, each group in the order of the office. */
static struct str group_of(const struct person *p)
{
    if (p->roles & ROLE_LEADER)
        return S("集团领导");
    return (p->roles & (ROLE_CHIEF | ROLE_SECRETARY)) ? S("党委办公室") : S("各单位联络员");
}

static void add_contact(
    struct ctx *c, struct page_duty_contacts *p, const struct person *x, bool keeps)
{
    struct str name = group_of(x);
    struct reach_group *g = &p->groups[0];
    for (size_t i = 0; i < p->n_groups; i++)
        if (str_eq(p->groups[i].name, name))
            g = &p->groups[i];
    p->missing += !x->mobile.n;
    g->rows[g->n_rows++] = (struct reach_row){.id = x->id,
        .name = x->name,
        .title = str_starts(x->title, x->unit_name) || !x->unit_name.n
                     ? x->title
                     : arena_printf(c->a, "%.*s %.*s", SF(x->unit_name), SF(x->title)),
        .phone = x->phone,
        .mobile = x->mobile,
        .may_edit = keeps || x->id == c->v->person || c->v->roles & ROLE_ADMIN};
}

static enum code fill_contacts(
    struct ctx *c, struct db *db, struct page_duty_contacts *p, struct err *e)
{
    static const char *const names[] = {"集团领导", "党委办公室", "各单位联络员"};
    struct person *v;
    size_t n;
    bool keeps = false;
    TRY(duty_may_keep(db, ctx_actor(c), &keeps, e));
    TRY(duty_now_rows(c, db, &p->now, &p->n_now, e));
    TRY(duty_sees_phones(db, ctx_actor(c), &p->may_phones, e));
    p->printed = duty_printed(c);
    if (!p->may_phones)
        return OK;
    TRY(person_list(db, c->a, 0, false, &v, &n, e));
    p->groups = ARENA_ARRAY(c->a, struct reach_group, 3);
    for (size_t i = 0; i < 3; i++)
        p->groups[p->n_groups++] = (struct reach_group){
            .name = str_z(names[i]), .rows = ARENA_ARRAY(c->a, struct reach_row, n + 1)};
    for (size_t i = 0; i < n; i++)
        if (in_tree(&v[i]))
            add_contact(c, p, &v[i], keeps);
    return OK;
}

static enum code show_contacts(struct ctx *c, struct str problem, struct err *e)
{
    struct page_duty_contacts p = {.problem = problem, .done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_contacts(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_duty_contacts(c, &p);
    return code;
}

enum code page_duty_contacts(struct ctx *c, struct err *e)
{
    return show_contacts(c, S(""), e);
}

static enum code write_phones(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct duty_job *j = c->job;
    return person_phones(db, c->v, c->id, j->phone, j->mobile, e);
}

static enum code after_phones(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        return show_contacts(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, S("已改电话"));
        ctx_redirect(c, S("/duty/contacts"));
    }
    return code;
}

enum code do_duty_phones(struct ctx *c, struct err *e)
{
    struct duty_job *j = ARENA_NEW(c->a, struct duty_job);
    (void)e;
    j->phone = ctx_words(c, req_field(c->r, "phone"));
    j->mobile = ctx_words(c, req_field(c->r, "mobile"));
    c->job = j;
    return ctx_write(c, write_phones, c, after_phones);
}
