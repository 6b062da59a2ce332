/* Who hears of what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"

static void assert_text(struct itemdb *t, int who, const char *words)
{
    struct notice *v;
    size_t n = noticedb_list(t, who, &v);
    assert_true(n > 0);
    if (!str_has(v[0].text, str_z(words)))
        fail_msg("“%.*s” has no “%s”", SF(v[0].text), words);
}

static void those_who_are_asked_hear_and_the_actor_does_not(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    (void)noticedb_relayed(t);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 1);
    assert_int_equal(noticedb_unread(t, LIAISON2, NOTICE_ASKED), 1);
    assert_text(t, LIAISON, "传达贯彻，7月20日前回复");
    assert_int_equal(noticedb_list(t, SECRETARY, &v), 0);
    assert_int_equal(noticedb_list(t, STAFF, &v), 0); /* of the unit, but no liaison of it */
    assert_int_equal(noticedb_list(t, LEADER, &v), 0);
    assert_int_equal(noticedb_list(t, LIAISON, &v), 1);
    assert_true(str_eq(v[0].title, S("防汛通知")));
    assert_int_equal(v[0].by, t->person[SECRETARY]);
}

static void the_asker_hears_the_answer_but_not_that_it_came(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    int64_t id = noticedb_relayed(t);
    DO(t, LIAISON, .verb = V_SEEN, .id = noticedb_ask(t, id, UNIT_FINANCE));
    DO(t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_FINANCE), .word = "已收");
    assert_int_equal(noticedb_list(t, SECRETARY, &v), 0);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 1); /* 已反馈 is still owed */
    DO(t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_FINANCE), .word = "已反馈");
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ANSWERED), 1);
    assert_text(t, SECRETARY, "财务部已反馈，还有1个没有回复");
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 0);
    t->now_ms += MS_HOUR;
    DO(t, LIAISON2, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_PARTY), .word = "已反馈");
    assert_int_equal(noticedb_list(t, SECRETARY, &v), 1); /* one row, however many answer */
    assert_int_equal(v[0].n, 2);
    assert_text(t, SECRETARY, "党委办公室已反馈，2个对象已全部回复");
}

struct reading {
    int64_t person, id, now_ms;
};
static enum code read_fn(struct db *db, void *arg, struct err *e)
{
    const struct reading *r = arg;
    return notice_read(db, r->person, r->id, r->now_ms, e);
}

static void an_answer_after_reading_is_news_again(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    struct err e;
    int64_t id = noticedb_relayed(t);
    struct reading all = {t->person[SECRETARY], 0, t->now_ms};
    DO(t, LIAISON, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_FINANCE), .word = "已反馈");
    assert_int_equal(store_write(t->o.st, read_fn, &all, &e), OK);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ANSWERED), 0);
    DO(t, LIAISON2, .verb = V_ANSWER, .id = noticedb_ask(t, id, UNIT_PARTY), .word = "已反馈");
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_ANSWERED), 1);
    assert_int_equal(noticedb_list(t, SECRETARY, &v), 1);
    assert_int_equal(v[0].n, 1); /* what was read is not counted again */
}

static void a_remark_is_heard_unless_it_only_agrees(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    int64_t id = noticedb_item(t, SECRETARY, TWO_UNITS);
    DO(t, CHIEF, .verb = V_REMARK, .id = id, .text = "同意。", .other = t->person[LEADER]);
    assert_int_equal(noticedb_list(t, LEADER, &v), 0);
    DO(t, CHIEF, .verb = V_REMARK, .id = id, .text = "请领导定夺", .other = t->person[LEADER]);
    assert_int_equal(noticedb_unread(t, LEADER, NOTICE_TOLD), 1);
    assert_text(t, LEADER, "请领导定夺");
    assert_true(notice_assent(S("同意拟办意见")));
    assert_true(notice_assent(S(" 收到！ ")));
    assert_true(notice_assent(S("已阅，谢谢。")));
    assert_false(notice_assent(S("同意，请办公室7月20日前办完")));
    assert_false(notice_assent(S("不同意")));
    assert_false(notice_assent(S("")));
}

/* While answers are waited for, nothing lies in anybody's 待办 for the step behind them: nobody is told that it waits for him. */
static void a_step_behind_open_answers_waits_for_nobody(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_item(t, CHIEF, TWO_UNITS);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "relay");
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 1);
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_WAITING), 0);
}

