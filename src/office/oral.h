/* office/oral.h - 口头交办: what a leader said, in one line: who, when, to whom, what, till when. The line is read into fields that a person
 * corrects; entered, it is an item of the kind `oral` (kinds/oral.yaml) whose first event bears the leader's name: he himself or a second person
 * says afterwards whether that is what was said (item_verify). */
#ifndef OFFICE_ORAL_H
#define OFFICE_ORAL_H

#include "office/remark.h"

enum { ORAL_LINE_CP_MAX = 300 };
/* As read: a proposal. */
struct oral_line {
    struct remark_named leader; /* who said it; n 0: nobody recognised, several: to be chosen */
    int64_t at_ms;              /* when; now where the line does not say */
    bool said_when;
    struct remark_named to[REMARK_NAMED_MAX];
    size_t n_to;
    struct str due;  /* ISO; empty: none */
    struct str said; /* what is left of the line: his words */
};
/* 王书记 7月13日下午 让财务部周五前报资金计划 */
void oral_read(struct arena *a, struct str line, const struct remark_people *p, int64_t now_ms,
    const struct calendar *cal, struct oral_line *out);

struct oral_new {
    int64_t leader, at_ms;
    struct str said, way, due;
    const int64_t *units, *persons;
    size_t n_units, n_persons;
};
/* Inside a write: the item, verified later; handed on at once where it is known to whom. */
MUST_USE enum code oral_enter(
    struct db *db, const struct actor *by, const struct oral_new *o, int64_t *item, struct err *e);

#endif
