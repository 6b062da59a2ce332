/* office/change.h - the feed of changed documents, which the corpus of each node follows (office/index.h).
 *
 * Each transaction that changes text or attributes appends to the feed. The number comes from one
 * counter row, whose lock is held until COMMIT, so that the order of the feed is the order of commits. */
#ifndef OFFICE_CHANGE_H
#define OFFICE_CHANGE_H

#include "store/store.h"

/* PUT: text or title, and attributes; ATTR: attributes alone. */
enum change_op { CHANGE_PUT = 1, CHANGE_ATTR, CHANGE_REMOVE };
/* Inside a write, for each document that changed. */
MUST_USE enum code change_note(struct db *db, enum change_op op, int64_t doc, struct err *e);
/* The number of the last change; 0 for none. */
MUST_USE enum code change_last(struct db *db, int64_t *seq, struct err *e);

#endif
