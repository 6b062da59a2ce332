/* The reading view and what stands around it; searching and listing are in library.c. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "office/access.h"
#include "office/audit.h"
#include "office/citation.h"
#include "office/edition.h"
#include "office/index.h"
#include "office/issuer.h"
#include "office/key.h"
#include "office/library.h"
#include "store/blob.h"
#include "text/query.h"

enum { NEAR_SHOWN = 10, PLACES_SHOWN = 2000, NAME_CP_MAX = 80, CITED_BY_SHOWN = 200 };

/* The document, if this viewer may know of it; the same answer for "none" and "not for you". */
static enum code get_readable(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct document *out, struct err *e)
{
    struct document d;
    bool may = false;

    TRY(document_get(db, a, id, &d, e));
    TRY(access_document(db, v, id, d.level, d.registrar, &may, e));
    if (!may)
        return FAIL(e, E_NOTFOUND, "资料不存在，可能已被删除");
    *out = d;
    return OK;
}

/* Of many, those that may be seen, in order. */
static enum code readable_many(struct db *db, struct arena *a, const struct viewer *v,
    const int64_t *ids, size_t n, struct document **out, size_t *n_out, struct err *e)
{
    struct document *v_out = ARENA_ARRAY(a, struct document, n + 1);
    size_t k = 0;

    for (size_t at = 0; at < n; at += DOCUMENT_MANY) {
        struct document *docs;
        size_t got;
        size_t step = n - at < DOCUMENT_MANY ? n - at : DOCUMENT_MANY;
        TRY(document_get_many(db, a, ids + at, step, &docs, &got, e));
        for (size_t i = 0; i < got; i++) {
            bool may = false;
            TRY(access_document(db, v, docs[i].id, docs[i].level, docs[i].registrar, &may, e));
            if (may)
                v_out[k++] = docs[i];
        }
    }
    *out = v_out;
    *n_out = k;
    return OK;
}

static const struct document *find_doc(const struct document *docs, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (docs[i].id == id)
            return &docs[i];
    return NULL;
}

/* 《督查督办工作办法》 and 关于印发《督查督办工作办法》的通知 are one document to whoever cites it. */
static bool names(struct arena *a, struct str cited, struct str title)
{
    struct str key = key_of_title(a, cited);

    return str_eq(key, key_of_title(a, title)) || str_eq(key, key_of_title(a, key_printed(title)));
}

/* What the reader of a citation should know about the document cited. */
static struct str problem_of(
    struct arena *a, const struct citation *c, const struct document *cited)
{
    if (c->title.n && c->docno.n && !names(a, c->title, cited->title))
        return arena_printf(
            a, "题名与文号不符，%.*s是《%.*s》", SF(cited->docno), SF(cited->title));
    if (cited->status == STATUS_REPEALED)
        return S("所引文件已废止");
    if (cited->status == STATUS_REVISED)
        return S("所引文件已有新版本");
    return (struct str){0};
}

static enum code take_cites(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct library_reading *out, struct err *e)
{
    struct citation *list;
    size_t n;
    int64_t *ids;
    struct document *docs;
    size_t n_docs;

    TRY(citation_from(db, a, id, &list, &n, e));
    ids = ARENA_ARRAY(a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = list[i].to;
    TRY(readable_many(db, a, v, ids, n, &docs, &n_docs, e));
    out->cites = ARENA_ARRAY(a, struct citation_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct document *d = list[i].to ? find_doc(docs, n_docs, list[i].to) : NULL;
        out->cites[i] = (struct citation_view){.doc = d ? d->id : 0,
            .title = d ? d->title : list[i].title,
            .docno = d ? d->docno : list[i].docno,
            .status = d ? d->status : STATUS_UNKNOWN,
            .begin_cp = list[i].begin_cp,
            .end_cp = list[i].end_cp,
            .problem = d ? problem_of(a, &list[i], d) : (struct str){0}};
    }
    out->n_cites = n;
    return OK;
}

static enum code take_cited_by(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct library_reading *out, struct err *e)
{
    struct citation *list;
    size_t n;
    int64_t *ids;
    size_t k = 0;
    struct document *docs;
    size_t n_docs;

