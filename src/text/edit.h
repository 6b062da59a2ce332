/* text/edit.h - change sets of a text in CodeMirror's form, [n, [del, "line", …], …], counted in UTF-16 units: a number keeps so many, an
 * array removes so many and puts its lines (joined by '\n') in their place.
 *
 * The texts themselves are UTF-8 with '\n' alone between lines. compose and map give what @codemirror/state gives for the same sets, section by
 * section; a test runs both. A set borrows what it was made of; its parts live in the arena. */
#ifndef TEXT_EDIT_H
#define TEXT_EDIT_H

#include "base/arena.h"
#include "base/json.h"

enum {
    EDIT_PARTS_MAX = 20000,
    EDIT_UNITS_MAX = 4 << 20 /* of the text before and behind */
};

struct edit_part {
    size_t len;      /* units of the text before */
    int64_t ins;     /* units put in their place; -1: kept */
    struct str text; /* what is put */
};
struct edit {
    struct edit_part *v;
    size_t n, cap;
    size_t before, after; /* units of the text before and behind */
};

/* E_INPUT: no change set; E_LIMIT. */
MUST_USE enum code edit_read(struct arena *a, const json_t *set, struct edit *out, struct err *e);
void edit_write(struct jw *j, const struct edit *x);
struct str edit_json(struct arena *a, const struct edit *x); /* the same as a text of its own */
bool edit_changes(const struct edit *x);                     /* anything at all */

/* The text behind x. E_INPUT where it was made on a text of another length, or cuts a character. */
MUST_USE enum code edit_apply(
    const struct edit *x, struct str text, struct buf *out, struct err *e);
/* x and then y, as one. E_INPUT where y was not made behind x. */
MUST_USE enum code edit_compose(
    struct arena *a, const struct edit *x, const struct edit *y, struct edit *out, struct err *e);
/* x as it is behind `over`, both made on one text. Where both put something at one place x stands behind, with `first` before. */
MUST_USE enum code edit_map(struct arena *a, const struct edit *x, const struct edit *over,
    bool first, struct edit *out, struct err *e);
/* Where a place of the text before is behind x. assoc < 0: it stays in front of what is put there, else behind. */
size_t edit_map_pos(const struct edit *x, size_t pos, int assoc);

/* UTF-16 units of a text. */
size_t edit_units(struct str s);
/* The change set that makes y of x: what text/diff.h finds. */
MUST_USE enum code edit_between(
    struct arena *a, struct str x, struct str y, struct edit *out, struct err *e);

#endif
