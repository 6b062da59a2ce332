/* The words in front of a text: who issues it and what stands behind the name in the mark, however it was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/typeset.h"

#define BODY "关于做好防汛工作的通知\n\n各单位：\n\n请抓紧落实。\n"

static void the_mark_names_nobody_twice(void **state)
{
    static const struct {
        struct str front, issuers, word;
    } rows[] = {
        {SC("发文机关：云岭集团\n标志：云岭集团文件\n"), SC("云岭集团"), SC("文件")},
        {SC("标志：云岭集团文件\n发文机关：云岭集团\n"), SC("云岭集团"), SC("文件")},
        {SC("发文机关：云岭集团\n标志：文件\n"), SC("云岭集团"), SC("文件")},
        {SC("标志：云岭集团文件\n"), SC("云岭集团"), SC("文件")},
        {SC("发文机关：云岭集团、青溪公司\n标志：青溪公司文件\n"), SC("云岭集团|青溪公司"),
            SC("文件")},
        {SC("发文机关：云岭集团\n标志：云岭集团\n"), SC("云岭集团"), SC("云岭集团")},
        {SC("发文机关：云岭集团办公室\n标志：云岭建设简报\n"), SC("云岭集团办公室"),
            SC("云岭建设简报")},
        {SC("发文机关：云岭集团\n"), SC("云岭集团"), SC("")},
        {SC("标志：文件\n"), SC(""), SC("文件")},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text = arena_cat(&a, rows[i].front, S(BODY)), all = S("");
        struct typeset_read told;
        struct official d;
        assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
        for (size_t k = 0; k < d.n_issuers; k++)
            all = arena_printf(&a, "%.*s%s%.*s", SF(all), k ? "|" : "", SF(d.issuers[k]));
        if (!str_eq(all, rows[i].issuers) || !str_eq(d.mark_word, rows[i].word))
            fail_msg("%.*s: %.*s / %.*s", SF(rows[i].front), SF(all), SF(d.mark_word));
    }
    arena_release(&a);
}

/* A draft bears no day until it is signed; what stands at the end under the organ's name is its signature all the same. */
static void a_draft_without_a_day_is_signed(void **state)
{
    static const struct {
        struct str text;
        size_t signatures, blocks;
    } rows[] = {
        {SC("发文机关：云岭集团\n" BODY "云岭集团\n"), 1, 1},
        {SC("发文机关：云岭集团\n" BODY "附件：自查表\n\n云岭集团\n"), 1, 1},
        {SC("发文机关：云岭集团\n" BODY "云岭集团\n（联系人：王五）\n"), 1, 1},
        {SC("发文机关：云岭集团、青溪公司\n" BODY "云岭集团\n青溪公司\n"), 2, 1},
        {SC("发文机关：云岭集团\n" BODY "云岭集团\n附件\n自查表\n序号\t事项\n"), 1, 1},
        {SC("发文机关：云岭集团\n" BODY "云岭集团\n2026年7月13日\n"), 1, 1},
        {SC("发文机关：云岭集团\n" BODY "云岭集团\n要带头抓好落实。\n"), 0, 3},
        {SC("发文机关：云岭集团\n" BODY), 0, 1},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct typeset_read told;
        struct official d;
        assert_int_equal(typeset_read(&a, rows[i].text, NULL, &d, &told, &e), OK);
        if (d.n_signatures != rows[i].signatures || d.n != rows[i].blocks)
            fail_msg("%zu: %zu signed, %zu blocks", i, d.n_signatures, d.n);
    }
    arena_release(&a);
}

