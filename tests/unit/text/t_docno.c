#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/docno.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Every number in the sentence, in key form, parted by blanks. */
static void check_keys(const char *text, const char *want)
{
    struct arena a;
    struct buf got;
    struct docno *v;
    size_t n;

    arena_init(&a);
    buf_init(&got, 0);
    n = docno_find(&a, str_z(text), &v);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(&got, ' ');
        docno_key(&v[i], &got);
    }
    buf_char(&got, '\0');
    assert_string_equal(got.p, want);
    buf_release(&got);
    arena_release(&a);
}

static void finds_numbers_in_sentences(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"国办发〔2024〕15号", "国办发|2024|15"},
        {"国办发[2024]15号", "国办发|2024|15"},
        {"国办发（2024）15号", "国办发|2024|15"},
        {"国办发【2024】第15号", "国办发|2024|15"},
        {"国办发〔2024) 15 号", "国办发|2024|15"},
        {"国办发 ［２０２４］ １５ 号", "国办发|2024|15"},
        {"国办发〔24〕015号", "国办发|2024|15"},
        {"劳社部发[86]3号", "劳社部发|1986|3"},
        {"根据国办发〔2020〕5号文件精神", "国办发|2020|5"},
        {"凡需新辟机场，按国办发(1985)49号文办理", "国办发|1985|49"},
        {"《关于进一步做好工作的通知》（中办发〔2020〕3号）和国发〔2021〕7号",
            "中办发|2020|3 国发|2021|7"},
        {"（泰和府办发〔2020〕5号）", "泰和府办发|2020|5"},
        {"和政发〔2019〕2号", "和政发|2019|2"},
        {"见高检发研字〔1999〕10号", "高检发研字|1999|10"},
        {"市局作出温国土资发（2018）366号决定", "温国土资发|2018|366"},
        {"中华人民共和国国务院令第138号", "国务院令|0|138"},
        {"2013年9月9日中华人民共和国国务院令第640号公布", "国务院令|0|640"},
        {"国务院令（第588号）", "国务院令|0|588"},
        {"国令第706号", "国务院令|0|706"},
        {"国务院第138号令", "国务院令|0|138"},
        {"中华人民共和国主席令第七十号", "主席令|0|70"},
        {"中华人民共和国国务院令\n第 722 号", "国务院令|0|722"},
        {"交通运输部令2019年第5号", "交通运输部令|2019|5"},
        {"财政部 税务总局公告2024年第5号", "财政部、税务总局公告|2024|5"},
        {"国家税务总局2024年第5号公告", "国家税务总局公告|2024|5"},
        {"杭州市人民代表大会常务委员会公告第50号", "杭州市人民代表大会常务委员会公告|0|50"},
        {"依照国家食品药品监督管理局令第9号执行", "国家食品药品监督管理局令|0|9"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_keys(rows[i].text, rows[i].want);
}

static void leaves_other_numbers_alone(void **state)
{
    static const char *const rows[] = {"北京市西城区府右街2号", "第5号台风于（2020）年登陆",
        "2020年第5号文件", "神舟十三号", "（2020）5号", "命令第3号", "〔2020〕号",
        "国办发〔2020〕0号", "国办发〔3020〕5号", "我们在北京和上海召开会议（2020）5号楼",
        "令第5号", "G20峰会1号会场"};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_keys(rows[i], "");
}

static void tells_what_is_standard(void **state)
{
    struct docno d;
    struct err e;

    (void)state;
    assert_int_equal(docno_parse(S(" 国办发〔2024〕15号\n"), &d, &e), OK);
    assert_true(d.standard);
    assert_int_equal(d.at.begin, 1);
    assert_int_equal(docno_parse(S("国办发[2024]15号"), &d, &e), OK);
    assert_false(d.standard);
    assert_int_equal(docno_parse(S("国办发〔2024〕第15号"), &d, &e), OK);
    assert_false(d.standard);
    assert_int_equal(docno_parse(S("国办发〔2024〕15"), &d, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "号"));
    assert_int_equal(docno_parse(S("15号"), &d, &e), E_INPUT);
    assert_int_equal(docno_parse(S("根据国办发〔2024〕15号"), &d, &e), E_INPUT);
    assert_int_equal(docno_parse(S(""), &d, &e), E_INPUT);
}

static void prints_the_standard_form(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {{"国办发 [2024] 第015号", "国办发〔2024〕15号"}, {"主席令第七十号", "主席令第70号"},
        {"财政部 税务总局2024年第5号公告", "财政部、税务总局公告2024年第5号"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct docno d, again;
        struct err e;
        struct buf b, k1, k2;
        buf_init(&b, 0);
        buf_init(&k1, 0);
        buf_init(&k2, 0);
        assert_int_equal(docno_parse(str_z(rows[i].text), &d, &e), OK);
        docno_print(&d, &b);
        assert_string_equal(b.p, rows[i].want);
        assert_int_equal(docno_parse(buf_view(&b), &again, &e), OK);
        docno_key(&d, &k1);
        docno_key(&again, &k2);
        assert_string_equal(k1.p, k2.p);
        buf_release(&b);
        buf_release(&k1);
        buf_release(&k2);
    }
}

static void what_ocr_read_is_put_right(void **state)
{
    static const struct {
        const char *line, *want; /* want "": none */
    } rows[] = {
        {"云应急 【2026] 3]号", "云应急〔2026〕31号"},
        {"云政办发 (2026) lO 号", "云政办发〔2026〕10号"},
        {"云组发|2026|第7号", "云组发〔2026〕7号"},
        {"云应急〔2026〕31号", "云应急〔2026〕31号"},
        {"云应急〔2026〕号", ""},
        {"云应急〔2026〕31号文件", ""},
        {"（2026）31号", ""},
        {"2026年11月16日", ""},
        {"按照云应急〔2026〕31号文件，以及有关单位的要求，请各单位在2026年底前报送情况〔2026〕3号",
            ""},
        {"电话：0871（2026）5号", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct buf b;
        buf_init(&b, 0);
        bool is = docno_of_ocr(str_z(rows[i].line), &b);
        assert_int_equal(is, rows[i].want[0] != 0);
        assert_true(str_eq(buf_view(&b), str_z(rows[i].want)));
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_ocr_read_is_put_right),
        cmocka_unit_test(finds_numbers_in_sentences), cmocka_unit_test(leaves_other_numbers_alone),
        cmocka_unit_test(tells_what_is_standard), cmocka_unit_test(prints_the_standard_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
