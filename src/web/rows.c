#include "web/rows.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
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

struct import_row row_job(struct arena *a, struct db *db, const struct import_job *j)
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
    if (j->by && person_get(db, a, j->by, &p, &e) == OK)
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
enum { PAGE_MAX = 1000000 };

/* What the address of a list may hold, beside a page by key. */
static const struct condition {
    const char *name, *what; /* what: where it is a number */
    int64_t lo, hi, any;
} conditions[] = {
    {"q", NULL, 0, 0, 0},
    {"issuer", NULL, 0, 0, 0},
    {"from", "起始年份", 1900, 2999, 0},
    {"to", "截止年份", 1900, 2999, 0},
    {"genre", "文种", 1, GENRE_MAX, 0},
    {"status", "效力状态", 0, N_STATUS - 1, -1},
    {"level", "知悉级别", 0, N_LEVEL - 1, -1},
    {"category", "类别", 1, INT64_MAX, 0},
    {"proofed", NULL, 0, 0, 0},
    {"unproofed", NULL, 0, 0, 0},
    {"order", NULL, 0, 0, 0},
    {"page", "页码", 1, PAGE_MAX, 1},
    {"after", NULL, 0, 0, 0},
    {"before", NULL, 0, 0, 0},
};
enum { N_CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static const struct condition *condition_of(struct str name)
{
    for (size_t i = 0; i < N_CONDITIONS; i++)
        if (str_eq(str_z(conditions[i].name), name))
            return &conditions[i];
    return NULL;
}

/* Every condition that is there can be read; the first that cannot is named. */
static enum code check_conditions(struct ctx *c, struct err *e)
{
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        struct str name = c->r->head.query[i].name, value = str_trim(c->r->head.query[i].value);
        const struct condition *k = condition_of(name);
        struct err no;
        int64_t v;
        if (!k)
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件，请从筛选栏里选",
                SF(str_sub(name, 0, utf8_off(name, 40))));
        if (!k->what || value.n == 0)
            continue;
        if (str_int(value, &v, &no) == OK && v >= k->lo && v <= k->hi)
            continue;
        value = str_sub(value, 0, utf8_off(value, 40));
        if (k->lo == 1900)
            return FAIL(e, E_INPUT, "%s“%.*s”不对，应写作四位数，如2024", k->what, SF(value));
        return FAIL(e, E_INPUT, "%s“%.*s”不在可选的范围内", k->what, SF(value));
    }
    return OK;
}

static int64_t condition_int(struct ctx *c, const char *name)
{
    const struct condition *k = condition_of(str_z(name));
    return ctx_int(str_trim(req_query(c->r, name)), k->lo, k->hi, k->any);
}

/* KEY-DOCUMENT, as page_link writes it. */
static enum code mark_of(struct ctx *c, const char *name, struct corpus_mark *out, struct err *e)
{
    struct str s = req_query(c->r, name), key, doc;
    int64_t k = 0;
    struct err no;
    *out = (struct corpus_mark){0};
    if (s.n == 0)
        return OK;
    if (!str_cut(s, S("-"), &key, &doc) || str_int(key, &k, &no) != OK || k < 0 ||
        id_parse(doc, &out->doc, &no) != OK)
        return FAIL(e, E_INPUT, "网址里的翻页位置不对，请从第一页翻起");
    out->key = (uint64_t)k;
    return OK;
}

enum code list_query(struct ctx *c, enum library_order usual, struct list_query *out, struct err *e)
{
    struct library_filter f = library_filter_any();
    struct str order = req_query(c->r, "order");
    TRY(check_conditions(c, e));
    f.issuer = ctx_words(c, req_query(c->r, "issuer"));
    f.year_from = (int)condition_int(c, "from");
    f.year_to = (int)condition_int(c, "to");
    f.genre = (int)condition_int(c, "genre");
    f.status = (int)condition_int(c, "status");
    f.level = (int)condition_int(c, "level");
    f.category = condition_int(c, "category");
    f.proofed_only = req_query(c->r, "proofed").n > 0;
    f.unproofed_only = req_query(c->r, "unproofed").n > 0;
    out->q = ctx_words(c, req_query(c->r, "q"));
    out->page = condition_int(c, "page");
    out->order = str_eq(order, S("new"))    ? LIBRARY_NEWEST
                 : str_eq(order, S("old"))  ? LIBRARY_OLDEST
                 : str_eq(order, S("rank")) ? LIBRARY_RANK
                                            : usual;
    if (order.n > 0 && !str_eq(order, S("new")) && !str_eq(order, S("old")) &&
        !str_eq(order, S("rank")))
        return FAIL(e, E_INPUT, "没有这种排序，请从筛选栏里选");
    if (out->q.n == 0 || out->order != LIBRARY_RANK) { /* by date */
        TRY(mark_of(c, "after", &f.after, e));
        if (f.after.doc == 0)
            TRY(mark_of(c, "before", &f.before, e));
    }
    out->filter = f;
    return OK;
}

