/* officedb.h - an empty office database for a test, with two levels of units in it:
 * 1 集团 > 2 党委办公室 > 3 秘书科, and 4 财务部 beside 2. */
#ifndef OFFICEDB_H
#define OFFICEDB_H

#include "office/person.h"
#include "office/schema.h"
#include "office/session.h"
#include "testdb.h"

struct officedb {
    struct testdb t;
    struct store *st;
    struct hasher *hasher;
    struct door door;
    struct arena a;
};

enum { UNIT_ROOT = 1, UNIT_PARTY, UNIT_SECTION, UNIT_FINANCE };

static inline enum code officedb_units(struct db *db, void *arg, struct err *e)
{
    const struct unit units[] = {
        {.id = 1, .code = S("G"), .name = S("云岭集团"), .rank = 1},
        {.id = 2, .parent = 1, .code = S("G-DB"), .name = S("党委办公室"), .rank = 10},
        {.id = 3, .parent = 2, .code = S("G-MS"), .name = S("秘书科"), .rank = 11},
        {.id = 4, .parent = 1, .code = S("G-CW"), .name = S("财务部"), .rank = 20},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        struct stmt *q = db_sql(db,
            "INSERT INTO unit(id, parent, code, name, short_name, initials, rank, active)"
            " VALUES(?1, ?2, ?3, ?4, ?4, '', ?5, 1)");
        stmt_bind_int(q, 1, units[i].id);
        stmt_bind_int(q, 2, units[i].parent);
        stmt_bind_str(q, 3, units[i].code);
        stmt_bind_str(q, 4, units[i].name);
        stmt_bind_int(q, 5, units[i].rank);
        TRY(stmt_run(q, NULL, e));
    }
    return OK;
}

static inline void officedb_open(struct officedb *o)
{
    struct err e = {.code = OK};
    struct password_cost quick = {.memory_kib = 64, .passes = 1, .lanes = 1};
    testdb_open(&o->t, testdb_pg());
    o->st = o->t.st;
    arena_init(&o->a);
    if (store_migrate(o->st, office_migrations, office_n_migrations, &e) != OK ||
        store_write(o->st, officedb_units, NULL, &e) != OK ||
        hasher_new(&quick, &o->hasher, &e) != OK)
        testdb_die("office", &e);
    o->door = door_default(o->st, o->hasher);
}

static inline void officedb_close(struct officedb *o)
{
    arena_release(&o->a);
    hasher_free(o->hasher);
    testdb_close(&o->t);
}

struct officedb_save {
    struct person p;
};
static inline enum code officedb_save_fn(struct db *db, void *arg, struct err *e)
{
    struct officedb_save *s = arg;
    int64_t id = s->p.id;
    enum code c = person_save(db, &s->p, 0, e);
    if (c != OK)
        s->p.id = id;
    return c;
}

/* A person with these roles, in this unit; ends the test if that fails. */
static inline int64_t officedb_person(
    struct officedb *o, const char *login, int64_t unit, uint32_t roles)
{
    struct err e = {.code = OK};
    struct officedb_save s = {.p = {.login = str_z(login),
                                  .name = S("张三"),
                                  .unit = unit,
                                  .roles = roles,
                                  .active = true}};
    if (store_write(o->st, officedb_save_fn, &s, &e) != OK)
        testdb_die("person", &e);
    return s.p.id;
}

#endif
