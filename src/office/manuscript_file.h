/* office/manuscript_file.h - pictures of a manuscript (文稿的图片), which its text names in a line [图：名称]. docs/design/desk.md.
 *
 * A picture is drawn anew in the cage on its way in (paper/redraw.h): a PNG without EXIF, as wide as the text at 300 dots an inch at most. A
 * file is never taken away, only marked: versions keep what they named. */
#ifndef OFFICE_MANUSCRIPT_FILE_H
#define OFFICE_MANUSCRIPT_FILE_H

#include "office/manuscript.h"
#include "office/office.h"
#include "paper/official.h"
#include "store/blob.h"

enum {
    MANUSCRIPT_FILES_MAX = 40,          /* of one manuscript */
    MANUSCRIPT_FILE_IN_MAX = 20 << 20,  /* bytes as they come */
    MANUSCRIPT_FILE_MAX = 16 << 20,     /* drawn anew */
    MANUSCRIPT_FILES_BYTES = 100 << 20, /* of one manuscript */
    MANUSCRIPT_FILE_NAME_CP_MAX = 60,
    MANUSCRIPT_FILE_DOTS = 1843 /* 156 mm at 300 an inch */
};

struct manuscript_file {
    int64_t id;
    struct str name; /* without .png */
    struct str blob; /* digest */
    int64_t size;
    int wide, high;  /* dots */
    int width_tenth; /* tenths of a millimetre on paper; 0: by its dots */
    int64_t made_ms, made_by;
    struct str made_name;
};

/* 组织架构图.png -> 组织架构图 */
struct str manuscript_file_name(struct str name);
/* Does the text name it? */
bool manuscript_file_used(struct str text, struct str name);

/* Judged, not yet written. */
struct manuscript_picture {
    struct str name; /* empty: the next of 图1, 图2 … that is free */
    struct blob_source blob;
    int wide, high, width_tenth;
};
/* Outside a write, from any thread. E_INPUT: no picture; E_LIMIT: too large. */
MUST_USE enum code manuscript_file_judge(struct office *o, struct arena *a, struct str bytes,
    struct str name, double width_mm, struct manuscript_picture *out, struct err *e);

/* Inside a write, by who may write the text; E_CONFLICT while it is locked, or where the name is taken. */
MUST_USE enum code manuscript_file_put(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct manuscript_picture *f, struct manuscript_file *out, struct err *e);
/* The same rights; E_CONFLICT while the text names it. */
MUST_USE enum code manuscript_file_remove(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t file, struct err *e);
/* In order of coming. Whoever reads the manuscript. */
MUST_USE enum code manuscript_files(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_file **out, size_t *n, struct err *e);
/* For blob_read of out->blob; removed ones too. */
MUST_USE enum code manuscript_file_open(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t file, struct manuscript_file *out, struct err *e);

/* ---- in a document ---- */

/* The pictures of a document get the bytes of the file with their name, or only its dots and its address. */
MUST_USE enum code manuscript_files_fill(struct db *db, struct arena *a,
    const struct manuscript_file *v, size_t n, struct official *d, struct err *e);
void manuscript_files_link(
    struct arena *a, int64_t id, const struct manuscript_file *v, size_t n, struct official *d);

/* ---- in a version: what its text names, a line each, in the order of the text ---- */
MUST_USE enum code manuscript_files_named(
    struct db *db, struct arena *a, int64_t id, struct str text, struct str *list, struct err *e);
size_t manuscript_files_listed(struct arena *a, struct str list, struct manuscript_file **out);
/* Inside a write: those of the list stand under their names again. */
MUST_USE enum code manuscript_files_restore(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct str list, struct err *e);

#endif
