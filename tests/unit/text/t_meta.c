#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/authority.h"
#include "text/meta.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct meta read_text(const char *text)
{
    struct meta m;

    meta_read(&arena, str_z(text), NULL, &m);
    return m;
}

/* The value, and that its span holds at least its first character. */
static void check(const char *text, const struct meta_value *v, const char *want)
{
    if (!str_eq(v->text, str_z(want)))
        fail_msg("read “%.*s”, want “%s”", SF(v->text), want);
    if (v->text.n == 0)
        return;
    assert_true(v->at.begin < v->at.end && v->at.end <= strlen(text));
    assert_true(v->sure > 0 && v->sure <= 100);
}

static void check_day(const struct meta_day *d, int y, int m, int day)
{
    assert_int_equal(d->date.year, y);
    assert_int_equal(d->date.month, m);
    assert_int_equal(d->date.day, day);
}

/* All documents here are written for these tests. */
static const char red_head[] =
    "000017\n特急\n某某集团有限公司文件\n某办发〔2024〕15号    签发人：张三\n"
    "某某集团有限公司关于开展\n安全检查“回头看”工作的通知\n"
    "各子公司，\n总部各部门：\n"
    "为做好有关工作，现就有关事项通知如下。\n一、总体要求\n严格落实责任。\n"
    "附件：1. 检查清单\n2. 责任分工表\n"
    "某某集团有限公司\n2024年3月15日\n（此件发至基层单位）\n"
    "附件1\n检查清单\n2023年1月1日\n"
    "抄送：某某省国资委，本公司领导。\n某某集团有限公司办公室 2024年3月18日印发\n";

static void reads_a_red_head(void **state)
{
    struct meta m = read_text(red_head);

    (void)state;
    check(red_head, &m.title, "某某集团有限公司关于开展安全检查“回头看”工作的通知");
    check(red_head, &m.docno, "某办发〔2024〕15号");
    check(red_head, &m.issuer, "某某集团有限公司");
    check(red_head, &m.signer, "张三");
    check(red_head, &m.urgency, "特急");
    check(red_head, &m.addressee, "各子公司，总部各部门");
    check(red_head, &m.signature, "某某集团有限公司");
    check(red_head, &m.note, "（此件发至基层单位）");
    check(red_head, &m.cc, "某某省国资委，本公司领导");
    check(red_head, &m.printer, "某某集团有限公司办公室");
    check_day(&m.issued, 2024, 3, 15);
    check_day(&m.printed, 2024, 3, 18);
    assert_int_equal(m.genre, GENRE_NOTICE);
    assert_int_equal(m.n_attachments, 2);
    check(red_head, &m.attachments[0], "检查清单");
    check(red_head, &m.attachments[1], "责任分工表");
    assert_true(str_eq(span_str(str_z(red_head), m.issued.at), S("2024年3月15日")));
    assert_true(str_eq(span_str(str_z(red_head), m.docno.at), S("某办发〔2024〕15号")));
    assert_int_equal(authority_of(m.issuer.text), AUTHORITY_ENTERPRISE);
}

