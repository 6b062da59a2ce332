#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/buf.h"
#include "web/form.h"

static const struct form_limits limits = {100000, 4096, 4, 2};
#define URLENC  "application/x-www-form-urlencoded"
#define MULTI   "multipart/form-data; boundary=\"b-1\""
#define PART(h) "Content-Disposition: form-data; " h "\r\n\r\n"

/* Everything a form holds, as one text; the failure's message if it failed. */
static void feed(const char *type, struct str body, size_t step, struct buf *out)
{
    struct arena a;
    struct form *f;
    struct err e;
    enum code c;
    arena_init(&a);
    c = form_new(&a, str_z(type), S("/tmp"), &limits, &f, &e);
    for (size_t i = 0; c == OK && i < body.n; i += step)
        c = form_feed(f, str_sub(body, i, step), &e);
    if (c == OK)
        c = form_end(f, &e);
    if (c != OK)
        buf_printf(out, "failed %d", c);
    for (size_t i = 0; c == OK && i < f->n_fields; i++)
        buf_printf(out, "[%.*s=%.*s]", SF(f->fields[i].name), SF(f->fields[i].value));
    for (size_t i = 0; c == OK && i < f->n_files; i++) {
        char text[256];
        ssize_t k = read(f->files[i].fd, text, sizeof(text));
        buf_printf(out, "[%.*s: %.*s %d bytes <%.*s>]", SF(f->files[i].field), SF(f->files[i].name),
            (int)f->files[i].size, (int)k, text);
    }
    buf_char(out, '\0');
    arena_release(&a);
}

/* The same outcome however the bytes are cut. */
static void expect(const char *type, const char *body, size_t n, const char *want)
{
    static const size_t steps[] = {1, 2, 3, 7, 64, 100000};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct buf b;
        buf_init(&b, 0);
        feed(type, (struct str){body, n}, steps[i], &b);
        if (strcmp(b.p, want) != 0)
            fail_msg("step %zu: wanted <%s> got <%s>", steps[i], want, b.p);
        buf_release(&b);
    }
}
#define EXPECT(type, lit, want) expect((type), (lit), sizeof(lit) - 1, (want))

static void reads_urlencoded(void **state)
{
    (void)state;
    EXPECT(URLENC, "a=1&b=%E5%8F%B7+x&c=%0D%0Ay&", "[a=1][b=号 x][c=\ny]");
    EXPECT(URLENC "; charset=UTF-8", "", "");
    EXPECT(URLENC, "a=%zz", "failed 1");
    EXPECT(URLENC, "a=%00", "failed 1");
    EXPECT(URLENC, "a=%ff", "failed 1");
    EXPECT(URLENC, "a=\0", "failed 1");
    EXPECT(URLENC, "1&2&3&4&5", "failed 5");
    EXPECT("text/plain", "a=1", "failed 1");
}

static void reads_multipart(void **state)
{
    (void)state;
    EXPECT(MULTI,
        "--b-1\r\n" PART(
            "name=\"t\"") "标题\r\n第二行\r\n"
                          "--b-1\r\n" PART(
                              "name=\"f\"; filename=\"..\\\\x/报告.docx\"") "\r\n--b-2\r\n\r\r\n--"
                                                                            "b-\r\n"
                                                                            "--b-1--\r\n",
        "[t=标题\n第二行][f: 报告.docx 16 bytes <\r\n--b-2\r\n\r\r\n--b->]");
    EXPECT(MULTI, "--b-1\r\n" PART("name=f; filename=\"\"") "\r\n--b-1--", ""); /* nothing chosen */
    EXPECT(MULTI, "--b-1--", "");
    EXPECT(MULTI, "--b-1\r\n" PART("name=\"a\"") "\r\n--b-1--\r\nepilogue", "[a=]");
}

