/* Where words of a manuscript stand after it was written on: the one way in which notes and parts follow the text. Not over changes composed into one:
 * composed, what was put in front of words that went later looks as if it had been put in their place. */
#include "office/manuscript_int.h"

void manuscript_span_follow(const struct edit *x, struct manuscript_span *v)
{
    bool had = v->to > v->from;
    int64_t begin = (int64_t)edit_map_pos(x, (size_t)v->from, had ? 1 : -1);
    int64_t end = had ? (int64_t)edit_map_pos(x, (size_t)v->to, -1) : begin;
    v->seq++;
    v->from = begin < end ? begin : end;
    v->to = end;
}

enum code manuscript_spans_follow(struct db *db, struct arena *a, int64_t id, int64_t seq,
    struct manuscript_span *v, size_t n, struct err *e)
{
    struct edit *steps = NULL;
    int64_t first = seq;
    size_t n_steps = 0;
    for (size_t i = 0; i < n; i++)
        first = v[i].seq < first ? v[i].seq : first;
    if (first == seq)
        return OK;
    TRY(manuscript_steps(db, a, id, first, seq, &steps, &n_steps, e));
    for (size_t i = 0; i < n; i++)
        for (size_t k = (size_t)(v[i].seq - first); k < n_steps; k++)
            manuscript_span_follow(&steps[k], &v[i]);
    return OK;
}
