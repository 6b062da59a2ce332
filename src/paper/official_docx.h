/* paper/official_docx.h - an official document as docx: flowing text with the measures of the layout, for Word, WPS and LibreOffice.
 *
 * Named styles (公文标题, 一级标题 …), exact lines that make 22 on a page, fields for page numbers, outside on odd and even pages, 版记 in frames at its
 * place on the last page. Heading numbers are text, not automatic. Traps that it keeps clear of (../shared/stack.md 4, domain.md 1.7): no
 * linesAndChars grid (LibreOffice spreads it), no theme fonts, empty paragraphs for empty lines, quotes and dashes hinted as East Asian. */
#ifndef PAPER_OFFICIAL_DOCX_H
#define PAPER_OFFICIAL_DOCX_H

#include "paper/layout.h"

/* Names of styles that tell what a paragraph is when the docx is read again; ODX_CONTINUED goes on with the one in front on a new page. */
#define ODX_CONTINUED "续页正文"
#define ODX_MARK      "发文机关标志"
#define ODX_EDITOR    "编印"
#define ODX_COPY_TO   "抄送"
#define ODX_CARRIED   "印发件标题"

/* What stands beside the text the document was made from: comments, and tracked changes. */
enum official_note_kind { OFFICIAL_COMMENT = 1, OFFICIAL_INSERT, OFFICIAL_DELETE };
struct official_note {
    enum official_note_kind kind;
    size_t from, to;         /* bytes of the source; of an insertion a place: from == to */
    struct str text;         /* the comment, or what is inserted; '\n' a new paragraph */
    struct str author, date; /* date as Word writes it: 2026-07-13T09:30:00Z, or empty */
};
struct official_docx {
    const char *fonts[N_FACE]; /* NULL: what offices call them, 仿宋_GB2312 and so on */
    struct str author;
    int64_t made_ms;
    struct str
        source; /* the text that `notes` count in; strings of the document that are views of it bear them */
    const struct official_note *notes; /* in order of `from` */
    size_t n_notes;
    size_t
        *n_lost; /* NULL or how many of them had no place: their comments stand at the beginning */
};
/* `l` is the layout of `d`: it says where the signature and 版记 stand. The same input gives the same bytes. */
MUST_USE enum code official_docx(struct arena *a, const struct official *d,
    const struct official_style *s, const struct layout *l, const struct official_docx *o,
    struct str *docx, struct err *e);

#endif