/* Letters, replies and papers of a party's office bear the body's name alone, without 文件. */
static void reads_a_letterhead(void **state)
{
    static const char one[] =
        "中共某某集团有限公司委员会办公室\n某党办〔2025〕16号\n"
        "关于做好值班工作的紧急通知\n各单位：\n正文。\n集团党委办公室\n2025年4月9日\n";
    static const char two[] =
        "某 某 省 财 政 厅\n某某省教育厅\n某财函〔2025〕3号  签发人：李四\n"
        "某某省财政厅 某某省教育厅\n关于商请提供资料的函\n某某大学：\n正文。\n";
    static const char unsigned_[] = "某 某 省 财 政 厅\n某某省教育厅\n某财函〔2025〕3号\n"
                                    "关于商请提供资料的函\n某某大学：\n正文。\n";
    static const char order[] =
        "某某省人民政府办公厅\n关于开展检查的通知\n某政办发〔2024〕5号\n各市：\n正文。\n";
    static const char alone[] = "某某省人民政府办公厅\n某政办发〔2024〕5号\n";
    struct meta m = read_text(one);

    (void)state;
    check(one, &m.title, "关于做好值班工作的紧急通知");
    check(one, &m.issuer, "集团党委办公室"); /* as it signs */
    check(one, &m.docno, "某党办〔2025〕16号");
    check(one, &m.addressee, "各单位");
    assert_int_equal(m.genre, GENRE_NOTICE);
    check_day(&m.issued, 2025, 4, 9);
    m = read_text(two);
    check(two, &m.title, "某某省财政厅 某某省教育厅关于商请提供资料的函");
    check(two, &m.issuer, "某某省财政厅 某某省教育厅");
    check(two, &m.docno, "某财函〔2025〕3号");
    check(two, &m.signer, "李四");
    check(two, &m.addressee, "某某大学");
    m = read_text(order); /* the number behind the title: the name begins the title */
    check(order, &m.title, "某某省人民政府办公厅关于开展检查的通知");
    check(order, &m.docno, "某政办发〔2024〕5号");
    m = read_text(unsigned_);
    check(unsigned_, &m.issuer, "某某省财政厅、某某省教育厅");
    check(unsigned_, &m.title, "关于商请提供资料的函");
    m = read_text(alone); /* no title behind it: nothing says that the name is a mark */
    check(alone, &m.title, "某某省人民政府办公厅");
}

static void reads_a_joint_letter(void **state)
{
    static const char text[] =
        "某某省教育厅\n关于商请支持夏令营活动的函\n某某大学：\n"
        "现就有关事项商请如下。\n一、时间安排。\n某某省教育厅\n某某省财政厅\n"
        "二〇二三年五月九日\n";
    struct meta m = read_text(text);

    (void)state;
    check(text, &m.title, "某某省教育厅关于商请支持夏令营活动的函");
    check(text, &m.signature, "某某省教育厅、某某省财政厅");
    check(text, &m.addressee, "某某大学");
    check(text, &m.docno, "");
    check_day(&m.issued, 2023, 5, 9);
    assert_int_equal(m.genre, GENRE_LETTER);
}

static void reads_the_history_of_a_statute(void **state)
{
    static const char text[] =
        "某某市河道管理条例\n"
        "2011年11月17日某某市第十三届人民代表大会常务委员会第三十次会议通过\n"
        "根据2020年5月14日某某市第十五届人民代表大会常务委员会第二十一次会议《关于修改部分地方性法"
        "规的决定》第一次修正\n"
        "第一章　总则\n第一条　为了加强河道管理，制定本条例。\n"
        "第二条　本条例自2012年3月1日起施行。1998年1月1日发布的《某某市河道管理暂行办法》、《某某市"
        "河道采砂规定》同时废止。\n";
    struct meta m = read_text(text);

    (void)state;
    check(text, &m.title, "某某市河道管理条例");
    check(text, &m.issuer, "某某市人民代表大会常务委员会");
    assert_int_equal(
        m.issued.date.year, 0); /* published some days later; the text does not say when */
    check_day(&m.adopted, 2020, 5, 14);
    check_day(&m.in_force, 2012, 3, 1);
    assert_int_equal(m.n_events, 2);
    assert_int_equal(m.events[0].kind, EVENT_ADOPTED);
    assert_int_equal(m.events[1].kind, EVENT_AMENDED);
    assert_int_equal(m.n_repeals, 2);
    check(text, &m.repeals[0], "某某市河道管理暂行办法");
    check(text, &m.repeals[1], "某某市河道采砂规定");
    assert_int_equal(m.genre, GENRE_REGULATION);
}

static void knows_the_day_of_a_national_law(void **state)
{
    static const char text[] =
        "中华人民共和国示例法\n2001年4月28日第九届全国人民代表大会常务委员会第二十一次会议通过\n"
        "根据2015年4月24日第十二届全国人民代表大会常务委员会第十四次会议《关于修改〈中华人民共和国"
        "示例法〉\n"
        "第三条的决定》第一次修正\n第一条　为了示例，制定本法。\n";
    struct meta m = read_text(text);

    (void)state;
    check_day(&m.issued, 2015, 4, 24);
    check(text, &m.issuer, "全国人民代表大会常务委员会");
    assert_int_equal(m.n_events, 2);
}

