/* page_numbers.c - the log of numbers of a kind: taken, reserved, void; reserving and voiding. */
#include "base/clock.h"
#include "office/item_number.h"
#include "office/person.h"
#include "pages.h"
#include "web/item_rows.h"
#include "web/ledger_link.h"
#include "web/route.h"
#include "web/rows.h"

enum { NUMBERS_SHOWN = 100, YEAR_LEAST = 2000 };

static int this_year(void)
{
    return clock_civil(clock_now_ms(), ZONE_CHINA).day.y;
}

/* Few people give numbers: each is looked up once. */
struct namer {
    int64_t id;
    struct str name;
};

static struct str name_of(
    struct ctx *c, struct db *db, struct namer *v, size_t *n, size_t max, int64_t id)
{
    struct person p;
    struct err none;
    for (size_t i = 0; i < *n; i++)
        if (v[i].id == id)
            return v[i].name;
    if (!id || person_get(db, c->a, id, &p, &none) != OK)
        p.name = S("系统");
    if (*n < max)
        v[(*n)++] = (struct namer){id, p.name};
    return p.name;
}

static struct str link_of(struct ctx *c, struct str kind, int year, struct str code)
{
    struct buf b;
    buf_init(&b, 0);
    buf_printf(&b, "/numbers/%.*s?year=%d", SF(kind), year);
    if (code.n) {
        buf_z(&b, "&code=");
        html_url(&b, url(code));
    }
    struct str s = arena_str(c->a, buf_view(&b));
    buf_release(&b);
    return s;
}

static bool has_choice(const struct page_numbers *p, struct str name)
{
    for (size_t i = 0; i < p->n_codes; i++)
        if (str_eq(p->codes[i].name, name))
            return true;
    return false;
}

static void add_code(struct ctx *c, struct page_numbers *p, struct str code)
{
    if (!has_choice(p, code))
        p->codes[p->n_codes++] = (struct choice){
            link_of(c, p->kind, (int)p->year, code), code, -1, str_eq(code, p->code)};
}

/* Those the kind declares, and those that have numbers of that year; the first one where none was asked for. */
static enum code fill_codes(struct ctx *c, struct db *db, const struct kind *k, struct str asked,
    struct page_numbers *p, struct err *e)
{
    struct str *had;
    size_t n;
    TRY(item_number_codes(db, c->a, k->id, (int)p->year, &had, &n, e));
    bool declared = k->codes.field != SIZE_MAX;
    const struct kind_field *f = declared ? &k->fields[k->codes.field] : NULL;
    bool before = declared && n && !had[0].n; /* given before the kind had codes */
    p->code = asked.n || !f ? asked : f->choices[0];
    if (before && n == 1)
        p->code = S("");
    p->codes = ARENA_ARRAY(c->a, struct choice, n + (f ? f->n_choices : 0) + 1);
    for (size_t i = 0; f && i < f->n_choices; i++)
        add_code(c, p, f->choices[i]);
    for (size_t i = 0; i < n; i++)
        if (had[i].n)
            add_code(c, p, had[i]);
    if (p->code.n && !has_choice(p, p->code))
        return FAIL(e, E_NOTFOUND, "没有“%.*s”这个机关代字", SF(str_sub(p->code, 0, 60)));
    return OK;
}

static enum code fill(struct ctx *c, struct db *db, struct page_numbers *p, struct err *e)
{
    static const char *const states[] = {
        [NUMBER_RESERVED] = "预留", [NUMBER_USED] = "已用", [NUMBER_VOID] = "作废"};
    static const char *const styles[] = {
        [NUMBER_RESERVED] = "held", [NUMBER_USED] = "", [NUMBER_VOID] = "refused"};
    struct namer names[NUMBERS_SHOWN];
    struct item_number *v;
    struct ledger l;
    size_t n, known = 0;
    struct str code = ctx_words(c, req_query(c->r, "code"));
    int64_t after = ctx_int(req_query(c->r, "after"), 0, INT64_MAX - 1, 0);
    TRY(ledger_open(db, ctx_actor(c), ledger_kind(c), &l, e));
    p->kind = l.k->id;
    TRY(fill_codes(c, db, l.k, code, p, e));
    TRY(item_number_list(db, c->a, ctx_actor(c),
        &(struct number_range){{l.k->id, p->code}, (int)p->year, after, NUMBERS_SHOWN + 1}, &v, &n,
        e));
    p->name = l.k->name;
    p->pattern = kind_number_words(c->a, l.k);
    p->example = kind_number_example(
        c->a, l.k, p->code, (int)p->year, clock_civil(ctx_actor(c)->now_ms, ZONE_CHINA).day.m);
    p->rows = ARENA_ARRAY(c->a, struct number_row, n + 1);
    for (size_t i = 0; i < n && i < NUMBERS_SHOWN; i++)
        p->rows[p->n_rows++] = (struct number_row){.serial = v[i].serial,
            .number = v[i].number,
            .state = str_z(states[v[i].state]),
            .style = str_z(styles[v[i].state]),
            .reserved = v[i].state == NUMBER_RESERVED,
            .link = v[i].item ? item_link(c->a, v[i].item, S(""), 0) : S(""),
            .why = v[i].why,
            .who = v[i].at_ms ? name_of(c, db, names, &known, NUMBERS_SHOWN, v[i].by) : S(""),
            .at = v[i].at_ms ? minute_text(c, v[i].at_ms) : S("")};
    if (n > NUMBERS_SHOWN)
        p->next = arena_printf(c->a, "%.*s&after=%lld",
            SF(link_of(c, p->kind, (int)p->year, p->code)), (long long)v[NUMBERS_SHOWN - 1].serial);
    return OK;
}

