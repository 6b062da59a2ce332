/* office/manuscript_part_int.h - what the files of parts tell each other. */
#ifndef OFFICE_MANUSCRIPT_PART_INT_H
#define OFFICE_MANUSCRIPT_PART_INT_H

#include "office/manuscript_int.h"
#include "office/manuscript_part.h"

/* First-level headings of a text; `part` is 0. */
MUST_USE enum code manuscript_headings(
    struct arena *a, struct str text, struct part_place **out, size_t *n, struct err *e);

#endif
