#include <stdlib.h>
#include <string.h>

#include "text/find_int.h"
#include "text/scan.h"

enum {
    FIND_LAST_MAX = 100000, /* offset + limit */
    DEPTH_SETS = 3 * QUERY_DEPTH_MAX + 4,
};

/* ---- one part: which documents ---- */

struct part_search {
    struct finder *x;
    const struct snap_part *p;
    uint32_t part;
    uint64_t *text[QUERY_TERMS_MAX], *title[QUERY_TERMS_MAX]; /* NULL: nowhere */
};

static void tail_term(struct part_search *s, const struct query_term *t, int which, uint64_t *bits)
{
    const struct batch *b = s->x->snap->tail->b;
    const uint32_t *start = b->start[which];
    uint32_t *tf = t->positive ? s->x->scratch->tf : NULL;
    uint32_t places[256], d = 0;
    size_t from = 0, n;

    do {
        n = scan_all((struct units){b->folded[which], start[s->p->frozen->n_docs]},
            (struct units){t->units, t->n}, from, places, 256);
        for (size_t i = 0; i < n; i++) {
            while (start[d + 1] <= places[i])
                d++;
            bits[d / 64] |= (uint64_t)1 << d % 64;
            if (tf)
                tf[d]++;
            from = places[i] + (size_t)1;
        }
    } while (n == 256);
}

static enum code term(struct part_search *s, uint32_t i, int which, uint64_t **out)
{
    const struct query_term *t = &s->x->q->terms[i];
    struct range *r = &s->x->ranges[(size_t)s->part * s->x->q->n_terms + i][which];

    *out = NULL;
    if (which == STREAM_TEXT && t->title_only)
        return OK;
    if (!s->p->seg) {
        *out = scratch_set(s->x->scratch);
        tail_term(s, t, which, *out);
        return OK;
    }
    TRY(segment_range(s->p->seg, which, (struct units){t->units, t->n}, r, s->x->e));
    if (r->lo == r->hi)
        return OK;
    *out = scratch_set(s->x->scratch);
    return segment_docs(
        s->p->seg, which, *r, *out, t->positive ? s->x->scratch->tf : NULL, s->x->e);
}

