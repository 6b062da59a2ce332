/* office/duty_int.h - between the files of the roster. */
#ifndef OFFICE_DUTY_INT_H
#define OFFICE_DUTY_INT_H

#include "office/duty.h"

/* duty.c */
MUST_USE enum code duty_require(struct db *db, const struct actor *by, struct err *e);
MUST_USE enum code duty_reason(struct str *why, const char *what, struct err *e);
/* A new row without asking anybody: the rotation has judged. */
MUST_USE enum code duty_insert(
    struct db *db, const struct actor *by, struct duty_shift *s, struct err *e);
/* Put `now` into the seat and note it. */
struct duty_put {
    int64_t shift, old, now, swap;
    enum duty_seat seat;
    struct str why;
};
MUST_USE enum code duty_put(
    struct db *db, const struct actor *by, const struct duty_put *p, struct err *e);

/* duty_rota.c: who is away when. */
struct duty_away {
    int64_t person, from_ms, to_ms;
    const char *what; /* 不在岗 已委托他人 */
};
MUST_USE enum code duty_absences(struct db *db, struct arena *a, const struct actor *by,
    int64_t from_ms, int64_t to_ms, struct duty_away **out, size_t *n, struct err *e);
const struct duty_away *duty_absent(
    const struct duty_away *v, size_t n, int64_t person, int64_t from_ms, int64_t to_ms);

#endif
