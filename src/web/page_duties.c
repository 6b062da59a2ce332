/* page_duties.c - duties of the section with A and B; who is away; who has how much in hand; texts the section keeps. */
#include "office/absence.h"
#include "office/item_cover.h"
#include "office/load.h"
#include "office/recurring.h"
#include "office/responsibility.h"
#include "office/section_text.h"
#include "office/unit.h"
#include "web/duty_rows.h"
#include "web/item_rows.h"
#include "web/people_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { DAYS_SHOWN = 30, PAST_SHOWN = 30, RANK_MOST = 9999, WEEK = 7 };

/* ---- shared rows ---- */

struct str day_words(struct ctx *c, int32_t num)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(c->a, day_iso(day_of(num), iso));
}

int32_t today_num(struct ctx *c)
{
    return clock_day(ctx_actor(c)->now_ms, ZONE_CHINA);
}

static struct str recurring_words(struct ctx *c, const struct recurring *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return arena_printf(c->a, "%.*s（%.*s）", SF(recurring_title(c->a, &v[i])),
                SF(recur_text(c->a, &v[i].rule)));
    return S("");
}

struct duty_row duty_line(struct ctx *c, const struct responsibility *r)
{
    struct str what = r->gone ? S("撤销") : r->revision == 1 ? S("设立") : S("修改");
    return (struct duty_row){.id = r->id,
        .name = r->name,
        .what = r->what,
        .how = r->how,
        .when = r->when,
        .a = r->a_name,
        .b = r->b_name,
        .since = r->since,
        .changed = changed_text(c, r->changed_name, r->changed_ms),
        .note = what,
        .link = arena_printf(c->a, "/responsibilities/%lld", (long long)r->id)};
}

