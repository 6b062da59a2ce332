#include "text/automaton.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_BITS = 65536 };

struct node {
    uint32_t parent, cp;
    uint32_t fail;  /* the node of the longest proper suffix that is a beginning of a word */
    uint32_t found; /* the nearest node along fail, this one included, where a word ends; 0: none */
    uint32_t word;  /* 1 + the first word that ends here; 0: none */
    uint32_t depth;
};

struct automaton {
    struct node *nodes; /* 0: the root */
    uint32_t n;
    uint32_t *next_same; /* by word: 1 + the next one with the same text; 0: none */
    uint32_t *slots;     /* 1 + node, open addressing by (parent, cp) */
    size_t mask;
    uint8_t first[FIRST_BITS / 8]; /* characters that begin a word; above the BMP: not asked */
};

static size_t slot_of(const struct automaton *m, uint32_t parent, uint32_t cp)
{
    uint64_t h = ((uint64_t)parent << 21 | cp) * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(h >> 20) & m->mask;

    while (m->slots[i]) {
        const struct node *v = &m->nodes[m->slots[i] - 1];
        if (v->parent == parent && v->cp == cp)
            break;
        i = (i + 1) & m->mask;
    }
    return i;
}

/* 0: there is none; the root is nobody's child. */
static uint32_t child(const struct automaton *m, uint32_t parent, uint32_t cp)
{
    uint32_t s = m->slots[slot_of(m, parent, cp)];

    return s ? s - 1 : 0;
}

static void insert(struct automaton *m, struct str word, uint32_t number)
{
    uint32_t at = 0;

    for (size_t off = 0; off < word.n;) {
        uint32_t cp = utf8_next(word, &off);
        size_t s = slot_of(m, at, cp);
        if (at == 0 && cp < FIRST_BITS)
            m->first[cp / 8] |= (uint8_t)(1U << (cp % 8));
        if (!m->slots[s]) {
            m->nodes[m->n] = (struct node){.parent = at, .cp = cp, .depth = m->nodes[at].depth + 1};
            m->slots[s] = ++m->n;
        }
        at = m->slots[s] - 1;
    }
    if (at == 0)
        return;
    m->next_same[number] = m->nodes[at].word;
    m->nodes[at].word = number + 1;
}

static uint32_t step(const struct automaton *m, uint32_t at, uint32_t cp)
{
    for (;;) {
        uint32_t to;
        if (at == 0 && cp < FIRST_BITS && !(m->first[cp / 8] >> (cp % 8) & 1))
            return 0;
        to = child(m, at, cp);
        if (to || at == 0)
            return to;
        at = m->nodes[at].fail;
    }
}

/* Nodes by depth, so that a node's fail, which is shorter, is there before it is asked for. */
static void link_nodes(struct arena *a, struct automaton *m)
{
    uint32_t deepest = 0, *begin, *order = ARENA_ARRAY(a, uint32_t, m->n);

    for (uint32_t i = 0; i < m->n; i++)
        deepest = m->nodes[i].depth > deepest ? m->nodes[i].depth : deepest;
    begin = ARENA_ARRAY(a, uint32_t, (size_t)deepest + 2);
    for (uint32_t i = 0; i < m->n; i++)
        begin[m->nodes[i].depth + 1]++;
    for (uint32_t d = 0; d <= deepest; d++)
        begin[d + 1] += begin[d];
    for (uint32_t i = 0; i < m->n; i++)
        order[begin[m->nodes[i].depth]++] = i;
    for (uint32_t k = 1; k < m->n; k++) {
        struct node *v = &m->nodes[order[k]];
        if (v->depth > 1)
            v->fail = step(m, m->nodes[v->parent].fail, v->cp);
        v->found = v->word ? order[k] : m->nodes[v->fail].found;
    }
}

enum code automaton_new(
    struct arena *a, const struct str *words, size_t n, struct automaton **out, struct err *e)
{
    struct automaton *m = ARENA_NEW(a, struct automaton);
    size_t chars = 0, size = 16;

    for (size_t i = 0; i < n; i++)
        chars += utf8_len_cp(words[i]);
    if (chars > AUTOMATON_CP_MAX || n > AUTOMATON_CP_MAX)
        return FAIL(e, E_LIMIT, "词表共%zu字，超过上限%d字", chars, AUTOMATON_CP_MAX);
    while (size < 2 * (chars + 1))
        size *= 2;
    m->nodes = ARENA_ARRAY(a, struct node, chars + 1);
    m->next_same = ARENA_ARRAY(a, uint32_t, n + 1);
    m->slots = ARENA_ARRAY(a, uint32_t, size);
    m->mask = size - 1;
    m->n = 1;
    for (size_t i = n; i-- > 0;) /* backwards: the chain of equal words then ascends */
        insert(m, words[i], (uint32_t)i);
    link_nodes(a, m);
    *out = m;
    return OK;
}

static int by_begin(const void *x, const void *y)
{
    const struct automaton_hit *a = x, *b = y;

    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->end != b->end)
        return a->end > b->end ? -1 : 1;
    return (a->word > b->word) - (a->word < b->word);
}

void automaton_find(const struct automaton *m, struct arena *a, const uint32_t *cp, size_t n,
    struct automaton_hit **out, size_t *n_out)
{
    struct automaton_hit *v = NULL;
    size_t k = 0, cap = 0;
    uint32_t at = 0;

    for (size_t i = 0; i < n; i++) {
        at = step(m, at, cp[i]);
        for (uint32_t f = m->nodes[at].found; f; f = m->nodes[m->nodes[f].fail].found)
            for (uint32_t w = m->nodes[f].word; w; w = m->next_same[w - 1])
                ARENA_PUSH(a, v, k, cap) =
                    (struct automaton_hit){i + 1 - m->nodes[f].depth, i + 1, w - 1};
    }
    if (k)
        qsort(v, k, sizeof(*v), by_begin);
    *out = v;
    *n_out = k;
}
