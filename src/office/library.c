#include "office/library.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/access.h"
#include "office/category.h"
#include "office/index.h"
#include "office/issuer.h"
#include "text/docno.h"
#include "text/genre.h"
#include "text/query.h"

enum { SNIPPET_CP = 90 };

struct library_filter library_filter_any(void)
{
    return (struct library_filter){.status = -1, .level = -1};
}

/* ---- filters: words to numbers ---- */

struct ids {
    uint32_t *v; /* ascending, each once; NULL: any */
    size_t n;
};

static int ascending(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x;
    uint32_t b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

static void sort_unique(struct ids *s)
{
    size_t k = 0;

    if (s->n)
        qsort(s->v, s->n, sizeof(*s->v), ascending);
    for (size_t i = 0; i < s->n; i++)
        if (k == 0 || s->v[k - 1] != s->v[i])
            s->v[k++] = s->v[i];
    s->n = k;
}

/* *to keeps what is in `with` as well. */
static void intersect(struct ids *to, const struct ids *with)
{
    size_t k = 0;

    if (!to->v) {
        *to = *with;
        return;
    }
    for (size_t i = 0, j = 0; i < to->n && j < with->n;) {
        if (to->v[i] == with->v[j]) {
            to->v[k++] = to->v[i];
            j++;
        }
        if (j == with->n || to->v[i] < with->v[j] || (k && to->v[k - 1] == to->v[i]))
            i++;
        else
            j++;
    }
    to->n = k;
}

/* Everything in `all` that is not in `without`. */
static struct ids complement(struct arena *a, const struct ids *all, const struct ids *without)
{
    struct ids out = {ARENA_ARRAY(a, uint32_t, all->n + 1), 0};
    size_t j = 0;

    for (size_t i = 0; i < all->n; i++) {
        while (j < without->n && without->v[j] < all->v[i])
            j++;
        if (j == without->n || without->v[j] != all->v[i])
            out.v[out.n++] = all->v[i];
    }
    return out;
}

/* Add the category numbered `top` and everything below it; the list is in tree order. */
static void add_subtree(struct arena *a, const struct category *all, size_t n_all, int64_t top,
    struct ids *out, size_t *cap)
{
    bool inside = false;
    int depth = 0;

    for (size_t i = 0; i < n_all; i++) {
        if (inside && all[i].depth <= depth)
            inside = false;
        if (all[i].id == top) {
            inside = true;
            depth = all[i].depth;
        }
        if (inside)
            ARENA_PUSH(a, out->v, out->n, *cap) = (uint32_t)all[i].id;
    }
}

static enum code categories_named(
    struct db *db, struct arena *a, const struct query_field *f, struct ids *out, struct err *e)
{
    struct category *all;
    struct ids named = {ARENA_NEW(a, uint32_t), 0};
    size_t n_all;
    size_t cap = 1;

    TRY(category_list(db, a, &all, &n_all, e));
    for (size_t i = 0; i < n_all; i++)
        for (uint32_t k = 0; k < f->n; k++)
            if (str_has(all[i].name, f->values[k]))
                add_subtree(a, all, n_all, all[i].id, &named, &cap);
    sort_unique(&named);
    if (f->negated) {
        struct ids every = {ARENA_ARRAY(a, uint32_t, n_all + 1), 0};
        every.v[every.n++] = 0; /* documents without a category are not in it either */
        for (size_t i = 0; i < n_all; i++)
            every.v[every.n++] = (uint32_t)all[i].id;
        sort_unique(&every);
        named = complement(a, &every, &named);
    }
    intersect(out, &named);
    return OK;
}

static enum code issuers_named(struct db *db, struct arena *a, const struct str *names, size_t n,
    bool negated, struct ids *out, struct err *e)
{
    struct ids named = {ARENA_NEW(a, uint32_t), 0};
    size_t cap = 1;

    for (size_t k = 0; k < n; k++) {
        uint32_t *v;
        size_t m;
        TRY(issuer_match(db, a, names[k], &v, &m, e));
        for (size_t i = 0; i < m; i++)
            ARENA_PUSH(a, named.v, named.n, cap) = v[i];
    }
    sort_unique(&named);
    if (negated) {
        struct ids every = {0};
        TRY(issuer_match(db, a, S(""), &every.v, &every.n, e));
        named = complement(a, &every, &named);
    }
    intersect(out, &named);
    return OK;
}

static enum code ids_of_docno(struct db *db, struct arena *a, const struct query_field *f,
    struct corpus_filter *out, struct err *e)
{
    int64_t *v;
    size_t n;

    if (f->negated || out->only)
        return FAIL(e, E_INPUT, "检索式第%zu个字：文号只能限定一次，不能用“非”", f->column);
    if (f->n != 1)
        return FAIL(e, E_INPUT, "检索式第%zu个字：文号一次只能限定一个", f->column);
    TRY(document_by_docno(db, a, f->values[0], &v, &n, e));
    out->only = v;
    out->n_only = n;
    return OK;
}

static enum code narrow_set(const struct query_field *f, uint64_t all, uint64_t *set, struct err *e)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < f->n; i++) {
        enum doc_status status;
        int genre = f->id == FIELD_KIND ? genre_of_name(f->values[i]) : 0;
        if (f->id == FIELD_KIND && genre > 0)
            bits |= UINT64_C(1) << genre;
        else if (f->id == FIELD_STATUS && doc_status_of(f->values[i], &status))
            bits |= UINT64_C(1) << status;
        else
            return FAIL(e, E_INPUT, "检索式第%zu个字：没有叫“%.*s”的%s", f->column,
                SF(f->values[i]),
                f->id == FIELD_KIND ? "文种，可用通知、意见、决定、条例等"
                                    : "效力状态，可用现行、已修订、已废止、未标注");
    }
    if (f->negated)
        bits = all & ~bits;
    *set = *set ? *set & bits : bits;
    if (*set == 0) /* nothing can pass: a bit that no document has, since 0 means any */
        *set = all + 1;
    return OK;
}

