/* notice_post.c - which notices leave, when, and together; and what became of each. */
#include "office/notice_post.h"

#include "office/leader.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/id.h"
#include "base/log.h"
#include "office/brief.h"
#include "office/climb.h"
#include "office/document.h"
#include "office/item_int.h"
#include "office/keyring.h"
#include "office/manuscript_part.h"
#include "office/recurring.h"
#include "office/remind.h"

#define SECRETS "notice.secret"

/* notice_out.state */
enum { OUT_WAITS = 0, OUT_CLAIMED, OUT_LEAVES, OUT_SENT, OUT_FAILED, OUT_UNKNOWN, OUT_NOT_NEEDED };
enum {
    ROUTE_BATCH = 500,
    MESSAGES_MAX = 200, /* of one run; the rest follows with the next */
    ROWS_MAX = 200,     /* of one message */
    LEASE_MS = 5 * 60 * 1000,
    DIGEST_HOUR = 8,
    TEXT_MAX = 256 << 10
};

static const int64_t pauses[POST_TRIES] = {
    MS_MINUTE, 5 * MS_MINUTE, 30 * MS_MINUTE, 2 * MS_HOUR, 6 * MS_HOUR, 12 * MS_HOUR};

/* ---- which way ---- */

struct routing {
    int64_t notice, person, unit, at_ms;
    enum notice_kind kind;
    struct notice_setting s;
};

static int64_t leave_at(const struct routing *r)
{
    int64_t at = r->at_ms;
    if (r->kind == NOTICE_CLIMB)
        return at;
    int32_t day = clock_day(at, ZONE_CHINA);
    if (r->s.rhythm == RHYTHM_HOURLY)
        at = (at + MS_HOUR - 1) / MS_HOUR * MS_HOUR;
    if (r->s.rhythm == RHYTHM_DAILY) {
        int64_t today = clock_day_ms(day, ZONE_CHINA) + DIGEST_HOUR * MS_HOUR;
        at = at <= today ? today : today + MS_DAY;
    }
    return notice_after_quiet(at, r->s.quiet_from, r->s.quiet_to, ZONE_CHINA);
}

/* The robot of the person's unit, or of the nearest above it that has one; 0: none. */
static enum code hook_of(struct db *db, int64_t unit, int64_t *hook, struct err *e)
{
    struct stmt *q = db_sql(db,
        "WITH RECURSIVE up(id, parent, far) AS (SELECT id, parent, 0 FROM unit WHERE id = ?1"
        " UNION ALL SELECT u.id, u.parent, up.far + 1 FROM unit u JOIN up ON u.id = up.parent"
        " WHERE up.far < 32) SELECT h.id FROM up JOIN notice_hook h ON h.unit = up.id"
        " ORDER BY up.far, h.id LIMIT 1");
    stmt_bind_int(q, 1, unit);
    *hook = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

static enum code out_put(struct db *db, const struct routing *r, enum post_channel channel,
    int64_t target, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO notice_out(notice, channel, target, state, tries, next_at, claim, error)"
        " VALUES(?1, ?2, ?3, 0, 0, ?4, 0, '') ON CONFLICT(notice, channel) DO UPDATE SET"
        " target = excluded.target, state = 0, tries = 0, claim = 0, error = '',"
        " next_at = CASE WHEN notice_out.state = 0 THEN notice_out.next_at"
        " ELSE excluded.next_at END");
    stmt_bind_int(q, 1, r->notice);
    stmt_bind_int(q, 2, channel);
    stmt_bind_int(q, 3, target);
    stmt_bind_int(q, 4, leave_at(r));
    return stmt_run(q, NULL, e);
}

static enum code route_one(
    struct db *db, const struct routing *r, const struct duty_rule *duty, struct err *e)
{
    uint32_t bit = 1U << r->kind;
    int64_t hook = 0;
    bool climb = r->kind == NOTICE_CLIMB;
    if (r->s.mail.n && (climb ? duty->climb_mail : (r->s.mail_kinds & bit) != 0))
        TRY(out_put(db, r, POST_MAIL, r->person, e));
    if (climb ? duty->climb_hook : (r->s.hook_kinds & bit) != 0)
        TRY(hook_of(db, r->unit, &hook, e));
    if (hook)
        TRY(out_put(db, r, POST_HOOK, hook, e));
    struct stmt *q = db_sql(db, "UPDATE notice SET routed = 1 WHERE id = ?1");
    stmt_bind_int(q, 1, r->notice);
    return stmt_run(q, NULL, e);
}

