/* What a newer program delivers for a kind the office holds: shown, merged with the office's own changes, taken over once. On SQLite; a
 * second time on PostgreSQL when TEST_PG is set. The office is one that began with an older program: its first version is made from the
 * delivered text of today by taking words away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit.h"
#include "office/kind_newer.h"
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

static struct str delivered(const char *want)
{
    struct str yaml;
    const char *file;

    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++)
        if (str_eq(str_z(file), str_z(want)))
            return yaml;
    fail_msg("no file %s", want);
    return S("");
}

/* `text` with one piece put for another, which must be there. */
static struct str changed(struct arena *a, struct str text, const char *from, const char *to)
{
    size_t at = str_find(text, str_z(from), 0);

    assert_int_not_equal(at, SIZE_MAX);
    return arena_printf(a, "%.*s%s%.*s", SF(str_sub(text, 0, at)), to,
        SF(str_sub(text, at + str_z(from).n, text.n)));
}

struct work {
    struct kind_draft d;
    struct str kind;
    int64_t seen, by, version;
};

static enum code publish_fn(struct db *db, void *arg, struct err *e)
{
    struct work *w = arg;

    return kind_publish(db, &w->d, &w->version, e);
}

static int64_t publish(struct officedb *o, struct str yaml, int64_t by)
{
    struct work w = {.d = {.yaml = yaml, .file = "x.yaml", .by = by}};
    struct err e;

    assert_int_equal(store_write(o->st, publish_fn, &w, &e), OK);
    return w.version;
}

static enum code take_fn(struct db *db, void *arg, struct err *e)
{
    struct work *w = arg;

    return kind_newer_take(db, w->kind, w->seen, w->by, &w->version, e);
}

static enum code take(
    struct officedb *o, const char *kind, int64_t seen, int64_t by, int64_t *version)
{
    struct work w = {.kind = str_z(kind), .seen = seen, .by = by};
    struct err e;
    enum code c = store_write(o->st, take_fn, &w, &e);

    *version = w.version;
    return c;
}

static struct kind_newer look(struct officedb *o, const char *kind)
{
    struct kind_newer n;
    struct err e;
    struct db *db;
    bool any;

    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(kind_newer_get(db, &o->a, str_z(kind), &n, &e), OK);
    assert_int_equal(kind_newer_any(db, &o->a, str_z(kind), &any, &e), OK);
    store_read_end(db);
    assert_int_equal(any, n.any);
    return n;
}

static struct kind_row newest(struct officedb *o, const char *kind)
{
    struct kind_row row;
    struct err e;
    struct db *db;

    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(kind_row_get(db, &o->a, str_z(kind), 0, &row, &e), OK);
    store_read_end(db);
    return row;
}

static const struct newer_row *row_of(const struct newer_row *v, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(v[i].what, str_z(what)) || str_has(v[i].after, str_z(what)))
            return &v[i];
    return NULL;
}

#define MEASURE "  - {id: measure, name: 怎么改的, type: longtext, max: 1000}\n"
#define HINT    ", hint: 重印份数、更正范围；没有就不填"

/* An older program: without one field, without one hint, with other common words. */
static struct str older(struct arena *a)
{
    struct str text = delivered("mistake.yaml");

    text = changed(a, text, MEASURE, "");
    text = changed(a, text, ", set: [measure]", "");
    text = changed(a, text, HINT, "");
    return changed(a, text, "[已更正重印。, ", "[");
}

static void every_file_bears_the_name_of_its_kind(void **state)
{
    struct officedb *o = *state;
    struct str yaml;
    const char *file;
    struct kind *k;
    struct err e;

    for (size_t i = 0; kind_builtin(i, &yaml, &file); i++) {
        assert_int_equal(kind_read(&o->a, yaml, file, &k, &e), OK);
        assert_true(str_eq(arena_printf(&o->a, "%.*s.yaml", SF(k->id)), str_z(file)));
        assert_int_equal(publish(o, yaml, 0), 1);
        assert_false(look(o, arena_z(&o->a, k->id)).any);
    }
}

static void what_was_never_touched_becomes_the_delivered_text(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version;
    struct kind_newer n;
    const struct newer_row *r;

    assert_int_equal(publish(o, older(&o->a), 0), 1);
    n = look(o, "mistake");
    assert_true(n.any);
    assert_int_equal(n.now, 1);
    assert_true(str_eq(n.merged, delivered("mistake.yaml")));
    assert_int_equal(n.n_kept, 0);
    assert_int_equal(n.problem.n, 0);
    r = row_of(n.rows, n.n_rows, "怎么改的");
    assert_non_null(r);
    assert_int_equal(r->sort, NEWER_ADDED);
    r = row_of(n.rows, n.n_rows, "影响和损失");
    assert_non_null(r);
    assert_int_equal(r->sort, NEWER_CHANGED);
    assert_int_equal(r->before.n, 0);
    assert_true(str_has(r->after, S("重印份数")));
    assert_non_null(row_of(n.rows, n.n_rows, "常用语"));
    assert_true(n.n_plus > 0);
    assert_int_equal(take(o, "mistake", 7, by, &version), E_CONFLICT);
    assert_int_equal(take(o, "mistake", 1, by, &version), OK);
    assert_int_equal(version, 2);
    assert_true(str_eq(newest(o, "mistake").yaml, delivered("mistake.yaml")));
    assert_false(look(o, "mistake").any);
    assert_int_equal(take(o, "mistake", 2, by, &version), E_NOTFOUND);
}

