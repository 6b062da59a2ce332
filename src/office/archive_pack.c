#include "office/archive_pack.h"

#include "base/id.h"
#include "office/archive_pack_int.h"
#include "office/document.h"
#include "office/item_file.h"
#include "office/item_int.h"
#include "office/item_view.h"
#include "office/manuscript_file.h"
#include "office/print_run.h"
#include "paper/layout_out.h"
#include "paper/official_docx.h"
#include "paper/zipout.h"

enum { MEMBERS_MAX = ITEM_FILES_MAX + MANUSCRIPT_FILES_MAX + PEN_SHEETS_ALL_MAX + 12 };

struct packing {
    struct pack_source s;
    struct faces *f;
    struct archive_made *out;
    struct zip_change v[MEMBERS_MAX];
    size_t n;
    int64_t bytes;
    struct buf list; /* the manifest */
};

static enum code add(struct packing *g, struct str name, struct str bytes, struct err *e)
{
    char hex[SM3_HEX + 1];
    struct digest d = sm3(bytes);
    if (g->n >= MEMBERS_MAX)
        return FAIL(e, E_LIMIT, "归档包最多%d个文件", MEMBERS_MAX);
    g->bytes += (int64_t)bytes.n;
    if (g->bytes > ARCHIVE_BYTES_MAX)
        return FAIL(e, E_LIMIT, "归档包超过%lld MB，请把大的附件另外归档",
            (long long)(ARCHIVE_BYTES_MAX >> 20));
    struct str z = arena_str(g->s.a, name);
    g->v[g->n++] = (struct zip_change){.name = z, .index = SIZE_MAX, .bytes = bytes};
    buf_printf(&g->list, "%.*s  %.*s\n", SF(digest_hex(&d, hex)), SF(z));
    return OK;
}

static struct str kept(struct packing *g, struct buf *b)
{
    struct str s = arena_str(g->s.a, buf_view(b));
    buf_release(b);
    return s;
}

/* ---- the final copy ---- */

/* Beside the text that names them. */
static enum code add_pictures(struct packing *g, struct err *e)
{
    for (size_t i = 0; i < g->s.copy.n_files; i++) {
        const struct manuscript_file *f = &g->s.copy.files[i];
        struct buf b;
        buf_init(&b, MANUSCRIPT_FILE_MAX + 1);
        enum code c = blob_read(g->s.db, f->blob, &b, e);
        struct str bytes = kept(g, &b);
        TRY(c);
        TRY(add(g, arena_printf(g->s.a, "定稿的图片/%.*s.png", SF(f->name)), bytes, e));
    }
    return OK;
}

static enum code add_final(struct packing *g, struct err *e)
{
    struct arena *a = g->s.a;
    struct layout l;
    struct layout_pdf o = {.title = g->s.copy.doc.title, .made_ms = g->s.copy.text.final_ms};
    struct official_docx w = {.made_ms = g->s.copy.text.final_ms};
    struct official_style style;
    struct str bytes;
    struct buf pdf;
    TRY(final_copy_lay(a, g->f, &g->s.copy, &(struct final_sheet){.copies = 1}, &l, e));
    g->s.pages = (int64_t)l.n;
    buf_init(&pdf, 0);
    enum code c = layout_pdf(&l, g->f, &o, &pdf, e);
    bytes = kept(g, &pdf);
    TRY(c);
    TRY(add(g, S("正本.pdf"), bytes, e));
    TRY(layout_ofd(a, &l, g->f, &o, &bytes, e));
    TRY(add(g, S("正本.ofd"), bytes, e));
    official_style_of(g->s.copy.doc.form, &style);
    TRY(official_docx(a, &g->s.copy.doc, &style, &l, &w, &bytes, e));
    TRY(add(g, S("正本.docx"), bytes, e));
    TRY(add(g, arena_printf(a, "定稿（第%lld稿）.txt", (long long)g->s.copy.text.final_number),
        g->s.copy.body, e));
    return add_pictures(g, e);
}

/* ---- attachments ---- */

static struct str member_name(struct packing *g, const struct item_file *f, size_t i)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "附件/%02zu-%.*s", i + 1, SF(f->name));
    for (size_t k = 0, slash = 0; k < b.n; k++)
        if ((b.p[k] == '/' && slash++) || b.p[k] == '\\' || (unsigned char)b.p[k] < 0x20)
            b.p[k] = '_';
    return kept(g, &b);
}

static enum code add_files(struct packing *g, struct err *e)
{
    for (size_t i = 0; i < g->s.n_files; i++) {
        struct buf b;
        buf_init(&b, (size_t)ITEM_FILE_BYTES_MAX + 1);
        enum code c = blob_read(g->s.db, g->s.files[i].blob, &b, e);
        struct str bytes = kept(g, &b);
        TRY(c);
        TRY(add(g, member_name(g, &g->s.files[i], i), bytes, e));
    }
    return OK;
}

/* ---- corrections on paper: part of how it came about ---- */

