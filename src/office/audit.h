/* office/audit.h - who did what: a chain of events that shows when it was tampered with, and the log of reading.
 *
 * Chain: digest = SM3 over length-prefixed stored bytes: previous digest, sequence, time, actor, verb,
 * subject kind, subject id, digest of the payload; the last one is SM3 over a random salt and the payload, so
 * that a payload can be erased by law and the chain still holds. Append only.
 *
 * Seals: the first event of a day seals the days before it, how far the chain had come and its head there, the chains of
 * items that changed (item_event.h), each seal over the one before (SM3 as above). A tail that is cut off behind a seal shows; `verify` prints the newest seal, and
 * whoever writes it down elsewhere also sees a cut that took the seals with it. Days are those of ZONE_CHINA.
 *
 * Payloads name what was changed; they hold no text of documents, no passwords. */
#ifndef OFFICE_AUDIT_H
#define OFFICE_AUDIT_H

#include "base/arena.h"
#include "base/sm3.h"
#include "store/store.h"

struct audit_event {
    int64_t seq;     /* 1, 2, 3 ...; set by audit_note */
    int64_t at_ms;   /* 0 in audit_note: now */
    int64_t actor;   /* person, 0 the system or the owner of the data directory */
    struct str verb; /* "person.save", "document.delete": noun.verb */
    struct str kind; /* of the subject: "person", "document" */
    int64_t subject;
    struct str payload; /* JSON or empty; erased: empty, see `erased` */
    bool erased;
    char digest[SM3_HEX + 1]; /* set by audit_list */
    struct str actor_name;    /* set by audit_list, '' for 0 */
};
/* Inside the write that does it. */
MUST_USE enum code audit_note(struct db *db, const struct audit_event *ev, struct err *e);
/* The same for the usual case. */
MUST_USE enum code audit_simple(struct db *db, int64_t actor, const char *verb, const char *kind,
    int64_t subject, struct str payload, struct err *e);
/* Newest first, before_seq 0: from the end. actor 0, verb and kind empty: any. limit at most 500. */
struct audit_filter {
    int64_t actor, subject;
    struct str verb, kind;
    int64_t from_ms, to_ms; /* 0: open */
    int64_t before_seq;
};
MUST_USE enum code audit_list(struct db *db, struct arena *a, const struct audit_filter *f,
    size_t limit, struct audit_event **out, size_t *n, struct err *e);
/* seq 0 and empty digest when there is none. */
MUST_USE enum code audit_head(struct db *db, int64_t *seq, char digest[SM3_HEX + 1], struct err *e);
/* The seal of the newest day that has one; day 0 and an empty text: there is none. */
MUST_USE enum code audit_newest_seal(
    struct db *db, int32_t *day, char digest[SM3_HEX + 1], struct err *e);
/* The last event and when it was; seq 0 when there is none. */
MUST_USE enum code audit_last(struct db *db, int64_t *seq, int64_t *at_ms, struct err *e);
/* Inside a write: take the payload of an event away; itself an event. */
MUST_USE enum code audit_erase(struct db *db, int64_t seq, int64_t by, struct err *e);
/* Every digest and every seal from the first on. */
struct audit_report {
    int64_t events;  /* checked */
    int64_t bad_seq; /* the first that does not fit, or is missing; 0: the chain holds */
    char head[SM3_HEX + 1];
    int64_t seals;    /* checked */
    int32_t seal_day; /* of the newest seal; 0 without one */
    char seal[SM3_HEX + 1];
    int32_t bad_day; /* the first seal that does not fit, or is not reached by the chain; 0: none */
    int64_t
        cut_item; /* that seal knows an event of this item, and it is gone; 0: none is missing */
    int64_t
        cut_seq; /* that seal knows events up to this one, and they are gone; 0: it is wrong itself */
};
MUST_USE enum code audit_verify(struct db *db, struct audit_report *out, struct err *e);

/* ---- the log of reading: not chained, written behind the answer, in batches ---- */
enum access_kind { ACCESS_READ = 1, ACCESS_DOWNLOAD, ACCESS_EXPORT, ACCESS_PRINT };
/* Does not wait and cannot fail for the caller; person 0 (the owner) is logged too. */
void audit_access(struct store *st, int64_t person, enum access_kind kind, int64_t document);
struct access_entry {
    int64_t id, at_ms, person;
    int64_t document, item; /* 0: none */
    enum access_kind kind;
    struct str
        what; /* for what is neither: "督办台账，1,203件"; the first ACCESS_WHAT_CP characters are kept */
    struct str person_name;
};
enum { ACCESS_WHAT_CP = 60 };
/* The same for what is not a document alone: an item, its history, a ledger. id, at_ms and person_name are not looked at. */
void audit_access_to(struct store *st, const struct access_entry *x);
/* Newest first; 0: any, before_id 0: from the end. limit at most 500. */
struct access_query {
    int64_t person, document, item, before_id;
    int kind; /* enum access_kind */
};
MUST_USE enum code audit_access_list(struct db *db, struct arena *a, const struct access_query *f,
    size_t limit, struct access_entry **out, size_t *n, struct err *e);

#endif
