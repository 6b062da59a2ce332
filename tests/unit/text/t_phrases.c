/* Phrases read off the corpus: planted ones are found whole, in the tail and in segments alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "text/phrases.h"

enum { DOCS = 12 };

struct fixture {
    char dir[IO_PATH_MAX];
    struct corpus *c;
    struct arena a;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct corpus_options o = {0};
    struct err e;

    arena_init(&f->a);
    assert_int_equal(io_temp_dir("t-phrases", f->dir, &e), OK);
    o.dir = str_z(f->dir);
    assert_int_equal(corpus_open(&o, &f->c, &e), OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err e;

    corpus_close(f->c);
    arena_release(&f->a);
    assert_int_equal(io_remove_tree(f->dir, &e), OK);
    free(f);
    return 0;
}

/* Twelve documents with a phrase between neighbours that differ, a longer one in half of them, and a sentence that
 * stands the same way everywhere but begins and ends inside a word. */
static void fill(struct fixture *f, uint8_t level_of_last)
{
    static const char *const ends[] = {"。", "，各单位照办。", "，并抓好落实。"};
    static const char *const heads[] = {"要", "必须", "坚持", "继续", "。", "\n"};
    struct err e;

    for (int i = 0; i < DOCS; i++) {
        struct corpus_attr at = {.day = 18000 + i * 100,
            .year = (int16_t)(2019 + i / 4),
            .issuer = (uint32_t)(1 + i % 3),
            .level = i == DOCS - 1 ? level_of_last : 0};
        struct buf b;
        buf_init(&b, 0);
        buf_printf(&b, "第%d号材料。%s强化闭环管理工作机制%s", i, heads[i % 6], ends[i % 3]);
        if (i % 2 == 0)
            buf_printf(&b, "另外，%s做到任务清单、责任清单、进度清单一并下达%s", heads[i % 5],
                ends[i % 3]);
        if (i < 5)
            buf_printf(&b, "今年同一个机关的套话反复出现%s", ends[i % 3]);
        assert_int_equal(corpus_put(f->c, 100 + i, &at, S("标题"), buf_view(&b), &e), OK);
        buf_release(&b);
    }
}

static const struct corpus_filter all = {.levels = 7};

static struct phrase *mine(struct fixture *f, const struct corpus_filter *filter,
    const struct phrase_options *o, size_t *n)
{
    struct phrase *v;
    struct err e;

    if (phrases_mine(f->c, &f->a, filter, o, &v, n, &e) != OK)
        fail_msg("%s", e.msg);
    return v;
}

static const struct phrase *named(const struct phrase *v, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].text, str_z(text)))
            return &v[i];
    return NULL;
}

static void planted_phrases_are_found_whole(void **state)
{
    struct fixture *f = *state;
    struct phrase_options o = {.min_documents = 5};
    const struct phrase *p;
    struct phrase *v;
    size_t n;

    fill(f, 0);
    v = mine(f, &all, &o, &n);
    p = named(v, n, "强化闭环管理工作机制");
    assert_non_null(p);
    assert_int_equal(p->documents, DOCS);
    assert_int_equal(p->occurrences, DOCS);
    assert_int_equal(p->issuers, 3);
    assert_int_equal(p->first_year, 2019);
    assert_int_equal(p->last_year, 2021);
    assert_int_equal(p->n_years, 3);
    assert_int_equal(p->years[1].documents, 4);
    assert_int_equal(p->n_examples, PHRASE_EXAMPLES);
    assert_int_equal(p->examples[0], 100 + DOCS - 1); /* the newest */
    p = named(v, n, "做到任务清单、责任清单、进度清单一并下达");
    assert_non_null(p);
    assert_int_equal(p->documents, DOCS / 2);
    /* no piece of the two beside them */
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].documents >= 5);
        assert_false(str_eq(v[i].text, S("闭环管理工作机制")));
        assert_false(str_eq(v[i].text, S("任务清单、责任清单")));
    }
}

static void what_one_issuer_says_is_no_phrase_of_the_office(void **state)
{
    struct fixture *f = *state;
    struct phrase_options o = {.min_documents = 5, .min_issuers = 4};
    size_t n;

    fill(f, 0);
    mine(f, &all, &o, &n);
    assert_int_equal(n, 0);
}

static void tail_and_segment_say_the_same(void **state)
{
    struct fixture *f = *state;
    struct phrase_options o = {.min_documents = 5};
    struct phrase *v, *w;
    struct err e;
    size_t n, n_w;

    fill(f, 0);
    v = mine(f, &all, &o, &n);
    corpus_close(f->c);
    assert_int_equal(
        corpus_open(&(struct corpus_options){.dir = str_z(f->dir), .tail_units = 64}, &f->c, &e),
        OK);
    fill(f, 0); /* the tail is too small now: every document is sealed */
    w = mine(f, &all, &o, &n_w);
    assert_int_equal(n, n_w);
    for (size_t i = 0; i < n; i++) {
        assert_true(str_eq(v[i].text, w[i].text));
        assert_int_equal(v[i].documents, w[i].documents);
        assert_int_equal(v[i].occurrences, w[i].occurrences);
    }
}

static void documents_beyond_the_filter_are_not_counted(void **state)
{
    struct fixture *f = *state;
    struct corpus_filter open = {.levels = 1};
    struct phrase_options o = {.min_documents = DOCS};
    struct phrase p;
    struct err e;
    size_t n;

    fill(f, 2);
    mine(f, &open, &o, &n);
    assert_int_equal(n, 0);
    assert_int_equal(phrase_count(f->c, S("强化闭环管理工作机制"), &open, &p, &e), OK);
    assert_int_equal(p.documents, DOCS - 1);
    assert_int_equal(phrase_count(f->c, S("强化闭环管理工作机制"), &all, &p, &e), OK);
    assert_int_equal(p.documents, DOCS);
    assert_int_equal(phrase_count(f->c, S("没有这句话"), &all, &p, &e), OK);
    assert_int_equal(p.documents, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(planted_phrases_are_found_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_one_issuer_says_is_no_phrase_of_the_office, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tail_and_segment_say_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            documents_beyond_the_filter_are_not_counted, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
