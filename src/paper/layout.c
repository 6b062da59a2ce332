#include "paper/layout.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/layout_int.h"

#define EPS 0.05 /* mm: a line that reaches so far over the edge still stands on the page */

/* ---- pages ---- */

void lay_new_page(struct lay *l)
{
    if (l->n_pages >= LAYOUT_PAGES_MAX) {
        l->too_long = true; /* what follows is set on the last page and thrown away */
        l->y = l->s->top;
        return;
    }
    ARENA_PUSH(l->a, l->pages, l->n_pages, l->cap_pages) = (struct lay_page){0};
    l->y = l->s->top;
}

struct lay_page *lay_now(struct lay *l)
{
    if (l->n_pages == 0)
        lay_new_page(l);
    return &l->pages[l->n_pages - 1];
}

void lay_need(struct lay *l, double mm)
{
    lay_now(l);
    if (l->y + mm > l->bottom + EPS)
        lay_new_page(l);
}

void lay_note(struct lay *l, struct str text)
{
    ARENA_PUSH(l->a, l->notes, l->n_notes, l->cap_notes) = text;
}

/* ---- characters ---- */

double lay_base(struct lay *l, enum face face, double pt)
{
    double top, bottom;

    face_box(l->f, face, &top, &bottom);
    return pt * MM_PER_PT * (0.5 + (top - bottom) / 2);
}

static struct str put_text(struct lay *l, const struct lay_text *t, size_t begin, size_t end)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = begin; i < end; i++)
        buf_utf8(&b, t->v[i].cp);
    s = arena_str(l->a, buf_view(&b));
    buf_release(&b);
    return s;
}

void lay_put(struct lay *l, struct lay_page *p, const struct lay_text *t, const struct lay_line *n,
    double x, double y, double pt, uint32_t colour)
{
    for (size_t i = n->begin; i < n->end;) {
        size_t k = i;
        double at = x;
        for (; k < n->end && t->v[k].face == t->v[i].face; k++)
            x += n->advance[k - n->begin];
        ARENA_PUSH(l->a, p->p.runs, p->p.n_runs, p->cap_runs) =
            (struct layout_run){.face = (enum face)t->v[i].face,
                .pt = pt,
                .colour = colour,
                .x = at,
                .y = y + lay_base(l, (enum face)t->v[i].face, pt),
                .narrow = 1,
                .text = put_text(l, t, i, k),
                .advance = n->advance + (i - n->begin),
                .n = k - i,
                .from = t->v[i].from};
        i = k;
    }
}

void lay_rule(struct lay *l, struct lay_page *p, struct layout_rule r)
{
    ARENA_PUSH(l->a, p->p.rules, p->p.n_rules, p->cap_rules) = r;
}

double lay_width(struct lay *l, enum face face, double pt, struct str s)
{
    struct lay_text t = {0};

    text_add(l, &t, face, s, SIZE_MAX);
    return t.n ? line_whole(l, &t, &(struct lay_set){pt, 0, false}).width : 0;
}

double lay_string(struct lay *l, struct lay_page *p, enum face face, double pt, uint32_t colour,
    int align, double x, double y, struct str s)
{
    struct lay_text t = {0};
    struct lay_line n;

    text_add(l, &t, face, s, SIZE_MAX);
    if (t.n == 0)
        return 0;
    n = line_whole(l, &t, &(struct lay_set){pt, 0, false});
    double before = x - l->s->left, behind = l->s->left + l->s->width - x,
           room = align < 0   ? behind
                  : align > 0 ? before
                              : 2 * fmin(before, behind),
           k = n.width > room && room > 0 ? room / n.width : 1;
    size_t first = p->p.n_runs;
    lay_put(l, p, &t, &n, x - n.width * k * (align + 1) / 2, y, pt, colour);
    lay_narrow(l, p, first, k);
    return n.width * k;
}

void lay_narrow(struct lay *l, struct lay_page *p, size_t first, double k)
{
    double x = first < p->p.n_runs ? p->p.runs[first].x : 0;

    for (size_t i = first; k < 1 && i < p->p.n_runs; i++) {
        struct layout_run *r = &p->p.runs[i];
        float *advance = ARENA_ARRAY(l->a, float, r->n);
        for (size_t c = 0; c < r->n; c++)
            advance[c] = (float)((double)r->advance[c] * k);
        r->advance = advance;
        r->narrow *= k;
        r->x = x + (r->x - x) * k;
    }
}

/* ---- flowing text ---- */

