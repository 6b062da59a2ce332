/* Real files of the shared samples, through the cage. Skipped, by name, where they are absent. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mkdtemp */
#include "paper_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char archive[] = "../shared/data/samples.tar.zst";
static char folder[] = "/tmp/qianshao-samples-XXXXXX";
static struct reader_pool *pool;

static int run(char *const argv[])
{
    char *env[] = {NULL};
    pid_t pid = 0;
    int status = 1;

    if (posix_spawn(&pid, argv[0], NULL, NULL, argv, env) != 0)
        return 1;
    return waitpid(pid, &status, 0) == pid ? status : 1;
}

static int setup(void **state)
{
    char tar[] = "/usr/bin/tar", flags[] = "-xf", dash[] = "-C", zstd[] = "-I/usr/bin/zstd",
         top[] = "--strip-components=1";
    char file[sizeof(archive)];
    char *argv[] = {tar, zstd, flags, file, top, dash, folder, NULL};
    struct err e;

    (void)state;
    memcpy(file, archive, sizeof(archive));
    if (access(archive, R_OK) != 0)
        return 0;
    if (!mkdtemp(folder) || run(argv) != 0)
        return -1;
    return reader_pool_open(NULL, 1, NULL, &pool, &e) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    char rm[] = "/usr/bin/rm", rf[] = "-rf";
    char *argv[] = {rm, rf, folder, NULL};

    (void)state;
    reader_pool_close(pool);
    return pool ? run(argv) : 0;
}

static void read_sample(struct fixture *f, const char *name)
{
    char path[512];
    int fd;

    if (!pool) {
        print_message("skipped: %s is absent\n", archive);
        skip();
    }
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_msg("%s is not in the samples", name);
    fx_init(f);
    f->code = reader_read(pool, &f->a, fd, str_z(name), &f->d, &f->e);
    (void)close(fd);
    if (f->code != OK)
        fail_msg("%s: %s", name, f->e.msg);
    fx_check(&f->d);
    doc_text(&f->d, &f->text);
}

static void has(const struct fixture *f, const char *text)
{
    if (!strstr(fx_text(f), text))
        fail_msg("“%s” is not in:\n%s", text, fx_text(f));
}

static const struct block *block_of(const struct fixture *f, const char *text)
{
    for (size_t i = 0; i < f->d.n; i++)
        if (str_has(f->d.blocks[i].text, str_z(text)))
            return &f->d.blocks[i];
    fail_msg("no block has “%s” in:\n%s", text, fx_text(f));
    return NULL;
}

static void tables(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "02-table.docx");
    has(&f, "事项\t责任部门\t完成情况\n材料汇总\t办公室\t进行中\n");
    has(&f, "备注\t\t含合并单元格");
    assert_int_equal(block_of(&f, "材料汇总")->kind, BLOCK_ROW);
    fx_end(&f);
}

static void headers_and_page_fields(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "03-header-footer-page.docx");
    has(&f, "本样例用于检查页眉、页脚、PAGE 字段和首页不同设置。");
    assert_int_equal(block_of(&f, "内部资料")->kind, BLOCK_NOTE);
    fx_end(&f);
}

static void text_box(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "05-textbox-shape.docx");
    assert_int_equal(block_of(&f, "文本框内文字")->kind, BLOCK_NOTE);
    has(&f, "诊断。\n文本框内文字\n文本框之后的正文。");
    fx_end(&f);
}

static void automatic_numbers(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "06-auto-numbering.docx");
    has(&f,
        "1.自动编号第一项\n2.自动编号第二项\n3.自动编号第三项\n一、手写编号也应作为正文文本保留");
    fx_end(&f);
}

static void fields(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "07-toc-fields.docx");
    has(&f, "生成日期：1\n交叉引用标题：1");
    assert_null(strstr(fx_text(&f), "TOC \\"));
    assert_null(strstr(fx_text(&f), "PAGEREF"));
    fx_end(&f);
}

