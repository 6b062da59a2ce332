#include "office/item_cover.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/item_int.h"

/* ---- delegation ---- */

enum code item_delegate(struct db *db, const struct actor *by, int64_t person, int64_t to,
    struct str from_day, struct str to_day, struct err *e)
{
    struct day from, until;
    struct buf b;
    struct jw j;
    int64_t n = 0;
    if (!by->v->owner && by->v->person != person)
        return FAIL(e, E_DENIED, "只能委托本人的事项");
    if (to == person)
        return FAIL(e, E_INPUT, "不能委托给本人");
    if (!day_from_iso(from_day, &from) || !day_from_iso(to_day, &until) ||
        day_num(until) < day_num(from) || day_num(until) - day_num(from) > DELEGATION_DAYS_MAX)
        return FAIL(e, E_INPUT, "委托的起止日期不对，最长%d天", DELEGATION_DAYS_MAX);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM person WHERE id IN (?1, ?2) AND active = 1");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, to);
    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (n != 2)
        return FAIL(e, E_INPUT, "受委托的人员不存在或已停用，请另选");
    q = db_sql(db,
        "SELECT count(DISTINCT person) FROM delegation WHERE to_person = ?1 AND person <> ?2"
        " AND from_day <= ?4 AND to_day >= ?3 AND revoked = 0");
    stmt_bind_int(q, 1, to);
    stmt_bind_int(q, 2, person);
    stmt_bind_str(q, 3, from_day);
    stmt_bind_str(q, 4, to_day);
    n = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    if (n >= DELEGATORS_MAX)
        return FAIL(e, E_LIMIT, "一人同时最多受%d人委托，请另选", DELEGATORS_MAX);
    q = db_sql(db, "INSERT INTO delegation(id, person, to_person, from_day, to_day, made, made_by)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, to);
    stmt_bind_str(q, 4, from_day);
    stmt_bind_str(q, 5, to_day);
    stmt_bind_int(q, 6, by->now_ms);
    stmt_bind_int(q, 7, by->v->person);
    TRY(stmt_run(q, NULL, e));
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kid(&j, "to", to);
    jw_kstr(&j, "from_day", from_day);
    jw_kstr(&j, "to_day", to_day);
    jw_end(&j);
    enum code c =
        audit_simple(db, by->v->person, "item.delegate", "person", person, buf_view(&b), e);
    buf_release(&b);
    return c;
}

#define COLUMNS                                                                            \
    "d.id, d.person, d.to_person, coalesce(p.name, ''), coalesce(t.name, ''), d.from_day," \
    " d.to_day, d.made, d.made_by, d.revoked, d.absence"
#define FROM                                                                                \
    " FROM delegation d LEFT JOIN person p ON p.id = d.person LEFT JOIN person t ON t.id =" \
    " d.to_person"

static struct item_delegation row_delegation(struct stmt *q, struct arena *a, struct str today)
{
    struct item_delegation d = {.id = stmt_int(q, 0),
        .person = stmt_int(q, 1),
        .to = stmt_int(q, 2),
        .person_name = arena_str(a, stmt_str(q, 3)),
        .to_name = arena_str(a, stmt_str(q, 4)),
        .from_day = arena_str(a, stmt_str(q, 5)),
        .to_day = arena_str(a, stmt_str(q, 6)),
        .made_ms = stmt_int(q, 7),
        .made_by = stmt_int(q, 8),
        .revoked_ms = stmt_int(q, 9),
        .absence = stmt_int(q, 10)};
    d.now = !d.revoked_ms && str_cmp(d.from_day, today) <= 0 && str_cmp(d.to_day, today) >= 0;
    return d;
}

enum code item_delegation_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, struct item_delegation **out, size_t *n, struct err *e)
{
    struct item_delegation *v = NULL;
    size_t k = 0, cap = 0;
    char iso[DAY_ISO_SIZE];
    struct str today = day_iso(day_of(clock_day(by->now_ms, ZONE_CHINA)), iso);
    bool all = by->v->owner || by->v->roles & ROLE_CHIEF;
    if (!all && (person == 0 || person != by->v->person))
        return FAIL(e, E_DENIED, "只能查看本人的委托");
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE ?1 = 0 OR d.person = ?1"
                                " OR d.to_person = ?1 ORDER BY d.id DESC LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, DELEGATION_LIST_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_delegation(q, a, today);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code item_undelegate(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    int64_t person = 0, to = 0, revoked = 0, absence = 0;
    struct stmt *q =
        db_sql(db, "SELECT person, to_person, revoked, absence FROM delegation WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there) {
        person = stmt_int(q, 0);
        to = stmt_int(q, 1);
        revoked = stmt_int(q, 2);
        absence = stmt_int(q, 3);
    }
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_NOTFOUND, "没有这项委托");
    if (!by->v->owner && by->v->person != person && by->v->person != to)
        return FAIL(e, E_DENIED, "只有委托人和受委托人可以终止委托");
    if (absence)
        return FAIL(e, E_DENIED, "这项代办随离岗登记起止，请改离岗的日期，或在回来时点“已返岗”");
    if (revoked)
        return FAIL(e, E_CONFLICT, "这项委托已经终止");
    q = db_sql(db, "UPDATE delegation SET revoked = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "item.undelegate", "person", person, S(""), e);
}

