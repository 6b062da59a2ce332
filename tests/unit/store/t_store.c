/* The contract of store.h, on SQLite always and on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "testdb.h"

static bool on_pg;

static const struct migration schema[] = {
    {1, "pairs",
        "CREATE TABLE pair(id @ID, a @INT, b @TEXT UNIQUE, c @REAL, d @BLOB);"
        "CREATE TABLE child(id @ID, pair @INT NOT NULL REFERENCES pair(id),"
        " n @INT NOT NULL CHECK(n >= 0))"},
    {2, "counter",
        "CREATE TABLE counter(id @ID, n @INT NOT NULL); INSERT INTO counter VALUES(1, 0)"},
};

static int set_up(void **state)
{
    struct testdb *t = mem_alloc(sizeof(*t));
    struct err e;
    testdb_open(t, on_pg);
    assert_int_equal(store_migrate(t->st, schema, 2, &e), OK);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    testdb_close(*state);
    free(*state);
    return 0;
}

static int64_t ask(struct store *st, const char *sql)
{
    struct db *db;
    struct err e = {.code = OK};
    assert_int_equal(store_read(st, &db, &e), OK);
    struct stmt *q = db_sql(db, sql);
    int64_t v = stmt_step(q) ? stmt_int(q, 0) : -1;
    enum code c = stmt_end(q, &e);
    store_read_end(db);
    if (c != OK)
        print_error("%s: %s\n", sql, e.msg);
    assert_int_equal(c, OK);
    return v;
}

static enum code exec_fn(struct db *db, void *arg, struct err *e)
{
    return db_exec(db, *(const char **)arg, e);
}

static enum code write_sql(struct store *st, const char *sql, struct err *e)
{
    return store_write(st, exec_fn, &sql, e);
}

static enum code insert_pair(struct db *db, int64_t id, struct str b, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO pair(id, b) VALUES(?1, ?2)");
    stmt_bind_int(q, 1, id);
    stmt_bind_opt(q, 2, b);
    return stmt_run(q, NULL, e);
}

/* ---- values ---- */

static enum code values_fn(struct db *db, void *arg, struct err *e)
{
    const char *sql = "INSERT INTO pair(id, a, b, c, d) VALUES(?1, ?2, ?3, ?4, ?5)";
    struct stmt *q;
    (void)arg;
    q = db_sql(db, sql);
    stmt_bind_int(q, 1, INT64_MIN);
    stmt_bind_int(q, 2, INT64_MAX);
    stmt_bind_str(q, 3, S("关于“印发”《×》的通知𬭎"));
    stmt_bind_real(q, 4, 0.1);
    stmt_bind_blob(q, 5, (struct str){"\0\xff\\x00'", 7});
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, sql); /* empty is not NULL; what is not bound is NULL, also the second time */
    stmt_bind_int(q, 1, 2);
    stmt_bind_str(q, 3, (struct str){NULL, 0});
    stmt_bind_blob(q, 5, (struct str){NULL, 0});
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, sql);
    stmt_bind_int(q, 1, 3);
    stmt_bind_ref(q, 2, 0);
    stmt_bind_opt(q, 3, S(""));
    stmt_bind_null(q, 4);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, sql); /* a parameter that was NULL before */
    stmt_bind_int(q, 1, 4);
    stmt_bind_ref(q, 2, 5000000000);
    stmt_bind_opt(q, 3, S("x"));
    stmt_bind_real(q, 4, -1e300);
    return stmt_run(q, NULL, e);
}

