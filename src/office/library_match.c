/* Passages of a text that repeat the library: rights, matching, and the rows of the sources. */
#include <stdlib.h>

#include "base/clock.h"
#include "office/access.h"
#include "office/index.h"
#include "office/library.h"

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static enum code load_documents(
    struct db *db, struct arena *a, struct library_match *out, struct err *e)
{
    int64_t *ids = NULL;
    size_t n = 0, cap = 0, kept = 0;

    for (size_t i = 0; i < out->match.n; i++)
        for (size_t k = 0; k < out->match.passages[i].n_sources; k++)
            ARENA_PUSH(a, ids, n, cap) = out->match.passages[i].sources[k].doc;
    if (n)
        qsort(ids, n, sizeof(*ids), by_number);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    out->docs = ARENA_ARRAY(a, struct document, kept + 1);
    for (size_t i = 0; i < kept; i += DOCUMENT_MANY) {
        struct document *some;
        size_t got, want = kept - i < DOCUMENT_MANY ? kept - i : DOCUMENT_MANY;
        TRY(document_get_many(db, a, ids + i, want, &some, &got, e));
        for (size_t k = 0; k < got; k++)
            out->docs[out->n_docs++] = some[k];
    }
    return OK;
}

const struct document *library_match_doc(const struct library_match *m, int64_t id)
{
    size_t lo = 0, hi = m->n_docs;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->docs[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < m->n_docs && m->docs[lo].id == id ? &m->docs[lo] : NULL;
}

/* As library.h declares it. NOLINTNEXTLINE(readability-function-size) */
enum code library_match(struct office *o, struct arena *a, const struct viewer *v, struct str text,
    const struct library_filter *f, const struct match_options *options, struct library_match *out,
    struct err *e)
{
    struct match_options how = *options;
    struct corpus_filter filter = {.without_flags = f->proofed_only ? CORPUS_UNPROOFED : 0,
        .issuers = f->issuer_ids,
        .n_issuers = f->n_issuer_ids};
    struct library_match result = {0};
    struct facet_count *seen;
    size_t n_seen;
    struct db *db;
    enum code c;
    int64_t t0;

    how.outdated = 1u << STATUS_REVISED | 1u << STATUS_REPEALED;
    TRY(access_require(v, ACT_READ, e));
    TRY(index_catch_up(o, &result.behind, e));
    TRY(store_read(o->store, &db, e));
    c = access_filter(db, a, v, &filter, e);
    t0 = clock_mono_us();
    if (c == OK)
        c = corpus_match(o->corpus, a, text, &filter, &how, &result.match, e);
    result.us = clock_mono_us() - t0;
    if (c == OK)
        c = load_documents(db, a, &result, e);
    store_read_end(db);
    if (c == OK) {
        corpus_count(o->corpus, a, &filter, FACET_AUTHORITY, &seen, &n_seen);
        for (size_t i = 0; i < n_seen; i++)
            result.documents += seen[i].documents;
        *out = result;
    }
    return c;
}
