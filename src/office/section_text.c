#include "office/section_text.h"

#include "base/utf8.h"
#include "office/audit.h"

const char *section_sort_name(enum section_sort s)
{
    return s == SECTION_STYLE ? "文风与用语" : "";
}

enum code section_text_get(struct db *db, struct arena *a, const struct actor *by, int64_t unit,
    enum section_sort sort, struct section_text *out, struct err *e)
{
    struct section_text t = {.unit = unit, .sort = sort};
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, "SELECT t.body, t.revision, t.changed, t.by_person,"
                                " coalesce(p.name, '') FROM section_text t LEFT JOIN person p ON"
                                " p.id = t.by_person WHERE t.unit = ?1 AND t.sort = ?2");
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, sort);
    if (stmt_step(q)) {
        t.text = arena_str(a, stmt_str(q, 0));
        t.revision = stmt_int(q, 1);
        t.changed_ms = stmt_int(q, 2);
        t.changed_by = stmt_int(q, 3);
        t.changed_name = arena_str(a, stmt_str(q, 4));
    }
    TRY(stmt_end(q, e));
    *out = t;
    return OK;
}

bool section_text_may(const struct viewer *v, int64_t unit)
{
    return v->owner || (unit && v->unit == unit && access_may(v, ACT_ITEMS));
}

static enum code check(
    struct db *db, const struct actor *by, const struct section_text *t, struct err *e)
{
    int64_t revision = 0;
    if (t->sort <= 0 || t->sort >= N_SECTION_SORT)
        return FAIL(e, E_INPUT, "没有这种科室资料");
    if (!section_text_may(by->v, t->unit))
        return FAIL(e, E_DENIED, "“%s”由本科室的人修改", section_sort_name(t->sort));
    if (utf8_check(t->text) != SIZE_MAX || utf8_len_cp(t->text) > SECTION_TEXT_CP_MAX)
        return FAIL(e, E_LIMIT, "“%s”超过%d个字，请精简，长的放进资料库",
            section_sort_name(t->sort), SECTION_TEXT_CP_MAX);
    struct stmt *q = db_sql(db, "SELECT revision FROM section_text WHERE unit = ?1 AND sort = ?2");
    stmt_bind_int(q, 1, t->unit);
    stmt_bind_int(q, 2, t->sort);
    if (stmt_step(q))
        revision = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    return revision == t->revision ? OK
                                   : FAIL(e, E_CONFLICT, "“%s”刚被别人改过，请看过新的内容再改",
                                         section_sort_name(t->sort));
}

static void bind(struct stmt *q, const struct actor *by, const struct section_text *t)
{
    stmt_bind_int(q, 1, t->unit);
    stmt_bind_int(q, 2, t->sort);
    stmt_bind_int(q, 3, t->revision + 1);
    stmt_bind_str(q, 4, str_trim(t->text));
    stmt_bind_int(q, 5, by->now_ms);
    stmt_bind_int(q, 6, by->v->person);
}

enum code section_text_save(
    struct db *db, const struct actor *by, const struct section_text *t, struct err *e)
{
    TRY(check(db, by, t, e));
    struct stmt *q = db_sql(db,
        "INSERT INTO section_text(unit, sort, revision, body, changed, by_person)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(unit, sort) DO UPDATE SET"
        " revision = excluded.revision, body = excluded.body, changed = excluded.changed,"
        " by_person = excluded.by_person");
    bind(q, by, t);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "INSERT INTO section_text_past(unit, sort, revision, body, changed, by_person)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    bind(q, by, t);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "section_text.save", "unit", t->unit, S(""), e);
}
