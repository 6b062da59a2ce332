/* paper/doc_int.h - the two halves of the codec that the reading pipe uses by themselves. */
#ifndef PAPER_DOC_INT_H
#define PAPER_DOC_INT_H

#include "paper/doc.h"

/* Everything but the bytes of the parts, which follow it in order: a child can write them from
 * where they lie instead of copying hundreds of megabytes. */
void doc_encode_head(const struct doc *d, struct buf *out);
/* doc_decode without the copy: the strings of *out point into `bytes`. */
MUST_USE enum code doc_decode_view(
    struct arena *a, struct str bytes, struct doc *out, struct err *e);

#endif
