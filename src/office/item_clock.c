#include "office/item_clock.h"

#include <stdlib.h>

#include "office/item_int.h"

static const struct kind_clock *clock_of(const struct kind *k, struct str id)
{
    for (size_t i = 0; i < k->n_clocks; i++)
        if (str_eq(k->clocks[i].id, id))
            return &k->clocks[i];
    return NULL;
}

enum code clock_rows(struct db *db, struct arena *a, int64_t item, const struct kind *k,
    struct item_clock **out, size_t *n, struct err *e)
{
    struct item_clock *v = NULL;
    size_t m = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT clock, run, state, started, due, original, paused, met,"
                                " wanted, wanted_at, wanted_by, why FROM item_clock WHERE item = ?1"
                                " ORDER BY started, clock, run");
    stmt_bind_int(q, 1, item);
    while (stmt_step(q)) {
        struct item_clock c = {.clock = arena_str(a, stmt_str(q, 0)),
            .run = stmt_int(q, 1),
            .state = (enum clock_state)stmt_int(q, 2),
            .started_ms = stmt_int(q, 3),
            .due_ms = stmt_int(q, 4),
            .original_ms = stmt_int(q, 5),
            .paused_ms = stmt_int(q, 6),
            .met_ms = stmt_int(q, 7),
            .wanted = arena_str(a, stmt_str(q, 8)),
            .wanted_ms = stmt_int(q, 9),
            .wanted_by = stmt_int(q, 10),
            .why = arena_str(a, stmt_str(q, 11))};
        const struct kind_clock *kc = clock_of(k, c.clock);
        c.name = kc ? kc->name : c.clock;
        ARENA_PUSH(a, v, m, cap) = c;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = m;
    return OK;
}

enum code item_clock_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_clock **out, size_t *n, struct err *e)
{
    struct work w;
    TRY(work_begin(&w, db, a, by, item, e));
    return clock_rows(db, a, item, w.k, out, n, e);
}

static enum code clock_write(struct work *w, const struct item_clock *c, struct err *e)
{
    w->clocked = true;
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_clock(item, clock, run, state, started, due, original, paused, met,"
        " wanted, wanted_at, wanted_by, why)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        " ON CONFLICT(item, clock, run) DO UPDATE SET state = excluded.state, due = excluded.due,"
        " original = excluded.original, paused = excluded.paused, met = excluded.met,"
        " wanted = excluded.wanted, wanted_at = excluded.wanted_at,"
        " wanted_by = excluded.wanted_by, why = excluded.why");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_str(q, 2, c->clock);
    stmt_bind_int(q, 3, c->run);
    stmt_bind_int(q, 4, c->state);
    stmt_bind_int(q, 5, c->started_ms);
    stmt_bind_int(q, 6, c->due_ms);
    stmt_bind_int(q, 7, c->original_ms);
    stmt_bind_int(q, 8, c->paused_ms);
    stmt_bind_int(q, 9, c->met_ms);
    stmt_bind_str(q, 10, c->wanted);
    stmt_bind_int(q, 11, c->wanted_ms);
    stmt_bind_int(q, 12, c->wanted_by);
    stmt_bind_str(q, 13, c->why);
    return stmt_run(q, NULL, e);
}

/* ---- running ---- */

static bool is_state(const size_t *v, size_t n, size_t state)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == state)
            return true;
    return false;
}

bool due_instant(const struct work *w, struct str text, int64_t *ms)
{
    struct day d;
    struct err none;
    if (!day_from_iso(text, &d))
        return text.n && clock_parse(text, w->by->hours->zone, ms, &none) == OK;
    *ms = clock_day_ms(day_num(d) + 1, w->by->hours->zone);
    return true;
}

/* 0: a day or an instant that is not given yet, so that no clock runs. */
static int64_t due_of(struct work *w, const struct kind_clock *kc, int64_t from_ms)
{
    int64_t ms = 0;
    if (kc->due != SIZE_MAX)
        return due_instant(w, field_text(w, w->k->fields[kc->due].id), &ms) ? ms : 0;
    return calendar_add_limit(w->by->calendar, w->by->hours, from_ms, kc->within);
}

