/* Candidates for set phrases: mined, kept, confirmed or dismissed. */
#include "base/clock.h"
#include "base/utf8.h"
#include "office/access.h"
#include "office/audit.h"
#include "office/index.h"
#include "office/library.h"
#include "office/term.h"

enum {
    LEAST_DOCUMENTS = 4,
    ONE_IN = 1500, /* documents of the library: then a phrase is met often enough */
    SHOWN_DOCUMENTS = 2,
};

static enum code filter_of(struct office *o, struct arena *a, const struct viewer *v,
    struct corpus_filter *f, struct err *e)
{
    struct db *db;
    enum code c;

    *f = (struct corpus_filter){.without_flags = CORPUS_UNPROOFED};
    TRY(store_read(o->store, &db, e));
    c = access_filter(db, a, v, f, e);
    store_read_end(db);
    return c;
}

struct keeping {
    const struct phrase *v;
    size_t n;
};

static enum code keep(struct db *db, void *arg, struct err *e)
{
    const struct keeping *k = arg;
    int64_t now = clock_now_ms();

    TRY(db_exec(db, "DELETE FROM phrase_candidate", e));
    for (size_t i = 0; i < k->n; i++) {
        struct stmt *q = db_sql(
            db, "INSERT INTO phrase_candidate (phrase, position, mined) VALUES (?1, ?2, ?3)");
        stmt_bind_str(q, 1, k->v[i].text);
        stmt_bind_int(q, 2, (int64_t)i);
        stmt_bind_int(q, 3, now);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

enum code term_mine(struct office *o, const struct viewer *v,
    void (*progress)(void *arg, int64_t done, int64_t all), void *arg, size_t *n, struct err *e)
{
    struct arena a;
    struct corpus_stats stats;
    struct corpus_filter f;
    struct keeping k = {0};
    struct phrase *found = NULL;
    struct phrase_options opt = {.limit = TERM_CANDIDATES, .progress = progress, .arg = arg};
    enum code c;

    arena_init(&a);
    c = index_catch_up(o, NULL, e);
    corpus_stats(o->corpus, &stats);
    opt.min_documents = stats.documents / ONE_IN;
    if (opt.min_documents < LEAST_DOCUMENTS)
        opt.min_documents = LEAST_DOCUMENTS;
    if (c == OK)
        c = filter_of(o, &a, v, &f, e);
    if (c == OK)
        c = phrases_mine(o->corpus, &a, &f, &opt, &found, &k.n, e);
    k.v = found;
    if (c == OK)
        c = store_write(o->store, keep, &k, e);
    if (c == OK)
        *n = k.n;
    arena_release(&a);
    return c;
}

/* ---- showing ---- */

#define OPEN                                                                                      \
    " FROM phrase_candidate c WHERE NOT EXISTS (SELECT 1 FROM phrase_dismissed d WHERE d.phrase " \
    "= "                                                                                          \
    "c.phrase) AND NOT EXISTS (SELECT 1 FROM term t WHERE t.canonical = c.phrase)"

static enum code read_rows(struct db *db, struct arena *a, int64_t offset, int64_t limit,
    struct term_candidate_page *out, struct err *e)
{
    size_t cap = 0;
    struct stmt *q = db_sql(db, "SELECT count(*), coalesce(max(c.mined), 0)" OPEN);

    if (stmt_step(q)) {
        out->total = stmt_int(q, 0);
        out->mined_ms = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    q = db_sql(db, "SELECT c.phrase" OPEN " ORDER BY c.position LIMIT ?1 OFFSET ?2");
    stmt_bind_int(q, 1, limit);
    stmt_bind_int(q, 2, offset);
    while (stmt_step(q))
        ARENA_PUSH(a, out->v, out->n, cap) =
            (struct term_candidate){.p = {.text = arena_str(a, stmt_str(q, 0))}};
    return stmt_end(q, e);
}

static enum code count_rows(struct office *o, struct db *db, struct arena *a,
    const struct corpus_filter *f, struct term_candidate *v, size_t *n, struct err *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        struct term_candidate x = v[i];
        TRY(phrase_count(o->corpus, v[i].p.text, f, &x.p, e));
        if (x.p.documents < SHOWN_DOCUMENTS)
            continue;
        TRY(document_get_many(db, a, x.p.examples, x.p.n_examples, &x.examples, &x.n_examples, e));
        v[kept++] = x;
    }
    *n = kept;
    return OK;
}

enum code term_candidates(struct office *o, struct arena *a, const struct viewer *v, int64_t offset,
    int64_t limit, struct term_candidate_page *out, struct err *e)
{
    struct corpus_filter f;
    struct db *db;
    enum code c;

    *out = (struct term_candidate_page){0};
    TRY(index_catch_up(o, NULL, e));
    TRY(filter_of(o, a, v, &f, e));
    TRY(store_read(o->store, &db, e));
    c = read_rows(db, a, offset, limit, out, e);
    if (c == OK)
        c = count_rows(o, db, a, &f, out->v, &out->n, e);
    store_read_end(db);
    return c;
}

enum code term_dismiss(struct db *db, struct str phrase, int64_t by, struct err *e)
{
    struct stmt *q;

    phrase = str_trim(phrase);
    if (!phrase.n || utf8_len_cp(phrase) > TERM_NAME_CP)
        return FAIL(e, E_INPUT, "没有这条候选");
    q = db_sql(db, "INSERT INTO phrase_dismissed (phrase, at, by_person) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (phrase) DO NOTHING");
    stmt_bind_str(q, 1, phrase);
    stmt_bind_int(q, 2, clock_now_ms());
    stmt_bind_int(q, 3, by);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by, "term.dismiss", "term", 0, S(""), e);
}
