/* text/match.h - which passages of a draft repeat a passage of the corpus, exactly or with a few changes.
 *
 * Compared is the matching view: the normal form (norm.h) without punctuation and blanks, so that a
 * quotation is found however it is pointed and broken into lines. Runs of five equal characters are
 * the seeds; seeds on nearly one diagonal are chained, aligned with the fewest edits and extended at both
 * ends. docs/design/match.md has the method and what it reaches.
 *
 * Passages come in the order of the draft and do not overlap. Each names one authority, the source
 * that a reader should be shown first, and the copies behind it. A document that does not pass the filter is
 * never a source and never counted. */
#ifndef TEXT_MATCH_H
#define TEXT_MATCH_H

#include "text/corpus.h"

enum {
    MATCH_CHARS_MIN = 13, /* of the matching view; default of min_chars */
    MATCH_SOURCES = 8,    /* default of max_sources */
    MATCH_SOURCES_MAX = 64,
    MATCH_UNITS_MAX = 1000000, /* of a draft; longer is E_LIMIT */
};

struct match_options {
    uint32_t min_chars; /* shortest passage, characters of the matching view; 0: MATCH_CHARS_MIN */
    double max_error;   /* edits for each character, below 0.5; 0: 0.25 */
    uint32_t max_sources; /* listed for a passage, the authority among them; 0: MATCH_SOURCES */
    uint32_t outdated; /* bit set of corpus_attr.status: sources that stand behind those in force */
    const int64_t
        *exclude; /* ascending ids that are no source: earlier versions of the draft itself */
    size_t n_exclude;
};

enum match_edit_kind {
    MATCH_CHANGED = 1, /* draft and source have different characters here */
    MATCH_ADDED,       /* only the draft has them */
    MATCH_MISSING,     /* only the source has them; the draft range is empty */
};
/* Code points: of the draft, and of the plain text of the source. Neighbouring edits are one. A punctuation mark
 * alone is no edit. */
struct match_edit {
    enum match_edit_kind kind;
    int64_t begin_cp, end_cp;
    int64_t source_begin_cp, source_end_cp;
};

struct match_source {
    int64_t doc;
    struct corpus_attr attr;
    int64_t begin_cp, end_cp;             /* in the plain text of that document */
    int64_t draft_begin_cp, draft_end_cp; /* what of the draft it repeats: most of the passage */
    struct str text;                      /* that piece of the document */
    uint32_t edits;                       /* characters of the view to be changed */
    double similarity;                    /* 1 - edits / length, 0..1 */
    bool exact;                           /* the views are equal */
    bool punct_differs; /* marks (not blanks, not line breaks) differ; exact may be true */
};

struct match_passage {
    int64_t begin_cp, end_cp;  /* in the draft: what the authority covers */
    size_t begin, end;         /* the same in bytes */
    uint32_t chars;            /* of the matching view */
    bool exact, punct_differs; /* against the authority */
    bool formula;              /* a short set phrase that many documents use */
    uint32_t group; /* from 0: passages of one group share their authority; all formulas are one */
    double weight;  /* the greater, the more a reader should look at it */
    struct match_edit *edits; /* against the authority, in order */
    size_t n_edits;
    struct match_source *sources; /* [0] is the authority, at least one */
    size_t n_sources;
    int64_t documents; /* that hold the passage and pass the filter, those not listed included */
};

struct match {
    struct match_passage *passages;
    size_t n;
    uint32_t n_groups;
    uint32_t n_formulas; /* passages that are formulas */
    int64_t chars;       /* of the draft, code points */
    int64_t indexed;     /* documents in the corpus */
    bool clipped;        /* a limit on work was met: more sources may exist than are counted */
};

/* `draft` is valid UTF-8. Results live in `a`. E_LIMIT above MATCH_UNITS_MAX; E_INPUT for options
 * outside their range; E_IO for a damaged index. The time is bounded for any draft. */
MUST_USE enum code corpus_match(struct corpus *c, struct arena *a, struct str draft,
    const struct corpus_filter *f, const struct match_options *o, struct match *out, struct err *e);

#endif
