/* 口头交办: a line read into fields; entered, verified, handed on, answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/oral.h"

static struct person persons[] = {
    {.id = 11, .name = SC("王江"), .title = SC("党委书记、董事长"), .roles = ROLE_LEADER},
    {.id = 12, .name = SC("江映溪"), .title = SC("总经理"), .roles = ROLE_LEADER},
    {.id = 15, .name = SC("张三"), .roles = ROLE_SECRETARY},
    {.id = 16, .name = SC("李四"), .roles = ROLE_STAFF},
};
static struct unit few_units[] = {
    {.id = 21, .name = SC("集团财务资产部"), .short_name = SC("财务资产部")},
    {.id = 23, .name = SC("集团工程管理部"), .short_name = SC("工程部")},
};
static struct remark_post posts[] = {
    {11, SC("王江"), SC("党委书记、董事长")}, {12, SC("江映溪"), SC("总经理")}};
static const struct remark_people people = {persons, few_units, posts, 4, 2, 2};

/* "leader at to,to due said" of a line typed on Monday 2026-07-13 at 17:00. */
static struct str read_line(struct arena *a, const char *line)
{
    struct oral_line o;
    struct buf at;
    struct str to = S("");
    struct calendar *cal = calendar_new();
    oral_read(a, str_z(line), &people, MONDAY + 8 * MS_HOUR, cal, &o);
    calendar_free(cal);
    for (size_t i = 0; i < o.n_to; i++)
        to = arena_printf(a, "%.*s%s%lld", SF(to), i ? "," : "", (long long)o.to[i].fit[0].id);
    buf_init(&at, 0);
    clock_write_minute(&at, o.at_ms, ZONE_CHINA);
    struct str s = arena_printf(a, "%lld %.*s [%.*s] %.*s %.*s",
        o.leader.n == 1 ? (long long)o.leader.fit[0].id : -(long long)o.leader.n, SF(buf_view(&at)),
        SF(to), SF(o.due), SF(o.said));
    buf_release(&at);
    return s;
}

static void lines(void **state)
{
    static const struct {
        const char *line, *want;
    } cases[] = {
        {"王书记 7月13日下午 让财务部周五前报资金计划",
            "11 2026-07-13 15:00 [21] 2026-07-17 让财务部周五前报资金计划"},
        {"昨天下午江总要求工程部、财务部3天内报方案",
            "12 2026-07-12 15:00 [23,21] 2026-07-15 要求工程部、财务部3天内报方案"},
        {"王江：请张三同志月底前写好材料",
            "11 2026-07-13 17:00 [15] 2026-07-31 请张三同志月底前写好材料"},
        {"王书记周五上午9点半电话里说让李四查一下",
            "11 2026-07-10 09:30 [] ? 电话里说让李四查一下"},
        {"江总 今天 15:20 让李四找张三核对", "12 2026-07-13 15:20 [16]  让李四找张三核对"},
        {"王书记 7月10日 让工程部下周三下班前报进度",
            "11 2026-07-10 09:00 [23] 2026-07-15 让工程部下周三下班前报进度"},
        {"江总让财务部12月31日前结清",
            "12 2026-07-13 17:00 [21] 2026-12-31 让财务部12月31日前结清"},
        {"赵总让财务部明天前报数", "0 2026-07-13 17:00 [] 2026-07-14 赵总让财务部明天前报数"},
        {"王书记晚上8点让财务部加班", "11 2026-07-13 17:00 [21]  让财务部加班"},
    };
    struct arena a;
    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct str got = read_line(&a, cases[i].line);
        struct str want = str_z(cases[i].want);
        if (str_has(want, S("?"))) /* no limit */
            want = S("11 2026-07-10 09:30 []  电话里说让李四查一下");
        if (!str_eq(got, want))
            fail_msg("%s:\n got <%.*s>\nwant <%.*s>", cases[i].line, SF(got), SF(want));
    }
    arena_release(&a);
}

/* ---- in the office ---- */

static int set_up(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    struct str yaml;
    const char *file;
    itemdb_open(t);
    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++)
        if (strcmp(file, "oral.yaml") == 0)
            itemdb_kind(t, arena_z(&t->o.a, yaml));
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct itemdb *t = *state;
    itemdb_close(t);
    free(t);
    return 0;
}

