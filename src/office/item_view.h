/* office/item_view.h - everything that the page of an item shows, read in one go and judged once for who looks. */
#ifndef OFFICE_ITEM_VIEW_H
#define OFFICE_ITEM_VIEW_H

#include "office/absence.h"
#include "office/ask_tree.h"
#include "office/item_clock.h"
#include "office/item_event.h"
#include "office/item_link.h"
#include "office/item_text.h"

enum { VIEW_EVENTS_MAX = 1000 };
struct item_view {
    struct item it; /* without the fields that are hidden from the viewer */
    const struct kind *k;
    size_t state;           /* index of it.state */
    bool may[N_ITEM_RIGHT]; /* ITEM_MOVE: any; which, `choices` says */
    bool may_withdraw;
    bool *hidden; /* of the kind's fields: this viewer does not see it */
    bool *been;   /* of the states: open, another than the present one, and it has been there */
    struct item_choice *choices;
    size_t n_choices;
    struct ask_tree asks; /* as far as the viewer sees it */
    struct item_clock *clocks;
    bool *may_grant; /* of the clocks */
    size_t n_clocks;
    struct item_link *links;
    size_t n_links;
    struct item_event *events; /* the last VIEW_EVENTS_MAX, oldest first */
    size_t n_events;
    struct item_text text;  /* of a kind that carries one */
    bool may_renew;         /* item_text_renew */
    struct stand_for *away; /* today, and who covers */
    size_t n_away;
};
/* E_NOTFOUND as well when the viewer may not know of it. */
MUST_USE enum code item_view(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct item_view *out, struct err *e);

/* Inside a write: every open ask of the item that the actor answers and has not looked at is seen now. *n: how many. */
MUST_USE enum code item_seen(
    struct db *db, const struct actor *by, int64_t id, size_t *n, struct err *e);

#endif
