#include "office/climb.h"

#include "base/id.h"
#include "office/item_int.h"
#include "office/notice_int.h"

enum { BATCH = 100, RETRY_MS = 60 * 1000 };

/* ---- beginning and ending ---- */

static bool in_state(const struct kind *k, struct str state)
{
    for (size_t i = 0; i < k->climb->n_in; i++)
        if (str_eq(k->states[k->climb->in[i]].id, state))
            return true;
    return false;
}

static bool calls(const struct kind *k, const struct item *it)
{
    return it->id && !it->closed_ms && in_state(k, it->state) &&
           (k->climb->always || it->urgency == URGENCY_URGENT);
}

static enum code begin(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO climb(id, item, state, round, seat, next_at, started, raised_by, acked_by,"
        " acked, for_person) VALUES(?1, ?2, 1, 1, 0, ?3, ?3, ?4, 0, 0, 0)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_int(q, 3, w->by->now_ms);
    stmt_bind_int(q, 4, w->by->v->person);
    return stmt_run(q, NULL, e);
}

static enum code settle(struct db *db, int64_t item, enum climb_state state, int64_t acked_by,
    int64_t whose, int64_t now_ms, int64_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE climb SET state = ?2, acked_by = ?3, acked = ?4,"
                                " for_person = ?5 WHERE item = ?1 AND state = 1");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, state);
    stmt_bind_int(q, 3, acked_by);
    stmt_bind_int(q, 4, now_ms);
    stmt_bind_int(q, 5, whose);
    TRY(stmt_run(q, n, e));
    return notice_outdated(db, item, NOTICE_CLIMB, now_ms, e);
}

/* Coming into such a state calls; what is acknowledged there is not called for again. */
enum code climb_event(struct work *w, const struct item_event *ev, struct err *e)
{
    int64_t n;
    (void)ev;
    if (!w->k->climb)
        return OK;
    bool was = calls(w->k, &w->was), is = calls(w->k, &w->it);
    if (is && !was)
        return begin(w, e);
    return was && !is ? settle(w->db, w->it.id, CLIMB_ENDED, 0, 0, w->by->now_ms, &n, e) : OK;
}

/* ---- reading ---- */

#define COLUMNS                                                                              \
    "c.id, c.item, c.state, c.started, c.next_at, c.round, c.seat, c.raised_by, c.acked_by," \
    " c.acked, c.for_person, coalesce(r.name, ''), coalesce(k.name, ''), coalesce(f.name, '')"
#define FROM                                                                    \
    " FROM climb c LEFT JOIN person r ON r.id = c.raised_by LEFT JOIN person k" \
    " ON k.id = c.acked_by LEFT JOIN person f ON f.id = c.for_person"

static struct climb row(struct stmt *q, struct arena *a)
{
    return (struct climb){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .state = (enum climb_state)stmt_int(q, 2),
        .started_ms = stmt_int(q, 3),
        .next_ms = stmt_int(q, 4),
        .round = stmt_int(q, 5),
        .seat = (enum duty_seat)stmt_int(q, 6),
        .raised_by = stmt_int(q, 7),
        .acked_by = stmt_int(q, 8),
        .acked_ms = stmt_int(q, 9),
        .for_person = stmt_int(q, 10),
        .raised_name = arena_str(a, stmt_str(q, 11)),
        .acked_name = arena_str(a, stmt_str(q, 12)),
        .for_name = arena_str(a, stmt_str(q, 13))};
}

static enum code newest(
    struct db *db, struct arena *a, int64_t item, struct climb *out, bool *there, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE c.item = ?1 ORDER BY c.id DESC LIMIT 1");
    stmt_bind_int(q, 1, item);
    *there = stmt_step(q);
    if (*there)
        *out = row(q, a);
    return stmt_end(q, e);
}

