/* office/item_step.h - how long what took: one row for each stay of an item in a state, each ask, and each day by which it was due.
 *
 * The rows are written by work_commit, and afterwards only the instant at which a stay ended is put in. What is counted as of
 * an instant in the past is therefore the same whenever it is counted: what was noted later is left out, what ended later counts as
 * unfinished. Unit is the unit in the field `lead` where the kind has one, else that of the item, as it was when the stay began. */
#ifndef OFFICE_ITEM_STEP_H
#define OFFICE_ITEM_STEP_H

#include "store/store.h"

enum step_what {
    STEP_NONE = 0,
    STEP_STATE, /* the item stood in a state */
    STEP_ASK,   /* a person or unit was asked */
    STEP_DUE    /* the day by which the item is to be closed, as it was set at first */
};
enum step_due { DUE_ANY = 0, DUE_KEPT, DUE_MISSED, DUE_UNSET };

/* Which of them: what a figure counts, and what a ledger shows when somebody asks for the items behind the figure. */
struct step_filter {
    enum step_what what;    /* STEP_NONE: no condition */
    int64_t from_ms, to_ms; /* began in [from, to) */
    int64_t as_of_ms;       /* noted by then */
    bool first;             /* the stay with which an item began */
    int closed;             /* 1: in a state that ends the item, -1: in another, 0: any */
    struct str state;       /* empty: any */
    int64_t unit, person;   /* 0: any */
    int urgency;            /* enum urgency + 1; 0: any */
    int open;               /* 1: not over by as_of, -1: over, 0: any */
    enum step_due due;      /* judged when the item was closed, or at as_of */
};

#endif
