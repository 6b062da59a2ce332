/* Two changed one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/threeway.h"

static void cases(void **state)
{
    static const struct {
        const char *base, *mine, *theirs, *merged;
        size_t both;
    } of[] = {
        {"甲\n乙\n丙", "甲\n乙\n丙", "甲\n乙\n丙", "甲\n乙\n丙", 0},
        {"甲\n乙\n丙", "甲一\n乙\n丙", "甲\n乙\n丙三", "甲一\n乙\n丙三", 0},
        {"甲\n乙\n丙", "甲\n乙\n丙", "甲\n新\n乙\n丙", "甲\n新\n乙\n丙", 0},
        {"甲\n乙\n丙", "甲\n乙改\n丙", "甲\n乙改\n丙", "甲\n乙改\n丙", 0},
        {"甲\n乙\n丙", "甲\n乙改一\n丙", "甲\n乙改二\n丙", "甲\n乙改一\n丙", 1},
        {"甲\n乙\n丙", "甲\n丙", "甲\n乙改二\n丙", NULL, 1},
        {"甲\n乙", "甲\n乙改", "甲\n乙\n丙", "甲\n乙改\n丙", 0},
        {"甲\n乙\n丁", "甲\n乙改\n丁", "甲\n乙\n丙\n丁", "甲\n乙改\n丙\n丁", 0},
        {"甲\n乙\n丁", "甲\n乙\n丁改", "甲\n乙\n丙\n丁", "甲\n乙\n丙\n丁改", 0},
        {"甲", "甲\n乙", "甲\n丙", NULL, 1},
        {"", "我写的", "他写的", "我写的", 1},
        {"请各部门抓好落实，及时报告。", "请各部门认真抓好落实，及时报告。",
            "请各部门抓好落实，按时报告。", "请各部门认真抓好落实，及时报告。", 1},
        {"一段。\n二段。\n三段。\n四段。", "一段。\n二段改。\n三段。\n四段。",
            "一段。\n二段。\n三段。\n四段改。\n五段。",
            "一段。\n二段改。\n三段。\n四段改。\n五段。", 0},
    };
    struct arena a;
    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
        struct threeway w;
        struct err e = {.msg = ""};
        assert_int_equal(
            threeway_merge(&a, str_z(of[i].base), str_z(of[i].mine), str_z(of[i].theirs), &w, &e),
            OK);
        if (w.n_both != of[i].both || (of[i].merged && !str_eq(w.text, str_z(of[i].merged))))
            fail_msg("%zu: %zu, %.*s", i, w.n_both, SF(w.text));
        for (size_t k = 0; k < w.n_both; k++) /* the wordings are those of the texts */
            assert_true(str_has(str_z(of[i].base), w.both[k].was) &&
                        str_has(str_z(of[i].mine), w.both[k].mine) &&
                        str_has(str_z(of[i].theirs), w.both[k].theirs));
    }
    arena_release(&a);
}

/* Whatever two people do to different halves of a text, both is there. */
static void halves(void **state)
{
    struct arena a;
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct str part[2][2], base, mine, theirs, want;
        struct threeway w;
        struct err e = {.msg = ""};
        arena_init(&a);
        for (int half = 0; half < 2; half++)
            for (int side = 0; side < 2; side++) {
                part[half][side] = S("");
                for (int line = 0; line < 5; line++) {
                    seed = seed * 1103515245U + 12345U;
                    unsigned r = side ? seed >> 16 : 0;
                    if (r % 5 == 1)
                        continue;
                    part[half][side] = arena_printf(&a, "%.*s第%d段第%d行%s。\n",
                        SF(part[half][side]), half, line, r % 5 == 2 ? "有改动" : "");
                }
            }
        base = arena_printf(&a, "%.*s——\n——\n%.*s", SF(part[0][0]), SF(part[1][0]));
        mine = arena_printf(&a, "%.*s——\n——\n%.*s", SF(part[0][1]), SF(part[1][0]));
        theirs = arena_printf(&a, "%.*s——\n——\n%.*s", SF(part[0][0]), SF(part[1][1]));
        want = arena_printf(&a, "%.*s——\n——\n%.*s", SF(part[0][1]), SF(part[1][1]));
        assert_int_equal(threeway_merge(&a, base, mine, theirs, &w, &e), OK);
        if (w.n_both || !str_eq(w.text, want))
            fail_msg("%d: %zu\n%.*s\n—\n%.*s", round, w.n_both, SF(w.text), SF(want));
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(halves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
