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
    return changed ? change_note(db, CHANGE_ATTR, old, e) : OK;
}

/* Is `named` this document: its title, or the work it prints? */
static bool same_work(struct arena *a, struct str named, struct str title)
{
    return key_same_title(a, named, title) || key_same_title(a, named, key_printed(title));
}

/* A new edition under the same title is told from the repealed one by its day: what repeals is never
 * older than what it repeals. A day that is not known does not stand in the way. */
static bool older(struct str day, struct str than)
{
    return day.n == 0 || than.n == 0 || str_cmp(day, than) < 0;
}

/* The documents that a statement of `by_doc` names: by number where it gives one, else by title. Two
 * statements, since an index serves each of them and none serves both in one. */
static enum code named_by(struct db *db, struct arena *a, int64_t by_doc, struct str day,
    const struct repeal *r, int64_t hits[CANDIDATES], size_t *n, struct err *e)
{
    struct str docno_key = key_of_docno(a, r->docno);
    bool numbered = docno_key.n > 0; /* a number is one document, whatever it is called there */
    struct stmt *q = numbered
                         ? db_sql(db, "SELECT id, title, day FROM document WHERE docno_key = ?2"
                                      " AND deleted = 0 AND id <> ?1 ORDER BY id LIMIT ?3")
                         : db_sql(db, "SELECT id, title, day FROM document WHERE id IN (SELECT id "
                                      "FROM document WHERE title_key = ?2"
                                      " UNION SELECT id FROM document WHERE printed_key = ?2) AND "
                                      "deleted = 0 AND id <> ?1 ORDER BY id LIMIT ?3");

    *n = 0;
    stmt_bind_int(q, 1, by_doc);
    stmt_bind_str(q, 2, numbered ? docno_key : key_of_title(a, r->title));
    stmt_bind_int(q, 3, CANDIDATES);
    while (stmt_step(q))
        if (older(stmt_str(q, 2), day) && (numbered || same_work(a, r->title, stmt_str(q, 1))))
            hits[(*n)++] = stmt_int(q, 0);
    return stmt_end(q, e);
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

static enum code note_one(struct db *db, struct arena *a, int64_t doc, int64_t position,
    const struct repeal *r, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO repeal (document, position, title, title_key, docno_key,"
                   " begin_cp, end_cp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    stmt_bind_int(q, 1, doc);
    stmt_bind_int(q, 2, position);
    stmt_bind_str(q, 3, r->title);
    stmt_bind_str(q, 4, key_of_title(a, r->title));
    stmt_bind_str(q, 5, key_of_docno(a, r->docno));
    stmt_bind_int(q, 6, r->begin_cp);
    stmt_bind_int(q, 7, r->end_cp);
    return stmt_run(q, NULL, e);
}

static enum code note_all(
    struct db *db, struct arena *a, int64_t doc, const struct repeal *list, size_t n, struct err *e)
{
    struct str day;

    TRY(day_of_doc(db, a, doc, &day, e));
    for (size_t i = 0; i < n; i++) {
        int64_t hits[CANDIDATES];
        size_t k;
        TRY(note_one(db, a, doc, (int64_t)i, &list[i], e));
        TRY(named_by(db, a, doc, day, &list[i], hits, &k, e));
        for (size_t j = 0; j < k; j++)
            TRY(mark(db, hits[j], doc, e));
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

/* The last statement, if any, that names this number; else one without a number that names this title. */
static enum code statement_on(struct db *db, struct arena *a, int64_t doc, bool by_number,
    struct str title, struct str docno_key, struct str day, int64_t *by_doc, struct err *e)
{
    struct str key = key_of_title(a, title);
    struct str printed = key_of_title(a, key_printed(title));
    struct stmt *q =
        by_number
            ? db_sql(db, "SELECT r.document, r.title, d.day FROM repeal r JOIN document d"
                         " ON d.id = r.document AND d.deleted = 0 WHERE r.docno_key IN (?2, ?3)"
                         " AND r.document <> ?1 ORDER BY r.document LIMIT ?4")
            : db_sql(db, "SELECT r.document, r.title, d.day FROM repeal r JOIN document d"
                         " ON d.id = r.document AND d.deleted = 0 WHERE r.title_key IN (?2, ?3)"
                         " AND r.docno_key = '' AND r.document <> ?1 ORDER BY r.document LIMIT ?4");

    stmt_bind_int(q, 1, doc);
    stmt_bind_str(q, 2, by_number ? docno_key : key);
    stmt_bind_str(q, 3, by_number ? docno_key : printed.n ? printed : key);
    stmt_bind_int(q, 4, CANDIDATES);
    while (stmt_step(q))
        if (older(day, stmt_str(q, 2)) && (by_number || same_work(a, stmt_str(q, 1), title)))
            *by_doc = stmt_int(q, 0);
    return stmt_end(q, e);
}

static enum code apply_earlier(
    struct db *db, struct arena *a, int64_t doc, struct str title, struct str docno, struct err *e)
{
    struct str docno_key = key_of_docno(a, docno);
    struct str day;
    int64_t by_doc = 0;

    TRY(day_of_doc(db, a, doc, &day, e));
    if (docno_key.n)
        TRY(statement_on(db, a, doc, true, title, docno_key, day, &by_doc, e));
    if (by_doc == 0 && key_of_title(a, title).n)
        TRY(statement_on(db, a, doc, false, title, docno_key, day, &by_doc, e));
    return by_doc ? mark(db, doc, by_doc, e) : OK;
}

enum code repeal_apply_to(
    struct db *db, int64_t doc, struct str title, struct str docno, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = apply_earlier(db, &a, doc, title, docno, e);
    arena_release(&a);
    return c;
}

enum code repeal_of(struct db *db, struct arena *a, struct str title, struct str docno,
    int64_t *by_docs, size_t max, size_t *n, struct err *e)
{
    struct str key = key_of_docno(a, docno);
    struct stmt *q =
        key.n
            ? db_sql(db, "SELECT r.document, r.title FROM repeal r JOIN document d ON d.id = "
                         "r.document AND d.deleted = 0 WHERE r.docno_key = ?1 ORDER BY "
                         "r.document DESC LIMIT ?2")
            : db_sql(db, "SELECT r.document, r.title FROM repeal r JOIN document d ON d.id = "
                         "r.document AND d.deleted = 0 WHERE r.title_key = ?1 AND r.docno_key = ''"
                         " ORDER BY r.document DESC LIMIT ?2");

    *n = 0;
    stmt_bind_str(q, 1, key.n ? key : key_of_title(a, title));
    stmt_bind_int(q, 2, (int64_t)max);
    while (stmt_step(q))
        if (key.n || key_same_title(a, stmt_str(q, 1), title))
            by_docs[(*n)++] = stmt_int(q, 0);
    return stmt_end(q, e);
}
