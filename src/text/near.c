#include "text/near.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { HEAD_CP = 400, TAIL_CP = 200 };
static const double similar_from = 0.35; /* of exact Jaccard; measured, see the design page */
static const double contained_from = 0.8;

/* ---- characters that count ---- */

/* 0: not counted. Letters lower, widths folded; Han, kana and the rest as they are. */
static uint32_t fold(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFEE0;
    if (cp < 0x80) {
        if (cp >= 'A' && cp <= 'Z')
            return cp + 32;
        return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ? cp : 0;
    }
    if (cp < 0xC0 || (cp >= 0x2000 && cp <= 0x206F) ||
        (cp >= 0x3000 && cp <= 0x303F && cp != 0x3007) || (cp >= 0xFE30 && cp <= 0xFE6F) ||
        (cp >= 0xFF00 && cp <= 0xFFEF) || cp == 0xFFFD)
        return 0;
    return cp;
}

static uint32_t next_cp(struct str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;

    /* the usual three bytes without a call; anything odd goes the careful way */
    if (s.n - *at >= 3 && p[0] >= 0xE1 && p[0] <= 0xEC && (p[1] & 0xC0) == 0x80 &&
        (p[2] & 0xC0) == 0x80) {
        *at += 3;
        return ((uint32_t)(p[0] & 0x0F) << 12) | ((uint32_t)(p[1] & 0x3F) << 6) | (p[2] & 0x3F);
    }
    return utf8_next(s, at);
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
}

/* Hashes of runs of NEAR_SHINGLE characters, one for each character from the fifth on. */
struct runs {
    struct str s;
    size_t at;
    uint32_t last[NEAR_SHINGLE];
    uint32_t n;
};

static bool next_run(struct runs *r, uint64_t *hash)
{
    while (r->at < r->s.n) {
        uint32_t cp = fold(next_cp(r->s, &r->at));
        uint64_t h;
        if (cp == 0)
            continue;
        memmove(r->last, r->last + 1, sizeof(r->last) - sizeof(r->last[0]));
        r->last[NEAR_SHINGLE - 1] = cp;
        if (++r->n < NEAR_SHINGLE)
            continue;
        h = r->last[0];
        for (int i = 1; i < NEAR_SHINGLE; i++)
            h = h * 0x100000001B3u + r->last[i];
        *hash = mix(h);
        return true;
    }
    return false;
}

/* ---- signatures ---- */

/* An empty bin borrows from the next full one, told apart by the distance. */
static void fill_empty(struct near_sign *s, const bool *full)
{
    uint16_t done[NEAR_BINS];

    for (int i = 0; i < NEAR_BINS; i++) {
        int d = 0;
        while (d < NEAR_BINS && !full[(i + d) % NEAR_BINS])
            d++;
        done[i] = (uint16_t)(s->bins[(i + d) % NEAR_BINS] + (uint16_t)(d * 7919));
    }
    memcpy(s->bins, done, sizeof(done));
}

void near_sign(struct str text, struct near_sign *out)
{
    uint32_t least[NEAR_BINS];
    bool full[NEAR_BINS] = {false};
    struct runs r = {.s = text};
    uint64_t h;

    memset(out, 0, sizeof(*out));
    memset(least, 0xFF, sizeof(least));
    while (next_run(&r, &h)) {
        uint32_t bin = (uint32_t)(h >> 57), v = (uint32_t)(h >> 16);
        full[bin] = true;
        if (v < least[bin])
            least[bin] = v;
    }
    out->chars = r.n;
    if (r.n < NEAR_CP_MIN)
        return;
    for (int i = 0; i < NEAR_BINS; i++)
        out->bins[i] = (uint16_t)(mix(least[i]) >> 48);
    fill_empty(out, full);
}

size_t near_keys(const struct near_sign *s, int64_t keys[NEAR_KEYS])
{
    if (s->chars < NEAR_CP_MIN)
        return 0;
    for (int k = 0; k < NEAR_KEYS; k++) {
        uint64_t h = (uint64_t)k + 1;
        for (int i = 0; i < NEAR_BAND; i++)
            h = mix(h * 0x100000001B3u + s->bins[k * NEAR_BAND + i]);
        keys[k] = (int64_t)(h >> 1);
    }
    return NEAR_KEYS;
}

double near_estimate(const struct near_sign *a, const struct near_sign *b)
{
    int same = 0;

    if (a->chars < NEAR_CP_MIN || b->chars < NEAR_CP_MIN)
        return 0;
    for (int i = 0; i < NEAR_BINS; i++)
        same += a->bins[i] == b->bins[i];
    return (double)same / NEAR_BINS;
}

void near_pack(const struct near_sign *s, unsigned char out[NEAR_BYTES])
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(s->chars >> (8 * i));
    for (int i = 0; i < NEAR_BINS; i++) {
        out[4 + 2 * i] = (unsigned char)(s->bins[i] & 0xFF);
        out[5 + 2 * i] = (unsigned char)(s->bins[i] >> 8);
    }
}

