#include "office/manuscript_pen_sheet.h"

#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/describe.h"
#include "office/manuscript_int.h"
#include "paper/redraw.h"

#define COLUMNS                                                                        \
    "s.id, s.pen, s.name, s.blob, s.size, s.wide, s.high, s.made, s.made_by, s.late, " \
    "coalesce(p.name, '')"
#define FROM " FROM manuscript_pen_sheet s LEFT JOIN person p ON p.id = s.made_by"

static struct pen_sheet row(struct stmt *q, struct arena *a)
{
    return (struct pen_sheet){.id = stmt_int(q, 0),
        .pen = stmt_int(q, 1),
        .name = arena_str(a, stmt_str(q, 2)),
        .blob = arena_str(a, stmt_str(q, 3)),
        .size = stmt_int(q, 4),
        .wide = (int)stmt_int(q, 5),
        .high = (int)stmt_int(q, 6),
        .made_ms = stmt_int(q, 7),
        .made_by = stmt_int(q, 8),
        .late = stmt_int(q, 9) != 0,
        .made_name = arena_str(a, stmt_str(q, 10))};
}

/* ---- judging ---- */

static bool is_pdf(struct str bytes)
{
    return str_starts(bytes, S("%PDF-"));
}

static enum code check_name(struct str name, struct err *e)
{
    if (!name.n || utf8_check(name) != SIZE_MAX || utf8_len_cp(name) > PEN_SHEET_NAME_CP_MAX ||
        str_has(name, S("\n")) || str_has(name, S("\t")))
        return FAIL(e, E_INPUT, "纸稿的文件名应有1到%d个字，请改名再传", PEN_SHEET_NAME_CP_MAX);
    return manuscript_check_secret(name, S(""), e);
}

/* A scan that bears text of its own (read by OCR on its way) says what it is. */
static enum code check_pdf(
    struct office *o, struct arena *a, struct str bytes, struct str name, struct err *e)
{
    struct doc d = {0};
    struct buf text;
    struct err none;
    if (reader_read_bytes(o->readers, a, bytes, name, &d, &none) != OK)
        return OK; /* what cannot be drawn either says why */
    buf_init(&text, 0);
    doc_text(&d, &text);
    const char *mark = describe_secret(&d, buf_view(&text), name);
    buf_release(&text);
    return mark
               ? FAIL(e, E_SECRET, "纸稿“%.*s”标有密级“%s”，本系统严禁存储、处理国家秘密，没有保存",
                     SF(name), mark)
               : OK;
}

static enum code one_page(struct office *o, struct arena *a, struct str bytes, struct str name,
    int page, struct pen_pictures *out, struct err *e)
{
    struct pen_picture f = {.name = name};
    struct redrawn r;
    struct arena own; /* a sheet drawn is some megabytes, twice over */
    arena_init(&own);
    enum code c = reader_redraw_page(o->readers, &own, bytes, name, page, PEN_SHEET_DOTS, &r, e);
    struct str png = c == OK ? arena_str(a, r.png) : S("");
    arena_release(&own);
    TRY(c);
    if (png.n > PEN_SHEET_MAX)
        return FAIL(e, E_LIMIT, "纸稿“%.*s”转换后一页超过%dMB，请缩小后再传", SF(name),
            PEN_SHEET_MAX >> 20);
    out->bytes += (int64_t)png.n;
    if (out->bytes > PEN_SHEETS_BYTES || out->n >= PEN_SHEETS_MAX)
        return FAIL(e, E_LIMIT, "一次最多传%d页纸稿，转换后合计%dMB，请分几次传", PEN_SHEETS_MAX,
            PEN_SHEETS_BYTES >> 20);
    TRY(blob_hash_bytes(png, &f.blob, e));
    f.wide = r.wide;
    f.high = r.high;
    ARENA_PUSH(a, out->v, out->n, out->cap) = f;
    return OK;
}

