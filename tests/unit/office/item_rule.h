/* item_rule.h - the invariants of matters (ARCHITECTURE.md) judged once more: from the tables, and from what the generator of a kind
 * knows, without the code that keeps them. For t_item_random.c. */
#ifndef ITEM_RULE_H
#define ITEM_RULE_H

#include <string.h>

#include <cmocka.h>

#include "itemdb.h"
#include "kind_random.h"
#include "office/document.h"

enum { KINDS = 4, PEOPLE = 12, ITEMS_MAX = 400, ROWS_MAX = 400, VIEW_EVERY = 12 };

struct world {
    struct itemdb t;
    uint64_t seed;
    struct rrand r;
    struct rkind k[KINDS];
    struct viewer viewer[PEOPLE];
    struct actor actor[PEOPLE];
    int64_t item[ITEMS_MAX];
    int n_items, done, refused;
    struct buf log, kinds;
};

PRINTF(2, 3) static void broken(struct world *w, const char *fmt, ...)
{
    char what[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    (void)fprintf(stderr, "%.*s\n%.*s\nseed %llu: %s\n", SF(buf_view(&w->kinds)),
        SF(buf_view(&w->log)), (unsigned long long)w->seed, what);
    fail_msg("seed %llu: %s", (unsigned long long)w->seed, what);
}

static const struct actor *as(struct world *w, int who)
{
    w->actor[who].now_ms = w->t.now_ms;
    return &w->actor[who];
}

/* ---- an item, from its rows ---- */

struct row_ask {
    int64_t id, to_kind, to, state, sent, wait, turn, made, parent;
};
struct row_clock {
    int id;
    int64_t run, state, started, due, paused, met;
};
struct snap {
    int64_t id, level, owner, unit, opened, closed, due, revision, stand;
    int kind, state;
    char number[64];
    json_t *fields;
    struct row_ask ask[ROWS_MAX];
    struct row_clock clock[ROWS_MAX];
    int64_t acted[ROWS_MAX], told[ROWS_MAX];
    int n_ask, n_clock, n_acted, n_told;
};

static int tail_number(struct str s)
{
    struct err none;
    int64_t n = -1;
    return str_int(str_sub(s, 1, s.n), &n, &none) == OK ? (int)n : -1;
}

static void snap_item(struct world *w, struct db *db, struct snap *s)
{
    struct err e;
    struct stmt *q = db_sql(db, "SELECT kind, state, level, owner, unit, closed, due, revision, "
                                "number, fields, opened, stand"
                                " FROM item WHERE id = ?1");
    stmt_bind_int(q, 1, s->id);
    if (!stmt_step(q))
        broken(w, "item %lld has no row", (long long)s->id);
    struct str kind = stmt_str(q, 0);
    s->kind = tail_number(str_sub(kind, 3, kind.n));
    s->state = tail_number(stmt_str(q, 1));
    s->level = stmt_int(q, 2);
    s->owner = stmt_int(q, 3);
    s->unit = stmt_int(q, 4);
    s->closed = stmt_int(q, 5);
    s->due = stmt_int(q, 6);
    s->revision = stmt_int(q, 7);
    s->stand = stmt_int(q, 11);
    (void)snprintf(s->number, sizeof(s->number), "%.*s", SF(stmt_str(q, 8)));
    if (jr_parse(stmt_str(q, 9), &s->fields, &e) != OK)
        broken(w, "the fields are no JSON");
    s->opened = stmt_int(q, 10);
    assert_int_equal(stmt_end(q, &e), OK);
}

static void snap_asks(struct db *db, struct snap *s)
{
    struct err e;
    struct stmt *q =
        db_sql(db, "SELECT id, to_kind, to_id, state, sent, wait, turn, made, parent FROM ask"
                   " WHERE item = ?1 ORDER BY id");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q) && s->n_ask < ROWS_MAX)
        s->ask[s->n_ask++] =
            (struct row_ask){stmt_int(q, 0), stmt_int(q, 1), stmt_int(q, 2), stmt_int(q, 3),
                stmt_int(q, 4), stmt_int(q, 5), stmt_int(q, 6), stmt_int(q, 7), stmt_int(q, 8)};
    assert_int_equal(stmt_end(q, &e), OK);
}

