#include "paper/xlsx_out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "paper/mark.h"

enum { CELL_UNITS = 32000, NAME_UNITS = 31, LIST_UNITS = 255, SERIAL_1970 = 25569 };

struct xlsx_out {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *needed, *looks[XLSX_MINUTE + 1];
    enum xlsx_look look[XLSX_COLUMNS_MAX];
    size_t n;
    bool filter;
    lxw_row_t row;
    int bad; /* first lxw_error that is no fault of a cell */
    struct buf text;
    char *path;
};

struct xlsx_out *xlsx_out_open(const char *path, const char *tmp_dir)
{
    struct xlsx_out *x = mem_alloc(sizeof(*x));
    char *dir = mem_dup(tmp_dir, strlen(tmp_dir) + 1);
    lxw_workbook_options o = {.constant_memory = LXW_TRUE, .tmpdir = dir};

    memset(x, 0, sizeof(*x));
    x->path = mem_dup(path, strlen(path) + 1);
    x->book = workbook_new_opt(path, &o);
    free(dir);
    buf_init(&x->text, 0);
    if (!x->book)
        return x;
    for (int i = 0; i <= XLSX_MINUTE; i++) {
        x->looks[i] = workbook_add_format(x->book);
        format_set_align(x->looks[i], LXW_ALIGN_VERTICAL_TOP);
    }
    format_set_text_wrap(x->looks[XLSX_TEXT]);
    format_set_text_wrap(x->looks[XLSX_LONG]);
    format_set_num_format(x->looks[XLSX_TEXT], "@"); /* what is typed over it stays text */
    format_set_num_format(x->looks[XLSX_LONG], "@");
    format_set_num_format(x->looks[XLSX_DAY], "yyyy-mm-dd");
    format_set_num_format(x->looks[XLSX_MINUTE], "yyyy-mm-dd hh:mm");
    x->head = workbook_add_format(x->book);
    x->needed = workbook_add_format(x->book);
    for (int i = 0; i < 2; i++) {
        lxw_format *f = i ? x->needed : x->head;
        format_set_bold(f);
        format_set_bg_color(f, 0xF3EEE8);
        format_set_bottom(f, LXW_BORDER_THIN);
        format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    }
    format_set_font_color(x->needed, 0x9E1B22);
    return x;
}

/* _x0041_ is how workbooks write a character by its number (ECMA-376-1 22.9.2.19): such a text gets a mark of its own. */
static bool looks_escaped(struct str s, size_t off)
{
    if (s.n - off < 7 || s.p[off] != '_' || s.p[off + 1] != 'x' || s.p[off + 6] != '_')
        return false;
    for (size_t i = off + 2; i < off + 6; i++)
        if (!strchr("0123456789abcdefABCDEF", s.p[i]))
            return false;
    return true;
}

/* Valid, without control characters but line breaks, at most so many UTF-16 units; NUL behind it. */
static const char *cell_text(struct xlsx_out *x, struct str s, size_t units)
{
    size_t off = 0, used = 0;

    buf_clear(&x->text);
    while (off < s.n) {
        bool escaped = looks_escaped(s, off);
        uint32_t cp = utf8_next(s, &off);
        if (cp == '\t')
            cp = ' ';
        if ((cp < 0x20 && cp != '\n') || cp == 0x7F || cp == 0xFFFE || cp == 0xFFFF)
            continue;
        used += cp > 0xFFFF ? 2 : 1;
        if (used > units) {
            if (units == CELL_UNITS)
                buf_z(&x->text, "……（超出单元格的长度，全文请到系统查看）");
            break;
        }
        if (escaped)
            buf_z(&x->text, "_x005F");
        buf_utf8(&x->text, cp);
    }
    return x->text.n ? x->text.p : "";
}

static void note(struct xlsx_out *x, lxw_error error)
{
    if (error != LXW_NO_ERROR && x->bad == LXW_NO_ERROR)
        x->bad = (int)error;
}

/* No []:*?/\ and no ' at its ends. */
static const char *sheet_name(struct xlsx_out *x, struct str name)
{
    const char *z;
    struct arena a;

    arena_init(&a);
    if (paper_mark().n)
        name = arena_printf(&a, "（%.*s）%.*s", SF(paper_mark()), SF(name));
    z = cell_text(x, name, NAME_UNITS);
    arena_release(&a);

    for (size_t i = 0; i < x->text.n; i++)
        if (strchr("[]:*?/\\'\n", x->text.p[i]))
            x->text.p[i] = '-';
    return z;
}

static int width_of(const struct xlsx_head *h)
{
    static const int widths[] = {[XLSX_TEXT] = 20,
        [XLSX_LONG] = 48,
        [XLSX_NUMBER] = 12,
        [XLSX_DAY] = 12,
        [XLSX_MINUTE] = 17};
    int name = (int)utf8_len_cp(h->name) * 2 + 4, w = h->width ? h->width : widths[h->look];

    return w > name ? w : name;
}

/* A list in the cell holds 255 characters at most: a longer one is not offered, and is judged when the file comes back. */
static void offer(struct xlsx_out *x, const struct xlsx_head *h, lxw_col_t column, int rows)
{
    char **words = mem_alloc(sizeof(*words) * (h->n_of + 1));
    struct arena a;
    size_t units = 0;
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = words};

    arena_init(&a);
    for (size_t i = 0; i < h->n_of; i++) {
        words[i] = arena_z(&a, h->of[i]);
        units += utf8_len_cp(h->of[i]) + 1;
    }
    words[h->n_of] = NULL;
    if (units <= LIST_UNITS)
        note(x, worksheet_data_validation_range(x->sheet, 1, column, (lxw_row_t)rows, column, &v));
    arena_release(&a);
    free(words);
}

