/* items_write.c - verbs of the matter engine by many people at once, each acknowledged after its COMMIT; and what is left of them when the
 * program is killed.
 *
 *   items_write speed DIR SECONDS [postgresql://...]   a new office; 1, 16 and 64 writers: verbs a second, latency, processor
 *   items_write load DIR LOG                           64 writers until killed; each acknowledged verb is a line "ITEM SEQ" of LOG
 *   items_write check DIR LOG                          everything that was acknowledged is there, chains hold, no half item
 *
 * bench/items_kill runs the last two in turns. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include <sys/resource.h>

#include "items.h"
#include "office/item_event.h"
#include "store/store_int.h"

enum { WRITERS = 64, SAMPLES = 400000 };

struct writing {
    struct bench b;
    atomic_bool stop;
    atomic_llong verbs, failed, n_samples;
    int32_t *us;
    int log; /* -1: none */
};
struct busy {
    struct writing *w;
    uint64_t seed;
};

static void note(struct writing *w, const struct doing *d, double began)
{
    char line[64];
    long long k = atomic_fetch_add(&w->n_samples, 1);
    atomic_fetch_add(&w->verbs, 1);
    if (k < SAMPLES)
        w->us[k] = (int32_t)((time_ms(CLOCK_MONOTONIC) - began) * 1e3);
    if (w->log < 0)
        return;
    int n = snprintf(line, sizeof(line), "%lld %lld\n", (long long)d->item, (long long)d->revision);
    if (write(w->log, line, (size_t)n) != n)
        abort();
}

/* One item after the other, each as far as it goes. */
static void *writer_main(void *arg)
{
    struct busy *x = arg;
    struct writing *w = x->w;
    while (!atomic_load(&w->stop)) {
        struct doing d = {.b = &w->b, .c = bench_course(&x->seed), .seed = x->seed};
        int steps = course_length(d.c);
        for (d.at = 0; d.at < steps && !atomic_load(&w->stop); d.at++) {
            struct err e = {.code = OK};
            double began = time_ms(CLOCK_MONOTONIC);
            d.now_ms = clock_now_ms();
            if (store_write(w->b.o->store, step_fn, &d, &e) != OK) {
                if (atomic_fetch_add(&w->failed, 1) == 0)
                    (void)fprintf(stderr, "%s %s: %s\n", d.c->kind, d.c->v[d.at].word, e.msg);
                break;
            }
            note(w, &d, began);
        }
        x->seed = d.seed + 1;
    }
    return NULL;
}

static void start(struct writing *w, pthread_t *t, struct busy *x, int n)
{
    for (int i = 0; i < n; i++) {
        x[i] = (struct busy){w, (uint64_t)i * 7919 + (uint64_t)clock_now_ms()};
        if (pthread_create(&t[i], NULL, writer_main, &x[i]) != 0)
            abort();
    }
}

