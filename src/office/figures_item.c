#include "office/figures_item.h"

#include <stdlib.h>
#include <string.h>

#include "office/item_seen.h"
#include "office/person.h"

enum { WORK_DAYS_MAX = 40000, BOUND_FROM = 22, BOUND_TO = 68 };

/* ---- reading stays ---- */

struct stay {
    int64_t item, group, entered, left, due;
    int64_t person, unit, seq;
    int64_t closing; /* of the item, as of the instant; 0: it is open */
    int urgency;
    bool closed;
    size_t state; /* of the newest version; SIZE_MAX: not in it any more */
};
struct counting {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct kind *k;
    const struct figure_span *span;
    struct seen seen;
    struct stay *v;
    size_t n, cap;
    /* working time from the first day on, up to the beginning of each */
    int32_t first_day;
    int64_t *work;
    int32_t n_work;
};

/* Parameters of lists that are not used here are bound all the same: PostgreSQL wants the type of each. */
static const char stays_sql[] =
    "SELECT s.item, s.state, s.closed, s.person, s.unit, s.urgency, s.entered, s.left_at, s.seq,"
    " coalesce((SELECT max(d.due) FROM item_step d WHERE d.item = s.item AND d.what = 3"
    " AND d.entered <= " STEP_AT " AND d.left_at > " STEP_AT "), 0),"
    " CASE WHEN ?73 = 0 THEN 0 ELSE coalesce((SELECT max(c.entered) FROM item_step c"
    " WHERE c.item = s.item AND c.what = 1 AND c.closed = 1 AND c.entered <= ?72"
    " AND c.noted <= ?72 AND c.left_at > ?72), 0) END"
    " FROM item_step s JOIN item i ON i.id = s.item WHERE s.kind = ?21 AND " STEP_FITS SEEN
    " LIMIT 500001";

static enum code read_stays(struct counting *c, const struct step_filter *f, struct err *e)
{
    struct stmt *q = db_sql(c->db, stays_sql);
    c->v = NULL;
    c->n = c->cap = 0;
    seen_bind(q, &c->seen);
    stmt_bind_str(q, 21, c->k->id);
    for (int i = BOUND_FROM; i <= BOUND_TO; i++)
        stmt_bind_int(q, i, 0);
    step_bind(q, f);
    while (stmt_step(q))
        ARENA_PUSH(c->a, c->v, c->n, c->cap) = (struct stay){.item = stmt_int(q, 0),
            .state = kind_state_of(c->k, stmt_str(q, 1)),
            .closed = stmt_int(q, 2) != 0,
            .person = stmt_int(q, 3),
            .unit = stmt_int(q, 4),
            .urgency = (int)stmt_int(q, 5),
            .entered = stmt_int(q, 6),
            .left = stmt_int(q, 7),
            .seq = stmt_int(q, 8),
            .due = stmt_int(q, 9),
            .closing = stmt_int(q, 10)};
    TRY(stmt_end(q, e));
    return c->n <= FIGURE_STAYS_MAX
               ? OK
               : FAIL(e, E_LIMIT, "这段时间的记录超过%d条，请缩短期间", FIGURE_STAYS_MAX);
}

/* ---- working time ---- */

/* Half a million stays of years each: working time is added up by days once. */
static void sum_work(struct counting *c)
{
    int zone = c->by->hours->zone;
    int64_t first = c->span->as_of_ms;
    int64_t sum = 0;
    for (size_t i = 0; i < c->n; i++)
        first = c->v[i].entered < first ? c->v[i].entered : first;
    c->first_day = clock_day(first, zone);
    c->n_work = clock_day(c->span->as_of_ms, zone) - c->first_day + 2;
    if (c->n_work < 2 || c->n_work > WORK_DAYS_MAX) {
        c->n_work = 0;
        return;
    }
    c->work = ARENA_ARRAY(c->a, int64_t, (size_t)c->n_work);
    for (int32_t d = 0; d < c->n_work; d++) {
        int64_t from = clock_day_ms(c->first_day + d, zone);
        c->work[d] = sum;
        sum += calendar_working_between(c->by->calendar, c->by->hours, from, from + MS_DAY);
    }
}