static enum code narrow_years(const struct query_field *f, struct corpus_filter *out, struct err *e)
{
    if (f->negated)
        return FAIL(e, E_INPUT, "检索式第%zu个字：年份不能用“非”，请写起止年份，如 年份:2020-2024",
            f->column);
    if (f->year_from > out->year_from)
        out->year_from = f->year_from;
    if (f->year_to && (out->year_to == 0 || f->year_to < out->year_to))
        out->year_to = f->year_to;
    return OK;
}

#define ALL_STATUSES (((uint64_t)1 << N_STATUS) - 1)
#define ALL_GENRES   (UINT64_MAX >> 1) /* 0..62: bit 63 is free to say "none" */

struct narrowing {
    struct ids issuers, categories;
    uint64_t statuses;
};

static enum code narrow(struct db *db, struct arena *a, const struct query_field *f,
    struct narrowing *w, struct corpus_filter *out, struct err *e)
{
    switch (f->id) {
    case FIELD_ISSUER:
        return issuers_named(db, a, f->values, f->n, f->negated, &w->issuers, e);
    case FIELD_CATEGORY:
        return categories_named(db, a, f, &w->categories, e);
    case FIELD_YEAR:
        return narrow_years(f, out, e);
    case FIELD_KIND:
        return narrow_set(f, ALL_GENRES, &out->kinds, e);
    case FIELD_STATUS:
        return narrow_set(f, ALL_STATUSES, &w->statuses, e);
    case FIELD_DOCNO:
        return ids_of_docno(db, a, f, out, e);
    }
    return OK;
}

