/* One matter, one thread: what is linked, in both directions, and everything that was done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/item_link.h"
#include "office/thread.h"

#define KIND(id, name, level)                                                                      \
    "kind: " id "\nname: " name "\nabout: 试验\nentry: track\ntitle: demand\nlevel: " level        \
    "\nfields:\n"                                                                                  \
    "  - {id: demand, name: 要求, type: text, required: true}\n"                                 \
    "  - {id: money, name: 金额, type: number, see: ['role:leader', owner]}\n"                   \
    "  - {id: note, name: 说明, type: text}\n"                                                   \
    "states:\n  draft: {name: 草稿, edit: [owner]}\n  doing: {name: 办理中, edit: [owner]}\n" \
    "  closed: {name: 已办结, closed: true}\n"                                                  \
    "moves:\n"                                                                                     \
    "  - {id: send, name: 交办, from: draft, to: doing, by: [owner], box: 交办意见}\n"       \
    "  - {id: report, name: 汇报, from: doing, to: doing, by: [owner]}\n"                        \
    "  - {id: pass, name: 办结, from: doing, to: closed, by: [owner]}\n"                         \
    "ledger: [title, state]\n"

static int set_up(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    itemdb_open(t);
    itemdb_kind(t, KIND("matter", "事", "internal"));
    itemdb_kind(t, KIND("hush", "密事", "secret"));
    *state = t;
    return 0;
}

static void act(struct itemdb *t, int who, struct act *a)
{
    struct err e = {.code = OK};
    t->now_ms += MS_MINUTE;
    a->by = itemdb_as(t, who);
    if (store_write(t->o.st, act_fn, a, &e) != OK)
        fail_msg("%s", e.msg);
}

static int64_t open_one(struct itemdb *t, int who, const char *which)
{
    struct act a = {.verb = V_OPEN,
        .json = "{\"demand\":\"开展排查\",\"money\":7}",
        .open = {.kind = str_z(which)}};
    act(t, who, &a);
    return a.id;
}

struct linking {
    const struct actor *by;
    struct item_link l;
};

static enum code link_fn(struct db *db, void *arg, struct err *e)
{
    struct linking *x = arg;
    return item_link_add(db, x->by, &x->l, e);
}

static void join(struct itemdb *t, int who, int64_t from, int64_t to, const char *relation)
{
    struct err e = {.code = OK};
    t->now_ms += MS_MINUTE;
    struct linking x = {itemdb_as(t, who), {.from = {.kind = LINK_ITEM, .id = from},
                                               .to = {.kind = LINK_ITEM, .id = to},
                                               .relation = str_z(relation)}};
    if (store_write(t->o.st, link_fn, &x, &e) != OK)
        fail_msg("%s", e.msg);
}

static enum code read_thread(
    struct itemdb *t, int who, int64_t item, struct thread *out, struct err *e)
{
    struct db *db = itemdb_read(t);
    enum code c = thread_read(db, &t->o.a, itemdb_as(t, who), item, out, e);
    store_read_end(db);
    return c;
}

static size_t at(const struct thread *th, int64_t id)
{
    for (size_t i = 0; i < th->n_items; i++)
        if (th->items[i].it.id == id)
            return i;
    return SIZE_MAX;
}

/* a <- b -> c <- d, and e apart: from each of the four all four are found, whichever way the links go. */
static void links_are_walked_both_ways(void **state)
{
    struct itemdb *t = *state;
    int64_t id[5];
    struct thread th;
    struct err e;
    for (int i = 0; i < 5; i++)
        id[i] = open_one(t, SECRETARY, "matter");
    join(t, SECRETARY, id[1], id[0], "落实");
    join(t, SECRETARY, id[1], id[2], "分解");
    join(t, SECRETARY, id[3], id[2], "答复");
    join(t, SECRETARY, id[0], id[3], "引用"); /* a ring */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(read_thread(t, CHIEF, id[i], &th, &e), OK);
        assert_int_equal(th.n_items, 4);
        assert_int_equal(th.items[0].it.id, id[i]);
        assert_int_equal(th.items[0].steps, 0);
        assert_int_equal(at(&th, id[4]), SIZE_MAX);
        assert_false(th.cut_items);
        assert_int_equal(th.n_events, 4 + 4); /* each opened; four links */
        for (size_t k = 1; k < th.n_events; k++)
            assert_true(th.events[k - 1].at_ms <= th.events[k].at_ms);
    }
    assert_int_equal(read_thread(t, CHIEF, id[1], &th, &e), OK);
    size_t a = at(&th, id[0]), c = at(&th, id[2]);
    assert_int_equal(th.items[a].steps, 1);
    assert_true(th.items[a].outward);
    assert_true(str_eq(th.items[a].relation, S("落实")));
    assert_int_equal(th.items[c].over, 0);
    assert_int_equal(th.items[at(&th, id[3])].steps, 2);
}

