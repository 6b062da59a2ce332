/* paper/redline_int.h - both texts woven into one. Private to the layer. */
#ifndef PAPER_REDLINE_INT_H
#define PAPER_REDLINE_INT_H

#include "paper/docx_out.h"
#include "paper/redline.h"

struct red_piece {
    enum docx_change how;
    struct str text;
};
struct red_para {
    enum block_kind kind;
    int level;
    enum docx_change mark; /* of its end */
    bool row;        /* can be written as a row: its tabs are no changes, or all of it is one */
    size_t first, n; /* of the pieces */
};
struct red_weave {
    struct red_piece *pieces;
    struct red_para *paras;
    size_t n_pieces, cap_pieces, n_paras, cap_paras;
    size_t same_cp, removed_cp, added_cp; /* without ends of paragraphs */
};
MUST_USE enum code red_weave(
    struct arena *a, const struct redline *r, struct red_weave *out, struct err *e);
/* Cells of a row in order: the pieces of the next one, cut at tabs; false after the last. *at begins as {0}. */
struct red_cursor {
    size_t piece, off;
    bool over;
};
/* Takes the next piece of the current cell; false at its end. */
bool red_cell_piece(const struct red_weave *w, const struct red_para *p, struct red_cursor *at,
    struct red_piece *out);
size_t red_cells(const struct red_weave *w, const struct red_para *p);
/* The rows from i on that make one table: where it ends, and how many columns it has. */
size_t red_table(const struct red_weave *w, size_t i, size_t *columns);

#endif
