/* bench/store_speed.c - acknowledged writes a second (an insert, an update and a second insert in each) with
 * 1, 4, 16 and 64 threads, reads a second beside them, and the time a lone write takes.
 *
 *   store_speed DIR [postgresql://...]     DIR: an empty folder */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <sys/resource.h>

#include "store/store_int.h"

enum { SECONDS = 2, MOST_THREADS = 64, SAMPLES = 400000 };

static const struct migration schema[] = {{1, "bench",
    "CREATE TABLE item(id @ID, n @INT NOT NULL, title @TEXT NOT NULL);"
    "CREATE TABLE event(id @ID, item @INT NOT NULL, said @TEXT NOT NULL)"}};

struct load {
    struct store *st;
    atomic_llong next, writes, reads, failed;
    atomic_bool stop;
    atomic_llong n_samples;
    int32_t *us; /* SAMPLES: how long each write took */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static enum code write_fn(struct db *db, void *arg, struct err *e)
{
    int64_t id = *(int64_t *)arg;
    struct stmt *q = db_sql(db, "INSERT INTO item(id, n, title) VALUES(?1, 0, ?2)");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, S("关于做好安全生产工作的通知"));
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "UPDATE item SET n = n + 1 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "INSERT INTO event(id, item, said) VALUES(?1, ?1, ?2)");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, S("立项"));
    return stmt_run(q, NULL, e);
}

static void *writer_main(void *arg)
{
    struct load *l = arg;
    struct err e;
    while (!atomic_load(&l->stop)) {
        int64_t id = atomic_fetch_add(&l->next, 1);
        double t0 = now();
        if (store_write(l->st, write_fn, &id, &e) != OK)
            atomic_fetch_add(&l->failed, 1);
        else
            atomic_fetch_add(&l->writes, 1);
        long long k = atomic_fetch_add(&l->n_samples, 1);
        if (k < SAMPLES)
            l->us[k] = (int32_t)((now() - t0) * 1e6);
    }
    return NULL;
}

static enum code page(struct load *l, int64_t from, struct err *e)
{
    struct db *db;
    TRY(store_read(l->st, &db, e));
    struct stmt *q = db_sql(db, "SELECT id, n, title FROM item WHERE id > ?1 ORDER BY id LIMIT 20");
    stmt_bind_int(q, 1, from);
    while (stmt_step(q))
        (void)stmt_str(q, 2);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

static void *reader_main(void *arg)
{
    struct load *l = arg;
    struct err e;
    for (int64_t i = 0; !atomic_load(&l->stop); i++) {
        if (page(l, i * 7919 % (atomic_load(&l->next) + 1), &e) != OK)
            atomic_fetch_add(&l->failed, 1);
        else
            atomic_fetch_add(&l->reads, 1);
    }
    return NULL;
}

static int by_value(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

static void measure(struct load *l, int writers, int readers)
{
    pthread_t threads[MOST_THREADS + 2];
    struct timespec pause = {.tv_sec = SECONDS};
    int n = 0;
    atomic_store(&l->stop, false);
    atomic_store(&l->writes, 0);
    atomic_store(&l->reads, 0);
    atomic_store(&l->n_samples, 0);
    double t0 = now(), cpu0 = cpu();
    long groups = atomic_load(&l->st->groups), repeats = atomic_load(&l->st->repeats);
    for (int i = 0; i < writers; i++)
        n += pthread_create(&threads[n], NULL, writer_main, l) == 0;
    for (int i = 0; i < readers; i++)
        n += pthread_create(&threads[n], NULL, reader_main, l) == 0;
    nanosleep(&pause, NULL);
    atomic_store(&l->stop, true);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    double s = now() - t0, used = cpu() - cpu0;
    long long k = atomic_load(&l->n_samples);
    k = k < SAMPLES ? k : SAMPLES;
    qsort(l->us, (size_t)k, sizeof(*l->us), by_value);
    double w = (double)atomic_load(&l->writes), r = (double)atomic_load(&l->reads);
    printf("%2d writers %d readers: %7.0f writes/s %7.0f pages/s", writers, readers, w / s, r / s);
    printf("  %6.1f us of processor each", used * 1e6 / (w + r));
    if (writers && k)
        printf("  p50 %d p99 %d max %d us, %ld transactions, %ld repeated, %lld failed",
            l->us[k / 2], l->us[k * 99 / 100], l->us[k - 1], atomic_load(&l->st->groups) - groups,
            atomic_load(&l->st->repeats) - repeats, (long long)atomic_load(&l->failed));
    printf("\n");
}

int main(int argc, char **argv)
{
    struct load l = {.next = 1};
    struct err e;
    if (argc < 2) {
        (void)fprintf(stderr, "store_speed DIR [postgresql://...]\n");
        return 2;
    }
    struct store_options o = {.dir = str_z(argv[1]), .url = str_z(argc > 2 ? argv[2] : "")};
    if (store_open(&o, &l.st, &e) != OK || store_migrate(l.st, schema, 1, &e) != OK) {
        (void)fprintf(stderr, "%s\n", e.msg);
        return 1;
    }
    l.us = calloc(SAMPLES, sizeof(*l.us));
    if (!l.us)
        return 1;
    const int writers[] = {1, 4, 16, 64};
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
        measure(&l, writers[i], 0);
    measure(&l, 0, 2);
    measure(&l, 16, 2);
    free(l.us);
    store_close(l.st);
    return 0;
}
