#include "store/blob.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

const char blob_schema[] = "CREATE TABLE blob(digest @TEXT PRIMARY KEY, size @INT NOT NULL);"
                           "CREATE TABLE blob_chunk(digest @TEXT NOT NULL, seq @INT NOT NULL,"
                           " data @BLOB NOT NULL, PRIMARY KEY(digest, seq))";

/* ---- sources ---- */

static enum code too_large(int64_t size, struct err *e)
{
    return FAIL(e, E_LIMIT, "文件大小%lld MB，超过单个文件上限%lld MB", (long long)(size >> 20),
        (long long)(BLOB_MAX >> 20));
}

static enum code stamp_of(int fd, int64_t stamp[4], int64_t *size, struct err *e)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        return io_fail("读取", "原件", e);
    stamp[0] = (int64_t)s.st_dev;
    stamp[1] = (int64_t)s.st_ino;
    stamp[2] = (int64_t)s.st_mtim.tv_sec;
    stamp[3] = (int64_t)s.st_mtim.tv_nsec;
    *size = (int64_t)s.st_size;
    return OK;
}

/* As many of n bytes at `off` as there are. */
static enum code read_at(int fd, char *p, size_t n, int64_t off, size_t *got, struct err *e)
{
    size_t at = 0;
    while (at < n) {
        ssize_t r = pread(fd, p + at, n - at, (off_t)off + (off_t)at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return io_fail("读取", "原件", e);
        if (r == 0)
            break;
        at += (size_t)r;
    }
    *got = at;
    return OK;
}

enum code blob_hash_fd(int fd, struct blob_source *out, struct err *e)
{
    struct blob_source src = {.fd = fd};
    struct digest d;
    TRY(stamp_of(fd, src.stamp, &src.size, e));
    if (src.size > BLOB_MAX)
        return too_large(src.size, e);
    char *chunk = mem_alloc(BLOB_CHUNK);
    struct sm3 *h = sm3_new();
    size_t got = BLOB_CHUNK;
    enum code c = OK;
    for (src.size = 0; c == OK && got == BLOB_CHUNK && src.size <= BLOB_MAX;
         src.size += (int64_t)got) {
        got = 0;
        c = read_at(fd, chunk, BLOB_CHUNK, src.size, &got, e);
        sm3_add(h, chunk, got);
    }
    sm3_end(h, &d);
    free(chunk);
    if (c == OK && src.size > BLOB_MAX)
        c = too_large(src.size, e);
    if (c != OK)
        return c;
    digest_hex(&d, src.hex);
    *out = src;
    return OK;
}

enum code blob_hash_bytes(struct str bytes, struct blob_source *out, struct err *e)
{
    if (bytes.n > (size_t)BLOB_MAX)
        return too_large((int64_t)bytes.n, e);
    struct digest d = sm3(bytes);
    *out = (struct blob_source){.fd = -1, .bytes = bytes, .size = (int64_t)bytes.n};
    digest_hex(&d, out->hex);
    return OK;
}

static enum code check_unchanged(const struct blob_source *src, struct err *e)
{
    int64_t stamp[4] = {0}, size = 0;
    if (src->fd < 0)
        return OK;
    TRY(stamp_of(src->fd, stamp, &size, e));
    if (size != src->size || memcmp(stamp, src->stamp, sizeof(stamp)) != 0)
        return FAIL(e, E_CONFLICT, "文件在读取过程中被改动，请重新导入");
    return OK;
}

/* ---- writing ---- */

static enum code put_chunk(
    struct db *db, const struct blob_source *src, int64_t seq, struct str data, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO blob_chunk(digest, seq, data) VALUES(?1, ?2, ?3)");
    stmt_bind_str(q, 1, str_z(src->hex));
    stmt_bind_int(q, 2, seq);
    stmt_bind_blob(q, 3, data);
    return stmt_run(q, NULL, e);
}

static enum code put_chunks(struct db *db, const struct blob_source *src, struct err *e)
{
    char *chunk = src->fd < 0 ? NULL : mem_alloc(BLOB_CHUNK);
    enum code c = OK;
    for (int64_t off = 0; c == OK && off < src->size; off += (int64_t)BLOB_CHUNK) {
        struct str data = str_sub(src->bytes, (size_t)off, BLOB_CHUNK);
        if (chunk) {
            data.p = chunk;
            c = read_at(src->fd, chunk, BLOB_CHUNK, off, &data.n, e);
        }
        if (c == OK)
            c = put_chunk(db, src, off / (int64_t)BLOB_CHUNK, data, e);
    }
    free(chunk);
    return c;
}

enum code blob_put(struct db *db, const struct blob_source *src, bool *fresh, struct err *e)
{
    int64_t size;
    enum code c = blob_size(db, str_z(src->hex), &size, e);
    if (c != OK && c != E_NOTFOUND)
        return c;
    if (c == E_NOTFOUND) {
        TRY(check_unchanged(src, e));
        TRY(put_chunks(db, src, e));
        TRY(check_unchanged(src, e));
        struct stmt *q = db_sql(db, "INSERT INTO blob(digest, size) VALUES(?1, ?2)");
        stmt_bind_str(q, 1, str_z(src->hex));
        stmt_bind_int(q, 2, src->size);
        TRY(stmt_run(q, NULL, e));
    }
    if (fresh)
        *fresh = c == E_NOTFOUND;
    return OK;
}

/* ---- reading ---- */

enum code blob_size(struct db *db, struct str digest, int64_t *size, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT size FROM blob WHERE digest = ?1");
    stmt_bind_str(q, 1, digest);
    bool there = stmt_step(q);
    int64_t n = there ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_NOTFOUND, "没有摘要为“%.*s”的原件", SF(digest));
    *size = n;
    return OK;
}

