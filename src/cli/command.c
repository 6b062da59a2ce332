#include "cli/command.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/utf8.h"
#include "cli/cli_int.h"

/* Every command, in the order of the overview. */
static const struct command *const commands[] = {
    &cmd_init,
    &cmd_serve,
    &cmd_import,
    &cmd_search,
    &cmd_match,
    &cmd_check,
    &cmd_diff,
    &cmd_format,
    &cmd_label,
    &cmd_category_list,
    &cmd_category_add,
    &cmd_user_list,
    &cmd_user_add,
    &cmd_user_disable,
    &cmd_user_posts,
    &cmd_user_enable,
    &cmd_user_reset,
    &cmd_user_import,
    &cmd_user_subscribe,
    &cmd_intake_list,
    &cmd_intake_add,
    &cmd_intake_remove,
    &cmd_intake_run,
    &cmd_term_list,
    &cmd_term_import,
    &cmd_term_export,
    &cmd_term_mine,
    &cmd_kind_list,
    &cmd_kind_check,
    &cmd_kind_show,
    &cmd_kind_newer,
    &cmd_kind_take,
    &cmd_template_list,
    &cmd_template_show,
    &cmd_template_check,
    &cmd_item_list,
    &cmd_item_show,
    &cmd_item_run,
    &cmd_export,
    &cmd_reindex,
    &cmd_verify,
    &cmd_practice_start,
    &cmd_practice_reset,
    &cmd_backup,
    &cmd_restore,
    &cmd_migrate,
    &cmd_docs,
    NULL,
};

const struct command *const *cli_commands(void)
{
    return commands;
}

const struct command *cli_command(struct str name)
{
    for (const struct command *const *c = commands; *c; c++)
        if (str_eq(str_z((*c)->name), name))
            return *c;
    return NULL;
}

int cli_status(enum code c)
{
    switch (c) {
    case OK:
        return 0;
    case E_NOTFOUND:
        return 1;
    case E_INPUT:
    case E_CONFLICT:
    case E_DENIED:
    case E_LIMIT:
    case E_SECRET:
    case E_BUSY:
        return 2;
    case E_FULL:
    case E_IO:
    case E_BUG:
        break;
    }
    return 3;
}

/* ---- options ---- */

/* The number of a command's own option, or -1. */
static int own_option(const struct command *cmd, struct str name)
{
    if (!cmd->options)
        return -1;
    for (int i = 0; cmd->options[i].name && i < CLI_MAX_OPTIONS; i++)
        if (str_eq(str_z(cmd->options[i].name), name))
            return i;
    return -1;
}

/* What stands behind the command's name. */
struct words {
    const char *const *v;
    size_t n, at;
};

/* One option `name` with what stood behind '=' (or NULL); may take the next argument. */
static enum code one_option(
    struct cli *c, struct str name, const char *value, struct words *w, struct err *e)
{
    bool is_data = str_eq(name, S("data"));
    int own = own_option(c->cmd, name);
    if (str_eq(name, S("json")) && !value) {
        c->json = true;
        return OK;
    }
    if (own < 0 && !is_data)
        return FAIL(e, E_INPUT, "“%s”没有选项“--%.*s”，用法见：qianshao %s --help", c->cmd->name,
            SF(name), c->cmd->name);
    if (!is_data && !c->cmd->options[own].arg) {
        if (value)
            return FAIL(e, E_INPUT, "选项“--%.*s”是开关，不带值“%s”", SF(name), value);
        c->values[own] = "";
        return OK;
    }
    if (!value) {
        if (w->at + 1 >= w->n)
            return FAIL(e, E_INPUT, "选项“--%.*s”后面缺少值，用法见：qianshao %s --help", SF(name),
                c->cmd->name);
        value = w->v[++w->at];
    }
    if (is_data) {
        c->data = value;
        c->data_given = true;
    } else
        c->values[own] = value;
    return OK;
}

/* Everything behind the command's name. *help: --help was there, nothing else counts. */
static enum code parse(struct cli *c, const char *const *argv, size_t n, bool *help, struct err *e)
{
    const char **args = ARENA_ARRAY(&c->arena, const char *, n + 1);
    struct words w = {argv, n, 0};
    bool options = true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            *help = true;
    for (; w.at < n && !*help; w.at++) {
        struct str a = str_z(argv[w.at]);
        if (options && str_eq(a, S("--"))) {
            options = false;
        } else if (options && a.n > 2 && str_eat(&a, S("--"))) {
            struct str name = a, value = {0};
            bool has = str_cut(a, S("="), &name, &value);
            TRY(one_option(c, name, has ? value.p : NULL, &w, e));
        } else if (options && str_eq(a, S("-o"))) {
            TRY(one_option(c, S("output"), NULL, &w, e));
        } else if (options && a.n > 1 && a.p[0] == '-') {
            return FAIL(
                e, E_INPUT, "没有选项“%s”，用法见：qianshao %s --help", argv[w.at], c->cmd->name);
        } else {
            args[c->n_args++] = argv[w.at];
        }
    }
    c->args = args;
    return OK;
}

static enum code check_args(const struct cli *c, struct err *e)
{
    if (c->n_args < c->cmd->args_min)
        return FAIL(e, E_INPUT, "“%s”缺少参数 %s，用法见：qianshao %s --help", c->cmd->name,
            c->cmd->args, c->cmd->name);
    if (c->n_args > c->cmd->args_max)
        return FAIL(e, E_INPUT, "“%s”多出参数“%s”，用法见：qianshao %s --help", c->cmd->name,
            c->args[c->cmd->args_max], c->cmd->name);
    return OK;
}

