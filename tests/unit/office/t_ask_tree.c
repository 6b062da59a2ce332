#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdo.h"
#include "office/ask_tree.h"
#include "office/item_file.h"

/* As the directive of an office: units are asked, and no unit leads. */
static const char relay[] =
    "kind: relay_test\n"
    "name: 传达\n"
    "about: 试验\n"
    "entry: in\n"
    "level: internal\n"
    "roles:\n"
    "  office: [role:chief, role:secretary]\n"
    "fields:\n"
    "  - {id: points, name: 要求, type: text}\n"
    "  - {id: units, name: 传达单位, type: units}\n"
    "states:\n"
    "  draft: {name: 待传达, edit: [office]}\n"
    "  relaying: {name: 传达中}\n"
    "  done: {name: 办结, closed: true}\n"
    "moves:\n"
    "  - {id: relay, name: 传达, from: draft, to: relaying, by: [office], set: [units],"
    " ask: {of: ['field:units'], purpose: 传达贯彻, answers: [已收, 已反馈], wait: all}}\n"
    "  - {id: finish, name: 办结, from: relaying, to: done, by: [office]}\n"
    "ledger: [title, state]\n";

static int set_up(void **state)
{
    return itemdb_set_up_with(state, relay);
}

static int64_t relayed(struct itemdb *t)
{
    struct act a = {.verb = V_OPEN,
        .json = "{\"points\":\"防汛\"}",
        .open = {.kind = S("relay_test"), .title = S("防汛")}};
    struct err e;
    if (itemdb_act(t, SECRETARY, &a, &e) != OK)
        fail_msg("%s", e.msg);
    DO(t, SECRETARY, .verb = V_MOVE, .id = a.id, .revision = 1, .word = "relay",
        .json = "{\"units\":[\"2\",\"4\"]}");
    return a.id;
}