struct route_job {
    struct arena *a;
    size_t n;
};

/* Most people have chosen nothing: theirs are done with in one statement. An urgent matter goes by what the office has set. */
static enum code route_fn(struct db *db, void *arg, struct err *e)
{
    struct route_job *j = arg;
    struct routing *v = NULL;
    struct duty_rule duty;
    size_t cap = 0;
    j->n = 0;
    TRY(db_exec(db,
        "UPDATE notice SET routed = 1 WHERE routed = 0 AND kind <> 11 AND NOT EXISTS (SELECT 1 FROM"
        " notice_setting s WHERE s.person = notice.person AND (s.mail_kinds > 0 OR s.hook_kinds > "
        "0))",
        e));
    struct stmt *q = db_sql(db,
        "SELECT n.id, n.person, p.unit, n.at, n.kind, coalesce(s.mail, ''),"
        " coalesce(s.mail_kinds, 0), coalesce(s.hook_kinds, 0), coalesce(s.quiet_from, 0),"
        " coalesce(s.quiet_to, 0), coalesce(s.rhythm, 0) FROM notice n JOIN person p"
        " ON p.id = n.person LEFT JOIN notice_setting s ON s.person = n.person"
        " WHERE n.routed = 0 LIMIT ?1");
    stmt_bind_int(q, 1, ROUTE_BATCH);
    while (stmt_step(q))
        ARENA_PUSH(j->a, v, j->n, cap) = (struct routing){.notice = stmt_int(q, 0),
            .person = stmt_int(q, 1),
            .unit = stmt_int(q, 2),
            .at_ms = stmt_int(q, 3),
            .kind = (enum notice_kind)stmt_int(q, 4),
            .s = {.mail = arena_str(j->a, stmt_str(q, 5)),
                .mail_kinds = (uint32_t)stmt_int(q, 6),
                .hook_kinds = (uint32_t)stmt_int(q, 7),
                .quiet_from = (int)stmt_int(q, 8),
                .quiet_to = (int)stmt_int(q, 9),
                .rhythm = (enum notice_rhythm)stmt_int(q, 10)}};
    TRY(stmt_end(q, e));
    TRY(duty_rule_get(db, j->a, &duty, e));
    for (size_t i = 0; i < j->n; i++)
        TRY(route_one(db, &v[i], &duty, e));
    return OK;
}