static int64_t work_until(const struct counting *c, int64_t at_ms)
{
    int32_t d = clock_day(at_ms, c->by->hours->zone) - c->first_day;
    return c->work[d] + calendar_working_between(c->by->calendar, c->by->hours,
                            clock_day_ms(c->first_day + d, c->by->hours->zone), at_ms);
}

static int64_t work_between(const struct counting *c, int64_t from_ms, int64_t to_ms)
{
    if (to_ms <= from_ms)
        return 0;
    if (c->n_work)
        return work_until(c, to_ms) - work_until(c, from_ms);
    return calendar_working_between(c->by->calendar, c->by->hours, from_ms, to_ms);
}

/* ---- times of a group ---- */

static int by_number(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static int64_t mean(const int64_t *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)v[i];
    return (int64_t)(sum / (double)n + 0.5);
}

/* The k-th of n in order, k = n * part / 100 rounded up. */
static int64_t rank(const int64_t *v, size_t n, size_t part)
{
    size_t k = (n * part + 99) / 100;
    return v[k ? k - 1 : 0];
}

static void measure(struct counting *c, const struct stay *v, size_t n, struct figure_times *out)
{
    int64_t *ids = ARENA_ARRAY(c->a, int64_t, n + 1), *clock = ARENA_ARRAY(c->a, int64_t, n + 1),
            *work = ARENA_ARRAY(c->a, int64_t, n + 1);
    *out = (struct figure_times){.stays = (int64_t)n};
    for (size_t i = 0; i < n; i++) {
        bool over = v[i].left <= c->span->as_of_ms;
        int64_t end = over ? v[i].left : c->span->as_of_ms;
        ids[i] = v[i].item;
        clock[i] = end > v[i].entered ? end - v[i].entered : 0;
        work[i] = work_between(c, v[i].entered, end);
        out->unfinished += !over;
    }
    if (!n)
        return;
    qsort(ids, n, sizeof(*ids), by_number);
    qsort(clock, n, sizeof(*clock), by_number);
    qsort(work, n, sizeof(*work), by_number);
    for (size_t i = 0; i < n; i++)
        out->items += i == 0 || ids[i] != ids[i - 1];
    out->mean_ms = mean(clock, n);
    out->median_ms = rank(clock, n, 50);
    out->p90_ms = rank(clock, n, 90);
    out->mean_work_ms = mean(work, n);
    out->median_work_ms = rank(work, n, 50);
    out->p90_work_ms = rank(work, n, 90);
}

static int by_group(const void *x, const void *y)
{
    const struct stay *a = x, *b = y;
    return (a->group > b->group) - (a->group < b->group);
}

/* c->v in order of its groups: where one of them begins, and how many it has. */
static size_t find_group(const struct counting *c, int64_t group, size_t *n)
{
    size_t at = 0, end = c->n;
    while (at < end) {
        size_t mid = at + (end - at) / 2;
        if (c->v[mid].group < group)
            at = mid + 1;
        else
            end = mid;
    }
    *n = 0;
    while (at + *n < c->n && c->v[at + *n].group == group)
        (*n)++;
    return at;
}

static void sort_groups(struct counting *c)
{
    if (c->n)
        qsort(c->v, c->n, sizeof(*c->v), by_group);
}

static struct step_filter filter_of(const struct figure_span *s, enum step_what what)
{
    return (struct step_filter){
        .what = what, .from_ms = s->from_ms, .to_ms = s->to_ms, .as_of_ms = s->as_of_ms};
}

/* ---- steps, urgency ---- */

static void add_row(
    struct counting *c, struct figure_row **v, size_t *n, struct figure_row row, int64_t group)
{
    size_t many, at = find_group(c, group, &many);
    if (!many)
        return;
    measure(c, &c->v[at], many, &row.t);
    (*v)[(*n)++] = row;
}

