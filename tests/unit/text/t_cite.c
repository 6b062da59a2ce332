#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/cite.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* "name#number@articles" for each citation, parted by "; ". */
static void describe(struct str text, struct buf *out)
{
    struct arena a;
    struct cite *v;
    size_t n, last = 0;

    arena_init(&a);
    n = cite_find(&a, text, &v);
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].at.begin >= last && v[i].at.begin < v[i].at.end && v[i].at.end <= text.n);
        last = v[i].at.end;
        buf_printf(out, "%s%.*s", i ? "; " : "", SF(v[i].name));
        if (v[i].numbered) {
            buf_char(out, '#');
            docno_key(&v[i].docno, out);
        }
        for (size_t k = 0; k < v[i].n_articles; k++) {
            const struct cite_article *c = &v[i].articles[k];
            buf_printf(out, "@%d.%d.%d.%d", c->article, c->sub, c->paragraph, c->item);
            if (c->to)
                buf_printf(out, "-%d", c->to);
        }
        if (v[i].alias.n)
            buf_printf(out, "=%.*s", SF(v[i].alias));
        if (v[i].by_alias)
            buf_z(out, "~");
    }
    buf_char(out, '\0');
    arena_release(&a);
}

static void finds_what_is_cited(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"根据《安全生产法》的规定", "安全生产法"},
        {"《关于加强督查工作的通知》（国办发〔2020〕5号）要求",
            "关于加强督查工作的通知#国办发|2020|5"},
        {"《关于加强督查工作的通知》(国办发[2020]5号)、《信访条例》",
            "关于加强督查工作的通知#国办发|2020|5; 信访条例"},
        {"国办发〔2020〕5号《关于加强督查工作的通知》", "关于加强督查工作的通知#国办发|2020|5"},
        {"按照国办发〔2020〕5号文件办理", "#国办发|2020|5"},
        {"《关于印发〈督查办法〉的通知》", "关于印发〈督查办法〉的通知"},
        {"《关于印发《督查办法》的通知》", "关于印发《督查办法》的通知"},
        {"《关于加强\n  督查工作的通知》", "关于加强督查工作的通知"},
        {"《没有结束的标题\n下一段引用《信访条例》第三条", "信访条例@3.0.0.0"},
        {"《安全生产法》第三十条第二款第（一）项", "安全生产法@30.0.2.1"},
        {"《刑法》第一百二十条之一、第一百九十一条和第三百一十二条",
            "刑法@120.1.0.0@191.0.0.0@312.0.0.0"},
        {"《信访条例》第十二条至第十五条", "信访条例@12.0.0.0-15"},
        {"《中华人民共和国监察法》（以下简称《监察法》）施行。《监察法》第三条",
            "中华人民共和国监察法=监察法; 中华人民共和国监察法@3.0.0.0~"},
        {"《工作规则》（国发〔2018〕21号，以下简称《规则》）。《规则》第二条",
            "工作规则#国发|2018|21=规则; 工作规则@2.0.0.0~"},
        {"《工作规则》（某发〔2018〕2号）（以下简称“规则”）", "工作规则#某发|2018|2=规则"},
        {"《工作规则》（某发〔2018〕2号、某发〔2021〕6号）第三条",
            "工作规则#某发|2018|2; #某发|2021|6"},
        {"《工作规则》（以下简称《规则》，见某发〔2018〕2号、某发〔2021〕6号）",
            "工作规则#某发|2018|2=规则; #某发|2021|6"},
        {"应当认定为刑法第三百四十三条第一款规定的情形", "刑法@343.0.1.0"},
        {"依照民法典第一千零一条处理", "民法典@1001.0.0.0"},
        {"本法第三条", ""},
        {"第三条 本办法自印发之日起施行", ""},
        {"《》", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf b;
        buf_init(&b, 0);
        describe(str_z(rows[i].text), &b);
        assert_string_equal(b.p, rows[i].want);
        buf_release(&b);
    }
}

static void keep_spans_of_titles(void **state)
{
    struct arena a;
    struct str text = S("见《信访条例》（国务院令第431号）第二条。");
    struct cite *v;

    (void)state;
    arena_init(&a);
    assert_int_equal(cite_find(&a, text, &v), 1);
    assert_true(str_eq(span_str(text, v[0].title), S("信访条例")));
    assert_true(str_eq(span_str(text, v[0].at), S("《信访条例》（国务院令第431号）第二条")));
    assert_true(str_eq(span_str(text, v[0].articles[0].at), S("第二条")));
    arena_release(&a);
}

static void check_pair(const char *x, const char *y, bool exact, bool relaxed)
{
    struct buf a, b;

    buf_init(&a, 0);
    buf_init(&b, 0);
    cite_key(str_z(x), &a);
    cite_key(str_z(y), &b);
    assert_int_equal(str_eq(buf_view(&a), buf_view(&b)), exact);
    buf_clear(&a);
    buf_clear(&b);
    cite_key_relaxed(str_z(x), &a);
    cite_key_relaxed(str_z(y), &b);
    assert_int_equal(str_eq(buf_view(&a), buf_view(&b)), relaxed);
    buf_release(&a);
    buf_release(&b);
}

static void keys_let_variants_meet(void **state)
{
    (void)state;
    check_pair("《安全生产法》", "安全生产法", true, true);
    check_pair("督查办法（试行）", "督查办法(试行)", true, true);
    check_pair("督查办法（试行）", "督查办法", false, true);
    check_pair("督查办法（2019年修订）", "督查办法2021年修订", false, true);
    check_pair("中华人民共和国安全生产法", "安全生产法", false, true);
    check_pair("国务院办公厅关于加强督查工作的意见", "关于加强督查工作的意见", false, true);
    check_pair("关于印发〈督查办法〉的通知", "关于印发《督查办法》的通知", true, true);
    check_pair("“十四五”规划", "\"十四五\"规划", true, true);
    check_pair("关于 加强督查的 通知", "关于加强督查的通知", true, true);
    check_pair("督查办法", "督查细则", false, false);
    check_pair("安全生产法", "安全生产法实施细则", false, false);
    check_pair("关于甲的通知", "关于乙的通知", false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_is_cited),
        cmocka_unit_test(keep_spans_of_titles), cmocka_unit_test(keys_let_variants_meet)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
