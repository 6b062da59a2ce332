/* page_desk.c - what the desk asks while one writes: the text comes along, nothing of it is kept. */
#include "office/access.h"
#include "office/desk.h"
#include "office/manuscript_file.h"
#include "paper/face_pool.h"
#include "paper/layout_out.h"
#include "text/genre.h"
#include "web/route.h"

enum { DESK_PAGE_MAX = LAYOUT_PAGES_MAX };

static struct str link_to(struct ctx *c, int64_t doc)
{
    return doc ? arena_printf(c->a, "/library/%lld", (long long)doc) : S("");
}

/* ---- findings ---- */

static struct desk_finding_row finding_row(struct ctx *c, const struct desk_finding *x)
{
    const struct finding *f = x->f;
    struct desk_finding_row r = {.begin = (int64_t)x->begin,
        .end = (int64_t)x->end,
        .begin_cp = (int64_t)x->begin_cp,
        .end_cp = (int64_t)x->end_cp,
        .rule = str_z(f->rule->id),
        .name = str_z(f->rule->name),
        .cls = str_z(check_class_name(f->rule->cls)),
        .local = (desk_part_classes() >> f->rule->cls & 1) != 0,
        .level = str_z(check_level_name(f->level)),
        .level_key = str_z(check_level_key(f->level)),
        .basis = str_z(f->rule->basis),
        .words = x->words,
        .message = f->message,
        .has_suggestion = f->n_suggestions > 0,
        .fix = f->fix};

    if (f->n_suggestions) {
        r.suggestion = f->suggestions[0];
        r.deletes = f->suggestions[0].n == 0;
    }
    if (f->source) {
        r.source = f->source->title;
        r.source_label = f->source->label;
        r.source_text = f->source->text;
        r.link = link_to(c, f->source->doc);
    }
    return r;
}

enum code do_desk_findings(struct ctx *c, struct err *e)
{
    struct page_desk_findings p = {0};
    struct desk_check k;

    TRY(desk_check(c->app->office, c->a, c->v, req_field(c->r, "text"),
        (int)ctx_int(req_field(c->r, "genre"), 1, GENRE_MAX, 0), req_field(c->r, "part").n > 0, &k,
        e));
    p.rows = ARENA_ARRAY(c->a, struct desk_finding_row, k.n + 1);
    for (size_t i = 0; i < k.n; i++)
        p.rows[p.n_rows++] = finding_row(c, &k.v[i]);
    p.chars = k.chars;
    p.hidden = (int64_t)k.n_hidden;
    p.cut = k.cut;
    p.skipped = (int64_t)k.n_skipped;
    p.documents = k.documents;
    p.behind = k.behind;
    p.words_problem = k.words_problem;
    p.ms = k.us / 1000;
    show_desk_findings(c, &p);
    return OK;
}

/* ---- pages ---- */

static int64_t hundredths_mm(double mm)
{
    return (int64_t)(mm * 100 + 0.5);
}

static void fill_pages(struct ctx *c, const struct desk_pages *d, struct page_desk_pages *p)
{
    size_t at = (size_t)ctx_int(req_field(c->r, "at"), 0, DESK_BYTES_MAX, 0), page;
    int64_t asked = ctx_int(req_field(c->r, "page"), 1, DESK_PAGE_MAX, 0);
    struct buf b;

    page = asked ? (size_t)asked - 1 : desk_page_of(d, at);
    if (page >= d->layout.n)
        page = d->layout.n - 1;
    p->form = str_z(official_form_name(d->doc.form));
    p->pages = (int64_t)d->layout.n;
    p->page = (int64_t)page + 1;
    p->width = hundredths_mm(d->layout.width);
    p->height = hundredths_mm(d->layout.height);
    buf_init(&b, 0);
    layout_svg_plain(&d->layout, page, &b);
    p->svg.s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    p->lines = ARENA_ARRAY(c->a, struct desk_line_row, d->n_lines + 1);
    for (size_t i = 0; i < d->n_lines; i++)
        p->lines[p->n_lines++] = (struct desk_line_row){
            (int64_t)d->lines[i].at, (int64_t)d->lines[i].page + 1, hundredths_mm(d->lines[i].y)};
    p->notes = ARENA_ARRAY(c->a, struct desk_note_row, d->n_notes + 1);
    for (size_t i = 0; i < d->n_notes; i++)
        p->notes[p->n_notes++].text = d->notes[i];
    p->ms = d->us / 1000;
}

/* The pictures of the manuscript, if it is one and the person may read it. */
static enum code pictures_of(struct ctx *c, struct desk_pictures *out, struct err *e)
{
    struct manuscript_file *v = NULL;
    struct db *db;

    *out = (struct desk_pictures){
        .manuscript = ctx_int(req_field(c->r, "manuscript"), 1, INT64_MAX, 0)};
    if (!out->manuscript)
        return OK;
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = manuscript_files(db, c->a, ctx_actor(c), out->manuscript, &v, &out->n, e);
    store_read_end(db);
    out->v = v;
    return code;
}

enum code do_desk_pages(struct ctx *c, struct err *e)
{
    struct page_desk_pages p = {0};
    struct desk_pictures pictures;
    struct desk_pages d;
    struct faces *f;
    enum code code;

    TRY(pictures_of(c, &pictures, e));
    TRY(face_pool_take(c->app->faces, &f, e));
    code = desk_pages(c->a, f, req_field(c->r, "text"), &pictures, &d, e);
    if (code == OK && d.layout.n)
        fill_pages(c, &d, &p);
    face_pool_give(c->app->faces, f);
    TRY(code);
    show_desk_pages(c, &p);
    return OK;
}

/* ---- passages ---- */

static struct str label_of(struct ctx *c, const struct document *d)
{
    struct str parts[] = {d->issuer_name, d->docno, d->day}, out = S("");

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (parts[i].n)
            out = out.n ? arena_printf(c->a, "%.*s　%.*s", SF(out), SF(parts[i])) : parts[i];
    return out;
}

enum code do_desk_passages(struct ctx *c, struct err *e)
{
    struct page_desk_passages p = {0};
    struct desk_passage *v;
    size_t n;

    TRY(desk_passages(c->app->office, c->a, c->v, str_trim(req_field(c->r, "text")),
        ctx_words(c, req_field(c->r, "q")), &v, &n, e));
    p.rows = ARENA_ARRAY(c->a, struct desk_passage_row, n + 1);
    for (size_t i = 0; i < n; i++)
        p.rows[p.n_rows++] = (struct desk_passage_row){.doc = v[i].doc.id,
            .title = v[i].doc.title,
            .label = label_of(c, &v[i].doc),
            .status = str_z(doc_status_name(v[i].doc.status)),
            .current = v[i].doc.status != STATUS_REVISED && v[i].doc.status != STATUS_REPEALED,
            .text = v[i].text,
            .cite = v[i].cite,
            .percent = v[i].percent,
            .link = link_to(c, v[i].doc.id)};
    show_desk_passages(c, &p);
    return OK;
}
