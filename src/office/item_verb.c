/* The verbs that no kind names: remark, withdraw, return, hand over, merge, reopen. */
#include "base/utf8.h"
#include "office/item_int.h"
#include "office/item_link.h"
#include "office/item_text.h"
#include "office/person.h"

enum { TOLD_MAX = 200, HISTORY_MAX = 1000 };

void verb_init(struct verb *v)
{
    arena_init(&v->a);
    buf_init(&v->b, 0);
    jw_init(&v->j, &v->b);
    jw_obj(&v->j);
}

void verb_release(struct verb *v)
{
    buf_release(&v->b);
    arena_release(&v->a);
}

enum code verb_begin(struct verb *v, struct db *db, const struct actor *by, int64_t id,
    int64_t revision, struct err *e)
{
    verb_init(v);
    return work_begin_at(&v->w, db, &v->a, by, id, revision, e);
}

enum code verb_begin_any(
    struct verb *v, struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    verb_init(v);
    return work_begin(&v->w, db, &v->a, by, id, e);
}

enum code verb_end(struct verb *v, enum code c, const char *verb, struct err *e)
{
    if (c == OK) {
        jw_end(&v->j);
        c = work_commit(&v->w, verb, &v->b, e);
    }
    verb_release(v);
    return c;
}

enum code verb_reason(struct verb *v, struct str why, bool required, struct err *e)
{
    why = str_trim(why);
    if (required && !why.n)
        return FAIL(e, E_INPUT, "没有填写理由，填好后再办");
    if (utf8_check(why) != SIZE_MAX || utf8_len_cp(why) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "填写的内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (why.n)
        jw_kstr(&v->j, "why", why);
    return OK;
}

/* ---- remark ---- */

static enum code remark(
    struct verb *v, struct str text, const int64_t *to, size_t n_to, struct err *e)
{
    text = str_trim(text);
    if (!text.n)
        return FAIL(e, E_INPUT, "没有填写留言");
    if (utf8_check(text) != SIZE_MAX || utf8_len_cp(text) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "留言超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    if (n_to > TOLD_MAX)
        return FAIL(e, E_LIMIT, "一次最多告知%d人", TOLD_MAX);
    jw_kstr(&v->j, "text", text);
    jw_karr(&v->j, "to");
    for (size_t i = 0; i < n_to; i++) {
        struct person p;
        TRY(person_get(v->w.db, &v->a, to[i], &p, e));
        if (!p.active)
            return FAIL(e, E_INPUT, "“%.*s”已停用，请另选", SF(p.name));
        jw_id(&v->j, to[i]);
        work_acted(&v->w, to[i], WHY_TOLD);
    }
    jw_end(&v->j);
    return text_note(&v->w, &v->j, e);
}

enum code item_remark(struct db *db, const struct actor *by, int64_t id, struct str text,
    const int64_t *to, size_t n_to, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, id, e);
    if (c == OK)
        c = remark(&v, text, to, n_to, e);
    return verb_end(&v, c, "remark", e);
}

/* ---- withdraw ---- */

/* The last move, behind which only what is quiet happened; its payload. */
static enum code last_move(struct verb *v, struct item_event *out, json_t **payload, struct err *e)
{
    struct item_event *h;
    size_t n, i;
    int64_t after = v->w.it.revision > HISTORY_MAX ? v->w.it.revision - HISTORY_MAX : 0;
    TRY(event_rows(v->w.db, &v->a, v->w.it.id, after, HISTORY_MAX, &h, &n, e));
    for (i = n; i-- > 0;) {
        if (str_eq(h[i].verb, S("move")))
            break;
        if (!str_eq(h[i].verb, S("seen")) && !str_eq(h[i].verb, S("remark")) &&
            !str_eq(h[i].verb, S("remind")))
            return FAIL(e, E_CONFLICT, "之后已有“%s”，不能撤回", item_verb_name(h[i].verb));
    }
    if (i == SIZE_MAX || h[i].erased)
        return FAIL(e, E_CONFLICT, "没有可以撤回的一步");
    *out = h[i];
    return jr_parse(h[i].payload, payload, e);
}

/* The fields that the move set, as they were. */
static enum code put_back(struct verb *v, const json_t *payload, struct err *e)
{
    json_t *set = json_object_get(payload, "set"), *old = json_object(), *entry;
    const char *key;
    json_object_foreach(set, key, entry) json_object_set(old, key, json_array_get(entry, 0));
    jw_kobj(&v->j, "set");
    enum code c = fields_take(&v->w, old, NULL, 0, &v->j, e);
    jw_end(&v->j);
    json_decref(old);
    return c;
}

static enum code withdraw_move(
    struct verb *v, const struct item_event *ev, const json_t *payload, struct err *e)
{
    struct work *w = &v->w;
    size_t back = kind_state_of(w->k, jr_str(payload, "from"));
    if (back == SIZE_MAX || !str_eq(jr_str(payload, "to"), w->it.state))
        return FAIL(e, E_CONFLICT, "没有可以撤回的一步");
    if (w->it.closed_ms)
        return FAIL(e, E_CONFLICT, "这件事项已经办结，请由科长重新办理");
    if (ev->actor != w->by->v->person && !w->by->v->owner)
        return FAIL(e, E_DENIED, "这一步不是您办理的，不能撤回");
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].made == ev->seq && w->asks[i].seen_ms)
            return FAIL(
                e, E_CONFLICT, "“%.*s”已经看到，不能撤回，可以请对方退回", SF(w->asks[i].to_name));
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].made == ev->seq && w->asks[i].state == ASK_OPEN)
            TRY(ask_end(w, &w->asks[i], ASK_WITHDRAWN, e));
    jw_kstr(&v->j, "name", S("撤回"));
    jw_kstr(&v->j, "from", w->it.state);
    jw_kstr(&v->j, "to", w->k->states[back].id);
    if (json_object_get(payload, "set"))
        TRY(put_back(v, payload, e));
    bool same = w->state == back;
    w->state = back;
    w->it.state = w->k->states[back].id;
    if (!same)
        TRY(clocks_withdraw(w, ev->at_ms, e));
    return OK;
}

