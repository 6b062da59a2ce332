#include "office/citation.h"

#include "office/key.h"

enum { CITATION_MAX = 5000 }; /* of one document; the rest of a text that cites more is left out */

static enum code by_number(struct db *db, struct str docno_key, int64_t *to, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM document WHERE docno_key = ?1 AND deleted = 0"
                                " ORDER BY status, id LIMIT 1");

    stmt_bind_str(q, 1, docno_key);
    if (stmt_step(q))
        *to = stmt_int(q, 0);
    return stmt_end(q, e);
}

/* Of the documents that share the relaxed key: the very title first, then those in force, then the newest. */
static enum code candidates(struct db *db, struct arena *a, struct str title, struct str title_key,
    struct citation_candidate *out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT id, title FROM document WHERE id IN (SELECT id FROM document WHERE title_key = ?1"
        " UNION SELECT id FROM document WHERE printed_key = ?1) AND deleted = 0"
        " ORDER BY CASE status WHEN 1 THEN 0 WHEN 0 THEN 1 ELSE 2 END, day DESC, id LIMIT ?2");
    size_t n_exact = 0;

    stmt_bind_str(q, 1, title_key);
    stmt_bind_int(q, 2, CITATION_CANDIDATES);
    *n = 0;
    while (stmt_step(q) && *n < CITATION_CANDIDATES) {
        struct str other = stmt_str(q, 1);
        bool same = key_same_title(a, title, other) || key_same_title(a, title, key_printed(other));
        size_t at = *n;
        for (; same && at > n_exact; at--)
            out[at] = out[at - 1];
        out[at] = (struct citation_candidate){stmt_int(q, 0), same};
        n_exact += same;
        (*n)++;
    }
    return stmt_end(q, e);
}

/* The number decides when it and the title disagree: the reading page shows the mismatch. */
static enum code find_target(struct db *db, struct arena *a, const struct citation *c,
    struct str title_key, struct str docno_key, int64_t *to, struct err *e)
{
    *to = 0;
    if (docno_key.n)
        TRY(by_number(db, docno_key, to, e));
    if (*to == 0 && title_key.n) {
        struct citation_candidate v[CITATION_CANDIDATES];
        size_t n;
        TRY(candidates(db, a, c->title, title_key, v, &n, e));
        *to = n ? v[0].id : 0;
    }
    return OK;
}

enum code citation_candidates(struct db *db, struct arena *a, struct str title,
    struct citation_candidate **out, size_t *n, struct err *e)
{
    struct citation_candidate *v = ARENA_ARRAY(a, struct citation_candidate, CITATION_CANDIDATES);
    struct str key = key_of_title(a, title);
    size_t got = 0;

    if (key.n)
        TRY(candidates(db, a, title, key, v, &got, e));
    *out = v;
    *n = got;
    return OK;
}

enum code citation_numbered(
    struct db *db, struct arena *a, struct str docno, int64_t *id, struct err *e)
{
    struct str key = key_of_docno(a, docno);
    int64_t found = 0;

    if (key.n)
        TRY(by_number(db, key, &found, e));
    *id = found;
    return OK;
}

static enum code insert_one(
    struct db *db, int64_t doc, int64_t position, const struct citation *c, struct err *e)
{
    struct arena a;
    struct str title_key;
    struct str docno_key;
    int64_t to = 0;
    enum code code;

    arena_init(&a);
    title_key = key_of_title(&a, c->title);
    docno_key = key_of_docno(&a, c->docno);
    code = find_target(db, &a, c, title_key, docno_key, &to, e);
    if (code == OK) {
        struct stmt *q =
            db_sql(db, "INSERT INTO citation (document, position, target, begin_cp, end_cp, title,"
                       " title_key, docno, docno_key, article)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        stmt_bind_int(q, 1, doc);
        stmt_bind_int(q, 2, position);
        stmt_bind_int(q, 3, to == doc ? 0 : to);
        stmt_bind_int(q, 4, c->begin_cp);
        stmt_bind_int(q, 5, c->end_cp);
        stmt_bind_str(q, 6, c->title);
        stmt_bind_str(q, 7, title_key);
        stmt_bind_str(q, 8, c->docno);
        stmt_bind_str(q, 9, docno_key);
        stmt_bind_str(q, 10, c->article);
        code = stmt_run(q, NULL, e);
    }
    arena_release(&a);
    return code;
}

enum code citation_replace(
    struct db *db, int64_t doc, const struct citation *list, size_t n, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM citation WHERE document = ?1");

    stmt_bind_int(q, 1, doc);
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < n && i < CITATION_MAX; i++)
        TRY(insert_one(db, doc, (int64_t)i, &list[i], e));
    return OK;
}

enum code citation_adopt(
    struct db *db, int64_t doc, struct str title, struct str docno, struct err *e)
{
    struct arena a;
    struct str title_key;
    struct str printed_key;
    struct str docno_key;
    struct stmt *q;
    enum code c = OK;

    arena_init(&a);
    title_key = key_of_title(&a, title);
    printed_key = key_of_title(&a, key_printed(title));
    if (printed_key.n == 0)
        printed_key = title_key;
    docno_key = key_of_docno(&a, docno);
    if (docno_key.n) {
        q = db_sql(db, "UPDATE citation SET target = ?1"
                       " WHERE docno_key = ?2 AND target = 0 AND document <> ?1");
        stmt_bind_int(q, 1, doc);
        stmt_bind_str(q, 2, docno_key);
        c = stmt_run(q, NULL, e);
    }
    if (c == OK && title_key.n) {
        q = db_sql(db, "UPDATE citation SET target = ?1"
                       " WHERE title_key IN (?2, ?4)"
                       " AND target = 0 AND document <> ?1"
                       " AND (docno_key = '' OR ?3 = '')");
        stmt_bind_int(q, 1, doc);
        stmt_bind_str(q, 2, title_key);
        stmt_bind_str(q, 3, docno_key);
        stmt_bind_str(q, 4, printed_key);
        c = stmt_run(q, NULL, e);
    }
    arena_release(&a);
    return c;
}

static enum code read_all(
    struct stmt *q, struct arena *a, struct citation **out, size_t *n, struct err *e)
{
    struct citation *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    while (stmt_step(q)) {
        ARENA_PUSH(a, v, k, cap) = (struct citation){.from = stmt_int(q, 0),
            .to = stmt_int(q, 1),
            .begin_cp = stmt_int(q, 2),
            .end_cp = stmt_int(q, 3),
            .title = arena_str(a, stmt_str(q, 4)),
            .docno = arena_str(a, stmt_str(q, 5)),
            .article = arena_str(a, stmt_str(q, 6))};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code citation_from(
    struct db *db, struct arena *a, int64_t doc, struct citation **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT document, target, begin_cp, end_cp, title, docno, article"
                                " FROM citation WHERE document = ?1 ORDER BY position");

    stmt_bind_int(q, 1, doc);
    return read_all(q, a, out, n, e);
}

enum code citation_to(
    struct db *db, struct arena *a, int64_t doc, struct citation **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT document, target, begin_cp, end_cp, title, docno, article"
                   " FROM citation WHERE target = ?1 ORDER BY document, position LIMIT 2000");

    stmt_bind_int(q, 1, doc);
    return read_all(q, a, out, n, e);
}
