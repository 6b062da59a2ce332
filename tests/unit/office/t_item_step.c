/* Stays: what the verbs leave behind for the figures, and lists of the items behind one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "itemdb.h"

static const char kind[] = "kind: work\n"
                           "name: 事项\n"
                           "entry: track\n"
                           "level: internal\n"
                           "retention: 10y\n"
                           "roles:\n"
                           "  chief: [role:chief]\n"
                           "fields:\n"
                           "  - {id: what, name: 内容, type: text, required: true}\n"
                           "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"
                           "  - {id: cost, name: 金额, type: number}\n"
                           "  - {id: due, name: 期限, type: date, required: true}\n"
                           "states:\n"
                           "  draft: {name: 草稿, edit: [chief]}\n"
                           "  doing: {name: 办理中, edit: [chief]}\n"
                           "  done: {name: 已办结, closed: true}\n"
                           "moves:\n"
                           "  - {id: send, name: 交办, from: [draft], to: doing, by: [chief],\n"
                           "     ask: {of: [field:lead], purpose: 办理, answers: [已反馈],"
                           " wait: none}}\n"
                           "  - {id: report, name: 汇报, from: [doing], to: doing, by: [chief]}\n"
                           "  - {id: finish, name: 办结, from: [doing], to: done, by: [chief]}\n"
                           "clocks:\n"
                           "  - {id: end, name: 办结, start: draft, stop: done, due: due,"
                           " extend: [chief]}\n"
                           "ledger: [title, lead, cost, due, state]\n"
                           "title: what\n";

static int setup(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    itemdb_open(t);
    itemdb_kind(t, kind);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    itemdb_close(*state);
    free(*state);
    return 0;
}

static struct act work(struct itemdb *t, struct act a)
{
    struct err e = {.code = OK};
    a.by = itemdb_as(t, CHIEF);
    if (store_write(t->o.st, act_fn, &a, &e) != OK)
        testdb_die("verb", &e);
    return a;
}

static int64_t open_one(struct itemdb *t, const char *json)
{
    return work(t, (struct act){.verb = V_OPEN, .json = json, .open.kind = S("work")}).id;
}

static void move(struct itemdb *t, int64_t id, const char *name)
{
    struct item it;
    struct err e = {.code = OK};
    assert_int_equal(itemdb_get(t, CHIEF, id, &it, &e), OK);
    work(t,
        (struct act){.verb = V_MOVE, .id = id, .revision = it.revision, .word = name, .text = ""});
}

static int64_t listed(struct itemdb *t, const struct item_filter *f)
{
    struct item_page p = {.n = 0};
    struct err e = {.code = OK};
    struct db *db = itemdb_read(t);
    if (item_list(db, &t->o.a, itemdb_as(t, CHIEF), f, 50, &p, &e) != OK)
        testdb_die("list", &e);
    store_read_end(db);
    assert_int_equal(p.total, p.n);
    return p.total;
}

static int64_t counted(struct itemdb *t, struct step_filter s)
{
    struct item_filter f = {.kind = S("work"), .step = &s};
    s.to_ms = s.to_ms ? s.to_ms : INT64_MAX;
    return listed(t, &f);
}

static void each_stay_is_a_row(void **state)
{
    struct itemdb *t = *state;
    t->now_ms = MONDAY;
    int64_t id = open_one(t, "{\"what\": \"甲\", \"lead\": \"3\", \"due\": \"2026-07-15\"}");
    t->now_ms += MS_HOUR;
    move(t, id, "send");
    t->now_ms += MS_DAY;
    move(t, id, "report"); /* inside a state: nothing begins anew */
    t->now_ms += 3 * MS_DAY;
    move(t, id, "finish");
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_step WHERE what = 1"), 3);
    assert_int_equal(itemdb_count(t, "SELECT left_at - entered FROM item_step WHERE state = 'doing'"
                                     " AND what = 1"),
        4 * MS_DAY);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_step WHERE what = 2"
                                     " AND unit > 0 AND left_at = (SELECT closed FROM item)"
                                     " AND result = 3"),
        1); /* closing voids what was asked */
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_step WHERE what = 3"), 1);
}

