/* The delivered kind 督办: walked to its end and stopped on the way, scored, and urged by slips (催办单). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kindwalk.h"
#include "office/item_file.h"
#include "office/item_score.h"
#include "office/slip.h"

#define SUPERVISION                                                                                         \
    "{\"demand\":\"完成防汛隐患整改\",\"category\":\"重点工作\",\"lead\":\"4\",\"co\":[\"2\"]," \
    "\"due\":\"2026-07-20\",\"standard\":\"隐患清零\",\"stages\":[{\"goal\":\"排查\","                \
    "\"by\":\"2026-07-15\"}]}"

/* To where the lead unit has signed for it. */
static void supervised(struct walk *w)
{
    begin(w, SECRETARY, "supervision", SUPERVISION);
    refused(w, SECRETARY, "direct", NULL, E_DENIED); /* 重点工作 is to be approved first */
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "approve", "同意立项。", NULL);
    move(w, SECRETARY, "assign", "请抓紧办理。", NULL);
    assert_true(str_eq(get(w).number, S("督〔2026〕1号")));
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    is_in(w, "doing");
}

static void supervision_to_its_end(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "supervision", SUPERVISION);
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "reject", "完成标准不具体。", NULL);
    is_in(w, "draft");
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "approve", "同意立项。", NULL);
    move(w, SECRETARY, "assign", NULL, NULL);
    move(w, LIAISON, "object", "不属本部门职责。", NULL); /* handed out anew */
    is_in(w, "approved");
    move(w, SECRETARY, "assign", "已协调，仍由财务部牵头。", NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    move(w, LIAISON, "progress", "已排查三处。", "{\"percent\":60,\"next\":\"月底前整改\"}");
    move(w, LIAISON2, "progress", "配合完成一处。", NULL);
    refused(w, STAFF, "progress", "我来报", E_NOTFOUND);
    move(w, CHIEF, "suspend", "汛情解除前暂缓。", NULL);
    move(w, CHIEF, "resume", "恢复办理。", NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已整改完毕");
    is_in(w, "checking");
    move(w, CHIEF, "back", "佐证材料不足，请补充。", NULL);
    is_in(w, "doing");
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已补充照片");
    refused(w, SECRETARY, "pass", NULL, E_DENIED);
    move(w, CHIEF, "pass", "核查属实，同意办结。", "{\"quality\":\"较好\"}");
    is_closed(w, "closed");
}

static void supervision_that_needs_no_approval_and_is_stopped(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "supervision",
        "{\"demand\":\"落实批示\",\"category\":\"领导批示\",\"lead\":\"4\",\"due\":\"2026-07-"
        "20\"}");
    refused(w, SECRETARY, "submit", NULL, E_DENIED);
    move(w, SECRETARY, "direct", NULL, NULL);
    move(w, SECRETARY, "assign", NULL, NULL);
    refused(w, SECRETARY, "stop", "不办了", E_DENIED);
    move(w, CHIEF, "stop", "批示已由上级统一办理。", NULL);
    is_closed(w, "stopped");
}

static void supervision_merged_into_another(void **state)
{
    struct walk *w = *state;
    supervised(w);
    int64_t first = w->id;
    begin(w, SECRETARY, "supervision", SUPERVISION);
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "approve", NULL, NULL);
    move(w, SECRETARY, "assign", NULL, NULL);
    struct act merge = {.verb = V_MERGE,
        .id = w->id,
        .revision = get(w).revision,
        .other = first,
        .text = "同一件事，并案办理。"};
    struct err e;
    assert_int_equal(act(w, LIAISON, &merge, &e), E_DENIED);
    if (act(w, CHIEF, &merge, &e) != OK)
        fail_msg("%s", e.msg);
    assert_true(get(w).closed_ms != 0);
    /* what was merged counts for nobody: its limit was dropped, not met */
    struct item_score s;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(item_score(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &s, &e), E_NOTFOUND);
    store_read_end(db);
    w->id = first;
    is_in(w, "doing");
}

static struct item_score score_of(struct walk *w)
{
    struct item_score s = {0};
    struct err e;
    struct db *db = itemdb_read(&w->t);
    enum code c = item_score(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &s, &e);
    store_read_end(db);
    if (c != OK)
        fail_msg("%s", e.msg);
    return s;
}

