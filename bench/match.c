/* How well and how fast the repeated passages of drafts are found.
 *
 *   match DATA INDEX DRAFTS [list]
 *
 * DATA has meta.tsv and txt/; INDEX is made when it holds nothing; DRAFTS is what match_drafts.py wrote. A plant is
 * found when a passage covers 70% of it. A passage is right when its stretch of the draft and the stretch of the authority,
 * cut from the file of that document, differ by at most 25% of their characters, counted by a plain table of edit
 * distances over Han characters, letters and digits. `list` prints what was missed and what was wrong. */
#include "bench.h"

#include "base/utf8.h"
#include "text/authority.h"
#include "text/match.h"
#include "text/norm.h"

enum { DRAFTS_MAX = 100, PLANTS_MAX = 4000, EDITS = 4, CLASSES = 3, ROUNDS = 5, IDS = 100000 };

struct plant {
    int64_t draft, begin, end, doc, edits, han;
    bool found, source;
};

struct bench {
    struct arena a;
    struct str data;
    struct corpus *c;
    struct corpus_filter f;
    struct plant v[PLANTS_MAX];
    size_t n;
    double cpu[DRAFTS_MAX], wall[DRAFTS_MAX];
    size_t drafts, passages, right, outside;
    bool list;
};

static struct str body_of(struct bench *b, struct arena *a, int64_t id, struct str *title)
{
    struct str body = slurp(a, arena_printf(a, "%.*s/txt/%03lld/%06lld.txt", SF(b->data),
                                   (long long)(id / 1000), (long long)id)
                                   .p);

    (void)str_cut(body, S("\n"), title, &body);
    while (str_eat_end(&body, S("\n")))
        ;
    return body;
}

