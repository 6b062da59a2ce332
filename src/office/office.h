/* office/office.h - one open data directory: the store, the corpus and the readers, with what the
 * nouns of the office share. Made once by a command or by serve; every office function gets it or a
 * piece of it. Fields are set by office_open and do not change until office_close.
 *
 * Layout of a data directory: qianshao.db (or the database of `url`), index/ (the corpus, derived),
 * lexicon/ (word lists of the unit) and calendar.tsv (holidays, make-up workdays; neither need be there), tmp/ (uploads in progress, emptied at start), qianshao.yaml (configuration), lock, control.sock. */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include "base/calendar.h"
#include "paper/reader.h"
#include "store/store.h"
#include "text/corpus.h"

struct index;    /* follower of the change feed: office/index.h */
struct wordlist; /* office/wordlist.h */
struct kinds;    /* kinds of matter as read: office/kind.h */

struct office {
    struct store *store;
    struct corpus *corpus;
    struct reader_pool *readers;
    struct index *index;
    struct wordlist *words;
    struct kinds *kinds;
    struct calendar
        *calendar; /* the built-in days with calendar.tsv of the data directory over them */
    struct work_hours hours;
    char *dir; /* absolute path */
    int lock;  /* descriptor of the lock file, -1 when read_only */
    bool read_only;
    bool demo;     /* a demonstration: says so on every page, may be given a past */
    bool practice; /* office/practice.h: marked on every page, sends nothing */
};

struct office_options {
    struct str dir;
    struct str url;  /* PostgreSQL, or empty */
    const char *exe; /* what the readers start; NULL: this program */
    int readers;     /* children at most; 0: one for each processor */
    bool create;     /* `init`: make the directory; E_CONFLICT if it holds an office already */
    bool demo;
    bool
        read_only; /* beside a running serve: no lock, no writer, the corpus as it was last saved */
};

/* Open and lock the data directory, bring the schema up to this program, open the corpus. E_NOTFOUND
 * when there is no office in `dir` (with what to do), E_BUSY when another process owns it, E_INPUT
 * when it was written by a newer program. */
MUST_USE enum code office_open(const struct office_options *o, struct office **out, struct err *e);
void office_close(struct office *o);

#endif
