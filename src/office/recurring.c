#include "office/recurring.h"

#include <assert.h>
#include <string.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/notice.h"
#include "office/person.h"

enum { BATCH = 50, WEEKDAY_DAYS = 7, RETRY_MS = 3600 * 1000 };

/* ---- rules ---- */

enum code recur_check(const struct recur_rule *r, struct err *e)
{
    bool by_month = r->on == RECUR_WORKDAY || r->on == RECUR_DAY;
    if (r->on != RECUR_WEEKDAY && !by_month)
        return FAIL(e, E_INPUT, "没有选定怎样重复");
    if (by_month && ((r->months != 1 && r->months != 3 && r->months != 12) || r->month < 1 ||
                        r->month > r->months))
        return FAIL(e, E_INPUT, "“第几个月”应在1到%d之间", r->months > 0 ? r->months : 1);
    if (r->on == RECUR_WEEKDAY && (r->n < 1 || r->n > WEEKDAY_DAYS))
        return FAIL(e, E_INPUT, "星期应在一到日之间");
    if (r->on == RECUR_WORKDAY && (r->n == 0 || r->n < -23 || r->n > 23))
        return FAIL(e, E_INPUT, "“第几个工作日”应在1到23之间");
    if (r->on == RECUR_DAY && (r->n < 1 || r->n > 31))
        return FAIL(e, E_INPUT, "日期应在1到31之间");
    if (r->shift < SHIFT_NONE || r->shift >= N_SHIFT)
        return FAIL(e, E_INPUT, "没有这种顺延方式");
    return OK;
}

static int32_t shifted(const struct recur_rule *r, const struct calendar *cal, int32_t day)
{
    if (r->shift == SHIFT_NONE || calendar_workday(cal, day))
        return day;
    return calendar_add_workdays(cal, day, r->shift == SHIFT_AFTER ? 1 : -1);
}

/* The day within the month that begins with day number `first`. */
static int32_t day_in_month(const struct recur_rule *r, const struct calendar *cal, int y, int m)
{
    int32_t first = day_num((struct day){y, m, 1}), last = first + day_month_len(y, m) - 1, day;
    if (r->on == RECUR_DAY)
        return shifted(r, cal, first + r->n - 1 < last ? first + r->n - 1 : last);
    if (r->n > 0) {
        day = calendar_add_workdays(cal, first - 1, r->n);
        return day <= last ? day : calendar_add_workdays(cal, last + 1, -1);
    }
    day = calendar_add_workdays(cal, last + 1, r->n);
    return day >= first ? day : calendar_add_workdays(cal, first - 1, 1);
}

/* Shifted days keep their order but may fall together, and move at most some weeks: begun early enough, the first behind `after`
 * is the one. */
int32_t recur_next(const struct recur_rule *r, const struct calendar *cal, int32_t after)
{
    if (r->on == RECUR_WEEKDAY) {
        int32_t monday = after - day_weekday(after) + 1;
        for (int32_t day = monday - 3 * WEEKDAY_DAYS + r->n - 1;; day += WEEKDAY_DAYS)
            if (shifted(r, cal, day) > after)
                return shifted(r, cal, day);
    }
    assert(r->months > 0); /* recur_rule_check lets no other in */
    struct day d = day_of(after);
    int month = (d.y * 12 + d.m - 1) / r->months * r->months + r->month - 1 - 2 * r->months;
    for (;; month += r->months) {
        int32_t day = day_in_month(r, cal, month / 12, month % 12 + 1);
        if (day > after)
            return day;
    }
}

struct str recur_text(struct arena *a, const struct recur_rule *r)
{
    static const char *const days[] = {"", "一", "二", "三", "四", "五", "六", "日"};
    static const char *const shifts[N_SHIFT] = {"", "，遇休息日提前", "，遇休息日顺延"};
    struct str period = S("每月");
    if (r->on == RECUR_WEEKDAY)
        return arena_printf(a, "每周%s%s", days[r->n], shifts[r->shift]);
    if (r->months == 3)
        period = arena_printf(a, "每季度第%d个月", r->month);
    if (r->months == 12)
        period = arena_printf(a, "每年%d月", r->month);
    if (r->on == RECUR_DAY)
        return arena_printf(a, "%.*s%d日%s", SF(period), r->n, shifts[r->shift]);
    if (r->n == -1)
        return arena_printf(a, "%.*s最后1个工作日", SF(period));
    return r->n > 0 ? arena_printf(a, "%.*s第%d个工作日", SF(period), r->n)
                    : arena_printf(a, "%.*s倒数第%d个工作日", SF(period), -r->n);
}

