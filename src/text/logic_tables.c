#include <math.h>

#include "base/utf8.h"
#include "text/logic_int.h"
#include "text/rule_chars.h"

enum { COLUMNS_MAX = 40, ROWS_MAX = 2000 };

/* A run of rows with equally many cells; lines with a tab in them are rows as well, as pasted tables are. */
struct cell {
    size_t begin, end;
    double value, half;
    bool number, empty;
};
struct grid {
    struct checker *c;
    const struct draft *d;
    struct cell *cells; /* rows * columns */
    size_t rows, columns;
};

static struct cell *at(const struct grid *g, size_t row, size_t column)
{
    return &g->cells[row * g->columns + column];
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0x3000 || c == 0xA0;
}

static void read_cell(const struct draft *d, size_t begin, size_t end, struct cell *out)
{
    struct cell t = {.begin = begin, .end = end};
    double by = 1;
    bool point = false, any = false, minus = false;

    while (t.begin < t.end && is_blank(d->cp[t.begin]))
        t.begin++;
    while (t.end > t.begin && is_blank(d->cp[t.end - 1]))
        t.end--;
    t.empty = t.begin == t.end ||
              (t.end - t.begin <= 2 &&
                  (d->cp[t.begin] == '-' || d->cp[t.begin] == 0x2014 || d->cp[t.begin] == '/'));
    t.number = !t.empty;
    for (size_t i = t.begin; i < t.end && t.number; i++) {
        uint32_t c = d->cp[i];
        if (c >= '0' && c <= '9') {
            any = true;
            if (point)
                t.value += (double)(c - '0') * (by /= 10);
            else
                t.value = t.value * 10 + (double)(c - '0');
        } else if (c == '.' && !point && any) {
            point = true;
        } else if (c == '-' && i == t.begin) {
            minus = true;
        } else if (c != ',' || !any || point) {
            t.number = false;
        }
    }
    t.number = t.number && any && t.value < 1e15;
    t.half = 0.5 * by;
    if (minus)
        t.value = -t.value;
    *out = t;
}

static size_t count_cells(const struct draft *d, const struct draft_line *l)
{
    size_t n = 1;

    for (size_t i = l->begin; i < l->end; i++)
        n += d->cp[i] == '\t';
    return n;
}

static void read_row(struct grid *g, const struct draft_line *l, size_t row)
{
    size_t from = l->begin, column = 0;

    for (size_t i = l->begin; i <= l->end; i++)
        if (i == l->end || g->d->cp[i] == '\t') {
            read_cell(g->d, from, i, at(g, row, column++));
            from = i + 1;
        }
}

/* The text of a cell without blanks inside: 合　计. */
static bool names_total(const struct grid *g, const struct cell *t)
{
    static const struct str words[] = {SC("合计"), SC("总计"), SC("小计"), SC("共计"), SC("总数")};
    uint32_t v[3] = {0};
    size_t n = 0;

    for (size_t i = t->begin; i < t->end; i++)
        if (!is_blank(g->d->cp[i])) {
            if (n == 2)
                return false;
            v[n++] = g->d->cp[i];
        }
    for (size_t k = 0; k < COUNT(words); k++) {
        size_t off = 0;
        if (n == 2 && utf8_next(words[k], &off) == v[0] && utf8_next(words[k], &off) == v[1])
            return true;
    }
    return false;
}

static bool is_part(const struct grid *g, size_t row)
{
    return draft_is(g->d, at(g, row, 0)->begin, S("其中"));
}

/* Shares, prices, ranks and numbers of rows do not add up. */
static bool sums_column(const struct grid *g, size_t column)
{
    static const struct str words[] = {SC("率"), SC("比"), SC("占"), SC("均"), SC("单价"), SC("序"),
        SC("编号"), SC("增"), SC("降"), SC("名次"), SC("排名"), SC("指数"), SC("年"), SC("%"),
        SC("％"), SC("得分"), SC("电话"), SC("号")};
    const struct cell *head = at(g, 0, column);

    for (size_t k = 0; k < COUNT(words); k++)
        if (draft_find(g->d, head->begin, head->end, words[k]) != SIZE_MAX)
            return false;
    return true;
}

static bool equal(double x, double y, double half)
{
    return fabs(x - y) <= half + 1e-6 * fmax(fabs(x), fabs(y));
}

