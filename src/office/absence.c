#include "office/absence.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/item_int.h"

#define COLUMNS                                                                     \
    "x.id, x.person, coalesce(p.name, ''), x.from_day, x.to_day, x.why, x.made_by," \
    " x.made, coalesce(m.name, ''), x.item, x.deputy, x.ended"
#define FROM                                                                      \
    " FROM absence x LEFT JOIN person p ON p.id = x.person LEFT JOIN person m ON" \
    " m.id = x.made_by"

static struct absence row(struct stmt *q, struct arena *a, struct str today)
{
    struct absence x = {.id = stmt_int(q, 0),
        .person = stmt_int(q, 1),
        .person_name = arena_str(a, stmt_str(q, 2)),
        .from_day = arena_str(a, stmt_str(q, 3)),
        .to_day = arena_str(a, stmt_str(q, 4)),
        .why = arena_str(a, stmt_str(q, 5)),
        .made_by = stmt_int(q, 6),
        .made_ms = stmt_int(q, 7),
        .made_name = arena_str(a, stmt_str(q, 8)),
        .item = stmt_int(q, 9),
        .deputy = stmt_int(q, 10),
        .ended_ms = stmt_int(q, 11)};
    x.now = !x.ended_ms && str_cmp(x.from_day, today) <= 0 && str_cmp(x.to_day, today) >= 0;
    return x;
}

static struct str day_text(struct arena *a, int32_t num)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(a, day_iso(day_of(num), iso));
}

static struct str today_of(struct arena *a, const struct actor *by)
{
    return day_text(a, clock_day(by->now_ms, ZONE_CHINA));
}

static enum code rows(struct stmt *q, struct arena *a, struct str today, struct absence **out,
    size_t *n, struct err *e)
{
    struct absence *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a, today);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code absence_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct absence *out, struct err *e)
{
    struct absence *v;
    size_t n;
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE x.id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(rows(q, a, today_of(a, by), &v, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这条离岗登记");
    *out = v[0];
    return OK;
}

enum code absence_list(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    struct str from, struct str to, struct absence **out, size_t *n, struct err *e)
{
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT " COLUMNS FROM " WHERE x.ended = 0 AND x.to_day >= ?1 AND x.from_day <= ?2"
        " AND (?3 = 0 OR x.person = ?3) ORDER BY x.from_day, x.id LIMIT ?4");
    stmt_bind_str(q, 1, from);
    stmt_bind_str(q, 2, to);
    stmt_bind_int(q, 3, person);
    stmt_bind_int(q, 4, ABSENCE_LIST_MAX);
    return rows(q, a, today_of(a, by), out, n, e);
}

enum code absence_on(struct db *db, struct arena *a, int64_t person, int32_t day, bool *away,
    struct absence *out, struct err *e)
{
    struct absence *v;
    size_t n;
    struct str iso = day_text(a, day);
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT " COLUMNS FROM " WHERE x.person = ?1 AND x.ended = 0"
                                " AND x.to_day >= ?2 AND x.from_day <= ?2 ORDER BY x.id");
    stmt_bind_int(q, 1, person);
    stmt_bind_str(q, 2, iso);
    TRY(rows(q, a, iso, &v, &n, e));
    *away = n > 0;
    if (n && out)
        *out = v[0];
    return OK;
}

/* ---- writing ---- */

bool absence_may(const struct viewer *v, const struct absence *x)
{
    return !x->item &&
           (v->owner || v->person == x->person || v->roles & (ROLE_CHIEF | ROLE_SECRETARY));
}

static enum code judge(const struct actor *by, const struct absence *x, struct err *e)
{
    TRY(access_require(by->v, ACT_ITEMS, e));
    if (x->item)
        return FAIL(e, E_DENIED, "这次离岗来自请假事项，请在该事项里销假、取消或改期");
    if (!absence_may(by->v, x))
        return FAIL(e, E_DENIED, "只能登记本人的离岗；他人的请由科长或秘书登记");
    return OK;
}

static enum code check_words(struct absence *x, struct err *e)
{
    struct day from, to;
    if (!day_from_iso(x->from_day, &from) || !day_from_iso(x->to_day, &to) ||
        day_num(to) < day_num(from))
        return FAIL(e, E_INPUT, "离岗的起止日期不对：止日不能早于起日，请改正");
    if (day_num(to) - day_num(from) >= ABSENCE_DAYS_MAX)
        return FAIL(e, E_LIMIT, "一次离岗最长%d天，更长的请办工作移交", ABSENCE_DAYS_MAX);
    x->why = str_trim(x->why);
    if (utf8_check(x->why) != SIZE_MAX || utf8_len_cp(x->why) > ABSENCE_WHY_CP_MAX)
        return FAIL(e, E_LIMIT, "事由超过%d个字，请写短些", ABSENCE_WHY_CP_MAX);
    return OK;
}

