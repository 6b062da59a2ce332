/* Rows, one a line ("kind|wording|wrong|item;item", "=person|title|body"), then a form feed and a draft: every place
 * lies inside the draft and holds something, and the same again gives the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/check.h"
#include "text/terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 16, FORMS = 8 };

static void check(bool holds)
{
    if (!holds)
        abort();
}

struct rows {
    struct term v[ROWS];
    struct holder h[ROWS];
    struct str wrong[ROWS], items[ROWS][FORMS];
    size_t n, n_h;
};

static struct str field(struct str *rest)
{
    struct str piece = {0};

    return str_next(rest, S("|"), &piece) ? str_trim(piece) : piece;
}

static void take_row(struct rows *r, struct str line)
{
    if (str_eat(&line, S("=")) && r->n_h < ROWS) {
        struct holder *h = &r->h[r->n_h++];
        h->person = field(&line);
        h->title = field(&line);
        h->body = field(&line);
        h->to.year = line.n ? 2020 : 0;
    } else if (line.n && r->n < ROWS) {
        struct term *t = &r->v[r->n];
        struct str items, item;
        t->kind = (enum term_kind)(1 + (unsigned char)line.p[0] % (N_TERM_KIND - 1));
        (void)field(&line);
        t->canonical = field(&line);
        r->wrong[r->n] = field(&line);
        *(line.n ? &t->old : &t->wrong) = &r->wrong[r->n];
        *(line.n ? &t->n_old : &t->n_wrong) = 1;
        items = field(&line);
        t->items = r->items[r->n];
        while (t->n_items < FORMS && str_next(&items, S(";"), &item))
            r->items[r->n][t->n_items++] = str_trim(item);
        r->n++;
    }
}

static void same(const struct check *x, const struct check *y, size_t n)
{
    check(x->n == y->n);
    for (size_t i = 0; i < x->n; i++) {
        check(x->v[i].begin < x->v[i].end && x->v[i].end <= n);
        check(x->v[i].rule == y->v[i].rule && x->v[i].begin == y->v[i].begin);
        check(str_eq(x->v[i].message, y->v[i].message));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, table = text, line;
    struct check_options o = {.today = {2026, 11, 23}, .classes = 1U << CHECK_TERM};
    struct check first, second;
    struct rows r;
    struct terms *t;
    struct draft d;
    struct arena a;
    struct err e;

    memset(&r, 0, sizeof(r));
    (void)str_cut(text, S("\f"), &table, &text);
    while (str_next(&table, S("\n"), &line))
        take_row(&r, line);
    arena_init(&a);
    check(terms_new(&a, r.v, r.n, r.h, r.n_h, &t, &e) == OK);
    o.tables.terms = t;
    if (draft_read(&a, text, NULL, &d, &e) == OK) {
        check_draft(&a, &d, &o, &first);
        check_draft(&a, &d, &o, &second);
        same(&first, &second, d.n);
    }
    arena_release(&a);
    return 0;
}
