#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_cases.h"
#include "text/figures.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define HEAD "关于报送总结的通知\n各部门：\n"
#define TAIL "\n公司办公室\n2025年4月1日"

static void dates(void **state)
{
    static const struct rule_case v[] = {
        {"D01", "2025年2月29日", 1},
        {"D01", "2024年2月29日、2月29日、12月31日", 0},
        {"D01", "二〇二五年四月三十一日", 1},
        {"D01", "2025年13月", 1},
        {"D01", "2002年7703元，一九八〇年二十八年中，2006年20.5亿元", 0},
        {"D02", "2026年11月23日（星期一）上午，2026年11月22日（周日）", 0},
        {"D02", "2026年11月23日 星期三", 1},
        {"D02", "2026年11月22日（星期天）", 0},
        {"D02", "11月23日（星期二）", 0}, /* no year anywhere */
        {"D02", HEAD "定于4月11日（星期四）开会。" TAIL, 1},
        {"D02", HEAD "定于4月11日（星期五）开会。" TAIL, 0},
        {"D02", HEAD "定于1月5日（星期一）开会。" TAIL, 0}, /* 2026 */
        {"D03", "2025年3月—2025年1月", 1},
        {"D03", "2024年4月15日－4月22日", 0},
        {"D03", "2024年4月15日至4月12日", 1},
        {"D03", "11月15日至3月15日供暖", 0},
        {"D03", "2024年12月20日至1月5日", 0},
        {"D03", "3月5日—2日", 1},
        {"D03", "3月5日—7日", 0},
        {"D03", "2025—2021年", 1},
        {"D03", "2025年至2021年", 1},
        {"D03", "2021—2025年", 0},
        {"D03", "9:00—8:00", 1},
        {"D03", "22:00—6:00；2:00—5:00；14:30—17:00", 0},
        {"D03", "9时至8时", 1},
        {"D04", HEAD "请于3月15日前报送。" TAIL, 1},
        {"D04", HEAD "请于4月15日前报送。" TAIL, 0},
        {"D04", HEAD "请于每年3月15日前报送。" TAIL, 0},
        {"D04", HEAD "2024年3月15日前已报送的不再报送。" TAIL, 0},
        {"D05", HEAD "截至2025年3月31日已完成。" TAIL, 0},
        {"D06", "“十四五”时期（2021—2025年）、“十三五”期间（2016—2020年）", 0},
        {"D06", "“十四五”期间（2020—2024年）", 1},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void sums(void **state)
{
    static const struct rule_case v[] = {
        {"A01", "全年共受理12件，其中信访5件、投诉3件。", 0}, /* 其中: only some */
        {"A01", "共12人，其中男5人、女8人。", 1},
        {"A01", "共12人，其中党员8人、青年干部7人。", 0}, /* may overlap */
        {"A01", "现有车辆12辆，其中指挥车5辆、抢险车8辆。", 1},
        {"A01", "共有单位12家：一类5家、二类8家。", 1},
        {"A01", "一类企业5家、二类企业8家，共12家。", 1},
        {"A01", "一类企业5家、二类企业8家，共13家。", 0},
        {"A01", "共投入1.2亿元（甲项目0.5亿元、乙项目0.7亿元）。", 0},
        {"A01", "共投入1.2亿元（甲项目0.54亿元、乙项目0.7亿元）。", 0}, /* rounding */
        {"A01", "共投入约12万元（甲5万元、乙8万元）。", 0},
        {"A03", "分别占33.3%、33.3%、33.4%", 0},
        {"A03", "女性、青年、党员分别占51.4%、81.2%、45.5%", 0},
        {"A04", "由100吨增至115吨，增长12%", 1},
        {"A04", "收入同比增长12%，由100万元增至115万元。", 1},
        {"A04", "收入同比增长15%，由100万元增至115万元。", 0},
        {"A04", "由2020年的100吨增至115吨，年均增长3%", 0},
        {"A04", "由1.2亿元增加到1.5亿元，增长23%", 0}, /* rounded figures */
        {"A04", "从80人减少到60人，下降30%", 1},
        {"A04", "占比由35%提高到40%，提高8个百分点", 1},
        {"A04", "由2024年的10起增加到2026年的15起，增长40%", 1},
        {"A04", "由2024年的10起增加到2026年的15起，增长50%", 0},
        {"A06", "由2024年的10起增加到2026年的8起", 1},
        {"A06", "由1.2亿元增加到1300万元", 1},
        {"A06", "由9000万元增加到1.3亿元", 0},
        {"A05", "占比由35%提高到40%，提高5个百分点", 0},
        {"A05", "占比由35%提高到40%，提高14.3%", 0},
        {"A08", "9～16亿元；15～30天；-5～-10℃", 0},
        {"A08", "30～15天", 1},
        {"A08", "50%—30%", 1},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void tables(void **state)
{
    static const struct rule_case v[] = {
        {"A02", "单位\t人数\n甲\t5\n乙\t8\n合计\t13", 0},
        {"A02", "单位\t人数\n甲\t5\n乙\t8\n合计\t12", 1},
        {"A02", "单位\t人数\n合计\t12\n甲\t5\n乙\t8", 1},
        {"A02", "单位\t人数\n甲\t13\n其中：女\t5\n乙\t8\n合计\t21", 0},
        {"A02", "单位\t占比\n甲\t5\n乙\t8\n合计\t100", 0},
        {"A02", "单位\t金额\n甲\t1.25\n乙\t2.34\n合　计\t3.6", 0},
        {"A02", "季度\t甲\t乙\t合计\n一季度\t1\t2\t3\n二季度\t2\t2\t4\n三季度\t5\t1\t7", 1},
        {"A02", "单位\t人数\n甲\t5\n小计\t5\n乙\t8\n合计\t12", 0}, /* sub-totals: not judged */
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

static void figures_have_value_and_unit(void **state)
{
    static const struct {
        const char *text;
        double value, half;
        const char *unit;
    } v[] = {
        {"1,234.5万元", 12345000, 500, "元"},
        {"12 000人", 12000, 0.5, "人"},
        {"3千瓦时", 3, 0.5, "千瓦时"},
        {"5个百分点", 5, 0.5, "个百分点"},
        {"1.2万亿元", 1.2e12, 5e10, "元"},
    };
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(v); i++) {
        struct draft d;
        struct figure *f;
        struct err e;
        assert_int_equal(draft_read(&a, str_z(v[i].text), NULL, &d, &e), OK);
        assert_int_equal(figures_read(&a, &d, &f), 1);
        assert_true(f[0].value > v[i].value * 0.999999 && f[0].value < v[i].value * 1.000001);
        assert_true(f[0].half > v[i].half * 0.999999 && f[0].half < v[i].half * 1.000001);
        assert_true(str_eq(draft_str(&d, f[0].unit, f[0].end), str_z(v[i].unit)));
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(sums),
        cmocka_unit_test(tables),
        cmocka_unit_test(figures_have_value_and_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
