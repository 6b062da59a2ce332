/* paper/doc.h - text with structure, as read out of a file of any format.
 *
 * Invariants: all text is valid UTF-8 without NUL; a block's text has no line break but '\n' inside
 * a paragraph (a soft break); blocks are in reading order. The plain text of a document
 * (doc_text) is its blocks joined by '\n' (cells of a table row by '\t'): anchors, searching and
 * checking count code points of exactly this text. */
#ifndef PAPER_DOC_H
#define PAPER_DOC_H

#include "base/arena.h"
#include "base/buf.h"

enum block_kind {
    BLOCK_TITLE = 1, /* the title of the document, one line or several (one block each) */
    BLOCK_HEADING,   /* level 1..9 */
    BLOCK_PARA,
    BLOCK_ROW, /* one row of a table; cells joined by '\t'; level: number of the table, from 1 */
    BLOCK_NOTE, /* footnote, comment, text box outside the flow, header and footer: searched, never body */
    BLOCK_ATTACH, /* begins a part of a container: text is the name of the attachment or member */
};

struct block {
    enum block_kind kind;
    int level;
    struct str text; /* with resolved automatic numbers in front ("（一）…") */
};

enum doc_format {
    FORMAT_UNKNOWN = 0,
    FORMAT_TXT,
    FORMAT_CSV,
    FORMAT_MD,
    FORMAT_HTML,
    FORMAT_DOCX,
    FORMAT_XLSX,
    FORMAT_PDF,
    FORMAT_OFD,
    FORMAT_EML,
    FORMAT_ZIP,
    FORMAT_DOC,
    FORMAT_WPS,
    FORMAT_IMAGE,
};
const char *doc_format_name(enum doc_format f); /* "docx" ... ; "未知" */
enum doc_format doc_format_of(
    struct str name); /* the inverse of doc_format_name; UNKNOWN otherwise */

/* One file inside a container (an attachment of a mail, a member of a zip), handed back so that it
 * is taken in as a document of its own. */
struct part {
    struct str name; /* as the container calls it, cleaned: no path tricks */
    struct str bytes;
};

struct doc {
    enum doc_format format;
    struct str encoding; /* for text formats: "UTF-8", "GB18030", "UTF-16LE" ... ; else empty */
    struct str title;    /* from the file's own properties or mail subject; may be empty or wrong */
    struct str author;   /* likewise; sender of a mail */
    struct str date;     /* 'YYYY-MM-DD' from the properties or the mail, or empty */
    struct block *blocks;
    size_t n;
    int *
        rows; /* of a workbook: for each block that is a row its number in the sheet, from 1; else NULL */
    struct part *parts;
    size_t n_parts;
    bool image_only;     /* pages of pictures and no text: to be held (design 10.6) */
    struct str warnings; /* lines for the person: "第3页没有文字" ; may be empty */
};

/* The plain text, appended to out. */
void doc_text(const struct doc *d, struct buf *out);

/* A compact binary form, for the pipe from the reading child and for storing the structure beside
 * the text. doc_decode checks every length and never trusts: E_INPUT on anything malformed.
 * doc_decode's strings live in `a`. */
void doc_encode(const struct doc *d, struct buf *out);
MUST_USE enum code doc_decode(struct arena *a, struct str bytes, struct doc *out, struct err *e);

/* The structure without the text, for storing beside it: which stretch of doc_text is which block. Neither
 * properties nor parts are kept. doc_decode_outline gives the blocks over `text` (borrowed); E_INPUT when the two
 * do not belong together. */
void doc_encode_outline(const struct doc *d, struct buf *out);
MUST_USE enum code doc_decode_outline(
    struct arena *a, struct str outline, struct str text, struct doc *out, struct err *e);

#endif
