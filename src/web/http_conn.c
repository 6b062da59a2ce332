/* http_conn.c - every socket has a deadline. libmicrohttpd only measures silence, so a client that sends
 * one byte a second would stay for ever; the watch shuts the socket when its time is over. */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "web/http_int.h"

enum { WATCH_TICK_MS = 200 };

int64_t mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct conn *conn_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}

void conn_notify(
    void *cls, struct MHD_Connection *mhd, void **ctx, enum MHD_ConnectionNotificationCode code)
{
    struct http *h = cls;
    struct conn *c = *ctx;
    pthread_mutex_lock(&h->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *i =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        c = mem_alloc(sizeof(*c));
        c->fd = i->connect_fd;
        c->deadline = mono_ms() + h->o.limits.header_ms;
        c->next = h->conns;
        c->link = &h->conns;
        if (c->next)
            c->next->link = &c->next;
        h->conns = c;
        *ctx = c;
    } else if (c) {
        /* Called before the descriptor is closed: under the lock the watch never sees it reused. */
        *c->link = c->next;
        if (c->next)
            c->next->link = c->link;
        free(c);
        *ctx = NULL;
    }
    pthread_mutex_unlock(&h->lock);
}

void conn_deadline(struct http *h, struct conn *c, int64_t at)
{
    pthread_mutex_lock(&h->lock);
    c->deadline = at;
    pthread_mutex_unlock(&h->lock);
}

static void cut(struct conn *c)
{
    if (!c->cut)
        shutdown(c->fd, SHUT_RDWR);
    c->cut = true;
}

void conn_cut_all(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    for (struct conn *c = h->conns; c; c = c->next)
        cut(c);
    pthread_mutex_unlock(&h->lock);
}

static void *watch_loop(void *arg)
{
    struct http *h = arg;
    pthread_mutex_lock(&h->lock);
    while (!h->watch_stop) {
        struct timespec until;
        int64_t now = mono_ms();
        for (struct conn *c = h->conns; c; c = c->next)
            if (c->deadline < now)
                cut(c);
        streams_heartbeat(h, now);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WATCH_TICK_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&h->tick, &h->lock, &until);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

enum code watch_start(struct http *h, struct err *e)
{
    sigset_t all, old;
    int rc;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    rc = pthread_create(&h->watch, NULL, watch_loop, h);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (rc != 0)
        return FAIL(e, E_IO, "系统不能再开线程");
    h->watching = true;
    return OK;
}

void watch_end(struct http *h)
{
    if (!h->watching)
        return;
    pthread_mutex_lock(&h->lock);
    h->watch_stop = true;
    pthread_cond_signal(&h->tick);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->watch, NULL);
    h->watching = false;
}