/* What he may not see is left out, and nothing is reached over it. */
static void a_thread_ends_where_sight_ends(void **state)
{
    struct itemdb *t = *state;
    struct thread th;
    struct err e;
    int64_t first = open_one(t, OTHER, "matter"), hidden = open_one(t, OTHER, "hush"),
            behind = open_one(t, OTHER, "matter");
    join(t, OTHER, first, hidden, "引用");
    join(t, OTHER, hidden, behind, "引用");
    assert_int_equal(read_thread(t, OTHER, first, &th, &e), OK);
    assert_int_equal(th.n_items, 3);
    assert_int_equal(read_thread(t, SECRETARY, first, &th, &e), OK);
    assert_int_equal(th.n_items, 1);
    for (size_t i = 0; i < th.n_events; i++)
        assert_int_equal(th.events[i].item, 0);
    assert_int_equal(read_thread(t, STAFF, first, &th, &e), E_NOTFOUND);
    assert_int_equal(read_thread(t, SECRETARY, hidden, &th, &e), E_NOTFOUND);
    assert_int_equal(read_thread(t, SECRETARY, 12345, &th, &e), E_NOTFOUND);
}

static void events_are_told_in_words(void **state)
{
    struct itemdb *t = *state;
    struct thread th;
    struct err e;
    int64_t id = open_one(t, SECRETARY, "matter");
    act(t, SECRETARY,
        &(struct act){
            .verb = V_MOVE, .id = id, .revision = 1, .word = "send", .text = "请抓紧办。"});
    act(t, SECRETARY,
        &(struct act){
            .verb = V_EDIT, .id = id, .revision = 2, .json = "{\"note\":\"补充\",\"money\":9}"});
    act(t, SECRETARY,
        &(struct act){.verb = V_MOVE, .id = id, .revision = 3, .word = "report", .text = "同意。"});
    act(t, LEADER, &(struct act){.verb = V_REMARK, .id = id, .text = "已阅"});
    act(t, LEADER, &(struct act){.verb = V_REMARK, .id = id, .text = "请附上照片"});
    act(t, SECRETARY, &(struct act){.verb = V_MOVE, .id = id, .revision = 4, .word = "pass"});
    assert_int_equal(read_thread(t, CHIEF, id, &th, &e), OK);
    assert_int_equal(th.n_events, 7);
    static const struct {
        const char *what, *opinion, *state, *detail;
        bool key;
    } want[] = {{"登记", "", "草稿", "", true}, {"交办", "请抓紧办。", "办理中", "", true},
        {"修改", "", "", "改了说明", false}, {"汇报", "同意。", "", "", false},
        {"留言", "已阅", "", "", false}, {"留言", "请附上照片", "", "", true},
        {"办结", "", "已办结", "", true}};
    for (size_t i = 0; i < th.n_events; i++) {
        const struct item_words *w = &th.events[i].words;
        assert_true(str_eq(w->what, str_z(want[i].what)));
        assert_true(str_eq(w->opinion, str_z(want[i].opinion)));
        assert_true(str_eq(w->state, str_z(want[i].state)));
        assert_true(str_eq(w->detail, str_z(want[i].detail)));
        assert_int_equal(w->key, want[i].key);
    }
    assert_true(str_eq(th.events[1].words.box, S("交办意见")));
    assert_true(str_eq(th.items[0].state_name, S("已办结")));
}

