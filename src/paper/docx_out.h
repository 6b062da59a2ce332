/* paper/docx_out.h - writing a new docx: paragraphs with named styles, tables, tracked changes. Private to the layer.
 *
 *     docx_out_init(&o, a, author, at_ms);
 *     docx_out_para(&o, BLOCK_PARA, 0, DOCX_KEPT);   // or table, row, cell around paragraphs
 *     docx_out_text(&o, text, DOCX_INS);
 *     docx_out_para_end(&o);
 *     docx_out_end(&o, title, &docx, e);
 * The same calls give the same bytes. */
#ifndef PAPER_DOCX_OUT_H
#define PAPER_DOCX_OUT_H

#include "paper/doc.h"
#include "paper/trace.h"

enum docx_change { DOCX_KEPT = 0, DOCX_INS, DOCX_DEL };
/* Word's own limit is 63 columns; a row of more cells is written as a paragraph with tabs. */
enum { DOCX_COLUMNS_MAX = 63 };

struct docx_out {
    struct arena *a;
    struct buf body;
    struct str who;     /* author and date as attributes */
    uint32_t next_id;   /* of changes */
    uint32_t elements;  /* start tags so far */
    size_t counted;     /* bytes of body whose start tags are counted */
    struct places *map; /* NULL: nobody asks where the text went */
    struct trace trace; /* of the block being written */
    size_t off;         /* bytes of its text so far */
    bool after_table;
};
void docx_out_init(struct docx_out *o, struct arena *a, struct str author, int64_t at_ms);
/* `mark`: what happened to the end of this paragraph. */
void docx_out_para(struct docx_out *o, enum block_kind kind, int level, enum docx_change mark);
void docx_out_text(struct docx_out *o, struct str s, enum docx_change how);
void docx_out_para_end(struct docx_out *o);
void docx_out_table(struct docx_out *o, size_t columns);
void docx_out_row(struct docx_out *o, enum docx_change how);
void docx_out_cell(struct docx_out *o, size_t columns);
void docx_out_cell_end(struct docx_out *o);
void docx_out_row_end(struct docx_out *o);
void docx_out_table_end(struct docx_out *o);
MUST_USE enum code docx_out_end(
    struct docx_out *o, struct str title, struct str *docx, struct err *e);

/* How many cells a row has; how many columns the table that begins at block i has, and where it ends (*end). */
size_t docx_cells(struct str row);
size_t docx_columns(const struct doc *d, size_t i, size_t *end);

/* A doc as it is. `map` (may be NULL) receives the places of its text. */
MUST_USE enum code docx_plain(
    struct arena *a, const struct doc *d, struct places *map, struct str *docx, struct err *e);

/* The head of each page where what is written is marked (mark.h), as a part of its own; its type and its relation, named rIdMark. */
struct str docx_mark_header(struct arena *a);
#define DOCX_MARK_TYPE                                           \
    "<Override PartName=\"/word/headermark.xml\" ContentType=\"" \
    "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>"
#define DOCX_MARK_REL                                                                            \
    "<Relationship Id=\"rIdMark\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/" \
    "relationships/header\" Target=\"headermark.xml\"/>"

#endif
