/* web/people_rows.h - a person as somebody types him. */
#ifndef WEB_PEOPLE_ROWS_H
#define WEB_PEOPLE_ROWS_H

#include "office/person.h"
#include "pages.h"
#include "web/ctx.h"

/* By login, else by the whole name where only one bears it. E_INPUT says which it is not. */
MUST_USE enum code person_typed(
    struct db *db, struct arena *a, struct str who, int64_t *id, struct err *e);
/* page_original.c: the paper originals in his hands, for the list of his hand-over. */
MUST_USE enum code person_originals(
    struct ctx *c, struct db *db, int64_t person, struct page_hand_over *p, struct err *e);

#endif
