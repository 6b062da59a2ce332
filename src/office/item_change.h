/* office/item_change.h - which matters lie otherwise than before: the feed that item_lying.h follows.
 *
 * Each node (base/id.h) has its own numbers, which rise with its commits, since it has one writer: so that the nodes do not wait for
 * each other, as they would for one counter. Whoever knows the last number of each node knows, in one transaction, whether
 * anything moved since. */
#ifndef OFFICE_ITEM_CHANGE_H
#define OFFICE_ITEM_CHANGE_H

#include "store/store.h"

enum { ITEM_CHANGE_NODES = 16, ITEM_CHANGE_ALL = 0 };
struct item_head {
    int64_t node, seq;
};
/* Inside a write: a box or a light of this item is another; ITEM_CHANGE_ALL: of many. */
MUST_USE enum code item_change_note(struct db *db, int64_t item, struct err *e);
/* The last number of each node, by node; *n may be more than ITEM_CHANGE_NODES, of which the first are given. */
MUST_USE enum code item_change_heads(
    struct db *db, struct item_head v[ITEM_CHANGE_NODES], size_t *n, struct err *e);
/* What changed behind `after`, up to `limit`. *whole: false where the rows do not reach back so far, or go on. */
MUST_USE enum code item_change_since(struct db *db, const struct item_head *after, int64_t *items,
    size_t limit, size_t *n, bool *whole, struct err *e);
/* Take away what is older than an hour; the last of each node stays. */
MUST_USE enum code item_change_prune(struct store *st, int64_t now_ms, struct err *e);

#endif
