/* In whose hands items lie, what is stuck, and several read at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/item_desk.h"

static const char kind[] =
    "kind: paper\nname: 来文\nabout: 试验\nentry: in\ntitle: subject\n"
    "fields:\n"
    "  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: lead, name: 主办单位, type: units}\n"
    "  - {id: reader, name: 传阅, type: people}\n"
    "  - {id: told, name: 抄告, type: units}\n"
    "  - {id: due, name: 期限, type: date}\n"
    "states:\n"
    "  draft: {name: 待办, edit: [owner]}\n"
    "  doing: {name: 承办中}\n"
    "  later: {name: 暂缓}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: hand, name: 转办, from: draft, to: doing, by: [owner],"
    " ask: {of: ['field:lead'], purpose: 承办, answers: [已收, 已反馈], wait: all}}\n"
    "  - {id: show, name: 传阅, from: [draft, doing, later], to: doing, by: ['role:secretary'],"
    " ask: {of: ['field:reader'], purpose: 传阅, answers: [已阅], wait: none}}\n"
    "  - {id: tell, name: 抄告, from: doing, to: doing, by: ['role:secretary'],"
    " ask: {of: ['field:told'], purpose: 知悉, answers: [已收, 已反馈], wait: none}}\n"
    "  - {id: done, name: 办结, from: doing, to: closed, by: ['field:lead'], when_answered: "
    "已反馈}\n"
    "  - {id: wait, name: 暂缓, from: doing, to: later, by: ['role:secretary']}\n"
    "  - {id: end, name: 结束, from: [doing, later], to: closed, by: ['role:secretary']}\n"
    "clocks:\n"
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due, pause: [later],"
    " extend: ['role:chief']}\n"
    "lights:\n"
    "  - {colour: red, clock: finish, left: 0d, text: 逾期}\n"
    "ledger: [title, lead, due, state, light]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, kind);
}

static void act(struct itemdb *t, int who, struct act *a)
{
    struct err e = {.code = OK};
    a->by = itemdb_as(t, who);
    if (store_write(t->o.st, act_fn, a, &e) != OK)
        fail_msg("%s", e.msg);
}

static int64_t open_one(struct itemdb *t, const char *json)
{
    struct act a = {.verb = V_OPEN, .json = json, .open = {.kind = S("paper")}};
    act(t, SECRETARY, &a);
    return a.id;
}

static void move(struct itemdb *t, int64_t id, const char *word)
{
    struct item it;
    struct err e;
    assert_int_equal(itemdb_get(t, SECRETARY, id, &it, &e), OK);
    act(t, SECRETARY,
        &(struct act){.verb = V_MOVE, .id = id, .revision = it.revision, .word = word});
}

static struct item_hand hand(struct itemdb *t, int who, int64_t id)
{
    struct item *v;
    struct item_hand out = {.n = 99};
    size_t n;
    struct err e = {.code = OK};
    struct db *db = itemdb_read(t);
    if (item_get_many(db, &t->o.a, itemdb_as(t, who), &id, 1, &v, &n, &e) != OK || n != 1 ||
        item_hands(db, &t->o.a, itemdb_as(t, who), v, 1, &out, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return out;
}

static const char all_fields[] =
    "{\"subject\":\"关于汛期检查的通知\",\"lead\":[\"4\",\"2\",\"1\"],\"told\":[\"4\"]}";

static void whoever_is_waited_for_holds_it(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_one(t, all_fields), at = t->now_ms;
    struct item_hand h = hand(t, CHIEF, id);
    assert_int_equal(h.n, 1); /* its owner, who hands it out */
    assert_true(h.who.n > 0);
    assert_int_equal(h.since_ms, at);
    assert_false(h.circulating);

    t->now_ms += 3 * MS_HOUR;
    move(t, id, "hand");
    h = hand(t, CHIEF, id);
    assert_int_equal(h.n, 3);
    assert_true(str_ends(h.who, S("等3个")));
    assert_int_equal(h.since_ms, at + 3 * MS_HOUR);
    h = hand(t, LIAISON, id); /* who is only asked is not told who else is */
    assert_int_equal(h.n, 1);
    assert_int_equal(h.since_ms, at + 3 * MS_HOUR);

    t->now_ms += 3 * MS_HOUR;
    struct ask *asks;
    size_t n = itemdb_asks(t, id, &asks);
    for (size_t i = 0; i < n; i++)
        if (asks[i].to == UNIT_FINANCE)
            act(t, LIAISON,
                &(struct act){
                    .verb = V_ANSWER, .id = asks[i].id, .word = "已反馈", .text = "查完"});
    h = hand(t, CHIEF, id); /* the answer closed it, and nobody is asked any more */
    assert_int_equal(h.n, 0);
    assert_int_equal(h.who.n, 0);
    assert_int_equal(h.since_ms, 0);
}

struct reading {
    struct itemdb *t;
    int who;
    const int64_t *id;
    size_t *read, *left;
};

static enum code read_fn(struct db *db, void *arg, struct err *e)
{
    struct reading *r = arg;
    return item_read(db, itemdb_as(r->t, r->who), r->id, 3, r->read, r->left, e);
}

