/* kind_random.h - kinds of matter at random, over the whole language, as text; and what the text says, as numbers that a test can
 * judge by without asking the code that reads kinds. */
#ifndef KIND_RANDOM_H
#define KIND_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/calendar.h"
#include "office/access.h"
#include "office/kind.h"

enum { RF_MAX = 14, RS_MAX = 7, RM_MAX = 16, RC_MAX = 4, RL_MAX = 5, RT_MAX = 3, RA_MAX = 4 };

struct rrand {
    uint64_t x;
};
static inline uint32_t rr(struct rrand *r, uint32_t n)
{
    r->x = r->x * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(r->x >> 33) % n;
}
static inline bool chance(struct rrand *r, uint32_t percent)
{
    return rr(r, 100) < percent;
}

/* field = value and the like; -1: no condition. Two of them joined by `or` or `and`. */
struct rcond {
    int n;
    bool any; /* joined by or */
    struct rterm {
        int field;
        enum cond_op op;
        int value; /* choice or number */
    } t[2];
};
struct rwho {
    enum who_kind kind;
    uint32_t role;
    int field;
};
struct rlist {
    int n;
    struct rwho v[RT_MAX];
};
struct rask {
    bool there;
    struct rlist of;
    int n_answers, n_final;
    enum ask_wait wait;
    bool serial;
    int due; /* -1 */
};
struct rmove {
    unsigned from; /* bits of states */
    int to;
    struct rlist by;
    enum opinion opinion;
    unsigned set; /* bits of fields */
    struct rask ask;
    int when_answered; /* -1 */
    bool need_answers, returns;
    struct rcond when;
};
struct rclock {
    int start, stop, due; /* due -1: within */
    struct limit within;
    unsigned pause, drop;
};
struct rlight {
    int clock, colour;
    int hours; /* left, on the clock */
};
struct rkind {
    char id[16];
    int n_fields, n_states, n_open, n_moves, n_clocks, n_lights;
    struct {
        enum field_type type;
        bool required;
        struct rlist see;
        struct rcond when;
    } f[RF_MAX];
    struct rmove m[RM_MAX];
    struct rclock c[RC_MAX];
    struct rlight l[RL_MAX];
    struct rlist edit[RS_MAX];
    int number_at; /* -2: no number, -1: opening */
    bool titled;   /* f0 serves as title */
    int level;
};

static const char *const r_answers[RA_MAX] = {"已收", "已研究", "同意", "不同意"};
static const char *const r_choices[3] = {"甲", "乙", "丙"};

/* ---- making ---- */

static inline bool is_people(enum field_type t)
{
    return t == FIELD_PERSON || t == FIELD_PEOPLE || t == FIELD_UNIT || t == FIELD_UNITS;
}

static inline int field_like(struct rrand *r, const struct rkind *k, bool people, int below)
{
    int at = (int)rr(r, (uint32_t)below);
    for (int i = 0; i < below; i++) {
        enum field_type t = k->f[(at + i) % below].type;
        if (people ? is_people(t) : t == FIELD_DATE || t == FIELD_DATETIME)
            return (at + i) % below;
    }
    return -1;
}

static inline struct rwho random_who(struct rrand *r, const struct rkind *k, bool role_too)
{
    static const uint32_t roles[] = {
        ROLE_CHIEF, ROLE_SECRETARY, ROLE_LEADER, ROLE_LIAISON, ROLE_STAFF};
    struct rwho w = {.kind = WHO_OWNER};
    switch (rr(r, role_too ? 6 : 3)) {
    case 0:
        w.kind = WHO_UNIT;
        break;
    case 1:
        w.field = field_like(r, k, true, k->n_fields);
        w.kind = w.field < 0 ? WHO_OWNER : WHO_FIELD;
        break;
    case 3:
        w.kind = chance(r, 60) ? WHO_ASKED : WHO_ANYONE;
        break;
    case 4:
    case 5:
        w.kind = WHO_ROLE;
        w.role = roles[rr(r, 5)];
        break;
    default:
        break;
    }
    return w;
}

static inline struct rlist random_list(struct rrand *r, const struct rkind *k, bool role_too)
{
    struct rlist l = {.n = 1 + (int)rr(r, RT_MAX)};
    for (int i = 0; i < l.n; i++)
        l.v[i] = random_who(r, k, role_too);
    return l;
}

static inline struct rcond random_cond(struct rrand *r, const struct rkind *k, int below)
{
    struct rcond c = {.any = chance(r, 50)};
    int want = 1 + (int)rr(r, 2);
    for (int tries = 0; tries < 8 && c.n < want; tries++) {
        int f = (int)rr(r, (uint32_t)below);
        struct rterm t = {.field = f, .value = (int)rr(r, 3)};
        if (k->f[f].type == FIELD_CHOICE)
            t.op = (enum cond_op[]){COND_EQ, COND_NE, COND_IN}[rr(r, 3)];
        else if (k->f[f].type == FIELD_NUMBER)
            t.op = (enum cond_op)(COND_EQ + (int)rr(r, 6));
        else if (chance(r, 30))
            t.op = chance(r, 50) ? COND_EMPTY : COND_NOT_EMPTY;
        else
            continue;
        c.t[c.n++] = t;
    }
    return c;
}

