/* Findings passed over: which finding it is, who may, what is taken back, what goes along with a version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "manuscript_test.h"
#include "office/manuscript_pass.h"
#include "office/rulebook.h"

enum { PASS = N_DEED, BACK, KEEP, SOFTEN, DAMAGE };
struct deed {
    struct text_deed m;
    int64_t pass;
    struct pass_new x;
    struct pass_list list;
};

static enum code damage(struct db *db, int64_t list, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE manuscript_pass_list SET body = '[]' WHERE id = ?1");
    stmt_bind_int(q, 1, list);
    return stmt_run(q, NULL, e);
}

static enum code run(struct db *db, void *arg, struct err *e)
{
    struct deed *d = arg;
    struct text_deed *m = &d->m;
    struct arena *a = &m->t->o.a;
    switch (m->verb) {
    case PASS:
        return manuscript_pass_add(db, a, m->by, m->id, &d->x, &d->pass, e);
    case BACK:
        return manuscript_pass_back(db, a, m->by, m->id, d->pass, e);
    case KEEP:
        return manuscript_pass_keep(db, a, m->by, m->version, &d->list, e);
    case SOFTEN:
        return rulebook_set(db, m->by->v, d->x.rule, CHECK_WARN, 0, S("本单位习惯"), e);
    case DAMAGE:
        return damage(db, d->list.id, e);
    default:
        return text_verb(db, m, e);
    }
}

static enum code deed(struct itemdb *t, int who, struct deed *d, int verb, const char *text)
{
    return text_do(t, who, &d->m, verb, text, run);
}

#define TEXT "题目\n各部门：\n一、要帐目清楚。\n二、要帐目清楚，及时。\n三、及时上报。\n"

/* 帐目 in the first paragraph, by what stands around it in its line. */
static const struct pass_new first = {.rule = SC("W01"),
    .before = SC("一、要"),
    .words = SC("帐目"),
    .after = SC("清楚。"),
    .said = SC("“帐目”应为“账目”"),
    .why = SC("引自旧件原文"),
    .level = CHECK_ERROR};

static struct deed begun(struct itemdb *t)
{
    struct deed d = {.m = {.guest = STAFF}, .x = first};
    assert_int_equal(deed(t, SECRETARY, &d, DEED_NEW, TEXT), OK);
    return d;
}

static enum code list(
    struct itemdb *t, int who, int64_t id, bool back, struct manuscript_pass **v, size_t *n)
{
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    enum code c = manuscript_passes(db, &t->o.a, itemdb_as(t, who), id, back, v, n, &e);
    store_read_end(db);
    return c;
}

static struct manuscript_pass *all(struct itemdb *t, int64_t id, size_t n)
{
    struct manuscript_pass *v;
    size_t k;
    assert_int_equal(list(t, SECRETARY, id, false, &v, &k), OK);
    assert_int_equal(k, n);
    return v;
}

/* Whoever reads sees it; it stays over edits elsewhere, goes with its words, and comes with them. */
static void which_finding_it_is(void **state)
{
    struct itemdb *t = *state;
    struct deed d = begun(t);
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    int64_t pass = d.pass;
    struct manuscript_pass *v = all(t, d.m.id, 1);
    assert_true(v->here && v->by == t->person[SECRETARY] && v->made_ms == t->now_ms);
    assert_true(str_eq(v->rule, S("W01")) && str_eq(v->words, S("帐目")));
    assert_true(str_eq(v->why, S("引自旧件原文")) && v->level == CHECK_ERROR);
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK); /* the same one again */
    assert_int_equal(d.pass, pass);
    all(t, d.m.id, 1);

    assert_int_equal(
        deed(t, SECRETARY, &d, DEED_SAVE, "题目\n新的一段。\n一、要帐目清楚。\n改了。\n"), OK);
    assert_true(all(t, d.m.id, 1)->here);
    /* the same words elsewhere are another place: what stands around them is shorter only at the ends of its line */
    assert_int_equal(
        deed(t, SECRETARY, &d, DEED_SAVE, "题目\n十一、要帐目清楚。\n一、要帐目清楚。。\n"), OK);
    assert_false(all(t, d.m.id, 1)->here);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n一、要账目清楚。\n"), OK);
    assert_false(all(t, d.m.id, 1)->here);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "一、要帐目清楚。"), OK);
    assert_true(all(t, d.m.id, 1)->here);

    d.x = (struct pass_new){.rule = S("W01"),
        .before = S("随便"),
        .words = S("帐目"),
        .why = S("户名如此"),
        .throughout = true};
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    v = all(t, d.m.id, 2);
    struct manuscript_pass *everywhere = v[0].throughout ? &v[0] : &v[1];
    assert_true(everywhere->throughout && everywhere->here && everywhere->before.n == 0);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n某帐目某\n"), OK);
    v = all(t, d.m.id, 2);
    assert_true(v[0].here == v[0].throughout && v[1].here == v[1].throughout);
}

