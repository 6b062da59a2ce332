/* Asks: one behind the other, any of several, what is only read, what is overtaken; who may answer; two at one revision. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/item_link.h"

static const char sign[] =
    "kind: sign_test\n"
    "name: 会签\n"
    "about: 试验\n"
    "entry: track\n"
    "title: subject\n"
    "level: open\n"
    "roles:\n"
    "  drafter: [owner]\n"
    "  people: [field:people]\n"
    "  units: [field:units]\n"
    "fields:\n"
    "  - {id: subject, name: 事项, type: text, required: true}\n"
    "  - {id: people, name: 人员, type: people}\n"
    "  - {id: units, name: 单位, type: units}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [drafter]}\n"
    "  signing: {name: 会签中}\n"
    "  closed: {name: 已会签, closed: true}\n"
    "moves:\n"
    "  - {id: turns, name: 依次会签, from: [draft], to: signing, by: [drafter], ask: {of: "
    "[people], "
    "purpose: 会签, answers: [同意, 不同意], final: [同意, 不同意], wait: all, serial: true}}\n"
    "  - {id: any, name: 任一会签, from: [draft], to: signing, by: [drafter], ask: {of: [units], "
    "purpose: 会签, answers: [已收, 同意], wait: any}}\n"
    "  - {id: finish, name: 会签完毕, from: [signing], to: closed, by: [drafter], need_answers: "
    "true}\n"
    "  - {id: anyway, name: 直接办结, from: [signing], to: closed, by: [drafter]}\n"
    "ledger: [title, state]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, sign);
}

static int64_t open_item(struct itemdb *t, const char *json)
{
    struct act a = {.verb = V_OPEN, .json = json, .open = {.kind = S("sign_test")}};
    struct err e;
    if (itemdb_act(t, SECRETARY, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

/* For the liaison, the staff of finance, and somebody else, in this order. */
static int64_t in_turns(struct itemdb *t)
{
    char json[200];
    (void)snprintf(json, sizeof(json),
        "{\"subject\":\"清点\",\"people\":[\"%lld\",\"%lld\",\"%lld\"]}",
        (long long)t->person[LIAISON], (long long)t->person[STAFF], (long long)t->person[OTHER]);
    int64_t id = open_item(t, json);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "turns");
    return id;
}

static struct item get(struct itemdb *t, int64_t id)
{
    struct item it;
    struct err e;
    if (itemdb_get(t, N_PEOPLE, id, &it, &e) != OK)
        fail_msg("%s", e.msg);
    return it;
}

static enum item_box box_of(struct itemdb *t, int who, int64_t id)
{
    struct err e;
    struct db *db = itemdb_read(t);
    enum item_box found = BOX_ALL;
    for (enum item_box box = BOX_TODO; box <= BOX_DONE; box = (enum item_box)(box + 1)) {
        struct item_filter f = {.box = box};
        struct item_page p;
        assert_int_equal(item_list(db, &t->o.a, itemdb_as(t, who), &f, 50, &p, &e), OK);
        for (size_t i = 0; i < p.n; i++)
            if (p.items[i].id == id) {
                assert_int_equal(found, BOX_ALL); /* in one box alone */
                found = box;
            }
    }
    store_read_end(db);
    return found;
}

