/* Feeds, against a small web server of the test's own on 127.0.0.1. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "intake_test.h"

enum { PAGES = 12 };

struct page {
    const char *path, *head, *body;
};

struct server {
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock;
    struct page pages[PAGES];
    int asked[PAGES], not_modified;
    bool other_host; /* somebody asked with another Host */
};

struct fed {
    struct scene *s;
    struct server w;
};

static const char *const etag = "\"v1\"";

/* One request, one answer, close. */
static void answer(struct server *w, int fd)
{
    char in[8192], out[65536];
    size_t n = 0;
    while (n < sizeof(in) - 1) {
        ssize_t k = recv(fd, in + n, sizeof(in) - 1 - n, 0);
        if (k <= 0)
            return;
        n += (size_t)k;
        in[n] = '\0';
        if (strstr(in, "\r\n\r\n"))
            break;
    }
    struct str path = {0}, rest = {in, n}, method;
    (void)str_cut(rest, S(" "), &method, &rest);
    (void)str_cut(rest, S(" "), &path, &rest);
    int len = snprintf(out, sizeof(out), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < PAGES && w->pages[i].path; i++) {
        const struct page *p = &w->pages[i];
        if (!str_eq(path, str_z(p->path)))
            continue;
        w->asked[i]++;
        if (strstr(in, etag) && strstr(p->head, "ETag")) {
            w->not_modified++;
            len = snprintf(out, sizeof(out), "HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n", etag);
        } else {
            char length[64] = "";
            if (!strstr(p->head, "Content-Length"))
                (void)snprintf(length, sizeof(length), "Content-Length: %zu\r\n", strlen(p->body));
            len = snprintf(out, sizeof(out), "HTTP/1.1 %s\r\n%s\r\n%s", p->head, length, p->body);
        }
    }
    pthread_mutex_unlock(&w->lock);
    (void)send(fd, out, (size_t)len, MSG_NOSIGNAL);
}

static void *serve(void *arg)
{
    struct server *w = arg;
    for (;;) {
        int fd = accept(w->fd, NULL, NULL);
        if (fd < 0)
            return NULL; /* shut down: the end */
        answer(w, fd);
        (void)shutdown(fd, SHUT_RDWR);
        close(fd);
    }
}

