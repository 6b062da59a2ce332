#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "cli/check_report.h"

static const struct lex_date today = {2026, 11, 23};

struct made {
    struct arena a;
    struct draft d;
    struct check c;
    struct check_report r;
    struct buf out;
};

static void make(struct made *m, struct str text)
{
    struct check_options o = {.today = today};
    struct err e;

    arena_init(&m->a);
    buf_init(&m->out, 0);
    assert_int_equal(draft_read(&m->a, text, NULL, &m->d, &e), OK);
    check_draft(&m->a, &m->d, &o, &m->c);
    m->r = (struct check_report){.file = S("文稿 1.txt"),
        .d = &m->d,
        .found = &m->c,
        .least = CHECK_HINT,
        .real_lines = true};
}

static void unmake(struct made *m)
{
    buf_release(&m->out);
    arena_release(&m->a);
}

static json_t *parsed(struct made *m)
{
    json_error_t e;
    json_t *j = json_loadb(m->out.p, m->out.n, JSON_REJECT_DUPLICATES, &e);
    assert_non_null(j);
    return j;
}

static const json_t *at(const json_t *j, const char *key)
{
    const json_t *v = json_object_get(j, key);
    assert_non_null(v);
    return v;
}

static json_int_t whole(const json_t *j, const char *key)
{
    assert_true(json_is_integer(at(j, key)));
    return json_integer_value(at(j, key));
}

static const char *text_of(const json_t *j, const char *key)
{
    assert_true(json_is_string(at(j, key)));
    return json_string_value(at(j, key));
}

static void region_is_one(const json_t *r)
{
    json_int_t line = whole(r, "startLine"), column = whole(r, "startColumn");

    assert_true(line >= 1 && column >= 1);
    assert_true(whole(r, "endLine") > line ||
                (whole(r, "endLine") == line && whole(r, "endColumn") >= column));
}

static void uri_is_ascii(const char *uri)
{
    assert_true(*uri != '\0');
    for (; *uri; uri++)
        assert_true(*uri > ' ' && (unsigned char)*uri < 0x7F);
}

/* What the schema of SARIF 2.1.0 asks of the parts that are written (OASIS, sarif-schema-2.1.0.json). */
static void sarif_has_the_shape_of_the_schema(void **state)
{
    struct made m;
    size_t i, k;
    const json_t *run, *rules, *rule, *result, *fix;
    json_t *j;

    (void)state;
    make(&m, S("各单位,请,落实。\n第二段:完"));
    report_sarif(&m.r, &m.out);
    j = parsed(&m);
    assert_string_equal(text_of(j, "version"), "2.1.0");
    assert_int_equal(json_array_size(at(j, "runs")), 1);
    run = json_array_get(at(j, "runs"), 0);
    assert_string_equal(text_of(run, "columnKind"), "unicodeCodePoints");
    rules = at(at(at(run, "tool"), "driver"), "rules");
    assert_true(json_array_size(rules) > 0);
    json_array_foreach(rules, i, rule)
    {
        (void)text_of(at(rule, "shortDescription"), "text");
        for (k = 0; k < i; k++)
            assert_string_not_equal(text_of(rule, "id"), text_of(json_array_get(rules, k), "id"));
    }
    assert_true(json_array_size(at(run, "results")) >= 3);
    json_array_foreach(at(run, "results"), i, result)
    {
        const char *level = text_of(result, "level");
        const json_t *place = at(json_array_get(at(result, "locations"), 0), "physicalLocation");
        rule = json_array_get(rules, (size_t)whole(result, "ruleIndex"));
        assert_string_equal(text_of(rule, "id"), text_of(result, "ruleId"));
        assert_true(strcmp(level, "error") == 0 || strcmp(level, "warning") == 0 ||
                    strcmp(level, "note") == 0);
        assert_true(*text_of(at(result, "message"), "text") != '\0');
        uri_is_ascii(text_of(at(place, "artifactLocation"), "uri"));
        region_is_one(at(place, "region"));
        if (!json_object_get(result, "fixes"))
            continue;
        json_array_foreach(json_object_get(result, "fixes"), k, fix)
        {
            const json_t *change = json_array_get(at(fix, "artifactChanges"), 0);
            const json_t *one = json_array_get(at(change, "replacements"), 0);
            region_is_one(at(one, "deletedRegion"));
            (void)text_of(at(one, "insertedContent"), "text");
        }
    }
    json_decref(j);
    unmake(&m);
}

static void json_says_what_the_check_found(void **state)
{
    struct made m;
    json_t *j;
    const json_t *f;

    (void)state;
    make(&m, S("各单位,请落实。"));
    report_json(&m.r, &m.out);
    j = parsed(&m);
    assert_int_equal(whole(j, "chars"), 8);
    assert_int_equal(json_array_size(at(j, "findings")), 1);
    f = json_array_get(at(j, "findings"), 0);
    assert_string_equal(text_of(f, "rule"), "P01");
    assert_string_equal(text_of(f, "class"), "punct");
    assert_string_equal(text_of(f, "level"), "error");
    assert_int_equal(whole(f, "begin"), 3);
    assert_int_equal(whole(f, "end"), 4);
    assert_string_equal(text_of(f, "text"), ",");
    assert_string_equal(json_string_value(json_array_get(at(f, "suggestions"), 0)), "，");
    assert_non_null(at(f, "source"));
    assert_true(json_is_array(at(j, "skipped_rules")));
    json_decref(j);
    unmake(&m);
}

static void lines_and_columns_are_those_of_the_file(void **state)
{
    struct made m;
    uint32_t line[] = {3, 7}, lead[] = {0, 2};
    struct report_place p;

    (void)state;
    make(&m, S("甲乙\n丙,丁"));
    m.r.line = line;
    m.r.lead = lead;
    p = report_place_of(&m.r, 4);
    assert_int_equal(p.line, 7);
    assert_int_equal(p.column, 4);
    p = report_place_of(&m.r, 0);
    assert_int_equal(p.line, 3);
    assert_int_equal(p.column, 1);
    report_text(&m.r, true, &m.out);
    assert_true(str_has(buf_view(&m.out), S("文稿 1.txt:7:4:")));
    assert_true(str_has(buf_view(&m.out), S("\033[")));
    buf_clear(&m.out);
    report_text(&m.r, false, &m.out);
    assert_false(str_has(buf_view(&m.out), S("\033[")));
    m.r.least = CHECK_ERROR;
    for (size_t i = 0; i < m.c.n; i++)
        m.c.v[i].level = CHECK_HINT;
    assert_int_equal(report_shown(&m.r), 0);
    unmake(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_has_the_shape_of_the_schema),
        cmocka_unit_test(json_says_what_the_check_found),
        cmocka_unit_test(lines_and_columns_are_those_of_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
