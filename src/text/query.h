/* text/query.h - what a person types into the search box, parsed.
 *
 *   中央 八项规定            words with a blank between: all of them (AND)
 *   “中央 八项规定”  "…"     a phrase, blanks included
 *   教育 OR 培训   或  |     one of them is enough
 *   培训 -高校   NOT 非      without; alone it lists everything else
 *   (教育 | 培训) 通知       brackets group at the beginning of a word; inside a word they are text
 *   标题:通知                the word in the title
 *   发文机关: 年份:2024 年份:2020-2024 文种: 状态: 文号: 类别:   filters, several values with 、 between;
 *                            机关: and 年: are short for the first two
 * Full-width forms of these marks mean the same. A word is any substring, not a dictionary word.
 * A word with a colon whose head is no known filter is refused with its column, unless quoted. */
#ifndef TEXT_QUERY_H
#define TEXT_QUERY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    QUERY_BYTES_MAX = 4096,
    QUERY_TERMS_MAX = 32,
    QUERY_FIELDS_MAX = 16,
    QUERY_VALUES_MAX = 16, /* values of one filter */
    QUERY_DEPTH_MAX = 16,
    QUERY_TERM_UNITS_MAX = 512,
};

struct query_term {
    struct str text;       /* as typed, without the quotes */
    const uint16_t *units; /* in normal form */
    uint32_t n;            /* >= 1 */
    bool quoted, title_only;
    bool positive; /* to be found (counted, marked), not to be absent */
};

enum query_op { QUERY_TERM, QUERY_AND, QUERY_OR, QUERY_NOT };
struct query_node {
    enum query_op op;
    uint32_t term;                  /* QUERY_TERM: index into terms */
    const struct query_node **kids; /* two or more; QUERY_NOT: one, which is no QUERY_NOT */
    uint32_t n;
};

enum query_field_id {
    FIELD_ISSUER,   /* 发文机关 */
    FIELD_YEAR,     /* 年份 */
    FIELD_KIND,     /* 文种 */
    FIELD_STATUS,   /* 状态 */
    FIELD_DOCNO,    /* 文号 */
    FIELD_CATEGORY, /* 类别 */
};
/* A filter, for the office layer to resolve into struct corpus_filter. All filters hold together;
 * of the values of one filter one is enough. */
struct query_field {
    enum query_field_id id;
    bool negated, quoted;
    const struct str *values; /* as typed; FIELD_YEAR: one */
    uint32_t n;
    int year_from, year_to; /* FIELD_YEAR; 0: open */
    size_t column;          /* of its name, in code points from 1, for messages about a value */
};

struct query {
    const struct query_node *root; /* NULL: only filters */
    const struct query_term *terms;
    uint32_t n_terms;
    const struct query_field *fields;
    uint32_t n_fields;
};

/* E_INPUT with one line that names the column (code points from 1): unknown filter, quotation
 * mark or bracket without partner, nothing at all, a limit passed. */
MUST_USE enum code query_parse(struct arena *a, struct str s, struct query **out, struct err *e);
/* One term, quotes and operators without meaning: for programs that look for a given text. */
MUST_USE enum code query_phrase(struct arena *a, struct str s, struct query **out, struct err *e);
/* The query written again; parsing that gives the same query. */
void query_print(const struct query *q, struct buf *out);
const char *query_field_name(enum query_field_id id); /* "发文机关" ... */

#endif
