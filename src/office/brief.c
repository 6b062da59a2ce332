#include "office/brief.h"

#include "base/utf8.h"
#include "office/brief_int.h"
#include "office/document.h"
#include "office/notice_post.h"
#include "office/person.h"

enum { BODY_MAX = 1 << 20 };
#define SECTION_ROLES ((uint32_t)(ROLE_CHIEF | ROLE_SECRETARY))

/* ---- whose ---- */

static bool of_section(const struct actor *by)
{
    return by->v->owner || (by->v->roles & SECTION_ROLES);
}

enum code brief_audiences(struct db *db, struct arena *a, const struct actor *by,
    struct brief_for **out, size_t *n, struct err *e)
{
    struct person *people;
    size_t n_people, k = 0;
    TRY(person_list(db, a, 0, false, &people, &n_people, e));
    struct brief_for *v = ARENA_ARRAY(a, struct brief_for, BRIEF_LEADERS_MAX + 1);
    if (of_section(by))
        v[k++] = (struct brief_for){0, S("秘书科")};
    for (size_t i = 0; i < n_people && k <= BRIEF_LEADERS_MAX; i++)
        if (people[i].roles & ROLE_LEADER && (of_section(by) || people[i].id == by->v->person))
            v[k++] = (struct brief_for){people[i].id, people[i].name};
    *out = v;
    *n = k;
    return OK;
}

static enum code require(
    struct db *db, struct arena *a, const struct actor *by, int64_t audience, struct err *e)
{
    struct brief_for *v;
    size_t n;
    TRY(brief_audiences(db, a, by, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].audience == audience)
            return OK;
    return FAIL(e, E_DENIED, "《今日要情》供领导本人和秘书科查看，您没有查看这一份的权限");
}

enum code brief_days(struct db *db, struct arena *a, const struct actor *by, int64_t audience,
    struct str **out, size_t *n, struct err *e)
{
    struct str *v = ARENA_ARRAY(a, struct str, BRIEF_DAYS_MAX + 1);
    size_t k = 0;
    TRY(require(db, a, by, audience, e));
    struct stmt *q =
        db_sql(db, "SELECT day FROM brief WHERE audience = ?1 ORDER BY day DESC LIMIT ?2");
    stmt_bind_int(q, 1, audience);
    stmt_bind_int(q, 2, BRIEF_DAYS_MAX);
    while (stmt_step(q))
        v[k++] = arena_str(a, stmt_str(q, 0));
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

/* ---- only what he may see, now ---- */

static bool has(const int64_t *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i] == id)
            return true;
    return false;
}

static enum code seen_items(struct db *db, struct arena *a, const struct actor *by,
    const struct brief_section *s, int64_t *seen, size_t *n, struct err *e)
{
    int64_t ids[BRIEF_PART_MAX];
    struct item *v;
    size_t k = 0, got;
    for (size_t i = 0; i < s->n && k < BRIEF_PART_MAX; i++)
        if (s->lines[i].item)
            ids[k++] = s->lines[i].item;
    TRY(item_get_many(db, a, by, ids, k, &v, &got, e));
    for (size_t i = 0; i < got; i++)
        seen[(*n)++] = v[i].id;
    return OK;
}

static enum code seen_docs(struct db *db, struct arena *a, const struct actor *by,
    const struct brief_section *s, int64_t *seen, size_t *n, struct err *e)
{
    int64_t ids[BRIEF_PART_MAX];
    struct document *v;
    size_t k = 0, got;
    for (size_t i = 0; i < s->n && k < BRIEF_PART_MAX; i++)
        if (s->lines[i].doc)
            ids[k++] = s->lines[i].doc;
    if (!k)
        return OK;
    TRY(document_get_many(db, a, ids, k, &v, &got, e));
    for (size_t i = 0; i < got; i++) {
        bool may;
        TRY(access_document(db, by->v, v[i].id, v[i].level, v[i].registrar, &may, e));
        if (may)
            seen[(*n)++] = v[i].id;
    }
    return OK;
}

