#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/check.h"
#include "text/lexicon.h"
#include "text/rule.h"

/* The day on which the pairs were written: what “today” means in them. */
static const struct lex_date today = {2026, 11, 23};

static void run(struct arena *a, struct str text, struct draft *d, struct check *out)
{
    struct check_options o = {.today = today};
    struct err e;

    assert_int_equal(lexicon_open(a, NULL, &o.tables.lexicon, &e), OK);
    assert_int_equal(draft_read(a, text, NULL, d, &e), OK);
    check_draft(a, d, &o, out);
    for (size_t i = 0; i < out->n; i++) {
        assert_true(out->v[i].begin <= out->v[i].end && out->v[i].end <= d->n);
        assert_true(out->v[i].message.n > 0);
    }
}

static size_t count_of(const struct check *c, const char *id)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n; i++)
        n += strcmp(c->v[i].rule->id, id) == 0;
    return n;
}

/* Every rule that runs by default: the wrong half is found by it, the right half by no rule. */
static void every_rule_has_its_pair(void **state)
{
    struct arena a;
    size_t bad = 0;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; check_rule_at(i); i++) {
        const struct rule *r = check_rule_at(i);
        struct draft d;
        struct check c;
        assert_non_null(r->wrong);
        assert_non_null(r->right);
        assert_string_not_equal(r->wrong, r->right);
        if ((r->needs & (NEED_LIBRARY | NEED_TERMS)) || r->level == CHECK_OFF)
            continue; /* tests/unit/office/t_quote.c, t_terms.c */
        run(&a, str_z(r->wrong), &d, &c);
        if (count_of(&c, r->id) == 0) {
            print_error("%s does not find its own wrong half: %s\n", r->id, r->wrong);
            bad++;
        }
        run(&a, str_z(r->right), &d, &c);
        for (size_t k = 0; k < c.n; k++) {
            print_error("%s: its right half is found by %s: %.*s\n", r->id, c.v[k].rule->id,
                SF(c.v[k].message));
            bad++;
        }
        arena_clear(&a);
    }
    arena_release(&a);
    assert_int_equal(bad, 0);
}

static void no_id_is_used_twice(void **state)
{
    (void)state;
    for (size_t i = 0; check_rule_at(i); i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(check_rule_at(i)->id, check_rule_at(k)->id);
}

static struct str fixed(struct arena *a, struct str text)
{
    struct draft d;
    struct check c;
    struct buf b;
    struct str s;

    run(a, text, &d, &c);
    buf_init(&b, 0);
    check_fix(&d, c.v, c.n, &b);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void fixing_twice_is_fixing_once(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a);
    for (size_t i = 0; check_rule_at(i); i++) {
        struct str once = fixed(&a, str_z(check_rule_at(i)->wrong));
        struct str twice = fixed(&a, once);
        if (!str_eq(once, twice))
            print_error("%s: %.*s -> %.*s\n", check_rule_at(i)->id, SF(once), SF(twice));
        assert_true(str_eq(once, twice));
        arena_clear(&a);
    }
    arena_release(&a);
}

static void a_rule_can_be_switched(void **state)
{
    struct arena a;
    struct draft d;
    struct check c;
    struct err e;
    struct rule_setting off = {check_rule(S("P01")), CHECK_OFF, 0};
    struct rule_setting only = {check_rule(S("P01")), CHECK_HINT, (uint64_t)1 << GENRE_REQUEST};
    struct check_options o = {.today = today, .settings = &off, .n_settings = 1};

    (void)state;
    arena_init(&a);
    assert_int_equal(draft_read(&a, S("各单位,请"), NULL, &d, &e), OK);
    check_draft(&a, &d, &o, &c);
    assert_int_equal(count_of(&c, "P01"), 0);
    assert_true(c.n_skipped > 0);
    o.settings = &only;
    check_draft(&a, &d, &o, &c);
    assert_int_equal(count_of(&c, "P01"), 0);
    o.genre = GENRE_REQUEST;
    check_draft(&a, &d, &o, &c);
    assert_int_equal(count_of(&c, "P01"), 1);
    assert_int_equal(c.v[0].level, CHECK_HINT);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_its_pair),
        cmocka_unit_test(no_id_is_used_twice),
        cmocka_unit_test(fixing_twice_is_fixing_once),
        cmocka_unit_test(a_rule_can_be_switched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
