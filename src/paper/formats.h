/* paper/formats.h - one function for each format, bytes to doc, run inside the cage. Private to the
 * layer. Each fills j->d (blocks, parts, properties, encoding, image_only) and reports through j. */
#ifndef PAPER_FORMATS_H
#define PAPER_FORMATS_H

#include "paper/job.h"

/* What a file is by its first bytes and, second, its name. */
enum sniff {
    SNIFF_TEXT = 0, /* no known mark: some kind of text, or nothing we know */
    SNIFF_EMPTY,
    SNIFF_ZIP, /* docx, xlsx, ofd, zip: told apart by the members */
    SNIFF_PDF,
    SNIFF_OLE, /* doc, wps, xls, and encrypted OOXML */
    SNIFF_RTF,
    SNIFF_HTML,
    SNIFF_EML,
    SNIFF_PNG,
    SNIFF_JPEG,
    SNIFF_TIFF,
    SNIFF_IMAGE,   /* gif, bmp, webp */
    SNIFF_WORDXML, /* Word 2003 XML and flat OPC */
    SNIFF_PACKED,  /* rar, 7z, gz: not read */
    SNIFF_PROGRAM, /* executables */
};
/* `head`: the first SNIFF_BYTES of the file, or all of it. */
enum { SNIFF_BYTES = 4096 };
enum sniff sniff(struct str head, struct str name);
/* The extension of a name without the dot, in lower case, at most 15 bytes. */
struct ext {
    char z[16];
};
struct ext name_ext(struct str name);

/* Read `bytes` as what they are. PDF, .doc and pictures need a converter: they end in E_BUG here,
 * for the parent sorts them out first (paper/pool.c). */
enum code read_any(struct job *j, struct str bytes, struct str name);

enum code read_txt(struct job *j, struct str bytes, struct str name);
enum code read_csv(struct job *j, struct str bytes);
enum code read_md(struct job *j, struct str bytes);
enum code read_html(struct job *j, struct str bytes, struct str charset);
enum code read_zip(struct job *j, struct str bytes);
struct zipin;
enum code read_docx_zip(struct job *j, struct zipin *z);
enum code read_xlsx_zip(struct job *j, struct zipin *z);
enum code read_ofd_zip(struct job *j, struct zipin *z);
enum code read_eml(struct job *j, struct str bytes);
enum code read_rtf(struct job *j, struct str bytes);
/* What `pdftotext -bbox` wrote: words with their boxes, page by page. */
enum code read_pdftext(struct job *j, struct str bytes);
/* What tesseract read from the pages, one form feed between pages. */
enum code read_ocrtext(struct job *j, struct str bytes);
/* Page `page` of a picture file or scanned OFD as the only part: "page.pdf" around it, or "page.png". */
enum code read_picture(struct job *j, struct str bytes, struct str name, int page);
/* A PNG or PPM drawn anew (paper/redraw.h): "page.png" as the only part. */
enum code redraw_job(struct job *j, struct str bytes, int width, bool clear);
/* Atom or RSS: a row and a part of each entry (paper/feed.c). */
enum code read_feed(struct job *j, struct str bytes);

/* The text of a text format as UTF-8: detects (unless `charset` is given), decodes, notes the encoding
 * in the doc, refuses what is no text. The result lives in j->a. */
MUST_USE enum code text_utf8(struct job *j, struct str bytes, struct str charset, struct str *out);

#endif
