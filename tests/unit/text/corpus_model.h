/* A corpus beside a list of documents that is scanned: the oracle of the corpus tests. Everything
 * here is written the slow and plain way on purpose, and static: each test program has its own. */
#ifndef TESTS_CORPUS_MODEL_H
#define TESTS_CORPUS_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <unistd.h>

#include "base/utf8.h"
#include "text/corpus.h"
#include "text/norm.h"
#include "text/query.h"

enum { MODEL_DOCS = 600 };

struct model_doc {
    bool alive;
    struct corpus_attr attr;
    struct norm title, text;
    struct str source;
};

struct model {
    char dir[64];
    struct corpus *c;
    uint64_t seed;
    struct arena a;
    struct model_doc doc[MODEL_DOCS]; /* by id */
    size_t tail_units;
    struct corpus_filter f;
    bool formulaic; /* texts mostly repeat one sentence: deep and lopsided suffix trees */
};

static inline uint64_t model_random(struct model *m, uint64_t below)
{
    m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
    return (m->seed >> 33) % below;
}

static inline void model_must(enum code c, const struct err *e)
{
    if (c != OK)
        fail_msg("%s (%s:%d)", e->msg, e->file, e->line);
}

static inline void model_open(struct model *m)
{
    struct corpus_options o = {.dir = str_z(m->dir), .tail_units = m->tail_units};
    struct err e;

    model_must(corpus_open(&o, &m->c, &e), &e);
}

static inline void model_init(struct model *m, uint64_t seed, size_t tail_units)
{
    memset(m, 0, sizeof(*m));
    m->seed = seed;
    m->tail_units = tail_units;
    m->f.levels = 7;
    arena_init(&m->a);
    (void)snprintf(m->dir, sizeof(m->dir), "/tmp/qs-corpus-XXXXXX");
    assert_non_null(mkdtemp(m->dir));
    model_open(m);
}

