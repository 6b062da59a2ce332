/* The counts of the portal. What is open is kept in memory (item_lying.h); where it is not, it is little, however much the office has
 * done: it is read from the index of boxes and each item put into its most pressing box here. What is done, sent, watched is counted in indexes alone, and no further
 * than ITEM_TOTAL_EXACT. */
#include "office/item_lying.h"
#include "office/item_plenty.h"
#include "office/many.h"

struct lying {
    int64_t item; /* 0: a free place */
    int box;
    bool lit;
};
struct counting {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct seen seen;
    struct lying *v; /* by item, twice as many places as there may be */
    size_t places, n;
    int64_t in[BOX_DONE + 1];
};
enum {
    OWN_MAX = 1000,    /* above this, lights are looked for the other way round */
    OPEN_MAX = 100000, /* rows of one person that are open: more are not told apart */
    PLACES_FIRST = 256
};

static struct lying *place_of(const struct counting *c, int64_t item)
{
    uint64_t h = (uint64_t)item * 0x9E3779B97F4A7C15U;
    size_t at = (size_t)(h >> 20) & (c->places - 1);
    while (c->v[at].item && c->v[at].item != item)
        at = (at + 1) & (c->places - 1);
    return &c->v[at];
}

static void grow(struct counting *c)
{
    struct counting old = *c;
    c->places = old.places ? old.places * 4 : PLACES_FIRST;
    c->v = ARENA_ARRAY(c->a, struct lying, c->places);
    for (size_t i = 0; i < old.places; i++)
        if (old.v[i].item)
            *place_of(c, old.v[i].item) = old.v[i];
}

static void lie(struct counting *c, int64_t item, int box)
{
    if (c->n * 2 >= c->places)
        grow(c);
    struct lying *at = place_of(c, item);
    c->n += at->item == 0;
    if (at->item == 0 || at->box > box)
        *at = (struct lying){.item = item, .box = box};
}

/* What is open, each item once, in its most pressing box. Thousands of rows are one number each: 待办 above zero, 在办 below; 待阅 is little. */
static enum code read_open(struct counting *c, struct err *e)
{
    struct stmt *q = db_sql(c->db, DB_PLAN_ONCE DB_NUMBERS
        "WITH " WHO_TABLE
        " SELECT x.item * (2 - x.box) FROM w CROSS JOIN item_grant x WHERE x.kind = w.kind"
        " AND x.principal = w.principal AND x.box IN (1, 3) AND ?1 = ?1 LIMIT ?21");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, OPEN_MAX);
    while (stmt_step(q)) {
        int64_t x = stmt_int(q, 0);
        lie(c, x < 0 ? -x : x, x < 0 ? BOX_DOING : BOX_TODO);
    }
    TRY(stmt_end(q, e));
    q = db_sql(c->db, DB_PLAN_ONCE DB_NUMBERS
        "WITH " WHO_TABLE " SELECT x.item FROM w CROSS JOIN item_grant x WHERE x.kind = w.kind"
        " AND x.principal = w.principal AND x.box = 2 AND ?1 = ?1 LIMIT ?21");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, OPEN_MAX);
    while (stmt_step(q))
        lie(c, stmt_int(q, 0), BOX_READ);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < c->places; i++)
        if (c->v[i].item && c->v[i].box <= BOX_DONE)
            c->in[c->v[i].box]++;
    return OK;
}

_Static_assert(BOX_TODO == 1 && BOX_READ == 2 && BOX_DOING == 3, "read_open names them by number");

static int64_t most(int64_t n)
{
    return n > ITEM_TOTAL_EXACT ? -1 : n;
}

/* A number each, too: red above zero, yellow below. */
#define LIT_ITEM "l.item * (2 * l.colour - 7)"
_Static_assert(LIGHT_YELLOW == 3 && LIGHT_RED == 4, "LIT_ITEM names them by number");

