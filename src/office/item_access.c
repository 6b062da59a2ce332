/* Who may see and do what with an item, and the rows of item_grant that say the same for lists. */
#include <string.h>

#include "office/document.h"
#include "office/item_change.h"
#include "office/item_int.h"

enum { SEEING = ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER, ACTING = ROLE_LIAISON | ROLE_CHIEF };
/* Who is away is stood in for in the office's work; nobody hands on the keys of the platform. */
enum { DELEGABLE = SEEING | ACTING | ROLE_STAFF };
enum { ENTERED_FOR = ROLE_LEADER | ROLE_LIAISON | ROLE_STAFF };
enum { MEMBERS_MAX = FIELD_MANY, UNITS_ABOVE_MAX = 32 };

/* ---- seats ---- */

static uint32_t roles_of(uint32_t roles)
{
    return roles ? roles : ROLE_STAFF;
}

int64_t seat_place(const struct seat *s, int which)
{
    return which == 0 ? s->person : which == 1 ? s->unit : s->roles & ROLE_CHIEF ? s->home : 0;
}

static struct seat seat_make(int64_t person, int64_t unit, uint32_t roles)
{
    roles = roles_of(roles);
    return (struct seat){
        .person = person, .home = unit, .unit = roles & ACTING ? unit : 0, .roles = roles};
}

/* The number of persons, of units acted for, of units of a chief among the seats, were it one of them. */
static int places(const struct seat *v, int n, int which)
{
    int64_t seen[SEATS_MAX + 1];
    int k = 0;
    for (int i = 0; i < n; i++) {
        int64_t id = seat_place(&v[i], which);
        int at = 0;
        while (at < k && seen[at] != id)
            at++;
        if (id && at == k)
            seen[k++] = id;
    }
    return k;
}

static void seat_add(struct seat *v, int *n, struct seat s)
{
    if (*n == SEATS_MAX)
        return;
    v[*n] = s;
    for (int which = 0; which < 3; which++)
        if (places(v, *n + 1, which) > SEAT_PLACES)
            return;
    ++*n;
}

static enum code seats_rows(struct stmt *q, uint32_t roles, struct seat *v, int *n, struct err *e)
{
    while (stmt_step(q))
        seat_add(v, n, seat_make(stmt_int(q, 0), stmt_int(q, 1), (uint32_t)stmt_int(q, 2) & roles));
    return stmt_end(q, e);
}

static enum code seats_posts(struct db *db, int64_t person, struct seat *v, int *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        DB_PLAN_ONCE "SELECT person, unit, roles FROM person_post WHERE person = ?1 ORDER BY unit");
    stmt_bind_int(q, 1, person);
    return seats_rows(q, DELEGABLE, v, n, e);
}

/* 代录: the secretary enters what a leader or a unit said, in his place; never what a chief decides. */
static enum code seat_for(
    struct db *db, const struct actor *by, struct seat *v, int *n, struct err *e)
{
    int before = *n;
    if (!by->v->owner && !(by->v->roles & (ROLE_SECRETARY | ROLE_CHIEF)))
        return FAIL(e, E_DENIED, "代录由秘书和科长办理，您不能代录");
    if (by->for_person == by->v->person)
        return FAIL(e, E_INPUT, "本人的意见直接填写，不用代录");
    struct stmt *q = db_sql(db, "SELECT id, unit, roles FROM person WHERE id = ?1 AND active = 1");
    stmt_bind_int(q, 1, by->for_person);
    TRY(seats_rows(q, ENTERED_FOR, v, n, e));
    return *n > before ? OK : FAIL(e, E_INPUT, "代录的人员不存在或已停用，请另选");
}

/* Each with the units he works in besides. */
static enum code seats_delegated(
    struct db *db, const struct actor *by, struct seat *v, int *n, struct err *e)
{
    char iso[DAY_ISO_SIZE];
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT p.id, p.unit, p.roles, 0 FROM delegation d JOIN person p ON p.id = d.person"
        " WHERE d.to_person = ?1 AND d.from_day <= ?2 AND d.to_day >= ?2 AND d.revoked = 0"
        " AND p.active = 1 UNION SELECT p.id, x.unit, x.roles, 1 FROM delegation d JOIN person p"
        " ON p.id = d.person JOIN person_post x ON x.person = p.id WHERE d.to_person = ?1"
        " AND d.from_day <= ?2 AND d.to_day >= ?2 AND d.revoked = 0 AND p.active = 1"
        " ORDER BY 4, 1, 2");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_str(q, 2, day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), iso));
    return seats_rows(q, DELEGABLE, v, n, e);
}

