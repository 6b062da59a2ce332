/* text/scan.h - every place of a pattern in a run of UTF-16 units, by plain scanning.
 *
 * First and last unit of the pattern are compared 16 (AVX2, chosen at run time) or 8 (SSE2) places at
 * a time; a portable loop elsewhere. Overlapping places count. Measured: docs/design/corpus.md. */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* A run of UTF-16 units, borrowed. */
struct units {
    const uint16_t *p;
    size_t n;
};

/* Places >= from, ascending, at most cap of them; returns how many. pat.n >= 1. When cap was filled, go on
 * with from = last place + 1. */
size_t scan_all(struct units text, struct units pat, size_t from, uint32_t *out, size_t cap);
/* The first place >= from, or SIZE_MAX. */
size_t scan_first(struct units text, struct units pat, size_t from);

#endif
