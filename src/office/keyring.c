#include "office/keyring.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/io.h"

enum { SECRET_FILE_MAX = 1 << 20 };

/* The whole file, empty when there is none yet. One that others may read is not trusted. */
static enum code load(const char *path, struct buf *b, struct err *e)
{
    struct stat st;
    buf_init(b, SECRET_FILE_MAX);
    if (lstat(path, &st) != 0)
        return errno == ENOENT ? OK : io_fail("打开", path, e);
    if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)))
        return FAIL(e, E_DENIED, "口令文件“%s”能被别人读，请先改为只限本用户（chmod 600）", path);
    return io_read_file(path, SECRET_FILE_MAX, b, e);
}

/* The line of an id, split; false when it is another's. */
static bool line_of(struct str line, int64_t id, struct str *secret)
{
    struct str head;
    struct err none;
    int64_t v = 0;
    return str_cut(line, S("\t"), &head, secret) && str_int(head, &v, &none) == OK && v == id;
}

/* Without the old line of the id, with the new one. *changed: the file is another now. */
static void replace(struct buf *out, struct str old, int64_t id, struct str secret, bool *changed)
{
    struct str line, none;
    *changed = secret.n > 0;
    while (str_next(&old, S("\n"), &line)) {
        if (line_of(line, id, &none))
            *changed = true;
        else
            buf_printf(out, "%.*s\n", SF(line));
    }
    if (secret.n)
        buf_printf(out, "%lld\t%.*s\n", (long long)id, SF(secret));
}

enum code keyring_set(
    const char *dir, const char *file, int64_t id, struct str secret, struct err *e)
{
    char path[IO_PATH_MAX];
    struct buf old, text;
    bool changed;
    if (str_has(secret, S("\n")) || str_has(secret, S("\r")))
        return FAIL(e, E_INPUT, "口令里不能有换行");
    TRY(io_join(path, dir, file, e));
    buf_init(&text, SECRET_FILE_MAX);
    enum code c = load(path, &old, e);
    if (c == OK) {
        replace(&text, buf_view(&old), id, secret, &changed);
        c = buf_check(&text, path, e);
        if (c == OK && changed)
            c = io_write_file(path, buf_view(&text), S_IRUSR | S_IWUSR, e);
    }
    buf_release(&old);
    buf_release(&text);
    return c;
}

enum code keyring_get(const char *dir, const char *file, struct arena *a, int64_t id,
    struct str *secret, bool *found, struct err *e)
{
    char path[IO_PATH_MAX];
    struct buf b;
    struct str line, s;
    TRY(io_join(path, dir, file, e));
    enum code c = load(path, &b, e);
    struct str rest = buf_view(&b);
    *found = false;
    while (c == OK && !*found && str_next(&rest, S("\n"), &line))
        if (line_of(line, id, &s)) {
            *secret = arena_str(a, s);
            *found = true;
        }
    buf_release(&b);
    return c;
}
