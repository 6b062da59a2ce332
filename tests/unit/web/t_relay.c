/* A directive passed down to two hundred units in three levels, by the API as scripts use it: people sign in, open what is addressed to
 * them, answer at random times, pass it on, are reminded, answer late or never. What the pages then say is compared with a model of
 * its own, which knows only what was done and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/ask_tree.h"
#include "unit/web/relay_sim.h"

/* ---- what the pages say, against the model ---- */

struct tally {
    int64_t due, received, answered, overdue, unseen;
};

static struct tally tally_of(const struct sim *s, const int *units, int n, int64_t now)
{
    struct tally t = {0};
    for (int i = 0; i < n; i++) {
        const struct unit_model *u = &s->u[units[i]];
        t.due += u->sent != 0;
        t.received += u->received != 0;
        t.answered += u->answered != 0;
        t.overdue += u->sent && !u->answered && u->due && u->due <= now;
        t.unseen += u->sent && !u->seen;
    }
    return t;
}

static void same_counts(const json_t *j, const char *prefix, const struct tally *t, bool all)
{
    char key[40];
    snprintf(key, sizeof(key), "%s%s", prefix, *prefix ? "" : "due");
    assert_int_equal(jr_int(j, key, -1), t->due);
    snprintf(key, sizeof(key), "%s%sreceived", prefix, *prefix ? "_" : "");
    assert_int_equal(jr_int(j, key, -1), t->received);
    snprintf(key, sizeof(key), "%s%sanswered", prefix, *prefix ? "_" : "");
    assert_int_equal(jr_int(j, key, -1), t->answered);
    snprintf(key, sizeof(key), "%s%soverdue", prefix, *prefix ? "_" : "");
    assert_int_equal(jr_int(j, key, -1), t->overdue);
    if (all)
        assert_int_equal(jr_int(j, "unseen", -1), t->unseen);
}

static int below(const struct sim *s, int unit, int *out)
{
    int n = 0;
    for (int i = 0; i < s->u[unit].n_children; i++) {
        out[n++] = s->u[unit].children[i];
        n += below(s, s->u[unit].children[i], out + n);
    }
    return n;
}

static void tree_is_right(struct sim *s, int64_t now)
{
    char target[64];
    int all[UNITS], units[UNITS], rows = 0;
    size_t i;
    json_t *row;
    for (int k = 0; k < UNITS; k++)
        all[k] = k;
    become(s, -1);
    snprintf(target, sizeof(target), "/items/%lld/asks", (long long)s->item);
    must(s, get(s, target), 200);
    json_t *j = body_of(s), *data = json_object_get(j, "data");
    struct tally t = tally_of(s, all, UNITS, now);
    same_counts(json_object_get(data, "counts"), "", &t, true);
    json_array_foreach(json_object_get(data, "rows"), i, row)
    {
        int at = unit_named(s, jr_str(row, "who"));
        if (at < 0) /* what asked the leader */
            continue;
        const struct unit_model *u = &s->u[at];
        int n = below(s, at, units);
        rows++;
        t = tally_of(s, units, n, now);
        same_counts(row, "below", &t, false);
        assert_int_equal(jr_int(row, "sent", 0), u->sent);
        assert_int_equal(jr_int(row, "seen", 0), u->seen);
        assert_int_equal(jr_int(row, "received", 0), u->received);
        assert_int_equal(jr_int(row, "answered", 0), u->answered);
        assert_int_equal(jr_int(row, "due", 0), u->due);
        assert_int_equal(jr_int(row, "reminded", -1), u->reminded);
    }
    json_decref(j);
    int sent = 0;
    for (int k = 0; k < UNITS; k++)
        sent += s->u[k].sent != 0;
    assert_int_equal(rows, sent);
}