/* The one that runs, else the one begun last: a step taken back lets an earlier one run on. */
static struct item_clock *newest(struct item_clock *v, size_t n, struct str id)
{
    struct item_clock *c = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(v[i].clock, id))
            continue;
        if (v[i].state == CLOCK_RUNNING)
            return &v[i];
        if (!c || v[i].run > c->run)
            c = &v[i];
    }
    return c;
}

static int64_t next_run(const struct item_clock *v, size_t n, struct str id)
{
    int64_t run = 1;
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].clock, id) && v[i].run >= run)
            run = v[i].run + 1;
    return run;
}

/* What stood still is put behind the due: time on the clock, or working time for a limit in it. A day in a field stays
 * what it is: nobody moved it. */
static void go_on(struct work *w, const struct kind_clock *kc, struct item_clock *c)
{
    int64_t now = w->by->now_ms;
    if (kc->due == SIZE_MAX && kc->within.working) {
        int64_t ms = calendar_working_between(w->by->calendar, w->by->hours, c->paused_ms, now);
        c->due_ms = calendar_add_working(w->by->calendar, w->by->hours, c->due_ms, ms > 0 ? ms : 0);
        c->original_ms =
            calendar_add_working(w->by->calendar, w->by->hours, c->original_ms, ms > 0 ? ms : 0);
    } else if (kc->due == SIZE_MAX) {
        c->due_ms += now - c->paused_ms;
        c->original_ms += now - c->paused_ms;
    }
    c->paused_ms = 0;
}

/* why: of one that is dropped. */
static enum code end_clock(
    struct work *w, struct item_clock *c, enum clock_state state, struct str why, struct err *e)
{
    c->state = state;
    c->why = why;
    c->met_ms = w->by->now_ms;
    c->paused_ms = 0;
    return clock_write(w, c, e);
}

static enum code begin_clock(
    struct work *w, const struct kind_clock *kc, int64_t run, struct err *e)
{
    struct item_clock c = {.clock = kc->id,
        .run = run,
        .started_ms = w->by->now_ms,
        .due_ms = due_of(w, kc, w->by->now_ms)};
    c.original_ms = c.due_ms;
    return c.due_ms ? clock_write(w, &c, e) : OK;
}

/* What stood still until now was not late meanwhile. */
static enum code stop_clock(struct work *w, const struct kind_clock *kc, struct item_clock *c,
    enum clock_state state, struct str why, struct err *e)
{
    if (c->paused_ms)
        go_on(w, kc, c);
    return end_clock(w, c, state, why, e);
}

static enum code enter_one(
    struct work *w, const struct kind_clock *kc, struct item_clock *c, int64_t run, struct err *e)
{
    bool runs = c && c->state == CLOCK_RUNNING;
    if (kc->start == w->state && !w->it.closed_ms) {
        if (runs)
            TRY(stop_clock(w, kc, c, CLOCK_DROPPED, S("重新计时"), e));
        return begin_clock(w, kc, run, e);
    }
    if (!runs)
        return OK;
    if (kc->stop == w->state)
        return stop_clock(w, kc, c, CLOCK_MET, S(""), e);
    if (w->it.closed_ms || is_state(kc->drop, kc->n_drop, w->state))
        return stop_clock(w, kc, c, CLOCK_DROPPED, w->k->states[w->state].name, e);
    bool pause = is_state(kc->pause, kc->n_pause, w->state);
    if (pause == (c->paused_ms != 0))
        return OK;
    if (pause)
        c->paused_ms = w->by->now_ms;
    else
        go_on(w, kc, c);
    return clock_write(w, c, e);
}

