#include "zip_test.h"

#include "paper/numfmt.h"

static void read_body(struct fixture *f, const char *document, const char *styles, const char *num)
{
    fx_init(f);
    fx_read(f, docx_make(&f->a, document, styles, num), "a.docx");
    if (f->code != OK)
        fail_msg("%s", f->e.msg);
    assert_int_equal(f->d.format, FORMAT_DOCX);
}

static void expect(const char *document, const char *text)
{
    struct fixture f;

    read_body(&f, document, "", "");
    assert_string_equal(fx_text(&f), text);
    fx_end(&f);
}

static void runs_and_breaks(void **state)
{
    (void)state;
    expect(W_DOC("<w:p><w:r><w:t>关于</w:t></w:r><w:r><w:t xml:space=\"preserve\">做好 </w:t>"
                 "<w:tab/><w:t>工作</w:t><w:br/><w:t>第二行</w:t><w:softHyphen/><w:noBreakHyphen/>"
                 "<w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:br w:type=\"page\"/></w:r>"
                 "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p><w:p/>" W_P("完")),
        "关于做好 \t工作\n第二行-☑链接\n完");
    expect(
        W_DOC("<w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼"
              "</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t>"
              "</w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</"
              "w:t>"
              "</w:r></w:sdtContent></w:sdt><w:sdt><w:sdtContent><w:r><w:t>填好的</w:t></w:r>"
              "</w:sdtContent></w:sdt></w:p>"),
        "拼填好的");
}

static void tracked_changes_give_the_current_text(void **state)
{
    (void)state;
    expect(
        W_DOC(
            "<w:p><w:r><w:t>原文</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></"
            "w:moveFrom>"
            "<w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>"
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>" W_P(
                "后半") "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" W_P("删行") "</w:tc></w:tr>"
                                                                                   "<w:tr><w:"
                                                                                   "tc>" W_P(
                                                                                       "留行") "</"
                                                                                               "w:"
                                                                                               "tc>"
                                                                                               "</"
                                                                                               "w:"
                                                                                               "tr>"
                                                                                               "</"
                                                                                               "w:"
                                                                                               "tbl"
                                                                                               ">"),
        "原文新移来\n前半后半\n留行");
}

static void fields_give_their_result(void **state)
{
    (void)state;
    expect(
        W_DOC("<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>REF x"
              "</w:instrText></w:r><w:r><w:t>不该见</w:t></w:r><w:r><w:fldChar "
              "w:fldCharType=\"begin\"/>"
              "</w:r><w:r><w:fldChar "
              "w:fldCharType=\"separate\"/></w:r><w:r><w:t>也不该见</w:t></w:r><w:r>"
              "<w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:fldChar "
              "w:fldCharType=\"separate\"/></w:r>"
              "<w:r><w:t>结果</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple>"
              "<w:r><w:t>之二</w:t></w:r></w:fldSimple><w:r><w:t>后</w:t></w:r></w:p>"),
        "结果之二后");
}

/* Word writes a text box twice: as a shape, and as VML for old programs. It is there once. */
static void a_text_box_is_a_note_once(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f,
        W_DOC("<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">"
              "<w:drawing><wps:wsp><wps:txbx><w:txbxContent>" W_P("框内")
                  W_P("第二段") "</w:txbxContent></wps:txbx></wps:wsp></w:drawing></"
                                "mc:Choice><mc:Fallback><w:pict>"
                                "<v:textbox><w:txbxContent>" W_P("框内")
                                    W_P("第二段") "</w:txbxContent></v:textbox></w:pict></"
                                                  "mc:Fallback></mc:AlternateContent></w:r>"
                                                  "<w:r><w:t>后</w:t></w:r></w:p>" W_P("末")),
        "", "");
    assert_string_equal(fx_text(&f), "前后\n框内\n第二段\n末");
    assert_int_equal(f.d.blocks[0].kind, BLOCK_PARA);
    assert_int_equal(f.d.blocks[1].kind, BLOCK_NOTE);
    assert_int_equal(f.d.blocks[2].kind, BLOCK_NOTE);
    fx_end(&f);
}