static int feed_open(void **state)
{
    struct fed *f = mem_alloc(sizeof(*f));
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof(a);
    void *scene;
    assert_int_equal(scene_open(&scene), 0);
    f->s = scene;
    pthread_mutex_init(&f->w.lock, NULL);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    f->w.fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(f->w.fd, (const struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(getsockname(f->w.fd, (struct sockaddr *)&a, &n), 0);
    assert_int_equal(listen(f->w.fd, 8), 0);
    f->w.port = ntohs(a.sin_port);
    assert_int_equal(pthread_create(&f->w.thread, NULL, serve, &f->w), 0);
    *state = f;
    return 0;
}

static int feed_close(void **state)
{
    struct fed *f = *state;
    void *scene = f->s;
    (void)shutdown(f->w.fd, SHUT_RDWR);
    pthread_join(f->w.thread, NULL);
    close(f->w.fd);
    pthread_mutex_destroy(&f->w.lock);
    free(f);
    return scene_close(&scene);
}

static void show(struct fed *f, int i, const char *path, const char *head, const char *body)
{
    pthread_mutex_lock(&f->w.lock);
    f->w.pages[i] = (struct page){path, head, body};
    pthread_mutex_unlock(&f->w.lock);
}

static int asked(struct fed *f, int i)
{
    pthread_mutex_lock(&f->w.lock);
    int n = f->w.asked[i];
    pthread_mutex_unlock(&f->w.lock);
    return n;
}

static int64_t add_feed(struct fed *f, const char *name, const char *path, bool linked)
{
    struct intake_source src = {.kind = INTAKE_FEED,
        .name = str_z(name),
        .place = arena_printf(&f->s->a, "http://127.0.0.1:%d%s", f->w.port, path),
        .linked = linked,
        .level = LEVEL_OPEN};
    return add_source(f->s, &src, "");
}

#define RSS(items) \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss><channel>" items "</channel></rss>"
#define ITEM(id, title, text)                                                                   \
    "<item><guid isPermaLink=\"false\">" id "</guid><title>" title "</title><description>" text \
    "</description></item>"

static void takes_each_entry_once_and_asks_for_changes_only(void **state)
{
    struct fed *f = *state;
    struct scene *s = f->s;
    show(f, 0, "/feed", "200 OK\r\nETag: \"v1\"\r\nContent-Type: application/rss+xml",
        RSS(ITEM("1", "关于安全生产的通知", "&lt;p&gt;各单位要落实安全生产责任。&lt;/p&gt;")
                ITEM("2", "要闻 A&lt;b&gt;", "会议部署下一阶段工作。")));
    int64_t id = add_feed(f, "要闻", "/feed", false);
    struct intake_run r = run_ok(s, id);
    assert_int_equal(r.found, 2);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 2);
    assert_int_equal(number(s, "SELECT count(*) FROM document WHERE origin = 4"), 2);
    assert_int_equal(
        number(s, "SELECT count(*) FROM doc_text WHERE text LIKE '%落实安全生产责任%'"), 1);
    r = run_ok(s, id);
    assert_int_equal(r.found, 0);
    assert_int_equal(f->w.not_modified, 1);
    /* the feed has changed: what is known is not taken again, whatever it says now */
    show(f, 0, "/feed", "200 OK\r\nContent-Type: application/rss+xml",
        RSS(ITEM("3", "第三条", "新的一条。") ITEM("1", "关于安全生产的通知", "改过的文字。")));
    r = run_ok(s, id);
    assert_int_equal(r.found, 1);
    assert_int_equal(number(s, DOCUMENTS), 3);
}

static void follows_links_on_its_own_host_only(void **state)
{
    struct fed *f = *state;
    struct scene *s = f->s;
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b,
        RSS("<item><guid>a</guid><title>附件一</title><link>/doc/a.txt</link></item>"
            "<item><guid>b</guid><title>别处</title><link>http://127.0.0.2:%d/x</link></item>"
            "<item><guid>c</guid><title>转走</title><link>/away</link></item>"
            "<item><guid>d</guid><title>转来</title><link>/moved</link></item>"
            "<item><guid>e</guid><title>没有</title><link>/gone</link></item>"
            "<item><guid>f</guid><title>本机文件</title><link>file:///etc/passwd</link></item>"),
        f->w.port);
    show(f, 0, "/feed", "200 OK\r\nContent-Type: text/xml", arena_z(&s->a, buf_view(&b)));
    buf_release(&b);
    show(f, 1, "/doc/a.txt", "200 OK\r\nContent-Type: text/plain; charset=utf-8",
        "关于汛期检查的通知\n\n请各单位自查。\n");
    show(f, 2, "/away", "302 Found\r\nLocation: http://127.0.0.2/inner", "");
    show(f, 3, "/moved", "301 Moved\r\nLocation: /doc/b.html", "");
    show(f, 4, "/doc/b.html", "200 OK\r\nContent-Type: text/html",
        "<html><head><meta "
        "charset=\"utf-8\"></head><body><h1>另一份通知</h1><p>正文在此。</p></body>");
    int64_t id = add_feed(f, "文件", "/feed", true);
    struct intake_run r = run_ok(s, id);
    assert_int_equal(r.found, 6);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 2);
    assert_int_equal(r.counts.of[IMPORT_FAILED], 4);
    assert_int_equal(asked(f, 1), 1);
    assert_int_equal(
        number(s, "SELECT count(*) FROM intake_seen WHERE reason LIKE '%不在订阅源的主机上%'"), 2);
    assert_int_equal(number(s, "SELECT count(*) FROM intake_seen WHERE reason LIKE '%不跟随%'"), 1);
    assert_int_equal(number(s, "SELECT count(*) FROM document WHERE file_name = '附件一.txt'"), 1);
    (void)run_ok(s, id);
    assert_int_equal(asked(f, 1), 1); /* not fetched again */
}

static void a_bad_feed_is_one_line(void **state)
{
    struct fed *f = *state;
    struct scene *s = f->s;
    struct intake_run r;
    struct err e;
    const struct {
        const char *path, *head, *body, *says;
    } bad[] = {
        {"/none", "404 Not Found", "", "404"},
        {"/html", "200 OK\r\nContent-Type: text/html", "<html><body>x</body></html>", "不是 Atom"},
        {"/dtd", "200 OK", "<!DOCTYPE rss [<!ENTITY a \"x\">]><rss>&a;</rss>", "DTD"},
        {"/loop", "302 Found\r\nLocation: /loop", "", "没有内容"},
    };
    for (int i = 0; i < 4; i++) {
        show(f, i, bad[i].path, bad[i].head, bad[i].body);
        int64_t id = add_feed(f, bad[i].path, bad[i].path, false);
        enum code c = intake_run_now(s->o, &s->a, id, &r, &e);
        assert_int_not_equal(c, OK);
        if (!strstr(e.msg, bad[i].says) || strchr(e.msg, '\n'))
            fail_msg("%s: %s", bad[i].path, e.msg);
        assert_true(get_source(s, id).failures == 1);
    }
    assert_int_equal(number(s, DOCUMENTS), 0);
}

static void a_feed_has_a_size_limit(void **state)
{
    struct fed *f = *state;
    struct scene *s = f->s;
    struct intake_run r;
    struct err e;
    /* the length it announces is enough to refuse it */
    show(f, 0, "/long", "200 OK\r\nContent-Length: 99000000\r\nX-Rest: ignored", "");
    int64_t id = add_feed(f, "太长", "/long", false);
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "上限8 MiB"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            takes_each_entry_once_and_asks_for_changes_only, feed_open, feed_close),
        cmocka_unit_test_setup_teardown(follows_links_on_its_own_host_only, feed_open, feed_close),
        cmocka_unit_test_setup_teardown(a_bad_feed_is_one_line, feed_open, feed_close),
        cmocka_unit_test_setup_teardown(a_feed_has_a_size_limit, feed_open, feed_close),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("intake_feed", tests, NULL, NULL);
}
