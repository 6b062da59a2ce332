/* Pen corrections: the printed version, what others wrote meanwhile, the version that comes of it, the second look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "manuscript_test.h"
#include "office/manuscript_pen.h"

enum { BEGIN = N_DEED, KEEP, SAME, FINISH, MINE, DROP, RIGHT, WRONG };
struct deed {
    struct text_deed m;
    int64_t pen;
    const char *day;
    int person;
    struct pen_done done;
};

static enum code begin(struct db *db, struct deed *d, struct err *e)
{
    struct text_deed *m = &d->m;
    return manuscript_pen_begin(db, &m->t->o.a, m->by,
        &(struct pen_new){.manuscript = m->id,
            .version = m->version,
            .person = d->person ? m->t->person[d->person] : 0,
            .corrector = m->text,
            .day = str_z(d->day)},
        &d->pen, e);
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct text_deed *m = &d->m;
    struct arena *a = &m->t->o.a;
    switch (m->verb) {
    case BEGIN:
        return begin(db, d, e);
    case KEEP:
        return manuscript_pen_keep(db, a, m->by, d->pen, m->text, e);
    case SAME:
        return manuscript_pen_same(db, a, m->by, d->pen, manuscript_pen_digest(a, m->text), e);
    case FINISH:
    case MINE:
        return manuscript_pen_finish(db, a, m->by, d->pen, m->text, m->verb == MINE, &d->done, e);
    case DROP:
        return manuscript_pen_drop(db, a, m->by, d->pen, e);
    case RIGHT:
    case WRONG:
        return manuscript_pen_check(db, a, m->by, d->pen, m->verb == RIGHT, m->text, e);
    default:
        return text_verb(db, m, e);
    }
}

static enum code deed(struct itemdb *t, int who, struct deed *d, int verb, const char *text)
{
    return text_do(t, who, &d->m, verb, text, run);
}

/* A text whose first version was printed. */
static struct deed printed(struct itemdb *t)
{
    struct deed d = {.day = "2026-07-12"};
    assert_int_equal(deed(t, SECRETARY, &d, DEED_NEW, "题目\n一段。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_FREEZE, "送审稿"), OK);
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
    assert_true(str_eq(text_of(t, d.m.id), was)); /* nothing of it is in the text yet */
    /* somebody went on writing */
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n一段。\n二段。\n三段又写。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段改好。\n二段。\n三段。"), OK);
    assert_true(d.done.version && !d.done.n_both && d.done.seq == 2);
    assert_true(str_eq(text_of(t, d.m.id), S("题目\n一段改好。\n二段。\n三段又写。")));
    /* the two versions differ by the pen alone */
    struct db *db = itemdb_read(t);
    assert_int_equal(manuscript_two(db, &t->o.a, itemdb_as(t, SECRETARY), d.m.id, d.m.version,
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
    struct deed invite = {.m = {.id = d.m.id, .guest = LEADER}};
    assert_int_equal(deed(t, SECRETARY, &invite, DEED_INVITE, ""), OK);
    invite.m.guest = STAFF;
    assert_int_equal(deed(t, SECRETARY, &invite, DEED_INVITE, ""), OK);
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
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n一段别人改。\n二段。\n三段。"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段笔改。\n二段。\n三段。"), OK);
    assert_true(!d.done.version && d.done.n_both == 1);
    assert_true(str_eq(d.done.both[0].theirs, S("一段别人改。")));
    assert_true(str_eq(text_of(t, d.m.id), S("题目\n一段别人改。\n二段。\n三段。")));
    struct str text = S("");
    struct manuscript_pen p = pen_of(t, SECRETARY, d.pen, &text, NULL);
    assert_true(p.state == PEN_OPEN && str_eq(text, S("题目\n一段笔改。\n二段。\n三段。")));
    assert_int_equal(deed(t, SECRETARY, &d, MINE, "题目\n一段笔改。\n二段。\n三段。"), OK);
    assert_true(d.done.version != 0);
    assert_true(str_eq(text_of(t, d.m.id), S("题目\n一段笔改。\n二段。\n三段。")));
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
    int64_t version = d.m.version;
    d.m.version = other.m.version;
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), E_NOTFOUND);
    d.m.version = version;
    assert_int_equal(deed(t, SECRETARY, &d, BEGIN, "李书记"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, "题目\n机密★1年"), E_SECRET);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n一段。\n二段。\n三段。"), E_INPUT);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_LOCK, "已送签"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, FINISH, "题目\n改。"), E_DENIED);
    assert_int_equal(deed(t, SECRETARY, &d, DROP, ""), OK);
    assert_int_equal(deed(t, SECRETARY, &d, RIGHT, ""), E_CONFLICT);
    assert_int_equal(pen_of(t, SECRETARY, d.pen, NULL, NULL).state, PEN_DROPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entered_and_looked_at, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(both_changed_one_place, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(refused, itemdb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
