/* office/replies.h - what is copied into a chat group and what comes back from it.
 *
 * A plain notice names who and until when, and no title. Pasted replies (接龙, “收到”) are read line by line against the open asks of an item:
 * each proposes an answer to one ask, or is shown with why it fits none. Nothing is recorded until a person confirms; then it is 代录. */
#ifndef OFFICE_REPLIES_H
#define OFFICE_REPLIES_H

#include "office/ask.h"

enum { REPLIES_BYTES_MAX = 64 << 10, REPLIES_LINES_MAX = 500 };

/* A name by which an ask is known in a chat: the unit, or somebody who acts for it. */
struct reply_name {
    size_t ask; /* index into the asks */
    struct str name;
    int64_t person; /* whose word it would be */
};
struct reply_line {
    struct str line;
    bool fits;
    size_t ask;
    int64_t person;
    struct str word, text;
    struct str why; /* where it fits none */
};
/* E_LIMIT, E_INPUT: too long, no text. A later line about the same ask stands for the earlier one. */
MUST_USE enum code replies_read(struct arena *a, struct str text, const struct ask *asks,
    size_t n_asks, const struct reply_name *names, size_t n_names, struct reply_line **out,
    size_t *n, struct err *e);
/* Open asks that were sent, and the names that stand for them. */
MUST_USE enum code replies_names(struct db *db, struct arena *a, const struct actor *by,
    int64_t item, struct ask **asks, size_t *n_asks, struct reply_name **names, size_t *n_names,
    struct err *e);
/* "请工程部、路桥公司等3个单位于7月20日前反馈……"; empty where nobody owes an answer. */
struct str replies_notice(
    struct arena *a, const struct ask *asks, size_t n, int64_t now_ms, int zone);

#endif
