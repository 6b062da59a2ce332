/* From hits to passages: the best hit takes its stretch of the draft, later ones become copies of it or take what is
 * left; the sources of a passage are put in order, and passages of one authority are a group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/match_int.h"
#include "text/pos.h"

enum {
    COST_OF_EDIT = 3,   /* when hits compete for a stretch: an edit outweighs so many characters */
    COVER_PERCENT = 70, /* of a passage that a hit must repeat to be a source of it */
    LOOK_AT = 4,        /* times max_sources: so many sources are measured exactly */
    FORMULA_CHARS = 25, /* a formula is shorter */
    FORMULA_DOCS = 20,  /* and in so many documents */
};
static const double slack = 0.15; /* by which an authority may agree less than the best source */

struct passage {
    uint32_t q, qe;
    uint32_t *hits;
    size_t n, cap;
};

struct grouper {
    struct matcher *m;
    struct arena *a; /* of the result */
    const struct pos_map *map;
    struct passage *v;
    size_t n, cap;
    uint32_t *owner; /* by character of the draft: passage + 1 */
    int64_t indexed;
    struct err *e;
};

/* A source in work. */
struct rated {
    struct hit_span h; /* clipped to the passage */
    const struct corpus_attr *attr;
    int64_t id;
    double agrees; /* equal characters less those to be added, for each of the passage */
    bool outdated, eligible;
};

static const struct corpus_attr *attr_of(const struct matcher *m, const struct hit_span *h)
{
    return &m->snap->part[h->part].frozen->attrs[h->doc];
}

/* ---- a part of a hit ---- */

/* The unit of character number n from unit t on. */
static uint32_t char_unit(const uint16_t *units, uint32_t t, uint32_t n)
{
    for (;; t++)
        if (view_keeps(units, t) && n-- == 0)
            return t;
}

static uint32_t edit_cost(const uint16_t *units, const struct edit_span *x)
{
    uint32_t n = 0;

    for (uint32_t t = x->t; t < x->te; t++)
        n += view_keeps(units, t);
    return n > x->qe - x->q ? n : x->qe - x->q;
}

/* Moves the beginning of h to character lo of the draft or the next equal one. */
static bool clip_begin(const struct matcher *m, struct hit_span *h, uint32_t lo)
{
    const uint16_t *units = m->texts[h->part].units;

    while (h->q < lo) {
        const struct edit_span *x = h->n_edits ? &m->edits[h->edit] : NULL;
        if (lo < (x ? x->q : h->qe)) {
            h->t = char_unit(units, h->t, lo - h->q);
            h->q = lo;
            return true;
        }
        if (!x)
            return false;
        h->q = x->qe;
        h->t = char_unit(units, x->te, 0);
        h->edit++;
        h->n_edits--;
    }
    return true;
}

/* h without what lies outside characters [lo, hi) of the draft; false when nothing is left. */
static bool clip(const struct matcher *m, struct hit_span *h, uint32_t lo, uint32_t hi)
{
    const uint16_t *units = m->texts[h->part].units;
    uint32_t q, t, n = 0;

    if (lo <= h->q && hi >= h->qe)
        return true;
    if (h->q >= hi || h->qe <= lo || !clip_begin(m, h, lo) || h->q >= hi)
        return false;
    q = h->q;
    t = h->t;
    h->cost = 0;
    for (; n < h->n_edits; n++) {
        const struct edit_span *x = &m->edits[h->edit + n];
        if (x->qe >= hi)
            break;
        h->cost += edit_cost(units, x);
        q = x->qe;
        t = x->te;
    }
    if (n < h->n_edits) /* the run of equal characters from q is the last that is kept */
        h->qe = m->edits[h->edit + n].q;
    if (h->qe > hi)
        h->qe = hi;
    if (h->qe > q) {
        h->te = char_unit(units, t, h->qe - q - 1) + 1;
    } else { /* nothing of that run: end in front of the edit before it */
        return false;
    }
    h->n_edits = n;
    return true;
}

static bool worth(const struct matcher *m, const struct hit_span *h)
{
    uint32_t len = h->qe - h->q;

    return len >= m->o.min_chars && h->cost <= m->o.max_error * len;
}

/* ---- who takes which stretch ---- */

struct ordered {
    int64_t score;
    uint32_t hit;
};

static int by_score(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->hit < y->hit ? -1 : x->hit > y->hit;
}

static void add_hit(struct grouper *g, struct passage *p, uint32_t hit)
{
    ARENA_PUSH(g->m->scratch, p->hits, p->n, p->cap) = hit;
}

