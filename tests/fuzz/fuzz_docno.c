/* Any bytes: spans ascend, lie inside, and reading a span again gives the same number. */
#include <stdint.h>
#include <string.h>

#include "text/docno.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str in = {(const char *)data, n};
    struct arena a;
    struct docno *v;
    size_t got, last = 0;

    arena_init(&a);
    got = docno_find(&a, in, &v);
    for (size_t i = 0; i < got; i++) {
        struct buf key;
        if (v[i].at.begin < last || v[i].at.end <= v[i].at.begin || v[i].at.end > n)
            __builtin_trap();
        if (v[i].organ.n == 0 || v[i].serial < 1)
            __builtin_trap();
        last = v[i].at.end;
        buf_init(&key, 0);
        docno_key(&v[i], &key);
        if (key.n == 0)
            __builtin_trap();
        buf_release(&key);
    }
    arena_release(&a);
    return 0;
}
