/* office/rule_proposal.h - a rule of proofreading that somebody proposes to switch on or to judge otherwise, mostly because a mistake got past it
 * (mistake.h). Nothing changes before a chief has confirmed it; confirming sets the rule (rulebook.h) in the same write. What was decided stays, with
 * who and why. Table rule_proposal. */
#ifndef OFFICE_RULE_PROPOSAL_H
#define OFFICE_RULE_PROPOSAL_H

#include "office/rulebook.h"

enum { RULE_PROPOSALS_MAX = 500 };
enum proposal_state { PROPOSAL_WAITS = 1, PROPOSAL_TAKEN, PROPOSAL_REFUSED, N_PROPOSAL_STATE };
const char *proposal_state_name(enum proposal_state s); /* 待科长确认, 已采纳, 未采纳 */

struct rule_proposal {
    int64_t id;
    struct str rule;
    enum check_level from, to; /* as it ran when this was proposed; as it shall run */
    struct str reason;
    int64_t item; /* the mistake it comes from; 0: none */
    enum proposal_state state;
    int64_t by, at_ms, decided_by, decided_ms;
    struct str by_name, decided_name, answer;
};
/* Inside a write; rule, to, reason and item are taken. Chiefs and secretaries (ACT_RULES). E_NOTFOUND: no such rule; E_CONFLICT: one of this rule
 * waits; E_INPUT: the rule runs like that already; E_LIMIT: the reason is too long. */
MUST_USE enum code rule_proposal_put(struct db *db, const struct viewer *v,
    const struct rule_proposal *p, int64_t *id, struct err *e);
/* What waits first, then the newest: RULE_PROPOSALS_MAX at most. */
MUST_USE enum code rule_proposal_list(
    struct db *db, struct arena *a, struct rule_proposal **out, size_t *n, struct err *e);
/* Inside a write, by a chief. E_NOTFOUND: decided already; E_INPUT: refused without a reason. The genres of a rule stay as they are. */
MUST_USE enum code rule_proposal_decide(
    struct db *db, const struct viewer *v, int64_t id, bool take, struct str answer, struct err *e);

#endif