static struct ask_tree tree_of(struct itemdb *t, int who, int64_t item)
{
    struct ask_tree out;
    struct err e;
    struct db *db = itemdb_read(t);
    if (ask_tree(db, &t->o.a, itemdb_as(t, who), item, &out, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return out;
}

static int64_t ask_to(struct itemdb *t, int64_t item, int64_t to)
{
    struct ask_tree tree = tree_of(t, N_PEOPLE, item);
    for (size_t i = 0; i < tree.n; i++)
        if (tree.v[i].ask.to == to)
            return tree.v[i].ask.id;
    return 0;
}

static struct ask_new down(int64_t parent, enum principal kind, int64_t to)
{
    return (struct ask_new){
        .to_kind = kind, .to = to, .parent = parent, .purpose = S("请落实"), .wait = WAIT_ALL};
}

struct replying {
    const struct actor *by;
    struct ask_reply r;
    const char *evidence; /* NULL: none */
    const int64_t *many;
    size_t n_many;
    int64_t done;
};

static enum code reply_fn(struct db *db, void *arg, struct err *e)
{
    struct replying *k = arg;
    struct item_upload up = {.name = S("照片.txt")};
    int64_t file;
    if (k->evidence) {
        TRY(blob_hash_bytes(str_z(k->evidence), &up.blob, e));
        TRY(item_file_put(db, k->by, &up, &file, e));
        k->r.files = &file;
        k->r.n_files = 1;
        return ask_reply(db, k->by, &k->r, e);
    }
    if (k->many)
        return ask_sign(db, k->by, k->many, k->n_many, &k->done, e);
    return ask_reply(db, k->by, &k->r, e);
}

/* Everything of the history that this person reads, in one text. */
static const char *history(struct itemdb *t, int who, int64_t item)
{
    struct item_event *v;
    size_t n;
    struct err e;
    struct str all = S("");
    struct db *db = itemdb_read(t);
    if (item_event_list(db, &t->o.a, itemdb_as(t, who), item, 0, 1000, &v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        all = arena_printf(&t->o.a, "%.*s%.*s", SF(all), SF(v[i].payload));
    return arena_z(&t->o.a, all);
}

static void each_sees_his_branch(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), finance = ask_to(t, id, UNIT_FINANCE),
            party = ask_to(t, id, UNIT_PARTY);
    struct ask_tree tree;
    DO(t, LIAISON, .verb = V_ANSWER, .id = finance, .word = "已收", .text = "财务部已收件");
    DO(t, LIAISON, .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_PERSON, t->person[STAFF]));
    DO(t, LIAISON2, .verb = V_SEND, .id = id, .ask = down(party, PRINCIPAL_UNIT, UNIT_SECTION));
    REFUSED(t, LIAISON, E_DENIED, "只能转给本单位", .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_PERSON, t->person[OTHER]));
    REFUSED(t, LIAISON, E_DENIED, "只能转给本单位", .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_UNIT, UNIT_PARTY));
    REFUSED(t, LIAISON, E_DENIED, "只能转给本单位", .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_UNIT, UNIT_FINANCE));
    REFUSED(t, LIAISON2, E_DENIED, "您不能请他人办理", .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_PERSON, t->person[OTHER]));
    DO(t, STAFF, .verb = V_ANSWER, .id = ask_to(t, id, t->person[STAFF]), .word = "已反馈",
        .text = "库房已备沙袋");

    tree = tree_of(t, SECRETARY, id);
    assert_true(tree.whole);
    assert_int_equal(
        tree.n, 4); /* 党委办公室 > 秘书科, 财务部 > 员工, as they stand in the office */
    assert_int_equal(tree.v[0].ask.to, UNIT_PARTY);
    assert_int_equal(tree.v[1].ask.to, UNIT_SECTION);
    assert_int_equal(tree.v[1].depth, 1);
    assert_int_equal(tree.v[2].ask.to, UNIT_FINANCE);
    assert_int_equal(tree.v[3].ask.to, t->person[STAFF]);
    assert_int_equal(tree.v[2].n_below, 1);
    assert_int_equal(tree.v[2].below.answered, 1);
    assert_int_equal(tree.v[0].below.answered, 0);
    assert_int_equal(tree.total.due, 4);
    assert_int_equal(tree.total.received, 2);
    assert_int_equal(tree.total.answered, 1);

    tree = tree_of(t, LIAISON, id);
    assert_false(tree.whole);
    assert_int_equal(tree.n, 2);
    assert_int_equal(tree.v[0].ask.to, UNIT_FINANCE);
    assert_true(tree.v[0].mine);
    assert_true(tree.v[1].sent_by_me);
    tree = tree_of(t, STAFF, id);
    assert_int_equal(tree.n, 1);
    assert_int_equal(tree.v[0].depth, 0);
    assert_int_equal(tree.v[0].ask.to, t->person[STAFF]);
}

static void nobody_reads_the_answers_of_others(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), finance = ask_to(t, id, UNIT_FINANCE);
    struct ask *v;
    struct ask got;
    struct err e;
    size_t n;
    DO(t, LIAISON, .verb = V_SEEN, .id = finance);
    DO(t, LIAISON, .verb = V_SEND, .id = id,
        .ask = down(finance, PRINCIPAL_PERSON, t->person[STAFF]));
    DO(t, STAFF, .verb = V_ANSWER, .id = ask_to(t, id, t->person[STAFF]), .word = "已反馈",
        .text = "库房已备沙袋");
    DO(t, LIAISON, .verb = V_ANSWER, .id = finance, .word = "已反馈", .text = "财务部已落实");
    assert_non_null(strstr(history(t, SECRETARY, id), "财务部已落实"));
    assert_non_null(strstr(history(t, LIAISON, id), "库房已备沙袋"));
    assert_null(strstr(history(t, LIAISON2, id), "财务部已落实"));
    assert_null(strstr(history(t, LIAISON2, id), "库房已备沙袋"));
    assert_null(strstr(history(t, STAFF, id), "财务部已落实"));
    assert_non_null(strstr(history(t, STAFF, id), "库房已备沙袋"));
    assert_non_null(strstr(history(t, LIAISON2, id), "\"move\":\"relay\"")); /* the way it went */
    struct db *db = itemdb_read(t);
    assert_int_equal(ask_list(db, &t->o.a, itemdb_as(t, LIAISON2), id, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].to, UNIT_PARTY);
    assert_int_equal(ask_get(db, &t->o.a, itemdb_as(t, LIAISON2), finance, &got, &e), E_NOTFOUND);
    assert_int_equal(ask_get(db, &t->o.a, itemdb_as(t, LIAISON), finance, &got, &e), OK);
    store_read_end(db);
}

