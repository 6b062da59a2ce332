/* office/phrase.h - common phrases (常用语) that a person keeps for himself, in his own order, beside those of a kind. His alone.
 * Table own_phrase. */
#ifndef OFFICE_PHRASE_H
#define OFFICE_PHRASE_H

#include "base/arena.h"
#include "store/store.h"

enum { OWN_PHRASES_MAX = 100, OWN_PHRASE_CP_MAX = 200 };
struct own_phrase {
    int64_t id;
    struct str text;
};
/* In his order. */
MUST_USE enum code phrase_list(struct db *db, struct arena *a, int64_t person,
    struct own_phrase **out, size_t *n, struct err *e);
/* Inside a write: the last of his; one that he has already stays where it is. E_INPUT, E_LIMIT. */
MUST_USE enum code phrase_add(struct db *db, int64_t person, struct str text, struct err *e);
/* Inside a write: one place up or down; E_NOTFOUND: not his, or gone. The first stays the first. */
MUST_USE enum code phrase_move(struct db *db, int64_t person, int64_t id, bool up, struct err *e);
/* Inside a write; one that is gone already is no failure. */
MUST_USE enum code phrase_drop(struct db *db, int64_t person, int64_t id, struct err *e);

#endif