static enum code withdraw(struct verb *v, struct str why, struct err *e)
{
    struct item_event ev = {.seq = 0};
    json_t *payload = NULL;
    TRY(verb_reason(v, why, false, e));
    TRY(last_move(v, &ev, &payload, e));
    enum code c = withdraw_move(v, &ev, payload, e);
    json_decref(payload);
    return c;
}

enum code item_withdraw(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = withdraw(&v, why, e);
    return verb_end(&v, c, "withdraw", e);
}

/* ---- to another state: return, reopen ---- */

static enum code enter(struct verb *v, size_t state, const char *name, struct err *e)
{
    struct work *w = &v->w;
    for (size_t i = 0; i < w->n_asks; i++)
        if (w->asks[i].state == ASK_OPEN)
            TRY(ask_end(w, &w->asks[i], ASK_VOID, e));
    jw_kstr(&v->j, "name", str_z(name));
    jw_kstr(&v->j, "from", w->it.state);
    jw_kstr(&v->j, "to", w->k->states[state].id);
    w->state = state;
    w->it.state = w->k->states[state].id;
    w->it.closed_ms = 0;
    return OK;
}

static enum code go_back(struct verb *v, struct str state, struct str why, struct err *e)
{
    struct work *w = &v->w;
    size_t to = kind_state_of(w->k, state);
    struct trail t;
    struct stood s;
    if (!work_right(w, ITEM_RETURN, 0))
        return FAIL(e, E_DENIED, "您不能退回这件事项");
    TRY(verb_reason(v, why, true, e));
    if (to == SIZE_MAX || to == w->state || w->k->states[to].closed)
        return FAIL(
            e, E_INPUT, "不能退回到“%.*s”", SF(to == SIZE_MAX ? state : w->k->states[to].name));
    TRY(trail_read(w, &t, e));
    if (!trail_was_in(&t, to))
        return FAIL(e, E_INPUT, "这件事项没有到过“%.*s”，不能退回", SF(w->k->states[to].name));
    TRY(stood_read(w, to, &s, e));
    TRY(enter(v, to, "退回", e));
    TRY(stood_again(w, &s, e));
    return clocks_enter(w, e);
}

