#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum code io_fail(const char *doing, const char *path, struct err *e)
{
    char why[128] = "";

    switch (errno) {
    case ENOENT:
        return FAIL(e, E_NOTFOUND, "无法%s“%s”：没有这个文件或目录", doing, path);
    case EACCES:
    case EPERM:
    case EROFS:
        return FAIL(e, E_DENIED, "无法%s“%s”：没有权限", doing, path);
    case ENOSPC:
    case EDQUOT:
        return FAIL(e, E_FULL, "无法%s“%s”：磁盘已满", doing, path);
    case EMFILE:
    case ENFILE:
        return FAIL(e, E_LIMIT, "无法%s“%s”：打开的文件过多", doing, path);
    case EISDIR:
        return FAIL(e, E_INPUT, "无法%s“%s”：这是一个目录", doing, path);
    case ENOTDIR:
        return FAIL(e, E_INPUT, "无法%s“%s”：路径中有一段不是目录", doing, path);
    case ENAMETOOLONG:
        return FAIL(e, E_LIMIT, "无法%s“%s”：路径过长", doing, path);
    case ELOOP:
        return FAIL(e, E_INPUT, "无法%s“%s”：符号链接成环", doing, path);
    default:
        (void)strerror_r(errno, why, sizeof(why));
        return FAIL(e, E_IO, "无法%s“%s”：%s", doing, path, why);
    }
}

/* ---- reading ---- */

/* Up to `want` bytes behind what out holds, and no more than fit. When out is full, one byte elsewhere
 * tells whether the file ends here: *full is set if it does not. As read(), EINTR apart. */
static ssize_t read_more(int fd, size_t want, struct buf *out, bool *full)
{
    size_t room = out->max ? out->max - out->n : BUF_MAX_DEFAULT;
    size_t before = out->n;
    char probe;
    char *at = room ? buf_room(out, want < room ? want : room) : &probe;
    ssize_t got;

    do
        got = read(fd, at, room == 0 ? 1 : want < room ? want : room);
    while (got < 0 && errno == EINTR);
    *full = room == 0 && got > 0;
    if (room) {
        out->n = before + (got > 0 ? (size_t)got : 0);
        out->p[out->n] = '\0';
    }
    return got;
}

enum code io_read_fd(int fd, const char *name, size_t max, struct buf *out, struct err *e)
{
    size_t start = out->n;
    struct stat st;
    /* one byte more than the file is thought to hold, so that its end shows at once */
    size_t step = fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size + 1 : 65536;

    for (;;) {
        size_t left = max - (out->n - start);
        bool full;
        ssize_t got = read_more(fd, step < left ? step : left + 1, out, &full);
        if (got < 0) {
            out->n = start;
            return io_fail("读取", name, e);
        }
        if (got == 0)
            return OK;
        if (full || out->n - start > max) {
            out->n = start;
            return FAIL(e, E_LIMIT, "“%s”超过上限 %zu 字节", name, max);
        }
        step = 65536;
    }
}

enum code io_read_file(const char *path, size_t max, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum code c;

    if (fd < 0)
        return io_fail("打开", path, e);
    c = io_read_fd(fd, path, max, out, e);
    (void)close(fd);
    return c;
}

/* ---- writing ---- */

enum code io_write_fd(int fd, const char *name, struct str bytes, struct err *e)
{
    while (bytes.n) {
        ssize_t put = write(fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return io_fail("写入", name, e);
        bytes = str_sub(bytes, (size_t)put, bytes.n);
    }
    return OK;
}

/* The folder that holds `path`, into out. */
static void parent_of(const char *path, char out[IO_PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 1;

    if (!slash)
        path = ".";
    else if (n == 0)
        n = 1;
    if (n >= IO_PATH_MAX)
        n = IO_PATH_MAX - 1;
    memcpy(out, path, n);
    out[n] = '\0';
}

enum code io_sync_dir(const char *dir, struct err *e)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int r;

    if (fd < 0)
        return io_fail("打开", dir, e);
    r = fsync(fd);
    /* some network file systems cannot sync a folder and say so */
    if (r != 0 && errno != EINVAL && errno != ENOTSUP) {
        enum code c = io_fail("写入", dir, e);
        (void)close(fd);
        return c;
    }
    (void)close(fd);
    return OK;
}

enum code io_rename(const char *from, const char *to, struct err *e)
{
    char dir[IO_PATH_MAX];

    if (rename(from, to) != 0)
        return io_fail("改名为", to, e);
    parent_of(to, dir);
    return io_sync_dir(dir, e);
}

enum code io_write_file(const char *path, struct str bytes, mode_t mode, struct err *e)
{
    char tmp[IO_PATH_MAX];
    enum code c;
    int fd;

