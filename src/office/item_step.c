#include "office/document.h"
#include "office/item_clock.h"
#include "office/item_seen.h"

#define NOT_LEFT INT64_MAX

/* ---- writing ---- */

struct step {
    enum step_what what;
    int64_t ask, seq, person, unit, entered, due;
    struct str state;
    bool closed;
};

static enum code step_insert(struct work *w, const struct step *s, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_step(item, what, ask, seq, kind, state, closed, person, unit, urgency,"
        " entered, noted, left_at, result, due)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14)"
        " ON CONFLICT DO NOTHING");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, s->what);
    stmt_bind_int(q, 3, s->ask);
    stmt_bind_int(q, 4, s->seq);
    stmt_bind_str(q, 5, w->it.kind);
    stmt_bind_str(q, 6, s->state);
    stmt_bind_int(q, 7, s->closed);
    stmt_bind_int(q, 8, s->person);
    stmt_bind_int(q, 9, s->unit);
    stmt_bind_int(q, 10, w->it.urgency);
    stmt_bind_int(q, 11, s->entered);
    stmt_bind_int(q, 12, w->by->now_ms);
    stmt_bind_int(q, 13, NOT_LEFT);
    stmt_bind_int(q, 14, s->due);
    return stmt_run(q, NULL, e);
}

static int64_t unit_of(const struct work *w)
{
    size_t lead = kind_field_of(w->k, S("lead"));
    int64_t id = 0;
    if (lead != SIZE_MAX && w->k->fields[lead].type == FIELD_UNIT)
        (void)field_ids(w, lead, &id, 1);
    return id ? id : w->it.unit;
}

static enum code state_step(struct work *w, struct err *e)
{
    int64_t left = 0;
    bool first = w->it.revision == 1;
    if (!first) {
        struct stmt *q = db_sql(w->db, "UPDATE item_step SET left_at = ?2 WHERE item = ?1 AND"
                                       " what = 1 AND left_at = ?3 AND state <> ?4");
        stmt_bind_int(q, 1, w->it.id);
        stmt_bind_int(q, 2, w->by->now_ms);
        stmt_bind_int(q, 3, NOT_LEFT);
        stmt_bind_str(q, 4, w->it.state);
        TRY(stmt_run(q, &left, e));
        if (!left)
            return OK;
    }
    struct step s = {.what = STEP_STATE,
        .seq = w->it.revision,
        .state = w->it.state,
        .closed = w->k->states[w->state].closed,
        .person = w->it.owner,
        .unit = unit_of(w),
        .entered = first ? w->it.opened_ms : w->by->now_ms};
    return step_insert(w, &s, e);
}

/* An ask has one row whenever it was made: what was asked and taken back before is not counted twice. */
static enum code ask_steps(struct work *w, struct err *e)
{
    struct stmt *q;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        bool person = a->to_kind == PRINCIPAL_PERSON;
        if (a->state != ASK_OPEN || a->sent_ms != w->by->now_ms)
            continue;
        struct step s = {.what = STEP_ASK,
            .ask = a->id,
            .state = w->it.state,
            .person = person ? a->to : 0,
            .unit = person ? 0 : a->to,
            .entered = a->sent_ms};
        TRY(step_insert(w, &s, e));
    }
    q = db_sql(w->db, "UPDATE item_step SET left_at = ?2, result = (SELECT a.state FROM ask a"
                      " WHERE a.id = item_step.ask) WHERE item = ?1 AND what = 2 AND left_at = ?3"
                      " AND EXISTS (SELECT 1 FROM ask a WHERE a.id = item_step.ask"
                      " AND a.state <> 0)");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, w->by->now_ms);
    stmt_bind_int(q, 3, NOT_LEFT);
    return stmt_run(q, NULL, e);
}

/* The clock that ends with the item; the day it was set to at first. 0: none runs. */
static enum code due_now(struct work *w, int64_t *due, struct err *e)
{
    const struct kind_clock *c = NULL;
    *due = 0;
    for (size_t i = 0; i < w->k->n_clocks && !c; i++)
        if (w->k->states[w->k->clocks[i].stop].closed)
            c = &w->k->clocks[i];
    if (!c)
        return OK;
    struct stmt *q = db_sql(w->db, "SELECT original FROM item_clock WHERE item = ?1 AND clock = ?2"
                                   " AND state <> ?3 ORDER BY run DESC LIMIT 1");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_str(q, 2, c->id);
    stmt_bind_int(q, 3, CLOCK_DROPPED);
    if (stmt_step(q))
        *due = stmt_int(q, 0);
    return stmt_end(q, e);
}

