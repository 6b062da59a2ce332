#include "paper/trace.h"

#include "base/utf8.h"

static bool goes_on(const struct stretch *last, const struct stretch *s)
{
    return !last->whole && !s->whole && last->n == last->at_n && s->n == s->at_n &&
           last->part == s->part && last->elem == s->elem && last->off + last->n == s->off &&
           last->at + last->at_n == s->at;
}

void trace_add(const struct places *m, struct trace *t, struct stretch s)
{
    if (!m || s.n == 0)
        return;
    if (t->n > 0 && goes_on(&t->v[t->n - 1], &s)) {
        t->v[t->n - 1].n += s.n;
        t->v[t->n - 1].at_n += s.at_n;
        return;
    }
    ARENA_PUSH(m->a, t->v, t->n, t->cap) = s;
}

/* The first stretch that ends behind `off`. */
static size_t first_behind(const struct trace *t, size_t off)
{
    size_t lo = 0, hi = t->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->v[mid].off + t->v[mid].n > off)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

void trace_take(const struct places *m, struct trace *t, size_t at, const struct trace *from,
    size_t begin, size_t end)
{
    if (!m)
        return;
    for (size_t i = first_behind(from, begin); i < from->n && from->v[i].off < end; i++) {
        struct stretch s = from->v[i];
        bool same = !s.whole && s.n == s.at_n;
        if (same && s.off < begin) {
            size_t skip = begin - s.off;
            s.off += skip;
            s.at += skip;
            s.n -= skip;
        }
        if (same && s.off + s.n > end)
            s.n = end - s.off;
        if (same)
            s.at_n = s.n;
        else if (s.off < begin || s.off + s.n > end)
            continue; /* half a character: not asked for by anybody */
        s.off = s.off - begin + at;
        trace_add(m, t, s);
    }
}

void trace_cut(struct trace *t, size_t n)
{
    while (t->n > 0 && t->v[t->n - 1].off >= n)
        t->n--;
    if (t->n > 0 && t->v[t->n - 1].off + t->v[t->n - 1].n > n) {
        t->v[t->n - 1].n = n - t->v[t->n - 1].off;
        t->v[t->n - 1].at_n = t->v[t->n - 1].n;
    }
}

void places_add(struct places *m, struct str text, const struct trace *t)
{
    size_t off = 0, cp;

    if (!m)
        return;
    m->cp += m->begun ? 1 : 0;
    m->begun = true;
    cp = m->cp;
    for (size_t i = 0; t && i < t->n; i++) {
        const struct stretch *s = &t->v[i];
        struct place p = {.at = s->at, .part = s->part, .elem = s->elem, .whole = s->whole};
        cp += utf8_len_cp(str_sub(text, off, s->off - off));
        p.cp = cp;
        p.n_cp = utf8_len_cp(str_sub(text, s->off, s->n));
        off = s->off + s->n;
        cp += p.n_cp;
        ARENA_PUSH(m->a, m->v, m->n, m->cap) = p;
    }
    m->cp = cp + utf8_len_cp(str_sub(text, off, text.n - off));
}
