/* office/ask_matrix.h - units by directives: how far each unit has come with each, and how long every step took.
 *
 * One statement reads the cells. Whoever may see an item whole (ask_tree.h) sees all units in it; the others see the cells of their units,
 * of those below, and what they sent. */
#ifndef OFFICE_ASK_MATRIX_H
#define OFFICE_ASK_MATRIX_H

#include "office/ask_tree.h"

enum { ASK_CELLS_MAX = 50000, MATRIX_COLUMNS_MAX = 60 };

enum matrix_sort {
    MATRIX_BY_UNIT = 0, /* as the organisation stands */
    MATRIX_SLOWEST      /* whoever has waited or taken longest first */
};
struct matrix_filter {
    struct str kind;
    int64_t item;           /* 0: any */
    int64_t unit;           /* it and those below; 0: any */
    int64_t from_ms, to_ms; /* when it was sent; to_ms 0: open */
    bool unfinished;        /* only cells that are still open, and rows and columns that have one */
    enum matrix_sort sort;
};
struct matrix_cell {
    int64_t ask; /* 0: was not asked */
    enum ask_state state;
    struct str word;
    int64_t sent_ms, seen_ms, received_ms, answered_ms, due_ms; /* answered_ms: the last word */
    int64_t reminded;
    bool may_chase; /* open, and the viewer may remind */
};
/* Of the cells that came so far; 0: none did. */
struct matrix_pace {
    size_t seen, answered; /* how many */
    int64_t seen_ms;       /* median from sent to seen */
    int64_t reply_ms;      /* median from seen to answered */
    int64_t total_ms;      /* median from sent to answered */
    int64_t slowest_ms;    /* the longest from sent to answered */
    int64_t waiting_ms;    /* the longest that is open */
};
struct matrix_row {
    int64_t unit;
    struct str name;
    int depth;
    struct matrix_cell *cells; /* one for each column */
    struct ask_count count;
    struct matrix_pace pace;
};
struct matrix_column {
    int64_t item;
    struct str number, title;
    int64_t sent_ms; /* the first of its cells */
    struct ask_count count;
    struct matrix_pace pace;
};
struct matrix {
    struct matrix_row *rows;
    struct matrix_column *columns; /* the newest first */
    size_t n_rows, n_columns;
    size_t n_left_out; /* columns behind MATRIX_COLUMNS_MAX */
    struct ask_count total;
    struct matrix_pace pace;
};
/* A unit that was asked twice in one item stands with the later ask; what was withdrawn or void is left out. E_LIMIT above ASK_CELLS_MAX. */
MUST_USE enum code ask_matrix(struct db *db, struct arena *a, const struct actor *by,
    const struct matrix_filter *f, struct matrix *out, struct err *e);

/* The same as a workbook: the matrix, every receipt with its instants, the times by unit, and what it holds. */
struct matrix_export {
    struct str kind_name, who;
    struct str said; /* the conditions in words */
    int64_t now_ms;
    int zone;
    const char *tmp_dir;
};
MUST_USE enum code ask_matrix_export(
    const struct matrix *m, const struct matrix_export *x, const char *path, struct err *e);
/* Inside a write: that it was taken away, into the chain. */
MUST_USE enum code ask_matrix_export_note(
    struct db *db, int64_t by, const struct matrix_export *x, int64_t cells, struct err *e);
int64_t ask_matrix_cells(const struct matrix *m);

#endif