/* A page that ends inside a sentence: back to the line in which the last whole one ended. SIZE_MAX: it is longer than what is here. */
static size_t sentence_line(
    const struct lay_text *t, const struct lay_line *v, size_t n, size_t *at)
{
    for (size_t i = n; i-- > 0;)
        for (size_t k = v[i].end; k > v[i].begin; k--)
            if (text_sentence_ends(t, k)) {
                *at = k;
                return i;
            }
    return SIZE_MAX;
}

struct flow {
    struct lay *l;
    const struct lay_text *t;
    const struct lay_para *p;
    struct lay_set set;
    double em, step;
};

static struct lay_line next_line(const struct flow *f, size_t from, bool first)
{
    double left = first ? f->p->indent : f->p->hang,
           width = f->p->width > 0 ? f->p->width : f->l->s->width;
    return line_break(f->l, f->t, from, width - left, &f->set);
}

static void put_line(const struct flow *f, const struct lay_line *n, bool first)
{
    double left = first ? f->p->indent : f->p->hang;
    struct lay_page *p = lay_now(f->l);

    lay_put(f->l, p, f->t, n, f->l->s->left + left, f->l->y, f->p->pt, BLACK);
    p->p.lines++;
    f->l->y += f->step;
}

static size_t fit(const struct flow *f)
{
    double room = f->l->bottom + EPS - f->l->y;
    return room < f->em ? 0 : (size_t)floor((room - f->em) / f->step) + 1;
}

/* Lines that are known to stand on one page, the last of them ended by a sentence where that is wanted. */
static size_t put_page(const struct flow *f, size_t from, bool *first)
{
    size_t room = fit(f), n = 0, cap = 0, at = 0, last;
    struct lay_line *v = NULL;
    bool whole;

    for (size_t i = from; n < room && i < f->t->n; i = v[n - 1].next) {
        struct lay_line line = next_line(f, i, *first && n == 0);
        ARENA_PUSH(f->l->a, v, n, cap) = line;
    }
    whole = n == 0 || v[n - 1].next >= f->t->n;
    last = whole || !f->p->sentences ? SIZE_MAX : sentence_line(f->t, v, n, &at);
    if (f->p->sentences && !whole && last == SIZE_MAX && lay_now(f->l)->p.lines > 0)
        return from; /* the sentence begins on the next page */
    for (size_t i = 0; i < n && i <= last; i++) {
        if (i == last)
            v[i].end = v[i].next = at;
        put_line(f, &v[i], *first && i == 0);
    }
    if (n > 0)
        *first = false;
    return n == 0 ? from : v[last == SIZE_MAX ? n - 1 : last].next;
}

void lay_paragraph(struct lay *l, const struct lay_text *t, const struct lay_para *p)
{
    double em = p->pt * MM_PER_PT;
    struct flow f = {l, t, p, {p->pt, 0, true}, em, em + l->gap};
    bool first = true;

    if (p->pt == l->s->text_pt)
        f.set.spread = l->pitch - em;
    lay_now(l);
    for (size_t i = 0; i < t->n && !l->too_long;) {
        size_t next = put_page(&f, i, &first);
        if (next < t->n)
            lay_new_page(l);
        i = next;
    }
}

static enum face face_of(const struct lay *l, int level)
{
    return l->d->form == OFFICIAL_READING && level == 0 ? FACE_FANG
           : level == 1 || level == OFFICIAL_ARTICLE    ? FACE_HEI
           : level == 2                                 ? FACE_KAI
                                                        : FACE_FANG;
}

static void block_text(struct lay *l, const struct official_block *b, struct lay_text *t)
{
    size_t head = b->level > 0 ? b->head : 0, from = b->to > b->from ? b->from : SIZE_MAX;

    text_add(l, t, face_of(l, b->level), str_sub(b->text, 0, head), from);
    text_add(
        l, t, FACE_FANG, str_sub(b->text, head, SIZE_MAX), from == SIZE_MAX ? from : from + head);
}

static bool is_text(const struct official_block *b)
{
    return b->kind == OFFICIAL_PARA || b->kind == OFFICIAL_FLUSH;
}

static bool is_heading(const struct official_block *b)
{
    return is_text(b) && b->level > 0 && b->head >= b->text.n;
}

