/* paper/xlsx_out.h - workbooks, written row by row with flat memory (libxlsxwriter).
 *
 * Text is always text: what begins with '=' is no formula. Days and instants are real ones, as serial numbers with a format. Control
 * characters are left out, and a text beyond the 32,767 units that a cell takes is cut and says so. */
#ifndef PAPER_XLSX_OUT_H
#define PAPER_XLSX_OUT_H

#include "base/arena.h"

enum { XLSX_ROWS_MAX = 1048576, XLSX_COLUMNS_MAX = 200 };

enum xlsx_look {
    XLSX_TEXT = 0,
    XLSX_LONG, /* wrapped, wide */
    XLSX_NUMBER,
    XLSX_DAY,   /* days since 1970 */
    XLSX_MINUTE /* minutes since 1970 on the wall */
};
struct xlsx_head {
    struct str name;
    enum xlsx_look look;
    int width;            /* characters of Latin width; 0: by the look */
    const struct str *of; /* the words that are offered to whoever fills it in */
    size_t n_of;
    bool required; /* stands out */
};

struct xlsx_out;
/* `path` is made or written over when it is closed; `tmp_dir` takes what does not stay in memory. */
struct xlsx_out *xlsx_out_open(const char *path, const char *tmp_dir);
/* Begin a sheet; the one before is finished. Its head is frozen, and filtered where `filter`. `blank` rows below are made ready to be
 * filled in. */
struct xlsx_sheet {
    struct str name;
    const struct xlsx_head *heads;
    size_t n;
    bool filter;
    int blank;
};
MUST_USE enum code xlsx_out_sheet(struct xlsx_out *x, const struct xlsx_sheet *s, struct err *e);
void xlsx_out_text(struct xlsx_out *x, size_t column, struct str text);
void xlsx_out_real(struct xlsx_out *x, size_t column, double value);
/* The row is done. E_LIMIT: the sheet is full. */
MUST_USE enum code xlsx_out_row(struct xlsx_out *x, struct err *e);
/* A row each: what a workbook says of itself. */
struct xlsx_fact {
    const char *name;
    struct str value;
};
MUST_USE enum code xlsx_out_facts(
    struct xlsx_out *x, const struct xlsx_fact *v, size_t n, struct err *e);
/* Write the file. Ends x in any case. */
MUST_USE enum code xlsx_out_close(struct xlsx_out *x, struct err *e);
void xlsx_out_drop(struct xlsx_out *x); /* without a file */

#endif
