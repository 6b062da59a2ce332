/* office/mistake.h - the error ledger (差错登记, the kind of that name): where errors are caught, and what is made of them. A wrong and a
 * right form become a proposed row of the unit's set wording (term.h), the rule that should have caught it is proposed to run or to run otherwise
 * (rule_proposal.h); both change nothing before a chief confirms.
 * Counted by class and place, never by person. Has no table of its own. */
#ifndef OFFICE_MISTAKE_H
#define OFFICE_MISTAKE_H

#include "office/item.h"
#include "office/rule_proposal.h"

#define MISTAKE_KIND "mistake"
enum { MISTAKES_MAX = 2000, MISTAKE_CLASSES = 20, MISTAKE_PLACES = 8 };

struct mistake {
    int64_t id, opened_ms;
    struct str number, what, klass, place, wrong, right, rule;
    struct str rule_name;        /* empty: no such rule, or none was named */
    enum check_level rule_level; /* as it runs now, where there is one */
    int64_t proposal;            /* what it proposed about the rule, the latest; 0: nothing yet */
    enum proposal_state proposal_state;
    enum check_level proposal_level;
    int64_t term; /* what the wrong form became in the set wording; 0: nothing yet */
    struct str term_state;
};
struct mistakes {
    struct mistake *v; /* the newest first, MISTAKES_MAX at most */
    size_t n;
    struct str classes[MISTAKE_CLASSES], places[MISTAKE_PLACES];
    size_t n_classes, n_places;
    int64_t count[MISTAKE_CLASSES][MISTAKE_PLACES];
    bool cut; /* there are more */
};
/* What the actor may see, registered within these instants (0: open). E_NOTFOUND: the office has no such kind. */
MUST_USE enum code mistakes_read(struct db *db, struct arena *a, const struct actor *by,
    int64_t from_ms, int64_t to_ms, struct mistakes *out, struct err *e);
/* Inside a write: what a check found in a draft, as a mistake of its own that was caught at 核稿. */
struct mistake_found {
    struct str message, words, suggestion, rule;
};
MUST_USE enum code mistake_note(struct db *db, const struct actor *by,
    const struct mistake_found *f, int64_t *item, struct err *e);
/* Inside a write: its wrong and right form as a proposed row of the set wording. Chiefs and secretaries (ACT_TERMS). E_INPUT: a form is
 * missing; E_CONFLICT: the wording is there already. */
MUST_USE enum code mistake_propose(
    struct db *db, const struct actor *by, int64_t item, int64_t *term, struct err *e);
/* Inside a write: the rule that it names, to run at this level from when a chief confirms it. Chiefs and secretaries. E_INPUT: it names none. */
MUST_USE enum code mistake_propose_rule(struct db *db, const struct actor *by, int64_t item,
    enum check_level to, struct str reason, int64_t *proposal, struct err *e);

#endif
