#include "text/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

_Static_assert(sizeof(struct segment_header) <= SEGMENT_HEADER, "the header is one page");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are mapped as they are");

/* Four lanes of xor and multiply by an odd constant: each step is a bijection of its lane, so one
 * changed word can never cancel out. */
uint64_t segment_sum(const void *p, size_t n)
{
    static const uint64_t k = 0x9E3779B97F4A7C15u;
    const unsigned char *c = p;
    uint64_t h[4] = {n * k, ~n * k, k, ~k}, w[4];
    unsigned char last[32] = {0};

    for (; n >= 32; n -= 32, c += 32) {
        memcpy(w, c, 32);
        for (int i = 0; i < 4; i++) {
            h[i] = (h[i] ^ w[i]) * k;
            h[i] ^= h[i] >> 29;
        }
    }
    memcpy(last, c, n);
    memcpy(w, last, 32);
    for (int i = 0; i < 4; i++) {
        h[i] = (h[i] ^ w[i]) * k;
        h[0] = (h[0] ^ (h[i] >> 31) ^ h[i]) * k;
    }
    return h[0] ^ h[0] >> 32 ^ h[1] ^ h[2] << 1 ^ h[3] << 2;
}

static bool block_ready(const struct segment *s, size_t b)
{
    const unsigned char *at = s->map + SEGMENT_HEADER + b * SEGMENT_BLOCK;
    size_t end = (size_t)((const unsigned char *)s->sums - s->map);
    size_t left = end - (SEGMENT_HEADER + b * SEGMENT_BLOCK);

    if (segment_sum(at, left < SEGMENT_BLOCK ? left : SEGMENT_BLOCK) != s->sums[b])
        return false;
    atomic_store_explicit(&s->ready[b], 1, memory_order_relaxed);
    return true;
}

bool segment_ready(const struct segment *s, const void *p, size_t n)
{
    size_t at = (size_t)((const unsigned char *)p - s->map) - SEGMENT_HEADER;
    size_t last = n ? (at + n - 1) / SEGMENT_BLOCK : 0;

    for (size_t b = at / SEGMENT_BLOCK; n && b <= last; b++)
        if (!atomic_load_explicit(&s->ready[b], memory_order_relaxed) && !block_ready(s, b))
            return false;
    return true;
}

enum code segment_damaged(const struct segment *s, struct err *e)
{
    return FAIL(e, E_IO, "索引文件“%s”的内容与校验和不符，请运行 qianshao reindex 重建", s->path);
}

/* ---- opening ---- */

static const void *section(
    const struct segment *s, const struct segment_header *h, int which, int sec)
{
    return s->map + h->section[which][sec].at;
}

/* Of the number of lists of grams, which is a power of 2; 0: there are none. */
static uint32_t gram_bits(const struct segment_header *h, int which)
{
    uint64_t lists = h->section[which][SEC_GRAM_AT].bytes / 4;
    uint32_t bits = 1;

    while (bits < 30 && ((uint64_t)1 << bits) + 1 < lists)
        bits++;
    return lists == ((uint64_t)1 << bits) + 1 ? bits : 0;
}

/* Whether every section lies inside the file and has the size that the counts ask for. */
static bool sections_fit(const struct segment_header *h, int which)
{
    static const uint64_t unit[N_SECTIONS] = {
        2, 4, 4, 4, 8, 4, sizeof(struct stream_node), 1, 4, 4, 4, 4, 4};
    uint64_t n = h->units[which];
    uint64_t want[N_SECTIONS] = {[SEC_UNITS] = n * 2,
        [SEC_SA] = n * 4,
        [SEC_START] = (h->n_docs + (uint64_t)1) * 4,
        [SEC_BLOCK] = (n / STREAM_RUN + 1) * 4,
        [SEC_EXC_AT] = (n / STREAM_PAGE + 2) * 4};

    for (int i = 0; i < N_SECTIONS; i++) {
        uint64_t at = h->section[which][i].at, bytes = h->section[which][i].bytes;
        if (at % 8 != 0 || at < SEGMENT_HEADER || at > h->sums_at || bytes > h->sums_at - at ||
            bytes % unit[i] != 0 || (want[i] && bytes != want[i]))
            return false;
    }
    return h->section[which][SEC_HEADS].bytes >= 8 &&
           (which == STREAM_TITLE || gram_bits(h, which) > 0);
}

