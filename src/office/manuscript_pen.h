/* office/manuscript_pen.h - pen corrections on paper (笔改): somebody corrected a printed version with a pen, a clerk enters what stands there.
 *
 * A round is of one version, that which was printed; its text is corrected apart, while others may go on writing. Finished, the corrected text is frozen
 * as a version that bears the corrector's name and the day, so that the two versions differ by his pen alone (manuscript_two, manuscript_redline); what he changed is
 * merged into the text now (text/threeway.h). A second person looks at the paper again and says whether it was entered right, as with 代录 of remarks.
 *
 * Table manuscript_pen. Who writes the manuscript enters; who reads it sees the rounds. */
#ifndef OFFICE_MANUSCRIPT_PEN_H
#define OFFICE_MANUSCRIPT_PEN_H

#include "office/manuscript.h"
#include "text/threeway.h"

enum { PENS_MAX = 200, PEN_NAME_CP_MAX = 20, PEN_WORDS_CP_MAX = 300 };
enum pen_state { PEN_OPEN = 0, PEN_DONE, PEN_DROPPED };
enum pen_check { PEN_UNCHECKED = 0, PEN_RIGHT, PEN_WRONG };

struct manuscript_pen {
    int64_t id, manuscript, version; /* version: that was printed */
    int64_t person;                  /* the corrector, where he has an account */
    struct str corrector, day;       /* day: YYYY-MM-DD, on which he did */
    enum pen_state state;
    int64_t result; /* the version with his corrections; 0: not finished */
    int64_t clerk, begun_ms, done_ms;
    enum pen_check check;
    int64_t check_by, check_ms;
    struct str check_words;
    struct str version_name, clerk_name, check_name;
    bool may_enter, may_check; /* the actor, now */
};

/* Newest first. */
MUST_USE enum code manuscript_pens(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct manuscript_pen **out, size_t *n, struct err *e);
/* text, printed (may be NULL): as corrected so far, as it was printed. */
MUST_USE enum code manuscript_pen_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, struct manuscript_pen *out, struct str *text, struct str *printed, struct err *e);

/* ---- inside a write ---- */
struct pen_new {
    int64_t manuscript, version, person;
    struct str corrector, day;
};
MUST_USE enum code manuscript_pen_begin(struct db *db, struct arena *a, const struct actor *by,
    const struct pen_new *p, int64_t *pen, struct err *e);
/* SM3 of what is entered so far, as it was read by who goes on with it: two clerks at one round do not write over each other. E_CONFLICT: somebody
 * entered something since. */
MUST_USE enum code manuscript_pen_same(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, struct str of, struct err *e);
struct str manuscript_pen_digest(struct arena *a, struct str text);
/* As far as it is entered; E_SECRET. */
MUST_USE enum code manuscript_pen_keep(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, struct str text, struct err *e);
/* Where others changed the same place since it was printed nothing is written, and n_both says so; with `mine` the pen prevails there. */
struct pen_done {
    int64_t version; /* 0: nothing was written */
    int64_t seq;     /* of the text now */
    struct both_changed *both;
    size_t n_both;
};
MUST_USE enum code manuscript_pen_finish(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, struct str text, bool mine, struct pen_done *out, struct err *e);
MUST_USE enum code manuscript_pen_drop(
    struct db *db, struct arena *a, const struct actor *by, int64_t pen, struct err *e);
/* By another than who entered it. Wrong: with words. */
MUST_USE enum code manuscript_pen_check(struct db *db, struct arena *a, const struct actor *by,
    int64_t pen, bool right, struct str words, struct err *e);

#endif