/* What is missing has no words; it stands between two. */
static void what_is_missing(void **state)
{
    struct itemdb *t = *state;
    struct deed d = begun(t);
    d.x = (struct pass_new){
        .rule = S("P01"), .before = S("，现将有关事项"), .after = S(""), .why = S("原文如此")};
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    assert_false(all(t, d.m.id, 1)->here);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n，现将有关事项\n"), OK);
    assert_true(all(t, d.m.id, 1)->here);
    d.x.throughout = true;
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
    d.x = (struct pass_new){.rule = S("P01"), .why = S("空行")};
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_SAVE, "题目\n\n正文"), OK);
    struct manuscript_pass *v = all(t, d.m.id, 2);
    assert_true(v[0].here || v[1].here);
}

static void who_may(void **state)
{
    struct itemdb *t = *state;
    struct deed d = begun(t);
    struct manuscript_pass *v;
    size_t n;
    assert_int_equal(deed(t, STAFF, &d, PASS, NULL), E_NOTFOUND);
    assert_int_equal(list(t, STAFF, d.m.id, false, &v, &n), E_NOTFOUND);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_INVITE, NULL), OK); /* reads */
    assert_int_equal(deed(t, STAFF, &d, PASS, NULL), E_DENIED);
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    assert_int_equal(list(t, STAFF, d.m.id, false, &v, &n), OK);
    assert_int_equal(n, 1);
    assert_int_equal(deed(t, STAFF, &d, BACK, NULL), E_DENIED);
    d.m.writes = true;
    assert_int_equal(deed(t, SECRETARY, &d, DEED_INVITE, NULL), OK);
    t->now_ms += 60000;
    assert_int_equal(deed(t, STAFF, &d, BACK, NULL), OK); /* whoever writes, not only who did it */
    assert_int_equal(deed(t, SECRETARY, &d, BACK, NULL), E_CONFLICT);
    all(t, d.m.id, 0);
    assert_int_equal(list(t, SECRETARY, d.m.id, true, &v, &n), OK);
    assert_true(n == 1 && v->back_by == t->person[STAFF] && v->back_ms == t->now_ms);
    assert_true(v->by == t->person[SECRETARY]);
    /* again, and again taken back: the row of before stays */
    assert_int_equal(deed(t, STAFF, &d, PASS, NULL), OK);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_LOCK, "已送签"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, BACK, NULL), E_DENIED);
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_DENIED);
    assert_int_equal(deed(t, SECRETARY, &d, DEED_UNLOCK, "再改"), OK);
    d.pass = 0; /* all of them */
    assert_int_equal(deed(t, SECRETARY, &d, BACK, NULL), OK);
    all(t, d.m.id, 0);
    assert_int_equal(list(t, SECRETARY, d.m.id, true, &v, &n), OK);
    assert_int_equal(n, 2);
    assert_int_equal(deed(t, SECRETARY, &d, BACK, NULL), OK); /* nothing left */
}

static void reasons(void **state)
{
    struct itemdb *t = *state;
    struct deed d = begun(t);
    d.x.why = S(" ");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT); /* an error */
    d.x.level = CHECK_OFF;                                         /* not said: as the rule runs */
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
    assert_int_equal(deed(t, CHIEF, &d, SOFTEN, NULL), OK);
    d.x.level = CHECK_ERROR; /* higher than the rule of this unit */
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    assert_int_equal(all(t, d.m.id, 1)->level, CHECK_WARN);
    d.x = first;
    d.x.rule = S("X99");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
    d.x = first;
    d.x.before = S("九个字一二三四五六七");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
    d.x.before = S("上\n下");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
    d.x = first;
    d.x.why = S("见机密★1年的那一件");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_SECRET);
    d.x.why = S("两\n行");
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), E_INPUT);
}

