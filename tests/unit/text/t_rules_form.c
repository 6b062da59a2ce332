#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_cases.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HEAD "关于报送总结的通知\n各部门：\n"
#define TAIL "\n公司办公室\n2025年4月1日"

static void sequences(void **state)
{
    static const struct rule_case v[] = {
        {"S02", "一、甲\n（一）子\n（二）丑\n二、乙\n（三）寅\n（四）卯", 0}, /* runs on */
        {"S02", "一、甲\n（一）子\n（二）丑\n二、乙\n（一）寅\n（二）卯", 0},
        {"S02", "一、甲\n（一）子\n（二）丑\n（二）寅", 1},
        {"S02", "一、甲\n（一）子\n（三）寅", 1},
        {"S02", "一、甲\n（一）子\n（二）丑\n（二）寅\n（四）卯", 1}, /* one slip, said once */
        {"S02", "一、甲\n（一）子\n（二）丑\n（二）寅\n（三）卯", 1},
        {"S02", "一、甲\n（一）子；（二）丑；\n（三）寅",
            0}, /* the second one stands inside the line */
        {"S02", "一、甲\n二、乙\n附件1\n一、丙\n二、丁", 0},
        {"S02", HEAD "请报送。\n附件：1.格式\n2.名单" TAIL, 0},
        {"S02", HEAD "请报送。\n附件：1.格式\n3.名单" TAIL, 1},
        {"S02", "第一条　甲。\n第二条　乙。\n第四条　丁。", 1},
        {"S02", "第一条　甲。\n第二条　乙。\n第三条　丙。", 0},
        {"S02", "第一章　甲\n第一条　子。\n第二章　乙\n第二条　丑。", 0},
        {"S02", "增长1.5亿元。\n2.3亿元用于建设。", 0},
        {"S03", "一、甲\n（一）子；（二）丑。\n二、乙", 0},
        {"S47", "要做到：一是甲；二是乙；二是丙。", 1},
        {"S47", "要做到：一是甲；二是乙；三是丙。", 0},
        {"S47", "（一）甲；（二）乙；（四）丁。", 1},
        {"S47", "依照第（三）项、第（一）项。", 0},
        {"S47", "违反第十六条第（一）、（三）、（五）项规定的，予以通报。", 0},
        {"S47", "一是甲。\n二是乙。\n二是丙。\n四是丁。", 1},
        {"S47", "一是甲。\n三是丙。", 1},
        {"S47", "一是甲。\n二是乙。\n其他事项。\n一是丙。\n二是丁。", 0},
        {"S47", "一是甲；二是乙。\n二是丙。", 0}, /* may go on from either */
        {"S39", "做了以下六个方面工作。\n一是甲。\n二是乙。\n三是丙。", 1},
        {"S39", "做了以下三个方面工作。\n一是甲。\n二是乙。\n三是丙。\n此外，还有丁。", 0},
        {"S39", "抓好以下三项工作：\n一、甲\n二、乙\n三、丙", 0},
        {"S39", "抓好以下四项工作：\n一、甲\n（一）子\n（二）丑\n二、乙\n三、丙", 1},
        {"S39", "以下三个方面需要注意。", 0},
        {"S39", "下面，我讲四点意见。\n一、甲\n二、乙\n三、丙", 1},
        {"S39", "下面，我讲三点意见。\n一、甲\n（一）子\n二、乙\n三、丙", 0},
        {"S05", "一、同意甲方案，由办公室印发。\n二、关于年度考核工作。\n（一）对象为各部门。", 0},
        {"S05", "一、各单位要提高认识，加强领导。\n二、抓紧落实。", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void heads_and_tails(void **state)
{
    static const struct rule_case v[] = {
        {"S06", "根据国办发〔2024〕15号文件", 0},
        {"S07", "在年度工作会议上的讲话\n同志们：\n今天开会。", 0},
        {"S08", "关于印发《办法（试行）》的通知\n各部门：\n请执行。" TAIL, 0},
        {"S10", "关于对外投资的批复\n甲公司：\n《请示》收悉。" TAIL, 0},
        {"S12", HEAD "请报送。" TAIL, 0},
        {"S12", "关于报送总结的通知。\n集团各部门、各子公司\n请报送。" TAIL, 1},
        {"S17", "关于报送总结的通知。\n各部门：\n请报送。\n特此报告。" TAIL, 1},
        {"S15", "关于设备情况的报告\n集团公司：\n按照领导“请批示”的要求办理。" TAIL, 0},
        {"S15", HEAD "妥否，请批示。" TAIL, 0}, /* no report */
        {"S16", "关于购置设备的请示\n集团公司：\n妥否，请批示。" TAIL, 0},
        {"S20", HEAD "请报送。\n附件：1.格式" TAIL, 1},
        {"S20", HEAD "请报送。\n附件：格式" TAIL, 0},
        {"S21", HEAD "见附件2。\n附件：1.格式\n2.名单" TAIL "\n附件1\n格式\n附件2\n名单", 0},
        {"S21", HEAD "见附件。\n附件：年度工作总结格式" TAIL "\n附件\n年度工作总结样式", 1},
        {"S21",
            HEAD "见附件。\n附件：山河水电站地质险情专家组意见" TAIL
                 "\n附件\n山河水电站\n地质险情专家组意见\n甲公司：\n现报告如下。",
            0},
        {"S21",
            HEAD "见附件。\n附件：山河水电站地质险情专家组意见" TAIL
                 "\n附件\n山河水电站\n地质险情专家组报告\n甲公司：",
            1},
        {"S21",
            HEAD "见附件。\n附件：甲公司关于山河水电站地质险情的报告" TAIL
                 "\n附件\n关于山河水电站\n地质险情的报告\n甲公司：",
            0},
        {"S21", HEAD "格式见附件2。" TAIL, 1},
        {"S21", HEAD "格式见附件2。" TAIL "\n附件2\n格式", 0},
        {"S21",
            HEAD "见附件。\n附件：1.格式\n2.名单" TAIL "\n附件1\n格式\n附件2\n名单\n附件3\n其他",
            1},
        {"S22", HEAD "请报送。\n公司办公室\n二〇〇五年四月一日", 0}, /* before the standard */
        {"S23", HEAD "请报送。" TAIL "\n抄送：集团公司。", 0},
        {"S30", HEAD "请于3月31日前报送，目前已报三份。" TAIL, 0},
        {"S30", "在会议上的讲话\n同志们：\n今天开会。", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void what_is_left(void **state)
{
    static const struct rule_case v[] = {
        {"S36", "于20XX年完成，〔20××〕3号，【待补充】，TODO，此处插入图片", 5},
        {"S36", "3×4米，X光，XXL号，xx@example.com", 0},
        {"S36", "当事人王××反映", 0},
        {"S36", "□□公司", 1},
        {"S37", "<p>总则</p>", 2},
        {"S37", "# 标题\n- [ ] 待办\n```", 3},
        {"S37", "3#楼、C#语言、A**B", 0},
        {"S37", "作为一个AI语言模型，我不能", 1},
        {"S32", "甲乙公司（以下简称“甲公司”）、丙丁公司（以下简称“丙公司”）。甲公司、丙公司参加。",
            0},
        {"S45", "依据《中华人民共和国某某法》（以下简称《某某法》）办理。", 1},
        {"S45", "依据《中华人民共和国某某法》（以下简称《某某法》），《某某法》规定办理。", 0},
        {"S46",
            "省信息资源综合管理中心（以下简称“信息中心”）牵头，信息中心提出方案，省信息资源综合管理"
            "中心验收。",
            1},
        {"S40", "出席：王建国　李明\n列席：张文\n请假：赵强", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

/* Off unless a unit switches it on, so the pairs of t_check.c do not run it. */
static void a_request_names_whom_to_ask(void **state)
{
    const struct rule *r = check_rule(S("S25"));
    struct rule_setting on = {r, CHECK_HINT, 0};
    struct check_options o = {.today = {2026, 11, 23}, .settings = &on, .n_settings = 1};
    const char *texts[] = {r->wrong, r->right};
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct draft d;
        struct check c;
        struct err e;
        size_t n = 0;
        assert_int_equal(draft_read(&a, str_z(texts[i]), NULL, &d, &e), OK);
        check_draft(&a, &d, &o, &c);
        for (size_t k = 0; k < c.n; k++)
            n += c.v[k].rule == r;
        assert_int_equal(n, i == 0);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences),
        cmocka_unit_test(heads_and_tails),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test(a_request_names_whom_to_ask),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
