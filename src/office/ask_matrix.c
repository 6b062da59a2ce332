#include "office/ask_matrix.h"

#include <stdlib.h>

#include "office/document.h"
#include "office/item_seen.h"
#include "office/unit.h"

/* ---- the cells ---- */

struct cell {
    int64_t item, unit;
    size_t column, row;
    struct matrix_cell c;
    struct str number, title;
};
struct making {
    struct arena *a;
    int64_t now_ms;
    struct cell *v;
    size_t n, cap;
    struct unit *units; /* in tree order */
    size_t n_units;
    struct matrix *out;
};

#define BELOW(first)                                                       \
    " IN (WITH RECURSIVE down(id) AS (SELECT id FROM unit WHERE id " first \
    " UNION SELECT u.id FROM unit u JOIN down ON u.parent = down.id) SELECT id FROM down)"
/* Whole items, and of the others what is of his units and what he sent. */
#define OURS                                                                              \
    " AND (i.level <= ?1 OR i.owner IN (?2, ?3, ?4, ?5) OR i.opener IN (?2, ?3, ?4, ?5)"  \
    " OR a.by_person IN (?2, ?3, ?4, ?5) OR i.unit IN (?6, ?7, ?8, ?9)"                   \
    " OR a.to_id" BELOW("IN (?6, ?7, ?8, ?9)") " OR EXISTS (SELECT 1 FROM item_grant h"   \
                                               " WHERE h.item = i.id AND h.kind = 4 AND " \
                                               "h.principal IN (?10, ?11, ?12, ?13)))"

/* As ITEM_ASK says: the owner, chiefs and secretaries; and whoever sent it. */
static bool chases(const struct seen *s, int64_t owner, int64_t sender)
{
    if (s->level > LEVEL_INTERNAL || seen_roles(s) & (ROLE_CHIEF | ROLE_SECRETARY))
        return true;
    for (int i = 0; i < s->n; i++)
        if (seen_seat(s, i, 0) && (seen_seat(s, i, 0) == owner || seen_seat(s, i, 0) == sender))
            return true;
    return false;
}

static enum code read_cells(struct making *m, struct db *db, const struct actor *by,
    const struct matrix_filter *f, struct err *e)
{
    struct seen seen;
    TRY(seen_read(db, by, &seen, e));
    struct stmt *q = db_sql(db,
        "SELECT a.item, a.to_id, a.id, a.state, a.word, a.sent, a.seen, a.received, a.answered,"
        " a.due, a.reminded, i.number, i.title, i.owner, a.by_person, i.closed FROM ask a JOIN "
        "item i ON i.id = a.item"
        " WHERE a.kind = ?21 AND a.to_kind = 2 AND a.sent >= ?22 AND a.sent < ?23 AND a.sent > 0"
        " AND a.state < 2 AND (?24 = 0 OR a.item = ?24) AND (?25 = 0 OR a.to_id" BELOW(
            "= ?25") ")"
                     " AND (?26 = 0 OR a.state = 0)" SEEN OURS
                     " ORDER BY a.item, a.to_id, a.id LIMIT ?27");
    seen_bind(q, &seen);
    stmt_bind_str(q, 21, f->kind);
    stmt_bind_int(q, 22, f->from_ms);
    stmt_bind_int(q, 23, f->to_ms ? f->to_ms : INT64_MAX);
    stmt_bind_int(q, 24, f->item);
    stmt_bind_int(q, 25, f->unit);
    stmt_bind_int(q, 26, f->unfinished);
    stmt_bind_int(q, 27, ASK_CELLS_MAX + 1);
    while (stmt_step(q)) {
        struct cell c = {.item = stmt_int(q, 0), .unit = stmt_int(q, 1)};
        bool again = m->n && m->v[m->n - 1].item == c.item && m->v[m->n - 1].unit == c.unit;
        c.c = (struct matrix_cell){.ask = stmt_int(q, 2),
            .state = (enum ask_state)stmt_int(q, 3),
            .word = arena_str(m->a, stmt_str(q, 4)),
            .sent_ms = stmt_int(q, 5),
            .seen_ms = stmt_int(q, 6),
            .received_ms = stmt_int(q, 7),
            .answered_ms = stmt_int(q, 8),
            .due_ms = stmt_int(q, 9),
            .reminded = stmt_int(q, 10)};
        c.c.may_chase = c.c.state == ASK_OPEN && stmt_int(q, 15) == 0 &&
                        chases(&seen, stmt_int(q, 13), stmt_int(q, 14));
        c.number = arena_str(m->a, stmt_str(q, 11));
        c.title = arena_str(m->a, stmt_str(q, 12));
        if (again)
            m->v[m->n - 1] = c;
        else
            ARENA_PUSH(m->a, m->v, m->n, m->cap) = c;
    }
    TRY(stmt_end(q, e));
    if (m->n > ASK_CELLS_MAX)
        return FAIL(e, E_LIMIT, "这段时间的回执超过%d条，请缩短时间", ASK_CELLS_MAX);
    return OK;
}