static enum code resolve(struct db *db, struct arena *a, const struct library_filter *f,
    const struct query *q, struct corpus_filter *out, struct err *e)
{
    struct narrowing w = {0};
    size_t cap = 1;

    out->year_from = f->year_from;
    out->year_to = f->year_to;
    if (f->genre > 0 && f->genre < 63)
        out->kinds = UINT64_C(1) << f->genre;
    if (f->status >= 0 && f->status < N_STATUS)
        w.statuses = UINT64_C(1) << f->status;
    if (f->level >= 0 && f->level < N_LEVEL)
        out->only_levels = 1U << f->level;
    if (f->proofed_only)
        out->without_flags = CORPUS_UNPROOFED;
    if (f->unproofed_only)
        out->with_flags = CORPUS_UNPROOFED;
    if (f->issuer.n)
        TRY(issuers_named(db, a, &f->issuer, 1, false, &w.issuers, e));
    if (f->issuer_ids) {
        struct ids own = {ARENA_ARRAY(a, uint32_t, f->n_issuer_ids + 1), f->n_issuer_ids};
        for (size_t i = 0; i < own.n; i++)
            own.v[i] = f->issuer_ids[i];
        intersect(&w.issuers, &own);
    }
    if (f->category) {
        struct category *all;
        size_t n_all;
        w.categories.v = ARENA_NEW(a, uint32_t);
        TRY(category_list(db, a, &all, &n_all, e));
        add_subtree(a, all, n_all, f->category, &w.categories, &cap);
        sort_unique(&w.categories);
    }
    for (uint32_t i = 0; q && i < q->n_fields; i++)
        TRY(narrow(db, a, &q->fields[i], &w, out, e));
    out->statuses = (uint32_t)w.statuses;
    out->issuers = w.issuers.v;
    out->n_issuers = w.issuers.n;
    out->categories = w.categories.v;
    out->n_categories = w.categories.n;
    return OK;
}

/* ---- searching and listing ---- */

static enum corpus_order corpus_order(enum library_order o, bool listing)
{
    if (o == LIBRARY_OLDEST)
        return ORDER_OLDEST;
    return o == LIBRARY_NEWEST || listing ? ORDER_NEWEST : ORDER_RANK;
}

static enum code join_documents(struct db *db, struct arena *a, const struct find *found,
    struct library_page *out, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, found->n + 1);
    struct document *docs;
    size_t n;
    size_t k = 0;

    for (size_t i = 0; i < found->n; i++)
        ids[i] = found->hits[i].doc;
    TRY(document_get_many(db, a, ids, found->n, &docs, &n, e));
    out->hits = ARENA_ARRAY(a, struct library_hit, n + 1);
    for (size_t i = 0; i < found->n && k < n; i++) {
        const struct hit *h = &found->hits[i];
        if (docs[k].id != h->doc)
            continue; /* deleted since: the next query does not find it any more */
        out->hits[k] = (struct library_hit){.doc = docs[k],
            .snippet = h->snippet,
            .marks = h->marks,
            .n_marks = h->n_marks,
            .begin_cp = h->begin_cp,
            .end_cp = h->end_cp,
            .occurrences = h->occurrences};
        k++;
    }
    out->n = k;
    out->total = found->total;
    out->occurrences = found->occurrences;
    return OK;
}

struct search {
    struct office *o;
    struct arena *a;
    const struct viewer *v;
    const struct library_filter *f;
    const struct query *q; /* NULL: a list */
    struct str typed;      /* the query as typed */
    enum library_order order;
    size_t offset, limit;
    int64_t id_from; /* documents registered since; 0: all */
};

/* How many documents this person searches in: the figure must not tell of others. */
static int64_t count_visible(const struct search *s, const struct corpus_filter *rights)
{
    struct facet_count *v;
    int64_t documents = 0;
    size_t n;

    corpus_count(s->o->corpus, s->a, rights, FACET_AUTHORITY, &v, &n);
    for (size_t i = 0; i < n; i++)
        documents += v[i].documents;
    return documents;
}