static void one_behind_the_other(void **state)
{
    struct itemdb *t = *state;
    int64_t id = in_turns(t);
    struct ask *v;
    assert_int_equal(itemdb_asks(t, id, &v), 3);
    assert_int_equal(v[0].sent_ms, MONDAY);
    assert_int_equal(v[1].sent_ms, 0);
    assert_int_equal(box_of(t, LIAISON, id), BOX_TODO);
    assert_int_equal(box_of(t, STAFF, id), BOX_ALL);
    REFUSED(t, STAFF, E_CONFLICT, "还没有轮到", .verb = V_ANSWER, .id = v[1].id, .word = "同意");
    t->now_ms += MS_HOUR;
    DO(t, LIAISON, .verb = V_ANSWER, .id = v[0].id, .word = "同意");
    assert_int_equal(itemdb_asks(t, id, &v), 3);
    assert_int_equal(v[1].sent_ms, MONDAY + MS_HOUR);
    assert_int_equal(v[2].sent_ms, 0);
    assert_int_equal(box_of(t, LIAISON, id), BOX_DOING);
    assert_int_equal(box_of(t, STAFF, id), BOX_TODO);
    REFUSED(t, LIAISON, E_CONFLICT, "已经回复过“同意”（张三，2026-07-13 10:00）", .verb = V_ANSWER,
        .id = v[0].id, .word = "不同意");
    /* whoever stands before is taken back: the next has it */
    DO(t, SECRETARY, .verb = V_UNASK, .id = v[1].id, .text = "出差");
    assert_int_equal(itemdb_asks(t, id, &v), 3);
    assert_true(v[2].sent_ms != 0);
    REFUSED(t, SECRETARY, E_CONFLICT, "还有1个对象没有回复", .verb = V_MOVE, .id = id,
        .revision = get(t, id).revision, .word = "finish");
    DO(t, OTHER, .verb = V_ANSWER, .id = v[2].id, .word = "不同意", .text = "数字有误");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = get(t, id).revision, .word = "finish");
    assert_int_equal(box_of(t, OTHER, id), BOX_DONE);
}

static void any_of_several_is_enough(void **state)
{
    struct itemdb *t = *state;
    struct ask *v;
    int64_t id = open_item(t, "{\"subject\":\"清点\",\"units\":[\"4\",\"2\"]}");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "any");
    assert_int_equal(itemdb_asks(t, id, &v), 2);
    DO(t, LIAISON, .verb = V_ANSWER, .id = v[0].id, .word = "已收"); /* only reports */
    assert_int_equal(itemdb_asks(t, id, &v), 2);
    assert_int_equal(v[1].state, ASK_OPEN);
    DO(t, LIAISON2, .verb = V_ANSWER, .id = v[1].id, .word = "同意");
    assert_int_equal(itemdb_asks(t, id, &v), 2);
    assert_int_equal(v[0].state, ASK_VOID);
    assert_int_equal(v[1].state, ASK_ANSWERED);
    REFUSED(
        t, LIAISON, E_CONFLICT, "已经收回或结束", .verb = V_ANSWER, .id = v[0].id, .word = "同意");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 4, .word = "finish");
}

struct circulating {
    const struct actor *by;
    int64_t item;
    struct ask_new v[3];
    size_t n;
};
static enum code circulate_fn(struct db *db, void *arg, struct err *e)
{
    const struct circulating *c = arg;
    return ask_send(db, c->by, c->item, c->v, c->n, e);
}

/* Any item may be passed round, whatever its kind: to be read, which waits for nobody, or one behind the other. */
static void any_item_is_passed_round(void **state)
{
    struct itemdb *t = *state;
    struct ask *v;
    struct err e;
    int64_t id = open_item(t, "{\"subject\":\"清点\",\"units\":[\"4\"]}");
    struct circulating c = {.by = itemdb_as(t, SECRETARY), .item = id, .n = 3};
    for (int i = 0; i < 3; i++) {
        static const int who[] = {STAFF, OTHER, LEADER};
        c.v[i] = (struct ask_new){.to_kind = PRINCIPAL_PERSON,
            .to = t->person[who[i]],
            .purpose = S("传阅"),
            .answers = S("已阅"),
            .turn = i < 2 ? i + 1 : 0};
    }
    c.by = itemdb_as(t, OTHER);
    assert_int_equal(store_write(t->o.st, circulate_fn, &c, &e), E_NOTFOUND);
    c.by = itemdb_as(t, LIAISON); /* sees it, and it is not his to pass on */
    assert_int_equal(store_write(t->o.st, circulate_fn, &c, &e), E_DENIED);
    c.by = itemdb_as(t, SECRETARY);
    assert_int_equal(store_write(t->o.st, circulate_fn, &c, &e), OK);
    assert_int_equal(itemdb_asks(t, id, &v), 3);
    assert_int_equal(box_of(t, STAFF, id), BOX_READ);
    assert_int_equal(box_of(t, OTHER, id), BOX_ALL);
    assert_int_equal(box_of(t, LEADER, id), BOX_READ);
    DO(t, STAFF, .verb = V_SEEN, .id = v[0].id);
    DO(t, STAFF, .verb = V_ANSWER, .id = v[0].id, .word = "已阅");
    assert_int_equal(box_of(t, OTHER, id), BOX_READ);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = get(t, id).revision,
        .word = "any"); /* nobody is waited for */
    c.v[0].turn = -1;
    assert_int_equal(store_write(t->o.st, circulate_fn, &c, &e), E_INPUT);
}

