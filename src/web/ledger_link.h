/* web/ledger_link.h - what the pages of ledgers, figures and numbers share: the kind in the address, and addresses of ledgers. */
#ifndef WEB_LEDGER_LINK_H
#define WEB_LEDGER_LINK_H

#include "office/ledger.h"
#include "web/ctx.h"

/* The segment behind the first: /ledgers/KIND/... */
struct str ledger_kind(const struct ctx *c);
/* The conditions of the address; `columns`: what is shown where it names none. */
MUST_USE enum code ledger_asked(struct ctx *c, struct db *db, const struct actor *by,
    const struct ledger *l, struct str columns, struct ledger_query *q, struct err *e);
/* `path` with the conditions of the present address, without the place in the list; those of `set` instead, where a value is empty
 * none. */
struct str ledger_link(struct ctx *c, struct str path, const struct ledger_word *set, size_t n);

#endif