/* Who types a document number wants the document that bears it, not those that cite it: its hits
 * are moved to the front of the first page. */
static enum code bearer_first(struct db *db, const struct search *s,
    const struct corpus_filter *filter, struct find *found, struct err *e)
{
    struct corpus_filter bearers = *filter;
    struct docno number;
    struct err no_number;
    struct find front;
    struct hit *hits;
    int64_t *ids;
    size_t n = 0;
    size_t k = 0;

    if (s->offset > 0 || s->order != LIBRARY_RANK || s->limit == 0 || filter->only ||
        docno_parse(str_trim(s->typed), &number, &no_number) != OK)
        return OK;
    TRY(document_by_docno(db, s->a, s->typed, &ids, &n, e));
    bearers.only = ids;
    bearers.n_only = n;
    TRY(corpus_find(
        s->o->corpus, s->a, s->q, &bearers, ORDER_NEWEST, 0, s->limit, SNIPPET_CP, &front, e));
    hits = ARENA_ARRAY(s->a, struct hit, front.n + found->n + 1);
    for (size_t i = 0; i < front.n; i++)
        hits[k++] = front.hits[i];
    for (size_t i = 0; i < found->n && k < s->limit; i++) {
        bool there = false;
        for (size_t j = 0; j < front.n; j++)
            there = there || front.hits[j].doc == found->hits[i].doc;
        if (!there)
            hits[k++] = found->hits[i];
    }
    found->hits = hits;
    found->n = k;
    return OK;
}

/* What the pages beside this one begin from; an order by rank has none. */
static void mark_ends(const struct search *s, const struct query *q, const struct find *found,
    struct library_page *out)
{
    if (found->n == 0 || corpus_order(s->order, !q) == ORDER_RANK)
        return;
    out->first = (struct corpus_mark){found->hits[0].key, found->hits[0].doc};
    out->last = (struct corpus_mark){found->hits[found->n - 1].key, found->hits[found->n - 1].doc};
}

static enum code search_in(
    struct db *db, const struct search *s, struct library_page *out, struct err *e)
{
    struct corpus_filter filter = {
        .id_from = s->id_from, .after = s->f->after, .before = s->f->before};
    const struct query *q = s->q && s->q->root ? s->q : NULL;
    struct find found;
    int64_t t0;

    TRY(access_filter(db, s->a, s->v, &filter, e));
    TRY(resolve(db, s->a, s->f, s->q, &filter, e));
    t0 = clock_mono_us();
    TRY(corpus_find(s->o->corpus, s->a, q, &filter, corpus_order(s->order, !q), s->offset, s->limit,
        SNIPPET_CP, &found, e));
    out->us = clock_mono_us() - t0;
    mark_ends(s, q, &found, out);
    TRY(bearer_first(db, s, &filter, &found, e));
    out->documents = count_visible(s, &filter);
    return join_documents(db, s->a, &found, out, e);
}

static enum code run_search(const struct search *s, struct library_page *out, struct err *e)
{
    struct library_page page = {0};
    struct db *db;
    enum code c;

    if (s->limit > DOCUMENT_MANY)
        return FAIL(e, E_LIMIT, "一页最多%d条", DOCUMENT_MANY);
    TRY(index_catch_up(s->o, &page.behind, e));
    TRY(store_read(s->o->store, &db, e));
    c = search_in(db, s, &page, e);
    store_read_end(db);
    if (c == OK)
        *out = page;
    return c;
}

/* NOLINTNEXTLINE(readability-function-size): the form of a search, field by field */
enum code library_search(struct office *o, struct arena *a, const struct viewer *v,
    struct str query, const struct library_filter *f, enum library_order order, size_t offset,
    size_t limit, struct library_page *out, struct err *e)
{
    struct search s = {
        .o = o, .a = a, .v = v, .f = f, .order = order, .offset = offset, .limit = limit};
    struct query *q = NULL;

    if (str_trim(query).n)
        TRY(query_parse(a, query, &q, e));
    s.q = q;
    s.typed = query;
    return run_search(&s, out, e);
}

