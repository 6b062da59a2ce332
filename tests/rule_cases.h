/* tests/rule_cases.h - tables of drafts and how often a rule speaks in them. */
#ifndef TESTS_RULE_CASES_H
#define TESTS_RULE_CASES_H

#include <string.h>

#include "text/check.h"

struct rule_case {
    const char *id, *text; /* lines parted by '\n' */
    int count;
};

static inline int rule_case_count(struct arena *a, const struct rule_case *t)
{
    struct check_options o = {.today = {2026, 11, 23}};
    struct draft d;
    struct check c;
    struct err e;
    int n = 0;

    assert_int_equal(draft_read(a, str_z(t->text), NULL, &d, &e), OK);
    check_draft(a, &d, &o, &c);
    for (size_t i = 0; i < c.n; i++)
        n += strcmp(c.v[i].rule->id, t->id) == 0;
    return n;
}

static inline void run_rule_cases(const struct rule_case *v, size_t n)
{
    struct arena a;
    int bad = 0;

    arena_init(&a);
    for (size_t i = 0; i < n; i++) {
        int got = rule_case_count(&a, &v[i]);
        if (got != v[i].count) {
            print_error("%s: %d instead of %d: %s\n", v[i].id, got, v[i].count, v[i].text);
            bad++;
        }
        arena_clear(&a);
    }
    arena_release(&a);
    assert_int_equal(bad, 0);
}

#endif
