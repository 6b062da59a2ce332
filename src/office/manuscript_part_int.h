/* office/manuscript_part_int.h - what the files of parts tell each other. */
#ifndef OFFICE_MANUSCRIPT_PART_INT_H
#define OFFICE_MANUSCRIPT_PART_INT_H

#include "office/manuscript_int.h"
#include "office/manuscript_part.h"

/* First-level headings of a text; `part` is 0. */
MUST_USE enum code manuscript_headings(
    struct arena *a, struct str text, struct part_place **out, size_t *n, struct err *e);
/* Inside a write: he has handed in all that is his; where the task asked him for it, it is answered so. */
MUST_USE enum code manuscript_part_answer(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct err *e);

#endif
