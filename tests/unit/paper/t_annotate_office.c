/* What a real LibreOffice sees in annotated files: every comment, every change. Skipped where it is not installed. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): mkdtemp */
#include "office_test.h"

#include "annotate_cases.h"
#include "paper/redline.h"

#define TYPES                                                                                 \
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default " \
    "Extension=\"rels\" "                                                                     \
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "     \
    "Extension=\"xml\" ContentType=\"application/xml\"/><Override "                           \
    "PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-"           \
    "officedocument.wordprocessingml.document.main+xml\"/></Types>"
#define PACKAGE                                                                               \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"  \
    "<Relationship Id=\"r1\" Type=\"" W_REL "officeDocument\" Target=\"word/document.xml\"/>" \
    "</Relationships>"

static bool installed;

static int setup(void **state)
{
    (void)state;
    installed = access("/usr/bin/soffice", X_OK) == 0;
    return !installed || office_begin() ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return installed ? office_end() : 0;
}

/* An element that begins with `tag` and is by our author. */
static bool has_tag(struct str xml, const char *tag)
{
    for (size_t at = 0; (at = str_find(xml, str_z(tag), at)) != SIZE_MAX; at++) {
        struct str rest = str_sub(xml, at, xml.n);
        if (str_has(str_sub(rest, 0, str_find(rest, S(">"), 0)), S("=\"" AUTHOR "\"")))
            return true;
    }
    return false;
}

static size_t changes(struct str odt, const char *kind)
{
    struct str rest = odt, piece;
    size_t n = 0;

    while (str_next(&rest, S("</text:changed-region>"), &piece))
        n += str_has(piece, str_z(kind)) && str_has(piece, S("<dc:creator>" AUTHOR "<"));
    return n;
}

static bool has_change(struct str odt, const char *kind)
{
    return changes(odt, kind) > 0;
}

static void libreoffice_sees_every_comment_and_change(void **state)
{
    enum { CASES = sizeof(cases) / sizeof(*cases) };
    struct noted t[CASES];
    const char *names[CASES];

    (void)state;
    if (!installed) {
        print_message("skipped: libreoffice-writer-nogui is not installed\n");
        skip();
    }
    for (size_t i = 0; i < CASES; i++) {
        struct annotation a = {.comment = S(NOTE "理由"), .replace = cases[i].put != NULL};
        struct str docx;
        noted_init(&t[i]);
        docx = ZIP_MAKE(&t[i].f.a, {"[Content_Types].xml", TYPES}, {"_rels/.rels", PACKAGE},
            {"word/document.xml",
                arena_printf(&t[i].f.a,
                    "<w:document " W_NS "><w:body>%s<w:sectPr/></w:body></w:document>",
                    cases[i].body)
                    .p});
        fx_read(&t[i].f, docx, "a.docx");
        find(&t[i], cases[i].find, &a);
        if (cases[i].put)
            a.replacement = str_z(cases[i].put);
        note_all(&t[i], docx, &a, 1);
        names[i] = arena_printf(&t[i].f.a, "%zu.docx", i).p;
        write_file(&t[i].f.a, names[i], t[i].r.docx);
    }
    assert_int_equal(plain_office_all(&t[0].f.a, "fodt", names, CASES), 0);
    for (size_t i = 0; i < CASES; i++) {
        struct str odt = slurp(&t[i].f.a, arena_printf(&t[i].f.a, "%zu.fodt", i).p);
        struct str xml = t[i].xml;
        bool box =
            str_has(xml, S("<w:txbxContent>")); /* a shape of no known kind: not shown at all */
        assert_int_equal(count(odt, "<office:annotation "), 1);
        assert_int_equal(has_change(odt, "<text:deletion>"), !box && has_tag(xml, "<w:del "));
        assert_int_equal(has_change(odt, "<text:insertion>"), !box && has_tag(xml, "<w:ins "));
    }
    for (size_t i = 0; i < CASES; i++)
        noted_end(&t[i]);
}

static const char archive[] = "../shared/data/samples.tar.zst";