#define TC(inner) "<w:tc>" inner "</w:tc>"
static void tables_nested_and_merged(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f,
        W_DOC("<w:tbl><w:tr>" TC("<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>" W_P("通栏")) TC(W_P(
            "丙")) "</w:tr><w:tr>" TC("<w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>" W_P("甲"))
                TC(W_P("一") W_P("续"))
                    TC(W_P("二")) "</w:tr><w:tr>" TC("<w:tcPr><w:vMerge/></w:tcPr>" W_P(""))
                        TC("<w:tbl><w:tr>" TC(W_P("内1")) TC(W_P("内2")) "</w:tr></w:tbl><w:p/>")
                            TC(W_P("三")) "</w:tr></w:tbl>" W_P("后") "<w:tbl><w:tr>" TC(
                                W_P("另表")) "</w:tr></w:tbl>"),
        "", "");
    assert_string_equal(fx_text(&f), "通栏\t\t丙\n甲\t一 续\t二\n\t\t三\n内1\t内2\n后\n另表");
    assert_int_equal(f.d.blocks[0].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[0].level, 1);
    assert_int_equal(f.d.blocks[3].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[3].level, 2);
    assert_int_equal(f.d.blocks[5].level, 3);
    fx_end(&f);
}

static void headings_by_outline_name_and_ancestor(void **state)
{
    struct fixture f;
#define P_STYLE(s, t) \
    "<w:p><w:pPr><w:pStyle w:val=\"" s "\"/></w:pPr><w:r><w:t>" t "</w:t></w:r></w:p>"

    (void)state;
    read_body(&f,
        W_DOC(P_STYLE("a3", "总标题") P_STYLE("1", "一级") P_STYLE("x", "继承")
                P_STYLE("nope", "正文") "<w:p><w:pPr><w:outlineLvl "
                                        "w:val=\"2\"/></w:pPr><w:r><w:t>三级</w:t></w:r></w:p>"
                                        "<w:p><w:pPr><w:pStyle w:val=\"1\"/><w:outlineLvl "
                                        "w:val=\"9\"/></w:pPr><w:r><w:t>降为正文</w:t>"
                                        "</w:r></w:p>"),
        "<w:styles " W_NS
        "><w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/>"
        "<w:basedOn w:val=\"loop\"/></w:style><w:style w:type=\"paragraph\" "
        "w:styleId=\"x\"><w:name w:val=\"x\"/>"
        "<w:basedOn w:val=\"1\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"a3\"><w:name "
        "w:val=\"Title\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"loop\"><w:basedOn "
        "w:val=\"loop\"/></w:style></w:styles>",
        "");
    static const enum block_kind kinds[] = {
        BLOCK_TITLE, BLOCK_HEADING, BLOCK_HEADING, BLOCK_PARA, BLOCK_HEADING, BLOCK_PARA};
    static const int levels[] = {0, 1, 1, 0, 3, 0};
    assert_int_equal(f.d.n, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(f.d.blocks[i].kind, kinds[i]);
        assert_int_equal(f.d.blocks[i].level, levels[i]);
    }
    fx_end(&f);
}

/* ---- numbering ---- */

#define N_LVL(i, fmt, text, more)                                                       \
    "<w:lvl w:ilvl=\"" #i "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" fmt "\"/>" more \
    "<w:lvlText w:val=\"" text "\"/></w:lvl>"
#define N_NUM(id, abs, more) \
    "<w:num w:numId=\"" #id "\"><w:abstractNumId w:val=\"" #abs "\"/>" more "</w:num>"
#define N_P(num, lvl, text)                                                   \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" #lvl "\"/><w:numId w:val=\"" #num \
    "\"/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

static void labels_of_official_paper(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f,
        W_DOC(N_P(1, 0, "总体要求") N_P(1, 1, "指导思想") N_P(1, 2, "坚持") N_P(1, 2, "统筹")
                N_P(1, 3, "甲") N_P(1, 1, "目标") N_P(1, 2, "重新从一起") N_P(1, 0, "任务")
                    N_P(1, 1, "首项") N_P(0, 0, "无号")),
        "",
        "<w:numbering " W_NS "><w:abstractNum w:abstractNumId=\"7\">" N_LVL(
            0, "chineseCounting", "%1、", "") N_LVL(1, "chineseCountingThousand", "（%2）", "")
            N_LVL(2, "decimal", "%3.", "") N_LVL(3, "decimalEnclosedCircle", "%4",
                "<w:suff w:val=\"nothing\"/>") "</w:abstractNum>" N_NUM(1, 7, "") "</w:numbering>");
    assert_string_equal(fx_text(&f),
        "一、总体要求\n（一）指导思想\n1.坚持\n2.统筹\n①甲\n（二）目标\n1."
        "重新从一起\n二、任务\n（一）首项\n无号");
    fx_end(&f);
}

