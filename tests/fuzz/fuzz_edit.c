/* Change sets: the input is a JSON list of two. Oracle: what is read is written and read again alike; composed is the same as one after the other;
 * two that were made on one text meet, whoever is first. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(struct arena *a, const struct edit *x)
{
    struct err e;
    struct edit y;
    json_t *v;
    if (jr_parse(edit_json(a, x), &v, &e) != OK || edit_read(a, v, &y, &e) != OK)
        abort();
    json_decref(v);
    if (!str_eq(edit_json(a, x), edit_json(a, &y)) || x->before != y.before || x->after != y.after)
        abort();
}

static void must(enum code c)
{
    if (c != OK)
        abort();
}

static struct str put(struct arena *a, const struct edit *x, struct str text)
{
    struct buf b;
    struct err e;
    buf_init(&b, 0);
    enum code c = edit_apply(x, text, &b, &e);
    struct str s = c == OK ? arena_str(a, buf_view(&b)) : S("?");
    buf_release(&b);
    return s;
}

static void two(struct arena *a, const struct edit *x, const struct edit *y)
{
    struct edit xy, yx, one, other;
    struct err e;
    if (x->after == y->before) {
        enum code c = edit_compose(a, x, y, &one, &e); /* E_INPUT: y cuts a character that x put */
        if (c != E_INPUT)
            must(c);
        if (c == OK)
            again(a, &one);
        if (c == OK && (one.before != x->before || one.after != y->after))
            abort();
    }
    if (x->before != y->before || x->before > 4096)
        return;
    must(edit_map(a, y, x, false, &yx, &e));
    must(edit_map(a, x, y, true, &xy, &e));
    must(edit_compose(a, x, &yx, &one, &e));
    must(edit_compose(a, y, &xy, &other, &e));
    char *z = arena_alloc(a, x->before + 1);
    memset(z, 'a', x->before);
    struct str text = {z, x->before};
    if (!str_eq(put(a, &one, text), put(a, &other, text)))
        abort();
    for (size_t pos = 0; pos <= x->before; pos += 1 + x->before / 7)
        if (edit_map_pos(x, pos, -1) > x->after ||
            edit_map_pos(x, pos, -1) > edit_map_pos(x, pos, 1))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct edit x, y;
    struct err e;
    json_t *v;
    if (jr_parse((struct str){(const char *)data, size}, &v, &e) != OK)
        return 0;
    arena_init(&a);
    if (edit_read(&a, json_array_get(v, 0), &x, &e) == OK) {
        again(&a, &x);
        if (edit_read(&a, json_array_get(v, 1), &y, &e) == OK)
            two(&a, &x, &y);
    }
    arena_release(&a);
    json_decref(v);
    return 0;
}