static enum code show(struct ctx *c, struct page_numbers *p, struct err *e)
{
    struct db *db;
    enum code code;
    p->year = ctx_int(req_query(c->r, "year"), YEAR_LEAST, this_year(), this_year());
    p->this_year = p->year == this_year();
    p->may_manage = (c->v->roles & (ROLE_CHIEF | ROLE_SECRETARY)) != 0;
    TRY(store_read(c->app->office->store, &db, e));
    code = fill(c, db, p, e);
    store_read_end(db);
    if (code != OK)
        return code;
    p->years = ARENA_ARRAY(c->a, struct choice, 3);
    for (int y = this_year(); y > this_year() - 3; y--)
        p->years[p->n_years++] = (struct choice){
            link_of(c, p->kind, y, p->code), arena_printf(c->a, "%d年", y), -1, y == p->year};
    show_numbers(c, p);
    return OK;
}

enum code page_numbers(struct ctx *c, struct err *e)
{
    struct page_numbers p = {.done = ctx_flash_take(c)};
    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("year")) &&
            !str_eq(c->r->head.query[i].name, S("code")) &&
            !str_eq(c->r->head.query[i].name, S("after")))
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件",
                SF(str_sub(c->r->head.query[i].name, 0, 40)));
    return show(c, &p, e);
}

struct number_job {
    struct number_run run;
    struct str why;
    bool reserve;
    int64_t n, serial, first;
};

static enum code write_number(struct db *db, void *arg, struct err *e)
{
    struct ctx *c = arg;
    struct number_job *job = c->job;
    const struct actor *by = ctx_actor(c);
    if (job->reserve)
        return item_number_reserve(db, by, job->run, job->n, job->why, &job->first, e);
    return item_number_void(db, by, job->run, this_year(), job->serial, job->why, e);
}

static enum code after_number(struct ctx *c, enum code code, struct err *e)
{
    const struct number_job *job = c->job;
    struct page_numbers p = {.done = S("")};
    if (code == E_INPUT || code == E_LIMIT) {
        p.problem = arena_str(c->a, str_z(e->msg));
        c->r->res.status = 400;
        return show(c, &p, e);
    }
    if (code != OK)
        return code;
    ctx_flash(c, job->reserve ? arena_printf(c->a, "已预留%lld个号，从第%lld号起",
                                    (long long)job->n, (long long)job->first)
                              : arena_printf(c->a, "第%lld号已作废", (long long)job->serial));
    ctx_redirect(c, link_of(c, job->run.kind, this_year(), job->run.code));
    return OK;
}

enum code do_numbers(struct ctx *c, struct err *e)
{
    struct number_job *job = ARENA_NEW(c->a, struct number_job);
    struct str act = req_field(c->r, "act");
    job->run = (struct number_run){ledger_kind(c), ctx_words(c, req_field(c->r, "code"))};
    job->why = str_trim(req_field(c->r, "why"));
    job->n = ctx_int(req_field(c->r, "n"), 1, NUMBER_RESERVE_MAX, 0);
    job->serial = ctx_int(req_field(c->r, "serial"), 1, INT64_MAX, 0);
    job->reserve = str_eq(act, S("reserve"));
    if (!job->reserve && !str_eq(act, S("void")))
        return FAIL(e, E_INPUT, "没有这种办理");
    if (job->why.n > 600)
        return FAIL(e, E_LIMIT, "理由超过200个字，请精简");
    if (job->reserve && !job->why.n)
        return FAIL(e, E_INPUT, "没有填写预留的用途，填好后再办");
    c->job = job;
    return ctx_write(c, write_number, c, after_number);
}
