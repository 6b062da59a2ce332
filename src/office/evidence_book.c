/* The workbook of a pack: directory, the ledger of each kind, receipts, files. */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "office/evidence_int.h"
#include "office/ledger.h"
#include "paper/xlsx_out.h"

enum { BOOK_BYTES_MAX = 512 << 20, KINDS_SHEETS = 40 };

static void int_put(struct xlsx_out *x, size_t column, int64_t v)
{
    xlsx_out_real(x, column, (double)v);
}

static void minute_put(struct xlsx_out *x, size_t column, int64_t at_ms)
{
    if (at_ms)
        int_put(x, column, (at_ms + (int64_t)ZONE_CHINA * MS_MINUTE) / MS_MINUTE);
}

static enum code directory(struct xlsx_out *x, const struct evidence_rows *r, struct err *e)
{
    static const struct xlsx_head heads[] = {{.name = SC("序号"), .look = XLSX_NUMBER, .width = 6},
        {.name = SC("编号")}, {.name = SC("事项"), .look = XLSX_LONG}, {.name = SC("种类")},
        {.name = SC("状态")}, {.name = SC("单位")}, {.name = SC("经办人")},
        {.name = SC("登记"), .look = XLSX_MINUTE}, {.name = SC("办结"), .look = XLSX_MINUTE},
        {.name = SC("回执"), .look = XLSX_NUMBER}, {.name = SC("附件"), .look = XLSX_NUMBER},
        {.name = SC("页码"), .look = XLSX_NUMBER}, {.name = SC("事项标识"), .width = 22}};
    struct xlsx_sheet s = {.name = S("目录"), .heads = heads, .n = 13, .filter = true};

    TRY(xlsx_out_sheet(x, &s, e));
    for (size_t i = 0; i < r->n_lines; i++) {
        const struct evidence_line *l = &r->lines[i];
        char id[24];
        int n = snprintf(id, sizeof(id), "%lld", (long long)l->id);
        int_put(x, 0, (int64_t)i + 1);
        xlsx_out_text(x, 1, l->number);
        xlsx_out_text(x, 2, l->title);
        xlsx_out_text(x, 3, l->kind);
        xlsx_out_text(x, 4, l->state);
        xlsx_out_text(x, 5, l->unit);
        xlsx_out_text(x, 6, l->owner);
        minute_put(x, 7, l->opened_ms);
        minute_put(x, 8, l->closed_ms);
        int_put(x, 9, (int64_t)l->receipts);
        int_put(x, 10, (int64_t)l->files);
        int_put(x, 11, r->page[l->section]);
        xlsx_out_text(x, 12, (struct str){id, (size_t)n});
        TRY(xlsx_out_row(x, e));
    }
    return OK;
}

/* ---- ledgers ---- */

