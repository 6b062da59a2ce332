/* 发文: from 拟稿 to 归档 by the real verbs, with its ways back and its numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "issuewalk.h"
#include "office/item_hand.h"
#include "office/item_paper.h"
#include "office/sample.h"
#include "text/genre.h"

#define LETTER(cosign)                                                                         \
    "{\"subject\":\"关于商请支持的函\",\"genre\":\"函\",\"direction\":\"平行文\"," \
    "\"cosign\":\"" cosign "\",\"to_other\":\"省国资委\"}"

/* ---- the manuscript ---- */

struct text_job {
    const struct actor *by;
    enum { RENEW, SAVE, BEGIN, GIVE_UP } what;
    int64_t manuscript, item, revision, base;
    struct str text;
};
static enum code text_fn(struct db *db, void *arg, struct err *e)
{
    struct text_job *j = arg;
    struct manuscript_saved saved;
    struct arena a;
    enum code c = E_BUG;
    arena_init(&a);
    if (j->what == GIVE_UP)
        c = manuscript_give_up(db, j->by, j->manuscript, S(""), e);
    else if (j->what == RENEW)
        c = item_text_renew(db, j->by, j->item, j->revision, e);
    else if (j->what == BEGIN)
        c = item_text_begin(db, j->by, j->manuscript, S("issue"), &j->item, e);
    else
        c = manuscript_save(db, &a, j->by, j->manuscript, j->base, j->text, &saved, e);
    arena_release(&a);
    return c;
}

static enum code text_do(struct walk *w, int who, struct text_job *j, struct err *e)
{
    j->by = itemdb_as(&w->t, who);
    j->item = w->id;
    j->revision = w->id ? get(w).revision : 0;
    e->msg[0] = '\0';
    return store_write(w->t.o.st, text_fn, j, e);
}

static enum code save(struct walk *w, int who, const char *text, struct err *e)
{
    struct manuscript m;
    struct db *db = itemdb_read(&w->t);
    struct text_job j = {.what = SAVE, .manuscript = text_of(w).manuscript, .text = str_z(text)};
    enum code c = manuscript_get(db, &w->t.o.a, itemdb_as(&w->t, who), j.manuscript, &m, e);
    store_read_end(db);
    j.base = m.seq;
    return c == OK ? text_do(w, who, &j, e) : c;
}

static size_t said(const struct paper_sheet *s, const char *head)
{
    for (size_t i = 0; i < s->n_boxes; i++)
        if (str_eq(s->boxes[i].head, str_z(head)))
            return s->boxes[i].n_opinions;
    return 0;
}

static void from_draft_to_archive(void **state)
{
    struct walk *w = *state;
    struct paper p;
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    refused(w, OTHER, "submit", NULL, E_NOTFOUND);
    to_signing(w);
    answer(w, LEADER, "退回修改", "第二段再压缩。");
    is_in(w, "draft");
    move(w, STAFF, "submit", "已压缩。", "{\"reviewer\":@6}");
    move(w, OTHER, "send", "已核。", "{\"signer\":@2}");
    answer(w, LEADER, "同意签发", NULL);
    is_in(w, "recheck");
    assert_false(get(w).number.n);
    number_it(w);
    assert_true(str_eq(get(w).number, S("集团党发〔2026〕1号")));
    refused(w, SECRETARY, "seal", NULL, E_DENIED);
    move(w, LIAISON2, "seal", NULL, NULL);
    refused(w, SECRETARY, "dispatch_out", NULL, E_DENIED); /* units of ours are to sign for it */
    move(w, SECRETARY, "dispatch", NULL, "{\"receipt_due\":\"2026-07-15\"}");
    unit_answers(w, LIAISON, UNIT_FINANCE, "已收", NULL);
    w->t.now_ms = MONDAY + 4 * MS_DAY;
    assert_int_equal(get(w).light, LIGHT_RED); /* 有单位逾期未签收 */
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    move(w, SECRETARY, "file", NULL, "{\"archive\":\"2026-D30-7\"}");
    is_closed(w, "filed");
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(item_paper(db, &w->t.o.a, itemdb_as(&w->t, CHIEF),
                         &(struct paper_want){.item = w->id, .form = S("sheet")}, &p, &e),
        OK);
    store_read_end(db);
    assert_int_equal(said(p.sheets, "签发意见"), 2);
    assert_int_equal(said(p.sheets, "核稿意见"), 2);
    assert_int_equal(said(p.sheets, "复核意见"), 1);
    assert_int_equal(p.sheets[0].n_receipts, 4); /* 签发 twice, 签收 of two units */
}

