/* Builds the corpus from an unpacked data set and measures finding in it, in process.
 *
 *   corpus_find DATA QUERIES INDEX [bodies] [tail]
 *
 * DATA has meta.tsv and txt/; QUERIES is a table of length, phrase, kind, documents, places (as
 * ../shared/peerbench/mkbase.py draws them); INDEX is a folder that is made. `bodies` leaves the titles
 * out, so that counts can be held against those of QUERIES; `tail` puts one by one and not in bulk. */
#include "bench.h"

#include "base/utf8.h"
#include "text/corpus.h"
#include "text/norm.h"
#include "text/query.h"

enum { QUERIES = 1000, LIMIT = 10, SNIPPET = 60, ROUNDS = 3, SINGLES = 50 };

struct phrase {
    int len;
    struct str text;
    int64_t want, docs, scanned;
    struct query *q;
    double wall, cpu; /* ms */
};

struct bench {
    struct arena a;
    struct str data;
    struct phrase v[QUERIES];
    size_t n;
    struct norm *doc; /* titles and texts, for the scan */
    size_t n_doc, cap_doc, bytes;
    bool bodies;
};

static long memory_kb(const char *key)
{
    struct arena a;
    struct str line, all;
    long kb = 0;

    arena_init(&a);
    all = slurp(&a, "/proc/self/status");
    while (str_next(&all, S("\n"), &line))
        if (str_starts(line, str_z(key)))
            kb = strtol(line.p + strlen(key) + 1, NULL, 10);
    arena_release(&a);
    return kb;
}

static void load_queries(struct bench *b, const char *path)
{
    struct str all = slurp(&b->a, path), line;

    while (str_next(&all, S("\n"), &line) && b->n < QUERIES) {
        struct phrase *p = &b->v[b->n];
        struct str cell[5] = {{0}};
        struct err e;
        int64_t len;
        for (int i = 0; i < 5; i++)
            (void)str_next(&line, S("\t"), &cell[i]);
        if (str_int(cell[0], &len, &e) != OK || str_int(cell[3], &p->want, &e) != OK)
            continue;
        p->len = (int)len;
        p->text = cell[1];
        must(query_phrase(&b->a, p->text, &p->q, &e), &e);
        b->n++;
    }
}

/* The first character of each phrase is a query as well: the table has none of one character. */
static void add_single_characters(struct bench *b)
{
    size_t n = b->n;

    for (size_t i = 0; i < n && b->n < QUERIES && i < SINGLES; i++) {
        struct phrase *p = &b->v[b->n++];
        struct err e;
        *p = (struct phrase){.len = 1, .text = str_sub(b->v[i].text, 0, utf8_off(b->v[i].text, 1))};
        must(query_phrase(&b->a, p->text, &p->q, &e), &e);
    }
}

static void put_one(struct bench *b, struct corpus *c, struct str line)
{
    struct str cell[6] = {{0}}, title, body;
    struct corpus_attr attr = {0};
    struct arena a;
    struct err e;
    int64_t id;

    for (int i = 0; i < 6; i++)
        (void)str_next(&line, S("\t"), &cell[i]);
    if (str_int(cell[0], &id, &e) != OK)
        return;
    arena_init(&a);
    body = slurp(
        &a, arena_printf(&a, "%.*s/txt/%.3s/%.*s.txt", SF(b->data), cell[0].p, SF(cell[0])).p);
    (void)str_cut(body, S("\n"), &title, &body);
    while (str_eat_end(&body, S("\n")))
        ;
    attr.day = day_of(cell[5]);
    attr.authority = (uint8_t)(str_hash(cell[1]) % 90);
    attr.issuer = (uint32_t)(str_hash(cell[4]) % 1000);
    b->bytes += body.n + (b->bodies ? 0 : title.n);
    must(corpus_put(c, id, &attr, b->bodies ? S("") : title, body, &e), &e);
    for (int i = 0; i < 2; i++) {
        ARENA_PUSH(&b->a, b->doc, b->n_doc, b->cap_doc) = (struct norm){0};
        must(norm_text(&b->a, i ? body : b->bodies ? S("") : title, &b->doc[b->n_doc - 1], &e), &e);
    }
    arena_release(&a);
}

