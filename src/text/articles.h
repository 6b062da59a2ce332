/* text/articles.h - the parts of statutes (编 章 节 条) and of official documents (一、（一）1.（1）), and
 * two versions compared part by part.
 *
 * Numbering of statutes: 立法技术规范 (article numbers run through the whole law; 第一百零三条之一 for
 * what is put in later); of documents: GB/T 9704-2012 7.3.3. */
#ifndef TEXT_ARTICLES_H
#define TEXT_ARTICLES_H

#include "base/arena.h"
#include "text/diff.h"
#include "text/lex.h"

enum article_level {
    ARTICLE_HEAD = 0,    /* what stands before the first numbered part */
    ARTICLE_PART = 1,    /* 编 */
    ARTICLE_CHAPTER = 2, /* 章 */
    ARTICLE_SECTION = 3, /* 节 */
    ARTICLE_ARTICLE = 4, /* 条 */
    ARTICLE_H1 = 5,      /* 一、 */
    ARTICLE_H2 = 6,      /* （一） */
    ARTICLE_H3 = 7,      /* 1. */
    ARTICLE_H4 = 8,      /* （1） */
};

struct article {
    enum article_level level;
    int number, sub;        /* 第一百零三条之一: 103, 1 */
    size_t parent;          /* index of the part it lies in, SIZE_MAX at the top */
    struct text_span at;    /* all its own text up to the next part of any level, label included */
    struct text_span label; /* 第三条, 一、, 第二章 */
    struct text_span
        title; /* heading on the label's line: 总则, or up to the first 。 in documents */
};

/* Parts in order of place. A statute (articles numbered upwards from a first one, at line starts) is cut into 编章节条, any
 * other text into its headings down to level H2; a table of contents before the text is not taken for parts.
 * The spans tile the text. At most ARTICLES_MAX. */
enum { ARTICLES_MAX = 20000 };
struct articles {
    struct article *v;
    size_t n;
    bool statute;
};
void articles_split(struct arena *a, struct str text, struct articles *out);

enum article_change {
    ARTICLE_SAME = 1,
    ARTICLE_CHANGED,
    ARTICLE_RENUMBERED, /* another number or place, same words */
    ARTICLE_MOVED,      /* another number or place and other words */
    ARTICLE_ADDED,
    ARTICLE_REMOVED,
};

struct article_pair {
    enum article_change change;
    size_t x, y;     /* index in the older and the newer text, SIZE_MAX: none */
    double likeness; /* of the words without the label, 0..1 */
    struct diff
        diff; /* of the two parts' text without label; positions are relative to x_text and y_text; only for CHANGED and MOVED */
    struct text_span x_text, y_text; /* what was compared, bytes of the two texts */
};

struct articles_diff {
    struct articles x, y;
    struct article_pair *pairs; /* in the order of the newer text; removed ones where they stood */
    size_t n;
    size_t counts[ARTICLE_REMOVED + 1]; /* by enum article_change */
};
/* x older, y newer; valid UTF-8. Only parts with text of their own are compared (a chapter's heading is
 * one too). E_LIMIT as diff_texts. Results live in `a`. */
MUST_USE enum code articles_compare(
    struct arena *a, struct str x, struct str y, struct articles_diff *out, struct err *e);

#endif
