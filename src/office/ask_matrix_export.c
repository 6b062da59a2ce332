#include "base/clock.h"
#include "base/json.h"
#include "office/ask_matrix.h"
#include "office/audit.h"
#include "paper/xlsx_out.h"

#define HEAD(n, l)                 \
    {                              \
        .name = SC(n), .look = (l) \
    }

struct writing {
    struct arena a;
    struct xlsx_out *x;
    const struct matrix *m;
    const struct matrix_export *e;
};

static struct str state_of(const struct matrix_cell *c)
{
    if (!c->ask)
        return S("");
    if (c->word.n)
        return c->word;
    return c->seen_ms ? S("已查看") : S("未查看");
}

static bool is_late(const struct writing *w, const struct matrix_cell *c)
{
    return c->ask && c->state == ASK_OPEN && c->due_ms && c->due_ms <= w->e->now_ms;
}

static void put_number(struct writing *w, size_t column, int64_t v)
{
    xlsx_out_real(w->x, column, (double)v);
}

static void put_minute(struct writing *w, size_t column, int64_t at_ms)
{
    int64_t minutes = at_ms / MS_MINUTE + w->e->zone;
    if (at_ms)
        xlsx_out_real(w->x, column, (double)minutes);
}

/* Hours with one decimal: what is worked on with figures is in one unit. */
static void put_hours(struct writing *w, size_t column, int64_t ms, bool any)
{
    int64_t tenths = ms / (MS_HOUR / 10);
    if (any)
        xlsx_out_real(w->x, column, (double)tenths / 10);
}

static void put_unit(struct writing *w, const struct matrix_row *r)
{
    struct str name = r->name;
    for (int d = 0; d < r->depth; d++)
        name = arena_cat(&w->a, S("　"), name);
    xlsx_out_text(w->x, 0, name);
    put_number(w, 1, r->count.due);
    put_number(w, 2, r->count.received);
    put_number(w, 3, r->count.answered);
    put_number(w, 4, r->count.overdue);
}

/* ---- sheets ---- */

enum { FIXED = 5 };

static enum code write_matrix(struct writing *w, struct err *e)
{
    static const struct xlsx_head fixed[FIXED] = {HEAD("单位", XLSX_TEXT),
        HEAD("应签", XLSX_NUMBER), HEAD("已签", XLSX_NUMBER), HEAD("已反馈", XLSX_NUMBER),
        HEAD("超时", XLSX_NUMBER)};
    struct xlsx_head *heads = ARENA_ARRAY(&w->a, struct xlsx_head, FIXED + w->m->n_columns);
    for (size_t i = 0; i < FIXED; i++)
        heads[i] = fixed[i];
    for (size_t i = 0; i < w->m->n_columns; i++)
        heads[FIXED + i] =
            (struct xlsx_head){.name = arena_printf(&w->a, "%.*s %.*s", SF(w->m->columns[i].number),
                                   SF(w->m->columns[i].title))};
    struct xlsx_sheet s = {
        .name = S("矩阵"), .heads = heads, .n = FIXED + w->m->n_columns, .filter = true};
    TRY(xlsx_out_sheet(w->x, &s, e));
    for (size_t i = 0; i < w->m->n_rows; i++) {
        const struct matrix_row *r = &w->m->rows[i];
        put_unit(w, r);
        for (size_t k = 0; k < w->m->n_columns; k++)
            xlsx_out_text(w->x, FIXED + k,
                is_late(w, &r->cells[k])
                    ? arena_printf(&w->a, "%.*s（超时）", SF(state_of(&r->cells[k])))
                    : state_of(&r->cells[k]));
        TRY(xlsx_out_row(w->x, e));
    }
    return OK;
}

static enum code write_receipts(struct writing *w, struct err *e)
{
    static const struct xlsx_head heads[] = {HEAD("单位", XLSX_TEXT), HEAD("编号", XLSX_TEXT),
        HEAD("标题", XLSX_LONG), HEAD("情况", XLSX_TEXT), HEAD("发出", XLSX_MINUTE),
        HEAD("查看", XLSX_MINUTE), HEAD("签收", XLSX_MINUTE), HEAD("反馈", XLSX_MINUTE),
        HEAD("期限", XLSX_MINUTE), HEAD("超时", XLSX_TEXT), HEAD("用时（小时）", XLSX_NUMBER),
        HEAD("催办次数", XLSX_NUMBER), HEAD("请办标识", XLSX_TEXT)};
    struct xlsx_sheet s = {
        .name = S("逐项"), .heads = heads, .n = sizeof(heads) / sizeof(*heads), .filter = true};
    TRY(xlsx_out_sheet(w->x, &s, e));
    for (size_t i = 0; i < w->m->n_rows; i++)
        for (size_t k = 0; k < w->m->n_columns; k++) {
            const struct matrix_cell *c = &w->m->rows[i].cells[k];
            bool done = c->state == ASK_ANSWERED;
            if (!c->ask)
                continue;
            xlsx_out_text(w->x, 0, w->m->rows[i].name);
            xlsx_out_text(w->x, 1, w->m->columns[k].number);
            xlsx_out_text(w->x, 2, w->m->columns[k].title);
            xlsx_out_text(w->x, 3, state_of(c));
            put_minute(w, 4, c->sent_ms);
            put_minute(w, 5, c->seen_ms);
            put_minute(w, 6, c->received_ms);
            put_minute(w, 7, done ? c->answered_ms : 0);
            put_minute(w, 8, c->due_ms);
            xlsx_out_text(w->x, 9, is_late(w, c) ? S("超时") : S(""));
            put_hours(w, 10, c->answered_ms - c->sent_ms, done);
            put_number(w, 11, c->reminded);
            xlsx_out_text(w->x, 12, arena_printf(&w->a, "%lld", (long long)c->ask));
            TRY(xlsx_out_row(w->x, e));
        }
    return OK;
}

