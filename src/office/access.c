#include "office/access.h"

#include "base/clock.h"
#include "office/audit.h"
#include "office/document.h"

enum { GRANTED_MAX = 1000000 };

/* ---- actions ---- */

enum { READING = ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER | ROLE_LIAISON | ROLE_STAFF };

static const struct {
    uint32_t roles; /* any of these */
    const char *what;
} actions[N_ACTION] = {
    [ACT_READ] = {READING, "查阅资料库"},
    [ACT_IMPORT] = {ROLE_CHIEF | ROLE_SECRETARY, "收入资料"},
    [ACT_EDIT] = {ROLE_CHIEF | ROLE_SECRETARY, "修改资料信息"},
    [ACT_CONFIRM] = {ROLE_CHIEF | ROLE_SECRETARY, "确认待办资料"},
    [ACT_DELETE] = {ROLE_CHIEF, "删除资料"},
    [ACT_PEOPLE] = {ROLE_ADMIN, "管理人员和单位"},
    [ACT_AUDIT] = {ROLE_AUDITOR, "查看审计记录"},
    [ACT_ACCESSES] = {ROLE_AUDITOR | ROLE_SECURITY, "查看查阅记录"},
    [ACT_UNLOCK] = {ROLE_ADMIN | ROLE_SECURITY, "解锁账号、发一次性密码"},
    [ACT_ROLES] = {ROLE_SECURITY, "批准授权"},
    [ACT_SOURCES] = {ROLE_CHIEF | ROLE_ADMIN, "管理收文来源"},
    [ACT_GRANT] = {ROLE_CHIEF, "授权他人查阅"},
    [ACT_CHECK] = {READING, "检查文稿"},
    [ACT_TERMS] = {ROLE_CHIEF | ROLE_SECRETARY, "修改规范表述和人员职务"},
    [ACT_RULES] = {ROLE_CHIEF | ROLE_SECRETARY, "调整审校规则"},
    [ACT_ITEMS] = {READING, "办理事项"},
    [ACT_BRIEF] = {ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER, "查看《今日要情》"},
    [ACT_KINDS] = {ROLE_CHIEF, "修改、启用和停用事项种类"},
};

struct viewer viewer_owner(void)
{
    return (struct viewer){.owner = true};
}

/* A person without any role is plain staff. */
static uint32_t roles_of(const struct viewer *v)
{
    return v->roles ? v->roles : ROLE_STAFF;
}

bool access_may(const struct viewer *v, enum action act)
{
    return v->owner || (roles_of(v) & actions[act].roles) != 0;
}

enum code access_require(const struct viewer *v, enum action act, struct err *e)
{
    if (access_may(v, act))
        return OK;
    return FAIL(e, E_DENIED, "您的角色不能%s，如有需要请联系系统管理员", actions[act].what);
}

/* ---- reading: by level and role ---- */

/* Bit n: documents of level n. 工作秘密 is never read by role alone. */
static uint32_t levels_of(const struct viewer *v)
{
    uint32_t roles = roles_of(v);
    if (v->owner)
        return 1U << LEVEL_OPEN | 1U << LEVEL_INTERNAL | 1U << LEVEL_WORK_SECRET;
    if (roles & (READING & ~(uint32_t)ROLE_STAFF))
        return 1U << LEVEL_OPEN | 1U << LEVEL_INTERNAL;
    return roles & ROLE_STAFF ? 1U << LEVEL_OPEN : 0;
}

/* The units of the viewer, ?2 and those he works in besides, and those above; joined to the grants to units. */
#define GRANTED                                                                \
    "SELECT g.document FROM grant_row g WHERE g.kind = 1 AND g.principal = ?1" \
    " UNION SELECT g.document FROM grant_row g JOIN up ON up.id = g.principal WHERE g.kind = 2"
#define UNITS_ABOVE                                                \
    "up(id, parent) AS (SELECT id, parent FROM unit WHERE id = ?2" \
    " OR id IN (SELECT unit FROM person_post WHERE person = ?1)"   \
    " UNION SELECT u.id, u.parent FROM unit u JOIN up ON u.id = up.parent)"
#define UNITS_BELOW                                  \
    "down(id) AS (SELECT id FROM unit WHERE id = ?2" \
    " UNION SELECT u.id FROM unit u JOIN down ON u.parent = down.id)"

static enum code is_granted(
    struct db *db, const struct viewer *v, int64_t doc, bool *may, struct err *e)
{
    struct stmt *q =
        db_sql(db, "WITH RECURSIVE " UNITS_ABOVE " SELECT 1 FROM grant_row g WHERE g.document = ?3"
                   " AND ((g.kind = 1 AND g.principal = ?1)"
                   " OR (g.kind = 2 AND g.principal IN (SELECT id FROM up)))");
    stmt_bind_int(q, 1, v->person);
    stmt_bind_int(q, 2, v->unit);
    stmt_bind_int(q, 3, doc);
    *may = stmt_step(q);
    return stmt_end(q, e);
}

/* Does v's unit stand at or above the registrar's? */
static enum code is_chief_of(
    struct db *db, const struct viewer *v, int64_t registrar, bool *may, struct err *e)
{
    struct stmt *q =
        db_sql(db, "WITH RECURSIVE " UNITS_BELOW " SELECT 1 FROM person p WHERE p.id = ?1"
                   " AND p.unit IN (SELECT id FROM down)");
    stmt_bind_int(q, 1, registrar);
    stmt_bind_int(q, 2, v->unit);
    *may = stmt_step(q);
    return stmt_end(q, e);
}

