#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "base/clock.h"
#include "officedb.h"

#define GOOD  "Guan-hu3 shan"
#define NOW   INT64_C(1790000000000)
#define AFTER (NOW + 1000)

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));
    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

static int64_t somebody(struct officedb *o)
{
    struct err e;
    int64_t id = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_SECRETARY);
    assert_int_equal(person_set_password(&o->door, id, S(GOOD), false, 0, &e), OK);
    return id;
}

/* NOLINTNEXTLINE(readability-function-size): every test names all of it */
static enum code try(struct officedb *o, const char *login, const char *password, int64_t now,
    char token[TOKEN_SIZE], struct session *s, struct err *e)
{
    struct sign_in in = {.login = str_z(login),
        .password = str_z(password),
        .address = S("10.0.0.1"),
        .agent = S("Firefox"),
        .now_ms = now};
    return session_sign_in(&o->door, &o->a, &in, token, s, e);
}

static enum code find(
    struct officedb *o, const char *token, int64_t now, struct session *s, struct err *e)
{
    return session_find(&o->door, &o->a, str_z(token), now, s, e);
}

/* ---- passwords ---- */

static void rules_are_kept(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(password_check_rules(S("Abcdef12"), S("zs"), &e), OK);
    assert_int_equal(password_check_rules(S("密码要长一点Ab1"), S("zs"), &e), OK);
    assert_int_equal(password_check_rules(S("Abcde12"), S("zs"), &e), E_INPUT);
    assert_int_equal(password_check_rules(S("abcdef12"), S("zs"), &e), E_INPUT);
    assert_int_equal(password_check_rules(S("abcdefgh"), S("zs"), &e), E_INPUT);
    assert_int_equal(password_check_rules(S("xZhangSan12"), S("zhangsan"), &e), E_INPUT);
    assert_non_null(strstr(e.msg, "登录名"));
    char longest[PASSWORD_MAX + 2];
    memset(longest, 'a', sizeof(longest));
    longest[0] = 'A';
    longest[1] = '1';
    assert_int_equal(password_check_rules((struct str){longest, PASSWORD_MAX}, S("zs"), &e), OK);
    assert_int_equal(
        password_check_rules((struct str){longest, PASSWORD_MAX + 1}, S("zs"), &e), E_INPUT);
}

static void hashes_verify_and_know_their_cost(void **state)
{
    struct password_cost one = {.memory_kib = 64, .passes = 1, .lanes = 1};
    struct password_cost two = {.memory_kib = 128, .passes = 1, .lanes = 1};
    struct password_cost mad = {.memory_kib = 1, .passes = 1, .lanes = 1};
    struct hasher *a, *b;
    struct err e;
    char x[HASH_SIZE], y[HASH_SIZE], once[ONE_TIME_SIZE];
    bool old;
    (void)state;
    assert_int_equal(hasher_new(&mad, &a, &e), E_INPUT);
    assert_int_equal(hasher_new(&one, &a, &e), OK);
    assert_int_equal(hasher_new(&two, &b, &e), OK);
    assert_int_equal(password_hash(a, S(GOOD), x, &e), OK);
    assert_int_equal(password_hash(a, S(GOOD), y, &e), OK);
    assert_string_not_equal(x, y);
    assert_non_null(strstr(x, "$argon2id$"));
    assert_true(password_verify(a, x, S(GOOD), &old));
    assert_false(old);
    assert_true(password_verify(b, x, S(GOOD), &old));
    assert_true(old);
    assert_false(password_verify(a, x, S("Guan-hu3 sha"), &old));
    assert_false(password_verify(a, NULL, S(GOOD), &old));
    assert_false(password_verify(a, "", S(GOOD), &old));
    for (int i = 0; i < 50; i++) {
        password_one_time(once);
        assert_int_equal(password_check_rules(str_z(once), S("zhangsan"), &e), OK);
        assert_null(strpbrk(once, "0O1lIi"));
    }
    hasher_free(a);
    hasher_free(b);
}

/* ---- in and out ---- */

