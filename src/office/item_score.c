#include "office/item_score.h"

#include "office/audit.h"
#include "office/document.h"
#include "office/item_int.h"

enum { WEIGHT = 1000, ONCE = 100, LATE = 50, DAILY = 50, DEDUCT_MOST = 500, STEP = 20 };

/* ---- the numbers ---- */

static const struct kind_field *field_named(const struct kind *k, const char *id)
{
    size_t i = kind_field_of(k, str_z(id));

    return i == SIZE_MAX ? NULL : &k->fields[i];
}

static bool has_clock(const struct kind *k)
{
    for (size_t i = 0; i < k->n_clocks; i++)
        if (str_eq(k->clocks[i].id, S("finish")))
            return true;
    return false;
}

bool item_scored(const struct kind *k)
{
    const struct kind_field *lead = field_named(k, "lead"), *quality = field_named(k, "quality");

    return lead && lead->type == FIELD_UNIT && quality && quality->type == FIELD_CHOICE &&
           has_clock(k);
}

struct rules {
    struct arena *a;
    struct score_rule *v;
    size_t n, cap;
};

static void add_rule(struct rules *r, struct str name, int64_t value)
{
    ARENA_PUSH(r->a, r->v, r->n, r->cap) = (struct score_rule){.name = name, .value = value};
}

/* As delivered: ten points each; the first word of quality counts whole, each further one a fifth less. */
static void delivered(struct rules *r, const struct kind *k)
{
    const struct kind_field *category = field_named(k, "category");
    const struct kind_field *quality = field_named(k, "quality");

    add_rule(r, S("分值"), WEIGHT);
    for (size_t i = 0; category && i < category->n_choices; i++)
        add_rule(r, arena_printf(r->a, "分值:%.*s", SF(category->choices[i])), WEIGHT);
    add_rule(r, S("按期"), ONCE);
    add_rule(r, S("逾期"), LATE);
    for (size_t i = 0; i < quality->n_choices; i++) {
        int64_t less = (int64_t)i * STEP;
        add_rule(r, arena_printf(r->a, "质量:%.*s", SF(quality->choices[i])),
            less < ONCE ? ONCE - less : 0);
    }
    add_rule(r, S("每逾期一天扣分"), DAILY);
    add_rule(r, S("逾期扣分上限"), DEDUCT_MOST);
}

static struct score_rule *rule_named(const struct rules *r, struct str name)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->v[i].name, name))
            return &r->v[i];
    return NULL;
}

enum code item_score_rules(struct db *db, struct arena *a, const struct kind *k,
    struct score_rule **out, size_t *n, struct err *e)
{
    struct rules r = {.a = a};

    if (!item_scored(k))
        return FAIL(e, E_NOTFOUND, "“%.*s”不计分", SF(k->name));
    delivered(&r, k);
    struct stmt *q = db_sql(db, "SELECT name, value FROM item_score_rule WHERE kind = ?1"
                                " ORDER BY name LIMIT ?2");
    stmt_bind_str(q, 1, k->id);
    stmt_bind_int(q, 2, SCORE_RULES_MAX);
    while (stmt_step(q)) {
        struct score_rule *one = rule_named(&r, stmt_str(q, 0));
        if (!one) /* a choice that the kind no longer has */
            continue;
        one->value = stmt_int(q, 1);
        one->set = true;
    }
    TRY(stmt_end(q, e));
    *out = r.v;
    *n = r.n;
    return OK;
}