enum code climb_get(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct climb *out, bool *there, struct err *e)
{
    bool may = false;
    TRY(access_item(db, by, item, ITEM_SEE, 0, &may, e));
    return may ? newest(db, a, item, out, there, e)
               : FAIL(e, E_NOTFOUND, "没有这件事项，或您无权查看");
}

enum code climb_steps(struct db *db, struct arena *a, const struct actor *by, const struct climb *c,
    struct climb_step **out, size_t *n, struct err *e)
{
    struct climb_step *v = NULL;
    size_t k = 0, cap = 0;
    bool phones = false;
    TRY(duty_sees_phones(db, by, &phones, e));
    struct stmt *q = db_sql(db,
        "SELECT s.at, s.round, s.person, s.seat, coalesce(p.name, ''), coalesce(CASE WHEN"
        " p.mobile <> '' THEN p.mobile ELSE p.phone END, ''), s.skipped FROM climb_step s"
        " LEFT JOIN person p ON p.id = s.person WHERE s.climb = ?1 ORDER BY s.n LIMIT ?2");
    stmt_bind_int(q, 1, c->id);
    stmt_bind_int(q, 2, CLIMB_STEPS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct climb_step){.at_ms = stmt_int(q, 0),
            .round = stmt_int(q, 1),
            .person = stmt_int(q, 2),
            .seat = (enum duty_seat)stmt_int(q, 3),
            .name = arena_str(a, stmt_str(q, 4)),
            .phone = phones ? arena_str(a, stmt_str(q, 5)) : S(""),
            .skipped = arena_str(a, stmt_str(q, 6))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code climb_calling(struct db *db, struct arena *a, const struct actor *by, struct climb **out,
    size_t *n, struct err *e)
{
    struct climb *v = NULL;
    size_t k = 0, cap = 0;
    struct duty_shift s = {0};
    bool on = false;
    TRY(duty_at(db, a, by->now_ms, &s, &on, e));
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT " COLUMNS FROM " WHERE c.state = 1 AND (?2 = 1 OR c.raised_by = ?1 OR EXISTS"
        " (SELECT 1 FROM climb_step s WHERE s.climb = c.id AND"
        " s.person = ?1)) ORDER BY c.id LIMIT ?3");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, by->v->roles & ROLE_CHIEF || (on && duty_has(&s, by->v->person)));
    stmt_bind_int(q, 3, CLIMB_LIST_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- acknowledging ---- */

/* The field of the kind in which stands who has it. */
static enum code put_taker(struct verb *v, int64_t person, struct err *e)
{
    const struct kind_climb *kc = v->w.k->climb;
    enum code c = OK;
    jw_kobj(&v->j, "set");
    if (kc->taker != SIZE_MAX) {
        char id[24];
        (void)snprintf(id, sizeof(id), "%lld", (long long)person);
        json_t *set = json_object(), *text = json_string(id);
        struct str name = v->w.k->fields[kc->taker].id;
        (void)json_object_setn_new(set, name.p, name.n, text);
        c = fields_take(&v->w, set, &kc->taker, 1, &v->j, e);
        json_decref(set);
    }
    jw_end(&v->j);
    return c;
}

/* Who was called besides hears that he need not come. */
static enum code name_others(struct verb *v, int64_t climb, int64_t taker, struct err *e)
{
    struct stmt *q = db_sql(v->w.db, "SELECT DISTINCT person FROM climb_step WHERE climb = ?1"
                                     " AND skipped = '' AND person <> 0 AND person <> ?2"
                                     " ORDER BY person");
    stmt_bind_int(q, 1, climb);
    stmt_bind_int(q, 2, taker);
    jw_karr(&v->j, "others");
    while (stmt_step(q))
        jw_id(&v->j, stmt_int(q, 0));
    jw_end(&v->j);
    return stmt_end(q, e);
}

static enum code person_text(struct work *w, int64_t person, struct str *out, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT name FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, person);
    *out = stmt_step(q) ? arena_str(w->a, stmt_str(q, 0)) : S("");
    return stmt_end(q, e);
}

static enum code reached(struct work *w, int64_t whose, struct err *e)
{
    struct duty_shift s = {0};
    bool on = false;
    if (!whose)
        return OK;
    TRY(duty_at(w->db, w->a, w->by->now_ms, &s, &on, e));
    return on && duty_has(&s, whose) ? OK : FAIL(e, E_INPUT, "只能代记正在值班的人接到");
}

static enum code ack(struct verb *v, int64_t whose, struct err *e)
{
    struct work *w = &v->w;
    int64_t me = w->by->v->person, taker = whose ? whose : me, n = 0;
    struct climb c = {0};
    struct str name;
    bool there = false;
    if (!w->k->climb)
        return FAIL(e, E_CONFLICT, "这类事项不呼叫值班人员");
    TRY(newest(w->db, w->a, w->it.id, &c, &there, e));
    if (!there || c.state != CLIMB_CALLING)
        return c.acked_by ? FAIL(e, E_CONFLICT, "%.*s已经接到，不用再接",
                                SF(c.for_person ? c.for_name : c.acked_name))
                          : FAIL(e, E_CONFLICT, "现在没有在呼叫值班人员");
    if (taker == c.raised_by)
        return FAIL(e, E_DENIED, "要由登记人以外的人接到；电话里已告知的，请选代记是谁接到");
    TRY(reached(w, whose, e));
    TRY(settle(w->db, w->it.id, CLIMB_ACKED, me, whose, w->by->now_ms, &n, e));
    work_acted(w, taker, WHY_ACTED);
    TRY(put_taker(v, taker, e));
    TRY(person_text(w, taker, &name, e));
    TRY(name_others(v, c.id, taker, e));
    if (whose)
        jw_kid(&v->j, "for", whose);
    jw_kid(&v->j, "raised", c.raised_by);
    jw_kstr(&v->j, "text",
        whose ? arena_printf(w->a, "%.*s电话接到", SF(name))
              : arena_printf(w->a, "%.*s已接到", SF(name)));
    return OK;
}

enum code climb_ack(
    struct db *db, const struct actor *by, int64_t item, int64_t whose, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, item, e);
    if (c == OK)
        c = ack(&v, whose, e);
    return verb_end(&v, c, "climb_ack", e);
}

static enum code again(struct work *w, struct err *e)
{
    struct climb c = {0};
    bool there = false;
    if (!w->k->climb || !calls(w->k, &w->it))
        return FAIL(e, E_CONFLICT, "这件事项现在的状态不需要呼叫值班人员");
    TRY(newest(w->db, w->a, w->it.id, &c, &there, e));
    if (there && c.state == CLIMB_CALLING)
        return FAIL(e, E_CONFLICT, "正在呼叫值班人员");
    return begin(w, e);
}

enum code climb_again(struct db *db, const struct actor *by, int64_t item, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, item, e);
    if (c == OK)
        c = again(&v.w, e);
    if (c == OK)
        jw_kstr(&v.j, "text", S("再次呼叫值班人员"));
    return verb_end(&v, c, "climb_again", e);
}

