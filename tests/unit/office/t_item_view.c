/* What the page of an item is given: rights as the verbs judge them, and that looking is noted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/item_view.h"

static const char view_test[] =
    "kind: view_test\n"
    "name: 试验\n"
    "about: 试验\n"
    "entry: track\n"
    "title: demand\n"
    "level: internal\n"
    "fields:\n"
    "  - {id: demand, name: 工作要求, type: longtext, required: true, max: 40}\n"
    "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"
    "  - {id: secret, name: 内部意见, type: text, see: [role:chief]}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [owner]}\n"
    "  doing: {name: 办理中}\n"
    "  checking: {name: 待核查}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: send, name: 送办, from: draft, to: doing, by: [owner],"
    " ask: {of: ['field:lead'], purpose: 办理, answers: [已收, 已反馈], wait: all}}\n"
    "  - {id: report, name: 报结, from: doing, to: checking, by: [owner]}\n"
    "  - {id: again, name: 退回重办, from: checking, to: doing, by: [role:chief], kind: return}\n"
    "  - {id: pass, name: 核查通过, from: checking, to: closed, by: [role:chief]}\n"
    "clocks:\n"
    "  - {id: finish, name: 办结, start: doing, stop: closed, within: 3d, extend: [role:chief]}\n"
    "ledger: [number, title]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, view_test);
}

static int64_t sent(struct itemdb *t)
{
    struct act a = {.verb = V_OPEN,
        .json = "{\"demand\":\"落实防汛责任\",\"lead\":\"4\",\"secret\":\"先不公开\"}",
        .open = {.kind = S("view_test")}};
    struct err e;
    if (itemdb_act(t, CHIEF, &a, &e) != OK)
        fail_msg("%s", e.msg);
    DO(t, CHIEF, .verb = V_MOVE, .id = a.id, .revision = 1, .word = "send");
    return a.id;
}

static enum code view(struct itemdb *t, int who, int64_t id, struct item_view *out)
{
    struct err e;
    struct db *db = itemdb_read(t);
    enum code c = item_view(db, &t->o.a, itemdb_as(t, who), id, out, &e);
    store_read_end(db);
    return c;
}

static struct item_view see(struct itemdb *t, int who, int64_t id)
{
    struct item_view v;
    assert_int_equal(view(t, who, id, &v), OK);
    return v;
}

/* The rights of the view are those that access_item gives. */
static void rights_are_the_engine_s(void **state)
{
    struct itemdb *t = *state;
    int64_t id = sent(t);
    for (int who = 0; who < N_PEOPLE; who++) {
        struct item_view v;
        struct err e;
        if (view(t, who, id, &v) != OK)
            continue;
        for (int r = 0; r < N_ITEM_RIGHT; r++) {
            bool may;
            struct db *db = itemdb_read(t);
            assert_int_equal(
                access_item(db, itemdb_as(t, who), id, (enum item_right)r, 0, &may, &e), OK);
            store_read_end(db);
            if (r != ITEM_MOVE)
                assert_int_equal(v.may[r], may);
        }
    }
    struct item_view none;
    assert_int_equal(view(t, OTHER, id, &none), E_NOTFOUND);
}

static void what_is_hidden_stays_hidden(void **state)
{
    struct itemdb *t = *state;
    int64_t id = sent(t);
    struct item_view chief = see(t, CHIEF, id), liaison = see(t, LIAISON, id);
    assert_false(chief.hidden[2]);
    assert_true(str_has(chief.it.fields, S("先不公开")));
    assert_true(liaison.hidden[2]);
    assert_false(str_has(liaison.it.fields, S("先不公开")));
    for (size_t i = 0; i < liaison.n_events; i++)
        assert_false(str_has(liaison.events[i].payload, S("先不公开")));
}

struct seen_arg {
    const struct actor *by;
    int64_t item;
    size_t n;
};

static enum code seen_fn(struct db *db, void *arg, struct err *e)
{
    struct seen_arg *a = arg;
    return item_seen(db, a->by, a->item, &a->n, e);
}

static size_t look(struct itemdb *t, int who, int64_t id)
{
    struct err e;
    struct seen_arg a = {.by = itemdb_as(t, who), .item = id};
    assert_int_equal(store_write(t->o.st, seen_fn, &a, &e), OK);
    return a.n;
}

/* A step is taken back while nobody has looked; who looks is noted once. */
static void looking_is_noted_once(void **state)
{
    struct itemdb *t = *state;
    int64_t id = sent(t);
    assert_true(see(t, CHIEF, id).may_withdraw);
    assert_false(see(t, SECRETARY, id).may_withdraw); /* not his step */
    assert_int_equal(look(t, CHIEF, id), 0);          /* he is not asked */
    assert_int_equal(look(t, LIAISON, id), 1);
    assert_int_equal(look(t, LIAISON, id), 0);
    struct item_view v = see(t, CHIEF, id);
    assert_int_equal(v.asks.n, 1);
    assert_true(v.asks.v[0].ask.seen_ms > 0);
    assert_false(v.may_withdraw);
    struct act a = {.verb = V_WITHDRAW, .id = id, .revision = v.it.revision};
    struct err e;
    assert_int_equal(itemdb_act(t, CHIEF, &a, &e), E_CONFLICT); /* the verb says the same */
}

static void where_it_has_been(void **state)
{
    struct itemdb *t = *state;
    int64_t id = sent(t);
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 2, .word = "report");
    struct item_view v = see(t, CHIEF, id);
    assert_true(v.been[0] && v.been[1]);
    assert_false(v.been[2] || v.been[3]); /* where it is; where it cannot be sent back to */
    assert_int_equal(v.n_clocks, 1);
    assert_true(v.may_grant[0]);
    assert_false(see(t, SECRETARY, id).may_grant[0]);
    /* each of them is a state that the verb takes */
    DO(t, CHIEF, .verb = V_RETURN, .id = id, .revision = 3, .word = "draft", .text = "重来");
    assert_true(str_eq(see(t, CHIEF, id).it.state, S("draft")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rights_are_the_engine_s, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(what_is_hidden_stays_hidden, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(looking_is_noted_once, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(where_it_has_been, set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
