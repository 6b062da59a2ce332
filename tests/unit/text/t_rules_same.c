#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_cases.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void one_thing_in_two_ways(void **state)
{
    static const struct rule_case v[] = {
        {"C01", "《关于试点的通知》（国办发〔2023〕5号）和《关于推广的通知》（国办发〔2024〕5号）",
            0},
        {"C01", "《关于试点的通知》（国办发〔2023〕5号）、《关于推广的通知》（国办发〔2023〕5号）",
            1},
        {"C02", "《省级预算单位公务卡管理办法》与《市级预算单位公务卡管理办法》。", 0},
        {"C02", "《中华人民共和国民事诉讼法》规定。《中华人民共和国刑事诉讼法》规定。", 0},
        {"C02", "《第一批试点单位工作方案》公布。《第二批试点单位工作方案》待定。", 0},
        {"C02", "《公司合同管理办法（试行）》规定。《公司合同管理条例（试行）》规定。", 0},
        {"C02", "《中国共产党纪律处分条例》规定。《中国共产党纪纪律处分条例》规定。", 1},
        {"C02",
            "《公司采购合同管理办法》规定。《公司采够合同管理办法》规定。《公司采够合同管理办法》又"
            "规定。",
            1},
        {"C03", "“一个中心、两个基本点”是路线。“一个中心、两人基本点”不同。",
            0}, /* a number beside */
        {"C04", "信访工作领导小组、安全生产领导小组开会。", 0},
        {"C04", "公司安全生产工作领导小组下设办公室。安全生产领导小组每月开会。", 1},
        {"C05", "全年完成营业收入12.3亿元。全年完成营业收入12亿元。", 0}, /* rounded */
        {"C05", "全年完成营业收入约12亿元。全年完成营业收入13亿元。", 0},
        {"C05", "2023年完成营业收入12亿元。2024年完成营业收入13亿元。", 0},
        {"S26", "国务院办公厅关于开展检查的通知\n各部门：\n请检查。\n国办\n2025年4月1日", 0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thing_in_two_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
