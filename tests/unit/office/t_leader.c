/* Leaders who are away are passed over with the reason, and catch up without anything being decided again; their contacts hear of what is sent to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/absence.h"
#include "office/leader.h"

static const char YAML[] =
    "kind: paper\nname: 阅件\nentry: in\nenabled: true\nnumber: 阅{serial}\nnumber_at: open\n"
    "title: subject\nlevel: internal\nroles: {office: [role:chief, role:secretary]}\n"
    "fields:\n  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: leader, name: 领导, type: people}\n"
    "states:\n  in: {name: 登记, edit: [office]}\n  up: {name: 待批示, edit: [office]}\n"
    "  done: {name: 办结, closed: true}\n"
    "moves:\n"
    "  - {id: send, name: 送批, from: in, to: up, by: [office],\n"
    "     ask: {of: [\"field:leader\"], purpose: 请批示, answers: [已批示], wait: all, serial: "
    "true}}\n"
    "  - {id: agree, name: 送审批, from: in, to: up, by: [office],\n"
    "     ask: {of: [\"field:leader\"], purpose: 请审批, answers: [同意, 不同意],"
    " final: [同意, 不同意], wait: all, serial: true}}\n"
    "  - {id: end, name: 办结, from: up, to: done, by: [office], opinion: none}\n"
    "ledger: [number, title, state]\n";

struct world {
    struct itemdb t;
    int64_t second; /* leader */
};

