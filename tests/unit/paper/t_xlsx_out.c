/* Workbooks that were written, read back by our own reader and, where it is installed, by LibreOffice. */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "paper/mark.h"
#include "paper/xlsx_out.h"
#include "paper_test.h"

extern char **environ;

#define WANT                                                                                   \
    "督办-台账-\n编号\t内容\t金额\t期限\t时间\n"                                 \
    "督〔2026〕1号\t第一行 <第二行>&_x0041_\t1200.5\t2026-07-13\t2026-07-13 09:30\n" \
    "督〔2026〕2号\t=1+1\t1201.5\t2026-07-13\t2026-07-13 09:30\n说明\n编号\t内容\n件数\t二"

#define WANT_MARKED                                                                            \
    "（演练）督办-台账-\n编号\t内容\t金额\t期限\t时间\n"                     \
    "督〔2026〕1号\t第一行 <第二行>&_x0041_\t1200.5\t2026-07-13\t2026-07-13 09:30\n" \
    "督〔2026〕2号\t=1+1\t1201.5\t2026-07-13\t2026-07-13 "                                 \
    "09:30\n（演练）说明\n编号\t内容\n件数\t二"

struct world {
    struct arena a;
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
};

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e;
    arena_init(&w->a);
    assert_int_equal(io_temp_dir("qs-xlsx-", w->dir, &e), OK);
    assert_int_equal(io_join(w->path, w->dir, "表.xlsx", &e), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    struct err e;
    assert_int_equal(io_remove_tree(w->dir, &e), OK);
    arena_release(&w->a);
    free(w);
    return 0;
}

static const struct xlsx_head heads[] = {{.name = SC("编号")},
    {.name = SC("内容"), .look = XLSX_LONG}, {.name = SC("金额"), .look = XLSX_NUMBER},
    {.name = SC("期限"), .look = XLSX_DAY}, {.name = SC("时间"), .look = XLSX_MINUTE}};

static void write_book(struct world *w, int rows)
{
    struct err e;
    struct xlsx_sheet s = {.name = S("督办[台账]"), .heads = heads, .n = 5, .filter = true};
    struct xlsx_out *x = xlsx_out_open(w->path, w->dir);
    assert_int_equal(xlsx_out_sheet(x, &s, &e), OK);
    for (int i = 0; i < rows; i++) {
        char no[32];
        int n = snprintf(no, sizeof(no), "督〔2026〕%d号", i + 1);
        xlsx_out_text(x, 0, (struct str){no, (size_t)n});
        xlsx_out_text(x, 1, i ? S("=1+1") : S("第一行\n<第二行>&_x0041_\x01"));
        xlsx_out_real(x, 2, 1200.5 + i);
        xlsx_out_real(x, 3, day_num((struct day){2026, 7, 13}));
        xlsx_out_real(x, 4, (double)day_num((struct day){2026, 7, 13}) * 1440 + 9 * 60 + 30);
        assert_int_equal(xlsx_out_row(x, &e), OK);
    }
    struct xlsx_sheet about = {.name = S("说明"), .heads = heads, .n = 2};
    assert_int_equal(xlsx_out_sheet(x, &about, &e), OK);
    xlsx_out_text(x, 0, S("件数"));
    xlsx_out_text(x, 1, S("二"));
    assert_int_equal(xlsx_out_row(x, &e), OK);
    assert_int_equal(xlsx_out_close(x, &e), OK);
}

static struct str bytes_of(struct world *w, const char *path)
{
    struct buf b;
    struct err e;
    buf_init(&b, 0);
    assert_int_equal(io_read_file(path, 64 << 20, &b, &e), OK);
    struct str s = arena_str(&w->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void read_back(struct world *w, const char *path)
{
    struct fixture f;
    fx_init(&f);
    fx_expect(&f, bytes_of(w, path), "表.xlsx", WANT);
    assert_int_equal(f.d.rows[1], 1);
    assert_int_equal(f.d.rows[3], 3);
    fx_end(&f);
}

static void our_reader_sees_what_was_written(void **state)
{
    struct world *w = *state;
    write_book(w, 2);
    read_back(w, w->path);
}

static void libreoffice_sees_the_same(void **state)
{
    struct world *w = *state;
    char out[IO_PATH_MAX], home[IO_PATH_MAX + 40];
    struct err e;
    int status = -1;
    pid_t pid;
    if (!io_exists("/usr/bin/soffice") || !io_exists("/usr/lib/libreoffice/program/libsclo.so")) {
        print_message("没有 LibreOffice Calc，未核对\n");
        skip();
    }
    write_book(w, 2);
    assert_int_equal(io_join(out, w->dir, "out", &e), OK);
    (void)snprintf(home, sizeof(home), "-env:UserInstallation=file://%s/home", w->dir);
    const char *const argv[] = {
        "soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", out, w->path, NULL};
    assert_int_equal(
        posix_spawn(&pid, "/usr/bin/soffice", NULL, NULL, (char *const *)(uintptr_t)argv, environ),
        0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(io_join(w->path, out, "表.xlsx", &e), OK);
    read_back(w, w->path);
}

static void long_text_is_cut_and_a_bad_path_is_said(void **state)
{
    struct world *w = *state;
    struct err e;
    struct buf b;
    struct fixture f;
    struct xlsx_sheet s = {.name = S("表"), .heads = heads, .n = 2};
    struct xlsx_out *x = xlsx_out_open(w->path, w->dir);
    buf_init(&b, 0);
    for (int i = 0; i < 40000; i++)
        buf_z(&b, "长");
    assert_int_equal(xlsx_out_sheet(x, &s, &e), OK);
    xlsx_out_text(x, 1, buf_view(&b));
    buf_release(&b);
    assert_int_equal(xlsx_out_row(x, &e), OK);
    assert_int_equal(xlsx_out_close(x, &e), OK);
    fx_init(&f);
    fx_read(&f, bytes_of(w, w->path), "表.xlsx");
    assert_int_equal(f.code, OK);
    assert_true(str_has(f.d.blocks[2].text, S("全文请到系统查看")));
    assert_true(utf8_len_cp(f.d.blocks[2].text) < 32767);
    fx_end(&f);
    x = xlsx_out_open("/proc/nowhere/a.xlsx", w->dir);
    assert_int_equal(xlsx_out_sheet(x, &s, &e), OK);
    assert_int_equal(xlsx_out_close(x, &e), E_IO);
}

/* In a practice office: the names of the sheets say so, and the head of each printed page. */
static void a_marked_book_says_so(void **state)
{
    struct world *w = *state;
    struct fixture f;
    paper_mark_set(S("演练"));
    write_book(w, 2);
    paper_mark_set(S(""));
    fx_init(&f);
    fx_expect(&f, bytes_of(w, w->path), "表.xlsx", WANT_MARKED);
    fx_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(our_reader_sees_what_was_written, setup, teardown),
        cmocka_unit_test_setup_teardown(libreoffice_sees_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(a_marked_book_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(long_text_is_cut_and_a_bad_path_is_said, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
