/* work.c - one lock, one list. At most some hundred items a millisecond pass: contention is no matter
 * beside what a page costs. */
#include "web/work.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct work {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct work_item *first, **last;
    bool closing;
    int n;
    pthread_t threads[];
};

static void *loop(void *arg)
{
    struct work *w = arg;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct work_item *item = w->first;
        if (item) {
            w->first = item->next;
            if (!w->first)
                w->last = &w->first;
            pthread_mutex_unlock(&w->lock);
            item->run(item);
            pthread_mutex_lock(&w->lock);
        } else if (w->closing) {
            break;
        } else {
            pthread_cond_wait(&w->more, &w->lock);
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum code work_open(int threads, struct work **out, struct err *e)
{
    struct work *w = mem_alloc(sizeof(*w) + (size_t)threads * sizeof(pthread_t));
    sigset_t all, old;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    w->last = &w->first;
    sigfillset(&all); /* signals belong to the main thread */
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (w->n < threads && pthread_create(&w->threads[w->n], NULL, loop, w) == 0)
        w->n++;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (w->n < threads) {
        work_close(w);
        return FAIL(e, E_IO, "系统不能再开线程");
    }
    *out = w;
    return OK;
}

void work_push(struct work *w, struct work_item *item, void (*run)(struct work_item *))
{
    item->next = NULL;
    item->run = run;
    pthread_mutex_lock(&w->lock);
    *w->last = item;
    w->last = &item->next;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
}

void work_close(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    pthread_cond_broadcast(&w->more);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n; i++)
        pthread_join(w->threads[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->more);
    free(w);
}
