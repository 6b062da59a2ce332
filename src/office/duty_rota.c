/* duty_rota.c - a month by rotation, and what does not go together in it. */
#include "office/absence.h"
#include "office/audit.h"
#include "office/duty_int.h"
#include "office/item_cover.h"

enum { MONTHS_AHEAD_MAX = 13, AWAY_MAX = 1000, REST_MS = 12 * 3600 * 1000 };

/* ---- who is away ---- */

static bool instant_of(struct str text, bool end, int zone, int64_t *ms)
{
    struct day d;
    struct err none;
    if (day_from_iso(text, &d)) {
        *ms = clock_day_ms(day_num(d) + end, zone);
        return true;
    }
    return text.n && clock_parse(text, zone, ms, &none) == OK;
}

struct aways {
    struct duty_away *v;
    size_t n, cap;
};

static enum code add_delegations(
    struct db *db, struct arena *a, const struct actor *by, struct aways *out, struct err *e)
{
    struct item_delegation *v;
    size_t n;
    TRY(item_delegation_list(db, a, by, 0, &v, &n, e));
    for (size_t i = 0; i < n && out->n < AWAY_MAX; i++) {
        struct duty_away x = {.person = v[i].person, .what = "已委托他人"};
        if (!v[i].revoked_ms && instant_of(v[i].from_day, false, by->hours->zone, &x.from_ms) &&
            instant_of(v[i].to_day, true, by->hours->zone, &x.to_ms))
            ARENA_PUSH(a, out->v, out->n, out->cap) = x;
    }
    return OK;
}

static struct str day_text(struct arena *a, int64_t ms, int zone)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(a, day_iso(day_of(clock_day(ms, zone)), iso));
}

static enum code add_absences(struct db *db, struct arena *a, const struct actor *by,
    const struct duty_away *within, struct aways *out, struct err *e)
{
    struct absence *v;
    size_t n;
    int zone = by->hours->zone;
    TRY(absence_list(db, a, by, 0, day_text(a, within->from_ms, zone),
        day_text(a, within->to_ms, zone), &v, &n, e));
    for (size_t i = 0; i < n && out->n < AWAY_MAX; i++) {
        struct duty_away x = {.person = v[i].person, .what = "不在岗"};
        if (!v[i].ended_ms && instant_of(v[i].from_day, false, zone, &x.from_ms) &&
            instant_of(v[i].to_day, true, zone, &x.to_ms))
            ARENA_PUSH(a, out->v, out->n, out->cap) = x;
    }
    return OK;
}

/* When somebody is away is no secret of the roster; why he is, is not read. */
enum code duty_absences(struct db *db, struct arena *a, const struct actor *by, int64_t from_ms,
    int64_t to_ms, struct duty_away **out, size_t *n, struct err *e)
{
    struct viewer all = viewer_owner();
    struct actor owner = *by;
    struct aways v = {.n = 0};
    owner.v = &all;
    owner.for_person = 0;
    TRY(add_absences(
        db, a, &owner, &(struct duty_away){.from_ms = from_ms, .to_ms = to_ms}, &v, e));
    TRY(add_delegations(db, a, &owner, &v, e));
    *out = v.v;
    *n = v.n;
    return OK;
}

const struct duty_away *duty_absent(
    const struct duty_away *v, size_t n, int64_t person, int64_t from_ms, int64_t to_ms)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].person == person && v[i].from_ms < to_ms && v[i].to_ms > from_ms)
            return &v[i];
    return NULL;
}

/* ---- the rotation ---- */

struct rota {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct duty_rule r;
    struct duty_away *away;
    size_t n_away;
    int64_t last[N_DUTY_SORT][N_DUTY_SEAT]; /* who had this sort of day last */
    struct duty_shift before;               /* the shift right before; id 0: none */
    size_t made;
};

