/* Figures: each number is as many items as the ledger shows for it, and is the same when it is counted again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/figures_item.h"

static const char kind[] =
    "kind: work\n"
    "name: 督办事项\n"
    "entry: track\n"
    "title: what\n"
    "level: internal\n"
    "retention: 10y\n"
    "roles:\n"
    "  chief: [role:chief]\n"
    "  lead: [field:lead]\n"
    "  who: [field:who]\n"
    "fields:\n"
    "  - {id: what, name: 工作要求, type: text, required: true}\n"
    "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"
    "  - {id: who, name: 承办人, type: people}\n"
    "  - {id: due, name: 完成期限, type: date}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [chief]}\n"
    "  doing: {name: 办理中, edit: [chief]}\n"
    "  done: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: send, name: 交办, from: [draft], to: doing, by: [chief],\n"
    "     ask: {of: [lead, who], purpose: 办理, answers: [已反馈], wait: none}}\n"
    "  - {id: back, name: 退回, from: [doing], to: draft, by: [chief], kind: return}\n"
    "  - {id: finish, name: 办结, from: [doing], to: done, by: [chief]}\n"
    "clocks:\n"
    "  - {id: end, name: 办结, start: draft, stop: done, due: due, extend: [chief]}\n"
    "ledger: [title, lead, due, state]\n";

enum { ITEMS = 60 };

struct world {
    struct itemdb t;
    int64_t ids[ITEMS];
    const struct kind *k;
};

static struct act act(struct world *w, int who, struct act a)
{
    struct err e = {.code = OK};
    a.by = itemdb_as(&w->t, who);
    if (store_write(w->t.o.st, act_fn, &a, &e) != OK)
        testdb_die("verb", &e);
    return a;
}

static void move(struct world *w, int64_t id, const char *name)
{
    struct item it;
    struct err e = {.code = OK};
    assert_int_equal(itemdb_get(&w->t, CHIEF, id, &it, &e), OK);
    act(w, CHIEF,
        (struct act){.verb = V_MOVE, .id = id, .revision = it.revision, .word = name, .text = ""});
}

static void open_one(struct world *w, int i)
{
    char *json = arena_z(&w->t.o.a,
        arena_printf(&w->t.o.a,
            "{\"what\": \"第%d件\", \"lead\": \"%d\", \"who\": [\"%lld\", \"%lld\"]%s}", i,
            i % 3 ? UNIT_FINANCE : UNIT_PARTY, (long long)w->t.person[STAFF],
            (long long)w->t.person[i % 4 == 2 ? OTHER : STAFF],
            i % 5 ? i % 2 ? ", \"due\": \"2026-07-20\"" : ", \"due\": \"2026-09-01\"" : ""));
    struct act a = {.verb = V_OPEN, .json = json, .open.kind = S("work")};
    a.open.urgency = (enum urgency)(i % 4);
    w->ids[i] = act(w, CHIEF, a).id;
}

/* Two months: opened a day apart, sent, some answered, some sent back and again, some closed, some reopened. */
static void play(struct world *w)
{
    for (int i = 0; i < ITEMS; i++) {
        struct ask *asks;
        w->t.now_ms = MONDAY + i * MS_DAY;
        open_one(w, i);
        w->t.now_ms += MS_HOUR * (i % 7);
        if (i % 6 == 5)
            continue;
        move(w, w->ids[i], "send");
        w->t.now_ms += MS_HOUR * (3 + i % 11);
        if (i % 4 == 1) {
            move(w, w->ids[i], "back");
            w->t.now_ms += MS_HOUR;
            move(w, w->ids[i], "send");
            w->t.now_ms += MS_HOUR;
        }
        size_t n = itemdb_asks(&w->t, w->ids[i], &asks);
        for (size_t k = 0; k < n; k++)
            if (asks[k].state == ASK_OPEN && asks[k].to_kind == PRINCIPAL_UNIT && i % 3)
                act(w, LIAISON,
                    (struct act){
                        .verb = V_ANSWER, .id = asks[k].id, .word = "已反馈", .text = "办好了"});
        if (i % 2)
            move(w, w->ids[i], "finish");
    }
    w->t.now_ms = MONDAY + 61 * MS_DAY;
}