static enum code count_states(struct counting *c, struct figures_item *out, struct err *e)
{
    struct step_filter f = filter_of(c->span, STEP_STATE);
    f.closed = -1;
    TRY(read_stays(c, &f, e));
    sum_work(c);
    for (size_t i = 0; i < c->n; i++)
        c->v[i].group = c->v[i].state == SIZE_MAX ? -1 : (int64_t)c->v[i].state;
    sort_groups(c);
    out->states = ARENA_ARRAY(c->a, struct figure_row, c->k->n_states + 1);
    for (size_t i = 0; i < c->k->n_states; i++) {
        struct figure_row row = {.name = c->k->states[i].name, .id = (int64_t)i, .filter = f};
        row.filter.state = c->k->states[i].id;
        add_row(c, &out->states, &out->n_states, row, (int64_t)i);
    }
    return OK;
}

/* From the beginning of an item to its end. */
static enum code count_whole(struct counting *c, struct figures_item *out, struct err *e)
{
    struct step_filter f = filter_of(c->span, STEP_STATE);
    f.first = true;
    TRY(read_stays(c, &f, e));
    sum_work(c);
    for (size_t i = 0; i < c->n; i++) {
        c->v[i].left = c->v[i].closing ? c->v[i].closing : INT64_MAX;
        c->v[i].group = c->v[i].urgency;
    }
    out->whole = (struct figure_row){.name = S("全部"), .filter = f};
    measure(c, c->v, c->n, &out->whole.t);
    sort_groups(c);
    out->urgencies = ARENA_ARRAY(c->a, struct figure_row, URGENCY_URGENT + 1);
    for (int u = URGENCY_NONE; u <= URGENCY_URGENT; u++) {
        struct figure_row row = {
            .name = str_z(item_urgency_name((enum urgency)u)), .id = u, .filter = f};
        row.filter.urgency = u + 1;
        add_row(c, &out->urgencies, &out->n_urgencies, row, u);
    }
    return OK;
}

/* ---- units and persons: by what they were asked for ---- */

static enum code count_units(
    struct counting *c, const struct unit *u, size_t n, struct figures_item *out, struct err *e)
{
    struct step_filter f = filter_of(c->span, STEP_ASK);
    TRY(read_stays(c, &f, e));
    sum_work(c);
    for (size_t i = 0; i < c->n; i++)
        c->v[i].group = c->v[i].unit;
    sort_groups(c);
    out->units = ARENA_ARRAY(c->a, struct figure_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct figure_row row = {.name = u[i].short_name, .id = u[i].id, .filter = f};
        row.filter.unit = u[i].id;
        add_row(c, &out->units, &out->n_units, row, u[i].id);
    }
    return OK;
}

/* Of the stays that count_units has read: an ask to a person is his once, in however many units he is. */
static enum code count_persons(struct counting *c, struct figures_item *out, struct err *e)
{
    struct step_filter f = filter_of(c->span, STEP_ASK);
    struct person *p;
    size_t n;
    out->all_persons = c->by->v->owner || (seen_roles(&c->seen) & (ROLE_CHIEF | ROLE_LEADER));
    TRY(person_list(c->db, c->a, 0, true, &p, &n, e));
    for (size_t i = 0; i < c->n; i++)
        c->v[i].group = c->v[i].person;
    sort_groups(c);
    out->persons = ARENA_ARRAY(c->a, struct figure_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct figure_row row = {.name = p[i].name, .id = p[i].id, .filter = f};
        row.filter.person = p[i].id;
        if (out->all_persons || p[i].id == c->by->v->person)
            add_row(c, &out->persons, &out->n_persons, row, p[i].id);
    }
    return OK;
}

/* ---- how much is done ---- */

struct step_filter figure_filter(
    const struct figure_span *span, enum figure_number number, int64_t unit)
{
    struct step_filter f = filter_of(span, STEP_STATE);
    f.unit = unit;
    if (number == FIGURE_RECEIVED) {
        f.first = true;
        return f;
    }
    f.open = 1;
    f.closed = 1;
    if (number == FIGURE_OPEN || number == FIGURE_OVERDUE) {
        f.closed = -1;
        f.from_ms = 0;
        f.to_ms = span->as_of_ms + 1;
    }
    f.due = number == FIGURE_KEPT      ? DUE_KEPT
            : number == FIGURE_UNSET   ? DUE_UNSET
            : number == FIGURE_MISSED  ? DUE_MISSED
            : number == FIGURE_OVERDUE ? DUE_MISSED
                                       : DUE_ANY;
    return f;
}

