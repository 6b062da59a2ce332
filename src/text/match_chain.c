/* Seeds of one document on nearly one diagonal are one chain; a chain is aligned, extended and judged. */
#include <stdlib.h>
#include <string.h>

#include "text/match_int.h"

struct chainer {
    struct matcher *m;
    const struct texts *t;
    uint32_t doc;
    uint8_t *used;   /* by seed */
    uint32_t *chain; /* seeds of the chain in work */
    size_t n_chain, cap_chain;
    uint16_t *u; /* a window of the document */
    uint32_t *at;
    size_t cap_window;
    struct view w;
    struct edit_span *v; /* the alignment: characters of draft and window */
    size_t n, cap;
    uint32_t cost, most;
};

static uint32_t unit_behind(const struct view *v, uint32_t n)
{
    return n ? v->at[n - 1] + 1 : 0;
}

/* Whether b may follow a: near in both texts, nearly the same diagonal, and going on. */
static bool follows(const struct matcher *m, const struct seed *a, const struct seed *b)
{
    int64_t gap_t = (int64_t)b->t - a->te, gap_q = (int64_t)b->q - a->qe;
    int64_t shift = gap_t - ((int64_t)m->q.at[b->q] - unit_behind(&m->q, a->qe));

    return b->qe > a->qe && b->te > a->te && b->q > a->q && gap_q <= CHAIN_GAP &&
           shift >= -CHAIN_SHIFT && shift <= CHAIN_SHIFT;
}

static bool inside(const struct seed *a, const struct seed *b)
{
    return b->t >= a->t && b->te <= a->te && b->q >= a->q && b->qe <= a->qe;
}

/* The chain that begins with seed i, into c->chain; returns its equal characters. */
static uint32_t collect(struct chainer *c, size_t i, size_t end)
{
    const struct seed *s = c->m->seeds;
    struct seed last = s[i];
    uint32_t sum = last.qe - last.q, look = 0;

    c->n_chain = 0;
    ARENA_PUSH(c->m->scratch, c->chain, c->n_chain, c->cap_chain) = (uint32_t)i;
    for (size_t j = i + 1; j < end && s[j].t <= last.te + 2 * CHAIN_GAP && look < CHAIN_LOOK; j++) {
        if (c->used[j])
            continue;
        look++;
        if (inside(&last, &s[j])) {
            c->used[j] = 1;
            continue;
        }
        if (!follows(c->m, &last, &s[j]))
            continue;
        sum += s[j].qe - (s[j].q > last.qe ? s[j].q : last.qe);
        c->used[j] = 1;
        last = s[j];
        look = 0;
        ARENA_PUSH(c->m->scratch, c->chain, c->n_chain, c->cap_chain) = (uint32_t)j;
    }
    return sum;
}

/* The view of the document around units [t, te), END_CHARS more on either side; false: damaged. */
static bool open_window(struct chainer *c, uint32_t t, uint32_t te)
{
    const uint16_t *units = c->t->units;
    uint32_t lo = t, hi = te, begin = c->t->start[c->doc], end = c->t->start[c->doc + 1] - 1;

    for (uint32_t n = 0; lo > begin && n < END_CHARS; n += view_keeps(units, lo))
        lo--;
    for (uint32_t n = 0; hi < end && n < END_CHARS; hi++)
        n += view_keeps(units, hi);
    if (!match_ready(c->m, c->t, lo, hi))
        return false;
    if (hi - lo + (size_t)2 > c->cap_window) {
        c->cap_window = 2 * (hi - lo + (size_t)2);
        c->u = ARENA_ARRAY(c->m->scratch, uint16_t, c->cap_window);
        c->at = ARENA_ARRAY(c->m->scratch, uint32_t, c->cap_window);
    }
    c->w = view_fill(units, lo, hi, c->u, c->at);
    return true;
}

/* Number of the first character of the window at or behind unit t. */
static uint32_t window_char(const struct chainer *c, uint32_t t)
{
    uint32_t lo = 0, hi = c->w.n;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->w.at[mid] < t)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* One more edit behind the last; neighbours become one. */
static void add_edit(struct chainer *c, struct edit_span x)
{
    struct edit_span *last = c->n ? &c->v[c->n - 1] : NULL;

    if (last && last->qe == x.q && last->te == x.t) {
        last->qe = x.qe;
        last->te = x.te;
        return;
    }
    ARENA_PUSH(c->m->scratch, c->v, c->n, c->cap) = x;
}

static struct run run_of(const uint16_t *units, const struct view *v, uint32_t at, uint32_t n)
{
    return (struct run){v->u + at, n, units, v->at + at};
}

static bool gap(struct chainer *c, uint32_t q, uint32_t qe, uint32_t t, uint32_t te)
{
    struct steps s;

    if (c->cost > c->most || !align_gap(run_of(c->m->draft, &c->m->q, q, qe - q),
                                 run_of(c->t->units, &c->w, t, te - t), c->most - c->cost, &s))
        return false;
    for (uint32_t i = 0; i < s.n; i++)
        add_edit(c, (struct edit_span){q + s.v[i].q, q + s.v[i].q + s.v[i].takes_q, t + s.v[i].t,
                        t + s.v[i].t + s.v[i].takes_t});
    c->cost += s.n;
    return true;
}

