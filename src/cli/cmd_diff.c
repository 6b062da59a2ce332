/* cmd_diff.c - diff A B: two versions of a document, character by character; a redline for Word and for print. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli_int.h"
#include "office/redline.h"

struct diff_job {
    struct cli_draft side[2];
    struct diff diff;
    struct redline red;
};

/* ---- writing ---- */

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Before anything is read: a wrong name of a result is not found out at the end. */
static enum code check_outputs(struct cli *c, struct err *e)
{
    static const char *const outputs[] = {"html", "docx"};
    for (size_t i = 0; i < 2; i++) {
        const char *out = cli_value(c, outputs[i]);
        for (size_t k = 0; out && k < 2; k++)
            if (same_file(out, c->args[k]))
                return FAIL(e, E_INPUT,
                    "选项“--%s”的“%s”就是要比较的文件，原件不改写，请写另一个文件名", outputs[i],
                    out);
    }
    return OK;
}

static enum code write_out(const char *path, struct str bytes, struct err *e)
{
    enum code c = io_write_file(path, bytes, 0644, e);
    /* a folder that is not there is bad use: exit status 1 would mean a difference */
    return c == E_NOTFOUND ? (e->code = E_INPUT) : c;
}

static enum code write_redlines(struct cli *c, struct diff_job *j, struct err *e)
{
    const char *html = cli_value(c, "html"), *docx = cli_value(c, "docx");
    struct str bytes;
    struct buf b;
    enum code code = OK;

    if (docx) {
        TRY(redline_docx(&c->arena, &j->red, &bytes, e));
        TRY(write_out(docx, bytes, e));
    }
    if (!html)
        return OK;
    buf_init(&b, 0);
    code = redline_html(&j->red, &b, e);
    if (code == OK)
        code = write_out(html, buf_view(&b), e);
    buf_release(&b);
    return code;
}

static const char *const kinds[] = {
    [DIFF_SAME] = "same", [DIFF_REMOVED] = "removed", [DIFF_ADDED] = "added"};

static void put_op(struct jw *w, const struct diff_job *j, const struct diff_op *o)
{
    jw_obj(w);
    jw_kstr(w, "kind", str_z(kinds[o->kind]));
    jw_kint(w, "a_begin", (int64_t)o->x_cp);
    jw_kint(w, "a_end", (int64_t)(o->x_cp + o->x_n_cp));
    jw_kint(w, "b_begin", (int64_t)o->y_cp);
    jw_kint(w, "b_end", (int64_t)(o->y_cp + o->y_n_cp));
    if (o->kind == DIFF_REMOVED)
        jw_kstr(w, "text", str_sub(j->side[0].text, o->x, o->x_n));
    if (o->kind == DIFF_ADDED)
        jw_kstr(w, "text", str_sub(j->side[1].text, o->y, o->y_n));
    jw_end(w);
}

static void put_json(const struct cli *c, const struct diff_job *j, struct buf *b)
{
    struct jw w;

    jw_init(&w, b);
    jw_obj(&w);
    jw_kstr(&w, "a", str_z(c->args[0]));
    jw_kstr(&w, "b", str_z(c->args[1]));
    jw_kint(&w, "same", (int64_t)j->diff.same_cp);
    jw_kint(&w, "removed", (int64_t)j->diff.removed_cp);
    jw_kint(&w, "added", (int64_t)j->diff.added_cp);
    jw_kreal(&w, "ratio", diff_ratio(&j->diff));
    jw_kbool(&w, "coarse", j->diff.coarse);
    jw_karr(&w, "ops");
    for (size_t i = 0; i < j->diff.n; i++)
        put_op(&w, j, &j->diff.ops[i]);
    jw_end(&w);
    jw_end(&w);
    buf_char(b, '\n');
}

static enum code show(struct cli *c, const struct diff_job *j, struct err *e)
{
    struct buf b;
    enum code code = OK;

    buf_init(&b, 0);
    if (c->json)
        put_json(c, j, &b);
    else if (c->status == 0)
        buf_z(&b, "两份文字完全相同\n");
    else
        code = redline_text(&j->red, isatty(STDOUT_FILENO) == 1, &b, e);
    if (code == OK)
        code = buf_check(&b, "比较结果", e);
    if (code == OK && (fwrite(b.p, 1, b.n, stdout) != b.n || fflush(stdout) != 0))
        code = io_fail("写到", "标准输出", e);
    buf_release(&b);
    return code;
}

static enum code run(struct cli *c, struct err *e)
{
    struct diff_job j = {0};
    struct redline_sides sides;

    TRY(check_outputs(c, e));
    if (strcmp(c->args[0], "-") == 0 && strcmp(c->args[1], "-") == 0)
        return FAIL(e, E_INPUT, "两份文稿不能都从标准输入来，请写出其中一份的文件名");
    for (size_t i = 0; i < 2; i++)
        TRY(cli_read_draft(c, c->args[i], &j.side[i], e));
    sides = (struct redline_sides){
        &j.side[0].doc, &j.side[1].doc, cli_base_name(c->args[0]), cli_base_name(c->args[1])};
    TRY(redline_find(&c->arena, &sides, &j.diff, &j.red, e));
    c->status = j.diff.removed_cp + j.diff.added_cp > 0;
    TRY(write_redlines(c, &j, e));
    return show(c, &j, e);
}

static const struct cli_option options[] = {
    {"html", "文件", "红线稿写成一个网页文件，可在浏览器里看和打印"},
    {"docx", "文件", "红线稿写成带修订标记的 docx，可在 Word、WPS 里逐条接受或拒绝"},
    {NULL, NULL, NULL},
};

const struct command cmd_diff = {
    .name = "diff",
    .args = "A B",
    .summary = "比较两份文稿，逐字标出改动",
    .about = "A 是旧稿，B 是新稿，txt、docx、pdf、ofd 等都可以，格式可以不同，其中一份可以写成 "
             "-（标准输入）。不需要数据目录。\n"
             "列出有改动的段落：[-删去的-]、{+新增的+}，在终端上用颜色；¶ 是分开或并入的段落。\n"
             "JSON 的 ops 依次盖满两份文字，a_begin 等是正文中的字符位置。\n"
             "有改动时退出状态为1，完全相同时为0。",
    .options = options,
    .args_min = 2,
    .args_max = 2,
    .reads = true,
    .run = run,
};