static struct duty_row *duty_lines(struct ctx *c, const struct responsibility *v, size_t n)
{
    struct duty_row *out = ARENA_ARRAY(c->a, struct duty_row, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = duty_line(c, &v[i]);
    return out;
}

static enum code unit_name(struct ctx *c, struct db *db, struct str *out, struct err *e)
{
    struct unit u;
    *out = S("");
    if (!c->v->unit)
        return OK;
    TRY(unit_get(db, c->a, c->v->unit, &u, e));
    *out = u.short_name;
    return OK;
}

/* ---- the table ---- */

static enum code fill_duties(
    struct ctx *c, struct db *db, struct page_responsibilities *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct responsibility *v, *past;
    struct recurring *rules;
    struct stand_for *away;
    size_t n, n_past, n_rules, n_away;
    TRY(unit_name(c, db, &p->unit, e));
    TRY(responsibility_list(db, c->a, by, c->v->unit, &v, &n, e));
    TRY(responsibility_past(db, c->a, by, c->v->unit, 0, &past, &n_past, e));
    TRY(recurring_list(db, c->a, &rules, &n_rules, e));
    TRY(absence_today(db, c->a, by, &away, &n_away, e));
    p->rows = duty_lines(c, v, n);
    p->n_rows = n;
    for (size_t i = 0; i < n; i++)
        p->rows[i].recurring = recurring_words(c, rules, n_rules, v[i].recurring);
    p->past = duty_lines(c, past, n_past);
    p->n_past = n_past < PAST_SHOWN ? n_past : PAST_SHOWN;
    p->away = ARENA_ARRAY(c->a, struct away_row, n_away + 1);
    for (size_t i = 0; i < n_away; i++)
        p->away[p->n_away++] =
            (struct away_row){.person = away[i].name, .why = away[i].words, .now = true};
    p->may = responsibility_may(c->v, c->v->unit);
    p->today = day_words(c, today_num(c));
    return OK;
}

enum code page_responsibilities(struct ctx *c, struct err *e)
{
    struct page_responsibilities p = {.done = ctx_flash_take(c)};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_duties(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_responsibilities(c, &p);
    return code;
}

/* ---- one duty ---- */

struct duty_typed {
    struct responsibility r;
    struct str a, b;
    bool remove;
};

static enum code fill_rules(
    struct ctx *c, struct db *db, int64_t chosen, struct page_responsibility_edit *p, struct err *e)
{
    struct choices l = {0};
    struct recurring *v;
    size_t n;
    TRY(recurring_list(db, c->a, &v, &n, e));
    choice_add(c, &l, S("0"), S("没有"), chosen == 0);
    for (size_t i = 0; i < n; i++)
        choice_add(
            c, &l, arena_printf(c->a, "%lld", (long long)v[i].id), v[i].title, v[i].id == chosen);
    p->recurring = l.v;
    p->n_recurring = l.n;
    return OK;
}

static enum code fill_duty(struct ctx *c, struct db *db, const struct duty_typed *t,
    struct page_responsibility_edit *p, struct err *e)
{
    const struct responsibility *r = &t->r;
    struct responsibility *past;
    size_t n;
    p->id = r->id;
    p->name = r->name;
    p->what = r->what;
    p->how = r->how;
    p->when = r->when;
    p->a = t->a;
    p->b = t->b;
    p->since = r->since;
    p->rank = r->rank;
    p->revision = r->revision;
    TRY(fill_rules(c, db, r->recurring, p, e));
    if (!r->id)
        return OK;
    TRY(responsibility_past(db, c->a, ctx_actor(c), c->v->unit, r->id, &past, &n, e));
    p->past = duty_lines(c, past, n);
    p->n_past = n;
    return OK;
}

static enum code show_duty(
    struct ctx *c, const struct duty_typed *t, struct str problem, struct err *e)
{
    struct page_responsibility_edit p = {.problem = problem};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_duty(c, db, t, &p, e);
    store_read_end(db);
    if (code == OK)
        show_responsibility_edit(c, &p);
    return code;
}

enum code page_responsibility_new(struct ctx *c, struct err *e)
{
    struct duty_typed t = {.r = {.since = day_words(c, today_num(c)), .rank = 10}};
    bool may = responsibility_may(c->v, c->v->unit);
    return show_duty(c, &t, may ? S("") : S("职责分工由本单位科长调整，您可以看，不能保存"), e);
}

enum code page_responsibility_one(struct ctx *c, struct err *e)
{
    struct duty_typed t = {.remove = false};
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = responsibility_get(db, c->a, ctx_actor(c), c->id, &t.r, e);
    store_read_end(db);
    TRY(code);
    bool may = responsibility_may(c->v, t.r.unit);
    t.a = t.r.a_name;
    t.b = t.r.b_name;
    return show_duty(c, &t, may ? S("") : S("职责分工由本单位科长调整，您可以看，不能保存"), e);
}

static enum code write_duty(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct duty_typed *t = c->job;
    const struct actor *by = ctx_actor(c);
    struct responsibility r = t->r;
    if (t->remove)
        return responsibility_remove(db, by, r.id, r.revision, e);
    r.unit = c->v->unit;
    if (t->a.n)
        TRY(person_typed(db, c->a, t->a, &r.a, e));
    if (t->b.n)
        TRY(person_typed(db, c->a, t->b, &r.b, e));
    return responsibility_save(db, by, &r, e);
}

static enum code after_duty(struct ctx *c, enum code code, struct err *e)
{
    const struct duty_typed *t = c->job;
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_duty(c, t, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, t->remove ? S("已撤销，记录保留") : S("已保存，代办随新的分工调整"));
        ctx_redirect(c, S("/responsibilities"));
    }
    return code;
}

enum code do_responsibility(struct ctx *c, struct err *e)
{
    struct duty_typed *t = ARENA_NEW(c->a, struct duty_typed);
    (void)e;
    t->remove = str_eq(req_field(c->r, "act"), S("remove"));
    t->a = str_trim(req_field(c->r, "a"));
    t->b = str_trim(req_field(c->r, "b"));
    t->r = (struct responsibility){.id = c->id,
        .name = req_field(c->r, "name"),
        .what = req_field(c->r, "what"),
        .how = req_field(c->r, "how"),
        .when = req_field(c->r, "when"),
        .recurring = ctx_int(req_field(c->r, "recurring"), 0, INT64_MAX, 0),
        .since = req_field(c->r, "since"),
        .rank = ctx_int(req_field(c->r, "rank"), 0, RANK_MOST, 0),
        .revision = ctx_int(req_field(c->r, "revision"), 0, INT64_MAX, 0)};
    c->job = t;
    return ctx_write(c, write_duty, c, after_duty);
}

/* ---- absences ---- */

static struct str covers_of(const struct stand_for *v, size_t n, int64_t person)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].person == person)
            return v[i].covers;
    return S("");
}

