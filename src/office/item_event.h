/* office/item_event.h - the history of an item: a chain of events, append only.
 *
 * digest = SM3 over length-prefixed stored bytes: previous digest, item, sequence, time, actor, person the words are entered for, verb,
 * digest of the payload; the last one is SM3 over a random salt and the payload, so that a payload can be erased by law and the
 * chain still holds. The chains that changed since the last seal go into the seal of the day (audit.h): a tail that is cut off shows. */
#ifndef OFFICE_ITEM_EVENT_H
#define OFFICE_ITEM_EVENT_H

#include "base/arena.h"
#include "base/sm3.h"
#include "store/store.h"

struct item_event {
    int64_t item, seq, at_ms; /* seq from 1; at_ms 0 in item_event_note: now */
    int64_t actor;            /* person; 0: nobody, as of a reminder or a clock */
    int64_t for_person;       /* 代录: whose words; 0: the actor's own */
    struct str verb;          /* open edit move ask answer remark attach link remind extend ... */
    struct str payload;       /* JSON: what exactly */
    bool erased;
    char digest[SM3_HEX + 1];
    struct str actor_name;           /* set when read */
    struct str actor_unit, for_name; /* by event_rows_many: short name; of for_person */
};
/* Inside a write: append; e->seq must be the item's next (E_CONFLICT: somebody was first). */
MUST_USE enum code item_event_note(struct db *db, const struct item_event *ev, struct err *e);
/* What a verb is called: 登记, 修改, 办理 ... */
const char *item_verb_name(struct str verb);
/* Oldest first, behind `after`. E_NOTFOUND where the actor may not see the item; what concerns a field hidden from him is taken out of the
 * payloads. */
struct actor;
MUST_USE enum code item_event_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, int64_t after, size_t limit, struct item_event **out, size_t *n, struct err *e);
/* Every chain; *bad_item and *bad_seq name the first event that does not fit (0: all hold). */
MUST_USE enum code item_event_verify(
    struct db *db, int64_t *events, int64_t *bad_item, int64_t *bad_seq, struct err *e);

/* Inside a write: take the payload away, by law. The caller notes who did (audit.h). E_NOTFOUND. */
MUST_USE enum code item_event_erase(struct db *db, int64_t item, int64_t seq, struct err *e);

/* ---- for the seals of audit.h ---- */
/* Inside a write: chains that changed since the last seal belong to that of `day`. hex: SM3 over item, sequence and digest of the
 * last event of each, by item; empty where none changed. */
MUST_USE enum code item_event_seal(
    struct db *db, int32_t day, char hex[SM3_HEX + 1], struct err *e);
/* The same for a day that was sealed. *cut_item: an item whose sealed event is gone; left alone where all are there. */
MUST_USE enum code item_event_sealed(
    struct db *db, int32_t day, char hex[SM3_HEX + 1], int64_t *cut_item, struct err *e);

#endif
