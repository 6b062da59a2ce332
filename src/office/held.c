#define _GNU_SOURCE /* memfd_create */
#include "office/held.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "office/audit.h"
#include "office/describe.h"
#include "office/index.h"
#include "store/blob.h"
#include "text/authority.h"

#define COLUMNS                                                                               \
    "id, file_name, source, format, blob, size, created, registrar, state, level, category, " \
    "origin, document"

static void take_row(struct stmt *q, struct arena *a, struct held *h)
{
    *h = (struct held){.id = stmt_int(q, 0),
        .file_name = arena_str(a, stmt_str(q, 1)),
        .source = arena_str(a, stmt_str(q, 2)),
        .format = arena_str(a, stmt_str(q, 3)),
        .blob = arena_str(a, stmt_str(q, 4)),
        .size = stmt_int(q, 5),
        .created_ms = stmt_int(q, 6),
        .by = stmt_int(q, 7),
        .state = (enum held_state)stmt_int(q, 8),
        .level = (enum doc_level)stmt_int(q, 9),
        .category = stmt_int(q, 10),
        .origin = (enum doc_origin)stmt_int(q, 11),
        .doc = stmt_int(q, 12)};
}

enum code held_insert(struct db *db, const struct held *h, struct err *e)
{
    struct stmt *q =
        db_sql(db, "INSERT INTO held (" COLUMNS ", decided, decided_by)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11, 0, 0, 0)");

    stmt_bind_int(q, 1, h->id);
    stmt_bind_str(q, 2, h->file_name);
    stmt_bind_str(q, 3, h->source);
    stmt_bind_str(q, 4, h->format);
    stmt_bind_str(q, 5, h->blob);
    stmt_bind_int(q, 6, h->size);
    stmt_bind_int(q, 7, h->created_ms);
    stmt_bind_int(q, 8, h->by);
    stmt_bind_int(q, 9, h->level);
    stmt_bind_int(q, 10, h->category);
    stmt_bind_int(q, 11, h->origin);
    return stmt_run(q, NULL, e);
}

enum code held_by_blob(struct db *db, struct str digest, int64_t *id, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT id FROM held WHERE blob = ?1 AND state = 0");

    *id = 0;
    stmt_bind_str(q, 1, digest);
    if (stmt_step(q))
        *id = stmt_int(q, 0);
    return stmt_end(q, e);
}

