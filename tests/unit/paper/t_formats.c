/* md, html, eml, ofd, zip, rtf: small files written here. */
#include "zip_test.h"

#include "paper/warm.h"

#define TEXT(f, s, name, text) fx_expect((f), str_z(s), (name), (text))

static void markdown(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    TEXT(&f,
        "# 总标题\n\n## 一、背景\n\n正文**“重点”**内容，\n下一行 and\nmore。\n\n"
        "1. 甲\n2. 乙\n   - 丙\n\n| 单位 | 数 |\n|---|---|\n| 办 | 3 "
        "|\n\n<script>x</script>\n\n*斜* "
        "`码` &amp; &#x4E00;\n",
        "a.md",
        "总标题\n一、背景\n正文“重点”内容，下一行 and more。\n1. 甲\n2. "
        "乙\n丙\n单位\t数\n办\t3\n斜 码 & 一");
    assert_int_equal(f.d.format, FORMAT_MD);
    assert_int_equal(f.d.blocks[0].kind, BLOCK_TITLE);
    assert_int_equal(f.d.blocks[1].kind, BLOCK_HEADING);
    assert_int_equal(f.d.blocks[1].level, 2);
    assert_int_equal(f.d.blocks[6].kind, BLOCK_ROW);
    fx_end(&f);
}

static void html_page(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    TEXT(&f,
        "<!DOCTYPE html><html><head><title>页名</title><meta name=\"PubDate\" content=\"2026-03-01 "
        "10:00\">"
        "<style>p{}</style></head><body><nav>导航</nav><script>var "
        "a</script><h1>标题</h1>\n<p>第一\n段<b>粗</b>"
        "<br>换行</p><div style=\"display: none\">隐</div><h2>二</h2><table><tr><th "
        "colspan=2>表头<td>丙</tr>"
        "<tr><td>甲<p>乙</p></td><td>1</td></tr></table><ul><li>项<li>项二</ul>a "
        "<i>b</i></body></html>",
        "a.html", "标题\n第一段粗\n换行\n二\n表头\t\t丙\n甲 乙\t1\n项\n项二\na b");
    assert_int_equal(f.d.format, FORMAT_HTML);
    assert_true(str_eq(f.d.title, S("页名")) && str_eq(f.d.date, S("2026-03-01")));
    assert_int_equal(f.d.blocks[0].kind, BLOCK_TITLE);
    assert_int_equal(f.d.blocks[3].kind, BLOCK_ROW);
    /* a page in GBK that says so, one that says nothing, one that lies, one that calls itself .doc */
    TEXT(&f, "<html><meta charset=gb2312><p>\xCD\xA8\xD6\xAA</p></html>", "a.htm", "通知");
    TEXT(&f, "<html><p>\xCD\xA8\xD6\xAA</p></html>", "a.htm", "通知");
    TEXT(&f,
        "<html><meta http-equiv=Content-Type content=\"text/html; "
        "charset=utf-8\"><p>\xCD\xA8\xD6\xAA</p>",
        "a.doc", "通知");
    TEXT(&f, "<html><meta charset=gbk><p>关于做好防汛抗旱工作的通知</p></html>", "a.htm",
        "关于做好防汛抗旱工作的通知");
    fx_end(&f);
}

static void html_layout_tables_are_text(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    TEXT(&f,
        "<html><table><tr><td><p>文</p><table><tr><td>a</td><td>b</td></tr></table></td></tr></"
        "table>",
        "a.html", "文\na\tb");
    fx_end(&f);
}

static void html_too_deep_is_refused(void **state)
{
    struct fixture f;
    struct buf b = {0};

    (void)state;
    fx_init(&f);
    buf_z(&b, "<html>");
    for (int i = 0; i < 100000; i++)
        buf_z(&b, "<div>");
    fx_read(&f, buf_view(&b), "a.html");
    assert_int_equal(f.code, E_LIMIT);
    buf_release(&b);
    fx_end(&f);
}

#define MAIL_HEAD                                                                \
    "From: =?gb2312?B?1cXI/Q==?= <a@example.cn>\r\nSubject: =?GBK?B?udjT2g==?= " \
    "=?utf-8?B?6Ziy5rGb?=\r\nDate: Mon, 2 Mar 2026 23:30:00 +0800\r\nMIME-Version: 1.0\r\n"