static enum code find_at(
    struct ctx *c, const struct list_query *q, struct library_page *page, struct err *e)
{
    bool keyed = q->filter.after.doc || q->filter.before.doc;
    return library_search(c->app->office, c->a, c->v, q->q, &q->filter, q->order,
        keyed ? 0 : (size_t)(q->page - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE, page, e);
}

static int64_t last_page(int64_t total)
{
    int64_t pages = total == 0 ? 1 : (total + ROWS_PER_PAGE - 1) / ROWS_PER_PAGE;
    return pages < LIST_PAGES_MAX ? pages : LIST_PAGES_MAX;
}

enum code list_find(struct ctx *c, struct list_query *q, struct library_page *page, struct err *e)
{
    bool keyed = q->filter.after.doc || q->filter.before.doc, back = q->filter.before.doc != 0;
    if (!keyed && q->page > LIST_PAGES_MAX)
        q->page = LIST_PAGES_MAX;
    TRY(find_at(c, q, page, e));
    if (page->n == ROWS_PER_PAGE || page->total == 0 || (page->n > 0 && !back) ||
        (!keyed && q->page == 1))
        return OK;
    /* Beyond the end, or back at the beginning with less than a page. */
    q->filter.after = q->filter.before = (struct corpus_mark){0};
    q->page = back ? 1 : last_page(page->total);
    return find_at(c, q, page, e);
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

/* The address of this list with another page: by key where the list has one. */
static struct str page_link(
    struct ctx *c, int64_t page, const char *side, const struct corpus_mark *mark)
{
    struct buf b;
    struct str out;
    buf_init(&b, 0);
    buf_str(&b, c->r->head.path);
    buf_printf(&b, "?page=%lld", (long long)page);
    if (mark->doc)
        buf_printf(&b, "&%s=%llu-%lld", side, (unsigned long long)mark->key, (long long)mark->doc);
    for (size_t i = 0; i < c->r->head.n_query; i++) {
        const struct pair *p = &c->r->head.query[i];
        if (str_eq(p->name, S("page")) || str_eq(p->name, S("after")) ||
            str_eq(p->name, S("before")) || p->value.n == 0)
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

const char *term_state_class(enum term_state s)
{
    return s == TERM_CONFIRMED ? "force" : s == TERM_PROPOSED ? "held" : "";
}

struct touch_row row_touch(struct ctx *c, const struct term_touch *t)
{
    struct touch_row r = {.form = t->form,
        .why = t->why,
        .inside = t->inside,
        .documents = t->documents,
        .occurrences = t->occurrences};
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "/search?q=");
    html_url(&b, url(t->query));
    if (t->year_from)
        buf_printf(&b, "&from=%d", t->year_from);
    if (t->year_to)
        buf_printf(&b, "&to=%d", t->year_to);
    r.link = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    r.docs = ARENA_ARRAY(c->a, struct doc_row, t->n_hits + 1);
    for (size_t i = 0; i < t->n_hits; i++)
        r.docs[r.n_docs++] = row_hit(c, &t->hits[i], t->query);
    return r;
}

struct str minute_text(struct ctx *c, int64_t at_ms)
{
    struct buf b;
    struct str s;
    buf_init(&b, 0);
    clock_write_minute(&b, at_ms, ZONE_CHINA);
    s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

struct str changed_text(struct ctx *c, struct str who, int64_t at_ms)
{
    if (!at_ms)
        return S("");
    who = who.n ? who : S("系统");
    return arena_printf(c->a, "%.*s于%.*s修改", SF(who), SF(minute_text(c, at_ms)));
}

void choices_state(struct ctx *c, struct choices *l, enum term_state chosen, const char *any)
{
    if (any)
        choice_add(c, l, S(""), str_z(any), false);
    for (enum term_state s = TERM_PROPOSED; s < N_TERM_STATE; s++)
        choice_add(c, l, str_z(term_state_key(s)), str_z(term_state_name(s)), s == chosen);
}

struct pager table_pager(struct ctx *c, int64_t total, int64_t page)
{
    static const struct corpus_mark none;
    struct pager g = {.total = total, .page = page};
    g.pages = total == 0 ? 1 : (total + ROWS_PER_PAGE - 1) / ROWS_PER_PAGE;
    if (page > 1)
        g.prev = page_link(c, page - 1 < g.pages ? page - 1 : g.pages, "", &none);
    if (page < g.pages)
        g.next = page_link(c, page + 1, "", &none);
    return g;
}

struct pager list_pager(struct ctx *c, const struct list_query *q, const struct library_page *page)
{
    struct pager g = {.total = page->total, .page = q->page};
    g.pages = page->total == 0 ? 1 : (page->total + ROWS_PER_PAGE - 1) / ROWS_PER_PAGE;
    if (g.page > g.pages)
        g.page = g.pages;
    if (g.page > 1)
        g.prev = page_link(c, g.page - 1, "before", &page->first);
    if (g.page < g.pages)
        g.next = page_link(c, g.page + 1, "after", &page->last);
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
