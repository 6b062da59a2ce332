#include "cli/settings.h"

#include "base/id.h"
#include "base/io.h"

static const char *const levels[] = {"debug", "info", "warn", "error", NULL};

static const struct conf_key keys[] = {
    {.name = "listen",
        .type = CONF_TEXT,
        .dflt = "127.0.0.1:8080",
        .help = "网页的地址；命令行的 --listen 优先"},
    {.name = "database",
        .type = CONF_TEXT,
        .dflt = "",
        .help = "PostgreSQL 的地址 postgresql://…；空着用数据目录里的 qianshao.db"},
    {.name = "node",
        .type = CONF_INT,
        .dflt = "0",
        .hi = ID_MAX_NODE,
        .help = "几个节点共用一个 PostgreSQL 时各自的编号，互不相同"},
    {.name = "demo", .type = CONF_BOOL, .dflt = "false", .help = "演示单位：每个页面都标明"},
    {.name = "readers",
        .type = CONF_INT,
        .dflt = "0",
        .hi = 64,
        .help = "同时读取文件的沙箱进程数；0为处理器数"},
    {.name = "intake",
        .type = CONF_BOOL,
        .dflt = "true",
        .help = "服务运行时自动收文（监视的文件夹、邮箱、订阅源）"},
    {.name = "site",
        .type = CONF_TEXT,
        .dflt = "",
        .help = "各单位打开本平台的网址 https://…，写进通知邮件；空着邮件里没有链接"},
    {.name = "mail_url",
        .type = CONF_TEXT,
        .dflt = "",
        .help =
            "发通知的邮件服务器 smtp://主机:端口（STARTTLS）或 smtps://主机:端口；空着不发邮件"},
    {.name = "mail_from", .type = CONF_TEXT, .dflt = "", .help = "发件人的邮箱地址"},
    {.name = "mail_user", .type = CONF_TEXT, .dflt = "", .help = "邮件服务器的用户名；空着不登录"},
    {.name = "mail_password_file",
        .type = CONF_TEXT,
        .dflt = "",
        .help = "口令所在的文件（只限本用户可读），取第一行"},
    {.name = "mail_ca",
        .type = CONF_TEXT,
        .dflt = "",
        .help = "邮件服务器和群机器人另外信任的证书文件"},
    {.name = "mail_plaintext",
        .type = CONF_BOOL,
        .dflt = "false",
        .help = "发邮件不加密；只在与邮件服务器之间的网络可信时用"},
    {.name = "brief_at",
        .type = CONF_TEXT,
        .dflt = "07:45",
        .help = "每个工作日几点制成《今日要情》；空着不制"},
    {.name = "climb_step",
        .type = CONF_DURATION,
        .dflt = "0s",
        .help = "演练用：逐级呼叫每隔多久叫下一位；0s按值班设置里的分钟数"},
    {.name = "hook_loopback",
        .type = CONF_BOOL,
        .dflt = "false",
        .help = "群机器人可以是本机的 http://127.0.0.1:端口（本机有转发程序时用）"},
    {.name = "log",
        .type = CONF_WORD,
        .dflt = "info",
        .words = levels,
        .help = "日志（标准错误，每行一个 JSON）的详细程度：debug、info、warn、error"},
    {.name = NULL},
};

enum code settings_load(struct cli *c, const struct conf **out, struct err *e)
{
    char path[IO_PATH_MAX];
    TRY(io_join(path, c->data, "qianshao.yaml", e));
    return conf_load(&c->arena, keys, path, false, out, e);
}

void settings_write(struct buf *b, struct str database, bool demo)
{
    conf_write(b, keys);
    if (demo)
        buf_z(b, "\ndemo: true\n");
    if (database.n) {
        buf_z(b, "\ndatabase: '");
        for (size_t i = 0; i < database.n; i++) /* '' is a quote inside quotes */
            buf_printf(b, "%c%s", database.p[i], database.p[i] == '\'' ? "'" : "");
        buf_z(b, "'\n");
    }
}

enum code settings_open(struct cli *c, enum open_mode mode, struct office **o, struct err *e)
{
    const struct conf *conf;
    TRY(settings_load(c, &conf, e));
    TRY(id_set_node(conf_int(conf, "node"), e));
    struct office_options opt = {.dir = str_z(c->data),
        .url = conf_text(conf, "database"),
        .readers = (int)conf_int(conf, "readers"),
        .demo = conf_bool(conf, "demo"),
        .read_only = mode == OPEN_READ};
    enum code code = office_open(&opt, o, e);
    return code == E_NOTFOUND ? (e->code = E_INPUT) : code; /* a wrong --data is bad use */
}

enum code settings_drop_index(struct cli *c, struct err *e)
{
    char lock[IO_PATH_MAX], index[IO_PATH_MAX];
    int fd;
    TRY(io_join(lock, c->data, "lock", e));
    TRY(io_join(index, c->data, "index", e));
    TRY(io_lock(lock, &fd, e));
    enum code code = io_remove_tree(index, e);
    if (code == OK)
        code = io_mkdirs(index, S_IRWXU, e);
    io_unlock(fd);
    return code;
}
