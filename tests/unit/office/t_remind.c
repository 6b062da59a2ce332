/* Reminders and reports of lateness, with the clock moved. The limit is the end of Monday 2026-07-20. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"
#include "office/remind.h"

static int64_t at(int month, int day, int hour, int minute)
{
    return clock_ms((struct civil){{2026, month, day}, hour, minute, 0, 0}, ZONE_CHINA);
}

static size_t run_at(struct itemdb *t, int64_t now_ms)
{
    struct err e = {.code = OK};
    size_t fired = 0;
    t->now_ms = now_ms;
    if (remind_run(t->o.st, itemdb_as(t, N_PEOPLE), &fired, &e) != OK)
        fail_msg("%s", e.msg);
    return fired;
}

static int64_t next(struct itemdb *t, int64_t item)
{
    struct err e;
    int64_t ms = -1;
    struct db *db = itemdb_read(t);
    assert_int_equal(remind_next(db, item, &ms, &e), OK);
    store_read_end(db);
    return ms;
}

static struct ask ask_of(struct itemdb *t, int64_t item, int64_t unit)
{
    struct ask *v;
    size_t n = itemdb_asks(t, item, &v);
    for (size_t i = 0; i < n; i++)
        if (v[i].to == unit)
            return v[i];
    fail();
    return (struct ask){0};
}

static void it_fires_in_the_morning_of_its_day(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    assert_int_equal(next(t, id), at(7, 17, 8, 30)); /* three days before the 20th */
    assert_int_equal(run_at(t, at(7, 17, 8, 29)), 0);
    assert_int_equal(run_at(t, at(7, 17, 8, 30)), 1);
    assert_int_equal(run_at(t, at(7, 17, 8, 30)), 0);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_REMINDED), 1);
    assert_int_equal(noticedb_unread(t, LIAISON2, NOTICE_REMINDED), 1);
    assert_int_equal(ask_of(t, id, UNIT_FINANCE).reminded, 1);
    /* one working day before Monday is Friday the 17th: that morning is over when it would be planned again */
    assert_int_equal(next(t, id), at(7, 20, 8, 30));
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'remind' AND actor = 0"), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_REMINDED), 0);
}

static void who_has_answered_is_left_alone(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    DO(t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_FINANCE), .word = "已收");
    (void)run_at(t, at(7, 17, 9, 0));
    assert_int_equal(ask_of(t, id, UNIT_FINANCE).reminded, 1); /* 已收 is not yet 已反馈 */
    DO(t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_FINANCE), .word = "已反馈");
    assert_int_equal(run_at(t, at(7, 20, 9, 0)), 1);
    assert_int_equal(ask_of(t, id, UNIT_FINANCE).reminded, 1);
    assert_int_equal(ask_of(t, id, UNIT_PARTY).reminded, 2);
    DO(t, LIAISON2, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_PARTY), .word = "已反馈");
    /* nobody owes an answer, and the item stands open: its owner is reminded */
    assert_int_equal(run_at(t, at(7, 21, 9, 0)), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_REMINDED), 1);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 8, .word = "finish");
    assert_int_equal(next(t, id), 0);
    assert_int_equal(run_at(t, at(8, 21, 9, 0)), 0);
}

static void not_more_often_than_the_kind_says(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    DO(t, SECRETARY, .verb = V_REMIND, .id = noticedb_ask(t, id, UNIT_FINANCE), .text = "请尽快");
    DO(t, SECRETARY, .verb = V_REMIND, .id = noticedb_ask(t, id, UNIT_FINANCE), .text = "请尽快");
    (void)run_at(t, at(7, 17, 9, 0));
    (void)run_at(t, at(7, 20, 9, 0));
    (void)run_at(t, at(7, 21, 9, 0));
    assert_int_equal(ask_of(t, id, UNIT_FINANCE).reminded, 3);
    assert_int_equal(ask_of(t, id, UNIT_PARTY).reminded, 3);
}

static void what_was_missed_is_one_reminder(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    assert_int_equal(run_at(t, at(7, 20, 12, 0)), 1);
    assert_int_equal(ask_of(t, id, UNIT_FINANCE).reminded, 1);
}

static void a_later_limit_plans_anew(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 2, .word = "feedback", .day = "2026-07-31",
        .text = "汛情未了");
    assert_int_equal(next(t, id), at(7, 28, 8, 30));
    assert_int_equal(run_at(t, at(7, 21, 9, 0)), 0);
    assert_int_equal(run_at(t, at(7, 28, 8, 30)), 1);
}

static void quiet_hours_put_it_off(void **state)
{
    struct itemdb *t = *state;
    t->hours.span[0].from =
        7 * 60; /* an office that begins at 7:00, and is not to be disturbed before 7:30 */
    int64_t id = noticedb_relayed(t);
    assert_int_equal(next(t, id), at(7, 17, 7, 30));
}

