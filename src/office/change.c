#include "office/change.h"

enum code change_note(struct db *db, enum change_op op, int64_t doc, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE counter SET value = value + 1 WHERE name = 'change' RETURNING value");
    int64_t seq = 0;

    if (stmt_step(q))
        seq = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    q = db_sql(db, "INSERT INTO change (seq, op, document) VALUES (?1, ?2, ?3)");
    stmt_bind_int(q, 1, seq);
    stmt_bind_int(q, 2, op);
    stmt_bind_int(q, 3, doc);
    return stmt_run(q, NULL, e);
}

enum code change_last(struct db *db, int64_t *seq, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE "SELECT value FROM counter WHERE name = 'change'");

    *seq = 0;
    if (stmt_step(q))
        *seq = stmt_int(q, 0);
    return stmt_end(q, e);
}
