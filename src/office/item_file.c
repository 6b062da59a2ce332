#include "office/item_file.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/describe.h"
#include "office/item_int.h"

enum { NEST_MAX = 4 };

/* ---- judging: outside the write ---- */

struct judging {
    struct office *o;
    struct arena *a;
    const char *secret; /* the mark that was found */
    bool readable;
};

/* NOLINTBEGIN(misc-no-recursion): a container holds files; NEST_MAX ends it */
static void judge_doc(struct judging *j, const struct doc *d, struct str name, int depth);

static void judge_part(struct judging *j, const struct part *p, int depth)
{
    struct doc d = {0};
    struct err none;
    if (reader_read_bytes(j->o->readers, j->a, p->bytes, p->name, &d, &none) == OK)
        judge_doc(j, &d, p->name, depth);
    else
        j->readable = false;
}

static void judge_doc(struct judging *j, const struct doc *d, struct str name, int depth)
{
    struct buf text;
    buf_init(&text, 0);
    doc_text(d, &text);
    j->secret = describe_secret(d, buf_view(&text), name);
    j->readable = j->readable && !d->image_only && (text.n || d->n_parts);
    buf_release(&text);
    if (depth >= NEST_MAX)
        j->readable = j->readable && d->n_parts == 0;
    for (size_t i = 0; depth < NEST_MAX && !j->secret && i < d->n_parts; i++)
        judge_part(j, &d->parts[i], depth + 1);
}
/* NOLINTEND(misc-no-recursion) */

/* Nothing of what bears a mark is kept: not its bytes, not its name. */
static enum code judge(struct judging *j, const struct doc *d, struct str name, struct err *e)
{
    static const struct doc nothing;
    j->readable = d != NULL;
    if (d)
        judge_doc(j, d, name, 0);
    else
        j->secret = describe_secret(&nothing, S(""), name);
    if (!j->secret)
        return OK;
    return FAIL(e, E_SECRET,
        "附件标有密级“%s”，本系统严禁存储、处理国家秘密，请走涉密渠道；文件没有保存", j->secret);
}

/* The last part of the path a browser may send. */
static enum code check_name(struct arena *a, struct str name, struct str *out, struct err *e)
{
    for (size_t i = name.n; i-- > 0;)
        if (name.p[i] == '/' || name.p[i] == '\\') {
            name = str_sub(name, i + 1, name.n);
            break;
        }
    name = str_trim(name);
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ')
            return FAIL(e, E_INPUT, "附件的文件名里有控制字符，请改名后再传");
    if (!name.n || utf8_check(name) != SIZE_MAX)
        return FAIL(e, E_INPUT, "附件没有文件名，或文件名不是有效的文字，请改名后再传");
    if (utf8_len_cp(name) > ITEM_FILE_NAME_CP_MAX)
        return FAIL(e, E_LIMIT, "附件的文件名超过%d个字，请改短后再传", ITEM_FILE_NAME_CP_MAX);
    *out = arena_str(a, name);
    return OK;
}

static enum code check_size(const struct item_upload *f, struct err *e)
{
    if (f->blob.size == 0)
        return FAIL(e, E_INPUT, "附件“%.*s”是空文件，请核对后再传", SF(f->name));
    if (f->blob.size > ITEM_FILE_BYTES_MAX)
        return FAIL(e, E_LIMIT, "附件“%.*s”超过%lld MB，请压缩或拆分后再传", SF(f->name),
            (long long)(ITEM_FILE_BYTES_MAX >> 20));
    return OK;
}

enum code item_file_judge_doc(struct office *o, struct arena *a, int fd, struct str name,
    struct item_upload *out, struct doc *doc, bool *read, struct err *e)
{
    struct item_upload f = {.name = S("")};
    struct judging j = {.o = o, .a = a};
    struct doc d = {0};
    struct err none;
    TRY(check_name(a, name, &f.name, e));
    TRY(blob_hash_fd(fd, &f.blob, e));
    TRY(check_size(&f, e));
    bool there = reader_read(o->readers, a, fd, f.name, &d, &none) == OK;
    TRY(judge(&j, there ? &d : NULL, f.name, e));
    f.readable = j.readable;
    *out = f;
    *doc = d;
    *read = there;
    return OK;
}

enum code item_file_judge(struct office *o, struct arena *a, int fd, struct str name,
    struct item_upload *out, struct err *e)
{
    struct doc d;
    bool read;
    return item_file_judge_doc(o, a, fd, name, out, &d, &read, e);
}

