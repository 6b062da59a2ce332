#include "web/kind_graph.h"

#include <stdlib.h>

enum {
    BOX_W = 156,
    BOX_H = 34,
    GAP = 30,   /* between boxes: an arrow and its name */
    PORT = 18,  /* between lines that end at one side of a box */
    LANE = 19,  /* between lanes: a number fits */
    EDGE = 12,  /* from a box to its first lane */
    PAD = 12,   /* round the picture */
    ARROW = 20, /* of a straight arrow, from the left side of the box */
    ANYWHERE = 4,
};

enum side { STRAIGHT, LEFT, RIGHT };
struct line {
    size_t from, to, move;
    enum side side;
    int lane;
    int y1, y2; /* where it leaves and arrives */
};
struct graph {
    const struct kind *k;
    struct line *v;
    size_t n, cap;
    int *top, *height; /* of each box */
};

bool kind_graph_anywhere(const struct kind *k, const struct kind_move *m)
{
    size_t open = 0;

    for (size_t i = 0; i < k->n_states; i++)
        open += !k->states[i].closed && i != m->to;
    return m->n_from >= ANYWHERE && m->n_from == open;
}

static bool straight_there(const struct graph *g, size_t from)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].side == STRAIGHT && g->v[i].from == from)
            return true;
    return false;
}

static void collect(struct graph *g, struct arena *a)
{
    for (size_t i = 0; i < g->k->n_moves; i++) {
        const struct kind_move *m = &g->k->moves[i];
        if (kind_graph_anywhere(g->k, m))
            continue;
        for (size_t j = 0; j < m->n_from; j++) {
            struct line l = {.from = m->from[j], .to = m->to, .move = i, .side = RIGHT};
            if (l.to == l.from + 1 && !straight_there(g, l.from))
                l.side = STRAIGHT;
            else if (l.to < l.from)
                l.side = LEFT;
            ARENA_PUSH(a, g->v, g->n, g->cap) = l;
        }
    }
}

/* Lines at one side of a box, from top to bottom so that few cross: those from above near ones first, those to below far
 * ones first. A line to its own box has both ends there. */
static long port_key(const struct line *l, size_t box, bool leaves)
{
    size_t other = leaves ? l->to : l->from;

    if (other < box)
        return (long)(box - other);
    return other > box ? 1000 - (long)(other - box) : 1000 + !leaves;
}

/* How many ends stand before this one (box SIZE_MAX: none; counts all). */
static int ports_before(
    const struct graph *g, size_t box, enum side side, long key, size_t upto, bool count_all)
{
    int n = 0;

    for (size_t i = 0; i < g->n; i++) {
        const struct line *l = &g->v[i];
        if (l->side != side)
            continue;
        for (int leaves = 0; leaves < 2; leaves++) {
            long k = port_key(l, box, leaves);
            if ((leaves ? l->from : l->to) == box &&
                (count_all || k < key || (k == key && i < upto)))
                n++;
        }
    }
    return n;
}

static int ports(const struct graph *g, size_t box, enum side side)
{
    return ports_before(g, box, side, 0, 0, true);
}

static int port_y(const struct graph *g, size_t i, bool leaves)
{
    const struct line *l = &g->v[i];
    size_t box = leaves ? l->from : l->to;
    int at = ports_before(g, box, l->side, port_key(l, box, leaves), i, false);
    int all = ports(g, box, l->side);

    return g->top[box] + g->height[box] / 2 + (2 * at + 1 - all) * PORT / 2;
}

static void place(struct graph *g, struct arena *a)
{
    int y = PAD;

    g->top = ARENA_ARRAY(a, int, g->k->n_states);
    g->height = ARENA_ARRAY(a, int, g->k->n_states);
    for (size_t i = 0; i < g->k->n_states; i++) {
        int left = ports(g, i, LEFT), right = ports(g, i, RIGHT);
        int need = (left > right ? left : right) * PORT + 4;
        g->top[i] = y;
        g->height[i] = need > BOX_H ? need : BOX_H;
        y += g->height[i] + GAP;
    }
    for (size_t i = 0; i < g->n; i++) {
        g->v[i].y1 = port_y(g, i, true);
        g->v[i].y2 = port_y(g, i, false);
    }
}