static void unpack(void)
{
    char tar[] = "/usr/bin/tar", flags[] = "-xf", dash[] = "-C", zstd[] = "-I/usr/bin/zstd",
         top[] = "--strip-components=1", path[] = "PATH=/usr/bin:/bin", file[sizeof(archive)];
    char *argv[] = {tar, zstd, flags, file, top, dash, folder, NULL}, *env[] = {path, NULL};
    pid_t pid = 0;
    int status = -1;

    memcpy(file, archive, sizeof(archive));
    assert_int_equal(posix_spawn(&pid, tar, NULL, NULL, argv, env), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Real files: in each block that has room one character replaced and one commented on. */
static void the_samples(void **state)
{
    enum { SAMPLES = 9 };
    static const char *const names[SAMPLES] = {"01-basic-formal.docx", "02-table.docx",
        "03-header-footer-page.docx", "04-image-seal.docx", "05-textbox-shape.docx",
        "06-auto-numbering.docx", "07-toc-fields.docx", "08-comments-revisions.docx",
        "demo_gongwen.docx"};
    struct noted t[SAMPLES];
    const char *made[SAMPLES];
    size_t opened = 0;

    (void)state;
    if (!installed || access(archive, R_OK) != 0) {
        print_message("skipped: libreoffice-writer-nogui or %s is absent\n", archive);
        skip();
    }
    unpack();
    for (size_t i = 0; i < SAMPLES; i++) {
        struct annotation v[256];
        struct str docx;
        size_t cp = 0, n = 0;
        noted_init(&t[i]);
        docx = slurp(&t[i].f.a, names[i]);
        fx_read(&t[i].f, docx, names[i]);
        for (size_t k = 0; k < t[i].f.d.n && n < 256; k++) {
            size_t len = utf8_len_cp(t[i].f.d.blocks[k].text);
            if (len >= 6)
                v[n++] =
                    (struct annotation){cp + len - 3, cp + len - 2, S(NOTE "理由"), S("换"), true};
            cp += len + 1;
        }
        note_all(&t[i], docx, v, n);
        made[i] = arena_printf(&t[i].f.a, "made-%zu.docx", i).p;
        write_file(&t[i].f.a, made[i], t[i].r.docx);
    }
    assert_int_equal(plain_office_all(&t[0].f.a, "fodt", names, SAMPLES), 0);
    assert_int_equal(plain_office_all(&t[0].f.a, "fodt", made, SAMPLES), 0);
    for (size_t i = 0; i < SAMPLES; i++) {
        struct str name = str_z(names[i]), after, before;
        (void)str_eat_end(&name, S(".docx"));
        name = arena_printf(&t[i].f.a, "%.*s.fodt", SF(name));
        if (access(in_folder(&t[i].f.a, name.p), R_OK) != 0) {
            print_message("  LibreOffice does not open %s as it came\n", names[i]);
        } else {
            before = slurp(&t[i].f.a, name.p);
            after = slurp(&t[i].f.a, arena_printf(&t[i].f.a, "made-%zu.fodt", i).p);
            assert_true(t[i].r.changes >= 3 && t[i].r.changes + t[i].r.told == t[i].r.comments);
            assert_int_equal(count(after, "<office:annotation "),
                count(before, "<office:annotation ") + t[i].r.comments);
            assert_int_equal(changes(after, "<text:deletion>"), t[i].r.changes);
            assert_int_equal(changes(after, "<text:insertion>"), t[i].r.changes);
            opened++;
        }
        noted_end(&t[i]);
    }
    assert_true(opened >= 8);
}

static void a_redline(void **state)
{
    struct block old_blocks[] = {{BLOCK_TITLE, 0, S("通知")}, {BLOCK_PARA, 0, S("甲乙")},
        {BLOCK_PARA, 0, S("走掉的")}, {BLOCK_PARA, 0, S("丙丁")}},
                 new_blocks[] = {{BLOCK_TITLE, 0, S("通知")}, {BLOCK_PARA, 0, S("甲新")},
                     {BLOCK_PARA, 0, S("丙丁")}, {BLOCK_PARA, 0, S("新来的")}};
    const struct doc older = {.blocks = old_blocks, .n = 4}, newer = {.blocks = new_blocks, .n = 4};
    /* bytes: a character is three, a line feed one */
    const struct redline_op ops[] = {{REDLINE_SAME, 0, 10, 0, 10}, {REDLINE_REMOVED, 10, 3, 10, 0},
        {REDLINE_ADDED, 13, 0, 10, 3}, {REDLINE_SAME, 13, 1, 13, 1},
        {REDLINE_REMOVED, 14, 10, 14, 0}, {REDLINE_SAME, 24, 6, 14, 6},
        {REDLINE_ADDED, 30, 0, 20, 10}};
    struct redline r = {&older, &newer, S("旧"), S("新"), ops, 7, S(AUTHOR), 1795420800000};
    const char *name = "redline.docx";
    struct str docx, odt;
    struct arena a;
    struct err e;

    (void)state;
    if (!installed) {
        print_message("skipped: libreoffice-writer-nogui is not installed\n");
        skip();
    }
    arena_init(&a);
    if (redline_docx(&a, &r, &docx, &e) != OK)
        fail_msg("%s", e.msg);
    write_file(&a, name, docx);
    assert_int_equal(plain_office(&a, "fodt", name), 0);
    odt = slurp(&a, "redline.fodt");
    assert_int_equal(changes(odt, "<text:deletion>"), 2);
    assert_int_equal(changes(odt, "<text:insertion>"), 2);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libreoffice_sees_every_comment_and_change),
        cmocka_unit_test(the_samples),
        cmocka_unit_test(a_redline),
    };
    return cmocka_run_group_tests_name("annotate_office", tests, setup, teardown);
}
