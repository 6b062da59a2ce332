/* Paths, one on a line, a line after a form feed being the text of the file before it: marks lie in the path,
 * the order is total, groups share no file, hold two or more in ascending order and say why. */
#include <stdint.h>
#include <stdlib.h>

#include "text/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 24 };

static void check(bool holds)
{
    if (!holds)
        abort();
}

static bool within(struct str part, struct str whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void check_name(struct str path, const struct series_name *v)
{
    check(within(v->folder, path) && within(v->base, path));
    check(v->stage >= STAGE_UNKNOWN && v->stage <= STAGE_ISSUED);
    check(v->version >= 0 && v->copy >= 0);
    check(v->date.month >= 0 && v->date.month <= 12 && v->date.day >= 0 && v->date.day <= 31);
}

static int sign_of(int x)
{
    return (x > 0) - (x < 0);
}

static void check_order(const struct series_name *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            int ik = series_cmp(&v[i], &v[k]);
            check(sign_of(ik) == -sign_of(series_cmp(&v[k], &v[i])));
            for (size_t m = 0; m < n && ik <= 0; m++)
                check(series_cmp(&v[k], &v[m]) > 0 || series_cmp(&v[i], &v[m]) <= 0);
        }
}

static void check_groups(const struct series_group *g, size_t n_groups, size_t n)
{
    bool seen[FILES] = {false};

    for (size_t i = 0; i < n_groups; i++) {
        check(g[i].n >= 2 && g[i].n <= n && g[i].sure <= 100);
        check(g[i].why & (SERIES_NAMES | SERIES_TEXTS));
        for (size_t k = 0; k < g[i].n; k++) {
            check(g[i].files[k] < n && !seen[g[i].files[k]]);
            seen[g[i].files[k]] = true;
        }
    }
}

/* A day without a year may have been given the year of its group: it is compared with its like only. */
static void check_ascending(const struct series_group *g, const struct series_name *names)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = i + 1; k < g->n; k++) {
            const struct series_name *x = &names[g->files[i]], *y = &names[g->files[k]];
            if (x->date.month && y->date.month && (x->date.year == 0) != (y->date.year == 0))
                continue;
            check(series_cmp(x, y) <= 0);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, line;
    struct series_file files[FILES] = {0};
    struct series_name names[FILES];
    struct near_sign signs[FILES];
    struct series_group *g;
    size_t n = 0, n_groups;
    struct arena a;
    struct err e = {0};

    arena_init(&a);
    while (n < FILES && str_next(&rest, S("\n"), &line)) {
        struct str path = line, text;
        if (str_cut(line, S("\f"), &path, &text)) {
            near_sign(text, &signs[n]);
            files[n].sign = &signs[n];
        }
        files[n].path = path;
        series_name(&a, path, &names[n]);
        check_name(path, &names[n]);
        n++;
    }
    check_order(names, n);
    check(series_groups(&a, files, n, &g, &n_groups, &e) == OK);
    check_groups(g, n_groups, n);
    for (size_t i = 0; i < n_groups; i++)
        check_ascending(&g[i], names);
    arena_release(&a);
    return 0;
}
