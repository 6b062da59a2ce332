/* The rules over the unit's dated tables, with a table of a company that does not exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/check.h"
#include "text/rule.h"
#include "text/terms.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct lex_date today = {2026, 11, 23};

static const struct str w_line[] = {SC("一线工作方法"), SC("一线法"), SC("工作法")};
static const struct str w_party[] = {SC("集团党办"), SC("党委办")};
static const struct str also_party[] = {SC("党委办公室"), SC("党委办公会议")};
static const struct str o_dept[] = {SC("集团企业发展部")};
static const struct str group_also[] = {SC("集团公司"), SC("集团")};
static const struct str five[] = {SC("创新"), SC("协调"), SC("绿色"), SC("开放"), SC("共享")};
static const struct str four[] = {SC("政治意识"), SC("大局意识"), SC("核心意识"), SC("看齐意识")};
static const struct str team[] = {SC("岳松亭"), SC("江映溪"), SC("石望川"), SC("白秋岭")};
static const struct str bodies[] = {SC("党委"), SC("董事会"), SC("经理层")};
static const struct str latin[] = {SC("QS平台")};

static const struct term table[] = {
    {1, TERM_PHRASE, SC("一线工作法"), w_line, NULL, NULL, NULL, 3, 0, 0, 0, {2024, 3, 1}, {0},
        SC("云山发〔2024〕3号"), SC("")},
    {2, TERM_BODY, SC("集团党委办公室"), w_party, NULL, also_party, NULL, 2, 0, 2, 0, {0}, {0},
        SC("云山发〔2020〕1号"), SC("")},
    {3, TERM_NAME, SC("强基三年行动"), NULL, NULL, NULL, NULL, 0, 0, 0, 0, {2020, 1, 1},
        {2022, 12, 31}, SC(""), SC("")},
    {4, TERM_NAME, SC("提质三年行动"), NULL, NULL, NULL, NULL, 0, 0, 0, 0, {2026, 1, 1}, {0},
        SC(""), SC("")},
    {5, TERM_BODY, SC("集团企业管理部"), NULL, o_dept, NULL, NULL, 0, 1, 0, 0, {2023, 6, 1}, {0},
        SC(""), SC("")},
    {6, TERM_LIST, SC("新发展理念"), NULL, NULL, NULL, five, 0, 0, 0, 5, {0}, {0}, SC(""), SC("")},
    {7, TERM_LIST, SC("四个意识"), NULL, NULL, NULL, four, 0, 0, 0, 4, {0}, {0}, SC(""), SC("")},
    {8, TERM_ORDER, SC("班子排序"), NULL, NULL, NULL, team, 0, 0, 0, 4, {2024, 1, 1}, {0}, SC(""),
        SC("")},
    {9, TERM_ORDER, SC("治理主体排序"), NULL, NULL, NULL, bodies, 0, 0, 0, 3, {0}, {0}, SC(""),
        SC("")},
    {10, TERM_BODY, SC("云岭山河建设集团有限公司"), NULL, NULL, group_also, NULL, 0, 0, 2, 0, {0},
        {0}, SC(""), SC("")},
    {11, TERM_BODY, SC("路桥公司"), NULL, NULL, NULL, NULL, 0, 0, 0, 0, {0}, {0}, SC(""), SC("")},
    {12, TERM_NAME, SC("前哨平台"), latin, NULL, NULL, NULL, 1, 0, 0, 0, {0}, {0}, SC(""), SC("")},
};
static const struct holder posts[] = {
    {1, SC("岳松亭"), SC("党委书记、董事长"), SC("集团公司"), {2024, 1, 1}, {0}, SC("")},
    {2, SC("江映溪"), SC("党委副书记、总经理"), SC("集团公司"), {2024, 1, 1}, {0}, SC("")},
    {3, SC("田禾生"), SC("总会计师"), SC("集团公司"), {2025, 5, 1}, {0}, SC("")},
    {4, SC("钱守正"), SC("总会计师"), SC("集团公司"), {2019, 1, 1}, {2025, 4, 30}, SC("")},
    {5, SC("钱守正"), SC("工会主席"), SC("集团公司"), {2025, 5, 1}, {0}, SC("")},
    {6, SC("路青"), SC("总经理"), SC("路桥公司"), {2024, 1, 1}, {0}, SC("")},
    {7, SC("雷鸣谦"), SC("纪委书记"), SC("集团公司"), {2027, 1, 1}, {0}, SC("")},
};

static struct terms *make(struct arena *a, size_t n, size_t n_posts)
{
    struct terms *t;
    struct err e;

    assert_int_equal(terms_new(a, table, n, posts, n_posts, &t, &e), OK);
    return t;
}

static void run(
    struct arena *a, const struct terms *t, struct str text, struct lex_date day, struct check *out)
{
    struct check_options o = {
        .today = today, .day = day, .tables = {.terms = t}, .classes = 1U << CHECK_TERM};
    struct draft d;
    struct err e;

    assert_int_equal(draft_read(a, text, NULL, &d, &e), OK);
    check_draft(a, &d, &o, out);
    for (size_t i = 0; i < out->n; i++)
        assert_true(out->v[i].begin < out->v[i].end && out->v[i].end <= d.n);
}

static const struct lex_date any_day = {0, 0, 0};

/* "" when nothing is found; else the ids, parted by blanks. */
static const char *found_on(const char *text, struct lex_date day)
{
    static char ids[400];
    struct arena a;
    struct check c;

    ids[0] = 0;
    arena_init(&a);
    run(&a, make(&a, COUNT(table), COUNT(posts)), str_z(text), day, &c);
    for (size_t i = 0, at = 0; i < c.n && at < sizeof(ids) - 8; i++)
        at += (size_t)snprintf(ids + at, sizeof(ids) - at, "%s%s", i ? " " : "", c.v[i].rule->id);
    arena_release(&a);
    return ids;
}

