/* check_office.c - the whole check of published documents against a library that holds them.
 *
 *   check_office DATA LIST [RULE]
 *
 * DATA: a data directory into which the corpus was imported; LIST: one text file a line. Each file is checked with its own
 * copy left out of the sources, as of its own day. Prints the time of rules and library for 10,000 characters and the findings of
 * each rule for 10,000 characters; with RULE, its findings one a line. A finding in a published text is not
 * always a false alarm: read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/sm3.h"
#include "office/proof.h"

enum { FILES_MAX = 20000, RULES_MAX = 400, LINE_MAX_BYTES = 4096 };

struct tally {
    size_t found[RULES_MAX];
    double rules_ms[FILES_MAX], library_ms[FILES_MAX];
    size_t chars[FILES_MAX], n, all;
    const char *show;
};

static size_t number_of(const struct rule *r)
{
    size_t i = 0;

    while (check_rule_at(i) && check_rule_at(i) != r)
        i++;
    return i;
}

static void show(const struct proof_report *r, const struct finding *f, const char *path)
{
    size_t from = f->begin > 30 ? f->begin - 30 : 0;
    struct str before = draft_str(&r->draft, from, f->begin),
               after = draft_str(&r->draft, f->end, f->end + 30);

    (void)printf("%s\t%.*s\t%.*s[%.*s]%.*s\t%.*s\t%.*s\n", strrchr(path, '/') + 1, SF(f->message),
        SF(before), SF(draft_str(&r->draft, f->begin, f->end)), SF(after),
        SF(f->n_suggestions ? f->suggestions[0] : S("")), SF(f->source ? f->source->title : S("")));
}

static enum code one(struct office *o, const char *path, struct tally *t, struct err *e)
{
    struct viewer owner = viewer_owner();
    struct proof_report r;
    struct digest digest;
    char hex[SM3_HEX + 1];
    struct arena a;
    struct buf b;
    enum code c;

    arena_init(&a);
    buf_init(&b, 0);
    c = io_read_file(path, 1 << 26, &b, e);
    if (c == OK) {
        struct str raw = arena_str(&a, buf_view(&b)), text = str_trim(raw);
        struct proof_input in = {.text = text};
        digest = sm3(raw);
        in.digest = digest_hex(&digest, hex);
        c = proof_check(o, &a, &owner, &in, &r, e);
    }
    if (c == OK && t->n < FILES_MAX) {
        t->rules_ms[t->n] = (double)r.us_rules / 1000;
        t->library_ms[t->n] = (double)r.us_library / 1000;
        t->chars[t->n++] = r.draft.n;
        t->all += r.draft.n;
        for (size_t i = 0; i < r.check.n; i++) {
            t->found[number_of(r.check.v[i].rule)]++;
            if (t->show && strcmp(t->show, r.check.v[i].rule->id) == 0)
                show(&r, &r.check.v[i], path);
        }
    }
    buf_release(&b);
    arena_release(&a);
    return c;
}

static int by_value(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;

    return a < b ? -1 : a > b;
}

/* Milliseconds for 10,000 characters: median and 95th of 100 of the files of 2,000 characters or more. */
static void print_ms(const char *what, const struct tally *t, const double *ms)
{
    double *v = mem_alloc((t->n + 1) * sizeof(*v));
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->chars[i] >= 2000)
            v[n++] = ms[i] * 10000 / (double)t->chars[i];
    if (n) {
        qsort(v, n, sizeof(*v), by_value);
        (void)printf("%-8s ms for 10,000 characters: p50 %.1f, p95 %.1f (%zu files)\n", what,
            v[n / 2], v[n * 95 / 100], n);
    }
    free(v);
}

int main(int argc, char **argv)
{
    struct office_options opt = {.read_only = true};
    static struct tally t;
    struct office *o;
    struct err e = {0};
    char line[LINE_MAX_BYTES];
    FILE *list;

    if (argc < 3) {
        (void)fprintf(stderr, "check_office DATA LIST [RULE]\n");
        return 2;
    }
    opt.dir = str_z(argv[1]);
    t.show = argc > 3 ? argv[3] : NULL;
    list = fopen(argv[2], "r");
    if (!list || office_open(&opt, &o, &e) != OK) {
        (void)fprintf(stderr, "%s\n", list ? e.msg : argv[2]);
        return 2;
    }
    while (fgets(line, sizeof(line), list)) {
        line[strcspn(line, "\n")] = 0;
        if (one(o, line, &t, &e) != OK)
            (void)fprintf(stderr, "%s: %s\n", line, e.msg);
    }
    (void)fclose(list);
    office_close(o);
    (void)printf("%zu files, %zu characters\n", t.n, t.all);
    print_ms("rules", &t, t.rules_ms);
    print_ms("library", &t, t.library_ms);
    for (size_t i = 0; check_rule_at(i); i++)
        if (t.found[i])
            (void)printf("%-5s %-5s %6zu  %.3f  %s\n", check_rule_at(i)->id,
                check_level_key(check_rule_at(i)->level), t.found[i],
                (double)t.found[i] * 10000 / (double)t.all, check_rule_at(i)->name);
    return 0;
}
