/* office/item_link.h - what a matter stands on and what came of it: links between items, documents and passages (依据 分解 落实 答复 引用
 * 合并 转办), walked both ways. */
#ifndef OFFICE_ITEM_LINK_H
#define OFFICE_ITEM_LINK_H

#include "office/item.h"

enum link_kind { LINK_ITEM = 1, LINK_DOCUMENT };
struct link_end {
    enum link_kind kind;
    int64_t id;
    int64_t begin_cp, end_cp; /* a passage of a document; both 0: the whole */
};
struct item_link {
    int64_t id, at_ms, by;
    struct link_end from, to;
    struct str relation;
};
enum { LINKS_MAX = 500, RELATION_CP_MAX = 10 };
/* Inside a write: an event of the item it goes out from, which the actor must be allowed to see, as the other end. Twice is once. */
MUST_USE enum code item_link_add(
    struct db *db, const struct actor *by, const struct item_link *l, struct err *e);
MUST_USE enum code item_link_drop(struct db *db, const struct actor *by, int64_t id, struct err *e);
/* The row alone, for verbs that are an event themselves. */
MUST_USE enum code item_link_put(
    struct db *db, const struct actor *by, const struct item_link *l, struct err *e);
/* Links at either end of it, oldest first; items that the actor may not see are left out. */
MUST_USE enum code item_link_list(struct db *db, struct arena *a, const struct actor *by,
    struct link_end end, struct item_link **out, size_t *n, struct err *e);

#endif
