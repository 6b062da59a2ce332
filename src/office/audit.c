#include "office/audit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "office/chain.h"
#include "office/item_event.h"

enum { LIST_MAX = 500 };

/* ---- digests ---- */

static void payload_digest(struct str salt, struct str payload, char hex[SM3_HEX + 1])
{
    struct digest d = chain_payload(salt, payload);
    digest_hex(&d, hex);
}

static void event_digest(
    const struct audit_event *ev, struct str previous, struct str payload, char hex[SM3_HEX + 1])
{
    struct sm3 *h = sm3_new();
    struct digest d;
    chain_part(h, previous);
    chain_number(h, ev->seq);
    chain_number(h, ev->at_ms);
    chain_number(h, ev->actor);
    chain_part(h, ev->verb);
    chain_part(h, ev->kind);
    chain_number(h, ev->subject);
    chain_part(h, payload);
    sm3_end(h, &d);
    digest_hex(&d, hex);
}

/* ---- the chain ---- */

static enum code last_event(
    struct db *db, int64_t *seq, int64_t *at_ms, char digest[SM3_HEX + 1], struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT seq, at, digest FROM audit_event ORDER BY seq DESC LIMIT 1");
    *seq = *at_ms = 0;
    digest[0] = '\0';
    if (stmt_step(q)) {
        struct str s = stmt_str(q, 2);
        *seq = stmt_int(q, 0);
        *at_ms = stmt_int(q, 1);
        if (s.n == SM3_HEX)
            memcpy(digest, s.p, SM3_HEX + 1);
    }
    return stmt_end(q, e);
}

enum code audit_head(struct db *db, int64_t *seq, char digest[SM3_HEX + 1], struct err *e)
{
    int64_t at_ms;
    return last_event(db, seq, &at_ms, digest, e);
}

enum code audit_last(struct db *db, int64_t *seq, int64_t *at_ms, struct err *e)
{
    char digest[SM3_HEX + 1];
    return last_event(db, seq, at_ms, digest, e);
}

/* ---- seals ---- */

struct seal {
    int32_t day; /* civil, ZONE_CHINA */
    int64_t seq; /* the last event of the day, and the digest of it */
    char head[SM3_HEX + 1];
    char chains[SM3_HEX + 1]; /* over the chains of items that changed; empty: none did */
    char digest[SM3_HEX + 1];
};

static void seal_digest(const struct seal *s, struct str previous, char hex[SM3_HEX + 1])
{
    struct sm3 *h = sm3_new();
    struct digest d;
    chain_part(h, previous);
    chain_number(h, s->day);
    chain_number(h, s->seq);
    chain_part(h, str_z(s->head));
    if (s->chains[0]) /* seals older than items have no such part */
        chain_part(h, str_z(s->chains));
    sm3_end(h, &d);
    digest_hex(&d, hex);
}

static void hex_of(char out[SM3_HEX + 1], struct str s)
{
    size_t n = s.n <= SM3_HEX ? s.n : SM3_HEX;
    memcpy(out, s.p, n);
    out[n] = '\0';
}

/* The seal behind `seq` events, in order; -1: the newest. E_NOTFOUND. */
static enum code seal_get(struct db *db, int64_t seq, struct seal *out, struct err *e)
{
    struct stmt *q = seq < 0 ? db_sql(db, "SELECT day, seq, head, digest, chains FROM audit_seal"
                                          " ORDER BY seq DESC LIMIT 1")
                             : db_sql(db, "SELECT day, seq, head, digest, chains FROM audit_seal"
                                          " WHERE seq > ?1 ORDER BY seq LIMIT 1");
    if (seq >= 0)
        stmt_bind_int(q, 1, seq);
    bool there = stmt_step(q);
    if (there) {
        out->day = (int32_t)stmt_int(q, 0);
        out->seq = stmt_int(q, 1);
        hex_of(out->head, stmt_str(q, 2));
        hex_of(out->digest, stmt_str(q, 3));
        hex_of(out->chains, stmt_str(q, 4));
    }
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有更新的封存");
}

enum code audit_newest_seal(struct db *db, int32_t *day, char digest[SM3_HEX + 1], struct err *e)
{
    struct seal s = {0};
    enum code c = seal_get(db, -1, &s, e);
    if (c != OK && c != E_NOTFOUND)
        return c;
    *day = c == OK ? s.day : 0;
    memset(digest, 0, SM3_HEX + 1);
    if (c == OK)
        memcpy(digest, s.digest, SM3_HEX);
    return OK;
}

