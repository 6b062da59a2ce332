/* office/verify.h - is everything that was stored still what was stored (核验)?
 *
 * Looks at every original, every text, what refers to what, the corpus and the audit chain; changes nothing but
 * that the corpus first catches up. Writing may go on beside it. */
#ifndef OFFICE_VERIFY_H
#define OFFICE_VERIFY_H

#include "base/clock.h"
#include "base/sm3.h"
#include "office/office.h"

struct verify {
    /* Called now and then; false ends the work early (stopped is set). May be NULL. */
    bool (*progress)(void *arg, const char *step, int64_t done, int64_t all);
    /* Called for each thing that is wrong, one Chinese line. */
    void (*finding)(void *arg, const char *line);
    void *arg;
    /* results */
    int64_t originals, documents, texts, indexed, events, item_events, findings;
    bool stopped;
    char seal_day
        [DAY_ISO_SIZE]; /* of the newest seal of the audit chain that holds, and the seal; or empty */
    char seal[SM3_HEX + 1];
};
/* OK also when there are findings; a failure means that looking itself failed. */
MUST_USE enum code verify_office(struct office *o, struct verify *v, struct err *e);

#endif
