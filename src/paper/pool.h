/* paper/pool.h - the pool as the converters see it. Private to the layer. */
#ifndef PAPER_POOL_H
#define PAPER_POOL_H

#include "paper/wire.h"

const char *pool_exe(const struct reader_pool *p);
const struct reader_limits *pool_limits(const struct reader_pool *p);
/* Hand `fd` to a free child as what `as` says, and take the doc. Messages name no file. */
MUST_USE enum code pool_ask(struct reader_pool *p, struct arena *a, int fd, enum wire_as as,
    int page, struct str name, struct doc *out, struct err *e);
/* The same for bytes in memory. */
MUST_USE enum code pool_ask_bytes(struct reader_pool *p, struct arena *a, struct str bytes,
    enum wire_as as, struct doc *out, struct err *e);

#endif
