/* office/citation.h - which document cites which, found from 《title》 and 文号 in the texts. */
#ifndef OFFICE_CITATION_H
#define OFFICE_CITATION_H

#include "base/arena.h"
#include "store/store.h"

struct citation {
    int64_t from; /* the citing document */
    int64_t to;   /* the cited one, 0: not in the library (yet) */
    int64_t begin_cp, end_cp;
    struct str title, docno; /* as cited; either may be empty */
    struct str article;      /* 第五条, or empty */
};
/* Inside a write: the citations found in a new text replace the document's old ones; and citations of others that
 * waited for this title or number are joined to it. */
MUST_USE enum code citation_replace(
    struct db *db, int64_t doc, const struct citation *list, size_t n, struct err *e);
MUST_USE enum code citation_adopt(
    struct db *db, int64_t doc, struct str title, struct str docno, struct err *e);
MUST_USE enum code citation_from(
    struct db *db, struct arena *a, int64_t doc, struct citation **out, size_t *n, struct err *e);
MUST_USE enum code citation_to(
    struct db *db, struct arena *a, int64_t doc, struct citation **out, size_t *n, struct err *e);
/* What a title or number names in the library, for whoever judges a citation. The caller asks access.h before anything is
 * shown. Documents whose title meets `title` (or that print it), at most CITATION_CANDIDATES: the very title first, then
 * those in force, then the newest. */
enum { CITATION_CANDIDATES = 50 };
struct citation_candidate {
    int64_t id;
    bool exact; /* the very title, not only a variant of it */
};
MUST_USE enum code citation_candidates(struct db *db, struct arena *a, struct str title,
    struct citation_candidate **out, size_t *n, struct err *e);
/* The document that bears this number, 0 for none. */
MUST_USE enum code citation_numbered(
    struct db *db, struct arena *a, struct str docno, int64_t *id, struct err *e);

#endif
