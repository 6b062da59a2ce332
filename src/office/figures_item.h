/* office/figures_item.h - honest figures (统计): how long what takes, and how much is done, of the items a person may see.
 *
 * Counted from the stays of item_step.h, as of an instant. What began in the period is counted; what is not over by then counts as
 * unfinished, with the time from its beginning to that instant. The same question gets the same answer whenever it is asked. Every
 * number bears the filter that gives exactly its items in the ledger (ledger.h, fig.*). Units stand in the order of the office and persons in
 * theirs: nobody is ranked. */
#ifndef OFFICE_FIGURES_ITEM_H
#define OFFICE_FIGURES_ITEM_H

#include "office/item.h"

enum { FIGURE_STAYS_MAX = 500000 };

struct figure_span {
    int64_t from_ms, to_ms; /* [from, to) */
    int64_t as_of_ms;
};

/* Times of one group: nearest rank, so that each of them was really measured. */
struct figure_times {
    int64_t items;                                     /* distinct; what the ledger shows */
    int64_t stays;                                     /* an item may have been there twice */
    int64_t unfinished;                                /* of the stays */
    int64_t mean_ms, median_ms, p90_ms;                /* on the clock */
    int64_t mean_work_ms, median_work_ms, p90_work_ms; /* in working time */
};
struct figure_row {
    struct str name;
    int64_t id; /* unit, person, urgency */
    struct figure_times t;
    struct step_filter filter;
};
/* How much is done. By the day that was set at first: a later grant helps only where it was asked for in time. */
struct figure_done {
    struct str name; /* unit; empty: all */
    int64_t unit;
    int64_t received, closed, kept, missed, unset; /* closed ones: in time, late, without a day */
    int64_t open, overdue;                         /* as of the instant */
};
enum figure_number {
    FIGURE_RECEIVED = 0,
    FIGURE_CLOSED,
    FIGURE_KEPT,
    FIGURE_MISSED,
    FIGURE_UNSET,
    FIGURE_OPEN,
    FIGURE_OVERDUE,
    N_FIGURE
};
/* What the ledger is asked with for one of them; unit 0: all. */
struct step_filter figure_filter(
    const struct figure_span *span, enum figure_number number, int64_t unit);
int64_t figure_count(const struct figure_done *d, enum figure_number number);

struct figures_item {
    struct figure_done all;
    struct figure_done *by_unit; /* the unit that leads */
    size_t n_by_unit;
    struct figure_row whole; /* from the beginning to the end */
    struct figure_row *urgencies, *states, *units, *persons;
    size_t n_urgencies, n_states, n_units, n_persons;
    bool all_persons; /* else only himself: times of persons are for their chiefs */
};
/* E_LIMIT above FIGURE_STAYS_MAX stays. */
MUST_USE enum code figures_item(struct db *db, struct arena *a, const struct actor *by,
    const struct kind *k, const struct figure_span *span, struct figures_item *out, struct err *e);

#endif