/* ---- the table ---- */

#define COLUMNS                                                                             \
    "r.id, r.kind, r.title, r.fields, r.owner, r.rule_on, r.months, r.month, r.n, r.shift," \
    " r.lead, r.lead_working, r.from_day, r.until_day, r.paused, r.next_day, r.next_at,"    \
    " r.last_day, r.last_item, r.error, coalesce(p.name, ''), coalesce((SELECT k.name FROM" \
    " kind_version k WHERE k.kind = r.kind ORDER BY k.version DESC LIMIT 1), r.kind)"
#define FROM " FROM recurring r LEFT JOIN person p ON p.id = r.owner"

static struct recurring row(struct stmt *q, struct arena *a)
{
    return (struct recurring){.id = stmt_int(q, 0),
        .kind = arena_str(a, stmt_str(q, 1)),
        .title = arena_str(a, stmt_str(q, 2)),
        .fields = arena_str(a, stmt_str(q, 3)),
        .owner = stmt_int(q, 4),
        .rule = {(enum recur_on)stmt_int(q, 5), (int)stmt_int(q, 6), (int)stmt_int(q, 7),
            (int)stmt_int(q, 8), (enum recur_shift)stmt_int(q, 9)},
        .lead = (int)stmt_int(q, 10),
        .lead_working = stmt_int(q, 11) == 1,
        .from_day = arena_str(a, stmt_str(q, 12)),
        .until_day = arena_str(a, stmt_str(q, 13)),
        .paused = stmt_int(q, 14) == 1,
        .next_day = arena_str(a, stmt_str(q, 15)),
        .next_ms = stmt_int(q, 16),
        .last_day = arena_str(a, stmt_str(q, 17)),
        .last_item = stmt_int(q, 18),
        .error = arena_str(a, stmt_str(q, 19)),
        .owner_name = arena_str(a, stmt_str(q, 20)),
        .kind_name = arena_str(a, stmt_str(q, 21))};
}

enum code recurring_list(
    struct db *db, struct arena *a, struct recurring **out, size_t *n, struct err *e)
{
    struct recurring *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " ORDER BY r.paused, r.next_at, r.id LIMIT ?1");
    stmt_bind_int(q, 1, RECURRING_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code recurring_get(
    struct db *db, struct arena *a, int64_t id, struct recurring *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE r.id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这个周期事项，可能已经删除");
}

/* ---- when ---- */

struct turn {
    char day[DAY_ISO_SIZE]; /* empty: none any more */
    int64_t at_ms;
};

static int64_t opens_at(const struct actor *by, const struct recurring *r, int32_t day)
{
    int32_t open =
        r->lead_working ? calendar_add_workdays(by->calendar, day, -r->lead) : day - r->lead;
    return clock_day_ms(open, by->hours->zone) + by->hours->span[0].from * MS_MINUTE;
}

/* The first day behind `after` that lies within the rule's time. */
static void turn_after(
    const struct actor *by, const struct recurring *r, int32_t after, struct turn *out)
{
    struct day from, until;
    *out = (struct turn){.at_ms = INT64_MAX};
    if (day_from_iso(r->from_day, &from) && day_num(from) - 1 > after)
        after = day_num(from) - 1;
    int32_t day = recur_next(&r->rule, by->calendar, after);
    if (day_from_iso(r->until_day, &until) && day > day_num(until))
        return;
    (void)day_iso(day_of(day), out->day);
    out->at_ms = opens_at(by, r, day);
}

/* ---- writing ---- */

static enum code may_change(const struct actor *by, int64_t owner, struct err *e)
{
    if (by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY) || by->v->person == owner)
        return OK;
    return FAIL(e, E_DENIED, "只能设置自己经办的周期事项，别人的请科长或秘书设置");
}

static enum code check_days(const struct recurring *r, struct err *e)
{
    struct day from, until;
    if (!day_from_iso(r->from_day, &from))
        return FAIL(e, E_INPUT, "没有填写从哪天起");
    if (r->until_day.n && (!day_from_iso(r->until_day, &until) || day_num(until) < day_num(from)))
        return FAIL(e, E_INPUT, "结束的日期应当晚于开始的日期");
    if (r->lead < 0 || r->lead > RECUR_LEAD_MAX)
        return FAIL(e, E_INPUT, "提前的天数应在0到%d之间", RECUR_LEAD_MAX);
    return OK;
}