    if ((size_t)snprintf(tmp, sizeof(tmp), "%s.tmp-XXXXXX", path) >= sizeof(tmp))
        return FAIL(e, E_LIMIT, "路径“%s”过长", path);
    fd = mkstemp(tmp);
    if (fd < 0)
        return io_fail("写入", path, e);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    c = io_write_fd(fd, path, bytes, e);
    if (c == OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
        c = io_fail("写入", path, e);
    if (close(fd) != 0 && c == OK)
        c = io_fail("写入", path, e);
    if (c == OK)
        c = io_rename(tmp, path, e);
    if (c != OK)
        (void)unlink(tmp);
    return c;
}

enum code io_mkdirs(const char *dir, mode_t mode, struct err *e)
{
    char path[IO_PATH_MAX];
    size_t n = strlen(dir);
    struct stat st;

    if (n >= sizeof(path))
        return FAIL(e, E_LIMIT, "路径“%s”过长", dir);
    memcpy(path, dir, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        path[i] = '\0';
        if (mkdir(path, mode) != 0 && errno != EEXIST)
            return io_fail("新建目录", path, e);
        path[i] = i < n ? '/' : '\0';
    }
    if (stat(dir, &st) != 0)
        return io_fail("新建目录", dir, e);
    if (!S_ISDIR(st.st_mode))
        return FAIL(e, E_CONFLICT, "“%s”已存在，但不是目录", dir);
    return OK;
}

bool io_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

enum code io_join(char out[IO_PATH_MAX], const char *dir, const char *name, struct err *e)
{
    size_t n = strlen(dir);
    const char *slash = n && dir[n - 1] == '/' ? "" : "/";

    if (n + strlen(name) + 2 > IO_PATH_MAX)
        return FAIL(e, E_LIMIT, "路径“%s%s%s”过长", dir, slash, name);
    (void)snprintf(out, IO_PATH_MAX, "%s%s%s", dir, slash, name);
    return OK;
}

enum code io_temp_dir(const char *prefix, char out[IO_PATH_MAX], struct err *e)
{
    const char *base = getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): nothing here sets it
    char name[64];

    (void)snprintf(name, sizeof(name), "%s-XXXXXX", prefix);
    TRY(io_join(out, base && *base ? base : "/tmp", name, e));
    if (!mkdtemp(out))
        return io_fail("新建目录", out, e);
    return OK;
}

/* ---- lock ---- */

static enum code held_by(int fd, const char *path, struct err *e)
{
    char pid[24] = "";
    ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

    for (ssize_t i = 0; i < n; i++)
        if (pid[i] < '0' || pid[i] > '9')
            n = i;
    if (n > 0)
        return FAIL(e, E_BUSY, "“%s”正被另一个进程占用（进程号 %.*s）", path, (int)n, pid);
    return FAIL(e, E_BUSY, "“%s”正被另一个进程占用", path);
}

enum code io_lock(const char *path, int *fd, struct err *e)
{
    char pid[24];
    int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum code c;

    if (f < 0)
        return io_fail("打开", path, e);
    while (flock(f, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        c = errno == EWOULDBLOCK ? held_by(f, path, e) : io_fail("锁定", path, e);
        (void)close(f);
        return c;
    }
    (void)snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
    /* only for the other side's message: the lock holds without it */
    if (ftruncate(f, 0) != 0 || pwrite(f, pid, strlen(pid), 0) < 0)
        (void)lseek(f, 0, SEEK_SET);
    *fd = f;
    return OK;
}

void io_unlock(int fd)
{
    if (ftruncate(fd, 0) != 0)
        (void)lseek(fd, 0, SEEK_SET); /* a stale pid is harmless: the lock decides */
    (void)close(fd);
}

/* ---- trees ---- */

struct walk {
    io_walk_fn fn;
    void *arg;
    size_t root_n; /* length of the root with its slash: where `rel` begins */
    struct {
        dev_t dev;
        ino_t ino;
    } above[IO_WALK_DEPTH]; /* the folders on the way down, to see a loop */
    size_t depth;
    char path[IO_PATH_MAX];
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
    char **v;
    size_t n, cap;
};

static void names_release(struct names *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->v[i]);
    free((void *)s->v);
}

/* All names of a folder but those that `hidden` leaves out, sorted. */
static enum code read_names(const char *path, bool hidden, struct names *s, struct err *e)
{
    DIR *dir = opendir(path);
    const struct dirent *d;

    if (!dir)
        return io_fail("打开", path, e);
    while (errno = 0, (d = readdir(dir)) != NULL) { // NOLINT(concurrency-mt-unsafe): own DIR
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
            (hidden && d->d_name[0] == '.'))
            continue;
        if (s->n == IO_WALK_NAMES) {
            (void)closedir(dir);
            return FAIL(e, E_LIMIT, "目录“%s”中的名称超过 %zu 个", path, IO_WALK_NAMES);
        }
        if (s->n == s->cap) {
            s->cap = s->cap ? 2 * s->cap : 32;
            s->v = mem_grow((void *)s->v, s->cap * sizeof(*s->v));
        }
        s->v[s->n++] = mem_dup(d->d_name, strlen(d->d_name));
    }
    (void)closedir(dir);
    if (s->n)
        qsort((void *)s->v, s->n, sizeof(*s->v), by_name);
    return OK;
}

