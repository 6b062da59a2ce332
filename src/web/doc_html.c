#include "web/doc_html.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { OUTLINE_MAX = 400, ADDRESSEE_CP_MAX = 80, SIGNATURE_CP_MAX = 30 };

struct writer {
    struct arena *a;
    struct buf b;
    const struct span *spans;
    size_t n, at;
    int64_t cp; /* of the plain text */
    int hits;
    const struct span *open;
    bool in_table;
    struct doc_view *out;
    size_t cap_outline;
};

static int by_place(const void *x, const void *y)
{
    const struct span *a = x, *b = y;
    if (a->begin_cp != b->begin_cp)
        return a->begin_cp < b->begin_cp ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

static void put_id(struct writer *w, const struct span *s)
{
    if (s->kind == SPAN_HIT)
        buf_printf(&w->b, "hit%d", ++w->hits);
    else
        buf_printf(&w->b, "%c%d", s->kind == SPAN_CITE ? 'c' : 's', s->number);
}

static void close_span(struct writer *w)
{
    if (!w->open)
        return;
    buf_z(&w->b, w->open->kind == SPAN_HIT                       ? "</mark>"
                 : w->open->kind == SPAN_CITE && w->open->href.n ? "</a>"
                                                                 : "</span>");
    w->open = NULL;
}

static void open_span(struct writer *w, const struct span *s)
{
    if (s->kind == SPAN_HIT) {
        buf_z(&w->b, "<mark id=\"");
        put_id(w, s);
        buf_z(&w->b, "\">");
    } else if (s->kind == SPAN_CITE && s->href.n) {
        buf_z(&w->b, "<a class=\"src\" id=\"");
        put_id(w, s);
        buf_z(&w->b, "\" href=\"");
        html_str(&w->b, s->href);
        buf_z(&w->b, "\">");
    } else {
        buf_z(&w->b, "<span class=\"src\" id=\"");
        put_id(w, s);
        buf_z(&w->b, "\">");
    }
    w->open = s;
}

static void anchor(struct writer *w, const struct span *s)
{
    buf_z(&w->b, "<span id=\"");
    put_id(w, s);
    buf_z(&w->b, "\"></span>");
}

/* A hit takes the place of a citation or source that is open; else the open one goes on. */
static void spans_here(struct writer *w)
{
    if (w->open && w->open->end_cp <= w->cp)
        close_span(w);
    for (; w->at < w->n && w->spans[w->at].begin_cp <= w->cp; w->at++) {
        const struct span *s = &w->spans[w->at];
        bool hit = s->kind == SPAN_HIT;
        if (s->end_cp <= w->cp || (w->open && !hit)) {
            anchor(w, s);
        } else if (!w->open || w->open->kind != SPAN_HIT) {
            close_span(w);
            open_span(w, s);
        } else {
            w->hits++; /* overlapping hits read as one mark but keep their numbers */
        }
    }
}

static void put_text(struct writer *w, struct str s, bool cells)
{
    size_t off = 0;
    while (off < s.n) {
        size_t from = off;
        uint32_t u = utf8_next(s, &off);
        spans_here(w);
        if (u == '\t' && cells) {
            close_span(w);
            buf_z(&w->b, "</td><td>");
        } else {
            html_str(&w->b, str_sub(s, from, off - from));
        }
        w->cp++;
    }
    if (w->open && w->open->end_cp <= w->cp)
        close_span(w);
    close_span(w); /* a span never leaves its block */
}

static void end_table(struct writer *w)
{
    if (w->in_table)
        buf_z(&w->b, "</table>");
    w->in_table = false;
}

static void put_heading(struct writer *w, const struct block *k, const char *tag)
{
    size_t no = w->out->n_outline + 1;
    if (no <= OUTLINE_MAX) {
        struct str id = arena_printf(w->a, "h%zu", no);
        int level = k->kind == BLOCK_TITLE || k->level < 1 ? 1 : k->level > 4 ? 4 : k->level;
        buf_printf(&w->b, "<%s id=\"%.*s\">", tag, SF(id));
        ARENA_PUSH(w->a, w->out->outline, w->out->n_outline, w->cap_outline) =
            (struct outline_row){k->text, level, id};
    } else {
        buf_printf(&w->b, "<%s>", tag);
    }
    put_text(w, k->text, false);
    buf_printf(&w->b, "</%s>", tag);
}

static bool is_date_line(struct str s)
{
    s = str_trim(s);
    return str_ends(s, S("日")) && utf8_len_cp(s) <= 14 && str_has(s, S("年")) &&
           str_has(s, S("月"));
}

/* The addressee at the head and the date at the foot stand as in print. */
static const char *para_open(const struct doc *d, size_t i)
{
    struct str s = str_trim(d->blocks[i].text);
    size_t cp = utf8_len_cp(s);
    if (is_date_line(s))
        return "<p class=\"r\">";
    if (i + 1 < d->n && is_date_line(d->blocks[i + 1].text) && cp <= SIGNATURE_CP_MAX &&
        !str_ends(s, S("。")))
        return "<p class=\"r\">";
    if (i < 12 && cp <= ADDRESSEE_CP_MAX && (str_ends(s, S("：")) || str_ends(s, S(":"))))
        return "<p class=\"n\">";
    return "<p>";
}

static void put_block(struct writer *w, const struct doc *d, size_t i)
{
    static const char *const headings[] = {"h3", "h3", "h4", "h5"};
    const struct block *k = &d->blocks[i];
    if (k->kind != BLOCK_ROW)
        end_table(w);
    switch (k->kind) {
    case BLOCK_TITLE:
        buf_z(&w->b, "<h2 class=\"t\">");
        put_text(w, k->text, false);
        buf_z(&w->b, "</h2>");
        break;
    case BLOCK_HEADING:
        put_heading(w, k, headings[k->level < 1 ? 0 : k->level > 3 ? 3 : k->level]);
        break;
    case BLOCK_ROW:
        if (!w->in_table)
            buf_z(&w->b, "<table>");
        w->in_table = true;
        buf_z(&w->b, "<tr><td>");
        put_text(w, k->text, true);
        buf_z(&w->b, "</td></tr>");
        break;
    case BLOCK_NOTE:
        buf_z(&w->b, "<p class=\"side\">");
        put_text(w, k->text, false);
        buf_z(&w->b, "</p>");
        break;
    case BLOCK_ATTACH:
        put_heading(w, k, "div");
        break;
    case BLOCK_PARA:
        buf_z(&w->b, para_open(d, i));
        put_text(w, k->text, false);
        buf_z(&w->b, "</p>");
        break;
    }
    buf_char(&w->b, '\n');
}

/* The highest level that occurs becomes 1. */
static void level_outline(struct doc_view *out)
{
    int64_t least = 9;
    for (size_t i = 0; i < out->n_outline; i++)
        if (out->outline[i].level < least)
            least = out->outline[i].level;
    for (size_t i = 0; i < out->n_outline; i++)
        out->outline[i].level -= least - 1;
}

void doc_html(
    struct arena *a, const struct doc *d, struct span *spans, size_t n_spans, struct doc_view *out)
{
    struct writer w = {.a = a, .spans = spans, .n = n_spans, .out = out};
    memset(out, 0, sizeof(*out));
    buf_init(&w.b, 0);
    if (n_spans > 0)
        qsort(spans, n_spans, sizeof(*spans), by_place);
    for (size_t i = 0; i < d->n; i++) {
        put_block(&w, d, i);
        w.cp++; /* the line end between blocks */
    }
    end_table(&w);
    level_outline(out);
    out->body.s = arena_str(a, buf_view(&w.b));
    buf_release(&w.b);
}
