/* paper/layout.h - an official document laid out: pages of characters, lines and pictures at places in millimetres.
 *
 * One layout, several outputs: PDF (layout_pdf), the preview (layout_svg) and OFD draw what stands here and decide nothing. A docx is
 * flowing text, made from the document itself (official_docx.h) with the same measures.
 *
 * Sources: GB/T 9704-2012 (clauses beside the numbers), GB/T 15834-2011 5.1 (what begins and ends no line), GB/T 15835-2011 5.1.7 (a
 * number is not broken). The grid fills the text area: the first line's characters touch its upper edge, the 22nd line's its lower one,
 * so that a line moves by (225 - 5.64) / 21 = 10.45 mm; GB/T 33476.2-2016 reaches the same lines with 34.58 and 32.58 mm of margin. */
#ifndef PAPER_LAYOUT_H
#define PAPER_LAYOUT_H

#include "paper/face.h"
#include "paper/official.h"

#define MM_PER_PT (25.4 / 72.0)

/* Measures. mm unless named otherwise. */
struct official_style {
    double paper_width, paper_height;
    double top, left, width, height;            /* of the text area: 天头, 订口, 版心 */
    int columns, rows;                          /* 28 characters, 22 lines */
    double text_pt, title_pt, foot_pt, page_pt; /* 3号 2号 4号 4号 */
    double mark_pt;                             /* at most; a long one is made smaller to fit */
    double mark_top;  /* below the text area's upper edge; of a letter below that of the paper */
    double line_gap;  /* 红线 below 发文字号 */
    double line_mm;   /* its thickness, which the standard leaves open */
    double page_dash; /* 一字线 below the text area's lower edge */
    double foot_thick, foot_thin;
    uint32_t red;   /* 0xRRGGBB */
    bool even_foot; /* 版记 at the foot of an even page (printed on both sides) */
    bool page_numbers, page_centred;
    bool preprinted;         /* what is red is on the paper already */
    double shift_x, shift_y; /* of the printer and its tray, for pre-printed paper */
    bool joined_annexes;     /* 附件 bound together with the text: 附件 and number only */
};
/* Of the standard, for this form; speeches and bulletins as practice has them. */
void official_style_of(enum official_form form, struct official_style *out);

/* What differs from the standard. `must`: 规定 (strength of the clause), else 一般 or 推荐. */
struct official_deviation {
    struct str what; /* 天头 40 mm，标准 37±1 mm */
    const char *clause;
    bool must;
};
size_t official_deviations(struct arena *a, enum official_form form, const struct official_style *s,
    struct official_deviation **out);

/* Characters in a row on one baseline. */
struct layout_run {
    enum face face;
    double pt;
    uint32_t colour;
    double x,
        y; /* of the first character's pen: from the left of the paper, baseline from its top */
    double narrow; /* width of the characters, 1: as they are */
    struct str text;
    const float *advance; /* mm, one for each code point */
    size_t n;
    size_t from; /* where it stands in the source; SIZE_MAX: it was put in */
};
struct layout_rule {
    double x1, y1, x2, y2, mm;
    uint32_t colour;
};
struct layout_picture {
    double x, y, width, height;
    struct str png;
    struct str link; /* as of official_block */
};
struct layout_page {
    struct layout_run *runs;
    size_t n_runs;
    struct layout_rule *rules;
    size_t n_rules;
    struct layout_picture *pictures;
    size_t n_pictures;
    int number;     /* printed; 0: none */
    size_t carried; /* the so-manieth 印发件 begins here; 0: none */
    size_t lines;   /* of text on the grid */
};
struct layout {
    double width, height; /* of the paper */
    struct layout_page *pages;
    size_t n;
    struct face_used *faces;
    size_t n_faces;
    struct str *notes; /* for the person: 主送机关过长，已移到版记 */
    size_t n_notes;
    bool addressee_below; /* 主送 stands in 版记 */
    int rows;             /* lines on a page, where a signature made them more or fewer */
};

enum { LAYOUT_PAGES_MAX = 5000 };
/* Everything lives in `a`. E_LIMIT: the document is larger than its limits; E_INPUT: a measure that leaves no room for text. */
MUST_USE enum code layout_make(struct arena *a, struct faces *f, const struct official *d,
    const struct official_style *s, struct layout *out, struct err *e);

#endif
