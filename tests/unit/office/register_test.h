/* register_test.h - an office with the delivered kinds and people, for tests of registering and of paper originals. */
#ifndef REGISTER_TEST_H
#define REGISTER_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "office/person.h"
#include "office/register.h"
#include "testdb.h"

enum { CHIEF, SECRETARY, LEADER, DEPUTY, STAFF, N_PEOPLE };

struct desk {
    struct testdb t;
    struct office *o;
    struct arena a;
    int64_t now_ms;
    struct viewer viewer[N_PEOPLE];
    struct actor actor[N_PEOPLE];
    int64_t id; /* of what was registered last */
    enum code (*fn)(struct db *db, struct desk *d, struct err *e);
    int who;
    void *arg;
};

/* 2026-11-23, a Monday, 09:00 in China. */
#define DESK_NOW INT64_C(1795395600000)

static inline enum code desk_people(struct db *db, void *arg, struct err *e)
{
    static const struct {
        struct str login, name;
        uint32_t roles;
    } people[N_PEOPLE] = {{SC("chief"), SC("裘志衡"), ROLE_CHIEF},
        {SC("secretary"), SC("张三"), ROLE_SECRETARY}, {SC("leader"), SC("江映溪"), ROLE_LEADER},
        {SC("deputy"), SC("贺知远"), ROLE_LEADER}, {SC("staff"), SC("童伯明"), ROLE_STAFF}};
    struct desk *d = arg;
    struct unit u = {
        .code = S("A"), .name = S("办公室秘书科"), .short_name = S("秘书科"), .active = true};

    TRY(kind_seed(db, e));
    TRY(unit_save(db, &u, 0, e));
    for (int i = 0; i < N_PEOPLE; i++) {
        struct person p = {.login = people[i].login,
            .name = people[i].name,
            .unit = u.id,
            .roles = people[i].roles,
            .active = true};
        TRY(person_save(db, &p, 0, e));
        d->viewer[i] = (struct viewer){.person = p.id, .unit = u.id, .roles = p.roles};
        d->actor[i] = (struct actor){.v = &d->viewer[i],
            .kinds = d->o->kinds,
            .calendar = d->o->calendar,
            .hours = &d->o->hours,
            .now_ms = d->now_ms};
    }
    return OK;
}

static inline int desk_open(void **state)
{
    struct desk *d = mem_alloc(sizeof(*d));
    struct err e = {0};
    struct office_options opt = {.exe = "/proc/self/exe", .create = true};

    testdb_open(&d->t, testdb_pg());
    store_close(d->t.st);
    d->t.st = NULL;
    arena_init(&d->a);
    d->now_ms = DESK_NOW;
    opt.dir = str_z(d->t.dir);
    opt.url = str_z(d->t.url);
    if (office_open(&opt, &d->o, &e) != OK || store_write(d->o->store, desk_people, d, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
    *state = d;
    return 0;
}

static inline int desk_close(void **state)
{
    struct desk *d = *state;
    struct err e;

    office_close(d->o);
    arena_release(&d->a);
    testdb_close(&d->t);
    assert_int_equal(io_remove_tree(d->t.dir, &e), OK);
    free(d);
    return 0;
}

static inline const struct actor *desk_as(struct desk *d, int who)
{
    d->actor[who].now_ms = d->now_ms;
    return &d->actor[who];
}

static inline enum code desk_fn(struct db *db, void *arg, struct err *e)
{
    struct desk *d = arg;
    return d->fn(db, d, e);
}

static inline enum code desk_run(struct desk *d, int who,
    enum code (*fn)(struct db *, struct desk *, struct err *), void *arg, struct err *e)
{
    d->who = who;
    d->fn = fn;
    d->arg = arg;
    e->msg[0] = 0;
    return store_write(d->o->store, desk_fn, d, e);
}

static inline void desk_must(
    struct desk *d, int who, enum code (*fn)(struct db *, struct desk *, struct err *), void *arg)
{
    struct err e = {0};
    if (desk_run(d, who, fn, arg, &e) != OK)
        fail_msg("%s (%s:%d)", e.msg, e.file, e.line);
}

static inline void desk_refused(struct desk *d, int who,
    enum code (*fn)(struct db *, struct desk *, struct err *), void *arg, enum code code,
    const char *words)
{
    struct err e = {0};
    assert_int_equal(desk_run(d, who, fn, arg, &e), code);
    if (!strstr(e.msg, words))
        fail_msg("%s", e.msg);
}

static inline struct db *desk_read(struct desk *d)
{
    struct db *db = NULL;
    struct err e = {0};
    if (store_read(d->o->store, &db, &e) != OK)
        fail_msg("%s", e.msg);
    return db;
}

static inline enum code desk_register(struct db *db, struct desk *d, struct err *e)
{
    return register_save(db, desk_as(d, d->who), d->arg, &d->id, e);
}

static inline int64_t desk_paper(struct desk *d, const char *title, const char *docno)
{
    struct register_new r = {.subject = str_z(title),
        .sender = S("云岭省国资委"),
        .docno = str_z(docno),
        .received = S("2026-11-23")};
    desk_must(d, SECRETARY, desk_register, &r);
    return d->id;
}

static inline struct item desk_item(struct desk *d, int64_t id)
{
    struct item it = {0};
    struct err e = {0};
    struct db *db = desk_read(d);
    if (item_get(db, &d->a, desk_as(d, CHIEF), id, &it, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return it;
}

static inline int64_t desk_count(struct desk *d, const char *sql)
{
    struct err e = {0};
    struct db *db = desk_read(d);
    struct stmt *q = db_sql(db, sql);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : -1;
    if (stmt_end(q, &e) != OK)
        fail_msg("%s", e.msg);
    store_read_end(db);
    return n;
}

#endif
