/* What comes back, over the calendar of 2026, and once for each day. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"
#include "office/recurring.h"

static int32_t day(int m, int d)
{
    return day_num((struct day){2026, m, d});
}

static int64_t at(int m, int d, int hour, int minute)
{
    return clock_ms((struct civil){{2026, m, d}, hour, minute, 0, 0}, ZONE_CHINA);
}

/* ---- the days of 2026, by the notice of the State Council ---- */

static void days_of_the_year(void **state)
{
    static const struct {
        struct recur_rule rule;
        const char *text, *days;
    } cases[] = {
        {{RECUR_WORKDAY, 1, 1, 1, 0}, "每月第1个工作日",
            "01-04 02-02 03-02 04-01 05-06 06-01 07-01 08-03 09-01 10-08 11-02 12-01"},
        {{RECUR_WORKDAY, 1, 1, -1, 0}, "每月最后1个工作日",
            "01-30 02-28 03-31 04-30 05-29 06-30 07-31 08-31 09-30 10-30 11-30 12-31"},
        {{RECUR_DAY, 1, 1, 25, SHIFT_BEFORE}, "每月25日，遇休息日提前",
            "01-23 02-25 03-25 04-24 05-25 06-25 07-24 08-25 09-24 10-23 11-25 12-25"},
        {{RECUR_DAY, 1, 1, 1, SHIFT_AFTER}, "每月1日，遇休息日顺延",
            "01-04 02-02 03-02 04-01 05-06 06-01 07-01 08-03 09-01 10-08 11-02 12-01"},
        {{RECUR_DAY, 1, 1, 31, 0}, "每月31日",
            "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"},
        {{RECUR_DAY, 3, 3, 20, SHIFT_AFTER}, "每季度第3个月20日，遇休息日顺延",
            "03-20 06-22 09-20 12-21"},
        {{RECUR_WORKDAY, 12, 10, 1, 0}, "每年10月第1个工作日", "10-08"},
        {{RECUR_WORKDAY, 1, 1, -3, 0}, "每月倒数第3个工作日",
            "01-28 02-26 03-27 04-28 05-27 06-26 07-29 08-27 09-28 10-28 11-26 12-29"},
    };
    struct calendar *cal = calendar_new();
    struct arena a;
    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct str got = S(""), text = recur_text(&a, &cases[i].rule);
        int32_t d = day(1, 1) - 1;
        while ((d = recur_next(&cases[i].rule, cal, d)) <= day(12, 31)) {
            char iso[DAY_ISO_SIZE];
            struct str md = str_sub(day_iso(day_of(d), iso), 5, 5);
            got = arena_printf(&a, "%.*s%s%.*s", SF(got), got.n ? " " : "", SF(md));
        }
        if (!str_eq(got, str_z(cases[i].days)) || !str_eq(text, str_z(cases[i].text)))
            fail_msg("%.*s: %.*s", SF(text), SF(got));
    }
    arena_release(&a);
    calendar_free(cal);
}

static void mondays_of_october(void **state)
{
    struct calendar *cal = calendar_new();
    struct recur_rule plain = {RECUR_WEEKDAY, 0, 0, 1, SHIFT_NONE}, after = plain, before = plain;
    (void)state;
    after.shift = SHIFT_AFTER;
    before.shift = SHIFT_BEFORE;
    assert_int_equal(recur_next(&plain, cal, day(9, 28)), day(10, 5)); /* a holiday */
    assert_int_equal(recur_next(&after, cal, day(9, 28)), day(10, 8));
    assert_int_equal(recur_next(&before, cal, day(9, 28)), day(9, 30));
    assert_int_equal(recur_next(&before, cal, day(9, 30)), day(10, 12));
    assert_int_equal(recur_next(&after, cal, day(10, 8)), day(10, 12));
    calendar_free(cal);
}

