/* text/rule.h - what a pass of rules works with: for src/text/rules_*.c and office/quote.c.
 *
 * To add a rule: an entry in the table of its class's file (rules_punct.c ...), with a test pair; a pass that
 * calls check_say. tests/unit/text/t_check.c runs all pairs. Shape of a message: what is wrong here, with the words in
 * “”, and no advice that the suggestion already gives. */
#ifndef TEXT_RULE_H
#define TEXT_RULE_H

#include "text/check.h"

struct checker {
    struct arena *a;
    const struct draft *d;
    const struct check_options *o;
    struct lex_date day; /* as of which is judged; never year 0 */
    int genre;           /* enum genre of the draft */
    struct check *out;
    size_t cap, cap_skipped;
    enum check_level *levels; /* by number of the rule (check_rule_at); CHECK_OFF: not wanted */
    uint32_t *counts;         /* findings, likewise */
};

struct rule_table {
    const struct rule *v;
    size_t n;
};
extern const struct rule_table rules_quote, rules_term, rules_punct, rules_number, rules_form,
    rules_word, rules_logic, rules_same, rules_private, rules_repeat;

/* One check in three steps, for a layer that adds findings of its own (office/quote.c); check_draft is all three. `out`
 * is filled by the end, which orders the findings and lists what did not run. */
void checker_begin(struct checker *c, struct arena *a, const struct draft *d,
    const struct check_options *o, struct check *out);
void checker_run(struct checker *c);
void checker_end(struct checker *c);

bool rule_on(const struct checker *c, const char *id);
/* Say that a rule could not run; once for each rule. `why` is borrowed. */
void check_skip(struct checker *c, const char *id, struct str why);
/* Note a finding at [begin, end). NULL when the rule is off or the limits are met: nothing more is to be
 * done for it. The message is formatted into the arena. The pointer is good until the next finding. */
struct finding *check_say(
    struct checker *c, const char *id, size_t begin, size_t end, const char *fmt, ...) PRINTF(5, 6);
/* Put `s` (copied) behind the suggestions of f; f may be NULL. */
void check_suggest(struct checker *c, struct finding *f, struct str s);
/* The two in one, for most rules: a suggestion that may be applied without a person if the rule says so and the place is
 * in no quotation, title, code or address. */
struct finding *check_replace(struct checker *c, const char *id, size_t begin, size_t end,
    struct str with, const char *fmt, ...) PRINTF(6, 7);

#endif