static void extend(struct walk *w, int who, const char *day)
{
    struct act a = {.verb = V_EXTEND,
        .id = w->id,
        .revision = get(w).revision,
        .word = "finish",
        .day = day,
        .text = "雨情"};
    struct err e;
    if (act(w, who, &a, &e) != OK)
        fail_msg("%s", e.msg);
}

static void close_it(struct walk *w, const char *quality)
{
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已办好");
    move(w, CHIEF, "pass", NULL, quality);
}

/* The end of the 20th of July. */
#define DUE (MONDAY + 7 * MS_DAY + 15 * MS_HOUR)

static void a_matter_in_time_counts_by_its_quality(void **state)
{
    struct walk *w = *state;
    supervised(w);
    assert_int_equal(score_of(w).state, SCORE_OPEN);
    assert_int_equal(score_of(w).total, 0);
    w->t.now_ms = DUE - 1;
    close_it(w, "{\"quality\":\"较好\"}");
    struct item_score s = score_of(w);
    assert_int_equal(s.state, SCORE_DONE);
    assert_int_equal(s.late_days, 0);
    assert_int_equal(s.total, 800); /* 10 × 1 × 0.8 */
    assert_string_equal(item_score_words(&w->t.o.a, &s).p, "10×1×0.8−0＝8分");
}

static void overdue_is_judged_by_the_original_limit(void **state)
{
    struct walk *w = *state;
    supervised(w);
    w->t.now_ms = DUE + 36 * MS_HOUR;
    assert_int_equal(score_of(w).state, SCORE_OVERDUE);
    assert_int_equal(score_of(w).total, -100); /* two days at half a point */
    extend(w, CHIEF, "2026-07-31");            /* too late to count */
    assert_int_equal(score_of(w).original_ms, DUE);
    close_it(w, "{\"quality\":\"好\"}");
    struct item_score s = score_of(w);
    assert_int_equal(s.late_days, 2);
    assert_int_equal(s.total, 400); /* 10 × 0.5 × 1 − 1 */
}

static void an_extension_asked_for_in_time_counts(void **state)
{
    struct walk *w = *state;
    supervised(w);
    extend(w, LIAISON, "2026-07-31"); /* asked on the 13th */
    w->t.now_ms = DUE + MS_DAY;
    extend(w, CHIEF, "2026-07-31"); /* granted after the old limit */
    w->t.now_ms = DUE + 5 * MS_DAY;
    close_it(w, NULL);
    struct item_score s = score_of(w);
    assert_int_equal(s.original_ms, DUE + 11 * MS_DAY);
    assert_int_equal(s.state, SCORE_UNRATED);
    assert_int_equal(s.total, 0);
}

struct rule_job {
    const struct actor *by;
    const char *name;
    int64_t value;
};
static enum code rule_fn(struct db *db, void *arg, struct err *e)
{
    struct rule_job *j = arg;
    const struct kind *k;
    TRY(kinds_get(j->by->kinds, db, S("supervision"), 0, &k, e));
    return item_score_set(db, j->by, k, str_z(j->name), j->value, e);
}

static void the_unit_sets_its_numbers(void **state)
{
    struct walk *w = *state;
    struct rule_job j = {itemdb_as(&w->t, CHIEF), "分值:重点工作", 2000};
    struct err e;
    assert_int_equal(store_write(w->t.o.st, rule_fn, &j, &e), OK);
    j.by = itemdb_as(&w->t, SECRETARY);
    assert_int_equal(store_write(w->t.o.st, rule_fn, &j, &e), E_DENIED);
    j = (struct rule_job){itemdb_as(&w->t, CHIEF), "分值:没有的", 2000};
    assert_int_equal(store_write(w->t.o.st, rule_fn, &j, &e), E_INPUT);
    j = (struct rule_job){itemdb_as(&w->t, CHIEF), "按期", -1};
    assert_int_equal(store_write(w->t.o.st, rule_fn, &j, &e), E_INPUT);
    supervised(w);
    close_it(w, "{\"quality\":\"好\"}");
    assert_int_equal(score_of(w).total, 2000);
    struct db *db = itemdb_read(&w->t);
    const struct kind *k;
    struct item_score *v;
    size_t n;
    assert_int_equal(kinds_get(w->t.kinds, db, S("supervision"), 0, &k, &e), OK);
    assert_int_equal(item_score_list(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), k, MONDAY,
                         MONDAY + 30 * MS_DAY, &v, &n, &e),
        OK);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].lead, UNIT_FINANCE);
    assert_int_equal(v[0].total, 2000);
    assert_int_equal(item_score_list(db, &w->t.o.a, itemdb_as(&w->t, OTHER), k, MONDAY,
                         MONDAY + 30 * MS_DAY, &v, &n, &e),
        OK);
    assert_int_equal(n, 0); /* who may not see the matter */
    store_read_end(db);
}

