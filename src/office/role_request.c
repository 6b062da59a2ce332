#include "office/role_request.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "office/audit.h"
#include "office/person.h"

enum { REQUESTS_MAX = 1000 };

enum code role_request_needed(struct db *db, int64_t by, bool *needed, struct err *e)
{
    *needed = false;
    if (by == 0)
        return OK;
    struct stmt *q = db_sql(db, "SELECT roles FROM person WHERE active = 1");
    while (stmt_step(q))
        *needed = *needed || (uint32_t)stmt_int(q, 0) & ROLE_SECURITY;
    return stmt_end(q, e);
}

static enum code note(
    struct db *db, const char *verb, const struct role_request *r, int64_t by, struct err *e)
{
    struct buf payload, names;
    struct jw j;
    buf_init(&payload, 0);
    buf_init(&names, 0);
    roles_write_ids(&names, r->roles);
    jw_init(&j, &payload);
    jw_obj(&j);
    if (r->unit)
        jw_kid(&j, "unit", r->unit);
    jw_kstr(&j, "roles", buf_view(&names));
    jw_end(&j);
    enum code c = audit_simple(db, by, verb, "person", r->person, buf_view(&payload), e);
    buf_release(&payload);
    buf_release(&names);
    return c;
}

enum code role_request_put(
    struct db *db, int64_t person, int64_t unit, uint32_t roles, int64_t by, struct err *e)
{
    struct role_request r = {.person = person, .unit = unit, .roles = roles};
    struct stmt *q = db_sql(db,
        "INSERT INTO role_request(person, unit, roles, by_person, at) VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT(person, unit) DO UPDATE SET roles = excluded.roles,"
        " by_person = excluded.by_person, at = excluded.at");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, unit);
    stmt_bind_int(q, 3, roles);
    stmt_bind_int(q, 4, by);
    stmt_bind_int(q, 5, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    return note(db, "role.ask", &r, by, e);
}

static enum code forget(struct db *db, const struct role_request *r, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM role_request WHERE person = ?1 AND unit = ?2");
    stmt_bind_int(q, 1, r->person);
    stmt_bind_int(q, 2, r->unit);
    return stmt_run(q, NULL, e);
}

enum code role_request_withdraw(
    struct db *db, const struct role_request *r, int64_t by, struct err *e)
{
    TRY(forget(db, r, e));
    return note(db, "role.withdraw", r, by, e);
}

static struct role_request row_request(struct stmt *q, struct arena *a)
{
    return (struct role_request){.person = stmt_int(q, 0),
        .unit = stmt_int(q, 1),
        .roles = (uint32_t)stmt_int(q, 2),
        .by = stmt_int(q, 3),
        .at_ms = stmt_int(q, 4),
        .unit_name = arena_str(a, stmt_str(q, 5)),
        .unit_code = arena_str(a, stmt_str(q, 6)),
        .by_name = arena_str(a, stmt_str(q, 7))};
}

#define SELECT                                                                                    \
    "SELECT r.person, r.unit, r.roles, r.by_person, r.at, coalesce(u.short_name, ''),"            \
    " coalesce(u.code, ''), coalesce(p.name, '') FROM role_request r LEFT JOIN person p ON p.id " \
    "= r.by_person"                                                                               \
    " LEFT JOIN unit u ON u.id = r.unit"

enum code role_request_list(struct db *db, struct arena *a, int64_t person,
    struct role_request **out, size_t *n, struct err *e)
{
    struct role_request *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(
        db, SELECT " WHERE ?1 = 0 OR r.person = ?1 ORDER BY r.at, r.person, r.unit LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, REQUESTS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_request(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* r: person and unit say which. */
static enum code waiting(struct db *db, struct arena *a, struct role_request *r, struct err *e)
{
    struct stmt *q = db_sql(db, SELECT " WHERE r.person = ?1 AND r.unit = ?2");
    stmt_bind_int(q, 1, r->person);
    stmt_bind_int(q, 2, r->unit);
    bool there = stmt_step(q);
    if (there)
        *r = row_request(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有等待批准的授权，可能已经处理");
}

static enum code decide(struct db *db, struct arena *a, const struct viewer *v,
    struct role_request *r, bool approve, struct err *e)
{
    TRY(access_require(v, ACT_ROLES, e));
    TRY(waiting(db, a, r, e));
    if (r->by == v->person || r->person == v->person)
        return FAIL(e, E_DENIED, "授权须由提出人和本人以外的安全管理员批准");
    TRY(forget(db, r, e));
    TRY(note(db, approve ? "role.approve" : "role.refuse", r, v->person, e));
    if (!approve)
        return OK;
    return r->unit ? person_post_authorize(db, r->person, r->unit, r->roles, v->person, e)
                   : person_authorize(db, r->person, r->roles, v->person, e);
}

enum code role_request_decide(struct db *db, const struct viewer *v, int64_t person, int64_t unit,
    bool approve, struct err *e)
{
    struct role_request r = {.person = person, .unit = unit};
    struct arena a;
    arena_init(&a);
    enum code c = decide(db, &a, v, &r, approve, e);
    arena_release(&a);
    return c;
}
