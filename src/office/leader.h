/* office/leader.h - leaders who read paper: through whom they are reached, and what they catch up on when they were away.
 *
 * Contact (联系人): what is sent to a leader is also told to his contact, in words that say for whom. Catching up (回后补阅): where papers go round one
 * behind the other, or to several to read, a leader who is away (absence.h) is passed over with the reason as an event of the item; what was
 * passed over waits for him in a list and is answered afterwards without opening again what others have decided meanwhile. Never passed over: the only
 * one who is left to say something, and whoever has to agree. Tables `leader_contact`, `catch_up`. */
#ifndef OFFICE_LEADER_H
#define OFFICE_LEADER_H

#include "office/remark.h"

/* ---- contact ---- */

struct leader {
    int64_t id, contact; /* contact 0: none */
    struct str name, title, contact_name;
    int64_t away_id; /* of the absence */
    struct str away; /* 7月13日至7月20日，出差; empty: here */
    int64_t waiting; /* to catch up on, of what the actor may see */
};
/* In order of rank. */
MUST_USE enum code leader_list(struct db *db, struct arena *a, const struct actor *by,
    struct leader **out, size_t *n, struct err *e);
/* Inside a write, by a chief or a secretary; contact 0: none any more. */
MUST_USE enum code leader_contact_save(
    struct db *db, const struct actor *by, int64_t leader, int64_t contact, struct err *e);
/* For notices: of whom there is one. In the arena. */
struct leader_contact {
    int64_t leader, contact;
    struct str name; /* of the leader */
};
MUST_USE enum code leader_contacts(
    struct db *db, struct arena *a, struct leader_contact **out, size_t *n, struct err *e);

/* ---- away ---- */

/* Pass over whoever is away now; by the job, `by` acts for nobody. *n: asks passed over. */
MUST_USE enum code leader_skip_run(
    struct store *st, const struct actor *by, size_t *n, struct err *e);

struct catch_up {
    int64_t ask, item, leader, at_ms;
    struct str purpose, why; /* why he was passed over */
    int64_t done_ms;         /* 0: not yet */
    struct str item_title, item_number, state;
    bool closed;
    struct str since; /* what other leaders said of it meanwhile, one a line */
};
enum { CATCH_UP_MAX = 200 };
/* What waits for him, in order; as far as the actor sees it. */
MUST_USE enum code catch_up_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t leader, struct catch_up **out, size_t *n, struct err *e);
/* Inside a write: 补阅, an event in his name; words empty: he has read it. Done twice is E_CONFLICT. */
MUST_USE enum code catch_up_answer(struct db *db, const struct actor *by, int64_t ask,
    struct str words, struct str day, struct err *e);

#endif
