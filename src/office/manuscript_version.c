#include "office/manuscript_version.h"

#include <stdio.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_file.h"
#include "office/manuscript_int.h"
#include "office/redline.h"

#define COLUMNS                                                                          \
    "v.id, v.manuscript, v.number, v.seq, v.name, v.digest, v.chars, v.made, v.made_by," \
    " coalesce(p.name, ''), v.files, v.paper"
#define FROM " FROM manuscript_version v LEFT JOIN person p ON p.id = v.made_by"

static struct manuscript_version row(struct stmt *q, struct arena *a)
{
    struct manuscript_version v = {.id = stmt_int(q, 0),
        .manuscript = stmt_int(q, 1),
        .number = stmt_int(q, 2),
        .seq = stmt_int(q, 3),
        .name = arena_str(a, stmt_str(q, 4)),
        .chars = stmt_int(q, 6),
        .made_ms = stmt_int(q, 7),
        .made_by = stmt_int(q, 8),
        .made_name = arena_str(a, stmt_str(q, 9)),
        .files = arena_str(a, stmt_str(q, 10)),
        .paper = arena_str(a, stmt_str(q, 11))};
    (void)snprintf(v.digest, sizeof(v.digest), "%.*s", SF(stmt_str(q, 5)));
    return v;
}

static enum code rows(struct db *db, struct arena *a, int64_t id, size_t limit,
    struct manuscript_version **out, size_t *n, struct err *e)
{
    struct manuscript_version *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(
        db, "SELECT " COLUMNS FROM " WHERE v.manuscript = ?1 ORDER BY v.number DESC LIMIT ?2");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, (int64_t)limit);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code manuscript_versions(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_version **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    return rows(db, a, id, VERSIONS_MAX, out, n, e);
}

struct digest manuscript_digest(struct str text, struct str files)
{
    struct sm3 *s = sm3_new();
    struct digest out;
    sm3_add(s, text.p, text.n);
    if (files.n) {
        sm3_add(s, "", 1);
        sm3_add(s, files.p, files.n);
    }
    sm3_end(s, &out);
    return out;
}

enum code manuscript_version_get(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, struct manuscript_version *out, struct str *text, struct err *e)
{
    struct manuscript_version v = {.id = 0};
    struct manuscript m = {.id = 0};
    struct str body = S("");
    char hex[SM3_HEX + 1];
    struct stmt *q = db_sql(db, "SELECT " COLUMNS ", v.body" FROM " WHERE v.id = ?1");
    stmt_bind_int(q, 1, version);
    if (stmt_step(q)) {
        v = row(q, a);
        body = arena_str(a, stmt_str(q, 12));
    }
    TRY(stmt_end(q, e));
    if (!v.id)
        return FAIL(e, E_NOTFOUND, "没有这一稿");
    TRY(manuscript_get(db, a, by, v.manuscript, &m, e));
    struct digest d = manuscript_digest(body, v.files);
    if (!str_eq(digest_hex(&d, hex), str_z(v.digest)))
        return FAIL(
            e, E_BUG, "“%.*s”的“%.*s”与存下的摘要不符，请联系系统管理员", SF(m.title), SF(v.name));
    *out = v;
    if (text)
        *text = body;
    return OK;
}