enum code clocks_enter(struct work *w, struct err *e)
{
    struct item_clock *v;
    size_t n;
    if (w->k->n_clocks == 0)
        return OK;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    for (size_t i = 0; i < w->k->n_clocks; i++) {
        const struct kind_clock *kc = &w->k->clocks[i];
        TRY(enter_one(w, kc, newest(v, n, kc->id), next_run(v, n, kc->id), e));
    }
    return OK;
}

enum code clocks_drop(struct work *w, struct str why, struct err *e)
{
    struct item_clock *v;
    size_t n;
    if (w->k->n_clocks == 0)
        return OK;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].state == CLOCK_RUNNING)
            TRY(end_clock(w, &v[i], CLOCK_DROPPED, why, e));
    return OK;
}

/* It stands still again where it did: what stood before the step is in its due already. */
static enum code run_again(
    struct work *w, const struct kind_clock *kc, struct item_clock *c, int64_t at_ms, struct err *e)
{
    if (c->state != CLOCK_RUNNING)
        c->why = S("");
    c->state = CLOCK_RUNNING;
    c->met_ms = 0;
    if (!kc || !is_state(kc->pause, kc->n_pause, w->state))
        c->paused_ms = 0;
    else if (!c->paused_ms)
        c->paused_ms = at_ms;
    return clock_write(w, c, e);
}

/* Only what is quiet happened since, so that the instant tells what the step did. */
enum code clocks_withdraw(struct work *w, int64_t at_ms, struct err *e)
{
    struct item_clock *v;
    size_t n;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct item_clock *c = &v[i];
        const struct kind_clock *kc = clock_of(w->k, c->clock);
        if (c->state == CLOCK_RUNNING && c->started_ms == at_ms)
            TRY(end_clock(w, c, CLOCK_DROPPED, S("撤回"), e));
        else if (c->state == CLOCK_RUNNING || c->met_ms == at_ms)
            TRY(run_again(w, kc, c, at_ms, e));
    }
    return OK;
}

/* A clock of this field that runs goes to the new day; without one it ends. */
static enum code new_day(
    struct work *w, const struct kind_clock *kc, struct item_clock *c, struct err *e)
{
    int64_t due = due_of(w, kc, 0);
    if (!due)
        return end_clock(w, c, CLOCK_DROPPED, S("取消期限"), e);
    if (w->by->now_ms <= c->original_ms)
        c->original_ms = due;
    c->due_ms = due;
    return clock_write(w, c, e);
}

/* Between entering its start and its stop the clock would have run, had it had a day: it runs from then. */
static enum code late_start(struct work *w, const struct kind_clock *kc, int64_t run, struct err *e)
{
    struct item_clock c = {.clock = kc->id, .run = run, .due_ms = due_of(w, kc, 0)};
    struct trail t;
    if (!c.due_ms)
        return OK;
    TRY(trail_read(w, &t, e));
    if (!trail_between(&t, kc, &c.started_ms))
        return OK;
    c.original_ms = c.due_ms;
    if (is_state(kc->pause, kc->n_pause, w->state))
        c.paused_ms = w->by->now_ms;
    return clock_write(w, &c, e);
}

enum code clocks_field(struct work *w, size_t field, struct err *e)
{
    struct item_clock *v;
    size_t n;
    bool used = false;
    for (size_t i = 0; i < w->k->n_clocks; i++)
        used = used || w->k->clocks[i].due == field;
    if (!used || w->it.revision == 0 || w->it.closed_ms)
        return OK;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    for (size_t i = 0; i < w->k->n_clocks; i++) {
        const struct kind_clock *kc = &w->k->clocks[i];
        struct item_clock *c = newest(v, n, kc->id);
        if (kc->due != field)
            continue;
        if (c && c->state == CLOCK_RUNNING)
            TRY(new_day(w, kc, c, e));
        else
            TRY(late_start(w, kc, next_run(v, n, kc->id), e));
    }
    return OK;
}

/* ---- more time ---- */

struct extending {
    struct verb *v;
    const struct kind_clock *kc;
    struct item_clock *c;
    struct str day;
    int64_t due;
};