static void leaf(const struct part_search *s, uint32_t i, bool title_only, uint64_t *out)
{
    const uint64_t *text = title_only ? NULL : s->text[i], *title = s->title[i];

    for (size_t w = 0; w < s->x->scratch->words; w++)
        out[w] = (text ? text[w] : 0) | (title ? title[w] : 0);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the parser lets brackets be */
/* Documents for which `node` holds, into the empty set out. title_only: judged by titles alone, with
 * NOT taken as kept (the whole document kept it). */
static void eval(
    const struct part_search *s, const struct query_node *node, bool title_only, uint64_t *out)
{
    size_t words = s->x->scratch->words;

    if (node->op == QUERY_TERM) {
        leaf(s, node->term, title_only, out);
    } else if (node->op == QUERY_NOT) {
        if (!title_only)
            eval(s, node->kids[0], false, out);
        for (size_t w = 0; w < words; w++)
            out[w] = ~out[w];
    } else {
        eval(s, node->kids[0], title_only, out);
        for (uint32_t i = 1; i < node->n; i++) {
            uint64_t *kid = scratch_set(s->x->scratch);
            eval(s, node->kids[i], title_only, kid);
            for (size_t w = 0; w < words; w++)
                out[w] = node->op == QUERY_AND ? out[w] & kid[w] : out[w] | kid[w];
            scratch_drop(s->x->scratch, kid);
        }
    }
}

/* NOLINTEND(misc-no-recursion) */

/* ---- the best of them ---- */

static bool worse(const struct candidate *a, const struct candidate *b)
{
    return a->key != b->key ? a->key < b->key : a->tie < b->tie;
}

static void sift_down(struct candidate *v, size_t n, size_t at)
{
    for (;;) {
        size_t kid = 2 * at + 1;
        struct candidate x;
        if (kid >= n)
            return;
        if (kid + 1 < n && worse(&v[kid + 1], &v[kid]))
            kid++;
        if (!worse(&v[kid], &v[at]))
            return;
        x = v[at];
        v[at] = v[kid];
        v[kid] = x;
        at = kid;
    }
}

static void sift_up(struct candidate *v, size_t at)
{
    while (at > 0 && worse(&v[at], &v[(at - 1) / 2])) {
        struct candidate x = v[at];
        v[at] = v[(at - 1) / 2];
        v[(at - 1) / 2] = x;
        at = (at - 1) / 2;
    }
}

static void add_tie(struct finder *x, const struct candidate *c)
{
    if (x->n_ties == TIES_MAX)
        x->too_many_ties = true;
    else
        x->ties[x->n_ties++] = *c;
}

static void consider(struct finder *x, const struct candidate *c)
{
    struct candidate out;

    if (x->n < x->keep) {
        x->heap[x->n] = *c;
        sift_up(x->heap, x->n++);
        return;
    }
    if (x->keep == 0 || c->key < x->heap[0].key)
        return;
    if (!worse(&x->heap[0], c)) {
        add_tie(x, c);
        return;
    }
    out = x->heap[0];
    x->heap[0] = *c;
    sift_down(x->heap, x->n, 0);
    if (x->heap[0].key > out.key) {
        x->n_ties = 0;
        x->too_many_ties = false;
    } else {
        add_tie(x, &out);
    }
}

/* Rank: title, authority, day; newest and oldest: day, authority. An unknown day is last. */
static uint64_t key_of(enum corpus_order order, const struct corpus_attr *a, bool title)
{
    uint64_t day = (uint64_t)((int64_t)a->day - INT32_MIN); /* 32 bits; 0: unknown */

    if (order == ORDER_OLDEST)
        return (day ? (uint64_t)UINT32_MAX + 1 - day : 0) << 8 | a->authority;
    if (order == ORDER_NEWEST)
        return day << 8 | a->authority;
    return (uint64_t)title << 63 | (uint64_t)a->authority << 40 | day;
}

int64_t snap_id(const struct snap *s, uint32_t part, uint32_t doc)
{
    const struct segment *seg = s->part[part].seg;

    return seg ? seg->ids[doc] : s->tail->b->ids[doc];
}

/* Whether the page by key may show it. In front of a mark the nearest are wanted: the order is turned round. */
static bool on_page(const struct finder *x, struct candidate *c)
{
    const struct corpus_mark *m = x->f->after.doc ? &x->f->after : &x->f->before;
    struct candidate mark = {.key = m->key, .tie = x->order == ORDER_OLDEST ? -m->doc : m->doc};

    if (m->doc == 0)
        return true;
    if (m == &x->f->after)
        return worse(c, &mark);
    if (!worse(&mark, c))
        return false;
    c->key = ~c->key;
    c->tie = -c->tie;
    return true;
}

static void rank(struct part_search *s, const uint64_t *result, const uint64_t *title)
{
    struct finder *x = s->x;
    const struct frozen *f = s->p->frozen;
    const int64_t *ids = s->p->seg ? s->p->seg->ids : x->snap->tail->b->ids;
    const uint32_t *tf = x->scratch->tf;
    bool trivial = filter_trivial(x->f, f);

    for (size_t w = 0; w < x->scratch->words; w++)
        for (uint64_t bits = result[w]; bits; bits &= bits - 1) {
            uint32_t d = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            const struct corpus_attr *a = &f->attrs[d];
            struct candidate c = {.part = s->part, .doc = d, .place = UINT32_MAX};
            if (!trivial && !filter_passes(x->f, ids[d], a))
                continue;
            x->total++;
            x->occurrences += tf[d];
            c.title = title && title[w] >> d % 64 & 1;
            c.key = key_of(x->order, a, c.title);
            c.tie = x->order == ORDER_OLDEST ? -ids[d] : ids[d];
            if (!on_page(x, &c) || (x->n == x->keep && (x->keep == 0 || c.key < x->heap[0].key)))
                continue;
            c.occurrences = tf[d];
            consider(x, &c);
        }
}

/* tf is zero again where a term counted. */
static void clear_counts(const struct part_search *s)
{
    struct scratch *m = s->x->scratch;

    for (uint32_t i = 0; s->x->q && i < s->x->q->n_terms; i++)
        for (int which = 0; which < N_STREAMS; which++) {
            const uint64_t *set = which == STREAM_TEXT ? s->text[i] : s->title[i];
            for (size_t w = 0; set && w < m->words; w++)
                for (uint64_t bits = set[w]; bits; bits &= bits - 1)
                    m->tf[w * 64 + (size_t)__builtin_ctzll(bits)] = 0;
        }
}

static enum code terms(struct part_search *s, bool *in_titles)
{
    const struct query *q = s->x->q;

    *in_titles = false;
    for (uint32_t i = 0; i < q->n_terms; i++) {
        TRY(term(s, i, STREAM_TEXT, &s->text[i]));
        TRY(term(s, i, STREAM_TITLE, &s->title[i]));
        *in_titles = *in_titles || (s->title[i] && q->terms[i].positive);
    }
    return OK;
}

static enum code search_part(struct finder *x, uint32_t part)
{
    struct part_search s = {.x = x, .p = &x->snap->part[part], .part = part};
    const struct frozen *f = s.p->frozen;
    uint64_t *result, *title = NULL;
    bool in_titles = false;
    enum code code = OK;

    scratch_prepare(x->scratch, f->n_docs, (x->q ? 2 * x->q->n_terms : 0) + DEPTH_SETS);
    if (x->q && x->q->root)
        code = terms(&s, &in_titles);
    if (code == OK) {
        result = scratch_set(x->scratch);
        if (x->q && x->q->root)
            eval(&s, x->q->root, false, result);
        else
            memset(result, 0xFF, x->scratch->words * sizeof(*result));
        for (size_t w = 0; w < x->scratch->words; w++)
            result[w] &= f->live[w];
        if (in_titles) {
            title = scratch_set(x->scratch);
            eval(&s, x->q->root, true, title);
        }
        rank(&s, result, title);
    }
    clear_counts(&s);
    return code;
}

/* ---- the order of those that are shown ---- */

static int by_place(const void *p, const void *q)
{
    const struct candidate *a = p, *b = q;

    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->tie > b->tie ? -1 : a->tie < b->tie;
}

/* Equal title, authority and day: the earlier place in the text goes first, in groups of up to
 * TIES_MAX; larger groups stay in the order of ids. */
static enum code order_places(struct finder *x, struct candidate *v, size_t n)
{
    for (size_t i = 0, j = 0; i < n; i = j) {
        uint32_t term;
        while (j < n && v[j].key == v[i].key)
            j++;
        if (j - i == 1 || j - i > TIES_MAX || (j == n && x->too_many_ties))
            continue;
        for (size_t k = i; k < j; k++)
            TRY(first_place(x, &v[k], &term, x->e));
    }
    return OK;
}

/* Out of the order that on_page turned round. */
static void turn_back(struct candidate *v, size_t n)
{
    for (size_t i = 0, j = n; i < j; i++) {
        struct candidate x = v[i];
        v[i] = v[--j];
        v[j] = x;
    }
    for (size_t i = 0; i < n; i++)
        v[i].key = ~v[i].key;
}

static enum code order_candidates(struct finder *x, struct arena *a)
{
    size_t n = x->n + (x->too_many_ties ? 0 : x->n_ties);
    struct candidate *v = ARENA_ARRAY(a, struct candidate, n + 1);

    if (x->n)
        memcpy(v, x->heap, x->n * sizeof(*v));
    if (n > x->n)
        memcpy(v + x->n, x->ties, (n - x->n) * sizeof(*v));
    if (n)
        qsort(v, n, sizeof(*v), by_place);
    if (x->order == ORDER_RANK && x->q) {
        TRY(order_places(x, v, n));
        if (n)
            qsort(v, n, sizeof(*v), by_place);
    }
    x->heap = v;
    if (x->f->before.doc)
        turn_back(v, x->n);
    return OK;
}

static enum code find(struct finder *x, struct arena *a, size_t offset, size_t limit,
    int snippet_cp, struct find *out)
{
    size_t rows = (size_t)x->snap->n * (x->q ? x->q->n_terms : 0);

    x->ranges = arena_array(a, sizeof(*x->ranges), rows + 1);
    x->heap = ARENA_ARRAY(a, struct candidate, x->keep + 1);
    x->ties = ARENA_ARRAY(a, struct candidate, TIES_MAX);
    for (uint32_t i = 0; i < x->snap->n; i++)
        TRY(search_part(x, i));
    TRY(order_candidates(x, a));
    out->total = x->total;
    out->occurrences = x->occurrences;
    out->n = x->n > offset ? x->n - offset : 0;
    out->n = out->n < limit ? out->n : limit;
    out->hits = ARENA_ARRAY(a, struct hit, out->n + 1);
    for (size_t i = 0; i < out->n; i++)
        TRY(hit_fill(x, &x->heap[offset + i], a, snippet_cp, &out->hits[i], x->e));
    for (uint32_t i = 0; i < x->snap->n; i++)
        out->indexed += x->snap->part[i].frozen->n_live;
    return OK;
}

/* As corpus.h declares it. NOLINTNEXTLINE(readability-function-size) */
enum code corpus_find(struct corpus *c, struct arena *a, const struct query *q,
    const struct corpus_filter *f, enum corpus_order order, size_t offset, size_t limit,
    int snippet_cp, struct find *out, struct err *e)
{
    struct finder x = {.q = q, .f = f, .order = order, .keep = offset + limit, .e = e};
    struct find result = {0};
    struct snap *snap;
    enum code code;

    if (offset > FIND_LAST_MAX || limit > FIND_LAST_MAX - offset)
        return FAIL(e, E_LIMIT, "只能翻到前 %d 条，请把条件写得更细", (int)FIND_LAST_MAX);
    if (order == ORDER_RANK && (!q || !q->root))
        x.order = ORDER_NEWEST;
    CHECK_BUG(e, !(f->after.doc && f->before.doc) &&
                     (x.order != ORDER_RANK || !(f->after.doc || f->before.doc)));
    snap = snap_take(c);
    x.snap = snap;
    x.scratch = scratch_take(c);
    code = find(&x, a, offset, limit, snippet_cp, &result);
    scratch_give(c, x.scratch);
    snap_release(snap);
    if (code == OK)
        *out = result;
    return code;
}
