#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "office/document.h"
#include "officedb.h"

static int set_up(void **state)
{
    struct officedb *o = mem_alloc(sizeof(*o));
    officedb_open(o);
    *state = o;
    return 0;
}

static int tear_down(void **state)
{
    officedb_close(*state);
    free(*state);
    return 0;
}

static void actions_follow_the_table(void **state)
{
    struct viewer admin = {.person = 1, .roles = ROLE_ADMIN}, staff = {.person = 2};
    struct viewer auditor = {.person = 3, .roles = ROLE_AUDITOR}, owner = viewer_owner();
    struct viewer both = {.person = 4, .roles = ROLE_ADMIN | ROLE_SECRETARY};
    struct err e;
    (void)state;
    assert_true(access_may(&admin, ACT_PEOPLE));
    assert_false(access_may(&admin, ACT_READ));
    assert_false(access_may(&admin, ACT_AUDIT));
    assert_true(access_may(&auditor, ACT_AUDIT));
    assert_false(access_may(&auditor, ACT_PEOPLE));
    assert_false(access_may(&auditor, ACT_READ));
    assert_true(access_may(&staff, ACT_READ));
    assert_false(access_may(&staff, ACT_IMPORT));
    assert_true(access_may(&both, ACT_IMPORT));
    for (int i = 0; i < N_ACTION; i++)
        assert_true(access_may(&owner, (enum action)i));
    assert_int_equal(access_require(&staff, ACT_DELETE, &e), E_DENIED);
    assert_non_null(strstr(e.msg, "删除资料"));
}

/* ---- the one rule, twice ---- */

enum { DOCS = 120, PEOPLE = 24 };

struct world {
    uint32_t seed;
    int64_t people[PEOPLE];
    int64_t units[PEOPLE];
    uint32_t roles[PEOPLE];
    int level[DOCS + 1];
    int64_t registrar[DOCS + 1];
    bool deleted[DOCS + 1];
};

static uint32_t draw(struct world *w, uint32_t n)
{
    w->seed = w->seed * 1664525 + 1013904223;
    return (w->seed >> 8) % n;
}

static enum code insert_document(struct db *db, const struct world *w, int64_t id, struct err *e)
{
    char blob[24];
    struct stmt *q = db_sql(db,
        "INSERT INTO document(id, title, title_key, printed_key, docno, docno_key, issuer, day, "
        "genre,"
        " addressee, level, status, superseded_by, category, authority, unproofed, format, blob,"
        " file_name, source, size, chars, text_version, origin, parent, registrar, registered,"
        " revision, changed_by, changed, deleted) VALUES(?1, '', '', '', '', '', 0, '', 0, '', ?2, "
        "0,"
        " 0, 0, 0, 0, '', ?3, '', '', 0, 0, 1, 0, 0, ?4, 0, 1, 0, 0, ?5)");
    (void)snprintf(blob, sizeof(blob), "%lld", (long long)id);
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, w->level[id]);
    stmt_bind_str(q, 3, str_z(blob));
    stmt_bind_int(q, 4, w->registrar[id]);
    stmt_bind_int(q, 5, w->deleted[id]);
    return stmt_run(q, NULL, e);
}

static enum code world_fn(struct db *db, void *arg, struct err *e)
{
    struct world w = *(struct world *)arg;
    for (int64_t id = 1; id <= DOCS; id++)
        TRY(insert_document(db, &w, id, e));
    for (int i = 0; i < 60; i++) {
        enum principal kind = draw(&w, 2) ? PRINCIPAL_UNIT : PRINCIPAL_PERSON;
        int64_t whom = kind == PRINCIPAL_UNIT ? 1 + draw(&w, 4) : w.people[draw(&w, PEOPLE)];
        int64_t doc = 1 + draw(&w, DOCS); /* of any level, also twice */
        if (whom == UNIT_ROOT)            /* would open it to all: leave a few only */
            doc = 1;
        TRY(access_grant(db, doc, kind, whom, 0, e));
        if (draw(&w, 8) == 0)
            TRY(access_revoke(db, doc, kind, whom, 0, e));
    }
    return OK;
}

static void make_world(struct officedb *o, struct world *w)
{
    static const uint32_t some_roles[] = {0, ROLE_STAFF, ROLE_ADMIN, ROLE_AUDITOR, ROLE_CHIEF,
        ROLE_SECRETARY, ROLE_LEADER, ROLE_LIAISON, ROLE_ADMIN | ROLE_STAFF,
        ROLE_CHIEF | ROLE_SECRETARY, ROLE_ADMIN | ROLE_CHIEF};
    struct err e = {.code = OK};
    for (int i = 0; i < PEOPLE; i++) {
        char login[20];
        (void)snprintf(login, sizeof(login), "p%d", i);
        w->roles[i] = some_roles[draw(w, sizeof(some_roles) / sizeof(some_roles[0]))];
        w->units[i] = 1 + draw(w, 4);
        w->people[i] = officedb_person(o, login, w->units[i], w->roles[i]);
    }
    for (int id = 1; id <= DOCS; id++) {
        w->level[id] = (int)draw(w, N_LEVEL);
        w->registrar[id] = draw(w, 8) == 0 ? 0 : w->people[draw(w, PEOPLE)];
        w->deleted[id] = draw(w, 10) == 0;
    }
    enum code c = store_write(o->st, world_fn, w, &e);
    if (c != OK)
        print_error("%s\n", e.msg);
    assert_int_equal(c, OK);
}

static bool passes(const struct corpus_filter *f, int64_t id, int level)
{
    for (size_t i = 0; i < f->n_granted; i++) {
        assert_true(i == 0 || f->granted[i - 1] < f->granted[i]);
        if (f->granted[i] == id)
            return true;
    }
    return f->levels >> level & 1;
}

