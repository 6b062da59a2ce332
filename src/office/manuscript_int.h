/* office/manuscript_int.h - what the files of a manuscript tell each other. */
#ifndef OFFICE_MANUSCRIPT_INT_H
#define OFFICE_MANUSCRIPT_INT_H

#include "office/manuscript.h"
#include "text/edit.h"

/* UTF-8, lines parted by '\n' alone, MANUSCRIPT_CP_MAX. */
MUST_USE enum code manuscript_check_text(struct str text, struct err *e);
MUST_USE enum code manuscript_check_secret(struct str title, struct str text, struct err *e);
/* manuscript_count.c. Characters that are no blanks: of the main text (its title too; not the words in front, 版头, 版记, annexes), as the desk counts
 * them; and all there are. */
int64_t manuscript_chars(struct str text);
int64_t manuscript_letters(struct str text);

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
/* A span of text `seq`, in units: a note's, or that of the line a part begins with (manuscript_span.c). Pure insertions at either end stay outside,
 * words put in the place of its own ones are inside; where nothing of it is left it is empty, and stays where it ended. */
struct manuscript_span {
    int64_t seq, from, to;
};
void manuscript_span_follow(const struct edit *x, struct manuscript_span *v);
/* All of them to text `seq`, step by step, the changes read once. */
MUST_USE enum code manuscript_spans_follow(struct db *db, struct arena *a, int64_t id, int64_t seq,
    struct manuscript_span *v, size_t n, struct err *e);
/* Inside a write: `x` was made on the text now, which MANUSCRIPT_WRITE lets the actor change. client: the open editor in which it was asked for, or
 * empty; its update bears the name with number 0, so that it is none of those the client itself sent. *seq: of the text afterwards. */
MUST_USE enum code manuscript_change(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct edit *x, struct str client, int64_t *seq, struct err *e);
/* Inside a write: the open notes stand in text `seq`; now and then, so that few updates lie between (manuscript_note.c). */
MUST_USE enum code manuscript_notes_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct err *e);
/* Inside a write: a text that need not be the one now, as a version (manuscript_freeze has judged, or manuscript_pen_finish). */
MUST_USE enum code manuscript_freeze_text(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t seq, struct str name, struct str text, int64_t *version, struct err *e);
/* Inside the write that froze it: the sheets of paper it was entered from. */
MUST_USE enum code manuscript_version_paper(
    struct db *db, int64_t version, struct str list, struct err *e);
/* As manuscript_notes_follow, of parts (manuscript_part.c). */
MUST_USE enum code manuscript_parts_follow(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct str text, struct err *e);

#endif