/* ---- columns and rows ---- */

static int newest_first(const void *x, const void *y)
{
    const struct matrix_column *a = x, *b = y;
    if (a->sent_ms != b->sent_ms)
        return a->sent_ms > b->sent_ms ? -1 : 1;
    return (a->item < b->item) - (a->item > b->item);
}

/* Cells lie by item. */
static void make_columns(struct making *m)
{
    struct matrix *out = m->out;
    size_t cap = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct cell *c = &m->v[i];
        struct matrix_column *last = out->n_columns ? &out->columns[out->n_columns - 1] : NULL;
        if (last && last->item == c->item) {
            if (c->c.sent_ms < last->sent_ms)
                last->sent_ms = c->c.sent_ms;
            continue;
        }
        ARENA_PUSH(m->a, out->columns, out->n_columns, cap) = (struct matrix_column){
            .item = c->item, .number = c->number, .title = c->title, .sent_ms = c->c.sent_ms};
    }
    if (out->n_columns)
        qsort(out->columns, out->n_columns, sizeof(*out->columns), newest_first);
    if (out->n_columns > MATRIX_COLUMNS_MAX) {
        out->n_left_out = out->n_columns - MATRIX_COLUMNS_MAX;
        out->n_columns = MATRIX_COLUMNS_MAX;
    }
}

static void place_columns(struct making *m)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < m->n; i++) {
        if (i == 0 || m->v[i].item != m->v[i - 1].item) {
            at = 0;
            while (at < m->out->n_columns && m->out->columns[at].item != m->v[i].item)
                at++;
        }
        m->v[i].column = at; /* n_columns: left out */
    }
}

struct known {
    const struct unit *u;
};

static int by_id(const void *x, const void *y)
{
    const struct known *a = x, *b = y;
    return (a->u->id > b->u->id) - (a->u->id < b->u->id);
}

/* Where each unit stands in the organisation. */
static const struct known *sorted_units(struct making *m)
{
    struct known *v = ARENA_ARRAY(m->a, struct known, m->n_units + 1);
    for (size_t i = 0; i < m->n_units; i++)
        v[i].u = &m->units[i];
    if (m->n_units)
        qsort(v, m->n_units, sizeof(*v), by_id);
    return v;
}

static const struct unit *unit_of(const struct known *v, size_t n, int64_t id)
{
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v[mid].u->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && v[lo].u->id == id ? v[lo].u : NULL;
}

/* A row for each unit that has a cell, in the order of the organisation. */
static void make_rows(struct making *m)
{
    const struct known *known = sorted_units(m);
    size_t *row_of = ARENA_ARRAY(m->a, size_t, m->n_units + 1); /* by place in the tree, 1-based */
    struct matrix *out = m->out;
    for (size_t i = 0; i < m->n; i++) {
        const struct unit *u = unit_of(known, m->n_units, m->v[i].unit);
        m->v[i].row = u ? (size_t)(u - m->units) : SIZE_MAX;
        if (u && m->v[i].column < out->n_columns)
            row_of[m->v[i].row] = 1;
    }
    out->rows = ARENA_ARRAY(m->a, struct matrix_row, m->n_units + 1);
    for (size_t i = 0; i < m->n_units; i++)
        if (row_of[i]) {
            row_of[i] = ++out->n_rows;
            out->rows[out->n_rows - 1] = (struct matrix_row){.unit = m->units[i].id,
                .name = m->units[i].short_name,
                .depth = m->units[i].depth,
                .cells = ARENA_ARRAY(m->a, struct matrix_cell, out->n_columns + 1)};
        }
    for (size_t i = 0; i < m->n; i++) {
        const struct cell *c = &m->v[i];
        if (c->row != SIZE_MAX && c->column < out->n_columns)
            out->rows[row_of[c->row] - 1].cells[c->column] = c->c;
    }
}

/* ---- figures ---- */

struct times {
    int64_t *seen, *reply, *total;
    size_t n_seen, n_answered;
    int64_t waiting;
};

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The lower one of two in the middle: a time that was really taken. */
static int64_t median(int64_t *v, size_t n)
{
    if (!n)
        return 0;
    qsort(v, n, sizeof(*v), by_number);
    return v[(n - 1) / 2];
}

