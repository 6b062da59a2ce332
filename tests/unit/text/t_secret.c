#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/secret.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct row {
    const char *text;
    enum secret_level level;
    enum secret_form form;
};

/* All texts are our own; none is taken from a document. */
static const struct row marked[] = {
    {"机密★1年\n关于示例事项的通知", SECRET_MID, SECRET_STAR},
    {"秘密★6个月\n关于示例事项的通知", SECRET_LOW, SECRET_STAR},
    {"绝密★长期\n关于示例事项的通知", SECRET_TOP, SECRET_STAR},
    {"秘密★\n关于示例事项的通知", SECRET_LOW, SECRET_STAR},
    {"绝密★\n", SECRET_TOP, SECRET_STAR},
    {"机密★10年", SECRET_MID, SECRET_STAR},
    {"000012\n机密★1年\n特急\n某某集团文件", SECRET_MID, SECRET_STAR},
    {"000012 机密★1年 特急\n某某集团文件", SECRET_MID, SECRET_STAR},
    {"机 密★1年", SECRET_MID, SECRET_STAR},
    {"机　密 ★ 1 年", SECRET_MID, SECRET_STAR},
    {"秘   密★三年", SECRET_LOW, SECRET_STAR},
    {"机密☆1年", SECRET_MID, SECRET_STAR},
    {"机密*1年\n关于示例事项的通知", SECRET_MID, SECRET_STAR},
    {"机密＊１年\n关于示例事项的通知", SECRET_MID, SECRET_STAR},
    {"机密⭐1年", SECRET_MID, SECRET_STAR},
    {"机密✩1年", SECRET_MID, SECRET_STAR},
    {"机密大1年\n某某集团文件", SECRET_MID, SECRET_STAR},
    {"机密女1年\n某某集团文件", SECRET_MID, SECRET_STAR},
    {"机密·3年\n某某集团文件", SECRET_MID, SECRET_STAR},
    {"秘密x5年\n某某集团文件", SECRET_LOW, SECRET_STAR},
    {"機密★1年", SECRET_MID, SECRET_STAR},
    {"絕密★5年", SECRET_TOP, SECRET_STAR},
    {"机密级★1年", SECRET_MID, SECRET_STAR},
    {"绝密★启用前\n年度考核试卷", SECRET_TOP, SECRET_STAR},
    {"机密★2030年12月31日", SECRET_MID, SECRET_STAR},
    {"机密★至2030年", SECRET_MID, SECRET_STAR},
    {"某某集团有限公司\n\n\n机密★1年\n\n关于示例事项的通知", SECRET_MID, SECRET_STAR},
    {"关于示例事项的通知\n各单位：\n正文一段。\n附件\n秘密★1年\n附件的正文", SECRET_LOW,
        SECRET_STAR},
    {"本件机密★3年，阅后退回机要室，不得复印。", SECRET_MID, SECRET_STAR},
    {"关于示例事项的通知 机密★1年", SECRET_MID, SECRET_STAR},
    {"【机密★1年】关于示例事项的通知", SECRET_MID, SECRET_STAR},
    {"（秘密★1年）", SECRET_LOW, SECRET_STAR},
    {"密级：机密★1年", SECRET_MID, SECRET_FIELD},
    {"序号\t文件名\t密级\n1\t示例\t机密★5年", SECRET_MID, SECRET_STAR},
    {"密级：秘密\n关于示例事项的通知", SECRET_LOW, SECRET_FIELD},
    {"密级:机密\n关于示例事项的通知", SECRET_MID, SECRET_FIELD},
    {"密 级：绝密\n关于示例事项的通知", SECRET_TOP, SECRET_FIELD},
    {"密　级： 机 密\n关于示例事项的通知", SECRET_MID, SECRET_FIELD},
    {"密级\t秘密\n标题\t示例", SECRET_LOW, SECRET_FIELD},
    {"密级：机密级\n关于示例事项的通知", SECRET_MID, SECRET_FIELD},
    {"密级：秘密 5年\n关于示例事项的通知", SECRET_LOW, SECRET_FIELD},
    {"密级：秘密5年\n关于示例事项的通知", SECRET_LOW, SECRET_FIELD},
    {"份号：000123  密级：机密  紧急程度：特急", SECRET_MID, SECRET_FIELD},
    {"份号：000123\t密级：机密\t紧急程度：特急", SECRET_MID, SECRET_FIELD},
    {"密级和保密期限：机密 1年", SECRET_MID, SECRET_FIELD},
    {"秘密等级：绝密", SECRET_TOP, SECRET_FIELD},
    {"保密等级：秘密", SECRET_LOW, SECRET_FIELD},
    {"文件密级：机密", SECRET_MID, SECRET_FIELD},
    {"密级：☑机密", SECRET_MID, SECRET_FIELD},
    {"密级 机密\n关于示例事项的通知", SECRET_MID, SECRET_FIELD},
    {"000012\n机密\n特急\n某某集团有限公司文件\n某办发〔2024〕3号", SECRET_MID, SECRET_ALONE},
    {"机密\n某某集团有限公司文件\n某办发〔2024〕3号\n关于示例事项的通知", SECRET_MID, SECRET_ALONE},
    {"机 密\n№000012\n关于示例事项的通知", SECRET_MID, SECRET_ALONE},
    {"份号：000012\n绝密\n关于示例事项的通知", SECRET_TOP, SECRET_ALONE},
    {"秘密 特急\n关于示例事项的通知", SECRET_LOW, SECRET_ALONE},
    {"机密 000012\n某办〔2024〕3号", SECRET_MID, SECRET_ALONE},
    {"【机密】关于示例事项的请示", SECRET_MID, SECRET_BRACKET},
    {"（秘密）关于示例事项的请示", SECRET_LOW, SECRET_BRACKET},
    {"关于示例事项的请示（机密）\n某某集团：", SECRET_MID, SECRET_BRACKET},
    {"[绝密]关于示例事项的请示", SECRET_TOP, SECRET_BRACKET},
    {"关于示例事项的请示【机密级】", SECRET_MID, SECRET_BRACKET},
    {"〔秘密〕\n关于示例事项的请示", SECRET_LOW, SECRET_BRACKET},
};

