#include "office/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/sm3.h"
#include "office/audit.h"
#include "office/person.h"

enum {
    TOKEN_BYTES = 32,
    NOTE_MAX = 200,          /* bytes kept of an address and a browser's name */
    TOUCH_MS = 60000,        /* `seen` is written at most this often */
    SIGN_IN_KEEP_DAYS = 400, /* the law asks for six months */
    FAILURE_KEEP_MS = 24 * 3600 * 1000
};

struct door door_default(struct store *st, struct hasher *h)
{
    return (struct door){.store = st,
        .hasher = h,
        .idle_ms = 30 * MS_MINUTE,
        .absolute_ms = 12 * MS_HOUR,
        .lock_ms = 30 * MS_MINUTE,
        .one_time_ms = 7 * MS_DAY,
        .max_age_ms = 90 * MS_DAY};
}

/* ---- tokens ---- */

static void make_token(char out[TOKEN_SIZE])
{
    unsigned char r[TOKEN_BYTES];
    struct buf b;
    random_bytes(r, sizeof(r));
    buf_init(&b, 0);
    base64url_write(&b, (struct str){(const char *)r, sizeof(r)});
    memcpy(out, b.p, TOKEN_SIZE);
    secret_wipe(r, sizeof(r));
    secret_wipe(b.p, b.n);
    buf_release(&b);
}

static struct str token_digest(struct str token, char hex[SM3_HEX + 1])
{
    struct digest d = sm3(token);
    return digest_hex(&d, hex);
}

/* At most NOTE_MAX bytes, whole characters. */
static struct str short_note(struct str s)
{
    if (s.n <= NOTE_MAX)
        return s;
    size_t n = NOTE_MAX;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return (struct str){s.p, n};
}

/* ---- who is at the door ---- */

/* What is known under the login that was typed. */
struct candidate {
    int64_t person;        /* 0: nobody */
    char key[SM3_HEX + 2]; /* of sign_in_failure */
    struct str login, name;
    char hash[HASH_SIZE];
    int64_t unit, password_set, locked_until;
    uint32_t roles;
    bool active, must_change;
};

static struct str lower_login(struct arena *a, struct str typed)
{
    char *p = arena_z(a, str_sub(str_trim(typed), 0, (size_t)LOGIN_MAX * 2));
    for (char *c = p; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return str_z(p);
}

static enum code find_person(
    struct db *db, struct arena *a, struct str login, struct candidate *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id, name, password, unit, roles, active, must_change,"
                                " password_set FROM person WHERE login = ?1");
    stmt_bind_str(q, 1, login);
    if (stmt_step(q)) {
        struct str hash = stmt_str(q, 2);
        out->person = stmt_int(q, 0);
        out->name = arena_str(a, stmt_str(q, 1));
        if (hash.n < HASH_SIZE)
            memcpy(out->hash, hash.p, hash.n);
        out->unit = stmt_int(q, 3);
        out->roles = (uint32_t)stmt_int(q, 4);
        out->active = stmt_int(q, 5) == 1;
        out->must_change = stmt_int(q, 6) == 1;
        out->password_set = stmt_int(q, 7);
    }
    return stmt_end(q, e);
}

/* Both branches do the same work: the answer is not to be guessed from the time it takes. */
static void set_key(struct candidate *c)
{
    char hex[SM3_HEX + 1];
    struct buf b;
    token_digest(c->login, hex);
    buf_init(&b, 0);
    buf_printf(&b, "?%s", hex);
    memset(c->key, 0, sizeof(c->key));
    if (c->person)
        memcpy(c->key, c->login.p, c->login.n < SM3_HEX ? c->login.n : SM3_HEX);
    else
        memcpy(c->key, b.p, b.n);
    buf_release(&b);
}