struct entering {
    const struct actor *by;
    struct oral_new o;
    int64_t item;
};

static enum code enter_fn(struct db *db, void *arg, struct err *e)
{
    struct entering *k = arg;
    return oral_enter(db, k->by, &k->o, &k->item, e);
}

static void do_it(struct itemdb *t, int who, struct act *a)
{
    struct err e = {.code = OK};
    a->by = itemdb_as(t, who);
    if (store_write(t->o.st, act_fn, a, &e) != OK)
        fail_msg("%s", e.msg);
}

static struct item get(struct itemdb *t, int64_t id)
{
    struct item it;
    struct err e;
    assert_int_equal(OK, itemdb_get(t, N_PEOPLE, id, &it, &e));
    return it;
}

static void from_the_line_to_the_answer(void **state)
{
    struct itemdb *t = *state;
    const int64_t unit = UNIT_FINANCE;
    struct err e = {.code = OK};
    struct ask *asks;
    struct entering k = {.by = itemdb_as(t, SECRETARY),
        .o = {.leader = t->person[LEADER],
            .at_ms = MONDAY - MS_HOUR,
            .said = S("让财务部周五前报资金计划"),
            .due = S("2026-07-17"),
            .units = &unit,
            .n_units = 1}};
    if (store_write(t->o.st, enter_fn, &k, &e) != OK)
        fail_msg("%s", e.msg);
    struct item it = get(t, k.item);
    assert_true(str_eq(it.state, S("doing")) && str_eq(it.title, S("让财务部周五前报资金计划")));
    assert_int_equal(t->person[SECRETARY], it.owner);
    assert_true(it.due_ms > MONDAY);
    assert_int_equal(1, itemdb_asks(t, k.item, &asks));
    assert_int_equal(UNIT_FINANCE, asks[0].to);
    /* whose words they are is verified by another than who entered them */
    struct act verify = {.verb = V_VERIFY, .id = k.item, .revision = 1};
    verify.by = itemdb_as(t, SECRETARY);
    assert_int_equal(E_DENIED, store_write(t->o.st, act_fn, &verify, &e));
    do_it(t, LEADER, &(struct act){.verb = V_VERIFY, .id = k.item, .revision = 1});
    assert_int_equal(1, itemdb_count(t, "SELECT count(*) FROM remark WHERE state = 2 AND seq = 1"));
    /* the answer brings it to whoever reports to the leader */
    do_it(t, LIAISON, &(struct act){.verb = V_ANSWER, .id = asks[0].id, .word = "已收"});
    do_it(t, LIAISON,
        &(struct act){.verb = V_ANSWER, .id = asks[0].id, .word = "已反馈", .text = "计划已报送"});
    it = get(t, k.item);
    do_it(t, SECRETARY,
        &(struct act){.verb = V_MOVE, .id = k.item, .revision = it.revision, .word = "finish"});
    assert_true(get(t, k.item).closed_ms > 0);
}

static void what_is_refused(void **state)
{
    struct itemdb *t = *state;
    struct err e = {.code = OK};
    struct entering k = {.by = itemdb_as(t, SECRETARY),
        .o = {.leader = t->person[LEADER], .at_ms = MONDAY + MS_HOUR, .said = S("报数")}};
    assert_int_equal(E_INPUT, store_write(t->o.st, enter_fn, &k, &e));
    k.o.at_ms = MONDAY;
    k.o.leader = 0;
    assert_int_equal(E_INPUT, store_write(t->o.st, enter_fn, &k, &e));
    k.o.leader = t->person[LEADER];
    k.by = itemdb_as(t, STAFF);
    assert_int_equal(E_DENIED, store_write(t->o.st, enter_fn, &k, &e));
    /* nobody is named: it waits to be handed on */
    k.by = itemdb_as(t, SECRETARY);
    assert_int_equal(OK, store_write(t->o.st, enter_fn, &k, &e));
    assert_true(str_eq(get(t, k.item).state, S("noted")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test_setup_teardown(from_the_line_to_the_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
