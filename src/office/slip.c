#include "office/slip.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/item_int.h"

#include <stdlib.h>

const char *slip_colour_name(enum slip_colour c)
{
    static const char *const names[] = {"", "蓝", "黄", "红"};

    return c >= SLIP_BLUE && c <= SLIP_RED ? names[c] : "";
}

const char *slip_colour_key(enum slip_colour c)
{
    static const char *const keys[] = {"", "blue", "yellow", "red"};

    return c >= SLIP_BLUE && c <= SLIP_RED ? keys[c] : "";
}

/* ---- reading ---- */

#define COLUMNS                                                                                \
    "s.id, s.item, s.year, s.serial, s.unit, s.at, s.by_person, s.number, s.colour, s.reason," \
    " s.due, s.purpose, s.asked, s.ask_due, s.void_at, s.void_why, coalesce(u.name, ''),"      \
    " coalesce(p.name, '')"
#define FROM \
    " FROM slip s LEFT JOIN unit u ON u.id = s.unit LEFT JOIN person p ON p.id = s.by_person"

static struct slip row_slip(struct stmt *q, struct arena *a)
{
    return (struct slip){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .year = stmt_int(q, 2),
        .serial = stmt_int(q, 3),
        .unit = stmt_int(q, 4),
        .at_ms = stmt_int(q, 5),
        .by = stmt_int(q, 6),
        .number = arena_str(a, stmt_str(q, 7)),
        .colour = (enum slip_colour)stmt_int(q, 8),
        .reason = arena_str(a, stmt_str(q, 9)),
        .due = arena_str(a, stmt_str(q, 10)),
        .purpose = arena_str(a, stmt_str(q, 11)),
        .asked_ms = stmt_int(q, 12),
        .ask_due_ms = stmt_int(q, 13),
        .void_ms = stmt_int(q, 14),
        .void_why = arena_str(a, stmt_str(q, 15)),
        .unit_name = arena_str(a, stmt_str(q, 16)),
        .by_name = arena_str(a, stmt_str(q, 17))};
}

static enum code slips_of(
    struct db *db, struct arena *a, int64_t item, struct slip **out, size_t *n, struct err *e)
{
    struct slip *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE s.item = ?1 ORDER BY s.id LIMIT ?2");

    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, SLIPS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_slip(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* Whom a slip urges is told to him, and to who answers for the matter or reads it by his role. */
static bool sees_slip(const struct actor *by, const struct seat *v, int n, const struct item *it,
    const struct slip *s)
{
    for (int i = 0; i < n; i++)
        if (v[i].unit && v[i].unit == s->unit)
            return true;
    return seats_see_whole(by, v, n, it);
}

enum code slip_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct slip **out, size_t *n, struct err *e)
{
    struct work w;
    struct slip *v;
    size_t all, k = 0;

    TRY(work_begin(&w, db, a, by, item, e));
    TRY(slips_of(db, a, item, &v, &all, e));
    for (size_t i = 0; i < all; i++)
        if (sees_slip(by, w.seat, w.n_seats, &w.it, &v[i]))
            v[k++] = v[i];
    *out = v;
    *n = k;
    return OK;
}

static int ids_up(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

static int by_id(const void *key, const void *x)
{
    int64_t id = *(const int64_t *)key, at = ((const struct item *)x)->id;

    return (id > at) - (id < at);
}

static enum code hide_unseen(
    struct db *db, struct arena *a, const struct actor *by, struct slip *v, size_t n, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, n + 1);
    struct seat seat[SEATS_MAX];
    struct item *items;
    size_t n_items;
    int n_seats;

    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].item;
    if (n)
        qsort(ids, n, sizeof(*ids), ids_up); /* item_get_many keeps the order */
    TRY(seats_of(db, by, seat, &n_seats, e));
    TRY(item_get_many(db, a, by, ids, n, &items, &n_items, e));
    for (size_t i = 0; i < n; i++) {
        struct slip *s = &v[i];
        const struct item *it =
            n_items ? bsearch(&s->item, items, n_items, sizeof(*items), by_id) : NULL;
        if (it && sees_slip(by, seat, n_seats, it, s)) {
            s->title = it->title;
            s->item_number = it->number;
        } else {
            *s = (struct slip){.year = s->year, .serial = s->serial, .number = s->number};
        }
    }
    return OK;
}

