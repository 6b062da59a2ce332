/* office/keyring.h - secrets that programs need (passwords of mailboxes, addresses of robots): lines "ID<TAB>SECRET" in a file of the
 * data directory, readable by nobody else, written aside and renamed. Never in the database, and so never in a backup of it; on several
 * nodes what needs a secret is done by the node that holds it. */
#ifndef OFFICE_KEYRING_H
#define OFFICE_KEYRING_H

#include "base/arena.h"

/* Empty: taken away. E_INPUT: a secret with a line end; E_DENIED: others may read the file. */
MUST_USE enum code keyring_set(
    const char *dir, const char *file, int64_t id, struct str secret, struct err *e);
/* *found: there is one, copied into `a`. */
MUST_USE enum code keyring_get(const char *dir, const char *file, struct arena *a, int64_t id,
    struct str *secret, bool *found, struct err *e);

#endif