static enum code sees(struct walk *w, int who)
{
    struct item it = {.id = 0};
    struct err e;
    struct db *db = itemdb_read(&w->t);
    enum code c = item_get(db, &w->t.o.a, itemdb_as(&w->t, who), w->id, &it, &e);
    store_read_end(db);
    return c;
}

/* A unit that it is addressed to sees nothing of it before it is out: not the draft, not what is said about it. */
static void addressed_is_not_taking_part(void **state)
{
    struct walk *w = *state;
    begin_issue(w, FIELDS("不需会签", ""));
    assert_int_equal(sees(w, STAFF), OK); /* the drafter */
    assert_int_equal(sees(w, LIAISON2), E_NOTFOUND);
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    assert_int_equal(sees(w, LIAISON2), E_NOTFOUND);
    move(w, SECRETARY, "recheck", "已复核。", NULL);
    move(
        w, SECRETARY, "number", NULL, "{\"copies\":\"5\",\"issuer\":\"党委办公室\",\"keeper\":@5}");
    move(w, STAFF, "seal", NULL, NULL);
    assert_int_equal(sees(w, LIAISON2), E_NOTFOUND);
    move(w, SECRETARY, "dispatch", NULL, "{\"receipt_due\":\"2026-07-15\"}");
    assert_int_equal(sees(w, LIAISON2), OK);
    unit_answers(w, LIAISON2, UNIT_PARTY, "已收", NULL);
    assert_int_equal(sees(w, LIAISON2), OK);
}

static void countersigned_in_turn(void **state)
{
    struct walk *w = *state;
    begin_issue(w, json(w, FIELDS("依次会签", ",\"sign_people\":[@4,@5],\"sign_units\":[\"2\"]")));
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    refused(w, OTHER, "cosign", NULL, E_DENIED);
    refused(w, OTHER, "send", NULL, E_DENIED);
    move(w, OTHER, "cosign_in_turn", "请会签。", "{\"cosign_due\":\"2026-07-16\"}");
    unit_answers(w, LIAISON2, UNIT_PARTY, "有修改意见", "第三条加上时限。");
    refused(w, OTHER, "cosigned", NULL, E_CONFLICT);
    answer(w, LIAISON2, "同意", NULL);
    answer(w, STAFF, "同意", NULL);
    is_in(w, "cosigned"); /* the last answer made it so */
    move(w, STAFF, "send_cosigned", "意见已采纳。", "{\"signer\":@2}");
    answer(w, LEADER, "同意签发", NULL);
    is_in(w, "recheck");
}

/* A number that is given up stays in the log with its reason, and the next document has the next one. */
static void numbers_have_no_gap(void **state)
{
    struct walk *w = *state;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    refused(w, SECRETARY, "withdraw", "印错了", E_DENIED);
    refused(w, CHIEF, "withdraw", NULL, E_INPUT);
    move(w, CHIEF, "withdraw", "上级另有部署，不再印发。", NULL);
    is_closed(w, "cancelled");
    assert_false(get(w).number.n);
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    assert_true(str_eq(get(w).number, S("集团党发〔2026〕2号")));
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM item_number WHERE kind = 'issue'"
                                         " AND serial = 1 AND state = 2 AND why LIKE '上级另有%'"),
        1);
}

