/* office/repeal.h - what a document says it repeals (同时废止): the document it names, by number where it
 * gives one, else by exactly this title (or as the work that a notice prints), is marked 已废止 and
 * superseded by it, unless it is the newer of the two. */
#ifndef OFFICE_REPEAL_H
#define OFFICE_REPEAL_H

#include "office/describe.h"

/* Inside a write: note the statements of `doc` and apply them to what is there already. */
MUST_USE enum code repeal_note(
    struct db *db, int64_t doc, const struct repeal *list, size_t n, struct err *e);
/* Inside a write: apply earlier statements to a document that has just come in. */
MUST_USE enum code repeal_apply_to(
    struct db *db, int64_t doc, struct str title, struct str docno, struct err *e);

/* The documents that say they repeal the named one, which need not be in the library: by its number, or by its title
 * where the statement gives no number. At most `max`; what the viewer may read is not asked here. */
MUST_USE enum code repeal_of(struct db *db, struct arena *a, struct str title, struct str docno,
    int64_t *by_docs, size_t max, size_t *n, struct err *e);

#endif
