#include "unit/text/corpus_model.h"

/* Puts, replacements, removals, new attributes, seals, merges and new openings in random order. */
static void every_query_equals_a_scan(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct model m;
        struct err e;
        model_init(&m, seed, 500 + seed * 300);
        for (int step = 0; step < 400; step++) {
            int64_t id = 1 + (int64_t)model_random(&m, 150);
            switch (model_random(&m, 12)) {
            case 0:
                model_remove(&m, id);
                break;
            case 1:
                if (m.doc[id].alive)
                    model_set_attr(&m, id);
                break;
            case 2:
                if (model_random(&m, 10) == 0)
                    model_reopen(&m);
                break;
            case 3:
                if (model_random(&m, 20) == 0)
                    model_must(corpus_merge_wait(m.c, &e), &e);
                break;
            case 4:
                model_must(corpus_commit(m.c, step, &e), &e);
                assert_int_equal(corpus_applied(m.c), step);
                break;
            default:
                model_put(&m, id, model_random(&m, 20) ? model_random(&m, 60) : 3000);
            }
            if (step % 5 == 0)
                model_compare_some(&m, 4);
        }
        model_must(corpus_merge_wait(m.c, &e), &e);
        model_compare_some(&m, 100);
        struct corpus_stats s;
        corpus_stats(m.c, &s);
        assert_in_range(s.segments, 1, 8);
        struct buf report;
        buf_init(&report, 0);
        model_must(corpus_verify(m.c, &report, &e), &e);
        assert_int_equal(report.n, 0);
        buf_release(&report);
        model_release(&m);
    }
}

/* Phrases that occur, of every length, so that every depth of the tree is asked. */
static void every_piece_of_a_text(struct model *m)
{
    for (int i = 0; i < 150; i++) {
        struct arena a;
        struct query *q;
        struct err e;
        struct str source = m->doc[1 + model_random(m, 149)].source;
        size_t len = utf8_len_cp(source), from, n = 1 + model_random(m, 40);
        arena_init(&a);
        from = model_random(m, len);
        n = from + n < len ? n : len - from;
        source = str_sub(source, utf8_off(source, from), source.n);
        model_must(query_phrase(&a, str_sub(source, 0, utf8_off(source, n)), &q, &e), &e);
        model_compare(m, q, ORDER_NEWEST);
        arena_release(&a);
    }
}

/* Long suffix ranges, so that the marked nodes answer. */
static void common_patterns_equal_a_scan(void **state)
{
    struct model m;
    struct err e;

    (void)state;
    for (int formulaic = 0; formulaic < 2; formulaic++) {
        model_init(&m, 77, 0);
        m.formulaic = formulaic;
        corpus_bulk_begin(m.c);
        for (int64_t id = 1; id < 150; id++)
            model_put(&m, id, model_random(&m, 10) ? 300 : 9000);
        model_must(corpus_bulk_end(m.c, &e), &e);
        model_compare_some(&m, 100);
        every_piece_of_a_text(&m);
        for (int64_t id = 1; id < 40; id++)
            model_remove(&m, 3 * id);
        model_compare_some(&m, 50);
        model_release(&m);
    }
}

static void filters_equal_a_scan(void **state)
{
    static const int64_t granted[] = {2, 5, 9, 30, 31, 32},
                         only[] = {1, 2, 3, 5, 8, 13, 21, 34, 55};
    static const uint32_t issuers[] = {1, 4}, categories[] = {0, 2, 3};
    struct model m;

    (void)state;
    model_init(&m, 5, 900);
    for (int64_t id = 1; id < 120; id++)
        model_put(&m, id, 40);
    for (int i = 0; i < 300; i++) {
        struct corpus_filter f = {.levels = (uint32_t)model_random(&m, 8)};
        if (model_random(&m, 2))
            f.granted = granted, f.n_granted = 6;
        if (model_random(&m, 4) == 0)
            f.only_levels = 1 + (uint32_t)model_random(&m, 7);
        if (model_random(&m, 4) == 0)
            f.id_from = 50;
        if (model_random(&m, 4) == 0)
            f.statuses = 1 + (uint32_t)model_random(&m, 7);
        if (model_random(&m, 4) == 0)
            f.kinds = 1 + model_random(&m, 31);
        if (model_random(&m, 4) == 0)
            f.year_from = 2019;
        if (model_random(&m, 4) == 0)
            f.year_to = 2021;
        if (model_random(&m, 4) == 0)
            f.issuers = issuers, f.n_issuers = model_random(&m, 3);
        if (model_random(&m, 4) == 0)
            f.categories = categories, f.n_categories = 3;
        if (model_random(&m, 6) == 0)
            f.only = only, f.n_only = 9;
        f.without_flags = (uint32_t)model_random(&m, 2);
        f.with_flags = model_random(&m, 6) == 0;
        m.f = f;
        model_compare_some(&m, 3);
    }
    model_release(&m);
}

