/* cmd_init.c - init: a new data directory with its first administrator. All of it is there at the end, or nothing. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "cli/people.h"
#include "cli/settings.h"
#include "office/term.h"

struct made {
    char password[ONE_TIME_SIZE]; /* of the administrator */
    int64_t demo;                 /* people with the demonstration's password */
    struct people_tables tables;
    struct buf units, people;
};

static enum code read_table(const char *path, struct buf *b, struct err *e)
{
    buf_init(b, 0);
    return path ? io_read_file(path, PEOPLE_FILE_MAX, b, e) : OK;
}

/* *existed: the folder is there, and empty. */
static enum code check_place(const char *dir, bool *existed, struct err *e)
{
    const struct dirent *entry;
    bool empty = true;
    DIR *d = opendir(dir);
    *existed = d != NULL;
    if (!d)
        return errno == ENOENT ? OK : io_fail("打开", dir, e);
    while ((entry = readdir(d))) // NOLINT(concurrency-mt-unsafe): its own stream
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(d);
    return empty ? OK : FAIL(e, E_CONFLICT, "“%s”里已经有东西，init 只写到新的或空的文件夹", dir);
}

static enum code write_settings(const struct cli *c, struct err *e)
{
    char path[IO_PATH_MAX];
    struct buf b;
    buf_init(&b, 0);
    settings_write(&b, str_z(cli_value(c, "database")), cli_flag(c, "demo"));
    enum code code = io_join(path, c->data, "qianshao.yaml", e);
    if (code == OK) /* may hold the password of the database */
        code = io_write_file(path, buf_view(&b), S_IRUSR | S_IWUSR, e);
    buf_release(&b);
    return code;
}

static enum code seed(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return term_seed(db, e);
}

static enum code fill(struct cli *c, struct office *o, struct made *m, struct err *e)
{
    int64_t people;
    const char *office = cli_value(c, "office");
    struct people_place at = {.office = office ? str_z(office) : S("本单位")};
    struct person admin = {.login = str_z(cli_value(c, "admin")),
        .name = str_z(cli_value(c, "name")),
        .title = S("系统管理员"),
        .roles = ROLE_ADMIN,
        .rank = 900,
        .active = true};
    TRY(people_count(o, &people, e));
    if (cli_flag(c, "join"))
        return people ? OK : FAIL(e, E_INPUT, "这个数据库里还没有单位和人员，不能用 --join");
    if (people)
        return FAIL(e, E_CONFLICT, "这个数据库里已有单位和人员，作为另一个节点接入请用 --join");
    TRY(store_write(o->store, seed, NULL, e));
    TRY(people_import(o, &m->tables, e));
    if (admin.login.n)
        TRY(people_add(o, &admin, &at, m->password, e));
    if (cli_flag(c, "demo"))
        TRY(people_demo_passwords(o, S(DEMO_PASSWORD), &m->demo, e));
    return OK;
}

static enum code make(struct cli *c, struct made *m, struct err *e)
{
    struct office_options opt = {
        .dir = str_z(c->data), .url = str_z(cli_value(c, "database")), .create = true};
    struct office *o;
    TRY(office_open(&opt, &o, e));
    enum code code = fill(c, o, m, e);
    office_close(o);
    return code == OK ? write_settings(c, e) : code;
}

static enum code report(struct cli *c, const struct made *m, struct err *e)
{
    const struct import_tally *u = &m->tables.unit_tally, *p = &m->tables.person_tally;
    const char *admin = cli_value(c, "admin");
    if (c->json) {
        json_t *o = json_object();
        js_set(o, "data", str_z(c->data));
        json_object_set_new(o, "units", json_integer(u->added));
        json_object_set_new(o, "people", json_integer(p->added));
        if (admin) {
            js_set(o, "login", str_z(admin));
            js_set(o, "password", str_z(m->password));
        }
        if (m->demo)
            js_set(o, "demo_password", S(DEMO_PASSWORD));
        enum code code = cli_print_json(o, e);
        json_decref(o);
        return code;
    }
    printf("已建立数据目录“%s”\n", c->data);
    if (u->added || p->added)
        printf("已导入%lld个单位、%lld人\n", (long long)u->added, (long long)p->added);
    if (admin)
        printf("管理员“%s”的一次性密码：%s（只显示这一次，首次登录须改掉）\n", admin, m->password);
    if (m->demo)
        printf("演示数据：%lld人的密码都是 %s，只能用于演示\n", (long long)m->demo, DEMO_PASSWORD);
    return OK;
}

/* Take back what was made of the directory; a folder that stood there before stays, empty. */
static void undo(const char *dir, bool existed)
{
    struct err e;
    enum code c = io_remove_tree(dir, &e);
    if (c == OK && existed)
        c = io_mkdirs(dir, S_IRWXU, &e);
    if (c != OK)
        (void)fprintf(stderr, "qianshao：%s\n", e.msg);
}

static enum code check_options(const struct cli *c, struct err *e)
{
    bool admin = cli_value(c, "admin") != NULL, join = cli_flag(c, "join");
    if (join && (!cli_value(c, "database") || admin || cli_flag(c, "demo")))
        return FAIL(e, E_INPUT, "--join 要和 --database 一起用，不能再写 --admin 或 --demo");
    if (!join && !admin && !(cli_flag(c, "demo") && cli_value(c, "people")))
        return FAIL(e, E_INPUT, "缺少第一个管理员：--admin 登录名 --name 姓名");
    if (admin && !cli_value(c, "name"))
        return FAIL(e, E_INPUT, "缺少管理员的姓名：--name 姓名");
    return OK;
}

static enum code run(struct cli *c, struct err *e)
{
    struct made m = {.demo = 0};
    bool existed;
    TRY(check_options(c, e));
    TRY(check_place(c->data, &existed, e));
    enum code code = read_table(cli_value(c, "units"), &m.units, e);
    enum code other =
        read_table(cli_value(c, "people"), &m.people, code == OK ? e : &(struct err){0});
    code = code == OK ? other : code;
    m.tables.units = buf_view(&m.units);
    m.tables.people = buf_view(&m.people);
    m.tables.units_file = cli_value(c, "units");
    m.tables.people_file = cli_value(c, "people");
    if (code == OK) {
        code = make(c, &m, e);
        if (code != OK)
            undo(c->data, existed);
    }
    if (code == OK)
        code = report(c, &m, e);
    memset(m.password, 0, sizeof(m.password));
    buf_release(&m.units);
    buf_release(&m.people);
    return code;
}

static const struct cli_option options[] = {
    {"admin", "登录名", "第一个管理员的登录名"},
    {"name", "姓名", "第一个管理员的姓名"},
    {"office", "名称", "单位名称；没有 --units 时建这一个单位，默认“本单位”"},
    {"units", "文件", "导入单位的表（制表符分隔）"},
    {"people", "文件", "导入人员的表（制表符分隔）"},
    {"database", "地址", "用 PostgreSQL：postgresql://…；不写用数据目录里的 SQLite"},
    {"join", NULL, "作为又一个节点接入已有的 PostgreSQL 库"},
    {"demo", NULL, "标为演示单位，导入的人都用一个公开的密码；绝不可用于正式数据"},
    {NULL, NULL, NULL},
};

const struct command cmd_init = {
    .name = "init",
    .args = "",
    .summary = "建立数据目录和第一个管理员",
    .about = "数据目录用 --data 写明，应是新的或空的文件夹。管理员的一次性密码只显示一次。\n"
             "管理员管账号，不因此能看资料；看资料的账号用 user add 或 --people 另建。",
    .options = options,
    .run = run,
};
