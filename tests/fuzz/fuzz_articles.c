/* Any text against itself and against its second half: parts tile it, nothing differs from itself, and every
 * part is in exactly one pair. */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void tiles(const struct articles *v, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i < v->n; i++) {
        if (v->v[i].at.begin != at || v->v[i].at.end < at || v->v[i].label.end > v->v[i].at.end)
            __builtin_trap();
        at = v->v[i].at.end;
    }
    if (at != n)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct buf b;
    struct arena a;
    struct articles_diff d;
    struct err e;
    struct str half;
    size_t x = 0, y = 0;

    buf_init(&b, 0);
    arena_init(&a);
    utf8_clean(&b, (struct str){(const char *)data, n});
    if (articles_compare(&a, buf_view(&b), buf_view(&b), &d, &e) != OK)
        __builtin_trap();
    tiles(&d.x, b.n);
    if (d.counts[ARTICLE_ADDED] + d.counts[ARTICLE_REMOVED] + d.counts[ARTICLE_CHANGED])
        __builtin_trap();
    half = str_sub(buf_view(&b), utf8_off(buf_view(&b), n / 6), b.n);
    if (articles_compare(&a, buf_view(&b), half, &d, &e) != OK)
        __builtin_trap();
    tiles(&d.y, half.n);
    for (size_t i = 0; i < d.n; i++) {
        x += d.pairs[i].x != SIZE_MAX;
        y += d.pairs[i].y != SIZE_MAX;
    }
    if (x > d.x.n || y > d.y.n || x + 1 < d.x.n || y + 1 < d.y.n)
        __builtin_trap();
    arena_release(&a);
    buf_release(&b);
    return 0;
}
