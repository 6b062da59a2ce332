#include "office/phrase.h"

#include "base/id.h"
#include "base/utf8.h"

enum code phrase_list(struct db *db, struct arena *a, int64_t person, struct own_phrase **out,
    size_t *n, struct err *e)
{
    struct own_phrase *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(
        db, "SELECT id, text FROM own_phrase WHERE person = ?1 ORDER BY position, id LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, OWN_PHRASES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) =
            (struct own_phrase){stmt_int(q, 0), arena_str(a, stmt_str(q, 1))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code check(struct str text, struct err *e)
{
    if (!text.n)
        return FAIL(e, E_INPUT, "没有填写常用语，填好后再存");
    if (utf8_check(text) != SIZE_MAX || utf8_len_cp(text) > OWN_PHRASE_CP_MAX)
        return FAIL(e, E_LIMIT, "一条常用语最多%d个字，请精简", OWN_PHRASE_CP_MAX);
    return OK;
}

enum code phrase_add(struct db *db, int64_t person, struct str text, struct err *e)
{
    int64_t n = 0, last = 0;
    bool same = false;
    struct stmt *q =
        db_sql(db, "SELECT position, text FROM own_phrase WHERE person = ?1 ORDER BY position");
    text = str_trim(text);
    stmt_bind_int(q, 1, person);
    while (stmt_step(q)) {
        last = stmt_int(q, 0);
        same = same || str_eq(stmt_str(q, 1), text);
        n++;
    }
    TRY(stmt_end(q, e));
    TRY(check(text, e));
    if (same)
        return OK;
    if (n >= OWN_PHRASES_MAX)
        return FAIL(e, E_LIMIT, "常用语最多%d条，请先在“我的账号”里删去不用的", OWN_PHRASES_MAX);
    q = db_sql(db, "INSERT INTO own_phrase(id, person, position, text) VALUES(?1, ?2, ?3, ?4)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, last + 1);
    stmt_bind_str(q, 4, text);
    return stmt_run(q, NULL, e);
}

static enum code put_at(struct db *db, int64_t id, int64_t position, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE own_phrase SET position = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, position);
    return stmt_run(q, NULL, e);
}

enum code phrase_move(struct db *db, int64_t person, int64_t id, bool up, struct err *e)
{
    int64_t ids[OWN_PHRASES_MAX], at[OWN_PHRASES_MAX];
    size_t n = 0, i = 0;
    struct stmt *q = db_sql(
        db, "SELECT id, position FROM own_phrase WHERE person = ?1 ORDER BY position, id LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, OWN_PHRASES_MAX);
    while (stmt_step(q) && n < OWN_PHRASES_MAX) {
        ids[n] = stmt_int(q, 0);
        at[n++] = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    while (i < n && ids[i] != id)
        i++;
    if (i == n)
        return FAIL(e, E_NOTFOUND, "没有这条常用语，可能已经删去");
    size_t other = up ? i - 1 : i + 1; /* above the first: SIZE_MAX */
    if (other >= n)
        return OK;
    TRY(put_at(db, ids[i], at[other], e));
    return put_at(db, ids[other], at[i], e);
}

enum code phrase_drop(struct db *db, int64_t person, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM own_phrase WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    return stmt_run(q, NULL, e);
}
