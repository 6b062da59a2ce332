#include "text/norm.h"

#include <string.h>

#include "text/pos.h"

enum code norm_text(struct arena *a, struct str utf8, struct norm *out, struct err *e)
{
    uint16_t *units;
    struct norm_exception *exc = NULL;
    size_t n, n_exc = 0, cap = 0;

    if (utf8.n > NORM_UNITS_MAX)
        return FAIL(e, E_LIMIT, "文本有 %zu 字节，超过上限 %d", utf8.n, NORM_UNITS_MAX);
    units = ARENA_ARRAY(a, uint16_t, utf8.n + 1);
    n = pos_to_units(utf8, units);
    for (size_t i = 0; i < n; i++) {
        uint16_t folded = norm_unit(units[i]);
        if (folded != units[i]) {
            ARENA_PUSH(a, exc, n_exc, cap) = (struct norm_exception){(uint32_t)i, units[i]};
            units[i] = folded;
        }
    }
    *out = (struct norm){units, n, exc, n_exc};
    return OK;
}

/* Index of the first exception at or after `unit`. */
static size_t first_exception(const struct norm *t, size_t unit)
{
    size_t lo = 0, hi = t->n_exceptions;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->exceptions[mid].at < unit)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

void norm_source(const struct norm *t, size_t begin, size_t end, struct buf *out)
{
    end = end > t->n ? t->n : end;
    for (size_t x = first_exception(t, begin); begin < end; x++) {
        size_t stop = x < t->n_exceptions && t->exceptions[x].at < end ? t->exceptions[x].at : end;
        pos_to_utf8(out, t->units + begin, stop - begin);
        if (stop < end) /* surrogates are never folded, so no pair is cut here */
            pos_to_utf8(out, &t->exceptions[x].was, 1);
        begin = stop + 1;
    }
}

struct str norm_str(struct arena *a, struct str utf8)
{
    struct norm t = {0};
    struct err e;
    struct buf b;
    struct str s;

    if (norm_text(a, utf8, &t, &e) != OK)
        return arena_str(a, utf8); /* beyond the limit: as it is, which is no key for anything */
    buf_init(&b, 0);
    pos_to_utf8(&b, t.units, t.n);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}
