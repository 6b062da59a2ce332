/* struct rich through the pipe: one walk writes and reads, every number with its bounds, every text checked. */
#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/pool.h"
#include "paper/rich_int.h"

enum { TWIPS_MAX = 4000000 };

struct both {
    struct arena *a;
    struct buf *out; /* NULL: reading */
    struct str rest;
    bool bad;
};

static void number(struct both *b, int64_t *v, int64_t least, int64_t most)
{
    if (b->out) {
        *v = *v < least ? least : *v > most ? most : *v;
        buf_add(b->out, v, sizeof *v);
        return;
    }
    b->bad = b->bad || b->rest.n < sizeof *v;
    *v = least;
    if (b->bad)
        return;
    memcpy(v, b->rest.p, sizeof *v);
    b->rest = str_sub(b->rest, sizeof *v, b->rest.n);
    b->bad = *v < least || *v > most;
    if (b->bad)
        *v = least;
}

static void whole(struct both *b, int *v, int least, int most)
{
    int64_t x = *v;

    number(b, &x, least, most);
    *v = (int)x;
}

static void size(struct both *b, size_t *v, size_t most)
{
    int64_t x = (int64_t)*v;

    number(b, &x, 0, (int64_t)most);
    *v = (size_t)x;
}

static void yes(struct both *b, bool *v)
{
    int x = *v;

    whole(b, &x, 0, 1);
    *v = x != 0;
}

static void colour(struct both *b, uint32_t *v)
{
    int x = (int)(*v & 0xFFFFFF);

    whole(b, &x, 0, 0xFFFFFF);
    *v = (uint32_t)x;
}

static void bytes(struct both *b, struct str *s)
{
    size_t n = s->n;

    size(b, &n, b->out ? SIZE_MAX / 4 : b->rest.n);
    if (b->out) {
        buf_str(b->out, *s);
        return;
    }
    b->bad = b->bad || n > b->rest.n;
    *s = b->bad ? S("") : str_sub(b->rest, 0, n);
    if (!b->bad)
        b->rest = str_sub(b->rest, n, b->rest.n);
}

/* Valid UTF-8 without control characters; what writes cleans, what reads refuses. */
static void text(struct both *b, struct str *s)
{
    if (b->out) {
        struct buf clean;
        buf_init(&clean, 0);
        for (size_t i = 0; i < s->n; i++) {
            unsigned char c = (unsigned char)s->p[i];
            buf_add(&clean, c < 0x20 && c != '\n' && c != '\t' ? " " : s->p + i, 1);
        }
        if (utf8_check(buf_view(&clean)) == SIZE_MAX) {
            struct str same = buf_view(&clean);
            bytes(b, &same);
        } else { /* as long as it was: runs count its bytes */
            struct str none = {memset(clean.p, '?', clean.n), clean.n};
            bytes(b, &none);
        }
        buf_release(&clean);
        return;
    }
    bytes(b, s);
    if (!b->bad && s->n && (utf8_check(*s) != SIZE_MAX || memchr(s->p, 0, s->n))) {
        b->bad = true;
        *s = S("");
    }
}

static void *array(struct both *b, void *v, size_t *n, size_t each, size_t most)
{
    size(b, n, b->out ? most : (most < b->rest.n ? most : b->rest.n));
    if (b->bad)
        *n = 0;
    return b->out ? v : arena_array(b->a, each, *n + 1);
}

static void look(struct both *b, struct rich_look *k)
{
    text(b, &k->east);
    text(b, &k->latin);
    whole(b, &k->half_pt, 0, TWIPS_MAX);
    whole(b, &k->spacing, -TWIPS_MAX, TWIPS_MAX);
    colour(b, &k->colour);
    yes(b, &k->bold);
    yes(b, &k->italic);
    yes(b, &k->underline);
}

static void format(struct both *b, struct rich_format *f)
{
    int *const lengths[] = {&f->line, &f->before, &f->after, &f->first, &f->first_chars, &f->left,
        &f->left_chars, &f->right, &f->right_chars, &f->rule_top, &f->rule_bottom};

    whole(b, &f->align, 0, N_RICH_ALIGN - 1);
    whole(b, &f->rule, 0, N_RICH_RULE - 1);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        whole(b, lengths[i], -TWIPS_MAX, TWIPS_MAX);
    colour(b, &f->rule_colour);
    yes(b, &f->page_break);
    yes(b, &f->framed);
}

static void runs(struct both *b, struct rich_para *p, const struct rich *r)
{
    size_t sum = 0;

    p->runs = array(b, p->runs, &p->n_runs, sizeof *p->runs, p->text.n);
    for (size_t i = 0; i < p->n_runs; i++) {
        size(b, &p->runs[i].n, p->text.n);
        whole(b, &p->runs[i].look, 0, (int)r->n_looks - (r->n_looks > 0));
        whole(b, &p->runs[i].change, -1, (int)r->n_changes - 1);
        sum += p->runs[i].n;
    }
    if (!b->out && sum != p->text.n)
        b->bad = true;
    if (!b->out && p->n_runs && !r->n_looks)
        b->bad = true;
}

