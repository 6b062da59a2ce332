/* paper/pdf_int.h - between the files of the report writer.
 *
 * Blocks become lines of glyphs (pdf_text.c), lines are put on pages (pdf_block.c), and pages are drawn at the end
 * (pdf.c), when it is known how many there are and on which of them each section stands. */
#ifndef PAPER_PDF_INT_H
#define PAPER_PDF_INT_H

#include <pango/pangocairo.h>

#include "paper/pdf.h"

enum {
    PDF_STYLES = 24, /* layouts kept ready */
    PDF_FONTS = 64   /* faces and sizes of one report */
};

/* What stands in one font on one line; positions count from the beginning of the line. */
struct pdf_run {
    cairo_scaled_font_t *font;
    cairo_glyph_t *glyphs;
    cairo_text_cluster_t *clusters;
    struct str text;
    int n_glyphs, n_clusters;
    bool backward;
};
struct pdf_line {
    struct pdf_run *runs;
    size_t n;
    float x, width; /* where it begins in its box */
};
struct pdf_set { /* a text laid out */
    struct pdf_line *lines;
    size_t n;
    float leading, rise; /* from line to line; from the top of a line to its baseline */
    unsigned colour;
};

enum pdf_op_kind { OP_LINE, OP_RULE, OP_FILL, OP_PICTURE, OP_PAGE_OF };
struct pdf_op {
    enum pdf_op_kind kind;
    unsigned colour;
    float x, y, w, h; /* of a line: x, baseline */
    const struct pdf_line *line;
    cairo_surface_t *picture;
    size_t section; /* OP_PAGE_OF: whose page is printed, right end at x + w, and linked to */
};
struct pdf_sheet {
    struct pdf_op *ops;
    size_t n, cap;
    struct str label;
    bool landscape;
};
struct pdf_section {
    int level, page; /* page: index of its sheet, before the directory was put in */
    float y;
    struct str text, entry;
};

struct pdf {
    struct arena a;
    struct pdf_options o;
    struct err e; /* code OK: nothing has failed */
    PangoFontMap *map;
    PangoContext *context;
    struct pdf_layout {
        struct pdf_style s;
        PangoLayout *layout;
    } layouts[PDF_STYLES];
    size_t n_layouts;
    const char *family[PDF_FACES]; /* what pango is asked for: a list */
    struct str found[PDF_FACES];   /* the first of it that the machine has */
    bool substituted[PDF_FACES];
    cairo_scaled_font_t *fonts[PDF_FONTS];
    size_t n_fonts, missing;
    struct pdf_sheet *sheets;
    size_t n_sheets, cap_sheets;
    struct pdf_section *sections;
    size_t n_sections, cap_sections;
    size_t directory_at; /* number of sheets before it; SIZE_MAX: none */
    int directory_depth;
    struct str directory_title;
    /* where the next block goes */
    bool landscape, fresh, want_page;
    float y;
    /* the table that is open */
    struct pdf_column *columns;
    size_t n_columns;
    struct pdf_set **head;
};

/* ---- pdf_text.c ---- */
void pdf_fonts_find(struct pdf *p);
/* `text` in lines of `width` points at most. In p->a; never NULL. */
struct pdf_set *pdf_set(struct pdf *p, const struct pdf_style *s, struct str text, float width);

/* ---- pdf_block.c ---- */
#define PDF_LONG   841.89F
#define PDF_SHORT  595.28F
#define PDF_MARGIN 56.7F /* 20 mm */
#define PDF_TOP    70.0F
#define PDF_BOTTOM 60.0F
float pdf_width(const struct pdf *p); /* between the margins */
float pdf_sheet_width(const struct pdf_sheet *s);
float pdf_sheet_height(const struct pdf_sheet *s);
struct pdf_op *pdf_op(struct pdf *p, enum pdf_op_kind kind, float x, float y);
void pdf_put_line(struct pdf *p, const struct pdf_set *set, size_t i, float x, float y);
/* The directory on sheets of its own, behind all others; the caller moves them. */
void pdf_directory_lay(struct pdf *p);
/* Keep the first failure. */
void pdf_failed(struct pdf *p, enum code code, const char *message);

#endif
