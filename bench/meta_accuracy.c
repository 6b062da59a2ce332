/* bench/meta_accuracy.c - how well metadata is read from text, against a table that states it.
 *
 *   meta_accuracy DIR [--without-first-line] [--show FIELD]
 *
 * DIR holds meta.tsv (id, source, category, title, issuer, date, doc_no, ...) and txt/NNN/NNNNNN.txt. For each
 * source and field: stated by the table; of these, in the text (a value that the text does not hold cannot be
 * read from it); read; right; wrong where the text holds the stated value; and other, where it does not,
 * so that nothing can be said; and older, where it is the day of an earlier version of the same text.
 * "version" is the day of issue or, where the text has none, of adoption or approval. Issuers are compared after 人大 and 人民代表大会 are made one. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/cite.h"
#include "text/meta.h"

enum { FIELDS = 5, COLUMNS = 9, SOURCES_MAX = 80, FILE_MAX = 1 << 24 };
static const char *const field_names[FIELDS] = {"title", "issuer", "date", "docno", "version"};

struct count {
    long stated, in_text, read, right, wrong, other, older;
};
struct source {
    char name[64];
    struct count f[FIELDS];
};

static struct str flat(struct arena *a, struct str s)
{
    static const char *const pairs[][2] = {{"人民代表大会常务委员会", "人大常委会"},
        {"人民代表大会", "人大"}, {"及其常委会", "常委会"}, {"\t", ""}, {" ", ""}, {"　", ""},
        {"/", "、"}, {"中华人民共和国", ""}, {"国家", ""}, {"中央军事委员会", "中央军委"}};

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct buf b;
        struct str rest = s, piece;
        buf_init(&b, 0);
        while (str_cut(rest, str_z(pairs[i][0]), &piece, &rest)) {
            buf_str(&b, piece);
            buf_z(&b, pairs[i][1]);
        }
        buf_str(&b, rest);
        s = arena_str(a, buf_view(&b));
        buf_release(&b);
    }
    return s;
}

static struct str keyed(struct arena *a, struct str title)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    cite_key(title, &b);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static struct str number_key(struct arena *a, struct str s)
{
    struct docno d;
    struct err e;
    struct buf b;

    if (docno_parse(s, &d, &e) != OK)
        return flat(a, s);
    buf_init(&b, 0);
    docno_key(&d, &b);
    s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static bool holds_date(struct str text, struct lex_date want)
{
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        struct lex_date d;
        if (lex_date(text, &end, true, &d) && lex_date_cmp(d, want) == 0)
            return true;
        while (i < text.n && (text.p[++i] & 0xC0) == 0x80)
            ;
    }
    return false;
}

/* 上海人大及其常委会 names the level, the text the very body: 上海市人民代表大会常务委员会. */
static bool same_issuer(struct arena *a, struct str stated, struct str read)
{
    struct str x = flat(a, stated), y = flat(a, read), part, rest = x;

    if (str_eq(x, y))
        return true;
    while (str_next(&rest, S("、"), &part))
        if (str_eq(part, y))
            return true;
    rest = y; /* joint: the table names one of them */
    while (str_next(&rest, S("、"), &part))
        if (str_eq(part, x))
            return true;
    if (str_has(x, S("、")) && str_starts(y, S("最高人民法院")) && str_ends(y, S("最高人民检察院")))
        return true;
    if (str_eat_end(&x, S("人大常委会"))) {
        if (str_eq(x, S("全国")))
            return str_eq(y, S("全国人大")) || str_eq(y, S("全国人大常委会"));
        return str_starts(y, x) && str_has(y, S("人大"));
    }
    return str_has(x, S("国务院")) && str_eq(y, S("国务院"));
}

/* The table has the day of an older version than the text: it is one of the text's own history. */
static bool older_version(const struct meta *m, struct lex_date stated, struct lex_date read)
{
    if (lex_date_cmp(stated, read) >= 0)
        return false;
    for (size_t i = 0; i < m->n_events; i++)
        if (lex_date_cmp(m->events[i].date, stated) == 0)
            return true;
    return false;
}

static void judge_day(struct count *c, const struct meta *m, struct str text, struct lex_date want,
    struct lex_date got)
{
    bool dated = want.year > 0, read = got.year > 0, in_text = dated && holds_date(text, want);
    bool same = dated && lex_date_cmp(want, got) == 0;

    c->stated += dated;
    c->in_text += in_text;
    c->read += read;
    if (!read || !dated)
        return;
    c->right += same;
    if (!same && in_text && older_version(m, want, got))
        c->older++;
    else if (!same && in_text)
        c->wrong++;
    else if (!same)
        c->other++;
}

static void judge(struct count *c, bool stated, bool in_text, bool read, bool same)
{
    c->stated += stated;
    c->in_text += stated && in_text;
    c->read += read;
    if (!read || !stated)
        return;
    c->right += same;
    c->wrong += !same && in_text;
    c->other += !same && !in_text;
}

static const char *show;

static void note(const char *field, struct str id, struct str stated, struct str read)
{
    if (show && strcmp(show, field) == 0)
        printf("%.*s\t%s\tstated %.*s\tread %.*s\n", SF(id), field, SF(stated), SF(read));
}

