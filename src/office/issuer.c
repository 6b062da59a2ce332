#include "office/issuer.h"

#include "office/key.h"

enum { ISSUER_MATCH_MAX = 2000, ISSUER_NAME_MAX = 300 };

enum code issuer_take(struct db *db, struct str name, int authority, int64_t *id, struct err *e)
{
    struct stmt *q;
    int64_t found = 0;

    name = str_trim(name);
    if (name.n == 0) {
        *id = 0;
        return OK;
    }
    if (name.n > ISSUER_NAME_MAX)
        return FAIL(e, E_LIMIT, "发文机关名称超过%d字节", ISSUER_NAME_MAX);
    q = db_sql(db, "SELECT id FROM issuer WHERE name = ?1");
    stmt_bind_str(q, 1, name);
    if (stmt_step(q))
        found = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (found == 0) {
        q = db_sql(db, "INSERT INTO issuer (id, name, authority)"
                       " SELECT coalesce(max(id), 0) + 1, ?1, ?2 FROM issuer RETURNING id");
        stmt_bind_str(q, 1, name);
        stmt_bind_int(q, 2, authority);
        if (stmt_step(q))
            found = stmt_int(q, 0);
        TRY(stmt_end(q, e));
    }
    *id = found;
    return OK;
}

enum code issuer_match(
    struct db *db, struct arena *a, struct str part, uint32_t **ids, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT id FROM issuer WHERE name LIKE ?1 ESCAPE '\\' ORDER BY id LIMIT ?2");
    uint32_t *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    stmt_bind_str(q, 1, key_like(a, part));
    stmt_bind_int(q, 2, ISSUER_MATCH_MAX + 1);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (uint32_t)stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (k > ISSUER_MATCH_MAX)
        return FAIL(
            e, E_LIMIT, "名称含“%.*s”的发文机关超过%d个，请写得更具体", SF(part), ISSUER_MATCH_MAX);
    *ids = v ? v : ARENA_NEW(a, uint32_t);
    *n = k;
    return OK;
}

enum code issuer_list(struct db *db, struct arena *a, struct issuer **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id, name, authority FROM issuer ORDER BY id LIMIT ?1");
    struct issuer *v = NULL;
    size_t k = 0, cap = 0;

    stmt_bind_int(q, 1, ISSUER_LIST_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) =
            (struct issuer){stmt_int(q, 0), arena_str(a, stmt_str(q, 1)), (int)stmt_int(q, 2)};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code issuer_get(struct db *db, struct arena *a, int64_t id, struct issuer *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT name, authority FROM issuer WHERE id = ?1");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        *out = (struct issuer){id, arena_str(a, stmt_str(q, 0)), (int)stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "没有编号为%lld的发文机关", (long long)id);
}
