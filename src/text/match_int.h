/* text/match_int.h - between the files of match: match_seed.c (equal runs), match_chain.c
 * (runs of one passage), match_align.c (edits), match_group.c (passages and their sources), match.c. */
#ifndef TEXT_MATCH_INT_H
#define TEXT_MATCH_INT_H

#include "text/corpus_int.h"
#include "text/find_int.h"
#include "text/match.h"
#include "text/pos.h"
#include "text/view.h"

enum {
    SEEDS_MAX = 4 * 1024 * 1024, /* of one part */
    HITS_MAX = 512 * 1024,
    CHAIN_GAP = 24,   /* characters between two seeds of one chain */
    CHAIN_SHIFT = 8,  /* units by which their diagonals may differ, marks included */
    CHAIN_LOOK = 256, /* seeds looked at for the next one */
    CHAIN_MIN = 7,    /* equal characters of a chain worth aligning */
    END_CHARS = 20,   /* how far an end is extended without another seed */
};

/* ---- match_seed.c ---- */
/* Equal characters: units t .. te - 1 of the part, characters q .. qe - 1 of the draft. */
struct seed {
    uint32_t t, te, q, qe;
};
/* The texts of one part. */
struct texts {
    const struct segment *seg; /* NULL: the tail */
    const uint16_t *units;
    const uint32_t *start; /* n_docs + 1 */
    uint32_t n_docs, part;
    uint64_t *pass; /* bit set of documents that may be a source */
};

/* One change: characters q .. qe - 1 of the draft stand for units t .. te - 1 of the part. */
struct edit_span {
    uint32_t q, qe, t, te;
};
/* A stretch of one document that repeats a stretch of the draft; it begins and ends with equal characters. */
struct hit_span {
    uint32_t part, doc;
    uint32_t t, te;         /* units of the part */
    uint32_t q, qe;         /* characters of the draft's view */
    uint32_t cost;          /* characters to be changed */
    uint32_t edit, n_edits; /* in matcher.edits */
};

struct matcher {
    const struct snap *snap;
    const struct corpus_filter *f;
    struct match_options o;
    struct texts *texts;   /* by part */
    const uint16_t *draft; /* normal form, closed by 0 */
    uint32_t draft_units;
    struct view q;
    uint64_t *grams; /* hash of the gram at each character, 0: none */
    uint32_t n_grams;
    bool *asked; /* by gram: its places in the part in work were looked at */
    struct arena *scratch;
    /* the part in work */
    struct seed *seeds;
    size_t n_seeds, cap_seeds;
    /* all parts */
    struct hit_span *hits;
    size_t n_hits, cap_hits;
    struct edit_span *edits;
    size_t n_edits, cap_edits;
    bool clipped;
    bool damaged; /* a block that was read is not what was written */
};

/* The grams of m->q. */
void match_grams(struct matcher *m);
/* Units [begin, end) were or are to be read: are they what was written? Else m->damaged. */
static inline bool match_ready(
    struct matcher *m, const struct texts *x, uint32_t begin, uint32_t end)
{
    if (x->seg && !segment_ready(x->seg, x->units + begin, (end - begin) * sizeof(*x->units)))
        m->damaged = true;
    return !m->damaged;
}
/* Fills m->seeds with what the draft has in common with one part, by place. */
MUST_USE enum code match_seeds(struct matcher *m, const struct texts *t, struct err *e);

/* ---- match_align.c ---- */
/* Characters of a view: n from u on. For ends also the units they come from, and the unit of each. */
struct run {
    const uint16_t *u;
    uint32_t n;
    const uint16_t *units;
    const uint32_t *at;
};
enum { EDITS_MAX = 40 };
/* Single edits in order: characters of the two runs; kind by which of them goes on. */
struct step {
    uint32_t q, t;
    bool takes_q, takes_t; /* both: changed */
};
struct steps {
    struct step v[EDITS_MAX];
    uint32_t n;
};
/* Fewest edits between two runs; false when more than `most` (<= EDITS_MAX) are needed. */
bool align_gap(struct run q, struct run t, uint32_t most, struct steps *out);
/* How far q and t go together from their beginnings (backwards: from their ends), preferably to where a sentence ends in both, until too many edits follow one
 * another. The steps count from the beginnings, or backwards from the ends, in order of distance. */
struct reach {
    uint32_t q, t;
};
struct reach align_end(struct run q, struct run t, bool backwards, struct steps *out);

/* ---- match_chain.c ---- */
/* Chains m->seeds and adds what holds to m->hits. */
void match_chains(struct matcher *m, const struct texts *t);

/* ---- match_group.c ---- */
MUST_USE enum code match_passages(struct matcher *m, struct arena *a, const struct pos_map *map,
    struct match *out, struct err *e);

#endif