static void a_step_that_waits_is_told_to_whoever_makes_it(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_item(t, SECRETARY, TWO_UNITS);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_WAITING), 1);
    assert_text(t, CHIEF, "等您办理");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 2, .word = "back", .text = "请写明时间");
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_WAITING), 0);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_RETURNED), 1);
    struct notice *v;
    size_t n = noticedb_list(t, SECRETARY, &v);
    bool why = false;
    for (size_t i = 0; i < n; i++)
        why = why || str_has(v[i].text, S("退回到“草稿”：请写明时间"));
    assert_true(why);
}

static void handed_over_and_closed(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    DO(t, CHIEF, .verb = V_HAND_OVER, .id = id, .revision = 2, .other = t->person[CHIEF]);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_HANDED), 1);
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_HANDED), 0);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 3, .word = "finish");
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_CLOSED), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_CLOSED), 0);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 0); /* void: nothing is owed */
}

static void a_reminder_brings_its_row_back(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    int64_t id = noticedb_relayed(t), ask = noticedb_ask(t, id, UNIT_FINANCE);
    DO(t, SECRETARY, .verb = V_REMIND, .id = ask, .text = "请今天反馈");
    DO(t, SECRETARY, .verb = V_REMIND, .id = ask, .text = "请马上反馈");
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_REMINDED), 1);
    assert_int_equal(noticedb_unread(t, LIAISON2, NOTICE_REMINDED), 0);
    size_t n = noticedb_list(t, LIAISON, &v);
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == NOTICE_REMINDED) {
            assert_int_equal(v[i].n, 2);
            assert_true(str_eq(v[i].text, S("请马上反馈")));
        }
}

struct delegate {
    const struct actor *by;
    int64_t person, to;
};
static enum code delegate_fn(struct db *db, void *arg, struct err *e)
{
    struct delegate *d = arg;
    return item_delegate(db, d->by, d->person, d->to, S("2026-07-13"), S("2026-07-14"), e);
}

static void whoever_stands_in_hears_too_and_only_then(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct delegate d = {itemdb_as(t, LIAISON), t->person[LIAISON], t->person[STAFF]};
    assert_int_equal(store_write(t->o.st, delegate_fn, &d, &e), OK);
    (void)noticedb_relayed(t);
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_ASKED), 1);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 1);
    t->now_ms += 3 * MS_DAY;
    (void)noticedb_relayed(t);
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_ASKED), 1);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 2);
}

static void more_time_is_asked_of_the_chief_and_told_to_all(void **state)
{
    struct itemdb *t = *state;
    int64_t id = noticedb_relayed(t);
    DO(t, SECRETARY, .verb = V_EXTEND, .id = id, .revision = 2, .word = "feedback",
        .day = "2026-07-24", .text = "汛情未了");
    assert_int_equal(noticedb_unread(t, CHIEF, NOTICE_EXTEND), 1);
    assert_text(t, CHIEF, "申请延期到2026-07-24：汛情未了");
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 3, .word = "feedback", .day = "2026-07-24",
        .text = "同意");
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_EXTEND), 1);
    assert_int_equal(noticedb_unread(t, SECRETARY, NOTICE_EXTEND), 1);
}

/* ---- the page ---- */

