#include "office/rulebook.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"

enum { NEVER_TEXT_CP_MAX = 200 };

static bool sinks(const struct rule_state *s)
{
    int64_t decided = s->accepted + s->ignored;

    return !s->set && decided >= RULE_DECIDED_MIN &&
           s->ignored * 100 >= decided * RULE_IGNORED_PERCENT && s->rule->level > CHECK_HINT;
}

struct str rule_words(struct arena *a, struct str id)
{
    const struct rule *r = id.n ? check_rule(id) : NULL;

    return r ? arena_printf(a, "%s %s", r->id, r->name) : arena_str(a, id);
}

static struct rule_state *state_of(struct rule_state *v, size_t n, struct str id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_z(v[i].rule->id), id))
            return &v[i];
    return NULL;
}

enum code rulebook_read(
    struct db *db, struct arena *a, struct rule_state **out, size_t *n, struct err *e)
{
    size_t count = 0;
    struct rule_state *v;
    struct stmt *q;

    while (check_rule_at(count))
        count++;
    v = ARENA_ARRAY(a, struct rule_state, count + 1);
    for (size_t i = 0; i < count; i++)
        v[i] = (struct rule_state){.rule = check_rule_at(i), .level = check_rule_at(i)->level};
    q = db_sql(db, "SELECT s.rule, s.level, s.genres, s.note, s.changed_by, s.changed, p.name FROM "
                   "rule_setting s"
                   " LEFT JOIN person p ON p.id = s.changed_by");
    while (stmt_step(q)) {
        struct rule_state *s = state_of(v, count, stmt_str(q, 0));
        if (!s)
            continue; /* a rule this program no longer has */
        s->set = true;
        s->level = (enum check_level)stmt_int(q, 1);
        s->genres = (uint64_t)stmt_int(q, 2);
        s->note = arena_str(a, stmt_str(q, 3));
        s->by = stmt_int(q, 4);
        s->at_ms = stmt_int(q, 5);
        s->by_name = arena_str(a, stmt_str(q, 6));
    }
    TRY(stmt_end(q, e));
    q = db_sql(db, "SELECT rule, shown, accepted, ignored FROM rule_figure");
    while (stmt_step(q)) {
        struct rule_state *s = state_of(v, count, stmt_str(q, 0));
        if (!s)
            continue;
        s->shown = stmt_int(q, 1);
        s->accepted = stmt_int(q, 2);
        s->ignored = stmt_int(q, 3);
        s->sunk = sinks(s);
        if (s->sunk)
            s->level = CHECK_HINT;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = count;
    return OK;
}

enum code rulebook_settings(
    struct db *db, struct arena *a, struct rule_setting **out, size_t *n, struct err *e)
{
    struct rule_state *v;
    size_t count, k = 0;
    struct rule_setting *s;

    TRY(rulebook_read(db, a, &v, &count, e));
    s = ARENA_ARRAY(a, struct rule_setting, count + 1);
    for (size_t i = 0; i < count; i++)
        if (v[i].set || v[i].sunk)
            s[k++] = (struct rule_setting){v[i].rule, v[i].level, v[i].genres};
    *out = s;
    *n = k;
    return OK;
}

static enum code known(struct str rule, struct err *e)
{
    return check_rule(rule) ? OK : FAIL(e, E_NOTFOUND, "没有编号为“%.*s”的规则", SF(rule));
}

enum code rulebook_set(struct db *db, const struct viewer *v, struct str rule,
    enum check_level level, uint64_t genres, struct str note, struct err *e)
{
    struct stmt *q;