static void told_in_words(void **state)
{
    struct itemdb *t = *state;
    struct manuscript_pass v[8] = {{.by = 1, .by_name = S("甲"), .level = CHECK_ERROR},
        {.by = 2, .by_name = S("乙"), .level = CHECK_HINT},
        {.by = 1, .by_name = S("甲"), .level = CHECK_WARN}};
    assert_true(str_eq(pass_words(&t->o.a, v, 0), S("")));
    assert_true(str_eq(pass_words(&t->o.a, v, 3), S("略过3处问题，其中错误1处（甲2处、乙1处）")));
    assert_true(str_eq(pass_words(&t->o.a, v + 1, 1), S("略过1处问题（乙1处）")));
    for (int i = 0; i < 8; i++)
        v[i] = (struct manuscript_pass){.by = i + 1, .by_name = S("某")};
    assert_true(str_eq(pass_words(&t->o.a, v, 8),
        S("略过8处问题（某1处、某1处、某1处、某1处、某1处、其他人3处）")));
}

/* What goes along with a version is what stands in its text; it is the same list until something differs. */
static void with_a_version(void **state)
{
    struct itemdb *t = *state;
    struct deed d = begun(t);
    struct pass_list l;
    struct err e;
    assert_int_equal(deed(t, SECRETARY, &d, DEED_FREEZE, "送审稿"), OK);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, NULL), OK);
    assert_true(!d.list.id && !d.list.n);
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    int64_t gone = d.pass;
    d.x = (struct pass_new){.rule = S("W01"),
        .before = S("没有这几个"),
        .words = S("帐号"),
        .after = S("在文稿里"),
        .why = S("已改")};
    assert_int_equal(deed(t, SECRETARY, &d, PASS, NULL), OK);
    t->now_ms += 1000;
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, NULL), OK);
    struct pass_list kept = d.list;
    assert_true(kept.id && kept.n == 1 && kept.errors == 1 && kept.digest.n == 64);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, NULL), OK);
    assert_int_equal(d.list.id, kept.id);
    d.pass = gone; /* what is taken back later stays in the list that was kept */
    assert_int_equal(deed(t, SECRETARY, &d, BACK, NULL), OK);
    assert_int_equal(deed(t, SECRETARY, &d, KEEP, NULL), OK);
    assert_true(!d.list.id && !d.list.n);

    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_pass_list(db, &t->o.a, itemdb_as(t, SECRETARY), kept.id, &l, &e), OK);
    assert_int_equal(
        manuscript_pass_list(db, &t->o.a, itemdb_as(t, STAFF), kept.id, &l, &e), E_NOTFOUND);
    assert_int_equal(
        manuscript_pass_list(db, &t->o.a, itemdb_as(t, SECRETARY), 7, &l, &e), E_NOTFOUND);
    assert_int_equal(
        manuscript_pass_list(db, &t->o.a, itemdb_as(t, SECRETARY), kept.id, &l, &e), OK);
    store_read_end(db);
    assert_true(l.n == 1 && l.errors == 1 && str_eq(l.digest, kept.digest));
    assert_true(l.v->id == gone && str_eq(l.v->words, S("帐目")) && l.v->level == CHECK_ERROR);
    assert_true(str_eq(l.v->why, S("引自旧件原文")) && l.v->by == t->person[SECRETARY]);
    assert_true(l.v->made_ms == MONDAY && l.v->by_name.n > 0);

    d.list = kept;
    assert_int_equal(deed(t, SECRETARY, &d, DAMAGE, NULL), OK);
    db = itemdb_read(t);
    assert_int_equal(
        manuscript_pass_list(db, &t->o.a, itemdb_as(t, SECRETARY), kept.id, &l, &e), E_BUG);
    store_read_end(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(which_finding_it_is, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(what_is_missing, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(who_may, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(reasons, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(told_in_words, itemdb_set_up, itemdb_tear_down),
        cmocka_unit_test_setup_teardown(with_a_version, itemdb_set_up, itemdb_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
