#include <divsufsort.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "text/build.h"
#include "text/pos.h"

/* ---- a file in sections, with a checksum for each block ---- */

struct writer {
    int fd;
    struct segment_header h;
    unsigned char block[SEGMENT_BLOCK];
    size_t n;    /* bytes in block */
    uint64_t at; /* bytes of the file before them */
    uint64_t *sums;
    size_t n_sums, cap_sums;
    int why; /* errno of the first failure */
};

static void write_out(struct writer *w, const void *p, size_t n, uint64_t at)
{
    const unsigned char *c = p;

    while (n && !w->why) {
        ssize_t did = pwrite(w->fd, c, n, (off_t)at);
        if (did < 0 && errno != EINTR)
            w->why = errno;
        if (did > 0) {
            c += did;
            n -= (size_t)did;
            at += (uint64_t)did;
        }
    }
}

static void end_block(struct writer *w, const unsigned char *p, size_t n)
{
    if (w->n_sums == w->cap_sums) {
        w->cap_sums = w->cap_sums ? w->cap_sums * 2 : 256;
        w->sums = mem_grow(w->sums, w->cap_sums * sizeof(*w->sums));
    }
    w->sums[w->n_sums++] = segment_sum(p, n);
    write_out(w, p, n, w->at);
    w->at += n;
}

static void put(struct writer *w, const void *p, size_t n)
{
    const unsigned char *c = p;

    while (n) {
        size_t take = SEGMENT_BLOCK - w->n < n ? SEGMENT_BLOCK - w->n : n;
        if (w->n == 0 && n >= SEGMENT_BLOCK) { /* a whole block: no copy */
            end_block(w, c, SEGMENT_BLOCK);
            take = SEGMENT_BLOCK;
        } else {
            memcpy(w->block + w->n, c, take);
            w->n += take;
            if (w->n == SEGMENT_BLOCK) {
                end_block(w, w->block, w->n);
                w->n = 0;
            }
        }
        c += take;
        n -= take;
    }
}

static void align8(struct writer *w)
{
    static const unsigned char zero[8];

    put(w, zero, (8 - (w->at + w->n) % 8) % 8);
}

static void section(struct writer *w, int which, enum stream_section sec, const void *p, size_t n)
{
    align8(w);
    w->h.section[which][sec].at = w->at + w->n;
    w->h.section[which][sec].bytes = n;
    put(w, p, n);
}

static void finish(struct writer *w)
{
    unsigned char page[SEGMENT_HEADER] = {0};

    align8(w);
    if (w->n)
        end_block(w, w->block, w->n);
    memcpy(w->h.magic, SEGMENT_MAGIC, 8);
    w->h.version = SEGMENT_VERSION;
    w->h.order = SEGMENT_ORDER;
    w->h.sums_at = w->at;
    w->h.n_blocks = w->n_sums;
    w->h.sums_sum = segment_sum(w->sums, w->n_sums * 8);
    w->h.file_bytes = w->at + w->n_sums * 8;
    w->h.sum = segment_sum(&w->h, offsetof(struct segment_header, sum));
    write_out(w, w->sums, w->n_sums * 8, w->at);
    memcpy(page, &w->h, sizeof(w->h));
    write_out(w, page, sizeof(page), 0);
    if (!w->why && fsync(w->fd) != 0)
        w->why = errno;
}

/* ---- one stream ---- */

struct work {
    const struct batch *b;
    const struct batch_order *o;
    int which;
    struct stream t; /* what the marks need */
    uint16_t *units;
    uint32_t *start, *sa, *docs; /* docs lies behind sa, in the memory of the sorter */
};

static uint16_t swap(uint16_t u)
{
    return (uint16_t)(u << 8 | u >> 8);
}

