/* Broken and hostile files, all made here, all through the cage: each is one line that names the file,
 * within the limits, and the next file is read. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): usleep through nanosleep */
#include "zip_test.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "paper/cage.h"

static struct reader_pool *pool_with(const struct reader_limits *lim)
{
    struct reader_pool *p = NULL;
    struct err e;

    assert_int_equal(reader_pool_open(NULL, 1, lim, &p, &e), OK);
    return p;
}

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Read; whatever comes of it, the pool must read an honest file next. */
static enum code try_read(
    struct reader_pool *p, struct fixture *f, struct str bytes, const char *name)
{
    struct doc next;
    struct err e;

    f->code = reader_read_bytes(p, &f->a, bytes, str_z(name), &f->d, &f->e);
    if (f->code != OK) {
        assert_true(str_starts(str_z(f->e.msg), arena_printf(&f->a, "文件“%s”：", name)));
        assert_null(strchr(f->e.msg, '\n'));
    } else {
        fx_check(&f->d);
    }
    if (reader_read_bytes(p, &f->a, S("好"), S("b.txt"), &next, &e) != OK)
        fail_msg("after %s: %s", name, e.msg);
    return f->code;
}

static void refused(struct str bytes, const char *name, enum code code, const char *why)
{
    struct reader_pool *p = pool_with(NULL);
    struct fixture f;
    double t0 = now();

    fx_init(&f);
    if (try_read(p, &f, bytes, name) != code || !strstr(f.e.msg, why))
        fail_msg("%s: code %d, %s", name, (int)f.code, f.code ? f.e.msg : "read");
    if (now() - t0 > (CAGE_SANITIZED ? 90 : 45))
        fail_msg("%s took %.1f s", name, now() - t0);
    fx_end(&f);
    reader_pool_close(p);
}

/* ---- zips made byte by byte ---- */

static void put(struct buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_char(b, (char)(unsigned char)(i < 8 ? v >> (8 * i) : 0));
}

struct sizes {
    uint32_t crc, packed, size;
};

static void local_header(struct buf *b, const char *name, struct sizes s)
{
    put(b, 0x04034b50, 4);
    put(b, 20, 2);
    put(b, 0, 2);
    put(b, 8, 2); /* deflate */
    put(b, 0, 4); /* time */
    put(b, s.crc, 4);
    put(b, s.packed, 4);
    put(b, s.size, 4);
    put(b, strlen(name), 2);
    put(b, 0, 2);
    buf_z(b, name);
}

static void central_header(struct buf *b, const char *name, struct sizes s)
{
    put(b, 0x02014b50, 4);
    put(b, 20, 2);
    put(b, 20, 2);
    put(b, 0, 2);
    put(b, 8, 2);
    put(b, 0, 4);
    put(b, s.crc, 4);
    put(b, s.packed, 4);
    put(b, s.size, 4);
    put(b, strlen(name), 2);
    put(b, 0, 16); /* extra, comment, disk, attributes, offset 0: all at the first local header */
    buf_z(b, name);
}

/* Fixed Huffman: a zero, then `times` * 8 copies of 258 bytes from distance 1; thirteen bits each. */
static void zeros(struct buf *b, size_t times)
{
    uint64_t bits = 0;
    int n = 0;
    unsigned char group[13];
    uint32_t code = 0; /* symbol 285 is 11000101, sent from the top; distance 0 is 00000 */

    for (int i = 0; i < 8; i++)
        code |= (uint32_t)(0xC5 >> (7 - i) & 1) << i;
    memset(group, 0, sizeof(group));
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 8; k++)
            if (code >> k & 1)
                group[(13 * i + k) / 8] =
                    (unsigned char)(group[(13 * i + k) / 8] | 1 << (13 * i + k) % 8);
    /* BFINAL 1, BTYPE 01, then literal 0 (00110000): eleven bits, so what follows is shifted */
    bits = 1 | 1 << 1;
    n = 3;
    bits |= (uint64_t)0x0C << n; /* 00110000 from the top is 00001100 from the bottom */
    n += 8;
    for (size_t t = 0; t < times; t++) {
        for (size_t i = 0; i < sizeof(group); i++) {
            bits |= (uint64_t)group[i] << n;
            buf_char(b, (char)(unsigned char)bits);
            bits >>= 8;
        }
    }
    while (n > -8) { /* end of block: seven zeros, and the rest */
        buf_char(b, (char)(unsigned char)bits);
        bits >>= 8;
        n -= 8;
    }
    buf_char(b, 0);
}