static void mail(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    TEXT(&f,
        MAIL_HEAD
        "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: "
        "multipart/alternative; "
        "boundary=C\r\n\r\n--C\r\nContent-Type: text/plain; "
        "charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "zajWqqO6\r\n--C\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--C--\r\n--B\r\n"
        "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        "filename*=utf-8''%E9%99%84%E4%BB%B6.txt\r\n\r\nhello\r\n--B\r\nContent-Type: "
        "application/msword; "
        "name=\"=?gb2312?B?zajWqi5kb2M=?=\"\r\n\r\nxx\r\n--B\r\nContent-Type: "
        "message/rfc822\r\n\r\n"
        "Subject: inner\r\n\r\nbody\r\n--B--\r\n",
        "a.eml", "通知：\n附件.txt\n通知.doc\ninner.eml");
    assert_int_equal(f.d.format, FORMAT_EML);
    assert_true(str_eq(f.d.title, S("关于防汛")));
    assert_true(str_eq(f.d.author, S("张三 <a@example.cn>")));
    assert_true(str_eq(f.d.date, S("2026-03-02")));
    assert_int_equal(f.d.n_parts, 3);
    assert_true(str_eq(f.d.parts[0].bytes, S("hello")));
    assert_true(str_has(f.d.parts[2].bytes, S("body")));
    assert_int_equal(f.d.blocks[1].kind, BLOCK_ATTACH);
    /* html when there is no plain text; a bare GBK subject; an attachment name with a path */
    TEXT(&f,
        "Received: x\nFrom: a@b\nSubject: \xCD\xA8\xD6\xAA\nContent-Type: multipart/mixed; "
        "boundary=B\n\n--B\n"
        "Content-Type: text/html; charset=utf-8\n\n<p>网页正文</p>\n--B\nContent-Type: "
        "application/pdf\n"
        "Content-Disposition: attachment; filename=\"..\\\\..\\\\etc/x.pdf\"\n\nx\n--B--\n",
        "a.eml", "网页正文\netc/x.pdf");
    assert_true(str_eq(f.d.title, S("通知")));
    fx_end(&f);
}

static void rtf(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    TEXT(&f,
        "{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 SimSun;}}{\\info{\\title x}}\\pard "
        "\\'cd\\'a8\\'d6\\'aa\\par "
        "\\u20851?\\u20110?{\\b a}\\par{\\*\\generator z}\\trowd\\intbl A\\cell B\\cell\\row\\pard "
        "end\\par}",
        "a.doc", "通知\n关于a\nA\tB\nend");
    assert_int_equal(f.d.format, FORMAT_DOC);
    assert_int_equal(f.d.blocks[2].kind, BLOCK_ROW);
    fx_end(&f);
}

static void zip_of_files(void **state)
{
    struct fixture f;
    struct str z;

    (void)state;
    fx_init(&f);
    z = ZIP_MAKE(&f.a, {"通知/正文.txt", "甲"}, {"../../etc/passwd", "x"},
        {"C:\\附件\\a.txt", "乙"}, {"__MACOSX/._a", "z"}, {"dir/", ""});
    fx_expect(&f, z, "a.zip", "通知/正文.txt\netc/passwd\n附件/a.txt");
    assert_int_equal(f.d.format, FORMAT_ZIP);
    assert_int_equal(f.d.n_parts, 3);
    assert_true(str_eq(f.d.parts[0].bytes, S("甲")));
    fx_end(&f);
}

/* A name in GBK without the UTF-8 flag: what Chinese Windows writes. libzip would not, so the bytes of the
 * name are changed in a zip made with an ASCII name of the same length, in both places. */
static void zip_names_in_gbk(void **state)
{
    struct fixture f;
    struct str z;
    char *p;
    int changed = 0;

    (void)state;
    fx_init(&f);
    z = ZIP_MAKE(&f.a, {"NAMENAME.txt", "x"});
    p = (char *)(uintptr_t)z.p;
    for (size_t i = 0; i + 8 < z.n; i++)
        if (memcmp(p + i, "NAMENAME", 8) == 0) {
            memcpy(p + i, "\xB7\xC0\xD1\xB4\xCD\xA8\xD6\xAA", 8);
            changed++;
        }
    assert_int_equal(changed, 2);
    fx_expect(&f, z, "a.zip", "防汛通知.txt");
    fx_end(&f);
}

#define OFD_HEAD "<?xml version=\"1.0\"?><ofd:"
#define OFD_NS   " xmlns:ofd=\"http://www.ofdspec.org/2016\">"
#define OFD_TEXT(y, text)                                                       \
    "<ofd:TextObject Boundary=\"31.7 " y                                        \
    " 150 6\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\" DeltaX=\"g 40 5\">" text \
    "</ofd:TextCode></ofd:TextObject>"
#define OFD_AT(x, y, text)                                                      \
    "<ofd:TextObject Boundary=\"" x " " y                                       \
    " 150 6\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\" DeltaX=\"g 40 5\">" text \
    "</ofd:TextCode></ofd:TextObject>"
