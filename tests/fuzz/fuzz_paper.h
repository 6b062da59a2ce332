/* What the fuzz targets of the paper layer share: reading in process, the oracle, zips of raw parts. */
#ifndef FUZZ_PAPER_H
#define FUZZ_PAPER_H

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/formats.h"

static inline struct reader_limits fuzz_limits(void)
{
    struct reader_limits lim = reader_limits_default();

    lim.text_bytes = (size_t)1 << 20;
    lim.unpacked_bytes = (size_t)4 << 20;
    lim.members = 200;
    return lim;
}

#define MUST(cond)   \
    do {             \
        if (!(cond)) \
            abort(); \
    } while (0)

static inline void good_text(struct str s)
{
    MUST(utf8_check(s) == SIZE_MAX);
    MUST(s.n == 0 || !memchr(s.p, 0, s.n));
}

/* Beyond not crashing: the invariants of doc.h, the limits, and one encoding for one doc. */
static inline void good_doc(const struct doc *d, const struct reader_limits *lim, struct arena *a)
{
    struct buf enc = {0}, again = {0};
    size_t bytes = 0;
    struct doc back;
    struct err e;

    for (size_t i = 0; i < d->n; i++) {
        good_text(d->blocks[i].text);
        MUST(d->blocks[i].kind >= BLOCK_TITLE && d->blocks[i].kind <= BLOCK_ATTACH);
        MUST(d->blocks[i].kind != BLOCK_ROW || !str_has(d->blocks[i].text, S("\n")));
        MUST(d->blocks[i].level >= 0);
        bytes += d->blocks[i].text.n;
    }
    MUST(bytes <= lim->text_bytes * 3); /* cleaning may turn one wrong byte into three */
    MUST(d->n_parts <= lim->members);
    for (size_t i = 0; i < d->n_parts; i++) {
        good_text(d->parts[i].name);
        MUST(d->parts[i].name.n > 0 && d->parts[i].name.p[0] != '/');
        struct str rest = d->parts[i].name, piece;
        while (str_next(&rest, S("/"), &piece))
            MUST(piece.n > 0 && !str_eq(piece, S("..")));
    }
    good_text(d->title);
    good_text(d->author);
    good_text(d->warnings);
    MUST(d->date.n == 0 || d->date.n == 10);
    doc_encode(d, &enc);
    MUST(doc_decode(a, buf_view(&enc), &back, &e) == OK);
    doc_encode(&back, &again);
    MUST(str_eq(buf_view(&enc), buf_view(&again)));
    buf_release(&enc);
    buf_release(&again);
}

typedef enum code (*fuzz_fn)(struct job *j, struct str bytes);

static inline int fuzz_read(fuzz_fn fn, struct str bytes)
{
    struct reader_limits lim = fuzz_limits();
    struct arena a;
    struct err e = {0};
    struct job j;
    struct doc d;

    arena_init(&a);
    job_init(&j, &a, &lim, &e);
    (void)fn(&j, bytes);
    if (job_end(&j, &d) == OK) {
        good_doc(&d, &lim, &a);
    } else {
        MUST(e.code != OK && e.code != E_BUG && e.msg[0] != '\0' && !strchr(e.msg, '\n'));
        good_text(str_z(e.msg));
    }
    arena_release(&a);
    return 0;
}

/* ---- a stored zip of given members ---- */

struct fuzz_member {
    const char *name;
    struct str bytes;
};

static inline void fuzz_put(struct buf *b, uint32_t v, int n)
{
    for (int i = 0; i < n; i++)
        buf_char(b, (char)(unsigned char)(v >> 8 * i));
}

static inline uint32_t fuzz_crc(struct str s)
{
    uint32_t crc = 0xFFFFFFFF;

    for (size_t i = 0; i < s.n; i++) {
        crc ^= (unsigned char)s.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320 & (0U - (crc & 1)));
    }
    return ~crc;
}

static inline void fuzz_header(
    struct buf *b, const struct fuzz_member *m, bool central, uint32_t at)
{
    fuzz_put(b, central ? 0x02014b50 : 0x04034b50, 4);
    if (central)
        fuzz_put(b, 20, 2);
    fuzz_put(b, 20, 2);
    fuzz_put(b, 0, 4); /* flags, stored */
    fuzz_put(b, 0, 4);
    fuzz_put(b, fuzz_crc(m->bytes), 4);
    fuzz_put(b, (uint32_t)m->bytes.n, 4);
    fuzz_put(b, (uint32_t)m->bytes.n, 4);
    fuzz_put(b, (uint32_t)strlen(m->name), 2);
    fuzz_put(b, 0, 2);
    if (central) {
        fuzz_put(b, 0, 4);
        fuzz_put(b, 0, 2);
        fuzz_put(b, 0, 4);
        fuzz_put(b, at, 4);
    }
    buf_z(b, m->name);
}

static inline void fuzz_zip(struct buf *b, const struct fuzz_member *m, size_t n)
{
    uint32_t at[16], begin;

    for (size_t i = 0; i < n && i < 16; i++) {
        at[i] = (uint32_t)b->n;
        fuzz_header(b, &m[i], false, 0);
        buf_str(b, m[i].bytes);
    }
    begin = (uint32_t)b->n;
    for (size_t i = 0; i < n && i < 16; i++)
        fuzz_header(b, &m[i], true, at[i]);
    fuzz_put(b, 0x06054b50, 4);
    fuzz_put(b, 0, 4);
    fuzz_put(b, (uint32_t)n, 2);
    fuzz_put(b, (uint32_t)n, 2);
    fuzz_put(b, (uint32_t)b->n - 12 - begin, 4);
    fuzz_put(b, begin, 4);
    fuzz_put(b, 0, 2);
}

/* The next piece of the input, up to a form feed: several parts of one file in one input. */
static inline struct str fuzz_piece(struct str *rest)
{
    struct str piece = {"", 0};

    (void)str_next(rest, S("\f"), &piece);
    return piece;
}

#define FUZZ_REL(type, target) \
    "<Relationship Id=\"" type "\" Type=\"x/" type "\" Target=\"" target "\"/>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
