/* text/edit.h - change sets of a text in CodeMirror's form: [n, [del, "ins", …]], counted in UTF-16 units.
 *
 * A number keeps so many units; an array removes so many and puts lines in their place (joined by '\n'). The texts themselves are UTF-8
 * with '\n' alone between lines. */
#ifndef TEXT_EDIT_H
#define TEXT_EDIT_H

#include "base/arena.h"
#include "base/buf.h"

/* UTF-16 units of a text. */
size_t edit_units(struct str s);
/* The change set that makes y of x, as JSON into b: what text/diff.h finds. Scratch in `a`. */
MUST_USE enum code edit_between(
    struct arena *a, struct str x, struct str y, struct buf *b, struct err *e);

#endif
