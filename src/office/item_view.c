#include "office/item_view.h"

#include "base/json.h"
#include "office/item_int.h"

static bool is_quiet(struct str verb)
{
    return str_eq(verb, S("seen")) || str_eq(verb, S("remark")) || str_eq(verb, S("remind"));
}

/* As item_withdraw judges: the last move was his, nothing but what is quiet came behind it, and nobody who was asked by it
 * has looked. */
static bool may_withdraw(const struct work *w, const struct item_event *v, size_t n)
{
    size_t i = n;
    while (i > 0 && is_quiet(v[i - 1].verb))
        i--;
    if (i == 0 || w->it.closed_ms || !str_eq(v[i - 1].verb, S("move")) || v[i - 1].erased ||
        (v[i - 1].actor != w->by->v->person && !w->by->v->owner))
        return false;
    for (size_t k = 0; k < w->n_asks; k++)
        if (w->asks[k].made == v[i - 1].seq && w->asks[k].seen_ms)
            return false;
    return true;
}

/* The states that the events name. */
static void find_been(const struct work *w, struct item_view *out)
{
    for (size_t i = 0; i < out->n_events; i++) {
        json_t *payload;
        struct err none;
        if (jr_parse(out->events[i].payload, &payload, &none) != OK)
            continue;
        size_t from = kind_state_of(w->k, jr_str(payload, "from"));
        json_decref(payload);
        if (from != SIZE_MAX && from != w->state && !w->k->states[from].closed)
            out->been[from] = true;
    }
}

static void judge(const struct work *w, struct item_view *out)
{
    for (int r = 0; r < N_ITEM_RIGHT; r++)
        out->may[r] = r != ITEM_MOVE && work_right(w, (enum item_right)r, 0);
    out->may[ITEM_MOVE] = out->n_choices > 0;
    for (size_t i = 0; i < w->k->n_fields; i++)
        out->hidden[i] = !work_reads(w, &w->k->fields[i]);
    for (size_t i = 0; i < out->n_clocks; i++)
        for (size_t k = 0; k < w->k->n_clocks; k++)
            if (str_eq(w->k->clocks[k].id, out->clocks[i].clock))
                out->may_grant[i] =
                    out->clocks[i].state == CLOCK_RUNNING && work_may(w, &w->k->clocks[k].extend);
    out->may_renew =
        out->may[ITEM_EDIT] && (out->text.changed || out->text.form_changed) && text_renews(w);
    find_been(w, out);
    out->may_withdraw = may_withdraw(w, out->events, out->n_events);
}

enum code item_view(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct item_view *out, struct err *e)
{
    struct work w;
    struct item_view v = {.state = 0};
    const struct link_end self = {.kind = LINK_ITEM, .id = id};
    TRY(item_get(db, a, by, id, &v.it, e));
    TRY(work_load(&w, db, a, by, id, e));
    v.k = w.k;
    v.state = w.state;
    TRY(ask_tree(db, a, by, id, &v.asks, e));
    if (w.k->text.line)
        TRY(item_text(db, a, by, id, &v.text, e));
    TRY(absence_today(db, a, by, &v.away, &v.n_away, e));
    TRY(item_choices(db, a, by, &v.it, &v.choices, &v.n_choices, e));
    TRY(item_clock_list(db, a, by, id, &v.clocks, &v.n_clocks, e));
    TRY(item_link_list(db, a, by, self, &v.links, &v.n_links, e));
    TRY(item_event_list(db, a, by, id,
        w.it.revision > VIEW_EVENTS_MAX ? w.it.revision - VIEW_EVENTS_MAX : 0, VIEW_EVENTS_MAX,
        &v.events, &v.n_events, e));
    v.hidden = ARENA_ARRAY(a, bool, w.k->n_fields + 1);
    v.been = ARENA_ARRAY(a, bool, w.k->n_states + 1);
    v.may_grant = ARENA_ARRAY(a, bool, v.n_clocks + 1);
    judge(&w, &v);
    *out = v;
    return OK;
}

enum code item_seen(struct db *db, const struct actor *by, int64_t id, size_t *n, struct err *e)
{
    struct arena a;
    struct work w;
    size_t seen = 0;
    arena_init(&a);
    enum code c = work_begin(&w, db, &a, by, id, e);
    for (size_t i = 0; c == OK && i < w.n_asks; i++) {
        const struct ask *k = &w.asks[i];
        if (k->state != ASK_OPEN || !k->sent_ms || k->seen_ms ||
            !work_acts_for(&w, (int)k->to_kind, k->to))
            continue;
        c = ask_seen(db, by, k->id, e);
        seen += c == OK;
    }
    arena_release(&a);
    if (c == OK)
        *n = seen;
    return c;
}
