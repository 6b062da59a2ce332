#include "paper/flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* COLUMN_*: how much must speak for two columns: lines on each side, and of these how many of 10 are full. */
enum {
    COLUMN_LINES = 8,
    COLUMN_LINES_MORE = 2,
    COLUMN_FULL = 6,
    COLUMN_TRIES = 24,
    COLUMN_PARTS = 8,
    CELLS_MAX = 64
};
enum { PAGES_MAX = 50000, WORDS_MAX = 20000000, MISSING_SHOWN = 10 };

struct line {
    double x0, x1, y0, y1, size;
    double height; /* of the tallest word: the same for one font size, whatever the words */
    struct str text;
    size_t page;
    int column; /* 0: the whole width, 1 and 2: left and right of a gutter; each has margins of its own */
    size_t n_cells;     /* pieces between wide gaps */
    const double *cell; /* x0 and x1 of each, if there are two or more */
    bool wide;          /* wide gaps inside, '\t' in text: a row of a table or form */
    int table; /* a row of it, numbered from 1: rows with such cells are above or below; 0: of none */
    const struct line *widest; /* row of that table */
    bool gone;                 /* page number, running head */
};

void flow_page(struct flow *f, double width, double height)
{
    struct flow_page p = {width, height, f->n_words, 0};

    if (f->n_pages >= PAGES_MAX)
        (void)JOB_FAIL(f->j, E_LIMIT, "页数超过上限 %d 页", (int)PAGES_MAX);
    else
        ARENA_PUSH(f->j->a, f->pages, f->n_pages, f->cap_pages) = p;
}

void flow_add(struct flow *f, struct flow_word w)
{
    if (f->n_pages == 0 || str_trim(w.text).n == 0 || !job_ok(f->j))
        return;
    if (!isfinite(w.x0 + w.x1 + w.y0 + w.y1 + w.size))
        return;
    if (f->n_words >= WORDS_MAX) {
        (void)JOB_FAIL(f->j, E_LIMIT, "文字超过上限 %d 段", (int)WORDS_MAX);
        return;
    }
    w.size = w.size > 0.1 ? w.size : 0.1;
    ARENA_PUSH(f->j->a, f->words, f->n_words, f->cap_words) = w;
    f->pages[f->n_pages - 1].n++;
}

/* ---- lines ---- */

static int by_y(const void *a, const void *b)
{
    const struct flow_word *x = a, *y = b;
    double p = x->y0 + x->y1, q = y->y0 + y->y1;

    return p < q ? -1 : p > q;
}

static int by_x(const void *a, const void *b)
{
    const struct flow_word *x = a, *y = b;

    return x->x0 < y->x0 ? -1 : x->x0 > y->x0;
}

static bool cjk_at_end(struct str s)
{
    size_t i = s.n;
    uint32_t cp;

    while (i > 0 && ((unsigned char)s.p[i - 1] & 0xC0) == 0x80)
        i--;
    i -= i > 0;
    if (i >= s.n)
        return false;
    cp = utf8_next(s, &i);
    return cp >= 0x2E80 || cp == 0x201C || cp == 0x201D || cp == 0x2014 || cp == 0x2026;
}

static bool cjk_at_start(struct str s)
{
    size_t off = 0;
    uint32_t cp = s.n ? utf8_next(s, &off) : 0;

    return cp >= 0x2E80 || cp == 0x201C || cp == 0x201D || cp == 0x2014 || cp == 0x2026;
}

/* Bold is often made by drawing twice, a hair apart. */
static bool drawn_twice(const struct flow_word *a, const struct flow_word *b)
{
    return str_eq(a->text, b->text) && fabs(a->x0 - b->x0) < 0.2 * a->size &&
           fabs(a->y0 - b->y0) < 0.2 * a->size;
}

/* NOLINTNEXTLINE(readability-function-cognitive-complexity): the rules of one line, in order */
static struct line make_line(struct flow *f, struct flow_word *w, size_t n, size_t page)
{
    struct line l = {
        .x1 = w->x1, .y0 = w->y0, .y1 = w->y1, .size = w->size, .page = page, .n_cells = 1};
    double cell[2 * CELLS_MAX];
    struct buf b = {0};
    const struct flow_word *last = NULL;