static void one(struct source *s, struct arena *a, const struct str *col, struct str text)
{
    struct meta m;
    struct lex_date want = {0};
    struct str whole = keyed(a, text), flat_text, read_date;
    size_t at = 0;
    bool dated, same, ok;

    meta_read(a, text, NULL, &m);
    ok = m.title.text.n > 0;
    same = str_eq(keyed(a, m.title.text), keyed(a, col[3]));
    judge(&s->f[0], true, str_has(whole, keyed(a, col[3])), ok, same);
    if (ok && !same && str_has(whole, keyed(a, col[3])))
        note("title", col[0], col[3], m.title.text);
    flat_text = flat(a, str_sub(text, 0, 6000));
    same = same_issuer(a, col[4], m.issuer.text);
    ok = str_has(flat_text, flat(a, col[4])) ||
         (m.issuer.text.n && same);                    /* stated in another form */
    if (col[4].n && (unsigned char)col[4].p[0] < 0x80) /* the table names it in English */
        ok = same = false;
    judge(&s->f[1], col[4].n > 0, ok, m.issuer.text.n > 0, same);
    if (col[4].n && m.issuer.text.n && !same)
        note("issuer", col[0], col[4], m.issuer.text);
    dated = lex_date(col[5], &at, true, &want) && want.day;
    if (!dated)
        want.year = 0;
    read_date = arena_printf(
        a, "%04d-%02d-%02d", m.issued.date.year, m.issued.date.month, m.issued.date.day);
    judge_day(&s->f[2], &m, text, want, m.issued.date);
    judge_day(&s->f[4], &m, text, want, m.issued.date.year ? m.issued.date : m.adopted.date);
    same = dated && lex_date_cmp(want, m.issued.date) == 0;
    if (dated && m.issued.date.year && !same)
        note(!holds_date(text, want)                  ? "date-other"
             : older_version(&m, want, m.issued.date) ? "date-older"
                                                      : "date",
            col[0], col[5], read_date);
    if (dated && !m.issued.date.year && holds_date(text, want))
        note("date-missed", col[0], col[5], S(""));
    same = m.docno.text.n && str_eq(number_key(a, m.docno.text), number_key(a, col[6]));
    judge(
        &s->f[3], col[6].n > 0, str_has(flat(a, text), flat(a, col[6])), m.docno.text.n > 0, same);
    if (col[6].n && !same)
        note("docno", col[0], col[6], m.docno.text);
    if (!col[6].n && m.docno.text.n)
        note("docno-extra", col[0], S(""), m.docno.text);
}

static struct str slurp(const char *path, char *to)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(to, 1, FILE_MAX, f) : 0;

    if (f)
        fclose(f);
    return (struct str){to, n};
}

static struct source *find_source(struct source *v, size_t *n, struct str name)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(str_z(v[i].name), name))
            return &v[i];
    if (*n == SOURCES_MAX)
        return &v[0];
    snprintf(v[*n].name, sizeof(v[*n].name), "%.*s", SF(name));
    return &v[(*n)++];
}

static void print_table(const struct source *v, size_t n)
{
    printf("%-10s %-7s %7s %7s %7s %7s %6s %6s %6s %9s %8s\n", "source", "field", "stated",
        "in text", "read", "right", "wrong", "other", "older", "precision", "recall");
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < FIELDS; k++) {
            const struct count *c = &v[i].f[k];
            double judged = (double)(c->right + c->wrong);
            if (c->stated == 0)
                continue;
            printf("%-10s %-7s %7ld %7ld %7ld %7ld %6ld %6ld %6ld ", v[i].name, field_names[k],
                c->stated, c->in_text, c->read, c->right, c->wrong, c->other, c->older);
            printf("%9.3f %8.3f\n", judged > 0 ? (double)c->right / judged : 0,
                c->in_text ? (double)c->right / (double)c->in_text : 0);
        }
}

int main(int argc, char **argv)
{
    static struct source sources[SOURCES_MAX];
    size_t n = 0, bytes = 0;
    char *table = malloc(FILE_MAX), *text = malloc(FILE_MAX), path[512];
    struct str rest, line;
    bool cut = false;
    struct arena a;
    struct timespec t0, t1;

    if (argc < 2 || !table || !text)
        return 2;
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--without-first-line") == 0)
            cut = true;
        else if (strcmp(argv[i], "--show") == 0 && i + 1 < argc)
            show = argv[++i];
    snprintf(path, sizeof(path), "%s/meta.tsv", argv[1]);
    rest = slurp(path, table);
    str_next(&rest, S("\n"), &line);
    arena_init(&a);
    clock_gettime(CLOCK_MONOTONIC, &t0);
    while (str_next(&rest, S("\n"), &line)) {
        struct str col[COLUMNS] = {{0}}, fields = line, body, first;
        for (int i = 0; i < COLUMNS && str_next(&fields, S("\t"), &col[i]); i++)
            ;
        if (col[0].n < 6)
            continue;
        snprintf(path, sizeof(path), "%s/txt/%.3s/%.*s.txt", argv[1], col[0].p, SF(col[0]));
        body = slurp(path, text);
        if (cut)
            str_next(&body, S("\n"), &first);
        bytes += body.n;
        one(find_source(sources, &n, col[1]), &a, col, body);
        arena_clear(&a);
    }
    clock_gettime(CLOCK_MONOTONIC, &t1);
    print_table(sources, n);
    printf("%.1f MB in %.1f s, comparison included\n", (double)bytes / 1e6,
        (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9);
    arena_release(&a);
    free(table);
    free(text);
    return 0;
}
