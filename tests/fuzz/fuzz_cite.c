/* Any bytes: citations ascend without overlap, lie inside, and a title's span is what was read. */
#include <stdint.h>
#include <string.h>

#include "text/cite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str in = {(const char *)data, n};
    struct arena a;
    struct cite *v;
    struct buf b;
    size_t got, last = 0;

    arena_init(&a);
    buf_init(&b, 0);
    got = cite_find(&a, in, &v);
    for (size_t i = 0; i < got; i++) {
        const struct cite *c = &v[i];
        if (c->at.begin < last || c->at.end <= c->at.begin || c->at.end > n)
            __builtin_trap();
        if (c->title.end > c->title.begin &&
            (c->title.begin < c->at.begin || c->title.end > c->at.end))
            __builtin_trap();
        if (c->name.n == 0 && !c->numbered)
            __builtin_trap();
        for (size_t k = 0; k < c->n_articles; k++)
            if (c->articles[k].at.begin < c->at.begin || c->articles[k].at.end > c->at.end)
                __builtin_trap();
        last = c->at.end;
        cite_key(c->name, &b);
        cite_key_relaxed(c->name, &b);
    }
    buf_release(&b);
    arena_release(&a);
    return 0;
}
