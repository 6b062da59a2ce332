#include "office/duty_log.h"

#include <string.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/chain.h"

const char *duty_entry_name(enum duty_entry_kind k)
{
    static const char *const names[N_ENTRY_KIND] = {
        "", "记事", "来电", "更正", "已办", "交班", "接班", "转为事项"};
    return k > 0 && k < N_ENTRY_KIND ? names[k] : "";
}

/* ---- rights ---- */

enum code duty_log_may(
    const struct duty_shift *s, const struct actor *by, bool keeper, struct err *e)
{
    if (keeper || by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY) ||
        duty_has(s, by->v->person))
        return OK;
    return FAIL(e, E_DENIED, "值班日志由这一班的人员和秘书科填写");
}

/* Whoever takes over reads what he takes over. */
static enum code readable_after(struct db *db, const struct actor *by, const struct duty_shift *v,
    size_t n, bool *may, struct err *e)
{
    int64_t first = v[0].from_ms, end = v[0].to_ms;
    for (size_t i = 1; i < n; i++) {
        first = v[i].from_ms < first ? v[i].from_ms : first;
        end = v[i].to_ms > end ? v[i].to_ms : end;
    }
    struct stmt *q = db_sql(db, "SELECT from_at FROM duty_shift WHERE from_at >= ?2 AND from_at"
                                " < ?3 AND (a = ?1 OR b = ?1 OR leader = ?1)");
    stmt_bind_int(q, 1, by->v->person);
    stmt_bind_int(q, 2, first);
    stmt_bind_int(q, 3, end + MS_DAY);
    while (stmt_step(q))
        for (size_t i = 0; i < n; i++) {
            int64_t at = stmt_int(q, 0);
            may[i] = may[i] || (at >= v[i].from_ms && at < v[i].to_ms + MS_DAY);
        }
    return stmt_end(q, e);
}

enum code duty_log_readable(struct db *db, const struct actor *by, const struct duty_shift *v,
    size_t n, bool *may, struct err *e)
{
    bool every = by->v->owner || by->v->roles & (ROLE_CHIEF | ROLE_SECRETARY | ROLE_LEADER);
    if (!every)
        TRY(duty_may_keep(db, by, &every, e));
    for (size_t i = 0; i < n; i++)
        may[i] = every || duty_has(&v[i], by->v->person);
    return every || n == 0 ? OK : readable_after(db, by, v, n, may, e);
}

enum code duty_log_reads(
    struct db *db, const struct duty_shift *s, const struct actor *by, bool *may, struct err *e)
{
    return duty_log_readable(db, by, s, 1, may, e);
}

/* ---- reading ---- */

#define COLUMNS                                                                                 \
    "x.id, x.shift, x.n, x.kind, x.at, x.made, x.by_person, x.caller, x.phone, x.text, x.done," \
    " x.told, x.open, x.about, x.item, x.digest, coalesce(p.name, ''), CASE WHEN x.open = 1"    \
    " AND EXISTS (SELECT 1 FROM duty_entry y WHERE y.about = x.id AND y.kind = 4) THEN 1 ELSE"  \
    " 0 END"
#define FROM " FROM duty_entry x LEFT JOIN person p ON p.id = x.by_person"

static struct duty_entry row(struct stmt *q, struct arena *a)
{
    struct duty_entry x = {.id = stmt_int(q, 0),
        .shift = stmt_int(q, 1),
        .n = stmt_int(q, 2),
        .kind = (enum duty_entry_kind)stmt_int(q, 3),
        .at_ms = stmt_int(q, 4),
        .made_ms = stmt_int(q, 5),
        .by = stmt_int(q, 6),
        .caller = arena_str(a, stmt_str(q, 7)),
        .phone = arena_str(a, stmt_str(q, 8)),
        .text = arena_str(a, stmt_str(q, 9)),
        .done = arena_str(a, stmt_str(q, 10)),
        .told = arena_str(a, stmt_str(q, 11)),
        .open = stmt_int(q, 12) == 1,
        .about = stmt_int(q, 13),
        .item = stmt_int(q, 14),
        .by_name = arena_str(a, stmt_str(q, 16)),
        .settled = stmt_int(q, 17) == 1};
    struct str digest = stmt_str(q, 15);
    if (digest.n == SM3_HEX)
        memcpy(x.digest, digest.p, SM3_HEX);
    return x;
}

