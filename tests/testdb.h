/* testdb.h - an empty database of its own for a test, gone after it.
 *
 * SQLite in a scratch folder; or, when TEST_PG holds the address of a PostgreSQL database, a schema
 * of that database. A test program that runs on whatever is set uses testdb_open(t, testdb_pg()).
 * The folder t->dir exists either way. */
#ifndef TESTDB_H
#define TESTDB_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store_int.h"

struct testdb {
    struct store *st;
    char dir[64];
    char url[512]; /* empty: SQLite */
    char schema[40];
};

static inline bool testdb_pg(void)
{
    const char *url = getenv("TEST_PG"); /* NOLINT(concurrency-mt-unsafe): nobody sets it */
    return url && *url;
}

/* Open (again): what is in the database stays. */
static inline enum code testdb_reopen(struct testdb *t, struct err *e)
{
    struct store_options o = {.dir = str_z(t->dir), .url = str_z(t->url)};
    store_close(t->st);
    t->st = NULL;
    return store_open(&o, &t->st, e);
}

static inline void testdb_die(const char *what, const struct err *e)
{
    (void)fprintf(stderr, "testdb: %s: %s\n", what, e->msg);
    abort();
}

static inline void testdb_open(struct testdb *t, bool on_pg)
{
    struct err e = {.code = OK};
    memset(t, 0, sizeof(*t));
    (void)snprintf(t->dir, sizeof(t->dir), "/tmp/qianshao-test-XXXXXX");
    if (!mkdtemp(t->dir))
        abort();
    if (on_pg) {
        const char *base = getenv("TEST_PG"); /* NOLINT(concurrency-mt-unsafe) */
        if (!base)
            abort();
        (void)snprintf(
            t->schema, sizeof(t->schema), "t_%s_%ld", t->dir + strlen(t->dir) - 6, (long)getpid());
        for (char *p = t->schema; *p; p++) /* an unquoted name is folded to lower case */
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
        (void)snprintf(t->url, sizeof(t->url),
            "%s%coptions=-csearch_path%%3D%s&application_name=%s", base,
            strchr(base, '?') ? '&' : '?', t->schema, t->schema);
        char sql[80];
        (void)snprintf(sql, sizeof(sql), "CREATE SCHEMA \"%s\"", t->schema);
        if (pg_run_once(str_z(base), sql, &e) != OK)
            testdb_die("CREATE SCHEMA", &e);
    }
    if (testdb_reopen(t, &e) != OK)
        testdb_die("open", &e);
}

static inline void testdb_close(struct testdb *t)
{
    struct err e;
    char path[400];
    store_close(t->st);
    if (*t->url) {
        char sql[80];
        (void)snprintf(sql, sizeof(sql), "DROP SCHEMA \"%s\" CASCADE", t->schema);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        if (pg_run_once(str_z(getenv("TEST_PG")), sql, &e) != OK)
            testdb_die("DROP SCHEMA", &e);
    }
    DIR *d = opendir(t->dir);
    struct dirent *f;
    while (d && (f = readdir(d))) { /* NOLINT(concurrency-mt-unsafe): our own stream */
        (void)snprintf(path, sizeof(path), "%s/%s", t->dir, f->d_name);
        (void)unlink(path);
    }
    if (d)
        closedir(d);
    (void)rmdir(t->dir);
}

#endif
