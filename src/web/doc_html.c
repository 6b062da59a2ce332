#include "web/doc_html.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
    OUTLINE_MAX = 400,
    ADDRESSEE_CP_MAX = 80,
    SIGNATURE_CP_MAX = 30,
    COLUMNS_MAX = 64, /* of one table: what is right of them takes the width it gets */
    COLUMNS_WIDE = 6,
    FIGURE_CP_MAX = 24,
};

/* The table that is being written: how many columns it has, and the longest cell of each in characters. */
struct table_shape {
    bool open;
    int number; /* block.level of its rows */
    size_t n_columns;
    int longest[COLUMNS_MAX];
};

struct writer {
    struct arena *a;
    struct buf b;
    const struct span *spans;
    size_t n, at;
    int64_t cp; /* of the plain text */
    int hits;
    const struct span *open;
    struct table_shape table;
    size_t column;
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
        buf_printf(&w->b, "%c%d",
            s->kind == SPAN_CITE      ? 'c'
            : s->kind == SPAN_FINDING ? 'f'
                                      : 's',
            s->number);
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
    } else if (s->kind == SPAN_FINDING) {
        buf_printf(&w->b, "<span class=\"f %s\" id=\"", s->style);
        put_id(w, s);
        buf_printf(&w->b, "\" data-f=\"%d\">", s->number);
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

/* ---- tables ---- */

/* A date, a number, a document number: torn apart over two lines it cannot be read. */
static bool is_figure(struct str s)
{
    static const char fits[] =
        "0123456789.,%-+/:~ ()年月日时分至—–〔〕[]（）％．，：０１２３４５６７８９";
    bool digit = false, all = true;
    if (utf8_len_cp(s) > FIGURE_CP_MAX)
        return false;
    for (size_t off = 0; off < s.n;) {
        size_t from = off;
        uint32_t u = utf8_next(s, &off);
        digit = digit || (u >= '0' && u <= '9') || (u >= 0xFF10 && u <= 0xFF19);
        all = all && str_has(str_z(fits), str_sub(s, from, off - from));
    }
    return digit && (all || (str_has(s, S("〔")) && str_ends(s, S("号"))));
}

static struct str cell_at(struct str row, size_t from)
{
    size_t end = str_find(row, S("\t"), from);
    return str_sub(row, from, (end == SIZE_MAX ? row.n : end) - from);
}

static size_t columns_of(struct str row)
{
    size_t n = 1;
    for (size_t i = 0; i < row.n; i++)
        n += row.p[i] == '\t';
    return n;
}

/* The last cell of a short row goes on to the right edge: it says nothing about its column. */
static void measure_row(struct table_shape *t, struct str row)
{
    size_t n = columns_of(row), from = 0;
    for (size_t c = 0; c < n && c < COLUMNS_MAX; c++) {
        struct str cell = cell_at(row, from);
        int cp = (int)utf8_len_cp(cell);
        if (cp > t->longest[c] && (c + 1 < n || n == t->n_columns))
            t->longest[c] = cp;
        from += cell.n + 1;
    }
}

static void end_table(struct writer *w)
{
    if (w->table.open)
        buf_z(&w->b, "</table></div>");
    w->table.open = false;
}

static void begin_table(struct writer *w, const struct doc *d, size_t i)
{
    int number = d->blocks[i].level;
    memset(&w->table, 0, sizeof(w->table));
    w->table.open = true;
    w->table.number = number;
    size_t end = i;
    for (; end < d->n && d->blocks[end].kind == BLOCK_ROW && d->blocks[end].level == number; end++)
        if (columns_of(d->blocks[end].text) > w->table.n_columns)
            w->table.n_columns = columns_of(d->blocks[end].text);
    for (; i < end; i++)
        measure_row(&w->table, d->blocks[i].text);
    w->out->wide = w->out->wide || w->table.n_columns > COLUMNS_WIDE;
    buf_z(&w->b, "<div class=\"tw\" tabindex=\"0\"><table>");
}

/* How wide a column must be is said in classes, by its longest cell: inline styles are forbidden here. */
static void open_cell(struct writer *w, struct str cell, bool last)
{
    size_t c = w->column++;
    int longest = c < COLUMNS_MAX ? w->table.longest[c] : 0;
    const char *width = longest <= 6 || is_figure(cell) ? " nw"
                        : longest <= 10                 ? " w1"
                        : longest <= 24                 ? " w2"
                                                        : " w3";
    buf_z(&w->b, "<td");
    if (last && c + 1 < w->table.n_columns) {
        buf_printf(&w->b, " colspan=\"%zu\"", w->table.n_columns - c);
        width = ""; /* a line across the table is not as wide as its words */
    }
    if (*width)
        buf_printf(&w->b, " class=\"%s\"", width + 1);
    buf_z(&w->b, ">");
}

static void next_cell(struct writer *w, struct str row, size_t from)
{
    struct str cell = cell_at(row, from);
    open_cell(w, cell, from + cell.n >= row.n);
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
            buf_z(&w->b, "</td>");
            next_cell(w, s, off);
        } else {
            html_str(&w->b, str_sub(s, from, off - from));
        }
        w->cp++;
    }
    if (w->open && w->open->end_cp <= w->cp)
        close_span(w);
    close_span(w); /* a span never leaves its block */
}

static void put_row(struct writer *w, const struct doc *d, size_t i)
{
    struct str row = d->blocks[i].text;
    if (w->table.open && w->table.number != d->blocks[i].level)
        end_table(w);
    if (!w->table.open)
        begin_table(w, d, i);
    w->column = 0;
    buf_z(&w->b, "<tr>");
    next_cell(w, row, 0);
    put_text(w, row, true);
    buf_z(&w->b, "</td></tr>");
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
        put_row(w, d, i);
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
