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
    struct corpus_stats stats;

    (void)state;
    for (size_t sealed = 0; sealed < 2; sealed++) {
        set_up(&x, sealed);
        put(&x, 7, 90, 100, LAW);
        put(&x, 8, 90, 100, "别的内容");
        corpus_stats(x.c, &stats);
        assert_int_equal(stats.segments > 0, sealed);
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

static void form_does_not_matter(void **state)
{
    static const char *const drafts[] = {
        "各級人民政府應當加強對安全生產工作的領導，建立健全安全生產工作協調機制，及時協調、解決重大"
        "問題。",
        "各级人民政府应当 "
        "加强对安全\n生产工作的领导，建立健全安　全生产工作协调机制，及时协调、解决重大问题。",
    };
    struct fixture x;

    (void)state;
    for (size_t sealed = 0; sealed < 2; sealed++) {
        set_up(&x, sealed);
        put(&x, 7, 90, 100, LAW "增长率是１２．５％，比上年提高０．３个百分点。");
        put(&x, 8, 90, 100, "别的内容");
        for (size_t i = 0; i < 2; i++) {
            run(&x, drafts[i]);
            assert_int_equal(x.r.n, 1);
            assert_true(x.r.passages[0].exact);
            assert_false(x.r.passages[0].punct_differs);
            assert_int_equal(x.r.passages[0].begin_cp, 0);
        }
        run(&x, "增长率是12.5%,比上年提高0.3个百分点");
        assert_int_equal(x.r.n, 1);
        assert_true(x.r.passages[0].exact);
        run(&x, "增长率是125%，比上年提高3个百分点"); /* a decimal point is no punctuation */
        assert_int_equal(x.r.n, 1);
        assert_false(x.r.passages[0].exact);
        tear_down(&x);
    }
}

/* 𠮷 takes two units: a change of half of it is a change of the whole. */
static void characters_are_not_cut(void **state)
{
    static const char source[] = "负责人是𠮷某某，承办单位是办公室秘书一处",
                      draft[] = "负责人是𠮶某某，承办单位是办公室秘书一处";
    struct fixture x;
    const struct match_edit *ed;

    (void)state;
    set_up(&x, 0);
    put(&x, 7, 90, 100, source);
    run(&x, draft);
    assert_int_equal(x.r.n, 1);
    assert_int_equal(x.r.passages[0].n_edits, 1);
    ed = &x.r.passages[0].edits[0];
    same(piece(draft, ed->begin_cp, ed->end_cp), "𠮶");
    same(piece(source, ed->source_begin_cp, ed->source_end_cp), "𠮷");
    tear_down(&x);
}

/* ---- which sources ---- */

static void run_of_law(struct fixture *x, size_t sources)
{
    run(x, LAW);
    assert_int_equal(x->r.n, sources ? 1 : 0);
    if (sources) {
        assert_int_equal(x->r.passages[0].n_sources, sources);
        assert_int_equal(x->r.passages[0].documents, sources);
    }
}

static void the_order_of_sources(void **state)
{
    static const char altered[] = "各级人民政府应当加强对安全生产工作的领导，建立健全安全生产工作协"
                                  "调机制，及时协调、处理重大问题。";
    static const int64_t want[] = {16, 12, 13, 11, 14, 15, 17};
    struct fixture x;
    struct corpus_attr at = {.authority = 90, .day = 1, .status = 1, .flags = CORPUS_UNPROOFED};
    struct err e;

    (void)state;
    set_up(&x, 64);
    put(&x, 11, 90, 100, altered);
    put(&x, 12, 90, 300, LAW);
    put(&x, 13, 90, INT32_MIN, LAW); /* an unknown day is last */
    put(&x, 15, 60, 50, LAW);
    put(&x, 16, 90, 200, "前文\n" LAW);
    at.flags = 0;
    at.status = 3; /* not in force */
    model_must(corpus_put(x.c, 14, &at, S("题目"), S(LAW), &e), &e);
    at.status = 1;
    at.flags = CORPUS_UNPROOFED;
    model_must(corpus_put(x.c, 17, &at, S("题目"), S(LAW), &e), &e);
    x.o.outdated = 1u << 3;
    run_of_law(&x, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(x.r.passages[0].sources[i].doc, want[i]);
    x.o.max_sources = 2;
    run(&x, LAW);
    assert_int_equal(x.r.passages[0].n_sources, 2);
    assert_int_equal(x.r.passages[0].documents, 7);
    tear_down(&x);
}

static void what_may_not_be_seen_does_not_count(void **state)
{
    static const int64_t granted[] = {2}, own[] = {1, 4};
    struct fixture x;
    struct corpus_attr at = {.authority = 90, .level = 2, .status = 1};
    struct err e;

    (void)state;
    for (size_t sealed = 0; sealed < 2; sealed++) {
        set_up(&x, sealed);
        put(&x, 1, 60, 100, LAW);
        at.flags = 0;
        model_must(corpus_put(x.c, 2, &at, S("题目"), S(LAW), &e), &e);
        model_must(corpus_put(x.c, 3, &at, S("题目"), S(LAW), &e), &e);
        at.flags = CORPUS_UNPROOFED;
        at.level = 0;
        model_must(corpus_put(x.c, 4, &at, S("题目"), S(LAW), &e), &e);
        at.level = 2;
        run_of_law(&x, 2);
        x.f.without_flags = CORPUS_UNPROOFED;
        run_of_law(&x, 1);
        assert_int_equal(x.r.passages[0].sources[0].doc, 1);
        x.f.granted = granted;
        x.f.n_granted = 1;
        run_of_law(&x, 2);
        assert_int_equal(x.r.passages[0].sources[0].doc, 2);
        x.o.exclude = own;
        x.o.n_exclude = 2;
        run_of_law(&x, 1);
        assert_int_equal(x.r.passages[0].sources[0].doc, 2);
        model_must(corpus_remove(x.c, 2, &e), &e);
        run_of_law(&x, 0);
        x.o.n_exclude = 0;
        put(&x, 1, 60, 100, "另一件事情的全部内容");
        run_of_law(&x, 0);
        tear_down(&x);
    }
}

static void set_phrases_stand_back(void **state)
{
    static const char phrase[] = "坚持以人民为中心的发展思想不动摇";
    struct fixture x;
    const struct match_passage *f, *p;

    (void)state;
    set_up(&x, 2000);
    for (int64_t id = 1; id <= 40; id++) {
        char text[200];
        (void)snprintf(text, sizeof(text), "第%lld号文件，%s，另外还有第%lld件事要办",
            (long long)id, phrase, (long long)(id * 977));
        put(&x, id, id == 33 ? 90 : 30, 100, text);
    }
    put(&x, 50, 90, 100, LAW);
    run(&x, "我们坚持以人民为中心的发展思想不动摇，" LAW);
    assert_int_equal(x.r.n, 2);
    f = &x.r.passages[0];
    p = &x.r.passages[1];
    assert_true(f->formula);
    assert_int_equal(f->documents, 40);
    assert_int_equal(f->sources[0].doc, 33);
    assert_false(p->formula);
    assert_true(p->weight > 5 * f->weight);
    assert_int_equal(x.r.n_formulas, 1);
    assert_int_equal(x.r.n_groups, 2);
    tear_down(&x);
}

/* Of a phrase that stands in thousands of documents the highest authority is named all the same. */
static void the_authority_of_a_common_phrase(void **state)
{
    static const char phrase[] = "全面贯彻落实各项决策部署和工作要求";
    struct fixture x;
    struct err e;

    (void)state;
    set_up(&x, 0);
    corpus_bulk_begin(x.c);
    for (int64_t id = 1; id <= 3000; id++) {
        char text[200];
        (void)snprintf(text, sizeof(text), "%lld。%s。%lld", (long long)id * 7919, phrase,
            (long long)id * 104729);
        put(&x, id, id == 2900 ? 90 : id == 17 ? 95 : 30, 100, text);
    }
    model_must(corpus_bulk_end(x.c, &e), &e);
    x.o.exclude = &(int64_t){17};
    x.o.n_exclude = 1;
    run(&x, phrase);
    assert_int_equal(x.r.n, 1);
    assert_true(x.r.passages[0].exact);
    assert_true(x.r.passages[0].formula);
    assert_int_equal(x.r.passages[0].sources[0].doc, 2900);
    assert_in_range(x.r.passages[0].documents, 500, 2999);
    assert_true(x.r.clipped);
    tear_down(&x);
}

/* ---- limits ---- */

static struct str repeated(struct fixture *x, const char *what, size_t n)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++)
        buf_z(&b, what);
    s = arena_str(&x->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static void limits(void **state)
{
    struct fixture x;
    struct err e;

    (void)state;
    set_up(&x, 0);
    put(&x, 1, 90, 100, LAW);
    run(&x, "");
    assert_int_equal(x.r.n, 0);
    run(&x, "，。、\n");
    assert_int_equal(x.r.n, 0);
    assert_int_equal(
        corpus_match(x.c, &x.a, repeated(&x, "好", MATCH_UNITS_MAX + 1), &x.f, &x.o, &x.r, &e),
        E_LIMIT);
    x.o.min_chars = 4;
    assert_int_equal(corpus_match(x.c, &x.a, S(LAW), &x.f, &x.o, &x.r, &e), E_INPUT);
    x.o.min_chars = 0;
    x.o.max_error = 0.6;
    assert_int_equal(corpus_match(x.c, &x.a, S(LAW), &x.f, &x.o, &x.r, &e), E_INPUT);
    x.o.max_error = 0;
    x.o.max_sources = MATCH_SOURCES_MAX + 1;
    assert_int_equal(corpus_match(x.c, &x.a, S(LAW), &x.f, &x.o, &x.r, &e), E_INPUT);
    tear_down(&x);
}

/* Texts that repeat themselves: every place is like every other. It ends, and within its limits. */
static void texts_that_repeat_themselves(void **state)
{
    static const char *const unit[] = {"一", "一二三", "一二三四五，六七八九十"};
    struct fixture x;

    (void)state;
    for (size_t sealed = 0; sealed < 2; sealed++)
        for (size_t i = 0; i < 3; i++) {
            set_up(&x, sealed ? 1 : 0);
            put(&x, 1, 90, 100, repeated(&x, unit[i], 3000).p);
            put(&x, 2, 90, 100, repeated(&x, unit[i], 50).p);
            run(&x, repeated(&x, unit[i], 2000).p);
            assert_in_range(x.r.n, i == 0 ? 0 : 1, 2000);
            tear_down(&x);
        }
}

/* ---- against a plain table of edit distances ---- */

static size_t bare(struct str s, uint32_t *out)
{
    size_t n = 0, at = 0;

    while (at < s.n) {
        uint32_t c = utf8_next(s, &at);
        if (utf8_is_han(c))
            out[n++] = c;
    }
    return n;
}

static size_t distance(struct str x, struct str y)
{
    static uint32_t p[8192], q[8192];
    static size_t row[8192];
    size_t n = bare(x, p), m = bare(y, q);

    for (size_t k = 0; k <= m; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= m; k++) {
            size_t best = corner + (p[i - 1] != q[k - 1]);
            corner = row[k];
            best = row[k] + 1 < best ? row[k] + 1 : best;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return row[m];
}

static struct str some_text(struct model *m, size_t cps, int alphabet)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = 0; i < cps; i++) {
        if (model_random(m, 9) == 0)
            buf_z(&b, model_random(m, 3) ? "，" : "。");
        buf_utf8(&b, 0x4E00 + (uint32_t)model_random(m, (uint64_t)alphabet));
    }
    s = arena_str(&m->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Puts `edits` random changes into a piece of text. */
static void add_altered(struct model *m, struct buf *out, struct str s, size_t edits, int alphabet)
{
    size_t n = utf8_len_cp(s), at = 0, left = n;

    while (at < s.n) {
        size_t from = at;
        uint32_t c = utf8_next(s, &at);
        uint64_t what = 9;
        if (utf8_is_han(c) && edits && model_random(m, left) < edits) {
            what = model_random(m, 3);
            edits--;
        }
        if (what < 2)
            buf_utf8(out, 0x4E00 + (uint32_t)model_random(m, (uint64_t)alphabet));
        if (what != 0 && what != 2)
            buf_str(out, str_sub(s, from, at - from));
        left--;
    }
}

/* The stretches between the edits are equal, and the edits are no more than reported and no fewer than needed. */
static void check_passage(struct str draft, struct str source, const struct match_passage *p)
{
    const struct match_source *s = &p->sources[0];
    int64_t d = p->begin_cp, t = s->begin_cp;
    size_t changed = 0;

    assert_true(p->begin_cp < p->end_cp && p->end_cp <= (int64_t)utf8_len_cp(draft));
    assert_true(s->begin_cp < s->end_cp && s->end_cp <= (int64_t)utf8_len_cp(source));
    assert_int_equal(utf8_off(draft, (size_t)p->begin_cp), p->begin);
    assert_int_equal(utf8_off(draft, (size_t)p->end_cp), p->end);
    assert_true(str_eq(s->text, piece(source.p, s->begin_cp, s->end_cp)));
    for (size_t i = 0; i <= p->n_edits; i++) {
        const struct match_edit *x = &p->edits[i];
        int64_t de = i < p->n_edits ? x->begin_cp : p->end_cp;
        int64_t te = i < p->n_edits ? x->source_begin_cp : s->end_cp;
        assert_true(d <= de && t <= te);
        assert_int_equal(distance(piece(draft.p, d, de), piece(source.p, t, te)), 0);
        if (i == p->n_edits)
            break;
        changed += distance(piece(draft.p, x->begin_cp, x->end_cp),
            piece(source.p, x->source_begin_cp, x->source_end_cp));
        d = x->end_cp;
        t = x->source_end_cp;
    }
    assert_int_equal(changed, s->edits);
    assert_true(distance(piece(draft.p, p->begin_cp, p->end_cp), s->text) <= s->edits);
    assert_int_equal(p->exact, s->edits == 0);
    assert_true(s->edits <= 0.25 * p->chars && p->chars >= MATCH_CHARS_MIN);
}

static void every_passage_holds(void **state)
{
    enum { DOCS = 12, PLANTS = 6 };
    struct model m = {.seed = 20261123};

    (void)state;
    arena_init(&m.a);
    for (int round = 0; round < 60; round++) {
        struct fixture x;
        struct str doc[DOCS + 1];
        struct buf draft;
        int64_t plant[PLANTS][2];
        int alphabet =
            round % 3 == 0 ? 12 : 3000; /* few characters: everything resembles everything */
        set_up(&x, round % 2 ? 500 : 0);
        for (int64_t id = 1; id <= DOCS; id++) {
            doc[id] = some_text(&m, 60 + model_random(&m, 200), alphabet);
            put(&x, id, 50, (int32_t)id, doc[id].p);
        }
        buf_init(&draft, 0);
        for (int i = 0; i < PLANTS; i++) {
            struct str s = doc[1 + model_random(&m, DOCS)];
            size_t from = model_random(&m, 20);
            buf_str(&draft, some_text(&m, 20, alphabet));
            plant[i][0] = (int64_t)utf8_len_cp(buf_view(&draft));
            add_altered(&m, &draft, piece(s.p, (int64_t)from, (int64_t)from + 40),
                model_random(&m, 4), alphabet);
            plant[i][1] = (int64_t)utf8_len_cp(buf_view(&draft));
        }
        run(&x, draft.p);
        for (size_t i = 0; i < x.r.n; i++) {
            const struct match_passage *p = &x.r.passages[i];
            assert_true(i == 0 || x.r.passages[i - 1].end_cp <= p->begin_cp);
            check_passage(buf_view(&draft), doc[p->sources[0].doc], p);
        }
        for (int i = 0; i < PLANTS; i++) {
            int64_t covered = 0;
            for (size_t k = 0; k < x.r.n; k++) {
                const struct match_passage *p = &x.r.passages[k];
                int64_t b = p->begin_cp > plant[i][0] ? p->begin_cp : plant[i][0];
                int64_t e = p->end_cp < plant[i][1] ? p->end_cp : plant[i][1];
                covered += e > b ? e - b : 0;
            }
            if (covered * 10 < (plant[i][1] - plant[i][0]) * 7)
                fail_msg("round %d: plant %d is missed (%d of %d)", round, i, (int)covered,
                    (int)(plant[i][1] - plant[i][0]));
        }
        buf_release(&draft);
        tear_down(&x);
    }
    arena_release(&m.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exact_passage),
        cmocka_unit_test(every_kind_of_edit),
        cmocka_unit_test(form_does_not_matter),
        cmocka_unit_test(characters_are_not_cut),
        cmocka_unit_test(the_order_of_sources),
        cmocka_unit_test(what_may_not_be_seen_does_not_count),
        cmocka_unit_test(set_phrases_stand_back),
        cmocka_unit_test(the_authority_of_a_common_phrase),
        cmocka_unit_test(limits),
        cmocka_unit_test(texts_that_repeat_themselves),
        cmocka_unit_test(every_passage_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
