/* Items by their ids, for lists: as item_get gives them, by the hundred. */
#include "office/item_seen.h"
#include "office/many.h"

struct loading {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct seen *seen;
};

/* As item_get would give it: a kind that hides fields is judged whole, the others need no more than the row. */
static enum code unhide(struct loading *l, struct item *it, struct err *e)
{
    const struct kind *k;
    TRY(kinds_get(l->by->kinds, l->db, it->kind, it->kind_version, &k, e));
    for (size_t i = 0; i < k->n_fields; i++)
        if (k->fields[i].see.n)
            return item_get(l->db, l->a, l->by, it->id, it, e);
    return OK;
}

/* At most MANY of them, in the order given. */
static enum code load_some(
    struct loading *l, const int64_t *ids, size_t n, struct item *out, size_t *n_out, struct err *e)
{
    struct item *rows = ARENA_ARRAY(l->a, struct item, n + 1);
    size_t got = 0, kept = 0;
    struct stmt *q = db_sql(l->db, DB_PLAN_ONCE
        "SELECT " ITEM_COLUMNS
        ", coalesce(l.colour, 0), coalesce(l.text, '') FROM item i LEFT JOIN item_light l"
        " ON l.item = i.id AND l.from_at <= ?121 AND l.until_at > ?121 WHERE i.id IN (" MANY_FROM_21
        ")" SEEN);
    seen_bind(q, l->seen);
    many_bind(q, 21, ids, n);
    stmt_bind_int(q, 121, l->by->now_ms);
    while (stmt_step(q) && got < n) {
        rows[got] = item_row(q, l->a);
        rows[got].light = (enum light_colour)stmt_int(q, ITEM_N_COLUMNS);
        rows[got++].light_text = arena_str(l->a, stmt_str(q, ITEM_N_COLUMNS + 1));
    }
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < got; k++)
            if (rows[k].id == ids[i]) {
                TRY(unhide(l, &rows[k], e));
                out[kept++] = rows[k];
                break;
            }
    *n_out = kept;
    return OK;
}

enum code item_load(struct db *db, struct arena *a, const struct actor *by, const struct seen *seen,
    const int64_t *ids, size_t n, struct item **out, size_t *n_out, struct err *e)
{
    struct loading l = {.db = db, .a = a, .by = by, .seen = seen};
    struct item *v = ARENA_ARRAY(a, struct item, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i += MANY) {
        size_t some = 0;
        TRY(load_some(&l, ids + i, n - i < MANY ? n - i : MANY, v + kept, &some, e));
        kept += some;
    }
    *out = v;
    *n_out = kept;
    return OK;
}

enum code item_get_many(struct db *db, struct arena *a, const struct actor *by, const int64_t *ids,
    size_t n, struct item **out, size_t *n_out, struct err *e)
{
    struct seen seen;
    TRY(seen_read(db, by, &seen, e));
    return item_load(db, a, by, &seen, ids, n, out, n_out, e);
}

enum code item_names(struct db *db, struct arena *a, const struct item *items, size_t n,
    struct item_name *out, struct err *e)
{
    for (size_t from = 0; from < n; from += MANY) {
        int64_t ids[MANY];
        size_t some = n - from < MANY ? n - from : MANY;
        for (size_t i = 0; i < some; i++) {
            ids[i] = items[from + i].id;
            out[from + i] = (struct item_name){S(""), S("")};
        }
        struct stmt *q = db_sql(db,
            DB_PLAN_ONCE "SELECT i.id, coalesce(p.name, ''), coalesce(u.short_name, '') FROM item i"
                         " LEFT JOIN person p ON p.id = i.owner LEFT JOIN unit u ON u.id = i.unit"
                         " WHERE i.id IN (" MANY_IDS ")");
        many_bind(q, 1, ids, some);
        while (stmt_step(q))
            for (size_t i = 0; i < some; i++)
                if (ids[i] == stmt_int(q, 0))
                    out[from + i] = (struct item_name){
                        arena_str(a, stmt_str(q, 1)), arena_str(a, stmt_str(q, 2))};
        TRY(stmt_end(q, e));
    }
    return OK;
}