static bool header_fits(const struct segment_header *h, size_t bytes)
{
    uint64_t blocks;

    if (bytes < SEGMENT_HEADER || memcmp(h->magic, SEGMENT_MAGIC, 8) != 0 ||
        h->order != SEGMENT_ORDER || h->file_bytes != bytes ||
        h->sum != segment_sum(h, offsetof(struct segment_header, sum)))
        return false;
    if (h->sums_at < SEGMENT_HEADER || h->sums_at > bytes || h->sums_at % 8 != 0)
        return false;
    blocks = (h->sums_at - SEGMENT_HEADER + SEGMENT_BLOCK - 1) / SEGMENT_BLOCK;
    return h->n_blocks == blocks && (bytes - h->sums_at) / 8 == blocks && h->n_docs > 0 &&
           h->n_docs <= SEGMENT_DOCS_MAX && h->ids_at % 8 == 0 && h->ids_at >= SEGMENT_HEADER &&
           h->ids_at <= h->sums_at && h->n_docs * (uint64_t)8 <= h->sums_at - h->ids_at &&
           sections_fit(h, STREAM_TEXT) && sections_fit(h, STREAM_TITLE);
}

static void stream_init(struct segment *s, const struct segment_header *h, int which)
{
    struct stream *t = &s->stream[which];

    t->n = h->units[which];
    t->step = h->step[which];
    t->units = section(s, h, which, SEC_UNITS);
    t->sa = section(s, h, which, SEC_SA);
    t->start = section(s, h, which, SEC_START);
    t->block = section(s, h, which, SEC_BLOCK);
    t->heads = section(s, h, which, SEC_HEADS);
    t->n_heads = (uint32_t)(h->section[which][SEC_HEADS].bytes / sizeof(*t->heads)) - 1;
    t->pairs = section(s, h, which, SEC_PAIRS);
    t->n_pairs = (uint32_t)(h->section[which][SEC_PAIRS].bytes / 4);
    t->nodes = section(s, h, which, SEC_NODES);
    t->n_nodes = (uint32_t)(h->section[which][SEC_NODES].bytes / sizeof(*t->nodes));
    t->lists = section(s, h, which, SEC_LISTS);
    t->list_bytes = h->section[which][SEC_LISTS].bytes;
    t->exc = section(s, h, which, SEC_EXC);
    t->exc_at = section(s, h, which, SEC_EXC_AT);
    t->low = section(s, h, which, SEC_LOW);
    t->n_low = (uint32_t)(h->section[which][SEC_LOW].bytes / 4);
    t->gram_at = section(s, h, which, SEC_GRAM_AT);
    t->gram_bits = gram_bits(h, which);
    t->grams = section(s, h, which, SEC_GRAMS);
    t->n_grams = (uint32_t)(h->section[which][SEC_GRAMS].bytes / 4);
}

/* The small tables are compared at once, so that later reading of them needs no care. */
static bool tables_ready(const struct segment *s)
{
    bool good = segment_ready(s, s->ids, s->n_docs * sizeof(*s->ids));

    for (int w = 0; good && w < N_STREAMS; w++) {
        const struct stream *t = &s->stream[w];
        good = segment_ready(s, t->start, (s->n_docs + (size_t)1) * 4) &&
               segment_ready(s, t->block, (t->n / STREAM_RUN + (size_t)1) * 4) &&
               segment_ready(s, t->heads, (t->n_heads + (size_t)1) * sizeof(*t->heads)) &&
               segment_ready(s, t->pairs, t->n_pairs * (size_t)4) &&
               segment_ready(s, t->nodes, t->n_nodes * sizeof(*t->nodes)) &&
               segment_ready(s, t->exc_at, (t->n / STREAM_PAGE + (size_t)2) * 4) &&
               segment_ready(s, t->low, t->n_low * (size_t)4) && t->step > 0;
    }
    return good;
}

static enum code map_file(const char *path, struct segment *s, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p = MAP_FAILED;
    int why = errno;

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        why = errno;
        s->bytes = (size_t)st.st_size;
    }
    if (fd >= 0)
        (void)close(fd);
    if (p == MAP_FAILED && fd >= 0 && s->bytes == 0)
        return FAIL(e, E_IO, "索引文件“%s”是空的，请运行 qianshao reindex 重建", path);
    errno = why;
    if (p == MAP_FAILED)
        return io_fail("打开", path, e);
    s->mapped = p;
    s->map = p;
    (void)posix_madvise(p, s->bytes, POSIX_MADV_RANDOM);
    return OK;
}

enum code segment_open(const char *path, struct segment **out, struct err *e)
{
    struct segment *s = mem_alloc(sizeof(*s));
    const struct segment_header *h;
    enum code c;

