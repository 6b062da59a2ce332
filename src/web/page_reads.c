/* page_reads.c - the log of reading: who saw, took away or printed what, for those who audit. */
#include "base/utf8.h"
#include "office/audit.h"
#include "office/document.h"
#include "office/item.h"
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

/* What the entries are about, as far as whoever audits may know: a title only where he may see the matter or the document as anybody else; else
 * its kind and number, which say nothing of what stands in it. */
struct subjects {
    struct item *items;
    struct item_label *labels;
    struct document *docs;
    size_t n_items, n_labels, n_docs;
};

static void add(int64_t *v, size_t *n, int64_t id)
{
    for (size_t i = 0; i < *n; i++)
        if (v[i] == id)
            return;
    v[(*n)++] = id;
}

static enum code subjects_read(struct ctx *c, struct db *db, const struct access_entry *v, size_t n,
    struct subjects *out, struct err *e)
{
    int64_t items[READS_ROWS], docs[READS_ROWS];
    size_t n_items = 0, n_docs = 0;

    for (size_t i = 0; i < n; i++) {
        if (v[i].document)
            add(docs, &n_docs, v[i].document);
        else if (v[i].item)
            add(items, &n_items, v[i].item);
    }
    TRY(item_get_many(db, c->a, ctx_actor(c), items, n_items, &out->items, &out->n_items, e));
    TRY(item_labels(db, c->a, items, n_items, &out->labels, &out->n_labels, e));
    return document_get_many(db, c->a, docs, n_docs, &out->docs, &out->n_docs, e);
}

static struct str item_words_of(struct ctx *c, struct db *db, const struct subjects *s, int64_t id)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].id == id)
            return arena_printf(c->a, "%.*s%s%.*s", SF(s->items[i].number),
                s->items[i].number.n ? "　" : "", SF(s->items[i].title));
    for (size_t i = 0; i < s->n_labels; i++) {
        const struct kind *k;
        struct err none;
        if (s->labels[i].id != id)
            continue;
        struct str kind = s->labels[i].kind;
        if (kinds_newest(ctx_actor(c)->kinds, db, kind, &k, &none) == OK)
            kind = k->name;
        return s->labels[i].number.n
                   ? arena_printf(c->a, "%.*s %.*s", SF(kind), SF(s->labels[i].number))
                   : arena_printf(c->a, "%.*s（没有编号）", SF(kind));
    }
    return arena_printf(c->a, "事项 %lld", (long long)id);
}

static enum code doc_words_of(struct ctx *c, struct db *db, const struct subjects *s, int64_t id,
    struct str *out, struct err *e)
{
    *out = arena_printf(c->a, "文件 %lld", (long long)id);
    for (size_t i = 0; i < s->n_docs; i++) {
        const struct document *d = &s->docs[i];
        bool may = false;
        if (d->id != id)
            continue;
        TRY(access_document(db, c->v, d->id, (int)d->level, d->registrar, &may, e));
        if (may)
            *out = arena_printf(
                c->a, "%.*s%s%.*s", SF(d->docno), d->docno.n ? "　" : "", SF(d->title));
        else if (d->docno.n)
            *out = arena_printf(c->a, "文件 %.*s", SF(d->docno));
    }
    return OK;
}

static enum code row_of(struct ctx *c, struct db *db, const struct subjects *s,
    const struct access_entry *x, struct access_row *out, struct err *e)
{
    struct access_row r = {{x->at_ms}, x->person ? x->person_name : S("数据目录的所有者"),
        x->person, kind_word(x->kind), x->what, S("")};

    if (x->document) {
        TRY(doc_words_of(c, db, s, x->document, &r.what, e));
        r.link = arena_printf(c->a, "/library/%lld", (long long)x->document);
    } else if (x->item) {
        r.what = arena_printf(c->a, "%.*s%s%.*s", SF(item_words_of(c, db, s, x->item)),
            x->what.n ? "，" : "", SF(x->what));
        r.link = arena_printf(c->a, "/items/%lld", (long long)x->item);
    }
    *out = r;
    return OK;
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
    struct subjects about = {.n_items = 0};
    struct access_entry *v;
    struct person *all;
    size_t n, n_all;

    TRY(audit_access_list(db, c->a, f, READS_ROWS, &v, &n, e));
    TRY(subjects_read(c, db, v, n, &about, e));
    TRY(person_list(db, c->a, 0, true, &all, &n_all, e));
    p->rows = ARENA_ARRAY(c->a, struct access_row, n + 1);
    for (size_t i = 0; i < n; i++)
        TRY(row_of(c, db, &about, &v[i], &p->rows[p->n_rows++], e));
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
