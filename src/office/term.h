/* office/term.h - the unit's set wording (规范表述): phrases, names, bodies, titles, fixed lists, orders of
 * precedence, and who holds which title from when till when. What text/terms.h checks drafts against.
 *
 * A row is proposed (待定), confirmed (启用) or retired (停用); only confirmed ones are checked against. Every
 * change is an event of the audit chain and raises the row's revision. `by`: the acting person, 0 the system. */
#ifndef OFFICE_TERM_H
#define OFFICE_TERM_H

#include "base/buf.h"
#include "office/unit.h"
#include "text/phrases.h"
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

/* ---- tables in and out: office/tsv.h, columns 种类 规范写法 错误写法 旧称 可用写法 各项 启用日期 停用日期 依据 说明 状态, and
 * 姓名 职务 机构 任职日期 离任日期 依据 状态; forms of one cell are parted by ；. */
enum term_table { TERM_TABLE_WORDING, TERM_TABLE_HOLDERS };
/* Inside a write, all or nothing. A row is known by kind, wording and first day (person, title, body and first day): again is harmless. An
 * empty 状态 is 启用. Errors name file, line and column. */
MUST_USE enum code term_import(struct db *db, enum term_table which, struct str tsv,
    const char *file, int64_t by, struct import_tally *out, struct err *e);
/* Every row, in the form that the import takes. */
MUST_USE enum code term_export(
    struct db *db, enum term_table which, struct buf *out, struct err *e);
/* The built-in public set phrases (lexicon/terms.tsv), as far as they are not there yet: for a new office. */
MUST_USE enum code term_seed(struct db *db, struct err *e);

/* ---- what a row touches ---- */
struct office;
struct viewer;
struct library_hit;
struct document;
/* Documents of the library that the viewer may see and that hold a wrong or old form, or the form outside its days. */
struct term_touch {
    struct str form;
    struct str why; /* 错误写法; 旧称，2023年以后的文件; 停用以后的文件 */
    struct str
        inside; /* a right form that holds this one, so that the figures are too high; or empty */
    struct str query;       /* for the search page, with the years */
    int year_from, year_to; /* 0: open */
    int64_t documents, occurrences;
    struct library_hit *hits; /* the newest */
    size_t n_hits;
};
enum { TERM_TOUCH_HITS = 5, TERM_TOUCHES = 40 };
MUST_USE enum code term_touched(struct office *o, struct arena *a, const struct viewer *v,
    const struct term_row *t, struct term_touch **out, size_t *n, struct err *e);
/* The same for a post: title and name together, after the last day. */
MUST_USE enum code holder_touched(struct office *o, struct arena *a, const struct viewer *v,
    const struct holder_row *h, struct term_touch **out, size_t *n, struct err *e);

/* ---- candidates (text/phrases.h): strings that many documents share, for a person to confirm or dismiss ---- */
enum { TERM_CANDIDATES = 500 };
/* Mine the documents the viewer may see and keep what was found in place of what was there. Seconds on a large library; not inside a
 * write. progress may be NULL. *n: how many. */
MUST_USE enum code term_mine(struct office *o, const struct viewer *v,
    void (*progress)(void *arg, int64_t done, int64_t all), void *arg, size_t *n, struct err *e);
/* Those that are neither in the table nor dismissed, in the order of weight, counted as this viewer may count; what the viewer sees in
 * less than two documents is left out. */
struct term_candidate {
    struct phrase p;
    struct document *examples;
    size_t n_examples;
};
struct term_candidate_page {
    struct term_candidate *v;
    size_t n;
    int64_t total;    /* kept and open, before this viewer's count */
    int64_t mined_ms; /* when they were mined; 0: never */
};
MUST_USE enum code term_candidates(struct office *o, struct arena *a, const struct viewer *v,
    int64_t offset, int64_t limit, struct term_candidate_page *out, struct err *e);
/* Inside a write: never propose it again. */
MUST_USE enum code term_dismiss(struct db *db, struct str phrase, int64_t by, struct err *e);

/* Confirmed rows, made ready for a check. Lives in `a`. *out is NULL when there is no row at all. */
MUST_USE enum code term_tables(struct db *db, struct arena *a, struct terms **out, struct err *e);

#endif
