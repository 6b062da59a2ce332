/* office/agenda.h - what is on, by day: matters that take place at a time (the key `agenda` of their kind: meetings), duty shifts, due days; and the calendar
 * that a telephone fetches (iCalendar, libical).
 *
 * A feed is an address with a secret of 160 bits, which only its person is shown, once; what is kept is its digest. Whoever has the address reads that
 * person's due days, duty shifts and meetings in his rights of that moment, without signing in: of 工作秘密 no more than that there is something. It ends
 * when it is revoked, or the account is closed. Table calendar_feed. */
#ifndef OFFICE_AGENDA_H
#define OFFICE_AGENDA_H

#include "base/buf.h"
#include "office/item.h"

enum { AGENDA_MAX = 1000, AGENDA_BACK_DAYS = 30, AGENDA_AHEAD_DAYS = 180 };
enum agenda_sort { AGENDA_TIMED = 1, AGENDA_DUTY, AGENDA_DUE };
struct agenda_entry {
    int64_t id; /* of the item, of the shift */
    int64_t from_ms, to_ms;
    int64_t changed_ms;
    struct str title, place, number;
    enum agenda_sort sort;
    bool all_day; /* from_ms is the beginning of the day, to_ms of the one behind the last */
    bool secret;
};
/* Matters with a time of their own that touch the days [first, last], which the actor may see; of 工作秘密 too. By time. `mine`: those alone that he answers
 * for or is named for. */
MUST_USE enum code agenda_timed(struct db *db, struct arena *a, const struct actor *by,
    int32_t first, int32_t last, bool mine, struct agenda_entry **out, size_t *n, struct err *e);
/* All of one person: meetings, duty, what waits for him by its due day. By time; AGENDA_MAX at most. */
MUST_USE enum code agenda_mine(struct db *db, struct arena *a, const struct actor *by,
    int32_t first, int32_t last, struct agenda_entry **out, size_t *n, struct err *e);

/* ---- the feed ---- */
enum { FEEDS_MAX = 3, FEED_NAME_CP_MAX = 20, FEED_TOKEN_BYTES = 20, FEED_USED_MS = 3600 * 1000 };
struct calendar_feed {
    int64_t id, person, made_ms, used_ms; /* used_ms 0: never fetched */
    struct str name;                      /* 手机, 电脑 */
};
MUST_USE enum code feed_list(struct db *db, struct arena *a, int64_t person,
    struct calendar_feed **out, size_t *n, struct err *e);
/* Inside a write: *token is the secret part of the address, in `a`, never to be had again. E_LIMIT: FEEDS_MAX. */
MUST_USE enum code feed_make(struct db *db, struct arena *a, const struct actor *by,
    struct str name, struct str *token, struct err *e);
/* Inside a write; one's own. E_NOTFOUND. */
MUST_USE enum code feed_revoke(struct db *db, const struct actor *by, int64_t id, struct err *e);
/* Whose address is it? E_NOTFOUND: nobody's, revoked, or the account is closed: the same words for all of them. */
MUST_USE enum code feed_find(
    struct db *db, struct arena *a, struct str token, struct calendar_feed *out, struct err *e);
/* Inside a write: that it was fetched. */
MUST_USE enum code feed_used(struct db *db, int64_t id, int64_t now_ms, struct err *e);

struct agenda_calendar {
    struct str name; /* of the calendar */
    struct str site; /* for links; may be empty */
    int64_t now_ms;
};
/* RFC 5545, UTC. */
MUST_USE enum code agenda_write(struct buf *b, const struct agenda_calendar *c,
    const struct agenda_entry *v, size_t n, struct err *e);

#endif
