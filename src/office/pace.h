/* office/pace.h - how fast a person speaks: words a minute, learnt from the speeches that were given (kind `speech`: minutes said and characters
 * of the text, entered when it is put away). Nothing of its own is kept: the items are the record. */
#ifndef OFFICE_PACE_H
#define OFFICE_PACE_H

#include "office/item.h"

enum {
    PACE_DEFAULT =
        180, /* characters a minute; practice of speeches read from paper is 160 to 200 */
    PACE_MIN = 60,
    PACE_MAX = 400,     /* beyond these a figure was mistyped and does not count */
    PACE_SPEECHES = 20, /* the latest ones count */
};
struct pace {
    int per_minute;
    int speeches; /* it was learnt from; 0: PACE_DEFAULT */
};
/* By the speeches that the actor may see. */
MUST_USE enum code pace_of(struct db *db, struct arena *a, const struct actor *by, int64_t person,
    struct pace *out, struct err *e);
/* For several persons, in one reading; out[i] is that of persons[i]. */
MUST_USE enum code pace_of_many(struct db *db, struct arena *a, const struct actor *by,
    const int64_t *persons, size_t n, struct pace *out, struct err *e);
/* Minutes and words of each other. */
int64_t pace_words(const struct pace *p, double minutes);
double pace_minutes(const struct pace *p, int64_t chars);

#endif
