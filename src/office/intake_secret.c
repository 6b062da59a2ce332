/* intake_secret.c - passwords of mailboxes: lines "ID<TAB>PASSWORD" in a file of its own, readable by
 * nobody else, written aside and renamed. */
#include <errno.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/io.h"
#include "office/intake_int.h"

enum { SECRET_FILE_MAX = 1 << 20 };

/* The whole file, empty when there is none yet. One that others may read is not trusted. */
static enum code load(const struct office *o, struct arena *a, struct buf *b, struct err *e)
{
    struct stat st;
    struct str path = arena_printf(a, "%s/intake.secret", o->dir);
    buf_init(b, SECRET_FILE_MAX);
    if (lstat(path.p, &st) != 0)
        return errno == ENOENT ? OK : io_fail("打开", path.p, e);
    if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)))
        return FAIL(e, E_DENIED, "口令文件“%s”能被别人读，请先改为只限本用户（chmod 600）", path.p);
    return io_read_file(path.p, SECRET_FILE_MAX, b, e);
}

static enum code save(const struct office *o, struct arena *a, struct str text, struct err *e)
{
    struct str path = arena_printf(a, "%s/intake.secret", o->dir);
    return io_write_file(path.p, text, S_IRUSR | S_IWUSR, e);
}

/* The line of a source, split; false when it is another's. */
static bool line_of(struct str line, int64_t source, struct str *password)
{
    struct str id;
    struct err none;
    int64_t v = 0;
    return str_cut(line, S("\t"), &id, password) && str_int(id, &v, &none) == OK && v == source;
}

enum code intake_secret_set(
    const struct office *o, int64_t source, struct str password, struct err *e)
{
    struct arena a;
    struct buf old, text;
    struct str line, none;
    if (str_has(password, S("\n")) || str_has(password, S("\r")))
        return FAIL(e, E_INPUT, "口令里不能有换行");
    arena_init(&a);
    buf_init(&text, SECRET_FILE_MAX);
    enum code c = load(o, &a, &old, e);
    struct str rest = buf_view(&old);
    bool found = false;
    while (str_next(&rest, S("\n"), &line)) {
        if (line_of(line, source, &none))
            found = true;
        else
            buf_printf(&text, "%.*s\n", SF(line));
    }
    if (password.n)
        buf_printf(&text, "%lld\t%.*s\n", (long long)source, SF(password));
    if (c == OK)
        c = buf_check(&text, "口令文件 intake.secret", e);
    if (c == OK && (found || password.n))
        c = save(o, &a, buf_view(&text), e);
    buf_release(&old);
    buf_release(&text);
    arena_release(&a);
    return c;
}

enum code intake_secret_get(
    const struct office *o, struct arena *a, int64_t source, struct str *password, struct err *e)
{
    struct buf b;
    struct str line, p;
    enum code c = load(o, a, &b, e);
    struct str rest = buf_view(&b);
    bool found = false;
    while (c == OK && !found && str_next(&rest, S("\n"), &line))
        if (line_of(line, source, &p)) {
            *password = arena_str(a, p);
            found = true;
        }
    buf_release(&b);
    if (c == OK && !found)
        return FAIL(
            e, E_NOTFOUND, "本机没有这个邮箱的口令，请在保存口令的那台机器上收信，或重新添加");
    return c;
}
