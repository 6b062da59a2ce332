/* http.c - a request's way through its stages. All MHD callbacks run in epoll threads; handlers in the
 * lanes' workers. A stage changes hands with the connection: while it is suspended the worker owns the
 * exchange, otherwise the epoll thread does. */
#include "web/http.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/http_int.h"

struct http_limits http_limits_default(void)
{
    return (struct http_limits){.uri = 8192,
        .header_bytes = 16384,
        .header_count = 64,
        .discard = 16 << 20,
        .connections = 4096,
        .connections_per_ip = 512, /* a whole office may share one address */
        .header_ms = 10000,
        .idle_ms = 30000,
        .transfer_ms = 20000,
        .bytes_per_s = 16384,
        .stop_ms = 10000,
        .heartbeat_ms = 20000,
        .stream_backlog = 256 << 10};
}

/* ---- workers ---- */
static struct exchange *of_work(struct work_item *w)
{
    return (struct exchange *)(void *)((char *)w - offsetof(struct exchange, work));
}

static void run_then(struct work_item *w);

/* The handler returned, or http_wake was called: whoever is second goes on. */
static void step_later(struct exchange *x)
{
    if (atomic_fetch_sub(&x->later, 1) == 1)
        work_push(x->http->lanes[x->r.plan.lane], &x->work, run_then);
}

static void finish(struct exchange *x)
{
    x->stage = STAGE_READY;
    MHD_resume_connection(x->mhd);
}

/* Once step_later or finish has run, the exchange is in other hands. */
static void run(struct exchange *x, http_then fn)
{
    x->then = NULL;
    fn(x->http->o.app.arg, &x->r);
    if (x->then)
        step_later(x);
    else
        finish(x);
}

static void run_then(struct work_item *w)
{
    struct exchange *x = of_work(w);
    run(x, x->then);
}

static void run_handle(struct work_item *w)
{
    struct exchange *x = of_work(w);
    run(x, x->http->o.app.handle);
}

static void run_admit(struct work_item *w)
{
    struct exchange *x = of_work(w);
    if (x->http->o.app.admit(x->http->o.app.arg, &x->r)) {
        x->stage = STAGE_ADMITTED;
    } else {
        x->r.res.close = true;
        x->stage = STAGE_REFUSED;
    }
    MHD_resume_connection(x->mhd);
}

void http_later(struct request *r, http_then then)
{
    struct exchange *x = (struct exchange *)r;
    x->then = then;
    atomic_store(&x->later, 2);
}

void http_wake(struct request *r)
{
    step_later((struct exchange *)r);
}

/* ---- stages ---- */
static void suspend_to(
    struct exchange *x, enum lane lane, enum stage stage, void (*fn)(struct work_item *))
{
    conn_deadline(x->http, x->conn, INT64_MAX);
    x->stage = stage;
    MHD_suspend_connection(x->mhd);
    work_push(x->http->lanes[lane], &x->work, fn);
}

static bool has_body(const struct exchange *x)
{
    return x->r.head.chunked || x->r.head.length > 0;
}

/* Refused before its body: answered at once, unless the body is short enough to be read off first (an
 * answer sent into a client that is still sending is often lost with the reset). */
static enum MHD_Result answer_or_drain(struct exchange *x)
{
    if (!has_body(x))
        return reply_queue(x);
    if (!x->r.head.chunked &&
        x->r.head.length > x->r.plan.body.total_bytes + x->http->o.limits.discard)
        return reply_queue(x);
    x->body_begin_ms = mono_ms();
    conn_deadline(x->http, x->conn, x->body_begin_ms + x->http->o.limits.transfer_ms);
    return MHD_YES;
}

