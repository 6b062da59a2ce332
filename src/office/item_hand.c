#include "office/item_hand.h"

#include "office/absence.h"
#include "office/item_int.h"
#include "office/many.h"
#include "office/person.h"

enum { NAMED = 2 };

/* ---- what was sent to be read ---- */

static struct str last_word(struct str answers)
{
    struct str word = S(""), one;
    while (str_next(&answers, S("\n"), &one))
        word = one;
    return word;
}

/* Nobody waits for it, or 已阅 is the answer. */
static bool is_reading(enum ask_wait wait, struct str answers)
{
    struct str word = last_word(answers);
    return wait == WAIT_NONE || str_eq(word, S("已阅")) || str_eq(word, S("已读"));
}

/* ---- in whose hands ---- */

struct hands {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    int64_t ids[MANY];
    bool whole[MANY]; /* else he is told of himself alone: each sees his branch */
    size_t n;
    struct item_hand *out;
    struct seat seat[SEATS_MAX];
    int n_seats;
    struct stand_for *away; /* today */
    size_t n_away;
};

static struct item_hand *hand_of(struct hands *h, int64_t item)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->ids[i] == item)
            return &h->out[i];
    return NULL;
}

static void name(struct hands *h, struct item_hand *x, struct str who)
{
    if (x->n < NAMED)
        x->who =
            x->n ? arena_printf(h->a, "%.*s、%.*s", SF(x->who), SF(who)) : arena_str(h->a, who);
    x->n++;
}

/* "张三（出差，李四代办）" while he is away. */
static struct str name_of(struct hands *h, int kind, int64_t id, struct str who)
{
    for (size_t i = 0; i < h->n_away && kind == PRINCIPAL_PERSON; i++) {
        const struct stand_for *x = &h->away[i];
        if (x->person == id)
            return x->covers.n ? arena_printf(h->a, "%.*s（%.*s，%.*s代办）", SF(who), SF(x->why),
                                     SF(x->covers))
                               : arena_printf(h->a, "%.*s（%.*s）", SF(who), SF(x->why));
    }
    return who;
}

static bool is_me(const struct hands *h, int kind, int64_t id)
{
    for (int i = 0; i < h->n_seats; i++)
        if (id && id == (kind == PRINCIPAL_UNIT ? h->seat[i].unit : h->seat[i].person))
            return true;
    return false;
}

static bool told(const struct hands *h, const struct item_hand *x, int kind, int64_t id)
{
    return h->whole[x - h->out] || kind == GRANT_ROLE || is_me(h, kind, id);
}

/* Whoever is asked and waited for holds it, since he was asked. */
static enum code from_asks(struct hands *h, struct err *e)
{
    struct stmt *q =
        db_sql(h->db, DB_PLAN_ONCE "SELECT a.item, a.to_kind, a.to_id, a.wait, a.answers, a.sent,"
                                   " coalesce(p.name, u.short_name, ''), a.purpose FROM ask a"
                                   " LEFT JOIN person p ON a.to_kind = 1 AND p.id = a.to_id"
                                   " LEFT JOIN unit u ON a.to_kind = 2 AND u.id = a.to_id"
                                   " WHERE a.item IN (" MANY_IDS ") AND a.state = 0 AND a.sent > 0"
                                   " ORDER BY a.sent, a.turn, coalesce(p.rank, u.rank), a.id");
    many_bind(q, 1, h->ids, h->n);
    while (stmt_step(q)) {
        struct item_hand *x = hand_of(h, stmt_int(q, 0));
        enum ask_wait wait = (enum ask_wait)stmt_int(q, 3);
        bool mine = is_me(h, (int)stmt_int(q, 1), stmt_int(q, 2));
        if (!told(h, x, (int)stmt_int(q, 1), stmt_int(q, 2)))
            continue;
        if (is_reading(wait, stmt_str(q, 4))) {
            x->circulating = true;
            x->to_read |= mine;
        }
        if (mine && !x->purpose.n)
            x->purpose = arena_str(h->a, stmt_str(q, 7));
        if (wait == WAIT_NONE)
            continue;
        name(h, x, name_of(h, (int)stmt_int(q, 1), stmt_int(q, 2), stmt_str(q, 6)));
        if (x->since_ms == 0)
            x->since_ms = stmt_int(q, 5);
    }
    return stmt_end(q, e);
}

