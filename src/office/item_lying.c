#include "office/item_lying.h"

#include <pthread.h>
#include <stdlib.h>

#include "office/item_change.h"
#include "office/many.h"

enum {
    ROWS_MAX = 100000, /* of one principal: whoever has more counts in the tables */
    WHOSE_MAX = 4096,  /* principals */
    WHOSE_PLACES = 2 * WHOSE_MAX,
    OPENS_MAX = 400000, /* matters: what is above is begun anew */
    CHANGED_MAX = 2000, /* at once: more is read anew */
    TABLE_FIRST = 1024
};

/* A light that shows from one instant to before another. */
struct ray {
    int64_t from, until;
    int colour;
};
/* Where a matter stands among the rows of a principal. */
struct spot {
    uint32_t whose, at;
};
struct open {
    int64_t item;
    struct ray *rays;
    struct spot *spots;
    uint32_t n_rays, n_spots;
    uint32_t round; /* of the last count that met it, */
    int box;        /* and where it lies for that one */
};
struct row {
    uint32_t open;
    int box;
};
struct whose {
    int64_t principal;
    int kind;  /* 0: a free place */
    bool much; /* more than are kept */
    struct row *rows;
    uint32_t n, cap;
};
struct kept {
    pthread_mutex_t lock;
    bool loaded;
    struct item_head heads[ITEM_CHANGE_NODES]; /* this is the state of the tables after these */
    size_t n_heads;
    struct open *opens;
    uint32_t n_opens, cap_opens;
    uint32_t *table; /* of places, a power of two: number of an open + 1, by item */
    uint32_t places;
    struct whose *whose; /* [WHOSE_PLACES], by principal */
    uint32_t n_whose;
    int64_t from_ms; /* what had ceased to show before is not here */
    uint32_t *met;   /* [cap_opens]: the opens of one count */
    uint32_t round;
};

/* ---- the memory ---- */

static void forget(struct kept *k)
{
    for (uint32_t i = 0; i < k->n_opens; i++) {
        free(k->opens[i].rays);
        free(k->opens[i].spots);
    }
    for (uint32_t i = 0; i < WHOSE_PLACES; i++) {
        free(k->whose[i].rows);
        k->whose[i] = (struct whose){.kind = 0};
    }
    free(k->opens);
    free(k->met);
    free(k->table);
    k->opens = NULL;
    k->met = k->table = NULL;
    k->n_opens = k->cap_opens = k->places = k->n_whose = k->round = 0;
    k->loaded = false;
}

static void *make(void)
{
    struct kept *k = mem_alloc(sizeof(*k));
    pthread_mutex_init(&k->lock, NULL);
    k->whose = mem_alloc(sizeof(*k->whose) * WHOSE_PLACES);
    return k;
}

static void drop(void *arg)
{
    struct kept *k = arg;
    forget(k);
    free(k->whose);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

static uint32_t mix(int64_t x)
{
    return (uint32_t)((uint64_t)x * 0x9E3779B97F4A7C15U >> 24);
}

static uint32_t *slot_of(const struct kept *k, int64_t item)
{
    uint32_t at = mix(item) & (k->places - 1);
    while (k->table[at] && k->opens[k->table[at] - 1].item != item)
        at = (at + 1) & (k->places - 1);
    return &k->table[at];
}

/* His place, or a free one. */
static uint32_t find_whose(const struct kept *k, int kind, int64_t principal)
{
    uint32_t at = mix(principal + kind) & (WHOSE_PLACES - 1);
    while (k->whose[at].kind && (k->whose[at].kind != kind || k->whose[at].principal != principal))
        at = (at + 1) & (WHOSE_PLACES - 1);
    return at;
}

static void widen(struct kept *k)
{
    free(k->table);
    k->places = k->places ? k->places * 2 : TABLE_FIRST;
    k->table = mem_alloc(sizeof(*k->table) * k->places);
    for (uint32_t i = 0; i < k->n_opens; i++)
        *slot_of(k, k->opens[i].item) = i + 1;
    k->cap_opens = k->places / 2;
    k->opens = mem_grow(k->opens, sizeof(*k->opens) * k->cap_opens);
    k->met = mem_grow(k->met, sizeof(*k->met) * k->cap_opens);
}

static uint32_t open_of(struct kept *k, int64_t item)
{
    if (k->n_opens >= k->cap_opens)
        widen(k);
    uint32_t *slot = slot_of(k, item);
    if (!*slot) {
        k->opens[k->n_opens] = (struct open){.item = item};
        *slot = ++k->n_opens;
    }
    return *slot - 1;
}

static void add_ray(struct kept *k, int64_t item, struct ray ray)
{
    uint32_t open = open_of(k, item);
    struct open *o = &k->opens[open];
    o->rays = mem_grow(o->rays, sizeof(*o->rays) * (o->n_rays + 1));
    o->rays[o->n_rays++] = ray;
}

static void add_row(struct kept *k, uint32_t whose, int64_t item, int box)
{
    uint32_t open = open_of(k, item);
    struct open *o = &k->opens[open];
    struct whose *w = &k->whose[whose];
    if (w->n == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 16;
        w->rows = mem_grow(w->rows, sizeof(*w->rows) * w->cap);
    }
    o->spots = mem_grow(o->spots, sizeof(*o->spots) * (o->n_spots + 1));
    o->spots[o->n_spots++] = (struct spot){whose, w->n};
    w->rows[w->n++] = (struct row){open, box};
}

/* The last row of the principal takes the place of one that goes. */
static void remove_row(struct kept *k, struct spot gone)
{
    struct whose *w = &k->whose[gone.whose];
    struct row last = w->rows[--w->n];
    struct open *o = &k->opens[last.open];
    w->rows[gone.at] = last;
    for (uint32_t i = 0; i < o->n_spots; i++)
        if (o->spots[i].whose == gone.whose)
            o->spots[i].at = gone.at;
}

static void remove_item(struct kept *k, int64_t item)
{
    uint32_t at = k->places ? *slot_of(k, item) : 0;
    if (!at)
        return;
    struct open *o = &k->opens[at - 1];
    o->n_rays = 0;
    while (o->n_spots)
        remove_row(k, o->spots[--o->n_spots]);
}

/* ---- from the tables ---- */

#define RAYS "SELECT item, from_at, until_at, colour FROM item_light WHERE colour IN (3, 4) AND "
_Static_assert(LIGHT_YELLOW == 3 && LIGHT_RED == 4, "RAYS names them by number");
_Static_assert(BOX_TODO == 1 && BOX_READ == 2 && BOX_DOING == 3, "rows are asked for by number");

static enum code take_rays(struct kept *k, struct stmt *q, struct err *e)
{
    while (stmt_step(q))
        add_ray(
            k, stmt_int(q, 0), (struct ray){stmt_int(q, 1), stmt_int(q, 2), (int)stmt_int(q, 3)});
    return stmt_end(q, e);
}

static enum code load_lights(struct kept *k, struct db *db, int64_t now_ms, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE DB_NUMBERS RAYS "until_at > ?1");
    stmt_bind_int(q, 1, now_ms);
    return take_rays(k, q, e);
}

