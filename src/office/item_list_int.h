/* office/item_list_int.h - a list in work, between what drives it (item_list.c) and its statements (item_list_sql.c). */
#ifndef OFFICE_ITEM_LIST_INT_H
#define OFFICE_ITEM_LIST_INT_H

#include "office/item_plenty.h"

enum list_driver {
    BY_GRANT,       /* each principal, any box */
    BY_GRANT_PLAIN, /* each principal, one box, whatever lies in it */
    BY_GRANT_BOX,   /* each principal, one box */
    BY_UNIT,        /* one unit */
    BY_OPENER,
    BY_OPENED,
    BY_KIND,
    BY_STATE,
    BY_LIGHT,      /* what shows one colour, by opening */
    BY_LIGHT_KIND, /* of a kind, by opening */
    BY_LIGHT_DUE,  /* by due */
    BY_VALUE_IS,
    BY_DUE,
    BY_KIND_DUE,
    BY_NUMBER,
    BY_VALUE,
    WITHOUT_VALUE,
    BOX_DUE,
    BOX_NUMBER,
    BOX_VALUE,
    BOX_WITHOUT_VALUE,
    BOX_COUNT,          /* how many there are */
    BOX_COUNT_PLAIN,    /* in a box, without a condition on the item */
    BOX_COUNT_OWN,      /* of the person alone, which is most often more than is counted */
    BOX_COUNT_ROWS,     /* in no box, by what the rows know */
    BOX_COUNT_ROWS_ONE, /* of one principal */
    BY_STATE_THEN,
    BY_CLOSED,
    BY_URGENCY,
    BY_OWNER,
    BY_OF_UNIT,
    BY_TITLE,
    BOX_STATE_THEN, /* in the order of those of a kind */
    BOX_CLOSED,
    BOX_URGENCY,
    BOX_OWNER,
    BOX_OF_UNIT,
    BOX_TITLE,
    N_DRIVER
};

struct list_row {
    int64_t id, number;
    struct str text;
    int phase;
};
struct list_key {
    int phase; /* sorts that are made of several drivers, one behind the other */
    int64_t number, id, total;
    struct str text;
};
/* One principal of the viewer, as seen_bind binds him. */
struct list_branch {
    int kind, param;
};
struct list_work {
    struct db *db;
    struct arena *a;
    const struct actor *by;
    const struct item_filter *f;
    struct seen seen;
    int64_t watch, opener;
    enum item_box box; /* of item_grant; BOX_ALL: none */
    enum light_colour light;
    int no_light;
    bool runs;               /* the state that is asked for ends no item */
    bool counting;           /* run() gives one row: how many there are, up to the limit */
    enum list_driver driver; /* of the statement that is being written */
    struct list_branch branch;
    struct list_row *v;
    size_t n, cap, limit;
};

/* What is due in a span is read from its beginning to its end in the order of the index: that takes no condition, and no count. */
bool list_by_due(const struct item_filter *f);
/* The rows of one statement are put behind those that are there, at most l->limit. kind, principal: of a driver that reads one branch alone.
 * E_LIMIT: too many combinations of conditions. */
MUST_USE enum code list_run(struct list_work *l, enum list_driver d, bool down,
    const struct list_key *k, int64_t kind, int64_t principal, struct err *e);

#endif
