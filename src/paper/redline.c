#include "paper/redline.h"

#include <string.h>

#include "base/utf8.h"
#include "paper/redline_int.h"

/* ---- weaving ---- */

/* One side: its text, with a line feed behind the last block too, so that every block has an end. */
struct side {
    const struct doc *d;
    struct str text;
    size_t block, end; /* the block that `end` is the end of */
};

static void side_init(struct arena *a, struct side *s, const struct doc *d)
{
    struct buf b = {0};

    doc_text(d, &b);
    buf_char(&b, '\n');
    *s = (struct side){.d = d, .text = arena_str(a, buf_view(&b))};
    s->end = d->n > 0 ? d->blocks[0].text.n : 0;
    buf_release(&b);
}

/* Whether the line feed at `at` ends a block; asked in ascending order. */
static bool is_end(struct side *s, size_t at)
{
    while (s->end < at && s->block + 1 < s->d->n)
        s->end += 1 + s->d->blocks[++s->block].text.n;
    return s->end == at;
}

static struct block ending(const struct side *s)
{
    return s->d->n > 0 ? s->d->blocks[s->block] : (struct block){BLOCK_PARA, 0, {"", 0}};
}

struct weaving {
    struct arena *a;
    struct red_weave *w;
    size_t first; /* piece of the paragraph that is open */
    bool joined;  /* text of the paragraph before may become part of this one: no row then */
};

static void piece(struct weaving *k, enum docx_change how, struct str text)
{
    size_t cp = utf8_len_cp(text);

    if (text.n == 0)
        return;
    *(how == DOCX_INS     ? &k->w->added_cp
        : how == DOCX_DEL ? &k->w->removed_cp
                          : &k->w->same_cp) += cp;
    ARENA_PUSH(k->a, k->w->pieces, k->w->n_pieces, k->w->cap_pieces) =
        (struct red_piece){how, text};
}

/* All of it came, or went, with its end. */
static bool is_whole(const struct red_weave *w, const struct red_para *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (w->pieces[p->first + i].how != p->mark)
            return false;
    return true;
}

static bool tabs_are_kept(const struct red_weave *w, const struct red_para *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct red_piece *x = &w->pieces[p->first + i];
        if (x->how != DOCX_KEPT && memchr(x->text.p, '\t', x->text.n))
            return false;
    }
    return p->mark == DOCX_KEPT;
}

static void end_para(struct weaving *k, enum docx_change mark, struct block b)
{
    struct red_para p = {b.kind, b.level, mark, false, k->first, k->w->n_pieces - k->first};
    bool whole = is_whole(k->w, &p);

    p.row = p.kind == BLOCK_ROW && !k->joined && (whole || tabs_are_kept(k->w, &p)) &&
            red_cells(k->w, &p) <= DOCX_COLUMNS_MAX;
    if (p.kind == BLOCK_ROW && !p.row)
        p.kind = BLOCK_PARA;
    k->joined = mark != DOCX_KEPT && !whole;
    ARENA_PUSH(k->a, k->w->paras, k->w->n_paras, k->w->cap_paras) = p;
    k->first = k->w->n_pieces;
}

/* Bytes [at, at + n) of a side, with the ends of paragraphs that it knows. */
static void stretch(struct weaving *k, struct side *s, size_t at, size_t n, enum docx_change how)
{
    size_t from = at;

    for (size_t i = at; i < at + n; i++) {
        if (s->text.p[i] != '\n' || !is_end(s, i))
            continue;
        piece(k, how, str_sub(s->text, from, i - from));
        end_para(k, how, ending(s));
        from = i + 1;
    }
    piece(k, how, str_sub(s->text, from, at + n - from));
}

/* "A" and "A\nB": what came is "\nB", as a diff sees it; for a person it is the paragraph "B\n". Moves such a change
 * one byte on, if the text behind it begins with the same line feed. */
static void settle(const struct side *x, const struct side *y, struct redline_op *ops, size_t n)
{
    for (size_t i = 1; i + 1 < n; i++) {
        struct redline_op *o = &ops[i], *before = &ops[i - 1], *behind = &ops[i + 1];
        bool added = o->kind == REDLINE_ADDED;
        size_t at = added ? o->y : o->x;
        if (o->kind == REDLINE_SAME || before->kind != REDLINE_SAME ||
            behind->kind != REDLINE_SAME || behind->x_n == 0 ||
            (added ? y : x)->text.p[at] != '\n' || x->text.p[behind->x] != '\n')
            continue;
        before->x_n++;
        before->y_n++;
        o->x++;
        o->y++;
        behind->x++;
        behind->y++;
        behind->x_n--;
        behind->y_n--;
    }
}