static void one_signs_in_and_out(void **state)
{
    struct officedb *o = *state;
    struct session s, t;
    struct err e;
    char token[TOKEN_SIZE], again[TOKEN_SIZE];
    int64_t id = somebody(o);
    assert_int_equal(try(o, " ZhangSan ", GOOD, NOW, token, &s, &e), OK);
    assert_int_equal(strlen(token), TOKEN_SIZE - 1);
    assert_true(s.viewer.person == id && s.viewer.unit == UNIT_SECTION);
    assert_int_equal(s.viewer.roles, ROLE_SECRETARY);
    assert_int_equal(s.last_ms, 0);
    assert_false(s.must_change || s.password_old || s.viewer.owner);
    assert_int_equal(find(o, token, AFTER, &t, &e), OK);
    assert_true(t.id == s.id && t.viewer.person == id);
    assert_true(session_csrf(&t, str_z(s.csrf)));
    assert_false(session_csrf(&t, str_z(token)));
    assert_false(session_csrf(&t, S("")));
    assert_int_equal(try(o, "zhangsan", "wrong", NOW + 500, again, &t, &e), E_DENIED);
    assert_int_equal(try(o, "zhangsan", GOOD, AFTER, again, &t, &e), OK);
    assert_true(t.last_ms == NOW);
    assert_int_equal(t.failures, 1);
    assert_true(str_eq(t.last_address, S("10.0.0.1")));
    assert_int_equal(session_sign_out(&o->door, str_z(token), &e), OK);
    assert_int_equal(find(o, token, AFTER, &t, &e), E_DENIED);
    assert_int_equal(find(o, again, AFTER, &t, &e), OK);
    assert_int_equal(find(o, "", AFTER, &t, &e), E_DENIED);
    again[5] = again[5] == 'x' ? 'y' : 'x';
    assert_int_equal(find(o, again, AFTER, &t, &e), E_DENIED);
}

static int64_t count(struct officedb *o, const char *sql)
{
    struct db *db;
    struct err e;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    struct stmt *q = db_sql(db, sql);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    return n;
}

static void the_database_does_not_know_the_token(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), OK);
    struct db *db;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM session WHERE token = ?1 OR csrf = ?1");
    stmt_bind_str(q, 1, str_z(token));
    assert_true(stmt_step(q));
    assert_int_equal(stmt_int(q, 0), 0);
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    assert_int_equal(count(o, "SELECT count(*) FROM person WHERE password LIKE '%Guan%'"), 0);
}

/* A page that stands open and asks by itself must not keep a session alive on an empty chair. */
static void looking_on_is_no_use(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), OK);
    for (int64_t now = NOW; now < NOW + 30 * MS_MINUTE; now += 5 * MS_MINUTE) {
        assert_int_equal(session_peek(&o->door, &o->a, str_z(token), now, &s, &e), OK);
        assert_int_equal(testdb_reopen(&o->t, &e), OK);
        o->st = o->door.store = o->t.st;
    }
    assert_int_equal(
        session_peek(&o->door, &o->a, str_z(token), NOW + 32 * MS_MINUTE, &s, &e), E_DENIED);
    assert_int_equal(find(o, token, NOW + 32 * MS_MINUTE, &s, &e), E_DENIED);
}

static void idle_and_absolute_limits_end_a_session(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    int64_t now = NOW;
    somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, now, token, &s, &e), OK);
    for (; now + 20 * MS_MINUTE < NOW + 12 * MS_HOUR; now += 20 * MS_MINUTE) {
        assert_int_equal(find(o, token, now, &s, &e), OK);
        assert_int_equal(testdb_reopen(&o->t, &e), OK); /* until `seen` is written */
        o->st = o->door.store = o->t.st;
    }
    assert_int_equal(find(o, token, NOW + 12 * MS_HOUR + 1, &s, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "超时"));
    assert_int_equal(try(o, "zhangsan", GOOD, now, token, &s, &e), OK);
    assert_int_equal(find(o, token, now + 32 * MS_MINUTE, &s, &e), E_DENIED);
    assert_int_equal(session_prune(&o->door, now + 32 * MS_MINUTE, &e), OK);
    assert_int_equal(count(o, "SELECT count(*) FROM session"), 0);
}

/* ---- wrong passwords ---- */

