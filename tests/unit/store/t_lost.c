/* What happens when the server or the disk lets us down. The tests of PostgreSQL run when TEST_PG is set; they
 * end backends by the name of their schema, so that nobody else's are touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>

#include "testdb.h"

static bool on_pg;

static const struct migration schema[] = {
    {1, "row", "CREATE TABLE row_(id @ID, n @INT NOT NULL, data @BLOB)"}};

static int set_up(void **state)
{
    struct testdb *t = mem_alloc(sizeof(*t));
    struct err e;
    testdb_open(t, on_pg);
    assert_int_equal(store_migrate(t->st, schema, 1, &e), OK);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    testdb_close(*state);
    free(*state);
    return 0;
}

static void kill_backends(const struct testdb *t)
{
    char sql[300];
    struct err e;
    (void)snprintf(sql, sizeof(sql),
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = "
        "'%s'",
        t->schema);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(pg_run_once(str_z(getenv("TEST_PG")), sql, &e), OK);
}

static int64_t ask(struct store *st, const char *sql)
{
    struct db *db;
    struct err e;
    int64_t v = -1;
    assert_int_equal(store_read(st, &db, &e), OK);
    struct stmt *q = db_sql(db, sql);
    if (stmt_step(q))
        v = stmt_int(q, 0);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return v;
}

struct write {
    const struct testdb *t;
    int64_t id;
    int runs;
    int kill_in_run;  /* end our own backend in this run, before the last statement */
    bool kill_at_end; /* after the last statement was answered */
};

static enum code write_fn(struct db *db, void *arg, struct err *e)
{
    struct write *w = arg;
    w->runs++;
    for (int i = 0; i < 2; i++) {
        if (i == 1 && w->runs == w->kill_in_run)
            kill_backends(w->t);
        struct stmt *q = db_sql(db, "INSERT INTO row_(id, n) VALUES(?1, ?2)");
        stmt_bind_int(q, 1, 2 * w->id + i);
        stmt_bind_int(q, 2, i);
        TRY(stmt_run(q, NULL, e));
    }
    if (w->kill_at_end) {
        struct stmt *q = db_sql(db, "SELECT count(*) FROM row_");
        (void)stmt_step(q);
        TRY(stmt_end(q, e));
        kill_backends(w->t);
    }
    return OK;
}

static void an_idle_connection_that_was_cut_is_replaced(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct write w = {.t = t, .id = 1};
    assert_int_equal(store_write(t->st, write_fn, &w, &e), OK);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM row_"), 2);
    for (int i = 2; i < 5; i++) {
        kill_backends(t);
        assert_int_equal(ask(t->st, "SELECT count(*) FROM row_"), 2 * (i - 1)); /* unseen */
        kill_backends(t);
        w = (struct write){.t = t, .id = i};
        assert_int_equal(store_write(t->st, write_fn, &w, &e), OK);
        assert_int_equal(w.runs, 1);
    }
}

static void a_write_that_was_cut_runs_again(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct write w = {.t = t, .id = 1, .kill_in_run = 1};
    assert_int_equal(store_write(t->st, write_fn, &w, &e), OK);
    assert_int_equal(w.runs, 2);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM row_"), 2);
}

static void a_commit_that_was_cut_is_not_called_done(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct write w = {.t = t, .id = 1, .kill_at_end = true};
    assert_int_equal(store_write(t->st, write_fn, &w, &e), E_IO);
    assert_non_null(strstr(e.msg, "无法确认是否已写入"));
    assert_int_equal(w.runs, 1); /* it might be there: not a second time */
    w.kill_at_end = false;
    w.id = 2;
    assert_int_equal(store_write(t->st, write_fn, &w, &e), OK);
}

