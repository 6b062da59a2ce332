/* office/item_desk.h - what lies before a person: the first of his 待办, what is stuck, what is due in these days. Read at once, since most
 * of what one of them shows the others show too: each item is loaded once, and asked once in whose hands it is. */
#ifndef OFFICE_ITEM_DESK_H
#define OFFICE_ITEM_DESK_H

#include "office/item_hand.h"

enum { DESK_TODO_MAX = 20, DESK_STUCK_MAX = 20, DESK_SOON_MAX = 20 };
struct desk_ask {
    size_t todo, stuck, soon;         /* how many of each at most; 0: none */
    int64_t due_from_ms, due_to_ms;   /* ITEM_PAGE_MAX matters at most are counted of those days */
    int64_t soon_from_ms, soon_to_ms; /* part of them */
};
struct desk_line {
    struct item it;
    struct item_hand hand;
};
struct desk {
    struct desk_line *todo;  /* among the oldest, red first, and what is due first */
    struct desk_line *stuck; /* what has lain longest in the same hands: 卡在哪里 */
    struct desk_line *soon;  /* what is open and due, the first first */
    size_t n_todo, n_stuck, n_soon;
    int64_t *due; /* the instant of each that is due from due_from_ms to before due_to_ms */
    size_t n_due, n_due_soon;
};
MUST_USE enum code desk_read(struct db *db, struct arena *a, const struct actor *by,
    const struct desk_ask *ask, struct desk *out, struct err *e);

#endif
