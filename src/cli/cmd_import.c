/* cmd_import.c - import PATH…: files and folders into the library. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/import.h"

enum {
    LIST_MAX = 30,        /* not-taken files named one by one at the end; --all names every one */
    COUNT_MAX = 10000000, /* files counted beforehand for the progress line */
    STDIN_MAX = 256 << 20 /* bytes of a document on standard input */
};

struct import_state {
    struct progress progress;
    int64_t files;    /* found beforehand; containers may hold more */
    int64_t left_out; /* not-taken ones that were not named */
    int64_t named;
    int64_t counts[N_IMPORT_OUTCOME], seen, bytes;
    bool stopped;
    struct buf list;     /* the not-taken ones */
    struct str temp_dir; /* of the standard input's file, or empty */
};

/* ---- the asking side ---- */

static enum code count_one(const struct io_entry *entry, void *arg, struct err *e)
{
    int64_t *n = arg;
    if (entry->kind == IO_FILE && ++*n > COUNT_MAX)
        return FAIL(e, E_LIMIT, "文件太多，不预先计数");
    return OK;
}

/* Standard input as a file of its own, under the name it should bear. */
static enum code keep_stdin(struct cli *c, struct import_state *s, struct str *path, struct err *e)
{
    const char *name = cli_value(c, "name");
    struct buf b;
    char dir[IO_PATH_MAX];
    if (!name)
        return FAIL(e, E_INPUT, "从标准输入收文要用 --name 写明文件名，例如 --name 通知.docx");
    if (strchr(name, '/') || name[0] == '.' || !*name)
        return FAIL(e, E_INPUT, "选项“--name”的值“%s”不是文件名", name);
    TRY(io_temp_dir("qianshao-", dir, e));
    s->temp_dir = arena_str(&c->arena, str_z(dir));
    *path = arena_printf(&c->arena, "%s/%s", dir, name);
    buf_init(&b, 0);
    enum code code = io_read_fd(STDIN_FILENO, "标准输入", STDIN_MAX, &b, e);
    if (code == OK)
        code = io_write_file(path->p, buf_view(&b), S_IRUSR | S_IWUSR, e);
    buf_release(&b);
    return code;
}

static enum code add_path(
    struct cli *c, struct import_state *s, const char *arg, json_t *paths, struct err *e)
{
    struct stat st;
    struct str path = {0};
    if (strcmp(arg, "-") == 0) {
        if (s->temp_dir.n)
            return FAIL(e, E_INPUT, "标准输入“-”只能写一次");
        TRY(keep_stdin(c, s, &path, e));
    } else {
        path = cli_absolute(c, arg);
        if (!*arg)
            return FAIL(e, E_INPUT, "要收入的路径是空的");
        if (stat(path.p, &st) != 0) {
            (void)io_fail("打开", arg, e);
            return e->code = E_INPUT; /* what the person wrote, not what the library lacks */
        }
    }
    json_t *v = json_stringn(path.p, path.n);
    if (!v)
        return FAIL(e, E_INPUT, "路径“%s”不是UTF-8，请改名后再收", arg);
    json_array_append_new(paths, v);
    struct err none;
    if (s->progress.terminal && io_walk(path.p, count_one, &s->files, &none) != OK)
        s->files = 0; /* the line of progress then has no end */
    return OK;
}

static void release_state(void *arg)
{
    struct import_state *s = arg;
    struct err e;
    if (s->temp_dir.n && io_remove_tree(s->temp_dir.p, &e) != OK)
        (void)fprintf(stderr, "qianshao：%s\n", e.msg);
    buf_release(&s->list);
}

static enum code request(struct cli *c, json_t *args, struct err *e)
{
    struct import_state *s = c->state = ARENA_NEW(&c->arena, struct import_state);
    const char *level = cli_value(c, "level");
    enum doc_level l = LEVEL_INTERNAL;
    int64_t threads;
    buf_init(&s->list, 0);
    arena_defer(&c->arena, release_state, s);
    progress_init(&s->progress);
    if (level && !doc_level_of(str_z(level), &l))
        return FAIL(e, E_INPUT, "选项“--level”的值“%s”应是 公开、内部、工作秘密 之一", level);
    json_object_set_new(args, "level", json_integer(l));
    cli_pass(c, args, "category");
    TRY(cli_int(c, "threads", (struct cli_range){1, 256, 0}, &threads, e));
    json_object_set_new(args, "threads", json_integer(threads));
    json_t *paths = json_array();
    json_object_set_new(args, "paths", paths);
    for (size_t i = 0; i < c->n_args; i++)
        TRY(add_path(c, s, c->args[i], paths, e));
    return OK;
}

/* ---- the working side ---- */

struct telling {
    const struct teller *t;
    bool stopped;
};

static bool on_result(void *arg, const struct import_result *r, const struct import_counts *so_far)
{
    struct telling *t = arg;
    json_t *o = json_object();
    (void)so_far;
    js_set(o, "path", r->path);
    json_object_set_new(o, "outcome", json_string(import_outcome_name(r->outcome)));
    if (r->reason.n)
        js_set(o, "reason", r->reason);
    if (r->doc)
        json_object_set_new(o, "doc", json_sprintf("%lld", (long long)r->doc));
    if (r->title.n)
        js_set(o, "title", r->title);
    if (!t->t->say(t->t->arg, o))
        t->stopped = true;
    return !t->stopped;
}

static const char *const outcome_keys[N_IMPORT_OUTCOME] = {
    [IMPORT_TAKEN] = "taken",
    [IMPORT_DUPLICATE] = "duplicate",
    [IMPORT_HELD] = "held",
    [IMPORT_REFUSED] = "refused",
    [IMPORT_FAILED] = "failed",
};