/* As a page of the web has it: title, number, 主送. The number goes into the head, and who signs is the mark. */
static void a_number_below_the_title(void **state)
{
    static const struct {
        struct str text, docno, issuers, word, title;
        enum official_form form;
    } rows[] = {
        {SC("云岭市人民政府关于\n做好防汛工作的通知\n云政发〔2026〕7号\n\n各县（区）人民政府：\n请"
            "抓紧"
            "落实。\n云岭市人民政府\n2026年5月8日\n"),
            SC("云政发〔2026〕7号"), SC("云岭市人民政府"), SC("文件"),
            SC("云岭市人民政府关于\n做好防汛工作的通知"), OFFICIAL_PAPER},
        {SC("云岭市人民政府关于命名防汛先进集体的决定\n\n云政发〔2026〕7号\n经研究，决定予以命名。"
            "\n"),
            SC("云政发〔2026〕7号"), SC("云岭市人民政府"), SC("文件"),
            SC("云岭市人民政府关于命名防汛先进集体的决定"), OFFICIAL_PAPER},
        {SC("云岭市人民政府关于防汛工作的复函\n云政函〔2026〕7号\n青溪县人民政府：\n同意。\n"
            "云岭市人民政府\n2026年5月8日\n"),
            SC("云政函〔2026〕7号"), SC("云岭市人民政府"), SC(""),
            SC("云岭市人民政府关于防汛工作的复函"), OFFICIAL_LETTER},
        {SC("云岭市人民政府关于设立开发区的批复\n云政函〔2026〕8号\n青溪县人民政府：\n同意。\n"),
            SC("云政函〔2026〕8号"), SC("云岭市人民政府"), SC(""),
            SC("云岭市人民政府关于设立开发区的批复"), OFFICIAL_LETTER},
        {SC("云岭市人民政府关于两起事故\n调查处理情况的\n通报\n云政发〔2026〕7号\n各县（区）人民政"
            "府：\n"
            "请引以为戒。\n"),
            SC("云政发〔2026〕7号"), SC("云岭市人民政府"), SC("文件"),
            SC("云岭市人民政府关于两起事故\n调查处理情况的\n通报"), OFFICIAL_PAPER},
        {SC("发文机关：青溪公司\n云岭市人民政府关于防汛工作的通知\n云政发〔2026〕7号\n各公司：\n同"
            "意。\n"),
            SC("云政发〔2026〕7号"), SC("青溪公司"), SC(""), SC("云岭市人民政府关于防汛工作的通知"),
            OFFICIAL_PAPER},
        {SC("版式：白头\n云岭市人民政府关于防汛工作的通知\n云政发〔2026〕7号\n各公司：\n同意。\n"),
            SC(""), SC(""), SC(""), SC("云岭市人民政府关于防汛工作的通知"), OFFICIAL_PLAIN},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct typeset_read told;
        struct official d;
        assert_int_equal(typeset_read(&a, rows[i].text, NULL, &d, &told, &e), OK);
        if (!str_eq(d.docno, rows[i].docno) || !str_eq(d.title, rows[i].title) ||
            !str_eq(d.mark_word, rows[i].word) || d.form != rows[i].form ||
            d.n_issuers != (rows[i].issuers.n > 0) ||
            (d.n_issuers && !str_eq(d.issuers[0], rows[i].issuers)) ||
            (d.form == OFFICIAL_PLAIN && !str_eq(d.occasion, S("云政发〔2026〕7号"))))
            fail_msg("%zu: %.*s / %.*s / %.*s / %d / %zu issuers", i, SF(d.docno), SF(d.title),
                SF(d.mark_word), (int)d.form, d.n_issuers);
    }
    arena_release(&a);
}

/* 现公布《…》 is a sentence of an order and no title: no word of it is lost. */
static void an_order_keeps_its_sentence(void **state)
{
    struct str text =
        S("云岭市人民政府令\n第17号\n现公布修订后的《云岭市防汛工作办法》，自2026年7月1日起施行。\n"
          "市长　周成业\n2026年5月8日\n");
    struct typeset_read told;
    struct official d;
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    assert_int_equal(d.form, OFFICIAL_ORDER);
    assert_true(str_eq(d.docno, S("第17号")));
    assert_true(str_eq(d.mark_word, S("令")));
    assert_int_equal(d.n, 1);
    assert_true(str_starts(d.blocks[0].text, S("现公布修订后的《云岭市防汛工作办法》，")));
    assert_true(str_eq(d.date, S("2026年5月8日")));
    assert_int_equal(d.n_signatures, 1);
    assert_int_equal(told.n_notes, 0);
    arena_release(&a);
}

