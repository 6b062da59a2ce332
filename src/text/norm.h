/* text/norm.h - the normal form in which texts are searched and compared.
 *
 * One UTF-16 unit becomes one unit, so a place in the normal form is the same place in the source
 * (counted in units; text/pos.h turns units into code points). What meets:
 *   full-width, half-width and small forms with ASCII; Latin, Greek and Cyrillic capitals with small letters;
 *   quotation marks “”‘’「」『』"' ; dashes — ― – － - ; tildes ～ 〜 ~ ; square brackets 〔〕［］【】〖〗[] ;
 *   middle dots · • ・ ; … ⋯ ; blanks (ideographic, no-break, tab) ; traditional with simplified characters
 *   one to one where Unihan gives one reading; compatibility ideographs and radicals, which PDF
 *   files contain, with the ordinary characters.
 * What stays apart: different marks (（ and 〔, 《 and 〈, 、 and ，), line breaks, numbers (① and 1), surrogates.
 * A line break stays a line break; nothing is dropped. norm(norm(x)) = norm(x).
 *
 * The table is generated (tools/gen_norm.py, Unicode Character Database). */
#ifndef TEXT_NORM_H
#define TEXT_NORM_H

#include "base/arena.h"
#include "base/buf.h"

enum { NORM_PAGES = 120 };
extern const uint8_t norm_page[256];
extern const uint16_t norm_delta[NORM_PAGES][256];

static inline uint16_t norm_unit(uint16_t u)
{
    return (uint16_t)(u + norm_delta[norm_page[u >> 8]][u & 0xFF]);
}

/* A text in normal form with what is needed to write its source again. Lives in the arena. */
struct norm_exception {
    uint32_t at; /* unit */
    uint16_t was;
};
struct norm {
    const uint16_t *units;
    size_t n;
    const struct norm_exception *exceptions; /* ascending; only where source and form differ */
    size_t n_exceptions;
};
enum { NORM_UNITS_MAX = 1 << 30 };
/* E_LIMIT above NORM_UNITS_MAX units. */
MUST_USE enum code norm_text(struct arena *a, struct str utf8, struct norm *out, struct err *e);
/* The source of units [begin, end), appended as UTF-8. Past the end is clipped. */
void norm_source(const struct norm *t, size_t begin, size_t end, struct buf *out);
/* The normal form as UTF-8: for keys and comparisons that need no way back. */
struct str norm_str(struct arena *a, struct str utf8);

#endif