    if (n > 1)
        qsort(w, n, sizeof(*w), by_x);
    l.x0 = cell[0] = w->x0;
    for (size_t i = 0; i < n; i++) {
        struct str text = str_trim(w[i].text);
        double gap = last ? w[i].x0 - last->x1 : 0;
        if (last && drawn_twice(last, &w[i]))
            continue;
        if (last && gap > 2.2 * w[i].size) {
            l.wide = true;
            buf_char(&b, '\t');
            if (l.n_cells < CELLS_MAX)
                cell[2 * l.n_cells++] = w[i].x0;
        } else if (last && (gap > 0.55 * w[i].size ||
                               (gap > 0.12 * w[i].size &&
                                   !(cjk_at_end(buf_view(&b)) && cjk_at_start(text)))))
            buf_char(&b, ' ');
        buf_str(&b, text);
        l.x1 = w[i].x1 > l.x1 || i == 0 ? w[i].x1 : l.x1;
        cell[2 * l.n_cells - 1] = w[i].x1;
        l.y0 = w[i].y0 < l.y0 ? w[i].y0 : l.y0;
        l.y1 = w[i].y1 > l.y1 ? w[i].y1 : l.y1;
        l.size = w[i].size > l.size ? w[i].size : l.size;
        l.height = w[i].y1 - w[i].y0 > l.height ? w[i].y1 - w[i].y0 : l.height;
        last = &w[i];
    }
    if (l.wide && l.n_cells < CELLS_MAX)
        l.cell = memcpy(
            ARENA_ARRAY(f->j->a, double, 2 * l.n_cells), cell, 2 * l.n_cells * sizeof(*cell));
    l.text = arena_str(f->j->a, buf_view(&b));
    buf_release(&b);
    return l;
}

struct lines {
    struct flow *f;
    struct line *v;
    size_t n, cap;
    size_t page;   /* in work */
    double gutter; /* of the columns last met: where they go on, fewer lines are enough; 0: none */
};

/* Where the words of the next height begin; `w` is sorted by height. */
static size_t next_height(const struct flow_word *w, size_t begin, size_t n)
{
    double mid = (w[begin].y0 + w[begin].y1) / 2;
    size_t i = begin + 1;

    for (; i < n; i++) {
        double own = (w[i].y0 + w[i].y1) / 2;
        double small = w[i].size < w[begin].size ? w[i].size : w[begin].size;
        if (fabs(own - mid) >= 0.5 * small)
            break;
    }
    return i;
}

static void put_lines(struct lines *out, struct flow_word *w, size_t n, int column)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = next_height(w, i, n);
        struct line l = make_line(out->f, w + i, end - i, out->page);
        l.column = column;
        ARENA_PUSH(out->f->j->a, out->v, out->n, out->cap) = l;
    }
}

/* ---- two columns ---- */

/* Words of lines one below the other, none of which lies across `x`. */
struct beside {
    size_t first, n; /* words */
    size_t heights;
    double x;
};

/* The words of a region, and when two columns are believed. */
struct region {
    const struct flow_word *w; /* sorted by height */
    size_t n;
    double page_width;
    size_t need; /* lines on each side */
};

static bool lies_across(const struct flow_word *w, size_t n, double x)
{
    for (size_t i = 0; i < n; i++)
        if (w[i].x0 < x && w[i].x1 > x)
            return true;
    return false;
}

/* Is one side of the gutter prose: enough lines, most of them filled with text to the breadth of the side? */
static bool is_prose(const struct region *r, const struct beside *s, bool left)
{
    const struct flow_word *w = r->w + s->first;
    double x0 = INFINITY, x1 = -INFINITY;
    size_t lines = 0, full = 0;

    for (size_t i = 0; i < s->n; i++)
        if ((w[i].x1 <= s->x) == left) {
            x0 = w[i].x0 < x0 ? w[i].x0 : x0;
            x1 = w[i].x1 > x1 ? w[i].x1 : x1;
        }
    if (x1 - x0 < 0.25 * r->page_width)
        return false;
    for (size_t i = 0, end; i < s->n; i = end) {
        double covered = 0;
        end = next_height(w, i, s->n);
        for (size_t k = i; k < end; k++)
            if ((w[k].x1 <= s->x) == left)
                covered += w[k].x1 - w[k].x0;
        lines += covered > 0;
        full += covered > 0.75 * (x1 - x0);
    }
    return lines >= r->need && full * 10 >= lines * COLUMN_FULL;
}

