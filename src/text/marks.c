/* Lists of documents below marked nodes of the suffix tree, after Hon, Shah and Vitter (Space-efficient
 * framework for top-k string retrieval, FOCS 2009): every step-th suffix is a sample, the lowest common
 * ancestor of two neighbouring samples is marked and its documents are listed with their counts.
 * The places of a pattern are then one listed node and at most step - 1 suffixes on either side. */
#include <stdlib.h>
#include <string.h>

#include "text/build.h"
#include "text/query.h"

enum {
    STEP = 2048,             /* suffixes between samples: at most 2 * STEP looked at singly */
    LIST_BYTES_PER_UNIT = 2, /* beyond this the step is doubled: memory is bounded for any text */
};

/* Length of the common prefix of two suffixes; a document's end stops it, and the longest pattern. */
static uint32_t common(const struct stream *t, uint32_t x, uint32_t y, uint32_t most)
{
    uint32_t n = 0;

    while (n < most && t->units[x + n] == t->units[y + n] && t->units[x + n] != 0)
        n++;
    return n;
}

/* The suffixes that share `depth` units with suffix i: begin (or end) of the run around it. */
static uint32_t edge(const struct stream *t, uint32_t i, uint32_t depth, bool end)
{
    uint32_t lo = end ? i : 0, hi = end ? t->n : i;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        bool in = common(t, t->sa[i], t->sa[mid], depth) == depth;
        if (in == end)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static int by_left(const void *x, const void *y)
{
    const struct stream_node *a = x, *b = y;

    if (a->l != b->l)
        return a->l < b->l ? -1 : 1;
    return a->r > b->r ? -1 : a->r < b->r;
}

static void put_number(struct buf *b, uint32_t v)
{
    for (; v >= 128; v >>= 7)
        buf_char(b, (char)(v | 128));
    buf_char(b, (char)v);
}

struct counter {
    uint32_t *tf;   /* by document, zero between uses */
    uint64_t *bits; /* likewise */
    size_t words;
};

static void list(struct marks *m, struct stream_node *node, const uint32_t *docs, struct counter *c)
{
    uint32_t before = UINT32_MAX;

    for (uint32_t i = node->l; i < node->r; i++) {
        c->tf[docs[i]]++;
        c->bits[docs[i] / 64] |= (uint64_t)1 << docs[i] % 64;
    }
    node->at = m->lists.n;
    for (size_t w = 0; w < c->words; w++) {
        for (uint64_t bits = c->bits[w]; bits; bits &= bits - 1) {
            uint32_t d = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            uint32_t many = c->tf[d] > 1;
            put_number(&m->lists, (d - before) << 1 | many);
            if (many)
                put_number(&m->lists, c->tf[d] - 2);
            before = d;
            node->docs++;
            c->tf[d] = 0;
        }
        c->bits[w] = 0;
    }
    node->n = (uint32_t)(m->lists.n - node->at);
}

/* The node above each two neighbouring samples; nodes[i].docs is the pair for now. */
static uint32_t find_nodes(struct marks *m, const struct stream *t)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->n_pairs; i++) {
        uint32_t at = i * m->step, next = at + m->step;
        uint32_t depth = common(t, t->sa[at], t->sa[next], QUERY_TERM_UNITS_MAX);
        if (depth == 0)
            continue;
        m->nodes[n++] = (struct stream_node){
            .l = edge(t, at, depth, false), .r = edge(t, next, depth, true), .docs = i};
    }
    qsort(m->nodes, n, sizeof(*m->nodes), by_left);
    return n;
}

static void make(struct marks *m, const struct stream *t, const uint32_t *docs, struct counter *c)
{
    uint32_t n;

    m->n_pairs = t->n ? (t->n - 1) / m->step : 0;
    m->pairs = mem_alloc(m->n_pairs * sizeof(*m->pairs));
    m->nodes = mem_alloc(m->n_pairs * sizeof(*m->nodes));
    buf_init(&m->lists, (size_t)t->n * LIST_BYTES_PER_UNIT + 4096);
    n = find_nodes(m, t);
    m->n_nodes = 0;
    for (uint32_t i = 0; i < n && !m->lists.full; i++) {
        struct stream_node node = m->nodes[i];
        uint32_t pair = node.docs;
        node.docs = 0;
        if (m->n_nodes == 0 || m->nodes[m->n_nodes - 1].l != node.l ||
            m->nodes[m->n_nodes - 1].r != node.r) {
            list(m, &node, docs, c);
            m->nodes[m->n_nodes++] = node;
        }
        m->pairs[pair] = m->n_nodes;
    }
}

void marks_make(struct marks *m, const struct stream *t, const uint32_t *docs, uint32_t n_docs)
{
    struct counter c = {.words = (n_docs + (size_t)63) / 64};

    c.tf = mem_alloc(n_docs * sizeof(*c.tf));
    c.bits = mem_alloc(c.words * sizeof(*c.bits));
    *m = (struct marks){.step = STEP};
    make(m, t, docs, &c);
    while (m->lists.full) {
        uint32_t step = m->step * 2;
        marks_release(m);
        *m = (struct marks){.step = step};
        make(m, t, docs, &c);
    }
    free(c.tf);
    free(c.bits);
}

void marks_release(struct marks *m)
{
    free(m->pairs);
    free(m->nodes);
    buf_release(&m->lists);
}