/* As a document to above has it: two signers a line, the next below. */
static void signers_go_on_below(void **state)
{
    struct str text =
        S("云岭集团文件\n云岭报〔2026〕8号　签发人：张卫国　李　建\n　　　　　　　　王志远\n"
          "云岭集团关于购置设备的请示\n省国资委：\n妥否，请批示。\n");
    struct typeset_read told;
    struct official d;
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    assert_int_equal(d.n_signers, 3);
    assert_true(str_eq(d.signers[1], S("李　建")));
    assert_true(str_eq(d.signers[2], S("王志远")));
    assert_true(str_eq(d.title, S("云岭集团关于购置设备的请示")));
    arena_release(&a);
}

/* A 公告 goes to nobody: the line that leads to its text is text, with two squares in front. */
static void what_leads_on_is_no_addressee(void **state)
{
    static const struct {
        struct str line, addressee;
    } rows[] = {
        {SC("经云岭市市场监督管理局核准，现将有关事项公告如下："), SC("")},
        {SC("为保障办公区管网改造期间的人员和车辆安全，现将有关事项通告如下："), SC("")},
        {SC("经公司研究，作出以下安排："), SC("")},
        {SC("各项目部："), SC("各项目部")},
        {SC("张卫国、李建："), SC("张卫国、李建")},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text = arena_printf(&a,
            "发文机关：云岭集团\n云岭集团关于变更地址的公告\n%.*s\n地址已经变更。\n",
            SF(rows[i].line));
        struct typeset_read told;
        struct official d;
        assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
        if (!str_eq(d.addressee, rows[i].addressee) || d.n != (rows[i].addressee.n ? 1u : 2u))
            fail_msg("%zu: %.*s, %zu blocks", i, SF(d.addressee), d.n);
    }
    arena_release(&a);
}

/* Items of a list look alike, however long they are; a heading has no sentence in it. */
static void items_are_text(void **state)
{
    static const struct {
        struct str line;
        bool heading;
    } rows[] = {
        {SC("（一）压实责任"), true},
        {SC("（一）压实责任。各单位要落实。"), true},
        {SC("（一）未按期整改的；"), false},
        {SC("（二）弄虚作假的。"), false},
        {SC("（三）法律、行政法规和公司制度规定的应当由项目负责人承担责任而没有承担、造成一般以上事"
            "故的其他情形；"),
            false},
        {SC("一、会议时间："), true},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str text = arena_printf(&a, BODY "%.*s\n", SF(rows[i].line));
        struct typeset_read told;
        struct official d;
        assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
        if ((d.blocks[d.n - 1].head > 0) != rows[i].heading)
            fail_msg("%zu: head of %zu", i, d.blocks[d.n - 1].head);
    }
    arena_release(&a);
}

