/* duty.c - the rule and the shifts. */
#include "office/duty_int.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"

enum { RULE_BYTES_MAX = 64 << 10, DAY_MINUTES = 24 * 60 };

const char *duty_seat_name(enum duty_seat s)
{
    static const char *const names[N_DUTY_SEAT] = {"A岗", "B岗", "带班领导"};
    return s >= 0 && s < N_DUTY_SEAT ? names[s] : "";
}

const char *duty_sort_name(enum duty_sort s)
{
    static const char *const names[N_DUTY_SORT] = {"工作日", "周末", "法定节假日"};
    return s >= 0 && s < N_DUTY_SORT ? names[s] : "";
}

/* ---- hours ---- */

static bool minutes_of(struct str *s, int *out)
{
    int h, m;
    if (!str_eat_digits(s, 1, 2, &h) || (!str_eat(s, S(":")) && !str_eat(s, S("："))) ||
        !str_eat_digits(s, 2, 2, &m) || h > 24 || m > 59 || h * 60 + m > DAY_MINUTES)
        return false;
    *out = (h * 60 + m) % DAY_MINUTES;
    return true;
}

static bool span_of(struct str s, struct duty_span *out)
{
    return minutes_of(&s, &out->from) &&
           (str_eat(&s, S("-")) || str_eat(&s, S("—")) || str_eat(&s, S("至"))) &&
           minutes_of(&s, &out->to) && s.n == 0;
}

static int span_end(const struct duty_span *s)
{
    return s->to <= s->from ? s->to + DAY_MINUTES : s->to;
}

static bool next_span(struct str *rest, struct str *piece)
{
    static const struct str marks[] = {SC(","), SC("，"), SC("、")};
    size_t at = rest->n, skip = 0;
    if (!rest->n)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        size_t found = str_find(*rest, marks[i], 0);
        if (found < at) {
            at = found;
            skip = marks[i].n;
        }
    }
    *piece = str_trim(str_sub(*rest, 0, at));
    *rest = str_sub(*rest, at + skip, rest->n);
    return true;
}

enum code duty_spans_parse(
    struct str s, struct duty_span out[DUTY_SPANS_MAX], size_t *n, struct err *e)
{
    struct str piece;
    size_t k = 0;
    s = str_trim(s);
    while (next_span(&s, &piece)) {
        struct duty_span one;
        if (!piece.n)
            continue;
        if (k == DUTY_SPANS_MAX)
            return FAIL(e, E_LIMIT, "一天最多排%d班", DUTY_SPANS_MAX);
        if (!span_of(piece, &one))
            return FAIL(
                e, E_INPUT, "“%.*s”不是值班时间，应写成 17:30-08:30，几班之间用逗号", SF(piece));
        if (k && one.from < span_end(&out[k - 1]))
            return FAIL(e, E_INPUT, "“%.*s”和前一班的时间重叠", SF(piece));
        out[k++] = one;
    }
    if (k > 1 && span_end(&out[k - 1]) - DAY_MINUTES > out[0].from)
        return FAIL(e, E_INPUT, "最后一班到次日，和次日的第一班重叠");
    *n = k;
    return OK;
}

struct str duty_spans_text(struct arena *a, const struct duty_span *v, size_t n)
{
    struct str s = S("");
    for (size_t i = 0; i < n; i++)
        s = arena_printf(a, "%.*s%s%02d:%02d-%02d:%02d", SF(s), i ? "，" : "", v[i].from / 60,
            v[i].from % 60, v[i].to / 60, v[i].to % 60);
    return s;
}

/* ---- the rule ---- */

static const char *const span_keys[N_DUTY_SORT] = {"workday", "weekend", "holiday"};
static const char *const seat_keys[N_DUTY_SEAT] = {"a", "b", "leader"};

static void usual(struct duty_rule *r)
{
    *r = (struct duty_rule){.climb_minutes = CLIMB_MINUTES, .climb_mail = true};
    r->span[DUTY_WORKDAY][0] = (struct duty_span){17 * 60 + 30, 8 * 60 + 30};
    r->span[DUTY_WEEKEND][0] = r->span[DUTY_HOLIDAY][0] =
        (struct duty_span){8 * 60 + 30, 17 * 60 + 30};
    r->span[DUTY_WEEKEND][1] = r->span[DUTY_HOLIDAY][1] = r->span[DUTY_WORKDAY][0];
    r->n_spans[DUTY_WORKDAY] = 1;
    r->n_spans[DUTY_WEEKEND] = r->n_spans[DUTY_HOLIDAY] = 2;
}