static enum code tell(struct walk *w, const struct stat *st, const char *why, struct err *e)
{
    struct io_entry entry = {
        why ? IO_SKIPPED : IO_FILE, w->path, str_z(w->path + w->root_n), st, why};

    return w->fn(&entry, w->arg, e);
}

static bool is_loop(const struct walk *w, const struct stat *st)
{
    for (size_t i = 0; i < w->depth; i++)
        if (w->above[i].dev == st->st_dev && w->above[i].ino == st->st_ino)
            return true;
    return false;
}

static enum code walk_dir(struct walk *w, const struct stat *st, struct err *e);

// NOLINTNEXTLINE(misc-no-recursion): held by IO_WALK_DEPTH
static enum code walk_one(struct walk *w, struct err *e)
{
    struct stat st;

    if (stat(w->path, &st) != 0)
        return tell(w, NULL, errno == ELOOP ? "符号链接成环" : "无法打开", e);
    if (S_ISREG(st.st_mode))
        return tell(w, &st, NULL, e);
    if (!S_ISDIR(st.st_mode))
        return tell(w, &st, "不是普通文件", e);
    if (is_loop(w, &st))
        return tell(w, &st, "目录成环", e);
    if (w->depth == IO_WALK_DEPTH)
        return tell(w, &st, "目录层次过深", e);
    return walk_dir(w, &st, e);
}

// NOLINTNEXTLINE(misc-no-recursion): held by IO_WALK_DEPTH
static enum code walk_dir(struct walk *w, const struct stat *st, struct err *e)
{
    struct names s = {NULL, 0, 0};
    size_t n = strlen(w->path);
    struct err why;
    enum code c = read_names(w->path, true, &s, &why);

    if (c != OK) {
        names_release(&s);
        return tell(w, st, c == E_LIMIT ? "目录中的名称过多" : "无法打开目录", e);
    }
    w->above[w->depth].dev = st->st_dev;
    w->above[w->depth++].ino = st->st_ino;
    for (size_t i = 0; i < s.n && c == OK; i++) {
        const char *slash = w->path[n - 1] == '/' ? "" : "/";
        if ((size_t)snprintf(w->path + n, sizeof(w->path) - n, "%s%s", slash, s.v[i]) >=
            sizeof(w->path) - n) {
            w->path[n] = '\0';
            c = tell(w, st, "路径过长", e);
            continue;
        }
        c = walk_one(w, e);
        w->path[n] = '\0';
    }
    w->depth--;
    names_release(&s);
    return c;
}

enum code io_walk(const char *root, io_walk_fn fn, void *arg, struct err *e)
{
    struct walk w = {.fn = fn, .arg = arg};
    size_t n = strlen(root);
    const char *slash = strrchr(root, '/');
    struct stat st;

    if (n == 0 || n + 2 > sizeof(w.path))
        return FAIL(e, E_INPUT, "路径“%s”为空或过长", root);
    if (stat(root, &st) != 0)
        return io_fail("打开", root, e);
    memcpy(w.path, root, n + 1);
    if (!S_ISDIR(st.st_mode)) {
        w.root_n = slash ? (size_t)(slash - root) + 1 : 0;
        return walk_one(&w, e);
    }
    w.root_n = root[n - 1] == '/' ? n : n + 1;
    return walk_one(&w, e);
}

/* `path` holds n bytes and is used for the names below, so that a level costs little stack. */
// NOLINTNEXTLINE(misc-no-recursion): at most IO_PATH_MAX / 2 levels
static enum code remove_one(char path[IO_PATH_MAX], size_t n, struct err *e)
{
    struct names s = {NULL, 0, 0};
    struct stat st;
    enum code c;

    if (lstat(path, &st) != 0)
        return errno == ENOENT ? OK : io_fail("删除", path, e);
    if (!S_ISDIR(st.st_mode))
        return unlink(path) == 0 || errno == ENOENT ? OK : io_fail("删除", path, e);
    c = read_names(path, false, &s, e);
    for (size_t i = 0; i < s.n && c == OK; i++) {
        size_t len = strlen(s.v[i]);
        if (n + 1 + len >= IO_PATH_MAX) {
            c = FAIL(e, E_LIMIT, "路径“%s/%s”过长", path, s.v[i]);
            break;
        }
        path[n] = '/';
        memcpy(path + n + 1, s.v[i], len + 1);
        c = remove_one(path, n + 1 + len, e);
        path[n] = '\0';
    }
    names_release(&s);
    if (c == OK && rmdir(path) != 0)
        c = io_fail("删除", path, e);
    return c;
}

enum code io_remove_tree(const char *path, struct err *e)
{
    char at[IO_PATH_MAX];
    size_t n = strlen(path);

    if (n >= sizeof(at))
        return FAIL(e, E_LIMIT, "路径“%s”过长", path);
    memcpy(at, path, n + 1);
    return remove_one(at, n, e);
}