static int set_up(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    itemdb_open(&w->t);
    itemdb_kind(&w->t, YAML);
    w->second = officedb_person(&w->t.o, "leader2", UNIT_ROOT, ROLE_LEADER);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

struct call {
    const struct actor *by;
    struct absence away;
    int64_t a, b;
    struct str words;
};
static enum code away_fn(struct db *db, void *arg, struct err *e)
{
    struct call *k = arg;
    k->away.id = 0;
    return absence_save(db, k->by, &k->away, e);
}
static enum code contact_fn(struct db *db, void *arg, struct err *e)
{
    struct call *k = arg;
    return leader_contact_save(db, k->by, k->a, k->b, e);
}
static enum code back_fn(struct db *db, void *arg, struct err *e)
{
    struct call *k = arg;
    return catch_up_answer(db, k->by, k->a, k->words, S("2026-07-13"), e);
}

static void must(struct world *w, store_fn fn, void *arg)
{
    struct err e = {.code = OK};
    if (store_write(w->t.o.st, fn, arg, &e) != OK)
        fail_msg("%s", e.msg);
}

static void away(struct world *w, int64_t person)
{
    struct call k = {.by = itemdb_as(&w->t, CHIEF),
        .away = {.person = person,
            .from_day = S("2026-07-13"),
            .to_day = S("2026-07-20"),
            .why = S("出差")}};
    must(w, away_fn, &k);
}

static void move(struct world *w, int64_t id, const char *word)
{
    struct item it;
    struct err e = {.code = OK};
    assert_int_equal(OK, itemdb_get(&w->t, N_PEOPLE, id, &it, &e));
    struct act a = {.by = itemdb_as(&w->t, SECRETARY),
        .verb = V_MOVE,
        .id = id,
        .revision = it.revision,
        .word = word};
    must(w, act_fn, &a);
}

/* A paper that goes round from the first leader to the second. */
static int64_t paper(struct world *w, const char *send)
{
    struct str json =
        arena_printf(&w->t.o.a, "{\"subject\":\"防汛\",\"leader\":[\"%lld\",\"%lld\"]}",
            (long long)w->t.person[LEADER], (long long)w->second);
    struct act a = {.by = itemdb_as(&w->t, SECRETARY),
        .verb = V_OPEN,
        .json = json.p,
        .open = {.kind = S("paper"), .unit = UNIT_SECTION}};
    must(w, act_fn, &a);
    move(w, a.id, send);
    return a.id;
}

static size_t pass_over(struct world *w)
{
    struct err e = {.code = OK};
    size_t n;
    if (leader_skip_run(w->t.o.st, itemdb_as(&w->t, N_PEOPLE), &n, &e) != OK)
        fail_msg("%s", e.msg);
    return n;
}

static size_t waiting(struct world *w, int who, struct catch_up **v)
{
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    size_t n = 0;
    if (catch_up_list(db, &w->t.o.a, itemdb_as(&w->t, who), w->t.person[LEADER], v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static void passed_over_and_caught_up(void **state)
{
    struct world *w = *state;
    struct catch_up *v;
    struct ask *asks;
    struct item it;
    struct err e = {.code = OK};
    int64_t id = paper(w, "send");
    assert_int_equal(0, pass_over(w)); /* he is here */
    away(w, w->t.person[LEADER]);
    assert_int_equal(1, pass_over(w));
    assert_int_equal(0, pass_over(w));
    assert_int_equal(2, itemdb_asks(&w->t, id, &asks));
    assert_int_equal(ASK_VOID, asks[0].state);
    assert_true(str_eq(asks[0].text, S("7月13日至7月20日，出差")));
    assert_true(asks[1].state == ASK_OPEN && asks[1].sent_ms);
    assert_int_equal(1, itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'skip'"
                                            " AND payload LIKE '%出差%跳过%'"));
    /* the second decides, the matter ends */
    struct act a = {.verb = V_ANSWER, .id = asks[1].id, .word = "已批示", .text = "同意"};
    struct viewer second = {.person = w->second, .unit = UNIT_ROOT, .roles = ROLE_LEADER};
    struct actor as = *itemdb_as(&w->t, LEADER);
    as.v = &second;
    a.by = &as;
    must(w, act_fn, &a);
    move(w, id, "end");
    assert_int_equal(1, waiting(w, SECRETARY, &v));
    assert_true(v[0].closed && str_has(v[0].since, S("同意")));
    assert_int_equal(0, waiting(w, OTHER, &v)); /* who may not see the item */
    /* 补阅: noted, and nothing is open again */
    struct call k = {
        .by = itemdb_as(&w->t, SECRETARY), .a = asks[0].id, .words = S("已阅，赞同。")};
    must(w, back_fn, &k);
    assert_int_equal(E_CONFLICT, store_write(w->t.o.st, back_fn, &k, &e));
    assert_int_equal(0, waiting(w, SECRETARY, &v));
    assert_int_equal(OK, itemdb_get(&w->t, N_PEOPLE, id, &it, &e));
    assert_true(it.closed_ms && str_eq(it.state, S("done")));
    assert_int_equal(1, itemdb_count(&w->t, "SELECT count(*) FROM remark r JOIN item_proxy p ON"
                                            " p.item = r.item AND p.seq = r.seq WHERE r.state = 1"
                                            " AND r.words = '已阅，赞同。'"));
}

static void never_passed_over(void **state)
{
    struct world *w = *state;
    int64_t id = paper(w, "agree");
    struct ask *asks;
    (void)id;
    away(w, w->t.person[LEADER]);
    assert_int_equal(0, pass_over(w)); /* whoever has to agree */
    id = paper(w, "send");
    away(w, w->second);
    assert_int_equal(1, pass_over(w)); /* the first goes, the last who could say something stays */
    assert_int_equal(0, pass_over(w));
    assert_int_equal(2, itemdb_asks(&w->t, id, &asks));
    assert_true(asks[1].state == ASK_OPEN && asks[1].sent_ms);
}

static void the_contact_hears_of_it(void **state)
{
    struct world *w = *state;
    struct err e = {.code = OK};
    struct call k = {
        .by = itemdb_as(&w->t, STAFF), .a = w->t.person[LEADER], .b = w->t.person[OTHER]};
    assert_int_equal(E_DENIED, store_write(w->t.o.st, contact_fn, &k, &e));
    k.by = itemdb_as(&w->t, CHIEF);
    k.a = w->t.person[STAFF];
    assert_int_equal(E_INPUT, store_write(w->t.o.st, contact_fn, &k, &e)); /* no leader */
    k.a = w->t.person[LEADER];
    k.b = w->t.person[CHIEF];
    must(w, contact_fn, &k);
    (void)paper(w, "send");
    struct str sql = arena_printf(&w->t.o.a,
        "SELECT count(*) FROM notice WHERE person = %lld AND text LIKE '报%%：请批示%%'",
        (long long)w->t.person[CHIEF]);
    assert_int_equal(1, itemdb_count(&w->t, sql.p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(passed_over_and_caught_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_contact_hears_of_it, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