static inline void random_fields(struct rrand *r, struct rkind *k)
{
    int required = 1;
    k->n_fields = 4 + (int)rr(r, RF_MAX - 4);
    k->f[0].type = FIELD_TEXT;
    k->f[0].required = true;
    for (int i = 1; i < k->n_fields; i++) {
        k->f[i].type = i == 1 ? FIELD_CHOICE : (enum field_type)(1 + (int)rr(r, N_FIELD_TYPE - 1));
        if (k->f[i].type != FIELD_DOCUMENT && chance(r, 30) && required < 5) {
            k->f[i].required = true;
            required++;
        }
        if (i > 1 && chance(r, 30))
            k->f[i].when = random_cond(r, k, i);
    }
    for (int i = 1; i < k->n_fields; i++)
        if (chance(r, 12))
            k->f[i].see = random_list(r, k, true);
}

static inline struct rask random_ask(struct rrand *r, const struct rkind *k)
{
    struct rask a = {.there = true, .of = random_list(r, k, false), .due = -1};
    if (chance(r, 25))
        a.of.v[a.of.n - 1] = (struct rwho){.kind = WHO_CHOSEN};
    a.n_answers = 1 + (int)rr(r, RA_MAX);
    a.n_final = 1 + (int)rr(r, (uint32_t)a.n_answers);
    a.wait = (enum ask_wait)rr(r, 3);
    a.serial = a.wait == WAIT_ALL && chance(r, 50);
    if (chance(r, 40))
        a.due = field_like(r, k, false, k->n_fields);
    return a;
}

static inline struct rmove random_move(
    struct rrand *r, const struct rkind *k, unsigned from, int to)
{
    struct rmove m = {.from = from, .to = to, .by = random_list(r, k, true), .when_answered = -1};
    if (chance(r, 60)) /* somebody who is there */
        m.by.v[0] = (struct rwho){.kind = chance(r, 50) ? WHO_OWNER : WHO_ROLE, .role = ROLE_CHIEF};
    m.opinion = (enum opinion)rr(r, 3);
    if (chance(r, 55))
        m.ask = random_ask(r, k);
    if (chance(r, 30))
        m.set = 1U << rr(r, (uint32_t)k->n_fields);
    if (chance(r, 25))
        m.when = random_cond(r, k, k->n_fields);
    return m;
}

static inline void random_moves(struct rrand *r, struct rkind *k)
{
    unsigned open = (1U << k->n_open) - 1;
    bool asks = false, waits = false;
    unsigned said = 0;
    for (int i = 0; i < k->n_open; i++) /* a way through to the end */
        k->m[k->n_moves++] = random_move(r, k, 1U << i, i + 1);
    for (int more = 2 + (int)rr(r, 6); more > 0 && k->n_moves < RM_MAX - 2; more--) {
        int to = (int)rr(r, (uint32_t)k->n_open);
        struct rmove m = random_move(r, k, 1U << rr(r, (uint32_t)k->n_open), to);
        if (chance(r, 25))
            m.from |= 1U << rr(r, (uint32_t)k->n_open);
        m.returns = chance(r, 40);
        k->m[k->n_moves++] = m;
    }
    for (int c = k->n_open + 1; c < k->n_states; c++)
        k->m[k->n_moves++] =
            random_move(r, k, chance(r, 50) ? open : 1U << rr(r, (uint32_t)k->n_open), c);
    for (int i = 0; i < k->n_moves; i++) {
        asks = asks || k->m[i].ask.there;
        waits = waits || (k->m[i].ask.there && k->m[i].ask.wait != WAIT_NONE);
        said |= k->m[i].ask.there ? (1U << k->m[i].ask.n_answers) - 1 : 0;
    }
    for (int i = 0; asks && i < k->n_moves; i++) {
        int word = (int)rr(r, RA_MAX);
        if (chance(r, 25) && said & 1U << word)
            k->m[i].when_answered = word;
        else if (waits && chance(r, 25))
            k->m[i].need_answers = true;
    }
}

