/* office/role_request.h - authorisation has two pairs of eyes: roles that a 系统管理员 gives, in somebody's own unit or by a further post (兼任), take
 * effect when a 安全管理员 has approved them.
 *
 * Only where the office has one who is active; before that, and for the owner of the data directory, roles are given at once. One request a
 * person and unit: a newer one takes the place of the one that waits. Table role_request. */
#ifndef OFFICE_ROLE_REQUEST_H
#define OFFICE_ROLE_REQUEST_H

#include "office/access.h"

struct role_request {
    int64_t person;
    int64_t unit; /* of the further post; 0: his own roles */
    uint32_t roles;
    int64_t by, at_ms;
    struct str unit_name, unit_code, by_name; /* read only */
};
/* Must roles given by this person (0: the owner, the system) wait? */
MUST_USE enum code role_request_needed(struct db *db, int64_t by, bool *needed, struct err *e);
/* Inside a write. */
MUST_USE enum code role_request_put(
    struct db *db, int64_t person, int64_t unit, uint32_t roles, int64_t by, struct err *e);
/* Inside a write: it is asked for no longer. */
MUST_USE enum code role_request_withdraw(
    struct db *db, const struct role_request *r, int64_t by, struct err *e);
/* What waits, oldest first. person 0: everybody's. */
MUST_USE enum code role_request_list(struct db *db, struct arena *a, int64_t person,
    struct role_request **out, size_t *n, struct err *e);
/* Inside a write: by a 安全管理员 who neither asked for it nor is the person. E_NOTFOUND: nothing waits. */
MUST_USE enum code role_request_decide(struct db *db, const struct viewer *v, int64_t person,
    int64_t unit, bool approve, struct err *e);

#endif
