/* Texts that are nearly the same: candidates by shared keys, ordered by the estimate of their
 * signatures. Declared in document.h; apart from document.c because it reads nothing else of a document. */
#include <stdlib.h>

#include "office/document.h"
#include "text/near.h"

enum { CANDIDATES = 500, PERCENT_SHOWN = 20 };

static int most_similar_first(const void *x, const void *y)
{
    const struct near_match *a = x;
    const struct near_match *b = y;

    if (a->percent != b->percent)
        return b->percent - a->percent;
    return (a->doc > b->doc) - (a->doc < b->doc);
}

static enum code signature_of(
    struct db *db, int64_t id, struct near_sign *out, bool *found, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT signature FROM doc_signature WHERE document = ?1");

    *found = false;
    stmt_bind_int(q, 1, id);
    if (stmt_step(q))
        *found = near_unpack(stmt_blob(q, 0), out);
    return stmt_end(q, e);
}

/* The keys are made again from the signature: they need no index by document. */
static struct stmt *candidates(struct db *db, int64_t id, const struct near_sign *sign)
{
    int64_t keys[NEAR_KEYS] = {0};
    struct stmt *q = db_sql(db,
        "SELECT document, signature FROM doc_signature WHERE document <> ?1 AND document IN"
        " (SELECT document FROM near_band WHERE band IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
        "?12,"
        " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25))");

    _Static_assert(NEAR_KEYS == 24, "as many places in the statement as there are keys");
    (void)near_keys(sign, keys);
    stmt_bind_int(q, 1, id);
    for (int i = 0; i < NEAR_KEYS; i++)
        stmt_bind_int(q, 2 + i, keys[i]);
    return q;
}

enum code document_near_forget(struct db *db, int64_t id, struct err *e)
{
    struct near_sign sign;
    int64_t keys[NEAR_KEYS];
    size_t n;
    bool found;

    TRY(signature_of(db, id, &sign, &found, e));
    n = found ? near_keys(&sign, keys) : 0;
    for (size_t i = 0; i < n; i++) {
        struct stmt *q = db_sql(db, "DELETE FROM near_band WHERE band = ?1 AND document = ?2");
        stmt_bind_int(q, 1, keys[i]);
        stmt_bind_int(q, 2, id);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

enum code document_near(struct db *db, struct arena *a, int64_t id, size_t limit,
    struct near_match **out, size_t *n, struct err *e)
{
    struct near_sign mine;
    struct near_sign other;
    struct near_match *v = NULL;
    struct stmt *q;
    size_t k = 0;
    size_t cap = 0;
    bool found;

    *out = NULL;
    *n = 0;
    TRY(signature_of(db, id, &mine, &found, e));
    if (!found)
        return OK;
    q = candidates(db, id, &mine);
    while (stmt_step(q) && k < CANDIDATES) {
        int percent;
        if (!near_unpack(stmt_blob(q, 1), &other))
            continue;
        percent = (int)(near_estimate(&mine, &other) * 100 + 0.5);
        if (percent >= PERCENT_SHOWN)
            ARENA_PUSH(a, v, k, cap) = (struct near_match){stmt_int(q, 0), percent};
    }
    TRY(stmt_end(q, e));
    if (k)
        qsort(v, k, sizeof(*v), most_similar_first);
    *out = v;
    *n = k < limit ? k : limit;
    return OK;
}
