#include "store/store_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- opening ---- */

static int default_readers(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 3 : (int)n + 2;
}

static void store_free(struct store *st)
{
    pthread_mutex_destroy(&st->pool_lock);
    pthread_cond_destroy(&st->pool_free);
    pthread_mutex_destroy(&st->lock);
    pthread_cond_destroy(&st->more);
    free(st->dir);
    free(st->url);
    free(st->path);
    free(st);
}

enum code store_open(const struct store_options *o, struct store **out, struct err *e)
{
    struct store *st = mem_alloc(sizeof(*st));
    struct buf path;
    enum code c;
    st->drv = o->url.n ? &pg_driver : &sqlite_driver;
    st->dir = mem_dup(o->dir.p, o->dir.n);
    st->url = mem_dup(o->url.p, o->url.n);
    buf_init(&path, 0);
    buf_printf(&path, "%s/qianshao.db", st->dir);
    st->path = mem_dup(path.p, path.n);
    buf_release(&path);
    st->read_only = o->read_only;
    atomic_init(&st->busy_ms, BUSY_MS);
    st->max_readers = o->readers > 0 ? o->readers : default_readers();
    if (st->max_readers > READERS_MAX)
        st->max_readers = READERS_MAX;
    pthread_mutex_init(&st->pool_lock, NULL);
    pthread_cond_init(&st->pool_free, NULL);
    pthread_mutex_init(&st->lock, NULL);
    pthread_cond_init(&st->more, NULL);
    if (st->read_only) { /* a first connection, so that a wrong path or address shows here */
        struct db *db;
        c = st->drv->connect(st, false, &db, e);
        if (c == OK) {
            st->idle = db;
            st->n_readers = 1;
        }
    } else {
        c = writer_start(st, e);
    }
    if (c != OK) {
        store_free(st);
        return c;
    }
    *out = st;
    return OK;
}

void store_close(struct store *st)
{
    if (!st)
        return;
    if (!st->read_only)
        writer_stop(st);
    int idle = 0;
    while (st->idle) {
        struct db *db = st->idle;
        st->idle = db->next;
        st->drv->disconnect(db);
        idle++;
    }
    if (st->kept)
        st->kept_drop(st->kept);
    assert(idle == st->n_readers); /* a borrowed connection would live on in freed memory */
    store_free(st);
}

void *db_keep(struct db *db, void *(*make)(void), void (*drop)(void *))
{
    struct store *st = db->st;
    pthread_mutex_lock(&st->pool_lock);
    if (!st->kept) {
        st->kept = make();
        st->kept_drop = drop;
    }
    assert(st->kept_drop == drop);
    pthread_mutex_unlock(&st->pool_lock);
    return st->kept;
}

bool store_is_pg(const struct store *st)
{
    return st->drv->pg;
}

bool db_reads(const struct db *db)
{
    return db->tx == TX_READ;
}

bool db_is_pg(const struct db *db)
{
    return db->drv->pg;
}

/* ---- faults for tests ---- */

void store_fault(struct store *st, long n, bool lasting)
{
    atomic_store(&st->fault_at, n);
    atomic_store(&st->fault_lasting, lasting);
}

bool store_faulty(struct store *st)
{
    if (atomic_load_explicit(&st->fault_at, memory_order_relaxed) <= 0)
        return atomic_load_explicit(&st->fault_lasting, memory_order_relaxed);
    return atomic_fetch_sub(&st->fault_at, 1) == 1;
}

/* ---- readers ---- */

static _Thread_local struct db *shared;

void store_read_share(struct db *db)
{
    shared = db;
}

bool store_shares(const struct store *st)
{
    return shared && shared->st == st;
}

