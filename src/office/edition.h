/* office/edition.h - versions (版本) of one text: a law and its revisions, the drafts of one paper in an old
 * folder ("终稿2", "最终版"). Proposed by the program with its reason, confirmed by a person. */
#ifndef OFFICE_EDITION_H
#define OFFICE_EDITION_H

#include "office/office.h"

enum edition_state { EDITION_PROPOSED = 0, EDITION_CONFIRMED, EDITION_REJECTED };

struct edition_member {
    int64_t doc;
    int ordinal;                             /* 1 oldest */
    struct str title, day, file_name, label; /* label: 送审稿, 终稿2, 2022年修订 */
    int percent;                             /* similarity with the one before */
};
struct edition_group {
    int64_t id;
    struct str name;   /* base title */
    struct str reason; /* why they were put together */
    enum edition_state state;
    struct edition_member *members;
    size_t n;
};
/* Look for groups among documents registered after `since_ms` and their neighbours; adds proposals only. */
MUST_USE enum code edition_propose(
    struct office *o, int64_t since_ms, int64_t *proposed, struct err *e);
MUST_USE enum code edition_list(struct db *db, struct arena *a, enum edition_state state,
    size_t limit, struct edition_group **out, size_t *n, int64_t *total, struct err *e);
MUST_USE enum code edition_get(
    struct db *db, struct arena *a, int64_t id, struct edition_group *out, struct err *e);
/* The confirmed or proposed group a document stands in: E_NOTFOUND when in none. */
MUST_USE enum code edition_of(
    struct db *db, struct arena *a, int64_t doc, struct edition_group *out, struct err *e);
/* Confirm with the members (in this order) the person left in; or reject. Confirming marks the earlier ones
 * 已修订 and superseded by the last where `revise` says so (rules and laws; not drafts). */
MUST_USE enum code edition_confirm(struct db *db, int64_t id, const int64_t *docs, size_t n,
    bool revise, int64_t by, struct err *e);
MUST_USE enum code edition_reject(struct db *db, int64_t id, int64_t by, struct err *e);

#endif
