#include "office/repeal.h"

#include "base/clock.h"
#include "office/change.h"
#include "office/key.h"

enum { CANDIDATES = 50 };

static enum code mark(struct db *db, int64_t old, int64_t by_doc, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE document SET status = ?2, superseded_by = ?3,"
                                " revision = revision + 1, changed_by = 0, changed = ?4"
                                " WHERE id = ?1 AND deleted = 0 AND status <> ?2");
    int64_t changed = 0;

    stmt_bind_int(q, 1, old);
    stmt_bind_int(q, 2, STATUS_REPEALED);
    stmt_bind_int(q, 3, by_doc);
    stmt_bind_int(q, 4, clock_now_ms());
    TRY(stmt_run(q, &changed, e));
    return changed ? change_note(db, CHANGE_PUT, old, e) : OK;
}

/* The documents of this very title, but for `except`: ids with their days. A new edition under the same
 * title is told from the repealed one by its day: the repealing document is never older than what it repeals. */
static enum code apply_one(
    struct db *db, struct arena *a, int64_t by_doc, struct str day, struct str title, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id, title, day FROM document WHERE title_key = ?1"
                                " AND deleted = 0 AND id <> ?2 LIMIT ?3");
    int64_t hits[CANDIDATES];
    size_t n = 0;

    stmt_bind_str(q, 1, key_of_title(a, title));
    stmt_bind_int(q, 2, by_doc);
    stmt_bind_int(q, 3, CANDIDATES);
    while (stmt_step(q)) {
        struct str old_day = stmt_str(q, 2);
        bool older = day.n == 0 || old_day.n == 0 || str_cmp(old_day, day) < 0;
        if (older && key_same_title(a, title, stmt_str(q, 1)) && n < CANDIDATES)
            hits[n++] = stmt_int(q, 0);
    }
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < n; i++)
        TRY(mark(db, hits[i], by_doc, e));
    return OK;
}

static enum code day_of_doc(
    struct db *db, struct arena *a, int64_t doc, struct str *day, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT day FROM document WHERE id = ?1 AND deleted = 0");

    *day = (struct str){0};
    stmt_bind_int(q, 1, doc);
    if (stmt_step(q))
        *day = arena_str(a, stmt_str(q, 0));
    return stmt_end(q, e);
}

static enum code note_all(
    struct db *db, struct arena *a, int64_t doc, const struct repeal *list, size_t n, struct err *e)
{
    struct str day;

    TRY(day_of_doc(db, a, doc, &day, e));
    for (size_t i = 0; i < n; i++) {
        struct stmt *q =
            db_sql(db, "INSERT INTO repeal (document, position, title, title_key, begin_cp,"
                       " end_cp) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        stmt_bind_int(q, 1, doc);
        stmt_bind_int(q, 2, (int64_t)i);
        stmt_bind_str(q, 3, list[i].title);
        stmt_bind_str(q, 4, key_of_title(a, list[i].title));
        stmt_bind_int(q, 5, list[i].begin_cp);
        stmt_bind_int(q, 6, list[i].end_cp);
        TRY(stmt_run(q, NULL, e));
        TRY(apply_one(db, a, doc, day, list[i].title, e));
    }
    return OK;
}

enum code repeal_note(
    struct db *db, int64_t doc, const struct repeal *list, size_t n, struct err *e)
{
    struct arena a;
    enum code c;

    if (n == 0)
        return OK;
    arena_init(&a);
    c = note_all(db, &a, doc, list, n, e);
    arena_release(&a);
    return c;
}

static enum code apply_earlier(
    struct db *db, struct arena *a, int64_t doc, struct str title, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT r.document, r.title, d.day FROM repeal r JOIN document d"
                                " ON d.id = r.document AND d.deleted = 0"
                                " WHERE r.title_key = ?1 AND r.document <> ?2 LIMIT ?3");
    struct str day;
    int64_t by_doc = 0;

    TRY(day_of_doc(db, a, doc, &day, e));
    stmt_bind_str(q, 1, key_of_title(a, title));
    stmt_bind_int(q, 2, doc);
    stmt_bind_int(q, 3, CANDIDATES);
    while (stmt_step(q)) {
        struct str later = stmt_str(q, 2);
        bool older = day.n == 0 || later.n == 0 || str_cmp(day, later) < 0;
        if (older && key_same_title(a, title, stmt_str(q, 1)))
            by_doc = stmt_int(q, 0);
    }
    TRY(stmt_end(q, e));
    return by_doc ? mark(db, doc, by_doc, e) : OK;
}

enum code repeal_apply_to(struct db *db, int64_t doc, struct str title, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = apply_earlier(db, &a, doc, title, e);
    arena_release(&a);
    return c;
}
