/* The kinds that come with the platform, walked by the real verbs in the roles that do this work: the main path of each, and its
 * ways back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kindwalk.h"
#include "office/agenda.h"
#include "office/climb.h"
#include "office/item_file.h"

/* ---- 收文 ---- */

#define INCOMING                                                                                                  \
    "{\"subject\":\"关于做好防汛工作的通知\",\"sender\":\"省国资委\",\"received\":\"2026-07-13\"," \
    "\"class\":\"办件\",\"reply\":\"需答复\",\"reply_due\":\"2026-07-30\"}"

static void incoming_to_be_handled(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "incoming", INCOMING);
    assert_false(get(w).number.n);
    refused(w, LEADER, "register", NULL, E_DENIED);
    move(w, SECRETARY, "register", NULL, NULL);
    assert_true(str_eq(get(w).number, S("收〔2026〕1号")));
    move(w, SECRETARY, "accept", NULL, NULL);
    refused(w, SECRETARY, "propose", NULL, E_INPUT); /* 拟办意见 */
    move(w, SECRETARY, "propose", "拟请领导阅示，财务部阅办。", "{\"leader\":[@2]}");
    refused(w, SECRETARY, "instruct", NULL, E_CONFLICT);
    /* sent back once */
    move(w, LEADER, "again", "请补充去年情况。", NULL);
    is_in(w, "propose");
    move(w, SECRETARY, "propose", "已补充，拟请领导阅示。", NULL);
    answer(w, LEADER, "已批示", "请财务部抓紧办理。");
    move(w, SECRETARY, "instruct", NULL, NULL);
    move(w, SECRETARY, "hand", NULL, "{\"lead\":\"4\",\"co\":[\"2\"],\"due\":\"2026-07-24\"}");
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    is_in(w, "handling");
    unit_answers(w, LIAISON2, UNIT_PARTY, "已反馈", "已配合");
    struct act remind = {
        .verb = V_REMIND, .id = open_ask(w, PRINCIPAL_UNIT, UNIT_FINANCE), .text = "请抓紧"};
    struct err e;
    assert_int_equal(act(w, SECRETARY, &remind, &e), OK);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已落实到位");
    is_in(w, "done");
    /* and to be done again */
    move(w, CHIEF, "redo", "请附清单。", NULL);
    is_in(w, "handling");
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已附清单");
    refused(w, SECRETARY, "finish", NULL, E_DENIED); /* it wants an answer to the sender */
    move(w, SECRETARY, "answer", "已函复省国资委。", NULL);
    move(w, SECRETARY, "file", NULL, "{\"archive\":\"2026-D10-3\"}");
    is_closed(w, "filed");
}

static void incoming_to_be_read(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "incoming",
        "{\"subject\":\"情况通报\",\"sender\":\"市委办\",\"received\":\"2026-07-13\","
        "\"class\":\"阅件\"}");
    move(w, SECRETARY, "register", NULL, NULL);
    move(w, SECRETARY, "accept", NULL, NULL);
    refused(w, SECRETARY, "plain", NULL, E_DENIED); /* without a leader: the chief alone */
    move(w, CHIEF, "plain", "送有关同志传阅。", NULL);
    move(w, SECRETARY, "circulate", NULL, "{\"readers\":[@2,@5]}");
    refused(w, SECRETARY, "hand", NULL, E_DENIED);
    answer(w, LEADER, "已阅", NULL);
    refused(w, SECRETARY, "read", NULL, E_CONFLICT);
    answer(w, STAFF, "已阅", NULL);
    move(w, SECRETARY, "read", NULL, NULL);
    move(w, SECRETARY, "file", NULL, NULL);
    is_closed(w, "filed");
}

static void paper(struct walk *w, enum urgency u)
{
    struct act a = {.verb = V_OPEN,
        .json = INCOMING,
        .open = {.kind = S("incoming"), .title = S("一件事项"), .urgency = u}};
    struct err e;
    if (act(w, SECRETARY, &a, &e) != OK)
        fail_msg("%s", e.msg);
    w->id = a.id;
}

static enum code tonight(struct db *db, void *arg, struct err *e)
{
    struct walk *w = arg;
    struct duty_shift s = {.from_ms = w->t.now_ms,
        .to_ms = w->t.now_ms + 10 * MS_HOUR,
        .who = {w->t.person[STAFF], w->t.person[LIAISON], w->t.person[LEADER]}};
    return duty_save(db, itemdb_as(&w->t, CHIEF), &s, S(""), e);
}

