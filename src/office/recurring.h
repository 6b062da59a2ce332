/* office/recurring.h - matters that come back (周期事项): the first working day of each month, every Monday, the 25th of each quarter.
 *
 * A rule names days; so many days before each of them an item is opened from its template, by recurring_run, in the write that moves the
 * rule to its next day: once for each day, whether two nodes run or one is killed. What was missed while nothing ran is opened then. */
#ifndef OFFICE_RECURRING_H
#define OFFICE_RECURRING_H

#include "office/item.h"

enum recur_on { RECUR_WEEKDAY = 1, RECUR_WORKDAY, RECUR_DAY, N_RECUR_ON };
enum recur_shift { SHIFT_NONE = 0, SHIFT_BEFORE, SHIFT_AFTER, N_SHIFT };
struct recur_rule {
    enum recur_on on;
    int months; /* 1 each month, 3 each quarter, 12 each year; RECUR_WEEKDAY: 0 */
    int month;  /* which of them, from 1 */
    int n; /* weekday 1-7; the n-th working day, from the end if negative; day 1-31, beyond the month: its last */
    enum recur_shift shift; /* where the day is no working day */
};
/* E_INPUT names what does not go. */
MUST_USE enum code recur_check(const struct recur_rule *r, struct err *e);
/* The first day behind `after`. */
int32_t recur_next(const struct recur_rule *r, const struct calendar *cal, int32_t after);
/* 每月第1个工作日; 每季度第3个月25日，遇休息日提前 */
struct str recur_text(struct arena *a, const struct recur_rule *r);

enum {
    RECURRING_MAX = 500,
    RECUR_LEAD_MAX = 90,
    RECUR_FIELDS_MAX = 64 << 10,
    RECUR_MISSED_MAX = 12 /* days that one run opens for a rule */
};
struct recurring {
    int64_t id;
    struct str kind, kind_name; /* kind_name: read only */
    struct str title;           /* {year} {month} {day} of the day it is for */
    struct str fields;          /* JSON, of item_open; the same words in its texts */
    int64_t owner;
    struct str owner_name; /* read only */
    struct recur_rule rule;
    int lead; /* opened so many days before */
    bool lead_working;
    struct str from_day, until_day; /* until empty: no end */
    bool paused;
    struct str
        next_day; /* the day that is opened next; empty: none any more. Read only, like the rest */
    int64_t next_ms; /* when */
    struct str last_day;
    int64_t last_item;
    struct str error; /* why the last opening failed, or empty */
};
/* The title as its next item will bear it; the last one's where none comes any more. */
struct str recurring_title(struct arena *a, const struct recurring *r);
MUST_USE enum code recurring_list(
    struct db *db, struct arena *a, struct recurring **out, size_t *n, struct err *e);
MUST_USE enum code recurring_get(
    struct db *db, struct arena *a, int64_t id, struct recurring *out, struct err *e);
/* Inside a write: id 0 a new one. Chiefs and secretaries; others their own. The next day is counted from now. */
MUST_USE enum code recurring_save(
    struct db *db, const struct actor *by, struct recurring *r, struct err *e);
MUST_USE enum code recurring_pause(
    struct db *db, const struct actor *by, int64_t id, bool paused, struct err *e);
MUST_USE enum code recurring_remove(
    struct db *db, const struct actor *by, int64_t id, struct err *e);

/* Open what is due at by->now_ms, each in the name of its owner, who is told. *opened: items. One that fails says so on the page and is
 * tried again an hour later. */
MUST_USE enum code recurring_run(
    struct store *st, const struct actor *by, size_t *opened, struct err *e);

#endif