    TRY(citation_to(db, a, id, &list, &n, e));
    ids = ARENA_ARRAY(a, int64_t, n + 1);
    for (size_t i = 0; i < n; i++) /* ordered by the citing document: each once */
        if ((k == 0 || ids[k - 1] != list[i].from) && k < CITED_BY_SHOWN)
            ids[k++] = list[i].from;
    TRY(readable_many(db, a, v, ids, k, &docs, &n_docs, e));
    out->cited_by = ARENA_ARRAY(a, struct citation_view, n_docs + 1);
    for (size_t i = 0; i < n_docs; i++) {
        struct citation_view c = {.doc = docs[i].id,
            .title = docs[i].title,
            .docno = docs[i].docno,
            .status = docs[i].status,
            .begin_cp = -1,
            .end_cp = -1};
        for (size_t j = 0; j < n && c.begin_cp < 0; j++) {
            if (list[j].from == docs[i].id) {
                c.begin_cp = list[j].begin_cp;
                c.end_cp = list[j].end_cp;
            }
        }
        out->cited_by[out->n_cited_by++] = c;
    }
    return OK;
}

static enum code take_near(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct library_reading *out, struct err *e)
{
    struct near_match *list;
    size_t n;
    int64_t ids[NEAR_SHOWN];
    struct document *docs;
    size_t n_docs;

    TRY(document_near(db, a, id, NEAR_SHOWN, &list, &n, e));
    for (size_t i = 0; i < n; i++)
        ids[i] = list[i].doc;
    TRY(readable_many(db, a, v, ids, n, &docs, &n_docs, e));
    out->near = ARENA_ARRAY(a, struct near_view, n_docs + 1);
    for (size_t i = 0; i < n; i++) {
        const struct document *d = find_doc(docs, n_docs, list[i].doc);
        if (d)
            out->near[out->n_near++] = (struct near_view){d->id, d->title, d->day, list[i].percent};
    }
    return OK;
}

static enum code take_editions(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct library_reading *out, struct err *e)
{
    struct edition_group g;
    int64_t *ids;
    struct document *docs;
    size_t n_docs;
    enum code c = edition_of(db, a, id, &g, e);

    if (c == E_NOTFOUND)
        return OK; /* most documents stand alone */
    TRY(c);
    ids = ARENA_ARRAY(a, int64_t, g.n + 1);
    for (size_t i = 0; i < g.n; i++)
        ids[i] = g.members[i].doc;
    TRY(readable_many(db, a, v, ids, g.n, &docs, &n_docs, e));
    out->editions = ARENA_ARRAY(a, struct edition_view, n_docs + 1);
    for (size_t i = 0; i < g.n; i++) {
        const struct document *d = find_doc(docs, n_docs, g.members[i].doc);
        if (d)
            out->editions[out->n_editions++] = (struct edition_view){
                d->id, d->title, d->day, g.members[i].label, g.state == EDITION_CONFIRMED};
    }
    return OK;
}

static enum code read_all(struct db *db, struct arena *a, const struct viewer *v, int64_t id,
    struct library_reading *out, struct err *e)
{
    TRY(get_readable(db, a, v, id, &out->doc, e));
    TRY(document_text(db, a, id, &out->text, e));
    TRY(document_structure(db, a, id, &out->structure, e));
    TRY(document_fields(db, a, id, &out->fields, &out->n_fields, e));
    TRY(take_cites(db, a, v, id, out, e));
    TRY(take_cited_by(db, a, v, id, out, e));
    TRY(take_near(db, a, v, id, out, e));
    return take_editions(db, a, v, id, out, e);
}

enum code library_read(struct office *o, struct arena *a, const struct viewer *v, int64_t id,
    struct str query, struct library_reading *out, struct err *e)
{
    struct library_reading r = {0};
    struct query *q = NULL;
    struct err ignored;
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = read_all(db, a, v, id, &r, e);
    store_read_end(db);
    TRY(c);
    /* A query that cannot be read any more costs the marks, not the page. */
    if (str_trim(query).n && query_parse(a, query, &q, &ignored) == OK && q->root)
        TRY(corpus_places(o->corpus, a, q, id, PLACES_SHOWN, &r.places, &r.n_places, e));
    audit_access(o->store, v->person, ACCESS_READ, id);
    *out = r;
    return OK;
}

/* 关于××的通知20260713.docx: what a file system cannot hold is replaced, long titles are cut. */
struct str library_file_name(
    struct arena *a, const struct document *d, struct str mark, struct str format)
{
    static const char *const bad = "/\\:*?\"<>|";
    struct buf b;
    struct str title = str_trim(d->title);
    struct str name;
    struct day day;

