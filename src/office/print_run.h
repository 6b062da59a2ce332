/* office/print_run.h - printing of final copies: each run with its copies, 份号, fonts that stood in, spoils, reprints; and the offsets of printers
 * and trays for pre-printed paper (套红). Tables print_run, print_tray. Each run and each spoil is an event of the item. */
#ifndef OFFICE_PRINT_RUN_H
#define OFFICE_PRINT_RUN_H

#include "office/item.h"

enum {
    PRINT_COPIES_MAX = 5000,
    PRINT_WHY_CP_MAX = 200,
    PRINT_RUNS_MAX = 200, /* of one item */
    PRINT_TRAYS_MAX = 50,
    PRINT_TRAY_CP_MAX = 40,
    PRINT_SHIFT_MAX = 2000 /* hundredths of a millimetre */
};

/* ---- printers and trays ---- */
struct print_tray {
    int64_t id;
    struct str printer, tray;
    bool preprinted;          /* paper with the red head on it lies there */
    int64_t shift_x, shift_y; /* hundredths of a millimetre, to the right and down */
    int64_t changed_ms;
    struct str changed_name;
};
MUST_USE enum code print_tray_list(
    struct db *db, struct arena *a, struct print_tray **out, size_t *n, struct err *e);
MUST_USE enum code print_tray_get(
    struct db *db, struct arena *a, int64_t id, struct print_tray *out, struct err *e);
/* Inside a write; chiefs and secretaries. id 0: a new one; *id. */
MUST_USE enum code print_tray_save(
    struct db *db, const struct actor *by, const struct print_tray *t, int64_t *id, struct err *e);
MUST_USE enum code print_tray_drop(
    struct db *db, const struct actor *by, int64_t id, struct err *e);
/* A page with a cross 50 mm from the left and from the top of the paper, and rulers: what is measured from the paper's edges tells the offset. */
enum { PRINT_CROSS_MM = 50 };
struct faces;
MUST_USE enum code print_tray_sheet(
    struct arena *a, struct faces *f, const struct print_tray *t, struct buf *pdf, struct err *e);

/* ---- runs ---- */
struct print_run {
    int64_t id, item, version;
    int64_t at_ms, by;
    int64_t copies, first_no; /* first_no 0: without 份号 */
    int64_t tray;             /* 0: red head printed with it, no offset */
    bool preprinted;
    int64_t shift_x, shift_y;
    bool again;           /* 重印 */
    struct str why;       /* of the reprint */
    struct str fonts;     /* that stood in; empty: none */
    struct str fonts_why; /* why the chief let it pass */
    int64_t spoiled;
    struct str spoiled_why;
    struct str by_name, printer;
};
struct print_new {
    int64_t item, revision, tray, copies, first_no;
    struct str why, fonts, fonts_why;
};
/* Inside a write: what the kind lets print (`manuscript: print`). E_CONFLICT: not signed, not numbered; fonts stand in and no chief has confirmed;
 * 份号 that was given before; a reprint without a reason. */
MUST_USE enum code print_begin(
    struct db *db, const struct actor *by, const struct print_new *p, int64_t *run, struct err *e);
/* So many sheets of the run were spoiled and destroyed; added up. */
MUST_USE enum code print_spoil(
    struct db *db, const struct actor *by, int64_t run, int64_t n, struct str why, struct err *e);
MUST_USE enum code print_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct print_run **out, size_t *n, struct err *e);
/* The run for which a chief let just these fonts stand in for this version; NULL: none. What he has looked at once he need not look at again. */
const struct print_run *print_confirmed(
    const struct print_run *v, size_t n, int64_t version, struct str fonts);
/* When the first copy of this version was printed; 0: never. */
MUST_USE enum code print_first(
    struct db *db, int64_t item, int64_t version, int64_t *ms, struct err *e);
/* May the actor print copies of this item? */
MUST_USE enum code print_may(
    struct db *db, const struct actor *by, int64_t item, bool *may, struct err *e);

#endif
