/* base/utf8: what is valid comes back the same code point by code point; what is cleaned is valid; positions
 * in bytes and in code points agree. */
#include <stdlib.h>

#include "base/utf8.h"

#define HOLDS(x)     \
    do {             \
        if (!(x))    \
            abort(); \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct buf clean, again;
    size_t bad_at = utf8_check(s), n = 0, replaced;
    bool nul = false;

    buf_init(&clean, 0);
    buf_init(&again, 0);
    for (size_t i = 0; i < size; n++) {
        size_t before = i;
        HOLDS(n > 64 || utf8_off(s, n) == i); /* each call begins at the start */
        buf_utf8(&again, utf8_next(s, &i));
        HOLDS(i > before && i <= size);
        nul = nul || s.p[before] == '\0';
    }
    HOLDS(utf8_len_cp(s) == n);
    HOLDS((bad_at == SIZE_MAX) == str_eq(buf_view(&again), s));
    if (bad_at != SIZE_MAX)
        HOLDS(utf8_check(str_sub(s, 0, bad_at)) == SIZE_MAX);
    replaced = utf8_clean(&clean, s);
    HOLDS(utf8_check(buf_view(&clean)) == SIZE_MAX);
    HOLDS((replaced == 0) == (bad_at == SIZE_MAX && !nul));
    HOLDS(replaced > 0 || str_eq(buf_view(&clean), s));
    buf_release(&clean);
    buf_release(&again);
    return 0;
}
