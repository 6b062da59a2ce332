/* office/rulebook.h - the rules of proofreading as this unit keeps them: switched, raised, restricted; what people did with
 * their findings (the precision ledger); words that are never to be shown again.
 *
 * A rule that is mostly ignored sinks to a hint by itself (RULE_DECIDED_MIN decisions, RULE_IGNORED_PERCENT of
 * them to ignore) until the unit sets its level. */
#ifndef OFFICE_RULEBOOK_H
#define OFFICE_RULEBOOK_H

#include "office/access.h"
#include "text/check.h"

enum {
    RULE_DECIDED_MIN = 20,
    RULE_IGNORED_PERCENT = 80,
    RULE_NOTE_CP_MAX = 200,
    RULE_NEVER_MAX = 5000
};

struct rule_state {
    const struct rule *rule;
    enum check_level level; /* as it runs now */
    bool set;               /* by the unit: level, genres, note, by and at_ms hold */
    bool sunk;              /* by its figures */
    uint64_t genres;        /* 0: all kinds of text */
    struct str note;
    int64_t by, at_ms;
    struct str by_name;
    int64_t shown, accepted, ignored;
};
/* Every rule of the table, in its order. */
MUST_USE enum code rulebook_read(
    struct db *db, struct arena *a, struct rule_state **out, size_t *n, struct err *e);
/* "P14 句号连用", as fields and lists show a rule that is named by its id; the id alone where there is none of it. */
struct str rule_words(struct arena *a, struct str id);
/* The same as check_draft wants it: only what differs from the table. */
MUST_USE enum code rulebook_settings(
    struct db *db, struct arena *a, struct rule_setting **out, size_t *n, struct err *e);
/* Inside a write. E_DENIED unless chief or secretary; E_NOTFOUND for an unknown rule; E_LIMIT for a long note. */
MUST_USE enum code rulebook_set(struct db *db, const struct viewer *v, struct str rule,
    enum check_level level, uint64_t genres, struct str note, struct err *e);
/* Back to the table's own level. */
MUST_USE enum code rulebook_reset(
    struct db *db, const struct viewer *v, struct str rule, struct err *e);

/* Inside a write: add to the figures of a rule. */
MUST_USE enum code rulebook_count(
    struct db *db, struct str rule, int shown, int accepted, int ignored, struct err *e);

/* "Never again": this rule says nothing more about these words, in no text. */
struct rule_never {
    int64_t id;
    struct str rule, text, by_name;
    int64_t by, at_ms;
};
MUST_USE enum code rulebook_never(
    struct db *db, const struct viewer *v, struct str rule, struct str text, struct err *e);
MUST_USE enum code rulebook_never_list(
    struct db *db, struct arena *a, struct rule_never **out, size_t *n, struct err *e);
MUST_USE enum code rulebook_never_withdraw(
    struct db *db, const struct viewer *v, int64_t id, struct err *e);

#endif
