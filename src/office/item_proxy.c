/* 代录: who enters the words of another, and who has looked whether they are his. Table item_proxy. */
#include "office/item_int.h"
#include "office/remark.h"

enum { PROXIES_MAX = 500 };

enum code proxy_note(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_proxy(item, seq, for_person, entered_by, at, verified_by, verified,"
        " verdict) VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0)");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, w->it.revision);
    stmt_bind_int(q, 3, w->by->for_person);
    stmt_bind_int(q, 4, w->by->v->person);
    stmt_bind_int(q, 5, w->by->now_ms);
    return stmt_run(q, NULL, e);
}

#define COLUMNS                                                                   \
    "x.item, x.seq, x.for_person, x.entered_by, x.at, x.verified_by, x.verified," \
    " x.verdict, coalesce(f.name, ''), coalesce(b.name, '')"
#define FROM                                                       \
    " FROM item_proxy x LEFT JOIN person f ON f.id = x.for_person" \
    " LEFT JOIN person b ON b.id = x.entered_by"

static struct item_proxy row_proxy(struct stmt *q, struct arena *a)
{
    return (struct item_proxy){.item = stmt_int(q, 0),
        .seq = stmt_int(q, 1),
        .for_person = stmt_int(q, 2),
        .entered_by = stmt_int(q, 3),
        .at_ms = stmt_int(q, 4),
        .verified_by = stmt_int(q, 5),
        .verified_ms = stmt_int(q, 6),
        .right = stmt_int(q, 7) == 1,
        .for_name = arena_str(a, stmt_str(q, 8)),
        .by_name = arena_str(a, stmt_str(q, 9))};
}

static bool may_verify(const struct work *w, const struct item_proxy *p)
{
    if (p->entered_by == w->by->v->person && !w->by->v->owner)
        return false;
    return w->by->v->person == p->for_person || work_right(w, ITEM_VERIFY, 0);
}

static enum code verify(struct verb *v, int64_t seq, bool right, struct str note, struct err *e)
{
    struct work *w = &v->w;
    struct item_proxy p = {0};
    struct stmt *q = db_sql(w->db, "SELECT " COLUMNS FROM " WHERE x.item = ?1 AND x.seq = ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, seq);
    bool there = stmt_step(q);
    if (there)
        p = row_proxy(q, &v->a);
    TRY(stmt_end(q, e));
    if (!there)
        return FAIL(e, E_NOTFOUND, "这一条不是代录的，不必核实");
    if (p.verified_ms)
        return FAIL(e, E_CONFLICT, "这一条代录已经核实过");
    if (!may_verify(w, &p))
        return FAIL(
            e, E_DENIED, "代录要由录入人以外的人核实：%.*s本人、秘书或科长", SF(p.for_name));
    TRY(verb_reason(v, note, !right, e));
    jw_kint(&v->j, "seq", seq);
    jw_kbool(&v->j, "right", right);
    q = db_sql(w->db, "UPDATE item_proxy SET verified_by = ?3, verified = ?4, verdict = ?5"
                      " WHERE item = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, seq);
    stmt_bind_int(q, 3, w->by->v->person);
    stmt_bind_int(q, 4, w->by->now_ms);
    stmt_bind_int(q, 5, right);
    TRY(stmt_run(q, NULL, e));
    return remark_verified(w->db, w->it.id, seq, right, e);
}

enum code item_verify(struct db *db, const struct actor *by, int64_t id, int64_t seq, bool right,
    struct str note, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, id, e);
    if (c == OK)
        c = verify(&v, seq, right, note, e);
    return verb_end(&v, c, "verify", e);
}

static enum code gather(
    struct stmt *q, struct arena *a, struct item_proxy **out, size_t *n, struct err *e)
{
    struct item_proxy *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row_proxy(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* Whatever waits anywhere, judged one by one: there are few, they are looked at within days. */
static enum code waiting(struct db *db, struct arena *a, const struct actor *by,
    struct item_proxy **out, size_t *n, struct err *e)
{
    size_t all, kept = 0;
    struct item_proxy *v;
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT " COLUMNS FROM " WHERE x.verified = 0 AND x.entered_by"
                                " <> ?1 ORDER BY x.at, x.item, x.seq LIMIT ?2");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, PROXIES_MAX);
    TRY(gather(q, a, &v, &all, e));
    for (size_t i = 0; i < all; i++) {
        struct work w;
        TRY(work_load(&w, db, a, by, v[i].item, e));
        if (work_sees(&w) && may_verify(&w, &v[i]))
            v[kept++] = v[i];
    }
    *out = v;
    *n = kept;
    return OK;
}

enum code item_proxy_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct item_proxy **out, size_t *n, struct err *e)
{
    struct work w;
    if (item == 0)
        return waiting(db, a, by, out, n, e);
    TRY(work_begin(&w, db, a, by, item, e));
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE x.item = ?1 ORDER BY x.seq LIMIT ?2");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, PROXIES_MAX);
    return gather(q, a, out, n, e);
}
