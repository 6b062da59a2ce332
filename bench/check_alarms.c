/* bench/check_alarms.c - false alarms of the proofreading rules: all of them over published documents.
 *
 *   check_alarms DIR [--all] [--n N] [--seed S] [--show RULE] [--samples N]
 *
 * DIR holds meta.tsv (id, source, category, title, issuer, date, doc_no, chars, origin) and txt/NNN/NNNNNN.txt.
 * Without --all, N documents (200) of at least 300 characters are picked by the seed, in turn from every pair of
 * category and issuer, so that no collection outweighs the rest. For each rule: findings, per 10,000 characters, documents with
 * one. A finding in published text may be a real mistake: --show prints them for reading. Time is processor time of
 * draft_read and check_draft together. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "base/utf8.h"
#include "text/check.h"
#include "text/lexicon.h"

enum { COLUMNS = 9, LEAST_CP = 300, FILE_MAX = 1 << 24, RULES_MAX = 512, AROUND_CP = 22 };

struct row {
    struct str id, group;
    uint64_t order; /* by the seed */
    size_t turn;    /* how many of its group come before it */
};
struct tally {
    long n, docs, last_doc, above; /* above: warnings and errors, by the level of each finding */
};
struct bench {
    struct arena rows_arena;
    struct row *rows;
    size_t n_rows, cap_rows;
    struct tally t[RULES_MAX];
    double chars, ms, worst; /* worst: ms per 10,000 characters of a document above 3,000 */
    char worst_id[16];
    long docs;
    const char *show;
    long samples;
};

/* Of the processor: other work on the machine does not count. */
static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void read_rows(struct bench *b, const char *dir, const char *seed)
{
    char path[IO_PATH_MAX];
    struct buf text;
    struct err e;
    struct str rest, line;

    buf_init(&text, 0);
    if (io_join(path, dir, "meta.tsv", &e) != OK || io_read_file(path, FILE_MAX, &text, &e) != OK) {
        (void)fprintf(stderr, "%s\n", e.msg);
        exit(2);
    }
    rest = arena_str(&b->rows_arena, buf_view(&text));
    buf_release(&text);
    while (str_next(&rest, S("\n"), &line)) {
        struct str cell[COLUMNS] = {{0}}, left = line;
        struct err none;
        int64_t chars;
        for (int i = 0; i < COLUMNS && str_next(&left, S("\t"), &cell[i]); i++)
            ;
        if (str_int(cell[7], &chars, &none) != OK || chars < LEAST_CP)
            continue;
        struct str key = arena_printf(&b->rows_arena, "%s %.*s", seed, SF(cell[0]));
        ARENA_PUSH(&b->rows_arena, b->rows, b->n_rows, b->cap_rows) = (struct row){cell[0],
            arena_printf(&b->rows_arena, "%.*s/%.*s", SF(cell[2]), SF(cell[4])), str_hash(key), 0};
    }
}

static int by_group(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    int c = str_cmp(a->group, b->group);
    return c ? c : (a->order > b->order) - (a->order < b->order);
}

