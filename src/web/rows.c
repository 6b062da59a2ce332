#include "web/rows.h"

#include "base/id.h"
#include "office/category.h"
#include "office/person.h"
#include "text/genre.h"

const char *status_class(enum doc_status s)
{
    static const char *const names[N_STATUS] = {"unknown", "force", "revised", "repealed"};
    return s < N_STATUS ? names[s] : "";
}

struct doc_row row_doc(struct ctx *c, const struct document *d)
{
    struct doc_row r = {.id = d->id,
        .title = d->title.n ? d->title : d->file_name,
        .docno = d->docno,
        .issuer = d->issuer_name,
        .day = {d->day},
        .genre = genre_name(d->genre),
        .level = str_z(doc_level_name(d->level)),
        .restricted = d->level != LEVEL_OPEN,
        .unproofed = d->unproofed,
        .category = d->category_name,
        .registered = {d->registered_ms}};
    if (d->status != STATUS_UNKNOWN) {
        r.status = str_z(doc_status_name(d->status));
        r.status_class = str_z(status_class(d->status));
    }
    r.link = arena_printf(c->a, "/library/%lld", (long long)d->id);
    return r;
}

/* The snippet with its marks; everything between is escaped. */
static struct safe_html snippet(struct ctx *c, const struct library_hit *h)
{
    struct buf b;
    struct safe_html out;
    size_t at = 0;
    buf_init(&b, 0);
    for (size_t i = 0; i < h->n_marks; i++) {
        struct snippet_mark m = h->marks[i];
        html_str(&b, str_sub(h->snippet, at, m.begin - at));
        buf_z(&b, "<mark>");
        html_str(&b, str_sub(h->snippet, m.begin, m.end - m.begin));
        buf_z(&b, "</mark>");
        at = m.end;
    }
    html_str(&b, str_sub(h->snippet, at, h->snippet.n));
    out.s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

struct doc_row row_hit(struct ctx *c, const struct library_hit *h, struct str q)
{
    struct doc_row r = row_doc(c, &h->doc);
    r.snippet = snippet(c, h);
    r.occurrences = h->occurrences;
    if (q.n > 0) {
        struct buf b;
        buf_init(&b, 0);
        buf_printf(&b, "%.*s?q=", SF(r.link));
        html_url(&b, url(q));
        if (h->begin_cp >= 0)
            buf_z(&b, "#hit1");
        r.link = arena_str(c->a, buf_view(&b));
        buf_release(&b);
    }
    return r;
}

struct str shown_path(struct str path, struct str top)
{
    struct str head, name = path;
    if (!str_starts(path, S("/")))
        return path;
    if (top.n > 1 && str_eat(&name, top) && str_eat(&name, S("/")))
        return name;
    return str_cut_last(path, S("/"), &head, &name) && name.n ? name : path;
}

struct import_row row_job(struct ctx *c, struct db *db, const struct import_job *j)
{
    struct import_row r = {.id = j->id,
        .what = shown_path(j->what, S("")),
        .by = S("系统"),
        .origin = str_z(doc_origin_name(j->origin)),
        .started = {j->started_ms},
        .running = j->finished_ms == 0,
        .seen = j->counts.seen,
        .taken = j->counts.of[IMPORT_TAKEN],
        .duplicate = j->counts.of[IMPORT_DUPLICATE],
        .held = j->counts.of[IMPORT_HELD],
        .refused = j->counts.of[IMPORT_REFUSED],
        .failed = j->counts.of[IMPORT_FAILED]};
    struct person p;
    struct err e;
    if (j->by && person_get(db, c->a, j->by, &p, &e) == OK)
        r.by = p.name;
    return r;
}

struct outcome_row row_outcome(struct ctx *c, enum import_outcome o, struct str name,
    struct str reason, int64_t doc, struct str title)
{
    static const char *const classes[N_IMPORT_OUTCOME] = {
        "taken", "duplicate", "held", "refused", "failed"};
    struct outcome_row r = {.name = name, .reason = reason, .title = title};
    r.outcome = str_z(import_outcome_name(o));
    r.outcome_class = str_z(o < N_IMPORT_OUTCOME ? classes[o] : "");
    if (doc)
        r.link = arena_printf(c->a, "/library/%lld", (long long)doc);
    else if (o == IMPORT_HELD)
        r.link = S("/held");
    return r;
}

/* ---- choices ---- */
static struct str number(struct ctx *c, int64_t v)
{
    return arena_printf(c->a, "%lld", (long long)v);
}

static void add_any(struct ctx *c, struct choices *l, const char *any, bool chosen)
{
    if (any)
        choice_add(c, l, S(""), str_z(any), chosen);
}

void choices_genre(struct ctx *c, struct choices *l, int chosen, const char *any)
{
    add_any(c, l, any, chosen == GENRE_NONE);
    for (int g = 1; g <= GENRE_MAX; g++)
        if (genre_name(g).n > 0)
            choice_add(c, l, number(c, g), genre_name(g), g == chosen);
}

void choices_level(struct ctx *c, struct choices *l, int chosen, const char *any)
{
    add_any(c, l, any, chosen < 0);
    for (int i = 0; i < N_LEVEL; i++)
        choice_add(c, l, number(c, i), str_z(doc_level_name((enum doc_level)i)), i == chosen);
}

void choices_status(struct ctx *c, struct choices *l, int chosen, const char *any)
{
    add_any(c, l, any, chosen < 0);
    for (int i = 0; i < N_STATUS; i++)
        choice_add(c, l, number(c, i), str_z(doc_status_name((enum doc_status)i)), i == chosen);
}

enum code choices_category(
    struct ctx *c, struct db *db, struct choices *l, int64_t chosen, const char *any, struct err *e)
{
    struct category *v;
    size_t n;
    TRY(category_list(db, c->a, &v, &n, e));
    add_any(c, l, any, chosen == 0);
    for (size_t i = 0; i < n; i++) {
        struct str name = v[i].name;
        for (int d = 0; d < v[i].depth && d < 4; d++)
            name = arena_cat(c->a, S("　"), name);
        choice_add(c, l, number(c, v[i].id), name, v[i].id == chosen);
    }
    return OK;
}

void choices_issuer(
    struct ctx *c, struct choices *l, const struct issuer_count *v, size_t n, struct str chosen)
{
    for (size_t i = 0; i < n; i++) {
        choice_add(c, l, v[i].name, v[i].name, str_eq(v[i].name, chosen));
        l->v[l->n - 1].count = v[i].documents;
    }
}

enum code choices_offer(struct ctx *c, struct choices *l, size_t limit, struct err *e)
{
    struct subscription *had;
    struct issuer_count *v;
    size_t n, n_had;
    struct db *db;
    enum code code;
    TRY(store_read(c->app->office->store, &db, e));
    code = subscription_list(db, c->a, c->v->person, &had, &n_had, e);
    store_read_end(db);
    if (code != OK)
        return code;
    TRY(library_issuers(c->app->office, c->a, c->v, limit + n_had, &v, &n, e));
    for (size_t i = 0; i < n && l->n < limit; i++) {
        bool there = v[i].name.n == 0;
        for (size_t k = 0; k < n_had && !there; k++)
            there = had[k].kind == SUBSCRIBE_ISSUER && str_has(v[i].name, had[k].value);
        if (!there)
            choices_issuer(c, l, &v[i], 1, S(""));
    }
    return OK;
}

/* ---- lists ---- */
void list_query(struct ctx *c, enum library_order usual, struct list_query *out)
{
    struct library_filter f = library_filter_any();
    struct str order = req_query(c->r, "order");
    f.issuer = ctx_words(c, req_query(c->r, "issuer"));
    f.year_from = (int)ctx_int(str_trim(req_query(c->r, "from")), 1900, 2999, 0);
    f.year_to = (int)ctx_int(str_trim(req_query(c->r, "to")), 1900, 2999, 0);
    f.genre = (int)ctx_int(req_query(c->r, "genre"), 1, GENRE_MAX, 0);
    f.status = (int)ctx_int(req_query(c->r, "status"), 0, N_STATUS - 1, -1);
    f.level = (int)ctx_int(req_query(c->r, "level"), 0, N_LEVEL - 1, -1);
    f.category = ctx_int(req_query(c->r, "category"), 1, INT64_MAX, 0);
    f.proofed_only = req_query(c->r, "proofed").n > 0;
    f.unproofed_only = req_query(c->r, "unproofed").n > 0;
    out->filter = f;
    out->q = ctx_words(c, req_query(c->r, "q"));
    out->page = ctx_page(c);
    out->order = str_eq(order, S("new"))    ? LIBRARY_NEWEST
                 : str_eq(order, S("old"))  ? LIBRARY_OLDEST
                 : str_eq(order, S("rank")) ? LIBRARY_RANK
                                            : usual;
}

static struct str year_text(struct ctx *c, int year)
{
    return year ? number(c, year) : S("");
}

enum code list_filters(
    struct ctx *c, const struct list_query *q, struct filters *out, struct err *e)
{
    const struct library_filter *f = &q->filter;
    struct choices genres = {0}, statuses = {0}, levels = {0}, cats = {0}, orders = {0},
                   issuers = {0};
    struct issuer_count *v;
    size_t n;
    struct db *db;
    enum code code;
    TRY(library_issuers(c->app->office, c->a, c->v, 12, &v, &n, e));
    choices_genre(c, &genres, f->genre, "全部文种");
    choices_status(c, &statuses, f->status, "全部状态");
    choices_level(c, &levels, f->level, "全部级别");
    choices_issuer(c, &issuers, v, n, f->issuer);
    choice_add(c, &orders, S("rank"), S("权威和相关在前"), q->order == LIBRARY_RANK);
    choice_add(c, &orders, S("new"), S("日期新的在前"), q->order == LIBRARY_NEWEST);
    choice_add(c, &orders, S("old"), S("日期旧的在前"), q->order == LIBRARY_OLDEST);
    TRY(store_read(c->app->office->store, &db, e));
    code = choices_category(c, db, &cats, f->category, "全部类别", e);
    store_read_end(db);
    if (code != OK)
        return code;
    *out = (struct filters){q->q, f->issuer, year_text(c, f->year_from), year_text(c, f->year_to),
        genres.v, genres.n, statuses.v, statuses.n, levels.v, levels.n, cats.v, cats.n, issuers.v,
        issuers.n, orders.v, orders.n, f->proofed_only, f->unproofed_only, false};
    out->any = f->issuer.n || f->year_from || f->year_to || f->genre || f->status >= 0 ||
               f->level >= 0 || f->category || f->proofed_only || f->unproofed_only;
    return OK;
}

/* The address of this list with another page. */
static struct str page_link(struct ctx *c, int64_t page)
{
    struct buf b;
    struct str out;
    buf_init(&b, 0);
    buf_str(&b, c->r->head.path);
    buf_printf(&b, "?page=%lld", (long long)page);
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        const struct pair *p = &c->r->head.query[i];
        if (str_eq(p->name, S("page")) || p->value.n == 0)
            continue;
        buf_char(&b, '&');
        html_url(&b, url(p->name));
        buf_char(&b, '=');
        html_url(&b, url(p->value));
    }
    out = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return out;
}

struct pager list_pager(struct ctx *c, int64_t total, int64_t page)
{
    struct pager g = {.total = total, .page = page};
    g.pages = total == 0 ? 1 : (total + ROWS_PER_PAGE - 1) / ROWS_PER_PAGE;
    if (page > 1)
        g.prev = page_link(c, page - 1);
    if (page < g.pages)
        g.next = page_link(c, page + 1);
    return g;
}

int64_t id_in_text(struct str s)
{
    struct str head, tail;
    struct err e;
    int64_t id;
    s = str_trim(s);
    if (str_cut(s, S("/library/"), &head, &tail)) {
        size_t n = 0;
        while (n < tail.n && tail.p[n] >= '0' && tail.p[n] <= '9')
            n++;
        s = str_sub(tail, 0, n);
    }
    return id_parse(s, &id, &e) == OK ? id : 0;
}

struct str field_label(struct str field)
{
    static const char *const names[][2] = {{"title", "标题"}, {"docno", "文号"},
        {"issuer", "发文机关"}, {"day", "成文日期"}, {"genre", "文种"}, {"addressee", "主送"},
        {"status", "效力状态"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_eq(field, str_z(names[i][0])))
            return str_z(names[i][1]);
    return field;
}