static enum code gather(
    struct stmt *q, struct arena *a, struct duty_entry **out, size_t *n, struct err *e)
{
    struct duty_entry *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code duty_log_list(struct db *db, struct arena *a, int64_t shift, struct duty_entry **out,
    size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE x.shift = ?1 ORDER BY x.n LIMIT ?2");
    stmt_bind_int(q, 1, shift);
    stmt_bind_int(q, 2, ENTRIES_MAX);
    return gather(q, a, out, n, e);
}

enum code duty_log_open(
    struct db *db, struct arena *a, struct duty_entry **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS FROM " WHERE x.open = 1 AND NOT EXISTS (SELECT 1 FROM duty_entry y"
        " WHERE y.about = x.id AND y.kind = 4) ORDER BY x.n LIMIT ?1");
    stmt_bind_int(q, 1, ENTRIES_MAX);
    return gather(q, a, out, n, e);
}

enum code duty_log_over(struct db *db, struct arena *a, struct duty_entry *out, struct err *e)
{
    struct duty_entry *v;
    size_t n;
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS FROM " WHERE x.kind = 5 AND NOT EXISTS (SELECT 1 FROM duty_entry y"
        " WHERE y.about = x.id AND y.kind = 6) ORDER BY x.n DESC LIMIT 1");
    TRY(gather(q, a, &v, &n, e));
    *out = n ? v[0] : (struct duty_entry){0};
    return OK;
}

static enum code entry_get(
    struct db *db, struct arena *a, int64_t id, struct duty_entry *out, struct err *e)
{
    struct duty_entry *v;
    size_t n;
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE x.id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(gather(q, a, &v, &n, e));
    if (!n)
        return FAIL(e, E_NOTFOUND, "没有这条值班记录");
    *out = v[0];
    return OK;
}

/* ---- the digest ---- */

static void digest_of(const struct duty_entry *x, struct str before, char hex[SM3_HEX + 1])
{
    struct sm3 *h = sm3_new();
    struct digest d;
    chain_part(h, before);
    chain_number(h, x->n);
    chain_number(h, x->shift);
    chain_number(h, x->kind);
    chain_number(h, x->at_ms);
    chain_number(h, x->made_ms);
    chain_number(h, x->by);
    chain_part(h, x->caller);
    chain_part(h, x->phone);
    chain_part(h, x->text);
    chain_part(h, x->done);
    chain_part(h, x->told);
    chain_number(h, x->open);
    chain_number(h, x->about);
    chain_number(h, x->item);
    sm3_end(h, &d);
    digest_hex(&d, hex);
}

struct checking {
    struct db *db;
    struct arena a; /* of one page */
    char before[SM3_HEX + 1];
    int64_t entries, bad;
};

enum { CHECK_PAGE = 200 };

/* What the audit chain says of the entry. */
static enum code noted(struct checking *c, const struct duty_entry *x, bool *same, struct err *e)
{
    struct audit_filter f = {.verb = S("duty.entry"), .kind = S("duty_entry"), .subject = x->id};
    struct audit_event *v;
    size_t n;
    TRY(audit_list(c->db, &c->a, &f, 1, &v, &n, e));
    *same = n == 1 && (v[0].erased || str_has(v[0].payload, str_z(x->digest)));
    return OK;
}