static void comments_and_revisions(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "08-comments-revisions.docx");
    has(&f, "修订标记。插入的修订文字\n");
    assert_int_equal(block_of(&f, "批注占位")->kind, BLOCK_NOTE);
    assert_int_equal(block_of(&f, "脚注占位文本")->kind, BLOCK_NOTE);
    assert_int_equal(block_of(&f, "尾注占位文本")->kind, BLOCK_NOTE);
    fx_end(&f);
}

static void formal_papers(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "01-basic-formal.docx");
    has(&f, "关于开展格式检查工作的通知\n各部门：\n");
    has(&f, "办公室\n2026年5月30日");
    fx_end(&f);
    read_sample(&f, "04-image-seal.docx");
    has(&f, "图片下方正文继续保持原有顺序。");
    assert_false(f.d.image_only);
    fx_end(&f);
    read_sample(&f, "demo_gongwen.docx");
    has(&f, "1\t测试项目A\t100\t正常");
    has(&f, "①圆圈数字序号示例");
    fx_end(&f);
}

static void ofd_with_red_head(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "n.ofd");
    assert_int_equal(f.d.format, FORMAT_OFD);
    has(&f, "路卫发〔2011〕76号\n关于同意张阿三同志辞职的批复\n区中医院：\n");
    /* four printed lines are one paragraph */
    has(&f, "张阿三，男，1978年2月出生，籍贯江西新建，2001年9月参加工作，本科学历，主治医师，系区中"
            "医院职工。\n");
    assert_true(str_eq(f.d.date, S("2020-01-25")));
    fx_end(&f);
}

static void ofd_specification_page(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "z.ofd");
    has(&f, "字型的索引跟具体的字型文件紧密相关，同一个字型在不同的字型文件中的索引值并不一样，因此"
            "当使用到字型变换时，"
            "宜将对应的字型文件嵌入到文书类版式文档中。\n");
    has(&f, "名称 类型 说明 可选/必选\n");
    fx_end(&f);
}

static void ofd_form_with_templates(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "zsbk.ofd");
    has(&f, "建筑工程施工许可证");
    has(&f, "编号420000202012394121");
    fx_end(&f);
}

/* Coloured shapes only: nothing to read, so a person has to look. */
static void ofd_of_paths_is_held(void **state)
{
    struct fixture f;

    (void)state;
    read_sample(&f, "h.ofd");
    assert_true(f.d.image_only);
    assert_int_equal(f.d.n, 0);
    fx_end(&f);
}

static void policy_texts(void **state)
{
    char path[400];
    struct dirent *d;
    size_t files = 0;
    DIR *dir;

    (void)state;
    if (!pool) {
        print_message("skipped: %s is absent\n", archive);
        skip();
    }
    (void)snprintf(path, sizeof(path), "%s/local_policy_txt", folder);
    dir = opendir(path);
    assert_non_null(dir);
    while ((d = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread here */
        struct fixture f;
        char name[512];
        if (d->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof(name), "local_policy_txt/%s", d->d_name);
        read_sample(&f, name);
        assert_int_equal(f.d.warnings.n, 0);
        has(&f, "【法宝引证码】");
        assert_null(strstr(fx_text(&f), "\xEF\xBF\xBD"));
        files++;
        fx_end(&f);
    }
    (void)closedir(dir);
    assert_int_equal(files, 5);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formal_papers),
        cmocka_unit_test(tables),
        cmocka_unit_test(headers_and_page_fields),
        cmocka_unit_test(text_box),
        cmocka_unit_test(automatic_numbers),
        cmocka_unit_test(fields),
        cmocka_unit_test(comments_and_revisions),
        cmocka_unit_test(ofd_with_red_head),
        cmocka_unit_test(ofd_specification_page),
        cmocka_unit_test(ofd_form_with_templates),
        cmocka_unit_test(ofd_of_paths_is_held),
        cmocka_unit_test(policy_texts),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("samples", tests, setup, teardown);
}
