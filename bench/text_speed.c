/* bench/text_speed.c - how fast a text is read on import: metadata, citations, secrecy mark and signature, one
 * core, everything in memory, processor time; and how long two texts of 200,000 characters take to compare.
 *
 *   text_speed DIR [MB]     (DIR as for meta_accuracy; files in the order of their names, default 40 MB) */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/utf8.h"
#include "text/cite.h"
#include "text/diff.h"
#include "text/meta.h"
#include "text/near.h"
#include "text/secret.h"

enum { FILES = 30000 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t load(const char *dir, struct buf *all, size_t *ends, size_t most)
{
    size_t n = 0;

    for (int i = 1; i < FILES && all->n < most; i++) {
        char path[512], chunk[65536];
        size_t got;
        FILE *f;
        snprintf(path, sizeof(path), "%s/txt/%03d/%06d.txt", dir, i / 1000, i);
        f = fopen(path, "rb");
        if (!f)
            continue;
        while ((got = fread(chunk, 1, sizeof(chunk), f)) > 0)
            buf_add(all, chunk, got);
        fclose(f);
        ends[n++] = all->n;
    }
    return n;
}

enum work { META, CITE, SECRET, NEAR, ALL };

static void one(struct arena *a, struct str text, enum work w, size_t *sum)
{
    struct meta m;
    struct cite *c;
    struct secret_mark s;
    struct near_sign sign;

    if (w == META || w == ALL) {
        meta_read(a, text, NULL, &m);
        *sum += m.title.text.n;
    }
    if (w == CITE || w == ALL)
        *sum += cite_find(a, text, &c);
    if (w == SECRET || w == ALL)
        *sum += secret_find(text, &s);
    if (w == NEAR || w == ALL) {
        near_sign(text, &sign);
        *sum += sign.bins[0];
    }
}

static void compare(struct str x, struct str y, const char *what)
{
    struct arena a;
    struct diff d;
    struct err e;
    double t = now();

    arena_init(&a);
    if (diff_texts(&a, x, y, &d, &e) == OK)
        printf("diff, 2 x 200,000 characters, %s: %.0f ms, alike %.2f%s\n", what, (now() - t) * 1e3,
            diff_ratio(&d), d.coarse ? ", coarse" : "");
    arena_release(&a);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {
        "metadata", "citations", "secrecy", "signature", "together"};
    static size_t ends[FILES];
    struct buf all, changed;
    struct arena a;
    size_t n, sum = 0, cut, second;
    struct str x, y;

    if (argc < 2)
        return 2;
    buf_init(&all, 0);
    buf_init(&changed, 0);
    arena_init(&a);
    n = load(argv[1], &all, ends, (argc > 2 ? strtoul(argv[2], NULL, 10) : 40) * 1000000);
    for (int w = META; w <= ALL; w++) {
        double t = now();
        for (size_t i = 0; i < n; i++) {
            size_t from = i ? ends[i - 1] : 0;
            one(&a, str_sub(buf_view(&all), from, ends[i] - from), (enum work)w, &sum);
            arena_clear(&a);
        }
        t = now() - t;
        printf("%-10s %7.1f MB/s  (%zu texts, %.1f MB)\n", names[w], (double)all.n / 1e6 / t, n,
            (double)all.n / 1e6);
    }
    cut = utf8_off(buf_view(&all), 200000);
    second = utf8_off(buf_view(&all), 400000);
    x = str_sub(buf_view(&all), 0, cut);
    y = str_sub(buf_view(&all), cut, second - cut);
    compare(x, y, "different statutes");
    for (size_t at = 0, i = 0; at < x.n; i++) {
        uint32_t cp = utf8_next(x, &at);
        if (i % 10 != 0)
            buf_utf8(&changed, cp);
        if (i % 10 == 5)
            buf_utf8(&changed, 0x4E00);
    }
    compare(x, buf_view(&changed), "one character in five edited");
    printf("(%zu)\n", sum);
    arena_release(&a);
    buf_release(&all);
    buf_release(&changed);
    return 0;
}
