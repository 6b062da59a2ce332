#include "office/item_desk.h"

#include <stdlib.h>

#include "office/item_seen.h"
#include "office/many.h"

/* What is stuck is looked for among what is due first and what is oldest in the viewer's own boxes, what presses among the oldest of his 待办:
 * never by a walk over everything. */
enum { STUCK_DUE = 40, STUCK_BOX = 20, TODO_LOOKED = MANY };
/* Whoever sees by rows alone has few that are open, and all of them are sorted to find the first: they are asked once. */
enum { OPEN_OF_ROWS = 1000 };

_Static_assert(DESK_TODO_MAX + STUCK_DUE + 2 * STUCK_BOX <= MANY, "one load without what is due");

struct keys {
    const struct item_key *v;
    size_t n;
};
struct reading {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct desk_ask *ask;
    struct seen seen;
    struct keys due, todo, doing, soon; /* ... of which lines are made */
    struct keys span;                   /* due in the days that are counted */
    int64_t *ids;                       /* each once; the first are those that may be stuck */
    size_t n_ids, n_among;
    struct item *items;
    struct item_hand *hands;
    size_t n;
};

/* ---- where they stand ---- */

static enum code keys_of(
    struct reading *r, const struct item_filter *f, size_t limit, struct keys *out, struct err *e)
{
    struct item_key *v;
    size_t n;
    if (!limit)
        return OK;
    TRY(item_list_keys(r->db, r->a, r->by, f, limit, &v, &n, e));
    *out = (struct keys){v, n};
    return OK;
}

static size_t first_of(struct keys k, size_t n)
{
    return k.n < n ? k.n : n;
}

/* The part from one instant to before another of what stands in the order of its instants. */
static struct keys part_of(struct keys k, int64_t from_ms, int64_t to_ms)
{
    size_t from = 0, to;
    while (from < k.n && k.v[from].at < from_ms)
        from++;
    for (to = from; to < k.n && k.v[to].at < to_ms;)
        to++;
    return to > from ? (struct keys){k.v + from, to - from} : (struct keys){NULL, 0};
}

