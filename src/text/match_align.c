/* Fewest edits by furthest reaching points (Ukkonen 1985; Myers 1986): front e holds, for each diagonal, how
 * far e edits go. The work grows with the square of the edits and not with the lengths. Ends are extended by the same
 * fronts until the score falls too far below its best (greedy X-drop: Zhang, Schwartz, Wagner, Miller 2000). */
#include "text/match_int.h"

enum {
    WIDTH = 2 * EDITS_MAX + 3,
    END_EDITS = 16,
    EDIT_COST = 6, /* against two points for a pair of equal characters */
    DROP = 16,
    END_BONUS = 8, /* for ending where a sentence ends in both: as much as four equal characters */
    CLAUSE_BONUS = 4, /* the same for any mark */
};

struct fronts {
    const uint16_t *q, *t;
    int nq, nt;
    ptrdiff_t dir; /* -1: backwards */
    int16_t far[EDITS_MAX + 1]
               [WIDTH]; /* characters of q on diagonal q - t; by edits, diagonal + EDITS_MAX + 1 */
};

static void start(struct fronts *f, struct run q, struct run t, bool backwards)
{
    f->q = backwards && q.n ? q.u + q.n - 1 : q.u;
    f->t = backwards && t.n ? t.u + t.n - 1 : t.u;
    f->nq = (int)q.n;
    f->nt = (int)t.n;
    f->dir = backwards ? -1 : 1;
}

static inline int slide(const struct fronts *f, int q, int k)
{
    int t = q - k;

    while (q < f->nq && t < f->nt && f->q[f->dir * q] == f->t[f->dir * t])
        q++, t++;
    return q;
}

/* The furthest point of diagonal k with e edits before it slides; -1: none. */
static inline int reach_of(const struct fronts *f, int e, int k)
{
    const int16_t *old = &f->far[e - 1][k + EDITS_MAX + 1];
    int both = old[0] < 0 ? -1 : old[0] + 1, from_q = old[-1] < 0 ? -1 : old[-1] + 1, best = old[1];

    if (both >= 0 && (both > f->nq || both - k > f->nt))
        both = -1;
    if (from_q > f->nq)
        from_q = -1;
    if (best >= 0 && best - k > f->nt)
        best = -1;
    if (from_q > best)
        best = from_q;
    return both > best ? both : best;
}

/* Front e from front e - 1. Fronts are one wider on either side, with -1. */
static void advance(struct fronts *f, int e)
{
    int16_t *now = &f->far[e][EDITS_MAX + 1];

    now[-e - 1] = now[e + 1] = -1;
    if (e > 0) /* what the step reads beyond the last front */
        f->far[e - 1][EDITS_MAX + 1 - e - 1] = f->far[e - 1][EDITS_MAX + 1 + e + 1] = -1;
    for (int k = -e; k <= e; k++) {
        int q = e ? reach_of(f, e, k) : 0;
        now[k] = (int16_t)(q < 0 || q - k < 0 ? -1 : slide(f, q, k));
    }
}

/* The way back from diagonal k of front e, as steps in order. */
static void trace(const struct fronts *f, int e, int k, struct steps *out)
{
    out->n = (uint32_t)e;
    for (; e > 0; e--) {
        const int16_t *old = &f->far[e - 1][k + EDITS_MAX + 1];
        int to = reach_of(f, e, k);
        struct step *s = &out->v[e - 1];
        if (old[0] >= 0 && old[0] + 1 == to) {
            *s = (struct step){(uint32_t)old[0], (uint32_t)(old[0] - k), true, true};
        } else if (old[-1] >= 0 && old[-1] + 1 == to) {
            *s = (struct step){(uint32_t)old[-1], (uint32_t)(old[-1] - k + 1), true, false};
            k--;
        } else {
            *s = (struct step){(uint32_t)to, (uint32_t)(to - k - 1), false, true};
            k++;
        }
    }
}

bool align_gap(struct run q, struct run t, uint32_t most, struct steps *out)
{
    struct fronts f; /* its fronts are written before they are read */
    int goal = (int)q.n - (int)t.n;

    start(&f, q, t, false);
    out->n = 0;
    most = most < EDITS_MAX ? most : EDITS_MAX;
    for (int e = 0; e <= (int)most; e++) {
        advance(&f, e);
        if (goal >= -e && goal <= e && f.far[e][goal + EDITS_MAX + 1] == f.nq) {
            trace(&f, e, goal, out);
            return true;
        }
    }
    return false;
}

static bool ends_sentence(uint16_t u)
{
    return u == 0 || u == '\n' || u == 0x3002 || u == '!' || u == '?' || u == ';' || u == ':' ||
           u == '"';
}

/* What it is worth that the passage ends behind n characters of the run, or backwards begins in front of them. */
static int border(const struct run *r, uint32_t n, bool backwards)
{
    uint32_t i = backwards ? r->at[r->n - n] : r->at[n - 1] + 1;
    int worth = 0;

    for (;; i = backwards ? i - 1 : i + 1) {
        uint32_t at = backwards ? i - 1 : i;
        if ((backwards && i == 0) || ends_sentence(r->units[at]))
            return END_BONUS;
        if (view_keeps(r->units, at))
            return worth;
        if (r->units[at] > ' ')
            worth = CLAUSE_BONUS;
    }
}

struct reach align_end(struct run q, struct run t, bool backwards, struct steps *out)
{
    struct fronts f;
    int best = 0, raw = 0, best_e = 0, best_k = 0;

    start(&f, q, t, backwards);
    for (int e = 0; e <= END_EDITS; e++) {
        bool alive = false;
        advance(&f, e);
        for (int k = -e; k <= e; k++) {
            int far = f.far[e][k + EDITS_MAX + 1], score = 2 * far - k - EDIT_COST * e;
            int at_q, at_t;
            if (far < 0)
                continue;
            raw = score > raw ? score : raw;
            alive = alive || score > raw - DROP;
            if (score + END_BONUS <= best || far <= (e ? reach_of(&f, e, k) : 0))
                continue; /* no better, or not ending with equal characters */
            at_q = border(&q, (uint32_t)far, backwards);
            at_t = border(&t, (uint32_t)(far - k), backwards);
            score += at_q < at_t ? at_q : at_t;
            if (score > best)
                best = score, best_e = e, best_k = k;
        }
        if (!alive)
            break;
    }
    trace(&f, best_e, best_k, out);
    best = f.far[best_e][best_k + EDITS_MAX + 1];
    return (struct reach){(uint32_t)best, (uint32_t)(best - best_k)};
}
