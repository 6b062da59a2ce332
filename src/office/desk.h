/* office/desk.h - a text that is being written, looked at while one writes: what the check finds in it, how its pages look, what the
 * library has on the same matter. The text comes along each time; nothing of it is kept or logged.
 *
 * Places are counted as the editor counts them, in UTF-16 units, and in code points. All three refuse a text that bears a
 * secrecy mark (E_SECRET) and one that is longer than DESK_BYTES_MAX (E_LIMIT). */
#ifndef OFFICE_DESK_H
#define OFFICE_DESK_H

#include "office/proof.h"
#include "paper/layout.h"

enum { DESK_BYTES_MAX = 400000, DESK_QUERY_CP_MAX = 400, DESK_PASSAGES_MAX = 8 };

/* ---- findings ---- */
struct desk_finding {
    const struct finding *f;
    struct str words;        /* what stands at the place */
    size_t begin, end;       /* UTF-16 units of the text */
    size_t begin_cp, end_cp; /* code points of the text */
};
struct desk_check {
    struct desk_finding *v; /* by place */
    size_t n;
    size_t n_hidden; /* about words that are never to be shown again */
    struct check_skipped *skipped;
    size_t n_skipped;
    int64_t chars;
    bool cut;
    struct str words_problem; /* as of proof_report */
    int64_t documents, behind;
    int64_t us;
};
/* The same check as that of a text handed in (office/proof.h). Words in front (typeset_front) are no part of it. `part`: the text is only
 * the paragraphs that were changed; it is checked for what can be told of a paragraph alone (desk_part_classes). */
MUST_USE enum code desk_check(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, int genre, bool part, struct desk_check *out, struct err *e);
/* Bit set over enum check_class. */
uint32_t desk_part_classes(void);

/* ---- pages ---- */
struct desk_line {
    size_t at;   /* UTF-16 unit at which the line begins */
    size_t page; /* from 0 */
    double y;    /* mm from the upper edge of the paper */
};
struct desk_pages {
    struct official doc;
    struct layout layout;
    struct desk_line *lines; /* by place; of paragraphs, which know where they come from */
    size_t n_lines;
    struct str *notes; /* of reading and of laying out */
    size_t n_notes;
    int64_t us;
};
struct manuscript_file; /* office/manuscript_file.h */
/* The manuscript's pictures; they stand on the page by their addresses. */
struct desk_pictures {
    int64_t manuscript;
    const struct manuscript_file *v;
    size_t n;
};
/* pictures may be NULL. */
MUST_USE enum code desk_pages(struct arena *a, struct faces *f, struct str text,
    const struct desk_pictures *pictures, struct desk_pages *out, struct err *e);
/* The page on which a place stands, from 0. */
size_t desk_page_of(const struct desk_pages *p, size_t at);

/* ---- passages ---- */
struct desk_passage {
    struct document doc;
    struct str text; /* whole sentences of the document */
    int64_t begin_cp, end_cp;
    int percent;     /* of what was written that it repeats; 0: found by its words */
    struct str cite; /* 《关于…的意见》（国资发〔2026〕3号） */
};
/* Passages that this person may read and that repeat `text`, the sentence that is being written; or, where `query` is not empty, what
 * a search for it finds. */
MUST_USE enum code desk_passages(struct office *o, struct arena *a, const struct viewer *v,
    struct str text, struct str query, struct desk_passage **out, size_t *n, struct err *e);

#endif