/* From any step to any it has been in. A number that was taken is kept on the way back. */
static void back_to_any_step(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    struct act a = {.verb = V_RETURN,
        .id = w->id,
        .revision = get(w).revision,
        .word = "review",
        .text = "主送漏了一个单位"};
    assert_int_equal(act(w, CHIEF, &a, &e), OK);
    is_in(w, "review");
    move(w, OTHER, "send", NULL, NULL);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    assert_true(str_eq(get(w).number, S("集团党发〔2026〕1号")));
}

/* An opinion names the version it was given on; what is signed is what was sent, and locked. */
static void opinions_name_their_version(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin(w, STAFF, "issue", FIELDS("同时会签", ",\"sign_people\":[@1]"));
    refused(w, STAFF, "submit", NULL, E_INPUT); /* 核稿人 */
    struct act a = {.verb = V_MOVE,
        .id = w->id,
        .revision = get(w).revision,
        .word = "submit",
        .json = json(w, "{\"reviewer\":@6}")};
    assert_int_equal(act(w, STAFF, &a, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "还没有文稿"));
    int64_t manuscript = manuscript_by(w, STAFF);
    assert_int_equal(carry(w, STAFF, manuscript, &e), OK);
    assert_int_equal(carry(w, STAFF, manuscript, &e), E_CONFLICT);
    struct text_job j = {.what = RENEW};
    assert_int_equal(text_do(w, STAFF, &j, &e), E_CONFLICT); /* never sent */
    move(w, STAFF, "submit", "请核。", "{\"reviewer\":@6}");
    assert_int_equal(text_of(w).number, 1);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'move'"
                            " AND payload LIKE '%\"number\":1%' AND payload LIKE '%\"sm3\"%'"),
        1);
    move(w, OTHER, "cosign", "请会签。", NULL);
    answer(w, SECRETARY, "有修改意见", "第一条写明责任人。");
    is_in(w, "cosigned");                   /* the last answer made it so */
    assert_int_equal(text_of(w).number, 1); /* nothing was written: no new one */
    assert_int_equal(save(w, OTHER, DRAFT "又加一句。\n", &e), OK);
    j.what = RENEW;
    assert_int_equal(text_do(w, LEADER, &j, &e), E_DENIED);
    assert_int_equal(text_do(w, OTHER, &j, &e), OK);
    assert_int_equal(text_of(w).number, 2);
    move(w, OTHER, "send_cosigned", "已改。", "{\"signer\":@2}");
    assert_int_equal(text_of(w).number, 2);
    assert_int_equal(text_do(w, OTHER, &j, &e), E_CONFLICT); /* the signer has it before him */
    answer(w, LEADER, "同意签发", "同意。");
    assert_int_equal(text_of(w).final_number, 2);
    assert_true(str_eq(text_of(w).final_digest, text_of(w).digest));
    assert_int_equal(text_of(w).final_by, w->t.person[LEADER]);
    assert_int_equal(save(w, SECRETARY, DRAFT, &e), E_DENIED); /* locked */
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'answer' AND"
                            " payload LIKE '%第一条%' AND payload LIKE '%\"number\":1%'"),
        1);
}

/* What was written behind what was sent is not signed. */
static void only_what_was_sent_is_signed(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    assert_int_equal(save(w, STAFF, DRAFT "悄悄加一句。\n", &e), OK);
    struct act a = {.verb = V_ANSWER,
        .id = open_ask(w, PRINCIPAL_PERSON, w->t.person[LEADER]),
        .word = "同意签发"};
    assert_int_equal(act(w, LEADER, &a, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "又有修改"));
    assert_int_equal(text_of(w).final, 0);
    answer(w, LEADER, "退回修改", "请重新送签。");
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    assert_int_equal(text_of(w).final_number, 2);
}

