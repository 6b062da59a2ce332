/* Tables: the width of the text area shared out by what stands in the columns, rows that go over pages with their heads. Where rows that belong together
 * are higher than half a page they are parted: first between rows, and a row that no page holds between two lines of its text. */
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
    size_t n_heads; /* rows that stand on every page */
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
        if (k->n >= CELL_LINES_MAX)
            g->l->too_long = true;
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

static void put_line(struct grid *g, size_t r, size_t c, size_t i, double y)
{
    const struct cell *k = &g->cells[r * g->t->n_columns + c];
    double room = k->width - k->lines[i].width, x = g->x[c] + PAD;

    if (r < g->t->n_heads ||
        (k->n == 1 && (is_number(&k->texts[i]) || k->lines[i].width < 8 * g->em)))
        x += room / 2;
    lay_put(g->l, lay_now(g->l), &k->texts[i], &k->lines[i], x, y, g->pt, BLACK);
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
    for (size_t i = 0; i < k->n; i++)
        put_line(g, r, c, i, top + (double)i * g->step);
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

/* Rows that cells tie together. */
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
    return h;
}

static double heads(struct grid *g, double y)
{
    for (size_t r = 0; r < g->n_heads; r++)
        y = put_row(g, r, y);
    return y;
}

/* ---- rows that are parted ----
 * A row is so many slots, each with room for one line of each of its cells; a cell over several rows has the slots of all of them. So whatever is cut
 * between two slots cuts no line, in no column. */

struct slots {
    size_t first, n; /* rows */
    size_t *begin;   /* of each row, and the end of the last: n + 1 */
    double page;     /* what a fresh page holds below its heads */
    double top, y;   /* of what stands on this page */
    bool fresh;      /* nothing stands on it but heads */
};

static size_t row_slots(const struct grid *g, size_t r)
{
    size_t most = 1;

    for (size_t c = 0; c < g->t->n_columns; c++)
        if (!at(g, r, c)->covered && down(g, r, c) == 1 &&
            g->cells[r * g->t->n_columns + c].n > most)
            most = g->cells[r * g->t->n_columns + c].n;
    return most;
}

