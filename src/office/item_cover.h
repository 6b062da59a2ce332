/* office/item_cover.h - who stands in for whom (委托), and handing everything over when somebody leaves a post (移交). Delegation begins
 * with item_delegate (item.h). Table `delegation`. */
#ifndef OFFICE_ITEM_COVER_H
#define OFFICE_ITEM_COVER_H

#include "office/item.h"

struct item_delegation {
    int64_t id, person, to;
    struct str person_name, to_name;
    struct str from_day, to_day;
    int64_t made_ms, made_by, revoked_ms; /* revoked 0: it stands */
    int64_t absence; /* it follows from that entry of absence.h; 0: given by hand */
    bool now;        /* it is in force today */
};
enum { DELEGATION_LIST_MAX = 200 };
/* Newest first: from and to `person`; person 0: everybody's, for chiefs and the owner of the data directory. E_DENIED for the others. */
MUST_USE enum code item_delegation_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, struct item_delegation **out, size_t *n, struct err *e);
/* Inside a write: ended at once. Whoever gave it, and whoever was given it; E_DENIED for one that follows from an absence. */
MUST_USE enum code item_undelegate(
    struct db *db, const struct actor *by, int64_t id, struct err *e);

/* ---- covering for who is away: absence.h decides, here are the rows ---- */
struct cover {
    int64_t person, to, absence;
    int32_t from, until; /* days, both included */
};
enum { COVER_MAX = 5000 };
/* Those given by hand that stand on that day or later. */
MUST_USE enum code item_cover_by_hand(
    struct db *db, struct arena *a, int32_t day, struct cover **out, size_t *n, struct err *e);
/* Inside a write: from today on these follow from absences, and no others. What was in force stays in the list with its end. */
MUST_USE enum code item_cover_set(
    struct db *db, const struct actor *by, const struct cover *v, size_t n, struct err *e);
/* In force that day, by person: both sorts. */
MUST_USE enum code item_cover_on(
    struct db *db, struct arena *a, int32_t day, struct cover **out, size_t *n, struct err *e);

/* Inside a write: every open item that `person` answers for, every open ask sent to him, and the delegations he was given go to `to`; those he gave end. One event
 * in each item. He himself, chiefs, and the owner of the data directory. At most HAND_OVER_MAX items at once: `more` says that some are
 * left for another call; `hidden` counts those the actor may not see, which stay. */
enum { HAND_OVER_MAX = 500 };
struct handed {
    int64_t item;
    struct str number, title, kind;
    bool owner;    /* he answered for it */
    size_t n_asks; /* sent to him */
};
struct hand_over {
    struct handed *items; /* in the arena, by opening */
    size_t n, hidden;
    int64_t delegations; /* passed on or ended */
    bool more;
};
MUST_USE enum code item_hand_over_all(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, int64_t to, struct str why, struct hand_over *out, struct err *e);

/* 调剂: of these what he has in hand, and nothing else of his. What is not in his hands is passed over. */
struct hand_some {
    int64_t person, to;
    const int64_t *items;
    size_t n;
    struct str why;
};
MUST_USE enum code item_hand_over_some(struct db *db, struct arena *a, const struct actor *by,
    const struct hand_some *some, struct hand_over *out, struct err *e);

/* What he has in hand: open items he answers for or is asked for himself, those that are due first in front, as far as the actor sees
 * them. *more: there are others behind `limit`. */
MUST_USE enum code item_in_hand(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, size_t limit, struct item **out, size_t *n, bool *more, struct err *e);

#endif
