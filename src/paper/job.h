/* paper/job.h - what every format reader works on: one file becoming one doc, inside its limits.
 *
 * Errors are sticky: the first failure is kept in `failed` and *e, later calls do nothing, and a
 * reader asks job_ok() where it loops. All text that goes in is cleaned here and nowhere else, so
 * the invariants of paper/doc.h hold whatever a format delivers. Private to the layer. */
#ifndef PAPER_JOB_H
#define PAPER_JOB_H

#include "paper/reader.h"
#include "paper/trace.h"

struct job {
    struct arena *a;
    const struct reader_limits *lim;
    struct doc d;
    struct err *e;
    enum code failed;
    size_t file_bytes; /* of the file itself, for the ratio of unpacking */
    size_t text;       /* bytes of text so far */
    size_t unpacked;   /* bytes unpacked so far, all members together */
    size_t members;    /* members of containers seen so far */
    size_t cap_blocks, cap_parts;
    int tables; /* number of the last table */
    int depth;  /* containers around this one */
    struct buf warn;
    struct places *map; /* where the text came from is wanted: filled by readers that can say so */
};

void job_init(struct job *j, struct arena *a, const struct reader_limits *lim, struct err *e);
/* Move the warnings into the doc and give it out; the job is over in any case. */
MUST_USE enum code job_end(struct job *j, struct doc *out);

static inline bool job_ok(const struct job *j)
{
    return j->failed == OK;
}
#define JOB_FAIL(j, c, ...) \
    ((j)->failed != OK ? (j)->failed : ((j)->failed = FAIL((j)->e, (c), __VA_ARGS__)))

/* One block. Blanks at both ends go, as do control characters, soft hyphens and what is no UTF-8;
 * line breaks become '\n', or a blank in a row. An empty one is not added, but for rows. */
void job_block(struct job *j, enum block_kind kind, int level, struct str text);
/* One row; cells are joined by '\t', line breaks and tabs inside them become blanks. A row of empty
 * cells only is not added. */
void job_row(struct job *j, int table, const struct str *cells, size_t n);
/* The same, with what is known about where the text came from (cells: one trace each). */
void job_block_traced(
    struct job *j, enum block_kind kind, int level, struct str text, const struct trace *from);
void job_row_traced(
    struct job *j, int table, const struct str *cells, const struct trace *from, size_t n);
void job_part(struct job *j, struct str name, struct str bytes); /* bytes are not copied */
/* A line for the person; at most thirty are kept. */
void job_warn(struct job *j, const char *fmt, ...) PRINTF(2, 3);
/* A property of the file on one line, cleaned, at most 1,000 characters. */
struct str job_property(struct job *j, struct str s);
/* 'YYYY-MM-DD' from the beginning of an ISO date or a PDF date (D:YYYYMMDD), or empty. */
struct str job_date(struct job *j, struct str s);
/* Count n unpacked bytes: E_LIMIT past unpacked_bytes, or a ratio that no honest file has. */
bool job_unpacked(struct job *j, size_t n);
/* A member's name without path tricks: no drive, no leading '/', no "..", no control characters,
 * at most 255 bytes a piece. Never empty. */
struct str job_member_name(struct job *j, struct str name);

#endif
