/* Each rule of the format check, broken alone: what is put for what in a file that has nothing wrong. */
#ifndef FORMAT_CASES_H
#define FORMAT_CASES_H

#include <stdbool.h>

#define DOC          "word/document.xml"
#define STYLES       "word/styles.xml"
#define RUN          "<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t xml:space=\"preserve\">"
#define RUN_AS(look) "<w:r><w:rPr>" look "</w:rPr><w:t xml:space=\"preserve\">"
#define SONG         "<w:rFonts w:eastAsia=\"宋体\"/>"
#define EMPTY        "<w:p><w:pPr><w:pStyle w:val=\"Empty\"/></w:pPr></w:p>"
#define STYLE(s)     "<w:pStyle w:val=\"" s "\"/>"
#define FONT(f, text)                                                        \
    "w:eastAsia=\"" f "\" w:cs=\"" f "\" w:hint=\"eastAsia\"/></w:rPr><w:t " \
    "xml:space=\"preserve\">" text

/* As high as brings what stands below to where it was laid out. */
#define EMPTY_OF(twips)                                        \
    "<w:p><w:pPr>" STYLE("Empty") "<w:spacing w:line=\"" twips \
                                  "\" w:lineRule=\"exact\"/></w:pPr></w:p>"

struct swap {
    const char *member, *from, *to;
    bool all; /* wherever it stands, else the first */
};
static const struct format_case {
    const char *rule;
    struct swap swaps[4];
} format_cases[] = {
    {"page-size", {{DOC, "w:w=\"11906\"", "w:w=\"12240\"", true},
                      {DOC, "w:right=\"1440\"", "w:right=\"1774\"", true}}},
    {"page-top", {{DOC, "w:top=\"1962\"", "w:top=\"1662\"", true},
                     {DOC, "w:bottom=\"1844\"", "w:bottom=\"2148\"", true}}},
    {"page-left", {{DOC, "w:left=\"1587\" w:header", "w:left=\"2000\" w:header", true},
                      {DOC, "w:right=\"1440\"", "w:right=\"1027\"", true}}},
    {"page-width", {{DOC, "w:right=\"1440\"", "w:right=\"1240\"", true}}},
    {"page-rows", {{STYLES, "w:line=\"592\"", "w:line=\"560\"", false}}},
    {"page-columns", {{STYLES, "<w:spacing w:val=\"-4\"/>", "<w:spacing w:val=\"40\"/>", false}}},
    {"number-none", {{DOC, "<w:footerReference", "<w:footerRefXxxxxx", true}}},
    {"number-font", {{STYLES, "\"宋体\"", "\"黑体\"", true}}},
    {"number-size",
        {{STYLES, "宋体\" w:hint=\"eastAsia\"/><w:spacing w:val=\"0\"/><w:sz w:val=\"28\"",
            "宋体\" w:hint=\"eastAsia\"/><w:spacing w:val=\"0\"/><w:sz w:val=\"32\"", false}}},
    {"number-dash", {{"word/footer1.xml", "— ", "- ", false}}},
    {"number-side", {{"word/footer1.xml", "\"right\"", "\"center\"", false}}},
    {"mark-red", {{DOC, "<w:color w:val=\"E60000\"/>", "<w:color w:val=\"000000\"/>", true}}},
    {"mark-centred", {{DOC, STYLE("Mark"), STYLE("Mark") "<w:jc w:val=\"left\"/>", false}}},
    {"mark-font", {{DOC, "方正小标宋简体", "宋体", true}}},
    {"corner-font", {{DOC, FONT("黑体", "特急"), FONT("宋体", "特急"), false}}},
    {"docno-form", {{DOC, "云建党发〔2026〕15号", "云建党发[2026]15号", false}}},
    {"docno-centred", {{DOC, "<w:jc w:val=\"center\"/></w:pPr>" RUN "云建",
                          "<w:jc w:val=\"right\"/></w:pPr>" RUN "云建", false}}},
    {"docno-gap", {{DOC, EMPTY_OF("603") "<w:p><w:pPr>" STYLE("Head") "<w:pBdr>",
                      "<w:p><w:pPr>" STYLE("Head") "<w:pBdr>", false}}},
    {"signer-missing", {{DOC, "行动的通知", "行动的请示", false}}},
    {"signer-font", {{DOC, FONT("楷体_GB2312", "李建国"), FONT("宋体", "李建国"), false}}},
    {"red-line",
        {{DOC, "<w:pBdr><w:bottom w:val=\"single\"", "<w:pBdr><w:bottom w:val=\"nil\"", false}}},
    {"title-font", {{DOC, RUN "中共云岭建设集团有限公司委员会关于",
                       RUN_AS(SONG) "中共云岭建设集团有限公司委员会关于", false}}},
    {"title-size",
        {{DOC, RUN "中共云岭建设集团有限公司委员会关于",
            RUN_AS("<w:sz w:val=\"36\"/>") "中共云岭建设集团有限公司委员会关于", false}}},
    {"title-centred", {{DOC, STYLE("Title"), STYLE("Title") "<w:jc w:val=\"left\"/>", false}}},
    {"title-gap", {{DOC, EMPTY_OF("519") "<w:p><w:pPr>" STYLE("Title"),
                      "<w:p><w:pPr>" STYLE("Title"), false}}},
    {"addressee-colon", {{DOC, "各分公司：", "各分公司:", false}}},
    {"addressee-flush",
        {{DOC, STYLE("Addressee"),
            STYLE("Addressee") "<w:ind w:firstLineChars=\"200\" w:firstLine=\"632\"/>", false}}},
    {"addressee-gap", {{DOC, EMPTY_OF("567") "<w:p><w:pPr>" STYLE("Addressee"),
                          "<w:p><w:pPr>" STYLE("Addressee"), false}}},
    {"body-font", {{DOC, RUN "为深入", RUN_AS(SONG) "为深入", false}}},
    {"body-size", {{DOC, RUN "坚持人民", RUN_AS("<w:sz w:val=\"28\"/>") "坚持人民", false}}},
    {"body-indent",
        {{DOC, STYLE("Normal"), STYLE("Normal") "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>",
            false}}},
    {"body-flush",
        {{DOC, STYLE("Normal"),
            STYLE("Normal") "<w:ind w:leftChars=\"200\" w:left=\"632\" w:firstLineChars=\"0\" "
                            "w:firstLine=\"0\"/>",
            false}}},
    {"body-spacing",
        {{DOC, STYLE("Normal"), STYLE("Normal") "<w:spacing w:after=\"200\"/>", false}}},
    {"h1-font", {{DOC, RUN "一、总体要求", RUN_AS(SONG) "一、总体要求", false}}},
    {"h2-font", {{DOC, FONT("楷体_GB2312", "（一）压实"), FONT("宋体", "（一）压实"), false}}},
    {"h3-font", {{DOC, FONT("仿宋_GB2312", "1.健全"), FONT("黑体", "1.健全"), false}}},
    {"h4-font", {{DOC, FONT("仿宋_GB2312", "（1）建立"), FONT("黑体", "（1）建立"), false}}},
    {"heading-size",
        {{DOC, RUN "一、总体要求", RUN_AS("<w:sz w:val=\"30\"/>") "一、总体要求", false}}},
    {"bold", {{DOC, RUN "一、总体要求", RUN_AS("<w:b/>") "一、总体要求", false}}},
    {"colour", {{DOC, RUN "为深入", RUN_AS("<w:color w:val=\"0000FF\"/>") "为深入", false}}},
    {"heading-order", {{DOC, "二、重点任务", "三、重点任务", false}}},
    {"heading-level",
        {{DOC, FONT("楷体_GB2312", "（一）压实"), FONT("仿宋_GB2312", "（1）压实"), false},
            {DOC, "（二）加强", "（一）加强", false}}},
    {"heading-mark", {{DOC, "一、总体要求", "一.总体要求", false}}},
    {"half-width", {{DOC, "生命至上，统筹", "生命至上,统筹", false}}},
    {"straight-quote", {{DOC, "统筹发展和安全。", "统筹&quot;发展&quot;和安全。", false}}},
    {"attachment-colon", {{DOC, "附件：1.", "附件:1.", false}}},
    {"attachment-end", {{DOC, "2.判定标准", "2.判定标准；", false}}},
    {"attachment-indent",
        {{DOC, "</w:pPr>" RUN "附件：1.",
            "<w:ind w:left=\"0\" w:firstLine=\"0\"/></w:pPr>" RUN "附件：1.", false}}},
    {"attachment-gap", {{DOC, EMPTY "<w:p><w:pPr>" STYLE("Attachment"),
                           "<w:p><w:pPr>" STYLE("Attachment"), false}}},
    {"date-form", {{DOC, "2026年7月13日", "2026年07月13日", false}}},
    {"date-place",
        {{DOC, "</w:pPr>" RUN "2026年7月13日",
            "<w:ind w:left=\"0\" w:firstLine=\"0\"/></w:pPr>" RUN "2026年7月13日", false}}},
    {"signature-place", {{DOC, "</w:pPr>" RUN "中共云岭建设集团有限公司委员会</w:t>",
                            "<w:ind w:left=\"0\" w:firstLine=\"0\"/></w:pPr>" RUN
                            "中共云岭建设集团有限公司委员会</w:t>",
                            false}}},
    {"carried-page", {{DOC, "<w:pageBreakBefore/>", "", false}}},
    {"annex-page", {{DOC, "<w:pageBreakBefore/>", "", false}}},
    {"annex-font", {{DOC, RUN "附件1", RUN_AS(SONG) "附件1", false}}},
    {"annex-title", {{DOC, STYLE("Title") "</w:pPr>" RUN "任务分工表",
                        STYLE("Title") "<w:jc w:val=\"left\"/></w:pPr>" RUN "任务分工表", false}}},
    {"cc-end", {{DOC, "集团公司领导。", "集团公司领导", false}}},
    {"foot-size", {{DOC, RUN "抄送", RUN_AS("<w:sz w:val=\"32\"/>") "抄送", false}}},
    {"foot-font", {{DOC, RUN "抄送", RUN_AS("<w:rFonts w:eastAsia=\"黑体\"/>") "抄送", false}}},
    {"foot-line",
        {{DOC, "<w:pBdr><w:top w:val=\"single\"", "<w:pBdr><w:top w:val=\"nil\"", false}}},
    {"foot-place", {{DOC, "<w:framePr", "<w:frameXx", true}}},
    {"printed-form", {{DOC, "2026年7月14日印发", "2026年07月14日印发", false}}},
};