static size_t calls_after(struct walk *w, int minutes)
{
    struct err e;
    size_t told = 0;
    w->t.now_ms += minutes * MS_MINUTE;
    if (climb_run(w->t.o.st, itemdb_as(&w->t, N_PEOPLE), 0, &told, &e) != OK)
        fail_msg("%s", e.msg);
    return told;
}

/* Whoever sleeps is called for 特急 alone, until somebody has looked at the paper. */
static void incoming_at_night(void **state)
{
    struct walk *w = *state;
    struct err e;
    w->t.now_ms = clock_ms((struct civil){{2026, 7, 13}, 23, 0, 0, 0}, ZONE_CHINA);
    if (store_write(w->t.o.st, tonight, w, &e) != OK)
        fail_msg("%s", e.msg);
    paper(w, URGENCY_NONE);
    move(w, SECRETARY, "register", NULL, NULL);
    paper(w, URGENCY_FAST);
    assert_int_equal(calls_after(w, 10), 0);
    paper(w, URGENCY_URGENT);
    assert_int_equal(calls_after(w, 0), 1); /* A */
    move(w, SECRETARY, "register", NULL, NULL);
    assert_int_equal(calls_after(w, 4), 0);
    assert_int_equal(calls_after(w, 1), 1); /* B: registered is not looked at */
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM climb"), 1);
    move(w, CHIEF, "accept", NULL, NULL);
    assert_int_equal(calls_after(w, 60), 0);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM climb_step"), 2);
}

static void incoming_that_is_not_ours(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "incoming", INCOMING);
    move(w, SECRETARY, "register", NULL, NULL);
    refused(w, SECRETARY, "refuse", NULL, E_INPUT);
    move(w, SECRETARY, "refuse", "不属本单位职权范围，且未加盖印章。", NULL);
    is_closed(w, "returned");
    begin(w, SECRETARY, "incoming", INCOMING);
    move(w, SECRETARY, "register", NULL, NULL);
    assert_true(str_eq(get(w).number, S("收〔2026〕2号")));
    move(w, SECRETARY, "forward", "转交集团工会。", NULL);
    is_closed(w, "forwarded");
}

/* ---- 上级指示传达 ---- */

static void relay_of_a_directive(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "relay",
        "{\"subject\":\"传达省委会议精神\",\"source\":\"上级会议\",\"issuer\":\"省委\","
        "\"points\":\"结合实际抓好落实\",\"upward\":\"需上报\",\"report_due\":\"2026-07-31\"}");
    move(w, SECRETARY, "submit", NULL, NULL);
    assert_true(str_eq(get(w).number, S("传〔2026〕1号")));
    move(w, SECRETARY, "propose", "拟传达至各单位。", "{\"leader\":[@2]}");
    move(w, LEADER, "again", "先请党委办公室提出范围。", NULL);
    move(w, CHIEF, "plain", "按例传达。", NULL);
    move(w, SECRETARY, "relay", NULL,
        "{\"units\":[\"4\",\"2\"],\"way\":\"文件\",\"feedback_due\":\"2026-07-24\"}");
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    move(w, SECRETARY, "carry", NULL, NULL);
    refused(w, SECRETARY, "sum", NULL, E_CONFLICT);
    unit_answers(w, LIAISON, UNIT_FINANCE, "已反馈", "已部署");
    unit_answers(w, LIAISON2, UNIT_PARTY, "已反馈", "已学习");
    move(w, SECRETARY, "sum", NULL, NULL);
    struct act redo = {.verb = V_MOVE,
        .id = w->id,
        .revision = get(w).revision,
        .word = "redo",
        .text = "请写明落实措施。"};
    int64_t unit = UNIT_PARTY;
    struct err e;
    redo.move = (struct item_move){.units = &unit, .n_units = 1};
    assert_int_equal(act(w, SECRETARY, &redo, &e), OK);
    is_in(w, "carrying");
    /* who is told to report anew does not answer with the word alone */
    struct act bare = {
        .verb = V_ANSWER, .id = open_ask(w, PRINCIPAL_UNIT, UNIT_PARTY), .word = "已反馈"};
    assert_int_equal(act(w, LIAISON2, &bare, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "“已反馈”要写明情况"));
    unit_answers(w, LIAISON2, UNIT_PARTY, "已反馈", "一是……二是……");
    move(w, SECRETARY, "sum", NULL, NULL);
    refused(w, SECRETARY, "finish", "不必上报", E_DENIED);
    move(w, SECRETARY, "report", "已报省委办公厅。", NULL);
    move(w, SECRETARY, "file", NULL, NULL);
    is_closed(w, "filed");
}

