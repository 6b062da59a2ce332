/* The library end to end below web and cli: files through the caged readers into database and corpus,
 * found and read with the rights of who asks. On SQLite; again on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/io.h"
#include "office/access.h"
#include "office/compare.h"
#include "office/edition.h"
#include "office/import.h"
#include "office/index.h"
#include "office/library.h"
#include "office/office.h"
#include "office/subscription.h"
#include "testdb.h"

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    char files[IO_PATH_MAX];
};

static void open_office(struct fixture *f, bool create)
{
    struct err e = {0};
    struct office_options opt = {
        .dir = str_z(f->t.dir), .url = str_z(f->t.url), .exe = "/proc/self/exe", .create = create};

    if (office_open(&opt, &f->o, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
}

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    struct err e;

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    assert_int_equal(io_temp_dir("qianshao-files", f->files, &e), OK);
    open_office(f, true);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;

    office_close(f->o);
    arena_release(&f->a);
    assert_int_equal(io_remove_tree(f->files, &e), OK);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->t.dir, &e), OK);
    free(f);
    return 0;
}

static void put_file(struct fixture *f, const char *name, const char *text)
{
    char path[IO_PATH_MAX];
    struct err e;

    assert_int_equal(io_join(path, f->files, name, &e), OK);
    assert_int_equal(io_write_file(path, str_z(text), 0600, &e), OK);
}

static struct import_counts take(struct fixture *f, enum doc_level level)
{
    const char *paths[] = {f->files};
    struct import_options opt = {.level = level};
    struct import_counts c = {0};
    struct err e = {0};

    if (import_paths(f->o, paths, 1, &opt, &c, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return c;
}

static struct library_page search(struct fixture *f, const struct viewer *v, const char *query)
{
    struct library_filter any = library_filter_any();
    struct library_page page = {0};
    struct err e = {0};

    if (library_search(f->o, &f->a, v, str_z(query), &any, LIBRARY_RANK, 0, 20, &page, &e) != OK)
        fail_msg("%s: %s (%s:%d)", query, e.msg, e.file, e.line);
    return page;
}

static const char notice[] =
    "云岭山河建设集团有限公司文件\n云岭党办〔2024〕5号\n关于加强督查督办工作的通知\n"
    "各部门、各单位：\n根据《督查督办工作办法》（云岭党办〔2022〕8号），现就有关事项通知如下。\n"
    "一、压实责任\n各单位要一事一线，按月反馈。\n云岭山河建设集团有限公司\n2024年3月5日\n";
static const char rule[] =
    "督查督办工作办法\n云岭党办〔2022〕8号\n第一条 为规范督查督办工作，制定本办法。\n"
    "第二条 督查督办坚持实事求是。\n云岭山河建设集团有限公司\n2022年6月1日\n";

static void files_are_taken_judged_and_found(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct import_counts c;
    struct library_page p;

    put_file(f, "通知.txt", notice);
    put_file(f, "通知 副本.txt", notice);
    put_file(f, "办法.txt", rule);
    put_file(f, "空.txt", "");
    put_file(f, "密.txt", "机密★1年\n关于某某事项的报告\n报告如下：红隼行动。\n");
    c = take(f, LEVEL_OPEN);
    assert_int_equal(c.seen, 5);
    assert_int_equal(c.of[IMPORT_TAKEN], 2);
    assert_int_equal(c.of[IMPORT_DUPLICATE], 1);
    assert_int_equal(c.of[IMPORT_REFUSED], 1);
    assert_int_equal(c.of[IMPORT_FAILED], 1);
    p = search(f, &owner, "一事一线");
    assert_int_equal(p.total, 1);
    assert_int_equal(p.occurrences, 1);
    assert_true(str_eq(p.hits[0].doc.title, S("关于加强督查督办工作的通知")));
    assert_true(str_eq(p.hits[0].doc.docno, S("云岭党办〔2024〕5号")));
    assert_true(str_eq(p.hits[0].doc.day, S("2024-03-05")));
    assert_true(str_has(p.hits[0].snippet, S("一事一线")));
    assert_int_equal(search(f, &owner, "红隼").total, 0);
    assert_int_equal(search(f, &owner, "督查督办").total, 2);
    assert_int_equal(search(f, &owner, "督查督办 年份:2022").total, 1);
    assert_int_equal(search(f, &owner, "文种:通知").total, 1);
    assert_int_equal(search(f, &owner, "文号:〔2022〕").total, 1);
    assert_int_equal(search(f, &owner, "").total, 2);
    /* A number as the query: who bears it stands before who cites it, whatever the rank. */
    p = search(f, &owner, "云岭党办〔2022〕8号");
    assert_int_equal(p.total, 2);
    assert_true(str_eq(p.hits[0].doc.title, S("督查督办工作办法")));
    assert_int_equal(p.n, 2);
    assert_int_equal(p.documents, 2);
    /* Again: everything is there. */
    c = take(f, LEVEL_OPEN);
    assert_int_equal(c.of[IMPORT_TAKEN], 0);
    assert_int_equal(c.of[IMPORT_DUPLICATE], 3);
}

