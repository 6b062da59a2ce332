#include "office/item_number.h"

#include "base/id.h"
#include "office/audit.h"
#include "office/item_int.h"

#include <stdlib.h>

static int year_of(const struct actor *by)
{
    return clock_civil(by->now_ms, ZONE_CHINA).day.y;
}

static enum code next_serial(
    struct db *db, struct number_run run, int year, int64_t *serial, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT serial FROM item_number WHERE kind = ?1 AND code = ?3"
                                " AND year = ?2 ORDER BY serial DESC LIMIT 1");
    stmt_bind_str(q, 1, run.kind);
    stmt_bind_int(q, 2, year);
    stmt_bind_str(q, 3, run.code);
    *serial = 1 + (stmt_step(q) ? stmt_int(q, 0) : 0);
    return stmt_end(q, e);
}

static enum code put(struct db *db, const struct actor *by, struct number_run run, int year,
    const struct item_number *v, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO item_number(kind, year, serial, state, item, at, by_person, number, why, code)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(kind, code, year, serial)"
        " DO UPDATE SET state = excluded.state, item = excluded.item, at = excluded.at,"
        " by_person = excluded.by_person, number = excluded.number, why = excluded.why");
    stmt_bind_str(q, 1, run.kind);
    stmt_bind_int(q, 2, year);
    stmt_bind_int(q, 3, v->serial);
    stmt_bind_int(q, 4, v->state);
    stmt_bind_int(q, 5, v->item);
    stmt_bind_int(q, 6, by->now_ms);
    stmt_bind_int(q, 7, by->v->person);
    stmt_bind_str(q, 8, v->number);
    stmt_bind_str(q, 9, v->why);
    stmt_bind_str(q, 10, run.code);
    return stmt_run(q, NULL, e);
}

/* "督〔{year}〕{serial:03}号"; serial 0: what stands before it. */
static enum code write_number(
    struct work *w, struct str code, int year, int64_t serial, struct buf *b, struct err *e)
{
    struct number_parts v = {.code = code,
        .unit = S(""),
        .year = year,
        .month = clock_civil(w->by->now_ms, ZONE_CHINA).day.m,
        .serial = serial};
    if (str_has(w->k->number, S("{unit}"))) {
        struct stmt *q = db_sql(w->db, "SELECT short_name FROM unit WHERE id = ?1");
        stmt_bind_int(q, 1, w->it.unit);
        if (stmt_step(q))
            v.unit = arena_str(w->a, stmt_str(q, 0));
        TRY(stmt_end(q, e));
    }
    kind_number_write(b, w->k, &v);
    return OK;
}

static enum code find_reserved(
    struct db *db, struct number_run run, int year, int64_t serial, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM item_number WHERE kind = ?1 AND year = ?2"
                                " AND serial = ?3 AND state = 0 AND code = ?4");
    stmt_bind_str(q, 1, run.kind);
    stmt_bind_int(q, 2, year);
    stmt_bind_int(q, 3, serial);
    stmt_bind_str(q, 4, run.code);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK
                 : FAIL(e, E_INPUT, "%d年第%lld号不是预留的号，请另选", year, (long long)serial);
}

/* ---- the code ---- */

/* What the form says, or what is suggested: that is written into it then. */
static enum code code_of(struct work *w, struct str *out, struct err *e)
{
    const struct kind_field *f;
    json_t *v;
    *out = S("");
    if (w->k->codes.field == SIZE_MAX)
        return OK;
    f = &w->k->fields[w->k->codes.field];
    *out = arena_str(w->a, field_text(w, f->id));
    if (out->n)
        return OK;
    *out = kind_code_suggested(w->k, field_text, w);
    v = json_object();
    (void)json_object_setn_new(v, f->id.p, f->id.n, json_stringn(out->p, out->n));
    enum code c = fields_put(w, v, e);
    json_decref(v);
    return c;
}

/* Numbers that were given before the kind had codes belong to the code that they bear; what was reserved then, to the first that asks. */
static enum code adopt(struct work *w, struct number_run run, int year, struct err *e)
{
    struct buf b;
    if (!run.code.n)
        return OK;
    buf_init(&b, 4096);
    enum code c = write_number(w, run.code, year, 0, &b, e);
    struct str head = arena_str(w->a, buf_view(&b));
    buf_release(&b);
    TRY(c);
    struct stmt *q =
        db_sql(w->db, "UPDATE item_number SET code = ?3 WHERE kind = ?1 AND code = '' AND year = ?2"
                      " AND (number = '' OR substr(number, 1, length(?4)) = ?4)");
    stmt_bind_str(q, 1, run.kind);
    stmt_bind_int(q, 2, year);
    stmt_bind_str(q, 3, run.code);
    stmt_bind_str(q, 4, head);
    return stmt_run(q, NULL, e);
}

