/* What becomes of an item besides its moves: split, put away, given up, taken over, entered for another, handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/item_cover.h"
#include "office/item_link.h"

/* by: who may make its first step */
#define KIND(more_fields, more_states) KIND_BY("drafter", more_fields, more_states)
#define CHIEFS_FIRST                   KIND_BY("chief", "", "")
#define KIND_BY(by, more_fields, more_states)                                                      \
    "kind: life_test\n"                                                                            \
    "name: 督办\n"                                                                               \
    "about: 试验\n"                                                                              \
    "entry: track\n"                                                                               \
    "number: 督〔{year}〕{serial:03}号\n"                                                      \
    "number_at: open\n"                                                                            \
    "title: demand\n"                                                                              \
    "level: open\n"                                                                                \
    "roles:\n"                                                                                     \
    "  chief: [role:chief]\n"                                                                      \
    "  leader: [role:leader]\n"                                                                    \
    "  drafter: [owner]\n"                                                                         \
    "fields:\n"                                                                                    \
    "  - {id: demand, name: 工作要求, type: longtext, required: true, max: 40}\n"              \
    "  - {id: lead, name: 牵头单位, type: unit, required: true}\n"                             \
    "  - {id: due, name: 完成期限, type: date}\n"                                              \
    "  - {id: category, name: 分类, type: text}\n" more_fields "states:\n"                         \
    "  draft: {name: 草稿, edit: [drafter]}\n"                                                   \
    "  doing: {name: 办理中}\n" more_states "  closed: {name: 已办结, closed: true}\n"          \
    "moves:\n"                                                                                     \
    "  - {id: submit, name: 提交, from: [draft], to: doing, by: [" by "], opinion: optional, "     \
    "ask: {of: ['field:lead'], purpose: 办理, wait: all}}\n"                                     \
    "  - {id: approve, name: 批示, from: [doing], to: doing, by: [leader], opinion: required}\n" \
    "  - {id: pass, name: 办结, from: [doing], to: closed, by: [chief, drafter]}\n"              \
    "clocks:\n"                                                                                    \
    "  - {id: finish, name: 办结, start: doing, stop: closed, due: due}\n"                       \
    "ledger: [number, title, lead, due, state]\n"

static int set_up(void **state)
{
    return itemdb_set_up_with(state, KIND("", ""));
}

#define FULL                                                                                         \
    "{\"demand\":\"落实防汛责任\",\"lead\":\"4\",\"due\":\"2026-07-20\",\"category\":\"上级" \
    "部署\"}"

static int64_t open_item(struct itemdb *t, int who)
{
    struct act a = {.verb = V_OPEN, .json = FULL, .open = {.kind = S("life_test")}};
    struct err e;
    if (itemdb_act(t, who, &a, &e) != OK)
        fail_msg("%s", e.msg);
    return a.id;
}

static int64_t submitted(struct itemdb *t, int who)
{
    int64_t id = open_item(t, who);
    DO(t, who, .verb = V_MOVE, .id = id, .revision = 1, .word = "submit");
    return id;
}

static struct item get(struct itemdb *t, int64_t id)
{
    struct item it;
    struct err e;
    if (itemdb_get(t, N_PEOPLE, id, &it, &e) != OK)
        fail_msg("%s", e.msg);
    return it;
}

/* ---- split ---- */

struct splitting {
    const struct actor *by;
    int64_t id, revision;
    int64_t ids[2];
    const char *part[2];
    bool start;
};

static enum code split_fn(struct db *db, void *arg, struct err *e)
{
    static const struct str copy[] = {SC("demand"), SC("category")};
    struct splitting *s = arg;
    struct item_part parts[2] = {{.start = s->start}, {.start = s->start}};
    json_t *fields[2] = {NULL, NULL};
    enum code c = OK;
    for (int i = 0; c == OK && i < 2; i++) {
        c = jr_parse(str_z(s->part[i]), &fields[i], e);
        parts[i].fields = fields[i];
    }
    struct item_split what = {.copy = copy, .n_copy = 2, .parts = parts, .n = 2};
    if (c == OK)
        c = item_split(db, s->by, s->id, s->revision, &what, s->ids, e);
    json_decref(fields[0]);
    json_decref(fields[1]);
    return c;
}