/* ---- the turn ---- */

struct turn {
    const struct actor *by;
    int64_t id, item, round, raised_by, step_ms;
    int seat;
    size_t told;
};

/* Whoever moves the instant has the turn. */
static enum code take(
    struct db *db, const struct turn *t, int64_t next_ms, bool *mine, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(db, "UPDATE climb SET next_at = ?5 WHERE id = ?1 AND state = 1"
                                " AND round = ?2 AND seat = ?3 AND next_at <= ?4");
    stmt_bind_int(q, 1, t->id);
    stmt_bind_int(q, 2, t->round);
    stmt_bind_int(q, 3, t->seat);
    stmt_bind_int(q, 4, t->by->now_ms);
    stmt_bind_int(q, 5, next_ms);
    TRY(stmt_run(q, &n, e));
    *mine = n > 0;
    return OK;
}

/* Behind the one who was told. */
static enum code move_on(
    struct db *db, const struct turn *t, const struct climb_step *s, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE climb SET round = ?2, seat = ?3 WHERE id = ?1");
    bool last = s->person && s->seat == N_DUTY_SEAT - 1;
    stmt_bind_int(q, 1, t->id);
    stmt_bind_int(q, 2, s->round + last);
    stmt_bind_int(q, 3, s->person ? (s->seat + 1) % N_DUTY_SEAT : s->seat);
    return stmt_run(q, NULL, e);
}

