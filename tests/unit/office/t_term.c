/* Set wording on the database. On SQLite; a second time on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit.h"
#include "office/term.h"
#include "officedb.h"

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));

    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

struct saving {
    struct term_row t;
    struct holder_row h;
    int64_t by, id;
};

static enum code save_term(struct db *db, void *arg, struct err *e)
{
    struct saving *s = arg;

    return term_save(db, &s->t, s->by, &s->id, e);
}

static enum code save_holder(struct db *db, void *arg, struct err *e)
{
    struct saving *s = arg;

    return holder_save(db, &s->h, s->by, &s->id, e);
}

static enum code save(struct officedb *o, struct term_row t, int64_t by, int64_t *id, struct err *e)
{
    struct saving s = {.t = t, .by = by};
    enum code c = store_write(o->st, save_term, &s, e);

    if (c == OK)
        *id = s.id;
    return c;
}

static struct db *reader(struct officedb *o)
{
    struct db *db;
    struct err e;

    assert_int_equal(store_read(o->st, &db, &e), OK);
    return db;
}

static const struct term_row phrase = {.kind = TERM_PHRASE,
    .state = TERM_CONFIRMED,
    .canonical = SC("一线工作法"),
    .wrong = SC(" 一线工作方法 \r\n\n一线法\n一线法"),
    .from = SC("2024-03-01"),
    .source = SC("云山发〔2024〕3号")};

static void a_row_is_written_cleaned_and_read_again(void **state)
{
    struct officedb *o = *state;
    struct term_row row = phrase, *v = NULL;
    struct term_filter f = {.text = S("线法")};
    struct err e;
    size_t n = 0;
    int64_t id = 0, again = 0, total = 0,
            by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_SECRETARY);
    struct db *db;

    assert_int_equal(save(o, phrase, by, &id, &e), OK);
    db = reader(o);
    assert_int_equal(term_list(db, &o->a, &f, &v, &n, &total, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_int_equal(total, 1);
    assert_true(str_eq(v[0].wrong, S("一线工作方法\n一线法")));
    assert_true(str_eq(v[0].changed_name, S("张三")));
    assert_int_equal(v[0].revision, 1);
    row = v[0];
    row.note = S("改一下");
    assert_int_equal(save(o, row, 0, &again, &e), OK);
    assert_int_equal(again, id);
    /* the second one still has the first revision */
    row.note = S("又改一下");
    assert_int_equal(save(o, row, by, &again, &e), E_CONFLICT);
    assert_true(str_has(str_z(e.msg), S("系统")));
    row.id = 12345;
    assert_int_equal(save(o, row, by, &again, &e), E_NOTFOUND);
    /* the same wording again is a conflict of its own */
    assert_int_equal(save(o, phrase, by, &again, &e), E_CONFLICT);
    assert_true(str_has(str_z(e.msg), S("已在表中")));
}

