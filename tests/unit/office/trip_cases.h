/* Drafts as LibreOffice writes them as docx: each source is flat ODF or HTML. */
#ifndef TRIP_CASES_H
#define TRIP_CASES_H

#define FODT_NS                                                                      \
    "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "             \
    "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "               \
    "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" "                 \
    "xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" "               \
    "xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" "              \
    "xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" "      \
    "xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" "        \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/" \
    "1999/xlink\" office:version=\"1.2\" "                                           \
    "office:mimetype=\"application/vnd.oasis.opendocument.text\""
#define FODT(styles, body)                                                        \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document " FODT_NS         \
    "><office:automatic-styles>" styles "</office:automatic-styles><office:body>" \
    "<office:text>" body "</office:text></office:body></office:document>"
#define P(s) "<text:p>" s "</text:p>"
#define WHO(who, day)                                                           \
    "<office:change-info><dc:creator>" who "</dc:creator><dc:date>2026-07-" day \
    "T09:30:00</dc:date></office:change-info>"
#define INSERTED(id, who, day)                             \
    "<text:changed-region xml:id=\"" id "\" text:id=\"" id \
    "\"><text:insertion>" WHO(who, day) "</text:insertion></text:changed-region>"
#define DELETED(id, who, day, what)                                                                \
    "<text:changed-region xml:id=\"" id "\" text:id=\"" id "\"><text:deletion>" WHO(who, day) what \
        "</text:deletion></text:changed-region>"
#define CHANGES(s) "<text:tracked-changes>" s "</text:tracked-changes>"
#define INS(id, s)                                                                             \
    "<text:change-start text:change-id=\"" id "\"/>" s "<text:change-end text:change-id=\"" id \
    "\"/>"
#define DEL(id) "<text:change text:change-id=\"" id "\"/>"
#define NOTE(name, who, s)                                          \
    "<office:annotation office:name=\"" name "\"><dc:creator>" who  \
    "</dc:creator><dc:date>2026-07-14T10:00:00</dc:date><text:p>" s \
    "</text:p></office:annotation>"
#define NOTE_END(name) "<office:annotation-end office:name=\"" name "\"/>"
#define FOOTNOTE(id, s)                                                                     \
    "<text:note text:id=\"ftn" id "\" text:note-class=\"footnote\"><text:note-citation>" id \
    "</text:note-citation><text:note-body><text:p>" s "</text:p></text:note-body></text:note>"
#define CELL(more, s) "<table:table-cell " more ">" P(s) "</table:table-cell>"
#define COVERED       "<table:covered-table-cell/>"
#define ROW(s)        "<table:table-row>" s "</table:table-row>"
#define COLUMNS(n)    "<table:table-column table:number-columns-repeated=\"" n "\"/>"

