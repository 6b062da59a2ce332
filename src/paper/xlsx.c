/* xlsx: each sheet a heading and a table; what the cells show. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "paper/formats.h"
#include "paper/opc.h"

enum {
    COLUMNS_MAX = 16384,
    ROWS_MAX = 1 << 20,
    GAP_MAX = 256, /* empty cells kept between two filled ones */
    STYLES_MAX = 100000,
    SHEETS_MAX = 4096,
};

enum show {
    SHOW_NUMBER = 0,
    SHOW_DATE = 1,
    SHOW_TIME = 2,
    SHOW_CHINESE = 4,
    SHOW_PERCENT = 8,
    SHOW_NO_DAY = 16,
    SHOW_NO_YEAR = 32
};

struct xlsx {
    struct job *j;
    struct str *shared;
    size_t n_shared, cap_shared;
    struct {
        int id;
        unsigned show, decimals;
    } * formats; /* the file's own */
    size_t n_formats, cap_formats;
    unsigned *style_show; /* of each cell style: show | decimals << 8 */
    size_t n_styles, cap_styles;
    bool since_1904;
    int *rows; /* of the blocks */
    size_t n_rows, cap_rows;
};

/* ---- number formats ---- */

/* What a format code is about: letters outside quotes, brackets and escapes. Only its first section. */
// NOLINTNEXTLINE(readability-function-cognitive-complexity): one pass over one grammar
static unsigned show_of_code(struct str code)
{
    bool quoted = false, y = false, m = false, d = false, h = false, percent = false;
    unsigned decimals = 0;
    bool point = false;

    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted || c == '"')
            continue;
        if (c == ';')
            break;
        if (c == '\\' || c == '_' || c == '*') {
            i++;
            continue;
        }
        if (c == '[') { /* [Red], [$-804], but [h] counts hours */
            while (i < code.n && code.p[i] != ']')
                i++;
            continue;
        }
        y = y || c == 'y' || c == 'Y' || c == 'e';
        m = m || c == 'm' || c == 'M';
        d = d || c == 'd' || c == 'D';
        h = h || c == 'h' || c == 'H' || c == 's' || c == 'S';
        percent = percent || c == '%';
        point = point || c == '.';
        decimals += point && (c == '0' || c == '#');
    }
    if (str_has(code, S("General")))
        return SHOW_NUMBER;
    if (percent)
        return SHOW_PERCENT | (decimals > 10 ? 10 : decimals) << 8;
    if (!y && !d && !h && !(m && !point))
        return SHOW_NUMBER;
    if (!y && !d && h)
        return SHOW_TIME;
    return SHOW_DATE | (h ? SHOW_TIME : 0U) |
           (str_has(code, S("年")) || str_has(code, S("月")) ? SHOW_CHINESE : 0U) |
           (y && !d ? SHOW_NO_DAY : 0U) | (!y && d ? SHOW_NO_YEAR : 0U);
}

/* Formats that every file has without writing them down (ECMA-376-1 18.8.30, and the Chinese ones
 * of 27 to 36 and 50 to 58). */
static unsigned show_builtin(int id)
{
    if (id == 9)
        return SHOW_PERCENT;
    if (id == 10)
        return SHOW_PERCENT | 2U << 8;
    if (id == 22)
        return SHOW_DATE | SHOW_TIME;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 ||
        id == 56)
        return id >= 55 || id == 34 || id == 35 ? SHOW_DATE | SHOW_CHINESE | SHOW_NO_DAY
                                                : SHOW_TIME;
    if (id == 27 || id == 36 || id == 50 || id == 52 || id == 57)
        return SHOW_DATE | SHOW_CHINESE | SHOW_NO_DAY;
    if (id == 28 || id == 29 || id == 51 || id == 53 || id == 54 || id == 58)
        return SHOW_DATE | SHOW_CHINESE | SHOW_NO_YEAR;
    if (id == 31)
        return SHOW_DATE | SHOW_CHINESE;
    if (id == 17)
        return SHOW_DATE | SHOW_NO_DAY;
    return (id >= 14 && id <= 16) || id == 30 ? SHOW_DATE : SHOW_NUMBER;
}

