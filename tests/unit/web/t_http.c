/* The hardening of the HTTP layer, over real sockets: what it refuses, how long it waits, how it stops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "unit/web/client.h"
#include "web/http.h"

enum { BIG = 16 << 20 };

struct fix {
    struct http *http;
    int port;
    char dir[64];
    atomic_int handled;
    struct request *waiting; /* the one request that called http_later */
    pthread_mutex_t lock;
    struct http_stream *streams[16];
    int n_streams;
};

static void plan(void *arg, const struct request *r, struct plan *out)
{
    (void)arg;
    out->lane = LANE_PAGE;
    if (str_eq(r->head.path, S("/form")))
        out->body = (struct form_limits){4096, 2048, 8, 2};
    if (str_eq(r->head.path, S("/upload"))) {
        out->lane = LANE_WORK;
        out->body = (struct form_limits){80 << 20, 65536, 8, 4};
        out->admit = true;
    }
}

static bool admit(void *arg, struct request *r)
{
    (void)arg;
    if (str_eq(req_query(r, "who"), S("stranger"))) {
        res_text(&r->res, 403, S("text/plain"), S("stranger"));
        return false;
    }
    return true;
}

static void answer_later(void *arg, struct request *r)
{
    (void)arg;
    res_text(&r->res, 200, S("text/plain"), S("woken"));
}

static void echo(struct request *r)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "path=%.*s", SF(r->head.path));
    for (size_t i = 0; i < r->head.n_query; i++)
        buf_printf(&b, " %.*s=%.*s", SF(r->head.query[i].name), SF(r->head.query[i].value));
    for (size_t i = 0; r->form && i < r->form->n_fields; i++)
        buf_printf(&b, " %.*s:%.*s", SF(r->form->fields[i].name), SF(r->form->fields[i].value));
    for (size_t i = 0; r->form && i < r->form->n_files; i++) {
        struct stat st;
        fstat(r->form->files[i].fd, &st);
        buf_printf(&b, " file %.*s %lld on disk %lld links %d", SF(r->form->files[i].name),
            (long long)r->form->files[i].size, (long long)st.st_size, (int)st.st_nlink);
    }
    res_text(&r->res, 200, S("text/plain"), buf_view(&b));
    buf_release(&b);
}

static void handle(void *arg, struct request *r)
{
    struct fix *f = arg;
    atomic_fetch_add(&f->handled, 1);
    if (str_eq(r->head.path, S("/slow"))) {
        struct timespec t = {0, 400000000};
        nanosleep(&t, NULL);
        res_text(&r->res, 200, S("text/plain"), S("slow done"));
    } else if (str_eq(r->head.path, S("/later"))) {
        pthread_mutex_lock(&f->lock);
        f->waiting = r;
        pthread_mutex_unlock(&f->lock);
        http_later(r, answer_later);
    } else if (str_eq(r->head.path, S("/events"))) {
        struct http_stream *s = http_stream_open(r);
        pthread_mutex_lock(&f->lock);
        f->streams[f->n_streams++] = s;
        pthread_mutex_unlock(&f->lock);
    } else if (str_eq(r->head.path, S("/big"))) {
        char *p = arena_alloc(&r->arena, BIG);
        memset(p, 'x', BIG);
        res_text(&r->res, 200, S("application/octet-stream"), (struct str){p, BIG});
    } else {
        echo(r);
    }
}

static void refuse(void *arg, struct request *r, int status, const char *why)
{
    (void)arg;
    res_text(&r->res, status, S("text/plain"), str_z(why));
}

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof(*f));
    struct http_options o;
    struct err e;
    memset(&o, 0, sizeof(o));
    pthread_mutex_init(&f->lock, NULL);
    snprintf(f->dir, sizeof(f->dir), "/tmp/t_http-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    o.listen = S("127.0.0.1:0");
    o.tmp_dir = str_z(f->dir);
    o.limits = http_limits_default();
    o.limits.header_ms = 700;
    o.limits.idle_ms = 1500;
    o.limits.transfer_ms = 700;
    o.limits.bytes_per_s = 1 << 20; /* a slow machine under a sanitizer takes 60 MiB too */
    o.limits.heartbeat_ms = 300;
    o.limits.stop_ms = 3000;
    o.limits.discard = 1 << 20;
    o.limits.connections_per_ip = 40;
    o.app = (struct http_app){f, plan, admit, handle, refuse};
    if (http_open(&o, &f->http, &e) != OK) {
        fprintf(stderr, "%s\n", e.msg);
        return -1;
    }
    f->port = http_port(f->http);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    if (f->http)
        http_close(f->http);
    assert_int_equal(rmdir(f->dir), 0); /* fails if an upload left a name behind */
    pthread_mutex_destroy(&f->lock);
    free(f);
    return 0;
}