static void values_come_back_as_they_went(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    assert_int_equal(store_write(t->st, values_fn, NULL, &e), OK);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT id, a, b, c, d FROM pair ORDER BY id");
    assert_true(stmt_step(q));
    assert_true(stmt_int(q, 0) == INT64_MIN);
    assert_true(stmt_int(q, 1) == INT64_MAX);
    assert_true(str_eq(stmt_str(q, 2), S("关于“印发”《×》的通知𬭎")));
    assert_true(stmt_real(q, 3) == 0.1);
    assert_int_equal(stmt_blob(q, 4).n, 7);
    assert_memory_equal(stmt_blob(q, 4).p, "\0\xff\\x00'", 7);
    assert_true(stmt_step(q));
    assert_true(stmt_null(q, 1));
    assert_false(stmt_null(q, 2));
    assert_int_equal(stmt_str(q, 2).n, 0);
    assert_false(stmt_null(q, 4));
    assert_int_equal(stmt_blob(q, 4).n, 0);
    assert_true(stmt_step(q));
    for (int i = 1; i < 5; i++)
        assert_true(stmt_null(q, i));
    assert_int_equal(stmt_int(q, 1), 0);
    assert_int_equal(stmt_str(q, 2).n, 0);
    assert_true(stmt_step(q));
    assert_true(stmt_int(q, 1) == 5000000000);
    assert_true(stmt_real(q, 3) == -1e300);
    assert_false(stmt_step(q));
    assert_false(stmt_step(q)); /* and not from the beginning again */
    assert_int_equal(stmt_end(q, &e), OK);
    /* An id is 64 bits also where it stands beside a small literal. */
    q = db_sql(db, "SELECT count(*), sum(a) FROM pair WHERE ?1 = 0 OR a = ?1");
    stmt_bind_int(q, 1, 5000000000);
    assert_true(stmt_step(q));
    assert_int_equal(stmt_int(q, 0), 1);
    assert_true(stmt_int(q, 1) == 5000000000);
    assert_int_equal(stmt_end(q, &e), OK);
    q = db_sql(db, "SELECT EXISTS(SELECT 1 FROM pair WHERE id = ?1), length(?2), ?2 || '.'");
    stmt_bind_int(q, 1, 3);
    stmt_bind_str(q, 2, S("汉字a"));
    assert_true(stmt_step(q));
    assert_int_equal(stmt_int(q, 0), 1);
    assert_int_equal(stmt_int(q, 1), 3);
    assert_true(str_eq(stmt_str(q, 2), S("汉字a.")));
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
}

static enum code order_fn(struct db *db, void *arg, struct err *e)
{
    const char *const words[] = {"b", "B", "a", "_", "中", "丁", "é", "z", "Z", "10", "9"};
    (void)arg;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        TRY(insert_pair(db, (int64_t)i + 1, str_z(words[i]), e));
    return OK;
}

static void text_sorts_by_bytes_and_like_tells_case(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    struct str last = S("");
    char copy[16];
    assert_int_equal(store_write(t->st, order_fn, NULL, &e), OK);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT b FROM pair ORDER BY b");
    int n = 0;
    while (stmt_step(q)) {
        struct str s = stmt_str(q, 0);
        assert_true(str_cmp(last, s) < 0);
        memcpy(copy, s.p, s.n);
        last = (struct str){copy, s.n};
        n++;
    }
    assert_int_equal(n, 11);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair WHERE b LIKE 'b%'"), 1);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair WHERE b LIKE '\\_' ESCAPE '\\'"), 1);
    assert_int_equal(ask(t->st, "SELECT id FROM pair ORDER BY a NULLS LAST, b LIMIT 1"), 10);
}

/* ---- statements ---- */

static enum code nested_fn(struct db *db, void *arg, struct err *e)
{
    const char *sql = "SELECT id FROM pair WHERE id > ?1 ORDER BY id";
    int64_t *sum = arg, changed;
    *sum = 0;
    for (int64_t i = 1; i <= 3; i++)
        TRY(insert_pair(db, i, S(""), e));
    struct stmt *outer = db_sql(db, sql);
    stmt_bind_int(outer, 1, 0);
    while (stmt_step(outer)) {
        struct stmt *inner = db_sql(db, sql);
        stmt_bind_int(inner, 1, stmt_int(outer, 0));
        while (stmt_step(inner))
            *sum += stmt_int(inner, 0);
        TRY(stmt_end(inner, e));
    }
    TRY(stmt_end(outer, e));
    TRY(stmt_run(db_sql(db, "UPDATE pair SET a = 7 WHERE id >= 2"), &changed, e));
    *sum = *sum * 10 + changed;
    struct stmt *q = db_sql(db, "DELETE FROM pair WHERE id = 1 RETURNING id");
    while (stmt_step(q))
        *sum = *sum * 10 + stmt_int(q, 0);
    return stmt_end(q, e);
}

static void the_same_statement_nests_and_own_writes_are_seen(void **state)
{
    struct testdb *t = *state;
    struct err e;
    int64_t sum;
    assert_int_equal(store_write(t->st, nested_fn, &sum, &e), OK);
    assert_int_equal(sum, ((2 + 3 + 3) * 10 + 2) * 10 + 1);
    assert_int_equal(ask(t->st, "SELECT sum(a) FROM pair"), 14);
}

