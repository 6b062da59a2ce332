/* web/http_int.h - private to http.c, http_body.c, http_conn.c and http_reply.c. */
#ifndef WEB_HTTP_INT_H
#define WEB_HTTP_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "web/http.h"
#include "web/work.h"

/* One open socket, in the watch list from accept to close. */
struct conn {
    struct conn *next, **link;
    int fd;
    int64_t deadline; /* monotonic ms; INT64_MAX: none */
    bool cut;         /* shut down by the watch */
};

enum stage {
    STAGE_HEAD = 0, /* nothing seen yet */
    STAGE_ADMIT,    /* suspended: admit runs */
    STAGE_ADMITTED,
    STAGE_BODY,
    STAGE_REFUSED, /* the rest of the body is read and dropped, then res goes out */
    STAGE_WORK,    /* suspended: handle runs or waits */
    STAGE_READY    /* res is filled */
};

/* The request as the rest of this layer sees it; the public part comes first. */
struct exchange {
    struct request r;
    struct http *http;
    struct MHD_Connection *mhd;
    struct conn *conn;
    /* enum stage; stored last by a worker and loaded first by the epoll thread, so that the handing over
     * does not lean on the library's locks. */
    atomic_int stage;
    int64_t body_seen, body_begin_ms;
    char method[12];
    const char *raw_method; /* where libmicrohttpd keeps the request line: see head_layout */
    http_then then;
    atomic_int
        later; /* 0: answered by the handler; else how many of {handler's return, wake} are due */
    struct work_item work;
};

struct http {
    struct http_options o;
    struct str tmp_dir;
    struct MHD_Daemon *mhd;
    struct work *lanes[LANES];
    int port;
    atomic_bool stopping;
    atomic_int exchanges; /* requests between head and completion, open streams too */
    pthread_mutex_t lock; /* conns, streams */
    pthread_cond_t tick;
    struct conn *conns;
    struct http_stream *streams;
    pthread_t watch;
    bool watching, watch_stop;
};

int64_t mono_ms(void);
/* For interfaces of C libraries that take what they only read (or what is ours to free) as void *. */
static inline void *unconst(const void *p)
{
    void *q;
    memcpy(&q, &p, sizeof(q));
    return q;
}

/* ---- http_conn.c: deadlines of sockets ---- */
void conn_notify(
    void *cls, struct MHD_Connection *mhd, void **ctx, enum MHD_ConnectionNotificationCode code);
struct conn *conn_of(struct MHD_Connection *mhd);
void conn_deadline(struct http *h, struct conn *c, int64_t at);
MUST_USE enum code watch_start(struct http *h, struct err *e);
void watch_end(struct http *h);
void conn_cut_all(struct http *h);

/* ---- http_body.c: head and body of a request ---- */
/* Fill the head from libmicrohttpd's tables; 0 or the status of the refusal. */
int body_head(
    struct exchange *x, const char *method, const char *url, const char *version, struct err *e);
void body_refuse(struct exchange *x, int status, const char *why);
enum MHD_Result body_bytes(struct exchange *x, const char *data, size_t *n);

/* ---- http_reply.c: the response, streams ---- */
enum MHD_Result reply_queue(struct exchange *x);
void streams_end(struct http *h);
void streams_heartbeat(struct http *h, int64_t now);

#endif
