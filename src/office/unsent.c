#include "office/unsent.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"

enum { TITLE_CP_MAX = 80 };

static enum code check(struct unsent *u, struct err *e)
{
    if (u->body.n > UNSENT_BYTES_MAX)
        return FAIL(
            e, E_LIMIT, "填写的内容超过%d KB，请把长的部分作为附件", UNSENT_BYTES_MAX >> 10);
    CHECK_BUG(e, u->person && u->form.n && u->form.n <= UNSENT_FORM_MAX);
    u->title = str_sub(u->title, 0, utf8_off(u->title, TITLE_CP_MAX));
    u->saved_ms = clock_now_ms();
    return OK;
}

static enum code insert(struct db *db, struct unsent *u, struct err *e)
{
    u->id = id_next();
    struct stmt *q = db_sql(db, "INSERT INTO unsent(id, person, form, title, body, saved)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_bind_int(q, 1, u->id);
    stmt_bind_int(q, 2, u->person);
    stmt_bind_str(q, 3, u->form);
    stmt_bind_str(q, 4, u->title);
    stmt_bind_str(q, 5, u->body);
    stmt_bind_int(q, 6, u->saved_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM unsent WHERE person = ?1 AND id NOT IN (SELECT id FROM unsent"
                   " WHERE person = ?1 ORDER BY saved DESC, id DESC LIMIT ?2)");
    stmt_bind_int(q, 1, u->person);
    stmt_bind_int(q, 2, UNSENT_MAX);
    return stmt_run(q, NULL, e);
}

enum code unsent_save(struct db *db, struct unsent *u, struct err *e)
{
    int64_t n = 0;
    TRY(check(u, e));
    if (!u->id)
        return insert(db, u, e);
    struct stmt *q = db_sql(db, "UPDATE unsent SET title = ?4, body = ?5, saved = ?6"
                                " WHERE id = ?1 AND person = ?2 AND form = ?3");
    stmt_bind_int(q, 1, u->id);
    stmt_bind_int(q, 2, u->person);
    stmt_bind_str(q, 3, u->form);
    stmt_bind_str(q, 4, u->title);
    stmt_bind_str(q, 5, u->body);
    stmt_bind_int(q, 6, u->saved_ms);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_NOTFOUND, "这份没有提交的内容已经提交或删除");
}

static struct unsent row(struct stmt *q, struct arena *a)
{
    return (struct unsent){.id = stmt_int(q, 0),
        .person = stmt_int(q, 1),
        .form = arena_str(a, stmt_str(q, 2)),
        .title = arena_str(a, stmt_str(q, 3)),
        .saved_ms = stmt_int(q, 4)};
}

enum code unsent_get(
    struct db *db, struct arena *a, int64_t person, int64_t id, struct unsent *out, struct err *e)
{
    struct unsent u = {.id = 0};
    struct stmt *q = db_sql(db, "SELECT id, person, form, title, saved, body FROM unsent"
                                " WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    if (stmt_step(q)) {
        u = row(q, a);
        u.body = arena_str(a, stmt_str(q, 5));
    }
    TRY(stmt_end(q, e));
    if (!u.id)
        return FAIL(e, E_NOTFOUND, "这份没有提交的内容已经提交或删除");
    *out = u;
    return OK;
}

enum code unsent_list(struct db *db, struct arena *a, int64_t person, struct str form,
    struct unsent **out, size_t *n, struct err *e)
{
    struct unsent *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT id, person, form, title, saved FROM unsent"
                                " WHERE person = ?1 AND (?2 = '' OR form = ?2)"
                                " ORDER BY saved DESC, id DESC LIMIT ?3");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, form);
    stmt_bind_int(q, 3, UNSENT_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code unsent_drop(struct db *db, int64_t person, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM unsent WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    return stmt_run(q, NULL, e);
}
