/* Pictures drawn anew: what comes out has the dots and nothing else. Cairo and pdftoppm as they are, in their cages. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create */
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "paper/redraw.h"
#include "paper_test.h"
#include "picture.h"
#include "readerpool.h"

/* The upper half clear, the lower half blue. */
static struct str png(struct arena *a, int wide, int high)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, wide, high);
    cairo_t *cr = cairo_create(s);

    cairo_set_source_rgb(cr, 0, 0, 1);
    cairo_rectangle(cr, 0, high / 2.0, wide, high / 2.0);
    cairo_fill(cr);
    cairo_destroy(cr);
    return picture_png_of(a, s);
}

/* A chunk of text behind IHDR, with its sum. */
static struct str with_place(struct arena *a, struct str s)
{
    static const char chunk[] = "\0\0\0\x0BtEXtplace\0beilu";
    struct str all = arena_cat(a, str_sub(s, 0, 33), (struct str){chunk, sizeof(chunk) - 1});
    uLong sum = crc32(0, (const Bytef *)chunk + 4, sizeof(chunk) - 5);
    char *end = arena_alloc(a, 4);

    for (int i = 0; i < 4; i++)
        end[i] = (char)(sum >> (24 - 8 * i) & 255);
    return arena_cat(a, arena_cat(a, all, (struct str){end, 4}), str_sub(s, 33, SIZE_MAX));
}

struct reading {
    struct str s;
    size_t off;
};

static cairo_status_t give(void *arg, unsigned char *to, unsigned n)
{
    struct reading *r = arg;

    if (r->s.n - r->off < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, r->s.p + r->off, n);
    r->off += n;
    return CAIRO_STATUS_SUCCESS;
}

/* The colour of the dot at these hundredths of width and height. */
static uint32_t colour(struct str s, int across, int down)
{
    struct reading r = {s, 0};
    cairo_surface_t *k = cairo_image_surface_create_from_png_stream(give, &r);
    int x = cairo_image_surface_get_width(k) * across / 100,
        y = cairo_image_surface_get_height(k) * down / 100;
    uint32_t dot;

    assert_int_equal(cairo_surface_status(k), CAIRO_STATUS_SUCCESS);
    memcpy(&dot,
        cairo_image_surface_get_data(k) + (size_t)y * (size_t)cairo_image_surface_get_stride(k) +
            (size_t)x * 4,
        4);
    cairo_surface_destroy(k);
    return dot & 0xFFFFFF;
}

static struct redrawn anew(struct arena *a, struct str s, const char *name, int width)
{
    struct redrawn r = {.wide = 0};
    struct err e;

    if (reader_redraw(pool, a, s, str_z(name), width, &r, &e) != OK)
        fail_msg("%s: %s", name, e.msg);
    return r;
}

static void a_png_is_flattened_and_made_smaller(void **state)
{
    struct arena a;
    struct redrawn r;

    (void)state;
    arena_init(&a);
    r = anew(&a, png(&a, 400, 200), "图.png", 1000);
    assert_int_equal(r.wide, 400);
    assert_int_equal(r.high, 200);
    assert_int_equal(colour(r.png, 50, 25), 0xFFFFFF); /* clear is white on paper */
    assert_int_equal(colour(r.png, 50, 75), 0x0000FF);
    r = anew(&a, png(&a, 400, 200), "图.png", 100);
    assert_int_equal(r.wide, 100);
    assert_int_equal(r.high, 50);
    assert_int_equal(colour(r.png, 50, 75), 0x0000FF);
    arena_release(&a);
}

static void what_is_beside_the_dots_is_gone(void **state)
{
    struct arena a;
    struct str s;

    (void)state;
    arena_init(&a);
    s = with_place(&a, png(&a, 40, 20));
    assert_true(str_has(s, S("tEXtplace")));
    assert_false(str_has(anew(&a, s, "图.png", 100).png, S("place")));
    arena_release(&a);
}