static void restarts_overrides_and_shared_counters(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f,
        W_DOC(N_P(1, 0, "a") N_P(2, 0, "b") N_P(3, 0, "c") N_P(3, 0, "d") N_P(1, 0, "e")
                N_P(4, 0, "f") N_P(4, 1, "g") N_P(4, 0, "h") N_P(4, 1, "i") N_P(5, 0, "j")
                    N_P(6, 1, "k") N_P(99, 0, "l")),
        "",
        "<w:numbering " W_NS "><w:abstractNum w:abstractNumId=\"1\">" N_LVL(0, "decimal", "%1)",
            "") "</w:abstractNum><w:abstractNum w:abstractNumId=\"2\">" N_LVL(0, "upperRoman",
            "%1.", "") N_LVL(1, "decimal", "%1.%2",
            "<w:lvlRestart w:val=\"0\"/>") "</w:abstractNum>"
                                           "<w:abstractNum w:abstractNumId=\"3\">" N_LVL(0,
                                               "bullet", "\xEF\x82\xB7", "") N_LVL(1, "lowerLetter",
                                               "%1.%2", "<w:isLgl/>") "</w:abstractNum>" N_NUM(1, 1,
                                               "") N_NUM(2, 1, "") N_NUM(3, 1,
                                               "<w:lvlOverride w:ilvl=\"0\"><w:startOverride "
                                               "w:val=\"7\"/></w:lvlOverride>") N_NUM(4, 2, "")
                                               N_NUM(5, 3, "") N_NUM(6, 3, "") "</w:numbering>");
    /* nums 1 to 3 share the counters of abstract 1; num 3 restarts it at 7 once */
    assert_string_equal(
        fx_text(&f), "1) a\n2) b\n7) c\n8) d\n9) e\nI. f\nI.1 g\nII. h\nII.2 i\n• j\n1.1 k\nl");
    fx_end(&f);
}

static void numbering_through_styles(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f,
        W_DOC(P_STYLE("h1", "甲") P_STYLE("h2", "乙") P_STYLE("h2", "丙") P_STYLE("h1", "丁")),
        "<w:styles " W_NS
        "><w:style w:type=\"paragraph\" w:styleId=\"h1\"><w:name w:val=\"heading 1\"/><w:pPr>"
        "<w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style><w:style w:type=\"paragraph\" "
        "w:styleId=\"h2\"><w:name w:val=\"heading 2\"/><w:pPr><w:numPr><w:ilvl "
        "w:val=\"1\"/><w:numId "
        "w:val=\"3\"/></w:numPr></w:pPr></w:style></w:styles>",
        "<w:numbering " W_NS
        "><w:abstractNum w:abstractNumId=\"0\"><w:numStyleLink w:val=\"L\"/></w:abstractNum>"
        "<w:abstractNum w:abstractNumId=\"1\"><w:styleLink w:val=\"L\"/>" N_LVL(
            0, "chineseCounting", "第%1章", "<w:pStyle w:val=\"h1\"/>") N_LVL(1, "decimal", "%1.%2",
            "<w:pStyle w:val=\"h2\"/><w:isLgl/>") "</w:abstractNum>" N_NUM(3, 0,
            "") "</w:numbering>");
    assert_string_equal(fx_text(&f), "第一章 甲\n1.1 乙\n1.2 丙\n第二章 丁");
    fx_end(&f);
}

