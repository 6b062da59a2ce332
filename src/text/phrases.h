/* text/phrases.h - long strings that many documents share word for word: candidates for set phrases.
 *
 * Read off the suffix arrays: strings of 6 to 40 characters without marks (but 、) that cannot be made longer without losing
 * documents, that are met by many documents of several issuers, and whose ends are ends of phrases: many
 * different neighbours, or marks, on both sides. Only documents that pass the filter are counted and shown. Same corpus, same result. */
#ifndef TEXT_PHRASES_H
#define TEXT_PHRASES_H

#include "text/corpus.h"

enum { PHRASE_CP_MIN = 6, PHRASE_CP_MAX = 40, PHRASE_YEARS = 64, PHRASE_EXAMPLES = 3 };

struct phrase_year {
    int year;
    int64_t documents;
};
struct phrase {
    struct str text;
    int64_t documents, occurrences;
    int64_t issuers;                        /* known ones */
    int first_year, last_year;              /* 0: no document has one */
    struct phrase_year years[PHRASE_YEARS]; /* ascending, the last PHRASE_YEARS of them */
    size_t n_years;
    int64_t examples[PHRASE_EXAMPLES]; /* document.id: the newest by day */
    size_t n_examples;
};

struct phrase_options {
    int64_t min_documents;                                  /* 0: 5 */
    int64_t min_issuers;                                    /* 0: 2 */
    size_t limit;                                           /* 0: 300 */
    void (*progress)(void *arg, int64_t done, int64_t all); /* may be NULL */
    void *arg;
};
/* By documents times length, the greatest first. Lives in `a`. */
MUST_USE enum code phrases_mine(struct corpus *c, struct arena *a, const struct corpus_filter *f,
    const struct phrase_options *o, struct phrase **out, size_t *n, struct err *e);
/* Count one text again, for another reader or another day. */
MUST_USE enum code phrase_count(struct corpus *c, struct str text, const struct corpus_filter *f,
    struct phrase *out, struct err *e);

#endif
