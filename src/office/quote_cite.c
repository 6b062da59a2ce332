/* Documents that a draft names: is the title as issued, does the number belong to it, does it hold? */
#include <stdlib.h>

#include "base/utf8.h"
#include "office/key.h"
#include "office/quote_int.h"
#include "office/repeal.h"
#include "text/diff.h"
#include "text/query.h"

enum {
    CITES_JUDGED_MAX = 400, /* different ones; a draft that names more is a list */
    FUZZY_MAX = 60,         /* titles unknown to the library that are looked up by their pieces */
    FUZZY_CP_MIN = 8,
    FUZZY_HITS = 40,
    CONTEXT_CP = 24, /* how far around a citation words of repeal are looked for */
    TITLE_CP_MIN = 4,
    REPEALS_MAX = 8, /* documents that may say so of one title */
};

struct str quote_label(struct arena *a, const struct document *d)
{
    return arena_printf(a, "%.*s%s%.*s%s%.*s", SF(d->issuer_name), d->issuer_name.n ? " " : "",
        SF(d->docno), d->docno.n ? " " : "", SF(d->day));
}

static int by_id(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return a < b ? -1 : a > b;
}

enum code quote_documents(struct quoting *q, struct db *db, const int64_t *ids, size_t n,
    struct document **out, size_t *n_out)
{
    int64_t *sorted = ARENA_ARRAY(q->a, int64_t, n + 1);
    struct document *kept = ARENA_ARRAY(q->a, struct document, n + 1);
    size_t different = 0, k = 0;

    for (size_t i = 0; i < n; i++)
        sorted[i] = ids[i];
    qsort(sorted, n, sizeof(*sorted), by_id);
    for (size_t i = 0; i < n; i++)
        if (different == 0 || sorted[different - 1] != sorted[i])
            sorted[different++] = sorted[i];
    for (size_t at = 0; at < different; at += DOCUMENT_MANY) {
        struct document *docs;
        size_t got, step = different - at < DOCUMENT_MANY ? different - at : DOCUMENT_MANY;
        TRY(document_get_many(db, q->a, sorted + at, step, &docs, &got, q->e));
        for (size_t i = 0; i < got; i++) {
            bool may = false;
            TRY(access_document(
                db, q->v, docs[i].id, docs[i].level, docs[i].registrar, &may, q->e));
            if (may)
                kept[k++] = docs[i];
        }
    }
    *out = kept;
    *n_out = k;
    return OK;
}

enum code quote_text(struct quoting *q, int64_t doc, struct str *text)
{
    struct db *db;
    enum code c;

    TRY(store_read(q->o->store, &db, q->e));
    c = document_text(db, q->a, doc, text, q->e);
    store_read_end(db);
    return c;
}

static struct str day_str(struct arena *a, struct lex_date d)
{
    return arena_printf(a, "%04d-%02d-%02d", d.year, d.month ? d.month : 12, d.day ? d.day : 31);
}

/* Not issued after the day the draft is judged by; a document without a day counts. */
static bool known_then(const struct quoting *q, const struct document *d)
{
    return d->day.n == 0 || str_cmp(d->day, day_str(q->a, q->c->day)) <= 0;
}

const struct document *quote_version(const struct quoting *q, const struct named *n)
{
    for (size_t i = 0; i < n->n_docs; i++)
        if (known_then(q, &n->docs[i]))
            return &n->docs[i];
    return NULL;
}

static const struct document *doc_by_id(const struct document *docs, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (docs[i].id == id)
            return &docs[i];
    return NULL;
}

static enum code resolve(struct quoting *q, struct db *db, struct named *n)
{
    struct citation_candidate *list = NULL;
    size_t n_list = 0, k = 0;
    int64_t numbered = 0;
    int64_t *ids;
    struct document *docs;
    size_t n_docs;

    if (n->cite->name.n)
        TRY(citation_candidates(db, q->a, n->cite->name, &list, &n_list, q->e));
    if (n->cite->numbered) {
        struct buf b;
        enum code c;
        buf_init(&b, 0);
        docno_print(&n->cite->docno, &b);
        c = citation_numbered(db, q->a, arena_str(q->a, buf_view(&b)), &numbered, q->e);
        buf_release(&b);
        TRY(c);
    }
    ids = ARENA_ARRAY(q->a, int64_t, n_list + 1);
    for (size_t i = 0; i < n_list; i++)
        ids[i] = list[i].id;
    if (numbered)
        ids[n_list] = numbered;
    TRY(quote_documents(q, db, ids, n_list + (numbered != 0), &docs, &n_docs));
    n->docs = ARENA_ARRAY(q->a, struct document, n_docs + 1);
    if (numbered && doc_by_id(docs, n_docs, numbered)) {
        n->docs[k++] = *doc_by_id(docs, n_docs, numbered);
        n->by_number = true;
    }
    for (size_t i = 0; i < n_list; i++) {
        const struct document *d = doc_by_id(docs, n_docs, list[i].id);
        if (d && !(n->by_number && d->id == numbered))
            n->docs[k++] = *d;
    }
    n->n_docs = k;
    return OK;
}