static uint32_t crc_byte(uint32_t crc, unsigned char c)
{
    crc ^= c;
    for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (0xEDB88320 & (0U - (crc & 1)));
    return crc;
}

static uint32_t crc_of_zeros(size_t n)
{
    uint32_t crc = 0xFFFFFFFF;

    while (n-- > 0)
        crc = crc_byte(crc, 0);
    return ~crc;
}

/* A zip whose central directory names the one packed member `names` times. */
static struct str zip_of_zeros(
    struct buf *z, size_t times, int names, const char *name, uint32_t said)
{
    struct buf packed = {0};
    struct sizes s = {crc_of_zeros(said), 0, said};
    size_t begin;

    zeros(&packed, times);
    s.packed = (uint32_t)packed.n;
    local_header(z, name, s);
    buf_str(z, buf_view(&packed));
    begin = z->n;
    for (int i = 0; i < names; i++) {
        char other[32];
        (void)snprintf(other, sizeof(other), "%05d", i);
        central_header(z, names == 1 ? name : other, s);
    }
    put(z, 0x06054b50, 4);
    put(z, 0, 4);
    put(z, (uint64_t)names, 2);
    put(z, (uint64_t)names, 2);
    put(z, z->n - 12 - begin, 4);
    put(z, begin, 4);
    put(z, 0, 2);
    buf_release(&packed);
    return buf_view(z);
}

/* 10 GB in 65 MB; the header says ten bytes. */
static void a_bomb_of_ten_gigabytes(void **state)
{
    struct buf z = {0};
    struct str s = zip_of_zeros(&z, (size_t)10 * 1000 * 1000 * 1000 / 2064, 1, "a.txt", 10);

    (void)state;
    refused(s, "炸弹.zip", E_LIMIT, "炸弹");
    buf_release(&z);
}

/* Every name of the directory is the same packed bytes. */
static void overlapping_members(void **state)
{
    struct buf z = {0};
    struct str s = zip_of_zeros(&z, 1000, 9000, "x", 2064001); /* 2 MB each, 18 GB in all */

    (void)state;
    refused(s, "重叠.zip", E_LIMIT, "炸弹");
    buf_release(&z);
}

static void too_many_members(void **state)
{
    struct buf z = {0};
    struct str s = zip_of_zeros(&z, 1, 10001, "x", 2065);

    (void)state;
    refused(s, "多.zip", E_LIMIT, "10000 个");
    buf_release(&z);
}

static void zips_within_zips(void **state)
{
    struct arena a;
    struct str z = S("底");

    (void)state;
    arena_init(&a);
    for (int i = 0; i < 7; i++) { /* zip_make wants text: members go in by hand, stored */
        struct buf b = {0};
        struct sizes s = {0xFFFFFFFF, (uint32_t)z.n, (uint32_t)z.n};
        size_t begin;
        const char *name = i == 0 ? "a.txt" : "a.zip";
        for (size_t k = 0; k < z.n; k++)
            s.crc = crc_byte(s.crc, (unsigned char)z.p[k]);
        s.crc = ~s.crc;
        local_header(&b, name, s);
        b.p[8] = 0; /* stored */
        buf_str(&b, z);
        begin = b.n;
        central_header(&b, name, s);
        b.p[begin + 10] = 0;
        put(&b, 0x06054b50, 4);
        put(&b, 0, 4);
        put(&b, 1, 2);
        put(&b, 1, 2);
        put(&b, b.n - 12 - begin, 4);
        put(&b, begin, 4);
        put(&b, 0, 2);
        z = arena_str(&a, buf_view(&b));
        buf_release(&b);
    }
    refused(z, "套娃.zip", E_LIMIT, "4 层");
    arena_release(&a);
}