enum code item_file_judge_bytes(struct office *o, struct arena *a, struct str bytes,
    struct str name, struct item_upload *out, struct err *e)
{
    struct item_upload f = {.name = S("")};
    struct judging j = {.o = o, .a = a};
    struct doc d = {0};
    struct err none;
    TRY(check_name(a, name, &f.name, e));
    TRY(blob_hash_bytes(bytes, &f.blob, e));
    TRY(check_size(&f, e));
    bool read = reader_read_bytes(o->readers, a, bytes, f.name, &d, &none) == OK;
    TRY(judge(&j, read ? &d : NULL, f.name, e));
    f.readable = j.readable;
    *out = f;
    return OK;
}

/* ---- rows ---- */

#define COLUMNS                                                                               \
    "f.id, f.item, f.size, f.at, f.by_person, f.name, f.blob, coalesce(p.name, ''), f.field," \
    " f.readable, f.removed, f.removed_by, f.why"
#define FROM " FROM item_file f LEFT JOIN person p ON p.id = f.by_person"

static struct item_file row_file(struct stmt *q, struct arena *a)
{
    return (struct item_file){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .size = stmt_int(q, 2),
        .at_ms = stmt_int(q, 3),
        .by = stmt_int(q, 4),
        .name = arena_str(a, stmt_str(q, 5)),
        .blob = arena_str(a, stmt_str(q, 6)),
        .by_name = arena_str(a, stmt_str(q, 7)),
        .field = arena_str(a, stmt_str(q, 8)),
        .readable = stmt_int(q, 9) == 1,
        .removed_ms = stmt_int(q, 10),
        .removed_by = stmt_int(q, 11),
        .removed_why = arena_str(a, stmt_str(q, 12))};
}

static enum code file_row(
    struct db *db, struct arena *a, int64_t id, struct item_file *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE f.id = ?1");
    stmt_bind_int(q, 1, id);
    bool there = stmt_step(q);
    if (there)
        *out = row_file(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这个附件，或您无权查看");
}

enum code item_file_put(
    struct db *db, const struct actor *by, const struct item_upload *f, int64_t *id, struct err *e)
{
    int64_t fresh = id_next();
    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(blob_put(db, &f->blob, NULL, e));
    struct stmt *q = db_sql(db,
        "INSERT INTO item_file(id, item, field, blob, name, size, at, by_person, readable, removed,"
        " removed_by, why) VALUES(?1, 0, '', ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, '')");
    stmt_bind_int(q, 1, fresh);
    stmt_bind_str(q, 2, str_z(f->blob.hex));
    stmt_bind_str(q, 3, f->name);
    stmt_bind_int(q, 4, f->blob.size);
    stmt_bind_int(q, 5, by->now_ms);
    stmt_bind_int(q, 6, by->v->person);
    stmt_bind_int(q, 7, f->readable);
    TRY(stmt_run(q, NULL, e));
    *id = fresh;
    return OK;
}

static enum code count_files(struct work *w, struct err *e)
{
    struct stmt *q = db_sql(w->db, "SELECT count(*) FROM item_file WHERE item = ?1");
    stmt_bind_int(q, 1, w->it.id);
    int64_t n = stmt_step(q) ? stmt_int(q, 0) : 0;
    TRY(stmt_end(q, e));
    return n <= ITEM_FILES_MAX
               ? OK
               : FAIL(e, E_LIMIT, "一件事项最多%d个附件，请打包后再传", ITEM_FILES_MAX);
}

enum code item_file_same(struct db *db, struct arena *a, struct str digest, size_t limit,
    int64_t **out, size_t *n, struct err *e)
{
    int64_t *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, "SELECT DISTINCT item FROM item_file WHERE blob = ?1 AND item <> 0"
                                " AND removed = 0 ORDER BY item DESC LIMIT ?2");
    stmt_bind_str(q, 1, digest);
    stmt_bind_int(q, 2, (int64_t)limit);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code file_claim(struct work *w, int64_t id, struct str field, struct err *e)
{
    int64_t n;
    struct stmt *q = db_sql(w->db, "UPDATE item_file SET item = ?2, field = ?3"
                                   " WHERE id = ?1 AND item = 0 AND by_person = ?4");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_str(q, 3, field);
    stmt_bind_int(q, 4, w->by->v->person);
    TRY(stmt_run(q, &n, e));
    if (n)
        return count_files(w, e);
    q = db_sql(w->db, "SELECT 1 FROM item_file WHERE id = ?1 AND item = ?2 AND removed = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, w->it.id);
    bool there = stmt_step(q);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_INPUT, "所选的附件不存在，请重新上传");
}

enum code file_copy(struct work *w, int64_t id, int64_t *out, struct err *e)
{
    int64_t fresh = id_next(), n;
    struct stmt *q = db_sql(w->db,
        "INSERT INTO item_file(id, item, field, blob, name, size, at, by_person, readable, removed,"
        " removed_by, why) SELECT ?2, 0, '', blob, name, size, ?3, ?4, readable, 0, 0, ''"
        " FROM item_file WHERE id = ?1 AND item = ?5 AND removed = 0");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, fresh);
    stmt_bind_int(q, 3, w->by->now_ms);
    stmt_bind_int(q, 4, w->by->v->person);
    stmt_bind_int(q, 5, w->it.id);
    TRY(stmt_run(q, &n, e));
    if (!n)
        return FAIL(e, E_INPUT, "附件已经撤下，不能带到分解的事项");
    *out = fresh;
    return OK;
}