size_t pack_pen_sheets(const struct pack_source *s, int64_t pen)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_sheets; i++)
        n += s->sheets[i].pen == pen;
    return n;
}

static enum code read_pens(struct packing *g, struct err *e)
{
    struct manuscript_pen *v;
    int64_t id = g->s.copy.text.manuscript;
    size_t n, k = 0;
    TRY(manuscript_pens(g->s.db, g->s.a, g->s.by, id, &v, &n, e));
    for (size_t i = 0; i < n; i++)
        if (v[i].state == PEN_DONE)
            v[k++] = v[i];
    g->s.pens = v;
    g->s.n_pens = k;
    return k ? pen_sheets_all(g->s.db, g->s.a, g->s.by, id, &g->s.sheets, &g->s.n_sheets, e) : OK;
}

/* 办理过程/笔改01 李书记 2026-11-20/01.png */
static struct str sheet_name(
    struct packing *g, const struct manuscript_pen *p, size_t round, size_t at)
{
    struct str who = arena_str(g->s.a, p->corrector);
    struct buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < who.n; i++) {
        bool bad = who.p[i] == '/' || who.p[i] == '\\' || (unsigned char)who.p[i] < 0x20;
        buf_str(&b, bad ? S("_") : str_sub(who, i, 1));
    }
    who = kept(g, &b);
    return arena_printf(
        g->s.a, "办理过程/笔改%02zu %.*s %.*s/%02zu.png", round, SF(who), SF(p->day), at);
}

static enum code add_sheets(struct packing *g, struct err *e)
{
    for (size_t r = g->s.n_pens; r-- > 0;) {
        size_t at = 0;
        for (size_t i = 0; i < g->s.n_sheets; i++) {
            struct buf b;
            if (g->s.sheets[i].pen != g->s.pens[r].id)
                continue;
            buf_init(&b, PEN_SHEET_MAX + 1);
            enum code c = blob_read(g->s.db, g->s.sheets[i].blob, &b, e);
            struct str bytes = kept(g, &b);
            TRY(c);
            TRY(add(g, sheet_name(g, &g->s.pens[r], g->s.n_pens - r, ++at), bytes, e));
        }
    }
    return OK;
}

/* ---- all of it ---- */

static enum code judge(struct packing *g, struct err *e)
{
    bool may = false;
    TRY(print_may(g->s.db, g->s.by, g->s.item, &may, e));
    if (!may)
        return FAIL(e, E_DENIED, "您不能制作归档包，请联系秘书科");
    TRY(final_copy_read(g->s.db, g->s.a, g->s.by, g->s.item, &g->s.copy, e));
    if (!g->s.copy.it.closed_ms)
        return FAIL(e, E_CONFLICT, "办结归档以后才能制作归档包");
    if (g->s.copy.it.archived_ms)
        return FAIL(
            e, E_CONFLICT, "这件事项已经入库（%.*s），归档包不再重做", SF(g->s.copy.it.archive_no));
    TRY(read_pens(g, e));
    return item_file_list(
        g->s.db, g->s.a, g->s.by, g->s.item, false, &g->s.files, &g->s.n_files, e);
}

static enum code build(struct packing *g, struct err *e)
{
    struct buf b;
    enum code c;
    TRY(judge(g, e));
    TRY(add_final(g, e));
    buf_init(&b, 0);
    c = pack_sheet(&g->s, &b, e);
    struct str bytes = kept(g, &b);
    TRY(c);
    TRY(add(g, S("发文处理单和办理过程.pdf"), bytes, e));
    TRY(add_sheets(g, e));
    TRY(add_files(g, e));
    buf_init(&b, 0);
    pack_metadata(&g->s, buf_view(&g->list), &b);
    TRY(add(g, S("元数据.xml"), kept(g, &b), e));
    TRY(buf_check(&g->list, "校验清单", e));
    g->out->manifest = arena_str(g->s.a, buf_view(&g->list));
    g->out->files = g->n;
    g->v[g->n++] = (struct zip_change){
        .name = S("校验清单.sm3"), .index = SIZE_MAX, .bytes = g->out->manifest};
    return zip_write(g->s.a, S(""), g->v, g->n, &g->out->zip, e);
}

enum code archive_pack_make(struct db *db, struct arena *a, struct faces *f, const struct actor *by,
    int64_t item, struct archive_made *out, struct err *e)
{
    struct packing *g = ARENA_NEW(a, struct packing);
    *out = (struct archive_made){.item = item};
    *g = (struct packing){.s = {.db = db, .a = a, .by = by, .item = item}, .f = f, .out = out};
    buf_init(&g->list, 0);
    enum code c = build(g, e);
    buf_release(&g->list);
    out->revision = g->s.copy.it.revision;
    return c == OK ? blob_hash_bytes(out->zip, &out->blob, e) : c;
}

/* ---- keeping it ---- */