static enum code keep_seen(struct db *db, struct arena *a, const struct actor *by, struct brief *b,
    struct brief_section *s, struct err *e)
{
    int64_t *seen = ARENA_ARRAY(a, int64_t, (size_t)2 * BRIEF_PART_MAX);
    size_t n = 0, k = 0, shown = 0;
    TRY(seen_items(db, a, by, s, seen, &n, e));
    TRY(seen_docs(db, a, by, s, seen, &n, e));
    for (size_t i = 0; i < s->n; i++) {
        int64_t id = s->lines[i].item ? s->lines[i].item : s->lines[i].doc;
        if (id && !has(seen, n, id))
            continue;
        shown += i < s->shown;
        s->lines[k++] = s->lines[i];
    }
    b->hidden += s->n - k;
    s->n = k;
    s->shown = shown;
    return OK;
}

static enum code filter(
    struct db *db, struct arena *a, const struct actor *by, struct brief *b, struct err *e)
{
    for (int p = 0; p < N_BRIEF_PART; p++)
        TRY(keep_seen(db, a, by, b, &b->part[p], e));
    return OK;
}

/* ---- reading ---- */

static enum code read_kept(struct db *db, struct arena *a, struct brief *b, struct err *e)
{
    struct str body = S("");
    struct stmt *q = db_sql(db, "SELECT made, body FROM brief WHERE day = ?1 AND audience = ?2");
    stmt_bind_str(q, 1, b->day);
    stmt_bind_int(q, 2, b->audience);
    b->kept = stmt_step(q);
    if (b->kept) {
        b->made_ms = stmt_int(q, 0);
        body = arena_str(a, stmt_str(q, 1));
    }
    TRY(stmt_end(q, e));
    return b->kept ? brief_parse(a, body, b, e) : OK;
}

/* When the sheet before was made; where there is none, the morning of the working day before. */
static enum code since(struct db *db, const struct actor *by, int64_t audience, struct str day,
    int64_t *at_ms, struct err *e)
{
    int32_t today = clock_day(by->now_ms, ZONE_CHINA);
    int32_t before = calendar_add_workdays(by->calendar, today, -1);
    struct stmt *q =
        db_sql(db, "SELECT coalesce(max(made), 0) FROM brief WHERE audience = ?1 AND day < ?2");
    stmt_bind_int(q, 1, audience);
    stmt_bind_str(q, 2, day);
    *at_ms = stmt_step(q) ? stmt_int(q, 0) : 0;
    if (!*at_ms)
        *at_ms = clock_day_ms(before, ZONE_CHINA) + BRIEF_MINUTE * MS_MINUTE;
    return stmt_end(q, e);
}

static struct str today_of(struct arena *a, int64_t now_ms)
{
    char iso[DAY_ISO_SIZE];
    return arena_str(a, day_iso(day_of(clock_day(now_ms, ZONE_CHINA)), iso));
}

static enum code get_begin(struct db *db, struct arena *a, const struct actor *by, struct brief *b,
    int64_t *since_ms, struct err *e)
{
    TRY(require(db, a, by, b->audience, e));
    TRY(read_kept(db, a, b, e));
    return since(db, by, b->audience, b->day, since_ms, e);
}

enum code brief_get(struct office *o, struct arena *a, const struct actor *by, struct str day,
    int64_t audience, struct brief *out, struct err *e)
{
    struct db *db;
    int64_t since_ms = 0;
    *out = (struct brief){.day = day, .audience = audience, .practice = o->practice};
    TRY(store_read(o->store, &db, e));
    enum code c = get_begin(db, a, by, out, &since_ms, e);
    store_read_end(db);
    TRY(c);
    if (!out->kept && !str_eq(day, today_of(a, by->now_ms)))
        return FAIL(e, E_NOTFOUND, "%.*s没有制成《今日要情》", SF(day));
    if (!out->kept)
        TRY(brief_gather(o, a, by, since_ms, out, e));
    TRY(store_read(o->store, &db, e));
    c = filter(db, a, by, out, e);
    store_read_end(db);
    return c;
}

/* ---- the line by hand ---- */

static enum code made_on(struct db *db, struct str day, bool *made, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM brief WHERE day = ?1 LIMIT 1");
    stmt_bind_str(q, 1, day);
    *made = stmt_step(q);
    return stmt_end(q, e);
}

