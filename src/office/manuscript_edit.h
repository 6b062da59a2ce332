/* office/manuscript_edit.h - the text of a manuscript and what was written, in order.
 *
 * Every update has a number (seq) of its own, 1, 2, 3 …; text number n is what stands after update n, text 0 what the manuscript began with. */
#ifndef OFFICE_MANUSCRIPT_EDIT_H
#define OFFICE_MANUSCRIPT_EDIT_H

#include "office/manuscript.h"
#include "text/threeway.h"

/* The text after update `seq`; -1: now. *at (may be NULL): which that is. */
MUST_USE enum code manuscript_text(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t seq, struct str *text, int64_t *at, struct err *e);

/* Inside a write: a whole text that was made of text `base`. What others wrote since is merged (text/threeway.h); where both changed one place
 * nothing is written, and n_both says so. E_SECRET, E_LIMIT, E_DENIED (locked). */
struct manuscript_saved {
    int64_t seq;  /* of the text now */
    bool written; /* false: nothing differs, or n_both */
    bool merged;  /* others had written meanwhile */
    struct str
        text; /* what stands now; with n_both: what would, with mine in the places of conflict */
    struct both_changed *both;
    size_t n_both;
};
MUST_USE enum code manuscript_save(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t base, struct str text, struct manuscript_saved *out, struct err *e);

#endif
