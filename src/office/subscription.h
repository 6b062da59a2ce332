/* office/subscription.h - what a person wants to hear of: an issuer, a word in the text, a category;
 * and what came in since that person last looked (新到). */
#ifndef OFFICE_SUBSCRIPTION_H
#define OFFICE_SUBSCRIPTION_H

#include "office/library.h"

enum subscription_kind { SUBSCRIBE_ISSUER = 1, SUBSCRIBE_WORD, SUBSCRIBE_CATEGORY, N_SUBSCRIBE };
const char *subscription_kind_name(enum subscription_kind k); /* 发文机关, 关键词, 类别 */

struct subscription {
    int64_t id;
    enum subscription_kind kind;
    struct str value; /* name or word; the category's name */
    int64_t created_ms;
};
MUST_USE enum code subscription_list(struct db *db, struct arena *a, int64_t person,
    struct subscription **out, size_t *n, struct err *e);
/* At most 200 for a person (E_LIMIT); twice the same is E_CONFLICT. For a category the value is its id. */
MUST_USE enum code subscription_add(struct db *db, int64_t person, enum subscription_kind kind,
    struct str value, int64_t *id, struct err *e);
MUST_USE enum code subscription_remove(struct db *db, int64_t person, int64_t id, struct err *e);

/* Documents registered after the person's mark that fit one of the subscriptions and may be seen, newest first. */
struct news {
    struct document doc;
    struct str because; /* "关键词：安全生产" */
};
MUST_USE enum code subscription_news(struct office *o, struct arena *a, const struct viewer *v,
    size_t limit, struct news **out, size_t *n, int64_t *total, struct err *e);
/* Move the person's mark to now: everything shown counts as seen. */
MUST_USE enum code subscription_seen(struct db *db, int64_t person, int64_t now_ms, struct err *e);

#endif