static unsigned show_of_id(const struct xlsx *w, int id)
{
    for (size_t i = 0; i < w->n_formats; i++)
        if (w->formats[i].id == id)
            return w->formats[i].show;
    return show_builtin(id);
}

static void read_styles(struct xlsx *w, struct zipin *z, const char *member)
{
    struct xr *x = member ? xr_open(w->j, z, member) : NULL;

    if (!x)
        return;
    for (int d = xr_enter(x); xr_child(x, d);) {
        bool formats = xr_is(x, "numFmts"), xfs = xr_is(x, "cellXfs");
        for (int k = formats || xfs ? xr_enter(x) : -1; xr_child(x, k);) {
            if (formats && w->n_formats < STYLES_MAX) {
                unsigned show = show_of_code(xr_attr(x, "formatCode"));
                int id = xr_attr_int(x, "numFmtId", -1);
                w->formats = arena_grow(
                    w->j->a, w->formats, w->n_formats, &w->cap_formats, sizeof(*w->formats));
                w->formats[w->n_formats].id = id;
                w->formats[w->n_formats++].show = show;
            } else if (xfs && w->n_styles < STYLES_MAX) {
                unsigned show = show_of_id(w, xr_attr_int(x, "numFmtId", 0));
                ARENA_PUSH(w->j->a, w->style_show, w->n_styles, w->cap_styles) = show;
            }
        }
    }
    xr_close(x);
}

/* ---- values ---- */

/* Days since 1970-01-01 to a date (the civil calendar, by eras of 400 years). */
static void civil(int64_t days, int *y, int *m, int *d)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

static void add_date(struct buf *out, double serial, unsigned show, bool since_1904)
{
    /* serial 60 is 29 February 1900, which never was: before it the count is one behind */
    int64_t minutes = (int64_t)floor(serial * 1440 + 0.5);
    int64_t whole = minutes / 1440, days = whole + (since_1904      ? -24107
                                                       : whole < 60 ? -25568
                                                                    : -25569);
    int y, m, d;

    if (show & SHOW_DATE) {
        civil(days, &y, &m, &d);
        if (show & SHOW_CHINESE) {
            if (!(show & SHOW_NO_YEAR))
                buf_printf(out, "%d年", y);
            buf_printf(out, "%d月", m);
            if (!(show & SHOW_NO_DAY))
                buf_printf(out, "%d日", d);
        } else {
            buf_printf(out, show & SHOW_NO_DAY ? "%04d-%02d" : "%04d-%02d-%02d", y, m, d);
        }
    }
    if ((show & (SHOW_DATE | SHOW_TIME)) == (SHOW_DATE | SHOW_TIME))
        buf_char(out, ' ');
    if (show & SHOW_TIME)
        buf_printf(out, "%02d:%02d", (int)(minutes % 1440 / 60), (int)(minutes % 60));
}

static void add_number(struct xlsx *w, struct buf *out, struct str v, size_t style)
{
    unsigned show = style < w->n_styles ? w->style_show[style] : SHOW_NUMBER;
    char z[64], *end = z;
    double n;

    if (v.n == 0 || v.n >= sizeof(z)) { // NOLINT(bugprone-branch-clone): two reasons, in order
        buf_str(out, v);
        return;
    }
    memcpy(z, v.p, v.n);
    z[v.n] = '\0';
    n = strtod(z, &end);
    /* NOLINTNEXTLINE(bugprone-branch-clone): two reasons, in order */
    if (*end != '\0' || !isfinite(n)) {
        buf_str(out, v);
    } else if ((show & (SHOW_DATE | SHOW_TIME)) && n >= 0 &&
               n < 2958466) { /* up to the year 9999 */
        add_date(out, n, show, w->since_1904);
    } else if (show & SHOW_PERCENT) {
        buf_printf(out, "%.*f%%", (int)(show >> 8), n * 100);
    } else if (fabs(n) < 1e15 && (strchr(z, '.') || strchr(z, 'e') || strchr(z, 'E'))) {
        /* 0.1+0.2 is stored with seventeen digits; fifteen are what the program shows */
        buf_printf(out, "%.15g", n);
    } else {
        buf_str(out, v);
    }
}