static int by_at(const void *x, const void *y)
{
    const struct item_key *a = x, *b = y;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* All that is open in his rows, by due; as many as OPEN_OF_ROWS: there may be more. A value, not a join: PostgreSQL would read what is open
 * in the whole office first. */
static enum code open_of_rows(struct reading *r, struct keys *out, struct err *e)
{
    struct item_key *v = ARENA_ARRAY(r->a, struct item_key, OPEN_OF_ROWS);
    size_t n = 0;
    struct stmt *q = db_sql(r->db, DB_PLAN_ONCE
        "WITH " WHO_TABLE
        " SELECT o.item, (SELECT i.due FROM item i WHERE i.id = o.item AND i.gone = 0"
        " AND i.closed = 0) FROM (SELECT DISTINCT x.item FROM w CROSS JOIN item_grant x WHERE"
        " x.kind = w.kind AND x.principal = w.principal AND x.stage = 1 AND ?1 = ?1 LIMIT ?21) o");
    seen_bind(q, &r->seen);
    stmt_bind_int(q, 21, OPEN_OF_ROWS);
    while (stmt_step(q) && n < OPEN_OF_ROWS)
        if (!stmt_null(q, 1))
            v[n++] = (struct item_key){stmt_int(q, 0), stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    if (n)
        qsort(v, n, sizeof(*v), by_at);
    *out = (struct keys){v, n};
    return OK;
}

static enum code read_due(struct reading *r, struct err *e)
{
    const struct desk_ask *ask = r->ask;
    struct item_filter f = {.open = 1, .sort = SORT_DUE, .uncounted = true};
    bool by_rows = r->seen.level < 0 && ask->stuck && ask->due_to_ms != 0;
    if (by_rows)
        TRY(open_of_rows(r, &r->due, e));
    if (by_rows && r->due.n < OPEN_OF_ROWS) {
        r->span = part_of(r->due, ask->due_from_ms, ask->due_to_ms);
        r->span.n = first_of(r->span, ITEM_PAGE_MAX);
    } else {
        TRY(keys_of(r, &f, ask->stuck ? STUCK_DUE : 0, &r->due, e));
        f.due_from_ms = ask->due_from_ms;
        f.due_to_ms = ask->due_to_ms;
        TRY(keys_of(r, &f, f.due_to_ms ? ITEM_PAGE_MAX : 0, &r->span, e));
    }
    r->due.n = first_of(r->due, STUCK_DUE);
    r->soon = part_of(r->span, ask->soon_from_ms, ask->soon_to_ms);
    return OK;
}

static enum code read_keys(struct reading *r, struct err *e)
{
    static const struct item_filter todo = {.box = BOX_TODO, .uncounted = true},
                                    doing = {.box = BOX_DOING, .uncounted = true};
    bool stuck = r->ask->stuck > 0;
    TRY(read_due(r, e));
    TRY(keys_of(r, &todo, r->ask->todo ? TODO_LOOKED : stuck ? STUCK_BOX : 0, &r->todo, e));
    return keys_of(r, &doing, stuck ? STUCK_BOX : 0, &r->doing, e);
}

/* ---- what presses among the oldest of 待办 ---- */

struct pressing {
    int64_t id, due, colour;
};

static int by_light(const void *x, const void *y)
{
    const struct pressing *a = x, *b = y;
    if (a->colour != b->colour)
        return a->colour > b->colour ? -1 : 1;
    if (a->due != b->due)
        return a->due < b->due ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* The ids of those that are shown, in their order; they lie in his own box, so that nothing is judged here. */
static enum code press(struct reading *r, int64_t out[DESK_TODO_MAX], size_t *n, struct err *e)
{
    struct pressing v[TODO_LOOKED];
    int64_t ids[TODO_LOOKED];
    size_t got = 0;
    *n = 0;
    if (!r->ask->todo || !r->todo.n)
        return OK;
    for (size_t i = 0; i < r->todo.n; i++)
        ids[i] = r->todo.v[i].id;
    struct stmt *q = db_sql(r->db,
        DB_PLAN_ONCE "SELECT i.id, i.due, coalesce(l.colour, 0) FROM item i LEFT JOIN item_light l"
                     " ON l.item = i.id AND l.from_at <= ?101 AND l.until_at > ?101"
                     " WHERE i.id IN (" MANY_IDS ")");
    many_bind(q, 1, ids, r->todo.n);
    stmt_bind_int(q, 101, r->by->now_ms);
    while (stmt_step(q) && got < TODO_LOOKED)
        v[got++] = (struct pressing){stmt_int(q, 0), stmt_int(q, 1), stmt_int(q, 2)};
    TRY(stmt_end(q, e));
    if (got)
        qsort(v, got, sizeof(*v), by_light);
    *n = got < r->ask->todo ? got : r->ask->todo;
    for (size_t i = 0; i < *n; i++)
        out[i] = v[i].id;
    return OK;
}

/* ---- one load ---- */

static void want(struct reading *r, int64_t id)
{
    for (size_t i = 0; i < r->n_ids; i++)
        if (r->ids[i] == id)
            return;
    r->ids[r->n_ids++] = id;
}

static void want_first(struct reading *r, struct keys k, size_t n)
{
    for (size_t i = 0; i < first_of(k, n); i++)
        want(r, k.v[i].id);
}

static enum code load(struct reading *r, const int64_t *todo, size_t n_todo, struct err *e)
{
    r->ids = ARENA_ARRAY(r->a, int64_t, DESK_TODO_MAX + STUCK_DUE + 2 * STUCK_BOX + DESK_SOON_MAX);
    if (r->ask->stuck) {
        want_first(r, r->due, STUCK_DUE);
        want_first(r, r->todo, STUCK_BOX);
        want_first(r, r->doing, STUCK_BOX);
        r->n_among = r->n_ids;
    }
    for (size_t i = 0; i < n_todo; i++)
        want(r, todo[i]);
    want_first(r, r->soon, r->ask->soon);
    TRY(item_load(r->db, r->a, r->by, &r->seen, r->ids, r->n_ids, &r->items, &r->n, e));
    r->hands = ARENA_ARRAY(r->a, struct item_hand, r->n + 1);
    return item_hands(r->db, r->a, r->by, r->items, r->n, r->hands, e);
}

static void put(const struct reading *r, int64_t id, struct desk_line *v, size_t *n)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].id == id)
            v[(*n)++] = (struct desk_line){r->items[i], r->hands[i]};
}

