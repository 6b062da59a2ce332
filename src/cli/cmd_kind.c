/* cmd_kind.c - kind list|check|show. */
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/kind.h"

/* ---- list ---- */

static enum code no_request(struct cli *c, json_t *args, struct err *e)
{
    (void)c;
    (void)args;
    (void)e;
    return OK;
}

static json_t *row_json(struct arena *a, const struct kind_row *row)
{
    json_t *o = json_object();
    struct kind *k;
    struct err wrong;

    js_set(o, "name", row->kind);
    js_set(o, "title", row->name);
    json_object_set_new(o, "version", json_integer(row->version));
    json_object_set_new(o, "enabled", json_boolean(row->status == KIND_PUBLISHED));
    if (kind_read(a, row->yaml, "已发布的事项种类", &k, &wrong) == OK)
        js_set(o, "about", k->about);
    return o;
}

static enum code list_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct kind_row *v;
    struct arena a;
    size_t n = 0;
    struct db *db;
    enum code c;

    (void)args;
    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    c = kind_list(db, &a, &v, &n, e);
    store_read_end(db);
    for (size_t i = 0; c == OK && i < n; i++)
        if (!t->say(t->arg, row_json(&a, &v[i])))
            break;
    arena_release(&a);
    return c;
}

static enum code list_show(struct cli *c, json_t *s, struct err *e)
{
    struct str about = jr_str(s, "about");

    if (c->json)
        return cli_print_json(s, e);
    printf("%.*s  %.*s（第%lld版%s）", SF(jr_str(s, "name")), SF(jr_str(s, "title")),
        (long long)jr_int(s, "version", 0), jr_bool(s, "enabled", false) ? "" : "，停用");
    if (about.n)
        printf("：%.*s", SF(about));
    puts("");
    return OK;
}

const struct command cmd_kind_list = {
    .name = "kind list",
    .args = "",
    .summary = "列出事项种类",
    .about = "停用的种类不能新办，已经在办的照旧。",
    .reads = true,
    .request = no_request,
    .work = list_work,
    .show = list_show,
};

/* ---- show ---- */

static const struct cli_option show_options[] = {
    {"version", "版次", "哪一版，默认最新的"},
    {NULL, NULL, NULL},
};

static enum code show_request(struct cli *c, json_t *args, struct err *e)
{
    struct cli_range r = {1, INT32_MAX, 0};
    int64_t version;

    TRY(cli_int(c, "version", r, &version, e));
    js_set(args, "kind", str_z(c->args[0]));
    json_object_set_new(args, "version", json_integer(version));
    return OK;
}

