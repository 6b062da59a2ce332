/* office/import.h - taking files into the library: read, judged, described, stored; each by itself.
 *
 * A bad file is one reported outcome and the rest goes on. Again is harmless: what is there already is a
 * duplicate. A file that bears a secrecy mark is refused before anything of it is stored; an
 * image-only file is held (office/held.h) until a person confirms its first page. */
#ifndef OFFICE_IMPORT_H
#define OFFICE_IMPORT_H

#include "office/document.h"
#include "office/office.h"

enum import_outcome {
    IMPORT_TAKEN = 0, /* 已收 */
    IMPORT_DUPLICATE, /* 重复: the same bytes are in the library */
    IMPORT_HELD,      /* 待确认: scanned, no text */
    IMPORT_REFUSED,   /* 拒收: secrecy mark */
    IMPORT_FAILED,    /* 失败: unreadable, too large, of an unknown format */
    N_IMPORT_OUTCOME
};
const char *import_outcome_name(enum import_outcome o);

/* What became of one file. Strings are valid during the call only. */
struct import_result {
    enum import_outcome outcome;
    struct str path;   /* as given; a part of a container is "mail.eml/附件.docx" */
    struct str reason; /* one Chinese line; empty when taken */
    int64_t doc;       /* the document taken, or the one it duplicates; 0 otherwise */
    struct str title;
};

struct import_counts {
    int64_t seen; /* files met so far */
    int64_t of[N_IMPORT_OUTCOME];
    int64_t bytes;
};

struct import_options {
    enum doc_origin origin;
    enum doc_level level; /* of what is taken */
    int64_t category;
    /* import_fd, import_bytes: where it came from, kept with the document; empty: its name. Members of a
     * container lie below it. */
    struct str source;
    int64_t by;  /* person, 0 the system */
    int threads; /* 0: one for each processor */
    /* Called for every file, from one thread at a time; returning false stops after the files in work
     * (what was taken stays taken). May be NULL. */
    bool (*on_result)(void *arg, const struct import_result *r, const struct import_counts *so_far);
    void *arg;
};

/* Take in files and folders (all the way down, hidden files and links out of the tree left out). The
 * failure of a file is not a failure of the call; E_NOTFOUND for a path that is not there. Every query
 * after the call finds what was taken. */
MUST_USE enum code import_paths(struct office *o, const char *const *paths, size_t n,
    const struct import_options *opt, struct import_counts *counts, struct err *e);
/* One file that is open already (an upload, a mail's attachment). fd is read with pread. */
MUST_USE enum code import_fd(struct office *o, int fd, struct str name,
    const struct import_options *opt, struct import_counts *counts, struct err *e);
MUST_USE enum code import_bytes(struct office *o, struct str bytes, struct str name,
    const struct import_options *opt, struct import_counts *counts, struct err *e);

/* What was taken in lately: one row for each call above that met at least one file. */
struct import_job {
    int64_t id, started_ms, finished_ms; /* finished 0: in work, or cut off */
    int64_t by;
    enum doc_origin origin;
    struct str what; /* the first path or the file's name */
    struct import_counts counts;
};
MUST_USE enum code import_jobs(struct db *db, struct arena *a, size_t limit,
    struct import_job **out, size_t *n, struct err *e);
/* What was not taken by a job, with reasons, in order. */
struct import_entry {
    enum import_outcome outcome;
    struct str path, reason;
    int64_t doc;
};
MUST_USE enum code import_entries(struct db *db, struct arena *a, int64_t job, size_t limit,
    struct import_entry **out, size_t *n, struct err *e);

#endif
