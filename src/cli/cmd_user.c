/* cmd_user.c - user list|add|disable|enable|reset-password|import|subscribe. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "cli/people.h"
#include "office/subscription.h"

static enum code read_table(const char *path, struct buf *b, struct err *e)
{
    buf_init(b, 0);
    return io_read_file(path, PEOPLE_FILE_MAX, b, e);
}

/* ---- list ---- */

static enum code list_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    json_object_set_new(args, "all", json_boolean(cli_flag(c, "all")));
    return OK;
}

static json_t *person_json(const struct person *p)
{
    json_t *o = json_object();
    struct buf b;
    buf_init(&b, 256);
    roles_write(&b, p->roles);
    json_object_set_new(o, "id", json_sprintf("%lld", (long long)p->id));
    js_set(o, "login", p->login);
    js_set(o, "name", p->name);
    js_set(o, "unit", p->unit_name);
    js_set(o, "title", p->title);
    js_set(o, "roles", buf_view(&b));
    json_object_set_new(o, "active", json_boolean(p->active));
    json_object_set_new(o, "has_password", json_boolean(p->has_password));
    json_object_set_new(o, "must_change", json_boolean(p->must_change));
    json_object_set_new(o, "locked", json_boolean(p->locked_until_ms > clock_now_ms()));
    buf_release(&b);
    return o;
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct arena a;
    struct person *v;
    struct db *db;
    size_t n = 0;
    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    enum code c = person_list(db, &a, 0, jr_bool(args, "all", false), &v, &n, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++)
        if (!t->say(t->arg, person_json(&v[i])))
            break;
    arena_release(&a);
    return c;
}

static void column(struct str s, size_t width)
{
    printf("%.*s", SF(s));
    for (size_t w = display_width(s); w < width; w++)
        putchar(' ');
    fputs("  ", stdout);
}

static enum code list_show(struct cli *c, json_t *p, struct err *e)
{
    if (c->json)
        return cli_print_json(p, e);
    column(jr_str(p, "login"), 12);
    column(jr_str(p, "name"), 8);
    column(jr_str(p, "unit"), 16);
    column(jr_str(p, "title"), 20);
    printf("%.*s%s%s%s\n", SF(jr_str(p, "roles")), jr_bool(p, "active", false) ? "" : "（已停用）",
        jr_bool(p, "locked", false) ? "（已锁定）" : "",
        jr_bool(p, "has_password", false) ? "" : "（没有密码）");
    return OK;
}

static const struct cli_option list_options[] = {
    {"all", NULL, "连同已停用的"},
    {NULL, NULL, NULL},
};

const struct command cmd_user_list = {
    .name = "user list",
    .args = "",
    .summary = "列出账号",
    .about = "",
    .options = list_options,
    .reads = true,
    .request = list_request,
    .work = list_work,
    .show = list_show,
};

/* ---- add ---- */

static enum code add_request(struct cli *c, json_t *args, struct err *e)
{
    uint32_t roles = 0;
    int64_t rank;
    const char *r = cli_value(c, "roles");
    if (r)
        TRY(roles_parse(str_z(r), &roles, e));
    TRY(cli_int(c, "rank", (struct cli_range){0, 1000000, 1000}, &rank, e));
    js_set(args, "login", str_z(c->args[0]));
    js_set(args, "name", str_z(c->args[1]));
    cli_pass(c, args, "unit");
    cli_pass(c, args, "title");
    json_object_set_new(args, "roles", json_integer(roles));
    json_object_set_new(args, "rank", json_integer(rank));
    return OK;
}

static void say_password(const struct teller *t, struct str login, const char *password)
{
    json_t *o = json_object();
    js_set(o, "login", login);
    js_set(o, "password", str_z(password));
    (void)t->say(t->arg, o);
}

static enum code add_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    char password[ONE_TIME_SIZE];
    struct person p = {.login = jr_str(args, "login"),
        .name = jr_str(args, "name"),
        .title = jr_str(args, "title"),
        .roles = (uint32_t)jr_int(args, "roles", 0),
        .rank = jr_int(args, "rank", 0),
        .active = true};
    struct people_place at = {.unit_code = jr_str(args, "unit")};
    TRY(people_add(o, &p, &at, password, e));
    say_password(t, p.login, password);
    memset(password, 0, sizeof(password));
    return OK;
}

static enum code password_show(struct cli *c, json_t *said, struct err *e)
{
    if (c->json)
        return cli_print_json(said, e);
    printf("“%.*s”的一次性密码：%.*s（只显示这一次，首次登录须改掉）\n", SF(jr_str(said, "login")),
        SF(jr_str(said, "password")));
    return OK;
}