/* ---- 催办单 ---- */

struct slip_job {
    const struct actor *by;
    int64_t item, slip;
    struct slip_new v;
    const char *why;
};
static enum code slip_fn(struct db *db, void *arg, struct err *e)
{
    struct slip_job *j = arg;
    return j->slip ? slip_void(db, j->by, j->slip, str_z(j->why), e)
                   : slip_issue(db, j->by, j->item, &j->v, e);
}

static enum code urge(struct walk *w, int who, int64_t unit, enum slip_colour colour, struct err *e)
{
    struct slip_job j = {.by = itemdb_as(&w->t, who),
        .item = w->id,
        .v = {.units = &unit,
            .n_units = 1,
            .colour = colour,
            .reason = S("请抓紧办理。"),
            .due = S("2026-07-31")}};
    return store_write(w->t.o.st, slip_fn, &j, e);
}

static size_t slips_for(struct walk *w, int who, struct slip **out)
{
    size_t n = 0;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    enum code c = slip_list(db, &w->t.o.a, itemdb_as(&w->t, who), w->id, out, &n, &e);
    store_read_end(db);
    if (c != OK)
        fail_msg("%s", e.msg);
    return n;
}

static size_t slips(struct walk *w, struct slip **out)
{
    return slips_for(w, CHIEF, out);
}

/* Who is urged hears of it, and nobody else who was asked: no notice, no row, no event. */
static void a_slip_is_between_who_sends_and_who_gets_it(void **state)
{
    struct walk *w = *state;
    struct slip *v;
    struct item_event *h;
    struct err e;
    size_t n;
    char sql[160];
    supervised(w);
    assert_int_equal(urge(w, SECRETARY, UNIT_PARTY, 0, &e), OK);
    (void)snprintf(sql, sizeof(sql),
        "SELECT count(*) FROM notice WHERE kind = 6 AND person = %lld AND text LIKE '催办单%%'",
        (long long)w->t.person[LIAISON2]);
    assert_int_equal(itemdb_count(&w->t, sql), 1);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM notice WHERE kind = 6"), 1);
    assert_int_equal(slips_for(w, LIAISON2, &v), 1);
    assert_int_equal(slips_for(w, LIAISON, &v), 0); /* it leads, and is not the one urged */
    static const int who[] = {CHIEF, LIAISON2, LIAISON};
    for (size_t i = 0; i < 3; i++) {
        struct db *db = itemdb_read(&w->t);
        size_t found = 0;
        assert_int_equal(
            item_event_list(db, &w->t.o.a, itemdb_as(&w->t, who[i]), w->id, 0, 100, &h, &n, &e),
            OK);
        for (size_t k = 0; k < n; k++)
            found += str_eq(h[k].verb, S("slip"));
        assert_int_equal(found, who[i] != LIAISON);
        assert_int_equal(
            slip_log(db, &w->t.o.a, itemdb_as(&w->t, who[i]), 2026, 0, 100, &v, &n, &e), OK);
        assert_int_equal(n, 1);
        assert_int_equal(v[0].item, who[i] == LIAISON ? 0 : w->id);
        assert_int_equal(v[0].title.n > 0, who[i] != LIAISON);
        store_read_end(db);
    }
}

