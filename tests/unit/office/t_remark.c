/* Remarks of leaders: what they are, whom they name, entered from paper, verified, found by phrase in the rights of who asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "office/remark.h"

/* ---- words ---- */

static void each_kind_of_remark(void **state)
{
    static const struct {
        const char *words;
        enum remark_kind kind;
    } cases[] = {{"", REMARK_CIRCLED}, {"圈阅", REMARK_CIRCLED}, {"阅", REMARK_READ},
        {"已阅。", REMARK_READ}, {"同意。", REMARK_AGREE}, {"同意拟办意见", REMARK_AGREE},
        {"请王书记阅示。", REMARK_UP}, {"请财务部阅处", REMARK_HANDLE},
        {"请财务部、人事部阅办。", REMARK_HANDLE}, {"请张三同志研究。", REMARK_ASSIGN},
        {"同意，请工程部牵头落实。", REMARK_ASSIGN}, {"此事重要，务必稳妥。", REMARK_WORDS},
        {"同意研究结论。", REMARK_WORDS}, {"阅示", REMARK_UP},
        {"请财务部三日内报我。", REMARK_ASSIGN}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (remark_kind_of(str_z(cases[i].words)) != cases[i].kind)
            fail_msg(
                "%s: %s", cases[i].words, remark_kind_name(remark_kind_of(str_z(cases[i].words))));
}

static struct person persons[] = {
    {.id = 11, .name = SC("王江"), .title = SC("党委书记、董事长"), .roles = ROLE_LEADER},
    {.id = 12, .name = SC("江映溪"), .title = SC("总经理"), .roles = ROLE_LEADER},
    {.id = 13, .name = SC("林雁归"), .title = SC("副总经理"), .roles = ROLE_LEADER},
    {.id = 14, .name = SC("陆远"), .title = SC("副总经理"), .roles = ROLE_LEADER},
    {.id = 15, .name = SC("张三"), .unit_name = SC("秘书科"), .roles = ROLE_SECRETARY},
    {.id = 16, .name = SC("周芳"), .unit_name = SC("财务资产部"), .roles = ROLE_STAFF},
};
static struct unit few_units[] = {
    {.id = 21, .name = SC("集团财务资产部"), .short_name = SC("财务资产部")},
    {.id = 22, .name = SC("集团人事部"), .short_name = SC("人事部")},
    {.id = 23, .name = SC("集团工程管理部"), .short_name = SC("工程管理部")},
    {.id = 24, .name = SC("党委组织和统战部"), .short_name = SC("组织和统战部")},
};
static struct remark_post posts[] = {
    {11, SC("王江"), SC("党委书记、董事长")},
    {12, SC("江映溪"), SC("总经理")},
    {13, SC("林雁归"), SC("副总经理")},
    {14, SC("陆远"), SC("副总经理")},
};
static const struct remark_people people = {persons, few_units, posts, 6, 4, 4};

/* "name=id name=id,id name=-": whom each piece fits, in order. */
static struct str named(struct arena *a, const char *words)
{
    struct remark_named v[REMARK_NAMED_MAX];
    size_t n;
    struct str out = S("");
    remark_read(a, str_z(words), &people, v, &n);
    for (size_t i = 0; i < n; i++) {
        out = arena_printf(a, "%.*s%s%.*s=", SF(out), i ? " " : "", SF(v[i].words));
        for (size_t k = 0; k < v[i].n; k++)
            out = arena_printf(a, "%.*s%s%lld", SF(out), k ? "," : "", (long long)v[i].fit[k].id);
        out = arena_printf(a, "%.*s%s/%.*s", SF(out), v[i].n ? "" : "-", SF(v[i].purpose));
    }
    return out;
}

static void whom_the_words_name(void **state)
{
    static const struct {
        const char *words, *named;
    } cases[] = {
        {"请张三同志研究。", "张三同志=15/研究"},
        {"请财务部、人事部阅办。", "财务部=21/阅办 人事部=22/阅办"},
        {"请分管副总阅。", ""},
        {"请分管副总阅示。", "分管副总=13,14/请阅示"},
        {"请王书记阅示", "王书记=11/请阅示"},
        {"请江总阅处", "江总=12/阅处"},
        {"同意。请工程部牵头，财务部配合。", "工程部=23/牵头办理 财务部=21/配合办理"},
        {"请财务部就资金计划抓紧研究", "财务部=21/研究"},
        {"请工程管理部周五前研究提出意见。", "工程管理部=23/研究"},
        {"请财务部三日内报我。", "财务部=21/办理并报告"},
        {"请财务部5日内研究后报我", "财务部=21/研究"},
        {"请财务部、人事部十五日内提出意见", "财务部=21/提出意见 人事部=22/提出意见"},
        {"请组织和统战部、周芳办理", "组织和统战部=24/办理 周芳=16/办理"},
        {"请物业公司阅处", "物业公司=-/阅处"},
        {"请财务部和人事部共同研究，报王书记阅示",
            "财务部=21/研究 人事部=22/研究 王书记=11/请阅示"},
        {"同意，按程序办理。", ""},
        {"已阅", ""},
        {"此事抓紧。", ""},
    };
    struct arena a;
    (void)state;
    arena_init(&a);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct str got = named(&a, cases[i].words);
        if (!str_eq(got, str_z(cases[i].named)))
            fail_msg("%s: got <%.*s>, not <%s>", cases[i].words, SF(got), cases[i].named);
    }
    arena_release(&a);
}