static void number_formats(void **state)
{
    static const struct {
        const char *fmt;
        int n;
        const char *text;
    } cases[] = {{"decimal", 12, "12"}, {"chineseCounting", 10, "十"},
        {"chineseCounting", 15, "十五"}, {"chineseCounting", 20, "二十"},
        {"chineseCountingThousand", 101, "一百零一"}, {"chineseCountingThousand", 110, "一百一十"},
        {"chineseCountingThousand", 1020, "一千零二十"},
        {"chineseCountingThousand", 10001, "一万零一"}, {"japaneseCounting", 11, "十一"},
        {"ideographDigital", 10, "一〇"}, {"ideographDigital", 25, "二五"},
        {"chineseLegalSimplified", 12, "壹拾贰"}, {"ideographTraditional", 3, "丙"},
        {"ideographZodiac", 13, "子"}, {"upperRoman", 1999, "MCMXCIX"}, {"lowerRoman", 4, "iv"},
        {"upperLetter", 27, "AA"}, {"lowerLetter", 2, "b"}, {"decimalEnclosedCircle", 1, "①"},
        {"decimalEnclosedCircle", 21, "㉑"}, {"decimalEnclosedCircle", 36, "㊱"},
        {"decimalEnclosedCircle", 51, "51"}, {"decimalEnclosedParen", 2, "⑵"},
        {"decimalEnclosedFullstop", 3, "⒊"}, {"ideographEnclosedCircle", 4, "㊃"},
        {"decimalFullWidth", 12, "１２"}, {"decimalZero", 7, "07"}, {"ordinal", 22, "22nd"},
        {"ordinal", 112, "112th"}, {"numberInDash", 3, "- 3 -"}, {"none", 3, ""},
        {"strange", 3, "3"}, {"chineseCounting", 100000, "100000"}, {"upperRoman", 0, "0"},
        {"lowerLetter", -1, "-1"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf b = {0};
        numfmt_add(&b, str_z(cases[i].fmt), cases[i].n);
        assert_string_equal(b.p ? b.p : "", cases[i].text);
        buf_release(&b);
    }
}

static void notes_headers_and_properties(void **state)
{
    struct fixture f;
    struct str z;

    (void)state;
    fx_init(&f);
    z = ZIP_MAKE(&f.a, {"[Content_Types].xml", W_TYPES}, {"_rels/.rels", W_PACKAGE},
        {"word/document.xml", W_DOC(W_P("正文"))}, {"word/_rels/document.xml.rels", W_RELS},
        {"word/footnotes.xml",
            "<w:footnotes " W_NS "><w:footnote w:type=\"separator\">" W_P(
                "线") "</w:footnote><w:footnote>" W_P("脚注") "</w:footnote></w:footnotes>"},
        {"word/comments.xml",
            "<w:comments " W_NS "><w:comment>" W_P("批注") "</w:comment></w:comments>"},
        {"word/header1.xml", "<w:hdr " W_NS ">" W_P("内部资料") "</w:hdr>"},
        {"word/footer1.xml",
            "<w:ftr " W_NS ">" W_P("— 3 —") W_P("第 1 页 共 9 页") W_P("内部资料") "</w:ftr>"},
        {"docProps/core.xml",
            "<cp xmlns:dc=\"urn:dc\" xmlns:t=\"urn:t\"><dc:title>题</dc:title><dc:creator>"
            "张三</dc:creator><t:created>2020-01-02T00:00:00Z</t:created><t:modified>"
            "2026-03-04T05:06:07Z</t:modified></cp>"});
    fx_expect(&f, z, "a.docx", "正文\n脚注\n批注\n内部资料");
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(f.d.blocks[i].kind, BLOCK_NOTE);
    assert_true(str_eq(f.d.title, S("题")) && str_eq(f.d.author, S("张三")));
    assert_true(str_eq(f.d.date, S("2026-03-04")));
    fx_end(&f);
}

static void pictures_only_is_image_only(void **state)
{
    struct fixture f;

    (void)state;
    read_body(&f, W_DOC("<w:p><w:r><w:drawing><a><blip/></a></w:drawing></w:r></w:p>"), "", "");
    assert_true(f.d.image_only);
    fx_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_and_breaks),
        cmocka_unit_test(tracked_changes_give_the_current_text),
        cmocka_unit_test(fields_give_their_result),
        cmocka_unit_test(a_text_box_is_a_note_once),
        cmocka_unit_test(tables_nested_and_merged),
        cmocka_unit_test(headings_by_outline_name_and_ancestor),
        cmocka_unit_test(labels_of_official_paper),
        cmocka_unit_test(restarts_overrides_and_shared_counters),
        cmocka_unit_test(numbering_through_styles),
        cmocka_unit_test(number_formats),
        cmocka_unit_test(notes_headers_and_properties),
        cmocka_unit_test(pictures_only_is_image_only),
    };
    return cmocka_run_group_tests_name("docx", tests, NULL, NULL);
}
