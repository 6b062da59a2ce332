#include "office/sample.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "office/audit.h"
#include "office/issuer.h"
#include "office/key.h"
#include "office/typeset.h"
#include "office/unit.h"
#include "text/genre.h"

enum { PASSAGE_CP = 140, NAME_CP_MIN = 6 /* of a unit's name that is looked for in issuers */ };

struct str sample_occasion(struct str title)
{
    static const struct str ends[] = {SC("上的"), SC("时的"), SC("会上")};
    size_t from = str_find(title, S("在"), 0), to = SIZE_MAX;

    if (from == SIZE_MAX)
        return S("");
    from += S("在").n;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = str_find(title, ends[i], from);
        if (at != SIZE_MAX && at < to)
            to = at + (i == 2 ? S("会").n : 0);
    }
    return to == SIZE_MAX ? S("") : str_sub(title, from, to - from);
}

struct str sample_topic(struct str title)
{
    struct text_span at = {0};
    size_t from = str_find(title, S("关于"), 0), to;

    if (from == SIZE_MAX || genre_of_title(title, &at) == GENRE_NONE)
        return S("");
    from += S("关于").n;
    to = at.begin;
    if (to > from && str_ends(str_sub(title, from, to - from), S("的")))
        to -= S("的").n;
    return to > from ? str_sub(title, from, to - from) : S("");
}

/* ---- whose house ---- */

/* 云岭山河建设集团有限公司（虚构） without what stands in brackets behind it. */
static struct str bare(struct str name)
{
    struct str head, rest;
    return str_cut(name, S("（"), &head, &rest) && head.n ? head : name;
}

static bool names(const struct issuer *i, struct str unit, struct str short_name)
{
    return str_eq(i->name, unit) || str_eq(i->name, short_name) ||
           (utf8_len_cp(unit) >= NAME_CP_MIN && str_has(i->name, unit));
}

enum code sample_house(struct office *o, struct arena *a, struct house *out, struct err *e)
{
    struct issuer *all;
    struct unit *units;
    struct house h = {0};
    size_t n_all = 0, n_units = 0;
    struct db *db;

    TRY(store_read(o->store, &db, e));
    enum code c = issuer_list(db, a, &all, &n_all, e);
    if (c == OK)
        c = unit_list(db, a, false, &units, &n_units, e);
    store_read_end(db);
    TRY(c);
    h.issuers = ARENA_ARRAY(a, uint32_t, n_all + 2);
    h.names = ARENA_ARRAY(a, struct str, n_units + 1);
    for (size_t u = 0; u < n_units; u++)
        h.names[h.n_names++] = bare(units[u].name);
    h.issuers[h.n++] = 0;
    for (size_t i = 0; i < n_all; i++)
        for (size_t u = 0; u < n_units; u++)
            if (names(&all[i], h.names[u], units[u].short_name)) {
                h.issuers[h.n++] = (uint32_t)all[i].id;
                break;
            }
    *out = h;
    return OK;
}

bool sample_ours(const struct house *h, const struct document *d)
{
    if (d->issuer)
        return true; /* the filter has let it pass */
    if (d->genre != GENRE_SPEECH)
        return false;
    for (size_t i = 0; i < h->n_names; i++)
        if (utf8_len_cp(h->names[i]) >= 4 && str_has(d->title, h->names[i]))
            return true;
    return str_has(d->title, S("集团")) || str_has(d->title, S("公司"));
}

/* ---- rows ---- */

#define COLUMNS                                                                                 \
    "s.id, s.manuscript, s.version, s.title, s.genre, s.level, s.occasion, s.topic, s.speaker," \
    " s.day, s.chars, coalesce(p.name, ''), s.item"
#define FROM " FROM sample s LEFT JOIN person p ON p.id = s.made_by"
/* Of the actor's unit and of those above it. */
#define UP                                                                                      \
    "WITH RECURSIVE up(id, parent) AS (SELECT id, parent FROM unit WHERE id = ?1 UNION SELECT " \
    "u.id,"                                                                                     \
    " u.parent FROM unit u JOIN up ON u.id = up.parent)"