#define OFD_PAGE(tpl, objects)                                    \
    OFD_HEAD "Page" OFD_NS tpl "<ofd:Content><ofd:Layer>" objects \
             "</ofd:Layer></ofd:Content></ofd:Page>"

static void ofd_by_geometry(void **state)
{
    struct fixture f;
    struct str z;

    (void)state;
    fx_init(&f);
    z = ZIP_MAKE(&f.a,
        {"OFD.xml", OFD_HEAD "OFD" OFD_NS
                             "<ofd:DocBody><ofd:DocInfo><ofd:Title>题</ofd:Title><ofd:CreationDate>"
                             "2026-03-01</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/"
                             "Document.xml</ofd:DocRoot>"
                             "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</"
                             "ofd:DocRoot></ofd:DocBody></ofd:OFD>"},
        {"Doc_0/Document.xml", OFD_HEAD
            "Document" OFD_NS "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            "</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID=\"9\" BaseLoc=\"T/C.xml\"/>"
            "</ofd:CommonData><ofd:Pages><ofd:Page "
            "BaseLoc=\"P0.xml\"/></ofd:Pages></ofd:Document>"},
        {"Doc_0/T/C.xml",
            OFD_PAGE("<ofd:Template TemplateID=\"9\"/>", OFD_AT("60", "50", "模板标题"))},
        /* written backwards: place decides, not order. One paragraph of two full lines and a short one */
        {"Doc_0/P0.xml",
            OFD_PAGE("<ofd:Template TemplateID=\"9\"/>",
                OFD_TEXT("100", "短行止。") OFD_TEXT(
                    "90", "二行文字共二十七个一二三四五六七八九十一二三四五六") OFD_AT("41.7", "80",
                    "首行缩进二字共二十五个一二三四五六七八九十一二三四") OFD_AT("110", "120", "右")
                    OFD_AT("41.7", "120", "左") OFD_AT("100", "285", "— 1 —"))},
        {"Doc_1/Document.xml",
            OFD_HEAD "Document" OFD_NS
                     "<ofd:Pages><ofd:Page BaseLoc=\"P.xml\"/></ofd:Pages></ofd:Document>"},
        {"Doc_1/P.xml", OFD_PAGE("", OFD_TEXT("20", "第二份"))});
    fx_expect(&f, z, "a.ofd",
        "模板标题\n首行缩进二字共二十五个一二三四五六七八九十一二三四二行文字共二十七个一二三四五六"
        "七八九十一二三四五六"
        "短行止。\n左 右\n第二份");
    assert_int_equal(f.d.format, FORMAT_OFD);
    assert_true(str_eq(f.d.title, S("题")) && str_eq(f.d.date, S("2026-03-01")));
    fx_end(&f);
}

static void ofd_of_pictures_is_held(void **state)
{
    struct fixture f;
    struct str z;

    (void)state;
    fx_init(&f);
    z = ZIP_MAKE(&f.a,
        {"OFD.xml", OFD_HEAD
            "OFD" OFD_NS "<ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"},
        {"D.xml", OFD_HEAD "Document" OFD_NS
                           "<ofd:Pages><ofd:Page BaseLoc=\"P.xml\"/></ofd:Pages></ofd:Document>"},
        {"P.xml", OFD_PAGE("", "<ofd:ImageObject Boundary=\"0 0 210 297\" ResourceID=\"3\"/>")});
    fx_expect(&f, z, "a.ofd", "");
    assert_true(f.d.image_only);
    z = ZIP_MAKE(&f.a, {"OFD.xml", "x"}, {"Encryptions.xml", "x"});
    fx_read(&f, z, "a.ofd");
    assert_int_equal(f.code, E_INPUT);
    assert_non_null(strstr(f.e.msg, "加密"));
    fx_end(&f);
}

/* What pdftotext -bbox says about a page of official paper: head, two lines of a paragraph, page number. */
static void pdf_words_to_paragraphs(void **state)
{
    struct fixture f;
    struct job j;
    struct buf b = {0};

    (void)state;
    fx_init(&f);
    buf_z(&b, "<title>题 &amp; 目</title>\n<meta name=\"CreationDate\" "
              "content=\"2026-03-01T00:00:00Z\"/>\n");
#define W(x0, y0, x1, t)                                                                        \
    buf_printf(&b, "<word xMin=\"%d\" yMin=\"%d\" xMax=\"%d\" yMax=\"%d\">%s</word>\n", x0, y0, \
        x1, y0 + 20, t)
    for (int page = 0; page < 4; page++) {
        buf_z(&b, "<page width=\"595\" height=\"842\">\n");
        W(100, 40, 180, "内部文件");
        W(122, 200, 490, "这是一个自然段的开头一二三四五六七八九十十");
        W(90, 230, 490, "这是第二行一二三四五六七八九十一二三四五六七");
        W(90, 260, 126, page == 3 ? "完。" : "止。");
        W(280, 790, 310, page % 2 ? "— 2 —" : "第 3 页 共 9 页");
        buf_z(&b, "</page>\n");
    }
    job_init(&j, &f.a, &f.lim, &f.e);
    assert_int_equal(read_pdftext(&j, buf_view(&b)), OK);
    assert_int_equal(job_end(&j, &f.d), OK);
    fx_check(&f.d);
    assert_int_equal(f.d.n, 4);
    assert_true(str_eq(f.d.blocks[3].text, S("这是一个自然段的开头一二三四五六七八九十十这是第二行"
                                             "一二三四五六七八九十一二三四五六七完。")));
    assert_true(str_eq(f.d.title, S("题 & 目")) && str_eq(f.d.date, S("2026-03-01")));
    buf_release(&b);
    fx_end(&f);
}

