/* office/describe.h - what a text says of itself, gathered for the register: metadata with the places
 * they were read from, citations, what it repeals, the keys of similarity; and whether it bears a
 * secrecy mark. Never invents: what cannot be told stays empty. */
#ifndef OFFICE_DESCRIBE_H
#define OFFICE_DESCRIBE_H

#include "office/citation.h"
#include "office/document.h"
#include "paper/doc.h"

/* A document that the text says it repeals. */
struct repeal {
    struct str title, docno; /* docno: the number that stands beside it, or empty */
    int64_t begin_cp, end_cp;
};

struct description {
    struct document_new
        fresh; /* everything but id, blob, size, level, category, origin, registrar */
    struct citation *citations;
    size_t n_citations;
    struct repeal *repeals;
    size_t n_repeals;
};

/* The level of the first secrecy mark in the text, its page headers or its name: "机密"; NULL for none. To be
 * asked before anything of the file is kept or logged. */
const char *describe_secret(const struct doc *d, struct str text, struct str file_name);

/* What each line of doc_text(d) is (enum meta_line), for meta_read and draft_read: one byte a line, in `a`. */
uint8_t *describe_kinds(struct arena *a, const struct doc *d);

/* `text` is doc_text(d); both must outlive the description, whose own parts live in `a`. */
void describe(struct arena *a, const struct doc *d, struct str text, struct str file_name,
    struct description *out);

#endif