enum code held_list(struct db *db, struct arena *a, size_t limit, struct held **out, size_t *n,
    int64_t *total, struct err *e)
{
    struct stmt *q = db_sql(db, DB_PLAN_ONCE "SELECT count(*) FROM held WHERE state = 0");
    struct held *v = NULL;
    size_t k = 0;
    size_t cap = 0;

    *total = 0;
    if (stmt_step(q))
        *total = stmt_int(q, 0);
    TRY(stmt_end(q, e));
    q = db_sql(
        db, DB_PLAN_ONCE "SELECT " COLUMNS " FROM held WHERE state = 0 ORDER BY id LIMIT ?1");
    stmt_bind_int(q, 1, (int64_t)limit);
    while (stmt_step(q))
        take_row(q, a, &ARENA_PUSH(a, v, k, cap));
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

enum code held_get(struct db *db, struct arena *a, int64_t id, struct held *out, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT " COLUMNS " FROM held WHERE id = ?1");
    bool found;

    stmt_bind_int(q, 1, id);
    found = stmt_step(q);
    if (found)
        take_row(q, a, out);
    TRY(stmt_end(q, e));
    return found ? OK : FAIL(e, E_NOTFOUND, "没有这份待确认的扫描件");
}

static enum code read_blob(
    struct db *db, struct arena *a, struct str digest, struct str *bytes, struct err *e)
{
    struct buf b;
    enum code c;

    buf_init(&b, reader_limits_default().file_bytes);
    c = blob_read(db, digest, &b, e);
    if (c == OK)
        *bytes = arena_str(a, buf_view(&b));
    buf_release(&b);
    return c;
}

/* The waiting file with its bytes. E_CONFLICT when somebody has decided on it. */
static enum code load(
    struct office *o, struct arena *a, int64_t id, struct held *h, struct str *bytes, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = held_get(db, a, id, h, e);
    if (c == OK && h->state != HELD_WAITING)
        c = FAIL(e, E_CONFLICT, "这份扫描件已经有人处理过");
    if (c == OK)
        c = read_blob(db, a, h->blob, bytes, e);
    store_read_end(db);
    return c;
}

/* The readers want a descriptor: a file without a name, in memory. */
static enum code as_fd(struct str bytes, int *fd, struct err *e)
{
    int f = memfd_create("held", MFD_CLOEXEC);

    if (f < 0)
        return io_fail("打开", "内存文件", e);
    if (io_write_fd(f, "内存文件", bytes, e) != OK) {
        close(f);
        return e->code;
    }
    *fd = f;
    return OK;
}

enum code held_page_png(struct office *o, struct arena *a, int64_t id, int page, int width,
    struct str *png, struct err *e)
{
    struct held h = {0};
    struct str bytes = {0};
    int fd = -1;
    enum code c;

    TRY(load(o, a, id, &h, &bytes, e));
    TRY(as_fd(bytes, &fd, e));
    c = reader_page_png(o->readers, a, fd, h.file_name, page, width, png, e);
    close(fd);
    return c;
}

static enum code ocr(struct office *o, struct arena *a, const struct held *h, struct str bytes,
    struct doc *out, struct str *text, struct err *e)
{
    struct buf b;
    int fd = -1;
    enum code c;

    TRY(as_fd(bytes, &fd, e));
    c = reader_ocr(o->readers, a, fd, h->file_name, out, e);
    close(fd);
    TRY(c);
    buf_init(&b, 0);
    doc_text(out, &b);
    *text = arena_str(a, buf_view(&b));
    buf_release(&b);
    return OK;
}

/* ---- the reading, kept while the file waits ---- */

struct reading {
    int64_t held;
    struct str secret; /* the mark found, or empty */
    struct str doc;    /* encoded; empty with a mark */
};

static enum code kept_reading(struct office *o, struct arena *a, int64_t held, struct reading *out,
    bool *there, struct err *e)
{
    struct db *db;
    struct stmt *q;
    enum code c;

    TRY(store_read(o->store, &db, e));
    q = db_sql(db, "SELECT secret, doc FROM held_reading WHERE held = ?1");
    stmt_bind_int(q, 1, held);
    *there = stmt_step(q);
    if (*there)
        *out = (struct reading){held, arena_str(a, stmt_str(q, 0)), arena_str(a, stmt_blob(q, 1))};
    c = stmt_end(q, e);
    store_read_end(db);
    return c;
}

/* Not for one that was decided on meanwhile: nothing of a refused file may come back. */
static enum code keep_reading(struct db *db, void *arg, struct err *e)
{
    const struct reading *r = arg;
    struct stmt *q =
        db_sql(db, "INSERT INTO held_reading (held, secret, doc) SELECT id, ?2, ?3 FROM held"
                   " WHERE id = ?1 AND state = 0 ON CONFLICT (held) DO NOTHING");

    stmt_bind_int(q, 1, r->held);
    stmt_bind_str(q, 2, r->secret);
    stmt_bind_blob(q, 3, r->doc);
    return stmt_run(q, NULL, e);
}

static enum code forget_reading(struct db *db, int64_t held, struct err *e)
{
    struct stmt *q = db_sql(db, "DELETE FROM held_reading WHERE held = ?1");

    stmt_bind_int(q, 1, held);
    return stmt_run(q, NULL, e);
}

/* What OCR reads in the file, from the last time if it was read before. *secret: the mark in it, or NULL; *d and
 * *text are then only there when `text_of_secret` asks for them, by reading again. */
static enum code read_once(struct office *o, struct arena *a, const struct held *h,
    struct str bytes, bool text_of_secret, struct doc *d, struct str *text, const char **secret,
    struct err *e)
{
    struct reading r = {.held = h->id};
    struct buf b;
    bool there;
    enum code c;

    *secret = NULL;
    TRY(kept_reading(o, a, h->id, &r, &there, e));
    if (there && r.secret.n)
        *secret = arena_z(a, r.secret);
    if (there && r.secret.n && !text_of_secret)
        return OK;
    buf_init(&b, 0);
    if (there && !r.secret.n) {
        c = doc_decode(a, r.doc, d, e);
        doc_text(d, &b);
        *text = arena_str(a, buf_view(&b));
        buf_release(&b);
        return c;
    }
    c = ocr(o, a, h, bytes, d, text, e);
    if (c == OK && !there) {
        *secret = describe_secret(d, *text, h->file_name);
        if (*secret)
            r.secret = str_z(*secret);
        else
            doc_encode(d, &b);
        r.doc = buf_view(&b);
        c = store_write(o->store, keep_reading, &r, e);
    }
    buf_release(&b);
    return c;
}

enum code held_propose(struct office *o, struct arena *a, int64_t id, struct document_edit *out,
    struct str *text, struct err *e)
{
    struct held h = {0};
    struct str bytes = {0};
    struct doc d = {0};
    struct str plain = {0};
    struct description what;
    const struct document *m = &what.fresh.d;
    const char *secret;

    TRY(load(o, a, id, &h, &bytes, e));
    TRY(read_once(o, a, &h, bytes, false, &d, &plain, &secret, e));
    if (secret)
        return FAIL(e, E_SECRET,
            "识别出的文字里有密级“%s”，请核对首页；属实的请按“有标志，拒收”处理", secret);
    describe(a, &d, plain, h.file_name, &what);
    *out = (struct document_edit){.title = m->title,
        .docno = m->docno,
        .issuer_name = m->issuer_name,
        .day = m->day,
        .addressee = m->addressee,
        .genre = m->genre,
        .level = h.level,
        .status = m->status,
        .category = h.category};
    *text = plain;
    return OK;
}

struct decision {
    const struct held *h;
    struct description what;
    int64_t by;
    enum held_state state;
};

static enum code decide(struct db *db, const struct decision *d, int64_t doc, struct err *e)
{
    struct stmt *q =
        db_sql(db, "UPDATE held SET state = ?2, document = ?3, decided = ?4, decided_by = ?5"
                   " WHERE id = ?1 AND state = 0");
    int64_t changed = 0;

    stmt_bind_int(q, 1, d->h->id);
    stmt_bind_int(q, 2, d->state);
    stmt_bind_int(q, 3, doc);
    stmt_bind_int(q, 4, clock_now_ms());
    stmt_bind_int(q, 5, d->by);
    TRY(stmt_run(q, &changed, e));
    if (changed == 0)
        return FAIL(e, E_CONFLICT, "这份扫描件已经有人处理过");
    TRY(forget_reading(db, d->h->id, e));
    return audit_simple(db, d->by, d->state == HELD_CONFIRMED ? "held.confirm" : "held.refuse",
        "held", d->h->id, S(""), e);
}

static enum code confirm(struct db *db, void *arg, struct err *e)
{
    struct decision *d = arg;
    const struct document_new *n = &d->what.fresh;
    int64_t same = 0;

    TRY(decide(db, d, n->d.id, e));
    TRY(document_by_blob(db, d->h->blob, &same, e));
    if (same)
        return FAIL(e, E_CONFLICT, "资料库里已有内容完全相同的文件");
    TRY(document_insert(db, n, e));
    return citation_replace(db, n->d.id, d->what.citations, d->what.n_citations, e);
}

/* The person's values stand above what OCR read. */
static void apply_edit(struct document *m, const struct document_edit *ed)
{
    m->title = ed->title;
    m->docno = ed->docno;
    m->issuer_name = ed->issuer_name;
    m->day = ed->day;
    m->addressee = ed->addressee;
    m->genre = ed->genre;
    m->level = ed->level;
    m->status = ed->status;
    m->category = ed->category;
}

enum code held_confirm(struct office *o, int64_t id, const struct document_edit *ed, int64_t by,
    int64_t *doc, struct err *e)
{
    struct arena a;
    struct held h = {0};
    struct str bytes = {0};
    struct doc d = {0};
    struct str text = {0};
    struct decision dec = {.h = &h, .by = by, .state = HELD_CONFIRMED};
    struct document *m = &dec.what.fresh.d;
    struct buf structure;
    enum code c;

    arena_init(&a);
    c = load(o, &a, id, &h, &bytes, e);
    if (c == OK) {
        struct err no_ocr;
        /* Without OCR the document is registered all the same: its metadata can be found. */
        const char *secret; /* the person has looked and says there is none */
        if (read_once(o, &a, &h, bytes, true, &d, &text, &secret, &no_ocr) != OK)
            d = (struct doc){.format = doc_format_of(h.format), .image_only = true};
        describe(&a, &d, text, h.file_name, &dec.what);
        apply_edit(m, ed);
        buf_init(&structure, 0);
        doc_encode_outline(&d, &structure);
        dec.what.fresh.structure = arena_str(&a, buf_view(&structure));
        buf_release(&structure);
        m->id = id_next();
        m->authority = authority_of(m->issuer_name);
        m->unproofed = !ed->proofed;
        m->format = h.format;
        m->blob = h.blob;
        m->file_name = h.file_name;
        m->source = h.source;
        m->size = h.size;
        m->origin = h.origin;
        m->registrar = by;
        m->registered_ms = clock_now_ms();
        c = store_write(o->store, confirm, &dec, e);
    }
    if (c == OK) {
        struct err later; /* it is registered: a failure here is mended at the next opening */
        (void)!document_near_follow(o->store, &later);
        *doc = m->id;
    }
    arena_release(&a);
    return c;
}

static enum code refuse(struct db *db, void *arg, struct err *e)
{
    struct decision *d = arg;
    struct stmt *q;

    TRY(decide(db, d, 0, e));
    q = db_sql(db, "UPDATE held SET file_name = '', source = '', blob = '' WHERE id = ?1");
    stmt_bind_int(q, 1, d->h->id);
    TRY(stmt_run(q, NULL, e));
    return blob_erase(db, d->h->blob, e);
}

enum code held_refuse(struct office *o, int64_t id, int64_t by, struct err *e)
{
    struct arena a;
    struct held h = {0};
    struct str bytes = {0};
    struct decision dec = {.h = &h, .by = by, .state = HELD_REFUSED};
    enum code c;

    arena_init(&a);
    c = load(o, &a, id, &h, &bytes, e);
    if (c == OK)
        c = store_write(o->store, refuse, &dec, e);
    arena_release(&a);
    return c;
}
