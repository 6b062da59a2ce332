/* paper/pages_int.h - what drawing a picture anew takes from the looking at pages. Private to the layer. */
#ifndef PAPER_PAGES_INT_H
#define PAPER_PAGES_INT_H

#include "paper/reader.h"

/* Bytes as a file in memory; whoever asked closes it, after an error too (-1: none). */
MUST_USE enum code pages_memory(struct str bytes, int *file, struct err *e);
/* The dots of a JPEG, upright, as a PPM in a file in memory. */
MUST_USE enum code pages_dots(struct reader_pool *p, struct arena *a, struct str jpeg,
    struct str name, int *file, struct err *e);
/* A page of a PDF, `width` dots wide, as a PPM in a file in memory; closed by whoever asked, after an error too. E_NOTFOUND past the last page. */
MUST_USE enum code pages_sheet(
    struct reader_pool *p, struct str pdf, int page, int width, int *file, struct err *e);

#endif