/* ---- XML ---- */

static void deep_xml(void **state)
{
    struct buf b = {0};
    struct arena a;

    (void)state;
    arena_init(&a);
    buf_z(&b, "<w:document " W_NS "><w:body>");
    for (int i = 0; i < 200000; i++)
        buf_z(&b, "<w:sdt><w:sdtContent>");
    refused(docx_make(&a, b.p, "", ""), "深.docx", E_LIMIT, "层");
    buf_release(&b);
    arena_release(&a);
}

static void entities_and_dtd(void **state)
{
    static const char *const heads[] = {
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
        "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]><w:document " W_NS
        "><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p>"
        "</w:body></w:document>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><w:document " W_NS
        "><w:body><w:p><w:r>"
        "<w:t>&a;</w:t></w:r></w:p></w:body></w:document>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\"><w:document " W_NS
        "><w:body/></w:document>"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct arena a;
        arena_init(&a);
        refused(docx_make(&a, heads[i], "", ""), "实体.docx", E_INPUT, "DTD");
        arena_release(&a);
    }
}

static void a_million_paragraphs(void **state)
{
    struct reader_pool *p = pool_with(NULL);
    struct fixture f;
    struct buf b = {0};
    int n = CAGE_SANITIZED ? 50000 : 1000000;
    double t0;

    (void)state;
    fx_init(&f);
    buf_z(&b, "<w:document " W_NS "><w:body>");
    for (int i = 0; i < n; i++)
        buf_printf(&b, "<w:p><w:r><w:t>%u段%u文%u</w:t></w:r></w:p>", (unsigned)i * 2654435761U,
            (unsigned)i * 40503U, (unsigned)i * 2246822519U);
    buf_z(&b, "</w:body></w:document>");
    struct str z = docx_make(&f.a, b.p, "", "");
    t0 = now();
    if (try_read(p, &f, z, "百万.docx") == OK) /* either is right; a crash or a hang is not */
        assert_int_equal(f.d.n, n);
    else
        assert_int_equal(f.code, E_LIMIT);
    print_message("%d paragraphs: %s, %.1f s\n", n, f.code ? f.e.msg : "read", now() - t0);
    assert_true(now() - t0 < 35);
    buf_release(&b);
    fx_end(&f);
    reader_pool_close(p);
}

static void too_much_text(void **state)
{
    struct buf b = {0};

    (void)state;
    while (b.n < (size_t)70 << 20)
        buf_z(&b, "各单位要认真贯彻落实。各单位要认真贯彻落实。各单位要认真贯彻落实。各单位要认真贯"
                  "彻落实。\n");
    refused(buf_view(&b), "长.txt", E_LIMIT, "64 MB");
    buf_release(&b);
}

/* ---- cut and changed ---- */

static struct str small_pdf(struct arena *a, const char *kids, int count, const char *content)
{
    return arena_printf(a,
        "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 "
        "obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 "
        "R/Resources<</Font<</F 5 0 R>>"
        "/XObject<</X 4 0 R>>>>>>endobj\n4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 "
        "9]/Resources<</XObject<</X 4 0 R>>>>"
        "/Length %zu>>stream\n%s\nendstream endobj\n5 0 "
        "obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        "trailer<</Root 1 0 R/Size 6>>\n",
        kids, count, strlen(content), content);
}