enum code access_document(struct db *db, const struct viewer *v, int64_t doc, int level,
    int64_t registrar, bool *may, struct err *e)
{
    bool yes = v->owner || (level >= 0 && level < N_LEVEL && (levels_of(v) >> level & 1));
    if (!yes && v->person)
        yes = v->person == registrar;
    if (!yes && level == LEVEL_WORK_SECRET && roles_of(v) & ROLE_CHIEF) {
        if (registrar == 0)
            yes = true;
        else
            TRY(is_chief_of(db, v, registrar, &yes, e));
    }
    if (!yes && v->person)
        TRY(is_granted(db, v, doc, &yes, e));
    *may = yes;
    return OK;
}

/* ---- the same as rows and bits ---- */

struct ids {
    struct arena *a;
    int64_t *v;
    size_t n, cap;
};

static enum code gather(struct stmt *q, struct ids *to, struct err *e)
{
    while (stmt_step(q) && to->n < GRANTED_MAX)
        ARENA_PUSH(to->a, to->v, to->n, to->cap) = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (to->n >= GRANTED_MAX)
        return FAIL(e, E_LIMIT, "可查阅的授权资料超过%d件", GRANTED_MAX);
    return OK;
}

/* Own and granted documents above the levels that v reads anyway; ascending. */
static enum code gather_own(
    struct db *db, const struct viewer *v, uint32_t levels, struct ids *to, struct err *e)
{
    int64_t above = -1;
    for (int level = 0; level < N_LEVEL; level++)
        if (levels >> level & 1)
            above = level;
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "WITH RECURSIVE " UNITS_ABOVE " SELECT d.id FROM document d WHERE d.registrar = ?1"
        " AND d.level > ?3 AND d.deleted = 0 UNION " GRANTED " ORDER BY 1");
    stmt_bind_int(q, 1, v->person);
    stmt_bind_int(q, 2, v->unit);
    stmt_bind_int(q, 3, above);
    return gather(q, to, e);
}

/* The same and what a chief reads. The few documents of level 2 are gone through: the plus keeps the
 * registrar's index out, under which stands all that the system itself took in. */
static enum code gather_chief(struct db *db, const struct viewer *v, struct ids *to, struct err *e)
{
    struct stmt *q =
        db_sql(db, "WITH RECURSIVE " UNITS_ABOVE ", " UNITS_BELOW
                   " SELECT d.id FROM document d WHERE d.level = 2 AND d.deleted = 0"
                   " AND (+d.registrar IN (0, ?1) OR +d.registrar IN (SELECT p.id FROM"
                   " person p JOIN down ON down.id = p.unit)) UNION " GRANTED " ORDER BY 1");
    stmt_bind_int(q, 1, v->person);
    stmt_bind_int(q, 2, v->unit);
    return gather(q, to, e);
}

enum code access_filter(
    struct db *db, struct arena *a, const struct viewer *v, struct corpus_filter *f, struct err *e)
{
    struct ids ids = {.a = a};
    uint32_t levels = levels_of(v);
    if (!v->owner && v->person) {
        if (roles_of(v) & ROLE_CHIEF)
            TRY(gather_chief(db, v, &ids, e));
        else
            TRY(gather_own(db, v, levels, &ids, e));
    }
    f->levels = levels;
    f->granted = ids.v;
    f->n_granted = ids.n;
    return OK;
}

/* ---- grants ---- */

struct granting {
    int64_t doc, id, by;
    enum principal kind;
};

static enum code note(struct db *db, const char *verb, const struct granting *g, struct err *e)
{
    struct buf payload;
    buf_init(&payload, 0);
    buf_printf(&payload, "{\"%s\":\"%lld\"}", g->kind == PRINCIPAL_UNIT ? "unit" : "person",
        (long long)g->id);
    enum code c = audit_simple(db, g->by, verb, "document", g->doc, buf_view(&payload), e);
    buf_release(&payload);
    return c;
}

/* Is there such a principal? */
static enum code find_principal(struct db *db, enum principal kind, int64_t id, struct err *e)
{
    struct stmt *q = kind == PRINCIPAL_UNIT ? db_sql(db, "SELECT 1 FROM unit WHERE id = ?1")
                                            : db_sql(db, "SELECT 1 FROM person WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there
               ? OK
               : FAIL(e, E_NOTFOUND, "要授权的%s不存在", kind == PRINCIPAL_UNIT ? "单位" : "人员");
}

enum code access_grant(
    struct db *db, int64_t doc, enum principal kind, int64_t id, int64_t by, struct err *e)
{
    int64_t n;
    TRY(find_principal(db, kind, id, e));
    struct stmt *q =
        db_sql(db, "INSERT INTO grant_row(document, kind, principal, granted, granted_by)"
                   " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    stmt_bind_int(q, 1, doc);
    stmt_bind_int(q, 2, kind);
    stmt_bind_int(q, 3, id);
    stmt_bind_int(q, 4, clock_now_ms());
    stmt_bind_int(q, 5, by);
    TRY(stmt_run(q, &n, e));
    return n ? note(db, "document.grant", &(struct granting){doc, id, by, kind}, e) : OK;
}

enum code access_revoke(
    struct db *db, int64_t doc, enum principal kind, int64_t id, int64_t by, struct err *e)
{
    int64_t n;
    struct stmt *q =
        db_sql(db, "DELETE FROM grant_row WHERE document = ?1 AND kind = ?2 AND principal = ?3");
    stmt_bind_int(q, 1, doc);
    stmt_bind_int(q, 2, kind);
    stmt_bind_int(q, 3, id);
    TRY(stmt_run(q, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有这项授权");
    return note(db, "document.revoke", &(struct granting){doc, id, by, kind}, e);
}