struct seats {
    int64_t person; /* 0: nothing is kept */
    int n;
    struct seat v[SEATS_MAX];
};

struct seats *seats_room(struct arena *a)
{
    return ARENA_NEW(a, struct seats);
}

void seats_forget(struct seats *s)
{
    if (s)
        s->person = 0;
}

static enum code seats_ask(
    struct db *db, const struct actor *by, struct seat *v, int *n, struct err *e)
{
    v[0] = seat_make(by->v->person, by->v->unit, by->v->roles);
    *n = 1;
    if (!by->v->person)
        return by->for_person ? seat_for(db, by, v, n, e) : OK;
    TRY(seats_posts(db, by->v->person, v, n, e));
    if (by->for_person)
        TRY(seat_for(db, by, v, n, e));
    return seats_delegated(db, by, v, n, e);
}

enum code seats_of(struct db *db, const struct actor *by, struct seat *v, int *n, struct err *e)
{
    struct seats *k = db_reads(db) && !by->for_person ? by->kept : NULL;

    if (!k)
        return seats_ask(db, by, v, n, e);
    if (k->person != by->v->person || !k->person) {
        k->person = 0;
        TRY(seats_ask(db, by, k->v, &k->n, e));
        k->person = by->v->person;
    }
    memcpy(v, k->v, sizeof(*v) * (size_t)k->n);
    *n = k->n;
    return OK;
}

bool work_acts_for(const struct work *w, int kind, int64_t principal)
{
    for (int i = 0; i < w->n_seats; i++) {
        const struct seat *s = &w->seat[i];
        if (kind == GRANT_PERSON && s->person && s->person == principal)
            return true;
        if (kind == GRANT_UNIT && s->unit && s->unit == principal)
            return true;
        if (kind == GRANT_ROLE && s->roles & (uint32_t)principal)
            return true;
        if (kind == GRANT_CHIEF && s->roles & ROLE_CHIEF && s->home == principal)
            return true;
    }
    return false;
}

/* ---- one item ---- */

bool work_sees(const struct work *w)
{
    if (w->by->v->owner)
        return true;
    for (int i = 0; i < w->n_seats; i++)
        if (w->it.level <= LEVEL_INTERNAL && w->seat[i].roles & SEEING)
            return true;
    for (size_t i = 0; i < w->n_grants; i++)
        if (work_acts_for(w, w->grants[i].kind, w->grants[i].principal))
            return true;
    return false;
}

static bool in_field(const struct work *w, size_t field)
{
    int64_t ids[MEMBERS_MAX];
    enum field_type t = w->k->fields[field].type;
    int kind = t == FIELD_PERSON || t == FIELD_PEOPLE ? GRANT_PERSON : GRANT_UNIT;
    size_t n = field_ids(w, field, ids, MEMBERS_MAX);
    for (size_t i = 0; i < n; i++)
        if (work_acts_for(w, kind, ids[i]))
            return true;
    return false;
}

static bool is_asked(const struct work *w)
{
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (a->state == ASK_OPEN && a->sent_ms && work_acts_for(w, (int)a->to_kind, a->to))
            return true;
    }
    return false;
}

static bool is_who(const struct work *w, const struct who *who)
{
    switch (who->kind) {
    case WHO_OWNER:
        return work_acts_for(w, GRANT_PERSON, w->it.owner);
    case WHO_ROLE:
        return work_acts_for(w, GRANT_ROLE, (int64_t)who->roles);
    case WHO_FIELD:
        return in_field(w, who->field);
    case WHO_ASKED:
        return is_asked(w);
    case WHO_UNIT:
        return work_acts_for(w, GRANT_UNIT, w->it.unit);
    case WHO_ANYONE:
        return true;
    case WHO_CHOSEN:
    case WHO_ASKED_CHIEF:
        return false;
    }
    return false;
}

/* Of those who see the item; that is asked first. */
bool work_may(const struct work *w, const struct who_list *l)
{
    if (w->by->v->owner)
        return true;
    for (size_t i = 0; i < l->n; i++)
        if (is_who(w, &l->v[i]))
            return true;
    return false;
}