static void slips_go_from_blue_to_red(void **state)
{
    struct walk *w = *state;
    struct slip *v;
    struct ask *asks;
    struct err e;
    supervised(w);
    w->t.now_ms = DUE + MS_HOUR;
    int64_t revision = get(w).revision;
    assert_int_equal(urge(w, LIAISON, UNIT_FINANCE, 0, &e), E_DENIED);
    assert_int_equal(urge(w, SECRETARY, UNIT_SECTION, 0, &e), E_INPUT); /* nobody asked it */
    assert_int_equal(urge(w, SECRETARY, UNIT_FINANCE, 0, &e), OK);
    assert_int_equal(urge(w, SECRETARY, UNIT_FINANCE, SLIP_BLUE, &e), E_INPUT);
    assert_int_equal(urge(w, SECRETARY, UNIT_FINANCE, 0, &e), OK);
    assert_int_equal(urge(w, SECRETARY, UNIT_PARTY, SLIP_RED, &e), OK); /* 紧急的可直接发 */
    assert_int_equal(slips(w, &v), 3);
    assert_int_equal(v[0].colour, SLIP_BLUE);
    assert_int_equal(v[1].colour, SLIP_YELLOW);
    assert_int_equal(v[2].colour, SLIP_RED);
    assert_string_equal(v[0].number.p, "催〔2026〕1号");
    assert_string_equal(v[2].number.p, "催〔2026〕3号");
    assert_int_equal(get(w).revision, revision + 3); /* each is an event */
    itemdb_asks(&w->t, w->id, &asks);
    assert_int_equal(asks[0].reminded, 2);
    /* a void one counts no more, its number is not given again */
    struct slip_job wrong = {
        .by = itemdb_as(&w->t, SECRETARY), .slip = v[1].id, .why = "发错了单位"};
    assert_int_equal(store_write(w->t.o.st, slip_fn, &wrong, &e), OK);
    assert_int_equal(store_write(w->t.o.st, slip_fn, &wrong, &e), E_CONFLICT);
    assert_int_equal(urge(w, SECRETARY, UNIT_FINANCE, 0, &e), OK);
    assert_int_equal(slips(w, &v), 4);
    assert_int_equal(v[3].colour, SLIP_YELLOW);
    assert_string_equal(v[3].number.p, "催〔2026〕4号");
    struct db *db = itemdb_read(&w->t);
    struct slip *log;
    size_t n;
    assert_int_equal(
        slip_log(db, &w->t.o.a, itemdb_as(&w->t, OTHER), 2026, 0, 100, &log, &n, &e), OK);
    assert_int_equal(n, 4); /* the log is whole, what it was about is hidden */
    assert_false(log[0].reason.n);
    store_read_end(db);
    close_it(w, "{\"quality\":\"好\"}");
    assert_int_equal(urge(w, SECRETARY, UNIT_PARTY, 0, &e), E_CONFLICT);
}

static void one_notice_for_each_unit(void **state)
{
    struct walk *w = *state;
    supervised(w);
    struct paper p = paper_of(w, SECRETARY, (struct paper_want){.form = S("notice")});
    assert_int_equal(p.n_sheets, 2);
    assert_string_equal(p.sheets[0].addressee.p, "财务部（牵头单位）：");
    assert_string_equal(p.sheets[1].addressee.p, "党委办公室（协办单位）：");
    assert_string_equal(p.sheets[0].sign.p, "秘书科");
    assert_int_equal(p.sheets[0].n_tables, 1);
    assert_string_equal(p.sheets[0].tables[0].lines[0].cells[1].p, "2026年7月15日");
    p = paper_of(w, SECRETARY, (struct paper_want){.form = S("notice"), .unit = UNIT_PARTY});
    assert_int_equal(p.n_sheets, 1);
    struct err e;
    w->t.now_ms = DUE + MS_HOUR;
    assert_int_equal(urge(w, SECRETARY, UNIT_FINANCE, 0, &e), OK);
    p = paper_of(w, SECRETARY, (struct paper_want){.form = S("urge")});
    assert_int_equal(p.n_sheets, 1);
    assert_string_equal(p.sheets[0].colour.p, "blue");
    assert_string_equal(p.sheets[0].number.p, "催〔2026〕1号");
    assert_non_null(strstr(p.sheets[0].paras[0].p, "已逾期1天"));
    p = paper_of(w, SECRETARY, (struct paper_want){.form = S("result")});
    assert_int_equal(p.sheets[0].n_receipts, 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(supervision_to_its_end),
        T(supervision_that_needs_no_approval_and_is_stopped),
        T(supervision_merged_into_another),
        T(a_matter_in_time_counts_by_its_quality),
        T(overdue_is_judged_by_the_original_limit),
        T(an_extension_asked_for_in_time_counts),
        T(the_unit_sets_its_numbers),
        T(a_slip_is_between_who_sends_and_who_gets_it),
        T(slips_go_from_blue_to_red),
        T(one_notice_for_each_unit),
    };
    return cmocka_run_group_tests_name("kinds_supervision", tests, NULL, NULL);
}
