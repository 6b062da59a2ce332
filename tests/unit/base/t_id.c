#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"

enum { THREADS = 4, EACH = 20000, TOTAL = THREADS * EACH };

static void *make_many(void *arg)
{
    int64_t *out = arg;

    for (int i = 0; i < EACH; i++)
        out[i] = id_next();
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void unique_over_threads_and_rising_in_each(void **state)
{
    static int64_t ids[TOTAL];
    pthread_t t[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, make_many, ids + (size_t)i * EACH), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    for (int i = 0; i < TOTAL; i++) {
        assert_true(ids[i] > 0);
        assert_true(i % EACH == 0 || ids[i] > ids[i - 1]);
    }
    qsort(ids, TOTAL, sizeof(ids[0]), by_value);
    for (int i = 1; i < TOTAL; i++)
        assert_true(ids[i] != ids[i - 1]);
}

static void carries_its_time_and_its_node(void **state)
{
    struct err e;
    int64_t before, id;
    (void)state;
    assert_int_equal(id_set_node(ID_MAX_NODE + 1, &e), E_INPUT);
    assert_int_equal(id_set_node(-1, &e), E_INPUT);
    assert_int_equal(id_set_node(777, &e), OK);
    before = clock_now_ms();
    id = id_next();
    assert_int_equal(id >> 12 & 1023, 777);
    /* the test above may have borrowed up to THREADS * EACH / 4096 ms ahead */
    assert_in_range(id_time_ms(id), before, clock_now_ms() + TOTAL / 4096 + 1);
    assert_int_equal(id_set_node(0, &e), OK);
}

static void reads_only_positive_decimals(void **state)
{
    struct err e;
    int64_t id = 5;
    (void)state;
    assert_int_equal(id_parse(S("9223372036854775807"), &id, &e), OK);
    assert_true(id == INT64_MAX);
    assert_int_equal(id_parse(S("9223372036854775808"), &id, &e), E_INPUT);
    assert_int_equal(id_parse(S("0"), &id, &e), E_INPUT);
    assert_int_equal(id_parse(S("-1"), &id, &e), E_INPUT);
    assert_int_equal(id_parse(S("+1"), &id, &e), E_INPUT);
    assert_int_equal(id_parse(S("1x"), &id, &e), E_INPUT);
    assert_int_equal(id_parse(S(""), &id, &e), E_INPUT);
    assert_true(id == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unique_over_threads_and_rising_in_each),
        cmocka_unit_test(carries_its_time_and_its_node),
        cmocka_unit_test(reads_only_positive_decimals),
    };
    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
