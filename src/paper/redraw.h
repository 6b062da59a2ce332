/* paper/redraw.h - a picture that somebody brings, drawn anew as a PNG of nothing but dots: upright, on white, without EXIF and profiles.
 * What opens it runs in a cage, so that the bytes that came out may be decoded anywhere. */
#ifndef PAPER_REDRAW_H
#define PAPER_REDRAW_H

#include "paper/reader.h"

struct redrawn {
    struct str png;
    int wide, high; /* dots */
};
/* PNG and JPEG; at most `width` dots wide, never larger than it was. E_INPUT: another format, or damaged; E_LIMIT: too many dots. */
MUST_USE enum code reader_redraw(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, int width, struct redrawn *out, struct err *e);
/* The same of page `page` (from 1) of a PDF, drawn as wide as that; a PNG or JPEG is one page. E_NOTFOUND past the last page. */
MUST_USE enum code reader_redraw_page(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, int page, int width, struct redrawn *out, struct err *e);
/* The same of a PNG alone, with what is clear in it left clear: a seal lies over words. */
MUST_USE enum code reader_redraw_clear(struct reader_pool *p, struct arena *a, struct str bytes,
    struct str name, int width, struct redrawn *out, struct err *e);

#endif