static bool bears(struct arena *a, struct str cited, struct str title)
{
    struct str key = key_of_title(a, cited);

    return str_eq(key, key_of_title(a, title)) || str_eq(key, key_of_title(a, key_printed(title)));
}

static void set_source(struct quoting *q, struct finding *f, const struct document *d)
{
    struct finding_source *s;

    if (!f || !d)
        return;
    s = ARENA_NEW(q->a, struct finding_source);
    *s = (struct finding_source){.doc = d->id, .title = d->title, .label = quote_label(q->a, d)};
    f->source = s;
}

/* The span of the title with its marks, or of the number. */
static void place_of(
    const struct quoting *q, const struct named *n, bool number, size_t *begin, size_t *end)
{
    *begin = n->begin;
    *end = n->end;
    if (number && n->cite->numbered) {
        *begin = draft_cp(q->d, n->cite->docno.at.begin);
        *end = draft_cp(q->d, n->cite->docno.at.end);
    } else if (n->cite->title.end > n->cite->title.begin) {
        *begin = draft_cp(q->d, n->cite->title.begin);
        *end = draft_cp(q->d, n->cite->title.end);
    }
}

static struct str printed_number(const struct quoting *q, const struct cite *c)
{
    struct buf b;
    struct str s;

    buf_init(&b, 0);
    docno_print(&c->docno, &b);
    s = arena_str(q->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* The organ code of a number: what stands before the year. */
static struct str code_of(struct str docno)
{
    struct str code, rest;

    return str_cut(docno, S("〔"), &code, &rest) ? code : S("");
}

/* Title and number that do not belong together. */
static bool judge_number(struct quoting *q, const struct named *n)
{
    const struct cite *c = n->cite;
    size_t begin, end;
    struct finding *f;
    struct str number;

    if (!c->numbered || c->name.n == 0)
        return false;
    number = printed_number(q, c);
    place_of(q, n, true, &begin, &end);
    if (n->by_number && !bears(q->a, c->name, n->docs[0].title)) {
        const struct document *right = NULL;
        for (size_t i = 1; i < n->n_docs && !right; i++)
            if (n->docs[i].docno.n)
                right = &n->docs[i];
        f = check_say(
            q->c, "Q05", begin, end, "%.*s是《%.*s》的文号", SF(number), SF(n->docs[0].title));
        if (right)
            check_suggest(q->c, f, right->docno);
        set_source(q, f, right ? right : &n->docs[0]);
        return true;
    }
    if (!n->by_number && n->n_docs == 1 && n->docs[0].docno.n &&
        str_eq(code_of(number), code_of(n->docs[0].docno)) && code_of(number).n) {
        f = check_say(
            q->c, "Q05", begin, end, "《%.*s》的文号是%.*s", SF(c->name), SF(n->docs[0].docno));
        check_suggest(q->c, f, n->docs[0].docno);
        set_source(q, f, &n->docs[0]);
        return true;
    }
    return false;
}

/* The draft itself says that the document goes: 废止《×》, 修订《×》, 原《×》. */
static bool speaks_of_change(const struct quoting *q, const struct named *n)
{
    static const struct str words[] = {SC("废止"), SC("失效"), SC("停止执行"), SC("修改"),
        SC("修订"), SC("修正"), SC("原《"), SC("代替"), SC("替代"), SC("取代"), SC("不再执行")};
    size_t from = n->begin > CONTEXT_CP ? n->begin - CONTEXT_CP : 0;
    struct str around = draft_str(q->d, from, n->end + CONTEXT_CP);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_has(around, words[i]))
            return true;
    return false;
}

static enum code judge_status(struct quoting *q, const struct named *n)
{
    const struct document *d = n->by_number ? &n->docs[0] : quote_version(q, n);
    struct document by = {0};
    size_t begin, end;
    struct finding *f;

