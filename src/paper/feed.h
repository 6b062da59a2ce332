/* paper/feed.h - Atom and RSS, read in a caged child like every untrusted file.
 *
 * Source: RFC 4287 (Atom 1.0), RSS 2.0 and RSS 1.0 (RDF); told apart by their elements. Links are as
 * written: the caller resolves them against the address of the feed. */
#ifndef PAPER_FEED_H
#define PAPER_FEED_H

#include "paper/reader.h"

enum { FEED_ENTRIES = 5000 }; /* taken of one feed; the rest is left out */

struct feed_entry {
    struct str id;      /* never empty: id or guid, else the link, else the title */
    struct str link;    /* or empty */
    struct str updated; /* as written, or empty */
    struct str title;   /* plain text */
    struct str html;    /* the entry's own text as HTML, not to be trusted; may be empty */
};
struct feed {
    struct feed_entry *entries; /* in the order of the feed */
    size_t n;
};
/* Everything lives in `a`. E_INPUT when the bytes are no feed, E_LIMIT and E_IO as reader_read. */
MUST_USE enum code feed_read(
    struct reader_pool *p, struct arena *a, struct str bytes, struct feed *out, struct err *e);

#endif
