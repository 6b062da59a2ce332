#include "office/seal.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/item_text.h"
#include "office/office.h"
#include "paper/redraw.h"
#include "store/blob.h"

static bool manages(const struct actor *by)
{
    return by->v->owner || by->v->roles & ROLE_CHIEF;
}

static enum code require(const struct actor *by, struct err *e)
{
    return manages(by) ? OK : FAIL(e, E_DENIED, "印章由科长登记和停用");
}

static enum code note(struct db *db, const struct actor *by, const char *verb, int64_t id,
    int64_t person, struct err *e)
{
    struct buf b;
    struct jw j;
    buf_init(&b, 0);
    jw_init(&j, &b);
    jw_obj(&j);
    if (person)
        jw_kid(&j, "person", person);
    jw_end(&j);
    enum code c = audit_simple(db, by->v->person, verb, "seal", id, buf_view(&b), e);
    buf_release(&b);
    return c;
}

/* ---- reading ---- */

static enum code keepers_read(
    struct db *db, struct arena *a, const struct actor *by, struct seal *s, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT k.person, p.name FROM seal_keeper k JOIN person p"
                                " ON p.id = k.person WHERE k.seal = ?1 ORDER BY p.name LIMIT ?2");
    stmt_bind_int(q, 1, s->id);
    stmt_bind_int(q, 2, SEAL_KEEPERS_MAX);
    while (stmt_step(q)) {
        s->mine = s->mine || stmt_int(q, 0) == by->v->person;
        s->keepers = arena_printf(
            a, "%.*s%s%.*s", SF(s->keepers), s->keepers.n ? "、" : "", SF(stmt_str(q, 1)));
    }
    return stmt_end(q, e);
}

enum code seal_list(struct db *db, struct arena *a, const struct actor *by, struct seal **out,
    size_t *n, struct err *e)
{
    struct seal *v = NULL;
    size_t k = 0, cap = 0, kept = 0;
    struct stmt *q = db_sql(db, "SELECT s.id, s.name, s.png, s.stamp, s.gone, s.made, s.made_by,"
                                " (SELECT count(*) FROM seal_use u WHERE u.seal = s.id)"
                                " FROM seal s ORDER BY s.made, s.id LIMIT ?1");
    stmt_bind_int(q, 1, SEALS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct seal){.id = stmt_int(q, 0),
            .name = arena_str(a, stmt_str(q, 1)),
            .blob = arena_str(a, stmt_str(q, 2)),
            .stamp = stmt_int(q, 3) != 0,
            .off = stmt_int(q, 4) != 0,
            .made_ms = stmt_int(q, 5),
            .made_by = stmt_int(q, 6),
            .uses = stmt_int(q, 7)};
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < k; i++) { /* at most SEALS_MAX, a handful in any office */
        TRY(keepers_read(db, a, by, &v[i], e));
        if (manages(by) || v[i].mine)
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}

