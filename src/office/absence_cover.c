/* absence_cover.c - who covers for whom on which days: from who is away, who has which duty, and who is there. Counted anew, whole, by whatever
 * changes one of these; what differs is written (item_cover_set). */
#include <stdlib.h>

#include "office/absence.h"
#include "office/item_cover.h"
#include "office/item_int.h"
#include "office/many.h"
#include "office/person.h"
#include "office/responsibility.h"

enum { AWAY_MAX = 1000, NEAR_MAX = 400, CHOICES_MAX = 16 };

struct away {
    int64_t id, person, deputy;
    int32_t from, until;
};
struct plan {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    int32_t today;
    struct away *away;
    size_t n_away, cap_away;
    int32_t *
        cuts; /* days on which something begins or has ended; between two of them nothing changes */
    size_t n_cuts, cap_cuts;
    struct cover *hand; /* given by hand */
    size_t n_hand;
    struct backup *backups;
    size_t n_backups;
    struct cover *out;
    size_t n, cap;
};
/* Of one absent person: who is named, and who comes after them, in order. */
struct stand_ins {
    int64_t named[CHOICES_MAX];
    size_t n_named;
    int64_t *after;
    size_t n_after;
    bool left; /* a leader whom nobody is named for */
};

/* Whose account was closed meanwhile is covered for the days he was to be away: what waits for him has to be somebody's. */
static enum code read_away(struct plan *p, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct stmt *q =
        db_sql(p->db, "SELECT x.id, x.person, x.deputy, x.from_day, x.to_day FROM absence x"
                      " WHERE x.ended = 0 AND x.to_day >= ?1 ORDER BY x.id LIMIT ?2");
    stmt_bind_str(q, 1, day_iso(day_of(p->today), iso));
    stmt_bind_int(q, 2, AWAY_MAX + 1);
    while (stmt_step(q)) {
        struct day from = {0, 0, 0}, until = {0, 0, 0};
        if (!day_from_iso(stmt_str(q, 3), &from) || !day_from_iso(stmt_str(q, 4), &until))
            continue;
        int32_t first = day_num(from) < p->today ? p->today : day_num(from);
        ARENA_PUSH(p->a, p->away, p->n_away, p->cap_away) = (struct away){.id = stmt_int(q, 0),
            .person = stmt_int(q, 1),
            .deputy = stmt_int(q, 2),
            .from = first,
            .until = day_num(until)};
    }
    TRY(stmt_end(q, e));
    if (p->n_away > AWAY_MAX)
        return FAIL(e, E_LIMIT, "同时有效的离岗登记超过%d条，请先结束不用的", AWAY_MAX);
    return OK;
}

static int by_day(const void *x, const void *y)
{
    const int32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static void cut(struct plan *p, int32_t from, int32_t until)
{
    ARENA_PUSH(p->a, p->cuts, p->n_cuts, p->cap_cuts) = from;
    ARENA_PUSH(p->a, p->cuts, p->n_cuts, p->cap_cuts) = until + 1;
}

static void make_cuts(struct plan *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->n_away; i++)
        cut(p, p->away[i].from, p->away[i].until);
    for (size_t i = 0; i < p->n_hand; i++)
        cut(p, p->hand[i].from, p->hand[i].until);
    if (p->n_cuts)
        qsort(p->cuts, p->n_cuts, sizeof(*p->cuts), by_day);
    for (size_t i = 0; i < p->n_cuts; i++)
        if (!kept || p->cuts[kept - 1] != p->cuts[i])
            p->cuts[kept++] = p->cuts[i];
    p->n_cuts = kept;
}

static bool is_away(const struct plan *p, int64_t person, int32_t day)
{
    for (size_t i = 0; i < p->n_away; i++)
        if (p->away[i].person == person && p->away[i].from <= day && p->away[i].until >= day)
            return true;
    return false;
}

/* Persons whom `to` stands in for that day; *has: `person` is one of them. */
static size_t covered(
    const struct cover *v, size_t n, int64_t to, int64_t person, int32_t day, bool *has)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        bool seen = v[i].to != to || v[i].from > day || v[i].until < day;
        if (!seen && v[i].person == person)
            *has = true;
        for (size_t j = 0; j < i && !seen; j++)
            seen = v[j].to == to && v[j].person == v[i].person && v[j].from <= day &&
                   v[j].until >= day;
        k += !seen;
    }
    return k;
}

