/* office/manuscript_pen_sheet.h - photographs and scans of the paper (纸稿) that a round of pen corrections was entered from.
 *
 * What comes is read in the cage alone and drawn anew page by page (paper/redraw.h); what is kept are PNGs of our own. A sheet is seen by whoever may
 * read the manuscript (manuscript_pen_get) and by nobody else. Finishing the round writes its sheets into the record of the version; one that
 * comes later (the paper was still with the leader) stays with the round and says so. None is taken away after that.
 *
 * Table manuscript_pen_sheet. */
#ifndef OFFICE_MANUSCRIPT_PEN_SHEET_H
#define OFFICE_MANUSCRIPT_PEN_SHEET_H

#include "office/manuscript_pen.h"
#include "office/office.h"
#include "store/blob.h"

enum {
    PEN_SHEETS_MAX = 30,              /* of a round, and of one file */
    PEN_SHEETS_ALL_MAX = 90,          /* of a manuscript: an archive package takes them all */
    PEN_SHEET_IN_MAX = 20 << 20,      /* bytes of a file as it comes */
    PEN_SHEET_MAX = 16 << 20,         /* of a sheet drawn anew */
    PEN_SHEETS_BYTES = 80 << 20,      /* of what comes at once, drawn anew */
    PEN_SHEETS_ALL_BYTES = 150 << 20, /* of a manuscript */
    PEN_SHEET_DOTS = 1500,            /* across: 180 an inch on A4 */
    PEN_SHEET_NAME_CP_MAX = 60
};

struct pen_sheet {
    int64_t id, pen;
    struct str name; /* of the file, with the page where it has several */
    struct str blob; /* digest */
    int64_t size;
    int wide, high; /* dots */
    int64_t made_ms, made_by;
    struct str made_name;
    bool late; /* came when the round was finished */
};

/* ---- judged outside the write, from any thread ---- */
struct pen_picture {
    struct str name;
    struct blob_source blob;
    int wide, high;
};
struct pen_pictures {
    struct pen_picture *v;
    size_t n, cap;
    int64_t bytes;
};
/* The pages of one more file: PNG, JPEG, PDF. E_INPUT: nothing of these, or damaged; E_LIMIT; E_SECRET: its name or a PDF's text bears a mark. */
MUST_USE enum code pen_sheets_judge(struct office *o, struct arena *a, struct str bytes,
    struct str name, struct pen_pictures *out, struct err *e);

/* ---- inside a write ---- */
/* By who may write the manuscript, while the round is open or has been finished. */
MUST_USE enum code pen_sheets_put(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, const struct pen_pictures *v, struct err *e);
/* While the round is open. */
MUST_USE enum code pen_sheet_remove(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, int64_t sheet, struct err *e);
/* One a line: name, digest, bytes, dots. For the record of the version, inside the write that finishes the round. */
MUST_USE enum code pen_sheets_record(
    struct db *db, struct arena *a, int64_t pen, struct str *list, struct err *e);

/* ---- whoever reads the manuscript ---- */
/* In the order they came. */
MUST_USE enum code pen_sheets(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct pen_sheet **out, size_t *n, struct err *e);
/* Of all rounds that were finished, by round, the first one first. */
MUST_USE enum code pen_sheets_all(struct db *db, struct arena *a, const struct actor *by,
    int64_t manuscript, struct pen_sheet **out, size_t *n, struct err *e);
/* For blob_read of out->blob. */
MUST_USE enum code pen_sheet_open(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, int64_t sheet, struct pen_sheet *out, struct err *e);

#endif