static void parts_have_their_own_lead_and_day(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct item_link *links;
    size_t n;
    struct splitting s = {.by = itemdb_as(t, SECRETARY),
        .id = submitted(t, SECRETARY),
        .revision = 2,
        .part = {
            "{\"lead\":\"2\",\"due\":\"2026-07-16\"}", "{\"lead\":\"4\",\"demand\":\"清点物资\"}"}};
    s.by = itemdb_as(t, LIAISON);
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), E_DENIED);
    s.by = itemdb_as(t, SECRETARY);
    s.revision = 1;
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), E_CONFLICT);
    s.revision = 2;
    s.part[1] = "{\"demand\":\"清点物资\"}";
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), E_INPUT); /* of none, not of one */
    assert_non_null(strstr(e.msg, "第2件：“牵头单位”没有填写"));
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item"), 1);
    s.part[1] = "{\"lead\":\"4\",\"demand\":\"清点物资\"}";
    if (store_write(t->o.st, split_fn, &s, &e) != OK)
        fail_msg("%s", e.msg);
    struct item a = get(t, s.ids[0]), b = get(t, s.ids[1]);
    assert_true(str_eq(a.title, S("落实防汛责任")));
    assert_true(str_eq(b.title, S("清点物资")));
    assert_true(str_has(a.fields, S("\"due\":\"2026-07-16\"")));
    assert_true(str_has(b.fields, S("\"category\":\"上级部署\"")));
    assert_false(str_has(b.fields, S("due")));
    assert_true(str_eq(a.number, S("督〔2026〕002号")));
    assert_int_equal(get(t, s.id).closed_ms, 0);
    struct db *db = itemdb_read(t);
    assert_int_equal(item_link_list(db, &t->o.a, itemdb_as(t, SECRETARY),
                         (struct link_end){.kind = LINK_ITEM, .id = s.id}, &links, &n, &e),
        OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_int_equal(links[0].from.id, s.ids[0]);
    assert_true(str_eq(links[0].relation, S("分解")));
    /* ending the whole while parts are open is told, and not forbidden */
    struct item_choice *v;
    struct item it = get(t, s.id);
    db = itemdb_read(t);
    assert_int_equal(item_choices(db, &t->o.a, itemdb_as(t, CHIEF), &it, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_true(str_has(v[0].hindrance, S("还有2件分解的事项没有办结")));
    assert_false(v[0].blocks);
}

/* ---- archive ---- */

/* 直接交办: on through the first step, by the same rights as by hand; the second, which is another's or a choice, waits. */
static void parts_are_handed_out_at_once(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct ask *asks;
    struct splitting s = {.by = itemdb_as(t, SECRETARY),
        .id = submitted(t, SECRETARY),
        .revision = 2,
        .start = true,
        .part = {"{\"lead\":\"2\"}", "{\"lead\":\"4\",\"demand\":\"清点物资\"}"}};
    if (store_write(t->o.st, split_fn, &s, &e) != OK)
        fail_msg("%s", e.msg);
    for (int i = 0; i < 2; i++) {
        assert_true(str_eq(get(t, s.ids[i]).state, S("doing")));
        assert_int_equal(get(t, s.ids[i]).revision, 2);
        assert_int_equal(itemdb_asks(t, s.ids[i], &asks), 1);
        assert_int_equal(asks[0].to, i == 0 ? UNIT_PARTY : UNIT_FINANCE);
    }
    int64_t before = itemdb_count(t, "SELECT count(*) FROM item");
    s.part[1] = "{\"lead\":\"4\",\"due\":\"不是日期\"}"; /* one that fails takes all of them back */
    s.revision = get(t, s.id).revision;
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "第2件"));
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item"), before);
}

static void a_part_is_not_handed_out_by_who_may_not(void **state)
{
    struct itemdb *t = *state;
    struct err e;
    struct splitting s = {.by = itemdb_as(t, SECRETARY),
        .id = submitted(t, SECRETARY),
        .revision = 2,
        .start = true,
        .part = {"{\"lead\":\"2\"}", "{\"lead\":\"4\"}"}};
    itemdb_kind(t, CHIEFS_FIRST);
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "第1件：第一步不能由您直接办理"));
    s.start = false; /* as drafts they may be */
    assert_int_equal(store_write(t->o.st, split_fn, &s, &e), OK);
}