static void the_cache_knows_texts_from_addresses(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    char sql[40]; /* one address, many texts, more than the cache holds; twice */
    assert_int_equal(store_read(t->st, &db, &e), OK);
    for (int i = 0; i < 2 * (CACHE_MAX + 50); i++) {
        (void)snprintf(sql, sizeof(sql), "SELECT %d", i % (CACHE_MAX + 50));
        struct stmt *q = db_sql(db, sql);
        assert_true(stmt_step(q));
        assert_int_equal(stmt_int(q, 0), i % (CACHE_MAX + 50));
        assert_int_equal(stmt_end(q, &e), OK);
        assert_true(db->n_cached <= CACHE_MAX);
    }
    store_read_end(db);
}

static void broken_rules_are_conflicts(void **state)
{
    struct testdb *t = *state;
    struct err e;
    assert_int_equal(write_sql(t->st, "INSERT INTO pair(id, b) VALUES(1, 'x')", &e), OK);
    assert_int_equal(write_sql(t->st, "INSERT INTO pair(id, b) VALUES(1, 'y')", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "已有相同的记录"));
    assert_int_equal(write_sql(t->st, "INSERT INTO pair(id, b) VALUES(2, 'x')", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "pair"));
    assert_int_equal(
        write_sql(t->st, "INSERT INTO child(id, pair, n) VALUES(1, 9, 0)", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "引用的记录不存在"));
    assert_int_equal(
        write_sql(t->st, "INSERT INTO child(id, pair, n) VALUES(1, 1, -1)", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "值不合规定"));
    assert_int_equal(write_sql(t->st, "INSERT INTO child(id, pair) VALUES(1, 1)", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "缺少必需的值（child.n）"));
    assert_int_equal(write_sql(t->st, "INSERT INTO child(id, pair, n) VALUES(1, 1, 0)", &e), OK);
    assert_int_equal(write_sql(t->st, "DELETE FROM pair WHERE id = 1", &e), E_CONFLICT);
    assert_int_equal(
        write_sql(t->st,
            "INSERT INTO counter(id, n) VALUES(1, 5) ON CONFLICT(id) DO UPDATE SET n = counter.n + "
            "excluded.n",
            &e),
        OK);
    assert_int_equal(ask(t->st, "SELECT n FROM counter"), 5);
    assert_int_equal(write_sql(t->st, "INSERT INTO counter(id, n) VALUES(2, 'five')", &e),
        on_pg ? E_BUG : E_CONFLICT); /* STRICT: no text in a number */
}

static enum code nul_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return insert_pair(db, 1, (struct str){"a\0b", 3}, e);
}

static enum code unbindable_fn(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO pair(id) VALUES(?1)");
    (void)arg;
    stmt_bind_int(q, 2, 1);
    return stmt_run(q, NULL, e);
}

static void our_mistakes_are_told_apart(void **state)
{
    struct testdb *t = *state;
    struct err e;
    assert_int_equal(write_sql(t->st, "INSERT INTO nowhere VALUES(1)", &e), E_BUG);
    assert_int_equal(write_sql(t->st, "SELEKT 1", &e), E_BUG);
    assert_int_equal(write_sql(t->st, "SELECT \"nocolumn\" FROM pair", &e), E_BUG);
    assert_int_equal(
        write_sql(t->st, "INSERT INTO pair(id) VALUES(1); DELETE FROM pair", &e), E_BUG);
    assert_int_equal(store_write(t->st, unbindable_fn, NULL, &e), E_BUG);
    assert_int_equal(store_write(t->st, nul_fn, NULL, &e), E_INPUT);
    assert_int_equal(write_sql(t->st, "CREATE TABLE nowhere(id INTEGER)", &e), OK);
    assert_int_equal(write_sql(t->st, "INSERT INTO nowhere VALUES(1)", &e), OK);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 0);
}

/* ---- transactions ---- */

static enum code ignoring_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    TRY(insert_pair(db, 1, S("x"), e));
    if (insert_pair(db, 2, S("x"), e) == OK) /* fails, and the function thinks nothing of it */
        return OK;
    if (insert_pair(db, 3, S("z"), e) == OK)
        return FAIL(e, E_BUG, "went on after a failure");
    return OK;
}

