/* issuewalk.h - one 发文 of the delivered kind, on its way: what it carries and the steps that every test makes. Included by test programs alone,
 * behind cmocka.h. */
#ifndef ISSUEWALK_H
#define ISSUEWALK_H

#include "kindwalk.h"
#include "office/document.h"
#include "office/item_text.h"
#include "office/manuscript_edit.h"

#define DRAFT                                                                                                                   \
    "发文机关：集团党委办公室\n标志：集团党委办公室文件\n"                                              \
    "关于做好防汛工作的通知\n\n各单位：\n为做好今年防汛工作，现通知如下。\n一、加强值守\n" \
    "各单位要落实二十四小时值班。\n\n集团党委办公室\n2026年7月13日\n"

#define FIELDS(cosign, more)                                                                 \
    "{\"subject\":\"关于做好防汛工作的通知\",\"genre\":\"通知\",\"direction\":" \
    "\"下行文\",\"cosign\":\"" cosign "\",\"to\":[\"4\",\"2\"],\"to_other\":\"省国资委"  \
    "\"" more "}"

static inline struct item_text text_of(struct walk *w)
{
    struct item_text t;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(item_text(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &t, &e), OK);
    store_read_end(db);
    return t;
}

/* ---- its text ---- */

struct carrying {
    const struct actor *by;
    int64_t manuscript, item, revision;
};

static inline enum code draft_fn(struct db *db, void *arg, struct err *e)
{
    struct carrying *c = arg;
    return manuscript_new(db, c->by,
        &(struct manuscript_new){
            .title = S("关于做好防汛工作的通知"), .level = LEVEL_INTERNAL, .text = S(DRAFT)},
        &c->manuscript, e);
}

static inline int64_t manuscript_by(struct walk *w, int who)
{
    struct carrying c = {.by = itemdb_as(&w->t, who)};
    struct err e = {.msg = ""};
    if (store_write(w->t.o.st, draft_fn, &c, &e) != OK)
        fail_msg("%s", e.msg);
    return c.manuscript;
}

static inline enum code carry_fn(struct db *db, void *arg, struct err *e)
{
    struct carrying *c = arg;
    return item_text_carry(db, c->by, c->item, c->revision, c->manuscript, e);
}

/* The item in hand carries this manuscript from now on. */
static inline enum code carry(struct walk *w, int who, int64_t manuscript, struct err *e)
{
    struct carrying c = {.by = itemdb_as(&w->t, who),
        .manuscript = manuscript,
        .item = w->id,
        .revision = get(w).revision};
    e->msg[0] = '\0';
    return store_write(w->t.o.st, carry_fn, &c, e);
}

static inline void begin_issue(struct walk *w, const char *fields)
{
    int64_t manuscript = manuscript_by(w, STAFF);
    struct err e;
    begin(w, STAFF, "issue", fields);
    if (carry(w, STAFF, manuscript, &e) != OK)
        fail_msg("%s", e.msg);
}

/* ---- its way ---- */

/* STAFF drafts, OTHER checks, LEADER signs, SECRETARY and CHIEF number and print, LIAISON2 keeps the seal. */
static inline void to_signing(struct walk *w)
{
    move(w, STAFF, "submit", NULL, "{\"reviewer\":@6}");
    is_in(w, "review");
    refused(w, STAFF, "send", NULL, E_DENIED);
    move(w, OTHER, "send", "已核，请签发。", "{\"signer\":@2}");
    is_in(w, "signing");
}

static inline void number_it(struct walk *w)
{
    move(w, SECRETARY, "recheck", "已复核。", NULL);
    move(
        w, SECRETARY, "number", NULL, "{\"copies\":\"5\",\"issuer\":\"党委办公室\",\"keeper\":@4}");
}

#endif