static enum code check_page(struct checking *c, size_t *n, struct err *e)
{
    struct duty_entry *v;
    struct stmt *q = db_sql(c->db, "SELECT " COLUMNS FROM " WHERE x.n > ?1 ORDER BY x.n LIMIT ?2");
    stmt_bind_int(q, 1, c->entries);
    stmt_bind_int(q, 2, CHECK_PAGE);
    TRY(gather(q, &c->a, &v, n, e));
    for (size_t i = 0; i < *n && !c->bad; i++) {
        char hex[SM3_HEX + 1];
        bool same = false;
        digest_of(&v[i], str_z(c->before), hex);
        TRY(noted(c, &v[i], &same, e));
        if (v[i].n != c->entries + 1 || strcmp(hex, v[i].digest) != 0 || !same)
            c->bad = c->entries + 1;
        else
            c->entries++;
        memcpy(c->before, hex, sizeof(hex));
    }
    return OK;
}

enum code duty_log_verify(struct db *db, int64_t *entries, int64_t *bad, struct err *e)
{
    struct checking c = {.db = db};
    enum code code = OK;
    for (size_t n = CHECK_PAGE; code == OK && n == CHECK_PAGE && !c.bad;) {
        arena_init(&c.a);
        code = check_page(&c, &n, e);
        arena_release(&c.a);
    }
    TRY(code);
    *entries = c.entries;
    *bad = c.bad;
    return OK;
}

enum code duty_log_head(struct db *db, struct duty_head *out, struct err *e)
{
    struct duty_head h = {0};
    TRY(audit_head(db, &h.seq, h.head, e));
    TRY(audit_newest_seal(db, &h.seal_day, h.seal, e));
    *out = h;
    return OK;
}

/* ---- writing ---- */

static enum code check_line(struct str *s, const char *what, size_t most, struct err *e)
{
    *s = str_trim(*s);
    if (utf8_check(*s) != SIZE_MAX || utf8_len_cp(*s) > most)
        return FAIL(e, E_INPUT, "“%s”不超过%zu个字", what, most);
    return OK;
}

static enum code check_words(struct duty_entry *x, struct err *e)
{
    TRY(check_line(&x->caller, "来电人", ENTRY_LINE_CP_MAX, e));
    TRY(check_line(&x->phone, "电话", ENTRY_LINE_CP_MAX, e));
    TRY(check_line(&x->text, "内容", ENTRY_TEXT_CP_MAX, e));
    TRY(check_line(&x->done, "怎么办的", ENTRY_TEXT_CP_MAX, e));
    TRY(check_line(&x->told, "告诉了谁", ENTRY_LINE_CP_MAX, e));
    if (x->kind == ENTRY_CALL && !x->caller.n)
        return FAIL(e, E_INPUT, "没有填写是谁打来的");
    if (!x->text.n && (x->kind == ENTRY_NOTE || x->kind == ENTRY_CALL || x->kind == ENTRY_RIGHT))
        return FAIL(e, E_INPUT, "没有填写内容");
    return OK;
}

static enum code check_time(
    const struct actor *by, const struct duty_shift *s, struct duty_entry *x, struct err *e)
{
    if (!x->at_ms)
        x->at_ms = by->now_ms;
    if (x->at_ms > by->now_ms + MS_MINUTE)
        return FAIL(e, E_INPUT, "发生的时间晚于现在，请核对");
    if (x->at_ms < s->from_ms - ENTRY_BEFORE_MS)
        return FAIL(e, E_INPUT, "发生的时间早于这一班太多，请核对日期");
    if (by->now_ms < s->from_ms)
        return FAIL(e, E_CONFLICT, "这一班还没有开始");
    if (by->now_ms > s->to_ms + LOG_AFTER_MS)
        return FAIL(e, E_CONFLICT, "这一班结束已超过一天，请在现在这一班里补记");
    return OK;
}

/* Is there an entry of this kind about it already? */
static enum code once(struct db *db, const struct duty_entry *x, const char *said, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM duty_entry WHERE about = ?1 AND kind = ?2 LIMIT 1");
    stmt_bind_int(q, 1, x->about);
    stmt_bind_int(q, 2, x->kind);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? FAIL(e, E_CONFLICT, "%s", said) : OK;
}