enum code library_new_since(struct office *o, struct arena *a, const struct viewer *v,
    struct str word, const struct library_filter *f, int64_t id_from, size_t limit,
    struct library_page *out, struct err *e)
{
    struct search s = {.o = o,
        .a = a,
        .v = v,
        .f = f,
        .order = LIBRARY_NEWEST,
        .limit = limit,
        .id_from = id_from};
    struct query *q = NULL;

    if (word.n)
        TRY(query_phrase(a, word, &q, e));
    s.q = q;
    return run_search(&s, out, e);
}

enum code library_suggest(struct office *o, struct arena *a, const struct viewer *v,
    struct str prefix, size_t limit, struct suggestion **out, size_t *n, struct err *e)
{
    struct corpus_filter filter = {0};
    struct db *db;
    enum code c;

    *out = NULL;
    *n = 0;
    prefix = str_trim(prefix);
    if (prefix.n == 0 || utf8_len_cp(prefix) > 40)
        return OK;
    TRY(store_read(o->store, &db, e));
    c = access_filter(db, a, v, &filter, e);
    store_read_end(db);
    return c == OK ? corpus_suggest(o->corpus, a, prefix, &filter, limit, out, n, e) : c;
}

/* ---- finding one document by its name ---- */

/* Every word of it in the title; marks that mean something in a query are blanks here. */
static struct str query_of_title(struct arena *a, struct str text)
{
    struct buf b;
    struct str out;

    buf_init(&b, 0);
    for (size_t at = 0; at < text.n;) {
        size_t begin = at;
        struct str word;
        while (at < text.n && text.p[at] != ' ' && text.p[at] != '"')
            at++;
        word = str_sub(text, begin, at - begin);
        at++;
        if (word.n == 0 || str_has(word, S("“")) || str_has(word, S("”")))
            continue;
        buf_printf(&b, "标题:\"%.*s\" ", SF(word));
    }
    out = arena_str(a, buf_view(&b));
    buf_release(&b);
    return out;
}

enum code library_titled(struct office *o, struct arena *a, const struct viewer *v, struct str text,
    size_t limit, struct library_page *out, struct err *e)
{
    struct library_filter any = library_filter_any();
    struct library_page page = {0};
    struct str query = query_of_title(a, text);
    struct docno number;
    struct err no_number;

    if (docno_parse(str_trim(text), &number, &no_number) == OK)
        query = arena_printf(a, "文号:\"%.*s\"", SF(str_trim(text)));
    if (query.n)
        TRY(library_search(o, a, v, query, &any, LIBRARY_NEWEST, 0, limit, &page, e));
    *out = page;
    return OK;
}

enum code library_named(struct office *o, struct arena *a, const struct viewer *v, struct str text,
    int64_t *id, struct err *e)
{
    struct library_page page;

    text = str_trim(text);
    TRY(library_titled(o, a, v, text, DOCUMENT_MANY, &page, e));
    if (page.total == 1) {
        *id = page.hits[0].doc.id;
        return OK;
    }
    *id = 0;
    for (size_t i = 0; i < page.n; i++) {
        const struct document *d = &page.hits[i].doc;
        if (!str_eq(d->title, text) && !str_eq(d->docno, text))
            continue;
        if (*id)
            return FAIL(e, E_INPUT, "有几份文件都叫“%.*s”，请写文号，或从列出的里选一份", SF(text));
        *id = d->id;
    }
    if (*id)
        return OK;
    if (page.total == 0)
        return FAIL(e, E_INPUT, "没有标题或文号是“%.*s”的文件", SF(text));
    return FAIL(e, E_INPUT, "标题里有“%.*s”的文件有%lld份，请写全，或从列出的里选一份", SF(text),
        (long long)page.total);
}
