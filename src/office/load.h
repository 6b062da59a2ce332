/* office/load.h - what each of a section has in hand this week: to see who needs relief, not to rank anybody. In the order of the section, never by
 * the numbers. The chief sees all of his unit; everybody else himself. */
#ifndef OFFICE_LOAD_H
#define OFFICE_LOAD_H

#include "office/item.h"

enum { LOAD_PEOPLE_MAX = 100, LOAD_ROWS_MAX = 20000 };
struct load {
    int64_t person;
    struct str name, login, title;
    int64_t
        open; /* items that run which he answers for, or is asked for himself and has not answered */
    int64_t week;      /* of these: the limit lies between now and the end of this week (Sunday) */
    int64_t late;      /* of these: the limit has passed */
    int64_t asked;     /* asks sent to him today, answered or not */
    struct str away;   /* days of this week on which he is away: 7月15日至7月17日 出差 */
    struct str covers; /* whom he stands in for today */
};
/* E_DENIED never: whoever is no chief of the unit gets one row, his own. */
MUST_USE enum code load_list(struct db *db, struct arena *a, const struct actor *by, int64_t unit,
    struct load **out, size_t *n, struct err *e);

#endif