static void every_cut_is_a_line_or_a_doc(void **state)
{
    struct reader_pool *p = pool_with(NULL);
    struct fixture f;
    struct {
        struct str bytes;
        const char *name;
    } files[5];

    (void)state;
    fx_init(&f);
    files[0].bytes = docx_make(&f.a, W_DOC(W_P("正文")), "", "");
    files[0].name = "a.docx";
    files[1].bytes = ZIP_MAKE(&f.a, {"a.txt", "x"}, {"b.txt", "y"});
    files[1].name = "a.zip";
    files[2].bytes = S("From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
                       "boundary=B\n\n--B\n\nhi\n--B--\n");
    files[2].name = "a.eml";
    files[3].bytes = S("<html><table><tr><td>a</td></tr></table></html>");
    files[3].name = "a.html";
    files[4].bytes = S("{\\rtf1{\\b a\\par}\\u20013?\\'d6\\'d0}");
    files[4].name = "a.rtf";
    for (size_t i = 0; i < 5; i++) {
        size_t step = files[i].bytes.n / 12 + 1;
        for (size_t n = 0; n < files[i].bytes.n; n += step)
            (void)try_read(p, &f, str_sub(files[i].bytes, 0, n), files[i].name);
        char *copy = arena_z(&f.a, files[i].bytes);
        for (size_t n = 0; n < files[i].bytes.n; n += step) {
            copy[n] = (char)~copy[n];
            (void)try_read(p, &f, (struct str){copy, files[i].bytes.n}, files[i].name);
        }
    }
    fx_end(&f);
    reader_pool_close(p);
}

static bool no_pdftotext(void)
{
    return access("/usr/bin/pdftotext", X_OK) != 0;
}

static void hostile_pdfs(void **state)
{
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p;
    struct fixture f;
    double t0 = now();

    (void)state;
    if (no_pdftotext()) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    lim.seconds = 3; /* converters get four times that */
    p = pool_with(&lim);
    fx_init(&f);
    /* a page tree that is its own child; a form that draws itself; a count that is a lie */
    (void)try_read(p, &f,
        small_pdf(&f.a, "2 0 R 3 0 R 2 0 R", 3, "BT /F 12 Tf 99 700 Td (hello) Tj ET /X Do /X Do"),
        "环.pdf");
    if (try_read(p, &f, small_pdf(&f.a, "3 0 R", 1, "BT /F 12 Tf 99 700 Td (hello) Tj ET"),
            "好.pdf") != OK)
        fail_msg("%s", f.e.msg);
    assert_true(str_eq(f.d.blocks[0].text, S("hello")));
    assert_int_equal(try_read(p, &f, S("%PDF-1.4\n"), "断.pdf"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "断.pdf"));
    assert_int_equal(
        try_read(
            p, &f, S("%PDF-1.4\n1 0 obj<</Encrypt 2 0 R>>endobj trailer<</Root 1 0 R>>"), "x.pdf"),
        E_INPUT);
    assert_true(now() - t0 < 60);
    fx_end(&f);
    reader_pool_close(p);
}

/* Forms that draw forms, ten times each, twelve deep: 10^12 drawings of one word. Time ends it. */
static void an_endless_pdf(void **state)
{
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p;
    struct fixture f;
    struct buf b = {0};
    double t0;

    (void)state;
    if (no_pdftotext()) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    lim.seconds = 1;
    p = pool_with(&lim);
    fx_init(&f);
    buf_z(&b,
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        "/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>/XObject<</X 10 0 R>>>>>>endobj\n4 0 obj<</Length 5>>stream\n"
        "/X Do\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n");
    for (int i = 10; i < 22; i++)
        buf_printf(&b,
            "%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 900 900]/Resources<</Font<</F 5 0 "
            "R>>/XObject"
            "<</X %d 0 R>>>>/Length 60>>stream\n%-60s\nendstream endobj\n",
            i, i + 1,
            i < 21 ? "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do"
                   : "BT /F 12 Tf (x) Tj ET");
    buf_z(&b, "trailer<</Root 1 0 R/Size 30>>\n");
    t0 = now();
    assert_int_equal(try_read(p, &f, buf_view(&b), "无尽.pdf"), E_LIMIT);
    print_message("%s, %.1f s\n", f.e.msg, now() - t0);
    assert_true(now() - t0 < 20);
    buf_release(&b);
    fx_end(&f);
    reader_pool_close(p);
}