static enum code check(struct db *db, const struct actor *by, struct recurring *r, struct err *e)
{
    const struct kind *k;
    json_t *fields;
    struct arena a;
    struct person p;
    TRY(may_change(by, r->owner, e));
    TRY(recur_check(&r->rule, e));
    TRY(check_days(r, e));
    r->title = str_trim(r->title);
    if (!r->title.n || utf8_check(r->title) != SIZE_MAX ||
        utf8_len_cp(r->title) > ITEM_TITLE_CP_MAX)
        return FAIL(e, E_INPUT, "标题应有1到%d个字", ITEM_TITLE_CP_MAX);
    if (r->fields.n > RECUR_FIELDS_MAX)
        return FAIL(e, E_LIMIT, "照填的内容太多，请减少");
    TRY(kinds_get(by->kinds, db, r->kind, 0, &k, e));
    TRY(jr_parse(r->fields.n ? r->fields : S("{}"), &fields, e));
    bool object = json_is_object(fields);
    json_decref(fields);
    if (!object)
        return FAIL(e, E_INPUT, "照填的内容不对");
    arena_init(&a);
    enum code c = person_get(db, &a, r->owner, &p, e);
    if (c == OK && !p.active)
        c = FAIL(e, E_INPUT, "“%.*s”已停用，请另选经办人", SF(p.name));
    arena_release(&a);
    return c;
}

static void bind_all(
    struct stmt *q, const struct actor *by, const struct recurring *r, const struct turn *t)
{
    stmt_bind_int(q, 1, r->id);
    stmt_bind_str(q, 2, r->kind);
    stmt_bind_str(q, 3, r->title);
    stmt_bind_str(q, 4, r->fields.n ? r->fields : S("{}"));
    stmt_bind_int(q, 5, r->owner);
    stmt_bind_int(q, 6, r->rule.on);
    stmt_bind_int(q, 7, r->rule.months);
    stmt_bind_int(q, 8, r->rule.month);
    stmt_bind_int(q, 9, r->rule.n);
    stmt_bind_int(q, 10, r->rule.shift);
    stmt_bind_int(q, 11, r->lead);
    stmt_bind_int(q, 12, r->lead_working);
    stmt_bind_str(q, 13, r->from_day);
    stmt_bind_str(q, 14, r->until_day);
    stmt_bind_int(q, 15, r->paused);
    stmt_bind_str(q, 16, str_z(t->day));
    stmt_bind_int(q, 17, t->at_ms);
    stmt_bind_int(q, 18, by->now_ms);
    stmt_bind_int(q, 19, by->v->person);
}

/* From today on; a day whose lead has begun is opened at once, one that was opened is not opened again. */
static void turn_from_now(const struct actor *by, const struct recurring *r, struct turn *t)
{
    struct day last;
    int32_t after = clock_day(by->now_ms, by->hours->zone) - 1;
    if (day_from_iso(r->last_day, &last) && day_num(last) > after)
        after = day_num(last);
    turn_after(by, r, after, t);
}

enum code recurring_save(struct db *db, const struct actor *by, struct recurring *r, struct err *e)
{
    struct turn t;
    struct stmt *q;
    struct arena a;
    TRY(check(db, by, r, e));
    bool fresh = r->id == 0;
    if (!fresh) {
        struct recurring old = {0};
        arena_init(&a);
        enum code c = recurring_get(db, &a, r->id, &old, e);
        if (c == OK)
            c = may_change(by, old.owner, e);
        r->last_day = S("");
        if (c == OK) {
            struct recurring with = *r;
            with.last_day = old.last_day;
            turn_from_now(by, &with, &t);
        }
        arena_release(&a);
        TRY(c);
        q = db_sql(db,
            "UPDATE recurring SET kind = ?2, title = ?3, fields = ?4, owner = ?5, rule_on = ?6,"
            " months = ?7, month = ?8, n = ?9, shift = ?10, lead = ?11, lead_working = ?12,"
            " from_day = ?13, until_day = ?14, paused = ?15, next_day = ?16, next_at = ?17,"
            " made = ?18, made_by = ?19, error = '' WHERE id = ?1");
    } else {
        r->id = id_next();
        turn_from_now(by, r, &t);
        q = db_sql(db,
            "INSERT INTO recurring(id, kind, title, fields, owner, rule_on, months, month, n,"
            " shift, lead, lead_working, from_day, until_day, paused, next_day, next_at, made,"
            " made_by, last_day, last_item, error) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
            " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, '', 0, '')");
    }
    bind_all(q, by, r, &t);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, fresh ? "recurring.add" : "recurring.save", "recurring",
        r->id, S(""), e);
}

