/* store/store_int.h - what the files of src/store share; private to that folder and its tests.
 *
 * store.c    opening, pool of readers, statement cache, the calls of store.h
 * writer.c   the queue of writes, groups, repetition
 * sqlite.c, pg.c   one `struct driver` each
 * sql.c      rewriting of SQL text: placeholders, type macros, splitting
 * migrate.c  numbered migrations */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "store/store.h"

enum {
    READERS_MAX = 64,   /* pooled reading connections */
    GROUP_MAX = 256,    /* functions in one transaction */
    GROUP_MS = 20,      /* after this no further function joins a group */
    ATTEMPTS_MAX = 8,   /* of one function, after serialisation failures */
    ATTEMPTS_MIXED = 2, /* of these beside other writers; then alone */
    CACHE_MAX = 256,    /* prepared statements kept by one connection */
    PARAM_MAX = 999,    /* highest ?N */
    BUSY_MS = 5000,     /* wait for another process's lock */
    WAL_CHECKPOINT_BYTES = 16 << 20
};

enum tx {
    TX_READ,
    TX_WRITE, /* beside other writers (SQLite: the one writer) */
    TX_ALONE  /* no other writer runs meanwhile, in any process */
};

/* A failure as the writer needs to see it. */
enum fault_kind {
    FAULT_NONE = 0,
    FAULT_PLAIN,
    FAULT_RETRY,     /* serialisation failure, deadlock, lock time-out: run again */
    FAULT_DUPLICATE, /* constraint broken; on PostgreSQL it may be a race: run again once, alone */
    FAULT_LOST       /* connection gone */
};

struct db {
    struct store *st;
    const struct driver *drv;
    struct db *next; /* in the pool's list of idle connections */
    enum tx tx;
    bool in_tx;
    int again; /* how often a thread borrowed it while it was shared */
    bool
        optimistic; /* a failure may show later than the statement that failed: the group is then done again */
    enum fault_kind fault; /* the first failed statement of the transaction */
    struct err failed;     /* and what it said */
    struct stmt *buckets[64];
    size_t n_cached, n_busy;
    uint64_t clock; /* of the cache: last use */
};

struct stmt {
    struct db *db;
    struct stmt *chain; /* in its bucket */
    const char *key;    /* address of the caller's text */
    char *sql;          /* our copy: the same address may bear another text later */
    uint64_t used;
    bool busy;      /* lent to a caller */
    bool broken;    /* could not be prepared: not kept */
    bool ran, done; /* stepped at least once; no more rows */
    struct err err; /* sticky, from prepare on */
};

enum value_kind { V_NULL, V_INT, V_REAL, V_TEXT, V_BLOB };
struct value {
    enum value_kind kind;
    int64_t i;
    double r;
    struct str s;
};

/* One engine. All functions work on the connection of the calling thread. */
struct driver {
    bool pg;
    enum code (*connect)(struct store *st, bool writer, struct db **out, struct err *e);
    void (*disconnect)(struct db *db);
    enum code (*begin)(struct db *db, struct err *e); /* as db->tx says */
    enum code (*commit)(struct db *db, struct err *e);
    void (*rollback)(struct db *db);
    /* Inside a group: each function between save and keep or undo. undo is false if the engine
     * has given up the whole transaction. NULL: no savepoints, see writer.c. */
    enum code (*save)(struct db *db, struct err *e);
    enum code (*keep)(struct db *db, struct err *e);
    bool (*undo)(struct db *db);

    struct stmt *(*prepare)(struct db *db, const char *sql); /* failure is left in stmt.err */
    void (*finalize)(struct stmt *q);                        /* frees q */
    void (*bind)(struct stmt *q, int i, const struct value *v);
    bool (*step)(struct stmt *q);
    /* Run q, whose answer nobody reads, without waiting for it; what fails shows with a later statement or the
     * commit. NULL: the engine has nobody to wait for. */
    void (*run_later)(struct stmt *q);
    void (*reset)(struct stmt *q);
    bool (*is_null)(struct stmt *q, int col);
    int64_t (*get_int)(struct stmt *q, int col);
    double (*get_real)(struct stmt *q, int col);
    struct str (*get_str)(struct stmt *q, int col);
    struct str (*get_blob)(struct stmt *q, int col);
    int64_t (*changed)(struct stmt *q);
};
extern const struct driver sqlite_driver, pg_driver;

struct job {
    struct job *next;
    store_fn fn;
    void *arg;
    store_done done; /* NULL: somebody waits for `finished` */
    bool alone, finished;
    struct err err;
    pthread_cond_t ready;
};

struct store {
    const struct driver *drv;
    char *dir, *url, *path; /* path: of the SQLite file */
    bool read_only;

    pthread_mutex_t pool_lock;
    pthread_cond_t pool_free;
    struct db *idle;
    int n_readers, max_readers;
    void *kept; /* db_keep */
    void (*kept_drop)(void *kept);

    pthread_mutex_t lock; /* the queue and `stopping` */
    pthread_cond_t more;
    struct job *head, *tail;
    bool stopping;
    struct writer {
        struct store *st;
        struct db *db;
        pthread_t thread;
        bool started;
    } writer;

    struct checkpointer *checkpointer; /* SQLite, not read_only */
    atomic_bool truncate_wanted;       /* the writer is to cut the WAL before its next group */

    atomic_int busy_ms;   /* SQLite: wait for another process's lock; BUSY_MS but in tests */
    atomic_long groups;   /* transactions committed, for tests and figures */
    atomic_long repeats;  /* functions run again after a serialisation failure */
    atomic_long fault_at; /* tests: the n-th step from now fails; 0: none */
    atomic_bool fault_lasting;
};

/* Tests only: let the n-th step (statement, BEGIN, COMMIT, savepoint) of `st` from now fail, and, if
 * `lasting`, all that follow. n 0: no more faults. */
void store_fault(struct store *st, long n, bool lasting);
/* True if this step is the one that has to fail. */
bool store_faulty(struct store *st);
/* Let every connection forget the failure of the last transaction and begin as `tx`. */
enum code db_begin(struct db *db, enum tx tx, struct err *e);
/* Take back what the function did not give back: true if there was something. */
bool db_take_back(struct db *db);
void db_free_cache(struct db *db);
void stmt_fail(struct stmt *q, enum fault_kind kind, const struct err *why);

enum code writer_start(struct store *st, struct err *e);
void writer_stop(struct store *st);
/* store_write with no other writer beside it, in any process. */
enum code store_write_alone(struct store *st, store_fn fn, void *arg, struct err *e);

enum code sqlite_checkpointer_start(struct store *st, struct err *e);
void sqlite_checkpointer_stop(struct store *st);
void sqlite_truncate_wal(struct db *writer); /* in the writer's thread, outside a transaction */

/* sql.c */
/* ?N to $N outside quotes and comments, appended to out; *params: the highest N. */
void sql_dollars(const char *sql, struct buf *out, int *params);
/* The next statement of *rest (divided by ';' outside quotes and comments), without blanks and
 * comments around it; false when there is none. */
bool sql_next(struct str *rest, struct str *statement);
/* Append with the macros of store.h replaced, STRICT added to a CREATE TABLE of SQLite. */
enum code sql_expand(struct str statement, bool pg, struct buf *out, struct err *e);

/* migrate.c: the table `migration`, by the writer's connection, before any thread runs. */
extern const char migration_table_sql[];

/* pg.c: one statement on a connection of its own, for tests that make and drop a schema. */
enum code pg_run_once(struct str url, const char *sql, struct err *e);

#endif
