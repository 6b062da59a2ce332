/* office/ask_tree.h - the asks of an item as a tree: who passed it on to whom, and how far each branch has come.
 *
 * Whoever answers for the item, or reads it by his role, sees the whole. Whoever is only asked sees what is addressed to him, what
 * he sent, and what hangs below: his branch, and nobody else's answers. */
#ifndef OFFICE_ASK_TREE_H
#define OFFICE_ASK_TREE_H

#include "office/ask.h"

/* 传达覆盖率: what was withdrawn or void, or is not yet sent, does not count. */
struct ask_count {
    int64_t due;      /* 应签: sent to */
    int64_t received; /* 已签: at least the first word was given */
    int64_t answered; /* 已反馈: the last word */
    int64_t overdue;  /* 超时: not answered, and the limit has passed */
    int64_t unseen;
};
void ask_count_add(struct ask_count *n, const struct ask *a, int64_t now_ms);

struct ask_node {
    struct ask ask;
    int depth; /* 0: to whom the item was sent, or the beginning of the viewer's branch */
    bool mine; /* the viewer answers it */
    bool
        sent_by_me; /* sent by him, or passed on from what he answers: he may remind and take back */
    struct ask_count below; /* of all that hangs below */
    size_t n_below;         /* nodes behind this one that hang below it */
};
struct ask_tree {
    struct ask_node
        *v; /* a parent before its children; siblings as they stand in the organisation */
    size_t n;
    struct ask_count total;
    bool whole;    /* not only a branch of it */
    bool may_send; /* ask others, remind everybody */
};
/* E_NOTFOUND as item_get. */
MUST_USE enum code ask_tree(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct ask_tree *out, struct err *e);

#endif