/* Nothing new: no write is made. */
static enum code any_new(struct store *st, bool *any, struct err *e)
{
    struct db *db;
    TRY(store_read(st, &db, e));
    struct stmt *q = db_sql(db, "SELECT 1 FROM notice WHERE routed = 0 LIMIT 1");
    *any = stmt_step(q);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

static enum code route_all(struct store *st, struct err *e)
{
    bool any = false;
    TRY(any_new(st, &any, e));
    for (size_t n = any ? ROUTE_BATCH : 0; n == ROUTE_BATCH;) {
        struct arena a;
        arena_init(&a);
        struct route_job j = {.a = &a};
        enum code c = store_write(st, route_fn, &j, e);
        n = j.n;
        arena_release(&a);
        TRY(c);
    }
    return OK;
}

/* ---- one message ---- */

struct line {                    /* one notice in it */
    int64_t notice, item, about; /* item 0: of the manuscript `about` */
    enum notice_kind kind;
    int64_t n;
    int level;
    struct str person, by, text, title, number;
};
struct message {
    struct office *o;
    const struct post_options *opt;
    struct arena *a;
    int64_t now_ms;
    enum post_channel channel; /* 0: there is none */
    int64_t target, claim;
    struct str mail; /* address */
    struct line *lines;
    size_t n, cap;
    int64_t tries;             /* the most of its rows */
    struct post_letter letter; /* POST_LETTER */
};

/* Claims that never left are free again; what had left and was never heard of again is not known. */
static enum code recover(struct db *db, int64_t now_ms, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE notice_out SET state = 0, claim = 0 WHERE state = 1 AND next_at <= ?1");
    stmt_bind_int(q, 1, now_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "UPDATE notice_out SET state = 5, error = '发送时中断，不能确定是否送到'"
                   " WHERE state = 2 AND next_at <= ?1");
    stmt_bind_int(q, 1, now_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "UPDATE notice_out SET state = 6 WHERE state = 0 AND next_at <= ?1 AND EXISTS"
                   " (SELECT 1 FROM notice n WHERE n.id = notice_out.notice AND n.unread = 0)");
    stmt_bind_int(q, 1, now_ms);
    return stmt_run(q, NULL, e);
}

/* A robot may speak again only after its pause: whoever moves the instant has the turn. */
static enum code take_turn(struct db *db, struct message *m, bool *mine, struct err *e)
{
    int64_t n = 0;
    *mine = true;
    if (m->channel != POST_HOOK)
        return OK;
    struct stmt *q =
        db_sql(db, "UPDATE notice_hook SET next_at = ?3 WHERE id = ?1 AND next_at <= ?2");
    stmt_bind_int(q, 1, m->target);
    stmt_bind_int(q, 2, m->now_ms);
    stmt_bind_int(q, 3, m->now_ms + HOOK_PAUSE_MS);
    TRY(stmt_run(q, &n, e));
    *mine = n > 0;
    return OK;
}

static enum code claim_rows(struct db *db, struct message *m, struct err *e)
{
    struct stmt *q = db_sql(db,
        "UPDATE notice_out SET state = 1, claim = ?4, next_at = ?5 WHERE channel = ?1"
        " AND target = ?2 AND state = 0 AND next_at <= ?3 AND notice IN (SELECT notice FROM"
        " notice_out WHERE channel = ?1 AND target = ?2 AND state = 0 AND next_at <= ?3"
        " ORDER BY next_at, notice LIMIT ?6)");
    m->claim = id_next();
    stmt_bind_int(q, 1, m->channel);
    stmt_bind_int(q, 2, m->target);
    stmt_bind_int(q, 3, m->now_ms);
    stmt_bind_int(q, 4, m->claim);
    stmt_bind_int(q, 5, m->now_ms + LEASE_MS);
    stmt_bind_int(q, 6, m->channel == POST_LETTER ? 1 : ROWS_MAX);
    return stmt_run(q, NULL, e);
}

static enum code read_lines(struct db *db, struct message *m, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT n.id, n.item, n.kind, n.n, coalesce(i.level, t.level), p.name,"
        " coalesce(b.name, ''), n.text, coalesce(i.title, t.title), coalesce(i.number, ''),"
        " coalesce(s.mail, ''), o.tries, n.about FROM notice_out o JOIN notice n"
        " ON n.id = o.notice LEFT JOIN item i ON i.id = n.item LEFT JOIN manuscript t"
        " ON n.item = 0 AND t.id = n.about JOIN person p ON p.id = n.person"
        " LEFT JOIN person b ON b.id = n.by_person LEFT JOIN notice_setting s"
        " ON s.person = n.person WHERE o.state = 1 AND o.claim = ?1 ORDER BY n.person, n.at, n.id");
    stmt_bind_int(q, 1, m->claim);
    while (stmt_step(q)) {
        ARENA_PUSH(m->a, m->lines, m->n, m->cap) = (struct line){.notice = stmt_int(q, 0),
            .item = stmt_int(q, 1),
            .kind = (enum notice_kind)stmt_int(q, 2),
            .n = stmt_int(q, 3),
            .level = (int)stmt_int(q, 4),
            .person = arena_str(m->a, stmt_str(q, 5)),
            .by = arena_str(m->a, stmt_str(q, 6)),
            .text = arena_str(m->a, stmt_str(q, 7)),
            .title = arena_str(m->a, stmt_str(q, 8)),
            .number = arena_str(m->a, stmt_str(q, 9)),
            .about = stmt_int(q, 12)};
        m->mail = arena_str(m->a, stmt_str(q, 10));
        if (stmt_int(q, 11) > m->tries)
            m->tries = stmt_int(q, 11);
    }
    return stmt_end(q, e);
}