/* Lines that a block takes; of one that is no heading, to the end of its first sentence. */
static size_t lines_kept(struct lay *l, const struct official_block *b)
{
    struct lay_set set = {l->s->text_pt, l->pitch - l->em, true};
    struct lay_text t = {0};
    size_t lines = 0;

    block_text(l, b, &t);
    for (size_t i = 0; i < t.n;) {
        double left = i == 0 && b->kind == OFFICIAL_PARA ? 2 * l->pitch : 0;
        struct lay_line n = line_break(l, &t, i, l->s->width - left, &set);
        lines++;
        for (size_t k = n.begin + 1; k <= n.end && !is_heading(b); k++)
            if (text_sentence_ends(&t, k))
                return lines;
        i = n.next;
    }
    return lines;
}

/* A heading is not left alone at the foot; in a reading copy, where no sentence is parted, it goes with the whole first sentence below it. */
static void keep_heading(struct lay *l, const struct official_block *v, size_t n)
{
    size_t lines = 2, i = 0;

    if (l->d->form == OFFICIAL_READING) {
        for (lines = 0; i < n && is_heading(&v[i]); i++)
            lines += lines_kept(l, &v[i]);
        if (i < n && is_text(&v[i]))
            lines += lines_kept(l, &v[i]);
        if (lines > (size_t)l->s->rows)
            lines = 2;
    }
    lay_need(l, l->line * (double)(lines - 1) + l->em);
}

static void paragraph(struct lay *l, const struct official_block *b)
{
    struct lay_text t = {0};
    struct lay_para p = {.pt = l->s->text_pt, .sentences = l->d->form == OFFICIAL_READING};

    block_text(l, b, &t);
    if (b->kind == OFFICIAL_PARA)
        p.indent = 2 * l->pitch;
    lay_paragraph(l, &t, &p);
}

static bool is_chapter(const struct official_block *b)
{
    return b->kind == OFFICIAL_CENTRED && b->level > 0;
}

/* 第一章, the 第一节 below it, and a line of what they stand over. */
static void keep_chapter(struct lay *l, const struct official_block *v, size_t n)
{
    size_t lines = 1;

    for (size_t i = 0; i < n && is_chapter(&v[i]); i++)
        lines++;
    lay_need(l, l->line * (double)(lines - 1) + l->em);
}

static void centred(struct lay *l, const struct official_block *b, enum face face)
{
    struct lay_text t = {0};
    struct lay_set set = {l->s->text_pt, l->pitch - l->em, false};

    text_add(l, &t, face, b->text, b->to > b->from ? b->from : SIZE_MAX);
    for (size_t i = 0; i < t.n;) {
        struct lay_line n = line_break(l, &t, i, l->s->width, &set);
        struct lay_page *p;
        lay_need(l, l->em);
        p = lay_now(l);
        lay_put(l, p, &t, &n, l->s->left + (l->s->width - n.width) / 2, l->y, l->s->text_pt, BLACK);
        p->p.lines++;
        l->y += l->line;
        i = n.next;
    }
}

/* Never parted, and not from its caption. */
static void picture(struct lay *l, const struct official_block *b, bool captioned)
{
    double width, height, room = l->s->height - (captioned ? l->line : 0);
    struct lay_page *p;

    if (!official_picture_size(b, l->s->width, room, &width, &height)) {
        lay_note(l, b->text.n ? arena_printf(l->a, "没有图片“%.*s”，没有排入", SF(b->text))
                              : S("一幅图片不是PNG，没有排入"));
        return;
    }
    lay_need(l, height + (captioned ? l->line : 0));
    p = lay_now(l);
    ARENA_PUSH(l->a, p->p.pictures, p->p.n_pictures, p->cap_pictures) = (struct layout_picture){
        l->s->left + (l->s->width - width) / 2, l->y, width, height, b->png, b->link};
    p->p.lines++;
    l->y += ceil((height + l->gap) / l->line) * l->line; /* what follows stands on the grid again */
}

void lay_blocks(struct lay *l, const struct official_block *v, size_t n)
{
    for (size_t i = 0; i < n && !l->too_long; i++)
        switch (v[i].kind) {
        case OFFICIAL_TABLE:
            lay_table(l, &v[i].table);
            break;
        case OFFICIAL_PICTURE:
            picture(l, &v[i], i + 1 < n && v[i + 1].kind == OFFICIAL_CAPTION);
            break;
        case OFFICIAL_CENTRED:
            if (is_chapter(&v[i]))
                keep_chapter(l, v + i, n - i);
            centred(l, &v[i], v[i].level == 2 ? FACE_KAI : FACE_HEI);
            break;
        case OFFICIAL_CAPTION:
            centred(l, &v[i], FACE_KAI);
            break;
        case OFFICIAL_PARA:
        case OFFICIAL_FLUSH:
            if (is_heading(&v[i]))
                keep_heading(l, v + i, n - i);
            paragraph(l, &v[i]);
            break;
        }
}

