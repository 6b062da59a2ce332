/* Escaping by type, and the places of a document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/compare.h"
#include "web/doc_html.h"
#include "web/tmpl.h"

static void escapes_by_type(void **state)
{
    struct buf o;
    const char *z = "<a href='x'>&\"";
    (void)state;
    buf_init(&o, 0);
    EMIT(&o, z);
    EMIT(&o, S("<i>"));
    EMIT(&o, ((struct safe_html){S("<b>")}));
    EMIT(&o, ((struct url_part){S("督 &/?")}));
    EMIT(&o, -5);
    EMIT(&o, (int64_t)1 << 40);
    EMIT(&o, ((struct instant){0}));
    assert_true(str_eq(buf_view(&o), S("&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;i&gt;<b>"
                                       "%E7%9D%A3%20%26%2F%3F-51099511627776")));
    buf_release(&o);
}

static struct str html_of(
    struct arena *a, struct block *blocks, size_t n, struct span *spans, size_t k)
{
    struct doc d = {.blocks = blocks, .n = n};
    struct doc_view v;
    doc_html(a, &d, spans, k, &v);
    return v.body.s;
}

static void marks_places_in_code_points(void **state)
{
    struct arena a;
    struct block b[] = {{BLOCK_PARA, 0, S("督办<b>督办")}, {BLOCK_PARA, 0, S("第二段")}};
    struct span s[] = {{5, 7, SPAN_HIT, 0, {NULL, 0}, NULL}, {0, 2, SPAN_HIT, 0, {NULL, 0}, NULL},
        {8, 10, SPAN_CITE, 3, S("/library/7"), NULL}};
    struct str h;
    (void)state;
    arena_init(&a);
    h = html_of(&a, b, 2, s, 3);
    if (!str_eq(h, S("<p><mark id=\"hit1\">督办</mark>&lt;b&gt;<mark id=\"hit2\">督办</mark></p>\n"
                     "<p><a class=\"src\" id=\"c3\" href=\"/library/7\">第二</a>段</p>\n")))
        fail_msg("%.*s", SF(h));
    arena_release(&a);
}

static void overlapping_places_stay_well_formed(void **state)
{
    struct arena a;
    struct block b[] = {{BLOCK_PARA, 0, S("一二三四五六")}, {BLOCK_PARA, 0, S("七八")}};
    /* a source over both paragraphs, a citation inside it, hits that overlap each other and it */
    struct span s[] = {{0, 9, SPAN_SOURCE, 1, {NULL, 0}, NULL}, {1, 5, SPAN_CITE, 1, S("/x"), NULL},
        {2, 4, SPAN_HIT, 0, {NULL, 0}, NULL}, {3, 5, SPAN_HIT, 0, {NULL, 0}, NULL},
        {5, 5, SPAN_CITE, 2, {NULL, 0}, NULL}};
    struct str h;
    int open = 0;
    (void)state;
    arena_init(&a);
    h = html_of(&a, b, 2, s, 5);
    for (size_t i = 0; i + 1 < h.n; i++) {
        if (h.p[i] == '<' && h.p[i + 1] == '/')
            open--;
        else if (h.p[i] == '<')
            open++;
        assert_in_range(open, 0, 3);
    }
    assert_int_equal(open, 0);
    assert_true(str_has(h, S("id=\"s1\"")));
    assert_true(str_has(h, S("id=\"c1\"")));
    assert_true(str_has(h, S("id=\"c2\"")));
    assert_true(str_has(h, S("id=\"hit1\"")));
    arena_release(&a);
}

static void tables_and_outline(void **state)
{
    struct arena a;
    struct block b[] = {{BLOCK_HEADING, 2, S("一、总则")}, {BLOCK_ROW, 1, S("甲\t乙")},
        {BLOCK_ROW, 1, S("丙\t丁")}, {BLOCK_HEADING, 3, S("（一）范围")}};
    struct doc d = {.blocks = b, .n = 4};
    struct doc_view v;
    (void)state;
    arena_init(&a);
    doc_html(&a, &d, NULL, 0, &v);
    assert_true(
        str_has(v.body.s, S("<td class=\"nw\">甲</td><td class=\"nw\">乙</td></tr>\n<tr>")));
    assert_int_equal(v.n_outline, 2);
    assert_int_equal(v.outline[0].level, 1); /* the highest that occurs */
    assert_int_equal(v.outline[1].level, 2);
    arena_release(&a);
}

static void compares_part_by_part(void **state)
{
    static const char x[] = "管理办法\n第一条 为了规范<管理>，制定本办法。\n第二条 甲。\n第三条 "
                            "乙。\n第四条 丙。\n第五条 丁。\n"
                            "第六条 戊己庚辛。\n";
    static const char y[] = "管理办法\n第一条 为了加强<管理>，制定本办法。\n第二条 甲。\n第三条 "
                            "乙。\n第四条 丙。\n第五条 丁。\n"
                            "第六条 戊己庚辛。\n第七条 新增一条。\n";
    struct arena a;
    struct articles_diff d;
    struct compare c;
    struct err e;
    bool gap = false, added = false, changed = false;
    (void)state;
    arena_init(&a);
    assert_int_equal(articles_compare(&a, str_z(x), str_z(y), &d, &e), OK);
    compare_rows(&a, str_z(x), str_z(y), &d, false, &c);
    for (size_t i = 0; i < c.n; i++) {
        gap |= str_eq(c.rows[i].change, S("gap"));
        added |= str_eq(c.rows[i].change, S("added")) && str_has(c.rows[i].right.s, S("新增"));
        changed |= str_has(c.rows[i].left.s, S("<del>规范</del>&lt;管理&gt;")) &&
                   str_has(c.rows[i].right.s, S("<ins>加强</ins>"));
    }
    assert_true(gap && added && changed);
    compare_rows(&a, str_z(x), str_z(y), &d, true, &c);
    for (size_t i = 0; i < c.n; i++)
        assert_false(str_eq(c.rows[i].change, S("gap")));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_by_type),
        cmocka_unit_test(marks_places_in_code_points),
        cmocka_unit_test(overlapping_places_stay_well_formed),
        cmocka_unit_test(tables_and_outline),
        cmocka_unit_test(compares_part_by_part),
    };
    return cmocka_run_group_tests_name("tmpl", tests, NULL, NULL);
}