bool work_reads(const struct work *w, const struct kind_field *f)
{
    return f->see.n == 0 || work_may(w, &f->see);
}

/* A field that says who goes on with the matter: the lead unit, the leader. */
static bool leads(const struct work *w)
{
    for (size_t i = 0; i < w->k->n_moves; i++) {
        const struct who_list *by = &w->k->moves[i].by;
        for (size_t j = 0; j < by->n; j++)
            if (by->v[j].kind == WHO_FIELD && in_field(w, by->v[j].field))
                return true;
    }
    return false;
}

bool seats_see_whole(const struct actor *by, const struct seat *v, int n, const struct item *it)
{
    if (by->v->owner)
        return true;
    for (int i = 0; i < n; i++)
        if ((it->level <= LEVEL_INTERNAL && v[i].roles & SEEING) ||
            (v[i].person && v[i].person == it->owner) || (v[i].unit && v[i].unit == it->unit))
            return true;
    return false;
}

bool work_sees_whole(const struct work *w)
{
    if (seats_see_whole(w->by, w->seat, w->n_seats, &w->it) ||
        work_acts_for(w, GRANT_PERSON, w->opener))
        return true;
    for (size_t i = 0; i < w->n_grants; i++)
        if (w->grants[i].kind == GRANT_CHIEF &&
            work_acts_for(w, GRANT_CHIEF, w->grants[i].principal))
            return true;
    return leads(w);
}

static bool stands_in(const struct kind_move *m, size_t state)
{
    for (size_t i = 0; i < m->n_from; i++)
        if (m->from[i] == state)
            return true;
    return false;
}

static bool may_move_somehow(const struct work *w)
{
    for (size_t i = 0; i < w->k->n_moves; i++)
        if (stands_in(&w->k->moves[i], w->state) && work_may(w, &w->k->moves[i].by))
            return true;
    return false;
}

bool work_right(const struct work *w, enum item_right r, size_t move)
{
    bool open = w->it.closed_ms == 0, chief = work_acts_for(w, GRANT_ROLE, ROLE_CHIEF);
    bool owner = w->by->v->owner || work_acts_for(w, GRANT_PERSON, w->it.owner);
    if (!work_sees(w))
        return false;
    switch (r) {
    case ITEM_SEE:
        return true;
    case ITEM_EDIT:
        return open && work_may(w, &w->k->states[w->state].edit);
    case ITEM_MOVE:
        return move < w->k->n_moves && stands_in(&w->k->moves[move], w->state) &&
               work_may(w, &w->k->moves[move].by);
    case ITEM_ASK:
    case ITEM_SPLIT:
        return open && (owner || chief || work_acts_for(w, GRANT_ROLE, ROLE_SECRETARY));
    case ITEM_RETURN:
        return open && (owner || chief || may_move_somehow(w));
    case ITEM_HAND_OVER:
    case ITEM_MERGE:
        return open && (owner || chief);
    case ITEM_EXTEND:
        return open && (owner || chief || may_move_somehow(w));
    case ITEM_REOPEN:
        return !open && !w->it.discarded && (w->by->v->owner || chief);
    case ITEM_ARCHIVE:
        return !open && !w->sealed &&
               (owner || chief || work_acts_for(w, GRANT_ROLE, ROLE_SECRETARY));
    case ITEM_DISCARD:
        return open && w->state == 0 && (owner || chief);
    case ITEM_UPGRADE:
        return open && (w->by->v->owner || chief);
    case ITEM_ATTACH:
        return open;
    case ITEM_VERIFY:
        return !w->sealed && (owner || chief || work_acts_for(w, GRANT_ROLE, ROLE_SECRETARY));
    case N_ITEM_RIGHT:
        break;
    }
    return false;
}

enum code access_item(struct db *db, const struct actor *by, int64_t item, enum item_right r,
    size_t move, bool *may, struct err *e)
{
    struct arena a;
    struct work w;
    arena_init(&a);
    enum code c = work_load(&w, db, &a, by, item, e);
    if (c == OK)
        *may = work_right(&w, r, move);
    arena_release(&a);
    return c;
}