static void a_failed_statement_fails_its_function(void **state)
{
    struct testdb *t = *state;
    struct err e;
    assert_int_equal(store_write(t->st, ignoring_fn, NULL, &e), E_CONFLICT);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 0);
}

static enum code keeping_fn(struct db *db, void *arg, struct err *e)
{
    (void)e;
    struct stmt *q = db_sql(db, "SELECT 1");
    *(int *)arg += stmt_step(q);
    return OK; /* and q is not given back */
}

struct many {
    int64_t from, same; /* `same`: this row bears the id of the first */
    int runs;
    int64_t seen;
};

enum { MANY = 350, MANY_BYTES = 100000 };

/* More than may be sent ahead of the answers, with much in each; and a read behind them. */
static enum code many_fn(struct db *db, void *arg, struct err *e)
{
    struct many *m = arg;
    char *bytes = mem_alloc(MANY_BYTES);
    enum code c = OK;
    memset(bytes, (int)m->from, MANY_BYTES);
    m->runs++;
    for (int64_t i = 0; c == OK && i < MANY; i++) {
        struct stmt *q = db_sql(db, "INSERT INTO pair(id, d) VALUES(?1, ?2)");
        stmt_bind_int(q, 1, m->from + (i == m->same ? 0 : i));
        stmt_bind_blob(q, 2, (struct str){bytes, MANY_BYTES});
        c = stmt_run(q, NULL, e);
    }
    free(bytes);
    TRY(c);
    struct stmt *q = db_sql(db, "SELECT count(*), sum(length(d)) FROM pair WHERE id >= ?1");
    stmt_bind_int(q, 1, m->from);
    m->seen = stmt_step(q) && stmt_int(q, 1) == (int64_t)MANY * MANY_BYTES ? stmt_int(q, 0) : -1;
    return stmt_end(q, e);
}

static void many_statements_in_one_function(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct many m = {.from = 1000};
    assert_int_equal(store_write(t->st, many_fn, &m, &e), OK);
    assert_int_equal(m.seen, MANY);
    assert_int_equal(m.runs, 1);
    m = (struct many){
        .from = 2000, .same = 200}; /* known as late as it may be, it is still this function's */
    assert_int_equal(store_write(t->st, many_fn, &m, &e), E_CONFLICT);
    m = (struct many){.from = 3000, .same = MANY - 1};
    assert_int_equal(store_write(t->st, many_fn, &m, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "已有相同的记录"));
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), MANY);
}

static void a_kept_statement_fails_its_function(void **state)
{
    struct testdb *t = *state;
    struct err e;
    int n = 0;
    assert_int_equal(store_write(t->st, keeping_fn, &n, &e), E_BUG);
    assert_int_equal(write_sql(t->st, "INSERT INTO pair(id) VALUES(1)", &e), OK);
}

static enum code nesting_fn(struct db *db, void *arg, struct err *e)
{
    (void)db;
    return store_write(arg, nesting_fn, arg, e);
}

static void a_write_inside_a_write_is_refused(void **state)
{
    struct testdb *t = *state;
    struct err e;
    assert_int_equal(store_write(t->st, nesting_fn, t->st, &e), E_BUG);
}

static void readers_see_one_state_and_cannot_write(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    for (int i = 1; i <= 3; i++) {
        char sql[60];
        struct stmt *q = db_sql(db, "SELECT count(*) FROM pair");
        assert_true(stmt_step(q));
        assert_int_equal(stmt_int(q, 0), 0);
        assert_int_equal(stmt_end(q, &e), OK);
        (void)snprintf(sql, sizeof(sql), "INSERT INTO pair(id) VALUES(%d)", i);
        assert_int_equal(write_sql(t->st, sql, &e), OK);
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), i);
    }
    assert_int_not_equal(db_exec(db, "DELETE FROM pair", &e), OK);
    assert_int_not_equal(db_exec(db, "SELECT 1", &e), OK); /* the transaction is over */
    store_read_end(db);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 3);
}

