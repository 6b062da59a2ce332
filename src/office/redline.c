#include "office/redline.h"

#include "base/clock.h"

static struct str text_of(struct arena *a, const struct doc *d)
{
    struct buf b = {0};
    struct str s;

    doc_text(d, &b);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

enum code redline_find(struct arena *a, const struct redline_sides *s, struct diff *diff,
    struct redline *out, struct err *e)
{
    static const enum redline_kind kinds[] = {
        [DIFF_SAME] = REDLINE_SAME, [DIFF_REMOVED] = REDLINE_REMOVED, [DIFF_ADDED] = REDLINE_ADDED};
    struct redline_op *ops;

    TRY(diff_texts(a, text_of(a, s->older), text_of(a, s->newer), diff, e));
    ops = ARENA_ARRAY(a, struct redline_op, diff->n + 1);
    for (size_t i = 0; i < diff->n; i++) {
        const struct diff_op *d = &diff->ops[i];
        ops[i] = (struct redline_op){kinds[d->kind], d->x, d->x_n, d->y, d->y_n};
    }
    *out = (struct redline){.older = s->older,
        .newer = s->newer,
        .older_name = s->older_name,
        .newer_name = s->newer_name,
        .ops = ops,
        .n = diff->n,
        .author = S(REDLINE_AUTHOR),
        .at_ms = clock_now_ms()};
    return OK;
}