static enum code damaged(struct str digest, struct err *e)
{
    return FAIL(e, E_IO, "原件“%.*s”已损坏，请用备份恢复", SF(digest));
}

/* Hand the bytes from `off` to `end` on, piece by piece. */
struct sink {
    enum code (*take)(void *arg, struct str piece, struct err *e);
    void *arg;
};

static enum code pour(struct db *db, struct str digest, int64_t off, int64_t end,
    const struct sink *to, struct err *e)
{
    int64_t size = 0;
    TRY(blob_size(db, digest, &size, e));
    if (off < 0)
        off = 0;
    if (end > size)
        end = size;
    while (off < end) {
        const int64_t chunk = (int64_t)BLOB_CHUNK, seq = off / chunk, skip = off % chunk;
        int64_t whole = size - seq * chunk < chunk ? size - seq * chunk : chunk;
        int64_t n = end - off < whole - skip ? end - off : whole - skip;
        struct stmt *q = db_sql(db, "SELECT data FROM blob_chunk WHERE digest = ?1 AND seq = ?2");
        enum code c = OK;
        stmt_bind_str(q, 1, digest);
        stmt_bind_int(q, 2, seq);
        bool there = stmt_step(q);
        if (there && stmt_blob(q, 0).n == (size_t)whole)
            c = to->take(to->arg, str_sub(stmt_blob(q, 0), (size_t)skip, (size_t)n), e);
        else
            there = false;
        struct err ignored;
        enum code end_c = stmt_end(q, c == OK ? e : &ignored);
        if (c != OK || end_c != OK)
            return c != OK ? c : end_c;
        if (!there)
            return damaged(digest, e);
        off += n;
    }
    return OK;
}

static enum code into_buf(void *arg, struct str piece, struct err *e)
{
    buf_str(arg, piece);
    return buf_check(arg, "原件", e);
}

static enum code into_fd(void *arg, struct str piece, struct err *e)
{
    return io_write_fd(*(int *)arg, "下载的文件", piece, e);
}

static enum code into_hash(void *arg, struct str piece, struct err *e)
{
    (void)e;
    sm3_add(arg, piece.p, piece.n);
    return OK;
}

enum code blob_read(struct db *db, struct str digest, struct buf *out, struct err *e)
{
    return pour(db, digest, 0, INT64_MAX, &(struct sink){into_buf, out}, e);
}

enum code blob_read_range(
    struct db *db, struct str digest, int64_t off, int64_t n, struct buf *out, struct err *e)
{
    int64_t end = n > INT64_MAX - off ? INT64_MAX : off + n;
    return pour(db, digest, off, end, &(struct sink){into_buf, out}, e);
}

enum code blob_read_fd(struct db *db, struct str digest, int fd, struct err *e)
{
    return pour(db, digest, 0, INT64_MAX, &(struct sink){into_fd, &fd}, e);
}

enum code blob_verify(struct db *db, struct str digest, struct err *e)
{
    struct digest d;
    char hex[SM3_HEX + 1];
    struct sm3 *h = sm3_new();
    enum code c = pour(db, digest, 0, INT64_MAX, &(struct sink){into_hash, h}, e);
    sm3_end(h, &d);
    if (c != OK)
        return c;
    return str_eq(digest_hex(&d, hex), digest) ? OK : damaged(digest, e);
}

enum code blob_next(struct db *db, char hex[SM3_HEX + 1], struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT digest FROM blob WHERE digest > ?1 ORDER BY digest LIMIT 1");
    stmt_bind_str(q, 1, str_z(hex));
    bool there = stmt_step(q);
    if (there && stmt_str(q, 0).n == SM3_HEX)
        memcpy(hex, stmt_str(q, 0).p, SM3_HEX);
    hex[SM3_HEX] = '\0';
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有更多原件");
}

enum code blob_erase(struct db *db, struct str digest, struct err *e)
{
    int64_t size;
    TRY(blob_size(db, digest, &size, e));
    struct stmt *q = db_sql(db, "DELETE FROM blob_chunk WHERE digest = ?1");
    stmt_bind_str(q, 1, digest);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM blob WHERE digest = ?1");
    stmt_bind_str(q, 1, digest);
    return stmt_run(q, NULL, e);
}