static enum code check_about(struct db *db, struct arena *a, struct duty_entry *x, struct err *e)
{
    struct duty_entry of;
    if (x->kind != ENTRY_RIGHT && x->kind != ENTRY_SETTLED && x->kind != ENTRY_TAKEN &&
        x->kind != ENTRY_ITEM) {
        x->about = 0;
        return OK;
    }
    TRY(entry_get(db, a, x->about, &of, e));
    if (x->kind == ENTRY_SETTLED)
        return of.open ? once(db, x, "这个问题已经办完", e)
                       : FAIL(e, E_INPUT, "这一条不是待续办的问题");
    if (x->kind == ENTRY_TAKEN && of.kind != ENTRY_OVER)
        return FAIL(e, E_INPUT, "这一条不是交班");
    if (x->kind == ENTRY_TAKEN && of.by == x->by)
        return FAIL(e, E_DENIED, "要由下一班的人接班");
    if (x->kind == ENTRY_TAKEN)
        return once(db, x, "这一班已经有人接了", e);
    return x->kind == ENTRY_ITEM ? once(db, x, "这一条已经转为事项", e) : OK;
}

/* The points that go on, in the words of the handing over. */
static enum code name_open(struct db *db, struct arena *a, struct duty_entry *x, struct err *e)
{
    struct duty_entry *v;
    size_t n;
    struct str s = S("");
    if (x->kind != ENTRY_OVER)
        return OK;
    TRY(duty_log_open(db, a, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct str text = str_sub(v[i].text, 0, utf8_off(v[i].text, 40));
        s = arena_printf(a, "%.*s\n%zu. %.*s（第%lld条，%.*s）", SF(s), i + 1, SF(text),
            (long long)v[i].n, SF(v[i].by_name));
    }
    x->done = n ? arena_printf(a, "待续办%zu件：%.*s", n, SF(s)) : S("没有待续办的问题");
    if (utf8_len_cp(x->done) > ENTRY_TEXT_CP_MAX)
        x->done = str_sub(x->done, 0, utf8_off(x->done, ENTRY_TEXT_CP_MAX));
    return OK;
}

/* The number behind the last one, with its digest: two who write at once get one after the other. */
static enum code last_entry(struct db *db, int64_t *n, char digest[SM3_HEX + 1], struct err *e)
{
    *n = 0;
    digest[0] = '\0';
    struct stmt *q = db_sql(db, "SELECT n, digest FROM duty_entry ORDER BY n DESC LIMIT 1");
    if (stmt_step(q)) {
        struct str s = stmt_str(q, 1);
        *n = stmt_int(q, 0);
        if (s.n == SM3_HEX) {
            memcpy(digest, s.p, s.n);
            digest[s.n] = '\0';
        }
    }
    return stmt_end(q, e);
}

static enum code insert(struct db *db, struct duty_entry *x, struct err *e)
{
    char before[SM3_HEX + 1], payload[SM3_HEX + 40];
    int64_t last;
    TRY(last_entry(db, &last, before, e));
    x->id = id_next();
    x->n = last + 1;
    digest_of(x, str_z(before), x->digest);
    struct stmt *q = db_sql(db,
        "INSERT INTO duty_entry(id, shift, n, kind, at, made, by_person, caller, phone, text, done,"
        " told, open, about, item, digest) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " ?12, ?13, ?14, ?15, ?16)");
    stmt_bind_int(q, 1, x->id);
    stmt_bind_int(q, 2, x->shift);
    stmt_bind_int(q, 3, x->n);
    stmt_bind_int(q, 4, x->kind);
    stmt_bind_int(q, 5, x->at_ms);
    stmt_bind_int(q, 6, x->made_ms);
    stmt_bind_int(q, 7, x->by);
    stmt_bind_str(q, 8, x->caller);
    stmt_bind_str(q, 9, x->phone);
    stmt_bind_str(q, 10, x->text);
    stmt_bind_str(q, 11, x->done);
    stmt_bind_str(q, 12, x->told);
    stmt_bind_int(q, 13, x->open);
    stmt_bind_int(q, 14, x->about);
    stmt_bind_int(q, 15, x->item);
    stmt_bind_str(q, 16, str_z(x->digest));
    TRY(stmt_run(q, NULL, e));
    (void)snprintf(payload, sizeof(payload), "{\"digest\":\"%s\"}", x->digest);
    return audit_simple(db, x->by, "duty.entry", "duty_entry", x->id, str_z(payload), e);
}

static enum code write_one(
    struct db *db, struct arena *a, const struct actor *by, struct duty_entry *x, struct err *e)
{
    struct duty_shift s;
    bool keeper = false;
    if (x->kind < ENTRY_NOTE || x->kind >= N_ENTRY_KIND)
        return FAIL(e, E_INPUT, "没有这种值班记录");
    TRY(duty_get(db, a, x->shift, &s, e));
    TRY(duty_may_keep(db, by, &keeper, e));
    TRY(duty_log_may(&s, by, keeper, e));
    x->by = by->v->person;
    x->made_ms = by->now_ms;
    x->open = x->open && (x->kind == ENTRY_NOTE || x->kind == ENTRY_CALL);
    TRY(check_words(x, e));
    TRY(check_time(by, &s, x, e));
    TRY(check_about(db, a, x, e));
    TRY(name_open(db, a, x, e));
    return insert(db, x, e);
}

enum code duty_log_write(struct db *db, const struct actor *by, struct duty_entry *x, struct err *e)
{
    struct arena a;
    struct duty_entry copy = *x;
    arena_init(&a);
    enum code c = write_one(db, &a, by, &copy, e);
    arena_release(&a);
    if (c != OK)
        return c;
    copy.done = x->done; /* what was made of it lay in the arena */
    *x = copy;
    return OK;
}

/* ---- as an item ---- */

static void put_text(json_t *o, const char *key, struct str s)
{
    if (s.n)
        (void)json_object_set_new(o, key, json_stringn(s.p, s.n));
}

static enum code open_call(
    struct db *db, const struct actor *by, const struct duty_entry *x, int64_t *item, struct err *e)
{
    struct buf b;
    json_t *o = json_object();
    buf_init(&b, 0);
    clock_write_minute(&b, x->at_ms, by->hours->zone);
    put_text(o, "way", x->kind == ENTRY_CALL ? S("来电") : S("来访"));
    put_text(o, "happened", buf_view(&b));
    put_text(o, "caller", x->caller.n ? x->caller : S("（见值班日志）"));
    put_text(o, "phone", x->phone);
    put_text(o, "matter", x->text);
    put_text(o, "done", x->done);
    put_text(o, "told", x->told);
    enum code c = item_open(db, by, &(struct item_open){.kind = S("call"), .fields = o}, item, e);
    json_decref(o);
    buf_release(&b);
    return c;
}

enum code duty_log_item(
    struct db *db, const struct actor *by, int64_t entry, int64_t *item, struct err *e)
{
    struct arena a;
    struct duty_entry of = {0};
    arena_init(&a);
    enum code c = entry_get(db, &a, entry, &of, e);
    if (c == OK && of.kind != ENTRY_CALL && of.kind != ENTRY_NOTE)
        c = FAIL(e, E_INPUT, "只有记事和来电可以转为事项");
    struct duty_entry x = {.shift = of.shift, .kind = ENTRY_ITEM, .about = entry};
    struct duty_shift now = {0};
    bool on = false;
    if (c == OK)
        c = duty_at(db, &a, by->now_ms, &now, &on, e);
    if (on) /* written into the shift that is on, whichever the entry is of */
        x.shift = now.id;
    if (c == OK)
        c = open_call(db, by, &of, item, e);
    x.item = *item;
    if (c == OK)
        c = write_one(db, &a, by, &x, e);
    arena_release(&a);
    return c;
}
