/* The mailbox, against a Dovecot of its own on 127.0.0.1. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "intake_test.h"

#define PASSWORD "geheim-2026"

struct mail {
    struct scene *s;
    int port, tls_port;
    pid_t server;
    uid_t uid;
    gid_t gid;
    int mails;
};

static int free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    return ntohs(a.sin_port);
}

static void run_program(const char *const *argv)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        (void)dup2(null, 1);
        (void)dup2(null, 2);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Dovecot serves nothing as root: then its own users do it. */
static void write_config(const struct mail *m, const char *path)
{
    const char *d = m->s->dir;
    const struct passwd *me = getpwuid(geteuid()); // NOLINT(concurrency-mt-unsafe): one thread
    bool root = geteuid() == 0;
    struct buf b;
    struct err e;
    buf_init(&b, 0);
    buf_printf(&b,
        "protocols = imap\nbase_dir = %s/run\nstate_dir = %s/state\nlog_path = %s/log\n"
        "listen = 127.0.0.1\ndefault_login_user = %s\ndefault_internal_user = %s\n"
        "default_internal_group = %s\nssl = yes\nssl_cert = <%s/cert.pem\nssl_key = <%s/key.pem\n"
        "disable_plaintext_auth = no\nmail_location = maildir:%s/in/mail\nfirst_valid_uid = 1\n",
        d, d, d, root ? "dovenull" : me->pw_name, root ? "dovecot" : me->pw_name,
        root ? "dovecot" : me->pw_name, d, d, d);
    buf_printf(&b,
        "passdb {\n driver = static\n args = password=" PASSWORD "\n}\nuserdb {\n driver = static\n"
        " args = uid=%d gid=%d home=%s/in\n}\nservice imap-login {\n chroot =\n inet_listener imap "
        "{\n"
        "  port = %d\n }\n inet_listener imaps {\n  port = %d\n }\n}\nservice anvil {\n chroot "
        "=\n}\n"
        "service stats {\n chroot =\n}\n",
        (int)m->uid, (int)m->gid, d, m->port, m->tls_port);
    must(io_write_file(path, buf_view(&b), 0644, &e), &e);
    buf_release(&b);
}

static void make_certificate(const struct mail *m)
{
    char key[IO_PATH_MAX], cert[IO_PATH_MAX];
    struct err e;
    must(io_join(key, m->s->dir, "key.pem", &e), &e);
    must(io_join(cert, m->s->dir, "cert.pem", &e), &e);
    const char *const argv[] = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
        "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
        "-out", cert, NULL};
    run_program(argv);
}

static bool answers(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char hello[8] = "";
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval wait = {.tv_sec = 2};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    bool ok = connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 &&
              recv(fd, hello, 4, 0) == 4 && memcmp(hello, "* OK", 4) == 0;
    close(fd);
    return ok;
}

static int mail_open(void **state)
{
    struct mail *m = mem_alloc(sizeof(*m));
    char path[IO_PATH_MAX];
    void *scene;
    struct err e;
    assert_int_equal(scene_open(&scene), 0);
    m->s = scene;
    const struct passwd *who =
        geteuid() == 0 ? getpwnam("dovecot") : getpwuid(geteuid()); // NOLINT(concurrency-mt-unsafe)
    assert_non_null(who); /* dovecot-imapd is not installed: tools/packages.txt */
    m->uid = who->pw_uid;
    m->gid = who->pw_gid;
    m->port = free_port();
    m->tls_port = free_port();
    make_certificate(m);
    must(io_join(path, m->s->dir, "dovecot.conf", &e), &e);
    write_config(m, path);
    assert_int_equal(chown(m->s->in, m->uid, m->gid), 0);
    m->server = fork();
    if (m->server == 0) {
        execl("/usr/sbin/dovecot", "dovecot", "-F", "-c", path, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 100 && !answers(m->port); i++)
        pause_ms(100);
    assert_true(answers(m->port));
    *state = m;
    return 0;
}

static int mail_close(void **state)
{
    struct mail *m = *state;
    void *scene = m->s;
    (void)kill(m->server, SIGTERM);
    (void)waitpid(m->server, NULL, 0);
    free(m);
    return scene_close(&scene);
}

/* Into the Maildir, as a mail server's delivery does. */
static void deliver(struct mail *m, const char *subject, const char *body)
{
    static const char *const folders[] = {"in/mail", "in/mail/new", "in/mail/cur", "in/mail/tmp"};
    char path[IO_PATH_MAX], name[64];
    struct buf b;
    struct err e;
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        must(io_join(path, m->s->dir, folders[i], &e), &e);
        must(io_mkdirs(path, 0700, &e), &e);
        assert_int_equal(chown(path, m->uid, m->gid), 0);
    }
    (void)snprintf(
        name, sizeof(name), "in/mail/new/%d.M%dP1.test", 1700000000 + m->mails, m->mails);
    m->mails++;
    must(io_join(path, m->s->dir, name, &e), &e);
    buf_init(&b, 0);
    buf_printf(&b,
        "From: office@example.invalid\r\nTo: me@example.invalid\r\nSubject: %s\r\n"
        "Date: Mon, 02 Jun 2025 09:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
        subject, body);
    must(io_write_file(path, buf_view(&b), 0600, &e), &e);
    assert_int_equal(chown(path, m->uid, m->gid), 0);
    buf_release(&b);
}

