/* office/import_job.h - the record of what was taken in when, and what was not and why. The rows are
 * written by office/import.c inside its own transactions; import.h has what pages and commands read. */
#ifndef OFFICE_IMPORT_JOB_H
#define OFFICE_IMPORT_JOB_H

#include "office/import.h"

MUST_USE enum code import_job_begin(
    struct db *db, int64_t job, const struct import_options *opt, struct str what, struct err *e);
/* finished_ms 0: still in work. */
MUST_USE enum code import_job_counts(
    struct db *db, int64_t job, const struct import_counts *c, int64_t finished_ms, struct err *e);
MUST_USE enum code import_job_entry(
    struct db *db, int64_t job, int64_t position, const struct import_entry *entry, struct err *e);

#endif
