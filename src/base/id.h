/* base/id.h - 64-bit ids made by the application, so that any number of nodes can make them.
 *
 * Layout, from the top: 0 | 41 bits milliseconds since 2020-01-01 UTC | 10 bits node | 12 bits count.
 * Positive, unique over threads, and over nodes if every node has its own number; they rise within
 * a process, also when the wall clock steps back. The range ends in 2089. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"

#define ID_MAX_NODE 1023

/* The node's number, 0 until set. To be set once, before the first id. E_INPUT out of range. */
MUST_USE enum code id_set_node(int64_t node, struct err *e);
int64_t id_next(void);
int64_t id_node(int64_t id);
int64_t id_time_ms(int64_t id);  /* when it was made, UTC milliseconds; see clock.h */
int64_t id_at_ms(int64_t at_ms); /* no id made from then on is smaller: for "since" */
/* A decimal id from a person, a URL or JSON; E_INPUT unless it is a positive number. */
MUST_USE enum code id_parse(struct str s, int64_t *id, struct err *e);

#endif