/* ---- in the office ---- */

static const char YAML[] =
    "kind: paper\nname: 阅件\nentry: in\nenabled: true\nnumber: 阅{serial}\nnumber_at: open\n"
    "title: subject\nlevel: internal\n"
    "roles: {office: [role:chief, role:secretary], lead: [field:lead]}\n"
    "fields:\n  - {id: subject, name: 标题, type: text, required: true}\n"
    "  - {id: leader, name: 领导, type: people}\n  - {id: lead, name: 单位, type: unit}\n"
    "states:\n  in: {name: 登记, edit: [office]}\n  up: {name: 待批示, edit: [office]}\n"
    "  done: {name: 办结, closed: true}\n"
    "moves:\n"
    "  - {id: send, name: 送批, from: in, to: up, by: [office], set: [leader],\n"
    "     ask: {of: [\"field:leader\"], purpose: 请批示, answers: [已批示], wait: all, serial: "
    "true}}\n"
    "  - {id: hand, name: 转办, from: up, to: up, by: [office], opinion: none,\n"
    "     ask: {of: [\"field:lead\"], purpose: 办理, answers: [已收, 已反馈], wait: none}}\n"
    "  - {id: end, name: 办结, from: up, to: done, by: [office], opinion: none}\n"
    "ledger: [number, title, state]\n";

struct world {
    struct itemdb t;
    int64_t item;
};

static int set_up(void **state)
{
    struct world *w = mem_alloc(sizeof(*w));
    itemdb_open(&w->t);
    itemdb_kind(&w->t, YAML);
    w->item = 0;
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    itemdb_close(&w->t);
    free(w);
    return 0;
}

static int64_t do_it(struct world *w, int who, struct act *a)
{
    struct err e = {.code = OK};
    a->by = itemdb_as(&w->t, who);
    if (store_write(w->t.o.st, act_fn, a, &e) != OK)
        fail_msg("%s", e.msg);
    return a->id;
}

static int64_t revision(struct world *w, int64_t item)
{
    struct item it;
    struct err e;
    assert_int_equal(OK, itemdb_get(&w->t, N_PEOPLE, item, &it, &e));
    return it.revision;
}

/* A paper that waits for the leader; level: enum doc_level. */
static int64_t paper(struct world *w, const char *title, int level)
{
    struct arena *a = &w->t.o.a;
    struct str json = arena_printf(a, "{\"subject\":\"%s\",\"leader\":[\"%lld\"],\"lead\":\"4\"}",
        title, (long long)w->t.person[LEADER]);
    int64_t id = do_it(w, SECRETARY,
        &(struct act){.verb = V_OPEN,
            .json = json.p,
            .open = {.kind = S("paper"), .level = level, .unit = UNIT_SECTION}});
    do_it(w, SECRETARY,
        &(struct act){.verb = V_MOVE, .id = id, .revision = revision(w, id), .word = "send"});
    return id;
}

struct entering {
    const struct actor *by;
    struct remark_new r;
    int64_t seq;
};

static enum code enter_fn(struct db *db, void *arg, struct err *e)
{
    struct entering *k = arg;
    return remark_enter(db, k->by, &k->r, &k->seq, e);
}

static enum code try_enter(
    struct world *w, int who, struct remark_new r, int64_t *seq, struct err *e)
{
    struct entering k = {.by = itemdb_as(&w->t, who), .r = r};
    e->msg[0] = '\0';
    enum code c = store_write(w->t.o.st, enter_fn, &k, e);
    *seq = k.seq;
    return c;
}

static int64_t enter(struct world *w, int64_t item, const char *words, const char *day)
{
    struct err e;
    int64_t seq;
    struct remark_new r = {
        .item = item, .leader = w->t.person[LEADER], .words = str_z(words), .day = str_z(day)};
    if (try_enter(w, SECRETARY, r, &seq, &e) != OK)
        fail_msg("%s", e.msg);
    return seq;
}

static size_t find(struct world *w, int who, const char *text, struct remark **v)
{
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    size_t n = 0;
    bool more;
    if (remark_find(db, &w->t.o.a, itemdb_as(&w->t, who),
            &(struct remark_filter){.text = str_z(text)}, v, &n, &more, &e) != OK)
        fail_msg("%s: %s", text, e.msg);
    store_read_end(db);
    return n;
}

