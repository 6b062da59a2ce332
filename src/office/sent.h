/* office/sent.h - keys of what was sent, so that a form sent twice over a broken line is one act: the page makes a key for each sending,
 * the write that does the work takes the key, and whoever comes with it again finds it taken. Table sent. */
#ifndef OFFICE_SENT_H
#define OFFICE_SENT_H

#include "store/store.h"

enum { SENT_KEY_MIN = 16, SENT_KEY_MAX = 64, SENT_KEPT_DAYS = 7 };

/* Letters and digits, SENT_KEY_MIN to SENT_KEY_MAX of them. */
bool sent_key_ok(struct str key);
/* Inside the write that does what was asked for: *fresh false: it is done already, do nothing. A write that fails gives the key back. */
MUST_USE enum code sent_take(
    struct db *db, int64_t person, struct str key, int64_t now_ms, bool *fresh, struct err *e);
MUST_USE enum code sent_is_taken(
    struct db *db, int64_t person, struct str key, bool *taken, struct err *e);

#endif
