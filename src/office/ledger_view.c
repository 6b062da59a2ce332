#include "office/ledger_view.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"

enum code ledger_view_list(struct db *db, struct arena *a, int64_t person, struct str kind,
    struct ledger_view **out, size_t *n, struct err *e)
{
    struct ledger_view *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT id, name, columns, query FROM ledger_view WHERE person = ?1"
                                " AND kind = ?2 ORDER BY name, id");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, kind);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct ledger_view){.id = stmt_int(q, 0),
            .name = arena_str(a, stmt_str(q, 1)),
            .columns = arena_str(a, stmt_str(q, 2)),
            .query = arena_str(a, stmt_str(q, 3))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code check(
    struct db *db, int64_t person, struct str kind, const struct ledger_view *v, struct err *e)
{
    int64_t n = 0;
    if (utf8_check(v->name) != SIZE_MAX || utf8_len_cp(v->name) > LEDGER_VIEW_NAME_CP)
        return FAIL(e, E_LIMIT, "视图的名称最多%d个字", LEDGER_VIEW_NAME_CP);
    if (v->columns.n > LEDGER_VIEW_BYTES || v->query.n > LEDGER_VIEW_BYTES)
        return FAIL(e, E_LIMIT, "条件太多，不能存为视图，请减少几个");
    struct stmt *q = db_sql(db, "SELECT count(*) FROM ledger_view WHERE person = ?1 AND kind = ?2"
                                " AND name <> ?3");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, kind);
    stmt_bind_str(q, 3, v->name);
    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    return n < LEDGER_VIEWS_MAX
               ? OK
               : FAIL(e, E_LIMIT, "一种台账最多存%d个视图，请先删去不用的", LEDGER_VIEWS_MAX);
}

enum code ledger_view_save(
    struct db *db, int64_t person, struct str kind, const struct ledger_view *v, struct err *e)
{
    struct ledger_view view = *v;
    view.name = str_trim(v->name);
    TRY(check(db, person, kind, &view, e));
    struct stmt *q = db_sql(db,
        "INSERT INTO ledger_view(id, person, kind, name, columns, query, changed)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(person, kind, name) DO UPDATE SET"
        " columns = excluded.columns, query = excluded.query, changed = excluded.changed");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, person);
    stmt_bind_str(q, 3, kind);
    stmt_bind_str(q, 4, view.name);
    stmt_bind_str(q, 5, view.columns);
    stmt_bind_str(q, 6, view.query);
    stmt_bind_int(q, 7, clock_now_ms());
    return stmt_run(q, NULL, e);
}

enum code ledger_view_remove(struct db *db, int64_t person, int64_t id, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(db, "DELETE FROM ledger_view WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_NOTFOUND, "没有这个视图，可能已经删去");
}