enum code pen_sheets_judge(struct office *o, struct arena *a, struct str bytes, struct str name,
    struct pen_pictures *out, struct err *e)
{
    size_t first = out->n;
    TRY(check_name(name, e));
    if (bytes.n > PEN_SHEET_IN_MAX)
        return FAIL(
            e, E_LIMIT, "纸稿“%.*s”超过%dMB，请缩小或者分开再传", SF(name), PEN_SHEET_IN_MAX >> 20);
    if (!is_pdf(bytes)) {
        TRY(one_page(o, a, bytes, name, 1, out, e));
        return OK;
    }
    TRY(check_pdf(o, a, bytes, name, e));
    for (int page = 1;; page++) {
        enum code c = one_page(o, a, bytes, name, page, out, e);
        if (c == E_NOTFOUND && page > 1)
            break;
        if (c != OK)
            return c == E_NOTFOUND ? FAIL(e, E_INPUT, "纸稿“%.*s”里没有页", SF(name)) : c;
    }
    for (size_t i = first; i < out->n && out->n - first > 1; i++)
        out->v[i].name = arena_printf(a, "%.*s 第%zu页", SF(name), i - first + 1);
    return OK;
}

/* ---- rows ---- */

static enum code read_rows(
    struct stmt *q, struct arena *a, struct pen_sheet **out, size_t *n, struct err *e)
{
    struct pen_sheet *v = NULL;
    size_t k = 0, cap = 0;
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code of_round(
    struct db *db, struct arena *a, int64_t pen, struct pen_sheet **out, size_t *n, struct err *e)
{
    struct stmt *q = db_sql(
        db, "SELECT " COLUMNS FROM " WHERE s.pen = ?1 AND s.removed = 0 ORDER BY s.id LIMIT ?2");
    stmt_bind_int(q, 1, pen);
    stmt_bind_int(q, 2, PEN_SHEETS_MAX);
    return read_rows(q, a, out, n, e);
}

enum code pen_sheets(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct pen_sheet **out, size_t *n, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    TRY(manuscript_pen_get(db, a, by, pen, &p, NULL, NULL, e));
    return of_round(db, a, pen, out, n, e);
}

enum code pen_sheets_all(struct db *db, struct arena *a, const struct actor *by, int64_t manuscript,
    struct pen_sheet **out, size_t *n, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_get(db, a, by, manuscript, &m, e));
    struct stmt *q = db_sql(db,
        "SELECT " COLUMNS FROM " JOIN manuscript_pen x ON x.id = s.pen WHERE s.manuscript = ?1"
        " AND s.removed = 0 AND x.state = 1 ORDER BY x.done, x.id, s.id"
        " LIMIT ?2");
    stmt_bind_int(q, 1, manuscript);
    stmt_bind_int(q, 2, PEN_SHEETS_ALL_MAX);
    return read_rows(q, a, out, n, e);
}

enum code pen_sheet_open(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    int64_t sheet, struct pen_sheet *out, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    TRY(manuscript_pen_get(db, a, by, pen, &p, NULL, NULL, e));
    struct stmt *q =
        db_sql(db, "SELECT " COLUMNS FROM " WHERE s.id = ?1 AND s.pen = ?2 AND s.removed = 0");
    stmt_bind_int(q, 1, sheet);
    stmt_bind_int(q, 2, pen);
    bool there = stmt_step(q);
    if (there)
        *out = row(q, a);
    TRY(stmt_end(q, e));
    return there ? OK : FAIL(e, E_NOTFOUND, "没有这一页纸稿，或者已经撤下");
}

enum code pen_sheets_record(
    struct db *db, struct arena *a, int64_t pen, struct str *list, struct err *e)
{
    struct pen_sheet *v = NULL;
    size_t n = 0;
    struct buf b;
    TRY(of_round(db, a, pen, &v, &n, e));
    buf_init(&b, 0);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%.*s\t%.*s\t%lld\t%d\t%d\n", SF(v[i].name), SF(v[i].blob),
            (long long)v[i].size, v[i].wide, v[i].high);
    *list = arena_str(a, buf_view(&b));
    buf_release(&b);
    return OK;
}

/* ---- writing ---- */

static enum code note(struct db *db, struct arena *a, const struct actor *by, const char *verb,
    const struct manuscript_pen *p, int64_t sheet, struct str sm3, struct err *e)
{
    return audit_simple(db, by->v->person, verb, "manuscript", p->manuscript,
        arena_printf(a, "{\"pen\":\"%lld\",\"sheet\":\"%lld\",\"sm3\":\"%.*s\"}", (long long)p->id,
            (long long)sheet, SF(sm3)),
        e);
}

