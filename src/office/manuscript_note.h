/* office/manuscript_note.h - comments (批注) and suggestions (修改建议) on spans of a manuscript, by whoever reads it.
 *
 * A span is kept in UTF-16 units of the text behind some update, and is mapped over what was written since: what is put in front of it or behind it
 * is outside. A suggestion is accepted as one more update, where its span still holds the words it was made on. */
#ifndef OFFICE_MANUSCRIPT_NOTE_H
#define OFFICE_MANUSCRIPT_NOTE_H

#include "office/manuscript.h"

enum {
    NOTE_WORDS_CP_MAX = 2000,
    NOTE_PUT_CP_MAX = 5000,
    NOTE_PROPOSER_CP_MAX = 30,
    NOTES_MAX = 1000 /* of one manuscript, with replies */
};
enum note_sort { NOTE_COMMENT = 1, NOTE_SUGGESTION, NOTE_REPLY };
enum note_state {
    NOTE_OPEN = 0,
    NOTE_DONE,     /* a comment that was seen to; a suggestion that was accepted */
    NOTE_REFUSED,  /* a suggestion not taken */
    NOTE_WITHDRAWN /* by who made it */
};

struct manuscript_note {
    int64_t id, manuscript, parent; /* parent: of a reply */
    enum note_sort sort;
    enum note_state state;
    int64_t seq;      /* the text that from and to are of: of a list, the text now */
    int64_t from, to; /* units; from == to: put there, or the words are gone */
    struct str quote; /* what stood there when it was made */
    struct str words; /* the comment; why, of a suggestion: may be empty */
    struct str put;   /* a suggestion: what should stand there instead; empty: nothing */
    bool gone;        /* not one unit of its words is left */
    bool changed;     /* other words stand in its place now */
    int64_t by, made_ms, done_by, done_ms;
    struct str by_name, done_name;
    struct str proposer; /* who proposed it in the room, where `by` only wrote it down; or empty */
    struct str
        author; /* who wrote it in Word; empty: it was written here. `by` then took it over */
    bool may_close, may_refuse, may_accept; /* the actor, now */
};

/* Those of a manuscript, in the order of the text; replies behind what they answer. open: only what is not done. */
MUST_USE enum code manuscript_notes(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, bool open, struct manuscript_note **out, size_t *n, struct err *e);

/* ---- inside a write ---- */
struct note_new {
    enum note_sort sort;
    int64_t seq, from,
        to; /* seq -1: `quote` is looked for in the text now, where it must stand once */
    struct str quote, words, put;
    struct str proposer;
};
MUST_USE enum code manuscript_note_add(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct note_new *x, int64_t *note, struct err *e);
/* Taken over from a Word file, on text 0 of a manuscript that the same write began; the caller holds NOTES_MAX. */
struct note_brought {
    enum note_sort sort;
    int64_t from, to, made_ms; /* made_ms 0: not said */
    struct str quote, words, put, author;
};
MUST_USE enum code manuscript_note_bring(
    struct db *db, const struct actor *by, int64_t id, const struct note_brought *x, struct err *e);
/* E_NOTFOUND where the note is none of this manuscript. */
MUST_USE enum code manuscript_note_on(struct db *db, int64_t id, int64_t note, struct err *e);
MUST_USE enum code manuscript_note_reply(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, struct str words, struct err *e);
/* An own suggestion that is open now says x->put in the place of x->from to x->to of text x->seq. E_CONFLICT: it is not open any more. */
MUST_USE enum code manuscript_note_revise(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, const struct note_new *x, struct err *e);
/* A comment is done by its author and by who writes; a suggestion is accepted (NOTE_DONE) and refused by who writes; who made one withdraws it.
 * A suggestion whose words stand there already (they were put back by hand, or by “redo”) is accepted and nothing is written. client: the editor in which
 * it was asked for (manuscript_change), or empty. *seq: of the text afterwards. E_CONFLICT: it is not open any more, or its words were changed. */
MUST_USE enum code manuscript_note_close(struct db *db, struct arena *a, const struct actor *by,
    int64_t note, enum note_state state, struct str client, int64_t *seq, struct err *e);
/* A suggestion that the actor accepted is open again, since he took it back in the text: the words it was made on stand there. E_CONFLICT: they do not. */
MUST_USE enum code manuscript_note_reopen(
    struct db *db, struct arena *a, const struct actor *by, int64_t note, struct err *e);

/* Every open suggestion of one person (proposer: of what was written down for this name in the room) becomes the text, as one update; those whose
 * words were changed, by another or by one of these, stay as they are. */
struct notes_taken {
    int64_t seq; /* of the text afterwards */
    size_t taken, left;
};
MUST_USE enum code manuscript_notes_accept(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t person, struct str proposer, struct str client, struct notes_taken *out,
    struct err *e);

#endif