static enum code note_step(
    struct db *db, const struct turn *t, const struct climb_step *s, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO climb_step(climb, n, at, round, seat, person, skipped)"
                                " SELECT ?1, count(*) + 1, ?2, ?3, ?4, ?5, ?6 FROM climb_step"
                                " WHERE climb = ?1");
    stmt_bind_int(q, 1, t->id);
    stmt_bind_int(q, 2, t->by->now_ms);
    stmt_bind_int(q, 3, s->round);
    stmt_bind_int(q, 4, s->seat);
    stmt_bind_int(q, 5, s->person);
    stmt_bind_str(q, 6, s->skipped);
    return stmt_run(q, NULL, e);
}

/* Why somebody of the shift is passed over; empty: he is told. */
static struct str passed_over(const struct turn *t, const struct duty_shift *s, int seat)
{
    if (!s->who[seat])
        return S("没有排人");
    if (s->gone[seat])
        return S("账号已停用");
    if (s->who[seat] == t->raised_by)
        return S("由其本人登记");
    for (int i = 0; i < seat; i++)
        if (s->who[i] == s->who[seat])
            return S("同一人已通知");
    return S("");
}

/* From the seat whose turn it is to the next who can be told, at most once around. out->person 0: there is nobody. s->id 0: no shift is on. */
static enum code find_next(struct db *db, const struct turn *t, const struct duty_shift *s,
    struct climb_step *out, struct err *e)
{
    struct climb_step step = {.round = t->round, .seat = (enum duty_seat)t->seat};
    if (!s->id) {
        step.skipped = S("现在没有排班，已通知科长");
        *out = (struct climb_step){.round = t->round + 1, .seat = step.seat};
        return note_step(db, t, &step, e);
    }
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        step.person = s->who[step.seat];
        step.name = s->name[step.seat];
        step.skipped = passed_over(t, s, step.seat);
        TRY(note_step(db, t, &step, e));
        if (!step.skipped.n) {
            *out = step;
            return OK;
        }
        step.round += step.seat == N_DUTY_SEAT - 1;
        step.seat = (enum duty_seat)((step.seat + 1) % N_DUTY_SEAT);
    }
    *out = (struct climb_step){.round = step.round, .seat = step.seat};
    return OK;
}

static enum code step_of(const struct work *w, const struct turn *t, int64_t *ms, struct err *e)
{
    struct duty_rule r;
    *ms = t->step_ms ? t->step_ms : w->k->climb->minutes * MS_MINUTE;
    if (*ms)
        return OK;
    TRY(duty_rule_get(w->db, w->a, &r, e));
    *ms = r.climb_minutes * MS_MINUTE;
    return OK;
}