static bool has_room(const struct plan *p, int64_t to, int64_t person, int32_t day, bool *has)
{
    size_t n = covered(p->hand, p->n_hand, to, person, day, has);
    n += covered(p->out, p->n, to, person, day, has);
    return *has || n < DELEGATORS_MAX;
}

/* ---- whom to take ---- */

static void name_one(struct stand_ins *s, int64_t person, int64_t id)
{
    if (!id || id == person || s->n_named == CHOICES_MAX)
        return;
    for (size_t i = 0; i < s->n_named; i++)
        if (s->named[i] == id)
            return;
    s->named[s->n_named++] = id;
}

/* An account that was closed stands in for nobody. */
static enum code keep_active(struct plan *p, struct stand_ins *s, struct err *e)
{
    size_t kept = 0;
    bool there[CHOICES_MAX] = {false};
    struct stmt *q =
        db_sql(p->db, "SELECT id FROM person WHERE active = 1 AND id IN (" MANY_IDS ")");
    many_bind(q, 1, s->named, s->n_named);
    while (stmt_step(q))
        for (size_t i = 0; i < s->n_named; i++)
            there[i] = there[i] || s->named[i] == stmt_int(q, 0);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < s->n_named; i++)
        if (there[i])
            s->named[kept++] = s->named[i];
    s->n_named = kept;
    return OK;
}

/* The chief of his unit, the others there, then chiefs of the units above, the nearest first; leaders are nobody's stand-ins. */
static enum code read_after(struct plan *p, int64_t person, struct stand_ins *s, struct err *e)
{
    size_t cap = 0;
    struct stmt *q = db_sql(p->db,
        "WITH RECURSIVE up(id, parent, depth) AS (SELECT u.id, u.parent, 0 FROM unit u JOIN person"
        " x ON x.unit = u.id WHERE x.id = ?1 UNION ALL SELECT u.id, u.parent, up.depth + 1 FROM"
        " unit u JOIN up ON u.id = up.parent) SELECT p.id, p.roles FROM up JOIN person p"
        " ON p.unit = up.id WHERE p.active = 1 AND p.id <> ?1 AND (up.depth = 0 OR"
        " (p.roles & ?3) <> 0) ORDER BY up.depth, CASE WHEN (p.roles & ?3) <> 0 THEN 0 ELSE 1 END,"
        " p.rank, p.id LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, NEAR_MAX);
    stmt_bind_int(q, 3, ROLE_CHIEF);
    while (stmt_step(q)) {
        struct viewer v = {.person = stmt_int(q, 0), .roles = (uint32_t)stmt_int(q, 1)};
        if (access_may(&v, ACT_ITEMS) && !(v.roles & ROLE_LEADER))
            ARENA_PUSH(p->a, s->after, s->n_after, cap) = v.person;
    }
    return stmt_end(q, e);
}

static enum code read_stand_ins(
    struct plan *p, const struct away *x, struct stand_ins *s, struct err *e)
{
    uint32_t roles = 0;
    name_one(s, x->person, x->deputy);
    for (size_t i = 0; i < p->n_backups; i++)
        if (p->backups[i].a == x->person)
            name_one(s, x->person, p->backups[i].b);
    TRY(keep_active(p, s, e));
    struct stmt *q = db_sql(p->db, "SELECT roles FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, x->person);
    if (stmt_step(q))
        roles = (uint32_t)stmt_int(q, 0);
    TRY(stmt_end(q, e));
    s->left = roles & ROLE_LEADER && !s->n_named;
    return read_after(p, x->person, s, e);
}

/* ---- the plan ---- */

static bool take(struct plan *p, const struct away *x, int64_t to, int32_t from, int32_t until)
{
    bool has = false;
    if (to == x->person || is_away(p, to, from) || !has_room(p, to, x->person, from, &has))
        return false;
    if (has) /* by hand, or for another duty */
        return true;
    for (size_t i = p->n; i-- > 0;)
        if (p->out[i].absence == x->id && p->out[i].to == to && p->out[i].until == from - 1) {
            p->out[i].until = until;
            return true;
        }
    ARENA_PUSH(p->a, p->out, p->n, p->cap) = (struct cover){
        .person = x->person, .to = to, .absence = x->id, .from = from, .until = until};
    return true;
}

/* Everybody gets one before anybody gets a second: who is there has room for DELEGATORS_MAX. */
static void take_first(
    struct plan *p, const struct away *x, const struct stand_ins *s, int32_t from, int32_t until)
{
    bool taken = false;
    for (size_t i = 0; i < s->n_named && !taken; i++)
        taken = take(p, x, s->named[i], from, until);
    for (size_t i = 0; i < s->n_after && !taken; i++)
        taken = take(p, x, s->after[i], from, until);
}

static void plan_span(struct plan *p, const struct stand_ins *s, int32_t from, int32_t until)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < p->n_away; i++) {
            const struct away *x = &p->away[i];
            if (x->from > from || x->until < from || s[i].left)
                continue;
            if (round == 0)
                take_first(p, x, &s[i], from, until);
            for (size_t k = 0; round == 1 && k < s[i].n_named; k++)
                (void)take(p, x, s[i].named[k], from, until);
        }
}

