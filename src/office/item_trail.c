/* The way an item has gone: the states it came into, read from its chain; and who stood where it goes back to. */
#include "office/item_int.h"

static enum code step_of(struct work *w, struct stmt *q, struct trail *t, struct err *e)
{
    struct trail_step s = {.seq = stmt_int(q, 0), .at_ms = stmt_int(q, 1), .state = 0};
    json_t *payload;
    if (!str_eq(stmt_str(q, 2), S("open"))) {
        if (!stmt_str(q, 3).n) /* erased by law */
            return OK;
        TRY(jr_parse(stmt_str(q, 3), &payload, e));
        s.state = kind_state_of(w->k, jr_str(payload, "to"));
        json_decref(payload);
        if (s.state == SIZE_MAX)
            return OK;
        if (str_eq(stmt_str(q, 2), S("withdraw")) && t->n > 1 &&
            t->v[t->n - 2].state == s.state) { /* the step is as if it had not been */
            t->n--;
            return OK;
        }
    }
    ARENA_PUSH(w->a, t->v, t->n, t->cap) = s;
    return OK;
}

enum code trail_read(struct work *w, struct trail *out, struct err *e)
{
    struct trail t = {.n = 0};
    enum code c = OK;
    struct err end;
    struct stmt *q = db_sql(w->db,
        "SELECT seq, at, verb, payload FROM item_event WHERE item = ?1 AND verb IN ('open', 'move',"
        " 'answer', 'withdraw', 'return', 'reopen', 'merge') ORDER BY seq");
    stmt_bind_int(q, 1, w->it.id);
    while (c == OK && stmt_step(q))
        c = step_of(w, q, &t, e);
    enum code ended = stmt_end(q, &end);
    if (c == OK && ended != OK)
        c = FAIL(e, ended, "%s", end.msg);
    if (c == OK)
        *out = t;
    return c;
}

bool trail_was_in(const struct trail *t, size_t state)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].state == state)
            return true;
    return false;
}

struct stay {
    int64_t from_ms;
    int64_t from,
        to; /* events: that it came with, and that it left with for another; INT64_MAX: it is there */
};

/* The last one in the state. By events, not instants: several may fall on one. */
static bool last_stay(const struct trail *t, size_t state, struct stay *out)
{
    bool found = false;
    for (size_t i = 0; i < t->n; i++) {
        const struct trail_step *s = &t->v[i];
        bool here = s->state == state, before = i && t->v[i - 1].state == state;
        if (here && !before) {
            *out = (struct stay){s->at_ms, s->seq, INT64_MAX};
            found = true;
        } else if (!here && before) {
            out->to = s->seq;
        }
    }
    return found;
}

bool trail_between(const struct trail *t, const struct kind_clock *kc, int64_t *since_ms)
{
    bool runs = false;
    for (size_t i = 0; i < t->n; i++) {
        size_t state = t->v[i].state;
        if (i && t->v[i - 1].state == state)
            continue;
        if (state == kc->start) {
            runs = true;
            *since_ms = t->v[i].at_ms;
        } else if (state == kc->stop) {
            runs = false;
        }
        for (size_t k = 0; k < kc->n_drop; k++)
            runs = runs && kc->drop[k] != state;
    }
    return runs;
}

/* It lay with him then and was waited for: open still, answered in that stay, or overtaken in it. What was taken back stays so. */
static bool stood_there(const struct ask *a, const struct stay *s)
{
    if (a->parent || a->wait == WAIT_NONE || a->made >= s->to)
        return false;
    switch (a->state) {
    case ASK_OPEN:
        return true;
    case ASK_ANSWERED:
        return a->answered_ms >= s->from_ms;
    case ASK_VOID:
        return a->made >= s->from;
    case ASK_WITHDRAWN:
        break;
    }
    return false;
}

enum code stood_read(struct work *w, size_t state, struct stood *out, struct err *e)
{
    struct trail t;
    struct stay stay;
    *out = (struct stood){.n = 0};
    TRY(trail_read(w, &t, e));
    if (!last_stay(&t, state, &stay))
        return OK;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (stood_there(a, &stay))
            ARENA_PUSH(w->a, out->v, out->n, out->cap) = (struct ask_plan){.to_kind = a->to_kind,
                .to = a->to,
                .due_ms = a->due_ms > w->by->now_ms ? a->due_ms : 0,
                .purpose = a->purpose,
                .answers = a->answers,
                .need_text = a->need_text,
                .need_files = a->need_files,
                .final = a->final,
                .wait = a->wait,
                .turn = a->turn};
    }
    return OK;
}

enum code stood_again(struct work *w, const struct stood *s, struct err *e)
{
    for (size_t i = 0; i < s->n; i++)
        TRY(ask_make(w, &s->v[i], e));
    return OK;
}