static enum MHD_Result begin_body(struct exchange *x)
{
    struct err e;
    if (!has_body(x) && x->r.method != METHOD_POST) {
        x->stage =
            STAGE_BODY; /* answered at the second call: at the first it costs the connection */
        return MHD_YES;
    }
    if (x->r.plan.body.total_bytes == 0) {
        body_refuse(x, x->r.method == METHOD_POST ? 405 : 400, "这个网址不接受提交的内容");
        return answer_or_drain(x);
    }
    if (x->r.head.length > x->r.plan.body.total_bytes) {
        FAIL(&e, E_LIMIT, "提交的内容超过%lldKB", (long long)(x->r.plan.body.total_bytes >> 10));
        body_refuse(x, 413, e.msg);
        return answer_or_drain(x);
    }
    if (form_new(&x->r.arena, req_header(&x->r, "content-type"), x->http->tmp_dir, &x->r.plan.body,
            &x->r.form, &e) != OK) {
        body_refuse(x, 400, e.msg);
        return answer_or_drain(x);
    }
    x->stage = STAGE_BODY;
    x->body_begin_ms = mono_ms();
    conn_deadline(x->http, x->conn, x->body_begin_ms + x->http->o.limits.transfer_ms);
    return MHD_YES;
}

static enum MHD_Result begin(
    struct exchange *x, const char *method, const char *url, const char *version)
{
    struct http *h = x->http;
    struct err e;
    int status;
    x->conn = conn_of(x->mhd);
    if (!x->conn)
        return MHD_NO;
    status = body_head(x, method, url, version, &e);
    if (status != 0) {
        body_refuse(x, status, e.msg);
        return reply_queue(x);
    }
    if (atomic_load(&h->stopping)) {
        body_refuse(x, 503, "系统正在停止，请稍后再试");
        return reply_queue(x);
    }
    h->o.app.plan(h->o.app.arg, &x->r, &x->r.plan);
    if (x->r.plan.admit && has_body(x)) {
        suspend_to(x, LANE_PAGE, STAGE_ADMIT, run_admit);
        return MHD_YES;
    }
    return begin_body(x);
}

/* Once it is handed to a worker, the exchange is not looked at again before the resume. */
static enum MHD_Result end_body(struct exchange *x)
{
    struct err e;
    if (x->r.form && form_end(x->r.form, &e) != OK) {
        body_refuse(x, e.code == E_LIMIT ? 413 : 400, e.msg);
        x->stage = STAGE_READY;
        return reply_queue(x);
    }
    suspend_to(x, x->r.plan.lane, STAGE_WORK, run_handle);
    return MHD_YES;
}

/* NOLINTNEXTLINE(readability-function-size): the library sets the parameters */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *data, size_t *n, void **ctx)
{
    struct exchange *x = *ctx;
    (void)cls;
    if (!x)
        return MHD_NO;
    x->mhd = mhd;
    switch ((enum stage)atomic_load(&x->stage)) {
    case STAGE_HEAD:
        return begin(x, method, url, version);
    case STAGE_ADMITTED:
        return begin_body(x);
    case STAGE_BODY:
        if (*n > 0)
            return body_bytes(x, data, n);
        return end_body(x);
    case STAGE_REFUSED:
        if (*n > 0)
            return body_bytes(x, data, n);
        return x->body_begin_ms ? reply_queue(x) : answer_or_drain(x);
    case STAGE_READY:
        return reply_queue(x);
    case STAGE_ADMIT:
    case STAGE_WORK:
        break;
    }
    return MHD_YES; /* suspended: called again after the resume */
}

/* The request line is complete: the only place where the raw target is to be had. */
static void *on_target(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    struct http *h = cls;
    struct exchange *x = mem_alloc(sizeof(*x));
    (void)mhd;
    x->http = h;
    x->r.res.status = 200;
    x->r.res.fd = -1;
    arena_init(&x->r.arena);
    buf_init(&x->r.res.body, 0);
    x->r.head.target = arena_str(&x->r.arena, str_z(uri));
    atomic_fetch_add(&h->exchanges, 1);
    return x;
}

static void on_completed(
    void *cls, struct MHD_Connection *mhd, void **ctx, enum MHD_RequestTerminationCode code)
{
    struct http *h = cls;
    struct exchange *x = *ctx;
    (void)mhd;
    (void)code;
    if (!x)
        return;
    if (x->conn)
        conn_deadline(h, x->conn, mono_ms() + h->o.limits.idle_ms);
    if (x->r.res.fd >= 0)
        close(x->r.res.fd);
    buf_release(&x->r.res.body);
    arena_release(&x->r.arena);
    free(x);
    *ctx = NULL;
    atomic_fetch_sub(&h->exchanges, 1);
}

