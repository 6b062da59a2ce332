/* office/quote_int.h - between quote.c (words that are quoted) and quote_cite.c (documents that are named). */
#ifndef OFFICE_QUOTE_INT_H
#define OFFICE_QUOTE_INT_H

#include "office/citation.h"
#include "office/document.h"
#include "office/quote.h"

/* A citation of the draft with what it names. */
struct named {
    const struct cite *cite;
    size_t begin, end; /* code points of the draft */
    struct document *
        docs; /* readable ones that the title means, best first; the one with the number in front */
    size_t n_docs;
    bool by_number; /* docs[0] was found by the number */
};

struct quoting {
    struct office *o;
    const struct viewer *v;
    struct checker *c;
    const struct draft *d;
    struct arena *a;
    struct corpus_filter filter; /* what may be a source */
    const struct quote_options *options;
    struct match *m;
    struct named *named; /* in order of place */
    size_t n_named;
    struct document *sources; /* authorities and exact sources of the passages, ascending ids */
    size_t n_sources;
    struct str *own; /* names of the office itself */
    size_t n_own;
    struct err *e;
};

/* The readable documents among `ids`, ascending, each once. */
MUST_USE enum code quote_documents(struct quoting *q, struct db *db, const int64_t *ids, size_t n,
    struct document **out, size_t *n_out);
/* Fill q->named, and judge titles, numbers and status (Q04 Q05 Q06 Q07 Q12). */
MUST_USE enum code quote_citations(struct quoting *q);
/* “国务院办公厅 国办发〔2024〕1号 2024-01-02”, what stands under a source. */
struct str quote_label(struct arena *a, const struct document *d);
/* The version of a named document that holds on the day the draft is judged by; NULL: none. */
const struct document *quote_version(const struct quoting *q, const struct named *n);
MUST_USE enum code quote_text(struct quoting *q, int64_t doc, struct str *text);

#endif