static void build(struct bench *b)
{
    struct str meta = slurp(&b->a, arena_printf(&b->a, "%.*s/meta.tsv", SF(b->data)).p), line;
    double cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    struct err e;

    corpus_bulk_begin(b->c);
    while (str_next(&meta, S("\n"), &line)) {
        struct str cell[6] = {{0}}, title, body;
        struct corpus_attr attr = {0};
        struct arena a;
        int64_t id;
        for (int i = 0; i < 6; i++)
            (void)str_next(&line, S("\t"), &cell[i]);
        if (str_int(cell[0], &id, &e) != OK)
            continue;
        arena_init(&a);
        body = body_of(b, &a, id, &title);
        attr.day = day_of(cell[5]);
        attr.authority = authority_of(cell[4]);
        must(corpus_put(b->c, id, &attr, title, body, &e), &e);
        arena_release(&a);
    }
    must(corpus_bulk_end(b->c, &e), &e);
    must(corpus_commit(b->c, 1, &e), &e);
    must(corpus_merge_wait(b->c, &e), &e);
    printf("index made in %.1f s of CPU, reading included\n",
        (now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e3);
}

static void load_truth(struct bench *b, const char *dir)
{
    struct str all = slurp(&b->a, arena_printf(&b->a, "%s/truth.tsv", dir).p), line, cell;

    while (str_next(&all, S("\n"), &line) && b->n < PLANTS_MAX) {
        int64_t v[6] = {0};
        struct err e;
        for (int i = 0; i < 6 && str_next(&line, S("\t"), &cell); i++)
            must(str_int(cell, &v[i], &e), &e);
        b->v[b->n++] = (struct plant){v[0], v[1], v[2], v[3], v[4], v[5], false, false};
    }
}

/* ---- the other aligner ---- */

static struct str cut_cp(struct str s, int64_t begin, int64_t end)
{
    size_t at = utf8_off(s, (size_t)begin);

    return str_sub(s, at, utf8_off(s, (size_t)end) - at);
}

static size_t counted(struct arena *a, struct str s, uint32_t **out)
{
    struct str folded = norm_str(a, s);
    uint32_t *v = ARENA_ARRAY(a, uint32_t, folded.n + 1);
    size_t n = 0, at = 0;

    while (at < folded.n) {
        uint32_t c = utf8_next(folded, &at);
        if (utf8_is_han(c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            v[n++] = c;
    }
    *out = v;
    return n;
}

static size_t distance(struct arena *a, struct str x, struct str y, size_t *len)
{
    uint32_t *p, *q;
    size_t n = counted(a, x, &p), m = counted(a, y, &q);
    size_t *row = ARENA_ARRAY(a, size_t, m + 1);

    for (size_t k = 0; k <= m; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= m; k++) {
            size_t best = corner + (p[i - 1] != q[k - 1]);
            corner = row[k];
            best = row[k] + 1 < best ? row[k] + 1 : best;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    *len = n;
    return row[m];
}

static bool confirmed(struct bench *b, struct str draft, const struct match_passage *p)
{
    struct arena a;
    struct str title, body, x, y;
    size_t len, d;

    arena_init(&a);
    body = body_of(b, &a, p->sources[0].doc, &title);
    x = cut_cp(draft, p->begin_cp, p->end_cp);
    y = cut_cp(body, p->sources[0].begin_cp, p->sources[0].end_cp);
    d = distance(&a, x, y, &len);
    if (b->list && (d * 4 > len || len < 12))
        printf("wrong: “%.*s” against “%.*s” (%lld)\n", SF(x), SF(y), (long long)p->sources[0].doc);
    arena_release(&a);
    return d * 4 <= len && len >= 12;
}

/* ---- a draft ---- */

static void judge(struct bench *b, int64_t d, struct str draft, const struct match *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct match_passage *p = &r->passages[i];
        bool inside = false;
        for (size_t k = 0; k < b->n; k++) {
            struct plant *t = &b->v[k];
            int64_t from = p->begin_cp > t->begin ? p->begin_cp : t->begin;
            int64_t to = p->end_cp < t->end ? p->end_cp : t->end;
            if (t->draft != d || from >= to)
                continue;
            inside = inside || (to - from) * 2 > p->end_cp - p->begin_cp;
            if ((to - from) * 10 < (t->end - t->begin) * 7)
                continue;
            t->found = true;
            for (size_t s = 0; s < p->n_sources; s++)
                t->source = t->source || p->sources[s].doc == t->doc;
        }
        b->passages++;
        b->outside += !inside;
        b->right += confirmed(b, draft, p);
        if (!inside && b->list)
            printf("outside: “%.*s” %.2f\n", SF(cut_cp(draft, p->begin_cp, p->end_cp)),
                p->sources[0].similarity);
    }
    for (size_t k = 0; k < b->n && b->list; k++)
        if (b->v[k].draft == d && !b->v[k].found)
            printf("missed, %lld edits: “%.*s” (%lld)\n", (long long)b->v[k].edits,
                SF(cut_cp(draft, b->v[k].begin, b->v[k].end)), (long long)b->v[k].doc);
}

/* The best of some rounds; the result of the last one lives in `a`. */
static void measure(struct bench *b, struct arena *a, struct str draft,
    const struct match_options *o, struct match *r, double *cpu, double *wall)
{
    struct err e;

    *cpu = *wall = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double c = now_ms(CLOCK_THREAD_CPUTIME_ID), w = now_ms(CLOCK_MONOTONIC);
        arena_clear(a);
        must(corpus_match(b->c, a, draft, &b->f, o, r, &e), &e);
        c = now_ms(CLOCK_THREAD_CPUTIME_ID) - c;
        w = now_ms(CLOCK_MONOTONIC) - w;
        *cpu = c < *cpu ? c : *cpu;
        *wall = w < *wall ? w : *wall;
    }
}

static void every_draft(struct bench *b, const char *dir)
{
    struct arena files, a;

    arena_init(&files);
    arena_init(&a);
    for (size_t k = 0; k < b->n; k++)
        if ((size_t)b->v[k].draft >= b->drafts)
            b->drafts = (size_t)b->v[k].draft + 1;
    for (size_t d = 0; d < b->drafts && d < DRAFTS_MAX; d++) {
        struct str draft = slurp(&files, arena_printf(&files, "%s/draft%zu.txt", dir, d).p);
        struct match_options o = {0};
        struct match r;
        measure(b, &a, draft, &o, &r, &b->cpu[d], &b->wall[d]);
        judge(b, (int64_t)d, draft, &r);
    }
    arena_release(&a);
    arena_release(&files);
}

static void report(const struct bench *b)
{
    static const char *const name[CLASSES] = {"15-19", "20-29", "30-60"};
    size_t all[CLASSES][EDITS] = {{0}}, found[CLASSES][EDITS] = {{0}}, n = 0, source = 0;
    double cpu = 0, wall = 0, worst = 0;

    for (size_t k = 0; k < b->n; k++) {
        const struct plant *t = &b->v[k];
        int c = t->han < 20 ? 0 : t->han < 30 ? 1 : 2;
        all[c][t->edits % EDITS]++;
        found[c][t->edits % EDITS] += t->found;
        n += t->found;
        source += t->source;
    }
    printf("recall %.3f (%zu of %zu), its document listed %.3f\n", (double)n / (double)b->n, n,
        b->n, (double)source / (double)b->n);
    printf("  characters     1 edit    2 edits    3 edits\n");
    for (int c = 0; c < CLASSES; c++)
        printf("  %s      %4zu/%-4zu  %4zu/%-4zu  %4zu/%-4zu\n", name[c], found[c][1], all[c][1],
            found[c][2], all[c][2], found[c][3], all[c][3]);
    printf("passages %zu, confirmed %zu = %.3f, outside the plants %zu\n", b->passages, b->right,
        (double)b->right / (double)b->passages, b->outside);
    for (size_t d = 0; d < b->drafts; d++) {
        cpu += b->cpu[d] / (double)b->drafts;
        wall += b->wall[d] / (double)b->drafts;
        worst = b->cpu[d] > worst ? b->cpu[d] : worst;
    }
    printf("milliseconds a draft: cpu %.2f (worst %.2f), wall %.2f\n", cpu, worst, wall);
}

static void work_report(struct bench *b, const char *dir)
{
    struct arena files, a;
    struct str draft, number;
    struct match_options o = {0};
    struct match r;
    struct err e;
    int64_t id;
    double cpu, wall;
    size_t altered = 0;

    arena_init(&files);
    arena_init(&a);
    draft = slurp(&files, arena_printf(&files, "%s/work_report.txt", dir).p);
    number = str_trim(slurp(&files, arena_printf(&files, "%s/work_report.id", dir).p));
    must(str_int(number, &id, &e), &e);
    o.exclude = &id;
    o.n_exclude = 1;
    measure(b, &a, draft, &o, &r, &cpu, &wall);
    for (size_t i = 0; i < r.n; i++) {
        const struct match_passage *p = &r.passages[i];
        altered += !p->exact;
        if (b->list)
            printf("%3u %c%c %6.1f %5lld documents, %lld: %.*s\n", p->group, p->exact ? '=' : '~',
                p->formula ? 'f' : ' ', p->weight, (long long)p->documents,
                (long long)p->sources[0].doc, SF(cut_cp(draft, p->begin_cp, p->end_cp)));
    }
    printf("work report, %lld characters: cpu %.2f ms, wall %.2f ms; %zu passages (%zu altered), "
           "of these %u "
           "formulas; %u groups%s\n",
        (long long)r.chars, cpu, wall, r.n, altered, r.n_formulas, r.n_groups,
        r.clipped ? "; clipped" : "");
    arena_release(&a);
    arena_release(&files);
}

int main(int argc, char **argv)
{
    struct bench *b = mem_alloc(sizeof(*b));
    struct corpus_options o = {0};
    struct corpus_stats s;
    struct err e;

    if (argc < 4) {
        (void)fprintf(stderr, "match DATA INDEX DRAFTS [list]\n");
        return 2;
    }
    arena_init(&b->a);
    b->data = str_z(argv[1]);
    b->f.levels = 1;
    b->list = argc > 4;
    o.dir = str_z(argv[2]);
    must(corpus_open(&o, &b->c, &e), &e);
    if (corpus_applied(b->c) == 0)
        build(b);
    corpus_stats(b->c, &s);
    printf("%lld documents, %lld units, %d segments, %.2f bytes for each unit\n",
        (long long)s.documents, (long long)s.units, s.segments, (double)s.bytes / (double)s.units);
    load_truth(b, argv[3]);
    every_draft(b, argv[3]);
    report(b);
    work_report(b, argv[3]);
    corpus_close(b->c);
    arena_release(&b->a);
    free(b);
    return 0;
}
