/* cmd_template.c - template list|show|check. */
#include "base/io.h"
#include "base/json.h"
#include "cli/cli_int.h"
#include "office/template.h"
#include "text/genre.h"

/* ---- list ---- */

static enum code put_json(struct cli *c, const struct template *t, struct err *e)
{
    json_t *o = json_object(), *fields = json_array();
    enum code code;

    js_set(o, "id", t->id);
    js_set(o, "name", t->name);
    js_set(o, "group", t->group);
    js_set(o, "genre", genre_name(t->genre));
    js_set(o, "about", t->about);
    for (size_t i = 0; i < t->n_fields; i++) {
        json_t *f = json_object();
        js_set(f, "id", t->fields[i].id);
        js_set(f, "name", t->fields[i].name);
        js_set(f, "help", t->fields[i].help);
        json_object_set_new(f, "required", json_boolean(t->fields[i].required));
        json_array_append_new(fields, f);
    }
    json_object_set_new(o, "fields", fields);
    (void)c;
    code = cli_print_json(o, e);
    json_decref(o);
    return code;
}

static enum code list_run(struct cli *c, struct err *e)
{
    const char *name;
    struct str file;

    for (size_t i = 0; template_builtin(i, &file, &name); i++) {
        struct template t;
        TRY(template_read(&c->arena, file, name, &t, e));
        if (c->json)
            TRY(put_json(c, &t, e));
        else
            printf("%.*s  %.*s：%.*s\n", SF(t.id), SF(t.name), SF(t.about));
    }
    return OK;
}

const struct command cmd_template_list = {
    .name = "template list",
    .args = "",
    .summary = "列出随附的模板",
    .about = "单位自己的模板在网页“模板”中。不需要数据目录。",
    .run = list_run,
};

/* ---- show ---- */

static enum code builtin_of(
    struct cli *c, struct str id, struct str *file, struct template *t, struct err *e)
{
    const char *name;

    for (size_t i = 0; template_builtin(i, file, &name); i++) {
        TRY(template_read(&c->arena, *file, name, t, e));
        if (str_eq(t->id, id) || str_eq(t->name, id))
            return OK;
    }
    return FAIL(e, E_NOTFOUND, "没有模板“%.*s”，全部模板见：qianshao template list", SF(id));
}

static enum code show_run(struct cli *c, struct err *e)
{
    struct template t;
    struct str out;

    TRY(builtin_of(c, str_z(c->args[0]), &out, &t, e));
    if (cli_flag(c, "sample"))
        TRY(template_fill(&c->arena, &t, template_samples(&c->arena, &t), &out, e));
    if (fwrite(out.p, 1, out.n, stdout) != out.n)
        return io_fail("写到", "标准输出", e);
    return OK;
}

static const struct cli_option show_options[] = {
    {"sample", NULL, "用示例填好，只写正文，可以接着排版：qianshao format"},
    {NULL, NULL, NULL},
};

const struct command cmd_template_show = {
    .name = "template show",
    .args = "NAME",
    .summary = "写出一个模板的文件",
    .about = "NAME 是模板的编号或者名称。写到标准输出，可以改成本单位的，用 template check "
             "核对后在网页“模板”中添加。",
    .options = show_options,
    .args_min = 1,
    .args_max = 1,
    .run = show_run,
};

/* ---- check ---- */

static enum code check_run(struct cli *c, struct err *e)
{
    struct str name = cli_base_name(c->args[0]);
    struct template t;
    struct buf b;
    enum code code;

    if (str_eq(name, S("-")))
        name = S("标准输入");
    buf_init(&b, 0);
    code = str_eq(str_z(c->args[0]), S("-")) ? io_read_fd(0, "标准输入", TEMPLATE_BYTES_MAX, &b, e)
                                             : io_read_file(c->args[0], TEMPLATE_BYTES_MAX, &b, e);
    if (code == E_NOTFOUND) /* a path that is wrong is bad use, as for check */
        e->code = code = E_INPUT;
    if (code == OK)
        code = template_read(
            &c->arena, arena_str(&c->arena, buf_view(&b)), arena_z(&c->arena, name), &t, e);
    buf_release(&b);
    if (code != OK)
        return code;
    if (c->json)
        return put_json(c, &t, e);
    printf("%.*s（%.*s）：%zu项要填，没有问题\n", SF(t.name), SF(t.id), t.n_fields);
    return OK;
}

const struct command cmd_template_check = {
    .name = "template check",
    .args = "FILE",
    .summary = "核对一个模板的文件，不需要数据目录",
    .about = "文件有错时写出第几行、错在哪里，退出状态为2。FILE 为 - 时读标准输入。",
    .args_min = 1,
    .args_max = 1,
    .run = check_run,
};