static int upward(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static int64_t middle_of(int64_t *v, int n)
{
    if (!n)
        return -1;
    qsort(v, (size_t)n, sizeof(*v), upward);
    return v[(n - 1) / 2];
}

static void same_pace(const json_t *pace, const struct sim *s, const int *units, int n, int64_t now)
{
    int64_t seen[UNITS], reply[UNITS], total[UNITS], slowest = -1, waiting = -1;
    int n_seen = 0, n_answered = 0;
    for (int i = 0; i < n; i++) {
        const struct unit_model *u = &s->u[units[i]];
        if (u->seen)
            seen[n_seen++] = u->seen - u->sent;
        if (u->answered) {
            reply[n_answered] = u->answered - u->seen;
            total[n_answered++] = u->answered - u->sent;
            if (u->answered - u->sent > slowest)
                slowest = u->answered - u->sent;
        } else if (u->sent && now - u->sent > waiting) {
            waiting = now - u->sent;
        }
    }
    assert_int_equal(jr_int(pace, "seen_ms", -2), middle_of(seen, n_seen));
    assert_int_equal(jr_int(pace, "reply_ms", -2), middle_of(reply, n_answered));
    assert_int_equal(jr_int(pace, "total_ms", -2), middle_of(total, n_answered));
    assert_int_equal(jr_int(pace, "slowest_ms", -2), slowest);
    assert_int_equal(jr_int(pace, "waiting_ms", -2), waiting);
}

static const char *word_of(const struct unit_model *u)
{
    return u->answered ? "已反馈" : u->received ? "已收" : u->seen ? "已查看" : "未查看";
}

static void matrix_is_right(struct sim *s, int64_t now)
{
    int all[UNITS], n_all = 0, before = -1;
    size_t i;
    json_t *row;
    for (int k = 0; k < UNITS; k++)
        if (s->u[k].sent)
            all[n_all++] = k;
    become(s, -1);
    must(s, get(s, "/matrix?kind=relay"), 200);
    json_t *j = body_of(s), *data = json_object_get(j, "data");
    json_t *rows = json_object_get(data, "rows");
    struct tally t = tally_of(s, all, n_all, now);
    same_counts(json_object_get(data, "counts"), "", &t, true);
    same_pace(json_object_get(data, "pace"), s, all, n_all, now);
    assert_int_equal(json_array_size(json_object_get(data, "columns")), 1);
    assert_int_equal(json_array_size(rows), n_all);
    json_array_foreach(rows, i, row)
    {
        int at = unit_named(s, jr_str(row, "name"));
        assert_true(at > before); /* as the organisation stands */
        before = at;
        const struct unit_model *u = &s->u[at];
        const json_t *cell = json_array_get(json_object_get(row, "cells"), 0);
        assert_int_equal(jr_id(cell, "ask"), u->ask);
        assert_true(str_eq(jr_str(cell, "state"), str_z(word_of(u))));
        assert_int_equal(jr_bool(cell, "overdue", false), !u->answered && u->due && u->due <= now);
        assert_int_equal(jr_int(cell, "reminded", -1), u->reminded);
        t = tally_of(s, &at, 1, now);
        same_counts(json_object_get(row, "counts"), "", &t, true);
        same_pace(json_object_get(row, "pace"), s, &at, 1, now);
    }
    json_decref(j);
}

/* Only what is open, of one branch. */
static void filters_are_right(struct sim *s)
{
    char target[100];
    int units[UNITS], open = 0, n = below(s, 0, units);
    units[n++] = 0;
    for (int i = 0; i < n; i++)
        open += s->u[units[i]].sent && !s->u[units[i]].answered;
    become(s, -1);
    snprintf(
        target, sizeof(target), "/matrix?kind=relay&unfinished=1&unit=%lld", (long long)s->u[0].id);
    must(s, get(s, target), 200);
    json_t *j = body_of(s);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "data"), "rows")), open);
    json_decref(j);
    must(s, get(s, "/matrix?kind=relay&to=2026-07-12"), 200);
    j = body_of(s);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "data"), "rows")), 0);
    json_decref(j);
    must(s, get(s, "/matrix?knid=relay"), 400);
    must(s, get(s, "/matrix?kind=relay&sort=slowest"), 200);
    j = body_of(s);
    json_t *rows = json_object_get(json_object_get(j, "data"), "rows"), *row;
    int64_t before = INT64_MAX;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const json_t *pace = json_object_get(row, "pace");
        int64_t a = jr_int(pace, "slowest_ms", -1), b = jr_int(pace, "waiting_ms", -1);
        int64_t slow = a > b ? a : b;
        assert_true(slow <= before);
        before = slow;
    }
    json_decref(j);
}

/* Each liaison sees his unit and what is below it, in the tree and in the matrix, and opens nothing else. */
static void rights_are_right(struct sim *s)
{
    char target[64];
    for (int k = 0; k < UNITS; k += 7) {
        int units[UNITS], n, sent = 0;
        if (!s->u[k].sent)
            continue;
        n = below(s, k, units);
        units[n++] = k;
        for (int i = 0; i < n; i++)
            sent += s->u[units[i]].sent != 0;
        become(s, k);
        snprintf(target, sizeof(target), "/items/%lld/asks", (long long)s->item);
        must(s, get(s, target), 200);
        json_t *j = body_of(s);
        assert_int_equal(
            json_array_size(json_object_get(json_object_get(j, "data"), "rows")), sent);
        json_decref(j);
        must(s, get(s, "/matrix?kind=relay"), 200);
        j = body_of(s);
        assert_int_equal(
            json_array_size(json_object_get(json_object_get(j, "data"), "rows")), sent);
        json_decref(j);
        int other = k + 1 < UNITS && s->u[k + 1].parent == s->u[k].parent ? k + 1 : k - 1;
        if (other < 0 || s->u[other].parent == k || !s->u[other].ask)
            continue;
        snprintf(target, sizeof(target), "/asks/%lld", (long long)s->u[other].ask);
        must(s, get(s, target), 404);
    }
}

