/* Kinds changed knob by knob, their drafts, and the trial that leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/kind_draft.h"
#include "office/kind_patch.h"
#include "office/kind_trial.h"

static const char text[] =
    "# 一份说明\n"
    "kind: patch_test\n"
    "name: 试验\n"
    "entry: track\n"
    "title: subject\n"
    "number: 试〔{year}〕{serial}号\n"
    "roles:\n"
    "  boss: [role:chief]   # 由科长\n"
    "  lead: [field:lead]\n"
    "fields:\n"
    "  - {id: subject, name: 事由, type: text, required: true}   # 标题\n"
    "  - {id: class, name: 类别, type: choice, of: [甲, \"乙, 丙\"]}\n"
    "  - id: lead\n"
    "    name: 牵头单位\n"
    "    # 一个\n"
    "    type: unit\n"
    "    required: true\n"
    "  - {id: due, name: 期限, type: date, required: true}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [boss]}\n"
    "  doing: {name: 办理中}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - id: send\n"
    "    name: 交办\n"
    "    from: draft\n"
    "    to: doing\n"
    "    by: [boss]\n"
    "    ask: {of: [lead], purpose: 办理, answers: [已收, 已反馈], wait: all, due: due}\n"
    "  - {id: finish, name: 办结, from: doing, to: closed, by: [boss], need_answers: true}\n"
    "clocks:\n"
    "  - {id: sign, name: 签收, start: draft, stop: doing, within: 4h working}\n"
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due}\n"
    "lights:\n"
    "  - {colour: red, clock: finish, left: 0d, text: 逾期}\n"
    "  - {colour: blue, clock: finish, left: 3d, text: 临近}\n"
    "remind: {of: finish, at: [3d, 1d working], most: 2, quiet: \"21:00-07:30\"}\n"
    "phrases: [同意。, 请办。]\n"
    "ledger: [number, title, state]\n"
    "forms:\n"
    "  - {id: sheet, name: 办理单, template: item_sheet}\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, text);
}

static struct str patched(struct itemdb *t, const char *path, const char *value)
{
    struct kind_change c = {str_z(path), str_z(value)};
    struct str out = S("");
    struct err e;
    if (kind_patch(&t->o.a, str_z(text), "试.yaml", &c, 1, &out, &e) != OK)
        fail_msg("%s: %s", path, e.msg);
    return out;
}

/* The line of the text in which they differ, as it is now; all the others are what they were. */
static void one_line(struct itemdb *t, const char *path, const char *value, const char *want)
{
    struct str now = patched(t, path, value), before = str_z(text), a, b;
    bool found = false;
    while (str_next(&now, S("\n"), &a) && str_next(&before, S("\n"), &b))
        if (!str_eq(a, b)) {
            if (found || !str_eq(a, str_z(want)))
                fail_msg("%s: %.*s", path, SF(a));
            found = true;
        }
    assert_true(found);
    assert_int_equal(now.n + before.n, 0);
}

static void a_knob_changes_its_place_alone(void **state)
{
    struct itemdb *t = *state;
    one_line(t, "name", "新的名称", "name: 新的名称");
    one_line(t, "fields/subject/name", "来文, 标题",
        "  - {id: subject, name: \"来文, 标题\", type: text, required: true}   # 标题");
    one_line(t, "fields/subject/hint", "写清: 谁",
        "  - {id: subject, name: 事由, type: text, required: true, hint: \"写清: 谁\"}   # 标题");
    one_line(t, "fields/class/of", "甲\n  丁 \n\n乙, 丙",
        "  - {id: class, name: 类别, type: choice, of: [甲, 丁, \"乙, 丙\"]}");
    one_line(t, "fields/class/required", "true",
        "  - {id: class, name: 类别, type: choice, of: [甲, \"乙, 丙\"], required: true}");
    one_line(t, "fields/due/required", "", "  - {id: due, name: 期限, type: date}");
    one_line(t, "fields/lead/name", "责任\"单位\"", "    name: 责任\"单位\"");
    one_line(t, "roles/boss", "role:chief，role:secretary",
        "  boss: [role:chief, role:secretary]   # 由科长");
    one_line(t, "states/doing/name", "承办中", "  doing: {name: 承办中}");
    one_line(t, "clocks/sign/within", "2d working",
        "  - {id: sign, name: 签收, start: draft, stop: doing, within: 2d working}");
    one_line(t, "lights/1/left", "5d", "  - {colour: blue, clock: finish, left: 5d, text: 临近}");
    one_line(t, "remind/at", "5d、1d working, 0d",
        "remind: {of: finish, at: [5d, 1d working, 0d], most: 2, quiet: \"21:00-07:30\"}");
    one_line(t, "remind/quiet", "", "remind: {of: finish, at: [3d, 1d working], most: 2}");
    one_line(t, "phrases", "同意。\n已阅，请办：甲", "phrases: [同意。, 已阅，请办：甲]");
    one_line(t, "ledger", "title、lead", "ledger: [title, lead]");
    one_line(t, "forms/sheet/enabled", "",
        "  - {id: sheet, name: 办理单, template: item_sheet, enabled: false}");
}

