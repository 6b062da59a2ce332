/* The library's small nouns on the database alone: documents, citations, repeals, categories. On
 * SQLite; a second time on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/id.h"
#include "office/category.h"
#include "office/citation.h"
#include "office/document.h"
#include "office/repeal.h"
#include "office/schema.h"
#include "testdb.h"

static int set_up(void **state)
{
    struct testdb *t = mem_alloc(sizeof(*t));
    struct err e;

    testdb_open(t, testdb_pg());
    assert_int_equal(store_migrate(t->st, office_migrations, office_n_migrations, &e), OK);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    testdb_close(*state);
    free(*state);
    return 0;
}

static void must(struct testdb *t, store_fn fn, void *arg)
{
    struct err e = {0};
    enum code c = store_write(t->st, fn, arg, &e);

    if (c != OK)
        print_error("%s (%s:%d)\n", e.msg, e.file, e.line);
    assert_int_equal(c, OK);
}

static enum code insert_fn(struct db *db, void *arg, struct err *e)
{
    return document_insert(db, arg, e);
}

static int64_t add_document(struct testdb *t, const char *title, const char *docno, const char *day)
{
    int64_t id = id_next();
    char blob[32];
    struct document_new n = {.d = {.id = id,
                                 .title = str_z(title),
                                 .docno = str_z(docno),
                                 .issuer_name = S("云岭集团党委办公室"),
                                 .day = str_z(day),
                                 .format = S("txt"),
                                 .authority = 30},
        .text = S("正文")};

    (void)snprintf(blob, sizeof(blob), "blob-%lld", (long long)id);
    n.d.blob = str_z(blob);
    must(t, insert_fn, &n);
    return id;
}

static struct document get(struct testdb *t, struct arena *a, int64_t id)
{
    struct document d = {0};
    struct db *db;
    struct err e;

    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(document_get(db, a, id, &d, &e), OK);
    store_read_end(db);
    return d;
}

static void a_document_comes_back_as_it_was_put(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    int64_t id = add_document(t, "关于加强督查工作的通知", "云岭党办〔2024〕5号", "2024-03-05");
    struct document d;

    arena_init(&a);
    d = get(t, &a, id);
    assert_true(str_eq(d.title, S("关于加强督查工作的通知")));
    assert_true(str_eq(d.issuer_name, S("云岭集团党委办公室")));
    assert_true(str_eq(d.day, S("2024-03-05")));
    assert_int_equal(d.revision, 1);
    assert_int_equal(d.text_version, 1);
    assert_int_equal(document_attr(&d).year, 2024);
    arena_release(&a);
}

struct removal {
    int64_t id, revision;
};
static enum code delete_fn(struct db *db, void *arg, struct err *e)
{
    struct removal *r = arg;
    return document_delete(db, r->id, r->revision, 0, e);
}

static void the_same_bytes_come_once_and_again_after_deletion(void **state)
{
    struct testdb *t = *state;
    struct err e;
    struct document_new n = {
        .d = {.id = id_next(), .title = S("甲"), .blob = S("same"), .format = S("txt")},
        .text = S("乙")};
    struct removal r = {n.d.id, 1};

    must(t, insert_fn, &n);
    n.d.id = id_next();
    assert_int_equal(store_write(t->st, insert_fn, &n, &e), E_CONFLICT);
    must(t, delete_fn, &r);
    must(t, insert_fn, &n);
}

struct update {
    struct document_edit ed;
    int64_t by;
};
static enum code update_fn(struct db *db, void *arg, struct err *e)
{
    struct update *u = arg;
    return document_update(db, &u->ed, u->by, e);
}

static void the_second_writer_is_told_and_nothing_is_lost(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    struct err e;
    int64_t id = add_document(t, "甲通知", "", "");
    struct update u = {
        .ed = {.id = id, .revision = 1, .title = S("甲的通知"), .day = S("2024-02-29")}};

    must(t, update_fn, &u);
    u.ed.title = S("乙的通知");
    assert_int_equal(store_write(t->st, update_fn, &u, &e), E_CONFLICT);
    assert_non_null(strstr(e.msg, "修改过"));
    arena_init(&a);
    assert_true(str_eq(get(t, &a, id).title, S("甲的通知")));
    arena_release(&a);
}

static void wrong_values_are_refused_by_name(void **state)
{
    struct testdb *t = *state;
    struct err e;
    int64_t id = add_document(t, "甲", "", "");
    struct update u = {.ed = {.id = id, .revision = 1, .title = S("甲"), .day = S("2023-02-29")}};

    assert_int_equal(store_write(t->st, update_fn, &u, &e), E_INPUT);
    assert_non_null(strstr(e.msg, "2023-02-29"));
    u.ed.day = S("");
    u.ed.title = S("　 ");
    assert_int_equal(store_write(t->st, update_fn, &u, &e), E_INPUT);
    u.ed.title = S("甲");
    u.ed.superseded_by = id;
    assert_int_equal(store_write(t->st, update_fn, &u, &e), E_INPUT);
}

struct cites {
    int64_t doc;
    struct citation list[3];
    size_t n;
};
static enum code cites_fn(struct db *db, void *arg, struct err *e)
{
    struct cites *c = arg;
    return citation_replace(db, c->doc, c->list, c->n, e);
}

static void citations_find_what_is_there_and_what_comes_later(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    struct db *db;
    struct err e;
    struct citation *got;
    size_t n;
    int64_t rule = add_document(t, "督查督办工作办法", "云岭党办〔2022〕8号", "2022-06-01");
    int64_t later;
    struct cites c = {.doc = add_document(t, "甲通知", "", ""),
        .list = {{.title = S("督查督办工作办法"),
                     .docno = S("云岭党办[2022]8号"),
                     .begin_cp = 3,
                     .end_cp = 20},
            {.title = S("信息报送制度"), .begin_cp = 30, .end_cp = 40}},
        .n = 2};

    must(t, cites_fn, &c);
    later = add_document(t, "信息报送制度", "", "2025-01-01");
    arena_init(&a);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(citation_from(db, &a, c.doc, &got, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_int_equal(got[0].to, rule);
    assert_int_equal(got[1].to, later);
    assert_int_equal(citation_to(db, &a, later, &got, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(got[0].from, c.doc);
    store_read_end(db);
    arena_release(&a);
}

struct repealing {
    int64_t doc;
    struct repeal one;
    struct str title, docno;
};
static enum code repeal_fn(struct db *db, void *arg, struct err *e)
{
    struct repealing *r = arg;
    TRY(repeal_note(db, r->doc, &r->one, 1, e));
    return repeal_apply_to(db, r->doc, r->title, r->docno, e);
}
static enum code apply_fn(struct db *db, void *arg, struct err *e)
{
    struct repealing *r = arg;
    return repeal_apply_to(db, r->doc, r->title, r->docno, e);
}

static void repealing_marks_the_older_one_of_the_same_title_only(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    int64_t old = add_document(t, "督查督办工作办法（试行）", "", "2019-03-01");
    int64_t other = add_document(t, "督查督办工作细则", "", "2019-03-01");
    int64_t now = add_document(t, "督查督办工作办法", "", "2022-03-01");
    struct repealing r = {.doc = now,
        .one = {.title = S("督查督办工作办法（试行）")},
        .title = S("督查督办工作办法")};
    struct repealing again = {.title = S("督查督办工作办法（试行）")};

    arena_init(&a);
    must(t, repeal_fn, &r);
    assert_int_equal(get(t, &a, old).status, STATUS_REPEALED);
    assert_int_equal(get(t, &a, old).superseded_by, now);
    assert_int_equal(get(t, &a, other).status, STATUS_UNKNOWN);
    assert_int_equal(get(t, &a, now).status, STATUS_UNKNOWN);
    /* A copy of the old one that comes in later is marked too; one newer than the repeal is not. */
    again.doc = add_document(t, "督查督办工作办法（试行）", "", "2019-03-02");
    must(t, apply_fn, &again);
    assert_int_equal(get(t, &a, again.doc).status, STATUS_REPEALED);
    again.doc = add_document(t, "督查督办工作办法（试行）", "", "2024-03-02");
    must(t, apply_fn, &again);
    assert_int_equal(get(t, &a, again.doc).status, STATUS_UNKNOWN);
    arena_release(&a);
}

