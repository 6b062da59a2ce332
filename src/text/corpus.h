/* text/corpus.h - every text of one data directory, so that any substring is found in microseconds.
 *
 * Sealed segments (UTF-16 text in normal form, suffix array, document table; memory-mapped,
 * checksummed, written aside and renamed; at most eight, merged by size in the background) and a
 * mutable tail that is scanned. A derived thing: `applied` says up to which change.seq of the database it
 * holds; whoever owns the database catches it up (office/index.c) and can drop and rebuild it.
 *
 * Threads: any number of readers (corpus_find) beside one writer at a time (put, attr, remove, seal:
 * serialised inside). A reader works on the snapshot it began with. What a finished corpus_put
 * wrote is found by the next corpus_find. Nothing here knows the database or who is asking: rights come in as a filter. */
#ifndef TEXT_CORPUS_H
#define TEXT_CORPUS_H

#include "base/arena.h"
#include "base/buf.h"

struct corpus;

/* What filters and ranking need of a document; kept apart from its text, so that a new status
 * costs no reindexing. Small integers are given meaning by the office layer. */
struct corpus_attr {
    int32_t day;       /* issued, days since 1970-01-01; INT32_MIN: unknown */
    int16_t year;      /* 0: unknown */
    uint8_t authority; /* the higher, the more weight: centre 90 ... own unit 30 ... draft 10 */
    uint8_t status;    /* enum doc_status of office/document.h */
    uint8_t kind;      /* 文种, number in text/genre.h; 0: none */
    uint8_t level;     /* access level: 0 公开, 1 内部, 2 工作秘密 */
    uint8_t flags;     /* CORPUS_UNPROOFED ... */
    uint8_t space;     /* what sort of thing: 0 library document; others for later kinds */
    uint32_t issuer;   /* issuer.id, 0: unknown */
    uint32_t category; /* category.id, 0: none */
};
enum { CORPUS_UNPROOFED = 1 }; /* OCR that nobody proofread: 待核, never an authority */

struct corpus_options {
    struct str dir;    /* index folder inside the data directory; made if absent */
    size_t tail_units; /* seal the tail at this many UTF-16 units; 0: 256 Ki */
    bool read_only;    /* map sealed segments and read the saved tail, change nothing */
};
MUST_USE enum code corpus_open(const struct corpus_options *o, struct corpus **out, struct err *e);
/* Forget what lies in a folder that corpus_open refuses as damaged; the next opening begins empty. */
MUST_USE enum code corpus_erase(struct str dir, struct err *e);
void corpus_close(struct corpus *c); /* writes what a quick start needs; waits for merging */

/* ---- writing ---- */
/* Add or replace the text of document `id`. `title` is searched as the first line, with a rank of its own.
 * `text` is the plain text (doc_text), valid UTF-8. */
MUST_USE enum code corpus_put(struct corpus *c, int64_t id, const struct corpus_attr *attr,
    struct str title, struct str text, struct err *e);
MUST_USE enum code corpus_set_attr(
    struct corpus *c, int64_t id, const struct corpus_attr *attr, struct err *e);
MUST_USE enum code corpus_remove(struct corpus *c, int64_t id, struct err *e);
/* Bulk import: between begin and end, puts collect apart and are sealed straight into segments of some
 * 32 M units, without passing the tail; they are found after end (or a full segment). */
void corpus_bulk_begin(struct corpus *c);
MUST_USE enum code corpus_bulk_end(struct corpus *c, struct err *e);
/* Make everything up to change.seq `seq` durable in the manifest (fsync, rename). The order for a
 * crash: texts first, then the number; after a crash `applied` may be older than the texts, and a second put is harmless. */
MUST_USE enum code corpus_commit(struct corpus *c, int64_t seq, struct err *e);
int64_t corpus_applied(const struct corpus *c);
MUST_USE enum code corpus_merge_wait(
    struct corpus *c, struct err *e); /* until background merging rests */
MUST_USE enum code corpus_drop(
    struct corpus *c, struct err *e); /* empty it, applied = 0: before a rebuild */
/* Check every checksum and the order of every suffix array; one line for each defect. */
MUST_USE enum code corpus_verify(struct corpus *c, struct buf *report, struct err *e);

struct corpus_stats {
    int64_t documents, units, tail_units, removed;
    int segments;
    int64_t bytes; /* mapped, all files */
};
void corpus_stats(struct corpus *c, struct corpus_stats *out);

/* ---- finding ---- */
/* A parsed query: substrings joined by AND, OR, NOT, and field filters (text/query.h makes it). */
struct query;

