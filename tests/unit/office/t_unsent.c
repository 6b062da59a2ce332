/* What was typed and not sent: kept for one person, replaced as he types, gone when it is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/unsent.h"
#include "officedb.h"

enum { ANNA = 11, BERT = 12 };

static enum code save_fn(struct db *db, void *arg, struct err *e)
{
    return unsent_save(db, arg, e);
}

static enum code drop_fn(struct db *db, void *arg, struct err *e)
{
    const struct unsent *u = arg;
    return unsent_drop(db, u->person, u->id, e);
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

static size_t count(struct officedb *t, int64_t person, const char *form)
{
    struct arena a;
    struct unsent *v;
    struct db *db;
    struct err e;
    size_t n;
    arena_init(&a);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(unsent_list(db, &a, person, str_z(form), &v, &n, &e), OK);
    store_read_end(db);
    arena_release(&a);
    return n;
}

static enum code get(
    struct officedb *t, struct arena *a, int64_t person, int64_t id, struct unsent *out)
{
    struct db *db;
    struct err e;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    enum code c = unsent_get(db, a, person, id, out, &e);
    store_read_end(db);
    return c;
}

static void one_row_for_one_form(void **state)
{
    struct officedb *t = *state;
    struct arena a;
    struct err e;
    struct unsent got,
        u = {.person = ANNA, .form = S("new:relay"), .title = S("一"), .body = S("{}")};
    arena_init(&a);
    assert_int_equal(store_write(t->st, save_fn, &u, &e), OK);
    int64_t id = u.id;
    assert_true(id > 0);
    u.title = S("二");
    u.body = S("{\"fields\":{\"subject\":\"二\"}}");
    assert_int_equal(store_write(t->st, save_fn, &u, &e), OK);
    assert_true(u.id == id);
    assert_int_equal(count(t, ANNA, ""), 1);
    assert_int_equal(count(t, ANNA, "new:relay"), 1);
    assert_int_equal(count(t, ANNA, "new:request"), 0);
    assert_int_equal(get(t, &a, ANNA, id, &got), OK);
    assert_true(str_eq(got.title, S("二")) && str_eq(got.body, u.body) && got.saved_ms > 0);
    /* nobody else's: not to read, not to change, not to take away */
    assert_int_equal(count(t, BERT, ""), 0);
    assert_int_equal(get(t, &a, BERT, id, &got), E_NOTFOUND);
    u.person = BERT;
    assert_int_equal(store_write(t->st, save_fn, &u, &e), E_NOTFOUND);
    assert_int_equal(store_write(t->st, drop_fn, &u, &e), OK);
    assert_int_equal(count(t, ANNA, ""), 1);
    u.person = ANNA;
    assert_int_equal(store_write(t->st, drop_fn, &u, &e), OK);
    assert_int_equal(store_write(t->st, drop_fn, &u, &e), OK);
    assert_int_equal(count(t, ANNA, ""), 0);
    arena_release(&a);
}

static void the_oldest_go(void **state)
{
    struct officedb *t = *state;
    struct err e;
    int64_t first = 0;
    struct arena a;
    struct unsent got;
    arena_init(&a);
    for (int i = 0; i < UNSENT_MAX + 3; i++) {
        struct unsent u = {.person = ANNA, .form = S("new:relay"), .body = S("{}")};
        assert_int_equal(store_write(t->st, save_fn, &u, &e), OK);
        first = first ? first : u.id;
    }
    assert_int_equal(count(t, ANNA, ""), UNSENT_MAX);
    assert_int_equal(get(t, &a, ANNA, first, &got), E_NOTFOUND);
    arena_release(&a);
}

static void too_much_is_refused(void **state)
{
    struct officedb *t = *state;
    struct err e;
    char *z = malloc(UNSENT_BYTES_MAX + 2);
    memset(z, 'x', UNSENT_BYTES_MAX + 1);
    struct unsent u = {.person = ANNA, .form = S("new:relay"), .body = {z, UNSENT_BYTES_MAX + 1}};
    assert_int_equal(store_write(t->st, save_fn, &u, &e), E_LIMIT);
    assert_int_equal(count(t, ANNA, ""), 0);
    free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_row_for_one_form, setup, teardown),
        cmocka_unit_test_setup_teardown(the_oldest_go, setup, teardown),
        cmocka_unit_test_setup_teardown(too_much_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
