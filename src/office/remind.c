#include "office/remind.h"

#include "office/item_clock.h"
#include "office/item_int.h"
#include "office/notice_int.h"

enum {
    STEPS_MAX = KIND_REMINDS_MAX + KIND_ESCALATES_MAX,
    BATCH = 200,
    ROUNDS_MAX = 100,
    TOLD_MAX = 500,
    NAMED_MAX = 5
};

/* ---- planning ---- */

/* To a limit that is a day, days are counted by days, and what falls on one comes when its work begins. */
static int64_t instant(
    const struct work *w, const struct kind_clock *kc, int64_t due_ms, struct limit l, bool late)
{
    const struct work_hours *h = w->by->hours;
    const struct calendar *cal = w->by->calendar;
    if (kc->due != SIZE_MAX && l.unit == LIMIT_DAYS) {
        int32_t day = clock_day(due_ms - 1, h->zone);
        int n = (int)(late ? l.n : -l.n);
        day = l.working ? calendar_add_workdays(cal, day, n) : day + n;
        return clock_day_ms(day, h->zone) + h->span[0].from * MS_MINUTE;
    }
    return late ? calendar_add_limit(cal, h, due_ms, l) : clock_before(w, due_ms, l);
}

struct plan {
    int64_t run, due;      /* 0: nothing to plan */
    int64_t at[STEPS_MAX]; /* reminders, then reports */
    size_t n;
};

static void plan_rule(
    struct work *w, const struct kind_remind *r, const struct item_clock *c, struct plan *p)
{
    const struct kind_clock *kc = &w->k->clocks[r->clock];
    int zone = w->by->hours->zone;
    p->run = c->run;
    p->due = c->due_ms;
    for (size_t i = 0; i < r->n; i++)
        p->at[p->n++] = notice_after_quiet(instant(w, kc, c->due_ms, r->at[i].by, r->at[i].late),
            r->quiet_from, r->quiet_to, zone);
    for (size_t i = 0; i < r->n_escalate; i++)
        p->at[p->n++] = notice_after_quiet(instant(w, kc, c->due_ms, r->escalate[i].after, true),
            r->quiet_from, r->quiet_to, zone);
}

static const struct item_clock *running(
    const struct work *w, const struct kind_remind *r, const struct item_clock *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].clock, w->k->clocks[r->clock].id) && v[i].state == CLOCK_RUNNING &&
            !v[i].paused_ms)
            return &v[i];
    return NULL;
}