static int setup(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    struct err e = {.code = OK};
    itemdb_open(&w->t);
    itemdb_kind(&w->t, kind);
    play(w);
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(kinds_get(w->t.kinds, db, S("work"), 0, &w->k, &e), OK);
    store_read_end(db);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

static struct figures_item count(struct world *w, int who, const struct figure_span *span)
{
    struct figures_item f;
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    if (figures_item(db, &w->t.o.a, itemdb_as(&w->t, who), w->k, span, &f, &e) != OK)
        testdb_die("figures", &e);
    store_read_end(db);
    return f;
}

static int64_t listed(struct world *w, int who, const struct step_filter *s)
{
    struct item_filter f = {.kind = S("work"), .step = s};
    struct item_page p = {.n = 0};
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    if (item_list(db, &w->t.o.a, itemdb_as(&w->t, who), &f, 1, &p, &e) != OK)
        testdb_die("list", &e);
    store_read_end(db);
    return p.total;
}

static void check_rows(struct world *w, int who, const struct figure_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v[i].t.items, listed(w, who, &v[i].filter));
        assert_true(v[i].t.stays >= v[i].t.items && v[i].t.items > 0);
        assert_true(v[i].t.median_ms <= v[i].t.p90_ms);
        assert_true(v[i].t.median_work_ms <= v[i].t.median_ms);
    }
}

static void check_done(
    struct world *w, int who, const struct figure_done *d, const struct figure_span *span)
{
    for (int n = 0; n < N_FIGURE; n++) {
        struct step_filter f = figure_filter(span, (enum figure_number)n, d->unit);
        assert_int_equal(figure_count(d, (enum figure_number)n), listed(w, who, &f));
    }
    assert_int_equal(d->closed, d->kept + d->missed + d->unset);
}

static void check_all(struct world *w, int who, const struct figure_span *span)
{
    struct figures_item f = count(w, who, span);
    check_done(w, who, &f.all, span);
    for (size_t i = 0; i < f.n_by_unit; i++)
        check_done(w, who, &f.by_unit[i], span);
    if (f.whole.t.stays)
        check_rows(w, who, &f.whole, 1);
    check_rows(w, who, f.states, f.n_states);
    check_rows(w, who, f.urgencies, f.n_urgencies);
    check_rows(w, who, f.units, f.n_units);
    check_rows(w, who, f.persons, f.n_persons);
}

static void each_number_is_what_the_ledger_shows(void **state)
{
    struct world *w = *state;
    static const int who[] = {CHIEF, SECRETARY, LIAISON, STAFF, OTHER, ADMIN};
    for (size_t i = 0; i < sizeof(who) / sizeof(*who); i++)
        for (int to = 10; to <= 70; to += 30)
            for (int at = 5; at <= 60; at += 11) {
                struct figure_span span = {
                    MONDAY + 3 * MS_DAY, MONDAY + to * MS_DAY, MONDAY + at * MS_DAY};
                check_all(w, who[i], &span);
            }
    struct figure_span all = {0, INT64_MAX, w->t.now_ms};
    struct figures_item f = count(w, CHIEF, &all);
    assert_int_equal(f.all.received, ITEMS);
    assert_int_equal(f.all.received, f.all.closed + f.all.open);
    assert_int_equal(f.whole.t.unfinished, f.all.open);
    assert_true(f.all.missed > 0 && f.all.kept > 0 && f.all.unset > 0 && f.all.overdue > 0);
    assert_int_equal(count(w, ADMIN, &all).all.received, 0);
}

