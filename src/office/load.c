#include "office/load.h"

#include "office/absence.h"
#include "office/item_cover.h"
#include "office/item_int.h"
#include "office/many.h"
#include "office/person.h"

struct counting {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    struct load *v;
    size_t n;
    int64_t ids[MANY];
    int32_t today, sunday;
};

static struct load *of(struct counting *c, int64_t person)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].person == person)
            return &c->v[i];
    return NULL;
}

static enum code people(struct counting *c, int64_t unit, struct err *e)
{
    struct person *v;
    size_t n;
    bool all = c->by->v->owner || (c->by->v->roles & ROLE_CHIEF && c->by->v->unit == unit);
    TRY(person_list(c->db, c->a, unit, false, &v, &n, e));
    c->v = ARENA_ARRAY(c->a, struct load, MANY);
    for (size_t i = 0; i < n && c->n < LOAD_PEOPLE_MAX; i++) {
        if (v[i].roles & ROLES_APART || (!all && v[i].id != c->by->v->person))
            continue;
        c->ids[c->n] = v[i].id;
        c->v[c->n++] = (struct load){
            .person = v[i].id, .name = v[i].name, .login = v[i].login, .title = v[i].title};
    }
    return OK;
}

/* One row for each matter and person who has it in hand, with the limit that holds for him: of the matter for who answers for it, else of what
 * he was asked. */
static enum code in_hand(struct counting *c, struct err *e)
{
    int64_t week_end = clock_day_ms(c->sunday + 1, ZONE_CHINA), now = c->by->now_ms;
    struct stmt *q = db_sql(c->db,
        "SELECT g.principal, CASE WHEN i.owner = g.principal THEN i.due ELSE coalesce((SELECT"
        " min(CASE WHEN a.due > 0 THEN a.due ELSE i.due END) FROM ask a WHERE a.item = i.id AND"
        " a.to_kind = 1 AND a.to_id = g.principal AND a.state = 0 AND a.sent > 0), 0) END"
        " FROM item_grant g JOIN item i ON i.id = g.item WHERE g.kind = 1 AND g.stage = 1 AND"
        " (i.owner = g.principal OR EXISTS (SELECT 1 FROM ask a WHERE a.item = i.id AND"
        " a.to_kind = 1 AND a.to_id = g.principal AND a.state = 0 AND a.sent > 0)) AND"
        " g.principal IN (" MANY_IDS ") LIMIT ?101");
    many_bind(q, 1, c->ids, c->n);
    stmt_bind_int(q, 101, LOAD_ROWS_MAX);
    while (stmt_step(q)) {
        struct load *x = of(c, stmt_int(q, 0));
        int64_t due = stmt_int(q, 1);
        x->open++;
        if (due <= 0 || due == ITEM_NO_DUE)
            continue;
        x->late += due <= now;
        x->week += due > now && due <= week_end;
    }
    return stmt_end(q, e);
}

static enum code asked_today(struct counting *c, struct err *e)
{
    struct stmt *q = db_sql(c->db,
        "SELECT a.to_id, count(*) FROM ask a WHERE a.to_kind = 1 AND a.to_id IN (" MANY_IDS
        ") AND a.sent >= ?101 AND a.sent < ?102 AND a.state IN (0, 1) GROUP BY a.to_id");
    many_bind(q, 1, c->ids, c->n);
    stmt_bind_int(q, 101, clock_day_ms(c->today, ZONE_CHINA));
    stmt_bind_int(q, 102, clock_day_ms(c->today + 1, ZONE_CHINA));
    while (stmt_step(q))
        of(c, stmt_int(q, 0))->asked = stmt_int(q, 1);
    return stmt_end(q, e);
}

static struct str iso_text(struct arena *a, int32_t num)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(a, day_iso(day_of(num), iso));
}

static enum code absences(struct counting *c, struct err *e)
{
    struct absence *v;
    size_t n;
    TRY(absence_list(
        c->db, c->a, c->by, 0, iso_text(c->a, c->today), iso_text(c->a, c->sunday), &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct load *x = of(c, v[i].person);
        if (x)
            x->away = arena_printf(c->a, "%.*s%s%.*s至%.*s %.*s", SF(x->away),
                x->away.n ? "；" : "", SF(v[i].from_day), SF(v[i].to_day), SF(v[i].why));
    }
    return OK;
}

static enum code covers(struct counting *c, struct err *e)
{
    struct cover *v;
    struct person_name *names;
    size_t n, n_names;
    TRY(item_cover_on(c->db, c->a, c->today, &v, &n, e));
    int64_t *ids = ARENA_ARRAY(c->a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person;
    TRY(person_names(c->db, c->a, ids, n, &names, &n_names, e));
    for (size_t i = 0; i < n; i++) {
        struct load *x = of(c, v[i].to);
        for (size_t k = 0; x && k < n_names; k++)
            if (names[k].id == v[i].person)
                x->covers = arena_printf(
                    c->a, "%.*s%s%.*s", SF(x->covers), x->covers.n ? "、" : "", SF(names[k].name));
    }
    return OK;
}

enum code load_list(struct db *db, struct arena *a, const struct actor *by, int64_t unit,
    struct load **out, size_t *n, struct err *e)
{
    struct counting c = {.db = db, .a = a, .by = by, .today = clock_day(by->now_ms, ZONE_CHINA)};
    c.sunday = c.today + 7 - day_weekday(c.today);
    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(people(&c, unit, e));
    TRY(in_hand(&c, e));
    TRY(asked_today(&c, e));
    TRY(absences(&c, e));
    TRY(covers(&c, e));
    *out = c.v;
    *n = c.n;
    return OK;
}
