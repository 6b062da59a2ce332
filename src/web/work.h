/* web/work.h - a queue and the threads that empty it. */
#ifndef WEB_WORK_H
#define WEB_WORK_H

#include "base/err.h"

struct work_item { /* lies in what is worked on; queued at most once at a time */
    struct work_item *next;
    void (*run)(struct work_item *w);
};

struct work;
MUST_USE enum code work_open(int threads, struct work **out, struct err *e);
void work_push(struct work *w, struct work_item *item, void (*run)(struct work_item *));
/* Runs what is queued, then joins the threads. Nothing may be pushed afterwards. */
void work_close(struct work *w);

#endif