static void snap_clocks(struct db *db, struct snap *s)
{
    struct err e;
    struct stmt *q =
        db_sql(db, "SELECT clock, run, state, started, due, paused, met FROM item_clock"
                   " WHERE item = ?1 ORDER BY clock, run");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q) && s->n_clock < ROWS_MAX)
        s->clock[s->n_clock++] = (struct row_clock){tail_number(stmt_str(q, 0)), stmt_int(q, 1),
            stmt_int(q, 2), stmt_int(q, 3), stmt_int(q, 4), stmt_int(q, 5), stmt_int(q, 6)};
    assert_int_equal(stmt_end(q, &e), OK);
}

/* Does this event contradict who saw the item before it? Not what others say, ask, answer or add. */
static bool is_loud(struct str verb, struct str payload)
{
    static const char *const quiet[] = {"seen", "remark", "remind", "escalate", "link", "unlink",
        "ask", "unask", "answer", "attach", "detach", "verify", "slip", "unslip"};
    for (size_t i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
        if (str_eq(verb, str_z(quiet[i])))
            return str_eq(verb, S("answer")) && str_has(payload, S("\"move\""));
    return true;
}

static void snap_events(struct world *w, struct db *db, struct snap *s)
{
    struct err e;
    int64_t seq = 0, loud = 0;
    struct stmt *q =
        db_sql(db, "SELECT seq, actor, verb, payload FROM item_event WHERE item = ?1 ORDER BY seq");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q)) {
        if (stmt_int(q, 0) != ++seq)
            broken(w, "event %lld is missing", (long long)seq);
        if (s->n_acted < ROWS_MAX)
            s->acted[s->n_acted++] = stmt_int(q, 1);
        if (is_loud(stmt_str(q, 2), stmt_str(q, 3)))
            loud = seq;
        json_t *payload, *one;
        size_t i;
        if (!str_eq(stmt_str(q, 2), S("remark")))
            continue;
        assert_int_equal(jr_parse(stmt_str(q, 3), &payload, &e), OK);
        json_array_foreach(json_object_get(payload, "to"), i, one) if (s->n_told < ROWS_MAX)
            s->told[s->n_told++] = strtoll(json_string_value(one), NULL, 10);
        json_decref(payload);
    }
    assert_int_equal(stmt_end(q, &e), OK);
    if (seq != s->revision)
        broken(w, "9: revision %lld, %lld events", (long long)s->revision, (long long)seq);
    if (loud != s->stand)
        broken(w, "9: stands since %lld, should be %lld", (long long)s->stand, (long long)loud);
}

static struct snap *snap(struct world *w, struct db *db, int64_t id)
{
    struct snap *s = mem_alloc(sizeof(*s));
    s->id = id;
    snap_item(w, db, s);
    snap_asks(db, s);
    snap_clocks(db, s);
    snap_events(w, db, s);
    return s;
}

static void snap_free(struct snap *s)
{
    json_decref(s->fields);
    free(s);
}

/* ---- conditions and principals, once more ---- */

static const json_t *field_of(const struct snap *s, int field)
{
    char id[8];
    (void)snprintf(id, sizeof(id), "f%d", field);
    return json_object_get(s->fields, id);
}

static bool term_true(const struct rkind *k, const struct snap *s, const struct rterm *t)
{
    const json_t *v = field_of(s, t->field);
    const char *z = json_string_value(v);
    bool empty =
        !v || (json_is_string(v) && !*z) || (json_is_object(v) && jr_str(v, "text").n == 0);
    if (t->op == COND_EMPTY || t->op == COND_NOT_EMPTY)
        return empty == (t->op == COND_EMPTY);
    if (empty)
        return t->op == COND_NE;
    if (k->f[t->field].type == FIELD_CHOICE) {
        bool same = strcmp(z, r_choices[t->value]) == 0;
        bool next = strcmp(z, r_choices[(t->value + 1) % 3]) == 0;
        return t->op == COND_EQ ? same : t->op == COND_NE ? !same : same || next;
    }
    double d = strtod(z, NULL) - t->value;
    return t->op == COND_EQ   ? d == 0
           : t->op == COND_NE ? d != 0
           : t->op == COND_LT ? d < 0
           : t->op == COND_LE ? d <= 0
           : t->op == COND_GT ? d > 0
                              : d >= 0;
}

