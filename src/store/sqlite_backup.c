/* store/sqlite_backup.c - a copy of the database while it is written to.
 *
 * The source connection stands in a read transaction, so that the copy is of one moment and never
 * starts again; without it, a busy writer keeps the backup from ever ending. */
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "store/store_int.h"

enum { BACKUP_PAGES = 1000 }; /* in one step */

static enum code failed(const char *path, sqlite3 *h, struct err *e)
{
    return FAIL(e, E_IO, "备份到“%s”失败（%s）", path, h ? sqlite3_errmsg(h) : "");
}

static enum code open_source(const char *path, sqlite3 **h, struct err *e)
{
    if (sqlite3_open_v2(path, h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(*h, BUSY_MS) != SQLITE_OK ||
        sqlite3_db_config(*h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) != SQLITE_OK ||
        sqlite3_exec(*h, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) !=
            SQLITE_OK)
        return failed(path, *h, e);
    return OK;
}

static int is_ok(void *arg, int n, char **values, char **names)
{
    (void)names;
    *(bool *)arg = n == 1 && values[0] && str_eq(str_z(values[0]), S("ok"));
    return 0;
}

/* Whole pages into `to`, out of WAL mode so that the copy is one file, and looked over. */
static enum code copy(sqlite3 *from, sqlite3 *to, const char *path, struct err *e)
{
    bool ok = false;
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int rc = SQLITE_OK;
    if (!b)
        return failed(path, to, e);
    while (rc == SQLITE_OK)
        rc = sqlite3_backup_step(b, BACKUP_PAGES);
    if (sqlite3_backup_finish(b) != SQLITE_OK || rc != SQLITE_DONE ||
        sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(to, "PRAGMA quick_check(1)", is_ok, &ok, NULL) != SQLITE_OK)
        return failed(path, to, e);
    return ok ? OK : FAIL(e, E_IO, "备份“%s”没有通过检查，数据库可能已损坏", path);
}

static enum code copy_aside(const char *source, const char *aside, struct err *e)
{
    sqlite3 *from = NULL, *to = NULL;
    enum code c = open_source(source, &from, e);
    if (c == OK &&
        sqlite3_open_v2(aside, &to,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        c = failed(aside, to, e);
    if (c == OK)
        c = copy(from, to, aside, e);
    sqlite3_close(from);
    if (sqlite3_close(to) != SQLITE_OK && c == OK)
        c = failed(aside, to, e);
    return c;
}

enum code store_backup(struct store *st, struct str path, struct err *e)
{
    if (st->drv->pg)
        return FAIL(e, E_INPUT, "PostgreSQL 数据库请用 pg_dump 备份");
    char *to = mem_dup(path.p, path.n);
    struct buf aside;
    enum code c = OK;
    buf_init(&aside, IO_PATH_MAX);
    buf_printf(&aside, "%s.tmp-%ld", to, (long)getpid());
    if (io_exists(to))
        c = FAIL(e, E_CONFLICT, "备份文件“%s”已经存在", to);
    if (c == OK)
        c = buf_check(&aside, "备份文件的路径", e);
    if (c == OK) {
        c = copy_aside(st->path, aside.p, e);
        if (c == OK)
            c = io_rename(aside.p, to, e);
        if (c != OK)
            (void)unlink(aside.p);
    }
    buf_release(&aside);
    free(to);
    return c;
}
