/* Comments and suggestions on a manuscript: who may, where they stand after edits, taken over and taken back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "manuscript_test.h"
#include "office/manuscript_note.h"

static int64_t begun(struct itemdb *t, const char *text)
{
    struct text_deed d = {.id = 0};
    assert_int_equal(text_do(t, SECRETARY, &d, DEED_NEW, text, text_run), OK);
    return d.id;
}

static enum code saved(struct itemdb *t, int64_t id, const char *text)
{
    struct text_deed d = {.id = id};
    return text_do(t, SECRETARY, &d, DEED_SAVE, text, text_run);
}

struct noting {
    struct itemdb *t;
    const struct actor *by;
    int64_t id, note, seq;
    enum note_state state; /* NOTE_OPEN: add, or reply where `note` is set */
    struct note_new x;
};

static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    struct noting *n = arg;
    if (n->state)
        return manuscript_note_close(db, &n->t->o.a, n->by, n->note, n->state, S(""), &n->seq, e);
    if (n->note)
        return manuscript_note_reply(db, &n->t->o.a, n->by, n->note, n->x.words, e);
    return manuscript_note_add(db, &n->t->o.a, n->by, n->id, &n->x, &n->note, e);
}

static enum code noted(struct itemdb *t, int who, struct noting *n)
{
    n->t = t;
    n->by = itemdb_as(t, who);
    return text_write(t, note_fn, n);
}

static size_t notes(struct itemdb *t, int who, int64_t id, bool open, struct manuscript_note **v)
{
    struct err e = {.msg = ""};
    size_t n = 0;
    struct db *db = itemdb_read(t);
    if (manuscript_notes(db, &t->o.a, itemdb_as(t, who), id, open, v, &n, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

static int64_t suggest(struct itemdb *t, int who, int64_t id, const char *quote, const char *put)
{
    struct noting n = {.id = id,
        .x = {.sort = NOTE_SUGGESTION, .seq = -1, .quote = str_z(quote), .put = str_z(put)}};
    assert_int_equal(noted(t, who, &n), OK);
    return n.note;
}

static void notes_follow_the_text(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n𠮷一段。\n二段。");
    struct text_deed d = {.id = id, .guest = STAFF};
    struct noting n = {.id = id,
        .x = {.sort = NOTE_COMMENT, .seq = 0, .from = 5, .to = 7, .words = S("怎么说？")}};
    struct manuscript_note *v = NULL;
    struct manuscript m = {0};
    struct str text = {0};
    assert_int_equal(noted(t, STAFF, &n), E_NOTFOUND);
    assert_int_equal(text_do(t, SECRETARY, &d, DEED_INVITE, NULL, text_run), OK);
    assert_int_equal(noted(t, STAFF, &n), OK); /* who reads comments */
    int64_t comment = n.note;
    n.x.words = S("");
    n.note = 0;
    assert_int_equal(noted(t, STAFF, &n), E_INPUT);
    n.x.words = S("机密★1年");
    assert_int_equal(noted(t, STAFF, &n), E_SECRET);
    int64_t second = suggest(t, STAFF, id, "二段", "第二段");
    assert_int_equal(saved(t, id, "题目\n前面加的。\n𠮷又一段。\n二段。"), OK);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 2);
    assert_true(
        v[0].id == comment && v[0].from == 12 && v[0].to == 14 && str_eq(v[0].quote, S("一段")));
    assert_true(v[1].may_accept && v[1].may_refuse && v[1].from == 16);
    assert_int_equal(notes(t, STAFF, id, true, &v), 2);
    assert_true(v[0].may_close && !v[1].may_accept);

    n = (struct noting){.id = id, .note = comment, .x = {.words = S("改了")}};
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 3);
    assert_true(v[1].sort == NOTE_REPLY && v[1].parent == comment);

    n = (struct noting){.note = second, .state = NOTE_DONE};
    assert_int_equal(noted(t, STAFF, &n), E_DENIED);
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    assert_int_equal(n.seq, 2);
    assert_int_equal(noted(t, SECRETARY, &n), E_CONFLICT);
    assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
    assert_true(str_eq(text, S("题目\n前面加的。\n𠮷又一段。\n第二段。")));

    int64_t third = suggest(t, STAFF, id, "前面加的", "");
    assert_int_equal(saved(t, id, "题目\n前面添加的。\n𠮷又一段。\n第二段。"), OK);
    n = (struct noting){.note = third, .state = NOTE_DONE};
    assert_int_equal(noted(t, SECRETARY, &n), E_CONFLICT); /* its words were changed */
    n.state = NOTE_REFUSED;
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    n = (struct noting){.note = comment, .state = NOTE_WITHDRAWN};
    assert_int_equal(noted(t, SECRETARY, &n), E_DENIED);
    assert_int_equal(noted(t, STAFF, &n), OK);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 0);
    assert_int_equal(notes(t, SECRETARY, id, false, &v), 4);
}

