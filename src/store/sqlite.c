/* store/sqlite.c - the SQLite engine: WAL, synchronous=FULL, one writing connection, which is the
 * only one ever to write, and reading connections in transactions of their own.
 *
 * A checkpointer thread copies the WAL back when it has grown (PASSIVE, which hinders nobody) and
 * then asks the writer to cut the file between two groups. */
#include "store/store_int.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x5153484F, /* "QSHO", in the head of the file */
    CUT_WAIT_MS = 50,            /* for readers that still use the WAL, while it is cut */
    CHECKPOINT_PAUSE_MS = 500    /* between two checkpoints, however fast the WAL grows */
};

struct sq_db {
    struct db db;
    sqlite3 *h;
    sqlite3_stmt *begin, *commit, *rollback, *save, *keep, *undo;
    bool writer;
};

struct sq_stmt {
    struct stmt stmt;
    sqlite3_stmt *q;
};

static struct sq_db *sq(struct db *db)
{
    return (struct sq_db *)db;
}

static sqlite3_stmt *qq(struct stmt *q)
{
    return ((struct sq_stmt *)q)->q;
}

/* ---- errors ---- */

/* What SQLite's message names behind its colon: "UNIQUE constraint failed: person.login". */
static const char *tail_of(const char *msg)
{
    const char *colon = strstr(msg, ": ");
    return colon ? colon + 2 : msg;
}

static enum code constraint_error(int rc, const char *msg, struct err *e)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return FAIL(e, E_CONFLICT, "已有相同的记录（%s）", tail_of(msg));
    case SQLITE_CONSTRAINT_NOTNULL:
        return FAIL(e, E_CONFLICT, "缺少必需的值（%s）", tail_of(msg));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return FAIL(e, E_CONFLICT, "引用的记录不存在，或记录仍被引用");
    default:
        return FAIL(e, E_CONFLICT, "值不合规定（%s）", tail_of(msg));
    }
}

static enum code sq_error(struct db *db, struct err *e)
{
    int rc = sqlite3_extended_errcode(sq(db)->h);
    const char *msg = sqlite3_errmsg(sq(db)->h), *path = db->st->path;
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint_error(rc, msg, e);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FAIL(e, E_BUSY, "数据库“%s”正被另一个进程占用，请稍后再试", path);
    case SQLITE_FULL:
        return FAIL(e, E_FULL, "磁盘已满，数据库“%s”无法写入", path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return FAIL(e, E_IO, "数据库“%s”已损坏，请用备份恢复（%s）", path, msg);
    case SQLITE_READONLY:
        return FAIL(e, E_IO, "数据库“%s”只能读，不能写（%s）", path, msg);
    case SQLITE_CANTOPEN:
        return FAIL(e, E_IO, "无法打开数据库“%s”，请检查目录是否存在、有无读写权限", path);
    case SQLITE_TOOBIG:
        return FAIL(e, E_LIMIT, "要存入的内容超过数据库单值上限（1 GB）");
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
        return FAIL(e, E_BUG, "程序内部错误：数据库语句有误（%s）", msg);
    default:
        return FAIL(e, E_IO, "读写数据库“%s”失败（%s，代码%d）", path, msg, rc);
    }
}

static void fail_stmt(struct stmt *q)
{
    struct err e;
    enum code c = sq_error(q->db, &e);
    stmt_fail(q, c == E_CONFLICT ? FAULT_DUPLICATE : FAULT_PLAIN, &e);
}

/* ---- connections ---- */

static enum code run(struct db *db, const char *sql, struct err *e)
{
    return sqlite3_exec(sq(db)->h, sql, NULL, NULL, NULL) == SQLITE_OK ? OK : sq_error(db, e);
}

/* The first column of the first row as a number; -1 for none. */
static enum code ask(struct db *db, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(sq(db)->h, sql, -1, &q, NULL) != SQLITE_OK)
        return sq_error(db, e);
    int rc = sqlite3_step(q);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : sq_error(db, e);
}

/* Refuse a database of another program; put our mark into an empty one. */
static enum code claim(struct db *db, struct err *e)
{
    int64_t id = 0, tables = 0;
    struct buf sql;
    TRY(ask(db, "PRAGMA application_id", &id, e));
    TRY(ask(db, "SELECT count(*) FROM sqlite_schema", &tables, e));
    if (id != APPLICATION_ID && (id != 0 || tables > 0))
        return FAIL(e, E_INPUT, "“%s”是别的程序的数据库，不能打开", db->st->path);
    if (!sq(db)->writer)
        return OK;
    buf_init(&sql, 0);
    buf_printf(&sql, "PRAGMA application_id=%d", APPLICATION_ID);
    enum code c = id == APPLICATION_ID ? OK : run(db, sql.p, e);
    buf_clear(&sql);
    if (c == OK)
        c = sql_expand(str_z(migration_table_sql), false, &sql, e);
    if (c == OK)
        c = run(db, sql.p, e);
    buf_release(&sql);
    return c;
}