static inline void random_clocks(struct rrand *r, struct rkind *k)
{
    k->n_clocks = (int)rr(r, RC_MAX);
    for (int i = 0; i < k->n_clocks; i++) {
        struct rclock *c = &k->c[i];
        c->start = (int)rr(r, (uint32_t)k->n_open);
        do
            c->stop = (int)rr(r, (uint32_t)k->n_states);
        while (c->stop == c->start);
        c->due = chance(r, 60) ? field_like(r, k, false, k->n_fields) : -1;
        c->within = (struct limit){.n = 1 + rr(r, 9), .unit = rr(r, 3), .working = chance(r, 50)};
        for (int s = 0; s < k->n_open; s++)
            if (s != c->start && s != c->stop && chance(r, 30)) {
                if (chance(r, 60))
                    c->pause |= 1U << s;
                else
                    c->drop |= 1U << s;
            }
    }
    k->n_lights = k->n_clocks ? (int)rr(r, RL_MAX) : 0;
    for (int i = 0; i < k->n_lights; i++)
        k->l[i] = (struct rlight){.clock = (int)rr(r, (uint32_t)k->n_clocks),
            .colour = 1 + (int)rr(r, 4),
            .hours = chance(r, 30) ? 0 : (int)rr(r, 100)};
}

static inline void random_kind(struct rrand *r, struct rkind *k, int number)
{
    *k = (struct rkind){.titled = chance(r, 70), .level = (int)rr(r, 3)};
    (void)snprintf(k->id, sizeof(k->id), "kind%d", number);
    random_fields(r, k);
    k->n_open = 2 + (int)rr(r, RS_MAX - 4);
    k->n_states = k->n_open + 1 + (int)rr(r, 2);
    random_moves(r, k);
    random_clocks(r, k);
    for (int i = 0; i < k->n_open; i++)
        if (chance(r, 60))
            k->edit[i] = random_list(r, k, true);
    k->number_at = chance(r, 40) ? -2 : (int)rr(r, (uint32_t)k->n_moves + 1) - 1;
}

/* ---- writing ---- */

static inline void put_who(struct buf *b, const char *key, const struct rlist *l)
{
    static const char *const roles[] = {
        "admin", "auditor", "chief", "secretary", "leader", "liaison", "staff"};
    buf_printf(b, ", %s: [", key);
    for (int i = 0; i < l->n; i++) {
        const struct rwho *w = &l->v[i];
        buf_z(b, i ? ", " : "");
        if (w->kind == WHO_ROLE) {
            int bit = 0;
            while (!(w->role & 1U << bit))
                bit++;
            buf_printf(b, "\"role:%s\"", roles[bit]);
        } else if (w->kind == WHO_FIELD) {
            buf_printf(b, "\"field:f%d\"", w->field);
        } else {
            buf_z(b, w->kind == WHO_OWNER    ? "owner"
                     : w->kind == WHO_UNIT   ? "unit"
                     : w->kind == WHO_ASKED  ? "asked"
                     : w->kind == WHO_CHOSEN ? "chosen"
                                             : "anyone");
        }
    }
    buf_z(b, "]");
}

static inline void put_cond(struct buf *b, const struct rkind *k, const struct rcond *c)
{
    static const char *const ops[] = {"", "=", "!=", "<", "<=", ">", ">="};
    if (!c->n)
        return;
    buf_z(b, ", when: \"");
    for (int i = 0; i < c->n; i++) {
        const struct rterm *t = &c->t[i];
        buf_printf(b, "%sf%d ", i == 0 ? "" : c->any ? " or " : " and ", t->field);
        if (t->op == COND_EMPTY || t->op == COND_NOT_EMPTY)
            buf_z(b, t->op == COND_EMPTY ? "is empty" : "is not empty");
        else if (t->op == COND_IN)
            buf_printf(b, "in [%s, %s]", r_choices[t->value], r_choices[(t->value + 1) % 3]);
        else if (k->f[t->field].type == FIELD_CHOICE)
            buf_printf(b, "%s %s", ops[t->op], r_choices[t->value]);
        else
            buf_printf(b, "%s %d", ops[t->op], t->value);
    }
    buf_z(b, "\"");
}

static inline void put_bits(struct buf *b, const char *key, const char *prefix, unsigned bits)
{
    bool any = false;
    if (!bits)
        return;
    buf_printf(b, ", %s: [", key);
    for (int i = 0; i < 32; i++)
        if (bits & 1U << i) {
            buf_printf(b, "%s%s%d", any ? ", " : "", prefix, i);
            any = true;
        }
    buf_z(b, "]");
}

static inline void put_fields(struct buf *b, const struct rkind *k)
{
    static const char *const types[] = {"", "text", "longtext", "number", "date", "datetime",
        "choice", "rule", "person", "people", "unit", "units", "document", "passage", "item",
        "file", "table"};
    buf_z(b, "fields:\n");
    for (int i = 0; i < k->n_fields; i++) {
        buf_printf(b, "  - {id: f%d, name: 栏%d, type: %s", i, i, types[k->f[i].type]);
        if (k->f[i].required)
            buf_z(b, ", required: true");
        if (k->f[i].type == FIELD_CHOICE)
            buf_z(b, ", of: [甲, 乙, 丙]");
        if (k->f[i].type == FIELD_TABLE)
            buf_z(
                b, ", columns: [{id: a, name: 目标, type: text}, {id: b, name: 数, type: number}]");
        put_cond(b, k, &k->f[i].when);
        if (k->f[i].see.n)
            put_who(b, "see", &k->f[i].see);
        buf_z(b, "}\n");
    }
}

