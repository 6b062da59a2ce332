/* cmd_format.c - format FILE -o OUT: a plain draft as official paper. */
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "cli/cli_int.h"
#include "office/describe.h"
#include "office/typeset.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"

struct format_job {
    struct cli_draft draft;
    struct official doc;
    struct official_style style;
    struct typeset_read told;
    struct layout layout;
    struct official_deviation *deviations;
    size_t n_deviations;
};

static enum code check_output(struct cli *c, struct err *e)
{
    const char *out = cli_value(c, "output");

    if (!out)
        return FAIL(e, E_INPUT, "没有给出 -o，请写明排成哪个文件，如 -o 通知.pdf");
    if (!str_ends(str_z(out), S(".pdf")) && !str_ends(str_z(out), S(".docx")) &&
        !str_ends(str_z(out), S(".ofd")))
        return FAIL(e, E_INPUT, "“%s”应以 .pdf、.docx 或 .ofd 结尾", out);
    if (strcmp(out, c->args[0]) == 0)
        return FAIL(e, E_INPUT, "“%s”就是要排的文件，原件不改写，请写另一个文件名", out);
    return OK;
}

static enum code read_in(struct cli *c, struct format_job *j, struct err *e)
{
    const char *form = cli_value(c, "form");

    TRY(cli_read_draft(c, c->args[0], &j->draft, e));
    TRY(typeset_read(
        &c->arena, j->draft.text, describe_kinds(&c->arena, &j->draft.doc), &j->doc, &j->told, e));
    TRY(cli_format_pictures(c, c->args[0], &j->doc, e));
    if (form) {
        j->doc.form = typeset_form(str_z(form));
        if (j->doc.form == N_OFFICIAL_FORM)
            return FAIL(e, E_INPUT,
                "选项“--form”的值“%s”应是文件、信函、命令、纪要、简报、讲话稿、诵读稿、白头之一",
                form);
    }
    official_style_of(j->doc.form, &j->style);
    j->style.preprinted = cli_value(c, "preprinted") != NULL;
    j->n_deviations = official_deviations(&c->arena, j->doc.form, &j->style, &j->deviations);
    return OK;
}

static enum code write_docx(struct cli *c, struct format_job *j, const char *out, struct err *e)
{
    struct official_docx o = {.made_ms = clock_now_ms()};
    struct str bytes;

    TRY(official_docx(&c->arena, &j->doc, &j->style, &j->layout, &o, &bytes, e));
    return io_write_file(out, bytes, 0644, e);
}

static enum code write_pdf(
    struct cli *c, struct format_job *j, struct faces *f, const char *out, struct err *e)
{
    struct layout_pdf o = {.title = j->doc.title,
        .watermark = str_z(cli_value(c, "watermark")),
        .made_ms = clock_now_ms()};
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    code = layout_pdf(&j->layout, f, &o, &b, e);
    if (code == OK)
        code = io_write_file(out, buf_view(&b), 0644, e);
    buf_release(&b);
    return code;
}

static enum code write_ofd(
    struct cli *c, struct format_job *j, struct faces *f, const char *out, struct err *e)
{
    struct layout_pdf o = {.title = j->doc.title, .made_ms = clock_now_ms()};
    struct str bytes;

    TRY(layout_ofd(&c->arena, &j->layout, f, &o, &bytes, e));
    return io_write_file(out, bytes, 0644, e);
}

static enum code draw(struct cli *c, struct format_job *j, struct faces *f, struct err *e)
{
    const char *out = cli_value(c, "output");
    enum code code;

    TRY(layout_make(&c->arena, f, &j->doc, &j->style, &j->layout, e));
    code = str_ends(str_z(out), S(".docx"))  ? write_docx(c, j, out, e)
           : str_ends(str_z(out), S(".ofd")) ? write_ofd(c, j, f, out, e)
                                             : write_pdf(c, j, f, out, e);
    return code == E_NOTFOUND ? (e->code = E_INPUT) : code;
}