static enum code rewrite(struct work *w, size_t rule, const struct plan *p, struct err *e)
{
    struct stmt *q = db_sql(w->db, "DELETE FROM remind_due WHERE item = ?1 AND rule = ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, (int64_t)rule);
    TRY(stmt_run(q, NULL, e));
    for (size_t i = 0; i < p->n; i++) {
        if (p->at[i] <=
            w->by->now_ms) /* what was too late when the limit was set is nobody's fault */
            continue;
        q = db_sql(w->db, "INSERT INTO remind_due(item, rule, step, run, due, at)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
        stmt_bind_int(q, 1, w->it.id);
        stmt_bind_int(q, 2, (int64_t)rule);
        stmt_bind_int(q, 3, (int64_t)i);
        stmt_bind_int(q, 4, p->run);
        stmt_bind_int(q, 5, p->due);
        stmt_bind_int(q, 6, p->at[i]);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static enum code plan_all(struct work *w, struct err *e)
{
    int64_t run[KIND_REMINDS_MAX] = {0}, due[KIND_REMINDS_MAX] = {0};
    struct item_clock *v;
    size_t n;
    struct stmt *q = db_sql(w->db, "SELECT rule, run, due FROM remind_due WHERE item = ?1");
    stmt_bind_int(q, 1, w->it.id);
    while (stmt_step(q)) {
        int64_t rule = stmt_int(q, 0);
        if (rule < 0 || rule >= KIND_REMINDS_MAX)
            continue;
        run[rule] = stmt_int(q, 1);
        due[rule] = stmt_int(q, 2);
    }
    TRY(stmt_end(q, e));
    TRY(clock_rows(w->db, w->a, w->it.id, w->k, &v, &n, e));
    for (size_t i = 0; i < w->k->n_reminds; i++) {
        const struct kind_remind *r = &w->k->reminds[i];
        const struct item_clock *c = running(w, r, v, n);
        struct plan p = {.n = 0};
        if (c)
            plan_rule(w, r, c, &p);
        if (p.run != run[i] || p.due != due[i])
            TRY(rewrite(w, i, &p, e));
    }
    return OK;
}

/* What leaves every clock as it is: two hundred units answer, and nothing is planned anew. */
static bool moves_no_clock(const struct item_event *ev)
{
    static const char *const quiet[] = {"seen", "remark", "remind", "escalate", "link", "unlink",
        "ask", "unask", "hand_over", "climb", "climb_ack", "climb_again"};
    for (size_t i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
        if (str_eq(ev->verb, str_z(quiet[i])))
            return true;
    return str_eq(ev->verb, S("answer")) && !str_has(ev->payload, S("\"move\":"));
}

enum code remind_event(struct work *w, const struct item_event *ev, struct err *e)
{
    return w->k->n_reminds == 0 || moves_no_clock(ev) ? OK : plan_all(w, e);
}

enum code remind_next(struct db *db, int64_t item, int64_t *at_ms, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT coalesce(min(at), 0) FROM remind_due WHERE item = ?1");
    stmt_bind_int(q, 1, item);
    *at_ms = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

/* ---- firing ---- */

struct firing {
    const struct actor *by;
    int64_t item, rule;
    int64_t due;
    int64_t remind, escalate; /* the latest step of each that is due; -1: none */
    size_t fired;
};

/* The rows that are due become ours by being deleted. */
static enum code claim(struct db *db, struct firing *f, struct err *e)
{
    int64_t last = -1, n;
    struct stmt *q = db_sql(db, "SELECT coalesce(max(step), -1), coalesce(max(due), 0)"
                                " FROM remind_due WHERE item = ?1 AND rule = ?2 AND at <= ?3");
    stmt_bind_int(q, 1, f->item);
    stmt_bind_int(q, 2, f->rule);
    stmt_bind_int(q, 3, f->by->now_ms);
    if (stmt_step(q)) {
        last = stmt_int(q, 0);
        f->due = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    f->remind = f->escalate = -1;
    if (last < 0)
        return OK;
    q = db_sql(db, "DELETE FROM remind_due WHERE item = ?1 AND rule = ?2 AND at <= ?3");
    stmt_bind_int(q, 1, f->item);
    stmt_bind_int(q, 2, f->rule);
    stmt_bind_int(q, 3, f->by->now_ms);
    TRY(stmt_run(q, &n, e));
    if (n > 0)
        f->remind = last;
    return OK;
}

static bool waited(const struct ask *a)
{
    return a->state == ASK_OPEN && a->sent_ms && a->wait != WAIT_NONE;
}

/* "期限7月20日，还有3天" */
static struct str state_text(struct work *w, const struct firing *f)
{
    const struct kind_remind *r = &w->k->reminds[f->rule];
    const struct kind_clock *kc = &w->k->clocks[r->clock];
    int zone = w->by->hours->zone;
    int32_t today = clock_day(w->by->now_ms, zone), last = clock_day(f->due - 1, zone);
    struct str day = notice_day(w->a, f->due, zone);
    if (today < last)
        return arena_printf(w->a, "“%.*s”期限%.*s，还有%d天", SF(kc->name), SF(day), last - today);
    if (w->by->now_ms < f->due)
        return arena_printf(w->a, "“%.*s”今天到期", SF(kc->name));
    if (today == last)
        return arena_printf(w->a, "“%.*s”期限已过", SF(kc->name));
    return arena_printf(w->a, "“%.*s”期限%.*s，已逾期%d天", SF(kc->name), SF(day), today - last);
}

/* One event for all who have not answered and were not reminded too often. *any: there is one. */
static enum code write_remind(struct verb *v, const struct firing *f, bool *any, struct err *e)
{
    struct work *w = &v->w;
    const struct kind_remind *r = &w->k->reminds[f->rule];
    size_t open = 0, n = 0;
    jw_karr(&v->j, "asks");
    for (size_t i = 0; i < w->n_asks; i++) {
        struct ask *a = &w->asks[i];
        if (!waited(a))
            continue;
        open++;
        if (a->reminded >= r->most)
            continue;
        n++;
        TRY(ask_urged(w, a, e));
        jw_id(&v->j, a->id);
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text",
        arena_printf(
            w->a, "%.*s，%s", SF(state_text(w, f)), open ? "请抓紧办理并回复" : "请抓紧办理"));
    *any = n > 0 || open == 0;
    return OK;
}

/* ---- who is told that it is late ---- */

struct told {
    int64_t v[TOLD_MAX];
    size_t n;
};

static void tell(struct told *t, int64_t person)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i] == person)
            return;
    if (person && t->n < TOLD_MAX)
        t->v[t->n++] = person;
}

static enum code unit_of(struct work *w, int64_t person, int64_t *unit, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT unit FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, person);
    *unit = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

/* The head of each unit that owes an answer, or of the nearest one above it. */
static enum code tell_chiefs(struct work *w, struct told *t, struct err *e)
{
    int64_t v[NOTICE_NEAR_MAX], unit;
    size_t n;
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (!waited(a))
            continue;
        unit = a->to;
        if (a->to_kind == PRINCIPAL_PERSON)
            TRY(unit_of(w, a->to, &unit, e));
        TRY(notice_near(w->db, ROLE_CHIEF | ROLE_LEADER, unit, v, &n, e));
        for (size_t k = 0; k < n; k++)
            tell(t, v[k]);
    }
    return OK;
}

static enum code tell_field(struct work *w, size_t field, struct told *t, struct err *e)
{
    int64_t ids[NOTICE_NEAR_MAX], v[NOTICE_NEAR_MAX];
    enum field_type type = w->k->fields[field].type;
    size_t n = field_ids(w, field, ids, NOTICE_NEAR_MAX), m;
    for (size_t i = 0; i < n; i++) {
        if (type == FIELD_PERSON || type == FIELD_PEOPLE) {
            tell(t, ids[i]);
            continue;
        }
        TRY(notice_near(w->db, ROLE_LIAISON | ROLE_CHIEF, ids[i], v, &m, e));
        for (size_t k = 0; k < m; k++)
            tell(t, v[k]);
    }
    return OK;
}

static enum code tell_who(struct work *w, const struct who *who, struct told *t, struct err *e)
{
    int64_t v[NOTICE_NEAR_MAX];
    size_t n = 0;
    switch (who->kind) {
    case WHO_ASKED_CHIEF:
        return tell_chiefs(w, t, e);
    case WHO_OWNER:
        tell(t, w->it.owner);
        return OK;
    case WHO_FIELD:
        return tell_field(w, who->field, t, e);
    case WHO_ROLE:
        TRY(notice_with_role(w->db, who->roles, w->it.unit, v, &n, e));
        break;
    case WHO_UNIT:
        TRY(notice_near(w->db, ROLE_LIAISON | ROLE_CHIEF, w->it.unit, v, &n, e));
        break;
    case WHO_ASKED:
    case WHO_ANYONE:
    case WHO_CHOSEN:
        break;
    }
    for (size_t i = 0; i < n; i++)
        tell(t, v[i]);
    return OK;
}

/* "还有7个没有回复：财务部、人力部等7个" */
static struct str owing_text(struct work *w)
{
    struct str names = S("");
    size_t n = 0;
    for (size_t i = 0; i < w->n_asks; i++) {
        if (!waited(&w->asks[i]))
            continue;
        if (n++ < NAMED_MAX)
            names = arena_printf(
                w->a, "%.*s%s%.*s", SF(names), n > 1 ? "、" : "", SF(w->asks[i].to_name));
    }
    if (n == 0)
        return S("，还没有办结");
    return n > NAMED_MAX ? arena_printf(w->a, "，%.*s等%zu个没有回复", SF(names), n)
                         : arena_printf(w->a, "，%.*s没有回复", SF(names));
}

static enum code write_escalate(struct verb *v, const struct firing *f, bool *any, struct err *e)
{
    struct work *w = &v->w;
    const struct kind_remind *r = &w->k->reminds[f->rule];
    const struct who_list *to = &r->escalate[(size_t)f->escalate - r->n].to;
    struct told t = {.n = 0};
    for (size_t i = 0; i < to->n; i++)
        TRY(tell_who(w, &to->v[i], &t, e));
    jw_karr(&v->j, "to");
    for (size_t i = 0; i < t.n; i++) {
        jw_id(&v->j, t.v[i]);
        work_acted(w, t.v[i], WHY_TOLD);
    }
    jw_end(&v->j);
    jw_kstr(&v->j, "text", arena_printf(w->a, "%.*s%.*s", SF(state_text(w, f)), SF(owing_text(w))));
    *any = t.n > 0;
    return OK;
}

static enum code event(struct db *db, struct firing *f, bool escalate, struct err *e)
{
    struct verb v;
    bool any = false;
    enum code c = verb_begin_any(&v, db, f->by, f->item, e);
    bool runs = c == OK && !v.w.it.closed_ms && (size_t)f->rule < v.w.k->n_reminds;
    if (runs)
        c = escalate ? write_escalate(&v, f, &any, e) : write_remind(&v, f, &any, e);
    if (c == OK && !any) {
        verb_release(&v);
        return OK;
    }
    f->fired += c == OK;
    return verb_end(&v, c, escalate ? "escalate" : "remind", e);
}

static enum code split_steps(struct db *db, struct firing *f, struct err *e)
{
    struct arena a;
    struct work w;
    arena_init(&a);
    enum code c = work_load(&w, db, &a, f->by, f->item, e);
    if (c == OK && (size_t)f->rule < w.k->n_reminds) {
        const struct kind_remind *r = &w.k->reminds[f->rule];
        int64_t last = f->remind, n = (int64_t)r->n;
        f->escalate = last >= n && last < n + (int64_t)r->n_escalate ? last : -1;
        f->remind = last < n ? last : -1;
    }
    arena_release(&a);
    return c;
}

/* A report stands for the reminders that were due with it. */
static enum code fire(struct db *db, void *arg, struct err *e)
{
    struct firing *f = arg;
    f->fired = 0;
    TRY(claim(db, f, e));
    if (f->remind < 0)
        return OK;
    TRY(split_steps(db, f, e));
    if (f->remind >= 0)
        TRY(event(db, f, false, e));
    return f->escalate >= 0 ? event(db, f, true, e) : OK;
}

static enum code put_off(struct db *db, void *arg, struct err *e)
{
    const struct firing *f = arg;
    struct stmt *q =
        db_sql(db, "UPDATE remind_due SET at = ?3 WHERE item = ?1 AND rule = ?2 AND at <= ?4");
    stmt_bind_int(q, 1, f->item);
    stmt_bind_int(q, 2, f->rule);
    stmt_bind_int(q, 3, f->by->now_ms + MS_HOUR);
    stmt_bind_int(q, 4, f->by->now_ms);
    return stmt_run(q, NULL, e);
}

static enum code due_now(
    struct store *st, const struct actor *by, struct firing out[BATCH], size_t *n, struct err *e)
{
    struct db *db;
    *n = 0;
    TRY(store_read(st, &db, e));
    struct stmt *q = db_sql(db, "SELECT item, rule FROM remind_due WHERE at <= ?1"
                                " ORDER BY at, item, rule LIMIT ?2");
    stmt_bind_int(q, 1, by->now_ms);
    stmt_bind_int(q, 2, BATCH);
    while (stmt_step(q) && *n < BATCH)
        out[(*n)++] = (struct firing){.by = by, .item = stmt_int(q, 0), .rule = stmt_int(q, 1)};
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

enum code remind_run(struct store *st, const struct actor *by, size_t *fired, struct err *e)
{
    struct firing v[BATCH];
    enum code first = OK;
    size_t n = BATCH;
    *fired = 0;
    for (int round = 0; n == BATCH && round < ROUNDS_MAX; round++) {
        TRY(due_now(st, by, v, &n, e));
        for (size_t i = 0; i < n; i++) {
            struct err why, ignored;
            enum code c = store_write(st, fire, &v[i], &why);
            *fired += c == OK ? v[i].fired : 0;
            if (c == OK)
                continue;
            (void)!store_write(st, put_off, &v[i], &ignored);
            if (first == OK) {
                first = c;
                *e = why;
            }
        }
    }
    return first;
}

enum code remind_plan_list(struct db *db, struct arena *a, const struct kind *k, int64_t item,
    struct remind_plan **out, size_t *n, struct err *e)
{
    struct remind_plan *v = NULL;
    size_t got = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT rule, step, at FROM remind_due WHERE item = ?1 ORDER BY at, rule, step");
    stmt_bind_int(q, 1, item);
    while (stmt_step(q)) {
        size_t rule = (size_t)stmt_int(q, 0);
        if (rule < k->n_reminds)
            ARENA_PUSH(a, v, got, cap) = (struct remind_plan){.rule = rule,
                .at_ms = stmt_int(q, 2),
                .report = stmt_int(q, 1) >= (int64_t)k->reminds[rule].n};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = got;
    return OK;
}
