/* office/item_lying.h - what lies open for whom, kept in memory: the rows of 待办, 待阅 and 在办 of each principal that was asked for, and
 * the lights of the office.
 *
 * A chief has thousands of matters open, and their counts stand on his portal: read once, and then followed by the feed of
 * item_change.h, as the corpus follows that of documents. An answer is that of the transaction in which it is asked, exactly:
 * whoever reads an older state than the memory has, or writes, is told to count by himself. Nothing here outlives the process. */
#ifndef OFFICE_ITEM_LYING_H
#define OFFICE_ITEM_LYING_H

#include "office/item_seen.h"

/* Each matter once, in its most pressing box; lit: those of 待办 and 在办. */
struct item_lying {
    int64_t todo, read, doing, red, yellow;
};
/* *known false: not told, count in the tables. */
MUST_USE enum code item_lying_count(struct db *db, const struct seen *s, int64_t now_ms,
    struct item_lying *out, bool *known, struct err *e);

#endif