    atomic_init(&s->refs, 1);
    s->path = mem_dup(path, strlen(path));
    c = map_file(path, s, e);
    if (c != OK)
        goto fail;
    h = (const void *)s->map;
    if (s->bytes >= SEGMENT_HEADER && memcmp(h->magic, SEGMENT_MAGIC, 8) == 0 &&
        h->version != SEGMENT_VERSION) {
        c = FAIL(e, E_IO,
            "索引文件“%s”是第 %u 版格式，本程序用第 %d 版，请运行 qianshao reindex 重建", path,
            h->version, (int)SEGMENT_VERSION);
        goto fail;
    }
    if (!header_fits(h, s->bytes)) {
        c = FAIL(e, E_IO, "索引文件“%s”不完整或已损坏，请运行 qianshao reindex 重建", path);
        goto fail;
    }
    s->n_docs = h->n_docs;
    s->ids = (const void *)(s->map + h->ids_at);
    s->sums = (const void *)(s->map + h->sums_at);
    s->n_blocks = h->n_blocks;
    s->ready = mem_alloc(s->n_blocks);
    stream_init(s, h, STREAM_TEXT);
    stream_init(s, h, STREAM_TITLE);
    if (segment_sum(s->sums, s->n_blocks * 8) != h->sums_sum || !tables_ready(s)) {
        c = segment_damaged(s, e);
        goto fail;
    }
    *out = s;
    return OK;
fail:
    segment_unref(s);
    return c;
}

struct segment *segment_ref(struct segment *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void segment_unref(struct segment *s)
{
    if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
        return;
    if (s->map)
        (void)munmap(s->mapped, s->bytes);
    if (atomic_load(&s->doomed))
        (void)unlink(s->path);
    free(s->ready);
    free(s->path);
    free(s);
}

uint32_t segment_doc(const struct segment *s, int64_t id)
{
    uint32_t lo = 0, hi = s->n_docs;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n_docs && s->ids[lo] == id ? lo : UINT32_MAX;
}

uint32_t stream_doc(const struct stream *t, uint32_t place)
{
    uint32_t d = t->block[place / STREAM_RUN];

    while (t->start[d + 1] <= place)
        d++;
    return d;
}

/* ---- suffixes ---- */

/* Order of the suffix at `place` against the pattern: 0 when it begins with it. The first unit is
 * known to be the same. *ok turns false on damage. */
static int compare(
    const struct segment *s, const struct stream *t, uint32_t place, struct units pat, bool *ok)
{
    size_t left = t->n - place, m = pat.n < left ? pat.n : left;

    *ok = *ok && place < t->n && segment_ready(s, t->units + place, m * sizeof(*pat.p));
    if (!*ok)
        return 0;
    for (size_t i = 1; i < m; i++)
        if (t->units[place + i] != pat.p[i])
            return t->units[place + i] < pat.p[i] ? -1 : 1;
    return m < pat.n ? -1 : 0;
}

/* The first suffix in [lo, hi) that is not before the pattern (after: that is behind it). */
static uint32_t bound(const struct segment *s, const struct stream *t, struct range r,
    struct units pat, bool after, bool *ok)
{
    while (r.lo < r.hi && *ok) {
        uint32_t mid = r.lo + (r.hi - r.lo) / 2;
        int order;
        *ok = segment_ready(s, t->sa + mid, sizeof(*t->sa));
        order = *ok ? compare(s, t, t->sa[mid], pat, ok) : 0;
        if (order < 0 || (after && order == 0))
            r.lo = mid + 1;
        else
            r.hi = mid;
    }
    return r.lo;
}

enum code segment_range(
    const struct segment *s, int which, struct units pat, struct range *out, struct err *e)
{
    const struct stream *t = &s->stream[which];
    uint32_t lo = 0, hi = t->n_heads;
    struct range r = {0, 0};
    bool ok = true;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->heads[mid].unit < pat.p[0])
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < t->n_heads && t->heads[lo].unit == pat.p[0])
        r = (struct range){t->heads[lo].start, t->heads[lo + 1].start};
    if (pat.n > 1 && r.lo < r.hi) {
        r.lo = bound(s, t, r, pat, false, &ok);
        r.hi = bound(s, t, r, pat, true, &ok);
    }
    if (!ok)
        return segment_damaged(s, e);
    *out = r;
    return OK;
}

static bool add_places(
    const struct segment *s, const struct stream *t, struct range r, uint64_t *bits, uint32_t *tf)
{
    if (r.lo >= r.hi)
        return true;
    if (!segment_ready(s, t->sa + r.lo, (r.hi - r.lo) * sizeof(*t->sa)))
        return false;
    for (uint32_t i = r.lo; i < r.hi; i++) {
        uint32_t d = stream_doc(t, t->sa[i]);
        bits[d / 64] |= (uint64_t)1 << d % 64;
        if (tf)
            tf[d]++;
    }
    return true;
}

