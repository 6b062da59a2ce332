/* Reports as PDF, read back by poppler: their text, the pages on which sections stand, the outline, fonts. */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/io.h"
#include "paper/pdf.h"
#include "paper_test.h"

extern char **environ;

struct world {
    struct arena a;
    char dir[IO_PATH_MAX], path[IO_PATH_MAX], text[IO_PATH_MAX];
    struct buf pdf;
    struct pdf_made made;
};

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e;

    arena_init(&w->a);
    buf_init(&w->pdf, 0);
    assert_int_equal(io_temp_dir("qs-pdf-", w->dir, &e), OK);
    assert_int_equal(io_join(w->path, w->dir, "r.pdf", &e), OK);
    assert_int_equal(io_join(w->text, w->dir, "r.txt", &e), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct err e;

    assert_int_equal(io_remove_tree(w->dir, &e), OK);
    buf_release(&w->pdf);
    arena_release(&w->a);
    free(w);
    return 0;
}

static int ran(const char *const *argv, const char *out)
{
    posix_spawn_file_actions_t fa;
    pid_t pid;
    int status = -1;

    posix_spawn_file_actions_init(&fa);
    if (out)
        posix_spawn_file_actions_addopen(&fa, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(
        posix_spawnp(&pid, argv[0], &fa, NULL, (char *const *)(uintptr_t)argv, environ), 0);
    posix_spawn_file_actions_destroy(&fa);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

static struct str file_of(struct world *w, const char *path)
{
    struct buf b;
    struct err e;
    struct str s;

    buf_init(&b, 0);
    assert_int_equal(io_read_file(path, 64 << 20, &b, &e), OK);
    s = arena_str(&w->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Without blanks, breaks and form feeds: lines are broken where the page ends. */
static struct str squeezed(struct world *w, struct str s)
{
    struct buf b;
    struct str out;

    buf_init(&b, 0);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] > ' ')
            buf_char(&b, s.p[i]);
    out = arena_str(&w->a, buf_view(&b));
    buf_release(&b);
    return out;
}

/* The text of pages from..to (0: all), in the order in which it was written. */
static struct str text_of(struct world *w, int from, int to, bool raw)
{
    char f[16], t[16];
    const char *argv[] = {
        "pdftotext", "-q", raw ? "-raw" : "-layout", "-f", f, "-l", t, w->path, w->text, NULL};

    (void)snprintf(f, sizeof(f), "%d", from ? from : 1);
    (void)snprintf(t, sizeof(t), "%d", to ? to : 100000);
    assert_int_equal(ran(argv, NULL), 0);
    return file_of(w, w->text);
}

static void close_ok(struct world *w, struct pdf *p)
{
    struct err e = {0};

    buf_clear(&w->pdf);
    if (pdf_close(p, &w->a, &w->pdf, &w->made, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(io_write_file(w->path, buf_view(&w->pdf), 0600, &e), OK);
}

static const struct pdf_options plain = {.title = SC("报告"), .made_ms = INT64_C(1793700000000)};
static const struct pdf_style body = {.indent = 2, .size = 12};

#define LONG                                                                                                                                        \
    "各区县（市）人民政府，市政府各部门、各直属单位：经市政府第3次常务会议审议通过，现将《关于加"      \
    "强督办工作的意见》印"                                                                                                                \
    "发给你们，请结合实际认真贯彻落实。会议指出，“重点工作”要一项一项抓；责任到人、限时办结，超过" \
    "15个工作日的，书面"                                                                                                                    \
    "说明原因。办公室联系电话：0571-8888 6666，邮箱：office@example.cn。"

static void words_are_words(void **state)
{
    struct world *w = *state;
    struct pdf *p = pdf_open(&plain);
    struct buf want;

    buf_init(&want, 0);
    for (int i = 0; i < 60; i++) {
        struct str s = arena_printf(&w->a, "（%d）%s", i, LONG);
        pdf_para(p,
            &(struct pdf_style){.indent = 2, .size = 9 + i % 5, .face = (enum pdf_face)(i % 4)}, s);
        buf_str(&want, s);
    }
    close_ok(w, p);
    for (int page = 1; page <= w->made.pages; page++) { /* each page says its number last */
        struct str t = squeezed(w, text_of(w, page, page, true));
        char foot[64];
        (void)snprintf(foot, sizeof(foot), "第%d页共%d页", page, w->made.pages);
        assert_true(str_ends(t, str_z(foot)));
        t.n -= strlen(foot);
        assert_true(str_starts(squeezed(w, buf_view(&want)), t) || page > 1);
        size_t at = str_find(squeezed(w, buf_view(&want)), t, 0);
        assert_true(at != SIZE_MAX);
        struct str rest = squeezed(w, str_sub(squeezed(w, buf_view(&want)), at + t.n, want.n));
        buf_clear(&want);
        buf_str(&want, rest);
        assert_int_equal(at, 0);
    }
    assert_int_equal(want.n, 0);
    assert_int_equal(w->made.missing, 0);
    buf_release(&want);
}

/* No line begins with what closes, none ends with what opens. */
static void lines_break_as_chinese(void **state)
{
    struct world *w = *state;
    struct pdf *p = pdf_open(&plain);
    struct str rest, line;

    for (int i = 1; i < 60; i++)
        pdf_para(p, &(struct pdf_style){.indent = i % 20, .size = 12}, S(LONG));
    close_ok(w, p);
    rest = text_of(w, 0, 0, true);
    while (str_next(&rest, S("\n"), &line)) {
        static const char *const closing[] = {"，", "。", "、", "；", "）", "》", "”", "："};
        static const char *const opening[] = {"（", "《", "“"};
        line = str_trim(line);
        for (size_t i = 0; i < 8; i++)
            if (str_starts(line, str_z(closing[i])))
                fail_msg("begins a line: %.*s", SF(line));
        for (size_t i = 0; i < 3; i++)
            if (str_ends(line, str_z(opening[i])))
                fail_msg("ends a line: %.*s", SF(line));
    }
}

/* A table of many pages: every row once, the head on each page. */
static void tables_repeat_their_heads(void **state)
{
    struct world *w = *state;
    struct pdf *p = pdf_open(&plain);
    struct pdf_column columns[] = {
        {S("编号甲"), 1, PDF_LEFT}, {S("内容乙"), 3, PDF_LEFT}, {S("件数丙"), 1, PDF_RIGHT}};
    struct str all;

    pdf_para(p, &body, S("表在下面"));
    pdf_table(p, columns, 3);
    for (int i = 0; i < 400; i++) {
        struct str cells[3] = {arena_printf(&w->a, "行%04d", i), i % 7 ? S("一般") : S(LONG LONG),
            arena_printf(&w->a, "%d", i * 3)};
        if (i == 200) { /* taller than a page */
            struct buf b;
            buf_init(&b, 0);
            for (int k = 0; k < 400; k++)
                buf_printf(&b, "长%03d长长长长长长长长长长长长长长长长长\n", k);
            cells[1] = arena_str(&w->a, buf_view(&b));
            buf_release(&b);
        }
        pdf_row(p, cells);
    }
    pdf_table_end(p);
    close_ok(w, p);
    assert_true(w->made.pages > 20);
    for (int page = 1; page <= w->made.pages; page++) {
        struct str t = text_of(w, page, page, false);
        assert_true(str_has(t, S("编号甲")) && str_has(t, S("件数丙")));
    }
    all = text_of(w, 0, 0, false);
    for (int i = 0; i < 400; i++) {
        struct str row = arena_printf(&w->a, "行%04d", i),
                   tall = arena_printf(&w->a, "长%03d长", i);
        size_t at = str_find(all, row, 0);
        assert_true(at != SIZE_MAX);
        assert_true(str_find(all, row, at + 1) == SIZE_MAX);
        at = str_find(all, tall, 0);
        assert_true(at != SIZE_MAX);
        assert_true(str_find(all, tall, at + 1) == SIZE_MAX);
    }
}

/* The page that the directory names is the one on which the section stands. */
static void the_directory_is_right(void **state)
{
    struct world *w = *state;
    struct pdf *p = pdf_open(&(struct pdf_options){.title = S("取证"),
        .made_ms = 1,
        .header = S("检查取证包"),
        .foot = S("综合处"),
        .watermark = S("演练环境")});
    struct str dir, all;

    pdf_para(p, &(struct pdf_style){.size = 30, .align = PDF_CENTRE}, S("封面"));
    pdf_label(p, S("封面"));
    pdf_directory(p, S("目录"), 2);
    for (int i = 0; i < 150; i++) {
        pdf_turn(p, i % 10 == 3);
        pdf_heading(p, 1 + i % 3, arena_printf(&w->a, "章节〔%03d〕号", i), S(""));
        for (int k = 0; k < i % 5 * 4; k++)
            pdf_para(p, &body, S(LONG));
        pdf_rows(p,
            (struct pdf_pair[]){
                {S("来文单位"), S("市政府办公厅"), S("文号"), S("市政办〔2026〕3号")},
                {S("标题"), S(LONG), S(""), S("")}},
            2);
    }
    close_ok(w, p);
    assert_int_equal(w->made.n_sections, 150);
    dir = squeezed(w, text_of(w, 2, w->made.section_page[0] - 1, false));
    for (int i = 0; i < 150; i++) {
        struct str name = arena_printf(&w->a, "章节〔%03d〕号", i),
                   entry = arena_printf(&w->a, "章节〔%03d〕号%d", i, w->made.section_page[i]);
        assert_true(
            str_has(text_of(w, w->made.section_page[i], w->made.section_page[i], true), name));
        assert_int_equal(str_has(dir, entry), i % 3 != 2);
    }
    all = text_of(w, 0, 0, true);
    assert_true(str_has(all, S("检查取证包")) && str_has(all, S("综合处")));
    assert_false(str_has(all, S("演练环境"))); /* drawn, not written */
    assert_int_equal(ran((const char *const[]){"pdfinfo", w->path, NULL}, w->text), 0);
    all = file_of(w, w->text);
    assert_true(str_has(all, S("取证")));
    assert_true(str_has(squeezed(w, all), arena_printf(&w->a, "Pages:%d", w->made.pages)));
}

/* What cannot be printed is left out, what no font has is counted, a picture is put in or said to be broken. */
static void odd_input(void **state)
{
    struct world *w = *state;
    struct pdf *p = pdf_open(&plain);
    char png[IO_PATH_MAX], stem[IO_PATH_MAX];
    struct err e;
    struct str t;

    assert_int_equal(io_join(png, w->dir, "p.png", &e), OK);
    assert_int_equal(io_join(stem, w->dir, "p", &e), OK);
    close_ok(w, p);
    assert_int_equal(ran((const char *const[]){"pdftoppm", "-png", "-singlefile", "-r", "50",
                             w->path, stem, NULL},
                         NULL),
        0);
    p = pdf_open(&plain);
    pdf_para(p, &body, S("甲\x01\x02乙\xff\t丙\xf4\x80\x80\x80"));
    pdf_para(p, &body, S(""));
    pdf_picture(p, file_of(w, png), S("图一"));
    pdf_picture(p, S("\x89PNG\r\n\x1a\nxxxx"), S("图二"));
    pdf_picture(p, str_sub(file_of(w, png), 0, 60), S("图三"));
    close_ok(w, p);
    t = squeezed(w, text_of(w, 0, 0, true));
    assert_true(str_starts(t, S("甲乙")));
    assert_true(str_has(t, S("图一")) && !str_has(t, S("图二")));
    assert_true(str_has(t, S("（此处的图片打不开，请看原件）")));
    assert_true(w->made.missing >= 1);
    assert_int_equal(ran((const char *const[]){"pdfimages", "-list", w->path, NULL}, w->text), 0);
    assert_true(str_has(file_of(w, w->text), S("414")));

    close_ok(w, pdf_open(&plain)); /* nothing at all */
    assert_int_equal(w->made.pages, 1);

    p = pdf_open(&plain);
    pdf_table(p, NULL, 0);
    assert_int_equal(pdf_close(p, &w->a, &w->pdf, &w->made, &e), E_BUG);
}

static void fonts_are_told(void **state)
{
    struct world *w = *state;
    struct pdf_options o = plain;

    o.family[PDF_SONG] = S("没有这种字体");
    close_ok(w, pdf_open(&o));
    assert_true(str_starts(w->made.fonts, S("宋体：")));
    assert_false(str_has(w->made.fonts, S("没有这种字体")));
    assert_false(str_has(w->made.substituted, S("宋体，"))); /* fonts-noto-cjk is there */
    o.family[PDF_FANG] = S("Noto Sans CJK SC");
    close_ok(w, pdf_open(&o));
    assert_true(str_has(w->made.fonts, S("仿宋：Noto Sans CJK SC")));
    assert_false(str_has(w->made.substituted, S("仿宋")));
}

static void write_report(struct buf *out, int pages)
{
    struct pdf *p = pdf_open(&plain);
    struct arena a;
    struct pdf_made made;
    struct err e;

    arena_init(&a);
    pdf_directory(p, S("目录"), 1);
    for (int i = 0; i < pages; i++) {
        pdf_page(p);
        (void)pdf_heading(p, 1, S("一件事项"), S(""));
        for (int k = 0; k < 8; k++)
            pdf_para(p, &body, S(LONG));
        pdf_rows(p, (struct pdf_pair[]){{S("文号"), S("市政办〔2026〕3号"), S("份数"), S("3")}}, 1);
    }
    assert_int_equal(pdf_close(p, &a, out, &made, &e), OK);
    assert_int_equal(made.pages, pages + 1 + (pages - 1) / 45);
    arena_release(&a);
}

static void *writer(void *arg)
{
    write_report(arg, 5);
    return NULL;
}

/* Four at once give what one gives. */
static void threads(void **state)
{
    struct buf out[4];
    pthread_t t[4];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        buf_init(&out[i], 0);
        assert_int_equal(pthread_create(&t[i], NULL, writer, &out[i]), 0);
    }
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_eq(buf_view(&out[i]), buf_view(&out[0])));
        if (i)
            buf_release(&out[i]);
    }
    buf_release(&out[0]);
}

static void a_hundred_pages(void **state)
{
    struct buf out;
    int64_t at = clock_mono_us();

    (void)state;
    buf_init(&out, 0);
    write_report(&out, 100);
    print_message(
        "100 pages: %lld ms, %zu KB\n", (long long)(clock_mono_us() - at) / 1000, out.n >> 10);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_words, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_break_as_chinese, setup, teardown),
        cmocka_unit_test_setup_teardown(tables_repeat_their_heads, setup, teardown),
        cmocka_unit_test_setup_teardown(the_directory_is_right, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_input, setup, teardown),
        cmocka_unit_test_setup_teardown(fonts_are_told, setup, teardown),
        cmocka_unit_test(threads),
        cmocka_unit_test(a_hundred_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
