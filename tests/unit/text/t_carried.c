/* Texts that a document carries: where they begin, whose signature is whose, and documents that carry nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_cases.h"
#include "text/draft.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define TO      "\n各部门、各分公司：\n"
#define SIGN    "\n云岭建设集团有限公司\n2026年7月13日\n"
#define TEXT    "\n第一章　总则\n第一条　为加强管理，结合集团公司实际，制定本办法。\n第二条　略。\n"
#define ISSUE   "云岭建设集团有限公司关于印发《安全管理办法》的通知" TO
#define PRESENT "现将《安全管理办法》印发给你们，请遵照执行。"
#define IMPRINT "抄送：集团公司领导。\n云岭建设集团有限公司办公室　2026年7月14日印发\n"
#define ANNEXES \
    "附件1\n办法一览表\n序号\t名称\n附件2\n填表说明\n逐项填写，不得漏项，月底前报送集团公司。\n"
#define SAFETY   "安全管理办法"
#define FORWARD  "关于进一步加强汛期安全生产工作的通知"
#define RULES    "现公布《工程质量管理条例》，自2026年9月1日起施行。"
#define MINISTER "\n董事长　张卫国\n2026年7月13日\n"

/* The titles of what is carried, one a line. */
static struct str carried_of(struct arena *a, struct str text, struct draft *d)
{
    struct str all = S("");
    struct err e;

    assert_int_equal(draft_read(a, text, NULL, d, &e), OK);
    for (size_t i = 0; i < d->n_carried; i++) {
        const struct draft_carried *x = &d->carried[i];
        if (i)
            all = arena_cat(a, all, S("|"));
        for (size_t l = x->title; l < x->body; l++)
            all = arena_cat(a, all, str_trim(draft_str(d, d->lines[l].begin, d->lines[l].end)));
    }
    return all;
}

static void begins_behind_the_date(void **state)
{
    static const struct {
        struct str text, titles;
    } rows[] = {
        /* by its name, with and without a day, with 附注, over lines, with the organ, with 《》, without （试行） */
        {SC(ISSUE PRESENT SIGN SAFETY TEXT), SC(SAFETY)},
        {SC(ISSUE PRESENT "\n" SAFETY TEXT), SC(SAFETY)},
        {SC(ISSUE PRESENT "\n云岭建设集团有限公司\n" SAFETY TEXT), SC(SAFETY)},
        {SC(ISSUE PRESENT "\n云岭建设集团有限公司\n2026年  月  日\n" SAFETY TEXT), SC(SAFETY)},
        {SC(ISSUE PRESENT SIGN "（此件发至项目部）\n\n" SAFETY TEXT IMPRINT), SC(SAFETY)},
        {SC(ISSUE PRESENT SIGN "安 全 管 理\n办　法" TEXT), SC("安 全 管 理办　法")},
        {SC(ISSUE PRESENT SIGN "云岭建设集团有限公司" SAFETY TEXT),
            SC("云岭建设集团有限公司" SAFETY)},
        {SC(ISSUE PRESENT SIGN "《" SAFETY "》" TEXT), SC("《" SAFETY "》")},
        {SC("关于印发安全管理办法（试行）的通知" TO PRESENT SIGN SAFETY "\n（试行）" TEXT),
            SC(SAFETY)},
        {SC("关于印发安全管理办法的通知" TO PRESENT SIGN SAFETY TEXT), SC(SAFETY)},
        {SC("国务院办公厅关于印发国 家 粮 食 预 案 的 函" TO "现印发。" SIGN "国家粮食预案" TEXT),
            SC("国家粮食预案")},
        /* by what stands there: a name that was written otherwise in the title */
        {SC("转发省应急厅关于做好汛期工作意见的通知" TO "请执行。" SIGN
            "关于做好汛期工作的\n意见" TEXT),
            SC("关于做好汛期工作的意见")},
        {SC("批转安全部关于汛期工作报告的通知" TO "请执行。" SIGN
            "关于汛期有关工作情况的若干举措" TEXT),
            SC("关于汛期有关工作情况的若干举措")},
        /* two, by the title or by the text; the second behind the attachments of the first */
        {SC("关于印发《甲类物资办法》和《乙类物资办法》的通知" TO "请执行。" SIGN
            "甲类物资办法" TEXT "乙类物资办法" TEXT),
            SC("甲类物资办法|乙类物资办法")},
        {SC("关于印发物资管理两个办法的通知" TO
            "现将《甲类物资办法》《乙类物资办法》印发给你们。" SIGN "甲类物资办法" TEXT
            "附件\n物资目录\n一、钢材\n乙类物资办法" TEXT),
            SC("甲类物资办法|乙类物资办法")},
        /* a notice that is forwarded and has a text of its own behind it */
        {SC("转发集团公司关于印发《安全管理办法》的通知" TO
            "请执行。\n第一分公司\n2026年7月20日\n" ISSUE PRESENT SIGN SAFETY TEXT),
            SC("云岭建设集团有限公司关于印发《安全管理办法》的通知|" SAFETY)},
        /* orders, which have no title */
        {SC("云岭建设集团有限公司令\n第4号\n" RULES MINISTER
            "工程质量管理条例\n（2026年7月1日董事会通过）" TEXT),
            SC("工程质量管理条例")},
        {SC("第4号\n《工程质量管理条例》已经董事会通过，现予公布。" MINISTER
            "云岭集团工程质量管理条例" TEXT),
            SC("云岭集团工程质量管理条例")},
        /* said */
        {SC("关于做好安全工作的通知" TO "请执行。" SIGN "印发件\n安全工作要求" TEXT),
            SC("安全工作要求")},
        {SC("关于做好安全工作的通知" TO "请执行。" SIGN "转发件：\n\n安全管理工作\n要求办法" TEXT),
            SC("安全管理工作要求办法")},
    };
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct draft d;
        struct str got = carried_of(&a, rows[i].text, &d);
        if (!str_eq(got, rows[i].titles))
            fail_msg("%.*s\n: %.*s", SF(rows[i].text), SF(got));
    }
    arena_release(&a);
}