static enum code write_paces(struct writing *w, struct err *e)
{
    static const struct xlsx_head heads[] = {HEAD("单位", XLSX_TEXT), HEAD("应签", XLSX_NUMBER),
        HEAD("已签", XLSX_NUMBER), HEAD("已反馈", XLSX_NUMBER), HEAD("超时", XLSX_NUMBER),
        HEAD("发出到查看（小时，中位数）", XLSX_NUMBER),
        HEAD("查看到反馈（小时，中位数）", XLSX_NUMBER),
        HEAD("发出到反馈（小时，中位数）", XLSX_NUMBER), HEAD("最长一次（小时）", XLSX_NUMBER),
        HEAD("还在等（小时）", XLSX_NUMBER)};
    struct xlsx_sheet s = {
        .name = S("用时"), .heads = heads, .n = sizeof(heads) / sizeof(*heads), .filter = true};
    TRY(xlsx_out_sheet(w->x, &s, e));
    for (size_t i = 0; i < w->m->n_rows; i++) {
        const struct matrix_pace *p = &w->m->rows[i].pace;
        put_unit(w, &w->m->rows[i]);
        put_hours(w, 5, p->seen_ms, p->seen > 0);
        put_hours(w, 6, p->reply_ms, p->answered > 0);
        put_hours(w, 7, p->total_ms, p->answered > 0);
        put_hours(w, 8, p->slowest_ms, p->answered > 0);
        put_hours(w, 9, p->waiting_ms, p->waiting_ms > 0);
        TRY(xlsx_out_row(w->x, e));
    }
    return OK;
}

static enum code write_about(struct writing *w, struct err *e)
{
    static const struct xlsx_head heads[] = {HEAD("项目", XLSX_TEXT), HEAD("内容", XLSX_LONG)};
    struct xlsx_sheet s = {.name = S("说明"), .heads = heads, .n = 2};
    struct buf b;
    buf_init(&b, 0);
    clock_write_minute(&b, w->e->now_ms, w->e->zone);
    const struct xlsx_fact facts[] = {{"种类", w->e->kind_name}, {"导出人", w->e->who},
        {"导出时间", buf_view(&b)}, {"筛选条件", w->e->said},
        {"口径",
            S("应签：已发出、没有收回的；已签：至少答复了第一个用语；超时：没有答复完，期限已过；"
              "用时只算已查看、已反馈的")},
        {"范围", S("只含导出人有权查看的")}};
    enum code c = xlsx_out_sheet(w->x, &s, e);
    if (c == OK)
        c = xlsx_out_facts(w->x, facts, sizeof(facts) / sizeof(*facts), e);
    buf_release(&b);
    return c;
}

static enum code write_all(struct writing *w, struct err *e)
{
    TRY(write_matrix(w, e));
    TRY(write_receipts(w, e));
    TRY(write_paces(w, e));
    return write_about(w, e);
}

enum code ask_matrix_export(
    const struct matrix *m, const struct matrix_export *x, const char *path, struct err *e)
{
    struct writing w = {.x = xlsx_out_open(path, x->tmp_dir), .m = m, .e = x};
    arena_init(&w.a);
    enum code c = write_all(&w, e);
    if (c == OK)
        c = xlsx_out_close(w.x, e);
    else
        xlsx_out_drop(w.x);
    arena_release(&w.a);
    return c;
}

int64_t ask_matrix_cells(const struct matrix *m)
{
    int64_t n = 0;
    for (size_t i = 0; i < m->n_rows; i++)
        for (size_t k = 0; k < m->n_columns; k++)
            n += m->rows[i].cells[k].ask != 0;
    return n;
}

enum code ask_matrix_export_note(
    struct db *db, int64_t by, const struct matrix_export *x, int64_t cells, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", x->kind_name);
    jw_kstr(&j, "filter", x->said);
    jw_kint(&j, "rows", cells);
    jw_end(&j);
    enum code c = audit_simple(db, by, "matrix.export", "kind", 0, buf_view(&b), e);
    buf_release(&b);
    return c;
}