/* A day under the signature reaches the right margin, and the line of the printer below begins at the left
 * one: still two paragraphs. */
static void pdf_date_ends_its_paragraph(void **state)
{
    struct fixture f;
    struct job j;
    struct buf b = {0};

    (void)state;
    fx_init(&f);
    buf_z(&b, "<page width=\"595\" height=\"842\">\n");
    W(122, 200, 490, "这是一个自然段的开头一二三四五六七八九十十");
    W(90, 230, 490, "这是第二行一二三四五六七八九十一二三四五六七");
    W(380, 260, 490, "2025年1月20日");
    W(90, 290, 490, "某某办公室2025年1月21日印发某某某某某某某某");
    W(90, 320, 490, "2025年1月20日的会议要求这一行不是单独的日期");
    W(90, 350, 126, "完。");
    buf_z(&b, "</page>\n");
    job_init(&j, &f.a, &f.lim, &f.e);
    assert_int_equal(read_pdftext(&j, buf_view(&b)), OK);
    assert_int_equal(job_end(&j, &f.d), OK);
    fx_check(&f.d);
    assert_int_equal(f.d.n, 3);
    assert_true(str_eq(f.d.blocks[1].text, S("2025年1月20日")));
    assert_true(str_ends(f.d.blocks[2].text, S("不是单独的日期完。")));
    buf_release(&b);
    fx_end(&f);
}

static void ocr_text_loses_its_blanks(void **state)
{
    struct fixture f;
    struct job j;

    (void)state;
    fx_init(&f);
    job_init(&j, &f.a, &f.lim, &f.e);
    assert_int_equal(
        read_ocrtext(&j, S("关 于 做 好\n工 作 的 通 知\n\n各 单位 ： abc def\n\f第 二 页\n")), OK);
    assert_int_equal(job_end(&j, &f.d), OK);
    doc_text(&f.d, &f.text);
    assert_string_equal(f.text.p, "关于做好工作的通知\n各单位：abc def第二页");
    fx_end(&f);
}

/* Without the indents that tesseract lost: short lines end paragraphs where there are many. */
static void ocr_lines_to_paragraphs(void **state)
{
    struct fixture f;
    struct job j;

    (void)state;
    fx_init(&f);
    job_init(&j, &f.a, &f.lim, &f.e);
    assert_int_equal(
        read_ocrtext(
            &j, S("某某厅关于开展检查\n的函\n\n某某公司：\n我厅定于近期开展检查，现将有关\n"
                  "事项函告如下。\n某某省应急管理厅\n2025年5月6日\n")),
        OK);
    assert_int_equal(job_end(&j, &f.d), OK);
    doc_text(&f.d, &f.text);
    assert_string_equal(f.text.p,
        "某某厅关于开展检查的函\n某某公司：\n我厅定于近期开展检查，现将有关事"
        "项函告如下。\n某某省应急管理厅\n2025年5月6日");
    fx_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown),
        cmocka_unit_test(html_page),
        cmocka_unit_test(html_layout_tables_are_text),
        cmocka_unit_test(html_too_deep_is_refused),
        cmocka_unit_test(mail),
        cmocka_unit_test(rtf),
        cmocka_unit_test(zip_of_files),
        cmocka_unit_test(zip_names_in_gbk),
        cmocka_unit_test(ofd_by_geometry),
        cmocka_unit_test(ofd_of_pictures_is_held),
        cmocka_unit_test(pdf_words_to_paragraphs),
        cmocka_unit_test(pdf_date_ends_its_paragraph),
        cmocka_unit_test(ocr_lines_to_paragraphs),
        cmocka_unit_test(ocr_text_loses_its_blanks),
    };
    mail_warm();
    return cmocka_run_group_tests_name("formats", tests, NULL, NULL);
}
