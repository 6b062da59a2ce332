/* text/near.h - near-duplicates of whole texts.
 *
 * A signature of one-permutation min-wise hashing (Li, Owen, Zhang 2012; empty bins filled by rotation,
 * Shrivastava and Li 2014) over runs of NEAR_SHINGLE characters, punctuation and blanks left out, widths
 * folded. Equal runs of its values make keys: two texts that share a key are candidates, looked up by an
 * ordinary index; near_compare then reads both texts and says what they are to each other.
 * docs/design/reading-metadata.md has what it reaches. */
#ifndef TEXT_NEAR_H
#define TEXT_NEAR_H

#include "base/arena.h"
#include "base/str.h"

enum {
    NEAR_SHINGLE = 5, /* characters */
    NEAR_BINS = 128,
    NEAR_BAND = 4,  /* values in a key */
    NEAR_KEYS = 24, /* keys of a text */
    NEAR_BYTES = 4 + 2 * NEAR_BINS,
    NEAR_CP_MIN = 40 /* shorter texts have no signature: too little to compare */
};

struct near_sign {
    uint32_t chars; /* characters that counted; below NEAR_CP_MIN: no signature */
    uint16_t bins[NEAR_BINS];
};
void near_sign(struct str text, struct near_sign *out);

/* How many keys were written: NEAR_KEYS, or 0 where there is no signature. Keys are stable and may be stored. */
size_t near_keys(const struct near_sign *s, int64_t keys[NEAR_KEYS]);
/* Estimate of the share of common runs (Jaccard), 0..1; standard error at most 0.045. */
double near_estimate(const struct near_sign *a, const struct near_sign *b);
/* For the database, little-endian; false when `bytes` is no signature. */
void near_pack(const struct near_sign *s, unsigned char out[NEAR_BYTES]);
bool near_unpack(struct str bytes, struct near_sign *out);

enum near_kind {
    NEAR_OTHER = 0,
    NEAR_SIMILAR, /* versions of one text, a text and its excerpt */
    NEAR_SAME,    /* a copy: equal but for punctuation, blanks and what stands around the text */
};
struct near_result {
    enum near_kind kind;
    double jaccard;   /* exact, over the runs of both */
    double contained; /* share of the shorter one's runs that the longer one holds */
};
/* Reads both texts; the scratch memory is the arena's. */
void near_compare(struct arena *a, struct str x, struct str y, struct near_result *out);

/* Share of common pairs of characters (Dice, with repetition) of two short texts, 0..1: for paragraphs
 * and articles. Reads at most NEAR_PAIRS_MAX characters of each. */
enum { NEAR_PAIRS_MAX = 8192 };
double near_dice(struct arena *a, struct str x, struct str y);

#endif
