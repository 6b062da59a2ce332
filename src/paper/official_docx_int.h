/* paper/official_docx_int.h - what the two halves of official_docx share: the text (official_docx.c) and the package around it, its styles,
 * footers, types and relations (official_docx_package.c). Private to official_docx*.c. */
#ifndef PAPER_OFFICIAL_DOCX_INT_H
#define PAPER_OFFICIAL_DOCX_INT_H

#include "paper/official_docx.h"
#include "paper/xmltree.h"
#include "paper/zipout.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W_NS                                                                               \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "            \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "     \
    "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" " \
    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "                   \
    "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\""
#define PKG    "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define WML    "application/vnd.openxmlformats-officedocument.wordprocessingml."

struct odx {
    struct arena *a;
    const struct official *d;
    const struct official_style *s;
    const struct layout *l;
    const struct official_docx *o;
    struct buf b; /* word/document.xml */
    struct buf rels;
    struct zip_change *parts;
    size_t n_parts, cap_parts, n_pictures;
    double line, gap; /* mm */
    double y;         /* where the next line of the flow begins on the first page */
    size_t ppr;       /* where in b the properties of the paragraph begin, and where they end */
    size_t ppr_end;
    size_t source_at; /* behind the last text that came from the source; SIZE_MAX: none */
    bool *noted;      /* notes that were written */
    bool *open;       /* comments whose range has begun */
    uint32_t next_id;
    bool commented;         /* there is a word/comments.xml */
    size_t at_page, at_run; /* in the layout: behind the last paragraph that was found there */
    size_t page;            /* of that paragraph's last line */
    size_t part, part_end;  /* the pages of the document itself, or of what it carries */
};

int odx_twips(double mm);
/* The name of a face's font, and w:rFonts with it. */
const char *odx_font(const struct odx *w, enum face f);
void odx_fonts(struct buf *b, const char *name);
void odx_part(struct odx *w, const char *name, struct str bytes);

/* official_docx_notes.c: text with what is noted about it. `rpr`: the run's properties. */
bool odx_has_notes(const struct odx *w, struct str s);
void odx_noted(struct odx *w, struct str s, struct str rpr);
/* The paragraph ends: what is noted about its end. */
void odx_noted_end(struct odx *w);
/* Strings that were copied out of the source become views of it. */
void odx_anchor(struct odx *w, struct official *d);
/* word/comments.xml, if there is a comment. */
bool odx_comments(struct odx *w);
void odx_plain_run(struct odx *w, struct str s, struct str rpr, const char *tag);

/* official_docx_lines.c: the lines of a paragraph in the layout. */
struct odx_line {
    size_t from, to; /* bytes of the paragraph, blanks in front with them */
    size_t page;
    int closer; /* twentieths of a point that its characters are set closer than others */
};
/* In the order of the document; 0: it was not found. */
size_t odx_lines(struct odx *w, struct str s, struct odx_line **out);
/* Says of each line whether it has to be set closer. */
void odx_lines_close(const struct odx *w, struct str text, struct odx_line *v, size_t n);

/* official_docx_place.c: where things stand in the layout, in mm from the upper edge of the paper; HUGE_VAL: nowhere. */
struct odx_place {
    size_t page;
    double x, y, width,
        pt; /* x: from the left of the text area, of a mark from that of the paper; y: of the baseline */
};
/* The ink of the mark on the first page. */
bool odx_mark_at(const struct odx *w, double *top, double *pt);
bool odx_mark_of(const struct odx *w, struct str s, struct odx_place *out);
/* The upper edge of the characters: of a line of the first page, of the title, of what stands below the title. */
double odx_top_of(const struct odx *w, struct str s);
double odx_title_top(const struct odx *w);
double odx_below_title(const struct odx *w);
/* The title cut as it was laid out, where its words bear no notes, and how many lines it has. */
struct str odx_title_lines(const struct odx *w, size_t *n);
/* The same of any text on this page. */
struct str odx_cut(const struct odx *w, size_t page, struct str s);
/* The pages of the k-th text that is carried; 0: of the document itself. */
void odx_part_pages(struct odx *w, size_t k);
bool odx_place_of(const struct odx *w, struct str s, struct odx_place *out);
/* How many lines a text of 版记 was laid out in; 0: it is not there. */
int odx_foot_lines(const struct odx *w, struct str s);

/* A line of text in twips, so that all of a page's lines fit. */
int odx_pitch(const struct odx *w);
/* w:pgSz and w:pgMar. */
void odx_page(const struct odx *w, struct buf *b);
/* A footer with the page's number: “— 1 —”. */
struct str odx_footer(struct odx *w, const char *style, const char *align);

/* The parts beside word/document.xml. */
void odx_styles(struct odx *w, struct buf *b);
void odx_footers(struct odx *w);
struct str odx_core(struct odx *w);
void odx_types_and_rels(struct odx *w);

#endif