bool near_unpack(struct str bytes, struct near_sign *out)
{
    const unsigned char *p = (const unsigned char *)bytes.p;

    if (bytes.n != NEAR_BYTES)
        return false;
    out->chars = 0;
    for (int i = 0; i < 4; i++)
        out->chars |= (uint32_t)p[i] << (8 * i);
    for (int i = 0; i < NEAR_BINS; i++)
        out->bins[i] = (uint16_t)(p[4 + 2 * i] | (p[5 + 2 * i] << 8));
    return true;
}

/* ---- two texts ---- */

static int by_value(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

    return (a > b) - (a < b);
}

/* Distinct run hashes, ascending. */
static uint64_t *run_set(struct arena *a, struct str s, size_t *n)
{
    struct runs r = {.s = s};
    uint64_t *v = NULL, h;
    size_t cap = 0, out = 0;

    *n = 0;
    while (next_run(&r, &h))
        ARENA_PUSH(a, v, *n, cap) = h;
    if (*n == 0)
        return v;
    qsort(v, *n, sizeof(*v), by_value);
    for (size_t i = 1; i < *n; i++)
        if (v[i] != v[out])
            v[++out] = v[i];
    *n = out + 1;
    return v;
}

static size_t common(const uint64_t *x, size_t nx, const uint64_t *y, size_t ny)
{
    size_t i = 0, k = 0, n = 0;

    while (i < nx && k < ny) {
        if (x[i] == y[k])
            n++, i++, k++;
        else if (x[i] < y[k])
            i++;
        else
            k++;
    }
    return n;
}

static uint32_t *folded(struct arena *a, struct str s, size_t *n)
{
    uint32_t *v = ARENA_ARRAY(a, uint32_t, s.n + 1);
    size_t at = 0;

    *n = 0;
    while (at < s.n) {
        uint32_t cp = fold(next_cp(s, &at));
        if (cp)
            v[(*n)++] = cp;
    }
    return v;
}

/* Equal, or different only within the first HEAD_CP or last TAIL_CP characters of each: a copy with
 * another head line or foot. A new version differs inside. */
static bool is_copy(struct arena *a, struct str x, struct str y)
{
    size_t nx, ny, front = 0, back = 0, least;
    uint32_t *u = folded(a, x, &nx), *v = folded(a, y, &ny);

    least = nx < ny ? nx : ny;
    while (front < least && u[front] == v[front])
        front++;
    if (front == nx && front == ny)
        return true;
    while (back < least - front && u[nx - 1 - back] == v[ny - 1 - back])
        back++;
    if (least < 4 * HEAD_CP / 3)
        return false;
    if (nx - back <= HEAD_CP && ny - back <= HEAD_CP)
        return true;
    return nx - front <= TAIL_CP && ny - front <= TAIL_CP;
}

void near_compare(struct arena *a, struct str x, struct str y, struct near_result *out)
{
    size_t nx, ny, both;
    uint64_t *u = run_set(a, x, &nx), *v = run_set(a, y, &ny);

    memset(out, 0, sizeof(*out));
    if (nx == 0 || ny == 0) {
        out->kind = x.n && is_copy(a, x, y) ? NEAR_SAME : NEAR_OTHER;
        return;
    }
    both = common(u, nx, v, ny);
    out->jaccard = (double)both / (double)(nx + ny - both);
    out->contained = (double)both / (double)(nx < ny ? nx : ny);
    if (out->jaccard > 0.5 && is_copy(a, x, y))
        out->kind = NEAR_SAME;
    else if (out->jaccard >= similar_from ||
             (out->contained >= contained_from && both >= NEAR_CP_MIN))
        out->kind = NEAR_SIMILAR;
}

/* ---- paragraphs ---- */

static uint64_t *pairs(struct arena *a, struct str s, size_t *n)
{
    size_t at = 0, chars = 0;
    uint32_t last = 0;
    uint64_t *v = ARENA_ARRAY(a, uint64_t, (s.n < NEAR_PAIRS_MAX ? s.n : NEAR_PAIRS_MAX) + 1);

    *n = 0;
    while (at < s.n && chars < NEAR_PAIRS_MAX) {
        uint32_t cp = fold(next_cp(s, &at));
        if (cp == 0)
            continue;
        chars++;
        v[(*n)++] = (uint64_t)last << 32 | cp;
        last = cp;
    }
    if (*n)
        qsort(v, *n, sizeof(*v), by_value);
    return v;
}

double near_dice(struct arena *a, struct str x, struct str y)
{
    size_t nx, ny, i = 0, k = 0, both = 0;
    uint64_t *u = pairs(a, x, &nx), *v = pairs(a, y, &ny);

    while (i < nx && k < ny) {
        if (u[i] == v[k])
            both++, i++, k++;
        else if (u[i] < v[k])
            i++;
        else
            k++;
    }
    return nx + ny ? 2.0 * (double)both / (double)(nx + ny) : 1.0;
}