static void put_json(const struct format_job *j)
{
    struct buf b;
    struct jw w;

    buf_init(&b, 0);
    jw_init(&w, &b);
    jw_obj(&w);
    jw_kstr(&w, "form", str_z(official_form_name(j->doc.form)));
    jw_kstr(&w, "title", j->doc.title);
    jw_kint(&w, "pages", (int64_t)j->layout.n);
    jw_karr(&w, "faces");
    for (size_t i = 0; i < j->layout.n_faces; i++) {
        const struct face_used *u = &j->layout.faces[i];
        jw_obj(&w);
        jw_kstr(&w, "face", str_z(face_name(u->face)));
        jw_kstr(&w, "family", u->family);
        jw_kbool(&w, "substituted", u->substituted);
        jw_kint(&w, "from_other_fonts", (int64_t)u->n_strange);
        jw_end(&w);
    }
    jw_end(&w);
    jw_karr(&w, "notes");
    for (size_t i = 0; i < j->told.n_notes; i++)
        jw_str(&w, j->told.notes[i]);
    for (size_t i = 0; i < j->layout.n_notes; i++)
        jw_str(&w, j->layout.notes[i]);
    jw_end(&w);
    jw_end(&w);
    puts(b.p);
    buf_release(&b);
}

static void put_text(const struct format_job *j, const char *out)
{
    printf("%s：%s，%zu页\n", out, official_form_name(j->doc.form), j->layout.n);
    for (size_t i = 0; i < j->told.n_notes; i++)
        printf("提示：%.*s\n", SF(j->told.notes[i]));
    for (size_t i = 0; i < j->layout.n_notes; i++)
        printf("提示：%.*s\n", SF(j->layout.notes[i]));
    for (size_t i = 0; i < j->n_deviations; i++)
        printf("与标准不同：%.*s（GB/T 9704 %s）\n", SF(j->deviations[i].what),
            j->deviations[i].clause);
    for (size_t i = 0; i < j->layout.n_faces; i++) {
        const struct face_used *u = &j->layout.faces[i];
        if (u->substituted)
            printf("字体：本机没有%s，用“%.*s”代替\n", face_name(u->face), SF(u->family));
        if (u->n_strange)
            printf("字体：%s“%.*s”缺%zu个字，用其他字体补上\n", face_name(u->face), SF(u->family),
                u->n_strange);
    }
}

static enum code run(struct cli *c, struct err *e)
{
    struct format_job j = {0};
    struct faces *f;
    enum code code;

    TRY(check_output(c, e));
    TRY(read_in(c, &j, e));
    TRY(faces_open(NULL, &f, e));
    code = draw(c, &j, f, e);
    faces_close(f);
    if (code != OK)
        return code;
    if (c->json)
        put_json(&j);
    else
        put_text(&j, cli_value(c, "output"));
    return OK;
}

static const struct cli_option options[] = {
    {"output", "文件", "排成哪个文件（pdf、docx、ofd），可写成 -o"},
    {"form", "版式", "文件、信函、命令、纪要、简报、讲话稿、诵读稿、白头；默认按内容判断"},
    {"preprinted", NULL, "印在预印红头纸上：不印红色的标志和红线"},
    {"watermark", "文字", "每页加淡色水印"},
    {NULL, NULL, NULL},
};

const struct command cmd_format = {
    .name = "format",
    .args = "FILE",
    .summary = "按公文格式（GB/T 9704）排版",
    .about =
        "FILE 是一份文稿，txt、docx、md 等都可以，- 是标准输入。不需要数据目录。\n"
        "照平常写法即可：“一、”“（一）”“1.”“附件：”“抄送：”等按所在位置认出；认不出的写在最前面，"
        "一行一项：版式、份号、紧急程度、发文机关、标志、签发人、编印、用印、讲话人。\n"
        "图片写成一行“[图：名称]”，同名的 png 或 jpg "
        "放在文稿所在的文件夹，要定宽度写成“[图：名称，宽8厘米]”；下一行写“图1　……”是图题。\n"
        "缺少的字体用相近的代替，并逐一说明。",
    .options = options,
    .args_min = 1,
    .args_max = 1,
    .reads = true,
    .run = run,
};
