/* office/item_offer.h - what a field that a step asks for is filled with before anybody typed (key `offer` of a kind's field): what the unit's matter
 * before had, or how long the text is. It is shown in the form, and whoever takes the step sends it. */
#ifndef OFFICE_ITEM_OFFER_H
#define OFFICE_ITEM_OFFER_H

#include "office/item_view.h"

/* The values for the `n` fields `which` of the kind that stand empty in v->it.fields: a new object, field by field, without those for which there is
 * nothing. Only matters and texts that the actor sees. The caller drops it (json_decref). */
MUST_USE enum code item_offer(struct db *db, struct arena *a, const struct actor *by,
    const struct item_view *v, const size_t *which, size_t n, json_t **out, struct err *e);

#endif