static enum code edit_as(struct walk *w, int who, const char *fields, struct err *e)
{
    struct act a = {
        .verb = V_EDIT, .id = w->id, .revision = get(w).revision, .json = json(w, fields)};
    return act(w, who, &a, e);
}

/* The form goes with the text: what changes in it behind an opinion shows, and what was signed with it stays. */
static void the_form_is_sent_with_the_text(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin_issue(w, FIELDS("同时会签", ",\"sign_people\":[@1]"));
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    move(w, OTHER, "cosign", "请会签。", NULL);
    answer(w, SECRETARY, "同意", NULL);
    is_in(w, "cosigned"); /* the last answer made it so */
    struct str sent = text_of(w).form;
    assert_int_equal(sent.n, SM3_HEX);
    assert_false(text_of(w).form_changed);
    assert_int_equal(edit_as(w, OTHER, "{\"copies\":\"5\"}", &e), OK); /* filled in by a step */
    assert_false(text_of(w).form_changed);
    assert_int_equal(edit_as(w, OTHER, "{\"to_other\":\"省总工会\"}", &e), OK);
    assert_true(text_of(w).form_changed);
    struct text_job j = {.what = RENEW};
    assert_int_equal(text_do(w, OTHER, &j, &e), OK);
    assert_int_equal(text_of(w).number, 1); /* the text is the same */
    assert_false(text_of(w).form_changed);
    assert_false(str_eq(text_of(w).form, sent));
    assert_int_equal(text_do(w, OTHER, &j, &e), E_CONFLICT);
    move(w, OTHER, "send_cosigned", NULL, "{\"signer\":@2}");
    answer(w, LEADER, "同意签发", NULL);
    assert_int_equal(edit_as(w, SECRETARY, "{\"direction\":\"上行文\"}", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "行文方向"));
    assert_int_equal(edit_as(w, SECRETARY, "{\"urgency\":2}", &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "紧急程度"));
    assert_int_equal(edit_as(w, SECRETARY, "{\"copies\":\"6\"}", &e), OK);
    move(w, CHIEF, "recheck_back", "主送有误，改后重签。", NULL);
    assert_int_equal(edit_as(w, STAFF, "{\"to_other\":\"省国资委\"}", &e), OK);
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    assert_true(str_eq(text_of(w).form, sent));
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM item_event WHERE verb = 'answer' AND"
                                         " payload LIKE '%\"form\":%'"),
        2);
}

/* Unlocking: a chief, with a reason, by a step that stands in both chains. */
static void unlocking_leaves_a_trace(void **state)
{
    struct walk *w = *state;
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    struct act a = {.verb = V_RETURN,
        .id = w->id,
        .revision = get(w).revision,
        .word = "draft",
        .text = "数字有误"};
    assert_int_equal(act(w, SECRETARY, &a, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "锁定"));
    refused(w, SECRETARY, "recheck_back", "数字有误", E_DENIED);
    assert_int_equal(text_of(w).final_number, 1);
    move(w, CHIEF, "recheck_back", "数字有误，改后重签。", NULL);
    assert_int_equal(text_of(w).final, 0);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(*) FROM audit_event WHERE verb = 'manuscript.unlock'"),
        1);
    assert_int_equal(save(w, STAFF, DRAFT "更正。\n", &e), OK);
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    assert_int_equal(text_of(w).final_number, 2);
}

