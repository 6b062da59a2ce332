/* page_document.c - reading one document, and its original. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "office/kind.h"
#include "office/person.h"
#include "text/genre.h"
#include "web/doc_html.h"
#include "web/route.h"
#include "web/rows.h"

static struct str link_to(struct ctx *c, int64_t doc)
{
    return doc ? arena_printf(c->a, "/library/%lld", (long long)doc) : S("");
}

static struct str compare_link(struct ctx *c, int64_t a, int64_t b)
{
    return arena_printf(c->a, "/compare?a=%lld&b=%lld", (long long)a, (long long)b);
}

static struct str value_of(const struct document *d, const char *field)
{
    if (strcmp(field, "title") == 0)
        return d->title;
    if (strcmp(field, "docno") == 0)
        return d->docno;
    if (strcmp(field, "issuer") == 0)
        return d->issuer_name;
    if (strcmp(field, "day") == 0)
        return d->day;
    return d->addressee;
}

static const char *const shown[] = {"title", "docno", "issuer", "day", "addressee"};

static struct source_row *document_sources(struct ctx *c, const struct document *d,
    const struct document_field *fields, size_t n_fields, size_t *n)
{
    struct source_row *rows = ARENA_ARRAY(c->a, struct source_row, 5);
    *n = 0;
    for (size_t i = 0; i < 5; i++) {
        struct source_row r = {.label = field_label(str_z(shown[i]))};
        r.value = value_of(d, shown[i]);
        if (r.value.n == 0)
            continue;
        for (size_t k = 0; k < n_fields; k++) {
            if (!str_eq(fields[k].field, str_z(shown[i])))
                continue;
            r.from = fields[k].from;
            r.confidence = fields[k].confidence;
            if (fields[k].begin_cp >= 0)
                r.anchor = arena_printf(c->a, "s%zu", k + 1);
        }
        rows[(*n)++] = r;
    }
    return rows;
}

static struct span *spans_of(struct ctx *c, const struct library_reading *r, size_t *n)
{
    struct span *v = ARENA_ARRAY(c->a, struct span, r->n_places + r->n_cites + r->n_fields + 2);
    size_t k = 0;
    int64_t begin = ctx_int(req_query(c->r, "begin"), 0, INT32_MAX, 0);
    int64_t end = ctx_int(req_query(c->r, "end"), 0, INT32_MAX, 0);
    if (end > begin) /* what a matter cites, by its address */
        v[k++] = (struct span){begin, end, SPAN_HIT, 0, {NULL, 0}, NULL};
    for (size_t i = 0; i < r->n_places; i++)
        v[k++] =
            (struct span){r->places[i].begin_cp, r->places[i].end_cp, SPAN_HIT, 0, {NULL, 0}, NULL};
    for (size_t i = 0; i < r->n_cites; i++)
        if (r->cites[i].begin_cp >= 0)
            v[k++] = (struct span){r->cites[i].begin_cp, r->cites[i].end_cp, SPAN_CITE, (int)i + 1,
                link_to(c, r->cites[i].doc), NULL};
    for (size_t i = 0; i < r->n_fields; i++)
        if (r->fields[i].begin_cp >= 0)
            v[k++] = (struct span){r->fields[i].begin_cp, r->fields[i].end_cp, SPAN_SOURCE,
                (int)i + 1, {NULL, 0}, NULL};
    *n = k;
    return v;
}

static bool kind_is_on(const struct ctx *c, struct str kind)
{
    for (size_t i = 0; i < c->n_kinds; i++)
        if (str_eq(c->kinds[i].id, kind))
            return true;
    return false;
}

static enum code fill_body(
    struct ctx *c, const struct library_reading *r, struct page_document *p, struct err *e)
{
    struct doc d;
    struct doc_view view;
    size_t n;
    struct span *spans = spans_of(c, r, &n);
    TRY(doc_decode_outline(c->a, r->structure, r->text, &d, e));
    doc_html(c->a, &d, spans, n, &view);
    p->body = view.body;
    p->wide = view.wide;
    p->outline = view.outline;
    p->n_outline = view.n_outline < 3 ? 0 : view.n_outline; /* two headings need no outline */
    return OK;
}

static struct cite_row cite_row(struct ctx *c, const struct citation_view *v, struct str anchor)
{
    struct cite_row r = {.id = v->doc,
        .title = v->title.n ? v->title : v->docno,
        .docno = v->title.n ? v->docno : S(""),
        .problem = v->problem,
        .link = link_to(c, v->doc),
        .anchor = anchor};
    if (v->doc && v->status != STATUS_UNKNOWN) {
        r.status = str_z(doc_status_name(v->status));
        r.status_class = str_z(status_class(v->status));
    }
    return r;
}

/* One line for each cited document: a text often names the same one many times. */
static void fill_cites(struct ctx *c, const struct library_reading *r, struct page_document *p)
{
    p->cites = ARENA_ARRAY(c->a, struct cite_row, r->n_cites + 1);
    for (size_t i = 0; i < r->n_cites; i++) {
        const struct citation_view *v = &r->cites[i];
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = v->doc ? r->cites[k].doc == v->doc
                           : !r->cites[k].doc && str_eq(r->cites[k].title, v->title) &&
                                 str_eq(r->cites[k].docno, v->docno);
        if (!known)
            p->cites[p->n_cites++] =
                cite_row(c, v, v->begin_cp >= 0 ? arena_printf(c->a, "c%zu", i + 1) : S(""));
    }
    p->cited_by = ARENA_ARRAY(c->a, struct cite_row, r->n_cited_by + 1);
    for (size_t i = 0; i < r->n_cited_by; i++)
        p->cited_by[p->n_cited_by++] = cite_row(c, &r->cited_by[i], S(""));
}

