/* web/doc_html.h - the text of a document as it is read: blocks, an outline, and marked places. */
#ifndef WEB_DOC_HTML_H
#define WEB_DOC_HTML_H

#include "pages.h"
#include "paper/doc.h"

enum span_kind { SPAN_HIT, SPAN_CITE, SPAN_SOURCE, SPAN_FINDING };
/* A place to be marked. Where spans overlap, hits win, then what begins first; the others become anchors at
 * their begin. Ids: hit1, hit2 ...; c1 ..., s1 ... and f1 ... by `number`. */
struct span {
    int64_t begin_cp, end_cp; /* in the plain text (doc_text) */
    enum span_kind kind;
    int number;      /* of the id, from 1; 0: hits are numbered in order */
    struct str href; /* SPAN_CITE: where it leads; empty: nowhere */
    const char
        *style; /* SPAN_FINDING: "error", "warn", "hint", with " done" behind it when decided */
};

struct doc_view {
    struct safe_html body;
    struct outline_row *outline;
    size_t n_outline;
    bool wide; /* holds a table of many columns: the page gives it room */
};
/* spans are sorted in place. */
void doc_html(
    struct arena *a, const struct doc *d, struct span *spans, size_t n_spans, struct doc_view *out);

#endif