static const char *const clean[] = {
    "关于示例事项的通知\n各单位：\n请认真贯彻执行。",
    "中华人民共和国保守国家秘密法",
    "第十四条 国家秘密的密级分为绝密、机密、秘密三级。",
    "绝密级国家秘密是最重要的国家秘密，泄露会使国家安全和利益遭受特别严重的损害。",
    "第二十条 国家秘密的保密期限，绝密级不超过三十年，机密级不超过二十年，秘密级不超过十年。",
    "机密级计算机应当专人管理。",
    "侵犯商业秘密的，责令停止违法行为。",
    "商业秘密★3年\n某某集团合同",
    "工作秘密★1年\n某某集团值班表",
    "密级：内部\n关于示例事项的通知",
    "密级：无\n关于示例事项的通知",
    "密级：公开\n关于示例事项的通知",
    "密级：\n关于示例事项的通知",
    "密级：非密\n关于示例事项的通知",
    "密级：工作秘密\n关于示例事项的通知",
    "密级：商业秘密\n关于示例事项的通知",
    "密级：□绝密 □机密 □秘密\n申请表",
    "密级：绝密/机密/秘密\n申请表",
    "密级：绝密、机密、秘密三种\n说明",
    "密级：机密 秘密 内部\n申请表",
    "密级：秘密级事项由部门负责人确定",
    "密级和保密期限一般用3号黑体字，顶格编排在版心左上角第二行。",
    "标注密级和保密期限时，如“机密★1年”，数字用阿拉伯数字。",
    "国家秘密标志的形式为“密级★保密期限”，例如“机密★1年”。",
    "文件首页标注“秘密★1年”字样的，由机要室登记。",
    "凡印有机密★1年字样的文件一律退回。",
    "下列写法正确的是：\nA.机密★1年\nB.机密1年",
    "（1）机密★1年；",
    "格式如机密★1年，星号前为密级。",
    "“机密★10年”表示该文件在十年内保密。",
    "他在文章中写道：“绝密★”三个字符让人紧张。",
    "秘密★花园读书会招募会员",
    "秘密\n\n我小时候有一个秘密，从来没有告诉别人。",
    "机密档案\n第一章 深夜来电",
    "绝密\n一部关于隐蔽战线的电影",
    "绝密飞行\n影片介绍",
    "保密工作要点\n一、加强保密教育。",
    "关于加强保密工作的通知\n各单位：\n严防泄露国家秘密。",
    "要严守党的秘密，保守国家机密。",
    "新闻联播消息：警方破获一起窃取国家机密案件。",
    "第五章 保密\n第三十条 接触秘密信息的人员应当签订协议。",
    "机密性、完整性和可用性是信息安全的三要素。",
    "本系统严禁处理国家秘密。",
    "本合同内容属于双方的商业机密。",
    "机密计算技术发展报告",
    "**秘密**是一个中文词语。",
    "秘密*文件*夹",
    "评分标准：★为必答题，秘密知识点3题",
    "★必须响应\n秘密投标文件处理",
    "泄露军事秘密罪\n泄露机密级军事秘密一项以上的，应予立案。",
    "投票采用无记名方式，秘密写票处设在会场东侧。",
    "（一）绝密级；\n（二）机密级；\n（三）秘密级。",
    "绝密\n机密\n秘密\n三个等级的区别",
    "会议纪要\n会议强调，任何人不得向外透露会议秘密（含电话、微信）。",
    "关于定密责任人培训的通知\n学习机密级、秘密级事项的确定程序。",
    "涉密等级保护测评指南",
    "密级标识管理办法",
    "某公司《秘密》杂志征稿启事",
    "秘密1年前就公开了。",
    "他保守这个秘密3年。",
    "关于报送涉密人员名单（机密、秘密级）的通知\n各单位：",
    "第十条 机密×年限的计算方法另行规定",
    "",
    "密",
    "★",
};

