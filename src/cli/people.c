#include "cli/people.h"

#include "base/clock.h"

/* ---- one person ---- */

struct add {
    struct person p;
    struct str unit_code, office;
};

/* The unit of that code; the first of the tree for an empty one, which is made where there is none yet. */
static enum code unit_of(
    struct db *db, struct arena *a, const struct add *x, int64_t *id, struct err *e)
{
    struct unit *v, first = {.code = S("0"), .name = x->office, .active = true};
    size_t n;
    TRY(unit_list(db, a, false, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (!x->unit_code.n || str_eq(v[i].code, x->unit_code)) {
            *id = v[i].id;
            return OK;
        }
    if (x->unit_code.n || !x->office.n)
        return FAIL(e, E_INPUT, "没有代码为“%.*s”的单位", SF(x->unit_code));
    TRY(unit_save(db, &first, 0, e));
    *id = first.id;
    return OK;
}

static enum code add_person(struct db *db, void *arg, struct err *e)
{
    struct add *x = arg;
    struct arena a;
    enum code c;
    x->p.id = 0; /* this may run again */
    arena_init(&a);
    c = unit_of(db, &a, x, &x->p.unit, e);
    if (c == OK)
        c = person_save(db, &x->p, 0, e);
    arena_release(&a);
    return c;
}

enum code people_reset(
    struct office *o, int64_t person, char password[ONE_TIME_SIZE], struct err *e)
{
    struct hasher *h;
    TRY(hasher_new(NULL, &h, e));
    struct door d = door_default(o->store, h);
    enum code c = person_reset_password(&d, person, 0, clock_now_ms(), password, e);
    hasher_free(h);
    return c;
}

enum code people_add(struct office *o, struct person *p, const struct people_place *at,
    char password[ONE_TIME_SIZE], struct err *e)
{
    struct add x = {*p, at->unit_code, at->office};
    TRY(store_write(o->store, add_person, &x, e));
    p->id = x.p.id;
    return people_reset(o, p->id, password, e);
}

/* ---- many ---- */

static enum code import_tables(struct db *db, void *arg, struct err *e)
{
    struct people_tables *t = arg;
    t->unit_tally = t->person_tally = (struct import_tally){0};
    if (t->units.n)
        TRY(unit_import(db, t->units, t->units_file, 0, &t->unit_tally, e));
    if (t->people.n)
        TRY(person_import(db, t->people, t->people_file, 0, &t->person_tally, e));
    return OK;
}

enum code people_import(struct office *o, struct people_tables *t, struct err *e)
{
    return store_write(o->store, import_tables, t, e);
}

static enum code list_all(
    struct office *o, struct arena *a, struct person **v, size_t *n, struct err *e)
{
    struct db *db;
    TRY(store_read(o->store, &db, e));
    enum code c = person_list(db, a, 0, true, v, n, e);
    store_read_end(db);
    return c;
}

enum code people_count(struct office *o, int64_t *n, struct err *e)
{
    struct arena a;
    struct person *v;
    size_t k = 0;
    arena_init(&a);
    enum code c = list_all(o, &a, &v, &k, e);
    arena_release(&a);
    if (c == OK)
        *n = (int64_t)k;
    return c;
}

enum code people_demo_passwords(
    struct office *o, struct str password, int64_t *given, struct err *e)
{
    struct hasher *h;
    struct arena a;
    struct person *v;
    size_t n = 0;
    int64_t done = 0;
    TRY(hasher_new(NULL, &h, e));
    struct door d = door_default(o->store, h);
    arena_init(&a);
    enum code c = list_all(o, &a, &v, &n, e);
    for (size_t i = 0; c == OK && i < n; i++)
        if (!v[i].has_password) {
            c = person_set_password(&d, v[i].id, password, false, 0, e);
            done++;
        }
    arena_release(&a);
    hasher_free(h);
    if (c == OK)
        *given = done;
    return c;
}

enum code people_demo_logins(struct office *o, struct buf *out, struct err *e)
{
    struct arena a;
    struct person *v;
    size_t n = 0;
    uint32_t told = 0;
    arena_init(&a);
    enum code c = list_all(o, &a, &v, &n, e);
    for (size_t i = 0; c == OK && i < n; i++) {
        if (!v[i].active || !v[i].has_password || !(v[i].roles & ~told))
            continue;
        buf_printf(out, "%s%.*s（", told ? "、" : "", SF(v[i].login));
        roles_write(out, v[i].roles);
        buf_z(out, "）");
        told |= v[i].roles;
    }
    arena_release(&a);
    return c;
}
