/* cmd_export.c - export: a ledger as a workbook. */
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/audit.h"
#include "office/ledger.h"
#include "office/person.h"

enum { WORDS_MAX = 40 };

static const struct cli_option options[] = {
    {"output", "FILE", "写到哪个文件（xlsx），必须给出；已有的文件不覆盖"},
    {"as", "LOGIN", "以谁的权限导出，默认是数据目录的所有者，可见全部"},
    {"columns", "栏目", "列出的栏，用逗号分隔，如 number,title,lead,due；默认与台账相同"},
    {"filter", "条件", "与台账网址里的条件相同，用 & 分隔，如 'open=1&f.lead=G-GC&sort=due'"},
    {NULL, NULL, NULL},
};

static enum code request(struct cli *c, json_t *args, struct err *e)
{
    const char *path = cli_value(c, "output");

    if (!path)
        return FAIL(e, E_INPUT, "没有给出 --output，请写明导出到哪个文件");
    js_set(args, "kind", str_z(c->args[0]));
    js_set(args, "path", cli_absolute(c, path));
    cli_pass(c, args, "as");
    cli_pass(c, args, "columns");
    cli_pass(c, args, "filter");
    return OK;
}

struct taking {
    struct viewer v;
    struct actor by;
    struct ledger l;
    struct ledger_query q;
    struct str who;
    int64_t rows;
};

static enum code look_as(
    struct office *o, struct db *db, struct arena *a, json_t *args, struct taking *t, struct err *e)
{
    struct str as = jr_str(args, "as");
    struct person p;

    t->v = viewer_owner();
    t->who = S("数据目录的所有者");
    if (as.n) {
        TRY(person_by_login(db, a, as, &p, e));
        t->v = person_viewer(&p);
        t->who = p.name;
    }
    t->by = (struct actor){.v = &t->v,
        .kinds = o->kinds,
        .calendar = o->calendar,
        .hours = &o->hours,
        .now_ms = clock_now_ms()};
    return access_require(&t->v, ACT_ITEMS, e);
}

static enum code read_filter(
    struct db *db, struct arena *a, json_t *args, struct taking *t, struct err *e)
{
    struct ledger_word v[WORDS_MAX] = {{S("cols"), jr_str(args, "columns")}};
    struct str rest = jr_str(args, "filter"), word;
    size_t n = 1;

    while (str_next(&rest, S("&"), &word)) {
        if (!word.n)
            continue;
        if (n == WORDS_MAX)
            return FAIL(e, E_LIMIT, "条件超过%d个", WORDS_MAX - 1);
        if (!str_cut(word, S("="), &v[n].name, &v[n].value))
            return FAIL(e, E_INPUT, "条件“%.*s”应写成 名称=值", SF(word));
        n++;
    }
    return ledger_query_read(db, a, &t->by, &t->l, v, n, &t->q, e);
}

static enum code take(
    struct office *o, struct arena *a, json_t *args, struct taking *t, struct err *e)
{
    char *path = arena_z(a, jr_str(args, "path"));
    char *tmp = arena_z(a, arena_printf(a, "%s/tmp", o->dir));
    struct ledger_export x = {.tmp_dir = tmp};
    struct db *db;
    enum code c;

    if (io_exists(path))
        return FAIL(e, E_INPUT, "已有文件“%s”，请换一个名称或先移走它", path);
    TRY(store_read(o->store, &db, e));
    c = look_as(o, db, a, args, t, e);
    if (c == OK)
        c = ledger_open(db, &t->by, jr_str(args, "kind"), &t->l, e);
    if (c == OK)
        c = read_filter(db, a, args, t, e);
    x.who = t->who;
    if (c == OK)
        c = ledger_export(db, &t->by, &t->l, &t->q, &x, path, &t->rows, e);
    store_read_end(db);
    return c;
}

static enum code note(struct db *db, void *arg, struct err *e)
{
    const struct taking *t = arg;

    return ledger_export_note(db, &t->by, &t->l, t->q.said, t->rows, e);
}

static enum code work(struct office *o, json_t *args, const struct teller *teller, struct err *e)
{
    struct taking t = {.rows = 0};
    struct arena a;
    enum code c;

    arena_init(&a);
    c = take(o, &a, args, &t, e);
    if (c == OK)
        c = store_write(o->store, note, &t, e);
    if (c == OK) {
        struct access_entry x = {.person = t.v.person,
            .kind = ACCESS_EXPORT,
            .what = arena_printf(&a, "%.*s台账，%lld件", SF(t.l.k->name), (long long)t.rows)};
        json_t *said = json_object();
        audit_access_to(o->store, &x);
        js_set(said, "kind", t.l.k->id);
        js_set(said, "name", t.l.k->name);
        js_set(said, "path", jr_str(args, "path"));
        js_set(said, "filter", t.q.said);
        json_object_set_new(said, "rows", json_integer(t.rows));
        (void)teller->say(teller->arg, said);
    }
    arena_release(&a);
    return c;
}

static enum code show(struct cli *c, json_t *s, struct err *e)
{
    struct str filter = jr_str(s, "filter");

    if (c->json)
        return cli_print_json(s, e);
    printf("%.*s台账：%lld件%s%.*s%s\n", SF(jr_str(s, "name")), (long long)jr_int(s, "rows", 0),
        filter.n ? "（" : "", SF(filter), filter.n ? "）" : "");
    return OK;
}

const struct command cmd_export = {
    .name = "export",
    .args = "KIND",
    .summary = "把一种事项的台账导出为 Excel 表格",
    .about =
        "内容与网页上的台账相同，只含 --as 那个人看得到的事项和栏目；导出记入操作记录和查阅记录。",
    .options = options,
    .args_min = 1,
    .args_max = 1,
    .request = request,
    .work = work,
    .show = show,
};
