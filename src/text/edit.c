#include "text/edit.h"

#include "base/utf8.h"
#include "text/diff.h"

/* ---- units ---- */

size_t edit_units(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        n += (b & 0xC0) != 0x80;
        n += b >= 0xF0; /* outside the first plane: a pair */
    }
    return n;
}

/* Move *off by so many units; false at the end of s, or within a pair. */
static bool forward(struct str s, size_t *off, size_t units)
{
    while (units > 0) {
        if (*off >= s.n)
            return false;
        size_t n = utf8_next(s, off) > 0xFFFF ? 2 : 1;
        if (n > units)
            return false;
        units -= n;
    }
    return true;
}

/* So many units of s from unit `from` on; false where that cuts a character. */
static bool units_of(struct str s, size_t from, size_t n, struct str *out)
{
    size_t begin = 0;
    if (!forward(s, &begin, from))
        return false;
    size_t end = begin;
    bool whole = forward(s, &end, n);
    *out = str_sub(s, begin, end - begin);
    return whole;
}

/* ---- building a set ---- */

/* One section more; what can be one with the last is. `join`: with the last whatever it is. */
static void add(struct arena *a, struct edit *x, size_t len, int64_t ins, bool join)
{
    struct edit_part *last = x->n ? &x->v[x->n - 1] : NULL;
    if (len == 0 && ins <= 0)
        return;
    x->before += len;
    x->after += ins < 0 ? len : (size_t)ins;
    if (last && ins <= 0 && ins == last->ins) {
        last->len += len;
    } else if (last && len == 0 && last->len == 0) {
        last->ins += ins;
    } else if (last && join) {
        last->len += len;
        last->ins += ins;
    } else {
        ARENA_PUSH(a, x->v, x->n, x->cap) = (struct edit_part){len, ins, S("")};
    }
}

static void add_text(struct arena *a, struct edit *x, struct str text)
{
    struct edit_part *last = x->n ? &x->v[x->n - 1] : NULL;
    if (text.n && last)
        last->text = last->text.n ? arena_cat(a, last->text, text) : text;
}

bool edit_changes(const struct edit *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->v[i].ins >= 0)
            return true;
    return false;
}

/* ---- JSON ---- */

static enum code read_count(const json_t *v, size_t *n, struct err *e)
{
    json_int_t k = json_is_integer(v) ? json_integer_value(v) : -1;
    if (k < 0)
        return FAIL(e, E_INPUT, "修改的格式不对");
    if (k > EDIT_UNITS_MAX)
        return FAIL(e, E_LIMIT, "修改涉及的文字太长");
    *n = (size_t)k;
    return OK;
}

static enum code read_lines(struct arena *a, const json_t *part, struct str *text, struct err *e)
{
    struct buf b;
    enum code c = OK;
    buf_init(&b, 0);
    for (size_t i = 1; i < json_array_size(part) && c == OK; i++) {
        const json_t *line = json_array_get(part, i);
        struct str s = {json_string_value(line), json_string_length(line)};
        if (!json_is_string(line) || str_has(s, S("\n")) || str_has(s, S("\r")))
            c = FAIL(e, E_INPUT, "修改的格式不对");
        if (i > 1)
            buf_char(&b, '\n');
        buf_str(&b, s);
    }
    if (c == OK)
        *text = arena_str(a, buf_view(&b));
    buf_release(&b);
    return c;
}

enum code edit_read(struct arena *a, const json_t *set, struct edit *out, struct err *e)
{
    struct edit x = {.n = 0};
    if (!json_is_array(set))
        return FAIL(e, E_INPUT, "修改的格式不对");
    if (json_array_size(set) > EDIT_PARTS_MAX)
        return FAIL(e, E_LIMIT, "一次修改最多%d处", EDIT_PARTS_MAX);
    for (size_t i = 0; i < json_array_size(set); i++) {
        const json_t *part = json_array_get(set, i);
        struct str text = S("");
        size_t len = 0;
        TRY(read_count(json_is_array(part) ? json_array_get(part, 0) : part, &len, e));
        if (!json_is_array(part)) {
            add(a, &x, len, -1, false);
        } else {
            TRY(read_lines(a, part, &text, e));
            add(a, &x, len, (int64_t)edit_units(text), false);
            add_text(a, &x, text);
        }
        if (x.before > EDIT_UNITS_MAX || x.after > EDIT_UNITS_MAX)
            return FAIL(e, E_LIMIT, "修改涉及的文字太长");
    }
    *out = x;
    return OK;
}

