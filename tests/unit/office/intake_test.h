/* intake_test.h - an office in a scratch folder, a small web server and a mail server, for t_intake*.c.
 * Everything listens on 127.0.0.1 and ends with the test. */
#ifndef INTAKE_TEST_H
#define INTAKE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "office/intake.h"
#include "paper/reader.h"

struct scene {
    char dir[IO_PATH_MAX];  /* everything */
    char data[IO_PATH_MAX]; /* the office */
    char in[IO_PATH_MAX];   /* a folder to watch, a home for mails */
    struct office *o;
    struct arena a;
};

static inline void must(enum code c, const struct err *e)
{
    if (c != OK)
        fail_msg("%s (%s:%d)", e->msg, e->file, e->line);
}

static inline void pause_ms(int ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, (ms % 1000) * 1000000L}, NULL);
}

static inline int scene_open(void **state)
{
    struct scene *s = mem_alloc(sizeof(*s));
    struct err e;
    must(io_temp_dir("t-intake-", s->dir, &e), &e);
    assert_int_equal(chmod(s->dir, 0755), 0);
    must(io_join(s->data, s->dir, "data", &e), &e);
    must(io_join(s->in, s->dir, "in", &e), &e);
    must(io_mkdirs(s->in, 0755, &e), &e);
    struct office_options opt = {.dir = str_z(s->data), .create = true, .readers = 1};
    must(office_open(&opt, &s->o, &e), &e);
    arena_init(&s->a);
    *state = s;
    return 0;
}

static inline int scene_close(void **state)
{
    struct scene *s = *state;
    struct err e;
    office_close(s->o);
    arena_release(&s->a);
    must(io_remove_tree(s->dir, &e), &e);
    free(s);
    return 0;
}

/* NAME under the watched folder. */
static inline void put(const struct scene *s, const char *name, const char *text)
{
    char path[IO_PATH_MAX];
    struct err e;
    must(io_join(path, s->in, name, &e), &e);
    must(io_write_file(path, str_z(text), 0644, &e), &e);
}

static inline int64_t add_source(struct scene *s, const struct intake_source *src, const char *pw)
{
    struct err e;
    int64_t id = 0;
    must(intake_add(s->o, src, str_z(pw), 0, &id, &e), &e);
    assert_true(id > 0);
    return id;
}

static inline struct intake_source get_source(struct scene *s, int64_t id)
{
    struct intake_source *v;
    struct db *db;
    struct err e;
    size_t n;
    must(store_read(s->o->store, &db, &e), &e);
    must(intake_list(db, &s->a, &v, &n, &e), &e);
    store_read_end(db);
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            return v[i];
    fail_msg("no such source");
    return (struct intake_source){0};
}

static inline struct intake_run run_ok(struct scene *s, int64_t id)
{
    struct intake_run r;
    struct err e;
    must(intake_run_now(s->o, &s->a, id, &r, &e), &e);
    return r;
}

/* What `sql` (one number) answers. */
static inline int64_t number(struct scene *s, const char *sql)
{
    struct db *db;
    struct err e;
    must(store_read(s->o->store, &db, &e), &e);
    struct stmt *q = db_sql(db, sql);
    int64_t v = stmt_step(q) ? stmt_int(q, 0) : -1;
    must(stmt_end(q, &e), &e);
    store_read_end(db);
    return v;
}
#define DOCUMENTS "SELECT count(*) FROM document WHERE deleted = 0"

#endif
