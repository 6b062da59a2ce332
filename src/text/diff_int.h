/* text/diff_int.h - the two halves of diff: aligning sentences (diff.c) and characters (diff_chars.c). */
#ifndef TEXT_DIFF_INT_H
#define TEXT_DIFF_INT_H

#include "text/diff.h"

/* Code points of both texts and, for each, whether it is common. What is common in x and y pairs up in
 * order: the ops follow from the two flag arrays. */
struct diff_job {
    struct arena *a;
    const uint32_t *x, *y;
    size_t nx, ny;
    bool *same_x, *same_y;
    int32_t *front, *back; /* furthest points of the two searches, by diagonal */
    int32_t diagonals;     /* room on either side of diagonal 0 */
    int64_t work;          /* steps left; below 0: coarse from here on */
    bool coarse;
};

enum { DIFF_EDITS_MAX = 2000 }; /* edits looked for inside one pair of pieces, each way */

struct diff_box {
    size_t x, x_end, y, y_end;
};
void diff_chars(struct diff_job *j, struct diff_box box);

#endif
