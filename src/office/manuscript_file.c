#include "office/manuscript_file.h"

#include <strings.h>

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/manuscript_edit.h"
#include "office/manuscript_int.h"
#include "office/typeset.h"
#include "paper/redraw.h"

#define COLUMNS                                                                 \
    "f.id, f.name, f.blob, f.size, f.wide, f.high, f.width, f.made, f.made_by," \
    " coalesce(p.name, '')"
#define FROM " FROM manuscript_file f LEFT JOIN person p ON p.id = f.made_by"

static struct manuscript_file row(struct stmt *q, struct arena *a)
{
    return (struct manuscript_file){.id = stmt_int(q, 0),
        .name = arena_str(a, stmt_str(q, 1)),
        .blob = arena_str(a, stmt_str(q, 2)),
        .size = stmt_int(q, 3),
        .wide = (int)stmt_int(q, 4),
        .high = (int)stmt_int(q, 5),
        .width_tenth = (int)stmt_int(q, 6),
        .made_ms = stmt_int(q, 7),
        .made_by = stmt_int(q, 8),
        .made_name = arena_str(a, stmt_str(q, 9))};
}

/* ---- names ---- */

struct str manuscript_file_name(struct str name)
{
    static const struct str ends[] = {SC(".png"), SC(".jpg"), SC(".jpeg")};

    name = str_trim(name);
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (name.n > ends[i].n &&
            strncasecmp(name.p + name.n - ends[i].n, ends[i].p, ends[i].n) == 0)
            return str_trim(str_sub(name, 0, name.n - ends[i].n));
    return name;
}

static bool is_named(struct str line, struct str *name)
{
    double width;

    if (!typeset_picture(line, name, &width))
        return false;
    *name = manuscript_file_name(*name);
    return true;
}

bool manuscript_file_used(struct str text, struct str name)
{
    struct str line, one;

    while (str_next(&text, S("\n"), &line))
        if (is_named(line, &one) && str_eq(one, name))
            return true;
    return false;
}

static enum code check_name(struct str name, struct err *e)
{
    static const char *const bad[] = {"[", "]", "/", "\\", "\n", "\t", "：", "，宽"};

    if (utf8_check(name) != SIZE_MAX || utf8_len_cp(name) > MANUSCRIPT_FILE_NAME_CP_MAX)
        return FAIL(e, E_INPUT, "图片的名称最多%d个字", MANUSCRIPT_FILE_NAME_CP_MAX);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        if (str_has(name, str_z(bad[i])))
            return FAIL(e, E_INPUT,
                "图片的名称“%.*s”里不能有方括号、斜线、冒号和“，宽”，请改名再传",
                SF(str_sub(name, 0, 90)));
    return manuscript_check_secret(name, S(""), e);
}

/* ---- judging: outside the write ---- */

enum code manuscript_file_judge(struct office *o, struct arena *a, struct str bytes,
    struct str name, double width_mm, struct manuscript_picture *out, struct err *e)
{
    struct manuscript_picture f = {.name = manuscript_file_name(name)};
    struct redrawn r;

    TRY(check_name(f.name, e));
    if (bytes.n > MANUSCRIPT_FILE_IN_MAX)
        return FAIL(
            e, E_LIMIT, "图片“%.*s”超过%dMB，请缩小后再传", SF(name), MANUSCRIPT_FILE_IN_MAX >> 20);
    TRY(reader_redraw(o->readers, a, bytes, name, MANUSCRIPT_FILE_DOTS, &r, e));
    if (r.png.n > MANUSCRIPT_FILE_MAX)
        return FAIL(e, E_LIMIT, "图片“%.*s”转换后超过%dMB，请缩小后再传", SF(name),
            MANUSCRIPT_FILE_MAX >> 20);
    TRY(blob_hash_bytes(r.png, &f.blob, e));
    f.wide = r.wide;
    f.high = r.high;
    f.width_tenth = width_mm > 0 && width_mm < 1000 ? (int)(width_mm * 10 + 0.5) : 0;
    *out = f;
    return OK;
}

/* ---- rows ---- */

static enum code rows(struct db *db, struct arena *a, int64_t id, struct manuscript_file **out,
    size_t *n, struct err *e)
{
    struct manuscript_file *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS FROM " WHERE f.manuscript = ?1 AND f.removed = 0 ORDER BY f.id LIMIT ?2");

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, MANUSCRIPT_FILES_MAX);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static const struct manuscript_file *find(
    const struct manuscript_file *v, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, name))
            return &v[i];
    return NULL;
}

static enum code writable(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript *m, struct err *e)
{
    TRY(manuscript_need(db, a, by, id, MANUSCRIPT_WRITE, m, e));
    TRY(manuscript_stands(m, e));
    return m->locked_ms ? FAIL(e, E_CONFLICT, "文稿已经锁定，解锁以后才能增减图片") : OK;
}

