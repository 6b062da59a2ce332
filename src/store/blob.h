/* store/blob.h - original bytes, named by the SM3 of their content, in the database on both engines.
 *
 * The same bytes are there once. A blob never changes and nothing deletes it but blob_erase. Bytes
 * lie in rows of BLOB_CHUNK; the row that says how many there are is written last, so that a blob
 * is there whole or not at all.
 *
 * Hashing is done before the write, so that the one writer is not kept waiting:
 *
 *     struct blob_source src;
 *     TRY(blob_hash_fd(fd, &src, e));           // any thread
 *     ... in a store_fn: TRY(blob_put(db, &src, &fresh, e)); then note src.hex in a row
 *
 * `digest` is always 64 lower-case hexadecimal digits. */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "base/sm3.h"
#include "store/store.h"

#define BLOB_CHUNK ((size_t)256 << 10)
#define BLOB_MAX   ((int64_t)1 << 30) /* bytes of one blob */

/* For the list of migrations: the tables of this file. */
extern const char blob_schema[];

struct blob_source {
    char hex[SM3_HEX + 1];
    int64_t size;
    int fd;           /* borrowed, read with pread; -1: bytes */
    struct str bytes; /* borrowed */
    int64_t stamp[4]; /* device, inode, time of change: a file that changes in between is refused */
};
/* E_LIMIT above BLOB_MAX, E_IO if fd cannot be read with pread. */
MUST_USE enum code blob_hash_fd(int fd, struct blob_source *out, struct err *e);
MUST_USE enum code blob_hash_bytes(struct str bytes, struct blob_source *out, struct err *e);

/* Inside a write. *fresh (may be NULL): false if the bytes were there already. E_CONFLICT if the file
 * has changed since it was hashed. */
MUST_USE enum code blob_put(
    struct db *db, const struct blob_source *src, bool *fresh, struct err *e);

/* E_NOTFOUND when there is no such blob; E_IO when it is there but damaged. */
MUST_USE enum code blob_size(struct db *db, struct str digest, int64_t *size, struct err *e);
/* Append all of it (E_LIMIT if out->max is too small for it), or a range clipped to what there is. */
MUST_USE enum code blob_read(struct db *db, struct str digest, struct buf *out, struct err *e);
MUST_USE enum code blob_read_range(
    struct db *db, struct str digest, int64_t off, int64_t n, struct buf *out, struct err *e);
/* Write all of it to fd, from its present position. */
MUST_USE enum code blob_read_fd(struct db *db, struct str digest, int fd, struct err *e);
/* Hash what is stored again: E_IO, naming the digest, if it is not what was stored. */
MUST_USE enum code blob_verify(struct db *db, struct str digest, struct err *e);
/* The digest that follows `hex` in order ("" at first) into hex; E_NOTFOUND behind the last. */
MUST_USE enum code blob_next(struct db *db, char hex[SM3_HEX + 1], struct err *e);

/* Inside a write: take the bytes away, for what should never have been stored (design 10.1). The
 * caller makes sure that nothing refers to them. E_NOTFOUND when they are not there. */
MUST_USE enum code blob_erase(struct db *db, struct str digest, struct err *e);

#endif