static void a_reading_that_was_cut_says_so(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(db_exec(db, "SELECT count(*) FROM row_", &e), OK);
    kill_backends(t); /* the rest would be of another moment */
    assert_int_equal(db_exec(db, "SELECT count(*) FROM row_", &e), E_IO);
    assert_non_null(strstr(e.msg, "连接已断开"));
    store_read_end(db);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM row_"), 0);
}

static void a_wrong_address_is_told(void **state)
{
    struct store_options o = {.url = S("postgresql://nobody@/nothing?host=/nowhere")};
    struct store *st;
    struct err e;
    (void)state;
    assert_int_equal(store_open(&o, &st, &e), E_IO);
    assert_non_null(strstr(e.msg, "无法连接数据库服务器"));
    assert_null(strchr(e.msg, '\n'));
}

/* ---- SQLite ---- */

static void put_file(const char *dir, const char *name, const char *text)
{
    char path[100];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void what_is_no_database_of_ours_is_refused(void **state)
{
    struct testdb *t = *state;
    struct store_options o = {.dir = S("/nowhere/at/all")};
    struct store *st;
    struct err e;
    assert_int_equal(store_open(&o, &st, &e), E_IO);
    assert_non_null(strstr(e.msg, "/nowhere/at/all/qianshao.db"));
    o.read_only = true;
    assert_int_equal(store_open(&o, &st, &e), E_NOTFOUND);
    store_close(t->st);
    t->st = NULL;
    put_file(t->dir, "qianshao.db", "这不是数据库");
    assert_int_equal(testdb_reopen(t, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "不是数据库"));
    put_file(t->dir, "qianshao.db", "");
    assert_int_equal(testdb_reopen(t, &e), OK);
    store_close(t->st);
    t->st = NULL;
    char path[100]; /* another program's database */
    sqlite3 *h;
    (void)snprintf(path, sizeof(path), "%s/qianshao.db", t->dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
    assert_int_equal(sqlite3_exec(h, "CREATE TABLE theirs(x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(h), SQLITE_OK);
    assert_int_equal(testdb_reopen(t, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "别的程序"));
    FILE *f = fopen(path, "r+"); /* a page torn */
    assert_non_null(f);
    assert_int_equal(fseek(f, 18, SEEK_SET), 0);
    for (int i = 0; i < 4096; i++)
        assert_int_equal(fputc(0xA5, f), 0xA5);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(testdb_reopen(t, &e), E_IO);
    assert_non_null(strstr(e.msg, "已损坏"));
}

static enum code big_fn(struct db *db, void *arg, struct err *e)
{
    static const char zeros[1 << 16];
    for (int i = 0; i < 16; i++) {
        struct stmt *q = db_sql(db, "INSERT INTO row_(id, n, data) VALUES(?1, 0, ?2)");
        stmt_bind_int(q, 1, *(int64_t *)arg * 16 + i);
        stmt_bind_blob(q, 2, (struct str){zeros, sizeof(zeros)});
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static int64_t wal_bytes(const struct testdb *t)
{
    char path[100];
    struct stat s;
    (void)snprintf(path, sizeof(path), "%s/qianshao.db-wal", t->dir);
    return stat(path, &s) == 0 ? (int64_t)s.st_size : -1;
}

/* 96 MB go through; the WAL is cut on the way and at the end. A reader that keeps an old state holds that up for
 * as long as it lasts, and hinders nobody. */
static void the_wal_is_cut_while_writing_goes_on(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    struct timespec pause = {.tv_nsec = 20000000};
    int64_t most = 0;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM row_");
    assert_true(stmt_step(q));
    assert_int_equal(stmt_end(q, &e), OK);
    for (int64_t i = 0; i < 32; i++)
        assert_int_equal(store_write(t->st, big_fn, &i, &e), OK);
    q = db_sql(db, "SELECT count(*) FROM row_");
    assert_true(stmt_step(q));
    assert_int_equal(stmt_int(q, 0), 0);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    for (int64_t i = 32; i < 96; i++) {
        assert_int_equal(store_write(t->st, big_fn, &i, &e), OK);
        most = wal_bytes(t) > most ? wal_bytes(t) : most;
        nanosleep(&pause, NULL);
    }
    for (int i = 0; i < 100 && wal_bytes(t) > WAL_CHECKPOINT_BYTES; i++) {
        struct timespec wait = {.tv_nsec = 50000000};
        int64_t id = 1000 + i;
        nanosleep(&wait, NULL);
        assert_int_equal(store_write(t->st, big_fn, &id, &e), OK);
    }
    assert_in_range(wal_bytes(t), 0, WAL_CHECKPOINT_BYTES + (2 << 20));
    assert_true(most < (96 << 20));
    assert_int_equal(ask(t->st, "SELECT count(*) FROM row_ WHERE id < 1536"), 96 * 16);
}

struct blocker {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool inside, go;
};

static enum code block_fn(struct db *db, void *arg, struct err *e)
{
    struct blocker *b = arg;
    (void)db;
    (void)e;
    pthread_mutex_lock(&b->lock);
    b->inside = true;
    pthread_cond_broadcast(&b->moved);
    while (!b->go)
        pthread_cond_wait(&b->moved, &b->lock);
    pthread_mutex_unlock(&b->lock);
    return OK;
}

static void block_done(void *arg, enum code c, const struct err *e)
{
    struct blocker *b = arg;
    (void)e;
    assert_int_equal(c, OK);
    pthread_mutex_lock(&b->lock);
    b->inside = false;
    pthread_cond_broadcast(&b->moved);
    pthread_mutex_unlock(&b->lock);
}

/* Two stores on one file, as two processes would be: the second waits, then says who is in the way. */
static void another_writer_makes_us_wait_then_say_busy(void **state)
{
    struct testdb *t = *state, other = *t;
    struct blocker b = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    struct write w = {.t = t, .id = 1};
    struct err e;
    other.st = NULL;
    assert_int_equal(testdb_reopen(&other, &e), OK);
    store_submit(t->st, block_fn, &b, block_done);
    pthread_mutex_lock(&b.lock);
    while (!b.inside)
        pthread_cond_wait(&b.moved, &b.lock);
    pthread_mutex_unlock(&b.lock);
    other.st->busy_ms = 100;
    assert_int_equal(store_write(other.st, write_fn, &w, &e), E_BUSY);
    assert_non_null(strstr(e.msg, "正被另一个进程占用"));
    assert_int_equal(w.runs, 0);
    assert_int_equal(ask(other.st, "SELECT count(*) FROM row_"), 0); /* reading goes on */
    pthread_mutex_lock(&b.lock);
    b.go = true;
    pthread_cond_broadcast(&b.moved);
    while (b.inside)
        pthread_cond_wait(&b.moved, &b.lock);
    pthread_mutex_unlock(&b.lock);
    assert_int_equal(store_write(other.st, write_fn, &w, &e), OK);
    store_close(other.st);
}

#define LOST_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest sqlite[] = {
        LOST_TEST(what_is_no_database_of_ours_is_refused),
        LOST_TEST(the_wal_is_cut_while_writing_goes_on),
        LOST_TEST(another_writer_makes_us_wait_then_say_busy),
        cmocka_unit_test(a_wrong_address_is_told),
    };
    const struct CMUnitTest pg[] = {
        LOST_TEST(an_idle_connection_that_was_cut_is_replaced),
        LOST_TEST(a_write_that_was_cut_runs_again),
        LOST_TEST(a_commit_that_was_cut_is_not_called_done),
        LOST_TEST(a_reading_that_was_cut_says_so),
    };
    int failed = cmocka_run_group_tests_name("lost on SQLite", sqlite, NULL, NULL);
    on_pg = true;
    if (testdb_pg())
        failed += cmocka_run_group_tests_name("lost on PostgreSQL", pg, NULL, NULL);
    return failed;
}
