/* cmd_intake.c - intake list|add|remove|run: papers taken in without hands (office/intake.h). */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/intake.h"

enum { PASSWORD_MAX = 1024 };

static void print_ms(int64_t ms)
{
    struct buf b;
    buf_init(&b, 64);
    if (ms)
        clock_write_minute(&b, ms, ZONE_CHINA);
    printf("%.*s", SF(ms ? buf_view(&b) : S("从未")));
    buf_release(&b);
}

static enum code nothing_to_ask(struct cli *c, json_t *args, struct err *e)
{
    (void)c;
    (void)args;
    (void)e;
    return OK;
}

/* ---- list ---- */

static json_t *source_json(const struct intake_source *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "id", json_sprintf("%lld", (long long)s->id));
    js_set(o, "name", s->name);
    json_object_set_new(o, "kind", json_string(intake_kind_name(s->kind)));
    js_set(o, "place", s->place);
    js_set(o, "user", s->user);
    json_object_set_new(o, "level", json_string(doc_level_name(s->level)));
    json_object_set_new(o, "every", json_integer(s->every_s));
    json_object_set_new(o, "enabled", json_boolean(s->enabled));
    json_object_set_new(o, "last", json_integer(s->last_ms));
    json_object_set_new(o, "next", json_integer(s->next_ms));
    json_object_set_new(o, "failures", json_integer(s->failures));
    js_set(o, "error", s->error);
    return o;
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct intake_source *v;
    struct arena a;
    struct db *db;
    size_t n;
    (void)args;
    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    enum code c = intake_list(db, &a, &v, &n, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++)
        if (!t->say(t->arg, source_json(&v[i])))
            break;
    arena_release(&a);
    return c;
}

static enum code list_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("%.*s（%.*s）  %.*s\n    每%lld秒%s；上次 ", SF(jr_str(s, "name")),
        SF(jr_str(s, "kind")), SF(jr_str(s, "place")), (long long)jr_int(s, "every", 0),
        jr_bool(s, "enabled", false) ? "" : "，已停用");
    print_ms(jr_int(s, "last", 0));
    printf("，下次 ");
    print_ms(jr_int(s, "next", 0));
    if (jr_str(s, "error").n)
        printf(
            "；连续失败%lld次：%.*s", (long long)jr_int(s, "failures", 0), SF(jr_str(s, "error")));
    putchar('\n');
    return OK;
}

const struct command cmd_intake_list = {
    .name = "intake list",
    .args = "",
    .summary = "列出自动收文的来源和最近的情况",
    .about = "",
    .reads = true,
    .request = nothing_to_ask,
    .work = list_work,
    .show = list_show,
};

/* ---- add ---- */

/* The first line of a file or of standard input, or asked for without echo on a terminal. */
static enum code read_password(struct cli *c, struct str *out, struct err *e)
{
    const char *file = cli_value(c, "password-file");
    struct buf b;
    if (!file)
        return FAIL(e, E_INPUT, "邮箱要用 --password-file 给出口令文件（“-”为标准输入）");
    buf_init(&b, 0);
    enum code code = strcmp(file, "-") == 0
                         ? io_read_fd(STDIN_FILENO, "标准输入", PASSWORD_MAX, &b, e)
                         : io_read_file(file, PASSWORD_MAX, &b, e);
    struct str line = {0}, rest = buf_view(&b);
    (void)str_next(&rest, S("\n"), &line);
    (void)str_eat_end(&line, S("\r"));
    if (code == OK && !line.n)
        code = FAIL(e, E_INPUT, "口令文件“%s”的第一行是空的", file);
    *out = arena_str(&c->arena, line);
    buf_release(&b);
    return code;
}

static enum code add_request(struct cli *c, json_t *args, struct err *e)
{
    enum intake_kind kind;
    enum doc_level level = LEVEL_INTERNAL;
    int64_t every;
    struct str password = {0};
    const char *l = cli_value(c, "level");
    if (!intake_kind_of(str_z(c->args[0]), &kind))
        return FAIL(e, E_INPUT,
            "来源的种类“%s”应是 folder（文件夹）、mail（邮箱）、feed（订阅源）之一", c->args[0]);
    if (l && !doc_level_of(str_z(l), &level))
        return FAIL(e, E_INPUT, "选项“--level”的值“%s”应是 公开、内部、工作秘密 之一", l);
    TRY(cli_int(c, "every", (struct cli_range){5, 7L * 86400, 0}, &every, e));
    if (kind == INTAKE_MAIL)
        TRY(read_password(c, &password, e));
    json_object_set_new(args, "kind", json_integer(kind));
    js_set(args, "name", str_z(c->args[1]));
    js_set(args, "place", kind == INTAKE_FOLDER ? cli_absolute(c, c->args[2]) : str_z(c->args[2]));
    js_set(args, "password", password);
    cli_pass(c, args, "user");
    cli_pass(c, args, "category");
    if (cli_value(c, "ca"))
        js_set(args, "ca", cli_absolute(c, cli_value(c, "ca")));
    json_object_set_new(args, "level", json_integer(level));
    json_object_set_new(args, "every", json_integer(every));
    json_object_set_new(args, "linked", json_boolean(cli_flag(c, "linked")));
    json_object_set_new(args, "plaintext", json_boolean(cli_flag(c, "plaintext")));
    return OK;
}

