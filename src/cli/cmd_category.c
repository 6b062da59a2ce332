/* cmd_category.c - category list|add, and label: what stands on documents besides what was read in them. */
#include "cli/cli_int.h"
#include "office/access.h"
#include "office/category.h"
#include "office/label.h"

/* ---- category list ---- */

static enum code no_request(struct cli *c, json_t *args, struct err *e)
{
    (void)c;
    (void)args;
    (void)e;
    return OK;
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct arena a;
    struct category *v;
    struct db *db;
    size_t n = 0;
    (void)args;
    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    enum code c = category_list(db, &a, &v, &n, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "id", json_sprintf("%lld", (long long)v[i].id));
        js_set(one, "name", v[i].name);
        json_object_set_new(one, "depth", json_integer(v[i].depth));
        json_object_set_new(one, "documents", json_integer(v[i].documents));
        if (!t->say(t->arg, one))
            break;
    }
    arena_release(&a);
    return c;
}

static enum code list_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    for (int64_t d = jr_int(s, "depth", 0); d > 0; d--)
        fputs("  ", stdout);
    printf("%.*s（%lld份）\n", SF(jr_str(s, "name")), (long long)jr_int(s, "documents", 0));
    return OK;
}

const struct command cmd_category_list = {
    .name = "category list",
    .args = "",
    .summary = "列出类别",
    .about = "份数是直接归入的，不含下级。",
    .reads = true,
    .request = no_request,
    .work = list_work,
    .show = list_show,
};

/* ---- category add ---- */

static enum code add_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "name", str_z(c->args[0]));
    cli_pass(c, args, "under");
    return OK;
}

struct adding {
    struct str name;
    int64_t under, id;
};

static enum code add(struct db *db, void *arg, struct err *e)
{
    struct adding *x = arg;
    return category_add(db, x->under, x->name, 0, &x->id, e);
}

static enum code add_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct adding x = {.name = jr_str(args, "name")};
    TRY(cli_category(o, jr_str(args, "under"), &x.under, e));
    TRY(store_write(o->store, add, &x, e));
    json_t *said = json_object();
    js_set(said, "name", x.name);
    json_object_set_new(said, "id", json_sprintf("%lld", (long long)x.id));
    (void)t->say(t->arg, said);
    return OK;
}

static enum code add_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("已建类别“%.*s”\n", SF(jr_str(s, "name")));
    return OK;
}

static const struct cli_option add_options[] = {
    {"under", "类别", "建在哪个类别下面；默认最上级"},
    {NULL, NULL, NULL},
};

const struct command cmd_category_add = {
    .name = "category add",
    .args = "NAME",
    .summary = "新建一个类别",
    .about = "收文时用 --category 归入，已有的文件用 label 归入。",
    .options = add_options,
    .args_min = 1,
    .args_max = 1,
    .request = add_request,
    .work = add_work,
    .show = add_show,
};

/* ---- label ---- */

static enum code label_request(struct cli *c, json_t *args, struct err *e)
{
    const char *s = cli_value(c, "status");
    enum doc_status status;
    js_set(args, "query", str_z(c->args[0]));
    cli_pass(c, args, "category");
    const char *l = cli_value(c, "level");
    enum doc_level level;
    if (!s && !l && !cli_value(c, "category"))
        return FAIL(e, E_INPUT, "请用 --category、--status 或 --level 写明要标注什么");
    if (l && !doc_level_of(str_z(l), &level))
        return FAIL(e, E_INPUT, "选项“--level”的值“%s”应是 公开、内部、工作秘密 之一", l);
    if (l)
        json_object_set_new(args, "level", json_integer(level));
    if (!s)
        return OK;
    if (!doc_status_of(str_z(s), &status))
        return FAIL(e, E_INPUT, "选项“--status”的值“%s”应是 现行、已修订、已废止、未标注 之一", s);
    json_object_set_new(args, "status", json_integer(status));
    return OK;
}

static enum code label_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct viewer owner = viewer_owner();
    struct label to = {.category = -1,
        .status = (int)jr_int(args, "status", -1),
        .level = (int)jr_int(args, "level", -1)};
    struct label_counts k;
    if (jr_str(args, "category").n)
        TRY(cli_category(o, jr_str(args, "category"), &to.category, e));
    TRY(label_found(o, &owner, jr_str(args, "query"), &to, &k, e));
    (void)t->say(t->arg,
        json_pack("{s:I,s:I}", "found", (json_int_t)k.found, "changed", (json_int_t)k.changed));
    return OK;
}

static enum code label_show(struct cli *c, json_t *s, struct err *e)
{
    int64_t found = jr_int(s, "found", 0);
    c->status = found ? 0 : 1;
    if (c->json)
        return cli_print_json(s, e);
    printf("找到%lld份，标注%lld份\n", (long long)found, (long long)jr_int(s, "changed", 0));
    return OK;
}

static const struct cli_option label_options[] = {
    {"category", "类别", "归入这个类别"},
    {"status", "效力", "现行、已修订、已废止、未标注"},
    {"level", "级别", "知悉级别：公开、内部、工作秘密"},
    {NULL, NULL, NULL},
};

const struct command cmd_label = {
    .name = "label",
    .args = "QUERY",
    .summary = "给检索到的文件统一标注类别、效力状态或知悉级别",
    .about = "QUERY 是检索式，写法同 search；先用 search 看一遍会找到哪些。\n"
             "原来已经这样标注的不变；每份的改动都记入审计。没有找到时退出状态为1。",
    .options = label_options,
    .args_min = 1,
    .args_max = 1,
    .request = label_request,
    .work = label_work,
    .show = label_show,
};
