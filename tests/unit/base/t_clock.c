#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void days_and_numbers_are_one_to_one(void **state)
{
    int32_t num = day_num((struct day){1, 1, 1});
    struct day d = {1, 1, 1};
    int weekday = 1; /* 0001-01-01, proleptic, was a Monday */
    (void)state;
    while (d.y < 10000) {
        struct day back = day_of(num);
        assert_true(back.y == d.y && back.m == d.m && back.d == d.d);
        assert_int_equal(day_num(d), num);
        assert_int_equal(day_weekday(num), weekday);
        weekday = weekday % 7 + 1;
        num++;
        if (++d.d > day_month_len(d.y, d.m)) {
            d.d = 1;
            if (++d.m > 12) {
                d.m = 1;
                d.y++;
            }
        }
    }
    assert_int_equal(day_num((struct day){1970, 1, 1}), 0);
    assert_int_equal(day_num((struct day){2000, 3, 1}), 11017);
    assert_int_equal(day_num((struct day){2026, 13, 0}), day_num((struct day){2026, 12, 31}));
}

static void reads_the_ways_people_write_days(void **state)
{
    const struct str good[] = {SC("2026-07-13"), SC("2026-7-13"), SC("2026/7/13"), SC("2026.07.13"),
        SC("20260713"), SC("2026年7月13日"), SC(" 2026年07月13日 ")};
    const struct str bad[] = {SC(""), SC("2026-7"), SC("2026-02-29"), SC("2026-13-01"),
        SC("2026-7-13日"), SC("2026-7/13"), SC("0000-01-01"), SC("2026-07-130"), SC("26-7-13"),
        SC("2026年7月13"), SC("202607130")};
    struct day d = {1, 2, 3};
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(day_parse(bad[i], &d, &e), E_INPUT);
    assert_true(d.y == 1 && d.m == 2 && d.d == 3);
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        d = (struct day){0, 0, 0};
        assert_int_equal(day_parse(good[i], &d, &e), OK);
        assert_true(d.y == 2026 && d.m == 7 && d.d == 13);
    }
    assert_int_equal(day_parse(S("2025-02-29"), &d, &e), E_INPUT);
    assert_string_equal(e.msg, "“2025-02-29”这一天不存在");
    assert_true(day_from_iso(S("2024-02-29"), &d));
    assert_false(day_from_iso(S("2024-2-29"), &d));
    assert_false(day_from_iso(S("2024-02-30"), &d));
}

#define WRITES(call, expected)              \
    do {                                    \
        buf_clear(&b);                      \
        call;                               \
        assert_string_equal(b.p, expected); \
    } while (0)

static void writes_times_as_the_office_does(void **state)
{
    int64_t t = clock_ms((struct civil){{2026, 7, 13}, 9, 30, 5, 7}, ZONE_CHINA);
    char iso[DAY_ISO_SIZE];
    struct buf b;
    (void)state;
    buf_init(&b, 0);
    WRITES(clock_write_cn(&b, t, ZONE_CHINA), "7月13日（星期一）上午9:30");
    WRITES(clock_write_half(&b, t, ZONE_CHINA), "7月13日（星期一）上午");
    WRITES(clock_write_cn(&b, t + 6 * MS_HOUR, ZONE_CHINA), "7月13日（星期一）下午3:30");
    WRITES(clock_write_cn(&b, t + 3 * MS_HOUR, ZONE_CHINA), "7月13日（星期一）中午12:30");
    WRITES(clock_write_cn(&b, t + 15 * MS_HOUR, ZONE_CHINA), "7月14日（星期二）凌晨0:30");
    WRITES(clock_write_cn(&b, t + 11 * MS_HOUR, ZONE_CHINA), "7月13日（星期一）晚上8:30");
    WRITES(clock_write_rfc3339(&b, t, ZONE_CHINA), "2026-07-13T09:30:05.007+08:00");
    WRITES(clock_write_rfc3339(&b, t, 0), "2026-07-13T01:30:05.007Z");
    WRITES(clock_write_rfc3339(&b, -1, -330), "1969-12-31T18:29:59.999-05:30");
    WRITES(clock_write_minute(&b, t, ZONE_CHINA), "2026-07-13 09:30");
    WRITES(clock_write_http(&b, 784111777000), "Sun, 06 Nov 1994 08:49:37 GMT"); /* RFC 9110 */
    WRITES(day_write_cn(&b, (struct day){2026, 7, 3}), "2026年7月3日");
    assert_string_equal(day_iso((struct day){2026, 7, 3}, iso).p, "2026-07-03");
    assert_string_equal(day_compact((struct day){26, 7, 3}, iso).p, "00260703");
    buf_release(&b);
}

