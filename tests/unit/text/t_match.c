#include "unit/text/corpus_model.h"

#include "text/match.h"

/* ---- a small corpus ---- */

struct fixture {
    char dir[64];
    struct corpus *c;
    struct arena a;
    struct corpus_filter f;
    struct match_options o;
    struct match r;
};

/* tail_units 0: what is put stays in the tail; 1: every document is sealed by the next. */
static void set_up(struct fixture *x, size_t tail_units)
{
    struct corpus_options o = {.tail_units = tail_units};
    struct err e;

    memset(x, 0, sizeof(*x));
    arena_init(&x->a);
    x->f.levels = 1;
    (void)snprintf(x->dir, sizeof(x->dir), "/tmp/qs-match-XXXXXX");
    assert_non_null(mkdtemp(x->dir));
    o.dir = str_z(x->dir);
    model_must(corpus_open(&o, &x->c, &e), &e);
}

static void tear_down(struct fixture *x)
{
    corpus_close(x->c);
    model_each_file(x->dir, model_unlink, NULL);
    (void)rmdir(x->dir);
    arena_release(&x->a);
}

static void put(struct fixture *x, int64_t id, int authority, int32_t day, const char *text)
{
    struct corpus_attr at = {.authority = (uint8_t)authority, .day = day, .status = 1};
    struct err e;

    model_must(corpus_put(x->c, id, &at, S("题目"), str_z(text), &e), &e);
}

static void run(struct fixture *x, const char *draft)
{
    struct err e;

    model_must(corpus_match(x->c, &x->a, str_z(draft), &x->f, &x->o, &x->r, &e), &e);
}

static struct str piece(const char *text, int64_t begin, int64_t end)
{
    struct str s = str_z(text);
    size_t at = utf8_off(s, (size_t)begin);

    return str_sub(s, at, utf8_off(s, (size_t)end) - at);
}

static void same(struct str s, const char *want)
{
    if (!str_eq(s, str_z(want)))
        fail_msg("“%.*s” is not “%s”", SF(s), want);
}

#define LAW                                                                                                                                      \
    "各级人民政府应当加强对安全生产工作的领导，建立健全安全生产工作协调机制，及时协调、解决重大问" \
    "题。"

/* ---- what is found ---- */

static void an_exact_passage(void **state)
{
    static const char draft[] =
        "会议要求，建立健全安全生产工作协调机制，及时协调解决重大问题，散会。";
    struct fixture x;
    const struct match_passage *p;

    (void)state;
    set_up(&x, 0);
    put(&x, 7, 90, 100, "总则\n" LAW);
    run(&x, draft);
    assert_int_equal(x.r.n, 1);
    p = &x.r.passages[0];
    same(
        piece(draft, p->begin_cp, p->end_cp), "建立健全安全生产工作协调机制，及时协调解决重大问题");
    same(str_sub(str_z(draft), p->begin, p->end - p->begin),
        "建立健全安全生产工作协调机制，及时协调解决重大问题");
    assert_true(p->exact);
    assert_true(p->punct_differs); /* the 、 */
    assert_int_equal(p->n_edits, 0);
    assert_int_equal(p->n_sources, 1);
    assert_int_equal(p->documents, 1);
    assert_int_equal(p->sources[0].doc, 7);
    same(p->sources[0].text, "建立健全安全生产工作协调机制，及时协调、解决重大问题");
    same(piece("总则\n" LAW, p->sources[0].begin_cp, p->sources[0].end_cp),
        "建立健全安全生产工作协调机制，及时协调、解决重大问题");
    assert_int_equal(x.r.chars, utf8_len_cp(str_z(draft)));
    tear_down(&x);
}

static void every_kind_of_edit(void **state)
{
    static const char draft[] = "各级人民政府必须加强对安全生产的领导，建立健全安全生产工作协调联动"
                                "机制，及时协调、解决重大问题。";
    struct fixture x;
    const struct match_passage *p;

    (void)state;
    for (size_t sealed = 0; sealed < 2; sealed++) {
        set_up(&x, sealed);
        put(&x, 7, 90, 100, LAW);
        put(&x, 8, 90, 100, "别的内容");
        run(&x, draft);
        assert_int_equal(x.r.n, 1);
        p = &x.r.passages[0];
        assert_false(p->exact);
        assert_int_equal(p->n_edits, 3);
        assert_int_equal(p->edits[0].kind, MATCH_CHANGED);
        same(piece(draft, p->edits[0].begin_cp, p->edits[0].end_cp), "必须");
        same(piece(LAW, p->edits[0].source_begin_cp, p->edits[0].source_end_cp), "应当");
        assert_int_equal(p->edits[1].kind, MATCH_MISSING);
        assert_int_equal(p->edits[1].begin_cp, p->edits[1].end_cp);
        same(piece(LAW, p->edits[1].source_begin_cp, p->edits[1].source_end_cp), "工作");
        assert_int_equal(p->edits[2].kind, MATCH_ADDED);
        same(piece(draft, p->edits[2].begin_cp, p->edits[2].end_cp), "联动");
        assert_int_equal(p->sources[0].edits, 6);
        tear_down(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exact_passage),
        cmocka_unit_test(every_kind_of_edit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
