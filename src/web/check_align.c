/* check_align.c - a quotation and its original beside each other. */
#include "web/check_align.h"

#include "base/utf8.h"
#include "text/diff.h"

enum {
    OUTER_MARKED_CP =
        4,           /* more than this at the end of one text alone is not part of the quotation */
    OUTSIDE_CP = 24, /* of what the source has before and behind it */
};

static struct safe_html taken(struct ctx *c, struct buf *b)
{
    struct safe_html h = {arena_str(c->a, buf_view(b))};

    buf_release(b);
    return h;
}

/* The first (last) `most` characters of s with … where it was cut. */
static void put_edge(struct buf *b, struct str s, size_t most, bool head)
{
    size_t n = utf8_len_cp(s);

    if (n <= most) {
        html_str(b, s);
    } else if (head) { /* what stands in front: keep its end */
        buf_z(b, "…");
        html_str(b, str_sub(s, utf8_off(s, n - most), s.n));
    } else {
        html_str(b, str_sub(s, 0, utf8_off(s, most)));
        buf_z(b, "…");
    }
}

static void put_marked(struct buf *b, struct str s, const char *tag)
{
    buf_printf(b, "<%s>", tag);
    html_str(b, s);
    buf_printf(b, "</%s>", tag);
}

/* Marks and blanks only: at the ends of a sentence they are no difference. */
static bool only_marks(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t u = utf8_next(s, &at);
        if (utf8_is_han(u) || (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') ||
            (u >= 'a' && u <= 'z'))
            return false;
    }
    return true;
}

/* How many characters x and y have in common at their ends (at their beginnings). */
static size_t common(struct str x, struct str y, bool at_end)
{
    size_t n_x = utf8_len_cp(x), n_y = utf8_len_cp(y), k = 0;

    while (k < n_x && k < n_y) {
        size_t i = at_end ? n_x - k - 1 : k, j = at_end ? n_y - k - 1 : k;
        if (!str_eq(str_sub(x, utf8_off(x, i), utf8_off(x, i + 1)),
                str_sub(y, utf8_off(y, j), utf8_off(y, j + 1))))
            break;
        k++;
    }
    return k;
}

/* One side of what differs at the outer end of both texts: what one text has more of than `marked` characters lies
 * outside the passage; it is cut and not marked. */
static void put_outer(struct buf *b, struct str s, size_t marked, bool head, const char *tag)
{
    size_t n = utf8_len_cp(s), m = marked < n ? marked : n, cut;

    if (only_marks(s)) {
        html_str(b, s);
        return;
    }
    cut = utf8_off(s, head ? n - m : m);
    if (head)
        put_edge(b, str_sub(s, 0, cut), OUTSIDE_CP, true);
    if (m)
        put_marked(b, head ? str_sub(s, cut, s.n) : str_sub(s, 0, cut), tag);
    if (!head)
        put_edge(b, str_sub(s, cut, s.n), OUTSIDE_CP, false);
}

/* What stands before the first (behind the last) stretch that is the same, x in the original and y in the draft. The difference
 * takes whole words together: what is the same inside it, on the side of that stretch, is not marked. */
static void put_end(struct buf *l, struct buf *r, struct str x, struct str y, bool head)
{
    size_t k = common(x, y, head), n_x = utf8_len_cp(x) - k, n_y = utf8_len_cp(y) - k, marked;
    struct str same = head ? str_sub(x, utf8_off(x, n_x), x.n) : str_sub(x, 0, utf8_off(x, k));
    struct str dx = head ? str_sub(x, 0, utf8_off(x, n_x)) : str_sub(x, utf8_off(x, k), x.n);
    struct str dy = head ? str_sub(y, 0, utf8_off(y, n_y)) : str_sub(y, utf8_off(y, k), y.n);

    marked = n_x < n_y ? n_x : n_y;
    marked = marked <= OUTER_MARKED_CP ? marked : 0;
    if (marked == 0 && n_x + n_y <= OUTER_MARKED_CP)
        marked = n_x + n_y;
    if (!head) {
        html_str(l, same);
        html_str(r, same);
    }
    put_outer(l, dx, marked, head, "del");
    put_outer(r, dy, marked, head, "ins");
    if (head) {
        html_str(l, same);
        html_str(r, same);
    }
}

enum code check_align(struct ctx *c, struct str original, struct str draft,
    struct finding_source_row *row, struct err *e)
{
    struct diff d;
    struct buf l, r;
    size_t first = 0, last;

    TRY(diff_texts(c->a, original, draft, &d, e));
    buf_init(&l, 0);
    buf_init(&r, 0);
    while (first < d.n && d.ops[first].kind != DIFF_SAME)
        first++;
    last = d.n;
    while (last > first && d.ops[last - 1].kind != DIFF_SAME)
        last--;
    if (first == d.n) { /* nothing in common */
        html_str(&l, original);
        html_str(&r, draft);
    } else {
        size_t x = d.ops[first].x, y = d.ops[first].y;
        put_end(&l, &r, str_sub(original, 0, x), str_sub(draft, 0, y), true);
        for (size_t i = first; i < last; i++) {
            const struct diff_op *o = &d.ops[i];
            if (o->kind == DIFF_SAME) {
                html_str(&l, str_sub(original, o->x, o->x_n));
                html_str(&r, str_sub(draft, o->y, o->y_n));
            } else if (o->kind == DIFF_REMOVED) {
                put_marked(&l, str_sub(original, o->x, o->x_n), "del");
            } else {
                put_marked(&r, str_sub(draft, o->y, o->y_n), "ins");
            }
        }
        x = d.ops[last - 1].x + d.ops[last - 1].x_n;
        y = d.ops[last - 1].y + d.ops[last - 1].y_n;
        put_end(
            &l, &r, str_sub(original, x, original.n - x), str_sub(draft, y, draft.n - y), false);
    }
    row->original = taken(c, &l);
    row->draft = taken(c, &r);
    return OK;
}