static void unread_ones_stand_first_and_pages_follow_by_key(void **state)
{
    struct itemdb *t = *state;
    struct notice *v, *w;
    struct err e;
    size_t n;
    bool more;
    for (int i = 0; i < 5; i++) {
        (void)noticedb_relayed(t);
        t->now_ms += MS_MINUTE;
    }
    assert_int_equal(noticedb_list(t, LIAISON, &v), 5);
    assert_true(v[0].at_ms > v[4].at_ms);
    struct reading newest = {t->person[LIAISON], v[0].id, t->now_ms};
    struct reading other = {t->person[LIAISON2], v[1].id, t->now_ms}; /* not his: changes nothing */
    assert_int_equal(store_write(t->o.st, read_fn, &newest, &e), OK);
    assert_int_equal(store_write(t->o.st, read_fn, &other, &e), OK);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 4);
    assert_int_equal(noticedb_list(t, LIAISON, &w), 5);
    assert_int_equal(w[4].id, v[0].id);
    struct db *db = itemdb_read(t);
    struct notice_key key = {1, w[1].at_ms, w[1].id};
    assert_int_equal(
        notice_list(db, &t->o.a, itemdb_as(t, LIAISON), key, 2, &v, &n, &more, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(more);
    assert_int_equal(v[0].id, w[2].id);
    struct reading all = {t->person[LIAISON], 0, t->now_ms};
    assert_int_equal(store_write(t->o.st, read_fn, &all, &e), OK);
    assert_int_equal(noticedb_unread(t, LIAISON, NOTICE_ASKED), 0);
    assert_int_equal(noticedb_unread(t, LIAISON2, NOTICE_ASKED), 5);
}

static void a_title_is_shown_to_those_who_see_the_item(void **state)
{
    struct itemdb *t = *state;
    struct notice *v;
    (void)noticedb_relayed(t);
    assert_int_equal(noticedb_list(t, LIAISON, &v), 1);
    assert_true(v[0].title.n);
    t->viewer[LIAISON].unit = UNIT_ROOT; /* moved to another unit */
    assert_int_equal(noticedb_list(t, LIAISON, &v), 1);
    assert_int_equal(v[0].title.n, 0);
}

/* ---- settings ---- */

struct setting {
    int64_t person;
    struct notice_setting s;
};
static enum code setting_fn(struct db *db, void *arg, struct err *e)
{
    const struct setting *s = arg;
    return notice_setting_put(db, s->person, &s->s, e);
}

static void what_is_no_address_is_refused(void **state)
{
    struct itemdb *t = *state;
    static const char *const wrong[] = {"zhang", "@b.cn", "a@b", "a@b.cn\r\nBcc: x@y.cn",
        "a b@c.cn", "<a@b.cn>", "a@b@c.cn", "a@.cn", "张三@example.com", "a@b.cn,"};
    struct err e;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct setting s = {t->person[CHIEF], {.mail = str_z(wrong[i])}};
        assert_int_equal(store_write(t->o.st, setting_fn, &s, &e), E_INPUT);
    }
    struct setting s = {t->person[CHIEF], {.mail = S(" zhang.san+oa@mail.example.com "),
                                              .mail_kinds = 1U << NOTICE_ASKED,
                                              .quiet_from = 1260,
                                              .quiet_to = 450,
                                              .rhythm = RHYTHM_DAILY}};
    assert_int_equal(store_write(t->o.st, setting_fn, &s, &e), OK);
    struct notice_setting got;
    struct db *db = itemdb_read(t);
    assert_int_equal(notice_setting_get(db, &t->o.a, t->person[CHIEF], &got, &e), OK);
    assert_true(str_eq(got.mail, S("zhang.san+oa@mail.example.com")));
    assert_int_equal(got.rhythm, RHYTHM_DAILY);
    assert_int_equal(notice_setting_get(db, &t->o.a, t->person[LEADER], &got, &e), OK);
    store_read_end(db);
    assert_int_equal(got.mail.n, 0);
}

static int64_t at(int hour, int minute)
{
    return clock_ms((struct civil){{2026, 7, 13}, hour, minute, 0, 0}, ZONE_CHINA);
}

static void quiet_hours_end_in_the_morning(void **state)
{
    (void)state;
    int64_t next = at(7, 30) + MS_DAY;
    assert_int_equal(notice_after_quiet(at(20, 59), 1260, 450, ZONE_CHINA), at(20, 59));
    assert_int_equal(notice_after_quiet(at(21, 0), 1260, 450, ZONE_CHINA), next);
    assert_int_equal(notice_after_quiet(at(23, 59), 1260, 450, ZONE_CHINA), next);
    assert_int_equal(notice_after_quiet(at(0, 0), 1260, 450, ZONE_CHINA), at(7, 30));
    assert_int_equal(notice_after_quiet(at(7, 30), 1260, 450, ZONE_CHINA), at(7, 30));
    assert_int_equal(notice_after_quiet(at(12, 30), 720, 810, ZONE_CHINA), at(13, 30));
    assert_int_equal(notice_after_quiet(at(13, 30), 720, 810, ZONE_CHINA), at(13, 30));
    assert_int_equal(notice_after_quiet(at(12, 30), 0, 0, ZONE_CHINA), at(12, 30));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, noticedb_set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(those_who_are_asked_hear_and_the_actor_does_not),
        TEST(the_asker_hears_the_answer_but_not_that_it_came),
        TEST(an_answer_after_reading_is_news_again),
        TEST(a_remark_is_heard_unless_it_only_agrees),
        TEST(a_step_behind_open_answers_waits_for_nobody),
        TEST(a_step_that_waits_is_told_to_whoever_makes_it),
        TEST(handed_over_and_closed),
        TEST(a_reminder_brings_its_row_back),
        TEST(whoever_stands_in_hears_too_and_only_then),
        TEST(more_time_is_asked_of_the_chief_and_told_to_all),
        TEST(unread_ones_stand_first_and_pages_follow_by_key),
        TEST(a_title_is_shown_to_those_who_see_the_item),
        TEST(what_is_no_address_is_refused),
        cmocka_unit_test(quiet_hours_end_in_the_morning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