static void relay_that_is_called_off(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "relay",
        "{\"subject\":\"来电\",\"source\":\"来电\",\"issuer\":\"市委\",\"points\":\"到会\","
        "\"upward\":\"不需上报\"}");
    move(w, SECRETARY, "submit", NULL, NULL);
    refused(w, SECRETARY, "cancel", "来电取消", E_DENIED);
    move(w, CHIEF, "cancel", "来电取消。", NULL);
    is_closed(w, "cancelled");
}

/* ---- printed forms ---- */

static const struct paper_box *box_of(const struct paper_sheet *s, const char *head)
{
    for (size_t i = 0; i < s->n_boxes; i++)
        if (str_eq(s->boxes[i].head, str_z(head)))
            return &s->boxes[i];
    fail_msg("no box %s", head);
    return NULL;
}

static void the_short_print_leaves_out_what_was_sent_back(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "incoming", INCOMING);
    move(w, SECRETARY, "register", NULL, NULL);
    move(w, SECRETARY, "accept", "属本单位办理。", NULL);
    move(w, SECRETARY, "propose", "拟请阅示。", "{\"leader\":[@2]}");
    move(w, LEADER, "again", "请补充。", NULL);
    move(w, SECRETARY, "propose", "已补充，拟请阅示。", NULL);
    answer(w, LEADER, "已批示", "同意。");
    struct paper p = paper_of(w, SECRETARY, (struct paper_want){.form = S("sheet")});
    assert_true(p.rounds);
    assert_int_equal(p.n_sheets, 1);
    assert_string_equal(p.sheets[0].title.p, "公文处理单");
    const struct paper_box *b = box_of(p.sheets, "拟办意见");
    assert_int_equal(b->n_opinions, 3);
    assert_false(b->opinions[0].returned); /* 初审 came before the round */
    assert_true(b->opinions[1].returned);
    assert_false(b->opinions[2].returned);
    assert_int_equal(box_of(p.sheets, "领导批示")->n_opinions, 2);
    assert_int_equal(box_of(p.sheets, "承办情况")->n_opinions, 0);
    p = paper_of(w, SECRETARY, (struct paper_want){.form = S("sheet"), .brief = true});
    assert_int_equal(box_of(p.sheets, "拟办意见")->n_opinions, 2);
    b = box_of(p.sheets, "领导批示");
    assert_int_equal(b->n_opinions, 1);
    assert_string_equal(b->opinions[0].text.p, "同意。");
    assert_string_equal(b->opinions[0].day.p, "2026年7月13日");
    assert_true(str_eq(b->opinions[0].who, S("张三")));
}

/* ---- 会签 ---- */

static void countersign(struct walk *w, const char *order)
{
    char fields[400];
    (void)snprintf(fields, sizeof(fields),
        "{\"subject\":\"防汛预案会签\",\"content\":\"请提意见\",\"whom\":\"单位\",\"order\":\"%"
        "s\"}",
        order);
    begin(w, SECRETARY, "countersign", fields);
}
#define SIGNERS "{\"units\":[\"4\",\"2\"],\"due\":\"2026-07-20\"}"

static void countersign_by_all_at_once(void **state)
{
    struct walk *w = *state;
    countersign(w, "同时");
    refused(w, SECRETARY, "send_in_turn", NULL, E_DENIED);
    move(w, SECRETARY, "send", NULL, SIGNERS);
    unit_answers(w, LIAISON, UNIT_FINANCE, "同意", NULL);
    refused(w, SECRETARY, "finish", NULL, E_CONFLICT);
    unit_answers(w, LIAISON2, UNIT_PARTY, "不同意", "第三条与现行制度不一致。");
    is_in(w, "revising");
    move(w, SECRETARY, "send", NULL, NULL);
    move(w, SECRETARY, "revise", "发现数据有误，取回修改。", NULL); /* taken back */
    is_in(w, "revising");
    move(w, SECRETARY, "send", NULL, NULL);
    unit_answers(w, LIAISON, UNIT_FINANCE, "有修改意见", "建议补充经费。");
    unit_answers(w, LIAISON2, UNIT_PARTY, "同意", NULL);
    move(w, SECRETARY, "finish", NULL, "{\"adopted\":\"均已采纳\"}");
    is_closed(w, "signed");
}