static enum code note_rule(struct db *db, const struct actor *by, const struct kind *k,
    const struct score_rule *r, struct err *e)
{
    struct buf b;
    struct jw j;

    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", k->id);
    jw_kstr(&j, "name", r->name);
    jw_kint(&j, "value", r->value);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, "score.rule", "kind", 0, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code item_score_set(struct db *db, const struct actor *by, const struct kind *k,
    struct str name, int64_t value, struct err *e)
{
    struct arena a;
    struct rules r = {0};
    const struct score_rule *one = NULL;

    TRY(access_require(by->v, ACT_KINDS, e));
    if (value < 0 || value > SCORE_VALUE_MAX)
        return FAIL(e, E_INPUT, "“%.*s”应在0到%d之间", SF(name), SCORE_VALUE_MAX / 100);
    arena_init(&a);
    enum code c = item_score_rules(db, &a, k, &r.v, &r.n, e);
    if (c == OK) {
        one = rule_named(&r, name);
        if (!one)
            c = FAIL(e, E_INPUT, "计分办法里没有“%.*s”", SF(name));
    }
    if (c == OK && one && one->value != value) {
        struct stmt *q =
            db_sql(db, "INSERT INTO item_score_rule(kind, name, value) VALUES(?1, ?2, ?3)"
                       " ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value");
        stmt_bind_str(q, 1, k->id);
        stmt_bind_str(q, 2, name);
        stmt_bind_int(q, 3, value);
        c = stmt_run(q, NULL, e);
        if (c == OK)
            c = note_rule(db, by, k, &(struct score_rule){.name = one->name, .value = value}, e);
    }
    arena_release(&a);
    return c;
}

/* ---- one matter ---- */

static int64_t value_of(const struct rules *r, const char *head, struct str tail, int64_t otherwise)
{
    const struct score_rule *one =
        rule_named(r, tail.n ? arena_printf(r->a, "%s:%.*s", head, SF(tail)) : str_z(head));

    return one ? one->value : otherwise;
}

static void reckon(const struct rules *r, struct item_score *s, int64_t now_ms, bool closed)
{
    int64_t until = s->met_ms ? s->met_ms : now_ms;
    int64_t most = value_of(r, "逾期扣分上限", S(""), 0);
    bool late = until >= s->original_ms;

    s->late_days = late ? (until - s->original_ms + MS_DAY - 1) / MS_DAY : 0;
    if (late && !s->late_days)
        s->late_days = 1;
    s->weight = value_of(r, "分值", s->category, value_of(r, "分值", S(""), 0));
    s->on_time = value_of(r, late ? "逾期" : "按期", S(""), 0);
    s->factor = s->quality.n ? value_of(r, "质量", s->quality, 0) : 0;
    s->deducted = s->late_days * value_of(r, "每逾期一天扣分", S(""), 0);
    if (s->deducted > most)
        s->deducted = most;
    if (!closed)
        s->state = late ? SCORE_OVERDUE : SCORE_OPEN;
    else
        s->state = s->quality.n ? SCORE_DONE : SCORE_UNRATED;
    if (s->state == SCORE_DONE)
        s->total = s->weight * s->on_time / ONCE * s->factor / ONCE;
    s->total -= s->deducted;
}

/* The last run of the clock that was not dropped. */
#define SELECT_SCORE                                                                               \
    "SELECT i.id, i.number, i.title, i.level, i.closed, c.original, c.met, coalesce(l.number, 0)," \
    " coalesce(g.text, ''), coalesce(y.text, '') FROM item i"                                      \
    " JOIN item_clock c ON c.item = i.id AND c.clock = 'finish' AND c.state <> 2 AND c.run ="      \
    " (SELECT max(d.run) FROM item_clock d WHERE d.item = i.id AND d.clock = 'finish'"             \
    " AND d.state <> 2)"                                                                           \
    " LEFT JOIN item_value l ON l.item = i.id AND l.field = 'lead' AND l.position = 0"             \
    " LEFT JOIN item_value g ON g.item = i.id AND g.field = 'category' AND g.position = 0"         \
    " LEFT JOIN item_value y ON y.item = i.id AND y.field = 'quality' AND y.position = 0"

static struct item_score row_score(
    const struct rules *r, struct stmt *q, int64_t now_ms, int *level)
{
    struct item_score s = {.item = stmt_int(q, 0),
        .number = arena_str(r->a, stmt_str(q, 1)),
        .title = arena_str(r->a, stmt_str(q, 2)),
        .original_ms = stmt_int(q, 5),
        .met_ms = stmt_int(q, 6),
        .lead = stmt_int(q, 7),
        .category = arena_str(r->a, stmt_str(q, 8)),
        .quality = arena_str(r->a, stmt_str(q, 9))};

    *level = (int)stmt_int(q, 3);
    reckon(r, &s, now_ms, stmt_int(q, 4) != 0);
    return s;
}

enum code item_score(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_score *out, struct err *e)
{
    struct rules r = {.a = a};
    struct item it;
    const struct kind *k;
    bool there;
    int level;

    TRY(item_get(db, a, by, item, &it, e));
    TRY(kinds_get(by->kinds, db, it.kind, it.kind_version, &k, e));
    TRY(item_score_rules(db, a, k, &r.v, &r.n, e));
    struct stmt *q = db_sql(db, SELECT_SCORE " WHERE i.id = ?1");
    stmt_bind_int(q, 1, item);
    there = stmt_step(q);
    if (there)
        *out = row_score(&r, q, by->now_ms, &level);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "这件事项还没有开始计时，没有分数");
}

