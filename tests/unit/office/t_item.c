#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/ask_matrix.h"
#include "office/document.h"

static const char track[] =
    "kind: track_test\n"
    "name: 督办\n"
    "about: 试验\n"
    "entry: track\n"
    "number: 督〔{year}〕{serial:03}号\n"
    "number_at: assign\n"
    "title: demand\n"
    "level: open\n"
    "roles:\n"
    "  chief: [role:chief]\n"
    "  drafter: [owner]\n"
    "  lead: [field:lead]\n"
    "fields:\n"
    "  - {id: demand, name: 工作要求, type: longtext, required: true, max: 40}\n"
    "  - {id: category, name: 分类, type: choice, of: [上级部署, 其他]}\n"
    "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"
    "  - {id: co, name: 协办单位, type: units}\n"
    "  - {id: due, name: 完成期限, type: date, required: true}\n"
    "  - {id: money, name: 金额, type: number}\n"
    "  - {id: batch, name: 批次, type: text, required: true, when: \"category = 上级部署\"}\n"
    "  - {id: secret, name: 内部意见, type: text, see: [role:chief]}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [drafter]}\n"
    "  pending: {name: 待立项, edit: [chief]}\n"
    "  assigned: {name: 待签收}\n"
    "  doing: {name: 办理中}\n"
    "  suspended: {name: 暂缓}\n"
    "  checking: {name: 待核查}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: submit, name: 提交立项, from: [draft], to: pending, by: [drafter], opinion: none}\n"
    "  - id: assign\n"
    "    name: 交办\n"
    "    from: [pending]\n"
    "    to: assigned\n"
    "    by: [chief]\n"
    "    opinion: required\n"
    "    set: [due]\n"
    "    ask: {of: [lead, 'field:co'], purpose: 办理, answers: [已收, 已反馈], wait: all, due: "
    "due}\n"
    "  - {id: receipt, name: 签收, from: [assigned], to: doing, by: [lead], when_answered: 已收}\n"
    "  - {id: report, name: 报结, from: [doing], to: checking, by: [lead], opinion: required, "
    "need_answers: true}\n"
    "  - {id: suspend, name: 暂缓, from: [doing], to: suspended, by: [chief]}\n"
    "  - {id: resume, name: 恢复, from: [suspended], to: doing, by: [chief]}\n"
    "  - {id: pass, name: 核查通过, from: [checking], to: closed, by: [chief]}\n"
    "  - {id: back, name: 退回重办, from: [checking], to: doing, by: [chief], opinion: required, "
    "kind: return}\n"
    "clocks:\n"
    "  - {id: receipt, name: 签收, start: assigned, stop: doing, within: 4h working}\n"
    "  - {id: finish, name: 办结, start: assigned, stop: closed, due: due, pause: [suspended], "
    "extend: [chief]}\n"
    "lights:\n"
    "  - {colour: red, clock: finish, left: 0d, text: 逾期未办结}\n"
    "  - {colour: yellow, clock: finish, left: 3d, text: 临近期限}\n"
    "ledger: [number, title, lead, due, state, light]\n";

static const char late[] =
    "kind: late_test\n"
    "name: 任务\n"
    "about: 试验\n"
    "entry: track\n"
    "title: demand\n"
    "level: open\n"
    "roles:\n"
    "  drafter: [owner]\n"
    "fields:\n"
    "  - {id: demand, name: 工作要求, type: longtext, required: true, max: 40}\n"
    "  - {id: due, name: 完成期限, type: date}\n"
    "states:\n"
    "  draft: {name: 草稿, edit: [drafter]}\n"
    "  doing: {name: 办理中, edit: [drafter]}\n"
    "  checking: {name: 核查中, edit: [drafter]}\n"
    "  closed: {name: 已办结, closed: true}\n"
    "moves:\n"
    "  - {id: start, name: 开始, from: [draft], to: doing, by: [drafter]}\n"
    "  - {id: stop, name: 送核查, from: [doing], to: checking, by: [drafter]}\n"
    "  - {id: pass, name: 办结, from: [checking], to: closed, by: [drafter]}\n"
    "clocks:\n"
    "  - {id: finish, name: 办结, start: doing, stop: checking, due: due}\n"
    "ledger: [title, due, state]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, track);
}

