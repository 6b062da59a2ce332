/* Runs of equal characters. In a segment the grams of the draft are looked up in its lists; the tail is read
 * once and each of its grams looked up among those of the draft. */
#include <stdlib.h>
#include <string.h>

#include "text/match_int.h"

enum {
    PRESENT_BITS = 18, /* 32 KiB: stays in the first cache */
    TABLE_MIN = 10,    /* log2 of the smallest table */
    TABLE_MAX = 20,
    /* Which lists of a segment are looked through. A gram with a longer list than FEW is left to its neighbours when one
     * of them is rarer; the runs found there go on through it. Of a list longer than LIST_MAX only the documents of the
     * highest authority are taken. */
    FEW = 128,
    NEIGHBOURS = 4,
    LIST_MAX = 1024,
    LONG_LISTS =
        256, /* so many of these for a draft and a part, and one more for each LONG_CHARS characters */
    LONG_CHARS = 64,
    /* Places looked at for a draft and a part, and for each of its characters. */
    PROBES_BASE = 2 * 1024 * 1024,
    PROBES_CHAR = 256,
    AHEAD = 16, /* places asked for before they are read */
};

/* The grams of the draft. */
struct table {
    uint64_t present[(1 << PRESENT_BITS) / 64];
    uint32_t *first; /* by hash: first place, + 1 */
    uint32_t *next;  /* by place of the draft: the next one of the same hash, + 1 */
    uint32_t bits;
};

static struct table *table_of(struct matcher *m)
{
    struct table *g = ARENA_NEW(m->scratch, struct table);

    g->bits = TABLE_MIN;
    while (g->bits < TABLE_MAX && (1u << g->bits) < m->q.n)
        g->bits++;
    g->first = ARENA_ARRAY(m->scratch, uint32_t, (size_t)1 << g->bits);
    g->next = ARENA_ARRAY(m->scratch, uint32_t, m->q.n + (size_t)1);
    for (uint32_t i = 0; i < m->n_grams; i++) {
        uint64_t h = m->grams[i], p = h >> (64 - PRESENT_BITS);
        if (!h)
            continue;
        g->present[p / 64] |= (uint64_t)1 << p % 64;
        h >>= 64 - g->bits;
        g->next[i] = g->first[h];
        g->first[h] = i + 1;
    }
    return g;
}

void match_grams(struct matcher *m)
{
    struct gram g = {0};

    m->n_grams = m->q.n >= GRAM_CHARS ? m->q.n - GRAM_CHARS + 1 : 0;
    m->grams = ARENA_ARRAY(m->scratch, uint64_t, m->n_grams + (size_t)1);
    m->asked = ARENA_ARRAY(m->scratch, bool, m->n_grams + (size_t)1);
    for (uint32_t i = 0; i < m->q.n; i++) {
        g = gram_shift(g, m->q.u[i]);
        if (i >= GRAM_CHARS - 1 && !gram_poor(g))
            m->grams[i - (GRAM_CHARS - 1)] =
                gram_hash(g) | 1; /* 0: none; the last bit is never used */
    }
}

/* The place of the character in front of unit t; false: t is the first of its document. */
static bool step_back(const uint16_t *units, uint32_t *t)
{
    for (uint32_t i = *t; i > 0 && units[i - 1]; i--)
        if (view_keeps(units, i - 1)) {
            *t = i - 1;
            return true;
        }
    return false;
}

/* The longest equal run through unit t and character q; nothing when it is short, or when it goes on to the left, where
 * another gram finds it. */
static void add_seed(struct matcher *m, const struct texts *x, uint32_t t, uint32_t q)
{
    struct seed s = {t, t, q, q};
    uint32_t left = t, i;

    while (s.q > 0 && step_back(x->units, &left) && x->units[left] == m->q.u[s.q - 1]) {
        if (m->asked[s.q - 1]) {
            (void)match_ready(m, x, left, t);
            return;
        }
        s.t = left;
        s.q--;
    }
    for (i = t; x->units[i]; i++) {
        if (!view_keeps(x->units, i))
            continue;
        if (x->units[i] != m->q.u[s.qe])
            break;
        s.qe++;
        s.te = i + 1;
    }
    if (!match_ready(m, x, left, i + 1) || s.qe - q < GRAM_CHARS)
        return;
    if (m->n_seeds == SEEDS_MAX) {
        m->clipped = true;
        return;
    }
    if (m->n_seeds == m->cap_seeds) {
        m->cap_seeds = m->cap_seeds ? 2 * m->cap_seeds : 4096;
        m->seeds = mem_grow(m->seeds, m->cap_seeds * sizeof(*m->seeds));
    }
    m->seeds[m->n_seeds++] = s;
}

