#include "base/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_THREADS 256

struct job {
    crew_fn fn;
    void *arg;
};

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t work; /* something is queued, or the end has come */
    pthread_cond_t room; /* a job was taken from a full queue */
    pthread_cond_t idle; /* nothing waits and nothing runs */
    struct job *ring;
    int size, head, waiting, running;
    bool ending;
    int n;
    pthread_t threads[];
};

static void *loop(void *arg)
{
    struct crew *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct job job;
        while (w->waiting == 0 && !w->ending)
            pthread_cond_wait(&w->work, &w->lock);
        if (w->waiting == 0)
            break;
        job = w->ring[w->head];
        w->head = (w->head + 1) % w->size;
        w->waiting--;
        w->running++;
        pthread_cond_signal(&w->room);
        pthread_mutex_unlock(&w->lock);
        job.fn(job.arg);
        pthread_mutex_lock(&w->lock);
        if (--w->running == 0 && w->waiting == 0)
            pthread_cond_broadcast(&w->idle);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum code crew_open(int threads, int queue, struct crew **out, struct err *e)
{
    struct crew *w;
    sigset_t all, old;
    int rc = 0;

    if (threads <= 0)
        threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (threads < 1)
        threads = 1;
    if (threads > MAX_THREADS || queue < 1)
        return FAIL(
            e, E_LIMIT, "线程数 %d 超过上限 %d，或队列长度 %d 小于 1", threads, MAX_THREADS, queue);
    w = mem_alloc(sizeof(*w) + (size_t)threads * sizeof(w->threads[0]));
    w->ring = mem_alloc((size_t)queue * sizeof(*w->ring));
    w->size = queue;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->work, NULL);
    (void)pthread_cond_init(&w->room, NULL);
    (void)pthread_cond_init(&w->idle, NULL);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    while (w->n < threads && (rc = pthread_create(&w->threads[w->n], NULL, loop, w)) == 0)
        w->n++;
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (rc != 0) {
        crew_close(w);
        return FAIL(e, E_IO, "无法启动 %d 个线程", threads);
    }
    *out = w;
    return OK;
}

int crew_threads(const struct crew *w)
{
    return w->n;
}

static void put(struct crew *w, crew_fn fn, void *arg)
{
    w->ring[(w->head + w->waiting++) % w->size] = (struct job){fn, arg};
    pthread_cond_signal(&w->work);
}

void crew_submit(struct crew *w, crew_fn fn, void *arg)
{
    pthread_mutex_lock(&w->lock);
    while (w->waiting == w->size)
        pthread_cond_wait(&w->room, &w->lock);
    put(w, fn, arg);
    pthread_mutex_unlock(&w->lock);
}

enum code crew_try(struct crew *w, crew_fn fn, void *arg, struct err *e)
{
    enum code c = OK;

    pthread_mutex_lock(&w->lock);
    if (w->waiting == w->size)
        c = FAIL(e, E_BUSY, "任务过多（%d 个在等待），请稍后再试", w->size);
    else
        put(w, fn, arg);
    pthread_mutex_unlock(&w->lock);
    return c;
}

void crew_drain(struct crew *w)
{
    pthread_mutex_lock(&w->lock);
    while (w->waiting > 0 || w->running > 0)
        pthread_cond_wait(&w->idle, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void crew_close(struct crew *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->ending = true;
    pthread_cond_broadcast(&w->work);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n; i++)
        (void)pthread_join(w->threads[i], NULL);
    (void)pthread_cond_destroy(&w->idle);
    (void)pthread_cond_destroy(&w->room);
    (void)pthread_cond_destroy(&w->work);
    (void)pthread_mutex_destroy(&w->lock);
    free(w->ring);
    free(w);
}