enum code brief_next_day(
    struct db *db, struct arena *a, const struct actor *by, struct str *day, struct err *e)
{
    int32_t today = clock_day(by->now_ms, ZONE_CHINA);
    char iso[DAY_ISO_SIZE];
    bool made = false;
    *day = today_of(a, by->now_ms);
    if (calendar_workday(by->calendar, today)) {
        TRY(made_on(db, *day, &made, e));
        if (!made)
            return OK;
    }
    *day = arena_str(a, day_iso(day_of(calendar_add_workdays(by->calendar, today, 1)), iso));
    return OK;
}

enum code brief_note_get(
    struct db *db, struct arena *a, struct str day, struct str *text, struct str *by, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT n.text, coalesce(p.name, '') FROM brief_note n"
                                " LEFT JOIN person p ON p.id = n.by_person WHERE n.day = ?1");
    *text = *by = S("");
    stmt_bind_str(q, 1, day);
    if (stmt_step(q)) {
        *text = arena_str(a, stmt_str(q, 0));
        *by = arena_str(a, stmt_str(q, 1));
    }
    return stmt_end(q, e);
}

enum code brief_note_put(
    struct db *db, const struct actor *by, struct str day, struct str text, struct err *e)
{
    struct day d;
    bool made;
    text = str_trim(text);
    if (!by->v->owner && !(by->v->roles & ROLE_CHIEF))
        return FAIL(e, E_DENIED, "《今日要情》的提示由科长填写");
    if (!day_from_iso(day, &d) || day_num(d) < clock_day(by->now_ms, ZONE_CHINA))
        return FAIL(e, E_INPUT, "请选今天或以后的日期");
    if (utf8_check(text) != SIZE_MAX || utf8_len_cp(text) > BRIEF_NOTE_CP_MAX)
        return FAIL(e, E_LIMIT, "提示最多%d个字，请精简", BRIEF_NOTE_CP_MAX);
    TRY(made_on(db, day, &made, e));
    if (made)
        return FAIL(e, E_CONFLICT, "%.*s的《今日要情》已经制成，不能再改，请填下一期", SF(day));
    struct stmt *q = db_sql(db, text.n ? "INSERT INTO brief_note(day, text, by_person, at)"
                                         " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(day) DO UPDATE SET"
                                         " text = excluded.text, by_person = excluded.by_person,"
                                         " at = excluded.at"
                                       : "DELETE FROM brief_note WHERE day = ?1");
    stmt_bind_str(q, 1, day);
    if (text.n) {
        stmt_bind_str(q, 2, text);
        stmt_bind_int(q, 3, by->v->person);
        stmt_bind_int(q, 4, by->now_ms);
    }
    return stmt_run(q, NULL, e);
}

/* ---- making and keeping ---- */

struct keeping {
    const struct brief *b;
    struct str body;
    struct arena *a;
    bool mine;
};
struct wish {
    int64_t person, at_ms;
};

/* Who chose to get it by mail: a leader his own, chiefs and secretaries the section's. */
static enum code wishes(
    struct db *db, const struct keeping *k, struct wish **out, size_t *n, struct err *e)
{
    struct wish *v = NULL;
    size_t cap = 0;
    int64_t bit = 1 << NOTICE_BRIEF;
    *n = 0;
    struct stmt *q = db_sql(db, "SELECT p.id, p.roles, s.mail_kinds, s.quiet_from, s.quiet_to"
                                " FROM notice_setting s JOIN person p ON p.id = s.person"
                                " WHERE s.mail <> '' AND s.mail_kinds > 0 AND p.active = 1");
    while (stmt_step(q)) {
        int64_t person = stmt_int(q, 0), roles = stmt_int(q, 1);
        bool leader = (roles & ROLE_LEADER) != 0, section = (roles & SECTION_ROLES) && !leader;
        bool his = k->b->audience ? leader && person == k->b->audience : section;
        if (his && stmt_int(q, 2) & bit)
            ARENA_PUSH(k->a, v, *n, cap) =
                (struct wish){person, notice_after_quiet(k->b->made_ms, (int)stmt_int(q, 3),
                                          (int)stmt_int(q, 4), ZONE_CHINA)};
    }
    *out = v;
    return stmt_end(q, e);
}

