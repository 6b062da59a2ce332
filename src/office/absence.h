/* office/absence.h - who is away on which days (离岗): leave, a journey, a course. One table for everybody, leaders too.
 *
 * An entry is made by the person himself, a chief or a secretary, without any form; or it follows from a matter whose kind says so
 * (`absence:` of a kind, kinds/leave.yaml): then it comes, changes and ends with that matter, and nobody changes it by hand.
 * Whoever may use matters sees who is away and when; why stands there too, so nothing private belongs into it. Table `absence`. */
#ifndef OFFICE_ABSENCE_H
#define OFFICE_ABSENCE_H

#include "office/item.h"

enum { ABSENCE_DAYS_MAX = 366, ABSENCE_WHY_CP_MAX = 100, ABSENCE_LIST_MAX = 500 };

struct absence {
    int64_t id, person;
    struct str person_name;      /* read only */
    struct str from_day, to_day; /* both included */
    struct str why;
    int64_t made_by, made_ms;
    struct str made_name; /* read only */
    int64_t item;         /* the matter it follows from; 0: entered by hand */
    int64_t deputy;       /* whom that matter names; 0: nobody */
    int64_t ended_ms;     /* taken back before its first day; 0: it stands */
    bool now;             /* away today */
};

/* Inside a write: new (x->id 0: it is made, and set; a function that may run again sets it back to 0 first) or changed: days and why. What
 * has passed stays: the first day of one that began is not changed any more. E_DENIED: another's, and the actor is neither chief
 * nor secretary; or it follows from a matter. E_CONFLICT names the entry whose days overlap. */
MUST_USE enum code absence_save(
    struct db *db, const struct actor *by, struct absence *x, struct err *e);
/* Inside a write: he is back. Today and the days behind are no absence any more. */
MUST_USE enum code absence_end(struct db *db, const struct actor *by, int64_t id, struct err *e);

/* E_NOTFOUND. */
MUST_USE enum code absence_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct absence *out, struct err *e);
/* Those that touch the days from `from` to `to` (ISO, both included), by first day; person 0: everybody's. */
MUST_USE enum code absence_list(struct db *db, struct arena *a, const struct actor *by,
    int64_t person, struct str from, struct str to, struct absence **out, size_t *n, struct err *e);
/* Is he away that day? *out, where it is not NULL, is the entry. */
MUST_USE enum code absence_on(struct db *db, struct arena *a, int64_t person, int32_t day,
    bool *away, struct absence *out, struct err *e);

/* May he change and end it by hand? */
bool absence_may(const struct viewer *v, const struct absence *x);

/* ---- who covers (absence_cover.c) ----
 * Whoever is away is covered by the B of each of his duties (responsibility.h) and the deputy that his leave names, by delegations for
 * exactly these days. Where one of them is away himself, or covers for DELEGATORS_MAX already, or nobody is named: the chief of
 * the unit, else another present in it by rank, else a chief above. A leader without a B is covered by nobody: what waits for him
 * waits. */

/* Inside a write: bring the delegations from today on in line with who is away and who has which duty. Called by whatever changes either, or who
 * is there and in which order (person.h). */
MUST_USE enum code absence_follow(struct db *db, const struct actor *by, struct err *e);
struct work; /* office/item_int.h */
/* Inside a verb's write: the matter says that its owner is away, or does not any more (`absence:` of its kind). */
MUST_USE enum code absence_event(struct work *w, struct err *e);

/* Who is away that day, with those who cover: one for each absent person, by rank. */
struct stand_for {
    int64_t person;
    struct str name, why, to_day;
    struct str covers; /* 张三、李四; empty: nobody */
    struct str words;  /* 王五请假（至7月15日），由张三代办 */
};
MUST_USE enum code absence_today(struct db *db, struct arena *a, const struct actor *by,
    struct stand_for **out, size_t *n, struct err *e);

#endif