static int64_t open_item(struct itemdb *t, int who, const char *json, bool draft)
{
    struct act a = {
        .verb = V_OPEN, .json = json, .open = {.kind = S("track_test"), .draft = draft}};
    struct err e;
    if (itemdb_act(t, who, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

/* Lead is unit 4 (财务部), co unit 2 (党委办公室). */
#define FULL                                                                                             \
    "{\"demand\":\"落实防汛责任\",\"lead\":\"4\",\"co\":[\"2\"],\"due\":\"2026-07-20\",\"money\":" \
    "12.5}"

static int64_t assigned(struct itemdb *t)
{
    int64_t id = open_item(t, SECRETARY, FULL, false);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 2, .word = "assign", .text = "请抓紧办理");
    return id;
}

static struct item get(struct itemdb *t, int who, int64_t id)
{
    struct item it;
    struct err e;
    if (itemdb_get(t, who, id, &it, &e) != OK)
        fail_msg("%s", e.msg);
    return it;
}

static int64_t ask_to(struct itemdb *t, int64_t item, int64_t to)
{
    struct ask *v;
    size_t n = itemdb_asks(t, item, &v);
    for (size_t i = n; i-- > 0;)
        if (v[i].to == to)
            return v[i].id;
    return 0;
}

static void a_matter_goes_its_way(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    struct item it = get(t, CHIEF, id);
    assert_true(str_eq(it.state, S("assigned")));
    assert_true(str_eq(it.number, S("督〔2026〕001号")));
    assert_true(str_eq(it.title, S("落实防汛责任")));
    assert_int_equal(it.revision, 3);
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    assert_true(str_eq(get(t, CHIEF, id).state, S("doing")));
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已收");
    REFUSED(t, LIAISON, E_CONFLICT, "还有2个对象没有回复", .verb = V_MOVE, .id = id, .revision = 5,
        .word = "report", .text = "已办好");
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已反馈",
        .text = "已落实");
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已反馈");
    DO(t, LIAISON, .verb = V_MOVE, .id = id, .revision = 7, .word = "report", .text = "已办好");
    REFUSED(
        t, CHIEF, E_INPUT, "要填写意见", .verb = V_MOVE, .id = id, .revision = 8, .word = "back");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 8, .word = "pass");
    it = get(t, CHIEF, id);
    assert_true(it.closed_ms != 0);
    assert_int_equal(it.revision, 9);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_event"), 9);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_clock WHERE state = 1"), 2);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_light"), 0);
}

static void what_is_not_filled_in_is_named(void **state)
{
    struct itemdb *t = *state;
    struct act a = {.verb = V_OPEN, .open = {.kind = S("track_test")}};
    static const struct {
        const char *json, *words;
        enum code code;
    } rows[] = {
        {"{\"lead\":\"4\"}", "“工作要求”没有填写", E_INPUT},
        {"{\"demand\":\"防汛\"}", "“牵头单位”没有填写", E_INPUT},
        {"{\"demand\":\"防汛\",\"lead\":\"4\",\"category\":\"上级部署\"}", "“批次”没有填写",
            E_INPUT},
        {"{\"demand\":\"防汛\",\"lead\":\"99\"}", "“牵头单位”所选的对象不存在", E_INPUT},
        {"{\"demand\":\"防汛\",\"lead\":\"4\",\"category\":\"别的\"}", "没有“别的”这一选项",
            E_INPUT},
        {"{\"demand\":\"防汛\",\"lead\":\"4\",\"money\":\"一百\"}", "“金额”应当是数字", E_INPUT},
        {"{\"demand\":\"防汛\",\"lead\":\"4\",\"due\":\"2026-02-30\"}", "“完成期限”", E_INPUT},
        {"{\"demand\":\"防汛\",\"what\":\"4\"}", "没有“what”这一栏", E_INPUT},
        {"{\"demand\":"
         "\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一\"}",
            "超过40个字", E_LIMIT},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct err e;
        a.json = rows[i].json;
        assert_int_equal(itemdb_act(t, SECRETARY, &a, &e), rows[i].code);
        if (!strstr(e.msg, rows[i].words))
            fail_msg("%s: %s", rows[i].json, e.msg);
    }
    int64_t id = open_item(t, SECRETARY, "{\"demand\":\"防汛\"}", true);
    REFUSED(t, SECRETARY, E_INPUT, "“牵头单位”没有填写", .verb = V_MOVE, .id = id, .revision = 1,
        .word = "submit");
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 1,
        .json = "{\"lead\":\"4\",\"money\":-3}");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 2, .word = "submit");
    REFUSED(t, CHIEF, E_INPUT, "“完成期限”没有填写", .verb = V_MOVE, .id = id, .revision = 3,
        .word = "assign", .text = "办");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 3, .word = "assign", .text = "办",
        .json = "{\"due\":\"2026-07-20\"}");
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_value"), 4);
}

static void who_may_not_is_told(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY, FULL, false);
    struct item it;
    struct err e;
    REFUSED(t, CHIEF, E_DENIED, "您不能“提交立项”", .verb = V_MOVE, .id = id, .revision = 1,
        .word = "submit");
    REFUSED(t, CHIEF, E_DENIED, "您不能修改", .verb = V_EDIT, .id = id, .revision = 1,
        .json = "{\"demand\":\"别的\"}");
    REFUSED(t, SECRETARY, E_CONFLICT, "现在是“草稿”", .verb = V_MOVE, .id = id, .revision = 1,
        .word = "pass");
    assert_int_equal(itemdb_get(t, STAFF, id, &it, &e), E_NOTFOUND);
    assert_int_equal(itemdb_get(t, ADMIN, id, &it, &e), E_NOTFOUND);
    assert_int_equal(itemdb_get(t, LIAISON, id, &it, &e), OK); /* its unit is named as lead */
    REFUSED(t, STAFF, E_NOTFOUND, "没有这件事项", .verb = V_MOVE, .id = id, .revision = 1,
        .word = "submit");
}

static void the_second_is_told_who_did_what(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY, FULL, false);
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 1,
        .json = "{\"demand\":\"落实防汛抗旱责任\"}");
    REFUSED(t, SECRETARY, E_CONFLICT, "“张三”已在2026-07-13 09:00做了“修改”", .verb = V_MOVE,
        .id = id, .revision = 1, .word = "submit");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 2, .word = "submit");
    REFUSED(t, SECRETARY, E_CONFLICT, "做了“提交立项”", .verb = V_MOVE, .id = id, .revision = 2,
        .word = "submit");
    assert_int_equal(get(t, CHIEF, id).revision, 3);
}

