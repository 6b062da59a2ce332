#include "office/responsibility.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/absence.h"
#include "office/audit.h"

enum { BACKUPS_MAX = 20000 };

#define NAMES                                                                             \
    " LEFT JOIN person p ON p.id = r.a LEFT JOIN person s ON s.id = r.b LEFT JOIN person" \
    " m ON m.id = r.by_person"
#define COLUMNS                                                                         \
    "r.id, r.unit, r.name, r.what, r.how, r.comes, r.recurring, r.a, r.b,"              \
    " coalesce(p.name, ''), coalesce(s.name, ''), r.since, r.rank, r.revision, r.gone," \
    " r.changed, r.by_person, coalesce(m.name, '')"

static struct responsibility row(struct stmt *q, struct arena *a)
{
    return (struct responsibility){.id = stmt_int(q, 0),
        .unit = stmt_int(q, 1),
        .name = arena_str(a, stmt_str(q, 2)),
        .what = arena_str(a, stmt_str(q, 3)),
        .how = arena_str(a, stmt_str(q, 4)),
        .when = arena_str(a, stmt_str(q, 5)),
        .recurring = stmt_int(q, 6),
        .a = stmt_int(q, 7),
        .b = stmt_int(q, 8),
        .a_name = arena_str(a, stmt_str(q, 9)),
        .b_name = arena_str(a, stmt_str(q, 10)),
        .since = arena_str(a, stmt_str(q, 11)),
        .rank = stmt_int(q, 12),
        .revision = stmt_int(q, 13),
        .gone = stmt_int(q, 14) != 0,
        .changed_ms = stmt_int(q, 15),
        .changed_by = stmt_int(q, 16),
        .changed_name = arena_str(a, stmt_str(q, 17))};
}

static enum code rows(
    struct stmt *q, struct arena *a, struct responsibility **out, size_t *n, struct err *e)
{
    struct responsibility *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code responsibility_list(struct db *db, struct arena *a, const struct actor *by, int64_t unit,
    struct responsibility **out, size_t *n, struct err *e)
{
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM responsibility r" NAMES
                                " WHERE r.gone = 0 AND (?1 = 0 OR r.unit = ?1)"
                                " ORDER BY r.unit, r.rank, r.id LIMIT ?2");
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, unit ? RESPONSIBILITY_MAX : BACKUPS_MAX);
    return rows(q, a, out, n, e);
}

enum code responsibility_of(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    struct responsibility **out, size_t *n, struct err *e)
{
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM responsibility r" NAMES
                                " WHERE r.gone = 0 AND (r.a = ?1 OR r.b = ?1)"
                                " ORDER BY CASE WHEN r.a = ?1 THEN 0 ELSE 1 END, r.rank, r.id"
                                " LIMIT ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, RESPONSIBILITY_MAX);
    return rows(q, a, out, n, e);
}

enum code responsibility_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct responsibility *out, struct err *e)
{
    struct responsibility *v;
    size_t n;
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS " FROM responsibility r" NAMES " WHERE r.id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(rows(q, a, &v, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这项职责");
    *out = v[0];
    return OK;
}

