#include "store/store_int.h"

#include <time.h>

const char migration_table_sql[] = "CREATE TABLE IF NOT EXISTS migration("
                                   "number @ID, name @TEXT NOT NULL, applied_ms @INT NOT NULL)";

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum code read_version(struct db *db, int *version, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT coalesce(max(number), 0) FROM migration");
    int64_t v = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    *version = (int)v;
    return OK;
}

enum code store_schema_version(struct store *st, int *version, struct err *e)
{
    struct db *db;
    TRY(store_read(st, &db, e));
    enum code c = read_version(db, version, e);
    store_read_end(db);
    return c;
}

static enum code note(struct db *db, const struct migration *m, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO migration(number, name, applied_ms) VALUES(?1, ?2, ?3)");
    stmt_bind_int(q, 1, m->number);
    stmt_bind_str(q, 2, str_z(m->name));
    stmt_bind_int(q, 3, now_ms());
    return stmt_run(q, NULL, e);
}

/* One step with its note, unless another process was first. */
static enum code apply(struct db *db, void *arg, struct err *e)
{
    const struct migration *m = arg;
    struct str rest = str_z(m->sql), one;
    struct buf sql;
    enum code c = OK;
    int version;
    TRY(read_version(db, &version, e));
    if (version >= m->number)
        return OK;
    buf_init(&sql, 0);
    while (c == OK && sql_next(&rest, &one)) {
        buf_clear(&sql);
        c = sql_expand(one, db_is_pg(db), &sql, e);
        if (c == OK)
            c = db_exec(db, sql.p, e);
    }
    buf_release(&sql);
    if (c == OK)
        c = note(db, m, e);
    if (c != OK)
        return err_context(e, "更新数据库到第%d号结构（%s）", m->number, m->name);
    return OK;
}

enum code store_migrate(struct store *st, const struct migration *list, size_t n, struct err *e)
{
    int have, want = (int)n;
    for (size_t i = 0; i < n; i++)
        CHECK_BUG(e, list[i].number == (int)i + 1);
    TRY(store_schema_version(st, &have, e));
    if (have > want)
        return FAIL(e, E_INPUT,
            "数据目录由更新版本的程序建立（第%d号结构，本程序只到第%d号），请升级程序后再打开",
            have, want);
    if (have < want && st->read_only)
        return FAIL(e, E_INPUT,
            "数据目录的结构较旧（第%d号，本程序要第%d号），请先运行 qianshao migrate 更新", have,
            want);
    for (int i = have; i < want; i++) {
        struct migration step = list[i];
        TRY(store_write_alone(st, apply, &step, e));
    }
    return OK;
}