/* The last event stands at `last_ms`, a new one comes at `at_ms`: if a day has ended between them, it is sealed. */
static enum code seal_if_due(
    struct db *db, struct seal *s, int64_t last_ms, int64_t at_ms, struct err *e)
{
    struct seal before = {0};
    struct err none;

    s->day = clock_day(last_ms, ZONE_CHINA);
    if (s->seq == 0 || clock_day(at_ms, ZONE_CHINA) <= s->day)
        return OK;
    if (seal_get(db, -1, &before, &none) == OK && before.day >= s->day)
        return OK; /* the clock had been set back; the next day's seal covers it */
    TRY(item_event_seal(db, s->day, s->chains, e));
    seal_digest(s, str_z(before.digest), s->digest);
    struct stmt *q = db_sql(db, "INSERT INTO audit_seal(day, seq, head, digest, chains)"
                                " VALUES(?1, ?2, ?3, ?4, ?5)");
    stmt_bind_int(q, 1, s->day);
    stmt_bind_int(q, 2, s->seq);
    stmt_bind_str(q, 3, str_z(s->head));
    stmt_bind_str(q, 4, str_z(s->digest));
    stmt_bind_str(q, 5, str_z(s->chains));
    return stmt_run(q, NULL, e);
}

enum code audit_note(struct db *db, const struct audit_event *given, struct err *e)
{
    struct audit_event ev = *given;
    char payload[SM3_HEX + 1], digest[SM3_HEX + 1];
    unsigned char salt[CHAIN_SALT];
    struct str salt_view = {(const char *)salt, CHAIN_SALT};
    struct seal last = {0};
    int64_t last_ms;
    TRY(last_event(db, &last.seq, &last_ms, last.head, e));
    ev.seq = last.seq + 1;
    if (ev.at_ms == 0)
        ev.at_ms = clock_now_ms();
    TRY(seal_if_due(db, &last, last_ms, ev.at_ms, e));
    random_bytes(salt, CHAIN_SALT);
    payload_digest(salt_view, ev.payload, payload);
    event_digest(&ev, str_z(last.head), str_z(payload), digest);
    struct stmt *q =
        db_sql(db, "INSERT INTO audit_event(seq, at, actor, verb, kind, subject, salt, payload,"
                   " payload_digest, erased, digest)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)");
    stmt_bind_int(q, 1, ev.seq);
    stmt_bind_int(q, 2, ev.at_ms);
    stmt_bind_int(q, 3, ev.actor);
    stmt_bind_str(q, 4, ev.verb);
    stmt_bind_str(q, 5, ev.kind);
    stmt_bind_int(q, 6, ev.subject);
    stmt_bind_blob(q, 7, salt_view);
    stmt_bind_str(q, 8, ev.payload);
    stmt_bind_str(q, 9, str_z(payload));
    stmt_bind_str(q, 10, str_z(digest));
    return stmt_run(q, NULL, e);
}

enum code audit_simple(struct db *db, int64_t actor, const char *verb, const char *kind,
    int64_t subject, struct str payload, struct err *e)
{
    return audit_note(db,
        &(struct audit_event){.actor = actor,
            .verb = str_z(verb),
            .kind = str_z(kind),
            .subject = subject,
            .payload = payload},
        e);
}

