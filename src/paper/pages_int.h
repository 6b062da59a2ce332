/* paper/pages_int.h - what drawing a picture anew takes from the looking at pages. Private to the layer. */
#ifndef PAPER_PAGES_INT_H
#define PAPER_PAGES_INT_H

#include "paper/reader.h"

/* Bytes as a file in memory; whoever asked closes it, after an error too (-1: none). */
MUST_USE enum code pages_memory(struct str bytes, int *file, struct err *e);
/* The dots of a JPEG, upright, as a PPM in a file in memory. */
MUST_USE enum code pages_dots(struct reader_pool *p, struct arena *a, struct str jpeg,
    struct str name, int *file, struct err *e);

#endif
