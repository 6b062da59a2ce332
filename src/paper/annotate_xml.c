/* A part written again with its marks: runs are cut where marks stand in them, everything else is copied. */
#include <stdlib.h>

#include "base/utf8.h"
#include "paper/annotate_int.h"

struct write {
    struct annotating *n;
    struct ann_part *p;
    struct buf out;
    size_t mark, gone, run; /* the next of each */
    /* of the run being written */
    uint32_t in_run;
    bool open, deleted;
};

/* ---- order ---- */

static int by_place(const void *x, const void *y)
{
    const struct mark *a = x, *b = y;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->group == GROUP_END && a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->ann != b->ann)
        return a->ann < b->ann ? -1 : 1;
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

static int by_begin(const void *x, const void *y)
{
    const struct gone *a = x, *b = y;

    return a->a < b->a ? -1 : a->a > b->a;
}

static int by_number(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

static void sort(struct ann_part *p)
{
    size_t kept = 0;

    if (p->n_marks > 0)
        qsort(p->marks, p->n_marks, sizeof(*p->marks), by_place);
    if (p->n_gone > 0)
        qsort(p->gone, p->n_gone, sizeof(*p->gone), by_begin);
    if (p->n_runs > 0)
        qsort(p->runs, p->n_runs, sizeof(*p->runs), by_number);
    for (size_t i = 0; i < p->n_runs; i++)
        if (kept == 0 || p->runs[i] != p->runs[kept - 1])
            p->runs[kept++] = p->runs[i];
    p->n_runs = kept;
}

/* ---- pieces of markup ---- */

static void raw(struct write *w, uint32_t a, uint32_t b)
{
    if (b > a)
        buf_str(&w->out, str_sub(w->p->t.s, a, b - a));
}

static void begin_change(struct write *w, const char *name)
{
    struct str p = w->p->prefix;

    buf_printf(&w->out, "<%.*s%s%.*s %.*sid=\"%u\"%.*s>", SF(p), name, SF(w->p->decl), SF(p),
        w->n->next_id++, SF(w->n->who));
}

static void end_element(struct write *w, const char *name)
{
    buf_printf(&w->out, "</%.*s%s>", SF(w->p->prefix), name);
}

static void run_open(struct write *w, bool deleted)
{
    const struct xmltree *t = &w->p->t;

    if (deleted)
        begin_change(w, "del");
    raw(w, t->el[w->in_run].begin, t->el[w->in_run].open);
    for (uint32_t c = xml_first(t, w->in_run); c != XML_NONE; c = xml_after(t, c))
        if (xml_is(t, c, S("rPr")))
            raw(w, t->el[c].begin, t->el[c].end);
    w->open = true;
    w->deleted = deleted;
}

static void run_close(struct write *w)
{
    const struct xml_el *r = w->open ? &w->p->t.el[w->in_run] : NULL;

    if (!r)
        return;
    raw(w, r->close, r->end);
    if (w->deleted)
        end_element(w, "del");
    w->open = false;
}

/* The looks of a run without the record of how they were changed. */
static void looks(struct write *w, uint32_t run)
{
    const struct xmltree *t = &w->p->t;

    for (uint32_t p = xml_first(t, run); p != XML_NONE; p = xml_after(t, p)) {
        uint32_t at = t->el[p].begin;
        if (!xml_is(t, p, S("rPr")))
            continue;
        for (uint32_t c = xml_first(t, p); c != XML_NONE; c = xml_after(t, c)) {
            if (xml_is(t, c, S("rPrChange")) || xml_is(t, c, S("ins")) || xml_is(t, c, S("del"))) {
                raw(w, at, t->el[c].begin);
                at = t->el[c].end;
            }
        }
        raw(w, at, t->el[p].end);
    }
}

static void new_text(struct write *w, struct str s)
{
    struct str p = w->p->prefix;
    size_t at = 0;

    for (size_t i = 0; i <= s.n; i++) {
        bool end = i == s.n, brk = !end && s.p[i] == '\n', tab = !end && s.p[i] == '\t';
        if (!end && !brk && !tab)
            continue;
        if (i > at) {
            buf_printf(&w->out, "<%.*st xml:space=\"preserve\">", SF(p));
            xml_escape(&w->out, str_sub(s, at, i - at));
            end_element(w, "t");
        }
        if (!end)
            buf_printf(&w->out, "<%.*s%s/>", SF(p), brk ? "br" : "tab");
        at = i + 1;
    }
}

static bool is_tracked(const struct xmltree *t, uint32_t el, uint32_t at)
{
    return el != XML_NONE && (xml_is(t, el, S("ins")) || xml_is(t, el, S("moveTo"))) &&
           at > t->el[el].begin && at < t->el[el].end;
}

/* The start tag of a tracked change once more, with a number of its own. */
static void again(struct write *w, uint32_t el)
{
    const struct xml_el *x = &w->p->t.el[el];
    struct str id = xml_attr(&w->p->t, el, S("id"));

    if (id.n == 0) {
        raw(w, x->begin, x->open);
        return;
    }
    raw(w, x->begin, (uint32_t)(id.p - w->p->t.s.p));
    buf_int(&w->out, w->n->next_id++);
    raw(w, (uint32_t)(id.p + id.n - w->p->t.s.p), x->open);
}

/* An insertion inside somebody's insertion stands between its halves: changes of two people do not nest. */
static void put_insertion(struct write *w, const struct mark *m)
{
    const struct xmltree *t = &w->p->t;
    uint32_t up = t->el[m->run].parent;
    bool split = is_tracked(t, up, m->at);

    if (split)
        raw(w, t->el[up].close, t->el[up].end);
    begin_change(w, "ins");
    buf_printf(&w->out, "<%.*sr>", SF(w->p->prefix));
    looks(w, m->run);
    new_text(w, w->n->done[m->ann].put);
    end_element(w, "r");
    end_element(w, "ins");
    if (split)
        again(w, up);
}

static void put_mark(struct write *w, const struct mark *m)
{
    struct str p = w->p->prefix;
    uint32_t id = w->n->done[m->ann].id;

    run_close(w);
    if (m->kind == MARK_INS)
        put_insertion(w, m);
    else if (m->kind == MARK_START)
        buf_printf(&w->out, "<%.*scommentRangeStart%.*s %.*sid=\"%u\"/>", SF(p), SF(w->p->decl),
            SF(p), id);
    else
        buf_printf(&w->out,
            "<%.*scommentRangeEnd%.*s %.*sid=\"%u\"/><%.*sr%.*s><%.*scommentReference "
            "%.*sid=\"%u\"/></%.*sr>",
            SF(p), SF(w->p->decl), SF(p), id, SF(p), SF(w->p->decl), SF(p), SF(p), id, SF(p));
}

/* All marks up to byte `at`, itself taken in or not. */
static void put_marks(struct write *w, uint32_t at, bool with)
{
    for (; w->mark < w->p->n_marks; w->mark++) {
        const struct mark *m = &w->p->marks[w->mark];
        if (m->at > at || (m->at == at && !with))
            return;
        put_mark(w, m);
    }
}

/* ---- runs ---- */

/* NOLINTBEGIN(misc-no-recursion): as deep as the XML, which xr.h holds to 254 */
static void copy(struct write *w, uint32_t a, uint32_t b);

static void ready(struct write *w, bool deleted)
{
    if (w->open && w->deleted != deleted)
        run_close(w);
    if (!w->open)
        run_open(w, deleted);
}

/* Whether byte `at` is deleted; *until: where that changes at the latest. Goes forwards only. */
static bool is_gone(struct write *w, uint32_t at, uint32_t *until)
{
    const struct ann_part *p = w->p;

    while (w->gone < p->n_gone && p->gone[w->gone].b <= at)
        w->gone++;
    if (w->gone == p->n_gone || p->gone[w->gone].a > at) {
        if (w->gone < p->n_gone && p->gone[w->gone].a < *until)
            *until = p->gone[w->gone].a;
        return false;
    }
    if (p->gone[w->gone].b < *until)
        *until = p->gone[w->gone].b;
    return true;
}

/* A piece of the text of a run, in an element like the one it comes from. */
static void put_piece(struct write *w, uint32_t el, uint32_t a, uint32_t b, bool gone)
{
    const struct xml_el *x = &w->p->t.el[el];
    struct str p = xml_prefix(&w->p->t, el), name = gone ? S("delText") : S("t");
    struct str attrs =
        str_sub(w->p->t.s, x->begin + 1 + x->name_n, x->open - x->begin - 2 - x->name_n);
    bool spaced = str_has(attrs, S("xml:space"));

    buf_printf(&w->out, "<%.*s%.*s%.*s%s>", SF(p), SF(name), SF(attrs),
        spaced ? "" : " xml:space=\"preserve\"");
    raw(w, a, b);
    buf_printf(&w->out, "</%.*s%.*s>", SF(p), SF(name));
}

/* The text of a run in pieces. */
static void cut_text(struct write *w, uint32_t el)
{
    const struct xml_el *x = &w->p->t.el[el];

    for (uint32_t at = x->open; at < x->close;) {
        uint32_t to = x->close;
        bool gone;
        put_marks(w, at, true);
        gone = is_gone(w, at, &to);
        if (w->mark < w->p->n_marks && w->p->marks[w->mark].at < to)
            to = w->p->marks[w->mark].at;
        ready(w, gone);
        put_piece(w, el, at, to, gone);
        at = to;
    }
}

static bool touched(const struct write *w, const struct xml_el *x)
{
    const struct ann_part *p = w->p;
    bool mark = w->mark < p->n_marks && p->marks[w->mark].at < x->close;
    size_t g = w->gone;

    while (g < p->n_gone && p->gone[g].b <= x->open)
        g++;
    return mark || (g < p->n_gone && p->gone[g].a < x->close);
}

static void rewrite_run(struct write *w, uint32_t run)
{
    const struct xmltree *t = &w->p->t;
    uint32_t outer = w->in_run;

    w->in_run = run;
    for (uint32_t c = xml_first(t, run); c != XML_NONE; c = xml_after(t, c)) {
        const struct xml_el *x = &t->el[c];
        uint32_t until = x->end;
        if (xml_is(t, c, S("rPr")))
            continue;
        put_marks(w, x->begin, true);
        if (xml_is(t, c, S("t")) && xml_simple(t, c) && touched(w, x)) {
            cut_text(w, c);
            continue;
        }
        ready(w, is_gone(w, x->begin, &until));
        copy(w, x->begin, x->end);
    }
    put_marks(w, t->el[run].end, false);
    run_close(w);
    w->in_run = outer;
}

/* Bytes [a, b) with what is to be put among them; marks at b are left to the caller. */
static void copy(struct write *w, uint32_t a, uint32_t b)
{
    const struct ann_part *p = w->p;
    bool open = w->open, deleted = w->deleted;

    w->open = false; /* of the run around: not to be closed by what stands inside it */
    for (;;) {
        uint32_t mark = w->mark < p->n_marks ? p->marks[w->mark].at : b;
        uint32_t run = w->run < p->n_runs ? p->t.el[p->runs[w->run]].begin : b;
        if (mark >= b && run >= b)
            break;
        if (mark <= run) {
            raw(w, a, mark);
            a = mark > a ? mark : a;
            put_mark(w, &p->marks[w->mark++]);
        } else {
            uint32_t el = p->runs[w->run++];
            if (run < a)
                continue; /* inside what was written already: nothing of it can be cut */
            raw(w, a, run);
            rewrite_run(w, el);
            a = p->t.el[el].end;
        }
    }
    raw(w, a, b);
    w->open = open;
    w->deleted = deleted;
}
/* NOLINTEND(misc-no-recursion) */

struct str annotate_write(struct annotating *n, struct ann_part *p)
{
    struct write w = {.n = n, .p = p, .in_run = XML_NONE};
    struct str out;

    sort(p);
    buf_init(&w.out, n->j->lim->unpacked_bytes);
    copy(&w, 0, (uint32_t)p->t.s.n);
    if (w.out.full)
        (void)JOB_FAIL(n->j, E_LIMIT, "加上批注后超过上限 %zu MB，请拆成几个文件",
            n->j->lim->unpacked_bytes >> 20);
    out = arena_str(n->j->a, buf_view(&w.out));
    buf_release(&w.out);
    return out;
}