enum code store_read(struct store *st, struct db **out, struct err *e)
{
    struct db *db = NULL;
    enum code c = OK;
    if (store_shares(st)) {
        shared->again++;
        *out = shared;
        return OK;
    }
    pthread_mutex_lock(&st->pool_lock);
    while (!st->idle && st->n_readers >= st->max_readers)
        pthread_cond_wait(&st->pool_free, &st->pool_lock);
    if (st->idle) {
        db = st->idle;
        st->idle = db->next;
    } else {
        st->n_readers++;
    }
    pthread_mutex_unlock(&st->pool_lock);
    if (!db)
        c = st->drv->connect(st, false, &db, e);
    if (c == OK && (c = db_begin(db, TX_READ, e)) != OK)
        st->drv->disconnect(db);
    if (c != OK) {
        pthread_mutex_lock(&st->pool_lock);
        st->n_readers--;
        pthread_cond_signal(&st->pool_free);
        pthread_mutex_unlock(&st->pool_lock);
        return c;
    }
    *out = db;
    return OK;
}

void store_read_end(struct db *db)
{
    struct store *st = db->st;
    bool lost = db->fault == FAULT_LOST;
    if (db->again) {
        db->again--;
        return;
    }
    if (shared == db)
        shared = NULL;
    db_take_back(db);
    db->drv->rollback(db); /* nothing to keep */
    if (lost)
        db->drv->disconnect(db);
    pthread_mutex_lock(&st->pool_lock);
    if (lost) {
        st->n_readers--;
    } else {
        db->next = st->idle;
        st->idle = db;
    }
    pthread_cond_signal(&st->pool_free);
    pthread_mutex_unlock(&st->pool_lock);
}

enum code db_begin(struct db *db, enum tx tx, struct err *e)
{
    db->tx = tx;
    db->fault = FAULT_NONE;
    db->failed.code = OK;
    return db->drv->begin(db, e);
}

/* ---- statement cache ---- */

static struct stmt **bucket_of(struct db *db, const char *key)
{
    uintptr_t h = (uintptr_t)key;
    h ^= h >> 12;
    return &db->buckets[(h >> 3) % (sizeof(db->buckets) / sizeof(db->buckets[0]))];
}

static void cache_drop(struct db *db, struct stmt *q)
{
    struct stmt **p = bucket_of(db, q->key);
    while (*p != q)
        p = &(*p)->chain;
    *p = q->chain;
    db->n_cached--;
    free(q->sql);
    db->drv->finalize(q);
}

/* The cache is full: the idle statement that was used longest ago goes. */
static void cache_evict(struct db *db)
{
    struct stmt *oldest = NULL;
    for (size_t i = 0; i < sizeof(db->buckets) / sizeof(db->buckets[0]); i++)
        for (struct stmt *q = db->buckets[i]; q; q = q->chain)
            if (!q->busy && (!oldest || q->used < oldest->used))
                oldest = q;
    if (oldest)
        cache_drop(db, oldest);
}

void db_free_cache(struct db *db)
{
    for (size_t i = 0; i < sizeof(db->buckets) / sizeof(db->buckets[0]); i++)
        while (db->buckets[i])
            cache_drop(db, db->buckets[i]);
}

bool db_take_back(struct db *db)
{
    if (db->n_busy == 0)
        return false;
    for (size_t i = 0; i < sizeof(db->buckets) / sizeof(db->buckets[0]); i++)
        for (struct stmt *q = db->buckets[i]; q; q = q->chain)
            if (q->busy) {
                db->drv->reset(q);
                q->busy = false;
            }
    db->n_busy = 0;
    return true;
}

struct stmt *db_sql(struct db *db, const char *sql)
{
    struct stmt **bucket = bucket_of(db, sql), *q = *bucket;
    while (q && (q->busy || q->key != sql || strcmp(q->sql, sql) != 0))
        q = q->chain;
    if (!q) {
        if (db->n_cached >= CACHE_MAX)
            cache_evict(db);
        q = db->drv->prepare(db, sql);
        q->db = db;
        q->key = sql;
        q->sql = mem_dup(sql, strlen(sql));
        q->chain = *bucket;
        *bucket = q;
        db->n_cached++;
    }
    q->used = ++db->clock;
    q->busy = true;
    q->ran = q->done = false;
    db->n_busy++;
    q->broken = q->err.code != OK;
    if (q->broken)
        stmt_fail(q, FAULT_PLAIN, &q->err);
    else if (db->failed.code != OK)
        q->err = db->failed;
    return q;
}

/* ---- statements ---- */

