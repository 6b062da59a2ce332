/* Continuations of what is being typed.
 *
 * Below a prefix the suffixes form a tree. It is walked best first, by number of places: along
 * the only continuation while there is one, and at a fork into the heavier branches. A string is
 * proposed where it ends at a boundary, or where no branch keeps most of its places. What the
 * person may see decides alone over the numbers and over what is shown: every proposal is counted
 * with the filter, and without a document that passes it is dropped. */
#include <stdlib.h>
#include <string.h>

#include "text/find_int.h"
#include "text/norm.h"
#include "text/pos.h"
#include "text/scan.h"

enum {
    LONGEST = 24,   /* units of a proposal */
    VISITS = 120,   /* nodes of the tree looked at */
    BRANCHES = 8,   /* followed at one fork */
    PROPOSALS = 32, /* counted with the filter */
    TAIL_PLACES = 4096,
    CURSORS_MAX = (PARTS_LIMIT + 1) * N_STREAMS,
    KEEPS_MOST = 60, /* percent: a branch that heavy is the same string, longer */
};

/* Suffixes that begin alike, in one stream. */
struct cursor {
    const struct segment *seg; /* NULL: the tail */
    const uint16_t *units;
    const uint32_t *sa;
    uint32_t n, lo, hi;
};

struct node {
    struct cursor *cursors;
    uint32_t n_cursors, depth;
    uint64_t places;
    uint16_t text[LONGEST];
};

struct walk {
    struct arena *a;
    struct snap *snap;
    uint32_t prefix;
    struct node *heap; /* unordered: a linear search finds the heaviest of a few hundred */
    size_t n, cap;
    struct node found[PROPOSALS];
    size_t n_found;
    struct err *e;
};

static bool is_letter(uint16_t u)
{
    return (u >= 0x4E00 && u < 0xA000) || (u >= 0x3400 && u < 0x4DC0) || (u >= 'a' && u <= 'z') ||
           (u >= '0' && u <= '9') || u == 0x3007;
}

/* Unit at `depth` of suffix i; 0 beyond the end of the document. */
static enum code unit_at(
    const struct cursor *c, uint32_t i, uint32_t depth, uint16_t *out, struct err *e)
{
    uint32_t at;

    if (c->seg && !segment_ready(c->seg, c->sa + i, sizeof(*c->sa)))
        return segment_damaged(c->seg, e);
    at = c->sa[i] + depth;
    *out = 0;
    if (at >= c->n)
        return OK;
    if (c->seg && !segment_ready(c->seg, c->units + at, sizeof(*c->units)))
        return segment_damaged(c->seg, e);
    *out = c->units[at];
    return OK;
}