static json_t *fields_json(const struct kind *k)
{
    json_t *list = json_array();

    for (size_t i = 0; i < k->n_fields; i++) {
        json_t *o = json_object();
        js_set(o, "name", k->fields[i].id);
        js_set(o, "title", k->fields[i].name);
        js_set(o, "type", str_z(field_type_key(k->fields[i].type)));
        json_object_set_new(o, "required", json_boolean(k->fields[i].required));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *states_json(const struct kind *k)
{
    json_t *list = json_array();

    for (size_t i = 0; i < k->n_states; i++) {
        json_t *o = json_object();
        js_set(o, "name", k->states[i].id);
        js_set(o, "title", k->states[i].name);
        json_object_set_new(o, "closed", json_boolean(k->states[i].closed));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *moves_json(const struct kind *k)
{
    json_t *list = json_array();

    for (size_t i = 0; i < k->n_moves; i++) {
        const struct kind_move *m = &k->moves[i];
        json_t *o = json_object(), *from = json_array();
        js_set(o, "name", m->id);
        js_set(o, "title", m->name);
        for (size_t j = 0; j < m->n_from; j++)
            json_array_append_new(
                from, json_stringn(k->states[m->from[j]].id.p, k->states[m->from[j]].id.n));
        json_object_set_new(o, "from", from);
        js_set(o, "to", k->states[m->to].id);
        json_array_append_new(list, o);
    }
    return list;
}

static enum code show_work(struct office *o, json_t *args, const struct teller *t, struct err *e)
{
    struct kind_row row;
    struct kind *k;
    struct arena a;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    arena_init(&a);
    c = kind_row_get(db, &a, jr_str(args, "kind"), jr_int(args, "version", 0), &row, e);
    store_read_end(db);
    if (c == OK)
        c = kind_read(&a, row.yaml, "已发布的事项种类", &k, e);
    if (c == OK) {
        json_t *said = row_json(&a, &row);
        json_object_set_new(said, "fields", fields_json(k));
        json_object_set_new(said, "states", states_json(k));
        json_object_set_new(said, "moves", moves_json(k));
        js_set(said, "text", row.yaml);
        (void)t->say(t->arg, said);
    }
    arena_release(&a);
    return c;
}

static enum code show_show(struct cli *c, json_t *s, struct err *e)
{
    struct str text = jr_str(s, "text");

    if (c->json)
        return cli_print_json(s, e);
    if (fwrite(text.p, 1, text.n, stdout) != text.n)
        return io_fail("写到", "标准输出", e);
    return OK;
}

const struct command cmd_kind_show = {
    .name = "kind show",
    .args = "KIND",
    .summary = "写出一个事项种类的文件",
    .about = "写到标准输出，可以改过再用 kind check 核对；--json 还列出字段、状态和转办。",
    .options = show_options,
    .args_min = 1,
    .args_max = 1,
    .reads = true,
    .request = show_request,
    .work = show_work,
    .show = show_show,
};

/* ---- check ---- */

static enum code read_input(struct cli *c, struct buf *b, struct err *e)
{
    if (str_eq(str_z(c->args[0]), S("-")))
        return io_read_fd(0, "标准输入", KIND_BYTES_MAX, b, e);
    return io_read_file(c->args[0], KIND_BYTES_MAX, b, e);
}

static enum code print_judged(
    struct cli *c, const struct kind *k, const struct kind_note *v, size_t n, struct err *e)
{
    json_t *o, *notes;
    enum code code;

    if (!c->json) {
        for (size_t i = 0; i < n; i++)
            printf("第%d行：%.*s\n", v[i].line, SF(v[i].text));
        printf("%.*s（%.*s）：%zu个字段、%zu个状态、%zu个转办、%zu个时限，%s", SF(k->name),
            SF(k->id), k->n_fields, k->n_states, k->n_moves, k->n_clocks, n ? "有" : "没有问题\n");
        if (n)
            printf("%zu处提示\n", n);
        return OK;
    }
    o = json_object();
    notes = json_array();
    js_set(o, "name", k->id);
    js_set(o, "title", k->name);
    for (size_t i = 0; i < n; i++) {
        json_t *one = json_object();
        json_object_set_new(one, "line", json_integer(v[i].line));
        js_set(one, "text", v[i].text);
        json_array_append_new(notes, one);
    }
    json_object_set_new(o, "notes", notes);
    code = cli_print_json(o, e);
    json_decref(o);
    return code;
}

static enum code check_run(struct cli *c, struct err *e)
{
    struct str name = cli_base_name(c->args[0]);
    struct kind_note *v;
    struct kind *k;
    struct buf b;
    size_t n;
    enum code code;

    if (str_eq(name, S("-")))
        name = S("标准输入");
    buf_init(&b, 0);
    code = read_input(c, &b, e);
    if (code == E_NOTFOUND) /* a path that is wrong is bad use, as for check */
        e->code = code = E_INPUT;
    if (code == OK)
        code = kind_read(&c->arena, buf_view(&b), arena_z(&c->arena, name), &k, e);
    buf_release(&b);
    if (code != OK)
        return code;
    kind_lint(k, &c->arena, &v, &n);
    c->status = n ? 1 : 0;
    return print_judged(c, k, v, n, e);
}

const struct command cmd_kind_check = {
    .name = "kind check",
    .args = "FILE",
    .summary = "核对一个事项种类的文件，不需要数据目录",
    .about = "文件有错时写出第几行、错在哪里，退出状态为2；没有错而有可能不是本意的地方，逐条提示，"
             "退出状态为1。FILE 为 - 时读标准输入。",
    .args_min = 1,
    .args_max = 1,
    .run = check_run,
};
