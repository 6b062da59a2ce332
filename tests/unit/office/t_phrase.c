/* Common phrases of one person: his alone, in his order, within limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "office/phrase.h"
#include "officedb.h"

enum { ANNA = 11, BERT = 12 };

struct phrase_job {
    int64_t person, id;
    struct str text;
    int op; /* 0 add, 1 up, 2 down, 3 drop */
};

static enum code job_fn(struct db *db, void *arg, struct err *e)
{
    const struct phrase_job *j = arg;
    if (j->op == 0)
        return phrase_add(db, j->person, j->text, e);
    return j->op == 3 ? phrase_drop(db, j->person, j->id, e)
                      : phrase_move(db, j->person, j->id, j->op == 1, e);
}

static enum code run(struct officedb *t, struct phrase_job j, struct err *e)
{
    return store_write(t->st, job_fn, &j, e);
}

static void done(struct officedb *t, struct phrase_job j)
{
    struct err e;
    if (run(t, j, &e) != OK)
        fail_msg("%s", e.msg);
}

static size_t list(struct officedb *t, int64_t person, struct own_phrase **v)
{
    struct db *db;
    struct err e;
    size_t n;
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(phrase_list(db, &t->a, person, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

static void they_are_his_in_his_order(void **state)
{
    struct officedb *t = *state;
    struct own_phrase *v;
    struct err e;
    done(t, (struct phrase_job){.person = ANNA, .text = S("拟同意")});
    done(t, (struct phrase_job){.person = ANNA, .text = S(" 请按程序办理 ")});
    done(t, (struct phrase_job){.person = ANNA, .text = S("请抓紧办理")});
    done(t, (struct phrase_job){.person = ANNA, .text = S("拟同意")}); /* has it already */
    assert_int_equal(list(t, BERT, &v), 0);
    assert_int_equal(list(t, ANNA, &v), 3);
    assert_true(str_eq(v[1].text, S("请按程序办理")));
    done(t, (struct phrase_job){.person = ANNA, .id = v[2].id, .op = 1});
    done(t, (struct phrase_job){.person = ANNA, .id = v[0].id, .op = 1}); /* stays the first */
    int64_t up = v[2].id, first = v[0].id;
    assert_int_equal(list(t, ANNA, &v), 3);
    assert_int_equal(v[0].id, first);
    assert_int_equal(v[1].id, up);
    done(t, (struct phrase_job){.person = ANNA, .id = first, .op = 2});
    assert_int_equal(list(t, ANNA, &v), 3);
    assert_int_equal(v[0].id, up);
    assert_int_equal(
        run(t, (struct phrase_job){.person = BERT, .id = up, .op = 2}, &e), E_NOTFOUND);
    done(t, (struct phrase_job){.person = BERT, .id = up, .op = 3}); /* not his: nothing happens */
    assert_int_equal(list(t, ANNA, &v), 3);
    done(t, (struct phrase_job){.person = ANNA, .id = up, .op = 3});
    assert_int_equal(list(t, ANNA, &v), 2);
}

static void there_are_limits(void **state)
{
    struct officedb *t = *state;
    struct own_phrase *v;
    struct err e;
    char text[700] = "";
    for (int i = 0; i < OWN_PHRASE_CP_MAX; i++)
        memcpy(text + strlen(text), "好", sizeof "好");
    done(t, (struct phrase_job){.person = ANNA, .text = str_z(text)});
    memcpy(text + strlen(text), "好", sizeof "好");
    assert_int_equal(run(t, (struct phrase_job){.person = ANNA, .text = str_z(text)}, &e), E_LIMIT);
    assert_int_equal(run(t, (struct phrase_job){.person = ANNA, .text = S("  ")}, &e), E_INPUT);
    for (int i = 1; i < OWN_PHRASES_MAX; i++) {
        (void)snprintf(text, sizeof(text), "第%d条", i);
        done(t, (struct phrase_job){.person = ANNA, .text = str_z(text)});
    }
    assert_int_equal(run(t, (struct phrase_job){.person = ANNA, .text = S("再一条")}, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "常用语最多100条"));
    assert_int_equal(list(t, ANNA, &v), OWN_PHRASES_MAX);
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
        cmocka_unit_test_setup_teardown(they_are_his_in_his_order, setup, teardown),
        cmocka_unit_test_setup_teardown(there_are_limits, setup, teardown),
    };
    return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