enum code number_take(struct work *w, int64_t reserved, struct err *e)
{
    int year = year_of(w->by);
    struct item_number v = {.serial = reserved, .state = NUMBER_USED, .item = w->it.id};
    struct number_run run = {.kind = w->it.kind};
    struct buf b;
    if (!w->k->number.n || w->it.number.n)
        return OK;
    TRY(code_of(w, &run.code, e));
    TRY(adopt(w, run, year, e));
    if (reserved)
        TRY(find_reserved(w->db, run, year, reserved, e));
    else
        TRY(next_serial(w->db, run, year, &v.serial, e));
    buf_init(&b, 4096);
    enum code c = write_number(w, run.code, year, v.serial, &b, e);
    if (c == OK)
        c = buf_check(&b, "编号", e);
    w->it.number = v.number = arena_str(w->a, buf_view(&b));
    buf_release(&b);
    return c == OK ? put(w->db, w->by, run, year, &v, e) : c;
}

/* One run of numbers a year for all kinds: the shelf is one. */
enum code number_archive(struct work *w, struct err *e)
{
    int year = year_of(w->by);
    struct item_number v = {.state = NUMBER_USED, .item = w->it.id, .why = w->it.number};
    struct number_run run = {.kind = S(ITEM_ARCHIVE_KIND)};
    TRY(next_serial(w->db, run, year, &v.serial, e));
    v.number = arena_printf(w->a, "归〔%d〕%04lld号", year, (long long)v.serial);
    w->it.archive_no = v.number;
    return put(w->db, w->by, run, year, &v, e);
}

enum code number_give_up(struct work *w, struct str why, struct err *e)
{
    struct stmt *q = db_sql(w->db, "UPDATE item_number SET state = ?3, why = ?4, at = ?5,"
                                   " by_person = ?6 WHERE kind = ?1 AND item = ?2 AND state = 1");
    stmt_bind_str(q, 1, w->it.kind);
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_int(q, 3, NUMBER_VOID);
    stmt_bind_str(q, 4, why);
    stmt_bind_int(q, 5, w->by->now_ms);
    stmt_bind_int(q, 6, w->by->v->person);
    return stmt_run(q, NULL, e);
}

static enum code note(struct db *db, const struct actor *by, const char *verb,
    struct number_run run, int64_t serial, struct str why, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    jw_kstr(&j, "kind", run.kind);
    if (run.code.n)
        jw_kstr(&j, "code", run.code);
    jw_kint(&j, "serial", serial);
    jw_kstr(&j, "why", why);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, verb, "item_number", 0, buf_view(&b), e);
    buf_release(&b);
    return c;
}

static bool manages(const struct actor *by)
{
    return by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY);
}

static enum code require(const struct actor *by, struct err *e)
{
    if (manages(by))
        return OK;
    return FAIL(e, E_DENIED, "您的角色不能管理编号，如有需要请联系科长");
}

/* A code that the kind declares today; a kind without codes has none. */
static enum code check_run(
    struct db *db, const struct actor *by, struct number_run run, struct err *e)
{
    const struct kind *k;
    TRY(kinds_newest(by->kinds, db, run.kind, &k, e));
    if (k->codes.field == SIZE_MAX)
        return run.code.n ? FAIL(e, E_INPUT, "“%.*s”不分机关代字", SF(k->name)) : OK;
    const struct kind_field *f = &k->fields[k->codes.field];
    for (size_t i = 0; i < f->n_choices; i++)
        if (str_eq(f->choices[i], run.code))
            return OK;
    return FAIL(e, E_INPUT, "请先选机关代字，预留哪一种的号");
}

enum code item_number_reserve(struct db *db, const struct actor *by, struct number_run run,
    int64_t n, struct str why, int64_t *first, struct err *e)
{
    struct item_number v = {.state = NUMBER_RESERVED, .why = why};
    TRY(require(by, e));
    if (n < 1 || n > NUMBER_RESERVE_MAX)
        return FAIL(e, E_LIMIT, "一次预留1到%d个号", NUMBER_RESERVE_MAX);
    TRY(check_run(db, by, run, e));
    TRY(next_serial(db, run, year_of(by), &v.serial, e));
    int64_t serial = v.serial;
    for (int64_t i = 0; i < n; i++, v.serial++)
        TRY(put(db, by, run, year_of(by), &v, e));
    TRY(note(db, by, "item_number.reserve", run, serial, why, e));
    *first = serial;
    return OK;
}

