#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/calendar.h"

static int32_t on(int y, int m, int d)
{
    return day_num((struct day){y, m, d});
}

static int64_t at(int y, int m, int d, int hour, int minute)
{
    return clock_ms((struct civil){{y, m, d}, hour, minute, 0, 0}, ZONE_CHINA);
}

/* The statutory days are compensated one for one, so a year has its weekdays less 11 of them (13 since
 * the rule was revised in November 2024). A wrong or missing line breaks the sum. */
static void each_announced_year_has_its_number_of_workdays(void **state)
{
    const struct {
        int year, statutory;
    } years[] = {{2023, 11}, {2024, 11}, {2025, 13}, {2026, 13}};
    struct calendar *cal = calendar_new();
    (void)state;
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        int y = years[i].year, weekdays = 0;
        for (int32_t d = on(y, 1, 1); d < on(y + 1, 1, 1); d++)
            weekdays += day_weekday(d) < 6;
        assert_true(calendar_known(cal, y));
        assert_int_equal(calendar_workdays(cal, on(y - 1, 12, 31), on(y, 12, 31)),
            weekdays - years[i].statutory);
    }
    assert_false(calendar_known(cal, 2022)); /* its last day alone is named */
    assert_false(calendar_known(cal, 2027));
    calendar_free(cal);
}

static void holidays_and_makeup_days_have_names_and_sources(void **state)
{
    struct calendar *cal = calendar_new();
    (void)state;
    assert_false(calendar_workday(cal, on(2026, 2, 16)));
    assert_true(calendar_workday(cal, on(2026, 2, 28))); /* a Saturday */
    assert_int_equal(day_weekday(on(2026, 2, 28)), 6);
    assert_false(calendar_workday(cal, on(2026, 11, 21)));
    assert_true(calendar_workday(cal, on(2026, 11, 23)));
    assert_true(str_eq(calendar_name(cal, on(2025, 10, 6)), S("国庆节、中秋节")));
    assert_true(str_eq(calendar_source(cal, on(2025, 10, 6)), S("国办发明电〔2024〕12号")));
    assert_int_equal(calendar_name(cal, on(2026, 11, 23)).n, 0);
    calendar_free(cal);
}

static void workdays_are_counted_both_ways(void **state)
{
    struct calendar *cal = calendar_new();
    (void)state;
    assert_int_equal(calendar_add_workdays(cal, on(2026, 9, 30), 1), on(2026, 10, 8));
    assert_int_equal(calendar_add_workdays(cal, on(2026, 10, 8), -1), on(2026, 9, 30));
    assert_int_equal(calendar_add_workdays(cal, on(2026, 10, 9), 1), on(2026, 10, 10));
    assert_int_equal(calendar_add_workdays(cal, on(2026, 10, 4), 0), on(2026, 10, 4));
    for (int n = -300; n <= 300; n++) {
        int32_t day = calendar_add_workdays(cal, on(2026, 3, 2), n);
        assert_int_equal(calendar_workdays(cal, on(2026, 3, 2), day), n);
    }
    calendar_free(cal);
}

static void a_file_goes_over_the_built_in_table(void **state)
{
    struct calendar *cal = NULL;
    struct err e;
    (void)state;
    assert_int_equal(calendar_read(S("# 单位自定\n2027-01-01\t休\t元旦\t通知\r\n"
                                     "2027-01-04\t休\t厂休\t\n2026-02-28\t休\t改\t\n"),
                         "calendar.tsv", &cal, &e),
        OK);
    assert_true(calendar_known(cal, 2027));
    assert_false(calendar_workday(cal, on(2027, 1, 4)));
    assert_false(calendar_workday(cal, on(2026, 2, 28)));
    assert_false(calendar_workday(cal, on(2026, 2, 16)));
    calendar_free(cal);
    cal = NULL;
    assert_int_equal(calendar_read(S("\n2027-01-01\t假\t元旦\t"), "b.tsv", &cal, &e), E_INPUT);
    assert_string_equal(e.msg, "文件“b.tsv”第2行：第二列“假”应为“休”或“班”");
    assert_int_equal(calendar_read(S("2027-02-29\t休\tx\ty"), "b.tsv", &cal, &e), E_INPUT);
    assert_int_equal(
        calendar_read(S("2027-01-01\t休\tx\n2027-01-01\t班\tx\n"), "b.tsv", &cal, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "第2行：2027-01-01 出现了两次"));
    assert_null(cal);
}

