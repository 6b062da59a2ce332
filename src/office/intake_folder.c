/* intake_folder.c - a watched folder. A file is taken when its size and time have been still for two
 * seconds; it stays where it is, and is remembered by path, size and time of change. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "office/intake_int.h"

enum { FOLDER_DEPTH = 16, FOLDER_FILES = 200000, FOLDER_STILL_MS = 2000 };

struct candidate {
    struct str path;  /* under the folder */
    struct str stamp; /* size:time */
};

struct walk {
    struct intake_job *j;
    struct candidate *v;
    size_t n, cap, met;
};

/* What the desktop and copying programs leave while they work. */
static bool unfinished_name(struct str name)
{
    static const struct str ends[] = {SC(".part"), SC(".tmp"), SC(".crdownload"), SC(".download")};
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (str_ends(name, ends[i]))
            return true;
    return str_starts(name, S(".")) || str_starts(name, S("~$"));
}

static struct str stamp_of(struct arena *a, const struct stat *st)
{
    return arena_printf(a, "%lld:%lld.%09ld", (long long)st->st_size, (long long)st->st_mtim.tv_sec,
        st->st_mtim.tv_nsec);
}

/* The two call each other down to FOLDER_DEPTH. */
static enum code walk_folder( // NOLINT(misc-no-recursion)
    struct walk *w, int dir, struct str prefix, int depth, struct err *e);

static enum code walk_entry( // NOLINT(misc-no-recursion)
    struct walk *w, int dir, struct str prefix, const char *name, int depth, struct err *e)
{
    struct stat st;
    struct arena *a = w->j->a;
    if (unfinished_name(str_z(name)) || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return OK;
    struct str path =
        prefix.n ? arena_printf(a, "%.*s/%s", SF(prefix), name) : arena_str(a, str_z(name));
    if (S_ISDIR(st.st_mode)) {
        int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return fd < 0 ? OK : walk_folder(w, fd, path, depth + 1, e);
    }
    if (!S_ISREG(st.st_mode) || w->n >= INTAKE_ITEMS)
        return OK;
    if (++w->met > FOLDER_FILES)
        return FAIL(e, E_LIMIT, "监视的文件夹超过%d个文件，请把已收的移走", FOLDER_FILES);
    bool seen;
    struct candidate c = {path, stamp_of(a, &st)};
    TRY(intake_seen(w->j, c.path, c.stamp, &seen, e));
    if (!seen)
        ARENA_PUSH(a, w->v, w->n, w->cap) = c;
    return OK;
}

/* Takes over dir. */
static enum code walk_folder( // NOLINT(misc-no-recursion)
    struct walk *w, int dir, struct str prefix, int depth, struct err *e)
{
    DIR *d = depth <= FOLDER_DEPTH ? fdopendir(dir) : NULL;
    const struct dirent *entry;
    enum code c = OK;
    if (!d) {
        close(dir);
        return OK;
    }
    while (c == OK && !intake_stopping(w->j) &&
           (entry = readdir(d))) // NOLINT(concurrency-mt-unsafe): its own stream
        c = walk_entry(w, dirfd(d), prefix, entry->d_name, depth, e);
    closedir(d);
    return c;
}

static int by_path(const void *x, const void *y)
{
    return str_cmp(((const struct candidate *)x)->path, ((const struct candidate *)y)->path);
}

/* Take one candidate if it is as it was two seconds ago. */
static enum code take(struct intake_job *j, int root, const struct candidate *c, struct err *e)
{
    struct stat st;
    int fd = openat(root, c->path.p, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        j->soon = j->soon || errno != ENOENT;
        return OK;
    }
    enum code code = OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !str_eq(stamp_of(j->a, &st), c->stamp)) {
        j->soon = true; /* still being written */
    } else {
        struct str folder, name = c->path;
        (void)str_cut_last(c->path, S("/"), &folder, &name);
        j->at = c->path;
        struct intake_file f = {.key = c->path, .stamp = c->stamp, .fd = fd, .name = name};
        code = intake_take_fd(j, &f, e);
    }
    close(fd);
    return code;
}

static void rest_ms(struct intake_job *j, int ms)
{
    for (int i = 0; i < ms / 50 && !intake_stopping(j); i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 50L * 1000 * 1000}, NULL);
}

static enum code no_folder(const struct intake_job *j, struct err *e)
{
    (void)io_fail("打开监视的文件夹", j->src->place.p, e);
    return e->code = E_IO; /* whatever it is, trying later can help */
}

enum code intake_folder(struct intake_job *j, struct err *e)
{
    struct walk w = {.j = j};
    int root = open(j->src->place.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return no_folder(j, e);
    int again = fcntl(root, F_DUPFD_CLOEXEC, 0);
    enum code c = again < 0 ? no_folder(j, e) : walk_folder(&w, again, (struct str){0}, 0, e);
    if (c == OK && w.n) {
        qsort(w.v, w.n, sizeof(*w.v), by_path);
        rest_ms(j, FOLDER_STILL_MS);
        j->soon = w.n >= INTAKE_ITEMS;
    }
    for (size_t i = 0; c == OK && i < w.n && !intake_stopping(j); i++)
        c = take(j, root, &w.v[i], e);
    close(root);
    return c;
}
