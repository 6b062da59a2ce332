#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "text/lexicon.h"

static struct arena a;

static int begin(void **state)
{
    (void)state;
    arena_init(&a);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

/* The first word of a clause of the condition, as text: 后接:甲|乙 gives 甲. */
static struct str wanted(struct str condition, struct str clause)
{
    struct str rest = condition, one;

    while (str_next(&rest, S("；"), &one)) {
        struct str words = str_trim(one), first, others;
        if (!str_eat(&words, clause) || !str_eat(&words, S(":")))
            continue;
        if (!str_cut(words, S("|"), &first, &others))
            first = words;
        return str_eq(first, S("<数>"))                               ? S("3")
               : str_eq(first, S("<首>")) || str_eq(first, S("<尾>")) ? S("，")
                                                                      : first;
    }
    return S("");
}

/* A sentence in which the row's condition holds. */
static struct str sentence_of(const struct lexicon_row *r)
{
    struct str head, tail, wrong = r->wrong, c = r->condition;

    if (str_cut(r->wrong, S("…"), &head, &tail))
        wrong = arena_printf(&a, "%.*s那些%.*s", SF(head), SF(tail));
    return arena_printf(&a, "%.*s%.*s%.*s%.*s%.*s", SF(wanted(c, S("前有"))),
        SF(wanted(c, S("前接"))), SF(wrong), SF(wanted(c, S("后接"))), SF(wanted(c, S("后有"))));
}

static const struct lexicon *built_in(void)
{
    const struct lexicon *x;
    struct err e;
    enum code c = lexicon_open(&a, NULL, &x, &e);

    if (c != OK)
        print_error("%s\n", e.msg);
    assert_int_equal(c, OK);
    return x;
}

static void every_row_finds_its_wrong_form(void **state)
{
    const struct lexicon *x = built_in();
    size_t bad = 0;

    (void)state;
    assert_true(lexicon_count(x) >= 600);
    for (size_t i = 0; i < lexicon_count(x); i++) {
        const struct lexicon_row *r = lexicon_at(x, i);
        struct str text = sentence_of(r);
        struct lexicon_hit *v;
        struct draft d;
        struct err e;
        size_t n, k = 0;
        assert_int_equal(draft_read(&a, text, NULL, &d, &e), OK);
        n = lexicon_find(x, &a, &d, &v);
        while (k < n && v[k].row != r)
            k++;
        if (k == n) {
            print_error("%.*s does not find “%.*s” in “%.*s”\n", SF(r->id), SF(r->wrong), SF(text));
            bad++;
            continue;
        }
        assert_true(v[k].begin < v[k].end && v[k].end <= d.n);
    }
    assert_int_equal(bad, 0);
}

/* With a directory given, opening judges every right form. */
static void no_right_form_holds_a_wrong_one(void **state)
{
    char dir[IO_PATH_MAX];
    const struct lexicon *x;
    struct err e;
    enum code c;

    (void)state;
    assert_int_equal(io_temp_dir("lexicon-", dir, &e), OK);
    c = lexicon_open(&a, dir, &x, &e);
    if (c != OK)
        print_error("%s\n", e.msg);
    assert_int_equal(c, OK);
    assert_int_equal(io_remove_tree(dir, &e), OK);
}

static size_t hits(const struct lexicon *x, const char *text, struct str *first)
{
    struct lexicon_hit *v;
    struct draft d;
    struct err e;
    size_t n;

    assert_int_equal(draft_read(&a, str_z(text), NULL, &d, &e), OK);
    n = lexicon_find(x, &a, &d, &v);
    if (n && first)
        *first = v[0].row->id;
    return n;
}

static const struct lexicon *of(const char *tsv)
{
    const struct lexicon *x;
    struct err e;
    enum code c = lexicon_of(&a, str_z(tsv), "甲.tsv", &x, &e);

    if (c != OK)
        print_error("%s\n", e.msg);
    assert_int_equal(c, OK);
    return x;
}

static void conditions_are_kept(void **state)
{
    const struct lexicon *x = of("1\t甲乙\t丙\twarn\t后接:丁|<数>；不前接:戊\t近义\t\t\n"
                                 "2\t子丑\t\twarn\t后有:寅；前无:卯\t语病\t\t\n"
                                 "3\t通过…，使\t\twarn\t\t语病\t\t\n");

    (void)state;
    assert_int_equal(hits(x, "甲乙丁", NULL), 1);
    assert_int_equal(hits(x, "甲乙5", NULL), 1);
    assert_int_equal(hits(x, "甲乙", NULL), 0);
    assert_int_equal(hits(x, "戊甲乙丁", NULL), 0);
    assert_int_equal(hits(x, "子丑，有寅。", NULL), 1);
    assert_int_equal(hits(x, "子丑。有寅。", NULL), 0);
    assert_int_equal(hits(x, "卯后子丑，有寅。", NULL), 0);
    assert_int_equal(hits(x, "通过学习，使人", NULL), 1);
    assert_int_equal(hits(x, "通过学习，提高，使人", NULL), 0);
    assert_int_equal(hits(x, "通过学习。，使人", NULL), 0);
}

static void the_longest_form_wins(void **state)
{
    const struct lexicon *x =
        of("1\t乙丙\t\twarn\t\t错别字\t\t\n2\t甲乙丙丁\t\twarn\t\t错别字\t\t\n"
           "3\t丙丁\t\twarn\t\t错别字\t\t\n");
    struct str id = {0};

    (void)state;
    assert_int_equal(hits(x, "甲乙丙丁", &id), 1);
    assert_true(str_eq(id, S("2")));
    assert_int_equal(hits(x, "甲乙丙", &id), 1);
    assert_true(str_eq(id, S("1")));
    assert_int_equal(hits(x, "www.甲.cn甲乙", NULL), 0);
}

static void mistakes_name_file_line_and_row(void **state)
{
    static const struct {
        const char *tsv, *says;
    } bad[] = {
        {"1\t甲\t乙\n", "第1行：有3格"},
        {"# x\n1\t甲\t乙\t高\t\t近义\t\t\n", "第2行：级别“高”"},
        {"1\t甲\t乙\twarn\t前后:丙\t近义\t\t\n", "条件“前后:丙”"},
        {"1\t甲\t乙\twarn\t\t别的\t\t\n", "分组“别的”"},
        {"\t甲\t乙\twarn\t\t近义\t\t\n", "没有编号"},
        {"1\t甲\t乙\twarn\t\t近义\t\t\n1\t丙\t丁\twarn\t\t近义\t\t\n", "编号“1”在“甲.tsv”第1行"},
        {"1\t甲\t乙\twarn\t\t近义\t\t\n2\t丙\t丁甲\twarn\t\t近义\t\t\n",
            "第2行：建议写法“丁甲”里有“甲.tsv”第1行的错误写法“甲”"},
        {"1\t\t乙\twarn\t\t近义\t\t\n", "应有1到"},
        {"1\t甲…\t乙\twarn\t\t近义\t\t\n", "后面没有词"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        const struct lexicon *x;
        struct err e;
        assert_int_equal(lexicon_of(&a, str_z(bad[i].tsv), "甲.tsv", &x, &e), E_INPUT);
        if (!str_has(str_z(e.msg), str_z(bad[i].says)) || !str_has(str_z(e.msg), S("甲.tsv")))
            print_error("%s\n", e.msg);
        assert_true(str_has(str_z(e.msg), str_z(bad[i].says)));
        assert_true(str_has(str_z(e.msg), S("甲.tsv")));
    }
}

static void a_unit_adds_replaces_and_switches_off(void **state)
{
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
    const struct lexicon *x = built_in();
    const struct lexicon_row *first = lexicon_at(x, 0);
    struct str tsv = arena_printf(&a,
        "%.*s\t%.*s\t\toff\t\t错别字\t\t\nU1\t某某厂\t某厂\twarn\t\t停用\t\t本单位\n",
        SF(first->id), SF(first->wrong));
    char *wrong = arena_z(&a, first->wrong);
    struct err e;

    (void)state;
    assert_int_equal(hits(x, wrong, NULL), 1);
    assert_int_equal(io_temp_dir("lexicon-", dir, &e), OK);
    assert_int_equal(io_join(path, dir, "本单位.tsv", &e), OK);
    assert_int_equal(io_write_file(path, tsv, 0600, &e), OK);
    assert_int_equal(lexicon_open(&a, dir, &x, &e), OK);
    assert_int_equal(hits(x, wrong, NULL), 0);
    assert_int_equal(hits(x, "某某厂", NULL), 1);
    assert_int_equal(io_remove_tree(dir, &e), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_finds_its_wrong_form, begin, end),
        cmocka_unit_test_setup_teardown(no_right_form_holds_a_wrong_one, begin, end),
        cmocka_unit_test_setup_teardown(conditions_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(the_longest_form_wins, begin, end),
        cmocka_unit_test_setup_teardown(mistakes_name_file_line_and_row, begin, end),
        cmocka_unit_test_setup_teardown(a_unit_adds_replaces_and_switches_off, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