static enum code read_letter(struct db *db, struct message *m, struct err *e)
{
    bool there = false;
    TRY(letter_claimed(db, m->a, m->claim, &m->letter, &there, e));
    m->n = there;
    m->tries = m->letter.tries;
    return OK;
}

static enum code next_target(struct db *db, struct message *m, struct err *e)
{
    struct stmt *q = db_sql(db,
        "SELECT o.channel, o.target FROM notice_out o WHERE o.state = 0 AND o.next_at <= ?1"
        " AND (o.channel <> 2 OR EXISTS (SELECT 1 FROM notice_hook h WHERE h.id = o.target"
        " AND h.next_at <= ?1)) ORDER BY o.next_at, o.notice LIMIT 1");
    stmt_bind_int(q, 1, m->now_ms);
    m->channel = 0;
    if (stmt_step(q)) {
        m->channel = (enum post_channel)stmt_int(q, 0);
        m->target = stmt_int(q, 1);
    }
    return stmt_end(q, e);
}

static enum code claim_fn(struct db *db, void *arg, struct err *e)
{
    struct message *m = arg;
    bool mine = false;
    m->n = m->cap = 0;
    m->tries = 0;
    TRY(recover(db, m->now_ms, e));
    TRY(next_target(db, m, e));
    if (!m->channel)
        return OK;
    TRY(take_turn(db, m, &mine, e));
    if (!mine) {
        m->channel = 0;
        return OK;
    }
    TRY(claim_rows(db, m, e));
    return m->channel == POST_LETTER ? read_letter(db, m, e) : read_lines(db, m, e);
}

/* ---- what became of it ---- */

static enum code leaves_fn(struct db *db, void *arg, struct err *e)
{
    const struct message *m = arg;
    int64_t n;
    struct stmt *q = db_sql(db, "UPDATE notice_out SET state = 2 WHERE claim = ?1 AND state = 1");
    stmt_bind_int(q, 1, m->claim);
    TRY(stmt_run(q, &n, e));
    return n ? OK : FAIL(e, E_BUSY, "这封通知已由别的节点发送");
}

static enum code on_leaves(void *arg, struct err *e)
{
    struct message *m = arg;
    return store_write(m->o->store, leaves_fn, m, e);
}

struct outcome {
    struct message *m;
    int state;
    int64_t next_ms;
    struct str error;
};

static enum code outcome_fn(struct db *db, void *arg, struct err *e)
{
    const struct outcome *o = arg;
    struct stmt *q = db_sql(db,
        "UPDATE notice_out SET state = ?2, next_at = ?3, error = ?4, claim = 0, tries = tries + 1"
        " WHERE claim = ?1 AND state IN (1, 2)");
    stmt_bind_int(q, 1, o->m->claim);
    stmt_bind_int(q, 2, o->state);
    stmt_bind_int(q, 3, o->next_ms);
    stmt_bind_str(q, 4, o->error);
    TRY(stmt_run(q, NULL, e));
    if (o->m->channel != POST_HOOK)
        return OK;
    q = db_sql(db, "UPDATE notice_hook SET error = ?2 WHERE id = ?1 AND error <> ?2");
    stmt_bind_int(q, 1, o->m->target);
    stmt_bind_str(q, 2, o->error);
    return stmt_run(q, NULL, e);
}

static enum code note_outcome(struct message *m, enum code sent, const struct post_try *t,
    const struct err *why, struct err *e)
{
    struct outcome o = {.m = m, .state = OUT_SENT, .next_ms = m->now_ms, .error = S("")};
    if (sent != OK) {
        bool last = t->refused || m->tries + 1 >= POST_TRIES;
        o.state = t->unknown ? OUT_UNKNOWN : last ? OUT_FAILED : OUT_WAITS;
        o.next_ms = m->now_ms + pauses[m->tries < POST_TRIES ? m->tries : POST_TRIES - 1];
        o.error = arena_str(m->a, str_z(why->msg));
    }
    return store_write(m->o->store, outcome_fn, &o, e);
}

