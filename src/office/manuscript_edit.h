/* office/manuscript_edit.h - the text of a manuscript and what was written, in order.
 *
 * Every update has a number (seq) of its own, 1, 2, 3 …; text number n is what stands after update n, text 0 what the manuscript began with. */
#ifndef OFFICE_MANUSCRIPT_EDIT_H
#define OFFICE_MANUSCRIPT_EDIT_H

#include "base/json.h"
#include "office/manuscript.h"
#include "text/threeway.h"

/* The text after update `seq`; -1: now. *at (may be NULL): which that is. */
MUST_USE enum code manuscript_text(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t seq, struct str *text, int64_t *at, struct err *e);

/* What was written, in order. A change set (text/edit.h) as JSON was made on the text before it. */
enum {
    PULL_MAX = 500,  /* the same, read */
    CLIENT_MAX = 40, /* bytes of a client's name: a-z 0-9 */
    TEXT_KEPT_EVERY =
        64 /* updates, after which the text is kept whole: so many are gone over to read it */
};
struct manuscript_update {
    int64_t seq;
    struct str client; /* the open editor that made it; empty: a form */
    int64_t number;    /* the client's own, rising */
    struct str changes;
    int64_t at_ms, by;
};
/* The number of the last one, whoever asks; 0 where there is no such manuscript. */
MUST_USE enum code manuscript_seq(struct db *db, int64_t id, int64_t *seq, struct err *e);
/* Those behind `after`, PULL_MAX at most. */
struct manuscript_pulled {
    struct manuscript_update *v;
    size_t n;
    int64_t seq; /* of the last there is */
};
MUST_USE enum code manuscript_pull(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t after, struct manuscript_pulled *out, struct err *e);

/* Inside a write: what one client changed in text `after`: all it did since it sent last, composed into one set. Text, length and secrecy marks are
 * judged behind it. `number` counts the client's changes: what was sent before under this number or a later one (the answer was lost) is not
 * written again. Where others wrote meanwhile, nothing is written and `taken` is false: the client pulls, maps its own over it, sends again. */
struct manuscript_push {
    int64_t after;
    struct str client;
    int64_t number;
    const json_t *changes;
};
struct manuscript_pushed {
    bool taken;
    int64_t seq; /* of the text now */
};
MUST_USE enum code manuscript_push(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, const struct manuscript_push *p, struct manuscript_pushed *out, struct err *e);

/* Inside a write: a whole text that was made of text `base`. What others wrote since is merged (text/threeway.h); where both changed one place
 * nothing is written, and n_both says so. E_SECRET, E_LIMIT, E_DENIED (locked). */
struct manuscript_saved {
    int64_t seq;  /* of the text now */
    bool written; /* false: nothing differs, or n_both */
    bool merged;  /* others had written meanwhile */
    struct str
        text; /* what stands now; with n_both: what would, with mine in the places of conflict */
    struct both_changed *both;
    size_t n_both;
};
MUST_USE enum code manuscript_save(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, int64_t base, struct str text, struct manuscript_saved *out, struct err *e);

#endif