static void answers_do_not_disturb_who_writes(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    DO(t, LIAISON2, .verb = V_SEEN, .id = ask_to(t, id, UNIT_PARTY));
    DO(t, LIAISON2, .verb = V_SEEN, .id = ask_to(t, id, UNIT_PARTY));
    assert_int_equal(get(t, CHIEF, id).revision, 4); /* seen twice is seen once */
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已收");
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 3, .word = "finish", .day = "2026-07-31",
        .text = "雨情");
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    REFUSED(t, CHIEF, E_CONFLICT, "做了“签收”", .verb = V_EXTEND, .id = id, .revision = 6,
        .word = "finish", .day = "2026-08-31", .text = "雨情");
}

/* A hundred people read, answer, remark and add files while one writes; his page is as true as before. Whom somebody asks meanwhile
 * stands in the way of a move and of nothing else. */
static void what_others_say_does_not_disturb_who_writes(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    struct ask_new read = {.to_kind = PRINCIPAL_PERSON,
        .to = t->person[STAFF],
        .purpose = S("传阅"),
        .answers = S("已阅"),
        .wait = WAIT_NONE};
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    int64_t seen = get(t, CHIEF, id).revision;
    for (int i = 0; i < 1100; i++)
        DO(t, LIAISON2, .verb = V_REMARK, .id = id, .text = "收到");
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已收");
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已反馈");
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已反馈");
    DO(t, CHIEF, .verb = V_SEND, .id = id, .ask = read);
    assert_int_equal(get(t, CHIEF, id).stand, seen);
    read.to = t->person[OTHER];
    read.wait = WAIT_ALL;
    DO(t, CHIEF, .verb = V_SEND, .id = id, .ask = read);
    REFUSED(t, LIAISON, E_CONFLICT, "又请“张三”传阅", .verb = V_MOVE, .id = id, .revision = seen,
        .word = "report", .text = "已办好");
    DO(t, CHIEF, .verb = V_UNASK, .id = ask_to(t, id, t->person[OTHER]), .text = "误发");
    DO(t, LIAISON, .verb = V_MOVE, .id = id, .revision = seen, .word = "report", .text = "已办好");
    assert_int_equal(get(t, CHIEF, id).stand, get(t, CHIEF, id).revision);
    REFUSED(t, CHIEF, E_CONFLICT, "做了“报结”", .verb = V_HAND_OVER, .id = id, .revision = seen,
        .other = t->person[SECRETARY]);
}

static void an_answer_is_one_of_those_given(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t), ask = ask_to(t, id, UNIT_FINANCE);
    REFUSED(
        t, LIAISON2, E_DENIED, "是请“财务部”办理的", .verb = V_ANSWER, .id = ask, .word = "已收");
    REFUSED(t, LIAISON, E_INPUT, "不能回复“知道了”", .verb = V_ANSWER, .id = ask, .word = "知道了");
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask, .word = "已反馈");
    REFUSED(
        t, LIAISON, E_CONFLICT, "已经回复过“已反馈”", .verb = V_ANSWER, .id = ask, .word = "已收");
    REFUSED(t, CHIEF, E_CONFLICT, "已经回复或收回", .verb = V_UNASK, .id = ask, .text = "误发");
    DO(t, CHIEF, .verb = V_REMIND, .id = ask_to(t, id, UNIT_PARTY), .text = "请尽快");
    DO(t, CHIEF, .verb = V_UNASK, .id = ask_to(t, id, UNIT_PARTY), .text = "误发");
    REFUSED(t, LIAISON2, E_CONFLICT, "已经收回", .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY),
        .word = "已收");
}

static void a_unit_passes_it_down(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t), ask = ask_to(t, id, UNIT_FINANCE);
    struct ask_new down = {.to_kind = PRINCIPAL_PERSON,
        .to = t->person[STAFF],
        .parent = ask,
        .purpose = S("报数据"),
        .answers = S("已报"),
        .wait = WAIT_ALL};
    REFUSED(t, LIAISON2, E_DENIED, "您不能请他人办理", .verb = V_SEND, .id = id, .ask = down);
    DO(t, LIAISON, .verb = V_SEND, .id = id, .ask = down);
    DO(t, STAFF, .verb = V_ANSWER, .id = ask_to(t, id, t->person[STAFF]), .word = "已报",
        .text = "12.5");
    struct ask *v;
    size_t n = itemdb_asks(t, id, &v);
    assert_int_equal(n, 3);
    assert_int_equal(v[2].parent, ask);
    assert_int_equal(v[2].state, ASK_ANSWERED);
    assert_true(str_eq(v[2].text, S("12.5")));
    assert_int_equal(v[0].state, ASK_OPEN); /* the unit still has to answer */
}

/* Monday 09:00 + 4 working hours: 12:00 is three, 14:30 four. */
static void clocks_run_in_working_time_and_stand_still(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    assert_int_equal(itemdb_count(t, "SELECT due FROM item_clock WHERE clock = 'receipt'"),
        MONDAY + 5 * MS_HOUR + 30 * MS_MINUTE);
    int64_t due = MONDAY + 7 * MS_DAY + 15 * MS_HOUR; /* the end of the 20th */
    assert_int_equal(itemdb_count(t, "SELECT due FROM item_clock WHERE clock = 'finish'"), due);
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_NONE);
    t->now_ms = due - 3 * MS_DAY - 1;
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_NONE);
    t->now_ms = due - 3 * MS_DAY;
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_YELLOW);
    t->now_ms = due;
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_RED);
    assert_true(str_eq(get(t, CHIEF, id).light_text, S("逾期未办结")));
    t->now_ms = MONDAY + MS_DAY;
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 4, .word = "suspend");
    t->now_ms = due;
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_NONE);
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 5, .word = "resume");
    assert_int_equal(get(t, CHIEF, id).light, LIGHT_RED); /* a day that was given stays */
}