static enum code read_lock(struct db *db, struct candidate *c, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT locked_until FROM sign_in_failure WHERE login = ?1");
    stmt_bind_str(q, 1, str_z(c->key));
    c->locked_until = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static enum code look_up(
    const struct door *d, struct arena *a, struct str login, struct candidate *out, struct err *e)
{
    struct db *db;
    struct candidate c = {.login = lower_login(a, login)};
    TRY(store_read(d->store, &db, e));
    enum code code = find_person(db, a, c.login, &c, e);
    set_key(&c);
    if (code == OK)
        code = read_lock(db, &c, e);
    store_read_end(db);
    if (code == OK)
        *out = c;
    return code;
}

static enum code locked(int64_t until, int64_t now, struct err *e)
{
    return FAIL(e, E_DENIED, "密码连续输错%d次，账号已锁定，请%d分钟后再试", SIGN_IN_TRIES,
        (int)((until - now + MS_MINUTE - 1) / MS_MINUTE));
}

/* ---- counting failures ---- */

enum outcome { SIGN_IN_OK = 1, SIGN_IN_WRONG, SIGN_IN_LOCKED };

static enum code record(
    struct db *db, int64_t person, enum outcome how, struct str address, int64_t now, struct err *e)
{
    struct stmt *q = db_sql(
        db, "INSERT INTO sign_in(id, at, person, outcome, address) VALUES(?1, ?2, ?3, ?4, ?5)");
    stmt_bind_int(q, 1, id_next());
    stmt_bind_int(q, 2, now);
    stmt_bind_int(q, 3, person);
    stmt_bind_int(q, 4, how);
    stmt_bind_str(q, 5, short_note(address));
    return stmt_run(q, NULL, e);
}

struct failure {
    const struct door *d;
    const struct candidate *c;
    struct str address;
    int64_t now, locked_until;
};

static enum code forget_old_failures(struct db *db, int64_t now, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM sign_in_failure WHERE at < ?1 AND locked_until < ?2");
    stmt_bind_int(q, 1, now - FAILURE_KEEP_MS);
    stmt_bind_int(q, 2, now);
    return stmt_run(q, NULL, e);
}

static enum code failure_fn(struct db *db, void *arg, struct err *e)
{
    struct failure *f = arg;
    int64_t n = 0;
    f->locked_until = 0;
    TRY(forget_old_failures(db, f->now, e));
    struct stmt *q =
        db_sql(db, "SELECT failures, locked_until FROM sign_in_failure WHERE login = ?1");
    stmt_bind_str(q, 1, str_z(f->c->key));
    if (stmt_step(q)) { /* after a lock that has passed, counting begins anew */
        n = stmt_int(q, 1) && stmt_int(q, 1) <= f->now ? 0 : stmt_int(q, 0);
        f->locked_until = stmt_int(q, 1) > f->now ? stmt_int(q, 1) : 0;
    }
    TRY(stmt_end(q, e));
    n++;
    if (n >= SIGN_IN_TRIES && f->locked_until == 0)
        f->locked_until = f->now + f->d->lock_ms;
    q = db_sql(db, "INSERT INTO sign_in_failure(login, failures, locked_until, at)"
                   " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(login) DO UPDATE SET"
                   " failures = excluded.failures, locked_until = excluded.locked_until,"
                   " at = excluded.at");
    stmt_bind_str(q, 1, str_z(f->c->key));
    stmt_bind_int(q, 2, n);
    stmt_bind_int(q, 3, f->locked_until);
    stmt_bind_int(q, 4, f->now);
    TRY(stmt_run(q, NULL, e));
    if (n == SIGN_IN_TRIES && f->c->person)
        TRY(audit_simple(db, 0, "person.lock", "person", f->c->person, S(""), e));
    return record(db, f->c->person, n >= SIGN_IN_TRIES ? SIGN_IN_LOCKED : SIGN_IN_WRONG, f->address,
        f->now, e);
}

static enum code count_failure(
    const struct door *d, const struct candidate *c, struct str address, int64_t now, struct err *e)
{
    struct failure f = {.d = d, .c = c, .address = address, .now = now};
    TRY(store_write(d->store, failure_fn, &f, e));
    if (f.locked_until)
        return locked(f.locked_until, now, e);
    return FAIL(e, E_DENIED, "登录名或密码不对");
}

/* ---- signing in ---- */

struct entry {
    const struct door *d;
    const struct sign_in *in;
    const struct candidate *c;
    const char *rehash; /* empty: keep the old hash */
    char token[SM3_HEX + 1], csrf[TOKEN_SIZE];
    int64_t session, last, failures;
    char last_address[NOTE_MAX + 1];
};

/* When this person last came in, and what failed since. */
static enum code read_last(struct db *db, struct entry *t, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT at, address FROM sign_in WHERE person = ?1 AND outcome = 1"
                                " ORDER BY id DESC LIMIT 1");
    t->last = t->failures = 0;
    t->last_address[0] = '\0';
    stmt_bind_int(q, 1, t->c->person);
    if (stmt_step(q)) {
        struct str s = short_note(stmt_str(q, 1));
        t->last = stmt_int(q, 0);
        memcpy(t->last_address, s.p, s.n);
        t->last_address[s.n] = '\0';
    }
    TRY(stmt_end(q, e));
    q = db_sql(db, "SELECT count(*) FROM sign_in WHERE person = ?1 AND outcome > 1 AND at > ?2");
    stmt_bind_int(q, 1, t->c->person);
    stmt_bind_int(q, 2, t->last);
    t->failures = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static enum code insert_session(struct db *db, const struct entry *t, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO session(id, token, person, csrf, created, seen, last,"
                                " last_address, failures, address, agent)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10)");
    stmt_bind_int(q, 1, t->session);
    stmt_bind_str(q, 2, str_z(t->token));
    stmt_bind_int(q, 3, t->c->person);
    stmt_bind_str(q, 4, str_z(t->csrf));
    stmt_bind_int(q, 5, t->in->now_ms);
    stmt_bind_int(q, 6, t->last);
    stmt_bind_str(q, 7, str_z(t->last_address));
    stmt_bind_int(q, 8, t->failures);
    stmt_bind_str(q, 9, short_note(t->in->address));
    stmt_bind_str(q, 10, short_note(t->in->agent));
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM session WHERE person = ?1 AND id NOT IN"
                   " (SELECT id FROM session WHERE person = ?1 ORDER BY id DESC LIMIT 20)");
    stmt_bind_int(q, 1, t->c->person);
    return stmt_run(q, NULL, e);
}
_Static_assert(SESSIONS_MAX == 20, "the LIMIT above");

