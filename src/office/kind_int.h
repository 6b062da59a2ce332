/* office/kind_int.h - between the files that read a kind. */
#ifndef OFFICE_KIND_INT_H
#define OFFICE_KIND_INT_H

#include "base/yaml.h"
#include "office/kind.h"

struct kind_role {
    struct str id;
    struct who_list who;
};
struct kind_reading {
    struct arena *a;
    struct kind *k;
    struct kind_role *roles;
    size_t n_roles;
    const struct yaml *root;
    bool late; /* in the list of who is told of lateness: `asked_chief` has a meaning */
};

/* ---- small pieces: kind_read.c ---- */
/* A list, or one member standing alone: *v has n members. At most `most`, named `what` in the message. */
struct members {
    const struct yaml **v;
    size_t n;
};
MUST_USE enum code read_members(struct arena *a, const struct yaml *n, const char *what,
    size_t most, struct members *out, struct err *e);
/* [a-z][a-z0-9_]*, at most 32. */
MUST_USE enum code read_id(const struct yaml *n, struct str *out, struct err *e);
/* One line, not empty, at most `most` characters. NULL: left alone. */
MUST_USE enum code read_line(const struct yaml *n, size_t most, struct str *out, struct err *e);
/* Words of a list, each once. */
MUST_USE enum code read_words(struct arena *a, const struct yaml *n, const char *what, size_t most,
    struct str **out, size_t *n_out, struct err *e);
/* A key that must be there. */
MUST_USE enum code read_need(
    const struct yaml *map, const char *key, const struct yaml **out, struct err *e);
MUST_USE enum code read_flag(const struct yaml *map, const char *key, bool *out, struct err *e);
MUST_USE enum code read_field(
    struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e);
MUST_USE enum code read_state(
    struct kind_reading *r, const struct yaml *n, size_t *out, struct err *e);
MUST_USE enum code read_states(
    struct kind_reading *r, const struct yaml *n, size_t **out, size_t *n_out, struct err *e);
/* Terms of who may. */
MUST_USE enum code read_who(
    struct kind_reading *r, const struct yaml *n, struct who_list *out, struct err *e);

/* kind_fields.c */
MUST_USE enum code read_fields(struct kind_reading *r, struct err *e);
MUST_USE enum code read_field_see(struct kind_reading *r,
    struct err *e); /* who sees them: needs the roles, which need the fields */
bool field_of_people(enum field_type t);
bool field_of_units(enum field_type t);

/* kind_cond.c. `before`: only fields with a smaller index may be named. */
MUST_USE enum code read_cond(
    struct kind_reading *r, const struct yaml *n, size_t before, struct cond *out, struct err *e);
/* kind_moves.c */
MUST_USE enum code read_moves(struct kind_reading *r, struct err *e);
MUST_USE enum code read_text(struct kind_reading *r, struct err *e);
/* kind_number.c: how its number is written, and its codes. */
MUST_USE enum code read_number(struct kind_reading *r, struct err *e);
/* kind_clocks.c: clocks, lights, reminders. */
MUST_USE enum code read_clocks(struct kind_reading *r, struct err *e);
/* kind_clocks.c: 逐级呼叫. */
MUST_USE enum code read_climb(struct kind_reading *r, struct err *e);
/* kind_lint.c: every state can be reached and left towards an end. */
MUST_USE enum code check_paths(struct kind_reading *r, struct err *e);

#endif
