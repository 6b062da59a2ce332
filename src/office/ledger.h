/* office/ledger.h - ledgers (台账): the items of one kind as a table, for the page, the export and the command line.
 *
 * Columns are what the kind names under `ledger`, and any other of its fields. Conditions come by name, as they stand in the address
 * of the page: q, cols, state, open, light, urgency, owner, unit, opened.from, opened.to (and closed, due), f.FIELD, f.FIELD.from, f.FIELD.to,
 * box, sort, dir, and fig.* for the items behind a figure (figures_item.h). What the viewer may not see is in no row,
 * and neither filters nor sorts. */
#ifndef OFFICE_LEDGER_H
#define OFFICE_LEDGER_H

#include "office/item.h"

enum {
    LEDGER_COLUMNS_MAX = 40,
    LEDGER_EXPORT_ROWS = 100000,
    LEDGER_PRINT_ROWS = 2000,
    LEDGER_CELL_BYTES = 64 << 10, /* of one cell; longer ones are cut and say so */
};

enum ledger_own {
    OWN_FIELD = 0, /* not one of these: a field of the kind */
    OWN_NUMBER,
    OWN_TITLE,
    OWN_STATE,
    OWN_LIGHT,
    OWN_URGENCY,
    OWN_OWNER,
    OWN_UNIT,
    OWN_OPENED,
    OWN_CLOSED,
    OWN_DUE,
    OWN_LEVEL,
    N_OWN
};
/* How a column looks, sorts and is asked for. */
enum ledger_type {
    LEDGER_TEXT = 1,
    LEDGER_LONG,
    LEDGER_NUMBER,
    LEDGER_DAY,
    LEDGER_MINUTE,
    LEDGER_CHOICE,
    LEDGER_PERSON,
    LEDGER_UNIT,
    LEDGER_OTHER /* documents, items, files, tables: shown, not asked for */
};
struct ledger_column {
    struct str id, name;
    enum ledger_own own;
    enum ledger_type type;
    const struct kind_field *field; /* NULL where own */
    bool sorts, filters;
    bool sums, averages; /* at the foot */
};
struct ledger {
    const struct kind *k; /* the newest version */
    struct ledger_column columns[LEDGER_COLUMNS_MAX + KIND_FIELDS_MAX];
    size_t n;
    size_t usual[LEDGER_COLUMNS_MAX]; /* what the kind names */
    size_t n_usual;
};
/* Also of a kind that is switched off. */
MUST_USE enum code ledger_open(
    struct db *db, const struct actor *by, struct str kind, struct ledger *out, struct err *e);
size_t ledger_column_of(const struct ledger *l, struct str id); /* SIZE_MAX: none */
/* "number,title,due": ids in order; unknown ones are passed over where `kind` has changed since they were kept. */
void ledger_columns_read(
    const struct ledger *l, struct str list, size_t out[LEDGER_COLUMNS_MAX], size_t *n);
struct str ledger_columns_write(const struct ledger *l, struct arena *a, const size_t *v, size_t n);

/* ---- conditions ---- */
struct ledger_word {
    struct str name, value;
};
struct ledger_query {
    struct item_filter f;
    struct step_filter step;            /* f.step points here */
    struct str sort;                    /* id of a column; empty: by opening, the newest first */
    bool any;                           /* there is a condition */
    bool figure;                        /* only what a figure counts */
    size_t columns[LEDGER_COLUMNS_MAX]; /* `cols`, or what the kind names */
    size_t n_columns;
    struct str said; /* the conditions in words: "状态：办理中；牵头单位：财务部" */
};
/* Persons and units by id, or by name or login where that is one. E_INPUT for a name or value that is not known: what does not
 * hold must not look as if it did. */
MUST_USE enum code ledger_query_read(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_word *v, size_t n, struct ledger_query *out,
    struct err *e);

/* The person or unit of this id, login, code, full or short name; *n: how many bear it, 0: nobody. */
MUST_USE enum code ledger_named(struct db *db, struct arena *a, bool person, struct str value,
    int64_t *id, int *n, struct err *e);

/* ---- rows ---- */
struct ledger_cell {
    struct str text; /* the whole of it, lines by '\n'; days and instants as they are written */
    enum light_colour light;
    bool real;    /* day, instant or number: what stands in `value` */
    double value; /* number; day: days since 1970; instant: minutes since 1970 on the wall */
};
struct ledger_row {
    int64_t id;
    struct str title;
    struct ledger_cell *cells; /* one for each column asked for */
};
struct ledger_page {
    struct ledger_row *rows;
    size_t n;
    int64_t total; /* as item_page */
    struct str next;
};
MUST_USE enum code ledger_read(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_query *q, size_t limit, struct ledger_page *out,
    struct err *e);
/* Sums and means of number columns over everything the query finds: exact, by decimals. E_LIMIT above ITEM_TOTAL_EXACT items. */
struct ledger_sum {
    size_t column; /* index into the ledger's */
    int64_t n;     /* items that have a number there */
    struct str sum, mean;
};
MUST_USE enum code ledger_sums(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct ledger_query *q, struct ledger_sum **out, size_t *n,
    struct err *e);

/* ---- export ---- */
/* Everything the query finds, as XLSX into a new file `path`: a sheet with a frozen head, filters, real days and numbers and the
 * stable id in the first column, and a sheet 说明. Memory stays flat. Rows beyond LEDGER_EXPORT_ROWS: E_LIMIT. The caller logs it. */
struct ledger_export {
    struct str who;      /* stands on the second sheet */
    const char *tmp_dir; /* where the writer may put what it cannot hold */
};
MUST_USE enum code ledger_export(struct db *db, const struct actor *by, const struct ledger *l,
    const struct ledger_query *q, const struct ledger_export *x, const char *path, int64_t *rows,
    struct err *e);
/* Inside a write: that it was taken out, with what was asked for. */
MUST_USE enum code ledger_export_note(struct db *db, const struct actor *by, const struct ledger *l,
    struct str said, int64_t rows, struct err *e);
/* "督办台账20261123.xlsx" */
struct str ledger_file_name(const struct ledger *l, struct arena *a, int64_t now_ms);

#endif
