/* A ledger as a workbook. */
#include "base/json.h"
#include "office/audit.h"
#include "office/ledger.h"
#include "paper/xlsx_out.h"

static enum xlsx_look look_of(const struct ledger_column *c)
{
    switch (c->type) {
    case LEDGER_NUMBER:
        return XLSX_NUMBER;
    case LEDGER_DAY:
        return XLSX_DAY;
    case LEDGER_MINUTE:
        return XLSX_MINUTE;
    case LEDGER_LONG:
    case LEDGER_OTHER:
        return XLSX_LONG;
    case LEDGER_TEXT:
    case LEDGER_CHOICE:
    case LEDGER_PERSON:
    case LEDGER_UNIT:
        break;
    }
    return XLSX_TEXT;
}

struct writing {
    struct xlsx_out *x;
    struct db *db;
    const struct actor *by;
    const struct ledger *l;
    const struct ledger_query *q;
    int64_t rows;
};

static enum code write_row(struct writing *w, const struct ledger_row *r, struct err *e)
{
    char id[24];
    int n = snprintf(id, sizeof(id), "%lld", (long long)r->id);
    xlsx_out_text(w->x, 0, (struct str){id, (size_t)n});
    for (size_t i = 0; i < w->q->n_columns; i++) {
        if (r->cells[i].real)
            xlsx_out_real(w->x, i + 1, r->cells[i].value);
        else
            xlsx_out_text(w->x, i + 1, r->cells[i].text);
    }
    if (++w->rows > LEDGER_EXPORT_ROWS)
        return FAIL(e, E_LIMIT, "符合条件的超过%d件，请先筛选再导出", LEDGER_EXPORT_ROWS);
    return xlsx_out_row(w->x, e);
}

/* Page by page: no more than one lies in memory. */
static enum code write_rows(struct writing *w, struct err *e)
{
    struct ledger_query q = *w->q;
    struct buf after;
    enum code c = OK;
    buf_init(&after, 0);
    q.f.after = S("");
    do {
        struct ledger_page page = {.n = 0};
        struct arena a;
        arena_init(&a);
        c = ledger_read(w->db, &a, w->by, w->l, &q, ITEM_PAGE_MAX, &page, e);
        for (size_t i = 0; c == OK && i < page.n; i++)
            c = write_row(w, &page.rows[i], e);
        buf_clear(&after);
        buf_str(&after, page.next);
        q.f.after = buf_view(&after);
        arena_release(&a);
    } while (c == OK && q.f.after.n);
    buf_release(&after);
    return c;
}

static enum code write_ledger(struct writing *w, struct arena *a, struct err *e)
{
    struct xlsx_head *heads = ARENA_ARRAY(a, struct xlsx_head, w->q->n_columns + 1);
    heads[0] = (struct xlsx_head){.name = S("事项标识"), .width = 22};
    for (size_t i = 0; i < w->q->n_columns; i++) {
        const struct ledger_column *c = &w->l->columns[w->q->columns[i]];
        heads[i + 1] = (struct xlsx_head){.name = c->name, .look = look_of(c)};
    }
    struct xlsx_sheet s = {.name = arena_printf(a, "%.*s台账", SF(w->l->k->name)),
        .heads = heads,
        .n = w->q->n_columns + 1,
        .filter = true};
    TRY(xlsx_out_sheet(w->x, &s, e));
    return write_rows(w, e);
}

/* Who, when, what was asked for, how many. */
static enum code write_about(
    struct writing *w, struct arena *a, const struct ledger_export *x, struct err *e)
{
    static const struct xlsx_head heads[] = {
        {.name = SC("项目"), .width = 14}, {.name = SC("内容"), .look = XLSX_LONG, .width = 80}};
    struct xlsx_sheet s = {.name = S("说明"), .heads = heads, .n = 2};
    const struct ledger_query *q = w->q;
    struct str order =
        q->sort.n ? w->l->columns[ledger_column_of(w->l, q->sort)].name : S("登记时间");
    struct buf b;
    buf_init(&b, 0);
    clock_write_minute(&b, w->by->now_ms, ZONE_CHINA);
    const struct xlsx_fact facts[] = {{"台账", w->l->k->name}, {"导出人", x->who},
        {"导出时间", buf_view(&b)}, {"筛选条件", q->said.n ? q->said : S("无，导出人可见的全部")},
        {"统计口径", q->figure ? S("只含所点统计数字背后的事项") : S("不限")},
        {"排序", arena_printf(a, "按%.*s%s", SF(order), q->f.descending ? "，从后往前" : "")},
        {"件数", arena_printf(a, "%lld", (long long)w->rows)},
        {"范围", S("只含导出人有权查看的事项和栏目")},
        {"事项标识", S("系统内的编号，改后导回时据此找到原事项，请勿改动")}};
    enum code c = xlsx_out_sheet(w->x, &s, e);
    if (c == OK)
        c = xlsx_out_facts(w->x, facts, sizeof(facts) / sizeof(*facts), e);
    buf_release(&b);
    return c;
}

enum code ledger_export(struct db *db, const struct actor *by, const struct ledger *l,
    const struct ledger_query *q, const struct ledger_export *x, const char *path, int64_t *rows,
    struct err *e)
{
    struct writing w = {.x = xlsx_out_open(path, x->tmp_dir), .db = db, .by = by, .l = l, .q = q};
    struct arena a;
    arena_init(&a);
    enum code c = write_ledger(&w, &a, e);
    if (c == OK)
        c = write_about(&w, &a, x, e);
    if (c == OK)
        c = xlsx_out_close(w.x, e);
    else
        xlsx_out_drop(w.x);
    arena_release(&a);
    *rows = w.rows;
    return c;
}

enum code ledger_export_note(struct db *db, const struct actor *by, const struct ledger *l,
    struct str said, int64_t rows, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", l->k->id);
    jw_kstr(&j, "filter", said);
    jw_kint(&j, "rows", rows);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, "ledger.export", "kind", 0, buf_view(&b), e);
    buf_release(&b);
    return c;
}
