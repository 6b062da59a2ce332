/* page_recurring.c - matters that come back: list, form. */
#include "base/id.h"
#include "office/document.h"
#include "office/recurring.h"
#include "web/item_rows.h"
#include "web/people_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { NEXT_SHOWN = 5, TYPED_MOST = 9999 }; /* a day that is none is shown as it was typed */

static const struct {
    const char *key, *name;
    int months; /* 0: each week */
} periods[] = {
    {"week", "每周", 0}, {"month", "每月", 1}, {"quarter", "每季度", 3}, {"year", "每年", 12}};
enum { N_PERIODS = sizeof(periods) / sizeof(*periods) };
static const char *const ons[N_RECUR_ON] = {"", "weekday", "workday", "day"};

/* ---- the list ---- */

static struct str short_day(struct ctx *c, int32_t num)
{
    struct day d = day_of(num);
    return arena_printf(c->a, "%d月%d日", d.m, d.d);
}

static struct str next_days(struct ctx *c, const struct recurring *r)
{
    struct day d, until;
    struct str s = S("");
    if (!day_from_iso(r->next_day, &d))
        return s;
    bool ends = day_from_iso(r->until_day, &until), known = true;
    int32_t day = day_num(d);
    for (int i = 0; i < NEXT_SHOWN && !(ends && day > day_num(until)); i++) {
        s = arena_printf(c->a, "%.*s%s%.*s", SF(s), i ? "、" : "", SF(short_day(c, day)));
        known = known && calendar_known(c->app->office->calendar, day_of(day).y);
        day = recur_next(&r->rule, c->app->office->calendar, day);
    }
    if (!known) /* the weekend rule stands in until the State Council has said */
        s = arena_printf(c->a, "%.*s（下一年的放假安排公布后会调整）", SF(s));
    return s;
}

static struct recurring_row row_of(struct ctx *c, const struct recurring *r)
{
    struct day last;
    return (struct recurring_row){.id = r->id,
        .title = recurring_title(c->a, r),
        .kind = r->kind_name,
        .rule = recur_text(c->a, &r->rule),
        .lead = r->lead ? arena_printf(c->a, "提前%d个%s立项", r->lead,
                              r->lead_working ? "工作日" : "自然日")
                        : S("当天立项"),
        .owner = r->owner_name,
        .next = r->paused ? S("") : next_days(c, r),
        .opens =
            r->paused || !r->next_day.n ? S("") : short_day(c, clock_day(r->next_ms, ZONE_CHINA)),
        .last = day_from_iso(r->last_day, &last) ? short_day(c, day_num(last)) : S(""),
        .last_link = r->last_item ? item_link(c->a, r->last_item, S("/recurring"), 0) : S(""),
        .paused = r->paused,
        .error = r->error,
        .may = c->v->person == r->owner || c->v->roles & (ROLE_CHIEF | ROLE_SECRETARY),
        .link = arena_printf(c->a, "/recurring/%lld", (long long)r->id)};
}