static void what_is_archived_is_touched_by_nothing_but_reopening(void **state)
{
    struct itemdb *t = *state;
    int64_t id = submitted(t, SECRETARY), other = submitted(t, SECRETARY);
    REFUSED(t, SECRETARY, E_CONFLICT, "还没有办结", .verb = V_ARCHIVE, .id = id, .revision = 2);
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 2, .word = "pass");
    DO(t, CHIEF, .verb = V_MOVE, .id = other, .revision = 2, .word = "pass");
    REFUSED(t, LIAISON, E_DENIED, "不能归档", .verb = V_ARCHIVE, .id = id, .revision = 3);
    DO(t, SECRETARY, .verb = V_ARCHIVE, .id = id, .revision = 3);
    assert_true(str_eq(get(t, id).archive_no, S("归〔2026〕0001号")));
    REFUSED(t, SECRETARY, E_CONFLICT, "已经归档", .verb = V_ARCHIVE, .id = id, .revision = 4);
    REFUSED(t, SECRETARY, E_CONFLICT, "已归档（归〔2026〕0001号）", .verb = V_REMARK, .id = id,
        .text = "补记");
    REFUSED(t, SECRETARY, E_CONFLICT, "已被另一件事项使用", .verb = V_ARCHIVE, .id = other,
        .revision = 3, .word = "归〔2026〕0001号");
    DO(t, SECRETARY, .verb = V_ARCHIVE, .id = other, .revision = 3, .word = "档2026-7");
    assert_true(str_eq(get(t, other).archive_no, S("档2026-7")));
    assert_int_equal(get(t, id).revision, 4);
    DO(t, CHIEF, .verb = V_REOPEN, .id = id, .revision = 4, .text = "补充材料");
    assert_int_equal(get(t, id).archived_ms, 0);
    DO(t, SECRETARY, .verb = V_REMARK, .id = id, .text = "补记");
    DO(t, CHIEF, .verb = V_MOVE, .id = id, .revision = 6, .word = "pass");
    DO(t, SECRETARY, .verb = V_ARCHIVE, .id = id, .revision = 7);
    assert_true(str_eq(get(t, id).archive_no, S("归〔2026〕0001号"))); /* back to its place */
}

/* ---- discard ---- */

static void a_draft_is_given_up_and_its_number_is_void(void **state)
{
    struct itemdb *t = *state;
    int64_t id = open_item(t, SECRETARY), sent = submitted(t, SECRETARY);
    struct item_page p;
    struct err e;
    REFUSED(t, SECRETARY, E_DENIED, "不能作废", .verb = V_DISCARD, .id = sent, .revision = 2);
    DO(t, SECRETARY, .verb = V_WITHDRAW, .id = sent, .revision = 2);
    REFUSED(t, SECRETARY, E_CONFLICT, "已经提交过", .verb = V_DISCARD, .id = sent, .revision = 3);
    DO(t, SECRETARY, .verb = V_DISCARD, .id = id, .revision = 1, .text = "重复登记");
    assert_true(get(t, id).discarded);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_number WHERE state = 2"), 1);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_event"), 5);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM item_grant WHERE box > 0 AND item <> "
                                     "(SELECT max(id) FROM item)"),
        0);
    REFUSED(t, SECRETARY, E_CONFLICT, "已经作废", .verb = V_REMARK, .id = id, .text = "补记");
    REFUSED(t, CHIEF, E_CONFLICT, "不必重新办理", .verb = V_REOPEN, .id = id, .revision = 2,
        .text = "补");
    struct db *db = itemdb_read(t);
    struct item_filter f = {.kind = S("life_test")};
    assert_int_equal(item_list(db, &t->o.a, itemdb_as(t, CHIEF), &f, 10, &p, &e), OK);
    store_read_end(db);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.items[0].id, sent);
}

/* ---- a newer version of the kind ---- */

static void a_newer_kind_is_taken_over_where_it_fits(void **state)
{
    struct itemdb *t = *state;
    int64_t id = submitted(t, SECRETARY);
    REFUSED(
        t, CHIEF, E_CONFLICT, "已经是“督办”的最新一版", .verb = V_UPGRADE, .id = id, .revision = 2);
    itemdb_kind(t, KIND("  - {id: money, name: 金额, type: number}\n", ""));
    REFUSED(t, SECRETARY, E_DENIED, "请联系科长", .verb = V_UPGRADE, .id = id, .revision = 2);
    DO(t, CHIEF, .verb = V_UPGRADE, .id = id, .revision = 2);
    assert_int_equal(get(t, id).kind_version, 2);
    int64_t draft = open_item(t, SECRETARY);
    DO(t, SECRETARY, .verb = V_EDIT, .id = draft, .revision = 1, .json = "{\"money\":\"12\"}");
    itemdb_kind(t, KIND("", "")); /* version 3 has no 金额 */
    REFUSED(t, CHIEF, E_CONFLICT, "没有这件事项用到的栏目“金额”", .verb = V_UPGRADE, .id = draft,
        .revision = 2);
    DO(t, CHIEF, .verb = V_UPGRADE, .id = id, .revision = 3);
    assert_int_equal(get(t, id).kind_version, 3);
}

