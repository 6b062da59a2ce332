/* Documents with places that are hard to annotate. */
#ifndef ANNOTATE_CASES_H
#define ANNOTATE_CASES_H

#include "annotate_test.h"

#define P(runs)  "<w:p>" runs "</w:p>"
#define R(text)  "<w:r><w:t>" text "</w:t></w:r>"
#define RB(text) "<w:r><w:rPr><w:b/></w:rPr><w:t>" text "</w:t></w:r>"
#define BOX(runs)                                                                             \
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>" P(            \
        runs) "</w:txbxContent></wps:txbx></w:drawing></"                                     \
              "mc:Choice><mc:Fallback><w:pict><v:textbox>"                                    \
              "<w:txbxContent>" P(runs) "</w:txbxContent></v:textbox></w:pict></mc:Fallback>" \
                                        "</mc:AlternateContent></w:r>"

enum outcome { CHANGED, TOLD, COMMENTED };

/* The words `find` of a one-file document, what is suggested, and what must be found in the XML. */
static const struct {
    const char *body, *find, *put; /* put NULL: only a comment */
    enum outcome outcome;
    const char *xml; /* NULL: not looked at */
} cases[] = {
    {P(R("各单位要抓紧落实")), "抓紧", "抓好", CHANGED,
        "<w:r><w:t xml:space=\"preserve\">各单位要</w:t></w:r><w:commentRangeStart w:id=\"1\"/>"
        "<w:r><w:t xml:space=\"preserve\">抓</w:t></w:r>"
        "<w:del w:id=\"2\" w:author=\"前哨\" w:date=\"2026-11-23T16:00:00Z\"><w:r>"
        "<w:delText xml:space=\"preserve\">紧</w:delText></w:r></w:del>"
        "<w:ins w:id=\"3\" w:author=\"前哨\" w:date=\"2026-11-23T16:00:00Z\"><w:r>"
        "<w:t xml:space=\"preserve\">好</w:t></w:r></w:ins><w:commentRangeEnd w:id=\"1\"/>"
        "<w:r><w:commentReference w:id=\"1\"/></w:r>"
        "<w:r><w:t xml:space=\"preserve\">落实</w:t></w:r></w:p>"},
    {P(R("全文")), "全文", "改写", CHANGED, NULL},
    {P(R("删去这里")), "这里", "", CHANGED, NULL},
    {P(R("甲乙丙丁")), "乙丙", NULL, COMMENTED,
        "<w:commentRangeStart w:id=\"1\"/><w:r><w:t xml:space=\"preserve\">乙丙</w:t></w:r>"
        "<w:commentRangeEnd"},
    /* whole runs are not cut */
    {P(R("甲") RB("乙") R("丙")), "乙", NULL, COMMENTED,
        R("甲") "<w:commentRangeStart w:id=\"1\"/>" RB("乙") "<w:commentRangeEnd w:id=\"1\"/>"},
    /* over runs: each piece keeps its looks, the new text takes those of the first */
    {P(R("甲一") RB("二乙") R("三丙")), "一二乙三", "新的", CHANGED,
        "<w:rPr><w:b/></w:rPr><w:delText xml:space=\"preserve\">二乙</w:delText>"},
    {P(R("a&amp;b &lt;c&gt; &#x4E2D;&#25991;d")), "b <c> 中", "x<&>", CHANGED, "x&lt;&amp;&gt;"},
    {P("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t></w:r>"), "\t二\n", "、",
        CHANGED, NULL},
    {P("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t></w:r>"), "二", "\t二\n三", CHANGED, "<w:br/>"},
    {P("<w:hyperlink r:id=\"x\">" R("链接文字") "</w:hyperlink>" R("之后")), "文字之", "字",
        CHANGED, NULL},
    {P("<w:hyperlink r:id=\"x\">" R("链接文字") "</w:hyperlink>" R("之后")), "链接文字", NULL,
        COMMENTED, "<w:commentRangeStart w:id=\"1\"/><w:hyperlink"},
    /* inside what somebody else has inserted: his insertion is parted, ours does not nest */
    {P(R("甲") "<w:ins w:id=\"5\" w:author=\"李四\">" R("乙丙丁") "</w:ins>" R("戊")), "丙", "四",
        CHANGED, "</w:del></w:ins><w:ins w:id=\""},
    {P(R("甲") "<w:del w:id=\"5\" w:author=\"李四\"><w:r><w:delText>旧</w:delText></w:r></w:del>" R(
         "乙丙")),
        "甲乙", "一", CHANGED, "<w:delText>旧</w:delText>"},
    {P("<w:moveTo w:id=\"5\" w:author=\"李四\">" R("移来的话") "</w:moveTo>"), "来的", "到",
        CHANGED, NULL},
    {P("<w:sdt><w:sdtContent>" R("控件里的字") "</w:sdtContent></w:sdt>"), "里的字", "内文",
        CHANGED, NULL},
    {P("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
       "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" R(
           "结果") "<w:r><w:fldChar "
                   "w:fldCharType=\"end\"/></w:r>" R("之后")),
        "果之", "、", CHANGED, "<w:instrText>PAGE</w:instrText>"},
    {P("<w:fldSimple w:instr=\"X\">" R("域") "</w:fldSimple>" R("外")), "域外", "里", CHANGED,
        NULL},
    {P(R("前") "<m:oMath xmlns:m=\"m\"><m:r><m:t>x+1</m:t></m:r></m:oMath>" R("后")), "x+1", "y",
        TOLD, "<w:commentRangeStart w:id=\"1\"/><m:oMath"},
    {P("<w:r><w:ruby><w:rt>" R("pin") "</w:rt><w:rubyBase>" R(
         "拼") "</w:rubyBase></w:ruby></w:r>" R("音")),
        "拼", "并", TOLD, "<w:commentRangeStart w:id=\"1\"/><w:r><w:ruby>"},
    {P(R("段一末")) P(R("段二首")), "末\n段", "改", TOLD, NULL},
    {P(R("段一")) P(R("段二")) P(R("段三")), "一\n段二\n段", NULL, COMMENTED, NULL},
    {"<w:tbl><w:tr><w:tc>" P(R("甲格")) "</w:tc><w:tc>" P(R("乙格")) "</w:tc></w:tr></w:tbl>",
        "乙格", "丙格", CHANGED, NULL},
    {"<w:tbl><w:tr><w:tc>" P(R("甲格")) "</w:tc><w:tc>" P(R("乙格")) "</w:tc></w:tr></w:tbl>",
        "格\t乙", "、", TOLD, NULL},
    {"<w:tbl><w:tr><w:tc>" P(R("甲")) P(R("乙")) "</w:tc></w:tr></w:tbl>", "甲 乙", "丙", TOLD,
        NULL},
    {P(R("正文") BOX(R("框里的字")) R("之后")), "里的", "中", CHANGED,
        "<w:commentRangeStart w:id=\"1\"/><w:r><mc:AlternateContent>"},
    {P(BOX(R("框里")) R("旁边")), "框里", NULL, COMMENTED, NULL},
    {P("<mc:AlternateContent><mc:Choice>" R("选中") "</mc:Choice><mc:Fallback>" R(
         "备用") "</mc:Fallback></mc:AlternateContent>" R("后")),
        "选中", "x", TOLD, "<w:commentRangeStart w:id=\"1\"/><mc:AlternateContent>"},
    {P("<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:t>乙</w:t><w:sym w:font=\"Wingdings\" "
       "w:char=\"F0FE\"/></w:r>"),
        "-乙☑", "完", CHANGED,
        "<w:noBreakHyphen/><w:delText xml:space=\"preserve\">乙</w:delText>"},
    {P("<w:r><w:rPr><w:b/><w:rPrChange w:id=\"7\" w:author=\"李四\"><w:rPr/></w:rPrChange></w:rPr>"
       "<w:t>粗体</w:t></w:r>"),
        "粗", "细", CHANGED, "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">细</w:t>"},
    /* text that cannot be cut is marked as a whole */
    {P("<w:r><w:t><![CDATA[甲乙]]></w:t></w:r>" R("丙")), "乙", "x", TOLD,
        "<w:commentRangeStart w:id=\"1\"/><w:r><w:t><![CDATA["},
    {P("<w:pPr><w:rPr><w:del w:id=\"3\"/></w:rPr></w:pPr>" R("上半")) P(R("下半")), "半下", "x",
        TOLD, NULL},
    /* soft hyphens, zero widths and hard blanks are not, or otherwise, in the text */
    {P(R("甲\xC2\xAD乙\xE2\x80\x8B丙\xC2\xA0丁")), "乙丙 ", "x", CHANGED,
        "<w:delText xml:space=\"preserve\">乙</w:delText>"},
    {P(R("  前有空白")), "前有", "后无", CHANGED, NULL},
};

static inline void find(const struct noted *t, const char *words, struct annotation *a)
{
    struct str text = buf_view(&t->f.text);
    size_t at = str_find(text, str_z(words), 0);

    if (at == SIZE_MAX)
        fail_msg("“%s” is not in:\n%.*s", words, SF(text));
    a->begin_cp = utf8_len_cp(str_sub(text, 0, at));
    a->end_cp = a->begin_cp + utf8_len_cp(str_z(words));
}

#endif
