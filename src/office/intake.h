/* office/intake.h - taking papers in without hands (自动收文): a watched folder, a mailbox, a feed.
 *
 * A source is asked when it is due; what is new in it goes through office/import.h like any file. Originals are
 * never touched: a folder's files stay where they are, mails stay unread (EXAMINE, BODY.PEEK), and
 * what was seen is remembered by a key and a stamp. A crash between taking and remembering
 * makes a duplicate, which import counts and drops. A source that fails is asked again after twice
 * the time each time, at most INTAKE_BACKOFF_MS. Nothing outside is called but the sources that were added.
 *
 * A mailbox's password is kept in DIR/intake.secret (0600), never in the database and so never in a backup; on
 * several nodes the mailbox is asked by the node that holds its password. */
#ifndef OFFICE_INTAKE_H
#define OFFICE_INTAKE_H

#include "office/import.h"

enum intake_kind { INTAKE_FOLDER = 1, INTAKE_MAIL, INTAKE_FEED, N_INTAKE };
const char *intake_kind_name(enum intake_kind k); /* 文件夹, 邮箱, 订阅源 */
/* From "folder", "mail", "feed"; false for anything else. */
bool intake_kind_of(struct str word, enum intake_kind *out);

#define INTAKE_BACKOFF_MS ((int64_t)6 * 3600 * 1000)

struct intake_source {
    int64_t id;
    enum intake_kind kind;
    struct str name;  /* unique, as the office calls it */
    struct str place; /* absolute folder; imaps://HOST[:PORT]/MAILBOX; http(s)://… of a feed */
    struct str user;  /* of a mailbox */
    struct str ca;    /* file of certificates to trust besides the system's, or empty */
    bool
        linked; /* feed: take the document an entry links to (same host only), not the entry's own text */
    bool plaintext; /* mailbox: no TLS; only where the network between is trusted */
    enum doc_level level;
    int64_t category;
    int64_t every_s; /* 5 .. 7 days; 0 when adding: 15 s, 5 min, 30 min by kind */
    bool enabled;
    int64_t next_ms, last_ms; /* when it is asked next, was asked last (0: never) */
    int failures;             /* in a row */
    struct str error;         /* of the last run, or empty */
    struct str state;         /* the kind's own: JSON */
};

/* By name. */
MUST_USE enum code intake_list(
    struct db *db, struct arena *a, struct intake_source **out, size_t *n, struct err *e);
/* E_INPUT for a place that cannot be (a relative folder, another scheme), E_CONFLICT for a name that stands. */
MUST_USE enum code intake_add(struct office *o, const struct intake_source *s, struct str password,
    int64_t by, int64_t *id, struct err *e);
/* The source, what it has seen and its password; the documents stay. */
MUST_USE enum code intake_remove(struct office *o, int64_t id, int64_t by, struct err *e);
MUST_USE enum code intake_enable(
    struct office *o, int64_t id, bool enabled, int64_t by, struct err *e);
/* E_NOTFOUND names it. */
MUST_USE enum code intake_by_name(struct db *db, struct str name, int64_t *id, struct err *e);

/* One asking of one source. */
struct intake_run {
    int64_t id, source, started_ms, finished_ms;
    int64_t found;               /* new things met */
    struct import_counts counts; /* what became of them */
    struct str error;            /* why it stopped early, or empty */
};
/* The newest INTAKE_RUNS_MAX, newest first; source 0: of all. */
enum { INTAKE_RUNS_MAX = 50 };
MUST_USE enum code intake_runs(struct db *db, struct arena *a, int64_t source,
    struct intake_run **out, size_t *n, struct err *e);
/* Ask a source now. *out (its strings in a) also when the source failed: then the result is that
 * failure, noted as such. E_BUSY when it is being asked already. */
MUST_USE enum code intake_run_now(
    struct office *o, struct arena *a, int64_t id, struct intake_run *out, struct err *e);

/* The worker of a serve: one thread that asks each source when it is due. */
struct intake;
MUST_USE enum code intake_start(struct office *o, struct intake **out, struct err *e);
void intake_stop(struct intake *w); /* ends after the thing in work; NULL is allowed */

#endif