static int by_turn(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    if (a->turn != b->turn)
        return a->turn < b->turn ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void pick(struct bench *b)
{
    if (!b->n_rows)
        return;
    qsort(b->rows, b->n_rows, sizeof(*b->rows), by_group);
    for (size_t i = 1; i < b->n_rows; i++)
        if (str_eq(b->rows[i].group, b->rows[i - 1].group))
            b->rows[i].turn = b->rows[i - 1].turn + 1;
    qsort(b->rows, b->n_rows, sizeof(*b->rows), by_turn);
}

static size_t number_of(const struct rule *r)
{
    size_t i = 0;
    while (check_rule_at(i) != r)
        i++;
    return i;
}

static void print_sample(const struct draft *d, const struct finding *f, struct str id)
{
    size_t from = f->begin > AROUND_CP ? f->begin - AROUND_CP : 0;
    struct buf b;

    buf_init(&b, 0);
    buf_printf(&b, "%.*s %s %.*s【%.*s】%.*s", SF(id), f->rule->id,
        SF(draft_str(d, from, f->begin)), SF(draft_str(d, f->begin, f->end)),
        SF(draft_str(d, f->end, f->end + AROUND_CP)));
    if (f->n_suggestions)
        buf_printf(&b, " → “%.*s”", SF(f->suggestions[0]));
    for (size_t i = 0; i < b.n; i++)
        if (b.p[i] == '\n')
            b.p[i] = '|';
    (void)fwrite(b.p ? b.p : "", 1, b.n, stdout);
    putchar('\n');
    buf_release(&b);
}

static bool is_shown(const char *list, const char *id)
{
    struct str rest = str_z(list), one;
    while (str_next(&rest, S(","), &one))
        if (str_eq(one, str_z(id)) || str_eq(one, S("all")))
            return true;
    return false;
}

static void one(struct bench *b, struct str text, struct str id, const struct check_options *o)
{
    struct arena a;
    struct draft d;
    struct check c;
    struct err e;
    double began = now_ms(), took;

    arena_init(&a);
    if (draft_read(&a, text, NULL, &d, &e) == OK) {
        check_draft(&a, &d, o, &c);
        took = now_ms() - began;
        b->docs++;
        b->chars += (double)d.n;
        b->ms += took;
        if (d.n > 3000 && took * 10000 / (double)d.n > b->worst) {
            b->worst = took * 10000 / (double)d.n;
            (void)snprintf(b->worst_id, sizeof(b->worst_id), "%.*s", SF(id));
        }
        for (size_t i = 0; i < c.n; i++) {
            struct tally *t = &b->t[number_of(c.v[i].rule)];
            t->n++;
            t->above += c.v[i].level >= CHECK_WARN;
            t->docs += t->last_doc != b->docs;
            t->last_doc = b->docs;
            if (b->show && is_shown(b->show, c.v[i].rule->id) && b->samples-- > 0)
                print_sample(&d, &c.v[i], id);
        }
    }
    arena_release(&a);
}

static void run(struct bench *b, const char *dir, size_t n)
{
    struct check_options o = {.today = {2026, 11, 23}};
    struct err bad;
    struct buf raw, clean;
    char path[IO_PATH_MAX];

    if (lexicon_open(&b->rows_arena, NULL, &o.tables.lexicon, &bad) != OK) {
        (void)fprintf(stderr, "%s\n", bad.msg);
        exit(2);
    }
    buf_init(&raw, 0);
    buf_init(&clean, 0);
    for (size_t i = 0; i < b->n_rows && i < n; i++) {
        struct str id = b->rows[i].id;
        struct err e;
        (void)snprintf(path, sizeof(path), "%s/txt/%.*s/%.*s.txt", dir, 3, id.p, SF(id));
        buf_clear(&raw);
        buf_clear(&clean);
        if (io_read_file(path, FILE_MAX, &raw, &e) != OK) {
            (void)fprintf(stderr, "%s\n", e.msg);
            continue;
        }
        (void)utf8_clean(&clean, buf_view(&raw));
        one(b, buf_view(&clean), id, &o);
    }
    buf_release(&raw);
    buf_release(&clean);
}

static void report(const struct bench *b)
{
    double per = b->chars / 10000;
    long shown = 0;

    printf("%ld documents, %.0f characters; %.3f ms per 10,000 characters, worst %.3f (%s)\n",
        b->docs, b->chars, b->ms / per, b->worst, b->worst_id);
    printf("%-5s %-5s %8s %9s %7s  %s\n", "rule", "level", "found", "per 10k", "docs", "name");
    for (size_t i = 0; check_rule_at(i) && i < RULES_MAX; i++) {
        const struct rule *r = check_rule_at(i);
        double rate = (double)b->t[i].n / per;
        if (!b->t[i].n)
            continue;
        shown += b->t[i].above;
        printf("%-5s %-5s %8ld %9.3f %7ld  %s%s\n", r->id, check_level_key(r->level), b->t[i].n,
            rate, b->t[i].docs, r->name, (double)b->t[i].above / per > 0.5 ? "  ***" : "");
    }
    printf("errors and warnings together: %.3f per 10,000 characters\n", (double)shown / per);
}

int main(int argc, char **argv)
{
    static struct bench b;
    const char *seed = "1";
    size_t n = 200;

    b.samples = 40;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0)
            n = SIZE_MAX;
        else if (strcmp(argv[i], "--n") == 0 && i + 1 < argc)
            n = (size_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = argv[++i];
        else if (strcmp(argv[i], "--show") == 0 && i + 1 < argc)
            b.show = argv[++i];
        else if (strcmp(argv[i], "--samples") == 0 && i + 1 < argc)
            b.samples = strtol(argv[++i], NULL, 10);
        else
            argc = 0;
    }
    if (argc < 2) {
        (void)fprintf(
            stderr, "check_alarms DIR [--all] [--n N] [--seed S] [--show RULE,…] [--samples N]\n");
        return 2;
    }
    arena_init(&b.rows_arena);
    read_rows(&b, argv[1], seed);
    pick(&b);
    run(&b, argv[1], n);
    report(&b);
    arena_release(&b.rows_arena);
    return 0;
}