static enum code set_up_writer(struct db *db, struct err *e)
{
    sqlite3_stmt *q;
    const char *mode = NULL;
    if (sqlite3_prepare_v2(sq(db)->h, "PRAGMA journal_mode=WAL", -1, &q, NULL) != SQLITE_OK)
        return sq_error(db, e);
    if (sqlite3_step(q) == SQLITE_ROW)
        mode = (const char *)sqlite3_column_text(q, 0);
    bool ok = mode && strcmp(mode, "wal") == 0;
    int rc = sqlite3_finalize(q);
    if (rc != SQLITE_OK)
        return sq_error(db, e);
    if (!ok)
        return FAIL(
            e, E_IO, "数据库“%s”无法使用 WAL 方式，请把数据目录放在本机磁盘上", db->st->path);
    /* The cache holds what an import touches again and again, the inner pages and the indexes: with the
     * usual 2 MB each document read some 40 pages back, and spilled what it had just written. */
    TRY(run(
        db, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536", e));
    return claim(db, e);
}

static enum code set_up(struct db *db, struct err *e)
{
    sqlite3 *h = sq(db)->h;
    sqlite3_extended_result_codes(h, 1);
    sqlite3_busy_timeout(h, BUSY_MS);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, never a text */
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    TRY(run(db,
        "PRAGMA foreign_keys=ON; PRAGMA case_sensitive_like=ON; PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=268435456",
        e));
    if (sq(db)->writer)
        return set_up_writer(db, e);
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    /* What does not lie in the part that is mapped is copied page by page: the usual 2 MB hold less than one page of the portal reads
     * of a million items. */
    TRY(run(db, "PRAGMA cache_size=-16384", e));
    return claim(db, e);
}

/* The few statements that frame everything else, prepared once. */
static enum code prepare_frame(struct db *db, struct err *e)
{
    struct sq_db *s = sq(db);
    const struct {
        sqlite3_stmt **to;
        const char *sql;
    } list[] = {
        {&s->begin, s->writer ? "BEGIN IMMEDIATE" : "BEGIN"},
        {&s->commit, "COMMIT"},
        {&s->rollback, "ROLLBACK"},
        {&s->save, "SAVEPOINT member"},
        {&s->keep, "RELEASE member"},
        {&s->undo, "ROLLBACK TO member"},
    };
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
        if (sqlite3_prepare_v3(
                s->h, list[i].sql, -1, SQLITE_PREPARE_PERSISTENT, list[i].to, NULL) != SQLITE_OK)
            return sq_error(db, e);
    return OK;
}

static void sq_disconnect(struct db *db)
{
    struct sq_db *s = sq(db);
    db_free_cache(db);
    sqlite3_finalize(s->begin);
    sqlite3_finalize(s->commit);
    sqlite3_finalize(s->rollback);
    sqlite3_finalize(s->save);
    sqlite3_finalize(s->keep);
    sqlite3_finalize(s->undo);
    sqlite3_close(s->h);
    free(s);
}

/* Called after every commit: is it time to copy the WAL back? */
static int wal_grown(void *arg, sqlite3 *h, const char *name, int pages);

static void configure_once(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* a global mutex less on every allocation */
}

/* SQLite takes a file shorter than its smallest page for an empty database and would write over it.
 * By stat alone: to open and close the file would end the locks that SQLite holds on it (POSIX). */
static bool is_foreign(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && s.st_size > 0 && s.st_size < 512;
}

static enum code sq_connect(struct store *st, bool writer, struct db **out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sq_db *s;
    int flags = SQLITE_OPEN_NOMUTEX;
    pthread_once(&once, configure_once);
    if (!writer && st->read_only && access(st->path, F_OK) != 0)
        return FAIL(e, E_NOTFOUND, "“%s”里没有前哨的数据库，请先运行 qianshao init", st->dir);
    if (is_foreign(st->path))
        return FAIL(e, E_INPUT, "“%s”不是数据库，不能打开", st->path);
    if (writer)
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    else
        flags |= SQLITE_OPEN_READONLY;
    s = mem_alloc(sizeof(*s));
    s->db.st = st;
    s->db.drv = &sqlite_driver;
    s->writer = writer;
    enum code c = OK;
    if (sqlite3_open_v2(st->path, &s->h, flags, NULL) != SQLITE_OK)
        c = s->h ? sq_error(&s->db, e) : FAIL(e, E_IO, "无法打开数据库“%s”", st->path);
    if (c == OK)
        c = set_up(&s->db, e);
    if (c == OK)
        c = prepare_frame(&s->db, e);
    if (c != OK) {
        sq_disconnect(&s->db);
        return c;
    }
    if (writer)
        sqlite3_wal_hook(s->h, wal_grown, st);
    *out = &s->db;
    return OK;
}

/* ---- transactions ---- */

static enum code frame(struct db *db, sqlite3_stmt *q, struct err *e)
{
    if (store_faulty(db->st))
        return FAIL(e, E_IO, "读写数据库失败（故障试验）");
    int rc = sqlite3_step(q);
    enum code c = rc == SQLITE_DONE ? OK : sq_error(db, e);
    sqlite3_reset(q);
    return c;
}

static enum code sq_begin(struct db *db, struct err *e)
{
    if (sq(db)->writer)
        sqlite3_busy_timeout(sq(db)->h, atomic_load(&db->st->busy_ms));
    return frame(db, sq(db)->begin, e);
}

static enum code sq_commit(struct db *db, struct err *e)
{
    return frame(db, sq(db)->commit, e);
}

static void sq_rollback(struct db *db)
{
    if (!sqlite3_get_autocommit(sq(db)->h)) { /* some errors have rolled back already */
        sqlite3_step(sq(db)->rollback);
        sqlite3_reset(sq(db)->rollback);
    }
}

static enum code sq_save(struct db *db, struct err *e)
{
    return frame(db, sq(db)->save, e);
}

static enum code sq_keep(struct db *db, struct err *e)
{
    return frame(db, sq(db)->keep, e);
}

static bool sq_undo(struct db *db)
{
    struct err e;
    if (sqlite3_get_autocommit(sq(db)->h))
        return false;
    return frame(db, sq(db)->undo, &e) == OK && frame(db, sq(db)->keep, &e) == OK;
}

/* ---- statements ---- */

static struct stmt *sq_prepare(struct db *db, const char *sql)
{
    struct sq_stmt *s = mem_alloc(sizeof(*s));
    const char *rest = NULL;
    s->stmt.db = db;
    if (sqlite3_prepare_v3(sq(db)->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->q, &rest) !=
        SQLITE_OK)
        (void)sq_error(db, &s->stmt.err);
    else if (!s->q || (rest && rest[strspn(rest, " \t\r\n;")] != '\0'))
        (void)FAIL(&s->stmt.err, E_BUG, "程序内部错误：一次只能执行一条数据库语句");
    return &s->stmt;
}

static void sq_finalize(struct stmt *q)
{
    sqlite3_finalize(qq(q));
    free(q);
}

static void sq_bind(struct stmt *q, int i, const struct value *v)
{
    int rc = SQLITE_OK;
    switch (v->kind) {
    case V_NULL:
        rc = sqlite3_bind_null(qq(q), i);
        break;
    case V_INT:
        rc = sqlite3_bind_int64(qq(q), i, v->i);
        break;
    case V_REAL:
        rc = sqlite3_bind_double(qq(q), i, v->r);
        break;
    case V_TEXT:
        rc = sqlite3_bind_text64(qq(q), i, v->s.p, v->s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case V_BLOB:
        rc = sqlite3_bind_blob64(qq(q), i, v->s.p, v->s.n, SQLITE_TRANSIENT);
        break;
    }
    if (rc != SQLITE_OK)
        fail_stmt(q);
}

static bool sq_step(struct stmt *q)
{
    int rc = sqlite3_step(qq(q));
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        fail_stmt(q);
    return false;
}

static void sq_reset(struct stmt *q)
{
    if (!qq(q)) /* it could not be prepared */
        return;
    sqlite3_reset(qq(q));
    sqlite3_clear_bindings(qq(q)); /* what is not bound the next time is NULL; frees large copies */
}

static bool sq_is_null(struct stmt *q, int col)
{
    return sqlite3_column_type(qq(q), col) == SQLITE_NULL;
}

static int64_t sq_int(struct stmt *q, int col)
{
    return sqlite3_column_int64(qq(q), col);
}

static double sq_real(struct stmt *q, int col)
{
    return sqlite3_column_double(qq(q), col);
}

static struct str sq_str(struct stmt *q, int col)
{
    const char *p = (const char *)sqlite3_column_text(qq(q), col);
    return p ? (struct str){p, (size_t)sqlite3_column_bytes(qq(q), col)} : S("");
}

static struct str sq_blob(struct stmt *q, int col)
{
    const char *p = sqlite3_column_blob(qq(q), col);
    return p ? (struct str){p, (size_t)sqlite3_column_bytes(qq(q), col)} : S("");
}

static int64_t sq_changed(struct stmt *q)
{
    return sqlite3_changes64(sq(q->db)->h);
}

const struct driver sqlite_driver = {
    .pg = false,
    .connect = sq_connect,
    .disconnect = sq_disconnect,
    .begin = sq_begin,
    .commit = sq_commit,
    .rollback = sq_rollback,
    .save = sq_save,
    .keep = sq_keep,
    .undo = sq_undo,
    .prepare = sq_prepare,
    .finalize = sq_finalize,
    .bind = sq_bind,
    .step = sq_step,
    .reset = sq_reset,
    .is_null = sq_is_null,
    .get_int = sq_int,
    .get_real = sq_real,
    .get_str = sq_str,
    .get_blob = sq_blob,
    .changed = sq_changed,
};

/* ---- checkpoints ---- */

struct checkpointer {
    struct store *st;
    sqlite3 *h;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t grown;
    bool wanted, stopping;
};

static int wal_grown(void *arg, sqlite3 *h, const char *name, int pages)
{
    struct store *st = arg;
    struct checkpointer *k = st->checkpointer;
    (void)h;
    (void)name;
    if (k && (int64_t)pages * 4096 > WAL_CHECKPOINT_BYTES) {
        pthread_mutex_lock(&k->lock);
        k->wanted = true;
        pthread_cond_signal(&k->grown);
        pthread_mutex_unlock(&k->lock);
    }
    return SQLITE_OK;
}

/* The cut is asked for only when everything was copied: a reader of an older state would make the
 * writer wait for nothing; the next growth asks again. */
static void checkpoint(struct checkpointer *k)
{
    int frames = 0, copied = 0;
    if (sqlite3_wal_checkpoint_v2(k->h, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied) !=
            SQLITE_OK ||
        frames != copied)
        return;
    pthread_mutex_lock(&k->st->lock);
    atomic_store(&k->st->truncate_wanted, true);
    pthread_cond_signal(&k->st->more);
    pthread_mutex_unlock(&k->st->lock);
}

/* Every checkpoint makes the readers drop their page caches. */
static void pause_locked(struct checkpointer *k)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)CHECKPOINT_PAUSE_MS * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!k->stopping && pthread_cond_timedwait(&k->grown, &k->lock, &until) == 0)
        ;
}

