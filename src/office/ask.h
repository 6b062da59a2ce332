/* office/ask.h - what one person or unit is asked for by an item: to-do boxes, receipts, circulation, countersign, approval and the
 * relay of directives through levels are all asks.
 *
 * An ask of a unit is answered by its liaison; relayed inside the unit it becomes the parent of further asks, whose state the
 * asker sees as a tree. Answers are words (已收 已读 已研究 已部署 已反馈 同意 不同意) with text and evidence. */
#ifndef OFFICE_ASK_H
#define OFFICE_ASK_H

#include "office/item.h"

enum ask_state { ASK_OPEN = 0, ASK_ANSWERED, ASK_WITHDRAWN, ASK_VOID };
struct ask {
    int64_t id, item;
    enum principal to_kind; /* PRINCIPAL_PERSON, PRINCIPAL_UNIT */
    int64_t to;
    struct str to_name;
    int64_t by, parent; /* parent: the ask it was relayed from, 0 */
    struct str purpose;
    struct str answers; /* words allowed, one a line */
    enum ask_wait wait;
    enum ask_state state;
    int64_t sent_ms, seen_ms, answered_ms, due_ms; /* 0: not yet, none */
    int64_t answered_by;
    struct str word, text; /* the last answer; earlier ones stand in the chain */
    int64_t reminded;      /* how often */
    int64_t
        turn; /* one behind the other: 1, 2 ...; sent_ms 0 while those before are open; 0: all at once */
    int64_t final; /* any of so many words at the end of `answers` ends it */
    int64_t made;  /* sequence of the event that made it */
    /* words, one a line, that are not answered without text, without a file */
    struct str need_text, need_files;
    struct str files;    /* given as evidence with the answers, ids one a line */
    int64_t received_ms; /* the first word; 0: none yet */
    int64_t rank;        /* of the unit or person in the organisation */
    struct str by_name;
};
/* Verbs, inside a write; each is an event of the item. */
struct ask_new {
    enum principal to_kind;
    int64_t to, parent;
    struct str purpose, answers; /* answers empty: 已收、已反馈 */
    int64_t final;               /* 0: 1 */
    enum ask_wait wait;
    int64_t due_ms;
    struct str need_text, need_files; /* words among the answers, one a line */
    int64_t turn; /* one behind the other: 1, 2 ... in this order of the array; 0: at once */
};
/* With a parent it is a relay: sent by whoever the parent is addressed to, and only inside that unit: to its people, to the units
 * below it and theirs. */
MUST_USE enum code ask_send(struct db *db, const struct actor *by, int64_t item,
    const struct ask_new *v, size_t n, struct err *e);
MUST_USE enum code ask_seen(struct db *db, const struct actor *by, int64_t ask, struct err *e);
/* What a person says in answer. */
struct ask_reply {
    int64_t ask;
    struct str word, text;
    const int64_t *files;
    size_t n_files;
    struct str kind,
        written; /* of a remark from paper (remark.h): what it is, on which day; or empty */
    bool
        despite; /* also while those it was relayed to have not answered: else E_CONFLICT says how many */
};
MUST_USE enum code ask_reply(
    struct db *db, const struct actor *by, const struct ask_reply *r, struct err *e);
/* Many at once, each with the word that comes first: what is only to be taken note of. Passed over: what is not open, not addressed to the
 * actor, or wants words, evidence or a step of the item. *done: how many were answered. */
MUST_USE enum code ask_sign(struct db *db, const struct actor *by, const int64_t *asks, size_t n,
    int64_t *done, struct err *e);
/* ask_reply in short. May make the move whose `when_answered` is this word; `text` is its opinion. The ask is done when one of its final words is given; the
 * words before them only report, in order. */
MUST_USE enum code ask_answer(struct db *db, const struct actor *by, int64_t ask, struct str word,
    struct str text, const int64_t *files, size_t n_files, struct err *e);
/* With it goes what was passed on from it. */
MUST_USE enum code ask_withdraw(struct db *db, const struct actor *by, const int64_t *asks,
    size_t n, struct str why, struct err *e);
/* Who has answered meanwhile is passed over; E_CONFLICT where all have. */
MUST_USE enum code ask_remind(struct db *db, const struct actor *by, const int64_t *asks, size_t n,
    struct str text, struct err *e);

/* E_NOTFOUND where the actor may not see the item, or not this ask (ask_tree.h says whose he sees). */
MUST_USE enum code ask_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct ask **out, size_t *n, struct err *e);
MUST_USE enum code ask_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct ask *out, struct err *e);

#endif