/* What borrows again inside sees the same state, in one connection; afterwards nothing is left of it. */
static void a_shared_reader_is_one_transaction(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db, *inner;
    for (int i = 1; i <= 3; i++) {
        char sql[60];
        int64_t before = ask(t->st, "SELECT count(*) FROM pair");
        assert_int_equal(store_read(t->st, &db, &e), OK);
        assert_false(store_shares(t->st));
        store_read_share(db);
        assert_true(store_shares(t->st));
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), before);
        (void)snprintf(sql, sizeof(sql), "INSERT INTO pair(id) VALUES(%d)", i);
        assert_int_equal(write_sql(t->st, sql, &e), OK);
        assert_int_equal(store_read(t->st, &inner, &e), OK);
        assert_ptr_equal(inner, db);
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), before);
        store_read_end(inner);
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), before);
        store_read_end(db);
        assert_false(store_shares(t->st));
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), before + 1);
    }
}

enum { THREADS = 16, ROUNDS = 500 };

static enum code increment_fn(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT n FROM counter WHERE id = 1"); /* read, then write */
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    (void)arg;
    TRY(stmt_end(q, e));
    q = db_sql(db, "UPDATE counter SET n = ?1 WHERE id = 1");
    stmt_bind_int(q, 1, n + 1);
    return stmt_run(q, NULL, e);
}

static void *increment_main(void *arg)
{
    struct err e;
    intptr_t bad = 0;
    for (int i = 0; i < (on_pg ? ROUNDS / 5 : ROUNDS); i++)
        if (store_write(arg, increment_fn, NULL, &e) != OK)
            bad++;
    return (void *)bad; /* NOLINT(performance-no-int-to-ptr) */
}

static void no_increment_of_sixteen_threads_is_lost(void **state)
{
    struct testdb *t = *state;
    pthread_t threads[THREADS];
    int64_t all = (int64_t)THREADS * (on_pg ? ROUNDS / 5 : ROUNDS);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, increment_main, t->st), 0);
    for (int i = 0; i < THREADS; i++) {
        void *bad;
        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    assert_int_equal(ask(t->st, "SELECT n FROM counter WHERE id = 1"), all);
    if (!on_pg) /* they shared their commits */
        assert_true(atomic_load(&t->st->groups) < all);
}

/* ---- groups ---- */

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int entered, open, answers;
    int bad;
};

static void gate_init(struct gate *g)
{
    memset(g, 0, sizeof(*g));
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->moved, NULL);
}

static void gate_wait(struct gate *g, const int *what, int n)
{
    pthread_mutex_lock(&g->lock);
    while (*what < n)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void gate_raise(struct gate *g, int *what)
{
    pthread_mutex_lock(&g->lock);
    (*what)++;
    pthread_cond_broadcast(&g->moved);
    pthread_mutex_unlock(&g->lock);
}

static enum code holding_fn(struct db *db, void *arg, struct err *e)
{
    struct gate *g = arg;
    gate_raise(g, &g->entered);
    gate_wait(g, &g->open, 1);
    return insert_pair(db, 1000, S("held"), e);
}

static void holding_done(void *arg, enum code c, const struct err *e)
{
    struct gate *g = arg;
    (void)e;
    g->bad += c != OK;
    gate_raise(g, &g->answers);
}

struct numbered {
    struct gate *g;
    int64_t id;
    enum code want;
};

static enum code numbered_fn(struct db *db, void *arg, struct err *e)
{
    struct numbered *n = arg;
    TRY(insert_pair(db, n->id, S(""), e));
    if (n->want == E_INPUT)
        return FAIL(e, E_INPUT, "编号%d不行", (int)n->id);
    return n->want == E_CONFLICT ? insert_pair(db, n->id, S(""), e) : OK;
}

static void numbered_done(void *arg, enum code c, const struct err *e)
{
    struct numbered *n = arg;
    bool right = c == n->want && (c != E_INPUT || strstr(e->msg, "不行"));
    pthread_mutex_lock(&n->g->lock);
    n->g->bad += !right;
    pthread_mutex_unlock(&n->g->lock);
    gate_raise(n->g, &n->g->answers);
}

static void failures_roll_back_alone(void **state)
{
    struct testdb *t = *state;
    struct gate g;
    struct numbered list[9];
    gate_init(&g);
    long before = atomic_load(&t->st->groups);
    store_submit(t->st, holding_fn, &g, holding_done);
    gate_wait(&g, &g.entered, 1);
    for (int i = 0; i < 9; i++) {
        list[i] = (struct numbered){.g = &g,
            .id = i + 1,
            .want = i % 3 == 1   ? E_INPUT
                    : i % 3 == 2 ? E_CONFLICT
                                 : OK};
        store_submit(t->st, numbered_fn, &list[i], numbered_done);
    }
    gate_raise(&g, &g.open);
    gate_wait(&g, &g.answers, 10);
    assert_int_equal(g.bad, 0);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 4);
    assert_int_equal(ask(t->st, "SELECT sum(id) FROM pair"), 1000 + 1 + 4 + 7);
    if (!on_pg) /* all that was waiting went into few transactions; GROUP_MS may have cut one off */
        assert_in_range(atomic_load(&t->st->groups) - before, 1, 3);
}