static void *checkpointer_main(void *arg)
{
    struct checkpointer *k = arg;
    pthread_mutex_lock(&k->lock);
    for (;;) {
        while (!k->wanted && !k->stopping)
            pthread_cond_wait(&k->grown, &k->lock);
        if (k->stopping)
            break;
        k->wanted = false;
        pthread_mutex_unlock(&k->lock);
        checkpoint(k);
        pthread_mutex_lock(&k->lock);
        if (!k->stopping)
            pause_locked(k);
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

void sqlite_truncate_wal(struct db *writer)
{
    sqlite3 *h = sq(writer)->h;
    sqlite3_busy_timeout(h, CUT_WAIT_MS);
    sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(h, BUSY_MS);
}

enum code sqlite_checkpointer_start(struct store *st, struct err *e)
{
    struct checkpointer *k = mem_alloc(sizeof(*k));
    k->st = st;
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->grown, NULL);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(st->path, &k->h, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(k->h, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK ||
        pthread_create(&k->thread, NULL, checkpointer_main, k) != 0) {
        sqlite3_close(k->h);
        free(k);
        return FAIL(e, E_IO, "无法启动数据库“%s”的检查点线程", st->path);
    }
    st->checkpointer = k;
    return OK;
}

void sqlite_checkpointer_stop(struct store *st)
{
    struct checkpointer *k = st->checkpointer;
    if (!k)
        return;
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_cond_signal(&k->grown);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    sqlite3_close(k->h);
    pthread_mutex_destroy(&k->lock);
    pthread_cond_destroy(&k->grown);
    free(k);
    st->checkpointer = NULL;
}