/* The width is a number with its unit behind the last “，宽”; what is no width belongs to the name. */
static void a_picture_says_how_wide_it_is(void **state)
{
    static const struct {
        struct str line, name;
        double mm; /* -1: no picture */
    } rows[] = {
        {SC("[图：架构]"), SC("架构"), 0},
        {SC("[图：架构，宽8厘米]"), SC("架构"), 80},
        {SC("  [图：架构.png ，宽 12.5 厘米 ]  "), SC("架构.png"), 125},
        {SC("[图：架构，宽80毫米]"), SC("架构"), 80},
        {SC("[图：架构，宽8.05cm]"), SC("架构"), 80.5},
        {SC("[图：架构，宽75mm]"), SC("架构"), 75},
        {SC("[图：长，宽，宽6厘米]"), SC("长，宽"), 60},
        {SC("[图：架构，宽8]"), SC("架构，宽8"), 0},
        {SC("[图：架构，宽厘米]"), SC("架构，宽厘米"), 0},
        {SC("[图：架构，宽0厘米]"), SC("架构，宽0厘米"), 0},
        {SC("[图：架构，宽1.2.3厘米]"), SC("架构，宽1.2.3厘米"), 0},
        {SC("[图：架构，宽-8厘米]"), SC("架构，宽-8厘米"), 0},
        {SC("[图：架构，宽999999厘米]"), SC("架构，宽999999厘米"), 0},
        {SC("[图：，宽8厘米]"), SC("，宽8厘米"), 0},
        {SC("如[图：架构，宽8厘米]"), SC(""), -1},
        {SC("[图：]"), SC(""), -1},
    };
    struct arena a;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct str name = S("");
        double mm = 0;
        bool is = typeset_picture(rows[i].line, &name, &mm);
        if (is != (rows[i].mm >= 0) ||
            (is &&
                (!str_eq(name, rows[i].name) || mm < rows[i].mm - 1e-6 || mm > rows[i].mm + 1e-6)))
            fail_msg("%.*s: %d %.*s %f", SF(rows[i].line), is, SF(name), mm);
    }
    arena_init(&a);
    assert_true(str_eq(typeset_picture_width(&a, 80.04), S("，宽8厘米")));
    assert_true(str_eq(typeset_picture_width(&a, 84.6), S("，宽8.5厘米")));
    arena_release(&a);
}

/* 报, 送, 发 and the run of a bulletin are its 版记 where they are its last lines; what begins alike in the text is text. */
static void a_bulletin_says_at_its_foot_to_whom(void **state)
{
#define BULLETIN "版式：简报\n标志：简报\n文号：第12期\n盾构顺利始发\n\n盾构机始发。\n"
    static const struct {
        struct str text, to, run;
        size_t blocks, lists;
    } rows[] = {
        {SC(BULLETIN "报：集团公司，公司领导。\n送：总部各部门\n\n发：各单位。\n共印60份\n"),
            SC("报=集团公司，公司领导 送=总部各部门 发=各单位 "), SC("共印60份"), 1, 0},
        {SC(BULLETIN "发送：公司领导。\n（共印1,200份）"), SC("发送=公司领导 "), SC("共印1,200份"),
            1, 0},
        {SC(BULLETIN "发：不在末尾的不算。\n倒排工期。\n报：公司领导。"), SC("报=公司领导 "),
            SC(""), 3, 0},
        {SC(BULLETIN "共印几份没有定。\n报："), SC(""), SC(""), 3, 0},
        {SC("版式：文件\n" BODY "报：公司领导。\n共印60份\n"), SC(""), SC(""), 3, 0},
    };
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct typeset_read told;
        struct official d;
        struct str to = S("");
        assert_int_equal(typeset_read(&a, rows[i].text, NULL, &d, &told, &e), OK);
        for (size_t k = 0; k < d.n_to; k++)
            to = arena_printf(&a, "%.*s%.*s=%.*s ", SF(to), SF(d.to[k].label), SF(d.to[k].text));
        if (!str_eq(to, rows[i].to) || !str_eq(d.run, rows[i].run) || d.n != rows[i].blocks ||
            d.n_lists != rows[i].lists)
            fail_msg(
                "%zu: %.*s/ %.*s, %zu blocks, %zu lists", i, SF(to), SF(d.run), d.n, d.n_lists);
    }
    arena_release(&a);
#undef BULLETIN
}