/* ---- all of it ---- */

static enum code check_style(const struct official_style *s, struct err *e)
{
    double em = s->text_pt * MM_PER_PT;

    if (s->width <= 0 || s->height <= 0 || s->columns < 5 || s->rows < 3 || s->text_pt < 5 ||
        s->text_pt > 72 || s->left + s->width > s->paper_width ||
        s->top + s->height > s->paper_height)
        return FAIL(e, E_INPUT, "版心 %.1f×%.1f mm 放不进 %.0f×%.0f mm 的纸，请改页边或纸张",
            s->width, s->height, s->paper_width, s->paper_height);
    if (em * s->columns > s->width * 1.1 || em * s->rows > s->height)
        return FAIL(e, E_INPUT, "版心排不下每页%d行、每行%d字的%.0f磅字，请改字号、行数或字数",
            s->rows, s->columns, s->text_pt);
    return OK;
}

static void measures(struct lay *l)
{
    const struct official_style *s = l->s;

    l->em = s->text_pt * MM_PER_PT;
    l->pitch = (s->width - l->em) / (s->columns - 1);
    l->line = (s->height - l->em) / (s->rows - 1);
    l->gap = l->line - l->em;
    l->bottom = s->top + s->height;
}

static void finish(struct lay *l, struct layout *out)
{
    out->width = l->s->paper_width;
    out->height = l->s->paper_height;
    out->pages = ARENA_ARRAY(l->a, struct layout_page, l->n_pages);
    out->n = l->n_pages;
    for (size_t i = 0; i < l->n_pages; i++)
        out->pages[i] = l->pages[i].p;
    out->n_faces = faces_used(l->f, l->a, &out->faces);
    out->notes = l->notes;
    out->n_notes = l->n_notes;
    out->addressee_below = l->addressee_below;
    out->rows = l->s->rows;
}

static void lay_out(struct lay *l)
{
    measures(l);
    lay_head(l);
    lay_blocks(l, l->d->blocks, l->d->n);
    lay_tail(l);
    lay_carried(l);
    lay_annexes(l);
    lay_foot(l);
}

/* On pre-printed paper everything moves by what the printer is off. */
static void shift(struct layout *out, double x, double y)
{
    for (size_t i = 0; i < out->n; i++) {
        struct layout_page *p = &out->pages[i];
        for (size_t k = 0; k < p->n_runs; k++) {
            p->runs[k].x += x;
            p->runs[k].y += y;
        }
        for (size_t k = 0; k < p->n_rules; k++) {
            p->rules[k].x1 += x;
            p->rules[k].x2 += x;
            p->rules[k].y1 += y;
            p->rules[k].y2 += y;
        }
        for (size_t k = 0; k < p->n_pictures; k++) {
            p->pictures[k].x += x;
            p->pictures[k].y += y;
        }
    }
}

enum code layout_make(struct arena *a, struct faces *f, const struct official *d,
    const struct official_style *s, struct layout *out, struct err *e)
{
    static const int by[] = {1, -1, 2, -2, -3, -4, -5, -6};
    struct official_style own = *s;
    struct lay first = {.a = a,
                   .f = f,
                   .d = d,
                   .whole = d,
                   .s = &own,
                   .addressee_below = d->addressee_below},
               l = first;

    TRY(official_check(d, e));
    TRY(check_style(s, e));
    lay_out(&l);
    /* No page with a signature and no text (7.3.5.5): narrower lines bring it back, wider ones carry text over; never “此页无正文”. */
    for (size_t i = 0; l.alone && i < sizeof by / sizeof *by && s->rows + by[i] > 5; i++) {
        own.rows = s->rows + by[i];
        l = first;
        lay_out(&l);
        if (!l.alone)
            lay_note(
                &l, arena_printf(a,
                        "署名和成文日期原来独占一页，已把每页%d行调为%d行（GB/T 9704 7.3.5.5）",
                        s->rows, own.rows));
    }
    if (l.too_long)
        return FAIL(e, E_LIMIT, "排出来超过%d页，请分成几份", LAYOUT_PAGES_MAX);
    finish(&l, out);
    if (s->preprinted)
        shift(out, s->shift_x, s->shift_y);
    return OK;
}
