#include "office/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "office/audit.h"
#include "office/item.h"
#include "office/key.h"
#include "office/person.h"
#include "office/tsv.h"

#define COLUMNS "id, parent, code, name, short_name, initials, rank, active"

static struct unit row_unit(struct stmt *q, struct arena *a)
{
    return (struct unit){.id = stmt_int(q, 0),
        .parent = stmt_int(q, 1),
        .code = arena_str(a, stmt_str(q, 2)),
        .name = arena_str(a, stmt_str(q, 3)),
        .short_name = arena_str(a, stmt_str(q, 4)),
        .initials = arena_str(a, stmt_str(q, 5)),
        .rank = stmt_int(q, 6),
        .active = stmt_int(q, 7) == 1};
}

static enum code gather(
    struct stmt *q, struct arena *a, struct unit **out, size_t *n, struct err *e)
{
    struct unit *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_unit(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- listing ---- */

/* Append the children of `parent` (v is sorted by rank) and theirs. What hangs in the air because its
 * parent is left out is left out with it. */
/* NOLINTNEXTLINE(misc-no-recursion): UNIT_DEPTH_MAX */
static void place(const struct unit *v, size_t n, int64_t parent, int depth, struct unit **to)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].parent == parent && depth < UNIT_DEPTH_MAX) {
            **to = v[i];
            (*to)->depth = depth;
            (*to)++;
            place(v, n, v[i].id, depth + 1, to);
        }
}

enum code unit_list(
    struct db *db, struct arena *a, bool inactive_too, struct unit **out, size_t *n, struct err *e)
{
    struct unit *flat, *tree, *end;
    size_t k;
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT " COLUMNS " FROM unit WHERE active = 1 OR ?1 = 1"
                                " ORDER BY rank, id");
    stmt_bind_int(q, 1, inactive_too);
    TRY(gather(q, a, &flat, &k, e));
    end = tree = ARENA_ARRAY(a, struct unit, k + 1);
    place(flat, k, 0, 0, &end);
    *out = tree;
    *n = (size_t)(end - tree);
    return OK;
}

