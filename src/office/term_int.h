/* office/term_int.h - shared by term.c and term_tsv.c. */
#ifndef OFFICE_TERM_INT_H
#define OFFICE_TERM_INT_H

#include "office/term.h"

/* term_save without its event: what a new office begins with is one event together. */
MUST_USE enum code term_put(
    struct db *db, const struct term_row *t, int64_t by, int64_t *id, struct err *e);

#endif
