/* Working memory of one search, kept from search to search. */
#include "text/scratch.h"

#include <stdlib.h>
#include <string.h>

struct scratch *scratch_take(struct corpus *c)
{
    struct scratch *s;

    pthread_mutex_lock(&c->scratch_lock);
    s = c->scratch;
    if (s)
        c->scratch = s->next;
    pthread_mutex_unlock(&c->scratch_lock);
    return s ? s : mem_alloc(sizeof(*s));
}

void scratch_give(struct corpus *c, struct scratch *s)
{
    pthread_mutex_lock(&c->scratch_lock);
    s->next = c->scratch;
    c->scratch = s;
    pthread_mutex_unlock(&c->scratch_lock);
}

void scratch_free_all(struct corpus *c)
{
    while (c->scratch) {
        struct scratch *next = c->scratch->next;
        free(c->scratch->tf);
        free(c->scratch->bits);
        free(c->scratch);
        c->scratch = next;
    }
}

void scratch_prepare(struct scratch *s, uint32_t n_docs, uint32_t n_sets)
{
    s->words = n_docs / 64 + (size_t)1;
    s->used = 0;
    if (n_docs > s->cap_tf) {
        free(s->tf);
        s->tf = mem_alloc(n_docs * sizeof(*s->tf));
        s->cap_tf = n_docs;
    }
    if (s->words * n_sets > s->cap_bits) {
        free(s->bits);
        s->cap_bits = s->words * n_sets;
        s->bits = mem_alloc(s->cap_bits * sizeof(*s->bits));
    }
}

uint64_t *scratch_set(struct scratch *s)
{
    uint64_t *set = s->bits + s->used;

    s->used += s->words;
    memset(set, 0, s->words * sizeof(*set));
    return set;
}

void scratch_drop(struct scratch *s, uint64_t *set)
{
    s->used = (size_t)(set - s->bits);
}
