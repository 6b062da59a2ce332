/* What the desk asks while one writes. On SQLite; again on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/access.h"
#include "office/desk.h"
#include "office/import.h"
#include "office/index.h"
#include "office/typeset.h"
#include "paper/face_pool.h"
#include "testdb.h"

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
    struct face_pool *faces;
};

static void take(struct fixture *f, const char *name, const char *text, enum doc_level level)
{
    struct import_options o = {.origin = ORIGIN_IMPORT, .level = level, .threads = 1};
    struct import_counts c;
    struct err e = {.msg = ""};

    if (import_bytes(f->o, str_z(text), str_z(name), &o, &c, &e) != OK || c.of[IMPORT_TAKEN] != 1)
        fail_msg("%s: %s", name, e.msg);
}

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true, .readers = 1};

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    opt.dir = str_z(f->t.dir);
    opt.url = str_z(f->t.url);
    if (office_open(&opt, &f->o, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    f->faces = face_pool_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;

    face_pool_free(f->faces);
    office_close(f->o);
    arena_release(&f->a);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->t.dir, &e), OK);
    free(f);
    return 0;
}

static struct desk_check check(struct fixture *f, const char *text, bool part)
{
    struct viewer owner = viewer_owner();
    struct desk_check k;
    struct err e = {0};

    if (desk_check(f->o, &f->a, &owner, str_z(text), 0, part, &k, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return k;
}

static const struct desk_finding *of_rule(const struct desk_check *k, const char *rule)
{
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->v[i].f->rule->id, rule) == 0)
            return &k->v[i];
    return NULL;
}

/* Words in front are no part of the text; a character outside the first plane is two units and one code point. */
static void places_are_those_of_the_editor(void **state)
{
    struct desk_check k = check(
        *state, "版式：文件\n签发人：𠮷某\n关于工作的通知\n各单位：\n现将任务布署如下。\n", false);
    const struct desk_finding *x = of_rule(&k, "W01");

    assert_non_null(x);
    assert_true(str_eq(x->words, S("布署")));
    assert_int_equal(x->begin_cp, 6 + 7 + 8 + 5 - 1 + 1 + 4);
    assert_int_equal(x->begin, x->begin_cp + 1);
    assert_int_equal(x->end - x->begin, 2);
}

static void of_a_part_only_what_a_paragraph_tells(void **state)
{
    struct desk_check k = check(*state, "现将任务布署如下。\n", true);

    assert_non_null(of_rule(&k, "W01"));
    for (size_t i = 0; i < k.n; i++)
        assert_true(desk_part_classes() >> k.v[i].f->rule->cls & 1);
    assert_true(check(*state, "关于布署工作的通知\n一、甲\n三、乙\n", false).n >
                check(*state, "关于布署工作的通知\n一、甲\n三、乙\n", true).n);
}

static void a_secrecy_mark_is_refused(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner();
    struct desk_passage *v;
    struct desk_check k;
    struct desk_pages p;
    struct faces *faces;
    struct err e = {0};
    struct str text = S("机密★1年\n关于工作的通知\n");
    size_t n;

    assert_int_equal(desk_check(f->o, &f->a, &owner, text, 0, false, &k, &e), E_SECRET);
    assert_int_equal(face_pool_take(f->faces, &faces, &e), OK);
    assert_int_equal(desk_pages(&f->a, faces, text, NULL, &p, &e), E_SECRET);
    face_pool_give(f->faces, faces);
    assert_int_equal(desk_passages(f->o, &f->a, &owner, text, S(""), &v, &n, &e), E_SECRET);
}

