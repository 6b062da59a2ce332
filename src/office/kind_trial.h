/* office/kind_trial.h - a kind tried on a sample matter (试办) before it is published: the real verbs in a write that is always
 * rolled back. Nothing is left of it: no matter, no number, no notice, no version. What would have happened is told step by step: the
 * state, who is asked by when, the limits, their lights and reminders. */
#ifndef OFFICE_KIND_TRIAL_H
#define OFFICE_KIND_TRIAL_H

#include "office/item.h"

enum { TRIAL_STEPS_MAX = 60, TRIAL_ASKS_SHOWN = 20 };

struct trial_ask {
    struct str to, purpose, words;
    int64_t due_ms; /* 0: none */
};
struct trial_light {
    enum light_colour colour;
    struct str text;
    int64_t from_ms;
};
struct trial_remind {
    int64_t at_ms;
    bool report; /* 逾期报告 */
};
struct trial_clock {
    struct str name;
    int64_t due_ms;
    struct trial_light *lights; /* by when they turn */
    size_t n_lights;
    struct trial_remind *reminds; /* by when */
    size_t n_reminds;
};
struct trial_row {
    struct str what, state; /* 交办; name of the state it came into */
    struct str number;      /* taken by this step; empty: none */
    int64_t at_ms;
    struct trial_ask *asks; /* made by this step */
    size_t n_asks, more_asks;
    struct trial_clock *clocks; /* begun by this step */
    size_t n_clocks;
    enum light_colour light; /* as it stands now */
    struct str light_text;
};
struct trial_next {
    struct str act, name; /* move:assign, answer:已收 */
    struct str hindrance; /* 还有2个对象没有回复 */
    bool blocks;
};
struct trial {
    struct trial_row *rows;
    size_t n_rows;
    struct trial_next *next; /* empty when it is closed */
    size_t n_next;
    bool closed;
    struct str
        problem; /* the step that could not be made, with the reason; the rows before it stand */
};
struct trial_want {
    struct str yaml;
    const char *file;
    const struct str *steps; /* move:ID, answer:WORD, day, week: time that passes */
    size_t n_steps;
    const struct str
        *choices; /* pairs: field, value of it; for fields of choice, else the first one */
    size_t n_choices;
};
/* Inside a write: it is to fail and be rolled back, so it never returns OK. *done: `out` is filled (in `a`) and the failure only
 * means that nothing was kept; else the failure is one, as of a text that is no kind. */
MUST_USE enum code kind_trial(struct db *db, struct arena *a, const struct actor *by,
    const struct trial_want *want, struct trial *out, bool *done, struct err *e);

#endif
