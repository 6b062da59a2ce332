/* office/original.h - paper originals (纸质原件): each copy of an item's paper has a code on a slip, a holder, and a history of
 * hand-overs, so that one search answers 现在谁手里. Tables original, original_step.
 *
 * Whoever sees the item sees its originals; whoever holds one sees that one. Each step keeps who holds it after it; a step taken
 * back within minutes stays in the history, marked. An original that was given back (清退) or filed (归档) goes no further. The chain
 * of the item is not touched: papers wander long after it is closed and sealed. */
#ifndef OFFICE_ORIGINAL_H
#define OFFICE_ORIGINAL_H

#include "office/item.h"

enum {
    ORIGINAL_COPIES_MAX = 50, /* of one item */
    ORIGINAL_CODE_N = 8,      /* of 28 letters and digits that are not mistaken for each other */
    ORIGINAL_PLACE_CP_MAX = 60,
    ORIGINAL_NOTE_CP_MAX = 200,
    ORIGINAL_STEPS_MAX = 500,
    ORIGINAL_PAGE_MAX = 200,
    ORIGINAL_NEXT_MAX = 6,
    ORIGINAL_UNDO_MINUTES = 10
};

enum original_state {
    ORIGINAL_OUT = 0, /* in somebody's hands */
    ORIGINAL_LOST,    /* 下落不明 */
    ORIGINAL_BACK,    /* 已清退 */
    ORIGINAL_FILED,   /* 已归档 */
    N_ORIGINAL_STATE
};
enum original_verb {
    ORIGINAL_MADE = 1, /* 登记 */
    ORIGINAL_TAKE,     /* 收下 */
    ORIGINAL_GIVE,     /* 交给 */
    ORIGINAL_LOSE,     /* 下落不明 */
    ORIGINAL_FIND,     /* 找到 */
    ORIGINAL_RETURN,   /* 清退 */
    ORIGINAL_FILE      /* 归档 */
};
const char *original_state_name(enum original_state s);
const char *original_verb_name(enum original_verb v);

/* In whose hands: a person, a unit, or a place that is written (领导签批柜). */
enum hands_kind { HOLDER_PERSON = 1, HOLDER_UNIT, HOLDER_PLACE };
struct hands {
    enum hands_kind kind;
    int64_t id;      /* of a person or unit */
    struct str name; /* of a place: as typed; else read only */
};

struct original {
    int64_t id, item, copy; /* copy: 份号, from 1 */
    struct str code;
    enum original_state state;
    struct hands holder; /* the last one, also of what is lost or ended */
    int64_t since_ms;    /* in these hands, lost or not; of what has ended: when it did */
    int64_t step;        /* number of the last step */
    int64_t made_ms, made_by;
    struct str number, title; /* of the item */
};
struct original_step {
    int64_t seq, at_ms, by;
    enum original_verb verb;
    enum original_state state; /* after it */
    struct hands holder;       /* after it */
    struct str by_name, note;
    int64_t undone_ms; /* 0: it stands */
};

/* The code in what was typed or scanned: the code itself, or an address that ends in it (…/o/7K2M…); any case, blanks around, full
 * width. false: there is none. out has room for ORIGINAL_CODE_N + 1. */
bool original_code(struct str typed, char out[ORIGINAL_CODE_N + 1]);

/* Inside a write: n more copies, in the first holder's hands (NULL: the actor's). Chief, secretary, or who answers for the item. */
MUST_USE enum code original_make(struct db *db, const struct actor *by, int64_t item, int64_t n,
    const struct hands *first, struct err *e);
/* Inside a write: one step. `seen`: the number of the last step that the person saw, 0: whatever it is (a scanner at the desk).
 * E_CONFLICT: it has moved on meanwhile, and to whom. TAKE and GIVE: whoever sees it; FIND: too, into the actor's hands; LOSE: who holds
 * it, and who may end it; RETURN, FILE: chief, secretary, or who answers for the item. What is lost is found by being taken. */
struct original_act {
    enum original_verb verb;
    struct hands to; /* for GIVE */
    struct str note;
    int64_t seen;
};
MUST_USE enum code original_do(struct db *db, const struct actor *by, int64_t id,
    const struct original_act *act, struct err *e);
/* Inside a write: the last step, by who made it, within ORIGINAL_UNDO_MINUTES. */
MUST_USE enum code original_undo(
    struct db *db, const struct actor *by, int64_t id, int64_t seen, struct err *e);

/* E_NOTFOUND as well where the actor may not see it. */
MUST_USE enum code original_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct original *out, struct err *e);
MUST_USE enum code original_by_code(struct db *db, struct arena *a, const struct actor *by,
    struct str code, struct original *out, struct err *e);
/* What the actor may do with it: bit 1 << enum original_verb; bit 0: take the last step back. */
MUST_USE enum code original_may(struct db *db, struct arena *a, const struct actor *by,
    const struct original *o, uint32_t *may, struct err *e);
/* Latest first, without judging: for one that was got. */
MUST_USE enum code original_steps(struct db *db, struct arena *a, int64_t id,
    struct original_step **out, size_t *n, struct err *e);
/* Who is to have it next: who is asked and has not answered, then whom the fields name, in their order, without those who had it;
 * behind them who answers for the item. At most ORIGINAL_NEXT_MAX. */
MUST_USE enum code original_next(struct db *db, struct arena *a, const struct actor *by,
    const struct original *o, struct hands **out, size_t *n, struct err *e);

enum original_which { ORIGINALS_ANY = 0, ORIGINALS_OUT, ORIGINALS_LOST, ORIGINALS_ENDED };
struct original_filter {
    enum original_which which;
    struct str text; /* in number or title of the item, its 文号, the holder's name; or a code */
    struct hands holder;     /* kind 0: any; a place by its name */
    int64_t item;            /* 0: any */
    int64_t made_by;         /* 0: anybody */
    int days;                /* at least so many days in the same hands */
    int64_t after_ms, after; /* since_ms and id of the last one before; 0: from the start */
};
/* Longest in the same hands first; those of one item by copy. Only what the actor sees. *more: there are others behind. */
MUST_USE enum code original_list(struct db *db, struct arena *a, const struct actor *by,
    const struct original_filter *f, size_t limit, struct original **out, size_t *n, bool *more,
    struct err *e);
/* What one person holds, for the list of his hand-over: by himself or a chief. */
MUST_USE enum code original_held(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, struct original **out, size_t *n, bool *more, struct err *e);

#endif
