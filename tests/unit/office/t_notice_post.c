/* Notices that leave, to a mail server (aiosmtpd) and a robot of its own on 127.0.0.1. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/utf8.h"
#include "noticedb.h"
#include "office/brief.h"
#include "office/notice_post.h"
#include "office/schema.h"

#define PYTHON "/usr/bin/python3"

struct servers {
    char dir[IO_PATH_MAX];
    pid_t pid;
    int stdin_fd, smtp, smtps, robot;
};
static struct servers srv;

struct scene {
    struct itemdb t;
    struct office office;
    struct post_options opt;
    char ca[IO_PATH_MAX], url[200];
    int mails, hooks; /* seen so far */
};

/* ---- the servers ---- */

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

static void set_mode(const char *mode)
{
    char path[IO_PATH_MAX];
    struct err e;
    assert_int_equal(io_join(path, srv.dir, "mode", &e), OK);
    assert_int_equal(io_write_file(path, str_z(mode), 0600, &e), OK);
}

static int servers_start(void **state)
{
    char key[IO_PATH_MAX], cert[IO_PATH_MAX], ports[IO_PATH_MAX];
    int in[2];
    struct err e;
    (void)state;
    assert_int_equal(io_temp_dir("t-post-", srv.dir, &e), OK);
    assert_int_equal(io_join(key, srv.dir, "key.pem", &e), OK);
    assert_int_equal(io_join(cert, srv.dir, "cert.pem", &e), OK);
    assert_int_equal(io_join(ports, srv.dir, "ports", &e), OK);
    const char *const argv[] = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
        "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
        "-out", cert, NULL};
    run_program(argv);
    set_mode("ok");
    assert_int_equal(pipe(in), 0);
    (void)fcntl(in[1], F_SETFD, FD_CLOEXEC);
    srv.pid = fork();
    if (srv.pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(in[0], 0);
        (void)dup2(null, 2); /* aiosmtpd tells of each handshake that failed */
        execl(PYTHON, "python3", "tests/post_servers.py", srv.dir, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    srv.stdin_fd = in[1];
    for (int i = 0; i < 200 && !io_exists(ports); i++)
        (void)nanosleep(&(struct timespec){0, 100000000L}, NULL);
    assert_true(io_exists(ports)); /* python3-aiosmtpd is not installed: tools/packages.txt */
    struct buf b;
    buf_init(&b, 100);
    assert_int_equal(io_read_file(ports, 100, &b, &e), OK);
    struct str rest = buf_view(&b), word;
    int64_t v[3] = {0};
    for (int i = 0; i < 3 && str_next(&rest, S(" "), &word); i++)
        assert_int_equal(str_int(word, &v[i], &e), OK);
    buf_release(&b);
    srv.smtp = (int)v[0];
    srv.smtps = (int)v[1];
    srv.robot = (int)v[2];
    return 0;
}

static int servers_stop(void **state)
{
    struct err e;
    (void)state;
    close(srv.stdin_fd);
    (void)waitpid(srv.pid, NULL, 0);
    (void)!io_remove_tree(srv.dir, &e);
    return 0;
}

/* Message number n of a sort, or NULL when there is none. */
static json_t *message(const char *sort, int n)
{
    char path[IO_PATH_MAX + 40];
    struct buf b;
    struct err e;
    json_t *o = NULL;
    (void)snprintf(path, sizeof(path), "%s/%s-%d.json", srv.dir, sort, n);
    buf_init(&b, 0);
    if (io_exists(path)) {
        assert_int_equal(io_read_file(path, 1 << 20, &b, &e), OK);
        assert_int_equal(jr_parse(buf_view(&b), &o, &e), OK);
    }
    buf_release(&b);
    return o;
}

static int count(const char *sort)
{
    for (int n = 0;; n++) {
        json_t *o = message(sort, n + 1);
        if (!o)
            return n;
        json_decref(o);
    }
}

/* ---- an office ---- */

struct choice {
    int64_t person;
    struct notice_setting s;
};
static enum code choose_fn(struct db *db, void *arg, struct err *e)
{
    const struct choice *c = arg;
    return notice_setting_put(db, c->person, &c->s, e);
}

static void choose(struct scene *s, int who, struct notice_setting setting)
{
    struct choice c = {s->t.person[who], setting};
    struct err e;
    if (store_write(s->t.o.st, choose_fn, &c, &e) != OK)
        fail_msg("%s", e.msg);
}

#define ALL   ((1U << N_NOTICE) - 1)
#define MAIL  ((struct notice_setting){.mail = S("liaison@yunling.example"), .mail_kinds = ALL})
#define ROBOT ((struct notice_setting){.hook_kinds = ALL})

static int set_up(void **state)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct err e;
    itemdb_open(&s->t);
    itemdb_kind(&s->t, notice_kind_yaml);
    s->office = (struct office){.store = s->t.o.st, .dir = s->t.o.t.dir};
    assert_int_equal(io_join(s->ca, srv.dir, "cert.pem", &e), OK);
    (void)snprintf(s->url, sizeof(s->url), "smtp://127.0.0.1:%d", srv.smtps);
    s->opt = (struct post_options){.mail_url = str_z(s->url),
        .mail_from = S("office@yunling.example"),
        .mail_user = S("office"),
        .mail_password = S("geheim-2026"),
        .ca = str_z(s->ca),
        .hook_loopback = true,
        .site = S("https://oa.yunling.example")};
    s->mails = count("mail");
    s->hooks = count("hook");
    set_mode("ok");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    itemdb_close(&s->t);
    free(s);
    return 0;
}