static enum code put(struct verb *v, const struct archive_made *m, int64_t *id, struct err *e)
{
    struct work *w = &v->w;
    if (w->it.revision != m->revision)
        return FAIL(e, E_CONFLICT, "制作期间事项又有办理，请重新制作");
    TRY(blob_put(w->db, &m->blob, NULL, e));
    *id = id_next();
    struct stmt *q =
        db_sql(w->db, "INSERT INTO archive_pack(id, item, at, by_person, size, digest, manifest)"
                      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    stmt_bind_int(q, 1, *id);
    stmt_bind_int(q, 2, w->it.id);
    stmt_bind_int(q, 3, w->by->now_ms);
    stmt_bind_int(q, 4, w->by->v->person);
    stmt_bind_int(q, 5, m->blob.size);
    stmt_bind_str(q, 6, str_z(m->blob.hex));
    stmt_bind_str(q, 7, m->manifest);
    TRY(stmt_run(q, NULL, e));
    jw_kid(&v->j, "pack", *id);
    jw_kint(&v->j, "files", (int64_t)m->files);
    jw_kstr(&v->j, "sm3", str_z(m->blob.hex));
    return OK;
}

enum code archive_pack_put(
    struct db *db, const struct actor *by, const struct archive_made *m, int64_t *id, struct err *e)
{
    struct verb v;
    bool may = false;
    TRY(print_may(db, by, m->item, &may, e));
    if (!may)
        return FAIL(e, E_DENIED, "您不能制作归档包，请联系秘书科");
    enum code c = verb_begin_any(&v, db, by, m->item, e);
    if (c == OK)
        c = put(&v, m, id, e);
    return verb_end(&v, c, "package", e);
}

#define COLUMNS \
    "k.id, k.item, k.at, k.by_person, k.size, k.digest, coalesce(p.name, ''), k.manifest"
#define FROM " FROM archive_pack k LEFT JOIN person p ON p.id = k.by_person"

static struct archive_pack row(struct stmt *q, struct arena *a)
{
    return (struct archive_pack){.id = stmt_int(q, 0),
        .item = stmt_int(q, 1),
        .at_ms = stmt_int(q, 2),
        .by = stmt_int(q, 3),
        .size = stmt_int(q, 4),
        .sm3 = arena_str(a, stmt_str(q, 5)),
        .by_name = arena_str(a, stmt_str(q, 6)),
        .manifest = arena_str(a, stmt_str(q, 7))};
}

enum code archive_pack_list(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    struct archive_pack **out, size_t *n, struct err *e)
{
    struct archive_pack *v = NULL;
    struct item it;
    size_t k = 0, cap = 0;
    TRY(item_get(db, a, by, item, &it, e));
    struct stmt *q = db_sql(
        db, "SELECT " COLUMNS FROM " WHERE k.item = ?1 ORDER BY k.at DESC, k.id DESC LIMIT 50");
    stmt_bind_int(q, 1, item);
    while (stmt_step(q))
        ARENA_PUSH(a, v, k, cap) = row(q, a);
    *out = v;
    *n = k;
    return stmt_end(q, e);
}

static enum code one(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t id, struct archive_pack *out, struct item *it, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS FROM " WHERE k.id = ?1 AND k.item = ?2");
    bool may = false;
    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, item);
    *out = (struct archive_pack){.id = 0};
    if (stmt_step(q))
        *out = row(q, a);
    TRY(stmt_end(q, e));
    if (!out->id)
        return FAIL(e, E_NOTFOUND, "没有这个归档包");
    TRY(item_get(db, a, by, out->item, it, e));
    TRY(print_may(db, by, out->item, &may, e));
    return may ? OK : FAIL(e, E_DENIED, "归档包由秘书科保管，请联系秘书科");
}

enum code archive_pack_read(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t id, struct buf *zip, struct str *name, struct err *e)
{
    struct archive_pack k = {.id = 0};
    struct item it = {.id = 0};
    TRY(one(db, a, by, item, id, &k, &it, e));
    *name = arena_printf(a, "归档包 %.*s.zip", SF(it.number.n ? it.number : it.title));
    return blob_read(db, k.sm3, zip, e);
}

enum code archive_pack_verify(struct db *db, struct arena *a, const struct actor *by, int64_t item,
    int64_t id, struct archive_pack *out, struct err *e)
{
    struct item_event *v;
    struct item it = {.id = 0};
    struct err damaged = {.code = OK};
    size_t n = 0;
    TRY(one(db, a, by, item, id, out, &it, e));
    enum code c = blob_verify(db, out->sm3, &damaged);
    if (c != OK && c != E_IO && c != E_NOTFOUND)
        return FAIL(e, c, "%s", damaged.msg);
    TRY(event_rows(db, a, out->item,
        it.revision > VIEW_EVENTS_MAX ? it.revision - VIEW_EVENTS_MAX : 0, VIEW_EVENTS_MAX, &v, &n,
        e));
    for (size_t i = 0; c == OK && i < n; i++)
        out->right =
            out->right || (str_eq(v[i].verb, S("package")) && str_has(v[i].payload, out->sm3));
    return OK;
}