static struct away_row away_line(
    struct ctx *c, const struct absence *x, const struct stand_for *now, size_t n, struct str today)
{
    bool over = str_cmp(x->to_day, today) < 0;
    return (struct away_row){.id = x->id,
        .person = x->person_name,
        .days = str_eq(x->from_day, x->to_day)
                    ? x->from_day
                    : arena_printf(c->a, "%.*s 至 %.*s", SF(x->from_day), SF(x->to_day)),
        .why = x->why,
        .covers = x->now ? covers_of(now, n, x->person) : S(""),
        .state = x->now ? S("今天离岗")
                 : over ? S("已返岗")
                        : S("将要离岗"),
        .now = x->now,
        .may = !over && absence_may(c->v, x),
        .to_day = x->to_day,
        .item = x->item ? item_link(c->a, x->item, S("/absences"), 0) : S("")};
}

static enum code fill_absences(struct ctx *c, struct db *db, struct page_absences *p, struct err *e)
{
    const struct actor *by = ctx_actor(c);
    struct absence *v;
    struct stand_for *now;
    size_t n, n_now;
    int32_t day = today_num(c);
    struct str today = day_words(c, day);
    TRY(absence_list(db, c->a, by, 0, day_words(c, day - DAYS_SHOWN),
        day_words(c, day + DAYS_SHOWN), &v, &n, e));
    TRY(absence_today(db, c->a, by, &now, &n_now, e));
    p->rows = ARENA_ARRAY(c->a, struct away_row, n + 1);
    for (int over = 0; over < 2; over++) /* what is to come first, then what has passed */
        for (size_t i = 0; i < n; i++)
            if ((str_cmp(v[i].to_day, today) < 0) == (over == 1))
                p->rows[p->n_rows++] = away_line(c, &v[i], now, n_now, today);
    p->office = (c->v->roles & (ROLE_CHIEF | ROLE_SECRETARY)) != 0;
    if (!p->from_day.n)
        p->from_day = today;
    return OK;
}

static enum code show_away(struct ctx *c, struct str problem, struct err *e)
{
    struct page_absences p = {.problem = problem};
    struct db *db;
    if (problem.n) {
        p.person = req_field(c->r, "person");
        p.from_day = req_field(c->r, "from_day");
        p.to_day = req_field(c->r, "to_day");
        p.why = req_field(c->r, "why");
    } else {
        p.done = ctx_flash_take(c);
    }
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill_absences(c, db, &p, e);
    store_read_end(db);
    if (code == OK)
        show_absences(c, &p);
    return code;
}

enum code page_absences(struct ctx *c, struct err *e)
{
    return show_away(c, S(""), e);
}

static enum code write_absence(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    const struct actor *by = ctx_actor(c);
    struct str person = str_trim(req_field(c->r, "person"));
    struct absence x = {.id = 0};
    if (c->id && str_eq(req_field(c->r, "act"), S("back")))
        return absence_end(db, by, c->id, e);
    if (c->id) {
        TRY(absence_get(db, c->a, by, c->id, &x, e));
    } else {
        x.person = c->v->person;
        x.from_day = req_field(c->r, "from_day");
        x.why = req_field(c->r, "why");
        if (person.n)
            TRY(person_typed(db, c->a, person, &x.person, e));
    }
    x.to_day = req_field(c->r, "to_day");
    return absence_save(db, by, &x, e);
}

static enum code after_absence(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_INPUT || code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_away(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        bool back = str_eq(req_field(c->r, "act"), S("back"));
        ctx_flash(c, back ? S("已返岗，代办到此为止") : S("已登记，这些天的代办已经安排"));
        ctx_redirect(c, S("/absences"));
    }
    return code;
}

enum code do_absence(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_absence, c, after_absence);
}