/* The next day lies behind, and every day between is none: by another way, day by day. */
static void next_is_always_behind(void **state)
{
    struct calendar *cal = calendar_new();
    (void)state;
    for (int on = RECUR_WEEKDAY; on < N_RECUR_ON; on++)
        for (int shift = 0; shift < N_SHIFT; shift++)
            for (int n = 1; n <= 7; n++) {
                struct recur_rule r = {
                    (enum recur_on)on, on == RECUR_WEEKDAY ? 0 : 1, 1, n, (enum recur_shift)shift};
                int32_t last = 0;
                for (int32_t d = day(1, 1); d < day(12, 31); d++) {
                    int32_t next = recur_next(&r, cal, d);
                    assert_true(next > d);
                    assert_true(next >= last); /* in order */
                    if (next > d + 1)
                        assert_int_equal(recur_next(&r, cal, next - 1), next);
                    last = next;
                }
            }
    calendar_free(cal);
}

/* ---- opening ---- */

struct saving {
    const struct actor *by;
    struct recurring r;
    int64_t id;
    int what; /* 0 save, 1 pause, 2 resume, 3 remove */
};
static enum code save_fn(struct db *db, void *arg, struct err *e)
{
    struct saving *s = arg;
    if (s->what == 1 || s->what == 2)
        return recurring_pause(db, s->by, s->id, s->what == 1, e);
    if (s->what == 3)
        return recurring_remove(db, s->by, s->id, e);
    struct recurring r = s->r;
    enum code c = recurring_save(db, s->by, &r, e);
    s->id = r.id;
    return c;
}

static struct recurring monthly(struct itemdb *t)
{
    return (struct recurring){.kind = S("relay_test"),
        .title = S("{year}年{month}月安全检查"),
        .fields = S("{\"units\":[\"4\"]}"),
        .owner = t->person[SECRETARY],
        .rule = {RECUR_WORKDAY, 1, 1, 1, SHIFT_NONE},
        .lead = 3,
        .lead_working = true,
        .from_day = S("2026-07-13")};
}

static enum code save(struct itemdb *t, int who, struct saving *s, struct err *e)
{
    s->by = itemdb_as(t, who);
    return store_write(t->o.st, save_fn, s, e);
}

static size_t run_at(struct itemdb *t, int64_t now_ms)
{
    struct err e;
    size_t n = 0;
    t->now_ms = now_ms;
    if (recurring_run(t->o.st, itemdb_as(t, N_PEOPLE), &n, &e) != OK)
        fail_msg("%s", e.msg);
    return n;
}

static struct recurring look(struct itemdb *t, int64_t id)
{
    struct recurring r = {0};
    struct err e;
    struct db *db = itemdb_read(t);
    assert_int_equal(recurring_get(db, &t->o.a, id, &r, &e), OK);
    store_read_end(db);
    return r;
}

static void it_opens_before_its_day_and_tells_its_owner(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    /* 3 August 2026, a Monday; three working days before: Wednesday 29 July */
    assert_true(str_eq(look(t, s.id).next_day, S("2026-08-03")));
    assert_int_equal(run_at(t, at(7, 29, 8, 29)), 0);
    assert_int_equal(run_at(t, at(7, 29, 8, 30)), 1);
    assert_int_equal(run_at(t, at(7, 29, 8, 30)), 0);
    struct recurring r = look(t, s.id);
    assert_true(str_eq(r.last_day, S("2026-08-03")));
    assert_true(str_eq(r.next_day, S("2026-09-01")));
    assert_true(str_eq(recurring_title(&t->o.a, &r), S("2026年9月安全检查")));
    struct item it;
    assert_int_equal(itemdb_get(t, SECRETARY, r.last_item, &it, &e), OK);
    assert_true(str_eq(it.title, S("2026年8月安全检查")));
    assert_int_equal(it.owner, t->person[SECRETARY]);
    assert_true(str_has(it.fields, S("\"due\":\"2026-08-03\"")));
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_WAITING), 1);
}

static void what_was_missed_is_opened_then(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(10, 9, 9, 0)), 3); /* August, September, October */
    assert_true(str_eq(look(t, s.id).next_day, S("2026-11-02")));
}

static void a_pause_makes_up_for_nothing(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    s.what = 1;
    assert_int_equal(save(t, SECRETARY, &s, &e), OK);
    assert_int_equal(run_at(t, at(9, 15, 9, 0)), 0);
    s.what = 2;
    assert_int_equal(save(t, SECRETARY, &s, &e), OK);
    assert_int_equal(run_at(t, at(9, 15, 9, 0)), 0);
    assert_true(str_eq(look(t, s.id).next_day, S("2026-10-08")));
}

