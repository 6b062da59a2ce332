/* paper/layout_out.h - what stands in a layout as PDF, OFD and SVG. Nothing is decided here: both draw the same characters at the same places. */
#ifndef PAPER_LAYOUT_OUT_H
#define PAPER_LAYOUT_OUT_H

#include "paper/layout.h"

struct layout_pdf {
    struct str title, author; /* of the file */
    struct str watermark;     /* pale across every page; empty: none */
    int64_t made_ms;
};
/* Text is selected and found as it stands in the document; fonts are embedded as subsets. `f` is what the layout was made with. */
MUST_USE enum code layout_pdf(const struct layout *l, struct faces *f, const struct layout_pdf *o,
    struct buf *out, struct err *e);

/* The same as OFD (GB/T 33190), each used font inside with its used characters, where its licence lets it (OS/2 fsType). The watermark is drawn as
 * shapes, so that it is no part of the text. */
MUST_USE enum code layout_ofd(struct arena *a, const struct layout *l, struct faces *f,
    const struct layout_pdf *o, struct str *out, struct err *e);

/* One page as an <svg> of its own: every character has its place, so that a browser without the face still breaks no line elsewhere.
 * Runs bear data-at, the place of their first character in the source. */
void layout_svg(const struct layout *l, size_t page, struct buf *out);
/* The same without its style: for a page of ours, whose style sheet has the classes face0 to face4 (no inline style passes its policy). */
void layout_svg_plain(const struct layout *l, size_t page, struct buf *out);

#endif
