/* office/original_int.h - what original.c and original_list.c share. */
#ifndef OFFICE_ORIGINAL_INT_H
#define OFFICE_ORIGINAL_INT_H

#include "office/original.h"

/* The columns that original_row reads. */
#define ORIGINAL_COLUMNS                                                                \
    "o.id, o.item, o.copy, o.code, o.state, o.holder_kind, o.holder, o.place, o.since," \
    " o.step, o.made, o.made_by, i.number, i.title, coalesce(p.name, ''),"              \
    " coalesce(u.short_name, '')"
#define ORIGINAL_FROM                                              \
    " FROM original o JOIN item i ON i.id = o.item"                \
    " LEFT JOIN person p ON p.id = o.holder AND o.holder_kind = 1" \
    " LEFT JOIN unit u ON u.id = o.holder AND o.holder_kind = 2"
struct original original_row(struct stmt *q, struct arena *a);
bool original_in_hand(const struct actor *by, const struct original *o);

#endif