static void reads_instants_in_and_out_of_the_zone(void **state)
{
    const struct str bad[] = {SC("2026-07-13"), SC("2026-07-13T24:00"), SC("2026-07-13T09:60"),
        SC("2026-07-13T09:30:60"), SC("2026-07-13T09:30+8:0"), SC("2026-07-13T09:30Zx"),
        SC("2026-07-13T09:30."), SC("2026-02-30T09:30")};
    struct err e;
    int64_t t = 1;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(clock_parse(bad[i], 0, &t, &e), E_INPUT);
    assert_int_equal(t, 1);
    assert_int_equal(clock_parse(S("1970-01-01T08:00"), ZONE_CHINA, &t, &e), OK);
    assert_int_equal(t, 0);
    assert_int_equal(clock_parse(S("1970-01-01 00:00:01.5Z"), ZONE_CHINA, &t, &e), OK);
    assert_int_equal(t, 1500);
    assert_int_equal(clock_parse(S("1970-01-01T00:00:00.123456-01:30"), 0, &t, &e), OK);
    assert_int_equal(t, 90 * MS_MINUTE + 123);
    for (int64_t at = -5 * MS_DAY; at < 5 * MS_DAY; at += 7654321) {
        struct buf b;
        buf_init(&b, 0);
        clock_write_rfc3339(&b, at, -570);
        assert_int_equal(clock_parse(buf_view(&b), 0, &t, &e), OK);
        assert_int_equal(t, at);
        assert_int_equal(clock_ms(clock_civil(at, 345), 345), at);
        buf_release(&b);
    }
}

static void zones_are_names_of_fixed_offsets(void **state)
{
    struct err e;
    int m = 1;
    (void)state;
    assert_int_equal(zone_parse(S("America/New_York"), &m, &e), E_INPUT);
    assert_int_equal(zone_parse(S("+15:00"), &m, &e), E_INPUT);
    assert_int_equal(m, 1);
    assert_int_equal(zone_parse(S("Asia/Shanghai"), &m, &e), OK);
    assert_int_equal(m, 480);
    assert_int_equal(zone_parse(S("-5:30"), &m, &e), OK);
    assert_int_equal(m, -330);
    assert_int_equal(zone_parse(S("UTC"), &m, &e), OK);
    assert_int_equal(m, 0);
    assert_int_equal(clock_day(-1, 0), -1);
    assert_int_equal(clock_day(-1, 480), 0);
    assert_int_equal(clock_day_ms(0, 480), -8 * MS_HOUR);
}

static void clocks_run(void **state)
{
    int64_t a = clock_mono_us(), now = clock_now_ms();
    (void)state;
    assert_true(now > day_num((struct day){2025, 1, 1}) * MS_DAY);
    assert_true(clock_mono_us() >= a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_numbers_are_one_to_one),
        cmocka_unit_test(reads_the_ways_people_write_days),
        cmocka_unit_test(writes_times_as_the_office_does),
        cmocka_unit_test(reads_instants_in_and_out_of_the_zone),
        cmocka_unit_test(zones_are_names_of_fixed_offsets),
        cmocka_unit_test(clocks_run),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