static void para(struct both *b, struct rich_para *p, const struct rich *r)
{
    int elem = (int)p->elem;

    whole(b, &p->place, 0, N_RICH_PLACE - 1);
    whole(b, &p->part, 0, TWIPS_MAX);
    whole(b, &elem, 0, XML_ELEMENTS_MAX);
    p->elem = (uint32_t)elem;
    text(b, &p->label);
    text(b, &p->text);
    text(b, &p->style);
    runs(b, p, r);
    whole(b, &p->level, 0, 9);
    yes(b, &p->title);
    yes(b, &p->page_field);
    yes(b, &p->drawing);
    yes(b, &p->breaks);
    yes(b, &p->fields);
    format(b, &p->f);
    whole(b, &p->mark, -1, (int)r->n_changes - 1);
    whole(b, &p->section, 0, RICH_LIST_MAX);
    whole(b, &p->table, 0, RICH_PARAS_MAX);
    whole(b, &p->row, 0, RICH_PARAS_MAX);
    whole(b, &p->column, 0, TWIPS_MAX);
    whole(b, &p->across, 0, 1000);
    yes(b, &p->covered);
}

static void comment(struct both *b, struct rich_comment *c, const struct rich *r)
{
    text(b, &c->author);
    text(b, &c->date);
    text(b, &c->text);
    yes(b, &c->placed);
    size(b, &c->para, r->n);
    size(b, &c->to_para, r->n);
    size(b, &c->from, c->para < r->n ? r->paras[c->para].text.n : 0);
    size(b, &c->to, c->to_para < r->n ? r->paras[c->to_para].text.n : 0);
}

static void section(struct both *b, struct rich_section *s)
{
    int *const lengths[] = {&s->width, &s->height, &s->top, &s->right, &s->bottom, &s->left,
        &s->header, &s->footer, &s->gutter, &s->pitch, &s->chars};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        whole(b, lengths[i], -TWIPS_MAX, TWIPS_MAX);
    whole(b, &s->grid, 0, 3);
    whole(b, &s->columns, 0, 1000);
    yes(b, &s->title_page);
    for (size_t i = 0; i < 3; i++)
        whole(b, &s->footers[i], -1, RICH_LIST_MAX);
}

static void lists(struct both *b, struct rich *r)
{
    r->looks = array(b, r->looks, &r->n_looks, sizeof *r->looks, RICH_LIST_MAX);
    for (size_t i = 0; i < r->n_looks; i++)
        look(b, &r->looks[i]);
    r->changes = array(b, r->changes, &r->n_changes, sizeof *r->changes, RICH_LIST_MAX);
    for (size_t i = 0; i < r->n_changes; i++) {
        yes(b, &r->changes[i].deleted);
        text(b, &r->changes[i].author);
        text(b, &r->changes[i].date);
    }
    r->paras = array(b, r->paras, &r->n, sizeof *r->paras, RICH_PARAS_MAX);
    for (size_t i = 0; i < r->n; i++)
        para(b, &r->paras[i], r);
    r->comments = array(b, r->comments, &r->n_comments, sizeof *r->comments, RICH_LIST_MAX);
    for (size_t i = 0; i < r->n_comments; i++)
        comment(b, &r->comments[i], r);
    r->pictures = array(b, r->pictures, &r->n_pictures, sizeof *r->pictures, RICH_LIST_MAX);
    for (size_t i = 0; i < r->n_pictures; i++) {
        struct rich_picture *p = &r->pictures[i];
        size(b, &p->para, r->n ? r->n - 1 : 0);
        size(b, &p->at, p->para < r->n ? r->paras[p->para].text.n : 0);
        text(b, &p->name);
        text(b, &p->descr);
        bytes(b, &p->bytes);
        whole(b, &p->width, 0, TWIPS_MAX);
        yes(b, &p->floating);
    }
    r->sections = array(b, r->sections, &r->n_sections, sizeof *r->sections, RICH_LIST_MAX);
    for (size_t i = 0; i < r->n_sections; i++)
        section(b, &r->sections[i]);
}

static void all(struct both *b, struct rich *r)
{
    int *const counts[] = {
        &r->tables, &r->boxes, &r->shapes, &r->footnotes, &r->formats, &r->undone, &r->formulas};

    text(b, &r->title);
    text(b, &r->author);
    text(b, &r->date);
    text(b, &r->category);
    text(b, &r->keywords);
    lists(b, r);
    yes(b, &r->even_and_odd);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        whole(b, counts[i], 0, INT32_MAX);
}

void rich_encode(struct rich *r, struct buf *out)
{
    struct both b = {.out = out};

    all(&b, r);
}

enum code rich_decode(struct arena *a, struct str s, struct rich *out, struct err *e)
{
    struct both b = {.a = a, .rest = s};

    *out = (struct rich){0};
    all(&b, out);
    if (b.bad || b.rest.n)
        return FAIL(e, E_INPUT, "读取进程的回答不合约定，文件可能是恶意构造的");
    return OK;
}

enum code rich_read(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct rich *out, struct err *e)
{
    struct doc d;

    if (pool_ask(p, a, fd, AS_RICH, 0, name, &d, e) != OK)
        return err_context(e, "文件“%.*s”", SF(name));
    if (d.n_parts != 1)
        return FAIL(e, E_IO, "读取进程的回答不合约定");
    return rich_decode(a, d.parts[0].bytes, out, e);
}

enum code rich_read_bytes(
    struct reader_pool *p, struct arena *a, struct str docx, struct rich *out, struct err *e)
{
    struct doc d;

    TRY(pool_ask_bytes(p, a, docx, AS_RICH, &d, e));
    if (d.n_parts != 1)
        return FAIL(e, E_IO, "读取进程的回答不合约定");
    return rich_decode(a, d.parts[0].bytes, out, e);
}
