/* Readers beside a writer that replaces, seals, merges and imports in bulk: at any moment each document
 * is there once. Run under TSan for what the answers do not show. */
#include "unit/text/corpus_model.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ALWAYS = 50, ROUNDS = 14, READERS = 3 };

struct shared {
    struct model m;
    atomic_bool done;
    atomic_int_fast64_t put; /* documents 1000 .. put - 1 were put and stay */
    atomic_int wrong;
    atomic_long reads;
};

static void put(struct shared *s, int64_t id, const char *more, int round)
{
    struct corpus_attr at = {.day = round, .authority = (uint8_t)round};
    char text[400];
    struct err e;

    (void)snprintf(text, sizeof(text), "第%lld号常在，%s%d。各单位要结合实际抓好贯彻落实。",
        (long long)id, more, round);
    model_must(corpus_put(s->m.c, id, &at, S("关于常在的通知"), str_z(text), &e), &e);
}

static int64_t count(struct shared *s, struct str text)
{
    struct arena a;
    struct query *q;
    struct find f = {0};
    struct err e;
    int64_t n = -1;

    arena_init(&a);
    if (query_phrase(&a, text, &q, &e) == OK &&
        corpus_find(s->m.c, &a, q, &s->m.f, ORDER_RANK, 0, 10, 40, &f, &e) == OK)
        n = f.total;
    for (size_t i = 0; i < f.n; i++)
        if (f.hits[i].occurrences < 1 || f.hits[i].snippet.n == 0)
            n = -2;
    arena_release(&a);
    return n;
}

static void *read_on(void *arg)
{
    struct shared *s = arg;
    uint64_t seed = (uint64_t)(uintptr_t)&seed;

    while (!atomic_load(&s->done)) {
        int64_t known = atomic_load(&s->put);
        char one[64];
        if (count(s, S("常在，旧")) != ALWAYS)
            atomic_fetch_add(&s->wrong, 1);
        if (known > 1000) {
            seed = seed * 6364136223846793005u + 1;
            (void)snprintf(one, sizeof(one), "第%lld号常在",
                (long long)(1000 + (int64_t)((seed >> 33) % (uint64_t)(known - 1000))));
            if (count(s, str_z(one)) != 1)
                atomic_fetch_add(&s->wrong, 1);
        }
        atomic_fetch_add(&s->reads, 1);
    }
    return NULL;
}

static void write_round(struct shared *s, int round, int64_t *next)
{
    struct err e;
    bool bulk = round % 3 == 2;

    if (bulk)
        corpus_bulk_begin(s->m.c);
    for (int64_t id = 1; id <= ALWAYS; id++) {
        put(s, id, "旧", round);
        if (id % 5 == 0) {
            put(s, *next, "新", round);
            ++*next;
        }
        if (id % 7 == 0) {
            struct corpus_attr at = {.day = (int32_t)id};
            model_must(corpus_set_attr(s->m.c, id, &at, &e), &e);
        }
    }
    if (bulk)
        model_must(corpus_bulk_end(s->m.c, &e), &e);
    atomic_store(&s->put, *next);
    model_must(corpus_commit(s->m.c, round, &e), &e);
}

static void readers_see_every_document_once(void **state)
{
    struct shared *s = calloc(1, sizeof(*s));
    pthread_t t[READERS];
    int64_t next = 1000;
    struct err e;

    (void)state;
    assert_non_null(s);
    model_init(&s->m, 3, 1200);
    write_round(s, 0, &next);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&t[i], NULL, read_on, s), 0);
    for (int round = 1; round < ROUNDS; round++)
        write_round(s, round, &next);
    model_must(corpus_merge_wait(s->m.c, &e), &e);
    atomic_store(&s->done, true);
    for (int i = 0; i < READERS; i++)
        (void)pthread_join(t[i], NULL);
    assert_true(atomic_load(&s->reads) > 100);
    assert_int_equal(atomic_load(&s->wrong), 0);
    assert_int_equal(count(s, S("常在，新")), next - 1000);
    model_release(&s->m);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_every_document_once),
    };
    return cmocka_run_group_tests_name("corpus threads", tests, NULL, NULL);
}