/* ---- the tail ---- */

static void scan_text(struct matcher *m, const struct table *g, const struct texts *x, uint32_t doc)
{
    struct gram last = {0};
    uint32_t places[GRAM_CHARS] = {0}, n = 0;

    for (uint32_t t = x->start[doc]; x->units[t]; t++) {
        uint64_t h, p;
        if (!view_keeps(x->units, t))
            continue;
        last = gram_shift(last, x->units[t]);
        places[n++ % GRAM_CHARS] = t;
        if (n < GRAM_CHARS)
            continue;
        h = gram_hash(last);
        p = h >> (64 - PRESENT_BITS);
        if (!(g->present[p / 64] >> p % 64 & 1))
            continue;
        for (uint32_t q = g->first[h >> (64 - g->bits)]; q; q = g->next[q - 1])
            add_seed(m, x, places[n % GRAM_CHARS], q - 1);
    }
}

static void scan_tail(struct matcher *m, const struct texts *x)
{
    const struct table *g = table_of(m);

    for (uint32_t i = 0; i < m->n_grams; i++)
        m->asked[i] = m->grams[i] != 0;
    for (uint32_t d = 0; d < x->n_docs; d++)
        if (x->pass[d / 64] >> d % 64 & 1)
            scan_text(m, g, x, d);
}

/* ---- a segment ---- */

struct probe {
    uint32_t t, q;
};
struct list {
    uint32_t at, n;
};

/* Where the list of each gram lies; false: damaged. */
static bool find_lists(
    const struct matcher *m, const struct segment *s, const struct stream *t, struct list *lists)
{
    for (uint32_t i = 0; i < m->n_grams; i++) {
        const uint32_t *at = t->gram_at + (m->grams[i] >> (64 - t->gram_bits));
        if (i + AHEAD < m->n_grams)
            __builtin_prefetch(t->gram_at + (m->grams[i + AHEAD] >> (64 - t->gram_bits)));
        if (!m->grams[i])
            continue;
        if (!segment_ready(s, at, 2 * sizeof(*at)) || at[0] > at[1] || at[1] > t->n_grams)
            return false;
        lists[i] = (struct list){at[0], at[1] - at[0]};
        __builtin_prefetch(t->grams + at[0]);
    }
    return true;
}

/* Whether the list of gram i is the shortest of its neighbourhood. */
static bool rarest(const struct matcher *m, const struct list *lists, uint32_t i)
{
    uint32_t lo = i > NEIGHBOURS ? i - NEIGHBOURS : 0;
    uint32_t hi = i + NEIGHBOURS < m->n_grams ? i + NEIGHBOURS : m->n_grams - 1;

    for (uint32_t k = lo; k <= hi; k++)
        if (m->grams[k] && (lists[k].n < lists[i].n || (lists[k].n == lists[i].n && k < i)))
            return false;
    return true;
}

/* Decides which grams are asked for; returns how many places that makes at most. */
static size_t choose(struct matcher *m, const struct list *lists)
{
    size_t left = PROBES_BASE + (size_t)PROBES_CHAR * m->n_grams, n = 0;
    uint32_t n_long = LONG_LISTS + m->n_grams / LONG_CHARS;

    for (uint32_t i = 0; i < m->n_grams; i++) {
        size_t take = lists[i].n < LIST_MAX ? lists[i].n : LIST_MAX;
        bool is_long = lists[i].n > LIST_MAX;
        m->asked[i] = false;
        if (!take || (take > FEW && !rarest(m, lists, i)))
            continue;
        if (n + take > left || (is_long && n_long == 0)) {
            m->clipped = true;
            continue;
        }
        m->asked[i] = true;
        n += take;
        n_long -= is_long;
    }
    return n;
}

/* The places of a long list, and the document of each. */
struct long_list {
    const struct matcher *m;
    const struct texts *x;
    const uint32_t *places;
    uint32_t n, at, doc;
};

