/* Where in the XML an annotation is, and what can be done there. */
#include "base/utf8.h"
#include "paper/annotate_int.h"

/* One character of the text in its part. */
struct loc {
    struct ann_part *p;
    uint32_t el;   /* the element it comes from */
    uint32_t a, b; /* its bytes; those of the whole element where it cannot be cut */
    bool cut;      /* a and b are inside the element's text */
};
struct point {
    uint32_t at;
    uint32_t run; /* the run that is cut there, or XML_NONE: between elements */
};

/* ---- finding characters ---- */

/* The place of character cp, or the first behind it; NULL: none. */
static const struct place *place_from(const struct annotating *n, size_t cp)
{
    size_t lo = 0, hi = n->map->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (n->map->v[mid].cp + n->map->v[mid].n_cp > cp)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo < n->map->n ? &n->map->v[lo] : NULL;
}

/* The last place that begins before cp; NULL: none. */
static const struct place *place_until(const struct annotating *n, size_t cp)
{
    const struct place *p = place_from(n, cp);

    if (n->map->n == 0 || (p && p->cp < cp))
        return p;
    p = p ? p : n->map->v + n->map->n;
    return p > n->map->v ? p - 1 : NULL;
}

/* The block that character cp is in (or that ends there). */
static size_t block_of(const struct annotating *n, size_t cp)
{
    size_t lo = 0, hi = n->d->n;

    while (lo + 1 < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (n->block_cp[mid] <= cp)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static size_t block_end(const struct annotating *n, size_t k)
{
    return n->block_cp[k + 1] - 1;
}

/* Characters [cp, cp + many) of a place; false where the part does not bear the map out. */
static bool locate(
    struct annotating *n, const struct place *m, size_t cp, size_t many, struct loc *out)
{
    struct ann_part *p = annotate_part(n, m->part);
    const struct xml_el *el;
    uint32_t raw;
    size_t bytes = 0;

    if (!p || m->elem >= p->t.n)
        return false;
    el = &p->t.el[m->elem];
    *out = (struct loc){p, m->elem, el->begin, el->end, false};
    if (m->whole || !xml_simple(&p->t, m->elem))
        return true;
    raw = el->open;
    while (raw < el->close && bytes < m->at)
        bytes += xml_char(p->t.s, el->close, &raw);
    for (size_t i = m->cp; i < cp && raw < el->close; i++)
        (void)xml_char(p->t.s, el->close, &raw);
    out->a = raw;
    for (size_t i = 0; i < many && raw < el->close; i++)
        (void)xml_char(p->t.s, el->close, &raw);
    out->b = raw;
    out->cut = true;
    return out->b > out->a;
}

/* Character cp itself. */
static bool char_at(struct annotating *n, size_t cp, struct loc *out)
{
    const struct place *m = place_from(n, cp);

    return m && m->cp <= cp && locate(n, m, cp, 1, out);
}

/* ---- where markup may stand ---- */

/* Elements inside a paragraph among whose children ranges, insertions and deletions may stand. */
static bool is_container(const struct xmltree *t, uint32_t el)
{
    static const struct str names[] = {SC("p"), SC("hyperlink"), SC("ins"), SC("moveTo"),
        SC("smartTag"), SC("customXml"), SC("fldSimple"), SC("dir"), SC("bdo"), SC("sdt"),
        SC("sdtContent")};
    struct str name = xml_name(t, el);

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

/* The innermost element around `el` (or it) with nothing but containers up to its paragraph; XML_NONE
 * outside paragraphs. */
static uint32_t host(const struct xmltree *t, uint32_t el)
{
    uint32_t found = el;

    while (!xml_is(t, el, S("p"))) {
        uint32_t up = t->el[el].parent;
        if (up == XML_NONE)
            return XML_NONE;
        if (!is_container(t, up))
            found = up;
        el = up;
    }
    return found;
}

/* The same, outside all text boxes. */
static uint32_t outer_host(const struct xmltree *t, uint32_t el)
{
    uint32_t h = host(t, el);

    while (h != XML_NONE) {
        uint32_t box = xml_above(t, h, S("txbxContent"));
        if (box == XML_NONE)
            break;
        h = host(t, box);
    }
    return h;
}

/* A character of a run that can be cut at it. */
static bool direct(const struct loc *l)
{
    uint32_t run = l->p->t.el[l->el].parent;

    return run != XML_NONE && xml_is(&l->p->t, run, S("r")) && host(&l->p->t, l->el) == run;
}

static bool is_first(const struct xmltree *t, uint32_t el)
{
    uint32_t c = xml_first(t, t->el[el].parent);

    if (c != XML_NONE && xml_is(t, c, S("rPr")))
        c = xml_after(t, c);
    return c == el;
}

/* A content control keeps what is at its edge. */
static bool can_leave(const struct xmltree *t, uint32_t el)
{
    return el != XML_NONE && is_container(t, el) && !xml_is(t, el, S("p")) &&
           !xml_is(t, el, S("sdtContent"));
}

static struct point edge(const struct xmltree *t, uint32_t el, bool before)
{
    uint32_t at = before ? t->el[el].begin : t->el[el].end, up = t->el[el].parent;

    for (; can_leave(t, up); up = t->el[up].parent) {
        if (at != (before ? t->el[up].open : t->el[up].close))
            break;
        at = before ? t->el[up].begin : t->el[up].end;
    }
    return (struct point){at, XML_NONE};
}

static struct point point_before(const struct loc *l)
{
    const struct xmltree *t = &l->p->t;
    const struct xml_el *el = &t->el[l->el];

    if (direct(l) && l->cut && l->a > el->open)
        return (struct point){l->a, el->parent};
    if (direct(l) && !is_first(t, l->el))
        return (struct point){el->begin, el->parent};
    return edge(t, host(t, l->el), true);
}

static struct point point_behind(const struct loc *l)
{
    const struct xmltree *t = &l->p->t;
    const struct xml_el *el = &t->el[l->el];

    if (direct(l) && l->cut && l->b < el->close)
        return (struct point){l->b, el->parent};
    if (direct(l) && xml_after(t, l->el) != XML_NONE)
        return (struct point){el->end, el->parent};
    return edge(t, host(t, l->el), false);
}

/* ---- marks ---- */

static void add_mark(struct annotating *n, struct ann_part *p, struct mark m, uint32_t cut_run)
{
    ARENA_PUSH(n->j->a, p->marks, p->n_marks, p->cap_marks) = m;
    if (cut_run != XML_NONE)
        ARENA_PUSH(n->j->a, p->runs, p->n_runs, p->cap_runs) = cut_run;
}

/* The reference to a note in the main part. */
static uint32_t note_reference(struct annotating *n, const struct loc *l)
{
    const struct xmltree *m = &n->parts[0].t;
    uint32_t note = xml_above(&l->p->t, l->el, S("footnote"));
    struct str want = S("footnoteReference"), id;

    if (note == XML_NONE) {
        note = xml_above(&l->p->t, l->el, S("endnote"));
        want = S("endnoteReference");
    }
    if (note == XML_NONE)
        return XML_NONE;
    id = xml_attr(&l->p->t, note, S("id"));
    for (uint32_t i = 0; i < m->n; i++)
        if (xml_is(m, i, want) && str_eq(xml_attr(m, i, S("id")), id))
            return i;
    return XML_NONE;
}

/* Where a comment on this character begins or ends: always in the main part, outside text boxes. */
static bool comment_point(struct annotating *n, const struct loc *l, bool before, struct point *out)
{
    const struct xmltree *t = &n->parts[0].t;
    uint32_t el = l->el, h;

    if (l->p->story == STORY_NOTES)
        el = note_reference(n, l);
    else if (l->p->story != STORY_MAIN)
        return false;
    h = el == XML_NONE ? XML_NONE : outer_host(t, el);
    if (h == XML_NONE)
        return false;
    if (l->p->story == STORY_MAIN && h == host(t, el))
        *out = before ? point_before(l) : point_behind(l);
    else
        *out = edge(t, h, before);
    return true;
}

/* The beginning of a paragraph that can hold a comment: that of block k, else of the nearest behind, else the first. */
static bool paragraph_start(struct annotating *n, size_t k, struct point *out)
{
    const struct xmltree *t = &n->parts[0].t;
    const struct place *m = n->d->n > 0 ? place_from(n, n->block_cp[k]) : NULL;
    uint32_t para = XML_NONE;
    struct loc l;

    if (m && locate(n, m, m->cp, 1, &l) && l.p == &n->parts[0]) {
        uint32_t h = outer_host(t, l.el);
        para = h == XML_NONE ? XML_NONE : xml_above(t, h, S("p"));
    }
    for (uint32_t i = 0; i < t->n && para == XML_NONE; i++)
        if (xml_is(t, i, S("p")) && t->el[i].open < t->el[i].end)
            para = i;
    if (para == XML_NONE)
        return false;
    *out = (struct point){t->el[para].open, XML_NONE};
    if (xml_first(t, para) != XML_NONE && xml_is(t, xml_first(t, para), S("pPr")))
        out->at = t->el[xml_first(t, para)].end;
    return true;
}

static void mark_comment(struct annotating *n, size_t i, struct point a, struct point b)
{
    bool only = a.at >= b.at;
    struct mark m = {.at = a.at, .ann = i, .kind = MARK_START, .run = XML_NONE};

    m.group = only ? GROUP_POINT : GROUP_START;
    add_mark(n, &n->parts[0], m, a.run);
    m.kind = MARK_END;
    m.group = only ? GROUP_POINT : GROUP_END;
    m.at = only ? a.at : b.at;
    add_mark(n, &n->parts[0], m, only ? a.run : b.run);
    n->done[i].comment = true;
}

/* A place between characters, or one without characters of the file: behind the character before it, else in
 * front of the block's first. */
static bool between(struct annotating *n, size_t cp, struct point *out)
{
    size_t k = block_of(n, cp);
    const struct place *m;
    struct loc l;

    if (n->d->n == 0 || cp > block_end(n, n->d->n - 1))
        return false;
    m = place_until(n, cp);
    if (m && m->cp + m->n_cp > n->block_cp[k]) {
        size_t last = m->cp + m->n_cp < cp ? m->cp + m->n_cp - 1 : cp - 1;
        return last >= n->block_cp[k] && locate(n, m, last, 1, &l) &&
               comment_point(n, &l, false, out);
    }
    m = place_from(n, n->block_cp[k]);
    return m && m->cp < n->block_cp[k + 1] && locate(n, m, m->cp, 1, &l) &&
           comment_point(n, &l, true, out);
}

static void plan_comment(struct annotating *n, size_t i, size_t begin, size_t end)
{
    const struct place *first = place_from(n, begin), *last = place_until(n, end);
    struct point a, b;
    struct loc f, l;

    if (begin < end && first && last && first <= last && first->cp < end) {
        size_t from = first->cp > begin ? first->cp : begin;
        size_t to = last->cp + last->n_cp < end ? last->cp + last->n_cp : end;
        if (locate(n, first, from, 1, &f) && comment_point(n, &f, true, &a)) {
            if (!locate(n, last, to - 1, 1, &l) || !comment_point(n, &l, false, &b) || b.at <= a.at)
                (void)comment_point(n, &f, false, &b);
            mark_comment(n, i, a, b);
            return;
        }
    } else if (between(n, begin, &a)) {
        mark_comment(n, i, a, a);
        return;
    }
    n->done[i].moved = true;
    if (paragraph_start(n, n->d->n > 0 ? block_of(n, begin) : 0, &a))
        mark_comment(n, i, a, a);
    else
        (void)JOB_FAIL(n->j, E_INPUT, "文件里没有可以批注的段落");
}

/* ---- suggestions ---- */

struct change {
    size_t begin, end; /* what is deleted, in code points */
    struct str put;
    size_t block_begin, block_end;
    bool point;    /* the annotation is a place between characters */
    bool at_begin; /* its span begins here: an insertion stays inside it */
};

/* What is the same at both ends is left alone. */
static void narrow(struct change *c, struct str old)
{
    size_t i = 0, k = 0;

    while (i < old.n && i < c->put.n) {
        size_t x = i, y = i;
        if (utf8_next(old, &x) != utf8_next(c->put, &y))
            break;
        i = x;
        c->begin++;
    }
    old = str_sub(old, i, old.n);
    c->put = str_sub(c->put, i, c->put.n);
    i = 0; /* bytes at the end known to be the same, at a border of characters */
    while (k < old.n && k < c->put.n && old.p[old.n - 1 - k] == c->put.p[c->put.n - 1 - k]) {
        k++;
        if (((unsigned char)old.p[old.n - k] & 0xC0) != 0x80) {
            i = k;
            c->end--;
        }
    }
    c->put = str_sub(c->put, 0, c->put.n - i);
}

/* Whether suggestions may be written at this character. */
static bool may_change(const struct loc *l)
{
    return l->p->story != STORY_COMMENTS && direct(l) &&
           (l->cut || !xml_is(&l->p->t, l->el, S("t")));
}

static bool is_free(const struct ann_part *p, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < p->n_taken; i++) {
        struct gone t = p->taken[i];
        bool apart = a == b && t.a == t.b ? a != t.a : b <= t.a || a >= t.b;
        if (!apart)
            return false;
    }
    return true;
}

/* Of suggestions that meet in the text the first is taken; its bytes alone would not do, for what is the same at its
 * ends is left alone. */
static bool meets(const struct annotating *n, size_t begin, size_t end)
{
    for (size_t i = 0; i < n->n_spans; i++) {
        struct ann_span t = n->spans[i];
        bool apart =
            begin == end && t.begin == t.end ? begin != t.begin : end <= t.begin || begin >= t.end;
        if (!apart)
            return true;
    }
    return false;
}

static void take(struct annotating *n, size_t i, struct ann_part *p, struct gone whole)
{
    ARENA_PUSH(n->j->a, p->taken, p->n_taken, p->cap_taken) = whole;
    n->done[i].change = true;
}

static bool plan_insertion(struct annotating *n, size_t i, const struct change *c)
{
    struct mark m = {.kind = MARK_INS, .ann = i};
    struct point at;
    struct loc l;
    bool behind =
        !c->at_begin && c->begin > c->block_begin && char_at(n, c->begin - 1, &l) && may_change(&l);

    if (!behind && !(c->begin < c->block_end && char_at(n, c->begin, &l) && may_change(&l)))
        return false;
    if (!is_free(l.p, behind ? l.b : l.a, behind ? l.b : l.a))
        return false;
    at = behind ? point_behind(&l) : point_before(&l);
    m.at = at.at;
    m.group = c->point ? GROUP_POINT : behind ? GROUP_END : GROUP_BEFORE;
    m.run = l.p->t.el[l.el].parent;
    add_mark(n, l.p, m, at.run);
    take(n, i, l.p, (struct gone){behind ? l.b : l.a, behind ? l.b : l.a});
    return true;
}

/* All characters of [begin, end) in runs of one paragraph; the first and last of them. */
static bool can_delete(
    struct annotating *n, const struct change *c, struct loc *first, struct loc *last)
{
    uint32_t para = XML_NONE;
    size_t cp = c->begin;

    for (const struct place *m = place_from(n, cp); cp < c->end; m++) {
        size_t to;
        struct loc l;
        if (!m || m == n->map->v + n->map->n || m->cp > cp)
            return false;
        to = m->cp + m->n_cp < c->end ? m->cp + m->n_cp : c->end;
        if (!locate(n, m, cp, to - cp, &l) || !may_change(&l))
            return false;
        if (cp == c->begin) {
            *first = l;
            para = xml_above(&l.p->t, l.el, S("p"));
        } else if (l.p != first->p || xml_above(&l.p->t, l.el, S("p")) != para || l.a < last->b) {
            return false;
        }
        *last = l;
        cp = to;
    }
    return true;
}

static bool plan_deletion(struct annotating *n, size_t i, const struct change *c)
{
    struct mark m = {.kind = MARK_INS, .group = GROUP_END, .ann = i};
    struct loc first, last, l;
    struct point at;
    size_t cp = c->begin;

    if (!can_delete(n, c, &first, &last) || !is_free(first.p, first.a, last.b))
        return false;
    for (const struct place *p = place_from(n, cp); cp < c->end; p++) {
        size_t to = p->cp + p->n_cp < c->end ? p->cp + p->n_cp : c->end;
        if (!locate(n, p, cp, to - cp, &l))
            return false;
        ARENA_PUSH(n->j->a, l.p->gone, l.p->n_gone, l.p->cap_gone) = (struct gone){l.a, l.b};
        ARENA_PUSH(n->j->a, l.p->runs, l.p->n_runs, l.p->cap_runs) = l.p->t.el[l.el].parent;
        cp = to;
    }
    if (c->put.n > 0) {
        at = point_behind(&last);
        m.at = at.at;
        m.run = first.p->t.el[first.el].parent;
        add_mark(n, last.p, m, at.run);
    }
    take(n, i, first.p, (struct gone){first.a, last.b});
    return true;
}

static void plan_change(struct annotating *n, size_t i, size_t begin, size_t end)
{
    size_t k = n->d->n > 0 ? block_of(n, begin) : 0;
    struct change c = {begin, end, n->list->v[i].replacement, 0, 0, begin == end, false};
    bool done = false;

    if (n->d->n > 0 && end <= block_end(n, k) && begin >= n->block_cp[k]) {
        struct str text = n->d->blocks[k].text, old;
        size_t off = utf8_off(text, begin - n->block_cp[k]);
        old = str_sub(text, off, text.n - off);
        old = str_sub(old, 0, utf8_off(old, end - begin));
        c.block_begin = n->block_cp[k];
        c.block_end = block_end(n, k);
        narrow(&c, old);
        if (c.begin == c.end && c.put.n == 0)
            return; /* suggests what is there */
        c.at_begin = begin < end && c.begin == begin;
        n->done[i].put = c.put;
        done = !meets(n, begin, end) &&
               (c.begin < c.end ? plan_deletion(n, i, &c) : plan_insertion(n, i, &c));
        if (done)
            ARENA_PUSH(n->j->a, n->spans, n->n_spans, n->cap_spans) = (struct ann_span){begin, end};
    }
    n->done[i].told = !done;
}

void annotate_plan(struct annotating *n, size_t i)
{
    const struct annotation *x = &n->list->v[i];
    size_t all = n->d->n > 0 ? block_end(n, n->d->n - 1) : 0;
    size_t begin = x->begin_cp < all ? x->begin_cp : all;
    size_t end = x->end_cp < begin ? begin : x->end_cp < all ? x->end_cp : all;
    bool outside = x->begin_cp > all || (x->begin_cp == all && x->end_cp > all);

    if (x->replace && outside)
        n->done[i].told = true;
    else if (x->replace)
        plan_change(n, i, begin, end);
    if (x->comment.n == 0 && !n->done[i].told)
        return;
    if (outside) {
        struct point a;
        n->done[i].moved = true;
        if (paragraph_start(n, n->d->n > 0 ? n->d->n - 1 : 0, &a))
            mark_comment(n, i, a, a);
        else
            (void)JOB_FAIL(n->j, E_INPUT, "文件里没有可以批注的段落");
        return;
    }
    plan_comment(n, i, begin, end);
}
