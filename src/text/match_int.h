/* text/match_int.h - between the files of match: view.c (what is compared), match_seed.c (equal runs), match_chain.c
 * (runs of one passage), match_align.c (edits), match_group.c (passages and their sources), match.c. */
#ifndef TEXT_MATCH_INT_H
#define TEXT_MATCH_INT_H

#include "text/corpus_int.h"
#include "text/find_int.h"
#include "text/match.h"
#include "text/pos.h"

enum {
    SEEDS_MAX = 4 * 1024 * 1024, /* of one part */
    HITS_MAX = 512 * 1024,
    CHAIN_GAP = 24,   /* characters between two seeds of one chain */
    CHAIN_SHIFT = 8,  /* units by which their diagonals may differ, marks included */
    CHAIN_LOOK = 256, /* seeds looked at for the next one */
    CHAIN_MIN = 7,    /* equal characters of a chain worth aligning */
    END_CHARS = 32,   /* how far an end is extended without another seed */
};

/* ---- view.c: the characters that are compared, and where they stand ---- */
struct view {
    const uint16_t *u;  /* u[-1] and u[n] are 0 */
    const uint32_t *at; /* unit of each */
    uint32_t n;
};
bool view_keeps_other(const uint16_t *units, size_t i);
/* Whether unit i counts: Han, letters, digits, % and a decimal point; `units` is in normal form and closed by 0. */
static inline bool view_keeps(const uint16_t *units, size_t i)
{
    return (uint16_t)(units[i] - 0x4E00) < 0x5200 || view_keeps_other(units, i);
}
/* View of units [begin, end); u and at have room for end - begin, and u for two more. */
struct view view_fill(
    const uint16_t *units, uint32_t begin, uint32_t end, uint16_t *u, uint32_t *at);

/* ---- match_seed.c ---- */
/* Equal characters: units t .. te - 1 of the part, characters q .. qe - 1 of the draft. */
struct seed {
    uint32_t t, te, q, qe;
};
/* The texts of one part. */
struct texts {
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
};

/* Fills m->seeds with what the draft has in common with one part, by place. */
MUST_USE enum code match_seeds(struct matcher *m, const struct texts *t, struct err *e);

/* ---- match_align.c ---- */
struct run {
    const uint16_t *u;
    uint32_t n;
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
/* How far q and t go together from their beginnings (backwards: from their ends), until too many edits follow one
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