/* The next place in a document that may be a source; false at the end. */
static bool next_place(struct long_list *l, uint32_t *place, uint8_t *authority)
{
    const struct frozen *f = l->m->snap->part[l->x->part].frozen;

    while (l->at < l->n) {
        *place = l->places[l->at++];
        while (l->doc + 1 < l->x->n_docs && l->x->start[l->doc + 1] <= *place)
            l->doc++;
        *authority = f->attrs[l->doc].authority;
        if (l->x->pass[l->doc / 64] >> l->doc % 64 & 1)
            return true;
    }
    return false;
}

/* LIST_MAX places at most, those of the highest authority. */
static size_t best_places(struct long_list l, uint32_t q, struct probe *out)
{
    struct long_list again = l;
    uint32_t count[256] = {0}, place, least = 255, sum = 0, room;
    uint8_t authority;
    size_t n = 0;

    while (next_place(&l, &place, &authority))
        count[authority]++;
    while (least > 0 && sum + count[least] < LIST_MAX)
        sum += count[least--];
    room = LIST_MAX - sum; /* for places of the least authority that is taken */
    while (next_place(&again, &place, &authority)) {
        if (authority < least || (authority == least && room == 0))
            continue;
        room -= authority == least;
        out[n++] = (struct probe){place, q};
    }
    return n;
}

static bool read_lists(struct matcher *m, const struct texts *x, const struct stream *t,
    const struct list *lists, struct probe *probes, size_t *n)
{
    for (uint32_t i = 0; i < m->n_grams; i++) {
        const uint32_t *places = t->grams + lists[i].at;
        if (!m->asked[i])
            continue;
        if (!segment_ready(x->seg, places, lists[i].n * sizeof(*places)))
            return false;
        if (lists[i].n > LIST_MAX) {
            struct long_list l = {m, x, places, lists[i].n, 0, 0};
            *n += best_places(l, i, probes + *n);
            m->clipped = true;
            continue;
        }
        for (uint32_t k = 0; k < lists[i].n; k++)
            probes[(*n)++] = (struct probe){places[k], i};
    }
    return true;
}

static bool try_probes(struct matcher *m, const struct texts *x, const struct stream *t,
    const struct probe *probes, size_t n)
{
    for (size_t i = 0; i < n && !m->damaged; i++) {
        uint32_t at = probes[i].t;
        if (i + AHEAD < n)
            __builtin_prefetch(t->units + probes[i + AHEAD].t);
        if (at >= t->n || !match_ready(m, x, at, at + 1))
            return false;
        if (t->units[at] == m->q.u[probes[i].q])
            add_seed(m, x, at, probes[i].q);
    }
    return !m->damaged;
}

static enum code probe_segment(struct matcher *m, const struct texts *x, struct err *e)
{
    const struct stream *t = &x->seg->stream[STREAM_TEXT];
    struct list *lists = ARENA_ARRAY(m->scratch, struct list, m->n_grams + (size_t)1);
    struct probe *probes;
    size_t n = 0;
    bool good;

    if (!find_lists(m, x->seg, t, lists))
        return segment_damaged(x->seg, e);
    probes = mem_alloc((choose(m, lists) + 1) * sizeof(*probes));
    good = read_lists(m, x, t, lists, probes, &n) && try_probes(m, x, t, probes, n);
    free(probes);
    return good ? OK : segment_damaged(x->seg, e);
}

/* ---- order ---- */

/* By place, stable: two counting sorts of 16 bits. */
static void sort_seeds(struct matcher *m)
{
    enum { WAYS = 1 << 16 };
    uint32_t *count;
    struct seed *from = m->seeds, *to;

    if (m->n_seeds < 2)
        return;
    to = mem_alloc(m->n_seeds * sizeof(*to));
    count = mem_alloc(WAYS * sizeof(*count));
    for (int shift = 0; shift < 32; shift += 16) {
        struct seed *x = from;
        uint32_t sum = 0;
        memset(count, 0, WAYS * sizeof(*count));
        for (size_t i = 0; i < m->n_seeds; i++)
            count[from[i].t >> shift & (WAYS - 1)]++;
        for (int i = 0; i < WAYS; i++) {
            uint32_t n = count[i];
            count[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < m->n_seeds; i++)
            to[count[from[i].t >> shift & (WAYS - 1)]++] = from[i];
        from = to;
        to = x;
    }
    free(to); /* after two rounds the order is in the first again */
    free(count);
}

enum code match_seeds(struct matcher *m, const struct texts *x, struct err *e)
{
    m->n_seeds = 0;
    if (x->seg)
        TRY(probe_segment(m, x, e));
    else
        scan_tail(m, x);
    sort_seeds(m);
    return OK;
}
