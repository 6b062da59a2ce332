/* text/draft.h - a text to be checked, read once: lines, places by code point, masks, citations, metadata.
 *
 * Everything that several rules need is worked out here, so that a rule is a walk over arrays. Rules count in
 * code points: cp[i] is a character, byte[i] its offset; what the byte-counting readers find (cite, docno, lex,
 * meta) is turned with draft_cp. The text is the plain text of a file (doc_text), one paragraph a line. */
#ifndef TEXT_DRAFT_H
#define TEXT_DRAFT_H

#include "text/cite.h"
#include "text/meta.h"

enum { DRAFT_CP_MAX = 2 << 20, DRAFT_CARRIED_MAX = 20 };

/* What a character belongs to; rules leave such places alone. Several may hold. */
enum draft_mask {
    MASK_URL = 1, /* address of a page, e-mail address, path of a file */
    MASK_CODE =
        2, /* number of a standard, a document, a version, a telephone: GB/T 9704-2012, V1.2 */
    MASK_QUOTE = 4,  /* between “ and ” of one paragraph, the marks left out */
    MASK_TITLE = 8,  /* between 《 and 》, likewise */
    MASK_TIME = 16,  /* 15:30, 8:00-12:00, ratios such as 1:2 */
    MASK_LATIN = 32, /* a run of Latin words: half-width marks are right there */
};

/* Labels of GB/T 9704-2012 7.3.3 at the beginning of a line, and of statutes. */
enum label_kind {
    LABEL_NONE = 0,
    LABEL_H1,      /* 一、 */
    LABEL_H2,      /* （一） */
    LABEL_H3,      /* 1. */
    LABEL_H4,      /* （1） */
    LABEL_CIRCLED, /* ① */
    LABEL_PART,    /* 第一编 第一章 第一节 */
    LABEL_ARTICLE, /* 第一条 */
};

struct draft_line {
    size_t begin, end;   /* code points, without the line break; blanks at the ends are inside */
    size_t first;        /* the first character that is no blank; end for an empty line */
    enum meta_line kind; /* what the file says the line is */
    enum label_kind label; /* how it begins, also where its mark is a wrong one: 一. （一）、 1、 */
    int number;            /* of the label; 0: none */
    size_t label_end; /* behind the label and its mark */
    bool alone;       /* the label's line is a heading: short, no sentence in it */
};

/* A text that the document carries (印发件, carried.h): lines. */
struct draft_carried {
    size_t from;        /* where it begins: its title, or the word 印发件 above it */
    size_t title, body; /* [title, body) is the title; the text ends where the next one begins */
};

struct draft {
    struct str text;
    const uint32_t *cp;   /* n characters and a 0 behind them */
    const uint32_t *byte; /* n + 1 offsets */
    const uint32_t *at;   /* code point of each byte, text.n + 1 */
    const uint8_t *mask;  /* enum draft_mask bits of each character, n + 1 */
    size_t n;
    struct draft_line *lines;
    size_t n_lines;
    struct meta meta; /* spans are bytes */
    struct cite *cites;
    size_t n_cites;
    struct draft_carried *carried; /* meta is that of the document in front of them */
    size_t n_carried;
};

/* `kinds` as for meta_read, or NULL. Borrows text, lives in `a`. E_LIMIT above DRAFT_CP_MAX characters. */
MUST_USE enum code draft_read(
    struct arena *a, struct str text, const uint8_t *kinds, struct draft *out, struct err *e);

static inline size_t draft_cp(const struct draft *d, size_t byte)
{
    return d->at[byte < d->text.n ? byte : d->text.n];
}
/* The text of [begin, end), a view. */
struct str draft_str(const struct draft *d, size_t begin, size_t end);
/* Index of the line that holds place i. */
size_t draft_line_of(const struct draft *d, size_t i);
/* Do the characters at i spell `word` (before `limit`)? `word` is UTF-8. */
bool draft_is(const struct draft *d, size_t i, struct str word);
/* The first of `words` that is spelt at i: how many characters it has; 0 for none. */
size_t draft_any(const struct draft *d, size_t i, const struct str *words, size_t n);
/* Is the line a heading of an attachment: 附件, 附件1, 附件一：? Its number in *number, 0 for none. */
bool draft_annex_line(const struct draft *d, const struct draft_line *l, int *number);
/* The line behind the part that line i belongs to: the document's own text, or one of those it carries. */
size_t draft_part_end(const struct draft *d, size_t i);
/* Where the heading ends that a line with a label is or begins with: a line without a sentence in it, or the first sentence in front of
 * its text where that is short (（一）压实责任。各单位…). l->first: it is text. One whole sentence or an item of a list is text (一、同意设立。
 * （一）未按期整改的；), so that all items of a list look alike, long or short. */
size_t draft_heading_end(const struct draft *d, const struct draft_line *l);
/* The first place of `word` that lies whole in [begin, end), or SIZE_MAX. */
size_t draft_find(const struct draft *d, size_t begin, size_t end, struct str word);

#endif