static void more_time_is_asked_for_and_granted(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t), due = MONDAY + 7 * MS_DAY + 15 * MS_HOUR;
    REFUSED(t, LIAISON2, E_DENIED, "不能为这件事项申请延期", .verb = V_EXTEND, .id = id,
        .revision = 3, .word = "finish", .day = "2026-07-31", .text = "雨情");
    REFUSED(t, CHIEF, E_INPUT, "应当晚于现在的期限", .verb = V_EXTEND, .id = id, .revision = 3,
        .word = "finish", .day = "2026-07-19", .text = "雨情");
    DO(t, LIAISON, .verb = V_EXTEND, .id = id, .revision = 3, .word = "finish", .day = "2026-07-31",
        .text = "雨情");
    assert_int_equal(itemdb_count(t, "SELECT due FROM item_clock WHERE clock = 'finish'"), due);
    t->now_ms = due + MS_DAY; /* granted late, and asked for in time */
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 4, .word = "finish", .day = "2026-07-31",
        .text = "同意");
    assert_int_equal(itemdb_count(t, "SELECT original FROM item_clock WHERE clock = 'finish'"),
        due + 11 * MS_DAY);
    t->now_ms = due + 12 * MS_DAY; /* nobody asked in time: lateness stays */
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 5, .word = "finish", .day = "2026-08-31",
        .text = "同意");
    assert_int_equal(itemdb_count(t, "SELECT original FROM item_clock WHERE clock = 'finish'"),
        due + 11 * MS_DAY);
    assert_int_equal(
        itemdb_count(t, "SELECT due FROM item_clock WHERE clock = 'finish'"), due + 42 * MS_DAY);
}

static void hidden_fields_are_left_out(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY, FULL, false);
    REFUSED(t, SECRETARY, E_DENIED, "您不能修改“内部意见”", .verb = V_EDIT, .id = id, .revision = 1,
        .json = "{\"secret\":\"看\"}");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    DO(t, CHIEF, .verb = V_EDIT, .id = id, .revision = 2, .json = "{\"secret\":\"暂不公开\"}");
    assert_true(str_has(get(t, CHIEF, id).fields, S("暂不公开")));
    assert_false(str_has(get(t, SECRETARY, id).fields, S("暂不公开")));
    assert_true(str_has(get(t, SECRETARY, id).fields, S("落实防汛责任")));
}