static enum code read_last(struct rota *t, int64_t before_ms, struct err *e)
{
    for (int sort = 0; sort < N_DUTY_SORT; sort++) {
        struct stmt *q = db_sql(t->db, "SELECT a, b, leader FROM duty_shift WHERE sort = ?1"
                                       " AND from_at < ?2 ORDER BY from_at DESC LIMIT 1");
        stmt_bind_int(q, 1, sort);
        stmt_bind_int(q, 2, before_ms);
        if (stmt_step(q))
            for (int i = 0; i < N_DUTY_SEAT; i++)
                t->last[sort][i] = stmt_int(q, i);
        TRY(stmt_end(q, e));
    }
    return OK;
}

static size_t place_of(const struct rota *t, int sort, int seat)
{
    for (size_t i = 0; i < t->r.n_people[seat]; i++)
        if (t->r.people[seat][i] == t->last[sort][seat])
            return i + 1;
    /* A and B may be the same people in the same order: B begins with the one behind */
    return seat == DUTY_B ? 1 : 0;
}

/* He was on until a moment ago, or sits in another seat of this shift. Leaders lead several in a row. */
static bool tired(const struct rota *t, const struct duty_shift *s, int seat, int64_t person)
{
    for (int i = 0; i < seat; i++)
        if (s->who[i] == person)
            return true;
    return seat != DUTY_LEADER && t->before.id && duty_has(&t->before, person) &&
           s->from_ms - t->before.to_ms < REST_MS;
}

/* The next in the order who is there and rested; else who is there; else whose turn it is: the warning says so. */
static int64_t next_person(const struct rota *t, const struct duty_shift *s, int seat)
{
    size_t n = t->r.n_people[seat], at = place_of(t, s->sort, seat);
    int64_t present = 0;
    for (size_t k = 0; k < n; k++) {
        int64_t p = t->r.people[seat][(at + k) % n];
        if (duty_absent(t->away, t->n_away, p, s->from_ms, s->to_ms))
            continue;
        if (!tired(t, s, seat, p))
            return p;
        bool twice = false;
        for (int i = 0; i < seat; i++)
            twice = twice || s->who[i] == p;
        if (!present && !twice)
            present = p;
    }
    if (present || n == 0)
        return present;
    return seat == DUTY_A ? t->r.people[seat][at % n] : 0;
}

static enum code make_shift(
    struct rota *t, int32_t day, const struct duty_span *span, struct err *e)
{
    int zone = t->by->hours->zone;
    bool over = span->to <= span->from;
    struct duty_shift s = {.day = day,
        .from_ms = clock_day_ms(day, zone) + span->from * MS_MINUTE,
        .to_ms = clock_day_ms(day + over, zone) + span->to * MS_MINUTE,
        .sort = duty_sort_of(t->by->calendar, day)};
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        s.who[i] = next_person(t, &s, i);
        if (s.who[i])
            t->last[s.sort][i] = s.who[i];
    }
    enum code c = duty_insert(t->db, t->by, &s, e);
    if (c == E_CONFLICT) /* the night before was made longer by hand */
        return OK;
    TRY(c);
    t->before = s;
    t->made++;
    return OK;
}

static enum code make_day(struct rota *t, int32_t day, struct err *e)
{
    enum duty_sort sort = duty_sort_of(t->by->calendar, day);
    int64_t from = clock_day_ms(day, t->by->hours->zone);
    struct duty_shift *v;
    size_t n;
    TRY(duty_list(t->db, t->a, from, from + MS_DAY, &v, &n, e));
    if (n) { /* it has been made: the count goes on from it */
        t->before = v[n - 1];
        for (int i = 0; i < N_DUTY_SEAT; i++)
            if (v[n - 1].who[i])
                t->last[sort][i] = v[n - 1].who[i];
        return OK;
    }
    for (size_t i = 0; i < t->r.n_spans[sort]; i++)
        TRY(make_shift(t, day, &t->r.span[sort][i], e));
    return OK;
}

static enum code make_month(struct rota *t, int32_t first, int32_t end, struct err *e)
{
    int64_t from = clock_day_ms(first, t->by->hours->zone);
    bool there = false;
    struct duty_shift at = {.from_ms = from};
    TRY(duty_rule_get(t->db, t->a, &t->r, e));
    if (!t->r.n_people[DUTY_A])
        return FAIL(e, E_INPUT, "还没有定A岗由哪些人轮流，请先在“排班规则”里填写");
    int64_t to = clock_day_ms(end + 1, t->by->hours->zone);
    TRY(duty_absences(t->db, t->a, t->by, from, to, &t->away, &t->n_away, e));
    TRY(read_last(t, from, e));
    TRY(duty_beside(t->db, t->a, &at, false, &t->before, &there, e));
    for (int32_t day = first; day < end; day++)
        TRY(make_day(t, day, e));
    return OK;
}

