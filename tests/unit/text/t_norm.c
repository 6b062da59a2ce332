#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "text/norm.h"
#include "text/pos.h"

static struct str folded(struct arena *a, const char *z)
{
    return norm_str(a, str_z(z));
}

static void variants_meet_and_different_marks_do_not(void **state)
{
    static const char *meet[][2] = {
        {"ＡＢＣ１２３", "abc123"},
        {"国发〔2024〕5号", "國發［2024］５號"},
        {"“两个确立”", "「两个确立」"},
        {"‘a’", "'A'"},
        {"党中央—国务院", "党中央－国务院"},
        {"1～3", "1~3"},
        {"阿卜杜拉·买买提", "阿卜杜拉・买买提"},
        {"……", "⋯⋯"},
        {"中央\u3000八项", "中央 八项"},
        {"為人民服務", "为人民服务"},
        {"⼈⺠", "人民"},
        {"ÀÉΩЖ", "àéωж"},
        {"，；：？！（）％", ",;:?!()%"},
    };
    static const char *apart[][2] = {
        {"（一）", "〔一〕"},
        {"《法》", "〈法〉"},
        {"一、二", "一，二"},
        {"甲\n乙", "甲 乙"},
        {"。", "."},
        {"①", "1"},
        {"著名", "着名"},
        {"-", "~"},
        {"·", "."},
    };
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(meet) / sizeof(meet[0]); i++) {
        struct str x = folded(&a, meet[i][0]), y = folded(&a, meet[i][1]);
        if (!str_eq(x, y))
            fail_msg("%s and %s stay apart", meet[i][0], meet[i][1]);
    }
    for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
        struct str x = folded(&a, apart[i][0]), y = folded(&a, apart[i][1]);
        if (str_eq(x, y))
            fail_msg("%s and %s meet", apart[i][0], apart[i][1]);
    }
    arena_release(&a);
}

static void folding_twice_changes_nothing_and_spares_surrogates(void **state)
{
    (void)state;
    for (uint32_t u = 0; u < 0x10000; u++) {
        uint16_t once = norm_unit((uint16_t)u);
        assert_int_equal(norm_unit(once), once);
        assert_int_not_equal(once, 0); /* NUL is the end of a document in the index */
        if (u >= 0xD800 && u < 0xE000)
            assert_int_equal(once, u);
        else
            assert_false(once >= 0xD800 && once < 0xE000);
    }
}

static uint64_t mix(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Random text over characters that fold, that do not, and that take two units. */
static struct str random_text(struct arena *a, uint64_t *seed, size_t cps)
{
    static const uint32_t some[] = {'a', 'B', 0xFF21, 0x4E2D, 0x570B, 0x201C, 0x3014, '\n', 0x3000,
        0x20000, 0x1F600, 0xE9, 0xC9, 0xFFFD, 0xFF0C, 0x2F00};
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = 0; i < cps; i++)
        buf_utf8(&b, some[mix(seed) % (sizeof(some) / sizeof(some[0]))]);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void any_range_gives_its_source_back(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena a;
        struct norm t;
        struct pos_map m;
        struct err e;
        struct buf b;
        arena_init(&a);
        struct str s = random_text(&a, &seed, mix(&seed) % 1500);
        assert_int_equal(norm_text(&a, s, &t, &e), OK);
        pos_map_init(&a, &m, s);
        assert_int_equal(t.n, m.end.unit);
        struct pos from = pos_at_unit(&m, mix(&seed) % (t.n + 1));
        struct pos to = pos_at_unit(&m, from.unit + mix(&seed) % (t.n + 1));
        buf_init(&b, 0);
        norm_source(&t, from.unit, to.unit, &b);
        assert_true(str_eq(buf_view(&b), str_sub(s, from.byte, to.byte - from.byte)));
        buf_release(&b);
        arena_release(&a);
    }
}

static void the_three_counts_agree_with_a_walk(void **state)
{
    uint64_t seed = 11;
    struct arena a;
    struct pos_map m;
    struct pos at = {0};

    (void)state;
    arena_init(&a);
    struct str s = random_text(&a, &seed, 3000);
    pos_map_init(&a, &m, s);
    while (at.byte < s.n) {
        struct pos begin = at;
        uint32_t cp = utf8_next(s, &at.byte);
        at.unit += cp >= 0x10000 ? 2 : 1;
        at.cp++;
        struct pos found[4] = {pos_at_cp(&m, begin.cp), pos_at_unit(&m, begin.unit),
            pos_at_byte(&m, at.byte - 1), pos_at_unit(&m, at.unit - 1)};
        for (int i = 0; i < 4; i++) {
            assert_int_equal(found[i].byte, begin.byte);
            assert_int_equal(found[i].unit, begin.unit);
            assert_int_equal(found[i].cp, begin.cp);
        }
    }
    assert_int_equal(pos_at_cp(&m, 1 << 30).byte, s.n);
    arena_release(&a);
}

static void units_that_pair_wrongly_do_no_harm(void **state)
{
    static const uint16_t units[] = {0xDC00, 'a', 0xD800, 'b', 0xD840, 0xDC00, 0xD800};
    struct buf b;

    (void)state;
    buf_init(&b, 0);
    pos_to_utf8(&b, units, 7);
    assert_true(str_eq(buf_view(&b), S("\uFFFDa\uFFFDb\U00020000\uFFFD")));
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants_meet_and_different_marks_do_not),
        cmocka_unit_test(folding_twice_changes_nothing_and_spares_surrogates),
        cmocka_unit_test(any_range_gives_its_source_back),
        cmocka_unit_test(the_three_counts_agree_with_a_walk),
        cmocka_unit_test(units_that_pair_wrongly_do_no_harm),
    };
    return cmocka_run_group_tests_name("norm", tests, NULL, NULL);
}