static void knows_an_approved_law_has_no_day_of_issue(void **state)
{
    static const char text[] =
        "某某市停车条例\n2020年6月19日 某某市第十三届人民代表大会常务委员会第二十八次会议通过\n"
        "2020年7月31日 某某省第十三届人民代表大会常务委员会第二十二次会议批准\n"
        "第一条 为了规范停车，制定本条例。\n";
    struct meta m = read_text(text);

    (void)state;
    assert_int_equal(m.issued.date.year, 0);
    check_day(&m.adopted, 2020, 7, 31);
    check(text, &m.issuer, "某某市人民代表大会常务委员会");
}

static void reads_the_number_of_an_order(void **state)
{
    static const char text[] = "示例物品管理条例\n（2013年9月9日中华人民共和国国务院令第940号公布　"
                               "自2013年10月1日起施行）\n"
                               "第一条 为了管理示例物品，制定本条例。\n";
    struct meta m = read_text(text);

    (void)state;
    check(text, &m.docno, "中华人民共和国国务院令第940号");
    check(text, &m.issuer, "国务院");
    check_day(&m.issued, 2013, 9, 9);
    check_day(&m.in_force, 2013, 10, 1);
}

static void an_order_bears_the_title_of_its_rule(void **state)
{
    static const char passed[] = "中华人民共和国国务院令\n第940号\n《示例物品管理条例》已经2019年3"
                                 "月1日国务院第40次常务会议通过，现予公布，"
                                 "自2019年6月1日起施行。\n总理　某某某\n2019年3月20日\n示例物品管理"
                                 "条例\n第一条 为了管理，制定本条例。\n";
    static const char one_row[] =
        "中华人民共和国国务院令 第942号\n现公布《国务院关于修改《示例条例》的决定》，"
        "自2020年6月1日起施行。\n总理　某某某\n2020年3月20日\n";
    static const char bare[] = "某某省人民政府令\n第12号\n为了加强管理，现就有关事项命令如下。\n";
    static const char news[] =
        "某某某签署主席令\n《示例法》已由会议通过，现予公布，自公布之日起施行。\n";
    struct meta m = read_text(passed);

    (void)state;
    check(passed, &m.title, "示例物品管理条例");
    check(passed, &m.docno, "中华人民共和国国务院令第940号");
    assert_true(str_eq(m.issuer.text, S("国务院")));
    m = read_text(one_row);
    check(one_row, &m.title, "国务院关于修改《示例条例》的决定");
    m = read_text(bare);
    check(bare, &m.title, "某某省人民政府令");
    m = read_text(news);
    check(news, &m.title, "某某某签署主席令");
}

static void reads_a_work_report(void **state)
{
    static const char text[] =
        "政府工作报告\n——2031年3月5日在第十八届全国人民代表大会第四次会议上\n国务院总理\n李 四\n"
        "各位代表：\n现在，我代表国务院报告工作。\n";
    struct meta m = read_text(text);

    (void)state;
    check(text, &m.title, "政府工作报告");
    check(text, &m.issuer, "国务院");
    check(text, &m.addressee, "");
    check_day(&m.issued, 2031, 3, 5);
    assert_int_equal(m.genre, GENRE_WORK_REPORT);
}

static void reads_a_web_page(void **state)
{
    static const char text[] =
        "关于做好夏季用电工作的通知\n来源：某某网站  发布时间：2024-06-03 10:20  浏览次数：12\n"
        "发文字号：某发改〔2024〕8号\n成文日期：2024年5月30日\n时效性：已废止\n各区发展改革委：\n正"
        "文。\n";
    struct meta m = read_text(text);

    (void)state;
    check(text, &m.source, "某某网站");
    check_day(&m.published, 2024, 6, 3);
    check_day(&m.issued, 2024, 5, 30);
    check(text, &m.docno, "某发改〔2024〕8号");
    check(text, &m.repealed, "已废止");
    check(text, &m.addressee, "各区发展改革委");
}