/* Send the bytes, expect this status; "" means closed without an answer. The handler must not have run
 * unless the status is 200. */
static void expect(struct fix *f, const void *bytes, size_t n, const char *status)
{
    struct buf b;
    char want[32];
    int before = atomic_load(&f->handled);
    buf_init(&b, 0);
    client_talk(f->port, bytes, n, &b);
    snprintf(want, sizeof(want), "HTTP/1.1 %s ", status);
    if (strncmp(b.p, want, strlen(want)) != 0)
        fail_msg("wanted %s for <%.200s>, got <%.400s>", status, (const char *)bytes, b.p);
    if (strcmp(status, "200") != 0)
        assert_int_equal(atomic_load(&f->handled), before);
    buf_release(&b);
}
#define EXPECT(f, lit, status) expect((f), (lit), sizeof(lit) - 1, (status))

static void refuses_what_two_servers_could_read_differently(void **state)
{
    struct fix *f = *state;
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: \t a \r\nX: \r\nY:z\r\n\r\n", "200");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.0\r\nX: y\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400");
    EXPECT(f,
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n",
        "400");
    EXPECT(f, "POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "400");
    EXPECT(f, "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\na=b", "400");
    EXPECT(
        f, "POST /form HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n two\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n\ttwo\r\nY: z\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\nHost: a\n\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nX: o\0ne\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nX: one\0\0\0\0\r\n\r\n", "400");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nX: o\001ne\r\n\r\n", "400");
}

/* libmicrohttpd closes on a bad Content-Length or version itself: with or without a word, the request
 * must not reach the handler. */
static void never_handles_two_lengths_or_a_strange_version(void **state)
{
    static const char *const bad[] = {
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\na=b&c",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\na=b",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\na=b",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\na=b",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n",
        "GET /\r\nHost: a\r\n\r\n",
        "GET / \r\n\r\n",
        "\r\n\r\nnonsense\r\n\r\n",
    };
    struct fix *f = *state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct buf b;
        buf_init(&b, 0);
        client_talk(f->port, bad[i], strlen(bad[i]), &b);
        if (atomic_load(&f->handled) != 0 || strncmp(b.p, "HTTP/1.1 2", 10) == 0)
            fail_msg("taken: <%s>", bad[i]);
        buf_release(&b);
    }
}

static void refuses_bad_targets_and_methods(void **state)
{
    struct fix *f = *state;
    EXPECT(f, "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a?x=%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a%ff HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /static/../etc HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET /static/%2e%2e/etc HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET //etc HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400");
    EXPECT(f, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "405");
    EXPECT(f, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "405");
    EXPECT(f, "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", "405");
    EXPECT(f, "get / HTTP/1.1\r\nHost: a\r\n\r\n", "405");
    EXPECT(f, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "405");
    EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "400");
}

static void refuses_what_is_too_long(void **state)
{
    struct fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "GET /");
    for (int i = 0; i < 9000; i++)
        buf_char(&b, 'a');
    buf_z(&b, " HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(f, b.p, b.n, "414");
    buf_clear(&b);
    buf_z(&b, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < 20000; i++)
        buf_char(&b, 'a');
    buf_z(&b, "\r\n\r\n");
    expect(f, b.p, b.n, "431");
    buf_clear(&b);
    buf_z(&b, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 100; i++)
        buf_printf(&b, "X%d: a\r\n", i);
    buf_z(&b, "\r\n");
    expect(f, b.p, b.n, "431");
    buf_clear(&b);
    buf_z(&b, "GET / HTTP/1.1\r\nHost: a\r\nX: "); /* beyond the library's own memory for a head */
    for (int i = 0; i < 120000; i++)
        buf_char(&b, 'a');
    buf_z(&b, "\r\n\r\n");
    expect(f, b.p, b.n, "431");
    buf_release(&b);
}