static inline void model_each_file(
    const char *dir, void (*fn)(const char *path, void *arg), void *arg)
{
    DIR *d = opendir(dir);
    char path[400];

    for (struct dirent *f = d ? readdir(d) : NULL; f; f = readdir(d)) {
        if (f->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", dir, f->d_name);
        fn(path, arg);
    }
    if (d)
        (void)closedir(d);
}

static inline void model_unlink(const char *path, void *arg)
{
    (void)arg;
    (void)unlink(path);
}

static inline void model_release(struct model *m)
{
    corpus_close(m->c);
    model_each_file(m->dir, model_unlink, NULL);
    (void)rmdir(m->dir);
    arena_release(&m->a);
}

static inline void model_reopen(struct model *m)
{
    corpus_close(m->c);
    model_open(m);
}

/* Few characters, so that everything repeats; some fold, some take two units. */
static inline struct str model_text(struct model *m, size_t cps)
{
    static const char *const some[] = {
        "甲", "乙", "丙", "甲", "乙", "国", "國", "A", "a", "，", ",", "\n", "𠀀", "。"};
    static const char *const cycle[] = {
        "甲", "乙", "国", "丙", "甲", "A", "丙", "，", "乙", "乙", "。"};
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    for (size_t i = 0; i < cps; i++)
        buf_z(&b, m->formulaic && model_random(m, 40)
                      ? cycle[i % (sizeof(cycle) / sizeof(cycle[0]))]
                      : some[model_random(m, sizeof(some) / sizeof(some[0]))]);
    s = arena_str(&m->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static inline struct corpus_attr model_some_attr(struct model *m)
{
    return (struct corpus_attr){.day = model_random(m, 5) ? (int32_t)model_random(m, 4) : INT32_MIN,
        .year = (int16_t)(model_random(m, 4) ? 2018 + model_random(m, 5) : 0),
        .authority = (uint8_t)(model_random(m, 3) * 30),
        .status = (uint8_t)model_random(m, 3),
        .kind = (uint8_t)model_random(m, 5),
        .level = (uint8_t)model_random(m, 3),
        .flags = (uint8_t)(model_random(m, 8) == 0),
        .issuer = (uint32_t)model_random(m, 6),
        .category = (uint32_t)model_random(m, 6)};
}

static inline void model_put(struct model *m, int64_t id, size_t cps)
{
    struct model_doc *d = &m->doc[id];
    struct str title = model_text(m, model_random(m, 6));
    struct err e;

    d->source = model_text(m, cps);
    d->attr = model_some_attr(m);
    d->alive = true;
    model_must(norm_text(&m->a, title, &d->title, &e), &e);
    model_must(norm_text(&m->a, d->source, &d->text, &e), &e);
    model_must(corpus_put(m->c, id, &d->attr, title, d->source, &e), &e);
}

static inline void model_remove(struct model *m, int64_t id)
{
    struct err e;

    m->doc[id].alive = false;
    model_must(corpus_remove(m->c, id, &e), &e);
}

static inline void model_set_attr(struct model *m, int64_t id)
{
    struct err e;

    m->doc[id].attr = model_some_attr(m);
    model_must(corpus_set_attr(m->c, id, &m->doc[id].attr, &e), &e);
}

/* ---- the scan ---- */

static inline int64_t scan_count(const struct norm *t, const struct query_term *q, size_t *first)
{
    int64_t n = 0;

    *first = SIZE_MAX;
    for (size_t i = 0; i + q->n <= t->n; i++)
        if (memcmp(t->units + i, q->units, q->n * sizeof(*q->units)) == 0) {
            *first = n == 0 ? i : *first;
            n++;
        }
    return n;
}

static inline bool scan_holds(const struct model_doc *d, const struct query *q,
    const struct query_node *node, bool title_only)
{
    bool all = true, any = false;
    size_t first;

    if (node->op == QUERY_TERM) {
        const struct query_term *t = &q->terms[node->term];
        return scan_count(&d->title, t, &first) > 0 ||
               (!title_only && !t->title_only && scan_count(&d->text, t, &first) > 0);
    }
    if (node->op == QUERY_NOT)
        return title_only || !scan_holds(d, q, node->kids[0], false);
    for (uint32_t i = 0; i < node->n; i++) {
        bool holds = scan_holds(d, q, node->kids[i], title_only);
        all = all && holds;
        any = any || holds;
    }
    return node->op == QUERY_AND ? all : any;
}

static inline bool scan_in(const uint32_t *v, size_t n, uint32_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static inline bool scan_id_in(const int64_t *v, size_t n, int64_t x)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == x)
            return true;
    return false;
}

static inline bool scan_passes(const struct model *m, int64_t id)
{
    const struct corpus_filter *f = &m->f;
    const struct corpus_attr *a = &m->doc[id].attr;

    if (!(f->levels >> a->level & 1) && !scan_id_in(f->granted, f->n_granted, id))
        return false;
    if ((f->only_levels && !(f->only_levels >> a->level & 1)) || id < f->id_from)
        return false;
    if ((f->statuses && !(f->statuses >> a->status & 1)) ||
        (f->kinds && !(f->kinds >> a->kind & 1)))
        return false;
    if ((f->year_from || f->year_to) && a->year == 0)
        return false;
    if ((f->year_from && a->year < f->year_from) || (f->year_to && a->year > f->year_to))
        return false;
    if ((f->issuers && !scan_in(f->issuers, f->n_issuers, a->issuer)) ||
        (f->categories && !scan_in(f->categories, f->n_categories, a->category)))
        return false;
    return !(f->only && !scan_id_in(f->only, f->n_only, id)) && !(a->flags & f->without_flags) &&
           !(~a->flags & f->with_flags);
}

struct scan_hit {
    int64_t id, occurrences;
    const struct model_doc *d;
    size_t place, len; /* unit of the text; SIZE_MAX: none */
    bool title;
    enum corpus_order order;
};

/* The order that corpus.h promises; groups here are always small enough for the place to count. */
static inline int scan_order(const void *x, const void *y)
{
    const struct scan_hit *a = x, *b = y;
    const struct corpus_attr *p = &a->d->attr, *q = &b->d->attr;

    if (a->order == ORDER_RANK) {
        if (a->title != b->title)
            return a->title ? -1 : 1;
        if (p->authority != q->authority)
            return p->authority > q->authority ? -1 : 1;
        if (p->day != q->day)
            return p->day > q->day ? -1 : 1;
        if (a->place != b->place)
            return a->place < b->place ? -1 : 1;
        return a->id > b->id ? -1 : 1;
    }
    if (p->day != q->day) {
        if (p->day == INT32_MIN || q->day == INT32_MIN)
            return q->day == INT32_MIN ? -1 : 1;
        return (p->day > q->day) == (a->order == ORDER_NEWEST) ? -1 : 1;
    }
    if (p->authority != q->authority)
        return p->authority > q->authority ? -1 : 1;
    return (a->id > b->id) == (a->order == ORDER_NEWEST) ? -1 : 1;
}

static inline void scan_doc(const struct query *q, struct scan_hit *h)
{
    h->place = SIZE_MAX;
    for (uint32_t i = 0; i < q->n_terms; i++) {
        const struct query_term *t = &q->terms[i];
        size_t first;
        if (!t->positive)
            continue;
        h->occurrences += scan_count(&h->d->title, t, &first);
        if (t->title_only)
            continue;
        h->occurrences += scan_count(&h->d->text, t, &first);
        if (first < h->place) {
            h->place = first;
            h->len = t->n;
        }
    }
}

static inline size_t scan_all_docs(struct model *m, const struct query *q, enum corpus_order order,
    struct scan_hit *v, int64_t *occurrences)
{
    size_t n = 0;

    *occurrences = 0;
    for (int64_t id = 0; id < MODEL_DOCS; id++) {
        struct scan_hit h = {.id = id, .d = &m->doc[id], .order = order};
        if (!h.d->alive || !scan_passes(m, id) || (q->root && !scan_holds(h.d, q, q->root, false)))
            continue;
        scan_doc(q, &h);
        h.title = false;
        for (uint32_t i = 0; q->root && i < q->n_terms && !h.title; i++) {
            size_t first;
            h.title = q->terms[i].positive && scan_count(&h.d->title, &q->terms[i], &first) > 0;
        }
        h.title = h.title && scan_holds(h.d, q, q->root, true);
        *occurrences += h.occurrences;
        v[n++] = h;
    }
    qsort(v, n, sizeof(*v), scan_order);
    return n;
}

static inline int64_t scan_cp(const struct norm *t, size_t unit)
{
    int64_t cp = 0;

    for (size_t i = 0; i < unit; i++)
        cp += (t->units[i] & 0xFC00) != 0xDC00;
    return cp;
}

static inline void compare_hit(const struct hit *h, const struct scan_hit *s)
{
    assert_int_equal(h->doc, s->id);
    assert_int_equal(h->occurrences, s->occurrences);
    assert_int_equal(h->in_title, s->title);
    assert_memory_equal(&h->attr, &s->d->attr, sizeof(h->attr));
    if (s->place == SIZE_MAX) {
        assert_int_equal(h->begin_cp, -1);
        return;
    }
    assert_int_equal(h->begin_cp, scan_cp(&s->d->text, s->place));
    assert_int_equal(h->end_cp, scan_cp(&s->d->text, s->place + s->len));
}

/* The snippet is a piece of the source with line breaks made blanks, and marks are folded terms. */
static inline void compare_snippet(
    struct arena *a, const struct query *q, const struct hit *h, const struct scan_hit *s)
{
    struct str source = arena_str(a, s->d->source);
    char *p = arena_z(a, source);

    for (size_t i = 0; i < source.n; i++)
        p[i] = p[i] == '\n' ? ' ' : p[i];
    assert_true(str_has((struct str){p, source.n}, h->snippet));
    assert_int_equal(utf8_check(h->snippet), SIZE_MAX);
    for (size_t i = 0; i < h->n_marks; i++) {
        struct str mark =
            str_sub(h->snippet, h->marks[i].begin, h->marks[i].end - h->marks[i].begin);
        struct norm t;
        struct err e;
        bool found = false;
        size_t first;
        model_must(norm_text(a, mark, &t, &e), &e);
        for (uint32_t k = 0; k < q->n_terms; k++)
            found = found ||
                    (q->terms[k].positive && (scan_count(&t, &q->terms[k], &first) > 0 || t.n > 0));
        assert_true(found);
    }
    assert_true(s->place == SIZE_MAX || h->n_marks > 0);
}

static inline void model_compare(struct model *m, const struct query *q, enum corpus_order order)
{
    static struct scan_hit v[MODEL_DOCS];
    struct arena a;
    struct find f;
    struct err e;
    int64_t occurrences;
    size_t n = scan_all_docs(m, q, order, v, &occurrences);
    size_t offset = model_random(m, 3) ? 0 : model_random(m, 40), limit = 1 + model_random(m, 20);

    arena_init(&a);
    model_must(corpus_find(m->c, &a, q, &m->f, order, offset, limit, 30, &f, &e), &e);
    assert_int_equal(f.total, n);
    assert_int_equal(f.occurrences, occurrences);
    assert_int_equal(f.n, n > offset ? (n - offset < limit ? n - offset : limit) : 0);
    for (size_t i = 0; i < f.n; i++) {
        compare_hit(&f.hits[i], &v[offset + i]);
        compare_snippet(&a, q, &f.hits[i], &v[offset + i]);
    }
    arena_release(&a);
}

/* A word that occurs, or one that may not. */
static inline void model_word(struct model *m, struct buf *b)
{
    static const char *const some[] = {"甲", "乙", "丙", "国", "a", "，", "𠀀", "。", "丁", "甲乙"};
    size_t n = 1 + model_random(m, 4);

    if (model_random(m, 6) == 0)
        buf_z(b, "标题:");
    buf_z(b, "“");
    for (size_t i = 0; i < n; i++)
        buf_z(b, some[model_random(m, sizeof(some) / sizeof(some[0]))]);
    buf_z(b, "”");
}

static inline void model_expression(struct model *m, struct buf *b, int depth)
{
    size_t n = 1 + model_random(m, 3);
    const char *join = model_random(m, 2) ? " " : " | ";

    for (size_t i = 0; i < n; i++) {
        buf_z(b, i ? join : "");
        if (i && strcmp(join, " ") == 0 && model_random(m, 3) == 0)
            buf_z(b, "-");
        if (depth > 0 && model_random(m, 4) == 0) {
            buf_z(b, "(");
            model_expression(m, b, depth - 1);
            buf_z(b, ")");
        } else {
            model_word(m, b);
        }
    }
}

static inline struct query *model_query(struct model *m, struct arena *a)
{
    struct query *q = NULL;
    struct buf b;
    struct err e;

    buf_init(&b, 0);
    do {
        buf_clear(&b);
        model_expression(m, &b, 2);
    } while (query_parse(a, buf_view(&b), &q, &e) != OK);
    buf_release(&b);
    return q;
}

static inline void model_compare_some(struct model *m, int times)
{
    for (int i = 0; i < times; i++) {
        struct arena a;
        arena_init(&a);
        model_compare(m, model_query(m, &a), (enum corpus_order)model_random(m, 3));
        arena_release(&a);
    }
}

#endif
