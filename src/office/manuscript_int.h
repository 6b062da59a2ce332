/* office/manuscript_int.h - what the files of a manuscript tell each other. */
#ifndef OFFICE_MANUSCRIPT_INT_H
#define OFFICE_MANUSCRIPT_INT_H

#include "office/manuscript.h"
#include "text/edit.h"

/* UTF-8, lines parted by '\n' alone, MANUSCRIPT_CP_MAX. */
MUST_USE enum code manuscript_check_text(struct str text, struct err *e);
MUST_USE enum code manuscript_check_secret(struct str title, struct str text, struct err *e);
int64_t manuscript_chars(struct str text); /* without line ends and blanks around them */

MUST_USE enum code manuscript_stands(
    const struct manuscript *m, struct err *e); /* E_CONFLICT: given up */
/* Inside a write: the text it begins with. */
MUST_USE enum code manuscript_begin_text(struct db *db, int64_t id, struct str text, struct err *e);
/* Inside a write: its text went from from_seq to seq. E_CONFLICT where somebody was first, or locked it. */
MUST_USE enum code manuscript_written(struct db *db, const struct actor *by, int64_t id,
    int64_t from_seq, int64_t seq, int64_t chars, struct err *e);

/* Change sets behind text `from` up to text `to`, as one. */
MUST_USE enum code manuscript_changes(struct db *db, struct arena *a, int64_t id, int64_t from,
    int64_t to, struct edit *out, struct err *e);
/* The same one by one, to - from of them. A place is followed over these: where all that stood about it went, one set of many no longer tells what was
 * put in front of it and what behind. */
MUST_USE enum code manuscript_steps(struct db *db, struct arena *a, int64_t id, int64_t from,
    int64_t to, struct edit **out, size_t *n, struct err *e);
/* A span behind x: what is put in front of it or behind it is outside; empty where nothing of it is left. */
void manuscript_span_follow(const struct edit *x, int64_t *from, int64_t *to);
/* Inside a write: `x` was made on the text now, which MANUSCRIPT_WRITE lets the actor change. *seq: of the text afterwards. */
MUST_USE enum code manuscript_change(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct edit *x, int64_t *seq, struct err *e);
/* Inside a write: the open notes stand in text `seq`; now and then, so that few updates lie between (manuscript_note.c). */
MUST_USE enum code manuscript_notes_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct err *e);
/* Inside a write: a text that need not be the one now, as a version (manuscript_freeze has judged, or manuscript_pen_finish). */
MUST_USE enum code manuscript_freeze_text(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t seq, struct str name, struct str text, int64_t *version, struct err *e);
/* The same of parts (manuscript_part.c). */
MUST_USE enum code manuscript_parts_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct str text, struct err *e);

#endif
