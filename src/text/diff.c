#include "text/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/diff_int.h"

enum {
    WORK = 60000000,     /* steps of the character search for one comparison: about 0.3 s */
    CELLS_MAX = 1000000, /* pairs of sentences compared in one block of a gap */
    BLOOM_WORDS = 4,
    CONFETTI = 1 /* a common run no longer than this between two edits is no help to the eye */
};
static const double pair_from = 0.35; /* sentences less alike are not laid side by side */

/* ---- sentences ---- */

struct unit {
    size_t begin, end; /* code points */
    uint64_t hash;
    uint64_t pairs[BLOOM_WORDS]; /* which pairs of characters occur, hashed to 256 bits */
    int bits;
    size_t partner; /* index in the other text, SIZE_MAX: none */
};

struct side {
    const uint32_t *cp;
    size_t n_cp;
    struct unit *units;
    size_t n;
};

static const uint32_t *decode(struct arena *a, struct str s, size_t *n)
{
    uint32_t *v = ARENA_ARRAY(a, uint32_t, s.n + 1);
    size_t at = 0;

    *n = 0;
    while (at < s.n)
        v[(*n)++] = utf8_next(s, &at);
    return v;
}

static bool ends_unit(uint32_t cp)
{
    return cp == '\n' || cp == 0x3002 || cp == 0xFF1B || cp == 0xFF01 || cp == 0xFF1F;
}

static void describe(struct unit *u, const uint32_t *cp)
{
    uint32_t last = 0;

    u->hash = 0xCBF29CE484222325u;
    for (size_t i = u->begin; i < u->end; i++) {
        uint64_t h = ((uint64_t)last << 21 ^ cp[i]) * 0x9E3779B97F4A7C15u;
        u->hash = (u->hash ^ cp[i]) * 0x100000001B3u;
        u->pairs[h >> 62] |= (uint64_t)1 << ((h >> 56) & 63);
        last = cp[i];
    }
    for (int i = 0; i < BLOOM_WORDS; i++)
        u->bits += __builtin_popcountll(u->pairs[i]);
    u->partner = SIZE_MAX;
}

static void split(struct arena *a, struct side *s)
{
    size_t cap = 0, begin = 0;

    for (size_t i = 0; i < s->n_cp; i++)
        if (ends_unit(s->cp[i]) || i + 1 == s->n_cp) {
            struct unit u = {.begin = begin, .end = i + 1};
            describe(&u, s->cp);
            ARENA_PUSH(a, s->units, s->n, cap) = u;
            begin = i + 1;
        }
}

/* 0..1; equal sentences give 1. */
static double likeness(const struct unit *x, const struct unit *y)
{
    int both = 0;

    if (x->hash == y->hash)
        return 1;
    for (int i = 0; i < BLOOM_WORDS; i++)
        both += __builtin_popcountll(x->pairs[i] & y->pairs[i]);
    return 2.0 * both / (x->bits + y->bits);
}

/* ---- anchors: sentences that occur once in both, in the longest ascending order ---- */

struct once {
    uint64_t hash;
    size_t at;
    bool second; /* of y */
};

static int by_hash(const void *p, const void *q)
{
    const struct once *a = p, *b = q;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->second != b->second)
        return a->second ? 1 : -1;
    return (a->at > b->at) - (a->at < b->at);
}

struct anchor {
    size_t x, y, before; /* before: index of the anchor before it in the best chain, SIZE_MAX */
};

static int by_x(const void *p, const void *q)
{
    const struct anchor *a = p, *b = q;

    return (a->x > b->x) - (a->x < b->x);
}

static size_t find_anchors(
    struct arena *a, const struct side *x, const struct side *y, struct anchor **out)
{
    struct once *v = ARENA_ARRAY(a, struct once, x->n + y->n + 1);
    struct anchor *list = ARENA_ARRAY(a, struct anchor, (x->n < y->n ? x->n : y->n) + 1);
    size_t n = 0, found = 0;

    for (size_t i = 0; i < x->n; i++)
        v[n++] = (struct once){x->units[i].hash, i, false};
    for (size_t i = 0; i < y->n; i++)
        v[n++] = (struct once){y->units[i].hash, i, true};
    if (n)
        qsort(v, n, sizeof(*v), by_hash);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && v[end].hash == v[i].hash)
            end++;
        if (end == i + 2 && !v[i].second && v[i + 1].second)
            list[found++] = (struct anchor){v[i].at, v[i + 1].at, SIZE_MAX};
        i = end;
    }
    if (found)
        qsort(list, found, sizeof(*list), by_x);
    *out = list;
    return found;
}

