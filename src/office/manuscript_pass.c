#include "office/manuscript_pass.h"

#include <stdlib.h>

#include "base/id.h"
#include "base/json.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "office/manuscript_version.h"
#include "office/rulebook.h"

enum { PLACE_HEX = 32, PEOPLE_TOLD = 5 };

#define COLUMNS                                                                         \
    "s.id, s.manuscript, s.rule, s.throughout, s.before_words, s.words, s.after_words," \
    " s.level, s.said, s.why, s.by_person, s.made, s.back_by, s.back,"                  \
    " coalesce(p.name, ''), coalesce(b.name, '')"
#define FROM                                                                              \
    " FROM manuscript_pass s LEFT JOIN person p ON p.id = s.by_person LEFT JOIN person b" \
    " ON b.id = s.back_by"

static struct manuscript_pass row(struct stmt *q, struct arena *a)
{
    return (struct manuscript_pass){.id = stmt_int(q, 0),
        .manuscript = stmt_int(q, 1),
        .rule = arena_str(a, stmt_str(q, 2)),
        .throughout = stmt_int(q, 3) != 0,
        .before = arena_str(a, stmt_str(q, 4)),
        .words = arena_str(a, stmt_str(q, 5)),
        .after = arena_str(a, stmt_str(q, 6)),
        .level = (enum check_level)stmt_int(q, 7),
        .said = arena_str(a, stmt_str(q, 8)),
        .why = arena_str(a, stmt_str(q, 9)),
        .by = stmt_int(q, 10),
        .made_ms = stmt_int(q, 11),
        .back_by = stmt_int(q, 12),
        .back_ms = stmt_int(q, 13),
        .by_name = arena_str(a, stmt_str(q, 14)),
        .back_name = arena_str(a, stmt_str(q, 15))};
}

/* ---- which finding it is ---- */

/* Rule and context hold no line end, so that no two places make the same words. */
static struct str place_of(struct arena *a, const struct pass_new *x)
{
    char hex[SM3_HEX + 1];
    struct digest d = sm3(arena_printf(a, "%.*s\n%d\n%.*s\n%.*s\n%.*s", SF(x->rule), x->throughout,
        SF(x->before), SF(x->after), SF(x->words)));
    return arena_str(a, str_sub(digest_hex(&d, hex), 0, PLACE_HEX));
}

/* A context that is shorter than it might be ends where its line does. */
static bool fits(struct str text, size_t at, size_t end, const struct manuscript_pass *p)
{
    bool begins = at == 0 || text.p[at - 1] == '\n', ends = end == text.n || text.p[end] == '\n';
    return (begins || utf8_len_cp(p->before) == PASS_AROUND_CP) &&
           (ends || utf8_len_cp(p->after) == PASS_AROUND_CP);
}

static bool is_here(struct arena *a, struct str text, const struct manuscript_pass *p)
{
    struct str s = arena_printf(a, "%.*s%.*s%.*s", SF(p->before), SF(p->words), SF(p->after));
    if (p->throughout)
        return str_has(text, p->words);
    if (!s.n) /* an empty line */
        return text.n == 0 || str_starts(text, S("\n")) || str_ends(text, S("\n")) ||
               str_has(text, S("\n\n"));
    for (size_t at = str_find(text, s, 0); at != SIZE_MAX; at = str_find(text, s, at + 1))
        if (fits(text, at, at + s.n, p))
            return true;
    return false;
}

/* ---- the list ---- */