/* Where nobody is on duty or can be told: the chiefs. */
static enum code tell_chiefs(struct verb *v, struct err *e)
{
    int64_t to[NOTICE_NEAR_MAX];
    size_t n;
    TRY(notice_with_role(v->w.db, ROLE_CHIEF, v->w.it.unit, to, &n, e));
    jw_karr(&v->j, "to");
    for (size_t i = 0; i < n; i++) {
        jw_id(&v->j, to[i]);
        work_acted(&v->w, to[i], WHY_TOLD);
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text", S("现在没有可以通知的值班人员，已通知科长"));
    return OK;
}

static void tell_one(struct verb *v, const struct climb_step *s)
{
    jw_karr(&v->j, "to");
    jw_id(&v->j, s->person);
    jw_end(&v->j);
    work_acted(&v->w, s->person, WHY_TOLD);
    jw_kint(&v->j, "round", s->round);
    jw_kstr(&v->j, "text",
        arena_printf(v->w.a, "第%lld轮通知%s%.*s，请接到后点“我已接到”", (long long)s->round,
            duty_seat_name(s->seat), SF(s->name)));
}

static enum code next_turn(struct verb *v, struct turn *t, bool *mine, struct err *e)
{
    struct work *w = &v->w;
    struct duty_shift shift = {0};
    struct climb_step s = {0};
    bool on = false;
    int64_t step_ms = 0;
    TRY(step_of(w, t, &step_ms, e));
    TRY(take(w->db, t, t->by->now_ms + step_ms, mine, e));
    if (!*mine)
        return OK;
    TRY(duty_at(w->db, w->a, t->by->now_ms, &shift, &on, e));
    TRY(find_next(w->db, t, &shift, &s, e));
    TRY(move_on(w->db, t, &s, e));
    if (!s.person)
        return tell_chiefs(v, e);
    tell_one(v, &s);
    return OK;
}

static enum code fire(struct db *db, void *arg, struct err *e)
{
    struct turn *t = arg;
    struct verb v;
    bool mine = false;
    int64_t n;
    t->told = 0;
    enum code c = verb_begin_any(&v, db, t->by, t->item, e);
    if (c == OK && (!v.w.k->climb || !calls(v.w.k, &v.w.it)))
        c = settle(db, t->item, CLIMB_ENDED, 0, 0, t->by->now_ms, &n, e);
    else if (c == OK)
        c = next_turn(&v, t, &mine, e);
    if (c == OK && !mine) {
        verb_release(&v);
        return OK;
    }
    t->told += c == OK;
    return verb_end(&v, c, "climb", e);
}

static enum code put_off(struct db *db, void *arg, struct err *e)
{
    const struct turn *t = arg;
    struct stmt *q = db_sql(db, "UPDATE climb SET next_at = ?2 WHERE id = ?1 AND state = 1");
    stmt_bind_int(q, 1, t->id);
    stmt_bind_int(q, 2, t->by->now_ms + RETRY_MS);
    return stmt_run(q, NULL, e);
}

static enum code due_now(
    struct store *st, const struct actor *by, struct turn out[BATCH], size_t *n, struct err *e)
{
    struct db *db;
    *n = 0;
    TRY(store_read(st, &db, e));
    struct stmt *q = db_sql(db, "SELECT id, item, round, seat, raised_by FROM climb"
                                " WHERE state = 1 AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2");
    stmt_bind_int(q, 1, by->now_ms);
    stmt_bind_int(q, 2, BATCH);
    while (stmt_step(q) && *n < BATCH)
        out[(*n)++] = (struct turn){.by = by,
            .id = stmt_int(q, 0),
            .item = stmt_int(q, 1),
            .round = stmt_int(q, 2),
            .seat = (int)stmt_int(q, 3),
            .raised_by = stmt_int(q, 4)};
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

enum code climb_run(
    struct store *st, const struct actor *by, int64_t step_ms, size_t *told, struct err *e)
{
    struct turn v[BATCH];
    enum code first = OK;
    size_t n;
    *told = 0;
    TRY(due_now(st, by, v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct err why, ignored;
        v[i].step_ms = step_ms;
        enum code c = store_write(st, fire, &v[i], &why);
        *told += c == OK ? v[i].told : 0;
        if (c == OK)
            continue;
        (void)!store_write(st, put_off, &v[i], &ignored);
        if (first == OK) {
            first = c;
            *e = why;
        }
    }
    return first;
}
