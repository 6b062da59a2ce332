/* paper/layout_int.h - between the files that lay a document out. */
#ifndef PAPER_LAYOUT_INT_H
#define PAPER_LAYOUT_INT_H

#include "paper/layout.h"

enum { BLACK = 0x000000 };

/* ---- lines (layout_line.c) ---- */

/* A character of a paragraph before it is broken into lines. */
struct lay_char {
    uint32_t cp;
    uint8_t face;
    uint8_t marks; /* enum lay_mark */
    float em;      /* width */
    size_t from;   /* in the source; SIZE_MAX: put in */
};
struct lay_text {
    struct lay_char *v;
    size_t n, cap;
};
struct lay_set {
    double pt;
    double spread; /* mm added behind every character */
    bool justify;
};
struct lay_line {
    size_t begin, end; /* characters; blanks at the end are left out */
    size_t next;       /* where the next line begins */
    double width;      /* as set */
    float *advance;    /* of [begin, end) */
};

struct lay;
void text_add(struct lay *l, struct lay_text *t, enum face face, struct str s, size_t from);
/* The line that begins at `from` in `width` mm. Precondition: from < t->n. */
struct lay_line line_break(
    struct lay *l, const struct lay_text *t, size_t from, double width, const struct lay_set *set);
/* All of it on one line, whatever its width. */
struct lay_line line_whole(struct lay *l, const struct lay_text *t, const struct lay_set *set);
/* May a line end in front of character i > 0, as far as marks, numbers and Latin words tell (GB/T 15834 5.1)? */
bool text_may_end(const struct lay_text *t, size_t i);
/* Does a sentence end in front of character i? */
bool text_sentence_ends(const struct lay_text *t, size_t i);

/* ---- pages ---- */

struct lay_page {
    struct layout_page p;
    size_t cap_runs, cap_rules, cap_pictures;
};
struct lay {
    struct arena *a;
    struct faces *f;
    const struct official *d; /* what is being set: the document, or one that it carries */
    const struct official *whole;
    const struct official_style *s;
    struct lay_page *pages;
    size_t n_pages, cap_pages;
    struct str *notes;
    size_t n_notes, cap_notes;
    double y;      /* upper edge of the next line's characters */
    double em;     /* of a 3号 character, mm */
    double pitch;  /* between two characters of text */
    double line;   /* between two lines of text */
    double gap;    /* line - em: between two lines of any size */
    double bottom; /* lower edge of the text area */
    bool addressee_below;
    bool alone;    /* the signature stands on a page without a line of text */
    bool too_long; /* sticky: LAYOUT_PAGES_MAX */
};

struct lay_page *lay_now(struct lay *l); /* the page that is being filled */
void lay_new_page(struct lay *l);
/* Room for `mm` more, on this page or a new one. */
void lay_need(struct lay *l, double mm);
void lay_note(struct lay *l, struct str text);
/* Upper edge of characters -> baseline, for this face and size: the ink of 国 stands in the middle of its square. */
double lay_base(struct lay *l, enum face face, double pt);

/* Puts characters of one line down; x, y: pen of the first, upper edge of the characters. */
void lay_put(struct lay *l, struct lay_page *p, const struct lay_text *t, const struct lay_line *n,
    double x, double y, double pt, uint32_t colour);
void lay_rule(struct lay *l, struct lay_page *p, struct layout_rule r);
/* The same for a plain string on one line; returns its width. align: -1 x is its left end, 0 its middle, 1 its right end. What is wider than the text area
 * has room for is made narrower. */
double lay_string(struct lay *l, struct lay_page *p, enum face face, double pt, uint32_t colour,
    int align, double x, double y, struct str s);
/* The runs of a line that were put down from the first-th on, k times as wide. */
void lay_narrow(struct lay *l, struct lay_page *p, size_t first, double k);
double lay_width(struct lay *l, enum face face, double pt, struct str s);

/* Flowing text: lines from l->y on, over pages. `indent`: of the first line, `hang`: of the others, in mm; both from the left edge of
 * the text area. */
struct lay_para {
    double pt, indent, hang;
    double width;   /* 0: to the right edge */
    bool sentences; /* a page ends where a sentence does */
};
void lay_paragraph(struct lay *l, const struct lay_text *t, const struct lay_para *p);

void lay_head(struct lay *l); /* layout_head.c: 版头, title, 主送 */
void lay_title(struct lay *l, struct str title, double pt);               /* layout_title.c */
void lay_blocks(struct lay *l, const struct official_block *v, size_t n); /* layout.c */
void lay_table(struct lay *l, const struct official_table *t);            /* layout_table.c */
void lay_tail(struct lay *l); /* layout_tail.c: 附件说明 to 附注 and lists */
void lay_annexes(struct lay *l);
void lay_carried(struct lay *l); /* layout_head.c: 印发件 */
void lay_foot(struct lay *l);    /* 版记 and page numbers */

#endif