static void countersign_one_behind_the_other(void **state)
{
    struct walk *w = *state;
    countersign(w, "依次");
    move(w, SECRETARY, "send_in_turn", NULL, SIGNERS);
    assert_int_equal(open_ask(w, PRINCIPAL_UNIT, UNIT_PARTY), 0); /* not its turn */
    unit_answers(w, LIAISON, UNIT_FINANCE, "同意", NULL);
    unit_answers(w, LIAISON2, UNIT_PARTY, "同意", NULL);
    move(w, SECRETARY, "finish", NULL, NULL);
    is_closed(w, "signed");
}

static void countersign_by_any_of_them(void **state)
{
    struct walk *w = *state;
    countersign(w, "任一");
    move(w, SECRETARY, "send_any", NULL, SIGNERS);
    unit_answers(w, LIAISON2, UNIT_PARTY, "同意", NULL);
    assert_int_equal(open_ask(w, PRINCIPAL_UNIT, UNIT_FINANCE), 0);
    move(w, SECRETARY, "finish", NULL, NULL);
    is_closed(w, "signed");
    countersign(w, "任一");
    move(w, SECRETARY, "cancel", "不再需要会签。", NULL);
    is_in(w, "cancelled");
}

/* ---- 请示签报, 用印, 请假 ---- */

#define REQUEST                                                                                                      \
    "{\"subject\":\"关于购置防汛物资的请示\",\"class\":\"请示\",\"content\":\"拟购置水泵两台\"," \
    "\"money\":\"涉及\",\"amount\":\"36000\",\"budget\":\"安全生产费\"}"

static void request_to_be_approved(void **state)
{
    struct walk *w = *state;
    begin(w, SECRETARY, "request", REQUEST);
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "back", "请补充依据。", NULL);
    is_in(w, "draft");
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "send", "拟同意，请领导审批。", "{\"leader\":[@2]}");
    move(w, LEADER, "again", "请说明经费来源。", NULL);
    is_in(w, "draft");
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "send", "已补充。", NULL);
    refused(w, SECRETARY, "approve", NULL, E_CONFLICT);
    answer(w, LEADER, "同意", "同意。");
    move(w, SECRETARY, "approve", NULL, NULL);
    move(w, SECRETARY, "finish", NULL, "{\"result\":\"已购置\"}");
    is_closed(w, "closed");
    begin(w, SECRETARY, "request", REQUEST);
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, CHIEF, "send", NULL, "{\"leader\":[@2]}");
    answer(w, LEADER, "不同意", "暂不购置。");
    is_in(w, "refused");
    begin(w, SECRETARY, "request", REQUEST);
    move(w, SECRETARY, "submit", NULL, NULL);
    move(w, SECRETARY, "cancel", "另行报告。", NULL);
    is_in(w, "cancelled");
}

struct file_job {
    const struct actor *by;
    struct item_upload up;
    int64_t id;
};
static enum code file_fn(struct db *db, void *arg, struct err *e)
{
    struct file_job *j = arg;
    return item_file_put(db, j->by, &j->up, &j->id, e);
}

static void begin_seal(struct walk *w, const char *out)
{
    struct file_job j = {.by = itemdb_as(&w->t, STAFF), .up = {.name = S("合同.docx")}};
    struct err e;
    char fields[400];
    if (blob_hash_bytes(S("合同正文"), &j.up.blob, &e) != OK ||
        store_write(w->t.o.st, file_fn, &j, &e) != OK)
        fail_msg("%s", e.msg);
    (void)snprintf(fields, sizeof(fields),
        "{\"matter\":\"合同用印\",\"seal\":\"党委印章\",\"file\":[\"%lld\"],\"copies\":\"2\","
        "\"out\":%s}",
        (long long)j.id, out);
    begin(w, STAFF, "seal", fields);
}