static const struct cli_option add_options[] = {
    {"roles", "角色", "管理员、审计员、科长、秘书、领导、联络员、员工，几个用逗号隔开；默认员工"},
    {"unit", "代码", "所在单位的代码；默认第一个单位"},
    {"title", "职务", "职务"},
    {"rank", "序号", "在单位里的排序，小的在前；默认1000"},
    {NULL, NULL, NULL},
};

const struct command cmd_user_add = {
    .name = "user add",
    .args = "LOGIN NAME",
    .summary = "新增账号，显示一次性密码",
    .about = "LOGIN 是登录名（小写字母、数字和 . _ -），NAME 是姓名。",
    .options = add_options,
    .args_min = 2,
    .args_max = 2,
    .request = add_request,
    .work = add_work,
    .show = password_show,
};

/* ---- one by login ---- */

static enum code login_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "login", str_z(c->args[0]));
    return OK;
}

static enum code find_login(
    struct office *o, struct arena *a, struct str login, struct person *p, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = person_by_login(db, a, login, p, e);
    store_read_end(db);
    return c;
}

struct activate {
    struct str login;
    bool active;
};

static enum code set_active(struct db *db, void *arg, struct err *e)
{
    const struct activate *x = arg;
    struct person p;
    struct arena a;
    arena_init(&a);
    enum code c = person_by_login(db, &a, x->login, &p, e);
    if (c == OK) {
        p.active = x->active;
        c = person_save(db, &p, 0, e);
    }
    arena_release(&a);
    return c;
}

static enum code activate(
    struct office *o, json_t *args, bool on, const struct teller *t, struct err *e)
{
    struct activate x = {jr_str(args, "login"), on};
    TRY(store_write(o->store, set_active, &x, e));
    json_t *said = json_object();
    js_set(said, "login", x.login);
    json_object_set_new(said, "active", json_boolean(on));
    (void)t->say(t->arg, said);
    return OK;
}

static enum code disable_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    return activate(o, args, false, t, e);
}

static enum code enable_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    return activate(o, args, true, t, e);
}

static enum code active_show(struct cli *c, json_t *said, struct err *e)
{
    if (c->json)
        return cli_print_json(said, e);
    printf("“%.*s”已%s\n", SF(jr_str(said, "login")),
        jr_bool(said, "active", false) ? "启用" : "停用，登录中的会话已结束");
    return OK;
}

const struct command cmd_user_disable = {
    .name = "user disable",
    .args = "LOGIN",
    .summary = "停用账号，立即结束它的登录",
    .about = "人员不删除，经办记录都在。最后一个管理员不能停用。",
    .args_min = 1,
    .args_max = 1,
    .request = login_request,
    .work = disable_work,
    .show = active_show,
};

const struct command cmd_user_enable = {
    .name = "user enable",
    .args = "LOGIN",
    .summary = "重新启用账号",
    .about = "",
    .args_min = 1,
    .args_max = 1,
    .request = login_request,
    .work = enable_work,
    .show = active_show,
};

static enum code reset_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    char password[ONE_TIME_SIZE];
    struct person p;
    struct arena a;
    arena_init(&a);
    enum code c = find_login(o, &a, jr_str(args, "login"), &p, e);
    if (c == OK)
        c = people_reset(o, p.id, password, e);
    if (c == OK)
        say_password(t, p.login, password);
    memset(password, 0, sizeof(password));
    arena_release(&a);
    return c;
}

const struct command cmd_user_reset = {
    .name = "user reset-password",
    .args = "LOGIN",
    .summary = "重设密码，显示一次性密码，同时解除锁定",
    .about = "",
    .args_min = 1,
    .args_max = 1,
    .request = login_request,
    .work = reset_work,
    .show = password_show,
};

/* ---- units he works in besides his own ---- */

struct posting {
    struct str login, text;
};

static enum code write_posts(struct db *db, void *arg, struct err *e)
{
    const struct posting *x = arg;
    struct arena a;
    struct person p;
    struct post *v;
    size_t n;
    arena_init(&a);
    enum code c = person_by_login(db, &a, x->login, &p, e);
    if (c == OK)
        c = person_posts_parse(db, &a, x->text, &v, &n, e);
    if (c == OK)
        c = person_posts_save(db, p.id, v, n, 0, e);
    arena_release(&a);
    return c;
}