static int file_of(struct str bytes)
{
    int fd = memfd_create("t", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* A page whose upper third is red, as a JPEG of 300 by 600. */
static struct str jpeg(struct arena *a)
{
    struct str pdf = S(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        "/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 288]/Contents 4 0 R>>"
        "endobj\n4 0 obj<</Length 31>>stream\n1 0 0 rg 0 192 144 96 re f    \nendstream endobj\n"
        "trailer<</Root 1 0 R/Size 5>>\n");
    char tool[] = "/usr/bin/pdftoppm", fmt[] = "-jpeg", one[] = "-singlefile", dash[] = "-";
    char *argv[] = {tool, fmt, one, dash, NULL}, *env[] = {NULL};
    int in = file_of(pdf), out = memfd_create("jpeg", 0), status = 1;
    posix_spawn_file_actions_t fa;
    pid_t pid = 0;
    off_t n;
    char *p;

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

/* As a camera held so writes it: EXIF behind the first marker, little or big end first. */
static struct str held(struct arena *a, struct str s, char how, bool little)
{
    static const char big_exif[] = "\xFF\xE1\x00\x22"
                                   "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0"
                                   "\0\0\0\0";
    static const char little_exif[] = "\xFF\xE1\x00\x22"
                                      "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0"
                                      "\0\0\0\0\0\0";
    char *v = arena_alloc(a, 36);

    memcpy(v, little ? little_exif : big_exif, 36);
    v[little ? 28 : 29] = how;
    return arena_cat(
        a, str_sub(s, 0, 2), arena_cat(a, (struct str){v, 36}, str_sub(s, 2, SIZE_MAX)));
}

static bool is_red(uint32_t dot)
{
    return dot >> 16 > 200 && (dot >> 8 & 255) < 60 && (dot & 255) < 60;
}

static void a_photograph_stands_upright(void **state)
{
    /* where the upper third went: hundredths of width and height that lie in it */
    static const struct {
        int across, down;
        bool lying;
    } at[9] = {{0}, {50, 10, false}, {50, 10, false}, {50, 90, false}, {50, 90, false},
        {10, 50, true}, {90, 50, true}, {90, 50, true}, {10, 50, true}};
    struct arena a;
    struct str s;

    (void)state;
    if (access("/usr/bin/pdftoppm", X_OK) != 0) {
        print_message("skipped: pdftoppm is not installed\n");
        skip();
    }
    arena_init(&a);
    s = jpeg(&a);
    for (int k = 1; k <= 8; k++) {
        struct redrawn r = anew(&a, held(&a, s, (char)k, k % 2), "照片.jpg", 1000);
        assert_int_equal(r.wide, at[k].lying ? 600 : 300);
        assert_int_equal(r.high, at[k].lying ? 300 : 600);
        if (!is_red(colour(r.png, at[k].across, at[k].down)))
            fail_msg("orientation %d", k);
        if (is_red(colour(r.png, 100 - at[k].across, 100 - at[k].down)))
            fail_msg("orientation %d: both ends", k);
        assert_false(str_has(r.png, S("Exif")));
    }
    arena_release(&a);
}

/* A seal is set over words, which show through it. */
static void what_is_clear_may_stay_clear(void **state)
{
    struct arena a;
    struct redrawn r;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(
        reader_redraw_clear(pool, &a, png(&a, 400, 200), S("章.png"), 100, &r, &e), OK);
    assert_int_equal(r.wide, 100);
    assert_int_equal(colour(r.png, 50, 25), 0); /* no dot at all */
    assert_int_equal(colour(r.png, 50, 75), 0x0000FF);
    assert_int_equal(
        reader_redraw_clear(pool, &a, S("\xFF\xD8\xFF\xE0"), S("章.jpg"), 100, &r, &e), E_INPUT);
    assert_string_equal(e.msg, "“章.jpg”不是 png 图片，请另存为底色透明的 png 再传");
    assert_int_equal(
        reader_redraw_clear(pool, &a, str_sub(png(&a, 400, 200), 0, 60), S("半.png"), 100, &r, &e),
        E_INPUT);
    arena_release(&a);
}

static void what_is_no_picture_is_refused(void **state)
{
    struct arena a;
    struct redrawn r;
    struct str s;
    struct err e;
    char *big;

    (void)state;
    arena_init(&a);
    assert_int_equal(reader_redraw(pool, &a, S("GIF89a"), S("动.gif"), 100, &r, &e), E_INPUT);
    assert_string_equal(e.msg, "“动.gif”不是 png 或 jpg 图片，请另存为其中一种再传");
    s = str_sub(png(&a, 40, 20), 0, 60);
    assert_int_equal(reader_redraw(pool, &a, s, S("半.png"), 100, &r, &e), E_INPUT);
    assert_string_equal(e.msg, "图片“半.png”：图片已损坏，请重新另存为 png 或 jpg");
    s = png(&a, 40, 20); /* a head that promises more dots than anybody has */
    big = arena_alloc(&a, s.n);
    memcpy(big, s.p, s.n);
    big[16] = 0x7F;
    assert_int_equal(
        reader_redraw(pool, &a, (struct str){big, s.n}, S("大.png"), 100, &r, &e), E_LIMIT);
    arena_release(&a);
}

/* Two pages, the first red in its upper third. */
static void the_pages_of_a_pdf(void **state)
{
    struct str pdf = S(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 5 0 "
        "R]/Count 2>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 288]/Contents 4 0 "
        "R>>endobj\n4 0 obj<</Length 31>>stream\n1 0 0 rg 0 192 144 96 re f    \nendstream endobj\n"
        "5 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 144]>>endobj\n"
        "trailer<</Root 1 0 R/Size 6>>\n");
    struct arena a;
    struct redrawn r;
    struct err e;

    (void)state;
    if (access("/usr/bin/pdftoppm", X_OK) != 0) {
        print_message("skipped: pdftoppm is not installed\n");
        skip();
    }
    arena_init(&a);
    assert_int_equal(reader_redraw_page(pool, &a, pdf, S("扫描.pdf"), 1, 500, &r, &e), OK);
    assert_int_equal(r.wide, 500);
    assert_int_equal(r.high, 1000);
    assert_true(is_red(colour(r.png, 50, 10)));
    assert_int_equal(colour(r.png, 50, 50), 0xFFFFFF);
    assert_int_equal(reader_redraw_page(pool, &a, pdf, S("扫描.pdf"), 2, 500, &r, &e), OK);
    assert_int_equal(r.wide, 500);
    assert_int_equal(r.high, 250);
    assert_int_equal(reader_redraw_page(pool, &a, pdf, S("扫描.pdf"), 3, 500, &r, &e), E_NOTFOUND);
    assert_int_equal(
        reader_redraw_page(pool, &a, S("%PDF-1.4\nnothing"), S("坏.pdf"), 1, 500, &r, &e), E_INPUT);
    assert_int_equal(
        reader_redraw_page(pool, &a, png(&a, 40, 20), S("图.png"), 1, 500, &r, &e), OK);
    assert_int_equal(r.wide, 40);
    assert_int_equal(
        reader_redraw_page(pool, &a, png(&a, 40, 20), S("图.png"), 2, 500, &r, &e), E_NOTFOUND);
    arena_release(&a);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_is_flattened_and_made_smaller),
        cmocka_unit_test(what_is_beside_the_dots_is_gone),
        cmocka_unit_test(a_photograph_stands_upright),
        cmocka_unit_test(what_is_clear_may_stay_clear),
        cmocka_unit_test(the_pages_of_a_pdf),
        cmocka_unit_test(what_is_no_picture_is_refused),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("redraw", tests, open_pool, close_pool);
}