static size_t post_at(struct scene *s, int64_t now_ms)
{
    struct err e;
    size_t sent = 0;
    if (notice_post_run(&s->office, &s->opt, now_ms, NULL, &sent, &e) != OK)
        fail_msg("%s", e.msg);
    return sent;
}

static int new_mails(const struct scene *s)
{
    return count("mail") - s->mails;
}

static int new_hooks(const struct scene *s)
{
    return count("hook") - s->hooks;
}

static int64_t add_hook(struct scene *s)
{
    char url[100];
    int64_t id = 0;
    struct err e;
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/send?key=geheim", srv.robot);
    if (hook_add(&s->office, s->t.actor[CHIEF].v, UNIT_FINANCE, S("财务部工作群"), str_z(url), &id,
            &e) != OK)
        fail_msg("%s", e.msg);
    return id;
}

static void assert_has(const json_t *o, const char *key, const char *words)
{
    if (!str_has(jr_str(o, key), str_z(words)))
        fail_msg("%s “%.*s” has no “%s”", key, SF(jr_str(o, key)), words);
}

/* ---- mail ---- */

static void a_mail_arrives_encrypted_and_once(void **state)
{
    struct scene *s = *state;
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 1);
    assert_int_equal(post_at(s, s->t.now_ms + MS_DAY), 0);
    assert_int_equal(new_mails(s), 1);
    json_t *m = message("mail", s->mails + 1);
    assert_true(jr_bool(m, "tls", false));
    assert_has(m, "from", "office@yunling.example");
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(m, "to"), 0)), "liaison@yunling.example");
    assert_true(str_eq(jr_str(m, "subject"), S("[前哨] 请办：防汛通知")));
    assert_has(m, "text", "传达贯彻，7月20日前回复");
    assert_has(m, "text", "https://oa.yunling.example/items/");
    assert_true(jr_int(m, "longest", 1000) <= 78);
    json_decref(m);
}

static void a_certificate_that_is_not_trusted_stops_it(void **state)
{
    struct scene *s = *state;
    s->opt.ca = S("");
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(new_mails(s), 0);
    struct notice *v;
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 0"
                                         " AND tries = 1 AND error LIKE '邮件没有发出%'"),
        1);
    assert_int_equal(noticedb_list(&s->t, LIAISON, &v), 1);
    /* a server that offers no encryption gets nothing either */
    (void)snprintf(s->url, sizeof(s->url), "smtp://127.0.0.1:%d", srv.smtp);
    s->opt.mail_url = str_z(s->url);
    s->opt.mail_user = S("");
    assert_int_equal(post_at(s, s->t.now_ms + MS_DAY), 0);
    assert_int_equal(new_mails(s), 0);
    s->opt.mail_plaintext = true; /* unless the office says so */
    assert_int_equal(post_at(s, s->t.now_ms + 2 * MS_DAY), 1);
    assert_int_equal(new_mails(s), 1);
}

