/* paper/redline.h - two versions of a document as one, with what went and what came: for Word, and for print.
 *
 * The differences come from outside (text/diff.h has the same shape; this layer does not know it): ops that cover
 * doc_text of both documents in order and without gaps. */
#ifndef PAPER_REDLINE_H
#define PAPER_REDLINE_H

#include "paper/doc.h"

enum redline_kind { REDLINE_SAME = 1, REDLINE_REMOVED, REDLINE_ADDED };
struct redline_op {
    enum redline_kind kind;
    size_t x, x_n, y, y_n; /* bytes of doc_text of the older and of the newer */
};

struct redline {
    const struct doc *older, *newer;
    struct str older_name, newer_name; /* for the person: file names or titles */
    const struct redline_op *ops;
    size_t n;
    struct str author; /* of the changes, as Word shows it */
    int64_t at_ms;
};

/* Tracked changes on the text of both: accepting all gives the newer, refusing all the older text. Paragraphs that
 * came or went have marked ends, rows are marked as rows. E_BUG when the ops do not cover the texts. */
MUST_USE enum code redline_docx(
    struct arena *a, const struct redline *r, struct str *docx, struct err *e);
/* The paragraphs that changed, for a terminal: [-went-]{+came+}, or in colours. */
MUST_USE enum code redline_text(
    const struct redline *r, bool colour, struct buf *out, struct err *e);
/* One page for itself: names, counts, legend, text; for the screen and for A4. */
MUST_USE enum code redline_html(const struct redline *r, struct buf *out, struct err *e);

#endif
