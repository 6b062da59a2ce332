#include "office/import_job.h"

#include "base/clock.h"

enum code import_job_begin(
    struct db *db, int64_t job, const struct import_options *opt, struct str what, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO import_job (id, started, finished, actor, origin, subject, seen, taken, "
        "duplicate,"
        " held, refused, failed, bytes) VALUES (?1, ?2, 0, ?3, ?4, ?5, 0, 0, 0, 0, 0, 0, 0)");

    stmt_bind_int(q, 1, job);
    stmt_bind_int(q, 2, clock_now_ms());
    stmt_bind_int(q, 3, opt->by);
    stmt_bind_int(q, 4, opt->origin);
    stmt_bind_str(q, 5, what);
    return stmt_run(q, NULL, e);
}

enum code import_job_counts(
    struct db *db, int64_t job, const struct import_counts *c, int64_t finished_ms, struct err *e)
{
    struct stmt *q = db_sql(db,
        "UPDATE import_job SET finished = ?2, seen = ?3, taken = ?4, duplicate = ?5, held = ?6,"
        " refused = ?7, failed = ?8, bytes = ?9 WHERE id = ?1");

    stmt_bind_int(q, 1, job);
    stmt_bind_int(q, 2, finished_ms);
    stmt_bind_int(q, 3, c->seen);
    stmt_bind_int(q, 4, c->of[IMPORT_TAKEN]);
    stmt_bind_int(q, 5, c->of[IMPORT_DUPLICATE]);
    stmt_bind_int(q, 6, c->of[IMPORT_HELD]);
    stmt_bind_int(q, 7, c->of[IMPORT_REFUSED]);
    stmt_bind_int(q, 8, c->of[IMPORT_FAILED]);
    stmt_bind_int(q, 9, c->bytes);
    return stmt_run(q, NULL, e);
}

enum code import_job_entry(
    struct db *db, int64_t job, int64_t position, const struct import_entry *entry, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO import_entry (job, position, outcome, path, reason, document)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    stmt_bind_int(q, 1, job);
    stmt_bind_int(q, 2, position);
    stmt_bind_int(q, 3, entry->outcome);
    stmt_bind_str(q, 4, entry->path);
    stmt_bind_str(q, 5, entry->reason);
    stmt_bind_int(q, 6, entry->doc);
    return stmt_run(q, NULL, e);
}

enum code import_jobs(
    struct db *db, struct arena *a, size_t limit, struct import_job **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT id, started, finished, actor, origin, subject, seen, taken,"
                                " duplicate, held, refused, failed, bytes FROM import_job"
                                " ORDER BY id DESC LIMIT ?1");
    struct import_job *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    stmt_bind_int(q, 1, (int64_t)limit);
    while (stmt_step(q)) {
        struct import_job j = {.id = stmt_int(q, 0),
            .started_ms = stmt_int(q, 1),
            .finished_ms = stmt_int(q, 2),
            .by = stmt_int(q, 3),
            .origin = (enum doc_origin)stmt_int(q, 4),
            .what = arena_str(a, stmt_str(q, 5)),
            .counts = {.seen = stmt_int(q, 6), .bytes = stmt_int(q, 12)}};
        for (int i = 0; i < N_IMPORT_OUTCOME; i++)
            j.counts.of[i] = stmt_int(q, 7 + i);
        ARENA_PUSH(a, v, k, cap) = j;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code import_entries(struct db *db, struct arena *a, int64_t job, size_t limit,
    struct import_entry **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT outcome, path, reason, document FROM import_entry"
                                " WHERE job = ?1 ORDER BY position LIMIT ?2");
    struct import_entry *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    stmt_bind_int(q, 1, job);
    stmt_bind_int(q, 2, (int64_t)limit);
    while (stmt_step(q)) {
        ARENA_PUSH(a, v, k, cap) =
            (struct import_entry){.outcome = (enum import_outcome)stmt_int(q, 0),
                .path = arena_str(a, stmt_str(q, 1)),
                .reason = arena_str(a, stmt_str(q, 2)),
                .doc = stmt_int(q, 3)};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}
