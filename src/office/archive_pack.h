/* office/archive_pack.h - the archive package (归档包) of what was issued: a zip with the final copy as PDF, OFD and docx, the signed text, the handling
 * sheet with opinions and receipts, the paper of pen corrections, the attachments, metadata (by the element names of DA/T 46) and a list with the SM3 of each file. Table
 * archive_pack.
 *
 * It is made outside the write, kept as a blob, and its SM3 stands in the event `package` of the item: whoever has the file can prove it. */
#ifndef OFFICE_ARCHIVE_PACK_H
#define OFFICE_ARCHIVE_PACK_H

#include "office/final_copy.h"
#include "store/blob.h"

#define ARCHIVE_BYTES_MAX ((int64_t)300 << 20)

struct archive_file {
    struct str name, sm3;
    int64_t size;
};
struct archive_made {
    int64_t item, revision;
    struct str zip, manifest;
    struct blob_source blob;
    size_t files;
};
/* Outside a write. E_CONFLICT: not closed yet, or nothing was signed. E_DENIED as for printing. */
MUST_USE enum code archive_pack_make(struct db *db, struct arena *a, struct faces *f,
    const struct actor *by, int64_t item, struct archive_made *out, struct err *e);
/* Inside a write: an event of the item. E_CONFLICT: something was done with the item meanwhile. */
MUST_USE enum code archive_pack_put(struct db *db, const struct actor *by,
    const struct archive_made *m, int64_t *id, struct err *e);

struct archive_pack {
    int64_t id, item, at_ms, by, size;
    struct str sm3, by_name, manifest;
    bool right; /* archive_pack_verify: bytes and event agree */
};
/* Newest first. */
MUST_USE enum code archive_pack_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct archive_pack **out, size_t *n, struct err *e);
/* Its bytes, for who may print copies; the name it should bear. E_NOTFOUND: of another item. */
MUST_USE enum code archive_pack_read(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, int64_t id, struct buf *zip, struct str *name, struct err *e);
/* Hashes the bytes again and looks into the chain of the item. */
MUST_USE enum code archive_pack_verify(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, int64_t id, struct archive_pack *out, struct err *e);

#endif
