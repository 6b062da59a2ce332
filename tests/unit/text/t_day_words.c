/* Limits as leaders write them, seen from the day of the words: a fixed day, so that every answer can be read off a calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "text/day_words.h"

static struct calendar *cal;

/* "2026-07-18 5日内": the day and the words it was read from; empty: none. */
static struct str due(struct arena *a, const char *words, struct day from)
{
    struct text_span at;
    int32_t day;
    char iso[DAY_ISO_SIZE];
    if (!day_words_due(str_z(words), day_num(from), cal, &day, &at))
        return S("");
    return arena_printf(
        a, "%.*s %.*s", SF(day_iso(day_of(day), iso)), SF(span_str(str_z(words), at)));
}

struct row {
    const char *words, *want;
};

static void each(const struct row *rows, size_t n, struct day from)
{
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < n; i++) {
        struct str got = due(&a, rows[i].words, from);
        if (!str_eq(got, str_z(rows[i].want)))
            fail_msg("%s: %.*s, not %s", rows[i].words, SF(got), rows[i].want);
    }
    arena_release(&a);
}
#define EACH(rows, ...) each(rows, sizeof(rows) / sizeof(*(rows)), (struct day){__VA_ARGS__})

static void so_many_days(void **state)
{
    static const struct row rows[] = {
        {"请财务部5日内报我。", "2026-07-18 5日内"},
        {"３天内报方案", "2026-07-16 ３天内"},
        {"请工程部十五日内提出意见", "2026-07-28 十五日内"},
        {"三五天内办结", "2026-07-18 三五天内"},
        {"3-5日内报", "2026-07-18 5日内"},
        {"两周内见面汇报", "2026-07-27 两周内"},
        {"一个月之内完成", "2026-08-13 一个月之内"},
        {"半个月内", "2026-07-28 半个月内"},
        {"半年内", "2027-01-13 半年内"},
        {"三年内", "2029-07-13 三年内"},
        {"5个工作日内反馈", "2026-07-20 5个工作日内"},
        {"24小时内报", "2026-07-14 24小时内"},
        {"48小时以内", "2026-07-15 48小时以内"},
        {"3日内报方案，月底前完成", "2026-07-16 3日内"},
        {"近3日内发生两起，请安质部本周五前报告", "2026-07-17 本周五前"},
        {"1000日内", ""},
        {"0日内", ""},
        {"第3日内部会议", ""},
        {"几年内都不会有结果", ""},
        {"请于5日后报", ""},
    };
    (void)state;
    EACH(rows, 2026, 7, 13); /* a Monday */
}

static void named_days(void **state)
{
    static const struct row rows[] = {
        {"请财务部本周五前报。", "2026-07-17 本周五前"},
        {"周五前", "2026-07-17 周五前"},
        {"下周三下班前报进度", "2026-07-22 下周三下班前"},
        {"星期天以前", "2026-07-19 星期天以前"},
        {"7月20日前报我", "2026-07-20 7月20日前"},
        {"七月二十日之前", "2026-07-20 七月二十日之前"},
        {"7月20日17时前", "2026-07-20 7月20日17时前"},
        {"请于2026年8月1日前办结", "2026-08-01 2026年8月1日前"},
        {"2026-08-01前", "2026-08-01 2026-08-01前"},
        {"明年1月10日前", "2027-01-10 明年1月10日前"},
        {"1月10日前", "2027-01-10 1月10日前"},
        {"20日前", "2026-07-20 20日前"},
        {"5日前报", "2026-08-05 5日前"},
        {"下月5号前", "2026-08-05 下月5号前"},
        {"明天前报数", "2026-07-14 明天前"},
        {"明日上午10点前", "2026-07-14 明日上午10点前"},
        {"下午5点前报我", "2026-07-13 下午5点前"},
        {"今天下班前", "2026-07-13 今天下班前"},
        {"周五报我", "2026-07-17 周五"},
        {"7月10日来文已阅，请7月20日前报", "2026-07-20 7月20日前"},
        {"周三、周五前分别报", "2026-07-17 周五前"},
        {"7月10日报告已阅", ""},
        {"刚才完成的不算", ""},
        {"13月40日前", ""},
        {"2月30日前", ""},
        {"每月25日前报信息", ""},
        {"次月5日前", "2026-08-05 次月5日前"},
        {"会前报", ""},
        {"", ""},
    };
    (void)state;
    EACH(rows, 2026, 7, 13);
}

static void parts(void **state)
{
    static const struct row rows[] = {
        {"月底前报我", "2026-07-31 月底前"},
        {"本月末之前", "2026-07-31 本月末之前"},
        {"下月底前", "2026-08-31 下月底前"},
        {"11月底前完成", "2026-11-30 11月底前"},
        {"十一月底完成", "2026-11-30 十一月底"},
        {"2027年2月底前", "2027-02-28 2027年2月底前"},
        {"本月中旬前", "2026-07-20 本月中旬前"},
        {"8月上旬反馈", "2026-08-10 8月上旬"},
        {"本月内", "2026-07-31 本月内"},
        {"年底前", "2026-12-31 年底前"},
        {"明年年底前", "2027-12-31 明年年底前"},
        {"年内办结", "2026-12-31 年内"},
        {"本周内", "2026-07-17 本周内"},
        {"周末前", "2026-07-17 周末前"},
        {"下班前给我", "2026-07-13 下班前"},
        {"年底考核的事再议", ""},
        {"月底的会议我参加", ""},
    };
    (void)state;
    EACH(rows, 2026, 7, 13);
}

static void at_the_end_of_month_and_year(void **state)
{
    static const struct row last[] = {
        {"下月底前", "2027-01-31 下月底前"},
        {"一个月内", "2027-01-31 一个月内"},
        {"2个月内", "2027-02-28 2个月内"},
        {"5日前", "2027-01-05 5日前"},
        {"1月底前", "2027-01-31 1月底前"},
        {"月底前", "2026-12-31 月底前"},
    };
    static const struct row sunday[] = {
        {"本周内", "2026-07-19 本周内"},
        {"周五前", "2026-07-24 周五前"},
        {"下周五前", "2026-07-24 下周五前"},
    };
    (void)state;
    EACH(last, 2026, 12, 31);
    EACH(sunday, 2026, 7, 19);
}

static int begin(void **state)
{
    (void)state;
    cal = calendar_new();
    return cal ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    calendar_free(cal);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(so_many_days), cmocka_unit_test(named_days),
        cmocka_unit_test(parts), cmocka_unit_test(at_the_end_of_month_and_year)};
    return cmocka_run_group_tests(tests, begin, end);
}