static void seal_in_the_house_and_outside(void **state)
{
    struct walk *w = *state;
    begin_seal(w, "\"否\"");
    move(w, STAFF, "submit", NULL, "{\"leader\":@2,\"keeper\":@1}");
    answer(w, LEADER, "同意", "同意用印。");
    is_in(w, "ready");
    refused(w, SECRETARY, "take", NULL, E_DENIED);
    move(w, SECRETARY, "stamp", "已核对份数。", NULL);
    assert_true(str_eq(get(w).number, S("印〔2026〕1号")));
    is_closed(w, "stamped");
    struct paper p = paper_of(w, STAFF, (struct paper_want){.form = S("sheet")});
    bool named = false;
    for (size_t i = 0; i < p.sheets[0].n_rows; i++)
        named = named || str_eq(p.sheets[0].rows[i].a.value, S("合同.docx")) ||
                str_eq(p.sheets[0].rows[i].b.value, S("合同.docx"));
    assert_true(named);
    assert_int_equal(box_of(p.sheets, "用印登记")->n_opinions, 1);
    begin_seal(w, "\"是\",\"back_due\":\"2026-07-14 17:00\"");
    move(w, STAFF, "submit", NULL, "{\"leader\":@2,\"keeper\":@1}");
    answer(w, LEADER, "同意", NULL);
    move(w, SECRETARY, "take", NULL, NULL);
    w->t.now_ms = MONDAY + 2 * MS_DAY;
    assert_int_equal(get(w).light, LIGHT_RED); /* 逾期未归还印章 */
    move(w, SECRETARY, "bring", NULL, NULL);
    is_closed(w, "stamped");
    begin_seal(w, "\"否\"");
    move(w, STAFF, "submit", NULL, "{\"leader\":@2,\"keeper\":@1}");
    answer(w, LEADER, "不同意", "文件尚未签发。");
    is_in(w, "refused");
}

static void leave_asked_for_and_ended(void **state)
{
    static const char *const fields =
        "{\"reason\":\"参加培训\",\"class\":\"外出学习\",\"begin\":\"2026-07-20 08:00\",\"end\":"
        "\"2026-07-24 18:00\",\"deputy\":@6,\"place\":\"昆明\"}";
    struct walk *w = *state;
    begin(w, STAFF, "leave", fields);
    move(w, STAFF, "submit", NULL, "{\"leader\":[@0,@2]}");
    assert_int_equal(open_ask(w, PRINCIPAL_PERSON, w->t.person[LEADER]), 0); /* one by one */
    answer(w, CHIEF, "同意", NULL);
    answer(w, LEADER, "同意", NULL);
    move(w, STAFF, "approve", NULL, NULL);
    move(w, STAFF, "return", NULL, NULL);
    is_closed(w, "back");
    struct paper p = paper_of(w, STAFF, (struct paper_want){.form = S("sheet")});
    assert_string_equal(p.sheets[0].title.p, "请假单");
    assert_int_equal(box_of(p.sheets, "审批意见")->n_opinions, 2);
    begin(w, STAFF, "leave", fields);
    move(w, STAFF, "submit", NULL, "{\"leader\":[@2]}");
    answer(w, LEADER, "不同意", "请调整时间。");
    is_in(w, "refused");
}

/* First report within the hour, further reports by the day that is set, the final one within thirty days. */
static void urgent_to_its_final_report(void **state)
{
    struct walk *w = *state;
    begin(w, STAFF, "urgent", "{\"subject\":\"边坡滑塌，一人受伤\"}");
    is_in(w, "raised");
    move(w, STAFF, "first", "电话报告集团总值班室。",
        "{\"first_to\":\"总值班室 3100\",\"follow_due\":\"2026-07-13 11:00\"}");
    is_in(w, "following");
    move(w, STAFF, "follow", "伤员已送医。", "{\"follow_due\":\"2026-07-13 14:00\"}");
    is_in(w, "following");
    move(w, STAFF, "final", "已恢复施工。", "{\"result\":\"已恢复施工\"}");
    is_closed(w, "closed");
    begin(w, STAFF, "urgent", "{\"subject\":\"烟感误报\"}");
    move(w, CHIEF, "wrong", "现场核实是误报。", NULL);
    is_closed(w, "false_alarm");
}