void edit_write(struct jw *j, const struct edit *x)
{
    jw_arr(j);
    for (size_t i = 0; i < x->n; i++) {
        const struct edit_part *p = &x->v[i];
        struct str rest = p->text, line;
        if (p->ins < 0) {
            jw_int(j, (int64_t)p->len);
            continue;
        }
        jw_arr(j);
        jw_int(j, (int64_t)p->len);
        while (p->ins > 0 && str_cut(rest, S("\n"), &line, &rest))
            jw_str(j, line);
        if (p->ins > 0)
            jw_str(j, rest);
        jw_end(j);
    }
    jw_end(j);
}

struct str edit_json(struct arena *a, const struct edit *x)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    edit_write(&j, x);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* ---- applying ---- */

enum code edit_apply(const struct edit *x, struct str text, struct buf *out, struct err *e)
{
    size_t at = 0;
    for (size_t i = 0; i < x->n; i++) {
        size_t from = at;
        if (!forward(text, &at, x->v[i].len))
            return FAIL(e, E_INPUT, "修改与文字对不上，请刷新页面");
        if (x->v[i].ins < 0)
            buf_str(out, str_sub(text, from, at - from));
        else
            buf_str(out, x->v[i].text);
    }
    return at == text.n ? OK : FAIL(e, E_INPUT, "修改与文字对不上，请刷新页面");
}

/* ---- walking over two sets at once ---- */

enum { KEPT = -1, ENDED = -2 };
struct walk {
    const struct edit *set;
    size_t i; /* sections taken */
    size_t len, off;
    int64_t ins;
};

static void next(struct walk *w)
{
    const struct edit_part *p = w->i < w->set->n ? &w->set->v[w->i] : NULL;
    w->len = p ? p->len : 0;
    w->ins = p ? p->ins : ENDED;
    w->off = 0;
    w->i += p != NULL;
}

static struct walk walk(const struct edit *set)
{
    struct walk w = {.set = set};
    next(&w);
    return w;
}

static struct str text_at(const struct walk *w)
{
    return w->i ? w->set->v[w->i - 1].text : S("");
}

static void by_len(struct walk *w, size_t len)
{
    if (len == w->len) {
        next(w);
        return;
    }
    w->len -= len;
    w->off += len;
}

/* By units of the text behind. */
static void by_after(struct walk *w, size_t len)
{
    if (w->ins == KEPT) {
        by_len(w, len);
    } else if ((int64_t)len == w->ins) {
        next(w);
    } else {
        w->ins -= (int64_t)len;
        w->off += len;
    }
}

static enum code mismatch(struct err *e)
{
    return FAIL(e, E_INPUT, "两次修改对不上，请刷新页面");
}

/* ---- one behind the other ---- */

/* What y makes of the next `len` units behind x; false where it cuts a character that x put. */
static bool compose_piece(struct arena *a, struct edit *r, const struct walk *x,
    const struct walk *y, size_t len, bool open)
{
    struct str text = S("");
    if (x->ins == KEPT) {
        add(a, r, len, y->ins == KEPT ? KEPT : y->off ? 0 : y->ins, open);
        if (y->ins != KEPT && !y->off)
            text = text_at(y);
    } else if (y->ins == KEPT) {
        add(a, r, x->off ? 0 : x->len, (int64_t)len, open);
        if (!units_of(text_at(x), x->off, len, &text))
            return false;
    } else {
        add(a, r, x->off ? 0 : x->len, y->off ? 0 : y->ins, open);
        if (!y->off)
            text = text_at(y);
    }
    add_text(a, r, text);
    return true;
}

enum code edit_compose(
    struct arena *a, const struct edit *x, const struct edit *y, struct edit *out, struct err *e)
{
    struct edit r = {.n = 0};
    struct walk p = walk(x), q = walk(y);
    bool open = false;
    if (x->after != y->before)
        return mismatch(e);
    while (p.ins != ENDED || q.ins != ENDED) {
        if (p.ins == 0) { /* removed by x */
            add(a, &r, p.len, 0, open);
            next(&p);
        } else if (q.len == 0 && q.ins != ENDED) { /* put by y */
            add(a, &r, 0, q.ins, open);
            add_text(a, &r, text_at(&q));
            next(&q);
        } else if (p.ins == ENDED || q.ins == ENDED) {
            return mismatch(e);
        } else {
            size_t behind = p.ins < 0 ? p.len : (size_t)p.ins, n = r.n;
            size_t len = behind < q.len ? behind : q.len;
            if (!compose_piece(a, &r, &p, &q, len, open))
                return mismatch(e);
            open = (p.ins > (int64_t)len || (q.ins >= 0 && q.len > len)) && (open || r.n > n);
            by_after(&p, len);
            by_len(&q, len);
        }
    }
    *out = r;
    return OK;
}

