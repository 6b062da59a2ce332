#include "paper_test.h"

#include <iconv.h>

#include "paper/charset.h"

/* `utf8` in another encoding, in a's memory. */
static struct str as(struct arena *a, const char *to, const char *utf8)
{
    iconv_t cd = iconv_open(to, "UTF-8");
    size_t left = strlen(utf8), room = left * 4 + 8;
    char *in = mem_dup(utf8, left), *at = in, *out = arena_alloc(a, room), *end = out;

    assert_true(cd != (iconv_t)-1);
    assert_int_equal(iconv(cd, &at, &left, &end, &room), 0);
    (void)iconv_close(cd);
    free(in);
    return (struct str){out, (size_t)(end - out)};
}

static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};

static bool all_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 0x20 && s.p[i] != '\t' && s.p[i] != '\n') || s.p[i] == 0x7F)
            return false;
    return true;
}

/* Short texts are where detection goes wrong. Every one in all four encodings, no mark in front. */
static void tells_encodings_apart_on_short_texts(void **state)
{
    static const char *const texts[] = {"通知", "联通", "你好", "关于", "会议纪要", "国务院",
        "第一条", "一、总体要求", "防汛2026", "张三", "（一）", "是", "2026年3月1日", "请批示。",
        "A类项目", "甘肃省人民政府办公厅", "“十四五”规划", "《意见》", "联系人：李四，电话：1234",
        "各县（市、区）委：\n现将有关事项通知如下。\n", "力争", "姚晨", "胜利", "电力", "中国",
        "拥护", "测试", "收到", "同意"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        for (size_t k = 0; k < 4; k++) {
            struct arena a;
            struct charset c;
            arena_init(&a);
            c = charset_detect(as(&a, encodings[k], texts[i]));
            if (all_ascii(as(&a, encodings[k], texts[i])))
                assert_true(str_eq(c.name, S("UTF-8"))); /* 你好 in UTF-16LE is `O}Y */
            else if (!str_eq(c.name, str_z(encodings[k])))
                fail_msg("“%s” in %s is taken for %.*s", texts[i], encodings[k], SF(c.name));
            arena_release(&a);
        }
    }
}

static void plain_ascii_and_marks(void **state)
{
    (void)state;
    assert_true(str_eq(charset_detect(S("this app can break")).name, S("UTF-8")));
    assert_true(str_eq(charset_detect(S("a")).name, S("UTF-8")));
    assert_true(str_eq(charset_detect(S("caf\xC3\xA9 na\xC3\xAFve")).name, S("UTF-8")));
    assert_int_equal(charset_detect(S("\xEF\xBB\xBFx")).bom, 3);
    assert_true(str_eq(charset_detect(S("\xFF\xFEx\0")).name, S("UTF-16LE")));
    assert_true(str_eq(charset_detect(S("\xFE\xFF\0x")).name, S("UTF-16BE")));
    assert_true(str_eq(charset_detect(S("x\0y\0")).name, S("UTF-16LE")));
}

static void reads_lines_as_paragraphs(void **state)
{
    struct fixture f;

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        fx_init(&f);
        fx_expect(&f,
            as(&f.a, encodings[k], "关于防汛的通知\r\n\r\n　　各单位：\r\n　　请落实。𠮷\n"),
            "a.txt", "关于防汛的通知\n各单位：\n请落实。𠮷");
        assert_int_equal(f.d.format, FORMAT_TXT);
        assert_int_equal(f.d.n, 3);
        assert_int_equal(f.d.blocks[1].kind, BLOCK_PARA);
        assert_true(str_eq(f.d.encoding, str_z(encodings[k])));
        fx_end(&f);
    }
}

static void a_cut_character_at_the_sample_edge_is_no_error(void **state)
{
    struct fixture f;
    struct buf b = {0};

    (void)state;
    for (int pad = 0; pad < 3; pad++) {
        buf_clear(&b);
        buf_str(&b, str_sub(S("aaa"), 0, (size_t)pad));
        while (b.n < 9000)
            buf_z(&b, "汛");
        fx_init(&f);
        fx_expect(&f, buf_view(&b), "a.txt", b.p);
        assert_int_equal(f.d.warnings.n, 0);
        fx_end(&f);
    }
    buf_release(&b);
}

