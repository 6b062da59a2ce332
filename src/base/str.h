/* base/str.h - borrowed views of UTF-8 text. Lengths and offsets are bytes. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct str {
    const char *p; /* not NUL-terminated; NULL only when n is 0 */
    size_t n;      /* bytes */
};

/* A view of a string literal; SC is the same for static tables. */
#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define SC(lit)                 \
    {                           \
        "" lit, sizeof(lit) - 1 \
    }
/* For printf("%.*s", SF(s)). */
#define SF(s) (int)(s).n, ((s).p ? (s).p : "")

struct str str_z(const char *z); /* a view of a NUL-terminated string; NULL gives the empty view */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, as strcmp */
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
/* If *s starts (ends) with it, drop it and return true; else leave *s alone. */
bool str_eat(struct str *s, struct str head);
bool str_eat_end(struct str *s, struct str tail);
/* Split s at the first (last) `mark`: false, and no change, if it is not there. */
bool str_cut(struct str s, struct str mark, struct str *before, struct str *after);
bool str_cut_last(struct str s, struct str mark, struct str *before, struct str *after);
/* Byte offset of the first `needle` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
bool str_has(struct str s, struct str needle);
struct str str_sub(struct str s, size_t off, size_t n); /* clipped to s */
/* Without white space at both ends: ASCII blanks, U+3000, U+00A0 and U+FEFF. */
struct str str_trim(struct str s);
/* The next piece of *rest up to `mark` (or all of it); false when *rest is used up. For lines,
 * start with *rest = s and call until false. "a,b," gives a, b and no third piece. */
bool str_next(struct str *rest, struct str mark, struct str *piece);
/* One of the pieces is just this: "a" is a line of "a\nb", "" is none. */
bool str_has_piece(struct str list, struct str mark, struct str piece);
/* Decimal with optional sign, nothing else in s; E_INPUT names the text, E_LIMIT the overflow. */
MUST_USE enum code str_int(struct str s, int64_t *out, struct err *e);
/* If *s starts with `least` ASCII digits or more, drop up to `most` (<= 9) of them, give their value
 * and return true. */
bool str_eat_digits(struct str *s, size_t least, size_t most, int *out);
/* FNV-1a, 64 bits: for tables in memory, never stored. */
uint64_t str_hash(struct str s);

#endif