static void a_query_of_filters_lists_everything(void **state)
{
    struct model m;
    struct arena a;
    struct query *q;
    struct find f;
    struct err e;

    (void)state;
    model_init(&m, 6, 300);
    arena_init(&a);
    for (int64_t id = 1; id <= 30; id++)
        model_put(&m, id, 20);
    model_must(query_parse(&a, S("年份:2019-2021"), &q, &e), &e);
    m.f.year_from = 2019;
    m.f.year_to = 2021;
    model_compare(&m, q, ORDER_NEWEST);
    m.f = (struct corpus_filter){.levels = 7};
    model_must(corpus_find(m.c, &a, NULL, &m.f, ORDER_RANK, 0, 100, 0, &f, &e), &e);
    assert_int_equal(f.total, 30);
    assert_int_equal(f.n, 30);
    assert_int_equal(f.hits[0].snippet.n, 0);
    for (size_t i = 1; i < f.n; i++)
        assert_true(f.hits[i - 1].attr.day >= f.hits[i].attr.day);
    arena_release(&a);
    model_release(&m);
}

static void places_are_those_of_the_scan(void **state)
{
    struct model m;
    struct arena a;

    (void)state;
    model_init(&m, 9, 2000);
    arena_init(&a);
    for (int64_t id = 1; id < 40; id++)
        model_put(&m, id, 200);
    for (int i = 0; i < 200; i++) {
        int64_t id = 1 + (int64_t)model_random(&m, 39);
        const struct norm *t = &m.doc[id].text;
        struct query *q = model_query(&m, &a);
        struct place *v;
        struct err e;
        size_t n, want = 0, first;
        model_must(corpus_places(m.c, &a, q, id, 100000, &v, &n, &e), &e);
        for (uint32_t k = 0; k < q->n_terms; k++)
            if (q->terms[k].positive && !q->terms[k].title_only)
                want += (size_t)scan_count(t, &q->terms[k], &first);
        assert_int_equal(n, want);
        for (size_t k = 1; k < n; k++)
            assert_true(v[k - 1].begin_cp <= v[k].begin_cp);
    }
    struct place *v;
    struct err e;
    size_t n;
    assert_int_equal(corpus_places(m.c, &a, model_query(&m, &a), 555, 10, &v, &n, &e), E_NOTFOUND);
    arena_release(&a);
    model_release(&m);
}

static void bulk_takes_the_place_of_what_was_there(void **state)
{
    struct model m;
    struct err e;

    (void)state;
    model_init(&m, 12, 400);
    for (int64_t id = 1; id < 60; id++)
        model_put(&m, id, 30);
    corpus_bulk_begin(m.c);
    for (int64_t id = 40; id < 100; id++)
        model_put(&m, id, 30);
    model_put(&m, 41, 30); /* the later of two counts */
    model_remove(&m, 42);
    model_remove(&m, 3);
    model_set_attr(&m, 43);
    model_must(corpus_commit(m.c, 5, &e), &e); /* seals what came so far */
    model_compare_some(&m, 50);
    for (int64_t id = 90; id < 120; id++)
        model_put(&m, id, 30);
    model_must(corpus_bulk_end(m.c, &e), &e);
    model_compare_some(&m, 50);
    model_reopen(&m);
    model_compare_some(&m, 50);
    model_must(corpus_drop(m.c, &e), &e);
    assert_int_equal(corpus_applied(m.c), 0);
    for (size_t i = 0; i < MODEL_DOCS; i++)
        m.doc[i].alive = false;
    model_compare_some(&m, 5);
    model_put(&m, 7, 30);
    model_reopen(&m);
    model_compare_some(&m, 20);
    model_release(&m);
}