static struct intake_source mailbox(struct mail *m, bool tls)
{
    return (struct intake_source){.kind = INTAKE_MAIL,
        .name = tls ? S("收文邮箱") : S("明文邮箱"),
        .place = arena_printf(&m->s->a, "%s://127.0.0.1:%d/INBOX", tls ? "imaps" : "imap",
            tls ? m->tls_port : m->port),
        .user = S("me"),
        .ca = tls ? arena_printf(&m->s->a, "%s/cert.pem", m->s->dir) : (struct str){0},
        .plaintext = !tls,
        .level = LEVEL_INTERNAL};
}

static void takes_each_mail_once_and_leaves_it_unread(void **state)
{
    struct mail *m = *state;
    struct scene *s = m->s;
    struct intake_source src = mailbox(m, true);
    int64_t id = add_source(s, &src, PASSWORD);
    struct intake_run r = run_ok(s, id);
    assert_int_equal(r.found, 0); /* an empty mailbox */
    deliver(m, "first", "关于汛期值班的通知，请各单位照办。\r\n{99}\r\nQ1003 OK not the end");
    deliver(m, "second", "第二封邮件的正文，内容不同。");
    r = run_ok(s, id);
    assert_int_equal(r.found, 2);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 2);
    assert_int_equal(number(s, "SELECT count(*) FROM document WHERE origin = 3"), 2);
    assert_int_equal(number(s, "SELECT count(*) FROM doc_text WHERE text LIKE '%not the end%'"), 1);
    assert_int_equal(run_ok(s, id).found, 0);
    deliver(m, "third", "机密★1年\r\n\r\n不应保存的内容。");
    deliver(m, "fourth", "第四封。");
    r = run_ok(s, id);
    assert_int_equal(r.counts.of[IMPORT_TAKEN], 1);
    assert_int_equal(r.counts.of[IMPORT_REFUSED], 1);
    assert_int_equal(run_ok(s, id).found, 0);
    /* opened with EXAMINE and read with PEEK, nothing was moved or marked as seen (":2,S") */
    const char *const look[] = {"sh", "-c",
        "cd \"$1\"/in/mail && [ $(ls new | wc -l) = 4 ] && [ -z \"$(ls cur)\" ]", "-", s->dir,
        NULL};
    run_program(look);
}

static void keeps_the_password_out_of_the_database(void **state)
{
    struct mail *m = *state;
    struct scene *s = m->s;
    struct intake_source src = mailbox(m, true);
    char path[IO_PATH_MAX];
    struct buf b;
    struct stat st;
    struct err e;
    int64_t id = add_source(s, &src, PASSWORD);
    must(io_join(path, s->data, "intake.secret", &e), &e);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    const char *const look[] = {
        "sh", "-c", "! grep -q " PASSWORD " \"$1\"/data/qianshao.db*", "-", s->dir, NULL};
    run_program(look);
    /* one that others may read is not used */
    struct intake_run r;
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_DENIED);
    assert_int_equal(chmod(path, 0600), 0);
    must(intake_remove(s->o, id, 0, &e), &e);
    buf_init(&b, 0);
    must(io_read_file(path, 1000, &b, &e), &e);
    assert_int_equal(b.n, 0);
    buf_release(&b);
}

static void fails_in_words_and_never_without_encryption(void **state)
{
    struct mail *m = *state;
    struct scene *s = m->s;
    struct intake_source src = mailbox(m, true);
    struct intake_run r;
    struct err e;
    src.name = S("错口令");
    int64_t id = add_source(s, &src, "wrong");
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
    assert_non_null(strstr(e.msg, "不接受用户“me”的口令"));
    src.name = S("不可信");
    src.ca = (struct str){0};
    id = add_source(s, &src, PASSWORD);
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
    assert_non_null(strstr(e.msg, "certificate"));
    /* imap:// means STARTTLS: with a certificate nobody vouches for, nothing is sent */
    src = mailbox(m, false);
    src.plaintext = false;
    src.name = S("没有明说不加密");
    id = add_source(s, &src, PASSWORD);
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
    src = mailbox(m, false);
    deliver(m, "plain", "内网里的一封邮件。");
    id = add_source(s, &src, PASSWORD);
    assert_int_equal(run_ok(s, id).counts.of[IMPORT_TAKEN], 1);
    src.place = arena_printf(&s->a, "imap://127.0.0.1:%d/Nothing", m->port);
    src.name = S("没有的文件夹");
    id = add_source(s, &src, PASSWORD);
    assert_int_equal(intake_run_now(s->o, &s->a, id, &r, &e), E_IO);
    assert_non_null(strstr(e.msg, "不肯打开邮箱文件夹"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            takes_each_mail_once_and_leaves_it_unread, mail_open, mail_close),
        cmocka_unit_test_setup_teardown(
            keeps_the_password_out_of_the_database, mail_open, mail_close),
        cmocka_unit_test_setup_teardown(
            fails_in_words_and_never_without_encryption, mail_open, mail_close),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("intake_mail", tests, NULL, NULL);
}
