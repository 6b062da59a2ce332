#include "paper/face_pool.h"

#include <pthread.h>
#include <stdlib.h>

struct face_pool {
    pthread_mutex_t lock;
    struct faces *idle[FACE_POOL_MAX];
    size_t n;
};

struct face_pool *face_pool_new(void)
{
    struct face_pool *p = mem_alloc(sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void face_pool_free(struct face_pool *p)
{
    if (!p)
        return;
    while (p->n)
        faces_close(p->idle[--p->n]);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

enum code face_pool_take(struct face_pool *p, struct faces **out, struct err *e)
{
    struct faces *f = NULL;

    pthread_mutex_lock(&p->lock);
    if (p->n)
        f = p->idle[--p->n];
    pthread_mutex_unlock(&p->lock);
    if (!f)
        return faces_open(NULL, out, e);
    *out = f;
    return OK;
}

void face_pool_give(struct face_pool *p, struct faces *f)
{
    pthread_mutex_lock(&p->lock);
    if (p->n < FACE_POOL_MAX) {
        p->idle[p->n++] = f;
        f = NULL;
    }
    pthread_mutex_unlock(&p->lock);
    faces_close(f);
}
