#include "annotate_cases.h"

#include <unistd.h>

#include "paper/annotate.h"
#include "paper/program.h"

static void hard_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct annotation a = {.comment = S(NOTE "理由"), .replace = cases[i].put != NULL};
        struct noted t;
        struct str docx;
        noted_init(&t);
        print_message("  %zu: %s\n", i, cases[i].find);
        docx = docx_make(&t.f.a,
            arena_printf(
                &t.f.a, "<w:document " W_NS "><w:body>%s</w:body></w:document>", cases[i].body)
                .p,
            "", "");
        fx_read(&t.f, docx, "a.docx");
        find(&t, cases[i].find, &a);
        if (cases[i].put)
            a.replacement = str_z(cases[i].put);
        note_all(&t, docx, &a, 1);
        assert_int_equal(t.r.comments, 1);
        assert_int_equal(t.r.changes, cases[i].outcome == CHANGED);
        assert_int_equal(t.r.told, cases[i].outcome == TOLD);
        assert_int_equal(t.r.moved, 0);
        if (cases[i].xml && !str_has(t.xml, str_z(cases[i].xml)))
            fail_msg("“%s” is not in:\n%.*s", cases[i].xml, SF(t.xml));
        noted_end(&t);
    }
}

/* Each character of every hard document replaced, deleted, and put something before: all at once. */
static void every_place_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct annotation v[128];
        struct noted t;
        struct str docx;
        size_t n = 0, cps;
        noted_init(&t);
        docx = docx_make(&t.f.a,
            arena_printf(
                &t.f.a, "<w:document " W_NS "><w:body>%s</w:body></w:document>", cases[i].body)
                .p,
            "", "");
        fx_read(&t.f, docx, "a.docx");
        cps = utf8_len_cp(buf_view(&t.f.text));
        for (size_t cp = 0; cp < cps && n + 2 < 128; cp++) {
            v[n++] = (struct annotation){cp, cp + 1, S(NOTE), cp % 2 ? S("") : S("换"), true};
            v[n++] = (struct annotation){cp, cp, S(NOTE), S("插"), true};
        }
        note_all(&t, docx, v, n);
        assert_true(t.r.comments == n);
        noted_end(&t);
    }
}

static void a_number_is_not_in_the_file(void **state)
{
    static const char body[] = W_DOC(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>" R(
            "总体要求") "</w:p>");
    static const char numbering[] =
        "<w:numbering " W_NS "><w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start "
        "w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"第%1章\"/></w:lvl>"
        "</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>";
    const struct annotation v[] = {
        {0, 2, S(NOTE "在编号里"), S(""), false},
        {1, 6, S(NOTE "从编号到正文"), S("甲"), true},
        {4, 6, S(NOTE "正文"), S("全面"), true},
        {4, 4, S(NOTE "正文之前"), S("新"), true},
    };
    struct noted t;

    (void)state;
    noted_init(&t);
    note_all(&t, docx_make(&t.f.a, body, "", numbering), v, 4);
    assert_string_equal(fx_text(&t.f), "第一章 总体要求");
    assert_string_equal(t.accepted.p, "第一章 新全面要求");
    assert_int_equal(t.r.told, 1);
    assert_int_equal(t.r.moved, 0);
    assert_true(str_has(t.xml, S("</w:pPr><w:commentRangeStart w:id=\"1\"/>")));
    assert_true(str_has(member(&t.f, t.r.docx, "word/comments.xml"), S("建议改为“甲”")));
    noted_end(&t);
}

static void suggestions_that_meet(void **state)
{
    const struct annotation v[] = {
        {2, 5, S(NOTE "一"), S("甲"), true},
        {3, 6, S(NOTE "二"), S("乙"), true},    /* over the first: told */
        {2, 5, S(NOTE "三"), S("丙"), true},    /* the same place: told */
        {0, 8, S(NOTE "四"), S(""), false},     /* around all */
        {5, 7, S(""), S("丁"), true},           /* beside: taken, without a comment */
        {7, 8, S(NOTE "五"), S("78"), true},    /* the same at one end: an insertion */
        {7, 8, S(NOTE "六"), S("7"), true},     /* what is there */
        {3, 3, S(NOTE "七"), S("戊"), true},    /* inside the first: told */
        {99, 120, S(NOTE "八"), S("己"), true}, /* outside */
    };
    struct noted t;

    (void)state;
    noted_init(&t);
    note_all(&t, docx_make(&t.f.a, W_DOC(P(R("01234") RB("567"))), "", ""), v, 9);
    assert_string_equal(t.accepted.p, "01甲丁78");
    assert_int_equal(t.r.changes, 3);
    assert_int_equal(t.r.told, 4);
    assert_int_equal(t.r.moved, 1);
    assert_int_equal(t.r.comments, 8);
    noted_end(&t);
}