static void lists_are_as_of_an_instant(void **state)
{
    struct itemdb *t = *state;
    t->now_ms = MONDAY;
    int64_t late = open_one(t, "{\"what\": \"晚\", \"lead\": \"3\", \"due\": \"2026-07-14\"}");
    int64_t kept = open_one(t, "{\"what\": \"早\", \"lead\": \"3\", \"due\": \"2026-07-20\"}");
    t->now_ms += MS_HOUR;
    move(t, late, "send");
    move(t, kept, "send");
    int64_t before = t->now_ms + MS_DAY;
    t->now_ms += 3 * MS_DAY;
    move(t, late, "finish");
    move(t, kept, "finish");
    struct step_filter closed = {.what = STEP_STATE, .closed = 1, .as_of_ms = t->now_ms};
    assert_int_equal(counted(t, closed), 2);
    closed.due = DUE_KEPT;
    assert_int_equal(counted(t, closed), 1);
    closed.due = DUE_MISSED;
    assert_int_equal(counted(t, closed), 1);
    /* as of the day before, both were open, and neither was late */
    struct step_filter open = {.what = STEP_STATE, .closed = -1, .open = 1, .as_of_ms = before};
    assert_int_equal(counted(t, open), 2);
    open.due = DUE_MISSED;
    assert_int_equal(counted(t, open), 0);
    /* reopened now: as of the instant before, it is closed still */
    int64_t then = t->now_ms++;
    struct item it;
    struct err e = {.code = OK};
    assert_int_equal(itemdb_get(t, CHIEF, late, &it, &e), OK);
    work(t, (struct act){.verb = V_REOPEN, .id = late, .revision = it.revision, .text = "未办妥"});
    struct step_filter at = {.what = STEP_STATE, .closed = 1, .open = 1, .as_of_ms = then};
    assert_int_equal(counted(t, at), 2);
    at.as_of_ms = t->now_ms;
    assert_int_equal(counted(t, at), 1);
}

static void several_fields_filter_at_once(void **state)
{
    struct itemdb *t = *state;
    struct err e = {.code = OK};
    struct str low, high;
    t->now_ms = MONDAY;
    open_one(t, "{\"what\": \"修路\", \"lead\": \"3\", \"cost\": \"9\", \"due\": \"2026-07-14\"}");
    open_one(t, "{\"what\": \"修桥\", \"lead\": \"3\", \"cost\": \"10\", \"due\": \"2026-07-15\"}");
    open_one(
        t, "{\"what\": \"架桥\", \"lead\": \"2\", \"cost\": \"100\", \"due\": \"2026-07-16\"}");
    const struct kind_field cost = {.id = S("cost"), .name = S("金额"), .type = FIELD_NUMBER};
    assert_int_equal(item_sort_key(&t->o.a, &cost, S("9.5"), &low, &e), OK);
    assert_int_equal(item_sort_key(&t->o.a, &cost, S("100"), &high, &e), OK);
    assert_int_equal(item_sort_key(&t->o.a, &cost, S("许多"), &high, &e), E_INPUT);
    struct item_filter f = {.kind = S("work"), .n_where = 1};
    f.where[0] = (struct item_where){.field = S("cost"), .from = low};
    assert_int_equal(listed(t, &f), 2);
    f.where[0].to = high;
    assert_int_equal(listed(t, &f), 2);
    f.where[f.n_where++] = (struct item_where){.field = S("what"), .text = S("桥")};
    f.where[f.n_where++] = (struct item_where){.field = S("lead"), .from = S("3"), .to = S("3")};
    assert_int_equal(listed(t, &f), 1);
    f.n_where = 0;
    f.due_to_ms = MONDAY + 2 * MS_DAY;
    assert_int_equal(listed(t, &f), 1);
    f.due_from_ms = MONDAY + 2 * MS_DAY;
    f.due_to_ms = 0;
    assert_int_equal(listed(t, &f), 2);
    f.n_where = ITEM_WHERE_MAX + 1;
    struct item_page p;
    struct db *db = itemdb_read(t);
    assert_int_equal(item_list(db, &t->o.a, itemdb_as(t, CHIEF), &f, 50, &p, &e), E_LIMIT);
    store_read_end(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_stay_is_a_row, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_are_as_of_an_instant, setup, teardown),
        cmocka_unit_test_setup_teardown(several_fields_filter_at_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
