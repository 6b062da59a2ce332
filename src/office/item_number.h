/* office/item_number.h - numbers of items (编号): one row for each that was ever given, so that none is given twice. A reserved
 * number waits for an item that takes it; a void one is never given again, and says why. */
#ifndef OFFICE_ITEM_NUMBER_H
#define OFFICE_ITEM_NUMBER_H

#include "office/item.h"

enum number_state { NUMBER_RESERVED = 0, NUMBER_USED, NUMBER_VOID };
struct item_number {
    int64_t serial, item, at_ms, by;
    enum number_state state;
    struct str number, why;
};
enum { NUMBER_RESERVE_MAX = 100 };
/* Inside a write: the next `n` serials of the year of now; *first of them. Chiefs and secretaries. */
MUST_USE enum code item_number_reserve(struct db *db, const struct actor *by, struct str kind,
    int64_t n, struct str why, int64_t *first, struct err *e);
/* Inside a write: a reserved one. */
MUST_USE enum code item_number_void(struct db *db, const struct actor *by, struct str kind,
    int year, int64_t serial, struct str why, struct err *e);
/* The numbers of a kind and year behind `after`, at most `limit`. */
struct number_range {
    struct str kind;
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