static void tried_again_with_growing_pauses_then_given_up(void **state)
{
    struct scene *s = *state;
    struct notice *v;
    int64_t at = s->t.now_ms, tries = 0;
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    set_mode("busy");
    for (; tries < POST_TRIES; tries++) {
        assert_int_equal(post_at(s, at), 0);
        assert_int_equal(post_at(s, at + 1000), 0); /* not yet again */
        assert_int_equal(itemdb_count(&s->t, "SELECT max(tries) FROM notice_out"), tries + 1);
        at = itemdb_count(&s->t, "SELECT max(next_at) FROM notice_out");
    }
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 4"), 1);
    set_mode("ok");
    assert_int_equal(post_at(s, at + MS_DAY), 0);
    assert_int_equal(new_mails(s), 0);
    assert_int_equal(noticedb_list(&s->t, LIAISON, &v), 1);
    assert_true(v[0].failed.n > 0); /* he sees that no mail came */
}

static void an_address_that_is_refused_is_not_tried_again(void **state)
{
    struct scene *s = *state;
    struct notice *v;
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    set_mode("no");
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 4"), 1);
    assert_int_equal(noticedb_list(&s->t, LIAISON, &v), 1);
    assert_true(str_has(v[0].failed, S("550")));
}

static void what_broke_off_behind_the_text_is_not_sent_twice(void **state)
{
    struct scene *s = *state;
    struct notice *v;
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    set_mode("cut");
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(new_mails(s), 1);
    set_mode("ok");
    assert_int_equal(post_at(s, s->t.now_ms + MS_DAY), 0);
    assert_int_equal(new_mails(s), 1);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 5"), 1);
    assert_int_equal(noticedb_list(&s->t, LIAISON, &v), 1);
    assert_true(v[0].failed.n > 0);
}

static enum code kill_fn(struct db *db, void *arg, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE notice_out SET state = ?1, claim = 77, next_at = ?2");
    const int64_t *v = arg;
    stmt_bind_int(q, 1, v[0]);
    stmt_bind_int(q, 2, v[1]);
    return stmt_run(q, NULL, e);
}

/* What the table holds when the process dies: claimed (1), or the text on its way (2). */
static void a_kill_neither_loses_nor_repeats(void **state)
{
    struct scene *s = *state;
    struct err e;
    choose(s, LIAISON, MAIL);
    (void)noticedb_relayed(&s->t);
    set_mode("busy");
    (void)post_at(s, s->t.now_ms); /* the row is there */
    set_mode("ok");
    int64_t lease = s->t.now_ms + 5 * MS_MINUTE;
    int64_t claimed[2] = {1, lease};
    assert_int_equal(store_write(s->t.o.st, kill_fn, claimed, &e), OK);
    assert_int_equal(post_at(s, lease - 1), 0);
    assert_int_equal(post_at(s, lease), 1);
    assert_int_equal(new_mails(s), 1);
    int64_t leaving[2] = {2, lease};
    assert_int_equal(store_write(s->t.o.st, kill_fn, leaving, &e), OK);
    assert_int_equal(post_at(s, lease), 0);
    assert_int_equal(new_mails(s), 1);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 5"), 1);
}

static void a_digest_waits_for_its_hour_and_quiet_for_its_end(void **state)
{
    struct scene *s = *state;
    struct notice_setting daily = MAIL;
    daily.rhythm = RHYTHM_DAILY;
    choose(s, LIAISON, daily);
    struct notice_setting quiet = MAIL;
    quiet.mail = S("party@yunling.example");
    quiet.quiet_from = 8 * 60;
    quiet.quiet_to = 12 * 60;
    choose(s, LIAISON2, quiet);
    for (int i = 0; i < 3; i++)
        (void)noticedb_relayed(&s->t);
    int64_t today = clock_day_ms(clock_day(s->t.now_ms, ZONE_CHINA), ZONE_CHINA);
    assert_int_equal(post_at(s, today + 12 * MS_HOUR - 1), 0);
    assert_int_equal(post_at(s, today + 12 * MS_HOUR), 1); /* three in one */
    assert_int_equal(post_at(s, today + 32 * MS_HOUR - 1), 0);
    assert_int_equal(post_at(s, today + 32 * MS_HOUR), 1); /* 08:00 of the next day */
    json_t *m = message("mail", s->mails + 2);
    assert_true(str_eq(jr_str(m, "subject"), S("[前哨] 有3条通知")));
    json_decref(m);
}

