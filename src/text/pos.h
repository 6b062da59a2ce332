/* text/pos.h - one place in a text, counted three ways: bytes of UTF-8, UTF-16 units, code points.
 *
 * The only place where these are converted. JSON and anchors count code points; the corpus counts
 * UTF-16 units; strings in memory count bytes. Text is valid UTF-8; a byte that is not counts as one
 * code point and one unit (U+FFFD), as base/utf8.h reads it. */
#ifndef TEXT_POS_H
#define TEXT_POS_H

#include "base/arena.h"
#include "base/buf.h"

struct pos {
    size_t byte, unit, cp;
};

/* A text with checkpoints, so that a place in the middle of a million characters is found by a
 * short scan (POS_STEP code points at most) and not from the start. Borrows the text. */
enum { POS_STEP = 512 };
struct pos_map {
    struct str text;
    const struct pos *mark; /* mark[i] is the place of code point i * POS_STEP */
    size_t n_marks;
    struct pos end;
};
void pos_map_init(struct arena *a, struct pos_map *m, struct str text);

/* The place counted in one way, with the two others. Past the end: the end. Inside a
 * character (a continuation byte, a low surrogate): the beginning of that character. */
struct pos pos_at_byte(const struct pos_map *m, size_t byte);
struct pos pos_at_unit(const struct pos_map *m, size_t unit);
struct pos pos_at_cp(const struct pos_map *m, size_t cp);

/* UTF-8 to units and back. `out` has room for s.n units (never more units than bytes). */
size_t pos_to_units(struct str s, uint16_t *out);
void pos_to_utf8(struct buf *b, const uint16_t *units, size_t n); /* lone surrogates: U+FFFD */

static inline bool pos_is_high(uint16_t u)
{
    return (u & 0xFC00) == 0xD800;
}
static inline bool pos_is_low(uint16_t u)
{
    return (u & 0xFC00) == 0xDC00;
}

#endif