static enum code clock_running(struct extending *x, struct str clock, struct err *e)
{
    struct work *w = &x->v->w;
    struct item_clock *v;
    size_t n;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    x->kc = clock_of(w->k, clock);
    x->c = newest(v, n, clock);
    if (!x->kc || !x->c || x->c->state != CLOCK_RUNNING)
        return FAIL(e, E_INPUT, "这件事项没有在计的期限“%.*s”", SF(clock));
    return OK;
}

/* The day as its field has it: the hour of an instant stays, where only a day is given. */
static enum code read_day(struct extending *x, struct str day, struct err *e)
{
    struct work *w = &x->v->w;
    const struct kind_field *f = x->kc->due == SIZE_MAX ? NULL : &w->k->fields[x->kc->due];
    struct day d;
    x->day = str_trim(day);
    if (f && f->type == FIELD_DATETIME && day_from_iso(x->day, &d)) {
        struct str old = field_text(w, f->id);
        x->day = arena_printf(w->a, "%.*s%.*s", SF(x->day), SF(str_sub(old, x->day.n, old.n)));
    }
    if (!due_instant(w, x->day, &x->due) || x->due <= x->c->due_ms)
        return FAIL(e, E_INPUT, "延期后的日期“%.*s”应当晚于现在的期限", SF(day));
    return OK;
}

/* The day comes from a field: that is what changes, and the event has both. */
static enum code set_day(struct extending *x, struct err *e)
{
    struct work *w = &x->v->w;
    struct str field = w->k->fields[x->kc->due].id;
    json_t *set = json_object();
    json_object_setn_new(set, field.p, field.n, json_stringn(x->day.p, x->day.n));
    jw_kobj(&x->v->j, "set");
    enum code c = fields_take(w, set, NULL, 0, &x->v->j, e);
    jw_end(&x->v->j);
    json_decref(set);
    return c;
}

static enum code grant(struct extending *x, struct err *e)
{
    struct item_clock *c = x->c;
    int64_t asked = c->wanted.n ? c->wanted_ms : x->v->w.by->now_ms;
    if (x->kc->due != SIZE_MAX)
        TRY(set_day(x, e));
    if (asked <= c->original_ms)
        c->original_ms = x->due;
    c->due_ms = x->due;
    c->wanted = S("");
    c->wanted_ms = c->wanted_by = 0;
    return clock_write(&x->v->w, c, e);
}

static enum code extend(
    struct verb *v, struct str clock, struct str day, struct str why, struct err *e)
{
    struct extending x = {.v = v};
    struct work *w = &v->w;
    TRY(clock_running(&x, clock, e));
    TRY(read_day(&x, day, e));
    if (!str_trim(why).n)
        return FAIL(e, E_INPUT, "没有填写延期理由，填好后再办");
    TRY(verb_reason(v, why, true, e));
    bool granted = work_may(w, &x.kc->extend);
    if (!granted && !work_right(w, ITEM_EXTEND, 0))
        return FAIL(e, E_DENIED, "您不能为这件事项申请延期");
    jw_kstr(&v->j, "clock", clock);
    jw_kstr(&v->j, "day", x.day);
    jw_kbool(&v->j, "granted", granted);
    jw_kint(&v->j, "before", x.c->due_ms);
    if (granted)
        return grant(&x, e);
    x.c->wanted = x.day;
    x.c->wanted_ms = w->by->now_ms;
    x.c->wanted_by = w->by->v->person;
    return clock_write(w, x.c, e);
}

enum code item_extend(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str clock, struct str day, struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = extend(&v, clock, day, why, e);
    return verb_end(&v, c, "extend", e);
}

/* ---- lights ---- */