/* The office turned the hint of a field on a line where the newer text says more, and a list that the newer text has longer. */
static void what_the_office_turned_stays(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version;
    struct str mine = older(&o->a);
    struct kind_newer n;
    struct kind_row row;

    assert_int_equal(publish(o, mine, 0), 1);
    mine = changed(&o->a, mine, "name: 影响和损失,", "name: 损失和影响,");
    mine = changed(&o->a, mine, "[已电话更正并补发更正函。, 已列入审校规则。]", "[已改正。]");
    assert_int_equal(publish(o, mine, by), 2);
    n = look(o, "mistake");
    assert_true(n.any);
    assert_true(str_has(n.merged, S("name: 损失和影响, type: longtext, max: 1000" HINT)));
    assert_true(str_has(n.merged, S(MEASURE)));
    assert_true(str_has(n.merged, S("phrases: [已改正。]")));
    assert_int_equal(n.n_kept, 1); /* both changed the common words */
    assert_true(str_has(n.kept[0].before, S("已改正。")));
    assert_true(str_has(n.kept[0].after, S("已更正重印。")));
    assert_null(row_of(n.rows, n.n_rows, "常用语"));
    assert_int_equal(take(o, "mistake", 2, by, &version), OK);
    assert_int_equal(version, 4); /* the delivered text, then with the office's words */
    row = newest(o, "mistake");
    assert_true(str_eq(row.yaml, n.merged));
    assert_int_equal(row.made_by, by);
    assert_false(look(o, "mistake").any); /* what was kept is not offered again */
}

/* A state of the office's own: merged by lines. */
static void what_the_office_wrote_in_the_file_stays(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version;
    struct str mine = older(&o->a);
    struct kind_newer n;

    assert_int_equal(publish(o, mine, 0), 1);
    mine = changed(&o->a, mine, "  - {id: files, name: 附件, type: file}\n",
        "  - {id: files, name: 附件, type: file}\n  - {id: again, name: 是否再犯, type: text}\n");
    mine = changed(&o->a, mine, "name: 影响和损失,", "name: 损失和影响,");
    mine = changed(&o->a, mine, "# 差错登记：出了什么错", "# 差错登记（本单位改过）：出了什么错");
    assert_int_equal(publish(o, mine, by), 2);
    n = look(o, "mistake");
    assert_true(n.any);
    assert_true(str_starts(n.merged, S("# 差错登记（本单位改过）")));
    assert_true(str_has(n.merged, S("name: 是否再犯")));
    assert_true(str_has(n.merged, S("phrases: [已更正重印。, ")));
    assert_true(str_has(n.merged, S("name: 损失和影响,")));
    assert_true(str_has(n.merged, S(HINT))); /* on the line where the office turned the name */
    assert_int_equal(n.n_kept, 0);
    assert_int_equal(take(o, "mistake", 2, by, &version), OK);
    assert_true(str_eq(newest(o, "mistake").yaml, n.merged));
    assert_false(look(o, "mistake").any);
}

/* The office took away what the newer text speaks of: nothing is published that is no kind. */
static void what_does_not_fit_is_left_to_a_person(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version;
    struct str full = delivered("mistake.yaml"), mine;
    struct kind_newer n;

    assert_int_equal(publish(o, changed(&o->a, full, ", loss, state", ", state"), 0), 1);
    mine = changed(&o->a, newest(o, "mistake").yaml,
        "  - {id: loss, name: 影响和损失, type: longtext, max: 1000" HINT "}\n", "");
    assert_int_equal(publish(o, mine, by), 2);
    n = look(o, "mistake");
    assert_true(n.any);
    assert_true(n.problem.n > 0);
    assert_int_equal(take(o, "mistake", 2, by, &version), E_INPUT);
    assert_int_equal(newest(o, "mistake").version, 2);
}

static void a_kind_of_the_office_has_none(void **state)
{
    struct officedb *o = *state;
    int64_t by = officedb_person(o, "zhangsan", UNIT_SECTION, ROLE_CHIEF), version;
    struct str own = changed(&o->a, delivered("mistake.yaml"), "kind: mistake", "kind: slips");

    assert_int_equal(publish(o, own, by), 1);
    assert_false(look(o, "slips").any);
    assert_int_equal(take(o, "slips", 1, by, &version), E_NOTFOUND);
    assert_int_equal(take(o, "nothing", 0, by, &version), E_NOTFOUND);
    /* one that took the name of a delivered kind before there was any */
    assert_int_equal(
        publish(o, changed(&o->a, delivered("mistake.yaml"), "name: 差错登记", "name: 差错"), by),
        1);
    assert_false(look(o, "mistake").any);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_file_bears_the_name_of_its_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_never_touched_becomes_the_delivered_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_office_turned_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_office_wrote_in_the_file_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_left_to_a_person, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kind_of_the_office_has_none, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
