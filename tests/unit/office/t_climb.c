/* An urgent matter calls A, B, the leader, and again, with the clock moved; and the roster it calls by. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"
#include "office/climb.h"

static const char kind_yaml[] =
    "kind: alarm\n"
    "name: 紧急事项\n"
    "about: 试验\n"
    "entry: track\n"
    "title: subject\n"
    "level: internal\n"
    "fields:\n"
    "  - {id: subject, name: 什么事, type: text, required: true}\n"
    "  - {id: handler, name: 接到的人, type: person}\n"
    "states:\n"
    "  raised: {name: 待接报, edit: [owner]}\n"
    "  handling: {name: 处置中, edit: [owner]}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: take, name: 处置, from: raised, to: handling, by: ['field:handler', owner]}\n"
    "  - {id: end, name: 办结, from: handling, to: closed, by: [owner, 'field:handler']}\n"
    "  - {id: again, name: 又起, from: handling, to: raised, by: [owner], kind: return}\n"
    "climb: {in: [raised], taker: handler}\n"
    "ledger: [title, state]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, kind_yaml);
}

static int64_t at(int day, int hour, int minute)
{
    return clock_ms((struct civil){{2026, 7, day}, hour, minute, 0, 0}, ZONE_CHINA);
}

/* ---- writes ---- */

struct call {
    struct itemdb *t;
    int who;
    int64_t item, whose;
    struct duty_shift shift;
    struct duty_rule rule;
    const char *why;
    int month;
    size_t made;
};

static enum code ack_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    return climb_ack(db, itemdb_as(c->t, c->who), c->item, c->whose, e);
}

static enum code again_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    return climb_again(db, itemdb_as(c->t, c->who), c->item, e);
}

static enum code shift_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    struct duty_shift s = c->shift;
    enum code code = duty_save(db, itemdb_as(c->t, c->who), &s, str_z(c->why), e);
    if (code == OK)
        c->item = s.id;
    return code;
}

static enum code rule_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    return duty_rule_put(db, itemdb_as(c->t, c->who), &c->rule, e);
}

static enum code month_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    return duty_generate(db, itemdb_as(c->t, c->who), 2026, c->month, &c->made, e);
}

static enum code remove_fn(struct db *db, void *arg, struct err *e)
{
    struct call *c = arg;
    return duty_remove(db, itemdb_as(c->t, c->who), c->item, str_z(c->why), e);
}

static void must(struct itemdb *t, store_fn fn, struct call *c)
{
    struct err e;
    c->t = t;
    if (store_write(t->o.st, fn, c, &e) != OK)
        fail_msg("%s", e.msg);
}

static void refused(
    struct itemdb *t, store_fn fn, struct call *c, enum code code, const char *words)
{
    struct err e = {.msg = ""};
    c->t = t;
    assert_int_equal(store_write(t->o.st, fn, c, &e), code);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
}

/* The night from Monday 17:30 to Tuesday 08:30. */
static int64_t night(struct itemdb *t, int a, int b, int leader)
{
    struct call c = {.who = CHIEF,
        .why = "",
        .shift = {.from_ms = at(13, 17, 30),
            .to_ms = at(14, 8, 30),
            .who = {t->person[a], b < 0 ? 0 : t->person[b], leader < 0 ? 0 : t->person[leader]}}};
    must(t, shift_fn, &c);
    return c.item;
}