static void say_summary(const struct telling *t, const struct import_counts *n)
{
    json_t *s = json_object();
    json_object_set_new(s, "seen", json_integer(n->seen));
    for (size_t i = 0; i < N_IMPORT_OUTCOME; i++)
        json_object_set_new(s, outcome_keys[i], json_integer(n->of[i]));
    json_object_set_new(s, "bytes", json_integer(n->bytes));
    json_object_set_new(s, "stopped", json_boolean(t->stopped));
    (void)t->t->say(t->t->arg, json_pack("{s:o}", "summary", s));
}

static enum code work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct telling telling = {.t = t};
    struct import_counts counts = {0};
    struct arena a;
    const json_t *paths = json_object_get(args, "paths");
    size_t n = json_array_size(paths);
    int64_t level = jr_int(args, "level", 0), threads = jr_int(args, "threads", 0);
    if (level < 0 || level >= N_LEVEL || threads < 0 || threads > 256)
        return FAIL(e, E_INPUT, "收文请求的知悉级别或线程数不对");
    struct import_options opt = {.origin = ORIGIN_IMPORT,
        .level = (enum doc_level)level,
        .threads = (int)threads,
        .on_result = on_result,
        .arg = &telling};
    TRY(cli_category(o, jr_str(args, "category"), &opt.category, e));
    arena_init(&a);
    const char **list = ARENA_ARRAY(&a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *p = json_array_get(paths, i);
        list[i] = json_is_string(p) ? json_string_value(p) : "";
    }
    enum code c = import_paths(o, list, n, &opt, &counts, e);
    if (c == OK)
        say_summary(&telling, &counts);
    arena_release(&a);
    return c;
}

/* ---- showing ---- */

static bool is_outcome(struct str name, enum import_outcome o)
{
    return str_eq(name, str_z(import_outcome_name(o)));
}

/* A file that was not taken is named with its reason, up to a number. */
static void note(struct cli *c, struct import_state *s, struct str outcome, const json_t *said)
{
    if (is_outcome(outcome, IMPORT_TAKEN) || is_outcome(outcome, IMPORT_DUPLICATE))
        return;
    if (s->named >= LIST_MAX && !cli_flag(c, "all")) {
        s->left_out++;
        return;
    }
    s->named++;
    struct str path = jr_str(said, "path"), reason = jr_str(said, "reason");
    buf_printf(&s->list, "%.*s  %.*s：%.*s\n", SF(outcome), SF(path), SF(reason));
}

static enum code show(struct cli *c, json_t *said, struct err *e)
{
    struct import_state *s = c->state;
    const json_t *summary = json_object_get(said, "summary");
    if (c->json)
        TRY(cli_print_json(said, e));
    if (summary) {
        s->seen = jr_int(summary, "seen", 0);
        s->bytes = jr_int(summary, "bytes", 0);
        s->stopped = jr_bool(summary, "stopped", false);
        for (size_t i = 0; i < N_IMPORT_OUTCOME; i++)
            s->counts[i] = jr_int(summary, outcome_keys[i], 0);
        return OK;
    }
    s->seen++;
    if (!c->json)
        note(c, s, jr_str(said, "outcome"), said);
    progress_show(&s->progress, s->seen, s->files, jr_str(said, "path"));
    return OK;
}

static void finish(struct cli *c, bool ok)
{
    struct import_state *s = c->state;
    progress_clear(&s->progress);
    if (!ok)
        return;
    if (s->counts[IMPORT_FAILED] || s->counts[IMPORT_REFUSED] || s->stopped)
        c->status = 1;
    if (c->json)
        return;
    (void)fwrite(s->list.p ? s->list.p : "", 1, s->list.n, stdout);
    if (s->left_out)
        printf("……另有%lld个未收，用 --all 全部列出\n", (long long)s->left_out);
    char n[32];
    printf("共%s个文件", thousands(s->seen, n));
    for (size_t i = 0; i < N_IMPORT_OUTCOME; i++)
        printf("%s%s%s", i ? "，" : "：", import_outcome_name((enum import_outcome)i),
            thousands(s->counts[i], n));
    printf("；用时%lld秒\n", (long long)progress_seconds(&s->progress));
    if (s->stopped)
        puts("已按要求停下，收下的都在；再次执行同一命令即可继续");
}

static const struct cli_option options[] = {
    {"level", "级别", "收入后的知悉级别：公开、内部（默认）、工作秘密"},
    {"category", "类别", "收入后归入的类别"},
    {"threads", "个数", "同时读取的线程数；默认与处理器数相同"},
    {"name", "文件名", "PATH 为“-”（标准输入）时它的文件名"},
    {"all", NULL, "列出全部未收的文件，而不是前30个"},
    {NULL, NULL, NULL},
};

const struct command cmd_import = {
    .name = "import",
    .args = "PATH…",
    .summary = "把文件或文件夹收入资料库",
    .about = "能读 txt csv md html docx xlsx pdf ofd eml 和 zip；文件夹逐层收入，隐藏文件除外。\n"
             "重复执行无害：同样的文件计为重复。坏文件逐个报告，其余照收。\n"
             "带国家秘密标志的文件一律拒收；没有文字的扫描件暂存，待人在网页上确认首页。\n"
             "按 Ctrl-C 停在当前文件之后，再次执行即可继续。",
    .options = options,
    .args_min = 1,
    .args_max = (size_t)-1,
    .request = request,
    .work = work,
    .show = show,
    .finish = finish,
};