static enum code load_whose(
    struct kept *k, struct db *db, uint32_t whose, int kind, int64_t principal, struct err *e)
{
    struct whose *w = &k->whose[whose];
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE DB_NUMBERS "SELECT item, box FROM item_grant WHERE kind = ?1"
                                           " AND principal = ?2 AND box IN (1, 2, 3) LIMIT ?3");
    *w = (struct whose){.kind = kind, .principal = principal};
    k->n_whose++;
    stmt_bind_int(q, 1, kind);
    stmt_bind_int(q, 2, principal);
    stmt_bind_int(q, 3, ROWS_MAX + 1);
    while (stmt_step(q))
        if (w->n < ROWS_MAX)
            add_row(k, whose, stmt_int(q, 0), (int)stmt_int(q, 1));
        else
            w->much = true;
    return stmt_end(q, e);
}

/* Up to MANY items, as they lie now. */
static enum code reload(
    struct kept *k, struct db *db, const int64_t *items, size_t n, struct err *e)
{
    struct stmt *q;
    for (size_t i = 0; i < n; i++)
        remove_item(k, items[i]);
    q = db_sql(db, DB_PLAN_ONCE DB_NUMBERS RAYS "item IN (" MANY_IDS ")");
    many_bind(q, 1, items, n);
    TRY(take_rays(k, q, e));
    q = db_sql(db, DB_PLAN_ONCE DB_NUMBERS
        "SELECT item, box, kind, principal FROM item_grant WHERE item IN (" MANY_IDS
        ") AND box IN (1, 2, 3)");
    many_bind(q, 1, items, n);
    while (stmt_step(q)) {
        uint32_t whose = find_whose(k, (int)stmt_int(q, 2), stmt_int(q, 3));
        if (k->whose[whose].kind)
            add_row(k, whose, stmt_int(q, 0), (int)stmt_int(q, 1));
    }
    return stmt_end(q, e);
}

static int by_id(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Each once; one of them may stand for many: then nothing that is kept is worth anything. */
static enum code follow_node(struct kept *k, struct db *db, const struct item_head *after,
    int64_t items[CHANGED_MAX], bool *whole, struct err *e)
{
    size_t n, kept = 0;
    TRY(item_change_since(db, after, items, CHANGED_MAX, &n, whole, e));
    if (n)
        qsort(items, n, sizeof(*items), by_id);
    *whole = *whole && (n == 0 || items[0] != ITEM_CHANGE_ALL);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || items[i] != items[i - 1])
            items[kept++] = items[i];
    for (size_t i = 0; *whole && i < kept; i += MANY)
        TRY(reload(k, db, items + i, kept - i < MANY ? kept - i : MANY, e));
    return OK;
}

enum state { SAME, MOVED, OLDER, STRANGE };

/* How the tables, as this transaction sees them, stand to what is kept. */
static enum state compare(const struct kept *k, const struct item_head *v, size_t n)
{
    enum state s = SAME;
    if (!k->loaded || n > k->n_heads)
        return STRANGE;
    if (n < k->n_heads)
        return OLDER;
    for (size_t i = 0; i < n; i++) {
        if (v[i].node != k->heads[i].node)
            return STRANGE;
        if (v[i].seq < k->heads[i].seq)
            return OLDER;
        if (v[i].seq > k->heads[i].seq)
            s = MOVED;
    }
    return s;
}