static void unknown_wrong_and_stopped_are_answered_alike(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e, f;
    char token[TOKEN_SIZE];
    somebody(o);
    officedb_person(o, "nopassword", UNIT_SECTION, ROLE_STAFF);
    for (int i = 1; i <= SIGN_IN_TRIES + 1; i++) {
        const char *others[] = {"nobody", "nopassword", "没有此人"};
        assert_int_equal(try(o, "zhangsan", "wrong", NOW, token, &s, &e), E_DENIED);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(try(o, others[k], "wrong", NOW, token, &s, &f), E_DENIED);
            assert_string_equal(e.msg, f.msg);
        }
        assert_true((strstr(e.msg, "锁定") != NULL) == (i >= SIGN_IN_TRIES));
    }
    /* Locked: also the right one, until half an hour is over. */
    assert_int_equal(try(o, "zhangsan", GOOD, NOW + 29 * MS_MINUTE, token, &s, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "请1分钟后再试"));
    assert_int_equal(try(o, "zhangsan", GOOD, NOW + 31 * MS_MINUTE, token, &s, &e), OK);
    assert_int_equal(s.failures, SIGN_IN_TRIES);
    /* And counting begins anew. */
    for (int i = 1; i < SIGN_IN_TRIES; i++)
        assert_int_equal(
            try(o, "zhangsan", "wrong", NOW + 32 * MS_MINUTE, token, &s, &e), E_DENIED);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW + 33 * MS_MINUTE, token, &s, &e), OK);
}

static void a_lock_passes_and_counts_anew(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    somebody(o);
    for (int i = 0; i < SIGN_IN_TRIES; i++)
        assert_int_equal(try(o, "zhangsan", "wrong", NOW, token, &s, &e), E_DENIED);
    for (int i = 1; i < SIGN_IN_TRIES; i++) {
        assert_int_equal(
            try(o, "zhangsan", "wrong", NOW + 31 * MS_MINUTE, token, &s, &e), E_DENIED);
        assert_null(strstr(e.msg, "锁定"));
    }
    assert_int_equal(try(o, "zhangsan", GOOD, NOW + 31 * MS_MINUTE, token, &s, &e), OK);
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void an_unknown_person_costs_as_much_as_a_known_one(void **state)
{
    struct password_cost real = {.memory_kib = 4096, .passes = 2, .lanes = 1};
    struct hasher *h;
    struct err e;
    char hash[HASH_SIZE];
    int64_t known = 0, unknown = 0;
    (void)state;
    assert_int_equal(hasher_new(&real, &h, &e), OK);
    assert_int_equal(password_hash(h, S(GOOD), hash, &e), OK);
    for (int i = 0; i < 20; i++) {
        int64_t t0 = cpu_us();
        assert_false(password_verify(h, hash, S("wrong"), NULL));
        int64_t t1 = cpu_us();
        assert_false(password_verify(h, NULL, S("wrong"), NULL));
        unknown += cpu_us() - t1;
        known += t1 - t0;
    }
    assert_in_range(unknown * 100 / known, 50, 200);
    hasher_free(h);
}

/* ---- one-time passwords, changes ---- */

static void a_one_time_password_must_be_changed(void **state)
{
    struct officedb *o = *state;
    struct session s, t;
    struct err e;
    char token[TOKEN_SIZE], other[TOKEN_SIZE], once[ONE_TIME_SIZE];
    int64_t id = somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, other, &t, &e), OK);
    for (int i = 0; i < SIGN_IN_TRIES; i++)
        assert_int_equal(try(o, "zhangsan", "wrong", NOW, token, &s, &e), E_DENIED);
    assert_int_equal(person_reset_password(&o->door, id, 1, NOW, once, &e), OK);
    assert_int_equal(
        find(o, other, AFTER, &s, &e), E_DENIED); /* sessions end, the lock is lifted */
    assert_int_equal(try(o, "zhangsan", once, NOW, token, &s, &e), OK);
    assert_true(s.must_change);
    assert_int_equal(find(o, token, AFTER, &t, &e), OK);
    assert_true(t.must_change);
    assert_int_equal(
        person_change_password(&o->door, &t, S("wrong"), S("Another-1x"), AFTER, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "原密码不对"));
    assert_int_equal(
        person_change_password(&o->door, &t, str_z(once), str_z(once), AFTER, &e), E_INPUT);
    assert_int_equal(
        person_change_password(&o->door, &t, str_z(once), S("short"), AFTER, &e), E_INPUT);
    assert_int_equal(try(o, "zhangsan", once, NOW, other, &s, &e), OK);
    assert_int_equal(
        person_change_password(&o->door, &t, str_z(once), S("Another-1x"), AFTER, &e), OK);
    assert_int_equal(find(o, token, AFTER, &t, &e), OK); /* the own session stays */
    assert_false(t.must_change);
    assert_int_equal(find(o, other, AFTER, &s, &e), E_DENIED);
    assert_int_equal(try(o, "zhangsan", once, AFTER, other, &s, &e), E_DENIED);
    assert_int_equal(try(o, "zhangsan", "Another-1x", AFTER, other, &s, &e), OK);
    assert_int_equal(try(o, "zhangsan", "Another-1x", AFTER + 91 * MS_DAY, other, &s, &e), OK);
    assert_true(s.password_old);
    assert_int_equal(person_reset_password(&o->door, id, 1, NOW, once, &e), OK);
    assert_int_equal(try(o, "zhangsan", once, NOW + 8 * MS_DAY, token, &s, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "过期"));
    assert_int_equal(person_reset_password(&o->door, 4242, 1, NOW, once, &e), E_NOTFOUND);
}

