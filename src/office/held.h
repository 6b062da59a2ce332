/* office/held.h - scanned files without text, held back until a person has looked at the first page and
 * confirmed that it bears no secrecy mark (design 10.6). Until then nothing of it is in the library. */
#ifndef OFFICE_HELD_H
#define OFFICE_HELD_H

#include "office/import.h"

enum held_state { HELD_WAITING = 0, HELD_CONFIRMED, HELD_REFUSED };

struct held {
    int64_t id;
    struct str file_name, source, format, blob;
    int64_t size, created_ms;
    int64_t by; /* who brought it */
    enum held_state state;
    enum doc_level level;
    int64_t category;
    enum doc_origin origin;
    int64_t doc; /* the document it became */
};
/* Inside a write, by import: the bytes are in the blob store already. */
MUST_USE enum code held_insert(struct db *db, const struct held *h, struct err *e);
/* The waiting one with these bytes, or 0. */
MUST_USE enum code held_by_blob(struct db *db, struct str digest, int64_t *id, struct err *e);
/* Waiting ones, oldest first. */
MUST_USE enum code held_list(struct db *db, struct arena *a, size_t limit, struct held **out,
    size_t *n, int64_t *total, struct err *e);
MUST_USE enum code held_get(
    struct db *db, struct arena *a, int64_t id, struct held *out, struct err *e);
/* The picture of a page for the person to look at. */
MUST_USE enum code held_page_png(struct office *o, struct arena *a, int64_t id, int page, int width,
    struct str *png, struct err *e);
/* What OCR proposes for text and metadata; E_NOTFOUND without tesseract, E_SECRET when it finds a secrecy mark.
 * OCR runs once for a file: its outcome is kept until the decision, without the text where there is a mark. */
MUST_USE enum code held_propose(struct office *o, struct arena *a, int64_t id,
    struct document_edit *out, struct str *text, struct err *e);
/* "No secrecy mark on the first page": the document is made, marked 待核, with the metadata the person gave
 * (`ed`) and the OCR text where OCR is there. *doc: the new document. */
MUST_USE enum code held_confirm(struct office *o, int64_t id, const struct document_edit *ed,
    int64_t by, int64_t *doc, struct err *e);
/* It bears a mark: the bytes are erased, the refusal is noted without content. */
MUST_USE enum code held_refuse(struct office *o, int64_t id, int64_t by, struct err *e);

#endif
