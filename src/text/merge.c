/* Background merging: few segments, and room from removed documents given back.
 *
 * The merger works on a snapshot without any lock; only to install its result it takes `writing`,
 * and then marks in the new segment what was removed or described anew in the meantime. */
#include <stdlib.h>
#include <string.h>

#include "text/corpus_int.h"

enum { SAME_SIZE = 4 }; /* so many segments of one size class become one of the next */

static uint32_t size_class(const struct corpus *c, const struct part *p)
{
    uint32_t k = 0;

    for (size_t n = p->seg->stream[STREAM_TEXT].n; n > c->tail_units * 2; n /= SAME_SIZE)
        k++;
    return k;
}

static int by_size(const void *x, const void *y)
{
    const struct part *const *a = x, *const *b = y;
    uint32_t n = (*a)->seg->stream[STREAM_TEXT].n, m = (*b)->seg->stream[STREAM_TEXT].n;

    return n < m ? -1 : n > m;
}

/* Keeps the smallest that fit under MERGE_UNITS together. */
static uint32_t under_limit(struct part *const *v, uint32_t n)
{
    uint64_t sum = 0;
    uint32_t k = 0;

    while (k < n && (sum += v[k]->seg->stream[STREAM_TEXT].n) <= MERGE_UNITS)
        k++;
    return k;
}

/* With lock. The parts that should become one; 0: nothing to do. */
static uint32_t choose(const struct corpus *c, struct part *out[PARTS_LIMIT])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < c->n_parts; i++) {
        struct part *p = c->part[i];
        if (p->n_dead > p->seg->n_docs / 4) {
            out[0] = p;
            return 1;
        }
        out[n++] = p;
    }
    qsort(out, n, sizeof(*out), by_size); // NOLINT(bugprone-sizeof-expression): pointers
    for (uint32_t i = 0; i + SAME_SIZE <= n; i++)
        if (size_class(c, out[i]) == size_class(c, out[i + SAME_SIZE - 1])) {
            for (uint32_t k = 0; k < SAME_SIZE; k++)
                out[k] = out[i + k];
            n = under_limit(out, SAME_SIZE);
            return n > 1 ? n : 0;
        }
    if (n <= PARTS_MAX)
        return 0;
    n = under_limit(out, n - PARTS_MAX + 1);
    return n > 1 ? n : 0;
}

struct merge {
    struct part *from[PARTS_LIMIT]; /* may be gone when the work is done: compared, not used */
    struct snap_part part[PARTS_LIMIT];
    uint32_t n;
};

static void hold(struct merge *m)
{
    for (uint32_t i = 0; i < m->n; i++) {
        m->part[i] = (struct snap_part){segment_ref(m->from[i]->seg), m->from[i]->frozen};
        atomic_fetch_add(&m->part[i].frozen->refs, 1);
    }
}

static void let_go(struct merge *m)
{
    for (uint32_t i = 0; i < m->n; i++) {
        segment_unref(m->part[i].seg);
        frozen_unref(m->part[i].frozen);
    }
}

static enum code collect(const struct merge *m, struct batch *b, struct err *e)
{
    for (uint32_t i = 0; i < m->n; i++) {
        const struct frozen *f = m->part[i].frozen;
        for (uint32_t d = 0; d < f->n_docs; d++)
            if (f->live[d / 64] >> d % 64 & 1)
                TRY(batch_add_from(b, m->part[i].seg, d, &f->attrs[d], e));
    }
    return OK;
}

static bool merged_from(const struct merge *m, const struct part *p)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (m->from[i] == p)
            return true;
    return false;
}

/* What happened to the documents while their copies were written. */
static void catch_up(struct corpus *c, struct part *fresh, const struct merge *m)
{
    for (uint32_t d = 0; fresh && d < fresh->seg->n_docs; d++) {
        bool living = false;
        for (uint32_t i = 0; i < c->n_parts && !living; i++) {
            const struct part *p = c->part[i];
            uint32_t at;
            if (!merged_from(m, p))
                continue;
            at = segment_doc(p->seg, fresh->seg->ids[d]);
            living = at != UINT32_MAX && !(p->dead[at / 64] >> at % 64 & 1);
            if (living)
                fresh->attrs[d] = p->attrs[at];
        }
        if (!living) {
            fresh->dead[d / 64] |= (uint64_t)1 << d % 64;
            fresh->n_dead++;
        }
    }
}