/* What is hidden in the item is hidden in its history, and who may not see the item reads nothing of it. */
static void reading_is_judged(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY, FULL, false);
    struct item_event *ev;
    struct item_clock *clocks;
    struct ask *asks, one;
    struct err e;
    size_t n;
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    DO(t, CHIEF, .verb = V_EDIT, .id = id, .revision = 2,
        .json = "{\"secret\":\"暂不公开\",\"money\":\"7\"}");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 3, .word = "assign", .text = "请抓紧办理");
    struct db *db = itemdb_read(t);
    struct arena *a = &t->o.a;
    assert_int_equal(item_event_list(db, a, itemdb_as(t, CHIEF), id, 2, 1, &ev, &n, &e), OK);
    assert_true(str_has(ev[0].payload, S("暂不公开")));
    assert_int_equal(item_event_list(db, a, itemdb_as(t, SECRETARY), id, 2, 1, &ev, &n, &e), OK);
    assert_false(str_has(ev[0].payload, S("暂不公开")));
    assert_false(str_has(ev[0].payload, S("secret")));
    assert_true(str_has(ev[0].payload, S("money")));
    const struct actor *other = itemdb_as(t, STAFF);
    assert_int_equal(item_event_list(db, a, other, id, 0, 9, &ev, &n, &e), E_NOTFOUND);
    assert_int_equal(ask_list(db, a, itemdb_as(t, LIAISON), id, &asks, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_int_equal(ask_get(db, a, itemdb_as(t, LIAISON), asks[0].id, &one, &e), OK);
    assert_int_equal(ask_get(db, a, other, asks[0].id, &one, &e), E_NOTFOUND);
    assert_int_equal(ask_list(db, a, other, id, &asks, &n, &e), E_NOTFOUND);
    assert_int_equal(item_clock_list(db, a, itemdb_as(t, LIAISON), id, &clocks, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_true(str_eq(clocks[0].name, S("办结")));
    assert_int_equal(item_clock_list(db, a, other, id, &clocks, &n, &e), E_NOTFOUND);
    store_read_end(db);
    REFUSED(t, CHIEF, E_INPUT, "没有说明是在哪一版", .verb = V_RETURN, .id = id, .revision = -1,
        .word = "pending", .text = "补充");
    REFUSED(t, CHIEF, E_INPUT, "没有说明是在哪一版", .verb = V_EXTEND, .id = id, .revision = 0,
        .word = "finish", .day = "2026-07-31", .text = "雨情");
}

static enum code list_by(
    struct itemdb *t, int who, const struct item_filter *f, size_t *n, struct err *e)
{
    struct item_page p = {.n = 0};
    struct db *db = itemdb_read(t);
    enum code c = item_list(db, &t->o.a, itemdb_as(t, who), f, 10, &p, e);
    store_read_end(db);
    *n = p.n;
    return c;
}

/* Else what is hidden could be found by trying. */
static void a_hidden_field_is_no_key(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY, FULL, false);
    struct err e;
    size_t n;
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    DO(t, CHIEF, .verb = V_EDIT, .id = id, .revision = 2, .json = "{\"secret\":\"暂不公开\"}");
    const struct item_filter by[] = {
        {.kind = S("track_test"), .field = S("secret"), .value = S("暂不公开")},
        {.kind = S("track_test"), .sort = SORT_FIELD, .sort_field = S("secret")},
        {.kind = S("track_test"),
            .where = {{.field = S("secret"), .text = S("暂")}},
            .n_where = 1}};
    for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++) {
        assert_int_equal(list_by(t, SECRETARY, &by[i], &n, &e), E_DENIED);
        assert_non_null(strstr(e.msg, "“内部意见”只对部分人员可见"));
        assert_int_equal(list_by(t, CHIEF, &by[i], &n, &e), OK);
        assert_int_equal(n, 1);
    }
    const struct item_filter open = {
        .kind = S("track_test"), .field = S("category"), .value = S("其他")};
    assert_int_equal(list_by(t, SECRETARY, &open, &n, &e), OK);
}

static enum code posts_fn(struct db *db, void *arg, struct err *e)
{
    struct itemdb *t = arg;
    const struct post v = {.unit = UNIT_FINANCE, .roles = ROLE_LIAISON};
    return person_posts_save(db, t->person[LIAISON2], &v, 1, 0, e);
}

/* The liaison of one unit who is also that of another acts for both, and his boxes hold what lies with either. */
static void who_works_in_two_units_acts_for_both(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t),
            other = open_item(t, SECRETARY, "{\"demand\":\"清点\",\"lead\":\"4\"}", false);
    struct item_filter todo = {.box = BOX_TODO};
    struct item it;
    struct err e;
    size_t n;
    assert_int_equal(itemdb_get(t, LIAISON2, other, &it, &e), E_NOTFOUND);
    REFUSED(t, LIAISON2, E_DENIED, "是请“财务部”办理的", .verb = V_ANSWER,
        .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    assert_int_equal(list_by(t, LIAISON2, &todo, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(store_write(t->o.st, posts_fn, t, &e), OK);
    assert_int_equal(itemdb_get(t, LIAISON2, other, &it, &e), OK);
    assert_int_equal(list_by(t, LIAISON2, &(struct item_filter){.box = BOX_ALL}, &n, &e), OK);
    assert_int_equal(n, 2);
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    assert_true(str_eq(get(t, CHIEF, id).state, S("doing")));
}

static int64_t open_secret(struct itemdb *t)
{
    struct act a = {.verb = V_OPEN,
        .json = FULL,
        .open = {.kind = S("track_test"), .level = LEVEL_WORK_SECRET, .unit = UNIT_FINANCE}};
    struct err e;
    if (itemdb_act(t, LIAISON, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

static enum code move_unit_fn(struct db *db, void *arg, struct err *e)
{
    struct unit u;
    struct arena a;
    arena_init(&a);
    enum code c = unit_get(db, &a, UNIT_FINANCE, &u, e);
    if (c == OK) {
        u.parent = *(int64_t *)arg;
        c = unit_save(db, &u, 0, e);
    }
    arena_release(&a);
    return c;
}

/* 工作秘密 is seen by the chiefs above its unit: above it as the tree stands now. */
static void secrets_follow_the_tree(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_secret(t), section = UNIT_SECTION, root = UNIT_ROOT;
    struct item it;
    struct err e;
    assert_int_equal(itemdb_get(t, CHIEF, id, &it, &e), E_NOTFOUND); /* chief of the section */
    DO(t, LIAISON, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    assert_int_equal(store_write(t->o.st, move_unit_fn, &section, &e), OK);
    assert_int_equal(itemdb_get(t, CHIEF, id, &it, &e), OK);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_grant WHERE kind = 4"), 4);
    assert_int_equal(/* a move of chiefs waits, so it lies in the new one's box as well */
        itemdb_count(t, "SELECT count(*) FROM item_grant WHERE kind = 4 AND box = 1"), 4);
    assert_int_equal(store_write(t->o.st, move_unit_fn, &root, &e), OK);
    assert_int_equal(itemdb_get(t, CHIEF, id, &it, &e), E_NOTFOUND);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_grant WHERE kind = 4"), 2);
}

static size_t clocks_of(struct itemdb *t, int64_t id, struct item_clock **v)
{
    size_t n = 0;
    struct err e;
    struct db *db = itemdb_read(t);
    assert_int_equal(item_clock_list(db, &t->o.a, itemdb_as(t, N_PEOPLE), id, v, &n, &e), OK);
    store_read_end(db);
    return n;
}

/* Assigned without a day, which comes later: the clock runs from the assignment. Taken away, it ends, and says so. */
static void a_day_that_comes_late_starts_its_clock(void **state)
{
    struct itemdb *t = *state;
    struct item_clock *v;
    int64_t id;
    struct err e;
    struct db *db;
    itemdb_kind(t, late);
    struct act a = {
        .verb = V_OPEN, .json = "{\"demand\":\"清点\"}", .open = {.kind = S("late_test")}};
    assert_int_equal(itemdb_act(t, SECRETARY, &a, &e), OK);
    id = a.id;
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "start");
    assert_int_equal(clocks_of(t, id, &v), 0);
    t->now_ms += MS_DAY;
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 2, .json = "{\"due\":\"2026-07-20\"}");
    assert_int_equal(clocks_of(t, id, &v), 1);
    assert_int_equal(v[0].started_ms, MONDAY);
    assert_int_equal(v[0].due_ms, MONDAY + 7 * MS_DAY + 15 * MS_HOUR);
    assert_int_equal(v[0].state, CLOCK_RUNNING);
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 3, .json = "{\"due\":null}");
    assert_int_equal(clocks_of(t, id, &v), 1);
    assert_int_equal(v[0].state, CLOCK_DROPPED);
    assert_true(str_eq(v[0].why, S("取消期限")));
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 4, .json = "{\"due\":\"2026-07-21\"}");
    assert_int_equal(clocks_of(t, id, &v), 2);
    assert_int_equal(v[1].run, 2);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 5, .word = "stop");
    DO(t, SECRETARY, .verb = V_EDIT, .id = id, .revision = 6, .json = "{\"due\":\"2026-07-22\"}");
    assert_int_equal(clocks_of(t, id, &v), 2); /* behind its stop no day starts it */
    assert_int_equal(v[1].state, CLOCK_MET);
    /* a grant changes the field the day comes from, and the event has both */
    id = assigned(t);
    DO(t, CHIEF, .verb = V_EXTEND, .id = id, .revision = 3, .word = "finish", .day = "2026-07-31",
        .text = "雨情");
    assert_true(str_has(get(t, CHIEF, id).fields, S("\"due\":\"2026-07-31\"")));
    struct item_event *ev;
    size_t n;
    db = itemdb_read(t);
    assert_int_equal(item_event_list(db, &t->o.a, itemdb_as(t, CHIEF), id, 3, 1, &ev, &n, &e), OK);
    store_read_end(db);
    assert_true(str_has(ev[0].payload, S("\"set\":{\"due\":[\"2026-07-20\",\"2026-07-31\"]}")));
    assert_true(str_has(ev[0].payload, S("\"why\":\"雨情\"")));
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_value WHERE field = 'due' AND text"
                                     " = '2026-07-31'"),
        1);
}