static bool cond_true(const struct rkind *k, const struct snap *s, const struct rcond *c)
{
    bool first, second;
    if (!c->n)
        return true;
    first = term_true(k, s, &c->t[0]);
    if (c->n == 1)
        return first;
    second = term_true(k, s, &c->t[1]);
    return c->any ? first || second : first && second;
}

struct stand {
    int64_t person, home, unit;
    uint32_t roles;
};
struct places {
    struct stand v[8];
    int n;
    bool owner;
};

static void places_of(struct world *w, struct db *db, int who, struct places *p)
{
    const struct viewer *v = &w->viewer[who];
    char today[DAY_ISO_SIZE];
    struct err e;
    uint32_t acting = ROLE_LIAISON | ROLE_CHIEF, own = v->roles ? v->roles : ROLE_STAFF;
    *p = (struct places){.owner = v->owner, .n = 1};
    p->v[0] = (struct stand){v->person, v->unit, (own & acting) ? v->unit : 0, own};
    if (!v->person)
        return;
    (void)day_iso(day_of(clock_day(w->t.now_ms, ZONE_CHINA)), today);
    struct stmt *q = db_sql(db, "SELECT DISTINCT p.id, p.unit, p.roles FROM delegation d, person p"
                                " WHERE p.id = d.person AND d.to_person = ?1 AND d.revoked = 0"
                                " AND d.from_day <= ?2 AND d.to_day >= ?2");
    stmt_bind_int(q, 1, v->person);
    stmt_bind_str(q, 2, str_z(today));
    while (stmt_step(q) && p->n < 8) {
        uint32_t roles = (uint32_t)stmt_int(q, 2) & ~(uint32_t)(ROLE_ADMIN | ROLE_AUDITOR);
        roles = roles ? roles : ROLE_STAFF;
        p->v[p->n++] = (struct stand){
            stmt_int(q, 0), stmt_int(q, 1), (roles & acting) ? stmt_int(q, 1) : 0, roles};
    }
    assert_int_equal(stmt_end(q, &e), OK);
}

static bool is_person(const struct places *p, int64_t id)
{
    for (int i = 0; i < p->n; i++)
        if (id && p->v[i].person == id)
            return true;
    return false;
}
static bool is_unit(const struct places *p, int64_t id)
{
    for (int i = 0; i < p->n; i++)
        if (id && p->v[i].unit == id)
            return true;
    return false;
}
static bool has_role(const struct places *p, uint32_t roles)
{
    for (int i = 0; i < p->n; i++)
        if (p->v[i].roles & roles)
            return true;
    return false;
}

/* Chief of the item's unit or of one above: 1 集团 > 2 党委办公室 > 3 秘书科, and 4 财务部 beside 2. */
static bool chief_above(const struct places *p, int64_t unit)
{
    static const int64_t parent[] = {0, 0, 1, 2, 1};
    for (; unit; unit = parent[unit])
        for (int i = 0; i < p->n; i++)
            if (p->v[i].roles & ROLE_CHIEF && p->v[i].home == unit)
                return true;
    return false;
}

static bool in_people_field(
    const struct rkind *k, const struct snap *s, const struct places *p, int field)
{
    enum field_type t = k->f[field].type;
    bool person = t == FIELD_PERSON || t == FIELD_PEOPLE;
    const json_t *v = field_of(s, field), *one;
    size_t n = json_is_array(v) ? json_array_size(v) : v ? 1 : 0;
    for (size_t i = 0; i < n; i++) {
        one = json_is_array(v) ? json_array_get(v, i) : v;
        int64_t id = strtoll(json_string_value(one), NULL, 10);
        if (person ? is_person(p, id) : is_unit(p, id))
            return true;
    }
    return false;
}