/* Does the total of a column follow from the rows between? 1 yes, 0 no, -1 cannot be told. */
static int column_sum(
    const struct grid *g, size_t from, size_t to, size_t total, size_t column, double *sum)
{
    const struct cell *t = at(g, total, column);
    double all = 0, half = 0, without = 0;
    size_t n = 0;
    bool whole = t->half == 0.5;

    if (!t->number)
        return -1;
    for (size_t r = from; r < to; r++) {
        const struct cell *x = at(g, r, column);
        if (x->empty)
            continue;
        if (!x->number)
            return -1;
        whole = whole && x->half == 0.5;
        all += x->value;
        half += x->half;
        without += is_part(g, r) ? 0 : x->value;
        n++;
    }
    if (n < 2)
        return -1;
    half = whole ? 0 : half + t->half;
    *sum = without;
    return equal(all, t->value, half) || equal(without, t->value, half);
}

/* What the total of a row says in most of its columns is what it is a total of. */
static void total_row(const struct grid *g, size_t from, size_t to, size_t total)
{
    size_t right = 0, wrong[COLUMNS_MAX], n_wrong = 0;
    double sums[COLUMNS_MAX];

    for (size_t k = 1; k < g->columns; k++) {
        double sum = 0;
        int yes = sums_column(g, k) ? column_sum(g, from, to, total, k, &sum) : -1;
        right += yes == 1;
        if (yes == 0) {
            sums[n_wrong] = sum;
            wrong[n_wrong++] = k;
        }
    }
    if (n_wrong == 0 || n_wrong > right + 1 || n_wrong > 3)
        return;
    for (size_t i = 0; i < n_wrong; i++) {
        const struct cell *t = at(g, total, wrong[i]);
        if (right == 0 && fabs(sums[i] - t->value) > 0.5 * fabs(t->value))
            continue; /* something else is meant */
        check_say(g->c, "A02", t->begin, t->end, "这一列各行之和是%.12g", sums[i]);
    }
}

static void total_rows(const struct grid *g)
{
    size_t from = 1, found = 0, first = 0;

    for (size_t r = 1; r < g->rows; r++) {
        if (!names_total(g, at(g, r, 0)))
            continue;
        if (found++ == 0)
            first = r;
    }
    if (found != 1)
        return; /* sub-totals: which rows belong to which cannot be told */
    if (first == 1)
        total_row(g, 2, g->rows, 1);
    else if (first + 1 == g->rows)
        total_row(g, from, first, first);
}

/* 合计 over a column: the sum of the other columns in most rows, so in all. */
static void total_column(const struct grid *g, size_t column)
{
    size_t right = 0, n_wrong = 0, row = 0;
    double real = 0;

    for (size_t r = 1; r < g->rows; r++) {
        const struct cell *t = at(g, r, column);
        double sum = 0, half = t->half;
        size_t n = 0;
        bool whole = t->half == 0.5;
        for (size_t k = 1; k < g->columns; k++) {
            const struct cell *x = at(g, r, k);
            if (k == column || !sums_column(g, k) || !x->number)
                continue;
            sum += x->value;
            half += x->half;
            whole = whole && x->half == 0.5;
            n++;
        }
        if (!t->number || n < 2)
            continue;
        if (equal(sum, t->value, whole ? 0 : half)) {
            right++;
        } else {
            n_wrong++;
            row = r;
            real = sum;
        }
    }
    if (n_wrong == 1 && right >= 2)
        check_say(g->c, "A02", at(g, row, column)->begin, at(g, row, column)->end,
            "这一行各列之和是%.12g", real);
}

void logic_tables(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines;) {
        struct grid g = {.c = c, .d = d, .columns = count_cells(d, &d->lines[l])};
        size_t k = l + 1;
        while (k < d->n_lines && g.columns > 1 && k - l < ROWS_MAX &&
               count_cells(d, &d->lines[k]) == g.columns)
            k++;
        g.rows = k - l;
        if (g.columns > 1 && g.columns <= COLUMNS_MAX && g.rows > 2) {
            g.cells = arena_array(c->a, sizeof(*g.cells), g.rows * g.columns);
            for (size_t r = 0; r < g.rows; r++)
                read_row(&g, &d->lines[l + r], r);
            total_rows(&g);
            for (size_t i = 1; i < g.columns; i++)
                if (names_total(&g, at(&g, 0, i)))
                    total_column(&g, i);
        }
        l = k;
    }
}
