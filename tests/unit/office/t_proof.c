/* A check for a person beyond quotations: the word lists of the unit, kept texts that hold a form. On SQLite; again on PostgreSQL when TEST_PG is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/proof.h"
#include "office/wordlist.h"
#include "testdb.h"

struct fixture {
    struct testdb t;
    struct office *o;
    struct arena a;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true};

    testdb_open(&f->t, testdb_pg());
    store_close(f->t.st);
    f->t.st = NULL;
    arena_init(&f->a);
    opt.dir = str_z(f->t.dir);
    opt.url = str_z(f->t.url);
    if (office_open(&opt, &f->o, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;

    office_close(f->o);
    arena_release(&f->a);
    testdb_close(&f->t);
    assert_int_equal(io_remove_tree(f->t.dir, &e), OK);
    free(f);
    return 0;
}

static struct proof_report check(struct fixture *f, const char *text)
{
    struct viewer owner = viewer_owner();
    struct proof_input in = {
        .text = str_z(text), .day = {2026, 11, 23}, .classes = 1U << CHECK_WORD};
    struct proof_report r;
    struct err e = {0};

    if (proof_check(f->o, &f->a, &owner, &in, &r, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return r;
}

static void list_is(struct fixture *f, const char *tsv)
{
    char dir[IO_PATH_MAX], path[IO_PATH_MAX];
    struct err e;

    assert_int_equal(io_join(dir, f->t.dir, "lexicon", &e), OK);
    assert_int_equal(io_mkdirs(dir, 0700, &e), OK);
    assert_int_equal(io_join(path, dir, "本单位.tsv", &e), OK);
    if (tsv)
        assert_int_equal(io_write_file(path, str_z(tsv), 0600, &e), OK);
    else
        assert_int_equal(unlink(path), 0);
}

static void a_check_uses_the_built_in_word_lists(void **state)
{
    struct proof_report r = check(*state, "现将任务布署如下。\n");

    assert_int_equal(r.check.n, 1);
    assert_string_equal(r.check.v[0].rule->id, "W01");
    assert_int_equal(r.words_problem.n, 0);
    for (size_t i = 0; i < r.check.n_skipped; i++)
        assert_true(r.check.skipped[i].rule->cls != CHECK_WORD);
}

static void the_lists_of_the_unit_are_read_when_they_change(void **state)
{
    static const char text[] = "请云领集团阅知。\n";
    struct fixture *f = *state;
    struct proof_report r;

    assert_int_equal(check(f, text).check.n, 0);
    list_is(f, "U001\t云领集团\t云岭集团\terror\t\t错别字\t本单位章程\t\n");
    r = check(f, text);
    assert_int_equal(r.check.n, 1);
    assert_true(str_eq(r.check.v[0].suggestions[0], S("云岭集团")));
    list_is(f, "U001\t云领集团\t云岭山河集团\terror\t\t错别字\t本单位章程\t\n");
    assert_true(str_eq(r.check.v[0].source->title, S("本单位章程"))); /* not of the list given up */
    assert_true(str_eq(check(f, text).check.v[0].suggestions[0], S("云岭山河集团")));
    list_is(f, NULL);
    assert_int_equal(check(f, text).check.n, 0);
}

static void a_list_with_a_fault_is_named_and_left_out(void **state)
{
    struct fixture *f = *state;
    struct proof_report r;

    list_is(f, "U001\t云领集团\t云岭集团\terror\t\t错别字\t本单位章程\t\nU002\t少了几格\n");
    r = check(f, "请云领集团阅知，现将任务布署如下。\n");
    assert_int_equal(r.check.n, 1); /* the built-in lists stay */
    assert_true(str_has(r.words_problem, S("本单位.tsv")));
    assert_true(str_has(r.words_problem, S("第2行")));
    list_is(f, "U001\t云领集团\t云岭集团\terror\t\t错别字\t本单位章程\t\n");
    r = check(f, "请云领集团阅知，现将任务布署如下。\n");
    assert_int_equal(r.check.n, 2);
    assert_int_equal(r.words_problem.n, 0);
}

static void a_list_in_use_outlives_its_change(void **state)
{
    struct fixture *f = *state;
    struct wordlist_read *one, *same, *other;
    struct err e;

    assert_int_equal(wordlist_take(f->o->words, &one, &e), OK);
    assert_int_equal(wordlist_take(f->o->words, &same, &e), OK);
    assert_ptr_equal(one, same); /* kept, not read again */
    list_is(f, "U001\t云领集团\t云岭集团\terror\t\t错别字\t本单位章程\t\n");
    assert_int_equal(wordlist_take(f->o->words, &other, &e), OK);
    assert_int_equal(
        lexicon_count(wordlist_lexicon(one)) + 1, lexicon_count(wordlist_lexicon(other)));
    wordlist_give(f->o->words, one);
    wordlist_give(f->o->words, same);
    wordlist_give(f->o->words, other);
}

static int64_t keep(struct fixture *f, const struct viewer *v, const char *text)
{
    struct proof_new in = {.text = str_z(text), .fd = -1};
    struct err e = {0};
    int64_t id = 0;

    if (proof_add(f->o, &f->a, v, &in, &id, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return id;
}

static size_t held(struct fixture *f, const struct viewer *v, struct proof_held **out)
{
    static const struct str forms[] = {SC("督查台帐"), SC("督办台帐")};
    struct err e = {0};
    size_t n;

    if (proof_holding(f->o, &f->a, v, forms, 2, out, &n, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    return n;
}

static void texts_that_hold_a_form_are_told_to_who_may_see_them(void **state)
{
    struct fixture *f = *state;
    struct viewer one = {.person = 5, .roles = ROLE_SECRETARY},
                  other = {.person = 6, .roles = ROLE_SECRETARY}, owner = viewer_owner(),
                  nobody = {.person = 8};
    struct proof_held *v;
    struct err e;
    int64_t id;

    keep(f, &one, "督办事项台账已经建立。\n");
    id = keep(f, &one, "督办台帐和督查台帐分开，督办台帐由办公室管理。\n");
    assert_int_equal(held(f, &one, &v), 1);
    assert_int_equal(v[0].p.id, id);
    assert_int_equal(v[0].places, 3);
    assert_true(str_eq(v[0].form, S("督查台帐"))); /* the first of the forms */
    assert_int_equal(held(f, &owner, &v), 1);
    assert_int_equal(held(f, &other, &v), 0);
    assert_int_equal(held(f, &nobody, &v), 0);
    assert_int_equal(proof_remove(f->o, &one, id, &e), OK);
    assert_int_equal(held(f, &one, &v), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_check_uses_the_built_in_word_lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_lists_of_the_unit_are_read_when_they_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_list_with_a_fault_is_named_and_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_in_use_outlives_its_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            texts_that_hold_a_form_are_told_to_who_may_see_them, set_up, tear_down),
    };

    if (argc > 1 && strcmp(argv[1], "--reader-child") == 0)
        return reader_child_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