/* The free room at s->x on both sides of it, in all its lines. */
static bool has_gutter(const struct region *r, const struct beside *s)
{
    double left = -INFINITY, right = INFINITY, size = 0;

    for (size_t i = s->first; i < s->first + s->n; i++) {
        if (r->w[i].x1 <= s->x)
            left = r->w[i].x1 > left ? r->w[i].x1 : left;
        else
            right = r->w[i].x0 < right ? r->w[i].x0 : right;
        size += r->w[i].size;
    }
    return right - left > 0.8 * size / (double)s->n;
}

/* Columns begin at one height, and a line or two below them on one side only are no column: a short
 * heading above, a signature below. */
static void cut_ends(const struct region *r, struct beside *s)
{
    size_t end = s->first + s->n, both_begin = end, both_end = s->first, heights = 0, tail = 0;

    for (size_t i = s->first, next; i < end; i = next) {
        bool left = false, right = false;
        next = next_height(r->w, i, end);
        for (size_t k = i; k < next; k++) {
            left = left || r->w[k].x1 <= s->x;
            right = right || r->w[k].x1 > s->x;
        }
        if (left && right) {
            both_begin = i < both_begin ? i : both_begin;
            both_end = next;
            heights += 1 + tail;
            tail = 0;
        } else {
            tail += both_end > s->first;
        }
    }
    if (tail > 2) { /* one column is longer */
        both_end = end;
        heights += tail;
    }
    s->first = both_begin < end ? both_begin : s->first;
    s->n = both_end > s->first ? both_end - s->first : 0;
    s->heights = heights;
}

/* The longest stretch of two columns at `x`. */
static void try_gutter(const struct region *r, double x, struct beside *best)
{
    struct beside s = {0, 0, 0, x};

    for (size_t i = 0, end; i <= r->n; i = end) {
        end = i < r->n ? next_height(r->w, i, r->n) : r->n + 1;
        if (i < r->n && !lies_across(r->w + i, end - i, x)) {
            s.n = end - s.first;
            s.heights++;
            continue;
        }
        if (s.heights >= r->need && s.heights > best->heights) {
            cut_ends(r, &s);
            if (s.heights >= r->need && s.heights > best->heights && has_gutter(r, &s) &&
                is_prose(r, &s, true) && is_prose(r, &s, false))
                *best = s;
        }
        s = (struct beside){i < r->n ? end : r->n, 0, 0, x};
    }
}

static struct beside find_columns(const struct lines *out, const struct flow_word *w, size_t n)
{
    struct region r = {w, n, out->f->pages[out->page].width, COLUMN_LINES};
    struct beside best = {0};
    double x0 = INFINITY, x1 = -INFINITY;

    for (size_t i = 0; i < n; i++) {
        x0 = w[i].x0 < x0 ? w[i].x0 : x0;
        x1 = w[i].x1 > x1 ? w[i].x1 : x1;
    }
    for (int i = 0; i <= COLUMN_TRIES && n >= (size_t)2 * COLUMN_LINES; i++)
        try_gutter(&r, x0 + (x1 - x0) * (0.35 + 0.3 * i / COLUMN_TRIES), &best);
    if (best.heights == 0 && out->gutter > 0) {
        r.need = COLUMN_LINES_MORE;
        try_gutter(&r, out->gutter, &best);
    }
    return best;
}

/* What stands above two columns, the left one, the right one, what stands below. */
static void put_region( // NOLINT(misc-no-recursion): COLUMN_PARTS ends it
    struct lines *out, struct flow_word *w, size_t n, int parts)
{
    struct flow *f = out->f;
    struct beside s = {0};
    struct flow_word *right;
    size_t n_left = 0, n_right = 0;

    if (parts < COLUMN_PARTS)
        s = find_columns(out, w, n);
    if (s.heights == 0) {
        put_lines(out, w, n, 0);
        return;
    }
    put_region(out, w, s.first, parts + 1);
    out->gutter = s.x;
    right = ARENA_ARRAY(f->j->a, struct flow_word, s.n);
    for (size_t i = s.first; i < s.first + s.n; i++)
        if (w[i].x1 <= s.x)
            w[s.first + n_left++] = w[i];
        else
            right[n_right++] = w[i];
    put_lines(out, w + s.first, n_left, 1);
    put_lines(out, right, n_right, 2);
    put_region(out, w + s.first + s.n, n - s.first - s.n, parts + 1);
}