static void values_are_said_in_words(void **state)
{
    struct itemdb *t = *state;
    static const struct {
        const char *path, *shown;
    } rows[] = {{"clocks/sign/within", "4个工作小时"}, {"remind/at", "提前3天、提前1个工作日"},
        {"roles/boss", "科长"}, {"roles/lead", "牵头单位"}, {"ledger", "编号、标题、状态"},
        {"lights/0/left", "0天"}};
    struct kind_knob *v;
    size_t n;
    struct err e;
    assert_int_equal(kind_knobs(&t->o.a, str_z(text), "试", &v, &n, &e), OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        for (size_t k = 0; k <= n; k++) {
            assert_true(k < n);
            if (!str_eq(v[k].path, str_z(rows[i].path)))
                continue;
            if (!str_eq(v[k].shown, str_z(rows[i].shown)))
                fail_msg("%s: %.*s", rows[i].path, SF(v[k].shown));
            break;
        }
    one_line(t, "clocks/sign/within", "2个工作日",
        "  - {id: sign, name: 签收, start: draft, stop: doing, within: 2d working}");
    one_line(t, "lights/1/left", "5天", "  - {colour: blue, clock: finish, left: 5d, text: 临近}");
    one_line(t, "remind/at", "提前2周、到期时、逾期1天",
        "remind: {of: finish, at: [2w, 0d, -1d], most: 2, quiet: \"21:00-07:30\"}");
    one_line(t, "roles/boss", "科长、秘书，牵头单位",
        "  boss: [role:chief, role:secretary, field:lead]   # 由科长");
    one_line(t, "ledger", "编号、牵头单位、期限、灯", "ledger: [number, lead, due, light]");
}

static void lines_come_and_go_in_block_maps(void **state)
{
    struct itemdb *t = *state;
    struct str now = patched(t, "fields/lead/hint", "只选一个");
    assert_non_null(
        strstr(now.p, "  - id: lead\n    hint: 只选一个\n    name: 牵头单位\n    # 一个\n"));
    now = patched(t, "fields/lead/required", "");
    assert_non_null(strstr(now.p, "    # 一个\n    type: unit\n  - {id: due,"));
    now = patched(t, "moves/send/confirm", "交办后不能改");
    assert_non_null(strstr(now.p, "  - id: send\n    confirm: 交办后不能改\n    name: 交办\n"));
    now = patched(t, "about", "试一试");
    assert_non_null(strstr(now.p, "kind: patch_test\nabout: 试一试\nname: 试验\n"));
    /* what is as it was, changes nothing */
    now = patched(t, "remind/at", " 3d ， 1d working ");
    assert_true(str_eq(now, str_z(text)));
}

static void what_cannot_stand_is_refused(void **state)
{
    struct itemdb *t = *state;
    static const struct {
        const char *path, *value, *words;
    } rows[] = {{"fields/none/name", "甲", "没有可以改的“fields/none/name”"},
        {"moves/send/to", "closed", "没有可以改的"}, {"clocks/sign/within", "四天", "第32行"},
        {"fields/class/of", "", "缺少“of”"}, {"ledger", "nothing", "台账的列“nothing”"},
        {"name", "甲\n乙", "太长"}, {"roles/boss", "role:nobody", "第8行"},
        {"remind/most", "很多", "第37行"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct kind_change c = {str_z(rows[i].path), str_z(rows[i].value)};
        struct str out;
        struct err e;
        assert_int_equal(kind_patch(&t->o.a, str_z(text), "试.yaml", &c, 1, &out, &e), E_INPUT);
        if (!strstr(e.msg, rows[i].words))
            fail_msg("%s: %s", rows[i].path, e.msg);
    }
}

/* Every knob of every delivered kind, turned to something else and back, gives the file as it was, or says that it cannot. */
static void knobs_of_the_delivered_kinds_turn_back(void **state)
{
    struct itemdb *t = *state;
    struct str yaml;
    const char *file;
    size_t turned = 0;
    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        struct arena a;
        struct kind_knob *v;
        size_t n;
        struct err e;
        arena_init(&a);
        if (kind_knobs(&a, yaml, file, &v, &n, &e) != OK)
            fail_msg("%s", e.msg);
        assert_true(n > 40);
        for (size_t k = 0; k < n; k++) {
            struct kind_change there = {v[k].path, S("")}, back = {v[k].path, v[k].value};
            struct str out, again;
            if (v[k].fixed)
                fail_msg("%s: %.*s is fixed", file, SF(v[k].path));
            if (v[k].type == KNOB_LINE)
                there.value = str_ends(v[k].path, S("/most"))     ? S("5")
                              : str_ends(v[k].path, S("quiet"))   ? S("22:00-06:00")
                              : str_eq(v[k].path, S("retention")) ? S("7y")
                                                                  : S("另起 名字, \"甲\": #1");
            else if (v[k].type == KNOB_LIMIT)
                there.value = S("33h");
            else if (v[k].type == KNOB_FLAG)
                there.value = v[k].value.n ? S("") : S("true");
            else
                continue;
            if (kind_patch(&a, yaml, file, &there, 1, &out, &e) != OK)
                continue; /* a seventh required field, say: refused as a whole */
            if (kind_patch(&a, out, file, &back, 1, &again, &e) != OK)
                fail_msg("%s %.*s: %s", file, SF(v[k].path), e.msg);
            struct kind_difference *d;
            size_t n_d;
            int64_t lines;
            if (kind_differences(&a, yaml, again, &d, &n_d, &lines, &e) != OK)
                fail_msg("%s", e.msg);
            assert_int_equal(n_d, 0);
            turned++;
        }
        arena_release(&a);
    }
    assert_true(turned > 300);
    (void)t;
}

static void differences_are_told(void **state)
{
    struct itemdb *t = *state;
    struct str now = patched(t, "lights/1/left", "5d");
    struct kind_difference *v;
    size_t n;
    int64_t lines;
    struct err e;
    assert_int_equal(kind_differences(&t->o.a, str_z(text), now, &v, &n, &lines, &e), OK);
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].before, S("3天")));
    assert_true(str_eq(v[0].after, S("5天")));
    assert_int_equal(lines, 2);
}