/* Where a hit stands in an order by day: what a page by key begins behind. */
struct corpus_mark {
    uint64_t key;
    int64_t doc; /* 0: none */
};

/* Which documents may count at all: rights and filters together. A document passes if its level is in
 * `levels` or its id is in `granted`; and every filter that is set holds. */
struct corpus_filter {
    uint32_t levels;        /* bit n: level n may be seen */
    const int64_t *granted; /* ascending ids readable whatever their level */
    size_t n_granted;
    uint32_t
        only_levels; /* bit set, 0: any; a filter the person chose, apart from the rights above */
    int64_t
        id_from; /* smaller ids are left out (ids are time-ordered: "registered since"), 0: any */
    uint32_t statuses;       /* bit set, 0: any */
    uint64_t kinds;          /* bit set over kind 0..63, 0: any */
    int year_from, year_to;  /* 0: open */
    const uint32_t *issuers; /* ascending; NULL: any. n 0 with a pointer: none passes */
    size_t n_issuers;
    const uint32_t *categories; /* likewise */
    size_t n_categories;
    const int64_t *only; /* ascending ids, nothing else passes; NULL: any (a 文号 filter) */
    size_t n_only;
    uint32_t without_flags; /* documents that bear one of these are left out */
    /* A page by key, in an order by day: of all that pass and count, only the hits behind (in front of)
     * this one are listed, from the nearest on; in the order asked for. Not both. */
    struct corpus_mark after, before;
    uint32_t with_flags; /* documents that lack one of these are left out */
};

enum corpus_order { ORDER_RANK = 0, ORDER_NEWEST, ORDER_OLDEST };

struct hit {
    int64_t doc;
    struct corpus_attr attr;
    int64_t begin_cp,
        end_cp; /* first place, in code points of the document's plain text; -1, -1 when only the title has it */
    int64_t occurrences; /* places in this document, all positive terms together */
    uint64_t key;        /* of corpus_mark, in an order by day */
    bool in_title;
    struct str
        snippet; /* source text around the first place (not the folded form), line breaks as blanks */
    struct snippet_mark {
        uint32_t begin, end; /* bytes of snippet to be highlighted */
    } * marks;
    size_t n_marks;
};

struct find {
    int64_t total;       /* documents, exact */
    int64_t occurrences; /* places in these documents, exact */
    struct hit *hits;    /* `limit` of them from `offset`, in the order asked for */
    size_t n;
    int64_t indexed,
        behind; /* documents in the corpus; filled by the office: changes not yet applied */
};

/* The truth is a scan of the same folded text: total and occurrences are exact for every query, for
 * substrings of one character up. `q` NULL: every document that passes the filter, without snippets, for lists
 * (ORDER_RANK is then ORDER_NEWEST). Results live in `a`. `snippet_cp`: about how many code points. */
MUST_USE enum code corpus_find(struct corpus *c, struct arena *a, const struct query *q,
    const struct corpus_filter *f, enum corpus_order order, size_t offset, size_t limit,
    int snippet_cp, struct find *out, struct err *e);
/* Every place of the positive terms of q inside one document, ascending, at most `limit`: for
 * highlighting the reading view. Code points of the plain text. */
struct place {
    int64_t begin_cp, end_cp;
};
MUST_USE enum code corpus_places(struct corpus *c, struct arena *a, const struct query *q,
    int64_t doc, size_t limit, struct place **out, size_t *n, struct err *e);
/* Continuations of `prefix` that occur most often in documents that pass the filter, longest common
 * strings first cut at a boundary: as-you-type suggestions. Counts only what the filter lets pass. */
struct suggestion {
    struct str text;
    int64_t documents;
};
MUST_USE enum code corpus_suggest(struct corpus *c, struct arena *a, struct str prefix,
    const struct corpus_filter *f, size_t limit, struct suggestion **out, size_t *n, struct err *e);

/* How many documents may be read, by issuer or by authority: of the filter only levels and granted are
 * looked at. Values that no such document has do not occur; ascending by value. */
enum corpus_facet { FACET_ISSUER, FACET_AUTHORITY };
struct facet_count {
    uint32_t value; /* of corpus_attr */
    int64_t documents;
    int32_t latest; /* the greatest corpus_attr.day; INT32_MIN: none is known */
};
void corpus_count(struct corpus *c, struct arena *a, const struct corpus_filter *f,
    enum corpus_facet facet, struct facet_count **out, size_t *n);

#endif