static enum code own(struct db *db, const struct actor *by, struct arena *a, int64_t id,
    struct recurring *r, struct err *e)
{
    TRY(recurring_get(db, a, id, r, e));
    return may_change(by, r->owner, e);
}

enum code recurring_pause(
    struct db *db, const struct actor *by, int64_t id, bool paused, struct err *e)
{
    struct arena a;
    struct recurring r = {0};
    struct turn t = {.at_ms = INT64_MAX};
    arena_init(&a);
    enum code c = own(db, by, &a, id, &r, e);
    if (c == OK) {
        turn_from_now(by, &r, &t); /* what fell into the pause is not made up for */
        struct stmt *q = db_sql(db, "UPDATE recurring SET paused = ?2, next_day = ?3, next_at = ?4,"
                                    " error = '' WHERE id = ?1");
        stmt_bind_int(q, 1, id);
        stmt_bind_int(q, 2, paused);
        stmt_bind_str(q, 3, str_z(t.day));
        stmt_bind_int(q, 4, t.at_ms);
        c = stmt_run(q, NULL, e);
    }
    arena_release(&a);
    return c == OK ? audit_simple(db, by->v->person,
                         paused ? "recurring.pause" : "recurring.resume", "recurring", id, S(""), e)
                   : c;
}

enum code recurring_remove(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct arena a;
    struct recurring r = {0};
    arena_init(&a);
    enum code c = own(db, by, &a, id, &r, e);
    arena_release(&a);
    TRY(c);
    struct stmt *q = db_sql(db, "DELETE FROM recurring WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "recurring.remove", "recurring", id, S(""), e);
}

/* ---- opening ---- */

struct opening {
    const struct actor *by;
    int64_t id;
    int64_t item; /* 0: somebody else was first, or there is nothing to do */
    struct str error;
};

/* {year} {month} {day} of the day it is for. */
static struct str filled(struct arena *a, struct str s, struct day d)
{
    const struct {
        struct str word;
        int value;
    } words[] = {{S("{year}"), d.y}, {S("{month}"), d.m}, {S("{day}"), d.d}};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        struct str head, rest;
        while (str_cut(s, words[i].word, &head, &rest))
            s = arena_printf(a, "%.*s%d%.*s", SF(head), words[i].value, SF(rest));
    }
    return s;
}

struct str recurring_title(struct arena *a, const struct recurring *r)
{
    struct day d;
    return day_from_iso(r->next_day, &d) || day_from_iso(r->last_day, &d) ? filled(a, r->title, d)
                                                                          : r->title;
}

static void fill_texts(struct arena *a, json_t *fields, struct day d)
{
    const char *key;
    json_t *v;
    void *tmp;
    json_object_foreach_safe(fields, tmp, key, v)
    {
        struct str s = str_z(json_string_value(v)), now = filled(a, s, d);
        if (json_is_string(v) && !str_eq(s, now))
            json_object_set_new(fields, key, json_stringn(now.p, now.n));
    }
}

/* The day goes into the field by which a clock of the kind is due; the title into the field that serves as one. */
static void set_days(const struct kind *k, json_t *fields, struct str title, struct str day)
{
    for (size_t i = 0; i < k->n_clocks; i++)
        if (k->clocks[i].due != SIZE_MAX && k->fields[k->clocks[i].due].type == FIELD_DATE) {
            struct str id = k->fields[k->clocks[i].due].id;
            json_object_setn_new(fields, id.p, id.n, json_stringn(day.p, day.n));
            break;
        }
    if (k->title != SIZE_MAX) {
        struct str id = k->fields[k->title].id;
        json_object_setn_new(fields, id.p, id.n, json_stringn(title.p, title.n));
    }
}

static enum code open_from(struct db *db, struct arena *a, const struct actor *as,
    const struct recurring *r, struct day d, int64_t *item, struct err *e)
{
    const struct kind *k;
    json_t *fields;
    struct str title = filled(a, r->title, d);
    TRY(kinds_get(as->kinds, db, r->kind, 0, &k, e));
    TRY(jr_parse(r->fields, &fields, e));
    fill_texts(a, fields, d);
    set_days(k, fields, title, r->next_day);
    struct item_open o = {.kind = r->kind,
        .title = k->title == SIZE_MAX ? title : S(""),
        .fields = fields,
        .level = k->level,
        .draft = true};
    enum code c = item_open(db, as, &o, item, e);
    json_decref(fields);
    return c;
}

