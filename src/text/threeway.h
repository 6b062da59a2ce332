/* text/threeway.h - two people changed one text: what becomes of it.
 *
 * Changes that do not touch the same line are both taken. Where both changed a line (or put something at one place), and not alike, the place is
 * told with both wordings; the merged text then bears mine, which the person looks at before anything is written. */
#ifndef TEXT_THREEWAY_H
#define TEXT_THREEWAY_H

#include "base/arena.h"
#include "base/str.h"

struct both_changed { /* whole lines, without the last line end */
    struct str was, mine, theirs;
};
struct threeway {
    struct str text;
    struct both_changed *both;
    size_t n_both;
};
/* E_LIMIT as diff_texts. Results in `a`; the texts are borrowed. */
MUST_USE enum code threeway_merge(struct arena *a, struct str base, struct str mine,
    struct str theirs, struct threeway *out, struct err *e);

#endif
