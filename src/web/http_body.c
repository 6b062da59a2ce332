/* http_body.c - from libmicrohttpd's tables to a judged head, and the body into its form. */
#include <arpa/inet.h>
#include <string.h>

#include "web/http_int.h"

static enum MHD_Result take_header(
    void *cls, enum MHD_ValueKind kind, const char *key, size_t nk, const char *value, size_t nv)
{
    struct exchange *x = cls;
    struct head *h = &x->r.head;
    (void)kind;
    if (h->n_headers > x->http->o.limits.header_count)
        return MHD_NO;
    h->headers[h->n_headers++] = (struct pair){{key, nk}, {value ? value : "", value ? nv : 0}};
    return MHD_YES;
}

/* libmicrohttpd 0.9.75 joins folded lines, stops at a NUL and takes a bare LF, and says nothing of it. But
 * it works in place: name NUL blanks value NUL NUL (for CR LF), line after line, from the method to the
 * end of the head. So the head is what we were told it is if and only if the pieces lie exactly so and
 * add up to the stated size. Tests over real sockets pin this for the library's version. */
static bool head_layout(const struct exchange *x, const char *version)
{
    const struct head *h = &x->r.head;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const char *at = version + strlen(version) + 2;
    if (!info)
        return false;
    for (size_t i = 0; i < h->n_headers; i++) {
        const struct pair *p = &h->headers[i];
        const char *v = p->name.p + p->name.n + 1;
        if (p->name.p != at || at[-1] != '\0' || at[-2] != '\0')
            return false;
        while (v < p->value.p && (*v == ' ' || *v == '\t'))
            v++;
        if (v != p->value.p)
            return false;
        at = p->value.p + p->value.n + 2;
    }
    return (size_t)(at + 2 - x->raw_method) == info->header_size;
}

static struct str trim_ows(struct str s)
{
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* Copies, so that nothing of ours points into the library's pool. */
static void own_headers(struct exchange *x)
{
    struct head *h = &x->r.head;
    for (size_t i = 0; i < h->n_headers; i++) {
        h->headers[i].name = arena_str(&x->r.arena, h->headers[i].name);
        h->headers[i].value = arena_str(&x->r.arena, trim_ows(h->headers[i].value));
    }
}

static int header_limits(const struct exchange *x, struct err *e)
{
    const struct http_limits *l = &x->http->o.limits;
    size_t bytes = 0;
    for (size_t i = 0; i < x->r.head.n_headers; i++)
        bytes += x->r.head.headers[i].name.n + x->r.head.headers[i].value.n + 4;
    if (x->r.head.target.n > l->uri) {
        FAIL(e, E_LIMIT, "网址超过%zu字节", l->uri);
        return 414;
    }
    if (bytes > l->header_bytes || x->r.head.n_headers > l->header_count) {
        FAIL(e, E_LIMIT, "请求头超过%zu字节或%zu行", l->header_bytes, l->header_count);
        return 431;
    }
    return 0;
}

static int judge_method(struct exchange *x, const char *method, struct err *e)
{
    if (strcmp(method, "GET") == 0)
        x->r.method = METHOD_GET;
    else if (strcmp(method, "HEAD") == 0)
        x->r.method = METHOD_HEAD;
    else if (strcmp(method, "POST") == 0)
        x->r.method = METHOD_POST;
    else {
        FAIL(e, E_INPUT, "只接受GET、HEAD和POST");
        return 405;
    }
    return 0;
}

static bool loopback(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr) >> 24) ==
               127;
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr);
}

/* The peer's address; behind a proxy on this machine the last entry that it added. */
static void take_peer(struct exchange *x)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    struct str f, head;
    if (!i || !i->client_addr)
        return;
    if (i->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)i->client_addr)->sin_addr,
            text, sizeof(text));
    else
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)i->client_addr)->sin6_addr,
            text, sizeof(text));
    x->r.peer = arena_str(&x->r.arena, str_z(text));
    if (!x->http->o.proxied || !loopback(i->client_addr))
        return;
    f = req_header(&x->r, "x-forwarded-for");
    str_cut_last(f, S(","), &head, &f);
    f = str_trim(f);
    if (f.n > 0 && f.n < INET6_ADDRSTRLEN)
        x->r.peer = f;
    x->r.secure = str_eq(req_header(&x->r, "x-forwarded-proto"), S("https"));
}

int body_head(
    struct exchange *x, const char *method, const char *url, const char *version, struct err *e)
{
    struct head *h = &x->r.head;
    int status;
    (void)url;
    h->headers = ARENA_ARRAY(&x->r.arena, struct pair, x->http->o.limits.header_count + 1);
    MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, take_header, x);
    x->raw_method = method;
    if ((status = header_limits(x, e)) != 0)
        return status;
    if (!head_layout(x, version)) {
        FAIL(e, E_INPUT, "请求头的格式不正确");
        return 400;
    }
    own_headers(x);
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0) {
        FAIL(e, E_INPUT, "只接受HTTP/1.1和HTTP/1.0");
        return 505;
    }
    if ((status = judge_method(x, method, e)) != 0 || (status = head_judge(&x->r.arena, h, e)) != 0)
        return status;
    if (h->chunked && strcmp(version, "HTTP/1.0") == 0) {
        FAIL(e, E_INPUT, "HTTP/1.0不能分块传送");
        return 400;
    }
    take_peer(x);
    return 0;
}

static void fill_refusal(struct exchange *x, int status, const char *why)
{
    struct http *h = x->http;
    buf_clear(&x->r.res.body);
    x->r.res.status = status;
    x->r.res.n_headers = 0;
    x->r.res.kind = BODY_BUF;
    h->o.app.refuse(h->o.app.arg, &x->r, status, why);
    x->r.res.close = true;
}

void body_refuse(struct exchange *x, int status, const char *why)
{
    fill_refusal(x, status, why);
    x->stage = STAGE_REFUSED;
}

static int status_of(enum code c)
{
    return c == E_LIMIT ? 413 : c == E_FULL ? 507 : c == E_IO ? 500 : 400;
}

enum MHD_Result body_bytes(struct exchange *x, const char *data, size_t *n)
{
    struct http *h = x->http;
    struct err e;
    enum code c;
    x->body_seen += (int64_t)*n;
    /* Judged by the average so far: a slow line is welcome, a byte a second is not. */
    conn_deadline(h, x->conn,
        x->body_begin_ms + h->o.limits.transfer_ms + x->body_seen * 1000 / h->o.limits.bytes_per_s);
    if (x->stage == STAGE_BODY) {
        c = form_feed(x->r.form, (struct str){data, *n}, &e);
        if (c != OK)
            body_refuse(x, status_of(c), e.msg);
    } else if (x->body_seen > x->r.plan.body.total_bytes + h->o.limits.discard) {
        return MHD_NO; /* the answer has waited long enough for the end of this */
    }
    *n = 0;
    return MHD_YES;
}
