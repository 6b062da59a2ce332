/* paper/charset.h - which encoding a text is in, and UTF-8 from it. Private to the layer.
 *
 * Detection weighs four candidates by how much of what they give is everyday Chinese (GB 2312
 * level 1, its punctuation), so that it holds on texts of a few characters, where "is valid UTF-8"
 * says little: `联通` in GBK and many pairs like it are near misses. */
#ifndef PAPER_CHARSET_H
#define PAPER_CHARSET_H

#include "base/buf.h"

struct charset {
    struct str name; /* "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"; static */
    size_t bom;      /* bytes of the byte order mark in front */
    double weight;   /* 1: sure; below 0: hardly a text at all */
};
struct charset charset_detect(struct str bytes);

/* Append `bytes` in the encoding called `label` (any label of mail or html) to out as UTF-8. Returns how many
 * places could not be read (each gives U+FFFD), SIZE_MAX if there is no such encoding. */
size_t charset_decode(struct buf *out, struct str bytes, struct str label);

/* Open every converter that charset_decode may need and keep it, before the cage forbids opening
 * files: the C library loads converters from /usr/lib when first used. */
enum { CHARSET_WARM = 16 };
struct charset_warm {
    void *keep[CHARSET_WARM];
};
void charset_warm(struct charset_warm *w);
void charset_cool(struct charset_warm *w);

#endif
