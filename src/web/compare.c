#include "web/compare.h"

#include <string.h>

static const char *const classes[] = {
    "", "same", "changed", "renumbered", "moved", "added", "removed"};

/* Escaped, line ends as breaks. */
static void put(struct buf *b, struct str s)
{
    struct str piece;
    s = str_trim(s);
    for (bool first = true; str_next(&s, S("\n"), &piece); first = false) {
        if (!first)
            buf_z(b, "<br>");
        html_str(b, piece);
    }
}

static void put_marked(struct buf *b, struct str s, const char *tag)
{
    struct str line;
    while (str_cut(s, S("\n"), &line, &s)) {
        if (line.n > 0) {
            buf_printf(b, "<%s>", tag);
            html_str(b, line);
            buf_printf(b, "</%s>", tag);
        }
        buf_z(b, "<br>");
    }
    if (s.n > 0) {
        buf_printf(b, "<%s>", tag);
        html_str(b, s);
        buf_printf(b, "</%s>", tag);
    }
}

static void put_plain(struct buf *b, struct str s)
{
    struct str line;
    while (str_cut(s, S("\n"), &line, &s)) {
        html_str(b, line);
        buf_z(b, "<br>");
    }
    html_str(b, s);
}

static struct safe_html take(struct arena *a, struct buf *b)
{
    struct safe_html h = {arena_str(a, buf_view(b))};
    buf_clear(b);
    return h;
}

static void put_diff(
    struct arena *a, struct str x, struct str y, const struct diff *d, struct diff_row *row)
{
    struct buf l, r;
    buf_init(&l, 0);
    buf_init(&r, 0);
    for (size_t i = 0; i < d->n; i++) {
        const struct diff_op *op = &d->ops[i];
        if (op->kind == DIFF_SAME) {
            put_plain(&l, str_sub(x, op->x, op->x_n));
            put_plain(&r, str_sub(y, op->y, op->y_n));
        } else if (op->kind == DIFF_REMOVED) {
            put_marked(&l, str_sub(x, op->x, op->x_n), "del");
        } else {
            put_marked(&r, str_sub(y, op->y, op->y_n), "ins");
        }
    }
    row->left = take(a, &l);
    row->right = take(a, &r);
    buf_release(&l);
    buf_release(&r);
}

static struct str span(struct str s, struct text_span t)
{
    return str_sub(s, t.begin, t.end - t.begin);
}

static struct diff_row row_of(
    struct arena *a, struct str x, struct str y, const struct articles_diff *d, size_t i)
{
    const struct article_pair *p = &d->pairs[i];
    struct diff_row row = {.change = str_z(classes[p->change])};
    struct buf b;
    if (p->x != SIZE_MAX)
        row.left_label = str_trim(span(x, d->x.v[p->x].label));
    if (p->y != SIZE_MAX)
        row.right_label = str_trim(span(y, d->y.v[p->y].label));
    if (p->change == ARTICLE_CHANGED || p->change == ARTICLE_MOVED) {
        put_diff(a, span(x, p->x_text), span(y, p->y_text), &p->diff, &row);
        return row;
    }
    buf_init(&b, 0);
    if (p->x != SIZE_MAX) {
        put(&b, span(x, p->x_text));
        row.left = take(a, &b);
    }
    if (p->y != SIZE_MAX) {
        put(&b, span(y, p->y_text));
        row.right = take(a, &b);
    }
    buf_release(&b);
    return row;
}

static bool is_same(const struct diff_row *r)
{
    return str_eq(r->change, S("same"));
}

static struct diff_row gap(struct arena *a, size_t n)
{
    struct diff_row r = {.change = S("gap")};
    r.left.s = arena_printf(a, "中间 %zu 处相同", n);
    return r;
}

/* Runs of unchanged parts shrink to their neighbours of a change. */
static void fold(struct arena *a, struct compare *c)
{
    size_t k = 0;
    for (size_t i = 0; i < c->n;) {
        size_t run = 0;
        while (i + run < c->n && is_same(&c->rows[i + run]))
            run++;
        size_t before = i > 0 ? 1 : 0, after = i + run < c->n ? 1 : 0;
        if (run > before + after + 1) {
            struct diff_row first = c->rows[i], last = c->rows[i + run - 1];
            if (before)
                c->rows[k++] = first;
            c->rows[k++] = gap(a, run - before - after);
            if (after)
                c->rows[k++] = last;
            i += run;
        } else {
            for (size_t n = run > 0 ? run : 1; n > 0; n--)
                c->rows[k++] = c->rows[i++];
        }
    }
    c->n = k;
}

void compare_rows(struct arena *a, struct str x, struct str y, const struct articles_diff *d,
    bool all, struct compare *out)
{
    memset(out, 0, sizeof(*out));
    out->rows = ARENA_ARRAY(a, struct diff_row, d->n + 1);
    for (size_t i = 0; i < d->n; i++)
        out->rows[out->n++] = row_of(a, x, y, d, i);
    if (!all)
        fold(a, out);
    for (size_t i = 0, no = 0; i < out->n; i++)
        if (!is_same(&out->rows[i]))
            out->rows[i].anchor = arena_printf(a, "d%zu", ++no);
}