enum code item_rights(
    struct db *db, const struct actor *by, int64_t item, bool may[N_ITEM_RIGHT], struct err *e)
{
    struct arena a;
    struct work w;
    arena_init(&a);
    enum code c = work_begin(&w, db, &a, by, item, e);
    for (int r = 0; c == OK && r < N_ITEM_RIGHT; r++)
        may[r] = r == ITEM_MOVE ? may_move_somehow(&w) : work_right(&w, (enum item_right)r, 0);
    arena_release(&a);
    return c;
}

/* ---- the same as rows ---- */

enum code grants_read(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "SELECT kind, principal, why, box, stage FROM item_grant WHERE item = ?1 ORDER BY kind,"
        " principal");
    stmt_bind_int(q, 1, w->it.id);
    while (stmt_step(q)) {
        struct grant g = {.kind = (int)stmt_int(q, 0),
            .principal = stmt_int(q, 1),
            .old_why = (uint32_t)stmt_int(q, 2),
            .old_box = (enum item_box)stmt_int(q, 3),
            .old_stage = (int)stmt_int(q, 4)};
        g.why = g.old_why;
        g.box = g.old_box;
        ARENA_PUSH(w->a, w->grants, w->n_grants, w->cap_grants) = g;
    }
    return stmt_end(q, e);
}

static struct grant *grant_of(struct work *w, int kind, int64_t principal)
{
    for (size_t i = 0; i < w->n_grants; i++)
        if (w->grants[i].kind == kind && w->grants[i].principal == principal)
            return &w->grants[i];
    struct grant g = {.kind = kind, .principal = principal};
    ARENA_PUSH(w->a, w->grants, w->n_grants, w->cap_grants) = g;
    return &w->grants[w->n_grants - 1];
}

static void add(struct work *w, int kind, int64_t principal, uint32_t why)
{
    if (principal)
        grant_of(w, kind, principal)->why |= why;
}

/* The more pressing box wins: 待办 before 待阅 before the others. BOX_ALL: it lies in none for that. */
static void put(struct work *w, int kind, int64_t principal, uint32_t why, enum item_box box)
{
    if (!principal)
        return;
    struct grant *g = grant_of(w, kind, principal);
    g->why |= why;
    if (box != BOX_ALL && (g->box == BOX_ALL || g->box > box))
        g->box = box;
}

void work_acted(struct work *w, int64_t person, uint32_t why)
{
    add(w, GRANT_PERSON, person, why);
}

static void add_members(struct work *w, size_t field, uint32_t why, enum item_box box)
{
    int64_t ids[MEMBERS_MAX];
    enum field_type t = w->k->fields[field].type;
    int kind = t == FIELD_PERSON || t == FIELD_PEOPLE ? GRANT_PERSON : GRANT_UNIT;
    size_t n = field_ids(w, field, ids, MEMBERS_MAX);
    for (size_t i = 0; i < n; i++)
        if (box)
            put(w, kind, ids[i], why, box);
        else
            add(w, kind, ids[i], why);
}

/* 工作秘密: the chiefs of the unit and of those above. */
static enum code add_chiefs(struct work *w, struct err *e)
{
    int64_t up[UNITS_ABOVE_MAX];
    size_t n = 0;
    struct stmt *q = db_sql(w->db, DB_PLAN_ONCE
        "WITH RECURSIVE up(id, parent) AS (SELECT id, parent FROM unit WHERE id = ?1"
        " UNION SELECT u.id, u.parent FROM unit u JOIN up ON u.id = up.parent) SELECT id FROM up");
    stmt_bind_int(q, 1, w->it.unit);
    while (stmt_step(q) && n < UNITS_ABOVE_MAX)
        up[n++] = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < n; i++)
        add(w, GRANT_CHIEF, up[i], WHY_ABOVE);
    return OK;
}

/* The rows of chiefs follow the tree: what was 工作秘密 of a unit is seen by the chiefs above it as it stands now. The box of the old rows, all of them
 * in the same, stays. */
