/* Tables of set wording in and out. */
#include <string.h>

#include "base/utf8.h"
#include "office/audit.h"
#include "office/term_int.h"
#include "office/tsv.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    W_KIND,
    W_CANONICAL,
    W_WRONG,
    W_OLD,
    W_ALSO,
    W_ITEMS,
    W_FROM,
    W_TO,
    W_SOURCE,
    W_NOTE,
    W_STATE
};
static const struct tsv_column wording[] = {
    {"种类", true},
    {"规范写法", true},
    {"错误写法", false},
    {"旧称", false},
    {"可用写法", false},
    {"各项", false},
    {"启用日期", false},
    {"停用日期", false},
    {"依据", false},
    {"说明", false},
    {"状态", false},
};
enum { H_PERSON, H_TITLE, H_BODY, H_FROM, H_TO, H_SOURCE, H_STATE };
static const struct tsv_column holders[] = {
    {"姓名", true},
    {"职务", true},
    {"机构", false},
    {"任职日期", false},
    {"离任日期", false},
    {"依据", false},
    {"状态", false},
};

/* 甲；乙 to one form a line, and back. */
static struct str replaced(struct arena *a, struct str s, struct str what, struct str with)
{
    struct buf b;
    struct str piece, out;
    bool first = true;

    buf_init(&b, 0);
    while (str_next(&s, what, &piece)) {
        if (!first)
            buf_str(&b, with);
        first = false;
        buf_str(&b, piece);
    }
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

static struct str lines(struct arena *a, struct str cell)
{
    return replaced(a, cell, S("；"), S("\n"));
}

struct taking {
    struct db *db;
    struct arena *a;
    struct tsv *t;
    int64_t by;
    struct import_tally *tally;
    bool together; /* no event for each row: whoever calls writes one */
};

static enum code state_of(const struct tsv *t, int column, enum term_state *out, struct err *e)
{
    struct str s = t->cell[column];

    *out = s.n ? term_state_of(s) : TERM_CONFIRMED;
    if (*out)
        return OK;
    (void)FAIL(e, E_INPUT, "没有“%.*s”这种状态，应为待定、启用或停用", SF(s));
    return tsv_at(t, t->line, column, e);
}

/* The row that bears these texts and this first day; 0: none. The statement gives its id. */
static enum code id_of(struct stmt *q, int64_t *id, struct err *e)
{
    int64_t found = stmt_step(q) ? stmt_int(q, 0) : 0;

    TRY(stmt_end(q, e));
    *id = found;
    return OK;
}

/* Which column a failure of term_save speaks of: its message begins with the column's name. */
static enum code at_column(const struct tsv *t, struct err *e)
{
    for (int i = 0; i < t->n; i++)
        if (str_starts(str_z(e->msg), str_z(t->columns[i].name)))
            return tsv_at(t, t->line, i, e);
    return tsv_at(t, t->line, W_CANONICAL, e);
}

static bool same_term(const struct term_row *x, const struct term_row *y)
{
    return x->state == y->state && str_eq(x->wrong, y->wrong) && str_eq(x->old, y->old) &&
           str_eq(x->also, y->also) && str_eq(x->items, y->items) && str_eq(x->to, y->to) &&
           str_eq(x->source, y->source) && str_eq(x->note, y->note);
}

static enum code take_term(struct taking *k, struct err *e)
{
    const struct str *cell = k->t->cell;
    struct term_row row = {.kind = term_kind_of(cell[W_KIND]),
        .canonical = cell[W_CANONICAL],
        .wrong = lines(k->a, cell[W_WRONG]),
        .old = lines(k->a, cell[W_OLD]),
        .also = lines(k->a, cell[W_ALSO]),
        .items = lines(k->a, cell[W_ITEMS]),
        .from = cell[W_FROM],
        .to = cell[W_TO],
        .source = cell[W_SOURCE],
        .note = cell[W_NOTE]};
    struct term_row was;
    struct stmt *q;
    int64_t id;

    TRY(state_of(k->t, W_STATE, &row.state, e));
    if (!row.kind) {
        (void)FAIL(e, E_INPUT, "没有“%.*s”这种种类，应为提法、名称、机构、职务、人名、并列或排序",
            SF(cell[W_KIND]));
        return tsv_at(k->t, k->t->line, W_KIND, e);
    }
    q = db_sql(k->db, "SELECT id FROM term WHERE kind = ?1 AND canonical = ?2 AND from_day = ?3");
    stmt_bind_int(q, 1, row.kind);
    stmt_bind_str(q, 2, row.canonical);
    stmt_bind_str(q, 3, row.from);
    TRY(id_of(q, &row.id, e));
    if (row.id) {
        TRY(term_get(k->db, k->a, row.id, &was, e));
        row.revision = was.revision;
        if (same_term(&row, &was)) {
            k->tally->same++;
            return OK;
        }
    }
    if ((k->together ? term_put : term_save)(k->db, &row, k->by, &id, e) != OK)
        return at_column(k->t, e);
    *(row.id ? &k->tally->changed : &k->tally->added) += 1;
    return OK;
}

static enum code take_holder(struct taking *k, struct err *e)
{
    const struct str *cell = k->t->cell;
    struct holder_row row = {.person = cell[H_PERSON],
        .title = cell[H_TITLE],
        .body = cell[H_BODY],
        .from = cell[H_FROM],
        .to = cell[H_TO],
        .source = cell[H_SOURCE]};
    struct holder_row was;
    struct stmt *q;
    int64_t id;