/* Pairs the longest run of anchors that ascends in both texts. */
static void pair_anchors(struct arena *a, struct side *x, struct side *y)
{
    struct anchor *v;
    size_t n = find_anchors(a, x, y, &v), len = 0, at;
    size_t *tops = ARENA_ARRAY(a, size_t, n + 1);

    for (size_t i = 0; i < n; i++) {
        size_t low = 0, high = len;
        while (low < high) {
            size_t mid = (low + high) / 2;
            if (v[tops[mid]].y < v[i].y)
                low = mid + 1;
            else
                high = mid;
        }
        v[i].before = low ? tops[low - 1] : SIZE_MAX;
        tops[low] = i;
        if (low == len)
            len++;
    }
    at = len ? tops[len - 1] : SIZE_MAX;
    while (at != SIZE_MAX) {
        x->units[v[at].x].partner = v[at].y;
        y->units[v[at].y].partner = v[at].x;
        at = v[at].before;
    }
}

/* ---- gaps ---- */

struct gap {
    size_t x, x_end, y, y_end; /* units */
};

/* The best pairing in order of one block, by dynamic programming over likeness times length. */
static void pair_block(struct arena *a, struct side *x, struct side *y, struct gap g)
{
    size_t rows = g.x_end - g.x, cols = g.y_end - g.y, i = rows, k = cols;
    unsigned char *step = arena_array(a, 1, (rows + 1) * (cols + 1));
    double *last = ARENA_ARRAY(a, double, cols + 1), *row = ARENA_ARRAY(a, double, cols + 1);

    for (size_t p = 1; p <= rows; p++) {
        const struct unit *u = &x->units[g.x + p - 1];
        for (size_t q = 1; q <= cols; q++) {
            const struct unit *w = &y->units[g.y + q - 1];
            double like = likeness(u, w), best = last[q], both;
            unsigned char how = 1;
            if (row[q - 1] > best)
                best = row[q - 1], how = 2;
            both = last[q - 1] + like * (double)(u->end - u->begin + w->end - w->begin);
            if (like >= pair_from && both > best)
                best = both, how = 3;
            row[q] = best;
            step[p * (cols + 1) + q] = how;
        }
        memcpy(last, row, (cols + 1) * sizeof(*row));
    }
    while (i > 0 && k > 0) {
        unsigned char how = step[i * (cols + 1) + k];
        if (how == 3) {
            x->units[g.x + i - 1].partner = g.y + k - 1;
            y->units[g.y + k - 1].partner = g.x + i - 1;
        }
        i -= how != 2;
        k -= how != 1;
    }
}

/* A gap too wide for one block is cut into blocks in proportion. */
static void pair_gap(struct side *x, struct side *y, struct gap g)
{
    size_t rows = g.x_end - g.x, cols = g.y_end - g.y, parts = 1;

    if (rows == 0 || cols == 0)
        return;
    while ((rows / parts + 1) * (cols / parts + 1) > CELLS_MAX)
        parts *= 2;
    for (size_t i = 0; i < parts; i++) {
        struct arena scratch;
        struct gap part = {g.x + rows * i / parts, g.x + rows * (i + 1) / parts,
            g.y + cols * i / parts, g.y + cols * (i + 1) / parts};
        arena_init(&scratch);
        if (part.x < part.x_end && part.y < part.y_end)
            pair_block(&scratch, x, y, part);
        arena_release(&scratch);
    }
}

static void pair_gaps(struct side *x, struct side *y)
{
    struct gap g = {0};

    for (size_t i = 0; i < x->n; i++) {
        if (x->units[i].partner == SIZE_MAX)
            continue;
        g.x_end = i;
        g.y_end = x->units[i].partner;
        pair_gap(x, y, g);
        g.x = i + 1;
        g.y = x->units[i].partner + 1;
        /* pair_gap filled only units before i: the walk goes on with the next anchor */
    }
    g.x_end = x->n;
    g.y_end = y->n;
    pair_gap(x, y, g);
}

/* ---- ops ---- */

struct writer {
    struct str x, y;
    size_t x_at, y_at; /* bytes */
    struct diff *d;
    size_t cap;
    struct arena *a;
};

static void put(struct writer *w, enum diff_kind kind, size_t cp_x, size_t cp_y, size_t n)
{
    struct diff_op op = {.kind = kind, .x = w->x_at, .y = w->y_at, .x_cp = cp_x, .y_cp = cp_y};

    for (size_t i = 0; i < n; i++) {
        if (kind != DIFF_ADDED)
            utf8_next(w->x, &w->x_at);
        if (kind != DIFF_REMOVED)
            utf8_next(w->y, &w->y_at);
    }
    op.x_n = w->x_at - op.x;
    op.y_n = w->y_at - op.y;
    op.x_n_cp = kind == DIFF_ADDED ? 0 : n;
    op.y_n_cp = kind == DIFF_REMOVED ? 0 : n;
    if (kind == DIFF_SAME)
        w->d->same_cp += n;
    else if (kind == DIFF_REMOVED)
        w->d->removed_cp += n;
    else
        w->d->added_cp += n;
    ARENA_PUSH(w->a, w->d->ops, w->d->n, w->cap) = op;
}