static void old_word_is_converted_or_explained(void **state)
{
    struct reader_pool *p = pool_with(NULL);
    struct fixture f;
    char ole[1024] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

    (void)state;
    fx_init(&f);
    assert_int_equal(try_read(p, &f, (struct str){ole, sizeof(ole)}, "旧.doc"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "另存为docx再导入"));
    memcpy(ole + 512, "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
    assert_int_equal(try_read(p, &f, (struct str){ole, sizeof(ole)}, "密.docx"), E_INPUT);
    assert_non_null(strstr(f.e.msg, "加密"));
    fx_end(&f);
    reader_pool_close(p);
}

/* ---- the child itself ---- */

static void a_child_that_hangs_is_ended(void **state)
{
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p;
    struct fixture f;
    double t0;

    (void)state;
    lim.seconds = 1;
    p = pool_with(&lim);
    fx_init(&f);
    assert_int_equal(try_read(p, &f, S("好"), "a.txt"), OK);
    assert_int_equal(kill(child_pid(), SIGSTOP), 0);
    t0 = now();
    assert_int_equal(try_read(p, &f, S("好"), "慢.txt"), E_LIMIT);
    assert_non_null(strstr(f.e.msg, "超过 1 秒"));
    assert_true(now() - t0 < 5);
    fx_end(&f);
    reader_pool_close(p);
}

static void *crash_it(void *arg)
{
    (void)nanosleep(&(struct timespec){0, 200000000}, NULL);
    (void)kill(*(int *)arg, SIGSEGV);
    (void)kill(*(int *)arg, SIGCONT);
    return NULL;
}

static void a_child_that_crashes_is_one_line(void **state)
{
    struct reader_pool *p = pool_with(NULL);
    struct fixture f;
    pthread_t t;
    int pid;

    (void)state;
    fx_init(&f);
    assert_int_equal(try_read(p, &f, S("好"), "a.txt"), OK);
    pid = child_pid();
    assert_int_equal(kill(pid, SIGSTOP), 0);
    assert_int_equal(pthread_create(&t, NULL, crash_it, &pid), 0);
    assert_int_not_equal(try_read(p, &f, S("好"), "崩.txt"), OK);
    if (!CAGE_SANITIZED)
        assert_non_null(strstr(f.e.msg, "信号 11"));
    (void)pthread_join(t, NULL);
    fx_end(&f);
    reader_pool_close(p);
}

static void memory_is_bounded(void **state)
{
    struct reader_limits lim = reader_limits_default();
    struct reader_pool *p;
    struct fixture f;
    struct buf b = {0};

    (void)state;
    if (CAGE_SANITIZED) {
        print_message("skipped: a sanitizer needs the whole address space\n");
        skip();
    }
    lim.memory = (size_t)300 << 20;
    p = pool_with(&lim);
    fx_init(&f);
    while (b.n < (size_t)60 << 20)
        buf_z(&b, "各单位要认真贯彻落实。各单位要认真贯彻落实。各单位要认真贯彻落实。\n");
    assert_int_equal(try_read(p, &f, buf_view(&b), "大.txt"), E_LIMIT);
    assert_non_null(strstr(f.e.msg, "内存"));
    buf_release(&b);
    fx_end(&f);
    reader_pool_close(p);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bomb_of_ten_gigabytes),
        cmocka_unit_test(overlapping_members),
        cmocka_unit_test(too_many_members),
        cmocka_unit_test(zips_within_zips),
        cmocka_unit_test(deep_xml),
        cmocka_unit_test(entities_and_dtd),
        cmocka_unit_test(a_million_paragraphs),
        cmocka_unit_test(too_much_text),
        cmocka_unit_test(every_cut_is_a_line_or_a_doc),
        cmocka_unit_test(hostile_pdfs),
        cmocka_unit_test(an_endless_pdf),
        cmocka_unit_test(old_word_is_converted_or_explained),
        cmocka_unit_test(a_child_that_hangs_is_ended),
        cmocka_unit_test(a_child_that_crashes_is_one_line),
        cmocka_unit_test(memory_is_bounded),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("broken", tests, NULL, NULL);
}
