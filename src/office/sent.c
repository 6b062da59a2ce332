#include "office/sent.h"

bool sent_key_ok(struct str key)
{
    if (key.n < SENT_KEY_MIN || key.n > SENT_KEY_MAX)
        return false;
    for (size_t i = 0; i < key.n; i++)
        if (!((key.p[i] >= '0' && key.p[i] <= '9') || (key.p[i] >= 'a' && key.p[i] <= 'z') ||
                (key.p[i] >= 'A' && key.p[i] <= 'Z')))
            return false;
    return true;
}

enum code sent_take(
    struct db *db, int64_t person, struct str key, int64_t now_ms, bool *fresh, struct err *e)
{
    int64_t n = 0;
    CHECK_BUG(e, person && sent_key_ok(key));
    /* his own old ones: no job has to clean up, and nobody's write waits for another's */
    struct stmt *q = db_sql(db, "DELETE FROM sent WHERE person = ?1 AND at < ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, now_ms - SENT_KEPT_DAYS * INT64_C(86400000));
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "INSERT INTO sent(person, key, at) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, key);
    stmt_bind_int(q, 3, now_ms);
    TRY(stmt_run(q, &n, e));
    *fresh = n > 0;
    return OK;
}

enum code sent_is_taken(struct db *db, int64_t person, struct str key, bool *taken, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM sent WHERE person = ?1 AND key = ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, key);
    *taken = stmt_step(q);
    return stmt_end(q, e);
}