/* How much there is already, of the round and of the manuscript. */
static enum code room(
    struct db *db, const struct manuscript_pen *p, const struct pen_pictures *v, struct err *e)
{
    int64_t here = 0, all = 0, bytes = 0;
    struct stmt *q = db_sql(db, "SELECT pen, count(*), coalesce(sum(size), 0) FROM"
                                " manuscript_pen_sheet WHERE manuscript = ?1 AND removed = 0"
                                " GROUP BY pen");
    stmt_bind_int(q, 1, p->manuscript);
    while (stmt_step(q)) {
        if (stmt_int(q, 0) == p->id)
            here = stmt_int(q, 1);
        all += stmt_int(q, 1);
        bytes += stmt_int(q, 2);
    }
    TRY(stmt_end(q, e));
    if (here + (int64_t)v->n > PEN_SHEETS_MAX)
        return FAIL(e, E_LIMIT, "一次笔改最多%d页纸稿", PEN_SHEETS_MAX);
    if (all + (int64_t)v->n > PEN_SHEETS_ALL_MAX || bytes + v->bytes > PEN_SHEETS_ALL_BYTES)
        return FAIL(e, E_LIMIT, "一份文稿的纸稿最多%d页，合计%dMB", PEN_SHEETS_ALL_MAX,
            PEN_SHEETS_ALL_BYTES >> 20);
    return OK;
}

static enum code insert(struct db *db, const struct actor *by, const struct manuscript_pen *p,
    const struct pen_picture *f, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO manuscript_pen_sheet(id, manuscript, pen, name, blob, size, wide, high, made,"
        " made_by, late, removed, removed_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " 0, 0)");
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, p->manuscript);
    stmt_bind_int(q, 3, p->id);
    stmt_bind_str(q, 4, f->name);
    stmt_bind_str(q, 5, str_z(f->blob.hex));
    stmt_bind_int(q, 6, f->blob.size);
    stmt_bind_int(q, 7, f->wide);
    stmt_bind_int(q, 8, f->high);
    stmt_bind_int(q, 9, by->now_ms);
    stmt_bind_int(q, 10, by->v->person);
    stmt_bind_int(q, 11, p->state == PEN_DONE);
    return stmt_run(q, NULL, e);
}

/* Who writes the manuscript; which is not given up. */
static enum code need(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    struct manuscript_pen *p, struct err *e)
{
    struct manuscript m = {.id = 0};
    TRY(manuscript_pen_get(db, a, by, pen, p, NULL, NULL, e));
    TRY(manuscript_need(db, a, by, p->manuscript, MANUSCRIPT_WRITE, &m, e));
    return manuscript_stands(&m, e);
}

enum code pen_sheets_put(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    const struct pen_pictures *v, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    TRY(need(db, a, by, pen, &p, e));
    if (p.state == PEN_DROPPED)
        return FAIL(e, E_CONFLICT, "这一次笔改没有录，不用传纸稿");
    TRY(room(db, &p, v, e));
    for (size_t i = 0; i < v->n; i++) {
        int64_t id = id_next();
        TRY(blob_put(db, &v->v[i].blob, NULL, e));
        TRY(insert(db, by, &p, &v->v[i], id, e));
        TRY(note(db, a, by, "manuscript.pen.sheet", &p, id, str_z(v->v[i].blob.hex), e));
    }
    return OK;
}

enum code pen_sheet_remove(struct db *db, struct arena *a, const struct actor *by, int64_t pen,
    int64_t sheet, struct err *e)
{
    struct manuscript_pen p = {.id = 0};
    struct pen_sheet s = {.id = 0};
    TRY(need(db, a, by, pen, &p, e));
    if (p.state != PEN_OPEN)
        return FAIL(e, E_CONFLICT, "这一次笔改已经录完，纸稿跟着留存，不能撤下");
    TRY(pen_sheet_open(db, a, by, pen, sheet, &s, e));
    struct stmt *q =
        db_sql(db, "UPDATE manuscript_pen_sheet SET removed = ?2, removed_by = ?3 WHERE id = ?1");
    stmt_bind_int(q, 1, sheet);
    stmt_bind_int(q, 2, by->now_ms);
    stmt_bind_int(q, 3, by->v->person);
    TRY(stmt_run(q, NULL, e));
    return note(db, a, by, "manuscript.pen.sheet.remove", &p, sheet, s.blob, e);
}