enum code item_return(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str state, struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = go_back(&v, state, why, e);
    return verb_end(&v, c, "return", e);
}

/* The state in which it was before it was closed. */
static enum code state_before(struct work *w, size_t *out, struct err *e)
{
    struct trail t;
    TRY(trail_read(w, &t, e));
    *out = 0;
    for (size_t i = t.n; i-- > 0;)
        if (!w->k->states[t.v[i].state].closed) {
            *out = t.v[i].state;
            break;
        }
    return OK;
}

static enum code reopen(struct verb *v, struct str why, struct err *e)
{
    struct stood s;
    size_t to;
    if (!v->w.it.closed_ms || v->w.it.discarded)
        return FAIL(e, E_CONFLICT, "这件事项没有办结，不必重新办理");
    if (!work_right(&v->w, ITEM_REOPEN, 0))
        return FAIL(e, E_DENIED, "您不能重新办理这件事项，请联系科长");
    TRY(verb_reason(v, why, true, e));
    TRY(state_before(&v->w, &to, e));
    TRY(stood_read(&v->w, to, &s, e));
    TRY(enter(v, to, "重新办理", e));
    TRY(stood_again(&v->w, &s, e));
    if (v->w.it.archived_ms)
        jw_kstr(&v->j, "archive_no", v->w.it.archive_no);
    v->w.it.archived_ms = 0;
    return clocks_enter(&v->w, e);
}

enum code item_reopen(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = reopen(&v, why, e);
    return verb_end(&v, c, "reopen", e);
}

/* ---- hand over ---- */

static enum code hand_over(struct verb *v, int64_t person, struct str why, struct err *e)
{
    struct person p;
    if (!work_right(&v->w, ITEM_HAND_OVER, 0))
        return FAIL(e, E_DENIED, "您不能移交这件事项");
    TRY(verb_reason(v, why, false, e));
    TRY(person_get(v->w.db, &v->a, person, &p, e));
    if (!p.active)
        return FAIL(e, E_INPUT, "“%.*s”已停用，请另选", SF(p.name));
    if (person == v->w.it.owner)
        return FAIL(e, E_INPUT, "这件事项已经由“%.*s”负责", SF(p.name));
    jw_kid(&v->j, "from", v->w.it.owner);
    jw_kid(&v->j, "to", person);
    v->w.it.owner = person;
    return OK;
}

enum code item_hand_over(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    int64_t person, struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = hand_over(&v, person, why, e);
    return verb_end(&v, c, "hand_over", e);
}

/* ---- merge ---- */

/* Into the first closed state of its kind; the other item says where it went. */
static enum code merge(
    struct verb *v, const struct actor *by, int64_t into, struct str why, struct err *e)
{
    struct work *w = &v->w, other;
    size_t closed = 0;
    if (!work_right(w, ITEM_MERGE, 0))
        return FAIL(e, E_DENIED, "您不能将这件事项并案");
    TRY(verb_reason(v, why, true, e));
    if (into == w->it.id)
        return FAIL(e, E_INPUT, "不能并入自身");
    TRY(work_begin(&other, w->db, &v->a, by, into, e));
    if (other.it.closed_ms)
        return FAIL(e, E_CONFLICT, "要并入的事项已经办结，请另选");
    while (closed < w->k->n_states && !w->k->states[closed].closed)
        closed++;
    if (closed == w->k->n_states)
        return FAIL(e, E_INPUT, "“%.*s”没有办结的状态，不能并案", SF(w->k->name));
    TRY(enter(v, closed, "并案", e));
    w->it.closed_ms = by->now_ms;
    TRY(clocks_drop(w, S("并案"), e)); /* what was not done is not met */
    jw_kid(&v->j, "into", into);
    return item_link_put(w->db, by,
        &(struct item_link){.from = {.kind = LINK_ITEM, .id = w->it.id},
            .to = {.kind = LINK_ITEM, .id = into},
            .relation = S("合并")},
        e);
}

enum code item_merge(struct db *db, const struct actor *by, int64_t id, int64_t revision,
    int64_t into, struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin(&v, db, by, id, revision, e);
    if (c == OK)
        c = merge(&v, by, into, why, e);
    return verb_end(&v, c, "merge", e);
}
