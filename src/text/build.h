/* text/build.h - documents collected in memory, and the writing of a segment from them.
 *
 * A batch of fixed capacity is the mutable tail of the corpus: it only ever grows at its end, so that a
 * reader who knows how many documents there were may read them while another is added (its
 * counts are guarded by the owner's lock). A growing batch collects a bulk import or a merge. */
#ifndef TEXT_BUILD_H
#define TEXT_BUILD_H

#include "text/segment.h"

struct batch {
    uint16_t *folded[N_STREAMS], *source[N_STREAMS]; /* each document closed by a unit 0 */
    uint32_t *start[N_STREAMS];                      /* n_docs + 1 */
    size_t cap[N_STREAMS];                           /* units */
    int64_t *ids;                                    /* as they came; the last of equal ids holds */
    struct corpus_attr *attrs;
    bool *dead;
    uint32_t n_docs, cap_docs;
    bool fixed;
};

/* units > 0: fixed capacity for that many units of text. 0: growing. */
struct batch *batch_new(size_t units);
void batch_free(struct batch *b);
size_t batch_units(const struct batch *b); /* units of text used */
/* Adds at the end. False: it does not fit (fixed capacity, or SEGMENT_*_MAX), nothing changed. */
bool batch_add(
    struct batch *b, int64_t id, const struct corpus_attr *attr, struct str title, struct str text);
bool batch_fits(const struct batch *b, struct str title, struct str text);
/* Adds document `doc` of a segment, source and all. */
MUST_USE enum code batch_add_from(struct batch *b, const struct segment *s, uint32_t doc,
    const struct corpus_attr *attr, struct err *e);
/* Number of the last living document `id` among the first n, or UINT32_MAX. */
uint32_t batch_doc(const struct batch *b, int64_t id);
void batch_title(const struct batch *b, uint32_t doc, struct buf *out); /* source */
void batch_text(const struct batch *b, uint32_t doc, struct buf *out);

/* The documents that go into a segment: living, the last of each id, by ascending id. `attrs` is theirs. */
struct batch_order {
    uint32_t *doc;
    uint32_t n;
};
struct batch_order batch_sort(const struct batch *b); /* doc: to be freed */
/* Writes the segment `path` (aside, fsync, rename), n >= 1 documents. */
MUST_USE enum code segment_write(
    const char *path, const struct batch *b, const struct batch_order *o, struct err *e);

/* Marked nodes: shared by writing and by the test that bounds them. */
struct marks {
    uint32_t *pairs;
    struct stream_node *nodes;
    struct buf lists;
    uint32_t n_pairs, n_nodes, step;
};
/* `docs` is the document of each suffix. */
void marks_make(struct marks *m, const struct stream *t, const uint32_t *docs, uint32_t n_docs);
void marks_release(struct marks *m);

/* Lists of the places of all grams (view.h) of a stream. */
struct grams {
    uint32_t *start;  /* by list: its first place; (1 << bits) + 1 */
    uint32_t *places; /* units; ascending in a list */
    uint32_t n, bits;
};
void grams_make(struct grams *g, const struct stream *t);
void grams_release(struct grams *g);

#endif
