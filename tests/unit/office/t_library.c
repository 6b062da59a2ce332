/* The library end to end below web and cli: files through the caged readers into database and corpus,
 * found and read with the rights of who asks. On SQLite; again on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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
#include "office/term.h"
#include "testdb.h"
#include "text/near.h"

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

/* What is handed out reads as the newer of the two, whichever is named first. */
static void read_redline(struct fixture *f, int64_t one, int64_t other, const struct comparison *c)
{
    struct viewer owner = viewer_owner();
    struct str docx, name;
    struct buf text = {0};
    struct doc d;
    struct err e;

    if (library_redline(f->o, &f->a, &owner, one, other, &docx, &name, &e) != OK)
        fail_msg("%s", e.msg);
    assert_true(str_eq(name, S("公文处理办法（红线稿）20220301.docx")));
    assert_int_equal(reader_read_bytes(f->o->readers, &f->a, docx, name, &d, &e), OK);
    doc_text(&d, &text);
    assert_true(str_eq(buf_view(&text), c->newer_text));
    buf_release(&text);
    assert_int_equal(library_redline(f->o, &f->a, &owner, one, one, &docx, &name, &e), E_INPUT);
    assert_int_equal(
        library_redline(f->o, &f->a, &owner, one, 999999, &docx, &name, &e), E_NOTFOUND);
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
        read_redline(f, d.docs[1], d.docs[0], &c);
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

/* ---- the figures beside the lists ---- */

enum { FIGURE_DOCS = 24, FIGURE_ISSUERS = 3 };

/* Three issuers, three levels, two registrars; every fifth without an issuer, every seventh deleted. */
static enum code insert_figures(struct db *db, void *arg, struct err *e)
{
    static const char *const issuers[] = {"国务院", "云岭省人民政府", "云岭山河建设集团有限公司"};
    static const int authority[] = {88, 60, 30};
    int64_t *ids = arg;

    for (int64_t person = 70; person < 76; person++) {
        struct stmt *q = db_sql(db,
            "INSERT INTO person (id, login, name, initials, unit, title, roles, rank, active,"
            " password, password_set, must_change) VALUES (?1, ?2, '', '', 0, '', 0, 0, 1, '', 0, "
            "0)");
        char login[16];
        (void)snprintf(login, sizeof(login), "p%d", (int)person);
        stmt_bind_int(q, 1, person);
        stmt_bind_str(q, 2, str_z(login));
        TRY(stmt_run(q, NULL, e));
    }
    for (int i = 0; i < FIGURE_DOCS; i++) {
        char text[64], digest[65], day[16];
        struct document_new n = {.structure = S("")};
        (void)snprintf(text, sizeof(text), "第%d份文件的正文", i);
        (void)snprintf(digest, sizeof(digest), "%064d", i);
        (void)snprintf(day, sizeof(day), "2024-03-%02d", 1 + i);
        ids[i] = 1000 + i;
        n.text = str_z(text);
        n.d = (struct document){.id = ids[i],
            .title = str_z(text),
            .blob = str_z(digest),
            .day = i % 4 ? str_z(day) : S(""),
            .level = (enum doc_level)(i / 2 % 3),
            .registrar = i % 2 ? 71 : 0,
            .authority = i % 5 ? authority[i % FIGURE_ISSUERS] : 0,
            .issuer_name = i % 5 ? str_z(issuers[i % FIGURE_ISSUERS]) : S("")};
        TRY(document_insert(db, &n, e));
        if (i % 7 == 6)
            TRY(document_delete(db, ids[i], 1, 0, e));
    }
    TRY(access_grant(db, ids[4], PRINCIPAL_PERSON, 73, 0, e));
    return access_grant(db, ids[2], PRINCIPAL_PERSON, 73, 0, e);
}

struct figures {
    int64_t all, of[FIGURE_ISSUERS + 1]; /* by issuer.id, which is small */
};

/* The truth: every row, asked one by one. */
static struct figures figures_of_rows(struct fixture *f, const struct viewer *v)
{
    struct figures g = {0};
    struct document docs[FIGURE_DOCS];
    size_t n = 0;
    struct db *db;
    struct err e;
    struct stmt *q;

    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    q = db_sql(db, "SELECT id, level, registrar, issuer FROM document WHERE deleted = 0");
    while (stmt_step(q) && n < FIGURE_DOCS)
        docs[n++] = (struct document){.id = stmt_int(q, 0),
            .level = (enum doc_level)stmt_int(q, 1),
            .registrar = stmt_int(q, 2),
            .issuer = stmt_int(q, 3)};
    assert_int_equal(stmt_end(q, &e), OK);
    for (size_t i = 0; i < n; i++) {
        bool may = false;
        assert_int_equal(
            access_document(db, v, docs[i].id, (int)docs[i].level, docs[i].registrar, &may, &e),
            OK);
        g.all += may;
        g.of[docs[i].issuer] += may;
    }
    store_read_end(db);
    return g;
}

static void compare_figures(struct fixture *f, const struct viewer *v)
{
    struct figures want = figures_of_rows(f, v);
    struct library_filter filter = library_filter_any();
    struct library_page page;
    struct issuer_count *issuers;
    struct coverage_row *bands;
    int64_t total, banded = 0;
    size_t n, shown = 0;
    struct err e;

    assert_int_equal(library_issuers(f->o, &f->a, v, 10, &issuers, &n, &e), OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(issuers[i].documents, want.of[issuers[i].id]);
        assert_true(i == 0 || issuers[i - 1].documents >= issuers[i].documents);
        /* and what choosing it shows */
        filter.issuer = issuers[i].name;
        assert_int_equal(
            library_search(f->o, &f->a, v, S(""), &filter, LIBRARY_NEWEST, 0, 10, &page, &e), OK);
        assert_int_equal(page.total, issuers[i].documents);
        assert_int_equal(page.documents, want.all);
    }
    for (int i = 1; i <= FIGURE_ISSUERS; i++)
        shown += want.of[i] > 0;
    assert_int_equal(n, shown);
    assert_int_equal(library_coverage(f->o, &f->a, v, &bands, &n, &total, &e), OK);
    for (size_t i = 0; i < n; i++)
        banded += bands[i].documents;
    assert_int_equal(total, want.all);
    assert_int_equal(banded, want.all);
}

static enum code grant_more(struct db *db, void *arg, struct err *e)
{
    int64_t *ids = arg;

    TRY(access_grant(db, ids[10], PRINCIPAL_PERSON, 74, 0, e));
    TRY(access_revoke(db, ids[4], PRINCIPAL_PERSON, 73, 0, e));
    return document_delete(db, ids[0], 1, 0, e);
}

static void figures_are_those_of_what_one_may_see(void **state)
{
    static const struct viewer who[] = {{.owner = true}, {.person = 70, .roles = ROLE_CHIEF},
        {.person = 71, .roles = ROLE_STAFF}, {.person = 72, .roles = ROLE_SECRETARY},
        {.person = 73, .roles = ROLE_STAFF}, {.person = 74, .roles = ROLE_ADMIN},
        {.person = 75, .roles = ROLE_AUDITOR | ROLE_LEADER}};
    struct fixture *f = *state;
    int64_t ids[FIGURE_DOCS];
    struct err e;

    if (store_write(f->o->store, insert_figures, ids, &e) != OK)
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
        compare_figures(f, &who[i]);
    assert_int_equal(figures_of_rows(f, &who[5]).all, 0);
    assert_true(figures_of_rows(f, &who[4]).all < figures_of_rows(f, &who[0]).all);
    if (store_write(f->o->store, grant_more, ids, &e) != OK)
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
        compare_figures(f, &who[i]);
    assert_int_equal(figures_of_rows(f, &who[5]).all, 1);
}

/* ---- what follows the feed of changes ---- */

struct editing {
    int64_t doc;
    const char *title;
    enum doc_status status;
};

static enum code describe_anew(struct db *db, void *arg, struct err *e)
{
    const struct editing *w = arg;
    struct arena a;
    struct document d;
    enum code c;

    arena_init(&a);
    c = document_get(db, &a, w->doc, &d, e);
    if (c == OK)
        c = document_update(db,
            &(struct document_edit){.id = d.id,
                .revision = d.revision,
                .title = w->title ? str_z(w->title) : d.title,
                .docno = d.docno,
                .issuer_name = d.issuer_name,
                .day = d.day,
                .level = d.level,
                .status = w->status},
            0, e);
    arena_release(&a);
    return c;
}

/* A put of what is there leaves a removed document behind and fills the tail: new attributes do not. */
static void new_attributes_leave_the_text_alone(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct corpus_stats before, after;
    struct editing w = {.status = STATUS_REPEALED};
    struct err e;

    put_file(f, "通知.txt", notice);
    put_file(f, "办法.txt", rule);
    (void)take(f, LEVEL_OPEN);
    w.doc = search(f, &owner, "一事一线").hits[0].doc.id;
    corpus_stats(f->o->corpus, &before);
    assert_int_equal(store_write(f->o->store, describe_anew, &w, &e), OK);
    assert_int_equal(search(f, &owner, "一事一线 状态:已废止").total, 1);
    assert_int_equal(search(f, &owner, "状态:已废止").total, 1);
    corpus_stats(f->o->corpus, &after);
    assert_int_equal(after.removed, before.removed);
    assert_int_equal(after.units, before.units);
    w.title = "关于改进督查督办工作的通知";
    assert_int_equal(store_write(f->o->store, describe_anew, &w, &e), OK);
    assert_int_equal(search(f, &owner, "标题:改进督查").total, 1);
    corpus_stats(f->o->corpus, &after);
    assert_int_equal(after.removed, before.removed + 1);
    /* and so it is after a rebuild from the database */
    assert_int_equal(index_rebuild(f->o, NULL, NULL, &e), OK);
    assert_int_equal(search(f, &owner, "一事一线 状态:已废止").total, 1);
    assert_int_equal(search(f, &owner, "标题:改进督查").total, 1);
}

enum { COPIES = 3 };

/* Documents that are the same but for their last characters, straight into the database. */
static enum code insert_copies(struct db *db, void *arg, struct err *e)
{
    int64_t *ids = arg;

    for (int i = 0; i < COPIES; i++) {
        char text[600], digest[65];
        unsigned char packed[NEAR_BYTES];
        struct near_sign sign;
        struct document_new n = {.structure = S("")};
        (void)snprintf(text, sizeof(text), "%s附件%d", rule, i);
        (void)snprintf(digest, sizeof(digest), "%064d", i);
        near_sign(str_z(text), &sign);
        near_pack(&sign, packed);
        ids[i] = 2000 + i;
        n.text = str_z(text);
        n.near_signature = (struct str){(const char *)packed, NEAR_BYTES};
        n.d =
            (struct document){.id = ids[i], .title = S("督查督办工作办法"), .blob = str_z(digest)};
        TRY(document_insert(db, &n, e));
    }
    return OK;
}

static enum code delete_first(struct db *db, void *arg, struct err *e)
{
    const int64_t *ids = arg;

    return document_delete(db, ids[0], 1, 0, e);
}

static size_t neighbours(struct fixture *f, int64_t doc)
{
    struct near_match *v;
    struct db *db;
    struct err e;
    size_t n;

    assert_int_equal(store_read(f->o->store, &db, &e), OK);
    assert_int_equal(document_near(db, &f->a, doc, 10, &v, &n, &e), OK);
    store_read_end(db);
    return n;
}

static void neighbours_follow_the_feed(void **state)
{
    struct fixture *f = *state;
    int64_t ids[COPIES];
    struct err e;

    assert_int_equal(store_write(f->o->store, insert_copies, ids, &e), OK);
    assert_int_equal(neighbours(f, ids[1]), 0);
    assert_int_equal(document_near_follow(f->o->store, &e), OK);
    assert_int_equal(neighbours(f, ids[1]), COPIES - 1);
    assert_int_equal(store_write(f->o->store, delete_first, ids, &e), OK);
    assert_int_equal(document_near_follow(f->o->store, &e), OK);
    assert_int_equal(neighbours(f, ids[1]), COPIES - 2);
}

/* Whoever was cut off before the keys were written finds them at the next opening; what was deleted
 * meanwhile gets none. */
static void neighbours_are_there_after_the_next_opening(void **state)
{
    struct fixture *f = *state;
    int64_t ids[COPIES];
    struct err e;

    assert_int_equal(store_write(f->o->store, insert_copies, ids, &e), OK);
    assert_int_equal(store_write(f->o->store, delete_first, ids, &e), OK);
    office_close(f->o);
    open_office(f, false);
    assert_int_equal(neighbours(f, ids[1]), COPIES - 2);
    assert_int_equal(neighbours(f, ids[2]), COPIES - 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static void set_wording_shows_what_it_touches(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner(), staff = {.person = 77, .roles = ROLE_STAFF};
    struct term_row row = {.kind = TERM_BODY,
        .canonical = S("督查督办工作机构"),
        .wrong = S("一事一线\n没有的写法"),
        .old = S("督查督办"),
        .from = S("2023-01-01")};
    struct holder_row post = {
        .person = S("作办法"), .title = S("督查督办工"), .to = S("2020-01-01")};
    struct term_touch *v;
    struct err e;
    size_t n;

    put_file(f, "通知.txt", notice);
    put_file(f, "办法.txt", rule);
    take(f, LEVEL_WORK_SECRET);
    assert_int_equal(term_touched(f->o, &f->a, &owner, &row, &v, &n, &e), OK);
    assert_int_equal(n, 2);
    assert_true(str_eq(v[0].form, S("一事一线")));
    assert_int_equal(v[0].documents, 1);
    assert_true(str_eq(v[1].form, S("督查督办")));
    assert_int_equal(v[1].documents, 1); /* the one of 2024; that of 2022 was right then */
    assert_true(str_eq(v[1].hits[0].doc.day, S("2024-03-05")));
    assert_true(str_eq(v[1].inside, S("督查督办工作机构")));
    assert_int_equal(term_touched(f->o, &f->a, &staff, &row, &v, &n, &e), OK);
    assert_int_equal(n, 0);
    assert_int_equal(holder_touched(f->o, &f->a, &owner, &post, &v, &n, &e), OK);
    assert_int_equal(n, 1);
    assert_int_equal(v[0].documents, 2);
}

static enum code dismiss(struct db *db, void *arg, struct err *e)
{
    return term_dismiss(db, *(const struct str *)arg, 0, e);
}

static void candidates_are_counted_for_the_reader(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner(), staff = {.person = 77, .roles = ROLE_STAFF};
    struct str phrase = S("强化闭环管理工作机制");
    struct term_candidate_page page;
    bool found = false;
    struct err e;
    size_t n;

    for (int i = 0; i < 6; i++) {
        char name[40], text[600];
        (void)snprintf(name, sizeof(name), "通知%d.txt", i);
        (void)snprintf(text, sizeof(text),
            "%s文件\n关于第%d项工作的通知\n各单位：\n%s强化闭环管理工作机制%s\n%s\n202%d年3月%"
            "d日\n",
            i % 2 ? "云岭山河路桥工程有限公司" : "云岭山河建设集团有限公司", i,
            i % 3 == 0   ? ""
            : i % 3 == 1 ? "要"
                         : "必须",
            i % 2 ? "，抓好落实。" : "。",
            i % 2 ? "云岭山河路桥工程有限公司" : "云岭山河建设集团有限公司", i, i + 1);
        put_file(f, name, text);
    }
    take(f, LEVEL_WORK_SECRET);
    assert_int_equal(term_mine(f->o, &owner, NULL, NULL, &n, &e), OK);
    assert_int_equal(term_candidates(f->o, &f->a, &owner, 0, 50, &page, &e), OK);
    assert_true(page.n > 0 && page.n == n && (size_t)page.total == n && page.mined_ms > 0);
    for (size_t i = 0; i < page.n; i++)
        if (str_eq(page.v[i].p.text, phrase)) {
            assert_int_equal(page.v[i].p.documents, 6);
            assert_int_equal(page.v[i].p.issuers, 2);
            assert_int_equal(page.v[i].n_examples, PHRASE_EXAMPLES);
            found = true;
        }
    assert_true(found);
    assert_int_equal(term_candidates(f->o, &f->a, &staff, 0, 50, &page, &e), OK);
    assert_int_equal(page.n, 0);
    assert_int_equal(store_write(f->o->store, dismiss, &phrase, &e), OK);
    assert_int_equal(store_write(f->o->store, dismiss, &phrase, &e), OK);
    assert_int_equal(term_mine(f->o, &owner, NULL, NULL, &n, &e), OK);
    assert_int_equal(term_candidates(f->o, &f->a, &owner, 0, 50, &page, &e), OK);
    for (size_t i = 0; i < page.n; i++)
        assert_false(str_eq(page.v[i].p.text, phrase));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_taken_judged_and_found),
        TEST(set_wording_shows_what_it_touches),
        TEST(candidates_are_counted_for_the_reader),
        TEST(a_reader_sees_what_cites_what),
        TEST(levels_hide_what_is_not_for_everybody),
        TEST(what_was_written_is_found_by_the_next_query),
        TEST(the_corpus_is_derived),
        TEST(news_are_what_came_since_the_last_look),
        TEST(versions_are_proposed_and_confirmed),
        TEST(figures_are_those_of_what_one_may_see),
        TEST(new_attributes_leave_the_text_alone),
        TEST(neighbours_follow_the_feed),
        TEST(neighbours_are_there_after_the_next_opening),
        TEST(two_processes_do_not_share_a_directory),
    };
    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