static enum code insert(
    struct db *db, const struct manuscript_version *v, struct str body, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_version(id, manuscript, number, seq, name, digest, chars, body,"
        " made, made_by, files) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    stmt_bind_int(q, 1, v->id);
    stmt_bind_int(q, 2, v->manuscript);
    stmt_bind_int(q, 3, v->number);
    stmt_bind_int(q, 4, v->seq);
    stmt_bind_str(q, 5, v->name);
    stmt_bind_str(q, 6, str_z(v->digest));
    stmt_bind_int(q, 7, v->chars);
    stmt_bind_str(q, 8, body);
    stmt_bind_int(q, 9, v->made_ms);
    stmt_bind_int(q, 10, v->made_by);
    stmt_bind_str(q, 11, v->files);
    return stmt_run(q, NULL, e);
}

enum code manuscript_freeze_text(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t seq, struct str name, struct str text, int64_t *version, struct err *e)
{
    struct manuscript_version v, *last;
    size_t n;
    name = str_trim(name);
    TRY(rows(db, a, id, 1, &last, &n, e));
    v = (struct manuscript_version){.id = id_next(),
        .manuscript = id,
        .number = n ? last->number + 1 : 1,
        .seq = seq,
        .chars = manuscript_chars(text),
        .made_ms = by->now_ms,
        .made_by = by->v->person};
    v.name = name.n ? name : arena_printf(a, "第%lld稿", (long long)v.number);
    if (utf8_check(v.name) != SIZE_MAX || utf8_len_cp(v.name) > VERSION_NAME_CP_MAX ||
        str_has(v.name, S("\n")))
        return FAIL(e, E_INPUT, "一稿的名称最多%d个字", VERSION_NAME_CP_MAX);
    if (v.number > VERSIONS_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多存%d稿", VERSIONS_MAX);
    TRY(manuscript_files_named(db, a, id, text, &v.files, e));
    struct digest d = manuscript_digest(text, v.files);
    (void)digest_hex(&d, v.digest);
    if (n && str_eq(str_z(last->digest), str_z(v.digest)) &&
        (!name.n || str_eq(last->name, name))) {
        *version = last->id;
        return OK;
    }
    TRY(insert(db, &v, text, e));
    TRY(audit_simple(db, by->v->person, "manuscript.freeze", "manuscript", id,
        arena_printf(a, "{\"version\":\"%lld\",\"sm3\":\"%s\"}", (long long)v.id, v.digest), e));
    *version = v.id;
    return OK;
}

enum code manuscript_version_paper(struct db *db, int64_t version, struct str list, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE manuscript_version SET paper = ?2 WHERE id = ?1 AND paper = ''");
    stmt_bind_int(q, 1, version);
    stmt_bind_str(q, 2, list);
    return stmt_run(q, NULL, e);
}

enum code manuscript_freeze(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct str name, int64_t *version, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct str text;
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, &m, e));
    TRY(manuscript_stands(&m, e));
    TRY(manuscript_text(db, a, by, id, -1, &text, NULL, e));
    return manuscript_freeze_text(db, a, by, id, m.seq, name, text, version, e);
}

enum code manuscript_restore(struct db *db, struct arena *a, const struct actor *by,
    int64_t version, int64_t *seq, struct err *e)
{
    struct manuscript_version v = {.id = 0};
    struct manuscript_saved s;
    struct manuscript m = {.id = 0};
    struct str text = S("");
    TRY(manuscript_version_get(db, a, by, version, &v, &text, e));
    TRY(manuscript_need(db, a, by, v.manuscript, MANUSCRIPT_WRITE, &m, e));
    TRY(manuscript_save(db, a, by, v.manuscript, m.seq, text, &s, e));
    TRY(manuscript_files_restore(db, a, by, v.manuscript, v.files, e));
    TRY(audit_simple(db, by->v->person, "manuscript.restore", "manuscript", v.manuscript,
        arena_printf(a, "{\"version\":\"%lld\"}", (long long)version), e));
    *seq = s.seq;
    return OK;
}

/* ---- two of them ---- */

enum code manuscript_two(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t one, int64_t other, struct manuscript_two *out, struct err *e)
{
    struct manuscript_two t = {.older = {.version = 0}};
    struct manuscript_version v = {.id = 0};
    if (one == other)
        return FAIL(e, E_INPUT, "请选两稿来对照");
    TRY(manuscript_get(db, a, by, id, &t.m, e));
    if (one == 0 || (other && other < one)) { /* ids rise with time */
        int64_t x = one;
        one = other;
        other = x;
    }
    TRY(manuscript_version_get(db, a, by, one, &v, &t.older.text, e));
    if (v.manuscript != id)
        return FAIL(e, E_NOTFOUND, "这一稿是另一份文稿的");
    t.older.version = one, t.older.name = v.name, t.older.at_ms = v.made_ms;
    if (other) {
        TRY(manuscript_version_get(db, a, by, other, &v, &t.newer.text, e));
        if (v.manuscript != id)
            return FAIL(e, E_NOTFOUND, "这一稿是另一份文稿的");
        t.newer.version = other, t.newer.name = v.name, t.newer.at_ms = v.made_ms;
    } else {
        TRY(manuscript_text(db, a, by, id, -1, &t.newer.text, NULL, e));
        t.newer.name = S("现在的文字"), t.newer.at_ms = t.m.changed_ms;
    }
    *out = t;
    return OK;
}

/* Each line is a paragraph. */
static struct doc *doc_of(struct arena *a, struct str text)
{
    struct doc *d = ARENA_NEW(a, struct doc);
    struct str line;
    size_t cap = 0;
    d->format = FORMAT_TXT;
    while (str_next(&text, S("\n"), &line))
        ARENA_PUSH(a, d->blocks, d->n, cap) = (struct block){.kind = BLOCK_PARA, .text = line};
    return d;
}

enum code manuscript_redline(
    struct arena *a, const struct manuscript_two *t, struct str *docx, struct err *e)
{
    struct redline r = {0};
    struct diff d;
    TRY(redline_find(a,
        &(struct redline_sides){
            doc_of(a, t->older.text), doc_of(a, t->newer.text), t->older.name, t->newer.name},
        &d, &r, e));
    return redline_docx(a, &r, docx, e);
}