static void a_reader_sees_what_cites_what(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct library_reading r;
    struct err e;
    int64_t id;

    put_file(f, "通知.txt", notice);
    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_OPEN);
    id = search(f, &owner, "一事一线").hits[0].doc.id;
    assert_int_equal(library_read(f->o, &f->a, &owner, id, S("责任"), &r, &e), OK);
    assert_int_equal(r.n_cites, 1);
    assert_true(str_eq(r.cites[0].title, S("督查督办工作办法")));
    assert_int_equal(r.cites[0].problem.n, 0);
    assert_int_equal(r.n_places, 1);
    assert_true(r.n_fields >= 4);
    assert_int_equal(library_read(f->o, &f->a, &owner, r.cites[0].doc, S(""), &r, &e), OK);
    assert_int_equal(r.n_cited_by, 1);
    assert_int_equal(r.cited_by[0].doc, id);
    assert_int_equal(library_read(f->o, &f->a, &owner, 12345, S(""), &r, &e), E_NOTFOUND);
}

static void levels_hide_what_is_not_for_everybody(void **state)
{
    struct fixture *f = *state;
    struct viewer staff = {.person = 7, .roles = ROLE_STAFF};
    struct viewer secretary = {.person = 8, .roles = ROLE_SECRETARY};
    struct library_reading r;
    struct suggestion *s;
    size_t n;
    struct err e;
    int64_t id;

    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_INTERNAL);
    assert_int_equal(search(f, &staff, "督查").total, 0);
    assert_int_equal(search(f, &staff, "督查").documents, 0);
    assert_int_equal(search(f, &secretary, "督查").total, 1);
    id = search(f, &secretary, "督查").hits[0].doc.id;
    assert_int_equal(library_read(f->o, &f->a, &staff, id, S(""), &r, &e), E_NOTFOUND);
    assert_int_equal(library_read(f->o, &f->a, &secretary, id, S(""), &r, &e), OK);
    assert_int_equal(library_suggest(f->o, &f->a, &staff, S("督查"), 5, &s, &n, &e), OK);
    assert_int_equal(n, 0);
}

struct edit {
    struct document_edit ed;
};
static enum code edit_fn(struct db *db, void *arg, struct err *e)
{
    struct edit *x = arg;
    return document_update(db, &x->ed, 0, e);
}
static enum code delete_fn(struct db *db, void *arg, struct err *e)
{
    struct edit *x = arg;
    return document_delete(db, x->ed.id, 2, 0, e);
}

static void what_was_written_is_found_by_the_next_query(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct edit x = {{.revision = 1, .title = S("新题名关于燕子矶"), .status = STATUS_IN_FORCE}};
    struct err e;

    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_OPEN);
    x.ed.id = search(f, &owner, "督查").hits[0].doc.id;
    assert_int_equal(store_write(f->o->store, edit_fn, &x, &e), OK);
    assert_int_equal(search(f, &owner, "燕子矶").total, 1);
    assert_int_equal(search(f, &owner, "督查 状态:现行").total, 1);
    assert_int_equal(search(f, &owner, "督查 状态:已废止").total, 0);
    assert_int_equal(store_write(f->o->store, delete_fn, &x, &e), OK);
    assert_int_equal(search(f, &owner, "督查").total, 0);
}

static void the_corpus_is_derived(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct library_page before;
    struct library_page after;
    struct err e;

    put_file(f, "通知.txt", notice);
    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_OPEN);
    before = search(f, &owner, "工作");
    office_close(f->o);
    open_office(f, false); /* from the saved files */
    after = search(f, &owner, "工作");
    assert_int_equal(after.total, before.total);
    assert_int_equal(index_rebuild(f->o, NULL, NULL, &e), OK); /* from the database */
    after = search(f, &owner, "工作");
    assert_int_equal(after.total, before.total);
    assert_int_equal(after.occurrences, before.occurrences);
}

static enum code subscribe_fn(struct db *db, void *arg, struct err *e)
{
    int64_t id;
    (void)arg;
    TRY(subscription_add(db, 8, SUBSCRIBE_WORD, S("一事一线"), &id, e));
    return subscription_add(db, 8, SUBSCRIBE_ISSUER, S("不存在的机关"), &id, e);
}

