/* Counts by issuer and by authority, for the figures that stand beside every list.
 *
 * What is frozen never changes, so its counts are made once, by the first who asks, and live and
 * die with it: there is no rule of invalidation to get wrong. A change of attributes freezes one
 * part anew, a new text only the tail. They are kept by level; the documents that a person may read
 * beyond the levels of all are few, and are looked up one by one. */
#include <stdlib.h>
#include <string.h>

#include "text/find_int.h"

struct tally_row {
    uint32_t value;
    uint8_t facet, level;
    uint32_t n; /* 0: an empty slot, while counting */
    int32_t latest;
};

struct tally {
    size_t n;
    struct tally_row rows[]; /* by facet, value, level */
};

enum { FIRST_SLOTS = 1024 };

/* Open addressing; a power of two, at most half full. */
struct counting {
    struct tally_row *slots;
    size_t cap, n;
};

static bool same_group(const struct tally_row *a, const struct tally_row *b)
{
    return a->value == b->value && a->facet == b->facet && a->level == b->level;
}

static struct tally_row *slot_of(const struct counting *c, const struct tally_row *r)
{
    uint64_t key = (uint64_t)r->value << 16 | (uint64_t)r->facet << 8 | r->level;
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (c->cap - 1);

    while (c->slots[at].n && !same_group(&c->slots[at], r))
        at = (at + 1) & (c->cap - 1);
    return &c->slots[at];
}

static void widen(struct counting *c)
{
    struct counting wide = {mem_alloc(c->cap * 2 * sizeof(*wide.slots)), c->cap * 2, c->n};

    for (size_t i = 0; i < c->cap; i++)
        if (c->slots[i].n)
            *slot_of(&wide, &c->slots[i]) = c->slots[i];
    free(c->slots);
    *c = wide;
}

static void add(struct counting *c, const struct tally_row *r)
{
    struct tally_row *s;

    if (c->n * 2 >= c->cap)
        widen(c);
    s = slot_of(c, r);
    if (s->n == 0) {
        *s = *r;
        c->n++;
        return;
    }
    s->n += r->n;
    s->latest = s->latest > r->latest ? s->latest : r->latest;
}

static void add_doc(struct counting *c, const struct corpus_attr *a)
{
    struct tally_row r = {.level = a->level, .n = 1, .latest = a->day};

    r.facet = FACET_ISSUER;
    r.value = a->issuer;
    add(c, &r);
    r.facet = FACET_AUTHORITY;
    r.value = a->authority;
    add(c, &r);
}

static struct counting counting_new(void)
{
    return (struct counting){mem_alloc(FIRST_SLOTS * sizeof(struct tally_row)), FIRST_SLOTS, 0};
}

static int by_group(const void *p, const void *q)
{
    const struct tally_row *a = p, *b = q;

    if (a->facet != b->facet)
        return a->facet < b->facet ? -1 : 1;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->level > b->level) - (a->level < b->level);
}

/* The rows in order; ends the counting. */
static struct tally *counted(struct counting *c)
{
    struct tally *t = mem_alloc(sizeof(*t) + c->n * sizeof(*t->rows));

    for (size_t i = 0; i < c->cap; i++)
        if (c->slots[i].n)
            t->rows[t->n++] = c->slots[i];
    if (t->n)
        qsort(t->rows, t->n, sizeof(*t->rows), by_group);
    free(c->slots);
    return t;
}

/* Two who ask at once both count; one of the two results is kept. */
static const struct tally *tally_of(struct frozen *f)
{
    struct tally *t = atomic_load_explicit(&f->tally, memory_order_acquire), *none = NULL;
    struct counting c;

    if (t)
        return t;
    c = counting_new();
    for (uint32_t d = 0; d < f->n_docs; d++)
        if (f->live[d / 64] >> d % 64 & 1)
            add_doc(&c, &f->attrs[d]);
    t = counted(&c);
    if (!atomic_compare_exchange_strong(&f->tally, &none, t)) {
        free(t);
        t = none;
    }
    return t;
}

/* Documents of this part that may be read though their level may not. */
static void add_granted(
    struct counting *c, const struct snap *s, uint32_t part, const struct corpus_filter *rights)
{
    const struct frozen *f = s->part[part].frozen;
    const struct segment *seg = s->part[part].seg;

    if ((f->levels & ~rights->levels) == 0)
        return;
    for (size_t i = 0; seg && i < rights->n_granted; i++) {
        uint32_t d = segment_doc(seg, rights->granted[i]);
        if (d != UINT32_MAX && f->live[d / 64] >> d % 64 & 1 &&
            !(rights->levels >> (f->attrs[d].level & 31) & 1))
            add_doc(c, &f->attrs[d]);
    }
    for (uint32_t d = 0; !seg && d < f->n_docs; d++)
        if (f->live[d / 64] >> d % 64 & 1 && !(rights->levels >> (f->attrs[d].level & 31) & 1) &&
            filter_passes(rights, snap_id(s, part, d), &f->attrs[d]))
            add_doc(c, &f->attrs[d]);
}

/* Adds the rows of one facet to `c`, with all levels as one. */
static void add_rows(
    struct counting *c, const struct tally *t, enum corpus_facet facet, uint32_t levels)
{
    for (size_t i = 0; i < t->n; i++) {
        struct tally_row r = t->rows[i];
        if (r.facet != facet || !(levels >> (r.level & 31) & 1))
            continue;
        r.level = 0;
        add(c, &r);
    }
}

void corpus_count(struct corpus *c, struct arena *a, const struct corpus_filter *f,
    enum corpus_facet facet, struct facet_count **out, size_t *n)
{
    struct corpus_filter rights = {
        .levels = f->levels, .granted = f->granted, .n_granted = f->n_granted};
    struct counting all = counting_new(), own = counting_new();
    struct snap *s = snap_take(c);
    struct tally *t;

    for (uint32_t i = 0; i < s->n; i++) {
        add_rows(&all, tally_of(s->part[i].frozen), facet, f->levels);
        add_granted(&own, s, i, &rights);
    }
    t = counted(&own);
    add_rows(&all, t, facet, UINT32_MAX);
    free(t);
    snap_release(s);
    t = counted(&all);
    *out = ARENA_ARRAY(a, struct facet_count, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        (*out)[i] = (struct facet_count){t->rows[i].value, t->rows[i].n, t->rows[i].latest};
    *n = t->n;
    free(t);
}