static bool in_scope(const struct evidence_job *j, int64_t id)
{
    for (size_t lo = 0, hi = j->n; lo < hi;) { /* sorted copy */
        size_t mid = (lo + hi) / 2;
        if (j->items[mid] == id)
            return true;
        if (j->items[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

static enum code ledger_row_put(
    struct xlsx_out *x, const struct ledger_row *r, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if (r->cells[i].real)
            xlsx_out_real(x, i, r->cells[i].value);
        else
            xlsx_out_text(x, i, r->cells[i].text);
    return xlsx_out_row(x, e);
}

static enum xlsx_look look_of(enum ledger_type t)
{
    switch (t) {
    case LEDGER_LONG:
        return XLSX_LONG;
    case LEDGER_NUMBER:
        return XLSX_NUMBER;
    case LEDGER_DAY:
        return XLSX_DAY;
    case LEDGER_MINUTE:
        return XLSX_MINUTE;
    case LEDGER_TEXT:
    case LEDGER_CHOICE:
    case LEDGER_PERSON:
    case LEDGER_UNIT:
    case LEDGER_OTHER:
        break;
    }
    return XLSX_TEXT;
}

static enum code ledger_rows(struct xlsx_out *x, struct evidence_job *j, const struct ledger *l,
    struct ledger_query *q, struct err *e)
{
    struct buf after;
    enum code c = OK;

    buf_init(&after, 0);
    do {
        struct ledger_page page = {.n = 0};
        struct arena a;
        arena_init(&a);
        c = ledger_read(j->db, &a, j->by, l, q, ITEM_PAGE_MAX, &page, e);
        for (size_t i = 0; c == OK && i < page.n; i++)
            if (in_scope(j, page.rows[i].id))
                c = ledger_row_put(x, &page.rows[i], q->n_columns, e);
        buf_clear(&after);
        buf_str(&after, page.next);
        q->f.after = buf_view(&after);
        arena_release(&a);
    } while (c == OK && q->f.after.n);
    buf_release(&after);
    return c;
}

static enum code ledger_sheet(
    struct xlsx_out *x, struct evidence_job *j, struct arena *a, struct str kind, struct err *e)
{
    struct ledger l;
    struct ledger_query q;
    struct xlsx_head *heads;
    const struct evidence_scope *s = &j->ev->scope;
    struct ledger_word w[2];
    size_t n = 0;

    if (s->from_day.n)
        w[n++] = (struct ledger_word){S("opened.from"), s->from_day};
    if (s->to_day.n)
        w[n++] = (struct ledger_word){S("opened.to"), s->to_day};
    TRY(ledger_open(j->db, j->by, kind, &l, e));
    TRY(ledger_query_read(j->db, a, j->by, &l, w, n, &q, e));
    q.f.uncounted = true;
    heads = ARENA_ARRAY(a, struct xlsx_head, q.n_columns + 1);
    for (size_t i = 0; i < q.n_columns; i++)
        heads[i] = (struct xlsx_head){
            .name = l.columns[q.columns[i]].name, .look = look_of(l.columns[q.columns[i]].type)};
    struct xlsx_sheet sheet = {.name = arena_printf(a, "%.*s台账", SF(l.k->name)),
        .heads = heads,
        .n = q.n_columns,
        .filter = true};
    TRY(xlsx_out_sheet(x, &sheet, e));
    return ledger_rows(x, j, &l, &q, e);
}

static enum code ledgers(struct xlsx_out *x, struct evidence_job *j, struct arena *a,
    const struct evidence_rows *r, struct err *e)
{
    const char *done[KINDS_SHEETS];
    size_t n = 0;

    for (size_t i = 0; i < r->n_lines && n < KINDS_SHEETS; i++) {
        bool seen = false;
        const struct kind *k = NULL;
        struct item it;
        if (i && str_eq(r->lines[i].kind, r->lines[i - 1].kind))
            continue;
        for (size_t d = 0; d < n; d++)
            seen = seen || str_eq(str_z(done[d]), r->lines[i].kind);
        if (seen)
            continue;
        done[n++] = arena_z(a, r->lines[i].kind);
        TRY(item_get(j->db, a, j->by, r->lines[i].id, &it, e));
        TRY(kinds_newest(j->by->kinds, j->db, it.kind, &k, e));
        TRY(ledger_sheet(x, j, a, k->id, e));
    }
    return OK;
}

/* ---- receipts and files ---- */

static enum code receipts(struct xlsx_out *x, const struct evidence_rows *r, struct err *e)
{
    static const struct xlsx_head heads[] = {{.name = SC("编号")},
        {.name = SC("事项"), .look = XLSX_LONG}, {.name = SC("对象")}, {.name = SC("要求")},
        {.name = SC("送出")}, {.name = SC("查看")}, {.name = SC("答复")}, {.name = SC("答复时间")},
        {.name = SC("情况"), .look = XLSX_LONG}};
    struct xlsx_sheet s = {.name = S("回执"), .heads = heads, .n = 9, .filter = true};

    TRY(xlsx_out_sheet(x, &s, e));
    for (size_t i = 0; i < r->n_answers; i++) {
        const struct evidence_answer *k = &r->answers[i];
        const struct evidence_line *l = &r->lines[k->item];
        const struct str cells[] = {l->number, l->title, k->to, k->purpose, k->sent, k->seen,
            k->word, k->answered, k->text};
        for (size_t c = 0; c < 9; c++)
            xlsx_out_text(x, c, cells[c]);
        TRY(xlsx_out_row(x, e));
    }
    return OK;
}

static enum code files(
    struct xlsx_out *x, struct arena *a, const struct evidence_rows *r, struct err *e)
{
    static const struct xlsx_head heads[] = {{.name = SC("编号")},
        {.name = SC("事项"), .look = XLSX_LONG}, {.name = SC("附件")},
        {.name = SC("字节"), .look = XLSX_NUMBER}, {.name = SC("提交人")}, {.name = SC("提交时间")},
        {.name = SC("SM3"), .width = 66}};
    struct xlsx_sheet s = {.name = S("附件"), .heads = heads, .n = 7, .filter = true};

    TRY(xlsx_out_sheet(x, &s, e));
    for (size_t i = 0; i < r->n_files; i++) {
        const struct item_file *f = &r->files[i].f;
        const struct evidence_line *l = &r->lines[r->files[i].item];
        xlsx_out_text(x, 0, l->number);
        xlsx_out_text(x, 1, l->title);
        xlsx_out_text(x, 2, f->name);
        int_put(x, 3, f->size);
        xlsx_out_text(x, 4, f->by_name);
        xlsx_out_text(x, 5, evidence_minute(a, f->at_ms));
        xlsx_out_text(x, 6, f->blob);
        TRY(xlsx_out_row(x, e));
    }
    return OK;
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

static enum code sheets(struct xlsx_out *x, struct evidence_job *j, struct arena *a,
    const struct evidence_rows *r, struct err *e)
{
    struct evidence_job sorted = *j;

    sorted.items = ARENA_ARRAY(a, int64_t, j->n + 1);
    for (size_t i = 0; i < j->n; i++)
        sorted.items[i] = j->items[i];
    qsort(sorted.items, j->n, sizeof(*sorted.items), by_id);
    TRY(directory(x, r, e));
    TRY(ledgers(x, &sorted, a, r, e));
    TRY(receipts(x, r, e));
    return files(x, a, r, e);
}

enum code evidence_book(struct evidence_job *j, struct arena *a, const struct evidence_rows *r,
    struct buf *out, struct err *e)
{
    char *tmp = arena_z(a, arena_printf(a, "%s/tmp", j->o->dir)),
         *path = arena_z(a, arena_printf(a, "%s/evidence-XXXXXX", tmp));
    int fd = mkstemp(path);
    struct xlsx_out *x;
    enum code c;

    if (fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存取证包的表格");
    close(fd);
    x = xlsx_out_open(path, tmp);
    c = sheets(x, j, a, r, e);
    if (c == OK)
        c = xlsx_out_close(x, e);
    else
        xlsx_out_drop(x);
    if (c == OK)
        c = io_read_file(path, BOOK_BYTES_MAX, out, e);
    unlink(path);
    return c;
}