static void news_are_what_came_since_the_last_look(void **state)
{
    struct fixture *f = *state;
    struct viewer secretary = {.person = 8, .roles = ROLE_SECRETARY};
    struct news *news;
    size_t n;
    int64_t total;
    struct err e;

    assert_int_equal(store_write(f->o->store, subscribe_fn, NULL, &e), OK);
    put_file(f, "通知.txt", notice);
    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_OPEN);
    assert_int_equal(subscription_news(f->o, &f->a, &secretary, 10, &news, &n, &total, &e), OK);
    assert_int_equal(total, 1);
    assert_true(str_eq(news[0].because, S("关键词：一事一线")));
}

struct decision {
    int64_t id, docs[2];
};
static enum code confirm_fn(struct db *db, void *arg, struct err *e)
{
    struct decision *d = arg;
    return edition_confirm(db, d->id, d->docs, 2, true, 0, e);
}

/* Two editions of one rule, and three drafts of one paper in an old folder: proposed, confirmed by a person. */
static void versions_are_proposed_and_confirmed(void **state)
{
    static const char body[] =
        "第一条 为规范公文处理工作，提高工作质量和效率，制定本办法。\n"
        "第二条 公文处理坚持准确规范、精简高效、安全保密的原则。\n"
        "第三条 各部门负责人对本部门报送公文的质量负责，逐级审核，不得越级。\n"
        "第四条 收文应当当日登记，急件随到随办，办理结果及时反馈来文单位。\n";
    struct fixture *f = *state;
    struct edition_group *groups;
    size_t n;
    int64_t total;
    struct db *db;
    struct err e;
    char text[2000];
    struct decision d = {0};

    (void)snprintf(text, sizeof(text),
        "公文处理办法（试行）\n%s云岭山河建设集团有限公司\n2019年3月1日\n", body);
    put_file(f, "甲.txt", text);
    (void)snprintf(text, sizeof(text),
        "公文处理办法\n%s第五条 本办法自印发之日起施行。\n云岭山河建设集团有限公司\n2022年3月1日\n",
        body);
    put_file(f, "乙.txt", text);
    put_file(f, "天气.txt",
        "国内联播快讯\n今日晴。各地气温平稳，出行注意安全，防范大风降温对交通的不利影响，做好防护。"
        "\n");
    put_file(f, "粮食.txt",
        "国内联播快讯\n夏粮收购进展顺利，全国各类粮食企业累计收购小麦超过五千万吨，价格总体稳定。"
        "\n");
    (void)take(f, LEVEL_OPEN);
    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(edition_list(db, &f->a, EDITION_PROPOSED, 10, &groups, &n, &total, &e), OK);
    store_read_end(db);
    assert_int_equal(total, 1);
    assert_int_equal(groups[0].n, 2);
    assert_true(str_eq(groups[0].members[0].day, S("2019-03-01")));
    d.id = groups[0].id;
    d.docs[0] = groups[0].members[0].doc;
    d.docs[1] = groups[0].members[1].doc;
    assert_int_equal(store_write(f->o->store, confirm_fn, &d, &e), OK);
    assert_int_equal(store_write(f->o->store, confirm_fn, &d, &e), E_CONFLICT);
    assert_int_equal(search(f, &(struct viewer){.owner = true}, "公文处理 状态:已修订").total, 1);
    {
        struct viewer owner = viewer_owner();
        struct library_reading r;
        struct comparison c;
        assert_int_equal(library_read(f->o, &f->a, &owner, d.docs[1], S(""), &r, &e), OK);
        assert_int_equal(r.n_editions, 2);
        assert_int_equal(r.n_near, 1);
        assert_int_equal(library_compare(f->o, &f->a, &owner, d.docs[1], d.docs[0], &c, &e), OK);
        assert_int_equal(c.older.id, d.docs[0]);
        assert_int_equal(c.diff.counts[ARTICLE_ADDED], 1);
    }
}

static void two_processes_do_not_share_a_directory(void **state)
{
    struct fixture *f = *state;
    struct office_options opt = {.dir = str_z(f->t.dir), .url = str_z(f->t.url)};
    struct office *second;
    struct err e;

    assert_int_equal(office_open(&opt, &second, &e), E_BUSY);
    opt.create = true;
    assert_int_equal(office_open(&opt, &second, &e), E_CONFLICT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_taken_judged_and_found),
        TEST(a_reader_sees_what_cites_what),
        TEST(levels_hide_what_is_not_for_everybody),
        TEST(what_was_written_is_found_by_the_next_query),
        TEST(the_corpus_is_derived),
        TEST(news_are_what_came_since_the_last_look),
        TEST(versions_are_proposed_and_confirmed),
        TEST(two_processes_do_not_share_a_directory),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