static enum code one(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct seal *out, struct err *e)
{
    struct seal *v;
    size_t n;
    TRY(seal_list(db, a, by, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id) {
            *out = v[i];
            return OK;
        }
    return FAIL(e, E_NOTFOUND, "没有这枚印章，或者不由您保管");
}

enum code seal_png(
    struct db *db, const struct actor *by, int64_t id, struct buf *out, struct err *e)
{
    struct arena a;
    struct seal s = {.id = 0};
    arena_init(&a);
    enum code c = one(db, &a, by, id, &s, e);
    if (c == OK)
        c = blob_read(db, s.blob, out, e);
    arena_release(&a);
    return c;
}

/* ---- changing ---- */

enum code seal_judge(struct office *o, struct arena *a, const struct actor *by, struct str bytes,
    struct str name, struct str *png, struct err *e)
{
    struct redrawn r;
    TRY(require(by, e));
    if (bytes.n > SEAL_PNG_MAX)
        return FAIL(e, E_LIMIT, "印章图片超过%d MB，请裁剪后再传", SEAL_PNG_MAX >> 20);
    TRY(reader_redraw_clear(o->readers, a, bytes, name, SEAL_DOTS, &r, e));
    *png = r.png;
    return OK;
}

enum code seal_new(struct db *db, const struct actor *by, struct str name, bool stamp,
    struct str png, int64_t *id, struct err *e)
{
    struct blob_source src;
    int64_t n;
    TRY(require(by, e));
    name = str_trim(name);
    if (!name.n || utf8_check(name) != SIZE_MAX || utf8_len_cp(name) > SEAL_NAME_CP_MAX)
        return FAIL(e, E_INPUT, "印章的名称要填写，最多%d个字", SEAL_NAME_CP_MAX);
    if (png.n > SEAL_PNG_MAX)
        return FAIL(e, E_LIMIT, "印章图片超过%d MB，请裁剪后再传", SEAL_PNG_MAX >> 20);
    struct stmt *q = db_sql(db, "SELECT count(*) FROM seal");
    n = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    if (n >= SEALS_MAX)
        return FAIL(e, E_LIMIT, "最多登记%d枚印章", SEALS_MAX);
    TRY(blob_hash_bytes(png, &src, e));
    TRY(blob_put(db, &src, NULL, e));
    *id = id_next();
    q = db_sql(db, "INSERT INTO seal(id, name, png, stamp, gone, made, made_by)"
                   " VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6)");
    stmt_bind_int(q, 1, *id);
    stmt_bind_str(q, 2, name);
    stmt_bind_str(q, 3, str_z(src.hex));
    stmt_bind_int(q, 4, stamp);
    stmt_bind_int(q, 5, by->now_ms);
    stmt_bind_int(q, 6, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return note(db, by, "seal.new", *id, 0, e);
}

enum code seal_off(struct db *db, const struct actor *by, int64_t id, bool off, struct err *e)
{
    int64_t n = 0;
    TRY(require(by, e));
    struct stmt *q = db_sql(db, "UPDATE seal SET gone = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, off);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这枚印章");
    return note(db, by, off ? "seal.off" : "seal.on", id, 0, e);
}

/* There is such a seal; one more keeper than are read would keep it without knowing. */
static enum code check_keeper(struct db *db, int64_t id, int64_t person, bool keeps, struct err *e)
{
    int64_t there = 0, others = 0;
    struct stmt *q =
        db_sql(db, "SELECT (SELECT count(*) FROM seal WHERE id = ?1),"
                   " (SELECT count(*) FROM seal_keeper WHERE seal = ?1 AND person <> ?2)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    if (stmt_step(q)) {
        there = stmt_int(q, 0);
        others = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_NOTFOUND, "没有这枚印章");
    return keeps && others >= SEAL_KEEPERS_MAX
               ? FAIL(e, E_LIMIT, "一枚印章最多由%d人保管", SEAL_KEEPERS_MAX)
               : OK;
}

enum code seal_keeper(
    struct db *db, const struct actor *by, int64_t id, int64_t person, bool keeps, struct err *e)
{
    struct stmt *q;
    TRY(require(by, e));
    TRY(check_keeper(db, id, person, keeps, e));
    q = db_sql(db, keeps ? "INSERT INTO seal_keeper(seal, person) VALUES(?1, ?2)"
                           " ON CONFLICT DO NOTHING"
                         : "DELETE FROM seal_keeper WHERE seal = ?1 AND person = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    TRY(stmt_run(q, NULL, e));
    return note(db, by, keeps ? "seal.keeper" : "seal.no_keeper", id, person, e);
}

/* ---- uses ---- */

static enum code use(struct db *db, struct arena *a, const struct actor *by, int64_t seal,
    int64_t item, int64_t version, struct jw *log, struct err *e)
{
    struct seal s = {.id = 0};
    TRY(one(db, a, by, seal, &s, e));
    if (!s.mine)
        return FAIL(e, E_DENIED, "“%.*s”不由您保管，请监印人用印", SF(s.name));
    if (s.off)
        return FAIL(e, E_CONFLICT, "“%.*s”已停用", SF(s.name));
    struct stmt *q = db_sql(db, "INSERT INTO seal_use(id, seal, item, version, at, by_person)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, seal);
    stmt_bind_int(q, 3, item);
    stmt_bind_int(q, 4, version);
    stmt_bind_int(q, 5, by->now_ms);
    stmt_bind_int(q, 6, by->v->person);
    TRY(stmt_run(q, NULL, e));
    jw_kobj(log, "seal");
    jw_kid(log, "id", seal);
    jw_kstr(log, "name", s.name);
    jw_kstr(log, "sm3", s.blob);
    jw_end(log);
    return OK;
}

enum code seal_use_put(struct db *db, const struct actor *by, int64_t seal, int64_t item,
    int64_t version, struct jw *log, struct err *e)
{
    struct arena a;
    arena_init(&a);
    enum code c = use(db, &a, by, seal, item, version, log, e);
    arena_release(&a);
    return c;
}

enum code seal_uses(struct db *db, struct arena *a, int64_t item, const struct item_text *t,
    struct seal_use **out, size_t *n, struct err *e)
{
    struct seal_use *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT u.seal, u.item, u.version, u.at, u.by_person, s.name, s.png, s.stamp,"
        " coalesce(p.name, '') FROM seal_use u JOIN seal s ON s.id = u.seal"
        " LEFT JOIN person p ON p.id = u.by_person"
        " WHERE u.item = ?1 AND u.version = ?2 AND u.at >= ?4 ORDER BY u.at, u.id LIMIT ?3");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, t->final);
    stmt_bind_int(q, 4, t->final_ms); /* the same text signed anew wants a seal anew */
    stmt_bind_int(q, 3, SEALS_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = (struct seal_use){.seal = stmt_int(q, 0),
            .item = stmt_int(q, 1),
            .version = stmt_int(q, 2),
            .at_ms = stmt_int(q, 3),
            .by = stmt_int(q, 4),
            .name = arena_str(a, stmt_str(q, 5)),
            .blob = arena_str(a, stmt_str(q, 6)),
            .stamp = stmt_int(q, 7) != 0,
            .by_name = arena_str(a, stmt_str(q, 8))};
    *out = v;
    TRY(stmt_end(q, e));
    *n = k;
    return OK;
}