/* ---- words ---- */

/* Of 工作秘密 nothing but that there is something leaves the platform. */
static void mail_line(struct message *m, struct buf *b, const struct line *l)
{
    const char *kind = notice_kind_name(l->kind);
    if (l->level > LEVEL_INTERNAL)
        buf_printf(b, "【%s】一件工作秘密事项，请登录查看\n", kind);
    else
        buf_printf(b, "【%s】%.*s%.*s%s\n  %.*s%s%.*s\n", kind, SF(l->title), SF(l->number),
            l->n > 1 ? arena_printf(m->a, "（%lld次）", (long long)l->n).p : "", SF(l->by),
            l->by.n ? "：" : "", SF(l->text));
    if (m->opt->site.n)
        buf_printf(b, "  %.*s/%s/%lld\n", SF(m->opt->site), l->item ? "items" : "manuscripts",
            (long long)(l->item ? l->item : l->about));
    buf_char(b, '\n');
}

static enum code send_mail(struct message *m, struct post_try *t, struct err *e)
{
    struct buf b;
    const struct line *l = &m->lines[0];
    if (!m->mail.n) {
        t->refused = true;
        return FAIL(e, E_INPUT, "没有填写邮箱");
    }
    struct str subject = S("[前哨] 一件工作秘密事项有新情况");
    if (m->n > 1)
        subject = arena_printf(m->a, "[前哨] 有%zu条通知", m->n);
    else if (l->level <= LEVEL_INTERNAL)
        subject = arena_printf(m->a, "[前哨] %s：%.*s", notice_kind_name(l->kind), SF(l->title));
    buf_init(&b, TEXT_MAX);
    for (size_t i = 0; i < m->n; i++)
        mail_line(m, &b, &m->lines[i]);
    buf_z(&b, "本邮件由前哨自动发出，请勿回复；收哪些通知，在“我的账号→通知设置”里修改。\n");
    enum code c = mail_send(m->opt,
        &(struct post_mail){.to = m->mail,
            .subject = subject,
            .text = buf_view(&b),
            .id = arena_printf(m->a, "notice-%lld", (long long)l->notice),
            .at_ms = m->now_ms},
        t, e);
    buf_release(&b);
    return c;
}

static enum code send_letter(struct message *m, struct post_try *t, struct err *e)
{
    const struct post_letter *l = &m->letter;
    struct buf b;
    if (!l->mail.n) {
        t->refused = true;
        return FAIL(e, E_INPUT, "没有填写邮箱");
    }
    buf_init(&b, TEXT_MAX);
    buf_str(&b, l->text);
    if (m->opt->site.n && l->path.n)
        buf_printf(&b, "%.*s%.*s\n\n", SF(m->opt->site), SF(l->path));
    buf_z(&b, "本邮件由前哨自动发出，请勿回复；不想再收，在“我的账号→通知设置”里修改。\n");
    enum code c = mail_send(m->opt,
        &(struct post_mail){.to = l->mail,
            .subject = l->subject,
            .text = buf_view(&b),
            .id = l->name,
            .at_ms = m->now_ms},
        t, e);
    buf_release(&b);
    return c;
}

/* A group is read by many: who, what sort, how many; no title. "张三 催办2条、请办1条；李四 请办1条" */
static struct str hook_text(struct message *m)
{
    struct buf b;
    buf_init(&b, TEXT_MAX);
    buf_z(&b, "【前哨】");
    for (size_t i = 0; i < m->n;) {
        size_t end = i, counts[N_NOTICE] = {0};
        bool first = true;
        for (; end < m->n && str_eq(m->lines[end].person, m->lines[i].person); end++)
            counts[m->lines[end].kind < N_NOTICE ? m->lines[end].kind : 0]++;
        buf_printf(&b, "%s%.*s ", i ? "；" : "", SF(m->lines[i].person));
        for (int k = 1; k < N_NOTICE; k++)
            if (counts[k]) {
                buf_printf(&b, "%s%s%zu条", first ? "" : "、",
                    notice_kind_name((enum notice_kind)k), counts[k]);
                first = false;
            }
        i = end;
    }
    struct str head = post_cut(m->a, buf_view(&b), HOOK_TEXT_BYTES - 60);
    struct str s = arena_printf(m->a, "%.*s。请登录前哨查看办理。", SF(head));
    buf_release(&b);
    return s;
}

