/* office/item_clock.h - limits that run for an item, and when each light changes. Written by the verbs of item.h. */
#ifndef OFFICE_ITEM_CLOCK_H
#define OFFICE_ITEM_CLOCK_H

#include "office/item.h"

enum clock_state { CLOCK_RUNNING = 0, CLOCK_MET, CLOCK_DROPPED /* ended unmet */ };
struct item_clock {
    struct str clock, name; /* id, and its name in the kind */
    int64_t run;            /* 1, 2 ...: how often it was begun */
    enum clock_state state;
    int64_t started_ms;
    int64_t due_ms;
    int64_t
        original_ms; /* lateness is judged by this one: a grant moves it only if it was asked for before */
    int64_t paused_ms; /* since; 0: it runs */
    int64_t met_ms;
    struct str why; /* of one that was dropped: 并案, 重新计时, the state that ended it; or empty */
    struct str wanted; /* day asked for and not granted yet; or empty */
    int64_t wanted_ms, wanted_by;
};
/* In the order in which they were begun. E_NOTFOUND where the actor may not see the item. */
MUST_USE enum code item_clock_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct item_clock **out, size_t *n, struct err *e);

#endif
