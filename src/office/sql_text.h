/* office/sql_text.h - statements that are put together from parts.
 *
 * A prepared statement is known by the address of its text, for ever (store.h): each text stands once here. There are as many as there
 * are combinations of conditions that somebody has used; values are bound, and never part of a text. */
#ifndef OFFICE_SQL_TEXT_H
#define OFFICE_SQL_TEXT_H

#include "base/str.h"

/* The same text at its own place; NULL: there is no room for one more. */
const char *sql_text(struct str s);

#endif