static enum code say_posts(struct db *db, struct str login, const struct teller *t, struct err *e)
{
    struct arena a;
    struct person p;
    struct post *v;
    size_t n = 0;
    struct buf b;
    buf_init(&b, 0);
    arena_init(&a);
    enum code c = person_by_login(db, &a, login, &p, e);
    if (c == OK)
        c = person_posts(db, &a, p.id, &v, &n, e);
    for (size_t i = 0; i < n; i++) {
        buf_z(&b, i ? ";" : "");
        post_write(&b, &v[i]);
    }
    if (c == OK) {
        json_t *said = json_object();
        js_set(said, "login", p.login);
        js_set(said, "posts", buf_view(&b));
        (void)t->say(t->arg, said);
    }
    arena_release(&a);
    buf_release(&b);
    return c;
}

static enum code posts_request(struct cli *c, json_t *args, struct err *e)
{
    TRY(login_request(c, args, e));
    if (c->n_args > 1)
        js_set(args, "posts", str_z(c->args[1]));
    return OK;
}

static enum code posts_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct posting x = {jr_str(args, "login"), jr_str(args, "posts")};
    struct db *db;
    if (json_object_get(args, "posts"))
        TRY(store_write(o->store, write_posts, &x, e));
    TRY(store_read(o->store, &db, e));
    enum code c = say_posts(db, x.login, t, e);
    store_read_end(db);
    return c;
}

static enum code posts_show(struct cli *c, json_t *said, struct err *e)
{
    struct str posts = jr_str(said, "posts");
    if (c->json)
        return cli_print_json(said, e);
    if (posts.n)
        printf("“%.*s”兼任：%.*s\n", SF(jr_str(said, "login")), SF(posts));
    else
        printf("“%.*s”没有兼任单位\n", SF(jr_str(said, "login")));
    return OK;
}

const struct command cmd_user_posts = {
    .name = "user posts",
    .args = "LOGIN [POSTS]",
    .summary = "看或改一人兼任的单位",
    .about =
        "POSTS 写成“单位代码:角色;单位代码:角色”，如 “G-CW:联络员;G-DB:员工”；写成空就是不再兼任。",
    .args_min = 1,
    .args_max = 2,
    .request = posts_request,
    .work = posts_work,
    .show = posts_show,
};

/* ---- import ---- */

static enum code add_table(
    struct cli *c, json_t *args, const char *key, const char *path, struct err *e)
{
    struct buf b;
    (void)c;
    enum code code = read_table(path, &b, e);
    if (code == OK) {
        char name[32];
        (void)snprintf(name, sizeof(name), "%s_file", key);
        js_set(args, key, buf_view(&b));
        js_set(args, name, str_z(path));
    }
    buf_release(&b);
    return code;
}

static enum code import_request(struct cli *c, json_t *args, struct err *e)
{
    TRY(add_table(c, args, "people", c->args[0], e));
    if (cli_value(c, "units"))
        TRY(add_table(c, args, "units", cli_value(c, "units"), e));
    return OK;
}

static enum code import_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct people_tables x = {.units = jr_str(args, "units"),
        .people = jr_str(args, "people"),
        .units_file = json_string_value(json_object_get(args, "units_file")),
        .people_file = json_string_value(json_object_get(args, "people_file"))};
    TRY(people_import(o, &x, e));
    (void)t->say(t->arg,
        json_pack("{s:I,s:I,s:I,s:I}", "units_added", (json_int_t)x.unit_tally.added,
            "units_changed", (json_int_t)x.unit_tally.changed, "added",
            (json_int_t)x.person_tally.added, "changed", (json_int_t)x.person_tally.changed));
    return OK;
}

static enum code import_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("单位：新增%lld，更改%lld；人员：新增%lld，更改%lld\n",
        (long long)jr_int(s, "units_added", 0), (long long)jr_int(s, "units_changed", 0),
        (long long)jr_int(s, "added", 0), (long long)jr_int(s, "changed", 0));
    return OK;
}

static const struct cli_option import_options[] = {
    {"units", "文件", "先导入单位的表：代码、上级代码、名称、简称、拼音首字母、排序"},
    {NULL, NULL, NULL},
};

const struct command cmd_user_import = {
    .name = "user import",
    .args = "FILE",
    .summary = "由制表符分隔的表导入人员和单位",
    .about = "首行是列名：登录名、姓名、拼音首字母、单位代码、职务、角色、排序（拼音首字母、排序可"
             "以没有）。\n"
             "要么全部导入，要么一行也不动；再次导入只更改有变化的。新人员没有密码，用 user "
             "reset-password 给。",
    .options = import_options,
    .args_min = 1,
    .args_max = 1,
    .request = import_request,
    .work = import_work,
    .show = import_show,
};

