/* office/climb.h - an urgent matter calls whoever is on duty (逐级呼叫): A, then B, then the leader, and again, until somebody says that he has it.
 *
 * A kind says in which of its states nobody has the matter yet (`climb`, kind.h). The verb that brings a matter there begins a call, the one
 * that takes it out ends it (climb_event, inside their write). climb_run tells the next person when it is time: it takes the turn by
 * moving it on in the write that makes the event, so that several nodes tell nobody twice and a kill loses no turn. Each step is an event of
 * the item by nobody (climb), acknowledgement one of whoever gave it (climb_ack). Quiet hours and digests do not hold these notices up
 * (NOTICE_CLIMB, notice_post.h); as soon as it is acknowledged, what has not left leaves no more. */
#ifndef OFFICE_CLIMB_H
#define OFFICE_CLIMB_H

#include "office/duty.h"
#include "office/item_event.h"

enum climb_state { CLIMB_CALLING = 1, CLIMB_ACKED, CLIMB_ENDED /* the matter went on by itself */ };
struct climb {
    int64_t id, item;
    enum climb_state state;
    int64_t started_ms, next_ms; /* next_ms: when the next person is told */
    int64_t round;               /* from 1 */
    enum duty_seat seat;         /* whose turn is next */
    int64_t raised_by, acked_by, acked_ms;
    int64_t for_person; /* acknowledged by phone, noted by acked_by; 0: by himself */
    struct str raised_name, acked_name, for_name; /* read only */
};
struct climb_step {
    int64_t at_ms, round, person; /* person 0: nobody could be told */
    enum duty_seat seat;
    struct str name, phone;
    struct str skipped; /* why not; empty: he was told */
};
enum { CLIMB_STEPS_MAX = 500, CLIMB_LIST_MAX = 50 };

struct work; /* office/item_int.h */
MUST_USE enum code climb_event(struct work *w, const struct item_event *ev, struct err *e);

/* Tell whoever is next in everything that is due at by->now_ms; `by` acts for nobody (viewer_owner). *told: events made. What fails is
 * tried again after a minute, and said in *e; the others still go on. step_ms: between two steps, whatever kind and rule say (a
 * rehearsal); 0: as they say. */
MUST_USE enum code climb_run(
    struct store *st, const struct actor *by, int64_t step_ms, size_t *told, struct err *e);

/* Inside a write: 我已接到. Whoever sees the item, but not the one who raised it: another must know. `whose`: of those on duty who was reached by
 * phone, noted by the actor; 0: the actor himself. E_CONFLICT: somebody has it already, or nobody is called. */
MUST_USE enum code climb_ack(
    struct db *db, const struct actor *by, int64_t item, int64_t whose, struct err *e);
/* Inside a write: call again, from A on; only where the matter is still where the kind calls. */
MUST_USE enum code climb_again(struct db *db, const struct actor *by, int64_t item, struct err *e);

/* The newest call of an item that the actor may see (E_NOTFOUND); *there false: it never called. */
MUST_USE enum code climb_get(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct climb *out, bool *there, struct err *e);
/* Its steps, oldest first; phones as duty_sees_phones allows. */
MUST_USE enum code climb_steps(struct db *db, struct arena *a, const struct actor *by,
    const struct climb *c, struct climb_step **out, size_t *n, struct err *e);
/* What is calling now and concerns the person: he raised it, was told, is on duty now, or a chief; oldest first. Whether he may see the items
 * is asked by whoever shows them. */
MUST_USE enum code climb_calling(struct db *db, struct arena *a, const struct actor *by,
    struct climb **out, size_t *n, struct err *e);

#endif