static enum code check_person(struct db *db, const struct absence *x, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM person WHERE id = ?1 AND active = 1");
    stmt_bind_int(q, 1, x->person);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "离岗的人员不存在或已停用，请另选");
}

/* Days that overlap would be ended twice; what follows from a matter gives way to nothing, so it is let pass. */
static enum code check_overlap(struct db *db, const struct absence *x, struct err *e)
{
    struct str from = S(""), to = S("");
    struct arena a;
    arena_init(&a);
    struct stmt *q = db_sql(db, "SELECT from_day, to_day FROM absence WHERE person = ?1 AND"
                                " ended = 0 AND to_day >= ?2 AND from_day <= ?3 AND id <> ?4"
                                " ORDER BY from_day LIMIT 1");
    stmt_bind_int(q, 1, x->person);
    stmt_bind_str(q, 2, x->from_day);
    stmt_bind_str(q, 3, x->to_day);
    stmt_bind_int(q, 4, x->id);
    bool there = stmt_step(q);
    if (there) {
        from = arena_str(&a, stmt_str(q, 0));
        to = arena_str(&a, stmt_str(q, 1));
    }
    enum code c = stmt_end(q, e);
    if (c == OK && there)
        c = FAIL(e, E_CONFLICT, "%.*s至%.*s已有离岗登记，请改那一条", SF(from), SF(to));
    arena_release(&a);
    return c;
}

static enum code note(
    struct db *db, const struct actor *by, const char *verb, const struct absence *x, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "from_day", x->from_day);
    jw_kstr(&j, "to_day", x->to_day);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, verb, "person", x->person, buf_view(&b), e);
    buf_release(&b);
    return c;
}

static enum code insert(struct db *db, const struct actor *by, struct absence *x, struct err *e)
{
    x->id = id_next();
    struct stmt *q = db_sql(db, "INSERT INTO absence(id, person, from_day, to_day, why, made_by,"
                                " made, item, deputy, ended)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_int(q, 2, x->person);
    stmt_bind_str(q, 3, x->from_day);
    stmt_bind_str(q, 4, x->to_day);
    stmt_bind_str(q, 5, x->why);
    stmt_bind_int(q, 6, by->v->person);
    stmt_bind_int(q, 7, by->now_ms);
    stmt_bind_int(q, 8, x->item);
    stmt_bind_int(q, 9, x->deputy);
    TRY(stmt_run(q, NULL, e));
    TRY(note(db, by, "absence.save", x, e));
    return absence_follow(db, by, e);
}

static enum code update(struct db *db, const struct actor *by, struct absence *x, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE absence SET from_day = ?2, to_day = ?3, why = ?4,"
                                " deputy = ?5, ended = ?6 WHERE id = ?1");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_str(q, 2, x->from_day);
    stmt_bind_str(q, 3, x->to_day);
    stmt_bind_str(q, 4, x->why);
    stmt_bind_int(q, 5, x->deputy);
    stmt_bind_int(q, 6, x->ended_ms);
    TRY(stmt_run(q, NULL, e));
    TRY(note(db, by, x->ended_ms ? "absence.drop" : "absence.save", x, e));
    return absence_follow(db, by, e);
}

static enum code change(
    struct db *db, struct arena *a, const struct actor *by, struct absence *x, struct err *e)
{
    struct absence was = {.id = 0};
    struct str today = today_of(a, by);
    TRY(absence_get(db, a, by, x->id, &was, e));
    TRY(judge(by, &was, e));
    x->person = was.person;
    if (was.ended_ms || str_cmp(was.to_day, today) < 0)
        return FAIL(e, E_CONFLICT, "这次离岗已经结束，不能再改；需要时另外登记");
    if (str_cmp(was.from_day, today) < 0 && !str_eq(was.from_day, x->from_day))
        return FAIL(e, E_CONFLICT, "离岗已经开始，起日不能再改，只能改止日");
    if (str_cmp(x->to_day, today) < 0)
        return FAIL(e, E_INPUT, "止日不能早于今天；人已回来的，请点“已返岗”");
    TRY(check_overlap(db, x, e));
    return update(db, by, x, e);
}