static void what_was_read_or_answered_meanwhile_does_not_leave(void **state)
{
    struct scene *s = *state;
    struct notice_setting daily = MAIL;
    daily.rhythm = RHYTHM_DAILY;
    choose(s, LIAISON, daily);
    int64_t id = noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    DO(&s->t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(&s->t, id, UNIT_FINANCE),
        .word = "已反馈");
    assert_int_equal(post_at(s, s->t.now_ms + 2 * MS_DAY), 0);
    assert_int_equal(new_mails(s), 0);
}

static void only_the_kinds_he_chose(void **state)
{
    struct scene *s = *state;
    struct notice_setting reminders = MAIL;
    reminders.mail_kinds = 1U << NOTICE_REMINDED;
    choose(s, LIAISON, reminders);
    int64_t id = noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    DO(&s->t, SECRETARY, .verb = V_REMIND, .id = noticedb_ask(&s->t, id, UNIT_FINANCE),
        .text = "请今天反馈");
    assert_int_equal(post_at(s, s->t.now_ms), 1);
    json_t *m = message("mail", s->mails + 1);
    assert_has(m, "subject", "催办");
    json_decref(m);
}

static void of_a_work_secret_no_word_leaves(void **state)
{
    struct scene *s = *state;
    choose(s, LIAISON, MAIL);
    struct act a = {
        .verb = V_OPEN, .json = TWO_UNITS, .open = {.kind = S("relay_test"), .level = 2}};
    struct err e;
    assert_int_equal(noticedb_try(&s->t, SECRETARY, &a, &e), OK);
    DO(&s->t, SECRETARY, .verb = V_MOVE, .id = a.id, .revision = 1, .word = "relay");
    assert_int_equal(post_at(s, s->t.now_ms), 1);
    json_t *m = message("mail", s->mails + 1);
    assert_false(str_has(jr_str(m, "subject"), S("防汛")));
    assert_false(str_has(jr_str(m, "text"), S("防汛")));
    assert_has(m, "text", "工作秘密");
    json_decref(m);
}

static void a_title_cannot_write_heads(void **state)
{
    struct arena a;
    struct buf b;
    (void)state;
    arena_init(&a);
    buf_init(&b, 0);
    struct post_options o = {.mail_from = S("a@b.cn")};
    mail_write(&b, &o,
        &(struct post_mail){.to = S("c@d.cn"),
            .subject = S("很长的标题很长的标题很长的标题很长的标题\r\nBcc: x@y.cn"),
            .text = S("\r\n.\r\nMAIL FROM:<x@y.cn>\r\n"),
            .id = S("notice-1")});
    struct str rest = buf_view(&b), line;
    while (str_next(&rest, S("\r\n"), &line)) {
        assert_true(line.n <= 78);
        assert_false(str_starts(line, S("Bcc")));
        assert_false(str_eq(line, S(".")));
    }
    buf_release(&b);
    arena_release(&a);
}

/* ---- robots ---- */

static void a_group_hears_who_and_how_many_but_no_title(void **state)
{
    struct scene *s = *state;
    (void)add_hook(s);
    choose(s, LIAISON, ROBOT);
    for (int i = 0; i < 30; i++)
        (void)noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 1); /* thirty in one */
    json_t *m = message("hook", s->hooks + 1);
    const json_t *text = json_object_get(json_object_get(m, "json"), "text");
    assert_has(text, "content", "张三 请办30条");
    assert_false(str_has(jr_str(text, "content"), S("防汛")));
    assert_has(m, "path", "/send?key=geheim");
    json_decref(m);
}

