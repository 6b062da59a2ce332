#include "office/document.h"

#include "base/clock.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/change.h"
#include "office/citation.h"
#include "office/issuer.h"
#include "office/key.h"
#include "office/meanwhile.h"
#include "text/authority.h"

enum { TITLE_CP = 300, DOCNO_CP = 60, NAME_CP = 100, ADDRESSEE_CP = 500, DOCNO_MATCHES = 5000 };

static const char *const status_names[N_STATUS] = {"未标注", "现行", "已修订", "已废止"};
static const char *const level_names[N_LEVEL] = {"公开", "内部", "工作秘密"};
static const char *const origin_names[N_ORIGIN] = {"导入", "上传", "文件夹", "邮箱", "订阅源"};

static bool name_of(const char *const *names, int n, struct str name, int *out)
{
    for (int i = 0; i < n; i++) {
        if (str_eq(str_z(names[i]), name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *doc_status_name(enum doc_status s)
{
    return status_names[s];
}

bool doc_status_of(struct str name, enum doc_status *out)
{
    int i;

    if (str_eq(name, S("修订")))
        name = S("已修订");
    if (str_eq(name, S("废止")))
        name = S("已废止");
    if (!name_of(status_names, N_STATUS, name, &i))
        return false;
    *out = (enum doc_status)i;
    return true;
}

const char *doc_level_name(enum doc_level l)
{
    return level_names[l];
}

bool doc_level_of(struct str name, enum doc_level *out)
{
    int i;

    if (!name_of(level_names, N_LEVEL, name, &i))
        return false;
    *out = (enum doc_level)i;
    return true;
}

const char *doc_origin_name(enum doc_origin o)
{
    return origin_names[o];
}

/* ---- reading ---- */

#define COLUMNS                                                                               \
    "d.id, d.title, d.docno, d.issuer, coalesce(i.name, ''), d.day, d.genre, d.addressee, "   \
    "d.level,"                                                                                \
    " d.status, d.superseded_by, d.category, coalesce(c.name, ''), d.authority, d.unproofed," \
    " d.format, d.blob, d.file_name, d.source, d.size, d.chars, d.text_version, d.origin, "   \
    "d.parent,"                                                                               \
    " d.registrar, d.registered, d.revision"
#define FROM                                                 \
    " FROM document d LEFT JOIN issuer i ON i.id = d.issuer" \
    " LEFT JOIN category c ON c.id = d.category"

static void take_row(struct stmt *q, struct arena *a, struct document *d)
{
    *d = (struct document){.id = stmt_int(q, 0),
        .title = arena_str(a, stmt_str(q, 1)),
        .docno = arena_str(a, stmt_str(q, 2)),
        .issuer = stmt_int(q, 3),
        .issuer_name = arena_str(a, stmt_str(q, 4)),
        .day = arena_str(a, stmt_str(q, 5)),
        .genre = (int)stmt_int(q, 6),
        .addressee = arena_str(a, stmt_str(q, 7)),
        .level = (enum doc_level)stmt_int(q, 8),
        .status = (enum doc_status)stmt_int(q, 9),
        .superseded_by = stmt_int(q, 10),
        .category = stmt_int(q, 11),
        .category_name = arena_str(a, stmt_str(q, 12)),
        .authority = (int)stmt_int(q, 13),
        .unproofed = stmt_int(q, 14) == 1,
        .format = arena_str(a, stmt_str(q, 15)),
        .blob = arena_str(a, stmt_str(q, 16)),
        .file_name = arena_str(a, stmt_str(q, 17)),
        .source = arena_str(a, stmt_str(q, 18)),
        .size = stmt_int(q, 19),
        .chars = stmt_int(q, 20),
        .text_version = (int)stmt_int(q, 21),
        .origin = (enum doc_origin)stmt_int(q, 22),
        .parent = stmt_int(q, 23),
        .registrar = stmt_int(q, 24),
        .registered_ms = stmt_int(q, 25),
        .revision = stmt_int(q, 26)};
}

enum code document_get(
    struct db *db, struct arena *a, int64_t id, struct document *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE d.id = ?1 AND d.deleted = 0");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        take_row(q, a, out);
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "资料不存在，可能已被删除");
}

/* One statement for up to DOCUMENT_MANY ids: unused places are bound to 0, which no document has. */
#define TEN(a, b, c, d, e, f, g, h, i, j) \
    "?" #a ",?" #b ",?" #c ",?" #d ",?" #e ",?" #f ",?" #g ",?" #h ",?" #i ",?" #j
#define HUNDRED                                                                                 \
    TEN(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)                                                          \
    "," TEN(11, 12, 13, 14, 15, 16, 17, 18, 19, 20) "," TEN(21, 22, 23, 24, 25, 26, 27, 28, 29, \
        30) "," TEN(31, 32, 33, 34, 35, 36, 37, 38, 39, 40) "," TEN(41, 42, 43, 44, 45, 46, 47, \
        48, 49, 50) "," TEN(51, 52, 53, 54, 55, 56, 57, 58, 59, 60) "," TEN(61, 62, 63, 64, 65, \
        66, 67, 68, 69, 70) "," TEN(71, 72, 73, 74, 75, 76, 77, 78, 79, 80) "," TEN(81, 82, 83, \
        84, 85, 86, 87, 88, 89, 90) "," TEN(91, 92, 93, 94, 95, 96, 97, 98, 99, 100)

enum code document_get_many(struct db *db, struct arena *a, const int64_t *ids, size_t n,
    struct document **out, size_t *n_out, struct err *e)
{
    struct stmt *q;
    struct document *rows = ARENA_ARRAY(a, struct document, n);
    struct document *v = ARENA_ARRAY(a, struct document, n);
    size_t got = 0;
    size_t k = 0;

    CHECK_BUG(e, n <= DOCUMENT_MANY);
    q = db_sql(db, "SELECT " COLUMNS FROM " WHERE d.id IN (" HUNDRED ") AND d.deleted = 0");
    for (size_t i = 0; i < DOCUMENT_MANY; i++)
        stmt_bind_int(q, (int)i + 1, i < n ? ids[i] : 0);
    while (stmt_step(q) && got < n)
        take_row(q, a, &rows[got++]);
    TRY(stmt_end(q, e));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < got; j++) {
            if (rows[j].id == ids[i]) {
                v[k++] = rows[j];
                break;
            }
        }
    }
    *out = v;
    *n_out = k;
    return OK;
}

enum code document_fields(struct db *db, struct arena *a, int64_t id, struct document_field **out,
    size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT field, value, begin_cp, end_cp, confidence, origin"
                                " FROM doc_field WHERE document = ?1 ORDER BY position");
    struct document_field *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    stmt_bind_int(q, 1, id);
    while (stmt_step(q)) {
        ARENA_PUSH(a, v, k, cap) = (struct document_field){.field = arena_str(a, stmt_str(q, 0)),
            .value = arena_str(a, stmt_str(q, 1)),
            .begin_cp = stmt_int(q, 2),
            .end_cp = stmt_int(q, 3),
            .confidence = (int)stmt_int(q, 4),
            .from = arena_str(a, stmt_str(q, 5))};
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code document_text(struct db *db, struct arena *a, int64_t id, struct str *text, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT t.text FROM document d JOIN doc_text t"
                   " ON t.document = d.id AND t.version = d.text_version WHERE d.id = ?1");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        *text = arena_str(a, stmt_str(q, 0));
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "资料没有文字");
}