static const uint8_t *number(const uint8_t *p, const uint8_t *end, uint32_t *out)
{
    uint32_t v = 0;

    for (unsigned shift = 0; p < end; shift += 7) {
        v |= (uint32_t)(*p & 127) << shift;
        if (!(*p++ & 128))
            break;
    }
    *out = v;
    return p;
}

/* A list: for each document its distance from the one before, doubled, odd when the count less two follows. */
static bool add_list(const struct segment *s, const struct stream *t,
    const struct stream_node *node, uint64_t *bits, uint32_t *tf)
{
    const uint8_t *p = t->lists + node->at, *end = p + node->n;
    uint32_t d = UINT32_MAX, v, more;

    if (!segment_ready(s, p, node->n))
        return false;
    while (p < end) {
        p = number(p, end, &v);
        d += v >> 1;
        more = 0;
        if (v & 1)
            p = number(p, end, &more);
        bits[d / 64] |= (uint64_t)1 << d % 64;
        if (tf)
            tf[d] += v & 1 ? more + 2 : 1;
    }
    return true;
}

enum code segment_docs(
    const struct segment *s, int which, struct range r, uint64_t *bits, uint32_t *tf, struct err *e)
{
    const struct stream *t = &s->stream[which];
    uint32_t first = r.lo / t->step + (r.lo % t->step != 0); /* samples inside: first .. last */
    uint32_t last = r.hi > r.lo ? (r.hi - 1) / t->step : 0;
    const struct stream_node *node = NULL;
    bool good;

    /* The highest node between two samples inside r covers all samples inside, and nothing
     * outside, because their common prefix is at least the pattern. */
    for (uint32_t i = first; i < last && i < t->n_pairs && !node; i++) {
        const struct stream_node *v = t->pairs[i] ? &t->nodes[t->pairs[i] - 1] : NULL;
        if (v && v->l <= first * t->step && v->r > last * t->step)
            node = v;
    }
    if (node)
        good = add_places(s, t, (struct range){r.lo, node->l}, bits, tf) &&
               add_list(s, t, node, bits, tf) &&
               add_places(s, t, (struct range){node->r, r.hi}, bits, tf);
    else
        good = add_places(s, t, r, bits, tf);
    return good ? OK : segment_damaged(s, e);
}

enum code segment_first(const struct segment *s, uint32_t doc, struct units pat, struct range r,
    uint32_t *out, struct err *e)
{
    enum { FEW = 256 }; /* so many suffixes are looked through sooner than a long document */
    const struct stream *t = &s->stream[STREAM_TEXT];
    uint32_t begin = t->start[doc], len = t->start[doc + 1] - begin - 1, best = UINT32_MAX;
    size_t at;

    if (r.lo >= r.hi) {
        *out = UINT32_MAX;
        return OK;
    }
    if (r.hi - r.lo <= FEW) {
        if (!segment_ready(s, t->sa + r.lo, (r.hi - r.lo) * sizeof(*t->sa)))
            return segment_damaged(s, e);
        for (uint32_t i = r.lo; i < r.hi; i++)
            if (t->sa[i] - begin < len && t->sa[i] < best)
                best = t->sa[i];
    } else {
        if (!segment_ready(s, t->units + begin, len * sizeof(*t->units)))
            return segment_damaged(s, e);
        at = scan_first((struct units){t->units + begin, len}, pat, 0);
        best = at == SIZE_MAX ? UINT32_MAX : begin + (uint32_t)at;
    }
    *out = best;
    return OK;
}

enum code segment_source(
    const struct segment *s, int which, uint32_t begin, uint32_t end, uint16_t *out, struct err *e)
{
    const struct stream *t = &s->stream[which];
    uint32_t x = t->exc_at[begin / STREAM_PAGE];
    uint32_t stop = t->exc_at[end / STREAM_PAGE + 1];

    if (begin >= end)
        return OK;
    if (!segment_ready(s, t->units + begin, (end - begin) * sizeof(*out)) || stop < x ||
        !segment_ready(s, t->exc + x, (stop - x) * sizeof(*t->exc)))
        return segment_damaged(s, e);
    memcpy(out, t->units + begin, (end - begin) * sizeof(*out));
    for (uint32_t page = begin / STREAM_PAGE; page <= end / STREAM_PAGE; page++)
        for (x = t->exc_at[page]; x < t->exc_at[page + 1]; x++) {
            uint32_t at = page * STREAM_PAGE + t->exc[x].at;
            if (at >= begin && at < end)
                out[at - begin] = t->exc[x].was;
        }
    return OK;
}