static enum code rows_of(struct db *db, struct arena *a, int64_t id, bool back,
    struct manuscript_pass **out, size_t *n, struct err *e)
{
    struct manuscript_pass *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE s.manuscript = ?1 AND (?2 = 1 OR s.live = 0)"
                   " ORDER BY CASE WHEN s.live = 0 THEN 0 ELSE 1 END, s.made DESC, s.id DESC"
                   " LIMIT ?3");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, back);
    stmt_bind_int(q, 3, back ? 2 * PASSES_MAX : PASSES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_passes(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    bool back, struct manuscript_pass **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct str text = S("");
    TRY(manuscript_get(db, a, by, id, &m, e));
    TRY(rows_of(db, a, id, back, out, n, e));
    if (*n)
        TRY(manuscript_text(db, a, by, id, -1, &text, NULL, e));
    for (size_t i = 0; i < *n; i++)
        (*out)[i].here = is_here(a, text, &(*out)[i]);
    return OK;
}

struct str pass_words(struct arena *a, const struct manuscript_pass *v, size_t n)
{
    struct {
        int64_t by;
        struct str name;
        size_t n;
    } who[PEOPLE_TOLD + 1] = {{.by = 0}};
    size_t k = 0, errors = 0;
    struct str s;
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        errors += v[i].level == CHECK_ERROR;
        while (at < k && at < PEOPLE_TOLD && who[at].by != v[i].by)
            at++;
        if (at == k)
            who[k].by = v[i].by, who[k].name = v[i].by_name, k++;
        who[at].n++;
    }
    if (!n)
        return S("");
    s = errors ? arena_printf(a, "略过%zu处问题，其中错误%zu处（", n, errors)
               : arena_printf(a, "略过%zu处问题（", n);
    for (size_t i = 0; i < k; i++)
        s = arena_printf(a, "%.*s%s%.*s%zu处", SF(s), i ? "、" : "",
            SF(i < PEOPLE_TOLD ? who[i].name : S("其他人")), who[i].n);
    return arena_printf(a, "%.*s）", SF(s));
}

/* ---- passing over ---- */

static enum code unlocked(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript *m, struct err *e)
{
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, m, e));
    TRY(manuscript_stands(m, e));
    return m->locked_ms
               ? FAIL(e, E_DENIED, "文稿已由%.*s锁定，略过的问题不能再增减", SF(m->locked_name))
               : OK;
}

static bool one_line(struct str s, size_t most)
{
    return utf8_check(s) == SIZE_MAX && utf8_len_cp(s) <= most && !str_has(s, S("\n"));
}

static enum code check_new(const struct pass_new *x, struct err *e)
{
    if (!check_rule(x->rule))
        return FAIL(e, E_INPUT, "没有编号为“%.*s”的规则", SF(str_sub(x->rule, 0, 30)));
    if (!one_line(x->before, PASS_AROUND_CP) || !one_line(x->after, PASS_AROUND_CP) ||
        utf8_check(x->words) != SIZE_MAX || utf8_len_cp(x->words) > PASS_WORDS_CP_MAX)
        return FAIL(e, E_INPUT, "这一处的文字不对或超过%d个字，请刷新页面", PASS_WORDS_CP_MAX);
    if (x->throughout && !x->words.n)
        return FAIL(e, E_INPUT, "这一处缺的是文字，只能略过这一处");
    if (!one_line(x->why, PASS_WHY_CP_MAX) || !one_line(x->said, PASS_SAID_CP_MAX))
        return FAIL(e, E_INPUT, "理由写成一行，最多%d个字", PASS_WHY_CP_MAX);
    TRY(manuscript_check_secret(x->why, x->words, e));
    return manuscript_check_secret(S(""), x->said, e);
}

/* No higher than the rule runs at in this unit: what is looser may be the single finding's. */
static enum code level_of(
    struct db *db, struct arena *a, const struct pass_new *x, enum check_level *out, struct err *e)
{
    struct rule_state *v;
    size_t n;
    TRY(rulebook_read(db, a, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_z(v[i].rule->id), x->rule))
            *out = x->level && x->level < v[i].level ? x->level : v[i].level;
    return OK;
}

static enum code standing(
    struct db *db, int64_t id, struct str place, int64_t *same, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT count(*), coalesce(max(CASE WHEN place = ?2 THEN id ELSE 0 END), 0)"
                   " FROM manuscript_pass WHERE manuscript = ?1 AND live = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, place);
    if (stmt_step(q)) {
        *n = (size_t)stmt_int(q, 0);
        *same = stmt_int(q, 1);
    }
    return stmt_end(q, e);
}

static enum code insert(struct db *db, const struct actor *by, int64_t manuscript, int64_t pass,
    struct str place, const struct pass_new *x, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_pass(id, manuscript, place, live, rule, throughout, before_words,"
        " words, after_words, level, said, why, by_person, made, back_by, back)"
        " VALUES(?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0)");
    stmt_bind_int(q, 1, pass);
    stmt_bind_int(q, 2, manuscript);
    stmt_bind_str(q, 3, place);
    stmt_bind_str(q, 4, x->rule);
    stmt_bind_int(q, 5, x->throughout);
    stmt_bind_str(q, 6, x->before);
    stmt_bind_str(q, 7, x->words);
    stmt_bind_str(q, 8, x->after);
    stmt_bind_int(q, 9, x->level);
    stmt_bind_str(q, 10, x->said);
    stmt_bind_str(q, 11, x->why);
    stmt_bind_int(q, 12, by->v->person);
    stmt_bind_int(q, 13, by->now_ms);
    return stmt_run(q, NULL, e);
}