    if (!d || (d->status != STATUS_REPEALED && d->status != STATUS_REVISED) ||
        speaks_of_change(q, n))
        return OK;
    if (d->superseded_by) {
        struct db *db;
        struct document *docs;
        size_t n_docs;
        enum code c;
        TRY(store_read(q->o->store, &db, q->e));
        c = quote_documents(q, db, &d->superseded_by, 1, &docs, &n_docs);
        store_read_end(db);
        TRY(c);
        if (n_docs)
            by = docs[0];
    }
    if (by.id && !known_then(q, &by))
        return OK; /* it still held on the day of the draft */
    place_of(q, n, false, &begin, &end);
    if (d->status == STATUS_REPEALED)
        f = by.id ? check_say(q->c, "Q06", begin, end, "《%.*s》已废止，见《%.*s》", SF(d->title),
                        SF(by.title))
                  : check_say(q->c, "Q06", begin, end, "《%.*s》已废止", SF(d->title));
    else
        f = by.id ? check_say(q->c, "Q07", begin, end, "《%.*s》已有新版本：《%.*s》（%.*s）",
                        SF(d->title), SF(by.title), SF(by.day))
                  : check_say(q->c, "Q07", begin, end, "《%.*s》已有新版本", SF(d->title));
    set_source(q, f, by.id ? &by : d);
    return OK;
}

/* ---- titles the library does not know ---- */

/* Titles of one organ alone: another one's 督查工作规定 may be in force. */
static bool names_its_organ(struct str title)
{
    static const struct str organs[] = {
        SC("中华人民共和国"), SC("国务院"), SC("中共中央"), SC("中国共产党"), SC("最高人民")};

    for (size_t i = 0; i < sizeof(organs) / sizeof(organs[0]); i++)
        if (str_starts(title, organs[i]))
            return true;
    return false;
}

/* A document that is in the library says that it repeals this one, which is not. *said: there was something to say. */
static enum code judge_repealed(struct quoting *q, const struct named *n, bool *said)
{
    int64_t ids[REPEALS_MAX];
    struct document *docs;
    size_t n_ids, n_docs, begin, end;
    struct db *db;
    enum code c;

    *said = false;
    if ((!n->cite->numbered && !names_its_organ(n->cite->name)) || speaks_of_change(q, n))
        return OK;
    TRY(store_read(q->o->store, &db, q->e));
    c = repeal_of(db, q->a, n->cite->name, n->cite->numbered ? printed_number(q, n->cite) : S(""),
        ids, REPEALS_MAX, &n_ids, q->e);
    if (c == OK)
        c = quote_documents(q, db, ids, n_ids, &docs, &n_docs);
    store_read_end(db);
    TRY(c);
    place_of(q, n, false, &begin, &end);
    for (size_t i = 0; i < n_docs && !*said; i++) {
        if (docs[i].day.n == 0 || !known_then(q, &docs[i]))
            continue;
        set_source(q,
            check_say(q->c, "Q06", begin, end, "《%.*s》已废止，见《%.*s》（%.*s）",
                SF(n->cite->name), SF(docs[i].title), SF(docs[i].day)),
            &docs[i]);
        *said = true;
    }
    return OK;
}

static enum code count_phrase(struct quoting *q, struct str phrase, int64_t *total)
{
    struct query *query;
    struct find found;

    TRY(query_phrase(q->a, phrase, &query, q->e));
    TRY(corpus_find(q->o->corpus, q->a, query, &q->filter, ORDER_RANK, 0, 1, 0, &found, q->e));
    *total = found.total;
    return OK;
}

/* Figures are among what differs: another year's or another number's paper, not a slip of the pen. */
static bool figures_differ(const struct diff *d, struct str x, struct str y)
{
    static const struct str figures = SC("0123456789一二三四五六七八九十〇零百");

    for (size_t i = 0; i < d->n; i++) {
        struct str s = d->ops[i].kind == DIFF_REMOVED ? str_sub(x, d->ops[i].x, d->ops[i].x_n)
                                                      : str_sub(y, d->ops[i].y, d->ops[i].y_n);
        for (size_t at = 0; at < s.n && d->ops[i].kind != DIFF_SAME;) {
            size_t was = at;
            utf8_next(s, &at);
            if (str_has(figures, str_sub(s, was, at - was)))
                return true;
        }
    }
    return false;
}

static bool tail_differs_only(const struct diff *d, struct str y)
{
    /* （试行）, （2024年修订）: left out by custom */
    return d->removed_cp == 0 && d->n == 2 && d->ops[1].kind == DIFF_ADDED &&
           str_starts(str_sub(y, d->ops[1].y, d->ops[1].y_n), S("（"));
}

struct fuzzy {
    double ratio;
    int64_t doc;
    struct str title, label;
};

static enum code consider(struct quoting *q, struct str name, struct str title,
    const struct document *doc, struct fuzzy *best)
{
    struct diff d;
    size_t changed;

    if (title.n == 0 || best->ratio >= 1)
        return OK;
    TRY(diff_texts(q->a, name, title, &d, q->e));
    changed = d.removed_cp > d.added_cp ? d.removed_cp : d.added_cp;
    if (diff_ratio(&d) <= best->ratio || changed > 4 || changed * 5 > utf8_len_cp(name) ||
        figures_differ(&d, name, title) || tail_differs_only(&d, title))
        return OK;
    *best = (struct fuzzy){diff_ratio(&d), doc->id, title, quote_label(q->a, doc)};
    return OK;
}

static enum code judge_unknown(struct quoting *q, const struct named *n)
{
    struct str name = n->cite->name;
    size_t cp = utf8_len_cp(name), half, begin, end;
    struct query *query;
    struct buf b;
    struct find found;
    struct fuzzy best = {.ratio = 0.8};
    int64_t known = 0;
    struct finding *f;
    bool said;