const char *cli_value(const struct cli *c, const char *option)
{
    int i = own_option(c->cmd, str_z(option));
    return i < 0 ? NULL : c->values[i];
}

bool cli_flag(const struct cli *c, const char *option)
{
    return cli_value(c, option) != NULL;
}

enum code cli_int(
    const struct cli *c, const char *option, struct cli_range r, int64_t *out, struct err *e)
{
    const char *v = cli_value(c, option);
    int64_t n = 0;
    if (!v) {
        *out = r.fallback;
        return OK;
    }
    if (str_int(str_z(v), &n, e) != OK || n < r.min || n > r.max)
        return FAIL(e, E_INPUT, "选项“--%s”的值“%s”应是%lld到%lld的整数", option, v,
            (long long)r.min, (long long)r.max);
    *out = n;
    return OK;
}

void cli_pass(const struct cli *c, json_t *args, const char *option)
{
    const char *v = cli_value(c, option);
    if (v)
        js_set(args, option, str_z(v));
}

struct str cli_absolute(struct cli *c, const char *path)
{
    char cwd[PATH_MAX];
    if (path[0] == '/' || !getcwd(cwd, sizeof(cwd)))
        return arena_str(&c->arena, str_z(path));
    if (strcmp(path, ".") == 0)
        return arena_str(&c->arena, str_z(cwd));
    if (strncmp(path, "./", 2) == 0)
        path += 2;
    return arena_printf(&c->arena, "%s/%s", strcmp(cwd, "/") == 0 ? "" : cwd, path);
}

/* ---- JSON ---- */

void js_set(json_t *o, const char *key, struct str s)
{
    struct buf b;
    buf_init(&b, 0);
    utf8_clean(&b, s);
    json_object_set_new(o, key, json_stringn(b.p ? b.p : "", b.n));
    buf_release(&b);
}

enum code cli_print_json(const json_t *o, struct err *e)
{
    if (json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6)) != 0 || putchar('\n') == EOF ||
        fflush(stdout) != 0)
        return io_fail("写到", "标准输出", e);
    return OK;
}

/* ---- signals ---- */

int cli_catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    /* Before any thread is made: they all inherit it. */
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool cli_stopped(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&p, 1, 0) > 0; /* never read: it stays readable */
}

/* ---- the program ---- */

static int complain(const struct err *e)
{
    (void)fprintf(stderr, "qianshao：%s\n", e->msg);
    return cli_status(e->code);
}

/* The command whose name the first one or two words are; *used: how many. */
static const struct command *command_of(struct cli *c, char **argv, int n, int *used)
{
    *used = 1;
    if (n > 1) {
        struct str two = arena_printf(&c->arena, "%s %s", argv[0], argv[1]);
        const struct command *cmd = cli_command(two);
        if (cmd) {
            *used = 2;
            return cmd;
        }
    }
    return cli_command(str_z(argv[0]));
}

static int no_command(char **argv, int n)
{
    struct err e;
    struct str word = str_z(argv[0]);
    if (str_eq(word, S("--version"))) {
        puts("qianshao " QIANSHAO_VERSION);
        return 0;
    }
    if (str_eq(word, S("--help")) || str_eq(word, S("-h")) || str_eq(word, S("help"))) {
        help_overview(stdout);
        return 0;
    }
    if (help_is_group(word) && (n < 2 || strcmp(argv[1], "--help") == 0)) {
        help_group(n < 2 ? stderr : stdout, word);
        return n < 2 ? 2 : 0;
    }
    if (help_is_group(word))
        (void)FAIL(&e, E_INPUT, "没有命令“%s %s”，可用的见：qianshao %s --help", argv[0], argv[1],
            argv[0]);
    else
        (void)FAIL(&e, E_INPUT, "没有命令“%s”，全部命令见：qianshao --help", argv[0]);
    return complain(&e);
}

static int run_command(struct cli *c, char **argv, int n)
{
    struct err e;
    bool help = false;
    const char **list = ARENA_ARRAY(&c->arena, const char *, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        list[i] = argv[i];
    const char *env = getenv("QIANSHAO_DATA"); // NOLINT(concurrency-mt-unsafe): no thread yet
    c->data = env && *env ? env : "qianshao-data";
    c->data_given = env && *env;
    enum code code = parse(c, list, (size_t)n, &help, &e);
    if (code == OK && help) {
        help_command(stdout, c->cmd);
        return 0;
    }
    if (code == OK)
        code = check_args(c, &e);
    if (code == OK)
        code = c->cmd->run ? c->cmd->run(c, &e) : work_run(c, &e);
    if (code == OK && fflush(stdout) != 0)
        code = io_fail("写到", "标准输出", &e);
    return code == OK ? c->status : complain(&e);
}

int cli_main(int argc, char **argv, const struct cli_services *services)
{
    struct cli c = {.services = services};
    int used = 0, status;
    (void)signal(SIGPIPE, SIG_IGN); /* a write that fails says so by itself */
    if (argc < 2) {
        help_overview(stderr);
        return 2;
    }
    arena_init(&c.arena);
    c.cmd = command_of(&c, argv + 1, argc - 1, &used);
    if (c.cmd)
        status = run_command(&c, argv + 1 + used, argc - 1 - used);
    else
        status = no_command(argv + 1, argc - 1);
    arena_release(&c.arena);
    return status;
}
