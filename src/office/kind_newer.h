/* office/kind_newer.h - what a newer program delivers for a kind that the office holds already.
 *
 * kind_seed leaves a kind alone that is there, since the office may have changed it; so what the program brings later is shown, and taken
 * over by hand. What the office began from is the last version that nobody made (made_by 0). Knobs it
 * turned since (kind_patch.h) are turned again in the delivered text; what it wrote in the file besides is merged by lines. Where both changed the same,
 * the office's words stand, and are told. Taking over keeps the delivered text as a version of its own, so that the next time begins there. */
#ifndef OFFICE_KIND_NEWER_H
#define OFFICE_KIND_NEWER_H

#include "office/kind_patch.h"

enum newer_sort { NEWER_ADDED = 1, NEWER_CHANGED, NEWER_GONE };
struct newer_row {
    enum newer_sort sort;
    struct str what;          /* 字段“牵头单位”：填写说明 */
    struct str before, after; /* in words; before empty where added, after where it goes */
};
struct kind_newer {
    bool any;    /* else all the rest is empty */
    int64_t now; /* the version it would change */
    struct str delivered, merged;
    struct newer_row *rows; /* what taking it over changes */
    size_t n_rows;
    struct str *plus, *minus; /* lines of the text that come, that go */
    size_t n_plus, n_minus;
    struct newer_row
        *kept; /* changed by both: `before` is the office's and stays, `after` was delivered */
    size_t n_kept;
    struct str
        problem; /* why it cannot be taken over by itself: what was merged is no kind; or empty */
};
/* A kind the program does not deliver has none. E_NOTFOUND: no such kind. */
MUST_USE enum code kind_newer_get(
    struct db *db, struct arena *a, struct str kind, struct kind_newer *out, struct err *e);
/* Only whether there is any: no text is merged unless the delivered one differs from the one begun from. */
MUST_USE enum code kind_newer_any(
    struct db *db, struct arena *a, struct str kind, bool *any, struct err *e);
/* Inside a write. `seen`: the version whose preview the person saw, 0: does not matter. E_CONFLICT: there is a newer one; E_NOTFOUND:
 * nothing to take over; E_INPUT: `problem`. */
MUST_USE enum code kind_newer_take(
    struct db *db, struct str kind, int64_t seen, int64_t by, int64_t *version, struct err *e);

#endif
