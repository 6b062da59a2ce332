#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/articles.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* "level.number.sub" for each part, and that the spans tile the text. */
static void check_split(const char *text, const char *want)
{
    struct articles v;
    struct buf b;
    size_t at = 0;

    buf_init(&b, 0);
    articles_split(&arena, str_z(text), &v);
    for (size_t i = 0; i < v.n; i++) {
        assert_int_equal(v.v[i].at.begin, at);
        at = v.v[i].at.end;
        assert_true(v.v[i].label.end <= at && v.v[i].title.end <= at);
        assert_true(v.v[i].parent == SIZE_MAX || v.v[i].parent < i);
        buf_printf(&b, "%s%d.%d.%d", i ? " " : "", (int)v.v[i].level, v.v[i].number, v.v[i].sub);
    }
    assert_int_equal(at, strlen(text));
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_release(&b);
}

static void splits_statutes(void **state)
{
    (void)state;
    check_split("某某条例\n第一章　总则\n第一条　为了示例，制定本条例。\n第二条　本条例适用于示例。"
                "\n前款不适用于其他。\n"
                "第二章　附则\n第三条　本条例自公布之日起施行。\n",
        "0.0.0 2.1.0 4.1.0 4.2.0 2.2.0 4.3.0");
    check_split("某某法\n第一百零三条 甲。\n第一百零三条之一 乙。\n第一百零三条之二 "
                "丙。\n第一百零四条 丁。\n",
        "0.0.0 4.103.0 4.103.1 4.103.2 4.104.0");
    check_split("某某办法\n第一条\n甲。\n第二条\n乙。\n第一条规定的事项除外。\n第三条\n丙。\n",
        "0.0.0 4.1.0 4.2.0 4.3.0");
    check_split("", "0.0.0");
}

static void leaves_a_table_of_contents_in_the_head(void **state)
{
    (void)state;
    check_split("某某法\n目录\n第一章　总则\n第二章　附则\n第一章　总则\n第一条　甲。\n第二条　乙。"
                "\n第二章　附则\n第三条　丙。\n",
        "0.0.0 2.1.0 4.1.0 4.2.0 2.2.0 4.3.0");
    check_split("某某典\n第一编　总则\n第一章　一般\n第二编　分则\n第一章　专门\n第一编　总则\n第一"
                "章　一般\n第一条　甲。\n"
                "第二编　分则\n第一章　专门\n第二条　乙。\n",
        "0.0.0 1.1.0 2.1.0 4.1.0 1.2.0 2.1.0 4.2.0");
}

static void splits_documents(void **state)
{
    struct articles v;
    struct str text =
        S("关于示例的意见\n各单位：\n前言一段。\n一、总体要求\n正文。\n（一）指导思想。坚持示例。\n"
          "（二）工作目标\n二、主要任务\n（一）做好示例\n1.示例\n");

    (void)state;
    check_split(text.p, "0.0.0 5.1.0 6.1.0 6.2.0 5.2.0 6.1.0");
    articles_split(&arena, text, &v);
    assert_false(v.statute);
    assert_true(str_eq(span_str(text, v.v[1].title), S("总体要求")));
    assert_true(str_eq(span_str(text, v.v[2].title), S("指导思想")));
    assert_true(str_eq(span_str(text, v.v[2].label), S("（一）")));
    assert_int_equal(v.v[2].parent, 1);
    assert_int_equal(v.v[5].parent, 4);
}

/* "change:x>y" with numbers of articles. */
static void check_compare(const char *x, const char *y, const char *want)
{
    struct articles_diff d;
    struct err e;
    struct buf b;
    size_t seen = 0;

    buf_init(&b, 0);
    assert_int_equal(articles_compare(&arena, str_z(x), str_z(y), &d, &e), OK);
    for (size_t i = 0; i < d.n; i++) {
        const struct article_pair *p = &d.pairs[i];
        buf_printf(&b, "%s%c", i ? " " : "", "?=~>MAR"[p->change]);
        if (p->x != SIZE_MAX)
            buf_printf(&b, "%d", d.x.v[p->x].number);
        buf_char(&b, ':');
        if (p->y != SIZE_MAX)
            buf_printf(&b, "%d", d.y.v[p->y].number);
        if (p->change == ARTICLE_CHANGED)
            assert_true(p->diff.n > 1);
        assert_true(p->x_text.end <= strlen(x) && p->y_text.end <= strlen(y));
    }
    for (int k = 0; k <= ARTICLE_REMOVED; k++)
        seen += d.counts[k];
    assert_int_equal(seen, d.n);
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_release(&b);
}

#define A1  "为了规范示例物品的生产和经营活动，保障人身安全，制定本办法。\n"
#define A2  "生产单位应当建立进货查验记录制度，如实记录名称、规格、数量。\n"
#define A2B "生产单位应当建立进货查验记录制度，如实记录名称、规格、数量、产地。\n"
#define A3  "监督管理部门对违反规定的行为给予警告，并处一万元以下罚款。\n"
#define A4  "本办法自公布之日起施行，原有规定与本办法不一致的以本办法为准。\n"
#define NEW "网络交易平台应当核验入驻经营者的许可证件并公示联系方式。\n"

static void compares_versions(void **state)
{
    static const char old[] = "办法\n第一条 " A1 "第二条 " A2 "第三条 " A3 "第四条 " A4;

    (void)state;
    check_compare(old, old, "=0:0 =1:1 =2:2 =3:3 =4:4");
    check_compare(old, "办法\n第一条 " A1 "第二条 " A2B "第三条 " A3 "第四条 " A4,
        "=0:0 =1:1 ~2:2 =3:3 =4:4");
    check_compare(old, "办法\n第一条 " A1 "第二条 " NEW "第三条 " A2 "第四条 " A3 "第五条 " A4,
        "=0:0 =1:1 A:2 >2:3 >3:4 >4:5");
    check_compare(old, "办法\n第一条 " A1 "第二条 " A2B "第三条 " A4, "=0:0 =1:1 ~2:2 R3: >4:3");
    check_compare(old, "办法\n第一条 " A1 "第二条 " NEW "第三条 " A2B "第四条 " A3 "第五条 " A4,
        "=0:0 =1:1 A:2 M2:3 >3:4 >4:5");
    check_compare(old, "办法\n第一条 " A1 "第二条 " A2 "第二条之一 " NEW "第三条 " A3 "第四条 " A4,
        "=0:0 =1:1 =2:2 A:2 =3:3 =4:4");
    check_compare("", "办法\n第一条 " A1 "第二条 " A2, "A:0 A:1 A:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits_statutes),
        cmocka_unit_test(leaves_a_table_of_contents_in_the_head),
        cmocka_unit_test(splits_documents), cmocka_unit_test(compares_versions)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