static void take(struct grouper *g, uint32_t hit, uint32_t q, uint32_t qe)
{
    struct hit_span h = g->m->hits[hit];
    struct passage p = {0};

    if (!clip(g->m, &h, q, qe) || !worth(g->m, &h))
        return;
    p.q = h.q;
    p.qe = h.qe;
    add_hit(g, &p, hit);
    ARENA_PUSH(g->m->scratch, g->v, g->n, g->cap) = p;
    for (uint32_t i = p.q; i < p.qe; i++)
        g->owner[i] = (uint32_t)g->n;
}

/* Gives hit to the passages it covers, and what nobody has, if it is long enough, to a new one. */
static void place_hit(struct grouper *g, uint32_t hit)
{
    const struct hit_span *h = &g->m->hits[hit];
    uint32_t free_q = 0, free_qe = 0;

    for (uint32_t i = h->q; i < h->qe;) {
        uint32_t from = i;
        if (g->owner[i]) {
            struct passage *p = &g->v[g->owner[i] - 1];
            uint32_t stop = p->qe < h->qe ? p->qe : h->qe;
            if ((stop - i) * (uint64_t)100 >= (uint64_t)COVER_PERCENT * (p->qe - p->q))
                add_hit(g, p, hit);
            i = stop;
            continue;
        }
        while (i < h->qe && !g->owner[i])
            i++;
        if (i - from > free_qe - free_q)
            free_q = from, free_qe = i;
    }
    if (free_qe - free_q >= g->m->o.min_chars)
        take(g, hit, free_q, free_qe);
}

static void find_passages(struct grouper *g)
{
    const struct matcher *m = g->m;
    struct ordered *v = ARENA_ARRAY(m->scratch, struct ordered, m->n_hits + 1);

    for (size_t i = 0; i < m->n_hits; i++) {
        const struct hit_span *h = &m->hits[i];
        int64_t len = h->qe - h->q;
        v[i] = (struct ordered){
            (len - (int64_t)COST_OF_EDIT * h->cost) * 256 + attr_of(m, h)->authority, (uint32_t)i};
    }
    if (m->n_hits)
        qsort(v, m->n_hits, sizeof(*v), by_score);
    for (size_t i = 0; i < m->n_hits; i++)
        place_hit(g, v[i].hit);
}

/* ---- the order of sources ---- */

static int by_issuer(const struct rated *x, const struct rated *y)
{
    bool ux = x->attr->flags & CORPUS_UNPROOFED, uy = y->attr->flags & CORPUS_UNPROOFED;

    if (ux != uy)
        return ux ? 1 : -1;
    if (x->attr->authority != y->attr->authority)
        return x->attr->authority > y->attr->authority ? -1 : 1;
    if (x->outdated != y->outdated)
        return x->outdated ? 1 : -1;
    return 0;
}

/* An unknown day is last. */
static int by_age(const struct rated *x, const struct rated *y)
{
    uint32_t dx = (uint32_t)x->attr->day - 1 - (uint32_t)INT32_MIN;
    uint32_t dy = (uint32_t)y->attr->day - 1 - (uint32_t)INT32_MIN;

    if (dx != dy)
        return dx < dy ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_rank(const void *a, const void *b)
{
    const struct rated *x = a, *y = b;
    int c;

    if (x->eligible != y->eligible)
        return x->eligible ? -1 : 1;
    c = by_issuer(x, y);
    if (c)
        return c;
    if (x->agrees != y->agrees)
        return x->agrees > y->agrees ? -1 : 1;
    return by_age(x, y);
}

static int by_doc(const void *a, const void *b)
{
    const struct rated *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->agrees != y->agrees)
        return x->agrees > y->agrees ? -1 : 1;
    return x->h.t < y->h.t ? -1 : x->h.t > y->h.t;
}

static double agreement(const struct passage *p, const struct hit_span *h)
{
    uint32_t q = h->q > p->q ? h->q : p->q, qe = h->qe < p->qe ? h->qe : p->qe;

    return ((double)(qe - q) - h->cost) / (double)(p->qe - p->q);
}

