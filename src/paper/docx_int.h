/* paper/docx_int.h - styles and numbering of a docx. Private to docx*.c.
 *
 * Numbering as Word counts it: the counters belong to the abstract definition, so that lists which share
 * one go on counting; a startOverride of a w:num restarts once, when that num is first used at that
 * level; a deeper level restarts after a higher one was used (lvlRestart says after which).
 * Source: ECMA-376-1 17.9; the sharing of counters as observed in Word. */
#ifndef PAPER_DOCX_INT_H
#define PAPER_DOCX_INT_H

#include "paper/opc.h"

enum { LEVELS = 9 };

struct docx_level {
    bool set, legal; /* legal: all numbers in decimal */
    int start, restart;
    struct str fmt, text, style; /* style: paragraphs of this style are at this level */
    bool bare;                   /* suff="nothing": no gap behind the label */
};
struct docx_abstract {
    int id;
    struct docx_level level[LEVELS];
    struct str link; /* numStyleLink: defined by the list style of that name */
    struct str style_link;
    int counter[LEVELS];
    bool begun[LEVELS];
};
struct docx_num {
    int id, abstract;  /* abstract: id */
    int start[LEVELS]; /* startOverride, -1 none */
    struct docx_level level[LEVELS];
    bool used[LEVELS];
};
struct docx_style {
    struct str id, based;
    int outline;   /* 0..8; -1: not said */
    int num, ilvl; /* -1: not said */
    bool title;
    bool seen; /* guards against circles of basedOn */
};

struct docx_defs {
    struct docx_abstract *abstracts;
    struct docx_num *nums;
    struct docx_style *styles;
    size_t n_abstracts, n_nums, n_styles, cap_abstracts, cap_nums, cap_styles;
    struct docx_style *last; /* most paragraphs repeat the style of the one before */
};

void docx_styles_read(struct job *j, struct zipin *z, const char *member, struct docx_defs *out);
void docx_numbering_read(struct job *j, struct zipin *z, const char *member, struct docx_defs *out);

/* What a style means once its ancestors are asked; id empty: the default. */
struct docx_style docx_style_of(struct docx_defs *f, struct str id);
/* The level of list `num` whose pStyle is this style, or `otherwise`. */
int docx_level_of_style(const struct docx_defs *f, int num, struct str style, int otherwise);
/* Count one paragraph and append its label, with the gap behind it if the text needs one. */
void docx_label(struct docx_defs *f, int num, int ilvl, struct buf *out, bool *gap);
/* The automatic number of a paragraph, of its own list (num, ilvl; -1: not said) or that of its style, with a blank behind it where
 * `text` needs one. */
void docx_paragraph_label(
    struct docx_defs *f, struct str style, int num, int ilvl, struct str text, struct buf *out);

/* The character that a symbol font (Wingdings, Symbol) shows for a code in hex. */
void docx_symbol(struct str font, struct str hex, struct buf *out);

#endif