#define OWN " (s.unit IN (SELECT id FROM up) OR (s.item <> 0 AND s.level = 0) OR ?2 = 1)"

static struct sample row_of(struct stmt *q, struct arena *a)
{
    return (struct sample){.id = stmt_int(q, 0),
        .manuscript = stmt_int(q, 1),
        .version = stmt_int(q, 2),
        .title = arena_str(a, stmt_str(q, 3)),
        .genre = (int)stmt_int(q, 4),
        .level = (int)stmt_int(q, 5),
        .occasion = arena_str(a, stmt_str(q, 6)),
        .topic = arena_str(a, stmt_str(q, 7)),
        .speaker = arena_str(a, stmt_str(q, 8)),
        .day = arena_str(a, stmt_str(q, 9)),
        .chars = stmt_int(q, 10),
        .by_name = arena_str(a, stmt_str(q, 11)),
        .item = stmt_int(q, 12)};
}

static void bind_own(struct stmt *q, const struct viewer *v)
{
    stmt_bind_int(q, 1, v->unit);
    stmt_bind_int(q, 2, v->owner);
}

/* Whole sentences around the first place of `word`. */
static struct str passage_of(struct str text, struct str word, int64_t *begin_cp)
{
    size_t at = str_find(text, word, 0), from = 0, to, cp;

    if (at == SIZE_MAX)
        return S("");
    for (size_t i = 0; i < at;) {
        size_t p = i;
        uint32_t c = utf8_next(text, &i);
        if (c == '\n' || c == 0x3002 || c == 0xFF01 || c == 0xFF1F)
            from = i <= at ? i : p;
    }
    to = at + word.n;
    cp = utf8_len_cp(str_sub(text, from, to - from));
    while (to < text.n && cp++ < PASSAGE_CP) {
        size_t p = to;
        uint32_t c = utf8_next(text, &to);
        if (c == '\n') {
            to = p;
            break;
        }
        if ((c == 0x3002 || c == 0xFF01 || c == 0xFF1F) && cp > 40)
            break;
    }
    *begin_cp = (int64_t)utf8_len_cp(str_sub(text, 0, from));
    return str_trim(str_sub(text, from, to - from));
}

/* The first of the words that was typed. */
static struct str first_word(struct str q)
{
    struct str word, rest = str_trim(q);

    while (str_next(&rest, S(" "), &word))
        if (word.n)
            return word;
    return S("");
}