/* ---- strings ---- */

/* _x000D_ stands for a character by its number (ECMA-376-1 22.9.2.19), _x005F_ for the line that begins one. */
static void add_unescaped(struct buf *out, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    struct str head, tail;

    while (str_cut(s, S("_x"), &head, &tail)) {
        uint32_t cp = 0;
        bool is = tail.n >= 5 && tail.p[4] == '_';
        for (size_t i = 0; is && i < 4; i++) {
            const char *at =
                strchr(hex, tail.p[i] >= 'A' && tail.p[i] <= 'F' ? tail.p[i] + 32 : tail.p[i]);
            is = at != NULL && *at != '\0';
            cp = cp << 4 | (uint32_t)(is ? at - hex : 0);
        }
        buf_str(out, head);
        if (is && cp)
            buf_utf8(out, cp);
        else
            buf_z(out, "_x");
        s = is && cp ? str_sub(tail, 5, tail.n) : tail;
    }
    buf_str(out, s);
}

static void plain_text(struct xr *x, struct buf *out)
{
    struct buf raw;

    buf_init(&raw, out->max);
    xr_text(x, &raw);
    add_unescaped(out, buf_view(&raw));
    buf_release(&raw);
}

/* The text of a si or is: its t elements, but not those of rPh (phonetic guides). */
static void rich_text(struct xr *x, struct buf *out)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "t"))
            plain_text(x, out);
        else if (xr_is(x, "r"))
            for (int k = xr_enter(x); xr_child(x, k);)
                if (xr_is(x, "t"))
                    plain_text(x, out);
    }
}

static void read_shared(struct xlsx *w, struct zipin *z, const char *member)
{
    struct xr *x = member ? xr_open(w->j, z, member) : NULL;
    struct buf b;
    size_t bytes = 0;

    if (!x)
        return;
    buf_init(&b, w->j->lim->text_bytes);
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (!xr_is(x, "si"))
            continue;
        buf_clear(&b);
        rich_text(x, &b);
        bytes += b.n + sizeof(struct str);
        if (bytes > w->j->lim->text_bytes * 4)
            (void)JOB_FAIL(
                w->j, E_LIMIT, "文字超过上限 %zu MB，请拆成几个文件", w->j->lim->text_bytes >> 20);
        struct str s = arena_str(w->j->a, buf_view(&b));
        ARENA_PUSH(w->j->a, w->shared, w->n_shared, w->cap_shared) = s;
    }
    buf_release(&b);
    xr_close(x);
}

/* ---- sheets ---- */

/* "BC12" -> 54 (from 0); -1 without letters. */
static int column_of(struct str ref)
{
    int c = 0;
    size_t i = 0;

    for (; i < ref.n && i < 4 && ref.p[i] >= 'A' && ref.p[i] <= 'Z'; i++)
        c = c * 26 + (ref.p[i] - 'A' + 1);
    return i == 0 || c > COLUMNS_MAX ? -1 : c - 1;
}

