/* itemdo.h - a verb that must go well, or be refused with these words. */
#ifndef ITEMDO_H
#define ITEMDO_H

#include "itemdb.h"

static inline enum code itemdb_act(struct itemdb *t, int who, struct act *a, struct err *e)
{
    a->by = itemdb_as(t, who);
    e->msg[0] = '\0';
    return store_write(t->o.st, act_fn, a, e);
}

#define DO(t, who, ...)                             \
    do {                                            \
        struct act act_ = {__VA_ARGS__};            \
        struct err err_;                            \
        if (itemdb_act(t, who, &act_, &err_) != OK) \
            fail_msg("%s", err_.msg);               \
    } while (0)
#define REFUSED(t, who, code_, words, ...)                         \
    do {                                                           \
        struct act act_ = {__VA_ARGS__};                           \
        struct err err_;                                           \
        assert_int_equal(itemdb_act(t, who, &act_, &err_), code_); \
        if (!strstr(err_.msg, words))                              \
            fail_msg("%s", err_.msg);                              \
    } while (0)

#endif
