/* itemdb.h - an office with people and one kind of matter, for tests of items. */
#ifndef ITEMDB_H
#define ITEMDB_H

#include "office/ask.h"
#include "office/item_clock.h"
#include "office/item_event.h"
#include "office/item_number.h"
#include "officedb.h"

enum {
    CHIEF,
    SECRETARY,
    LEADER,
    LIAISON /* of UNIT_FINANCE */,
    LIAISON2 /* of UNIT_PARTY */,
    STAFF,
    OTHER,
    ADMIN,
    N_PEOPLE
};

/* 2026-07-13, a Monday, 09:00 in China. */
#define MONDAY INT64_C(1783904400000)

struct itemdb {
    struct officedb o;
    struct kinds *kinds;
    struct calendar *calendar;
    struct work_hours hours;
    int64_t now_ms;
    int64_t person[N_PEOPLE];
    struct viewer viewer[N_PEOPLE + 1]; /* the last: the owner of the data directory */
    struct actor actor[N_PEOPLE + 1];
};

static inline enum code itemdb_publish_fn(struct db *db, void *arg, struct err *e)
{
    int64_t version;
    struct kind_draft d = {.yaml = str_z(arg), .file = "test.yaml"};
    return kind_publish(db, &d, &version, e);
}

static inline void itemdb_kind(struct itemdb *t, const char *yaml)
{
    struct err e = {.code = OK};
    if (store_write(t->o.st, itemdb_publish_fn, (void *)(uintptr_t)yaml, &e) != OK)
        testdb_die("kind", &e);
}

static inline void itemdb_open(struct itemdb *t)
{
    static const struct {
        const char *login;
        int64_t unit;
        uint32_t roles;
    } staffing[N_PEOPLE] = {{"chief", UNIT_SECTION, ROLE_CHIEF},
        {"secretary", UNIT_SECTION, ROLE_SECRETARY}, {"leader", UNIT_ROOT, ROLE_LEADER},
        {"finance", UNIT_FINANCE, ROLE_LIAISON}, {"party", UNIT_PARTY, ROLE_LIAISON},
        {"staff", UNIT_FINANCE, ROLE_STAFF}, {"other", UNIT_PARTY, ROLE_STAFF},
        {"admin", UNIT_ROOT, ROLE_ADMIN}};
    officedb_open(&t->o);
    t->kinds = kinds_new();
    t->calendar = calendar_new();
    t->hours = work_hours_default();
    t->now_ms = MONDAY;
    for (int i = 0; i <= N_PEOPLE; i++) {
        if (i < N_PEOPLE)
            t->person[i] =
                officedb_person(&t->o, staffing[i].login, staffing[i].unit, staffing[i].roles);
        t->viewer[i] = i == N_PEOPLE ? viewer_owner()
                                     : (struct viewer){.person = t->person[i],
                                           .unit = staffing[i].unit,
                                           .roles = staffing[i].roles};
        t->actor[i] = (struct actor){
            .v = &t->viewer[i], .kinds = t->kinds, .calendar = t->calendar, .hours = &t->hours};
    }
}

static inline void itemdb_close(struct itemdb *t)
{
    kinds_free(t->kinds);
    calendar_free(t->calendar);
    officedb_close(&t->o);
}

static inline const struct actor *itemdb_as(struct itemdb *t, int who)
{
    t->actor[who].now_ms = t->now_ms;
    return &t->actor[who];
}

/* For cmocka: an office for each test, with or without a kind of its own. */
static inline int itemdb_set_up(void **state)
{
    struct itemdb *t = mem_alloc(sizeof(*t));
    itemdb_open(t);
    *state = t;
    return 0;
}

static inline int itemdb_set_up_with(void **state, const char *yaml)
{
    (void)itemdb_set_up(state);
    itemdb_kind(*state, yaml);
    return 0;
}

static inline int itemdb_tear_down(void **state)
{
    itemdb_close(*state);
    free(*state);
    return 0;
}

/* ---- one verb, as a write ---- */

enum verb {
    V_OPEN,
    V_EDIT,
    V_MOVE,
    V_SEND,
    V_SEEN,
    V_ANSWER,
    V_UNASK,
    V_REMIND,
    V_EXTEND,
    V_REMARK,
    V_WITHDRAW,
    V_RETURN,
    V_HAND_OVER,
    V_MERGE,
    V_REOPEN,
    V_ARCHIVE,
    V_DISCARD,
    V_UPGRADE,
    V_VERIFY,
    N_VERB
};
struct act {
    const struct actor *by;
    enum verb verb;
    int64_t id, revision, other; /* item or ask; other: person, item */
    const char *word, *text, *day;
    const char *json; /* fields */
    struct item_open open;
    struct item_move move;
    struct ask_new ask;
};