static enum code send_hook(struct message *m, struct post_try *t, struct err *e)
{
    struct str url;
    bool found = false;
    TRY(keyring_get(m->o->dir, SECRETS, m->a, m->target, &url, &found, e));
    if (!found)
        return FAIL(e, E_NOTFOUND, "本机没有这个群机器人的地址，请在保存它的那台机器上发送");
    return hook_send(m->opt, url, hook_text(m), t, e);
}

/* ---- the run ---- */

static enum code one_message(struct message *m, bool *any, struct err *e)
{
    struct err why = {.code = OK};
    TRY(store_write(m->o->store, claim_fn, m, e));
    *any = m->channel != 0;
    if (!*any || m->n == 0)
        return OK;
    struct post_try t = {.leaves = on_leaves, .arg = m};
    enum code sent = m->channel == POST_MAIL     ? send_mail(m, &t, &why)
                     : m->channel == POST_LETTER ? send_letter(m, &t, &why)
                                                 : send_hook(m, &t, &why);
    TRY(note_outcome(m, sent, &t, &why, e));
    m->tries = sent == OK; /* for the count of the run */
    return OK;
}

static enum code any_due(struct store *st, int64_t now_ms, bool *any, struct err *e)
{
    struct db *db;
    TRY(store_read(st, &db, e));
    struct stmt *q =
        db_sql(db, "SELECT 1 FROM notice_out WHERE state IN (0, 1, 2) AND next_at <= ?1 LIMIT 1");
    stmt_bind_int(q, 1, now_ms);
    *any = stmt_step(q);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

/* The one door through which anything leaves: a practice office keeps it shut, and each row says why. */
static enum code hold_back(struct db *db, void *arg, struct err *e)
{
    (void)arg;
    struct stmt *q = db_sql(db, "UPDATE notice_out SET state = ?1, error = ?2 WHERE state < ?3");
    stmt_bind_int(q, 1, OUT_FAILED);
    stmt_bind_str(q, 2, S("练习库不向外发送"));
    stmt_bind_int(q, 3, OUT_SENT);
    return stmt_run(q, NULL, e);
}

enum code notice_post_run(struct office *o, const struct post_options *opt, int64_t now_ms,
    atomic_bool *stop, size_t *sent, struct err *e)
{
    bool any = false;
    *sent = 0;
    TRY(route_all(o->store, e));
    if (o->practice)
        return store_write(o->store, hold_back, NULL, e);
    TRY(any_due(o->store, now_ms, &any, e));
    for (int i = 0; any && i < MESSAGES_MAX && !(stop && atomic_load(stop)); i++) {
        struct arena a;
        arena_init(&a);
        struct message m = {.o = o, .opt = opt, .a = &a, .now_ms = now_ms};
        enum code c = one_message(&m, &any, e);
        *sent += c == OK && any && m.tries;
        arena_release(&a);
        TRY(c);
    }
    return OK;
}

/* ---- serve ---- */

enum { TICK_S = 2, PRUNE_MS = 24 * 3600 * 1000 };

struct postman {
    struct office *o;
    struct post_options opt;
    struct arena a; /* of opt */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_bool stop;
    int64_t pruned_ms;
    int32_t briefed, brief_tried_min; /* the day whose sheets are made; when that failed last */
};

/* What was read long ago; what it was about stands in the item. */
static enum code prune_fn(struct db *db, void *arg, struct err *e)
{
    const int64_t *before = arg;
    struct stmt *q = db_sql(db, "DELETE FROM notice_out WHERE notice IN (SELECT id FROM notice"
                                " WHERE unread = 0 AND read_at < ?1)");
    stmt_bind_int(q, 1, *before);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "DELETE FROM notice WHERE unread = 0 AND read_at < ?1");
    stmt_bind_int(q, 1, *before);
    TRY(stmt_run(q, NULL, e));
    return letter_prune(db, *before, e);
}

