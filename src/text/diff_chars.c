#include "text/diff_int.h"

/* Marks what the box has in common. Myers' middle snake, both ways at once, with a bound on edits and on
 * the work of the whole job; recursion is on the smaller boxes, at most two levels for each halving of D. */

static void mark(struct diff_job *j, size_t x, size_t y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        j->same_x[x + i] = true;
        j->same_y[y + i] = true;
    }
}

static void trim(struct diff_job *j, struct diff_box *b)
{
    size_t n = 0;

    while (b->x < b->x_end && b->y < b->y_end && j->x[b->x] == j->y[b->y])
        b->x++, b->y++, n++;
    mark(j, b->x - n, b->y - n, n);
    n = 0;
    while (b->x < b->x_end && b->y < b->y_end && j->x[b->x_end - 1] == j->y[b->y_end - 1])
        b->x_end--, b->y_end--, n++;
    mark(j, b->x_end, b->y_end, n);
    j->work -= (int64_t)n;
}

struct search {
    struct diff_job *j;
    const uint32_t *x, *y;
    int32_t nx, ny, delta;
    int32_t *front, *back;  /* index by diagonal, may be negative */
    struct diff_box *split; /* out: the middle, x..x_end is the snake in x */
};

/* The furthest x on diagonal k with d edits, before its snake; -1: none inside the box. */
static int32_t step(const struct search *s, const int32_t *v, int32_t k, int32_t d)
{
    int32_t right = k > -d ? v[k - 1] : -1, down = k < d ? v[k + 1] : -1;

    if (d == 0)
        return 0;
    right = right >= 0 && right < s->nx && right + 1 - k >= 0 && right + 1 - k <= s->ny ? right + 1
                                                                                        : -1;
    down = down >= 0 && down - k >= 0 && down - k <= s->ny ? down : -1;
    return right > down ? right : down;
}

/* One more edit forwards; true when the two searches meet. */
static bool forward(struct search *s, int32_t d)
{
    for (int32_t k = -d; k <= d; k += 2) {
        int32_t from = step(s, s->front, k, d), px = from, other = s->delta - k;
        s->front[k] = from;
        s->j->work--;
        if (from < 0)
            continue;
        while (px < s->nx && px - k < s->ny && s->x[px] == s->y[px - k])
            px++;
        s->front[k] = px;
        s->j->work -= px - from;
        if ((s->delta & 1) && other >= -(d - 1) && other <= d - 1 && s->back[other] >= 0 &&
            px >= s->nx - s->back[other]) {
            *s->split =
                (struct diff_box){(size_t)from, (size_t)px, (size_t)(from - k), (size_t)(px - k)};
            return true;
        }
    }
    return false;
}

/* One more edit backwards; diagonals count from the far corner. */
static bool backward(struct search *s, int32_t d)
{
    for (int32_t k = -d; k <= d; k += 2) {
        int32_t from = step(s, s->back, k, d), px = from, other = s->delta - k;
        s->back[k] = from;
        s->j->work--;
        if (from < 0)
            continue;
        while (px < s->nx && px - k < s->ny && s->x[s->nx - 1 - px] == s->y[s->ny - 1 - px + k])
            px++;
        s->back[k] = px;
        s->j->work -= px - from;
        if (!(s->delta & 1) && other >= -d && other <= d && s->front[other] >= 0 &&
            s->front[other] >= s->nx - px) {
            *s->split = (struct diff_box){(size_t)(s->nx - px), (size_t)(s->nx - from),
                (size_t)(s->ny - px + k), (size_t)(s->ny - from + k)};
            return true;
        }
    }
    return false;
}

/* The middle snake of the box, relative to its corner; false when the bound was met first. */
static bool middle(struct diff_job *j, const struct diff_box *b, struct diff_box *split)
{
    struct search s = {.j = j, .x = j->x + b->x, .y = j->y + b->y, .split = split};
    int32_t most;

    s.nx = (int32_t)(b->x_end - b->x);
    s.ny = (int32_t)(b->y_end - b->y);
    s.delta = s.nx - s.ny;
    s.front = j->front + j->diagonals;
    s.back = j->back + j->diagonals;
    most = (s.nx + s.ny + 1) / 2;
    if (most > DIFF_EDITS_MAX)
        most = DIFF_EDITS_MAX;
    for (int32_t k = -most - 1; k <= most + 1; k++)
        s.front[k] = s.back[k] = -1;
    for (int32_t d = 0; d <= most; d++)
        if (forward(&s, d) || backward(&s, d))
            return true;
        else if (j->work < 0)
            return false;
    return false;
}

/* The recursion is as deep as halving DIFF_EDITS_MAX goes. */
void diff_chars(struct diff_job *j, struct diff_box b) // NOLINT(misc-no-recursion)
{
    while (true) {
        struct diff_box m, right;
        trim(j, &b);
        if (b.x == b.x_end || b.y == b.y_end)
            return;
        if (j->work < 0 || !middle(j, &b, &m)) {
            j->coarse = true;
            return;
        }
        right = (struct diff_box){b.x + m.x_end, b.x_end, b.y + m.y_end, b.y_end};
        mark(j, b.x + m.x, b.y + m.y, m.x_end - m.x);
        b.x_end = b.x + m.x;
        b.y_end = b.y + m.y;
        diff_chars(j, right);
    }
}