enum code responsibility_past(struct db *db, struct arena *a, const struct actor *by, int64_t unit,
    int64_t id, struct responsibility **out, size_t *n, struct err *e)
{
    TRY(access_require(by->v, ACT_ITEMS, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM responsibility_past r" NAMES
                                " WHERE r.unit = ?1 AND (?2 = 0 OR r.id = ?2)"
                                " ORDER BY r.changed DESC, r.id DESC, r.revision DESC LIMIT ?3");
    stmt_bind_int(q, 1, unit);
    stmt_bind_int(q, 2, id);
    stmt_bind_int(q, 3, RESPONSIBILITY_PAST_MAX);
    return rows(q, a, out, n, e);
}

enum code responsibility_backups(
    struct db *db, struct arena *a, struct backup **out, size_t *n, struct err *e)
{
    struct backup *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT a, b FROM responsibility WHERE gone = 0 AND b <> 0"
                                " ORDER BY a, rank, id LIMIT ?1");
    stmt_bind_int(q, 1, BACKUPS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct backup){stmt_int(q, 0), stmt_int(q, 1)};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- writing ---- */

bool responsibility_may(const struct viewer *v, int64_t unit)
{
    return v->owner || (v->roles & ROLE_CHIEF && v->unit == unit && unit);
}

static enum code check_text(struct str *s, size_t most, const char *what, struct err *e)
{
    *s = str_trim(*s);
    if (utf8_check(*s) != SIZE_MAX)
        return FAIL(e, E_INPUT, "“%s”不是有效的文字", what);
    if (utf8_len_cp(*s) > most)
        return FAIL(e, E_LIMIT, "“%s”超过%zu个字，请写短些", what, most);
    return OK;
}

static enum code check_words(struct responsibility *r, struct err *e)
{
    struct day d;
    TRY(check_text(&r->name, RESPONSIBILITY_NAME_CP_MAX, "职责", e));
    TRY(check_text(&r->what, RESPONSIBILITY_TEXT_CP_MAX, "做什么", e));
    TRY(check_text(&r->how, RESPONSIBILITY_TEXT_CP_MAX, "怎么做", e));
    TRY(check_text(&r->when, RESPONSIBILITY_TEXT_CP_MAX, "什么时候", e));
    if (!r->name.n)
        return FAIL(e, E_INPUT, "请填写职责的名称");
    if (!r->a)
        return FAIL(e, E_INPUT, "“%.*s”还没有A角，请填写由谁负责", SF(r->name));
    if (r->a == r->b)
        return FAIL(e, E_INPUT, "“%.*s”的A角和B角是同一人，B角请另选", SF(r->name));
    if (!day_from_iso(r->since, &d))
        return FAIL(e, E_INPUT, "“从哪天起”的日期不对，请改正");
    return OK;
}

static enum code check_rows(struct db *db, const struct responsibility *r, struct err *e)
{
    int64_t people = 0, duties = 0, want = r->b ? 2 : 1;
    struct stmt *q = db_sql(db, "SELECT count(*) FROM person WHERE id IN (?1, ?2) AND active = 1");
    stmt_bind_int(q, 1, r->a);
    stmt_bind_int(q, 2, r->b);
    if (stmt_step(q))
        people = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (people != want)
        return FAIL(e, E_INPUT, "A角或B角的人员不存在或已停用，请另选");
    q = db_sql(db, "SELECT count(*) FROM responsibility WHERE unit = ?1 AND gone = 0 AND id <> ?2");
    stmt_bind_int(q, 1, r->unit);
    stmt_bind_int(q, 2, r->id);
    if (stmt_step(q))
        duties = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    return duties < RESPONSIBILITY_MAX
               ? OK
               : FAIL(e, E_LIMIT, "一个单位最多%d项职责，请合并", RESPONSIBILITY_MAX);
}

static void bind(struct stmt *q, const struct responsibility *r)
{
    stmt_bind_int(q, 1, r->id);
    stmt_bind_int(q, 2, r->revision);
    stmt_bind_int(q, 3, r->unit);
    stmt_bind_str(q, 4, r->name);
    stmt_bind_str(q, 5, r->what);
    stmt_bind_str(q, 6, r->how);
    stmt_bind_str(q, 7, r->when);
    stmt_bind_int(q, 8, r->recurring);
    stmt_bind_int(q, 9, r->a);
    stmt_bind_int(q, 10, r->b);
    stmt_bind_str(q, 11, r->since);
    stmt_bind_int(q, 12, r->rank);
    stmt_bind_int(q, 13, r->gone);
    stmt_bind_int(q, 14, r->changed_ms);
    stmt_bind_int(q, 15, r->changed_by);
}

#define VALUES                                                                         \
    "(id, revision, unit, name, what, how, comes, recurring, a, b, since, rank, gone," \
    " changed, by_person) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"   \
    " ?13, ?14, ?15)"

/* The row as it is now, and the same as the version that stays. */
static enum code write(
    struct db *db, const struct actor *by, struct responsibility *r, struct err *e)
{
    r->revision++;
    r->changed_ms = by->now_ms;
    r->changed_by = by->v->person;
    struct stmt *q = db_sql(db,
        "INSERT INTO responsibility" VALUES " ON CONFLICT(id) DO UPDATE SET"
        " revision = excluded.revision, name = excluded.name, what = excluded.what,"
        " how = excluded.how, comes = excluded.comes, recurring = excluded.recurring,"
        " a = excluded.a, b = excluded.b, since = excluded.since, rank = excluded.rank,"
        " gone = excluded.gone, changed = excluded.changed, by_person = excluded.by_person");
    bind(q, r);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "INSERT INTO responsibility_past" VALUES);
    bind(q, r);
    TRY(stmt_run(q, NULL, e));
    TRY(audit_simple(db, by->v->person, r->gone ? "responsibility.remove" : "responsibility.save",
        "responsibility", r->id, S(""), e));
    return absence_follow(db, by, e);
}

/* The one that is there, for the right and the revision. */
static enum code begin(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t revision, struct responsibility *was, struct err *e)
{
    TRY(responsibility_get(db, a, by, id, was, e));
    if (!responsibility_may(by->v, was->unit))
        return FAIL(e, E_DENIED, "职责分工由本单位科长调整，您不能修改");
    if (was->gone || was->revision != revision)
        return FAIL(e, E_CONFLICT, "%.*s刚改过“%.*s”，请看过新的内容再改", SF(was->changed_name),
            SF(was->name));
    return OK;
}

enum code responsibility_save(
    struct db *db, const struct actor *by, struct responsibility *r, struct err *e)
{
    struct responsibility was = {.id = 0};
    struct arena a;
    arena_init(&a);
    enum code c = r->id ? begin(db, &a, by, r->id, r->revision, &was, e) : OK;
    if (r->id)
        r->unit = was.unit;
    else
        r->revision = 0;
    if (c == OK && !responsibility_may(by->v, r->unit))
        c = FAIL(e, E_DENIED, "职责分工由本单位科长调整，您不能修改");
    if (c == OK)
        c = check_words(r, e);
    if (c == OK)
        c = check_rows(db, r, e);
    if (c == OK && !r->id)
        r->id = id_next();
    if (c == OK)
        c = write(db, by, r, e);
    arena_release(&a);
    return c;
}

enum code responsibility_remove(
    struct db *db, const struct actor *by, int64_t id, int64_t revision, struct err *e)
{
    struct responsibility r = {.id = 0};
    struct arena a;
    arena_init(&a);
    enum code c = begin(db, &a, by, id, revision, &r, e);
    r.gone = true;
    if (c == OK)
        c = write(db, by, &r, e);
    arena_release(&a);
    return c;
}
