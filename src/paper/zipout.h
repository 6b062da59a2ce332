/* paper/zipout.h - a zip out of another one with some members new or replaced. Private to the layer.
 *
 * Members that are not named stay as they are, packed bytes and all. New ones bear one fixed time, so that the same
 * input gives the same bytes. */
#ifndef PAPER_ZIPOUT_H
#define PAPER_ZIPOUT_H

#include "base/arena.h"

struct zip_change {
    struct str name; /* NUL behind it; used where index is SIZE_MAX: a new member */
    size_t index;    /* of the member that is replaced */
    struct str bytes;
};
/* `old` empty: a new zip. The result lives in `a`. E_INPUT: `old` is damaged. */
MUST_USE enum code zip_write(struct arena *a, struct str old, const struct zip_change *v, size_t n,
    struct str *out, struct err *e);

#endif