static const struct trip_case {
    const char *name, *source;     /* name with the extension of the source */
    int comments, changes, tables; /* that must be there, or the source says nothing */
    const char *lost; /* what the person is told of that was not taken; NULL: nothing is asked */
    int boxes;
} trip_cases[] = {
    {"t01.fodt",
        FODT("", P("关于做好汛期安全生产工作的通知") P("各部门、各分公司：")
                     P("进入七月以来，雨水增多，现将有关事项通知如下。") P("一、总体要求")
                         P("坚持安全第一，把各项准备做在前面。") P("二、重点任务")
                             P("（一）压实责任。各单位主要负责人负总责。")
                                 P("1.建立台账。逐项登记，逐项销号。") P("（1）隐患要当天登记。")
                                     P("云岭建设集团有限公司") P("2026年7月13日")),
        0, 0, 0, NULL, 0},
    {"t02.fodt",
        FODT("", CHANGES(INSERTED("c1", "李明", "13")) P("关于报送材料的通知") P("各部门：")
                     P("请于" INS("c1", "2026年") "7月30日前报送。")),
        0, 1, 0, NULL, 0},
    {"t03.fodt",
        FODT("",
            CHANGES(DELETED("c1", "李明", "13", P("尽快")) INSERTED("c2", "王芳", "14")
                    DELETED("c3", "王芳", "15", P("全面"))) P("关于整改的函") P("云岭建设集团：")
                P("请" DEL("c1") INS("c2", "于月底前") "完成" DEL("c3") "整改，并书面回复。")),
        0, 3, 0, NULL, 0},
    {"t04.fodt",
        FODT("", CHANGES(INSERTED("c1", "李明", "13")) P("工作要点") P(
                     "一、第一项工作。") "<text:p>二、第二项工作。<text:change-start "
                                         "text:change-id=\"c1\"/></text:p>"
                                         "<text:p>三、新加的一项<text:change-end "
                                         "text:change-id=\"c1\"/></text:p>" P("以上请抓好落实。")),
        0, 1, 0, NULL, 0},
    {"t05.fodt",
        FODT("", CHANGES(DELETED("c1", "王芳", "14", P("") P("这一段要删去。"))) P("情况说明")
                     P("第一段说明背景。" DEL("c1")) P("第三段说明结论。")),
        0, 1, 0, NULL, 0},
    {"t06.fodt",
        FODT("", P("关于召开会议的通知") P("各部门：") P("定于" NOTE("a1", "李明",
                     "日期请再核") "7月15日" NOTE_END("a1") "召开会议。") P("请" NOTE("a2", "王芳",
                     "两段都要看") "提前准备材料。") P("并按时参加" NOTE_END("a2") "。")),
        2, 0, 0, NULL, 0},
    {"t07.fodt",
        FODT("", P("任务分工表") "<table:table table:name=\"T\">" COLUMNS("3") ROW(
                     CELL("table:number-columns-spanned=\"2\"", "任务") COVERED CELL("", "单位"))
                     ROW(CELL("table:number-rows-spanned=\"2\"", "安全") CELL("", "教育培训") CELL(
                         "", "人力资源部")) ROW(COVERED CELL("", "专项检查") CELL("", "设备部"))
                         ROW(CELL("", "质量") CELL("", "") CELL("", "工程部")) "</table:table>" P(
                             "以上分工自即日起执行。") "<table:table table:name=\"U\">" COLUMNS("2")
                             ROW(CELL("", "项目") CELL("", "数量"))
                                 ROW(CELL("", "检查") CELL("", "12")) "</table:table>"),
        0, 0, 2, NULL, 0},
    {"t08.fodt",
        FODT("<text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"1\" "
             "style:num-format=\"一, 二, 三, ...\" style:num-suffix=\"、\"/>"
             "<text:list-level-style-number text:level=\"2\" style:num-prefix=\"（\" "
             "style:num-suffix=\"）\" style:num-format=\"1\"/></text:list-style>",
            P("年度工作要点") "<text:list "
                              "text:style-name=\"L\"><text:list-item><text:p>加强学习</text:p>"
                              "<text:list><text:list-item><text:p>每月一次集中学习</text:p></"
                              "text:list-item>"
                              "<text:list-item><text:p>每季一次交流研讨</text:p></text:list-item></"
                              "text:list>"
                              "</text:list-item><text:list-item><text:p>改进作风</text:p></"
                              "text:list-item>"
                              "</text:list>" P("各单位要结合实际抓好落实。")),
        0, 0, 0, NULL, 0},
    {"t09.html",
        "<html><head><meta charset=\"utf-8\"></head><body><h1>统计情况</h1><p>有关数据如下。</p>"
        "<table border=1><tr><td colspan=2>合计</td><td>30</td></tr><tr><td rowspan=2>分公司</td>"
        "<td>一公司</td><td>10</td></tr><tr><td>二公司</td><td>20</td></tr></table>"
        "<p>数据截至2026年6月30日。</p></body></html>",
        0, 0, 1, NULL, 0},
    {"t10.fodt",
        FODT("",
            CHANGES(INSERTED("c1", "李明", "13") DELETED("c2", "王芳", "14", P("初步"))
                    INSERTED("c3", "赵强", "15")) P("调研报告") P("一、" INS("c1", "基本") "情况")
                P("形成" DEL("c2") NOTE("a1", "张卫", "“意见”还是“结论”？") "意见" NOTE_END(
                    "a1") "如下。") "<table:table table:name=\"T\">" COLUMNS("2") ROW(CELL("",
                    "指标") CELL("", "数值")) ROW(CELL("", "完成" INS("c3", "率")) CELL("",
                    "96%")) "</table:table>" P("二、存在问题") P("基础工作不够扎实。")),
        1, 3, 1, NULL, 0},
    {"t11.fodt",
        FODT("", P("关于年中工作的报告") P("省公司：") "<text:p>上半年完成产值126.4亿元" FOOTNOTE(
                     "1", "按上报口径。") "，同比增长8.3%" FOOTNOTE("2",
                     "去年同期116.7亿元。") "。</text:p>" P("特此报告。")),
        0, 0, 0, "脚注、尾注没有带入：“按上报口径。”、“去年同期116.7亿元。”", 0},
    {"t12.fodt",
        FODT("",
            P("关于现场管理的通知")
                P("各项目部：") "<text:p>下面的话写在框里。<draw:frame "
                                "text:anchor-type=\"paragraph\" "
                                "svg:width=\"6cm\" svg:height=\"2cm\" svg:x=\"2cm\" svg:y=\"3cm\">"
                                "<draw:text-box><text:p>责任到人</text:p><text:p>时限到天，共30天</"
                                "text:p>"
                                "</draw:text-box></draw:frame></text:p>" P("请照此落实。")),
        0, 0, 0, NULL, 1},
    {"t13.fodt",
        FODT("",
            P("关于第三季度安排的通知") "<text:p>第<text:page-number "
                                        "text:select-page=\"current\">1</text:page-number>页"
                                        "写明时间：<text:date text:fixed=\"true\" "
                                        "office:date-value=\"2026-07-13\">"
                                        "2026年7月13日</text:date>。</text:p>"
                                        "<text:p><text:bookmark-start text:name=\"b\"/>会议室在三楼"
                                        "<text:bookmark-end text:name=\"b\"/>。</text:p>"
                                        "<text:p>地点见上文（<text:bookmark-ref "
                                        "text:ref-name=\"b\" "
                                        "text:reference-format=\"text\">会议室在三楼</"
                                        "text:bookmark-ref>）。</text:p>" P("请准时参加。")),
        0, 0, 0, NULL, 0},
    {"t14.fodt", /* numbers that go on behind a table, and one that was changed by hand */
        FODT("<text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"1\" "
             "style:num-format=\"1\" style:num-suffix=\".\"/></text:list-style>",
            P("工作清单") "<text:list text:style-name=\"L\"><text:list-item><text:p>查隐患"
                          "</text:p></text:list-item><text:list-item><text:p>定措施</text:p>"
                          "</text:list-item></text:list><table:table table:name=\"T\">" COLUMNS("2")
                              ROW(CELL("", "单位") CELL("", "件数")) ROW(CELL("", "一公司") CELL("",
                                  "12")) "</table:table><text:list "
                                         "text:continue-numbering=\"true\" text:style-name=\"L\">"
                                         "<text:list-item><text:p>抓整改</text:p></text:list-item>"
                                         "<text:list-item "
                                         "text:start-value=\"8\"><text:p>回头看</text:p></"
                                         "text:list-item>"
                                         "</text:list>" P("按月报告。")),
        0, 0, 1, NULL, 0},
};

#endif