static inline void put_ask(struct buf *b, const struct rask *a)
{
    static const char *const waits[] = {"none", "all", "any"};
    buf_z(b, ", ask: {purpose: 办理");
    put_who(b, "of", &a->of);
    buf_z(b, ", answers: [");
    for (int i = 0; i < a->n_answers; i++)
        buf_printf(b, "%s%s", i ? ", " : "", r_answers[i]);
    buf_z(b, "], final: [");
    for (int i = a->n_answers - a->n_final; i < a->n_answers; i++)
        buf_printf(b, "%s%s", i > a->n_answers - a->n_final ? ", " : "", r_answers[i]);
    buf_printf(b, "], wait: %s", waits[a->wait]);
    if (a->serial)
        buf_z(b, ", serial: true");
    if (a->due >= 0)
        buf_printf(b, ", due: f%d", a->due);
    buf_z(b, "}");
}

static inline void put_moves(struct buf *b, const struct rkind *k)
{
    static const char *const opinions[] = {"optional", "required", "none"};
    buf_z(b, "moves:\n");
    for (int i = 0; i < k->n_moves; i++) {
        const struct rmove *m = &k->m[i];
        buf_printf(
            b, "  - {id: m%d, name: 步%d, to: s%d, opinion: %s", i, i, m->to, opinions[m->opinion]);
        put_bits(b, "from", "s", m->from);
        put_who(b, "by", &m->by);
        put_bits(b, "set", "f", m->set);
        put_cond(b, k, &m->when);
        if (m->ask.there)
            put_ask(b, &m->ask);
        if (m->when_answered >= 0)
            buf_printf(b, ", when_answered: %s", r_answers[m->when_answered]);
        if (m->need_answers)
            buf_z(b, ", need_answers: true");
        if (m->returns)
            buf_z(b, ", kind: return");
        buf_z(b, "}\n");
    }
}

static inline void put_clocks(struct buf *b, const struct rkind *k)
{
    static const char *const colours[] = {"", "green", "blue", "yellow", "red"};
    static const char units[] = "mhd";
    if (k->n_clocks)
        buf_z(b, "clocks:\n");
    for (int i = 0; i < k->n_clocks; i++) {
        const struct rclock *c = &k->c[i];
        buf_printf(b, "  - {id: c%d, name: 时%d, start: s%d, stop: s%d", i, i, c->start, c->stop);
        if (c->due >= 0)
            buf_printf(b, ", due: f%d", c->due);
        else
            buf_printf(b, ", within: %d%c%s", (int)c->within.n, units[c->within.unit],
                c->within.working ? " working" : "");
        put_bits(b, "pause", "s", c->pause);
        put_bits(b, "drop", "s", c->drop);
        buf_z(b, ", extend: [\"role:chief\"]}\n");
    }
    if (k->n_lights)
        buf_z(b, "lights:\n");
    for (int i = 0; i < k->n_lights; i++)
        buf_printf(b, "  - {colour: %s, clock: c%d, left: %dh, text: 灯%d}\n",
            colours[k->l[i].colour], k->l[i].clock, k->l[i].hours, i);
}

static inline void kind_yaml(struct buf *b, const struct rkind *k)
{
    static const char *const levels[] = {"open", "internal", "secret"};
    buf_printf(b, "kind: %s\nname: 试验%s\nabout: 试验\nentry: track\nlevel: %s\n", k->id, k->id,
        levels[k->level]);
    if (k->titled)
        buf_z(b, "title: f0\n");
    if (k->number_at > -2)
        buf_printf(b, "number: %s〔{year}〕{serial:03}号\nnumber_at: ", k->id);
    if (k->number_at == -1)
        buf_z(b, "open\n");
    else if (k->number_at >= 0)
        buf_printf(b, "m%d\n", k->number_at);
    put_fields(b, k);
    buf_z(b, "states:\n");
    for (int i = 0; i < k->n_states; i++) {
        buf_printf(b, "  s%d: {name: 态%d", i, i);
        if (i >= k->n_open)
            buf_z(b, ", closed: true");
        if (k->edit[i].n)
            put_who(b, "edit", &k->edit[i]);
        buf_z(b, "}\n");
    }
    put_moves(b, k);
    put_clocks(b, k);
    buf_z(b, "ledger: [number, title, f1, state, light]\n");
}

#endif
