/* office/repeal.h - what a document says it repeals (同时废止): the named document, where the library has it
 * under exactly this title and no newer than the repealing one, is marked 已废止 and superseded by it. */
#ifndef OFFICE_REPEAL_H
#define OFFICE_REPEAL_H

#include "office/describe.h"

/* Inside a write: note the statements of `doc` and apply them to what is there already. */
MUST_USE enum code repeal_note(
    struct db *db, int64_t doc, const struct repeal *list, size_t n, struct err *e);
/* Inside a write: apply earlier statements to a document that has just come in. */
MUST_USE enum code repeal_apply_to(struct db *db, int64_t doc, struct str title, struct err *e);

#endif
