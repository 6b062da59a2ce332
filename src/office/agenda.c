#include "office/agenda.h"

#include "base/id.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/document.h"
#include "office/duty.h"
#include "office/kind.h"

struct gathering {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    int32_t first, last;
    bool mine;
    struct agenda_entry *v;
    size_t n, cap;
};

static void put(struct gathering *g, struct agenda_entry x)
{
    if (g->n < AGENDA_MAX)
        ARENA_PUSH(g->a, g->v, g->n, g->cap) = x;
}

static int by_time(const void *x, const void *y)
{
    const struct agenda_entry *a = x, *b = y;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static void sort(struct gathering *g)
{
    if (g->n)
        qsort(g->v, g->n, sizeof(*g->v), by_time);
}

/* ---- matters with a time of their own ---- */

static struct str field_text(const struct kind *k, const json_t *fields, size_t f)
{
    const json_t *v =
        f == SIZE_MAX ? NULL : json_object_getn(fields, k->fields[f].id.p, k->fields[f].id.n);
    return json_is_string(v) ? str_z(json_string_value(v)) : S("");
}

static bool names_him(const struct gathering *g, const struct kind *k, const json_t *fields)
{
    size_t f = k->agenda.people;
    const json_t *v =
        f == SIZE_MAX ? NULL : json_object_getn(fields, k->fields[f].id.p, k->fields[f].id.n);
    struct err none;
    int64_t id = 0;
    if (json_is_string(v))
        return str_int(str_z(json_string_value(v)), &id, &none) == OK && id == g->by->v->person;
    for (size_t i = 0; i < json_array_size(v); i++)
        if (str_int(str_z(json_string_value(json_array_get(v, i))), &id, &none) == OK &&
            id == g->by->v->person)
            return true;
    return false;
}

/* A day has no hour: it begins with itself and ends with the next. */
static bool instant(struct str s, bool end, int64_t *ms, bool *all_day)
{
    struct day d;
    struct err none;
    *all_day = s.n < DAY_ISO_SIZE;
    if (*all_day) {
        if (!day_from_iso(s, &d))
            return false;
        *ms = clock_day_ms(day_num(d) + end, ZONE_CHINA);
        return true;
    }
    return clock_parse(s, ZONE_CHINA, ms, &none) == OK;
}

static bool in_states(const struct kind *k, struct str state)
{
    for (size_t i = 0; i < k->agenda.n_states; i++)
        if (str_eq(k->states[k->agenda.states[i]].id, state))
            return true;
    return false;
}

static enum code timed_one(struct gathering *g, const struct item *it, struct err *e)
{
    const struct kind *k;
    struct agenda_entry x = {.sort = AGENDA_TIMED,
        .id = it->id,
        .secret = it->level > LEVEL_INTERNAL,
        .title = it->title,
        .number = it->number,
        .changed_ms = it->opened_ms};
    json_t *fields;
    bool to_day = false;
    TRY(kinds_get(g->by->kinds, g->db, it->kind, it->kind_version, &k, e));
    if (!in_states(k, it->state) || it->discarded)
        return OK;
    TRY(jr_parse(it->fields.n ? it->fields : S("{}"), &fields, e));
    bool his = !g->mine || it->owner == g->by->v->person || names_him(g, k, fields);
    x.place = arena_str(g->a, field_text(k, fields, k->agenda.place));
    if (his && instant(field_text(k, fields, k->agenda.from), false, &x.from_ms, &x.all_day) &&
        instant(field_text(k, fields, k->agenda.to), true, &x.to_ms, &to_day) &&
        x.to_ms >= x.from_ms)
        put(g, x);
    json_decref(fields);
    return OK;
}

static enum code timed_of(struct gathering *g, const struct kind *k, struct err *e)
{
    char from[DAY_ISO_SIZE], to[DAY_ISO_SIZE];
    struct item_filter f = {.kind = k->id, .uncounted = true, .n_where = 2};
    struct item_page page = {.n = 0};
    f.where[0] = (struct item_where){.field = k->fields[k->agenda.from].id,
        .to = arena_printf(g->a, "%.*s 99", SF(day_iso(day_of(g->last), to)))};
    f.where[1] = (struct item_where){.field = k->fields[k->agenda.to].id,
        .from = arena_str(g->a, day_iso(day_of(g->first), from))};
    do {
        f.after = page.next;
        TRY(item_list(g->db, g->a, g->by, &f, ITEM_PAGE_MAX, &page, e));
        for (size_t i = 0; i < page.n; i++)
            TRY(timed_one(g, &page.items[i], e));
    } while (page.next.n && g->n < AGENDA_MAX);
    return OK;
}

static enum code timed(struct gathering *g, struct err *e)
{
    struct kind_row *v;
    size_t n;
    TRY(kind_list(g->db, g->a, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        const struct kind *k;
        TRY(kinds_newest(g->by->kinds, g->db, v[i].kind, &k, e));
        if (k->agenda.n_states)
            TRY(timed_of(g, k, e));
    }
    return OK;
}

enum code agenda_timed(struct db *db, struct arena *a, const struct actor *by, int32_t first,
    int32_t last, bool mine, struct agenda_entry **out, size_t *n, struct err *e)
{
    struct gathering g = {db, a, by, first, last, mine, NULL, 0, 0};
    TRY(timed(&g, e));
    sort(&g);
    *out = g.v;
    *n = g.n;
    return OK;
}

/* ---- duty, and what is due ---- */

static enum code duty(struct gathering *g, struct err *e)
{
    struct duty_shift *v;
    size_t n;
    TRY(duty_list(g->db, g->a, clock_day_ms(g->first, ZONE_CHINA),
        clock_day_ms(g->last + 1, ZONE_CHINA), &v, &n, e));
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < N_DUTY_SEAT; s++)
            if (v[i].who[s] == g->by->v->person)
                put(g, (struct agenda_entry){.sort = AGENDA_DUTY,
                           .id = v[i].id,
                           .from_ms = v[i].from_ms,
                           .to_ms = v[i].to_ms,
                           .title =
                               arena_printf(g->a, "值班（%s）", duty_seat_name((enum duty_seat)s)),
                           .place = v[i].note,
                           .changed_ms = v[i].from_ms});
    return OK;
}

/* A limit that is a day ends with it: the instant is the beginning of the next one. */
static enum code due(struct gathering *g, struct err *e)
{
    struct item_filter f = {.box = BOX_TODO,
        .open = 1,
        .sort = SORT_DUE,
        .uncounted = true,
        .due_from_ms = clock_day_ms(g->first, ZONE_CHINA) + 1,
        .due_to_ms = clock_day_ms(g->last + 1, ZONE_CHINA) + 1};
    struct item_page page = {.n = 0};
    do {
        f.after = page.next;
        TRY(item_list(g->db, g->a, g->by, &f, ITEM_PAGE_MAX, &page, e));
        for (size_t i = 0; i < page.n; i++) {
            const struct item *it = &page.items[i];
            int32_t day = clock_day(it->due_ms - 1, ZONE_CHINA);
            bool whole = clock_day_ms(day + 1, ZONE_CHINA) == it->due_ms;
            put(g, (struct agenda_entry){.sort = AGENDA_DUE,
                       .id = it->id,
                       .from_ms = whole ? clock_day_ms(day, ZONE_CHINA) : it->due_ms,
                       .to_ms = it->due_ms,
                       .all_day = whole,
                       .secret = it->level > LEVEL_INTERNAL,
                       .title = arena_printf(g->a, "到期：%.*s", SF(it->title)),
                       .number = it->number,
                       .changed_ms = it->opened_ms});
        }
    } while (page.next.n && g->n < AGENDA_MAX);
    return OK;
}

enum code agenda_mine(struct db *db, struct arena *a, const struct actor *by, int32_t first,
    int32_t last, struct agenda_entry **out, size_t *n, struct err *e)
{
    struct gathering g = {db, a, by, first, last, true, NULL, 0, 0};
    TRY(timed(&g, e));
    TRY(duty(&g, e));
    TRY(due(&g, e));
    sort(&g);
    *out = g.v;
    *n = g.n;
    return OK;
}

/* ---- the feed ---- */

static struct str digest_of(struct str token, char hex[SM3_HEX + 1])
{
    struct digest d = sm3(token);
    return digest_hex(&d, hex);
}

enum code feed_list(struct db *db, struct arena *a, int64_t person, struct calendar_feed **out,
    size_t *n, struct err *e)
{
    struct calendar_feed *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(
        db, "SELECT id, name, made, used FROM calendar_feed WHERE person = ?1 ORDER BY made, id");
    stmt_bind_int(q, 1, person);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct calendar_feed){.id = stmt_int(q, 0),
            .person = person,
            .name = arena_str(a, stmt_str(q, 1)),
            .made_ms = stmt_int(q, 2),
            .used_ms = stmt_int(q, 3)};
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code feed_room(struct db *db, int64_t person, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT count(*) FROM calendar_feed WHERE person = ?1");
    stmt_bind_int(q, 1, person);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    return n < FEEDS_MAX ? OK : FAIL(e, E_LIMIT, "日历地址最多%d个，先停用不用的", FEEDS_MAX);
}

enum code feed_make(struct db *db, struct arena *a, const struct actor *by, struct str name,
    struct str *token, struct err *e)
{
    unsigned char raw[FEED_TOKEN_BYTES];
    char hex[SM3_HEX + 1];
    struct buf b;
    int64_t id = id_next();
    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(feed_room(db, by->v->person, e));
    name = str_trim(name);
    if (!name.n || utf8_len_cp(name) > FEED_NAME_CP_MAX)
        return FAIL(e, E_INPUT, "写明在哪里用，如“手机”，最多%d个字", FEED_NAME_CP_MAX);
    random_bytes(raw, sizeof(raw));
    buf_init(&b, 0);
    base64url_write(&b, (struct str){(const char *)raw, sizeof(raw)});
    struct str fresh = arena_str(a, buf_view(&b));
    buf_release(&b);
    struct stmt *q = db_sql(db, "INSERT INTO calendar_feed(id, person, name, digest, made, used)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, 0)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->v->person);
    stmt_bind_str(q, 3, name);
    stmt_bind_str(q, 4, digest_of(fresh, hex));
    stmt_bind_int(q, 5, by->now_ms);
    TRY(stmt_run(q, NULL, e));
    TRY(audit_simple(db, by->v->person, "calendar_feed.make", "calendar_feed", id, S(""), e));
    *token = fresh;
    return OK;
}

enum code feed_revoke(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(db, "DELETE FROM calendar_feed WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, by->v->person);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "这个日历地址已经停用");
    return audit_simple(db, by->v->person, "calendar_feed.revoke", "calendar_feed", id, S(""), e);
}

enum code feed_find(
    struct db *db, struct arena *a, struct str token, struct calendar_feed *out, struct err *e)
{
    char hex[SM3_HEX + 1];
    struct stmt *q = db_sql(db,
        "SELECT f.id, f.person, f.name, f.made, f.used FROM calendar_feed f JOIN person p"
        " ON p.id = f.person AND p.active = 1 WHERE f.digest = ?1");
    stmt_bind_str(q, 1, digest_of(token, hex));
    bool there = stmt_step(q);
    if (there)
        *out = (struct calendar_feed){.id = stmt_int(q, 0),
            .person = stmt_int(q, 1),
            .name = arena_str(a, stmt_str(q, 2)),
            .made_ms = stmt_int(q, 3),
            .used_ms = stmt_int(q, 4)};
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "这个日历地址不存在，或者已经停用");
}

enum code feed_used(struct db *db, int64_t id, int64_t now_ms, struct err *e)
{
    struct stmt *q = db_sql(db, "UPDATE calendar_feed SET used = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, now_ms);
    return stmt_run(q, NULL, e);
}