/* What is carried is a document of its own: its head, its signature and its attachments are not those of the notice, nor the other way round. */
static void what_is_carried_has_its_own(void **state)
{
    static const struct str text = SC(
        "发文机关：云岭集团\n标志：文件\n云岭集团转发省应急厅关于防汛工作的通知\n各单位：\n"
        "请执行。\n附件：联络人名单\n云岭集团\n2026年7月13日\n（此件公开发布）\n"
        "省应急厅\n关于防汛工作的通知\n云应急〔2026〕45号\n（2026年7月1日\n厅务会议通过）\n"
        "各市应急局：\n第一章　要求\n第一节　值班\n第一条　按时到岗。\n第二条\n值班人员不得脱岗。\n"
        "附件：1.值班表\n2.电话表\n云岭省应急管理厅\n2026年7月8日\n"
        "附件1\n值班表\n张三值班。\n附件2\n电话表\n李四接听。\n附件\n联络人名单\n王五\n"
        "抄送：集团公司领导。\n云岭集团办公室　2026年7月14日印发\n");
    struct typeset_read told;
    const struct official *c;
    struct official_block *v;
    struct official d;
    struct arena a;
    struct err e;
    size_t n;

    (void)state;
    arena_init(&a);
    assert_int_equal(typeset_read(&a, text, NULL, &d, &told, &e), OK);
    assert_int_equal(d.n_carried, 1);
    c = &d.carried[0];
    assert_true(str_eq(d.addressee, S("各单位")) && str_eq(c->addressee, S("各市应急局")));
    assert_true(str_eq(d.date, S("2026年7月13日")) && str_eq(c->date, S("2026年7月8日")));
    assert_true(str_eq(d.signatures[0].name, S("云岭集团")));
    assert_true(str_eq(c->signatures[0].name, S("云岭省应急管理厅")));
    assert_true(str_eq(d.note, S("此件公开发布")) && c->note.n == 0);
    assert_true(str_eq(c->title, S("省应急厅\n关于防汛工作的通知")));
    assert_true(str_eq(c->docno, S("云应急〔2026〕45号")));
    assert_true(str_eq(c->occasion, S("（2026年7月1日厅务会议通过）")));
    assert_true(str_eq(d.cc, S("集团公司领导")) && c->cc.n == 0 && c->printer.n == 0);
    assert_int_equal(d.n_attachments, 1);
    assert_int_equal(d.n_annexes, 1);
    assert_true(str_eq(d.annexes[0].title, S("联络人名单")));
    assert_int_equal(c->n_attachments, 2);
    assert_int_equal(c->n_annexes, 2);
    assert_true(str_eq(c->annexes[1].title, S("电话表")));
    assert_int_equal(d.n, 1);
    assert_int_equal(c->n, 5);
    assert_true(c->blocks[0].kind == OFFICIAL_CENTRED && c->blocks[0].level == 1);
    assert_true(c->blocks[1].kind == OFFICIAL_CENTRED && c->blocks[1].level == 2);
    assert_int_equal(c->blocks[2].level, OFFICIAL_ARTICLE);
    assert_int_equal(c->blocks[2].head, S("第一条").n);
    assert_true(str_eq(str_sub(text, c->blocks[2].from, c->blocks[2].to - c->blocks[2].from),
        S("第一条　按时到岗。")));
    for (n = 0; official_blocks(&d, n, &v, &(size_t){0}); n++)
        continue;
    assert_int_equal(n, 5);
    assert_int_equal(official_check(&d, &e), OK);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bulletin_says_at_its_foot_to_whom),
        cmocka_unit_test(a_picture_says_how_wide_it_is),
        cmocka_unit_test(the_mark_names_nobody_twice),
        cmocka_unit_test(a_draft_without_a_day_is_signed),
        cmocka_unit_test(a_number_below_the_title), cmocka_unit_test(what_leads_on_is_no_addressee),
        cmocka_unit_test(items_are_text), cmocka_unit_test(signers_go_on_below),
        cmocka_unit_test(an_order_keeps_its_sentence),
        cmocka_unit_test(what_is_carried_has_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