static enum code begin_anew(struct kept *k, struct db *db, int64_t now_ms, struct err *e)
{
    forget(k);
    TRY(load_lights(k, db, now_ms, e));
    k->from_ms = now_ms;
    k->loaded = true;
    return OK;
}

static enum code follow(struct kept *k, struct db *db, const struct item_head *v, size_t n,
    int64_t now_ms, struct err *e)
{
    int64_t *items = mem_alloc(sizeof(*items) * CHANGED_MAX);
    bool whole = k->n_opens < OPENS_MAX && k->n_whose < WHOSE_MAX;
    enum code c = OK;
    for (size_t i = 0; c == OK && whole && i < n; i++)
        if (v[i].seq != k->heads[i].seq)
            c = follow_node(k, db, &k->heads[i], items, &whole, e);
    free(items);
    return c == OK && !whole ? begin_anew(k, db, now_ms, e) : c;
}

/* What is kept is the state that this transaction sees, or *known is false. */
static enum code catch_up(struct kept *k, struct db *db, int64_t now_ms, bool *known, struct err *e)
{
    struct item_head v[ITEM_CHANGE_NODES];
    size_t n;
    TRY(item_change_heads(db, v, &n, e));
    enum state s = n > ITEM_CHANGE_NODES ? OLDER : compare(k, v, n);
    *known = s != OLDER && (s == STRANGE || now_ms >= k->from_ms);
    if (!*known)
        return OK;
    if (s == MOVED)
        TRY(follow(k, db, v, n, now_ms, e));
    else if (s == STRANGE)
        TRY(begin_anew(k, db, now_ms, e));
    for (size_t i = 0; i < n; i++)
        k->heads[i] = v[i];
    k->n_heads = n;
    return OK;
}

/* ---- counts ---- */

struct counting {
    struct kept *k;
    struct db *db;
    uint32_t n; /* met */
    bool known;
};

static enum code meet(struct counting *c, int kind, int64_t principal, struct err *e)
{
    struct kept *k = c->k;
    uint32_t whose = find_whose(k, kind, principal);
    if (!principal || !c->known)
        return OK;
    if (!k->whose[whose].kind && k->n_whose < WHOSE_MAX)
        TRY(load_whose(k, c->db, whose, kind, principal, e));
    c->known = k->whose[whose].kind && !k->whose[whose].much;
    for (uint32_t i = 0; i < k->whose[whose].n; i++) {
        struct row row = k->whose[whose].rows[i];
        struct open *o = &k->opens[row.open];
        if (o->round != k->round) {
            o->round = k->round;
            o->box = row.box;
            k->met[c->n++] = row.open;
        } else if (o->box > row.box) {
            o->box = row.box;
        }
    }
    return OK;
}

static int colour_of(const struct open *o, int64_t now_ms)
{
    for (uint32_t i = 0; i < o->n_rays; i++)
        if (o->rays[i].from <= now_ms && o->rays[i].until > now_ms)
            return o->rays[i].colour;
    return 0;
}

static struct item_lying sum(const struct counting *c, int64_t now_ms)
{
    struct item_lying n = {0};
    for (uint32_t i = 0; i < c->n; i++) {
        const struct open *o = &c->k->opens[c->k->met[i]];
        int colour = o->box == BOX_READ ? 0 : colour_of(o, now_ms);
        n.todo += o->box == BOX_TODO;
        n.read += o->box == BOX_READ;
        n.doing += o->box == BOX_DOING;
        n.red += colour == LIGHT_RED;
        n.yellow += colour == LIGHT_YELLOW;
    }
    return n;
}

static enum code count(struct counting *c, const struct seen *s, struct err *e)
{
    static const int kinds[] = {GRANT_PERSON, GRANT_UNIT, GRANT_CHIEF};
    uint32_t roles = seen_roles(s);
    c->k->round++;
    for (int which = 0; which < 3; which++)
        for (int i = 0; i < SEAT_PLACES; i++)
            TRY(meet(c, kinds[which], seen_seat(s, i, which), e));
    for (int i = 0; i < ROLE_BITS; i++)
        TRY(meet(c, GRANT_ROLE, (roles & 1U << i) ? 1 << i : 0, e));
    return OK;
}

enum code item_lying_count(struct db *db, const struct seen *s, int64_t now_ms,
    struct item_lying *out, bool *known, struct err *e)
{
    struct kept *k = db_keep(db, make, drop);
    struct counting c = {.k = k, .db = db};
    *known = false;
    if (!db_reads(db))
        return OK;
    pthread_mutex_lock(&k->lock);
    enum code code = catch_up(k, db, now_ms, &c.known, e);
    if (code == OK && c.known)
        code = count(&c, s, e);
    if (code != OK)
        forget(k);
    else if (c.known)
        *out = sum(&c, now_ms);
    *known = code == OK && c.known;
    pthread_mutex_unlock(&k->lock);
    return code;
}