static void finds_marks(void **state)
{
    int missed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(marked); i++) {
        struct secret_mark m = {0};
        struct str text = str_z(marked[i].text);
        if (!secret_find(text, &m))
            missed++, print_error("no mark found: %s\n", marked[i].text);
        else if (m.level != marked[i].level || m.form != marked[i].form)
            missed++, print_error("level %d form %d: %s\n", m.level, m.form, marked[i].text);
        else
            assert_true(m.at.begin < m.at.end && m.at.end <= text.n && m.line >= 1);
    }
    assert_int_equal(missed, 0);
}

static void lets_talk_about_secrets_pass(void **state)
{
    int alarms = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(clean); i++) {
        struct secret_mark m = {0};
        if (secret_find(str_z(clean[i]), &m))
            alarms++, print_error("false alarm, form %d: %s\n", m.form, clean[i]);
    }
    assert_int_equal(alarms, 0);
}

static void reads_page_headers(void **state)
{
    static const char *const bad[] = {"机密", "秘密", "机 密", "【绝密】", "机密  第 1 页 共 5 页",
        "秘密★1年", "000123 机密 特急", "- 机密 -"};
    static const char *const good[] = {"", "第 1 页", "内部资料", "商业秘密", "保密协议",
        "某公司商业机密", "机密计算技术白皮书", "工作秘密", "国家秘密载体管理"};
    struct secret_mark m;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (!secret_find_header(str_z(bad[i]), &m))
            fail_msg("no mark found: %s", bad[i]);
    for (size_t i = 0; i < COUNT(good); i++)
        if (secret_find_header(str_z(good[i]), &m))
            fail_msg("false alarm: %s", good[i]);
}

static void says_where(void **state)
{
    struct str text = S("第一行\n\n 机 密★1年 \n正文");
    struct secret_mark m;

    (void)state;
    assert_true(secret_find(text, &m));
    assert_true(str_eq(span_str(text, m.at), S("机 密★1年")));
    assert_int_equal(m.line, 3);
    assert_string_equal(secret_level_name(m.level), "机密");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_marks),
        cmocka_unit_test(lets_talk_about_secrets_pass), cmocka_unit_test(reads_page_headers),
        cmocka_unit_test(says_where)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