/* Documents that hold the phrase, by the plainest scan of the folded texts. */
static int64_t scan(const struct bench *b, const struct query_term *t)
{
    int64_t docs = 0;

    for (size_t i = 0; i < b->n_doc; i += 2) {
        bool found = false;
        for (size_t k = 0; k < 2 && !found; k++) {
            const struct norm *d = &b->doc[i + k];
            for (size_t at = 0; at + t->n <= d->n && !found; at++)
                found = d->units[at] == t->units[0] &&
                        memcmp(d->units + at, t->units, t->n * sizeof(*t->units)) == 0;
        }
        docs += found;
    }
    return docs;
}

static int by_value(const void *x, const void *y)
{
    const double *a = x, *b = y;

    return (*a > *b) - (*a < *b);
}

static double percentile(double *v, size_t n, size_t percent)
{
    qsort(v, n, sizeof(*v), by_value);
    return v[percent == 100 ? n - 1 : n * percent / 100];
}

/* One line: length 0 is all phrases of the table (2 to 16 characters). */
static void report_length(struct bench *b, int len)
{
    double wall[QUERIES], cpu[QUERIES];
    size_t n = 0, right = 0, table = 0;

    for (size_t i = 0; i < b->n; i++) {
        if (len ? b->v[i].len != len : b->v[i].len == 1)
            continue;
        wall[n] = b->v[i].wall;
        cpu[n++] = b->v[i].cpu;
        right += b->v[i].docs == b->v[i].scanned;
        table += b->v[i].docs == b->v[i].want;
    }
    if (n == 0)
        return;
    printf("%3d %4zu   %8.4f %8.4f %8.4f   %8.4f %8.4f   %4zu/%zu", len, n, percentile(wall, n, 50),
        percentile(wall, n, 95), percentile(wall, n, 100), percentile(cpu, n, 50),
        percentile(cpu, n, 95), right, n);
    if (len != 1)
        printf("   %4zu/%zu", table, n);
    printf("\n");
}

static void report(struct bench *b, const char *name)
{
    static const int lengths[] = {1, 2, 4, 8, 16, 0};

    printf("== %s\nlen    n   wall p50      p95      max   cpu p50      p95   = scan   = table\n",
        name);
    for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++)
        report_length(b, lengths[k]);
}

static void find_all(struct bench *b, struct corpus *c, const struct corpus_filter *f)
{
    for (size_t i = 0; i < b->n; i++) {
        struct arena a;
        struct find found;
        struct err e;
        double t = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
        arena_init(&a);
        must(corpus_find(c, &a, b->v[i].q, f, ORDER_RANK, 0, LIMIT, SNIPPET, &found, &e), &e);
        b->v[i].docs = found.total;
        arena_release(&a);
        b->v[i].wall = now_ms(CLOCK_MONOTONIC) - t;
        b->v[i].cpu = now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu;
    }
}

static void build(struct bench *b, struct corpus *c, bool tail)
{
    struct str meta = slurp(&b->a, arena_printf(&b->a, "%.*s/meta.tsv", SF(b->data)).p), line;
    double wall, cpu;
    struct err e;

    wall = now_ms(CLOCK_MONOTONIC);
    cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    if (!tail)
        corpus_bulk_begin(c);
    while (str_next(&meta, S("\n"), &line))
        put_one(b, c, line);
    if (!tail)
        must(corpus_bulk_end(c, &e), &e);
    must(corpus_commit(c, 1, &e), &e);
    wall = now_ms(CLOCK_MONOTONIC) - wall;
    cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("build (reading the files and folding them once more for the scan included): "
           "%.1f MB, wall %.2f s, cpu %.2f s = %.1f MB/s of UTF-8\n",
        (double)b->bytes / 1e6, wall / 1e3, cpu / 1e3, (double)b->bytes / 1e3 / cpu);
    wall = now_ms(CLOCK_MONOTONIC);
    must(corpus_merge_wait(c, &e), &e);
    printf("merging after it: %.2f s, peak memory %ld MB\n", (now_ms(CLOCK_MONOTONIC) - wall) / 1e3,
        memory_kb("VmHWM:") / 1024);
}

