/* base/utf8.h - UTF-8 at the edge: checked once when text comes in, assumed afterwards. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

/* The code point at s.p[*off], and *off moved behind it. Bytes that are no UTF-8 (overlong forms,
 * surrogates, above U+10FFFF, cut short) give U+FFFD and move by one byte. *off < s.n. */
uint32_t utf8_next(struct str s, size_t *off);
/* SIZE_MAX if s is valid UTF-8, else the byte offset of the first wrong byte. */
size_t utf8_check(struct str s);
/* How many code points (bytes that are no UTF-8 count as one each). */
size_t utf8_len_cp(struct str s);
/* Byte offset of code point number `cp`, or s.n when there are fewer. */
size_t utf8_off(struct str s, size_t cp);
/* Append s to b with what is no UTF-8, and NUL, replaced by U+FFFD; returns how many replacements. */
size_t utf8_clean(struct buf *b, struct str s);
bool utf8_is_han(uint32_t cp); /* CJK unified ideographs with all extensions, and 〇 */

#endif