static int span(const struct line *l)
{
    return abs(l->y2 - l->y1);
}

static bool overlap(const struct line *a, const struct line *b)
{
    int a1 = a->y1 < a->y2 ? a->y1 : a->y2, a2 = a->y1 < a->y2 ? a->y2 : a->y1;
    int b1 = b->y1 < b->y2 ? b->y1 : b->y2, b2 = b->y1 < b->y2 ? b->y2 : b->y1;

    return a1 <= b2 + 2 && b1 <= a2 + 2;
}

static bool lane_free(const struct graph *g, size_t i, int lane)
{
    for (size_t j = 0; j < g->n; j++)
        if (g->v[j].side == g->v[i].side && g->v[j].lane == lane && overlap(&g->v[i], &g->v[j]))
            return false;
    return true;
}

/* Short lines lie inside. Returns how many lanes the side has. */
static int lanes(struct graph *g, enum side side)
{
    int most = 0;

    for (;;) {
        size_t best = SIZE_MAX;
        int lane = 1;
        for (size_t i = 0; i < g->n; i++)
            if (g->v[i].side == side && g->v[i].lane == 0 &&
                (best == SIZE_MAX || span(&g->v[i]) < span(&g->v[best])))
                best = i;
        if (best == SIZE_MAX)
            return most;
        while (!lane_free(g, best, lane))
            lane++;
        g->v[best].lane = lane;
        most = lane > most ? lane : most;
    }
}

static struct graph_edge edge_of(const struct graph *g, struct arena *a, size_t i, int x)
{
    const struct line *l = &g->v[i];
    const struct kind_move *m = &g->k->moves[l->move];
    struct graph_edge e = {.no = (int64_t)l->move + 1, .name = m->name, .back = m->returns};
    int side = l->side == LEFT ? x : x + BOX_W;
    int lane = l->side == LEFT ? x - EDGE - l->lane * LANE + LANE / 2
                               : x + BOX_W + EDGE + l->lane * LANE - LANE / 2;

    if (l->side == STRAIGHT) {
        int y1 = g->top[l->from] + g->height[l->from], y2 = g->top[l->to];
        e.path = arena_printf(a, "M%d %dV%d", x + ARROW, y1, y2);
        e.x = x + ARROW;
        e.y = (y1 + y2) / 2 - 2;
        e.labelled = true;
        return e;
    }
    e.path = arena_printf(a, "M%d %dH%dV%dH%d", side, l->y1, lane, l->y2, side);
    e.x = lane;
    e.y = (l->y1 + l->y2) / 2;
    return e;
}

void kind_graph(const struct kind *k, struct arena *a, struct page_kind *p)
{
    struct graph g = {.k = k};
    int x, left, right;
    size_t last = k->n_states - 1;

    collect(&g, a);
    place(&g, a);
    left = lanes(&g, LEFT);
    right = lanes(&g, RIGHT);
    x = PAD + (left ? EDGE + left * LANE : 0);
    p->boxes = ARENA_ARRAY(a, struct graph_box, k->n_states);
    for (size_t i = 0; i < k->n_states; i++)
        p->boxes[p->n_boxes++] = (struct graph_box){.name = k->states[i].name,
            .x = x,
            .y = g.top[i],
            .w = BOX_W,
            .h = g.height[i],
            .cx = x + BOX_W / 2,
            .cy = g.top[i] + g.height[i] / 2,
            .closed = k->states[i].closed};
    p->edges = ARENA_ARRAY(a, struct graph_edge, g.n + 1);
    for (size_t i = 0; i < g.n; i++)
        p->edges[p->n_edges++] = edge_of(&g, a, i, x);
    p->width = x + BOX_W + PAD + (right ? EDGE + right * LANE : 0);
    p->height = g.top[last] + g.height[last] + PAD;
}