struct all {
    struct itemdb *t;
    const struct actor *by;
    int64_t id, person;
    struct str proposer;
    struct notes_taken r;
};

static enum code all_fn(struct db *db, void *arg, struct err *e)
{
    struct all *x = arg;
    return manuscript_notes_accept(
        db, &x->t->o.a, x->by, x->id, x->person, x->proposer, S(""), &x->r, e);
}

static enum code accept_all(struct itemdb *t, int who, struct all *x)
{
    struct err e = {.msg = ""};
    x->t = t;
    x->by = itemdb_as(t, who);
    return store_write(t->o.st, all_fn, x, &e);
}

/* All of one person as one update; what another changed, or one of them, stays open and says so. */
static void suggestions_of_one_person(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n甲乙丙丁。\n𠮷戊己。");
    struct text_deed d = {.id = id, .guest = STAFF};
    struct all all = {.id = id, .person = t->person[STAFF]};
    struct manuscript_note *v = NULL;
    struct manuscript m = {0};
    struct str text = {0};
    assert_int_equal(text_do(t, SECRETARY, &d, DEED_INVITE, NULL, text_run), OK);
    suggest(t, STAFF, id, "甲", "甲和"); /* put behind it */
    suggest(t, STAFF, id, "乙", "与乙"); /* at the same place, beside another character */
    suggest(t, STAFF, id, "丙丁", "丁丙");
    suggest(t, STAFF, id, "丁。", "丁！");
    suggest(t, STAFF, id, "𠮷", "");
    suggest(t, STAFF, id, "己", "己。");
    suggest(t, SECRETARY, id, "戊", "五");
    struct noting room = {.id = id,
        .x = {.sort = NOTE_SUGGESTION,
            .seq = 0,
            .from = 0,
            .to = 2,
            .put = S("标题"),
            .proposer = S("王主任")}};
    assert_int_equal(noted(t, STAFF, &room), OK);
    assert_int_equal(accept_all(t, STAFF, &all), E_DENIED);
    assert_int_equal(accept_all(t, SECRETARY, &all), OK);
    assert_int_equal(all.r.taken, 5);
    assert_int_equal(all.r.left, 1);
    assert_int_equal(all.r.seq, 1);
    assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
    assert_true(str_eq(text, S("题目\n甲和与乙丁丙。\n戊己。。")));
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 3);
    assert_true(str_eq(v[0].proposer, S("王主任")) && !v[0].changed && v[0].may_accept);
    assert_true(v[1].changed && !v[1].may_accept && str_eq(v[1].quote, S("丁。")));
    assert_true(!v[2].changed && str_eq(v[2].put, S("五")));
    all.proposer = S("王主任");
    assert_int_equal(accept_all(t, SECRETARY, &all), OK);
    assert_int_equal(all.r.taken, 1);
    assert_int_equal(accept_all(t, SECRETARY, &all), OK);
    assert_int_equal(all.r.taken, 0);
    assert_int_equal(all.r.seq, 2); /* nothing to be taken: no update */
    assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
    assert_true(str_eq(text, S("标题\n甲和与乙丁丙。\n戊己。。")));
}

static enum code reopen_fn(struct db *db, void *arg, struct err *e)
{
    struct noting *n = arg;
    return manuscript_note_reopen(db, &n->t->o.a, n->by, n->note, e);
}

static enum code reopened(struct itemdb *t, int who, int64_t note)
{
    struct err e = {.msg = ""};
    struct noting n = {.t = t, .by = itemdb_as(t, who), .note = note};
    return store_write(t->o.st, reopen_fn, &n, &e);
}