enum code item_unit_moved(struct db *db, int64_t unit, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO item_grant(item, kind, principal, why, box, opened, item_kind, stage)"
        " WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id = ?1 UNION SELECT u.id"
        " FROM unit u JOIN below ON u.parent = below.id), up(base, id) AS (SELECT id, id FROM below"
        " UNION SELECT up.base, u.parent FROM up JOIN unit u ON u.id = up.id WHERE u.parent <> 0)"
        " SELECT i.id, ?2, up.id, ?3, coalesce((SELECT max(g.box) FROM item_grant g WHERE"
        " g.item = i.id AND g.kind = ?2), 0), i.opened, i.kind, CASE WHEN i.gone <> 0 THEN -1 WHEN"
        " i.closed = 0 THEN 1 ELSE 0 END FROM up JOIN item i ON i.unit = up.base"
        " WHERE i.level > ?4 ON CONFLICT(item, kind, principal) DO UPDATE SET why = excluded.why");
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, GRANT_CHIEF);
    stmt_bind_int(q, 3, WHY_ABOVE);
    stmt_bind_int(q, 4, LEVEL_INTERNAL);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db,
        "DELETE FROM item_grant WHERE kind = ?2 AND item IN (WITH RECURSIVE below(id) AS (SELECT"
        " id FROM unit WHERE id = ?1 UNION SELECT u.id FROM unit u JOIN below ON"
        " u.parent = below.id) SELECT i.id FROM item i JOIN below ON i.unit = below.id)"
        " AND principal NOT IN (WITH RECURSIVE up(id) AS (SELECT i.unit FROM item i WHERE"
        " i.id = item_grant.item UNION SELECT u.parent FROM up JOIN unit u ON u.id = up.id"
        " WHERE u.parent <> 0) SELECT id FROM up)");
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, GRANT_CHIEF);
    TRY(stmt_run(q, NULL, e));
    return item_change_note(db, ITEM_CHANGE_ALL, e);
}

/* A move that stands in every open state (to end the item, say) waits for nobody. */
static bool everywhere(const struct work *w, const struct kind_move *m)
{
    size_t open = 0;
    for (size_t i = 0; i < w->k->n_states; i++)
        open += !w->k->states[i].closed;
    return open > 1 && m->n_from >= open;
}

/* Ending it with a reason (撤销) is what may be done besides, as long as another step leads on from here: what is only taken back in
 * case of need lies on nobody's desk. */
static bool ends_besides(const struct work *w, const struct kind_move *m)
{
    if (!w->k->states[m->to].closed || m->opinion != OPINION_REQUIRED)
        return false;
    for (size_t i = 0; i < w->k->n_moves; i++) {
        const struct kind_move *x = &w->k->moves[i];
        if (stands_in(x, w->state) && !x->returns && x->to != w->state &&
            !(w->k->states[x->to].closed && x->opinion == OPINION_REQUIRED))
            return true;
    }
    return false;
}

bool work_besides(const struct work *w, size_t move)
{
    const struct kind_move *m = &w->k->moves[move];
    return everywhere(w, m) || ends_besides(w, m);
}

/* The move is somebody's to make now. */
static bool waits(struct work *w, size_t move)
{
    const struct kind_move *m = &w->k->moves[move];
    return stands_in(m, w->state) && !work_besides(w, move) && cond_holds(&m->when, field_text, w);
}

static void put_role(struct work *w, uint32_t roles, enum item_box box)
{
    if (w->it.level <= LEVEL_INTERNAL) {
        for (uint32_t bit = 1; bit <= ROLE_STAFF; bit <<= 1)
            if (roles & bit)
                put(w, GRANT_ROLE, bit, WHY_MOVE, box);
    } else if (roles & ROLE_CHIEF && box != BOX_ALL) {
        for (size_t i = 0; i < w->n_grants; i++)
            if (w->grants[i].kind == GRANT_CHIEF)
                w->grants[i].box = box;
    }
}

/* While an answer is waited for, the moves are what may be done besides, and a move that stays in the state (加送, 阶段汇报) is never what
 * an item waits for: else everything on its way would lie in the 待办 of the whole section. */
bool work_todo(struct work *w, size_t move)
{
    return waits(w, move) && asks_open(w) == 0 && w->k->moves[move].to != w->state;
}

static void put_waiting(struct work *w, size_t move)
{
    const struct kind_move *m = &w->k->moves[move];
    enum item_box box = work_todo(w, move) ? BOX_TODO : BOX_ALL;
    for (size_t i = 0; i < m->by.n; i++) {
        const struct who *who = &m->by.v[i];
        if (who->kind == WHO_OWNER)
            put(w, GRANT_PERSON, w->it.owner, WHY_MOVE, box);
        else if (who->kind == WHO_ROLE)
            put_role(w, who->roles, box);
        else if (who->kind == WHO_UNIT)
            put(w, GRANT_UNIT, w->it.unit, WHY_MOVE, box);
        else if (who->kind == WHO_FIELD)
            add_members(w, who->field, WHY_MOVE, box);
    }
}