static enum code room(const struct manuscript_file *v, size_t n, int64_t more, struct err *e)
{
    for (size_t i = 0; i < n; i++)
        more += v[i].size;
    if (n >= MANUSCRIPT_FILES_MAX)
        return FAIL(e, E_LIMIT, "一份文稿最多%d幅图片，请先撤下不用的", MANUSCRIPT_FILES_MAX);
    if (more > MANUSCRIPT_FILES_BYTES)
        return FAIL(
            e, E_LIMIT, "一份文稿的图片合计最多%dMB，请先撤下不用的", MANUSCRIPT_FILES_BYTES >> 20);
    return OK;
}

static struct str free_name(struct arena *a, const struct manuscript_file *v, size_t n)
{
    for (int i = 1;; i++) {
        struct str name = arena_printf(a, "图%d", i);
        if (!find(v, n, name))
            return name;
    }
}

static enum code insert(struct db *db, const struct actor *by, int64_t id,
    const struct manuscript_file *f, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_file(id, manuscript, name, blob, size, wide, high, width, made,"
        " made_by, removed, removed_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0)");
    stmt_bind_int(q, 1, f->id);
    stmt_bind_int(q, 2, id);
    stmt_bind_str(q, 3, f->name);
    stmt_bind_str(q, 4, f->blob);
    stmt_bind_int(q, 5, f->size);
    stmt_bind_int(q, 6, f->wide);
    stmt_bind_int(q, 7, f->high);
    stmt_bind_int(q, 8, f->width_tenth);
    stmt_bind_int(q, 9, by->now_ms);
    stmt_bind_int(q, 10, by->v->person);
    return stmt_run(q, NULL, e);
}

static enum code note(struct db *db, struct arena *a, const struct actor *by, const char *verb,
    int64_t id, const struct manuscript_file *f, struct err *e)
{
    return audit_simple(db, by->v->person, verb, "manuscript", id,
        arena_printf(a, "{\"file\":\"%lld\",\"sm3\":\"%.*s\"}", (long long)f->id, SF(f->blob)), e);
}

enum code manuscript_file_put(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct manuscript_picture *f, struct manuscript_file *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_file *v = NULL, fresh = {.id = id_next(),
                                          .name = f->name,
                                          .blob = arena_str(a, str_z(f->blob.hex)),
                                          .size = f->blob.size,
                                          .wide = f->wide,
                                          .high = f->high,
                                          .width_tenth = f->width_tenth,
                                          .made_ms = by->now_ms,
                                          .made_by = by->v->person};
    size_t n = 0;
    TRY(writable(db, a, by, id, &m, e));
    TRY(rows(db, a, id, &v, &n, e));
    TRY(room(v, n, fresh.size, e));
    if (!fresh.name.n)
        fresh.name = free_name(a, v, n);
    if (find(v, n, fresh.name))
        return FAIL(
            e, E_CONFLICT, "这份文稿已经有一幅叫“%.*s”的图片，请把文件改名再传", SF(fresh.name));
    TRY(blob_put(db, &f->blob, NULL, e));
    TRY(insert(db, by, id, &fresh, e));
    *out = fresh;
    return note(db, a, by, "manuscript.file", id, &fresh, e);
}

static enum code mark(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    const struct manuscript_file *f, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE manuscript_file SET removed = ?2, removed_by = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, f->id);
    stmt_bind_int(q, 2, by->now_ms);
    stmt_bind_int(q, 3, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return note(db, a, by, "manuscript.file.remove", id, f, e);
}

enum code manuscript_file_remove(
    struct db *db, struct arena *a, const struct actor *by, int64_t id, int64_t file, struct err *e)
{
    struct manuscript m = {.id = 0};
    struct manuscript_file *v = NULL;
    struct str text = S("");
    size_t n = 0;
    TRY(writable(db, a, by, id, &m, e));
    TRY(rows(db, a, id, &v, &n, e));
    TRY(manuscript_text(db, a, by, id, -1, &text, NULL, e));
    for (size_t i = 0; i < n; i++) {
        if (v[i].id != file)
            continue;
        if (manuscript_file_used(text, v[i].name))
            return FAIL(e, E_CONFLICT, "正文里还有“[图：%.*s]”，请先删去这一行", SF(v[i].name));
        return mark(db, a, by, id, &v[i], e);
    }
    return FAIL(e, E_NOTFOUND, "没有这幅图片，或者已经撤下");
}

enum code manuscript_files(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct manuscript_file **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    return rows(db, a, id, out, n, e);
}

enum code manuscript_file_open(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    int64_t file, struct manuscript_file *out, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, id, &m, e));
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE f.id = ?1 AND f.manuscript = ?2");
    stmt_bind_int(q, 1, file);
    stmt_bind_int(q, 2, id);
    bool there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这幅图片");
}

