#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_cases.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void personal_data(void **state)
{
    static const struct rule_case v[] = {
        {"I01", "证号11010519491231002X，", 1},
        {"I01", "证号11010519491231002x。", 1},
        {"I01", "证号110105194912310021。", 0},  /* check digit */
        {"I01", "证号110105194902310021。", 0},  /* no such day */
        {"I01", "编号A11010519491231002X。", 0}, /* part of a code */
        {"I02", "请找王某13800138000。", 1},
        {"I02", "共13800138000元。", 1},
        {"I02", "投资113800138000元。", 0},
        {"I02", "联系人：王某，联系电话13800138000。", 0},
        {"I03", "联系人：王某，联系电话13800138000。", 1},
        {"I05", "6222 0200 0000 0000 000", 1},
        {"I05", "6222020000000000001", 0}, /* Luhn */
        {"I05", "4111111111111111", 0},    /* no label */
        {"I05", "银行卡号4111111111111111", 1},
        {"I06", "zhang.san@163.com", 1},
        {"I06", "office@example.gov.cn", 0},
        {"I07", "车牌京A·12345", 1},
        {"I07", "京G7次列车", 0},
        {"I08", "护照号码E12345678", 1},
        {"I08", "编号E12345678", 0},
        {"I10", "内部资料  注意保存", 1},
        {"I10", "要管好内部资料，严格执行保密规定，不得外传。", 0},
        {"S27", "绝密★长期\n关于某事的通知", 1},
        {"S27", "机密、秘密文件由专人管理。", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void said_twice(void **state)
{
    static const struct rule_case v[] = {
        {"R01",
            "各部门要把本月重点工作按时报送公司办公室。\n各部门要把本月重点工作按时报送公司办公室"
            "。",
            1},
        {"R01", "各部门要按时报送。\n各部门要按时报送。", 0}, /* too short to say */
        {"R01",
            "各部门要把本月重点工作按时报送公司办公室。办公室汇总以后提请公司领导在月度会议上审议。"
            "\n"
            "其他。\n"
            "各部门要把本月重点工作按时报送公司办公室。办公室汇总以后提请公司领导在月度会议上审议"
            "。",
            1}, /* two sentences, one repetition */
        {"R03", "目的的实现", 0},
        {"R03", "为了了解情况", 0},
        {"R03", "大是大非，是是非非", 0},
        {"R03", "实事求是是精髓", 0},
        {"R03", "完成了了任务", 1},
        {"R04", "一步一步推进，天天向上，人人有责，渐渐好转", 0},
        {"R04", "研究研究再说", 0},
        {"R04", "召开工作会议工作会议", 1},
        {"R04", "专利的专利权人", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(personal_data),
        cmocka_unit_test(said_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