/* ---- subscribe ---- */

static enum code subscribe_request(struct cli *c, json_t *args, struct err *e)
{
    const char *kind = cli_value(c, "kind");
    json_t *values = json_array();
    int k = SUBSCRIBE_ISSUER;
    while (kind && k < N_SUBSCRIBE &&
           strcmp(kind, subscription_kind_name((enum subscription_kind)k)) != 0)
        k++;
    json_object_set_new(args, "values", values);
    if (k == N_SUBSCRIBE)
        return FAIL(e, E_INPUT, "选项“--kind”的值“%s”应是 发文机关、关键词、类别 之一", kind);
    js_set(args, "login", str_z(c->args[0]));
    json_object_set_new(args, "kind", json_integer(k));
    for (size_t i = 1; i < c->n_args; i++)
        json_array_append_new(values, json_string(c->args[i]));
    return OK;
}

struct subscribing {
    struct str *names, *values; /* as given; as the subscription keeps them */
    size_t n;
    int64_t person;
    enum subscription_kind kind;
    int64_t added;
};

static bool has_it(
    const struct subscribing *x, const struct subscription *had, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (had[i].kind == x->kind && str_eq(had[i].value, name))
            return true;
    return false;
}

/* All of them, or with a wrong one none; one that is there already is no mistake. */
static enum code subscribe_all(struct db *db, void *arg, struct err *e)
{
    struct subscribing *x = arg;
    struct subscription *had;
    struct arena a;
    size_t n;
    int64_t id;
    arena_init(&a);
    x->added = 0;
    enum code c = subscription_list(db, &a, x->person, &had, &n, e);
    for (size_t i = 0; c == OK && i < x->n; i++) {
        if (has_it(x, had, n, x->names[i]))
            continue;
        c = subscription_add(db, x->person, x->kind, x->values[i], &id, e);
        x->added++;
    }
    arena_release(&a);
    return c;
}

static enum code read_values(
    struct office *o, struct arena *a, const json_t *list, struct subscribing *x, struct err *e)
{
    x->names = ARENA_ARRAY(a, struct str, json_array_size(list) + 1);
    x->values = ARENA_ARRAY(a, struct str, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *given = json_string_value(json_array_get(list, i));
        struct str name = str_trim(str_z(given ? given : ""));
        int64_t id = 0;
        bool twice = false;
        for (size_t k = 0; k < x->n; k++)
            twice = twice || str_eq(x->names[k], name);
        if (twice)
            continue;
        if (x->kind == SUBSCRIBE_CATEGORY)
            TRY(cli_category(o, name, &id, e));
        x->names[x->n] = name;
        x->values[x->n++] = id ? arena_printf(a, "%lld", (long long)id) : name;
    }
    return OK;
}

static enum code subscribe_work(
    struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct subscribing x = {.kind = (enum subscription_kind)jr_int(args, "kind", 0)};
    struct person p;
    struct arena a;
    arena_init(&a);
    enum code c = find_login(o, &a, jr_str(args, "login"), &p, e);
    if (c == OK)
        c = read_values(o, &a, json_object_get(args, "values"), &x, e);
    if (c == OK) {
        x.person = p.id;
        c = store_write(o->store, subscribe_all, &x, e);
    }
    if (c == OK) {
        json_t *said = json_pack("{s:I}", "added", (json_int_t)x.added);
        js_set(said, "login", p.login);
        (void)t->say(t->arg, said);
    }
    arena_release(&a);
    return c;
}

static enum code subscribe_show(struct cli *c, json_t *said, struct err *e)
{
    if (c->json)
        return cli_print_json(said, e);
    printf(
        "“%.*s”新增%lld项订阅\n", SF(jr_str(said, "login")), (long long)jr_int(said, "added", 0));
    return OK;
}

static const struct cli_option subscribe_options[] = {
    {"kind", "种类", "发文机关（默认）、关键词、类别"},
    {NULL, NULL, NULL},
};

const struct command cmd_user_subscribe = {
    .name = "user subscribe",
    .args = "LOGIN VALUE…",
    .summary = "替人员添上订阅",
    .about = "VALUE "
             "是发文机关的名称或其一部分、关键词，或类别的名称。已有的不重复添。本人可在“订阅与新到"
             "”退订。",
    .options = subscribe_options,
    .args_min = 2,
    .args_max = 100,
    .request = subscribe_request,
    .work = subscribe_work,
    .show = subscribe_show,
};