static void post(struct buf *b, const char *more, size_t body)
{
    buf_clear(b);
    buf_printf(b,
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "%s\r\n",
        more);
    for (size_t i = 0; i < body; i++)
        buf_char(b, i == 1 ? '=' : 'a');
}

static void refuses_a_body_over_its_limit(void **state)
{
    struct fix *f = *state;
    struct buf b;
    buf_init(&b, 0);
    post(&b, "Content-Length: 1000\r\n", 1000);
    expect(f, b.p, b.n, "200");
    post(&b, "Content-Length: 3000\r\n", 3000); /* over text_bytes, found while reading */
    expect(f, b.p, b.n, "413");
    post(&b, "Content-Length: 500000\r\n", 500000); /* stated too long: drained, then answered */
    expect(f, b.p, b.n, "413");
    post(&b, "Content-Length: 5000000000\r\n", 10); /* not worth reading: answered at once */
    expect(f, b.p, b.n, "413");
    post(&b, "Transfer-Encoding: chunked\r\n", 0);
    for (int i = 0; i < 20; i++)
        buf_printf(&b, "100\r\n%0256d\r\n", 1);
    buf_z(&b, "0\r\n\r\n");
    expect(f, b.p, b.n, "413");
    buf_release(&b);
}

static void an_endless_chunked_body_is_cut(void **state)
{
    struct fix *f = *state;
    struct buf b;
    char chunk[65536 + 16];
    int fd = client_open(f->port), sent = 0;
    size_t n;
    buf_init(&b, 0);
    post(&b, "Transfer-Encoding: chunked\r\n", 0);
    client_send(fd, b.p, b.n);
    n = (size_t)snprintf(chunk, sizeof(chunk), "10000\r\n");
    memset(chunk + n, 'a', 65536);
    memcpy(chunk + n + 65536, "\r\n", 2);
    while (sent < 4096 && client_send(fd, chunk, n + 65538))
        sent++;
    assert_true(sent < 1000); /* 1 MiB is dropped quietly; socket buffers take some more */
    assert_int_equal(atomic_load(&f->handled), 0);
    close(fd);
    buf_release(&b);
}

static void a_slow_head_is_cut_off(void **state)
{
    struct fix *f = *state;
    static const char head[] =
        "GET / HTTP/1.1\r\nHost: a\r\nX: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    int fd = client_open(f->port);
    int64_t begin = now_ms();
    struct buf b;
    bool open = true;
    buf_init(&b, 0);
    for (size_t i = 0; i + 1 < sizeof(head) && open && now_ms() - begin < 4000; i++) {
        open = client_send(fd, head + i, 1) && !client_read(fd, &b, NULL, 50);
    }
    assert_false(open);
    assert_in_range(now_ms() - begin, 500, 2500);
    assert_int_equal(atomic_load(&f->handled), 0);
    close(fd);
    buf_release(&b);
}

static void a_slow_body_is_cut_off(void **state)
{
    struct fix *f = *state;
    int fd = client_open(f->port);
    int64_t begin;
    struct buf b;
    bool open = true;
    buf_init(&b, 0);
    post(&b, "Content-Length: 2000\r\n", 2);
    client_send(fd, b.p, b.n);
    buf_clear(&b);
    begin = now_ms();
    while (open && now_ms() - begin < 4000)
        open = client_send(fd, "a", 1) && !client_read(fd, &b, NULL, 50);
    assert_false(open);
    assert_in_range(now_ms() - begin, 500, 2500);
    assert_int_equal(atomic_load(&f->handled), 0);
    close(fd);
    buf_release(&b);
}