static void working_time_runs_in_working_hours_only(void **state)
{
    struct work_hours h = work_hours_default();
    struct calendar *cal = calendar_new();
    const int64_t start[] = {at(2026, 7, 13, 9, 0), at(2026, 7, 13, 12, 30), at(2026, 7, 11, 3, 0),
        at(2026, 9, 30, 16, 45), at(2026, 7, 13, 17, 30), at(2026, 7, 13, 8, 30)};
    (void)state;
    assert_int_equal(
        calendar_add_working(cal, &h, at(2026, 7, 13, 9, 0), 4 * MS_HOUR), at(2026, 7, 13, 14, 30));
    assert_int_equal(calendar_add_working(cal, &h, at(2026, 9, 30, 16, 30), 4 * MS_HOUR),
        at(2026, 10, 8, 11, 30));
    assert_int_equal(calendar_add_working(cal, &h, at(2026, 7, 13, 8, 30), 450 * MS_MINUTE),
        at(2026, 7, 13, 17, 30));
    assert_int_equal(
        calendar_add_working(cal, &h, at(2026, 7, 11, 3, 0), 0), at(2026, 7, 11, 3, 0));
    for (size_t i = 0; i < sizeof(start) / sizeof(start[0]); i++)
        for (int64_t ms = 0; ms < 60 * MS_HOUR; ms += 37 * MS_MINUTE) {
            int64_t end = calendar_add_working(cal, &h, start[i], ms);
            assert_int_equal(calendar_working_between(cal, &h, start[i], end), ms);
            assert_int_equal(calendar_working_between(cal, &h, end, start[i]), -ms);
        }
    calendar_free(cal);
}

static void hours_are_read_and_refused(void **state)
{
    const struct str bad[] = {SC(""), SC("8-12"), SC("08:30-08:30"), SC("13:30-17:30,08:30-12:00"),
        SC("08:30-12:00,11:00-13:00"), SC("08:30-24:01"), SC("08:60-12:00"), SC("08:30-12:00x"),
        SC("1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00")};
    struct work_hours h = work_hours_default();
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_not_equal(work_hours_parse(bad[i], &h, &e), OK);
    assert_int_equal(h.n, 2);
    assert_int_equal(work_hours_parse(S("8:00 - 11:30, 14:00-18:00,19:00-24:00"), &h, &e), OK);
    assert_int_equal(h.n, 3);
    assert_int_equal(h.span[0].from, 480);
    assert_int_equal(h.span[2].to, 1440);
    assert_int_equal(h.zone, ZONE_CHINA);
}

static void limits_as_kinds_write_them(void **state)
{
    const struct str bad[] = {SC(""), SC("d"), SC("3"), SC("-3d"), SC("+3d"), SC("3 x"),
        SC("2w working"), SC("3dworkin"), SC("99999999d"), SC("9999999999999999999h")};
    const struct {
        struct str text;
        const char *cn;
    } good[] = {
        {SC("30m"), "30分钟"},
        {SC("4h working"), "4个工作小时"},
        {SC("3d"), "3天"},
        {SC("5d working"), "5个工作日"},
        {SC("2w"), "14天"},
    };
    const int64_t from = at(2026, 9, 29, 16, 30);
    const int64_t due[] = {at(2026, 9, 29, 17, 0), at(2026, 9, 30, 11, 30), at(2026, 10, 2, 16, 30),
        at(2026, 10, 12, 16, 30), at(2026, 10, 13, 16, 30)};
    struct work_hours h = work_hours_default();
    struct calendar *cal = calendar_new();
    struct limit l;
    struct err e;
    struct buf b;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_not_equal(limit_parse(bad[i], &l, &e), OK);
    buf_init(&b, 0);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(limit_parse(good[i].text, &l, &e), OK);
        assert_int_equal(calendar_add_limit(cal, &h, from, l), due[i]);
        buf_clear(&b);
        limit_write_cn(&b, l);
        assert_string_equal(b.p, good[i].cn);
    }
    assert_int_equal(limit_parse(S("36600d working"), &l, &e), OK);
    assert_true(calendar_add_limit(cal, &h, from, l) > from + 36600 * MS_DAY);
    buf_release(&b);
    calendar_free(cal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_announced_year_has_its_number_of_workdays),
        cmocka_unit_test(holidays_and_makeup_days_have_names_and_sources),
        cmocka_unit_test(workdays_are_counted_both_ways),
        cmocka_unit_test(a_file_goes_over_the_built_in_table),
        cmocka_unit_test(working_time_runs_in_working_hours_only),
        cmocka_unit_test(hours_are_read_and_refused),
        cmocka_unit_test(limits_as_kinds_write_them),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