/* Taken back in the text, a suggestion that was accepted is open again in its place; put back, it is accepted again and nothing is written. */
static void acceptance_is_taken_back(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n甲乙丙。\n丁戊。");
    struct text_deed d = {.id = id, .guest = STAFF, .writes = true};
    struct manuscript_note *v = NULL;
    struct manuscript m = {0};
    struct err e = {.msg = ""};
    assert_int_equal(text_do(t, SECRETARY, &d, DEED_INVITE, NULL, text_run), OK);
    int64_t one = suggest(t, STAFF, id, "乙", "二"), away = suggest(t, STAFF, id, "丁", "");
    assert_int_equal(reopened(t, SECRETARY, one), E_CONFLICT); /* it is open */
    struct noting n = {.note = one, .state = NOTE_DONE}, k = {.note = away, .state = NOTE_DONE};
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    assert_int_equal(noted(t, SECRETARY, &k), OK);
    assert_int_equal(reopened(t, SECRETARY, one), E_CONFLICT); /* what was accepted stands there */
    /* taken back, while another wrote in front of it and right beside it */
    assert_int_equal(
        text_push(t, STAFF, id, 2, "b", "[3,[0,\"前面。\",\"\"],5,[0,\"之\"],2]", &e), OK);
    assert_int_equal(text_push(t, SECRETARY, id, 3, "a", "[8,[1,\"乙\"],4,[0,\"丁\"],2]", &e), OK);
    assert_int_equal(reopened(t, STAFF, one), E_DENIED);
    assert_int_equal(reopened(t, SECRETARY, one), OK);
    assert_int_equal(reopened(t, SECRETARY, away), OK);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 2);
    assert_true(v[0].id == one && v[0].from == 8 && v[0].to == 9 && v[0].may_accept);
    assert_true(v[1].id == away && v[1].from == 13 && v[1].to == 14 && v[1].may_accept);
    /* and put back */
    assert_int_equal(text_push(t, SECRETARY, id, 4, "c", "[8,[1,\"二\"],4,[1],2]", &e), OK);
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    assert_int_equal(noted(t, SECRETARY, &k), OK);
    assert_int_equal(text_get(t, SECRETARY, id, &m, NULL), OK);
    assert_int_equal(m.seq, 5);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 0);
}

static enum code revise_fn(struct db *db, void *arg, struct err *e)
{
    struct noting *n = arg;
    return manuscript_note_revise(db, &n->t->o.a, n->by, n->note, &n->x, e);
}

static enum code revised(struct itemdb *t, int who, struct noting *n)
{
    struct err e = {.msg = ""};
    n->t = t;
    n->by = itemdb_as(t, who);
    return store_write(t->o.st, revise_fn, n, &e);
}

static void own_suggestion_says_more(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "题目\n每日报告。");
    struct manuscript_note *v = NULL;
    struct noting n = {
        .note = suggest(t, SECRETARY, id, "报告", "上报"),
        .x = {.seq = 1, .from = 4, .to = 8, .put = S("每天上报")},
    };
    assert_int_equal(saved(t, id, "新题目\n每日报告。"), OK);
    assert_int_equal(revised(t, CHIEF, &n), E_NOTFOUND);
    assert_int_equal(revised(t, SECRETARY, &n), OK);
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 1);
    assert_true(str_eq(v[0].quote, S("每日报告")) && str_eq(v[0].put, S("每天上报")));
    n.x.put = S("每日报告");
    assert_int_equal(revised(t, SECRETARY, &n), E_INPUT); /* that is no change */
    n.x.to = 99;
    assert_int_equal(revised(t, SECRETARY, &n), E_INPUT);
    n.x = (struct note_new){.seq = 1, .from = 4, .to = 6, .put = S("机密★1年")};
    assert_int_equal(revised(t, SECRETARY, &n), E_SECRET);
    n.state = NOTE_DONE;
    assert_int_equal(noted(t, SECRETARY, &n), OK);
    assert_int_equal(n.seq, 2);
    n.x.put = S("再改");
    assert_int_equal(revised(t, SECRETARY, &n), E_CONFLICT);
    struct text_deed d = {.id = id, .guest = STAFF};
    assert_int_equal(text_do(t, SECRETARY, &d, DEED_INVITE, NULL, text_run), OK);
    n = (struct noting){
        .note = suggest(t, STAFF, id, "上报", "报送"), .x = {.seq = 2, .put = S("x")}};
    assert_int_equal(revised(t, SECRETARY, &n), E_DENIED); /* another's */
}

/* Over more updates than lie between two kept texts. */
static void notes_go_a_long_way(void **state)
{
    struct itemdb *t = *state;
    int64_t id = begun(t, "甲乙丙");
    struct manuscript_note *v = NULL;
    suggest(t, SECRETARY, id, "乙", "贰");
    for (int64_t i = 0; i < 2 * TEXT_KEPT_EVERY + 5; i++) {
        struct manuscript m = {0};
        struct str text = {0};
        assert_int_equal(text_get(t, SECRETARY, id, &m, &text), OK);
        assert_int_equal(saved(t, id, arena_printf(&t->o.a, "一%.*s二", SF(text)).p), OK);
    }
    assert_int_equal(notes(t, SECRETARY, id, true, &v), 1);
    assert_true(v[0].from == 2 * TEXT_KEPT_EVERY + 6 && v[0].to == v[0].from + 1);
    assert_true(itemdb_count(t, "SELECT seq FROM manuscript_note") >= 2 * TEXT_KEPT_EVERY);
}

#define T(f) cmocka_unit_test_setup_teardown(f, itemdb_set_up, itemdb_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(notes_follow_the_text),
        T(suggestions_of_one_person),
        T(acceptance_is_taken_back),
        T(own_suggestion_says_more),
        T(notes_go_a_long_way),
    };
    return cmocka_run_group_tests_name("manuscript_note", tests, NULL, NULL);
}