static void page_lines(struct lines *out, size_t page)
{
    struct flow *f = out->f;
    struct flow_word *w = f->words ? f->words + f->pages[page].first : NULL;
    size_t count = f->pages[page].n;

    out->page = page;
    if (count == 0)
        return;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): there are words */
    qsort(w, count, sizeof(*w), by_y);
    put_region(out, w, count, 0);
}

/* ---- tables ---- */

/* The one cell of `l` above or below [x0, x1]; l->n_cells for none, SIZE_MAX for several. */
static size_t cell_at(const struct line *l, double x0, double x1)
{
    size_t found = l->n_cells;

    for (size_t i = 0; i < l->n_cells; i++)
        if (l->cell[2 * i] < x1 && x0 < l->cell[2 * i + 1])
            found = found == l->n_cells ? i : SIZE_MAX;
    return found;
}

/* Each cell of `few` stands in a cell of `many`, each in another: an empty cell leaves no trace. */
static bool fits(const struct line *few, const struct line *many)
{
    size_t last = 0;

    for (size_t i = 0; i < few->n_cells; i++) {
        size_t k = cell_at(many, few->cell[2 * i], few->cell[2 * i + 1]);
        if (k >= many->n_cells || (i > 0 && k <= last))
            return false;
        last = k;
    }
    return true;
}

static bool is_next_row(const struct line *widest, const struct line *last, const struct line *next)
{
    if (!widest->cell || !next->cell || last->page != next->page || last->column != next->column ||
        last->gone || next->gone || next->y0 - last->y0 > 6 * last->size)
        return false;
    return next->n_cells > widest->n_cells ? fits(widest, next) : fits(next, widest);
}

static void find_rows(struct line *l, size_t n)
{
    int tables = 0;

    for (size_t i = 0, end; i < n; i = end) {
        const struct line *widest = &l[i];
        for (end = i + 1; end < n && is_next_row(widest, &l[end - 1], &l[end]); end++)
            widest = l[end].n_cells > widest->n_cells ? &l[end] : widest;
        if (end - i < 2)
            continue;
        tables++;
        for (size_t k = i; k < end; k++) {
            l[k].table = tables;
            l[k].widest = widest;
        }
    }
}

/* The cells where the widest row has them. */
static void put_row(struct job *j, const struct line *l)
{
    struct str cells[CELLS_MAX], rest = l->text, text;
    size_t n = 0;
    bool placed = fits(l, l->widest);

    for (size_t i = 0; i < CELLS_MAX; i++)
        cells[i] = (struct str){"", 0};
    for (size_t i = 0; i < l->n_cells && str_next(&rest, S("\t"), &text); i++) {
        size_t to = placed ? cell_at(l->widest, l->cell[2 * i], l->cell[2 * i + 1]) : i;
        cells[to] = text;
        n = to + 1;
    }
    job_row(j, l->table, cells, placed ? l->widest->n_cells : n);
}

/* What is no row has blanks where the gaps are. */
static void blank_tabs(struct job *j, struct line *l)
{
    char *p;

    if (!l->wide || l->table > 0)
        return;
    p = arena_z(j->a, l->text);
    for (size_t i = 0; i < l->text.n; i++)
        if (p[i] == '\t')
            p[i] = ' ';
    l->text.p = p;
}

/* ---- what is no text of the document ---- */

/* The line without digits, blanks and dashes, and whether it had a digit. */
static struct str bare(struct arena *a, struct str s, bool *digit)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0, off = 0;

    *digit = false;
    while (off < s.n) {
        size_t at = off;
        uint32_t cp = utf8_next(s, &off);
        if ((cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19)) {
            *digit = true;
            continue;
        }
        if (cp <= ' ' || cp == '-' || cp == 0x3000 || (cp >= 0x2010 && cp <= 0x2015) ||
            cp == 0xB7 || cp == 0xFF0D || cp == 0x2500 || cp == '/' || cp == '|' || cp == 0x30FB ||
            cp == '_')
            continue;
        while (at < off)
            p[n++] = s.p[at++];
    }
    return (struct str){p, n};
}