static void what_was_sent_to_read_is_read_at_once(void **state)
{
    struct itemdb *t = *state;
    int64_t id[3];
    char json[300];
    struct err e = {.code = OK};
    size_t read = 0, left = 0;
    (void)snprintf(json, sizeof(json),
        "{\"subject\":\"一份通报\",\"reader\":[\"%lld\",\"%lld\"],\"told\":[\"%d\"]}",
        (long long)t->person[LEADER], (long long)t->person[STAFF], UNIT_FINANCE);
    for (int i = 0; i < 3; i++) {
        id[i] = open_one(t, json);
        move(t, id[i], "show");
    }
    move(t, id[2], "tell");
    struct item_hand h = hand(t, LEADER, id[0]);
    assert_true(h.circulating);
    assert_true(h.to_read);
    assert_true(str_eq(h.purpose, S("传阅"))); /* why it came, told to whom it came */
    assert_int_equal(hand(t, CHIEF, id[0]).purpose.n, 0);
    assert_false(hand(t, CHIEF, id[0]).to_read);
    assert_true(hand(t, CHIEF, id[0]).circulating);
    assert_true(hand(t, LIAISON, id[2]).to_read);

    struct reading r = {t, LEADER, id, &read, &left};
    assert_int_equal(store_write(t->o.st, read_fn, &r, &e), OK);
    assert_int_equal(read, 3);
    assert_int_equal(left, 0);
    assert_false(hand(t, LEADER, id[0]).to_read);
    assert_true(hand(t, LEADER, id[0]).circulating); /* the other one has not */
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE word = '已阅'"), 3);
    assert_int_equal(store_write(t->o.st, read_fn, &r, &e), OK); /* nothing is left to read */
    assert_int_equal(read, 0);

    r.who = LIAISON; /* an answer in words is wanted: it is only marked as seen */
    assert_int_equal(store_write(t->o.st, read_fn, &r, &e), OK);
    assert_int_equal(read, 0);
    assert_int_equal(left, 1);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE purpose = '知悉' AND seen > 0"
                                     " AND state = 0"),
        1);
}

static void the_longest_in_the_same_hands_comes_first(void **state)
{
    struct itemdb *t = *state;
    static const struct desk_ask ask = {.stuck = DESK_STUCK_MAX};
    struct desk d;
    struct err e = {.code = OK};
    int64_t old = open_one(t, all_fields);
    move(t, old, "hand");
    t->now_ms += 2 * MS_DAY;
    int64_t young = open_one(t, all_fields);
    t->now_ms += MS_DAY;
    move(t, young, "hand");
    int64_t closed = open_one(t, all_fields);
    move(t, closed, "hand");
    move(t, closed, "end");
    int64_t later = open_one(t, all_fields);
    move(t, later, "hand");
    move(t, later, "wait");
    static const int who[] = {CHIEF, LIAISON};
    for (size_t i = 0; i < 2; i++) {
        struct db *db = itemdb_read(t);
        assert_int_equal(desk_read(db, &t->o.a, itemdb_as(t, who[i]), &ask, &d, &e), OK);
        store_read_end(db);
        size_t at_old = SIZE_MAX, at_young = SIZE_MAX;
        const struct desk_line *v = d.stuck;
        for (size_t k = 0; k < d.n_stuck; k++) {
            assert_true(v[k].it.id != closed && v[k].it.id != later);
            assert_true(k == 0 || v[k - 1].hand.since_ms <= v[k].hand.since_ms);
            at_old = v[k].it.id == old ? k : at_old;
            at_young = v[k].it.id == young ? k : at_young;
        }
        assert_true(at_old < at_young && at_young != SIZE_MAX);
    }
    struct db *db = itemdb_read(t);
    assert_int_equal(desk_read(db, &t->o.a, itemdb_as(t, OTHER), &ask, &d, &e), OK);
    store_read_end(db);
    assert_int_equal(d.n_stuck, 0); /* who takes part in nothing sees nothing stuck */
}

static void due_in_a_span(void **state)
{
    struct itemdb *t = *state;
    struct item_page page;
    struct err e = {.code = OK};
    char json[200];
    int64_t id[6];
    for (int i = 0; i < 6; i++) {
        (void)snprintf(json, sizeof(json),
            "{\"subject\":\"第%d件\",\"lead\":[\"4\"],"
            "\"due\":\"2026-09-%02d\"}",
            i, 10 + i);
        id[i] = open_one(t, json);
        move(t, id[i], "hand");
    }
    int64_t from = clock_day_ms(day_num((struct day){2026, 9, 11}), ZONE_CHINA);
    /* a day is over when the next one begins: that is the instant */
    struct item_filter f = {.sort = SORT_DUE,
        .uncounted = true,
        .due_from_ms = from + 1,
        .due_to_ms = from + 3 * MS_DAY + 1};
    static const int who[] = {CHIEF, LIAISON, OTHER};
    static const size_t want[] = {3, 3, 0};
    for (size_t i = 0; i < 3; i++) {
        struct db *db = itemdb_read(t);
        assert_int_equal(item_list(db, &t->o.a, itemdb_as(t, who[i]), &f, 200, &page, &e), OK);
        store_read_end(db);
        assert_int_equal(page.n, want[i]);
        assert_int_equal(page.total, -1);
        assert_int_equal(page.next.n, 0);
        for (size_t k = 0; k < page.n; k++)
            assert_int_equal(page.items[k].id, id[k + 1]);
    }
    f.uncounted = false; /* the same by conditions, with a count */
    struct db *db = itemdb_read(t);
    assert_int_equal(item_list(db, &t->o.a, itemdb_as(t, CHIEF), &f, 200, &page, &e), OK);
    store_read_end(db);
    assert_int_equal(page.total, 3);
    assert_int_equal(page.items[0].id, id[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whoever_is_waited_for_holds_it, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_sent_to_read_is_read_at_once, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            the_longest_in_the_same_hands_comes_first, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(due_in_a_span, set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests_name("item_hand", tests, NULL, NULL);
}