/* Whoever asks, the filter lets pass exactly what the question about one document allows. */
static void compare(
    struct officedb *o, const struct world *w, const struct viewer *v, int *readable)
{
    struct corpus_filter f = {0};
    struct err e;
    struct db *db;
    bool yes;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(access_filter(db, &o->a, v, &f, &e), OK);
    for (int64_t id = 1; id <= DOCS; id++) {
        if (w->deleted[id]) /* not in the corpus */
            continue;
        assert_int_equal(access_document(db, v, id, w->level[id], w->registrar[id], &yes, &e), OK);
        assert_int_equal(yes, passes(&f, id, w->level[id]));
        *readable += yes;
    }
    store_read_end(db);
}

static void filter_and_answer_are_equal(void **state)
{
    struct officedb *o = *state;
    struct world w = {.seed = 7};
    struct viewer owner = viewer_owner();
    int of_all = 0, of_owner = 0, present = 0;
    make_world(o, &w);
    for (int i = 0; i < PEOPLE; i++) {
        struct viewer v = {.person = w.people[i], .unit = w.units[i], .roles = w.roles[i]};
        compare(o, &w, &v, &of_all);
    }
    compare(o, &w, &owner, &of_owner);
    for (int id = 1; id <= DOCS; id++)
        present += !w.deleted[id];
    assert_int_equal(of_owner, present);
    assert_in_range(of_all, PEOPLE * present / 10, PEOPLE * present * 9 / 10); /* both happen */
}

/* ---- the rule in words ---- */

static bool may(struct officedb *o, struct viewer v, int64_t doc, int level, int64_t registrar)
{
    struct db *db;
    struct err e;
    bool yes = false;
    assert_int_equal(store_read(o->st, &db, &e), OK);
    assert_int_equal(access_document(db, &v, doc, level, registrar, &yes, &e), OK);
    store_read_end(db);
    return yes;
}

struct granting {
    int64_t doc, whom;
    enum principal kind;
    bool revoke;
};

static enum code grant_fn(struct db *db, void *arg, struct err *e)
{
    const struct granting *g = arg;
    return g->revoke ? access_revoke(db, g->doc, g->kind, g->whom, 0, e)
                     : access_grant(db, g->doc, g->kind, g->whom, 0, e);
}

static void reading_goes_by_level_and_need(void **state)
{
    struct officedb *o = *state;
    struct err e;
    int64_t secretary = officedb_person(o, "mi", UNIT_SECTION, ROLE_SECRETARY);
    int64_t staff = officedb_person(o, "yuan", UNIT_FINANCE, ROLE_STAFF);
    struct viewer sec = {.person = secretary, .unit = UNIT_SECTION, .roles = ROLE_SECRETARY};
    struct viewer clerk = {.person = staff, .unit = UNIT_FINANCE, .roles = ROLE_STAFF};
    struct viewer admin = {.person = 77, .unit = UNIT_PARTY, .roles = ROLE_ADMIN};
    struct viewer head = {.person = 78, .unit = UNIT_PARTY, .roles = ROLE_CHIEF};
    struct viewer other = {.person = 79, .unit = UNIT_FINANCE, .roles = ROLE_CHIEF};
    struct viewer leader = {.person = 80, .unit = UNIT_ROOT, .roles = ROLE_LEADER};
    assert_true(may(o, clerk, 1, LEVEL_OPEN, secretary));
    assert_false(may(o, clerk, 1, LEVEL_INTERNAL, secretary));
    assert_false(may(o, admin, 1, LEVEL_OPEN, secretary));
    assert_true(may(o, leader, 1, LEVEL_INTERNAL, secretary));
    assert_false(may(o, leader, 1, LEVEL_WORK_SECRET, secretary));
    assert_true(may(o, sec, 1, LEVEL_WORK_SECRET, secretary)); /* the own one */
    assert_false(may(o, sec, 1, LEVEL_WORK_SECRET, staff));
    assert_true(may(o, head, 1, LEVEL_WORK_SECRET, secretary)); /* the unit above */
    assert_false(may(o, other, 1, LEVEL_WORK_SECRET, secretary));
    assert_false(may(o, sec, 1, 3, staff)); /* a level nobody has heard of is closed */
    assert_false(may(o, sec, 1, -1, staff));
    struct granting g = {.doc = 5, .kind = PRINCIPAL_UNIT, .whom = UNIT_PARTY};
    assert_int_equal(store_write(o->st, grant_fn, &g, &e), OK);
    assert_int_equal(store_write(o->st, grant_fn, &g, &e), OK); /* again is harmless */
    assert_true(may(o, sec, 5, LEVEL_WORK_SECRET, staff));      /* in a unit below */
    assert_true(may(o, admin, 5, LEVEL_WORK_SECRET, staff));    /* by need, not by role */
    assert_false(may(o, leader, 5, LEVEL_WORK_SECRET, staff));
    assert_false(may(o, sec, 6, LEVEL_WORK_SECRET, staff));
    g.revoke = true;
    assert_int_equal(store_write(o->st, grant_fn, &g, &e), OK);
    assert_int_equal(store_write(o->st, grant_fn, &g, &e), E_NOTFOUND);
    assert_false(may(o, sec, 5, LEVEL_WORK_SECRET, staff));
    g = (struct granting){.doc = 5, .kind = PRINCIPAL_PERSON, .whom = 424242};
    assert_int_equal(store_write(o->st, grant_fn, &g, &e), E_NOTFOUND);
}

#define ACCESS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_follow_the_table),
        ACCESS_TEST(filter_and_answer_are_equal),
        ACCESS_TEST(reading_goes_by_level_and_need),
    };
    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
