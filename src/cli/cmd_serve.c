/* cmd_serve.c - serve: the platform, until it is asked to stop. The web layer is handed in by main.c. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/cli_int.h"
#include "cli/control.h"
#include "cli/people.h"
#include "cli/settings.h"
#include "office/evidence.h"
#include "office/intake.h"
#include "office/item_change.h"
#include "office/item_file.h"
#include "office/notice_post.h"
#include "office/session.h"

/* One event of the service's own life on standard error. */
static void note(const struct log *log, const char *event, const struct office *o)
{
    struct log_line l;
    log_begin(&l, log, LOG_INFO, event);
    log_int(&l, "pid", getpid());
    log_str(&l, "data", str_z(o->dir));
    log_str(&l, "version", S(QIANSHAO_VERSION));
    log_end(&l);
}

enum { PRUNE_EVERY_MS = 3600 * 1000, PASSWORD_FILE_MAX = 4096 };

/* Meanwhile expired sessions, files that no matter took and the old part of a feed are taken away, at the start and every hour. A failure of that is met
 * again by whoever signs in, and said there. */
static enum code wait_for_stop(struct office *o, int fd, struct err *e)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    struct door door = door_default(o->store, NULL);

    for (;;) {
        struct err ignored;
        int ready;
        (void)!session_prune(&door, clock_now_ms(), &ignored);
        (void)!item_file_prune(o->store, clock_now_ms(), &ignored);
        (void)!item_change_prune(o->store, clock_now_ms(), &ignored);
        while ((ready = poll(&p, 1, PRUNE_EVERY_MS)) < 0)
            if (errno != EINTR)
                return io_fail("等待", "停止信号", e);
        if (ready > 0)
            return OK;
    }
}

static enum code say_ready(
    const struct cli *c, const struct office *o, struct str address, struct err *e)
{
    if (c->json) {
        json_t *j = json_pack("{s:s%,s:i,s:s}", "address", address.p, address.n, "pid",
            (int)getpid(), "data", o->dir);
        enum code code = j ? cli_print_json(j, e) : FAIL(e, E_BUG, "就绪信息写不成 JSON");
        json_decref(j);
        return code;
    }
    printf("前哨已就绪：%.*s（进程%d，数据目录 %s，按 Ctrl-C 停止）\n", SF(address), (int)getpid(),
        o->dir);
    if (fflush(stdout) != 0)
        return io_fail("写到", "标准输出", e);
    return OK;
}

/* A demonstration says who may sign in; its password is no secret. */
static enum code say_logins(const struct cli *c, struct office *o, struct err *e)
{
    struct buf b;
    if (c->json)
        return OK;
    buf_init(&b, 0);
    enum code code = people_demo_logins(o, &b, e);
    if (code == OK)
        printf("演示登录名：%.*s；密码都是 %s，只能用于演示\n", SF(buf_view(&b)), DEMO_PASSWORD);
    buf_release(&b);
    if (code == OK && fflush(stdout) != 0)
        return io_fail("写到", "标准输出", e);
    return code;
}

/* The first line of a file that nobody else may read. */
static enum code read_password(struct cli *c, struct str path, struct str *out, struct err *e)
{
    struct stat st;
    struct buf b;
    struct str rest, line = {0};
    char *z = arena_z(&c->arena, path);
    if (!path.n)
        return OK;
    if (stat(z, &st) != 0)
        return io_fail("打开", z, e);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return FAIL(e, E_DENIED, "口令文件“%s”能被别人读，请先改为只限本用户（chmod 600）", z);
    buf_init(&b, PASSWORD_FILE_MAX);
    TRY(io_read_file(z, PASSWORD_FILE_MAX, &b, e));
    rest = buf_view(&b);
    if (str_next(&rest, S("\n"), &line))
        *out = arena_str(&c->arena, str_trim(line));
    buf_release(&b);
    return OK;
}

/* "07:45"; empty: -1 */
static enum code read_minute(struct str text, int *minute, struct err *e)
{
    struct str s = text;
    int hour = 0, m = 0;
    *minute = -1;
    if (!s.n)
        return OK;
    if (!str_eat_digits(&s, 1, 2, &hour) || !str_eat(&s, S(":")) || !str_eat_digits(&s, 2, 2, &m) ||
        s.n || hour > 23 || m > 59)
        return FAIL(e, E_INPUT, "设置 brief_at 的“%.*s”不是时刻，应当像 07:45", SF(text));
    *minute = hour * 60 + m;
    return OK;
}