enum code document_structure(
    struct db *db, struct arena *a, int64_t id, struct str *encoded, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT t.structure FROM document d JOIN doc_text t"
                   " ON t.document = d.id AND t.version = d.text_version WHERE d.id = ?1");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        *encoded = arena_str(a, stmt_blob(q, 0));
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "资料没有文字");
}

enum code document_by_blob(struct db *db, struct str digest, int64_t *id, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM document WHERE blob = ?1 AND deleted = 0");

    *id = 0;
    stmt_bind_str(q, 1, digest);
    if (stmt_step(q))
        *id = stmt_int(q, 0);
    return stmt_end(q, e);
}

enum code document_by_docno(
    struct db *db, struct arena *a, struct str part, int64_t **ids, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM document WHERE docno_key LIKE ?1 ESCAPE '\\'"
                                " AND deleted = 0 ORDER BY id LIMIT ?2");
    int64_t *v = ARENA_NEW(a, int64_t);
    size_t k = 0;
    size_t cap = 1;

    stmt_bind_str(q, 1, key_like_docno(a, part));
    stmt_bind_int(q, 2, DOCNO_MATCHES);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    *ids = v;
    *n = k;
    return OK;
}

/* ---- checking what a person or a text gave ---- */

static enum code check_len(struct str s, size_t max_cp, const char *what, struct err *e)
{
    if (s.n > max_cp * 4 || utf8_len_cp(s) > max_cp)
        return FAIL(e, E_LIMIT, "%s超过%zu个字", what, max_cp);
    if (utf8_check(s) != SIZE_MAX || str_has(s, S("\n")))
        return FAIL(e, E_INPUT, "%s含有不能用的字符", what);
    return OK;
}