static void places_are_found_on_pages(void **state)
{
    struct fixture *f = *state;
    struct faces *faces, *again;
    struct desk_pages p;
    struct err e = {0};
    struct buf b;

    buf_init(&b, 0);
    buf_z(&b, "版式：白头\n关于工作的通知\n");
    for (int i = 0; i < 60; i++)
        buf_printf(&b, "这是第%d段，写满一行多一些，好让它排到第二行去，这样页数就多起来了。\n", i);
    assert_int_equal(face_pool_take(f->faces, &faces, &e), OK);
    if (desk_pages(&f->a, faces, buf_view(&b), NULL, &p, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(p.doc.form, OFFICIAL_PLAIN);
    assert_true(p.layout.n >= 4);
    assert_int_equal(p.n_lines, 120);
    assert_int_equal(p.lines[0].at, 6 + 8); /* behind the word in front and the title */
    assert_int_equal(desk_page_of(&p, 0), 0);
    assert_int_equal(desk_page_of(&p, p.lines[119].at), p.lines[119].page);
    assert_true(p.lines[119].page >= 3);
    for (size_t i = 1; i < p.n_lines; i++)
        assert_true(p.lines[i].page > p.lines[i - 1].page ||
                    (p.lines[i].page == p.lines[i - 1].page && p.lines[i].y > p.lines[i - 1].y));
    face_pool_give(f->faces, faces);
    assert_int_equal(face_pool_take(f->faces, &again, &e), OK);
    assert_ptr_equal(again, faces); /* kept warm */
    face_pool_give(f->faces, again);
    buf_release(&b);
}

/* The post is often written with the name; a short first paragraph is none. */
static void who_speaks_is_told_by_its_place(void **state)
{
    static const struct {
        const char *line, *speaker;
    } v[] = {{"集团党委书记、董事长　岳松涛", "集团党委书记、董事长　岳松涛"}, {"岳松涛", "岳松涛"},
        {"今天会议很重要，我讲三点。", ""}, {"一、认清 形势", ""}};
    struct fixture *f = *state;
    struct faces *faces;
    struct desk_pages p;
    struct err e = {0};

    assert_int_equal(face_pool_take(f->faces, &faces, &e), OK);
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        struct str text = arena_printf(&f->a,
            "在工作会议上的讲话\n\n（2026年1月15日）\n%s\n同志们：\n今天开会。\n", v[i].line);
        assert_int_equal(desk_pages(&f->a, faces, text, NULL, &p, &e), OK);
        assert_int_equal(p.doc.form, OFFICIAL_SPEECH);
        assert_true(str_eq(p.doc.speaker, str_z(v[i].speaker)));
    }
    face_pool_give(f->faces, faces);
}

static struct desk_passage *passages(
    struct fixture *f, const struct viewer *v, const char *text, const char *query, size_t *n)
{
    struct desk_passage *list;
    struct err e = {0};

    if (desk_passages(f->o, &f->a, v, str_z(text), str_z(query), &list, n, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return list;
}

/* The whole sentence comes, with how it is cited; what the viewer may not read does not. */
static void a_sentence_begun_is_gone_on_with(void **state)
{
    struct fixture *f = *state;
    struct viewer owner = viewer_owner(), staff = {.person = 77, .roles = ROLE_STAFF};
    struct desk_passage *v;
    size_t n;

    take(f, "意见.txt",
        "云岭集团关于加强督查工作的意见\n云岭发〔2025〕3号\n各单位：\n坚持问题导向，对重点任务逐项"
        "建立清单，明确责任和时限，完成"
        "一项销号一项。其他照旧。\n云岭集团\n2025年3月5日\n",
        LEVEL_OPEN);
    take(f, "要点.txt", "要点\n领导专用的一句紫水晶暗号二，不可外传给任何人员使用。\n",
        LEVEL_WORK_SECRET);
    v = passages(f, &owner, "坚持问题导向，对重点任务逐项建立", "", &n);
    assert_int_equal(n, 1);
    assert_true(str_eq(
        v[0].text, S("坚持问题导向，对重点任务逐项建立清单，明确责任和时限，完成一项销号一项。")));
    assert_true(str_has(v[0].cite, S("云岭发〔2025〕3号")));
    assert_int_equal(v[0].percent, 100);
    (void)passages(f, &owner, "", "督查 清单", &n);
    assert_int_equal(n, 1);
    (void)passages(f, &owner, "领导专用的一句紫水晶暗号二，不可外传", "", &n);
    assert_int_equal(n, 1);
    (void)passages(f, &staff, "领导专用的一句紫水晶暗号二，不可外传", "", &n);
    assert_int_equal(n, 0);
    (void)passages(f, &owner, "", "", &n);
    assert_int_equal(n, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_are_those_of_the_editor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_a_part_only_what_a_paragraph_tells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_secrecy_mark_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_are_found_on_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_speaks_is_told_by_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sentence_begun_is_gone_on_with, set_up, tear_down),
    };

    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