/* ---- over another ---- */

struct mapping {
    struct arena *a;
    struct edit r;
    struct walk x, over;
    size_t done; /* sections of x whose text was put already */
};

/* A change of `over` in front of what x does next; with what x does within it. */
static void map_past(struct mapping *m)
{
    size_t len = m->over.len;
    add(m->a, &m->r, (size_t)m->over.ins, KEPT, false);
    while (len) {
        size_t piece = m->x.len < len ? m->x.len : len;
        if (m->x.ins >= 0 && m->done < m->x.i && m->x.len <= piece) {
            add(m->a, &m->r, 0, m->x.ins, false);
            add_text(m->a, &m->r, text_at(&m->x));
            m->done = m->x.i;
        }
        by_len(&m->x, piece);
        len -= piece;
    }
    next(&m->over);
}

/* A change of x up to the start of the next change of `over` that puts something. */
static void map_own(struct mapping *m)
{
    size_t len = 0, left = m->x.len;
    bool fresh = m->done < m->x.i;
    while (left) {
        if (m->over.ins == KEPT) {
            size_t piece = left < m->over.len ? left : m->over.len;
            len += piece;
            left -= piece;
            by_len(&m->over, piece);
        } else if (m->over.ins == 0 && m->over.len < left) {
            left -= m->over.len;
            next(&m->over);
        } else {
            break;
        }
    }
    add(m->a, &m->r, len, fresh ? m->x.ins : 0, false);
    if (fresh)
        add_text(m->a, &m->r, text_at(&m->x));
    m->done = m->x.i;
    by_len(&m->x, m->x.len - left);
}

/* Does the next change of `over` come before the next one of x: by place, then length, then who is first? */
static bool over_comes(const struct mapping *m, bool first)
{
    const struct walk *x = &m->x, *o = &m->over;
    if (o->ins < 0)
        return false;
    return x->ins < 0 || m->done == x->i ||
           (x->off == 0 && (o->len < x->len || (o->len == x->len && !first)));
}

enum code edit_map(struct arena *a, const struct edit *x, const struct edit *over, bool first,
    struct edit *out, struct err *e)
{
    struct mapping m = {.a = a, .x = walk(x), .over = walk(over)};
    if (x->before != over->before)
        return mismatch(e);
    while (m.x.ins != ENDED || m.over.ins != ENDED) {
        if (m.x.ins == KEPT && m.over.ins == KEPT) {
            size_t len = m.x.len < m.over.len ? m.x.len : m.over.len;
            add(a, &m.r, len, KEPT, false);
            by_len(&m.x, len);
            by_len(&m.over, len);
        } else if (over_comes(&m, first)) {
            map_past(&m);
        } else if (m.x.ins >= 0) {
            map_own(&m);
        } else {
            return mismatch(e);
        }
    }
    *out = m.r;
    return OK;
}

size_t edit_map_pos(const struct edit *x, size_t pos, int assoc)
{
    size_t a = 0, b = 0;
    for (size_t i = 0; i < x->n; i++) {
        const struct edit_part *p = &x->v[i];
        size_t end = a + p->len;
        if (p->ins < 0) {
            if (end > pos)
                return b + (pos - a);
            b += p->len;
        } else {
            if (end > pos || (end == pos && assoc < 0 && !p->len))
                return pos == a || assoc < 0 ? b : b + (size_t)p->ins;
            b += (size_t)p->ins;
        }
        a = end;
    }
    return b; /* at the end, or beyond it */
}

/* ---- of two texts ---- */

enum code edit_between(struct arena *a, struct str x, struct str y, struct edit *out, struct err *e)
{
    struct edit r = {.n = 0};
    struct diff d;
    TRY(diff_texts(a, x, y, &d, e));
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        size_t gone = edit_units(str_sub(x, o->x, o->x_n));
        struct str put = S("");
        if (o->kind == DIFF_SAME) {
            add(a, &r, gone, KEPT, false);
            continue;
        }
        if (o->kind == DIFF_REMOVED && i + 1 < d.n && d.ops[i + 1].kind == DIFF_ADDED)
            o = &d.ops[++i];
        if (o->kind == DIFF_ADDED)
            put = str_sub(y, o->y, o->y_n);
        add(a, &r, gone, (int64_t)edit_units(put), false);
        add_text(a, &r, put);
    }
    *out = r;
    return OK;
}
