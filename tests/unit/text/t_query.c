#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/query.h"

/* What was typed, and how it is written again. */
static void queries_are_read_as_they_are_meant(void **state)
{
    static const char *rows[][2] = {
        {"教育", "教育"},
        {" 教育　培训 ", "教育 培训"},
        {"教育 AND 培训", "教育 培训"},
        {"“八项 规定”精神", "“八项 规定” 精神"},
        {"\"八项“规定”\"", "\"八项“规定”\""},
        {"落实“两个确立”", "落实“两个确立”"},
        {"a OR b 或 c | d｜e", "a OR b OR c OR d OR e"},
        {"a b | c", "(a b) OR c"},
        {"a (b | c)", "a (b OR c)"},
        {"a （b （c d））", "a b c d"},
        {"a -b 非 c NOT d", "a NOT b NOT c NOT d"},
        {"a --b", "a b"},
        {"a -(b | c)", "a NOT (b OR c)"},
        {"国发(2024)5号", "国发(2024)5号"},
        {"(国发（2024）5号|x)", "国发（2024）5号 OR x"},
        {"年份:2024", "年份:2024"},
        {"教育 年份：2020-2024 发文机关:国务院、教育部",
            "年份:2020-2024 发文机关:国务院、教育部 教育"},
        {"年份:2020- (a | b)", "年份:2020- (a OR b)"},
        {"-状态:废止 教育", "NOT 状态:废止 教育"},
        {"标题:通知 -标题:“征求 意见”", "标题:通知 NOT 标题:“征求 意见”"},
        {"类别:“a b、c”", "类别:“a b、c”"},
        {"12:30", "12:30"},
        {"- a", "- a"},
        {"“OR”", "“OR”"},
        {"年份:2024 -教育", "年份:2024 NOT 教育"},
        {"-机关:国务院办公厅", "NOT 发文机关:国务院办公厅"},
        {"非 机关：国务院办公厅 NOT 状态:现行", "NOT 发文机关:国务院办公厅 NOT 状态:现行"},
        {"-教育", "NOT 教育"},
        {"a | -b", "a OR NOT b"},
        {"年：2024-2026 发文字号:国发〔2024〕5号 效力状态:现行",
            "年份:2024-2026 文号:国发〔2024〕5号 状态:现行"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena a;
        struct query *q;
        struct err e = {0};
        struct buf b;
        arena_init(&a);
        buf_init(&b, 0);
        if (query_parse(&a, str_z(rows[i][0]), &q, &e) == OK)
            query_print(q, &b);
        if (!str_eq(buf_view(&b), str_z(rows[i][1])))
            fail_msg("%s reads as %.*s %s", rows[i][0], SF(buf_view(&b)), e.msg);
        buf_release(&b);
        arena_release(&a);
    }
}

static void wrong_queries_name_the_column(void **state)
{
    static const struct {
        const char *typed, *message;
    } rows[] = {
        {"", "请输入要找的词"},
        {"   ", "请输入要找的词"},
        {"教育 “培训", "检索式第4个字：引号没有另一半"},
        {"教育 “ ”", "检索式第4个字：引号里没有要找的词"},
        {"文种:，“通知 教育”",
            "检索式第1个字：“文种”的值里引号放错了位置，引号要紧跟冒号，把几个值一起括住"},
        {"(教育", "检索式第1个字：括号没有另一半"},
        {"教育)", "检索式第3个字：括号没有另一半"},
        {"a ()", "检索式第4个字：这里缺少要找的词"},
        {"a |", "检索式第4个字：这里缺少要找的词"},
        {"| a", "检索式第1个字：这里缺少要找的词"},
        {"a -OR b", "检索式第3个字：“非”后面没有词"},
        {"a b(c", "检索式第3个字：词里的括号没有另一半，要照原样找请加引号"},
        {"NOT", "检索式第1个字：“非”后面没有词"},
        {"教育 年份:", "检索式第4个字：“年份”后面没有写值"},
        {"年份:去年", "检索式第1个字：年份写作 2024 或 2020-2024"},
        {"年份:2024-2020", "检索式第1个字：年份写作 2024 或 2020-2024"},
        {"标题:", "检索式第1个字：“标题”后面没有写词"},
        {"a 年份:2024 | b", "检索式第3个字：条件“年份”不能放在“或”里，请给“或”的部分加括号"},
        {"(年份:2024 a)", "检索式第2个字：条件“年份”要写在括号外面"},
        {"教育 部门:财政部",
            "检索式第4个字：没有“部门”这个条件，可用的有 "
            "发文机关、年份、文种、状态、文号、标题、类别；要找带冒号的文字请加引号"},
        {"((((((((((((((((((a))))))))))))))))))", "检索式第17个字：括号套得太深，上限 16 层"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena a;
        struct query *q;
        struct err e = {0};
        arena_init(&a);
        if (query_parse(&a, str_z(rows[i].typed), &q, &e) == OK)
            fail_msg("%s is taken", rows[i].typed);
        assert_string_equal(e.msg, rows[i].message);
        arena_release(&a);
    }
}

static void terms_are_folded_and_signed(void **state)
{
    struct arena a;
    struct query *q;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(query_parse(&a, S("ＡＢ 篇名:y"), &q, &e), E_INPUT);
    assert_int_equal(query_parse(&a, S("ＡＢ ab -(ab -x) 年份:2019-"), &q, &e), OK);
    assert_int_equal(q->n_terms, 3); /* AB and ab are one; ab under NOT is another */
    assert_int_equal(q->terms[0].n, 2);
    assert_int_equal(q->terms[0].units[0], 'a');
    assert_true(q->terms[0].positive);
    assert_false(q->terms[1].positive);
    assert_true(q->terms[2].positive);
    assert_int_equal(q->fields[0].year_from, 2019);
    assert_int_equal(q->fields[0].year_to, 0);
    arena_release(&a);
}

static void limits_are_named(void **state)
{
    struct arena a;
    struct query *q;
    struct err e;
    struct buf b;

    (void)state;
    arena_init(&a);
    buf_init(&b, 0);
    for (int i = 0; i <= QUERY_TERMS_MAX; i++)
        buf_printf(&b, "词%d ", i);
    assert_int_equal(query_parse(&a, buf_view(&b), &q, &e), E_LIMIT);
    assert_non_null(strstr(e.msg, "超过上限 32 个"));
    buf_clear(&b);
    for (int i = 0; i <= QUERY_TERM_UNITS_MAX; i++)
        buf_z(&b, "词");
    assert_int_equal(query_parse(&a, buf_view(&b), &q, &e), E_LIMIT);
    buf_release(&b);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_are_read_as_they_are_meant),
        cmocka_unit_test(wrong_queries_name_the_column),
        cmocka_unit_test(terms_are_folded_and_signed),
        cmocka_unit_test(limits_are_named),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