static bool asked(const struct snap *s, const struct places *p, bool open_only, int wait)
{
    for (int i = 0; i < s->n_ask; i++) {
        const struct row_ask *a = &s->ask[i];
        if (a->state == ASK_WITHDRAWN || !a->sent || (open_only && a->state != ASK_OPEN))
            continue;
        if (wait >= 0 && (a->wait != WAIT_NONE) != (wait == 1))
            continue;
        if (a->to_kind == PRINCIPAL_PERSON ? is_person(p, a->to) : is_unit(p, a->to))
            return true;
    }
    return false;
}

static bool took_part(const struct snap *s, const struct places *p)
{
    for (int i = 0; i < s->n_acted; i++)
        if (is_person(p, s->acted[i]))
            return true;
    return false;
}

static bool answers_wait(const struct snap *s)
{
    for (int i = 0; i < s->n_ask; i++)
        if (s->ask[i].state == ASK_OPEN && s->ask[i].wait != WAIT_NONE && !s->ask[i].parent)
            return true;
    return false;
}

/* A move is theirs to make; presses: the item waits for it, and for no answer. */
static bool move_waits(
    const struct rkind *k, const struct snap *s, const struct places *p, bool presses)
{
    if (presses && answers_wait(s))
        return false;
    for (int i = 0; i < k->n_moves && !s->closed; i++) {
        const struct rmove *m = &k->m[i];
        unsigned open = (1U << k->n_open) - 1;
        if (!(m->from & 1U << s->state) || m->from == open || !cond_true(k, s, &m->when))
            continue;
        if (presses && m->to == s->state)
            continue;
        for (int j = 0; j < m->by.n; j++) {
            const struct rwho *who = &m->by.v[j];
            if (who->kind == WHO_OWNER && is_person(p, s->owner))
                return true;
            if (who->kind == WHO_UNIT && is_unit(p, s->unit))
                return true;
            if (who->kind == WHO_FIELD && in_people_field(k, s, p, who->field))
                return true;
            if (who->kind == WHO_ROLE && s->level <= LEVEL_INTERNAL && has_role(p, who->role))
                return true;
            if (who->kind == WHO_ROLE && s->level > LEVEL_INTERNAL && who->role == ROLE_CHIEF &&
                chief_above(p, s->unit))
                return true;
        }
    }
    return false;
}

static bool sees(const struct rkind *k, const struct snap *s, const struct places *p)
{
    if (p->owner)
        return true;
    if (s->level <= LEVEL_INTERNAL ? has_role(p, ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER)
                                   : chief_above(p, s->unit))
        return true;
    if (is_person(p, s->owner) || is_unit(p, s->unit) || took_part(s, p) ||
        asked(s, p, false, -1) || move_waits(k, s, p, false))
        return true;
    for (int i = 0; i < s->n_told; i++)
        if (is_person(p, s->told[i]))
            return true;
    for (int i = 0; i < k->n_fields; i++)
        if (is_people(k->f[i].type) && in_people_field(k, s, p, i))
            return true;
    return false;
}

static enum item_box box_of(const struct rkind *k, const struct snap *s, const struct places *p)
{
    if (asked(s, p, true, 1) || move_waits(k, s, p, true))
        return BOX_TODO;
    if (asked(s, p, true, 0))
        return BOX_READ;
    if (is_person(p, s->owner) || took_part(s, p) || asked(s, p, false, -1))
        return s->closed ? BOX_DONE : BOX_DOING;
    return BOX_ALL;
}

/* ---- the invariants ---- */

static void check_state(struct world *w, const struct rkind *k, const struct snap *s)
{
    if (s->state < 0 || s->state >= k->n_states)
        broken(w, "8: no such state");
    if ((s->closed != 0) != (s->state >= k->n_open))
        broken(w, "11: closed %lld in s%d", (long long)s->closed, s->state);
}