static void what_is_not_over_counts_to_the_day(void **state)
{
    struct world *w = *state;
    /* the first one alone: opened MONDAY 9:00, sent at once, never closed */
    struct figure_span span = {MONDAY, MONDAY + 1, MONDAY + 2 * MS_DAY};
    struct figures_item f = count(w, CHIEF, &span);
    assert_int_equal(f.whole.t.items, 1);
    assert_int_equal(f.whole.t.unfinished, 1);
    assert_int_equal(f.whole.t.mean_ms, 2 * MS_DAY);
    assert_int_equal(f.whole.t.median_ms, 2 * MS_DAY);
    /* two working days of 7.5 hours */
    assert_int_equal(f.whole.t.mean_work_ms, 15 * MS_HOUR);
    /* an ask to one person is counted once for him, though he stands in the field twice */
    for (size_t i = 0; i < f.n_persons; i++)
        assert_int_equal(f.persons[i].t.stays, 1);
    assert_int_equal(f.n_persons, 1);
}

static void the_same_question_gets_the_same_answer(void **state)
{
    struct world *w = *state;
    struct figure_span span = {MONDAY, MONDAY + 40 * MS_DAY, MONDAY + 45 * MS_DAY};
    struct figures_item before = count(w, CHIEF, &span), after;
    /* afterwards: what was open is closed, what was closed is opened again, days are moved, old ones are entered late */
    for (int i = 0; i < 40; i++) {
        struct item it;
        struct err e = {.code = OK};
        assert_int_equal(itemdb_get(&w->t, CHIEF, w->ids[i], &it, &e), OK);
        if (str_eq(it.state, S("doing")))
            move(w, it.id, "finish");
        else if (str_eq(it.state, S("done")))
            act(w, CHIEF,
                (struct act){
                    .verb = V_REOPEN, .id = it.id, .revision = it.revision, .text = "未办妥"});
        else
            act(w, CHIEF,
                (struct act){.verb = V_EDIT,
                    .id = it.id,
                    .revision = it.revision,
                    .json = "{\"due\": \"2027-01-01\", \"lead\": \"3\"}"});
    }
    struct act late = {.verb = V_OPEN,
        .json = "{\"what\": \"补录\", \"lead\": \"4\", \"due\": \"2026-07-15\"}",
        .open.kind = S("work")};
    late.open.opened_ms = MONDAY + MS_DAY;
    act(w, CHIEF, late);
    after = count(w, CHIEF, &span);
    assert_memory_equal(&before.all, &after.all, sizeof(before.all));
    assert_int_equal(before.n_by_unit, after.n_by_unit);
    for (size_t i = 0; i < after.n_by_unit; i++)
        for (int n = 0; n < N_FIGURE; n++)
            assert_int_equal(figure_count(&before.by_unit[i], (enum figure_number)n),
                figure_count(&after.by_unit[i], (enum figure_number)n));
    assert_memory_equal(&before.whole.t, &after.whole.t, sizeof(after.whole.t));
    assert_int_equal(before.n_states, after.n_states);
    for (size_t i = 0; i < after.n_states; i++)
        assert_memory_equal(&before.states[i].t, &after.states[i].t, sizeof(after.whole.t));
    assert_int_equal(before.n_units, after.n_units);
    for (size_t i = 0; i < after.n_units; i++)
        assert_memory_equal(&before.units[i].t, &after.units[i].t, sizeof(after.whole.t));
    /* and the ledger still shows as many */
    check_all(w, CHIEF, &span);
}

static void times_of_persons_are_for_their_chiefs(void **state)
{
    struct world *w = *state;
    struct figure_span all = {0, INT64_MAX, w->t.now_ms};
    assert_true(count(w, CHIEF, &all).n_persons > 1);
    struct figures_item f = count(w, SECRETARY, &all);
    assert_false(f.all_persons);
    assert_int_equal(f.n_persons, 0);
    f = count(w, OTHER, &all);
    assert_int_equal(f.n_persons, 1);
    assert_int_equal(f.persons[0].id, w->t.person[OTHER]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_is_what_the_ledger_shows),
        cmocka_unit_test(what_is_not_over_counts_to_the_day),
        cmocka_unit_test(times_of_persons_are_for_their_chiefs),
        cmocka_unit_test(the_same_question_gets_the_same_answer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