static void it_ends_on_its_last_day(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    s.r.until_day = S("2026-09-01");
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(12, 31, 9, 0)), 2);
    assert_int_equal(look(t, s.id).next_day.n, 0);
}

static void what_cannot_be_opened_says_why_and_tries_again(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    s.r.fields = S("{\"units\":[\"99\"]}"); /* no such unit */
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(7, 29, 9, 0)), 0);
    assert_true(look(t, s.id).error.n > 0);
    assert_true(str_eq(look(t, s.id).next_day, S("2026-08-03")));
    s.r = monthly(t);
    s.r.id = s.id;
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(7, 29, 9, 1)), 1);
    assert_int_equal(look(t, s.id).error.n, 0);
}

static void a_changed_rule_does_not_open_a_day_twice(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(7, 29, 9, 0)), 1);
    s.r.id = s.id;
    s.r.lead = 5;
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    assert_int_equal(run_at(t, at(7, 30, 9, 0)), 0);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item"), 1);
}

static void others_do_not_change_it(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct saving s = {.r = monthly(t)};
    assert_int_equal(save(t, STAFF, &s, &e), E_DENIED);
    assert_int_equal(save(t, CHIEF, &s, &e), OK);
    s.what = 3;
    assert_int_equal(save(t, LIAISON, &s, &e), E_DENIED);
    assert_int_equal(save(t, SECRETARY, &s, &e), OK);
    struct saving bad = {.r = monthly(t)};
    bad.r.rule.n = 0;
    assert_int_equal(save(t, CHIEF, &bad, &e), E_INPUT);
    bad.r = monthly(t);
    bad.r.rule.month = 2;
    assert_int_equal(save(t, CHIEF, &bad, &e), E_INPUT);
    bad.r = monthly(t);
    bad.r.until_day = S("2026-07-01");
    assert_int_equal(save(t, CHIEF, &bad, &e), E_INPUT);
    bad.r = monthly(t);
    bad.r.fields = S("[1]");
    assert_int_equal(save(t, CHIEF, &bad, &e), E_INPUT);
}

struct node {
    struct itemdb *t;
    struct actor by;
    size_t opened;
};
static void *node_run(void *arg)
{
    struct node *n = arg;
    struct err e;
    (void)!recurring_run(n->t->o.st, &n->by, &n->opened, &e);
    return NULL;
}

static void nodes_open_once(void **state)
{
    struct itemdb *t = *state;
    enum { RULES = 8, NODES = 4 };
    struct node v[NODES];
    pthread_t th[NODES];
    struct err e;
    for (int i = 0; i < RULES; i++) {
        struct saving s = {.r = monthly(t)};
        assert_int_equal(save(t, CHIEF, &s, &e), OK);
    }
    t->now_ms = at(9, 2, 9, 0); /* two days each */
    for (int i = 0; i < NODES; i++) {
        v[i] = (struct node){.t = t, .by = *itemdb_as(t, N_PEOPLE)};
        assert_int_equal(pthread_create(&th[i], NULL, node_run, &v[i]), 0);
    }
    for (int i = 0; i < NODES; i++)
        pthread_join(th[i], NULL);
    (void)run_at(t, t->now_ms);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item"), 2 * RULES);
    assert_int_equal(itemdb_count(t, "SELECT count(DISTINCT title) FROM item"), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, noticedb_set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_of_the_year),
        cmocka_unit_test(mondays_of_october),
        cmocka_unit_test(next_is_always_behind),
        TEST(it_opens_before_its_day_and_tells_its_owner),
        TEST(what_was_missed_is_opened_then),
        TEST(a_pause_makes_up_for_nothing),
        TEST(it_ends_on_its_last_day),
        TEST(what_cannot_be_opened_says_why_and_tries_again),
        TEST(a_changed_rule_does_not_open_a_day_twice),
        TEST(others_do_not_change_it),
        TEST(nodes_open_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
