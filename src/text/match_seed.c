/* Runs of equal characters. The grams of the draft go into a small table; a part is read once and each of its
 * grams looked up. */
#include <stdlib.h>
#include <string.h>

#include "text/match_int.h"

enum {
    PRESENT_BITS = 18, /* 32 KiB: stays in the first cache */
    GRAMS_MIN = 10,    /* log2 of the smallest table */
    GRAMS_MAX = 20,
};

struct grams {
    uint64_t present[(1 << PRESENT_BITS) / 64];
    uint32_t *first; /* by hash: first place, + 1 */
    uint32_t *next;  /* by place of the draft: the next one of the same hash, + 1 */
    unsigned bits;
};

/* The last MATCH_GRAM characters of a text that is read character by character. */
struct gram {
    uint64_t four;
    uint16_t first;
};

static struct gram shifted(struct gram g, uint16_t u)
{
    return (struct gram){g.four << 16 | u, (uint16_t)(g.four >> 48)};
}

static uint64_t hash_of(struct gram g)
{
    uint64_t x = g.four * 0x9E3779B97F4A7C15u + g.first * (uint64_t)0xC2B2AE3D27D4EB4Fu;

    x ^= x >> 32;
    return x * 0xD6E8FEB86659FD93u;
}

/* Two different characters at most: lines of signs, and nothing to be found by. */
static bool poor(struct gram g)
{
    uint16_t a = g.first, b = a;

    for (int i = 48; i >= 0; i -= 16) {
        uint16_t u = (uint16_t)(g.four >> i);
        if (u == a || u == b)
            continue;
        if (b != a)
            return false;
        b = u;
    }
    return true;
}

static void grams_of(struct matcher *m, struct grams *g)
{
    struct gram x = {0};

    g->bits = GRAMS_MIN;
    while (g->bits < GRAMS_MAX && (1u << g->bits) < m->q.n)
        g->bits++;
    g->first = ARENA_ARRAY(m->scratch, uint32_t, (size_t)1 << g->bits);
    g->next = ARENA_ARRAY(m->scratch, uint32_t, m->q.n + (size_t)1);
    for (uint32_t i = 0; i < m->q.n; i++) {
        uint32_t at = i - (MATCH_GRAM - 1);
        uint64_t h;
        x = shifted(x, m->q.u[i]);
        if (i < MATCH_GRAM - 1 || poor(x))
            continue;
        h = hash_of(x);
        g->present[h >> (64 - PRESENT_BITS) >> 6] |= (uint64_t)1 << (h >> (64 - PRESENT_BITS) & 63);
        h >>= 64 - g->bits;
        g->next[at] = g->first[h];
        g->first[h] = at + 1;
    }
}

/* The unit in front of t that counts, or 0. */
static uint16_t char_before(const uint16_t *units, uint32_t t)
{
    while (t-- > 0 && units[t])
        if (view_keeps(units, t))
            return units[t];
    return 0;
}

/* The longest equal run that begins at unit t and character q; nothing when it is short, or when it goes on to the
 * left, where it was found already. */
static void add_seed(struct matcher *m, const struct texts *x, uint32_t t, uint32_t q)
{
    struct seed s = {t, t, q, q};

    if (m->n_seeds == SEEDS_MAX) {
        m->clipped = true;
        return;
    }
    for (uint32_t i = t; x->units[i]; i++) {
        if (!view_keeps(x->units, i))
            continue;
        if (x->units[i] != m->q.u[s.qe])
            break;
        s.qe++;
        s.te = i + 1;
    }
    if (s.qe - q < MATCH_GRAM || (q > 0 && char_before(x->units, t) == m->q.u[(size_t)q - 1]))
        return;
    if (m->n_seeds == m->cap_seeds) {
        m->cap_seeds = m->cap_seeds ? 2 * m->cap_seeds : 4096;
        m->seeds = mem_grow(m->seeds, m->cap_seeds * sizeof(*m->seeds));
    }
    m->seeds[m->n_seeds++] = s;
}

static void scan_text(struct matcher *m, const struct grams *g, const struct texts *x, uint32_t doc)
{
    struct gram last = {0};
    uint32_t places[MATCH_GRAM] = {0}, n = 0;

    for (uint32_t t = x->start[doc]; x->units[t]; t++) {
        uint64_t h;
        if (!view_keeps(x->units, t))
            continue;
        last = shifted(last, x->units[t]);
        places[n++ % MATCH_GRAM] = t;
        if (n < MATCH_GRAM)
            continue;
        h = hash_of(last);
        if (!(g->present[h >> (64 - PRESENT_BITS) >> 6] >> (h >> (64 - PRESENT_BITS) & 63) & 1))
            continue;
        for (uint32_t q = g->first[h >> (64 - g->bits)]; q; q = g->next[q - 1])
            add_seed(m, x, places[n % MATCH_GRAM], q - 1);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct seed *x = a, *y = b;

    if (x->t != y->t)
        return x->t < y->t ? -1 : 1;
    return x->q < y->q ? -1 : x->q > y->q;
}

enum code match_seeds(struct matcher *m, const struct texts *t, struct err *e)
{
    const struct segment *seg = m->snap->part[t->part].seg;
    struct grams *g = ARENA_NEW(m->scratch, struct grams);

    grams_of(m, g);
    m->n_seeds = 0;
    if (seg && !segment_ready(seg, t->units, t->start[t->n_docs] * sizeof(*t->units)))
        return segment_damaged(seg, e);
    for (uint32_t d = 0; d < t->n_docs; d++)
        if (t->pass[d / 64] >> d % 64 & 1)
            scan_text(m, g, t, d);
    if (m->n_seeds)
        qsort(m->seeds, m->n_seeds, sizeof(*m->seeds), by_place);
    return OK;
}
