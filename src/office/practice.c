#include "office/practice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"

#define BEGINNING "practice.db"

enum { COPY_BYTES = 256 * 1024 };

enum code practice_is(struct db *db, bool *yes, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM practice LIMIT 1");
    *yes = stmt_step(q);
    return stmt_end(q, e);
}

static enum code mark(struct db *db, void *arg, struct err *e)
{
    bool yes;
    (void)arg;
    TRY(practice_is(db, &yes, e));
    if (yes)
        return OK;
    struct stmt *q = db_sql(db, "INSERT INTO practice(id, since) VALUES(?1, ?2)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, clock_now_ms());
    return stmt_run(q, NULL, e);
}

enum code practice_begin(struct office *o, struct err *e)
{
    char path[IO_PATH_MAX];
    if (!o->demo)
        return FAIL(e, E_DENIED, "只有演示数据能做练习库；请先用 init --demo 另建一个");
    if (store_is_pg(o->store))
        return FAIL(e, E_INPUT, "练习库只用 SQLite，不写到 PostgreSQL");
    TRY(io_join(path, o->dir, BEGINNING, e));
    TRY(store_write(o->store, mark, NULL, e));
    if (io_exists(path) && unlink(path) != 0)
        return io_fail("删除", path, e);
    TRY(store_backup(o->store, str_z(path), e));
    o->practice = true;
    return OK;
}

/* ---- back to the beginning ---- */

static enum code copy_fd(int from, int to, const char *name, struct err *e)
{
    char *chunk = mem_alloc(COPY_BYTES);
    enum code c = OK;
    for (;;) {
        ssize_t k = read(from, chunk, COPY_BYTES);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            c = io_fail("读取", name, e);
        else if (k == 0)
            c = fsync(to) == 0 ? OK : io_fail("写入", name, e);
        else
            c = io_write_fd(to, name, (struct str){chunk, (size_t)k}, e);
        if (k <= 0 || c != OK)
            break;
    }
    free(chunk);
    return c;
}

static enum code copy_file(const char *from, const char *to, struct err *e)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT ? FAIL(e, E_DENIED, "“%s”不在：没有记下开始时的样子，不能重来", from)
                               : io_fail("打开", from, e);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    enum code c = out < 0 ? io_fail("写入", to, e) : copy_fd(in, out, to, e);
    if (out >= 0)
        close(out);
    close(in);
    return c;
}

/* What belongs to the database that goes. */
static enum code drop(const char *dir, const char *name, struct err *e)
{
    char path[IO_PATH_MAX];
    TRY(io_join(path, dir, name, e));
    return io_exists(path) ? io_remove_tree(path, e) : OK;
}

static enum code replace(const char *dir, struct err *e)
{
    char from[IO_PATH_MAX], aside[IO_PATH_MAX], to[IO_PATH_MAX];
    TRY(io_join(from, dir, BEGINNING, e));
    TRY(io_join(aside, dir, "qianshao.db.new", e));
    TRY(io_join(to, dir, "qianshao.db", e));
    TRY(copy_file(from, aside, e));
    TRY(drop(dir, "qianshao.db-wal", e));
    TRY(drop(dir, "qianshao.db-shm", e));
    TRY(drop(dir, "index", e));
    return rename(aside, to) == 0 ? OK : io_fail("改名", aside, e);
}

/* Opened once to see that it is one, and that nobody else has it. */
enum code practice_reset(struct str dir, struct err *e)
{
    struct office_options opt = {.dir = dir};
    struct office *o;
    char path[IO_PATH_MAX];
    int lock;
    TRY(office_open(&opt, &o, e));
    bool practice = o->practice;
    office_close(o);
    if (!practice)
        return FAIL(e, E_DENIED, "“%.*s”不是练习库，不能重来", SF(dir));
    char *z = mem_dup(dir.p, dir.n);
    enum code c = io_join(path, z, "lock", e);
    if (c == OK)
        c = io_lock(path, &lock, e);
    if (c == OK) {
        c = replace(z, e);
        io_unlock(lock);
    }
    free(z);
    return c;
}