#define LONG_TEXT                                                                                                                                \
    "各级党组织要把学习宣传、安排部署、督促检查贯通起来，定期听取汇报，研究解决重大问题。各部门要" \
    "按"                                                                                                                                        \
    "照职责分工，制定具体措施，细化时间节点，明确责任到人。各分公司要结合自身实际，抓住关键环节，" \
    "补齐短板弱项，推动各项要求落到基层、落到班组、落到岗位。"
static const char format_notice[] =
    "特急\n云岭建设集团有限公司委员会文件\n云建党发〔2026〕15号\n"
    "中共云岭建设集团有限公司委员会关于\n深入开展安全生产专项整治三年行动的通知\n\n"
    "各党支部、各部门、各分公司：\n"
    "为深入贯彻落实党中央、国务院关于安全生产工作的决策部署，现就有关事项通知如下。\n"
    "一、总体要求\n坚持人民至上、生命至上，统筹发展和安全。" LONG_TEXT "\n" LONG_TEXT "\n"
    "二、重点任务\n（一）压实主体责任。各单位主要负责人是安全生产第一责任人，要带头研究部署。\n"
    "1.健全制度。修订完善安全生产责任制。" LONG_TEXT "\n" LONG_TEXT "\n"
    "（1）建立台账。隐患台账实行闭环管理。\n（二）加强督促检查\n" LONG_TEXT "\n"
    "各单位要于2026年9月30日前报送落实情况。\n附件：1.任务分工表\n2.判定标准\n\n"
    "中共云岭建设集团有限公司委员会\n2026年7月13日\n（此件公开发布）\n"
    "抄送：省国资委党委，集团公司领导。\n"
    "中共云岭建设集团有限公司委员会办公室  2026年7月14日印发\n"
    "附件1\n任务分工表\n序号\t任务\t单位\n1\t教育培训\t人力资源部\n"
    "附件2\n判定标准\n有下列情形之一的，判定为重大隐患。\n";
