/* office/archive_pack_int.h - between the files of the archive package. */
#ifndef OFFICE_ARCHIVE_PACK_INT_H
#define OFFICE_ARCHIVE_PACK_INT_H

#include "office/archive_pack.h"
#include "office/item_file.h"
#include "office/manuscript_pen_sheet.h"

struct pack_source {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    int64_t item, pages;
    struct final_copy copy;
    struct item_file *files;
    size_t n_files;
    struct manuscript_pen *pens; /* rounds of pen corrections that were entered, newest first */
    size_t n_pens;
    struct pen_sheet *sheets; /* their paper */
    size_t n_sheets;
};
/* Which of them, 1 for the first; the sheets of a round. */
size_t pack_pen_sheets(const struct pack_source *s, int64_t pen);
/* Handling sheet, receipts and every event, as PDF. */
MUST_USE enum code pack_sheet(const struct pack_source *s, struct buf *pdf, struct err *e);
/* 元数据.xml; `manifest`: lines of SM3, two blanks, name. */
void pack_metadata(const struct pack_source *s, struct str manifest, struct buf *b);

#endif