static enum code list_rows(struct db *db, struct arena *a, const struct actor *by,
    const struct sample_filter *f, struct sample **out, size_t *n, struct err *e)
{
    struct str word = first_word(f->q);
    struct sample *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q = db_sql(db, UP
        " SELECT " COLUMNS ", CASE WHEN ?3 = '%' THEN '' ELSE s.body END" FROM " WHERE" OWN
        " AND (s.body LIKE ?3 ESCAPE '\\' OR s.title LIKE ?3 ESCAPE '\\')"
        " AND (s.occasion LIKE ?4 ESCAPE '\\' OR s.title LIKE ?4 ESCAPE '\\')"
        " AND (?5 = 0 OR s.genre = ?5) AND s.day LIKE ?6 ORDER BY s.day DESC, s.id DESC LIMIT ?7");

    bind_own(q, by->v);
    stmt_bind_str(q, 3, word.n ? key_like(a, word) : S("%"));
    stmt_bind_str(q, 4, f->occasion.n ? key_like(a, f->occasion) : S("%"));
    stmt_bind_int(q, 5, f->genre);
    stmt_bind_str(q, 6, f->year ? arena_printf(a, "%d-%%", f->year) : S("%"));
    stmt_bind_int(q, 7, SAMPLE_PAGE + 1);
    while (stmt_step(q)) {
        struct sample s = row_of(q, a);
        if (word.n) {
            struct str body = arena_str(a, stmt_str(q, 13));
            s.passage = passage_of(body, word, &s.begin_cp);
            for (size_t at = str_find(body, word, 0); at != SIZE_MAX;
                 at = str_find(body, word, at + word.n))
                s.places++;
        }
        ARENA_PUSH(a, v, k, cap) = s;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

/* ---- with the library ---- */

struct sample sample_of_document(const struct document *d)
{
    return (struct sample){.document = d->id,
        .title = d->title,
        .genre = d->genre,
        .level = (int)d->level,
        .occasion = sample_occasion(d->title),
        .speaker = d->issuer_name,
        .day = d->day,
        .chars = d->chars};
}

/* Words and occasion as one query: each a phrase, all of them. */
static struct str query_of(struct arena *a, const struct sample_filter *f)
{
    return f->occasion.n ? arena_printf(a, "%.*s \"%.*s\"", SF(f->q), SF(f->occasion)) : f->q;
}

/* Documents of our issuers; behind them speeches without issuer, those that name us. */
static enum code list_documents(struct office *o, struct arena *a, const struct actor *by,
    const struct sample_filter *f, struct library_page out[2], struct err *e)
{
    struct library_filter lf = library_filter_any();
    struct house h;
    size_t kept = 0;

    out[0] = out[1] = (struct library_page){0};
    if (!access_may(by->v, ACT_READ))
        return OK;
    TRY(sample_house(o, a, &h, e));
    lf.issuer_ids = h.issuers + 1;
    lf.n_issuer_ids = h.n - 1;
    lf.genre = f->genre;
    lf.year_from = lf.year_to = f->year;
    TRY(library_search(
        o, a, by->v, query_of(a, f), &lf, LIBRARY_NEWEST, 0, SAMPLE_PAGE + 1, &out[0], e));
    if (f->genre && f->genre != GENRE_SPEECH)
        return OK;
    lf.issuer_ids = h.issuers;
    lf.n_issuer_ids = 1;
    lf.genre = GENRE_SPEECH;
    TRY(library_search(
        o, a, by->v, query_of(a, f), &lf, LIBRARY_NEWEST, 0, DOCUMENT_MANY, &out[1], e));
    for (size_t i = 0; i < out[1].n; i++)
        if (sample_ours(&h, &out[1].hits[i].doc))
            out[1].hits[kept++] = out[1].hits[i];
    out[1].n = kept;
    return OK;
}

static void put_documents(struct sample_page *p, const struct library_page *lib)
{
    for (size_t i = 0; i < lib->n; i++) {
        struct sample s = sample_of_document(&lib->hits[i].doc);
        s.passage = lib->hits[i].snippet;
        s.begin_cp = lib->hits[i].begin_cp;
        s.places = lib->hits[i].occurrences;
        p->v[p->n++] = s;
    }
}

static int newest_first(const void *x, const void *y)
{
    const struct sample *a = x, *b = y;
    int c = str_cmp(b->day, a->day);
    return c ? c : (b->id + b->document > a->id + a->document) ? 1 : -1;
}

enum code sample_list(struct office *o, struct arena *a, const struct actor *by,
    const struct sample_filter *f, struct sample_page *out, struct err *e)
{
    struct library_page lib[2];
    struct sample_page p = {0};
    struct sample *own;
    struct db *db;
    size_t n;
    enum code c;

    TRY(access_require(by->v, ACT_ITEMS, e));
    TRY(list_documents(o, a, by, f, lib, e));
    TRY(store_read(o->store, &db, e));
    c = list_rows(db, a, by, f, &own, &n, e);
    store_read_end(db);
    TRY(c);
    p.v = ARENA_ARRAY(a, struct sample, n + lib[0].n + lib[1].n + 1);
    for (size_t i = 0; i < n; i++)
        p.v[p.n++] = own[i];
    put_documents(&p, &lib[0]);
    put_documents(&p, &lib[1]);
    if (p.n)
        qsort(p.v, p.n, sizeof *p.v, newest_first);
    p.more = p.n > SAMPLE_PAGE;
    p.n = p.more ? SAMPLE_PAGE : p.n;
    p.behind = lib[0].behind;
    *out = p;
    return OK;
}

/* ---- those that were put in ---- */

enum code sample_get(struct db *db, struct arena *a, const struct actor *by, int64_t id,
    struct sample *out, struct err *e)
{
    struct sample s = {0};
    struct stmt *q;

    TRY(access_require(by->v, ACT_ITEMS, e));
    q = db_sql(db, UP " SELECT " COLUMNS ", s.body" FROM " WHERE s.id = ?3 AND" OWN);
    bind_own(q, by->v);
    stmt_bind_int(q, 3, id);
    if (stmt_step(q)) {
        s = row_of(q, a);
        s.text = arena_str(a, stmt_str(q, 13));
    }
    TRY(stmt_end(q, e));
    if (!s.id)
        return FAIL(e, E_NOTFOUND, "范文库里没有这一篇");
    *out = s;
    return OK;
}

enum code sample_read(struct db *db, struct arena *a, const struct actor *by,
    int64_t but_manuscript, struct sample **out, size_t *n, struct err *e)
{
    struct sample *v = NULL;
    size_t k = 0, cap = 0;
    struct stmt *q;

    TRY(access_require(by->v, ACT_ITEMS, e));
    q = db_sql(db, UP " SELECT " COLUMNS ", s.body" FROM " WHERE" OWN
                      " AND s.manuscript <> ?3 ORDER BY s.day DESC, s.id DESC LIMIT ?4");
    bind_own(q, by->v);
    stmt_bind_int(q, 3, but_manuscript);
    stmt_bind_int(q, 4, SAMPLE_READ_MAX);
    while (stmt_step(q)) {
        struct sample s = row_of(q, a);
        s.text = arena_str(a, stmt_str(q, 13));
        ARENA_PUSH(a, v, k, cap) = s;
    }
    TRY(stmt_end(q, e));
    *out = v;
    *n = k;
    return OK;
}

static enum code check_new(const struct sample_new *s, const struct manuscript *m, struct err *e)
{
    const struct str words[] = {s->occasion, s->topic, s->speaker};
    struct day d;

    if (m->level == LEVEL_WORK_SECRET)
        return FAIL(e, E_DENIED, "“%.*s”是工作秘密，不收入范文库", SF(m->title));
    for (size_t i = 0; i < 3; i++)
        if (utf8_check(words[i]) != SIZE_MAX || utf8_len_cp(words[i]) > SAMPLE_WORDS_CP_MAX)
            return FAIL(e, E_LIMIT, "场合、主题、讲话人各不超过%d个字", SAMPLE_WORDS_CP_MAX);
    if (s->day.n && !day_from_iso(s->day, &d))
        return FAIL(e, E_INPUT, "日期“%.*s”应写成 2026-07-13 的样子", SF(s->day));
    return OK;
}

/* m: what it is of, its unit, title, genre, level and item. */
static enum code insert(struct db *db, const struct actor *by, int64_t id,
    const struct manuscript *m, const struct sample_new *s, struct str text, struct err *e)
{
    struct stmt *q = db_sql(db,
        "INSERT INTO sample(id, unit, manuscript, version, title, genre, level, occasion, topic,"
        " speaker, day, chars, body, made, made_by, item)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");

    stmt_bind_int(q, 1, id);
    stmt_bind_int(q, 2, m->unit);
    stmt_bind_int(q, 3, m->id);
    stmt_bind_int(q, 4, s->version);
    stmt_bind_str(q, 5, m->title);
    stmt_bind_int(q, 6, m->genre);
    stmt_bind_int(q, 7, m->level);
    stmt_bind_str(q, 8, s->occasion.n ? s->occasion : sample_occasion(m->title));
    stmt_bind_str(q, 9, s->topic);
    stmt_bind_str(q, 10, s->speaker);
    stmt_bind_str(q, 11, s->day);
    stmt_bind_int(q, 12, (int64_t)utf8_len_cp(text));
    stmt_bind_str(q, 13, text);
    stmt_bind_int(q, 14, by->now_ms);
    stmt_bind_int(q, 15, by->v->person);
    stmt_bind_int(q, 16, m->item);
    return stmt_run(q, NULL, e);
}

static enum code is_in(struct db *db, int64_t version, bool *there, struct err *e)
{
    struct stmt *q = db_sql(db, "SELECT 1 FROM sample WHERE version = ?1");
    stmt_bind_int(q, 1, version);
    *there = stmt_step(q);
    return stmt_end(q, e);
}

enum code sample_take(struct db *db, struct arena *a, const struct actor *by,
    const struct sample_new *s, int64_t *id, struct err *e)
{
    struct manuscript_version v = {0};
    struct manuscript m = {0};
    struct str text;
    size_t lines;
    int64_t fresh = id_next();
    bool there = false;

    TRY(manuscript_version_get(db, a, by, s->version, &v, &text, e));
    TRY(manuscript_need(db, a, by, v.manuscript, MANUSCRIPT_WRITE, &m, e));
    TRY(check_new(s, &m, e));
    text = str_sub(text, typeset_front(text, &lines), SIZE_MAX);
    TRY(is_in(db, s->version, &there, e));
    if (there)
        return FAIL(e, E_CONFLICT, "“%.*s”的“%.*s”已经在范文库里", SF(m.title), SF(v.name));
    m.unit = by->v->unit; /* put in by hand: for the unit of who does it */
    m.item = 0;
    TRY(insert(db, by, fresh, &m, s, text, e));
    *id = fresh;
    return audit_simple(db, by->v->person, "sample.take", "manuscript", m.id, S(""), e);
}

enum code sample_issue(struct db *db, struct arena *a, const struct actor *by,
    const struct sample_issued *s, struct err *e)
{
    struct sample_new new = {.version = s->version, .topic = sample_topic(s->title), .day = s->day};
    struct manuscript_version v = {0};
    struct manuscript m = {0};
    struct str text;
    size_t lines;
    bool there = false;
    struct stmt *q;

    if (s->level == LEVEL_WORK_SECRET)
        return OK;
    TRY(is_in(db, s->version, &there, e));
    if (there) {
        q = db_sql(db, "UPDATE sample SET item = ?2 WHERE version = ?1");
        stmt_bind_int(q, 1, s->version);
        stmt_bind_int(q, 2, s->item);
        return stmt_run(q, NULL, e);
    }
    TRY(manuscript_version_get(db, a, by, s->version, &v, &text, e));
    TRY(manuscript_get(db, a, by, v.manuscript, &m, e));
    m.title = s->title, m.genre = s->genre, m.level = s->level, m.item = s->item;
    text = str_sub(text, typeset_front(text, &lines), SIZE_MAX);
    new.topic = str_sub(new.topic, 0, utf8_off(new.topic, SAMPLE_WORDS_CP_MAX));
    TRY(insert(db, by, id_next(), &m, &new, text, e));
    return audit_simple(db, by->v->person, "sample.issue", "manuscript", m.id, S(""), e);
}

enum code sample_recall(struct db *db, const struct actor *by, int64_t item, struct err *e)
{
    int64_t n = 0;
    struct stmt *q = db_sql(db, "DELETE FROM sample WHERE item = ?1");
    stmt_bind_int(q, 1, item);
    TRY(stmt_run(q, &n, e));
    return n ? audit_simple(db, by->v->person, "sample.recall", "item", item, S(""), e) : OK;
}

enum code sample_drop(struct db *db, const struct actor *by, int64_t id, struct err *e)
{
    struct stmt *q = db_sql(db, UP " SELECT s.unit, s.made_by, s.manuscript FROM sample s WHERE"
                                   " s.id = ?3 AND (s.made_by = ?4 OR" OWN ")");
    int64_t unit = -1, made_by = 0, manuscript = 0;

    bind_own(q, by->v);
    stmt_bind_int(q, 3, id);
    stmt_bind_int(q, 4, by->v->person);
    if (stmt_step(q)) {
        unit = stmt_int(q, 0);
        made_by = stmt_int(q, 1);
        manuscript = stmt_int(q, 2);
    }
    TRY(stmt_end(q, e));
    if (unit < 0)
        return FAIL(e, E_NOTFOUND, "范文库里没有这一篇");
    if (!by->v->owner && made_by != by->v->person &&
        !(unit == by->v->unit && (by->v->roles & ROLE_CHIEF)))
        return FAIL(e, E_DENIED, "由收入的人或者本单位的科长移出");
    q = db_sql(db, "DELETE FROM sample WHERE id = ?1");
    stmt_bind_int(q, 1, id);
    TRY(stmt_run(q, NULL, e));
    return audit_simple(db, by->v->person, "sample.drop", "manuscript", manuscript, S(""), e);
}
