#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "store/blob.h"
#include "testdb.h"

static bool on_pg;

static const struct migration schema[] = {{1, "blob", blob_schema}};

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

/* n bytes that differ from place to place, NULs among them. */
static char *pattern(size_t n)
{
    char *p = mem_alloc(n + 1);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525 + 1013904223;
        p[i] = (char)(x >> 24);
    }
    return p;
}

struct put {
    struct blob_source src;
    bool fresh;
};

static enum code put_fn(struct db *db, void *arg, struct err *e)
{
    struct put *p = arg;
    return blob_put(db, &p->src, &p->fresh, e);
}

static int scratch(const struct testdb *t)
{
    char path[100];
    (void)snprintf(path, sizeof(path), "%s/scratch-XXXXXX", t->dir);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    return fd;
}

static void put_and_read(struct testdb *t, size_t n)
{
    char *p = pattern(n);
    struct put a, b;
    struct err e;
    struct db *db;
    struct buf out;
    int64_t size;
    int fd = scratch(t), back = scratch(t);
    buf_init(&out, 0);
    assert_int_equal(write(fd, p, n), n);
    assert_int_equal(blob_hash_bytes((struct str){p, n}, &a.src, &e), OK);
    assert_int_equal(blob_hash_fd(fd, &b.src, &e), OK);
    assert_string_equal(a.src.hex, b.src.hex);
    assert_int_equal(store_write(t->st, put_fn, n % 2 ? &a : &b, &e), OK);
    assert_true(n % 2 ? a.fresh : b.fresh);
    assert_int_equal(store_write(t->st, put_fn, n % 2 ? &b : &a, &e), OK);
    assert_false(n % 2 ? b.fresh : a.fresh);

    struct str digest = str_z(a.src.hex);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(blob_size(db, digest, &size, &e), OK);
    assert_int_equal(size, n);
    assert_int_equal(blob_read(db, digest, &out, &e), OK);
    assert_int_equal(out.n, n);
    if (n)
        assert_memory_equal(out.p, p, n);
    assert_int_equal(blob_read_fd(db, digest, back, &e), OK);
    assert_int_equal(lseek(back, 0, SEEK_CUR), n);
    assert_int_equal(blob_verify(db, digest, &e), OK);
    const int64_t ranges[][2] = {{0, 1}, {(int64_t)BLOB_CHUNK - 1, 2}, {(int64_t)BLOB_CHUNK, 5},
        {(int64_t)n - 1, 100}, {1, INT64_MAX}, {(int64_t)n, 1}, {5, 0}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        int64_t off = ranges[i][0] < 0 ? 0 : ranges[i][0];
        struct str want = str_sub((struct str){p, n}, (size_t)off, (size_t)ranges[i][1]);
        buf_clear(&out);
        assert_int_equal(blob_read_range(db, digest, off, ranges[i][1], &out, &e), OK);
        assert_true(str_eq(buf_view(&out), want));
    }
    store_read_end(db);
    buf_release(&out);
    close(fd);
    close(back);
    free(p);
}

static void bytes_come_back_whole_and_by_ranges(void **state)
{
    const size_t c = BLOB_CHUNK, sizes[] = {0, 1, 2, c - 1, c, c + 1, 2 * c, 5 * c + 17};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        put_and_read(*state, sizes[i]);
    struct db *db;
    struct err e;
    struct testdb *t = *state;
    char hex[SM3_HEX + 1] = "", last[SM3_HEX + 1] = "";
    int n = 0;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    while (blob_next(db, hex, &e) == OK) {
        assert_true(strcmp(hex, last) > 0);
        memcpy(last, hex, sizeof(last));
        n++;
    }
    assert_int_equal(n, sizeof(sizes) / sizeof(sizes[0]));
    store_read_end(db);
}

static void a_file_that_changes_meanwhile_is_refused(void **state)
{
    struct testdb *t = *state;
    struct put p;
    struct err e;
    int fd = scratch(t);
    assert_int_equal(write(fd, "first", 5), 5);
    assert_int_equal(blob_hash_fd(fd, &p.src, &e), OK);
    assert_int_equal(write(fd, " and second", 11), 11);
    assert_int_equal(store_write(t->st, put_fn, &p, &e), E_CONFLICT);
    close(fd);
}

static enum code damage_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, *(const char **)arg, e);
}

static enum code erase_fn(struct db *db, void *arg, struct err *e)
{
    return blob_erase(db, str_z(arg), e);
}