static void a_robot_speaks_at_most_twenty_times_a_minute(void **state)
{
    struct scene *s = *state;
    int64_t begin = s->t.now_ms, n = 0;
    (void)add_hook(s);
    choose(s, LIAISON, ROBOT);
    for (int64_t now = begin; now < begin + MS_MINUTE; now += 500) {
        s->t.now_ms = now;
        if (now % 1500 == 0)
            (void)noticedb_relayed(&s->t);
        n += (int64_t)post_at(s, now);
    }
    assert_true(n <= 20 && n >= 15);
    assert_int_equal(new_hooks(s), n);
    (void)post_at(s, begin + 2 * MS_MINUTE); /* and nothing is lost */
    assert_int_equal(
        itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE channel = 2 AND state <> 3"), 0);
}

static void a_robot_that_is_over_its_limit_is_asked_later(void **state)
{
    struct scene *s = *state;
    (void)add_hook(s);
    choose(s, LIAISON, ROBOT);
    (void)noticedb_relayed(&s->t);
    set_mode("limit");
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    set_mode("ok");
    assert_int_equal(post_at(s, s->t.now_ms + MS_MINUTE), 1);
}

static void a_redirect_is_not_followed(void **state)
{
    struct scene *s = *state;
    (void)add_hook(s);
    choose(s, LIAISON, ROBOT);
    (void)noticedb_relayed(&s->t);
    set_mode("away");
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(new_hooks(s), 0);
}

static void loopback_needs_leave(void **state)
{
    struct scene *s = *state;
    (void)add_hook(s);
    s->opt.hook_loopback = false;
    choose(s, LIAISON, ROBOT);
    (void)noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(new_hooks(s), 0);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 4"), 1);
}

static void only_a_chief_sets_robots_and_the_key_stays_hidden(void **state)
{
    struct scene *s = *state;
    struct notice_hook *v;
    size_t n;
    struct err e;
    int64_t id = 0;
    assert_int_equal(hook_add(&s->office, s->t.actor[SECRETARY].v, UNIT_FINANCE, S("群"),
                         S("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"), &id, &e),
        E_DENIED);
    id = add_hook(s);
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(hook_list(db, &s->t.o.a, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].host, S("127.0.0.1")));
    char path[IO_PATH_MAX];
    struct stat st;
    assert_int_equal(io_join(path, s->office.dir, "notice.secret", &e), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(hook_remove(&s->office, s->t.actor[CHIEF].v, id, &e), OK);
    struct buf b;
    buf_init(&b, 0);
    assert_int_equal(io_read_file(path, 1000, &b, &e), OK);
    assert_false(str_has(buf_view(&b), S("geheim")));
    buf_release(&b);
}

static void only_https_to_a_name_is_an_address(void **state)
{
    static const char *const good[] = {"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-b",
        "https://oa.example.com:8443/x", "https://im.example.cn"};
    static const char *const bad[] = {"http://qyapi.weixin.qq.com/x", "https://127.0.0.1/x",
        "https://192.168.1.1/", "https://2130706433/", "https://0x7f.0x0.0x0.0x1/",
        "https://127.1/", "https://localhost/", "https://a.example.com@127.0.0.1/",
        "https://[::1]/", "file:///etc/passwd", "ftp://example.com/",
        "https://example.com\r\nX: y/", "https://例子.中国/", "https://exa mple.com/", "https://",
        "", "https://example.com:99999/", "https://example.com:8x/", "gopher://x.example.com/",
        "https:\\\\example.com\\"};
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        if (!hook_address(str_z(good[i]), false))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (hook_address(str_z(bad[i]), false) || hook_address(str_z(bad[i]), true))
            fail_msg("%s", bad[i]);
    assert_false(hook_address(S("http://127.0.0.1:80/x"), false));
    assert_true(hook_address(S("http://127.0.0.1:80/x"), true));
    assert_false(hook_address(S("http://127.0.0.2:80/x"), true));
}

static void a_message_is_cut_between_characters(void **state)
{
    struct arena a;
    struct buf b;
    (void)state;
    arena_init(&a);
    buf_init(&b, 0);
    for (int i = 0; i < 1000; i++)
        buf_z(&b, i % 7 ? "汛" : "𠮷");
    for (size_t max = 2040; max <= HOOK_TEXT_BYTES; max++) {
        struct str s = post_cut(&a, buf_view(&b), max);
        assert_true(s.n <= max && s.n + 7 > max);
        assert_int_equal(utf8_check(s), SIZE_MAX);
        assert_true(str_ends(s, S("…")));
    }
    assert_true(str_eq(post_cut(&a, S("短"), HOOK_TEXT_BYTES), S("短")));
    buf_release(&b);
    arena_release(&a);
}

/* Mail and robots are there and would take it; nothing reaches them, and the row says why. */
/* ---- letters ---- */

static enum code letter_fn(struct db *db, void *arg, struct err *e)
{
    const int64_t *person = arg;

    return letter_put(db,
        &(struct post_letter){.person = *person,
            .about = S("brief 2026-07-13"),
            .name = S("brief-2026-07-13-1-1"),
            .subject = S("[前哨] 今日要情 2026-07-13"),
            .text = S("待批\n普通的请示\n另有工作秘密事项\n"),
            .path = S("/brief?day=2026-07-13"),
            .at_ms = MONDAY},
        e);
}

static void put_letter(struct scene *s, int who)
{
    struct err e;
    if (store_write(s->t.o.st, letter_fn, &s->t.person[who], &e) != OK)
        fail_msg("%s", e.msg);
}

static struct str letter_why(struct scene *s)
{
    struct err e;
    struct str out;
    struct db *db = itemdb_read(&s->t);
    assert_int_equal(letter_failed(db, &s->t.o.a, S("brief 2026-07-13"), &out, &e), OK);
    store_read_end(db);
    return out;
}

/* What belongs to no matter leaves by the same door, on its own, is tried again as notices are, and not by quiet hours of another. */
static void a_letter_goes_once(void **state)
{
    struct scene *s = *state;
    choose(s, LEADER, MAIL);
    put_letter(s, LEADER);
    assert_int_equal(post_at(s, MONDAY - 1), 0);
    set_mode("busy");
    assert_int_equal(post_at(s, MONDAY), 0);
    assert_true(letter_why(s).n > 0);
    set_mode("ok");
    assert_int_equal(post_at(s, MONDAY + 1000), 0); /* not yet again */
    assert_int_equal(post_at(s, MONDAY + MS_HOUR), 1);
    assert_int_equal(post_at(s, MONDAY + MS_DAY), 0);
    assert_int_equal(letter_why(s).n, 0);
    assert_int_equal(new_mails(s), 1);
    json_t *m = message("mail", s->mails + 1);
    assert_true(str_eq(jr_str(m, "subject"), S("[前哨] 今日要情 2026-07-13")));
    assert_has(m, "text", "普通的请示");
    assert_has(m, "text", "https://oa.yunling.example/brief?day=2026-07-13");
    json_decref(m);
}

static void letters_are_not_put_together(void **state)
{
    struct scene *s = *state;
    choose(s, LEADER, MAIL);
    put_letter(s, LEADER);
    put_letter(s, LEADER);
    put_letter(s, LIAISON); /* has given no address */
    assert_int_equal(post_at(s, MONDAY), 2);
    assert_int_equal(new_mails(s), 2);
    assert_true(str_has(letter_why(s), S("没有填写邮箱")));
}

/* What the queue of the sheets held before it was done away with. */
static enum code old_fn(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    TRY(db_exec(
        db, "INSERT INTO brief(day, audience, made, body) VALUES('2026-07-13', 0, 5, '{}')", e));
    TRY(db_exec(db,
        "INSERT INTO brief_mail(day, audience, person, state, tries, next_at, error) VALUES"
        "('2026-07-13', 0, 1, 0, 0, 9, ''), ('2026-07-13', 0, 2, 3, 1, 9, ''),"
        "('2026-07-13', 0, 3, 4, 6, 9, '邮箱不对'), ('2026-07-13', 0, 4, 2, 1, 9, '')",
        e));
    return OK;
}

static void the_old_queue_is_taken_over(void **state)
{
    struct testdb t;
    struct err e;
    size_t before = 0;
    struct db *db;
    (void)state;
    while (strcmp(office_migrations[before].name, "notice_letter") != 0)
        before++;
    testdb_open(&t, testdb_pg());
    assert_int_equal(store_migrate(t.st, office_migrations, before, &e), OK);
    if (store_write(t.st, old_fn, NULL, &e) != OK)
        fail_msg("%s", e.msg);
    if (store_migrate(t.st, office_migrations, office_n_migrations, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(store_read(t.st, &db, &e), OK);
    struct stmt *q = db_sql(db, "SELECT l.person, o.state, o.error, l.about, l.at FROM"
                                " notice_letter l JOIN notice_out o ON o.notice = l.id AND"
                                " o.channel = 3 ORDER BY l.person");
    static const int states[] = {4, 3, 4, 5};
    static const char *const errors[] = {"升级", "", "邮箱不对", "中断"};
    for (int i = 0; i < 4; i++) {
        assert_true(stmt_step(q));
        assert_int_equal(stmt_int(q, 0), i + 1);
        assert_int_equal(stmt_int(q, 1), states[i]);
        assert_true(str_has(stmt_str(q, 2), str_z(errors[i])));
        assert_true(str_eq(stmt_str(q, 3), S("brief 2026-07-13")) && stmt_int(q, 4) == 5);
    }
    assert_false(stmt_step(q));
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    testdb_close(&t);
}

static void a_letter_stays_in_a_practice_office(void **state)
{
    struct scene *s = *state;
    choose(s, LEADER, MAIL);
    put_letter(s, LEADER);
    s->office.practice = true;
    assert_int_equal(post_at(s, MONDAY), 0);
    assert_int_equal(post_at(s, MONDAY + MS_DAY), 0);
    assert_int_equal(new_mails(s), 0);
    assert_true(str_has(letter_why(s), S("练习库不向外发送")));
}

static void a_practice_office_sends_nothing(void **state)
{
    struct scene *s = *state;
    struct notice_setting both = MAIL;
    both.hook_kinds = ALL;
    (void)add_hook(s);
    choose(s, LIAISON, both);
    s->office.practice = true;
    (void)noticedb_relayed(&s->t);
    assert_int_equal(post_at(s, s->t.now_ms), 0);
    assert_int_equal(post_at(s, s->t.now_ms + MS_DAY), 0);
    assert_int_equal(new_mails(s) + new_hooks(s), 0);
    assert_true(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state = 4 AND error ="
                                    " '练习库不向外发送'") >= 2);
    assert_int_equal(itemdb_count(&s->t, "SELECT count(*) FROM notice_out WHERE state <> 4"), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mail_arrives_encrypted_and_once),
        TEST(a_certificate_that_is_not_trusted_stops_it),
        TEST(tried_again_with_growing_pauses_then_given_up),
        TEST(an_address_that_is_refused_is_not_tried_again),
        TEST(what_broke_off_behind_the_text_is_not_sent_twice),
        TEST(a_kill_neither_loses_nor_repeats),
        TEST(a_digest_waits_for_its_hour_and_quiet_for_its_end),
        TEST(what_was_read_or_answered_meanwhile_does_not_leave),
        TEST(only_the_kinds_he_chose),
        TEST(of_a_work_secret_no_word_leaves),
        cmocka_unit_test(a_title_cannot_write_heads),
        TEST(a_group_hears_who_and_how_many_but_no_title),
        TEST(a_robot_speaks_at_most_twenty_times_a_minute),
        TEST(a_robot_that_is_over_its_limit_is_asked_later),
        TEST(a_redirect_is_not_followed),
        TEST(loopback_needs_leave),
        TEST(a_practice_office_sends_nothing),
        TEST(a_letter_goes_once),
        TEST(letters_are_not_put_together),
        cmocka_unit_test(the_old_queue_is_taken_over),
        TEST(a_letter_stays_in_a_practice_office),
        TEST(only_a_chief_sets_robots_and_the_key_stays_hidden),
        cmocka_unit_test(only_https_to_a_name_is_an_address),
        cmocka_unit_test(a_message_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, servers_start, servers_stop);
}