/* Whom a list by units is for: those who see every matter that is no 工作秘密; such ones are asked about singly. */
static bool sees_all(const struct actor *by)
{
    return by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER);
}

enum code item_score_list(struct db *db, struct arena *a, const struct actor *by,
    const struct kind *k, int64_t from_ms, int64_t to_ms, struct item_score **out, size_t *n,
    struct err *e)
{
    struct rules r = {.a = a};
    struct item_score *v = NULL;
    int *levels = NULL;
    size_t got = 0, cap = 0, got_levels = 0, cap_levels = 0, kept = 0;

    TRY(item_score_rules(db, a, k, &r.v, &r.n, e));
    struct stmt *q = db_sql(db,
        SELECT_SCORE " WHERE i.kind = ?1 AND c.original >= ?2"
                     " AND c.original < ?3 ORDER BY l.number, c.original, i.id LIMIT ?4");
    stmt_bind_str(q, 1, k->id);
    stmt_bind_int(q, 2, from_ms);
    stmt_bind_int(q, 3, to_ms);
    stmt_bind_int(q, 4, SCORE_ITEMS_MAX + 1);
    while (stmt_step(q)) {
        int level;
        ARENA_PUSH(a, v, got, cap) = row_score(&r, q, by->now_ms, &level);
        ARENA_PUSH(a, levels, got_levels, cap_levels) = level;
    }
    TRY(stmt_end(q, e));
    if (got > SCORE_ITEMS_MAX)
        return FAIL(e, E_LIMIT, "这段时间到期的事项超过%d件，请缩短时间", SCORE_ITEMS_MAX);
    for (size_t i = 0; i < got; i++) {
        bool may = sees_all(by) && levels[i] <= LEVEL_INTERNAL;
        if (!may)
            TRY(access_item(db, by, v[i].item, ITEM_SEE, 0, &may, e));
        if (may)
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}

/* ---- in words ---- */

struct str hundredths(struct arena *a, int64_t v)
{
    const char *minus = v < 0 ? "-" : "";
    long long n = v < 0 ? -v : v;

    if (n % 100 == 0)
        return arena_printf(a, "%s%lld", minus, n / 100);
    if (n % 10 == 0)
        return arena_printf(a, "%s%lld.%lld", minus, n / 100, n % 100 / 10);
    return arena_printf(a, "%s%lld.%02lld", minus, n / 100, n % 100);
}

struct str item_score_card(struct arena *a, const struct score_rule *v, size_t n)
{
    struct str numbers = S("");

    for (size_t i = 0; i < n; i++)
        numbers = arena_printf(a, "%.*s%s%.*s%.*s", SF(numbers), i ? "，" : "", SF(v[i].name),
            SF(hundredths(a, v[i].value)));
    return arena_printf(a,
        "得分＝分值×按期系数×质量系数−逾期扣分。是否逾期按原定期限算，到期前已申请并获准的延期按新"
        "期限算；"
        "没有到期也没有办结的不计；逾期未办结的扣到统计当日；办结而没有评定质量的不得分。现行数值："
        "%.*s。",
        SF(numbers));
}

struct str item_score_words(struct arena *a, const struct item_score *s)
{
    if (s->state == SCORE_OPEN)
        return S("未到期，不计分");
    if (s->state == SCORE_OVERDUE)
        return arena_printf(a, "逾期%lld天未办结，已扣%.*s分", (long long)s->late_days,
            SF(hundredths(a, s->deducted)));
    if (s->state == SCORE_UNRATED)
        return s->deducted ? arena_printf(a, "没有评定质量，不得分；逾期%lld天，扣%.*s分",
                                 (long long)s->late_days, SF(hundredths(a, s->deducted)))
                           : S("没有评定质量，不得分");
    return arena_printf(a, "%.*s×%.*s×%.*s−%.*s＝%.*s分", SF(hundredths(a, s->weight)),
        SF(hundredths(a, s->on_time)), SF(hundredths(a, s->factor)), SF(hundredths(a, s->deducted)),
        SF(hundredths(a, s->total)));
}