static void damage_is_found_and_erased_bytes_are_gone(void **state)
{
    struct testdb *t = *state;
    struct put p;
    struct err e;
    struct db *db;
    struct buf out;
    buf_init(&out, 0);
    char *bytes = pattern(2 * BLOB_CHUNK);
    const char *flip = "UPDATE blob_chunk SET data = (SELECT data FROM blob_chunk WHERE seq = 0)";
    const char *cut = "DELETE FROM blob_chunk WHERE seq = 1";
    assert_int_equal(blob_hash_bytes((struct str){bytes, 2 * BLOB_CHUNK}, &p.src, &e), OK);
    assert_int_equal(store_write(t->st, put_fn, &p, &e), OK);
    assert_int_equal(store_write(t->st, damage_fn, &flip, &e), OK);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(blob_verify(db, str_z(p.src.hex), &e), E_IO);
    assert_non_null(strstr(e.msg, p.src.hex));
    store_read_end(db);
    assert_int_equal(store_write(t->st, damage_fn, &cut, &e), OK);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(blob_read(db, str_z(p.src.hex), &out, &e), E_IO);
    store_read_end(db);
    assert_int_equal(store_write(t->st, erase_fn, p.src.hex, &e), OK);
    assert_int_equal(store_write(t->st, erase_fn, p.src.hex, &e), E_NOTFOUND);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(blob_read(db, str_z(p.src.hex), &out, &e), E_NOTFOUND);
    store_read_end(db);
    buf_release(&out);
    free(bytes);
}

struct busy {
    struct store *st;
    atomic_bool stop;
    int64_t written;
};

static enum code row_fn(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO blob(digest, size) VALUES(?1, ?2)");
    char name[24];
    (void)snprintf(name, sizeof(name), "%lld", (long long)*(int64_t *)arg);
    stmt_bind_str(q, 1, str_z(name));
    stmt_bind_int(q, 2, *(int64_t *)arg);
    return stmt_run(q, NULL, e);
}

static void *busy_main(void *arg)
{
    struct busy *b = arg;
    struct err e;
    while (!atomic_load(&b->stop))
        if (store_write(b->st, row_fn, &b->written, &e) == OK)
            b->written++;
    return NULL;
}

static void a_backup_is_a_whole_database(void **state)
{
    struct testdb *t = *state;
    struct put p;
    struct err e;
    struct db *db;
    struct store *copy;
    char path[100], dir[80];
    (void)snprintf(dir, sizeof(dir), "%s/qianshao.db", t->dir);
    (void)snprintf(path, sizeof(path), "%s/copy", t->dir);
    if (on_pg) {
        assert_int_equal(store_backup(t->st, str_z(path), &e), E_INPUT);
        return;
    }
    char *bytes = pattern(3 * BLOB_CHUNK);
    assert_int_equal(blob_hash_bytes((struct str){bytes, 3 * BLOB_CHUNK}, &p.src, &e), OK);
    assert_int_equal(store_write(t->st, put_fn, &p, &e), OK);
    struct busy b = {.st = t->st}; /* somebody writes all the time */
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, busy_main, &b), 0);
    enum code backup = store_backup(t->st, str_z(path), &e);
    atomic_store(&b.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(backup, OK);
    assert_true(b.written > 0);
    assert_int_equal(store_backup(t->st, str_z(path), &e), E_CONFLICT);
    assert_int_equal(store_backup(t->st, S("/nowhere/copy"), &e), E_IO);
    store_close(t->st);
    t->st = NULL;
    assert_int_equal(rename(path, dir), 0); /* restoring is putting it in place */
    struct store_options o = {.dir = str_z(t->dir)};
    assert_int_equal(store_open(&o, &copy, &e), OK);
    assert_int_equal(store_migrate(copy, schema, 1, &e), OK);
    assert_int_equal(store_read(copy, &db, &e), OK);
    assert_int_equal(blob_verify(db, str_z(p.src.hex), &e), OK);
    store_read_end(db);
    store_close(copy);
    free(bytes);
}

#define BLOB_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BLOB_TEST(bytes_come_back_whole_and_by_ranges),
        BLOB_TEST(a_file_that_changes_meanwhile_is_refused),
        BLOB_TEST(damage_is_found_and_erased_bytes_are_gone),
        BLOB_TEST(a_backup_is_a_whole_database),
    };
    int failed = cmocka_run_group_tests_name("blob on SQLite", tests, NULL, NULL);
    on_pg = true;
    if (testdb_pg())
        failed += cmocka_run_group_tests_name("blob on PostgreSQL", tests, NULL, NULL);
    return failed;
}
