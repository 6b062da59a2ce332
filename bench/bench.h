/* bench/bench.h - what the measuring programs share. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"

static inline double now_ms(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void must(enum code c, const struct err *e)
{
    if (c == OK)
        return;
    (void)fprintf(stderr, "%s\n", e->msg);
    exit(1);
}

static inline struct str slurp(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rbe");
    struct buf b;
    struct str s;
    char part[65536];

    if (!f) {
        (void)fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    buf_init(&b, 0);
    for (size_t n = 1; n;) {
        n = fread(part, 1, sizeof(part), f);
        buf_add(&b, part, n);
    }
    (void)fclose(f);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Calendar days, enough for an order. */
static inline int32_t day_of(struct str date)
{
    struct str y = str_sub(date, 0, 4), m = str_sub(date, 5, 2), d = str_sub(date, 8, 2);
    int64_t yy, mm, dd;
    struct err e;

    if (str_int(y, &yy, &e) != OK || str_int(m, &mm, &e) != OK || str_int(d, &dd, &e) != OK)
        return INT32_MIN;
    return (int32_t)((yy - 1970) * 372 + mm * 31 + dd);
}

#endif
