/* page_remarks.c - 以前怎么批的、怎么讲的: one phrase over remarks, speeches, decisions and other documents, and matters, across years. */
#include "base/clock.h"
#include "base/utf8.h"
#include "office/document.h"
#include "text/genre.h"
#include "web/item_rows.h"
#include "web/remark_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { OTHERS_SHOWN = 6, YEAR_FIRST = 1949, YEAR_LAST = 2199 };

struct asking {
    struct ctx *c;
    struct str q;
    int64_t leader;
    int year_from, year_to;
    struct page_remarks *p;
};

/* ---- remarks by year ---- */

static enum code fill_found(struct asking *k, struct db *db, struct err *e)
{
    struct ctx *c = k->c;
    struct page_remarks *p = k->p;
    struct remark *v;
    size_t n;
    struct remark_filter f = {.text = k->q, .leader = k->leader};
    if (k->year_from)
        f.from_day = arena_printf(c->a, "%04d-01-01", k->year_from);
    if (k->year_to)
        f.to_day = arena_printf(c->a, "%04d-12-31", k->year_to);
    TRY(remark_find(db, c->a, ctx_actor(c), &f, &v, &n, &p->more, e));
    p->total = (int64_t)n;
    p->groups = ARENA_ARRAY(c->a, struct remark_group, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str year = str_sub(v[i].day, 0, 4);
        struct remark_group *g = p->n_groups ? &p->groups[p->n_groups - 1] : NULL;
        if (!g || !str_eq(str_sub(g->name, 0, 4), year)) {
            g = &p->groups[p->n_groups++];
            *g = (struct remark_group){.name = arena_printf(c->a, "%.*s年", SF(year))};
            g->rows = ARENA_ARRAY(c->a, struct remark_row, n - i);
        }
        g->rows[g->n_rows++] = row_remark(c, &v[i]);
    }
    return OK;
}

/* ---- documents ---- */

static struct remark_part *add_part(struct asking *k, const char *name, size_t rows)
{
    struct remark_part *part = &k->p->parts[k->p->n_parts++];
    *part = (struct remark_part){.name = str_z(name)};
    part->rows = ARENA_ARRAY(k->c->a, struct remark_other, rows + 1);
    return part;
}

static struct str quoted(struct asking *k)
{
    return str_has(k->q, S(" ")) ? k->q : arena_printf(k->c->a, "\"%.*s\"", SF(k->q));
}