static enum code due_step(struct work *w, struct err *e)
{
    int64_t due, was = 0;
    TRY(due_now(w, &due, e));
    struct stmt *q =
        db_sql(w->db, "SELECT due FROM item_step WHERE item = ?1 AND what = 3 AND left_at = ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, NOT_LEFT);
    if (stmt_step(q))
        was = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (was == due)
        return OK;
    if (was) {
        q = db_sql(w->db, "UPDATE item_step SET left_at = ?2 WHERE item = ?1 AND what = 3"
                          " AND left_at = ?3");
        stmt_bind_int(q, 1, w->it.id);
        stmt_bind_int(q, 2, w->by->now_ms);
        stmt_bind_int(q, 3, NOT_LEFT);
        TRY(stmt_run(q, NULL, e));
    }
    struct step s = {.what = STEP_DUE,
        .seq = w->it.revision,
        .state = w->it.state,
        .unit = unit_of(w),
        .entered = w->by->now_ms,
        .due = due};
    return due ? step_insert(w, &s, e) : OK;
}

/* A stay is one, whoever has it: it counts for him who has it when it ends. */
static enum code steps_hand_over(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(
        w->db, "UPDATE item_step SET person = ?2 WHERE item = ?1 AND what = 1 AND left_at = ?3");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, w->it.owner);
    stmt_bind_int(q, 3, NOT_LEFT);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(w->db, "UPDATE item_step SET person = (SELECT a.to_id FROM ask a"
                      " WHERE a.id = item_step.ask) WHERE item = ?1 AND what = 2 AND left_at = ?2"
                      " AND person <> 0");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, NOT_LEFT);
    return stmt_run(q, NULL, e);
}

enum code steps_write(struct work *w, const char *verb, struct err *e)
{
    static const char *const none[] = {
        "seen", "remark", "remind", "link", "unlink", "attach", "climb", "climb_again"};
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        if (str_eq(str_z(verb), str_z(none[i])))
            return OK;
    if (str_eq(str_z(verb), S("hand_over")))
        TRY(steps_hand_over(w, e));
    TRY(state_step(w, e));
    TRY(ask_steps(w, e));
    return due_step(w, e);
}

/* ---- reading ---- */

void step_bind(struct stmt *q, const struct step_filter *f)
{
    static const struct step_filter none;
    if (!f)
        f = &none;
    stmt_bind_int(q, 69, f->what);
    stmt_bind_int(q, 70, f->from_ms);
    stmt_bind_int(q, 71, f->to_ms);
    stmt_bind_int(q, 72, f->as_of_ms);
    stmt_bind_int(q, 73, f->first);
    stmt_bind_int(q, 74, f->closed);
    stmt_bind_str(q, 75, f->state);
    stmt_bind_int(q, 76, f->unit);
    stmt_bind_int(q, 77, f->person);
    stmt_bind_int(q, 78, f->urgency);
    stmt_bind_int(q, 79, f->open);
    stmt_bind_int(q, 80, f->due);
}

enum code seen_read(struct db *db, const struct actor *by, struct seen *out, struct err *e)
{
    struct seen s = {.level = -1};
    TRY(seats_of(db, by, s.seat, &s.n, e));
    if (by->v->owner)
        s.level = LEVEL_WORK_SECRET;
    else if (seen_roles(&s) & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER))
        s.level = LEVEL_INTERNAL;
    *out = s;
    return OK;
}

int64_t seen_seat(const struct seen *s, int i, int which)
{
    int64_t found[SEAT_PLACES] = {0};
    int n = 0;
    for (int k = 0; k < s->n && n < SEAT_PLACES; k++) {
        int64_t id = seat_place(&s->seat[k], which);
        bool known = id == 0;
        for (int x = 0; x < n; x++)
            known = known || found[x] == id;
        if (!known)
            found[n++] = id;
    }
    return i < n ? found[i] : 0;
}

uint32_t seen_roles(const struct seen *s)
{
    uint32_t roles = 0;
    for (int i = 0; i < s->n; i++)
        roles |= s->seat[i].roles;
    return roles;
}

void seen_bind(struct stmt *q, const struct seen *s)
{
    uint32_t roles = seen_roles(s);
    stmt_bind_int(q, 1, s->level);
    for (int which = 0; which < 3; which++)
        for (int i = 0; i < SEAT_PLACES; i++)
            stmt_bind_int(q, 2 + which * SEAT_PLACES + i, seen_seat(s, i, which));
    for (int i = 0; i < ROLE_BITS; i++)
        stmt_bind_int(q, 14 + i, (roles & 1U << i) ? 1 << i : 0);
}
