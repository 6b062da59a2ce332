/* What is parsed and written again parses to the same; a refusal is one line with a code. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_node(const struct query_node *x, const struct query_node *y)
{
    if (!x || !y)
        return x == y;
    if (x->op != y->op || x->n != y->n || (x->op == QUERY_TERM && x->term != y->term))
        return false;
    for (uint32_t i = 0; i < x->n; i++)
        if (!same_node(x->kids[i], y->kids[i]))
            return false;
    return true;
}

static bool same_field(const struct query_field *x, const struct query_field *y)
{
    bool same = x->id == y->id && x->negated == y->negated && x->n == y->n &&
                x->year_from == y->year_from && x->year_to == y->year_to;

    for (uint32_t i = 0; same && i < x->n; i++)
        same = str_eq(x->values[i], y->values[i]);
    return same;
}

static bool same(const struct query *x, const struct query *y)
{
    if (x->n_terms != y->n_terms || x->n_fields != y->n_fields || !same_node(x->root, y->root))
        return false;
    for (uint32_t i = 0; i < x->n_terms; i++)
        if (!str_eq(x->terms[i].text, y->terms[i].text) ||
            x->terms[i].positive != y->terms[i].positive ||
            x->terms[i].title_only != y->terms[i].title_only)
            return false;
    for (uint32_t i = 0; i < x->n_fields; i++)
        if (!same_field(&x->fields[i], &y->fields[i]))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct query *q, *again;
    struct err e = {0};
    struct buf b;

    arena_init(&a);
    buf_init(&b, 0);
    if (query_parse(&a, (struct str){(const char *)data, size}, &q, &e) == OK) {
        query_print(q, &b);
        /* Writing operators out can pass the byte limit; that is a refusal, not a difference. */
        enum code c = query_parse(&a, buf_view(&b), &again, &e);
        if (c != OK ? c != E_LIMIT : !same(q, again))
            abort();
    } else if ((e.code != E_INPUT && e.code != E_LIMIT) || !e.msg[0] || strchr(e.msg, '\n')) {
        abort();
    }
    buf_release(&b);
    arena_release(&a);
    return 0;
}
