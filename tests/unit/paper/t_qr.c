/* QR codes: the picture is read by another program (zbar), from the path that pages print. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): memfd_create */
#include "paper_test.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paper/qr.h"

enum { SCALE = 6, SIDE_MAX = 200 };

static bool have_zbar(void)
{
    return access("/usr/bin/zbarimg", X_OK) == 0;
}

/* What the path says, painted: nothing of the modules is looked at. */
static void paint(struct str path, int side, unsigned char *pix)
{
    const char *p = path.p;
    int x, y, w, back, n = 0;

    memset(pix, 255, (size_t)side * (size_t)side);
    // NOLINTNEXTLINE(cert-err34-c): a path of our own making, of small numbers
    while (sscanf(p, "M%d %dh%dv1h-%dz%n", &x, &y, &w, &back, &n) == 4) {
        assert_int_equal(w, back);
        assert_true(x >= QR_QUIET && y >= QR_QUIET && x + w + QR_QUIET <= side);
        for (int i = 0; i < w; i++)
            pix[y * side + x + i] = 0;
        p += n;
    }
    assert_ptr_equal(p, path.p + path.n);
}

static void write_pgm(const char *file, const unsigned char *pix, int side)
{
    FILE *f = fopen(file, "wb");

    assert_non_null(f);
    (void)fprintf(f, "P5\n%d %d\n255\n", side * SCALE, side * SCALE);
    for (int y = 0; y < side * SCALE; y++)
        for (int x = 0; x < side * SCALE; x++)
            (void)fputc(pix[(y / SCALE) * side + x / SCALE], f);
    assert_int_equal(fclose(f), 0);
}

/* What zbarimg says of a picture. */
static void ask_zbar(char *file, char *got, size_t room)
{
    char tool[] = "/usr/bin/zbarimg", quiet[] = "--quiet", raw[] = "--raw", dbus[] = "--nodbus";
    char off[] = "-Sdisable", on[] = "-Sqrcode.enable";
    char *argv[] = {tool, quiet, raw, dbus, off, on, file, NULL}, *env[] = {NULL};
    int out = memfd_create("read", 0), status = 1;
    posix_spawn_file_actions_t fa;
    pid_t pid = 0;

    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawn_file_actions_adddup2(&fa, out, 1);
    assert_int_equal(posix_spawn(&pid, tool, &fa, NULL, argv, env), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    (void)posix_spawn_file_actions_destroy(&fa);
    ssize_t n = pread(out, got, room - 1, 0);
    assert_true(n > 0);
    while (n && got[n - 1] == '\n')
        n--;
    got[n] = 0;
    (void)close(out);
}

static void reads_back(const char *text)
{
    static unsigned char pix[SIDE_MAX * SIDE_MAX];
    char file[] = "/tmp/t_qr.XXXXXX", got[QR_TEXT_MAX + 100];
    struct arena a;
    struct qr q;
    struct err e;

    arena_init(&a);
    assert_int_equal(qr_make(&a, str_z(text), &q, &e), OK);
    assert_true(qr_side(&q) <= SIDE_MAX);
    paint(qr_path(&a, &q), qr_side(&q), pix);
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    (void)close(fd);
    write_pgm(file, pix, qr_side(&q));
    ask_zbar(file, got, sizeof(got));
    assert_string_equal(got, text);
    assert_int_equal(unlink(file), 0);
    arena_release(&a);
}

static void another_program_reads_it(void **s)
{
    (void)s;
    if (!have_zbar()) {
        print_message("zbarimg is not there: sudo apt install zbar-tools\n");
        skip();
    }
    reads_back("HTTP://10.1.2.3:8080/O/7K2MQ4ZT");
    reads_back("https://qianshao.example.cn/o/7k2mq4zt");
    reads_back("1");
    reads_back("收〔2026〕41号 第1份");
    char longest[QR_TEXT_MAX + 1];
    memset(longest, 'x', QR_TEXT_MAX);
    longest[QR_TEXT_MAX] = 0;
    reads_back(longest);
}

static void capitals_make_it_coarser(void **s)
{
    struct arena a;
    struct qr big, small;
    struct err e;

    (void)s;
    arena_init(&a);
    assert_int_equal(qr_make(&a, S("HTTP://10.1.2.3/O/7K2MQ4ZT"), &small, &e), OK);
    assert_int_equal(qr_make(&a, S("http://10.1.2.3/o/7k2mq4zt"), &big, &e), OK);
    assert_true(small.size < big.size);
    arena_release(&a);
}

static void what_cannot_be_printed_is_refused(void **s)
{
    struct arena a;
    struct qr q = {.size = 7};
    struct err e;
    char text[QR_TEXT_MAX + 1] = {0};

    (void)s;
    arena_init(&a);
    assert_int_equal(qr_make(&a, S(""), &q, &e), E_INPUT);
    assert_int_equal(qr_make(&a, (struct str){"a\0b", 3}, &q, &e), E_INPUT);
    memset(text, 'x', sizeof(text));
    assert_int_equal(qr_make(&a, (struct str){text, sizeof(text)}, &q, &e), E_LIMIT);
    assert_int_equal(q.size, 7);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_program_reads_it),
        cmocka_unit_test(capitals_make_it_coarser),
        cmocka_unit_test(what_cannot_be_printed_is_refused),
    };
    return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
