#include "office/index.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "office/change.h"
#include "office/document.h"

/* One follower at a time (`follow`). A long catch-up says so in `busy`, so that a query does not wait
 * behind it but answers with the number of changes it lacks.
 *
 * The corpus writes down how far it is (corpus_commit) at most once in COMMIT_EVERY_MS, at the end
 * of a long run and on closing: after a crash the same changes are simply applied again. */
struct index {
    pthread_mutex_t follow;
    pthread_t helper;
    pthread_mutex_t lock; /* guards the three flags below */
    pthread_cond_t wake;
    bool helper_on, asked, stop;
    atomic_bool busy;
    _Atomic int64_t applied;
    int64_t committed;    /* under `follow` */
    int64_t committed_ms; /* under `follow` */
};

enum { BATCH = 256, COMMIT_EVERY_MS = 2000 };

/* A change is applied as the document is now, not as it was then: the feed says what to look at. Where
 * it says that only attributes changed, the text is neither read nor put again. */
static enum code apply_row(struct office *o, struct stmt *q, struct err *e)
{
    int64_t doc = stmt_int(q, 1);
    struct document d = {.id = doc,
        .issuer = stmt_int(q, 4),
        .day = stmt_str(q, 5),
        .genre = (int)stmt_int(q, 6),
        .level = (enum doc_level)stmt_int(q, 7),
        .status = (enum doc_status)stmt_int(q, 8),
        .category = stmt_int(q, 9),
        .authority = (int)stmt_int(q, 10),
        .unproofed = stmt_int(q, 11) == 1};
    struct corpus_attr at = document_attr(&d);

    if (stmt_null(q, 2)) /* gone, or marked as deleted */
        return corpus_remove(o->corpus, doc, e);
    if (stmt_int(q, 12) == CHANGE_ATTR)
        return corpus_set_attr(o->corpus, doc, &at, e);
    return corpus_put(o->corpus, doc, &at, stmt_str(q, 2), stmt_str(q, 3), e);
}

/* Apply up to BATCH changes after *seq and move *seq behind them. *seq stays when nothing is left. */
static enum code apply_batch(struct office *o, int64_t *seq, struct err *e)
{
    struct db *db;
    struct stmt *q;
    int64_t at = *seq;
    enum code c = OK;
    enum code end;
    struct err second;

    TRY(store_read(o->store, &db, e));
    q = db_sql(db,
        "SELECT g.seq, g.document, d.title, t.text, d.issuer, d.day, d.genre, d.level, d.status,"
        " d.category, d.authority, d.unproofed, g.op"
        " FROM change g LEFT JOIN document d ON d.id = g.document AND d.deleted = 0"
        " LEFT JOIN doc_text t ON t.document = d.id AND t.version = d.text_version AND g.op <> ?3"
        " WHERE g.seq > ?1 ORDER BY g.seq LIMIT ?2");
    stmt_bind_int(q, 1, at);
    stmt_bind_int(q, 2, BATCH);
    stmt_bind_int(q, 3, CHANGE_ATTR);
    while (c == OK && stmt_step(q)) {
        c = apply_row(o, q, e);
        at = stmt_int(q, 0);
    }
    end = stmt_end(q, c == OK ? e : &second);
    store_read_end(db);
    if (c == OK)
        c = end;
    if (c == OK)
        *seq = at;
    return c;
}

static enum code commit_applied(struct office *o, bool now, struct err *e)
{
    struct index *x = o->index;
    int64_t ms = clock_now_ms();

    if (x->committed == x->applied || (!now && ms - x->committed_ms < COMMIT_EVERY_MS))
        return OK;
    TRY(corpus_commit(o->corpus, x->applied, e));
    x->committed = x->applied;
    x->committed_ms = ms;
    return OK;
}

static enum code waiting(struct office *o, int64_t *n, struct err *e)
{
    struct db *db;
    int64_t last = 0;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = change_last(db, &last, e);
    store_read_end(db);
    *n = last > o->index->applied ? last - o->index->applied : 0;
    return c;
}