static enum code clear_failures(struct db *db, const char *key, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM sign_in_failure WHERE login = ?1");
    stmt_bind_str(q, 1, str_z(key));
    return stmt_run(q, NULL, e);
}

/* What was true when the password was checked must still be: the account may have been stopped, locked or given
 * another password meanwhile. */
static enum code still_so(struct db *db, const struct entry *t, struct err *e)
{
    struct candidate now = *t->c;
    struct stmt *q =
        db_sql(db, "SELECT 1 FROM person WHERE id = ?1 AND active = 1 AND password = ?2");
    stmt_bind_int(q, 1, t->c->person);
    stmt_bind_str(q, 2, str_z(t->c->hash));
    bool same = stmt_step(q);
    TRY(stmt_end(q, e));
    TRY(read_lock(db, &now, e));
    if (now.locked_until > t->in->now_ms)
        return locked(now.locked_until, t->in->now_ms, e);
    return same ? OK : FAIL(e, E_DENIED, "登录名或密码不对");
}

static enum code entry_fn(struct db *db, void *arg, struct err *e)
{
    struct entry *t = arg;
    TRY(still_so(db, t, e));
    TRY(read_last(db, t, e));
    TRY(clear_failures(db, t->c->key, e));
    if (*t->rehash) {
        struct stmt *q = db_sql(db, "UPDATE person SET password = ?2 WHERE id = ?1");
        stmt_bind_int(q, 1, t->c->person);
        stmt_bind_str(q, 2, str_z(t->rehash));
        TRY(stmt_run(q, NULL, e));
    }
    TRY(insert_session(db, t, e));
    return record(db, t->c->person, SIGN_IN_OK, t->in->address, t->in->now_ms, e);
}

static enum code enter(struct entry *t, bool old_cost, char token[TOKEN_SIZE], struct err *e)
{
    char rehash[HASH_SIZE] = "";
    if (old_cost)
        TRY(password_hash(t->d->hasher, t->in->password, rehash, e));
    t->rehash = rehash;
    t->session = id_next();
    make_token(token);
    make_token(t->csrf);
    token_digest(str_z(token), t->token);
    enum code code = store_write(t->d->store, entry_fn, t, e);
    t->rehash = ""; /* it ends here */
    return code;
}