static struct str with_notes(struct arena *a)
{
    return ZIP_MAKE(a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", W_PACKAGE},
        {"word/document.xml",
            W_DOC(P(R("正文") "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" R("之后")))},
        {"word/_rels/document.xml.rels", W_RELS},
        {"word/footnotes.xml", "<w:footnotes " W_NS "><w:footnote w:id=\"2\">" W_P(
                                   "脚注的话") "</w:footnote></w:footnotes>"},
        {"word/comments.xml", "<w:comments " W_NS "><w:comment w:id=\"41\" w:author=\"李四\">" W_P(
                                  "旧批注") "</w:comment></w:comments>"},
        {"word/header1.xml", "<w:hdr " W_NS ">" W_P("页眉的字") "</w:hdr>"},
        {"word/media/image1.bin", "picture"});
}

static void notes_headers_and_comments_that_are_there(void **state)
{
    struct annotation v[3] = {{.comment = S(NOTE "脚注"), .replacement = S("词"), .replace = true},
        {.comment = S(NOTE "旧"), .replacement = S("新"), .replace = true},
        {.comment = S(NOTE "页眉"), .replacement = S("词"), .replace = true}};
    struct noted t;
    struct str docx, comments;

    (void)state;
    noted_init(&t);
    docx = with_notes(&t.f.a);
    fx_read(&t.f, docx, "a.docx");
    find(&t, "话", &v[0]);
    find(&t, "旧", &v[1]);
    find(&t, "字", &v[2]);
    note_all(&t, docx, v, 3);
    assert_string_equal(t.accepted.p, "正文之后\n脚注的词\n旧批注\n页眉的词");
    assert_true(str_has(t.xml, S("<w:commentRangeStart w:id=\"42\"/><w:r><w:footnoteReference "
                                 "w:id=\"2\"/></w:r><w:commentRangeEnd w:id=\"42\"/>")));
    assert_int_equal(t.r.moved, 2);
    assert_int_equal(t.r.told, 1);
    comments = member(&t.f, t.r.docx, "word/comments.xml");
    assert_true(str_has(comments, S("w:id=\"41\" w:author=\"李四\"")));
    assert_true(str_has(comments, S("原文“字”：" NOTE "页眉")));
    /* relation and type are there already; the picture and the styles are not touched */
    same(member(&t.f, t.r.docx, "word/_rels/document.xml.rels"), S(W_RELS));
    same(member(&t.f, t.r.docx, "word/media/image1.bin"), S("picture"));
    noted_end(&t);
}

static void relation_and_type_of_the_first_comment(void **state)
{
    const struct annotation v[] = {{0, 1, S(NOTE "第一行\n第二行"), S(""), false}};
    struct noted t;
    struct str docx;

    (void)state;
    noted_init(&t);
    docx = ZIP_MAKE(&t.f.a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", W_PACKAGE},
        {"word/document.xml", W_DOC(W_P("字"))});
    note_all(&t, docx, v, 1);
    assert_true(str_has(member(&t.f, t.r.docx, "[Content_Types].xml"),
        S("<Override PartName=\"/word/comments.xml\" ContentType=\"application/vnd.openxmlformats-"
          "officedocument.wordprocessingml.comments+xml\"/></Types>")));
    assert_true(str_has(member(&t.f, t.r.docx, "word/_rels/document.xml.rels"),
        S("relationships/comments\" Target=\"/word/comments.xml\"/></Relationships>")));
    assert_int_equal(count(member(&t.f, t.r.docx, "word/comments.xml"), "<w:p>"), 2);
    noted_end(&t);
}

