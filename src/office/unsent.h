/* office/unsent.h - what somebody has typed in a form and not sent yet: saved every few seconds, so that a closed tab loses
 * nothing. It is his alone, no event of any item, and gone when the form is sent. */
#ifndef OFFICE_UNSENT_H
#define OFFICE_UNSENT_H

#include "base/arena.h"
#include "store/store.h"

enum { UNSENT_MAX = 50, UNSENT_BYTES_MAX = 512 << 10, UNSENT_FORM_MAX = 80 };
struct unsent {
    int64_t id, person;
    struct str form;  /* which form: "new:supervision", "edit:123" */
    struct str title; /* to be known by in a list */
    struct str body;  /* JSON: what the fields hold */
    int64_t saved_ms;
};
/* Inside a write. u->id 0: a new one, set to it; a function that may run again sets it back to 0 first. The oldest beyond
 * UNSENT_MAX of the person go. E_NOTFOUND: it is not there any more, or another's. */
MUST_USE enum code unsent_save(struct db *db, struct unsent *u, struct err *e);
MUST_USE enum code unsent_get(
    struct db *db, struct arena *a, int64_t person, int64_t id, struct unsent *out, struct err *e);
/* The newest first, without their bodies; form empty: all. */
MUST_USE enum code unsent_list(struct db *db, struct arena *a, int64_t person, struct str form,
    struct unsent **out, size_t *n, struct err *e);
/* Inside a write; one that is gone already is no failure. */
MUST_USE enum code unsent_drop(struct db *db, int64_t person, int64_t id, struct err *e);

#endif