static void fill_near(struct ctx *c, const struct library_reading *r, struct page_document *p)
{
    p->near = ARENA_ARRAY(c->a, struct near_row, r->n_near + 1);
    for (size_t i = 0; i < r->n_near; i++)
        p->near[p->n_near++] = (struct near_row){r->near[i].doc, r->near[i].title, {r->near[i].day},
            r->near[i].percent, link_to(c, r->near[i].doc),
            compare_link(c, r->near[i].doc, r->doc.id)};
    p->editions = ARENA_ARRAY(c->a, struct edition_row, r->n_editions + 1);
    for (size_t i = 0; i < r->n_editions; i++) {
        const struct edition_view *v = &r->editions[i];
        p->editions[p->n_editions++] =
            (struct edition_row){v->doc, v->title, v->label, {v->day}, v->doc == r->doc.id,
                v->confirmed, link_to(c, v->doc), compare_link(c, v->doc, r->doc.id)};
    }
}

static void fill_head(struct ctx *c, const struct document *d, struct page_document *p)
{
    p->id = d->id;
    p->title = d->title.n ? d->title : d->file_name;
    p->docno = d->docno;
    p->issuer = d->issuer_name;
    p->day.s = d->day;
    p->genre = genre_name(d->genre);
    p->addressee = d->addressee;
    p->level = str_z(doc_level_name(d->level));
    p->restricted = d->level != LEVEL_OPEN;
    p->status = str_z(doc_status_name(d->status));
    p->status_class = str_z(status_class(d->status));
    p->category = d->category_name;
    p->unproofed = d->unproofed;
    p->file_name = d->file_name;
    p->format = d->format;
    p->size = ctx_size(c, d->size);
    p->chars = d->chars;
    p->registered.ms = d->registered_ms;
    p->origin = str_z(doc_origin_name(d->origin));
    p->source = d->origin >= ORIGIN_FOLDER ? d->source
                                           : S(""); /* of others it names this machine's folders */
    p->revision = d->revision;
    p->may_edit = access_may(c->v, ACT_EDIT);
    p->may_delete = access_may(c->v, ACT_DELETE);
}

/* Names of others the page shows: who registered it, what replaced it (if the reader may see that). */
static enum code fill_names(
    struct ctx *c, const struct document *d, struct page_document *p, struct err *e)
{
    struct db *db;
    struct person who;
    struct document next;
    struct err ignored;
    bool may = false;
    p->registrar = S("系统");
    TRY(store_read(c->app->office->store, &db, e));
    if (d->registrar && person_get(db, c->a, d->registrar, &who, &ignored) == OK)
        p->registrar = who.name;
    if (d->superseded_by && document_get(db, c->a, d->superseded_by, &next, &ignored) == OK &&
        access_document(db, c->v, next.id, next.level, next.registrar, &may, &ignored) == OK &&
        may) {
        p->superseded_link = link_to(c, next.id);
        p->superseded_title = next.title;
    }
    store_read_end(db);
    return OK;
}

enum code page_document(struct ctx *c, struct err *e)
{
    struct page_document p = {0};
    struct library_reading r = {0};
    struct str q = ctx_words(c, req_query(c->r, "q"));
    TRY(library_read(c->app->office, c->a, c->v, c->id, q, &r, e));
    fill_head(c, &r.doc, &p);
    TRY(fill_names(c, &r.doc, &p, e));
    p.sources = document_sources(c, &r.doc, r.fields, r.n_fields, &p.n_sources);
    if (p.n_sources > 0 && str_eq(p.sources[0].label, S("标题"))) { /* the page bears it above */
        p.sources++;
        p.n_sources--;
    }
    fill_cites(c, &r, &p);
    fill_near(c, &r, &p);
    p.q = q;
    p.places = (int64_t)r.n_places;
    p.done = ctx_flash_take(c);
    TRY(fill_body(c, &r, &p, e));
    p.may_make = c->n_kinds > 0;
    p.may_supervise = kind_is_on(c, S("supervision"));
    p.may_relay = kind_is_on(c, S("relay"));
    c->shell.q = q;
    show_document(c, &p);
    return OK;
}

enum code page_original(struct ctx *c, struct err *e)
{
    char *path = arena_z(c->a, arena_printf(c->a, "%s/tmp/download-XXXXXX", c->app->office->dir));
    struct stat st;
    struct str name;
    enum code code;
    int fd = mkstemp(path);
    if (fd < 0)
        return FAIL(e, E_IO, "无法在数据目录里暂存下载的文件");
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    unlink(path);
    code = library_original(c->app->office, c->a, c->v, c->id, fd, &name, e);
    if (code == OK && fstat(fd, &st) != 0)
        code = FAIL(e, E_IO, "暂存的文件读不出大小");
    if (code != OK) {
        close(fd);
        return code;
    }
    c->r->res.kind = BODY_FD;
    c->r->res.fd = fd;
    c->r->res.fd_size = st.st_size;
    c->r->res.type = S("application/octet-stream"); /* never shown inside our origin */
    ctx_attachment(c, name);
    return OK;
}