/* Each code has a run of its own, without gaps; who numbers may choose another than the drafter, and what nobody chose goes by the genre. */
static void each_code_has_its_own_numbers(void **state)
{
    struct walk *w = *state;
    static const struct {
        const char *fields, *code, *number;
    } v[] = {{FIELDS("不需会签", ""), "", "集团党发〔2026〕1号"},
        {FIELDS("不需会签", ",\"code\":\"集团党办发\""), "", "集团党办发〔2026〕1号"},
        {FIELDS("不需会签", ",\"code\":\"集团党办发\""), "集团党发", "集团党发〔2026〕2号"},
        {FIELDS("不需会签", ",\"code\":\"集团党办发\""), "", "集团党办发〔2026〕2号"},
        {LETTER("不需会签"), "", "集团党函〔2026〕1号"}};
    for (size_t i = 0; i < 5; i++) {
        begin_issue(w, v[i].fields);
        to_signing(w);
        answer(w, LEADER, "同意签发", NULL);
        move(w, SECRETARY, "recheck", NULL, NULL);
        char set[200];
        (void)snprintf(set, sizeof set, "{\"copies\":\"5\",\"keeper\":@4%s%s%s}",
            *v[i].code ? ",\"code\":\"" : "", v[i].code, *v[i].code ? "\"" : "");
        move(w, SECRETARY, "number", NULL, set);
        assert_string_equal(arena_printf(&w->t.o.a, "%.*s", SF(get(w).number)).p, v[i].number);
    }
    assert_true(str_has(get(w).fields, S("集团党函"))); /* what was taken stands in the form */
    refused(w, CHIEF, "withdraw", NULL, E_INPUT);
    move(w, CHIEF, "withdraw", "不发了。", NULL);
    assert_int_equal(itemdb_count(&w->t, "SELECT count(*) FROM item_number WHERE kind = 'issue'"
                                         " AND code = '集团党函' AND serial = 1 AND state = 2"),
        1);
    assert_int_equal(
        itemdb_count(&w->t, "SELECT count(DISTINCT code) FROM item_number WHERE kind = 'issue'"),
        3);
}

static enum code old_rows(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return stmt_run(db_sql(db, "UPDATE item_number SET code = '' WHERE kind = 'issue'"), NULL, e);
}

/* What was numbered before the kind had codes goes on where it was. */
static void numbers_from_before_the_codes_go_on(void **state)
{
    struct walk *w = *state;
    struct err e;
    for (int i = 1; i <= 3; i++) {
        begin_issue(w, FIELDS("不需会签", ""));
        to_signing(w);
        answer(w, LEADER, "同意签发", NULL);
        number_it(w);
        assert_int_equal(store_write(w->t.o.st, old_rows, NULL, &e), OK);
    }
    assert_true(str_eq(get(w).number, S("集团党发〔2026〕3号")));
}

/* ---- the sample library ---- */