/* Apply everything, in bulk when it is much; under `follow`. */
static enum code follow(struct office *o, bool bulk, void (*progress)(void *, int64_t, int64_t),
    void *arg, struct err *e)
{
    struct index *x = o->index;
    int64_t seq = x->applied;
    int64_t first = seq;
    int64_t all = 0;
    enum code c = waiting(o, &all, e);

    if (bulk)
        corpus_bulk_begin(o->corpus);
    while (c == OK) {
        int64_t before = seq;
        c = apply_batch(o, &seq, e);
        if (c != OK || seq == before)
            break;
        if (!bulk)
            x->applied = seq;
        if (progress)
            progress(arg, seq - first, all > seq - first ? all : seq - first);
    }
    if (bulk) {
        struct err second;
        enum code end = corpus_bulk_end(o->corpus, c == OK ? e : &second);
        c = c == OK ? end : c;
        if (c == OK)
            x->applied = seq;
    }
    return c == OK ? commit_applied(o, bulk, e) : c;
}

enum code index_follow_all(struct office *o, void (*progress)(void *arg, int64_t done, int64_t all),
    void *arg, struct err *e)
{
    struct index *x = o->index;
    int64_t n = 0;
    enum code c;

    TRY(waiting(o, &n, e));
    if (n == 0)
        return OK;
    pthread_mutex_lock(&x->follow);
    atomic_store(&x->busy, n > INDEX_AT_ONCE);
    c = follow(o, n > INDEX_AT_ONCE, progress, arg, e);
    atomic_store(&x->busy, false);
    pthread_mutex_unlock(&x->follow);
    return c;
}

void index_wake(struct office *o)
{
    struct index *x = o->index;

    pthread_mutex_lock(&x->lock);
    x->asked = true;
    pthread_cond_signal(&x->wake);
    pthread_mutex_unlock(&x->lock);
}

enum code index_catch_up(struct office *o, int64_t *behind, struct err *e)
{
    struct index *x = o->index;
    int64_t n = 0;
    enum code c = waiting(o, &n, e);

    if (behind)
        *behind = 0;
    if (c != OK || n == 0)
        return c;
    if (o->read_only || n > INDEX_AT_ONCE || atomic_load(&x->busy) || store_shares(o->store)) {
        if (behind)
            *behind = n;
        if (!o->read_only) /* the helper thread does it; the answer says what it lacks */
            index_wake(o);
        return OK;
    }
    pthread_mutex_lock(&x->follow);
    c = follow(o, false, NULL, NULL, e);
    pthread_mutex_unlock(&x->follow);
    return c;
}

enum code index_rebuild(struct office *o, void (*progress)(void *arg, int64_t done, int64_t all),
    void *arg, struct err *e)
{
    struct index *x = o->index;
    enum code c;

    pthread_mutex_lock(&x->follow);
    atomic_store(&x->busy, true);
    c = corpus_drop(o->corpus, e);
    if (c == OK) {
        x->applied = 0;
        x->committed = 0;
        c = follow(o, true, progress, arg, e);
    }
    atomic_store(&x->busy, false);
    pthread_mutex_unlock(&x->follow);
    return c;
}

static void *helper_main(void *arg)
{
    struct office *o = arg;
    struct index *x = o->index;

    pthread_mutex_lock(&x->lock);
    while (!x->stop) {
        struct err e;
        if (!x->asked) {
            pthread_cond_wait(&x->wake, &x->lock);
            continue;
        }
        x->asked = false;
        pthread_mutex_unlock(&x->lock);
        /* A failure here is met again, and shown, by the next query. */
        (void)!index_follow_all(o, NULL, NULL, &e);
        pthread_mutex_lock(&x->lock);
    }
    pthread_mutex_unlock(&x->lock);
    return NULL;
}

enum code index_open(struct office *o, struct err *e)
{
    struct index *x = mem_alloc(sizeof(*x));

    pthread_mutex_init(&x->follow, NULL);
    pthread_mutex_init(&x->lock, NULL);
    pthread_cond_init(&x->wake, NULL);
    x->applied = corpus_applied(o->corpus);
    x->committed = x->applied;
    o->index = x;
    if (o->read_only)
        return OK;
    x->helper_on = pthread_create(&x->helper, NULL, helper_main, o) == 0;
    return x->helper_on ? OK : FAIL(e, E_IO, "无法启动索引线程，系统资源不足");
}

void index_close(struct office *o)
{
    struct index *x = o->index;
    struct err e;

    if (!x)
        return;
    pthread_mutex_lock(&x->lock);
    x->stop = true;
    pthread_cond_signal(&x->wake);
    pthread_mutex_unlock(&x->lock);
    if (x->helper_on) {
        pthread_join(x->helper, NULL);
        (void)!commit_applied(o, true, &e); /* a failure costs a longer next start, nothing else */
    }
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    pthread_mutex_destroy(&x->follow);
    free(x);
    o->index = NULL;
}
