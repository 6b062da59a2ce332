/* office/compare.h - two documents side by side, article by article, with the viewer's rights. */
#ifndef OFFICE_COMPARE_H
#define OFFICE_COMPARE_H

#include "office/library.h"
#include "text/articles.h"

struct comparison {
    struct document older, newer;
    struct str older_text, newer_text; /* what the spans of `diff` are bytes of */
    struct articles_diff diff;
};
/* The one with the earlier 成文日期 is the older (then the one registered first). Both are logged as
 * read. E_NOTFOUND as in library_read; E_INPUT for a document with itself; E_LIMIT for texts too long. */
MUST_USE enum code library_compare(struct office *o, struct arena *a, const struct viewer *v,
    int64_t one, int64_t other, struct comparison *out, struct err *e);
/* The same two as one docx with tracked changes, and the name it should bear. Both are logged as read and as handed
 * out. */
MUST_USE enum code library_redline(struct office *o, struct arena *a, const struct viewer *v,
    int64_t one, int64_t other, struct str *docx, struct str *name, struct err *e);

#endif
