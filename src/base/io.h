/* base/io.h - files: whole reads, writes that are there or not at all, locks, trees. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"

#define IO_PATH_MAX 4096

/* What is wrong with `path`, from errno as it stands: E_NOTFOUND (no such file), E_DENIED, E_LIMIT
 * (disk full, too many open files), otherwise E_IO. `doing` is the verb: "打开", "写入". */
enum code io_fail(const char *doing, const char *path, struct err *e);

/* The whole of a regular file (or of what a pipe or standard input gives) into *out, which is
 * appended to. E_LIMIT when there are more than `max` bytes. */
MUST_USE enum code io_read_file(const char *path, size_t max, struct buf *out, struct err *e);
MUST_USE enum code io_read_fd(int fd, const char *name, size_t max, struct buf *out, struct err *e);
/* All n bytes, whatever write() takes at once. */
MUST_USE enum code io_write_fd(int fd, const char *name, struct str bytes, struct err *e);

/* Write aside (PATH.tmp-XXXXXX in the same folder), fsync, rename over `path`, fsync the folder:
 * after a power cut the old bytes are there or the new ones. On failure nothing is left. */
MUST_USE enum code io_write_file(const char *path, struct str bytes, mode_t mode, struct err *e);
MUST_USE enum code io_rename(const char *from, const char *to, struct err *e); /* with fsync */
MUST_USE enum code io_sync_dir(const char *dir, struct err *e);
MUST_USE enum code io_mkdirs(const char *dir, mode_t mode, struct err *e); /* as mkdir -p */
bool io_exists(const char *path);
/* A temporary folder under $TMPDIR or /tmp, 0700; and a tree with all in it removed. A link is
 * removed, never followed. */
MUST_USE enum code io_temp_dir(const char *prefix, char out[IO_PATH_MAX], struct err *e);
MUST_USE enum code io_remove_tree(const char *path, struct err *e);
/* DIR/NAME into out; E_LIMIT if it does not fit. */
MUST_USE enum code io_join(char out[IO_PATH_MAX], const char *dir, const char *name, struct err *e);

/* Hold `path` (made if absent) for this process, by flock; the file holds our pid for the message of
 * the next one. E_BUSY, naming that pid, when another holds it. Ends with io_unlock or the process.
 * The file itself stays: removing it would let two processes hold two files of one name. */
MUST_USE enum code io_lock(const char *path, int *fd, struct err *e);
void io_unlock(int fd);

/* ---- trees ---- */

enum io_kind { IO_FILE, IO_SKIPPED };
struct io_entry {
    enum io_kind kind;
    const char *path;      /* as given, then below it */
    struct str rel;        /* the part below the root; the file's own name if the root is a file */
    const struct stat *st; /* of the file behind a link */
    const char *why;       /* IO_SKIPPED: why it was not taken, in Chinese */
};
#define IO_WALK_DEPTH 64
#define IO_WALK_NAMES ((size_t)1000000) /* most names in one folder */
/* Called for every regular file, in byte order of names, folder by folder; anything but OK ends the
 * walk and is returned by it. Links to files and folders are followed, once for each folder on the
 * way down (a loop is IO_SKIPPED); sockets, devices, pipes, what cannot be opened and what lies
 * deeper than IO_WALK_DEPTH are IO_SKIPPED. Names that start with a dot are left out silently. */
typedef enum code (*io_walk_fn)(const struct io_entry *entry, void *arg, struct err *e);
MUST_USE enum code io_walk(const char *root, io_walk_fn fn, void *arg, struct err *e);

#endif
