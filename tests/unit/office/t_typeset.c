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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_mark_names_nobody_twice),
        cmocka_unit_test(a_draft_without_a_day_is_signed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
