#include "office/manuscript_edit.h"

#include <string.h>

#include "base/utf8.h"
#include "office/manuscript_int.h"
#include "text/edit.h"
#include "text/secret.h"

/* ---- what a text may be ---- */

enum code manuscript_check_text(struct str text, struct err *e)
{
    if (utf8_check(text) != SIZE_MAX)
        return FAIL(e, E_INPUT, "文字的编码不对，应为UTF-8");
    if (text.n && (memchr(text.p, '\r', text.n) || memchr(text.p, '\0', text.n)))
        return FAIL(e, E_INPUT, "文字里有不能保存的控制字符");
    if (utf8_len_cp(text) > MANUSCRIPT_CP_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多%d个字，请分成几份", MANUSCRIPT_CP_MAX);
    return OK;
}

enum code manuscript_check_secret(struct str title, struct str text, struct err *e)
{
    struct secret_mark m;
    if (secret_find_header(title, &m))
        return FAIL(e, E_SECRET, "名称带有密级标志，本系统严禁处理国家秘密，没有保存");
    if (secret_find(text, &m))
        return FAIL(e, E_SECRET, "第%zu行带有密级标志，本系统严禁处理国家秘密，没有保存", m.line);
    return OK;
}

/* ---- texts ---- */

static enum code keep_text(struct db *db, int64_t id, int64_t seq, struct str text, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO manuscript_text(manuscript, seq, body) VALUES(?1, ?2, ?3)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, seq);
    stmt_bind_str(q, 3, text);
    return stmt_run(q, NULL, e);
}

enum code manuscript_begin_text(struct db *db, int64_t id, struct str text, struct err *e)
{
    return keep_text(db, id, 0, text, e);
}

enum code manuscript_steps(struct db *db, struct arena *a, int64_t id, int64_t from, int64_t to,
    struct edit **out, size_t *n_out, struct err *e)
{
    struct edit *v = NULL;
    size_t n = 0, cap = 0;
    enum code c = OK;
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT changes FROM manuscript_update WHERE manuscript = ?1 AND seq > ?2 AND seq <= ?3"
        " ORDER BY seq");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, from);
    stmt_bind_int(q, 3, to);
    while (c == OK && stmt_step(q)) {
        struct edit x = {.n = 0};
        json_t *set;
        c = jr_parse(stmt_str(q, 0), &set, e);
        if (c != OK)
            break;
        c = edit_read(a, set, &x, e);
        json_decref(set);
        ARENA_PUSH(a, v, n, cap) = x;
    }
    enum code end = stmt_end(q, e);
    TRY(c);
    TRY(end);
    if (from + (int64_t)n != to)
        return FAIL(e, E_BUG, "文稿缺少第%lld次修改", (long long)(from + (int64_t)n + 1));
    *out = v;
    *n_out = n;
    return OK;
}

enum code manuscript_changes(struct db *db, struct arena *a, int64_t id, int64_t from, int64_t to,
    struct edit *out, struct err *e)
{
    struct edit *v = NULL, all = {.n = 0};
    size_t n = 0;
    TRY(manuscript_steps(db, a, id, from, to, &v, &n, e));
    for (size_t i = 0; i < n; i++) {
        struct edit both = v[i];
        if (i)
            TRY(edit_compose(a, &all, &v[i], &both, e));
        all = both;
    }
    *out = all;
    return OK;
}

static enum code load_text(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct str *text, struct err *e)
{
    struct str kept = S("");
    struct edit x;
    struct buf b;
    int64_t at = -1;
    struct stmt *q = db_sql(db,
        DB_PLAN_ONCE "SELECT seq, body FROM manuscript_text WHERE manuscript = ?1 AND seq <= ?2"
                     " ORDER BY seq DESC LIMIT 1");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, seq);
    if (stmt_step(q)) {
        at = stmt_int(q, 0);
        kept = arena_str(a, stmt_str(q, 1));
    }
    TRY(stmt_end(q, e));
    if (at < 0)
        return FAIL(e, E_NOTFOUND, "文稿没有第%lld次修改后的文字", (long long)seq);
    if (at < seq) {
        TRY(manuscript_changes(db, a, id, at, seq, &x, e));
        buf_init(&b, 0);
        enum code c = edit_apply(&x, kept, &b, e);
        kept = arena_str(a, buf_view(&b));
        buf_release(&b);
        TRY(c);
    }
    *text = kept;
    return OK;
}

