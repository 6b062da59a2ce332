/* Keys of what was sent: each is taken once by each person, and given back by a write that failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/sent.h"
#include "officedb.h"

enum { ANNA = 11, BERT = 12 };
static const int64_t DAY = 86400000;

struct take_job {
    int64_t person, now;
    struct str key;
    bool fail, fresh;
};

static enum code take_fn(struct db *db, void *arg, struct err *e)
{
    struct take_job *j = arg;
    enum code code = sent_take(db, j->person, j->key, j->now, &j->fresh, e);
    return code == OK && j->fail ? FAIL(e, E_INPUT, "不行") : code;
}

static bool take(struct officedb *t, int64_t person, struct str key, int64_t now)
{
    struct take_job j = {.person = person, .key = key, .now = now};
    struct err e;
    assert_int_equal(store_write(t->st, take_fn, &j, &e), OK);
    return j.fresh;
}

static bool taken(struct officedb *t, int64_t person, struct str key)
{
    struct db *db;
    struct err e;
    bool is;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(sent_is_taken(db, person, key, &is, &e), OK);
    store_read_end(db);
    return is;
}

static void once_for_each_person(void **state)
{
    struct officedb *t = *state;
    struct str k = S("00112233445566778899aabbccddeeff");
    assert_false(taken(t, ANNA, k));
    assert_true(take(t, ANNA, k, DAY));
    assert_false(take(t, ANNA, k, DAY));
    assert_true(taken(t, ANNA, k));
    assert_false(taken(t, BERT, k));
    assert_true(take(t, BERT, k, DAY));
}

static void a_write_that_fails_gives_it_back(void **state)
{
    struct officedb *t = *state;
    struct str k = S("ffffffffffffffffffffffffffffffff");
    struct take_job j = {.person = ANNA, .key = k, .now = DAY, .fail = true};
    struct err e;
    assert_int_equal(store_write(t->st, take_fn, &j, &e), E_INPUT);
    assert_false(taken(t, ANNA, k));
    assert_true(take(t, ANNA, k, DAY));
}

static void old_ones_go(void **state)
{
    struct officedb *t = *state;
    struct str old = S("aaaaaaaaaaaaaaaa"), next = S("bbbbbbbbbbbbbbbb");
    assert_true(take(t, ANNA, old, DAY));
    assert_true(take(t, BERT, old, DAY));
    assert_true(take(t, ANNA, next, DAY + SENT_KEPT_DAYS * DAY));
    assert_true(taken(t, ANNA, old)); /* seven days to the millisecond */
    assert_true(take(t, ANNA, S("cccccccccccccccc"), DAY + SENT_KEPT_DAYS * DAY + 1));
    assert_false(taken(t, ANNA, old));
    assert_true(taken(t, BERT, old)); /* his go when he sends something */
}

static void what_a_key_is(void **state)
{
    (void)state;
    assert_true(sent_key_ok(S("0123456789abcdefABCDEF")));
    assert_false(sent_key_ok(S("")));
    assert_false(sent_key_ok(S("0123456789abcde")));
    assert_false(sent_key_ok(S("0123456789abcdef; Path")));
    assert_false(
        sent_key_ok(S("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0")));
}

static int setup(void **state)
{
    struct officedb *t = calloc(1, sizeof(*t));
    officedb_open(t);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(once_for_each_person, setup, teardown),
        cmocka_unit_test_setup_teardown(a_write_that_fails_gives_it_back, setup, teardown),
        cmocka_unit_test_setup_teardown(old_ones_go, setup, teardown),
        cmocka_unit_test(what_a_key_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