static void what_was_submitted_is_written_before_closing(void **state)
{
    struct testdb *t = *state;
    struct gate g;
    struct err e;
    struct numbered list[100];
    gate_init(&g);
    for (int i = 0; i < 100; i++) {
        list[i] = (struct numbered){.g = &g, .id = i + 1};
        store_submit(t->st, numbered_fn, &list[i], numbered_done);
    }
    assert_int_equal(testdb_reopen(t, &e), OK);
    assert_int_equal(g.answers, 100);
    assert_int_equal(g.bad, 0);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 100);
}

/* ---- migrations ---- */

static void migrations_run_once_and_newer_is_refused(void **state)
{
    struct testdb *t = *state;
    struct err e;
    int version;
    struct migration more[4];
    memcpy(more, schema, sizeof(schema));
    more[2] = (struct migration){3, "third", "ALTER TABLE pair ADD COLUMN extra @TEXT"};
    more[3] =
        (struct migration){4, "wrong", "CREATE TABLE half(id @ID); INSERT INTO nowhere VALUES(1)"};
    assert_int_equal(store_migrate(t->st, more, 2, &e), OK);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM counter"), 1); /* not applied twice */
    assert_int_equal(store_migrate(t->st, more, 4, &e), E_BUG);
    assert_non_null(strstr(e.msg, "第4号结构（wrong）"));
    assert_int_equal(store_schema_version(t->st, &version, &e), OK);
    assert_int_equal(version, 3);
    assert_int_equal(write_sql(t->st, "INSERT INTO half VALUES(1)", &e), E_BUG); /* not there */
    assert_int_equal(testdb_reopen(t, &e), OK);
    assert_int_equal(store_migrate(t->st, schema, 2, &e), E_INPUT);
    assert_string_equal(e.msg, "数据目录由更新版本的程序建立（第3号结构，本程序只到第2号），"
                               "请升级程序后再打开");
    assert_int_equal(write_sql(t->st, "UPDATE pair SET extra = 'x'", &e), OK);
    more[2].number = 5;
    assert_int_equal(store_migrate(t->st, more, 3, &e), E_BUG);
}

static void a_reading_store_reads_beside_a_writing_one(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct store *r;
    struct store_options o = {.dir = str_z(t->dir), .url = str_z(t->url), .read_only = true};
    struct migration more[3];
    memcpy(more, schema, sizeof(schema));
    more[2] = (struct migration){3, "third", "CREATE TABLE third(id @ID)"};
    assert_int_equal(store_open(&o, &r, &e), OK);
    assert_int_equal(store_migrate(r, schema, 2, &e), OK);
    assert_int_equal(store_migrate(r, more, 3, &e), E_INPUT);
    assert_int_equal(write_sql(t->st, "INSERT INTO pair(id) VALUES(1)", &e), OK);
    assert_int_equal(ask(r, "SELECT count(*) FROM pair"), 1);
    assert_int_equal(write_sql(r, "INSERT INTO pair(id) VALUES(2)", &e), E_DENIED);
    store_close(r);
}

/* ---- faults ---- */

static enum code two_fn(struct db *db, void *arg, struct err *e)
{
    int64_t n = *(int64_t *)arg;
    TRY(insert_pair(db, 2 * n, S(""), e));
    return insert_pair(db, 2 * n + 1, S(""), e);
}

/* The n-th step fails, for every n until none is left to fail: once (a second try may mend it) or from then on
 * (then it is told). Nothing is ever half done. */
static void fail_every_step(struct testdb *t, bool lasting, int64_t *written)
{
    struct err e;
    int64_t faults = 0;
    bool hit = true;
    for (long n = 1; hit; n++) {
        int64_t id = *written + 1;
        store_fault(t->st, n, lasting);
        enum code c = store_write(t->st, two_fn, &id, &e);
        hit = atomic_load(&t->st->fault_at) < 1;
        store_fault(t->st, 0, false);
        faults += hit;
        if (hit && lasting)
            assert_int_equal(c, E_IO);
        if (!hit)
            assert_int_equal(c, OK);
        *written += c == OK;
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 2 * *written);
    }
    assert_in_range(faults, on_pg ? 4 : 6, 20); /* begin, two statements, commit; savepoints */
}

