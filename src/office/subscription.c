#include "office/subscription.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "office/access.h"
#include "office/category.h"

enum { SUBSCRIPTION_MAX = 200, VALUE_CP = 60, NEWS_LOOK_BACK_DAYS = 30 };

static const char *const kind_names[N_SUBSCRIBE] = {"", "发文机关", "关键词", "类别"};

const char *subscription_kind_name(enum subscription_kind k)
{
    return kind_names[k];
}

enum code subscription_list(struct db *db, struct arena *a, int64_t person,
    struct subscription **out, size_t *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT s.id, s.kind, s.value, s.created, coalesce(c.name, '')"
                                " FROM subscription s LEFT JOIN category c"
                                " ON s.kind = 3 AND CAST(c.id AS TEXT) = s.value WHERE s.person = "
                                "?1 ORDER BY s.kind, s.id");
    struct subscription *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    stmt_bind_int(q, 1, person);
    while (stmt_step(q)) {
        enum subscription_kind kind = (enum subscription_kind)stmt_int(q, 1);
        struct str value = stmt_str(q, kind == SUBSCRIBE_CATEGORY ? 4 : 2);
        ARENA_PUSH(a, v, k, cap) =
            (struct subscription){stmt_int(q, 0), kind, arena_str(a, value), stmt_int(q, 3)};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code subscription_add(struct db *db, int64_t person, enum subscription_kind kind,
    struct str value, int64_t *id, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT count(*) FROM subscription WHERE person = ?1");
    int64_t n = 0;
    int64_t made = id_next();
    enum code c;

    value = str_trim(value);
    stmt_bind_int(q, 1, person);
    if (stmt_step(q))
        n = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    if (n >= SUBSCRIPTION_MAX)
        return FAIL(e, E_LIMIT, "订阅已有%d条，请先删去不用的", SUBSCRIPTION_MAX);
    if (kind < SUBSCRIBE_ISSUER || kind >= N_SUBSCRIBE)
        return FAIL(e, E_INPUT, "订阅的种类不对，应为发文机关、关键词或类别");
    if (value.n == 0)
        return FAIL(e, E_INPUT, "请填写要订阅的%s", kind_names[kind]);
    if (utf8_check(value) != SIZE_MAX || utf8_len_cp(value) > VALUE_CP)
        return FAIL(e, E_LIMIT, "订阅的%s超过%d个字", kind_names[kind], VALUE_CP);
    q = db_sql(db, "INSERT INTO subscription (id, person, kind, value, created)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_bind_int(q, 1, made);
    stmt_bind_int(q, 2, person);
    stmt_bind_int(q, 3, kind);
    stmt_bind_str(q, 4, value);
    stmt_bind_int(q, 5, clock_now_ms());
    c = stmt_run(q, NULL, e);
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "已经订阅了%s“%.*s”", kind_names[kind], SF(value));
    if (c == OK)
        *id = made;
    return c;
}

enum code subscription_remove(struct db *db, int64_t person, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM subscription WHERE id = ?1 AND person = ?2");
    int64_t changed = 0;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, person);
    TRY(stmt_run(q, &changed, e));
    return changed ? OK : FAIL(e, E_NOTFOUND, "这条订阅不存在，可能已被删除");
}

enum code subscription_seen(struct db *db, int64_t person, int64_t now_ms, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO subscription_mark (person, seen) VALUES (?1, ?2)"
                                " ON CONFLICT (person) DO UPDATE SET seen = excluded.seen");

    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, now_ms);
    return stmt_run(q, NULL, e);
}

static enum code mark_of(struct db *db, int64_t person, int64_t *seen_ms, struct err *e)
{
    struct stmt *q =
        db_sql(db, DB_PLAN_ONCE "SELECT seen FROM subscription_mark WHERE person = ?1");

    /* Who never looked is shown the last days, not ten years. */
    *seen_ms = clock_now_ms() - NEWS_LOOK_BACK_DAYS * MS_DAY;
    stmt_bind_int(q, 1, person);
    if (stmt_step(q))
        *seen_ms = stmt_int(q, 0);
    return stmt_end(q, e);
}

struct gathering {
    struct news *v;
    size_t n, cap;
};

static bool have(const struct gathering *g, int64_t doc)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].doc.id == doc)
            return true;
    return false;
}

static enum code gather(struct office *o, struct arena *a, const struct viewer *v,
    const struct subscription *s, int64_t category, int64_t id_from, struct gathering *g,
    struct err *e)
{
    struct library_filter f = library_filter_any();
    struct library_page page;

    if (s->kind == SUBSCRIBE_ISSUER)
        f.issuer = s->value;
    if (s->kind == SUBSCRIBE_CATEGORY)
        f.category = category;
    TRY(library_new_since(o, a, v, s->kind == SUBSCRIBE_WORD ? s->value : S(""), &f, id_from,
        DOCUMENT_MANY, &page, e));
    for (size_t i = 0; i < page.n; i++) {
        if (have(g, page.hits[i].doc.id))
            continue;
        ARENA_PUSH(a, g->v, g->n, g->cap) = (struct news){.doc = page.hits[i].doc,
            .because = arena_printf(a, "%s：%.*s", kind_names[s->kind], SF(s->value))};
    }
    return OK;
}

static int newest_first(const void *x, const void *y)
{
    const struct news *a = x;
    const struct news *b = y;

    return (a->doc.id < b->doc.id) - (a->doc.id > b->doc.id);
}

/* The category's number: the list shows its name. */
static enum code category_ids(
    struct db *db, struct arena *a, int64_t person, int64_t **out, struct err *e)
{
    struct stmt *q = db_sql(db,
        DB_PLAN_ONCE "SELECT kind, value FROM subscription WHERE person = ?1 ORDER BY kind, id");
    int64_t *v = ARENA_ARRAY(a, int64_t, SUBSCRIPTION_MAX);
    size_t n = 0;

    stmt_bind_int(q, 1, person);
    while (stmt_step(q) && n < SUBSCRIPTION_MAX) {
        struct err ignored;
        int64_t id = 0;
        if (stmt_int(q, 0) == SUBSCRIBE_CATEGORY && str_int(stmt_str(q, 1), &id, &ignored) != OK)
            id = 0;
        v[n++] = id;
    }
    *out = v;
    return stmt_end(q, e);
}

enum code subscription_news(struct office *o, struct arena *a, const struct viewer *v, size_t limit,
    struct news **out, size_t *n, int64_t *total, struct err *e)
{
    struct gathering g = {0};
    struct subscription *subs = NULL;
    size_t n_subs = 0;
    int64_t *categories = NULL;
    int64_t seen = 0;
    int64_t person = v->person;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = subscription_list(db, a, person, &subs, &n_subs, e);
    if (c == OK)
        c = category_ids(db, a, person, &categories, e);
    if (c == OK)
        c = mark_of(db, person, &seen, e);
    store_read_end(db);
    TRY(c);
    for (size_t i = 0; i < n_subs; i++)
        TRY(gather(o, a, v, &subs[i], categories[i], id_at_ms(seen), &g, e));
    if (g.n)
        qsort(g.v, g.n, sizeof(*g.v), newest_first);
    *total = (int64_t)g.n;
    *n = g.n < limit ? g.n : limit;
    *out = g.v;
    return OK;
}
