/* The sheet by mail, to those who chose it. As notices go: noted before its first byte leaves, so that it never goes twice. */
#include "office/brief_mail.h"
#include "office/brief_int.h"

enum { MAIL_WAITS = 0, MAIL_CLAIMED, MAIL_LEAVES, MAIL_SENT, MAIL_FAILED, MAIL_UNKNOWN };
enum { LEASE_MS = 5 * 60 * 1000, PAUSE_MS = 10 * 60 * 1000, AT_ONCE = 100, TEXT_MAX = 256 << 10 };

struct letter {
    struct office *o;
    const struct post_options *opt;
    struct arena *a;
    int64_t now_ms;
    bool there;
    struct str day, mail, body;
    int64_t audience, person, made_ms, tries;
    int state;
    struct str error;
    int64_t next_ms;
};

static enum code recover(struct db *db, int64_t now_ms, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE brief_mail SET state = 0 WHERE state = 1 AND next_at <= ?1");
    stmt_bind_int(q, 1, now_ms);
    TRY(stmt_run(q, NULL, e));
    q = db_sql(db, "UPDATE brief_mail SET state = 5, error = '发送时中断，不能确定是否送到'"
                   " WHERE state = 2 AND next_at <= ?1");
    stmt_bind_int(q, 1, now_ms);
    return stmt_run(q, NULL, e);
}

static enum code claim_fn(struct db *db, void *arg, struct err *e)
{
    struct letter *l = arg;
    int64_t rows = 0;
    TRY(recover(db, l->now_ms, e));
    struct stmt *q = db_sql(db,
        "SELECT m.day, m.audience, m.person, m.tries, b.made, b.body, coalesce(s.mail, '')"
        " FROM brief_mail m JOIN brief b ON b.day = m.day AND b.audience = m.audience"
        " LEFT JOIN notice_setting s ON s.person = m.person WHERE m.state = 0 AND m.next_at <= ?1"
        " ORDER BY m.next_at, m.day, m.audience, m.person LIMIT 1");
    stmt_bind_int(q, 1, l->now_ms);
    l->there = stmt_step(q);
    if (l->there) {
        l->day = arena_str(l->a, stmt_str(q, 0));
        l->audience = stmt_int(q, 1);
        l->person = stmt_int(q, 2);
        l->tries = stmt_int(q, 3);
        l->made_ms = stmt_int(q, 4);
        l->body = arena_str(l->a, stmt_str(q, 5));
        l->mail = arena_str(l->a, stmt_str(q, 6));
    }
    TRY(stmt_end(q, e));
    if (!l->there)
        return OK;
    q = db_sql(db, "UPDATE brief_mail SET state = 1, next_at = ?4 WHERE day = ?1 AND audience = ?2"
                   " AND person = ?3 AND state = 0");
    stmt_bind_str(q, 1, l->day);
    stmt_bind_int(q, 2, l->audience);
    stmt_bind_int(q, 3, l->person);
    stmt_bind_int(q, 4, l->now_ms + LEASE_MS);
    TRY(stmt_run(q, &rows, e));
    l->there = rows == 1;
    return OK;
}

static enum code note_fn(struct db *db, void *arg, struct err *e)
{
    const struct letter *l = arg;
    int64_t rows = 0;
    struct stmt *q = db_sql(db, "UPDATE brief_mail SET state = ?4, next_at = ?5, error = ?6,"
                                " tries = ?7 WHERE day = ?1 AND audience = ?2 AND person = ?3"
                                " AND state IN (1, 2)");
    stmt_bind_str(q, 1, l->day);
    stmt_bind_int(q, 2, l->audience);
    stmt_bind_int(q, 3, l->person);
    stmt_bind_int(q, 4, l->state);
    stmt_bind_int(q, 5, l->next_ms);
    stmt_bind_str(q, 6, l->error);
    stmt_bind_int(q, 7, l->tries);
    TRY(stmt_run(q, &rows, e));
    return rows == 1 ? OK : FAIL(e, E_BUSY, "这封邮件已由别的节点发送");
}

static enum code on_leaves(void *arg, struct err *e)
{
    struct letter *l = arg;
    l->state = MAIL_LEAVES;
    l->next_ms = l->now_ms + LEASE_MS;
    l->error = S("");
    return store_write(l->o->store, note_fn, l, e);
}

