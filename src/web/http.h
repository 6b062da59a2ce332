/* web/http.h - HTTP/1.1 on libmicrohttpd: requests in, responses out, and every refusal in between.
 *
 * An epoll thread reads the head and the body; nothing in it waits. A finished request is suspended
 * and queued to the workers of its lane; the worker fills `res` and the connection is resumed. A
 * request that must wait for something (a commit, a job) calls http_later in its handler and holds
 * no worker until somebody calls http_wake. Open streams (server-sent events) hold neither.
 *
 * Refused here, before any handler runs: a Content-Length beside a Transfer-Encoding, more or fewer
 * than one Host, NUL in any form, folded header lines, bare LF, bad percent escapes, dot segments, methods
 * other than GET HEAD POST, and whatever passes a limit of struct http_limits. Every socket has a
 * deadline, so a client that sends or reads byte by byte is cut off. docs/design/web.md says why each. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "web/form.h"
#include "web/head.h"

struct http_limits {
    size_t uri;             /* bytes of the raw request target: 414 */
    size_t header_bytes;    /* all header lines together: 431 */
    size_t header_count;    /* 431 */
    int64_t discard;        /* a body this much over its limit is still read, so that 413 arrives */
    int connections;        /* open at once, all addresses */
    int connections_per_ip; /* open at once from one address */
    int header_ms;          /* from the first byte expected to the end of the head */
    int idle_ms;            /* between two requests of a connection */
    int transfer_ms;        /* what a body or a reply may take, plus one second for each ... */
    int64_t bytes_per_s;    /* ... of these bytes: the slowest average taken */
    int stop_ms;            /* how long a graceful stop waits */
    int heartbeat_ms;       /* silence on a stream before a comment is sent */
    size_t stream_backlog;  /* unsent bytes after which a stream is cut */
};
struct http_limits http_limits_default(void);

enum lane {
    LANE_PAGE = 0, /* reads: short */
    LANE_WORK,     /* writes and long work: waits for commits, reads files */
    LANE_SIGN,     /* argon2: two at once, so that a crowd at the door starves nobody inside */
    LANES
};

/* What the head alone decides about a request. */
struct plan {
    enum lane lane;
    struct form_limits body; /* body.total_bytes 0: no body is taken */
    bool admit;              /* ask http_app.admit (on LANE_PAGE) before reading the body */
};

enum body_kind { BODY_BUF = 0, BODY_FD, BODY_STATIC, BODY_STREAM };

struct response {
    int status;              /* 200 until set */
    struct str type;         /* Content-Type; empty: text/html */
    struct pair headers[12]; /* besides the strict ones, which every answer bears */
    size_t n_headers;
    enum body_kind kind;
    struct buf body; /* BODY_BUF: owned; compressed when that pays */
    int fd;          /* BODY_FD: owned, sent with sendfile from its begin */
    int64_t fd_size;
    struct str bytes;           /* BODY_STATIC: lives as long as the process */
    struct http_stream *stream; /* BODY_STREAM */
    bool close;                 /* close the connection afterwards */
};

struct request {
    struct arena arena; /* everything of this request lives here */
    enum method method;
    struct head head;  /* path, query, headers, cookies */
    struct form *form; /* NULL without a body */
    struct str peer;   /* address of the client (behind a trusted proxy: what the proxy says) */
    bool secure;       /* the client speaks TLS to the proxy in front */
    struct plan plan;
    struct response res;
    void *app; /* the application's own, set by admit or handle */
};

struct http_app {
    void *arg;
    /* In the epoll thread: a table lookup, nothing that waits. */
    void (*plan)(void *arg, const struct request *r, struct plan *out);
    /* Before a body is read: false with res filled to refuse it. */
    bool (*admit)(void *arg, struct request *r);
    void (*handle)(void *arg, struct request *r);
    /* Fill res for a refusal of this layer: in the epoll thread, so no waiting. `why` is one line
     * for the person. */
    void (*refuse)(void *arg, struct request *r, int status, const char *why);
};

struct http_options {
    struct str listen;  /* "127.0.0.1:8080", "[::1]:0"; port 0: any free one */
    struct str tmp_dir; /* uploads are spooled here, already unlinked */
    bool proxied;       /* believe X-Forwarded-For and -Proto of a peer on loopback */
    int loops;          /* epoll threads; 0: one for each processor */
    int workers[LANES]; /* 0: a sensible number */
    struct http_limits limits;
    struct http_app app;
};

struct http;
MUST_USE enum code http_open(const struct http_options *o, struct http **out, struct err *e);
int http_port(const struct http *h);
/* Graceful: no new connections, streams are ended, requests in work are answered, for at most
 * limits.stop_ms; then sockets are cut. Workers are joined: a handler that runs is waited for. */
void http_close(struct http *h);

/* ---- waiting without a worker ---- */
typedef void (*http_then)(void *arg, struct request *r);
/* In a handler, as its last act: the request is answered after http_wake, by then(app.arg, r) on the
 * same lane. Exactly one http_wake must follow, from any thread, even before the handler returned. */
void http_later(struct request *r, http_then then);
void http_wake(struct request *r);

/* ---- streams ---- */
struct http_stream;
/* Make the response a stream of server-sent events. The handle is yours until http_stream_drop. */
struct http_stream *http_stream_open(struct request *r);
/* False once the client is gone or the server stops; nothing is sent then. From any thread. */
bool http_stream_send(struct http_stream *s, struct str event, struct str data);
void http_stream_drop(struct http_stream *s); /* end the stream, give up the handle */

/* ---- reading a request ---- */
struct str req_query(const struct request *r, const char *name); /* first of that name, or empty */
struct str req_field(const struct request *r, const char *name);
bool req_accepts_gzip(const struct request *r);
struct str req_header(const struct request *r, const char *name); /* case does not matter */
struct str req_cookie(const struct request *r, const char *name);
const struct upload *req_file(const struct request *r, const char *name);

/* ---- writing a response ---- */
/* Strings must live as long as the request (its arena). */
void res_header(struct response *s, const char *name, struct str value);
void res_text(struct response *s, int status, struct str type, struct str text); /* copied */
void res_redirect(struct request *r, struct str to);                             /* 303 */

#endif
