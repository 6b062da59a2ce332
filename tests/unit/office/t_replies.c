/* What comes back from a chat group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"
#include "office/replies.h"

static const struct ask asks[] = {
    {.id = 1,
        .to_kind = PRINCIPAL_UNIT,
        .to = 4,
        .to_name = SC("财务部"),
        .answers = SC("已收\n已反馈")},
    {.id = 2,
        .to_kind = PRINCIPAL_UNIT,
        .to = 5,
        .to_name = SC("路桥公司"),
        .answers = SC("已收\n已部署\n已反馈")},
    {.id = 3,
        .to_kind = PRINCIPAL_PERSON,
        .to = 9,
        .to_name = SC("王小明"),
        .answers = SC("已收\n已反馈")},
    {.id = 4,
        .to_kind = PRINCIPAL_UNIT,
        .to = 6,
        .to_name = SC("设计院"),
        .answers = SC("已收\n已反馈"),
        .word = SC("已收")},
};
static const struct reply_name names[] = {{0, SC("财务部"), 21}, {0, SC("李四"), 21},
    {1, SC("路桥公司"), 22}, {1, SC("张三"), 22}, {2, SC("王小明"), 9}, {3, SC("设计院"), 23},
    {3, SC("赵六"), 23}, {0, SC("周一"), 24}, {1, SC("周一"), 25}};

static size_t read_all(struct arena *a, const char *text, struct reply_line **v)
{
    struct err e;
    size_t n = 0;
    if (replies_read(a, str_z(text), asks, 4, names, 9, v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    return n;
}

static void each_form_of_a_line(void **state)
{
    static const struct {
        const char *line;
        int ask; /* -1: fits none */
        const char *word, *text;
    } cases[] = {
        {"1. 张三 收到", 1, "已收", ""},
        {"2、财务部-李四：已收到，已部署", 0, "已收", "已部署"},
        {"2、路桥公司张三：已收到，已部署到各项目部", 1, "已部署", "已部署到各项目部"},
        {"（3）王小明收到", 2, "已收", ""},
        {"12) 财务部 已反馈，见附件", 0, "已反馈", "见附件"},
        {"路桥公司收到！", 1, "已收", ""},
        {"设计院 已反馈", 3, "已反馈", ""},
        {"设计院 收到", -1, "已经登记过", ""},
        {"张三丰 收到", -1, "没有认出", ""}, /* another man */
        {"周一 收到", -1, "不止一个", ""},
        {"财务部 没有收到文件", -1, "还没有办", ""},
        {"财务部 未反馈", -1, "还没有办", ""},
        {"路桥公司 请问附件在哪", -1, "没有说明", ""},
        {"人力部 收到", -1, "没有认出", ""},
        {"收到", -1, "没有认出", ""},
        {"李四\xe3\x80\x80收到", 0, "已收", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena a;
        struct reply_line *v;
        arena_init(&a);
        assert_int_equal(read_all(&a, cases[i].line, &v), 1);
        bool right = cases[i].ask < 0 ? !v->fits && str_has(v->why, str_z(cases[i].word))
                                      : v->fits && (int)v->ask == cases[i].ask &&
                                            str_eq(v->word, str_z(cases[i].word)) &&
                                            str_eq(v->text, str_z(cases[i].text));
        if (!right)
            fail_msg("%s: %d %zu “%.*s” “%.*s” %.*s", cases[i].line, v->fits, v->ask, SF(v->word),
                SF(v->text), SF(v->why));
        arena_release(&a);
    }
}

static void the_later_line_stands(void **state)
{
    struct arena a;
    struct reply_line *v;
    (void)state;
    arena_init(&a);
    assert_int_equal(
        read_all(&a, "#接龙\n请大家回复\n1. 张三 收到\n\n2. 李四 收到\n3. 张三 已反馈\n", &v), 4);
    assert_false(v[0].fits);
    assert_false(v[1].fits);
    assert_true(v[2].fits && v[3].fits);
    assert_true(str_eq(v[3].word, S("已反馈")));
    arena_release(&a);
}

/* Whatever is pasted: what fits names an ask, a word it allows, and text of the line. */
static void hostile_text(void **state)
{
    static const char *const pieces[] = {"张三", "财务部", "收到", "已反馈", "\n", "1.", "（", "\t",
        "，", "：", "没", "\xe2\x80\x8b", "<b>", "'; DROP TABLE ask", "#接龙", "𠮷", "\r", "周一",
        " ", "99999999999."};
    uint64_t x = 88172645463325252ULL;
    struct err e;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct arena a;
        struct buf b;
        struct reply_line *v = NULL;
        size_t n = 0;
        arena_init(&a);
        buf_init(&b, 0);
        for (int i = 0; i < 40; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            buf_z(&b, pieces[x % (sizeof(pieces) / sizeof(*pieces))]);
        }
        assert_int_equal(replies_read(&a, buf_view(&b), asks, 4, names, 9, &v, &n, &e), OK);
        for (size_t i = 0; i < n; i++) {
            assert_true(v[i].fits != (v[i].why.n > 0));
            if (!v[i].fits)
                continue;
            assert_true(v[i].ask < 4 && v[i].person);
            assert_true(str_has(asks[v[i].ask].answers, v[i].word));
            assert_true(str_has(v[i].line, v[i].text));
            for (size_t k = 0; k < i; k++)
                assert_false(v[k].fits && v[k].ask == v[i].ask);
        }
        buf_release(&b);
        arena_release(&a);
    }
}

static void what_is_too_much_is_refused(void **state)
{
    struct arena a;
    struct buf b;
    struct reply_line *v;
    size_t n;
    struct err e;
    (void)state;
    arena_init(&a);
    buf_init(&b, 0);
    for (int i = 0; i <= REPLIES_LINES_MAX; i++)
        buf_z(&b, "x\n");
    assert_int_equal(replies_read(&a, buf_view(&b), asks, 4, names, 9, &v, &n, &e), E_LIMIT);
    while (b.n <= REPLIES_BYTES_MAX)
        buf_z(&b, "xxxxxxxxxxxxxxxx");
    assert_int_equal(replies_read(&a, buf_view(&b), asks, 4, names, 9, &v, &n, &e), E_LIMIT);
    assert_int_equal(replies_read(&a, S("\xff\xfe"), asks, 4, names, 9, &v, &n, &e), E_INPUT);
    buf_release(&b);
    arena_release(&a);
}

static void a_plain_notice_names_who_and_until_when(void **state)
{
    struct itemdb t;
    struct ask *v;
    struct reply_name *m;
    size_t n, n_names = 0;
    struct err e;
    (void)state;
    itemdb_open(&t);
    itemdb_kind(&t, notice_kind_yaml);
    int64_t id = noticedb_relayed(&t);
    struct db *db = itemdb_read(&t);
    assert_int_equal(
        replies_names(db, &t.o.a, itemdb_as(&t, SECRETARY), id, &v, &n, &m, &n_names, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(n_names >= 4);
    struct str s = replies_notice(&t.o.a, v, n, t.now_ms, ZONE_CHINA);
    assert_true(str_has(s, S("共2个单位于7月20日前")));
    assert_false(str_has(s, S("防汛")));
    s = replies_notice(&t.o.a, v, n, t.now_ms + 10 * MS_DAY, ZONE_CHINA);
    assert_true(str_has(s, S("已逾期")));
    itemdb_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_a_line),
        cmocka_unit_test(the_later_line_stands),
        cmocka_unit_test(hostile_text),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(a_plain_notice_names_who_and_until_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