static void refuses_broken_multipart(void **state)
{
    (void)state;
    EXPECT(MULTI, "", "failed 1");
    EXPECT(MULTI, "junk--b-1\r\n", "failed 1");
    EXPECT(MULTI, "--b-1\r\n" PART("name=\"a\"") "x", "failed 1"); /* cut */
    EXPECT(
        MULTI, "--b-1\r\n" PART("name=\"a\"") "x\r\n--b-1", "failed 1"); /* cut in the delimiter */
    EXPECT(MULTI, "--b-1\r\n" PART("name=\"a\"") "x\r\n--b-1xx", "failed 1");
    EXPECT(
        MULTI, "--b-1\r\nContent-Type: text/plain\r\n\r\nx\r\n--b-1--", "failed 1"); /* no name */
    EXPECT(MULTI, "--b-1\r\nno colon\r\n\r\nx\r\n--b-1--", "failed 1");
    EXPECT(MULTI, "--b-1\r\n" PART("name=\"a\"") "\0\r\n--b-1--", "failed 1");
    EXPECT("multipart/form-data", "", "failed 1");
    EXPECT("multipart/form-data; boundary=\"a\rb\"", "", "failed 1");
}

static void holds_its_limits(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 0);
    buf_z(&b, "--b-1\r\n" PART("name=\"a\""));
    for (int i = 0; i < 5000; i++)
        buf_char(&b, 'x');
    buf_z(&b, "\r\n--b-1--");
    expect(MULTI, b.p, b.n, "failed 5"); /* text_bytes */
    buf_clear(&b);
    for (int i = 0; i < 3; i++)
        buf_z(&b, i ? "\r\n--b-1\r\n" PART("name=f; filename=x")
                    : "--b-1\r\n" PART("name=f; filename=x"));
    expect(MULTI, b.p, b.n, "failed 5"); /* files */
    buf_clear(&b);
    buf_z(&b, "--b-1\r\nX: ");
    for (int i = 0; i < 5000; i++)
        buf_char(&b, 'x');
    expect(MULTI, b.p, b.n, "failed 5"); /* head of a part */
    buf_clear(&b);
    buf_z(&b, "--b-1\r\n" PART("name=f; filename=x"));
    for (int i = 0; i < 100000; i++)
        buf_char(&b, 'x');
    feed(MULTI, buf_view(&b), 4096, &b);
    assert_string_equal(b.p + b.n - 9, "failed 5"); /* total_bytes */
    buf_release(&b);
}

/* All of a file in memory, wherever it was read to before; never more than the page allows. */
static void reads_a_file_whole(void **state)
{
    static const char body[] =
        "--b-1\r\n" PART("name=\"f\"; filename=\"图.png\"") "abcdef\r\n--b-1--\r\n";
    struct str got = S("");
    struct form *f;
    struct arena a;
    struct err e;
    char some[3];
    (void)state;
    arena_init(&a);
    assert_int_equal(form_new(&a, str_z(MULTI), S("/tmp"), &limits, &f, &e), OK);
    assert_int_equal(form_feed(f, (struct str){body, sizeof(body) - 1}, &e), OK);
    assert_int_equal(form_end(f, &e), OK);
    assert_int_equal(read(f->files[0].fd, some, sizeof(some)), 3);
    assert_int_equal(upload_read(&a, &f->files[0], 6, "图片", &got, &e), OK);
    assert_true(str_eq(got, S("abcdef")));
    assert_int_equal(upload_read(&a, &f->files[0], 5, "图片", &got, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "图片“图.png”超过"));
    assert_int_equal(upload_read(&a, NULL, 5, "图片", &got, &e), E_INPUT);
    assert_string_equal(e.msg, "没有选图片，或者文件是空的");
    arena_release(&a);
}

static void reads_header_parameters(void **state)
{
    struct arena a;
    struct str v;
    (void)state;
    arena_init(&a);
    assert_true(head_param(&a, S("form-data; name=\"a;b\"; filename=\"x\\\"y\""), "filename", &v));
    assert_true(str_eq(v, S("x\"y")));
    assert_true(head_param(&a, S("form-data; filename=\"name=z\"; NAME=q"), "name", &v));
    assert_true(str_eq(v, S("q")));
    assert_false(head_param(&a, S("form-data; name"), "name", &v));
    assert_false(head_param(&a, S("form-data; filename=x"), "name", &v));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_urlencoded),
        cmocka_unit_test(reads_multipart),
        cmocka_unit_test(refuses_broken_multipart),
        cmocka_unit_test(holds_its_limits),
        cmocka_unit_test(reads_a_file_whole),
        cmocka_unit_test(reads_header_parameters),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