static void paper_answers_the_ask(void **state)
{
    struct world *w = *state;
    struct ask *asks;
    struct remark *v;
    int64_t id = paper(w, "防汛工作", 1), seq;
    seq = enter(w, id, "请财务部阅处。", "2026-07-10");
    assert_int_equal(1, itemdb_asks(&w->t, id, &asks));
    assert_int_equal(ASK_ANSWERED, asks[0].state);
    assert_true(str_eq(asks[0].word, S("已批示")) && str_eq(asks[0].text, S("请财务部阅处。")));
    assert_int_equal(1, find(w, CHIEF, "财务部", &v));
    assert_int_equal(seq, v[0].seq);
    assert_int_equal(REMARK_HANDLE, v[0].kind);
    assert_int_equal(REMARK_ENTERED, v[0].state);
    assert_true(str_eq(v[0].day, S("2026-07-10"))); /* when he wrote it, not when it was entered */
    assert_int_equal(w->t.person[LEADER], v[0].leader);
    assert_int_equal(w->t.person[SECRETARY], v[0].by);
    /* who entered it does not verify it; somebody else does, and the row says so */
    struct err e = {.code = OK};
    struct act own = {.verb = V_VERIFY, .id = id, .revision = seq};
    own.by = itemdb_as(&w->t, SECRETARY);
    assert_int_equal(E_DENIED, store_write(w->t.o.st, act_fn, &own, &e));
    do_it(w, CHIEF, &(struct act){.verb = V_VERIFY, .id = id, .revision = seq});
    assert_int_equal(1, find(w, CHIEF, "财务部", &v));
    assert_int_equal(REMARK_RIGHT, v[0].state);
    /* asked nothing any more: the next stands beside it */
    seq = enter(w, id, "", "");
    assert_int_equal(2, find(w, CHIEF, "防汛", &v));
    assert_int_equal(REMARK_CIRCLED, v[0].kind);
    assert_true(str_eq(v[0].day, S("2026-07-13")));
    do_it(w, CHIEF,
        &(struct act){.verb = V_VERIFY, .id = id, .revision = seq, .word = "不是圈阅，是已阅"});
    assert_int_equal(2, find(w, CHIEF, "防汛", &v));
    assert_int_equal(REMARK_WRONG, v[0].state);
}

static void what_is_refused(void **state)
{
    struct world *w = *state;
    struct err e;
    int64_t seq, id = paper(w, "防汛工作", 1);
    struct remark_new r = {.item = id, .leader = w->t.person[LEADER], .words = S("同意")};
    r.day = S("2026-07-14");
    assert_int_equal(E_INPUT, try_enter(w, SECRETARY, r, &seq, &e));
    assert_non_null(strstr(e.msg, "不能晚于今天"));
    r.day = S("");
    r.leader = 0;
    assert_int_equal(E_INPUT, try_enter(w, SECRETARY, r, &seq, &e));
    r.leader = w->t.person[LEADER];
    assert_int_equal(E_DENIED, try_enter(w, LIAISON, r, &seq, &e));
    r.kind = REMARK_READ;
    r.words = S("");
    assert_int_equal(E_INPUT, try_enter(w, SECRETARY, r, &seq, &e));
    assert_int_equal(0, itemdb_count(&w->t, "SELECT count(*) FROM remark"));
}

/* His own words are found as those that were entered for him; those of others are no remarks. */
static void own_words_of_a_leader(void **state)
{
    struct world *w = *state;
    struct ask *asks;
    struct remark *v;
    int64_t id = paper(w, "防汛工作", 1);
    assert_int_equal(1, itemdb_asks(&w->t, id, &asks));
    do_it(w, LEADER,
        &(struct act){
            .verb = V_ANSWER, .id = asks[0].id, .word = "已批示", .text = "务必压实责任"});
    do_it(w, CHIEF, &(struct act){.verb = V_REMARK, .id = id, .text = "务必按时"});
    assert_int_equal(1, find(w, CHIEF, "务必", &v));
    assert_int_equal(REMARK_OWN, v[0].state);
    assert_int_equal(REMARK_WORDS, v[0].kind);
}

