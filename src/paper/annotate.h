/* paper/annotate.h - a submitted file given back with Word comments and tracked suggestions.
 *
 * Positions are code points of exactly doc_text() of the same file, as reader_read gave it. A docx keeps every
 * byte that is not said here: comments, their ranges, tracked deletions and insertions go in, everything else of
 * its XML and of its package stays as it was. A file of another format comes back as a plain new docx of its
 * text, annotated in the same way. The same input gives the same bytes.
 *
 * Rules where a place is not simple:
 *  - an end inside an automatic number (which is in the text and not in the file) moves to the text behind it;
 *  - a place in a text box is marked at the box, one in a footnote at its reference; a place in a header or in
 *    another comment, or past the end of the text, goes to the beginning of a paragraph (`moved`), and
 *    the comment begins with the words it is about;
 *  - a suggestion that cannot be a tracked change (over paragraphs, cells, numbers or formulas, or over a
 *    suggestion that stands earlier in the list) is written into its comment instead (`told`). */
#ifndef PAPER_ANNOTATE_H
#define PAPER_ANNOTATE_H

#include "paper/reader.h"

struct annotation {
    size_t begin_cp, end_cp; /* begin == end: a place between two characters */
    struct str comment;     /* paragraphs divided by '\n'; empty: only the suggestion, no comment */
    struct str replacement; /* used if `replace`; empty: delete. '\n' is a soft break, '\t' a tab */
    bool replace;
};
enum { ANNOTATIONS_MAX = 20000 };

struct annotate_list {
    struct str author; /* shown by Word beside each comment and change */
    int64_t at_ms;     /* written as the wall clock of China, as Word does */
    const struct annotation *v;
    size_t n; /* in any order; of suggestions that meet, the first in the list is taken */
};

struct annotated {
    struct str docx; /* in the arena */
    size_t comments; /* written */
    size_t changes;  /* suggestions that can be accepted and refused */
    size_t told;     /* suggestions written into their comments */
    size_t moved;    /* comments at the beginning of a paragraph for want of a better place */
};
/* "12 处批注，9 处修订建议；1 处批注落在段首；…", for the person. */
void annotated_summary(const struct annotated *r, struct buf *out);

/* `d`: what reader_read gave for the same `fd` and `name`. E_LIMIT above ANNOTATIONS_MAX or for a document of too
 * many elements; else as reader_read. */
MUST_USE enum code annotate_file(struct reader_pool *p, struct arena *a, int fd, struct str name,
    const struct doc *d, const struct annotate_list *list, struct annotated *out, struct err *e);
/* Any doc (a draft typed in, a document of the library) as a new docx. Needs no pool: nothing foreign is parsed. */
MUST_USE enum code annotate_doc(struct arena *a, const struct doc *d,
    const struct annotate_list *list, struct annotated *out, struct err *e);

#endif