static void check_asks(struct world *w, const struct snap *s)
{
    for (int i = 0; i < s->n_ask; i++) {
        const struct row_ask *a = &s->ask[i];
        if (a->state == ASK_OPEN && s->closed)
            broken(w, "10: an open ask of a closed item");
        if (a->state == ASK_ANSWERED && !a->sent)
            broken(w, "an answer to what was not sent");
        for (int j = 0; j < s->n_ask; j++) {
            const struct row_ask *b = &s->ask[j];
            if (a->made == b->made && a->wait == WAIT_ANY && a->state == ASK_ANSWERED &&
                b->wait == WAIT_ANY &&
                b->state == ASK_OPEN) /* a way back asks several sorts again */
                broken(w, "any was enough, and another is still asked");
            if (a->made != b->made || !a->turn || b->turn <= a->turn)
                continue;
            if (a->state == ASK_OPEN && b->state == ASK_OPEN && b->sent)
                broken(w, "turn %lld is open and turn %lld was sent", (long long)a->turn,
                    (long long)b->turn);
        }
    }
}

/* In a series that is not over one has it. */
static void check_turns(struct world *w, const struct snap *s)
{
    for (int i = 0; i < s->n_ask; i++) {
        const struct row_ask *a = &s->ask[i];
        bool somebody = false;
        if (a->state != ASK_OPEN || !a->turn)
            continue;
        for (int j = 0; j < s->n_ask; j++)
            somebody = somebody || (s->ask[j].made == a->made && s->ask[j].turn &&
                                       s->ask[j].state == ASK_OPEN && s->ask[j].sent);
        if (!somebody)
            broken(w, "a series made by event %lld waits and nobody has it", (long long)a->made);
    }
}

static void check_clocks(struct world *w, const struct rkind *k, const struct snap *s)
{
    int64_t due = INT64_MAX;
    int running[RC_MAX] = {0}, runs[RC_MAX] = {0};
    for (int i = 0; i < s->n_clock; i++) {
        const struct row_clock *c = &s->clock[i];
        const struct rclock *kc = &k->c[c->id];
        if (c->run != ++runs[c->id])
            broken(w, "clock c%d: run %lld is missing", c->id, (long long)runs[c->id]);
        if (c->state == CLOCK_MET && !c->met)
            broken(w, "11: clock c%d was met at no instant", c->id);
        if (c->state != CLOCK_RUNNING)
            continue;
        if (++running[c->id] > 1)
            broken(w, "clock c%d runs twice", c->id);
        if (s->closed)
            broken(w, "11: clock c%d runs and the item is closed", c->id);
        if (kc->stop == s->state || kc->drop & 1U << s->state)
            broken(w, "clock c%d runs in s%d, where it ends", c->id, s->state);
        if ((c->paused != 0) != ((kc->pause & 1U << s->state) != 0))
            broken(
                w, "clock c%d %s in s%d", c->id, c->paused ? "stands still" : "runs on", s->state);
        due = c->due < due ? c->due : due;
    }
    if (due != s->due)
        broken(w, "due %lld, the first clock %lld", (long long)s->due, (long long)due);
}

/* The instant behind the day, or the instant, that the field gives; 0: none. */
static int64_t instant_of(const struct rkind *k, const struct snap *s, int field)
{
    const char *z = json_string_value(field_of(s, field));
    struct day d;
    int64_t minutes = 24 * 60;
    if (!z || !day_from_iso(str_sub(str_z(z), 0, 10), &d))
        return 0;
    if (k->f[field].type == FIELD_DATETIME)
        minutes = ((z[11] - '0') * 10 + z[12] - '0') * 60 + (z[14] - '0') * 10 + z[15] - '0';
    return day_num(d) * MS_DAY + (minutes - (int64_t)8 * 60) * MS_MINUTE;
}

/* It has just come into this state. */
static void check_begun(struct world *w, const struct rkind *k, const struct snap *s)
{
    for (int i = 0; i < k->n_clocks && !s->closed; i++) {
        int64_t due = k->c[i].due >= 0 ? instant_of(k, s, k->c[i].due) : 1;
        bool runs = false;
        if (k->c[i].start != s->state)
            continue;
        for (int j = 0; j < s->n_clock; j++) {
            const struct row_clock *c = &s->clock[j];
            if (c->id != i || c->state != CLOCK_RUNNING || c->started != w->t.now_ms)
                continue;
            runs = true;
            if (k->c[i].due >= 0 && c->due != due)
                broken(w, "clock c%d is due at %lld, should be %lld", i, (long long)c->due,
                    (long long)due);
        }
        if (runs != (due != 0))
            broken(w, "clock c%d %s in s%d", i, runs ? "runs without a day" : "does not run",
                s->state);
    }
}