/* ---- verbs ---- */

static enum code attach(struct verb *v, const int64_t *files, size_t n, struct err *e)
{
    struct item_file f = {0};
    if (n == 0 || n > ITEM_ATTACH_MAX)
        return FAIL(e, E_LIMIT, "一次添加1到%d个附件", ITEM_ATTACH_MAX);
    if (v->w.it.closed_ms)
        return FAIL(e, E_CONFLICT, "这件事项已经办结，不能再添加附件");
    jw_karr(&v->j, "files");
    for (size_t i = 0; i < n; i++) {
        TRY(file_claim(&v->w, files[i], S(""), e));
        TRY(file_row(v->w.db, &v->a, files[i], &f, e));
        jw_obj(&v->j);
        jw_kid(&v->j, "id", f.id);
        jw_kstr(&v->j, "name", f.name);
        jw_kint(&v->j, "size", f.size);
        jw_kstr(&v->j, "digest", f.blob);
        jw_end(&v->j);
    }
    jw_end(&v->j);
    return OK;
}

enum code item_attach(struct db *db, const struct actor *by, int64_t item, const int64_t *files,
    size_t n, struct str why, struct err *e)
{
    struct verb v;
    enum code c = verb_begin_any(&v, db, by, item, e);
    if (c == OK)
        c = verb_reason(&v, why, false, e);
    if (c == OK)
        c = attach(&v, files, n, e);
    return verb_end(&v, c, "attach", e);
}

/* Does a field name it now? */
static const struct kind_field *named_by(const struct work *w, int64_t id)
{
    int64_t ids[FIELD_MANY];
    for (size_t i = 0; i < w->k->n_fields; i++) {
        if (w->k->fields[i].type != FIELD_FILE)
            continue;
        size_t n = field_ids(w, i, ids, FIELD_MANY);
        for (size_t k = 0; k < n; k++)
            if (ids[k] == id)
                return &w->k->fields[i];
    }
    return NULL;
}

static enum code remove_file(
    struct verb *v, const struct item_file *f, struct str why, struct err *e)
{
    struct work *w = &v->w;
    const struct kind_field *named = named_by(w, f->id);
    if (f->removed_ms)
        return FAIL(e, E_CONFLICT, "附件“%.*s”已经撤下", SF(f->name));
    if (f->by != w->by->v->person && !work_right(w, ITEM_ASK, 0))
        return FAIL(e, E_DENIED, "附件“%.*s”不是您添加的，不能撤下", SF(f->name));
    if (named)
        return FAIL(e, E_CONFLICT, "“%.*s”还用着附件“%.*s”，请先在那一栏去掉", SF(named->name),
            SF(f->name));
    TRY(verb_reason(v, why, true, e));
    jw_kid(&v->j, "file", f->id);
    jw_kstr(&v->j, "name", f->name);
    struct stmt *q =
        db_sql(w->db, "UPDATE item_file SET removed = ?2, removed_by = ?3, why = ?4 WHERE id = ?1");
    stmt_bind_int(q, 1, f->id);
    stmt_bind_int(q, 2, w->by->now_ms);
    stmt_bind_int(q, 3, w->by->v->person);
    stmt_bind_str(q, 4, str_trim(why));
    return stmt_run(q, NULL, e);
}

enum code item_file_remove(
    struct db *db, const struct actor *by, int64_t id, struct str why, struct err *e)
{
    struct verb v;
    struct item_file f = {0};
    verb_init(&v);
    enum code c = file_row(db, &v.a, id, &f, e);
    if (c == OK)
        c = work_begin(&v.w, db, &v.a, by, f.item, e);
    if (c == OK)
        c = remove_file(&v, &f, why, e);
    return verb_end(&v, c, "detach", e);
}

/* ---- reading ---- */

static bool reads_file(const struct work *w, const struct item_file *f)
{
    if (!f->field.n && asks_hide_file(w, f->id))
        return false;
    size_t i = f->field.n ? kind_field_of(w->k, f->field) : SIZE_MAX;
    return i == SIZE_MAX || work_reads(w, &w->k->fields[i]);
}

