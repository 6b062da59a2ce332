/* page_edit.c - changing and deleting the metadata of a document. */
#include "text/genre.h"
#include "web/route.h"
#include "web/rows.h"

enum { PICKS_SHOWN = 8, PICK_BYTES_MAX = 300 };

struct edit_job {
    struct document_edit ed;
};

static enum code readable(struct ctx *c, struct db *db, struct document *d, struct err *e)
{
    bool may = false;
    TRY(document_get(db, c->a, c->id, d, e));
    TRY(access_document(db, c->v, d->id, d->level, d->registrar, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "没有这份文件，或者您看不到它");
    return OK;
}

static enum code read_document(struct ctx *c, struct document *d, struct err *e)
{
    struct db *db;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = readable(c, db, d, e);
    store_read_end(db);
    return code;
}

static void fill_values(const struct document_edit *ed, struct page_document_edit *p)
{
    p->id = ed->id;
    p->revision = ed->revision;
    p->title = ed->title;
    p->docno = ed->docno;
    p->issuer = ed->issuer_name;
    p->day = ed->day;
    p->addressee = ed->addressee;
    p->proofed = ed->proofed;
    p->superseded_by = ed->superseded_by;
}

static void fill_was(const struct document *d, struct page_document_edit *p)
{
    p->was_title = d->title;
    p->was_docno = d->docno;
    p->was_issuer = d->issuer_name;
    p->was_day = d->day;
    p->was_addressee = d->addressee;
}

/* What the field shows for a document, and how a choice of it comes back. */
static struct str pick_text(struct ctx *c, const struct document *d)
{
    return d->docno.n ? arena_printf(c->a, "%.*s　%.*s", SF(d->title), SF(d->docno)) : d->title;
}

/* The text of the document that stands there now; nothing for one the person may not know of. */
static enum code text_of(struct ctx *c, struct db *db, int64_t id, struct str *text, struct err *e)
{
    struct document d;
    bool may = false;
    enum code code = id ? document_get(db, c->a, id, &d, e) : E_NOTFOUND;
    *text = S("");
    if (code == OK)
        code = access_document(db, c->v, d.id, d.level, d.registrar, &may, e);
    if (code == OK && may)
        *text = pick_text(c, &d);
    return code == E_NOTFOUND ? OK : code;
}

static enum code show_edit(
    struct ctx *c, const struct document_edit *ed, struct page_document_edit *p, struct err *e)
{
    struct choices genres = {0}, levels = {0}, statuses = {0}, cats = {0};
    struct document_field *fields;
    struct document d;
    size_t n;
    struct db *db;
    enum code code;
    fill_values(ed, p);
    choices_genre(c, &genres, ed->genre, "（无）");
    choices_level(c, &levels, (int)ed->level, NULL);
    choices_status(c, &statuses, (int)ed->status, NULL);
    TRY(store_read(c->app->office->store, &db, e));
    code = readable(c, db, &d, e);
    if (code == OK)
        code = choices_category(c, db, &cats, ed->category, "（不归类）", e);
    if (code == OK)
        code = document_fields(db, c->a, c->id, &fields, &n, e);
    if (code == OK && p->superseded_text.n == 0)
        code = text_of(c, db, ed->superseded_by, &p->superseded_text, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->unproofed = d.unproofed;
    p->sources = ARENA_ARRAY(c->a, struct source_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct document_field *f = &fields[i];
        p->sources[p->n_sources++] =
            (struct source_row){field_label(f->field), f->value, f->from, S(""), f->confidence};
    }
    p->genres = genres.v;
    p->n_genres = genres.n;
    p->levels = levels.v;
    p->n_levels = levels.n;
    p->statuses = statuses.v;
    p->n_statuses = statuses.n;
    p->categories = cats.v;
    p->n_categories = cats.n;
    show_document_edit(c, p);
    return OK;
}

enum code page_document_edit(struct ctx *c, struct err *e)
{
    struct page_document_edit p = {0};
    struct document d;
    struct document_edit ed;
    TRY(read_document(c, &d, e));
    ed = document_edit_of(&d);
    fill_was(&d, &p);
    return show_edit(c, &ed, &p, e);
}

static void read_edit(struct ctx *c, struct document_edit *ed)
{
    *ed = (struct document_edit){.id = c->id,
        .revision = ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0),
        .title = ctx_words(c, req_field(c->r, "title")),
        .docno = ctx_words(c, req_field(c->r, "docno")),
        .issuer_name = ctx_words(c, req_field(c->r, "issuer")),
        .day = str_trim(req_field(c->r, "day")),
        .addressee = ctx_words(c, req_field(c->r, "addressee")),
        .genre = (int)ctx_int(req_field(c->r, "genre"), 0, GENRE_MAX, 0),
        .level = (enum doc_level)ctx_int(req_field(c->r, "level"), 0, N_LEVEL - 1, LEVEL_INTERNAL),
        .status = (enum doc_status)ctx_int(req_field(c->r, "status"), 0, N_STATUS - 1, 0),
        .category = ctx_int(req_field(c->r, "category"), 1, INT64_MAX, 0),
        .proofed = req_field(c->r, "proofed").n > 0};
}

/* The hidden id counts while the text beside it is that of its document: with script both are set by the choice, and
 * what is typed afterwards, or without script, is looked up. */
static enum code read_successor(struct ctx *c, int64_t *id, struct err *e)
{
    struct str text = ctx_words(c, req_field(c->r, "superseded_text")), of_id;
    int64_t hidden = id_in_text(req_field(c->r, "superseded_by"));
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = text_of(c, db, hidden, &of_id, e);
    store_read_end(db);
    TRY(code);
    *id = str_eq(ctx_words(c, of_id), text) ? hidden : id_in_text(text);
    return *id || text.n == 0 ? OK : library_named(c->app->office, c->a, c->v, text, id, e);
}

/* Inside the write: the right to the document is asked where it is changed. */
static enum code write_edit(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct edit_job *job = c->job;
    struct document d;
    TRY(readable(c, db, &d, e));
    return document_update(db, &job->ed, c->v->person, e);
}

/* Five texts of the metadata: what stands now, what was typed, what stood when the form was opened. */
struct text_field {
    const char *label, *was;
    struct str now;
    struct str *typed;
};

/* Somebody saved first. What this person had not touched takes the new value; what both changed stays as
 * typed, with the other's words beside it; the form may then be saved on top. */
static void merge_texts(
    struct ctx *c, const struct document *d, struct document_edit *ed, struct page_document_edit *p)
{
    struct text_field f[] = {{"标题", "was_title", d->title, &ed->title},
        {"发文字号", "was_docno", d->docno, &ed->docno},
        {"发文机关", "was_issuer", d->issuer_name, &ed->issuer_name},
        {"成文日期", "was_day", d->day, &ed->day},
        {"主送", "was_addressee", d->addressee, &ed->addressee}};
    for (size_t i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
        struct str was = req_field(c->r, f[i].was);
        if (str_eq(f[i].now, was))
            continue;
        p->changed[p->n_changed++] = (struct source_row){
            str_z(f[i].label), f[i].now.n ? f[i].now : S("（空）"), S(""), S(""), 0};
        if (str_eq(*f[i].typed, was))
            *f[i].typed = f[i].now;
    }
}

static enum code show_conflict(
    struct ctx *c, struct document_edit *ed, struct page_document_edit *p, struct err *e)
{
    struct document d;
    TRY(read_document(c, &d, e));
    p->changed = ARENA_ARRAY(c->a, struct source_row, 8);
    merge_texts(c, &d, ed, p);
    if (d.status != ed->status)
        p->changed[p->n_changed++] =
            (struct source_row){S("效力状态"), str_z(doc_status_name(d.status)), S(""), S(""), 0};
    if (d.level != ed->level)
        p->changed[p->n_changed++] =
            (struct source_row){S("知悉级别"), str_z(doc_level_name(d.level)), S(""), S(""), 0};
    ed->revision = d.revision;
    fill_was(&d, p);
    c->r->res.status = 409;
    return show_edit(c, ed, p, e);
}

static enum code after_edit(struct ctx *c, enum code code, struct err *e)
{
    struct edit_job *job = c->job;
    struct page_document_edit p = {0};
    if (code == OK) {
        ctx_flash(c, S("元数据已保存"));
        ctx_redirect(c, arena_printf(c->a, "/library/%lld", (long long)c->id));
        return OK;
    }
    p.problem = arena_str(c->a, str_z(e->msg));
    if (code == E_CONFLICT)
        return show_conflict(c, &job->ed, &p, e);
    if (code != E_INPUT && code != E_LIMIT)
        return code;
    p.superseded_text = req_field(c->r, "superseded_text");
    p.was_title = req_field(c->r, "was_title");
    p.was_docno = req_field(c->r, "was_docno");
    p.was_issuer = req_field(c->r, "was_issuer");
    p.was_day = req_field(c->r, "was_day");
    p.was_addressee = req_field(c->r, "was_addressee");
    c->r->res.status = 400;
    return show_edit(c, &job->ed, &p, e);
}

enum code do_document_edit(struct ctx *c, struct err *e)
{
    struct edit_job *job = ARENA_NEW(c->a, struct edit_job);
    enum code code;
    read_edit(c, &job->ed);
    c->job = job;
    code = read_successor(c, &job->ed.superseded_by, e);
    if (code != OK)
        return after_edit(c, code, e);
    return ctx_write(c, write_edit, c, after_edit);
}

enum code page_pick(struct ctx *c, struct err *e)
{
    struct page_pick p = {0};
    struct library_page page = {0};
    struct str q = ctx_words(c, req_query(c->r, "q"));
    if (q.n > 0 && q.n <= PICK_BYTES_MAX)
        TRY(library_titled(c->app->office, c->a, c->v, q, PICKS_SHOWN, &page, e));
    p.rows = ARENA_ARRAY(c->a, struct pick_row, page.n + 1);
    for (size_t i = 0; i < page.n; i++) {
        const struct document *d = &page.hits[i].doc;
        struct doc_row r = row_doc(c, d);
        p.rows[p.n_rows++] = (struct pick_row){d->id, pick_text(c, d), {d->day}, r.status, r.link};
    }
    show_pick(c, &p);
    return OK;
}

static enum code write_delete(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct document d;
    TRY(readable(c, db, &d, e));
    return document_delete(
        db, c->id, ctx_int(req_field(c->r, "revision"), 1, INT64_MAX, 0), c->v->person, e);
}

static enum code after_delete(struct ctx *c, enum code code, struct err *e)
{
    (void)e;
    if (code != OK)
        return code;
    ctx_redirect(c, S("/library"));
    return OK;
}

enum code do_document_delete(struct ctx *c, struct err *e)
{
    (void)e;
    return ctx_write(c, write_delete, c, after_delete);
}