static void check_light(
    struct world *w, struct db *db, const struct rkind *k, const struct snap *s, int64_t at_ms)
{
    int want = 0, have = 0, rows = 0;
    struct err e;
    for (int i = 0; i < k->n_lights && !want; i++)
        for (int j = 0; j < s->n_clock; j++) {
            const struct row_clock *c = &s->clock[j];
            if (c->id == k->l[i].clock && c->state == CLOCK_RUNNING && !c->paused &&
                at_ms >= c->due - k->l[i].hours * MS_HOUR)
                want = k->l[i].colour;
        }
    struct stmt *q = db_sql(
        db, "SELECT colour FROM item_light WHERE item = ?1 AND from_at <= ?2 AND until_at > ?2");
    stmt_bind_int(q, 1, s->id);
    stmt_bind_int(q, 2, at_ms);
    while (stmt_step(q)) {
        have = (int)stmt_int(q, 0);
        rows++;
    }
    assert_int_equal(stmt_end(q, &e), OK);
    if (have != want || rows > 1)
        broken(w, "light %d, should be %d (%d rows)", have, want, rows);
}

/* A row for each value, and no other. */
static void check_values(
    struct world *w, struct db *db, const struct rkind *k, const struct snap *s)
{
    const char *key;
    json_t *v;
    struct err e;
    int64_t want = 0, have = 0;
    json_object_foreach(s->fields, key, v)
    {
        int f = tail_number(str_z(key));
        bool list = json_is_array(v) && k->f[f].type != FIELD_TABLE;
        if (f < 0 || f >= k->n_fields)
            broken(w, "12: field “%s” in the JSON", key);
        want += list ? (int64_t)json_array_size(v) : 1;
    }
    struct stmt *q = db_sql(
        db, "SELECT field, position, number, text, kind, opened FROM item_value WHERE item = ?1");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q)) {
        char id[8];
        (void)snprintf(id, sizeof(id), "%.*s", SF(stmt_str(q, 0)));
        enum field_type t = k->f[tail_number(str_z(id))].type;
        v = json_object_get(s->fields, id);
        if (json_is_array(v) && t != FIELD_TABLE)
            v = json_array_get(v, (size_t)stmt_int(q, 1));
        have++;
        if (!v || stmt_int(q, 5) != s->opened || !str_eq(stmt_str(q, 4), str_z(k->id)))
            broken(w, "12: a row of “%s” that has no value", id);
        if (json_is_string(v) && !str_eq(stmt_str(q, 3), str_z(json_string_value(v))))
            broken(w, "12: “%s” is “%s” and its row another", id, json_string_value(v));
        if ((is_people(t) || t == FIELD_ITEM) &&
            stmt_int(q, 2) != strtoll(json_string_value(v), NULL, 10))
            broken(w, "12: the id in the row of “%s”", id);
    }
    assert_int_equal(stmt_end(q, &e), OK);
    if (want != have)
        broken(w, "12: %lld values, %lld rows", (long long)want, (long long)have);
}

static void check_number(struct world *w, struct db *db, const struct snap *s)
{
    struct err e;
    int64_t rows = 0, same = 0;
    struct stmt *q = db_sql(db, "SELECT number FROM item_number WHERE item = ?1 AND state = 1");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q)) {
        rows++;
        same += str_eq(stmt_str(q, 0), str_z(s->number));
    }
    assert_int_equal(stmt_end(q, &e), OK);
    if (rows != (*s->number != 0) || same != rows)
        broken(w, "14: number “%s”, %lld rows", s->number, (long long)rows);
    if (!*s->number)
        return;
    q = db_sql(db, "SELECT count(*) FROM item WHERE number = ?1");
    stmt_bind_str(q, 1, str_z(s->number));
    if (stmt_step(q) && stmt_int(q, 0) != 1)
        broken(w, "14: two items bear “%s”", s->number);
    assert_int_equal(stmt_end(q, &e), OK);
}