static void a_fault_at_any_step_leaves_nothing_half(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct db *db;
    int64_t written = 0;
    fail_every_step(t, false, &written);
    fail_every_step(t, true, &written);
    store_fault(t->st, 1, false);
    enum code c = store_read(t->st, &db, &e);
    if (c == OK) { /* PostgreSQL begins with the first statement */
        c = db_exec(db, "SELECT 1", &e);
        store_read_end(db);
    }
    assert_int_equal(c, E_IO);
    assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 2 * written);
}

/* A child acknowledges by a pipe what it has written, until it is killed in the midst of it. */
static void child_main(const struct testdb *parent, int fd, int64_t first)
{
    struct testdb t = *parent;
    struct err e;
    t.st = NULL;
    if (testdb_reopen(&t, &e) != OK)
        _exit(9);
    for (int64_t n = first;; n++)
        if (store_write(t.st, two_fn, &n, &e) != OK || write(fd, &n, sizeof(n)) != sizeof(n))
            _exit(8);
}

/* The server works off what a killed client has sent: wait until its backend is gone. */
static void wait_for_backends(const struct testdb *t)
{
    char sql[300];
    struct err e;
    struct timespec pause = {.tv_nsec = 10000000};
    (void)snprintf(sql, sizeof(sql),
        "SELECT 1 / CASE WHEN count(*) = 0 THEN 1 ELSE 0 END FROM pg_stat_activity"
        " WHERE application_name = '%s'",
        t->schema);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    while (*t->url && pg_run_once(str_z(getenv("TEST_PG")), sql, &e) != OK)
        nanosleep(&pause, NULL);
}