static inline enum code act_json(struct db *db, struct act *a, json_t *json, struct err *e)
{
    switch (a->verb) {
    case V_OPEN:
        a->open.fields = json;
        return item_open(db, a->by, &a->open, &a->id, e);
    case V_EDIT:
        return item_edit(db, a->by, a->id, a->revision, json, e);
    case V_MOVE:
        a->move.move = str_z(a->word);
        a->move.opinion = str_z(a->text);
        a->move.set = json;
        return item_move(db, a->by, a->id, a->revision, &a->move, e);
    case V_SEND:
        return ask_send(db, a->by, a->id, &a->ask, 1, e);
    case V_SEEN:
        return ask_seen(db, a->by, a->id, e);
    case V_ANSWER:
        return ask_answer(db, a->by, a->id, str_z(a->word), str_z(a->text), NULL, 0, e);
    case V_UNASK:
        return ask_withdraw(db, a->by, &a->id, 1, str_z(a->text), e);
    case V_REMIND:
        return ask_remind(db, a->by, &a->id, 1, str_z(a->text), e);
    case V_EXTEND:
        return item_extend(
            db, a->by, a->id, a->revision, str_z(a->word), str_z(a->day), str_z(a->text), e);
    case V_REMARK:
        return item_remark(db, a->by, a->id, str_z(a->text), &a->other, a->other != 0, e);
    case V_WITHDRAW:
        return item_withdraw(db, a->by, a->id, a->revision, str_z(a->text), e);
    case V_RETURN:
        return item_return(db, a->by, a->id, a->revision, str_z(a->word), str_z(a->text), e);
    case V_HAND_OVER:
        return item_hand_over(db, a->by, a->id, a->revision, a->other, str_z(a->text), e);
    case V_MERGE:
        return item_merge(db, a->by, a->id, a->revision, a->other, str_z(a->text), e);
    case V_REOPEN:
        return item_reopen(db, a->by, a->id, a->revision, str_z(a->text), e);
    case V_ARCHIVE:
        return item_archive(db, a->by, a->id, a->revision, str_z(a->word), e);
    case V_DISCARD:
        return item_discard(db, a->by, a->id, a->revision, str_z(a->text), e);
    case V_UPGRADE:
        return item_upgrade(db, a->by, a->id, a->revision, e);
    case V_VERIFY: /* revision: of the event; word: what is wrong, if anything */
        return item_verify(db, a->by, a->id, a->revision, !a->word, str_z(a->word), e);
    case N_VERB:
        break;
    }
    return E_BUG;
}

static inline enum code act_fn(struct db *db, void *arg, struct err *e)
{
    struct act *a = arg;
    json_t *json = NULL;
    if (a->json)
        TRY(jr_parse(str_z(a->json), &json, e));
    enum code c = act_json(db, a, json, e);
    json_decref(json);
    return c;
}

/* ---- looking ---- */

static inline struct db *itemdb_read(struct itemdb *t)
{
    struct db *db;
    struct err e = {.code = OK};
    if (store_read(t->o.st, &db, &e) != OK)
        testdb_die("read", &e);
    return db;
}

static inline enum code itemdb_get(
    struct itemdb *t, int who, int64_t id, struct item *out, struct err *e)
{
    struct db *db = itemdb_read(t);
    enum code c = item_get(db, &t->o.a, itemdb_as(t, who), id, out, e);
    store_read_end(db);
    return c;
}

static inline size_t itemdb_asks(struct itemdb *t, int64_t item, struct ask **out)
{
    size_t n = 0;
    struct err e = {.code = OK};
    struct db *db = itemdb_read(t);
    if (ask_list(db, &t->o.a, itemdb_as(t, N_PEOPLE), item, out, &n, &e) != OK)
        testdb_die("asks", &e);
    store_read_end(db);
    return n;
}

/* A number from the database. */
static inline int64_t itemdb_count(struct itemdb *t, const char *sql)
{
    struct err e = {.code = OK};
    struct db *db = itemdb_read(t);
    struct stmt *q = db_sql(db, sql);
    int64_t v = stmt_step(q) ? stmt_int(q, 0) : -1;
    if (stmt_end(q, &e) != OK)
        testdb_die(sql, &e);
    store_read_end(db);
    return v;
}

#endif