enum code session_sign_in(const struct door *d, struct arena *a, const struct sign_in *in,
    char token[TOKEN_SIZE], struct session *out, struct err *e)
{
    struct candidate c;
    struct entry t = {.d = d, .in = in, .c = &c};
    bool old_cost = false;
    TRY(look_up(d, a, in->login, &c, e));
    if (c.locked_until > in->now_ms)
        return locked(c.locked_until, in->now_ms, e);
    bool right = password_verify(d->hasher, c.active ? c.hash : NULL, in->password, &old_cost);
    if (!right)
        return count_failure(d, &c, in->address, in->now_ms, e);
    if (c.must_change && in->now_ms - c.password_set > d->one_time_ms)
        return FAIL(e, E_DENIED, "一次性密码已过期，请联系系统管理员重新发放");
    char fresh[TOKEN_SIZE];
    TRY(enter(&t, old_cost, fresh, e));
    memcpy(token, fresh, TOKEN_SIZE);
    *out = (struct session){.id = t.session,
        .viewer = {.person = c.person, .unit = c.unit, .roles = c.roles},
        .name = c.name,
        .login = c.login,
        .must_change = c.must_change,
        .password_old = in->now_ms - c.password_set > d->max_age_ms,
        .created_ms = in->now_ms,
        .seen_ms = in->now_ms,
        .last_ms = t.last,
        .last_address = arena_str(a, str_z(t.last_address)),
        .failures = t.failures,
        .address = arena_str(a, short_note(in->address)),
        .agent = arena_str(a, short_note(in->agent))};
    memcpy(out->csrf, t.csrf, TOKEN_SIZE);
    return OK;
}

/* ---- requests ---- */

#define COLUMNS                                                                             \
    DB_PLAN_ONCE                                                                            \
    "SELECT s.id, s.person, s.csrf, s.created, s.seen, s.last, s.last_address, s.failures," \
    " s.address, s.agent, p.name, p.login, p.unit, p.roles, p.must_change, p.password_set"  \
    " FROM session s JOIN person p ON p.id = s.person WHERE p.active = 1"

static struct session row_session(
    const struct door *d, struct stmt *q, struct arena *a, int64_t now)
{
    struct str csrf = stmt_str(q, 2);
    struct session s = {.id = stmt_int(q, 0),
        .viewer = {.person = stmt_int(q, 1),
            .unit = stmt_int(q, 12),
            .roles = (uint32_t)stmt_int(q, 13)},
        .name = arena_str(a, stmt_str(q, 10)),
        .login = arena_str(a, stmt_str(q, 11)),
        .must_change = stmt_int(q, 14) == 1,
        .password_old = now - stmt_int(q, 15) > d->max_age_ms,
        .created_ms = stmt_int(q, 3),
        .seen_ms = stmt_int(q, 4),
        .last_ms = stmt_int(q, 5),
        .last_address = arena_str(a, stmt_str(q, 6)),
        .failures = stmt_int(q, 7),
        .address = arena_str(a, stmt_str(q, 8)),
        .agent = arena_str(a, stmt_str(q, 9))};
    if (csrf.n == TOKEN_SIZE - 1)
        memcpy(s.csrf, csrf.p, csrf.n);
    return s;
}

struct touch {
    int64_t session, now;
};

static enum code touch_fn(struct db *db, void *arg, struct err *e)
{
    const struct touch *t = arg;
    struct stmt *q = db_sql(db, "UPDATE session SET seen = ?2 WHERE id = ?1 AND seen < ?2");
    stmt_bind_int(q, 1, t->session);
    stmt_bind_int(q, 2, t->now);
    return stmt_run(q, NULL, e);
}

static void touch_done(void *arg, enum code c, const struct err *e)
{
    (void)c; /* at worst the session ends a minute early */
    (void)e;
    free(arg);
}

static void touch(const struct door *d, int64_t session, int64_t now)
{
    struct touch *t = mem_alloc(sizeof(*t));
    *t = (struct touch){session, now};
    store_submit(d->store, touch_fn, t, touch_done);
}

enum code session_peek(const struct door *d, struct arena *a, struct str token, int64_t now_ms,
    struct session *out, struct err *e)
{
    struct db *db;
    struct session s = {.id = 0};
    char hex[SM3_HEX + 1];
    if (token.n != TOKEN_SIZE - 1)
        return FAIL(e, E_DENIED, "请先登录");
    TRY(store_read(d->store, &db, e));
    struct stmt *q = db_sql(db, COLUMNS " AND s.token = ?1");
    stmt_bind_str(q, 1, token_digest(token, hex));
    if (stmt_step(q))
        s = row_session(d, q, a, now_ms);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    if (c != OK)
        return c;
    if (s.id == 0)
        return FAIL(e, E_DENIED, "请先登录");
    /* `seen` may be up to TOUCH_MS behind, in the person's favour nothing: it is added here. */
    if (now_ms - s.seen_ms > d->idle_ms + TOUCH_MS || now_ms - s.created_ms > d->absolute_ms)
        return FAIL(e, E_DENIED, "登录已超时，请重新登录");
    *out = s;
    return OK;
}

