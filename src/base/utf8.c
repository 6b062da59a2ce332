#include "base/utf8.h"

static bool tail(struct str s, size_t at, unsigned lo, unsigned hi)
{
    unsigned char c = at < s.n ? (unsigned char)s.p[at] : 0;

    return c >= lo && c <= hi;
}

/* Table 3-7 of the Unicode Standard: the second byte decides about overlong forms, surrogates and
 * the upper end; the others are 80..BF. Returns the length of a well-formed sequence, or 0. */
static size_t seq_len(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];

    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return tail(s, at + 1, 0x80, 0xBF) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        unsigned lo = c == 0xE0 ? 0xA0 : 0x80, hi = c == 0xED ? 0x9F : 0xBF;
        return tail(s, at + 1, lo, hi) && tail(s, at + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        unsigned lo = c == 0xF0 ? 0x90 : 0x80, hi = c == 0xF4 ? 0x8F : 0xBF;
        return tail(s, at + 1, lo, hi) && tail(s, at + 2, 0x80, 0xBF) && tail(s, at + 3, 0x80, 0xBF)
                   ? 4
                   : 0;
    }
    return 0;
}

uint32_t utf8_next(struct str s, size_t *off)
{
    const unsigned char *p = (const unsigned char *)s.p + *off;
    size_t n = seq_len(s, *off);

    *off += n ? n : 1;
    switch (n) {
    case 1:
        return p[0];
    case 2:
        return (uint32_t)(p[0] & 31) << 6 | (p[1] & 63U);
    case 3:
        return (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63U);
    case 4:
        return (uint32_t)(p[0] & 7) << 18 | (uint32_t)(p[1] & 63) << 12 |
               (uint32_t)(p[2] & 63) << 6 | (p[3] & 63U);
    default:
        return 0xFFFD;
    }
}

size_t utf8_check(struct str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = seq_len(s, i);
        if (n == 0)
            return i;
        i += n;
    }
    return SIZE_MAX;
}

size_t utf8_len_cp(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; n++)
        (void)utf8_next(s, &i);
    return n;
}

size_t utf8_off(struct str s, size_t cp)
{
    size_t i = 0;

    while (cp-- > 0 && i < s.n)
        (void)utf8_next(s, &i);
    return i;
}

size_t utf8_clean(struct buf *b, struct str s)
{
    size_t bad = 0;
    size_t start = 0;

    for (size_t i = 0; i < s.n;) {
        size_t n = seq_len(s, i);
        if (n && s.p[i]) {
            i += n;
            continue;
        }
        buf_add(b, s.p + start, i - start);
        buf_utf8(b, 0xFFFD);
        bad++;
        start = ++i;
    }
    buf_add(b, s.n ? s.p + start : NULL, s.n - start);
    return bad;
}

bool utf8_is_han(uint32_t cp)
{
    return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) || cp == 0x3007 ||
           (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x323AF);
}