enum code manuscript_text(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t seq, struct str *text, int64_t *at, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (seq > m.seq)
        return FAIL(e, E_INPUT, "这份文稿没有第%lld次修改", (long long)seq);
    if (seq < 0)
        seq = m.seq;
    TRY(load_text(db, a, id, seq, text, e));
    if (at)
        *at = seq;
    return OK;
}

/* ---- writing ---- */

static enum code locked(const struct manuscript *m, struct err *e)
{
    TRY(manuscript_stands(m, e));
    return m->locked_ms ? FAIL(e, E_DENIED, "这份文稿已由%.*s锁定（%.*s），解锁以后才能修改",
                              SF(m->locked_name), SF(m->lock_why))
                        : OK;
}

/* One update, which makes `text` of what stood before. */
static enum code write_update(struct db *db, const struct actor *by, const struct manuscript *m,
    const struct manuscript_update *u, struct str text, struct err *e)
{
    TRY(manuscript_check_text(text, e));
    TRY(manuscript_check_secret(m->title, text, e));
    struct stmt *q = db_sql(db, "INSERT INTO manuscript_update(manuscript, seq, client, number,"
                                " changes, at, by_person) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    stmt_bind_int(q, 1, m->id);
    stmt_bind_int(q, 2, u->seq);
    stmt_bind_str(q, 3, u->client);
    stmt_bind_int(q, 4, u->number);
    stmt_bind_str(q, 5, u->changes);
    stmt_bind_int(q, 6, by->now_ms);
    stmt_bind_int(q, 7, by->v->person);
    return stmt_run(q, NULL, e);
}

/* The text is one update further: its row, and now and then the text itself. */
static enum code write_text(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct str text, struct err *e)
{
    int64_t seq = m->seq + 1;
    TRY(manuscript_written(db, by, m->id, m->seq, seq, manuscript_chars(text), e));
    if (seq % TEXT_KEPT_EVERY)
        return OK;
    TRY(keep_text(db, m->id, seq, text, e));
    TRY(manuscript_parts_follow(db, a, m->id, seq, text, e));
    return manuscript_notes_follow(db, a, m->id, seq, e);
}

/* ---- whole texts ---- */

static enum code replace_text(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct str was, struct str text, struct err *e)
{
    struct edit x;
    TRY(edit_between(a, was, text, &x, e));
    TRY(write_update(db, by, m,
        &(struct manuscript_update){.seq = m->seq + 1, .changes = edit_json(a, &x)}, text, e));
    return write_text(db, a, by, m, text, e);
}

enum code manuscript_save(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t base, struct str text, struct manuscript_saved *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct str was = S(""), now = S("");
    struct threeway w = {.text = text};
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    TRY(locked(&m, e));
    if (base < 0 || base > m.seq)
        return FAIL(e, E_INPUT, "这份文稿没有第%lld次修改", (long long)base);
    TRY(manuscript_check_text(text, e));
    TRY(load_text(db, a, id, m.seq, &now, e));
    if (base < m.seq) {
        TRY(load_text(db, a, id, base, &was, e));
        TRY(threeway_merge(a, was, text, now, &w, e));
    }
    struct manuscript_saved s = {.seq = m.seq,
        .merged = base < m.seq,
        .text = w.text,
        .both = w.both,
        .n_both = w.n_both,
        .written = !w.n_both && !str_eq(w.text, now)};
    if (s.written) {
        TRY(replace_text(db, a, by, &m, now, w.text, e));
        s.seq++;
    }
    *out = s;
    return OK;
}

/* ---- updates ---- */

enum code manuscript_seq(struct db *db, int64_t id, int64_t *seq, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE "SELECT seq FROM manuscript WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    *seq = stmt_step(q) ? stmt_int(q, 0) : 0;
    return stmt_end(q, e);
}

enum code manuscript_pull(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t after, struct manuscript_pulled *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_pulled r = {.n = 0};
    size_t cap = 0;
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (after < 0 || after > m.seq)
        return FAIL(e, E_INPUT, "这份文稿没有第%lld次修改", (long long)after);
    struct stmt *q = db_sql(db,
        DB_PLAN_ONCE "SELECT seq, client, number, changes, at, by_person FROM manuscript_update"
                     " WHERE manuscript = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, after);
    stmt_bind_int(q, 3, PULL_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, r.v, r.n, cap) =
            (struct manuscript_update){stmt_int(q, 0), arena_str(a, stmt_str(q, 1)), stmt_int(q, 2),
                arena_str(a, stmt_str(q, 3)), stmt_int(q, 4), stmt_int(q, 5)};
    TRY(stmt_end(q, e));
    r.seq = m.seq;
    *out = r;
    return OK;
}

static bool is_client(struct str s)
{
    bool name = s.n <= CLIENT_MAX;
    for (size_t i = 0; i < s.n; i++)
        name = name && ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z'));
    return name;
}

static enum code check_push(const struct manuscript_push *p, int64_t seq, struct err *e)
{
    if (!p->client.n || !is_client(p->client) || p->number < 1)
        return FAIL(e, E_INPUT, "送来的修改格式不对");
    if (p->after < 0 || p->after > seq)
        return FAIL(e, E_INPUT, "这份文稿没有第%lld次修改", (long long)p->after);
    return OK;
}

/* The name of an editor is known to all who write along: what somebody else would send under it is refused, for it would take the place of what the
 * editor itself has not sent yet. */
static enum code is_stored(struct db *db, const struct actor *by, int64_t id,
    const struct manuscript_push *p, bool *stored, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE
        "SELECT by_person FROM manuscript_update WHERE manuscript = ?1 AND client = ?2 AND"
        " number > 0 AND (number >= ?3 OR by_person <> ?4) ORDER BY number LIMIT 1");
    stmt_bind_int(q, 1, id);
    stmt_bind_str(q, 2, p->client);
    stmt_bind_int(q, 3, p->number);
    stmt_bind_int(q, 4, by->v->person);
    *stored = stmt_step(q);
    bool foreign = *stored && stmt_int(q, 0) != by->v->person;
    TRY(stmt_end(q, e));
    return foreign ? FAIL(e, E_DENIED, "这个编辑窗口是别人的，请刷新页面再写") : OK;
}

/* x, as update `u` of the text now. */
static enum code write_change(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, const struct edit *x, struct manuscript_update u, struct err *e)
{
    struct str text = S("");
    struct buf b;
    TRY(load_text(db, a, m->id, m->seq, &text, e));
    buf_init(&b, 0);
    enum code c = edit_apply(x, text, &b, e);
    u.seq = m->seq + 1;
    u.changes = edit_json(a, x);
    if (c == OK)
        c = write_update(db, by, m, &u, buf_view(&b), e);
    if (c == OK)
        c = write_text(db, a, by, m, buf_view(&b), e);
    buf_release(&b);
    return c;
}

enum code manuscript_change(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct edit *x, struct str client, int64_t *seq, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    TRY(locked(&m, e));
    if (!is_client(client))
        return FAIL(e, E_INPUT, "送来的修改格式不对");
    TRY(write_change(db, a, by, &m, x, (struct manuscript_update){.client = client}, e));
    *seq = m.seq + 1;
    return OK;
}

static enum code push_one(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, const struct manuscript_push *p, struct err *e)
{
    struct edit x;
    TRY(edit_read(a, p->changes, &x, e));
    return write_change(
        db, a, by, m, &x, (struct manuscript_update){.client = p->client, .number = p->number}, e);
}

enum code manuscript_push(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct manuscript_push *p, struct manuscript_pushed *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_pushed r;
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    TRY(check_push(p, m.seq, e));
    r = (struct manuscript_pushed){.seq = m.seq};
    TRY(is_stored(db, by, id, p, &r.taken, e));
    if (!r.taken && p->after == m.seq) {
        TRY(locked(&m, e));
        TRY(push_one(db, a, by, &m, p, e));
        r = (struct manuscript_pushed){.taken = true, .seq = m.seq + 1};
    }
    *out = r;
    return OK;
}
