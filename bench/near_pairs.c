/* bench/near_pairs.c - how well near-duplicates are found.
 *
 *   near_pairs DIR [SOURCE...]       (DIR as for meta_accuracy; default: laws justlaws)
 *
 * Truth by exhaustive comparison: every pair of texts whose estimate passes a low bar is compared exactly
 * (near_compare); pairs of one title are compared whatever the estimate. Printed: how many of the exact pairs
 * the keys propose (recall), how many proposals are right (precision); and for pairs of one title
 * in two sources, what same date and other date become. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/cite.h"
#include "text/near.h"

enum { FILE_MAX = 1 << 24, DOCS_MAX = 40000 };

struct item {
    char id[8], source[16], date[12];
    uint64_t title;
    struct near_sign sign;
    int64_t keys[NEAR_KEYS];
    size_t n_keys;
    struct str text;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct str slurp(struct arena *a, const char *path, char *to)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(to, 1, FILE_MAX, f) : 0;

    if (f)
        fclose(f);
    return a ? arena_str(a, (struct str){to, n}) : (struct str){to, n};
}

static bool wanted(int argc, char **argv, struct str source)
{
    if (argc <= 2)
        return str_eq(source, S("laws")) || str_eq(source, S("justlaws"));
    for (int i = 2; i < argc; i++)
        if (str_eq(source, str_z(argv[i])))
            return true;
    return false;
}

static size_t load(struct arena *a, int argc, char **argv, struct item *v)
{
    char *table = malloc(FILE_MAX), *text = malloc(FILE_MAX), path[512];
    struct str rest, line;
    size_t n = 0;

    snprintf(path, sizeof(path), "%s/meta.tsv", argv[1]);
    rest = slurp(NULL, path, table);
    str_next(&rest, S("\n"), &line);
    while (n < DOCS_MAX && str_next(&rest, S("\n"), &line)) {
        struct str col[7] = {{0}}, fields = line;
        struct buf key;
        for (int i = 0; i < 7 && str_next(&fields, S("\t"), &col[i]); i++)
            ;
        if (col[0].n != 6 || !wanted(argc, argv, col[1]))
            continue;
        snprintf(v[n].id, sizeof(v[n].id), "%.*s", SF(col[0]));
        snprintf(v[n].source, sizeof(v[n].source), "%.*s", SF(col[1]));
        snprintf(v[n].date, sizeof(v[n].date), "%.*s", SF(col[5]));
        buf_init(&key, 0);
        cite_key_relaxed(col[3], &key);
        v[n].title = str_hash(buf_view(&key));
        buf_release(&key);
        snprintf(path, sizeof(path), "%s/txt/%.3s/%s.txt", argv[1], v[n].id, v[n].id);
        v[n].text = slurp(a, path, text);
        n++;
    }
    free(table);
    free(text);
    return n;
}

static bool share_key(const struct item *x, const struct item *y)
{
    for (size_t k = 0; k < x->n_keys && k < y->n_keys; k++)
        if (x->keys[k] == y->keys[k])
            return true;
    return false;
}

struct tally {
    long proposed, right, pairs, found, kinds[2][3];
};

static void pair(struct arena *a, struct tally *t, const struct item *x, const struct item *y)
{
    bool proposed = share_key(x, y), titled = x->title == y->title;
    double estimate = near_estimate(&x->sign, &y->sign);
    struct near_result r;

    if (!proposed && !titled && estimate < 0.15)
        return;
    near_compare(a, x->text, y->text, &r);
    arena_clear(a);
    t->proposed += proposed;
    t->right += proposed && r.kind != NEAR_OTHER;
    t->pairs += r.jaccard >= 0.5;
    t->found += r.jaccard >= 0.5 && proposed;
    if (titled && strcmp(x->source, y->source) != 0 && x->date[0] && y->date[0]) {
        bool same_day = strcmp(x->date, y->date) == 0;
        t->kinds[same_day ? 0 : 1][r.kind]++;
        if (getenv("SHOW") && (same_day ? r.kind != NEAR_SAME : r.kind == NEAR_SAME))
            printf("%s %s %s %s %.3f %.3f %d\n", x->id, x->date, y->id, y->date, r.jaccard,
                r.contained, r.kind);
    }
}

int main(int argc, char **argv)
{
    struct item *v = calloc(DOCS_MAX, sizeof(*v));
    struct arena texts, scratch;
    struct tally t = {0};
    size_t n, bytes = 0;
    double t0, spent;

    if (argc < 2 || !v)
        return 2;
    arena_init(&texts);
    arena_init(&scratch);
    n = load(&texts, argc, argv, v);
    t0 = now();
    for (size_t i = 0; i < n; i++) {
        near_sign(v[i].text, &v[i].sign);
        v[i].n_keys = near_keys(&v[i].sign, v[i].keys);
        bytes += v[i].text.n;
    }
    spent = now() - t0;
    printf("%zu texts, %.1f MB, signatures %.1f MB/s\n", n, (double)bytes / 1e6,
        (double)bytes / 1e6 / spent);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            pair(&scratch, &t, &v[i], &v[k]);
    printf("pairs with exact similarity >= 0.5: %ld, proposed by keys %ld (recall %.4f)\n", t.pairs,
        t.found, t.pairs ? (double)t.found / (double)t.pairs : 0);
    printf("proposals %ld, similar or same %ld (precision %.4f)\n", t.proposed, t.right,
        t.proposed ? (double)t.right / (double)t.proposed : 0);
    for (int d = 0; d < 2; d++)
        printf("one title in two sources, %s date: same %ld, similar %ld, other %ld\n",
            d ? "another" : "the same", t.kinds[d][NEAR_SAME], t.kinds[d][NEAR_SIMILAR],
            t.kinds[d][NEAR_OTHER]);
    arena_release(&texts);
    arena_release(&scratch);
    free(v);
    return 0;
}