static void a_reader_of_the_files_sees_what_was_put(void **state)
{
    struct model m;
    struct corpus *writer;
    struct corpus_options o = {.read_only = true};
    struct err e;

    (void)state;
    model_init(&m, 13, 400);
    for (int64_t id = 1; id < 60; id++)
        model_put(&m, id, 30);
    writer = m.c;
    o.dir = str_z(m.dir);
    model_must(corpus_open(&o, &m.c, &e), &e);
    model_compare_some(&m, 50);
    assert_int_equal(corpus_remove(m.c, 1, &e), E_BUG);
    corpus_close(m.c);
    m.c = writer;
    model_compare_some(&m, 5);
    model_release(&m);
}

static void suggestions_are_common_and_permitted(void **state)
{
    static const char *const texts[] = {"中国特色社会主义制度",
        "中国特色社会主义道路。中国特色社会主义", "中国共产党章程", "中国共产党中央委员会",
        "秘密的中国计划"};
    struct model m;
    struct err e;
    struct suggestion *v;
    size_t n;

    (void)state;
    for (int sealed = 0; sealed < 2; sealed++) {
        model_init(&m, 14, 0);
        if (sealed)
            corpus_bulk_begin(m.c);
        for (int64_t i = 0; i < 5; i++) {
            struct corpus_attr at = {.level = i == 4 ? 2 : 0};
            model_must(corpus_put(m.c, i + 1, &at, S("题"), str_z(texts[i]), &e), &e);
        }
        if (sealed)
            model_must(corpus_bulk_end(m.c, &e), &e);
        m.f.levels = 1;
        model_must(corpus_suggest(m.c, &m.a, S("中国"), &m.f, 10, &v, &n, &e), &e);
        assert_true(n >= 2);
        bool theory = false, party = false;
        for (size_t i = 0; i < n; i++) {
            assert_false(str_has(v[i].text, S("计划")));
            theory = theory || (str_eq(v[i].text, S("中国特色社会主义")) && v[i].documents == 2);
            party = party || (str_eq(v[i].text, S("中国共产党")) && v[i].documents == 2);
        }
        assert_true(theory && party);
        model_release(&m);
    }
}

static void count_facet(struct model *m, enum corpus_facet facet)
{
    struct arena a;
    struct facet_count *v;
    size_t n, seen = 0;

    arena_init(&a);
    corpus_count(m->c, &a, &m->f, facet, &v, &n);
    for (uint32_t value = 0; value < 256; value++) {
        struct facet_count want = {value, 0, INT32_MIN};
        for (int64_t id = 0; id < MODEL_DOCS; id++) {
            const struct corpus_attr *at = &m->doc[id].attr;
            uint32_t is = facet == FACET_ISSUER ? at->issuer : at->authority;
            if (!m->doc[id].alive || is != value || !scan_passes(m, id))
                continue;
            want.documents++;
            want.latest = at->day > want.latest ? at->day : want.latest;
        }
        if (want.documents == 0)
            continue;
        assert_true(seen < n);
        assert_int_equal(v[seen].value, value);
        assert_int_equal(v[seen].documents, want.documents);
        assert_int_equal(v[seen].latest, want.latest);
        seen++;
    }
    assert_int_equal(seen, n);
    arena_release(&a);
}

/* Asked after every kind of change, so that a count kept too long shows. */
static void counts_equal_a_scan(void **state)
{
    static const int64_t granted[] = {2, 5, 9, 30, 31, 32, 77, 118};
    struct model m;

    (void)state;
    model_init(&m, 23, 900);
    for (int64_t id = 1; id < 120; id++)
        model_put(&m, id, 40);
    for (int i = 0; i < 400; i++) {
        int64_t id = 1 + (int64_t)model_random(&m, 119);
        if (model_random(&m, 3) == 0)
            model_put(&m, id, 40);
        else if (m.doc[id].alive && model_random(&m, 2))
            model_remove(&m, id);
        else if (m.doc[id].alive)
            model_set_attr(&m, id);
        m.f = (struct corpus_filter){.levels = (uint32_t)model_random(&m, 8)};
        if (model_random(&m, 2))
            m.f.granted = granted, m.f.n_granted = sizeof(granted) / sizeof(granted[0]);
        count_facet(&m, FACET_ISSUER);
        count_facet(&m, FACET_AUTHORITY);
        if (i % 100 == 99)
            model_reopen(&m);
    }
    model_release(&m);
}