enum code audit_erase(struct db *db, int64_t seq, int64_t by, struct err *e)
{
    int64_t n;
    struct stmt *q = db_sql(db,
        "UPDATE audit_event SET payload = '', salt = ?2, erased = 1 WHERE seq = ?1 AND erased = 0");
    stmt_bind_int(q, 1, seq);
    stmt_bind_blob(q, 2, S(""));
    TRY(stmt_run(q, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "审计记录第%lld号不存在，或内容已经抹去", (long long)seq);
    return audit_simple(db, by, "audit.erase", "audit_event", seq, S(""), e);
}

static struct audit_event row_event(struct stmt *q)
{
    return (struct audit_event){.seq = stmt_int(q, 0),
        .at_ms = stmt_int(q, 1),
        .actor = stmt_int(q, 2),
        .verb = stmt_str(q, 3),
        .kind = stmt_str(q, 4),
        .subject = stmt_int(q, 5),
        .payload = stmt_str(q, 6),
        .erased = stmt_int(q, 7) == 1};
}

/* Does the row fit behind `previous`? Then previous becomes its digest. */
static bool row_fits(struct stmt *q, int64_t want_seq, char previous[SM3_HEX + 1])
{
    struct audit_event ev = row_event(q);
    struct str stored = stmt_str(q, 10);
    char payload[SM3_HEX + 1], digest[SM3_HEX + 1];
    if (ev.seq != want_seq)
        return false;
    payload_digest(stmt_blob(q, 8), ev.payload, payload);
    if (!ev.erased && !str_eq(stmt_str(q, 9), str_z(payload)))
        return false;
    event_digest(&ev, str_z(previous), stmt_str(q, 9), digest);
    if (!str_eq(stored, str_z(digest)))
        return false;
    memcpy(previous, digest, SM3_HEX + 1);
    return true;
}

/* Walks the seals beside the events. */
struct seal_walk {
    struct seal next;
    bool none; /* no further one */
};

static enum code next_seal(struct db *db, struct seal_walk *w, struct err *e)
{
    struct err none;
    enum code c = seal_get(db, w->next.seq, &w->next, &none);
    w->none = c == E_NOTFOUND;
    return c == OK || w->none ? OK : FAIL(e, c, "%s", none.msg);
}

/* The chain has come to the next seal: it must fit the chain and the seal before. Sequences of events have no gap, so
 * that each seal is met. */
static enum code check_seal(
    struct db *db, struct seal_walk *w, struct audit_report *r, struct err *e)
{
    char digest[SM3_HEX + 1], chains[SM3_HEX + 1] = "";
    seal_digest(&w->next, str_z(r->seal), digest);
    if (w->next.chains[0])
        TRY(item_event_sealed(db, w->next.day, chains, &r->cut_item, e));
    if (strcmp(chains, w->next.chains) != 0 || strcmp(w->next.head, r->head) != 0 ||
        strcmp(w->next.digest, digest) != 0) {
        r->bad_day = w->next.day;
        w->none = true;
        return OK;
    }
    memcpy(r->seal, digest, sizeof(digest));
    r->seal_day = w->next.day;
    r->seals++;
    return next_seal(db, w, e);
}

enum code audit_verify(struct db *db, struct audit_report *out, struct err *e)
{
    struct audit_report r = {.events = 0};
    struct seal_walk w = {.none = false};
    bool more = true;
    TRY(next_seal(db, &w, e));
    while (more && r.bad_seq == 0) { /* in pages: PostgreSQL holds a result in memory */
        struct stmt *q = db_sql(db,
            "SELECT seq, at, actor, verb, kind, subject, payload, erased, salt,"
            " payload_digest, digest FROM audit_event WHERE seq > ?1 ORDER BY seq LIMIT 1000");
        stmt_bind_int(q, 1, r.events);
        more = false;
        enum code c = OK;
        while (c == OK && r.bad_seq == 0 && stmt_step(q)) {
            more = true;
            if (row_fits(q, r.events + 1, r.head))
                r.events++;
            else
                r.bad_seq = r.events + 1;
            if (!w.none && w.next.seq == r.events)
                c = check_seal(db, &w, &r, e);
        }
        if (c != OK) {
            struct err second;
            (void)!stmt_end(q, &second);
            return c;
        }
        TRY(stmt_end(q, e));
    }
    if (!w.none && r.bad_seq == 0) { /* the chain ends before its seal */
        r.bad_day = w.next.day;
        r.cut_seq = w.next.seq;
    }
    *out = r;
    return OK;
}

enum code audit_list(struct db *db, struct arena *a, const struct audit_filter *f, size_t limit,
    struct audit_event **out, size_t *n, struct err *e)
{
    struct audit_event *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT v.seq, v.at, v.actor, v.verb, v.kind, v.subject, v.payload, v.erased, v.digest,"
        " coalesce(p.name, '') FROM audit_event v LEFT JOIN person p ON p.id = v.actor"
        " WHERE (?1 = 0 OR v.actor = ?1) AND (?2 = 0 OR v.subject = ?2)"
        " AND (?3 = '' OR v.verb = ?3) AND (?4 = '' OR v.kind = ?4)"
        " AND v.at >= ?5 AND v.at < ?6 AND v.seq < ?7 ORDER BY v.seq DESC LIMIT ?8");
    stmt_bind_int(q, 1, f->actor);
    stmt_bind_int(q, 2, f->subject);
    stmt_bind_str(q, 3, f->verb);
    stmt_bind_str(q, 4, f->kind);
    stmt_bind_int(q, 5, f->from_ms);
    stmt_bind_int(q, 6, f->to_ms ? f->to_ms : INT64_MAX);
    stmt_bind_int(q, 7, f->before_seq ? f->before_seq : INT64_MAX);
    stmt_bind_int(q, 8, limit < LIST_MAX ? (int64_t)limit : LIST_MAX);
    while (stmt_step(q)) {
        struct audit_event ev = row_event(q);
        struct str digest = stmt_str(q, 8);
        ev.verb = arena_str(a, ev.verb);
        ev.kind = arena_str(a, ev.kind);
        ev.payload = arena_str(a, ev.payload);
        ev.actor_name = arena_str(a, stmt_str(q, 9));
        if (digest.n == SM3_HEX)
            memcpy(ev.digest, digest.p, SM3_HEX);
        ARENA_PUSH(a, v, k, cap) = ev;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- reading ---- */

enum { UTF8_MAX = 4 }; /* bytes of a character */

struct access_job {
    int64_t id, at_ms, person, document, item;
    enum access_kind kind;
    size_t n;
    char what[ACCESS_WHAT_CP * UTF8_MAX];
};

static enum code access_fn(struct db *db, void *arg, struct err *e)
{
    const struct access_job *j = arg;
    struct stmt *q =
        db_sql(db, "INSERT INTO access_entry(id, at, person, kind, document, item, what)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    stmt_bind_int(q, 1, j->id);
    stmt_bind_int(q, 2, j->at_ms);
    stmt_bind_int(q, 3, j->person);
    stmt_bind_int(q, 4, j->kind);
    stmt_bind_int(q, 5, j->document);
    stmt_bind_int(q, 6, j->item);
    stmt_bind_str(q, 7, (struct str){j->what, j->n});
    return stmt_run(q, NULL, e);
}

/* It fails only where nothing can be written at all, which every other write tells aloud. */
static void access_done(void *arg, enum code c, const struct err *e)
{
    (void)c;
    (void)e;
    free(arg);
}

void audit_access_to(struct store *st, const struct access_entry *x)
{
    struct access_job *j = mem_alloc(sizeof(*j));

    *j = (struct access_job){.id = id_next(),
        .at_ms = clock_now_ms(),
        .person = x->person,
        .document = x->document,
        .item = x->item,
        .kind = x->kind,
        .n = utf8_off(x->what, ACCESS_WHAT_CP)};
    if (j->n && x->what.p)
        memcpy(j->what, x->what.p, j->n);
    store_submit(st, access_fn, j, access_done);
}

void audit_access(struct store *st, int64_t person, enum access_kind kind, int64_t document)
{
    audit_access_to(
        st, &(struct access_entry){.person = person, .kind = kind, .document = document});
}

enum code audit_access_list(struct db *db, struct arena *a, const struct access_query *f,
    size_t limit, struct access_entry **out, size_t *n, struct err *e)
{
    struct access_entry *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT x.id, x.at, x.person, x.kind, x.document, x.item, x.what, coalesce(p.name, '')"
        " FROM access_entry x LEFT JOIN person p ON p.id = x.person"
        " WHERE (?1 = 0 OR x.person = ?1) AND (?2 = 0 OR x.document = ?2)"
        " AND (?5 = 0 OR x.item = ?5) AND (?6 = 0 OR x.kind = ?6) AND x.id < ?3"
        " ORDER BY x.id DESC LIMIT ?4");
    stmt_bind_int(q, 1, f->person);
    stmt_bind_int(q, 2, f->document);
    stmt_bind_int(q, 3, f->before_id ? f->before_id : INT64_MAX);
    stmt_bind_int(q, 4, limit < LIST_MAX ? (int64_t)limit : LIST_MAX);
    stmt_bind_int(q, 5, f->item);
    stmt_bind_int(q, 6, f->kind);
    while (stmt_step(q)) {
        struct access_entry x = {.id = stmt_int(q, 0),
            .at_ms = stmt_int(q, 1),
            .person = stmt_int(q, 2),
            .kind = (enum access_kind)stmt_int(q, 3),
            .document = stmt_int(q, 4),
            .item = stmt_int(q, 5),
            .what = arena_str(a, stmt_str(q, 6)),
            .person_name = arena_str(a, stmt_str(q, 7))};
        ARENA_PUSH(a, v, k, cap) = x;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}
