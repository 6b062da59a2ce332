/* Quotations and citations, judged by the library: entries only. office/quote.c finds them, and
 * tests/unit/office/t_quote.c has a library in which each pair holds. */
#include "text/rule.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct rule table[] = {
    {"Q01", "引号内文字与原文不一致", CHECK_QUOTE, CHECK_ERROR, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条；公文引文应当准确", false, NEED_LIBRARY,
        "会议指出，“要把为民造福作为最重要的工作业绩”。",
        "会议指出，“要把为民造福作为最重要的政绩”。", NULL},
    {"Q02", "“指出”“强调”“要求”之后的转述与原文不一致", CHECK_QUOTE, CHECK_WARN, STRENGTH_SHOULD,
        "公文引文应当准确", false, NEED_LIBRARY, "会议强调，要把为民造福作为最重要的业绩。",
        "会议强调，要把为民造福作为最重要的政绩。", NULL},
    {"Q03", "引文出自另一文件或会议", CHECK_QUOTE, CHECK_WARN, STRENGTH_MUST,
        "公文引文应当注明正确出处", false, NEED_LIBRARY, "《甲办法》规定：“乙办法的原文。”",
        "《乙办法》规定：“乙办法的原文。”", NULL},
    {"Q04", "所引题名与发文时不一致", CHECK_QUOTE, CHECK_ERROR, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条；引用公文应当先引标题后引发文字号", false,
        NEED_LIBRARY, "《督查督办工作暂时办法》", "《督查督办工作暂行办法》", NULL},
    {"Q05", "题名与文号不符", CHECK_QUOTE, CHECK_ERROR, STRENGTH_MUST,
        "引用公文应当先引标题后引发文字号", false, NEED_LIBRARY,
        "《甲办法》（云岭办发〔2024〕2号）", "《甲办法》（云岭办发〔2024〕1号）", NULL},
    {"Q06", "所引文件已废止", CHECK_QUOTE, CHECK_ERROR, STRENGTH_MUST,
        "《党政机关公文处理工作条例》第二十条：符合国家法律法规和党的路线方针政策", false,
        NEED_LIBRARY, "根据《旧办法》", "根据《新办法》", NULL},
    {"Q07", "所引文件已有新版本", CHECK_QUOTE, CHECK_WARN, STRENGTH_SHOULD,
        "引用应当以现行版本为准", false, NEED_LIBRARY, "根据《办法（2018年）》",
        "根据《办法（2024年）》", NULL},
    {"Q08", "条文序号与内容不符", CHECK_QUOTE, CHECK_ERROR, STRENGTH_MUST,
        "引用法规应当具体到条款项目且准确", false, NEED_LIBRARY,
        "《办法》第三条规定：“第五条的原文。”", "《办法》第五条规定：“第五条的原文。”", NULL},
    {"Q09", "引用的是旧版本的表述", CHECK_QUOTE, CHECK_WARN, STRENGTH_SHOULD,
        "引用应当以现行版本为准", false, NEED_LIBRARY, "“旧版本的原文”", "“新版本的原文”", NULL},
    {"Q10", "引文在资料库中没有找到出处", CHECK_QUOTE, CHECK_HINT, STRENGTH_MAY,
        "引文应当注明出处并核对", false, NEED_LIBRARY,
        "会议指出：“资料库里没有的一句完整的话，无从核对它的出处。”",
        "会议指出：“资料库里有的话。”", NULL},
    {"Q11", "与上级文件的表述相近而不同", CHECK_QUOTE, CHECK_HINT, STRENGTH_MAY,
        "重要表述应当与上级保持一致", false, NEED_LIBRARY, "没有引号，却比上级文件的原话少了几个字",
        "没有引号，与上级文件的原话一字不差", NULL},
    {"Q12", "所引文件不在资料库中", CHECK_QUOTE, CHECK_HINT, STRENGTH_MAY, "引用应当核对原件",
        false, NEED_LIBRARY, "《资料库里没有的办法》（某办发〔2024〕3号）",
        "《资料库里有的办法》（云岭办发〔2024〕1号）", NULL},
    {"R10", "大段重复本单位以往文稿", CHECK_REPEAT, CHECK_HINT, STRENGTH_MAY,
        "文稿应当言之有物，避免照搬", false, NEED_LIBRARY, "照抄去年总结的一段", "今年新写的一段",
        NULL},
};
const struct rule_table rules_quote = {table, COUNT(table)};
