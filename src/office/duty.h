/* office/duty.h - who is on duty (值班): the roster of shifts, how it is made by rotation, what was changed in it and by whom, swaps.
 *
 * A shift has a person A, a person B and a leader (带班领导). The rule names the hours of working days, weekends and holidays, and in which
 * order people come; each sort of day is counted on its own, so that holidays go round as well. A shift that was made is never made
 * anew: what is changed by hand or by a swap stays, and each change is a row. Shifts do not overlap: at any instant one is on. */
#ifndef OFFICE_DUTY_H
#define OFFICE_DUTY_H

#include "office/item.h"

enum duty_seat { DUTY_A = 0, DUTY_B, DUTY_LEADER, N_DUTY_SEAT };
enum duty_sort { DUTY_WORKDAY = 0, DUTY_WEEKEND, DUTY_HOLIDAY, N_DUTY_SORT };
const char *duty_seat_name(enum duty_seat s); /* A岗 B岗 带班领导 */
const char *duty_sort_name(enum duty_sort s); /* 工作日 周末 法定节假日 */

enum {
    DUTY_SPANS_MAX = 4,     /* shifts of one day */
    DUTY_PEOPLE_MAX = 60,   /* in one order of rotation */
    DUTY_LIST_MAX = 400,    /* shifts of one list */
    DUTY_TEXT_CP_MAX = 200, /* of notes and reasons */
    DUTY_HOURS_MAX = 24 * 7
};

/* ---- the rule ---- */
struct duty_span {
    int from, to; /* minutes of the day; to <= from: on the next day */
};
struct duty_rule {
    struct duty_span span[N_DUTY_SORT][DUTY_SPANS_MAX];
    size_t n_spans[N_DUTY_SORT];
    int64_t *people[N_DUTY_SEAT]; /* in the order in which they come */
    size_t n_people[N_DUTY_SEAT];
    int64_t keeper; /* 值班管理员: may change the roster beside the chiefs; 0: none */
    /* an urgent matter (climb.h): minutes until the next is told, and by what besides the page */
    int climb_minutes;
    bool climb_mail, climb_hook;
    int64_t made_ms, made_by; /* read only; 0: nobody has set it yet, what stands here is usual */
};
enum { CLIMB_MINUTES = 5, CLIMB_MINUTES_MAX = 120 };
MUST_USE enum code duty_rule_get(
    struct db *db, struct arena *a, struct duty_rule *out, struct err *e);
/* Inside a write. E_INPUT, E_DENIED. Earlier ones are kept. */
MUST_USE enum code duty_rule_put(
    struct db *db, const struct actor *by, const struct duty_rule *r, struct err *e);
/* "17:30-08:30" or several with a comma between; empty: nobody is on duty. */
MUST_USE enum code duty_spans_parse(
    struct str s, struct duty_span out[DUTY_SPANS_MAX], size_t *n, struct err *e);
struct str duty_spans_text(struct arena *a, const struct duty_span *v, size_t n);
/* Chiefs, the keeper, the owner of the data directory. */
MUST_USE enum code duty_may_keep(struct db *db, const struct actor *by, bool *may, struct err *e);

/* ---- shifts ---- */
struct duty_shift {
    int64_t id;
    int32_t day; /* on which it begins */
    int64_t from_ms, to_ms;
    enum duty_sort sort;
    int64_t who[N_DUTY_SEAT]; /* 0: nobody */
    struct str note;
    int64_t changes;               /* how often somebody was changed; read only, like the rest */
    struct str name[N_DUTY_SEAT];  /* of who */
    struct str phone[N_DUTY_SEAT]; /* the mobile, else the one of the office */
    bool gone[N_DUTY_SEAT];        /* the account is closed */
};
/* Beginning within [from, to), by time. */
MUST_USE enum code duty_list(struct db *db, struct arena *a, int64_t from_ms, int64_t to_ms,
    struct duty_shift **out, size_t *n, struct err *e);
MUST_USE enum code duty_get(
    struct db *db, struct arena *a, int64_t id, struct duty_shift *out, struct err *e);
/* The shift that is on; else *there is false. */
MUST_USE enum code duty_at(struct db *db, struct arena *a, int64_t at_ms, struct duty_shift *out,
    bool *there, struct err *e);
/* The one before it, or behind it. */
MUST_USE enum code duty_beside(struct db *db, struct arena *a, const struct duty_shift *s,
    bool behind, struct duty_shift *out, bool *there, struct err *e);
