/* Where each run of GRAM_CHARS characters of the matching view stands: places in lists by the top bits of its
 * hash. Sorted in two steps, so that neither writes all over memory: into 256 pieces, then each piece by the rest. */
#include <stdlib.h>
#include <string.h>

#include "text/build.h"
#include "text/view.h"

enum { PIECE_BITS = 8, PIECES = 1 << PIECE_BITS, LOAD = 4, BITS_MIN = PIECE_BITS, BITS_MAX = 28 };

struct entry {
    uint32_t low; /* list, without the bits of its piece */
    uint32_t at;
};

/* Calls for each gram of the stream: counts by piece, or puts the entries. */
static uint32_t each_gram(
    const struct stream *t, uint32_t bits, uint32_t *next, struct entry *entries)
{
    uint32_t places[GRAM_CHARS] = {0}, n = 0, total = 0;
    struct gram g = {0};

    for (uint32_t i = 0; i < t->n; i++) {
        uint64_t h;
        if (t->units[i] == 0)
            n = 0;
        if (!view_keeps(t->units, i))
            continue;
        g = gram_shift(g, t->units[i]);
        places[n++ % GRAM_CHARS] = i;
        if (n < GRAM_CHARS || gram_poor(g))
            continue;
        total++;
        h = gram_hash(g);
        if (entries)
            entries[next[h >> (64 - PIECE_BITS)]++] =
                (struct entry){(uint32_t)(h << PIECE_BITS >> 1 >> (63 - (bits - PIECE_BITS))),
                    places[n % GRAM_CHARS]};
        else
            next[h >> (64 - PIECE_BITS)]++;
    }
    return total;
}

void grams_make(struct grams *g, const struct stream *t)
{
    uint32_t piece[PIECES + 1] = {0}, next[PIECES], lists;
    struct entry *entries;

    memset(g, 0, sizeof(*g));
    g->n = each_gram(t, 0, piece + 1, NULL);
    g->bits = BITS_MIN;
    while (g->bits < BITS_MAX && ((uint64_t)LOAD << (g->bits + 1)) <= g->n)
        g->bits++;
    for (int p = 0; p < PIECES; p++)
        piece[p + 1] += piece[p];
    memcpy(next, piece, sizeof(next));
    entries = mem_alloc((g->n + (size_t)1) * sizeof(*entries));
    (void)each_gram(t, g->bits, next, entries);
    lists = 1u << (g->bits - PIECE_BITS); /* of a piece */
    g->start = mem_alloc((((size_t)1 << g->bits) + 1) * sizeof(*g->start));
    g->places = mem_alloc((g->n + (size_t)1) * sizeof(*g->places));
    for (uint32_t p = 0; p < PIECES; p++) {
        uint32_t *start = g->start + (size_t)p * lists, sum = piece[p];
        for (uint32_t i = piece[p]; i < piece[p + 1]; i++)
            start[entries[i].low]++;
        for (uint32_t k = 0; k < lists; k++) {
            uint32_t n = start[k];
            start[k] = sum;
            sum += n;
        }
        for (uint32_t i = piece[p]; i < piece[p + 1]; i++)
            g->places[start[entries[i].low]++] = entries[i].at;
        for (uint32_t k = lists; k-- > 1;) /* they have moved on to their ends */
            start[k] = start[k - 1];
        start[0] = piece[p];
    }
    g->start[(size_t)1 << g->bits] = g->n;
    free(entries);
}

void grams_release(struct grams *g)
{
    free(g->start);
    free(g->places);
}
