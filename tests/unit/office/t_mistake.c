/* The error ledger: counted by class and place, a wrong form proposed once for the set wording and confirmed there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/mistake.h"
#include "office/term.h"

static enum code seed(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return kind_seed(db, e);
}

static int set_up(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    struct err e;

    itemdb_open(t);
    if (store_write(t->o.st, seed, NULL, &e) != OK)
        testdb_die("seed", &e);
    *state = t;
    return 0;
}

static int64_t noted(struct itemdb *t, const char *json)
{
    struct act a = {.verb = V_OPEN, .json = json, .open = {.kind = S("mistake")}};
    struct err e;

    if (itemdb_act(t, SECRETARY, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    struct itemdb *t = arg;
    int64_t id;

    return mistake_note(db, itemdb_as(t, SECRETARY),
        &(struct mistake_found){
            .message = S("句号连用"), .words = S("。。"), .suggestion = S("。"), .rule = S("P14")},
        &id, e);
}

struct proposing {
    const struct actor *by;
    int64_t item, term;
};
static enum code propose_fn(struct db *db, void *arg, struct err *e)
{
    struct proposing *p = arg;

    return mistake_propose(db, p->by, p->item, &p->term, e);
}

static struct mistakes read_all(struct itemdb *t)
{
    struct mistakes m;
    struct err e;
    struct db *db = itemdb_read(t);

    if (mistakes_read(db, &t->o.a, itemdb_as(t, CHIEF), 0, 0, &m, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return m;
}

static void from_an_error_to_the_checker(void **state)
{
    struct itemdb *t = *state;
    int64_t first = noted(t,
                "{\"what\":\"标题里把部属写成部署\",\"class\":\"错别字\",\"place\":\"印发后\","
                "\"wrong\":\"安排部属\",\"right\":\"安排部署\"}"),
            plain = noted(t, "{\"what\":\"附件少发一页\",\"class\":\"其他\",\"place\":\"核稿\"}");
    struct proposing p = {.by = itemdb_as(t, STAFF), .item = first};
    struct mistakes m;
    struct term_row row;
    struct err e;
    struct db *db;

    noted(t, "{\"what\":\"又写错一次\",\"class\":\"错别字\",\"place\":\"核稿\"}");
    assert_int_equal(store_write(t->o.st, propose_fn, &p, &e), E_DENIED);
    p.by = itemdb_as(t, SECRETARY);
    assert_int_equal(store_write(t->o.st, propose_fn, &p, &e), OK);
    p.item = plain;
    assert_int_equal(store_write(t->o.st, propose_fn, &p, &e), E_INPUT);
    p.item = first; /* once is enough */
    assert_int_equal(store_write(t->o.st, propose_fn, &p, &e), E_CONFLICT);
    m = read_all(t);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.n_places, 5);
    assert_true(str_eq(m.places[1], S("核稿")) && str_eq(m.places[3], S("印发后")));
    assert_int_equal(m.n_classes, 2);
    for (size_t k = 0; k < m.n_classes; k++)
        if (str_eq(m.classes[k], S("错别字"))) {
            assert_int_equal(m.count[k][1], 1);
            assert_int_equal(m.count[k][3], 1);
        }
    for (size_t i = 0; i < m.n; i++) {
        assert_int_equal(m.v[i].term != 0, m.v[i].id == first);
        if (m.v[i].id == first)
            assert_true(str_eq(
                m.v[i].term_state, S("待定"))); /* nothing is checked before the chief says so */
    }
    db = itemdb_read(t);
    assert_int_equal(term_get(db, &t->o.a, p.term, &row, &e), OK);
    store_read_end(db);
    assert_int_equal(row.state, TERM_PROPOSED);
    assert_true(str_eq(row.canonical, S("安排部署")) && str_eq(row.wrong, S("安排部属")));
}

/* One key from a finding of the check. */
static void out_of_a_finding(void **state)
{
    struct itemdb *t = *state;
    struct mistakes m;
    struct err e;

    if (store_write(t->o.st, note_fn, t, &e) != OK)
        fail_msg("%s", e.msg);
    m = read_all(t);
    assert_int_equal(m.n, 1);
    assert_true(str_eq(m.v[0].what, S("句号连用")) && str_eq(m.v[0].place, S("核稿")));
    assert_true(str_eq(m.v[0].wrong, S("。。")) && str_eq(m.v[0].rule, S("P14")));
}

struct ruling {
    const struct actor *by;
    int64_t item, id;
    enum check_level to;
    bool take;
    struct str answer;
};
static enum code ask_rule_fn(struct db *db, void *arg, struct err *e)
{
    struct ruling *r = arg;

    return mistake_propose_rule(db, r->by, r->item, r->to, S(""), &r->id, e);
}