/* Sent back, it lies again with whoever it lay with there: the lead and the other unit, both of whom had answered. */
static void who_stood_there_is_asked_again(void **state)
{
    struct itemdb *t = *state;
    struct ask *v;
    int64_t id = assigned(t);
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    t->now_ms += MS_HOUR;
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已反馈");
    DO(t, LIAISON2, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_PARTY), .word = "已反馈");
    t->now_ms += MS_HOUR;
    DO(t, LIAISON, .verb = V_MOVE, .id = id, .revision = 6, .word = "report", .text = "已办好");
    t->now_ms += MS_HOUR;
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 7, .word = "back", .text = "数据不实");
    assert_true(str_eq(get(t, CHIEF, id).state, S("doing")));
    assert_int_equal(itemdb_asks(t, id, &v), 4);
    assert_int_equal(v[2].state, ASK_OPEN);
    assert_int_equal(v[2].to, UNIT_FINANCE);
    assert_int_equal(v[3].state, ASK_OPEN);
    REFUSED(t, LIAISON, E_CONFLICT, "还有2个对象没有回复", .verb = V_MOVE, .id = id, .revision = 8,
        .word = "report", .text = "已办好");
    DO(t, CHIEF, .verb = V_RETURN, .id = id, .revision = 8, .word = "pending", .text = "重新交办");
    assert_int_equal(itemdb_asks(t, id, &v), 4); /* there nobody had been asked */
    assert_int_equal(v[3].state, ASK_VOID);
}

struct numbering {
    const struct actor *by;
    int64_t first;
    int op;
};
static enum code numbering_fn(struct db *db, void *arg, struct err *e)
{
    struct numbering *n = arg;
    return n->op == 0 ? item_number_reserve(db, n->by, (struct number_run){.kind = S("track_test")},
                            3, S("留号"), &n->first, e)
                      : item_number_void(db, n->by, (struct number_run){.kind = S("track_test")},
                            2026, n->op, S("重复"), e);
}

static void a_number_is_given_once(void **state)
{
    struct itemdb *t = *state;
    struct numbering n = {.by = itemdb_as(t, CHIEF)};
    struct err e;
    assert_int_equal(store_write(t->o.st, numbering_fn, &n, &e), OK);
    assert_int_equal(n.first, 1);
    assert_true(str_eq(get(t, CHIEF, assigned(t)).number, S("督〔2026〕004号")));
    n.op = 2;
    assert_int_equal(store_write(t->o.st, numbering_fn, &n, &e), OK);
    assert_int_equal(store_write(t->o.st, numbering_fn, &n, &e), E_INPUT); /* void already */
    int64_t id = open_item(t, SECRETARY, FULL, false);
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    REFUSED(t, CHIEF, E_INPUT, "不是预留的号", .verb = V_MOVE, .id = id, .revision = 2,
        .word = "assign", .text = "办", .move = {.reserved = 2});
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 2, .word = "assign", .text = "办",
        .move = {.reserved = 3});
    assert_true(str_eq(get(t, CHIEF, id).number, S("督〔2026〕003号")));
    n.by = itemdb_as(t, LIAISON);
    n.op = 1;
    assert_int_equal(store_write(t->o.st, numbering_fn, &n, &e), E_DENIED);
}

