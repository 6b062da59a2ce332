/* office/ledger_view.h - how a person wants to see a ledger (视图): columns in order, and, under a name, conditions too.
 *
 * The view without a name is what the ledger of this kind opens with for this person. */
#ifndef OFFICE_LEDGER_VIEW_H
#define OFFICE_LEDGER_VIEW_H

#include "base/arena.h"
#include "store/store.h"

enum { LEDGER_VIEWS_MAX = 20, LEDGER_VIEW_NAME_CP = 20, LEDGER_VIEW_BYTES = 4000 };
struct ledger_view {
    int64_t id;
    struct str name;    /* empty: the one it opens with */
    struct str columns; /* ids, parted by , */
    struct str query;   /* conditions as they stand in an address; judged when it is opened */
};
/* By name; the one without a name first. */
MUST_USE enum code ledger_view_list(struct db *db, struct arena *a, int64_t person, struct str kind,
    struct ledger_view **out, size_t *n, struct err *e);
/* Inside a write: the one of this name is replaced. E_LIMIT. */
MUST_USE enum code ledger_view_save(
    struct db *db, int64_t person, struct str kind, const struct ledger_view *v, struct err *e);
/* Inside a write: of this person; E_NOTFOUND. */
MUST_USE enum code ledger_view_remove(struct db *db, int64_t person, int64_t id, struct err *e);

#endif
