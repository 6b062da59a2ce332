#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "text/diff.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The oracle: the ops tile both texts, SAME is the same in both, and applying them to x gives y. */
static void check_ops(struct str x, struct str y, const struct diff *d)
{
    size_t bx = 0, by = 0, cx = 0, cy = 0;
    struct buf made;

    buf_init(&made, 0);
    for (size_t i = 0; i < d->n; i++) {
        const struct diff_op *o = &d->ops[i];
        assert_true(o->x == bx && o->y == by && o->x_cp == cx && o->y_cp == cy);
        assert_int_equal(utf8_len_cp(str_sub(x, o->x, o->x_n)), o->x_n_cp);
        assert_int_equal(utf8_len_cp(str_sub(y, o->y, o->y_n)), o->y_n_cp);
        assert_true(o->x_n + o->y_n > 0);
        if (o->kind == DIFF_SAME)
            buf_str(&made, str_sub(x, o->x, o->x_n));
        if (o->kind == DIFF_ADDED)
            buf_str(&made, str_sub(y, o->y, o->y_n));
        if (i > 0)
            assert_true(o->kind != d->ops[i - 1].kind);
        bx += o->x_n, by += o->y_n, cx += o->x_n_cp, cy += o->y_n_cp;
    }
    assert_int_equal(bx, x.n);
    assert_int_equal(by, y.n);
    assert_true(str_eq(buf_view(&made), y));
    buf_release(&made);
}

static struct diff compare(struct arena *a, struct str x, struct str y)
{
    struct diff d;
    struct err e;

    assert_int_equal(diff_texts(a, x, y, &d, &e), OK);
    check_ops(x, y, &d);
    return d;
}

/* "=same-removed+added" */
static void check(const char *x, const char *y, const char *want)
{
    struct arena a;
    struct buf b;
    struct diff d;

    arena_init(&a);
    buf_init(&b, 0);
    d = compare(&a, str_z(x), str_z(y));
    for (size_t i = 0; i < d.n; i++) {
        const struct diff_op *o = &d.ops[i];
        struct str t = o->kind == DIFF_ADDED ? str_sub(str_z(y), o->y, o->y_n)
                                             : str_sub(str_z(x), o->x, o->x_n);
        buf_char(&b, "?=-+"[o->kind]);
        buf_str(&b, t);
    }
    buf_char(&b, '\0');
    assert_string_equal(b.p, want);
    buf_release(&b);
    arena_release(&a);
}

static void shows_small_changes(void **state)
{
    (void)state;
    check("", "", "");
    check("甲", "甲", "=甲");
    check("", "甲", "+甲");
    check("甲", "", "-甲");
    check("单位应当做好记录。", "单位应当作好记录。", "=单位应当-做+作=好记录。");
    check("罚款一千元以上五千元以下。", "罚款二千元以上五千元以下。",
        "=罚款-一+二=千元以上五千元以下。");
    check("第一段。\n第二段。\n", "第一段。\n新增的一段。\n第二段。\n",
        "=第一段。\n+新增的一段。\n=第二段。\n");
    check("第一段。\n要删的段。\n第二段。\n", "第一段。\n第二段。\n",
        "=第一段。\n-要删的段。\n=第二段。\n");
    check("县级以上人民政府应当加强领导。", "县级以上地方人民政府应当加强领导。",
        "=县级以上+地方=人民政府应当加强领导。");
}

static void does_not_shred_what_has_nothing_in_common(void **state)
{
    (void)state;
    check("今天天气很好。", "会议讨论了预算问题。", "-今天天气很好。+会议讨论了预算问题。");
}

static uint32_t rnd(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_text(struct buf *b, uint32_t *seed, size_t cps, uint32_t letters)
{
    for (size_t i = 0; i < cps; i++) {
        uint32_t r = rnd(seed);
        if (r % 17 == 0)
            buf_z(b, r % 3 ? "。" : "\n");
        else
            buf_utf8(b, 0x4E00 + r % letters);
    }
}

/* A copy of s in which about one character in `rate` is changed, dropped or doubled. */
static void edit(struct buf *b, struct str s, uint32_t *seed, uint32_t rate)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at), r = rnd(seed);
        if (r % rate)
            buf_utf8(b, cp);
        else if (r / rate % 3 == 0)
            buf_utf8(b, 0x5000 + r % 50);
        else if (r / rate % 3 == 1)
            buf_utf8(b, cp), buf_utf8(b, cp);
    }
}

