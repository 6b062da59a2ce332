#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/lex.h"

static void reads_numbers_of_both_kinds(void **state)
{
    static const struct {
        const char *text;
        int want, left; /* bytes that stay behind the number */
    } rows[] = {{"15号", 15, 3}, {"１２3", 123, 0}, {"一百零三条", 103, 3}, {"二十", 20, 0},
        {"十", 10, 0}, {"二〇二四年", 2024, 3}, {"二○○六", 2006, 0}, {"两千三百万", 23000000, 0},
        {"一万二千", 12000, 0}, {"一千零一", 1001, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str s = str_z(rows[i].text);
        size_t off = 0;
        int v = -1;
        assert_true(lex_number(s, &off, &v));
        assert_int_equal(v, rows[i].want);
        assert_int_equal(s.n - off, rows[i].left);
    }
}

static void refuses_what_is_no_number(void **state)
{
    static const char *const rows[] = {"", "号", "1234567890", "年3月", "-3"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t off = 0;
        int v = 7;
        assert_false(lex_number(str_z(rows[i]), &off, &v));
        assert_int_equal(off, 0);
        assert_int_equal(v, 7);
    }
}

static void reads_dates(void **state)
{
    static const struct {
        const char *text;
        int y, m, d;
    } rows[] = {{"2024年3月5日", 2024, 3, 5}, {"2024 年 03 月 05 日印发", 2024, 3, 5},
        {"二〇二四年三月五日", 2024, 3, 5}, {"二○○六年九月十七日", 2006, 9, 17},
        {"２０２４年１２月３１日", 2024, 12, 31}, {"2024-03-05", 2024, 3, 5},
        {"2024/3/5 10:20", 2024, 3, 5}, {"2024.3.5", 2024, 3, 5}, {"2024年2月29日", 2024, 2, 29},
        {"2024年3月", 2024, 3, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t off = 0;
        struct lex_date d = {0};
        assert_true(lex_date(str_z(rows[i].text), &off, true, &d));
        assert_int_equal(d.year, rows[i].y);
        assert_int_equal(d.month, rows[i].m);
        assert_int_equal(d.day, rows[i].d);
    }
}

static void refuses_dates_that_do_not_exist(void **state)
{
    static const char *const rows[] = {"2023年2月29日", "2024年13月1日", "2024年4月31日",
        "2024.13.1", "1024年1月1日", "2024年", "2024-3", "2024-3/5", "3月5日", "2024年0月1日"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t off = 0;
        struct lex_date d = {0};
        assert_false(lex_date(str_z(rows[i]), &off, true, &d));
        assert_int_equal(off, 0);
    }
}

static void counts_days(void **state)
{
    (void)state;
    assert_int_equal(lex_day((struct lex_date){1970, 1, 1}), 0);
    assert_int_equal(lex_day((struct lex_date){2000, 2, 29}), 11016);
    assert_int_equal(
        lex_day((struct lex_date){2024, 3, 0}), lex_day((struct lex_date){2024, 3, 1}));
    assert_int_equal(lex_day((struct lex_date){0}), INT32_MIN);
}

static void goes_backwards_by_characters(void **state)
{
    struct str s = S("a号\xff");
    size_t at = s.n;

    (void)state;
    assert_int_equal(lex_prev(s, at, &at), 0xFFFD);
    assert_int_equal(lex_prev(s, at, &at), 0x53F7);
    assert_int_equal(lex_prev(s, at, &at), 'a');
    assert_int_equal(at, 0);
    assert_int_equal(lex_prev(s, at, &at), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_numbers_of_both_kinds),
        cmocka_unit_test(refuses_what_is_no_number), cmocka_unit_test(reads_dates),
        cmocka_unit_test(refuses_dates_that_do_not_exist), cmocka_unit_test(counts_days),
        cmocka_unit_test(goes_backwards_by_characters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
