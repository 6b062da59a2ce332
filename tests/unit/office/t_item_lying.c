/* What lies open for whom, kept in memory: the same as the tables say, in each transaction, whoever wrote and whenever one looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "itemdb.h"
#include "office/item_change.h"

static const char kind[] =
    "kind: paper\nname: 来文\nabout: 试验\nentry: in\ntitle: subject\n"
    "fields:\n"
    "  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: lead, name: 主办单位, type: units}\n"
    "  - {id: reader, name: 传阅, type: people}\n"
    "  - {id: due, name: 期限, type: date}\n"
    "states:\n"
    "  draft: {name: 待办, edit: [owner]}\n"
    "  doing: {name: 承办中}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: hand, name: 转办, from: draft, to: doing, by: [owner],"
    " ask: {of: ['field:lead'], purpose: 承办, answers: [已收, 已反馈], wait: all}}\n"
    "  - {id: show, name: 传阅, from: [draft, doing], to: doing, by: ['role:secretary'],"
    " ask: {of: ['field:reader'], purpose: 传阅, answers: [已阅], wait: none}}\n"
    "  - {id: end, name: 结束, from: doing, to: closed, by: ['role:chief']}\n"
    "clocks:\n"
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due, extend: ['role:chief']}\n"
    "lights:\n"
    "  - {colour: red, clock: finish, left: 0d, text: 逾期}\n"
    "  - {colour: yellow, clock: finish, left: 1d, text: 临期}\n"
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

/* Of the unit of finance, due on the Wednesday. */
static int64_t open_one(struct itemdb *t)
{
    struct act a = {.verb = V_OPEN,
        .json = "{\"subject\":\"汛期检查\",\"lead\":[\"2\"],\"due\":\"2026-07-15\"}",
        .open = {.kind = S("paper")}};
    act(t, SECRETARY, &a);
    return a.id;
}

static void move(struct itemdb *t, int who, int64_t id, const char *word)
{
    struct item it;
    struct err e;
    assert_int_equal(itemdb_get(t, who, id, &it, &e), OK);
    act(t, who, &(struct act){.verb = V_MOVE, .id = id, .revision = it.revision, .word = word});
}

struct asked {
    const struct actor *by;
    struct item_counts n;
};

static enum code count_fn(struct db *db, void *arg, struct err *e)
{
    struct asked *a = arg;
    return item_counts(db, a->by, &a->n, e);
}

static struct item_counts in_tables(struct itemdb *t, int who)
{
    struct asked a = {.by = itemdb_as(t, who)};
    struct err e;
    assert_int_equal(store_write(t->o.st, count_fn, &a, &e), OK);
    return a.n;
}

static struct item_counts told(struct itemdb *t, struct db *db, int who)
{
    struct item_counts n;
    struct err e;
    assert_int_equal(item_counts(db, itemdb_as(t, who), &n, &e), OK);
    return n;
}

static struct item_counts now(struct itemdb *t, int who)
{
    struct db *db = itemdb_read(t);
    struct item_counts n = told(t, db, who);
    store_read_end(db);
    return n;
}

/* For everybody, with what is kept and without. */
static void agree(struct itemdb *t)
{
    for (int who = 0; who < ADMIN; who++) {
        struct item_counts n = now(t, who), want = in_tables(t, who);
        assert_int_equal(n.todo, want.todo);
        assert_int_equal(n.read, want.read);
        assert_int_equal(n.doing, want.doing);
        assert_int_equal(n.red, want.red);
        assert_int_equal(n.yellow, want.yellow);
    }
}

static void it_follows_the_verbs(void **state)
{
    struct itemdb *t = *state;
    int64_t id[3];
    agree(t);
    for (int i = 0; i < 3; i++) {
        id[i] = open_one(t);
        agree(t);
    }
    assert_int_equal(now(t, SECRETARY).todo, 3);
    for (int i = 0; i < 3; i++) {
        move(t, SECRETARY, id[i], "hand");
        agree(t);
    }
    assert_int_equal(now(t, SECRETARY).todo, 0);
    assert_int_equal(now(t, SECRETARY).doing, 3);
    assert_true(now(t, LIAISON).todo + now(t, LIAISON2).todo >= 3);
    struct ask *asks;
    assert_int_equal(itemdb_asks(t, id[0], &asks), 1);
    act(t, asks[0].to == UNIT_FINANCE ? LIAISON : LIAISON2,
        &(struct act){.verb = V_ANSWER, .id = asks[0].id, .word = "已反馈", .text = "查完"});
    agree(t);
    assert_int_equal(now(t, CHIEF).todo, 1);
    move(t, CHIEF, id[0], "end");
    agree(t);
    assert_int_equal(now(t, CHIEF).todo, 0);
    assert_int_equal(now(t, SECRETARY).doing, 2);
}

/* Nothing is written when a light begins to show. */
static void lights_go_by_the_hour(void **state)
{
    struct itemdb *t = *state;
    int64_t begun = t->now_ms;
    for (int i = 0; i < 2; i++)
        move(t, SECRETARY, open_one(t), "hand");
    assert_int_equal(now(t, SECRETARY).red + now(t, SECRETARY).yellow, 0);
    t->now_ms = begun + 2 * MS_DAY + MS_HOUR;
    agree(t);
    assert_int_equal(now(t, SECRETARY).yellow, 2);
    t->now_ms = begun + 4 * MS_DAY;
    agree(t);
    assert_int_equal(now(t, SECRETARY).red, 2);
    assert_int_equal(now(t, SECRETARY).yellow, 0);
    open_one(t);
    agree(t);
}