static size_t files_of(struct itemdb *t, int who, int64_t item, int64_t file)
{
    struct item_file *v, one;
    size_t n;
    struct err e;
    struct db *db = itemdb_read(t);
    if (item_file_list(db, &t->o.a, itemdb_as(t, who), item, false, &v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    if (file)
        assert_int_equal(
            item_file_open(db, &t->o.a, itemdb_as(t, who), file, &one, &e), n ? OK : E_NOTFOUND);
    store_read_end(db);
    return n;
}

static void nor_their_evidence(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), finance = ask_to(t, id, UNIT_FINANCE), file = 0;
    struct replying k = {.by = itemdb_as(t, LIAISON),
        .r = {.ask = finance, .word = S("已反馈"), .text = S("见照片")},
        .evidence = "沙袋"};
    struct err e, none;
    if (store_write(t->o.st, reply_fn, &k, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(str_int(tree_of(t, CHIEF, id).v[1].ask.files, &file, &none),
        OK); /* it stands with the ask */
    assert_int_equal(files_of(t, SECRETARY, id, file), 1);
    assert_int_equal(files_of(t, LIAISON, id, file), 1);
    assert_int_equal(files_of(t, LIAISON2, id, file), 0);
}

static void a_unit_does_not_answer_over_those_below(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), party = ask_to(t, id, UNIT_PARTY);
    struct replying k = {.by = itemdb_as(t, LIAISON2),
        .r = {.ask = party, .word = S("已反馈"), .text = S("已部署"), .despite = true}};
    struct err e;
    DO(t, LIAISON2, .verb = V_SEND, .id = id, .ask = down(party, PRINCIPAL_UNIT, UNIT_SECTION));
    DO(t, LIAISON2, .verb = V_SEND, .id = id,
        .ask = down(party, PRINCIPAL_PERSON, t->person[OTHER]));
    DO(t, LIAISON2, .verb = V_ANSWER, .id = party, .word = "已收"); /* that it came may be said */
    REFUSED(t, LIAISON2, E_CONFLICT, "下级还有2家未反馈", .verb = V_ANSWER, .id = party,
        .word = "已反馈");
    assert_int_equal(store_write(t->o.st, reply_fn, &k, &e), OK);
    /* what was passed on goes on, until the sender takes it back with all below it */
    DO(t, OTHER, .verb = V_ANSWER, .id = ask_to(t, id, t->person[OTHER]), .word = "已反馈");
    assert_int_equal(tree_of(t, CHIEF, id).total.answered, 2);
}

static void what_is_taken_back_goes_with_all_below_it(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), party = ask_to(t, id, UNIT_PARTY);
    DO(t, LIAISON2, .verb = V_SEND, .id = id, .ask = down(party, PRINCIPAL_UNIT, UNIT_SECTION));
    DO(t, SECRETARY, .verb = V_UNASK, .id = party, .text = "发错单位");
    struct ask_tree tree = tree_of(t, CHIEF, id);
    assert_int_equal(tree.v[0].ask.state, ASK_WITHDRAWN);
    assert_int_equal(tree.v[1].ask.state, ASK_WITHDRAWN);
    assert_int_equal(tree.total.due, 1);
    REFUSED(t, SECRETARY, E_CONFLICT, "都已经回复或收回", .verb = V_UNASK, .id = party);
}

static void a_word_wants_what_the_sender_chose(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), ask;
    struct ask_new v = {.to_kind = PRINCIPAL_PERSON,
        .to = t->person[STAFF],
        .purpose = S("研究"),
        .answers = S("已收\n已研究\n已部署"),
        .need_text = S("已研究"),
        .need_files = S("已部署"),
        .wait = WAIT_ALL};
    struct ask_new wrong = v;
    wrong.need_text = S("已反馈");
    REFUSED(
        t, SECRETARY, E_INPUT, "“已反馈”不在答复用语里", .verb = V_SEND, .id = id, .ask = wrong);
    DO(t, SECRETARY, .verb = V_SEND, .id = id, .ask = v);
    ask = ask_to(t, id, t->person[STAFF]);
    DO(t, STAFF, .verb = V_ANSWER, .id = ask, .word = "已收");
    REFUSED(t, STAFF, E_INPUT, "“已研究”要写明情况", .verb = V_ANSWER, .id = ask, .word = "已研究");
    t->now_ms += MS_HOUR;
    DO(t, STAFF, .verb = V_ANSWER, .id = ask, .word = "已研究", .text = "六月六日会上研究");
    REFUSED(t, STAFF, E_INPUT, "要附佐证材料", .verb = V_ANSWER, .id = ask, .word = "已部署",
        .text = "已部署");
    struct ask_tree tree = tree_of(t, STAFF, id);
    assert_int_equal(tree.v[0].ask.answered_ms - tree.v[0].ask.received_ms, MS_HOUR);
}

