/* office/session.h - signing in, and what follows from it until signing out.
 *
 * A token is 256 random bits, known to the browser alone: the database holds its SM3. Wrong passwords
 * are counted by login, whether there is such a person or not, so that the answers never tell.
 * Passwords are hashed outside of writes and never logged. */
#ifndef OFFICE_SESSION_H
#define OFFICE_SESSION_H

#include "office/access.h"
#include "office/password.h"

enum {
    TOKEN_SIZE = 44, /* 43 characters of base64url and a NUL */
    SIGN_IN_TRIES = 5,
    SESSIONS_MAX = 20 /* of one person; the oldest ends */
};

/* What signing in needs, made once by serve; plain values. */
struct door {
    struct store *store;
    struct hasher *hasher;
    int64_t idle_ms;     /* 30 minutes; 10 where the unit's rules ask for it */
    int64_t absolute_ms; /* 12 hours */
    int64_t lock_ms;     /* 30 minutes after SIGN_IN_TRIES failures */
    int64_t one_time_ms; /* 7 days: so long a one-time password is good */
    int64_t max_age_ms;  /* 90 days: then session.password_old says so */
};
struct door door_default(struct store *st, struct hasher *h);

struct session {
    int64_t id;
    struct viewer viewer;
    struct str name, login; /* of the person */
    bool must_change;       /* nothing but changing the password is allowed */
    bool password_old;      /* ask for a new one */
    char csrf[TOKEN_SIZE];
    int64_t created_ms, seen_ms;
    int64_t last_ms; /* the sign-in before this one, 0: none */
    struct str last_address;
    int64_t failures; /* wrong passwords between the two */
    struct str address, agent;
};

struct sign_in {
    struct str login, password;
    struct str address,
        agent; /* of the browser; kept for the person's own list, cut to 200 bytes */
    int64_t now_ms;
};
/* E_DENIED: one message for unknown, inactive and wrong; another for locked and for an expired one-time password
 * that was right. token is for the cookie. Strings in `a`. */
MUST_USE enum code session_sign_in(const struct door *d, struct arena *a, const struct sign_in *in,
    char token[TOKEN_SIZE], struct session *out, struct err *e);
/* The session of a request; moves its idle limit. E_DENIED: none, expired, ended. */
MUST_USE enum code session_find(const struct door *d, struct arena *a, struct str token,
    int64_t now_ms, struct session *out, struct err *e);
/* The same without moving the idle limit: for a page that asks by itself while nobody is there. */
MUST_USE enum code session_peek(const struct door *d, struct arena *a, struct str token,
    int64_t now_ms, struct session *out, struct err *e);
/* Is `given` the session's CSRF secret? */
bool session_csrf(const struct session *s, struct str given);
MUST_USE enum code session_sign_out(const struct door *d, struct str token, struct err *e);

/* A person's own sessions, the newest first. */
MUST_USE enum code session_list(const struct door *d, struct arena *a, int64_t person,
    int64_t now_ms, struct session **out, size_t *n, struct err *e);
/* E_NOTFOUND unless it is one of this person's. */
MUST_USE enum code session_revoke(
    const struct door *d, int64_t person, int64_t session, struct err *e);
/* Inside a write: all of a person's sessions but `except` (0: all). */
MUST_USE enum code session_revoke_all(struct db *db, int64_t person, int64_t except, struct err *e);
/* Take away what has expired, and sign-in records older than 400 days. */
MUST_USE enum code session_prune(const struct door *d, int64_t now_ms, struct err *e);

/* The person changes the own password; the other sessions end. E_DENIED: the old one is wrong (counted as a
 * failure); E_INPUT: a rule, or the same as before. */
MUST_USE enum code person_change_password(const struct door *d, const struct session *s,
    struct str old, struct str fresh, int64_t now_ms, struct err *e);
/* An administrator (by) gives a one-time password, to be told to the person; must be changed at the next
 * sign-in; all sessions end, a lock is lifted. */
MUST_USE enum code person_reset_password(const struct door *d, int64_t person, int64_t by,
    int64_t now_ms, char password[ONE_TIME_SIZE], struct err *e);
/* Set a password outright (the first administrator of `init`, the demonstration). Rules apply. */
MUST_USE enum code person_set_password(const struct door *d, int64_t person, struct str password,
    bool must_change, int64_t by, struct err *e);

#endif