/* One for each document, the best of it; the first `look` of them measured inside the passage. */
static size_t rate(
    const struct grouper *g, const struct passage *p, struct rated **out, size_t *documents)
{
    const struct matcher *m = g->m;
    struct rated *v = ARENA_ARRAY(m->scratch, struct rated, p->n);
    size_t n = 0, kept = 0, look = (size_t)LOOK_AT * m->o.max_sources;
    double best = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct rated r = {.h = m->hits[p->hits[i]], .eligible = true};
        r.attr = attr_of(m, &r.h);
        r.id = snap_id(m->snap, r.h.part, r.h.doc);
        r.agrees = agreement(p, &r.h);
        r.outdated = m->o.outdated >> (r.attr->status & 31) & 1;
        v[i] = r;
    }
    qsort(v, p->n, sizeof(*v), by_doc);
    for (size_t i = 0; i < p->n; i++)
        if (n == 0 || v[n - 1].id != v[i].id)
            v[n++] = v[i];
    *documents = n;
    qsort(v, n, sizeof(*v), by_rank);
    for (size_t i = 0; i < n && kept < look; i++) {
        struct rated r = v[i];
        if (!clip(m, &r.h, p->q, p->qe) || !worth(m, &r.h))
            continue;
        r.agrees = agreement(p, &r.h);
        best = r.agrees > best ? r.agrees : best;
        v[kept++] = r;
    }
    for (size_t i = 0; i < kept; i++)
        v[i].eligible = v[i].agrees >= best - slack;
    if (kept)
        qsort(v, kept, sizeof(*v), by_rank);
    *out = v;
    return kept;
}

/* ---- the result ---- */

static bool blank(uint16_t u)
{
    return u <= ' ';
}

/* The next unit in [*i, end) that is compared: a mark, or with `chars` anything but a blank; 0 at the end. */
static uint16_t next_unit(const uint16_t *u, uint32_t *i, uint32_t end, bool chars)
{
    for (; *i < end; (*i)++)
        if (!blank(u[*i]) && (chars || !view_keeps(u, *i)))
            return u[(*i)++];
    return 0;
}

static bool marks_differ(const struct matcher *m, const struct hit_span *h)
{
    const uint16_t *t = m->texts[h->part].units;
    uint32_t i = m->q.at[h->q], end = m->q.at[h->qe - 1] + 1, k = h->t;
    uint16_t x, y;

    do {
        x = next_unit(m->draft, &i, end, h->cost == 0);
        y = next_unit(t, &k, h->te, h->cost == 0);
    } while (x == y && x);
    return x != y;
}

/* Whole characters: both halves of a pair or none. */
static uint32_t begin_of(const uint16_t *u, uint32_t at)
{
    return pos_is_low(u[at]) && at > 0 && pos_is_high(u[at - 1]) ? at - 1 : at;
}

static uint32_t end_of(const uint16_t *u, uint32_t at)
{
    return at > 0 && pos_is_low(u[at]) && pos_is_high(u[at - 1]) ? at + 1 : at;
}

static int64_t draft_cp(const struct grouper *g, uint32_t unit)
{
    return (int64_t)pos_at_unit(g->map, unit).cp;
}

static int64_t source_cp(const struct grouper *g, const struct hit_span *h, uint32_t unit)
{
    return doc_cp(g->m->snap, h->part, h->doc, unit - g->m->texts[h->part].start[h->doc]);
}

static enum code show_source(struct grouper *g, const struct rated *r, struct match_source *out)
{
    const struct matcher *m = g->m;
    const struct hit_span *h = &r->h;
    const struct texts *x = &m->texts[h->part];
    uint32_t begin = begin_of(x->units, h->t), end = end_of(x->units, h->te),
             start = x->start[h->doc];
    uint32_t len = h->qe - h->q;
    uint16_t *units = ARENA_ARRAY(m->scratch, uint16_t, end - begin);
    struct buf b;

    TRY(doc_source(m->snap, (struct candidate){.part = h->part, .doc = h->doc}, begin - start,
        end - start, units, g->e));
    buf_init(&b, 0);
    pos_to_utf8(&b, units, end - begin);
    *out = (struct match_source){.doc = r->id,
        .attr = *r->attr,
        .begin_cp = source_cp(g, h, begin),
        .end_cp = source_cp(g, h, end),
        .draft_begin_cp = draft_cp(g, begin_of(m->draft, m->q.at[h->q])),
        .draft_end_cp = draft_cp(g, end_of(m->draft, m->q.at[h->qe - 1] + 1)),
        .text = arena_str(g->a, buf_view(&b)),
        .edits = h->cost,
        .similarity = 1 - (double)h->cost / len,
        .exact = h->cost == 0,
        .punct_differs = marks_differ(m, h)};
    buf_release(&b);
    return OK;
}