enum code session_find(const struct door *d, struct arena *a, struct str token, int64_t now_ms,
    struct session *out, struct err *e)
{
    TRY(session_peek(d, a, token, now_ms, out, e));
    if (now_ms - out->seen_ms > TOUCH_MS)
        touch(d, out->id, now_ms);
    return OK;
}

bool session_csrf(const struct session *s, struct str given)
{
    return s->csrf[0] && given.n == TOKEN_SIZE - 1 && secret_eq(str_z(s->csrf), given);
}

enum code session_list(const struct door *d, struct arena *a, int64_t person, int64_t now_ms,
    struct session **out, size_t *n, struct err *e)
{
    struct db *db;
    struct session *v = NULL;
    size_t k = 0, cap = 0;
    TRY(store_read(d->store, &db, e));
    struct stmt *q = db_sql(db, COLUMNS " AND s.person = ?1 AND s.seen > ?2 AND s.created > ?3"
                                        " ORDER BY s.id DESC");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, now_ms - d->idle_ms - TOUCH_MS);
    stmt_bind_int(q, 3, now_ms - d->absolute_ms);
    while (stmt_step(q)) {
        struct session s = row_session(d, q, a, now_ms);
        memset(s.csrf, 0, sizeof(s.csrf)); /* a list is shown: no secrets in it */
        ARENA_PUSH(a, v, k, cap) = s;
    }
    enum code c = stmt_end(q, e);
    store_read_end(db);
    if (c == OK) {
        *out = v;
        *n = k;
    }
    return c;
}

/* ---- ending ---- */

struct ending {
    int64_t person, session, now;
    const char *token;
    const struct door *d;
};

static enum code sign_out_fn(struct db *db, void *arg, struct err *e)
{
    const struct ending *g = arg;
    struct stmt *q = db_sql(db, "DELETE FROM session WHERE token = ?1");
    stmt_bind_str(q, 1, str_z(g->token));
    return stmt_run(q, NULL, e);
}

enum code session_sign_out(const struct door *d, struct str token, struct err *e)
{
    char hex[SM3_HEX + 1];
    token_digest(token, hex);
    return store_write(d->store, sign_out_fn, &(struct ending){.token = hex}, e);
}

static enum code revoke_fn(struct db *db, void *arg, struct err *e)
{
    const struct ending *g = arg;
    int64_t n;
    struct stmt *q = db_sql(db, "DELETE FROM session WHERE id = ?1 AND person = ?2");
    stmt_bind_int(q, 1, g->session);
    stmt_bind_int(q, 2, g->person);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_NOTFOUND, "没有这个登录，可能已经结束");
}

enum code session_revoke(const struct door *d, int64_t person, int64_t session, struct err *e)
{
    return store_write(
        d->store, revoke_fn, &(struct ending){.person = person, .session = session}, e);
}

enum code session_revoke_all(struct db *db, int64_t person, int64_t except, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM session WHERE person = ?1 AND id <> ?2");
    stmt_bind_int(q, 1, person);
    stmt_bind_int(q, 2, except);
    return stmt_run(q, NULL, e);
}

