/* text/diff.h - the differences of two texts, character by character inside aligned sentences.
 *
 * Sentences are aligned first: those that occur once in both are anchors (longest ascending run, as in
 * patience diff), the gaps between are paired by similarity in order; inside a pair, Myers' O(ND) diff
 * in linear space (Myers 1986) over code points. Work is bounded: where two pieces share too little, one
 * is removed and the other added as a whole, and `coarse` says so. */
#ifndef TEXT_DIFF_H
#define TEXT_DIFF_H

#include "base/arena.h"
#include "base/str.h"

enum diff_kind { DIFF_SAME = 1, DIFF_REMOVED, DIFF_ADDED };

/* The ops cover both texts in order and without gaps. REMOVED covers nothing of y, ADDED nothing of x; a
 * replacement is a REMOVED followed by an ADDED. */
struct diff_op {
    enum diff_kind kind;
    size_t x, x_n, y, y_n;             /* bytes */
    size_t x_cp, x_n_cp, y_cp, y_n_cp; /* code points */
};

struct diff {
    struct diff_op *ops;
    size_t n;
    size_t same_cp, removed_cp, added_cp;
    bool coarse; /* the bound on work was met: a smaller difference may exist */
};

/* x is the older text, y the newer; both valid UTF-8 (other bytes compare as U+FFFD). Results live in
 * `a`. E_LIMIT above DIFF_CP_MAX code points together. */
enum { DIFF_CP_MAX = 4 << 20 };
MUST_USE enum code diff_texts(
    struct arena *a, struct str x, struct str y, struct diff *out, struct err *e);
/* Twice the common characters over all characters, 0..1; 1 for two empty texts. */
double diff_ratio(const struct diff *d);

#endif