static void damaged_text_is_read_with_a_warning(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_expect(&f, S("关于做好防汛抗旱工作\xFF的通知，请各单位认真落实。"), "a.txt",
        "关于做好防汛抗旱工作�的通知，请各单位认真落实。");
    assert_true(str_has(f.d.warnings, S("有 1 处")));
    fx_end(&f);
}

static void refuses_what_is_no_text(void **state)
{
    struct fixture f;
    char noise[4000];
    uint32_t x = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(noise); i++) {
        x = x * 1664525 + 1013904223;
        noise[i] = (char)(x >> 24);
    }
    fx_init(&f);
    fx_read(&f, (struct str){noise, sizeof(noise)}, "a.txt");
    assert_int_equal(f.code, E_INPUT);
    fx_read(&f, S(""), "a.txt");
    assert_int_equal(f.code, E_INPUT);
    assert_non_null(strstr(f.e.msg, "空文件"));
    fx_read(&f, S("Rar!\x1A\x07\x01"), "a.rar");
    assert_int_equal(f.code, E_INPUT);
    assert_non_null(strstr(f.e.msg, "zip"));
    fx_end(&f);
}

static void csv_rows(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    fx_expect(&f,
        S("单位,人数,备注\r\n办公室,12,\"含借调,2人\n已核\"\r\n,,\r\n\"说\"\"是\"\"\",3,x\r\n"),
        "a.csv", "单位\t人数\t备注\n办公室\t12\t含借调,2人 已核\n说\"是\"\t3\tx");
    assert_int_equal(f.d.format, FORMAT_CSV);
    assert_int_equal(f.d.blocks[0].kind, BLOCK_ROW);
    assert_int_equal(f.d.blocks[0].level, 1);
    fx_expect(&f, as(&f.a, "GB18030", "甲;乙\n1;2\n"), "a.csv", "甲\t乙\n1\t2");
    fx_expect(&f, S("甲\t乙,丙\t丁\n1\t2\t3\n"), "a.csv", "甲\t乙,丙\t丁\n1\t2\t3");
    fx_end(&f);
}

static void holds_the_text_limit(void **state)
{
    struct fixture f;

    (void)state;
    fx_init(&f);
    f.lim.text_bytes = 100;
    fx_read(&f,
        S("一二三四五六七八九十\n一二三四五六七八九十\n一二三四五六七八九十\n一二三四五六七八九十"
          "\n"),
        "a.txt");
    assert_int_equal(f.code, E_LIMIT);
    fx_end(&f);
}

static void every_label_of_mail_and_html_decodes(void **state)
{
    static const char *const labels[] = {"gb2312", "GBK", "x-gbk", "GB18030", "cp936", "EUC-CN"};
    struct buf b = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
        buf_clear(&b);
        assert_int_equal(
            charset_decode(&b, S("\xCD\xA8\xD6\xAA\x95\x32\x82\x36"), str_z(labels[i])), 0);
        assert_string_equal(b.p, "通知\xF0\xA0\x80\x80");
    }
    assert_int_equal(charset_decode(&b, S("x"), S("no-such-encoding")), SIZE_MAX);
    assert_int_equal(charset_decode(&b, S("x"), S("")), SIZE_MAX);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_encodings_apart_on_short_texts),
        cmocka_unit_test(plain_ascii_and_marks),
        cmocka_unit_test(reads_lines_as_paragraphs),
        cmocka_unit_test(a_cut_character_at_the_sample_edge_is_no_error),
        cmocka_unit_test(damaged_text_is_read_with_a_warning),
        cmocka_unit_test(refuses_what_is_no_text),
        cmocka_unit_test(csv_rows),
        cmocka_unit_test(holds_the_text_limit),
        cmocka_unit_test(every_label_of_mail_and_html_decodes),
    };
    return cmocka_run_group_tests_name("txt", tests, NULL, NULL);
}
