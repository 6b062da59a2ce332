#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/yaml.h"

static struct arena a;

static int begin(void **state)
{
    (void)state;
    arena_init(&a);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static const struct yaml *parsed(struct str text)
{
    const struct yaml *root = NULL;
    struct err e;

    assert_int_equal(yaml_parse(&a, text, "k.yaml", &root, &e), OK);
    return root;
}

static const char *refused(struct str text)
{
    static struct err e;
    const struct yaml *root = NULL;

    assert_int_not_equal(yaml_parse(&a, text, "k.yaml", &root, &e), OK);
    assert_null(root);
    return e.msg;
}

static void a_tree_with_lines(void **state)
{
    const struct yaml *root =
        parsed(S("# 督办\nkind: supervision\nname: 督办事项\nfields:\n"
                 "  - {id: demand, required: true}\n  - id: \"7\"\n"
                 "states: {draft: 草稿, doing: 办理中}\ntext: |\n  一\n  二\n"));
    const struct yaml *fields = yaml_get(root, "fields"), *second;
    (void)state;
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->n, 5);
    assert_true(str_eq(yaml_get(root, "name")->text, S("督办事项")));
    assert_int_equal(yaml_get(root, "name")->line, 3);
    assert_int_equal(fields->kind, YAML_LIST);
    assert_int_equal(fields->n, 2);
    assert_int_equal(fields->first->line, 5);
    assert_true(str_eq(yaml_get(fields->first, "required")->text, S("true")));
    second = fields->first->next;
    assert_true(yaml_get(second, "id")->quoted);
    assert_null(second->next);
    assert_true(str_eq(yaml_get(yaml_get(root, "states"), "doing")->text, S("办理中")));
    assert_true(str_eq(yaml_get(root, "text")->text, S("一\n二\n")));
    assert_null(yaml_get(root, "none"));
    assert_null(yaml_get(fields, "id"));
    assert_int_equal(parsed(S(""))->n, 0);
    assert_int_equal(parsed(S("# only a remark\n"))->kind, YAML_MAP);
}

static void what_is_not_taken_is_named_with_its_line(void **state)
{
    struct buf b;
    (void)state;
    assert_string_equal(
        refused(S("a: 1\nb: 2\na: 3\n")), "文件“k.yaml”第3行：键“a”重复，第1行已有");
    assert_non_null(strstr(refused(S("a: &x 1\nb: *x\n")), "第1行：不支持锚点"));
    assert_non_null(strstr(refused(S("a: 1\nb: *x\n")), "第2行：不支持锚点"));
    assert_non_null(strstr(refused(S("a: !!int 1\n")), "不支持锚点"));
    assert_non_null(strstr(refused(S("a: 1\n<<: {b: 1}\n")), "第2行：不支持合并键"));
    assert_non_null(strstr(refused(S("? [a]\n: 1\n")), "键必须是文字"));
    assert_non_null(strstr(refused(S("a: 1\n---\nb: 1\n")), "第2行：一个文件只能有一份内容"));
    assert_non_null(strstr(refused(S("a: 1\n  b: [1\n")), "第2行：YAML 写法有误"));
    assert_non_null(strstr(refused(S("a: \xff\n")), "第 4 字节"));
    assert_non_null(strstr(refused((struct str){"a: \0\n", 5}), "第 3 字节"));
    buf_init(&b, 0);
    for (int i = 0; i <= YAML_MAX_DEPTH; i++)
        buf_char(&b, '[');
    assert_non_null(strstr(refused(buf_view(&b)), "嵌套超过"));
    buf_clear(&b);
    buf_char(&b, '[');
    for (int i = 0; i <= YAML_MAX_NODES; i++)
        buf_z(&b, "a,");
    buf_char(&b, ']');
    assert_non_null(strstr(refused(buf_view(&b)), "内容超过"));
    buf_clear(&b);
    while (b.n <= YAML_MAX_BYTES)
        buf_z(&b, "# 一行说明\n");
    assert_non_null(strstr(refused(buf_view(&b)), "超过上限"));
    buf_release(&b);
}

