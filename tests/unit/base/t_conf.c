#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/conf.h"

static const char *const levels[] = {"debug", "info", NULL};
static const struct conf_key keys[] = {
    {"listen", CONF_TEXT, "127.0.0.1:8080", "监听地址", 0, 0, NULL},
    {"level", CONF_WORD, "info", "日志级别", 0, 0, levels},
    {"idle", CONF_DURATION, "30m", "无操作多久后退出登录", 60000, 86400000, NULL},
    {"mail.host", CONF_TEXT, "", "邮件服务器", 0, 0, NULL},
    {"mail.port", CONF_INT, "993", "端口", 1, 65535, NULL},
    {"mail.tls", CONF_BOOL, "true", "加密", 0, 0, NULL},
    {"watch", CONF_LIST, "", "收文目录", 0, 0, NULL},
    {"upload", CONF_BYTES, "256M", "上传上限", 0, 0, NULL},
    {.name = NULL},
};

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

static void defaults_stand_until_the_file_says_otherwise(void **state)
{
    const struct conf *c = NULL;
    struct err e;
    const struct str *list;
    size_t n = 9;
    (void)state;
    assert_int_equal(conf_parse(&a, keys, S(""), "q.yaml", &c, &e), OK);
    assert_true(str_eq(conf_text(c, "listen"), S("127.0.0.1:8080")));
    assert_int_equal(conf_word(c, "level"), 1);
    assert_int_equal(conf_int(c, "idle"), 1800000);
    assert_int_equal(conf_int(c, "upload"), 256 << 20);
    assert_int_equal(conf_text(c, "mail.host").n, 0);
    assert_true(conf_bool(c, "mail.tls"));
    (void)conf_list(c, "watch", &n);
    assert_int_equal(n, 0);
    assert_false(conf_given(c, "listen"));

    assert_int_equal(conf_parse(&a, keys,
                         S("listen: 0.0.0.0:80\nlevel: debug\nmail:\n  host: 邮局\n  tls: 否\n"
                           "watch: [a, 收文]\n"),
                         "q.yaml", &c, &e),
        OK);
    assert_string_equal(conf_text(c, "listen").p, "0.0.0.0:80");
    assert_int_equal(conf_word(c, "level"), 0);
    assert_true(str_eq(conf_text(c, "mail.host"), S("邮局")));
    assert_int_equal(conf_int(c, "mail.port"), 993);
    assert_false(conf_bool(c, "mail.tls"));
    list = conf_list(c, "watch", &n);
    assert_int_equal(n, 2);
    assert_true(str_eq(list[1], S("收文")));
    assert_true(conf_given(c, "mail.host"));
    assert_false(conf_given(c, "mail.port"));
}

static void wrong_files_are_refused_with_the_place(void **state)
{
    const struct {
        struct str text;
        const char *msg;
    } bad[] = {
        {SC("level: info\n\nlissten: x\n"),
            "第3行：未知的键“lissten”，可用的键：listen、level、idle、mail、watch、upload"},
        {SC("mail:\n  hst: x\n"), "第2行：未知的键“mail.hst”，可用的键：host、port、tls"},
        {SC("mail.host: x\n"),
            "第1行：未知的键“mail.host”，可用的键：listen、level、idle、mail、watch、upload"},
        {SC("mail: x\n"), "第1行：“mail”应为若干“键: 值”"},
        {SC("idle: 5s\n"), "第1行：“idle”的值“5s”不在 1m 到 1d 之间"},
        {SC("upload: 一点\n"), "第1行：“upload”的值“一点”应为字节数，如 4096、64K、512M、2G"},
        {SC("- a\n"), "第1行：“此项”应为若干“键: 值”"},
        {SC("watch: [[a]]\n"), "第1行：“此项”应为单个值"},
    };
    const struct conf *c = NULL;
    struct err e;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(conf_parse(&a, keys, bad[i].text, "q.yaml", &c, &e), E_INPUT);
        assert_non_null(strstr(e.msg, "文件“q.yaml”"));
        assert_string_equal(e.msg + strlen("文件“q.yaml”"), bad[i].msg);
    }
    assert_null(c);
}

static void later_findings_name_the_place_too(void **state)
{
    const struct conf *c = NULL;
    struct err e;
    (void)state;
    assert_int_equal(conf_parse(&a, keys, S("\nlisten: x\n"), "q.yaml", &c, &e), OK);
    assert_int_equal(conf_fail(c, "listen", &e, "没有端口"), E_INPUT);
    assert_string_equal(e.msg, "文件“q.yaml”第2行：“listen”：没有端口");
    assert_int_equal(conf_fail(c, "mail.host", &e, "要收邮件须填写"), E_INPUT);
    assert_string_equal(e.msg, "文件“q.yaml”：缺少“mail.host”：要收邮件须填写");
}

/* What conf_write writes is the defaults, once the marks in front are taken away. */
static void the_written_file_is_the_defaults(void **state)
{
    const struct conf *c = NULL;
    struct buf b, open;
    struct str rest, line;
    struct err e;
    (void)state;
    buf_init(&b, 0);
    buf_init(&open, 0);
    conf_write(&b, keys);
    assert_int_equal(conf_parse(&a, keys, buf_view(&b), "q.yaml", &c, &e), OK);
    assert_false(conf_given(c, "listen"));
    rest = buf_view(&b);
    while (str_next(&rest, S("\n"), &line)) {
        if (str_starts(line, S("#  ")) || !str_starts(line, S("# ")))
            (void)str_eat(&line, S("#")); /* a key, not a remark */
        buf_str(&open, line);
        buf_char(&open, '\n');
    }
    assert_int_equal(conf_parse(&a, keys, buf_view(&open), "q.yaml", &c, &e), OK);
    for (size_t i = 0; keys[i].name; i++)
        assert_true(conf_given(c, keys[i].name));
    assert_int_equal(conf_int(c, "mail.port"), 993);
    assert_int_equal(conf_int(c, "idle"), 1800000);
    buf_release(&b);
    buf_release(&open);
}

static void a_file_may_be_absent_unless_it_must_exist(void **state)
{
    const struct conf *c = NULL;
    struct err e;
    (void)state;
    assert_int_equal(conf_load(&a, keys, "/nonexistent/q.yaml", true, &c, &e), E_NOTFOUND);
    assert_null(c);
    assert_int_equal(conf_load(&a, keys, "/nonexistent/q.yaml", false, &c, &e), OK);
    assert_int_equal(conf_int(c, "mail.port"), 993);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            defaults_stand_until_the_file_says_otherwise, begin, finish),
        cmocka_unit_test_setup_teardown(wrong_files_are_refused_with_the_place, begin, finish),
        cmocka_unit_test_setup_teardown(later_findings_name_the_place_too, begin, finish),
        cmocka_unit_test_setup_teardown(the_written_file_is_the_defaults, begin, finish),
        cmocka_unit_test_setup_teardown(a_file_may_be_absent_unless_it_must_exist, begin, finish),
    };
    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
