#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/genre.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void reads_the_end_of_a_title(void **state)
{
    static const struct {
        const char *title;
        int want;
    } rows[] = {
        {"关于做好防汛工作的通知", GENRE_NOTICE},
        {"关于印发《督查工作办法（试行）》的通知", GENRE_NOTICE},
        {"关于转发省委意见的通知", GENRE_NOTICE},
        {"《督查工作办法（试行）》", GENRE_MEASURES},
        {"督查工作办法(2019年修订)", GENRE_MEASURES},
        {"某某集团关于追加经费的请示（送审稿）", GENRE_REQUEST},
        {"关于同意设立研究院的批复", GENRE_REPLY},
        {"关于商请支持材料的函", GENRE_LETTER},
        {"关于商请支持材料的复函", GENRE_LETTER},
        {"办公室信函", GENRE_NONE},
        {"中华人民共和国国务院令", GENRE_ORDER},
        {"中华人民共和国国务院令第138号", GENRE_ORDER},
        {"财政部公告2024年第5号", GENRE_ANNOUNCEMENT},
        {"关于修改《安全条例》的决定", GENRE_DECISION},
        {"中华人民共和国民法典", GENRE_LAW},
        {"中华人民共和国宪法", GENRE_LAW},
        {"中华人民共和国安全生产法", GENRE_LAW},
        {"先进操作法", GENRE_LAW},
        {"解题方法", GENRE_NONE},
        {"严格执法", GENRE_NONE},
        {"政府工作报告", GENRE_WORK_REPORT},
        {"关于基层减负的调研报告", GENRE_STUDY},
        {"关于整改情况的报告", GENRE_REPORT},
        {"党委会会议纪要", GENRE_MINUTES},
        {"2024年工作总结", GENRE_SUMMARY},
        {"2025年工作要点", GENRE_POINTS},
        {"在年度工作会议上的讲话", GENRE_SPEECH},
        {"关于开展检查的通知 某办发〔2024〕3号", GENRE_NOTICE},
        {"某某项目部简报　第11期", GENRE_BULLETIN},
        {"督办工作简报第三期（总第27期）", GENRE_BULLETIN},
        {"培训通知第11期", GENRE_NONE},
        {"春到人间", GENRE_NONE},
        {"", GENRE_NONE},
        {"（试行）", GENRE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(genre_of_title(str_z(rows[i].title), NULL), rows[i].want);
}

static void says_where_it_was_read(void **state)
{
    struct str title = S("  关于防汛的通知（试行）");
    struct text_span at = {0};

    (void)state;
    assert_int_equal(genre_of_title(title, &at), GENRE_NOTICE);
    assert_true(str_eq(span_str(title, at), S("通知")));
}

static void numbers_and_names_agree(void **state)
{
    int named = 0;

    (void)state;
    for (int g = 0; g <= GENRE_MAX; g++) {
        if (genre_name(g).n == 0)
            continue;
        named++;
        assert_int_equal(genre_of_name(genre_name(g)), g);
        assert_int_equal(genre_official(g), g >= 1 && g <= 15);
    }
    assert_int_equal(named, 15 + 32);
    assert_int_equal(genre_of_name(S("令")), GENRE_ORDER);
    assert_int_equal(genre_of_name(S(" 命令 ")), GENRE_ORDER);
    assert_int_equal(genre_of_name(S("诗歌")), GENRE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_the_end_of_a_title),
        cmocka_unit_test(says_where_it_was_read), cmocka_unit_test(numbers_and_names_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
