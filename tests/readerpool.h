/* readerpool.h - one reader for all tests of a program, which starts itself again as the reader (--reader-child). */
#ifndef READERPOOL_H
#define READERPOOL_H

#include "paper/reader.h"

static struct reader_pool *pool;

static inline int open_pool(void **state)
{
    struct err e;
    (void)state;
    return reader_pool_open(NULL, 1, NULL, &pool, &e) == OK ? 0 : -1;
}

static inline int close_pool(void **state)
{
    (void)state;
    reader_pool_close(pool);
    return 0;
}

#endif
