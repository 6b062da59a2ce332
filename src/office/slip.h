/* office/slip.h - 催办单: slips by which a unit that has not answered is urged, in colour by how often it was: 蓝 the first, 黄 the second,
 * 红 the third time. A slip is a paper with a number of its own (催〔2026〕3号) and goes out once; a void one keeps its number and
 * says why. Lights (kind.h) say how a matter stands, slips what was done about it. Table slip. */
#ifndef OFFICE_SLIP_H
#define OFFICE_SLIP_H

#include "office/item.h"

enum slip_colour { SLIP_NONE = 0, SLIP_BLUE, SLIP_YELLOW, SLIP_RED };
enum { SLIP_UNITS_MAX = 200, SLIP_REASON_CP_MAX = 500, SLIPS_MAX = 1000 };

struct slip {
    int64_t id, item, year, serial, unit, at_ms, by;
    struct str number, unit_name, by_name;
    enum slip_colour colour;
    struct str reason, due; /* to answer by, YYYY-MM-DD */
    struct str purpose;     /* of the ask that was open */
    int64_t asked_ms, ask_due_ms;
    int64_t void_ms; /* 0: valid */
    struct str void_why;
    struct str title, item_number; /* of the matter, by slip_log */
};
const char *slip_colour_name(enum slip_colour c); /* 蓝 黄 红; "" */
const char *slip_colour_key(enum slip_colour c);  /* blue yellow red; "" */

struct slip_new {
    const int64_t *units;
    size_t n_units;
    enum slip_colour colour; /* 0: the next one of each unit; never one before that */
    struct str reason, due;
};
/* Inside a write: an event of the item, which reminds the units' asks as well. Who may ask others for it may urge them. E_INPUT: a
 * unit that has nothing to answer. */
MUST_USE enum code slip_issue(
    struct db *db, const struct actor *by, int64_t item, const struct slip_new *v, struct err *e);
/* Inside a write: sent by mistake. The reason stays in the log of numbers. */
MUST_USE enum code slip_void(
    struct db *db, const struct actor *by, int64_t slip, struct str why, struct err *e);

/* Of one item, in order, void ones too: all of them for who sees the whole matter by his role or answers for it, else those of the units he
 * acts for. E_NOTFOUND where the actor may not see the item. */
MUST_USE enum code slip_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct slip **out, size_t *n, struct err *e);
/* Units that have something to answer, with the colour that comes next. may: the actor may urge them; else there are none. */
struct slip_unit {
    int64_t unit;
    struct str name, purpose;
    int64_t sent_ms, due_ms; /* of the ask; due 0: none */
    int64_t slips;           /* valid ones so far */
    enum slip_colour next;
};
MUST_USE enum code slip_units(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct slip_unit **out, size_t *n, bool *may, struct err *e);
/* The numbers of a year, in order, behind `after`; of slips that the actor may not see the number alone. */
enum { SLIP_LOG_MAX = 500 };
MUST_USE enum code slip_log(struct db *db, struct arena *a, const struct actor *by, int year,
    int64_t after, size_t limit, struct slip **out, size_t *n, struct err *e);

#endif