/* ---- entered for another ---- */

static void words_of_another_are_verified_by_a_second_person(void **state)
{
    struct itemdb *t = *state;
    int64_t id = submitted(t, SECRETARY);
    struct item_proxy *v;
    struct err e;
    size_t n;
    REFUSED(t, SECRETARY, E_DENIED, "不能“批示”", .verb = V_MOVE, .id = id, .revision = 2,
        .word = "approve", .text = "抓紧");
    itemdb_as(t, LIAISON);
    t->actor[LIAISON].for_person = t->person[LEADER];
    REFUSED(t, LIAISON, E_DENIED, "代录由秘书和科长办理", .verb = V_MOVE, .id = id, .revision = 2,
        .word = "approve", .text = "抓紧");
    t->actor[LIAISON].for_person = 0;
    t->actor[SECRETARY].for_person = t->person[LEADER];
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 2, .word = "approve", .text = "抓紧");
    DO(t, SECRETARY, .verb = V_MOVE, .id = id, .revision = 3, .word = "approve", .text = "再报");
    t->actor[SECRETARY].for_person = 0;
    assert_int_equal(
        itemdb_count(t, "SELECT for_person FROM item_event WHERE seq = 3"), t->person[LEADER]);
    REFUSED(t, SECRETARY, E_DENIED, "录入人以外的人", .verb = V_VERIFY, .id = id, .revision = 3);
    REFUSED(t, LIAISON, E_DENIED, "录入人以外的人", .verb = V_VERIFY, .id = id, .revision = 3);
    REFUSED(t, CHIEF, E_NOTFOUND, "不是代录的", .verb = V_VERIFY, .id = id, .revision = 1);
    struct db *db = itemdb_read(t);
    assert_int_equal(item_proxy_list(db, &t->o.a, itemdb_as(t, LEADER), 0, &v, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_int_equal(item_proxy_list(db, &t->o.a, itemdb_as(t, SECRETARY), 0, &v, &n, &e), OK);
    assert_int_equal(n, 0);
    store_read_end(db);
    DO(t, LEADER, .verb = V_VERIFY, .id = id, .revision = 3);
    REFUSED(t, CHIEF, E_CONFLICT, "已经核实过", .verb = V_VERIFY, .id = id, .revision = 3);
    DO(t, CHIEF, .verb = V_VERIFY, .id = id, .revision = 4, .word = "原话是“下周再报”");
    db = itemdb_read(t);
    assert_int_equal(item_proxy_list(db, &t->o.a, itemdb_as(t, SECRETARY), id, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 2);
    assert_true(v[0].right);
    assert_int_equal(v[0].verified_by, t->person[LEADER]);
    assert_false(v[1].right);
    assert_int_equal(v[1].verified_by, t->person[CHIEF]);
}

/* ---- merge ---- */

static void what_is_merged_is_not_met(void **state)
{
    struct itemdb *t = *state;
    int64_t id = submitted(t, SECRETARY), into = submitted(t, SECRETARY);
    struct item_clock *v;
    struct err e;
    size_t n;
    DO(t, CHIEF, .verb = V_MERGE, .id = id, .revision = 2, .other = into, .text = "重复");
    struct db *db = itemdb_read(t);
    assert_int_equal(item_clock_list(db, &t->o.a, itemdb_as(t, CHIEF), id, &v, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].state, CLOCK_DROPPED);
    assert_true(str_eq(v[0].why, S("并案")));
}

/* ---- standing in, handing on ---- */

struct covering {
    const struct actor *by;
    int64_t person, to, id;
    int op;
    struct hand_over out;
    struct arena *a;
};
static enum code cover_fn(struct db *db, void *arg, struct err *e)
{
    struct covering *c = arg;
    if (c->op == 0)
        return item_delegate(db, c->by, c->person, c->to, S("2026-07-13"), S("2026-07-15"), e);
    if (c->op == 1)
        return item_undelegate(db, c->by, c->id, e);
    return item_hand_over_all(db, c->a, c->by, c->person, c->to, S("调岗"), &c->out, e);
}

static void a_delegation_is_listed_and_ended(void **state)
{
    struct itemdb *t = *state;
    int64_t id = submitted(t, SECRETARY);
    struct item it;
    struct item_delegation *v;
    struct err e;
    size_t n;
    struct covering c = {
        .by = itemdb_as(t, LIAISON), .person = t->person[LIAISON], .to = t->person[OTHER]};
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), OK);
    assert_int_equal(itemdb_get(t, OTHER, id, &it, &e), OK);
    struct db *db = itemdb_read(t);
    assert_int_equal(
        item_delegation_list(db, &t->o.a, itemdb_as(t, OTHER), t->person[OTHER], &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_true(v[0].now);
    c.id = v[0].id;
    assert_int_equal(
        item_delegation_list(db, &t->o.a, itemdb_as(t, OTHER), 0, &v, &n, &e), E_DENIED);
    assert_int_equal(item_delegation_list(db, &t->o.a, itemdb_as(t, CHIEF), 0, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    store_read_end(db);
    c.op = 1;
    c.by = itemdb_as(t, STAFF);
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), E_DENIED);
    c.by = itemdb_as(t, LIAISON);
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), OK);
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), E_CONFLICT);
    assert_int_equal(itemdb_get(t, OTHER, id, &it, &e), E_NOTFOUND);
}