static int64_t *value_at(struct figure_done *d, enum figure_number number)
{
    int64_t *const at[N_FIGURE] = {[FIGURE_RECEIVED] = &d->received,
        [FIGURE_CLOSED] = &d->closed,
        [FIGURE_KEPT] = &d->kept,
        [FIGURE_MISSED] = &d->missed,
        [FIGURE_UNSET] = &d->unset,
        [FIGURE_OPEN] = &d->open,
        [FIGURE_OVERDUE] = &d->overdue};
    return at[number];
}

int64_t figure_count(const struct figure_done *d, enum figure_number number)
{
    struct figure_done copy = *d;
    return *value_at(&copy, number);
}

static void count_one(struct counting *c, struct figures_item *out, const struct unit *u, size_t n,
    enum figure_number number)
{
    *value_at(&out->all, number) += (int64_t)c->n;
    for (size_t i = 0; i < c->n; i++)
        c->v[i].group = c->v[i].unit;
    sort_groups(c);
    for (size_t i = 0; i < n; i++) {
        size_t many;
        (void)find_group(c, u[i].id, &many);
        *value_at(&out->by_unit[i], number) += (int64_t)many;
    }
}

/* Closed ones are read once and told apart by their day, as STEP_FITS does. */
static void count_closed(
    struct counting *c, struct figures_item *out, const struct unit *u, size_t n)
{
    struct stay *all = c->v;
    size_t n_all = c->n;
    for (int number = FIGURE_KEPT; number <= FIGURE_UNSET; number++) {
        c->v = ARENA_ARRAY(c->a, struct stay, n_all + 1);
        c->n = 0;
        for (size_t i = 0; i < n_all; i++) {
            enum figure_number is = !all[i].due                   ? FIGURE_UNSET
                                    : all[i].due > all[i].entered ? FIGURE_KEPT
                                                                  : FIGURE_MISSED;
            if ((int)is == number)
                c->v[c->n++] = all[i];
        }
        count_one(c, out, u, n, (enum figure_number)number);
    }
}

static enum code count_done(
    struct counting *c, const struct unit *u, size_t n, struct figures_item *out, struct err *e)
{
    static const enum figure_number read[] = {
        FIGURE_RECEIVED, FIGURE_OPEN, FIGURE_OVERDUE, FIGURE_CLOSED};
    size_t kept = 0;
    out->by_unit = ARENA_ARRAY(c->a, struct figure_done, n + 1);
    for (size_t i = 0; i < n; i++)
        out->by_unit[i] = (struct figure_done){.name = u[i].short_name, .unit = u[i].id};
    for (size_t i = 0; i < sizeof(read) / sizeof(*read); i++) {
        struct step_filter f = figure_filter(c->span, read[i], 0);
        TRY(read_stays(c, &f, e));
        count_one(c, out, u, n, read[i]);
    }
    count_closed(c, out, u, n);
    for (size_t i = 0; i < n; i++)
        if (out->by_unit[i].received || out->by_unit[i].closed || out->by_unit[i].open)
            out->by_unit[kept++] = out->by_unit[i];
    out->n_by_unit = kept;
    return OK;
}

enum code figures_item(struct db *db, struct arena *a, const struct actor *by, const struct kind *k,
    const struct figure_span *span, struct figures_item *out, struct err *e)
{
    struct counting c = {.db = db, .a = a, .by = by, .k = k, .span = span};
    struct figures_item f = {.n_states = 0};
    struct unit *u;
    size_t n;
    TRY(seen_read(db, by, &c.seen, e));
    TRY(unit_list(db, a, true, &u, &n, e));
    TRY(count_done(&c, u, n, &f, e));
    TRY(count_states(&c, &f, e));
    TRY(count_whole(&c, &f, e));
    TRY(count_units(&c, u, n, &f, e));
    TRY(count_persons(&c, &f, e));
    *out = f;
    return OK;
}