/* A row of item_grant that is his. */
static bool has_row(struct db *db, const struct snap *s, const struct places *p)
{
    struct err e;
    bool has = false;
    struct stmt *q = db_sql(db, "SELECT kind, principal FROM item_grant WHERE item = ?1");
    stmt_bind_int(q, 1, s->id);
    while (stmt_step(q)) {
        int64_t id = stmt_int(q, 1);
        switch (stmt_int(q, 0)) {
        case 1:
            has = has || is_person(p, id);
            break;
        case 2:
            has = has || is_unit(p, id);
            break;
        case 3:
            has = has || has_role(p, (uint32_t)id);
            break;
        default:
            for (int i = 0; i < p->n; i++)
                has = has || (p->v[i].roles & ROLE_CHIEF && p->v[i].home == id);
        }
    }
    assert_int_equal(stmt_end(q, &e), OK);
    return has;
}

static void check_access(
    struct world *w, struct db *db, const struct rkind *k, const struct snap *s)
{
    for (int who = 0; who < PEOPLE; who++) {
        struct places p;
        bool may = false, want;
        struct err e;
        places_of(w, db, who, &p);
        want = sees(k, s, &p);
        assert_int_equal(access_item(db, as(w, who), s->id, ITEM_SEE, 0, &may, &e), OK);
        if (may != want)
            broken(w, "13: access_item says %d for %d, the rule %d", may, who, want);
        bool by_role = p.owner || (s->level <= LEVEL_INTERNAL &&
                                      has_role(&p, ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER));
        if (want != (by_role || has_row(db, s, &p)))
            broken(w, "13: the rows of item_grant say %d for %d", !want, who);
    }
}

/* What its rows in item_grant and item_light repeat of it. */
static void check_repeated(struct world *w, struct db *db, const struct snap *s)
{
    struct err e;
    struct stmt *q = db_sql(db,
        "SELECT (SELECT count(*) FROM item_grant g WHERE g.item = i.id AND (g.item_kind <> i.kind"
        " OR g.opened <> i.opened OR g.stage <> CASE WHEN i.gone <> 0 THEN -1 WHEN i.closed = 0"
        " THEN 1 ELSE 0 END)), (SELECT count(*) FROM item_light l WHERE l.item = i.id AND"
        " (l.item_kind <> i.kind OR l.opened <> i.opened OR i.closed <> 0)) FROM item i"
        " WHERE i.id = ?1");
    stmt_bind_int(q, 1, s->id);
    if (stmt_step(q) && (stmt_int(q, 0) || stmt_int(q, 1)))
        broken(w, "13: %lld rows of item_grant, %lld lights are not as the item",
            (long long)stmt_int(q, 0), (long long)stmt_int(q, 1));
    assert_int_equal(stmt_end(q, &e), OK);
}

/* before: the item as it was; NULL: it was not there. */
static void check_item(struct world *w, int64_t id, const struct snap *before, enum verb verb)
{
    struct db *db = itemdb_read(&w->t);
    struct snap *s = snap(w, db, id);
    const struct rkind *k = &w->k[s->kind];
    check_state(w, k, s);
    check_asks(w, s);
    check_turns(w, s);
    check_clocks(w, k, s);
    if (!before ||
        (before->revision != s->revision && before->state != s->state && verb != V_WITHDRAW))
        check_begun(w, k, s);
    check_light(w, db, k, s, w->t.now_ms);
    check_light(w, db, k, s, w->t.now_ms + (int64_t)rr(&w->r, 240) * MS_HOUR);
    check_values(w, db, k, s);
    check_number(w, db, s);
    check_access(w, db, k, s);
    check_repeated(w, db, s);
    snap_free(s);
    store_read_end(db);
}

/* ---- lists ---- */