/* Whoever is only asked reads his own branch, in the thread as on the page of the item. */
static void each_sees_his_branch(void **state)
{
    struct itemdb *t = *state;
    static const int64_t units[] = {UNIT_FINANCE, UNIT_PARTY};
    static const int who[] = {LIAISON, LIAISON2};
    struct thread th;
    struct ask *asks;
    struct err e;
    int64_t id = open_one(t, SECRETARY, "matter");
    for (int i = 0; i < 2; i++)
        act(t, SECRETARY,
            &(struct act){.verb = V_SEND,
                .id = id,
                .ask = {.to_kind = PRINCIPAL_UNIT,
                    .to = units[i],
                    .purpose = S("排查"),
                    .wait = WAIT_ALL}});
    size_t n = itemdb_asks(t, id, &asks);
    for (size_t i = 0; i < n; i++)
        act(t, asks[i].to == units[0] ? who[0] : who[1],
            &(struct act){.verb = V_ANSWER,
                .id = asks[i].id,
                .word = "已反馈",
                .text = asks[i].to == units[0] ? "财务查完" : "党办查完"});
    static const struct {
        int who;
        bool first, second;
    } rows[] = {{CHIEF, true, true}, {LIAISON, true, false}, {LIAISON2, false, true}};
    for (size_t r = 0; r < 3; r++) {
        bool first = false, second = false;
        assert_int_equal(read_thread(t, rows[r].who, id, &th, &e), OK);
        for (size_t i = 0; i < th.n_events; i++) {
            first = first || str_eq(th.events[i].words.opinion, S("财务查完"));
            second = second || str_eq(th.events[i].words.opinion, S("党办查完"));
        }
        assert_int_equal(first, rows[r].first);
        assert_int_equal(second, rows[r].second);
    }
}

/* Two hundred items and two thousand events; the time is told, for who looks. */
static void a_large_thread(void **state)
{
    struct itemdb *t = *state;
    enum { ITEMS = 200, REPORTS = 7 };
    int64_t *id = ARENA_ARRAY(&t->o.a, int64_t, ITEMS);
    struct thread th;
    struct err e;
    for (int i = 0; i < ITEMS; i++) {
        id[i] = open_one(t, SECRETARY, "matter");
        act(t, SECRETARY,
            &(struct act){.verb = V_MOVE, .id = id[i], .revision = 1, .word = "send"});
        for (int k = 0; k < REPORTS; k++)
            act(t, SECRETARY,
                &(struct act){.verb = V_MOVE,
                    .id = id[i],
                    .revision = 2 + k,
                    .word = "report",
                    .text = "本周完成排查三十处，整改二十七处，其余限期完成。"});
        if (i > 0)
            join(t, SECRETARY, id[(i - 1) / 4], id[i], "分解");
    }
    int64_t from = clock_mono_us();
    assert_int_equal(read_thread(t, CHIEF, id[ITEMS - 1], &th, &e), OK);
    print_message("thread of %zu items, %zu events: %.1f ms\n", th.n_items, th.n_events,
        (double)(clock_mono_us() - from) / 1000.0);
    assert_int_equal(th.n_items, ITEMS);
    assert_int_equal(th.n_events, ITEMS * (2 + REPORTS) + ITEMS - 1);
    assert_false(th.cut_items || th.cut_events);
}

/* Beyond the limit it says that there is more. */
static void a_thread_has_a_limit(void **state)
{
    struct itemdb *t = *state;
    struct thread th;
    struct err e;
    int64_t first = open_one(t, SECRETARY, "matter"), last = first;
    for (int i = 0; i < THREAD_STEPS_MAX + 3; i++) {
        int64_t next = open_one(t, SECRETARY, "matter");
        join(t, SECRETARY, last, next, "转办");
        last = next;
    }
    assert_int_equal(read_thread(t, CHIEF, first, &th, &e), OK);
    assert_true(th.cut_items);
    assert_int_equal(th.n_items, 1 + THREAD_STEPS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(links_are_walked_both_ways, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(a_thread_ends_where_sight_ends, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(events_are_told_in_words, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(each_sees_his_branch, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(a_large_thread, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(a_thread_has_a_limit, set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
