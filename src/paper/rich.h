/* paper/rich.h - a docx with everything a draft can bear: looks, tables with merged cells, pictures, comments, tracked changes, sections.
 *
 * paper/doc.h is the text that a reader of the printed paper sees; this is what Word shows while one writes. Read in a caged child as every
 * file from outside. A paragraph's text holds what was inserted and what was deleted; its runs part the text from end to end and
 * say which look and which change each piece has. Properties are resolved: defaults, styles and what stands in the paragraph itself.
 * Source: ECMA-376-1 17. */
#ifndef PAPER_RICH_H
#define PAPER_RICH_H

#include "paper/reader.h"

enum rich_place { RICH_BODY = 0, RICH_BOX, RICH_HEADER, RICH_FOOTER, RICH_FOOTNOTE, N_RICH_PLACE };
enum rich_align { RICH_LEFT = 0, RICH_CENTRE, RICH_RIGHT, RICH_BOTH, N_RICH_ALIGN };
enum rich_rule { RICH_AUTO = 0, RICH_EXACT, RICH_AT_LEAST, N_RICH_RULE };

struct rich_look {
    struct str east, latin; /* fonts; empty: not said */
    int half_pt;            /* size in half points; 0: not said, which is 10 pt */
    int spacing;            /* between characters, twips */
    uint32_t colour;        /* 0xRRGGBB */
    bool bold, italic, underline;
};
struct rich_run {
    size_t n;   /* bytes of the paragraph's text */
    int look;   /* index in looks */
    int change; /* index in changes; -1: none */
};

/* Lengths are twips, those in characters hundredths of one. */
struct rich_format {
    int align, rule, line, before, after;
    int first, first_chars, left, left_chars, right, right_chars; /* first: negative hangs */
    int rule_top, rule_bottom; /* borders above and below, eighths of a point */
    uint32_t rule_colour;
    bool page_break, framed;
};
struct rich_para {
    int place;
    int part;         /* of a header or footer: which one, from 0 */
    uint32_t elem;    /* number of its w:p among the elements of its part */
    struct str label; /* automatic number, with the gap behind it */
    struct str text;  /* '\n' a soft break, '\t' a tab */
    struct rich_run *runs;
    size_t n_runs;
    struct str style; /* the style's name */
    int level;        /* of a heading, from its style, 1..9; 0: none */
    bool title;       /* by style */
    bool page_field;  /* holds the field PAGE */
    bool drawing;     /* holds a picture, a shape or a box */
    bool breaks;      /* a page ends in it */
    bool fields;      /* holds fields that Word works out: tables of contents, references */
    struct rich_format f;
    int mark; /* index of the change of the paragraph's end; -1: none */
    int section;
    int table, row, column, across; /* table 0: none; nested ones count as their outer cell */
    bool covered;                   /* the cell goes on from above */
};
struct rich_change {
    bool deleted;            /* else inserted */
    struct str author, date; /* date as it is written: 2026-07-13T09:30:00Z; may be empty */
};
struct rich_comment {
    struct str author, date, text;
    bool placed;                    /* its span is known */
    size_t para, from, to_para, to; /* paragraphs and bytes of their texts */
};
struct rich_picture {
    size_t para, at;
    struct str name, bytes; /* bytes of PNG, JPEG and so on, as in the file */
    struct str descr;       /* what is said of it in words */
    int width;              /* twips */
    bool floating;
};
struct rich_section {
    int width, height, top, right, bottom, left, header, footer, gutter; /* twips; -1: not said */
    int grid, pitch, chars; /* 0 none 1 lines 2 linesAndChars 3 snapToChars; twips; 1/4096 pt */
    int columns;
    bool title_page;
    int footers[3]; /* default, even, first: index of the footer, -1: none */
};
struct rich {
    struct str title, author, date, category, keywords; /* properties */
    struct rich_look *looks;
    struct rich_para *paras;
    struct rich_change *changes;
    struct rich_comment *comments;
    struct rich_picture *pictures;
    struct rich_section *sections;
    size_t n_looks, n, n_changes, n_comments, n_pictures, n_sections;
    bool even_and_odd; /* footers of odd and even pages differ */
    /* how many; shapes: drawings that are no pictures; formats: tracked changes of looks; undone: inserted and deleted again */
    int tables, boxes, shapes, footnotes, formats, undone, formulas;
};
enum { RICH_PARAS_MAX = 200000, RICH_LIST_MAX = 50000 };

/* E_INPUT: no docx, or damaged; E_LIMIT, E_IO as reader_read. Everything lives in `a`. */
MUST_USE enum code rich_read(struct reader_pool *p, struct arena *a, int fd, struct str name,
    struct rich *out, struct err *e);
MUST_USE enum code rich_read_bytes(
    struct reader_pool *p, struct arena *a, struct str docx, struct rich *out, struct err *e);

#endif
