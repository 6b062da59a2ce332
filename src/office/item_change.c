#include "office/item_change.h"

#include "base/id.h"

enum { KEPT_MS = 3600000 };

/* Above the last of the node also where its clock was set back between two runs. */
enum code item_change_note(struct db *db, int64_t item, struct err *e)
{
    int64_t seq = id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO item_change(node, seq, item) SELECT ?1, CASE WHEN t.last >= ?2 THEN t.last + 1"
        " ELSE ?2 END, ?3 FROM (SELECT coalesce(max(seq), 0) AS last FROM item_change"
        " WHERE node = ?1) t");
    stmt_bind_int(q, 1, id_node(seq));
    stmt_bind_int(q, 2, seq);
    stmt_bind_int(q, 3, item);
    return stmt_run(q, NULL, e);
}

enum code item_change_heads(
    struct db *db, struct item_head v[ITEM_CHANGE_NODES], size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "WITH RECURSIVE n(node) AS (SELECT min(node) FROM item_change UNION ALL SELECT (SELECT"
        " min(c.node) FROM item_change c WHERE c.node > n.node) FROM n WHERE n.node IS NOT NULL)"
        " SELECT n.node, (SELECT max(c.seq) FROM item_change c WHERE c.node = n.node) FROM n"
        " WHERE n.node IS NOT NULL");
    *n = 0;
    while (stmt_step(q)) {
        if (*n < ITEM_CHANGE_NODES)
            v[*n] = (struct item_head){stmt_int(q, 0), stmt_int(q, 1)};
        ++*n;
    }
    return stmt_end(q, e);
}

enum code item_change_since(struct db *db, const struct item_head *after, int64_t *items,
    size_t limit, size_t *n, bool *whole, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT seq, item FROM item_change WHERE node = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");
    bool first = true;
    stmt_bind_int(q, 1, after->node);
    stmt_bind_int(q, 2, after->seq);
    stmt_bind_int(q, 3, (int64_t)limit + 2);
    *n = 0;
    *whole = false;
    while (stmt_step(q)) {
        if (first) {
            *whole = stmt_int(q, 0) == after->seq;
        } else if (*n < limit) {
            items[(*n)++] = stmt_int(q, 1);
        } else {
            *whole = false;
        }
        first = false;
    }
    return stmt_end(q, e);
}

struct pruning {
    int64_t before;
};

static enum code prune(struct db *db, void *arg, struct err *e)
{
    const struct pruning *p = arg;
    struct item_head v[ITEM_CHANGE_NODES];
    size_t n;
    TRY(item_change_heads(db, v, &n, e));
    for (size_t i = 0; i < n && i < ITEM_CHANGE_NODES; i++) {
        struct stmt *q =
            db_sql(db, "DELETE FROM item_change WHERE node = ?1 AND seq < ?2 AND seq < ?3");
        stmt_bind_int(q, 1, v[i].node);
        stmt_bind_int(q, 2, p->before);
        stmt_bind_int(q, 3, v[i].seq);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

enum code item_change_prune(struct store *st, int64_t now_ms, struct err *e)
{
    struct pruning p = {id_at_ms(now_ms - KEPT_MS)};
    return store_write(st, prune, &p, e);
}
