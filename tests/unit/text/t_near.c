#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/near.h"

/* A text of n sentences that never repeat a run of five characters by chance: numbers in Chinese. */
static void write_text(struct buf *b, int from, int n)
{
    static const char *const digits[] = {
        "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};

    for (int i = from; i < from + n; i++) {
        uint32_t x = (uint32_t)i * 2654435761u;
        buf_printf(b, "第%d条　单位应当", i - from + 1);
        for (int k = 0; k < 16; k++, x = x * 1664525u + 1013904223u)
            buf_z(b, digits[(x >> 24) % 10]);
        buf_z(b, "，并做好记录。\n");
    }
}

static void a_copy_is_the_same(void **state)
{
    struct buf x, y;
    struct arena a;
    struct near_result r;
    struct near_sign s, t;

    (void)state;
    buf_init(&x, 0);
    buf_init(&y, 0);
    arena_init(&a);
    buf_z(&x, "某某条例\n2020年1月1日通过\n");
    buf_z(&y, "　某某条例　\n（某某机关公布）\n");
    write_text(&x, 0, 120);
    write_text(&y, 0, 120);
    for (size_t i = 0; i + 3 <= y.n; i++) /* ， to , in every other line */
        if (memcmp(y.p + i, "。", 3) == 0 && i % 2)
            memcpy(y.p + i, "；", 3);
    near_compare(&a, buf_view(&x), buf_view(&y), &r);
    assert_int_equal(r.kind, NEAR_SAME);
    near_sign(buf_view(&x), &s);
    near_sign(buf_view(&y), &t);
    assert_true(near_estimate(&s, &t) > 0.9);
    arena_release(&a);
    buf_release(&x);
    buf_release(&y);
}

static void a_new_version_is_similar(void **state)
{
    struct buf x, y;
    struct arena a;
    struct near_result r;

    (void)state;
    buf_init(&x, 0);
    buf_init(&y, 0);
    arena_init(&a);
    write_text(&x, 0, 120);
    write_text(&y, 0, 60);
    buf_z(&y, "第六十条之一　新增的条文规定了完全不同的事项。\n");
    write_text(&y, 60, 60);
    near_compare(&a, buf_view(&x), buf_view(&y), &r);
    assert_int_equal(r.kind, NEAR_SIMILAR);
    assert_true(r.jaccard > 0.7 && r.jaccard < 1.0);
    arena_release(&a);
    buf_release(&x);
    buf_release(&y);
}

static void others_are_others(void **state)
{
    struct buf x, y;
    struct arena a;
    struct near_result r;
    struct near_sign s, t;
    int64_t k1[NEAR_KEYS], k2[NEAR_KEYS];
    int shared = 0;

    (void)state;
    buf_init(&x, 0);
    buf_init(&y, 0);
    arena_init(&a);
    write_text(&x, 0, 100);
    write_text(&y, 5000, 100);
    near_compare(&a, buf_view(&x), buf_view(&y), &r);
    assert_int_equal(r.kind, NEAR_OTHER);
    near_sign(buf_view(&x), &s);
    near_sign(buf_view(&y), &t);
    assert_int_equal(near_keys(&s, k1), NEAR_KEYS);
    assert_int_equal(near_keys(&t, k2), NEAR_KEYS);
    for (int i = 0; i < NEAR_KEYS; i++)
        shared += k1[i] == k2[i];
    assert_int_equal(shared, 0);
    arena_release(&a);
    buf_release(&x);
    buf_release(&y);
}

/* The estimate keeps to its error over the whole range. */
static void estimates_the_exact_share(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a);
    for (int common = 0; common <= 200; common += 25) {
        struct buf x, y;
        struct near_sign s, t;
        struct near_result r;
        double off;
        buf_init(&x, 0);
        buf_init(&y, 0);
        write_text(&x, 0, 200);
        write_text(&y, 0, common);
        write_text(&y, 9000 + common, 200 - common);
        near_sign(buf_view(&x), &s);
        near_sign(buf_view(&y), &t);
        near_compare(&a, buf_view(&x), buf_view(&y), &r);
        off = near_estimate(&s, &t) - r.jaccard;
        assert_true(off > -0.15 && off < 0.15);
        buf_release(&x);
        buf_release(&y);
    }
    arena_release(&a);
}

static void stores_signatures(void **state)
{
    struct buf x;
    struct near_sign s, t;
    unsigned char bytes[NEAR_BYTES];

    (void)state;
    buf_init(&x, 0);
    write_text(&x, 7, 30);
    near_sign(buf_view(&x), &s);
    near_pack(&s, bytes);
    assert_true(near_unpack((struct str){(const char *)bytes, sizeof(bytes)}, &t));
    assert_memory_equal(&s, &t, sizeof(s));
    assert_false(near_unpack((struct str){(const char *)bytes, 5}, &t));
    buf_release(&x);
}

static void short_texts_have_none(void **state)
{
    struct near_sign s;
    int64_t keys[NEAR_KEYS];

    (void)state;
    near_sign(S("很短的一句话。"), &s);
    assert_int_equal(near_keys(&s, keys), 0);
    assert_true(near_estimate(&s, &s) == 0);
}

static void dice_counts_pairs(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a);
    assert_true(near_dice(&a, S("甲乙丙丁"), S("甲乙，丙丁。")) == 1.0);
    assert_true(near_dice(&a, S("甲乙丙丁"), S("戊己庚辛")) == 0.0);
    assert_true(near_dice(&a, S(""), S("")) == 1.0);
    assert_true(near_dice(&a, S("单位应当做好记录"), S("单位应当作好记录")) > 0.6);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(a_new_version_is_similar), cmocka_unit_test(others_are_others),
        cmocka_unit_test(estimates_the_exact_share), cmocka_unit_test(stores_signatures),
        cmocka_unit_test(short_texts_have_none), cmocka_unit_test(dice_counts_pairs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