/* Every page by key, forwards and then backwards, against the whole list. */
static void walk_pages(
    struct model *m, const struct query *q, enum corpus_order order, size_t limit)
{
    struct arena a;
    struct find all, f;
    struct err e;
    size_t at = 0;

    arena_init(&a);
    m->f.after = m->f.before = (struct corpus_mark){0};
    model_must(corpus_find(m->c, &a, q, &m->f, order, 0, MODEL_DOCS, 0, &all, &e), &e);
    do {
        model_must(corpus_find(m->c, &a, q, &m->f, order, 0, limit, 0, &f, &e), &e);
        assert_int_equal(f.total, all.total);
        assert_int_equal(f.occurrences, all.occurrences);
        for (size_t i = 0; i < f.n; i++)
            assert_int_equal(f.hits[i].doc, all.hits[at + i].doc);
        at += f.n;
        if (f.n)
            m->f.after = (struct corpus_mark){f.hits[f.n - 1].key, f.hits[f.n - 1].doc};
    } while (f.n == limit);
    assert_int_equal(at, all.n);
    m->f.after = (struct corpus_mark){0};
    for (at = all.n; at > 0; at -= f.n) {
        const struct hit *h = &all.hits[at - 1];
        size_t want = at - 1 < limit ? at - 1 : limit;
        m->f.before = (struct corpus_mark){h->key, h->doc};
        model_must(corpus_find(m->c, &a, q, &m->f, order, 0, limit, 0, &f, &e), &e);
        assert_int_equal(f.total, all.total);
        assert_int_equal(f.n, want);
        for (size_t i = 0; i < f.n; i++) {
            assert_int_equal(f.hits[i].doc, all.hits[at - 1 - f.n + i].doc);
            assert_true(f.hits[i].key == all.hits[at - 1 - f.n + i].key);
        }
        if (f.n == 0)
            break;
    }
    m->f.before = (struct corpus_mark){0};
    arena_release(&a);
}

static void pages_by_key_join_without_a_seam(void **state)
{
    struct model m;
    struct query *q;
    struct err e;

    (void)state;
    model_init(&m, 31, 900);
    for (int64_t id = 1; id < 150; id++)
        model_put(&m, id, 40);
    model_must(query_parse(&m.a, S("甲乙"), &q, &e), &e);
    for (size_t limit = 1; limit < 40; limit += 6) {
        m.f.levels = 1 + (uint32_t)model_random(&m, 7);
        walk_pages(&m, NULL, ORDER_NEWEST, limit);
        walk_pages(&m, NULL, ORDER_OLDEST, limit);
        walk_pages(&m, q, ORDER_NEWEST, limit);
        walk_pages(&m, q, ORDER_OLDEST, limit);
    }
    m.f.after.doc = 3; /* an order by rank has no key */
    assert_int_equal(
        corpus_find(m.c, &m.a, q, &m.f, ORDER_RANK, 0, 5, 0, &(struct find){0}, &e), E_BUG);
    model_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_query_equals_a_scan),
        cmocka_unit_test(common_patterns_equal_a_scan),
        cmocka_unit_test(filters_equal_a_scan),
        cmocka_unit_test(counts_equal_a_scan),
        cmocka_unit_test(pages_by_key_join_without_a_seam),
        cmocka_unit_test(a_query_of_filters_lists_everything),
        cmocka_unit_test(places_are_those_of_the_scan),
        cmocka_unit_test(bulk_takes_the_place_of_what_was_there),
        cmocka_unit_test(a_reader_of_the_files_sees_what_was_put),
        cmocka_unit_test(suggestions_are_common_and_permitted),
    };
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
