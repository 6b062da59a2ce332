/* What is remembered of long lists: only that they are long, of this viewer, of this list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/item_plenty.h"

static void only_what_is_far_longer(void **state)
{
    (void)state;
    struct viewer v = {.person = 7, .unit = 3, .roles = ROLE_CHIEF};
    struct actor by = {.v = &v};
    struct seen s = {.level = 1, .n = 1, .seat = {{.person = 7, .unit = 3, .home = 3}}};
    uint64_t key = plenty_key(&by, &s, S("a list"));
    plenty_note(key, 0);
    plenty_note(key, ITEM_TOTAL_EXACT);
    plenty_note(key, ITEM_TOTAL_EXACT + 1); /* one of them may be given up */
    plenty_note(key, PLENTY_LIMIT - 1);
    assert_false(plenty_known(key));
    plenty_note(key, PLENTY_LIMIT);
    assert_true(plenty_known(key));
}

static void of_one_list_and_viewer(void **state)
{
    (void)state;
    struct viewer v = {.person = 8, .unit = 3, .roles = ROLE_CHIEF}, owner = v;
    struct actor by = {.v = &v}, by_owner = {.v = &owner}, elsewhere = by;
    struct kinds *other = (struct kinds *)&v; /* only told apart */
    struct seen s = {.level = 1, .n = 1, .seat = {{.person = 8, .unit = 3, .home = 3}}}, t = s;
    uint64_t key = plenty_key(&by, &s, S("a list"));
    plenty_note(key, PLENTY_LIMIT);
    assert_true(plenty_known(plenty_key(&by, &s, S("a list"))));
    assert_false(plenty_known(plenty_key(&by, &s, S("another"))));
    t.level = 0;
    assert_false(plenty_known(plenty_key(&by, &t, S("a list"))));
    t = s;
    t.seat[0].person = 9;
    assert_false(plenty_known(plenty_key(&by, &t, S("a list"))));
    t = s;
    t.seat[0].roles = ROLE_STAFF;
    assert_false(plenty_known(plenty_key(&by, &t, S("a list"))));
    t = s;
    t.n = 2;
    t.seat[1] = (struct seat){.person = 10, .unit = 4, .home = 4};
    assert_false(plenty_known(plenty_key(&by, &t, S("a list"))));
    owner.owner = true; // cppcheck-suppress unreadVariable ; read through by_owner
    assert_false(plenty_known(plenty_key(&by_owner, &s, S("a list"))));
    elsewhere.kinds = other;
    assert_false(plenty_known(plenty_key(&elsewhere, &s, S("a list"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_far_longer), cmocka_unit_test(of_one_list_and_viewer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