/* Counts what is 待办 or 在办, each once: it may lie there for several of his principals. */
static enum code count_lit(
    const struct counting *c, struct stmt *q, int64_t n[LIGHT_RED + 1], struct err *e)
{
    while (stmt_step(q)) {
        int64_t x = stmt_int(q, 0);
        struct lying *at = place_of(c, x < 0 ? -x : x);
        if (!at->item || at->box == BOX_READ || at->lit)
            continue;
        at->lit = true;
        n[x < 0 ? LIGHT_YELLOW : LIGHT_RED]++;
    }
    return stmt_end(q, e);
}

/* Whoever has much looks for his items among all lights of the office, once; the others ask for the lights of their own. */
static enum code lights_of_all(struct counting *c, int64_t n[LIGHT_RED + 1], struct err *e)
{
    struct stmt *q = db_sql(c->db,
        DB_PLAN_ONCE DB_NUMBERS "SELECT " LIT_ITEM " FROM item_light l WHERE l.colour IN (3, 4)"
                                " AND l.until_at > ?1 AND l.from_at <= ?1");
    stmt_bind_int(q, 1, c->by->now_ms);
    return count_lit(c, q, n, e);
}

static enum code lights_of_own(struct counting *c, int64_t n[LIGHT_RED + 1], struct err *e)
{
    struct stmt *q = db_sql(c->db, DB_PLAN_ONCE DB_NUMBERS
        "WITH " WHO_TABLE " SELECT " LIT_ITEM " FROM w CROSS JOIN item_grant x CROSS JOIN"
        " item_light l WHERE x.kind = w.kind AND x.principal = w.principal AND x.box IN (1, 3) AND"
        " l.item = x.item AND l.colour IN (3, 4) AND l.from_at <= ?21 AND l.until_at > ?21"
        " AND ?1 = ?1");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, c->by->now_ms);
    return count_lit(c, q, n, e);
}

static enum code number_of(struct stmt *q, uint64_t key, int64_t *out, struct err *e)
{
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    plenty_note(key, n);
    *out = most(n);
    return OK;
}

/* Of the person alone most often more than is counted; else an item may lie there for several of his principals. */
static enum code count_done(const struct counting *c, uint64_t key, int64_t *out, struct err *e)
{
    struct stmt *q =
        db_sql(c->db, DB_PLAN_ONCE "SELECT count(*) FROM (SELECT 1 FROM item_grant WHERE kind = 1"
                                   " AND principal = ?1 AND box = 4 LIMIT ?2) t");
    stmt_bind_int(q, 1, c->by->v->person);
    stmt_bind_int(q, 2, PLENTY_LIMIT);
    TRY(number_of(q, key, out, e));
    if (*out < 0)
        return OK;
    q = db_sql(c->db, "WITH " WHO_TABLE " SELECT count(*) FROM (SELECT DISTINCT x.item FROM w CROSS"
                      " JOIN item_grant x WHERE x.kind = w.kind AND x.principal = w.principal"
                      " AND x.box = 4 AND ?1 = ?1 LIMIT ?21) t");
    seen_bind(q, &c->seen);
    stmt_bind_int(q, 21, PLENTY_LIMIT);
    return number_of(q, key, out, e);
}

/* Whoever opened an item sees it for ever. */
static enum code count_sent(const struct counting *c, uint64_t key, int64_t *out, struct err *e)
{
    struct stmt *q = db_sql(c->db,
        DB_PLAN_ONCE "SELECT count(*) FROM (SELECT 1 FROM item WHERE opener = ?1 AND gone = 0"
                     " LIMIT ?2) t");
    stmt_bind_int(q, 1, c->by->v->person);
    stmt_bind_int(q, 2, PLENTY_LIMIT);
    return number_of(q, key, out, e);
}

