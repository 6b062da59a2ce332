/* text/view.h - the matching view: the characters of a text that match.h compares, and the runs of them
 * that are looked up.
 *
 * Out of the normal form (norm.h) go punctuation, blanks and line breaks; Han, letters and digits stay, %
 * and a decimal point too. Each character is one UTF-16 unit. */
#ifndef TEXT_VIEW_H
#define TEXT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool view_keeps_other(const uint16_t *units, size_t i);
/* Whether unit i counts; `units` is in normal form and closed by 0. */
static inline bool view_keeps(const uint16_t *units, size_t i)
{
    return (uint16_t)(units[i] - 0x4E00) < 0x5200 || view_keeps_other(units, i);
}

struct view {
    const uint16_t *u;  /* u[-1] and u[n] are 0 */
    const uint32_t *at; /* unit of each */
    uint32_t n;
};
/* View of units [begin, end); u and at have room for end - begin, and u for two more. */
struct view view_fill(
    const uint16_t *units, uint32_t begin, uint32_t end, uint16_t *u, uint32_t *at);

/* The last GRAM_CHARS characters of a text that is read character by character. */
enum { GRAM_CHARS = 5 };
struct gram {
    uint64_t four;
    uint16_t first;
};

static inline struct gram gram_shift(struct gram g, uint16_t u)
{
    return (struct gram){g.four << 16 | u, (uint16_t)(g.four >> 48)};
}

/* Stored in segments as the number of a list: its top bits. */
static inline uint64_t gram_hash(struct gram g)
{
    uint64_t x = g.four * 0x9E3779B97F4A7C15u + g.first * (uint64_t)0xC2B2AE3D27D4EB4Fu;

    x ^= x >> 32;
    return x * 0xD6E8FEB86659FD93u;
}

/* Two different characters at most: rows of signs, by which nothing is found. */
static inline bool gram_poor(struct gram g)
{
    uint16_t a = g.first, b = a;

    for (int i = 48; i >= 0; i -= 16) {
        uint16_t u = (uint16_t)(g.four >> i);
        if (u == a || u == b)
            continue;
        if (b != a)
            return false;
        b = u;
    }
    return true;
}

#endif
