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

static int tear_down(void **state)
{
    itemdb_close(*state);
    free(*state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(from_an_error_to_the_checker, set_up, tear_down),
        cmocka_unit_test_setup_teardown(out_of_a_finding, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
