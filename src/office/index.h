/* office/index.h - the corpus kept level with the database (invariant 3 of ARCHITECTURE.md).
 *
 * Each transaction that changes text or attributes appends to the change feed and takes its number
 * from one counter row last, so that the order of the feed is the order of commits. The index
 * follows the feed; a query catches up first. */
#ifndef OFFICE_INDEX_H
#define OFFICE_INDEX_H

#include "office/office.h"

MUST_USE enum code index_open(struct office *o, struct err *e);
void index_close(struct office *o);
/* Apply what was committed before this call. *behind (may be NULL): changes that still wait, when there
 * are too many to apply at once (more than INDEX_AT_ONCE), or the thread shares its transaction: then the answer must say so. */
enum { INDEX_AT_ONCE = 2000 };
MUST_USE enum code index_catch_up(struct office *o, int64_t *behind, struct err *e);
/* The same until nothing waits, however long; progress may be NULL. */
MUST_USE enum code index_follow_all(struct office *o,
    void (*progress)(void *arg, int64_t done, int64_t all), void *arg, struct err *e);
/* Let the helper thread do that; returns at once. A failure is met again by the next query. */
void index_wake(struct office *o);
/* Drop the corpus and build it anew from the database. */
MUST_USE enum code index_rebuild(struct office *o,
    void (*progress)(void *arg, int64_t done, int64_t all), void *arg, struct err *e);

#endif
