/* office/thread.h - one matter, one thread: every item that is linked to one, in either direction and over others, with all their
 * events in one order of time. What the actor may not see is left out, and nothing is reached over it. */
#ifndef OFFICE_THREAD_H
#define OFFICE_THREAD_H

#include "office/item.h"
#include "office/item_words.h"

enum { THREAD_ITEMS_MAX = 300, THREAD_EVENTS_MAX = 6000, THREAD_STEPS_MAX = 12 };

struct thread_item {
    struct item it;
    const struct kind *k;
    struct str state_name, unit_name, owner_name;
    int steps;   /* links between it and the first */
    size_t over; /* the item over which it was reached; SIZE_MAX: the first */
    struct str
        relation; /* of that link; `outward`: it goes out from the item over which it was reached */
    bool outward;
    int64_t last_ms; /* its latest event that is shown */
};
struct thread_document {
    int64_t id;
    struct str title, docno;
    size_t item; /* the first that is linked to it */
    struct str relation;
};
struct thread_event {
    size_t item; /* index */
    int64_t seq, at_ms, actor;
    struct str who, unit, for_who; /* names; unit: short, empty where it is the item's own */
    struct item_words words;
};
struct thread {
    struct thread_item *items; /* the first is the one that was asked for, then by steps */
    size_t n_items;
    struct thread_document *documents;
    size_t n_documents;
    struct thread_event *events; /* oldest first */
    size_t n_events;
    bool cut_items, cut_events; /* there are more; of the events the latest are kept */
};
/* A number of statements that does not grow with the items: some for each step and each hundred. E_NOTFOUND. */
MUST_USE enum code thread_read(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct thread *out, struct err *e);

#endif
