#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

static void writes_every_kind_of_value(void **state)
{
    struct buf b;
    struct jw j;
    (void)state;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "标题", S("关于“放管服”的通知"));
    jw_kint(&j, "n", INT64_MIN);
    jw_kid(&j, "id", 1234567890123456789);
    jw_kid(&j, "none", 0);
    jw_kreal(&j, "r", 0.1);
    jw_kbool(&j, "t", true);
    jw_key(&j, S("null"));
    jw_null(&j);
    jw_karr(&j, "a");
    jw_obj(&j);
    jw_end(&j);
    jw_arr(&j);
    jw_end(&j);
    jw_raw(&j, S("{\"x\":1}"));
    jw_int(&j, 7);
    jw_end(&j);
    jw_kobj(&j, "o");
    jw_end(&j);
    assert_false(jw_done(&j));
    jw_end(&j);
    assert_true(jw_done(&j));
    assert_string_equal(b.p,
        "{\"标题\":\"关于“放管服”的通知\",\"n\":-9223372036854775808,"
        "\"id\":\"1234567890123456789\",\"none\":null,\"r\":0.1,\"t\":true,\"null\":null,"
        "\"a\":[{},[],{\"x\":1},7],\"o\":{}}");
    buf_release(&b);
}

static const char *escaped(struct buf *b, struct str s)
{
    buf_clear(b);
    jw_escape(b, s);
    return b->p;
}

static void escapes_what_would_end_a_script_or_a_string(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 0);
    assert_string_equal(escaped(&b, S("</script><!--&")), "\\u003c/script\\u003e\\u003c!--\\u0026");
    assert_string_equal(
        escaped(&b, S("a\"b\\c\n\t\b\f\r\x01\x1f")), "a\\\"b\\\\c\\n\\t\\b\\f\\r\\u0001\\u001f");
    assert_string_equal(escaped(&b, (struct str){"a\0b", 3}), "a\\u0000b");
    assert_string_equal(
        escaped(&b, S("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x9c")), "\\u2028\\u2029\xe2\x80\x9c");
    buf_release(&b);
}

static void replaces_what_is_no_utf8(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 0);
    assert_string_equal(escaped(&b, S("\x80")), "\xef\xbf\xbd");
    assert_string_equal(escaped(&b, S("\xe4\xb8")), "\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(escaped(&b, S("\xed\xa0\x80")), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(escaped(&b, S("\xef\xbf\xbd")), "\xef\xbf\xbd");
    assert_string_equal(escaped(&b, S("\xf0\xac\xad\x8e\xc3\xa9")), "\xf0\xac\xad\x8e\xc3\xa9");
    buf_release(&b);
}

static void reals_read_back_the_same(void **state)
{
    const double v[] = {0, -0.0, 1, 1e300, 1.0 / 3, DBL_MIN, DBL_MAX, 4.35, 1e-9, 123456789.125};
    struct buf b;
    struct jw j;
    (void)state;
    buf_init(&b, 0);
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        double back;
        buf_clear(&b);
        jw_init(&j, &b);
        jw_real(&j, v[i]);
        back = strtod(b.p, NULL);
        assert_memory_equal(&back, &v[i], sizeof(back));
    }
    buf_clear(&b);
    jw_init(&j, &b);
    jw_arr(&j);
    jw_real(&j, NAN);
    jw_real(&j, -INFINITY);
    jw_real(&j, 0.1);
    jw_end(&j);
    assert_string_equal(b.p, "[null,null,0.1]");
    buf_release(&b);
}

/* Random bytes: what the writer makes, jansson reads, and it is the cleaned text. */
static void whatever_goes_in_comes_out_of_the_reader(void **state)
{
    uint32_t seed = 7;
    struct buf b, clean;
    struct err e;
    (void)state;
    buf_init(&b, 0);
    buf_init(&clean, 0);
    for (int round = 0; round < 3000; round++) {
        char raw[24];
        json_t *v = NULL;
        struct jw j;
        for (size_t i = 0; i < sizeof(raw); i++) {
            seed = seed * 1664525 + 1013904223;
            raw[i] = (char)(seed >> 24 | (round % 2 ? 0x80 : 1));
        }
        buf_clear(&b);
        jw_init(&j, &b);
        jw_obj(&j);
        jw_kstr(&j, "k", (struct str){raw, sizeof(raw)});
        jw_end(&j);
        assert_int_equal(utf8_check(buf_view(&b)), SIZE_MAX);
        assert_int_equal(jr_parse(buf_view(&b), &v, &e), OK);
        buf_clear(&clean);
        (void)utf8_clean(&clean, (struct str){raw, sizeof(raw)});
        assert_true(str_eq(jr_str(v, "k"), buf_view(&clean)));
        json_decref(v);
    }
    buf_release(&b);
    buf_release(&clean);
}

static void says_where_json_is_wrong(void **state)
{
    json_t *v = NULL;
    struct err e;
    struct buf deep;
    (void)state;
    assert_int_equal(jr_parse(S("{\n \"a\": 1,\n \"a\": 2}"), &v, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "第3行"));
    assert_non_null(strstr(e.msg, "同一个键出现了两次"));
    assert_int_equal(jr_parse(S("{\"a\":"), &v, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "内容不完整"));
    assert_int_equal(jr_parse(S(""), &v, &e), E_INPUT);
    assert_int_equal(jr_parse(S("1 2"), &v, &e), E_INPUT);
    assert_int_equal(jr_parse(S("\"\\u0000\""), &v, &e), E_INPUT);
    buf_init(&deep, 0);
    for (int i = 0; i <= JR_MAX_DEPTH; i++)
        buf_char(&deep, '[');
    assert_int_equal(jr_parse(buf_view(&deep), &v, &e), E_LIMIT);
    assert_null(v);
    buf_release(&deep);
}

static void members_of_another_type_give_the_default(void **state)
{
    json_t *v = NULL;
    struct err e;
    (void)state;
    assert_int_equal(jr_parse(S("{\"s\":\"x\",\"i\":5,\"r\":1.5,\"b\":true,\"id\":\"99\","
                                "\"bad\":\"9x\",\"neg\":-4,\"z\":null}"),
                         &v, &e),
        OK);
    assert_true(str_eq(jr_str(v, "s"), S("x")));
    assert_int_equal(jr_str(v, "i").n, 0);
    assert_int_equal(jr_int(v, "i", 1), 5);
    assert_int_equal(jr_int(v, "s", 1), 1);
    assert_int_equal(jr_int(v, "z", 3), 3);
    assert_true(jr_real(v, "i", 0) > 4.9 && jr_real(v, "r", 0) > 1.4);
    assert_true(jr_bool(v, "b", false));
    assert_false(jr_bool(v, "i", false));
    assert_int_equal(jr_id(v, "id"), 99);
    assert_int_equal(jr_id(v, "i"), 5);
    assert_int_equal(jr_id(v, "bad"), 0);
    assert_int_equal(jr_id(v, "neg"), 0);
    assert_int_equal(jr_id(v, "absent"), 0);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_kind_of_value),
        cmocka_unit_test(escapes_what_would_end_a_script_or_a_string),
        cmocka_unit_test(replaces_what_is_no_utf8),
        cmocka_unit_test(reals_read_back_the_same),
        cmocka_unit_test(whatever_goes_in_comes_out_of_the_reader),
        cmocka_unit_test(says_where_json_is_wrong),
        cmocka_unit_test(members_of_another_type_give_the_default),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
