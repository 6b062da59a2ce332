/* The counts of the portal. What is open for somebody is little, however much the office has done: it is read from the index of boxes
 * and each item put into its most pressing box here. What is done, sent, watched is counted in indexes alone, and no further
 * than ITEM_TOTAL_EXACT. */
#include <stdlib.h>

#include "office/item_seen.h"

struct lying {
    int64_t item, box;
};
struct counting {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct seen seen;
    struct lying *v;
    size_t n, cap;
};
enum { OPEN_MAX = 100000 }; /* rows of one person that are open: more are not told apart */

static int by_item(const void *x, const void *y)
{
    const struct lying *a = x, *b = y;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return (a->box > b->box) - (a->box < b->box);
}

/* What is open, each item once, in its most pressing box. */
static enum code read_open(struct counting *c, struct err *e)
{
    size_t n = 0;
    struct stmt *q = db_sql(c->db,
        "WITH " WHO_TABLE
        " SELECT x.item, x.box FROM w CROSS JOIN item_grant x WHERE x.kind = w.kind"
        " AND x.principal = w.principal AND x.box IN (1, 2, 3) AND ?1 = ?1 LIMIT ?21");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, OPEN_MAX);
    while (stmt_step(q))
        ARENA_PUSH(c->a, c->v, c->n, c->cap) = (struct lying){stmt_int(q, 0), stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    if (c->n)
        qsort(c->v, c->n, sizeof(*c->v), by_item);
    for (size_t i = 0; i < c->n; i++)
        if (n == 0 || c->v[n - 1].item != c->v[i].item)
            c->v[n++] = c->v[i];
    c->n = n;
    return OK;
}

static int64_t most(int64_t n)
{
    return n > ITEM_TOTAL_EXACT ? -1 : n;
}

static int64_t in_box(const struct counting *c, enum item_box box)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += c->v[i].box == (int64_t)box;
    return most(n);
}

/* Of what waits and what is under way, how much shows this colour now. */
static enum code count_light(
    const struct counting *c, enum light_colour colour, int64_t *out, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(c->db, "SELECT item FROM item_light WHERE colour = ?1 AND until_at > ?2"
                                   " AND from_at <= ?2");
    stmt_bind_int(q, 1, colour);
    stmt_bind_int(q, 2, c->by->now_ms);
    while (stmt_step(q)) {
        struct lying key = {stmt_int(q, 0), 0};
        size_t lo = 0, hi = c->n;
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (c->v[mid].item < key.item)
                lo = mid + 1;
            else
                hi = mid;
        }
        n += lo < c->n && c->v[lo].item == key.item && c->v[lo].box != BOX_READ;
    }
    TRY(stmt_end(q, e));
    *out = most(n);
    return OK;
}

static enum code number_of(struct stmt *q, int64_t *out, struct err *e)
{
    *out = stmt_step(q) ? most(stmt_int(q, 0)) : 0;
    return stmt_end(q, e);
}

/* Of the person alone most often more than is counted; else an item may lie there for several of his principals. */
static enum code count_done(const struct counting *c, int64_t *out, struct err *e)
{
    struct stmt *q = db_sql(c->db, "SELECT count(*) FROM (SELECT 1 FROM item_grant WHERE kind = 1"
                                   " AND principal = ?1 AND box = 4 LIMIT ?2) t");
    stmt_bind_int(q, 1, c->by->v->person);
    stmt_bind_int(q, 2, ITEM_TOTAL_EXACT + 1);
    TRY(number_of(q, out, e));
    if (*out < 0)
        return OK;
    q = db_sql(c->db, "WITH " WHO_TABLE " SELECT count(*) FROM (SELECT DISTINCT x.item FROM w CROSS"
                      " JOIN item_grant x WHERE x.kind = w.kind AND x.principal = w.principal"
                      " AND x.box = 4 AND ?1 = ?1 LIMIT ?21) t");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, ITEM_TOTAL_EXACT + 1);
    return number_of(q, out, e);
}

/* Whoever opened an item sees it for ever. */
static enum code count_sent(const struct counting *c, int64_t *out, struct err *e)
{
    struct stmt *q =
        db_sql(c->db, "SELECT count(*) FROM (SELECT 1 FROM item WHERE opener = ?1 AND gone = 0"
                      " LIMIT ?2) t");
    stmt_bind_int(q, 1, c->by->v->person);
    stmt_bind_int(q, 2, ITEM_TOTAL_EXACT + 1);
    return number_of(q, out, e);
}

static enum code count_watch(const struct counting *c, int64_t *out, struct err *e)
{
    struct stmt *q = db_sql(c->db,
        "WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id = ?21 UNION SELECT u.id FROM "
        "unit u"
        " JOIN down ON u.parent = down.id) SELECT count(*) FROM (SELECT 1 FROM down CROSS JOIN"
        " item i WHERE i.unit = down.id AND i.gone = 0" SEEN " LIMIT ?22) t");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, c->by->v->unit);
    stmt_bind_int(q, 22, ITEM_TOTAL_EXACT + 1);
    return number_of(q, out, e);
}

static enum code count_all(struct counting *c, struct item_counts *out, struct err *e)
{
    struct item_counts n = {0};
    TRY(read_open(c, e));
    n.todo = in_box(c, BOX_TODO);
    n.read = in_box(c, BOX_READ);
    n.doing = in_box(c, BOX_DOING);
    TRY(count_light(c, LIGHT_RED, &n.red, e));
    TRY(count_light(c, LIGHT_YELLOW, &n.yellow, e));
    TRY(count_done(c, &n.done, e));
    TRY(count_sent(c, &n.sent, e));
    TRY(count_watch(c, &n.watch, e));
    *out = n;
    return OK;
}

enum code item_counts(struct db *db, const struct actor *by, struct item_counts *out, struct err *e)
{
    struct arena a;
    struct counting c = {.db = db, .a = &a, .by = by};
    arena_init(&a);
    enum code code = seen_read(db, by, &c.seen, e);
    if (code == OK)
        code = count_all(&c, out, e);
    arena_release(&a);
    return code;
}
