#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/crew.h"

static void count(void *arg)
{
    atomic_fetch_add((atomic_int *)arg, 1);
}

static void every_job_runs_once(void **state)
{
    struct crew *w = NULL;
    struct err e;
    atomic_int n = 0;
    (void)state;
    assert_int_equal(crew_open(3, 5, &w, &e), OK);
    assert_int_equal(crew_threads(w), 3);
    for (int i = 1; i <= 2000; i++) {
        crew_submit(w, count, &n);
        if (i % 500 == 0) {
            crew_drain(w);
            assert_int_equal(atomic_load(&n), i);
        }
    }
    for (int i = 0; i < 5; i++)
        crew_submit(w, count, &n);
    crew_close(w); /* runs what waits */
    assert_int_equal(atomic_load(&n), 2005);
    crew_close(NULL);
}

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int inside;
    bool open;
};

static void wait_in(void *arg)
{
    struct gate *g = arg;

    pthread_mutex_lock(&g->lock);
    g->inside++;
    pthread_cond_broadcast(&g->moved);
    while (!g->open)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void a_full_queue_says_so(void **state)
{
    struct gate g = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
    struct crew *w = NULL;
    struct err e;
    atomic_int n = 0;
    (void)state;
    assert_int_equal(crew_open(2, 3, &w, &e), OK);
    crew_submit(w, wait_in, &g);
    crew_submit(w, wait_in, &g);
    pthread_mutex_lock(&g.lock);
    while (g.inside < 2)
        pthread_cond_wait(&g.moved, &g.lock);
    pthread_mutex_unlock(&g.lock);
    for (int i = 0; i < 3; i++)
        assert_int_equal(crew_try(w, count, &n, &e), OK);
    assert_int_equal(crew_try(w, count, &n, &e), E_BUSY);
    assert_int_equal(atomic_load(&n), 0);
    pthread_mutex_lock(&g.lock);
    g.open = true;
    pthread_cond_broadcast(&g.moved);
    pthread_mutex_unlock(&g.lock);
    crew_drain(w);
    assert_int_equal(atomic_load(&n), 3);
    crew_close(w);
}

static void odd_numbers_are_refused(void **state)
{
    struct crew *w = NULL;
    struct err e;
    (void)state;
    assert_int_equal(crew_open(1, 0, &w, &e), E_LIMIT);
    assert_int_equal(crew_open(100000, 1, &w, &e), E_LIMIT);
    assert_null(w);
    assert_int_equal(crew_open(0, 1, &w, &e), OK);
    assert_true(crew_threads(w) >= 1);
    crew_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_runs_once),
        cmocka_unit_test(a_full_queue_says_so),
        cmocka_unit_test(odd_numbers_are_refused),
    };
    return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