/* What the search box asks for while the first two characters of each phrase are typed. */
static void suggest_all(struct bench *b, struct corpus *c, const struct corpus_filter *f)
{
    double cpu[QUERIES];

    for (size_t i = 0; i < b->n; i++) {
        struct arena a;
        struct suggestion *v;
        size_t n;
        struct err e;
        struct str head = str_sub(b->v[i].text, 0, utf8_off(b->v[i].text, 2));
        double t = now_ms(CLOCK_THREAD_CPUTIME_ID);
        arena_init(&a);
        must(corpus_suggest(c, &a, head, f, LIMIT, &v, &n, &e), &e);
        arena_release(&a);
        cpu[i] = now_ms(CLOCK_THREAD_CPUTIME_ID) - t;
    }
    printf("suggestions: cpu p50 %.3f p95 %.3f max %.3f ms\n", percentile(cpu, b->n, 50),
        percentile(cpu, b->n, 95), percentile(cpu, b->n, 100));
}

static void sizes(struct corpus *c)
{
    struct corpus_stats s;

    corpus_stats(c, &s);
    printf("%lld documents, %lld units, %d segments, %.1f MB mapped = %.2f bytes for each unit\n",
        (long long)s.documents, (long long)s.units, s.segments, (double)s.bytes / 1e6,
        (double)s.bytes / (double)s.units);
}

int main(int argc, char **argv)
{
    struct bench *b = mem_alloc(sizeof(*b));
    struct corpus_filter all = {.levels = 1}, some = {.levels = 1, .year_to = 0};
    static const uint32_t issuers[] = {1, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 500, 501, 502, 503};
    struct corpus_options o = {0};
    struct corpus *c;
    struct err e;
    bool tail = false;
    double t;

    if (argc < 4) {
        (void)fprintf(stderr, "corpus_find DATA QUERIES INDEX [bodies] [tail]\n");
        return 2;
    }
    arena_init(&b->a);
    b->data = str_z(argv[1]);
    o.dir = str_z(argv[3]);
    for (int i = 4; i < argc; i++) {
        b->bodies = b->bodies || strcmp(argv[i], "bodies") == 0;
        tail = tail || strcmp(argv[i], "tail") == 0;
    }
    load_queries(b, argv[2]);
    add_single_characters(b);
    must(corpus_open(&o, &c, &e), &e);
    build(b, c, tail);
    corpus_close(c);
    t = now_ms(CLOCK_MONOTONIC);
    for (size_t i = 0; i < b->n; i++)
        b->v[i].scanned = scan(b, &b->v[i].q->terms[0]);
    printf("(a plain scan for the truth: %.1f ms a query)\n",
        (now_ms(CLOCK_MONOTONIC) - t) / (double)(b->n ? b->n : 1));
    t = now_ms(CLOCK_MONOTONIC);
    must(corpus_open(&o, &c, &e), &e);
    printf("opened in %.1f ms\n", now_ms(CLOCK_MONOTONIC) - t);
    sizes(c);
    find_all(b, c, &all);
    report(b, "corpus, first pass after opening (checksums compared as blocks are touched)");
    for (int i = 0; i < ROUNDS; i++)
        find_all(b, c, &all);
    report(b, "corpus, warm: exact count, 10 ranked hits with snippets");
    printf("memory: VmRSS %ld MB, of these mapped from files %ld MB (the texts kept for the scan "
           "are among the rest)\n",
        memory_kb("VmRSS:") / 1024, memory_kb("RssFile:") / 1024);
    suggest_all(b, c, &all);
    some.issuers = issuers;
    some.n_issuers = sizeof(issuers) / sizeof(issuers[0]);
    find_all(b, c, &some);
    report(b, "corpus, the same with a filter of 15 issuers (counts differ by intention)");
    corpus_close(c);
    arena_release(&b->a);
    free(b);
    return 0;
}