static void knows_news(void **state)
{
    struct meta m = read_text(
        "某地召开安全生产工作会议\n本报讯 近日，某地召开会议。\n某某市人民政府\n2024年1月1日\n");

    (void)state;
    assert_int_equal(m.genre, GENRE_NEWS);
    assert_int_equal(m.issuer.text.n, 0);
    assert_int_equal(m.issued.date.year, 0);
}

static void invents_nothing(void **state)
{
    static const char *const rows[] = {"", "\n\n", "今天天气很好。\n我们去爬山。",
        "一、总体要求\n二、工作任务\n",
        "根据《某某办法》（某发〔2020〕5号），2020年1月1日起执行新标准。", "同志们：\n大家好。"};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct meta m = read_text(rows[i]);
        assert_int_equal(m.title.text.n, 0);
        assert_int_equal(m.issuer.text.n, 0);
        assert_int_equal(m.docno.text.n, 0);
        assert_int_equal(m.issued.date.year, 0);
        assert_int_equal(m.addressee.text.n, 0);
        assert_int_equal(m.signature.text.n, 0);
    }
}

static void does_not_read_notes(void **state)
{
    static const char text[] = "某某发〔2001〕1号\n关于值班的通知\n各部门：\n正文。\n";
    static const uint8_t kinds[] = {META_NOTE, META_TITLE, META_BODY, META_BODY};
    struct meta m;

    (void)state;
    meta_read(&arena, str_z(text), kinds, &m);
    check(text, &m.title, "关于值班的通知");
    check(text, &m.docno, "");
    check(text, &m.addressee, "各部门");
}

static void reads_bulletins(void **state)
{
    static const char one[] =
        "督办工作简报\n第3期（总第27期）\n一张清单管到底\n——某某公司的做法\n"
        "某某公司推行清单管理。\n主要做法如下。\n某某集团办公室编\n2025年5月28日\n";
    static const char two[] =
        "某某项目部简报　第11期\n本月工程进展顺利。\n某某项目部编\n2025年6月29日\n";
    struct meta m = read_text(one);

    (void)state;
    check(one, &m.title, "一张清单管到底——某某公司的做法");
    check(one, &m.issuer, "某某集团办公室");
    check_day(&m.issued, 2025, 5, 28);
    assert_int_equal(m.genre, GENRE_BULLETIN);
    assert_true(str_eq(span_str(str_z(one), m.genre_at), S("督办工作简报")));
    m = read_text(two);
    check(two, &m.title, "某某项目部简报　第11期");
    check(two, &m.issuer, "某某项目部");
    check_day(&m.issued, 2025, 6, 29);
    assert_int_equal(m.genre, GENRE_BULLETIN);
}

static void takes_no_row_for_a_title(void **state)
{
    static const char text[] = "收文编号\t标题\t拟办意见\n1\t关于值班的通知\t请阅\n";
    static const char frame[] = "关于值班的通知\n各部门：\n正文。\n";
    static const char form[] = "培训班报名回执\n填报单位（盖章）：\n姓名\t部门\n";
    static const uint8_t rows[] = {META_ROW, META_ROW, META_BODY, META_BODY};
    static const uint8_t framed[] = {META_ROW, META_BODY, META_BODY, META_BODY};
    struct meta m;

    (void)state;
    meta_read(&arena, str_z(text), rows, &m);
    check(text, &m.title, "");
    assert_int_equal(m.genre, GENRE_NONE);
    meta_read(&arena, str_z(frame), framed, &m);
    check(frame, &m.title, "关于值班的通知");
    m = read_text(form);
    check(form, &m.title, "培训班报名回执");
    check(form, &m.addressee, "");
}