static enum code add_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct intake_source s = {.name = jr_str(args, "name"),
        .place = jr_str(args, "place"),
        .user = jr_str(args, "user"),
        .ca = jr_str(args, "ca"),
        .linked = jr_bool(args, "linked", false),
        .plaintext = jr_bool(args, "plaintext", false),
        .every_s = jr_int(args, "every", 0)};
    int64_t id, kind = jr_int(args, "kind", 0), level = jr_int(args, "level", 0);
    if (kind < INTAKE_FOLDER || kind >= N_INTAKE || level < 0 || level >= N_LEVEL)
        return FAIL(e, E_INPUT, "收文来源的种类或知悉级别不对");
    s.kind = (enum intake_kind)kind;
    s.level = (enum doc_level)level;
    TRY(cli_category(o, jr_str(args, "category"), &s.category, e));
    TRY(intake_add(o, &s, jr_str(args, "password"), 0, &id, e));
    (void)t->say(t->arg, json_pack("{s:o}", "id", json_sprintf("%lld", (long long)id)));
    return OK;
}

static enum code add_show(struct cli *c, json_t *said, struct err *e)
{
    if (c->json)
        return cli_print_json(said, e);
    printf("已添加“%s”，服务运行时自动收取；现在就收：qianshao intake run %s\n", c->args[1],
        c->args[1]);
    return OK;
}

static const struct cli_option add_options[] = {
    {"user", "用户名", "邮箱的用户名"},
    {"password-file", "文件", "口令所在的文件（取第一行），“-”为标准输入"},
    {"plaintext", NULL, "邮箱不加密连接，只在可信的网络里用"},
    {"ca", "文件", "另外信任的证书（PEM），用于单位自建的服务器"},
    {"linked", NULL, "订阅源：收每条链接的文件（只限同一主机），而不是条目自带的正文"},
    {"every", "秒数", "多久收一次；默认文件夹15、邮箱300、订阅源1800"},
    {"level", "级别", "收入后的知悉级别：公开、内部（默认）、工作秘密"},
    {"category", "类别", "收入后归入的类别"},
    {NULL, NULL, NULL},
};

const struct command cmd_intake_add = {
    .name = "intake add",
    .args = "KIND NAME PLACE",
    .summary = "添加自动收文的来源：文件夹、邮箱、订阅源",
    .about =
        "KIND 是 folder（文件夹）、mail（邮箱）、feed（Atom 或 RSS 订阅源）；NAME "
        "是给它起的名字；\n"
        "PLACE 是文件夹路径，或 imaps://主机/INBOX，或 https:// 开头的订阅地址。\n"
        "原件不动：文件留在文件夹里，邮件保持未读。口令只存在数据目录的 intake.secret，不进备份。",
    .options = add_options,
    .args_min = 3,
    .args_max = 3,
    .request = add_request,
    .work = add_work,
    .show = add_show,
};

/* ---- remove, run ---- */

static enum code name_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "name", str_z(c->args[0]));
    return OK;
}

static enum code source_of(struct office *o, json_t *args, int64_t *id, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = intake_by_name(db, jr_str(args, "name"), id, e);
    store_read_end(db);
    return c;
}

static enum code remove_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    int64_t id;
    TRY(source_of(o, args, &id, e));
    TRY(intake_remove(o, id, 0, e));
    (void)t->say(t->arg, json_pack("{s:o}", "id", json_sprintf("%lld", (long long)id)));
    return OK;
}

static enum code remove_show(struct cli *c, json_t *said, struct err *e)
{
    if (c->json)
        return cli_print_json(said, e);
    printf("已删除“%s”，收下的资料都在\n", c->args[0]);
    return OK;
}

const struct command cmd_intake_remove = {
    .name = "intake remove",
    .args = "NAME",
    .summary = "删除自动收文的来源，收下的资料不动",
    .about = "",
    .args_min = 1,
    .args_max = 1,
    .request = name_request,
    .work = remove_work,
    .show = remove_show,
};

static enum code run_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    static const char *const keys[N_IMPORT_OUTCOME] = {
        "taken", "duplicate", "held", "refused", "failed"};
    struct intake_run r;
    struct arena a;
    int64_t id;
    TRY(source_of(o, args, &id, e));
    arena_init(&a);
    enum code c = intake_run_now(o, &a, id, &r, e);
    if (c == OK) {
        json_t *said = json_pack("{s:I}", "found", (json_int_t)r.found);
        for (size_t i = 0; i < N_IMPORT_OUTCOME; i++)
            json_object_set_new(said, keys[i], json_integer(r.counts.of[i]));
        (void)t->say(t->arg, said);
    }
    arena_release(&a);
    return c;
}

static enum code run_show(struct cli *c, json_t *s, struct err *e)
{
    if (jr_int(s, "refused", 0) || jr_int(s, "failed", 0))
        c->status = 1;
    if (c->json)
        return cli_print_json(s, e);
    printf("新见%lld件：已收%lld，重复%lld，待确认%lld，拒收%lld，失败%lld\n",
        (long long)jr_int(s, "found", 0), (long long)jr_int(s, "taken", 0),
        (long long)jr_int(s, "duplicate", 0), (long long)jr_int(s, "held", 0),
        (long long)jr_int(s, "refused", 0), (long long)jr_int(s, "failed", 0));
    return OK;
}

const struct command cmd_intake_run = {
    .name = "intake run",
    .args = "NAME",
    .summary = "现在就从一个来源收文",
    .about = "",
    .args_min = 1,
    .args_max = 1,
    .request = name_request,
    .work = run_work,
    .show = run_show,
};
