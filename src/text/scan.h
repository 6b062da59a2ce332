/* text/scan.h - every place of a pattern in a run of UTF-16 units, by plain scanning.
 *
 * First and last unit of the pattern are compared 16 (AVX2, chosen at run time) or 8 (SSE2) places at
 * a time; a portable loop elsewhere. Overlapping places count. Measured: docs/design/corpus.md. */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* Places >= from, ascending, at most cap of them; returns how many. m >= 1. When cap was filled, go on
 * with from = last place + 1. */
size_t scan_all(const uint16_t *text, size_t n, const uint16_t *pat, size_t m, size_t from,
    uint32_t *out, size_t cap);
/* The first place >= from, or SIZE_MAX. */
size_t scan_first(const uint16_t *text, size_t n, const uint16_t *pat, size_t m, size_t from);

#endif