static size_t run_of(const bool *same, size_t at, size_t n, bool value)
{
    size_t i = at;

    while (i < n && same[i] == value)
        i++;
    return i - at;
}

/* Common runs of a character or so between two longer edits are dropped: one change reads better than
 * three. The flags stay in step because both sides lose the same pair. */
static void drop_confetti(struct diff_job *j)
{
    size_t x = 0, y = 0, edit = 0;

    while (x < j->nx || y < j->ny) {
        size_t dx = run_of(j->same_x, x, j->nx, false), dy = run_of(j->same_y, y, j->ny, false), n;
        edit = dx + dy;
        x += dx;
        y += dy;
        n = run_of(j->same_x, x, j->nx, true);
        if (run_of(j->same_y, y, j->ny, true) < n)
            n = run_of(j->same_y, y, j->ny, true);
        if (n == 0)
            break;
        if (n <= CONFETTI && edit >= 2 && x + n < j->nx && y + n < j->ny &&
            run_of(j->same_x, x + n, j->nx, false) + run_of(j->same_y, y + n, j->ny, false) >= 2 &&
            j->x[x] != '\n') {
            memset(j->same_x + x, 0, n);
            memset(j->same_y + y, 0, n);
        }
        x += n;
        y += n;
    }
}

static void write_ops(struct diff_job *j, struct writer *w)
{
    size_t x = 0, y = 0;

    while (x < j->nx || y < j->ny) {
        size_t n = run_of(j->same_x, x, j->nx, false);
        if (n)
            put(w, DIFF_REMOVED, x, y, n);
        x += n;
        n = run_of(j->same_y, y, j->ny, false);
        if (n)
            put(w, DIFF_ADDED, x, y, n);
        y += n;
        n = 0;
        while (x + n < j->nx && y + n < j->ny && j->same_x[x + n] && j->same_y[y + n])
            n++;
        if (n)
            put(w, DIFF_SAME, x, y, n);
        x += n;
        y += n;
    }
}

static void compare_pairs(struct diff_job *j, const struct side *x, const struct side *y)
{
    for (size_t i = 0; i < x->n; i++) {
        const struct unit *u = &x->units[i], *w;
        if (u->partner == SIZE_MAX)
            continue;
        w = &y->units[u->partner];
        diff_chars(j, (struct diff_box){u->begin, u->end, w->begin, w->end});
    }
}

enum code diff_texts(struct arena *a, struct str x, struct str y, struct diff *out, struct err *e)
{
    struct arena scratch;
    struct diff d = {0};
    struct side sx = {0}, sy = {0};
    struct diff_job j = {.work = WORK, .diagonals = DIFF_EDITS_MAX + 2};
    struct writer w = {.x = x, .y = y, .d = &d, .a = a};

    if (x.n / 4 > DIFF_CP_MAX || y.n / 4 > DIFF_CP_MAX ||
        utf8_len_cp(x) + utf8_len_cp(y) > DIFF_CP_MAX)
        return FAIL(e, E_LIMIT, "两份文本合计超过%d字，无法比对，请分段比对", (int)DIFF_CP_MAX);
    arena_init(&scratch);
    sx.cp = decode(&scratch, x, &sx.n_cp);
    sy.cp = decode(&scratch, y, &sy.n_cp);
    split(&scratch, &sx);
    split(&scratch, &sy);
    pair_anchors(&scratch, &sx, &sy);
    pair_gaps(&sx, &sy);
    j.a = &scratch;
    j.x = sx.cp;
    j.y = sy.cp;
    j.nx = sx.n_cp;
    j.ny = sy.n_cp;
    j.same_x = ARENA_ARRAY(&scratch, bool, j.nx + 1);
    j.same_y = ARENA_ARRAY(&scratch, bool, j.ny + 1);
    j.front = ARENA_ARRAY(&scratch, int32_t, (size_t)(2 * j.diagonals + 1));
    j.back = ARENA_ARRAY(&scratch, int32_t, (size_t)(2 * j.diagonals + 1));
    compare_pairs(&j, &sx, &sy);
    drop_confetti(&j);
    write_ops(&j, &w);
    d.coarse = j.coarse;
    arena_release(&scratch);
    *out = d;
    return OK;
}

double diff_ratio(const struct diff *d)
{
    size_t all = 2 * d->same_cp + d->removed_cp + d->added_cp;

    return all ? 2.0 * (double)d->same_cp / (double)all : 1.0;
}
