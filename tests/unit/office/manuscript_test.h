/* manuscript_test.h - what tests do to a manuscript before they do what is their own, each as one write. */
#ifndef MANUSCRIPT_TEST_H
#define MANUSCRIPT_TEST_H

#include "itemdb.h"
#include "office/document.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_version.h"

/* A test's own verbs begin at N_DEED. */
enum deed_verb { DEED_NEW, DEED_SAVE, DEED_INVITE, DEED_FREEZE, DEED_LOCK, DEED_UNLOCK, N_DEED };

/* The first member of a test's struct deed, whose run() falls back to text_verb(), and which text_do() hands to it. */
struct text_deed {
    struct itemdb *t;
    const struct actor *by;
    int verb;
    int64_t id, version;
    struct str text;
    int guest; /* DEED_INVITE: whom, and whether he writes */
    bool writes;
};

/* What is written is written over the newest text. */
static inline enum code text_save(struct db *db, struct text_deed *d, struct err *e)
{
    struct manuscript_saved saved;
    int64_t seq;
    TRY(manuscript_seq(db, d->id, &seq, e));
    return manuscript_save(db, &d->t->o.a, d->by, d->id, seq, d->text, &saved, e);
}

static inline enum code text_verb(struct db *db, struct text_deed *d, struct err *e)
{
    switch (d->verb) {
    case DEED_NEW:
        return manuscript_new(db, d->by,
            &(struct manuscript_new){.title = S("通知"), .level = LEVEL_INTERNAL, .text = d->text},
            &d->id, e);
    case DEED_SAVE:
        return text_save(db, d, e);
    case DEED_INVITE:
        return manuscript_invite(db, d->by, d->id, d->t->person[d->guest], d->writes, e);
    case DEED_FREEZE:
        return manuscript_freeze(db, &d->t->o.a, d->by, d->id, d->text, &d->version, e);
    case DEED_LOCK:
        return manuscript_lock(db, d->by, d->id, d->text, e);
    case DEED_UNLOCK:
        return manuscript_unlock(db, d->by, d->id, d->text, e);
    default:
        return E_BUG;
    }
}

/* Of a test that has no verbs of its own. */
static inline enum code text_run(struct db *db, void *deed, struct err *e)
{
    return text_verb(db, deed, e);
}

/* A fault, which no rule makes, ends the test. */
static inline enum code text_write(struct itemdb *t, store_fn run, void *deed)
{
    struct err e = {.msg = ""};
    enum code c = store_write(t->o.st, run, deed, &e);
    if (c == E_BUG || c == E_IO)
        fail_msg("%s", e.msg);
    return c;
}

/* text NULL: none. */
static inline enum code text_do(
    struct itemdb *t, int who, struct text_deed *d, int verb, const char *text, store_fn run)
{
    d->t = t;
    d->by = itemdb_as(t, who);
    d->verb = verb;
    d->text = str_z(text ? text : "");
    return text_write(t, run, d);
}

/* text NULL: not wanted. */
static inline enum code text_get(
    struct itemdb *t, int who, int64_t id, struct manuscript *m, struct str *text)
{
    struct err e = {.msg = ""};
    struct db *db = itemdb_read(t);
    enum code c = manuscript_get(db, &t->o.a, itemdb_as(t, who), id, m, &e);
    if (c == OK && text)
        c = manuscript_text(db, &t->o.a, itemdb_as(t, who), id, -1, text, NULL, &e);
    store_read_end(db);
    return c;
}

/* ---- what the editor sends ---- */

struct text_push {
    struct itemdb *t;
    const struct actor *by;
    int64_t id;
    struct manuscript_push push;
    struct manuscript_pushed done;
};

static inline enum code text_push_fn(struct db *db, void *arg, struct err *e)
{
    struct text_push *p = arg;
    return manuscript_push(db, &p->t->o.a, p->by, p->id, &p->push, &p->done, e);
}

/* E_CONFLICT as well where others wrote behind `after`. */
static inline enum code text_push(struct itemdb *t, int who, int64_t id, int64_t after,
    const char *client, const char *sets, struct err *e)
{
    struct text_push p = {.t = t, .by = itemdb_as(t, who), .id = id};
    json_t *v;
    assert_int_equal(jr_parse(str_z(sets), &v, e), OK);
    p.push = (struct manuscript_push){after, str_z(client), 1, v};
    enum code c = store_write(t->o.st, text_push_fn, &p, e);
    json_decref(v);
    return c == OK && !p.done.taken ? E_CONFLICT : c;
}

/* ---- looking ---- */

static inline struct str text_of(struct itemdb *t, int64_t id)
{
    struct err e = {.msg = ""};
    struct str text = S("");
    struct db *db = itemdb_read(t);
    assert_int_equal(
        manuscript_text(db, &t->o.a, itemdb_as(t, SECRETARY), id, -1, &text, NULL, &e), OK);
    store_read_end(db);
    return text;
}

#endif
