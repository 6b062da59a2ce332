/* text/automaton.h - every place of many words in one walk over a text.
 *
 * Aho and Corasick, "Efficient string matching" (1975), over code points; a step of the tree is a look into
 * one hash table, so that ten thousand words take a few megabytes and no dense rows. The only one in the tree: word
 * lists and tables of terms all use it. Built once, then read by any number of threads. */
#ifndef TEXT_AUTOMATON_H
#define TEXT_AUTOMATON_H

#include "base/arena.h"

enum { AUTOMATON_CP_MAX = 1 << 23 }; /* characters of all words together */

struct automaton;
/* Words are valid UTF-8, compared as they are; an empty one is never found, one that is there twice is found
 * twice. Lives in `a`; does not keep the words. E_LIMIT above AUTOMATON_CP_MAX. */
MUST_USE enum code automaton_new(
    struct arena *a, const struct str *words, size_t n, struct automaton **out, struct err *e);

struct automaton_hit {
    size_t begin, end; /* code points */
    uint32_t word;     /* its number in `words` */
};
/* All places, overlapping ones too, by begin; of one begin the longest first, then by number of the word. */
void automaton_find(const struct automaton *m, struct arena *a, const uint32_t *cp, size_t n,
    struct automaton_hit **out, size_t *n_out);

#endif