static const char *found(const char *text)
{
    return found_on(text, any_day);
}

struct expect {
    const char *text, *ids;
};

static void expect_all(const struct expect *v, size_t n)
{
    size_t bad = 0;

    for (size_t i = 0; i < n; i++) {
        const char *ids = found(v[i].text);
        if (strcmp(ids, v[i].ids) != 0) {
            print_error("%s: \"%s\", not \"%s\"\n", v[i].text, ids, v[i].ids);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

static void every_rule_of_the_tables_has_its_pair(void **state)
{
    size_t n = 0;

    (void)state;
    for (size_t i = 0; check_rule_at(i); i++) {
        const struct rule *r = check_rule_at(i);
        if (r->cls != CHECK_TERM || !(r->needs & NEED_TERMS))
            continue;
        n++;
        assert_string_equal(found(r->wrong), r->id);
        assert_string_equal(found(r->right), "");
    }
    assert_int_equal(n, 11);
}

static void the_longest_right_form_covers_what_lies_inside(void **state)
{
    static const struct expect v[] = {
        {"推行一线工作法。", ""}, /* holds the wrong form 工作法 */
        {"推行工作法。", "T01"},
        {"推行一线工作方法。", "T01"}, /* once, the longer one */
        {"由党委办公室承办。", ""},
        {"由党委办承办。", "T02"},
        {"由党委办理。", ""}, /* 办理 is the word */
        {"由党委办负责办理。", "T02"},
        {"召开党委办公会议。", ""},
        {"登录QS平台2.0。", "T02"},
        {"登录EQS平台。", ""},
    };

    (void)state;
    expect_all(v, COUNT(v));
}

static void words_of_others_are_not_judged(void **state)
{
    static const struct expect v[] = {
        {"会议强调，“推行一线工作方法”。", ""},
        {"2025年的文件写明“一线工作方法”。", ""},
        {"《关于推行一线工作方法的通知》印发以来。", ""},
        {"推行“一线工作方法”。", "T01"},
        {"推行“一线工作方法，做到问题在一线发现、矛盾在一线化解”。", ""},
        {"见https://example.com/QS平台", ""},
    };

    (void)state;
    expect_all(v, COUNT(v));
}

static void wording_has_its_time(void **state)
{
    (void)state;
    assert_string_equal(found_on("推行一线工作方法。", (struct lex_date){2023, 5, 1}), "");
    assert_string_equal(found_on("推行一线工作方法。", (struct lex_date){2024, 3, 1}), "T01");
    /* a year alone may be before or behind: not judged */
    assert_string_equal(found_on("推行一线工作方法。", (struct lex_date){2024, 0, 0}), "");
    assert_string_equal(found_on("推行一线工作方法。", (struct lex_date){2025, 0, 0}), "T01");
    assert_string_equal(found_on("推行一线工作法。", (struct lex_date){2022, 0, 0}), "T03");
    assert_string_equal(found_on("开展强基三年行动。", (struct lex_date){2021, 5, 1}), "");
    assert_string_equal(found_on("开展强基三年行动。", (struct lex_date){2023, 5, 1}), "T03");
    assert_string_equal(
        found_on("2021年开展强基三年行动以来，面貌一新。", (struct lex_date){2023, 5, 1}), "");
    assert_string_equal(found_on("由集团企业发展部牵头。", (struct lex_date){2023, 5, 31}), "");
    assert_string_equal(found_on("由集团企业发展部牵头。", (struct lex_date){2023, 6, 1}), "T04");
    assert_string_equal(found("原集团企业发展部牵头制定。"), "");
    assert_string_equal(found("集团企业发展部原主任到会。"), "");
    assert_string_equal(found("集团企业发展部门负责。"), "");
    assert_string_equal(found("集团企业发展部更名为集团企业管理部。"), "");
    assert_string_equal(found("2022年由集团企业发展部牵头。"), "");
    assert_string_equal(found("按照云山发〔2022〕8号文件，由集团企业发展部牵头。"), "");
    assert_string_equal(found("目前集团企业发展部牵头。"), "T04");
}

static void lists_come_whole_and_in_order(void **state)
{
    static const struct expect v[] = {
        {"贯彻创新、协调、绿色、开放、共享的新发展理念。", ""},
        {"贯彻创新、协调、绿色、开放和共享的新发展理念。", ""},
        {"贯彻创新、协调、绿色、开放的新发展理念。", "T05"},
        {"贯彻协调、绿色、开放、共享的新发展理念。", "T05"},
        {"坚持创新、绿色、开放。", ""}, /* three of five is some other list */
        {"坚持创新、协调、绿色、开放、高效。", ""},
        {"坚持安全、协调、绿色、开放、共享。", ""},
        {"贯彻开放、协调、绿色、创新、共享的理念。", "T07"},
        {"增强政治意识、大局意识、核心意识、看齐意识。", ""},
        {"增强政治意识、大局意识、核心意识、看齐意识、责任意识。", "T06"},
        {"增强政治意识、大局意识、责任意识、核心意识、看齐意识。", "T06"},
        {"增强政治意识、核心意识、大局意识、看齐意识。", "T07"},
        {"增强政治意识、大局意识、核心意识。", "T05"},
        {"创新驱动，协调推进，绿色低碳。", ""},
        {"创新、创新、创新、协调、绿色。", ""},
        {"会议指出，“坚持创新、绿色、协调、开放、共享发展”。", ""},
    };

    (void)state;
    expect_all(v, COUNT(v));
}

static void precedence_is_judged_in_lists_of_names_only(void **state)
{
    static const struct expect v[] = {
        {"岳松亭、江映溪、石望川、白秋岭出席。", ""},
        {"岳松亭、石望川出席。", ""},
        {"江映溪、岳松亭、石望川出席。", "T08"},
        {"出席：岳松亭　石望川　江映溪", "T08"},
        {"总经理江映溪、党委书记岳松亭出席。", "T08"},
        {"江映溪、赵某某、岳松亭出席。", "T08"},
        {"江映溪汇报工作，岳松亭作总结讲话。", ""},
        {"江映溪主持会议。岳松亭讲话。", ""},
        {"值班领导：江映溪、岳松亭。", ""},
        {"排名不分先后：江映溪、岳松亭。", ""},
        {"经理层、董事会、党委共同研究。", "T08 T08"},
        {"党委、董事会、经理层共同研究。", ""},
        {"经理层、党委办公室共同研究。", ""},
        {"出席 石望川　请假 岳松亭", ""},
    };

    (void)state;
    expect_all(v, COUNT(v));
    assert_string_equal(found_on("江映溪、岳松亭出席。", (struct lex_date){2023, 1, 1}), "");
}

static void only_the_table_speaks_of_persons(void **state)
{
    static const struct expect v[] = {
        {"会议由党委书记、董事长岳松亭主持。", ""},
        {"会议由集团公司党委书记、董事长岳松亭主持。", ""},
        {"会议由云岭山河建设集团有限公司党委书记岳松亭主持。", ""},
        {"书记岳松亭出席。", ""},              /* the shorter form of 党委书记 */
        {"会议由党委书记江映溪主持。", "T09"}, /* 副书记 is another title */
        {"会议由党委书记、总经理江映溪主持。", "T09"},
        {"江映溪书记到会讲话。", ""}, /* courtesy */
        {"江映溪董事长到会讲话。", "T09"},
        {"江映溪（董事长）到会讲话。", "T09"},
        {"江映溪（党委副书记、总经理）到会讲话。", ""},
        {"江映溪（董事长，女）到会讲话。", ""},   /* not read whole: not judged */
        {"某县县委党委书记江映溪介绍经验。", ""}, /* words that no table knows before the title */
        {"党委书记赵某某主持。", ""},             /* not in the table */
        {"聘任江映溪为公司董事长。任命董事长江映溪。", ""},
        {"总会计师钱守正汇报。", "T11"},
        {"时任总会计师钱守正汇报。", ""},
        {"2024年，总会计师钱守正牵头制定办法。", ""},
        {"工会主席钱守正汇报。", ""},
        {"纪委书记雷鸣谦汇报。", "T11"},
        {"董事长雷鸣谦汇报。", ""}, /* holds nothing on that day: not judged */
        {"路桥公司总经理江映溪汇报。", "T10"},
        {"路桥公司总经理路青汇报。", ""},
        {"总经理路青峰汇报。党委书记路青峰汇报。", ""}, /* another name that begins alike */
        {"党委书记路青同志汇报。", "T09"},
        {"党委书记、总经理岳松亭、江映溪出席。", ""}, /* each his own */
        {"岳松亭同志出席。", ""},
        {"总经理和岳松亭一起调研。", ""},
        {"董事长办公会由江映溪主持。", ""},
    };

    (void)state;
    expect_all(v, COUNT(v));
}

static void a_finding_shows_its_row(void **state)
{
    struct arena a;
    struct check c;

    (void)state;
    arena_init(&a);
    run(&a, make(&a, COUNT(table), COUNT(posts)), S("推行一线工作方法。"), any_day, &c);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.v[0].begin, 2);
    assert_int_equal(c.v[0].end, 8);
    assert_true(str_eq(c.v[0].suggestions[0], S("一线工作法")));
    assert_false(c.v[0].fix);
    assert_true(str_eq(c.v[0].source->label, S("规范表述表")));
    assert_true(str_eq(c.v[0].source->text, S("云山发〔2024〕3号")));
    arena_release(&a);
}

static void a_table_that_is_empty_is_said_not_hidden(void **state)
{
    struct arena a;
    struct check c;
    size_t skipped = 0;

    (void)state;
    arena_init(&a);
    run(&a, make(&a, 1, 0), S("会议由总经理岳松亭主持。"), any_day, &c);
    assert_int_equal(c.n, 0);
    for (size_t i = 0; i < c.n_skipped; i++)
        skipped += c.skipped[i].rule->cls == CHECK_TERM;
    assert_int_equal(skipped, 9); /* all but T01 and T03 */
    run(&a, NULL, S("会议由总经理岳松亭主持。"), any_day, &c);
    assert_int_equal(c.n, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_tables_has_its_pair),
        cmocka_unit_test(the_longest_right_form_covers_what_lies_inside),
        cmocka_unit_test(words_of_others_are_not_judged),
        cmocka_unit_test(wording_has_its_time),
        cmocka_unit_test(lists_come_whole_and_in_order),
        cmocka_unit_test(precedence_is_judged_in_lists_of_names_only),
        cmocka_unit_test(only_the_table_speaks_of_persons),
        cmocka_unit_test(a_finding_shows_its_row),
        cmocka_unit_test(a_table_that_is_empty_is_said_not_hidden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
