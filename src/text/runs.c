/* runs.c - runs of the same characters: every piece of GRAM characters of the text is kept by its hash, the other text is walked through and
 * each hit is followed as far as both go on alike. */
#include "text/runs.h"

#include <stdlib.h>

#include "base/utf8.h"

enum { GRAM = 12, CHAIN_MAX = 64 /* places of one piece that are tried */ };

struct view {
    uint32_t *c;  /* characters that count; 0: a line ends, which no run crosses */
    uint32_t *at; /* their places, code points */
    size_t n, chars;
};
struct runs {
    struct view v;
    uint32_t *head, *next; /* by hash: place + 1 of the last piece; the one before it */
    size_t mask;
};

static bool counts(uint32_t c)
{
    return utf8_is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static struct view view_of(struct arena *a, struct str s)
{
    size_t most = utf8_len_cp(s), cp = 0;
    struct view v = {ARENA_ARRAY(a, uint32_t, most + 1), ARENA_ARRAY(a, uint32_t, most + 1), 0, 0};

    for (size_t off = 0; off < s.n; cp++) {
        uint32_t c = utf8_next(s, &off);
        if (!counts(c) && (c != '\n' || v.n == 0 || v.c[v.n - 1] == 0))
            continue;
        v.chars += c != '\n';
        v.c[v.n] = c == '\n' ? 0 : c;
        v.at[v.n++] = (uint32_t)cp;
    }
    return v;
}

static size_t hash(const uint32_t *c)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < GRAM; i++)
        h = (h ^ c[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ (h >> 29));
}

struct runs *runs_of(struct arena *a, struct str text)
{
    struct runs *r = ARENA_NEW(a, struct runs);
    size_t size = 1024;

    r->v = view_of(a, text);
    while (size < r->v.n * 2)
        size *= 2;
    r->mask = size - 1;
    r->head = ARENA_ARRAY(a, uint32_t, size);
    r->next = ARENA_ARRAY(a, uint32_t, r->v.n + 1);
    for (size_t i = 0; i + GRAM <= r->v.n; i++) {
        uint32_t *h = &r->head[hash(r->v.c + i) & r->mask];
        r->next[i] = *h;
        *h = (uint32_t)i + 1;
    }
    return r;
}

size_t runs_chars(const struct runs *r)
{
    return r->v.chars;
}

struct span {
    size_t mine, other, n; /* in the views */
};

/* The longest run that begins at `j` of the other text. */
static struct span longest(const struct runs *r, const struct view *o, size_t j)
{
    struct span best = {0};
    int tried = 0;

    for (uint32_t p = r->head[hash(o->c + j) & r->mask]; p && tried < CHAIN_MAX;
         p = r->next[p - 1], tried++) {
        size_t i = p - 1, n = 0;
        while (i + n < r->v.n && j + n < o->n && o->c[j + n] && r->v.c[i + n] == o->c[j + n])
            n++;
        if (n > best.n)
            best = (struct span){i, j, n};
    }
    return best;
}

static int longest_first(const void *x, const void *y)
{
    const struct span *a = x, *b = y;
    return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : (a->mine > b->mine) - (a->mine < b->mine);
}

static int by_place(const void *x, const void *y)
{
    const struct run *a = x, *b = y;
    return (a->begin_cp > b->begin_cp) - (a->begin_cp < b->begin_cp);
}

size_t runs_against(const struct runs *r, struct arena *a, struct str other, struct run **out)
{
    struct view o = view_of(a, other);
    struct span *v = NULL;
    bool *taken = ARENA_ARRAY(a, bool, r->v.n + 1);
    struct run *runs;
    size_t n = 0, cap = 0, k = 0;

    for (size_t j = 0; j + GRAM <= o.n; j++) {
        struct span s = longest(r, &o, j);
        if (s.n < RUNS_MIN)
            continue;
        ARENA_PUSH(a, v, n, cap) = s;
        j += s.n - 1;
    }
    if (n)
        qsort(v, n, sizeof *v, longest_first);
    runs = ARENA_ARRAY(a, struct run, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct span *s = &v[i];
        bool free = true;
        for (size_t m = s->mine; free && m < s->mine + s->n; m++)
            free = !taken[m];
        for (size_t m = s->mine; free && m < s->mine + s->n; m++)
            taken[m] = true;
        if (free)
            runs[k++] = (struct run){r->v.at[s->mine], r->v.at[s->mine + s->n - 1] + 1,
                o.at[s->other], o.at[s->other + s->n - 1] + 1, s->n};
    }
    if (k)
        qsort(runs, k, sizeof *runs, by_place);
    *out = runs;
    return k;
}
