/* office/library.h - the library as a person sees it: searching, listing, reading, what it covers.
 * Every function takes the viewer and shows only what access.h lets pass. Searching and listing are in
 * library.c (passages of a text in library_match.c), the reading view and what the library covers in reading.c. */
#ifndef OFFICE_LIBRARY_H
#define OFFICE_LIBRARY_H

#include "office/document.h"
#include "office/office.h"
#include "text/match.h"

struct viewer; /* office/access.h */

/* Filters as a form or a query gives them; empty or 0 is any. */
struct library_filter {
    struct str issuer;          /* part of the name */
    const uint32_t *issuer_ids; /* ascending: these alone; NULL: any */
    size_t n_issuer_ids;
    int year_from, year_to;
    int genre;         /* 0 any */
    int status;        /* -1 any, else enum doc_status */
    int level;         /* -1 any, else enum doc_level */
    int64_t category;  /* with its sub-categories */
    bool proofed_only; /* leave 待核 out */
    bool unproofed_only;
    /* A page by key, where the order is by date: the rows behind (in front of) this one; offset 0. What
     * library_page gave as last (first). doc 0: none. Counts are of the whole list all the same. */
    struct corpus_mark after, before;
};
struct library_filter library_filter_any(void);

struct library_hit {
    struct document doc;
    struct str snippet; /* empty in a list without a query */
    const struct snippet_mark *marks;
    size_t n_marks;
    int64_t begin_cp, end_cp; /* first place in the text, -1 when only in the title */
    int64_t occurrences;
};

struct library_page {
    struct library_hit *hits;
    size_t n;
    int64_t total;       /* documents this person may see, exact */
    int64_t occurrences; /* places, exact */
    int64_t us;          /* microseconds spent finding (without the database) */
    int64_t behind; /* changes the index has not applied yet: then the page says 索引正在建立 */
    int64_t documents;              /* how many this person may see in all */
    struct corpus_mark first, last; /* of the rows, where the order is by date; else doc is 0 */
};

enum library_order { LIBRARY_RANK = 0, LIBRARY_NEWEST, LIBRARY_OLDEST };

/* query empty: the whole library by date. The query language: docs/manual; its field filters join `f`.
 * E_INPUT for a query that cannot be read, with the column. limit at most DOCUMENT_MANY. */
MUST_USE enum code library_search(struct office *o, struct arena *a, const struct viewer *v,
    struct str query, const struct library_filter *f, enum library_order order, size_t offset,
    size_t limit, struct library_page *out, struct err *e);
/* Documents registered since id_from (ids are time-ordered) that hold `word` (empty: any), newest first. */
MUST_USE enum code library_new_since(struct office *o, struct arena *a, const struct viewer *v,
    struct str word, const struct library_filter *f, int64_t id_from, size_t limit,
    struct library_page *out, struct err *e);
MUST_USE enum code library_suggest(struct office *o, struct arena *a, const struct viewer *v,
    struct str prefix, size_t limit, struct suggestion **out, size_t *n, struct err *e);

/* Which passages of a text repeat documents that this person may read, with the rows of the sources. Statuses other
 * than in force stand behind (options->outdated is set here). `text` as corpus_match takes it. */
struct library_match {
    struct match match;
    struct document *docs; /* every source that is listed, by id */
    size_t n_docs;
    int64_t us;        /* microseconds spent matching (without the database) */
    int64_t behind;    /* changes the index has not applied yet */
    int64_t documents; /* how many this person may see in all */
};
MUST_USE enum code library_match(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, const struct library_filter *f, const struct match_options *options,
    struct library_match *out, struct err *e);
/* NULL when it was deleted since. */
const struct document *library_match_doc(const struct library_match *m, int64_t id);

/* Documents with all words of `text` in their titles, or with that document number: for a picker. */
MUST_USE enum code library_titled(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, size_t limit, struct library_page *out, struct err *e);
/* The one document that `text` names, by title (whole, or so much that no other fits) or number. E_INPUT says that
 * there is none, or several. */
MUST_USE enum code library_named(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, int64_t *id, struct err *e);

/* One document to be read, with everything the page shows. Logged in the access log. E_NOTFOUND as well when
 * the person may not know of it. */
struct library_reading {
    struct document doc;
    struct str text;
    struct str structure; /* outline: doc_decode_outline with `text` */
    struct document_field *fields;
    size_t n_fields;
    struct citation_view {
        int64_t doc;      /* the other document, 0 when it is not in the library */
        struct str title; /* of the other, or as cited */
        struct str docno;
        enum doc_status status;
        int64_t begin_cp, end_cp; /* where it stands in the citing document */
        struct str problem;       /* "题名与文号不符", "已废止" ... or empty */
    } * cites, *cited_by;
    size_t n_cites, n_cited_by;
    struct near_view {
        int64_t doc;
        struct str title, day;
        int percent;
    } * near;
    size_t n_near;
    struct edition_view {
        int64_t doc;
        struct str title, day, label;
        bool confirmed;
    } * editions; /* versions of the same text, oldest first, this one among them */
    size_t n_editions;
    struct place *places; /* of `query`, when the reader came from a search */
    size_t n_places;
};
MUST_USE enum code library_read(struct office *o, struct arena *a, const struct viewer *v,
    int64_t id, struct str query, struct library_reading *out, struct err *e);
/* The original into fd (download), with the name it should bear: 关于××的通知20260713.docx. Logged. */
MUST_USE enum code library_original(struct office *o, struct arena *a, const struct viewer *v,
    int64_t id, int fd, struct str *name, struct err *e);
/* Such a name: title, `mark`, date, format; what a file system cannot hold is replaced. */
struct str library_file_name(
    struct arena *a, const struct document *d, struct str mark, struct str format);

/* What the library covers, so that silence over an empty library never looks clean. */
struct coverage_row {
    struct str name; /* 中央, 部委, 省, 市, 本单位 ... by authority */
    int64_t documents;
    struct str latest; /* newest 成文日期, or empty */
};
MUST_USE enum code library_coverage(struct office *o, struct arena *a, const struct viewer *v,
    struct coverage_row **out, size_t *n, int64_t *total, struct err *e);
/* Issuers, with how many documents the viewer may see, most first: for the filter and its picker. Counted
 * in the corpus, as the lists are, so that the figure is what choosing the issuer then shows. */
struct issuer_count {
    int64_t id;
    struct str name;
    int64_t documents;
};
MUST_USE enum code library_issuers(struct office *o, struct arena *a, const struct viewer *v,
    size_t limit, struct issuer_count **out, size_t *n, struct err *e);

#endif
