/* Who is away: entered by himself or for him, changed, ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/absence.h"

struct entry {
    const struct actor *by;
    struct absence x;
    bool end;
};

static enum code entry_fn(struct db *db, void *arg, struct err *e)
{
    struct entry *w = arg;
    return w->end ? absence_end(db, w->by, w->x.id, e) : absence_save(db, w->by, &w->x, e);
}

static enum code save(struct itemdb *t, int by, int person, int64_t *id, const char *from,
    const char *to, struct err *e)
{
    struct entry w = {.by = itemdb_as(t, by),
        .x = {.id = *id,
            .person = t->person[person],
            .from_day = str_z(from),
            .to_day = str_z(to),
            .why = S("出差")}};
    enum code c = store_write(t->o.st, entry_fn, &w, e);
    if (c == OK)
        *id = w.x.id;
    return c;
}

static enum code end(struct itemdb *t, int by, int64_t id, struct err *e)
{
    struct entry w = {.by = itemdb_as(t, by), .x = {.id = id}, .end = true};
    return store_write(t->o.st, entry_fn, &w, e);
}

static bool away(struct itemdb *t, int person, int d)
{
    bool yes = false;
    struct err e;
    struct db *db = itemdb_read(t);
    assert_int_equal(absence_on(db, &t->o.a, t->person[person], day_num((struct day){2026, 7, d}),
                         &yes, NULL, &e),
        OK);
    store_read_end(db);
    return yes;
}

static void it_is_entered_by_himself_or_for_him(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    int64_t mine = 0, leaders = 0, none = 0;
    assert_int_equal(save(t, STAFF, STAFF, &mine, "2026-07-15", "2026-07-17", &e), OK);
    assert_int_equal(save(t, SECRETARY, LEADER, &leaders, "2026-07-13", "2026-07-14", &e), OK);
    assert_int_equal(save(t, STAFF, OTHER, &none, "2026-07-15", "2026-07-17", &e), E_DENIED);
    assert_int_equal(save(t, ADMIN, STAFF, &none, "2026-08-15", "2026-08-17", &e), E_DENIED);
    assert_false(away(t, STAFF, 14));
    assert_true(away(t, STAFF, 15) && away(t, STAFF, 17));
    assert_false(away(t, STAFF, 18));
    assert_true(away(t, LEADER, 13));
    struct absence *v;
    size_t n;
    struct db *db = itemdb_read(t);
    assert_int_equal(absence_list(db, &t->o.a, itemdb_as(t, OTHER), 0, S("2026-07-14"),
                         S("2026-07-15"), &v, &n, &e),
        OK);
    assert_int_equal(n, 2);
    assert_true(v[0].person == t->person[LEADER] && v[0].now && !v[1].now);
    assert_true(v[0].made_by == t->person[SECRETARY] && v[0].made_name.n);
    store_read_end(db);
}

static void days_are_judged(void **state)
{
    static const struct {
        const char *from, *to;
        enum code c;
        const char *words;
    } cases[] = {{"2026-07-17", "2026-07-15", E_INPUT, "起止日期"},
        {"2026-07-32", "2026-08-01", E_INPUT, "起止日期"}, {"", "", E_INPUT, "起止日期"},
        {"2026-07-15", "2027-07-16", E_LIMIT, "366天"},
        {"2026-07-20", "2026-07-22", E_CONFLICT, "2026-07-22至2026-07-24"},
        {"2026-07-24", "2026-07-30", E_CONFLICT, "2026-07-22至2026-07-24"}};
    struct itemdb *t = *state;
    struct err e;
    int64_t id = 0;
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-22", "2026-07-24", &e), OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t none = 0;
        assert_int_equal(save(t, STAFF, STAFF, &none, cases[i].from, cases[i].to, &e), cases[i].c);
        assert_non_null(strstr(e.msg, cases[i].words));
    }
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-21", "2026-07-25", &e), OK);
}

static void what_has_passed_stays(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    int64_t id = 0, later = 0;
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-13", "2026-07-17", &e), OK);
    assert_int_equal(save(t, STAFF, STAFF, &later, "2026-07-27", "2026-07-28", &e), OK);
    t->now_ms += INT64_C(2) * 86400000; /* Wednesday */
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-14", "2026-07-17", &e), E_CONFLICT);
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-13", "2026-07-14", &e), E_INPUT);
    assert_int_equal(save(t, STAFF, STAFF, &id, "2026-07-13", "2026-07-20", &e), OK);
    assert_true(away(t, STAFF, 20));
    assert_int_equal(end(t, OTHER, id, &e), E_DENIED);
    assert_int_equal(end(t, STAFF, id, &e), OK);
    assert_true(away(t, STAFF, 14));
    assert_false(away(t, STAFF, 15));
    assert_int_equal(end(t, STAFF, id, &e), E_CONFLICT);
    assert_int_equal(end(t, CHIEF, later, &e), OK);
    assert_false(away(t, STAFF, 27));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, itemdb_set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_entered_by_himself_or_for_him),
        TEST(days_are_judged),
        TEST(what_has_passed_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
