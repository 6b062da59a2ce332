#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void never_cuts_a_character_in_two(void **state)
{
    (void)state;
    /* 200 characters of 3 bytes do not fit in 480; whatever the offset of the
     * cut, the message must hold whole characters after the padding. */
    for (size_t pad = 0; pad < 3; pad++) {
        char text[3 + 600 + 1];
        struct err e;
        memset(text, 'a', pad);
        for (size_t i = 0; i < 200; i++)
            memcpy(text + pad + 3 * i, "\xe5\x8f\xb7", 3); /* 号 */
        text[pad + 600] = '\0';
        assert_int_equal(FAIL(&e, E_INPUT, "%s", text), E_INPUT);
        assert_in_range(strlen(e.msg), 471, sizeof(e.msg) - 1);
        assert_int_equal((strlen(e.msg) - pad) % 3, 0);
    }
}

static void says_where_it_was_first_seen(void **state)
{
    struct err e;
    int here = __LINE__ + 2;
    (void)state;
    assert_int_equal(FAIL(&e, E_IO, "无法打开“%s”", "a.docx"), E_IO);
    assert_int_equal(e.line, here);
    assert_non_null(strstr(e.file, "t_err.c"));
    assert_string_equal(e.msg, "无法打开“a.docx”");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_cuts_a_character_in_two),
        cmocka_unit_test(says_where_it_was_first_seen),
    };
    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