/* Those of one person that have not ended, by time. */
MUST_USE enum code duty_mine(struct db *db, struct arena *a, int64_t person, int64_t now_ms,
    size_t limit, struct duty_shift **out, size_t *n, struct err *e);
bool duty_has(const struct duty_shift *s, int64_t person);
/* 7月13日（星期一）17:30至次日08:30 */
struct str duty_text(struct arena *a, const struct duty_shift *s, int zone);
enum duty_sort duty_sort_of(const struct calendar *cal, int32_t day);

/* Inside a write; chiefs and the keeper. id 0: a new one. Who was replaced is noted with the reason (`why`, required then). E_CONFLICT:
 * another shift is on at that time. */
MUST_USE enum code duty_save(
    struct db *db, const struct actor *by, struct duty_shift *s, struct str why, struct err *e);
/* Only one that has not begun. */
MUST_USE enum code duty_remove(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e);
/* The month's days from today on that have no shift yet. *made: shifts. E_INPUT where the rule has no hours or people. */
MUST_USE enum code duty_generate(
    struct db *db, const struct actor *by, int year, int month, size_t *made, struct err *e);

/* Who was replaced when, why and by whom; newest first. */
struct duty_change {
    int64_t shift, at_ms, by, old, now;
    enum duty_seat seat;
    int64_t swap; /* through this swap; 0: by hand */
    struct str why, by_name, old_name, now_name;
};
MUST_USE enum code duty_changes(struct db *db, struct arena *a, int64_t shift,
    struct duty_change **out, size_t *n, struct err *e);

/* What does not go together: twice in a row, twice in one shift, absent, no account any more, nobody. */
struct duty_warning {
    int64_t shift;
    enum duty_seat seat;
    struct str text;
};
/* Of shifts in the order of duty_list. Who is away says absence.h, and what he delegated (item_cover.h). */
MUST_USE enum code duty_warnings(struct db *db, struct arena *a, const struct actor *by,
    const struct duty_shift *v, size_t n, struct duty_warning **out, size_t *n_out, struct err *e);

/* ---- swaps (换班) ---- */
enum duty_swap_state { SWAP_ASKED = 0, SWAP_ACCEPTED, SWAP_REFUSED, SWAP_WITHDRAWN };
struct duty_swap {
    int64_t id;
    int64_t shift, other; /* other 0: he takes the duty over and gets none back (代班) */
    enum duty_seat seat, other_seat;
    int64_t person, to;
    struct str why;
    enum duty_swap_state state;
    int64_t asked_ms, answered_ms, noted_ms, noted_by; /* noted: the chief has seen it */
    struct str person_name, to_name, noted_name;       /* read only */
    struct duty_shift s, o; /* read only: shifts without names; o.id 0: none, or they are gone */
};
enum { DUTY_SWAPS_MAX = 100 };
/* Inside a write. Only one's own duty that has not begun. *id: of the new swap. */
MUST_USE enum code duty_swap_ask(
    struct db *db, const struct actor *by, const struct duty_swap *s, int64_t *id, struct err *e);
/* Whoever was asked accepts or refuses; accepted, both duties change hands. E_CONFLICT: the roster has changed meanwhile. */
MUST_USE enum code duty_swap_answer(
    struct db *db, const struct actor *by, int64_t id, bool accept, struct err *e);
MUST_USE enum code duty_swap_withdraw(
    struct db *db, const struct actor *by, int64_t id, struct err *e);
/* The chief has taken note; changes nothing else. */
MUST_USE enum code duty_swap_note(struct db *db, const struct actor *by, int64_t id, struct err *e);
/* Newest first. person 0: all; `waiting`: those alone that wait for his answer or, for who may keep, to be noted. */
MUST_USE enum code duty_swap_list(struct db *db, struct arena *a, int64_t person, bool waiting,
    struct duty_swap **out, size_t *n, struct err *e);

/* ---- as a workbook (xlsx) ---- */
MUST_USE enum code duty_export(struct db *db, struct arena *a, const struct actor *by, int year,
    int month, const char *path, const char *tmp_dir, struct err *e);

/* ---- people to be reached ---- */
/* Phones are for the office's own use: leaders, chiefs, secretaries, liaisons, and whoever is in the roster. */
MUST_USE enum code duty_sees_phones(
    struct db *db, const struct actor *by, bool *may, struct err *e);

#endif