    title = str_sub(title, 0, utf8_off(title, NAME_CP_MAX));
    buf_init(&b, 1024);
    for (size_t i = 0; i < title.n; i++) {
        bool wrong = (unsigned char)title.p[i] < 0x20;
        for (const char *p = bad; *p && !wrong; p++)
            wrong = *p == title.p[i];
        buf_char(&b, (char)(wrong ? '_' : title.p[i]));
    }
    buf_str(&b, mark);
    if (day_from_iso(d->day, &day)) {
        char compact[DAY_ISO_SIZE];
        buf_str(&b, day_compact(day, compact));
    }
    buf_char(&b, '.');
    buf_str(&b, format);
    name = arena_str(a, buf_view(&b));
    buf_release(&b);
    return name;
}

enum code library_original(struct office *o, struct arena *a, const struct viewer *v, int64_t id,
    int fd, struct str *name, struct err *e)
{
    struct document d = {0};
    struct db *db;
    enum code c;

    TRY(store_read(o->store, &db, e));
    c = get_readable(db, a, v, id, &d, e);
    if (c == OK)
        c = blob_read_fd(db, d.blob, fd, e);
    store_read_end(db);
    TRY(c);
    audit_access(o->store, v->person, ACCESS_DOWNLOAD, id);
    *name = library_file_name(a, &d, S(""), d.format.n ? d.format : S("bin"));
    return OK;
}

/* ---- what the library covers ---- */

/* Bands of corpus_attr.authority, as text/meta.h sets it. */
static const struct {
    int from, to;
    const char *name;
} bands[] = {
    {85, 255, "中央"},
    {65, 84, "部委、最高司法机关"},
    {55, 64, "省级"},
    {45, 54, "市级"},
    {35, 44, "县级"},
    {25, 34, "本集团及企业"},
    {0, 24, "其他和来源不明"},
};
enum { N_BANDS = sizeof(bands) / sizeof(*bands) };

/* What one person may see, and the corpus brought level with the database: what every figure on a page
 * is counted by. */
static enum code level_with_database(struct office *o, struct arena *a, const struct viewer *v,
    struct corpus_filter *f, struct err *e)
{
    struct db *db;
    enum code c;

    TRY(index_catch_up(o, NULL, e));
    TRY(store_read(o->store, &db, e));
    c = access_filter(db, a, v, f, e);
    store_read_end(db);
    return c;
}

static void band_add(
    struct coverage_row *rows, int32_t latest[N_BANDS], const struct facet_count *f)
{
    for (int i = 0; i < N_BANDS; i++) {
        if ((int)f->value < bands[i].from || (int)f->value > bands[i].to)
            continue;
        rows[i].documents += f->documents;
        latest[i] = f->latest > latest[i] ? f->latest : latest[i];
    }
}

enum code library_coverage(struct office *o, struct arena *a, const struct viewer *v,
    struct coverage_row **out, size_t *n, int64_t *total, struct err *e)
{
    struct corpus_filter f = {0};
    struct coverage_row *rows = ARENA_ARRAY(a, struct coverage_row, N_BANDS);
    struct facet_count *counts;
    int32_t latest[N_BANDS];
    size_t n_counts;
    int64_t all = 0;

    TRY(level_with_database(o, a, v, &f, e));
    corpus_count(o->corpus, a, &f, FACET_AUTHORITY, &counts, &n_counts);
    for (int i = 0; i < N_BANDS; i++) {
        rows[i].name = str_z(bands[i].name);
        latest[i] = INT32_MIN;
    }
    for (size_t i = 0; i < n_counts; i++) {
        band_add(rows, latest, &counts[i]);
        all += counts[i].documents;
    }
    for (int i = 0; i < N_BANDS; i++) {
        char iso[DAY_ISO_SIZE];
        if (latest[i] != INT32_MIN)
            rows[i].latest = arena_str(a, day_iso(day_of(latest[i]), iso));
    }
    *out = rows;
    *n = N_BANDS;
    *total = all;
    return OK;
}

/* Most documents first; of as many, the one that was known first. */
static int by_documents(const void *x, const void *y)
{
    const struct facet_count *a = x;
    const struct facet_count *b = y;

    if (a->documents != b->documents)
        return a->documents > b->documents ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

enum code library_issuers(struct office *o, struct arena *a, const struct viewer *v, size_t limit,
    struct issuer_count **out, size_t *n, struct err *e)
{
    struct corpus_filter f = {0};
    struct facet_count *counts;
    struct issuer_count *rows;
    struct db *db;
    size_t n_counts;
    size_t k = 0;
    enum code c = OK;

    TRY(level_with_database(o, a, v, &f, e));
    corpus_count(o->corpus, a, &f, FACET_ISSUER, &counts, &n_counts);
    if (n_counts)
        qsort(counts, n_counts, sizeof(*counts), by_documents);
    rows = ARENA_ARRAY(a, struct issuer_count, n_counts + 1);
    TRY(store_read(o->store, &db, e));
    for (size_t i = 0; c == OK && i < n_counts && k < limit; i++) {
        struct issuer issuer;
        if (counts[i].value == 0)
            continue; /* documents whose issuer is not known */
        c = issuer_get(db, a, counts[i].value, &issuer, e);
        if (c == OK)
            rows[k++] = (struct issuer_count){issuer.id, issuer.name, counts[i].documents};
    }
    store_read_end(db);
    TRY(c);
    *out = rows;
    *n = k;
    return OK;
}
