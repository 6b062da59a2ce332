/* Oracle: what decodes is valid, and encodes to the very same bytes. */
#include <stdlib.h>

#include "base/utf8.h"
#include "paper/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};
    struct arena a;
    struct doc d;
    struct err e;

    arena_init(&a);
    if (doc_decode(&a, in, &d, &e) == OK) {
        struct buf again = {0};
        doc_encode(&d, &again);
        if (!str_eq(in, buf_view(&again)))
            abort();
        for (size_t i = 0; i < d.n; i++)
            if (utf8_check(d.blocks[i].text) != SIZE_MAX)
                abort();
        buf_release(&again);
    }
    arena_release(&a);
    return 0;
}