static int64_t raise_alarm(struct itemdb *t, int who, enum urgency u)
{
    struct act a = {.verb = V_OPEN,
        .json = "{\"subject\":\"边坡滑塌\"}",
        .open = {.kind = S("alarm"), .urgency = u}};
    struct err e;
    if (noticedb_try(t, who, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

static size_t run_at(struct itemdb *t, int64_t now_ms)
{
    struct err e;
    size_t told = 0;
    t->now_ms = now_ms;
    if (climb_run(t->o.st, itemdb_as(t, N_PEOPLE), 0, &told, &e) != OK)
        fail_msg("%s", e.msg);
    return told;
}

static size_t called(struct itemdb *t, int who)
{
    return noticedb_unread(t, who, NOTICE_CLIMB);
}

static struct climb get(struct itemdb *t, int who, int64_t item)
{
    struct climb c = {0};
    struct err e;
    bool there = false;
    struct db *db = itemdb_read(t);
    if (climb_get(db, &t->o.a, itemdb_as(t, who), item, &c, &there, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return c;
}

/* ---- calling ---- */

static void it_climbs_until_somebody_has_it(void **state)
{
    struct itemdb *t = *state;
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    int64_t id = raise_alarm(t, OTHER, URGENCY_URGENT);
    assert_int_equal(run_at(t, at(13, 23, 0)), 1);
    assert_int_equal(called(t, STAFF), 1);
    assert_int_equal(called(t, LIAISON), 0);
    assert_int_equal(run_at(t, at(13, 23, 4)), 0);
    assert_int_equal(run_at(t, at(13, 23, 5)), 1);
    assert_int_equal(called(t, LIAISON), 1);
    assert_int_equal(called(t, LEADER), 0);
    assert_int_equal(run_at(t, at(13, 23, 10)), 1);
    assert_int_equal(called(t, LEADER), 1);
    assert_int_equal(run_at(t, at(13, 23, 15)), 1); /* round again */
    assert_int_equal(called(t, STAFF), 2);
    assert_int_equal(get(t, OTHER, id).round, 2);
    struct call c = {.who = LEADER, .item = id};
    must(t, ack_fn, &c);
    assert_int_equal(called(t, STAFF) + called(t, LIAISON) + called(t, LEADER), 0);
    assert_int_equal(run_at(t, at(14, 3, 0)), 0);
    assert_int_equal(noticedb_unread(t, OTHER, NOTICE_ANSWERED), 1);
    assert_int_equal(noticedb_unread(t, STAFF, NOTICE_TOLD), 1); /* he need not come */
    assert_int_equal(noticedb_unread(t, LEADER, NOTICE_TOLD), 0);
    struct climb k = get(t, OTHER, id);
    assert_int_equal(k.state, CLIMB_ACKED);
    assert_int_equal(k.acked_by, t->person[LEADER]);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'climb'"), 4);
    assert_int_equal(
        itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'climb_ack'"), 1);
    /* whoever has it stands in the matter, and may go on with it */
    t->now_ms = at(14, 3, 5);
    DO(t, LEADER, .verb = V_MOVE, .id = id, .revision = 6, .word = "take");
    refused(t, ack_fn, &(struct call){.who = STAFF, .item = id}, E_CONFLICT, "已经接到");
}

/* A rehearsal: seconds in the room of the minutes. */
static void steps_may_be_seconds(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    size_t told;
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    (void)raise_alarm(t, OTHER, URGENCY_URGENT);
    static const size_t want[] = {1, 0, 1, 0, 1};
    for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++, t->now_ms += 3000) {
        assert_int_equal(climb_run(t->o.st, itemdb_as(t, N_PEOPLE), 6000, &told, &e), OK);
        assert_int_equal(told, want[i]);
    }
    assert_int_equal(called(t, LEADER), 1);
}

static void every_step_is_in_the_chain(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    int64_t events, item, seq;
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    (void)raise_alarm(t, OTHER, URGENCY_URGENT);
    for (int i = 0; i < 8; i++)
        assert_int_equal(run_at(t, at(13, 23, 5 * i)), 1);
    struct db *db = itemdb_read(t);
    assert_int_equal(item_event_verify(db, &events, &item, &seq, &e), OK);
    store_read_end(db);
    assert_int_equal(events, 9);
    assert_int_equal(item, 0);
}

static void only_what_is_urgent_and_still_open(void **state)
{
    struct itemdb *t = *state;
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    (void)raise_alarm(t, OTHER, URGENCY_FAST);
    assert_int_equal(run_at(t, at(13, 23, 30)), 0);
    t->now_ms = at(13, 23, 30);
    int64_t id = raise_alarm(t, OTHER, URGENCY_URGENT);
    assert_int_equal(run_at(t, at(13, 23, 30)), 1);
    DO(t, OTHER, .verb = V_MOVE, .id = id, .revision = 2,
        .word = "take"); /* a call is no conflict: seen was 2 */
    assert_int_equal(get(t, OTHER, id).state, CLIMB_ENDED);
    assert_int_equal(called(t, STAFF), 0);
    assert_int_equal(run_at(t, at(14, 1, 0)), 0);
    /* it comes back: a new call */
    DO(t, OTHER, .verb = V_MOVE, .id = id, .revision = 3, .word = "again");
    assert_int_equal(run_at(t, at(14, 1, 1)), 1);
    assert_int_equal(called(t, STAFF), 1);
    /* made less urgent */
    DO(t, OTHER, .verb = V_EDIT, .id = id, .revision = 5, .json = "{\"urgency\":2}");
    assert_int_equal(run_at(t, at(14, 2, 0)), 0);
}

static void a_step_is_no_conflict(void **state)
{
    struct itemdb *t = *state;
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    int64_t id = raise_alarm(t, OTHER, URGENCY_URGENT);
    (void)run_at(t, at(13, 23, 0));
    (void)run_at(t, at(13, 23, 5));
    DO(t, OTHER, .verb = V_MOVE, .id = id, .revision = 1, .word = "take");
}

static void who_raised_it_is_passed_over(void **state)
{
    struct itemdb *t = *state;
    (void)night(t, STAFF, -1, LEADER);
    t->now_ms = at(13, 23, 0);
    int64_t id = raise_alarm(t, STAFF, URGENCY_URGENT);
    assert_int_equal(run_at(t, at(13, 23, 0)), 1); /* A raised it, there is no B */
    assert_int_equal(called(t, STAFF), 0);
    assert_int_equal(called(t, LEADER), 1);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM climb_step WHERE skipped <> ''"), 2);
    refused(t, ack_fn, &(struct call){.who = STAFF, .item = id}, E_DENIED, "登记人以外");
    refused(t, ack_fn, &(struct call){.who = STAFF, .item = id, .whose = t->person[OTHER]}, E_INPUT,
        "正在值班");
    /* he reaches the leader by phone and notes it */
    struct call c = {.who = STAFF, .item = id, .whose = t->person[LEADER]};
    must(t, ack_fn, &c);
    struct climb k = get(t, STAFF, id);
    assert_int_equal(k.for_person, t->person[LEADER]);
    assert_int_equal(k.acked_by, t->person[STAFF]);
    /* nobody comes: he calls again */
    c.whose = 0;
    must(t, again_fn, &c);
    assert_int_equal(run_at(t, at(13, 23, 1)), 1);
    assert_int_equal(called(t, LEADER), 1);
}

static void without_a_roster_the_chiefs_are_told(void **state)
{
    struct itemdb *t = *state;
    t->now_ms = at(13, 23, 0);
    (void)raise_alarm(t, OTHER, URGENCY_URGENT);
    assert_int_equal(run_at(t, at(13, 23, 0)), 1);
    assert_int_equal(called(t, CHIEF), 1);
    assert_int_equal(run_at(t, at(13, 23, 5)), 1);
    assert_int_equal(called(t, CHIEF), 2);
}

static void the_shift_that_is_on_is_called(void **state)
{
    struct itemdb *t = *state;
    (void)night(t, STAFF, LIAISON, LEADER);
    struct call c = {.who = CHIEF,
        .why = "",
        .shift = {.from_ms = at(14, 8, 30),
            .to_ms = at(14, 17, 30),
            .who = {t->person[SECRETARY], t->person[LIAISON2], t->person[LEADER]}}};
    must(t, shift_fn, &c);
    t->now_ms = at(14, 8, 28);
    (void)raise_alarm(t, OTHER, URGENCY_URGENT);
    assert_int_equal(run_at(t, at(14, 8, 28)), 1);
    assert_int_equal(called(t, STAFF), 1);
    assert_int_equal(run_at(t, at(14, 8, 33)), 1); /* B of the shift that has begun */
    assert_int_equal(called(t, LIAISON), 0);
    assert_int_equal(called(t, LIAISON2), 1);
}

struct node {
    struct itemdb *t;
    struct actor by;
    size_t told;
};

static void *run_node(void *arg)
{
    struct node *n = arg;
    for (int i = 0; i < 20; i++) {
        struct err e;
        size_t told = 0;
        if (climb_run(n->t->o.st, &n->by, 0, &told, &e) == OK)
            n->told += told;
    }
    return NULL;
}

static void two_nodes_tell_once(void **state)
{
    struct itemdb *t = *state;
    pthread_t thread[3];
    struct node node[3];
    (void)night(t, STAFF, LIAISON, LEADER);
    t->now_ms = at(13, 23, 0);
    for (int i = 0; i < 5; i++)
        (void)raise_alarm(t, OTHER, URGENCY_URGENT);
    size_t told = 0;
    for (int i = 0; i < 3; i++) {
        node[i] = (struct node){.t = t, .by = *itemdb_as(t, N_PEOPLE)};
        assert_int_equal(pthread_create(&thread[i], NULL, run_node, &node[i]), 0);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(thread[i], NULL);
        told += node[i].told;
    }
    assert_int_equal(told, 5);
    assert_int_equal(called(t, STAFF), 5);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_event WHERE verb = 'climb'"), 5);
}

/* ---- the language ---- */

static void read_fails(const char *climb, const char *words)
{
    struct arena a;
    struct kind *k;
    struct err e = {.msg = ""};
    struct buf b;
    struct str yaml = str_z(kind_yaml), before, after;
    arena_init(&a);
    buf_init(&b, 0);
    assert_true(str_cut(yaml, S("climb: {in: [raised], taker: handler}\n"), &before, &after));
    buf_str(&b, before);
    buf_z(&b, climb);
    buf_str(&b, after);
    assert_int_equal(kind_read(&a, buf_view(&b), "x.yaml", &k, &e), E_INPUT);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
    assert_int_equal(kind_error_line(&e), 18);
    buf_release(&b);
    arena_release(&a);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    read_fails("climb: {taker: handler}\n", "in");
    read_fails("climb: {in: [nowhere]}\n", "nowhere");
    read_fails("climb: {in: [closed]}\n", "已办结");
    read_fails("climb: {in: [raised], every: 2h}\n", "间隔");
    read_fails("climb: {in: [raised], every: 0m}\n", "间隔");
    read_fails("climb: {in: [raised], taker: subject}\n", "不是人员");
    read_fails("climb: {in: [raised], rounds: 3}\n", "rounds");
}

/* ---- the roster ---- */

static struct duty_rule rule_of(struct itemdb *t)
{
    static int64_t people[N_DUTY_SEAT][4];
    struct duty_rule r = {.climb_minutes = 5,
        .span = {{{17 * 60 + 30, 8 * 60 + 30}}, {{8 * 60 + 30, 8 * 60 + 30}},
            {{8 * 60 + 30, 8 * 60 + 30}}},
        .n_spans = {1, 1, 1}};
    const int who[4] = {STAFF, OTHER, LIAISON, SECRETARY};
    for (int i = 0; i < 4; i++)
        people[DUTY_A][i] = people[DUTY_B][i] = t->person[who[i]];
    people[DUTY_LEADER][0] = t->person[LEADER];
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        r.people[i] = people[i];
        r.n_people[i] = i == DUTY_LEADER ? 1 : 4;
    }
    return r;
}

static size_t month(struct itemdb *t, int m, struct duty_shift **v)
{
    struct err e;
    size_t n = 0;
    struct db *db = itemdb_read(t);
    int64_t from = clock_ms((struct civil){{2026, m, 1}, 0, 0, 0, 0}, ZONE_CHINA);
    if (duty_list(db, &t->o.a, from, from + 31 * MS_DAY, v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static size_t warned(
    struct itemdb *t, const struct duty_shift *v, size_t n, struct duty_warning **w)
{
    struct err e;
    size_t k = 0;
    struct db *db = itemdb_read(t);
    if (duty_warnings(db, &t->o.a, itemdb_as(t, CHIEF), v, n, w, &k, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return k;
}

/* October 2026: the holiday is the 1st to the 7th, the 10th is worked (data/calendar.tsv). */
static void a_month_goes_round_by_sort_of_day(void **state)
{
    struct itemdb *t = *state;
    struct duty_shift *v;
    struct duty_warning *w;
    struct call c = {.who = CHIEF, .rule = rule_of(t), .month = 10};
    must(t, rule_fn, &c);
    must(t, month_fn, &c);
    assert_int_equal(c.made, 31);
    assert_int_equal(month(t, 10, &v), 31);
    size_t sorts[N_DUTY_SORT] = {0}, shifts[N_PEOPLE] = {0};
    for (int i = 0; i < 31; i++) {
        sorts[v[i].sort]++;
        assert_int_equal(v[i].sort == DUTY_WORKDAY, calendar_workday(t->calendar, v[i].day));
        assert_int_not_equal(v[i].who[DUTY_A], v[i].who[DUTY_B]);
        assert_int_equal(v[i].who[DUTY_LEADER], t->person[LEADER]);
        for (int k = 0; k < N_PEOPLE; k++)
            shifts[k] += v[i].who[DUTY_A] == t->person[k] || v[i].who[DUTY_B] == t->person[k];
    }
    assert_true(sorts[DUTY_HOLIDAY] >= 7);
    assert_true(sorts[DUTY_WORKDAY] >= 15);
    assert_true(sorts[DUTY_WEEKEND] > 0);
    for (int k = 0; k < 4; k++) { /* 62 seats among four, none twice in a row */
        const int who[4] = {STAFF, OTHER, LIAISON, SECRETARY};
        assert_in_range(shifts[who[k]], 13, 18);
    }
    assert_int_equal(warned(t, v, 31, &w), 0);
    /* again: nothing is made twice; another month goes on */
    must(t, month_fn, &c);
    assert_int_equal(c.made, 0);
}

static enum code delegate(
    struct itemdb *t, struct db *db, const char *from, const char *to, struct err *e)
{
    return item_delegate(
        db, itemdb_as(t, STAFF), t->person[STAFF], t->person[OTHER], str_z(from), str_z(to), e);
}

static enum code delegate_fn(struct db *db, void *arg, struct err *e)
{
    TRY(delegate(arg, db, "2026-08-03", "2026-08-09", e));
    return delegate(arg, db, "2026-09-02", "2026-09-05", e);
}

static void who_is_away_is_passed_over_or_warned_of(void **state)
{
    struct itemdb *t = *state;
    struct duty_shift *v;
    struct duty_warning *w;
    struct call c = {.who = CHIEF, .rule = rule_of(t), .month = 8};
    struct err e;
    must(t, rule_fn, &c);
    must(t, month_fn, &c);
    size_t n = month(t, 8, &v);
    assert_int_equal(warned(t, v, n, &w), 0);
    /* 张三 is away from the 3rd to the 9th of August, noted after the roster was made */
    assert_int_equal(store_write(t->o.st, delegate_fn, t, &e), OK);
    size_t k = warned(t, v, n, &w);
    assert_true(k > 0);
    for (size_t i = 0; i < k; i++)
        assert_non_null(strstr(w[i].text.p, "已委托他人"));
    /* a roster made now leaves him out on those days */
    c.month = 9;
    must(t, month_fn, &c);
    n = month(t, 9, &v);
    for (size_t i = 0; i < n; i++)
        if (v[i].day <= day_num((struct day){2026, 9, 5}) &&
            v[i].day >= day_num((struct day){2026, 9, 2}))
            assert_false(
                v[i].who[DUTY_A] == t->person[STAFF] || v[i].who[DUTY_B] == t->person[STAFF]);
}

static void what_is_changed_is_kept(void **state)
{
    struct itemdb *t = *state;
    struct duty_change *ch;
    struct err e;
    size_t n;
    int64_t id = night(t, STAFF, LIAISON, LEADER);
    struct call c = {.who = CHIEF,
        .why = "",
        .shift = {.id = id,
            .from_ms = at(13, 17, 30),
            .to_ms = at(14, 8, 30),
            .who = {t->person[OTHER], t->person[LIAISON], t->person[LEADER]}}};
    refused(t, shift_fn, &c, E_INPUT, "为什么换人");
    c.why = "张三生病";
    must(t, shift_fn, &c);
    struct db *db = itemdb_read(t);
    assert_int_equal(duty_changes(db, &t->o.a, id, &ch, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_int_equal(ch[0].old, t->person[STAFF]);
    assert_int_equal(ch[0].now, t->person[OTHER]);
    assert_string_equal(ch[0].why.p, "张三生病");
    c.who = STAFF;
    refused(t, shift_fn, &c, E_DENIED, "科长");
    c.who = CHIEF;
    c.shift.id = 0; /* a second shift at the same time */
    refused(t, shift_fn, &c, E_CONFLICT, "已经排了");
    t->now_ms = at(15, 9, 0);
    c.shift.id = id;
    c.shift.who[DUTY_A] = t->person[STAFF];
    refused(t, shift_fn, &c, E_CONFLICT, "已经结束");
    c.item = id;
    refused(t, remove_fn, &c, E_CONFLICT, "已经开始");
}

struct swapping {
    struct itemdb *t;
    int who;
    struct duty_swap s;
    int64_t id;
    bool accept;
};

static enum code ask_fn(struct db *db, void *arg, struct err *e)
{
    struct swapping *s = arg;
    return duty_swap_ask(db, itemdb_as(s->t, s->who), &s->s, &s->id, e);
}

static enum code answer_fn(struct db *db, void *arg, struct err *e)
{
    struct swapping *s = arg;
    return duty_swap_answer(db, itemdb_as(s->t, s->who), s->id, s->accept, e);
}

static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    struct swapping *s = arg;
    return duty_swap_note(db, itemdb_as(s->t, s->who), s->id, e);
}

static size_t waiting(struct itemdb *t, int who, struct duty_swap **v)
{
    struct err e;
    size_t n = 0;
    struct db *db = itemdb_read(t);
    if (duty_swap_list(db, &t->o.a, who < 0 ? 0 : t->person[who], true, v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static void a_swap_is_asked_accepted_and_noted(void **state)
{
    struct itemdb *t = *state;
    struct duty_swap *v;
    struct duty_shift *sh;
    struct err e;
    int64_t first = night(t, STAFF, LIAISON, LEADER);
    struct call c = {.who = CHIEF,
        .why = "",
        .shift = {.from_ms = at(14, 17, 30),
            .to_ms = at(15, 8, 30),
            .who = {t->person[OTHER], t->person[SECRETARY], t->person[LEADER]}}};
    must(t, shift_fn, &c);
    struct swapping s = {.t = t,
        .who = STAFF,
        .s = {.shift = first, .other = c.item, .to = t->person[OTHER], .why = S("家里有事")}};
    assert_int_equal(store_write(t->o.st, ask_fn, &s, &e), OK);
    assert_int_equal(waiting(t, OTHER, &v), 1);
    s.accept = true;
    s.who = LIAISON; /* not his to answer */
    assert_int_equal(store_write(t->o.st, answer_fn, &s, &e), E_DENIED);
    s.who = OTHER;
    assert_int_equal(store_write(t->o.st, answer_fn, &s, &e), OK);
    assert_int_equal(store_write(t->o.st, answer_fn, &s, &e), E_CONFLICT);
    assert_int_equal(month(t, 7, &sh), 2);
    assert_int_equal(sh[0].who[DUTY_A], t->person[OTHER]);
    assert_int_equal(sh[1].who[DUTY_A], t->person[STAFF]);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM duty_change WHERE swap <> 0"), 2);
    assert_int_equal(waiting(t, -1, &v), 1);
    s.who = STAFF;
    assert_int_equal(store_write(t->o.st, note_fn, &s, &e), E_DENIED);
    s.who = CHIEF;
    assert_int_equal(store_write(t->o.st, note_fn, &s, &e), OK);
    assert_int_equal(waiting(t, -1, &v), 0);
    /* the roster has changed meanwhile: the asked swap does not fit any more */
    s = (struct swapping){
        .t = t, .who = STAFF, .s = {.shift = c.item, .to = t->person[SECRETARY], .why = S("出差")}};
    assert_int_equal(store_write(t->o.st, ask_fn, &s, &e), E_INPUT); /* she is in it already */
    s.s.to = t->person[LIAISON2];
    assert_int_equal(store_write(t->o.st, ask_fn, &s, &e), OK);
    c.shift.id = c.item;
    c.shift.who[DUTY_A] = t->person[CHIEF];
    c.why = "临时调整";
    must(t, shift_fn, &c);
    s.who = LIAISON2;
    s.accept = true;
    assert_int_equal(store_write(t->o.st, answer_fn, &s, &e), E_INPUT);
}

static void hours_are_read_as_they_are_written(void **state)
{
    struct arena a;
    struct duty_span v[DUTY_SPANS_MAX];
    struct err e;
    size_t n;
    (void)state;
    arena_init(&a);
    assert_int_equal(duty_spans_parse(S("8:30-17:30，17:30—8:30"), v, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_string_equal(duty_spans_text(&a, v, n).p, "08:30-17:30，17:30-08:30");
    assert_int_equal(duty_spans_parse(S(""), v, &n, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(duty_spans_parse(S("8:30"), v, &n, &e), E_INPUT);
    assert_int_equal(duty_spans_parse(S("8:30-25:00"), v, &n, &e), E_INPUT);
    assert_int_equal(duty_spans_parse(S("8:30-17:30,16:00-20:00"), v, &n, &e), E_INPUT);
    assert_int_equal(duty_spans_parse(S("8:30-17:30,17:30-9:00"), v, &n, &e), E_INPUT);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_climbs_until_somebody_has_it, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(every_step_is_in_the_chain, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(steps_may_be_seconds, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            only_what_is_urgent_and_still_open, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(a_step_is_no_conflict, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(who_raised_it_is_passed_over, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            without_a_roster_the_chiefs_are_told, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(the_shift_that_is_on_is_called, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(two_nodes_tell_once, set_up, itemdb_tear_down),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test_setup_teardown(
            a_month_goes_round_by_sort_of_day, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            who_is_away_is_passed_over_or_warned_of, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(what_is_changed_is_kept, set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(
            a_swap_is_asked_accepted_and_noted, set_up, itemdb_tear_down),
        cmocka_unit_test(hours_are_read_as_they_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
