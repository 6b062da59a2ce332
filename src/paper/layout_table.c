/* Tables: the width of the text area shared out by what stands in the columns, rows that go over pages with their heads. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/layout_int.h"

#define PAD       1.2 /* mm at the left and right of a cell */
#define PAD_LINE  1.0 /* above and below */
#define OUTER     0.35
#define INNER     0.2
#define CELL_MOST 60.0 /* ems: a longer text does not make its column wider */

enum { CELL_LINES_MAX = 2000 };

struct cell {
    struct lay_text *texts; /* by its own lines */
    struct lay_line *lines;
    size_t n;
    double width;
};
struct grid {
    struct lay *l;
    const struct official_table *t;
    double pt, em, step;
    double x[OFFICIAL_COLUMNS_MAX + 1];
    struct cell *cells;
    double *heights;
};

static const struct official_cell *at(const struct grid *g, size_t r, size_t c)
{
    return &g->t->cells[r * g->t->n_columns + c];
}

static size_t across(const struct grid *g, size_t r, size_t c)
{
    size_t n = at(g, r, c)->across > 1 ? (size_t)at(g, r, c)->across : 1;
    return c + n > g->t->n_columns ? g->t->n_columns - c : n;
}

static size_t down(const struct grid *g, size_t r, size_t c)
{
    size_t n = at(g, r, c)->down > 1 ? (size_t)at(g, r, c)->down : 1;
    return r + n > g->t->n_rows ? g->t->n_rows - r : n;
}

/* The longest line of a cell in ems, at least two characters. */
static double longest(struct grid *g, struct str s)
{
    double most = 2;
    struct str line;

    while (str_next(&s, S("\n"), &line)) {
        double em = 0;
        for (size_t off = 0; off < line.n;)
            em += face_glyph(g->l->f, FACE_FANG, utf8_next(line, &off))->em;
        most = fmax(most, em);
    }
    return fmin(most, CELL_MOST);
}

/* Columns get what they need where there is room; where there is not, in proportion to the square root: a column of numbers stays whole beside
 * one of sentences. */
static void columns(struct grid *g)
{
    const struct official_table *t = g->t;
    double want[OFFICIAL_COLUMNS_MAX] = {0}, all = 0, least = 0, roots = 0, width = g->l->s->width;

    for (size_t c = 0; c < t->n_columns; c++) {
        want[c] = 2;
        for (size_t r = 0; r < t->n_rows && r < 2000; r++)
            if (!at(g, r, c)->covered && across(g, r, c) == 1)
                want[c] = fmax(want[c], longest(g, at(g, r, c)->text));
        want[c] = want[c] * g->em + 2 * PAD;
        all += want[c];
        least += fmin(want[c], 3 * g->em + 2 * PAD);
        roots += sqrt(want[c]);
    }
    g->x[0] = g->l->s->left;
    for (size_t c = 0; c < t->n_columns; c++) {
        double base = fmin(want[c], 3 * g->em + 2 * PAD), w;
        if (t->weights)
            w = width * t->weights[c];
        else if (all <= width || least >= width)
            w = width * want[c] / all;
        else
            w = base + (width - least) * sqrt(want[c]) / roots;
        g->x[c + 1] = g->x[c] + w;
    }
    if (g->x[t->n_columns] > g->x[0]) {
        double k = width / (g->x[t->n_columns] - g->x[0]);
        for (size_t c = 1; c <= t->n_columns; c++)
            g->x[c] = g->x[0] + (g->x[c] - g->x[0]) * k;
    }
}

static void cell_lines(struct grid *g, size_t r, size_t c)
{
    struct cell *k = &g->cells[r * g->t->n_columns + c];
    struct lay_set set = {g->pt, 0, false};
    const struct official_cell *x = at(g, r, c);
    struct str rest = x->text, line;
    size_t cap = 0, cap_texts = 0, n_texts = 0;
    bool head = r < g->t->n_heads;

    k->width = g->x[c + across(g, r, c)] - g->x[c] - 2 * PAD;
    while (str_next(&rest, S("\n"), &line)) {
        struct lay_text t = {0};
        text_add(g->l, &t, head ? FACE_HEI : FACE_FANG, line, x->from ? x->from : SIZE_MAX);
        for (size_t i = 0; i < t.n && k->n < CELL_LINES_MAX;) {
            struct lay_line n = line_break(g->l, &t, i, fmax(k->width, g->em), &set);
            ARENA_PUSH(g->l->a, k->texts, n_texts, cap_texts) = t;
            ARENA_PUSH(g->l->a, k->lines, k->n, cap) = n;
            i = n.next;
        }
    }
}

static double needs(const struct grid *g, const struct cell *k)
{
    size_t n = k->n ? k->n : 1;
    return (double)(n - 1) * g->step + g->em + 2 * PAD_LINE + 1;
}

