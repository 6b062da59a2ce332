/* office/wordlist.h - the word lists of a check: the built-in ones and those of the unit, the folder lexicon/ of the data
 * directory (text/lexicon.h says how a list is written).
 *
 * Read once and kept; read again when a file of the folder has come, gone or changed, so that a new list holds
 * from the next check on. Any number of checks at once. */
#ifndef OFFICE_WORDLIST_H
#define OFFICE_WORDLIST_H

#include "office/office.h"
#include "text/lexicon.h"

struct wordlist;      /* in struct office */
struct wordlist_read; /* the lists as they were read at one time */

/* `dir`: of the office. Nothing is read yet. */
struct wordlist *wordlist_new(const char *dir);
void wordlist_free(struct wordlist *w);

/* The lists as the folder has them now; good until wordlist_give. A folder with a fault is left out as a whole: then these
 * are the built-in lists, and wordlist_problem says what is wrong. */
MUST_USE enum code wordlist_take(struct wordlist *w, struct wordlist_read **out, struct err *e);
void wordlist_give(struct wordlist *w, struct wordlist_read *r);
const struct lexicon *wordlist_lexicon(const struct wordlist_read *r);
struct str wordlist_problem(const struct wordlist_read *r); /* one Chinese line; empty: none */

#endif