/* One that began before a write is told of what it sees, not of what came since. */
static void an_older_transaction_counts_for_itself(void **state)
{
    struct itemdb *t = *state;
    open_one(t);
    struct db *old = itemdb_read(t);
    assert_int_equal(told(t, old, SECRETARY).todo, 1);
    open_one(t);
    assert_int_equal(now(t, SECRETARY).todo, 2);
    assert_int_equal(told(t, old, SECRETARY).todo, 1);
    store_read_end(old);
    assert_int_equal(now(t, SECRETARY).todo, 2);
}

/* What a write has not committed yet is in its tables alone. */
static enum code open_and_fail(struct db *db, void *arg, struct err *e)
{
    struct asked *a = arg;
    struct act open = {.by = a->by,
        .verb = V_OPEN,
        .json = "{\"subject\":\"汛期检查\"}",
        .open = {.kind = S("paper")}};
    TRY(act_fn(db, &open, e));
    TRY(item_counts(db, a->by, &a->n, e));
    return FAIL(e, E_CONFLICT, "不办了");
}

static void what_is_taken_back_was_never_there(void **state)
{
    struct itemdb *t = *state;
    struct asked a = {.by = itemdb_as(t, SECRETARY)};
    struct err e;
    open_one(t);
    agree(t);
    assert_int_equal(store_write(t->o.st, open_and_fail, &a, &e), E_CONFLICT);
    assert_int_equal(a.n.todo, 2);
    assert_int_equal(now(t, SECRETARY).todo, 1);
    agree(t);
}

static enum code note_all(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return item_change_note(db, ITEM_CHANGE_ALL, e);
}

static enum code strip(struct db *db, void *arg, struct err *e)
{
    TRY(db_exec(db, arg, e));
    return OK;
}

static void by_hand(struct itemdb *t, const char *sql)
{
    struct err e;
    assert_int_equal(store_write(t->o.st, strip, (void *)(uintptr_t)sql, &e), OK);
}

/* Rows that were taken away before they were read, a change of everything, another node: it begins anew. */
static void it_begins_anew_where_the_feed_does_not_reach(void **state)
{
    static const char *const gaps[] = {
        "DELETE FROM item_change WHERE seq < (SELECT max(m.seq) FROM item_change m)",
        "DELETE FROM item_grant WHERE box = 1"};
    struct itemdb *t = *state;
    struct err e;
    open_one(t);
    agree(t);
    for (int i = 0; i < 4; i++)
        open_one(t);
    by_hand(t, gaps[0]);
    agree(t);
    assert_int_equal(now(t, SECRETARY).todo, 5);
    by_hand(t, gaps[1]);
    assert_int_equal(now(t, SECRETARY).todo, 5); /* by hand: nobody said so */
    assert_int_equal(store_write(t->o.st, note_all, NULL, &e), OK);
    agree(t);
    assert_int_equal(now(t, SECRETARY).todo, 0);
    assert_int_equal(id_set_node(7, &e), OK);
    open_one(t);
    agree(t);
    assert_int_equal(id_set_node(0, &e), OK);
    open_one(t);
    agree(t);
    assert_int_equal(now(t, SECRETARY).todo, 2);
}

/* The last number of a node stays, and the next is above it, whatever its clock says. */
static void numbers_rise_and_the_old_ones_go(void **state)
{
    struct itemdb *t = *state;
    struct item_head v[ITEM_CHANGE_NODES];
    struct err e;
    size_t n;
    for (int i = 0; i < 3; i++)
        open_one(t);
    by_hand(t, "UPDATE item_change SET seq = seq + 4000000000000000000");
    int64_t last = itemdb_count(t, "SELECT max(seq) FROM item_change");
    open_one(t);
    assert_int_equal(itemdb_count(t, "SELECT max(seq) FROM item_change"), last + 1);
    agree(t);
    by_hand(t, "UPDATE item_change SET seq = seq - 4000000000000000000");
    int64_t rows = itemdb_count(t, "SELECT count(*) FROM item_change");
    assert_int_equal(item_change_prune(t->o.st, id_time_ms(id_next()) + MS_HOUR / 2, &e), OK);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_change"), rows);
    assert_int_equal(item_change_prune(t->o.st, id_time_ms(id_next()) + 2 * MS_HOUR, &e), OK);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_change"), 1);
    struct db *db = itemdb_read(t);
    assert_int_equal(item_change_heads(db, v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].node, 0);
    assert_int_equal(v[0].seq, itemdb_count(t, "SELECT max(seq) FROM item_change"));
}

#define ITEM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ITEM_TEST(it_follows_the_verbs),
        ITEM_TEST(lights_go_by_the_hour),
        ITEM_TEST(an_older_transaction_counts_for_itself),
        ITEM_TEST(what_is_taken_back_was_never_there),
        ITEM_TEST(it_begins_anew_where_the_feed_does_not_reach),
        ITEM_TEST(numbers_rise_and_the_old_ones_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