/* ---- drafts ---- */

struct copy_job {
    struct kind_copy c;
    int64_t person;
    bool drop;
};
static enum code copy_fn(struct db *db, void *arg, struct err *e)
{
    struct copy_job *j = arg;
    return j->drop ? kind_copy_drop(db, j->c.kind, j->person, e)
                   : kind_copy_save(db, &j->c, j->person, e);
}

static void each_person_has_a_copy_of_his_own(void **state)
{
    struct itemdb *t = *state;
    struct copy_job j = {{.kind = S("patch_test"), .yaml = S("a: 1"), .seen = 1}, 7, false};
    struct kind_copy c;
    bool there;
    struct err e;
    assert_int_equal(store_write(t->o.st, copy_fn, &j, &e), OK);
    j.c.yaml = S("a: 2");
    assert_int_equal(store_write(t->o.st, copy_fn, &j, &e), OK);
    struct db *db = itemdb_read(t);
    assert_int_equal(kind_copy_get(db, &t->o.a, S("patch_test"), 7, &c, &there, &e), OK);
    assert_true(there && str_eq(c.yaml, S("a: 2")) && c.seen == 1);
    assert_int_equal(kind_copy_get(db, &t->o.a, S("patch_test"), 8, &c, &there, &e), OK);
    assert_false(there);
    store_read_end(db);
    j.drop = true;
    assert_int_equal(store_write(t->o.st, copy_fn, &j, &e), OK);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM kind_draft"), 0);
}

/* ---- trial ---- */

struct trial_job {
    struct itemdb *t;
    struct trial_want want;
    struct trial out;
    bool done;
};
static enum code trial_fn(struct db *db, void *arg, struct err *e)
{
    struct trial_job *j = arg;
    return kind_trial(db, &j->t->o.a, itemdb_as(j->t, CHIEF), &j->want, &j->out, &j->done, e);
}

static struct trial try_it(struct itemdb *t, struct str yaml, const struct str *steps, size_t n)
{
    struct trial_job j = {
        .t = t, .want = {.yaml = yaml, .file = "试", .steps = steps, .n_steps = n}};
    struct err e;
    assert_int_not_equal(store_write(t->o.st, trial_fn, &j, &e), OK);
    if (!j.done)
        fail_msg("%s", e.msg);
    return j.out;
}

