/* cmd_kind_newer.c - kind newer, kind take: what a newer program delivers for the kinds the office holds. */
#include "cli/cli_int.h"
#include "office/access.h"
#include "office/kind_newer.h"
#include "office/person.h"

/* ---- newer ---- */

static enum code newer_request(struct cli *c, json_t *args, struct err *e)
{
    (void)e;
    js_set(args, "kind", c->n_args ? str_z(c->args[0]) : S(""));
    return OK;
}

static json_t *rows_json(const struct newer_row *v, size_t n)
{
    static const char *const sorts[] = {
        [NEWER_ADDED] = "added", [NEWER_CHANGED] = "changed", [NEWER_GONE] = "gone"};
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        js_set(o, "what", v[i].what);
        js_set(o, "sort", str_z(sorts[v[i].sort]));
        js_set(o, "before", v[i].before);
        js_set(o, "after", v[i].after);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *lines_json(const struct str *v, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_stringn(v[i].p, v[i].n));
    return list;
}

static enum code newer_one(struct db *db, struct arena *a, const struct kind_row *row,
    const struct teller *t, bool *go_on, struct err *e)
{
    struct kind_newer n;

    TRY(kind_newer_get(db, a, row->kind, &n, e));
    if (!n.any)
        return OK;
    json_t *o = json_object();
    js_set(o, "name", row->kind);
    js_set(o, "title", row->name);
    json_object_set_new(o, "version", json_integer(row->version));
    json_object_set_new(o, "changes", rows_json(n.rows, n.n_rows));
    json_object_set_new(o, "kept", rows_json(n.kept, n.n_kept));
    json_object_set_new(o, "plus", lines_json(n.plus, n.n_plus));
    json_object_set_new(o, "minus", lines_json(n.minus, n.n_minus));
    js_set(o, "problem", n.problem);
    js_set(o, "text", n.merged);
    *go_on = t->say(t->arg, o);
    return OK;
}

static enum code newer_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct str only = jr_str(args, "kind");
    struct kind_row *v;
    struct arena a;
    size_t n = 0;
    struct db *db;
    bool go_on = true;
    enum code c;

    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    if (only.n) {
        v = ARENA_ARRAY(&a, struct kind_row, 1);
        c = kind_row_get(db, &a, only, 0, v, e);
        n = 1;
    } else {
        c = kind_list(db, &a, &v, &n, e);
    }
    for (size_t i = 0; c == OK && go_on && i < n; i++)
        c = newer_one(db, &a, &v[i], t, &go_on, e);
    store_read_end(db);
    arena_release(&a);
    return c;
}

static void print_rows(const json_t *rows, bool kept)
{
    size_t i;
    json_t *r;

    json_array_foreach(rows, i, r)
    {
        struct str before = jr_str(r, "before"), after = jr_str(r, "after"),
                   sort = jr_str(r, "sort");
        printf("  %.*s：", SF(jr_str(r, "what")));
        if (kept)
            printf("保留本单位的“%.*s”，不采用“%.*s”\n", SF(before), SF(after));
        else if (str_eq(sort, S("added")))
            printf("新增“%.*s”\n", SF(after));
        else if (str_eq(sort, S("gone")))
            printf("取消“%.*s”\n", SF(before));
        else
            printf("“%.*s”改为“%.*s”\n", SF(before), SF(after));
    }
}

static enum code newer_show(struct cli *c, json_t *s, struct err *e)
{
    struct str problem = jr_str(s, "problem");

    if (c->json)
        return cli_print_json(s, e);
    printf("%.*s  %.*s（第%lld版）：文件里增加%zu行，去掉%zu行\n", SF(jr_str(s, "name")),
        SF(jr_str(s, "title")), (long long)jr_int(s, "version", 0),
        json_array_size(json_object_get(s, "plus")), json_array_size(json_object_get(s, "minus")));
    print_rows(json_object_get(s, "changes"), false);
    print_rows(json_object_get(s, "kept"), true);
    if (problem.n)
        printf("  合不到一起，请在文件里改：%.*s\n", SF(problem));
    return OK;
}

const struct command cmd_kind_newer = {
    .name = "kind newer",
    .args = "[KIND]",
    .summary = "程序升级后给已有的事项种类带来的新内容",
    .about =
        "升级不会改动单位已有的种类。这里列出采用后改变的和本单位改过而保留的；采用用 kind take，\n"
        "或在“事项种类”的页面上。没有列出的种类没有新内容。",
    .args_max = 1,
    .reads = true,
    .request = newer_request,
    .work = newer_work,
    .show = newer_show,
};

/* ---- take ---- */

static const struct cli_option take_options[] = {
    {"as", "登录名", "以谁的身份采用：要有修改事项种类的权限"},
    {NULL, NULL, NULL},
};

static enum code take_request(struct cli *c, json_t *args, struct err *e)
{
    if (!cli_value(c, "as"))
        return FAIL(e, E_INPUT, "缺少 --as 登录名：新的一版要记下是谁采用的");
    js_set(args, "kind", str_z(c->args[0]));
    cli_pass(c, args, "as");
    return OK;
}

struct taking {
    struct str kind, as;
    int64_t version;
};

static enum code take(struct db *db, void *arg, struct err *e)
{
    struct taking *x = arg;
    struct person p;
    struct arena a;

    arena_init(&a);
    enum code c = person_by_login(db, &a, x->as, &p, e);
    if (c == OK) {
        struct viewer v = person_viewer(&p);
        c = access_may(&v, ACT_KINDS) ? OK : FAIL(e, E_DENIED, "“%.*s”不能修改事项种类", SF(x->as));
    }
    if (c == OK)
        c = kind_newer_take(db, x->kind, 0, p.id, &x->version, e);
    arena_release(&a);
    return c;
}

static enum code take_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct taking x = {.kind = jr_str(args, "kind"), .as = jr_str(args, "as")};

    TRY(store_write(o->store, take, &x, e));
    json_t *said = json_object();
    js_set(said, "name", x.kind);
    json_object_set_new(said, "version", json_integer(x.version));
    (void)t->say(t->arg, said);
    return OK;
}

static enum code take_show(struct cli *c, json_t *s, struct err *e)
{
    if (c->json)
        return cli_print_json(s, e);
    printf("已采用，“%.*s”现在是第%lld版；在办的事项仍按原来的版本\n", SF(jr_str(s, "name")),
        (long long)jr_int(s, "version", 0));
    return OK;
}

const struct command cmd_kind_take = {
    .name = "kind take",
    .args = "KIND",
    .summary = "采用程序给一个事项种类带来的新内容",
    .about = "先用 kind newer 看采用后改变什么。本单位自己改过的照旧。",
    .options = take_options,
    .args_min = 1,
    .args_max = 1,
    .request = take_request,
    .work = take_work,
    .show = take_show,
};