/* Where nobody is asked, those whom a move waits for. */
static enum code from_boxes(struct hands *h, struct err *e)
{
    struct stmt *q = db_sql(h->db,
        DB_PLAN_ONCE "SELECT g.item, g.kind, g.principal, coalesce(p.name, u.short_name, '')"
                     " FROM item_grant g LEFT JOIN person p ON g.kind = 1 AND p.id = g.principal"
                     " LEFT JOIN unit u ON g.kind IN (2, 4) AND u.id = g.principal"
                     " WHERE g.item IN (" MANY_IDS ") AND g.box = 1"
                     " ORDER BY g.kind DESC, coalesce(p.rank, u.rank), g.principal");
    many_bind(q, 1, h->ids, h->n);
    while (stmt_step(q)) {
        struct item_hand *x = hand_of(h, stmt_int(q, 0));
        int kind = (int)stmt_int(q, 1);
        if (x->since_ms || !told(h, x, kind, stmt_int(q, 2)))
            continue;
        if (kind == GRANT_ROLE)
            name(h, x, str_z(role_name((enum role)stmt_int(q, 2))));
        else if (kind == GRANT_CHIEF)
            name(h, x, arena_printf(h->a, "%.*s负责人", SF(stmt_str(q, 3))));
        else
            name(h, x, name_of(h, kind, stmt_int(q, 2), stmt_str(q, 3)));
    }
    return stmt_end(q, e);
}

/* ... since the item came into the state in which it is. An answer that made a move names where it went. */
static enum code since_state(struct hands *h, struct err *e)
{
    struct stmt *q = db_sql(h->db,
        DB_PLAN_ONCE "SELECT v.item, max(v.at) FROM item_event v WHERE v.item IN (" MANY_IDS
                     ") AND (v.verb IN ('open', 'move', 'return', 'withdraw', 'reopen')"
                     " OR (v.verb = 'answer' AND v.payload LIKE '%\"to\":\"%')) GROUP BY v.item");
    many_bind(q, 1, h->ids, h->n);
    while (stmt_step(q)) {
        struct item_hand *x = hand_of(h, stmt_int(q, 0));
        if (x->n && x->since_ms == 0)
            x->since_ms = stmt_int(q, 1);
    }
    return stmt_end(q, e);
}

/* MANY at most. */
static enum code some_hands(
    struct hands *h, const struct item *items, size_t n, struct item_hand *out, struct err *e)
{
    h->n = n;
    h->out = out;
    for (size_t i = 0; i < n; i++) {
        h->ids[i] = items[i].id;
        h->whole[i] = seats_see_whole(h->by, h->seat, h->n_seats, &items[i]);
        out[i] = (struct item_hand){.n = 0};
    }
    TRY(from_asks(h, e));
    TRY(from_boxes(h, e));
    TRY(since_state(h, e));
    for (size_t i = 0; i < n; i++)
        if (out[i].n > NAMED)
            out[i].who = arena_printf(h->a, "%.*s等%zu个", SF(out[i].who), out[i].n);
    return OK;
}

enum code item_hands(struct db *db, struct arena *a, const struct actor *by,
    const struct item *items, size_t n, struct item_hand *out, struct err *e)
{
    struct hands h = {.db = db, .a = a, .by = by};
    TRY(seats_of(db, by, h.seat, &h.n_seats, e));
    if (n)
        TRY(absence_today(db, a, by, &h.away, &h.n_away, e));
    for (size_t i = 0; i < n; i += MANY)
        TRY(some_hands(&h, items + i, n - i < MANY ? n - i : MANY, out + i, e));
    return OK;
}

/* ---- several read at once ---- */

/* The open asks of the item, before any of them is answered: they are read again by each verb. */
static enum code read_one(struct db *db, struct arena *a, const struct actor *by,
    const struct hands *me, int64_t item, size_t *read, size_t *left, struct err *e)
{
    struct ask *v;
    size_t n;
    TRY(ask_list(db, a, by, item, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct str word = last_word(v[i].answers);
        if (v[i].state != ASK_OPEN || v[i].sent_ms == 0 || !is_me(me, (int)v[i].to_kind, v[i].to) ||
            !is_reading(v[i].wait, v[i].answers))
            continue;
        if (str_eq(word, S("已阅")) || str_eq(word, S("已读"))) {
            TRY(ask_answer(db, by, v[i].id, word, S(""), NULL, 0, e));
            ++*read;
        } else {
            TRY(ask_seen(db, by, v[i].id, e));
            ++*left;
        }
    }
    return OK;
}

enum code item_read(struct db *db, const struct actor *by, const int64_t *items, size_t n,
    size_t *read, size_t *left, struct err *e)
{
    struct hands me = {.db = db, .by = by};
    struct arena a;
    enum code c = OK;
    *read = *left = 0;
    if (n > ITEM_READ_MAX)
        return FAIL(e, E_LIMIT, "一次最多标记%d件，请分几次办", ITEM_READ_MAX);
    TRY(seats_of(db, by, me.seat, &me.n_seats, e));
    arena_init(&a);
    for (size_t i = 0; c == OK && i < n; i++)
        c = read_one(db, &a, by, &me, items[i], read, left, e);
    arena_release(&a);
    return c;
}
