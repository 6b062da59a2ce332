/* paper/pdf.h - reports as paged PDF: headings, paragraphs, rows of keys and values, tables, pictures, a directory with
 * the pages on which things stand (Pango and Cairo). Not the layout of official documents: that has a grid of its own.
 *
 * Order: pdf_open, any blocks, pdf_close (which writes) or pdf_drop. A failure sticks and is told by pdf_close, so that
 * a report is written without a check behind every line. One struct pdf belongs to one thread; several threads may each
 * have one. The same blocks with the same fonts give the same bytes.
 *
 * Text is text: it is found, selected and read aloud. A line breaks by the rules of Chinese (no 。 at its beginning, no
 * “ at its end); a table repeats its head on each page; a row taller than what is left of a page goes to the next one,
 * and one taller than a page is divided between lines. */
#ifndef PAPER_PDF_H
#define PAPER_PDF_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    PDF_PAGES_MAX = 30000,
    PDF_TEXT_MAX = 1 << 20, /* bytes of one block */
    PDF_COLUMNS_MAX = 16,
    PDF_PICTURE_MAX = 32 << 20, /* bytes */
    PDF_PICTURE_SIDE = 10000    /* dots */
};

enum pdf_face { PDF_SONG = 0, PDF_FANG, PDF_KAI, PDF_HEI };
enum { PDF_FACES = 4 };
enum pdf_align { PDF_LEFT = 0, PDF_CENTRE, PDF_RIGHT };
struct pdf_style {
    enum pdf_face face;
    enum pdf_align align;
    double size; /* points; 0: 10.5 */
    bool bold;
    int indent;        /* of the first line, in characters */
    unsigned colour;   /* 0xRRGGBB */
    double gap_before; /* points above the block; none at the head of a page */
};

struct pdf;
struct pdf_options {
    struct str title, author, subject; /* of the file, not printed */
    struct str header;                 /* left above the line of every page */
    struct str watermark;              /* pale across every page; empty: none */
    struct str foot;                   /* left of 第 n 页 共 m 页 */
    int64_t made_ms;
    bool landscape;
    /* A family for a class, before those that the machine is searched for; empty: none. */
    struct str family[PDF_FACES];
};
struct pdf *pdf_open(const struct pdf_options *o);
void pdf_drop(struct pdf *p);

/* A section: printed, a line of the outline and of the directory. Returns its number, from 0. `entry` is what the
 * directory says, empty: the same text. Level 1 to 3. */
size_t pdf_heading(struct pdf *p, int level, struct str text, struct str entry);
/* Bold words above a block, in no directory. */
void pdf_heading_plain(struct pdf *p, struct str text);
void pdf_para(
    struct pdf *p, const struct pdf_style *s, struct str text); /* '\n' parts paragraphs */
void pdf_gap(struct pdf *p, double points);                     /* none at the head of a page */
void pdf_space(struct pdf *p, double points);                   /* there as well */
void pdf_page(struct pdf *p);                 /* the next block stands on a new page */
void pdf_turn(struct pdf *p, bool landscape); /* from a new page on */
void pdf_label(
    struct pdf *p, struct str label); /* what a viewer calls the page: 封面; else its number */
/* The directory stands here, from a new page on, with every heading of the report down to `depth`; it is laid out when
 * all of them are known, and what follows begins on a new page. At most once. */
void pdf_directory(struct pdf *p, struct str title, int depth);

/* Keys and values in a frame; a pair whose `b` has no key takes the whole width. */
struct pdf_pair {
    struct str key, value;
    struct str key2, value2;
};
void pdf_rows(struct pdf *p, const struct pdf_pair *v, size_t n);
void pdf_rows_more(struct pdf *p, const struct pdf_pair *v, bool last); /* row by row */

struct pdf_column {
    struct str head;
    double weight; /* share of the width */
    enum pdf_align align;
};
void pdf_table(struct pdf *p, const struct pdf_column *columns, size_t n); /* begins */
void pdf_row(struct pdf *p, const struct str *cells);                      /* as many as columns */
void pdf_table_end(struct pdf *p);

/* A PNG of our own making, or out of a cage: it is decoded here. As wide as the page at most, and not larger than
 * 150 dots an inch would be; a picture that cannot be read says so in its place. */
void pdf_picture(struct pdf *p, struct str png, struct str caption);

struct pdf_made {
    int pages;
    int *section_page; /* of each heading, from 1 */
    size_t n_sections;
    struct str fonts; /* "宋体：Noto Serif CJK SC；仿宋：……" */
    struct str
        substituted; /* classes for which the machine has no face of its own, as a sentence; empty: none */
    size_t missing; /* characters that no font has */
};
/* Writes everything behind `out`. Ends p in any case; `made` lives in `a`. */
MUST_USE enum code pdf_close(
    struct pdf *p, struct arena *a, struct buf *out, struct pdf_made *made, struct err *e);

#endif