/* What a cell over several rows wants more than they have is had by its last row. */
static void count_slots(const struct grid *g, struct slots *s)
{
    size_t *own = ARENA_ARRAY(g->l->a, size_t, s->n);

    s->begin = ARENA_ARRAY(g->l->a, size_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        own[i] = row_slots(g, s->first + i);
    for (size_t i = 0; i < s->n; i++)
        for (size_t c = 0; c < g->t->n_columns; c++) {
            size_t r = s->first + i, n = down(g, r, c), all = 0;
            if (at(g, r, c)->covered || n == 1)
                continue;
            for (size_t k = 0; k < n; k++)
                all += own[i + k];
            if (g->cells[r * g->t->n_columns + c].n > all)
                own[i + n - 1] += g->cells[r * g->t->n_columns + c].n - all;
        }
    for (size_t i = 0; i < s->n; i++)
        s->begin[i + 1] = s->begin[i] + own[i];
}

static double pads(const struct grid *g)
{
    return 2 * PAD_LINE + 1 - (g->step - g->em);
}

/* Of slots [from, to), which lie in the rows from `row` on. */
static double slots_high(
    const struct grid *g, const struct slots *s, size_t row, size_t from, size_t to)
{
    double h = (double)(to - from) * g->step;

    for (size_t i = row; i < s->n && s->begin[i] < to; i++)
        h += pads(g);
    return h;
}

/* The part of a cell that lies in slots [from, to) of this page, whose uppermost row is `row`. */
static void put_piece(
    struct grid *g, const struct slots *s, size_t i, size_t c, size_t row, size_t from, size_t to)
{
    size_t r = s->first + i, end = i + down(g, r, c);
    size_t a = s->begin[i] > from ? s->begin[i] : from, b = s->begin[end] < to ? s->begin[end] : to;
    const struct cell *k = &g->cells[r * g->t->n_columns + c];
    double right = g->x[c + across(g, r, c)], y0, y1;

    if (a >= b)
        return;
    y0 = s->y + (a > from ? slots_high(g, s, row, from, a) : 0);
    y1 = s->y + slots_high(g, s, row, from, b);
    for (size_t x = a; x < b && x - s->begin[i] < k->n; x++)
        put_line(g, r, c, x - s->begin[i],
            s->y + slots_high(g, s, row, from, x + 1) - (g->step + pads(g) / 2) +
                (g->step - g->em) / 2);
    if (b == s->begin[end])
        lay_rule(g->l, lay_now(g->l), (struct layout_rule){g->x[c], y1, right, y1, INNER, BLACK});
    if (c + across(g, r, c) < g->t->n_columns)
        lay_rule(g->l, lay_now(g->l), (struct layout_rule){right, y0, right, y1, INNER, BLACK});
}

/* Where this page ends: behind the last whole row it holds, if a page holds the next one; else within that. */
static size_t cut(const struct grid *g, const struct slots *s, size_t row, size_t from)
{
    double room = g->l->bottom - s->y;
    size_t i = row, to;

    while (i < s->n && slots_high(g, s, row, from, s->begin[i + 1]) <= room)
        i++;
    if (i == s->n)
        return s->begin[i];
    to = s->begin[i] > from ? s->begin[i] : from;
    if (i > row || !s->fresh) {
        size_t begin = to;
        if (slots_high(g, s, i, begin, s->begin[i + 1]) <= s->page)
            return to;
    }
    while (to < s->begin[i + 1] && slots_high(g, s, row, from, to + 1) <= room)
        to++;
    return to > from || !s->fresh ? to : from + 1; /* a page holds one line whatever it is */
}

static double put_parted(struct grid *g, size_t first, size_t n, double *top, double y)
{
    struct slots s = {.first = first, .n = n, .top = *top, .y = y};
    size_t row = 0, from = 0;
    double high = 0;

    for (size_t r = 0; r < g->n_heads; r++)
        high += g->heights[r];
    s.page = g->l->s->height - high;
    s.fresh = y - high < g->l->s->top + 0.01;
    count_slots(g, &s);
    while (from < s.begin[n] && !g->l->too_long) {
        size_t to = cut(g, &s, row, from);
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < g->t->n_columns && s.begin[i] < to; c++)
                if (!at(g, first + i, c)->covered)
                    put_piece(g, &s, i, c, row, from, to);
        s.y += to > from ? slots_high(g, &s, row, from, to) : 0;
        lay_now(g->l)->p.lines += to > from;
        from = to;
        while (row < n && s.begin[row + 1] <= from)
            row++;
        if (from == s.begin[n])
            break;
        if (s.y > s.top)
            frame(g, s.top, s.y);
        lay_new_page(g->l);
        s.top = g->l->y;
        s.y = heads(g, s.top);
        s.fresh = true;
    }
    *top = s.top;
    return s.y;
}

/* Heads stand again on every page unless they would take most of it, or one of their cells goes down into the rows below: then they are rows
 * like others, cut where those are. */
static void repeat_heads(struct grid *g)
{
    double h = 0;
    size_t n = g->t->n_heads < g->t->n_rows ? g->t->n_heads : g->t->n_rows;
    bool tied_below = false;

    for (size_t r = 0; r < n; r++) {
        h += g->heights[r];
        for (size_t c = 0; c < g->t->n_columns; c++)
            tied_below = tied_below || (!at(g, r, c)->covered && r + down(g, r, c) > n);
    }
    g->n_heads = tied_below || h > g->l->s->height / 3 ? 0 : n;
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
    repeat_heads(&g);
    lay_need(l, 3 * l->line);
    top = l->y;
    y = heads(&g, top);
    for (size_t r = g.n_heads; r < t->n_rows && !l->too_long; r += n) {
        double h = tied(&g, r, &n);
        if (y + h > l->bottom && h > l->s->height / 2) {
            y = put_parted(&g, r, n, &top, y);
            continue;
        }
        if (y + h > l->bottom && (y > top || top > l->s->top + 0.01)) {
            if (y > top)
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
