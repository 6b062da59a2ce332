#include "office/item_event.h"

#include <string.h>

#include "base/clock.h"
#include "office/audit.h"
#include "office/chain.h"
#include "office/item_int.h"
#include "office/many.h"
#include "office/remark.h"

enum { PAGE = 1000, LIST_MAX = 1000 };

static struct str bytes_of(const struct digest *d)
{
    return (struct str){(const char *)d->b, SM3_SIZE};
}

static struct digest event_digest(
    const struct item_event *ev, struct str previous, struct str payload)
{
    struct sm3 *h = sm3_new();
    struct digest d;
    chain_part(h, previous);
    chain_number(h, ev->item);
    chain_number(h, ev->seq);
    chain_number(h, ev->at_ms);
    chain_number(h, ev->actor);
    chain_number(h, ev->for_person);
    chain_part(h, ev->verb);
    chain_part(h, payload);
    sm3_end(h, &d);
    return d;
}

const char *item_verb_name(struct str verb)
{
    static const struct {
        const char *verb, *name;
    } names[] = {{"open", "登记"}, {"edit", "修改"}, {"move", "办理"}, {"ask", "转请办理"},
        {"seen", "签阅"}, {"answer", "回复"}, {"unask", "收回"}, {"remind", "催办"},
        {"escalate", "逾期报告"}, {"remark", "留言"}, {"withdraw", "撤回"}, {"return", "退回"},
        {"hand_over", "移交"}, {"extend", "延期"}, {"merge", "并案"}, {"reopen", "重新办理"},
        {"link", "关联"}, {"unlink", "取消关联"}, {"slip", "发催办单"}, {"unslip", "作废催办单"},
        {"attach", "添加附件"}, {"detach", "撤下附件"}, {"split", "分解"}, {"archive", "归档"},
        {"discard", "作废草稿"}, {"upgrade", "换用新版种类"}, {"verify", "核实代录"},
        {"skip", "跳过"}, {"catch_up", "补阅"}, {"climb", "呼叫值班"}, {"climb_ack", "我已接到"},
        {"climb_again", "再次呼叫"}, {"carry", "带上文稿"}, {"renew", "另存一稿"},
        {"print", "印制"}, {"spoil", "登记印废"}, {"package", "制作归档包"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (str_eq(verb, str_z(names[i].verb)))
            return names[i].name;
    return "办理";
}

/* ---- writing ---- */

struct last {
    int64_t seq, at_ms; /* 0: the item has no event yet */
    struct digest digest;
    size_t n; /* bytes of digest */
};

static enum code last_of(struct db *db, int64_t item, struct last *l, struct err *e)
{
    struct stmt *q = db_sql(
        db, "SELECT seq, at, digest FROM item_event WHERE item = ?1 ORDER BY seq DESC LIMIT 1");
    stmt_bind_int(q, 1, item);
    *l = (struct last){.seq = 0};
    if (stmt_step(q)) {
        struct str s = stmt_blob(q, 2);
        l->seq = stmt_int(q, 0);
        l->at_ms = stmt_int(q, 1);
        l->n = s.n <= SM3_SIZE ? s.n : SM3_SIZE;
        memcpy(l->digest.b, s.p, l->n);
    }
    return stmt_end(q, e);
}

/* The item's chain has changed since the last seal. Its first event of a day looks whether a day has ended without a
 * seal: seals come with the first audit event of a day, and an office may work through a day without one. */
static enum code mark_changed(
    struct db *db, const struct last *before, int64_t item, int64_t at_ms, struct err *e)
{
    int64_t seq, last_ms = 0;
    struct stmt *q =
        db_sql(db, "INSERT INTO item_seal(day, item, seq) VALUES(0, ?1, 0) ON CONFLICT DO NOTHING");
    stmt_bind_int(q, 1, item);
    TRY(stmt_run(q, NULL, e));
    if (before->seq && clock_day(before->at_ms, ZONE_CHINA) == clock_day(at_ms, ZONE_CHINA))
        return OK;
    TRY(audit_last(db, &seq, &last_ms, e));
    if (seq && clock_day(last_ms, ZONE_CHINA) >= clock_day(at_ms, ZONE_CHINA))
        return OK;
    return audit_note(
        db, &(struct audit_event){.at_ms = at_ms, .verb = S("day.begin"), .kind = S("office")}, e);
}

enum code item_event_note(struct db *db, const struct item_event *given, struct err *e)
{
    struct item_event ev = *given;
    unsigned char salt[CHAIN_SALT];
    struct str salt_view = {(const char *)salt, CHAIN_SALT};
    struct digest payload, digest;
    struct last last;

    TRY(last_of(db, ev.item, &last, e));
    if (ev.seq != last.seq + 1)
        return FAIL(e, E_CONFLICT, "这件事项刚才有人办理过，请刷新后再办");
    if (ev.at_ms == 0)
        ev.at_ms = clock_now_ms();
    random_bytes(salt, CHAIN_SALT);
    payload = chain_payload(salt_view, ev.payload);
    digest =
        event_digest(&ev, (struct str){(const char *)last.digest.b, last.n}, bytes_of(&payload));
    struct stmt *q =
        db_sql(db, "INSERT INTO item_event(item, seq, at, actor, for_person, verb, salt, payload,"
                   " payload_digest, erased, digest)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)");
    stmt_bind_int(q, 1, ev.item);
    stmt_bind_int(q, 2, ev.seq);
    stmt_bind_int(q, 3, ev.at_ms);
    stmt_bind_int(q, 4, ev.actor);
    stmt_bind_int(q, 5, ev.for_person);
    stmt_bind_str(q, 6, ev.verb);
    stmt_bind_blob(q, 7, salt_view);
    stmt_bind_str(q, 8, ev.payload);
    stmt_bind_blob(q, 9, bytes_of(&payload));
    stmt_bind_blob(q, 10, bytes_of(&digest));
    TRY(stmt_run(q, NULL, e));
    return mark_changed(db, &last, ev.item, ev.at_ms, e);
}

enum code item_event_erase(struct db *db, int64_t item, int64_t seq, struct err *e)
{
    int64_t n;
    struct stmt *q = db_sql(db, "UPDATE item_event SET payload = '', salt = ?3, erased = 1"
                                " WHERE item = ?1 AND seq = ?2 AND erased = 0");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, seq);
    stmt_bind_blob(q, 3, S(""));
    TRY(stmt_run(q, &n, e));
    if (n == 0)
        return FAIL(e, E_NOTFOUND, "没有第%lld条办理记录，或内容已经抹去", (long long)seq);
    return remark_erased(db, item, seq, e);
}

/* ---- reading ---- */

static struct item_event row_event(struct stmt *q)
{
    return (struct item_event){.item = stmt_int(q, 0),
        .seq = stmt_int(q, 1),
        .at_ms = stmt_int(q, 2),
        .actor = stmt_int(q, 3),
        .for_person = stmt_int(q, 4),
        .verb = stmt_str(q, 5),
        .payload = stmt_str(q, 6),
        .erased = stmt_int(q, 7) == 1};
}

enum code event_rows_many(struct db *db, struct arena *a, const int64_t *items, size_t n,
    size_t limit, struct item_event **out, size_t *n_out, struct err *e)
{
    struct item_event *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT v.item, v.seq, v.at, v.actor, v.for_person, v.verb, v.payload, v.erased,"
        " coalesce(p.name, ''), coalesce(u.short_name, ''), coalesce(f.name, '')"
        " FROM item_event v LEFT JOIN person p ON p.id = v.actor LEFT JOIN unit u ON u.id = p.unit"
        " LEFT JOIN person f ON f.id = v.for_person WHERE v.item IN (" MANY_IDS
        ") ORDER BY v.at DESC, v.item DESC, v.seq DESC LIMIT ?101");
    many_bind(q, 1, items, n);
    stmt_bind_int(q, MANY + 1, (int64_t)limit);
    while (stmt_step(q)) {
        struct item_event ev = row_event(q);
        ev.verb = arena_str(a, ev.verb);
        ev.payload = arena_str(a, ev.payload);
        ev.actor_name = arena_str(a, stmt_str(q, 8));
        ev.actor_unit = arena_str(a, stmt_str(q, 9));
        ev.for_name = arena_str(a, stmt_str(q, 10));
        ARENA_PUSH(a, v, k, cap) = ev;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n_out = k;
    return OK;
}

enum code event_rows(struct db *db, struct arena *a, int64_t item, int64_t after, size_t limit,
    struct item_event **out, size_t *n, struct err *e)
{
    struct item_event *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT v.item, v.seq, v.at, v.actor, v.for_person, v.verb, v.payload, v.erased, v.digest,"
        " coalesce(p.name, '') FROM item_event v LEFT JOIN person p ON p.id = v.actor"
        " WHERE v.item = ?1 AND v.seq > ?2 ORDER BY v.seq LIMIT ?3");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, after);
    stmt_bind_int(q, 3, limit < LIST_MAX ? (int64_t)limit : LIST_MAX);
    while (stmt_step(q)) {
        struct item_event ev = row_event(q);
        struct digest d;
        struct str s = stmt_blob(q, 8);
        ev.verb = arena_str(a, ev.verb);
        ev.payload = arena_str(a, ev.payload);
        ev.actor_name = arena_str(a, stmt_str(q, 9));
        if (s.n == SM3_SIZE) {
            memcpy(d.b, s.p, SM3_SIZE);
            digest_hex(&d, ev.digest);
        }
        ARENA_PUSH(a, v, k, cap) = ev;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- verification ---- */

struct walk {
    int64_t item, seq;
    struct digest last;
};

/* Does the row fit behind the one before? */
static bool row_fits(struct stmt *q, struct walk *w)
{
    struct item_event ev = row_event(q);
    struct str stored = stmt_blob(q, 10), payload = stmt_blob(q, 9);
    bool first = ev.item != w->item;
    struct digest d;

    if (ev.seq != (first ? 1 : w->seq + 1))
        return false;
    if (!ev.erased) {
        struct digest now = chain_payload(stmt_blob(q, 8), ev.payload);
        if (!str_eq(payload, bytes_of(&now)))
            return false;
    }
    d = event_digest(&ev, first ? S("") : bytes_of(&w->last), payload);
    if (!str_eq(stored, bytes_of(&d)))
        return false;
    *w = (struct walk){ev.item, ev.seq, d};
    return true;
}

enum code item_event_verify(
    struct db *db, int64_t *events, int64_t *bad_item, int64_t *bad_seq, struct err *e)
{
    struct walk w = {.item = 0};
    int64_t n = 0, item = 0, seq = 0;
    for (bool more = true; more && item == 0;) { /* in pages: PostgreSQL holds a result in memory */
        struct stmt *q = db_sql(db,
            "SELECT item, seq, at, actor, for_person, verb, payload, erased, salt, payload_digest,"
            " digest FROM item_event WHERE (item, seq) > (?1, ?2) ORDER BY item, seq LIMIT ?3");
        stmt_bind_int(q, 1, w.item);
        stmt_bind_int(q, 2, w.seq);
        stmt_bind_int(q, 3, PAGE);
        more = false;
        while (item == 0 && stmt_step(q)) {
            more = true;
            if (row_fits(q, &w)) {
                n++;
                continue;
            }
            item = stmt_int(q, 0);
            seq = item == w.item ? w.seq + 1 : 1; /* what should stand there */
        }
        TRY(stmt_end(q, e));
    }
    *events = n;
    *bad_item = item;
    *bad_seq = seq;
    return OK;
}

/* ---- seals ---- */

enum code item_event_sealed(
    struct db *db, int32_t day, char hex[SM3_HEX + 1], int64_t *cut_item, struct err *e)
{
    struct sm3 *h = sm3_new();
    struct digest d;
    struct err why;
    int64_t last = 0, cut = 0;
    bool more = true, any = false;
    enum code c = OK;

    while (more && c == OK) {
        struct stmt *q =
            db_sql(db, "SELECT s.item, s.seq, v.digest FROM item_seal s LEFT JOIN item_event v"
                       " ON v.item = s.item AND v.seq = s.seq WHERE s.day = ?1 AND s.item > ?2"
                       " ORDER BY s.item LIMIT ?3");
        stmt_bind_int(q, 1, day);
        stmt_bind_int(q, 2, last);
        stmt_bind_int(q, 3, PAGE);
        more = false;
        while (stmt_step(q)) {
            more = any = true;
            last = stmt_int(q, 0);
            chain_number(h, last);
            chain_number(h, stmt_int(q, 1));
            chain_part(h, stmt_blob(q, 2));
            if (stmt_null(q, 2) && cut == 0)
                cut = last;
        }
        c = stmt_end(q, &why);
    }
    sm3_end(h, &d);
    if (c != OK)
        return FAIL(e, c, "%s", why.msg);
    hex[0] = '\0';
    if (any)
        digest_hex(&d, hex);
    if (cut)
        *cut_item = cut;
    return OK;
}

enum code item_event_seal(struct db *db, int32_t day, char hex[SM3_HEX + 1], struct err *e)
{
    int64_t none;
    struct stmt *q =
        db_sql(db, "UPDATE item_seal SET day = ?1, seq = (SELECT max(v.seq) FROM item_event v"
                   " WHERE v.item = item_seal.item) WHERE day = 0");
    stmt_bind_int(q, 1, day);
    TRY(stmt_run(q, NULL, e));
    return item_event_sealed(db, day, hex, &none, e);
}
