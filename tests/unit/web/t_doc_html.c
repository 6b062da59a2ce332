/* The reading view: tables keep dates and numbers whole, and marks stay inside their cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/doc_html.h"

static struct block row(int table, const char *cells)
{
    return (struct block){.kind = BLOCK_ROW, .level = table, .text = str_z(cells)};
}

static void has(struct str html, const char *piece)
{
    if (!str_has(html, str_z(piece)))
        fail_msg("no %s in %.*s", piece, SF(html));
}

static void cells_say_how_wide_they_are(void **state)
{
    struct block blocks[] = {row(1, "督办事项台账"), row(1, "序号\t事项\t期限\t文号\t进展"),
        row(1, "1\t整改渗漏\t2025年3月31日\t云建工〔2025〕22号\t已完成全部楼栋的排查，正在逐户修补"
               "并建立销号记录，下月底前逐户回访"),
        row(2, "甲\t乙")};
    struct doc d = {.blocks = blocks, .n = 4};
    struct doc_view v;
    struct arena a;

    (void)state;
    arena_init(&a);
    doc_html(&a, &d, NULL, 0, &v);
    has(v.body.s, "<tr><td colspan=\"5\">督办事项台账</td></tr>");
    has(v.body.s, "<td class=\"nw\">2025年3月31日</td>");
    has(v.body.s, "<td class=\"nw\">云建工〔2025〕22号</td>");
    has(v.body.s, "<td class=\"nw\">序号</td>"); /* the line across does not count */
    has(v.body.s, "<td class=\"w3\">已完成");
    has(v.body.s,
        "</table></div><div class=\"tw\" tabindex=\"0\"><table><tr><td class=\"nw\">甲</td>");
    assert_false(v.wide);
    arena_release(&a);
}

static void a_mark_ends_with_its_cell(void **state)
{
    struct block blocks[] = {row(1, "一二\t三四"), row(1, "a\tb\tc\td\te\tf\tg")};
    struct doc d = {.blocks = blocks, .n = 2};
    struct span spans[] = {{.begin_cp = 1, .end_cp = 4, .kind = SPAN_HIT}};
    struct doc_view v;
    struct arena a;

    (void)state;
    arena_init(&a);
    doc_html(&a, &d, spans, 1, &v);
    has(v.body.s, "一<mark id=\"hit1\">二</mark></td><td colspan=\"6\">");
    assert_true(v.wide);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_say_how_wide_they_are),
        cmocka_unit_test(a_mark_ends_with_its_cell),
    };
    return cmocka_run_group_tests_name("doc_html", tests, NULL, NULL);
}
