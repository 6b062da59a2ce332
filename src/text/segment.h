/* text/segment.h - one sealed, immutable part of the corpus: a memory-mapped file.
 *
 * A segment has documents numbered 0 .. n_docs - 1 in ascending order of id, and two streams, all
 * texts and all titles, each document closed by a unit 0. A stream has its units in normal form, the
 * suffix array over them, what restores the source, and lists of the documents below marked nodes of
 * the suffix tree, so that the documents of any pattern are found without looking at all its places
 * (docs/design/corpus.md draws the bytes and names the method).
 *
 * Nothing read from the file is believed before its checksum was compared: small tables when the
 * segment is opened, the large ones block by block when first touched (segment_ready). A
 * segment that was opened never changes; any number of threads may read it. */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "text/corpus.h"
#include "text/scan.h"

enum { STREAM_TEXT = 0, STREAM_TITLE = 1, N_STREAMS = 2 };

enum {
    SEGMENT_UNITS_MAX = 512 * 1024 * 1024, /* suffix sorting counts bytes in 31 bits */
    SEGMENT_DOCS_MAX = 16 * 1024 * 1024,
    SEGMENT_BLOCK = 4096, /* bytes under one checksum: a first touch costs a page and 0.5 us */
    SEGMENT_HEADER = 4096,
    STREAM_PAGE = 1024, /* units between two entries of exc_at */
    STREAM_RUN = 64,    /* units between two entries of block */
};

enum stream_section {
    SEC_UNITS, /* uint16: the normal form */
    SEC_SA,    /* uint32: suffix array */
    SEC_START, /* uint32, n_docs + 1: first unit of each document */
    SEC_BLOCK, /* uint32: document of unit i * STREAM_RUN */
    SEC_HEADS, /* struct stream_head: each unit that occurs, where its suffixes begin; one more at the end */
    SEC_PAIRS,   /* uint32: 1 + node that two neighbouring samples share, 0: the root */
    SEC_NODES,   /* struct stream_node */
    SEC_LISTS,   /* the documents below each node, with counts */
    SEC_EXC,     /* struct stream_exc: where the source differs */
    SEC_EXC_AT,  /* uint32: first exception of page i */
    SEC_LOW,     /* uint32: places of low surrogates, for counting code points */
    SEC_GRAM_AT, /* uint32, a power of 2 and one: first place of each list of grams; texts only */
    SEC_GRAMS,   /* uint32: first units of the grams (view.h), by list */
    N_SECTIONS
};

struct stream_head {
    uint32_t unit, start;
};
/* Suffixes l .. r - 1 share a prefix; its documents are listed at bytes at .. at + n - 1 of SEC_LISTS. */
struct stream_node {
    uint32_t l, r, n, docs;
    uint64_t at;
};
struct stream_exc {
    uint16_t at; /* within its page */
    uint16_t was;
};

struct stream {
    const uint16_t *units;
    const uint32_t *sa, *start, *block, *pairs, *exc_at, *low, *gram_at, *grams;
    const struct stream_head *heads;
    const struct stream_node *nodes;
    const uint8_t *lists;
    const struct stream_exc *exc;
    uint32_t n, n_heads, n_pairs, n_nodes, n_low, step;
    uint32_t n_grams, gram_bits; /* gram_bits 0: none */
    size_t list_bytes;
};

struct segment {
    char *path;
    void *mapped; /* the same as map, for giving it back */
    const unsigned char *map;
    size_t bytes;
    uint32_t n_docs;
    const int64_t *ids; /* ascending */
    struct stream stream[N_STREAMS];
    const uint64_t *sums; /* of each block behind the header */
    size_t n_blocks;
    _Atomic unsigned char *ready; /* by block: compared and right */
    atomic_int refs;
    atomic_bool doomed; /* unlink when the last reference goes */
};

/* E_IO, naming the file, for anything that is not a whole segment. */
MUST_USE enum code segment_open(const char *path, struct segment **out, struct err *e);
struct segment *segment_ref(struct segment *s);
void segment_unref(struct segment *s);
/* Compares the checksums of the blocks under these bytes that were not compared yet. False: damaged. */
bool segment_ready(const struct segment *s, const void *p, size_t n);
MUST_USE enum code segment_damaged(const struct segment *s, struct err *e); /* E_IO, always */
/* Local number of document `id`, or UINT32_MAX. */
uint32_t segment_doc(const struct segment *s, int64_t id);
/* Document of a place. */
uint32_t stream_doc(const struct stream *t, uint32_t place);

/* Suffixes lo .. hi - 1 begin with the pattern (n >= 1 units, none 0). */
struct range {
    uint32_t lo, hi;
};
MUST_USE enum code segment_range(
    const struct segment *s, int which, struct units pat, struct range *out, struct err *e);
/* Sets the bit of each document below `r` and, where tf is given, adds its places to tf[document]. */
MUST_USE enum code segment_docs(const struct segment *s, int which, struct range r, uint64_t *bits,
    uint32_t *tf, struct err *e);
/* The first place in document `doc` of a pattern that has range `r`; UINT32_MAX: none. */
MUST_USE enum code segment_first(const struct segment *s, uint32_t doc, struct units pat,
    struct range r, uint32_t *out, struct err *e);
/* Source units of [begin, end) of a stream into out. */
MUST_USE enum code segment_source(
    const struct segment *s, int which, uint32_t begin, uint32_t end, uint16_t *out, struct err *e);
/* One line in `report` for each defect: checksums, tables, order of the suffix arrays. */
void segment_verify(const struct segment *s, struct buf *report);

/* 64 bits for telling damage from chance; any single changed word changes it. */
uint64_t segment_sum(const void *p, size_t n);

struct segment_header {
    char magic[8];
    uint32_t version, order; /* order: 0x01020304 as written; the file is little endian */
    uint32_t n_docs, units[N_STREAMS], step[N_STREAMS], pad;
    uint64_t file_bytes, sums_at, n_blocks, sums_sum, ids_at;
    struct {
        uint64_t at, bytes;
    } section[N_STREAMS][N_SECTIONS];
    uint64_t sum; /* of everything before it */
};
#define SEGMENT_MAGIC "QSHSEG\r\n"
enum { SEGMENT_VERSION = 2, SEGMENT_ORDER = 0x01020304 };

#endif