static void cell_value(struct xlsx *w, struct xr *x, struct buf *out)
{
    struct str type = xr_attr(x, "t");
    int style = xr_attr_int(x, "s", 0);
    struct buf v;

    buf_init(&v, w->j->lim->text_bytes);
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "v"))
            xr_text(x, &v);
        else if (xr_is(x, "is"))
            rich_text(x, out);
    }
    if (str_eq(type, S("s"))) {
        struct err ignored;
        int64_t i = -1;
        if (str_int(str_trim(buf_view(&v)), &i, &ignored) == OK && i >= 0 &&
            (uint64_t)i < w->n_shared)
            buf_str(out, w->shared[i]);
    } else if (str_eq(type, S("b"))) {
        buf_z(out, str_eq(str_trim(buf_view(&v)), S("1")) ? "TRUE" : "FALSE");
    } else if (str_eq(type, S("d"))) {
        buf_str(out, str_sub(buf_view(&v), 0, 10));
    } else if (type.n == 0 || str_eq(type, S("n"))) {
        add_number(w, out, str_trim(buf_view(&v)), style < 0 ? SIZE_MAX : (size_t)style);
    } else {
        buf_str(out, buf_view(&v)); /* str: result of a formula; e: an error's name */
    }
    buf_release(&v);
}

/* Returns how many columns it reaches over; 0: it is empty. */
static size_t sheet_row(struct xlsx *w, struct xr *x, struct arena *a, int table)
{
    struct str *cells = NULL;
    size_t n = 0, cap = 0;
    int at = 0;

    for (int d = xr_enter(x); xr_child(x, d);) {
        struct buf b;
        int col;
        if (!xr_is(x, "c"))
            continue;
        col = column_of(xr_attr(x, "r"));
        col = col < 0 ? at : col;
        buf_init(&b, w->j->lim->text_bytes);
        cell_value(w, x, &b);
        if (b.n > 0 && n < COLUMNS_MAX) {
            int gap = col - at < GAP_MAX ? col - at : GAP_MAX;
            for (; gap > 0; gap--)
                ARENA_PUSH(a, cells, n, cap) = S("");
            struct str s = arena_str(a, buf_view(&b));
            ARENA_PUSH(a, cells, n, cap) = s;
            at = col + 1;
        }
        buf_release(&b);
    }
    job_row(w->j, table, cells, n);
    return n;
}

/* What tells whether the first row of a sheet is the title over its table. */
struct top {
    size_t block;     /* index of its block */
    int row;          /* its number in the sheet, from 1; 0: none yet */
    size_t own, rest; /* columns it fills, and those that the others reach over */
};

/* "A1:H2" over the whole table, from the row of the top on. */
static bool spans_table(struct str ref, const struct top *top)
{
    struct str from, to;
    struct err ignored;
    int64_t row = 0;
    size_t letters = 0;
    int last;

    if (!str_cut(ref, S(":"), &from, &to) || column_of(from) != 0)
        return false;
    while (letters < from.n && from.p[letters] >= 'A')
        letters++;
    last = column_of(to);
    return str_int(str_sub(from, letters, from.n), &row, &ignored) == OK && row == top->row &&
           last > 0 && (size_t)last + 1 >= top->rest;
}

/* 2025年督办事项台账 in one merged cell over the table: the title of the first sheet, a heading in the others. */
static void take_top(struct xlsx *w, struct xr *x, const struct top *top, int table)
{
    for (int d = xr_enter(x); xr_child(x, d);) {
        struct block *b;
        if (!xr_is(x, "mergeCell") || top->own != 1 || top->rest < 2 ||
            !spans_table(xr_attr(x, "ref"), top))
            continue;
        b = &w->j->d.blocks[top->block];
        b->kind = table == 1 ? BLOCK_TITLE : BLOCK_HEADING;
        b->level = table == 1 ? 0 : 2;
        return;
    }
}

/* The row that has become this block; the blocks before it that are none bear 0. */
static void number_row(struct xlsx *w, size_t block, int number)
{
    while (w->n_rows <= block)
        ARENA_PUSH(w->j->a, w->rows, w->n_rows, w->cap_rows) = 0;
    w->rows[block] = number > 0 && number <= ROWS_MAX ? number : 0;
}

