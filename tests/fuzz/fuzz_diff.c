/* Two texts parted by a zero byte: applying the ops to the first gives the second. */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *zero = n ? memchr(data, 0, n) : NULL;
    size_t first = zero ? (size_t)(zero - data) : n / 2;
    struct buf x, y, made;
    struct arena a;
    struct diff d;
    struct err e;
    size_t at = 0, at_y = 0;

    buf_init(&x, 0);
    buf_init(&y, 0);
    buf_init(&made, 0);
    arena_init(&a);
    utf8_clean(&x, (struct str){(const char *)data, first});
    utf8_clean(&y, (struct str){(const char *)data + first, n - first});
    if (diff_texts(&a, buf_view(&x), buf_view(&y), &d, &e) != OK)
        __builtin_trap();
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        if (o->x != at || o->y != at_y)
            __builtin_trap();
        if (o->kind == DIFF_SAME)
            buf_str(&made, str_sub(buf_view(&x), o->x, o->x_n));
        if (o->kind == DIFF_ADDED)
            buf_str(&made, str_sub(buf_view(&y), o->y, o->y_n));
        at += o->x_n;
        at_y += o->y_n;
    }
    if (at != x.n || !str_eq(buf_view(&made), buf_view(&y)))
        __builtin_trap();
    arena_release(&a);
    buf_release(&x);
    buf_release(&y);
    buf_release(&made);
    return 0;
}