static enum code check_day(struct str day, struct err *e)
{
    struct day d;

    if (day.n == 0)
        return OK;
    if (!day_from_iso(day, &d))
        return FAIL(e, E_INPUT, "成文日期“%.*s”不是存在的日期，应写作2026-07-13", SF(day));
    return OK;
}

static enum code check_values(const struct document *d, struct err *e)
{
    if (str_trim(d->title).n == 0)
        return FAIL(e, E_INPUT, "标题不能为空");
    TRY(check_len(d->title, TITLE_CP, "标题", e));
    TRY(check_len(d->docno, DOCNO_CP, "发文字号", e));
    TRY(check_len(d->issuer_name, NAME_CP, "发文机关", e));
    TRY(check_len(d->addressee, ADDRESSEE_CP, "主送机关", e));
    if (d->genre < 0 || d->genre > 63)
        return FAIL(e, E_INPUT, "没有编号为%d的文种", d->genre);
    if (d->level < 0 || d->level >= N_LEVEL || d->status < 0 || d->status >= N_STATUS)
        return FAIL(e, E_INPUT, "级别或者效力状态不在可选的范围内");
    return check_day(d->day, e);
}

/* ---- writing ---- */

static enum code insert_row(struct db *db, const struct document *d, int64_t issuer, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO document (id, title, title_key, printed_key, docno, docno_key, issuer, day, "
        "genre, "
        "addressee,"
        " level, status, superseded_by, category, authority, unproofed, format, blob, file_name,"
        " source, size, chars, text_version, origin, parent, registrar, registered, revision,"
        " changed_by, changed, deleted)"
        " VALUES (?1, ?2, ?3, ?26, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
        "?18,"
        " ?19, ?20, ?21, 1, ?22, ?23, ?24, ?25, 1, ?24, ?25, 0)");
    struct arena a;
    enum code c;

    arena_init(&a);
    stmt_bind_int(q, 1, d->id);
    stmt_bind_str(q, 2, d->title);
    stmt_bind_str(q, 3, key_of_title(&a, d->title));
    stmt_bind_str(q, 4, d->docno);
    stmt_bind_str(q, 5, key_of_docno(&a, d->docno));
    stmt_bind_int(q, 6, issuer);
    stmt_bind_str(q, 7, d->day);
    stmt_bind_int(q, 8, d->genre);
    stmt_bind_str(q, 9, d->addressee);
    stmt_bind_int(q, 10, d->level);
    stmt_bind_int(q, 11, d->status);
    stmt_bind_int(q, 12, d->superseded_by);
    stmt_bind_int(q, 13, d->category);
    stmt_bind_int(q, 14, d->authority);
    stmt_bind_int(q, 15, d->unproofed);
    stmt_bind_str(q, 16, d->format);
    stmt_bind_str(q, 17, d->blob);
    stmt_bind_str(q, 18, d->file_name);
    stmt_bind_str(q, 19, d->source);
    stmt_bind_int(q, 20, d->size);
    stmt_bind_int(q, 21, d->chars);
    stmt_bind_int(q, 22, d->origin);
    stmt_bind_int(q, 23, d->parent);
    stmt_bind_int(q, 24, d->registrar);
    stmt_bind_int(q, 25, d->registered_ms);
    stmt_bind_str(q, 26, key_of_title(&a, key_printed(d->title)));
    c = stmt_run(q, NULL, e);
    arena_release(&a);
    return c;
}