enum code slip_log(struct db *db, struct arena *a, const struct actor *by, int year, int64_t after,
    size_t limit, struct slip **out, size_t *n, struct err *e)
{
    struct slip *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE s.year = ?1 AND s.serial > ?2"
                                " ORDER BY s.serial LIMIT ?3");

    stmt_bind_int(q, 1, year);
    stmt_bind_int(q, 2, after);
    stmt_bind_int(q, 3, limit < SLIP_LOG_MAX + 1 ? (int64_t)limit : SLIP_LOG_MAX + 1);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_slip(q, a);
    TRY(stmt_end(q, e));
    TRY(hide_unseen(db, a, by, v, k, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- whom ---- */

/* The ask that a unit has open: the one it was sent last. */
static struct ask *open_ask(struct work *w, int64_t unit)
{
    for (size_t i = w->n_asks; i-- > 0;) {
        struct ask *a = &w->asks[i];
        if (a->state == ASK_OPEN && a->sent_ms && !a->parent && a->to_kind == PRINCIPAL_UNIT &&
            a->to == unit)
            return a;
    }
    return NULL;
}

static int64_t valid_slips(const struct slip *v, size_t n, int64_t unit)
{
    int64_t k = 0;

    for (size_t i = 0; i < n; i++)
        k += v[i].unit == unit && !v[i].void_ms;
    return k;
}

static enum slip_colour next_colour(int64_t slips)
{
    return slips >= SLIP_RED ? SLIP_RED : (enum slip_colour)(slips + 1);
}

enum code slip_units(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct slip_unit **out, size_t *n, bool *may, struct err *e)
{
    struct slip_unit *v = NULL;
    struct slip *slips;
    size_t k = 0, cap = 0, n_slips;
    struct work w;

    TRY(work_begin(&w, db, a, by, item, e));
    TRY(slips_of(db, a, item, &slips, &n_slips, e));
    *may = !w.it.closed_ms && work_right(&w, ITEM_ASK, 0);
    for (size_t i = 0; *may && i < w.n_asks; i++) {
        const struct ask *x = &w.asks[i];
        if (x->to_kind != PRINCIPAL_UNIT || open_ask(&w, x->to) != x)
            continue;
        int64_t had = valid_slips(slips, n_slips, x->to);
        ARENA_PUSH(a, v, k, cap) = (struct slip_unit){.unit = x->to,
            .name = x->to_name,
            .purpose = x->purpose,
            .sent_ms = x->sent_ms,
            .due_ms = x->due_ms,
            .slips = had,
            .next = next_colour(had)};
    }
    *out = v;
    *n = k;
    return OK;
}

/* ---- issuing ---- */

struct issuing {
    struct work w;
    struct buf b;
    struct jw j;
    struct slip *slips; /* before */
    size_t n_slips;
    const struct slip_new *given;
    struct str reason;
    int64_t year, serial; /* the last one taken */
};

static enum code last_serial(struct issuing *s, struct err *e)
{
    s->year = day_of(clock_day(s->w.by->now_ms, s->w.by->hours->zone)).y;
    struct stmt *q = db_sql(s->w.db, "SELECT coalesce(max(serial), 0) FROM slip WHERE year = ?1");
    stmt_bind_int(q, 1, s->year);
    s->serial = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static enum code insert(const struct issuing *s, const struct slip *p, struct err *e)
{
    struct stmt *q = db_sql(s->w.db,
        "INSERT INTO slip(id, item, year, serial, unit, at, by_person, number, colour, reason, due,"
        " purpose, asked, ask_due, void_at, void_why, void_by)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, '', 0)");

    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, s->w.it.id);
    stmt_bind_int(q, 3, s->year);
    stmt_bind_int(q, 4, s->serial);
    stmt_bind_int(q, 5, p->unit);
    stmt_bind_int(q, 6, s->w.by->now_ms);
    stmt_bind_int(q, 7, s->w.by->v->person);
    stmt_bind_str(q, 8, p->number);
    stmt_bind_int(q, 9, p->colour);
    stmt_bind_str(q, 10, s->reason);
    stmt_bind_str(q, 11, s->given->due);
    stmt_bind_str(q, 12, p->purpose);
    stmt_bind_int(q, 13, p->asked_ms);
    stmt_bind_int(q, 14, p->ask_due_ms);
    return stmt_run(q, NULL, e);
}

static enum code issue_one(struct issuing *s, int64_t unit, struct err *e)
{
    struct ask *a = open_ask(&s->w, unit);
    enum slip_colour next = next_colour(valid_slips(s->slips, s->n_slips, unit));
    struct slip p = {.unit = unit, .colour = s->given->colour ? s->given->colour : next};

    if (!a)
        return FAIL(e, E_INPUT, "所选的单位没有未反馈的事项，不必催办，请刷新后再选");
    if (p.colour < next)
        return FAIL(e, E_INPUT, "“%.*s”已经催办过，这一次至少用%s单", SF(a->to_name),
            slip_colour_name(next));
    p.purpose = a->purpose;
    p.asked_ms = a->sent_ms;
    p.ask_due_ms = a->due_ms;
    s->serial++;
    p.number = arena_printf(s->w.a, "催〔%lld〕%lld号", (long long)s->year, (long long)s->serial);
    TRY(insert(s, &p, e));
    TRY(ask_urged(&s->w, a, e));
    jw_obj(&s->j);
    jw_kid(&s->j, "unit", unit);
    jw_kid(&s->j, "ask", a->id);
    jw_kstr(&s->j, "number", p.number);
    jw_kstr(&s->j, "colour", str_z(slip_colour_key(p.colour)));
    jw_end(&s->j);
    return OK;
}

static enum code check_new(const struct issuing *s, struct err *e)
{
    const struct slip_new *v = s->given;
    struct day d;

    if (s->w.it.closed_ms)
        return FAIL(e, E_CONFLICT, "这件事项已经办结，不能再催办");
    if (!work_right(&s->w, ITEM_ASK, 0))
        return FAIL(e, E_DENIED, "您不能为这件事项发催办单，请联系经办人或科长");
    if (v->n_units == 0 || v->n_units > SLIP_UNITS_MAX)
        return FAIL(e, E_LIMIT, "一次给1到%d个单位发催办单，请选择单位", SLIP_UNITS_MAX);
    if (s->n_slips + v->n_units > SLIPS_MAX)
        return FAIL(e, E_LIMIT, "一件事项最多发%d张催办单", SLIPS_MAX);
    if (!s->reason.n)
        return FAIL(e, E_INPUT, "没有填写催办事由，填好后再发");
    if (utf8_check(s->reason) != SIZE_MAX || utf8_len_cp(s->reason) > SLIP_REASON_CP_MAX)
        return FAIL(e, E_LIMIT, "催办事由超过%d个字，或不是有效的文字", SLIP_REASON_CP_MAX);
    if (!day_from_iso(v->due, &d))
        return FAIL(e, E_INPUT, "没有填写限期反馈的日期，填好后再发");
    if (day_num(d) < clock_day(s->w.by->now_ms, s->w.by->hours->zone))
        return FAIL(e, E_INPUT, "限期反馈的日期已经过去，请改填");
    return OK;
}

static enum code issue(struct issuing *s, struct err *e)
{
    TRY(slips_of(s->w.db, s->w.a, s->w.it.id, &s->slips, &s->n_slips, e));
    TRY(check_new(s, e));
    TRY(last_serial(s, e));
    jw_obj(&s->j);
    jw_karr(&s->j, "slips");
    for (size_t i = 0; i < s->given->n_units; i++) {
        for (size_t k = 0; k < i; k++)
            if (s->given->units[k] == s->given->units[i])
                return FAIL(e, E_INPUT, "同一单位选了两次");
        TRY(issue_one(s, s->given->units[i], e));
    }
    jw_end(&s->j);
    jw_kstr(&s->j, "text", s->reason);
    jw_kstr(&s->j, "due", s->given->due);
    jw_end(&s->j);
    return work_commit(&s->w, "slip", &s->b, e);
}

enum code slip_issue(
    struct db *db, const struct actor *by, int64_t item, const struct slip_new *v, struct err *e)
{
    struct issuing s = {.given = v, .reason = str_trim(v->reason)};
    struct arena a;

    arena_init(&a);
    buf_init(&s.b, 0);
    jw_init(&s.j, &s.b);
    enum code c = work_begin(&s.w, db, &a, by, item, e);
    if (c == OK)
        c = issue(&s, e);
    buf_release(&s.b);
    arena_release(&a);
    return c;
}

/* ---- void ---- */

static enum code void_it(struct db *db, struct arena *a, const struct actor *by, int64_t slip,
    struct str why, struct err *e)
{
    struct slip s = {0};
    struct work w;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE s.id = ?1");

    stmt_bind_int(q, 1, slip);
    if (stmt_step(q))
        s = row_slip(q, a);
    TRY(stmt_end(q, e));
    if (!s.id)
        return FAIL(e, E_NOTFOUND, "没有这张催办单");
    TRY(work_begin(&w, db, a, by, s.item, e));
    if (!work_right(&w, ITEM_ASK, 0))
        return FAIL(e, E_DENIED, "您不能作废这张催办单，请联系经办人或科长");
    if (s.void_ms)
        return FAIL(e, E_CONFLICT, "“%.*s”已经作废", SF(s.number));
    if (!why.n || utf8_check(why) != SIZE_MAX || utf8_len_cp(why) > SLIP_REASON_CP_MAX)
        return FAIL(e, E_INPUT, "作废要写明理由，不超过%d个字", SLIP_REASON_CP_MAX);
    q = db_sql(db, "UPDATE slip SET void_at = ?2, void_why = ?3, void_by = ?4 WHERE id = ?1");
    stmt_bind_int(q, 1, slip);
    stmt_bind_int(q, 2, by->now_ms);
    stmt_bind_str(q, 3, why);
    stmt_bind_int(q, 4, by->v->person);
    TRY(stmt_run(q, NULL, e));
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kid(&j, "unit", s.unit);
    jw_kstr(&j, "number", s.number);
    jw_kstr(&j, "why", why);
    jw_end(&j);
    enum code c = work_commit(&w, "unslip", &b, e);
    buf_release(&b);
    return c;
}

enum code slip_void(
    struct db *db, const struct actor *by, int64_t slip, struct str why, struct err *e)
{
    struct arena a;

    arena_init(&a);
    enum code c = void_it(db, &a, by, slip, str_trim(why), e);
    arena_release(&a);
    return c;
}