enum code absence_save(struct db *db, const struct actor *by, struct absence *x, struct err *e)
{
    struct arena a;
    TRY(check_words(x, e));
    if (x->id) {
        arena_init(&a);
        enum code c = change(db, &a, by, x, e);
        arena_release(&a);
        return c;
    }
    x->item = x->deputy = 0;
    TRY(judge(by, x, e));
    TRY(check_person(db, x, e));
    TRY(check_overlap(db, x, e));
    return insert(db, by, x, e);
}

/* The last day he was away is yesterday; what had not begun yet never was. */
static enum code end_now(
    struct db *db, struct arena *a, const struct actor *by, struct absence *x, struct err *e)
{
    struct str today = today_of(a, by);
    if (x->ended_ms || str_cmp(x->to_day, today) < 0)
        return FAIL(e, E_CONFLICT, "这次离岗已经结束");
    if (str_cmp(x->from_day, today) >= 0)
        x->ended_ms = by->now_ms;
    else
        x->to_day = day_text(a, clock_day(by->now_ms, ZONE_CHINA) - 1);
    return update(db, by, x, e);
}

enum code absence_end(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct absence x = {.id = 0};
    struct arena a;
    arena_init(&a);
    enum code c = absence_get(db, &a, by, id, &x, e);
    if (c == OK)
        c = judge(by, &x, e);
    if (c == OK)
        c = end_now(db, &a, by, &x, e);
    arena_release(&a);
    return c;
}

/* ---- what a matter says ---- */

/* The entry of the item that is not over; id 0: none. */
static enum code of_item(struct work *w, struct str today, struct absence *out, struct err *e)
{
    struct absence *v;
    size_t n;
    *out = (struct absence){.id = 0};
    struct stmt *q = db_sql(w->db, "SELECT " COLUMNS FROM " WHERE x.item = ?1 AND x.ended = 0"
                                   " AND x.to_day >= ?2 ORDER BY x.id DESC LIMIT 1");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_str(q, 2, today);
    TRY(rows(q, w->a, today, &v, &n, e));
    if (n)
        *out = v[0];
    return OK;
}

static int64_t deputy_of(const struct work *w)
{
    int64_t id = 0;
    size_t f = w->k->absence.deputy;
    return f != SIZE_MAX && field_ids(w, f, &id, 1) ? id : 0;
}

/* The days in the fields; a time of day counts as its day. */
static bool days_of(struct work *w, struct str *from, struct str *to)
{
    const struct kind_absence *x = &w->k->absence;
    struct day first, last;
    *from = field_text(w, w->k->fields[x->from].id);
    *to = field_text(w, w->k->fields[x->to].id);
    *from = arena_str(w->a, str_sub(*from, 0, DAY_ISO_SIZE - 1));
    *to = arena_str(w->a, str_sub(*to, 0, DAY_ISO_SIZE - 1));
    return day_from_iso(*from, &first) && day_from_iso(*to, &last) &&
           day_num(last) >= day_num(first) && day_num(last) - day_num(first) < ABSENCE_DAYS_MAX;
}

static bool says_away(const struct work *w)
{
    const struct kind_absence *x = &w->k->absence;
    for (size_t i = 0; i < x->n_states; i++)
        if (x->states[i] == w->state)
            return true;
    return false;
}

static enum code begin_or_change(struct work *w, struct absence *x, struct str today, struct err *e)
{
    struct str from, to;
    int64_t deputy = deputy_of(w);
    if (!days_of(w, &from, &to))
        return OK;
    if (x->id && x->person != w->it.owner) {
        TRY(end_now(w->db, w->a, w->by, x, e));
        x->id = 0;
    }
    if (x->id && str_eq(x->from_day, from) && str_eq(x->to_day, to) && x->deputy == deputy)
        return OK;
    x->from_day = from;
    x->to_day = to;
    x->deputy = deputy;
    if (x->id)
        return update(w->db, w->by, x, e);
    if (str_cmp(to, today) < 0) /* entered afterwards: there is nothing left to cover */
        return OK;
    x->person = w->it.owner;
    x->item = w->it.id;
    x->why = w->k->name;
    x->ended_ms = 0;
    return insert(w->db, w->by, x, e);
}

enum code absence_event(struct work *w, struct err *e)
{
    struct absence x = {.id = 0};
    if (!w->k->absence.n_states)
        return OK;
    struct str today = today_of(w->a, w->by);
    TRY(of_item(w, today, &x, e));
    if (says_away(w))
        return begin_or_change(w, &x, today, e);
    return x.id ? end_now(w->db, w->a, w->by, &x, e) : OK;
}
