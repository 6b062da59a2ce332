#include "office/category.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"

enum { CATEGORY_NAME_CP = 40, CATEGORY_MAX = 1000, CATEGORY_DEPTH = 5 };

struct list {
    struct category *v;
    size_t n, cap;
};

/* Depth-first over rows that come ordered by (parent, position): a thousand rows at the most. */
/* NOLINTNEXTLINE(misc-no-recursion): CATEGORY_DEPTH ends it */
static void take_children(
    struct arena *a, const struct list *all, int64_t parent, int depth, struct list *out)
{
    if (depth > CATEGORY_DEPTH)
        return; /* a loop cannot be made through category_add; a damaged table must not hang us */
    for (size_t i = 0; i < all->n; i++) {
        struct category c = all->v[i];
        if (c.parent != parent)
            continue;
        c.depth = depth;
        ARENA_PUSH(a, out->v, out->n, out->cap) = c;
        take_children(a, all, c.id, depth + 1, out);
    }
}

enum code category_list(
    struct db *db, struct arena *a, struct category **out, size_t *n, struct err *e)
{
    struct list all = {0};
    struct list tree = {0};
    struct stmt *q = db_sql(db, "SELECT c.id, c.parent, c.name, (SELECT count(*) FROM document d"
                                " WHERE d.category = c.id AND d.deleted = 0)"
                                " FROM category c ORDER BY c.parent, c.position, c.id");

    while (stmt_step(q)) {
        ARENA_PUSH(a, all.v, all.n, all.cap) = (struct category){.id = stmt_int(q, 0),
            .parent = stmt_int(q, 1),
            .name = arena_str(a, stmt_str(q, 2)),
            .documents = stmt_int(q, 3)};
    }
    TRY(stmt_end(q, e));
    take_children(a, &all, 0, 0, &tree);
    *out = tree.v;
    *n = tree.n;
    return OK;
}

static enum code check_name(struct str *name, struct err *e)
{
    *name = str_trim(*name);
    if (name->n == 0)
        return FAIL(e, E_INPUT, "类别名称不能为空");
    if (utf8_check(*name) != SIZE_MAX)
        return FAIL(e, E_INPUT, "类别名称不是有效的文字");
    if (utf8_len_cp(*name) > CATEGORY_NAME_CP)
        return FAIL(e, E_LIMIT, "类别名称“%.*s”超过%d个字", SF(*name), CATEGORY_NAME_CP);
    return OK;
}

static enum code depth_of(struct db *db, int64_t id, int *depth, struct err *e)
{
    *depth = 0;
    while (id != 0) {
        struct stmt *q = db_sql(db, "SELECT parent FROM category WHERE id = ?1");
        bool found;
        stmt_bind_int(q, 1, id);
        found = stmt_step(q);
        id = found ? stmt_int(q, 0) : 0;
        TRY(stmt_end(q, e));
        if (!found)
            return FAIL(e, E_NOTFOUND, "上级类别不存在，可能已被删除");
        if (++*depth > CATEGORY_DEPTH)
            return FAIL(e, E_LIMIT, "类别最多%d层", CATEGORY_DEPTH);
    }
    return OK;
}

enum code category_add(
    struct db *db, int64_t parent, struct str name, int64_t by, int64_t *id, struct err *e)
{
    struct stmt *q;
    int64_t n = 0;
    int64_t made = 0;
    int depth;
    enum code c;

    TRY(check_name(&name, e));
    TRY(depth_of(db, parent, &depth, e));
    if (depth >= CATEGORY_DEPTH)
        return FAIL(e, E_LIMIT, "类别最多%d层", CATEGORY_DEPTH);
    q = db_sql(db, "SELECT count(*), coalesce(max(id), 0) FROM category");
    if (stmt_step(q)) {
        n = stmt_int(q, 0);
        made = stmt_int(q, 1) + 1; /* small numbers: they must fit corpus_attr.category */
    }
    TRY(stmt_end(q, e));
    if (n >= CATEGORY_MAX)
        return FAIL(e, E_LIMIT, "类别已有%d个，不能再加", CATEGORY_MAX);
    q = db_sql(db, "INSERT INTO category (id, parent, name, position) VALUES (?1, ?2, ?3, ?1)");
    stmt_bind_int(q, 1, made);
    stmt_bind_int(q, 2, parent);
    stmt_bind_str(q, 3, name);
    c = stmt_run(q, NULL, e);
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "同一上级下已有类别“%.*s”", SF(name));
    TRY(c);
    *id = made;
    return audit_simple(db, by, "category.add", "category", made, S(""), e);
}

enum code category_rename(struct db *db, int64_t id, struct str name, int64_t by, struct err *e)
{
    struct stmt *q;
    int64_t changed = 0;
    enum code c;

    TRY(check_name(&name, e));
    q = db_sql(db, "UPDATE category SET name = ?2 WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, name);
    c = stmt_run(q, &changed, e);
    if (c == E_CONFLICT)
        return FAIL(e, E_CONFLICT, "同一上级下已有类别“%.*s”", SF(name));
    TRY(c);
    if (changed == 0)
        return FAIL(e, E_NOTFOUND, "类别不存在，可能已被删除");
    return audit_simple(db, by, "category.rename", "category", id, S(""), e);
}

enum code category_remove(struct db *db, int64_t id, int64_t by, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT (SELECT count(*) FROM category WHERE parent = ?1),"
                   " (SELECT count(*) FROM document WHERE category = ?1 AND deleted = 0)");
    int64_t below = 0;
    int64_t inside = 0;
    int64_t changed = 0;

    stmt_bind_int(q, 1, id);
    if (stmt_step(q)) {
        below = stmt_int(q, 0);
        inside = stmt_int(q, 1);
    }
    TRY(stmt_end(q, e));
    if (below > 0)
        return FAIL(e, E_CONFLICT, "类别下还有%lld个子类别，请先移走", (long long)below);
    if (inside > 0)
        return FAIL(e, E_CONFLICT, "类别下还有%lld件资料，请先移走", (long long)inside);
    q = db_sql(db, "DELETE FROM category WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, &changed, e));
    if (changed == 0)
        return FAIL(e, E_NOTFOUND, "类别不存在，可能已被删除");
    return audit_simple(db, by, "category.remove", "category", id, S(""), e);
}
