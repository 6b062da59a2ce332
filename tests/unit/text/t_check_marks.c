/* What the rules of punctuation, numerals and words must find, and what they must leave alone: sentences of the kind on
 * which an earlier form of a rule went wrong. The pairs of the table itself are in t_check.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/lexicon.h"

static const struct {
    const char *id, *text;
} wrong[] = {
    {"P01", "各单位,请。"},
    {"P02", "(试行)办法。"},
    {"P04", "\"三重一大\"制度。"},
    {"P05", "「通知」要求。"},
    {"P06", "见《通知。"},
    {"P07", "“他说“好””。"},
    {"P08", "《关于印发《办法》的通知》。"},
    {"P09", "矿山、电厂等等..."},
    {"P10", "矿山、电厂……等。"},
    {"P11", "如下………………"},
    {"P12", "目标--任务。"},
    {"P13", "安全、环保、等。"},
    {"P15", "《甲》、《乙》。"},
    {"P16", "《甲》（2024年）《乙》（2025年）。"},
    {"P17", "三、五天。"},
    {"P18", "二三季度。"},
    {"P19", "（一）、加强。"},
    {"P20", "1、加强。"},
    {"P21", "一.总体要求。"},
    {"P22", "第一、提高。"},
    {"P23", "（1）、要。"},
    {"P24", "2021-2025年。"},
    {"P25", "15-30天。"},
    {"P26", "见表2—8。"},
    {"P27", "北京～上海。"},
    {"P28", "卡尔.马克思。"},
    {"P29", "《水星·火星和金星》。"},
    {"P30", "《安全生产月》活动。"},
    {"P31", "会议指出：要做到：一是。"},
    {"P32", "明确谁来干？怎么干？的责任。"},
    {"P33", "请参阅（见附件。）。"},
    {"P35", "安全、和环保。"},
    {"P37", "会议要求“压实责任。”。"},
    {"P38", "2026 年 6 月。"},
    {"N01", "26年3月。"},
    {"N02", "15～30%。"},
    {"N03", "9～16亿。"},
    {"N03", "13～17万元。"},
    {"N04", "为.5个。"},
    {"N05", "2026年08月01日。"},
    {"N06", "2026年八月1日。"},
    {"N07", "２０２６。"},
    {"N08", "3月5号。"},
    {"N09", "二零二六年。"},
    {"N10", "5、6万人。"},
    {"N11", "10几个。"},
    {"N12", "2万5千里长征。"},
    {"N12", "5四运动。"},
    {"N13", "3.15晚会。"},
    {"N14", "“一二九”运动。"},
    {"N15", "3千5百元。"},
    {"N15", "3亿4千5百万。"},
    {"N16", "1,0000。"},
    {"N17", "5家、六户。"},
    {"N18", "星期5。"},
    {"N18", "第14个五年规划。"},
    {"N20", "下降2倍。"},
    {"N21", "大约50人左右。"},
    {"N21", "超过100人以上。"},
    {"N22", "由5%提高3%。"},
    {"N24", "12 KG。"},
    {"N24", "30Kw。"},
    {"N25", "100平米。"},
    {"N26", "3万元与25000元。"},
    {"N27", "下午15时。"},
    {"N27", "12月18日晚20时40分。"},
    {"N30", "￥12 000（壹万叁仟元整）。"},
    {"W03", "防止事故不再发生。"},
    {"W03", "通过学习，使我们提高。"},
    {"W03", "凯旋归来。"},
    {"W01", "自已。"},
    {"P03", "认真抓好落实."},
    {"P14", "原则同意。。请办。"},
    {"W03", "两地差距悬殊很大。"},
    {"P25", "15-30天完成。"},
    {"P30", "组织《安全生产月》活动。"},
};
static const char *const right[] = {
    "现将《中共中央办公厅关于印发〈条例〉的通知》印发给你们。",
    "《关于修改〈河南省实施《中华人民共和国农业法》办法〉的决定》修正。",
    "（四）、（五）项所列人员，经选举委员会同意。",
    "二十三，糖瓜粘。",
    "加计（30%～50%）计算，按×（1-10%）计。",
    "我国已经编制实施了14个五年规划（计划）。",
    "推动超过2万家规模以上工业企业实施改造。",
    "当沿边界长度超过100米有两处以上噪声超标时。",
    "节目《美美与共·和美之歌》今晚播出。",
    "学习贯彻《安全生产法》活动有序开展。",
    "执行GB/T 9704-2012和GB/T 15834—2011。",
    "网址为www.example.cn，会议时间为15:30，比例为1:2。",
    "拨打010-12345678或者0898-66661234联系。",
    "5G网络、4K超高清和3D打印，电压220 V。",
    "来自已经建成的项目，逾期未改正的，抗辩认定难。",
    "全国人民欢度节日，山东队获得冠军。",
    "机关单位按排污规定要求，构建全流程管理。",
    "商标注消防标识，研究竞争力指数。",
    "协商确定价格，上半年未发生事故。",
    "关键在于是否落实，加强行业自律，加大支持力度。",
    "以事实为依据，以法律为准绳。",
    "他说：“我们要‘抓铁有痕’。”",
    "第一，提高认识；第二，狠抓落实。",
    "2021—2025年，投资15亿元～20亿元，增长3%～5%。",
    "下午3时召开，预计30天左右完成。",
    "能耗下降2个百分点，占比提高到5%。",
    "会议、培训等费用减少到原来的一半。",
    "一、二、三产业融合发展，一、二季度完成。",
    "三、四级风，第三、四条规定。",
    "给予防汛抢险支援，赋予案外人权利。",
    "1.2 总体目标",
    "图1 体系框架图",
    "合同价为12000元（大写：壹万贰仟元整）。",
    "人员、车辆和物资，以及后勤保障等。",
    "做到谁主管、谁负责，和平解决争端、和谐相处。",
};

static struct arena a;
static const struct lexicon *words;

static void run(const char *text, struct draft *d, struct check *c)
{
    struct check_options o = {.today = {2026, 11, 23},
        .tables = {.lexicon = words},
        .classes = 1u << CHECK_PUNCT | 1u << CHECK_NUMBER | 1u << CHECK_WORD};
    struct err e;

    assert_int_equal(draft_read(&a, str_z(text), NULL, d, &e), OK);
    check_draft(&a, d, &o, c);
}

static void the_wrong_ones_are_found(void **state)
{
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct draft d;
        struct check c;
        bool found = false;
        run(wrong[i].text, &d, &c);
        for (size_t k = 0; k < c.n; k++)
            found = found || strcmp(c.v[k].rule->id, wrong[i].id) == 0;
        if (!found)
            print_error("%s does not find: %s\n", wrong[i].id, wrong[i].text);
        bad += !found;
    }
    assert_int_equal(bad, 0);
}

static void the_right_ones_are_left_alone(void **state)
{
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
        struct draft d;
        struct check c;
        run(right[i], &d, &c);
        for (size_t k = 0; k < c.n; k++)
            print_error("%s: %s: %.*s\n", right[i], c.v[k].rule->id, SF(c.v[k].message));
        bad += c.n;
    }
    assert_int_equal(bad, 0);
}

static void a_quotation_over_paragraphs_is_closed(void **state)
{
    struct draft d;
    struct check c;

    (void)state;
    run("修改为：“有下列情形之一的：\n（一）甲；\n（二）乙。\n“有前款行为的，从重处罚。”", &d, &c);
    assert_int_equal(c.n, 0);
    run("修改为：“有下列情形之一的。\n其他不变。", &d, &c);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.v[0].rule->id, "P06");
}

/* Only what lies in no quotation, title, code or address is changed by itself. */
static void a_fix_leaves_quotations_alone(void **state)
{
    struct check_options o = {.today = {2026, 11, 23}, .tables = {.lexicon = words}};
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    (void)check_fix_text(&a, S("请布署,并学习“工作布署,如下”和《工作布署》。"), NULL, &o, &b);
    assert_string_equal(b.p, "请部署，并学习“工作布署,如下”和《工作布署》。");
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wrong_ones_are_found),
        cmocka_unit_test(the_right_ones_are_left_alone),
        cmocka_unit_test(a_quotation_over_paragraphs_is_closed),
        cmocka_unit_test(a_fix_leaves_quotations_alone),
    };
    struct err e;
    int failed;

    arena_init(&a);
    if (lexicon_open(&a, NULL, &words, &e) != OK)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&a);
    return failed;
}