static enum code decide_fn(struct db *db, void *arg, struct err *e)
{
    const struct ruling *r = arg;

    return rule_proposal_decide(db, r->by->v, r->id, r->take, r->answer, e);
}

static enum code off_fn(struct db *db, void *arg, struct err *e)
{
    struct itemdb *t = arg;

    return rulebook_set(db, itemdb_as(t, CHIEF)->v, S("P14"), CHECK_OFF, UINT64_C(4), S("太多"), e);
}

static struct rule_state rule_now(struct itemdb *t, const char *id)
{
    struct rule_state *v;
    size_t n;
    struct err e;
    struct db *db = itemdb_read(t);

    assert_int_equal(rulebook_read(db, &t->o.a, &v, &n, &e), OK);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].rule->id, id) == 0)
            return v[i];
    fail();
    return (struct rule_state){.rule = NULL};
}

/* A mistake names a rule that is off; the rule runs from when the chief says so, for the kinds of text it was for, and what was said about it stays. */
static void from_an_error_to_a_rule(void **state)
{
    struct itemdb *t = *state;
    struct act bad = {.verb = V_OPEN,
        .json = "{\"what\":\"句号连用\",\"class\":\"标点\",\"place\":\"印发后\",\"rule\":\"P999\"}",
        .open = {.kind = S("mistake")}};
    struct ruling r = {.by = itemdb_as(t, STAFF), .to = CHECK_ERROR};
    struct rule_proposal *v;
    struct mistakes m;
    struct err e;
    struct db *db;
    size_t n;
    int64_t none = noted(t, "{\"what\":\"又一处\",\"class\":\"其他\",\"place\":\"核稿\"}");

    assert_int_equal(itemdb_act(t, SECRETARY, &bad, &e), E_INPUT); /* a rule, not a word */
    r.item = noted(t, "{\"what\":\"句号连用\",\"class\":\"标点\",\"place\":\"印发后\",\"rule\":"
                      "\"P14 句号连用\"}");
    assert_int_equal(store_write(t->o.st, off_fn, t, &e), OK);
    assert_int_equal(store_write(t->o.st, ask_rule_fn, &r, &e), E_DENIED);
    r.by = itemdb_as(t, SECRETARY);
    assert_int_equal(store_write(t->o.st, ask_rule_fn, &r, &e), OK);
    assert_int_equal(store_write(t->o.st, ask_rule_fn,
                         &(struct ruling){r.by, r.item, 0, CHECK_HINT, false, S("")}, &e),
        E_CONFLICT);
    assert_int_equal(store_write(t->o.st, ask_rule_fn,
                         &(struct ruling){r.by, none, 0, CHECK_HINT, false, S("")}, &e),
        E_INPUT);
    m = read_all(t);
    for (size_t i = 0; i < m.n; i++)
        if (m.v[i].id == r.item) {
            assert_true(str_eq(m.v[i].rule, S("P14")));
            assert_int_equal(m.v[i].rule_level, CHECK_OFF);
            assert_int_equal(m.v[i].proposal_state, PROPOSAL_WAITS);
        }
    r.take = true;
    assert_int_equal(store_write(t->o.st, decide_fn, &r, &e), E_DENIED); /* no secretary */
    assert_int_equal(rule_now(t, "P14").level, CHECK_OFF);
    r.by = itemdb_as(t, CHIEF);
    assert_int_equal(store_write(t->o.st, decide_fn, &r, &e), OK);
    assert_int_equal(rule_now(t, "P14").level, CHECK_ERROR);
    assert_int_equal(rule_now(t, "P14").genres, 4);
    assert_int_equal(store_write(t->o.st, decide_fn, &r, &e), E_NOTFOUND);
    r.to = CHECK_HINT;
    assert_int_equal(store_write(t->o.st, ask_rule_fn, &r, &e), OK);
    r.take = false;
    assert_int_equal(store_write(t->o.st, decide_fn, &r, &e), E_INPUT); /* refused: why? */
    r.answer = S("这条照旧");
    assert_int_equal(store_write(t->o.st, decide_fn, &r, &e), OK);
    assert_int_equal(rule_now(t, "P14").level, CHECK_ERROR);
    db = itemdb_read(t);
    assert_int_equal(rule_proposal_list(db, &t->o.a, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(v[0].state == PROPOSAL_REFUSED && str_eq(v[0].answer, S("这条照旧")));
    assert_true(v[1].state == PROPOSAL_TAKEN && v[1].from == CHECK_OFF && v[1].item == r.item);
    assert_true(str_has(v[1].reason, S("句号连用")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(from_an_error_to_the_checker, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(out_of_a_finding, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(from_an_error_to_a_rule, set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
