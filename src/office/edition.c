#include "office/edition.h"

#include "base/clock.h"
#include "base/id.h"
#include "office/audit.h"
#include "office/change.h"
#include "office/document.h"

enum { MEMBERS_MAX = 200 };

static enum code take_members(
    struct db *db, struct arena *a, struct edition_group *g, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT m.document, m.position, m.label, m.percent, d.title, d.day,"
                                " d.file_name FROM edition_member m JOIN document d"
                                " ON d.id = m.document AND d.deleted = 0"
                                " WHERE m.edition = ?1 ORDER BY m.position LIMIT ?2");
    size_t cap = 0;

    g->members = NULL;
    g->n = 0;
    stmt_bind_int(q, 1, g->id);
    stmt_bind_int(q, 2, MEMBERS_MAX);
    while (stmt_step(q)) {
        ARENA_PUSH(a, g->members, g->n, cap) = (struct edition_member){.doc = stmt_int(q, 0),
            .ordinal = (int)stmt_int(q, 1),
            .label = arena_str(a, stmt_str(q, 2)),
            .percent = (int)stmt_int(q, 3),
            .title = arena_str(a, stmt_str(q, 4)),
            .day = arena_str(a, stmt_str(q, 5)),
            .file_name = arena_str(a, stmt_str(q, 6))};
    }
    return stmt_end(q, e);
}

static void take_group(struct stmt *q, struct arena *a, struct edition_group *g)
{
    *g = (struct edition_group){.id = stmt_int(q, 0),
        .name = arena_str(a, stmt_str(q, 1)),
        .reason = arena_str(a, stmt_str(q, 2)),
        .state = (enum edition_state)stmt_int(q, 3)};
}

enum code edition_list(struct db *db, struct arena *a, enum edition_state state, size_t limit,
    struct edition_group **out, size_t *n, int64_t *total, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE "SELECT count(*) FROM edition_group WHERE state = ?1");
    struct edition_group *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    *total = 0;
    stmt_bind_int(q, 1, state);
    if (stmt_step(q))
        *total = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    q = db_sql(db, DB_PLAN_ONCE "SELECT id, name, reason, state FROM edition_group WHERE state = ?1"
                                " ORDER BY id LIMIT ?2");
    stmt_bind_int(q, 1, state);
    stmt_bind_int(q, 2, (int64_t)limit);
    while (stmt_step(q))
        take_group(q, a, &ARENA_PUSH(a, v, k, cap));
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < k; i++)
        TRY(take_members(db, a, &v[i], e));
    *out = v;
    *n = k;
    return OK;
}

enum code edition_get(
    struct db *db, struct arena *a, int64_t id, struct edition_group *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id, name, reason, state FROM edition_group WHERE id = ?1");
    struct edition_group g = {0};
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        take_group(q, a, &g);
    TRY(stmt_end(q, e));
    if (!found)
        return FAIL(e, E_NOTFOUND, "没有这组版本，可能已被处理");
    TRY(take_members(db, a, &g, e));
    *out = g;
    return OK;
}

enum code edition_of(
    struct db *db, struct arena *a, int64_t doc, struct edition_group *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT g.id FROM edition_member m JOIN edition_group g"
                                " ON g.id = m.edition AND g.state <> 2 WHERE m.document = ?1"
                                " ORDER BY g.state DESC, g.id LIMIT 1");
    int64_t id = 0;

    stmt_bind_int(q, 1, doc);
    if (stmt_step(q))
        id = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (id == 0)
        return FAIL(e, E_NOTFOUND, "这件资料没有其他版本");
    return edition_get(db, a, id, out, e);
}

/* Only a proposal can be decided, and only once. */
static enum code decide(
    struct db *db, int64_t id, enum edition_state state, int64_t by, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE edition_group SET state = ?2, decided = ?3, decided_by = ?4"
                                " WHERE id = ?1 AND state = 0");
    int64_t changed = 0;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, clock_now_ms());
    stmt_bind_int(q, 4, by);
    TRY(stmt_run(q, &changed, e));
    if (changed == 0)
        return FAIL(e, E_CONFLICT, "这组版本已经有人处理过");
    return audit_simple(db, by, state == EDITION_CONFIRMED ? "edition.confirm" : "edition.reject",
        "edition", id, S(""), e);
}

enum code edition_reject(struct db *db, int64_t id, int64_t by, struct err *e)
{
    return decide(db, id, EDITION_REJECTED, by, e);
}

static enum code place_member(
    struct db *db, int64_t id, int64_t doc, int64_t position, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE edition_member SET position = ?3 WHERE edition = ?1 AND document = ?2");
    int64_t changed = 0;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, doc);
    stmt_bind_int(q, 3, position);
    TRY(stmt_run(q, &changed, e));
    return changed ? OK : FAIL(e, E_INPUT, "选中的资料不在这组版本里，请刷新后再确认");
}

/* The ones left out were moved to position 0 and down first; drop them. */
static enum code drop_left_out(struct db *db, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM edition_member WHERE edition = ?1 AND position <= 0");

    stmt_bind_int(q, 1, id);
    return stmt_run(q, NULL, e);
}

static enum code mark_revised(struct db *db, int64_t doc, int64_t newest, int64_t by, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE document SET status = ?2, superseded_by = ?3,"
                                " revision = revision + 1, changed_by = ?4, changed = ?5"
                                " WHERE id = ?1 AND deleted = 0 AND status <> ?6");

    stmt_bind_int(q, 1, doc);
    stmt_bind_int(q, 2, STATUS_REVISED);
    stmt_bind_int(q, 3, newest);
    stmt_bind_int(q, 4, by);
    stmt_bind_int(q, 5, clock_now_ms());
    stmt_bind_int(q, 6, STATUS_REPEALED); /* repealed says more than revised */
    TRY(stmt_run(q, NULL, e));
    return change_note(db, CHANGE_ATTR, doc, e);
}

enum code edition_confirm(struct db *db, int64_t id, const int64_t *docs, size_t n, bool revise,
    int64_t by, struct err *e)
{
    struct stmt *q;

    if (n < 2)
        return FAIL(e, E_INPUT, "一组版本至少要留两件");
    if (n > MEMBERS_MAX)
        return FAIL(e, E_LIMIT, "一组版本最多%d件", MEMBERS_MAX);
    TRY(decide(db, id, EDITION_CONFIRMED, by, e));
    q = db_sql(db, "UPDATE edition_member SET position = -position WHERE edition = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < n; i++)
        TRY(place_member(db, id, docs[i], (int64_t)i + 1, e));
    TRY(drop_left_out(db, id, e));
    for (size_t i = 0; revise && i + 1 < n; i++)
        TRY(mark_revised(db, docs[i], docs[n - 1], by, e));
    return OK;
}