#define BAD(call, message)                                  \
    do {                                                    \
        assert_int_equal(call, E_INPUT);                    \
        assert_string_equal(e.msg, "文件“k.yaml”" message); \
    } while (0)

static void values_by_type(void **state)
{
    static const char *const words[] = {"红", "黄", NULL};
    const struct yaml *r = parsed(
        S("n: 8080\nq: \"8080\"\nsize: 64K\ntime: 15m\nyes: 是\nword: 黄\nlist: [1]\nnull: ~\n"
          "huge: 9999999999G\n"));
    struct err e;
    struct str s;
    int64_t v = 0;
    bool yes = false;
    int word = 9;
    (void)state;
    assert_int_equal(yaml_int(yaml_get(r, "n"), 1, 65535, &v, &e), OK);
    assert_int_equal(v, 8080);
    BAD(yaml_int(yaml_get(r, "n"), 1, 80, &v, &e), "第1行：“n”的值“8080”不在 1 到 80 之间");
    BAD(yaml_int(yaml_get(r, "q"), 1, 65535, &v, &e), "第2行：“q”的值“8080”应为整数");
    BAD(yaml_int(yaml_get(r, "list")->first, 2, 3, &v, &e), "第7行：“此项”的值“1”不在 2 到 3 之间");
    assert_int_equal(v, 8080);
    assert_int_equal(yaml_bytes(yaml_get(r, "size"), 0, INT64_MAX, &v, &e), OK);
    assert_int_equal(v, 65536);
    BAD(yaml_bytes(yaml_get(r, "size"), 1 << 20, INT64_C(3) << 30, &v, &e),
        "第3行：“size”的值“64K”不在 1M 到 3G 之间");
    BAD(yaml_bytes(yaml_get(r, "huge"), 0, INT64_MAX, &v, &e),
        "第9行：“huge”的值“9999999999G”应为字节数，如 4096、64K、512M、2G");
    assert_int_equal(yaml_duration(yaml_get(r, "time"), 0, INT64_MAX, &v, &e), OK);
    assert_int_equal(v, 900000);
    BAD(yaml_duration(yaml_get(r, "n"), 0, INT64_MAX, &v, &e),
        "第1行：“n”的值“8080”应为时长，如 30s、15m、8h、7d");
    assert_int_equal(yaml_bool(yaml_get(r, "yes"), &yes, &e), OK);
    assert_true(yes);
    BAD(yaml_bool(yaml_get(r, "n"), &yes, &e), "第1行：“n”的值“8080”应为 true 或 false");
    assert_int_equal(yaml_word(yaml_get(r, "word"), words, &word, &e), OK);
    assert_int_equal(word, 1);
    BAD(yaml_word(yaml_get(r, "yes"), words, &word, &e), "第5行：“yes”的值“是”应为：红、黄");
    BAD(yaml_text(yaml_get(r, "list"), &s, &e), "第7行：“list”应为单个值");
    assert_true(yaml_is_null(yaml_get(r, "null")));
    assert_false(yaml_is_null(yaml_get(r, "n")));
}

static void unknown_keys_are_refused(void **state)
{
    static const char *const keys[] = {"listen", "data", NULL};
    struct err e;
    (void)state;
    assert_int_equal(yaml_keys(parsed(S("data: x\n")), keys, &e), OK);
    BAD(yaml_keys(parsed(S("data: x\n\nlissten: 1\n")), keys, &e),
        "第3行：未知的键“lissten”，可用的键：listen、data");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_with_lines, begin, finish),
        cmocka_unit_test_setup_teardown(what_is_not_taken_is_named_with_its_line, begin, finish),
        cmocka_unit_test_setup_teardown(values_by_type, begin, finish),
        cmocka_unit_test_setup_teardown(unknown_keys_are_refused, begin, finish),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