static struct str search_link(struct asking *k, int genre)
{
    struct buf b;
    buf_init(&b, 0);
    buf_z(&b, "/search?q=");
    html_url(&b, url(quoted(k)));
    if (genre)
        buf_printf(&b, "&genre=%d", genre);
    struct str s = arena_str(k->c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

/* Documents of one sort, newest first; *total grows by how many there are. */
static enum code add_documents(
    struct asking *k, struct remark_part *part, int genre, size_t most, struct err *e)
{
    struct ctx *c = k->c;
    struct library_filter f = library_filter_any();
    struct library_page page;
    f.genre = genre;
    f.year_from = k->year_from;
    f.year_to = k->year_to;
    TRY(library_search(
        c->app->office, c->a, c->v, quoted(k), &f, LIBRARY_NEWEST, 0, most, &page, e));
    part->total += page.total;
    for (size_t i = 0; i < page.n && part->n_rows < OTHERS_SHOWN; i++) {
        struct doc_row d = row_hit(c, &page.hits[i], quoted(k));
        part->rows[part->n_rows++] = (struct remark_other){.title = d.title,
            .note =
                d.docno.n ? arena_printf(c->a, "%.*s　%.*s", SF(d.docno), SF(d.issuer)) : d.issuer,
            .day = d.day,
            .snippet = d.snippet,
            .link = d.link};
    }
    return OK;
}

static enum code fill_documents(struct asking *k, struct err *e)
{
    static const struct {
        const char *name;
        int genres[4]; /* 0: the end */
    } parts[] = {{"讲话", {GENRE_SPEECH}},
        {"决定、决议、批复、纪要", {GENRE_DECISION, GENRE_RESOLUTION, GENRE_REPLY, GENRE_MINUTES}}};
    if (!access_may(k->c->v, ACT_READ))
        return OK;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        struct remark_part *part = add_part(k, parts[i].name, OTHERS_SHOWN);
        part->all_link = search_link(k, i == 0 ? GENRE_SPEECH : 0);
        for (size_t g = 0; g < 4 && parts[i].genres[g]; g++)
            TRY(add_documents(k, part, parts[i].genres[g], OTHERS_SHOWN, e));
    }
    struct remark_part *all = add_part(k, "全部文件", OTHERS_SHOWN);
    all->all_link = search_link(k, 0);
    return add_documents(k, all, 0, OTHERS_SHOWN, e);
}

/* ---- matters ---- */

static enum code fill_items(struct asking *k, struct db *db, struct err *e)
{
    struct ctx *c = k->c;
    struct item_filter f = {
        .text = k->q, .sort = SORT_OPENED, .descending = true, .uncounted = true};
    struct item_page page;
    TRY(item_list(db, c->a, ctx_actor(c), &f, OTHERS_SHOWN, &page, e));
    struct remark_part *part = add_part(k, "事项和结果", OTHERS_SHOWN);
    part->total = -1;
    for (size_t i = 0; i < page.n; i++) {
        const struct item *it = &page.items[i];
        const struct kind *kind;
        char iso[DAY_ISO_SIZE];
        TRY(kinds_get(c->app->office->kinds, db, it->kind, it->kind_version, &kind, e));
        size_t at = kind_state_of(kind, it->state);
        part->rows[part->n_rows++] = (struct remark_other){.title = it->title,
            .note = arena_printf(c->a, "%.*s　%.*s　%.*s", SF(kind->name), SF(it->number),
                SF(at == SIZE_MAX ? it->state : kind->states[at].name)),
            .day = iso_day(
                arena_str(c->a, day_iso(day_of(clock_day(it->opened_ms, ZONE_CHINA)), iso))),
            .link = item_link(c->a, it->id, S(""), 0)};
    }
    return OK;
}

/* ---- the page ---- */

static enum code fill_leaders(struct asking *k, struct db *db, struct err *e)
{
    struct choices l = {0};
    struct person *v;
    size_t n;
    TRY(person_list(db, k->c->a, 0, true, &v, &n, e));
    choice_add(k->c, &l, S(""), S("全部领导"), k->leader == 0);
    for (size_t i = 0; i < n; i++)
        if (v[i].roles & ROLE_LEADER)
            choice_add(k->c, &l, arena_printf(k->c->a, "%lld", (long long)v[i].id), v[i].name,
                v[i].id == k->leader);
    k->p->leaders = l.v;
    k->p->n_leaders = l.n;
    return OK;
}

static enum code fill_db(struct asking *k, struct err *e)
{
    struct item_proxy *v;
    struct db *db;
    size_t n = 0;
    TRY(store_read(k->c->app->office->store, &db, e));
    enum code code = fill_leaders(k, db, e);
    if (code == OK)
        code = item_proxy_list(db, k->c->a, ctx_actor(k->c), 0, &v, &n, e);
    k->p->waiting = (int64_t)n;
    if (code == OK)
        code = fill_found(k, db, e);
    if (code == OK && k->q.n)
        code = fill_items(k, db, e);
    store_read_end(db);
    return code;
}

static enum code read_query(struct asking *k, struct err *e)
{
    static const char *const known[] = {"q", "leader", "from", "to"};
    const struct head *h = &k->c->r->head;
    for (size_t i = 0; i < h->n_query; i++) {
        bool is = false;
        for (size_t j = 0; j < sizeof(known) / sizeof(*known); j++)
            is = is || str_eq(h->query[i].name, str_z(known[j]));
        if (!is)
            return FAIL(e, E_INPUT, "不认识的条件“%.*s”", SF(h->query[i].name));
    }
    k->q = ctx_words(k->c, req_query(k->c->r, "q"));
    k->leader = ctx_int(req_query(k->c->r, "leader"), 1, INT64_MAX, 0);
    k->year_from = (int)ctx_int(req_query(k->c->r, "from"), YEAR_FIRST, YEAR_LAST, 0);
    k->year_to = (int)ctx_int(req_query(k->c->r, "to"), YEAR_FIRST, YEAR_LAST, 0);
    return OK;
}

enum code page_remarks(struct ctx *c, struct err *e)
{
    enum { PARTS_MAX = 5 };
    struct page_remarks p = {0};
    struct asking k = {.c = c, .p = &p};
    int64_t began = clock_mono_us();
    TRY(read_query(&k, e));
    p.q = k.q;
    p.from = k.year_from ? arena_printf(c->a, "%d", k.year_from) : S("");
    p.to = k.year_to ? arena_printf(c->a, "%d", k.year_to) : S("");
    p.parts = ARENA_ARRAY(c->a, struct remark_part, PARTS_MAX);
    enum code code = fill_db(&k, e);
    if (code == OK && k.q.n)
        code = fill_documents(&k, e);
    if (code == E_INPUT || code == E_LIMIT) {
        p.problem = arena_str(c->a, str_z(e->msg));
        c->r->res.status = 400;
    } else if (code != OK) {
        return code;
    }
    p.took = arena_printf(c->a, "%lld毫秒", (long long)((clock_mono_us() - began) / 1000));
    show_remarks(c, &p);
    return OK;
}
