/* duty_swap.c - one asks, the other accepts, the chief takes note. */
#include "base/id.h"
#include "office/audit.h"
#include "office/duty_int.h"

#define COLUMNS                                                                               \
    "w.id, w.shift, w.seat, w.person, w.other, w.other_seat, w.to_person, w.why, w.asked,"    \
    " w.state, w.answered, w.noted, w.noted_by, coalesce(p.name, ''), coalesce(t.name, ''),"  \
    " coalesce(n.name, ''), coalesce(s.id, 0), coalesce(s.from_at, 0), coalesce(s.to_at, 0)," \
    " coalesce(o.id, 0), coalesce(o.from_at, 0), coalesce(o.to_at, 0)"
#define FROM                                                                                \
    " FROM duty_swap w LEFT JOIN person p ON p.id = w.person LEFT JOIN person t"            \
    " ON t.id = w.to_person LEFT JOIN person n ON n.id = w.noted_by LEFT JOIN duty_shift s" \
    " ON s.id = w.shift LEFT JOIN duty_shift o ON o.id = w.other"

static struct duty_swap row(struct stmt *q, struct arena *a)
{
    return (struct duty_swap){.id = stmt_int(q, 0),
        .shift = stmt_int(q, 1),
        .seat = (enum duty_seat)stmt_int(q, 2),
        .person = stmt_int(q, 3),
        .other = stmt_int(q, 4),
        .other_seat = (enum duty_seat)stmt_int(q, 5),
        .to = stmt_int(q, 6),
        .why = arena_str(a, stmt_str(q, 7)),
        .asked_ms = stmt_int(q, 8),
        .state = (enum duty_swap_state)stmt_int(q, 9),
        .answered_ms = stmt_int(q, 10),
        .noted_ms = stmt_int(q, 11),
        .noted_by = stmt_int(q, 12),
        .person_name = arena_str(a, stmt_str(q, 13)),
        .to_name = arena_str(a, stmt_str(q, 14)),
        .noted_name = arena_str(a, stmt_str(q, 15)),
        .s = {.id = stmt_int(q, 16), .from_ms = stmt_int(q, 17), .to_ms = stmt_int(q, 18)},
        .o = {.id = stmt_int(q, 19), .from_ms = stmt_int(q, 20), .to_ms = stmt_int(q, 21)}};
}

static enum code swap_get(
    struct db *db, struct arena *a, int64_t id, struct duty_swap *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE w.id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这次换班");
}

enum code duty_swap_list(struct db *db, struct arena *a, int64_t person, bool waiting,
    struct duty_swap **out, size_t *n, struct err *e)
{
    struct duty_swap *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        DB_PLAN_ONCE "SELECT " COLUMNS FROM " WHERE (?1 = 0 OR w.person = ?1 OR w.to_person = ?1)"
                     " AND (?2 = 0 OR (?1 <> 0 AND w.state = 0 AND w.to_person = ?1)"
                     " OR (?1 = 0 AND w.state = 1 AND w.noted = 0))"
                     " ORDER BY w.id DESC LIMIT ?3");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, waiting);
    stmt_bind_int(q, 3, DUTY_SWAPS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- asking ---- */

/* The seat in which a person sits in a shift that has not begun. */
static enum code seat_in(struct db *db, const struct actor *by, int64_t shift, int64_t person,
    enum duty_seat *seat, struct err *e)
{
    struct arena a;
    struct duty_shift s = {0};
    int at = N_DUTY_SEAT;
    arena_init(&a);
    enum code c = duty_get(db, &a, shift, &s, e);
    for (int i = N_DUTY_SEAT - 1; c == OK && i >= 0; i--)
        if (s.who[i] == person)
            at = i;
    if (c == OK && at == N_DUTY_SEAT)
        c = FAIL(e, E_INPUT, "这一班不是他值的，请核对值班表");
    if (c == OK && s.from_ms <= by->now_ms)
        c = FAIL(e, E_CONFLICT, "这一班已经开始，不能再换");
    arena_release(&a);
    if (c == OK)
        *seat = (enum duty_seat)at;
    return c;
}

static enum code free_person(struct db *db, int64_t shift, int64_t person, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM person p WHERE p.id = ?2 AND p.active = 1 AND NOT"
                                " EXISTS (SELECT 1 FROM duty_shift s WHERE s.id = ?1 AND"
                                " (s.a = ?2 OR s.b = ?2 OR s.leader = ?2))");
    stmt_bind_int(q, 1, shift);
    stmt_bind_int(q, 2, person);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "对方已经在这一班里，或账号已停用");
}