static void finish_sheet(struct xlsx_out *x)
{
    if (x->sheet && x->filter && x->n)
        note(x, worksheet_autofilter(
                    x->sheet, 0, 0, x->row > 1 ? x->row - 1 : 1, (lxw_col_t)(x->n - 1)));
}

static enum code broken(const struct xlsx_out *x, struct err *e)
{
    if (!x->book)
        return FAIL(e, E_IO, "无法写表格文件，请检查磁盘空间");
    return FAIL(e, E_IO, "写表格文件出错：%s", lxw_strerror((lxw_error)x->bad));
}

enum code xlsx_out_sheet(struct xlsx_out *x, const struct xlsx_sheet *s, struct err *e)
{
    if (!x->book || x->bad != LXW_NO_ERROR)
        return broken(x, e);
    if (s->n > XLSX_COLUMNS_MAX)
        return FAIL(e, E_LIMIT, "一张表最多%d栏", XLSX_COLUMNS_MAX);
    finish_sheet(x);
    x->sheet = workbook_add_worksheet(x->book, sheet_name(x, s->name));
    if (!x->sheet)
        return FAIL(e, E_INPUT, "工作表的名称“%.*s”不能用", SF(s->name));
    x->n = s->n;
    x->filter = s->filter;
    for (size_t i = 0; i < s->n; i++) {
        const struct xlsx_head *h = &s->heads[i];
        lxw_col_t c = (lxw_col_t)i;
        x->look[i] = h->look;
        note(x, worksheet_set_column(x->sheet, c, c, width_of(h), x->looks[h->look]));
        if (h->n_of && s->blank)
            offer(x, h, c, s->blank);
    }
    for (size_t i = 0; i < s->n; i++)
        note(x, worksheet_write_string(x->sheet, 0, (lxw_col_t)i,
                    cell_text(x, s->heads[i].name, CELL_UNITS),
                    s->heads[i].required ? x->needed : x->head));
    worksheet_freeze_panes(x->sheet, 1, 0);
    worksheet_set_landscape(x->sheet);
    if (paper_mark().n) {
        struct arena a;
        arena_init(&a);
        note(x, worksheet_set_header(
                    x->sheet, arena_printf(&a, "&C&\"-,Bold\"&14%.*s", SF(paper_mark())).p));
        arena_release(&a);
    }
    worksheet_set_paper(x->sheet, 9); /* A4 */
    worksheet_fit_to_pages(x->sheet, 1, 0);
    note(x, worksheet_repeat_rows(x->sheet, 0, 0));
    x->row = 1;
    return x->bad == LXW_NO_ERROR ? OK : broken(x, e);
}

void xlsx_out_text(struct xlsx_out *x, size_t column, struct str text)
{
    if (x->sheet && column < x->n && text.n)
        note(x, worksheet_write_string(x->sheet, x->row, (lxw_col_t)column,
                    cell_text(x, text, CELL_UNITS), x->looks[x->look[column]]));
}

void xlsx_out_real(struct xlsx_out *x, size_t column, double value)
{
    enum xlsx_look look;

    if (!x->sheet || column >= x->n)
        return;
    look = x->look[column];
    if (look == XLSX_DAY)
        value += SERIAL_1970;
    else if (look == XLSX_MINUTE)
        value = value / 1440 + SERIAL_1970;
    if ((look == XLSX_DAY || look == XLSX_MINUTE) && value < 61) { /* before March 1900 */
        char iso[DAY_ISO_SIZE];
        xlsx_out_text(x, column, day_iso(day_of((int32_t)(value - SERIAL_1970)), iso));
        return;
    }
    note(x, worksheet_write_number(x->sheet, x->row, (lxw_col_t)column, value, x->looks[look]));
}

enum code xlsx_out_row(struct xlsx_out *x, struct err *e)
{
    if (!x->book || x->bad != LXW_NO_ERROR)
        return broken(x, e);
    if (++x->row >= XLSX_ROWS_MAX)
        return FAIL(e, E_LIMIT, "表格超过%d行，请分几次导出", XLSX_ROWS_MAX);
    return OK;
}

static void release(struct xlsx_out *x)
{
    buf_release(&x->text);
    free(x->path);
    free(x);
}

enum code xlsx_out_facts(struct xlsx_out *x, const struct xlsx_fact *v, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        xlsx_out_text(x, 0, str_z(v[i].name));
        xlsx_out_text(x, 1, v[i].value);
        TRY(xlsx_out_row(x, e));
    }
    return OK;
}

enum code xlsx_out_close(struct xlsx_out *x, struct err *e)
{
    enum code c = OK;

    if (!x->book) {
        c = broken(x, e);
        release(x);
        return c;
    }
    finish_sheet(x);
    note(x, workbook_close(x->book)); /* frees the book in any case */
    if (x->bad != LXW_NO_ERROR) {
        c = broken(x, e);
        (void)unlink(x->path);
    }
    release(x);
    return c;
}

void xlsx_out_drop(struct xlsx_out *x)
{
    if (x->book)
        lxw_workbook_free(x->book);
    release(x);
}