static size_t numbers(struct itemdb *t, int who, struct item_number **v)
{
    struct err e;
    size_t n;
    struct db *db = itemdb_read(t);
    assert_int_equal(
        item_number_list(db, &t->o.a, itemdb_as(t, who),
            &(struct number_range){{.kind = S("track_test")}, 2026, 0, 100}, v, &n, &e),
        OK);
    store_read_end(db);
    return n;
}

/* The log has every number, and of each what the reader may know. */
static void of_a_matter_he_may_not_see_he_reads_the_number(void **state)
{
    struct itemdb *t = *state;
    struct numbering n = {.by = itemdb_as(t, CHIEF)};
    struct item_number *v;
    struct err e;
    assert_int_equal(store_write(t->o.st, numbering_fn, &n, &e), OK);
    int64_t id = assigned(t);
    assert_int_equal(numbers(t, CHIEF, &v), 4);
    assert_true(str_eq(v[0].why, S("留号")));
    assert_int_equal(v[3].item, id);
    assert_int_equal(numbers(t, LIAISON, &v), 4); /* its unit leads */
    assert_int_equal(v[3].item, id);
    assert_int_equal(v[0].why.n + (size_t)v[0].by, 0);
    assert_int_equal(numbers(t, STAFF, &v), 4);
    assert_true(str_eq(v[3].number, S("督〔2026〕004号")));
    assert_int_equal(v[3].state, NUMBER_USED);
    assert_int_equal(v[3].item + v[3].by + v[3].at_ms, 0);
}

static void choices_say_what_stands_in_the_way(void **state)
{
    struct itemdb *t = *state;
    struct item_choice *v;
    struct err e;
    size_t n;
    int64_t id = assigned(t);
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    struct item it = get(t, LIAISON, id);
    struct db *db = itemdb_read(t);
    assert_int_equal(item_choices(db, &t->o.a, itemdb_as(t, LIAISON), &it, &v, &n, &e), OK);
    assert_int_equal(n, 1); /* report; suspend is the chief's */
    assert_true(v[0].blocks);
    assert_true(str_eq(v[0].hindrance, S("还有2个对象没有回复")));
    assert_int_equal(item_choices(db, &t->o.a, itemdb_as(t, LEADER), &it, &v, &n, &e), OK);
    assert_int_equal(n, 0);
    store_read_end(db);
}

static void a_step_is_withdrawn_until_it_is_seen(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    struct item it;
    struct err e;
    REFUSED(t, SECRETARY, E_DENIED, "不是您办理的", .verb = V_WITHDRAW, .id = id, .revision = 3);
    t->now_ms += MS_HOUR;
    DO(t, CHIEF, .verb = V_WITHDRAW, .id = id, .revision = 3, .text = "单位有误");
    assert_true(str_eq(get(t, CHIEF, id).state, S("pending")));
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE state = 2"), 2);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_clock WHERE state = 0"), 0);
    DO(t, CHIEF, .verb = V_EDIT, .id = id, .revision = 4, .json = "{\"co\":null}");
    assert_int_equal(
        itemdb_get(t, LIAISON2, id, &it, &e), E_NOTFOUND); /* nobody asks it any more */
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 5, .word = "assign", .text = "请抓紧办理");
    DO(t, LIAISON, .verb = V_SEEN, .id = ask_to(t, id, UNIT_FINANCE));
    REFUSED(t, CHIEF, E_CONFLICT, "“财务部”已经看到", .verb = V_WITHDRAW, .id = id, .revision = 6);
    assert_true(str_eq(get(t, CHIEF, id).number, S("督〔2026〕001号"))); /* once taken, kept */
}

static void back_forth_and_on_to_another(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    REFUSED(t, CHIEF, E_INPUT, "没有到过“待核查”", .verb = V_RETURN, .id = id, .revision = 3,
        .word = "checking", .text = "补充");
    REFUSED(t, CHIEF, E_INPUT, "没有填写理由", .verb = V_RETURN, .id = id, .revision = 3,
        .word = "pending");
    DO(t, CHIEF, .verb = V_RETURN, .id = id, .revision = 3, .word = "pending", .text = "补充");
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE state = 0"), 0);
    REFUSED(t, STAFF, E_NOTFOUND, "没有这件事项", .verb = V_HAND_OVER, .id = id, .revision = 4,
        .other = t->person[STAFF]);
    DO(t, SECRETARY, .verb = V_HAND_OVER, .id = id, .revision = 4, .other = t->person[STAFF],
        .text = "调岗");
    assert_int_equal(get(t, STAFF, id).owner, t->person[STAFF]);
    DO(t, STAFF, .verb = V_REMARK, .id = id, .text = "请阅", .other = t->person[OTHER]);
    assert_int_equal(get(t, OTHER, id).revision, 6); /* to whom a remark is addressed, he sees it */
    int64_t into = open_item(t, SECRETARY, FULL, false);
    DO(t, STAFF, .verb = V_REMARK, .id = id, .text = "一并办理");
    REFUSED(t, STAFF, E_NOTFOUND, "没有这件事项", .verb = V_MERGE, .id = id, .revision = 7,
        .other = into, .text = "重复");
    DO(t, CHIEF, .verb = V_MERGE, .id = id, .revision = 7, .other = into, .text = "重复");
    assert_true(get(t, CHIEF, id).closed_ms != 0);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_link"), 1);
    REFUSED(t, SECRETARY, E_DENIED, "不能重新办理", .verb = V_REOPEN, .id = id, .revision = 8,
        .text = "再办");
    DO(t, CHIEF, .verb = V_REOPEN, .id = id, .revision = 8, .text = "再办");
    assert_true(str_eq(get(t, CHIEF, id).state, S("pending")));
    assert_int_equal(get(t, CHIEF, id).closed_ms, 0);
}

