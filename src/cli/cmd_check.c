/* cmd_check.c - check FILE: a draft proofread, with the library where there is a data directory.
 *
 * Three steps: read_file (the reader's cage, as for every file from outside), proofread and one of the reports. proofread
 * is the only place that knows where findings come from: with an office the check of office/proof.h as its
 * owner sees it (read-only, beside a running serve too), else the rules that need no office. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/utf8.h"
#include "cli/check_report.h"
#include "cli/cli_int.h"
#include "cli/settings.h"
#include "office/describe.h"
#include "office/proof.h"
#include "text/genre.h"
#include "text/lexicon.h"

struct check_job {
    const char *path; /* "-": standard input */
    struct str raw;   /* bytes of a text file or of standard input; else empty */
    struct doc doc;
    struct str text; /* doc_text */
    uint8_t *kinds;
    struct draft draft;
    struct check_options options;
    struct check found;
    struct check_report report;
};

/* ---- the options ---- */

static enum code take_classes(const char *v, uint32_t *out, struct err *e)
{
    struct str rest = str_z(v), piece;

    while (str_next(&rest, S(","), &piece)) {
        enum check_class k = check_class_of(str_trim(piece));
        if (!k)
            return FAIL(e, E_INPUT,
                "选项“--class”的值“%.*s”不是规则的类别，类别见：qianshao check --rules", SF(piece));
        *out |= (uint32_t)1 << k;
    }
    return OK;
}

static enum code take_options(struct cli *c, struct check_job *j, struct err *e)
{
    struct day today = day_of(clock_day(clock_now_ms(), ZONE_CHINA)), day = {0, 0, 0};
    const char *v = cli_value(c, "level");

    j->options.today = (struct lex_date){today.y, today.m, today.d};
    if (v && (j->report.least = check_level_of(str_z(v))) == CHECK_OFF)
        return FAIL(e, E_INPUT,
            "选项“--level”的值“%s”应是 error（错误）、warn（疑似）、hint（提示）之一", v);
    v = cli_value(c, "class");
    if (v)
        TRY(take_classes(v, &j->options.classes, e));
    v = cli_value(c, "day");
    if (v) {
        TRY(day_parse(str_z(v), &day, e));
        j->options.day = (struct lex_date){day.y, day.m, day.d};
    }
    v = cli_value(c, "genre");
    if (v && !(j->options.genre = genre_of_name(str_z(v))))
        return FAIL(e, E_INPUT, "选项“--genre”的值“%s”不是文种，例如 通知、请示、纪要", v);
    if (lexicon_open(&c->arena, cli_value(c, "lexicon"), &j->options.tables.lexicon, e) != OK)
        return e->code == E_NOTFOUND ? (e->code = E_INPUT) : e->code; /* what the person wrote */
    if (cli_flag(c, "sarif") && c->json)
        return FAIL(e, E_INPUT, "选项“--json”和“--sarif”只能用一个");
    return OK;
}

/* ---- reading ---- */

static enum code read_file(struct cli *c, struct check_job *j, struct err *e)
{
    struct cli_draft d;

    TRY(cli_read_draft(c, j->path, &d, e));
    j->raw = d.raw;
    j->doc = d.doc;
    j->text = d.text;
    j->kinds = describe_kinds(&c->arena, &j->doc);
    return OK;
}

/* The numbers that an editor shows: the reader leaves blank lines and blanks at the ends out. Only where every line
 * that is not blank became one paragraph. */
