#include "office/ask_tree.h"

#include <stdlib.h>

#include "office/item_int.h"
#include "office/unit.h"

void ask_count_add(struct ask_count *n, const struct ask *a, int64_t now_ms)
{
    if (!a->sent_ms || a->state == ASK_WITHDRAWN || a->state == ASK_VOID)
        return;
    n->due++;
    n->received += a->received_ms != 0 || a->state == ASK_ANSWERED;
    n->answered += a->state == ASK_ANSWERED;
    n->overdue += a->state == ASK_OPEN && a->due_ms && a->due_ms <= now_ms;
    n->unseen += a->seen_ms == 0;
}

static void count_up(struct ask_count *n, const struct ask_count *more)
{
    n->due += more->due;
    n->received += more->received;
    n->answered += more->answered;
    n->overdue += more->overdue;
    n->unseen += more->unseen;
}

/* ---- the tree ---- */

struct spot {
    const struct ask *ask;
    size_t parent; /* index among those seen; SIZE_MAX: none */
    bool seen, mine, sent_by_me;
};

static size_t spot_of(const struct spot *v, size_t n, int64_t id)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v[mid].ask->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && v[lo].ask->id == id ? lo : SIZE_MAX;
}

/* Asks lie in the order of their ids, a parent before its children. */
static void look(const struct work *w, struct spot *v, bool whole)
{
    int64_t me = w->by->v->person;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        struct spot *p = &v[i];
        size_t up = a->parent ? spot_of(v, i, a->parent) : SIZE_MAX;
        bool above = up != SIZE_MAX && v[up].seen;
        *p = (struct spot){.ask = a, .parent = above ? up : SIZE_MAX};
        p->mine = a->sent_ms && work_acts_for(w, (int)a->to_kind, a->to);
        p->sent_by_me = (me && a->by == me) || (up != SIZE_MAX && v[up].mine);
        p->seen = whole || p->mine || p->sent_by_me || above;
    }
}

bool *asks_seen(const struct work *w)
{
    bool *seen = ARENA_ARRAY(w->a, bool, w->n_asks + 1);
    struct spot *v = ARENA_ARRAY(w->a, struct spot, w->n_asks + 1);
    look(w, v, work_sees_whole(w));
    for (size_t i = 0; i < w->n_asks; i++)
        seen[i] = v[i].seen;
    return seen;
}

bool asks_hide_file(const struct work *w, int64_t file)
{
    const bool *seen;
    if (work_sees_whole(w))
        return false;
    seen = asks_seen(w);
    for (size_t i = 0; i < w->n_asks; i++) {
        struct str rest = w->asks[i].files, line;
        struct err none;
        int64_t id = 0;
        while (!seen[i] && str_next(&rest, S("\n"), &line))
            if (str_int(line, &id, &none) == OK && id == file)
                return true;
    }
    return false;
}

struct placed {
    const struct spot *spot;
};

static int by_order(const void *x, const void *y)
{
    const struct ask *a = ((const struct placed *)x)->spot->ask;
    const struct ask *b = ((const struct placed *)y)->spot->ask;
    if (a->to_kind != b->to_kind) /* units first */
        return a->to_kind == PRINCIPAL_UNIT ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

struct growing {
    const struct spot *v;
    struct placed *sorted;
    size_t n;
    struct ask_node *to;
    size_t at;
    int64_t now_ms;
};

/* NOLINTNEXTLINE(misc-no-recursion): UNIT_DEPTH_MAX */
static void grow(struct growing *g, size_t parent, int depth, struct ask_count *sum)
{
    if (depth > UNIT_DEPTH_MAX)
        return;
    for (size_t i = 0; i < g->n; i++) {
        const struct spot *p = g->sorted[i].spot;
        struct ask_node *node;
        size_t at = g->at;
        if (p->parent != parent)
            continue;
        node = &g->to[g->at++];
        *node = (struct ask_node){
            .ask = *p->ask, .depth = depth, .mine = p->mine, .sent_by_me = p->sent_by_me};
        grow(g, (size_t)(p - g->v), depth + 1, &node->below);
        node->n_below = g->at - at - 1;
        ask_count_add(sum, p->ask, g->now_ms);
        count_up(sum, &node->below);
    }
}

enum code ask_tree(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct ask_tree *out, struct err *e)
{
    struct work w;
    struct spot *v;
    TRY(work_begin(&w, db, a, by, item, e));
    *out = (struct ask_tree){.whole = work_sees_whole(&w), .may_send = work_right(&w, ITEM_ASK, 0)};
    v = ARENA_ARRAY(a, struct spot, w.n_asks + 1);
    look(&w, v, out->whole);
    struct growing g = {.v = v,
        .sorted = ARENA_ARRAY(a, struct placed, w.n_asks + 1),
        .to = ARENA_ARRAY(a, struct ask_node, w.n_asks + 1),
        .now_ms = by->now_ms};
    for (size_t i = 0; i < w.n_asks; i++)
        if (v[i].seen)
            g.sorted[g.n++].spot = &v[i];
    if (g.n)
        qsort(g.sorted, g.n, sizeof(*g.sorted), by_order);
    grow(&g, SIZE_MAX, 0, &out->total);
    out->v = g.to;
    out->n = g.at;
    return OK;
}