static enum code insert_text(struct db *db, const struct document_new *n, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO doc_text (document, version, text, digest, structure, made)"
                   " VALUES (?1, 1, ?2, ?3, ?4, ?5)");
    struct digest d = sm3(n->text);
    char digest[SM3_HEX + 1];

    stmt_bind_int(q, 1, n->d.id);
    stmt_bind_str(q, 2, n->text);
    stmt_bind_str(q, 3, digest_hex(&d, digest));
    stmt_bind_blob(q, 4, n->structure);
    stmt_bind_int(q, 5, n->d.registered_ms);
    return stmt_run(q, NULL, e);
}

static enum code insert_field(
    struct db *db, int64_t doc, int64_t position, const struct document_field *f, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO doc_field (document, position, field, value, begin_cp,"
                   " end_cp, confidence, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    stmt_bind_int(q, 1, doc);
    stmt_bind_int(q, 2, position);
    stmt_bind_str(q, 3, f->field);
    stmt_bind_str(q, 4, f->value);
    stmt_bind_int(q, 5, f->begin_cp);
    stmt_bind_int(q, 6, f->end_cp);
    stmt_bind_int(q, 7, f->confidence);
    stmt_bind_str(q, 8, f->from);
    return stmt_run(q, NULL, e);
}

static enum code insert_signature(struct db *db, const struct document_new *n, struct err *e)
{
    struct stmt *q;

    if (n->near_signature.n == 0)
        return OK;
    q = db_sql(db, "INSERT INTO doc_signature (document, signature) VALUES (?1, ?2)");
    stmt_bind_int(q, 1, n->d.id);
    stmt_bind_blob(q, 2, n->near_signature);
    return stmt_run(q, NULL, e);
}

enum code document_insert(struct db *db, const struct document_new *n, struct err *e)
{
    int64_t issuer = 0;

    TRY(check_values(&n->d, e));
    TRY(issuer_take(db, n->d.issuer_name, n->d.authority, &issuer, e));
    TRY(insert_row(db, &n->d, issuer, e));
    TRY(insert_text(db, n, e));
    for (size_t i = 0; i < n->n_fields; i++)
        TRY(insert_field(db, n->d.id, (int64_t)i, &n->fields[i], e));
    TRY(insert_signature(db, n, e));
    TRY(citation_adopt(db, n->d.id, n->d.title, n->d.docno, e));
    return change_note(db, CHANGE_PUT, n->d.id, e);
}

struct document_edit document_edit_of(const struct document *d)
{
    return (struct document_edit){.id = d->id,
        .revision = d->revision,
        .title = d->title,
        .docno = d->docno,
        .issuer_name = d->issuer_name,
        .day = d->day,
        .addressee = d->addressee,
        .genre = d->genre,
        .level = d->level,
        .status = d->status,
        .superseded_by = d->superseded_by,
        .category = d->category};
}

static enum code changed_by_another(struct db *db, int64_t id, struct err *e)
{
    struct stmt *q =
        db_sql(db, "SELECT d.changed, coalesce(p.name, '系统') FROM document d"
                   " LEFT JOIN person p ON p.id = d.changed_by WHERE d.id = ?1 AND d.deleted = 0");
    stmt_bind_int(q, 1, id);
    return changed_meanwhile(q, "资料", "这件资料", e);
}

static enum code has_title(struct db *db, int64_t id, struct str title, bool *same, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT title FROM document WHERE id = ?1");

    stmt_bind_int(q, 1, id);
    *same = stmt_step(q) && str_eq(stmt_str(q, 0), title);
    return stmt_end(q, e);
}

enum code document_update(struct db *db, const struct document_edit *ed, int64_t by, struct err *e)
{
    struct document d = {.title = ed->title,
        .docno = ed->docno,
        .issuer_name = ed->issuer_name,
        .day = ed->day,
        .addressee = ed->addressee,
        .genre = ed->genre,
        .level = ed->level,
        .status = ed->status};
    struct arena a;
    struct stmt *q;
    int64_t issuer = 0;
    int64_t changed = 0;
    int authority = authority_of(ed->issuer_name);
    bool same_title;
    enum code c;

    TRY(check_values(&d, e));
    if (ed->superseded_by == ed->id)
        return FAIL(e, E_INPUT, "资料不能被它自己替代");
    TRY(issuer_take(db, ed->issuer_name, authority, &issuer, e));
    TRY(has_title(db, ed->id, ed->title, &same_title, e));
    arena_init(&a);
    q = db_sql(db, "UPDATE document SET title = ?3, title_key = ?4, printed_key = ?19, docno = ?5, "
                   "docno_key = ?6,"
                   " issuer = ?7, day = ?8, genre = ?9, addressee = ?10, level = ?11, status = ?12,"
                   " superseded_by = ?13, category = ?14, authority = ?15,"
                   " unproofed = CASE WHEN ?16 = 1 THEN 0 ELSE unproofed END,"
                   " revision = revision + 1, changed_by = ?17, changed = ?18"
                   " WHERE id = ?1 AND revision = ?2 AND deleted = 0");
    stmt_bind_int(q, 1, ed->id);
    stmt_bind_int(q, 2, ed->revision);
    stmt_bind_str(q, 3, ed->title);
    stmt_bind_str(q, 4, key_of_title(&a, ed->title));
    stmt_bind_str(q, 5, ed->docno);
    stmt_bind_str(q, 6, key_of_docno(&a, ed->docno));
    stmt_bind_int(q, 7, issuer);
    stmt_bind_str(q, 8, ed->day);
    stmt_bind_int(q, 9, ed->genre);
    stmt_bind_str(q, 10, ed->addressee);
    stmt_bind_int(q, 11, ed->level);
    stmt_bind_int(q, 12, ed->status);
    stmt_bind_int(q, 13, ed->superseded_by);
    stmt_bind_int(q, 14, ed->category);
    stmt_bind_int(q, 15, authority);
    stmt_bind_int(q, 16, ed->proofed);
    stmt_bind_int(q, 17, by);
    stmt_bind_int(q, 18, clock_now_ms());
    stmt_bind_str(q, 19, key_of_title(&a, key_printed(ed->title)));
    c = stmt_run(q, &changed, e);
    arena_release(&a);
    TRY(c);
    if (changed == 0)
        return changed_by_another(db, ed->id, e);
    TRY(citation_adopt(db, ed->id, ed->title, ed->docno, e));
    TRY(audit_simple(db, by, "document.edit", "document", ed->id, S(""), e));
    /* The title is part of what is searched: with a new one the text is put again. */
    return change_note(db, same_title ? CHANGE_ATTR : CHANGE_PUT, ed->id, e);
}

enum code document_delete(struct db *db, int64_t id, int64_t revision, int64_t by, struct err *e)
{
    struct stmt *q = db_sql(db,
        "UPDATE document SET deleted = 1, revision = revision + 1,"
        " changed_by = ?3, changed = ?4 WHERE id = ?1 AND revision = ?2 AND deleted = 0");
    int64_t changed = 0;

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, revision);
    stmt_bind_int(q, 3, by);
    stmt_bind_int(q, 4, clock_now_ms());
    TRY(stmt_run(q, &changed, e));
    if (changed == 0)
        return changed_by_another(db, id, e);
    q = db_sql(db, "UPDATE citation SET target = 0 WHERE target = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    TRY(document_near_forget(db, id, e));
    TRY(audit_simple(db, by, "document.delete", "document", id, S(""), e));
    return change_note(db, CHANGE_REMOVE, id, e);
}

struct corpus_attr document_attr(const struct document *d)
{
    struct corpus_attr at = {.day = INT32_MIN,
        .authority = (uint8_t)d->authority,
        .status = (uint8_t)d->status,
        .kind = (uint8_t)d->genre,
        .level = (uint8_t)d->level,
        .flags = d->unproofed ? CORPUS_UNPROOFED : 0,
        .issuer = (uint32_t)d->issuer,
        .category = (uint32_t)d->category};
    struct day day;

    if (day_from_iso(d->day, &day)) {
        at.day = day_num(day);
        at.year = (int16_t)day.y;
    }
    return at;
}