static void complain(const char *what, const struct err *e)
{
    static const struct log log = {2, LOG_INFO, ZONE_CHINA};
    struct log_line l;
    log_begin(&l, &log, LOG_WARN, what);
    log_str(&l, "why", str_z(e->msg));
    log_end(&l);
}

/* Once a day; what fails is tried again a minute later. */
static void morning(struct postman *p, const struct actor *by)
{
    int32_t day = clock_day(by->now_ms, ZONE_CHINA), minute = (int32_t)(by->now_ms / MS_MINUTE);
    struct civil now = clock_civil(by->now_ms, ZONE_CHINA);
    struct err e;
    size_t n;
    if (p->opt.brief_minute < 0 || p->briefed == day || p->brief_tried_min == minute ||
        now.hour * 60 + now.minute < p->opt.brief_minute)
        return;
    p->brief_tried_min = minute;
    if (brief_run(p->o, by, p->opt.brief_minute, &n, &e) == OK)
        p->briefed = day;
    else
        complain("brief", &e);
}

static void tick(struct postman *p)
{
    struct viewer nobody = viewer_owner();
    struct actor by = {.v = &nobody,
        .kinds = p->o->kinds,
        .calendar = p->o->calendar,
        .hours = &p->o->hours,
        .now_ms = clock_now_ms()};
    struct err e;
    size_t n;
    if (climb_run(p->o->store, &by, p->opt.climb_step_ms, &n, &e) != OK)
        complain("climb", &e);
    if (remind_run(p->o->store, &by, &n, &e) != OK)
        complain("remind", &e);
    if (manuscript_part_remind(p->o->store, &by, &n, &e) != OK)
        complain("part", &e);
    if (leader_skip_run(p->o->store, &by, &n, &e) != OK)
        complain("leader", &e);
    if (recurring_run(p->o->store, &by, &n, &e) != OK)
        complain("recurring", &e);
    if (notice_post_run(p->o, &p->opt, clock_now_ms(), &p->stop, &n, &e) != OK)
        complain("notice", &e);
    morning(p, &by);
    if (by.now_ms - p->pruned_ms < PRUNE_MS)
        return;
    p->pruned_ms = by.now_ms;
    int64_t before = by.now_ms - NOTICE_KEPT_DAYS * MS_DAY;
    if (store_write(p->o->store, prune_fn, &before, &e) != OK)
        complain("notice", &e);
}

static void *work(void *arg)
{
    struct postman *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!atomic_load(&p->stop)) {
        struct timespec at;
        pthread_mutex_unlock(&p->lock);
        tick(p);
        pthread_mutex_lock(&p->lock);
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += TICK_S;
        if (!atomic_load(&p->stop))
            pthread_cond_timedwait(&p->wake, &p->lock, &at);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void postman_free(struct postman *p)
{
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    arena_release(&p->a);
    free(p);
}

enum code postman_start(
    struct office *o, const struct post_options *opt, struct postman **out, struct err *e)
{
    struct postman *p = mem_alloc(sizeof(*p));
    p->o = o;
    arena_init(&p->a);
    p->opt = (struct post_options){.mail_url = arena_str(&p->a, opt->mail_url),
        .mail_from = arena_str(&p->a, opt->mail_from),
        .mail_user = arena_str(&p->a, opt->mail_user),
        .mail_password = arena_str(&p->a, opt->mail_password),
        .ca = arena_str(&p->a, opt->ca),
        .mail_plaintext = opt->mail_plaintext,
        .hook_loopback = opt->hook_loopback,
        .brief_minute = opt->brief_minute,
        .climb_step_ms = opt->climb_step_ms,
        .site = arena_str(&p->a, opt->site)};
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    atomic_init(&p->stop, false);
    if (pthread_create(&p->thread, NULL, work, p) != 0) {
        postman_free(p);
        return FAIL(e, E_IO, "无法启动发送通知的线程");
    }
    *out = p;
    return OK;
}

void postman_stop(struct postman *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    atomic_store(&p->stop, true);
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    postman_free(p);
}