static enum code send(struct letter *l, struct post_try *t, struct err *e)
{
    struct brief b = {.day = l->day, .audience = l->audience, .made_ms = l->made_ms};
    struct buf text;
    t->refused = true;
    if (l->o->practice)
        return FAIL(e, E_DENIED, "练习库不向外发送");
    if (!l->mail.n)
        return FAIL(e, E_INPUT, "没有填写邮箱");
    t->refused = false;
    TRY(brief_parse(l->a, l->body, &b, e));
    buf_init(&text, TEXT_MAX);
    brief_text(&b, &text);
    if (l->opt->site.n)
        buf_printf(&text, "%.*s/brief?day=%.*s\n\n", SF(l->opt->site), SF(l->day));
    buf_z(&text, "本邮件由前哨自动发出，请勿回复；不想再收，在“我的账号→通知设置”里修改。\n");
    enum code c = mail_send(l->opt,
        &(struct post_mail){.to = l->mail,
            .subject = arena_printf(l->a, "[前哨] 今日要情 %.*s", SF(l->day)),
            .text = buf_view(&text),
            .id = arena_printf(l->a, "brief-%.*s-%lld-%lld", SF(l->day), (long long)l->audience,
                (long long)l->person),
            .at_ms = l->now_ms},
        t, e);
    buf_release(&text);
    return c;
}

static enum code one(struct letter *l, atomic_bool *stop, size_t *sent, struct err *e)
{
    struct err why = {.code = OK};
    struct post_try t = {.leaves = on_leaves, .arg = l, .stop = stop};
    TRY(store_write(l->o->store, claim_fn, l, e));
    if (!l->there)
        return OK;
    enum code c = send(l, &t, &why);
    bool last = t.refused || l->tries + 1 >= POST_TRIES;
    l->tries++;
    l->state = c == OK ? MAIL_SENT : t.unknown ? MAIL_UNKNOWN : last ? MAIL_FAILED : MAIL_WAITS;
    l->next_ms = l->now_ms + (c == OK ? 0 : PAUSE_MS);
    l->error = c == OK ? S("") : arena_str(l->a, str_z(why.msg));
    *sent += c == OK;
    return store_write(l->o->store, note_fn, l, e);
}

/* No write where nothing is due. */
static enum code any_due(struct store *st, int64_t now_ms, bool *any, struct err *e)
{
    struct db *db;
    TRY(store_read(st, &db, e));
    struct stmt *q =
        db_sql(db, "SELECT 1 FROM brief_mail WHERE state IN (0, 1, 2) AND next_at <= ?1 LIMIT 1");
    stmt_bind_int(q, 1, now_ms);
    *any = stmt_step(q);
    enum code c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

enum code brief_mail_run(struct office *o, const struct post_options *opt, int64_t now_ms,
    atomic_bool *stop, size_t *sent, struct err *e)
{
    bool any = false;
    *sent = 0;
    TRY(any_due(o->store, now_ms, &any, e));
    for (int i = 0; any && i < AT_ONCE && !(stop && atomic_load(stop)); i++) {
        struct arena a;
        arena_init(&a);
        struct letter l = {.o = o, .opt = opt, .a = &a, .now_ms = now_ms};
        enum code c = one(&l, stop, sent, e);
        any = l.there;
        arena_release(&a);
        TRY(c);
    }
    return OK;
}

enum code brief_mail_failed(struct db *db, struct arena *a, const struct actor *by, struct str day,
    struct str *out, struct err *e)
{
    *out = S("");
    if (!by->v->owner && !(by->v->roles & ROLE_CHIEF))
        return OK;
    struct stmt *q = db_sql(db, "SELECT p.name, m.error FROM brief_mail m JOIN person p"
                                " ON p.id = m.person WHERE m.day = ?1 AND m.error <> ''"
                                " ORDER BY p.rank, p.id");
    stmt_bind_str(q, 1, day);
    while (stmt_step(q))
        *out = arena_printf(a, "%.*s%s%.*s（%.*s）", SF(*out), out->n ? "、" : "",
            SF(stmt_str(q, 0)), SF(stmt_str(q, 1)));
    return stmt_end(q, e);
}
