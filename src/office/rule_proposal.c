#include "office/rule_proposal.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "office/audit.h"

const char *proposal_state_name(enum proposal_state s)
{
    static const char *const names[N_PROPOSAL_STATE] = {[PROPOSAL_WAITS] = "待科长确认",
        [PROPOSAL_TAKEN] = "已采纳",
        [PROPOSAL_REFUSED] = "未采纳"};

    return s > 0 && s < N_PROPOSAL_STATE ? names[s] : "";
}

static enum code state_read(
    struct db *db, struct arena *a, struct str rule, struct rule_state *out, struct err *e)
{
    struct rule_state *v;
    size_t n;

    TRY(rulebook_read(db, a, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_z(v[i].rule->id), rule)) {
            *out = v[i];
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "没有编号为“%.*s”的规则，请从列表里选", SF(rule));
}

static enum code none_waits(struct db *db, struct str rule, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM rule_proposal WHERE rule = ?1 AND state = ?2");
    bool there;

    stmt_bind_str(q, 1, rule);
    stmt_bind_int(q, 2, PROPOSAL_WAITS);
    there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? FAIL(e, E_CONFLICT, "规则%.*s已有一条调整待科长确认", SF(rule)) : OK;
}

/* In the audit chain, with what the rule was and shall be. */
static enum code note(
    struct db *db, const char *verb, const struct rule_proposal *p, int64_t by, struct err *e)
{
    struct buf b;
    struct jw j;
    enum code c;

    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "rule", p->rule);
    jw_kstr(&j, "from", str_z(check_level_key(p->from)));
    jw_kstr(&j, "to", str_z(check_level_key(p->to)));
    if (p->item)
        jw_kid(&j, "item", p->item);
    jw_end(&j);
    c = audit_simple(db, by, verb, "rule_proposal", p->id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

static enum code put(struct db *db, struct arena *a, const struct viewer *v,
    const struct rule_proposal *p, int64_t *id, struct err *e)
{
    struct rule_proposal new = *p;
    struct rule_state now = {.rule = NULL};
    struct stmt *q;

    TRY(access_require(v, ACT_RULES, e));
    TRY(state_read(db, a, p->rule, &now, e));
    if (now.level == p->to)
        return FAIL(
            e, E_INPUT, "规则%.*s现在就是“%s”，不用再提", SF(p->rule), check_level_name(p->to));
    new.reason = str_trim(p->reason);
    if (utf8_len_cp(new.reason) > RULE_NOTE_CP_MAX)
        return FAIL(e, E_LIMIT, "理由超过%d个字", RULE_NOTE_CP_MAX);
    TRY(none_waits(db, p->rule, e));
    new.id = id_next();
    new.from = now.level;
    q = db_sql(db,
        "INSERT INTO rule_proposal (id, rule, was, level, reason, item, state, by_person, at,"
        " decided_by, decided, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, '')");
    stmt_bind_int(q, 1, new.id);
    stmt_bind_str(q, 2, new.rule);
    stmt_bind_int(q, 3, new.from);
    stmt_bind_int(q, 4, new.to);
    stmt_bind_str(q, 5, new.reason);
    stmt_bind_int(q, 6, new.item);
    stmt_bind_int(q, 7, PROPOSAL_WAITS);
    stmt_bind_int(q, 8, v->person);
    stmt_bind_int(q, 9, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    TRY(note(db, "rule.propose", &new, v->person, e));
    *id = new.id;
    return OK;
}

enum code rule_proposal_put(struct db *db, const struct viewer *v, const struct rule_proposal *p,
    int64_t *id, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = put(db, &a, v, p, id, e);
    arena_release(&a);
    return c;
}

#define SELECT                                                                           \
    "SELECT r.id, r.rule, r.was, r.level, r.reason, r.item, r.state, r.by_person, r.at," \
    " r.decided_by, r.decided, r.answer, coalesce(p.name, ''), coalesce(d.name, '')"     \
    " FROM rule_proposal r LEFT JOIN person p ON p.id = r.by_person"                     \
    " LEFT JOIN person d ON d.id = r.decided_by"

static struct rule_proposal row(struct stmt *q, struct arena *a)
{
    return (struct rule_proposal){.id = stmt_int(q, 0),
        .rule = arena_str(a, stmt_str(q, 1)),
        .from = (enum check_level)stmt_int(q, 2),
        .to = (enum check_level)stmt_int(q, 3),
        .reason = arena_str(a, stmt_str(q, 4)),
        .item = stmt_int(q, 5),
        .state = (enum proposal_state)stmt_int(q, 6),
        .by = stmt_int(q, 7),
        .at_ms = stmt_int(q, 8),
        .decided_by = stmt_int(q, 9),
        .decided_ms = stmt_int(q, 10),
        .answer = arena_str(a, stmt_str(q, 11)),
        .by_name = arena_str(a, stmt_str(q, 12)),
        .decided_name = arena_str(a, stmt_str(q, 13))};
}

enum code rule_proposal_list(
    struct db *db, struct arena *a, struct rule_proposal **out, size_t *n, struct err *e)
{
    struct rule_proposal *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, SELECT " ORDER BY CASE WHEN r.state = ?1 THEN 0 ELSE 1 END,"
                                       " r.at DESC, r.id DESC LIMIT ?2");

    stmt_bind_int(q, 1, PROPOSAL_WAITS);
    stmt_bind_int(q, 2, RULE_PROPOSALS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code waiting(
    struct db *db, struct arena *a, int64_t id, struct rule_proposal *out, struct err *e)
{
    struct stmt *q = db_sql(db, SELECT " WHERE r.id = ?1 AND r.state = ?2");
    bool there;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, PROPOSAL_WAITS);
    there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有待确认的这条调整，可能已经处理");
}

/* The rule as proposed; the kinds of text it is for stay. */
static enum code apply(struct db *db, struct arena *a, const struct viewer *v,
    const struct rule_proposal *p, struct err *e)
{
    struct rule_state now = {.rule = NULL};
    struct str why = p->reason.n ? p->reason : S("按差错登记调整");

    TRY(state_read(db, a, p->rule, &now, e));
    return rulebook_set(db, v, p->rule, p->to, now.genres, why, e);
}

static enum code decide(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    bool take, struct str answer, struct err *e)
{
    struct rule_proposal p = {.id = 0};
    struct stmt *q;

    TRY(access_require(v, ACT_RULES, e));
    if (!(v->roles & ROLE_CHIEF) && !v->owner)
        return FAIL(e, E_DENIED, "审校规则的调整由科长确认");
    TRY(waiting(db, a, id, &p, e));
    if (!take && !answer.n)
        return FAIL(e, E_INPUT, "不采纳的请写明原因");
    if (utf8_len_cp(answer) > RULE_NOTE_CP_MAX)
        return FAIL(e, E_LIMIT, "答复超过%d个字", RULE_NOTE_CP_MAX);
    q = db_sql(db, "UPDATE rule_proposal SET state = ?2, decided_by = ?3, decided = ?4,"
                   " answer = ?5 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, take ? PROPOSAL_TAKEN : PROPOSAL_REFUSED);
    stmt_bind_int(q, 3, v->person);
    stmt_bind_int(q, 4, clock_now_ms());
    stmt_bind_str(q, 5, answer);
    TRY(stmt_run(q, NULL, e));
    TRY(note(db, take ? "rule.propose.take" : "rule.propose.refuse", &p, v->person, e));
    return take ? apply(db, a, v, &p, e) : OK;
}

enum code rule_proposal_decide(
    struct db *db, const struct viewer *v, int64_t id, bool take, struct str answer, struct err *e)
{
    struct arena a;
    enum code c;

    arena_init(&a);
    c = decide(db, &a, v, id, take, str_trim(answer), e);
    arena_release(&a);
    return c;
}