enum code unit_get(struct db *db, struct arena *a, int64_t id, struct unit *out, struct err *e)
{
    struct unit *v;
    size_t n;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM unit WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(gather(q, a, &v, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有这个单位");
    *out = v[0];
    return OK;
}

enum code unit_match(struct db *db, struct arena *a, struct str part, size_t limit,
    struct unit **out, size_t *n, struct err *e)
{
    struct str hold = key_like(a, part), begin = str_sub(hold, 1, hold.n); /* part%, %part% */
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS " FROM unit WHERE active = 1 AND (name LIKE ?2 ESCAPE '\\'"
        " OR short_name LIKE ?2 ESCAPE '\\' OR initials LIKE lower(?1) ESCAPE '\\'"
        " OR lower(code) LIKE lower(?1) ESCAPE '\\')"
        " ORDER BY CASE WHEN short_name LIKE ?1 ESCAPE '\\' OR initials LIKE lower(?1) ESCAPE '\\'"
        " THEN 0 ELSE 1 END, rank, id LIMIT ?3");
    stmt_bind_str(q, 1, begin);
    stmt_bind_str(q, 2, hold);
    stmt_bind_int(q, 3, (int64_t)limit);
    return gather(q, a, out, n, e);
}

/* ---- writing ---- */

static enum code check(struct unit *u, struct err *e)
{
    u->code = str_trim(u->code);
    u->name = str_trim(u->name);
    u->short_name = str_trim(u->short_name);
    u->initials = str_trim(u->initials);
    if (u->code.n == 0 || u->code.n > UNIT_CODE_MAX)
        return FAIL(e, E_INPUT, "单位代码不能为空，且不超过%d个字符", UNIT_CODE_MAX);
    if (u->name.n == 0 || u->name.n > UNIT_NAME_MAX || u->short_name.n > UNIT_NAME_MAX ||
        u->initials.n > UNIT_NAME_MAX)
        return FAIL(
            e, E_INPUT, "单位“%.*s”的名称不能为空，且不超过%d个字", SF(u->code), UNIT_NAME_MAX / 3);
    return OK;
}

/* Walk up from `parent`: it must be there, and u not above itself. */
static enum code check_parent(struct db *db, int64_t id, int64_t parent, struct err *e)
{
    for (int depth = 1; parent; depth++) {
        if (parent == id)
            return FAIL(e, E_INPUT, "上级单位不能是本单位或其下级");
        if (depth >= UNIT_DEPTH_MAX)
            return FAIL(e, E_LIMIT, "单位层级超过%d级", UNIT_DEPTH_MAX);
        struct stmt *q = db_sql(db, "SELECT parent FROM unit WHERE id = ?1");
        stmt_bind_int(q, 1, parent);
        bool there = stmt_step(q);
        parent = there ? stmt_int(q, 0) : 0;
        TRY(stmt_end(q, e));
        if (!there)
            return FAIL(e, E_INPUT, "上级单位不存在");
    }
    return OK;
}

/* Somebody else with this code? A look before the write, so that the message names it. */
static enum code check_code(struct db *db, const struct unit *u, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM unit WHERE code = ?1 AND id <> ?2");
    stmt_bind_str(q, 1, u->code);
    stmt_bind_int(q, 2, u->id);
    bool taken = stmt_step(q);
    TRY(stmt_end(q, e));
    return taken ? FAIL(e, E_CONFLICT, "单位代码“%.*s”已被使用", SF(u->code)) : OK;
}

static enum code put(struct db *db, const struct unit *u, bool fresh, struct err *e)
{
    struct arena a;
    struct stmt *q = fresh ? db_sql(db, "INSERT INTO unit(" COLUMNS ") VALUES"
                                        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                           : db_sql(db, "UPDATE unit SET parent = ?2, code = ?3, name = ?4,"
                                        " short_name = ?5, initials = ?6, rank = ?7, active = ?8"
                                        " WHERE id = ?1");
    int64_t n;
    struct str short_name = u->short_name.n ? u->short_name : u->name;
    arena_init(&a);
    stmt_bind_int(q, 1, u->id);
    stmt_bind_int(q, 2, u->parent);
    stmt_bind_str(q, 3, u->code);
    stmt_bind_str(q, 4, u->name);
    stmt_bind_str(q, 5, short_name);
    stmt_bind_str(q, 6, u->initials.n ? u->initials : initials_of(&a, short_name));
    stmt_bind_int(q, 7, u->rank);
    stmt_bind_int(q, 8, u->active);
    arena_release(&a);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这个单位");
    return fresh ? OK : item_unit_moved(db, u->id, e);
}

enum code unit_save(struct db *db, struct unit *given, int64_t by, struct err *e)
{
    struct buf payload;
    struct jw j;
    struct unit u = *given;
    bool fresh = u.id == 0;
    if (fresh)
        u.id = id_next();
    TRY(check(&u, e));
    TRY(check_parent(db, u.id, u.parent, e));
    TRY(check_code(db, &u, e));
    TRY(put(db, &u, fresh, e));
    buf_init(&payload, 0);
    jw_init(&j, &payload);
    jw_obj(&j);
    jw_kstr(&j, "code", u.code);
    jw_kstr(&j, "name", u.name);
    jw_kbool(&j, "active", u.active);
    jw_end(&j);
    enum code c = audit_simple(
        db, by, fresh ? "unit.add" : "unit.change", "unit", u.id, buf_view(&payload), e);
    buf_release(&payload);
    if (c == OK)
        given->id = u.id;
    return c;
}

/* ---- import ---- */

enum { CODE, PARENT, NAME, SHORT_NAME, INITIALS, RANK, N_COLUMNS };
static const struct tsv_column columns[N_COLUMNS] = {
    [CODE] = {"代码", true},
    [PARENT] = {"上级代码", true},
    [NAME] = {"名称", true},
    [SHORT_NAME] = {"简称", false},
    [INITIALS] = {"拼音首字母", false},
    [RANK] = {"排序", false},
};

struct row {
    struct unit u;
    struct str parent;
    int64_t line;
    bool fresh, changed;
};

static enum code find_code(
    struct db *db, struct arena *a, struct str code, struct unit *out, bool *there, struct err *e)
{
    struct unit *v;
    size_t n;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM unit WHERE code = ?1");
    stmt_bind_str(q, 1, code);
    TRY(gather(q, a, &v, &n, e));
    *there = n > 0;
    if (n)
        *out = v[0];
    return OK;
}

enum code unit_by_code(
    struct db *db, struct arena *a, struct str code, struct unit *out, struct err *e)
{
    bool there;