/* ---- load ---- */

enum code page_load(struct ctx *c, struct err *e)
{
    struct page_load p = {.chief = (c->v->roles & ROLE_CHIEF) != 0};
    struct load *v = NULL;
    struct db *db;
    size_t n = 0;
    int32_t day = today_num(c), monday = day - day_weekday(day) + 1;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = unit_name(c, db, &p.unit, e);
    if (code == OK)
        code = load_list(db, c->a, ctx_actor(c), c->v->unit, &v, &n, e);
    store_read_end(db);
    TRY(code);
    p.week = arena_printf(
        c->a, "%.*s 至 %.*s", SF(day_words(c, monday)), SF(day_words(c, monday + WEEK - 1)));
    p.rows = ARENA_ARRAY(c->a, struct load_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool may = p.chief || v[i].person == c->v->person;
        p.rows[p.n_rows++] = (struct load_row){.id = v[i].person,
            .name = v[i].name,
            .title = v[i].title,
            .open = v[i].open,
            .week = v[i].week,
            .late = v[i].late,
            .asked = v[i].asked,
            .away = v[i].away,
            .covers = v[i].covers,
            .pack = may ? arena_printf(c->a, "/hand-over?of=%.*s", SF(v[i].login)) : S(""),
            .arrival = arena_printf(c->a, "/arrival/%lld", (long long)v[i].person)};
    }
    show_load(c, &p);
    return OK;
}

/* ---- texts of the section ---- */

static const struct {
    const char *key, *hint;
    enum section_sort sort;
} sorts[] = {
    {"style", "本科室写稿的规矩：称谓、数字、落款、常用句式、忌用的词；一行一条", SECTION_STYLE}};
enum { N_SORTS = sizeof(sorts) / sizeof(*sorts) };

static size_t sort_asked(struct ctx *c)
{
    struct str path = c->r->head.path, key = S("");
    (void)str_eat(&path, S("/section-texts/"));
    (void)str_next(&path, S("/"), &key);
    for (size_t i = 0; i < N_SORTS; i++)
        if (str_eq(key, str_z(sorts[i].key)))
            return i;
    return N_SORTS;
}

static enum code show_text(struct ctx *c, struct str problem, struct err *e)
{
    struct section_text t;
    struct db *db;
    size_t i = sort_asked(c);
    if (i == N_SORTS)
        return FAIL(e, E_NOTFOUND, "没有这种科室资料");
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = section_text_get(db, c->a, ctx_actor(c), c->v->unit, sorts[i].sort, &t, e);
    store_read_end(db);
    TRY(code);
    struct page_section_text p = {.name = str_z(section_sort_name(t.sort)),
        .key = str_z(sorts[i].key),
        .hint = str_z(sorts[i].hint),
        .text = problem.n ? req_field(c->r, "text") : t.text,
        .revision = t.revision,
        .changed = changed_text(c, t.changed_name, t.changed_ms),
        .may = section_text_may(c->v, c->v->unit),
        .problem = problem};
    if (!problem.n)
        p.done = ctx_flash_take(c);
    show_section_text(c, &p);
    return OK;
}

enum code page_section_text(struct ctx *c, struct err *e)
{
    return show_text(c, S(""), e);
}

static enum code write_text(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    size_t i = sort_asked(c);
    struct section_text t = {.unit = c->v->unit,
        .sort = i == N_SORTS ? 0 : sorts[i].sort,
        .text = req_field(c->r, "text"),
        .revision = ctx_int(req_field(c->r, "revision"), 0, INT64_MAX, 0)};
    return section_text_save(db, ctx_actor(c), &t, e);
}

static enum code after_text(struct ctx *c, enum code code, struct err *e)
{
    if (code == E_LIMIT || code == E_CONFLICT) {
        c->r->res.status = code == E_CONFLICT ? 409 : 400;
        return show_text(c, arena_str(c->a, str_z(e->msg)), e);
    }
    if (code == OK) {
        ctx_flash(c, S("已保存"));
        ctx_redirect(c, arena_str(c->a, c->r->head.path));
    }
    return code;
}

enum code do_section_text(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_text, c, after_text);
}