static void sessions_are_listed_and_ended(void **state)
{
    struct officedb *o = *state;
    struct session s, *list;
    struct err e;
    char token[TOKEN_SIZE], first[TOKEN_SIZE];
    size_t n;
    int64_t id = somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, first, &s, &e), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(try(o, "zhangsan", GOOD, NOW + i, token, &s, &e), OK);
    assert_int_equal(session_list(&o->door, &o->a, id, AFTER, &list, &n, &e), OK);
    assert_int_equal(n, 4);
    assert_true(list[0].id == s.id);
    assert_int_equal(list[0].csrf[0], 0);
    assert_int_equal(session_revoke(&o->door, id + 1, list[3].id, &e), E_NOTFOUND);
    assert_int_equal(session_revoke(&o->door, id, list[3].id, &e), OK);
    assert_int_equal(find(o, first, AFTER, &s, &e), E_DENIED);
    for (int i = 0; i < SESSIONS_MAX; i++)
        assert_int_equal(try(o, "zhangsan", GOOD, AFTER, first, &s, &e), OK);
    assert_int_equal(session_list(&o->door, &o->a, id, AFTER, &list, &n, &e), OK);
    assert_int_equal(n, SESSIONS_MAX);
    assert_int_equal(find(o, token, AFTER, &s, &e), E_DENIED); /* the oldest have gone */
}

static void a_stopped_person_is_out_at_once(void **state)
{
    struct officedb *o = *state;
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    struct officedb_save change = {.p = {.login = S("zhangsan"),
                                       .name = S("张三"),
                                       .unit = UNIT_SECTION,
                                       .roles = ROLE_SECRETARY}};
    change.p.id = somebody(o);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), OK);
    assert_int_equal(store_write(o->st, officedb_save_fn, &change, &e), OK);
    assert_int_equal(find(o, token, AFTER, &s, &e), E_DENIED);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), E_DENIED);
    assert_string_equal(e.msg, "登录名或密码不对");
}

static void a_hash_of_other_cost_is_made_anew(void **state)
{
    struct officedb *o = *state;
    struct password_cost more = {.memory_kib = 128, .passes = 2, .lanes = 1};
    struct session s;
    struct err e;
    char token[TOKEN_SIZE];
    somebody(o);
    hasher_free(o->hasher);
    assert_int_equal(hasher_new(&more, &o->hasher, &e), OK);
    o->door.hasher = o->hasher;
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), OK);
    assert_int_equal(
        count(o, "SELECT count(*) FROM person WHERE password LIKE '%$m=128,t=2,p=1$%'"), 1);
    assert_int_equal(try(o, "zhangsan", GOOD, NOW, token, &s, &e), OK);
}

#define SESSION_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_kept),
        cmocka_unit_test(hashes_verify_and_know_their_cost),
        cmocka_unit_test(an_unknown_person_costs_as_much_as_a_known_one),
        SESSION_TEST(one_signs_in_and_out),
        SESSION_TEST(the_database_does_not_know_the_token),
        SESSION_TEST(looking_on_is_no_use),
        SESSION_TEST(idle_and_absolute_limits_end_a_session),
        SESSION_TEST(unknown_wrong_and_stopped_are_answered_alike),
        SESSION_TEST(a_lock_passes_and_counts_anew),
        SESSION_TEST(a_one_time_password_must_be_changed),
        SESSION_TEST(sessions_are_listed_and_ended),
        SESSION_TEST(a_stopped_person_is_out_at_once),
        SESSION_TEST(a_hash_of_other_cost_is_made_anew),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