static int64_t rows_of_everything(struct itemdb *t)
{
    return itemdb_count(t,
        "SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM ask)"
        " + (SELECT count(*) FROM item_number) + (SELECT count(*) FROM item_event)"
        " + (SELECT count(*) FROM kind_version) + (SELECT count(*) FROM remind_due)"
        " + (SELECT count(*) FROM audit_event)");
}

static void a_trial_walks_and_leaves_nothing(void **state)
{
    struct itemdb *t = *state;
    int64_t before = rows_of_everything(t);
    struct str changed = patched(t, "lights/1/left", "5d");
    const struct str steps[] = {
        S("move:send"), S("answer:已收"), S("week"), S("answer:已反馈"), S("move:finish")};
    struct trial r = try_it(t, changed, steps, 5);
    if (r.problem.n)
        fail_msg("%.*s", SF(r.problem));
    assert_int_equal(r.n_rows, 6);
    assert_true(r.closed);
    assert_int_equal(r.n_next, 0);
    assert_string_equal(r.rows[0].number.p, "试〔2026〕1号");
    assert_true(str_eq(r.rows[1].state, S("办理中")));
    assert_int_equal(r.rows[1].n_asks, 1);
    assert_true(str_eq(r.rows[1].asks[0].words, S("已收、已反馈")));
    /* ten days from Monday the 13th: the end of the 23rd; blue five days before it by the changed text */
    int64_t due = MONDAY + 10 * MS_DAY + 15 * MS_HOUR;
    assert_int_equal(r.rows[1].asks[0].due_ms, due);
    assert_int_equal(r.rows[1].n_clocks, 1);
    assert_int_equal(r.rows[1].clocks[0].due_ms, due);
    assert_int_equal(r.rows[1].clocks[0].n_lights, 2);
    assert_int_equal(r.rows[1].clocks[0].lights[0].from_ms, due - 5 * MS_DAY);
    assert_int_equal(r.rows[1].clocks[0].n_reminds, 2);
    assert_int_equal(r.rows[3].light, LIGHT_BLUE);
    assert_int_equal(rows_of_everything(t), before);
    /* the office's registry has not learnt it either: the next real version is the published one */
    struct act open = {.by = itemdb_as(t, CHIEF),
        .verb = V_OPEN,
        .json = "{\"subject\":\"真的\",\"lead\":\"4\",\"due\":\"2026-07-20\"}",
        .open = {.kind = S("patch_test")}};
    struct err e;
    assert_int_equal(store_write(t->o.st, act_fn, &open, &e), OK);
    assert_int_equal(itemdb_count(t, "SELECT kind_version FROM item"), 1);
}

static void a_trial_says_what_stands_in_the_way(void **state)
{
    struct itemdb *t = *state;
    const struct str steps[] = {S("move:send"), S("move:finish")};
    struct trial r = try_it(t, str_z(text), steps, 2);
    assert_non_null(strstr(r.problem.p, "还有1个对象没有回复"));
    assert_int_equal(r.n_rows, 2);
    bool answer = false, blocked = false;
    for (size_t i = 0; i < r.n_next; i++) {
        answer = answer || str_eq(r.next[i].act, S("answer:已反馈"));
        blocked = blocked || (str_eq(r.next[i].act, S("move:finish")) && r.next[i].blocks);
    }
    assert_true(answer && blocked);
    struct trial_job j = {.t = t, .want = {.yaml = S("kind: x"), .file = "试"}};
    struct err e;
    assert_int_equal(store_write(t->o.st, trial_fn, &j, &e), E_INPUT);
    assert_false(j.done);
    assert_non_null(strstr(e.msg, "文件“试”第1行"));
}

/* Each delivered kind can at least be begun and has a first step. */
static void delivered_kinds_can_be_tried(void **state)
{
    struct itemdb *t = *state;
    struct str yaml;
    const char *file;
    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        struct trial r = try_it(t, yaml, NULL, 0);
        assert_int_equal(r.n_rows, 1);
        if (!r.n_next)
            fail_msg("%s", file);
        const struct str steps[] = {r.next[0].act};
        r = try_it(t, yaml, steps, 1);
        if (r.problem.n)
            fail_msg("%s: %.*s", file, SF(r.problem));
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_knob_changes_its_place_alone),
        T(values_are_said_in_words),
        T(lines_come_and_go_in_block_maps),
        T(what_cannot_stand_is_refused),
        T(knobs_of_the_delivered_kinds_turn_back),
        T(differences_are_told),
        T(each_person_has_a_copy_of_his_own),
        T(a_trial_walks_and_leaves_nothing),
        T(a_trial_says_what_stands_in_the_way),
        T(delivered_kinds_can_be_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
