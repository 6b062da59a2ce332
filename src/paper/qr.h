/* paper/qr.h - QR codes (ISO/IEC 18004) for slips that a phone or a scanner reads, over libqrencode.
 *
 * A slip lies in a folder, is folded and stamped on: a quarter of it may be lost (level Q). Digits, capital letters and $%*+-./: take
 * half the room of other text, so an address in capitals gives a coarser and safer picture. */
#ifndef PAPER_QR_H
#define PAPER_QR_H

#include "base/arena.h"
#include "base/err.h"

enum {
    QR_TEXT_MAX = 500, /* bytes; printed at 20 mm more than that is not read from paper */
    QR_QUIET = 4       /* modules of white around it, by the standard */
};

struct qr {
    int size;                     /* modules a side, without the quiet zone */
    const unsigned char *modules; /* size * size, row by row; 1: dark. In the arena */
};
/* E_INPUT: empty text, or one with NUL; E_LIMIT: more than QR_TEXT_MAX. */
MUST_USE enum code qr_make(struct arena *a, struct str text, struct qr *out, struct err *e);

/* Side of the picture in modules, quiet zone and all: the viewBox of the path is "0 0 SIDE SIDE". */
int qr_side(const struct qr *q);
/* The dark modules as the data of one SVG path, a rectangle for each run in a row; quiet zone left free. A PDF draws the same runs. */
struct str qr_path(struct arena *a, const struct qr *q);
/* The next run of dark modules at or behind (*x, *y), as x, y and its length; false: there is no other. Begin with 0, 0. */
bool qr_run(const struct qr *q, int *x, int *y, int *len);

#endif
