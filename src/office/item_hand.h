/* office/item_hand.h - in whose hands items lie and since when, for lists. Nobody opens one item after the
 * other to learn that. */
#ifndef OFFICE_ITEM_HAND_H
#define OFFICE_ITEM_HAND_H

#include "office/item.h"

struct item_hand {
    struct str
        who; /* "路桥公司、水利公司等5个", "科长、秘书"; empty: nobody, as when it is closed */
    size_t n;         /* how many persons, units or roles */
    int64_t since_ms; /* 0: nobody */
    bool circulating; /* 传阅中: it was sent to somebody to read, who has not answered */
    bool to_read;     /* 传阅: the viewer is one of them */
    struct str
        purpose; /* why it was sent to the viewer, the oldest open ask first; empty: it was not */
};
/* For each of the items, which the actor sees (item_list): one of `out`. Three statements for a hundred items, and one for who is away today. Whoever is only asked is
 * not told who else is. */
MUST_USE enum code item_hands(struct db *db, struct arena *a, const struct actor *by,
    const struct item *items, size_t n, struct item_hand *out, struct err *e);

/* Inside a write: what of these items was sent to the actor only to be read is answered 已阅, or marked as seen where an answer
 * in words is wanted. *read, *left: asks answered, asks that still want an answer. */
enum { ITEM_READ_MAX = 100 };
MUST_USE enum code item_read(struct db *db, const struct actor *by, const int64_t *items, size_t n,
    size_t *read, size_t *left, struct err *e);

#endif
