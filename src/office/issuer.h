/* office/issuer.h - bodies that issue documents (发文机关), by their printed name. */
#ifndef OFFICE_ISSUER_H
#define OFFICE_ISSUER_H

#include "base/arena.h"
#include "store/store.h"

struct issuer {
    int64_t id; /* small: made by counting, so that it fits corpus_attr.issuer */
    struct str name;
    int authority; /* corpus_attr.authority */
};

/* The issuer of this name, made if there is none; 0 for the empty name. Inside a write. */
MUST_USE enum code issuer_take(
    struct db *db, struct str name, int authority, int64_t *id, struct err *e);
/* Ids, ascending, of issuers whose name holds `part`: for filters. At most 2,000 (E_LIMIT). */
MUST_USE enum code issuer_match(
    struct db *db, struct arena *a, struct str part, uint32_t **ids, size_t *n, struct err *e);
/* All of them by id, at most ISSUER_LIST_MAX. */
enum { ISSUER_LIST_MAX = 20000 };
MUST_USE enum code issuer_list(
    struct db *db, struct arena *a, struct issuer **out, size_t *n, struct err *e);
MUST_USE enum code issuer_get(
    struct db *db, struct arena *a, int64_t id, struct issuer *out, struct err *e);

#endif
