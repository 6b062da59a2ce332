/* text/runs.h - what two texts have in common word for word: the longest runs of the same characters, punctuation and blanks left out;
 * none goes over the end of a line.
 *
 * For a text against some hundreds of others that are in no corpus. What repeats with changes is corpus_match's matter (text/match.h). */
#ifndef TEXT_RUNS_H
#define TEXT_RUNS_H

#include "base/arena.h"

enum { RUNS_MIN = 20 }; /* characters of the shortest run that is told */

struct run {
    size_t begin_cp, end_cp;             /* in the text */
    size_t other_begin_cp, other_end_cp; /* in the other */
    size_t chars;                        /* that count */
};
/* A text made ready to be compared; lives in `a`, borrows nothing. */
struct runs;
struct runs *runs_of(struct arena *a, struct str text);
size_t runs_chars(const struct runs *r); /* characters of it that count */
/* The runs in the order of the text, none over another; the longest wins. Returns how many. */
size_t runs_against(const struct runs *r, struct arena *a, struct str other, struct run **out);

#endif