/* ---- open and close ---- */
static enum code resolve(struct str listen, struct sockaddr_storage *sa, struct err *e)
{
    struct arena a;
    struct str host, port;
    struct addrinfo hint, *list = NULL;
    int rc = EAI_NONAME;
    memset(&hint, 0, sizeof(hint));
    hint.ai_socktype = SOCK_STREAM;
    hint.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
    arena_init(&a);
    if (str_cut_last(listen, S(":"), &host, &port)) {
        if (str_eat(&host, S("[")))
            (void)str_eat_end(&host, S("]"));
        rc = getaddrinfo(host.n ? arena_z(&a, host) : NULL, arena_z(&a, port), &hint, &list);
    }
    arena_release(&a);
    if (rc != 0)
        return FAIL(e, E_INPUT, "监听地址“%.*s”不正确，应如127.0.0.1:8080", SF(listen));
    memcpy(sa, list->ai_addr, list->ai_addrlen);
    freeaddrinfo(list);
    return OK;
}

static int processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (int)n;
}

static enum code lanes_open(struct http *h, struct err *e)
{
    const int usual[LANES] = {2 * processors(), 8, 2};
    for (int i = 0; i < LANES; i++)
        TRY(work_open(h->o.workers[i] > 0 ? h->o.workers[i] : usual[i], &h->lanes[i], e));
    return OK;
}

static enum code daemon_start(struct http *h, struct err *e)
{
    const struct http_limits *l = &h->o.limits;
    struct sockaddr_storage sa = {0};
    const union MHD_DaemonInfo *info;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    TRY(resolve(h->o.listen, &sa, e));
    if (sa.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    h->mhd = MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_SOCK_ADDR, &sa,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(h->o.loops > 0 ? h->o.loops : processors()),
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(l->uri + l->header_bytes + 16384), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)l->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)l->connections_per_ip, MHD_OPTION_NOTIFY_CONNECTION, conn_notify, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!h->mhd)
        return FAIL(e, E_IO, "无法在“%.*s”上监听，端口可能已被占用", SF(h->o.listen));
    info = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_BIND_PORT);
    h->port = info ? info->port : 0;
    return OK;
}

static void release(struct http *h)
{
    watch_end(h);
    for (int i = 0; i < LANES; i++)
        if (h->lanes[i])
            work_close(h->lanes[i]);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->tick);
    free(unconst(h->tmp_dir.p));
    free(h);
}

enum code http_open(const struct http_options *o, struct http **out, struct err *e)
{
    struct http *h = mem_alloc(sizeof(*h));
    enum code c;
    h->o = *o;
    h->tmp_dir = (struct str){mem_dup(o->tmp_dir.p, o->tmp_dir.n), o->tmp_dir.n};
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->tick, NULL);
    c = lanes_open(h, e);
    if (c == OK)
        c = watch_start(h, e);
    if (c == OK)
        c = daemon_start(h, e);
    if (c != OK) {
        release(h);
        return c;
    }
    *out = h;
    return OK;
}

int http_port(const struct http *h)
{
    return h->port;
}

static void nap(void)
{
    struct timespec t = {0, 5000000};
    nanosleep(&t, NULL);
}

void http_close(struct http *h)
{
    int64_t until = mono_ms() + h->o.limits.stop_ms;
    MHD_socket listener;
    atomic_store(&h->stopping, true);
    listener = MHD_quiesce_daemon(h->mhd);
    streams_end(h);
    while (atomic_load(&h->exchanges) > 0 && mono_ms() < until)
        nap();
    conn_cut_all(h);
    /* What is still suspended belongs to a worker or to a coming http_wake: stopping the daemon under it
     * would break the library's contract, so it is waited for. Its client is already gone. */
    while (atomic_load(&h->exchanges) > 0)
        nap();
    MHD_stop_daemon(h->mhd);
    if (listener != MHD_INVALID_SOCKET)
        close(listener);
    release(h);
}
