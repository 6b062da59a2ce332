/* paper/face.h - the faces of official paper and the fonts of this machine that stand for them.
 *
 * GB/T 9704-2012 names classes only (仿宋, 楷体, 黑体, 小标宋, 宋体). Which font serves a class is a list of family names, the first
 * that is installed wins: what a unit has licensed in front, then what Debian has. A character that the font lacks is taken from
 * another; both are reported, nothing is shipped. Pango chooses and measures; hinting is off, so that widths are the same at every size.
 *
 * One struct faces belongs to one thread at a time. */
#ifndef PAPER_FACE_H
#define PAPER_FACE_H

#include "base/arena.h"

enum face {
    FACE_FANG = 0, /* 仿宋: text */
    FACE_KAI,      /* 楷体: headings （一）, names of signers */
    FACE_HEI,      /* 黑体: headings 一、, urgency, 附件 */
    FACE_BIAO,     /* 小标宋: titles, the mark */
    FACE_SONG,     /* 宋体: page numbers */
    N_FACE
};
const char *face_name(enum face f); /* 仿宋 ... */

enum { FACE_FAMILIES_MAX = 12 };
struct face_families {
    const char *v[N_FACE][FACE_FAMILIES_MAX]; /* in order of preference; NULL ends */
};
extern const struct face_families face_families_default;

/* The families of a class that this machine has: *n_own of the class itself in their order, behind them what stands in for it. Static
 * strings, or those of `want` (NULL: the default). Returns how many. */
enum { FACE_FOUND_MAX = 20 };
size_t faces_installed(const struct face_families *want, enum face f,
    const char *found[FACE_FOUND_MAX], size_t *n_own);

struct faces;
/* `want` NULL: the default. E_IO where the machine has no font at all. */
MUST_USE enum code faces_open(const struct face_families *want, struct faces **out, struct err *e);
void faces_close(struct faces *f);

/* Of a character in this face. `em`: how far it moves the pen, in ems. */
struct face_glyph {
    double em;
    double top, bottom; /* of the ink, ems above and below the line: top up, bottom down */
    double left, right; /* of the ink, ems from the pen */
    uint32_t glyph;     /* in `font` */
    int font;           /* index for face_font */
};
const struct face_glyph *face_glyph(struct faces *f, enum face face, uint32_t cp);
/* Ink of a character above and below the line, in ems, exactly; face_glyph's is of the outline with its control points, up to a tenth of an em
 * more. Computed at each call. */
void face_ink(struct faces *f, enum face face, uint32_t cp, double *top, double *bottom);
/* Ink of 国 in the face: where the top of a line of Chinese is, and its foot, in ems from the line. */
void face_box(struct faces *f, enum face face, double *top, double *bottom);

/* What was used. `family` is what the machine calls it; `wanted` is the first of the list. */
struct face_used {
    enum face face;
    struct str family, file;
    bool substituted; /* of another class: 仿宋 set in 宋体 */
    size_t n_strange; /* characters that came from another font than the face's own */
};
size_t faces_used(struct faces *f, struct arena *a, struct face_used **out);
/* The PangoFont behind an index, at 1000 units an em: for whoever draws. */
void *face_font(struct faces *f, int font);
size_t face_fonts(const struct faces *f);
struct str face_font_family(struct faces *f, int font);
struct str face_font_file(struct faces *f, int font);

#endif