static void sheet(struct xlsx *w, struct zipin *z, const char *member, struct str name)
{
    struct xr *x = member ? xr_open(w->j, z, member) : NULL;
    int table = ++w->j->tables;
    size_t before = w->j->d.n;
    struct top top = {0};
    int number = 0;

    if (!x)
        return;
    job_block(w->j, BLOCK_HEADING, 1, name);
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "mergeCells") && top.row && job_ok(w->j))
            take_top(w, x, &top, table);
        if (!xr_is(x, "sheetData"))
            continue;
        for (int k = xr_enter(x); xr_child(x, k);) {
            struct arena row;
            size_t columns, n = w->j->d.n;
            if (!xr_is(x, "row"))
                continue;
            number = xr_attr_int(x, "r", number + 1);
            arena_init(&row);
            columns = sheet_row(w, x, &row, table);
            arena_release(&row);
            if (w->j->d.n > n)
                number_row(w, n, number);
            if (top.row == 0 && w->j->d.n > n)
                top = (struct top){n, number, columns, 0};
            else if (columns > top.rest)
                top.rest = columns;
        }
    }
    xr_close(x);
    if (w->j->d.n == before + 1)
        w->j->d.n = before; /* an empty sheet has nothing to head */
}

static void comments(struct xlsx *w, struct zipin *z, const char *part)
{
    struct rels rels;
    struct xr *x;
    const char *member;

    opc_rels(w->j, z, str_z(part), &rels);
    member = opc_find(&rels, "comments");
    x = member ? xr_open(w->j, z, member) : NULL;
    if (!x)
        return;
    for (int d = xr_enter(x); xr_descend(x, d);) {
        struct buf b;
        if (!xr_is(x, "text"))
            continue;
        buf_init(&b, w->j->lim->text_bytes);
        rich_text(x, &b);
        job_block(w->j, BLOCK_NOTE, 0, buf_view(&b));
        buf_release(&b);
    }
    xr_close(x);
}

struct sheet_ref {
    struct str name, id;
};

static size_t read_workbook(
    struct xlsx *w, struct zipin *z, const char *member, struct sheet_ref **out)
{
    struct xr *x = xr_open(w->j, z, member);
    size_t n = 0, cap = 0;

    if (!x) {
        (void)JOB_FAIL(w->j, E_INPUT, "缺少工作簿（xl/workbook.xml），文件可能已损坏");
        return 0;
    }
    for (int d = xr_enter(x); xr_child(x, d);) {
        if (xr_is(x, "workbookPr")) {
            struct str v = xr_attr(x, "date1904");
            w->since_1904 = str_eq(v, S("1")) || str_eq(v, S("true"));
        } else if (xr_is(x, "sheets")) {
            for (int k = xr_enter(x); xr_child(x, k);) {
                struct sheet_ref r = {xr_attr(x, "name"), xr_attr(x, "id")};
                if (xr_is(x, "sheet") && n < SHEETS_MAX)
                    ARENA_PUSH(w->j->a, *out, n, cap) = r;
            }
        }
    }
    xr_close(x);
    return n;
}

enum code read_xlsx_zip(struct job *j, struct zipin *z)
{
    struct xlsx w = {.j = j};
    struct rels package, rels;
    struct sheet_ref *sheets = NULL;
    const char *main;
    size_t n;

    j->d.format = FORMAT_XLSX;
    opc_rels(j, z, S(""), &package);
    main = opc_find(&package, "officeDocument");
    main = main ? main : "xl/workbook.xml";
    opc_properties(j, z, &package);
    opc_rels(j, z, str_z(main), &rels);
    n = read_workbook(&w, z, main, &sheets);
    read_styles(&w, z, opc_find(&rels, "styles"));
    read_shared(&w, z, opc_find(&rels, "sharedStrings"));
    for (size_t i = 0; i < n && job_ok(j); i++) {
        const char *member = opc_by_id(&rels, sheets[i].id);
        sheet(&w, z, member, sheets[i].name);
        if (member)
            comments(&w, z, member);
    }
    for (; w.n_rows && w.n_rows < j->d.n;)
        number_row(&w, w.n_rows, 0);
    j->d.rows = w.rows;
    return j->failed;
}