static enum code make_plan(struct plan *p, struct err *e)
{
    TRY(read_away(p, e));
    TRY(item_cover_by_hand(p->db, p->a, p->today, &p->hand, &p->n_hand, e));
    TRY(responsibility_backups(p->db, p->a, &p->backups, &p->n_backups, e));
    make_cuts(p);
    struct stand_ins *s = ARENA_ARRAY(p->a, struct stand_ins, p->n_away + 1);
    for (size_t i = 0; i < p->n_away; i++)
        TRY(read_stand_ins(p, &p->away[i], &s[i], e));
    for (size_t i = 0; i + 1 < p->n_cuts; i++)
        plan_span(p, s, p->cuts[i], p->cuts[i + 1] - 1);
    return OK;
}

enum code absence_follow(struct db *db, const struct actor *by, struct err *e)
{
    struct arena a;
    struct plan p = {.db = db, .a = &a, .by = by, .today = clock_day(by->now_ms, ZONE_CHINA)};
    arena_init(&a);
    enum code c = make_plan(&p, e);
    if (c == OK)
        c = item_cover_set(db, by, p.out, p.n, e);
    arena_release(&a);
    return c;
}

/* ---- in words ---- */

static enum code names_of(struct db *db, struct arena *a, const struct cover *v, size_t n,
    struct person_name **out, size_t *n_out, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].to;
    return person_names(db, a, ids, n, out, n_out, e);
}

static struct str covers_of(struct arena *a, const struct cover *v, size_t n,
    const struct person_name *names, size_t n_names, int64_t person)
{
    struct str s = S("");
    int64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].person != person || v[i].to == last)
            continue;
        last = v[i].to;
        for (size_t k = 0; k < n_names; k++)
            if (names[k].id == v[i].to)
                s = arena_printf(a, "%.*s%s%.*s", SF(s), s.n ? "、" : "", SF(names[k].name));
    }
    return s;
}

enum code absence_today(struct db *db, struct arena *a, const struct actor *by,
    struct stand_for **out, size_t *n, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    int32_t day = clock_day(by->now_ms, ZONE_CHINA);
    struct str today = arena_str(a, day_iso(day_of(day), iso));
    struct absence *v;
    struct cover *cover;
    struct person_name *names;
    size_t n_v, n_cover, n_names, k = 0;
    TRY(absence_list(db, a, by, 0, today, today, &v, &n_v, e));
    *out = NULL;
    *n = 0;
    if (n_v == 0)
        return OK;
    TRY(item_cover_on(db, a, day, &cover, &n_cover, e));
    TRY(names_of(db, a, cover, n_cover, &names, &n_names, e));
    struct stand_for *s = ARENA_ARRAY(a, struct stand_for, n_v + 1);
    for (size_t i = 0; i < n_v; i++) {
        struct str who = covers_of(a, cover, n_cover, names, n_names, v[i].person);
        struct str why = v[i].why.n ? v[i].why : S("离岗");
        s[k++] = (struct stand_for){.person = v[i].person,
            .name = v[i].person_name,
            .why = why,
            .to_day = v[i].to_day,
            .covers = who,
            .words = arena_printf(a, "%.*s%.*s（至%.*s）%s%.*s%s", SF(v[i].person_name), SF(why),
                SF(v[i].to_day), who.n ? "，由" : "，未安排代办", SF(who), who.n ? "代办" : "")};
    }
    *out = s;
    *n = k;
    return OK;
}
