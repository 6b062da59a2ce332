#include "base/utf8.h"
#include "text/form_int.h"
#include "text/rule_chars.h"

enum {
    BOLD_CP = 100,
    PLACE_CP = 42,     /* of a template's place, brackets included */
    LABEL_TEXT_CP = 10 /* behind 【…】 at the beginning of a line: more is a text under its label */
};

/* ---- placeholders ---- */
static const struct str markers[] = {SC("【待补"), SC("【待定"), SC("【待填"), SC("【补充"),
    SC("【此处"), SC("【插入"), SC("（待补充）"), SC("（待补）"), SC("（待定）"), SC("（待填）"),
    SC("（待核实）"), SC("此处插入"), SC("此处填写"), SC("此处补充"), SC("点击此处"),
    SC("单击此处"), SC("请在此处"), SC("[待补"), SC("[此处")};

/* A run of ×, X or x that stands for something left out; 3×4, X光 and 20X are none. */
static size_t run_at(const struct draft *d, size_t i)
{
    uint32_t c = d->cp[i], before = i ? d->cp[i - 1] : 0;
    size_t n = 0;

    if (c != 0xD7 && c != 'X' && c != 'x' && c != 0x25A1 && c != 0xFF38)
        return 0;
    if (before == c)
        return 0;
    while (d->cp[i + n] == c)
        n++;
    if (c == 0xD7 || c == 0x25A1 || c == 0xFF38)
        return n >= 2 ? n : 0;
    if (n < 2 || ch_latin(d->cp[i + n]) || ch_digit(d->cp[i + n]) || ch_latin(before))
        return 0;
    if (ch_digit(before)) /* 20XX年 */
        return n == 2 && i >= 2 && d->cp[i - 2] == '2' && before == '0' ? n : 0;
    return n;
}

/* A named person whose name is withheld on purpose: 王××, 李某某. */
static bool withheld(const struct draft *d, size_t i, size_t n)
{
    static const struct str surnames =
        SC("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
           "彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖");

    return d->cp[i] == 0xD7 && n <= 2 && i > 0 && utf8_is_han(d->cp[i - 1]) &&
           str_has(surnames, draft_str(d, i - 1, i));
}

/* First characters of the markers. */
static bool marks_gap(uint32_t c)
{
    return c == 0x3010 || c == CH_OPEN || c == '[' || c == 0x6B64 || c == 0x70B9 || c == 0x5355 ||
           c == 0x8BF7;
}

/* A marker or TODO, TBD as a word of its own: how long it is; 0 for none. */
static size_t marker_at(const struct draft *d, size_t i)
{
    static const struct str words[] = {SC("TODO"), SC("TBD")};
    size_t n;

    if (marks_gap(d->cp[i]))
        return draft_any(d, i, markers, COUNT(markers));
    if (d->cp[i] != 'T' || ch_latin(ch_before(d, i)))
        return 0;
    n = draft_any(d, i, words, COUNT(words));
    return n && !ch_latin(d->cp[i + n]) ? n : 0;
}

/* 【会议名称】 of a template: in a sentence, or alone on its line where it says what a form asks for. 【案例】 in front of
 * its text, and a heading in such brackets, are none. */
static size_t place_at(const struct draft *d, const struct draft_line *l, size_t i)
{
    static const struct str asked[] = {SC("机关"), SC("单位"), SC("日期"), SC("时间"), SC("地点"),
        SC("姓名"), SC("名称"), SC("职务"), SC("标题"), SC("文号")};
    size_t n = 1, end = l->end;
    struct str name;

    while (i + n < end && n <= PLACE_CP && d->cp[i + n] != 0x3011 && d->cp[i + n] != 0x3010)
        n++;
    if (n < 2 || i + n >= end || d->cp[i + n++] != 0x3011)
        return 0;
    name = draft_str(d, i + 1, i + n - 1);
    for (size_t k = 0; k < COUNT(asked); k++)
        if (str_ends(name, asked[k]))
            return n;
    while (end > i + n && ch_blank(d->cp[end - 1]))
        end--;
    if (i > l->first) /* （【…】） and 要点：【…】 as well */
        return n;
    return i + n < end && (!utf8_is_han(d->cp[i + n]) || end - i - n <= LABEL_TEXT_CP) ? n : 0;
}

static void placeholders(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t i = 0; i < d->n; i++) {
        size_t n = run_at(d, i);
        if (n && !withheld(d, i, n) && !(d->mask[i] & MASK_URL)) {
            check_say(c, "S36", i, i + n, "有占位符“%.*s”没有填写", SF(draft_str(d, i, i + n)));
        } else {
            n = marker_at(d, i);
            if (!n && d->cp[i] == 0x3010)
                n = place_at(d, &d->lines[draft_line_of(d, i)], i);
            if (n)
                check_say(c, "S36", i, i + n, "有待补内容：“%.*s”", SF(draft_str(d, i, i + n)));
        }
        i += n ? n - 1 : 0;
    }
}