static struct sample *samples(struct walk *w, int who, size_t *n)
{
    struct sample *v;
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(&w->t);
    if (sample_read(db, &w->t.o.a, itemdb_as(&w->t, who), 0, &v, n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return v;
}

static void to_dispatch(struct walk *w, const char *fields)
{
    begin_issue(w, fields);
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    move(w, LIAISON2, "seal", NULL, NULL);
    is_in(w, "dispatch");
}

/* What is issued enters by itself, and not before; a text that is written again is out. */
static void what_is_issued_becomes_a_sample(void **state)
{
    struct walk *w = *state;
    struct text_job j = {.what = GIVE_UP};
    struct err e;
    size_t n = 9;
    to_dispatch(w, FIELDS("不需会签", ""));
    (void)samples(w, STAFF, &n);
    assert_int_equal(n, 0);
    move(w, SECRETARY, "dispatch", NULL, NULL);
    struct sample *v = samples(w, STAFF, &n);
    assert_int_equal(n, 1);
    assert_true(v->item == w->id && v->version == text_of(w).final);
    assert_true(str_eq(v->title, S("关于做好防汛工作的通知")));
    assert_int_equal(v->genre, GENRE_NOTICE);
    assert_true(str_eq(v->topic, S("做好防汛工作")));
    assert_int_equal(v->day.n, 10);
    assert_true(
        str_starts(v->text, S("关于做好防汛工作的通知"))); /* without the elements in front */
    (void)samples(w, LIAISON2, &n);                        /* another unit: 内部 */
    assert_int_equal(n, 0);
    j.manuscript = text_of(w).manuscript;
    assert_int_equal(text_do(w, STAFF, &j, &e), E_CONFLICT); /* signed: not given up */
    struct act a = {.verb = V_RETURN,
        .id = w->id,
        .revision = get(w).revision,
        .word = "draft",
        .text = "印错了，收回重发"};
    assert_int_equal(act(w, CHIEF, &a, &e), OK);
    (void)samples(w, STAFF, &n);
    assert_int_equal(n, 0);
}

/* 撤销发文 before it went out: never a sample. 工作秘密: neither. */
static void what_was_withdrawn_is_no_sample(void **state)
{
    struct walk *w = *state;
    size_t n = 9;
    to_dispatch(w, FIELDS("不需会签", ""));
    move(w, CHIEF, "withdraw", "不发了。", NULL);
    (void)samples(w, STAFF, &n);
    assert_int_equal(n, 0);
}

/* In sign-off it cannot be given up; when the item was cancelled it can. */
static void what_is_in_sign_off_is_not_given_up(void **state)
{
    struct walk *w = *state;
    struct text_job j = {.what = GIVE_UP};
    struct err e;
    begin_issue(w, FIELDS("不需会签", ""));
    j.manuscript = text_of(w).manuscript;
    assert_int_equal(text_do(w, STAFF, &j, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "先撤销"));
    move(w, STAFF, "cancel", "不发了。", NULL);
    assert_int_equal(text_do(w, STAFF, &j, &e), OK);
}

/* From the desk: one button. */
static void an_item_begun_from_the_desk(void **state)
{
    struct walk *w = *state;
    struct err e;
    struct text_job j = {.what = BEGIN, .manuscript = manuscript_by(w, STAFF)};
    assert_int_equal(text_do(w, STAFF, &j, &e), OK);
    w->id = j.item;
    assert_true(str_eq(get(w).title, S("关于做好防汛工作的通知")));
    assert_int_equal(text_of(w).manuscript, j.manuscript);
    int64_t id = w->id;
    assert_int_equal(text_do(w, STAFF, &j, &e), E_CONFLICT);
    w->id = id;
    /* what the text says is not typed again */
    json_t *fields;
    assert_int_equal(jr_parse(get(w).fields, &fields, &e), OK);
    assert_true(str_eq(jr_str(fields, "genre"), S("通知")));
    assert_true(str_eq(jr_str(fields, "direction"), S("下行文")));
    assert_true(str_eq(jr_str(fields, "to_other"), S("各单位")));
    json_decref(fields);
}

static void is_with_one(struct walk *w)
{
    struct item it = get(w);
    struct item_hand h;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(item_hands(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), &it, 1, &h, &e), OK);
    store_read_end(db);
    assert_int_equal(h.n, 1);
}

/* To call it off stands open to the drafter and the chiefs the whole way, and lies on nobody's desk for that. */
static void it_lies_with_whose_turn_it_is(void **state)
{
    struct walk *w = *state;
    begin_issue(w, FIELDS("不需会签", ""));
    is_with_one(w);
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    is_with_one(w);
    move(w, OTHER, "send", "已核，请签发。", "{\"signer\":@2}");
    is_with_one(w);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(from_draft_to_archive),
        T(addressed_is_not_taking_part),
        T(countersigned_in_turn),
        T(numbers_have_no_gap),
        T(back_to_any_step),
        T(opinions_name_their_version),
        T(only_what_was_sent_is_signed),
        T(the_form_is_sent_with_the_text),
        T(unlocking_leaves_a_trace),
        T(each_code_has_its_own_numbers),
        T(numbers_from_before_the_codes_go_on),
        T(what_is_issued_becomes_a_sample),
        T(what_was_withdrawn_is_no_sample),
        T(what_is_in_sign_off_is_not_given_up),
        T(an_item_begun_from_the_desk),
        T(it_lies_with_whose_turn_it_is),
    };
    return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
