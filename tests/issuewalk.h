/* issuewalk.h - one 发文 of the delivered kind, on its way: what it carries and the steps that every test makes. Included by test programs alone,
 * behind cmocka.h. */
#ifndef ISSUEWALK_H
#define ISSUEWALK_H

#include "kindwalk.h"
#include "office/item_text.h"

#define DRAFT                                                                                                                   \
    "发文机关：集团党委办公室\n标志：集团党委办公室文件\n"                                              \
    "关于做好防汛工作的通知\n\n各单位：\n为做好今年防汛工作，现通知如下。\n一、加强值守\n" \
    "各单位要落实二十四小时值班。\n\n集团党委办公室\n2026年7月13日\n"

static inline struct item_text text_of(struct walk *w)
{
    struct item_text t;
    struct err e;
    struct db *db = itemdb_read(&w->t);
    assert_int_equal(item_text(db, &w->t.o.a, itemdb_as(&w->t, CHIEF), w->id, &t, &e), OK);
    store_read_end(db);
    return t;
}

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
