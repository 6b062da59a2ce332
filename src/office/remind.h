/* office/remind.h - reminders by the policy of the kind (`remind`), and the report of what stays unanswered behind its limit
 * (`escalate`).
 *
 * What will fire is planned as instants (table remind_due) by the verb that starts, moves or ends a clock. remind_run fires what is due: it takes
 * a row by deleting it in the write that makes the event, so that several nodes never remind twice and a kill loses none. Each reminder is an
 * event of the item by nobody (remind, escalate) and goes to those alone who have not answered. Given `now`, the outcome is one. */
#ifndef OFFICE_REMIND_H
#define OFFICE_REMIND_H

#include "office/item.h"
#include "office/item_event.h"

struct work; /* office/item_int.h */
/* Inside the verb's write, after the clocks are written. */
MUST_USE enum code remind_event(struct work *w, const struct item_event *ev, struct err *e);

/* Fire everything that is due at by->now_ms; `by` acts for nobody (viewer_owner). *fired: events made. A rule that fails is put off
 * for an hour and told in *e; the others still fire. */
MUST_USE enum code remind_run(
    struct store *st, const struct actor *by, size_t *fired, struct err *e);

/* When an item's next reminder or report fires, for its page; 0: none is planned. */
MUST_USE enum code remind_next(struct db *db, int64_t item, int64_t *at_ms, struct err *e);
/* Everything that is planned for an item, by when it fires: for the trial of a kind. */
struct remind_plan {
    size_t rule; /* of the kind's reminds */
    int64_t at_ms;
    bool report; /* 逾期报告, else a reminder */
};
MUST_USE enum code remind_plan_list(struct db *db, struct arena *a, const struct kind *k,
    int64_t item, struct remind_plan **out, size_t *n, struct err *e);

#endif
