/* page_slip_log.c - the log of slips (催办单) of a year: every number, also the void ones with their reasons. For paper too. */
#include "office/slip.h"
#include "web/item_rows.h"
#include "web/route.h"
#include "web/rows.h"

enum { YEAR_LEAST = 2000, YEARS_OFFERED = 3 };

static int this_year(struct ctx *c)
{
    const struct actor *by = ctx_actor(c);

    return day_of(clock_day(by->now_ms, by->hours->zone)).y;
}

static struct slip_log_row row_of(struct ctx *c, const struct slip *s)
{
    if (!s->item)
        return (struct slip_log_row){.number = s->number};
    return (struct slip_log_row){.number = s->number,
        .colour = str_z(slip_colour_key(s->colour)),
        .colour_name = str_z(slip_colour_name(s->colour)),
        .unit = s->unit_name,
        .item_number = s->item_number,
        .title = s->title,
        .link = arena_printf(c->a, "/items/%lld/slips", (long long)s->item),
        .reason = s->reason,
        .due = iso_day(s->due),
        .made = arena_printf(c->a, "%.*s，%.*s", SF(s->by_name), SF(minute_text(c, s->at_ms))),
        .voided = s->void_why};
}

static enum code fill(struct ctx *c, struct db *db, struct page_slip_log *p, struct err *e)
{
    int64_t after = ctx_int(req_query(c->r, "after"), 0, INT64_MAX - 1, 0);
    struct slip *v;
    size_t n;

    TRY(slip_log(db, c->a, ctx_actor(c), (int)p->year, after, SLIP_LOG_MAX + 1, &v, &n, e));
    p->rows = ARENA_ARRAY(c->a, struct slip_log_row, n + 1);
    for (size_t i = 0; i < n && i < SLIP_LOG_MAX; i++) {
        p->rows[p->n_rows++] = row_of(c, &v[i]);
        p->hidden += v[i].item == 0;
        p->voids += v[i].void_ms != 0;
    }
    if (n > SLIP_LOG_MAX)
        p->next = arena_printf(c->a, "/slips?year=%lld&after=%lld", (long long)p->year,
            (long long)v[SLIP_LOG_MAX - 1].serial);
    return OK;
}

enum code page_slip_log(struct ctx *c, struct err *e)
{
    int now = this_year(c);
    struct page_slip_log p = {.year = ctx_int(req_query(c->r, "year"), YEAR_LEAST, now, now)};
    struct db *db;

    for (size_t i = 0; i < c->r->head.n_query; i++)
        if (!str_eq(c->r->head.query[i].name, S("year")) &&
            !str_eq(c->r->head.query[i].name, S("after")))
            return FAIL(e, E_INPUT, "网址里的“%.*s”不是这一页的条件",
                SF(str_sub(c->r->head.query[i].name, 0, 40)));
    TRY(store_read(c->app->office->store, &db, e));
    enum code code = fill(c, db, &p, e);
    store_read_end(db);
    TRY(code);
    p.years = ARENA_ARRAY(c->a, struct choice, YEARS_OFFERED);
    for (int y = now; y > now - YEARS_OFFERED; y--)
        p.years[p.n_years++] = (struct choice){arena_printf(c->a, "/slips?year=%d", y),
            arena_printf(c->a, "%d年", y), -1, y == p.year};
    show_slip_log(c, &p);
    return OK;
}
