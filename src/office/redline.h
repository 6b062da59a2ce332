/* office/redline.h - the differences of two documents as text/diff.h finds them, in the shape of paper/redline.h. */
#ifndef OFFICE_REDLINE_H
#define OFFICE_REDLINE_H

#include "paper/redline.h"
#include "text/diff.h"

#define REDLINE_AUTHOR "前哨" /* who Word says made the changes */

struct redline_sides {
    const struct doc *older, *newer;
    struct str older_name, newer_name;
};
/* E_LIMIT for texts too long (text/diff.h). *out borrows `s` and, like *diff, lives in `a`. */
MUST_USE enum code redline_find(struct arena *a, const struct redline_sides *s, struct diff *diff,
    struct redline *out, struct err *e);

#endif