static void same_heads(const struct sim *s, const struct item_event *ev, size_t report)
{
    json_t *payload;
    struct err e = {.msg = ""};
    size_t wanted = 0;
    assert_int_equal(ev->at_ms, s->told_ms[report]);
    assert_int_equal(ev->actor, 0);
    assert_int_equal(jr_parse(ev->payload, &payload, &e), OK);
    const json_t *to = json_object_get(payload, "to");
    for (int k = 0; k < HEADS; k++) {
        char id[32];
        bool is = false;
        snprintf(id, sizeof(id), "%lld", (long long)s->head[k]);
        for (size_t m = 0; m < json_array_size(to); m++)
            is = is || strcmp(json_string_value(json_array_get(to, m)), id) == 0;
        assert_int_equal(is, s->told[report][k]);
        wanted += s->told[report][k];
    }
    assert_int_equal(json_array_size(to), wanted);
    json_decref(payload);
}

/* The history has the reports of what is late: when, and to whom. */
static void reports_are_right(struct sim *s)
{
    struct viewer nobody = viewer_owner();
    struct actor by = {.v = &nobody,
        .kinds = s->f.office->kinds,
        .calendar = s->f.office->calendar,
        .hours = &s->f.office->hours,
        .now_ms = simulated_now()};
    struct item_event *v;
    struct err e = {.msg = ""};
    struct db *db;
    int64_t after = 0;
    size_t n = 1, reports = 0;
    assert_int_equal(store_read(s->f.office->store, &db, &e), OK);
    while (n) {
        assert_int_equal(item_event_list(db, &s->a, &by, s->item, after, 500, &v, &n, &e), OK);
        for (size_t i = 0; i < n; i++) {
            after = v[i].seq;
            if (!str_eq(v[i].verb, S("escalate")))
                continue;
            assert_true(reports < REPORTS);
            same_heads(s, &v[i], reports++);
        }
    }
    store_read_end(db);
    assert_int_equal(reports, REPORTS);
}

static int64_t at_work(int day)
{
    return clock_day_ms(day_num((struct day){2026, 7, day}), ZONE_CHINA) +
           510 * MS_MINUTE; /* 08:30 */
}

static void a_directive_reaches_two_hundred_units(void **state)
{
    struct sim *s = *state;
    int sent = 0, answered = 0, late = 0;
    send_directive(s, "2026-07-17");
    learn_asks(s);
    for (int i = 0; i < UNITS; i++)
        if (s->u[i].parent < 0)
            was_sent(s, i, MONDAY, clock_day_ms(day_num((struct day){2026, 7, 18}), ZONE_CHINA));
    plan(s, MONDAY + 3 * MS_DAY, OFFICE_REMINDS, -1);
    plan(s, MONDAY + 6 * MS_DAY, OFFICE_REMINDS, -1);
    /* the kind reminds two workdays, one and none before the 17th, a Friday, and a day after it; two workdays after it is
     * reported to the leaders of those who owe an answer, on the next to the section */
    for (int day = 15; day <= 18; day++)
        plan(s, at_work(day), POLICY_REMINDS, -1);
    plan(s, at_work(21), POLICY_REPORTS, -1);
    plan(s, at_work(22), POLICY_REPORTS, -1);
    for (int day = 1; day <= 9; day += 2) {
        int64_t now = MONDAY + day * MS_DAY;
        run(s, now);
        tree_is_right(s, now);
        matrix_is_right(s, now);
    }
    reports_are_right(s);
    filters_are_right(s);
    rights_are_right(s);
    for (int i = 0; i < UNITS; i++) {
        sent += s->u[i].sent != 0;
        answered += s->u[i].answered != 0;
        late += s->u[i].answered > s->u[i].due && s->u[i].due;
    }
    /* the run is one in which something happens */
    assert_true(sent > 120 && answered > 80 && late > 10 && answered < sent);
    print_message("sent %d, answered %d, of these late %d\n", sent, answered, late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_directive_reaches_two_hundred_units, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