static enum code prune_fn(struct db *db, void *arg, struct err *e)
{
    const struct ending *g = arg;
    struct stmt *q = db_sql(db, "DELETE FROM session WHERE seen < ?1 OR created < ?2");
    stmt_bind_int(q, 1, g->now - g->d->idle_ms - TOUCH_MS);
    stmt_bind_int(q, 2, g->now - g->d->absolute_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM sign_in WHERE at < ?1");
    stmt_bind_int(q, 1, g->now - SIGN_IN_KEEP_DAYS * MS_DAY);
    TRY(stmt_run(q, NULL, e));
    return forget_old_failures(db, g->now, e);
}

enum code session_prune(const struct door *d, int64_t now_ms, struct err *e)
{
    return store_write(d->store, prune_fn, &(struct ending){.now = now_ms, .d = d}, e);
}

/* ---- passwords ---- */

struct change {
    int64_t person, except, by, now;
    struct str login;
    const char *hash, *old_hash; /* old_hash NULL: whatever it was */
    const char *verb;
    bool must_change;
};

static enum code change_fn(struct db *db, void *arg, struct err *e)
{
    const struct change *g = arg;
    int64_t n;
    struct stmt *q =
        db_sql(db, "UPDATE person SET password = ?2, password_set = ?3, must_change = ?4"
                   " WHERE id = ?1 AND (?5 = '' OR password = ?5)");
    stmt_bind_int(q, 1, g->person);
    stmt_bind_str(q, 2, str_z(g->hash));
    stmt_bind_int(q, 3, g->now);
    stmt_bind_int(q, 4, g->must_change);
    stmt_bind_str(q, 5, str_z(g->old_hash));
    TRY(stmt_run(q, &n, e));
    if (n == 0)
        return FAIL(e, E_CONFLICT, "密码刚刚已被更改，请重新登录");
    TRY(session_revoke_all(db, g->person, g->except, e));
    struct stmt *f = db_sql(db, "DELETE FROM sign_in_failure WHERE login = ?1");
    stmt_bind_str(f, 1, g->login);
    TRY(stmt_run(f, NULL, e));
    return audit_simple(db, g->by, g->verb, "person", g->person, S(""), e);
}

enum code person_change_password(const struct door *d, const struct session *s, struct str old,
    struct str fresh, int64_t now_ms, struct err *e)
{
    struct candidate c;
    struct arena a;
    char hash[HASH_SIZE];
    arena_init(&a);
    enum code code = look_up(d, &a, s->login, &c, e);
    if (code == OK && c.locked_until > now_ms)
        code = locked(c.locked_until, now_ms, e);
    if (code == OK && !password_verify(d->hasher, c.hash, old, NULL)) {
        code = count_failure(d, &c, s->address, now_ms, e);
        if (code == E_DENIED && str_eq(str_z(e->msg), S("登录名或密码不对")))
            code = FAIL(e, E_DENIED, "原密码不对");
    }
    if (code == OK)
        code = password_check_rules(fresh, s->login, e);
    if (code == OK && str_eq(old, fresh))
        code = FAIL(e, E_INPUT, "新密码不能与原密码相同");
    if (code == OK)
        code = password_hash(d->hasher, fresh, hash, e);
    if (code == OK)
        code = store_write(d->store, change_fn,
            &(struct change){.person = s->viewer.person,
                .except = s->id,
                .by = s->viewer.person,
                .now = now_ms,
                .login = s->login,
                .hash = hash,
                .old_hash = c.hash,
                .verb = "person.password"},
            e);
    arena_release(&a);
    return code;
}

/* The login of a person, or E_NOTFOUND. */
static enum code login_of(
    const struct door *d, struct arena *a, int64_t person, struct str *login, struct err *e)
{
    struct db *db;
    struct person p;
    TRY(store_read(d->store, &db, e));
    enum code c = person_get(db, a, person, &p, e);
    store_read_end(db);
    if (c == OK)
        *login = p.login;
    return c;
}

static enum code set_password(
    const struct door *d, struct change *g, struct str password, bool rules, struct err *e)
{
    struct arena a;
    char hash[HASH_SIZE];
    arena_init(&a);
    enum code c = login_of(d, &a, g->person, &g->login, e);
    if (c == OK && rules)
        c = password_check_rules(password, g->login, e);
    if (c == OK)
        c = password_hash(d->hasher, password, hash, e);
    g->hash = hash;
    if (c == OK)
        c = store_write(d->store, change_fn, g, e);
    g->hash = NULL;
    arena_release(&a);
    return c;
}

enum code person_reset_password(const struct door *d, int64_t person, int64_t by, int64_t now_ms,
    char password[ONE_TIME_SIZE], struct err *e)
{
    char fresh[ONE_TIME_SIZE];
    struct change g = {.person = person,
        .by = by,
        .now = now_ms,
        .verb = "person.reset",
        .must_change = true,
        .old_hash = ""};
    password_one_time(fresh);
    TRY(set_password(d, &g, str_z(fresh), false, e));
    memcpy(password, fresh, ONE_TIME_SIZE);
    secret_wipe(fresh, sizeof(fresh));
    return OK;
}

enum code person_set_password(const struct door *d, int64_t person, struct str password,
    bool must_change, int64_t by, struct err *e)
{
    struct change g = {.person = person,
        .by = by,
        .now = clock_now_ms(),
        .verb = "person.password",
        .must_change = must_change,
        .old_hash = ""};
    return set_password(d, &g, password, true, e);
}