static bool is_page_number(struct arena *a, struct str s)
{
    bool digit;
    struct str b = bare(a, s, &digit);

    return digit && (b.n == 0 || str_eq(b, S("第页")) || str_eq(b, S("第页共页")) ||
                        str_eq(b, S("第页，共页")) || str_eq(b, S("页")) ||
                        str_eq(b, S("共页第页")) || str_eq(b, S("Page")) || str_eq(b, S("Pageof")));
}

static bool at_edge(const struct flow *f, const struct line *l)
{
    double h = f->pages[l->page].height;

    return h > 0 && (l->y1 < 0.13 * h || l->y0 > 0.87 * h);
}

/* Marks that scanning programs put under every page: they are no text of the paper. */
static bool is_scanner_mark(struct str s)
{
    return str_has(s, S("扫描全能王")) || str_has(s, S("CamScanner")) || str_has(s, S("扫描宝")) ||
           (str_has(s, S("扫描")) && str_has(s, S("创建")) && s.n < 60);
}

struct edge {
    uint64_t hash;
    size_t line;
};

static int by_hash(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;

    return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1)
                              : (x->line < y->line ? -1 : x->line > y->line);
}

/* Lines at the edges that stand on at least three pages, and on half of them. */
static void drop_furniture(struct flow *f, struct line *l, size_t n)
{
    struct edge *edges = ARENA_ARRAY(f->j->a, struct edge, n);
    size_t n_edges = 0;

    for (size_t i = 0; i < n; i++) {
        bool digit;
        l[i].gone = is_scanner_mark(l[i].text);
        if (!at_edge(f, &l[i]))
            continue;
        l[i].gone = l[i].gone || is_page_number(f->j->a, l[i].text);
        edges[n_edges++] = (struct edge){str_hash(bare(f->j->a, l[i].text, &digit)), i};
    }
    if (n_edges > 1)
        qsort(edges, n_edges, sizeof(*edges), by_hash);
    for (size_t i = 0, k; i < n_edges; i = k) {
        size_t pages = 0, last = SIZE_MAX;
        for (k = i; k < n_edges && edges[k].hash == edges[i].hash; k++) {
            pages += l[edges[k].line].page != last;
            last = l[edges[k].line].page;
        }
        for (size_t m = i; m < k && pages >= 3 && pages * 2 >= f->n_pages; m++)
            l[edges[m].line].gone = true;
    }
}

/* ---- paragraphs ---- */

struct margins {
    double left, right;
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* The left margin: the leftmost place where lines keep beginning (a table may hang further out); the
 * right one: where all but a twentieth of the lines end. Rows of tables have no say. */
static struct margins margins_of(struct flow *f, const struct line *l, size_t n, int column)
{
    double *x0 = ARENA_ARRAY(f->j->a, double, n), *x1 = ARENA_ARRAY(f->j->a, double, n);
    double size = 0, left;
    size_t k = 0, often;