static void heights(struct grid *g)
{
    const struct official_table *t = g->t;

    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t c = 0; c < t->n_columns; c++) {
            if (at(g, r, c)->covered)
                continue;
            cell_lines(g, r, c);
            if (down(g, r, c) == 1)
                g->heights[r] = fmax(g->heights[r], needs(g, &g->cells[r * t->n_columns + c]));
        }
    for (size_t r = 0; r < t->n_rows;
         r++) /* what takes several rows makes the last of them higher */
        for (size_t c = 0; c < t->n_columns; c++) {
            double all = 0, need = needs(g, &g->cells[r * t->n_columns + c]);
            size_t n = down(g, r, c);
            if (at(g, r, c)->covered || n == 1)
                continue;
            for (size_t i = 0; i < n; i++)
                all += g->heights[r + i];
            if (need > all)
                g->heights[r + n - 1] += need - all;
        }
}

static bool is_number(const struct lay_text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!((t->v[i].cp >= '0' && t->v[i].cp <= '9') || t->v[i].cp == '.' || t->v[i].cp == ',' ||
                t->v[i].cp == '%' || t->v[i].cp == '-'))
            return false;
    return t->n > 0;
}

static void put_cell(struct grid *g, size_t r, size_t c, double y)
{
    struct lay *l = g->l;
    struct cell *k = &g->cells[r * g->t->n_columns + c];
    double height = 0, right = g->x[c + across(g, r, c)], used, top;
    struct lay_page *p = lay_now(l);

    for (size_t i = 0; i < down(g, r, c); i++)
        height += g->heights[r + i];
    used = (double)(k->n ? k->n - 1 : 0) * g->step + g->em;
    top = y + (height - used) / 2;
    for (size_t i = 0; i < k->n; i++) {
        double room = k->width - k->lines[i].width, x = g->x[c] + PAD;
        if (r < g->t->n_heads ||
            (k->n == 1 && (is_number(&k->texts[i]) || k->lines[i].width < 8 * g->em)))
            x += room / 2;
        lay_put(l, p, &k->texts[i], &k->lines[i], x, top + (double)i * g->step, g->pt, BLACK);
    }
    lay_rule(l, p, (struct layout_rule){g->x[c], y + height, right, y + height, INNER, BLACK});
    if (c + across(g, r, c) < g->t->n_columns)
        lay_rule(l, p, (struct layout_rule){right, y, right, y + height, INNER, BLACK});
}

static double put_row(struct grid *g, size_t r, double y)
{
    for (size_t c = 0; c < g->t->n_columns; c++)
        if (!at(g, r, c)->covered)
            put_cell(g, r, c, y);
    return y + g->heights[r];
}

static void frame(struct grid *g, double top, double bottom)
{
    struct lay_page *p = lay_now(g->l);
    double left = g->x[0], right = g->x[g->t->n_columns];

    lay_rule(g->l, p, (struct layout_rule){left, top, right, top, OUTER, BLACK});
    lay_rule(g->l, p, (struct layout_rule){left, bottom, right, bottom, OUTER, BLACK});
    lay_rule(g->l, p, (struct layout_rule){left, top, left, bottom, OUTER, BLACK});
    lay_rule(g->l, p, (struct layout_rule){right, top, right, bottom, OUTER, BLACK});
}

/* Rows that a page holds: those that cells tie together stay together where a page can hold them. */
static double tied(const struct grid *g, size_t r, size_t *n)
{
    size_t last = r;
    double h = 0;

    for (size_t i = r; i <= last; i++) {
        for (size_t c = 0; c < g->t->n_columns; c++)
            if (!at(g, i, c)->covered && i + down(g, i, c) - 1 > last)
                last = i + down(g, i, c) - 1;
        h += g->heights[i];
    }
    *n = last - r + 1;
    if (h > g->l->s->height / 2) { /* too many: from row to row */
        *n = 1;
        h = g->heights[r];
    }
    return h;
}

static double heads(struct grid *g, double y)
{
    for (size_t r = 0; r < g->t->n_heads && r < g->t->n_rows; r++)
        y = put_row(g, r, y);
    return y;
}

void lay_table(struct lay *l, const struct official_table *t)
{
    struct grid g = {.l = l, .t = t, .pt = t->n_columns > 8 ? 10.5 : t->n_columns > 5 ? 12 : 14};
    double y, top;
    size_t n;

    g.em = g.pt * MM_PER_PT;
    g.step = g.em * 1.35;
    g.cells = ARENA_ARRAY(l->a, struct cell, t->n_rows * t->n_columns);
    g.heights = ARENA_ARRAY(l->a, double, t->n_rows);
    columns(&g);
    heights(&g);
    lay_need(l, 3 * l->line);
    top = l->y;
    y = heads(&g, top);
    for (size_t r = t->n_heads; r < t->n_rows && !l->too_long; r += n) {
        double h = tied(&g, r, &n);
        if (y + h > l->bottom && y > top) {
            frame(&g, top, y);
            lay_new_page(l);
            top = l->y;
            y = heads(&g, top);
        }
        for (size_t i = 0; i < n; i++)
            y = put_row(&g, r + i, y);
        lay_now(l)->p.lines++;
    }
    frame(&g, top, y);
    l->y += ceil((y - l->y + l->gap) / l->line) * l->line;
}