/* ---- covering for who is away ---- */

static struct str iso_text(struct arena *a, int32_t num)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(a, day_iso(day_of(num), iso));
}

static enum code cover_rows(
    struct stmt *q, struct arena *a, struct cover **out, size_t *n, struct err *e)
{
    struct cover *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q)) {
        struct day from = {0, 0, 0}, until = {0, 0, 0};
        if (day_from_iso(stmt_str(q, 2), &from) && day_from_iso(stmt_str(q, 3), &until))
            ARENA_PUSH(a, v, k, cap) = (struct cover){.person = stmt_int(q, 0),
                .to = stmt_int(q, 1),
                .absence = stmt_int(q, 4),
                .from = day_num(from),
                .until = day_num(until)};
    }
    TRY(stmt_end(q, e));
    if (k > COVER_MAX)
        return FAIL(e, E_LIMIT, "同时有效的委托超过%d项，请先终止不用的", COVER_MAX);
    *out = v;
    *n = k;
    return OK;
}

enum code item_cover_by_hand(
    struct db *db, struct arena *a, int32_t day, struct cover **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT person, to_person, from_day, to_day, absence FROM delegation"
                   " WHERE absence = 0 AND revoked = 0 AND to_day >= ?1"
                   " ORDER BY id LIMIT ?2");
    stmt_bind_str(q, 1, iso_text(a, day));
    stmt_bind_int(q, 2, COVER_MAX + 1);
    return cover_rows(q, a, out, n, e);
}

enum code item_cover_on(
    struct db *db, struct arena *a, int32_t day, struct cover **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT d.person, d.to_person, d.from_day, d.to_day, d.absence FROM delegation d"
                   " LEFT JOIN person t ON t.id = d.to_person WHERE d.revoked = 0"
                   " AND d.from_day <= ?1 AND d.to_day >= ?1 ORDER BY d.person, t.rank, d.to_person"
                   " LIMIT ?2");
    stmt_bind_str(q, 1, iso_text(a, day));
    stmt_bind_int(q, 2, COVER_MAX + 1);
    return cover_rows(q, a, out, n, e);
}

struct kept { /* a row that follows from an absence and stands */
    int64_t id;
    struct cover c;
    bool wanted;
};

