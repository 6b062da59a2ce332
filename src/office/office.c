#define _GNU_SOURCE /* realpath */
#include "office/office.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "office/document.h"
#include "office/index.h"
#include "office/kind.h"
#include "office/practice.h"
#include "office/schema.h"
#include "office/wordlist.h"
#include "paper/mark.h"

/* What a data directory holds besides the database; MARK tells an office from any other folder. */
#define MARK  "lock"
#define INDEX "index"
#define TMP   "tmp"

static enum code make_dirs(const char *dir, struct err *e)
{
    char path[IO_PATH_MAX];

    TRY(io_mkdirs(dir, 0700, e));
    TRY(io_join(path, dir, INDEX, e));
    TRY(io_mkdirs(path, 0700, e));
    TRY(io_join(path, dir, TMP, e));
    return io_mkdirs(path, 0700, e);
}

/* Uploads that were cut off by the last end of the program. */
static enum code empty_tmp(const char *dir, struct err *e)
{
    char path[IO_PATH_MAX];

    TRY(io_join(path, dir, TMP, e));
    TRY(io_remove_tree(path, e));
    return io_mkdirs(path, 0700, e);
}

static enum code check_place(const struct office_options *opt, const char *dir, struct err *e)
{
    char mark[IO_PATH_MAX];
    bool there;

    TRY(io_join(mark, dir, MARK, e));
    there = io_exists(mark);
    if (opt->create && there)
        return FAIL(e, E_CONFLICT, "“%s”里已经有一个数据目录，不会覆盖它", dir);
    if (!opt->create && !there)
        return FAIL(
            e, E_NOTFOUND, "“%s”里没有数据目录，请先运行 qianshao init --data %s", dir, dir);
    return opt->create ? make_dirs(dir, e) : OK;
}

static enum code take_lock(struct office *o, struct err *e)
{
    char path[IO_PATH_MAX];

    if (o->read_only)
        return OK;
    TRY(io_join(path, o->dir, MARK, e));
    return io_lock(path, &o->lock, e);
}

static enum code seed(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    return kind_seed(db, e);
}

/* What an earlier run may have left undone: an import cut off, rows that came with this program. */
static enum code make_level(struct store *st, struct err *e)
{
    TRY(document_near_follow(st, e));
    return store_write(st, seed, NULL, e);
}

static enum code read_practice(struct office *o, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = practice_is(db, &o->practice, e);
    store_read_end(db);
    if (c == OK)
        paper_mark_set(o->practice ? S("演练") : S(""));
    return c;
}

static enum code open_parts(struct office *o, const struct office_options *opt, struct err *e)
{
    struct store_options so = {.dir = str_z(o->dir), .url = opt->url, .read_only = opt->read_only};
    char index_dir[IO_PATH_MAX];
    struct corpus_options co = {.read_only = opt->read_only};
    struct reader_limits limits = reader_limits_default();

    o->words = wordlist_new(o->dir);
    TRY(store_open(&so, &o->store, e));
    TRY(store_migrate(o->store, office_migrations, office_n_migrations, e));
    if (!opt->read_only)
        TRY(make_level(o->store, e));
    TRY(read_practice(o, e));
    o->kinds = kinds_new();
    TRY(io_join(index_dir, o->dir, INDEX, e));
    co.dir = str_z(index_dir);
    TRY(corpus_open(&co, &o->corpus, e));
    TRY(index_open(o, e));
    return opt->read_only ? OK : reader_pool_open(opt->exe, opt->readers, &limits, &o->readers, e);
}

enum { CALENDAR_BYTES_MAX = 1 << 20 };

/* A line of the unit's own calendar.tsv stands over the built-in one: a year is announced before the program is renewed. */
static enum code read_calendar(struct office *o, struct err *e)
{
    struct buf tsv = {0};
    char path[IO_PATH_MAX];
    enum code c = io_join(path, o->dir, "calendar.tsv", e);

    if (c == OK && !io_exists(path))
        o->calendar = calendar_new();
    else if (c == OK && (c = io_read_file(path, CALENDAR_BYTES_MAX, &tsv, e)) == OK)
        c = calendar_read(buf_view(&tsv), "calendar.tsv", &o->calendar, e);
    buf_release(&tsv);
    return c;
}

enum code office_open(const struct office_options *opt, struct office **out, struct err *e)
{
    char *dir = mem_dup(opt->dir.p, opt->dir.n);
    struct office *o;
    enum code c = check_place(opt, dir, e);

    if (c != OK) {
        free(dir);
        return c;
    }
    o = mem_alloc(sizeof(*o));
    o->lock = -1;
    o->read_only = opt->read_only;
    o->demo = opt->demo;
    o->dir = realpath(dir, NULL);
    if (!o->dir)
        c = io_fail("打开", dir, e);
    free(dir);
    if (c == OK)
        c = take_lock(o, e);
    o->hours = work_hours_default();
    if (c == OK)
        c = read_calendar(o, e);
    if (c == OK && !o->read_only)
        c = empty_tmp(o->dir, e);
    if (c == OK)
        c = open_parts(o, opt, e);
    if (c != OK) {
        office_close(o);
        return c;
    }
    *out = o;
    return OK;
}

void office_close(struct office *o)
{
    if (!o)
        return;
    if (o->readers)
        reader_pool_close(o->readers);
    index_close(o);
    wordlist_free(o->words);
    kinds_free(o->kinds);
    calendar_free(o->calendar);
    if (o->corpus)
        corpus_close(o->corpus);
    if (o->store)
        store_close(o->store);
    if (o->lock >= 0)
        io_unlock(o->lock);
    free(o->dir);
    free(o);
}