/* ---- residue ---- */

/* Markdown at the beginning of a line: # 标题, ```, - [ ] , |---|, > 引. */
static void line_marks(struct checker *c, const struct draft_line *l)
{
    const struct draft *d = c->d;
    size_t i = l->first, n = 0;

    while (d->cp[i + n] == '#')
        n++;
    if (n >= 1 && n <= 6 && d->cp[i + n] == ' ')
        check_replace(c, "S37", i, i + n + 1, S(""), "残留Markdown标题符号");
    else if (draft_is(d, i, S("```")))
        check_say(c, "S37", i, i + 3, "残留Markdown代码符号");
    else if (draft_is(d, i, S("- [ ]")) || draft_is(d, i, S("- [x]")))
        check_say(c, "S37", i, i + 5, "残留Markdown列表符号");
    else if (draft_is(d, i, S("|--")) || draft_is(d, i, S("| --")) || draft_is(d, i, S("|:-")))
        check_say(c, "S37", i, l->end, "残留Markdown表格符号");
}

static size_t tag_at(const struct draft *d, size_t i)
{
    static const struct str tags[] = {SC("<p>"), SC("</p>"), SC("<br>"), SC("<br/>"), SC("<br />"),
        SC("<div"), SC("</div>"), SC("<span"), SC("</span>"), SC("<b>"), SC("</b>"), SC("<strong>"),
        SC("</strong>"), SC("<table"), SC("</table>"), SC("<td"), SC("</td>"), SC("<font"),
        SC("</font>"), SC("<img"), SC("&nbsp;"), SC("&lt;"), SC("&gt;"), SC("&amp;"), SC("&quot;"),
        SC("&ldquo;"), SC("&rdquo;"), SC("&mdash;")};

    return d->cp[i] == '<' || d->cp[i] == '&' ? draft_any(d, i, tags, COUNT(tags)) : 0;
}

static size_t phrase_at(const struct draft *d, size_t i)
{
    static const struct str phrases[] = {SC("作为一个AI"), SC("作为一名AI"), SC("作为AI语言模型"),
        SC("作为人工智能助手"), SC("作为一个人工智能"), SC("作为一个语言模型"), SC("oaicite"),
        SC("contentReference"), SC("turn0search"), SC("utm_source=chatgpt"), SC("以下是为您"),
        SC("以下是根据您"), SC("希望以上内容对您"), SC("希望这份"), SC("希望这些内容"),
        SC("如果您需要进一步"), SC("如需进一步修改"), SC("请根据实际情况修改"),
        SC("请根据实际情况调整"), SC("（请根据实际"), SC("可根据实际情况调整"),
        SC("您可以根据需要")};

    if (!ch_in(d->cp[i], "作以希如请（可您octu"))
        return 0; /* none begins so */
    return draft_any(d, i, phrases, COUNT(phrases));
}

/* **加粗**: how much of it was dealt with; 0 for none. */
static size_t bold_at(struct checker *c, size_t i)
{
    const struct draft *d = c->d;
    size_t close;

    if (d->cp[i] != '*' || d->cp[i + 1] != '*' || !utf8_is_han(d->cp[i + 2]))
        return 0;
    close = draft_find(d, i + 2, d->lines[draft_line_of(d, i)].end, S("**"));
    if (close == SIZE_MAX || close - i >= BOLD_CP)
        return 2;
    check_replace(c, "S37", i, close + 2, draft_str(d, i + 2, close), "残留Markdown加粗符号");
    return close + 2 - i;
}

static void residue(struct checker *c)
{
    const struct draft *d = c->d;

    for (size_t l = 0; l < d->n_lines; l++)
        if (d->lines[l].kind != META_ROW)
            line_marks(c, &d->lines[l]);
    for (size_t i = 0; i < d->n; i++) {
        size_t n = tag_at(d, i);
        if (n)
            check_say(c, "S37", i, i + n, "残留网页代码“%.*s”", SF(draft_str(d, i, i + n)));
        else if ((n = phrase_at(d, i)) > 0)
            check_say(
                c, "S37", i, i + n, "残留智能写作工具的套话“%.*s”", SF(draft_str(d, i, i + n)));
        else
            n = bold_at(c, i);
        i += n ? n - 1 : 0;
    }
}

void form_left(struct checker *c)
{
    placeholders(c);
    residue(c);
}