    TRY(judge_repealed(q, n, &said));
    if (said)
        return OK;
    place_of(q, n, false, &begin, &end);
    if (cp < FUZZY_CP_MIN || str_has(name, S("\"")) || str_has(name, S("”")))
        return OK;
    TRY(count_phrase(q, arena_printf(q->a, "《%.*s》", SF(name)), &known));
    if (known)
        return OK; /* other documents cite it under this title */
    half = utf8_off(name, cp / 2);
    buf_init(&b, 0);
    buf_printf(&b, "标题:\"%.*s\" OR 标题:\"%.*s\"", SF(str_sub(name, 0, half)),
        SF(str_sub(name, half, name.n)));
    if (query_parse(q->a, arena_str(q->a, buf_view(&b)), &query, q->e) != OK) {
        buf_release(&b);
        return OK; /* a title with marks that a query cannot hold */
    }
    buf_release(&b);
    TRY(corpus_find(
        q->o->corpus, q->a, query, &q->filter, ORDER_RANK, 0, FUZZY_HITS, 0, &found, q->e));
    for (size_t i = 0; i < found.n; i++) {
        struct db *db;
        struct document d;
        enum code c;
        TRY(store_read(q->o->store, &db, q->e));
        c = document_get(db, q->a, found.hits[i].doc, &d, q->e);
        store_read_end(db);
        if (c == E_NOTFOUND)
            continue;
        TRY(c);
        TRY(consider(q, name, d.title, &d, &best));
        TRY(consider(q, name, key_printed(d.title), &d, &best));
    }
    if (best.doc) {
        struct finding_source *s = ARENA_NEW(q->a, struct finding_source);
        f = check_say(q->c, "Q04", begin, end, "资料库中的题名是《%.*s》", SF(best.title));
        check_suggest(q->c, f, best.title);
        *s = (struct finding_source){
            .doc = best.doc, .title = best.title, .label = best.label, .text = best.title};
        if (f)
            f->source = s;
        return OK;
    }
    if (n->cite->numbered)
        check_say(q->c, "Q12", n->begin, n->end, "资料库中没有《%.*s》，未能核对", SF(name));
    return OK;
}

static bool seen_before(const struct quoting *q, const struct named *n)
{
    for (const struct named *p = q->named; p < n; p++)
        if (str_eq(p->cite->name, n->cite->name) && p->cite->numbered == n->cite->numbered &&
            (!n->cite->numbered || str_eq(printed_number(q, p->cite), printed_number(q, n->cite))))
            return true;
    return false;
}

enum code quote_citations(struct quoting *q)
{
    const struct draft *d = q->d;
    size_t fuzzy = 0;
    struct db *db;
    enum code c = OK;

    q->named = ARENA_ARRAY(q->a, struct named, d->n_cites + 1);
    TRY(store_read(q->o->store, &db, q->e));
    for (size_t i = 0; i < d->n_cites && c == OK && q->n_named < CITES_JUDGED_MAX; i++) {
        const struct cite *cite = &d->cites[i];
        struct named *n = &q->named[q->n_named];
        if (cite->name.n && utf8_len_cp(cite->name) < TITLE_CP_MIN && !cite->numbered)
            continue;
        *n = (struct named){
            .cite = cite, .begin = draft_cp(d, cite->at.begin), .end = draft_cp(d, cite->at.end)};
        c = resolve(q, db, n);
        q->n_named++;
    }
    store_read_end(db);
    TRY(c);
    for (size_t i = 0; i < q->n_named; i++) {
        struct named *n = &q->named[i];
        if (seen_before(q, n))
            continue;
        if (judge_number(q, n))
            continue;
        if (n->n_docs)
            TRY(judge_status(q, n));
        else if (n->cite->name.n && !n->cite->by_alias && fuzzy++ < FUZZY_MAX)
            TRY(judge_unknown(q, n));
    }
    return OK;
}
