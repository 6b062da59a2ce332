#include "office/kind_draft.h"

#include "base/clock.h"

enum code kind_copy_get(struct db *db, struct arena *a, struct str kind, int64_t person,
    struct kind_copy *out, bool *there, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT yaml, seen, saved FROM kind_draft WHERE kind = ?1 AND person = ?2");

    stmt_bind_str(q, 1, kind);
    stmt_bind_int(q, 2, person);
    *there = stmt_step(q);
    if (*there)
        *out = (struct kind_copy){.kind = kind,
            .yaml = arena_str(a, stmt_str(q, 0)),
            .seen = stmt_int(q, 1),
            .saved_ms = stmt_int(q, 2)};
    return stmt_end(q, e);
}

enum code kind_copy_save(struct db *db, const struct kind_copy *c, int64_t person, struct err *e)
{
    if (c->yaml.n > KIND_BYTES_MAX)
        return FAIL(e, E_LIMIT, "全文%zu字节，超过上限%d字节", c->yaml.n, KIND_BYTES_MAX);
    struct stmt *q = db_sql(db,
        "INSERT INTO kind_draft(kind, person, seen, yaml, saved) VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (kind, person) DO UPDATE SET seen = excluded.seen, yaml = excluded.yaml,"
        " saved = excluded.saved");
    stmt_bind_str(q, 1, c->kind);
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, c->seen);
    stmt_bind_str(q, 4, c->yaml);
    stmt_bind_int(q, 5, clock_now_ms());
    return stmt_run(q, NULL, e);
}

enum code kind_copy_drop(struct db *db, struct str kind, int64_t person, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM kind_draft WHERE kind = ?1 AND person = ?2");

    stmt_bind_str(q, 1, kind);
    stmt_bind_int(q, 2, person);
    return stmt_run(q, NULL, e);
}