static enum code start_post(
    struct cli *c, const struct conf *conf, struct office *o, struct postman **out, struct err *e)
{
    struct post_options opt = {.mail_url = conf_text(conf, "mail_url"),
        .mail_from = conf_text(conf, "mail_from"),
        .mail_user = conf_text(conf, "mail_user"),
        .ca = conf_text(conf, "mail_ca"),
        .mail_plaintext = conf_bool(conf, "mail_plaintext"),
        .hook_loopback = conf_bool(conf, "hook_loopback"),
        .climb_step_ms = conf_int(conf, "climb_step"),
        .site = conf_text(conf, "site")};
    TRY(read_password(c, conf_text(conf, "mail_password_file"), &opt.mail_password, e));
    TRY(read_minute(conf_text(conf, "brief_at"), &opt.brief_minute, e));
    (void)str_eat_end(&opt.site, S("/"));
    return postman_start(o, &opt, out, e);
}

/* Started in the order of need, stopped the other way round. */
static enum code serve_office(
    struct cli *c, const struct conf *conf, struct office *o, int stop_fd, struct err *e)
{
    const char *listen = cli_value(c, "listen");
    struct serve_settings settings = {.listen = listen ? str_z(listen) : conf_text(conf, "listen"),
        .site = conf_text(conf, "site"),
        .demo = conf_bool(conf, "demo")};
    bool intake_on = conf_bool(conf, "intake") && !cli_flag(c, "no-intake");
    struct intake *intake = NULL;
    struct control *control = NULL;
    struct postman *post = NULL;
    struct evidence_maker *maker = NULL;
    void *web = NULL;
    struct str address;
    (void)str_eat_end(&settings.site, S("/"));
    enum code code = control_open(o, &control, e);
    if (code == OK && intake_on)
        code = intake_start(o, &intake, e);
    if (code == OK)
        code = start_post(c, conf, o, &post, e);
    if (code == OK)
        code = evidence_maker_start(o, &maker, e);
    if (code == OK)
        code = c->services->web_start(o, &settings, &web, &address, e);
    if (code == OK)
        code = say_ready(c, o, address, e);
    if (code == OK && settings.demo)
        code = say_logins(c, o, e);
    struct log log = {STDERR_FILENO, (enum log_level)conf_word(conf, "log"), ZONE_CHINA};
    if (code == OK) {
        note(&log, "serve.start", o);
        code = wait_for_stop(o, stop_fd, e);
        note(&log, "serve.stop", o);
    }
    if (web)
        c->services->web_stop(web);
    control_close(control);
    evidence_maker_stop(maker);
    postman_stop(post);
    intake_stop(intake);
    return code;
}

static enum code run(struct cli *c, struct err *e)
{
    const struct conf *conf;
    struct office *o;
    TRY(settings_load(c, &conf, e));
    int stop_fd = cli_catch_signals(); /* before the first thread */
    if (stop_fd < 0)
        return io_fail("接收", "停止信号", e);
    enum code code = settings_open(c, OPEN_OWN, &o, e);
    if (code == OK) {
        code = serve_office(c, conf, o, stop_fd, e);
        office_close(o);
    }
    close(stop_fd);
    return code;
}

static const struct cli_option options[] = {
    {"listen", "地址:端口", "网页的地址，默认 127.0.0.1:8080；端口写0则自动选一个"},
    {"no-intake", NULL, "不自动收文（监视的文件夹、邮箱、订阅源都不问）"},
    {NULL, NULL, NULL},
};

const struct command cmd_serve = {
    .name = "serve",
    .args = "",
    .summary = "运行平台：网页、自动收文",
    .about = "就绪后在标准输出印一行地址；收到 SIGINT 或 SIGTERM 时先答完手上的请求再停。\n"
             "运行期间写入类命令（import、user、reindex 等）照常使用，由本服务代为执行。",
    .options = options,
    .run = run,
};