/* ---- in a document ---- */

struct filling {
    struct db *db; /* NULL: no bytes */
    struct arena *a;
    int64_t id;
    const struct manuscript_file *v;
    size_t n;
};

static enum code fill_bytes(
    struct filling *f, const struct manuscript_file *x, struct official_block *b, struct err *e)
{
    struct buf png;
    buf_init(&png, MANUSCRIPT_FILE_MAX + 1);
    enum code c = blob_read(f->db, x->blob, &png, e);
    b->png = arena_str(f->a, buf_view(&png));
    buf_release(&png);
    return c;
}

static enum code fill_blocks(struct filling *f, struct official_block *v, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        const struct manuscript_file *x = v[i].kind == OFFICIAL_PICTURE
                                              ? find(f->v, f->n, manuscript_file_name(v[i].text))
                                              : NULL;
        if (!x)
            continue;
        if (!(v[i].width_mm > 0)) /* what the text says wins */
            v[i].width_mm = x->width_tenth / 10.0;
        v[i].wide = x->wide;
        v[i].high = x->high;
        if (f->db)
            TRY(fill_bytes(f, x, &v[i], e));
        else
            v[i].link = arena_printf(
                f->a, "/manuscripts/%lld/files/%lld", (long long)f->id, (long long)x->id);
    }
    return OK;
}

static enum code fill_all(struct filling *f, struct official *d, struct err *e)
{
    struct official_block *v;
    size_t n;

    for (size_t i = 0; official_blocks(d, i, &v, &n); i++)
        TRY(fill_blocks(f, v, n, e));
    return OK;
}

enum code manuscript_files_fill(struct db *db, struct arena *a, const struct manuscript_file *v,
    size_t n, struct official *d, struct err *e)
{
    return fill_all(&(struct filling){db, a, 0, v, n}, d, e);
}

void manuscript_files_link(
    struct arena *a, int64_t id, const struct manuscript_file *v, size_t n, struct official *d)
{
    struct err none;
    (void)fill_all(&(struct filling){NULL, a, id, v, n}, d, &none); /* nothing is read */
}

/* ---- in a version ---- */

enum code manuscript_files_named(
    struct db *db, struct arena *a, int64_t id, struct str text, struct str *list, struct err *e)
{
    struct manuscript_file *v = NULL;
    size_t n = 0;
    struct str line, name;
    struct buf b;
    TRY(rows(db, a, id, &v, &n, e));
    buf_init(&b, 0);
    while (n && str_next(&text, S("\n"), &line)) {
        const struct manuscript_file *x = is_named(line, &name) ? find(v, n, name) : NULL;
        struct str one = S("");
        if (x)
            one = arena_printf(a, "%.*s\t%.*s\t%lld\t%d\t%d\t%d\n", SF(x->name), SF(x->blob),
                (long long)x->size, x->wide, x->high, x->width_tenth);
        if (one.n && !str_has(buf_view(&b), one))
            buf_str(&b, one);
    }
    *list = arena_str(a, buf_view(&b));
    buf_release(&b);
    return OK;
}

static int64_t number(struct str s)
{
    int64_t n = 0;
    struct err none;
    return str_int(s, &n, &none) == OK ? n : 0;
}

size_t manuscript_files_listed(struct arena *a, struct str list, struct manuscript_file **out)
{
    struct manuscript_file *v = NULL;
    struct str line, cell;
    size_t n = 0, cap = 0;

    while (str_next(&list, S("\n"), &line)) {
        struct str at[6] = {{0}};
        size_t k = 0;
        while (k < 6 && str_next(&line, S("\t"), &cell))
            at[k++] = cell;
        if (k == 6)
            ARENA_PUSH(a, v, n, cap) = (struct manuscript_file){.name = at[0],
                .blob = at[1],
                .size = number(at[2]),
                .wide = (int)number(at[3]),
                .high = (int)number(at[4]),
                .width_tenth = (int)number(at[5])};
    }
    *out = v;
    return n;
}

enum code manuscript_files_restore(struct db *db, struct arena *a, const struct actor *by,
    int64_t id, struct str list, struct err *e)
{
    struct manuscript_file *v = NULL, *was = NULL;
    size_t n = 0, n_was = manuscript_files_listed(a, list, &was);
    TRY(rows(db, a, id, &v, &n, e));
    for (size_t i = 0; i < n_was; i++) {
        const struct manuscript_file *now = find(v, n, was[i].name);
        if (now && str_eq(now->blob, was[i].blob))
            continue;
        if (now)
            TRY(mark(db, a, by, id, now, e));
        was[i].id = id_next();
        TRY(insert(db, by, id, &was[i], e));
        TRY(note(db, a, by, "manuscript.file", id, &was[i], e));
    }
    return OK;
}