/* ---- what is stuck ---- */

static int by_since(const void *x, const void *y)
{
    const struct desk_line *a = x, *b = y;
    if (a->hand.since_ms != b->hand.since_ms)
        return a->hand.since_ms < b->hand.since_ms ? -1 : 1;
    return (a->it.id > b->it.id) - (a->it.id < b->it.id);
}

/* What was put off on purpose (暂缓) is not stuck: a clock stands still and nobody has it to write on. 修改中, where somebody has, may be. */
static enum code put_off(struct reading *r, const struct item *it, bool *is, struct err *e)
{
    const struct kind *k;
    *is = false;
    TRY(kinds_get(r->by->kinds, r->db, it->kind, it->kind_version, &k, e));
    size_t state = kind_state_of(k, it->state);
    CHECK_BUG(e, state != SIZE_MAX);
    for (size_t i = 0; k->states[state].edit.n == 0 && i < k->n_clocks; i++)
        for (size_t s = 0; s < k->clocks[i].n_pause; s++)
            *is = *is || k->clocks[i].pause[s] == state;
    return OK;
}

static enum code find_stuck(struct reading *r, struct desk *out, struct err *e)
{
    size_t n = 0;
    out->stuck = ARENA_ARRAY(r->a, struct desk_line, r->n_among + 1);
    for (size_t i = 0; i < r->n_among; i++) {
        size_t at = n;
        bool off;
        put(r, r->ids[i], out->stuck, &n);
        if (n == at)
            continue;
        const struct desk_line *x = &out->stuck[at];
        TRY(put_off(r, &x->it, &off, e));
        if (!x->hand.since_ms || x->it.closed_ms || off)
            n = at;
    }
    if (n)
        qsort(out->stuck, n, sizeof(*out->stuck), by_since);
    out->n_stuck = n < r->ask->stuck ? n : r->ask->stuck;
    return OK;
}

enum code desk_read(struct db *db, struct arena *a, const struct actor *by,
    const struct desk_ask *ask, struct desk *out, struct err *e)
{
    struct reading r = {.db = db, .a = a, .by = by, .ask = ask};
    struct desk d = {.todo = NULL};
    int64_t todo[DESK_TODO_MAX];
    size_t n_todo;
    CHECK_BUG(e, ask->todo <= DESK_TODO_MAX && ask->soon <= DESK_SOON_MAX);
    TRY(seen_read(db, by, &r.seen, e));
    TRY(read_keys(&r, e));
    TRY(press(&r, todo, &n_todo, e));
    TRY(load(&r, todo, n_todo, e));
    d.todo = ARENA_ARRAY(a, struct desk_line, n_todo + 1);
    for (size_t i = 0; i < n_todo; i++)
        put(&r, todo[i], d.todo, &d.n_todo);
    d.soon = ARENA_ARRAY(a, struct desk_line, ask->soon + 1);
    for (size_t i = 0; i < first_of(r.soon, ask->soon); i++)
        put(&r, r.soon.v[i].id, d.soon, &d.n_soon);
    TRY(find_stuck(&r, &d, e));
    d.n_due = r.span.n;
    d.n_due_soon = r.soon.n;
    d.due = ARENA_ARRAY(a, int64_t, d.n_due + 1);
    for (size_t i = 0; i < d.n_due; i++)
        d.due[i] = r.span.v[i].at;
    *out = d;
    return OK;
}