/* With writing. */
static enum code install(
    struct corpus *c, struct merge *m, struct part *fresh, bool *taken, struct err *e)
{
    struct state s = {.tail = c->tail};
    uint32_t found = 0;

    for (uint32_t i = 0; i < c->n_parts; i++) {
        if (merged_from(m, c->part[i]))
            found++;
        else
            s.part[s.n_parts++] = c->part[i];
    }
    *taken = false;
    if (found != m->n)
        return OK; /* the corpus was dropped meanwhile */
    catch_up(c, fresh, m);
    if (fresh)
        s.part[s.n_parts++] = fresh;
    TRY(corpus_install(c, &s, e));
    *taken = true;
    return OK;
}

static enum code merge(struct corpus *c, struct merge *m, struct err *e)
{
    struct batch *b = batch_new(0);
    struct part *fresh = NULL;
    bool taken = false;
    enum code code = collect(m, b, e);

    if (code == OK) {
        uint64_t number;
        pthread_mutex_lock(&c->writing);
        number = c->next++;
        pthread_mutex_unlock(&c->writing);
        code = corpus_seal_batch(c, b, number, &fresh, e);
    }
    batch_free(b);
    if (code == OK) {
        pthread_mutex_lock(&c->writing);
        code = install(c, m, fresh, &taken, e);
        pthread_mutex_unlock(&c->writing);
    }
    if (fresh && !taken) {
        atomic_store(&fresh->seg->doomed, true);
        part_free(fresh);
    }
    return code;
}

static void *run(void *arg)
{
    struct corpus *c = arg;

    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        struct merge m = {.n = c->merge_failed ? 0 : choose(c, m.from)};
        struct err e;
        enum code code;
        if (m.n == 0) {
            c->merging = false;
            pthread_cond_broadcast(&c->rest);
            pthread_cond_wait(&c->work, &c->lock);
            continue;
        }
        c->merging = true;
        pthread_mutex_unlock(&c->lock);
        snap_release(snap_take(c)); /* so that each part has its frozen tables */
        pthread_mutex_lock(&c->lock);
        m.n = choose(c, m.from); /* the lock was open */
        for (uint32_t i = 0; i < m.n; i++)
            if (!m.from[i]->frozen)
                m.n = 0;
        hold(&m);
        pthread_mutex_unlock(&c->lock);
        code = m.n ? merge(c, &m, &e) : OK;
        let_go(&m);
        pthread_mutex_lock(&c->lock);
        if (code != OK) {
            c->merge_failed = true;
            c->merge_err = e;
        }
        pthread_cond_broadcast(&c->rest);
    }
    c->merging = false;
    pthread_cond_broadcast(&c->rest);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum code merger_start(struct corpus *c, struct err *e)
{
    int why;

    pthread_mutex_lock(&c->lock); /* the new thread reads merger_runs when it installs */
    why = pthread_create(&c->merger, NULL, run, c);
    c->merger_runs = why == 0;
    pthread_mutex_unlock(&c->lock);
    if (why)
        return FAIL(e, E_IO, "无法启动索引合并线程（错误码 %d）", why);
    return OK;
}

void merger_stop(struct corpus *c)
{
    if (!c->merger_runs)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_broadcast(&c->work);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->merger, NULL);
    c->merger_runs = false;
}

/* A new state is also the occasion to try again after a failure (a full disk may have room now). */
void merger_wake(struct corpus *c)
{
    c->merge_failed = false;
    c->merging = c->merger_runs;
    pthread_cond_broadcast(&c->work);
}

void merger_wait_room(struct corpus *c)
{
    pthread_mutex_lock(&c->lock);
    while (c->n_parts >= PARTS_HARD && c->merging && !c->merge_failed) {
        pthread_mutex_unlock(&c->writing); /* the merger needs it to install */
        pthread_cond_wait(&c->rest, &c->lock);
        pthread_mutex_unlock(&c->lock);
        pthread_mutex_lock(&c->writing);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
}

enum code corpus_merge_wait(struct corpus *c, struct err *e)
{
    enum code code = OK;

    pthread_mutex_lock(&c->lock);
    while (c->merger_runs && c->merging && !c->merge_failed)
        pthread_cond_wait(&c->rest, &c->lock);
    if (c->merge_failed) {
        *e = c->merge_err;
        code = e->code;
    }
    pthread_mutex_unlock(&c->lock);
    return code;
}
