/* Pieces of a string: parted, and looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

static void pieces_are_parted(void **state)
{
    struct str rest = S("a,,b,"), piece;
    (void)state;
    assert_true(str_next(&rest, S(","), &piece) && str_eq(piece, S("a")));
    assert_true(str_next(&rest, S(","), &piece) && str_eq(piece, S("")));
    assert_true(str_next(&rest, S(","), &piece) && str_eq(piece, S("b")));
    assert_false(str_next(&rest, S(","), &piece));
}

/* A piece is there as a whole or not at all. */
static void a_piece_is_found_whole(void **state)
{
    static const struct {
        struct str list, mark, piece;
        bool has;
    } rows[] = {
        {SC("已收\n已反馈"), SC("\n"), SC("已反馈"), true},
        {SC("已收\n已反馈"), SC("\n"), SC("已收"), true},
        {SC("已收\n已反馈"), SC("\n"), SC("反馈"), false},
        {SC("已收\n已反馈"), SC("\n"), SC("已收\n已反馈"), false},
        {SC("已收 已反馈"), SC("\n"), SC("已收"), false},
        {SC("lead co"), SC(" "), SC("co"), true},
        {SC("lead co"), SC(" "), SC(""), false},
        {SC("a\n\nb"), SC("\n"), SC(""), true},
        {SC(""), SC("\n"), SC(""), false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (str_has_piece(rows[i].list, rows[i].mark, rows[i].piece) != rows[i].has)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_parted),
        cmocka_unit_test(a_piece_is_found_whole),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