static void number_lines(struct cli *c, struct check_job *j)
{
    uint32_t *line, *lead, number = 1;
    size_t n = 0;

    if (j->doc.format != FORMAT_TXT || !str_eq(j->doc.encoding, S("UTF-8")))
        return;
    line = ARENA_ARRAY(&c->arena, uint32_t, j->draft.n_lines + 1);
    lead = ARENA_ARRAY(&c->arena, uint32_t, j->draft.n_lines + 1);
    for (size_t i = 0, begin = 0; i <= j->raw.n; i++) {
        int ch = i < j->raw.n ? (unsigned char)j->raw.p[i] : '\n';
        struct str s;
        if (ch != '\n' && ch != '\r' && ch != '\f')
            continue;
        s = str_trim(str_sub(j->raw, begin, i - begin));
        if (s.n) {
            if (n >= j->draft.n_lines)
                return;
            line[n] = number;
            lead[n++] =
                (uint32_t)utf8_len_cp(str_sub(j->raw, begin, (size_t)(s.p - j->raw.p) - begin));
        }
        number += ch == '\n' || (ch == '\r' && i + 1 < j->raw.n && j->raw.p[i + 1] != '\n');
        begin = i + 1;
    }
    if (n != j->draft.n_lines)
        return;
    j->report.line = line;
    j->report.lead = lead;
    j->report.real_lines = true;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Is there an office to ask? One named on the command line must be there. */
static bool has_office(const struct cli *c)
{
    char path[IO_PATH_MAX];
    struct err e;

    if (cli_flag(c, "plain"))
        return false;
    return c->data_given ||
           (io_join(path, c->data, "qianshao.yaml", &e) == OK && access(path, R_OK) == 0);
}

static enum code with_office(struct cli *c, struct check_job *j, struct err *e)
{
    struct viewer owner = viewer_owner();
    struct proof_input in = {.text = j->text,
        .kinds = j->kinds,
        .day = j->options.day,
        .genre = j->options.genre,
        .classes = j->options.classes,
        .lexicon = cli_value(c, "lexicon") ? j->options.tables.lexicon : NULL};
    struct proof_report *r = ARENA_NEW(&c->arena, struct proof_report);
    struct office *o;
    enum code code;

    TRY(settings_open(c, OPEN_READ, &o, e));
    code = proof_check(o, &c->arena, &owner, &in, r, e);
    office_close(o);
    if (code != OK)
        return code;
    j->draft = r->draft;
    j->found = r->check;
    j->report.office = r;
    return OK;
}

static enum code proofread(struct cli *c, struct check_job *j, struct err *e)
{
    double began = now_ms();

    if (has_office(c)) {
        TRY(with_office(c, j, e));
        j->report.ms = now_ms() - began;
        return OK;
    }
    TRY(draft_read(&c->arena, j->text, j->kinds, &j->draft, e));
    check_draft(&c->arena, &j->draft, &j->options, &j->found);
    j->report.ms = now_ms() - began;
    return OK;
}

/* ---- writing ---- */

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static enum code write_fixed(struct cli *c, struct check_job *j, struct err *e)
{
    const char *out = cli_value(c, "fix");
    struct buf b;
    enum code code;
    size_t n;

    if (!out)
        return OK;
    if (strcmp(j->path, "-") != 0 && same_file(j->path, out))
        return FAIL(
            e, E_INPUT, "选项“--fix”的“%s”就是要检查的文件，原件不改写，请写另一个文件名", out);
    buf_init(&b, 0);
    n = check_fix_text(&c->arena, j->text, j->kinds, &j->options, &b);
    buf_char(&b, '\n');
    code = io_write_file(out, buf_view(&b), 0644, e);
    buf_release(&b);
    if (code == OK)
        (void)fprintf(stderr, "qianshao：自动改了%zu处，写到“%s”\n", n, out);
    return code;
}

static enum code annotate(struct cli *c, struct check_job *j, const struct annotate_list *list,
    struct annotated *out, struct err *e)
{
    struct reader_pool *pool;
    enum code code;
    int fd;

    if (strcmp(j->path, "-") == 0 || j->doc.format != FORMAT_DOCX)
        return annotate_doc(&c->arena, &j->doc, list, out, e);
    fd = open(j->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_fail("打开", j->path, e);
    code = reader_pool_open(NULL, 1, NULL, &pool, e);
    if (code == OK) {
        code = annotate_file(pool, &c->arena, fd, cli_base_name(j->path), &j->doc, list, out, e);
        reader_pool_close(pool);
    }
    close(fd);
    return code;
}

static enum code write_docx(struct cli *c, struct check_job *j, struct err *e)
{
    const char *path = cli_value(c, "docx");
    const struct finding **v = ARENA_ARRAY(&c->arena, const struct finding *, j->found.n + 1);
    struct annotate_list list;
    struct annotated out = {0};
    size_t n = 0;
    struct buf b;

    if (!path)
        return OK;
    if (strcmp(j->path, "-") != 0 && same_file(j->path, path))
        return FAIL(
            e, E_INPUT, "选项“--docx”的“%s”就是要检查的文件，原件不改写，请写另一个文件名", path);
    for (size_t i = 0; i < j->found.n; i++)
        if (j->found.v[i].level >= j->report.least)
            v[n++] = &j->found.v[i];
    list = proof_annotations(&c->arena, v, n);
    TRY(annotate(c, j, &list, &out, e));
    TRY(io_write_file(path, out.docx, 0666, e));
    buf_init(&b, 0);
    annotated_summary(&out, &b);
    (void)fprintf(stderr, "qianshao：%.*s，写到“%s”\n", SF(buf_view(&b)), path);
    buf_release(&b);
    return OK;
}

static enum code put(const struct buf *b, struct err *e)
{
    TRY(buf_check(b, "检查结果", e));
    if (fwrite(b->p ? b->p : "", 1, b->n, stdout) != b->n || fflush(stdout) != 0)
        return io_fail("写到", "标准输出", e);
    return OK;
}

static enum code show_rules(struct cli *c, struct err *e)
{
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    if (c->json)
        report_rules_json(&b);
    else
        report_rules_text(&b);
    code = put(&b, e);
    buf_release(&b);
    return code;
}

static enum code show_report(struct cli *c, const struct check_report *r, struct err *e)
{
    struct buf b;
    enum code code;

    buf_init(&b, 0);
    if (c->json)
        report_json(r, &b);
    else if (cli_flag(c, "sarif"))
        report_sarif(r, &b);
    else
        report_text(r, isatty(STDOUT_FILENO) == 1, &b);
    code = put(&b, e);
    buf_release(&b);
    return code;
}

static enum code run(struct cli *c, struct err *e)
{
    struct check_job j = {.report = {.least = CHECK_HINT}};

    if (cli_flag(c, "rules"))
        return show_rules(c, e);
    if (!c->n_args)
        return FAIL(e, E_INPUT, "“check”缺少参数 FILE，用法见：qianshao check --help");
    j.path = c->args[0];
    if (cli_flag(c, "format") || cli_value(c, "repair"))
        return cli_check_format(c, j.path, e);
    TRY(take_options(c, &j, e));
    TRY(read_file(c, &j, e));
    TRY(proofread(c, &j, e));
    number_lines(c, &j);
    j.report.file = strcmp(j.path, "-") == 0 ? S("标准输入") : str_z(j.path);
    j.report.d = &j.draft;
    j.report.found = &j.found;
    TRY(write_fixed(c, &j, e));
    TRY(write_docx(c, &j, e));
    TRY(show_report(c, &j.report, e));
    c->status = report_shown(&j.report) ? 1 : 0;
    return OK;
}

static const struct cli_option options[] = {
    {"rules", NULL, "列出全部规则，不检查文件"},
    {"class", "类别", "只查这些类别，逗号分开：punct（标点）、number（数字）等，见 --rules"},
    {"level", "级别", "列出的最低级别：error（错误）、warn（疑似）、hint（提示，默认）"},
    {"day", "日期", "按哪一天的规定检查；不写时按文稿自己的日期，再没有就是今天"},
    {"genre", "文种", "按这个文种检查；不写时看标题"},
    {"lexicon", "目录", "本单位的词表（*.tsv），在自带词表之外再用；不写时用数据目录里的 lexicon"},
    {"fix", "文件", "把改了不会变意思的地方改好，以纯文本另写到这个文件"},
    {"docx", "文件", "带 Word 批注和修订建议的文稿，另写到这个文件；不是 docx 的文稿新写一份"},
    {"format", NULL, "检查 docx 的版式是否合乎 GB/T 9704，不检查文字"},
    {"repair", "文件", "同 --format，并把改好样式和版面的 docx 另写到这个文件，文字一个不动"},
    {"plain", NULL, "不用资料库和本单位的规则设置，只用自带的规则"},
    {"sarif", NULL, "以 SARIF 2.1.0 输出"},
    {NULL, NULL, NULL},
};

const struct command cmd_check = {
    .name = "check",
    .args = "FILE",
    .summary = "校对一份文稿",
    .about =
        "FILE 是 txt、docx、pdf、ofd 等，写成 - "
        "是标准输入。有数据目录时，引文和引用按资料库核对，\n"
        "并用本单位的规则设置和规范表述；没有时只用自带的规则。\n"
        "每处发现是“文件:行:列: 级别 规则 说明”，下面是原文、建议和依据；最后列出没有运行的规则。\n"
        "行号对 UTF-8 文本是文件的行，对其他格式是第几段。JSON 的 begin、end 是正文中的字符位置。\n"
        "有发现时退出状态为1，没有时为0。",
    .options = options,
    .args_min = 0,
    .args_max = 1,
    .reads = true,
    .run = run,
};
