#include "text/threeway.h"

#include "base/buf.h"
#include "text/diff.h"

/* base[from, to) was replaced by `put`. */
struct edit {
    size_t from, to;
    struct str put;
};
struct edits {
    struct str base;
    struct edit *v;
    size_t n, cap, at; /* at: the next one not looked at */
};

static enum code edits_of(
    struct arena *a, struct str base, struct str other, struct edits *out, struct err *e)
{
    struct diff d;
    *out = (struct edits){.base = base};
    TRY(diff_texts(a, base, other, &d, e));
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        if (o->kind == DIFF_SAME)
            continue;
        struct edit *last = out->n ? &out->v[out->n - 1] : NULL;
        if (last && last->to == o->x) { /* what is added behind what was removed */
            last->to = o->x + o->x_n;
            last->put = str_sub(other, (size_t)(last->put.p - other.p), last->put.n + o->y_n);
            continue;
        }
        ARENA_PUSH(a, out->v, out->n, out->cap) =
            (struct edit){o->x, o->x + o->x_n, str_sub(other, o->y, o->y_n)};
    }
    return OK;
}

static size_t line_begin(struct str s, size_t at)
{
    while (at > 0 && s.p[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(struct str s, size_t at)
{
    while (at < s.n && s.p[at] != '\n')
        at++;
    return at;
}

/* Nothing but new lines before a line, or behind one: they contradict no change of that line, and stand before or behind it whichever of the two
 * changes is looked at first. */
enum place { BEFORE, WITHIN, BEHIND };

static enum place place_of(struct str base, const struct edit *d)
{
    if (d->from < d->to || !d->put.n)
        return WITHIN;
    if ((d->from == 0 || base.p[d->from - 1] == '\n') && d->put.p[d->put.n - 1] == '\n')
        return BEFORE;
    return (d->from == base.n || base.p[d->from] == '\n') && d->put.p[0] == '\n' ? BEHIND : WITHIN;
}

/* Which of the two is looked at first. */
static bool earlier(struct str base, const struct edit *x, const struct edit *y)
{
    return x->from != y->from ? x->from < y->from : place_of(base, x) <= place_of(base, y);
}

/* Go on over the edits that begin no later than *to, which grows with those that reach over it. New lines (`adds`) meet new lines alone. */
static bool take(struct edits *x, bool adds, size_t *to)
{
    size_t before = x->at;
    while (x->at < x->n && x->v[x->at].from <= *to) {
        enum place p = place_of(x->base, &x->v[x->at]);
        if (x->v[x->at].from == *to && p == (adds ? WITHIN : BEHIND))
            break;
        if (x->v[x->at].to > *to)
            *to = line_end(x->base, x->v[x->at].to);
        x->at++;
    }
    return x->at > before;
}

/* base[from, to) as it is after the edits v[first, at). */
static struct str side(struct arena *a, const struct edits *x, size_t first, size_t from, size_t to)
{
    struct str s = S("");
    for (size_t i = first; i < x->at; i++) {
        s = arena_cat(a, s, str_sub(x->base, from, x->v[i].from - from));
        s = arena_cat(a, s, x->v[i].put);
        from = x->v[i].to;
    }
    return arena_cat(a, s, str_sub(x->base, from, to - from));
}

enum code threeway_merge(struct arena *a, struct str base, struct str mine, struct str theirs,
    struct threeway *out, struct err *e)
{
    struct edits m, t;
    struct threeway r = {.text = S("")};
    size_t done = 0, cap = 0;
    struct buf b;
    TRY(edits_of(a, base, mine, &m, e));
    TRY(edits_of(a, base, theirs, &t, e));
    buf_init(&b, 0);
    while (m.at < m.n || t.at < t.n) {
        bool mine_first = t.at == t.n || (m.at < m.n && earlier(base, &m.v[m.at], &t.v[t.at]));
        const struct edit *first = mine_first ? &m.v[m.at] : &t.v[t.at];
        bool adds = place_of(base, first) != WITHIN;
        size_t from = adds ? first->from : line_begin(base, first->from);
        size_t to = adds ? first->from : line_end(base, first->to);
        size_t m0 = m.at, t0 = t.at;
        for (bool more = true; more;) {
            more = take(&m, adds, &to);
            more = take(&t, adds, &to) || more;
        }
        struct str x = side(a, &m, m0, from, to), y = side(a, &t, t0, from, to);
        buf_str(&b, str_sub(base, done, from - done));
        buf_str(&b, m.at > m0 ? x : y);
        if (m.at > m0 && t.at > t0 && !str_eq(x, y))
            ARENA_PUSH(a, r.both, r.n_both, cap) =
                (struct both_changed){str_sub(base, from, to - from), x, y};
        done = to;
    }
    buf_str(&b, str_sub(base, done, base.n - done));
    r.text = arena_str(a, buf_view(&b));
    buf_release(&b);
    *out = r;
    return OK;
}