static void read_people(struct arena *a, const json_t *list, struct duty_rule *r, size_t seat)
{
    size_t n = json_array_size(list);
    r->people[seat] = ARENA_ARRAY(a, int64_t, n + 1);
    for (size_t i = 0; i < n && i < DUTY_PEOPLE_MAX; i++) {
        struct err none;
        const char *id = json_string_value(json_array_get(list, i));
        if (id && id_parse(str_z(id), &r->people[seat][r->n_people[seat]], &none) == OK)
            r->n_people[seat]++;
    }
}

static enum code read_rule(struct arena *a, struct str body, struct duty_rule *r, struct err *e)
{
    json_t *o;
    enum code c = OK;
    TRY(jr_parse(body, &o, e));
    for (size_t i = 0; c == OK && i < N_DUTY_SORT; i++)
        c = duty_spans_parse(jr_str(o, span_keys[i]), r->span[i], &r->n_spans[i], e);
    for (size_t i = 0; i < N_DUTY_SEAT; i++)
        read_people(a, json_object_get(o, seat_keys[i]), r, i);
    r->keeper = jr_id(o, "keeper");
    r->climb_minutes = (int)jr_int(o, "climb_minutes", CLIMB_MINUTES);
    r->climb_mail = jr_bool(o, "climb_mail", true);
    r->climb_hook = jr_bool(o, "climb_hook", false);
    json_decref(o);
    return c;
}

enum code duty_rule_get(struct db *db, struct arena *a, struct duty_rule *out, struct err *e)
{
    struct str body = S("");
    struct duty_rule r;
    usual(&r);
    struct stmt *q =
        db_sql(db, "SELECT body, made, made_by FROM duty_rule ORDER BY id DESC LIMIT 1");
    if (stmt_step(q)) {
        body = arena_str(a, stmt_str(q, 0));
        r.made_ms = stmt_int(q, 1);
        r.made_by = stmt_int(q, 2);
    }
    TRY(stmt_end(q, e));
    if (body.n)
        TRY(read_rule(a, body, &r, e));
    *out = r;
    return OK;
}

static void write_rule(struct buf *b, const struct duty_rule *r)
{
    struct arena a;
    struct jw j;
    arena_init(&a);
    jw_init(&j, b);
    jw_obj(&j);
    for (size_t i = 0; i < N_DUTY_SORT; i++)
        jw_kstr(&j, span_keys[i], duty_spans_text(&a, r->span[i], r->n_spans[i]));
    for (size_t i = 0; i < N_DUTY_SEAT; i++) {
        jw_karr(&j, seat_keys[i]);
        for (size_t k = 0; k < r->n_people[i]; k++)
            jw_id(&j, r->people[i][k]);
        jw_end(&j);
    }
    jw_kid(&j, "keeper", r->keeper);
    jw_kint(&j, "climb_minutes", r->climb_minutes);
    jw_kbool(&j, "climb_mail", r->climb_mail);
    jw_kbool(&j, "climb_hook", r->climb_hook);
    jw_end(&j);
    arena_release(&a);
}