/* Units in order of the segment, and where each document begins. */
static void gather(struct work *k)
{
    const uint32_t *start = k->b->start[k->which];
    uint32_t n = 0;

    for (uint32_t i = 0; i < k->o->n; i++)
        n += start[k->o->doc[i] + 1] - start[k->o->doc[i]];
    k->t.n = n;
    k->units = mem_alloc(n * sizeof(*k->units));
    k->start = mem_alloc((k->o->n + (size_t)1) * sizeof(*k->start));
    n = 0;
    for (uint32_t i = 0; i < k->o->n; i++) {
        uint32_t d = k->o->doc[i], len = start[d + 1] - start[d];
        memcpy(k->units + n, k->b->folded[k->which] + start[d], len * sizeof(*k->units));
        k->start[i] = n;
        n += len;
    }
    k->start[k->o->n] = n;
    k->t.units = k->units;
    k->t.start = k->start;
}

/* The order of big-endian bytes is the order of units; of the suffixes of the bytes those at
 * even places are the suffixes of the units. */
static enum code sort_suffixes(struct work *k, struct err *e)
{
    uint32_t n = k->t.n, m = 0;
    int32_t *all = mem_alloc((size_t)n * 2 * sizeof(*all));

    for (uint32_t i = 0; i < n; i++)
        k->units[i] = swap(k->units[i]);
    if (divsufsort((const sauchar_t *)k->units, all, (saidx_t)(n * 2)) != 0) {
        free(all);
        return FAIL(e, E_BUG, "后缀排序失败（%u 个字）", n);
    }
    for (uint32_t i = 0; i < n; i++)
        k->units[i] = swap(k->units[i]);
    k->sa = (uint32_t *)all;
    for (uint32_t i = 0; i < n * 2; i++)
        if ((k->sa[i] & 1) == 0)
            k->sa[m++] = k->sa[i] / 2;
    k->docs = k->sa + n;
    k->t.sa = k->sa;
    return OK;
}

static void write_blocks_and_docs(struct work *k, struct writer *w)
{
    uint32_t n = k->t.n, n_block = n / STREAM_RUN + 1, d = 0;
    uint32_t *block = mem_alloc(n_block * sizeof(*block));

    for (uint32_t i = 0; i < n_block; i++) {
        while (d + 1 < k->o->n && k->start[d + 1] <= i * STREAM_RUN)
            d++;
        block[i] = d;
    }
    k->t.block = block;
    for (uint32_t i = 0; i < n; i++)
        k->docs[i] = stream_doc(&k->t, k->sa[i]);
    section(w, k->which, SEC_BLOCK, block, n_block * sizeof(*block));
    free(block);
}

static void write_heads(struct work *k, struct writer *w)
{
    struct stream_head *heads = NULL;
    size_t n = 0, cap = 0;

    for (uint32_t i = 0; i <= k->t.n; i++) {
        uint16_t unit = i < k->t.n ? k->units[k->sa[i]] : 0;
        if (i < k->t.n && n && heads[n - 1].unit == unit)
            continue;
        if (n == cap) {
            cap = cap ? cap * 2 : 1024;
            heads = mem_grow(heads, cap * sizeof(*heads));
        }
        heads[n++] = (struct stream_head){unit, i};
    }
    section(w, k->which, SEC_HEADS, heads, n * sizeof(*heads));
    free(heads);
}

/* A list of 32-bit values that grows. */
struct list {
    void *p;
    size_t n, cap;
};

static void push(struct list *v, const void *four)
{
    if (v->n == v->cap) {
        v->cap = v->cap ? v->cap * 2 : 1024;
        v->p = mem_grow(v->p, v->cap * 4);
    }
    memcpy((char *)v->p + v->n++ * 4, four, 4);
}

static void write_exceptions(struct work *k, struct writer *w)
{
    struct list exc = {0}, at = {0}, low = {0};
    const uint32_t *start = k->b->start[k->which];
    uint32_t place = 0, n;

    for (uint32_t i = 0; i < k->o->n; i++) {
        const uint16_t *source = k->b->source[k->which] + start[k->o->doc[i]];
        for (n = k->start[i + 1]; place < n; place++, source++) {
            struct stream_exc x = {(uint16_t)(place % STREAM_PAGE), *source};
            if (place % STREAM_PAGE == 0)
                push(&at, &(uint32_t){(uint32_t)exc.n});
            if (*source != k->units[place])
                push(&exc, &x);
            if (pos_is_low(*source))
                push(&low, &place);
        }
    }
    while (at.n < k->t.n / STREAM_PAGE + 2)
        push(&at, &(uint32_t){(uint32_t)exc.n});
    section(w, k->which, SEC_EXC, exc.p, exc.n * 4);
    section(w, k->which, SEC_EXC_AT, at.p, at.n * 4);
    section(w, k->which, SEC_LOW, low.p, low.n * 4);
    free(exc.p);
    free(at.p);
    free(low.p);
}