enum code item_number_void(struct db *db, const struct actor *by, struct number_run run, int year,
    int64_t serial, struct str why, struct err *e)
{
    struct item_number v = {.state = NUMBER_VOID, .serial = serial, .why = str_trim(why)};
    TRY(require(by, e));
    if (!v.why.n)
        return FAIL(e, E_INPUT, "没有填写作废的理由，填好后再办");
    TRY(find_reserved(db, run, year, serial, e));
    TRY(put(db, by, run, year, &v, e));
    return note(db, by, "item_number.void", run, serial, v.why, e);
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = ((const struct item *)y)->id;
    return (a > b) - (a < b);
}

static int ids_up(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* The log has a row for each number: what the row says of an item goes by the item. */
static enum code hide_unseen(struct db *db, struct arena *a, const struct actor *by,
    struct item_number *v, size_t n, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(a, int64_t, n + 1);
    struct item *seen;
    size_t k = 0, n_seen;
    for (size_t i = 0; i < n; i++)
        if (v[i].item)
            ids[k++] = v[i].item;
    if (k)
        qsort(ids, k, sizeof(*ids), ids_up); /* item_get_many keeps the order */
    TRY(item_get_many(db, a, by, ids, k, &seen, &n_seen, e));
    for (size_t i = 0; i < n; i++) {
        struct item_number *x = &v[i];
        bool sees = x->item ? n_seen && bsearch(&x->item, seen, n_seen, sizeof(*seen), by_id)
                            : manages(by) || x->by == by->v->person;
        if (!sees)
            *x = (struct item_number){
                .serial = x->serial, .state = x->state, .number = x->number, .code = x->code};
    }
    return OK;
}

enum code item_number_codes(struct db *db, struct arena *a, struct str kind, int year,
    struct str **out, size_t *n, struct err *e)
{
    struct str *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT DISTINCT code FROM item_number WHERE kind = ?1"
                                " AND year = ?2 ORDER BY code");
    stmt_bind_str(q, 1, kind);
    stmt_bind_int(q, 2, year);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = arena_str(a, stmt_str(q, 0));
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code item_number_list(struct db *db, struct arena *a, const struct actor *by,
    const struct number_range *r, struct item_number **out, size_t *n, struct err *e)
{
    struct item_number *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT serial, item, at, by_person, state, number, why"
                                " FROM item_number WHERE kind = ?1 AND code = ?5 AND year = ?2"
                                " AND serial > ?3 ORDER BY serial LIMIT ?4");
    stmt_bind_str(q, 1, r->run.kind);
    stmt_bind_str(q, 5, r->run.code);
    stmt_bind_int(q, 2, r->year);
    stmt_bind_int(q, 3, r->after);
    stmt_bind_int(q, 4, r->limit < 1000 ? (int64_t)r->limit : 1000);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct item_number){.serial = stmt_int(q, 0),
            .item = stmt_int(q, 1),
            .at_ms = stmt_int(q, 2),
            .by = stmt_int(q, 3),
            .state = (enum number_state)stmt_int(q, 4),
            .number = arena_str(a, stmt_str(q, 5)),
            .why = arena_str(a, stmt_str(q, 6)),
            .code = r->run.code};
    TRY(stmt_end(q, e));
    TRY(hide_unseen(db, a, by, v, k, e));
    *out = v;
    *n = k;
    return OK;
}

enum code item_find(struct db *db, struct str name, int64_t *item, struct err *e)
{
    struct err none;
    struct stmt *q;
    int64_t found = 0;
    int n = 0;

    if (id_parse(name, item, &none) == OK)
        return OK;
    q = db_sql(db, "SELECT item FROM item_number WHERE number = ?1 AND state = 1 LIMIT 2");
    stmt_bind_str(q, 1, name);
    while (stmt_step(q)) {
        found = stmt_int(q, 0);
        n++;
    }
    TRY(stmt_end(q, e));
    if (n > 1)
        return FAIL(e, E_CONFLICT, "不止一件事项编号为“%.*s”，请写事项的标识号", SF(name));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有编号为“%.*s”的事项", SF(name));
    *item = found;
    return OK;
}
