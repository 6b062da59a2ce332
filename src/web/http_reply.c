/* http_reply.c - responses: the strict headers, compression, descriptors, streams. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "web/http_int.h"

enum { GZIP_FROM = 1024, STREAM_BLOCK = 8192, STRICT_OF_FILES = 2 };

/* ---- streams ---- */
/* Two hold it: the handle of whoever sends, and the connection. The last one frees. */
struct http_stream {
    struct http *http;
    struct http_stream *next, **link; /* in http->streams, under http->lock */
    pthread_mutex_t lock;
    struct buf out;                /* not yet handed to the library */
    struct MHD_Connection *parked; /* suspended because out is empty */
    bool gone;                     /* the client left or the server stops: send no more */
    bool ended;                    /* no more will come: finish when out is empty */
    int refs;
    size_t backlog; /* a copy: the handle may outlive the server */
    int64_t last_ms;
};

static void stream_unref(struct http_stream *s)
{
    int left;
    pthread_mutex_lock(&s->lock);
    left = --s->refs;
    pthread_mutex_unlock(&s->lock);
    if (left > 0)
        return;
    pthread_mutex_destroy(&s->lock);
    buf_release(&s->out);
    free(s);
}

/* With s->lock held. */
static void stream_kick(struct http_stream *s)
{
    struct MHD_Connection *c = s->parked;
    s->parked = NULL;
    if (c)
        MHD_resume_connection(c);
}

struct http_stream *http_stream_open(struct request *r)
{
    struct exchange *x = (struct exchange *)r;
    struct http_stream *s = mem_alloc(sizeof(*s));
    struct http *h = x->http;
    s->http = h;
    s->refs = 2;
    s->backlog = h->o.limits.stream_backlog;
    s->last_ms = mono_ms();
    pthread_mutex_init(&s->lock, NULL);
    buf_init(&s->out, h->o.limits.stream_backlog + STREAM_BLOCK);
    buf_z(&s->out, ": \n\n"); /* so that the head goes out at once */
    pthread_mutex_lock(&h->lock);
    s->ended = s->gone = atomic_load(&h->stopping);
    s->next = h->streams;
    s->link = &h->streams;
    if (s->next)
        s->next->link = &s->next;
    h->streams = s;
    pthread_mutex_unlock(&h->lock);
    r->res.kind = BODY_STREAM;
    r->res.type = S("text/event-stream");
    r->res.stream = s;
    return s;
}

static bool stream_add(struct http_stream *s, struct str bytes)
{
    bool ok;
    pthread_mutex_lock(&s->lock);
    if (s->out.n + bytes.n > s->backlog)
        s->gone = s->ended = true; /* the reader is too slow: it comes back and asks anew */
    ok = !s->gone && !s->ended;
    if (ok)
        buf_str(&s->out, bytes);
    s->last_ms = mono_ms();
    stream_kick(s);
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool http_stream_send(struct http_stream *s, struct str event, struct str data)
{
    struct buf b;
    struct str line;
    bool ok;
    buf_init(&b, 0);
    buf_printf(&b, "event: %.*s\n", SF(event));
    while (str_next(&data, S("\n"), &line))
        buf_printf(&b, "data: %.*s\n", SF(line));
    buf_char(&b, '\n');
    ok = stream_add(s, buf_view(&b));
    buf_release(&b);
    return ok;
}

void http_stream_drop(struct http_stream *s)
{
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    stream_kick(s);
    pthread_mutex_unlock(&s->lock);
    stream_unref(s);
}

/* With http->lock held, from the watch. */
void streams_heartbeat(struct http *h, int64_t now)
{
    for (struct http_stream *s = h->streams; s; s = s->next) {
        pthread_mutex_lock(&s->lock);
        if (now - s->last_ms > h->o.limits.heartbeat_ms && !s->ended) {
            if (s->out.n < s->backlog)
                buf_z(&s->out, ": \n\n"); /* a dead peer shows as a failed write */
            s->last_ms = now;
            stream_kick(s);
        }
        pthread_mutex_unlock(&s->lock);
    }
}

void streams_end(struct http *h)
{
    pthread_mutex_lock(&h->lock);
    for (struct http_stream *s = h->streams; s; s = s->next) {
        pthread_mutex_lock(&s->lock);
        s->ended = s->gone = true;
        stream_kick(s);
        pthread_mutex_unlock(&s->lock);
    }
    pthread_mutex_unlock(&h->lock);
}

struct reader { /* the connection's side */
    struct http_stream *stream;
    struct MHD_Connection *mhd;
};

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct reader *rd = cls;
    struct http_stream *s = rd->stream;
    ssize_t n;
    (void)pos;
    pthread_mutex_lock(&s->lock);
    if (s->out.n > 0) {
        size_t k = s->out.n < max ? s->out.n : max;
        memcpy(out, s->out.p, k);
        memmove(s->out.p, s->out.p + k, s->out.n - k);
        s->out.n -= k;
        n = (ssize_t)k;
    } else if (s->ended) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->parked = rd->mhd;
        MHD_suspend_connection(rd->mhd);
        n = 0;
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void stream_free(void *cls)
{
    struct reader *rd = cls;
    struct http_stream *s = rd->stream;
    pthread_mutex_lock(&s->http->lock);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    pthread_mutex_unlock(&s->http->lock);
    pthread_mutex_lock(&s->lock);
    s->gone = true;
    s->parked = NULL;
    pthread_mutex_unlock(&s->lock);
    stream_unref(s);
    free(rd);
}

static struct MHD_Response *make_stream(struct exchange *x)
{
    struct reader *rd = mem_alloc(sizeof(*rd));
    rd->stream = x->r.res.stream;
    rd->mhd = x->mhd;
    return MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, rd, stream_free);
}