static void who_has_answered_is_not_chased(void **state)
{
    struct itemdb *t = *state;
    int64_t id = relayed(t), finance = ask_to(t, id, UNIT_FINANCE);
    int64_t party = ask_to(t, id, UNIT_PARTY);
    DO(t, LIAISON, .verb = V_ANSWER, .id = finance, .word = "已反馈");
    REFUSED(t, SECRETARY, E_CONFLICT, "都已经回复或收回", .verb = V_REMIND, .id = finance);
    DO(t, SECRETARY, .verb = V_REMIND, .id = party, .text = "请尽快反馈");
    REFUSED(t, LIAISON, E_DENIED, "您不能催办", .verb = V_REMIND, .id = party);
    struct ask_tree tree = tree_of(t, CHIEF, id);
    assert_int_equal(tree.v[0].ask.reminded, 1);
    assert_int_equal(tree.v[1].ask.reminded, 0);
    t->now_ms += MS_DAY;
    struct ask_new below = down(party, PRINCIPAL_PERSON, t->person[OTHER]);
    below.due_ms = t->now_ms + MS_HOUR;
    DO(t, LIAISON2, .verb = V_SEND, .id = id, .ask = below);
    assert_int_equal(tree_of(t, CHIEF, id).total.overdue, 0);
    t->now_ms += MS_HOUR;
    assert_int_equal(tree_of(t, CHIEF, id).total.overdue, 1);
    DO(t, LIAISON2, .verb = V_REMIND, .id = ask_to(t, id, t->person[OTHER])); /* his own branch */
}

static void many_are_signed_at_once(void **state)
{
    struct itemdb *t = *state;
    int64_t ids[4], items[2];
    struct ask_new read = {.to_kind = PRINCIPAL_PERSON,
        .to = t->person[STAFF],
        .purpose = S("阅知"),
        .answers = S("已读"),
        .wait = WAIT_NONE};
    struct ask_new written = read;
    struct err e;
    written.need_text = S("已读");
    for (int i = 0; i < 2; i++) {
        items[i] = relayed(t);
        DO(t, SECRETARY, .verb = V_SEND, .id = items[i], .ask = i ? written : read);
        ids[i] = ask_to(t, items[i], t->person[STAFF]);
        ids[2 + i] = ask_to(t, items[i], UNIT_PARTY); /* not his */
    }
    struct replying k = {.by = itemdb_as(t, STAFF), .many = ids, .n_many = 4};
    if (store_write(t->o.st, reply_fn, &k, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(k.done, 1);
    assert_int_equal(itemdb_count(t, "SELECT count(*) FROM ask WHERE word = '已读'"), 1);
}

#define TREE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(each_sees_his_branch),
        TREE_TEST(nobody_reads_the_answers_of_others),
        TREE_TEST(nor_their_evidence),
        TREE_TEST(a_unit_does_not_answer_over_those_below),
        TREE_TEST(what_is_taken_back_goes_with_all_below_it),
        TREE_TEST(a_word_wants_what_the_sender_chose),
        TREE_TEST(who_has_answered_is_not_chased),
        TREE_TEST(many_are_signed_at_once),
    };
    return cmocka_run_group_tests_name("ask_tree", tests, NULL, NULL);
}