static int by_value(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

static double processor_s(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void measure(struct writing *w, int writers, unsigned seconds)
{
    pthread_t t[WRITERS];
    struct busy x[WRITERS];
    atomic_store(&w->stop, false);
    atomic_store(&w->verbs, 0);
    atomic_store(&w->n_samples, 0);
    long groups = atomic_load(&w->b.o->store->groups);
    double t0 = time_ms(CLOCK_MONOTONIC), cpu = processor_s();
    start(w, t, x, writers);
    (void)sleep(seconds);
    atomic_store(&w->stop, true);
    for (int i = 0; i < writers; i++)
        (void)pthread_join(t[i], NULL);
    double s = (time_ms(CLOCK_MONOTONIC) - t0) / 1e3, n = (double)atomic_load(&w->verbs);
    cpu = processor_s() - cpu;
    long long k = atomic_load(&w->n_samples);
    k = k < SAMPLES ? k : SAMPLES;
    qsort(w->us, (size_t)k, sizeof(*w->us), by_value);
    groups = atomic_load(&w->b.o->store->groups) - groups;
    printf("%2d writers: %6.0f verbs/s, %5.0f us of processor each, %.0f in a transaction, p50 %d "
           "p99 %d"
           " us, %lld failed\n",
        writers, n / s, cpu * 1e6 / n, n / (double)(groups ? groups : 1), k ? w->us[k / 2] : 0,
        k ? w->us[k * 99 / 100] : 0, (long long)atomic_load(&w->failed));
    (void)fflush(stdout);
}

static int speed(const char *dir, unsigned seconds, const char *url)
{
    struct writing w = {.log = -1, .us = calloc(SAMPLES, sizeof(int32_t))};
    bench_create(&w.b, dir, url);
    measure(&w, 1, seconds);
    measure(&w, 16, seconds);
    measure(&w, WRITERS, seconds);
    bench_close(&w.b);
    free(w.us);
    return 0;
}

static int load(const char *dir, const char *log)
{
    struct writing w = {.us = calloc(SAMPLES, sizeof(int32_t))};
    pthread_t t[WRITERS];
    struct busy x[WRITERS];
    if (access(dir, F_OK) == 0)
        bench_open(&w.b, dir, NULL);
    else
        bench_create(&w.b, dir, NULL);
    w.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (w.log < 0)
        return 1;
    start(&w, t, x, WRITERS);
    for (;;)
        (void)pause();
}

/* ---- what is left ---- */

static int64_t number_of(struct db *db, const char *sql)
{
    struct err e;
    struct stmt *q = db_sql(db, sql);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    must(stmt_end(q, &e), &e);
    return n;
}

static int64_t missing(struct db *db, const char *path, int64_t *acknowledged)
{
    FILE *f = fopen(path, "re");
    char line[64];
    int64_t gone = 0;
    struct err e;
    for (*acknowledged = 0; f && fgets(line, sizeof(line), f); ++*acknowledged) {
        char *end;
        int64_t item = strtoll(line, &end, 10), seq = strtoll(end, NULL, 10);
        struct stmt *q = db_sql(db, "SELECT 1 FROM item_event WHERE item = ?1 AND seq = ?2");
        stmt_bind_int(q, 1, item);
        stmt_bind_int(q, 2, seq);
        gone += !stmt_step(q);
        must(stmt_end(q, &e), &e);
    }
    if (f)
        (void)fclose(f);
    return gone;
}

static int64_t halves(struct db *db)
{
    static const char *const wrong[] = {
        "SELECT count(*) FROM item i WHERE i.revision <> (SELECT count(*) FROM item_event v WHERE"
        " v.item = i.id) OR i.revision <> (SELECT max(v.seq) FROM item_event v WHERE v.item = "
        "i.id)",
        "SELECT count(*) FROM item_event v WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.id = "
        "v.item)",
        "SELECT count(*) FROM item i WHERE NOT EXISTS (SELECT 1 FROM item_grant g WHERE g.item = "
        "i.id AND g.kind = 1 AND g.principal = i.owner)",
        "SELECT count(*) FROM item i WHERE NOT EXISTS (SELECT 1 FROM item_value f WHERE f.item = "
        "i.id)",
        "SELECT count(*) FROM item i WHERE i.number <> '' AND NOT EXISTS (SELECT 1 FROM item_number"
        " n WHERE n.item = i.id AND n.number = i.number AND n.state = 1)",
        "SELECT count(*) FROM item_number n WHERE n.state = 1 AND NOT EXISTS (SELECT 1 FROM item i"
        " WHERE i.id = n.item AND i.number = n.number)",
        "SELECT count(*) FROM ask a WHERE NOT EXISTS (SELECT 1 FROM item_event v WHERE v.item = "
        "a.item AND v.seq = a.made)",
        "SELECT count(*) FROM item_clock c WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.id = "
        "c.item)",
        "SELECT count(*) FROM ask a JOIN item i ON i.id = a.item WHERE a.state = 0 AND i.closed <> "
        "0"};
    int64_t n = 0;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        int64_t bad = number_of(db, wrong[i]);
        if (bad)
            printf("%lld: %s\n", (long long)bad, wrong[i]);
        n += bad;
    }
    return n;
}

static int check(const char *dir, const char *log)
{
    struct bench b;
    struct db *db;
    struct err e;
    int64_t events, item, seq, acknowledged, gone, half;
    bench_open(&b, dir, NULL);
    must(store_read(b.o->store, &db, &e), &e);
    must(item_event_verify(db, &events, &item, &seq, &e), &e);
    gone = missing(db, log, &acknowledged);
    half = halves(db);
    printf("%lld acknowledged, %lld of them missing; %lld events, %s; %lld half items\n",
        (long long)acknowledged, (long long)gone, (long long)events,
        item ? "a chain is broken" : "chains hold", (long long)half);
    store_read_end(db);
    bench_close(&b);
    return gone || item || half || !acknowledged;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "speed") == 0)
        return speed(argv[2], (unsigned)strtoul(argv[3], NULL, 10), argc > 4 ? argv[4] : NULL);
    if (argc == 4 && strcmp(argv[1], "load") == 0)
        return load(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "check") == 0)
        return check(argv[2], argv[3]);
    (void)fprintf(stderr,
        "items_write speed DIR SECONDS [postgresql://...] | load DIR LOG | check DIR LOG\n");
    return 2;
}