static void everything_goes_to_who_comes_after(void **state)
{
    struct itemdb *t = *state;
    int64_t owned = submitted(t, SECRETARY), asked = submitted(t, CHIEF), done, hers;
    struct err e;
    struct ask *asks;
    done = submitted(t, SECRETARY);
    hers = submitted(t, CHIEF);
    DO(t, CHIEF, .verb = V_MOVE, .id = done, .revision = 2, .word = "pass");
    struct ask_new ask = {.to_kind = PRINCIPAL_PERSON, .to = t->person[SECRETARY]};
    DO(t, CHIEF, .verb = V_SEND, .id = asked, .ask = ask);
    struct covering c = {.by = itemdb_as(t, SECRETARY),
        .person = t->person[SECRETARY],
        .to = t->person[OTHER],
        .a = &t->o.a};
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), OK); /* a delegation, which ends */
    c.op = 2;
    c.by = itemdb_as(t, STAFF);
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), E_DENIED);
    c.by = itemdb_as(t, SECRETARY);
    c.to = t->person[STAFF];
    if (store_write(t->o.st, cover_fn, &c, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(c.out.n, 2);
    assert_int_equal(c.out.items[0].item, owned);
    assert_true(c.out.items[0].owner);
    assert_int_equal(c.out.items[1].item, asked);
    assert_int_equal(c.out.items[1].n_asks, 1);
    assert_int_equal(c.out.delegations, 1);
    assert_false(c.out.more);
    assert_int_equal(get(t, owned).owner, t->person[STAFF]);
    assert_int_equal(get(t, done).owner, t->person[SECRETARY]);
    assert_int_equal(get(t, hers).owner, t->person[CHIEF]);
    size_t n = itemdb_asks(t, asked, &asks);
    assert_int_equal(n, 2);
    assert_int_equal(asks[1].to, t->person[STAFF]);
    char sql[200]; /* no open stay is left with who went: only that of the matter that is done */
    (void)snprintf(sql, sizeof(sql),
        "SELECT count(*) FROM item_step WHERE person = %lld AND closed = 0 AND left_at ="
        " 9223372036854775807",
        (long long)t->person[SECRETARY]);
    assert_int_equal(itemdb_count(t, sql), 0);
    (void)snprintf(sql, sizeof(sql),
        "SELECT count(*) FROM item_step WHERE person = %lld AND left_at = 9223372036854775807",
        (long long)t->person[STAFF]);
    assert_int_equal(itemdb_count(t, sql), 2);
    DO(t, STAFF, .verb = V_ANSWER, .id = asks[1].id, .word = "已反馈");
    REFUSED(t, SECRETARY, E_DENIED, "您不能移交", .verb = V_HAND_OVER, .id = owned, .revision = 3,
        .other = t->person[SECRETARY]);
    assert_int_equal(store_write(t->o.st, cover_fn, &c, &e), OK); /* again: nothing is left */
    assert_int_equal(c.out.n, 0);
}

#define LIFE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(parts_have_their_own_lead_and_day),
        LIFE_TEST(parts_are_handed_out_at_once),
        LIFE_TEST(a_part_is_not_handed_out_by_who_may_not),
        LIFE_TEST(what_is_archived_is_touched_by_nothing_but_reopening),
        LIFE_TEST(a_draft_is_given_up_and_its_number_is_void),
        LIFE_TEST(a_newer_kind_is_taken_over_where_it_fits),
        LIFE_TEST(words_of_another_are_verified_by_a_second_person),
        LIFE_TEST(what_is_merged_is_not_met),
        LIFE_TEST(a_delegation_is_listed_and_ended),
        LIFE_TEST(everything_goes_to_who_comes_after),
    };
    return cmocka_run_group_tests_name("item_life", tests, NULL, NULL);
}