    for (size_t i = 0; i < n; i++) {
        if (l[i].gone || l[i].wide || l[i].column != column)
            continue;
        size += l[i].size;
        x0[k] = l[i].x0;
        x1[k++] = l[i].x1;
    }
    if (k == 0)
        return (struct margins){0, 0};
    size /= (double)k;
    qsort(x0, k, sizeof(*x0), by_value);
    qsort(x1, k, sizeof(*x1), by_value);
    often = k / 12 > 2 ? k / 12 : 2;
    left = x0[0];
    for (size_t i = 0; i + often <= k; i++) {
        if (x0[i + often - 1] - x0[i] < 0.6 * size) {
            left = x0[i];
            break;
        }
    }
    return (struct margins){left, x1[k - 1 - k / 20]};
}

/* A number or word that begins an item: never in the middle of a paragraph. */
static bool begins_item(struct str s)
{
    static const struct str numerals = SC("一二三四五六七八九十百零〇");
    size_t off = 0, count = 0;
    uint32_t first = s.n ? utf8_next(s, &off) : 0, last;
    bool bracket = first == 0xFF08 || first == '(', article = first == 0x7B2C; /* 第 */

    if (!bracket && !article)
        off = 0;
    while (off < s.n) {
        size_t at = off;
        (void)utf8_next(s, &off);
        if (!str_has(numerals, str_sub(s, at, off - at))) {
            off = at;
            break;
        }
        count++;
    }
    if (count == 0 || off >= s.n)
        return false;
    last = utf8_next(s, &off);
    return bracket   ? last == 0xFF09 || last == ')'
           : article ? last == 0x6761 || last == 0x7AE0 || last == 0x8282 /* 条章节 */
                     : last == 0x3001;                                    /* 、 */
}

/* 2025年1月20日 and nothing else: the day under a signature. It reaches the right margin as a full line does. */
static bool is_date(struct str s)
{
    static const struct str units[] = {SC("年"), SC("月"), SC("日")};

    for (size_t i = 0; i < 3; i++) {
        size_t digits = 0;
        s = str_trim(s);
        while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
            digits++;
        if (digits == 0 || digits > 4)
            return false;
        s = str_trim(str_sub(s, digits, s.n));
        if (!str_eat(&s, units[i]))
            return false;
    }
    return str_trim(s).n == 0;
}

static bool goes_on(
    const struct line *a, const struct line *b, const struct margins *of, double pitch)
{
    double ratio = a->height > 0 && b->height > 0 ? a->height / b->height : 1;

    if (a->wide || b->wide || ratio < 0.85 || ratio > 1.18 || is_date(a->text))
        return false;
    if ((a->column == 0) != (b->column == 0) || a->x1 < of[a->column].right - 2.3 * a->size ||
        b->x0 > of[b->column].left + 0.9 * b->size)
        return false;
    if (a->page == b->page && b->y0 - a->y0 > 1.45 * pitch)
        return false;
    return !begins_item(b->text);
}

static double usual_pitch(struct flow *f, const struct line *l, size_t n)
{
    double *d = ARENA_ARRAY(f->j->a, double, n);
    size_t k = 0;

    for (size_t i = 1; i < n; i++)
        if (!l[i].gone && l[i].page == l[i - 1].page && l[i].y0 > l[i - 1].y0)
            d[k++] = l[i].y0 - l[i - 1].y0;
    if (k == 0)
        return 1e9;
    qsort(d, k, sizeof(*d), by_value);
    return d[k / 2];
}

static void paragraphs(struct flow *f, const struct line *l, size_t n)
{
    struct margins m[3] = {margins_of(f, l, n, 0), margins_of(f, l, n, 1), margins_of(f, l, n, 2)};
    double pitch = usual_pitch(f, l, n);
    const struct line *last = NULL;
    struct buf b = {0};

    for (size_t i = 0; i < n && job_ok(f->j); i++) {
        if (l[i].gone)
            continue;
        if (last && !goes_on(last, &l[i], m, pitch)) {
            job_block(f->j, BLOCK_PARA, 0, buf_view(&b));
            buf_clear(&b);
        } else if (last && !(cjk_at_end(buf_view(&b)) || cjk_at_start(l[i].text))) {
            buf_char(&b, ' ');
        }
        if (l[i].table > 0)
            put_row(f->j, &l[i]);
        else
            buf_str(&b, l[i].text);
        last = &l[i];
    }
    job_block(f->j, BLOCK_PARA, 0, buf_view(&b));
    buf_release(&b);
}

static void report_empty_pages(struct flow *f, const struct line *l, size_t n)
{
    struct buf b = {0};
    size_t empty = 0, i = 0;

    for (size_t p = 0; p < f->n_pages; p++) {
        bool text = false;
        for (; i < n && l[i].page == p; i++)
            text = text || !l[i].gone;
        if (text)
            continue;
        if (++empty <= MISSING_SHOWN)
            buf_printf(&b, "%s%zu", b.n ? "、" : "", p + 1);
    }
    if (empty == f->n_pages && f->n_pages > 0)
        f->j->d.image_only = true;
    else if (empty > 0)
        job_warn(f->j, "第%s%s页没有文字", b.p, empty > MISSING_SHOWN ? "等" : "");
    buf_release(&b);
}

void flow_end(struct flow *f)
{
    struct lines all = {.f = f};

    for (size_t p = 0; p < f->n_pages && job_ok(f->j); p++)
        page_lines(&all, p);
    if (!job_ok(f->j))
        return;
    if (all.n > 0)
        drop_furniture(f, all.v, all.n);
    report_empty_pages(f, all.v, all.n);
    if (all.n == 0)
        return;
    find_rows(all.v, all.n);
    for (size_t i = 0; i < all.n; i++)
        blank_tabs(f->j, &all.v[i]);
    paragraphs(f, all.v, all.n);
}