/* Ending while asks are open is told before, and what was open is void after. */
static void what_is_overtaken_is_void(void **state)
{
    struct itemdb *t = *state;
    int64_t id = in_turns(t);
    struct item it = get(t, id);
    struct item_choice *v;
    struct ask *asks;
    struct err e;
    size_t n;
    struct db *db = itemdb_read(t);
    assert_int_equal(item_choices(db, &t->o.a, itemdb_as(t, SECRETARY), &it, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(v[0].blocks);
    assert_false(v[1].blocks);
    assert_true(str_eq(v[1].hindrance, S("还有3个对象没有回复")));
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 2, .word = "anyway");
    n = itemdb_asks(t, id, &asks);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(asks[i].state, ASK_VOID);
    assert_int_equal(box_of(t, LIAISON, id), BOX_DONE);
}

/* Whom a unit's ask is for: its liaisons and chiefs, no one else of it. */
static void a_unit_is_answered_for_by_its_liaison(void **state)
{
    struct itemdb *t = *state;
    struct ask *v;
    int64_t id = open_item(t, "{\"subject\":\"清点\",\"units\":[\"4\"]}");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = get(t, id).revision, .word = "any");
    assert_int_equal(itemdb_asks(t, id, &v), 1);
    REFUSED(t, STAFF, E_NOTFOUND, "没有这件事项", .verb = V_ANSWER, .id = v[0].id, .word = "同意");
    REFUSED(
        t, LIAISON2, E_NOTFOUND, "没有这件事项", .verb = V_ANSWER, .id = v[0].id, .word = "同意");
    REFUSED(
        t, CHIEF, E_DENIED, "是请“财务部”办理的", .verb = V_ANSWER, .id = v[0].id, .word = "同意");
    REFUSED(t, LIAISON, E_DENIED, "不能修改", .verb = V_EDIT, .id = id, .revision = 2,
        .json = "{\"subject\":\"别的\"}");
    DO(t, LIAISON, .verb = V_ANSWER, .id = v[0].id, .word = "同意");
}

/* ---- links ---- */

struct linking {
    const struct actor *by;
    struct item_link l;
    int64_t drop;
};
static enum code link_fn(struct db *db, void *arg, struct err *e)
{
    const struct linking *k = arg;
    return k->drop ? item_link_drop(db, k->by, k->drop, e) : item_link_add(db, k->by, &k->l, e);
}