static void kill_loses_nothing_acknowledged(void **state)
{
    struct testdb *t = *state;
    struct err e;
    store_close(t->st);
    t->st = NULL;
    int64_t n = 0, last = 0;
    for (int round = 0; round < 5; round++) {
        int fds[2];
        assert_int_equal(pipe(fds), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            child_main(t, fds[1], last + 1);
        close(fds[1]);
        for (int i = 0; i < 20 * (round + 1); i++)
            assert_int_equal(read(fds[0], &n, sizeof(n)), sizeof(n));
        struct timespec pause = {.tv_nsec = 700000L * round + 100000};
        nanosleep(&pause, NULL);
        kill(pid, SIGKILL);
        while (read(fds[0], &n, sizeof(n)) == sizeof(n))
            ;
        close(fds[0]);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        wait_for_backends(t);
        assert_int_equal(testdb_reopen(t, &e), OK);
        last = ask(t->st, "SELECT max(id) FROM pair") / 2;
        assert_true(last == n || last == n + 1); /* one may be written and not yet told */
        assert_int_equal(ask(t->st, "SELECT count(*) FROM pair"), 2 * last);
        store_close(t->st);
        t->st = NULL;
    }
    assert_int_equal(testdb_reopen(t, &e), OK);
}

#define CONTRACT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#define HOW_PLANNED \
    "SELECT setting FROM pg_settings WHERE name = 'plan_cache_mode' AND setting <> 'auto'"

static bool planned_once(struct db *db, const char *sql)
{
    struct err e;
    struct stmt *q = db_sql(db, sql);
    bool is = stmt_step(q) && str_eq(stmt_str(q, 0), S("force_generic_plan"));
    assert_int_equal(stmt_end(q, &e), OK);
    return is;
}

/* The mark holds for the statement that bears it and no other, in this transaction and the next of the connection. */
static void what_is_planned_once_says_so_to_the_server(void **state)
{
    struct testdb *t = *state;
    assert_int_equal(ask(t->st, DB_PLAN_ONCE "SELECT 7"), 7);
    if (!on_pg)
        return;
    for (int i = 0; i < 3; i++) {
        struct db *db;
        struct err e;
        assert_int_equal(store_read(t->st, &db, &e), OK);
        assert_false(planned_once(db, HOW_PLANNED));
        assert_true(planned_once(db, DB_PLAN_ONCE HOW_PLANNED));
        assert_false(planned_once(db, HOW_PLANNED));
        assert_true(planned_once(db, DB_PLAN_ONCE HOW_PLANNED));
        store_read_end(db);
    }
}

/* By the thousand they travel as they are, and are the same numbers. */
static void numbers_are_the_same_either_way(void **state)
{
    static const int64_t values[] = {0, 1, -1, 9, -10, 127, 128, -129, 4294967296,
        999999999999999999, -999999999999999999, 1000000000000000000, INT64_MAX, INT64_MIN};
    static const char *const texts[] = {"SELECT ?1 + 0, 7, (SELECT count(*) FROM pair), NULL",
        DB_NUMBERS "SELECT ?1 + 0, 7, (SELECT count(*) FROM pair), NULL",
        DB_PLAN_ONCE DB_NUMBERS "SELECT ?1 + 0, 7, (SELECT count(*) FROM pair), NULL"};
    struct testdb *t = *state;
    struct db *db;
    struct err e;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
        for (size_t k = 0; k < 3; k++) {
            struct stmt *q = db_sql(db, texts[k]);
            stmt_bind_int(q, 1, values[i]);
            assert_true(stmt_step(q));
            assert_int_equal(stmt_int(q, 0), values[i]);
            assert_int_equal(stmt_int(q, 1), 7);
            assert_int_equal(stmt_int(q, 2), 0);
            assert_int_equal(stmt_int(q, 3), 0);
            assert_true(stmt_null(q, 3));
            assert_int_equal(stmt_end(q, &e), OK);
        }
    store_read_end(db);
}

/* The first statement travels with the beginning of its transaction; what it does wrong is its own. */
static void a_reading_whose_first_statement_fails_is_over(void **state)
{
    static const int64_t by[] = {2, 0, 5};
    struct testdb *t = *state;
    struct db *db;
    struct err e;
    if (!on_pg) /* SQLite divides by zero */
        return;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(store_read(t->st, &db, &e), OK);
        struct stmt *q = db_sql(db, "SELECT 10 / ?1");
        stmt_bind_int(q, 1, by[i]);
        assert_int_equal(stmt_step(q), by[i] != 0);
        assert_int_equal(stmt_int(q, 0), by[i] ? 10 / by[i] : 0);
        assert_int_equal(stmt_end(q, &e), by[i] ? OK : E_BUG);
        assert_int_equal(db_exec(db, "SELECT 1", &e), by[i] ? OK : E_BUG);
        store_read_end(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(values_come_back_as_they_went),
        CONTRACT_TEST(text_sorts_by_bytes_and_like_tells_case),
        CONTRACT_TEST(the_same_statement_nests_and_own_writes_are_seen),
        CONTRACT_TEST(the_cache_knows_texts_from_addresses),
        CONTRACT_TEST(broken_rules_are_conflicts),
        CONTRACT_TEST(our_mistakes_are_told_apart),
        CONTRACT_TEST(a_failed_statement_fails_its_function),
        CONTRACT_TEST(many_statements_in_one_function),
        CONTRACT_TEST(a_kept_statement_fails_its_function),
        CONTRACT_TEST(a_write_inside_a_write_is_refused),
        CONTRACT_TEST(readers_see_one_state_and_cannot_write),
        CONTRACT_TEST(a_shared_reader_is_one_transaction),
        CONTRACT_TEST(no_increment_of_sixteen_threads_is_lost),
        CONTRACT_TEST(failures_roll_back_alone),
        CONTRACT_TEST(what_was_submitted_is_written_before_closing),
        CONTRACT_TEST(migrations_run_once_and_newer_is_refused),
        CONTRACT_TEST(a_reading_store_reads_beside_a_writing_one),
        CONTRACT_TEST(a_fault_at_any_step_leaves_nothing_half),
        CONTRACT_TEST(kill_loses_nothing_acknowledged),
        CONTRACT_TEST(what_is_planned_once_says_so_to_the_server),
        CONTRACT_TEST(numbers_are_the_same_either_way),
        CONTRACT_TEST(a_reading_whose_first_statement_fails_is_over),
    };
    int failed = cmocka_run_group_tests_name("store on SQLite", tests, NULL, NULL);
    on_pg = true;
    if (testdb_pg())
        failed += cmocka_run_group_tests_name("store on PostgreSQL", tests, NULL, NULL);
    return failed;
}