static void other_documents_carry_nothing(void **state)
{
    static const struct str rows[] = {
        SC("关于做好汛期工作的通知" TO "现通知如下。\n一、落实责任" SIGN "汛期工作要求" TEXT),
        SC("关于商请支持汛期工作的函\n省水利厅：\n请予支持为盼。" SIGN "（联系人：王芳）\n"),
        SC("在安全工作会议上的讲话\n（2026年7月1日）\n同志们：\n现将《安全管理办法》说明如下。\n安"
           "全管理办法\n"
           "要执行好。\n"),
        SC("云岭建设集团有限公司会议纪要\n会议审议了《安全管理办法》，决定印发。\n出席：张卫国、李"
           "建国\n"),
        SC("国务院印发《安全管理办法》\n新华社北京7月13日电 "
           "国务院日前印发《安全管理办法》。\n安全管理办法" TEXT),
        /* an attachment is one: said so, and in 附件说明 */
        SC(ISSUE PRESENT "\n附件：安全管理办法" SIGN "附件\n安全管理办法" TEXT),
        SC(ISSUE PRESENT "\n附件：1.安全管理办法\n2.说明" SIGN "附件1\n" SAFETY TEXT
                         "附件2\n说明\n略。"),
        /* nothing stands behind it yet, or only what ends a notice */
        SC(ISSUE PRESENT SIGN IMPRINT),
        SC(ISSUE PRESENT SIGN),
        SC(ISSUE PRESENT SIGN SAFETY "\n"),
        SC(ISSUE PRESENT SIGN "（联系人：王芳，电话：0871-63120001）\n联系人：王芳\n" IMPRINT),
        SC("安全管理办法" TEXT),
    };
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct draft d;
        struct str got = carried_of(&a, rows[i], &d);
        if (d.n_carried)
            fail_msg("%.*s\n: %.*s", SF(rows[i]), SF(got));
    }
    arena_release(&a);
}

/* A draft without a day: the signature and the day behind it are those of what it forwards. */
static void metadata_are_of_the_document_itself(void **state)
{
    static const struct str text = SC("转发省应急厅" FORWARD TO "请执行。\n" FORWARD
                                      "\n各市应急局：\n略。\n云岭省应急管理厅\n2026年7月8日\n");
    struct arena a;
    struct draft d;

    (void)state;
    arena_init(&a);
    (void)carried_of(&a, text, &d);
    assert_int_equal(d.n_carried, 1);
    assert_int_equal(d.meta.signature.text.n, 0);
    assert_int_equal(d.meta.issued.date.year, 0);
    assert_int_equal(draft_part_end(&d, 0), d.carried[0].from);
    assert_int_equal(draft_part_end(&d, d.carried[0].from), d.n_lines);
    arena_release(&a);
}

/* Numbers begin anew; each part has its own list of attachments, and what the notice lists may stand behind what it carries. */
static void rules_take_each_part_alone(void **state)
{
    static const struct rule_case v[] = {
        {"S02",
            ISSUE "一、学习\n二、执行" SIGN SAFETY
                  "\n一、范围\n二、职责\n三、附则本办法自印发之日起施行。",
            0},
        {"S02",
            ISSUE "一、学习\n二、执行" SIGN SAFETY
                  "\n一、范围\n二、职责\n四、附则本办法自印发之日起施行。",
            1},
        {"S21", ISSUE "格式见附件1。\n附件：1.办法一览表\n2.填表说明" SIGN SAFETY TEXT ANNEXES, 0},
        {"S21",
            ISSUE "请执行。" SIGN SAFETY TEXT
                  "格式见附件2。\n附件：1.办法一览表\n2.填表说明\n" ANNEXES,
            0},
        {"S21",
            ISSUE "请执行。" SIGN SAFETY TEXT
                  "格式见附件3。\n附件：1.办法一览表\n2.填表说明\n" ANNEXES,
            1},
        {"S21",
            ISSUE "请执行。\n附件：联络人名单" SIGN SAFETY TEXT
                  "附件：1.办法一览表\n2.填表说明\n" ANNEXES,
            0},
    };

    (void)state;
    run_rule_cases(v, COUNT(v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(begins_behind_the_date),
        cmocka_unit_test(other_documents_carry_nothing),
        cmocka_unit_test(metadata_are_of_the_document_itself),
        cmocka_unit_test(rules_take_each_part_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
