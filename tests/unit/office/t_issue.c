/* 发文: from 拟稿 to 归档 by the real verbs, with its ways back and its numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kindwalk.h"
#include "office/item_paper.h"

#define FIELDS(cosign, more)                                                                 \
    "{\"subject\":\"关于做好防汛工作的通知\",\"genre\":\"通知\",\"direction\":" \
    "\"下行文\",\"cosign\":\"" cosign "\",\"to\":[\"4\",\"2\"],\"to_other\":\"省国资委"  \
    "\"" more "}"

/* STAFF drafts, OTHER checks, LEADER signs, SECRETARY and CHIEF number and print, LIAISON2 keeps the seal. */
static void to_signing(struct walk *w)
{
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    is_in(w, "review");
    refused(w, STAFF, "send", NULL, E_DENIED);
    move(w, OTHER, "send", "已核，请签发。", "{\"signer\":@2}");
    is_in(w, "signing");
}

static void number_it(struct walk *w)
{
    move(w, SECRETARY, "recheck", "已复核。", NULL);
    move(
        w, SECRETARY, "number", NULL, "{\"copies\":\"5\",\"issuer\":\"党委办公室\",\"keeper\":@4}");
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
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
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

static void countersigned_in_turn(void **state)
{
    struct walk *w = *state;
    begin(w, STAFF, "issue",
        json(w, FIELDS("依次会签", ",\"sign_people\":[@4,@5],\"sign_units\":[\"2\"]")));
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    refused(w, OTHER, "cosign", NULL, E_DENIED);
    refused(w, OTHER, "send", NULL, E_DENIED);
    move(w, OTHER, "cosign_in_turn", "请会签。", "{\"cosign_due\":\"2026-07-16\"}");
    unit_answers(w, LIAISON2, UNIT_PARTY, "有修改意见", "第三条加上时限。");
    refused(w, OTHER, "cosigned", NULL, E_CONFLICT);
    answer(w, LIAISON2, "同意", NULL);
    answer(w, STAFF, "同意", NULL);
    move(w, OTHER, "cosigned", NULL, NULL);
    move(w, STAFF, "send_cosigned", "意见已采纳。", "{\"signer\":@2}");
    answer(w, LEADER, "同意签发", NULL);
    is_in(w, "recheck");
}

/* A number that is given up stays in the log with its reason, and the next document has the next one. */
static void numbers_have_no_gap(void **state)
{
    struct walk *w = *state;
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
    to_signing(w);
    answer(w, LEADER, "同意签发", NULL);
    number_it(w);
    refused(w, SECRETARY, "withdraw", "印错了", E_DENIED);
    refused(w, CHIEF, "withdraw", NULL, E_INPUT);
    move(w, CHIEF, "withdraw", "上级另有部署，不再印发。", NULL);
    is_closed(w, "cancelled");
    assert_false(get(w).number.n);
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
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
    begin(w, STAFF, "issue", FIELDS("不需会签", ""));
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

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(from_draft_to_archive),
        T(countersigned_in_turn),
        T(numbers_have_no_gap),
        T(back_to_any_step),
    };
    return cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