enum code duty_generate(
    struct db *db, const struct actor *by, int year, int month, size_t *made, struct err *e)
{
    struct arena a;
    struct rota t = {.db = db, .a = &a, .by = by};
    int32_t today = clock_day(by->now_ms, by->hours->zone);
    TRY(duty_require(db, by, e));
    if (month < 1 || month > 12 || year < 1 || year > 9998)
        return FAIL(e, E_INPUT, "没有这个月份");
    int32_t first = day_num((struct day){year, month, 1});
    int32_t end = first + day_month_len(year, month);
    if (end <= today)
        return FAIL(e, E_INPUT, "这个月已经过去，不再排班");
    if (first > today + MONTHS_AHEAD_MAX * 31)
        return FAIL(e, E_INPUT, "最多提前%d个月排班", MONTHS_AHEAD_MAX);
    arena_init(&a);
    enum code c = make_month(&t, first > today ? first : today, end, e);
    arena_release(&a);
    TRY(c);
    *made = t.made;
    return audit_simple(db, by->v->person, "duty.generate", "duty", 0, S(""), e);
}

/* ---- warnings ---- */

struct warnings {
    struct arena *a;
    struct duty_warning *v;
    size_t n, cap;
};

static void warn(struct warnings *w, const struct duty_shift *s, int seat, struct str text)
{
    ARENA_PUSH(w->a, w->v, w->n, w->cap) =
        (struct duty_warning){.shift = s->id, .seat = (enum duty_seat)seat, .text = text};
}

static void warn_seat(struct warnings *w, const struct duty_shift *s,
    const struct duty_shift *before, const struct duty_away *away, int seat)
{
    struct arena *a = w->a;
    for (int i = 0; i < seat; i++)
        if (s->who[i] == s->who[seat])
            warn(w, s, seat,
                arena_printf(
                    a, "%.*s同时是%s", SF(s->name[seat]), duty_seat_name((enum duty_seat)i)));
    if (s->gone[seat])
        warn(w, s, seat, arena_printf(a, "%.*s的账号已停用", SF(s->name[seat])));
    if (away)
        warn(w, s, seat, arena_printf(a, "%.*s这时%s", SF(s->name[seat]), away->what));
    if (seat != DUTY_LEADER && before && s->from_ms - before->to_ms < REST_MS &&
        (before->who[DUTY_A] == s->who[seat] || before->who[DUTY_B] == s->who[seat]))
        warn(w, s, seat, arena_printf(a, "%.*s连着两班", SF(s->name[seat])));
}

enum code duty_warnings(struct db *db, struct arena *a, const struct actor *by,
    const struct duty_shift *v, size_t n, struct duty_warning **out, size_t *n_out, struct err *e)
{
    struct warnings w = {.a = a};
    struct duty_away *away;
    struct duty_shift before = {0};
    size_t n_away;
    bool there = false;
    if (!n) {
        *n_out = 0;
        return OK;
    }
    TRY(duty_absences(db, a, by, v[0].from_ms, v[n - 1].to_ms, &away, &n_away, e));
    TRY(duty_beside(db, a, &v[0], false, &before, &there, e));
    for (size_t i = 0; i < n; i++)
        for (int seat = 0; seat < N_DUTY_SEAT; seat++) {
            if (!v[i].who[seat])
                warn(&w, &v[i], seat,
                    arena_printf(a, "没有%s", duty_seat_name((enum duty_seat)seat)));
            else
                warn_seat(&w, &v[i],
                    i       ? &v[i - 1]
                    : there ? &before
                            : NULL,
                    duty_absent(away, n_away, v[i].who[seat], v[i].from_ms, v[i].to_ms), seat);
        }
    *out = w.v;
    *n_out = w.n;
    return OK;
}