static void write_marks(struct work *k, struct writer *w)
{
    struct marks m;

    marks_make(&m, &k->t, k->docs, k->o->n);
    w->h.step[k->which] = m.step;
    section(w, k->which, SEC_PAIRS, m.pairs, m.n_pairs * sizeof(*m.pairs));
    section(w, k->which, SEC_NODES, m.nodes, m.n_nodes * sizeof(*m.nodes));
    section(w, k->which, SEC_LISTS, m.lists.p, m.lists.n);
    marks_release(&m);
}

static void write_grams(const struct work *k, struct writer *w)
{
    struct grams g;

    grams_make(&g, &k->t);
    section(w, k->which, SEC_GRAM_AT, g.start, (((size_t)1 << g.bits) + 1) * sizeof(*g.start));
    section(w, k->which, SEC_GRAMS, g.places, g.n * sizeof(*g.places));
    grams_release(&g);
}

static enum code write_stream(
    struct writer *w, const struct batch *b, const struct batch_order *o, int which, struct err *e)
{
    struct work k = {.b = b, .o = o, .which = which};
    enum code c;

    gather(&k);
    w->h.units[which] = k.t.n;
    c = sort_suffixes(&k, e);
    if (c == OK) {
        section(w, which, SEC_UNITS, k.units, k.t.n * sizeof(*k.units));
        section(w, which, SEC_SA, k.sa, k.t.n * sizeof(*k.sa));
        section(w, which, SEC_START, k.start, (o->n + (size_t)1) * sizeof(*k.start));
        write_blocks_and_docs(&k, w);
        write_heads(&k, w);
        write_exceptions(&k, w);
        write_marks(&k, w);
        free(k.sa); /* the largest: its memory serves the grams */
        k.sa = NULL;
        if (which == STREAM_TEXT) {
            write_grams(&k, w);
        } else {
            section(w, which, SEC_GRAM_AT, NULL, 0);
            section(w, which, SEC_GRAMS, NULL, 0);
        }
    }
    free(k.units);
    free(k.start);
    free(k.sa);
    return c;
}

static void write_ids(struct writer *w, const struct batch *b, const struct batch_order *o)
{
    align8(w);
    w->h.ids_at = w->at + w->n;
    w->h.n_docs = o->n;
    for (uint32_t i = 0; i < o->n; i++)
        put(w, &b->ids[o->doc[i]], sizeof(*b->ids));
}

static enum code write_failed(int why, const char *path, struct err *e)
{
    errno = why;
    return io_fail("写入", path, e);
}

enum code segment_write(
    const char *path, const struct batch *b, const struct batch_order *o, struct err *e)
{
    struct writer *w = mem_alloc(sizeof(*w));
    size_t n = strlen(path);
    char *aside = mem_alloc(n + 5);
    enum code c = OK;

    memcpy(aside, path, n);
    memcpy(aside + n, ".tmp", 5);
    w->at = SEGMENT_HEADER;
    w->fd = open(aside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (w->fd < 0)
        w->why = errno;
    for (int which = 0; c == OK && !w->why && which < N_STREAMS; which++)
        c = write_stream(w, b, o, which, e);
    if (c == OK && !w->why) {
        write_ids(w, b, o);
        finish(w);
    }
    if (w->fd >= 0)
        (void)close(w->fd);
    if (c == OK && !w->why && rename(aside, path) != 0)
        w->why = errno;
    if (c == OK && w->why)
        c = write_failed(w->why, path, e);
    if (c != OK)
        (void)unlink(aside);
    free(aside);
    free(w->sums);
    free(w);
    return c;
}
