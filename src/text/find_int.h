/* text/find_int.h - between find.c (which documents, in which order) and hit.c (what is shown of them). */
#ifndef TEXT_FIND_INT_H
#define TEXT_FIND_INT_H

#include "text/corpus_int.h"
#include "text/query.h"
#include "text/scratch.h"

/* A document that may be shown. */
struct candidate {
    uint64_t key;                           /* the greater, the earlier */
    int64_t tie;                            /* likewise, among equal keys and places */
    uint32_t part, doc, occurrences, place; /* place: first unit in the text, UINT32_MAX: none */
    bool title;
};

struct finder {
    const struct snap *snap;
    const struct query *q; /* NULL: everything that passes */
    const struct corpus_filter *f;
    enum corpus_order order;
    struct scratch *scratch;
    struct range (*ranges)[N_STREAMS]; /* by part and term; of segments only */
    struct err *e;
    int64_t total, occurrences;
    /* the best `keep` so far as a heap, worst on top; and those as good as the worst, while few */
    struct candidate *heap, *ties;
    size_t n, keep, n_ties;
    bool too_many_ties;
};
enum { TIES_MAX = 256 };

/* Folded units of one document's text, checked. */
struct doc_text {
    const uint16_t *units;
    uint32_t n;
};
MUST_USE enum code doc_text_of(
    const struct snap *s, uint32_t part, uint32_t doc, struct doc_text *out, struct err *e);
/* Code points in front of unit `at` of that document. */
int64_t doc_cp(const struct snap *s, uint32_t part, uint32_t doc, uint32_t at);
/* Source units [begin, end) of that document. */
MUST_USE enum code doc_source(const struct snap *s, struct candidate at, uint32_t begin,
    uint32_t end, uint16_t *out, struct err *e);
int64_t snap_id(const struct snap *s, uint32_t part, uint32_t doc);

/* First place of any positive term in the text, and which term. */
MUST_USE enum code first_place(
    const struct finder *x, struct candidate *c, uint32_t *term, struct err *e);
MUST_USE enum code hit_fill(const struct finder *x, struct candidate *c, struct arena *a,
    int snippet_cp, struct hit *out, struct err *e);
/* Whether document `id` with these attributes passes; rules that `part` cannot break are skipped. */
bool filter_trivial(const struct corpus_filter *f, const struct frozen *part);
bool filter_has_id(const int64_t *ids, size_t n, int64_t id); /* ids ascending */
bool filter_passes(const struct corpus_filter *f, int64_t id, const struct corpus_attr *a);

#endif