/* The first suffix from c->lo whose unit at `depth` is above u. */
static enum code end_of_unit(
    const struct cursor *c, uint32_t depth, uint16_t u, uint32_t *out, struct err *e)
{
    uint32_t lo = c->lo, hi = c->hi;
    uint16_t v = 0;

    /* Most branches are short: steps that double bound the search by the length of this one. */
    for (uint32_t step = 1; step < hi - lo; step *= 2) {
        TRY(unit_at(c, lo + step, depth, &v, e));
        if (v > u) {
            hi = lo + step;
            break;
        }
        lo += step;
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        TRY(unit_at(c, mid, depth, &v, e));
        if (v <= u)
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = lo;
    return OK;
}

struct branch {
    uint16_t unit;
    struct cursor c;
};

static int by_unit(const void *x, const void *y)
{
    const struct branch *a = x, *b = y;

    return (a->unit > b->unit) - (a->unit < b->unit);
}

static int by_places(const void *x, const void *y)
{
    const struct node *a = x, *b = y;

    if (a->places != b->places)
        return a->places > b->places ? -1 : 1;
    return memcmp(a->text, b->text, sizeof(a->text));
}

/* Every continuation of every cursor of v by one unit, sorted by that unit. */
static enum code split(struct walk *w, const struct node *v, struct branch **out, size_t *n)
{
    struct branch *b = NULL;
    size_t n_b = 0, cap = 0;

    for (uint32_t i = 0; i < v->n_cursors; i++) {
        struct cursor c = v->cursors[i];
        while (c.lo < c.hi) {
            struct branch one = {.c = c};
            TRY(unit_at(&c, c.lo, v->depth, &one.unit, w->e));
            TRY(end_of_unit(&c, v->depth, one.unit, &one.c.hi, w->e));
            c.lo = one.c.hi;
            ARENA_PUSH(w->a, b, n_b, cap) = one;
        }
    }
    if (n_b)
        qsort(b, n_b, sizeof(*b), by_unit);
    *out = b;
    *n = n_b;
    return OK;
}

/* The nodes below v that continue with a letter, heaviest first. */
static enum code kids_of(struct walk *w, const struct node *v, struct node **out, size_t *n)
{
    struct branch *b;
    size_t n_b, n_kids = 0, cap = 0;
    struct node *kids = NULL;

    TRY(split(w, v, &b, &n_b));
    for (size_t i = 0, j = 0; i < n_b; i = j) {
        struct node kid = *v;
        kid.places = 0;
        while (j < n_b && b[j].unit == b[i].unit)
            j++;
        if (!is_letter(b[i].unit))
            continue;
        kid.text[kid.depth++] = b[i].unit;
        kid.n_cursors = (uint32_t)(j - i);
        kid.cursors = ARENA_ARRAY(w->a, struct cursor, j - i);
        for (size_t k = i; k < j; k++) {
            kid.cursors[k - i] = b[k].c;
            kid.places += b[k].c.hi - b[k].c.lo;
        }
        ARENA_PUSH(w->a, kids, n_kids, cap) = kid;
    }
    if (n_kids)
        qsort(kids, n_kids, sizeof(*kids), by_places);
    *out = kids;
    *n = n_kids;
    return OK;
}

static enum code visit(struct walk *w, struct node v)
{
    struct node *kids = NULL;
    size_t n = 0;

    if (v.depth < LONGEST)
        TRY(kids_of(w, &v, &kids, &n));
    if (v.depth > w->prefix && w->n_found < PROPOSALS &&
        (n == 0 || kids[0].places * 100 < v.places * KEEPS_MOST))
        w->found[w->n_found++] = v;
    for (size_t i = 0; i < n && i < BRANCHES; i++)
        ARENA_PUSH(w->a, w->heap, w->n, w->cap) = kids[i];
    return OK;
}

static enum code walk(struct walk *w)
{
    for (int i = 0; i < VISITS && w->n && w->n_found < PROPOSALS; i++) {
        size_t best = 0;
        struct node v;
        for (size_t k = 1; k < w->n; k++)
            if (w->heap[k].places > w->heap[best].places)
                best = k;
        v = w->heap[best];
        w->heap[best] = w->heap[--w->n];
        TRY(visit(w, v));
    }
    return OK;
}

/* ---- where to begin ---- */

static int by_suffix(const void *x, const void *y)
{
    const struct branch *a = x, *b = y;
    const uint16_t *p = a->c.units + a->c.lo, *q = b->c.units + b->c.lo;

    for (size_t i = 0; i < LONGEST + 1; i++) {
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
        if (p[i] == 0)
            break;
    }
    return 0;
}

/* A small suffix array of the places in the tail. */
static void tail_cursor(struct walk *w, int which, const struct norm *p, struct cursor *out)
{
    const struct batch *b = w->snap->tail->b;
    uint32_t n_docs = w->snap->part[w->snap->n - 1].frozen->n_docs, end = b->start[which][n_docs];
    uint32_t *sa = ARENA_ARRAY(w->a, uint32_t, TAIL_PLACES);
    size_t n = scan_all(
        (struct units){b->folded[which], end}, (struct units){p->units, p->n}, 0, sa, TAIL_PLACES);
    struct branch *v = ARENA_ARRAY(w->a, struct branch, n + 1);

    for (size_t i = 0; i < n; i++)
        v[i].c = (struct cursor){.units = b->folded[which], .lo = sa[i]};
    if (n)
        qsort(v, n, sizeof(*v), by_suffix);
    for (size_t i = 0; i < n; i++)
        sa[i] = v[i].c.lo;
    *out = (struct cursor){NULL, b->folded[which], sa, end, 0, (uint32_t)n};
}

static enum code root(struct walk *w, const struct norm *p)
{
    struct node v = {.depth = (uint32_t)p->n};

    v.cursors = ARENA_ARRAY(w->a, struct cursor, CURSORS_MAX);
    memcpy(v.text, p->units, p->n * sizeof(*p->units));
    for (uint32_t i = 0; i < w->snap->n; i++)
        for (int which = 0; which < N_STREAMS; which++) {
            const struct segment *s = w->snap->part[i].seg;
            struct cursor c;
            struct range r;
            if (!s) {
                tail_cursor(w, which, p, &c);
            } else {
                const struct stream *t = &s->stream[which];
                TRY(segment_range(s, which, (struct units){p->units, p->n}, &r, w->e));
                c = (struct cursor){s, t->units, t->sa, t->n, r.lo, r.hi};
            }
            v.places += c.hi - c.lo;
            if (c.lo < c.hi)
                v.cursors[v.n_cursors++] = c;
        }
    if (v.n_cursors)
        ARENA_PUSH(w->a, w->heap, w->n, w->cap) = v;
    return OK;
}

/* ---- what may be shown ---- */

static struct str text_of(struct arena *a, const struct node *v)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    pos_to_utf8(&b, v->text, v->depth);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static int by_documents(const void *x, const void *y)
{
    const struct suggestion *a = x, *b = y;

    if (a->documents != b->documents)
        return a->documents > b->documents ? -1 : 1;
    return a->text.n != b->text.n ? a->text.n > b->text.n ? -1 : 1 : str_cmp(a->text, b->text);
}

static enum code count(struct corpus *c, struct walk *w, const struct corpus_filter *f,
    struct suggestion *v, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < w->n_found; i++) {
        struct suggestion s = {text_of(w->a, &w->found[i]), 0};
        struct query *q;
        struct find found;
        TRY(query_phrase(w->a, s.text, &q, w->e));
        TRY(corpus_find(c, w->a, q, f, ORDER_NEWEST, 0, 0, 0, &found, w->e));
        s.documents = found.total;
        if (s.documents > 0)
            v[(*n)++] = s;
    }
    if (*n)
        qsort(v, *n, sizeof(*v), by_documents);
    return OK;
}