static const char format_issue[] =
    "云岭建设集团有限公司文件\n云建〔2026〕17号\n"
    "云岭建设集团有限公司转发省应急管理厅\n关于印发《安全管理办法》的通知\n"
    "各部门、各分公司：\n现转发给你们，请认真执行。\n云岭建设集团有限公司\n2026年7月13日\n"
    "（此件发至项目部）\n安全管理办法\n（2026年7月10日董事会通过）\n第一章　总则\n"
    "第一条　" LONG_TEXT "\n第二条　略。\n附件：检查表\n云岭省应急管理厅\n2026年7月8日\n"
    "附件\n检查表\n序号\t事项\n1\t用电\n抄送：集团公司领导。\n"
    "云岭建设集团有限公司办公室  2026年7月14日印发\n";
static const char format_request[] =
    "签发人：李建国\n云岭建设集团有限公司文件\n云建〔2026〕16号\n"
    "云岭建设集团有限公司关于增加安全生产经费的请示\n\n省国资委：\n"
    "为做好安全生产工作，拟增加经费。现将有关情况请示如下。\n一、基本情况\n" LONG_TEXT "\n"
    "二、有关建议\n" LONG_TEXT "\n妥否，请批示。\n\n云岭建设集团有限公司\n2026年7月13日\n"
    "（联系人：王芳，电话：0871-63120001）\n"
    "抄送：省应急管理厅。\n云岭建设集团有限公司办公室  2026年7月14日印发\n";

#endif