/* ---- compression ---- */
static bool compressible(struct str type)
{
    return type.n == 0 || str_starts(type, S("text/")) || str_starts(type, S("application/json"));
}

/* The default level: 4% fewer bytes on our pages than level 4, for a tenth of a millisecond. */
static bool gzip(struct str in, struct buf *out)
{
    z_stream z;
    unsigned char *at;
    int rc;
    memset(&z, 0, sizeof(z));
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    at = buf_room(out, deflateBound(&z, in.n));
    if (at) {
        z.next_in = unconst(in.p);
        z.avail_in = (unsigned)in.n;
        z.next_out = at;
        z.avail_out = (unsigned)(out->n);
    }
    rc = at ? deflate(&z, Z_FINISH) : Z_BUF_ERROR;
    out->n = z.total_out;
    deflateEnd(&z);
    return rc == Z_STREAM_END && out->n < in.n;
}

static struct MHD_Response *make_buf(struct exchange *x)
{
    struct response *s = &x->r.res;
    struct MHD_Response *m;
    if (s->body.n >= GZIP_FROM && compressible(s->type) && req_accepts_gzip(&x->r)) {
        struct buf z;
        buf_init(&z, 0);
        if (gzip(buf_view(&s->body), &z)) {
            buf_release(&s->body);
            s->body = z;
            res_header(s, "Content-Encoding", S("gzip"));
        } else {
            buf_release(&z);
        }
    }
    if (compressible(s->type))
        res_header(s, "Vary", S("Accept-Encoding, Accept"));
    m = MHD_create_response_from_buffer(s->body.n, s->body.p ? s->body.p : unconst(""),
        s->body.p ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (m)
        memset(&s->body, 0, sizeof(s->body)); /* the library frees it */
    return m;
}

/* ---- the reply ---- */
/* What every answer bears. No inline script or style anywhere: the templates hold none. The first two are
 * enough for the files of our own that pages are made of: they are a third of a small one otherwise. */
static const struct {
    const char *name, *value;
} strict[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"},
};

static void add_headers(struct exchange *x, struct MHD_Response *m)
{
    struct response *s = &x->r.res;
    bool cache = false;
    size_t n = s->kind == BODY_STATIC ? STRICT_OF_FILES : sizeof(strict) / sizeof(strict[0]);
    for (size_t i = 0; i < n; i++)
        MHD_add_response_header(m, strict[i].name, strict[i].value);
    MHD_add_response_header(
        m, "Content-Type", s->type.n ? arena_z(&x->r.arena, s->type) : "text/html; charset=utf-8");
    for (size_t i = 0; i < s->n_headers; i++) {
        cache |= str_eq_nocase(s->headers[i].name, S("cache-control"));
        MHD_add_response_header(
            m, arena_z(&x->r.arena, s->headers[i].name), arena_z(&x->r.arena, s->headers[i].value));
    }
    if (!cache)
        MHD_add_response_header(m, "Cache-Control", "no-store");
    if (s->close || atomic_load(&x->http->stopping))
        MHD_add_response_header(m, "Connection", "close");
}

static struct MHD_Response *make(struct exchange *x, int64_t *size)
{
    struct response *s = &x->r.res;
    struct MHD_Response *m = NULL;
    switch (s->kind) {
    case BODY_BUF:
        m = make_buf(x);
        break;
    case BODY_FD:
        m = MHD_create_response_from_fd_at_offset64((uint64_t)s->fd_size, s->fd, 0);
        if (m)
            s->fd = -1; /* the library closes it */
        *size = s->fd_size;
        return m;
    case BODY_STATIC:
        *size = (int64_t)s->bytes.n;
        return MHD_create_response_from_buffer(
            s->bytes.n, unconst(s->bytes.p), MHD_RESPMEM_PERSISTENT);
    case BODY_STREAM:
        return make_stream(x);
    }
    *size = (int64_t)s->body.n;
    return m;
}

enum MHD_Result reply_queue(struct exchange *x)
{
    struct http *h = x->http;
    int64_t size = 0, ms;
    struct MHD_Response *m = make(x, &size);
    enum MHD_Result ok;
    if (!m)
        return MHD_NO;
    add_headers(x, m);
    ms = h->o.limits.transfer_ms + size * 1000 / h->o.limits.bytes_per_s;
    conn_deadline(h, x->conn, x->r.res.kind == BODY_STREAM ? INT64_MAX : mono_ms() + ms);
    ok = MHD_queue_response(x->mhd, (unsigned)x->r.res.status, m);
    MHD_destroy_response(m);
    return ok;
}