static void applies_back_on_random_texts(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct buf x, y;
        struct arena a;
        buf_init(&x, 0);
        buf_init(&y, 0);
        arena_init(&a);
        random_text(&x, &seed, rnd(&seed) % 300, 2 + rnd(&seed) % 40);
        if (round % 3)
            edit(&y, buf_view(&x), &seed, 2 + rnd(&seed) % 30);
        else
            random_text(&y, &seed, rnd(&seed) % 300, 2 + rnd(&seed) % 40);
        compare(&a, buf_view(&x), buf_view(&y));
        arena_release(&a);
        buf_release(&x);
        buf_release(&y);
    }
}

/* With one piece, the diff is Myers' and must be the shortest but for the dropped confetti. */
static void finds_few_edits(void **state)
{
    struct arena a;
    struct diff d;
    uint32_t seed = 99;
    struct buf x, y;

    (void)state;
    arena_init(&a);
    buf_init(&x, 0);
    buf_init(&y, 0);
    random_text(&x, &seed, 5000, 3000);
    edit(&y, buf_view(&x), &seed, 100);
    d = compare(&a, buf_view(&x), buf_view(&y));
    assert_true(d.removed_cp + d.added_cp < 2 * 5000 / 100 * 2);
    assert_true(diff_ratio(&d) > 0.97);
    assert_false(d.coarse);
    arena_release(&a);
    buf_release(&x);
    buf_release(&y);
}

static double seconds(struct str x, struct str y)
{
    struct timespec t0, t1;
    struct arena a;

    arena_init(&a);
    clock_gettime(CLOCK_MONOTONIC, &t0);
    compare(&a, x, y);
    clock_gettime(CLOCK_MONOTONIC, &t1);
    arena_release(&a);
    return (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
}

/* 2 x 200,000 characters: nothing alike, a light edit, a heavy edit, one paragraph, few letters. The
 * bound here is loose because tests run unoptimised and under sanitizers; bench/text_speed measures. */
static void stays_bounded(void **state)
{
    (void)state;
    for (int kind = 0; kind < 5; kind++) {
        uint32_t seed = 3;
        struct buf x, y;
        double s;
        buf_init(&x, 0);
        buf_init(&y, 0);
        random_text(&x, &seed, 200000, kind == 4 ? 2 : 3000);
        if (kind == 3)
            for (size_t i = 0; i + 3 <= x.n; i++)
                if (x.p[i] == '\n' || memcmp(x.p + i, "。", 3) == 0)
                    memcpy(x.p + i, x.p[i] == '\n' ? " " : "，", x.p[i] == '\n' ? 1 : 3);
        if (kind == 0)
            random_text(&y, &seed, 200000, 3000);
        else
            edit(&y, buf_view(&x), &seed, kind == 1 ? 500 : kind == 3 ? 50 : 4);
        s = seconds(buf_view(&x), buf_view(&y));
        printf("kind %d: %.3f s\n", kind, s);
        assert_true(s < 20);
        buf_release(&x);
        buf_release(&y);
    }
}

static void refuses_what_is_too_large(void **state)
{
    struct arena a;
    struct diff d;
    struct err e;
    struct buf x;

    (void)state;
    arena_init(&a);
    buf_init(&x, 0);
    for (size_t i = 0; i <= DIFF_CP_MAX; i++)
        buf_char(&x, 'a');
    assert_int_equal(diff_texts(&a, buf_view(&x), S("b"), &d, &e), E_LIMIT);
    buf_release(&x);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shows_small_changes),
        cmocka_unit_test(does_not_shred_what_has_nothing_in_common),
        cmocka_unit_test(applies_back_on_random_texts), cmocka_unit_test(finds_few_edits),
        cmocka_unit_test(stays_bounded), cmocka_unit_test(refuses_what_is_too_large)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