static void put_asks(struct work *w)
{
    for (size_t i = 0; i < w->n_asks; i++) {
        const struct ask *a = &w->asks[i];
        if (a->state == ASK_WITHDRAWN || !a->sent_ms)
            continue;
        add(w, (int)a->to_kind, a->to, WHY_ASKED);
        if (a->state == ASK_OPEN)
            put(w, (int)a->to_kind, a->to, WHY_ASKED, a->wait == WAIT_NONE ? BOX_READ : BOX_TODO);
    }
}

static enum code grants_compute(struct work *w, struct err *e)
{
    bool open = w->it.closed_ms == 0;
    for (size_t i = 0; i < w->n_grants; i++) {
        w->grants[i].why &= (uint32_t)(WHY_ACTED | WHY_TOLD);
        w->grants[i].box = BOX_ALL;
    }
    add(w, GRANT_PERSON, w->it.owner, WHY_OWNER);
    add(w, GRANT_UNIT, w->it.unit, WHY_UNIT);
    for (size_t i = 0; i < w->k->n_fields; i++) {
        enum field_type t = w->k->fields[i].type;
        if (w->k->fields[i].addressed) /* put_asks, once he has been asked */
            continue;
        if (t == FIELD_PERSON || t == FIELD_PEOPLE || t == FIELD_UNIT || t == FIELD_UNITS)
            add_members(w, i, WHY_FIELD, BOX_ALL);
    }
    if (w->it.level > LEVEL_INTERNAL)
        TRY(add_chiefs(w, e));
    put_asks(w);
    for (size_t i = 0; open && i < w->k->n_moves; i++) {
        if (waits(w, i))
            put_waiting(w, i);
    }
    for (size_t i = 0; i < w->n_grants; i++) {
        struct grant *g = &w->grants[i];
        if (w->it.discarded)
            g->box = BOX_ALL;
        else if (g->box == BOX_ALL && g->why & (WHY_OWNER | WHY_ASKED | WHY_ACTED))
            g->box = open ? BOX_DOING : BOX_DONE;
    }
    return OK;
}

/* It runs, it has ended, it was a draft that was given up. */
static int stage_of(const struct item *it)
{
    return it->discarded ? -1 : it->closed_ms == 0;
}

/* What stays as it is is not named: a column that is set is written in each of its indexes. */
static enum code grant_write(struct work *w, const struct grant *g, int stage, struct err *e)
{
    struct stmt *q;
    if (g->why == 0) {
        q = db_sql(
            w->db, "DELETE FROM item_grant WHERE item = ?1 AND kind = ?2 AND principal = ?3");
    } else if (g->old_why && g->old_stage == stage) {
        q = db_sql(w->db, "UPDATE item_grant SET why = ?4, box = ?5 WHERE item = ?1 AND kind = ?2"
                          " AND principal = ?3");
    } else {
        q = db_sql(w->db,
            "INSERT INTO item_grant(item, kind, principal, why, box, opened, item_kind, stage)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(item, kind, principal)"
            " DO UPDATE SET why = excluded.why, box = excluded.box, stage = excluded.stage");
        stmt_bind_int(q, 6, w->it.opened_ms);
        stmt_bind_str(q, 7, w->it.kind);
        stmt_bind_int(q, 8, stage);
    }
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, g->kind);
    stmt_bind_int(q, 3, g->principal);
    if (g->why) {
        stmt_bind_int(q, 4, g->why);
        stmt_bind_int(q, 5, g->box);
    }
    return stmt_run(q, NULL, e);
}

enum code grants_write(struct work *w, struct err *e)
{
    int stage = stage_of(&w->it);
    TRY(grants_compute(w, e));
    for (size_t i = 0; i < w->n_grants; i++) {
        const struct grant *g = &w->grants[i];
        bool same = g->why == g->old_why && g->box == g->old_box;
        w->lies = w->lies || g->box != g->old_box;
        if (!same || (g->why && g->old_stage != stage))
            TRY(grant_write(w, g, stage, e));
    }
    return OK;
}