static void left_end(struct chainer *c, uint32_t *q, uint32_t *t)
{
    uint32_t nq = *q < END_CHARS ? *q : END_CHARS, nt = *t < END_CHARS ? *t : END_CHARS;
    struct steps s;
    struct reach r = align_end(run_of(c->m->draft, &c->m->q, *q - nq, nq),
        run_of(c->t->units, &c->w, *t - nt, nt), true, &s);

    for (uint32_t i = s.n; i-- > 0;) {
        uint32_t qe = *q - s.v[i].q, te = *t - s.v[i].t;
        add_edit(c, (struct edit_span){qe - s.v[i].takes_q, qe, te - s.v[i].takes_t, te});
    }
    c->cost += s.n;
    *q -= r.q;
    *t -= r.t;
}

static void right_end(struct chainer *c, uint32_t *qe, uint32_t *te)
{
    uint32_t nq = c->m->q.n - *qe, nt = c->w.n - *te;
    struct steps s;
    struct reach r = align_end(run_of(c->m->draft, &c->m->q, *qe, nq < END_CHARS ? nq : END_CHARS),
        run_of(c->t->units, &c->w, *te, nt < END_CHARS ? nt : END_CHARS), false, &s);

    for (uint32_t i = 0; i < s.n; i++)
        add_edit(c, (struct edit_span){*qe + s.v[i].q, *qe + s.v[i].q + s.v[i].takes_q,
                        *te + s.v[i].t, *te + s.v[i].t + s.v[i].takes_t});
    c->cost += s.n;
    *qe += r.q;
    *te += r.t;
}

/* Aligns the chain between its seeds; [*q, *qe) and [*t, *te) become its ends. */
static bool align(struct chainer *c, uint32_t *q, uint32_t *qe, uint32_t *t, uint32_t *te)
{
    const struct seed *s = &c->m->seeds[c->chain[0]];

    c->n = 0;
    c->cost = 0;
    *q = s->q;
    *t = window_char(c, s->t);
    left_end(c, q, t);
    *qe = s->qe;
    *te = window_char(c, s->t) + (s->qe - s->q);
    for (size_t i = 1; i < c->n_chain; i++) {
        uint32_t sq, st, over;
        s = &c->m->seeds[c->chain[i]];
        sq = s->q;
        st = window_char(c, s->t);
        over = *qe > sq ? *qe - sq : 0;
        if (*te > st && *te - st > over)
            over = *te - st;
        if (over >= s->qe - s->q)
            continue;
        if (!gap(c, *qe, sq + over, *te, st + over))
            return false;
        *qe = s->qe;
        *te = st + (s->qe - s->q);
    }
    right_end(c, qe, te);
    return true;
}

/* What only one text has is shown as early as it may stand: 〔督查〕督办 and not 督〔查督〕办. */
static void shift_edits(struct chainer *c, uint32_t q)
{
    const uint16_t *u = c->m->q.u;

    for (size_t i = 0; i < c->n; i++) {
        struct edit_span *x = &c->v[i];
        uint32_t from = i ? c->v[i - 1].qe : q;
        while (x->q > from + 1 && (x->qe > x->q) != (x->te > x->t) &&
               (x->qe > x->q ? u[x->q - 1] == u[x->qe - 1] : c->w.u[x->t - 1] == c->w.u[x->te - 1]))
            x->q--, x->qe--, x->t--, x->te--;
    }
}

static void keep(struct chainer *c, uint32_t q, uint32_t qe, uint32_t t, uint32_t te)
{
    struct matcher *m = c->m;
    struct hit_span h = {c->t->part, c->doc, c->w.at[t], c->w.at[te - 1] + 1, q, qe, c->cost,
        (uint32_t)m->n_edits, (uint32_t)c->n};

    shift_edits(c, q);
    for (size_t i = 0; i < c->n; i++) {
        struct edit_span x = c->v[i];
        x.te = x.te > x.t ? c->w.at[x.te - 1] + 1 : c->w.at[x.t];
        x.t = c->w.at[x.t];
        ARENA_PUSH(m->scratch, m->edits, m->n_edits, m->cap_edits) = x;
    }
    ARENA_PUSH(m->scratch, m->hits, m->n_hits, m->cap_hits) = h;
}

static void judge(struct chainer *c)
{
    const struct matcher *m = c->m;
    uint32_t q, qe, t, te;
    const struct seed *last = &m->seeds[c->chain[c->n_chain - 1]];
    uint32_t span = last->qe - m->seeds[c->chain[0]].q + 2 * END_CHARS;

    c->most = (uint32_t)(m->o.max_error * span) + 1;
    if (!open_window(c, m->seeds[c->chain[0]].t, last->te) || !align(c, &q, &qe, &t, &te) ||
        qe - q < m->o.min_chars || c->cost > m->o.max_error * (qe - q))
        return;
    keep(c, q, qe, t, te);
}

void match_chains(struct matcher *m, const struct texts *t)
{
    struct chainer c = {.m = m, .t = t};
    size_t end = 0;

    if (m->n_seeds == 0)
        return;
    c.used = ARENA_ARRAY(m->scratch, uint8_t, m->n_seeds);
    for (size_t i = 0; i < m->n_seeds; i = end) {
        while (t->start[c.doc + 1] <= m->seeds[i].t)
            c.doc++;
        for (end = i; end < m->n_seeds && m->seeds[end].t < t->start[c.doc + 1]; end++)
            ;
        if (!(t->pass[c.doc / 64] >> c.doc % 64 & 1))
            continue;
        for (size_t k = i; k < end; k++) {
            if (c.used[k] || collect(&c, k, end) < CHAIN_MIN)
                continue;
            if (m->n_hits == HITS_MAX) {
                m->clipped = true;
                return;
            }
            judge(&c);
        }
    }
}
