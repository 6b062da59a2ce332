/* base/crew.h - a fixed number of threads with a bounded queue of jobs, first come, first served. */
#ifndef BASE_CREW_H
#define BASE_CREW_H

#include "base/err.h"

struct crew;
typedef void (*crew_fn)(void *arg);

/* threads 0: one for each processor. queue: most jobs that wait; a submitter waits beyond it. The
 * threads block every signal, which stays the matter of the thread that made the crew. */
MUST_USE enum code crew_open(int threads, int queue, struct crew **out, struct err *e);
int crew_threads(const struct crew *w);
/* Queue fn(arg). Waits while the queue is full; must not be called by a job of the same crew, which
 * could wait for itself. */
void crew_submit(struct crew *w, crew_fn fn, void *arg);
/* The same without waiting: E_BUSY when the queue is full. */
MUST_USE enum code crew_try(struct crew *w, crew_fn fn, void *arg, struct err *e);
void crew_drain(struct crew *w); /* until nothing waits and nothing runs */
void crew_close(struct crew *w); /* runs what is queued, then ends the threads; NULL is allowed */

#endif