static void a_call_is_passed_on_and_answered(void **state)
{
    struct walk *w = *state;
    const char *fields =
        "{\"way\":\"来电\",\"happened\":\"2026-07-13 08:40\",\"caller\":\"市住建局 高工\","
        "\"matter\":\"询问大桥限载情况\"}";
    begin(w, STAFF, "call", fields);
    move(w, STAFF, "pass", NULL, "{\"lead\":\"4\",\"due\":\"2026-07-15\"}");
    is_in(w, "passed");
    move(w, STAFF, "reply", NULL, "{\"reply\":\"已电话回复\"}");
    is_closed(w, "closed");
    begin(w, STAFF, "call", fields);
    move(w, STAFF, "close", NULL, NULL);
    is_closed(w, "closed");
}

static struct agenda_entry *on(struct walk *w, int who, const char *day, bool mine, size_t *n)
{
    struct agenda_entry *v;
    struct day d;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    assert_true(day_from_iso(str_z(day), &d));
    if (agenda_timed(
            db, &w->t.o.a, itemdb_as(&w->t, who), day_num(d), day_num(d), mine, &v, n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return v;
}

/* It stands on its day for whoever may see it, in the calendar of those who are named, and on no day once it is called off. */
static void a_meeting_stands_on_its_day(void **state)
{
    struct walk *w = *state;
    struct agenda_entry *v;
    char fields[400];
    size_t n;
    (void)snprintf(fields, sizeof(fields),
        "{\"subject\":\"防汛会商\",\"begin\":\"2026-07-15 09:30\",\"end\":\"2026-07-15 "
        "11:00\",\"place\":\"三楼\",\"people\":[\"%lld\"]}",
        (long long)w->t.person[LEADER]);
    begin(w, SECRETARY, "meeting", fields);
    move(w, SECRETARY, "notify", NULL, "{\"units\":[\"4\"],\"reply_due\":\"2026-07-14\"}");
    unit_answers(w, LIAISON, UNIT_FINANCE, "派人参加", "由周芳参加。");
    v = on(w, CHIEF, "2026-07-15", false, &n);
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].title, S("防汛会商")) && str_eq(v[0].place, S("三楼")));
    assert_true(!v[0].all_day && v[0].to_ms - v[0].from_ms == 90 * MS_MINUTE);
    (void)on(w, LEADER, "2026-07-15", true, &n);
    assert_int_equal(n, 1);
    (void)on(w, SECRETARY, "2026-07-15", true, &n);
    assert_int_equal(n, 1);
    (void)on(w, CHIEF, "2026-07-15", true, &n);
    assert_int_equal(n, 0); /* sees it, is not in it */
    (void)on(w, CHIEF, "2026-07-14", false, &n);
    assert_int_equal(n, 0);
    (void)on(w, CHIEF, "2026-07-16", false, &n);
    assert_int_equal(n, 0);
    move(w, SECRETARY, "cancel", "改期另行通知。", NULL);
    is_closed(w, "cancelled");
    (void)on(w, CHIEF, "2026-07-15", false, &n);
    assert_int_equal(n, 0);
}

/* At most six required fields on any form, every template known: kind_read has judged; here, that there is such a form. */
static void every_kind_has_its_forms(void **state)
{
    struct str yaml;
    const char *file;
    struct walk *w = *state;
    size_t n = 0;
    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        struct kind *k;
        struct err e;
        if (kind_read(&w->t.o.a, yaml, file, &k, &e) != OK)
            fail_msg("%s", e.msg);
        assert_true(k->n_forms > 0);
        n += k->n_forms;
    }
    assert_int_equal(n, 18);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(every_kind_has_its_forms),
        T(a_meeting_stands_on_its_day),
        T(incoming_to_be_handled),
        T(incoming_to_be_read),
        T(incoming_at_night),
        T(incoming_that_is_not_ours),
        T(relay_of_a_directive),
        T(relay_that_is_called_off),
        T(the_short_print_leaves_out_what_was_sent_back),
        T(countersign_by_all_at_once),
        T(countersign_one_behind_the_other),
        T(countersign_by_any_of_them),
        T(request_to_be_approved),
        T(seal_in_the_house_and_outside),
        T(leave_asked_for_and_ended),
        T(urgent_to_its_final_report),
        T(a_call_is_passed_on_and_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
