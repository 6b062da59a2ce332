/* office/item_number.h - numbers of items (编号): one row for each that was ever given, so that none is given twice. A reserved
 * number waits for an item that takes it; a void one is never given again, and says why. */
#ifndef OFFICE_ITEM_NUMBER_H
#define OFFICE_ITEM_NUMBER_H

#include "office/item.h"

enum number_state { NUMBER_RESERVED = 0, NUMBER_USED, NUMBER_VOID };
struct item_number {
    int64_t serial, item, at_ms, by;
    enum number_state state;
    struct str number, why, code;
};
enum { NUMBER_RESERVE_MAX = 100 };
/* A run of numbers: of a kind, or of one of its codes (机关代字); without gaps, each with a log. A kind that had one run and is given codes goes on: the
 * code whose numbers these are takes them over. */
struct number_run {
    struct str kind, code; /* code empty: the kind has none, or had none then */
};
/* Inside a write: the next `n` serials of the year of now; *first of them. Chiefs and secretaries. E_INPUT: the kind has no such code. */
MUST_USE enum code item_number_reserve(struct db *db, const struct actor *by, struct number_run run,
    int64_t n, struct str why, int64_t *first, struct err *e);
/* Inside a write: a reserved one. */
MUST_USE enum code item_number_void(struct db *db, const struct actor *by, struct number_run run,
    int year, int64_t serial, struct str why, struct err *e);
/* The codes of a kind that have numbers of that year, in order; the empty one first. */
MUST_USE enum code item_number_codes(struct db *db, struct arena *a, struct str kind, int year,
    struct str **out, size_t *n, struct err *e);
/* The numbers of a run and year behind `after`, at most `limit`. */
struct number_range {
    struct number_run run;
    int year;
    int64_t after;
    size_t limit;
};
/* In order; for the log of numbers. Of an item that the actor may not see, the number alone; what a number without an item was reserved for is
 * told to who may manage numbers and to who did it. */
MUST_USE enum code item_number_list(struct db *db, struct arena *a, const struct actor *by,
    const struct number_range *r, struct item_number **out, size_t *n, struct err *e);
/* The item of that id or number; E_NOTFOUND, and E_CONFLICT where two kinds share the number. Judges no right. */
MUST_USE enum code item_find(struct db *db, struct str name, int64_t *item, struct err *e);

#endif