enum code page_recurring(struct ctx *c, struct err *e)
{
    struct page_recurring p = {.done = ctx_flash_take(c)};
    struct recurring *v;
    struct db *db;
    size_t n;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = recurring_list(db, c->a, &v, &n, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p.rows = ARENA_ARRAY(c->a, struct recurring_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = row_of(c, &v[i]);
    show_recurring(c, &p);
    return OK;
}

/* ---- the form ---- */

struct typed {
    struct recurring r;
    struct str owner, act;
    int64_t from; /* item to copy from */
};

static void fill_rule(struct ctx *c, const struct recur_rule *r, struct page_recurring_edit *p)
{
    static const char *const days[] = {
        "", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"};
    static const char *const shifts[N_SHIFT] = {"不变", "提前到工作日", "顺延到工作日"};
    static const int workdays[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 15, -1, -2, -3, -5};
    struct choices ps = {0}, ws = {0}, ds = {0}, ss = {0};
    for (size_t i = 0; i < N_PERIODS; i++)
        choice_add(c, &ps, str_z(periods[i].key), str_z(periods[i].name),
            r->on == RECUR_WEEKDAY ? i == 0 : i > 0 && periods[i].months == r->months);
    for (size_t i = 0; i < sizeof(workdays) / sizeof(*workdays); i++) {
        int n = workdays[i];
        struct str name = n == -1 ? S("最后1个工作日")
                          : n > 0 ? arena_printf(c->a, "第%d个工作日", n)
                                  : arena_printf(c->a, "倒数第%d个工作日", -n);
        choice_add(c, &ws, arena_printf(c->a, "%d", n), name, r->on == RECUR_WORKDAY && r->n == n);
    }
    for (int i = 1; i <= 7; i++)
        choice_add(c, &ds, arena_printf(c->a, "%d", i), str_z(days[i]),
            r->on == RECUR_WEEKDAY && r->n == i);
    for (int i = 0; i < N_SHIFT; i++)
        choice_add(c, &ss, arena_printf(c->a, "%d", i), str_z(shifts[i]), i == (int)r->shift);
    p->periods = ps.v, p->n_periods = ps.n;
    p->workdays = ws.v, p->n_workdays = ws.n;
    p->weekdays = ds.v, p->n_weekdays = ds.n;
    p->shifts = ss.v, p->n_shifts = ss.n;
    p->on = str_z(ons[r->on > 0 && r->on < N_RECUR_ON ? r->on : RECUR_WORKDAY]);
    p->month = r->month > 0 ? r->month : 1;
    p->day = req_field(c->r, "day").n ? ctx_int(req_field(c->r, "day"), -TYPED_MOST, TYPED_MOST, 1)
             : r->on == RECUR_DAY     ? r->n
                                      : 1;
}

static enum code from_item(
    struct ctx *c, struct db *db, struct typed *t, struct page_recurring_edit *p, struct err *e)
{
    struct item it;
    if (!t->from)
        return OK;
    TRY(item_get(db, c->a, ctx_actor(c), t->from, &it, e));
    t->r.fields = it.fields;
    if (!t->r.kind.n)
        t->r.kind = it.kind;
    if (!t->r.title.n)
        t->r.title = it.title;
    p->from = t->from;
    p->from_title = it.title;
    return OK;
}

static enum code show_form(struct ctx *c, struct typed *t, struct str problem, struct err *e)
{
    struct page_recurring_edit p = {.problem = problem, .id = t->r.id};
    struct choices kinds = {0};
    struct kind_on *v;
    struct db *db;
    size_t n = 0;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = from_item(c, db, t, &p, e);
    if (code == OK)
        code = kinds_on(c->app->office->kinds, db, c->a, &v, &n, e);
    store_read_end(db);
    if (code != OK)
        return code;
    for (size_t i = 0; i < n; i++)
        choice_add(c, &kinds, v[i].id, v[i].name, str_eq(v[i].id, t->r.kind));
    p.kinds = kinds.v;
    p.n_kinds = kinds.n;
    p.title = t->r.title;
    p.owner = t->owner;
    p.lead = t->r.lead;
    p.lead_working = t->r.lead_working;
    p.from_day = t->r.from_day;
    p.until_day = t->r.until_day;
    fill_rule(c, &t->r.rule, &p);
    show_recurring_edit(c, &p);
    return OK;
}

enum code page_recurring_new(struct ctx *c, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    int64_t now = ctx_actor(c)->now_ms;
    struct typed t = {.owner = c->session.name,
        .from = ctx_int(req_query(c->r, "from"), 1, INT64_MAX, 0),
        .r = {.rule = {RECUR_WORKDAY, 1, 1, 1, SHIFT_NONE},
            .from_day = arena_str(c->a, day_iso(day_of(clock_day(now, ZONE_CHINA)), iso))}};
    return show_form(c, &t, S(""), e);
}

enum code page_recurring_one(struct ctx *c, struct err *e)
{
    struct typed t = {.from = 0};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = recurring_get(db, c->a, c->id, &t.r, e);
    store_read_end(db);
    if (code != OK)
        return code;
    t.owner = t.r.owner_name;
    return show_form(c, &t, S(""), e);
}

/* ---- saving ---- */

static struct recur_rule read_rule(struct ctx *c)
{
    struct recur_rule r = {
        .shift = (enum recur_shift)ctx_int(req_field(c->r, "shift"), 0, N_SHIFT - 1, N_SHIFT)};
    struct str on = req_field(c->r, "on"), period = req_field(c->r, "period");
    for (size_t i = 0; i < N_PERIODS; i++)
        if (str_eq(period, str_z(periods[i].key)))
            r.months = periods[i].months;
    for (int i = 1; i < N_RECUR_ON; i++)
        if (str_eq(on, str_z(ons[i])))
            r.on = (enum recur_on)i;
    if (str_eq(period, S("week")))
        r.on = RECUR_WEEKDAY;
    r.month = r.months > 1 ? (int)ctx_int(req_field(c->r, "month"), 1, 12, 0) : 1;
    if (r.on == RECUR_WEEKDAY)
        r.n = (int)ctx_int(req_field(c->r, "weekday"), 1, 7, 0);
    else if (r.on == RECUR_WORKDAY)
        r.n = (int)ctx_int(req_field(c->r, "workday"), -23, 23, 0);
    else
        r.n = (int)ctx_int(req_field(c->r, "day"), 1, 31, 0);
    return r;
}

static enum code write_one(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct typed *t = c->job;
    const struct actor *by = ctx_actor(c);
    struct recurring r = t->r;
    struct item it;
    if (str_eq(t->act, S("pause")) || str_eq(t->act, S("resume")))
        return recurring_pause(db, by, c->id, str_eq(t->act, S("pause")), e);
    if (str_eq(t->act, S("remove")))
        return recurring_remove(db, by, c->id, e);
    r.owner = c->v->person;
    if (t->owner.n)
        TRY(person_typed(db, c->a, t->owner, &r.owner, e));
    if (r.id) {
        struct recurring old;
        TRY(recurring_get(db, c->a, r.id, &old, e));
        r.fields = old.fields;
        r.paused = old.paused;
    }
    if (t->from) {
        TRY(item_get(db, c->a, by, t->from, &it, e));
        r.fields = it.fields;
    }
    return recurring_save(db, by, &r, e);
}

static enum code after_write(struct ctx *c, enum code code, struct err *e)
{
    struct typed *t = c->job;
    if (code == E_INPUT || code == E_LIMIT) {
        c->r->res.status = 400;
        return show_form(c, t, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, str_eq(t->act, S("pause"))    ? S("已暂停，到日子不再立项")
                     : str_eq(t->act, S("resume")) ? S("已恢复；暂停期间的不补")
                     : str_eq(t->act, S("remove")) ? S("已删除")
                                                   : S("已保存"));
        ctx_redirect(c, S("/recurring"));
    }
    return code;
}

enum code do_recurring(struct ctx *c, struct err *e)
{
    struct typed *t = ARENA_NEW(c->a, struct typed);
    (void)e;
    t->act = req_field(c->r, "act");
    t->owner = ctx_words(c, req_field(c->r, "owner"));
    t->from = ctx_int(req_field(c->r, "from"), 1, INT64_MAX, 0);
    t->r = (struct recurring){.id = c->id,
        .kind = req_field(c->r, "kind"),
        .title = ctx_words(c, req_field(c->r, "title")),
        .rule = read_rule(c),
        .lead = (int)ctx_int(
            req_field(c->r, "lead"), 0, RECUR_LEAD_MAX, req_field(c->r, "lead").n ? -1 : 0),
        .lead_working = req_field(c->r, "lead_working").n > 0,
        .from_day = req_field(c->r, "from_day"),
        .until_day = req_field(c->r, "until_day")};
    c->job = t;
    return ctx_write(c, write_one, c, after_write);
}