    TRY(state_of(k->t, H_STATE, &row.state, e));
    q = db_sql(k->db, "SELECT id FROM holder WHERE person = ?1 AND title = ?2 AND body = ?3"
                      " AND from_day = ?4");
    stmt_bind_str(q, 1, row.person);
    stmt_bind_str(q, 2, row.title);
    stmt_bind_str(q, 3, row.body);
    stmt_bind_str(q, 4, row.from);
    TRY(id_of(q, &row.id, e));
    if (row.id) {
        TRY(holder_get(k->db, k->a, row.id, &was, e));
        row.revision = was.revision;
        if (row.state == was.state && str_eq(row.to, was.to) && str_eq(row.source, was.source)) {
            k->tally->same++;
            return OK;
        }
    }
    if (holder_save(k->db, &row, k->by, &id, e) != OK)
        return at_column(k->t, e);
    *(row.id ? &k->tally->changed : &k->tally->added) += 1;
    return OK;
}

static enum code take_all(struct taking *k, enum term_table which, struct err *e)
{
    bool more = true;

    for (;;) {
        TRY(tsv_next(k->t, &more, e));
        if (!more)
            return OK;
        TRY(which == TERM_TABLE_WORDING ? take_term(k, e) : take_holder(k, e));
    }
}

static enum code import(struct db *db, enum term_table which, struct str tsv, const char *file,
    struct taking *k, struct err *e)
{
    bool words = which == TERM_TABLE_WORDING;
    struct arena a;
    struct tsv t;
    enum code c;

    if (tsv.n > TERM_FILE_MAX)
        return FAIL(e, E_LIMIT, "“%s”超过%d MB，请分几次导入", file, TERM_FILE_MAX >> 20);
    TRY(tsv_begin(&t, tsv, file, words ? wording : holders,
        words ? (int)COUNT(wording) : (int)COUNT(holders), e));
    arena_init(&a);
    k->db = db;
    k->a = &a;
    k->t = &t;
    c = take_all(k, which, e);
    k->a = NULL;
    k->t = NULL;
    arena_release(&a);
    return c;
}

enum code term_import(struct db *db, enum term_table which, struct str tsv, const char *file,
    int64_t by, struct import_tally *out, struct err *e)
{
    struct import_tally tally = {0, 0, 0};
    struct taking k = {.by = by, .tally = &tally};

    TRY(import(db, which, tsv, file, &k, e));
    *out = tally;
    return OK;
}

static void put_row(struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, '\t');
        buf_str(out, cells[i]);
    }
    buf_char(out, '\n');
}

static void put_head(struct buf *out, const struct tsv_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? "\t" : "", columns[i].name);
    buf_char(out, '\n');
}

static enum code export_terms(struct db *db, struct arena *a, struct buf *out, struct err *e)
{
    struct term_filter f = {0};
    struct term_row *v;
    size_t n;
    int64_t total;

    TRY(term_list(db, a, &f, &v, &n, &total, e));
    put_head(out, wording, COUNT(wording));
    for (size_t i = 0; i < n; i++) {
        const struct str nl = S("\n"), semi = S("；");
        const struct str cells[] = {str_z(term_kind_name(v[i].kind)), v[i].canonical,
            replaced(a, v[i].wrong, nl, semi), replaced(a, v[i].old, nl, semi),
            replaced(a, v[i].also, nl, semi), replaced(a, v[i].items, nl, semi), v[i].from, v[i].to,
            v[i].source, v[i].note, str_z(term_state_name(v[i].state))};
        put_row(out, cells, COUNT(cells));
    }
    return OK;
}

static enum code export_holders(struct db *db, struct arena *a, struct buf *out, struct err *e)
{
    struct term_filter f = {0};
    struct holder_row *v;
    size_t n;
    int64_t total;

    TRY(holder_list(db, a, &f, &v, &n, &total, e));
    put_head(out, holders, COUNT(holders));
    for (size_t i = 0; i < n; i++) {
        const struct str cells[] = {v[i].person, v[i].title, v[i].body, v[i].from, v[i].to,
            v[i].source, str_z(term_state_name(v[i].state))};
        put_row(out, cells, COUNT(cells));
    }
    return OK;
}

enum code term_export(struct db *db, enum term_table which, struct buf *out, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = which == TERM_TABLE_WORDING ? export_terms(db, &a, out, e) : export_holders(db, &a, out, e);
    arena_release(&a);
    return c;
}

/* lexicon/terms.tsv, term_data.S */
extern const char term_seed_begin[], term_seed_end[];

enum code term_seed(struct db *db, struct err *e)
{
    struct import_tally tally = {0, 0, 0};
    struct taking k = {.tally = &tally, .together = true};
    struct str tsv = {term_seed_begin, (size_t)(term_seed_end - term_seed_begin)};

    TRY(import(db, TERM_TABLE_WORDING, tsv, "terms.tsv", &k, e));
    return tally.added ? audit_simple(db, 0, "term.seed", "term", 0, S(""), e) : OK;
}
