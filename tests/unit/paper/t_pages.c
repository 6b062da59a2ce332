/* Pages as pictures, and pictures as text, by the real programs; skipped by name where they are not installed. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create */
#include "readerpool.h"
#include "zip_test.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int file_of(struct str bytes)
{
    int fd = memfd_create("t", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    return fd;
}

/* Two pages of text in a font that every system replaces. */
static struct str pdf(void)
{
    return S("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 "
             "R 6 0 R]/Count 2>>"
             "endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 300]/Contents 4 0 "
             "R/Resources<</Font<</F 5 0 R"
             ">>>>>>endobj\n4 0 obj<</Length 53>>stream\nBT /F 16 Tf 60 150 Td (total 2026 people "
             "3158) Tj "
             "ET\nendstream endobj\n"
             "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n6 0 "
             "obj<</Type/Page/Parent 2 0 R/MediaBox"
             "[0 0 300 600]/Contents 7 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n7 0 "
             "obj<</Length 53>>stream\nBT /F 16 Tf "
             "60 150 Td (total 6057 items 4281) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R/Size "
             "8>>\n");
}

static uint32_t be32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static void expect_png(struct str png, uint32_t width, uint32_t height)
{
    assert_true(str_starts(png, S("\x89PNG\r\n\x1A\n")));
    assert_int_equal(be32(png.p + 16), width);
    assert_int_equal(be32(png.p + 20), height);
}

static struct str drawn(struct arena *a, int fd, const char *name, int page, int width)
{
    struct str png = {"", 0};
    struct err e;

    if (reader_page_png(pool, a, fd, str_z(name), page, width, &png, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    return png;
}

static void need(const char *program)
{
    if (access(program, X_OK) == 0)
        return;
    print_message("skipped: %s is not installed\n", program);
    skip();
}

static void pages_of_a_pdf(void **state)
{
    struct arena a;
    struct str png;
    struct err e;
    int fd;

    (void)state;
    need("/usr/bin/pdftoppm");
    arena_init(&a);
    fd = file_of(pdf());
    expect_png(drawn(&a, fd, "a.pdf", 1, 400), 400, 200);
    expect_png(drawn(&a, fd, "a.pdf", 2, 200), 200, 400);
    assert_int_equal(reader_page_png(pool, &a, fd, S("a.pdf"), 3, 400, &png, &e), E_NOTFOUND);
    assert_string_equal(e.msg, "文件“a.pdf”：没有第 3 页");
    assert_int_equal(reader_page_png(pool, &a, fd, S("a.pdf"), 0, 400, &png, &e), E_NOTFOUND);
    (void)close(fd);
    arena_release(&a);
}

/* The same page as a JPEG, by the same program. */
static struct str jpeg(struct arena *a)
{
    char tool[] = "/usr/bin/pdftoppm", fmt[] = "-jpeg", one[] = "-singlefile", dash[] = "-";
    char *argv[] = {tool, fmt, one, dash, NULL}, *env[] = {NULL};
    int in = file_of(pdf()), out = memfd_create("jpeg", 0), status = 1;
    posix_spawn_file_actions_t fa;
    pid_t pid = 0;
    off_t n;
    char *p;

    assert_int_equal(lseek(in, 0, SEEK_SET), 0);
    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawn_file_actions_adddup2(&fa, in, 0);
    (void)posix_spawn_file_actions_adddup2(&fa, out, 1);
    assert_int_equal(posix_spawn(&pid, tool, &fa, NULL, argv, env), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    (void)posix_spawn_file_actions_destroy(&fa);
    n = lseek(out, 0, SEEK_END);
    p = arena_alloc(a, (size_t)n + 1);
    assert_int_equal(pread(out, p, (size_t)n, 0), n);
    (void)close(in);
    (void)close(out);
    return (struct str){p, (size_t)n};
}

static void pictures(void **state)
{
    struct arena a;
    struct str png, jpg;
    struct doc d;
    struct err e;
    int fd;

    (void)state;
    need("/usr/bin/pdftoppm");
    arena_init(&a);
    fd = file_of(pdf());
    png = drawn(&a, fd, "a.pdf", 1, 800);
    (void)close(fd);
    jpg = jpeg(&a);
    fd = file_of(jpg);
    expect_png(drawn(&a, fd, "a.jpg", 1, 300), 300, 150);
    assert_int_equal(reader_read(pool, &a, fd, S("a.jpg"), &d, &e), OK);
    assert_true(d.image_only && d.format == FORMAT_IMAGE && d.n == 0);
    assert_int_equal(reader_page_png(pool, &a, fd, S("a.jpg"), 2, 300, &png, &e), E_NOTFOUND);
    (void)close(fd);
    fd = file_of(png);
    expect_png(drawn(&a, fd, "a.png", 1, 400), 400, 200);
    (void)close(fd);
    /* cut anywhere, it is a line or a picture, never more */
    for (size_t n = 0; n < jpg.n; n += jpg.n / 9) {
        struct str out;
        fd = file_of(str_sub(jpg, 0, n));
        if (reader_page_png(pool, &a, fd, S("断.jpg"), 1, 300, &out, &e) != OK)
            assert_true(str_has(str_z(e.msg), S("断.jpg")));
        (void)close(fd);
    }
    arena_release(&a);
}

static void a_scanned_ofd_shows_its_picture(void **state)
{
#define O_NS " xmlns:ofd=\"http://www.ofdspec.org/2016\">"
    struct arena a;
    struct str z, out;
    struct err e;
    zip_t *zip;
    zip_source_t *src;
    char path[] = "/tmp/qianshao-ofd-XXXXXX";
    int fd = mkstemp(path), n = 0;

    (void)state;
    need("/usr/bin/pdftoppm");
    arena_init(&a);
    z = ZIP_MAKE(&a,
        {"OFD.xml", "<ofd:OFD" O_NS
                    "<ofd:DocBody><ofd:DocRoot>D/Doc.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"},
        {"D/Doc.xml", "<ofd:Document" O_NS
                      "<ofd:CommonData><ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>"
                      "<ofd:Pages><ofd:Page BaseLoc=\"P.xml\"/></ofd:Pages></ofd:Document>"},
        {"D/Res.xml", "<ofd:Res BaseLoc=\"Res\"" O_NS
                      "<ofd:MultiMedias><ofd:MultiMedia ID=\"7\"><ofd:MediaFile>a.jpg"
                      "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"},
        {"D/P.xml",
            "<ofd:Page" O_NS
            "<ofd:Content><ofd:Layer><ofd:ImageObject Boundary=\"0 0 9 9\" ResourceID=\"8\"/>"
            "<ofd:ImageObject Boundary=\"0 0 210 297\" "
            "ResourceID=\"7\"/></ofd:Layer></ofd:Content></ofd:Page>"});
    assert_int_equal(write(fd, z.p, z.n), (ssize_t)z.n);
    (void)close(fd);
    zip = zip_open(path, 0, &n); /* the picture holds NULs: added by length */
    assert_non_null(zip);
    out = jpeg(&a);
    src = zip_source_buffer(zip, out.p, out.n, 0);
    assert_true(zip_file_add(zip, "D/Res/a.jpg", src, 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    fd = open(path, O_RDONLY);
    expect_png(drawn(&a, fd, "a.ofd", 1, 300), 300, 150);
    assert_int_equal(reader_page_png(pool, &a, fd, S("a.ofd"), 2, 300, &out, &e), E_NOTFOUND);
    (void)close(fd);
    (void)unlink(path);
    arena_release(&a);
}

static void ocr_of_pages_and_pictures(void **state)
{
    struct arena a;
    struct doc d;
    struct err e;
    struct buf text = {0};
    int fd;

    (void)state;
    need("/usr/bin/pdftoppm");
    need("/usr/bin/tesseract");
    arena_init(&a);
    fd = file_of(pdf());
    if (reader_ocr(pool, &a, fd, S("扫描.pdf"), &d, &e) != OK)
        fail_msg("%s", e.msg);
    doc_text(&d, &text);
    assert_non_null(strstr(text.p, "3158"));
    assert_non_null(strstr(text.p, "6057"));
    assert_int_equal(d.format, FORMAT_PDF);
    assert_true(str_has(d.warnings, S("未经校对")));
    (void)close(fd);
    fd = file_of(jpeg(&a));
    buf_clear(&text);
    assert_int_equal(reader_ocr(pool, &a, fd, S("a.jpg"), &d, &e), OK);
    doc_text(&d, &text);
    assert_non_null(strstr(text.p, "3158"));
    (void)close(fd);
    fd = file_of(S("text"));
    assert_int_equal(reader_ocr(pool, &a, fd, S("a.txt"), &d, &e), E_INPUT);
    (void)close(fd);
    buf_release(&text);
    arena_release(&a);
}

/* A page scanned at 200 dots an inch: drawn finer, 应急 and 函 were misread. */
static void ocr_at_the_dots_of_the_scan(void **state)
{
    static const char path[] = "demo/documents/上级来文/扫描件（待确认）/"
                               "云岭应急函〔2025〕32号 集中检查的函（扫描）.pdf";
    struct arena a;
    struct doc d;
    struct err e;
    struct buf text = {0};
    int fd;

    (void)state;
    need("/usr/bin/pdftoppm");
    need("/usr/bin/pdfimages");
    need("/usr/bin/tesseract");
    arena_init(&a);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    if (reader_ocr(pool, &a, fd, S("扫描.pdf"), &d, &e) != OK)
        fail_msg("%s", e.msg);
    doc_text(&d, &text);
    if (!str_has(buf_view(&text), S("云岭省应急管理厅")) ||
        !str_has(buf_view(&text), S("云岭应急函")) || !str_has(buf_view(&text), S("检查的函")))
        fail_msg("%.600s", text.p);
    (void)close(fd);
    buf_release(&text);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_a_pdf),
        cmocka_unit_test(pictures),
        cmocka_unit_test(a_scanned_ofd_shows_its_picture),
        cmocka_unit_test(ocr_of_pages_and_pictures),
        cmocka_unit_test(ocr_at_the_dots_of_the_scan),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("pages", tests, open_pool, close_pool);
}