static void who_is_late_is_reported_upwards(void **state)
{
    struct itemdb *t = *state;
    int64_t head = officedb_person(&t->o, "cfo", UNIT_FINANCE, ROLE_LEADER);
    int64_t id = noticedb_relayed(t);
    DO(t, LIAISON2, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_PARTY), .word = "已反馈");
    t->person[OTHER] = head;
    t->viewer[OTHER] = (struct viewer){.person = head, .unit = UNIT_FINANCE, .roles = ROLE_LEADER};
    (void)run_at(t, at(7, 21, 9, 0));
    assert_int_equal(noticedb_unread(t, OTHER, NOTICE_ESCALATED), 0);
    assert_int_equal(run_at(t, at(7, 22, 8, 30)), 1); /* two days behind */
    assert_int_equal(noticedb_unread(t, OTHER, NOTICE_ESCALATED), 1);
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_ESCALATED), 0);
    struct notice *v;
    size_t n = noticedb_list(t, OTHER, &v);
    assert_true(n > 0);
    assert_true(str_eq(v[0].text, S("“反馈”期限7月20日，已逾期2天，财务部没有回复")));
    assert_int_equal(run_at(t, at(7, 23, 8, 30)), 1); /* three working days behind */
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_ESCALATED), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ESCALATED), 1);
    assert_int_equal(noticedb_unread(t, OTHER, NOTICE_ESCALATED), 1);
    assert_int_equal(next(t, id), 0);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'escalate'"), 2);
}

static void a_day_off_is_no_working_day(void **state)
{
    struct itemdb *t = *state;
    /* limit Thursday 2026-10-08, the first day after the holidays of 1 to 7 October */
    t->now_ms = at(9, 21, 9, 0);
    int64_t id = noticedb_item(
        t, SECRETARY, "{\"subject\":\"节后\",\"units\":[\"4\"],\"due\":\"2026-10-08\"}");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "relay");
    assert_int_equal(next(t, id), at(9, 30, 8, 30)); /* 1d working; 3d would be 5 October */
    (void)run_at(t, at(9, 30, 8, 30));
    assert_int_equal(next(t, id), at(10, 5, 8, 30));
}

/* ---- several nodes ---- */

struct node {
    struct itemdb *t;
    struct actor by;
    size_t fired;
    enum code code;
};

static void *node_run(void *arg)
{
    struct node *n = arg;
    struct err e;
    n->code = remind_run(n->t->o.st, &n->by, &n->fired, &e);
    return NULL;
}

static void nodes_do_not_remind_twice(void **state)
{
    struct itemdb *t = *state;
    enum { ITEMS = 12, NODES = 4 };
    struct node v[NODES];
    pthread_t th[NODES];
    size_t fired = 0;
    for (int i = 0; i < ITEMS; i++)
        (void)noticedb_relayed(t);
    t->now_ms = at(7, 17, 9, 0);
    for (int i = 0; i < NODES; i++) {
        v[i] = (struct node){.t = t, .by = *itemdb_as(t, N_PEOPLE)};
        assert_int_equal(pthread_create(&th[i], NULL, node_run, &v[i]), 0);
    }
    for (int i = 0; i < NODES; i++) {
        pthread_join(th[i], NULL);
        assert_int_equal(v[i].code, OK);
        fired += v[i].fired;
    }
    assert_int_equal(fired, ITEMS);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'remind'"), ITEMS);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE reminded <> 1"), 0);
}

static void the_job_asks_one_index(void **state)
{
    struct itemdb *t = *state;
    if (testdb_pg())
        skip(); /* few rows: PostgreSQL reads the table */
    struct err e;
    struct db *db = itemdb_read(t);
    bool index = false;
    struct stmt *q = db_sql(db, "EXPLAIN QUERY PLAN SELECT item, rule FROM remind_due"
                                " WHERE at <= 5 ORDER BY at, item, rule LIMIT 200");
    while (stmt_step(q))
        index = index || str_has(stmt_str(q, 3), S("remind_due_at"));
    assert_int_equal(stmt_end(q, &e), OK);
    store_read_end(db);
    assert_true(index);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, noticedb_set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_fires_in_the_morning_of_its_day),
        TEST(who_has_answered_is_left_alone),
        TEST(not_more_often_than_the_kind_says),
        TEST(what_was_missed_is_one_reminder),
        TEST(a_later_limit_plans_anew),
        TEST(quiet_hours_put_it_off),
        TEST(who_is_late_is_reported_upwards),
        TEST(a_day_off_is_no_working_day),
        TEST(nodes_do_not_remind_twice),
        TEST(the_job_asks_one_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
