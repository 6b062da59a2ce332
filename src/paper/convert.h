/* paper/convert.h - formats that an external program opens first. Private to the layer. */
#ifndef PAPER_CONVERT_H
#define PAPER_CONVERT_H

#include "paper/reader.h"

/* pdftotext, then paragraphs in a child. */
MUST_USE enum code convert_pdf(
    struct reader_pool *p, struct arena *a, int fd, struct doc *out, struct err *e);
/* .doc, .wps, .xls by LibreOffice, then docx or xlsx in a child. */
MUST_USE enum code convert_office(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct doc *out, struct err *e);
/* A converter may take four times as long as a parser. */
enum { CONVERT_FACTOR = 4 };

#endif