enum code item_file_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    bool removed_too, struct item_file **out, size_t *n, struct err *e)
{
    struct work w;
    struct item_file *v = NULL;
    size_t k = 0, cap = 0;
    TRY(work_begin(&w, db, a, by, item, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE f.item = ?1"
                                " AND (f.removed = 0 OR ?2 = 1) ORDER BY f.id LIMIT ?3");
    stmt_bind_int(q, 1, item);
    stmt_bind_int(q, 2, removed_too);
    stmt_bind_int(q, 3, ITEM_FILES_MAX);
    while (stmt_step(q)) {
        struct item_file f = row_file(q, a);
        if (reads_file(&w, &f))
            ARENA_PUSH(a, v, k, cap) = f;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code file_of_field(
    struct work *w, size_t field, struct item_file **out, size_t *n, struct err *e)
{
    int64_t ids[FIELD_MANY];
    size_t k = field_ids(w, field, ids, FIELD_MANY), cap = 0;
    struct item_file *v = NULL;
    *n = 0;
    if (k == 0)
        return OK;
    struct stmt *q = db_sql(w->db,
        "SELECT " COLUMNS FROM " WHERE f.item = ?1 AND f.removed = 0 ORDER BY f.id LIMIT ?2");
    stmt_bind_int(q, 1, w->it.id);
    stmt_bind_int(q, 2, ITEM_FILES_MAX);
    while (stmt_step(q))
        for (size_t i = 0; i < k; i++)
            if (ids[i] == stmt_int(q, 0))
                ARENA_PUSH(w->a, v, *n, cap) = row_file(q, w->a);
    *out = v;
    return stmt_end(q, e);
}

static bool opens(struct db *db, struct arena *a, const struct actor *by, const struct item_file *f)
{
    struct work w;
    struct err none;
    if (f->item == 0) /* loose: his own alone */
        return f->by && f->by == by->v->person;
    return work_begin(&w, db, a, by, f->item, &none) == OK && reads_file(&w, f) &&
           (!f->removed_ms || f->by == by->v->person || work_right(&w, ITEM_ASK, 0));
}

enum code item_file_open(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct item_file *out, struct err *e)
{
    struct item_file f = {0};
    TRY(file_row(db, a, id, &f, e));
    if (!opens(db, a, by, &f))
        return FAIL(e, E_NOTFOUND, "没有这个附件，或您无权查看");
    *out = f;
    return OK;
}

/* ---- loose ones ---- */

/* Bytes are everybody's: of a document, a scan that waits, a draft in the check, another item. */
/* Bytes are stored once, whoever keeps them: every column that names some is asked. */
static enum code bytes_used(struct db *db, struct str blob, bool *used, struct err *e)
{
    static const char *const ask[] = {"SELECT 1 FROM item_file WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM document WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM held WHERE blob = ?1 LIMIT 1", "SELECT 1 FROM proof WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM manuscript_file WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM manuscript_pen_sheet WHERE blob = ?1 LIMIT 1",
        "SELECT 1 FROM seal WHERE png = ?1 LIMIT 1",
        "SELECT 1 FROM archive_pack WHERE digest = ?1 LIMIT 1",
        "SELECT 1 FROM evidence WHERE pdf = ?1 OR book = ?1 OR pack = ?1 LIMIT 1"};
    *used = false;
    for (size_t i = 0; i < sizeof(ask) / sizeof(*ask) && !*used; i++) {
        struct stmt *q = db_sql(db, ask[i]);
        stmt_bind_str(q, 1, blob);
        *used = stmt_step(q);
        TRY(stmt_end(q, e));
    }
    return OK;
}

static enum code sweep_one(struct db *db, int64_t id, struct str blob, struct err *e)
{
    bool used;
    struct stmt *q = db_sql(db, "DELETE FROM item_file WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    TRY(bytes_used(db, blob, &used, e));
    return used ? OK : blob_erase(db, blob, e);
}

enum code item_file_sweep(struct db *db, int64_t before_ms, int64_t *n, struct err *e)
{
    struct arena a;
    struct item_file *v = NULL;
    size_t k = 0, cap = 0;
    arena_init(&a);
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE f.item = 0 AND f.at < ?1"
                                " ORDER BY f.id LIMIT 1000");
    stmt_bind_int(q, 1, before_ms);
    while (stmt_step(q))
        ARENA_PUSH(&a, v, k, cap) = row_file(q, &a);
    enum code c = stmt_end(q, e);
    for (size_t i = 0; c == OK && i < k; i++)
        c = sweep_one(db, v[i].id, v[i].blob, e);
    arena_release(&a);
    if (c == OK)
        *n = (int64_t)k;
    return c;
}

struct pruning {
    int64_t before_ms, n;
};

static enum code prune(struct db *db, void *arg, struct err *e)
{
    struct pruning *p = arg;
    return item_file_sweep(db, p->before_ms, &p->n, e);
}

enum code item_file_prune(struct store *st, int64_t now_ms, struct err *e)
{
    return store_write(st, prune, &(struct pruning){.before_ms = now_ms - MS_DAY}, e);
}