static void show_edits(const struct grouper *g, const struct hit_span *h, struct match_passage *out)
{
    const struct matcher *m = g->m;
    const uint16_t *units = m->texts[h->part].units;

    out->edits = ARENA_ARRAY(g->a, struct match_edit, h->n_edits + (size_t)1);
    for (uint32_t i = 0; i < h->n_edits; i++) {
        const struct edit_span *x = &m->edits[h->edit + i];
        uint32_t begin = m->q.at[x->q], end = x->qe > x->q ? m->q.at[x->qe - 1] + 1 : begin;
        out->edits[i] = (struct match_edit){
            .kind = x->qe == x->q   ? MATCH_MISSING
                    : x->te == x->t ? MATCH_ADDED
                                    : MATCH_CHANGED,
            .begin_cp = draft_cp(g, begin_of(m->draft, begin)),
            .end_cp = draft_cp(g, end_of(m->draft, end)),
            .source_begin_cp = source_cp(g, h, begin_of(units, x->t)),
            .source_end_cp = source_cp(g, h, end_of(units, x->te)),
        };
    }
    out->n_edits = h->n_edits;
}

static enum code show(struct grouper *g, const struct passage *p, struct match *out)
{
    const struct matcher *m = g->m;
    struct match_passage *x = &out->passages[out->n];
    struct rated *v;
    size_t documents, n = rate(g, p, &v, &documents);
    const struct hit_span *h = &v[0].h;
    uint32_t begin, end;

    if (n == 0)
        return OK;
    begin = begin_of(m->draft, m->q.at[h->q]);
    end = end_of(m->draft, m->q.at[h->qe - 1] + 1);
    x->begin_cp = draft_cp(g, begin);
    x->end_cp = draft_cp(g, end);
    x->begin = pos_at_unit(g->map, begin).byte;
    x->end = pos_at_unit(g->map, end).byte;
    x->chars = h->qe - h->q;
    x->documents = (int64_t)documents;
    x->formula = x->chars < FORMULA_CHARS && documents >= FORMULA_DOCS;
    x->n_sources = n < m->o.max_sources ? n : m->o.max_sources;
    x->sources = ARENA_ARRAY(g->a, struct match_source, x->n_sources);
    for (size_t i = 0; i < x->n_sources; i++)
        TRY(show_source(g, &v[i], &x->sources[i]));
    x->exact = x->sources[0].exact;
    x->punct_differs = x->sources[0].punct_differs;
    show_edits(g, h, x);
    /* Rare and long first; what differs from its authority before what does not. */
    x->weight = x->chars * (1 - log1p((double)documents) / log1p((double)g->indexed + 1)) *
                (x->exact ? 1 : 1.5) * (x->formula ? 0.1 : 1);
    out->n++;
    return OK;
}

static int by_begin(const void *a, const void *b)
{
    const struct passage *x = a, *y = b;

    return x->q < y->q ? -1 : x->q > y->q;
}

struct member {
    int64_t doc; /* 0: a formula */
    uint32_t passage;
};

static int by_authority(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    return x->passage < y->passage ? -1 : x->passage > y->passage;
}

/* One group for each authority, in the order of the draft; the formulas together are one. */
static void number_groups(struct arena *scratch, struct match *out)
{
    struct member *v = ARENA_ARRAY(scratch, struct member, out->n + 1);
    uint32_t *first = ARENA_ARRAY(scratch, uint32_t, out->n + 1);

    for (uint32_t i = 0; i < out->n; i++) {
        const struct match_passage *x = &out->passages[i];
        v[i] = (struct member){x->formula ? 0 : x->sources[0].doc, i};
        out->n_formulas += x->formula;
    }
    if (out->n)
        qsort(v, out->n, sizeof(*v), by_authority);
    for (uint32_t i = 0, k = 0; i < out->n; i++) {
        if (v[i].doc != v[k].doc)
            k = i;
        first[v[i].passage] = v[k].passage;
    }
    for (uint32_t i = 0; i < out->n; i++)
        out->passages[i].group = first[i] == i ? out->n_groups++ : out->passages[first[i]].group;
}

enum code match_passages(
    struct matcher *m, struct arena *a, const struct pos_map *map, struct match *out, struct err *e)
{
    struct grouper g = {.m = m, .a = a, .map = map, .indexed = out->indexed, .e = e};

    g.owner = ARENA_ARRAY(m->scratch, uint32_t, m->q.n + (size_t)1);
    find_passages(&g);
    out->passages = ARENA_ARRAY(a, struct match_passage, g.n + 1);
    if (g.n)
        qsort(g.v, g.n, sizeof(*g.v), by_begin);
    for (size_t i = 0; i < g.n; i++)
        TRY(show(&g, &g.v[i], out));
    number_groups(m->scratch, out);
    return OK;
}