enum code duty_swap_ask(
    struct db *db, const struct actor *by, const struct duty_swap *s, int64_t *id, struct err *e)
{
    enum duty_seat seat, other = DUTY_A;
    struct str why = s->why;
    TRY(duty_reason(&why, "为什么换班", e));
    if (!s->to || s->to == by->v->person)
        return FAIL(e, E_INPUT, "没有填写和谁换");
    TRY(seat_in(db, by, s->shift, by->v->person, &seat, e));
    TRY(free_person(db, s->shift, s->to, e));
    if (s->other) {
        TRY(seat_in(db, by, s->other, s->to, &other, e));
        TRY(free_person(db, s->other, by->v->person, e));
    }
    *id = id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO duty_swap(id, shift, seat, person, other, other_seat, to_person, why, asked,"
        " state, answered, noted, noted_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0,"
        " 0)");
    stmt_bind_int(q, 1, *id);
    stmt_bind_int(q, 2, s->shift);
    stmt_bind_int(q, 3, seat);
    stmt_bind_int(q, 4, by->v->person);
    stmt_bind_int(q, 5, s->other);
    stmt_bind_int(q, 6, other);
    stmt_bind_int(q, 7, s->to);
    stmt_bind_str(q, 8, why);
    stmt_bind_int(q, 9, by->now_ms);
    return stmt_run(q, NULL, e);
}

/* ---- answering ---- */

static enum code change_hands(
    struct db *db, const struct actor *by, const struct duty_swap *w, struct err *e)
{
    enum duty_seat seat;
    TRY(seat_in(db, by, w->shift, w->person, &seat, e));
    TRY(free_person(db, w->shift, w->to, e));
    TRY(duty_put(db, by,
        &(struct duty_put){.shift = w->shift,
            .seat = seat,
            .old = w->person,
            .now = w->to,
            .swap = w->id,
            .why = w->why},
        e));
    if (!w->other)
        return OK;
    TRY(seat_in(db, by, w->other, w->to, &seat, e));
    TRY(free_person(db, w->other, w->person, e));
    return duty_put(db, by,
        &(struct duty_put){.shift = w->other,
            .seat = seat,
            .old = w->to,
            .now = w->person,
            .swap = w->id,
            .why = w->why},
        e);
}

static enum code end_asking(
    struct db *db, const struct actor *by, int64_t id, enum duty_swap_state state, struct err *e)
{
    int64_t n = 0;
    struct stmt *q =
        db_sql(db, "UPDATE duty_swap SET state = ?2, answered = ?3 WHERE id = ?1 AND state = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, by->now_ms);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_CONFLICT, "这次换班已经有了结果，请刷新看看");
}

enum code duty_swap_answer(
    struct db *db, const struct actor *by, int64_t id, bool accept, struct err *e)
{
    struct arena a;
    struct duty_swap w = {0};
    arena_init(&a);
    enum code c = swap_get(db, &a, id, &w, e);
    if (c == OK && w.to != by->v->person)
        c = FAIL(e, E_DENIED, "要由被请换班的人答复");
    if (c == OK)
        c = end_asking(db, by, id, accept ? SWAP_ACCEPTED : SWAP_REFUSED, e);
    if (c == OK && accept)
        c = change_hands(db, by, &w, e);
    if (c == OK)
        c = audit_simple(
            db, by->v->person, accept ? "duty.swap" : "duty.refuse", "duty", w.shift, S(""), e);
    arena_release(&a);
    return c;
}

enum code duty_swap_withdraw(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct arena a;
    struct duty_swap w = {0};
    arena_init(&a);
    enum code c = swap_get(db, &a, id, &w, e);
    arena_release(&a);
    TRY(c);
    if (w.person != by->v->person)
        return FAIL(e, E_DENIED, "要由提出换班的人收回");
    return end_asking(db, by, id, SWAP_WITHDRAWN, e);
}

enum code duty_swap_note(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    int64_t n = 0;
    TRY(duty_require(db, by, e));
    struct stmt *q = db_sql(db, "UPDATE duty_swap SET noted = ?2, noted_by = ?3 WHERE id = ?1"
                                " AND state = 1 AND noted = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->now_ms);
    stmt_bind_int(q, 3, by->v->person);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_CONFLICT, "这次换班还没有谈妥，或已经阅知");
}
