/* The normal form keeps one unit for one unit, folding again changes nothing, and every range
 * writes its source again. The first two bytes choose the range. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/norm.h"
#include "text/pos.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_range(const struct norm *t, const struct pos_map *m, size_t from, size_t to)
{
    struct pos begin = pos_at_unit(m, from), end = pos_at_unit(m, to);
    struct buf b;

    if (begin.unit > from || (begin.unit < from && from < t->n && begin.unit + 1 != from))
        abort(); /* the map is monotone and at most half a pair off */
    if (end.byte < begin.byte || end.cp < begin.cp)
        abort();
    buf_init(&b, 0);
    norm_source(t, begin.unit, end.unit, &b);
    if (!str_eq(buf_view(&b), str_sub(m->text, begin.byte, end.byte - begin.byte)))
        abort();
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct norm t;
    struct pos_map m;
    struct err e;
    struct buf clean;

    if (size < 2)
        return 0;
    arena_init(&a);
    buf_init(&clean, 0);
    (void)utf8_clean(&clean, (struct str){(const char *)data + 2, size - 2});
    if (norm_text(&a, buf_view(&clean), &t, &e) != OK)
        abort();
    pos_map_init(&a, &m, buf_view(&clean));
    if (t.n != m.end.unit)
        abort();
    for (size_t i = 0; i < t.n; i++)
        if (norm_unit(t.units[i]) != t.units[i] || t.units[i] == 0)
            abort();
    check_range(&t, &m, 0, t.n);
    if (t.n)
        check_range(&t, &m, data[0] % t.n, data[0] % t.n + data[1]);
    buf_release(&clean);
    arena_release(&a);
    return 0;
}