/* Of up to MANY units. Whoever acts for a unit sees all its items: they bear a row of it. */
static enum code count_units(const struct counting *c, const int64_t *units, size_t n_units,
    bool acting, int64_t *n, struct err *e)
{
    struct stmt *q;
    if (!n_units)
        return OK;
    q = acting ? db_sql(c->db, DB_PLAN_ONCE
                     "SELECT count(*) FROM (SELECT 1 FROM item i WHERE i.unit IN (" MANY_FROM_21
                     ") AND i.gone = 0 AND ?1 = ?1 LIMIT ?121) t")
               : db_sql(c->db, DB_PLAN_ONCE
                     "SELECT count(*) FROM (SELECT 1 FROM item i WHERE i.unit IN (" MANY_FROM_21
                     ") AND i.gone = 0" SEEN " LIMIT ?121) t");
    seen_bind(q, &c->seen);
    many_bind(q, 21, units, n_units);
    stmt_bind_int(q, 121, PLENTY_LIMIT - *n);
    *n += stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static bool acts_for_unit(const struct counting *c, int64_t unit)
{
    bool is = false;
    for (int i = 0; i < SEAT_PLACES; i++)
        is = is || seen_seat(&c->seen, i, 1) == unit;
    return is;
}

static enum code count_watch(const struct counting *c, uint64_t key, int64_t *out, struct err *e)
{
    int64_t *units = NULL, own[SEAT_PLACES], n = 0;
    size_t n_units = 0, n_own = 0, cap = 0;
    struct stmt *q = db_sql(c->db, DB_PLAN_ONCE
        "WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id = ?1 UNION SELECT u.id FROM unit"
        " u JOIN down ON u.parent = down.id) SELECT id FROM down");
    stmt_bind_int(q, 1, c->by->v->unit);
    while (stmt_step(q)) {
        int64_t unit = stmt_int(q, 0);
        if (acts_for_unit(c, unit) && n_own < SEAT_PLACES)
            own[n_own++] = unit;
        else
            ARENA_PUSH(c->a, units, n_units, cap) = unit;
    }
    TRY(stmt_end(q, e));
    TRY(count_units(c, own, n_own, true, &n, e));
    for (size_t i = 0; i < n_units && n < PLENTY_LIMIT; i += MANY)
        TRY(count_units(c, units + i, n_units - i < MANY ? n_units - i : MANY, false, &n, e));
    plenty_note(key, n);
    *out = most(n);
    return OK;
}

/* What grows for years; the counts of it are too many as soon as they are slow. */
static enum code count_long(const struct counting *c, const char *what,
    enum code (*fn)(const struct counting *c, uint64_t key, int64_t *out, struct err *e),
    int64_t *out, struct err *e)
{
    uint64_t key = plenty_key(c->by, &c->seen, str_z(what));
    key = what[0] == 'w' ? key + (uint64_t)c->by->v->unit : key; /* whose unit is watched */
    if (!plenty_known(key))
        return fn(c, key, out, e);
    *out = -1;
    return OK;
}

/* For whom nothing is kept in memory. */
static enum code count_open(struct counting *c, struct item_lying *out, struct err *e)
{
    int64_t lit[LIGHT_RED + 1] = {0};
    TRY(read_open(c, e));
    TRY(c->n > OWN_MAX ? lights_of_all(c, lit, e) : lights_of_own(c, lit, e));
    *out = (struct item_lying){
        c->in[BOX_TODO], c->in[BOX_READ], c->in[BOX_DOING], lit[LIGHT_RED], lit[LIGHT_YELLOW]};
    return OK;
}

static enum code count_all(struct counting *c, struct item_counts *out, struct err *e)
{
    struct item_counts n = {0};
    struct item_lying open = {0};
    bool known;
    TRY(item_lying_count(c->db, &c->seen, c->by->now_ms, &open, &known, e));
    if (!known)
        TRY(count_open(c, &open, e));
    n.todo = most(open.todo);
    n.read = most(open.read);
    n.doing = most(open.doing);
    n.red = most(open.red);
    n.yellow = most(open.yellow);
    TRY(count_long(c, "done", count_done, &n.done, e));
    TRY(count_long(c, "sent", count_sent, &n.sent, e));
    TRY(count_long(c, "watch", count_watch, &n.watch, e));
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
