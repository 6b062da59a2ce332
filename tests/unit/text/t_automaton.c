#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "text/automaton.h"

static const uint32_t *decode(struct arena *a, struct str s, size_t *n)
{
    uint32_t *cp = ARENA_ARRAY(a, uint32_t, s.n + 1);

    *n = 0;
    for (size_t off = 0; off < s.n;)
        cp[(*n)++] = utf8_next(s, &off);
    return cp;
}

/* The same by looking for each word at each place. */
static void agrees_with_a_plain_search(
    struct arena *a, struct str text, const struct str *words, size_t n_words)
{
    struct automaton *m;
    struct automaton_hit *v;
    struct err e;
    size_t n, n_cp, expected = 0;
    const uint32_t *cp = decode(a, text, &n_cp);

    assert_int_equal(automaton_new(a, words, n_words, &m, &e), OK);
    automaton_find(m, a, cp, n_cp, &v, &n);
    for (size_t i = 0; i < n; i++) {
        size_t from = utf8_off(text, v[i].begin), to = utf8_off(text, v[i].end);
        assert_true(str_eq(str_sub(text, from, to - from), words[v[i].word]));
        if (i)
            assert_true(v[i - 1].begin < v[i].begin ||
                        (v[i - 1].begin == v[i].begin && v[i - 1].end >= v[i].end));
    }
    for (size_t w = 0; w < n_words; w++)
        for (size_t at = 0; words[w].n; at++) {
            at = str_find(text, words[w], at);
            if (at == SIZE_MAX)
                break;
            expected++;
        }
    assert_int_equal(n, expected);
}

static void every_place_is_found(void **state)
{
    const struct str words[] = {SC("高质量发展"), SC("质量"), SC("质量发展"), SC("发展"), SC(""),
        SC("质量"), SC("展"), SC("𠮷野"), SC("aa"), SC("aaa")};
    struct arena a;

    (void)state;
    arena_init(&a);
    agrees_with_a_plain_search(&a, S("推动高质量发展，质量第一𠮷野aaaa高质量发"), words, 10);
    agrees_with_a_plain_search(&a, S(""), words, 10);
    agrees_with_a_plain_search(&a, S("质量"), words, 0);
    arena_release(&a);
}

/* Few letters, so that words overlap and lie in each other in every way. */
static void random_words_agree_too(void **state)
{
    static const char *const letters[] = {"一", "二", "三", "a"};
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena a;
        struct str words[12];
        struct buf b;
        arena_init(&a);
        for (int w = 0; w < 13; w++) {
            size_t len = w < 12 ? 1 + (seed >> 8) % 5 : 60;
            buf_init(&b, 0);
            for (size_t i = 0; i < len; i++) {
                seed = seed * 1664525 + 1013904223;
                buf_z(&b, letters[(seed >> 16) % 4]);
            }
            if (w < 12)
                words[w] = arena_str(&a, buf_view(&b));
            else
                agrees_with_a_plain_search(&a, buf_view(&b), words, 12);
            buf_release(&b);
        }
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_is_found),
        cmocka_unit_test(random_words_agree_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