    TRY(find_code(db, a, code, out, &there, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有代码为“%.*s”的单位", SF(code));
}

static enum code read_row(struct tsv *t, struct row *r, struct err *e)
{
    *r = (struct row){.line = t->line, .parent = t->cell[PARENT]};
    r->u = (struct unit){.code = t->cell[CODE],
        .name = t->cell[NAME],
        .short_name = t->cell[SHORT_NAME],
        .initials = t->cell[INITIALS],
        .rank = t->line, /* in the order of the file */
        .active = true};
    if (t->cell[RANK].n && str_int(t->cell[RANK], &r->u.rank, e) != OK)
        return tsv_at(t, t->line, RANK, e);
    if (check(&r->u, e) != OK)
        return tsv_at(t, t->line, r->u.code.n ? NAME : CODE, e);
    return OK;
}

static int by_code(const void *x, const void *y)
{
    const struct row *const *a = x, *const *b = y;
    return str_cmp((*a)->u.code, (*b)->u.code);
}

static enum code refuse_twins(
    const struct tsv *t, struct arena *a, struct row *rows, size_t n, struct err *e)
{
    struct row **v = ARENA_ARRAY(a, struct row *, n + 1);
    for (size_t i = 0; i < n; i++)
        v[i] = &rows[i];
    if (n)
        qsort(v, n, sizeof(struct row *), by_code);
    for (size_t i = 1; i < n; i++)
        if (str_eq(v[i - 1]->u.code, v[i]->u.code)) {
            int64_t x = v[i - 1]->line, y = v[i]->line;
            (void)FAIL(e, E_INPUT, "代码“%.*s”与第%lld行重复", SF(v[i]->u.code),
                (long long)(x < y ? x : y));
            return tsv_at(t, x < y ? y : x, CODE, e);
        }
    return OK;
}

/* First all units without their places in the tree, so that a parent may stand below its child. */
static enum code put_row(struct db *db, struct arena *a, struct row *r, struct err *e)
{
    struct unit old;
    bool there;
    TRY(find_code(db, a, r->u.code, &old, &there, e));
    r->fresh = !there;
    r->u.id = there ? old.id : id_next();
    r->u.parent = there ? old.parent : 0;
    if (r->u.short_name.n == 0)
        r->u.short_name = there ? old.short_name : r->u.name;
    if (r->u.initials.n == 0)
        r->u.initials = there && str_eq(old.short_name, r->u.short_name)
                            ? old.initials
                            : initials_of(a, r->u.short_name);
    r->changed = !there || old.rank != r->u.rank || !old.active || !str_eq(old.name, r->u.name) ||
                 !str_eq(old.short_name, r->u.short_name) || !str_eq(old.initials, r->u.initials);
    return r->changed ? put(db, &r->u, r->fresh, e) : OK;
}

static enum code put_parent(struct db *db, struct arena *a, struct row *r, struct err *e)
{
    struct unit parent = {.id = 0};
    bool there = true;
    if (r->parent.n)
        TRY(find_code(db, a, r->parent, &parent, &there, e));
    if (!there)
        return FAIL(e, E_INPUT, "没有代码为“%.*s”的上级单位", SF(r->parent));
    if (parent.id == r->u.parent)
        return OK;
    TRY(check_parent(db, r->u.id, parent.id, e));
    r->changed = true;
    r->u.parent = parent.id;
    return put(db, &r->u, false, e);
}

static enum code note_import(struct db *db, const char *verb, const char *file, int64_t by,
    const struct import_tally *t, struct err *e)
{
    struct buf payload;
    struct jw j;
    buf_init(&payload, 0);
    jw_init(&j, &payload);
    jw_obj(&j);
    jw_kstr(&j, "file", str_z(file));
    jw_kint(&j, "added", t->added);
    jw_kint(&j, "changed", t->changed);
    jw_end(&j);
    enum code c = audit_simple(db, by, verb, "unit", 0, buf_view(&payload), e);
    buf_release(&payload);
    return c;
}

static enum code import(
    struct db *db, struct arena *a, struct tsv *t, struct import_tally *tally, struct err *e)
{
    struct row *rows = NULL;
    size_t n = 0, cap = 0;
    bool more = true;
    for (;;) {
        struct row r;
        TRY(tsv_next(t, &more, e));
        if (!more)
            break;
        TRY(read_row(t, &r, e));
        ARENA_PUSH(a, rows, n, cap) = r;
    }
    TRY(refuse_twins(t, a, rows, n, e));
    for (size_t i = 0; i < n; i++)
        if (put_row(db, a, &rows[i], e) != OK)
            return tsv_at(t, rows[i].line, CODE, e);
    for (size_t i = 0; i < n; i++)
        if (put_parent(db, a, &rows[i], e) != OK)
            return tsv_at(t, rows[i].line, PARENT, e);
    for (size_t i = 0; i < n; i++) {
        tally->added += rows[i].fresh;
        tally->changed += !rows[i].fresh && rows[i].changed;
        tally->same += !rows[i].changed;
    }
    return OK;
}

enum code unit_import(struct db *db, struct str tsv, const char *file, int64_t by,
    struct import_tally *out, struct err *e)
{
    struct tsv t;
    struct arena a;
    struct import_tally tally = {0, 0, 0};
    TRY(tsv_begin(&t, tsv, file, columns, N_COLUMNS, e));
    arena_init(&a);
    enum code c = import(db, &a, &t, &tally, e);
    arena_release(&a);
    if (c == OK)
        c = note_import(db, "unit.import", file, by, &tally, e);
    if (c == OK)
        *out = tally;
    return c;
}