/* Rules arrive as 关于印发《X》的通知 and are repealed as 《X》（number). */
static void a_printed_rule_is_cited_and_repealed_by_its_own_name(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    struct db *db;
    struct err e;
    struct citation *got;
    size_t n;
    int64_t old = add_document(t, "云山集团关于印发《督查督办工作办法（2022年修订）》的通知",
        "云山发〔2022〕18号", "2022-05-30");
    int64_t rule = add_document(
        t, "云山集团关于印发《会议管理办法》的通知", "云山发〔2021〕12号", "2021-04-01");
    int64_t now = add_document(
        t, "云山集团关于印发《督查督办工作办法》的通知", "云山发〔2025〕30号", "2025-06-20");
    struct repealing r = {.doc = now,
        .one = {.title = S("督查督办工作办法（2022年修订）"), .docno = S("云山发〔2022〕18号")},
        .title = S("云山集团关于印发《督查督办工作办法》的通知"),
        .docno = S("云山发〔2025〕30号")};
    struct cites c = {.doc = add_document(t, "乙通知", "", ""),
        .list = {{.title = S("会议管理办法"), .begin_cp = 3, .end_cp = 11}},
        .n = 1};

    arena_init(&a);
    must(t, repeal_fn, &r);
    assert_int_equal(get(t, &a, old).status, STATUS_REPEALED);
    assert_int_equal(get(t, &a, now).status, STATUS_UNKNOWN);
    must(t, cites_fn, &c);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(citation_from(db, &a, c.doc, &got, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(got[0].to, rule);
    arena_release(&a);
}

struct cat {
    int64_t parent, id;
    struct str name;
};
static enum code cat_add(struct db *db, void *arg, struct err *e)
{
    struct cat *c = arg;
    return category_add(db, c->parent, c->name, 0, &c->id, e);
}
static enum code cat_remove(struct db *db, void *arg, struct err *e)
{
    struct cat *c = arg;
    return category_remove(db, c->id, 0, e);
}

static void categories_are_a_small_tree(void **state)
{
    struct testdb *t = *state;
    struct arena a;
    struct db *db;
    struct err e;
    struct category *list;
    size_t n;
    struct cat top = {.name = S("上级来文")};
    struct cat other = {.name = S("本级制度")};
    struct cat below = {.name = S("中央")};
    struct cat twice = {.name = S("上级来文")};

    must(t, cat_add, &top);
    must(t, cat_add, &other);
    below.parent = top.id;
    must(t, cat_add, &below);
    assert_int_equal(store_write(t->st, cat_add, &twice, &e), E_CONFLICT);
    assert_int_equal(store_write(t->st, cat_remove, &top, &e), E_CONFLICT);
    arena_init(&a);
    assert_int_equal(store_read(t->st, &db, &e), OK);
    assert_int_equal(category_list(db, &a, &list, &n, &e), OK);
    store_read_end(db);
    assert_int_equal(n, 3);
    assert_true(str_eq(list[0].name, S("上级来文")));
    assert_true(str_eq(list[1].name, S("中央")));
    assert_int_equal(list[1].depth, 1);
    must(t, cat_remove, &below);
    must(t, cat_remove, &top);
    arena_release(&a);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_document_comes_back_as_it_was_put),
        TEST(the_same_bytes_come_once_and_again_after_deletion),
        TEST(the_second_writer_is_told_and_nothing_is_lost),
        TEST(wrong_values_are_refused_by_name),
        TEST(citations_find_what_is_there_and_what_comes_later),
        TEST(repealing_marks_the_older_one_of_the_same_title_only),
        TEST(a_printed_rule_is_cited_and_repealed_by_its_own_name),
        TEST(categories_are_a_small_tree),
    };
    return cmocka_run_group_tests_name("nouns", tests, NULL, NULL);
}
