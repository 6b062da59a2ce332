/* Pen corrections: the printed version, what others wrote meanwhile, the version that comes of it, the second look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "noticedb.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_pen.h"
#include "office/manuscript_version.h"

static int set_up(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    itemdb_open(t);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    itemdb_close(*state);
    free(*state);
    return 0;
}

enum what { NEW, SAVE, INVITE, FREEZE, LOCK, BEGIN, KEEP, SAME, FINISH, MINE, DROP, RIGHT, WRONG };
struct deed {
    struct itemdb *t;
    const struct actor *by;
    enum what what;
    int64_t id, version, pen;
    const char *text, *day;
    int person;
    struct pen_done done;
};

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct arena *a = &d->t->o.a;
    struct str s = str_z(d->text ? d->text : "");
    struct manuscript_saved saved;
    switch (d->what) {
    case NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){.title = S("报告"), .level = LEVEL_INTERNAL, .text = s},
            &d->id, e);
    case SAVE: {
        int64_t seq;
        TRY(manuscript_seq(db, d->id, &seq, e));
        return manuscript_save(db, a, d->by, d->id, seq, s, &saved, e);
    }
    case INVITE:
        return manuscript_invite(db, d->by, d->id, d->t->person[d->person], d->version == 0, e);
    case FREEZE:
        return manuscript_freeze(db, a, d->by, d->id, s, &d->version, e);
    case LOCK:
        return manuscript_lock(db, d->by, d->id, s, e);
    case BEGIN:
        return manuscript_pen_begin(db, a, d->by,
            &(struct pen_new){.manuscript = d->id,
                .version = d->version,
                .person = d->person ? d->t->person[d->person] : 0,
                .corrector = s,
                .day = str_z(d->day)},
            &d->pen, e);
    case KEEP:
        return manuscript_pen_keep(db, a, d->by, d->pen, s, e);
    case SAME:
        return manuscript_pen_same(db, a, d->by, d->pen, manuscript_pen_digest(a, s), e);
    case FINISH:
    case MINE:
        return manuscript_pen_finish(db, a, d->by, d->pen, s, d->what == MINE, &d->done, e);
    case DROP:
        return manuscript_pen_drop(db, a, d->by, d->pen, e);
    case RIGHT:
    case WRONG:
        return manuscript_pen_check(db, a, d->by, d->pen, d->what == RIGHT, s, e);
    }
    return E_BUG;
}

static enum code deed(struct itemdb *t, int who, struct deed *d, enum what what, const char *text)
{
    struct err e = {.msg = ""};
    d->t = t;
    d->by = itemdb_as(t, who);
    d->what = what;
    d->text = text;
    enum code c = store_write(t->o.st, run, d, &e);
    if (c == E_BUG || c == E_IO)
        fail_msg("%s", e.msg);
    return c;
}

/* A text whose first version was printed. */
static struct deed printed(struct itemdb *t)
{
    struct deed d = {.day = "2026-07-12"};
    assert_int_equal(deed(t, SECRETARY, &d, NEW, "题目\n一段。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FREEZE, "送审稿"), OK);
    return d;
}

static struct manuscript_pen pen_of(
    struct itemdb *t, int who, int64_t pen, struct str *text, struct str *was)
{
    struct manuscript_pen p = {.id = 0};
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_pen_get(db, &t->o.a, itemdb_as(t, who), pen, &p, text, was, &e), OK);
    store_read_end(db);
    return p;
}

static struct str text_of(struct itemdb *t, int64_t id)
{
    struct err e = {.msg = ""};
    struct str text = S("");
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_text(db, &t->o.a, itemdb_as(t, SECRETARY), id, -1, &text, NULL, &e), OK);
    store_read_end(db);
    return text;
}