static bool covers(const struct redline *r, size_t x, size_t y)
{
    size_t at_x = 0, at_y = 0;

    for (size_t i = 0; i < r->n; i++) {
        const struct redline_op *o = &r->ops[i];
        if (o->x != at_x || o->y != at_y || (o->kind == REDLINE_SAME && o->x_n != o->y_n) ||
            (o->kind == REDLINE_ADDED && o->x_n > 0) || (o->kind == REDLINE_REMOVED && o->y_n > 0))
            return false;
        at_x += o->x_n;
        at_y += o->y_n;
        if (at_x > x || at_y > y)
            return false;
    }
    return at_x == x && at_y == y;
}

enum code red_weave(struct arena *a, const struct redline *r, struct red_weave *out, struct err *e)
{
    struct redline_op *ops = ARENA_ARRAY(a, struct redline_op, r->n + 2);
    struct weaving k = {.a = a, .w = out};
    struct side x, y;
    size_t n = r->n;

    *out = (struct red_weave){0};
    side_init(a, &x, r->older);
    side_init(a, &y, r->newer);
    CHECK_BUG(e, covers(r, x.text.n - 1, y.text.n - 1));
    if (n > 0)
        memcpy(ops, r->ops, n * sizeof(*ops));
    if (n > 0 && ops[n - 1].kind == REDLINE_SAME) {
        ops[n - 1].x_n++;
        ops[n - 1].y_n++;
    } else {
        ops[n++] = (struct redline_op){REDLINE_SAME, x.text.n - 1, 1, y.text.n - 1, 1};
    }
    settle(&x, &y, ops, n);
    for (size_t i = 0; i < n; i++) {
        if (ops[i].kind == REDLINE_REMOVED)
            stretch(&k, &x, ops[i].x, ops[i].x_n, DOCX_DEL);
        else
            stretch(
                &k, &y, ops[i].y, ops[i].y_n, ops[i].kind == REDLINE_ADDED ? DOCX_INS : DOCX_KEPT);
    }
    return OK;
}

/* ---- rows ---- */

bool red_cell_piece(const struct red_weave *w, const struct red_para *p, struct red_cursor *at,
    struct red_piece *out)
{
    while (at->piece < p->n) {
        const struct red_piece *x = &w->pieces[p->first + at->piece];
        struct str rest = str_sub(x->text, at->off, x->text.n);
        size_t tab = str_find(rest, S("\t"), 0);
        *out = (struct red_piece){x->how, str_sub(rest, 0, tab == SIZE_MAX ? rest.n : tab)};
        if (tab == 0) { /* the end of this cell */
            at->off++;
            return false;
        }
        at->off += out->text.n;
        if (at->off == x->text.n) {
            at->piece++;
            at->off = 0;
        }
        if (out->text.n > 0)
            return true;
    }
    at->over = true;
    return false;
}

size_t red_cells(const struct red_weave *w, const struct red_para *p)
{
    size_t n = 1;

    for (size_t i = 0; i < p->n; i++)
        n += docx_cells(w->pieces[p->first + i].text) - 1;
    return n;
}

size_t red_table(const struct red_weave *w, size_t i, size_t *columns)
{
    int level = 0;

    *columns = 1;
    for (; i < w->n_paras && w->paras[i].row; i++) {
        const struct red_para *p = &w->paras[i];
        size_t cells = red_cells(w, p);
        if (p->mark != DOCX_DEL) { /* tables are numbered as in the newer */
            if (level != 0 && p->level != level)
                break;
            level = p->level;
        }
        *columns = cells > *columns ? cells : *columns;
    }
    return i;
}

/* ---- docx ---- */

static void docx_row(
    struct docx_out *o, const struct red_weave *w, const struct red_para *p, size_t columns)
{
    struct red_cursor at = {0};
    struct red_piece x;

    docx_out_row(o, p->mark);
    while (!at.over) {
        docx_out_cell(o, columns);
        docx_out_para(o, BLOCK_ROW, 0, p->mark);
        while (red_cell_piece(w, p, &at, &x))
            docx_out_text(o, x.text, x.how);
        docx_out_para_end(o);
        docx_out_cell_end(o);
    }
    docx_out_row_end(o);
}

enum code redline_docx(struct arena *a, const struct redline *r, struct str *docx, struct err *e)
{
    struct red_weave w;
    struct docx_out o;

    TRY(red_weave(a, r, &w, e));
    docx_out_init(&o, a, r->author, r->at_ms);
    for (size_t i = 0; i < w.n_paras;) {
        const struct red_para *p = &w.paras[i];
        size_t columns, end = red_table(&w, i, &columns);
        if (end > i) {
            docx_out_table(&o, columns);
            for (; i < end; i++)
                docx_row(&o, &w, &w.paras[i], columns);
            docx_out_table_end(&o);
            continue;
        }
        docx_out_para(&o, p->kind, p->level, p->mark);
        for (size_t k = 0; k < p->n; k++)
            docx_out_text(&o, w.pieces[p->first + k].text, w.pieces[p->first + k].how);
        docx_out_para_end(&o);
        i++;
    }
    return docx_out_end(
        &o, arena_printf(a, "%.*s → %.*s", SF(r->older_name), SF(r->newer_name)), docx, e);
}