enum code duty_rule_put(
    struct db *db, const struct actor *by, const struct duty_rule *r, struct err *e)
{
    struct buf b;
    TRY(duty_require(db, by, e));
    if (r->climb_minutes < 1 || r->climb_minutes > CLIMB_MINUTES_MAX)
        return FAIL(e, E_INPUT, "几分钟没有人接就报下一位，应在1到%d之间", CLIMB_MINUTES_MAX);
    for (size_t i = 0; i < N_DUTY_SEAT; i++)
        if (r->n_people[i] > DUTY_PEOPLE_MAX)
            return FAIL(e, E_LIMIT, "轮流的人最多%d个", DUTY_PEOPLE_MAX);
    buf_init(&b, RULE_BYTES_MAX);
    write_rule(&b, r);
    struct stmt *q =
        db_sql(db, "INSERT INTO duty_rule(id, body, made, made_by) VALUES(?1, ?2, ?3, ?4)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_str(q, 2, buf_view(&b));
    stmt_bind_int(q, 3, by->now_ms);
    stmt_bind_int(q, 4, by->v->person);
    enum code c = stmt_run(q, NULL, e);
    if (c == OK)
        c = audit_simple(db, by->v->person, "duty.rule", "duty", 0, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code duty_may_keep(struct db *db, const struct actor *by, bool *may, struct err *e)
{
    struct arena a;
    struct duty_rule r = {0};
    *may = by->v->owner || by->v->roles & ROLE_CHIEF;
    if (*may)
        return OK;
    arena_init(&a);
    enum code c = duty_rule_get(db, &a, &r, e);
    arena_release(&a);
    *may = c == OK && r.keeper && r.keeper == by->v->person;
    return c;
}

enum code duty_require(struct db *db, const struct actor *by, struct err *e)
{
    bool may = false;
    TRY(duty_may_keep(db, by, &may, e));
    return may ? OK : FAIL(e, E_DENIED, "值班表由科长和值班管理员安排");
}

enum code duty_reason(struct str *why, const char *what, struct err *e)
{
    *why = str_trim(*why);
    if (!why->n || utf8_check(*why) != SIZE_MAX || utf8_len_cp(*why) > DUTY_TEXT_CP_MAX)
        return FAIL(e, E_INPUT, "请写明%s，不超过%d个字", what, DUTY_TEXT_CP_MAX);
    return OK;
}

/* ---- reading ---- */

#define COLUMNS                                                                       \
    "s.id, s.day, s.from_at, s.to_at, s.sort, s.a, s.b, s.leader, s.note, s.changes," \
    " coalesce(a.name, ''), coalesce(b.name, ''), coalesce(l.name, ''),"              \
    " coalesce(CASE WHEN a.mobile <> '' THEN a.mobile ELSE a.phone END, ''),"         \
    " coalesce(CASE WHEN b.mobile <> '' THEN b.mobile ELSE b.phone END, ''),"         \
    " coalesce(CASE WHEN l.mobile <> '' THEN l.mobile ELSE l.phone END, ''),"         \
    " coalesce(a.active, 1), coalesce(b.active, 1), coalesce(l.active, 1)"
#define FROM                                                                               \
    " FROM duty_shift s LEFT JOIN person a ON a.id = s.a LEFT JOIN person b ON b.id = s.b" \
    " LEFT JOIN person l ON l.id = s.leader"

static struct duty_shift row(struct stmt *q, struct arena *a)
{
    struct duty_shift s = {.id = stmt_int(q, 0),
        .day = (int32_t)stmt_int(q, 1),
        .from_ms = stmt_int(q, 2),
        .to_ms = stmt_int(q, 3),
        .sort = (enum duty_sort)stmt_int(q, 4),
        .note = arena_str(a, stmt_str(q, 8)),
        .changes = stmt_int(q, 9)};
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        s.who[i] = stmt_int(q, 5 + i);
        s.name[i] = arena_str(a, stmt_str(q, 10 + i));
        s.phone[i] = arena_str(a, stmt_str(q, 13 + i));
        s.gone[i] = stmt_int(q, 16 + i) == 0;
    }
    return s;
}

static enum code gather(
    struct stmt *q, struct arena *a, struct duty_shift **out, size_t *n, struct err *e)
{
    struct duty_shift *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code one(
    struct stmt *q, struct arena *a, struct duty_shift *out, bool *there, struct err *e)
{
    struct duty_shift *v;
    size_t n;
    TRY(gather(q, a, &v, &n, e));
    *there = n > 0;
    if (n)
        *out = v[0];
    return OK;
}

enum code duty_list(struct db *db, struct arena *a, int64_t from_ms, int64_t to_ms,
    struct duty_shift **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE s.from_at >= ?1 AND s.from_at < ?2"
                                " ORDER BY s.from_at, s.id LIMIT ?3");
    stmt_bind_int(q, 1, from_ms);
    stmt_bind_int(q, 2, to_ms);
    stmt_bind_int(q, 3, DUTY_LIST_MAX);
    return gather(q, a, out, n, e);
}

enum code duty_get(
    struct db *db, struct arena *a, int64_t id, struct duty_shift *out, struct err *e)
{
    bool there = false;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE s.id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(one(q, a, out, &there, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这一班，可能已经删去");
}

enum code duty_at(struct db *db, struct arena *a, int64_t at_ms, struct duty_shift *out,
    bool *there, struct err *e)
{
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT " COLUMNS FROM " WHERE s.from_at <= ?1 AND s.from_at > ?2"
                                " AND s.to_at > ?1"
                                " ORDER BY s.from_at DESC LIMIT 1");
    stmt_bind_int(q, 1, at_ms);
    stmt_bind_int(q, 2, at_ms - DUTY_HOURS_MAX * MS_HOUR);
    return one(q, a, out, there, e);
}

enum code duty_beside(struct db *db, struct arena *a, const struct duty_shift *s, bool behind,
    struct duty_shift *out, bool *there, struct err *e)
{
    struct stmt *q = behind ? db_sql(db, "SELECT " COLUMNS FROM
                                         " WHERE s.from_at > ?1 ORDER BY s.from_at LIMIT 1")
                            : db_sql(db, "SELECT " COLUMNS FROM
                                         " WHERE s.from_at < ?1 ORDER BY s.from_at DESC LIMIT 1");
    stmt_bind_int(q, 1, s->from_ms);
    return one(q, a, out, there, e);
}

enum code duty_mine(struct db *db, struct arena *a, int64_t person, int64_t now_ms, size_t limit,
    struct duty_shift **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS FROM " WHERE s.to_at > ?2 AND (s.a = ?1 OR s.b = ?1 OR s.leader = ?1)"
        " ORDER BY s.from_at LIMIT ?3");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, now_ms);
    stmt_bind_int(q, 3, (int64_t)limit);
    return gather(q, a, out, n, e);
}

bool duty_has(const struct duty_shift *s, int64_t person)
{
    for (int i = 0; i < N_DUTY_SEAT; i++)
        if (person && s->who[i] == person)
            return true;
    return false;
}

struct str duty_text(struct arena *a, const struct duty_shift *s, int zone)
{
    struct civil from = clock_civil(s->from_ms, zone), to = clock_civil(s->to_ms, zone);
    struct buf b;
    int32_t far = clock_day(s->to_ms, zone) - clock_day(s->from_ms, zone);
    buf_init(&b, 0);
    day_write_short(&b, clock_day(s->from_ms, zone));
    buf_printf(&b, "%02d:%02d至", from.hour, from.minute);
    if (far == 1)
        buf_z(&b, "次日");
    else if (far > 1)
        day_write_short(&b, clock_day(s->to_ms, zone));
    buf_printf(&b, "%02d:%02d", to.hour, to.minute);
    struct str text = arena_str(a, buf_view(&b));
    buf_release(&b);
    return text;
}

enum duty_sort duty_sort_of(const struct calendar *cal, int32_t day)
{
    if (calendar_workday(cal, day))
        return DUTY_WORKDAY;
    return calendar_name(cal, day).n ? DUTY_HOLIDAY : DUTY_WEEKEND;
}

enum code duty_changes(struct db *db, struct arena *a, int64_t shift, struct duty_change **out,
    size_t *n, struct err *e)
{
    struct duty_change *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT c.shift, c.at, c.by_person, c.old, c.now, c.seat, c.swap, c.why,"
        " coalesce(p.name, ''), coalesce(o.name, ''), coalesce(w.name, '') FROM duty_change c"
        " LEFT JOIN person p ON p.id = c.by_person LEFT JOIN person o ON o.id = c.old"
        " LEFT JOIN person w ON w.id = c.now WHERE c.shift = ?1 ORDER BY c.id DESC LIMIT ?2");
    stmt_bind_int(q, 1, shift);
    stmt_bind_int(q, 2, DUTY_LIST_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct duty_change){.shift = stmt_int(q, 0),
            .at_ms = stmt_int(q, 1),
            .by = stmt_int(q, 2),
            .old = stmt_int(q, 3),
            .now = stmt_int(q, 4),
            .seat = (enum duty_seat)stmt_int(q, 5),
            .swap = stmt_int(q, 6),
            .why = arena_str(a, stmt_str(q, 7)),
            .by_name = arena_str(a, stmt_str(q, 8)),
            .old_name = arena_str(a, stmt_str(q, 9)),
            .now_name = arena_str(a, stmt_str(q, 10))};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- writing ---- */

static enum code check_people(struct db *db, const struct duty_shift *s, struct err *e)
{
    if (!s->who[DUTY_A])
        return FAIL(e, E_INPUT, "没有填写A岗是谁");
    for (int i = 0; i < N_DUTY_SEAT; i++) {
        bool there = false;
        if (!s->who[i])
            continue;
        struct stmt *q = db_sql(db, "SELECT 1 FROM person WHERE id = ?1 AND active = 1");
        stmt_bind_int(q, 1, s->who[i]);
        there = stmt_step(q);
        TRY(stmt_end(q, e));
        if (!there)
            return FAIL(e, E_INPUT, "%s填的人没有账号或已停用", duty_seat_name((enum duty_seat)i));
    }
    return OK;
}

static enum code check_time(struct db *db, const struct duty_shift *s, struct err *e)
{
    bool taken;
    if (s->to_ms <= s->from_ms || s->to_ms - s->from_ms > DUTY_HOURS_MAX * MS_HOUR)
        return FAIL(e, E_INPUT, "一班应有始有终，不超过%d小时", DUTY_HOURS_MAX);
    struct stmt *q = db_sql(db, "SELECT 1 FROM duty_shift WHERE from_at < ?2 AND to_at > ?1"
                                " AND from_at > ?3 AND id <> ?4 LIMIT 1");
    stmt_bind_int(q, 1, s->from_ms);
    stmt_bind_int(q, 2, s->to_ms);
    stmt_bind_int(q, 3, s->from_ms - DUTY_HOURS_MAX * MS_HOUR);
    stmt_bind_int(q, 4, s->id);
    taken = stmt_step(q);
    TRY(stmt_end(q, e));
    return taken ? FAIL(e, E_CONFLICT, "这段时间已经排了别的班，请先改那一班") : OK;
}

enum code duty_insert(struct db *db, const struct actor *by, struct duty_shift *s, struct err *e)
{
    TRY(check_time(db, s, e));
    s->id = id_next();
    struct stmt *q = db_sql(db,
        "INSERT INTO duty_shift(id, day, from_at, to_at, sort, a, b, leader, note, changes, made,"
        " made_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10, ?11)");
    stmt_bind_int(q, 1, s->id);
    stmt_bind_int(q, 2, s->day);
    stmt_bind_int(q, 3, s->from_ms);
    stmt_bind_int(q, 4, s->to_ms);
    stmt_bind_int(q, 5, s->sort);
    stmt_bind_int(q, 6, s->who[DUTY_A]);
    stmt_bind_int(q, 7, s->who[DUTY_B]);
    stmt_bind_int(q, 8, s->who[DUTY_LEADER]);
    stmt_bind_str(q, 9, s->note);
    stmt_bind_int(q, 10, by->now_ms);
    stmt_bind_int(q, 11, by->v->person);
    return stmt_run(q, NULL, e);
}

enum code duty_put(struct db *db, const struct actor *by, const struct duty_put *p, struct err *e)
{
    int64_t n = 0;
    struct stmt *q =
        p->seat == DUTY_A   ? db_sql(db, "UPDATE duty_shift SET a = ?3, changes = changes + 1"
                                           " WHERE id = ?1 AND a = ?2")
        : p->seat == DUTY_B ? db_sql(db, "UPDATE duty_shift SET b = ?3, changes = changes + 1"
                                         " WHERE id = ?1 AND b = ?2")
                            : db_sql(db, "UPDATE duty_shift SET leader = ?3, changes = changes + 1"
                                         " WHERE id = ?1 AND leader = ?2");
    stmt_bind_int(q, 1, p->shift);
    stmt_bind_int(q, 2, p->old);
    stmt_bind_int(q, 3, p->now);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_CONFLICT, "这一班的人员刚刚有变动，请刷新后再办");
    q = db_sql(db, "INSERT INTO duty_change(id, shift, seat, old, now, swap, why, at, by_person)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, p->shift);
    stmt_bind_int(q, 3, p->seat);
    stmt_bind_int(q, 4, p->old);
    stmt_bind_int(q, 5, p->now);
    stmt_bind_int(q, 6, p->swap);
    stmt_bind_str(q, 7, p->why);
    stmt_bind_int(q, 8, by->now_ms);
    stmt_bind_int(q, 9, by->v->person);
    return stmt_run(q, NULL, e);
}

static enum code change(struct db *db, const struct actor *by, struct duty_shift *s,
    const struct duty_shift *old, struct str why, struct err *e)
{
    bool any = false;
    for (int i = 0; i < N_DUTY_SEAT; i++)
        any = any || s->who[i] != old->who[i];
    if (any)
        TRY(duty_reason(&why, "为什么换人", e));
    if (old->to_ms <= by->now_ms)
        return FAIL(e, E_CONFLICT, "这一班已经结束，值班表不再改；情况请写进值班日志");
    TRY(check_time(db, s, e));
    struct stmt *q = db_sql(db, "UPDATE duty_shift SET day = ?2, from_at = ?3, to_at = ?4,"
                                " sort = ?5, note = ?6 WHERE id = ?1");
    stmt_bind_int(q, 1, s->id);
    stmt_bind_int(q, 2, s->day);
    stmt_bind_int(q, 3, s->from_ms);
    stmt_bind_int(q, 4, s->to_ms);
    stmt_bind_int(q, 5, s->sort);
    stmt_bind_str(q, 6, s->note);
    TRY(stmt_run(q, NULL, e));
    for (int i = 0; i < N_DUTY_SEAT; i++)
        if (s->who[i] != old->who[i])
            TRY(duty_put(db, by,
                &(struct duty_put){.shift = s->id,
                    .seat = (enum duty_seat)i,
                    .old = old->who[i],
                    .now = s->who[i],
                    .why = why},
                e));
    return OK;
}

static enum code note_shift(struct db *db, const struct actor *by, const char *verb, int64_t id,
    struct str why, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "why", why);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, verb, "duty", id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code duty_save(
    struct db *db, const struct actor *by, struct duty_shift *s, struct str why, struct err *e)
{
    struct arena a;
    struct duty_shift old = {0};
    TRY(duty_require(db, by, e));
    s->note = str_trim(s->note);
    if (utf8_check(s->note) != SIZE_MAX || utf8_len_cp(s->note) > DUTY_TEXT_CP_MAX)
        return FAIL(e, E_INPUT, "备注不超过%d个字", DUTY_TEXT_CP_MAX);
    TRY(check_people(db, s, e));
    s->day = clock_day(s->from_ms, by->hours->zone);
    s->sort = duty_sort_of(by->calendar, s->day);
    if (!s->id) {
        TRY(duty_insert(db, by, s, e));
        return note_shift(db, by, "duty.add", s->id, S(""), e);
    }
    arena_init(&a);
    enum code c = duty_get(db, &a, s->id, &old, e);
    if (c == OK)
        c = change(db, by, s, &old, why, e);
    arena_release(&a);
    return c == OK ? note_shift(db, by, "duty.change", s->id, why, e) : c;
}

enum code duty_remove(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    int64_t n = 0;
    TRY(duty_require(db, by, e));
    TRY(duty_reason(&why, "为什么删去这一班", e));
    struct stmt *q = db_sql(db, "DELETE FROM duty_shift WHERE id = ?1 AND from_at > ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->now_ms);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_CONFLICT, "这一班已经开始，不能删去");
    return note_shift(db, by, "duty.remove", id, why, e);
}

enum code duty_sees_phones(struct db *db, const struct actor *by, bool *may, struct err *e)
{
    *may =
        by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER | ROLE_LIAISON);
    if (*may)
        return OK;
    struct stmt *q =
        db_sql(db, "SELECT 1 FROM duty_shift WHERE to_at > ?2 AND (a = ?1 OR b = ?1 OR leader = ?1)"
                   " LIMIT 1");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, by->now_ms);
    *may = stmt_step(q);
    return stmt_end(q, e);
}