static struct str about_of(struct arena *a, struct str day)
{
    return arena_printf(a, "brief %.*s", SF(day));
}

static enum code mail_all(
    struct db *db, const struct keeping *k, const struct wish *v, size_t n, struct err *e)
{
    struct buf text;
    struct str day = k->b->day;
    enum code c;
    buf_init(&text, BODY_MAX);
    brief_text(k->b, &text);
    c = buf_check(&text, "今日要情", e);
    for (size_t i = 0; c == OK && i < n; i++)
        c = letter_put(db,
            &(struct post_letter){.person = v[i].person,
                .about = about_of(k->a, day),
                .name = arena_printf(k->a, "brief-%.*s-%lld-%lld", SF(day),
                    (long long)k->b->audience, (long long)v[i].person),
                .subject = arena_printf(k->a, "[前哨] 今日要情 %.*s", SF(day)),
                .text = buf_view(&text),
                .path = arena_printf(k->a, "/brief?day=%.*s", SF(day)),
                .at_ms = v[i].at_ms},
            e);
    buf_release(&text);
    return c;
}

enum code brief_mail_failed(struct db *db, struct arena *a, const struct actor *by, struct str day,
    struct str *out, struct err *e)
{
    *out = S("");
    if (!by->v->owner && !(by->v->roles & ROLE_CHIEF))
        return OK;
    return letter_failed(db, a, about_of(a, day), out, e);
}

static enum code keep_fn(struct db *db, void *arg, struct err *e)
{
    struct keeping *k = arg;
    struct wish *v;
    size_t n;
    int64_t rows = 0;
    struct stmt *q = db_sql(db, "INSERT INTO brief(day, audience, made, body)"
                                " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(day, audience) DO NOTHING");
    stmt_bind_str(q, 1, k->b->day);
    stmt_bind_int(q, 2, k->b->audience);
    stmt_bind_int(q, 3, k->b->made_ms);
    stmt_bind_str(q, 4, k->body);
    TRY(stmt_run(q, &rows, e));
    k->mine = rows > 0;
    if (!k->mine) /* another node was quicker */
        return OK;
    TRY(wishes(db, k, &v, &n, e));
    return n ? mail_all(db, k, v, n, e) : OK;
}

static enum code make_one(struct office *o, struct arena *a, const struct actor *by,
    int64_t audience, size_t *made, struct err *e)
{
    struct brief b = {.day = today_of(a, by->now_ms), .audience = audience};
    struct keeping k = {.b = &b, .a = a};
    struct db *db;
    struct buf body;
    int64_t since_ms = 0;
    TRY(store_read(o->store, &db, e));
    enum code c = read_kept(db, a, &b, e);
    if (c == OK)
        c = since(db, by, audience, b.day, &since_ms, e);
    store_read_end(db);
    TRY(c);
    if (b.kept)
        return OK;
    TRY(brief_gather(o, a, by, since_ms, &b, e));
    buf_init(&body, BODY_MAX);
    brief_write(&body, &b);
    k.body = buf_view(&body);
    c = buf_check(&body, "今日要情", e);
    if (c == OK)
        c = store_write(o->store, keep_fn, &k, e);
    buf_release(&body);
    *made += c == OK && k.mine;
    return c;
}

enum code brief_run(
    struct office *o, const struct actor *by, int minute, size_t *made, struct err *e)
{
    struct civil now = clock_civil(by->now_ms, ZONE_CHINA);
    struct arena a;
    struct brief_for *v = NULL;
    struct db *db;
    size_t n = 0;
    *made = 0;
    if (now.hour * 60 + now.minute < minute ||
        !calendar_workday(by->calendar, clock_day(by->now_ms, ZONE_CHINA)))
        return OK;
    arena_init(&a);
    enum code c = store_read(o->store, &db, e);
    if (c == OK) {
        c = brief_audiences(db, &a, by, &v, &n, e);
        store_read_end(db);
    }
    for (size_t i = 0; c == OK && i < n; i++)
        c = make_one(o, &a, by, v[i].audience, made, e);
    arena_release(&a);
    return c;
}