/* Nothing of what one may not see, neither in rows nor by count. */
static void found_in_the_rights_of_who_asks(void **state)
{
    struct world *w = *state;
    struct remark *v;
    int64_t open = paper(w, "防汛公开的事", 1), secret = paper(w, "防汛保密的事", 2);
    enter(w, open, "请抓紧办理。", "2026-07-01");
    enter(w, secret, "请抓紧办理。", "2026-07-02");
    assert_int_equal(2, find(w, CHIEF, "抓紧", &v));
    assert_true(str_eq(v[0].day, S("2026-07-02"))); /* newest first */
    assert_int_equal(2, find(w, N_PEOPLE, "防汛 抓紧", &v));
    assert_int_equal(0, find(w, OTHER, "抓紧", &v));
    assert_int_equal(0, find(w, LIAISON2, "抓紧", &v));
    /* the unit that is asked sees the item, not what others answered in it */
    do_it(w, SECRETARY,
        &(struct act){.verb = V_MOVE, .id = open, .revision = revision(w, open), .word = "hand"});
    assert_int_equal(0, find(w, LIAISON, "抓紧", &v));
    struct err e = {.code = OK};
    struct db *db = itemdb_read(&w->t);
    size_t n = 9;
    assert_int_equal(OK, remark_list(db, &w->t.o.a, itemdb_as(&w->t, LIAISON), open, &v, &n, &e));
    assert_int_equal(0, n);
    store_read_end(db);
    assert_int_equal(0, find(w, CHIEF, "抓紧 没有这个词", &v));
    assert_int_equal(2, find(w, CHIEF, "", &v));
}

static struct str all_rows(struct world *w)
{
    static const char *const sql[] = {
        "SELECT item || ' ' || seq || ' ' || leader || ' ' || day || ' ' || at || ' ' || kind || ' "
        "'"
        " || ask || ' ' || state || ' ' || by_person || ' ' || words || ' ' || files FROM remark"
        " ORDER BY item, seq",
        "SELECT gram || ' ' || day || ' ' || item || ' ' || seq FROM remark_gram ORDER BY gram, "
        "day, item, seq"};
    struct db *db = itemdb_read(&w->t);
    struct buf b;
    struct err e;
    buf_init(&b, 0);
    for (int i = 0; i < 2; i++) {
        struct stmt *q = db_sql(db, sql[i]);
        while (stmt_step(q))
            buf_printf(&b, "%.*s\n", SF(stmt_str(q, 0)));
        assert_int_equal(OK, stmt_end(q, &e));
    }
    store_read_end(db);
    struct str s = arena_str(&w->t.o.a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code forget_fn(struct db *db, void *arg, struct err *e)
{
    const char *which = arg;
    struct stmt *q = db_sql(db, which);
    return stmt_run(q, NULL, e);
}

static int64_t rebuilt(struct world *w)
{
    struct err e;
    int64_t made = -1;
    if (remark_rebuild(w->t.o.st, &made, &e) != OK)
        fail_msg("%s", e.msg);
    return made;
}

static void forget(struct world *w, const char *sql)
{
    struct err e;
    if (store_write(w->t.o.st, forget_fn, (void *)(uintptr_t)sql, &e) != OK)
        fail_msg("%s", e.msg);
}

/* What was said before the table was there comes out of the chains as the verbs would have written it, also over more than one write. */
static void rows_come_back_out_of_the_chains(void **state)
{
    struct world *w = *state;
    struct ask *asks;
    int64_t id = paper(w, "防汛工作", 1), own = paper(w, "防旱工作", 1), seq;
    struct str before;
    seq = enter(w, id, "请财务部阅处。", "2026-07-10");
    do_it(w, CHIEF, &(struct act){.verb = V_VERIFY, .id = id, .revision = seq});
    seq = enter(w, id, "", "");
    do_it(w, CHIEF, &(struct act){.verb = V_VERIFY, .id = id, .revision = seq, .word = "不是圈阅"});
    assert_int_equal(1, itemdb_asks(&w->t, own, &asks));
    do_it(w, LEADER,
        &(struct act){
            .verb = V_ANSWER, .id = asks[0].id, .word = "已批示", .text = "务必压实责任"});
    do_it(w, CHIEF, &(struct act){.verb = V_REMARK, .id = own, .text = "务必按时"});
    for (int i = 0; i < 205; i++)
        enter(w, own, "再抓紧一些。", "2026-07-11");
    before = all_rows(w);
    assert_int_equal(0, rebuilt(w));
    assert_true(str_eq(before, all_rows(w)));
    forget(w, "DELETE FROM remark");
    forget(w, "DELETE FROM remark_gram");
    assert_int_equal(208, rebuilt(w));
    assert_true(str_eq(before, all_rows(w)));
    forget(w,
        "DELETE FROM remark WHERE words = '再抓紧一些。' AND seq > 100"); /* what is there stays */
    assert_true(rebuilt(w) > 100);
    assert_true(str_eq(before, all_rows(w)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_remark),
        cmocka_unit_test(whom_the_words_name),
        cmocka_unit_test_setup_teardown(paper_answers_the_ask, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(own_words_of_a_leader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_come_back_out_of_the_chains, set_up, tear_down),
        cmocka_unit_test_setup_teardown(found_in_the_rights_of_who_asks, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