static void a_client_that_does_not_read_is_cut_off(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = client_open(f->port), small = 65536;
    struct timespec t = {3, 500000000}; /* 0.7 s + 16 MiB at 8 MiB/s, and the watch's tick */
    struct buf b;
    buf_init(&b, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    client_send(fd, get, sizeof(get) - 1);
    nanosleep(&t, NULL);
    assert_true(client_read(fd, &b, NULL, 3000)); /* closed ... */
    assert_true(b.n < BIG);                       /* ... before all of it was sent */
    close(fd);
    buf_release(&b);
}

static void keeps_a_connection_and_then_lets_it_go(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = client_open(f->port);
    int64_t begin;
    struct buf b;
    buf_init(&b, 0);
    for (int i = 0; i < 3; i++) {
        client_send(fd, get, sizeof(get) - 1);
        assert_true(client_read(fd, &b, "path=/x", 2000));
        if (strstr(b.p, "Connection: close"))
            fail_msg("%s", b.p);
        buf_clear(&b);
    }
    begin = now_ms();
    assert_true(client_read(fd, &b, NULL, 5000));
    assert_in_range(now_ms() - begin, 1000, 3500);
    close(fd);
    buf_release(&b);
}

static void limits_connections_from_one_address(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    int fds[48], answered = 0;
    for (size_t i = 0; i < 48; i++)
        fds[i] = client_open(f->port);
    for (size_t i = 0; i < 48; i++) {
        struct buf b;
        buf_init(&b, 0);
        if (client_send(fds[i], get, sizeof(get) - 1) && client_read(fds[i], &b, "path=/x", 1000) &&
            b.n > 0)
            answered++;
        buf_release(&b);
    }
    for (size_t i = 0; i < 48; i++)
        close(fds[i]);
    assert_int_equal(answered, 40);
}

static void bears_the_strict_headers(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    struct buf b;
    buf_init(&b, 0);
    client_talk(f->port, get, sizeof(get) - 1, &b);
    assert_non_null(strstr(b.p, "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(b.p, "frame-ancestors 'none'"));
    assert_null(strstr(b.p, "unsafe-inline"));
    assert_non_null(strstr(b.p, "Referrer-Policy: same-origin\r\n"));
    assert_non_null(strstr(b.p, "Cache-Control: no-store\r\n"));
    buf_release(&b);
}

static void decodes_a_target(void **state)
{
    struct fix *f = *state;
    static const char get[] =
        "GET /%E8%B5%84%E6%96%99?q=a+b%26c&%E7%AD%94=%3C HTTP/1.1\r\nHost: a\r\n\r\n";
    struct buf b;
    buf_init(&b, 0);
    client_talk(f->port, get, sizeof(get) - 1, &b);
    assert_non_null(strstr(b.p, "path=/资料 q=a b&c 答=<"));
    buf_release(&b);
}

static long resident_kb(void)
{
    char line[256];
    long kb = 0;
    FILE *fp = fopen("/proc/self/status", "r");
    while (fp && fgets(line, sizeof(line), fp))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    if (fp)
        fclose(fp);
    return kb;
}

#define UPLOAD_BYTES (60L << 20)

static void streams_an_upload_to_disk(void **state)
{
    struct fix *f = *state;
    static const char head[] =
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n说明\r\n"
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"C:\\\\文件\\\\大.pdf\"\r\n"
        "Content-Type: application/pdf\r\n\r\n";
    static const char tail[] = "\r\n--XX--\r\n";
    char *block = calloc(1, 1 << 20);
    int fd = client_open(f->port);
    struct buf b;
    long before, peak = 0;
    buf_init(&b, 0);
    buf_printf(&b,
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
        "Content-Length: %ld\r\n\r\n",
        (long)(sizeof(head) + sizeof(tail)) - 2 + UPLOAD_BYTES);
    client_send(fd, b.p, b.n);
    client_send(fd, head, sizeof(head) - 1);
    before = resident_kb();
    for (long i = 0; i < UPLOAD_BYTES >> 20; i++) {
        memset(block, (int)i, 1 << 20);
        assert_true(client_send(fd, block, 1 << 20));
        if (resident_kb() > peak)
            peak = resident_kb();
    }
    client_send(fd, tail, sizeof(tail) - 1);
    buf_clear(&b);
    assert_true(client_read(fd, &b, "links", 10000));
    assert_true(client_read(fd, &b, "links 0", 1000));
    assert_non_null(strstr(b.p, " note:说明 file 大.pdf 62914560 on disk 62914560 links 0"));
    assert_true(peak - before < 8192); /* kB; the file is 60 MiB */
    close(fd);
    free(block);
    buf_release(&b);
}

static void refuses_a_stranger_before_the_body(void **state)
{
    struct fix *f = *state;
    static const char post_head[] = "POST /upload?who=stranger HTTP/1.1\r\nHost: "
                                    "a\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                                    "Content-Length: 500000000\r\n\r\n";
    int fd = client_open(f->port);
    struct buf b;
    buf_init(&b, 0);
    client_send(fd, post_head, sizeof(post_head) - 1);
    assert_true(client_read(fd, &b, NULL, 3000)); /* answered and closed though no body came */
    assert_non_null(strstr(b.p, "HTTP/1.1 403"));
    assert_int_equal(atomic_load(&f->handled), 0);
    close(fd);
    buf_release(&b);
}

static void waits_without_a_worker(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = client_open(f->port);
    struct request *r = NULL;
    struct buf b;
    buf_init(&b, 0);
    client_send(fd, get, sizeof(get) - 1);
    assert_false(client_read(fd, &b, NULL, 300));
    for (int i = 0; i < 20; i++) /* all workers are free: more requests than workers pass */
        EXPECT(f, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200");
    pthread_mutex_lock(&f->lock);
    r = f->waiting;
    pthread_mutex_unlock(&f->lock);
    assert_non_null(r);
    http_wake(r);
    assert_true(client_read(fd, &b, "woken", 2000));
    close(fd);
    buf_release(&b);
}

static void streams_events(void **state)
{
    struct fix *f = *state;
    static const char get[] = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = client_open(f->port);
    struct buf b;
    bool alive = true;
    buf_init(&b, 0);
    client_send(fd, get, sizeof(get) - 1);
    assert_true(client_read(fd, &b, "text/event-stream", 2000));
    assert_true(http_stream_send(f->streams[0], S("done"), S("一\n二")));
    assert_true(client_read(fd, &b, "event: done\ndata: 一\ndata: 二\n\n", 2000));
    buf_clear(&b);
    assert_true(client_read(fd, &b, ": \n\n", 2000)); /* the heartbeat */
    close(fd);
    for (int64_t begin = now_ms(); alive && now_ms() - begin < 4000;)
        alive = http_stream_send(f->streams[0], S("x"), S("y"));
    assert_false(alive); /* a client that left is noticed */
    http_stream_drop(f->streams[0]);
    buf_release(&b);
}

struct late {
    int fd;
    struct buf got;
};

static void *read_all(void *arg)
{
    struct late *l = arg;
    client_read(l->fd, &l->got, NULL, 8000);
    return NULL;
}

static void stops_gracefully(void **state)
{
    struct fix *f = *state;
    static const char events[] = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";
    static const char slow[] = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    struct late l[9];
    pthread_t t[9];
    int64_t begin;
    for (int i = 0; i < 9; i++) {
        const char *get = i < 8 ? events : slow;
        l[i].fd = client_open(f->port);
        buf_init(&l[i].got, 0);
        client_send(l[i].fd, get, strlen(get));
        if (i < 8)
            assert_true(client_read(l[i].fd, &l[i].got, ": \n\n", 2000));
    }
    while (atomic_load(&f->handled) < 9)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    for (int i = 0; i < 9; i++)
        pthread_create(&t[i], NULL, read_all, &l[i]);
    begin = now_ms();
    http_close(f->http);
    f->http = NULL;
    assert_true(now_ms() - begin < 2500);
    for (int i = 0; i < 9; i++) {
        pthread_join(t[i], NULL);
        if (i < 8)
            http_stream_drop(f->streams[i]); /* the server is gone; the handle is still good */
        close(l[i].fd);
    }
    assert_non_null(strstr(l[8].got.p, "slow done")); /* what was in work was answered */
    for (int i = 0; i < 9; i++)
        buf_release(&l[i].got);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(refuses_what_two_servers_could_read_differently),
        T(never_handles_two_lengths_or_a_strange_version),
        T(refuses_bad_targets_and_methods),
        T(refuses_what_is_too_long),
        T(refuses_a_body_over_its_limit),
        T(an_endless_chunked_body_is_cut),
        T(a_slow_head_is_cut_off),
        T(a_slow_body_is_cut_off),
        T(a_client_that_does_not_read_is_cut_off),
        T(keeps_a_connection_and_then_lets_it_go),
        T(limits_connections_from_one_address),
        T(bears_the_strict_headers),
        T(decodes_a_target),
        T(streams_an_upload_to_disk),
        T(refuses_a_stranger_before_the_body),
        T(waits_without_a_worker),
        T(streams_events),
        T(stops_gracefully),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