/* Whoever moves the rule on opens: the row is matched with the instant it was read with. */
static enum code move_on(struct db *db, const struct actor *by, const struct recurring *r,
    struct day d, bool *mine, struct err *e)
{
    struct turn t;
    int64_t n;
    turn_after(by, r, day_num(d), &t);
    struct stmt *q = db_sql(db, "UPDATE recurring SET last_day = next_day, next_day = ?3,"
                                " next_at = ?4, error = '' WHERE id = ?1 AND next_at = ?2"
                                " AND paused = 0");
    stmt_bind_int(q, 1, r->id);
    stmt_bind_int(q, 2, r->next_ms);
    stmt_bind_str(q, 3, str_z(t.day));
    stmt_bind_int(q, 4, t.at_ms);
    TRY(stmt_run(q, &n, e));
    *mine = n == 1;
    return OK;
}

static enum code open_one(struct db *db, struct arena *a, struct opening *o, struct err *e)
{
    struct recurring r = {0};
    struct person p;
    struct day d;
    bool mine = false;
    TRY(recurring_get(db, a, o->id, &r, e));
    if (r.paused || r.next_ms > o->by->now_ms || !day_from_iso(r.next_day, &d))
        return OK;
    TRY(move_on(db, o->by, &r, d, &mine, e));
    if (!mine)
        return OK;
    TRY(person_get(db, a, r.owner, &p, e));
    if (!p.active)
        return FAIL(e, E_DENIED, "经办人“%.*s”已停用，请改选", SF(p.name));
    struct viewer v = person_viewer(&p);
    struct actor as = *o->by;
    as.v = &v;
    TRY(open_from(db, a, &as, &r, d, &o->item, e));
    struct stmt *q = db_sql(db, "UPDATE recurring SET last_item = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, r.id);
    stmt_bind_int(q, 2, o->item);
    TRY(stmt_run(q, NULL, e));
    return notice_put(db,
        &(struct notice_new){.person = r.owner,
            .item = o->item,
            .kind = NOTICE_WAITING,
            .at_ms = o->by->now_ms,
            .text = arena_printf(a, "周期事项，%d月%d日，请办理", d.m, d.d)},
        e);
}

static enum code open_fn(struct db *db, void *arg, struct err *e)
{
    struct opening *o = arg;
    struct arena a;
    o->item = 0;
    arena_init(&a);
    enum code c = open_one(db, &a, o, e);
    arena_release(&a);
    return c;
}

static enum code failed_fn(struct db *db, void *arg, struct err *e)
{
    const struct opening *o = arg;
    struct stmt *q =
        db_sql(db, "UPDATE recurring SET next_at = ?2, error = ?3 WHERE id = ?1 AND next_at <= ?4");
    stmt_bind_int(q, 1, o->id);
    stmt_bind_int(q, 2, o->by->now_ms + RETRY_MS);
    stmt_bind_str(q, 3, o->error);
    stmt_bind_int(q, 4, o->by->now_ms);
    return stmt_run(q, NULL, e);
}

static enum code due_now(
    struct store *st, const struct actor *by, int64_t ids[BATCH], size_t *n, struct err *e)
{
    struct db *db;
    *n = 0;
    TRY(store_read(st, &db, e));
    struct stmt *q = db_sql(db, "SELECT id FROM recurring WHERE paused = 0 AND next_at <= ?1"
                                " ORDER BY next_at, id LIMIT ?2");
    stmt_bind_int(q, 1, by->now_ms);
    stmt_bind_int(q, 2, BATCH);
    while (stmt_step(q) && *n < BATCH)
        ids[(*n)++] = stmt_int(q, 0);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

enum code recurring_run(struct store *st, const struct actor *by, size_t *opened, struct err *e)
{
    int64_t ids[BATCH];
    size_t n = 1;
    *opened = 0;
    for (int round = 0; n > 0 && round < RECUR_MISSED_MAX; round++) {
        TRY(due_now(st, by, ids, &n, e));
        for (size_t i = 0; i < n; i++) {
            struct opening o = {.by = by, .id = ids[i]};
            struct err why;
            if (store_write(st, open_fn, &o, &why) == OK) {
                *opened += o.item != 0;
                continue;
            }
            o.error = str_z(why.msg);
            TRY(store_write(st, failed_fn, &o, e));
        }
    }
    return OK;
}