static void entered_and_looked_at(void **state)
{
    struct itemdb *t = *state;
    struct deed d = printed(t);
    struct manuscript_two two = {.m = {.id = 0}};
    struct str text = S(""), was = S(""), docx = S("");
    struct err e = {.msg = ""};
    d.person = LEADER;
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, "题目\n一段改。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, SAME, "题目\n一段改。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, SAME, "题目\n一段。\n二段。\n三段。"), E_CONFLICT);
    struct manuscript_pen p = pen_of(t, SECRETARY, d.pen, &text, &was);
    assert_true(p.may_enter && !p.may_check && p.state == PEN_OPEN);
    assert_true(str_eq(text, S("题目\n一段改。\n二段。\n三段。")));
    assert_true(str_eq(was, S("题目\n一段。\n二段。\n三段。")));
    assert_true(str_eq(text_of(t, d.id), was)); /* nothing of it is in the text yet */
    /* somebody went on writing */
    assert_int_equal(deed(t, SECRETARY, &d, SAVE, "题目\n一段。\n二段。\n三段又写。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段改好。\n二段。\n三段。"), OK);
    assert_true(d.done.version && !d.done.n_both && d.done.seq == 2);
    assert_true(str_eq(text_of(t, d.id), S("题目\n一段改好。\n二段。\n三段又写。")));
    /* the two versions differ by the pen alone */
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_two(db, &t->o.a, itemdb_as(t, SECRETARY), d.id, d.version,
                         d.done.version, &two, &e),
        OK);
    store_read_end(db);
    assert_true(str_eq(two.newer.name, S("李书记 7月12日 笔改")));
    assert_true(str_eq(two.newer.text, S("题目\n一段改好。\n二段。\n三段。")));
    assert_int_equal(manuscript_redline(&t->o.a, &two, &docx, &e), OK);
    assert_true(docx.n > 1000);
    /* by another: who writes it, or the corrector where he may read it */
    assert_int_equal(deed(t, SECRETARY, &d, RIGHT, ""), E_DENIED);
    assert_int_equal(deed(t, LEADER, &d, RIGHT, ""), E_NOTFOUND);
    struct deed invite = {.id = d.id, .person = LEADER, .version = 1};
    assert_int_equal(deed(t, SECRETARY, &invite, INVITE, ""), OK);
    invite.person = STAFF;
    assert_int_equal(deed(t, SECRETARY, &invite, INVITE, ""), OK);
    assert_int_equal(deed(t, STAFF, &d, RIGHT, ""), E_DENIED); /* reads only */
    assert_int_equal(deed(t, LEADER, &d, WRONG, " "), E_INPUT);
    assert_int_equal(deed(t, LEADER, &d, WRONG, "“好”字不是我写的"), OK);
    assert_int_equal(deed(t, LEADER, &d, RIGHT, ""), E_CONFLICT);
    p = pen_of(t, STAFF, d.pen, NULL, NULL);
    assert_true(p.check == PEN_WRONG && p.check_by == t->person[LEADER] && !p.may_enter);
    assert_int_equal(p.clerk, t->person[SECRETARY]);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "又"), E_CONFLICT);
}

static void both_changed_one_place(void **state)
{
    struct itemdb *t = *state;
    struct deed d = printed(t);
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, SAVE, "题目\n一段别人改。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段笔改。\n二段。\n三段。"), OK);
    assert_true(!d.done.version && d.done.n_both == 1);
    assert_true(str_eq(d.done.both[0].theirs, S("一段别人改。")));
    assert_true(str_eq(text_of(t, d.id), S("题目\n一段别人改。\n二段。\n三段。")));
    struct str text = S("");
    struct manuscript_pen p = pen_of(t, SECRETARY, d.pen, &text, NULL);
    assert_true(p.state == PEN_OPEN && str_eq(text, S("题目\n一段笔改。\n二段。\n三段。")));
    assert_int_equal(deed(t, SECRETARY, &d, MINE, "题目\n一段笔改。\n二段。\n三段。"), OK);
    assert_true(d.done.version != 0);
    assert_true(str_eq(text_of(t, d.id), S("题目\n一段笔改。\n二段。\n三段。")));
}

static void refused(void **state)
{
    struct itemdb *t = *state;
    struct deed d = printed(t);
    struct deed other = printed(t);
    assert_int_equal(deed(t, STAFF, &d, BEGIN, "李书记"), E_NOTFOUND);
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, " "), E_INPUT);
    d.day = "2026-07-14";
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), E_INPUT); /* tomorrow */
    d.day = "7月12日";
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), E_INPUT);
    d.day = "2026-07-13";
    int64_t version = d.version;
    d.version = other.version;
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), E_NOTFOUND);
    d.version = version;
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, "题目\n机密★1年"), E_SECRET);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段。\n二段。\n三段。"), E_INPUT);
    assert_int_equal(deed(t, SECRETARY, &d, LOCK, "已送签"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n改。"), E_DENIED);
    assert_int_equal(deed(t, SECRETARY, &d, DROP, ""), OK);
    assert_int_equal(deed(t, SECRETARY, &d, RIGHT, ""), E_CONFLICT);
    assert_int_equal(pen_of(t, SECRETARY, d.pen, NULL, NULL).state, PEN_DROPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entered_and_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_changed_one_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