static size_t links_of(struct itemdb *t, int who, int64_t id, struct item_link **v)
{
    size_t n = 0;
    struct err e;
    struct db *db = itemdb_read(t);
    struct link_end end = {.kind = LINK_ITEM, .id = id};
    assert_int_equal(item_link_list(db, &t->o.a, itemdb_as(t, who), end, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

static void links_are_walked_both_ways(void **state)
{
    struct itemdb *t = *state;
    int64_t a = open_item(t, "{\"subject\":\"甲\",\"units\":[\"4\"]}");
    int64_t b = open_item(t, "{\"subject\":\"乙\"}");
    struct item_link *v;
    struct err e;
    struct linking k = {.by = itemdb_as(t, LIAISON),
        .l = {.from = {.kind = LINK_ITEM, .id = a},
            .to = {.kind = LINK_ITEM, .id = b},
            .relation = S("落实")}};
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), E_NOTFOUND); /* sees a, not b */
    k.by = itemdb_as(t, SECRETARY);
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), OK);
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), OK); /* twice is once */
    assert_int_equal(links_of(t, SECRETARY, a, &v), 1);
    assert_int_equal(links_of(t, SECRETARY, b, &v), 1);
    assert_int_equal(v[0].from.id, a);
    assert_int_equal(links_of(t, LIAISON, a, &v), 0); /* nor is told that there is one */
    k.l.to.id = a;
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), E_INPUT);
    k.l.to.id = b;
    k.l.relation = S("");
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), E_INPUT);
    (void)links_of(t, SECRETARY, b, &v);
    k.drop = v[0].id;
    k.by = itemdb_as(t, LIAISON);
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), E_DENIED);
    k.by = itemdb_as(t, SECRETARY);
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), OK);
    assert_int_equal(store_write(t->o.st, link_fn, &k, &e), E_NOTFOUND);
    assert_int_equal(links_of(t, SECRETARY, a, &v), 0);
}

/* ---- two at once ---- */

struct racer {
    struct itemdb *t;
    struct actor by;
    int64_t id, revision;
    char subject[40];
    enum code code;
    struct err e;
};

static enum code race_fn(struct db *db, void *arg, struct err *e)
{
    const struct racer *r = arg;
    json_t *set = json_pack("{s:s}", "subject", r->subject);
    enum code c = item_edit(db, &r->by, r->id, r->revision, set, e);
    json_decref(set);
    return c;
}

static void *race(void *arg)
{
    struct racer *r = arg;
    r->code = store_write(r->t->o.st, race_fn, r, &r->e);
    return NULL;
}

/* Eight people save what they saw at the same time, twenty times: each time one of them does, and the others are told who. */
static void of_all_at_one_revision_one_is_taken(void **state)
{
    enum { RACERS = 8, ROUNDS = 20 };
    struct itemdb *t = *state;
    int64_t id = open_item(t, "{\"subject\":\"清点\"}");
    struct racer r[RACERS];
    pthread_t thread[RACERS];
    for (int round = 0; round < ROUNDS; round++) {
        int done = 0;
        for (int i = 0; i < RACERS; i++) {
            r[i] = (struct racer){.t = t, .by = *itemdb_as(t, SECRETARY), .id = id};
            r[i].revision = round + 1;
            (void)snprintf(r[i].subject, sizeof(r[i].subject), "第%d轮第%d人", round, i);
            assert_int_equal(pthread_create(&thread[i], NULL, race, &r[i]), 0);
        }
        for (int i = 0; i < RACERS; i++)
            assert_int_equal(pthread_join(thread[i], NULL), 0);
        for (int i = 0; i < RACERS; i++) {
            done += r[i].code == OK;
            if (r[i].code == OK)
                assert_true(str_eq(get(t, id).title, str_z(r[i].subject)));
            else if (r[i].code != E_CONFLICT || !strstr(r[i].e.msg, "“张三”已在"))
                fail_msg("%s", r[i].e.msg);
        }
        assert_int_equal(done, 1);
        assert_int_equal(get(t, id).revision, round + 2);
    }
}

#define ASK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASK_TEST(one_behind_the_other),
        ASK_TEST(any_of_several_is_enough),
        ASK_TEST(any_item_is_passed_round),
        ASK_TEST(what_is_overtaken_is_void),
        ASK_TEST(a_unit_is_answered_for_by_its_liaison),
        ASK_TEST(links_are_walked_both_ways),
        ASK_TEST(of_all_at_one_revision_one_is_taken),
    };
    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
