/* office/evidence.h - 检查取证包: what an inspection is handed about matters, and what is missing in them.
 *
 * In two steps, each done by a job of serve with its progress in the row. First the list of gaps: every matter of the scope is
 * held against the table of rules in evidence_gap.c (收文无批示, 回执未交, 逾期未说明 ...). It is private: who asked sees it, and
 * the chief; it is in no file that is handed out. Then, when the person says so, the pack: one paged PDF (cover, directory, each
 * matter with its sheets, receipts, chronicle, links, pictures and list of files), one workbook (directory, ledgers, receipts,
 * files), and on demand a zip with the files themselves. All are kept with their SM3; taking one out is noted in the log of reading.
 *
 * A pack holds what its maker may see and nothing else. Others do not see it, but for the chief, and him only where no matter
 * of it is 工作秘密. A clause of an inspection (data/clauses.tsv, and clauses.tsv of the data directory over it) says
 * which kinds are looked at, which rules count and which fields must be filled. Tables evidence, evidence_gap. */
#ifndef OFFICE_EVIDENCE_H
#define OFFICE_EVIDENCE_H

#include "office/item.h"
#include "office/office.h"

enum {
    EVIDENCE_ITEMS_MAX = 5000,
    EVIDENCE_GAPS_MAX = 20000,
    EVIDENCE_PICTURES_MAX = 300, /* of one pack */
    EVIDENCE_CLAUSES_MAX = 200,
    EVIDENCE_KEPT = 200 /* packs of one list */
};
#define EVIDENCE_ZIP_MAX ((int64_t)200 << 20) /* bytes of all files in the zip */

enum evidence_state {
    EVIDENCE_LOOK = 1, /* the gaps are waited for */
    EVIDENCE_READY,    /* the gaps are there */
    EVIDENCE_MAKE,     /* the pack is waited for */
    EVIDENCE_DONE,
    EVIDENCE_FAILED
};
const char *evidence_state_name(enum evidence_state s);

struct evidence_scope {
    int64_t item;                /* one matter with all that is linked to it; 0: by the rest */
    struct str kind, clause;     /* ids; empty: every kind, no clause */
    struct str from_day, to_day; /* registered between these; empty: open */
    bool zip;                    /* the files too */
};
enum evidence_part { EVIDENCE_PDF = 0, EVIDENCE_BOOK, EVIDENCE_ZIP, EVIDENCE_PARTS };
struct evidence {
    int64_t id, person, at_ms, finished_ms;
    struct str person_name;
    struct evidence_scope scope;
    struct str said; /* the scope in words */
    enum evidence_state state;
    bool working;        /* a job has it */
    int64_t done, total; /* matters */
    int64_t items, gaps, pages;
    int level;                         /* the highest of its matters */
    struct str message;                /* what went wrong, or is to be known */
    struct str digest[EVIDENCE_PARTS]; /* SM3 and name of the blob; empty: none */
    int64_t size[EVIDENCE_PARTS];
};
struct evidence_gap {
    struct str rule, name; /* no_remark, 无领导批示 */
    int64_t item;          /* 0: of a run of numbers */
    struct str number, title, said;
};
struct evidence_clause {
    struct str id, name, basis;
    struct str kinds, must, fields; /* words parted by blanks */
};

/* The built-in ones with those of the data directory over them, in order. E_INPUT names file, line and column. */
MUST_USE enum code evidence_clauses(
    struct office *o, struct arena *a, struct evidence_clause **out, size_t *n, struct err *e);
/* Inside a write. E_INPUT: days the wrong way round; E_NOTFOUND: an item that the actor may not see. */
MUST_USE enum code evidence_ask(struct db *db, const struct actor *by,
    const struct evidence_scope *s, int64_t *id, struct err *e);
/* Inside a write: make the pack, the gaps being known. E_CONFLICT: they are not, or it is being made. Who asked alone. */
MUST_USE enum code evidence_make(struct db *db, const struct actor *by, int64_t id, struct err *e);
/* E_NOTFOUND as well where the actor may not see it. */
MUST_USE enum code evidence_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct evidence *out, struct err *e);
/* The newest first, at most EVIDENCE_KEPT. */
MUST_USE enum code evidence_list(struct db *db, struct arena *a, const struct actor *by,
    struct evidence **out, size_t *n, struct err *e);
/* By rule, then by matter. */
MUST_USE enum code evidence_gaps(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct evidence_gap **out, size_t *n, struct err *e);
/* "检查取证包20261123.pdf" */
struct str evidence_file_name(struct arena *a, const struct evidence *ev, enum evidence_part part);

/* ---- the job ---- */
/* What waits longest, if anything does. *did: there was something; its failure is written into the row, not returned. */
MUST_USE enum code evidence_run(struct office *o, int64_t now_ms, bool *did, struct err *e);
struct evidence_maker;
MUST_USE enum code evidence_maker_start(
    struct office *o, struct evidence_maker **out, struct err *e);
void evidence_maker_stop(struct evidence_maker *m); /* NULL is allowed */

#endif
