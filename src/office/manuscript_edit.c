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

int64_t manuscript_chars(struct str text)
{
    struct str line;
    int64_t n = 0;
    while (str_next(&text, S("\n"), &line))
        n += (int64_t)utf8_len_cp(str_trim(line));
    return n;
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

static enum code load_text(
    struct db *db, struct arena *a, int64_t id, int64_t seq, struct str *text, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT body FROM manuscript_text WHERE manuscript = ?1 AND seq = ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, seq);
    bool there = stmt_step(q);
    if (there)
        *text = arena_str(a, stmt_str(q, 0));
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "文稿没有第%lld稿的文字", (long long)seq);
}

enum code manuscript_text(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t seq, struct str *text, int64_t *at, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    if (seq < 0)
        seq = m.seq;
    TRY(load_text(db, a, id, seq, text, e));
    if (at)
        *at = seq;
    return OK;
}

/* ---- writing ---- */

static enum code write_update(struct db *db, const struct actor *by, int64_t id, int64_t seq,
    struct str changes, struct err *e)
{
    struct stmt *q = db_sql(db, "INSERT INTO manuscript_update(manuscript, seq, client, number,"
                                " changes, at, by_person) VALUES(?1, ?2, '', 0, ?3, ?4, ?5)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, seq);
    stmt_bind_str(q, 3, changes);
    stmt_bind_int(q, 4, by->now_ms);
    stmt_bind_int(q, 5, by->v->person);
    return stmt_run(q, NULL, e);
}

static enum code write_text(struct db *db, struct arena *a, const struct actor *by,
    const struct manuscript *m, struct str was, struct str text, struct err *e)
{
    struct buf b;
    TRY(manuscript_check_text(text, e));
    TRY(manuscript_check_secret(m->title, text, e));
    TRY(manuscript_written(db, by, m->id, m->seq, m->seq + 1, manuscript_chars(text), e));
    buf_init(&b, 0);
    enum code c = edit_between(a, was, text, &b, e);
    if (c == OK)
        c = write_update(db, by, m->id, m->seq + 1, buf_view(&b), e);
    buf_release(&b);
    return c == OK ? keep_text(db, m->id, m->seq + 1, text, e) : c;
}

enum code manuscript_save(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t base, struct str text, struct manuscript_saved *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct str was = S(""), now = S("");
    struct threeway w = {.text = text};
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    if (m.locked_ms)
        return FAIL(e, E_DENIED, "这份文稿已由%.*s锁定（%.*s），解锁以后才能修改",
            SF(m.locked_name), SF(m.lock_why));
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
        TRY(write_text(db, a, by, &m, now, w.text, e));
        s.seq++;
    }
    *out = s;
    return OK;
}
