/* paper/numfmt.h - numbers as word processors write them in front of a paragraph.
 * Source: ECMA-376-1, 17.18.59 ST_NumberFormat; the Chinese forms as Word shows them. Private to the layer. */
#ifndef PAPER_NUMFMT_H
#define PAPER_NUMFMT_H

#include "base/buf.h"

/* Append n (1 ..) in format `fmt` ("chineseCounting", "upperRoman" ...); an unknown format, and a number
 * outside a format's range, is written in decimal; "none" writes nothing. */
void numfmt_add(struct buf *out, struct str fmt, int n);

#endif