static void no_prefix_and_other_encodings(void **state)
{
    static const char gbk[] =
        "<?xml version=\"1.0\" encoding=\"GB18030\"?><document "
        "xmlns=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><body><p><r><t>"
        "\xCD\xA8\xD6\xAA\xB8\xF7\xB5\xA5\xCE\xBB</t></r></p></body></document>";
    const struct annotation v[] = {{2, 4, S(NOTE "范围"), S("本"), true}};
    struct annotate_list list = {S(AUTHOR), 0, v, 1};
    struct noted t;
    struct str docx, xml;

    (void)state;
    noted_init(&t);
    docx = ZIP_MAKE(&t.f.a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", W_PACKAGE},
        {"word/document.xml", gbk});
    fx_read(&t.f, docx, "a.docx");
    assert_int_equal(annotate_here(&t, docx, &list), OK);
    xml = member(&t.f, t.r.docx, "word/document.xml");
    assert_true(str_has(xml, S("encoding=\"UTF-8\"")));
    assert_true(str_has(xml, S("<w:commentRangeStart "
                               "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"")));
    assert_true(str_has(xml, S("<delText xml:space=\"preserve\">各单</delText>")));
    assert_true(str_has(member(&t.f, t.r.docx, "word/_rels/document.xml.rels"),
        S("http://purl.oclc.org/ooxml/officeDocument/relationships/comments")));
    assert_string_equal(text_of(&t.f, t.r.docx).p, "通知本位\n" NOTE "范围");
    noted_end(&t);
}

static void nothing_to_say_changes_nothing(void **state)
{
    struct annotation v[] = {{0, 0, S(""), S(""), true}, {0, 2, S(""), S("正文"), true}};
    struct noted t;
    struct str docx;

    (void)state;
    noted_init(&t);
    docx = docx_make(&t.f.a, W_DOC(W_P("正文")), "", "");
    note_all(&t, docx, v, 2);
    same(t.r.docx, docx);
    noted_end(&t);
}

/* ---- through the cage, and other formats ---- */

static void through_the_cage_and_always_the_same(void **state)
{
    const struct annotation v[] = {{0, 2, S(NOTE "一"), S("开头"), true}};
    struct annotate_list list = {S(AUTHOR), 1795420800000, v, 1};
    struct reader_pool *p = NULL;
    struct annotated one, two;
    struct noted t;
    struct str docx;
    int fd = -1;

    (void)state;
    noted_init(&t);
    docx = docx_make(&t.f.a, W_DOC(W_P("正文的话")), "", "");
    fx_read(&t.f, docx, "a.docx");
    assert_int_equal(reader_pool_open(NULL, 1, NULL, &p, &t.f.e), OK);
    assert_int_equal(memory_file("t", &fd, &t.f.e), OK);
    assert_int_equal(write(fd, docx.p, docx.n), (ssize_t)docx.n);
    assert_int_equal(annotate_file(p, &t.f.a, fd, S("a.docx"), &t.f.d, &list, &one, &t.f.e), OK);
    assert_int_equal(annotate_file(p, &t.f.a, fd, S("a.docx"), &t.f.d, &list, &two, &t.f.e), OK);
    same(one.docx, two.docx);
    assert_int_equal(one.changes, 1);
    assert_string_equal(text_of(&t.f, undone(&t.f, one.docx, false)).p, "开头的话");
    (void)close(fd);
    reader_pool_close(p);
    noted_end(&t);
}

static void other_formats_become_a_plain_docx(void **state)
{
    static const char md[] =
        "# 关于开展检查的通知\n\n## 一、总体要求\n\n各单位要  抓紧。\n第二行\n\n"
        "| 单位 | 数 |\n|---|---|\n| 甲 | 1 |\n| | 2 |\n\n末段\n";
    struct annotation v[3] = {{.comment = S(NOTE "甲"), .replacement = S("抓好"), .replace = true},
        {.comment = S(NOTE "乙"), .replacement = S("乙"), .replace = true},
        {.comment = S(NOTE "丙"), .replace = false}};
    struct annotate_list list = {S(AUTHOR), 1795420800000, v, 3};
    struct noted t;

    (void)state;
    noted_init(&t);
    fx_read(&t.f, str_z(md), "a.md");
    find(&t, "抓紧", &v[0]);
    find(&t, "甲", &v[1]);
    find(&t, "总体", &v[2]);
    if (annotate_doc(&t.f.a, &t.f.d, &list, &t.r, &t.f.e) != OK)
        fail_msg("%s", t.f.e.msg);
    assert_int_equal(t.r.changes, 2);
    assert_int_equal(t.r.comments, 3);
    t.refused = text_of(&t.f, undone(&t.f, t.r.docx, true));
    same(t.refused, buf_view(&t.f.text));
    assert_true(str_has(text_of(&t.f, t.r.docx), S("抓好")));
    fx_read(&t.f, t.r.docx, "a.docx");
    assert_int_equal(t.f.d.blocks[0].kind, BLOCK_TITLE);
    assert_int_equal(t.f.d.blocks[1].kind, BLOCK_HEADING);
    noted_end(&t);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_places),
        cmocka_unit_test(every_place_at_once),
        cmocka_unit_test(a_number_is_not_in_the_file),
        cmocka_unit_test(suggestions_that_meet),
        cmocka_unit_test(notes_headers_and_comments_that_are_there),
        cmocka_unit_test(relation_and_type_of_the_first_comment),
        cmocka_unit_test(no_prefix_and_other_encodings),
        cmocka_unit_test(nothing_to_say_changes_nothing),
        cmocka_unit_test(through_the_cage_and_always_the_same),
        cmocka_unit_test(other_formats_become_a_plain_docx),
    };
    return cmocka_run_group_tests_name("annotate", tests, NULL, NULL);
}