static void filters_hold(void **state)
{
    struct officedb *o = *state;
    struct term_row body = {.kind = TERM_BODY, .state = TERM_PROPOSED, .canonical = S("督查室")};
    struct term_row *v;
    struct err e;
    size_t n;
    int64_t id, total;
    struct db *db;

    assert_int_equal(save(o, phrase, 0, &id, &e), OK);
    assert_int_equal(save(o, body, 0, &id, &e), OK);
    db = reader(o);
    assert_int_equal(
        term_list(db, &o->a, &(struct term_filter){.kind = TERM_BODY}, &v, &n, &total, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(
        term_list(db, &o->a, &(struct term_filter){.state = TERM_RETIRED}, &v, &n, &total, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(
        term_list(db, &o->a, &(struct term_filter){.text = S("%")}, &v, &n, &total, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(
        term_list(db, &o->a, &(struct term_filter){.offset = 1, .limit = 1}, &v, &n, &total, &e),
        OK);
    assert_int_equal(n, 1);
    assert_int_equal(total, 2);
    store_read_end(db);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        struct term_row row;
        const char *says;
    } cases[] = {
        {{.kind = TERM_PHRASE, .state = TERM_CONFIRMED}, "请填写规范写法"},
        {{.kind = 99, .state = TERM_CONFIRMED, .canonical = SC("甲乙")}, "种类"},
        {{.kind = TERM_PHRASE, .state = 0, .canonical = SC("甲乙")}, "状态"},
        {{.kind = TERM_PHRASE, .state = 1, .canonical = SC("甲乙"), .wrong = SC("甲乙")}, "既是"},
        {{.kind = TERM_PHRASE, .state = 1, .canonical = SC("甲乙"), .wrong = SC("甲")}, "一个字"},
        {{.kind = TERM_PHRASE, .state = 1, .canonical = SC("甲乙"), .from = SC("2024-02-30")},
            "2024-02-30"},
        {{.kind = TERM_PHRASE,
             .state = 1,
             .canonical = SC("甲乙"),
             .from = SC("2024-03-01"),
             .to = SC("2024-02-01")},
            "早于"},
        {{.kind = TERM_LIST, .state = 1, .canonical = SC("三项"), .items = SC("甲甲\n乙乙")},
            "三项"},
        {{.kind = TERM_PHRASE, .state = 1, .canonical = SC("甲乙"), .items = SC("甲甲\n乙乙")},
            "只有并列和排序"},
        {{.kind = TERM_PHRASE, .state = 1, .canonical = SC("甲\t乙")}, "制表符"},
    };
    struct officedb *o = *state;
    struct err e;
    int64_t id;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(save(o, cases[i].row, 0, &id, &e), E_INPUT);
        if (!str_has(str_z(e.msg), str_z(cases[i].says)))
            fail_msg("%s: %s", cases[i].says, e.msg);
    }
}

static void only_confirmed_rows_reach_a_check(void **state)
{
    struct officedb *o = *state;
    struct saving s = {.h = {.state = TERM_CONFIRMED,
                           .person = S("岳松亭"),
                           .title = S("党委书记、董事长"),
                           .from = S("2024-01-01")}};
    struct term_row row = phrase;
    struct terms *t = (struct terms *)o;
    struct audit_event *ev;
    struct err e;
    size_t n;
    int64_t id;
    struct db *db;

    row.state = TERM_PROPOSED;
    assert_int_equal(save(o, row, 0, &id, &e), OK);
    db = reader(o);
    assert_int_equal(term_tables(db, &o->a, &t, &e), OK);
    store_read_end(db);
    assert_null(t);
    assert_int_equal(store_write(o->st, save_holder, &s, &e), OK);
    assert_int_equal(store_write(o->st, save_holder, &s, &e), E_CONFLICT);
    db = reader(o);
    assert_int_equal(term_tables(db, &o->a, &t, &e), OK);
    assert_non_null(t);
    assert_int_equal(
        audit_list(db, &o->a, &(struct audit_filter){.kind = S("holder")}, 10, &ev, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_true(str_eq(ev[0].verb, S("holder.add")));
}

struct importing {
    const char *tsv;
    enum term_table which;
    struct import_tally tally;
};

static enum code import(struct db *db, void *arg, struct err *e)
{
    struct importing *x = arg;

    return term_import(db, x->which, str_z(x->tsv), "t.tsv", 0, &x->tally, e);
}

static enum code seed(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return term_seed(db, e);
}

static void tables_come_in_whole_or_not_at_all(void **state)
{
    struct officedb *o = *state;
    struct importing good = {.tsv = "种类\t规范写法\t错误写法\n提法\t甲乙\t甲一；甲二\n"};
    struct importing bad = {.tsv = "种类\t规范写法\n提法\t丙丁\n提法\t戊\n"};
    struct term_row *v;
    struct err e;
    size_t n;
    int64_t total;
    struct db *db;

    assert_int_equal(store_write(o->st, import, &bad, &e), E_INPUT);
    assert_true(str_starts(str_z(e.msg), S("“t.tsv”第3行第2列（规范写法）：")));
    assert_int_equal(store_write(o->st, import, &good, &e), OK);
    assert_int_equal(good.tally.added, 1);
    assert_int_equal(store_write(o->st, import, &good, &e), OK);
    assert_int_equal(good.tally.same, 1);
    db = reader(o);
    assert_int_equal(term_list(db, &o->a, &(struct term_filter){0}, &v, &n, &total, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 1);
    assert_true(str_eq(v[0].wrong, S("甲一\n甲二")));
}

/* What every new office begins with can be read, names no person, and confirms only lists. */
static void the_seeds_are_sound(void **state)
{
    struct officedb *o = *state;
    struct term_row *v;
    struct audit_event *ev;
    struct err e;
    size_t n, n_ev, confirmed = 0;
    int64_t total;
    struct db *db;

    assert_int_equal(store_write(o->st, seed, NULL, &e), OK);
    assert_int_equal(store_write(o->st, seed, NULL, &e), OK);
    db = reader(o);
    assert_int_equal(term_list(db, &o->a, &(struct term_filter){0}, &v, &n, &total, &e), OK);
    assert_int_equal(audit_list(db, &o->a, &(struct audit_filter){0}, 100, &ev, &n_ev, &e), OK);
    store_read_end(db);
    assert_int_equal(n_ev, 1);
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].source.n > 0);
        assert_int_not_equal(v[i].kind, TERM_PERSON);
        if (v[i].state == TERM_CONFIRMED) {
            confirmed++;
            assert_true(v[i].kind == TERM_LIST || v[i].kind == TERM_ORDER);
        }
    }
    assert_true(confirmed >= 4 && n >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_is_written_cleaned_and_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(filters_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_come_in_whole_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_seeds_are_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_confirmed_rows_reach_a_check, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
