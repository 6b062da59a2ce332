/* office/quote.h - the rules that need the library: quotations and citations of a draft against the unit's own documents.
 *
 * Entries in text/rules_quote.c. Only what the viewer may read is a source, is counted or is named; text that nobody
 * proofread (待核) is never one. A miss is better than a false alarm. docs/design/check.md has how each is judged. */
#ifndef OFFICE_QUOTE_H
#define OFFICE_QUOTE_H

#include "office/access.h"
#include "office/office.h"
#include "text/match.h"
#include "text/rule.h"

struct quote_options {
    const int64_t *exclude; /* ascending: documents that are the draft itself */
    size_t n_exclude;
    int64_t behind; /* out: changes of the library that the index has not taken in yet */
};
/* Between checker_run and checker_end: findings go to c, passages that repeat the library to *m (both live in c->a). */
MUST_USE enum code quote_check(struct office *o, const struct viewer *v, struct checker *c,
    struct quote_options *q, struct match *m, struct err *e);

#endif
