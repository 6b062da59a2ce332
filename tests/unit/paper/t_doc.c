#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "paper/doc.h"

static struct block blocks[] = {
    {BLOCK_TITLE, 0, SC("关于做好防汛工作的通知")},
    {BLOCK_HEADING, 1, SC("一、总体要求")},
    {BLOCK_ROW, 2, SC("单位\t人数")},
    {BLOCK_NOTE, 0, SC("")},
};
static struct part parts[] = {
    {SC("附件1.xlsx"), {"a\0b", 3}},
    {SC("空"), SC("")},
};

static struct doc sample(void)
{
    return (struct doc){.format = FORMAT_EML,
        .encoding = S("GB18030"),
        .title = S("题"),
        .author = S("张三"),
        .date = S("2026-03-01"),
        .blocks = blocks,
        .n = 4,
        .parts = parts,
        .n_parts = 2,
        .image_only = true,
        .warnings = S("第3页没有文字")};
}

static void round_trip_keeps_everything(void **state)
{
    struct doc d = sample(), back;
    struct buf enc = {0}, again = {0};
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    doc_encode(&d, &enc);
    assert_int_equal(doc_decode(&a, buf_view(&enc), &back, &e), OK);
    assert_int_equal(back.format, FORMAT_EML);
    assert_true(back.image_only);
    assert_true(str_eq(back.encoding, d.encoding) && str_eq(back.title, d.title));
    assert_true(str_eq(back.author, d.author) && str_eq(back.date, d.date));
    assert_true(str_eq(back.warnings, d.warnings));
    assert_int_equal(back.n, 4);
    for (size_t i = 0; i < back.n; i++) {
        assert_int_equal(back.blocks[i].kind, blocks[i].kind);
        assert_int_equal(back.blocks[i].level, blocks[i].level);
        assert_true(str_eq(back.blocks[i].text, blocks[i].text));
    }
    assert_int_equal(back.n_parts, 2);
    assert_true(str_eq(back.parts[0].bytes, parts[0].bytes));
    doc_encode(&back, &again);
    assert_true(str_eq(buf_view(&enc), buf_view(&again)));
    buf_release(&enc);
    buf_release(&again);
    arena_release(&a);
}

/* Every cut is refused, and no changed byte may crash, or decode to what encodes differently. */
static void refuses_what_is_cut_or_changed(void **state)
{
    struct doc d = sample(), back;
    struct buf enc = {0};
    struct err e;

    (void)state;
    doc_encode(&d, &enc);
    for (size_t n = 0; n < enc.n; n++) {
        struct arena a;
        arena_init(&a);
        assert_int_equal(doc_decode(&a, (struct str){enc.p, n}, &back, &e), E_INPUT);
        arena_release(&a);
    }
    for (size_t i = 0; i < enc.n * 8; i++) {
        struct buf again = {0};
        struct arena a;
        arena_init(&a);
        enc.p[i / 8] = (char)(enc.p[i / 8] ^ 1 << i % 8);
        if (doc_decode(&a, buf_view(&enc), &back, &e) == OK) {
            doc_encode(&back, &again);
            assert_true(str_eq(buf_view(&enc), buf_view(&again)));
        }
        enc.p[i / 8] = (char)(enc.p[i / 8] ^ 1 << i % 8);
        buf_release(&again);
        arena_release(&a);
    }
    buf_release(&enc);
}

/* The outline and the text give the blocks again; with another text they are refused. */
static void outline_lays_the_blocks_over_the_text(void **state)
{
    struct doc d = sample(), back;
    struct buf outline = {0}, text = {0};
    struct arena a;
    struct err e;

    (void)state;
    arena_init(&a);
    doc_encode_outline(&d, &outline);
    doc_text(&d, &text);
    assert_int_equal(doc_decode_outline(&a, buf_view(&outline), buf_view(&text), &back, &e), OK);
    assert_int_equal(back.n, d.n);
    for (size_t i = 0; i < back.n; i++) {
        assert_int_equal(back.blocks[i].kind, blocks[i].kind);
        assert_true(str_eq(back.blocks[i].text, blocks[i].text));
    }
    for (size_t n = 0; n < outline.n; n++)
        assert_int_equal(
            doc_decode_outline(&a, (struct str){outline.p, n}, buf_view(&text), &back, &e),
            E_INPUT);
    buf_char(&text, 'x');
    assert_int_equal(
        doc_decode_outline(&a, buf_view(&outline), buf_view(&text), &back, &e), E_INPUT);
    buf_release(&outline);
    buf_release(&text);
    arena_release(&a);
}

static void plain_text_is_blocks_by_lines(void **state)
{
    struct doc d = sample();
    struct buf text = {0};

    (void)state;
    doc_text(&d, &text);
    assert_string_equal(text.p, "关于做好防汛工作的通知\n一、总体要求\n单位\t人数\n");
    buf_release(&text);
}

static void format_names_are_inverse(void **state)
{
    (void)state;
    for (int f = FORMAT_TXT; f <= FORMAT_IMAGE; f++)
        assert_int_equal(doc_format_of(str_z(doc_format_name((enum doc_format)f))), f);
    assert_int_equal(doc_format_of(S("未知")), FORMAT_UNKNOWN);
    assert_string_equal(doc_format_name((enum doc_format)99), "未知");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_keeps_everything),
        cmocka_unit_test(refuses_what_is_cut_or_changed),
        cmocka_unit_test(outline_lays_the_blocks_over_the_text),
        cmocka_unit_test(plain_text_is_blocks_by_lines),
        cmocka_unit_test(format_names_are_inverse),
    };
    return cmocka_run_group_tests_name("doc", tests, NULL, NULL);
}
