/* office/ledger_plan.h - a ledger that was filled in as a workbook and comes back (导入): what it would do, and doing it.
 *
 * The first column holds the stable id of the item, empty for a new one; the second its revision. Columns are known by their names; an empty
 * cell changes nothing. Every row is judged by the verbs themselves in a write that is taken back, shown, and done when the person
 * says so: each row whole or not at all, each with its own outcome. */
#ifndef OFFICE_LEDGER_PLAN_H
#define OFFICE_LEDGER_PLAN_H

#include "office/ledger.h"
#include "paper/doc.h"

enum { PLAN_ROWS_MAX = 500, PLAN_FAULTS_MAX = 200, PLAN_BYTES_MAX = 240 << 10 };

enum plan_kind { PLAN_NEW = 1, PLAN_CHANGE, PLAN_SAME, PLAN_BAD, PLAN_DONE };
struct plan_row {
    int row; /* in the sheet */
    enum plan_kind kind;
    int64_t id, revision; /* id 0: a new one */
    struct str title;     /* of the item, or of the row */
    struct str said;      /* what changes, in words; why not */
    json_t *set;          /* fields, title and urgency; owned by the arena */
};
struct plan_fault {
    struct str cell, value, why; /* "B7"; what stands there; what is wrong and how to mend it */
};
struct ledger_plan {
    struct str sheet;
    struct plan_row *rows;
    size_t n, cap;
    struct plan_fault *faults; /* the first PLAN_FAULTS_MAX */
    size_t n_faults, cap_faults, more_faults;
};
/* An empty workbook to fill in; with the items of `q` in it where that is not NULL (E_LIMIT above PLAN_ROWS_MAX). */
MUST_USE enum code ledger_template(struct db *db, const struct actor *by, const struct ledger *l,
    const struct ledger_query *q, const char *tmp_dir, const char *path, struct err *e);
/* What the workbook says, compared with the items as they are. E_INPUT, E_LIMIT: it is no such workbook. */
MUST_USE enum code ledger_plan_make(struct db *db, struct arena *a, const struct actor *by,
    const struct ledger *l, const struct doc *d, struct ledger_plan *out, struct err *e);
/* Let the verbs judge every row; really: and keep what they did. Not inside a write. */
MUST_USE enum code ledger_plan_run(struct store *st, struct arena *a, const struct actor *by,
    const struct ledger *l, struct ledger_plan *p, bool really, struct err *e);
/* The rows that would do something as JSON, and back: between the page that shows and the one that does. */
void ledger_plan_write(const struct ledger_plan *p, struct buf *b);
MUST_USE enum code ledger_plan_parse(
    struct arena *a, struct str json, struct ledger_plan *out, struct err *e);

#endif
