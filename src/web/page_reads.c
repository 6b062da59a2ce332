/* page_reads.c - the log of reading: who saw, took away or printed what, for those who audit. */
#include "base/utf8.h"
#include "office/audit.h"
#include "office/person.h"
#include "web/route.h"
#include "web/rows.h"

enum { READS_ROWS = 100 };

static const struct {
    enum access_kind kind;
    const char *name;
} kinds[] = {{ACCESS_READ, "查阅"}, {ACCESS_DOWNLOAD, "下载"}, {ACCESS_EXPORT, "导出"},
    {ACCESS_PRINT, "打印"}};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct str kind_word(enum access_kind k)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].kind == k)
            return str_z(kinds[i].name);
    return S("");
}

/* By number alone: whoever audits reads no documents, and no titles of them. */
static struct access_row row_of(struct ctx *c, const struct access_entry *x)
{
    struct access_row r = {{x->at_ms}, x->person ? x->person_name : S("数据目录的所有者"),
        x->person, kind_word(x->kind), x->what, S("")};

    if (x->document) {
        r.what = arena_printf(c->a, "文件 %lld", (long long)x->document);
        r.link = arena_printf(c->a, "/library/%lld", (long long)x->document);
    } else if (x->item) {
        r.what = arena_printf(
            c->a, "事项 %lld%s%.*s", (long long)x->item, x->what.n ? "，" : "", SF(x->what));
        r.link = arena_printf(c->a, "/items/%lld", (long long)x->item);
    }
    return r;
}

static enum code query_of(struct ctx *c, struct access_query *f, struct err *e)
{
    static const char *const known[] = {"person", "kind", "before"};

    for (size_t i = 0; i < c->r->head.n_query; i++) {
        struct str name = c->r->head.query[i].name;
        size_t k = 0;
        while (k < sizeof(known) / sizeof(known[0]) && !str_eq(name, str_z(known[k])))
            k++;
        if (k == sizeof(known) / sizeof(known[0]))
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件，请从筛选栏里选",
                SF(str_sub(name, 0, utf8_off(name, 40))));
    }
    f->person = ctx_int(req_query(c->r, "person"), 1, INT64_MAX, 0);
    f->kind = (int)ctx_int(req_query(c->r, "kind"), ACCESS_READ, ACCESS_PRINT, 0);
    f->before_id = ctx_int(req_query(c->r, "before"), 1, INT64_MAX, 0);
    return OK;
}

static enum code fill(
    struct ctx *c, struct db *db, const struct access_query *f, struct page_reads *p, struct err *e)
{
    struct choices people = {0}, what = {0};
    struct access_entry *v;
    struct person *all;
    size_t n, n_all;

    TRY(audit_access_list(db, c->a, f, READS_ROWS, &v, &n, e));
    TRY(person_list(db, c->a, 0, true, &all, &n_all, e));
    p->rows = ARENA_ARRAY(c->a, struct access_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p->rows[p->n_rows++] = row_of(c, &v[i]);
    choice_add(c, &people, S(""), S("全部人员"), f->person == 0);
    for (size_t i = 0; i < n_all; i++)
        choice_add(c, &people, arena_printf(c->a, "%lld", (long long)all[i].id),
            arena_printf(c->a, "%.*s（%.*s）", SF(all[i].name), SF(all[i].unit_name)),
            all[i].id == f->person);
    choice_add(c, &what, S(""), S("全部动作"), f->kind == 0);
    for (size_t i = 0; i < N_KINDS; i++)
        choice_add(c, &what, arena_printf(c->a, "%d", kinds[i].kind), str_z(kinds[i].name),
            (int)kinds[i].kind == f->kind);
    p->people = people.v;
    p->n_people = people.n;
    p->kinds = what.v;
    p->n_kinds = what.n;
    p->filtered = f->person || f->kind;
    if (n == READS_ROWS)
        p->next = arena_printf(c->a, "/audit/reads?person=%lld&kind=%d&before=%lld",
            (long long)f->person, f->kind, (long long)v[n - 1].id);
    return OK;
}

enum code page_reads(struct ctx *c, struct err *e)
{
    struct page_reads p = {0};
    struct access_query f = {0};
    struct db *db;
    enum code code;

    TRY(query_of(c, &f, e));
    TRY(store_read(c->app->office->store, &db, e));
    code = fill(c, db, &f, &p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    show_reads(c, &p);
    return OK;
}
