/* office/term.h - the unit's set wording (规范表述): phrases, names, bodies, titles, fixed lists, orders of
 * precedence, and who holds which title from when till when. What text/terms.h checks drafts against.
 *
 * A row is proposed (待定), confirmed (启用) or retired (停用); only confirmed ones are checked against. Every
 * change is an event of the audit chain and raises the row's revision. `by`: the acting person, 0 the system. */
#ifndef OFFICE_TERM_H
#define OFFICE_TERM_H

#include "office/unit.h"
#include "text/terms.h"

enum {
    TERM_NAME_CP = 60, /* characters of a form */
    TERM_FORMS = 60,   /* forms of one list of a row */
    TERM_ROWS = 20000, /* rows of either table */
    TERM_FILE_MAX = 8 << 20,
};

enum term_state { TERM_PROPOSED = 1, TERM_CONFIRMED, TERM_RETIRED, N_TERM_STATE };
const char *term_state_name(enum term_state s);        /* 待定, 启用, 停用 */
const char *term_state_key(enum term_state s);         /* proposed, confirmed, retired */
enum term_state term_state_of(struct str name_or_key); /* 0: none */

/* The lists hold one form a line; days are 'YYYY-MM-DD' or empty (open). */
struct term_row {
    int64_t id;
    enum term_kind kind;
    enum term_state state;
    struct str canonical, wrong, old, also, items;
    struct str from, to, source, note;
    int64_t revision; /* 1, raised by every change */
    int64_t changed_ms;
    struct str changed_name; /* who; empty: the system; set when read */
};
struct holder_row {
    int64_t id;
    enum term_state state;
    struct str person, title, body, from, to, source;
    int64_t revision, changed_ms;
    struct str changed_name;
};

struct term_filter {
    enum term_kind kind;   /* 0: any */
    enum term_state state; /* 0: any */
    struct str text;       /* part of a form or a name; empty: any */
    int64_t offset, limit; /* limit 0: all */
};
/* By kind, then by text; *total: how many pass the filter. */
MUST_USE enum code term_list(struct db *db, struct arena *a, const struct term_filter *f,
    struct term_row **out, size_t *n, int64_t *total, struct err *e);
/* kind is not asked for. By person, latest first. */
MUST_USE enum code holder_list(struct db *db, struct arena *a, const struct term_filter *f,
    struct holder_row **out, size_t *n, int64_t *total, struct err *e);
MUST_USE enum code term_get(
    struct db *db, struct arena *a, int64_t id, struct term_row *out, struct err *e);
MUST_USE enum code holder_get(
    struct db *db, struct arena *a, int64_t id, struct holder_row *out, struct err *e);

/* Inside a write: insert (id 0: a new one is made) or change, *id is the row's. Blank lines and doubles are taken out of the
 * lists. E_INPUT, E_LIMIT: what is wrong with which field; E_CONFLICT: the wording is there already, or somebody
 * changed the row since `revision` (says who and when). */
MUST_USE enum code term_save(
    struct db *db, const struct term_row *t, int64_t by, int64_t *id, struct err *e);
MUST_USE enum code holder_save(
    struct db *db, const struct holder_row *h, int64_t by, int64_t *id, struct err *e);

/* Confirmed rows, made ready for a check. Lives in `a`. *out is NULL when there is no row at all. */
MUST_USE enum code term_tables(struct db *db, struct arena *a, struct terms **out, struct err *e);

#endif