static bool in_list(
    struct world *w, struct db *db, int who, enum item_box box, int64_t *ids, int *n)
{
    struct item_filter f = {.box = box, .sort = chance(&w->r, 50) ? SORT_OPENED : SORT_DUE};
    struct item_page p;
    struct err e;
    *n = 0;
    do {
        if (item_list(db, &w->t.o.a, as(w, who), &f, 50, &p, &e) != OK)
            broken(w, "item_list: %s", e.msg);
        for (size_t i = 0; i < p.n && *n < ITEMS_MAX; i++)
            ids[(*n)++] = p.items[i].id;
        f.after = p.next;
    } while (p.next.n);
    return true;
}

static int64_t shines(const struct world *w, struct db *db, int64_t item)
{
    struct err e;
    struct stmt *q = db_sql(db,
        "SELECT coalesce(max(colour), 0) FROM item_light WHERE item = ?1 AND from_at <= ?2 AND"
        " until_at > ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, w->t.now_ms);
    int64_t colour = stmt_step(q) ? stmt_int(q, 0) : -1;
    assert_int_equal(stmt_end(q, &e), OK);
    return colour;
}

/* What the portal says of these boxes, from what it keeps in memory. */
static void check_counts(
    struct world *w, struct db *db, int who, const int64_t *lie, const int64_t *lit)
{
    struct item_counts c;
    struct err e;
    if (item_counts(db, as(w, who), &c, &e) != OK)
        broken(w, "item_counts: %s", e.msg);
    if (c.todo != lie[BOX_TODO] || c.read != lie[BOX_READ] || c.doing != lie[BOX_DOING] ||
        c.red != lit[LIGHT_RED] || c.yellow != lit[LIGHT_YELLOW])
        broken(w, "%d has %d, %d, %d, red %d, yellow %d, should have %d, %d, %d, %d, %d", who,
            (int)c.todo, (int)c.read, (int)c.doing, (int)c.red, (int)c.yellow, (int)lie[BOX_TODO],
            (int)lie[BOX_READ], (int)lie[BOX_DOING], (int)lit[LIGHT_RED], (int)lit[LIGHT_YELLOW]);
}

static void check_boxes(struct world *w, int who)
{
    static int64_t ids[BOX_DONE + 1][ITEMS_MAX];
    int64_t lie[BOX_DONE + 1] = {0}, lit[LIGHT_RED + 1] = {0};
    int n[BOX_DONE + 1];
    struct places p;
    struct db *db = itemdb_read(&w->t);
    places_of(w, db, who, &p);
    for (int box = BOX_ALL; box <= BOX_DONE; box++)
        (void)in_list(w, db, who, (enum item_box)box, ids[box], &n[box]);
    for (int i = 0; i < w->n_items; i++) {
        struct snap *s = snap(w, db, w->item[i]);
        const struct rkind *k = &w->k[s->kind];
        enum item_box want = box_of(k, s, &p);
        lie[want]++;
        if (want == BOX_TODO || want == BOX_DOING)
            lit[shines(w, db, s->id)]++;
        for (int box = BOX_ALL; box <= BOX_DONE; box++) {
            int times = 0;
            for (int j = 0; j < n[box]; j++)
                times += ids[box][j] == s->id;
            if (times != (box == BOX_ALL ? sees(k, s, &p) : (int)want == box))
                broken(w, "item %d is %d times in box %d of %d, should be in %d", i, times, box,
                    who, want);
        }
        snap_free(s);
    }
    check_counts(w, db, who, lie, lit);
    store_read_end(db);
}

static void check_chains(struct world *w)
{
    struct db *db = itemdb_read(&w->t);
    int64_t events, bad_item, bad_seq;
    struct err e;
    assert_int_equal(item_event_verify(db, &events, &bad_item, &bad_seq, &e), OK);
    if (bad_item)
        broken(w, "8: the chain of %lld breaks at %lld", (long long)bad_item, (long long)bad_seq);
    store_read_end(db);
    if (itemdb_count(&w->t, "SELECT count(*) FROM ask a WHERE NOT EXISTS (SELECT 1 FROM item i"
                            " WHERE i.id = a.item)"))
        broken(w, "10: an ask of no item");
}

#endif
