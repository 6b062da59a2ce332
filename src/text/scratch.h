/* text/scratch.h - working memory of one search over one part: counts by document and a stack of
 * document sets. Taken from the corpus and given back; tf is all zero in between. */
#ifndef TEXT_SCRATCH_H
#define TEXT_SCRATCH_H

#include "text/corpus_int.h"

struct scratch {
    struct scratch *next;
    uint32_t *tf; /* places by document */
    size_t cap_tf;
    uint64_t *bits;
    size_t cap_bits, used, words; /* words: of one set */
};

void scratch_prepare(struct scratch *s, uint32_t n_docs, uint32_t n_sets);
uint64_t *scratch_set(struct scratch *s);            /* an empty set, on top of the stack */
void scratch_drop(struct scratch *s, uint64_t *set); /* that set and all above it */

#endif