/* Working hours are counted back by halving: the calendar only counts forward. */
int64_t clock_before(const struct work *w, int64_t due_ms, struct limit left)
{
    int64_t unit = left.unit == LIMIT_MINUTES ? MS_MINUTE : MS_HOUR;
    const struct calendar *cal = w->by->calendar;
    if (left.n == 0)
        return due_ms;
    if (!left.working)
        return due_ms - left.n * (left.unit == LIMIT_DAYS ? MS_DAY : unit);
    if (left.unit ==
        LIMIT_DAYS) { /* due is the end of a day: of the one that holds the instant before it */
        int32_t day = clock_day(due_ms - 1, w->by->hours->zone);
        return due_ms + (calendar_add_workdays(cal, day, -(int)left.n) - day) * MS_DAY;
    }
    int64_t lo = due_ms - (left.n * unit / MS_HOUR + 30) * MS_DAY, hi = due_ms;
    while (hi - lo > MS_SECOND) {
        int64_t mid = lo + (hi - lo) / 2;
        if (calendar_working_between(cal, w->by->hours, mid, due_ms) >= left.n * unit)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static int by_instant(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

struct shining {
    int64_t from[KIND_LIGHTS_MAX]; /* INT64_MAX: its clock does not run */
    int64_t due[KIND_LIGHTS_MAX];
    int64_t at[KIND_LIGHTS_MAX + 1];
    size_t n_at;
};

static void light_instants(struct work *w, const struct item_clock *v, size_t n, struct shining *s)
{
    s->n_at = 0;
    for (size_t i = 0; i < w->k->n_lights; i++) {
        const struct kind_light *l = &w->k->lights[i];
        s->from[i] = INT64_MAX;
        for (size_t k = 0; k < n; k++)
            if (str_eq(v[k].clock, w->k->clocks[l->clock].id) && v[k].state == CLOCK_RUNNING &&
                !v[k].paused_ms) {
                s->from[i] = clock_before(w, v[k].due_ms, l->left);
                s->due[i] = v[k].due_ms;
                s->at[s->n_at++] = s->from[i];
            }
    }
    if (s->n_at)
        qsort(s->at, s->n_at, sizeof(s->at[0]), by_instant);
}

static enum code light_insert(struct work *w, const struct kind_light *l, int64_t from,
    int64_t until, int64_t due, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_light(item, from_at, until_at, colour, due, text, item_kind,"
        " opened) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, from);
    stmt_bind_int(q, 3, until);
    stmt_bind_int(q, 4, l->colour);
    stmt_bind_int(q, 5, due);
    stmt_bind_str(q, 6, l->text);
    stmt_bind_str(q, 7, w->it.kind);
    stmt_bind_int(q, 8, w->it.opened_ms);
    return stmt_run(q, NULL, e);
}

static enum code lights_insert(struct work *w, const struct shining *s, struct err *e)
{
    for (size_t k = 0; k < s->n_at; k++) {
        int64_t until = k + 1 < s->n_at ? s->at[k + 1] : INT64_MAX;
        size_t i = 0;
        while (i < w->k->n_lights && s->from[i] > s->at[k])
            i++;
        if (until != s->at[k] && i < w->k->n_lights)
            TRY(light_insert(w, &w->k->lights[i], s->at[k], until, s->due[i], e));
    }
    return OK;
}

/* One row for each stretch of time in which the same light shows, the first of the kind that holds. They follow from the clocks and
 * the kind alone. */
enum code lights_write(struct work *w, struct err *e)
{
    struct item_clock *v;
    struct shining s;
    size_t n;
    if (!w->clocked && w->it.kind_version == w->was.kind_version)
        return OK;
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    w->due = ITEM_NO_DUE;
    for (size_t i = 0; i < n; i++)
        if (v[i].state == CLOCK_RUNNING && v[i].due_ms < w->due)
            w->due = v[i].due_ms;
    struct stmt *q = db_sql(w->db, "DELETE FROM item_light WHERE item = ?1");
    stmt_bind_int(q, 1, w->it.id);
    TRY(stmt_run(q, NULL, e));
    w->lies = true;
    light_instants(w, v, n, &s);
    return lights_insert(w, &s, e);
}
