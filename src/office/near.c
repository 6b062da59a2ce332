/* Texts that are nearly the same: candidates by shared keys, ordered by the estimate of their
 * signatures. Declared in document.h; apart from document.c because it reads nothing else of a document. */
#include <stdlib.h>

#include "office/change.h"
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

/* ---- the keys follow the feed ---- */

struct band {
    int64_t key, doc;
};

struct following {
    int64_t seq; /* keys are there of every change up to here */
    bool more;
};

static int by_key(const void *x, const void *y)
{
    const struct band *a = x;
    const struct band *b = y;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->doc > b->doc) - (a->doc < b->doc);
}

static enum code followed(struct db *db, int64_t *seq, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT value FROM counter WHERE name = 'near'");

    *seq = 0;
    if (stmt_step(q))
        *seq = stmt_int(q, 0);
    return stmt_end(q, e);
}

/* Keys of the next documents of the feed; f->seq moves behind them. */
static enum code next_bands(struct db *db, struct arena *a, struct following *f, struct band **out,
    size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT g.seq, g.document, s.signature FROM change g"
                                " JOIN document d ON d.id = g.document AND d.deleted = 0"
                                " JOIN doc_signature s ON s.document = g.document"
                                " WHERE g.seq > ?1 AND g.op = ?2 ORDER BY g.seq LIMIT ?3");
    struct band *v = ARENA_ARRAY(a, struct band, (size_t)NEAR_AT_ONCE * NEAR_KEYS);
    int64_t rows = 0;

    *n = 0;
    stmt_bind_int(q, 1, f->seq);
    stmt_bind_int(q, 2, CHANGE_PUT);
    stmt_bind_int(q, 3, NEAR_AT_ONCE);
    while (stmt_step(q) && rows < NEAR_AT_ONCE) {
        struct near_sign sign;
        int64_t keys[NEAR_KEYS];
        size_t n_keys = near_unpack(stmt_blob(q, 2), &sign) ? near_keys(&sign, keys) : 0;
        for (size_t i = 0; i < n_keys; i++)
            v[(*n)++] = (struct band){keys[i], stmt_int(q, 1)};
        f->seq = stmt_int(q, 0);
        rows++;
    }
    f->more = rows == NEAR_AT_ONCE;
    *out = v;
    return stmt_end(q, e);
}

static enum code insert_bands(struct db *db, struct band *v, size_t n, struct err *e)
{
    if (n)
        qsort(v, n, sizeof(*v), by_key);
    for (size_t i = 0; i < n; i++) {
        struct stmt *q = db_sql(
            db, "INSERT INTO near_band (band, document) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        stmt_bind_int(q, 1, v[i].key);
        stmt_bind_int(q, 2, v[i].doc);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static enum code follow_once(struct db *db, void *arg, struct err *e)
{
    struct following *f = arg;
    struct arena a;
    struct band *v;
    size_t n;
    int64_t last;
    struct stmt *q;
    enum code c;

    TRY(followed(db, &f->seq, e));
    TRY(change_last(db, &last, e));
    arena_init(&a);
    c = next_bands(db, &a, f, &v, &n, e);
    if (c == OK)
        c = insert_bands(db, v, n, e);
    arena_release(&a);
    TRY(c);
    if (!f->more)
        f->seq = last;
    q = db_sql(db, "UPDATE counter SET value = ?1 WHERE name = 'near' AND value < ?1");
    stmt_bind_int(q, 1, f->seq);
    return stmt_run(q, NULL, e);
}

static enum code waiting(struct store *st, bool *more, struct err *e)
{
    struct db *db;
    int64_t seq = 0;
    int64_t last = 0;
    enum code c;

    TRY(store_read(st, &db, e));
    c = followed(db, &seq, e);
    if (c == OK)
        c = change_last(db, &last, e);
    store_read_end(db);
    *more = last > seq;
    return c;
}

enum code document_near_follow(struct store *st, struct err *e)
{
    struct following f = {0};

    TRY(waiting(st, &f.more, e));
    while (f.more)
        TRY(store_write(st, follow_once, &f, e));
    return OK;
}
