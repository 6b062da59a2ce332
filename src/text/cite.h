/* text/cite.h - what a text cites: every 《title》 and document number, with the articles named.
 *
 * A title and a number that stand together (《…》（国办发〔2020〕5号）) are one citation, and so are the articles
 * behind them (第三十条第二款第（一）项). All spans are bytes of the text given. Whether such a document
 * exists, and which version, is the library's to say: it looks the keys up. */
#ifndef TEXT_CITE_H
#define TEXT_CITE_H

#include "text/docno.h"

/* 第三十条之一第二款第（三）项; 0 where not named. `to` is 15 in 第十二条至第十五条. */
struct cite_article {
    struct text_span at;
    int article, sub, paragraph, item, to;
};

struct cite {
    struct text_span at;    /* everything that belongs together */
    struct text_span title; /* between the outer 《 and 》; empty where only a number is cited */
    struct str name;        /* the title on one line, resolved: see by_alias. Empty likewise */
    struct str alias;       /* defined here: （以下简称《×》）; else empty */
    bool by_alias;          /* the text has a short name defined earlier; `name` is the full one */
    bool bare;              /* 刑法第三百条: a well-known law named without 《》 */
    bool numbered;          /* docno is set */
    struct docno docno;
    struct cite_article *articles;
    size_t n_articles;
};

/* Citations in order of place. Results live in `a`; names may borrow from `text`. At most CITE_MAX; a title
 * of more than CITE_TITLE_CP_MAX code points, or one that is not closed, is none. */
enum { CITE_MAX = 20000, CITE_TITLE_CP_MAX = 150, CITE_ARTICLES_MAX = 64 };
size_t cite_find(struct arena *a, struct str text, struct cite **out);

/* Key of a title for equality: blanks and line breaks gone, brackets and widths of one kind. 《》 around
 * the whole are allowed and dropped. Works for citations and for titles of documents alike. */
void cite_key(struct str title, struct buf *out);
/* Key under which variants meet: further without 中华人民共和国, the issuer before 关于, trailing
 * （试行）（2019年修订）, and all punctuation. Two different documents may share it: it proposes. */
void cite_key_relaxed(struct str title, struct buf *out);

#endif
