/* office/password.h - passwords: rules, argon2id, one-time passwords. No database here. */
#ifndef OFFICE_PASSWORD_H
#define OFFICE_PASSWORD_H

#include "base/arena.h"

enum {
    PASSWORD_MIN = 8,     /* characters */
    PASSWORD_MAX = 256,   /* bytes: argon2 would take any length */
    PASSWORD_CLASSES = 3, /* of: lower case, upper case, digits, others */
    HASHERS = 2,          /* at once; each takes memory_kib */
    HASH_SIZE = 160,      /* an encoded hash with its NUL */
    ONE_TIME_SIZE = 15    /* a one-time password with its NUL */
};

struct password_cost {
    uint32_t memory_kib, passes,
        lanes; /* 0 (or no struct): the default, 19 MiB, 2 passes, 1 lane (48 ms) */
};
/* Hashes at most HASHERS at once, so that a crowd at the door cannot take all memory and all cores. One for a
 * process; any thread. */
struct hasher;
MUST_USE enum code hasher_new(const struct password_cost *cost, struct hasher **out, struct err *e);
void hasher_free(struct hasher *h);

/* E_INPUT with the rule that is broken. */
MUST_USE enum code password_check_rules(struct str password, struct str login, struct err *e);
MUST_USE enum code password_hash(
    struct hasher *h, struct str password, char out[HASH_SIZE], struct err *e);
/* `encoded` NULL or empty: works as long as for a real one and says false. *old (may be NULL): the hash was made with
 * other costs and should be made anew. */
bool password_verify(struct hasher *h, const char *encoded, struct str password, bool *old);
/* Letters and digits that cannot be mistaken for one another, all classes in it. */
void password_one_time(char out[ONE_TIME_SIZE]);

#endif