struct standing_in {
    const struct actor *by;
    int64_t person, to;
};
static enum code delegate_fn(struct db *db, void *arg, struct err *e)
{
    const struct standing_in *s = arg;
    return item_delegate(db, s->by, s->person, s->to, S("2026-07-14"), S("2026-07-15"), e);
}

static void who_is_away_is_stood_in_for(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    struct item it;
    struct err e;
    struct standing_in s = {itemdb_as(t, CHIEF), t->person[LIAISON], t->person[STAFF]};
    assert_int_equal(store_write(t->o.st, delegate_fn, &s, &e), E_DENIED);
    s.by = itemdb_as(t, LIAISON);
    assert_int_equal(store_write(t->o.st, delegate_fn, &s, &e), OK);
    assert_int_equal(itemdb_get(t, STAFF, id, &it, &e), E_NOTFOUND);
    t->now_ms += MS_DAY;
    DO(t, STAFF, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    assert_int_equal(
        itemdb_count(t, "SELECT actor FROM item_event WHERE seq = 4"), t->person[STAFF]);
    int64_t other = assigned(t);
    t->now_ms += 2 * MS_DAY;
    assert_int_equal(itemdb_get(t, STAFF, other, &it, &e), E_NOTFOUND); /* the days are over */
    assert_int_equal(itemdb_get(t, STAFF, id, &it, &e), OK);            /* he took part */
}

static void the_matrix_has_the_instants(void **state)
{
    struct itemdb *t = *state;
    int64_t id = assigned(t);
    struct matrix m;
    struct matrix_filter f = {.kind = S("track_test"), .from_ms = MONDAY};
    struct err e;
    t->now_ms += MS_HOUR;
    DO(t, LIAISON, .verb = V_ANSWER, .id = ask_to(t, id, UNIT_FINANCE), .word = "已收");
    struct db *db = itemdb_read(t);
    assert_int_equal(ask_matrix(db, &t->o.a, itemdb_as(t, CHIEF), &f, &m, &e), OK);
    assert_int_equal(m.n_rows, 2);
    assert_int_equal(m.n_columns, 1);
    assert_int_equal(m.rows[1].unit, UNIT_FINANCE);
    const struct matrix_cell *c = m.rows[1].cells;
    assert_int_equal(c->received_ms - c->sent_ms, MS_HOUR);
    assert_true(str_eq(c->word, S("已收")));
    assert_int_equal(m.rows[0].cells->received_ms, 0);
    assert_int_equal(m.total.received, 1);
    assert_int_equal(ask_matrix(db, &t->o.a, itemdb_as(t, OTHER), &f, &m, &e), OK);
    assert_int_equal(m.n_rows, 0);
    assert_int_equal(ask_matrix(db, &t->o.a, itemdb_as(t, LIAISON2), &f, &m, &e), OK);
    assert_int_equal(m.n_rows, 1); /* his own alone */
    assert_int_equal(m.rows[0].unit, UNIT_PARTY);
    store_read_end(db);
}

#define ITEM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ITEM_TEST(a_matter_goes_its_way),
        ITEM_TEST(what_is_not_filled_in_is_named),
        ITEM_TEST(who_may_not_is_told),
        ITEM_TEST(the_second_is_told_who_did_what),
        ITEM_TEST(answers_do_not_disturb_who_writes),
        ITEM_TEST(what_others_say_does_not_disturb_who_writes),
        ITEM_TEST(an_answer_is_one_of_those_given),
        ITEM_TEST(a_unit_passes_it_down),
        ITEM_TEST(clocks_run_in_working_time_and_stand_still),
        ITEM_TEST(more_time_is_asked_for_and_granted),
        ITEM_TEST(hidden_fields_are_left_out),
        ITEM_TEST(reading_is_judged),
        ITEM_TEST(secrets_follow_the_tree),
        ITEM_TEST(a_day_that_comes_late_starts_its_clock),
        ITEM_TEST(who_stood_there_is_asked_again),
        ITEM_TEST(a_hidden_field_is_no_key),
        ITEM_TEST(who_works_in_two_units_acts_for_both),
        ITEM_TEST(a_number_is_given_once),
        ITEM_TEST(of_a_matter_he_may_not_see_he_reads_the_number),
        ITEM_TEST(a_step_is_withdrawn_until_it_is_seen),
        ITEM_TEST(back_forth_and_on_to_another),
        ITEM_TEST(who_is_away_is_stood_in_for),
        ITEM_TEST(the_matrix_has_the_instants),
        ITEM_TEST(choices_say_what_stands_in_the_way),
    };
    return cmocka_run_group_tests_name("item", tests, NULL, NULL);
}
