/* A remark, what was set going by it, and what came of that. */
#include "office/item_int.h"
#include "office/item_link.h"
#include "office/remark.h"

enum { TIED_MAX = 4 * REMARK_TASKS_MAX };

enum code remark_ask(struct db *db, const struct actor *by, int64_t item, int64_t seq,
    const struct ask_new *asks, size_t n, struct err *e)
{
    struct arena a;
    struct work w;
    struct remark r;
    arena_init(&a);
    enum code c = remark_get(db, &a, by, item, seq, &r, e);
    if (c == OK)
        c = ask_send(db, by, item, asks, n, e);
    if (c == OK)
        c = work_load(&w, db, &a, by, item, e);
    for (size_t i = 0; c == OK && i < w.n_asks; i++) {
        if (w.asks[i].made != w.it.revision)
            continue;
        struct stmt *q = db_sql(db, "INSERT INTO remark_ask(ask, item, seq) VALUES(?1, ?2, ?3)");
        stmt_bind_int(q, 1, w.asks[i].id);
        stmt_bind_int(q, 2, item);
        stmt_bind_int(q, 3, seq);
        c = stmt_run(q, NULL, e);
    }
    arena_release(&a);
    return c;
}

/* Which remark an ask belongs to by confirmation. */
struct tied {
    int64_t ask, seq;
};

struct gathering {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct remark *r;
    struct tied *tied;
    size_t n_tied, cap_tied;
    struct remark_task *v;
    size_t n, cap;
};

static enum code read_tied(struct gathering *g, struct err *e)
{
    struct stmt *q =
        db_sql(g->db, "SELECT ask, seq FROM remark_ask WHERE item = ?1 ORDER BY ask LIMIT ?2");
    stmt_bind_int(q, 1, g->r->item);
    stmt_bind_int(q, 2, TIED_MAX);
    while (stmt_step(q))
        ARENA_PUSH(g->a, g->tied, g->n_tied, g->cap_tied) =
            (struct tied){stmt_int(q, 0), stmt_int(q, 1)};
    return stmt_end(q, e);
}

static int64_t tied_to(const struct gathering *g, int64_t ask)
{
    for (size_t i = 0; i < g->n_tied; i++)
        if (g->tied[i].ask == ask)
            return g->tied[i].seq;
    return 0;
}

/* Sent since; what only passes the paper on to the next leader is no task. */
static bool is_of(const struct gathering *g, const struct ask *k)
{
    int64_t seq = tied_to(g, k->id);
    if (k->parent || k->state == ASK_WITHDRAWN || !k->sent_ms)
        return false;
    return seq ? seq == g->r->seq : k->made > g->r->seq && !str_has(k->purpose, S("批示"));
}

static void put(struct gathering *g, struct remark_task t, int64_t due_ms)
{
    if (g->n == REMARK_TASKS_MAX)
        return;
    t.late = t.open && due_ms && due_ms <= g->by->now_ms;
    if (t.late)
        t.since_ms = due_ms;
    ARENA_PUSH(g->a, g->v, g->n, g->cap) = t;
}

static enum code put_asks(struct gathering *g, struct err *e)
{
    struct ask *v;
    size_t n;
    TRY(ask_list(g->db, g->a, g->by, g->r->item, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (is_of(g, &v[i]))
            put(g,
                (struct remark_task){
                    .ask = v[i], .open = v[i].state == ASK_OPEN, .since_ms = v[i].sent_ms},
                v[i].due_ms);
    return OK;
}

static enum code put_item(struct gathering *g, int64_t id, struct err *e)
{
    struct remark_task t = {.is_item = true};
    struct item_name name;
    const struct kind *k;
    struct err none;
    if (item_get(g->db, g->a, g->by, id, &t.item, &none) != OK || t.item.discarded ||
        t.item.entered_ms < g->r->at_ms)
        return OK;
    TRY(item_names(g->db, g->a, &t.item, 1, &name, e));
    TRY(kinds_get(g->by->kinds, g->db, t.item.kind, t.item.kind_version, &k, e));
    size_t at = kind_state_of(k, t.item.state);
    t.unit = name.unit.n ? name.unit : name.owner;
    t.state = at == SIZE_MAX ? t.item.state : k->states[at].name;
    t.open = t.item.closed_ms == 0;
    t.since_ms = t.item.opened_ms;
    put(g, t, t.item.due_ms);
    return OK;
}

static enum code put_items(struct gathering *g, struct err *e)
{
    struct item_link *v;
    size_t n;
    struct link_end end = {.kind = LINK_ITEM, .id = g->r->item};
    TRY(item_link_list(g->db, g->a, g->by, end, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].from.kind == LINK_ITEM && v[i].to.kind == LINK_ITEM && v[i].to.id == g->r->item &&
            str_eq(v[i].relation, S("分解")))
            TRY(put_item(g, v[i].from.id, e));
    return OK;
}

enum code remark_tasks(struct db *db, struct arena *a, const struct actor *by,
    const struct remark *r, struct remark_task **out, size_t *n, struct err *e)
{
    struct gathering g = {.db = db, .a = a, .by = by, .r = r};
    TRY(read_tied(&g, e));
    TRY(put_asks(&g, e));
    TRY(put_items(&g, e));
    *out = g.v;
    *n = g.n;
    return OK;
}

bool remark_idle(const struct remark *r, size_t n_tasks)
{
    return n_tasks == 0 && !r->closed_ms &&
           (r->kind == REMARK_UP || r->kind == REMARK_HANDLE || r->kind == REMARK_ASSIGN);
}