void stmt_fail(struct stmt *q, enum fault_kind kind, const struct err *why)
{
    if (q->err.code == OK)
        q->err = *why;
    q->done = true;
    if (q->db->fault == FAULT_NONE) {
        q->db->fault = kind;
        q->db->failed = *why;
    }
}

static void bind(struct stmt *q, int i, const struct value *v)
{
    if (q->err.code == OK)
        q->db->drv->bind(q, i, v);
}

void stmt_bind_int(struct stmt *q, int i, int64_t v)
{
    bind(q, i, &(struct value){.kind = V_INT, .i = v});
}

void stmt_bind_real(struct stmt *q, int i, double v)
{
    bind(q, i, &(struct value){.kind = V_REAL, .r = v});
}

void stmt_bind_str(struct stmt *q, int i, struct str s)
{
    if (s.n && memchr(s.p, '\0', s.n) && q->err.code == OK) {
        struct err e; /* PostgreSQL cannot hold it: neither engine takes it */
        (void)FAIL(&e, E_INPUT, "文字中含有空字符（NUL），不能存入数据库");
        stmt_fail(q, FAULT_PLAIN, &e);
    }
    bind(q, i, &(struct value){.kind = V_TEXT, .s = s.p ? s : S("")});
}

void stmt_bind_blob(struct stmt *q, int i, struct str s)
{
    bind(q, i, &(struct value){.kind = V_BLOB, .s = s.p ? s : S("")});
}

void stmt_bind_null(struct stmt *q, int i)
{
    bind(q, i, &(struct value){.kind = V_NULL});
}

void stmt_bind_opt(struct stmt *q, int i, struct str s)
{
    if (s.n)
        stmt_bind_str(q, i, s);
    else
        stmt_bind_null(q, i);
}

void stmt_bind_ref(struct stmt *q, int i, int64_t id)
{
    if (id)
        stmt_bind_int(q, i, id);
    else
        stmt_bind_null(q, i);
}

static bool may_run(struct stmt *q)
{
    if (q->done || q->err.code != OK)
        return false;
    if (store_faulty(q->db->st)) {
        struct err e;
        (void)FAIL(&e, E_IO, "读写数据库失败（故障试验）");
        stmt_fail(q, FAULT_PLAIN, &e);
        return false;
    }
    q->ran = true;
    return true;
}

bool stmt_step(struct stmt *q)
{
    if (!may_run(q))
        return false;
    if (q->db->drv->step(q))
        return true;
    q->done = true;
    return false;
}

bool stmt_null(struct stmt *q, int col)
{
    return q->db->drv->is_null(q, col);
}

int64_t stmt_int(struct stmt *q, int col)
{
    return q->db->drv->get_int(q, col);
}

double stmt_real(struct stmt *q, int col)
{
    return q->db->drv->get_real(q, col);
}

struct str stmt_str(struct stmt *q, int col)
{
    return q->db->drv->get_str(q, col);
}

struct str stmt_blob(struct stmt *q, int col)
{
    return q->db->drv->get_blob(q, col);
}

static enum code give_back(struct stmt *q, int64_t *changed, struct err *e)
{
    struct db *db = q->db;
    struct err err = q->err;
    int64_t n = err.code == OK && changed ? db->drv->changed(q) : 0;
    db->drv->reset(q);
    q->busy = false;
    q->err.code = OK;
    db->n_busy--;
    if (q->broken)
        cache_drop(db, q);
    if (err.code != OK) {
        *e = err;
        return err.code;
    }
    if (changed)
        *changed = n;
    return OK;
}

enum code stmt_end(struct stmt *q, struct err *e)
{
    return give_back(q, NULL, e);
}

enum code stmt_run(struct stmt *q, int64_t *changed, struct err *e)
{
    if (!changed && q->db->optimistic && q->db->drv->run_later && !q->ran) {
        if (may_run(q))
            q->db->drv->run_later(q);
        return give_back(q, NULL, e);
    }
    while (stmt_step(q))
        ;
    return give_back(q, changed, e);
}

enum code db_exec(struct db *db, const char *sql, struct err *e)
{
    return stmt_run(db_sql(db, sql), NULL, e);
}