    TRY(access_require(v, ACT_RULES, e));
    TRY(known(rule, e));
    note = str_trim(note);
    if (utf8_len_cp(note) > RULE_NOTE_CP_MAX)
        return FAIL(e, E_LIMIT, "说明超过%d个字", RULE_NOTE_CP_MAX);
    q = db_sql(db,
        "INSERT INTO rule_setting (rule, level, genres, note, changed_by, changed)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (rule) DO UPDATE SET level = ?2, genres = ?3,"
        " note = ?4, changed_by = ?5, changed = ?6");
    stmt_bind_str(q, 1, rule);
    stmt_bind_int(q, 2, level);
    stmt_bind_int(q, 3, (int64_t)genres);
    stmt_bind_str(q, 4, note);
    stmt_bind_int(q, 5, v->person);
    stmt_bind_int(q, 6, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, v->person, "rule.set", "rule", 0, rule, e);
}

enum code rulebook_reset(struct db *db, const struct viewer *v, struct str rule, struct err *e)
{
    struct stmt *q;

    TRY(access_require(v, ACT_RULES, e));
    TRY(known(rule, e));
    q = db_sql(db, "DELETE FROM rule_setting WHERE rule = ?1");
    stmt_bind_str(q, 1, rule);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, v->person, "rule.reset", "rule", 0, rule, e);
}

enum code rulebook_count(
    struct db *db, struct str rule, int shown, int accepted, int ignored, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO rule_figure (rule, shown, accepted, ignored) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (rule) DO UPDATE SET shown = rule_figure.shown + ?2,"
        " accepted = rule_figure.accepted + ?3, ignored = rule_figure.ignored + ?4");

    stmt_bind_str(q, 1, rule);
    stmt_bind_int(q, 2, shown);
    stmt_bind_int(q, 3, accepted);
    stmt_bind_int(q, 4, ignored);
    return stmt_run(q, NULL, e);
}

enum code rulebook_never(
    struct db *db, const struct viewer *v, struct str rule, struct str text, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT count(*) FROM rule_never");
    int64_t n = 0;

    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    TRY(access_require(v, ACT_CHECK, e));
    TRY(known(rule, e));
    if (n >= RULE_NEVER_MAX)
        return FAIL(e, E_LIMIT, "“不再提示”的词语已有%d条，请先清理", RULE_NEVER_MAX);
    if (text.n == 0 || utf8_len_cp(text) > NEVER_TEXT_CP_MAX)
        return FAIL(e, E_INPUT, "这一处没有可以记住的词语，或超过%d个字，请用“本文不再提示”",
            NEVER_TEXT_CP_MAX);
    q = db_sql(db,
        "INSERT INTO rule_never (id, rule, text, made_by, made) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (rule, text) DO NOTHING");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_str(q, 2, rule);
    stmt_bind_str(q, 3, text);
    stmt_bind_int(q, 4, v->person);
    stmt_bind_int(q, 5, clock_now_ms());
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, v->person, "rule.never", "rule", 0, rule, e);
}

enum code rulebook_never_list(
    struct db *db, struct arena *a, struct rule_never **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT r.id, r.rule, r.text, r.made_by, r.made, p.name FROM rule_never r"
                   " LEFT JOIN person p ON p.id = r.made_by ORDER BY r.rule, r.text");
    struct rule_never *v = NULL;
    size_t k = 0, cap = 0;

    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct rule_never){.id = stmt_int(q, 0),
            .rule = arena_str(a, stmt_str(q, 1)),
            .text = arena_str(a, stmt_str(q, 2)),
            .by = stmt_int(q, 3),
            .at_ms = stmt_int(q, 4),
            .by_name = arena_str(a, stmt_str(q, 5))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code rulebook_never_withdraw(struct db *db, const struct viewer *v, int64_t id, struct err *e)
{
    struct stmt *q;
    int64_t changed = 0;

    TRY(access_require(v, ACT_RULES, e));
    q = db_sql(db, "DELETE FROM rule_never WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, &changed, e));
    if (!changed)
        return FAIL(e, E_NOTFOUND, "这一条已经取消");
    return audit_simple(db, v->person, "rule.never.withdraw", "rule", id, S(""), e);
}