static enum code read_kept(
    struct db *db, struct arena *a, int32_t today, struct kept **out, size_t *n, struct err *e)
{
    struct kept *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT id, person, to_person, absence, from_day, to_day"
                                " FROM delegation WHERE absence <> 0 AND revoked = 0"
                                " AND to_day >= ?1 ORDER BY id");
    stmt_bind_str(q, 1, iso_text(a, today));
    while (stmt_step(q)) {
        struct day from = {0, 0, 0}, until = {0, 0, 0};
        if (day_from_iso(stmt_str(q, 4), &from) && day_from_iso(stmt_str(q, 5), &until))
            ARENA_PUSH(a, v, k, cap) = (struct kept){.id = stmt_int(q, 0),
                .c = {.person = stmt_int(q, 1),
                    .to = stmt_int(q, 2),
                    .absence = stmt_int(q, 3),
                    .from = day_num(from),
                    .until = day_num(until)}};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* The same cover, which may have begun before today; its last day is put right. */
static enum code keep(struct db *db, struct arena *a, struct kept *v, size_t n,
    const struct cover *want, int32_t today, bool *found, struct err *e)
{
    *found = false;
    for (size_t i = 0; i < n && !*found; i++) {
        struct cover *c = &v[i].c;
        int32_t from = c->from < today ? today : c->from;
        if (v[i].wanted || c->person != want->person || c->to != want->to ||
            c->absence != want->absence || from != want->from)
            continue;
        *found = v[i].wanted = true;
        if (c->until == want->until)
            continue;
        struct stmt *q = db_sql(db, "UPDATE delegation SET to_day = ?2 WHERE id = ?1");
        stmt_bind_int(q, 1, v[i].id);
        stmt_bind_str(q, 2, iso_text(a, want->until));
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static enum code add_cover(
    struct db *db, struct arena *a, const struct actor *by, const struct cover *c, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO delegation(id, person, to_person, from_day, to_day,"
                                " made, made_by, absence) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, c->person);
    stmt_bind_int(q, 3, c->to);
    stmt_bind_str(q, 4, iso_text(a, c->from));
    stmt_bind_str(q, 5, iso_text(a, c->until));
    stmt_bind_int(q, 6, by->now_ms);
    stmt_bind_int(q, 7, by->v->person);
    stmt_bind_int(q, 8, c->absence);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "item.cover", "person", c->person,
        arena_printf(a, "{\"to\":\"%lld\",\"from_day\":\"%.*s\",\"to_day\":\"%.*s\"}",
            (long long)c->to, SF(iso_text(a, c->from)), SF(iso_text(a, c->until))),
        e);
}

/* What never was in force leaves no trace; what was, its end. */
static enum code drop_kept(
    struct db *db, const struct actor *by, const struct kept *k, int32_t today, struct err *e)
{
    struct stmt *q;
    if (k->c.from > today)
        q = db_sql(db, "DELETE FROM delegation WHERE id = ?1");
    else
        q = db_sql(db, "UPDATE delegation SET revoked = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, k->id);
    if (k->c.from <= today)
        stmt_bind_int(q, 2, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "item.uncover", "person", k->c.person, S(""), e);
}

static enum code set_covers(struct db *db, struct arena *a, const struct actor *by,
    const struct cover *v, size_t n, struct err *e)
{
    struct kept *kept;
    size_t n_kept;
    int32_t today = clock_day(by->now_ms, ZONE_CHINA);
    bool found;
    TRY(read_kept(db, a, today, &kept, &n_kept, e));
    for (size_t i = 0; i < n; i++) {
        TRY(keep(db, a, kept, n_kept, &v[i], today, &found, e));
        if (!found)
            TRY(add_cover(db, a, by, &v[i], e));
    }
    for (size_t i = 0; i < n_kept; i++)
        if (!kept[i].wanted)
            TRY(drop_kept(db, by, &kept[i], today, e));
    return OK;
}

enum code item_cover_set(
    struct db *db, const struct actor *by, const struct cover *v, size_t n, struct err *e)
{
    struct arena a;
    arena_init(&a);
    enum code c = set_covers(db, &a, by, v, n, e);
    arena_release(&a);
    return c;
}

/* ---- everything of one person ---- */

struct moving {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    int64_t person, to;
    struct str why;
    struct hand_over out;
    size_t cap;
    size_t asks;
};

static enum code may_hand_over(struct moving *m, struct err *e)
{
    const struct viewer *v = m->by->v;
    m->why = str_trim(m->why);
    if (!v->owner && v->person != m->person && !(v->roles & ROLE_CHIEF))
        return FAIL(e, E_DENIED, "只能移交本人的事项；他人的请由科长移交");
    if (m->person == m->to)
        return FAIL(e, E_INPUT, "移交人和接收人是同一人，请另选");
    if (utf8_check(m->why) != SIZE_MAX || utf8_len_cp(m->why) > OPINION_CP_MAX)
        return FAIL(e, E_LIMIT, "填写的内容超过%d个字，或不是有效的文字", OPINION_CP_MAX);
    struct stmt *q = db_sql(m->db, "SELECT 1 FROM person WHERE id = ?1 AND active = 1");
    stmt_bind_int(q, 1, m->to);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "接收人不存在或已停用，请另选");
}

/* The asks sent to him, to the other; what the first has not read, the second has not either. */
static enum code move_asks(struct moving *m, struct verb *v, size_t *n, struct err *e)
{
    struct work *w = &v->w;
    *n = 0;
    jw_karr(&v->j, "asks");
    for (size_t i = 0; i < w->n_asks; i++) {
        struct ask *a = &w->asks[i];
        if (a->state != ASK_OPEN || a->to_kind != PRINCIPAL_PERSON || a->to != m->person)
            continue;
        struct stmt *q = db_sql(m->db, "UPDATE ask SET to_id = ?2, seen = 0 WHERE id = ?1");
        stmt_bind_int(q, 1, a->id);
        stmt_bind_int(q, 2, m->to);
        TRY(stmt_run(q, NULL, e));
        a->to = m->to;
        a->seen_ms = 0;
        jw_id(&v->j, a->id);
        ++*n;
    }
    jw_end(&v->j);
    return OK;
}

static enum code move_one(struct moving *m, struct verb *v, struct err *e)
{
    struct work *w = &v->w;
    w->stands = true;
    struct handed h = {.item = w->it.id, .owner = w->it.owner == m->person};
    jw_kid(&v->j, "from", m->person);
    jw_kid(&v->j, "to", m->to);
    jw_kbool(&v->j, "owner", h.owner);
    if (m->why.n)
        jw_kstr(&v->j, "why", m->why);
    TRY(move_asks(m, v, &h.n_asks, e));
    if (h.owner)
        w->it.owner = m->to;
    h.number = arena_str(m->a, w->it.number);
    h.title = arena_str(m->a, w->it.title);
    h.kind = arena_str(m->a, w->it.kind);
    m->asks += h.n_asks;
    ARENA_PUSH(m->a, m->out.items, m->out.n, m->cap) = h;
    return OK;
}

static enum code move_item(struct moving *m, int64_t id, struct err *e)
{
    struct verb v;
    verb_init(&v);
    enum code c = work_load(&v.w, m->db, &v.a, m->by, id, e);
    if (c == OK && !work_sees(&v.w)) {
        m->out.hidden++;
        verb_release(&v);
        return OK;
    }
    if (c == OK)
        c = move_one(m, &v, e);
    return verb_end(&v, c, "hand_over", e);
}

/* His by item_grant: as owner, or asked. */
static enum code find_items(struct moving *m, int64_t **out, size_t *n, struct err *e)
{
    int64_t *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(m->db,
        "SELECT i.id FROM item_grant g JOIN item i ON i.id = g.item WHERE g.kind = 1"
        " AND g.principal = ?1 AND i.closed = 0 AND (i.owner = ?1 OR EXISTS (SELECT 1 FROM ask a"
        " WHERE a.item = i.id AND a.to_kind = 1 AND a.to_id = ?1 AND a.state = 0))"
        " ORDER BY g.opened, g.item LIMIT ?2");
    stmt_bind_int(q, 1, m->person);
    stmt_bind_int(q, 2, HAND_OVER_MAX + 1);
    while (stmt_step(q))
        ARENA_PUSH(m->a, v, k, cap) = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    m->out.more = k > HAND_OVER_MAX;
    *out = v;
    *n = k > HAND_OVER_MAX ? HAND_OVER_MAX : k;
    return OK;
}

static enum code move_delegations(struct moving *m, struct err *e)
{
    int64_t ended, passed;
    char iso[DAY_ISO_SIZE];
    struct str today = day_iso(day_of(clock_day(m->by->now_ms, ZONE_CHINA)), iso);
    struct stmt *q = db_sql(m->db, "UPDATE delegation SET revoked = ?2 WHERE revoked = 0"
                                   " AND absence = 0 AND to_day >= ?3 AND (person = ?1 OR"
                                   " (to_person = ?1 AND person = ?4))");
    stmt_bind_int(q, 1, m->person);
    stmt_bind_int(q, 2, m->by->now_ms);
    stmt_bind_str(q, 3, today);
    stmt_bind_int(q, 4, m->to);
    TRY(stmt_run(q, &ended, e));
    q = db_sql(m->db, "UPDATE delegation SET to_person = ?2 WHERE revoked = 0 AND to_day >= ?3"
                      " AND to_person = ?1 AND absence = 0");
    stmt_bind_int(q, 1, m->person);
    stmt_bind_int(q, 2, m->to);
    stmt_bind_str(q, 3, today);
    TRY(stmt_run(q, &passed, e));
    m->out.delegations = ended + passed;
    return OK;
}

static enum code note(struct moving *m, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kid(&j, "to", m->to);
    jw_kint(&j, "items", (int64_t)m->out.n);
    jw_kint(&j, "asks", (int64_t)m->asks);
    jw_kint(&j, "delegations", m->out.delegations);
    jw_end(&j);
    enum code c = audit_simple(
        m->db, m->by->v->person, "item.hand_over_all", "person", m->person, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code item_hand_over_all(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    int64_t to, struct str why, struct hand_over *out, struct err *e)
{
    struct moving m = {.db = db, .a = a, .by = by, .person = person, .to = to, .why = why};
    int64_t *ids;
    size_t n;
    TRY(may_hand_over(&m, e));
    TRY(find_items(&m, &ids, &n, e));
    for (size_t i = 0; i < n; i++)
        TRY(move_item(&m, ids[i], e));
    TRY(move_delegations(&m, e));
    TRY(note(&m, e));
    *out = m.out;
    return OK;
}

static bool is_one(const struct hand_some *s, int64_t id)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i] == id)
            return true;
    return false;
}

enum code item_hand_over_some(struct db *db, struct arena *a, const struct actor *by,
    const struct hand_some *some, struct hand_over *out, struct err *e)
{
    struct moving m = {
        .db = db, .a = a, .by = by, .person = some->person, .to = some->to, .why = some->why};
    int64_t *ids;
    size_t n;
    TRY(may_hand_over(&m, e));
    TRY(find_items(&m, &ids, &n, e));
    m.out.more = false;
    for (size_t i = 0; i < n; i++)
        if (is_one(some, ids[i]))
            TRY(move_item(&m, ids[i], e));
    TRY(note(&m, e));
    *out = m.out;
    return OK;
}

/* ---- what somebody has in hand ---- */

/* One item after the other is read, because each is judged: the list is bounded, and is printed. */
enum code item_in_hand(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    size_t limit, struct item **out, size_t *n, bool *more, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, limit + 2);
    struct item *v = ARENA_ARRAY(a, struct item, limit + 1);
    size_t k = 0, kept = 0;
    struct stmt *q = db_sql(db,
        "SELECT i.id FROM item i WHERE i.closed = 0 AND (i.owner = ?1 OR EXISTS (SELECT 1 FROM ask"
        " a WHERE a.item = i.id AND a.to_kind = 1 AND a.to_id = ?1 AND a.state = 0 AND a.sent > 0))"
        " AND i.id IN (SELECT g.item FROM item_grant g WHERE g.kind = 1 AND g.principal = ?1)"
        " ORDER BY i.due, i.id LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, (int64_t)limit + 1);
    while (stmt_step(q) && k <= limit)
        ids[k++] = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    *more = k > limit;
    for (size_t i = 0; i < k && i < limit; i++) {
        struct err none;
        enum code c = item_get(db, a, by, ids[i], &v[kept], &none);
        if (c == OK)
            kept++;
        else if (c != E_NOTFOUND)
            return FAIL(e, c, "%s", none.msg);
    }
    *out = v;
    *n = kept;
    return OK;
}