enum code manuscript_pass_add(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct pass_new *given, int64_t *pass, struct err *e)
{
    struct pass_new x = *given;
    struct manuscript m = {.id = 0};
    int64_t same = 0;
    size_t n = 0;
    x.why = str_trim(x.why);
    x.said = str_trim(x.said);
    if (x.throughout)
        x.before = x.after = S("");
    TRY(unlocked(db, a, by, id, &m, e));
    TRY(check_new(&x, e));
    TRY(level_of(db, a, &x, &x.level, e));
    if (x.level == CHECK_ERROR && !x.why.n)
        return FAIL(e, E_INPUT, "“错误”一级的问题，略过要写明理由");
    struct str place = place_of(a, &x);
    TRY(standing(db, id, place, &same, &n, e));
    *pass = same;
    if (same)
        return OK;
    if (n >= PASSES_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多略过%d处，请先恢复一些", PASSES_MAX);
    *pass = id_next();
    TRY(insert(db, by, id, *pass, place, &x, e));
    return audit_simple(db, by->v->person, "manuscript.pass", "manuscript", id,
        arena_printf(a, "{\"pass\":\"%lld\",\"rule\":\"%.*s\"}", (long long)*pass, SF(x.rule)), e);
}

enum code manuscript_pass_back(
    struct db *db, struct arena *a, const struct actor *by, int64_t id, int64_t pass, struct err *e)
{
    struct manuscript m = {.id = 0};
    int64_t changed = 0;
    TRY(unlocked(db, a, by, id, &m, e));
    /* live is 0 or a number of its own, so that one place stands passed over once (schema.c) */
    struct stmt *q = db_sql(db, "UPDATE manuscript_pass SET live = id, back_by = ?3, back = ?4"
                                " WHERE manuscript = ?1 AND live = 0 AND (?2 = 0 OR id = ?2)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, pass);
    stmt_bind_int(q, 3, by->v->person);
    stmt_bind_int(q, 4, by->now_ms);
    TRY(stmt_run(q, &changed, e));
    if (!changed)
        return pass ? FAIL(e, E_CONFLICT, "这一处已经恢复提示") : OK;
    return audit_simple(db, by->v->person, "manuscript.pass.back", "manuscript", id,
        arena_printf(a, "{\"pass\":\"%lld\",\"n\":%lld}", (long long)pass, (long long)changed), e);
}

/* ---- with a version ---- */

/* Canonical: oldest first, the same rows give the same bytes. */
static struct str written(struct arena *a, const struct manuscript_pass *v, size_t n)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_arr(&j);
    for (size_t i = n; i-- > 0;) {
        jw_obj(&j);
        jw_kid(&j, "id", v[i].id);
        jw_kstr(&j, "rule", v[i].rule);
        jw_kstr(&j, "level", str_z(check_level_key(v[i].level)));
        jw_kbool(&j, "throughout", v[i].throughout);
        jw_kstr(&j, "before", v[i].before);
        jw_kstr(&j, "words", v[i].words);
        jw_kstr(&j, "after", v[i].after);
        jw_kstr(&j, "said", v[i].said);
        jw_kstr(&j, "why", v[i].why);
        jw_kid(&j, "by", v[i].by);
        jw_kstr(&j, "name", v[i].by_name);
        jw_kint(&j, "at", v[i].made_ms);
        jw_end(&j);
    }
    jw_end(&j);
    struct str s = arena_str(a, buf_view(&b));
    buf_release(&b);
    return s;
}

static enum code kept_as(struct db *db, const struct pass_list *l, int64_t *id, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT id FROM manuscript_pass_list WHERE version = ?1 AND digest = ?2");
    stmt_bind_int(q, 1, l->version);
    stmt_bind_str(q, 2, l->digest);
    if (stmt_step(q))
        *id = stmt_int(q, 0);
    return stmt_end(q, e);
}

static enum code keep(struct db *db, const struct actor *by, int64_t manuscript,
    struct pass_list *l, struct str body, struct err *e)
{
    TRY(kept_as(db, l, &l->id, e));
    if (l->id) /* sent before, and nothing was passed over since */
        return OK;
    l->id = id_next();
    struct stmt *q = db_sql(db, "INSERT INTO manuscript_pass_list(id, manuscript, version, at,"
                                " by_person, n, errors, digest, body)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    stmt_bind_int(q, 1, l->id);
    stmt_bind_int(q, 2, manuscript);
    stmt_bind_int(q, 3, l->version);
    stmt_bind_int(q, 4, by->now_ms);
    stmt_bind_int(q, 5, by->v->person);
    stmt_bind_int(q, 6, (int64_t)l->n);
    stmt_bind_int(q, 7, (int64_t)l->errors);
    stmt_bind_str(q, 8, l->digest);
    stmt_bind_str(q, 9, body);
    return stmt_run(q, NULL, e);
}

enum code manuscript_pass_keep(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, struct pass_list *out, struct err *e)
{
    struct pass_list l = {.version = version, .at_ms = by->now_ms};
    struct manuscript_version of = {.id = 0};
    struct str text = S("");
    char hex[SM3_HEX + 1];
    size_t n;
    TRY(manuscript_version_get(db, a, by, version, &of, &text, e));
    l.manuscript = of.manuscript;
    TRY(rows_of(db, a, of.manuscript, false, &l.v, &n, e));
    for (size_t i = 0; i < n; i++) {
        if (!is_here(a, text, &l.v[i]))
            continue;
        l.errors += l.v[i].level == CHECK_ERROR;
        l.v[l.n++] = l.v[i];
    }
    if (l.n) {
        struct str body = written(a, l.v, l.n);
        struct digest d = sm3(body);
        l.digest = arena_str(a, digest_hex(&d, hex));
        TRY(keep(db, by, of.manuscript, &l, body, e));
    }
    *out = l;
    return OK;
}

static struct manuscript_pass read_one(struct arena *a, const json_t *o)
{
    return (struct manuscript_pass){.id = jr_id(o, "id"),
        .rule = arena_str(a, jr_str(o, "rule")),
        .level = check_level_of(jr_str(o, "level")),
        .throughout = jr_bool(o, "throughout", false),
        .before = arena_str(a, jr_str(o, "before")),
        .words = arena_str(a, jr_str(o, "words")),
        .after = arena_str(a, jr_str(o, "after")),
        .said = arena_str(a, jr_str(o, "said")),
        .why = arena_str(a, jr_str(o, "why")),
        .by = jr_id(o, "by"),
        .by_name = arena_str(a, jr_str(o, "name")),
        .made_ms = jr_int(o, "at", 0),
        .here = true};
}

enum code manuscript_pass_list(struct db *db, struct arena *a, const struct actor *by, int64_t list,
    struct pass_list *out, struct err *e)
{
    struct pass_list l = {.id = 0};
    struct manuscript m = {.id = 0};
    struct str body = S("");
    char hex[SM3_HEX + 1];
    json_t *rows;
    struct stmt *q = db_sql(db, "SELECT id, version, at, errors, digest, body, manuscript"
                                " FROM manuscript_pass_list WHERE id = ?1");
    stmt_bind_int(q, 1, list);
    if (stmt_step(q)) {
        l = (struct pass_list){.id = stmt_int(q, 0),
            .version = stmt_int(q, 1),
            .at_ms = stmt_int(q, 2),
            .errors = (size_t)stmt_int(q, 3),
            .digest = arena_str(a, stmt_str(q, 4))};
        body = arena_str(a, stmt_str(q, 5));
        l.manuscript = stmt_int(q, 6);
    }
    TRY(stmt_end(q, e));
    if (!l.id)
        return FAIL(e, E_NOTFOUND, "没有这份略过清单");
    TRY(manuscript_get(db, a, by, l.manuscript, &m, e));
    struct digest d = sm3(body);
    if (!str_eq(digest_hex(&d, hex), l.digest))
        return FAIL(e, E_BUG, "“%.*s”的略过清单与存下的摘要不符，请联系系统管理员", SF(m.title));
    TRY(jr_parse(body, &rows, e));
    l.v = ARENA_ARRAY(a, struct manuscript_pass, json_array_size(rows) + 1);
    for (size_t i = 0; i < json_array_size(rows); i++)
        l.v[l.n++] = read_one(a, json_array_get(rows, i));
    json_decref(rows);
    *out = l;
    return OK;
}
