#include "office/item_link.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/many.h"

enum code item_link_put(
    struct db *db, const struct actor *by, const struct item_link *l, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO item_link(id, from_kind, from_id, from_begin, from_end, to_kind, to_id,"
        " to_begin, to_end, relation, at, by_person)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, l->from.kind);
    stmt_bind_int(q, 3, l->from.id);
    stmt_bind_int(q, 4, l->from.begin_cp);
    stmt_bind_int(q, 5, l->from.end_cp);
    stmt_bind_int(q, 6, l->to.kind);
    stmt_bind_int(q, 7, l->to.id);
    stmt_bind_int(q, 8, l->to.begin_cp);
    stmt_bind_int(q, 9, l->to.end_cp);
    stmt_bind_str(q, 10, l->relation);
    stmt_bind_int(q, 11, by->now_ms);
    stmt_bind_int(q, 12, by->v->person);
    return stmt_run(q, NULL, e);
}

/* May the actor know of it? A document by the rule of access.h. */
static enum code sees_end(
    struct db *db, const struct actor *by, const struct link_end *end, bool *may, struct err *e)
{
    *may = false;
    if (end->kind == LINK_ITEM) {
        struct err none;
        enum code c = access_item(db, by, end->id, ITEM_SEE, 0, may, &none);
        return c == OK || c == E_NOTFOUND ? OK : FAIL(e, c, "%s", none.msg);
    }
    int level = 0;
    int64_t registrar = 0;
    struct stmt *q =
        db_sql(db, "SELECT level, registrar FROM document WHERE id = ?1 AND deleted = 0");
    stmt_bind_int(q, 1, end->id);
    bool there = stmt_step(q);
    if (there) {
        level = (int)stmt_int(q, 0);
        registrar = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    return there ? access_document(db, by->v, end->id, level, registrar, may, e) : OK;
}

static enum code note(struct db *db, const struct actor *by, const struct item_link *l,
    const char *verb, struct err *e)
{
    struct arena a;
    struct work w;
    struct buf b;
    struct jw j;
    arena_init(&a);
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "relation", l->relation);
    jw_kid(&j, l->to.kind == LINK_ITEM ? "item" : "document", l->to.id);
    jw_end(&j);
    enum code c = work_begin(&w, db, &a, by, l->from.id, e);
    if (c == OK)
        c = work_commit(&w, verb, &b, e);
    buf_release(&b);
    arena_release(&a);
    return c;
}

enum code item_link_add(
    struct db *db, const struct actor *by, const struct item_link *given, struct err *e)
{
    struct item_link l = *given;
    bool may;
    l.relation = str_trim(l.relation);
    if (!l.relation.n || utf8_check(l.relation) != SIZE_MAX ||
        utf8_len_cp(l.relation) > RELATION_CP_MAX)
        return FAIL(e, E_INPUT, "关联的关系应当是1到%d个字，如“依据”“落实”", RELATION_CP_MAX);
    if (l.from.kind != LINK_ITEM)
        return FAIL(e, E_INPUT, "关联要从一件事项出发");
    if (l.to.kind == l.from.kind && l.to.id == l.from.id)
        return FAIL(e, E_INPUT, "事项不能与自身关联");
    if (l.to.begin_cp < 0 || l.to.end_cp < l.to.begin_cp)
        return FAIL(e, E_INPUT, "关联的原文位置不对");
    TRY(sees_end(db, by, &l.to, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "要关联的对象不存在，或您无权查看");
    TRY(item_link_put(db, by, &l, e));
    return note(db, by, &l, "link", e);
}

#define COLUMNS                                                                              \
    "id, at, by_person, from_kind, from_id, from_begin, from_end, to_kind, to_id, to_begin," \
    " to_end, relation"

static struct item_link row_link(struct stmt *q, struct arena *a)
{
    return (struct item_link){.id = stmt_int(q, 0),
        .at_ms = stmt_int(q, 1),
        .by = stmt_int(q, 2),
        .from = {(enum link_kind)stmt_int(q, 3), stmt_int(q, 4), stmt_int(q, 5), stmt_int(q, 6)},
        .to = {(enum link_kind)stmt_int(q, 7), stmt_int(q, 8), stmt_int(q, 9), stmt_int(q, 10)},
        .relation = arena_str(a, stmt_str(q, 11))};
}

enum code link_rows_many(struct db *db, struct arena *a, const int64_t *items, size_t n,
    size_t limit, struct item_link **out, size_t *n_out, struct err *e)
{
    struct item_link *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS " FROM item_link WHERE from_kind = 1 AND from_id IN (" MANY_IDS
        ") UNION SELECT " COLUMNS " FROM item_link WHERE to_kind = 1 AND to_id IN (" MANY_IDS
        ") ORDER BY 1 LIMIT ?101");
    many_bind(q, 1, items, n);
    stmt_bind_int(q, MANY + 1, (int64_t)limit);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_link(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n_out = k;
    return OK;
}

enum code item_link_drop(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct arena a;
    struct item_link l = {0};
    bool there, may = false;
    arena_init(&a);
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM item_link WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    there = stmt_step(q);
    if (there)
        l = row_link(q, &a);
    enum code c = stmt_end(q, e);
    if (c == OK && !there)
        c = FAIL(e, E_NOTFOUND, "没有这条关联");
    if (c == OK)
        c = access_item(db, by, l.from.id, ITEM_ASK, 0, &may, e);
    if (c == OK && !may && l.by != by->v->person)
        c = FAIL(e, E_DENIED, "您不能取消这条关联");
    if (c == OK) {
        q = db_sql(db, "DELETE FROM item_link WHERE id = ?1");
        stmt_bind_int(q, 1, id);
        c = stmt_run(q, NULL, e);
    }
    if (c == OK)
        c = note(db, by, &l, "unlink", e);
    arena_release(&a);
    return c;
}

enum code item_link_list(struct db *db, struct arena *a, const struct actor *by,
    struct link_end end, struct item_link **out, size_t *n, struct err *e)
{
    struct item_link *v = NULL;
    size_t k = 0, cap = 0, kept = 0;
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS " FROM item_link WHERE from_kind = ?1 AND from_id = ?2 UNION"
                   " SELECT " COLUMNS " FROM item_link WHERE to_kind = ?1 AND to_id = ?2"
                   " ORDER BY 1 LIMIT ?3");
    stmt_bind_int(q, 1, end.kind);
    stmt_bind_int(q, 2, end.id);
    stmt_bind_int(q, 3, LINKS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_link(q, a);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < k; i++) {
        bool from, to;
        TRY(sees_end(db, by, &v[i].from, &from, e));
        TRY(sees_end(db, by, &v[i].to, &to, e));
        if (from && to)
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}