static void times_init(struct times *t, struct arena *a, size_t n)
{
    *t = (struct times){.seen = ARENA_ARRAY(a, int64_t, n + 1),
        .reply = ARENA_ARRAY(a, int64_t, n + 1),
        .total = ARENA_ARRAY(a, int64_t, n + 1)};
}

static void times_add(struct times *t, const struct matrix_cell *c, int64_t now_ms)
{
    if (c->seen_ms)
        t->seen[t->n_seen++] = c->seen_ms - c->sent_ms;
    if (c->state == ASK_ANSWERED) {
        t->reply[t->n_answered] = c->answered_ms - c->seen_ms;
        t->total[t->n_answered++] = c->answered_ms - c->sent_ms;
    } else if (now_ms - c->sent_ms > t->waiting) {
        t->waiting = now_ms - c->sent_ms;
    }
}

static struct matrix_pace pace_of(struct times *t)
{
    struct matrix_pace p = {.seen = t->n_seen,
        .answered = t->n_answered,
        .seen_ms = median(t->seen, t->n_seen),
        .reply_ms = median(t->reply, t->n_answered),
        .total_ms = median(t->total, t->n_answered),
        .waiting_ms = t->waiting};
    if (t->n_answered)
        p.slowest_ms = t->total[t->n_answered - 1];
    return p;
}

static void count_cell(struct ask_count *n, const struct matrix_cell *c, int64_t now_ms)
{
    struct ask a = {.state = c->state,
        .sent_ms = c->sent_ms,
        .seen_ms = c->seen_ms,
        .received_ms = c->received_ms,
        .due_ms = c->due_ms};
    ask_count_add(n, &a, now_ms);
}

/* Of rows [r, r_end) in columns [c, c_end). */
static void figures(struct making *m, size_t r, size_t r_end, size_t c, size_t c_end,
    struct ask_count *count, struct matrix_pace *pace)
{
    struct times t;
    times_init(&t, m->a, (r_end - r) * (c_end - c));
    for (size_t i = r; i < r_end; i++)
        for (size_t k = c; k < c_end; k++) {
            const struct matrix_cell *cell = &m->out->rows[i].cells[k];
            if (!cell->ask)
                continue;
            count_cell(count, cell, m->now_ms);
            times_add(&t, cell, m->now_ms);
        }
    *pace = pace_of(&t);
}

static int64_t slowness(const struct matrix_row *r)
{
    return r->pace.waiting_ms > r->pace.slowest_ms ? r->pace.waiting_ms : r->pace.slowest_ms;
}

struct ranked {
    struct matrix_row row;
    size_t place;
};

static int slowest_first(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    int64_t p = slowness(&a->row), q = slowness(&b->row);
    if (p != q)
        return p > q ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void sort_slowest(struct making *m)
{
    struct ranked *v = ARENA_ARRAY(m->a, struct ranked, m->out->n_rows + 1);
    for (size_t i = 0; i < m->out->n_rows; i++)
        v[i] = (struct ranked){m->out->rows[i], i};
    if (m->out->n_rows)
        qsort(v, m->out->n_rows, sizeof(*v), slowest_first);
    for (size_t i = 0; i < m->out->n_rows; i++) {
        m->out->rows[i] = v[i].row;
        m->out->rows[i].depth = 0; /* it stands no more below its parent */
    }
}

enum code ask_matrix(struct db *db, struct arena *a, const struct actor *by,
    const struct matrix_filter *f, struct matrix *out, struct err *e)
{
    struct making m = {.a = a, .now_ms = by->now_ms, .out = out};
    *out = (struct matrix){0};
    TRY(read_cells(&m, db, by, f, e));
    TRY(unit_list(db, a, true, &m.units, &m.n_units, e));
    make_columns(&m);
    place_columns(&m);
    make_rows(&m);
    for (size_t i = 0; i < out->n_rows; i++)
        figures(&m, i, i + 1, 0, out->n_columns, &out->rows[i].count, &out->rows[i].pace);
    for (size_t k = 0; k < out->n_columns; k++)
        figures(&m, 0, out->n_rows, k, k + 1, &out->columns[k].count, &out->columns[k].pace);
    figures(&m, 0, out->n_rows, 0, out->n_columns, &out->total, &out->pace);
    if (f->sort == MATRIX_SLOWEST)
        sort_slowest(&m);
    return OK;
}