/* Drops what another proposal of as many documents says in full. */
static size_t without_beginnings(struct suggestion *v, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        bool said = false;
        for (size_t k = 0; k < kept; k++)
            said = said || (v[k].documents == v[i].documents && str_starts(v[k].text, v[i].text));
        if (!said)
            v[kept++] = v[i];
    }
    return kept;
}

/* As corpus.h declares it. NOLINTNEXTLINE(readability-function-size) */
enum code corpus_suggest(struct corpus *c, struct arena *a, struct str prefix,
    const struct corpus_filter *f, size_t limit, struct suggestion **out, size_t *n, struct err *e)
{
    struct arena scratch; /* the walk takes far more than its result */
    struct walk *w;
    struct norm p = {0};
    struct suggestion v[PROPOSALS];
    size_t found = 0;
    enum code code;

    arena_init(&scratch);
    code = norm_text(&scratch, str_trim(prefix), &p, e);
    w = ARENA_NEW(&scratch, struct walk);
    *w = (struct walk){.a = &scratch, .snap = snap_take(c), .prefix = (uint32_t)p.n, .e = e};
    if (code == OK && p.n > 0 && p.n < LONGEST) {
        code = root(w, &p);
        if (code == OK)
            code = walk(w);
        if (code == OK)
            code = count(c, w, f, v, &found);
    }
    found = code == OK ? without_beginnings(v, found) : 0;
    found = found < limit ? found : limit;
    snap_release(w->snap);
    if (code == OK) {
        *out = ARENA_ARRAY(a, struct suggestion, found + 1);
        for (size_t i = 0; i < found; i++)
            (*out)[i] = (struct suggestion){arena_str(a, v[i].text), v[i].documents};
        *n = found;
    }
    arena_release(&scratch);
    return code;
}