static void hints_from_names(void **state)
{
    static const struct {
        const char *name, *title, *docno;
        int year;
    } rows[] = {{"某某市河道管理条例(2020-05-14).md", "某某市河道管理条例", "", 2020},
        {"旧文件/20190312关于值班的通知.docx", "关于值班的通知", "", 2019},
        {"督查办法（试行）_2021.3.4.doc", "督查办法（试行）", "", 2021},
        {"某办发〔2024〕15号.pdf", "某办发〔2024〕15号", "某办发〔2024〕15号", 0},
        {"IMG_20241399.jpg", "", "", 0}, {"2011年8月会议记录.doc", "", "", 0}, {"", "", "", 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct meta_name n;
        meta_from_name(&arena, str_z(rows[i].name), &n);
        check(rows[i].name, &n.title, rows[i].title);
        check(rows[i].name, &n.docno, rows[i].docno);
        assert_int_equal(n.date.date.year, rows[i].year);
        assert_true(n.title.sure <= 50 && n.docno.sure <= 50 && n.date.sure <= 50);
    }
}

static void weighs_issuers(void **state)
{
    static const struct {
        const char *name;
        int want;
    } rows[] = {{"中共中央", 95}, {"中共中央、国务院", 95}, {"中华人民共和国国务院", 94},
        {"国务院办公厅", 91}, {"财政部 税务总局", 75}, {"最高人民法院", 75}, {"教育部办公厅", 72},
        {"山东省人民政府", 60}, {"中共浙江省委", 60}, {"上海市人民代表大会常务委员会", 60},
        {"山东省教育厅", 55}, {"济南市人民政府", 50}, {"山东省济南市财政局", 45},
        {"上海市浦东新区人民政府", 40}, {"景宁畲族自治县人民代表大会", 40},
        {"某某省人民政府办公厅", 55}, {"中共某某省委办公厅", 55}, {"中共某某省委", 60},
        {"某某省国有资产监督管理委员会", 60}, {"某某省应急管理厅", 55}, {"省委办公厅", 55},
        {"某某省市场监督管理局", 55}, {"山东省市场监督管理局", 55}, {"某某自治区人民政府", 60},
        {"内蒙古自治区人民政府", 60}, {"某某省某某市人民政府", 50}, {"某某自治州人民政府", 50},
        {"中共某某市委", 50}, {"某某市市场监督管理局", 45}, {"某某县人民政府", 40},
        {"中共某某县委", 40}, {"某某县某某镇人民政府", 35}, {"某某省某某市某某区人民政府", 40},
        {"城市规划学会", 20}, {"全省联席会议", 20}, {"某某省投资集团有限公司", 30},
        {"集团党委办公室", 30}, {"某某集团有限公司", 30}, {"中国石油天然气集团有限公司党组", 30},
        {"读书会", 20}, {"", 20}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (authority_of(str_z(rows[i].name)) != rows[i].want)
            fail_msg(
                "%s: %d, want %d", rows[i].name, authority_of(str_z(rows[i].name)), rows[i].want);
}

static void finds_issuers_in_titles(void **state)
{
    static const struct {
        const char *title, *want;
    } rows[] = {{"国务院办公厅关于加强督查工作的通知", "国务院办公厅"},
        {"教育部 财政部关于印发办法的通知", "教育部 财政部"},
        {"国务院办公厅转发教育部意见的通知", "国务院办公厅"},
        {"国务院办公厅对第1号建议的答复", "国务院办公厅"},
        {"2031年中华人民共和国国务院政府工作报告", "国务院"}, {"关于加强督查工作的通知", ""},
        {"我们怎样看待关于读书的讨论", ""}, {"", ""}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!str_eq(authority_in_title(str_z(rows[i].title)), str_z(rows[i].want)))
            fail_msg("%s", rows[i].title);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_a_red_head),
        cmocka_unit_test(reads_a_letterhead), cmocka_unit_test(reads_a_joint_letter),
        cmocka_unit_test(reads_the_history_of_a_statute),
        cmocka_unit_test(knows_the_day_of_a_national_law),
        cmocka_unit_test(knows_an_approved_law_has_no_day_of_issue),
        cmocka_unit_test(reads_the_number_of_an_order), cmocka_unit_test(reads_a_work_report),
        cmocka_unit_test(an_order_bears_the_title_of_its_rule), cmocka_unit_test(reads_a_web_page),
        cmocka_unit_test(knows_news), cmocka_unit_test(invents_nothing),
        cmocka_unit_test(does_not_read_notes), cmocka_unit_test(reads_bulletins),
        cmocka_unit_test(takes_no_row_for_a_title), cmocka_unit_test(hints_from_names),
        cmocka_unit_test(weighs_issuers), cmocka_unit_test(finds_issuers_in_titles)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
