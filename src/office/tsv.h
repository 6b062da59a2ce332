/* office/tsv.h - tables that people hand in: UTF-8 text, columns parted by tabs, a head line with the names of
 * the columns in any order; lines with # and empty ones are passed over. Every error names file, line and column. */
#ifndef OFFICE_TSV_H
#define OFFICE_TSV_H

#include "base/arena.h"

enum { TSV_COLUMNS = 16, TSV_ROWS = 50000 };

struct tsv_column {
    const char *name;
    bool required; /* the column must be there; its cells may be empty all the same */
};
struct tsv {
    const char *file;
    const struct tsv_column *columns;
    int n;
    int at[TSV_COLUMNS]; /* where column i stands in the text, from 0; -1: missing */
    struct str rest;
    int64_t line;                 /* of the present row, from 1 */
    struct str cell[TSV_COLUMNS]; /* of the present row, by column i, trimmed; views of the text */
};
/* Reads the head line. E_INPUT: not UTF-8, a column missing, twice, or unknown. */
MUST_USE enum code tsv_begin(struct tsv *t, struct str text, const char *file,
    const struct tsv_column *columns, int n, struct err *e);
/* *more false behind the last row. E_INPUT for a row with more cells than the head. */
MUST_USE enum code tsv_next(struct tsv *t, bool *more, struct err *e);
/* Put “文件”第3行第2列（姓名）： before the message of a failure; `line` as tsv.line was. */
enum code tsv_at(const struct tsv *t, int64_t line, int column, struct err *e);

#endif
