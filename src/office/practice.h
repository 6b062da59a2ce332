/* office/practice.h - a practice office (练习库): made of a demonstration, marked on every page, sends nothing, goes back to its beginning.
 *
 * The mark is a row of the database, so that a copy or a restored backup is one as well; it is never taken away. What it may not do is
 * asked in one place, notice_post_run, through which all that leaves passes. */
#ifndef OFFICE_PRACTICE_H
#define OFFICE_PRACTICE_H

#include "office/office.h"

/* Table `practice`; office_open asks it once (struct office.practice). */
MUST_USE enum code practice_is(struct db *db, bool *yes, struct err *e);
/* From now on: marked, and what it holds now is its beginning (DIR/practice.db). E_DENIED: `o` is no demonstration, so that nobody turns
 * the office's own data into one; E_INPUT on PostgreSQL. Again: the beginning is what it holds now. */
MUST_USE enum code practice_begin(struct office *o, struct err *e);
/* The data directory as it was at practice_begin; its index has to be built anew. Nobody has it open: E_BUSY. E_DENIED: no practice office. */
MUST_USE enum code practice_reset(struct str dir, struct err *e);

#endif
